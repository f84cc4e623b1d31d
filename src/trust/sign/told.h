/*
 * What a reader of hostile bytes tells its parent: records, each a tag, a length and bytes. A
 * reader writes them into a buffer, so that it is fuzzed without a child; told_run() runs it in
 * one that is locked down. The parent reads the records as hostile input.
 */
#ifndef PRATIQUE_TRUST_TOLD_H
#define PRATIQUE_TRUST_TOLD_H

#include <pratique/pratique.h>

#include "base/arena.h"
#include "base/buf.h"
#include "input/span.h"

enum told {
    TOLD_FAULT, /* a sentence: why the bytes are refused; then it is the only record */
    /* Of an envelope. */
    TOLD_TYPE,
    TOLD_PAYLOAD,
    TOLD_KEYID,
    TOLD_SIGNATURE,
    /* Of a bundle. */
    TOLD_HINT,
    TOLD_CERTIFICATE,
    /* Of a statement. */
    TOLD_SUBJECT,
    TOLD_DIGEST, /* of the subject, or of the resource before it */
    TOLD_RESOURCE,
    TOLD_EXCUSED,
    TOLD_LINKS,
    /* Of a verification summary. */
    TOLD_VERIFIER,
    TOLD_VERSION,
    TOLD_TIME,
    TOLD_POLICY,
    TOLD_POLICY_DIGEST,
    TOLD_RESULT,
    TOLD_VERDICT,
};

/* Adds a record. */
void told_put(struct buf *out, enum told tag, struct span bytes) NONNULL;

/* Forgets what was told and tells why the bytes are refused; false, to be returned. */
bool told_fault(struct buf *out, const char *fmt, ...) NONNULL PRINTF_LIKE(2, 3);

/* Cuts the next record off; false at the end, and when what is left is none. */
bool told_take(struct span *in, enum told *tag, struct span *bytes) NONNULL;

/* The fault in the records, printable and in the arena; NULL: there is none. */
const char *told_why(struct span records, struct arena *arena) NONNULL;

/* Reads bytes and tells what is in them. */
typedef void told_reader(struct span in, struct buf *out);

/*
 * Runs it in a locked-down child; *out holds the records (buf_init() was called), and a child that
 * died or took too long is told as a fault. E_NOMEM, E_IO.
 */
enum pratique_status told_run(told_reader *read, struct span in, struct buf *out,
                              struct pratique_error *err) NONNULL MUST_CHECK;

#endif
