/*
 * Certificates (RFC 5280), by libcrypto. A chain holds from the signer's certificate to one root
 * among the keys, at the keys' time and at no other: model_signing checks it at the moment that
 * the signer's certificate begins, so that there an expired one counts for ever. What has been
 * revoked is not known here: there are no lists in a bundle, and none are fetched.
 */
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <stdlib.h>

#include "base/status.h"
#include "trust/attest/modelsign.h"

#define CHAIN_DEPTH    8
#define SECURITY_LEVEL 2 /* 112 bits: no SHA-1, no RSA below 2048 */

/* What is asked, and what has been found out. */
struct question {
    const struct keys *keys;
    X509 *leaf;
    STACK_OF(X509) * others;
    struct arena *arena;
    enum signature_fault fault;
    const char *why;
    const struct key *root; /* that vouches */
    const char *who;
};

X509 *x509_read(struct span der)
{
    const unsigned char *at = der.p;
    X509 *x = der.n && der.n <= BUNDLE_CERTIFICATE_MAX ? d2i_X509(NULL, &at, (long)der.n) : NULL;

    if (x && at != der.p + der.n) {
        X509_free(x);
        return NULL;
    }
    return x;
}

/* ---- who ---- */

/* The text of a name in the arena, printable; NULL for kinds that are not compared. */
static const char *name_text(const GENERAL_NAME *name, struct arena *arena)
{
    const ASN1_STRING *s = NULL;
    struct span text;

    if (name->type == GEN_EMAIL)
        s = name->d.rfc822Name;
    else if (name->type == GEN_DNS)
        s = name->d.dNSName;
    else if (name->type == GEN_URI)
        s = name->d.uniformResourceIdentifier;
    if (!s || ASN1_STRING_length(s) <= 0)
        return NULL;
    text = fact_printable(arena, span_of(ASN1_STRING_get0_data(s), (size_t)ASN1_STRING_length(s)),
                          FACT_SUBJECT_MAX);
    return arena_copy(arena, text.p, text.n);
}

static const char *subject_text(const X509 *x, struct arena *arena)
{
    char line[512] = "";
    struct span text;

    (void)X509_NAME_oneline(X509_get_subject_name(x), line, sizeof line);
    text = fact_printable(arena, span_text(line), FACT_SUBJECT_MAX);
    return arena_copy(arena, text.p, text.n);
}

/*
 * Whether one of the alternative names is the identity that this root may vouch for; *who is that
 * name, or else the first, or else the subject. Without a demand everybody is.
 */
static bool identity_holds(const struct question *q, const struct key *root, const char **who)
{
    GENERAL_NAMES *names = X509_get_ext_d2i(q->leaf, NID_subject_alt_name, NULL, NULL);
    const char *first = NULL, *matched = NULL;

    for (int i = 0; !matched && i < sk_GENERAL_NAME_num(names); i++) {
        const char *text = name_text(sk_GENERAL_NAME_value(names, i), q->arena);

        first = first ? first : text;
        if (text && key_identity_is(q->keys, root, text))
            matched = text;
    }
    sk_GENERAL_NAME_pop_free(names, GENERAL_NAME_free);
    *who = matched ? matched : first ? first : subject_text(q->leaf, q->arena);
    return matched || (!q->keys->identity && !root->identity);
}

/* ---- what for ---- */

/*
 * A certificate for signing: its key usage, where it has one, allows signatures; its extended key
 * usage, where it has one, code; and it has one of them. (model_signing asks for either, so that
 * a web server's certificate does.)
 */
static const char *usage_fault(X509 *leaf)
{
    uint32_t flags = X509_get_extension_flags(leaf);

    if (flags & EXFLAG_INVALID)
        return "the certificate has extensions that cannot be read";
    if (!(flags & (EXFLAG_KUSAGE | EXFLAG_XKUSAGE)))
        return "the certificate does not say that it is for signing (keyUsage, extendedKeyUsage)";
    if (flags & EXFLAG_KUSAGE && !(X509_get_key_usage(leaf) & KU_DIGITAL_SIGNATURE))
        return "the certificate is not for signatures (keyUsage lacks digitalSignature)";
    if (flags & EXFLAG_XKUSAGE &&
        !(X509_get_extended_key_usage(leaf) & (XKU_CODE_SIGN | XKU_ANYEKU)))
        return "the certificate is not for code (extendedKeyUsage lacks codeSigning)";
    return NULL;
}

/*
 * An issuer: an authority that says so, and whose extended key usage, where it has one, allows
 * code. libcrypto 3.0 takes some that do not say so, and knows no purpose of code.
 */
static const char *issuer_fault(X509 *issuer)
{
    uint32_t flags = X509_get_extension_flags(issuer);

    if (!(flags & EXFLAG_BCONS) || !(flags & EXFLAG_CA))
        return "it is no certificate authority (basicConstraints lack CA:TRUE)";
    if (flags & EXFLAG_XKUSAGE &&
        !(X509_get_extended_key_usage(issuer) & (XKU_CODE_SIGN | XKU_ANYEKU)))
        return "it is an authority for something else than code (extendedKeyUsage lacks "
               "codeSigning)";
    return NULL;
}

/* ---- the chain ---- */

static enum signature_fault fault_of(int error)
{
    switch (error) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return SIGNATURE_EXPIRED;
    case X509_V_ERR_CERT_REVOKED:
        return SIGNATURE_REVOKED;
    case X509_V_ERR_CERT_SIGNATURE_FAILURE: /* a root of that name, with another key */
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
        return SIGNATURE_UNKNOWN_KEY;
    default:
        return SIGNATURE_FORBIDDEN;
    }
}

/* The fault that says most: that of a root that knows the chain before that of one that does not.
 */
static void note(struct question *q, enum signature_fault fault, const char *why)
{
    if (q->fault == SIGNATURE_UNKNOWN_KEY && (fault != SIGNATURE_UNKNOWN_KEY || !q->why)) {
        q->fault = fault;
        q->why = why;
    }
}

static void note_certificate(struct question *q, enum signature_fault fault, const X509 *at,
                             const char *why)
{
    const char *subject = at ? subject_text(at, q->arena) : "";

    note(q, fault, arena_printf(q->arena, "certificate %s: %s", subject ? subject : "", why));
}

/* What libcrypto finds wrong with a certificate, where there are plainer words than its own. */
static const char *words_of(int error)
{
    switch (error) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return "it is expired";
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return "it is not valid yet";
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
        return "it is its own issuer, and not among the root certificates given";
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
        return "its issuer is neither in the bundle nor among the root certificates given";
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
        return "it was not signed by the issuer that it names";
    case X509_V_ERR_INVALID_CA:
        return "it has issued another one, and is no certificate authority";
    default:
        return X509_verify_cert_error_string(error);
    }
}

static void note_chain(struct question *q, X509_STORE_CTX *ctx)
{
    int error = X509_STORE_CTX_get_error(ctx);

    note_certificate(q, fault_of(error), X509_STORE_CTX_get_current_cert(ctx), words_of(error));
}

static bool is_in(STACK_OF(X509) * chain, const X509 *x)
{
    for (int i = 0; i < sk_X509_num(chain); i++)
        if (X509_cmp(sk_X509_value(chain, i), x) == 0)
            return true;
    return false;
}

/* What libcrypto does not ask of a chain that holds: its issuers, and that it is all there is. */
static bool chain_is_plain(struct question *q, STACK_OF(X509) * chain)
{
    for (int i = 1; i < sk_X509_num(chain); i++) {
        X509 *issuer = sk_X509_value(chain, i);

        if (issuer_fault(issuer)) {
            note_certificate(q, SIGNATURE_FORBIDDEN, issuer, issuer_fault(issuer));
            return false;
        }
    }
    for (int i = 0; i < sk_X509_num(q->others); i++)
        if (!is_in(chain, sk_X509_value(q->others, i))) {
            note_certificate(q, SIGNATURE_MALFORMED, sk_X509_value(q->others, i),
                             "it has no part in the chain to the root");
            return false;
        }
    return true;
}

/* 1: the chain holds; 0: it does not, which is noted; -1: no memory. */
static int chain_holds(struct question *q, const struct key *root)
{
    X509_STORE *store = X509_STORE_new();
    X509_STORE_CTX *ctx = X509_STORE_CTX_new();
    X509_VERIFY_PARAM *param = NULL;
    int held = -1;

    if (!store || !ctx || !X509_STORE_add_cert(store, root->certificate) ||
        !X509_STORE_CTX_init(ctx, store, q->leaf, q->others))
        goto out;
    param = X509_STORE_CTX_get0_param(ctx);
    X509_VERIFY_PARAM_set_time(param, (time_t)q->keys->now);
    X509_VERIFY_PARAM_set_depth(param, CHAIN_DEPTH);
    X509_VERIFY_PARAM_set_auth_level(param, SECURITY_LEVEL);
    held = X509_verify_cert(ctx);
    if (held == 0)
        note_chain(q, ctx);
    else if (held == 1)
        held = chain_is_plain(q, X509_STORE_CTX_get0_chain(ctx));
out:
    X509_STORE_CTX_free(ctx);
    X509_STORE_free(store);
    return held;
}

/* Whether this root vouches for the signer; false also without memory. */
static bool vouches(struct question *q, const struct key *root, bool *no_memory)
{
    const char *why = NULL;
    enum signature_fault fault = key_fit(q->keys, root, &why, q->arena);
    int held = fault == SIGNATURE_HOLDS ? chain_holds(q, root) : 0;

    if (fault != SIGNATURE_HOLDS)
        note(q, fault, why);
    *no_memory = *no_memory || held < 0;
    if (held != 1)
        return false;
    if (!identity_holds(q, root, &q->who)) {
        note(q, SIGNATURE_FORBIDDEN,
             arena_printf(q->arena, "it was signed by %s, who is not the one that is asked for",
                          q->who ? q->who : "?"));
        return false;
    }
    q->root = root;
    return true;
}

static bool any_vouches(struct question *q, bool *no_memory)
{
    bool found = false;

    q->fault = SIGNATURE_UNKNOWN_KEY;
    q->why = NULL;
    for (size_t i = 0; !found && !*no_memory && i < q->keys->n; i++)
        if (q->keys->list[i].kind == KEY_ROOT)
            found = vouches(q, &q->keys->list[i], no_memory);
    if (!q->why)
        q->why = "it is signed with a certificate, and no root certificate is among the keys";
    return found;
}

/* ---- all of it ---- */

static bool signature_holds(EVP_PKEY *key, struct span message, struct span signature)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool holds = ctx && EVP_DigestVerifyInit(ctx, NULL, ec_digest(key), NULL, key) == 1 &&
                 EVP_DigestVerify(ctx, signature.p, signature.n, message.p, message.n) == 1;

    EVP_MD_CTX_free(ctx);
    return holds;
}

static void judge(struct question *q, struct span message, struct span signature, bool *no_memory)
{
    EVP_PKEY *key = X509_get0_pubkey(q->leaf);

    if (!key || !ec_digest(key)) {
        q->fault = SIGNATURE_FORBIDDEN;
        q->why = "the certificate's key is not on P-256, P-384 or P-521";
    } else if (!any_vouches(q, no_memory)) {
        return;
    } else if (!signature_holds(key, message, signature)) {
        q->fault = SIGNATURE_WRONG;
        q->why = "the signature is not one of its statement by the certificate's key";
    } else if (usage_fault(q->leaf)) {
        q->fault = SIGNATURE_FORBIDDEN;
        q->why = usage_fault(q->leaf);
    } else {
        q->fault = SIGNATURE_HOLDS;
        q->why = NULL;
    }
}

static bool read_chain(struct question *q, const struct span *chain, size_t n)
{
    q->leaf = x509_read(chain[0]);
    q->others = sk_X509_new_null();
    for (size_t i = 1; q->leaf && q->others && i < n; i++) {
        X509 *x = x509_read(chain[i]);

        if (!x || !sk_X509_push(q->others, x)) {
            X509_free(x);
            return false;
        }
    }
    return q->leaf && q->others;
}

static bool tell_who(struct signer *who, const struct question *q)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    char hex[SHA256_HEX];

    if (!q->root)
        return true;
    if (!X509_digest(q->leaf, EVP_sha256(), digest, NULL))
        return false;
    sha256_hex(digest, hex);
    who->key = q->root->name;
    who->id = arena_printf(q->arena, "SHA256:%s", hex);
    who->who = q->who ? q->who : "";
    return who->id != NULL;
}

enum pratique_status x509_check(enum signature_fault *fault, const char **why, struct signer *who,
                                const struct keys *k, const struct span *chain, size_t n,
                                struct span message, struct span signature, struct arena *arena,
                                struct pratique_error *err)
{
    struct question q = { .keys = k, .arena = arena, .fault = SIGNATURE_MALFORMED };
    bool no_memory = false;

    q.why = "a certificate in it cannot be read";
    if (read_chain(&q, chain, n))
        judge(&q, message, signature, &no_memory);
    *fault = q.fault;
    *why = q.why;
    no_memory = no_memory || !tell_who(who, &q);
    X509_free(q.leaf);
    sk_X509_pop_free(q.others, X509_free);
    if (!no_memory)
        return PRATIQUE_OK;
    *fault = SIGNATURE_MALFORMED;
    return error_set(err, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "while checking certificates");
}
