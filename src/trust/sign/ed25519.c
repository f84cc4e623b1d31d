/*
 * Ed25519 (RFC 8032) by libcrypto, which refuses an S that is not reduced. Points of small order
 * and points in a second spelling are refused here, as libsodium does for minisign.
 */
#include "trust/sign/keys.h"

/* The y of each point of small order, the sign bit aside, but for those that are spelled past p. */
static const uint8_t small[5][ED25519_KEY_BYTES] = {
    { 0 }, /* order 4 */
    { 1 }, /* order 1 */
    { 0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4,
      0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6,
      0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05 }, /* order 8 */
    { 0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b,
      0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39,
      0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a }, /* order 8 */
    { 0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
      0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
      0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f }, /* order 2 */
};

/* Whether y, the sign bit aside, is at least p = 2^255 - 19. */
static bool past_p(const uint8_t y[ED25519_KEY_BYTES])
{
    if (y[0] < 0xed || (y[31] | 0x80) != 0xff)
        return false;
    for (size_t i = 1; i < 31; i++)
        if (y[i] != 0xff)
            return false;
    return true;
}

bool ed25519_key_ok(const uint8_t key[ED25519_KEY_BYTES])
{
    uint8_t y[ED25519_KEY_BYTES];

    memcpy(y, key, sizeof y);
    y[31] &= 0x7f;
    if (past_p(y))
        return false;
    for (size_t i = 0; i < ARRAY_LEN(small); i++)
        if (memcmp(y, small[i], sizeof y) == 0)
            return false;
    return true;
}

bool ed25519_verify(const uint8_t key[ED25519_KEY_BYTES], struct span message,
                    const uint8_t signature[ED25519_SIGNATURE_BYTES])
{
    EVP_PKEY *pkey = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key, ED25519_KEY_BYTES);
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool ok = false;

    if (pkey && ctx && ed25519_key_ok(key) && ed25519_key_ok(signature) &&
        EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, pkey) == 1)
        ok = EVP_DigestVerify(ctx, signature, ED25519_SIGNATURE_BYTES, message.p, message.n) == 1;
    EVP_MD_CTX_free(ctx);
    EVP_PKEY_free(pkey);
    return ok;
}
