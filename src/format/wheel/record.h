/*
 * RECORD, the list of a wheel's files: CSV (RFC 4180 as Python's csv module reads it), three
 * fields a line: path, hash ("sha256=" and base64 without padding, or nothing), size.
 * https://packaging.python.org/en/latest/specifications/recording-installed-packages/
 */
#ifndef PRATIQUE_FORMAT_WHEEL_RECORD_H
#define PRATIQUE_FORMAT_WHEEL_RECORD_H

#include "base/arena.h"
#include "base/buf.h"
#include "input/span.h"

struct record_row {
    struct span path, hash, size; /* of the text, or of the arena */
    unsigned fields;              /* that the line had */
    uint32_t line;                /* of the text, from 1 */
};

#define RECORD_FIELDS 3 /* that a line should have */

struct record {
    struct record_row *rows; /* in the order of the text; record_sort() sorts by path */
    size_t n;
};

/* Parses all of text (any bytes are a RECORD); false without memory. Empty lines are no rows. */
bool record_parse(struct record *out, struct arena *arena, struct span text) NONNULL MUST_CHECK;
void record_sort(struct record *r) NONNULL;
/* The first row of that path in a sorted record, or NULL. */
const struct record_row *record_find(const struct record *r, struct span path) NONNULL;
/* Appends a row, quoted where needed, with "\r\n" as Python's csv writes it. */
bool record_put(struct buf *out, const struct record_row *row) NONNULL;

enum record_hash { HASH_NONE, HASH_WEAK, HASH_UNKNOWN, HASH_SHA256, HASH_SHA384, HASH_SHA512 };

/* What kind a hash field is of; of a strong one the digest (64 bytes at most; broken: unknown). */
enum record_hash record_hash(struct span field, uint8_t digest[64], size_t *n) NONNULL;
/* Whether a size field says n. An empty one says nothing: true. */
bool record_size_is(struct span field, uint64_t n);

#endif
