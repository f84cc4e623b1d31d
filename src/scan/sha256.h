/* SHA-256 (FIPS 180-4) of an artifact, by libcrypto. */
#ifndef PRATIQUE_SCAN_SHA256_H
#define PRATIQUE_SCAN_SHA256_H

#include <pratique/pratique.h>

#include "base/budget.h"
#include "base/compiler.h"
#include "base/sha256.h"
#include "input/span.h"

/* Lets libcrypto set itself up, which takes files that a locked process cannot open. */
void sha256_warm(void);

/* PRATIQUE_OK, E_LIMIT at the budget's deadline, E_NOMEM. */
enum pratique_status sha256_of(struct span in, struct budget *budget,
                               uint8_t out[SHA256_BYTES]) NONNULL MUST_CHECK;

#endif
