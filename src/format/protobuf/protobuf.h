/*
 * The wire format of Protocol Buffers, field by field: no schema, no memory, no recursion.
 * A message is a span; a reader cuts fields off its front and descends into the bodies that
 * it knows, to a depth that it bounds itself.
 *
 * What one file says twice is read twice: libraries take the last of a scalar and merge
 * messages, so a reader looks at every occurrence, never at the first alone.
 *
 * Spec: protobuf.dev/programming-guides/encoding.
 */
#ifndef PRATIQUE_FORMAT_PROTOBUF_PROTOBUF_H
#define PRATIQUE_FORMAT_PROTOBUF_PROTOBUF_H

#include "base/compiler.h"
#include "input/span.h"

enum pb_wire {
    PB_VARINT = 0,
    PB_FIXED64 = 1,
    PB_BYTES = 2,
    PB_GROUP = 3,
    PB_END = 4,
    PB_FIXED32 = 5
};

struct pb_field {
    uint64_t number;
    enum pb_wire wire;
    uint64_t value;   /* of PB_VARINT, PB_FIXED64 and PB_FIXED32; groups have none */
    struct span body; /* of PB_BYTES */
};

/* Cuts a varint of at most ten bytes off the front. */
bool pb_take_varint(struct span *in, uint64_t *out) NONNULL MUST_CHECK;

/*
 * Cuts one field off the front. False when what follows is none (*in is then where it was):
 * field number 0 or past 2^29 - 1, a length beyond the end, a wire type that does not exist.
 * PB_GROUP and PB_END are fields without content: a reader that does not expect groups fails.
 */
bool pb_take(struct span *in, struct pb_field *f) NONNULL MUST_CHECK;

/* Whether in is fields to its last byte, without groups; n counts them (may be NULL). */
bool pb_is_message(struct span in, uint64_t *n);

/* The last field of that number with a body, and the last value; empty and 0 without one. */
struct span pb_body(struct span in, uint64_t number);
uint64_t pb_value(struct span in, uint64_t number);

#endif
