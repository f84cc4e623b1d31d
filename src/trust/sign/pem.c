/*
 * PEM: public keys on the curves P-256, P-384 and P-521, and root certificates. Attestations and
 * model-signing bundles are verified with them.
 */
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include "base/sha256.h"
#include "base/status.h"
#include "trust/sign/keys.h"

bool pem_is(struct span bytes)
{
    static const struct span heads[] = {
        SPAN_LITERAL("-----BEGIN PUBLIC KEY-----"),
        SPAN_LITERAL("-----BEGIN CERTIFICATE-----"),
        SPAN_LITERAL("-----BEGIN PRIVATE KEY-----"),
        SPAN_LITERAL("-----BEGIN EC PRIVATE KEY-----"),
        SPAN_LITERAL("-----BEGIN EC PARAMETERS-----"),
        SPAN_LITERAL("-----BEGIN ENCRYPTED PRIVATE KEY-----"),
    };

    for (size_t i = 0; i < ARRAY_LEN(heads); i++)
        if (span_find(bytes, 0, heads[i]) != SIZE_MAX)
            return true;
    return false;
}

const EVP_MD *ec_digest(const EVP_PKEY *key)
{
    char group[64] = "";
    size_t n;

    if (EVP_PKEY_get_id(key) != EVP_PKEY_EC ||
        EVP_PKEY_get_group_name(key, group, sizeof group, &n) != 1)
        return NULL;
    if (strcmp(group, "prime256v1") == 0)
        return EVP_sha256();
    if (strcmp(group, "secp384r1") == 0)
        return EVP_sha384();
    return strcmp(group, "secp521r1") == 0 ? EVP_sha512() : NULL;
}

/* ---- what one block holds ---- */

static enum pratique_status refuse(struct pratique_error *err, const char *name, const char *why)
{
    return error_set(err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET, "%.150s: %s", name, why);
}

/* The key's PEM text as OpenSSL writes it, and the SHA-256 of that text as the key's id. */
static bool name_key(struct keys *k, struct key *key)
{
    BIO *bio = BIO_new(BIO_s_mem());
    uint8_t digest[SHA256_BYTES];
    char id[SHA256_HEX], *text;
    long n;
    bool ok = bio && PEM_write_bio_PUBKEY(bio, key->pkey) == 1 &&
              (n = BIO_get_mem_data(bio, &text)) > 0 &&
              EVP_Digest(text, (size_t)n, digest, NULL, EVP_sha256(), NULL) == 1;

    if (ok) {
        const char *copy = arena_copy(&k->arena, text, (size_t)n);

        sha256_hex(digest, id);
        key->id = arena_copy(&k->arena, id, strlen(id));
        ok = copy && key->id;
        key->blob = ok ? span_of(copy, (size_t)n) : SPAN_EMPTY;
    }
    BIO_free(bio);
    key->id = key->id ? key->id : "";
    return ok;
}

static enum pratique_status add_public(struct keys *k, const char *name, const uint8_t *der, long n,
                                       struct pratique_error *err)
{
    const uint8_t *end = der;
    EVP_PKEY *pkey = d2i_PUBKEY(NULL, &end, n);
    struct key *key;

    if (!pkey || end != der + n || !ec_digest(pkey)) {
        EVP_PKEY_free(pkey);
        return refuse(err, name, "a PEM public key must be on P-256, P-384 or P-521");
    }
    key = keys_add(k, KEY_EC, name, err);
    if (!key) {
        EVP_PKEY_free(pkey);
        return PRATIQUE_E_NOMEM;
    }
    key->pkey = pkey;
    if (!name_key(k, key))
        return error_set(err, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "while reading %.150s", name);
    return PRATIQUE_OK;
}

static enum pratique_status add_certificate(struct keys *k, const char *name, const uint8_t *der,
                                            long n, struct pratique_error *err)
{
    const uint8_t *end = der;
    X509 *certificate = d2i_X509(NULL, &end, n);
    struct key *key;

    if (!certificate || end != der + n) {
        X509_free(certificate);
        return refuse(err, name, "a certificate in it cannot be parsed");
    }
    key = keys_add(k, KEY_ROOT, name, err);
    if (!key) {
        X509_free(certificate);
        return PRATIQUE_E_NOMEM;
    }
    key->certificate = certificate;
    return PRATIQUE_OK;
}

static enum pratique_status add_block(struct keys *k, const char *name, const char *kind,
                                      const uint8_t *der, long n, struct pratique_error *err)
{
    if (strcmp(kind, PEM_STRING_PUBLIC) == 0)
        return add_public(k, name, der, n, err);
    if (strcmp(kind, PEM_STRING_X509) == 0)
        return add_certificate(k, name, der, n, err);
    if (strstr(kind, "PRIVATE"))
        return refuse(err, name,
                      "it holds a secret key; name the public one, and keep this one away");
    return error_set(err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET,
                     "%.150s: a PEM block \"%.40s\" is neither a public key nor a certificate",
                     name, kind);
}

enum pratique_status pem_add(struct keys *k, const char *name, struct span bytes,
                             struct pratique_error *err)
{
    BIO *bio = BIO_new_mem_buf(bytes.p, (int)bytes.n);
    enum pratique_status status = PRATIQUE_OK;
    char *kind, *header;
    uint8_t *der;
    size_t before = k->n;
    long n;

    if (!bio)
        return error_set(err, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "while reading %.150s", name);
    while (status == PRATIQUE_OK && PEM_read_bio(bio, &kind, &header, &der, &n) == 1) {
        status = add_block(k, name, kind, der, n, err);
        OPENSSL_free(kind);
        OPENSSL_free(header);
        OPENSSL_clear_free(der, (size_t)n);
    }
    BIO_free(bio);
    if (status == PRATIQUE_OK &&
        (k->n == before || ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE))
        status = refuse(err, name, "a PEM block in it is broken");
    ERR_clear_error();
    return status;
}
