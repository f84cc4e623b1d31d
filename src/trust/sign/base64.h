/*
 * Base64 (RFC 4648, section 4) as signatures have it: padded, nothing but the alphabet, and one
 * spelling only for each sequence of bytes.
 */
#ifndef PRATIQUE_TRUST_BASE64_H
#define PRATIQUE_TRUST_BASE64_H

#include "base/compiler.h"
#include "input/span.h"

/* Bytes that n bytes become, with a NUL. */
#define BASE64_SIZE(n) (((n) + 2) / 3 * 4 + 1)

/* Exactly n bytes; false, and out is then of no use, where text is anything else. */
bool base64_exactly(struct span text, uint8_t *out, size_t n) NONNULL MUST_CHECK;

/* As many as there are, at most max; *n of them. */
bool base64_decode(struct span text, uint8_t *out, size_t max, size_t *n) NONNULL MUST_CHECK;

/* Writes BASE64_SIZE(bytes.n) characters, the NUL among them. */
void base64_encode(struct span bytes, char *out) NONNULL;

#endif
