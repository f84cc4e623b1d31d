/* Secret keys that sign arbitrary bytes: Ed25519 of minisign, EC of PEM. */
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/status.h"
#include "trust/sign/minisign.h"

/* ---- EC keys in PEM ---- */

struct asking {
    pratique_passphrase_fn *ask;
    void *user;
    const char *path;
    bool asked, refused;
};

static int on_pem_passphrase(char *text, int size, int rw, void *user)
{
    struct asking *a = user;

    (void)rw;
    if (a->asked) /* libcrypto tries a second way with a key that it could not open */
        return -1;
    a->asked = true;
    if (!a->ask || size < 1 || !a->ask(a->user, a->path, text, (size_t)size)) {
        a->refused = true;
        return -1;
    }
    return (int)strnlen(text, (size_t)size);
}

static enum pratique_status refuse(struct pratique_error *err, const char *path, const char *why)
{
    return error_set(err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET, "%.150s: %s", path, why);
}

static enum pratique_status no_memory(struct pratique_error *err)
{
    return error_set(err, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "while working with a secret key");
}

/* The public key's PEM text, and its hash as the id. */
static bool name_pem(struct secret *s)
{
    BIO *bio = BIO_new(BIO_s_mem());
    uint8_t digest[SHA256_BYTES];
    char *text;
    long n;
    bool ok = bio && PEM_write_bio_PUBKEY(bio, s->pkey) == 1 &&
              (n = BIO_get_mem_data(bio, &text)) > 0 && (s->pem = strndup(text, (size_t)n)) &&
              EVP_Digest(text, (size_t)n, digest, NULL, EVP_sha256(), NULL) == 1;

    if (ok)
        sha256_hex(digest, s->id);
    BIO_free(bio);
    return ok;
}

static enum pratique_status open_pem(struct secret *s, const char *path, struct span bytes,
                                     struct asking *asking, struct pratique_error *err)
{
    BIO *bio = BIO_new_mem_buf(bytes.p, (int)bytes.n);

    if (!bio)
        return no_memory(err);
    s->pkey = PEM_read_bio_PrivateKey(bio, NULL, on_pem_passphrase, asking);
    BIO_free(bio);
    ERR_clear_error();
    if (!s->pkey && asking->refused)
        return refuse(err, path, "this key is encrypted, and there is no passphrase");
    if (!s->pkey && asking->asked)
        return refuse(err, path, "the passphrase does not open this key");
    if (!s->pkey)
        return refuse(err, path, "this secret key in PEM is broken");
    if (!ec_digest(s->pkey))
        return refuse(err, path, "a secret key in PEM must be on P-256, P-384 or P-521");
    return name_pem(s) ? PRATIQUE_OK : no_memory(err);
}

/* ---- both ---- */

static enum pratique_status open_bytes(struct secret *s, const char *path, struct span bytes,
                                       struct asking *asking, struct pratique_error *err)
{
    if (minisign_is_secret(bytes))
        return minisign_open(s, path, bytes, asking->ask, asking->user, err);
    if (span_find(bytes, 0, SPAN_LITERAL("-----BEGIN OPENSSH PRIVATE KEY-----")) != SIZE_MAX)
        return refuse(err, path,
                      "an OpenSSH key signs files only; here a minisign key is needed (pratique "
                      "keygen), or one on P-256, P-384 or P-521 in PEM");
    if (pem_is(bytes))
        return open_pem(s, path, bytes, asking, err);
    return refuse(err, path, "this is no secret key of minisign, nor one in PEM");
}

enum pratique_status secret_load(struct secret **out, const char *path,
                                 pratique_passphrase_fn *on_passphrase, void *user,
                                 struct pratique_error *err)
{
    struct asking asking = { .ask = on_passphrase, .user = user, .path = path };
    struct secret *s = calloc(1, sizeof *s);
    enum pratique_status status;
    struct buf file;

    *out = NULL;
    if (!s)
        return no_memory(err);
    status = keyfile_read(path, KEYFILE_SECRET, &file, err);
    if (status == PRATIQUE_OK)
        status = open_bytes(s, path, span_of(file.p, file.n), &asking, err);
    keyfile_wipe(&file);
    if (status == PRATIQUE_OK)
        *out = s;
    else
        secret_free(s);
    return status;
}

void secret_free(struct secret *s)
{
    if (!s)
        return;
    EVP_PKEY_free(s->pkey);
    free(s->pem);
    OPENSSL_cleanse(s, sizeof *s);
    free(s);
}

const char *secret_id(const struct secret *s)
{
    return s->id;
}

enum pratique_status secret_sign(const struct secret *s, struct span bytes, struct buf *out,
                                 struct pratique_error *err)
{
    const EVP_MD *digest = s->is_minisign ? NULL : ec_digest(s->pkey);
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    uint8_t signature[256];
    size_t n = sizeof signature;
    bool ok = ctx && EVP_DigestSignInit(ctx, NULL, digest, NULL, s->pkey) == 1 &&
              EVP_DigestSign(ctx, signature, &n, bytes.p, bytes.n) == 1 &&
              buf_add(out, signature, n);

    EVP_MD_CTX_free(ctx);
    ERR_clear_error();
    return ok ? PRATIQUE_OK : no_memory(err);
}

/* ---- and their verification ---- */

static bool ec_verify(const struct key *key, struct span bytes, struct span sig)
{
    const EVP_MD *digest = ec_digest(key->pkey);
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool ok = ctx && digest && EVP_DigestVerifyInit(ctx, NULL, digest, NULL, key->pkey) == 1 &&
              EVP_DigestVerify(ctx, sig.p, sig.n, bytes.p, bytes.n) == 1;

    EVP_MD_CTX_free(ctx);
    ERR_clear_error();
    return ok;
}

static bool raw_verify(const struct key *key, struct span bytes, struct span sig)
{
    if (key->kind == KEY_EC)
        return ec_verify(key, bytes, sig);
    return key->kind == KEY_MINISIGN && sig.n == ED25519_SIGNATURE_BYTES &&
           ed25519_verify(key->ed25519, bytes, sig.p);
}

/* Whether keyid names this key: the number of minisign as secret_id() has it, or the hash. */
static bool is_named(const struct key *key, struct span keyid)
{
    char number[2 * MINISIGN_NUMBER_BYTES + 1];

    if (key->kind == KEY_EC)
        return span_is(keyid, key->id);
    for (size_t i = 0; i < MINISIGN_NUMBER_BYTES; i++)
        (void)snprintf(number + 2 * i, 3, "%02X", key->number[MINISIGN_NUMBER_BYTES - 1 - i]);
    return span_is(keyid, number);
}

bool keys_check_raw(const struct keys *k, struct span keyid, struct span bytes, struct span sig,
                    struct signer *who, struct arena *arena, enum signature_fault *fault)
{
    bool seen = false, good = false;

    *who = (struct signer){ .kind = "dsse", .key = "", .id = "", .who = "", .comment = "" };
    for (size_t i = 0; i < k->n; i++) {
        const struct key *key = &k->list[i];
        const char *why = NULL;

        if ((key->kind != KEY_EC && key->kind != KEY_MINISIGN) ||
            (keyid.n && !is_named(key, keyid)))
            continue;
        seen = true;
        if (!raw_verify(key, bytes, sig))
            continue;
        who->key = key->name, who->id = key->id;
        who->who = key->identity ? key->identity : "";
        *fault = key_owner_is(k, key) ? key_fit(k, key, &why, arena) : SIGNATURE_FORBIDDEN;
        if (*fault == SIGNATURE_HOLDS)
            return true;
        good = true;
    }
    if (!good) /* else it is, and none of its keys' entries lets it */
        *fault = seen ? SIGNATURE_WRONG : SIGNATURE_UNKNOWN_KEY;
    return false;
}
