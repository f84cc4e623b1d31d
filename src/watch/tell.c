/* Events to the parent. See keeper.h. */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/budget.h"
#include "base/write.h"
#include "watch/keeper.h"

uint64_t tell_now_us(const struct teller *t)
{
    return budget_now_us() - t->begun_us;
}

bool tell_is_heard(const struct teller *t)
{
    struct pollfd f = { .fd = t->out };

    return poll(&f, 1, 0) == 0 || !(f.revents & (POLLERR | POLLHUP));
}

static void send_out(struct teller *t, const struct watch_event *e)
{
    uint8_t bytes[EVENT_WIRE_MAX];
    size_t n = event_put(bytes, e);

    if (!t->gone && !write_all(t->out, bytes, n))
        t->gone = true;
}

static struct watch_event limit_event(const struct teller *t)
{
    return (struct watch_event){ .kind = EVENT_LIMIT,
                                 .time_us = tell_now_us(t),
                                 .pass = t->pass,
                                 .number = TELL_EVENTS_MAX,
                                 .subject = SPAN_LITERAL("events"),
                                 .detail = SPAN_LITERAL("of what follows not all is told"),
                                 .frames = SPAN_EMPTY };
}

/* What must come through however much was told before. */
static bool is_final(enum event_kind kind)
{
    return kind == EVENT_DONE || kind == EVENT_SETUP || kind == EVENT_CANARY ||
           kind == EVENT_HONEY_SENT || kind == EVENT_HONEY_READ;
}

void tell(struct teller *t, const struct watch_event *e)
{
    struct watch_event out = *e;

    if (t->full && !is_final(e->kind) && ++t->late[e->kind] > TELL_LATE_MAX) {
        t->late[e->kind] = TELL_LATE_MAX;
        return;
    }
    if (++t->events > TELL_EVENTS_MAX && !t->full) {
        t->full = true;
        out = limit_event(t);
    }
    if (!out.time_us)
        out.time_us = tell_now_us(t);
    if (!out.pass)
        out.pass = t->pass;
    send_out(t, &out);
}

void tell_plain(struct teller *t, enum event_kind kind, uint32_t pid, const char *subject,
                const char *detail, uint64_t number)
{
    struct watch_event e = { .kind = kind,
                             .pid = pid,
                             .number = number,
                             .subject = span_text(subject),
                             .detail = span_text(detail),
                             .frames = SPAN_EMPTY };

    tell(t, &e);
}
