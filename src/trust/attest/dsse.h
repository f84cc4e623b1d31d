/*
 * DSSE envelopes (github.com/secure-systems-lab/dsse, protocol 1.0.2): a payload, what it is, and
 * signatures over both. Here with one signature: a second one would vouch for nothing that the
 * first does not, and readers that check only one of them would differ.
 */
#ifndef PRATIQUE_TRUST_DSSE_H
#define PRATIQUE_TRUST_DSSE_H

#include <jansson.h>

#include "trust/sign/told.h"

/* What the payloads here are: in-toto statements. */
#define DSSE_IN_TOTO "application/vnd.in-toto+json"

#define DSSE_PAYLOAD_MAX   ((size_t)256 * 1024 * 1024)
#define DSSE_SIGNATURE_MAX 4096u
#define DSSE_NAME_MAX      256u /* of a payload type, of a key id */

struct dsse {
    struct span type, payload, keyid, signature; /* keyid: may be empty */
};

/* In the child: tells what the envelope holds, decoded; false: a fault. */
bool dsse_tell(const json_t *envelope, struct buf *out) NONNULL;
/* The same for a file that is an envelope; a told_reader. */
void dsse_read(struct span in, struct buf *out);

/* In the parent: puts a record where it belongs; false when it is none of an envelope's. */
bool dsse_heard(struct dsse *d, enum told tag, struct span bytes) NONNULL MUST_CHECK;
/* The bounds again: what a child says is not believed. NULL, or why it will not do. */
const char *dsse_fault(const struct dsse *d) NONNULL;

/* What is signed: the pre-authentication encoding. False past the buffer's ceiling. */
bool dsse_pae(struct buf *out, struct span type, struct span payload) NONNULL MUST_CHECK;

/* Appends the envelope as one line of JSON, without a newline. keyid may be empty. */
bool dsse_write(struct buf *out, const struct dsse *d) NONNULL MUST_CHECK;

/* In the child: decodes base64 (trust/sign/base64.h) and tells it as tag; what names it in a fault.
 */
bool dsse_tell_base64(struct buf *out, enum told tag, struct span text, size_t max,
                      const char *what) NONNULL MUST_CHECK;
bool dsse_put_base64(struct buf *out, struct span bytes) NONNULL;

#endif
