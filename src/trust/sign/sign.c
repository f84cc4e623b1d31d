/*
 * Signing a file, and making keys to sign with. minisign's signatures are made here, OpenSSH's by
 * ssh-keygen (sign_ssh.c), model signing's in modelsign_sign.c.
 */
#include "trust/sign/sign.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/status.h"
#include "trust/sign/minisign.h"

#define HEAD_BYTES  64
#define PIECE_BYTES ((size_t)1024 * 1024)

static enum pratique_status refuse(struct pratique_error *err, const char *path, const char *why)
{
    return error_set(err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET, "%.150s: %s", path, why);
}

static enum pratique_status no_memory(struct pratique_error *err)
{
    return error_set(err, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "while signing");
}

/* ---- which kind ---- */

static bool starts(const char *head, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strncmp(head, words[i], strlen(words[i])) == 0)
            return true;
    return false;
}

/* By the first bytes of the key's file; they are not secret. */
static enum pratique_signature_kind kind_of(const char *head)
{
    static const char *const ssh[] = { "-----BEGIN OPENSSH", "ssh-", "ecdsa-sha2-", "sk-" };
    static const char *const pem[] = { "-----BEGIN " };

    if (strncmp(head, "untrusted comment:", 18) == 0)
        return PRATIQUE_SIGNATURE_MINISIGN;
    if (starts(head, ssh, ARRAY_LEN(ssh)))
        return PRATIQUE_SIGNATURE_SSH;
    return starts(head, pem, ARRAY_LEN(pem)) ? PRATIQUE_SIGNATURE_MODEL_SIGNING
                                             : PRATIQUE_SIGNATURE_AUTO;
}

static enum pratique_status read_head(const char *path, char head[HEAD_BYTES],
                                      struct pratique_error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    ssize_t n = fd == -1 ? -1 : read(fd, head, HEAD_BYTES - 1);
    int error = errno;

    if (fd != -1)
        close(fd);
    if (n == -1)
        return error_set(err, PRATIQUE_E_IO, PRATIQUE_NO_OFFSET, "%.150s: %s", path,
                         strerror(error));
    head[n] = '\0';
    return PRATIQUE_OK;
}

static const char *misfit(const struct pratique_sign_options *o, enum pratique_signature_kind kind,
                          bool ssh_key)
{
    if (kind == PRATIQUE_SIGNATURE_AUTO)
        return "this is no secret key of a kind that is known (minisign, OpenSSH, PEM)";
    if (o->comment && kind != PRATIQUE_SIGNATURE_MINISIGN)
        return "only minisign's signatures have a comment";
    if (o->space && kind != PRATIQUE_SIGNATURE_SSH)
        return "only OpenSSH's signatures have a namespace";
    if ((o->certificates_n || o->root) && kind != PRATIQUE_SIGNATURE_MODEL_SIGNING)
        return "only model signing has certificates and a root";
    if (ssh_key && kind != PRATIQUE_SIGNATURE_SSH)
        return "this is an OpenSSH key: it makes signatures of the kind ssh only";
    return NULL;
}

/* ---- minisign ---- */

/* As minisign writes it; the name without what would end the line or steer a terminal. */
static bool usual_comment(const char *path, char *out, size_t size)
{
    char *copy = strdup(path);
    char *name = copy ? basename(copy) : NULL;

    if (!name)
        return false;
    for (char *p = name; *p; p++)
        if ((unsigned char)*p < ' ' || *p == 0x7f)
            *p = '?';
    (void)snprintf(out, size, "timestamp:%lld\tfile:%s\thashed", (long long)time(NULL), name);
    free(copy);
    return true;
}

/* A file of any size is read once, piece by piece. */
static bool hash_pieces(int fd, EVP_MD_CTX *ctx, uint8_t *piece)
{
    for (;;) {
        ssize_t n = read(fd, piece, PIECE_BYTES);

        if (n == -1 && errno == EINTR)
            continue;
        if (n <= 0)
            return n == 0;
        if (EVP_DigestUpdate(ctx, piece, (size_t)n) != 1)
            return false;
    }
}

static enum pratique_status hash_file(const char *path, uint8_t digest[MINISIGN_DIGEST_BYTES],
                                      struct pratique_error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    uint8_t *piece = malloc(PIECE_BYTES);
    bool room = ctx && piece && EVP_DigestInit_ex(ctx, EVP_blake2b512(), NULL) == 1;
    bool ok = room && fd != -1 && hash_pieces(fd, ctx, piece) &&
              EVP_DigestFinal_ex(ctx, digest, NULL) == 1;
    int error = errno;

    if (fd != -1)
        close(fd);
    EVP_MD_CTX_free(ctx);
    free(piece);
    if (ok)
        return PRATIQUE_OK;
    return room ? error_set(err, PRATIQUE_E_IO, PRATIQUE_NO_OFFSET, "%.150s: %s", path,
                            strerror(error))
                : no_memory(err);
}

static enum pratique_status sign_minisign(const char *path, const struct pratique_sign_options *o,
                                          struct buf *out, struct pratique_error *err)
{
    uint8_t digest[MINISIGN_DIGEST_BYTES];
    char usual[512];
    struct secret *secret;
    enum pratique_status status;

    if (!o->comment && !usual_comment(path, usual, sizeof usual))
        return no_memory(err);
    status = secret_load(&secret, o->key, o->on_passphrase, o->user, err);
    if (status == PRATIQUE_OK && !secret->is_minisign)
        status = refuse(err, o->key, "this is no minisign secret key");
    if (status == PRATIQUE_OK)
        status = hash_file(path, digest, err);
    if (status == PRATIQUE_OK)
        status = minisign_sign(secret, digest, o->comment ? o->comment : usual, out, err);
    secret_free(secret);
    return status;
}

/* ---- model signing ---- */

/* The folder's last name, and the manifest's path below it; NULL: it lies elsewhere. */
static enum pratique_status place(const char *folder, const char *path, char **name, char **below,
                                  struct pratique_error *err)
{
    char *root = realpath(folder, NULL), *file = root ? realpath(path, NULL) : NULL;
    size_t n = root ? strlen(root) : 0;
    enum pratique_status status = PRATIQUE_OK;

    if (!file)
        status = error_set(err, PRATIQUE_E_IO, PRATIQUE_NO_OFFSET, "%.150s: %s",
                           root ? path : folder, strerror(errno));
    if (file && strncmp(file, root, n) == 0 && file[n] == '/')
        *below = strdup(file + n + 1);
    if (root)
        *name = strdup(basename(root));
    free(root);
    free(file);
    return status == PRATIQUE_OK && !*name ? no_memory(err) : status;
}

static enum pratique_status sign_model(const char *path, const struct pratique_sign_options *o,
                                       struct buf *out, struct pratique_error *err)
{
    struct pratique_manifest *manifest = NULL;
    char *copy = strdup(path), *name = NULL, *below = NULL;
    enum pratique_status status = copy ? PRATIQUE_OK : no_memory(err);

    if (status == PRATIQUE_OK)
        status = place(o->root ? o->root : dirname(copy), path, &name, &below, err);
    if (status == PRATIQUE_OK)
        status = pratique_manifest_read(&manifest, path, err);
    if (status == PRATIQUE_OK)
        status = modelsign_sign(manifest, below, name, o, out, err);
    pratique_manifest_free(manifest);
    free(below);
    free(name);
    free(copy);
    return status;
}

/* ---- all of them ---- */

/* Where the signature goes; owned. */
static char *output_of(const char *path, const struct pratique_sign_options *o,
                       enum pratique_signature_kind kind)
{
    const char *slash = strrchr(path, '/');
    char *name = NULL;
    int n;

    if (o->output)
        return strdup(o->output);
    if (kind == PRATIQUE_SIGNATURE_MODEL_SIGNING)
        n = asprintf(&name, "%.*smodel.sig", slash ? (int)(slash + 1 - path) : 0, path);
    else
        n = asprintf(&name, "%s%s", path, kind == PRATIQUE_SIGNATURE_SSH ? ".sig" : ".minisig");
    return n < 0 ? NULL : name;
}

static enum pratique_status make(const char *path, const struct pratique_sign_options *o,
                                 enum pratique_signature_kind kind, struct buf *out,
                                 struct pratique_error *err)
{
    if (kind == PRATIQUE_SIGNATURE_MINISIGN)
        return sign_minisign(path, o, out, err);
    if (kind == PRATIQUE_SIGNATURE_SSH)
        return sign_ssh(path, o, out, err);
    return sign_model(path, o, out, err);
}

enum pratique_status pratique_sign(const char *path, const struct pratique_sign_options *options,
                                   struct pratique_error *err)
{
    enum pratique_signature_kind kind = options->kind, found;
    struct pratique_error ignored;
    char head[HEAD_BYTES], *output;
    enum pratique_status status;
    const char *why;
    struct buf out;

    err = err ? err : &ignored;
    if (!options->key)
        return error_set(err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET, "name the key to sign with");
    if ((status = read_head(options->key, head, err)) != PRATIQUE_OK)
        return status;
    found = kind_of(head);
    kind = kind == PRATIQUE_SIGNATURE_AUTO ? found : kind;
    if ((why = misfit(options, kind, found == PRATIQUE_SIGNATURE_SSH)))
        return refuse(err, options->key, why);
    output = output_of(path, options, kind);
    if (!output)
        return no_memory(err);
    buf_init(&out, SIGN_OUTPUT_MAX);
    status = make(path, options, kind, &out, err);
    if (status == PRATIQUE_OK)
        status = whole_write(output, span_of(out.p, out.n), 0644, true, err);
    buf_free(&out);
    free(output);
    return status;
}

/* ---- keys ---- */

static enum pratique_status ask(const char *path, pratique_passphrase_fn *on_passphrase, void *user,
                                char text[1024], struct pratique_error *err)
{
    if (!on_passphrase(user, path, text, 1024))
        return refuse(err, path, "no passphrase was given, so no key was made");
    return *text ? PRATIQUE_OK
                 : refuse(err, path, "an empty passphrase protects nothing; no key was made");
}

static enum pratique_status not_there(const char *path, struct pratique_error *err)
{
    return access(path, F_OK) == 0 || errno != ENOENT
               ? refuse(err, path, "is there already; name another, keys are never overwritten")
               : PRATIQUE_OK;
}

/* The secret key first: a public key without one is of no use to anybody. */
static enum pratique_status write_pair(const char *secret_path, const char *public_path,
                                       const char *comment, const struct secret *s,
                                       const char *passphrase, struct pratique_error *err)
{
    struct buf secret, public;
    enum pratique_status status;

    buf_init(&secret, 4096);
    buf_init(&public, 4096);
    status = minisign_write_secret(s, NULL, passphrase, MINISIGN_SENSITIVE, &secret, err);
    if (status == PRATIQUE_OK && !minisign_write_public(s, comment, &public))
        status = no_memory(err);
    if (status == PRATIQUE_OK)
        status = whole_write(secret_path, span_of(secret.p, secret.n), 0600, false, err);
    if (status == PRATIQUE_OK) {
        status = whole_write(public_path, span_of(public.p, public.n), 0644, false, err);
        if (status != PRATIQUE_OK)
            (void)unlink(secret_path);
    }
    keyfile_wipe(&secret);
    buf_free(&public);
    return status;
}

enum pratique_status pratique_keygen(const char *secret_path, const char *public_path,
                                     const char *comment, pratique_passphrase_fn *on_passphrase,
                                     void *user, struct pratique_error *err)
{
    struct pratique_error ignored;
    struct secret s = { .pkey = NULL };
    char passphrase[1024] = "";
    enum pratique_status status;

    err = err ? err : &ignored;
    if (comment && (strlen(comment) > 1000 || comment[strcspn(comment, "\r\n")]))
        return error_set(err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET,
                         "the comment must be one line of at most 1000 bytes");
    status = not_there(secret_path, err);
    if (status == PRATIQUE_OK)
        status = not_there(public_path, err);
    if (status == PRATIQUE_OK && on_passphrase)
        status = ask(secret_path, on_passphrase, user, passphrase, err);
    if (status == PRATIQUE_OK)
        status = minisign_generate(&s, err);
    if (status == PRATIQUE_OK)
        status = write_pair(secret_path, public_path, comment, &s,
                            on_passphrase ? passphrase : NULL, err);
    EVP_PKEY_free(s.pkey);
    OPENSSL_cleanse(passphrase, sizeof passphrase);
    return status;
}
