/* The summary that we read: vsa.h. */
#include "base/status.h"
#include "trust/attest/vsa.h"
#include "trust/manifest/manifest.h"

/* ---- the child ---- */

static bool tell_verifier(const json_t *predicate, struct buf *out)
{
    const json_t *verifier = strict_object(predicate, "verifier", out), *version;
    struct span text;

    if (!verifier || !strict_text(verifier, "id", &text, out))
        return false;
    told_put(out, TOLD_VERIFIER, text);
    version = json_object_get(verifier, "version");
    if (json_is_object(version) && json_is_string(json_object_get(version, "pratique")))
        told_put(out, TOLD_VERSION, strict_span(json_object_get(version, "pratique")));
    return true;
}

static bool tell_policy(const json_t *predicate, struct buf *out)
{
    const json_t *policy = strict_object(predicate, "policy", out);
    struct span uri;

    if (!policy || !strict_text(policy, "uri", &uri, out))
        return false;
    told_put(out, TOLD_POLICY, uri);
    return statement_tell_digest(policy, TOLD_POLICY_DIGEST, out);
}

static bool tell_text(const json_t *object, const char *key, enum told tag, struct buf *out)
{
    struct span text;

    if (!strict_text(object, key, &text, out))
        return false;
    told_put(out, tag, text);
    return true;
}

static bool tell(const json_t *root, struct buf *out)
{
    const json_t *predicate = statement_predicate(root, VSA_TYPE, out), *own;

    if (!predicate || !tell_verifier(predicate, out) ||
        !tell_text(predicate, "timeVerified", TOLD_TIME, out) || !tell_policy(predicate, out) ||
        !tell_text(predicate, "verificationResult", TOLD_RESULT, out))
        return false;
    own = strict_object(predicate, VSA_VERDICT, out);
    return own && tell_text(own, "verdict", TOLD_VERDICT, out);
}

void vsa_read(struct span statement, struct buf *out)
{
    json_t *root = strict_read(statement, "its statement", out);

    if (root)
        (void)tell(root, out);
    json_decref(root);
}

/* ---- the parent ---- */

static struct span *place_of(struct vsa_said *said, enum told tag)
{
    switch (tag) {
    case TOLD_SUBJECT:
        return &said->name;
    case TOLD_DIGEST:
        return &said->digest;
    case TOLD_VERIFIER:
        return &said->verifier;
    case TOLD_VERSION:
        return &said->version;
    case TOLD_TIME:
        return &said->time;
    case TOLD_POLICY:
        return &said->policy;
    case TOLD_POLICY_DIGEST:
        return &said->policy_digest;
    case TOLD_RESULT:
        return &said->result;
    case TOLD_VERDICT:
        return &said->verdict;
    default:
        return NULL;
    }
}

bool vsa_heard(struct vsa_said *said, struct span records)
{
    struct span bytes, *place;
    enum told tag;

    *said = (struct vsa_said){ SPAN_EMPTY, SPAN_EMPTY, SPAN_EMPTY, SPAN_EMPTY, SPAN_EMPTY,
                               SPAN_EMPTY, SPAN_EMPTY, SPAN_EMPTY, SPAN_EMPTY };
    while (told_take(&records, &tag, &bytes)) {
        place = place_of(said, tag);
        if (!place || place->n > 0)
            return false;
        *place = bytes;
    }
    return records.n == 0;
}

/* A sentence with a hostile text in it. */
static const char *about(struct arena *arena, const char *before, struct span text,
                         const char *after)
{
    struct span safe = fact_printable(arena, text, 200);
    const char *why =
        arena_printf(arena, "%s '%.*s'%s", before, (int)safe.n, (const char *)safe.p, after);

    return why ? why : before;
}

const char *vsa_fault(const struct vsa_said *said, const uint8_t digest[SHA256_BYTES], int64_t now,
                      int64_t *at, struct arena *arena)
{
    uint8_t of[SHA256_BYTES], policy[SHA256_BYTES];

    if (!span_is(said->verifier, VSA_VERIFIER))
        return about(arena, "it is the word of", said->verifier, ", not of " VSA_VERIFIER);
    if (!statement_digest(said->digest, of) || !statement_digest(said->policy_digest, policy))
        return "a digest in it is no SHA-256 in lower-case hex";
    if (memcmp(of, digest, SHA256_BYTES) != 0)
        return about(arena, "it is about other bytes, called", said->name, "");
    if (!span_is(said->result, "PASSED"))
        return about(arena, "its verificationResult is", said->result, ", not PASSED");
    if (!span_is(said->verdict, pratique_verdict_name(PRATIQUE_ADMIT)))
        return about(arena, "its verdict is", said->verdict, ", not admit");
    if (!manifest_time_read(said->time, at))
        return about(arena, "its timeVerified", said->time, " is no time in UTC (RFC 3339)");
    if (*at > now + VSA_CLOCK_SLACK)
        return about(arena, "its timeVerified", said->time, " has not come yet");
    return NULL;
}
