/* The writer of pratique.h: counts, and calls the format that was asked for. */
#include "report/writer.h"

#include <stdlib.h>
#include <string.h>

static void free_writer(struct pratique_writer *w)
{
    out_free(&w->out);
    out_free(&w->aside);
    free(w->rules_used);
    bom_free(w->bom);
    free(w);
}

enum pratique_status pratique_writer_begin(struct pratique_writer **out, enum pratique_format f,
                                           const struct pratique_style *style,
                                           const struct pratique_gate *gate,
                                           pratique_write_fn *write, void *user)
{
    static const struct report_format *const formats[] = { [PRATIQUE_TEXT] = &report_text,
                                                           [PRATIQUE_JSON] = &report_json,
                                                           [PRATIQUE_SARIF] = &report_sarif,
                                                           [PRATIQUE_HTML] = &report_html,
                                                           [PRATIQUE_CYCLONEDX] =
                                                               &report_cyclonedx };
    struct pratique_writer *w;
    enum pratique_status st;

    *out = NULL;
    if ((unsigned)f >= sizeof formats / sizeof *formats)
        return PRATIQUE_E_USAGE;
    w = calloc(1, sizeof *w);
    if (!w)
        return PRATIQUE_E_NOMEM;
    out_init(&w->out, write, user);
    out_init(&w->aside, NULL, NULL);
    w->json.out = &w->out;
    w->json_aside.out = &w->aside;
    w->rules_used = calloc(pratique_rule_count() + 1, sizeof *w->rules_used);
    w->format = formats[f];
    w->gate = gate;
    if (style)
        w->style = *style;
    if (!w->rules_used) {
        free_writer(w);
        return PRATIQUE_E_NOMEM;
    }
    w->format->begin(w);
    st = out_flush(&w->out);
    if (st == PRATIQUE_OK)
        *out = w;
    else
        free_writer(w);
    return st;
}

enum pratique_status pratique_writer_add(struct pratique_writer *w, const struct pratique_report *r)
{
    enum pratique_verdict v = pratique_report_verdict(r);

    w->worst = w->artifacts ? pratique_verdict_worse(w->worst, v) : v;
    if (w->artifacts == 0)
        w->first_bytes = pratique_report_bytes(r);
    w->verdicts[v]++;
    w->artifacts++;
    if (!pratique_report_whole(r)) /* its files are counted already */
        w->bytes += pratique_report_bytes(r);
    for (size_t i = 0; i < pratique_report_findings(r); i++)
        w->rules_used[report_rule_index(pratique_report_finding(r, i)->rule)] = true;
    w->policies_used |= report_policies(pratique_report_policy(r));
    w->format->add(w, r);
    return out_flush(&w->out);
}

/* The totals of several steps with one artifact. */
static void count_once(struct pratique_writer *w)
{
    memset(w->verdicts, 0, sizeof w->verdicts);
    w->verdicts[w->worst] = 1;
    w->artifacts = 1;
    w->bytes = w->first_bytes;
}

enum pratique_status pratique_writer_end(struct pratique_writer *w)
{
    enum pratique_status st;

    if (w->style.steps && w->artifacts > 1)
        count_once(w);
    w->format->end(w);
    if (w->aside.buf.failed) /* something that belongs into the report is lost */
        w->out.buf.failed = true;
    st = out_flush(&w->out);
    free_writer(w);
    return st;
}

unsigned report_policies(const char *names)
{
    unsigned set = 0;

    for (size_t n; *names; names += n + (names[n] == ',')) {
        n = strcspn(names, ",");
        for (size_t i = 0; i < pratique_policy_count(); i++)
            if (strlen(pratique_policy_at(i)->name) == n &&
                strncmp(pratique_policy_at(i)->name, names, n) == 0)
                set |= 1u << i;
    }
    return set;
}

size_t report_rule_index(const struct pratique_rule *rule)
{
    size_t n = pratique_rule_count(), i = 0;

    while (i < n && pratique_rule_at(i) != rule)
        i++;
    return i;
}

const char *report_inner_path(const struct pratique_report *r, const char *path)
{
    const char *outer = pratique_report_path(r);
    size_t n = strlen(outer);

    if (strncmp(path, outer, n) != 0)
        return path;
    if (path[n] == '\0')
        return "";
    return strncmp(path + n, "!/", 2) == 0 ? path + n + 2 : path;
}

void report_evidence(struct out *o, const struct pratique_finding *f)
{
    if (strncmp(f->detail, f->subject, strlen(f->subject)) != 0) {
        out_puts(o, f->subject);
        if (f->detail[0])
            out_puts(o, ": ");
    }
    out_puts(o, f->detail);
}

void report_place(const struct pratique_report *r, const struct pratique_finding *f,
                  struct out *text)
{
    const char *inner = report_inner_path(r, f->path);

    out_puts(text, *inner ? "in " : "");
    out_printable(text, inner);
    if (*inner && (f->line > 0 || f->offset != PRATIQUE_NO_OFFSET))
        out_puts(text, ", ");
    if (f->line > 0)
        out_printf(text, "line %u", f->line);
    if (f->line > 0 && f->column > 0)
        out_printf(text, ", column %u", f->column);
    if (f->line == 0 && f->offset != PRATIQUE_NO_OFFSET) {
        out_puts(text, "byte ");
        out_thousands(text, f->offset);
    }
    if (f->function[0] && strcmp(f->function, "<module>") != 0) {
        out_puts(text, text->buf.n > 0 ? ", in " : "in ");
        out_printable(text, f->function);
        out_puts(text, "()");
    }
    if (f->count > 1) {
        out_puts(text, text->buf.n > 0 ? ", " : "");
        out_thousands(text, f->count);
        out_puts(text, " times");
    }
}

bool report_same_group(const struct pratique_finding *a, const struct pratique_finding *b)
{
    return a->rule == b->rule && a->severity == b->severity;
}

bool report_starts_group(const struct pratique_report *r, size_t i)
{
    const struct pratique_finding *f = pratique_report_finding(r, i);

    /* findings stand by severity, so the search back ends where the severity does */
    for (size_t k = i; k-- > 0;) {
        const struct pratique_finding *before = pratique_report_finding(r, k);

        if (before->severity != f->severity)
            return true;
        if (before->rule == f->rule)
            return false;
    }
    return true;
}
