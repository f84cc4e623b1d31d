/*
 * attestation_check(): the envelope is read in a child, its signature is checked over the
 * statement's bytes here, and only what was signed is read, in another child.
 */
#include "base/status.h"
#include "trust/attest/vsa.h"
#include "trust/sign/keys.h"

#define RECORDS_MAX (VSA_BYTES_MAX + (size_t)64 * 1024)

static const char *words(enum signature_fault fault, struct span keyid, struct arena *arena)
{
    struct span safe = fact_printable(arena, keyid, DSSE_NAME_MAX);

    switch (fault) {
    case SIGNATURE_UNKNOWN_KEY:
        return arena_printf(arena, "it is signed by the key %.*s, which is not among those given",
                            (int)safe.n, (const char *)safe.p);
    case SIGNATURE_WRONG:
        return "its signature is not one of its statement by the key that it names";
    case SIGNATURE_EXPIRED:
        return "the key that signed it is expired";
    default:
        return "the key that signed it may not sign attestations";
    }
}

/* Without a memory for it, whatever is said holds all the same: the sentence is for people. */
static const char *tell_policy(const struct vsa_said *said, struct arena *arena)
{
    struct span policy = fact_printable(arena, said->policy, 200);
    struct span digest = fact_printable(arena, said->policy_digest, 100);
    struct span version = fact_printable(arena, said->version, 40);
    const char *text = arena_printf(
        arena, "policy %.*s (sha256:%.*s), pratique %.*s", (int)policy.n, (const char *)policy.p,
        (int)digest.n, (const char *)digest.p, (int)version.n, (const char *)version.p);

    return text ? text : "";
}

static enum pratique_status check_statement(const char **why, struct signer *who,
                                            const struct keys *k, struct span payload,
                                            const uint8_t digest[SHA256_BYTES], struct arena *arena,
                                            struct pratique_error *err)
{
    struct vsa_said said;
    struct buf records;
    enum pratique_status st;

    buf_init(&records, RECORDS_MAX);
    st = told_run(vsa_read, payload, &records, err);
    *why = "its reader told no attestation";
    if (st == PRATIQUE_OK && told_why(span_of(records.p, records.n), arena))
        *why = told_why(span_of(records.p, records.n), arena);
    else if (st == PRATIQUE_OK && vsa_heard(&said, span_of(records.p, records.n)))
        *why = vsa_fault(&said, digest, k->now, &who->signed_at, arena);
    if (st == PRATIQUE_OK && !*why)
        who->comment = tell_policy(&said, arena);
    buf_free(&records);
    return st;
}

/* The records as an envelope; NULL, or why they will not do. */
static const char *hear(struct dsse *d, struct span records)
{
    struct span bytes;
    enum told tag;

    *d = (struct dsse){ SPAN_EMPTY, SPAN_EMPTY, SPAN_EMPTY, SPAN_EMPTY };
    while (told_take(&records, &tag, &bytes))
        if (!dsse_heard(d, tag, bytes))
            return "its reader told something else than an envelope";
    if (records.n != 0)
        return "its reader told no envelope";
    return dsse_fault(d)     ? dsse_fault(d)
           : d->keyid.n == 0 ? "it does not name its key (keyid)"
                             : NULL;
}

static enum pratique_status check(enum signature_fault *fault, const char **why, struct signer *who,
                                  const struct keys *k, struct span records,
                                  const uint8_t digest[SHA256_BYTES], struct arena *arena,
                                  struct pratique_error *err)
{
    enum pratique_status st;
    struct buf message;
    struct dsse d;
    bool holds;

    *why = told_why(records, arena);
    if (!*why)
        *why = hear(&d, records);
    if (*why)
        return PRATIQUE_OK;
    buf_init(&message, RECORDS_MAX);
    if (!dsse_pae(&message, d.type, d.payload)) {
        buf_free(&message);
        return error_set(err, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET,
                         "while checking an attestation");
    }
    holds =
        keys_check_raw(k, d.keyid, span_of(message.p, message.n), d.signature, who, arena, fault);
    buf_free(&message);
    if (!holds) {
        *why = words(*fault, d.keyid, arena);
        return PRATIQUE_OK;
    }
    *fault = SIGNATURE_FORBIDDEN;
    st = check_statement(why, who, k, d.payload, digest, arena, err);
    if (st == PRATIQUE_OK && !*why)
        *fault = SIGNATURE_HOLDS;
    return st;
}

enum pratique_status attestation_check(enum signature_fault *fault, const char **why,
                                       struct signer *who, const struct keys *k,
                                       struct span attestation, const uint8_t digest[SHA256_BYTES],
                                       struct arena *arena, struct pratique_error *err)
{
    struct buf records;
    enum pratique_status st;

    *who = (struct signer){ .kind = "dsse", .key = "", .id = "", .who = "", .comment = "" };
    *fault = SIGNATURE_MALFORMED;
    *why = "it is longer than an attestation can be";
    if (attestation.n > 2 * VSA_BYTES_MAX)
        return PRATIQUE_OK;
    buf_init(&records, RECORDS_MAX);
    st = told_run(dsse_read, attestation, &records, err);
    if (st == PRATIQUE_OK)
        st = check(fault, why, who, k, span_of(records.p, records.n), digest, arena, err);
    buf_free(&records);
    return st;
}
