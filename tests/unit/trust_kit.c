/* See trust_kit.h. */
#include "trust_kit.h"

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>

EVP_PKEY *kit_key(const char *curve)
{
    return EVP_PKEY_Q_keygen(NULL, NULL, "EC", curve);
}

static void take_bio(BIO *bio, struct buf *out)
{
    char *text = NULL;
    long n = BIO_get_mem_data(bio, &text);

    (void)buf_add(out, text, (size_t)n);
    BIO_free(bio);
}

void kit_pem(const EVP_PKEY *key, struct buf *out, char hint[SHA256_HEX])
{
    BIO *bio = BIO_new(BIO_s_mem());
    uint8_t digest[SHA256_BYTES];
    size_t before = out->n;

    (void)PEM_write_bio_PUBKEY(bio, key);
    take_bio(bio, out);
    (void)EVP_Digest(out->p + before, out->n - before, digest, NULL, EVP_sha256(), NULL);
    if (hint)
        sha256_hex(digest, hint);
}

void kit_certificate_pem(X509 *x, struct buf *out)
{
    BIO *bio = BIO_new(BIO_s_mem());

    (void)PEM_write_bio_X509(bio, x);
    take_bio(bio, out);
}

struct keys *kit_keys(enum trust_role role, int64_t now)
{
    struct keys *k = calloc(1, sizeof *k);

    arena_init(&k->arena, (size_t)1 << 20);
    k->role = role, k->now = now;
    k->space = "pratique-manifest";
    return k;
}

static void trust_text(struct keys *k, const char *name, struct buf *text)
{
    struct pratique_error err = { 0 };

    if (keys_add_bytes(k, name, span_of(text->p, text->n), &err) != PRATIQUE_OK)
        abort();
    buf_free(text);
}

void kit_trust(struct keys *k, const EVP_PKEY *key)
{
    struct buf text;

    buf_init(&text, 4096);
    kit_pem(key, &text, NULL);
    trust_text(k, "pub.pem", &text);
}

void kit_trust_root(struct keys *k, X509 *root)
{
    struct buf text;

    buf_init(&text, 65536);
    kit_certificate_pem(root, &text);
    trust_text(k, "root.pem", &text);
}

void kit_sign(EVP_PKEY *key, struct span payload, struct buf *signature)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    const EVP_MD *md = ec_digest(key) ? ec_digest(key) : EVP_sha256();
    struct buf message;
    uint8_t sig[1024];
    size_t n = sizeof sig;

    buf_init(&message, payload.n + 1024);
    if (!dsse_pae(&message, SPAN_LITERAL(DSSE_IN_TOTO), payload) ||
        EVP_DigestSignInit(ctx, NULL, md, NULL, key) != 1 ||
        EVP_DigestSign(ctx, sig, &n, (uint8_t *)message.p, message.n) != 1)
        abort();
    (void)buf_add(signature, sig, n);
    buf_free(&message);
    EVP_MD_CTX_free(ctx);
}

static void extend(X509 *x, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX ctx;
    X509_EXTENSION *e;

    if (!value)
        return;
    X509V3_set_ctx(&ctx, issuer, x, NULL, NULL, 0);
    e = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
    if (!e || !X509_add_ext(x, e, -1))
        abort();
    X509_EXTENSION_free(e);
}

X509 *kit_certify(const struct kit_certificate *c)
{
    static long serial = 1;
    X509 *x = X509_new();
    X509_NAME *name = X509_get_subject_name(x);

    (void)X509_set_version(x, X509_VERSION_3);
    (void)ASN1_INTEGER_set(X509_get_serialNumber(x), serial++);
    (void)ASN1_TIME_set(X509_getm_notBefore(x), (time_t)c->from);
    (void)ASN1_TIME_set(X509_getm_notAfter(x), (time_t)c->to);
    (void)X509_set_pubkey(x, c->key);
    (void)X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const uint8_t *)c->name, -1, -1,
                                     0);
    (void)X509_set_issuer_name(x, c->issuer ? X509_get_subject_name(c->issuer) : name);
    extend(x, c->issuer ? c->issuer : x, NID_basic_constraints, c->basic);
    extend(x, c->issuer ? c->issuer : x, NID_key_usage, c->usage);
    extend(x, c->issuer ? c->issuer : x, NID_ext_key_usage, c->usages);
    extend(x, c->issuer ? c->issuer : x, NID_subject_alt_name, c->names);
    if (!X509_sign(x, c->issuer ? c->issuer_key : c->key, EVP_sha256()))
        abort();
    return x;
}
