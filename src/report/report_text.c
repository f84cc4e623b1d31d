/*
 * The report for people: one screen per artifact, the evidence first.
 *
 *     refuse     model.pt  zip (torch), 1.2 MB
 *       critical  posix.system("...")
 *                 in archive/data.pkl, byte 17
 *                 PKL003: loading it runs a command
 *                 why: ...
 *                 do:  ...
 *
 * Findings of one rule stand together, the first few with their place. Past a
 * few rules the rest is one line each. style.verbose shows everything.
 */
#include <string.h>

#include "report/text.h"
#include "report/watched.h"

#define GROUPS_FULL  4   /* rules told with evidence, why and what to do */
#define PLACES       3   /* findings of one rule */
#define EVIDENCE_MAX 240 /* bytes of evidence, unless verbose */
#define BRIEF_MAX    100 /* of a rule in one line */
#define INDENT       12  /* columns before the text of a finding */

static const char *paint(const struct pratique_writer *w, enum paint p)
{
    static const char *const codes[] = { "\x1b[0m",    "\x1b[1m",  "\x1b[2m",    "\x1b[1;31m",
                                         "\x1b[1;32m", "\x1b[33m", "\x1b[1;35m", "\x1b[36m" };

    return w->style.colour ? codes[p] : "";
}

/* Plain text of our own, in a colour. */
static void painted(struct pratique_writer *w, enum paint p, const char *text)
{
    if (!*text)
        return;
    out_puts(&w->out, p == PLAIN ? "" : paint(w, p));
    out_puts(&w->out, text);
    out_puts(&w->out, p == PLAIN ? "" : paint(w, PLAIN));
}

static enum paint verdict_paint(enum pratique_verdict v)
{
    static const enum paint paints[] = { MAGENTA, GREEN, YELLOW, RED };

    return paints[v];
}

enum paint text_severity_paint(enum pratique_severity s)
{
    static const enum paint paints[] = { CYAN, CYAN, MAGENTA, YELLOW, RED, RED };

    return paints[s];
}

/* The bytes of the first n columns of s (n code points); all of it when it is shorter. */
static size_t columns(const char *s, size_t n)
{
    size_t i = 0;

    for (; s[i]; i++)
        if (((unsigned char)s[i] & 0xC0) != 0x80 && n-- == 0)
            break;
    return i;
}

/* How many bytes of s go on a line of room columns: to a blank where there is one. */
static size_t line_break(const char *s, size_t room)
{
    size_t end = columns(s, room), cut = end;

    if (s[end] == '\0' || s[end] == ' ')
        return end;
    while (cut > 0 && s[cut] != ' ')
        cut--;
    return cut ? cut : end;
}

/* Wraps printable text that starts at column indent. */
static void wrapped(struct pratique_writer *w, size_t indent, const char *s)
{
    size_t room = w->style.width > indent + 20 ? w->style.width - indent : 0;

    while (room && *s) {
        size_t n = line_break(s, room);

        buf_add(&w->out.buf, s, n);
        s += n + strspn(s + n, " ");
        if (*s)
            out_printf(&w->out, "\n%*s", (int)indent, "");
    }
    out_puts(&w->out, s);
}

struct out *text_scratch(struct pratique_writer *w)
{
    buf_clear(&w->aside.buf);
    return &w->aside;
}

void text_row(struct pratique_writer *w, const char *label, enum paint label_paint,
              const char *lead, enum paint text_paint)
{
    const char *text = w->aside.buf.p ? w->aside.buf.p : "";
    struct out *o = &w->out;

    out_puts(o, "  ");
    painted(w, label_paint, label);
    out_printf(o, "%*s", INDENT - 2 - (int)strlen(label), "");
    painted(w, DIM, lead);
    out_puts(o, text_paint == PLAIN ? "" : paint(w, text_paint));
    wrapped(w, INDENT + strlen(lead), text);
    out_printf(o, "%s\n", text_paint == PLAIN ? "" : paint(w, PLAIN));
}

void text_cut(struct out *text, size_t max)
{
    if (text->buf.n <= max)
        return;
    while (max > 0 && ((unsigned char)text->buf.p[max] & 0xC0) == 0x80)
        max--;
    text->buf.n = max;
    out_puts(text, "...");
}

/* Adds the evidence, printable, cut at max bytes. */
static void add_evidence(struct out *text, const struct pratique_finding *f, size_t max)
{
    struct out raw, shown;

    out_init(&raw, NULL, NULL);
    out_init(&shown, NULL, NULL);
    report_evidence(&raw, f);
    if (raw.buf.p)
        out_printable(&shown, raw.buf.p);
    text_cut(&shown, max);
    out_puts(text, shown.buf.p ? shown.buf.p : "");
    out_free(&raw);
    out_free(&shown);
}

/* ", in pkg/__init__.py, line 9" */
static void add_place(struct out *text, const struct pratique_report *r,
                      const struct pratique_finding *f)
{
    struct out where;

    out_init(&where, NULL, NULL);
    report_place(r, f, &where);
    if (where.buf.n > 0 && f->line > 0) {
        out_puts(text, ", ");
        out_puts(text, where.buf.p);
    }
    out_free(&where);
}

static void evidence(struct pratique_writer *w, const struct pratique_finding *f, struct out *text)
{
    add_evidence(text, f, w->style.verbose ? SIZE_MAX : EVIDENCE_MAX);
}

/* The findings of one rule from number i on, at one severity. */
struct group {
    const struct pratique_finding *first;
    size_t from, n;
    uint64_t times;
};

static bool same_evidence(const struct pratique_finding *a, const struct pratique_finding *b)
{
    return strcmp(a->subject, b->subject) == 0 && strcmp(a->detail, b->detail) == 0;
}

static struct group group_at(const struct pratique_report *r, size_t i)
{
    struct group g = { .first = pratique_report_finding(r, i), .from = i };

    for (size_t k = i; k < pratique_report_findings(r); k++) {
        const struct pratique_finding *f = pratique_report_finding(r, k);

        if (report_same_group(f, g.first)) {
            g.n++;
            g.times += f->count;
        }
    }
    return g;
}

/* One more row of a finding, where there is something to say. */
static void also(struct pratique_writer *w, const char **label, enum paint p, const char *lead,
                 const char *text)
{
    if (!text[0])
        return;
    out_printable(text_scratch(w), text);
    text_row(w, *label, p, lead, PLAIN);
    *label = "";
}

/* Evidence and place of the first few findings; the first stands beside the label. */
static void places(struct pratique_writer *w, const struct pratique_report *r,
                   const struct group *g, const char **label, enum paint p)
{
    size_t shown = 0, limit = w->style.verbose ? g->n : PLACES;
    const struct pratique_finding *before = NULL;

    for (size_t k = g->from; shown < g->n && shown < limit; k++) {
        const struct pratique_finding *f = pratique_report_finding(r, k);

        if (!report_same_group(f, g->first))
            continue;
        shown++;
        evidence(w, f, text_scratch(w));
        if (w->aside.buf.n > 0 && !(before && same_evidence(f, before))) {
            text_row(w, *label, p, "", BOLD);
            *label = "";
        }
        before = f;
        report_place(r, f, text_scratch(w));
        if (w->aside.buf.n > 0) {
            text_row(w, *label, p, "", PLAIN);
            *label = "";
        }
        also(w, label, p, "", f->excuse);
        also(w, label, p, "chain: ", f->chain);
        also(w, label, p, "from:  ", f->source);
        also(w, label, p, "with:  ", f->because);
        out_relieve(&w->out);
    }
    if (shown < g->n) {
        out_thousands(text_scratch(w), g->n - shown);
        out_puts(&w->aside, " more of this kind");
        text_row(w, *label, p, "... and ", DIM);
    }
}

static void full(struct pratique_writer *w, const struct pratique_report *r, const struct group *g)
{
    const struct pratique_rule *rule = g->first->rule;
    const char *label = pratique_severity_name(g->first->severity);

    places(w, r, g, &label, text_severity_paint(g->first->severity));
    out_printf(text_scratch(w), "%s: ", rule->id);
    out_puts(&w->aside, rule->message);
    text_row(w, label, text_severity_paint(g->first->severity), "", PLAIN);
    if (g->first->severity < PRATIQUE_GAP && !w->style.verbose)
        return;
    out_puts(text_scratch(w), rule->why);
    text_row(w, "", PLAIN, "why: ", PLAIN);
    out_puts(text_scratch(w), rule->remedy);
    text_row(w, "", PLAIN, "do:  ", PLAIN);
    if (!w->style.verbose)
        return;
    out_puts(text_scratch(w), rule->reference);
    text_row(w, "", PLAIN, "see: ", PLAIN);
}

/* A group in one line; of a watch, where evidence is short, with the first of it. */
static void brief(struct pratique_writer *w, const struct pratique_report *r, const struct group *g)
{
    const struct pratique_rule *rule = g->first->rule;

    out_printf(text_scratch(w), "%s: ", rule->id);
    out_puts(&w->aside, rule->message);
    if (watched(r) && (g->first->subject[0] || g->first->detail[0])) {
        out_puts(&w->aside, ": ");
        add_evidence(&w->aside, g->first, BRIEF_MAX);
        add_place(&w->aside, r, g->first);
        if (g->n > 1)
            out_printf(&w->aside, "; and %zu more", g->n - 1);
    } else if (g->times > 1) {
        out_puts(&w->aside, ", ");
        out_thousands(&w->aside, g->times);
        out_puts(&w->aside, " times");
    }
    text_row(w, pratique_severity_name(g->first->severity), text_severity_paint(g->first->severity),
             "", PLAIN);
}

static void findings(struct pratique_writer *w, const struct pratique_report *r)
{
    size_t groups = 0;

    for (size_t i = 0; i < pratique_report_findings(r); i++) {
        struct group g;

        if (pratique_report_finding(r, i)->severity == PRATIQUE_INFO && !w->style.verbose)
            break; /* gravest first: the rest is informational */
        if (!report_starts_group(r, i))
            continue;
        g = group_at(r, i);
        if (w->style.verbose || (g.first->severity >= PRATIQUE_GAP && groups < GROUPS_FULL))
            full(w, r, &g);
        else
            brief(w, r, &g);
        groups++;
    }
}

/* Whether component i is the first of its format; *n: how many there are from it on. */
static bool starts_format(const struct pratique_report *r, size_t i, size_t *n)
{
    const char *format = pratique_report_component(r, i)->format;

    for (size_t k = 0; k < i; k++)
        if (strcmp(pratique_report_component(r, k)->format, format) == 0)
            return false;
    *n = 0;
    for (size_t k = i; k < pratique_report_components(r); k++)
        *n += strcmp(pratique_report_component(r, k)->format, format) == 0;
    return true;
}

/* "read      zip, 3 pickle, 14 npy" */
static void formats_read(struct pratique_writer *w, const struct pratique_report *r)
{
    struct out *o = text_scratch(w);

    for (size_t i = 0; i < pratique_report_components(r); i++) {
        size_t n;

        if (!starts_format(r, i, &n))
            continue;
        out_puts(o, o->buf.n > 0 ? ", " : "");
        if (n > 1)
            out_printf(o, "%zu ", n);
        out_printable(o, pratique_report_component(r, i)->format);
    }
    if (pratique_report_components_omitted(r) > 0) {
        out_puts(o, " and ");
        out_thousands(o, pratique_report_components_omitted(r));
        out_puts(o, " more parts");
    }
    text_row(w, "read", DIM, "", DIM);
}

static void component(struct pratique_writer *w, const struct pratique_report *r,
                      const struct pratique_component *c, bool first)
{
    const char *inner = report_inner_path(r, c->path);
    struct out *o = text_scratch(w);

    out_printable(o, *inner ? inner : c->path);
    out_puts(o, "  ");
    out_printable(o, c->format);
    out_puts(o, ", ");
    out_size(o, c->bytes);
    out_puts(o, *c->detail ? ", " : "");
    out_printable(o, c->detail);
    text_row(w, first ? "read" : "", DIM, "", PLAIN);
    out_relieve(&w->out);
}

static void components(struct pratique_writer *w, const struct pratique_report *r)
{
    size_t n = pratique_report_components(r);

    if (!w->style.verbose) {
        if (n > 1)
            formats_read(w, r);
        return;
    }
    for (size_t i = 0; i < n; i++)
        component(w, r, pratique_report_component(r, i), i == 0);
    if (pratique_report_components_omitted(r) > 0) {
        out_thousands(text_scratch(w), pratique_report_components_omitted(r));
        text_row(w, "", DIM, "... and more parts: ", DIM);
    }
}

/*
 * What is told of an admitted artifact whatever else is left out: "signed by release.pub (minisign
 * ...", of a signature; "unpacked  213 files to DIR, 4.3 MB", of an admission.
 */
static void outcome(struct pratique_writer *w, const struct pratique_report *r)
{
    for (size_t i = 0; i < pratique_report_findings(r); i++) {
        const struct pratique_finding *f = pratique_report_finding(r, i);

        if (strcmp(f->rule->id, "SIG008") != 0)
            continue;
        out_puts(text_scratch(w), f->detail); /* printable: it is a finding's */
        text_row(w, "", PLAIN, "", PLAIN);
    }
    for (size_t i = 0; i < pratique_report_components(r); i++) {
        const struct pratique_component *c = pratique_report_component(r, i);
        struct out *o = text_scratch(w);

        if (strcmp(c->format, "unpacked") != 0 && strcmp(c->format, "placed") != 0)
            continue;
        out_printable(o, c->detail);
        out_puts(o, ", ");
        out_size(o, c->bytes);
        text_row(w, c->format, DIM, "", PLAIN);
    }
}

static void head(struct pratique_writer *w, const struct pratique_report *r)
{
    enum pratique_verdict v = pratique_report_verdict(r);
    const char *format = pratique_report_format(r);
    struct out *o = &w->out;

    out_printf(o, "%s%-*s%s%s", paint(w, verdict_paint(v)), INDENT, pratique_verdict_name(v),
               paint(w, PLAIN), paint(w, BOLD));
    out_printable(o, pratique_report_path(r));
    out_printf(o, "%s  %s", paint(w, PLAIN), paint(w, DIM));
    out_printable(o, format);
    out_puts(o, *format ? ", " : "");
    if (strcmp(format, "command") != 0) { /* which has no size */
        out_size(o, pratique_report_bytes(r));
        out_puts(o, *pratique_report_policy(r) ? ", " : "");
    }
    if (*pratique_report_policy(r)) {
        out_puts(o, "policy ");
        out_puts(o, pratique_report_policy(r));
    }
    out_printf(o, "%s\n", paint(w, PLAIN));
}

static void begin(struct pratique_writer *w)
{
    (void)w;
}

static void add(struct pratique_writer *w, const struct pratique_report *r)
{
    bool admitted = pratique_report_verdict(r) == PRATIQUE_ADMIT;

    if (admitted && w->style.quiet)
        return;
    head(w, r);
    if (pratique_report_sha256(r)) {
        out_puts(text_scratch(w), pratique_report_sha256(r));
        text_row(w, "sha256", DIM, "", PLAIN);
    }
    findings(w, r);
    if (watched(r))
        text_watch(w, r);
    if (pratique_report_whole(r))
        text_model(w, r);
    if (!w->style.verbose)
        outcome(w, r);
    if (!admitted || w->style.verbose) {
        if (!pratique_report_whole(r))
            components(w, r);
        out_puts(&w->out, "\n");
    }
}

/* "lock-down seccomp, landlock (ABI 7)": always when a layer is missing. */
static void layers(struct pratique_writer *w)
{
    size_t n = w->gate ? pratique_gate_layers(w->gate) : 0, missing = 0;
    struct out *o = text_scratch(w);

    for (size_t i = 0; i < n; i++) {
        const struct pratique_layer *l = pratique_gate_layer(w->gate, i);

        missing += !l->active;
        out_puts(o, i ? ", " : "");
        out_puts(o, l->active ? "" : "NOT ");
        out_puts(o, l->name);
        if (*l->detail) {
            out_puts(o, " (");
            out_printable(o, l->detail);
            out_puts(o, ")");
        }
    }
    if (missing > 0 || (n > 0 && w->style.verbose))
        out_printf(&w->out, "%sworkers locked down by: %s%s\n", paint(w, missing ? YELLOW : DIM),
                   o->buf.p ? o->buf.p : "", paint(w, PLAIN));
}

/* "3 artifacts, 1.2 MB: 2 admit, 1 refuse" */
static void end(struct pratique_writer *w)
{
    static const enum pratique_verdict order[] = { PRATIQUE_ADMIT, PRATIQUE_HOLD,
                                                   PRATIQUE_UNDECIDED, PRATIQUE_REFUSE };
    static const char *const words[] = { "undecided", "admitted", "held", "refused" };
    struct out *o = &w->out;
    const char *sep = ": ";

    if (w->style.quiet)
        return;
    layers(w);
    out_thousands(o, w->artifacts);
    out_puts(o, w->artifacts == 1 ? " artifact, " : " artifacts, ");
    out_size(o, w->bytes);
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        if (w->verdicts[order[i]] == 0)
            continue;
        out_printf(o, "%s%s", sep, paint(w, verdict_paint(order[i])));
        out_thousands(o, w->verdicts[order[i]]);
        out_printf(o, " %s%s", words[order[i]], paint(w, PLAIN));
        sep = ", ";
    }
    out_puts(o, "\n");
}

const struct report_format report_text = { begin, add, end };
