/*
 * Keys of OpenSSH and what they signed: Ed25519, ECDSA on the NIST curves, RSA with SHA-2, and the
 * first two in hardware (PROTOCOL.u2f). No DSA, no SHA-1, no RSA below 2048 bits, no certificates.
 */
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/param_build.h>
#include <openssl/sha.h>

#include "trust/sign/ssh.h"

#define RSA_BITS_MIN 2048
#define RSA_BITS_MAX 16384

enum family { ED25519, ECDSA, RSA_SHA2 };

struct type {
    struct span name;
    enum family family;
    bool hardware;
    struct span curve; /* as SSH names it */
    const char *group; /* as OpenSSL does */
    const EVP_MD *(*hash)(void);
};

static const struct type types[] = {
    { SPAN_LITERAL("ssh-ed25519"), ED25519, false, { 0 }, NULL, NULL },
    { SPAN_LITERAL("ecdsa-sha2-nistp256"), ECDSA, false, SPAN_LITERAL("nistp256"), "prime256v1",
      EVP_sha256 },
    { SPAN_LITERAL("ecdsa-sha2-nistp384"), ECDSA, false, SPAN_LITERAL("nistp384"), "secp384r1",
      EVP_sha384 },
    { SPAN_LITERAL("ecdsa-sha2-nistp521"), ECDSA, false, SPAN_LITERAL("nistp521"), "secp521r1",
      EVP_sha512 },
    { SPAN_LITERAL("ssh-rsa"), RSA_SHA2, false, { 0 }, NULL, NULL },
    { SPAN_LITERAL("sk-ssh-ed25519@openssh.com"), ED25519, true, { 0 }, NULL, NULL },
    { SPAN_LITERAL("sk-ecdsa-sha2-nistp256@openssh.com"), ECDSA, true, SPAN_LITERAL("nistp256"),
      "prime256v1", EVP_sha256 },
};

static const struct type *type_of(struct span name)
{
    for (size_t i = 0; i < ARRAY_LEN(types); i++)
        if (span_equal(name, types[i].name))
            return &types[i];
    return NULL;
}

bool sshkey_is_type(struct span word)
{
    return type_of(word) || span_is(word, "ssh-dss") ||
           span_starts(word, SPAN_LITERAL("webauthn-")) ||
           span_ends(word, SPAN_LITERAL("-cert-v01@openssh.com"));
}

/* ---- a blob as a key of libcrypto ---- */

struct parsed {
    const struct type *type;
    struct span key;         /* the 32 bytes, or the point */
    struct span e, n;        /* of RSA */
    struct span application; /* of hardware */
};

static bool split(struct parsed *out, struct span blob)
{
    struct span name, curve = SPAN_EMPTY;

    *out = (struct parsed){ 0 };
    if (!ssh_take_string(&blob, &name) || !(out->type = type_of(name)))
        return false;
    if (out->type->family == RSA_SHA2)
        return ssh_take_string(&blob, &out->e) && ssh_take_string(&blob, &out->n) && blob.n == 0;
    if (out->type->family == ECDSA &&
        (!ssh_take_string(&blob, &curve) || !span_equal(curve, out->type->curve)))
        return false;
    if (!ssh_take_string(&blob, &out->key) ||
        (out->type->hardware && !ssh_take_string(&blob, &out->application)))
        return false;
    return blob.n == 0;
}

/* A key from named numbers and bytes. */
static EVP_PKEY *from_data(const char *algorithm, OSSL_PARAM_BLD *build)
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, algorithm, NULL);
    OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(build);
    EVP_PKEY *key = NULL;

    if (!ctx || !params || EVP_PKEY_fromdata_init(ctx) != 1 ||
        EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
        key = NULL;
    OSSL_PARAM_free(params);
    EVP_PKEY_CTX_free(ctx);
    return key;
}

static EVP_PKEY *ecdsa_key(const struct parsed *p)
{
    OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
    EVP_PKEY *key = NULL;

    if (build && p->key.n && p->key.p[0] == 4 && /* not compressed, as OpenSSH has it */
        OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME, p->type->group, 0) &&
        OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, p->key.p, p->key.n))
        key = from_data("EC", build);
    OSSL_PARAM_BLD_free(build);
    return key;
}

/* "mpint": positive, without needless zeros. */
static BIGNUM *number(struct span in)
{
    if (in.n == 0 || in.n > RSA_BITS_MAX / 8 + 1 || in.p[0] & 0x80 ||
        (in.p[0] == 0 && (in.n == 1 || !(in.p[1] & 0x80))))
        return NULL;
    return BN_bin2bn(in.p, (int)in.n, NULL);
}

static EVP_PKEY *rsa_key(const struct parsed *p)
{
    OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
    BIGNUM *e = number(p->e), *n = number(p->n);
    EVP_PKEY *key = NULL;

    if (build && e && n && BN_is_odd(e) && BN_num_bits(e) >= 2 && BN_num_bits(e) <= 64 &&
        OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, e) &&
        OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, n))
        key = from_data("RSA", build);
    BN_free(e);
    BN_free(n);
    OSSL_PARAM_BLD_free(build);
    return key;
}

static EVP_PKEY *key_of(const struct parsed *p)
{
    EVP_PKEY *key = NULL;

    if (p->type->family == ECDSA)
        key = ecdsa_key(p);
    else if (p->type->family == RSA_SHA2)
        key = rsa_key(p);
    ERR_clear_error();
    return key;
}

static const char *key_fault(const struct parsed *p)
{
    EVP_PKEY *key;
    int bits;

    if (p->type->family == ED25519)
        return p->key.n == ED25519_KEY_BYTES && ed25519_key_ok(p->key.p)
                   ? NULL
                   : "the key is no Ed25519 key, or a weak one";
    key = key_of(p);
    bits = key ? EVP_PKEY_get_bits(key) : 0;
    EVP_PKEY_free(key);
    if (!key)
        return "the key is broken";
    if (p->type->family == RSA_SHA2 && (bits < RSA_BITS_MIN || bits > RSA_BITS_MAX))
        return "an RSA key must have 2048 to 16384 bits";
    return NULL;
}

const char *sshkey_fault(struct span type, struct span blob)
{
    struct span copy = blob, name;
    struct parsed p;

    if (span_ends(type, SPAN_LITERAL("-cert-v01@openssh.com")))
        return "certificates are not taken; name the key itself";
    if (!type_of(type))
        return "a kind of key that is not taken";
    if (!ssh_take_string(&copy, &name) || !span_equal(name, type))
        return "the key is of another kind than it says, or broken off";
    if (!split(&p, blob))
        return "the key is broken";
    return key_fault(&p);
}

/* ---- signatures ---- */

/* PROTOCOL.u2f: what the hardware signed, of which data is a part by its hash. */
static bool hardware_data(const struct parsed *p, struct span data, struct span tail,
                          uint8_t out[2 * SHA256_DIGEST_LENGTH + 5])
{
    return EVP_Digest(p->application.p, p->application.n, out, NULL, EVP_sha256(), NULL) == 1 &&
           memcpy(out + SHA256_DIGEST_LENGTH, tail.p, 5) &&
           EVP_Digest(data.p, data.n, out + SHA256_DIGEST_LENGTH + 5, NULL, EVP_sha256(), NULL) ==
               1;
}

static bool verify(EVP_PKEY *key, const EVP_MD *hash, struct span data, const uint8_t *sig,
                   size_t n)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool ok = ctx && EVP_DigestVerifyInit(ctx, NULL, hash, NULL, key) == 1 &&
              EVP_DigestVerify(ctx, sig, n, data.p, data.n) == 1;

    EVP_MD_CTX_free(ctx);
    return ok;
}

/* RFC 5656, 3.1.2: two numbers, which libcrypto has in DER. */
static bool ecdsa_verify(EVP_PKEY *key, const EVP_MD *hash, struct span data, struct span sig)
{
    struct span r_bytes, s_bytes;
    ECDSA_SIG *pair = ECDSA_SIG_new();
    BIGNUM *r = NULL, *s = NULL;
    uint8_t *der = NULL;
    bool ok = false;
    int n;

    if (ssh_take_string(&sig, &r_bytes) && ssh_take_string(&sig, &s_bytes) && sig.n == 0) {
        r = number(r_bytes);
        s = number(s_bytes);
    }
    if (pair && r && s && ECDSA_SIG_set0(pair, r, s) == 1) {
        r = s = NULL; /* the pair's now */
        n = i2d_ECDSA_SIG(pair, &der);
        ok = n > 0 && verify(key, hash, data, der, (size_t)n);
        OPENSSL_free(der);
    }
    BN_free(r);
    BN_free(s);
    ECDSA_SIG_free(pair);
    return ok;
}

/* Leading zeros may be left out, as OpenSSH allows. */
static bool rsa_verify(EVP_PKEY *key, const EVP_MD *hash, struct span data, struct span sig)
{
    uint8_t full[RSA_BITS_MAX / 8] = { 0 };
    size_t size = (size_t)EVP_PKEY_get_size(key);

    if (size > sizeof full || sig.n > size || sig.n == 0)
        return false;
    memcpy(full + size - sig.n, sig.p, sig.n);
    return verify(key, hash, data, full, size);
}

static bool verify_family(const struct parsed *p, struct span algorithm, struct span data,
                          struct span sig)
{
    EVP_PKEY *key;
    bool ok;

    if (p->type->family == ED25519)
        return sig.n == ED25519_SIGNATURE_BYTES && ed25519_verify(p->key.p, data, sig.p);
    key = key_of(p);
    if (!key)
        return false;
    if (p->type->family == ECDSA)
        ok = ecdsa_verify(key, p->type->hash(), data, sig);
    else
        ok = rsa_verify(key, span_is(algorithm, "rsa-sha2-256") ? EVP_sha256() : EVP_sha512(), data,
                        sig);
    EVP_PKEY_free(key);
    ERR_clear_error();
    return ok;
}

static bool algorithm_fits(const struct type *type, struct span algorithm)
{
    if (type->family == RSA_SHA2)
        return span_is(algorithm, "rsa-sha2-256") || span_is(algorithm, "rsa-sha2-512");
    return span_equal(algorithm, type->name);
}

enum sshkey_result sshkey_verify(struct span blob, struct span data, struct span signature)
{
    uint8_t wrapped[2 * SHA256_DIGEST_LENGTH + 5];
    struct span algorithm, sig;
    struct parsed p;

    if (!split(&p, blob) || key_fault(&p) || !ssh_take_string(&signature, &algorithm) ||
        !ssh_take_string(&signature, &sig))
        return SSHKEY_WRONG;
    if (!algorithm_fits(p.type, algorithm))
        return SSHKEY_WEAK;
    if (signature.n != (p.type->hardware ? 5 : 0)) /* flags and a counter */
        return SSHKEY_WRONG;
    if (p.type->hardware) {
        if (!hardware_data(&p, data, signature, wrapped))
            return SSHKEY_WRONG;
        data = span_of(wrapped, sizeof wrapped);
    }
    if (!verify_family(&p, algorithm, data, sig))
        return SSHKEY_WRONG;
    return p.type->hardware && !(signature.p[0] & 1) ? SSHKEY_NOT_PRESENT : SSHKEY_HOLDS;
}
