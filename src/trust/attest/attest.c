/*
 * pratique_attest(): the artifact is copied to a file that has no name, the copy is hashed and
 * scanned, and what the gate thinks of it is signed. So what is attested is what was looked at,
 * whatever becomes of the original meanwhile.
 */
#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/status.h"
#include "base/utf8.h"
#include "base/write.h"
#include "scan/gate.h"
#include "trust/attest/vsa.h"
#include "trust/manifest/manifest.h"
#include "trust/sign/keys.h"

#define PART ((size_t)1024 * 1024)

/* One call. */
struct attesting {
    const char *artifact, *output;
    const struct law *law;
    pratique_report_fn *on_report;
    void *user;
    struct arena arena;
    struct vsa vsa;
    enum pratique_verdict verdict;
    bool reported;
};

static enum pratique_status io(struct pratique_error *err, const char *what, int error)
{
    return error_set(err, PRATIQUE_E_IO, PRATIQUE_NO_OFFSET, "%.180s: %s", what,
                     strerrordesc_np(error));
}

static enum pratique_status no_memory(struct pratique_error *err)
{
    return error_set(err, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "while attesting");
}

/* ---- the private copy ---- */

/* A file without a name in the folder of path, or in memory where there can be none. */
static int unnamed_beside(const char *path, struct arena *arena)
{
    const char *slash = strrchr(path, '/');
    const char *folder = slash ? arena_copy(arena, path, (size_t)(slash - path) + 1) : ".";
    int fd = folder ? open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600) : -1;

    if (fd == -1 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL))
        fd = memfd_create("pratique", MFD_CLOEXEC);
    return fd;
}

/* Copies and hashes in one pass, a file that grows no further than one part past size. 0, or errno.
 */
static int copy_bytes(struct vsa *v, uint64_t size, int from, int to, EVP_MD_CTX *ctx,
                      uint8_t *part)
{
    for (v->bytes = 0;;) {
        ssize_t n = read(from, part, PART);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 || !write_all(to, part, (size_t)n))
            return errno;
        if (n == 0 || v->bytes > size)
            return EVP_DigestFinal_ex(ctx, v->digest, NULL) ? 0 : ENOMEM;
        if (!EVP_DigestUpdate(ctx, part, (size_t)n))
            return ENOMEM;
        v->bytes += (uint64_t)n;
    }
}

static int copy_hashed(struct vsa *v, uint64_t size, int from, int to)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    uint8_t *part = malloc(PART);
    int error = ctx && part && EVP_DigestInit_ex(ctx, EVP_sha256(), NULL)
                    ? copy_bytes(v, size, from, to, ctx, part)
                    : ENOMEM;

    EVP_MD_CTX_free(ctx);
    free(part);
    return error;
}

static enum pratique_status private_copy(int *out, struct attesting *a, struct pratique_error *err)
{
    enum pratique_status status = PRATIQUE_OK;
    int from = open(a->artifact, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY), error;
    struct stat st;

    *out = -1;
    if (from == -1 || fstat(from, &st) != 0) {
        status = io(err, a->artifact, errno);
    } else if (!S_ISREG(st.st_mode)) {
        status = error_set(err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET,
                           "%.180s: only a regular file can be attested", a->artifact);
    } else if ((*out = unnamed_beside(a->output, &a->arena)) == -1) {
        status = io(err, a->output, errno);
    } else if ((error = copy_hashed(&a->vsa, (uint64_t)st.st_size, from, *out)) != 0) {
        status = io(err, "copying the artifact to where the attestation is to be", error);
    } else if (a->vsa.bytes != (uint64_t)st.st_size) {
        status = error_set(err, PRATIQUE_E_IO, PRATIQUE_NO_OFFSET,
                           "%.180s: it changed while it was read; try again once it is whole",
                           a->artifact);
    }
    if (from != -1)
        close(from);
    if (status != PRATIQUE_OK && *out != -1) {
        close(*out);
        *out = -1;
    }
    return status;
}

/* ---- the scan ---- */

/* The first report is the artifact's; what is said of the policy file is not wanted here. */
static void on_scanned(void *user, const struct pratique_report *r)
{
    struct attesting *a = user;
    struct vsa *v = &a->vsa;

    if (a->reported)
        return;
    a->reported = true;
    a->verdict = pratique_report_verdict(r);
    v->policies =
        arena_copy(&a->arena, pratique_report_policy(r), strlen(pratique_report_policy(r)));
    v->format = arena_copy(&a->arena, pratique_report_format(r), strlen(pratique_report_format(r)));
    for (size_t i = 0; i < pratique_report_findings(r); i++)
        v->findings[pratique_report_finding(r, i)->severity]++;
    a->on_report(a->user, r);
}

/* ---- the envelope ---- */

static enum pratique_status sign(struct buf *out, const struct attesting *a,
                                 const struct secret *secret, struct pratique_error *err)
{
    struct dsse d = { .type = SPAN_LITERAL(DSSE_IN_TOTO), .keyid = span_text(secret_id(secret)) };
    struct buf statement, message, signature;
    enum pratique_status st = PRATIQUE_OK;

    buf_init(&statement, VSA_BYTES_MAX);
    buf_init(&message, VSA_BYTES_MAX);
    buf_init(&signature, DSSE_SIGNATURE_MAX);
    if (!vsa_write(&statement, &a->vsa, a->law) ||
        !dsse_pae(&message, d.type, span_of(statement.p, statement.n)))
        st = no_memory(err);
    if (st == PRATIQUE_OK)
        st = secret_sign(secret, span_of(message.p, message.n), &signature, err);
    d.payload = span_of(statement.p, statement.n);
    d.signature = span_of(signature.p, signature.n);
    if (st == PRATIQUE_OK && (!dsse_write(out, &d) || !buf_putc(out, '\n')))
        st = no_memory(err);
    buf_free(&statement);
    buf_free(&message);
    buf_free(&signature);
    return st;
}

static enum pratique_status write_down(const struct attesting *a, const struct secret *secret,
                                       struct pratique_error *err)
{
    struct buf envelope;
    enum pratique_status st;

    if (!a->vsa.policies || !a->vsa.format)
        return no_memory(err);
    buf_init(&envelope, 2 * VSA_BYTES_MAX);
    st = sign(&envelope, a, secret, err);
    if (st == PRATIQUE_OK)
        st = whole_write(a->output, span_of(envelope.p, envelope.n), 0644, true, err);
    buf_free(&envelope);
    return st;
}

/* ---- all of it ---- */

static enum pratique_status prepare(struct attesting *a, const struct pratique_attest_options *o,
                                    struct pratique_error *err)
{
    const char *slash = strrchr(a->artifact, '/');
    char *at = arena_alloc(&a->arena, MANIFEST_TIME);

    if (a->law->threats)
        return error_set(
            err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET,
            "an attestation says which policy it holds under, and a file of threats is "
            "no part of one: attest without it");
    a->output = o->output ? o->output : arena_printf(&a->arena, "%s.vsa.json", a->artifact);
    if (!at || !a->output)
        return no_memory(err);
    manifest_time_write(o->time ? o->time : (int64_t)time(NULL), at);
    a->vsa.time = at;
    a->vsa.name = slash ? slash + 1 : a->artifact;
    if (!*a->vsa.name)
        return error_set(err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET,
                         "%.180s: only a regular file can be attested", a->artifact);
    if (!utf8_valid((const uint8_t *)a->vsa.name, strlen(a->vsa.name)))
        return error_set(
            err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET,
            "the artifact's name is not UTF-8, which an attestation has to name it in: "
            "rename it");
    return PRATIQUE_OK;
}

static enum pratique_status attest(struct attesting *a, struct pratique_gate *gate,
                                   const struct secret *secret, struct pratique_error *err)
{
    enum pratique_status st;
    int fd;

    st = private_copy(&fd, a, err);
    if (st == PRATIQUE_OK)
        st = gate_scan_fd(gate, a->artifact, fd, on_scanned, a, err);
    if (st == PRATIQUE_OK && a->verdict == PRATIQUE_ADMIT)
        st = write_down(a, secret, err);
    return st;
}

enum pratique_status pratique_attest(struct pratique_gate *gate, const char *artifact,
                                     const struct pratique_attest_options *options,
                                     pratique_report_fn *on_report, void *user,
                                     struct pratique_error *err)
{
    struct attesting a = {
        .artifact = artifact, .law = gate_law(gate), .on_report = on_report, .user = user
    };
    struct secret *secret = NULL;
    enum pratique_status st;

    arena_init(&a.arena, VSA_BYTES_MAX);
    st = prepare(&a, options, err);
    if (st == PRATIQUE_OK)
        st = secret_load(&secret, options->key, options->on_passphrase, options->passphrase_user,
                         err);
    if (st == PRATIQUE_OK)
        st = attest(&a, gate, secret, err);
    secret_free(secret);
    arena_reset(&a.arena);
    return st;
}
