/* See dsse.h. */
#include "trust/attest/dsse.h"

#include <stdlib.h>

#include "trust/attest/strict.h"
#include "trust/sign/base64.h"

/* ---- base64 ---- */

bool dsse_tell_base64(struct buf *out, enum told tag, struct span text, size_t max,
                      const char *what)
{
    size_t room = text.n / 4 * 3, n = 0;
    uint8_t *bytes = room <= max + 3 ? malloc(room + 1) : NULL;
    bool ok = false;

    if (!bytes)
        return told_fault(out, "%s is longer than can be read", what);
    if (!base64_decode(text, bytes, room, &n))
        (void)told_fault(out, "%s is no base64, or not in its canonical form", what);
    else if (n > max)
        (void)told_fault(out, "%s is longer than %zu bytes", what, max);
    else
        ok = true;
    if (ok)
        told_put(out, tag, span_of(bytes, n));
    free(bytes);
    return ok;
}

bool dsse_put_base64(struct buf *out, struct span bytes)
{
    char part[BASE64_SIZE(3072)];
    struct span three;

    while (bytes.n > 0) {
        (void)take(&bytes, bytes.n < 3072 ? bytes.n : 3072, &three);
        base64_encode(three, part);
        if (!buf_puts(out, part))
            return false;
    }
    return true;
}

/* ---- the child ---- */

static bool tell_signature(const json_t *one, struct buf *out)
{
    static const char *const keys[] = { "sig", "keyid", NULL };
    struct span sig, keyid;

    if (!json_is_object(one))
        return told_fault(out, "its signature is no object");
    if (!strict_keys(one, keys, "its signature", out) || !strict_text(one, "sig", &sig, out) ||
        !strict_text_if(one, "keyid", &keyid, out))
        return false;
    if (keyid.n > DSSE_NAME_MAX)
        return told_fault(out, "the name of its key is longer than %u bytes", DSSE_NAME_MAX);
    told_put(out, TOLD_KEYID, keyid);
    return dsse_tell_base64(out, TOLD_SIGNATURE, sig, DSSE_SIGNATURE_MAX, "its signature");
}

bool dsse_tell(const json_t *envelope, struct buf *out)
{
    static const char *const keys[] = { "payload", "payloadType", "signatures", NULL };
    const json_t *signatures;
    struct span type, payload;

    if (!strict_keys(envelope, keys, "its envelope", out) ||
        !strict_text(envelope, "payloadType", &type, out) ||
        !strict_text(envelope, "payload", &payload, out))
        return false;
    signatures = strict_array(envelope, "signatures", out);
    if (!signatures)
        return false;
    if (json_array_size(signatures) != 1)
        return told_fault(out, "it has %zu signatures; one is what can be checked to the end",
                          json_array_size(signatures));
    if (type.n > DSSE_NAME_MAX)
        return told_fault(out, "its payloadType is longer than %u bytes", DSSE_NAME_MAX);
    told_put(out, TOLD_TYPE, type);
    return dsse_tell_base64(out, TOLD_PAYLOAD, payload, DSSE_PAYLOAD_MAX, "its payload") &&
           tell_signature(json_array_get(signatures, 0), out);
}

void dsse_read(struct span in, struct buf *out)
{
    json_t *root = strict_read(in, "the envelope", out);

    if (root)
        (void)dsse_tell(root, out);
    json_decref(root);
}

/* ---- the parent ---- */

bool dsse_heard(struct dsse *d, enum told tag, struct span bytes)
{
    if (tag == TOLD_TYPE)
        d->type = bytes;
    else if (tag == TOLD_PAYLOAD)
        d->payload = bytes;
    else if (tag == TOLD_KEYID)
        d->keyid = bytes;
    else if (tag == TOLD_SIGNATURE)
        d->signature = bytes;
    else
        return false;
    return true;
}

const char *dsse_fault(const struct dsse *d)
{
    if (!span_is(d->type, DSSE_IN_TOTO))
        return "its payloadType is not " DSSE_IN_TOTO;
    if (d->payload.n == 0 || d->payload.n > DSSE_PAYLOAD_MAX)
        return "its payload is empty or too long";
    if (d->signature.n == 0 || d->signature.n > DSSE_SIGNATURE_MAX)
        return "its signature is empty or too long";
    return d->keyid.n > DSSE_NAME_MAX ? "the name of its key is too long" : NULL;
}

bool dsse_pae(struct buf *out, struct span type, struct span payload)
{
    return buf_printf(out, "DSSEv1 %zu ", type.n) && buf_add(out, type.p, type.n) &&
           buf_printf(out, " %zu ", payload.n) && buf_add(out, payload.p, payload.n);
}

bool dsse_write(struct buf *out, const struct dsse *d)
{
    return buf_puts(out, "{\"payload\":\"") && dsse_put_base64(out, d->payload) &&
           buf_puts(out, "\",\"payloadType\":") && strict_put(out, d->type) &&
           buf_puts(out, ",\"signatures\":[{\"sig\":\"") && dsse_put_base64(out, d->signature) &&
           buf_puts(out, "\",\"keyid\":") && strict_put(out, d->keyid) && buf_puts(out, "}]}");
}
