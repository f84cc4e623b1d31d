/*
 * A message of Protocol Buffers walked by its schema, all messages in it included: depth first,
 * with a stack of a fixed size and no recursion. What the schema does not have, or has once and
 * stands there again, is told; bytes that start like a file of its own are handed on as one;
 * whoever knows what a message means looks at it as it is entered.
 *
 * Spec: protobuf.dev/programming-guides/encoding (last one wins, embedded messages merge,
 * unknown fields); the limit of the depth is that of the C++ library.
 */
#ifndef PRATIQUE_FORMAT_PROTOBUF_WALK_H
#define PRATIQUE_FORMAT_PROTOBUF_WALK_H

#include "format/format.h"
#include "format/protobuf/protobuf.h"

/* Deeper messages are refused by the libraries, and by the walk: E_FORMAT. */
#define PB_DEPTH_MAX 100

enum pb_type {
    PB_T_NONE = 0, /* the schema has no such field */
    PB_T_VARINT,
    PB_T_FIXED32,
    PB_T_FIXED64,
    PB_T_BYTES,
    PB_T_MESSAGE,
};

/* A field; its number is its place in the message's array. */
struct pb_slot {
    uint8_t type;    /* enum pb_type */
    bool many;       /* repeated: also packed where it is a number */
    uint8_t message; /* of PB_T_MESSAGE: which of the schema */
};

#define PB_ONE(t)                                                                                  \
    {                                                                                              \
        .type = PB_T_##t                                                                           \
    }
#define PB_MANY(t)                                                                                 \
    {                                                                                              \
        .type = PB_T_##t, .many = true                                                             \
    }
#define PB_SUB(m)                                                                                  \
    {                                                                                              \
        .type = PB_T_MESSAGE, .message = (m)                                                       \
    }
#define PB_SUBS(m)                                                                                 \
    {                                                                                              \
        .type = PB_T_MESSAGE, .many = true, .message = (m)                                         \
    }

struct pb_message {
    const char *name;
    const struct pb_slot *slots;
    size_t n;
    bool open; /* fields that are not listed are of no interest, and not told */
};

#define PB_HIGH_MAX 4 /* fields from 64 on that are remembered of a message */

struct pb_frame {
    struct span body, rest;
    unsigned message;
    uint64_t seen;              /* bit n: the field n (below 64), which stands once, was there */
    uint32_t high[PB_HIGH_MAX]; /* and those from 64 on, by their numbers */
};

struct pb_walk {
    struct scan *s;
    struct span whole; /* the file, for offsets */
    const struct pb_message *schema;
    /* Called as a message is entered, the first one too; w->depth counts it. May be NULL. */
    enum pratique_status (*enter)(struct pb_walk *w, unsigned message, struct span body);
    void *user;
    struct pb_frame frames[PB_DEPTH_MAX];
    size_t depth;
    uint64_t fields, twice, wrong, unknown; /* how many there were */
};

/*
 * Walks w->whole as message number first of the schema. s, whole, schema, enter and user are set,
 * the rest is zero. E_FORMAT with scan_fail() called where it is no message; what enter() returns
 * when it is not PRATIQUE_OK; E_LIMIT.
 */
enum pratique_status pb_walk(struct pb_walk *w, unsigned first) NONNULL MUST_CHECK;

/* Where something in the file stands. */
static inline uint64_t pb_offset(const struct pb_walk *w, struct span part)
{
    return part.p >= w->whole.p && part.p <= w->whole.p + w->whole.n
               ? (uint64_t)(part.p - w->whole.p)
               : PRATIQUE_NO_OFFSET;
}

#endif
