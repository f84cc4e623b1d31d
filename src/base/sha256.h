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
#define SHA256_HEX   (2 * SHA256_BYTES + 1) /* with the NUL */

/* 64 lower-case hex digits and a NUL. */
void sha256_hex(const uint8_t digest[SHA256_BYTES], char out[SHA256_HEX]) NONNULL;

#endif
