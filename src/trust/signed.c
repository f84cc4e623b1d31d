/* A file and its signature, as a report: pratique_signature_verify(). */
#include <errno.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/budget.h"
#include "base/status.h"
#include "trust/keys.h"

#define FILE_MAX ((size_t)4 << 30)

struct verifying {
    const char *path;
    struct keys *keys;
    struct buf file, signature;
    struct arena arena;
    struct facts facts;
    struct pratique_error *err;
};

static void tell(struct verifying *v, enum signature_fault fault, const char *name, const char *why,
                 const struct signer *who)
{
    struct fact read = { .kind = FACT_READ,
                         .offset = PRATIQUE_NO_OFFSET,
                         .number = v->file.n,
                         .subject = SPAN_LITERAL("signature") };

    facts_add(&v->facts, &read);
    signature_tell(&v->facts, fault, name, why, who);
}

static enum pratique_status check(struct verifying *v, const char *name)
{
    struct signer who = { .kind = "", .key = "", .id = "", .who = "", .comment = "" };
    enum signature_fault fault = SIGNATURE_MISSING;
    const char *why = "there is none beside it, and none was named";
    enum pratique_status status = PRATIQUE_OK;

    if (name && access(name, F_OK) != 0 && errno == ENOENT) {
        why = "the file that was named is not there";
    } else if (name) {
        status = whole_read(name, SIGNATURE_MAX + 1, &v->signature, v->err);
        if (status == PRATIQUE_E_LIMIT) {
            fault = SIGNATURE_MALFORMED;
            why = "it is larger than 64 KiB, so it is none";
            status = PRATIQUE_OK;
        } else if (status == PRATIQUE_OK) {
            status =
                signature_check(&fault, &why, &who, v->keys, span_of(v->file.p, v->file.n), v->path,
                                span_of(v->signature.p, v->signature.n), name, &v->arena, v->err);
        }
    }
    if (status == PRATIQUE_OK)
        tell(v, fault, name ? name : v->path, why, &who);
    return status;
}

enum pratique_status pratique_signature_verify(const char *path, const struct pratique_trust *trust,
                                               const char *signature, pratique_report_fn *on_report,
                                               void *user, struct pratique_error *err)
{
    uint64_t start = budget_now_us();
    struct pratique_error ignored;
    struct verifying v = { .path = path, .err = err ? err : &ignored };
    enum pratique_status status;

    arena_init(&v.arena, (size_t)16 << 20);
    facts_init(&v.facts, &v.arena);
    buf_init(&v.file, FILE_MAX);
    buf_init(&v.signature, SIGNATURE_MAX + 1);
    status = keys_load(&v.keys, trust, TRUST_ANY, time(NULL), v.err);
    if (status == PRATIQUE_OK)
        status = whole_read(path, FILE_MAX, &v.file, v.err);
    if (status == PRATIQUE_OK)
        status = check(&v, signature ? signature : signature_beside(path, &v.arena));
    if (status == PRATIQUE_OK)
        answer(&v.facts, &v.arena, path, "signature", "trust", v.file.n, v.file.n + v.signature.n,
               budget_now_us() - start, on_report, user);
    keys_free(v.keys);
    buf_free(&v.file);
    buf_free(&v.signature);
    facts_free(&v.facts);
    arena_reset(&v.arena);
    return status;
}
