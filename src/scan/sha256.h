/* SHA-256 of an artifact, within its budget. */
#ifndef PRATIQUE_SCAN_SHA256_H
#define PRATIQUE_SCAN_SHA256_H

#include <pratique/pratique.h>

#include "base/budget.h"
#include "base/compiler.h"
#include "base/sha256.h"
#include "input/span.h"

/* PRATIQUE_OK, E_LIMIT at the budget's deadline, E_NOMEM. */
enum pratique_status sha256_of(struct span in, struct budget *budget,
                               uint8_t out[SHA256_BYTES]) NONNULL MUST_CHECK;

#endif
