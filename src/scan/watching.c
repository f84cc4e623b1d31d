/*
 * pratique_watch_wheel(), pratique_watch_command(): what was seen is judged here and handed
 * out as a report. See pratique.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/status.h"
#include "scan/report.h"
#include "scan/watching.h"
#include "watch/watch.h"

#define ARENA_MAX ((size_t)512 * 1024 * 1024)

/* What becomes of one watch. */
struct outcome {
    struct arena arena;
    struct facts facts;
    struct watch_story story;
    struct python python;
    struct pratique_report report;
    const char *name;
    uint64_t size;
};

static const char *printable(struct arena *a, struct span s, size_t max)
{
    struct span text = fact_printable(a, s, max);
    const char *copy = arena_copy(a, text.p, text.n);

    return copy ? copy : "";
}

/* Frames are printed line by line: the breaks between them are ours. */
static const char *frames_text(struct arena *a, struct span frames)
{
    struct span line;
    const char *text = "";

    while (frames.n > 0) {
        if (!take_line(&frames, &line)) {
            line = frames;
            frames = SPAN_EMPTY;
        }
        text = arena_printf(a, "%s%s%s", text, *text ? "\n" : "", printable(a, line, 512));
        if (!text)
            return "";
    }
    return text;
}

static void fill_event(struct pratique_event *to, const struct watch_event *e, struct arena *a,
                       const struct fired *fired)
{
    *to = (struct pratique_event){ .kind = event_name(e->kind),
                                   .time_us = e->time_us,
                                   .pid = e->pid,
                                   .pass = e->pass,
                                   .subject = printable(a, e->subject, EVENT_SUBJECT_MAX),
                                   .detail = printable(a, e->detail, EVENT_DETAIL_MAX),
                                   .number = e->number,
                                   .frames = frames_text(a, e->frames),
                                   .rule = fired ? fired->rule : NULL,
                                   .severity = fired ? fired->severity : PRATIQUE_INFO,
                                   .denied = e->flags & EVENT_DENIED };
}

/* The process of an event in the list, from its end: numbers are used again after a while. */
static struct pratique_process *process_of(struct pratique_report *r, const struct watch_event *e)
{
    for (size_t i = r->processes_n; i-- > 0;) {
        struct pratique_process *p = &r->processes[i];

        if (p->pid == e->pid && p->pass == e->pass && !p->ended_us)
            return p;
    }
    return NULL;
}

static void follow_process(struct pratique_report *r, const struct watch_event *e,
                           const struct pratique_event *told)
{
    struct pratique_process *p = e->pid ? process_of(r, e) : NULL;

    if (e->kind == EVENT_START)
        r->processes[r->processes_n++] = (struct pratique_process){ .pid = e->pid,
                                                                    .parent = (uint32_t)e->number,
                                                                    .pass = e->pass,
                                                                    .begun_us = e->time_us,
                                                                    .status = -1,
                                                                    .command = told->subject };
    else if (p && e->kind == EVENT_EXEC && !(e->flags & EXEC_MISSING))
        p->command = *told->detail ? told->detail : told->subject;
    else if (p && e->kind == EVENT_END) {
        p->ended_us = e->time_us;
        p->status = e->number == UINT64_MAX ? -1 : (int)e->number;
    }
}

/* Events, processes; false without memory. */
static bool fill_story(struct outcome *o)
{
    struct pratique_report *r = &o->report;
    struct span in = span_of(o->story.bytes.p ? o->story.bytes.p : "", o->story.bytes.n);
    struct watch_event e;

    r->events = arena_array(&o->arena, o->story.events, sizeof *r->events);
    r->processes = arena_array(&o->arena, o->story.events, sizeof *r->processes);
    if (!r->events || !r->processes)
        return false;
    while (event_take(&in, &e) == 1 && r->events_n < o->story.events) {
        size_t i = r->events_n++;

        fill_event(&r->events[i], &e, &o->arena,
                   r->judged.fired && i < o->facts.n ? &r->judged.fired[i] : NULL);
        follow_process(r, &e, &r->events[i]);
    }
    return true;
}

static bool fill_layers(struct outcome *o)
{
    struct pratique_report *r = &o->report;
    bool full = true;

    r->layers = arena_array(&o->arena, WORLD_LAYERS, sizeof *r->layers);
    if (!r->layers)
        return false;
    for (unsigned i = 0; i < WORLD_LAYERS; i++) {
        enum world_layer_id id = (enum world_layer_id)i;

        r->layers[r->layers_n++] = (struct pratique_layer){ .name = world_layer_name(id),
                                                            .active = o->story.layers[i].active,
                                                            .detail = o->story.layers[i].detail };
        full &= o->story.layers[i].active || !world_layer_needed(id);
    }
    r->isolation = full ? "full" : "weak";
    return true;
}

static void fill_report(struct outcome *o, bool is_command)
{
    struct pratique_report *r = &o->report;
    struct policy policy = { .name = "watch", .in_force = POLICY_BIT(WATCH) };
    const char *name = printable(&o->arena, span_text(o->name), WIRE_NAME_MAX);

    *r = (struct pratique_report){ .path = name,
                                   .format = is_command ? "command" : "wheel",
                                   .policy = "watch",
                                   .bytes = o->size,
                                   .bytes_read = o->size,
                                   .time_us = o->story.time_us };
    if (verdict_judge(&r->judged, &o->arena, &o->facts, &policy) != PRATIQUE_OK || !fill_story(o) ||
        !fill_layers(o))
        r->judged.verdict = pratique_verdict_worse(r->judged.verdict, PRATIQUE_UNDECIDED);
    if (o->python.program)
        r->interpreter =
            arena_printf(&o->arena, "CPython %u.%u%s (%s)", o->python.major, o->python.minor,
                         o->python.free_threaded ? "t" : "", o->python.program);
}

static enum pratique_status watch(struct outcome *o, const struct watch_target *target,
                                  const struct pratique_watch_options *options,
                                  pratique_report_fn *on_report, void *user,
                                  struct pratique_error *err)
{
    enum pratique_status st;

    arena_init(&o->arena, ARENA_MAX);
    facts_init(&o->facts, &o->arena);
    st = watch_run(&o->story, &o->python, &o->arena, target, options, err);
    if (st == PRATIQUE_OK && !watch_facts(&o->facts, &o->story, o->name, o->size))
        st = error_set(err, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "while judging the watch");
    if (st == PRATIQUE_OK) {
        fill_report(o, target->command != NULL);
        if (o->report.judged.verdict == PRATIQUE_ADMIT)
            st = watch_keep(&o->story, err);
        on_report(user, &o->report);
    }
    facts_free(&o->facts);
    watch_story_free(&o->story);
    arena_reset(&o->arena);
    return st;
}

enum pratique_status watch_wheel_as(const char *path, const char *name,
                                    const struct pratique_watch_options *options,
                                    pratique_report_fn *on_report, void *user,
                                    struct pratique_error *err)
{
    struct outcome o = { .name = name };
    struct watch_target target = { .path = path };
    struct stat st;

    o.size = stat(path, &st) == 0 ? (uint64_t)st.st_size : 0;
    return watch(&o, &target, options, on_report, user, err);
}

enum pratique_status pratique_watch_wheel(const char *path,
                                          const struct pratique_watch_options *options,
                                          pratique_report_fn *on_report, void *user,
                                          struct pratique_error *err)
{
    return watch_wheel_as(path, path, options, on_report, user, err);
}

/* "python -m build": the command as the report calls it. */
static const char *joined(char *const argv[], char *to, size_t size)
{
    size_t at = 0;

    for (size_t i = 0; argv[i] && at + 1 < size; i++) {
        int n = snprintf(to + at, size - at, "%s%s", i ? " " : "", argv[i]);

        at += n > 0 ? (size_t)n : 0;
    }
    return to;
}

enum pratique_status pratique_watch_command(char *const argv[],
                                            const struct pratique_watch_options *options,
                                            pratique_report_fn *on_report, void *user, int *status,
                                            struct pratique_error *err)
{
    char name[512] = "";
    struct outcome o = { .name = joined(argv, name, sizeof name) };
    struct watch_target target = { .command = argv };
    enum pratique_status st = watch(&o, &target, options, on_report, user, err);

    if (status)
        *status = o.story.command_status;
    return st;
}
