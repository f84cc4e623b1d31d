/* See event.h. */
#include "watch/event.h"

#include <string.h>

static const char *const names[EVENTS] = {
#define EVENT(kind, name, text) [EVENT_##kind] = name,
#include "fact/events.def"
#undef EVENT
};

#define HEAD (2 + 4 + 8 + 4 + 4 + 8)

const char *event_name(enum event_kind kind)
{
    return (unsigned)kind < EVENTS ? names[kind] : "?";
}

static uint8_t *put(uint8_t *to, uint64_t n, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++)
        *to++ = (uint8_t)(n >> 8 * i);
    return to;
}

static uint8_t *put_text(uint8_t *to, struct span s, size_t max)
{
    size_t n = s.n < max ? s.n : max;

    to = put(to, n, 2);
    memcpy(to, s.p, n);
    return to + n;
}

size_t event_put(uint8_t out[EVENT_WIRE_MAX], const struct watch_event *e)
{
    uint8_t *to = out + 4;

    to = put(to, (uint64_t)e->kind, 2);
    to = put(to, e->flags, 4);
    to = put(to, e->time_us, 8);
    to = put(to, e->pid, 4);
    to = put(to, e->pass, 4);
    to = put(to, e->number, 8);
    to = put_text(to, e->subject, EVENT_SUBJECT_MAX);
    to = put_text(to, e->detail, EVENT_DETAIL_MAX);
    to = put_text(to, e->frames, EVENT_FRAMES_MAX);
    (void)put(out, (uint64_t)(to - out) - 4, 4);
    return (size_t)(to - out);
}

static bool take_text(struct span *in, size_t max, struct span *out)
{
    uint16_t n;

    return take_u16le(in, &n) && n <= max && take(in, n, out);
}

static bool take_body(struct span in, struct watch_event *e)
{
    uint16_t kind;

    if (!take_u16le(&in, &kind) || kind >= EVENTS || !take_u32le(&in, &e->flags) ||
        !take_u64le(&in, &e->time_us) || !take_u32le(&in, &e->pid) || !take_u32le(&in, &e->pass) ||
        !take_u64le(&in, &e->number))
        return false;
    e->kind = (enum event_kind)kind;
    return take_text(&in, EVENT_SUBJECT_MAX, &e->subject) &&
           take_text(&in, EVENT_DETAIL_MAX, &e->detail) &&
           take_text(&in, EVENT_FRAMES_MAX, &e->frames) && in.n == 0;
}

int event_take(struct span *in, struct watch_event *e)
{
    struct span rest = *in, body;
    uint32_t n;

    *e = (struct watch_event){ .subject = SPAN_EMPTY, .detail = SPAN_EMPTY, .frames = SPAN_EMPTY };
    if (!take_u32le(&rest, &n))
        return 0;
    if (n < HEAD + 3 * 2 || n > EVENT_WIRE_MAX - 4)
        return -1;
    if (!take(&rest, n, &body))
        return 0;
    if (!take_body(body, e))
        return -1;
    *in = rest;
    return 1;
}
