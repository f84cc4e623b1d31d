/* The summary that we write: vsa.h. */
#include <openssl/evp.h>

#include "trust/attest/vsa.h"

/* A name as a part of a URI (RFC 3986): unreserved characters as they are. */
static bool put_uri(struct buf *out, const char *name)
{
    bool ok = true;

    for (const unsigned char *p = (const unsigned char *)name; ok && *p; p++)
        if ((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9') ||
            strchr("-._~", *p))
            ok = buf_putc(out, (char)*p);
        else
            ok = buf_printf(out, "%%%02X", *p);
    return ok;
}

/* ---- the policy ---- */

/*
 * Without a policy file: the policies and every rule with its severity, a line each, as
 * docs/ATTESTATION.md has it.
 */
static bool put_rules(struct buf *out, const char *policies)
{
    bool ok = buf_printf(out, "pratique %s\npolicies %s\n", pratique_version(), policies);

    for (size_t i = 0; ok && i < pratique_rule_count(); i++) {
        const struct pratique_rule *r = pratique_rule_at(i);

        ok = buf_printf(out, "%s %s %s\n", r->id, pratique_severity_name(r->severity), r->name);
    }
    return ok;
}

static bool digest_policy(const struct vsa *v, const struct law *law, uint8_t out[SHA256_BYTES])
{
    struct buf rules;
    bool ok;

    if (law->file) {
        memcpy(out, law->file_sha256, SHA256_BYTES);
        return true;
    }
    buf_init(&rules, VSA_BYTES_MAX);
    ok = put_rules(&rules, v->policies) &&
         EVP_Digest(rules.p, rules.n, out, NULL, EVP_sha256(), NULL) == 1;
    buf_free(&rules);
    return ok;
}

static bool put_policy_uri(struct buf *out, const struct vsa *v, const struct law *law)
{
    const char *slash = law->file ? strrchr(law->file->path, '/') : NULL;

    if (!law->file)
        return buf_puts(out, "urn:pratique:policy:") && put_uri(out, v->policies);
    return buf_puts(out, "urn:pratique:policy-file:") &&
           put_uri(out, slash ? slash + 1 : law->file->path) &&
           (!law->policy.mode || (buf_putc(out, '#') && put_uri(out, law->policy.mode->name)));
}

static bool put_policy(struct buf *out, const struct vsa *v, const struct law *law)
{
    uint8_t digest[SHA256_BYTES];
    char hex[SHA256_HEX];

    if (!digest_policy(v, law, digest))
        return false;
    sha256_hex(digest, hex);
    return buf_puts(out, "\"policy\":{\"uri\":\"") && put_policy_uri(out, v, law) &&
           buf_printf(out, "\",\"digest\":{\"sha256\":\"%s\"}}", hex);
}

/* ---- the rest ---- */

static bool put_trusted(struct buf *out, const struct law *law)
{
    bool ok = buf_puts(out, "\"trustedClasses\":[");

    for (size_t i = 0; ok && i < law->policy.trust_classes_n; i++)
        ok = (i == 0 || buf_putc(out, ',')) &&
             strict_put(out, span_text(law->policy.trust_classes[i]));
    return ok && buf_putc(out, ']');
}

static bool put_verdict(struct buf *out, const struct vsa *v, const struct law *law)
{
    bool ok = buf_printf(out, "\"" VSA_VERDICT "\":{\"verdict\":\"%s\",\"policies\":",
                         pratique_verdict_name(PRATIQUE_ADMIT)) &&
              strict_put(out, span_text(v->policies)) && buf_puts(out, ",\"format\":") &&
              strict_put(out, span_text(v->format)) &&
              buf_printf(out, ",\"bytes\":%llu,\"findings\":{", (unsigned long long)v->bytes);

    for (unsigned i = 0; ok && i < VSA_SEVERITIES; i++)
        ok = buf_printf(out, "%s\"%s\":%llu", i ? "," : "",
                        pratique_severity_name((enum pratique_severity)i),
                        (unsigned long long)v->findings[i]);
    return ok && buf_puts(out, "},") && put_trusted(out, law) && buf_putc(out, '}');
}

static bool put_resource(struct buf *out, const struct vsa *v)
{
    char hex[SHA256_HEX];

    sha256_hex(v->digest, hex);
    return buf_puts(out, "\"resourceUri\":\"pkg:generic/") && put_uri(out, v->name) &&
           buf_printf(out, "?checksum=sha256:%s\"", hex);
}

bool vsa_write(struct buf *out, const struct vsa *v, const struct law *law)
{
    return statement_begin(out, span_text(v->name), v->digest, VSA_TYPE) &&
           buf_printf(out,
                      "{\"verifier\":{\"id\":\"" VSA_VERIFIER
                      "\",\"version\":{\"pratique\":\"%s\"}},"
                      "\"timeVerified\":\"%s\",",
                      pratique_version(), v->time) &&
           put_resource(out, v) && buf_putc(out, ',') && put_policy(out, v, law) &&
           buf_puts(out, ",\"inputAttestations\":[],\"verificationResult\":\"PASSED\","
                         "\"verifiedLevels\":[\"PRATIQUE_ADMIT\"],\"slsaVersion\":\"1.0\",") &&
           put_verdict(out, v, law) && buf_puts(out, "}}");
}
