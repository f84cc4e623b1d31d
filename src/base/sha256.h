/*
 * SHA-256 (FIPS 180-4): by the processor's own instructions where it has them, two messages at a
 * time where there are two; by libcrypto elsewhere. A locked-down process may use it after
 * sha256_warm().
 */
#ifndef PRATIQUE_BASE_SHA256_H
#define PRATIQUE_BASE_SHA256_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

#define SHA256_BYTES 32
#define SHA256_BLOCK 64
#define SHA256_HEX   (2 * SHA256_BYTES + 1) /* with the NUL */

/* A message that comes in parts. Its fields are sha256.c's own. */
struct sha256 {
    uint32_t state[8];
    uint8_t part[SHA256_BLOCK]; /* what does not fill a block yet */
    uint64_t n;                 /* bytes so far */
    void *evp;                  /* libcrypto's, owned; NULL with the processor's instructions */
    bool failed;
};

/*
 * Starts a message. It ends with sha256_final() or sha256_drop(), as libcrypto may have memory to
 * free; what fails on the way there is told by sha256_final().
 */
void sha256_init(struct sha256 *s) NONNULL;
/* Appends n bytes; p may be NULL when there are none. */
void sha256_update(struct sha256 *s, const void *p, size_t n) __attribute__((nonnull(1)));
/* The same, and copies them to to, which does not overlap them: what is hashed is what is there
 * then, also when another process changes p meanwhile. */
void sha256_update_copy(struct sha256 *s, void *to, const void *p, size_t n) NONNULL;
/* The same for two messages, na bytes to a and nb to b; both at once for as long as both last. */
void sha256_update_two(struct sha256 *a, const void *pa, size_t na, struct sha256 *b,
                       const void *pb, size_t nb) __attribute__((nonnull(1, 4)));
/* The digest; false, and zeroes, when libcrypto is out of memory. */
bool sha256_final(struct sha256 *s, uint8_t digest[SHA256_BYTES]) NONNULL MUST_CHECK;
/* Ends a message without its digest. Allowed, and nothing, after sha256_final(). */
void sha256_drop(struct sha256 *s) NONNULL;

/* All of it in one call. */
bool sha256_bytes(const void *p, size_t n, uint8_t digest[SHA256_BYTES])
    __attribute__((nonnull(3))) MUST_CHECK;

/* Lets libcrypto set itself up, which takes files that a locked process cannot open. */
void sha256_warm(void);

/* Whether the processor's instructions are used. allow: false is for tests, and holds for the
 * messages that start afterwards. */
bool sha256_instructions(bool allow);

/* 64 lower-case hex digits and a NUL. */
void sha256_hex(const uint8_t digest[SHA256_BYTES], char out[SHA256_HEX]) NONNULL;

#endif
