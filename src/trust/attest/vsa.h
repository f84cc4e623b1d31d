/*
 * What the gate says of an artifact in public: a SLSA verification summary
 * (slsa.dev/verification_summary/v1) in an in-toto statement. Its fields and our own one:
 * docs/ATTESTATION.md.
 */
#ifndef PRATIQUE_TRUST_VSA_H
#define PRATIQUE_TRUST_VSA_H

#include "scan/law.h"
#include "trust/attest/dsse.h"
#include "trust/attest/statement.h"

#define VSA_TYPE     "https://slsa.dev/verification_summary/v1"
#define VSA_VERIFIER "urn:pratique:gate"
/* An extension has a URI for its name (SLSA 1.0, verification summary, parsing rules). */
#define VSA_VERDICT "urn:pratique:verdict"

#define VSA_BYTES_MAX ((size_t)1024 * 1024)

/* A clock may be this much ahead of ours, in seconds. */
#define VSA_CLOCK_SLACK 300

#define VSA_SEVERITIES (PRATIQUE_CRITICAL + 1)

struct vsa {
    const char *name; /* the artifact's, without its folder */
    uint8_t digest[SHA256_BYTES];
    const char *time;     /* RFC 3339 */
    const char *policies; /* those in force: "model" */
    const char *format;
    uint64_t bytes;
    uint64_t findings[VSA_SEVERITIES];
};

/* Appends the statement. False without memory. */
bool vsa_write(struct buf *out, const struct vsa *v, const struct law *law) NONNULL MUST_CHECK;

/* In the child; told_reader. */
void vsa_read(struct span statement, struct buf *out);

/* What the parent hears of it; everything may be empty. */
struct vsa_said {
    struct span name, digest, verifier, version, time, policy, policy_digest, result, verdict;
};
bool vsa_heard(struct vsa_said *said, struct span records) NONNULL MUST_CHECK;

/*
 * Whether it says that an artifact with this digest was admitted, before now. NULL, or why not, in
 * the arena or static; *at is then when.
 */
const char *vsa_fault(const struct vsa_said *said, const uint8_t digest[SHA256_BYTES], int64_t now,
                      int64_t *at, struct arena *arena) NONNULL MUST_CHECK;

#endif
