/*
 * in-toto statements (github.com/in-toto/attestation, spec v1): what is said (the predicate) of
 * what (the subject). Unknown keys are passed over, as its parsing rules demand; what is known has
 * to be right.
 */
#ifndef PRATIQUE_TRUST_STATEMENT_H
#define PRATIQUE_TRUST_STATEMENT_H

#include "base/sha256.h"
#include "trust/attest/strict.h"

#define STATEMENT_TYPE "https://in-toto.io/Statement/v1"

/*
 * In the child: tells the one subject (TOLD_SUBJECT, TOLD_DIGEST as it is written) and returns the
 * predicate, which must be of that type; NULL: a fault.
 */
const json_t *statement_predicate(const json_t *root, const char *predicate_type,
                                  struct buf *out) NONNULL;

/* Tells an object's "digest" member "sha256", the only one it may have. */
bool statement_tell_digest(const json_t *object, enum told tag, struct buf *out) NONNULL MUST_CHECK;

/* 64 lower-case hex digits into bytes. */
bool statement_digest(struct span hex, uint8_t out[SHA256_BYTES]) NONNULL MUST_CHECK;

/* Appends a statement up to its predicate, which the caller adds, with a '}' behind it. */
bool statement_begin(struct buf *out, struct span name, const uint8_t digest[SHA256_BYTES],
                     const char *predicate_type) NONNULL MUST_CHECK;

#endif
