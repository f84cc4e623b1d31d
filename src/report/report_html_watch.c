/*
 * A watch as HTML: what the sandbox was, a timeline of each pass (a track for each process,
 * marks coloured by severity, the numbered ones told below), the tree of processes, tables
 * of the network and of files, and every event.
 */
#include <inttypes.h>
#include <string.h>

#include "report/html.h"
#include "report/watched.h"

#define KEY_MAX    20    /* numbered events of a timeline */
#define LANES_MAX  40    /* processes of a timeline */
#define MARKS_MAX  600   /* marks of a timeline */
#define BARS_MAX   60    /* imports of a timeline */
#define TABLE_MAX  300   /* rows of network and files */
#define EVENTS_MAX 10000 /* past these, only what fired a rule */

const char *html_severity(const struct pratique_event *e)
{
    return e->rule ? pratique_severity_name(e->severity) : "plain";
}

static bool is_kind(const struct pratique_event *e, const char *kind)
{
    return strcmp(e->kind, kind) == 0;
}

static void put_time(struct out *o, uint64_t us)
{
    watched_time(o, us);
}

static void put_event(struct out *o, const struct pratique_event *e)
{
    struct out raw;

    out_init(&raw, NULL, NULL);
    watched_event(&raw, e);
    html_take(o, &raw);
}

static void put_chain(struct out *o, const struct pratique_event *e)
{
    struct out raw;

    out_init(&raw, NULL, NULL);
    watched_chain(&raw, e->frames);
    html_take(o, &raw);
}

/* ---- what was watched ---- */

static void layers(struct out *o, const struct pratique_report *r)
{
    for (size_t i = 0; i < pratique_report_layers(r); i++) {
        const struct pratique_layer *l = pratique_report_layer(r, i);

        html_put(o, "<span class=\"layer %s\" title=\"%s\">%s%s</span> ", l->active ? "on" : "off",
                 l->detail, l->active ? "" : "NOT ", l->name);
    }
}

/* The modules of the first pass, one that failed with its reason. */
static void imports(struct out *o, const struct pratique_report *r)
{
    uint32_t pass = 0;

    for (size_t i = 0; i < pratique_report_events(r); i++) {
        const struct pratique_event *e = pratique_report_event(r, i);
        bool ended = is_kind(e, "imported");

        if ((!ended && !is_kind(e, "hung") && !is_kind(e, "crashed")) || (pass && pass != e->pass))
            continue;
        pass = e->pass;
        html_put(o, "<span class=\"module %s\" title=\"%s\">%s</span> ",
                 ended && !e->detail[0] ? "on" : "off", ended ? e->detail : e->kind, e->subject);
    }
}

static void sandbox(struct out *o, const struct pratique_report *r)
{
    const char *isolation = pratique_report_isolation(r);
    int status;

    html_put(o,
             "<section><h2>Watched</h2><dl class=\"facts\"><dt>Isolation</dt><dd><b class=\"%s\">"
             "%s</b> ",
             strcmp(isolation, "full") == 0 ? "good" : "bad", isolation);
    layers(o, r);
    html_put(o, "</dd>");
    if (pratique_report_interpreter(r))
        html_put(o, "<dt>Interpreter</dt><dd>%s</dd>", pratique_report_interpreter(r));
    if (watched_command_status(r, &status)) {
        html_put(o, "<dt>The command</dt><dd>ended with ");
        watched_status(o, status);
        html_put(o, "</dd>");
    } else {
        html_put(o, "<dt>Imported</dt><dd>");
        imports(o, r);
        html_put(o, "</dd>");
    }
    html_put(o, "</dl></section>\n");
}

/* ---- the timeline of one pass ---- */

struct pass {
    const struct pratique_report *report;
    uint32_t number;
    uint64_t from, to;                         /* us */
    const struct pratique_event *key[KEY_MAX]; /* what is numbered, from 1 */
    size_t key_n;
    unsigned marks_left;
    unsigned
        free_from; /* on the track that is being drawn, for a number: hundredths of a percent */
};

#define WHOLE 10000u /* of a track's length, in hundredths of a percent */
#define APART 300u   /* between numbers: as far as they can be told from each other */

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
    p->from = p->from > p->to ? p->to : p->from;
    p->to += p->to == p->from && p->to < UINT64_MAX;
    p->from -= p->to == p->from;
}

static void mark(struct out *o, struct pass *p, const struct pratique_event *e)
{
    size_t key = e->rule && e->severity >= PRATIQUE_GAP ? key_of(p, e) : 0;
    unsigned at = part_of(p, e->time_us);

    if (p->marks_left == 0)
        return;
    p->marks_left--;
    if (key > 0) { /* numbers stand side by side, where their times do not */
        at = at > p->free_from || p->free_from > WHOLE ? at : p->free_from;
        p->free_from = at + APART;
    }
    html_put(o, "<i class=\"mark %s\" style=\"", html_severity(e));
    put_percent(o, "left", at);
    html_put(o, "\" title=\"");
    put_time(o, e->time_us);
    html_put(o, " %s ", e->kind);
    put_event(o, e);
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
    size_t lanes = 0;

    for (size_t i = 0; i < pratique_report_processes(p->report) && lanes < LANES_MAX; i++) {
        const struct pratique_process *q = pratique_report_process(p->report, i);

        lanes += q->pass == p->number;
        if (q->pass == p->number && is_of(e, q))
            return true;
    }
    return false;
}

/* Marks of a process, or, without one, of what is no process's. */
static void marks(struct out *o, struct pass *p, const struct pratique_process *q)
{
    p->free_from = 0;
    for (size_t i = 0; i < pratique_report_events(p->report); i++) {
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
        put_time(o, p->from + (uint64_t)((double)(p->to - p->from) * i / 4));
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
        put_time(o, e->time_us);
        html_put(o, "</span> <b>%s</b> <code>", e->kind);
        put_event(o, e);
        html_put(o, "</code>");
        if (*e->frames) {
            html_put(o, "<span class=\"chain\">");
            put_chain(o, e);
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
    size_t lanes = 0;

    survey(&p);
    html_put(o, "<section><h2>Timeline <small>pass %u%s%s</small></h2>\n<div class=\"timeline\">\n",
             (uint64_t)number, *name_of_pass(&p) ? ": " : "", name_of_pass(&p));
    axis(o, &p);
    import_lane(o, &p);
    for (size_t i = 0; i < pratique_report_processes(r) && lanes < LANES_MAX; i++)
        if (pratique_report_process(r, i)->pass == number) {
            lane(o, &p, pratique_report_process(r, i));
            lanes++;
        }
    html_put(o, "<div class=\"lane\"><div class=\"who\">network, files</div><div class=\"track\">");
    marks(o, &p, NULL);
    html_put(o, "</div></div>\n</div>\n");
    key(o, &p);
    html_put(o, "</section>\n");
}

/* ---- processes ---- */

static void processes(struct out *o, const struct pratique_report *r)
{
    struct watched_tree tree;

    watched_tree(&tree, r);
    html_put(o, "<section><h2>Processes <small>%u</small></h2><ul class=\"tree\">\n",
             (uint64_t)(tree.n + tree.omitted));
    for (size_t i = 0; i < tree.n; i++) {
        const struct pratique_process *p = pratique_report_process(r, tree.row[i].process);
        unsigned depth = tree.row[i].depth < 12 ? tree.row[i].depth : 12;

        html_put(o,
                 "<li style=\"--depth:%u\"><code>%s</code> <span class=\"life\">pid %u, pass %u, ",
                 (uint64_t)depth, p->command, (uint64_t)p->pid, (uint64_t)p->pass);
        put_time(o, p->begun_us);
        html_put(o, " to ");
        if (p->ended_us == 0) {
            html_put(o, "the end");
        } else {
            put_time(o, p->ended_us);
            html_put(o, ", ");
            watched_status(o, p->status);
        }
        html_put(o, "</span></li>\n");
    }
    if (tree.omitted > 0)
        html_put(o, "<li class=\"more\">and %u more</li>\n", (uint64_t)tree.omitted);
    html_put(o, "</ul></section>\n");
}

/* ---- network and files ---- */

/* Rows of one group, those that say the same once. */
struct rows {
    const struct pratique_event *first[TABLE_MAX];
    uint64_t times[TABLE_MAX], bytes[TABLE_MAX];
    size_t n;
    uint64_t omitted;
};

static void add_row(struct rows *t, const struct pratique_event *e)
{
    size_t i = 0;

    while (i < t->n &&
           !(watched_same(t->first[i], e) && strcmp(t->first[i]->detail, e->detail) == 0))
        i++;
    if (i == TABLE_MAX) {
        t->omitted++;
        return;
    }
    if (i == t->n) {
        t->first[t->n++] = e;
        t->times[i] = t->bytes[i] = 0;
    }
    t->times[i]++;
    t->bytes[i] += is_kind(e, "chmod") ? 0 : e->number;
}

static void put_row(struct out *o, const struct rows *t, size_t i)
{
    const struct pratique_event *e = t->first[i];

    html_put(o, "<tr class=\"%s\"><td>%s</td><td><code>%s</code></td><td>%s</td><td class=\"n\">",
             html_severity(e), e->kind, e->subject, e->detail);
    if (t->bytes[i] > 0)
        out_size(o, t->bytes[i]);
    html_put(o, "</td><td class=\"n\">%u</td><td class=\"n\">", t->times[i]);
    put_time(o, e->time_us);
    html_put(o, "</td><td>%s</td></tr>\n", e->rule ? e->rule->id : "");
}

static void table(struct out *o, const struct pratique_report *r, enum watched_group group,
                  const char *title, const char *what)
{
    struct rows t = { .n = 0 };

    for (size_t i = 0; i < pratique_report_events(r); i++)
        if (watched_group(pratique_report_event(r, i)) == group)
            add_row(&t, pratique_report_event(r, i));
    html_put(o, "<section><h2>%s <small>%u</small></h2>", title, (uint64_t)t.n + t.omitted);
    if (t.n == 0) {
        html_put(o, "<p class=\"none\">Nothing.</p></section>\n");
        return;
    }
    html_put(o,
             "<div class=\"scroll\"><table><thead><tr><th>Event</th><th>%s</th><th>Detail</th>"
             "<th class=\"n\">Bytes</th><th class=\"n\">Times</th><th class=\"n\">First</th>"
             "<th>Rule</th></tr></thead><tbody>\n",
             what);
    for (size_t i = 0; i < t.n; i++)
        put_row(o, &t, i);
    if (t.omitted > 0)
        html_put(o, "<tr><td colspan=\"7\" class=\"more\">and %u more</td></tr>\n", t.omitted);
    html_put(o, "</tbody></table></div></section>\n");
}

/* ---- every event ---- */

static void filter(struct out *o)
{
    html_put(o, "<div class=\"filter\" hidden>");
    for (unsigned g = 0; g < WATCHED_GROUPS; g++)
        html_put(
            o, "<label><input type=\"checkbox\" name=\"group\" value=\"%s\" checked> %s</label>",
            watched_group_name((enum watched_group)g), watched_group_name((enum watched_group)g));
    html_put(o, "<label><input type=\"checkbox\" name=\"fired\"> only findings</label>"
                "<input type=\"search\" name=\"text\" placeholder=\"text\" aria-label=\"text\">"
                "<output></output></div>\n");
}

/* The lines of a text, in a list. */
static void frames(struct out *o, const char *text)
{
    html_put(o, "<ol class=\"frames\">");
    for (size_t n; *text; text += n + (text[n] == '\n')) {
        struct out line;

        n = strcspn(text, "\n");
        out_init(&line, NULL, NULL);
        buf_add(&line.buf, text, n);
        html_put(o, "<li>");
        html_take(o, &line);
        html_put(o, "</li>");
    }
    html_put(o, "</ol>");
}

static void event_row(struct out *o, const struct pratique_event *e)
{
    html_put(o, "<tr class=\"%s\" data-group=\"%s\"><td class=\"n\">", html_severity(e),
             watched_group_name(watched_group(e)));
    put_time(o, e->time_us);
    html_put(o, "</td><td class=\"n\">%u</td><td class=\"n\">%u</td><td>%s</td><td><code>",
             (uint64_t)e->pass, (uint64_t)e->pid, e->kind);
    put_event(o, e);
    html_put(o, "</code>");
    if (*e->frames) {
        html_put(o, "<details><summary>");
        put_chain(o, e);
        html_put(o, "</summary>");
        frames(o, e->frames);
        html_put(o, "</details>");
    }
    html_put(o, "</td><td>%s</td></tr>\n", e->rule ? e->rule->id : "");
}

static void events(struct out *o, const struct pratique_report *r)
{
    uint64_t n = pratique_report_events(r), omitted = 0;

    html_put(o,
             "<details class=\"part events\"><summary>Every event <span class=\"count\">%u</span>"
             "</summary>\n",
             n);
    filter(o);
    html_put(o, "<div class=\"scroll\"><table><thead><tr><th class=\"n\">Time</th>"
                "<th class=\"n\">Pass</th><th class=\"n\">Pid</th><th>Event</th><th>What</th>"
                "<th>Rule</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < n; i++) {
        if (i < EVENTS_MAX || pratique_report_event(r, i)->rule)
            event_row(o, pratique_report_event(r, i));
        else
            omitted++;
    }
    html_put(o, "</tbody></table></div>\n");
    if (omitted > 0)
        html_put(o, "<p class=\"more\">and %u more; the JSON report has all of them</p>\n",
                 omitted);
    html_put(o, "</details>\n");
}

void html_watch(struct out *o, const struct pratique_report *r)
{
    uint32_t told = 0;

    sandbox(o, r);
    for (size_t i = 0; i < pratique_report_events(r); i++) {
        uint32_t number = pratique_report_event(r, i)->pass;

        if (number > told)
            pass(o, r, told = number);
    }
    processes(o, r);
    table(o, r, WATCHED_NETWORK, "Network", "Where");
    table(o, r, WATCHED_FILE, "Files", "Path");
    events(o, r);
}
