/*
 * Judges what a watch saw (fact/events.def) under the policy "watch": an index of what the
 * facts say of each other, then each by its kind. Processes, network and files have a file
 * each: watch_exec.c, watch_net.c, watch_file.c. See verdict.h.
 */
#include "verdict/watch.h"

#include <stdlib.h>

#include "base/compiler.h"

bool verdict_is_watch(enum fact_kind kind)
{
    switch (kind) {
#define EVENT(kind, name, text) case FACT_WATCH_##kind:
#include "fact/events.def"
#undef EVENT
        return true;
    default:
        return false;
    }
}

enum pratique_severity severity_below(enum pratique_severity s)
{
    switch (s) {
    case PRATIQUE_CRITICAL:
        return PRATIQUE_HIGH;
    case PRATIQUE_HIGH:
        return PRATIQUE_MEDIUM;
    case PRATIQUE_MEDIUM:
        return PRATIQUE_LOW;
    case PRATIQUE_GAP:
        return PRATIQUE_GAP;
    case PRATIQUE_LOW:
    case PRATIQUE_INFO:
        break;
    }
    return PRATIQUE_INFO;
}

/* ---- the index ---- */

static int compare_spans(struct span a, struct span b)
{
    int order = memcmp(a.p, b.p, a.n < b.n ? a.n : b.n);

    return order ? order : (a.n > b.n) - (a.n < b.n);
}

static int compare_keys(const struct mark *a, const struct mark *b)
{
    int order = (a->kind > b->kind) - (a->kind < b->kind);

    order = order ? order : compare_spans(a->text, b->text);
    return order ? order : compare_spans(a->more, b->more);
}

static int compare_marks(const void *left, const void *right)
{
    const struct mark *a = left, *b = right;
    int order = compare_keys(a, b);

    return order ? order : (a->fact > b->fact) - (a->fact < b->fact);
}

const struct fact *case_find(const struct watch_case *c, enum mark_kind kind, struct span text,
                             struct span more)
{
    struct mark key = { .kind = kind, .text = text, .more = more };
    size_t from = 0, to = c->marks_n;

    while (from < to) {
        size_t middle = from + (to - from) / 2;

        if (compare_keys(&c->marks[middle], &key) < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return from < c->marks_n && compare_keys(&c->marks[from], &key) == 0 ? c->marks[from].fact
                                                                         : NULL;
}

bool case_has(const struct watch_case *c, enum mark_kind kind, struct span text)
{
    return case_find(c, kind, text, SPAN_EMPTY) != NULL;
}

/* "mistralai" of "mistralai.client". */
static struct span first_part(struct span module)
{
    size_t dot = span_find(module, 0, SPAN_LITERAL("."));
    struct span first;

    (void)take(&module, dot == SIZE_MAX ? module.n : dot, &first);
    return first;
}

static bool is_root(const struct fact *fact)
{
    return fact->number == 0;
}

/* What a fact leaves for others to find; false: nothing. */
static bool mark_of(struct mark *m, const struct fact *fact)
{
    *m = (struct mark){ .text = fact->subject, .more = SPAN_EMPTY, .fact = fact };
    switch (fact->kind) {
    case FACT_WATCH_OPEN:
    case FACT_WATCH_RENAME:
    case FACT_WATCH_LINK:
        m->kind = MARK_WRITTEN;
        return !(fact->flags & (PATH_DEVICE | PATH_PROC | PATH_SYSTEM));
    case FACT_WATCH_LEFT:
        m->kind = MARK_LEFT;
        return true;
    case FACT_WATCH_LOAD:
        m->kind = MARK_RUN;
        return true;
    case FACT_WATCH_CONNECT:
        m->kind = MARK_CONNECTED;
        return true;
    case FACT_WATCH_BIND:
        m->kind = MARK_BOUND;
        return true;
    case FACT_WATCH_IMPORT:
        m->kind = MARK_ROOT;
        m->text = first_part(fact->subject);
        return is_root(fact);
    case FACT_WATCH_EXEC:
        m->kind = fact->flags & EXEC_MISSING ? MARK_MISSING : MARK_FOUND;
        m->text = watch_base_name(fact->subject);
        m->more = exec_arguments(fact);
        return true;
    default:
        return false;
    }
}

static void note(struct watch_case *c, const struct fact *fact)
{
    if (fact->kind == FACT_WATCH_DONE && span_is(fact->subject, "command"))
        c->command = true;
    if (fact->kind != FACT_WATCH_IMPORTED || !is_root(fact))
        return;
    c->roots++;
    c->imported += fact->detail.n == 0;
    if (fact->detail.n && !c->failure)
        c->failure = fact;
}

struct watch_case *watch_case_new(struct arena *arena, const struct facts *facts)
{
    struct watch_case *c = arena_alloc(arena, sizeof *c);
    struct mark *marks = arena_array(arena, 2 * facts->n, sizeof *marks);
    size_t n = 0;

    if (!c || !marks)
        return NULL;
    *c = (struct watch_case){ .arena = arena, .marks = marks };
    for (size_t i = 0; i < facts->n; i++) {
        const struct fact *fact = &facts->list[i];

        note(c, fact);
        n += mark_of(&marks[n], fact);
        if (fact->kind == FACT_WATCH_EXEC && !(fact->flags & EXEC_MISSING))
            marks[n++] = (struct mark){ MARK_RUN, fact->subject, SPAN_EMPTY, fact };
    }
    if (n)
        qsort(marks, n, sizeof *marks, compare_marks);
    c->marks_n = n;
    return c;
}

/* ---- kinds that need no file of their own ---- */

static struct ruling judge_limit(const struct watch_case *c, const struct fact *fact)
{
    if (span_is(fact->subject, "time"))
        return RULING(WCH057);
    if (span_is(fact->subject, "memory") || span_is(fact->subject, "left") ||
        (span_is(fact->subject, "events") && c->command))
        return RULING_AT(WCH054, MEDIUM);
    return RULING(WCH054);
}

/* A wait status: killed by a signal, or gone by itself. What does so before any import hides it. */
static struct ruling judge_crash(const struct fact *fact)
{
    if (!fact->subject.n)
        return RULING_NOTED(WCH080, GAP, "the interpreter ends before anything is imported");
    return fact->number & 0x7f ? RULING(WCH056)
                               : RULING_NOTED(WCH056, MEDIUM, "it ended by itself: os._exit()");
}

static struct ruling judge_kill(const struct fact *fact)
{
    if (fact->number == 0)
        return RULING_NOTED(WCH046, INFO, "only asks whether it is there");
    if (span_is(fact->detail, "-1") || span_is(fact->detail, "1"))
        return RULING_AT(WCH046, HIGH);
    return RULING(WCH046);
}

static struct ruling judge_round(const struct fact *fact)
{
    return span_starts(fact->subject, SPAN_LITERAL("io_uring")) ? RULING_AT(WCH050, MEDIUM)
                                                                : RULING(WCH050);
}

#define LONG_SLEEP_MS 60000u

static struct ruling judge_sleep(const struct fact *fact)
{
    return fact->number >= LONG_SLEEP_MS ? RULING(WCH053) : RULING_AT(WCH053, INFO);
}

/* What is in the environment's variables is handed to every child: it counts once it is sent. */
static struct ruling judge_honey_read(const struct fact *fact)
{
    if (span_starts(fact->subject, SPAN_LITERAL("$")))
        return RULING_NONE;
    if (span_ends(fact->subject, SPAN_LITERAL("/.env")))
        return RULING_NOTED(WCH003, MEDIUM, "settings of the project, which libraries load");
    return RULING(WCH003);
}

static struct ruling judge_install(const struct fact *fact)
{
    static const char *const grave[] = { "hash", "overwrites bin/", "comes before the system's" };

    for (size_t i = 0; i < ARRAY_LEN(grave); i++)
        if (span_find(fact->detail, 0, span_text(grave[i])) != SIZE_MAX)
            return RULING_AT(WCH071, HIGH);
    return RULING(WCH071);
}

/* At the end: was anything seen? */
static struct ruling judge_done(const struct watch_case *c)
{
    return c->roots && !c->imported ? RULING(WCH082) : RULING_NONE;
}

static struct ruling judge_of_watch(const struct watch_case *c, const struct fact *fact)
{
    switch (fact->kind) {
    case FACT_WATCH_LIMIT:
        return judge_limit(c, fact);
    case FACT_WATCH_CRASHED:
        return judge_crash(fact);
    case FACT_WATCH_HUNG:
        return RULING(WCH055);
    case FACT_WATCH_INSTALL:
        return judge_install(fact);
    case FACT_WATCH_SETUP:
        return RULING(WCH080);
    case FACT_WATCH_LAYER:
        return fact->number ? RULING_NONE : RULING(WCH081);
    case FACT_WATCH_IMPORTED:
        return fact->detail.n ? RULING(WCH083) : RULING_NONE;
    case FACT_WATCH_DONE:
        return judge_done(c);
    default: /* START, END, OUTPUT, IMPORT, STARTUP, PASS, SINK_READY: the course of things */
        return RULING_NONE;
    }
}

static struct ruling judge_of_kernel(const struct watch_case *c, const struct fact *fact)
{
    switch (fact->kind) {
    case FACT_WATCH_MEMFD:
        return RULING(WCH058);
    case FACT_WATCH_PTRACE:
        return RULING(WCH047);
    case FACT_WATCH_MOUNT:
        return RULING(WCH048);
    case FACT_WATCH_SETSID:
        return RULING(WCH045);
    case FACT_WATCH_KILL:
        return judge_kill(fact);
    case FACT_WATCH_PRIVILEGED:
        return RULING(WCH049);
    case FACT_WATCH_ROUND:
        return judge_round(fact);
    case FACT_WATCH_SLEEP:
        return judge_sleep(fact);
    case FACT_WATCH_HIDDEN:
        return fact->detail.n ? RULING_AT(WCH051, HIGH) : RULING(WCH051);
    case FACT_WATCH_UNHOOKED:
        return RULING(WCH052);
    default:
        return judge_of_watch(c, fact);
    }
}

static struct ruling judge(const struct watch_case *c, const struct fact *fact)
{
    switch (fact->kind) {
    case FACT_WATCH_CANARY:
        return RULING(WCH001);
    case FACT_WATCH_HONEY_SENT:
        return RULING(WCH002);
    case FACT_WATCH_HONEY_READ:
        return judge_honey_read(fact);
    case FACT_WATCH_EXEC:
        return watch_exec(c, fact);
    case FACT_WATCH_OUTLIVES:
        return watch_outlives(c, fact);
    case FACT_WATCH_CONNECT:
    case FACT_WATCH_SEND:
    case FACT_WATCH_BIND:
    case FACT_WATCH_LISTEN:
    case FACT_WATCH_SOCKET:
    case FACT_WATCH_LOOKUP:
    case FACT_WATCH_ACCEPTED:
    case FACT_WATCH_REQUEST:
    case FACT_WATCH_ANSWER:
    case FACT_WATCH_SENT:
        return watch_net(c, fact);
    case FACT_WATCH_OPEN:
    case FACT_WATCH_UNLINK:
    case FACT_WATCH_RENAME:
    case FACT_WATCH_LINK:
    case FACT_WATCH_CHMOD:
    case FACT_WATCH_TRUNCATE:
        return watch_file(c, fact);
    case FACT_WATCH_LEFT:
        return watch_left(c, fact);
    case FACT_WATCH_LOAD:
        return watch_load(c, fact);
    default:
        return judge_of_kernel(c, fact);
    }
}

/* ---- evidence ---- */

/* "FILE:LINE FUNCTION": the function is the last word, the line what is before it. */
static bool frame_split(struct span frame, struct span *place, struct span *function)
{
    size_t at = frame.n;

    while (at > 0 && frame.p[at - 1] != ' ')
        at--;
    *function = span_from(frame, at);
    return at > 0 && span_sub(frame, 0, at - 1, place);
}

static bool is_at_line(struct span place, uint32_t line)
{
    uint64_t n = 0;
    size_t at = place.n;

    while (at > 0 && place.p[at - 1] != ':')
        at--;
    for (size_t i = at; i < place.n && i < at + 9; i++)
        n = n * 10 + (unsigned)(place.p[i] - '0');
    return at > 0 && n == line;
}

/* The frame that the fact is placed at: the first of that line; NULL when there is none. */
static const struct span *frame_of(const struct fact *fact)
{
    struct span place, function;

    for (uint32_t i = 0; fact->line && i < fact->refs_n && i < FACT_REFS_MAX; i++)
        if (frame_split(fact->refs[i], &place, &function) && is_at_line(place, fact->line))
            return &fact->refs[i];
    return NULL;
}

struct span watch_function_of(const struct fact *fact)
{
    const struct span *frame = frame_of(fact);
    struct span place, function = SPAN_EMPTY;

    if (frame)
        (void)frame_split(*frame, &place, &function);
    return function;
}

static const char *left_how(unsigned flags)
{
    return flags & LEFT_GONE      ? "gone"
           : flags & LEFT_CHANGED ? "changed"
           : flags & LEFT_FOLDER  ? "new folder"
           : flags & LEFT_SPECIAL ? "new, no plain file"
                                  : "new";
}

#define TEXT(s) (int)(s).n, (const char *)(s).p

/* The beginning of a file as far as it is text: "PK" of a zip. What is none is escaped by now. */
static struct span text_head(struct span bytes)
{
    size_t n = span_find(bytes, 0, SPAN_LITERAL("\\x"));

    bytes.n = n < bytes.n ? n : bytes.n;
    return bytes;
}

/* What was seen, in one line that begins with the subject. */
static const char *describe(const struct watch_case *c, const struct fact *fact)
{
    struct span s = fact->subject, d = fact->detail;
    struct arena *a = c->arena;

    switch (fact->kind) {
    case FACT_WATCH_EXEC:
    case FACT_WATCH_OUTLIVES:
        d = exec_arguments(fact);
        return arena_printf(a, "%.*s%s%.*s", TEXT(s), d.n ? " " : "", TEXT(d));
    case FACT_WATCH_REQUEST:
    case FACT_WATCH_SENT:
        return arena_printf(a, "%.*s (%.*s, %llu bytes out)", TEXT(s), TEXT(d),
                            (unsigned long long)fact->number);
    case FACT_WATCH_LEFT:
        d = text_head(d);
        return arena_printf(a, "%.*s (%s, %llu byte%s)%s%.*s", TEXT(s), left_how(fact->flags),
                            (unsigned long long)fact->number, fact->number == 1 ? "" : "s",
                            d.n ? ": " : "", TEXT(d));
    case FACT_WATCH_CHMOD:
        return arena_printf(a, "%.*s (mode %04llo)", TEXT(s), (unsigned long long)fact->number);
    case FACT_WATCH_KILL:
        return arena_printf(a, "signal %llu to process %.*s", (unsigned long long)fact->number,
                            TEXT(d));
    case FACT_WATCH_SLEEP:
        return arena_printf(a, "%llu seconds", (unsigned long long)fact->number / 1000);
    case FACT_WATCH_CRASHED:
        return arena_printf(a, "%.*s: %s %llu", TEXT(s), fact->number & 0x7f ? "signal" : "exit",
                            (unsigned long long)(fact->number & 0x7f ? fact->number & 0x7f
                                                                     : fact->number >> 8 & 0xff));
    case FACT_WATCH_DONE:
        return c->failure ? arena_printf(a, "%.*s ended with %.*s", TEXT(c->failure->subject),
                                         TEXT(c->failure->detail))
                          : "";
    case FACT_WATCH_CANARY:
        return arena_printf(a, "%.*s stand-in was run%s%.*s", TEXT(s), d.n ? ": " : "", TEXT(d));
    default:
        return d.n ? arena_printf(a, "%.*s (%.*s)", TEXT(s), TEXT(d))
                   : arena_printf(a, "%.*s", TEXT(s));
    }
}

/* The innermost frame, where no line of the wheel is known that did it. */
static struct span innermost(const struct fact *fact)
{
    return fact->refs_n && !frame_of(fact) ? fact->refs[0] : SPAN_EMPTY;
}

/* NULL: the fact's own subject and detail say it, or there is no memory. */
static const char *evidence(const struct watch_case *c, const struct fact *fact,
                            const struct ruling *r)
{
    const char *what = r->rule == rule_row(RULE_WCH068) ? NULL : describe(c, fact);
    struct span by = innermost(fact);

    if (!what) /* files that come and go are many */
        return NULL;
    return arena_printf(
        c->arena, "%s%s%s%s%s%.*s", what, r->note ? "; " : "", r->note ? r->note : "",
        fact->flags & EVENT_NATIVE ? "; by native code" : "", by.n ? "; by " : "", TEXT(by));
}

void verdict_watch(struct hits *out, const struct watch_case *c, const struct fact *fact)
{
    struct ruling r = judge(c, fact);

    *out = (struct hits){ 0 };
    if (!r.rule)
        return;
    if (fact->flags & EVENT_SUBMODULE)
        r.severity = severity_below(r.severity);
    out->list[0] = (struct hit){ r.rule, r.severity, evidence(c, fact, &r) };
    out->n = 1;
}
