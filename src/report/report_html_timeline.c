/*
 * The timeline of a watch as HTML: for each pass a track for each process, on one axis of
 * time; marks coloured by severity, those that fired a rule numbered and told below.
 */
#include <string.h>

#include "report/html.h"
#include "report/watched.h"

#define KEY_MAX    20 /* numbered events of a timeline */
#define PASSES_MAX 8
#define LANES_MAX  40  /* processes of a timeline */
#define MARKS_MAX  600 /* marks of a timeline */
#define BARS_MAX   60  /* imports of a timeline */

static bool is_kind(const struct pratique_event *e, const char *kind)
{
    return strcmp(e->kind, kind) == 0;
}

struct pass {
    const struct pratique_report *report;
    uint32_t number;
    uint64_t from, to;                         /* us */
    const struct pratique_event *key[KEY_MAX]; /* what is numbered, from 1 */
    const struct pratique_process *lane[LANES_MAX];
    size_t key_n, lanes;
    unsigned marks_left;
    unsigned
        free_from; /* on the track that is being drawn, for a number: hundredths of a percent */
};

#define WHOLE 10000u /* of a track's length, in hundredths of a percent */
#define APART 400u   /* between numbers: as far as they can be told from each other */

static unsigned part_of(const struct pass *p, uint64_t us)
{
    double at = us <= p->from ? 0
                : us >= p->to ? (double)(p->to - p->from)
                              : (double)(us - p->from);

    return (unsigned)(at * WHOLE / (double)(p->to - p->from));
}

/* "left:12.34%" */
static void put_percent(struct out *o, const char *property, unsigned part)
{
    out_printf(o, "%s:%u.%02u%%", property, part / 100, part % 100);
}

static void put_span(struct out *o, const struct pass *p, uint64_t from, uint64_t to)
{
    unsigned left = part_of(p, from), right = part_of(p, to);

    put_percent(o, "left", left);
    out_puts(o, ";");
    put_percent(o, "width", right > left ? right - left : 0);
}

/* Whether an event like it has a number already; 0, or the number. */
static size_t key_of(const struct pass *p, const struct pratique_event *e)
{
    for (size_t i = 0; i < p->key_n; i++)
        if (p->key[i] == e || watched_same(p->key[i], e))
            return i + 1;
    return 0;
}

static void survey(struct pass *p)
{
    p->from = UINT64_MAX;
    for (size_t i = 0; i < pratique_report_events(p->report); i++) {
        const struct pratique_event *e = pratique_report_event(p->report, i);

        if (e->pass != p->number)
            continue;
        p->from = e->time_us < p->from ? e->time_us : p->from;
        p->to = e->time_us > p->to ? e->time_us : p->to;
        if (e->rule && e->severity >= PRATIQUE_GAP && p->key_n < KEY_MAX && !key_of(p, e))
            p->key[p->key_n++] = e;
    }
    for (size_t i = 0; i < pratique_report_processes(p->report) && p->lanes < LANES_MAX; i++)
        if (pratique_report_process(p->report, i)->pass == p->number)
            p->lane[p->lanes++] = pratique_report_process(p->report, i);
    p->from = p->from > p->to ? p->to : p->from;
    p->to += p->to == p->from && p->to < UINT64_MAX;
    p->from -= p->to == p->from;
}

static void mark(struct out *o, struct pass *p, const struct pratique_event *e)
{
    size_t key = e->rule && e->severity >= PRATIQUE_GAP ? key_of(p, e) : 0;
    unsigned at = part_of(p, e->time_us);

    p->marks_left--;
    if (key > 0) { /* numbers stand side by side, where their times do not */
        at = at > p->free_from || p->free_from > WHOLE ? at : p->free_from;
        p->free_from = at + APART;
    }
    html_put(o, "<i class=\"mark %s\" style=\"", html_severity(e));
    put_percent(o, "left", at);
    html_put(o, "\" title=\"");
    watched_time(o, e->time_us);
    html_put(o, " %s ", e->kind);
    html_event(o, e);
    html_put(o, "\">");
    if (key > 0)
        out_printf(o, "%zu", key);
    html_put(o, "</i>");
}

/* Whether an event belongs on the track of a process, which lives from begun_us to ended_us. */
static bool is_of(const struct pratique_event *e, const struct pratique_process *q)
{
    return e->pid == q->pid && e->time_us >= q->begun_us &&
           (q->ended_us == 0 || e->time_us <= q->ended_us);
}

static bool is_anyones(const struct pass *p, const struct pratique_event *e)
{
    for (size_t i = 0; i < p->lanes; i++)
        if (is_of(e, p->lane[i]))
            return true;
    return false;
}

/* Marks of a process, or, without one, of what is no process's. */
static void marks(struct out *o, struct pass *p, const struct pratique_process *q)
{
    p->free_from = 0;
    for (size_t i = 0; i < pratique_report_events(p->report) && p->marks_left > 0; i++) {
        const struct pratique_event *e = pratique_report_event(p->report, i);

        if (e->pass == p->number && !is_kind(e, "import") && !is_kind(e, "imported") &&
            (q ? is_of(e, q) : !is_anyones(p, e)))
            mark(o, p, e);
    }
}

static void lane(struct out *o, struct pass *p, const struct pratique_process *q)
{
    html_put(o, "<div class=\"lane\"><div class=\"who\" title=\"%s\">%s</div><div class=\"track\">",
             q->command, q->command);
    html_put(o, "<i class=\"life\" style=\"");
    put_span(o, p, q->begun_us, q->ended_us ? q->ended_us : p->to);
    html_put(o, "\"></i>");
    marks(o, p, q);
    html_put(o, "</div></div>\n");
}

/* When the import that began with event i was over. */
static uint64_t import_end(const struct pass *p, size_t i)
{
    const struct pratique_event *begin = pratique_report_event(p->report, i);

    for (size_t k = i + 1; k < pratique_report_events(p->report); k++) {
        const struct pratique_event *e = pratique_report_event(p->report, k);

        if (e->pass == p->number && !is_kind(e, "import") &&
            (is_kind(e, "imported") || is_kind(e, "hung") || is_kind(e, "crashed")) &&
            strcmp(e->subject, begin->subject) == 0)
            return e->time_us;
    }
    return p->to;
}

static void import_lane(struct out *o, const struct pass *p)
{
    unsigned n = 0;

    for (size_t i = 0; i < pratique_report_events(p->report) && n < BARS_MAX; i++) {
        const struct pratique_event *e = pratique_report_event(p->report, i);

        if (e->pass != p->number || !is_kind(e, "import"))
            continue;
        html_put(o, n++ == 0 ? "<div class=\"lane\"><div class=\"who\">imports</div>"
                               "<div class=\"track imports\">"
                             : "");
        html_put(o, "<i class=\"import\" style=\"");
        put_span(o, p, e->time_us, import_end(p, i));
        html_put(o, "\" title=\"%s\">%s</i>", e->subject, e->subject);
    }
    html_put(o, n > 0 ? "</div></div>\n" : "");
}

static void axis(struct out *o, const struct pass *p)
{
    html_put(o, "<div class=\"lane axis\"><div class=\"who\"></div><div class=\"track\">");
    for (unsigned i = 0; i <= 4; i++) {
        html_put(o, "<span style=\"left:%u%\">", (uint64_t)i * 25);
        watched_time(o, i == 4 ? p->to : p->from + (p->to - p->from) / 4 * i);
        html_put(o, "</span>");
    }
    html_put(o, "</div></div>\n");
}

static void key(struct out *o, const struct pass *p)
{
    if (p->key_n == 0)
        return;
    html_put(o, "<ol class=\"key\">\n");
    for (size_t i = 0; i < p->key_n; i++) {
        const struct pratique_event *e = p->key[i];

        html_put(o, "<li class=\"%s\"><span class=\"when\">", html_severity(e));
        watched_time(o, e->time_us);
        html_put(o, "</span> <b>%s</b> <code>", e->kind);
        html_event(o, e);
        html_put(o, "</code>");
        if (*e->frames) {
            html_put(o, "<span class=\"chain\">");
            html_chain(o, e);
            html_put(o, "</span>");
        }
        html_put(o, "</li>\n");
    }
    html_put(o, "</ol>\n");
}

static const char *name_of_pass(const struct pass *p)
{
    for (size_t i = 0; i < pratique_report_events(p->report); i++) {
        const struct pratique_event *e = pratique_report_event(p->report, i);

        if (e->pass == p->number && is_kind(e, "pass"))
            return e->subject;
    }
    return "";
}

static void pass(struct out *o, const struct pratique_report *r, uint32_t number)
{
    struct pass p = { .report = r, .number = number, .marks_left = MARKS_MAX };

    survey(&p);
    html_put(o, "<section><h2>Timeline <small>pass %u%s%s</small></h2>\n<div class=\"timeline\">\n",
             (uint64_t)number, *name_of_pass(&p) ? ": " : "", name_of_pass(&p));
    axis(o, &p);
    import_lane(o, &p);
    for (size_t i = 0; i < p.lanes; i++)
        lane(o, &p, p.lane[i]);
    html_put(o, "<div class=\"lane\"><div class=\"who\">network, files</div><div class=\"track\">");
    marks(o, &p, NULL);
    html_put(o, "</div></div>\n</div>\n");
    key(o, &p);
    html_put(o, "</section>\n");
}

void html_timeline(struct out *o, const struct pratique_report *r)
{
    uint32_t told = 0;
    unsigned passes = 0;

    for (size_t i = 0; i < pratique_report_events(r); i++) {
        uint32_t number = pratique_report_event(r, i)->pass;

        if (number > told && passes++ < PASSES_MAX)
            pass(o, r, told = number);
    }
}
