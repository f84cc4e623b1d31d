/* src/base/sha512.c against libcrypto's, for every length around its blocks. */
#include "base/sha512.h"

#include <openssl/evp.h>

#include "base/compiler.h"
#include "test.h"

TEST(sha512_lengths)
{
    uint8_t bytes[400], got[64], want[64];

    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i * 31 + 7);
    for (size_t n = 0; n <= sizeof bytes; n++) {
        CHECK(EVP_Digest(bytes, n, want, NULL, EVP_sha512(), NULL) == 1, "libcrypto");
        sha512_bytes(bytes, n, got);
        CHECK(memcmp(got, want, SHA512_BYTES) == 0, "SHA-512 of %zu bytes", n);
        CHECK(EVP_Digest(bytes, n, want, NULL, EVP_sha384(), NULL) == 1, "libcrypto");
        sha384_bytes(bytes, n, got);
        CHECK(memcmp(got, want, SHA384_BYTES) == 0, "SHA-384 of %zu bytes", n);
    }
}
