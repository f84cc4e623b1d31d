/*
 * A watch as HTML: what the sandbox was, the timeline (report_html_timeline.c), the tree of
 * processes, tables of the network and of files, and every event.
 */
#include <string.h>

#include "report/html.h"
#include "report/watched.h"

#define TABLE_MAX  300   /* rows of network and files */
#define EVENTS_MAX 10000 /* past these, only what fired a rule */

static bool is_kind(const struct pratique_event *e, const char *kind)
{
    return strcmp(e->kind, kind) == 0;
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
    struct watched_imports all = { 0 };
    const struct pratique_event *e;

    while ((e = watched_import(&all, r))) {
        bool ended = is_kind(e, "imported");

        html_put(o, "<span class=\"module %s\">%s</span> ", ended && !e->detail[0] ? "on" : "off",
                 e->subject);
        if (!ended || e->detail[0])
            html_put(o, "<small>%s</small> ", ended ? e->detail : e->kind);
    }
    if (!all.first)
        html_put(o, "nothing");
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
        watched_time(o, p->begun_us);
        html_put(o, " to ");
        if (p->ended_us == 0) {
            html_put(o, "the end");
        } else {
            watched_time(o, p->ended_us);
            html_put(o, p->status < 0 ? "" : ", ");
            if (p->status >= 0)
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
    t->bytes[i] += watched_bytes(e);
}

static void put_row(struct out *o, const struct rows *t, size_t i)
{
    const struct pratique_event *e = t->first[i];
    struct out detail;

    out_init(&detail, NULL, NULL);
    watched_detail(&detail, e);
    html_put(o, "<tr class=\"%s\"><td>%s</td><td><code>%s</code></td><td>", html_severity(e),
             e->kind, e->subject);
    html_take(o, &detail);
    html_put(o, "</td><td class=\"n\">");
    if (t->bytes[i] > 0)
        out_size(o, t->bytes[i]);
    html_put(o, "</td><td class=\"n\">%u</td><td class=\"n\">", t->times[i]);
    watched_time(o, e->time_us);
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
    watched_time(o, e->time_us);
    html_put(o, "</td><td class=\"n\">%u</td><td class=\"n\">%u</td><td>%s</td><td><code>",
             (uint64_t)e->pass, (uint64_t)e->pid, e->kind);
    html_event(o, e);
    html_put(o, "</code>");
    if (*e->frames) {
        html_put(o, "<details><summary>");
        html_chain(o, e);
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
    sandbox(o, r);
    html_timeline(o, r);
    processes(o, r);
    table(o, r, WATCHED_NETWORK, "Network", "Where");
    table(o, r, WATCHED_FILE, "Files", "Path");
    events(o, r);
}
