/*
 * JSON, UBJSON and MessagePack as a stream of events: a model of a gigabyte costs no more memory
 * than its depth. Depth is bounded without recursion; every count is held against the bytes that
 * are left before anything is done with it.
 *
 * Spec: RFC 8259; ubjson.org, draft 12 (as XGBoost writes it); msgpack/spec.md.
 */
#ifndef PRATIQUE_FORMAT_ARRAY_EVENTS_H
#define PRATIQUE_FORMAT_ARRAY_EVENTS_H

#include "format/format.h"

enum event_kind {
    EVENT_ARRAY,   /* opens; count: elements, where they are told in front */
    EVENT_OBJECT,  /* opens */
    EVENT_CLOSE,   /* the innermost of them */
    EVENT_KEY,     /* of the value that follows */
    EVENT_TEXT,    /* a string; JSON's with its escapes as they are */
    EVENT_NUMBER,  /* number, when whole; otherwise it is no integer of 64 bits */
    EVENT_WORD,    /* null, true, false: text is the word */
    EVENT_BYTES,   /* MessagePack's bin */
    EVENT_EXT,     /* MessagePack's extension of that type */
    EVENT_NUMBERS, /* UBJSON: count numbers of that type, one behind the other */
};

struct event {
    enum event_kind kind;
    uint32_t depth;  /* open containers around it */
    uint64_t offset; /* of its first byte in the input */
    struct span text;
    bool whole, odd; /* odd: a key that is no string */
    int64_t number;
    uint64_t count;
    int type;
};

struct listener {
    struct scan *s;
    void *user;
    /* Anything but OK ends the walk, and is returned by it. */
    enum pratique_status (*on)(void *user, const struct event *e);
};

#define EVENT_DEPTH_MAX 512

/*
 * Read one value off the front of in; *used: its bytes. E_FORMAT with offset and reason when it is
 * broken or cut short; E_LIMIT past the budget; or what the listener returned.
 */
enum pratique_status events_json(const struct listener *l, struct span in,
                                 size_t *used) NONNULL MUST_CHECK;
enum pratique_status events_ubjson(const struct listener *l, struct span in,
                                   size_t *used) NONNULL MUST_CHECK;
enum pratique_status events_msgpack(const struct listener *l, struct span in,
                                    size_t *used) NONNULL MUST_CHECK;

/* Number i of UBJSON's typed numbers; false when it is no integer, or beyond. */
bool event_number_at(const struct event *e, uint64_t i, int64_t *out) NONNULL;

#endif
