/*
 * Events: what a watched process did. The sandbox side (supervisor, sink) writes them,
 * the parent reads them as hostile input: whoever writes may have been taken over.
 *
 * On the wire an event is one message, numbers little-endian, texts a 16-bit length and
 * that many bytes:
 *
 *   length (u32) of what follows, kind (u16), flags (u32), time in us since the watch
 *   began (u64), pid (u32), pass (u32), number (u64), subject, detail, frames
 *
 * frames is text, the innermost first, one "FILE:LINE FUNCTION" a line; "" when no Python
 * did it, or it is not known.
 */
#ifndef PRATIQUE_WATCH_EVENT_H
#define PRATIQUE_WATCH_EVENT_H

#include "base/compiler.h"
#include "fact/watch.h"
#include "input/span.h"

enum event_kind {
#define EVENT(kind, name, text) EVENT_##kind,
#include "fact/events.def"
#undef EVENT
    EVENTS
};

#define TELL_EVENTS_MAX 50000 /* of one watch; EVENT_LIMIT tells of the first that is too much */
#define TELL_LATE_MAX   1000  /* of each kind, from there on: a flood hides nothing else */

#define EVENT_SUBJECT_MAX 1024
#define EVENT_DETAIL_MAX  2048
#define EVENT_FRAMES_MAX  4096
#define EVENT_WIRE_MAX                                                                             \
    (4 + 2 + 4 + 8 + 4 + 4 + 8 + 3 * 2 + EVENT_SUBJECT_MAX + EVENT_DETAIL_MAX + EVENT_FRAMES_MAX)

struct watch_event {
    enum event_kind kind;
    uint32_t flags;
    uint64_t time_us;
    uint32_t pid; /* in the world's own numbers; 0: nobody's */
    uint32_t pass;
    uint64_t number;
    struct span subject, detail, frames; /* borrowed; hostile bytes */
};

/* "exec"; "?" past the end. The string is static. */
const char *event_name(enum event_kind kind);

/* Writes e, its texts cut to their bounds, to out; returns the bytes. */
size_t event_put(uint8_t out[EVENT_WIRE_MAX], const struct watch_event *e) NONNULL;

/*
 * Takes the first event off *in: 1; 0 when it is not all there; -1 when it is none.
 * The texts borrow from *in.
 */
int event_take(struct span *in, struct watch_event *e) NONNULL MUST_CHECK;

#endif
