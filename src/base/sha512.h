/*
 * SHA-512 and SHA-384 (FIPS 180-4) of bytes that are all there. For the few places where somebody
 * else has chosen them; what we choose is SHA-256.
 */
#ifndef PRATIQUE_BASE_SHA512_H
#define PRATIQUE_BASE_SHA512_H

#include <stddef.h>
#include <stdint.h>

#define SHA512_BYTES 64
#define SHA384_BYTES 48

/* The digest of n bytes; p may be NULL when there are none. */
void sha512_bytes(const void *p, size_t n, uint8_t digest[SHA512_BYTES])
    __attribute__((nonnull(3)));
void sha384_bytes(const void *p, size_t n, uint8_t digest[SHA384_BYTES])
    __attribute__((nonnull(3)));

#endif
