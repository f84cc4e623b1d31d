/*
 * The report as one page of HTML that needs nothing else: no request is made for it, and its
 * security policy allows none. What came from an artifact stands in text and in quoted
 * attributes, escaped; the script is the one below and takes nothing from the page but rows
 * to hide. It reads as well without it.
 *
 * The verdict of all comes first and is known last: artifacts wait in w->aside.
 */
#include <stdarg.h>
#include <string.h>

#include "report/html.h"
#include "report/watched.h"

#define PLACES_MAX     50  /* findings of one rule */
#define COMPONENTS_MAX 500 /* parts that were read */

void html_put(struct out *o, const char *markup, ...)
{
    va_list ap;

    va_start(ap, markup);
    for (const char *p = markup; *p; p++) {
        if (p[0] == '%' && p[1] == 's')
            out_html(o, va_arg(ap, const char *));
        else if (p[0] == '%' && p[1] == 'u')
            out_printf(o, "%llu", (unsigned long long)va_arg(ap, uint64_t));
        else
            buf_putc(&o->buf, *p);
        p += p[0] == '%' && (p[1] == 's' || p[1] == 'u');
    }
    va_end(ap);
}

void html_take(struct out *o, struct out *raw)
{
    if (raw->buf.failed)
        o->buf.failed = true;
    else if (raw->buf.p)
        out_html(o, raw->buf.p);
    out_free(raw);
}

const char *html_severity(const struct pratique_event *e)
{
    return e->rule ? pratique_severity_name(e->severity) : "plain";
}

void html_event(struct out *o, const struct pratique_event *e)
{
    struct out raw;

    out_init(&raw, NULL, NULL);
    watched_event(&raw, e);
    html_take(o, &raw);
}

void html_chain(struct out *o, const struct pratique_event *e)
{
    struct out raw;

    out_init(&raw, NULL, NULL);
    watched_chain(&raw, e->frames);
    html_take(o, &raw);
}

/* ---- findings ---- */

static void evidence(struct out *o, const struct pratique_finding *f)
{
    struct out raw;

    out_init(&raw, NULL, NULL);
    report_evidence(&raw, f);
    html_put(o, "<code>");
    html_take(o, &raw);
    html_put(o, "</code>");
}

static void one_finding(struct out *o, const struct pratique_report *r,
                        const struct pratique_finding *f)
{
    struct out place;

    out_init(&place, NULL, NULL);
    report_place(r, f, &place);
    html_put(o, "<li>");
    evidence(o, f);
    html_put(o, "<span class=\"place\">");
    html_take(o, &place);
    html_put(o, "</span>");
    if (f->excuse[0])
        html_put(o, "<span class=\"place\">%s</span>", f->excuse);
    if (f->chain[0])
        html_put(o, "<span class=\"place\">%s</span>", f->chain);
    if (f->source[0])
        html_put(o, "<span class=\"place\">from %s</span>", f->source);
    if (f->because[0])
        html_put(o, "<span class=\"place\">with %s</span>", f->because);
    html_put(o, "</li>\n");
}

static void findings_of_group(struct out *o, const struct pratique_report *r, size_t first)
{
    const struct pratique_finding *f = pratique_report_finding(r, first);
    uint64_t n = 0;

    html_put(o, "<ul class=\"places\">\n");
    for (size_t i = first; i < pratique_report_findings(r); i++) {
        const struct pratique_finding *g = pratique_report_finding(r, i);

        if (report_same_group(f, g) && n++ < PLACES_MAX)
            one_finding(o, r, g);
    }
    if (n > PLACES_MAX)
        html_put(o, "<li class=\"more\">and %u more</li>\n", n - PLACES_MAX);
    html_put(o, "</ul>\n");
}

static void group(struct out *o, const struct pratique_report *r, size_t first)
{
    const struct pratique_finding *f = pratique_report_finding(r, first);
    const char *severity = pratique_severity_name(f->severity);

    html_put(o, "<details class=\"finding %s\"", severity);
    html_put(o, f->severity >= PRATIQUE_GAP ? " open>" : ">");
    html_put(o,
             "<summary><b class=\"badge %s\">%s</b> <span class=\"said\">%s</span> "
             "<span class=\"id\">%s</span></summary>\n",
             severity, severity, f->rule->message, f->rule->id);
    findings_of_group(o, r, first);
    html_put(o,
             "<dl class=\"advice\"><dt>Why</dt><dd>%s</dd><dt>Do</dt><dd>%s</dd>"
             "<dt>See</dt><dd>%s</dd></dl></details>\n",
             f->rule->why, f->rule->remedy, f->rule->reference);
}

static void findings(struct out *o, const struct pratique_report *r)
{
    if (pratique_report_findings(r) == 0)
        html_put(o, "<p class=\"none\">Nothing was found.</p>\n");
    for (size_t i = 0; i < pratique_report_findings(r); i++)
        if (report_starts_group(r, i))
            group(o, r, i);
}

/* ---- what was read ---- */

static void components(struct out *o, const struct pratique_report *r)
{
    size_t n = pratique_report_components(r), shown = n < COMPONENTS_MAX ? n : COMPONENTS_MAX;
    uint64_t more = n - shown + pratique_report_components_omitted(r);

    if (n == 0)
        return;
    html_put(o,
             "<details class=\"part\"><summary>What was read <span class=\"count\">%u</span>"
             "</summary><div class=\"scroll\"><table><thead><tr><th>Part</th><th>Format</th>"
             "<th>Detail</th><th class=\"n\">Size</th></tr></thead><tbody>\n",
             (uint64_t)n + pratique_report_components_omitted(r));
    for (size_t i = 0; i < shown; i++) {
        const struct pratique_component *c = pratique_report_component(r, i);
        const char *inner = report_inner_path(r, c->path);

        html_put(o, "<tr><td><code>%s</code></td><td>%s</td><td>%s</td><td class=\"n\">",
                 *inner ? inner : c->path, c->format, c->detail);
        out_size(o, c->bytes);
        html_put(o, "</td></tr>\n");
    }
    if (more > 0)
        html_put(o, "<tr><td colspan=\"4\" class=\"more\">and %u more</td></tr>\n", more);
    html_put(o, "</tbody></table></div></details>\n");
}

/* ---- the page ---- */

static void begin(struct pratique_writer *w)
{
    struct out *o = &w->out;

    html_put(o,
             "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
             "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
             "style-src 'unsafe-inline'; script-src 'sha256-%s'; base-uri 'none'; "
             "form-action 'none'\">\n"
             "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
             "<meta name=\"referrer\" content=\"no-referrer\">\n"
             "<meta name=\"color-scheme\" content=\"light dark\">\n"
             "<title>Pratique report</title>\n<style>\n",
             html_script_sha256);
    out_puts(o, html_style);
    html_put(o, "</style>\n</head>\n<body>\n");
}

static void add(struct pratique_writer *w, const struct pratique_report *r)
{
    const char *verdict = pratique_verdict_name(pratique_report_verdict(r));
    bool told = pratique_report_verdict(r) != PRATIQUE_ADMIT || watched(r);
    struct out *o = &w->aside;

    html_put(o, "<details class=\"artifact %s\"", verdict);
    html_put(o, told ? " open>\n" : ">\n");
    html_put(o,
             "<summary><b class=\"badge %s\">%s</b> <span class=\"path\">%s</span> "
             "<span class=\"meta\">%s",
             verdict, verdict, pratique_report_path(r), pratique_report_format(r));
    out_puts(o, *pratique_report_format(r) ? ", " : "");
    out_size(o, pratique_report_bytes(r));
    if (*pratique_report_policy(r))
        html_put(o, ", policy %s", pratique_report_policy(r));
    html_put(o, "</span></summary>\n");
    if (pratique_report_sha256(r))
        html_put(o, "<p class=\"hash\">SHA-256 <code>%s</code></p>\n", pratique_report_sha256(r));
    findings(o, r);
    if (watched(r))
        html_watch(o, r);
    components(o, r);
    html_put(o, "</details>\n");
}

/* "3 artifacts, 1.2 MB: 2 admitted, 1 refused" */
static void totals(struct pratique_writer *w)
{
    static const enum pratique_verdict order[] = { PRATIQUE_REFUSE, PRATIQUE_UNDECIDED,
                                                   PRATIQUE_HOLD, PRATIQUE_ADMIT };
    static const char *const words[] = { "undecided", "admitted", "held", "refused" };
    struct out *o = &w->out;

    html_put(o, "<p class=\"totals\">");
    out_thousands(o, w->artifacts);
    out_puts(o, w->artifacts == 1 ? " artifact, " : " artifacts, ");
    out_size(o, w->bytes);
    for (size_t i = 0; i < ARRAY_LEN(order); i++)
        if (w->verdicts[order[i]] > 0)
            html_put(o, " <span class=\"badge %s\">%u %s</span>", pratique_verdict_name(order[i]),
                     w->verdicts[order[i]], words[order[i]]);
    html_put(o, "</p>\n");
}

/* The verdict in a sentence. */
static const char *meaning(enum pratique_verdict v)
{
    static const char *const sentences[] = {
        "Not everything could be inspected. Treat it as unsafe.",
        "Everything was inspected, and nothing speaks against it.",
        "Something is not known to be harmless. A person should look.",
        "Do not load it: it does harm, or was made to mislead.",
    };

    return sentences[v];
}

static void workers(struct pratique_writer *w)
{
    size_t n = w->gate ? pratique_gate_layers(w->gate) : 0;

    for (size_t i = 0; i < n; i++) {
        const struct pratique_layer *l = pratique_gate_layer(w->gate, i);

        html_put(&w->out, i == 0 ? " Parsed in workers locked down by " : ", ");
        html_put(&w->out, l->active ? "%s" : "<b class=\"bad\">NOT %s</b>", l->name);
    }
    html_put(&w->out, n > 0 ? "." : "");
}

static void end(struct pratique_writer *w)
{
    const char *verdict = pratique_verdict_name(w->worst);
    struct out *o = &w->out;

    html_put(o,
             "<header class=\"banner %s\"><p class=\"brand\">Pratique</p><h1>%s</h1>"
             "<p class=\"meaning\">%s</p>\n",
             verdict, verdict, meaning(w->worst));
    totals(w);
    html_put(o, "</header>\n<main>\n");
    if (w->aside.buf.p)
        buf_add(&o->buf, w->aside.buf.p, w->aside.buf.n);
    html_put(o, "</main>\n<footer>Written by pratique %s.", pratique_version());
    workers(w);
    html_put(o, "</footer>\n<script>");
    out_puts(o, html_script);
    html_put(o, "</script>\n</body>\n</html>\n");
}

const struct report_format report_html = { begin, add, end };
