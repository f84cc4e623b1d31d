/*
 * Thrift's compact protocol, as Parquet's footers and page headers are written: fields cut off the
 * front of a span, unknown ones passed over, to a bounded depth. Private to table/.
 *
 * Spec: github.com/apache/thrift, doc/specs/thrift-compact-protocol.md.
 */
#ifndef PRATIQUE_FORMAT_TABLE_THRIFT_H
#define PRATIQUE_FORMAT_TABLE_THRIFT_H

#include "base/compiler.h"
#include "input/span.h"

enum thrift_type {
    THRIFT_STOP = 0,
    THRIFT_TRUE = 1,
    THRIFT_FALSE = 2,
    THRIFT_BYTE = 3,
    THRIFT_I16 = 4,
    THRIFT_I32 = 5,
    THRIFT_I64 = 6,
    THRIFT_DOUBLE = 7,
    THRIFT_BINARY = 8,
    THRIFT_LIST = 9,
    THRIFT_SET = 10,
    THRIFT_MAP = 11,
    THRIFT_STRUCT = 12,
};

/* A struct that is being read; in is cut. Begin with { in } and zeroes. */
struct thrift {
    struct span in;
    int32_t field; /* the number of the field read last */
    bool failed;
};

/* The next field's header: false at the struct's end, or when t->failed. */
bool thrift_next(struct thrift *t, enum thrift_type *type) NONNULL MUST_CHECK;

/* Its content. Each fails the struct, and gives 0 or nothing, when it is not of that type. */
int64_t thrift_int(struct thrift *t, enum thrift_type type) NONNULL;
struct span thrift_binary(struct thrift *t, enum thrift_type type) NONNULL;
/* Number of elements, and their type; the elements follow in t->in. */
uint64_t thrift_list(struct thrift *t, enum thrift_type type, enum thrift_type *of) NONNULL;
/* Passes over a field, whatever it holds. */
void thrift_skip(struct thrift *t, enum thrift_type type) NONNULL;

/* A struct within: read it with inner, then go on with thrift_leave(). */
struct thrift thrift_enter(const struct thrift *t) NONNULL;
void thrift_leave(struct thrift *t, const struct thrift *inner) NONNULL;

/* Values of a list, without field headers. */
int64_t thrift_element_int(struct thrift *t) NONNULL;
struct span thrift_element_binary(struct thrift *t) NONNULL;

#endif
