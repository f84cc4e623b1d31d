/* SHA-256's blocks by the SHA extensions of x86. */
#ifndef PRATIQUE_BASE_SHA256_NI_H
#define PRATIQUE_BASE_SHA256_NI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

#ifdef __x86_64__

/* Whether this processor has them. Without them nothing else here may be called. */
bool sha256_ni_here(void);

/* Takes so many blocks of 64 bytes, at any address, into the state. */
void sha256_ni(uint32_t state[8], const uint8_t *p, size_t blocks) NONNULL;
/* The same, and copies them to to, in the time of the hashing alone: each byte is read once, so
 * that what is hashed is what is copied, whoever changes it meanwhile. */
void sha256_ni_copy(uint32_t state[8], uint8_t *to, const uint8_t *p, size_t blocks) NONNULL;
/* The same for as many blocks each of two messages, in little more than the time of one. */
void sha256_ni_two(uint32_t state_a[8], const uint8_t *a, uint32_t state_b[8], const uint8_t *b,
                   size_t blocks) NONNULL;

#else

static inline bool sha256_ni_here(void)
{
    return false;
}
static inline void sha256_ni(uint32_t state[8] UNUSED, const uint8_t *p UNUSED,
                             size_t blocks UNUSED)
{
}
static inline void sha256_ni_copy(uint32_t state[8] UNUSED, uint8_t *to UNUSED,
                                  const uint8_t *p UNUSED, size_t blocks UNUSED)
{
}
static inline void sha256_ni_two(uint32_t state_a[8] UNUSED, const uint8_t *a UNUSED,
                                 uint32_t state_b[8] UNUSED, const uint8_t *b UNUSED,
                                 size_t blocks UNUSED)
{
}

#endif
#endif
