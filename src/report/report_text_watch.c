/*
 * A watch, for people: what the sandbox was, what was imported, which processes there
 * were, and when what happened. Told is what fired a rule; style.verbose tells everything.
 *
 *     watched   full isolation, CPython 3.11.2 (/usr/bin/python3.11)
 *     imported  mistralai, mistralai.client
 *     processes python3 main.py                     pid 2, +0.000 s to +1.204 s
 *                 curl -k -L -s https://...         pid 7, +0.240 s to +0.262 s, exit status 0
 *     timeline  +0.213 s  request    GET https://example.com/transformers.pyz, 204 bytes
 *                         mistralai/client/__init__.py:14 _fetch -> urllib.request.urlopen
 */
#include <string.h>

#include "report/text.h"
#include "report/watched.h"

#define TIMELINE_MAX 20  /* events, unless verbose */
#define TREE_MAX     20  /* processes, unless verbose */
#define NAMES_MAX    6   /* modules, unless verbose */
#define EVENT_MAX    240 /* bytes of one event in words, unless verbose */
#define OUTPUT_MAX   400 /* of what was printed, unless verbose */

/* Adds raw text to the row that is being built. */
static void add_printable(struct pratique_writer *w, const struct out *raw)
{
    if (raw->buf.p && !raw->buf.failed)
        out_printable(&w->aside, raw->buf.p);
}

static void layer(struct out *o, const struct pratique_layer *l)
{
    out_puts(o, l->active ? "" : "NOT ");
    out_printable(o, l->name);
    if (*l->detail) {
        out_puts(o, " (");
        out_printable(o, l->detail);
        out_puts(o, ")");
    }
}

/* The layers that do not hold; verbose: all of them. */
static void layers(struct pratique_writer *w, const struct pratique_report *r)
{
    struct out *o = text_scratch(w);

    for (size_t i = 0; i < pratique_report_layers(r); i++) {
        const struct pratique_layer *l = pratique_report_layer(r, i);

        if (l->active && !w->style.verbose)
            continue;
        out_puts(o, o->buf.n > 0 ? ", " : "");
        layer(o, l);
    }
    if (o->buf.n > 0)
        text_row(w, "", PLAIN, "layers: ", PLAIN);
}

static void isolation(struct pratique_writer *w, const struct pratique_report *r)
{
    bool weak = strcmp(pratique_report_isolation(r), "full") != 0;
    const char *interpreter = pratique_report_interpreter(r);
    struct out *o = text_scratch(w);
    int status;

    out_printable(o, pratique_report_isolation(r));
    out_puts(o, " isolation");
    if (interpreter) {
        out_puts(o, ", ");
        out_printable(o, interpreter);
    }
    if (watched_command_status(r, &status)) {
        out_puts(o, "; the command ended with ");
        watched_status(o, status);
    }
    text_row(w, "watched", weak ? YELLOW : DIM, "", PLAIN);
    layers(w, r);
}

/* ---- imports ---- */

static bool is_kind(const struct pratique_event *e, const char *kind)
{
    return strcmp(e->kind, kind) == 0;
}

static bool failed_import(const struct pratique_event *e)
{
    return (is_kind(e, "imported") && e->detail[0]) || is_kind(e, "hung") || is_kind(e, "crashed");
}

static bool whole_import(const struct pratique_event *e)
{
    return is_kind(e, "imported") && !e->detail[0];
}

static void name_of_import(struct out *o, const struct pratique_event *e)
{
    out_printable(o, e->subject);
    if (is_kind(e, "imported") && !e->detail[0])
        return;
    out_puts(o, " (");
    out_printable(o, is_kind(e, "imported") ? e->detail : e->kind);
    out_puts(o, ")");
}

/* The modules that wanted() picks, in one row. */
static void imports(struct pratique_writer *w, const struct pratique_report *r, const char *label,
                    bool (*wanted)(const struct pratique_event *))
{
    size_t n = 0, limit = w->style.verbose ? SIZE_MAX : NAMES_MAX;
    struct out *o = text_scratch(w);
    struct watched_imports all = { 0 };
    const struct pratique_event *e;

    while ((e = watched_import(&all, r))) {
        if (wanted(e) && n++ < limit) {
            out_puts(o, n > 1 ? ", " : "");
            name_of_import(o, e);
        }
    }
    if (n > limit)
        out_printf(o, " and %zu more", n - limit);
    if (n > 0)
        text_row(w, label, wanted == failed_import ? YELLOW : DIM, "", PLAIN);
}

/* "requests" of "ModuleNotFoundError: No module named 'requests.sessions'"; false for others. */
static bool missing_module(const struct pratique_event *e, char *name, size_t size)
{
    static const char head[] = "ModuleNotFoundError: No module named '";
    const char *at = e->detail + sizeof head - 1;
    size_t n;

    if (!is_kind(e, "imported") || strncmp(e->detail, head, sizeof head - 1) != 0)
        return false;
    n = strcspn(at, ".'");
    if (n == 0 || n >= size)
        return false;
    memcpy(name, at, n);
    name[n] = '\0';
    return true;
}

/* What was not there, each once, and how it is given. */
static void missing(struct pratique_writer *w, const struct pratique_report *r)
{
    char names[NAMES_MAX][64];
    size_t n = 0;
    struct out *o = text_scratch(w);

    for (size_t i = 0; i < pratique_report_events(r) && n < NAMES_MAX; i++) {
        size_t k = 0;

        if (!missing_module(pratique_report_event(r, i), names[n], sizeof names[n]))
            continue;
        while (k < n && strcmp(names[k], names[n]) != 0)
            k++;
        if (k < n)
            continue;
        out_puts(o, n > 0 ? ", " : "");
        out_printable(o, names[n++]);
    }
    if (n == 0)
        return;
    out_puts(o, "; what stands behind it has not run: give it by --with, and watch again");
    text_row(w, "missing", YELLOW, "", PLAIN);
}

static bool begins_import(const struct pratique_event *e)
{
    return is_kind(e, "import");
}

static void all_imports(struct pratique_writer *w, const struct pratique_report *r)
{
    imports(w, r, "imported", whole_import);
    imports(w, r, "failed", failed_import);
    missing(w, r);
    for (size_t i = 0; i < pratique_report_events(r); i++)
        if (begins_import(pratique_report_event(r, i)))
            return;
    if (pratique_report_verdict(r) != PRATIQUE_ADMIT || !pratique_report_interpreter(r))
        return;
    out_puts(text_scratch(w), "nothing: no module is in it; only the interpreter's start was seen");
    text_row(w, "imported", YELLOW, "", PLAIN);
}

/* ---- what the command printed ---- */

static bool is_output(const struct pratique_event *e)
{
    return is_kind(e, "output") && e->number > 0;
}

/* Whether an earlier pass has printed the same. */
static bool printed_before(const struct pratique_report *r, size_t i)
{
    const struct pratique_event *e = pratique_report_event(r, i);

    for (size_t k = 0; k < i; k++) {
        const struct pratique_event *b = pratique_report_event(r, k);

        if (is_output(b) && strcmp(b->subject, e->subject) == 0 &&
            strcmp(b->detail, e->detail) == 0)
            return true;
    }
    return false;
}

static void output(struct pratique_writer *w, const struct pratique_report *r)
{
    for (size_t i = 0; i < pratique_report_events(r); i++) {
        const struct pratique_event *e = pratique_report_event(r, i);
        struct buf *shown = &w->aside.buf;

        if (!is_output(e) || (!w->style.verbose && printed_before(r, i)))
            continue;
        out_printable(text_scratch(w), e->detail);
        if (shown->n > 2 && memcmp(shown->p + shown->n - 2, "\\n", 2) == 0)
            shown->p[shown->n -= 2] = '\0'; /* the end of its last line */
        if (!w->style.verbose)
            text_cut(&w->aside, OUTPUT_MAX);
        out_puts(&w->aside, " (");
        out_size(&w->aside, e->number);
        out_puts(&w->aside, ")");
        text_row(w, strcmp(e->subject, "stderr") == 0 ? "stderr" : "stdout", DIM, "", PLAIN);
    }
}

/* ---- processes ---- */

/* ", pid 7, +0.240 s to +0.262 s, exit status 0" */
static void life(struct out *o, const struct pratique_process *p)
{
    out_printf(o, "  pid %u, ", p->pid);
    watched_time(o, p->begun_us);
    if (p->ended_us == 0) {
        out_puts(o, " to the end");
        return;
    }
    out_puts(o, " to ");
    watched_time(o, p->ended_us);
    if (p->status > 0) { /* -1: not known */
        out_puts(o, ", ");
        watched_status(o, p->status);
    }
}

static void process(struct pratique_writer *w, const struct pratique_process *p, unsigned depth,
                    const char *label)
{
    char lead[2 * 8 + 1];

    (void)memset(lead, ' ', sizeof lead);
    lead[2 * (depth < 8 ? depth : 8)] = '\0';
    out_printable(text_scratch(w), p->command);
    if (!w->style.verbose)
        text_cut(&w->aside, EVENT_MAX);
    life(&w->aside, p);
    text_row(w, label, DIM, lead, PLAIN);
}

/* The processes of each pass; not told where each pass had one alone. */
static void processes(struct pratique_writer *w, const struct pratique_report *r)
{
    struct watched_tree tree;
    size_t limit = w->style.verbose ? WATCHED_TREE_MAX : TREE_MAX;
    bool more = w->style.verbose;

    watched_tree(&tree, r);
    for (size_t i = 0; i < tree.n; i++)
        more = more || tree.row[i].depth > 0;
    for (size_t i = 0; more && i < tree.n && i < limit; i++)
        process(w, pratique_report_process(r, tree.row[i].process), tree.row[i].depth,
                i == 0 ? "processes" : "");
    if (!more || tree.n + tree.omitted <= limit)
        return;
    out_thousands(text_scratch(w), tree.n + tree.omitted - limit);
    out_puts(&w->aside, " more processes");
    text_row(w, "", PLAIN, "... and ", DIM);
}

/* ---- the timeline ---- */

/* Blanks up to a column, at least one. */
static void pad(struct out *o, size_t column)
{
    do
        out_puts(o, " ");
    while (o->buf.n < column && !o->buf.failed);
}

static void event(struct pratique_writer *w, const struct pratique_event *e, const char *label)
{
    struct out lead, raw;

    out_init(&lead, NULL, NULL);
    out_init(&raw, NULL, NULL);
    watched_time(&lead, e->time_us);
    pad(&lead, 10);
    out_printable(&lead, e->kind);
    pad(&lead, 21);
    watched_event(&raw, e);
    (void)text_scratch(w);
    add_printable(w, &raw);
    if (!w->style.verbose)
        text_cut(&w->aside, EVENT_MAX);
    if (e->rule) {
        out_puts(&w->aside, "  ");
        out_puts(&w->aside, e->rule->id);
    }
    if (lead.buf.p && !lead.buf.failed)
        text_row(w, label, DIM, lead.buf.p, e->rule ? text_severity_paint(e->severity) : PLAIN);
    out_free(&lead);
    out_free(&raw);
}

/* Who did it, below the event. */
static void chain(struct pratique_writer *w, const struct pratique_event *e)
{
    struct out raw;

    out_init(&raw, NULL, NULL);
    watched_chain(&raw, e->frames);
    (void)text_scratch(w);
    add_printable(w, &raw);
    if (w->aside.buf.n > 0)
        text_row(w, "", PLAIN, "          by ", DIM);
    out_free(&raw);
}

/* Whether an event like it was told already; of shown, the first n count. */
static bool told(const struct pratique_event *const *shown, size_t n,
                 const struct pratique_event *e)
{
    for (size_t i = 0; i < n; i++)
        if (watched_same(shown[i], e))
            return true;
    return false;
}

/* n events; who did it stands below the last of those that have the same frames. */
static void tell(struct pratique_writer *w, const struct pratique_event *const *events, size_t n,
                 bool first)
{
    for (size_t i = 0; i < n; i++) {
        event(w, events[i], first && i == 0 ? "timeline" : "");
        if (i + 1 == n || strcmp(events[i]->frames, events[i + 1]->frames) != 0)
            chain(w, events[i]);
        out_relieve(&w->out);
    }
}

static void whole_timeline(struct pratique_writer *w, const struct pratique_report *r)
{
    size_t n = pratique_report_events(r);

    for (size_t i = 0, step; i < n; i += step) {
        const struct pratique_event *same[TIMELINE_MAX];

        for (step = 0; step < TIMELINE_MAX && i + step < n; step++) {
            same[step] = pratique_report_event(r, i + step);
            if (strcmp(same[step]->frames, same[0]->frames) != 0)
                break;
        }
        tell(w, same, step, i == 0);
    }
}

/* What fired a rule, once each: a second pass does the same again. */
static void timeline(struct pratique_writer *w, const struct pratique_report *r)
{
    const struct pratique_event *shown[TIMELINE_MAX];
    size_t n = 0, more = 0;

    for (size_t i = 0; i < pratique_report_events(r); i++) {
        const struct pratique_event *e = pratique_report_event(r, i);

        if (!e->rule || e->severity < PRATIQUE_GAP || told(shown, n, e))
            continue;
        if (n < TIMELINE_MAX)
            shown[n++] = e;
        else
            more++;
    }
    tell(w, shown, n, true);
    if (more > 0) {
        out_thousands(text_scratch(w), more);
        out_puts(&w->aside, " more; --verbose tells every event");
        text_row(w, "", PLAIN, "... and ", DIM);
    }
}

void text_watch(struct pratique_writer *w, const struct pratique_report *r)
{
    isolation(w, r);
    all_imports(w, r);
    output(w, r);
    if (pratique_report_verdict(r) == PRATIQUE_ADMIT && !w->style.verbose)
        return;
    processes(w, r);
    if (w->style.verbose)
        whole_timeline(w, r);
    else
        timeline(w, r);
}
