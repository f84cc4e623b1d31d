/* Keys, certificates and envelopes for tests of signatures, made as they are needed. */
#ifndef PRATIQUE_TESTS_TRUST_KIT_H
#define PRATIQUE_TESTS_TRUST_KIT_H

#include "trust/attest/dsse.h"
#include "trust/sign/keys.h"

/* A key pair on the curve. EVP_PKEY_free(). */
EVP_PKEY *kit_key(const char *curve);
/* The public key's PEM text, appended; its SHA-256 in hex into hint (may be NULL). */
void kit_pem(const EVP_PKEY *key, struct buf *out, char hint[SHA256_HEX]);
void kit_certificate_pem(X509 *x, struct buf *out);
/* A set of keys for a role, at a time; keys_free(). Filled by keys_add_bytes() or kit_trust(). */
struct keys *kit_keys(enum trust_role role, int64_t now);
void kit_trust(struct keys *k, const EVP_PKEY *key);
void kit_trust_root(struct keys *k, X509 *root);
/* The signature of an in-toto payload in an envelope. */
void kit_sign(EVP_PKEY *key, struct span payload, struct buf *signature);

/* What a certificate is to be like. */
struct kit_certificate {
    const char *name;
    EVP_PKEY *key;
    X509 *issuer; /* NULL: itself */
    EVP_PKEY *issuer_key;
    int64_t from, to;   /* seconds since 1970 */
    const char *usage;  /* "critical,digitalSignature"; NULL: none */
    const char *usages; /* extendedKeyUsage: "codeSigning"; NULL: none */
    const char *basic;  /* "critical,CA:TRUE"; NULL: none */
    const char *names;  /* "email:a@example.org"; NULL: none */
};
X509 *kit_certify(const struct kit_certificate *c);

#endif
