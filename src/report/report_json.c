/* The JSON report; docs/json.md and docs/report.schema.json say what it holds. */
#include <string.h>

#include "report/watched.h"
#include "report/writer.h"

static void layer(struct json *j, const struct pratique_layer *l)
{
    json_open(j, NULL, '{');
    json_put_string(j, "name", l->name);
    json_bool(j, "active", l->active);
    json_put_string(j, "detail", l->detail);
    json_close(j, '}');
}

static void begin(struct pratique_writer *w)
{
    struct json *j = &w->json;
    size_t n = w->gate ? pratique_gate_layers(w->gate) : 0;

    json_open(j, NULL, '{');
    json_put_string(j, "schema", "pratique-report-1");
    json_put_string(j, "version", pratique_version());
    json_open(j, "layers", '[');
    for (size_t i = 0; i < n; i++)
        layer(j, pratique_gate_layer(w->gate, i));
    json_close(j, ']');
    json_open(j, "artifacts", '[');
}

static void number_or_null(struct json *j, const char *key, uint64_t n, bool known)
{
    if (known)
        json_number(j, key, n);
    else
        json_put_null(j, key);
}

static void string_or_null(struct json *j, const char *key, const char *s)
{
    if (s[0])
        json_put_string(j, key, s);
    else
        json_put_null(j, key);
}

static void finding(struct json *j, const struct pratique_finding *f)
{
    json_open(j, NULL, '{');
    json_put_string(j, "rule", f->rule->id);
    json_put_string(j, "severity", pratique_severity_name(f->severity));
    json_put_string(j, "message", f->rule->message);
    json_put_string(j, "path", f->path);
    number_or_null(j, "offset", f->offset, f->offset != PRATIQUE_NO_OFFSET);
    number_or_null(j, "line", f->line, f->line > 0);
    number_or_null(j, "column", f->column, f->column > 0);
    json_number(j, "count", f->count);
    json_put_string(j, "subject", f->subject);
    json_put_string(j, "detail", f->detail);
    json_put_string(j, "function", f->function);
    string_or_null(j, "excuse", f->excuse);
    string_or_null(j, "chain", f->chain);
    string_or_null(j, "source", f->source);
    string_or_null(j, "because", f->because);
    json_close(j, '}');
}

static void component(struct json *j, const struct pratique_component *c)
{
    json_open(j, NULL, '{');
    json_put_string(j, "path", c->path);
    json_put_string(j, "format", c->format);
    json_put_string(j, "detail", c->detail);
    json_number(j, "bytes", c->bytes);
    string_or_null(j, "version", c->version);
    string_or_null(j, "role", c->role);
    string_or_null(j, "sha256", c->sha256);
    json_close(j, '}');
}

static void trait(struct json *j, const struct pratique_trait *t)
{
    json_open(j, NULL, '{');
    json_put_string(j, "path", t->path);
    json_put_string(j, "key", t->key);
    json_put_string(j, "value", t->value);
    json_close(j, '}');
}

static void process(struct json *j, const struct pratique_process *p)
{
    bool ended = p->ended_us != 0;

    json_open(j, NULL, '{');
    json_number(j, "pid", p->pid);
    json_number(j, "parent", p->parent);
    json_number(j, "pass", p->pass);
    json_number(j, "begun_us", p->begun_us);
    number_or_null(j, "ended_us", p->ended_us, ended);
    number_or_null(j, "status", (uint64_t)(p->status & 0xFFFF), ended && p->status >= 0);
    json_put_string(j, "command", p->command);
    json_close(j, '}');
}

/* The frames are lines of one text. */
static void frames(struct json *j, const char *text)
{
    json_open(j, "frames", '[');
    for (size_t n; *text; text += n + (text[n] == '\n')) {
        struct out line;

        n = strcspn(text, "\n");
        out_init(&line, NULL, NULL);
        buf_add(&line.buf, text, n);
        if (n > 0)
            json_put_string(j, NULL, line.buf.failed ? "" : line.buf.p);
        out_free(&line);
    }
    json_close(j, ']');
}

static void event(struct json *j, const struct pratique_event *e)
{
    json_open(j, NULL, '{');
    json_number(j, "time_us", e->time_us);
    json_put_string(j, "kind", e->kind);
    json_number(j, "pid", e->pid);
    json_number(j, "pass", e->pass);
    json_put_string(j, "subject", e->subject);
    json_put_string(j, "detail", e->detail);
    json_number(j, "number", e->number);
    json_bool(j, "denied", e->denied);
    frames(j, e->frames);
    if (e->rule) {
        json_put_string(j, "rule", e->rule->id);
        json_put_string(j, "severity", pratique_severity_name(e->severity));
    } else {
        json_put_null(j, "rule");
        json_put_null(j, "severity");
    }
    json_close(j, '}');
}

static void interpreter(struct json *j, const struct pratique_report *r)
{
    if (pratique_report_interpreter(r))
        json_put_string(j, "interpreter", pratique_report_interpreter(r));
    else
        json_put_null(j, "interpreter");
}

/* What a watch adds; null for a scan. */
static void watch(struct json *j, const struct pratique_report *r)
{
    int status = 0;
    bool is_command = watched_command_status(r, &status);

    if (!watched(r)) {
        json_put_null(j, "watch");
        return;
    }
    json_open(j, "watch", '{');
    json_put_string(j, "isolation", pratique_report_isolation(r));
    interpreter(j, r);
    number_or_null(j, "status", (uint64_t)status, is_command);
    json_open(j, "layers", '[');
    for (size_t i = 0; i < pratique_report_layers(r); i++)
        layer(j, pratique_report_layer(r, i));
    json_close(j, ']');
    json_open(j, "processes", '[');
    for (size_t i = 0; i < pratique_report_processes(r); i++)
        process(j, pratique_report_process(r, i));
    json_close(j, ']');
    json_open(j, "events", '[');
    for (size_t i = 0; i < pratique_report_events(r); i++)
        event(j, pratique_report_event(r, i));
    json_close(j, ']');
    json_close(j, '}');
}

static void add(struct pratique_writer *w, const struct pratique_report *r)
{
    struct json *j = &w->json;

    json_open(j, NULL, '{');
    json_put_string(j, "path", pratique_report_path(r));
    json_put_string(j, "verdict", pratique_verdict_name(pratique_report_verdict(r)));
    json_put_string(j, "format", pratique_report_format(r));
    json_number(j, "bytes", pratique_report_bytes(r));
    json_number(j, "bytes_read", pratique_report_bytes_read(r));
    json_number(j, "time_us", pratique_report_time_us(r));
    if (pratique_report_sha256(r))
        json_put_string(j, "sha256", pratique_report_sha256(r));
    else
        json_put_null(j, "sha256");
    json_put_string(j, "policy", pratique_report_policy(r));
    json_open(j, "findings", '[');
    for (size_t i = 0; i < pratique_report_findings(r); i++)
        finding(j, pratique_report_finding(r, i));
    json_close(j, ']');
    json_open(j, "components", '[');
    for (size_t i = 0; i < pratique_report_components(r); i++)
        component(j, pratique_report_component(r, i));
    json_close(j, ']');
    json_number(j, "components_omitted", pratique_report_components_omitted(r));
    json_open(j, "says", '[');
    for (size_t i = 0; i < pratique_report_traits(r); i++)
        trait(j, pratique_report_trait(r, i));
    json_close(j, ']');
    watch(j, r);
    json_close(j, '}');
}

/* The rules that fired, once each. */
static void rules(struct pratique_writer *w)
{
    struct json *j = &w->json;

    json_open(j, "rules", '[');
    for (size_t i = 0; i < pratique_rule_count(); i++) {
        const struct pratique_rule *rule = pratique_rule_at(i);

        if (!w->rules_used[i])
            continue;
        json_open(j, NULL, '{');
        json_put_string(j, "id", rule->id);
        json_put_string(j, "name", rule->name);
        json_put_string(j, "severity", pratique_severity_name(rule->severity));
        json_put_string(j, "policy", pratique_rule_policy(rule));
        json_put_string(j, "message", rule->message);
        json_put_string(j, "why", rule->why);
        json_put_string(j, "remedy", rule->remedy);
        json_put_string(j, "reference", rule->reference);
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void end(struct pratique_writer *w)
{
    struct json *j = &w->json;

    json_close(j, ']');
    rules(w);
    json_open(j, "totals", '{');
    json_number(j, "artifacts", w->artifacts);
    json_number(j, "bytes", w->bytes);
    for (unsigned v = PRATIQUE_UNDECIDED; v <= PRATIQUE_REFUSE; v++)
        json_number(j, pratique_verdict_name((enum pratique_verdict)v), w->verdicts[v]);
    json_close(j, '}');
    json_put_string(j, "verdict", pratique_verdict_name(w->worst));
    json_close(j, '}');
    out_puts(&w->out, "\n");
}

const struct report_format report_json = { begin, add, end };
