/* Events as facts, with the place in the wheel that Python's frames name. See watch.h. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "watch/watch.h"

#define PLACES_KEPT 64 /* files of the wheel that were named last */

struct telling {
    struct facts *facts;
    const struct where *root;
    const struct where *places[PLACES_KEPT];
    size_t places_n, imported;
};

void watch_story_free(struct watch_story *s)
{
    buf_free(&s->bytes);
    for (size_t i = 0; i < s->kept_n; i++)
        (void)close(s->kept[i]);
    s->kept_n = 0;
}

/* What stands behind "site-packages/" in a frame's file; empty when it lies elsewhere. */
static struct span in_site(struct span file)
{
    struct span folder = SPAN_LITERAL("/site-packages/");
    size_t at;

    if (!span_starts(file, span_text(WORLD_VENV "/")))
        return SPAN_EMPTY;
    at = span_find(file, 0, folder);
    return at < file.n ? span_from(file, at + folder.n) : SPAN_EMPTY;
}

/* Takes "FILE:LINE FUNCTION" apart; false when it is none. */
static bool take_frame(struct span frame, struct span *file, uint32_t *line)
{
    size_t colon = frame.n, i;

    for (i = 0; i + 1 < frame.n; i++) /* the last colon that digits and a blank follow */
        if (frame.p[i] == ':' && frame.p[i + 1] >= '0' && frame.p[i + 1] <= '9')
            colon = i;
    if (colon == frame.n)
        return false;
    *file = span_of(frame.p, colon);
    *line = 0;
    for (i = colon + 1; i < frame.n && frame.p[i] >= '0' && frame.p[i] <= '9'; i++)
        *line = *line * 10 + (uint32_t)(frame.p[i] - '0');
    return true;
}

static const struct where *place(struct telling *t, struct span name)
{
    const struct where *w;

    for (size_t i = 0; i < t->places_n; i++)
        if (span_is(name, t->places[i]->name))
            return t->places[i];
    w = facts_where(t->facts, t->root, name);
    if (w && t->places_n < PLACES_KEPT)
        t->places[t->places_n++] = w;
    return w ? w : t->root;
}

/* The innermost frame that lies in the wheel gives the place; it is kept, however deep it lies. */
static void set_frames(struct telling *t, struct fact *f, struct span frames)
{
    struct span line;
    bool placed = false;

    while (frames.n > 0 && (!placed || f->refs_n < FACT_REFS_MAX)) {
        struct span file;
        uint32_t number;

        if (!take_line(&frames, &line)) {
            line = frames;
            frames = SPAN_EMPTY;
        }
        if (f->refs_n < FACT_REFS_MAX)
            f->refs[f->refs_n++] = line;
        if (placed || !take_frame(line, &file, &number) || in_site(file).n == 0)
            continue;
        placed = true;
        f->refs[f->refs_n - 1] = line;
        f->where = place(t, in_site(file));
        f->line = number;
    }
}

static void add(struct telling *t, const struct watch_event *e)
{
    struct fact f = { .kind = (enum fact_kind)(FACT_WATCH_EXEC + (int)e->kind),
                      .flags = e->flags,
                      .where = t->root,
                      .offset = PRATIQUE_NO_OFFSET,
                      .number = e->number,
                      .subject = e->subject,
                      .detail = e->detail };

    set_frames(t, &f, e->frames);
    t->imported += e->kind == EVENT_IMPORTED;
    facts_add(t->facts, &f);
}

static void add_end(struct telling *t, const struct watch_story *story, uint64_t size)
{
    char detail[64];
    struct fact f = { .kind = FACT_READ,
                      .where = t->root,
                      .offset = PRATIQUE_NO_OFFSET,
                      .number = size,
                      .subject = SPAN_LITERAL("watch") };

    (void)snprintf(detail, sizeof detail, "%zu imports, %zu events", t->imported, story->events);
    f.detail = span_text(detail);
    facts_add(t->facts, &f);
}

static void add_gap(struct telling *t, const char *what, const char *why)
{
    struct fact f = { .kind = FACT_WATCH_SETUP,
                      .where = t->root,
                      .offset = PRATIQUE_NO_OFFSET,
                      .subject = span_text(what),
                      .detail = span_text(why) };

    facts_add(t->facts, &f);
}

bool watch_facts(struct facts *out, const struct watch_story *story, const char *name,
                 uint64_t size)
{
    struct telling t = { .facts = out, .root = facts_where(out, NULL, span_text(name)) };
    struct span in = span_of(story->bytes.p ? story->bytes.p : "", story->bytes.n);
    struct watch_event e;
    bool told = false;

    if (!t.root)
        return false;
    out->max = TELL_EVENTS_MAX + (size_t)TELL_LATE_MAX * EVENTS;
    while (event_take(&in, &e) == 1) {
        add(&t, &e);
        told |= e.kind == EVENT_SETUP;
    }
    if (story->late)
        add_gap(&t, "the watch", "it did not end in time and was killed");
    else if (story->nonsense)
        add_gap(&t, "the watch", "what the sandbox told cannot be understood");
    else if (!story->done && !told)
        add_gap(&t, "the watch", "the sandbox ended before its work was done");
    out->full |= story->cut;
    if (story->done && !story->nonsense)
        add_end(&t, story, size);
    return true;
}
