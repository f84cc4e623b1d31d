/*
 * BLAKE2b (RFC 7693) without a key, for the 32 bytes of it that guard minisign's secret keys:
 * OpenSSL 3.0 knows only the length of 64.
 */
#ifndef PRATIQUE_TRUST_BLAKE2B_H
#define PRATIQUE_TRUST_BLAKE2B_H

#include "base/compiler.h"
#include "input/span.h"

#define BLAKE2B_MAX 64

/* The digest of n bytes, 1 to 64, of the parts one after the other. */
void blake2b(const struct span *parts, size_t parts_n, uint8_t *out, size_t n) NONNULL;

#endif
