/*
 * Verifying a bundle: see modelsign.h. The bundle is read in a child, the signature is checked over
 * the statement's bytes here, and only what was signed is read, in another child.
 */
#include "trust/attest/modelsign.h"

#include <stdlib.h>

#include "base/status.h"

#define RECORDS_MAX (DSSE_PAYLOAD_MAX + (size_t)1024 * 1024)

/* Why a key does not vouch, where its own reader has no words for it. */
static const char *words(enum signature_fault fault, const struct bundle *b, struct arena *arena)
{
    switch (fault) {
    case SIGNATURE_UNKNOWN_KEY:
        return arena_printf(arena,
                            "it is signed by the key with the hint %.*s, which is not among "
                            "those given",
                            (int)b->hint.n, (const char *)b->hint.p);
    case SIGNATURE_WRONG:
        return "the signature is not one of its statement by the key that it names";
    case SIGNATURE_EXPIRED:
        return "the key that signed it is expired";
    default:
        return "the key that signed it may not sign models";
    }
}

static enum pratique_status check_signature(enum signature_fault *fault, const char **why,
                                            struct signer *who, const struct keys *k,
                                            const struct bundle *b, struct arena *arena,
                                            struct pratique_error *err)
{
    const struct dsse *d = &b->envelope;
    enum pratique_status st = PRATIQUE_OK;
    struct buf signed_bytes;
    struct span message;

    buf_init(&signed_bytes, RECORDS_MAX);
    if (!dsse_pae(&signed_bytes, d->type, d->payload)) {
        buf_free(&signed_bytes);
        return error_set(err, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "while checking a bundle");
    }
    message = span_of(signed_bytes.p, signed_bytes.n);
    if (b->certificates_n > 0)
        st = x509_check(fault, why, who, k, b->certificates, b->certificates_n, message,
                        d->signature, arena, err);
    else if (!keys_check_raw(k, b->hint, message, d->signature, who, arena, fault))
        *why = words(*fault, b, arena);
    who->kind = "model-signing";
    buf_free(&signed_bytes);
    return st;
}

/* What the signer said, once it is known that he did. */
static enum pratique_status read_statement(struct modelsign *out, const char **why,
                                           struct span payload, struct arena *arena,
                                           struct pratique_error *err)
{
    struct buf records;
    enum pratique_status st;

    buf_init(&records, RECORDS_MAX);
    st = told_run(modelsign_read, payload, &records, err);
    if (st == PRATIQUE_OK)
        *why = told_why(span_of(records.p, records.n), arena);
    if (st == PRATIQUE_OK && !*why)
        st = modelsign_heard(out, why, span_of(records.p, records.n), arena, err);
    buf_free(&records);
    return st;
}

static enum pratique_status check(struct modelsign *out, enum signature_fault *fault,
                                  const char **why, const struct keys *k, struct span records,
                                  struct arena *arena, struct pratique_error *err)
{
    struct bundle b;
    enum pratique_status st;

    *fault = SIGNATURE_MALFORMED;
    *why = told_why(records, arena);
    if (!*why)
        *why = bundle_heard(&b, records);
    if (*why)
        return PRATIQUE_OK;
    st = check_signature(fault, why, &out->who, k, &b, arena, err);
    if (st != PRATIQUE_OK || *fault != SIGNATURE_HOLDS)
        return st;
    *fault = SIGNATURE_MALFORMED;
    *why = NULL;
    st = read_statement(out, why, b.envelope.payload, arena, err);
    if (st == PRATIQUE_OK && !*why)
        *fault = SIGNATURE_HOLDS;
    return st;
}

enum pratique_status modelsign_check(struct modelsign *out, enum signature_fault *fault,
                                     const char **why, const struct keys *k, struct span bundle,
                                     const char *name, struct arena *arena,
                                     struct pratique_error *err)
{
    struct buf records;
    enum pratique_status st;

    *out = (struct modelsign){
        .who = { .kind = "model-signing", .key = "", .id = "", .who = "", .comment = "" }
    };
    *fault = SIGNATURE_MALFORMED;
    *why = "the bundle is longer than is read";
    if (bundle.n > BUNDLE_BYTES_MAX)
        return PRATIQUE_OK;
    buf_init(&records, RECORDS_MAX);
    st = told_run(bundle_read, bundle, &records, err);
    if (st == PRATIQUE_OK)
        st = check(out, fault, why, k, span_of(records.p, records.n), arena, err);
    buf_free(&records);
    if (st != PRATIQUE_OK)
        return error_set(err, st, PRATIQUE_NO_OFFSET, "%.100s: %.120s", name, err->msg);
    return st;
}
