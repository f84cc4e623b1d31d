/* The bundle itself, in the child and as the parent hears it: modelsign.h. */
#include "trust/attest/modelsign.h"

#include "trust/attest/statement.h"

/* ---- the child ---- */

static bool tell_key(const json_t *key, struct buf *out)
{
    static const char *const keys[] = { "hint", NULL };
    struct span hint;

    if (!json_is_object(key))
        return told_fault(out, "its publicKey is no object");
    if (!strict_text_if(key, "hint", &hint, out))
        return false;
    if (hint.n == 0) /* before 1.0 it brought the key itself along */
        return told_fault(out,
                          "it does not say which key signed it (publicKey.hint); sign it again "
                          "with model-signing 1.0 or later");
    if (!strict_keys(key, keys, "its publicKey", out))
        return false;
    told_put(out, TOLD_HINT, hint);
    return true;
}

static bool tell_certificate(const json_t *certificate, struct buf *out)
{
    static const char *const keys[] = { "rawBytes", NULL };
    struct span raw;

    if (!json_is_object(certificate))
        return told_fault(out, "a certificate is no object");
    return strict_keys(certificate, keys, "a certificate", out) &&
           strict_text(certificate, "rawBytes", &raw, out) &&
           dsse_tell_base64(out, TOLD_CERTIFICATE, raw, BUNDLE_CERTIFICATE_MAX, "a certificate");
}

static bool tell_chain(const json_t *chain, struct buf *out)
{
    static const char *const keys[] = { "certificates", NULL };
    const json_t *list;
    size_t n;

    if (!json_is_object(chain))
        return told_fault(out, "its x509CertificateChain is no object");
    list = strict_keys(chain, keys, "its x509CertificateChain", out)
               ? strict_array(chain, "certificates", out)
               : NULL;
    if (!list)
        return false;
    n = json_array_size(list);
    if (n == 0 || n > BUNDLE_CERTIFICATES)
        return told_fault(out, "it has %zu certificates; there may be 1 to %u", n,
                          BUNDLE_CERTIFICATES);
    for (size_t i = 0; i < n; i++)
        if (!tell_certificate(json_array_get(list, i), out))
            return false;
    return true;
}

/* Exactly one way to find the key; a log's entries or timestamps would have to be checked. */
static bool tell_material(const json_t *material, struct buf *out)
{
    static const char *const keys[] = { "publicKey",   "x509CertificateChain",      "certificate",
                                        "tlogEntries", "timestampVerificationData", NULL };
    const json_t *key = json_object_get(material, "publicKey");
    const json_t *chain = json_object_get(material, "x509CertificateChain");
    const json_t *one = json_object_get(material, "certificate");

    if (!strict_keys(material, keys, "its verificationMaterial", out))
        return false;
    if (!strict_is_empty_list(json_object_get(material, "tlogEntries")) ||
        !strict_is_empty(json_object_get(material, "timestampVerificationData")))
        return told_fault(out, "it leans on a transparency log or a timestamp (keyless signing), "
                               "which is not checked here; use a key or a certificate");
    if ((key != NULL) + (chain != NULL) + (one != NULL) != 1)
        return told_fault(out, "its verificationMaterial needs one of publicKey, "
                               "x509CertificateChain and certificate");
    return key ? tell_key(key, out) : chain ? tell_chain(chain, out) : tell_certificate(one, out);
}

static bool tell(const json_t *root, struct buf *out)
{
    static const char *const keys[] = { "mediaType", "verificationMaterial", "dsseEnvelope", NULL };
    const json_t *material, *envelope;
    struct span type;

    if (!strict_text(root, "mediaType", &type, out))
        return false;
    if (!span_is(type, BUNDLE_MEDIA_TYPE))
        return told_fault(out, "its mediaType is '%.100s', not " BUNDLE_MEDIA_TYPE,
                          (const char *)type.p);
    if (json_object_get(root, "messageSignature"))
        return told_fault(out, "it signs bytes (messageSignature), not a statement about a model");
    if (!strict_keys(root, keys, "the bundle", out))
        return false;
    material = strict_object(root, "verificationMaterial", out);
    envelope = material ? strict_object(root, "dsseEnvelope", out) : NULL;
    return envelope && tell_material(material, out) && dsse_tell(envelope, out);
}

void bundle_read(struct span in, struct buf *out)
{
    json_t *root = strict_read(in, "the bundle", out);

    if (root)
        (void)tell(root, out);
    json_decref(root);
}

/* ---- the parent ---- */

bool modelsign_looks_like(struct span bytes)
{
    struct span head = bytes.n > 4096 ? (struct span){ bytes.p, 4096 } : bytes;

    while (head.n > 0 && strchr(" \t\r\n", head.p[0]) && head.p[0])
        (void)skip(&head, 1);
    return span_starts(head, SPAN_LITERAL("{")) &&
           (span_find(head, 0, SPAN_LITERAL("\"verificationMaterial\"")) != SIZE_MAX ||
            span_find(head, 0, SPAN_LITERAL("\"dsseEnvelope\"")) != SIZE_MAX ||
            span_find(head, 0, SPAN_LITERAL("application/vnd.dev.sigstore.bundle")) != SIZE_MAX);
}

static const char *hint_fault(struct span hint)
{
    uint8_t digest[SHA256_BYTES];

    return statement_digest(hint, digest) ? NULL
                                          : "its publicKey.hint is no SHA-256 in lower-case hex";
}

const char *bundle_heard(struct bundle *b, struct span records)
{
    struct span bytes;
    enum told tag;

    *b = (struct bundle){ .envelope = { .type = SPAN_EMPTY,
                                        .payload = SPAN_EMPTY,
                                        .keyid = SPAN_EMPTY,
                                        .signature = SPAN_EMPTY },
                          .hint = SPAN_EMPTY };
    while (told_take(&records, &tag, &bytes))
        if (tag == TOLD_HINT)
            b->hint = bytes;
        else if (tag == TOLD_CERTIFICATE && b->certificates_n < BUNDLE_CERTIFICATES)
            b->certificates[b->certificates_n++] = bytes;
        else if (!dsse_heard(&b->envelope, tag, bytes))
            return "its reader told something else than a bundle";
    if (records.n != 0 || (b->hint.n > 0) == (b->certificates_n > 0))
        return "its reader told no bundle";
    if (b->hint.n > 0 && hint_fault(b->hint))
        return hint_fault(b->hint);
    if (b->envelope.keyid.n > 0 && !span_equal(b->envelope.keyid, b->hint))
        return "the keyid of its signature names another key than its verificationMaterial";
    return dsse_fault(&b->envelope);
}
