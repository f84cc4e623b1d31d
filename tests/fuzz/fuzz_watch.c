/*
 * What a sandbox tells of a watch, which may have been taken over: any bytes are read to facts
 * and judged. Only a story that has an end, and no gap, may be admitted.
 */
#include <stdlib.h>

#include "harness.h"
#include "verdict/verdict.h"
#include "watch/watch.h"

static void must(bool ok)
{
    if (!ok)
        abort();
}

/* Takes what are events, as watch.c does. */
static void listen_to(struct watch_story *s, struct span in)
{
    struct watch_event e;
    const uint8_t *from = in.p;
    int got;

    while ((got = event_take(&in, &e)) == 1) {
        must(e.subject.n <= EVENT_SUBJECT_MAX && e.detail.n <= EVENT_DETAIL_MAX &&
             e.frames.n <= EVENT_FRAMES_MAX && (unsigned)e.kind < EVENTS);
        s->done |= e.kind == EVENT_DONE;
        must(buf_add(&s->bytes, from, (size_t)(in.p - from)));
        s->events++;
        from = in.p;
    }
    s->nonsense = got < 0 || in.n > 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct policy policy = { .name = "watch", .in_force = POLICY_BIT(WATCH) };
    struct watch_story s = { 0 };
    struct arena arena;
    struct facts facts;
    struct judged judged;

    arena_init(&arena, (size_t)256 << 20);
    facts_init(&facts, &arena);
    buf_init(&s.bytes, n + 1);
    listen_to(&s, span_of(data, n));
    must(watch_facts(&facts, &s, "x.whl", n));
    must(verdict_judge(&judged, &arena, &facts, &policy) == PRATIQUE_OK);
    must(judged.verdict != PRATIQUE_ADMIT || (s.done && !s.nonsense));
    watch_story_free(&s);
    facts_free(&facts);
    arena_reset(&arena);
    return 0;
}
