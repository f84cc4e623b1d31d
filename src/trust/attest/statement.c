/* See statement.h. */
#include "trust/attest/statement.h"

#include "base/digit.h"

bool statement_digest(struct span hex, uint8_t out[SHA256_BYTES])
{
    if (hex.n != SHA256_BYTES * 2)
        return false;
    for (size_t i = 0; i < SHA256_BYTES; i++) {
        uint8_t high = hex.p[2 * i], low = hex.p[2 * i + 1];

        if (digit_hex(high) < 0 || digit_hex(low) < 0 || (high >= 'A' && high <= 'F') ||
            (low >= 'A' && low <= 'F'))
            return false;
        out[i] = (uint8_t)(digit_hex(high) << 4 | digit_hex(low));
    }
    return true;
}

bool statement_tell_digest(const json_t *object, enum told tag, struct buf *out)
{
    static const char *const names[] = { "sha256", NULL };
    const json_t *digest = strict_object(object, "digest", out);
    struct span hex;

    if (!digest || !strict_keys(digest, names, "a digest", out) ||
        !strict_text(digest, "sha256", &hex, out))
        return false;
    told_put(out, tag, hex);
    return true;
}

static bool tell_subject(const json_t *root, struct buf *out)
{
    const json_t *subjects = strict_array(root, "subject", out), *one;
    struct span name;

    if (!subjects)
        return false;
    if (json_array_size(subjects) != 1)
        return told_fault(out, "it has %zu subjects, not one", json_array_size(subjects));
    one = json_array_get(subjects, 0);
    if (!json_is_object(one))
        return told_fault(out, "its subject is no object");
    if (!strict_text(one, "name", &name, out))
        return false;
    told_put(out, TOLD_SUBJECT, name);
    return statement_tell_digest(one, TOLD_DIGEST, out);
}

const json_t *statement_predicate(const json_t *root, const char *predicate_type, struct buf *out)
{
    struct span type;

    if (!strict_text(root, "_type", &type, out))
        return NULL;
    if (!span_is(type, STATEMENT_TYPE)) {
        (void)told_fault(out, "its _type is '%.100s', not " STATEMENT_TYPE, (const char *)type.p);
        return NULL;
    }
    if (!strict_text(root, "predicateType", &type, out))
        return NULL;
    if (!span_is(type, predicate_type)) {
        (void)told_fault(out, "its predicateType is '%.100s', not %s", (const char *)type.p,
                         predicate_type);
        return NULL;
    }
    return tell_subject(root, out) ? strict_object(root, "predicate", out) : NULL;
}

bool statement_begin(struct buf *out, struct span name, const uint8_t digest[SHA256_BYTES],
                     const char *predicate_type)
{
    char hex[SHA256_HEX];

    sha256_hex(digest, hex);
    return buf_puts(out, "{\"_type\":\"" STATEMENT_TYPE "\",\"subject\":[{\"name\":") &&
           strict_put(out, name) &&
           buf_printf(out,
                      ",\"digest\":{\"sha256\":\"%s\"}}],\"predicateType\":\"%s\","
                      "\"predicate\":",
                      hex, predicate_type);
}
