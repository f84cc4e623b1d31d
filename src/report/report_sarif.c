/*
 * SARIF 2.1.0 (OASIS, errata 01), for viewers and code hosts. One run; a result is a
 * finding. A nested member is a logical location: its offsets mean nothing in the
 * file outside, so they are in the result's properties, not in a region.
 */
#include <string.h>

#include "report/watched.h"
#include "report/writer.h"

#define SCHEMA "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"

/* SARIF 3.27.10 */
static const char *level(enum pratique_severity s)
{
    return s >= PRATIQUE_HIGH ? "error" : s >= PRATIQUE_GAP ? "warning" : "note";
}

/* What code hosts sort security results by: a string from 0.0 to 10.0. */
static const char *score(enum pratique_severity s)
{
    static const char *const scores[] = { "0.0", "2.0", "5.0", "5.5", "8.0", "9.8" };

    return s <= PRATIQUE_CRITICAL ? scores[s] : "0.0";
}

static void text_object(struct json *j, const char *key, const char *text)
{
    json_open(j, key, '{');
    json_put_string(j, "text", text);
    json_close(j, '}');
}

static void rule(struct json *j, const struct pratique_rule *r)
{
    json_open(j, NULL, '{');
    json_put_string(j, "id", r->id);
    json_put_string(j, "name", r->name);
    text_object(j, "shortDescription", r->message);
    text_object(j, "fullDescription", r->why);
    text_object(j, "help", r->remedy);
    if (strncmp(r->reference, "https://", 8) == 0 && !strpbrk(r->reference, " \"<>\\^`{|}"))
        json_put_string(j, "helpUri", r->reference);
    json_open(j, "defaultConfiguration", '{');
    json_put_string(j, "level", level(r->severity));
    json_close(j, '}');
    json_open(j, "properties", '{');
    json_put_string(j, "security-severity", score(r->severity));
    json_put_string(j, "severity", pratique_severity_name(r->severity));
    json_put_string(j, "policy", pratique_rule_policy(r));
    json_put_string(j, "reference", r->reference);
    json_close(j, '}');
    json_close(j, '}');
}

static void begin(struct pratique_writer *w)
{
    struct json *j = &w->json;

    json_open(j, NULL, '{');
    json_put_string(j, "$schema", SCHEMA "sarif-schema-2.1.0.json");
    json_put_string(j, "version", "2.1.0");
    json_open(j, "runs", '[');
    json_open(j, NULL, '{');
    json_open(j, "tool", '{');
    json_open(j, "driver", '{');
    json_put_string(j, "name", "pratique");
    json_put_string(j, "version", pratique_version());
    json_put_string(j, "semanticVersion", pratique_version());
    json_open(j, "rules", '[');
    for (size_t i = 0; i < pratique_rule_count(); i++)
        rule(j, pratique_rule_at(i));
    json_close(j, ']');
    json_close(j, '}');
    json_close(j, '}');
    json_put_string(j, "columnKind", "unicodeCodePoints");
    json_open(j, "results", '[');
    json_open(&w->json_aside, NULL, '['); /* the run's artifacts, written at the end */
    w->json_aside.depth = j->depth;       /* laid out as if here */
}

static void artifact_location(struct json *j, const char *key, const struct pratique_writer *w,
                              const char *path)
{
    json_open(j, key, '{');
    json_uri(j, "uri", path);
    json_number(j, "index", w->artifacts - 1);
    json_close(j, '}');
}

static void region(struct json *j, const struct pratique_finding *f)
{
    if (f->line == 0 && f->offset == PRATIQUE_NO_OFFSET)
        return;
    json_open(j, "region", '{');
    if (f->line > 0)
        json_number(j, "startLine", f->line);
    if (f->line > 0 && f->column > 0)
        json_number(j, "startColumn", f->column);
    if (f->line == 0)
        json_number(j, "byteOffset", f->offset);
    if (f->line == 0)
        json_number(j, "byteLength", 0);
    json_close(j, '}');
}

static void logical(struct json *j, const char *name, const char *kind)
{
    json_open(j, NULL, '{');
    json_put_string(j, "fullyQualifiedName", name);
    json_put_string(j, "kind", kind);
    json_close(j, '}');
}

static void location(struct pratique_writer *w, const struct pratique_report *r,
                     const struct pratique_finding *f)
{
    struct json *j = &w->json;
    bool nested = *report_inner_path(r, f->path);

    json_open(j, NULL, '{');
    json_open(j, "physicalLocation", '{');
    artifact_location(j, "artifactLocation", w, pratique_report_path(r));
    if (!nested)
        region(j, f);
    json_close(j, '}');
    if (nested || f->function[0])
        json_open(j, "logicalLocations", '[');
    if (nested)
        logical(j, f->path, "resource");
    if (f->function[0])
        logical(j, f->function, "function");
    if (nested || f->function[0])
        json_close(j, ']');
    json_close(j, '}');
}

static void message(struct json *j, const struct pratique_finding *f)
{
    struct out text;

    out_init(&text, NULL, NULL);
    out_puts(&text, f->rule->message);
    if (f->subject[0] || f->detail[0])
        out_puts(&text, ": ");
    report_evidence(&text, f);
    text_object(j, "message", text.buf.failed || !text.buf.p ? f->rule->message : text.buf.p);
    out_free(&text);
}

/* What is excused, and by what (SARIF 3.27.23, 3.35). */
static void suppression(struct json *j, const struct pratique_finding *f)
{
    if (!f->excuse[0])
        return;
    json_open(j, "suppressions", '[');
    json_open(j, NULL, '{');
    json_put_string(j, "kind", strncmp(f->excuse, "excused", 7) == 0 ? "inSource" : "external");
    json_put_string(j, "justification", f->excuse);
    json_close(j, '}');
    json_close(j, ']');
}

/* ---- of a watch: the calls that led to a finding (3.44), and its events ---- */

#define EVENTS_MAX 20  /* of one finding; the JSON report has all of them */
#define TRACED_MAX 500 /* findings that have stacks and events, the gravest first */

static bool fired(const struct pratique_event *e, const struct pratique_finding *f)
{
    return e->rule == f->rule && strcmp(e->subject, f->subject) == 0;
}

/* A piece of text that is no string yet. */
static void put_piece(struct json *j, const char *key, const char *s, size_t n)
{
    struct out text;

    out_init(&text, NULL, NULL);
    buf_add(&text.buf, s, n);
    json_put_string(j, key, text.buf.p && !text.buf.failed ? text.buf.p : "");
    out_free(&text);
}

static void put_piece_uri(struct json *j, const char *s, size_t n)
{
    struct out text;

    out_init(&text, NULL, NULL);
    buf_add(&text.buf, s, n);
    json_uri(j, "uri", text.buf.p && !text.buf.failed ? text.buf.p : "");
    out_free(&text);
}

/* A stack frame (3.45); a file in the wheel is told from site-packages on. */
static void frame(struct json *j, const struct watched_frame *f)
{
    json_open(j, NULL, '{');
    json_open(j, "location", '{');
    json_open(j, "physicalLocation", '{');
    json_open(j, "artifactLocation", '{');
    put_piece_uri(j, f->file, f->file_n);
    json_close(j, '}');
    if (f->line > 0) {
        json_open(j, "region", '{');
        json_number(j, "startLine", f->line);
        json_close(j, '}');
    }
    json_close(j, '}');
    json_open(j, "logicalLocations", '[');
    json_open(j, NULL, '{');
    put_piece(j, "fullyQualifiedName", f->function, f->function_n);
    json_put_string(j, "kind", "function");
    json_close(j, '}');
    json_close(j, ']');
    json_close(j, '}');
    json_close(j, '}');
}

/* Whose stack it is: that of the first event with frames. */
static void stacks(struct json *j, const struct pratique_report *r,
                   const struct pratique_finding *f)
{
    for (size_t i = 0; i < pratique_report_events(r); i++) {
        const struct pratique_event *e = pratique_report_event(r, i);
        const char *frames = e->frames;
        struct watched_frame at;

        if (!fired(e, f) || !*frames)
            continue;
        json_open(j, "stacks", '[');
        json_open(j, NULL, '{');
        json_open(j, "frames", '[');
        while (watched_frame(&frames, &at))
            frame(j, &at);
        json_close(j, ']');
        json_close(j, '}');
        json_close(j, ']');
        return;
    }
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
    json_close(j, '}');
}

static void events(struct json *j, const struct pratique_report *r,
                   const struct pratique_finding *f)
{
    size_t n = 0;

    json_open(j, "events", '[');
    for (size_t i = 0; i < pratique_report_events(r) && n < EVENTS_MAX; i++) {
        if (!fired(pratique_report_event(r, i), f))
            continue;
        event(j, pratique_report_event(r, i));
        n++;
    }
    json_close(j, ']');
}

/* ---- of a package: the calls that lead to a finding (3.36 to 3.38) ---- */

static void flow_step(struct json *j, const char *step, size_t n)
{
    struct out text;

    out_init(&text, NULL, NULL);
    buf_add(&text.buf, step, n);
    json_open(j, NULL, '{');
    json_open(j, "location", '{');
    text_object(j, "message", text.buf.p && !text.buf.failed ? text.buf.p : "");
    json_close(j, '}');
    json_close(j, '}');
    out_free(&text);
}

/* "a.py:10 -> mod.f (7) -> g", a step each. */
static void code_flow(struct json *j, const struct pratique_finding *f)
{
    static const char arrow[] = " -> ";
    const char *step = f->chain, *end;

    if (!step[0])
        return;
    json_open(j, "codeFlows", '[');
    json_open(j, NULL, '{');
    json_open(j, "threadFlows", '[');
    json_open(j, NULL, '{');
    json_open(j, "locations", '[');
    for (; (end = strstr(step, arrow)); step = end + sizeof arrow - 1)
        flow_step(j, step, (size_t)(end - step));
    flow_step(j, step, strlen(step));
    json_close(j, ']');
    json_close(j, '}');
    json_close(j, ']');
    json_close(j, '}');
    json_close(j, ']');
}

static void result(struct pratique_writer *w, const struct pratique_report *r, size_t i)
{
    const struct pratique_finding *f = pratique_report_finding(r, i);
    bool traced = watched(r) && i < TRACED_MAX;
    struct json *j = &w->json;

    json_open(j, NULL, '{');
    json_put_string(j, "ruleId", f->rule->id);
    json_number(j, "ruleIndex", report_rule_index(f->rule));
    json_put_string(j, "level", level(f->severity));
    message(j, f);
    json_open(j, "locations", '[');
    location(w, r, f);
    json_close(j, ']');
    json_number(j, "occurrenceCount", f->count);
    if (traced)
        stacks(j, r, f);
    code_flow(j, f);
    suppression(j, f);
    json_open(j, "properties", '{');
    json_put_string(j, "severity", pratique_severity_name(f->severity));
    json_put_string(j, "path", f->path);
    if (f->offset != PRATIQUE_NO_OFFSET)
        json_number(j, "offset", f->offset);
    if (f->line > 0)
        json_number(j, "line", f->line);
    json_put_string(j, "subject", f->subject);
    json_put_string(j, "detail", f->detail);
    if (traced)
        events(j, r, f);
    json_close(j, '}');
    json_close(j, '}');
}

static void add(struct pratique_writer *w, const struct pratique_report *r)
{
    struct json *j = &w->json_aside;

    for (size_t i = 0; i < pratique_report_findings(r); i++)
        result(w, r, i);
    json_open(j, NULL, '{');
    json_open(j, "location", '{');
    json_uri(j, "uri", pratique_report_path(r));
    json_close(j, '}');
    json_number(j, "length", pratique_report_bytes(r));
    if (pratique_report_sha256(r)) {
        json_open(j, "hashes", '{');
        json_put_string(j, "sha-256", pratique_report_sha256(r));
        json_close(j, '}');
    }
    json_open(j, "properties", '{');
    json_put_string(j, "verdict", pratique_verdict_name(pratique_report_verdict(r)));
    json_put_string(j, "format", pratique_report_format(r));
    json_put_string(j, "policy", pratique_report_policy(r));
    if (watched(r))
        json_put_string(j, "isolation", pratique_report_isolation(r));
    if (watched(r) && pratique_report_interpreter(r))
        json_put_string(j, "interpreter", pratique_report_interpreter(r));
    json_close(j, '}');
    json_close(j, '}');
}

static void layers(struct json *j, const struct pratique_gate *gate)
{
    size_t n = gate ? pratique_gate_layers(gate) : 0;

    json_open(j, "layers", '{');
    for (size_t i = 0; i < n; i++) {
        const struct pratique_layer *l = pratique_gate_layer(gate, i);

        json_bool(j, l->name, l->active);
    }
    json_close(j, '}');
}

static void end(struct pratique_writer *w)
{
    struct json *j = &w->json;

    json_close(j, ']');
    json_close(&w->json_aside, ']');
    json_raw(j, "artifacts", &w->aside);
    json_open(j, "invocations", '[');
    json_open(j, NULL, '{');
    json_bool(j, "executionSuccessful", true);
    json_open(j, "properties", '{');
    json_put_string(j, "verdict", pratique_verdict_name(w->worst));
    layers(j, w->gate);
    json_close(j, '}');
    json_close(j, '}');
    json_close(j, ']');
    json_open(j, "properties", '{'); /* of the run */
    json_open(j, "policies", '[');
    for (size_t i = 0; i < pratique_policy_count(); i++)
        if (w->policies_used & 1u << i)
            json_put_string(j, NULL, pratique_policy_at(i)->name);
    json_close(j, ']');
    json_close(j, '}');
    json_close(j, '}');
    json_close(j, ']');
    json_close(j, '}');
    out_puts(&w->out, "\n");
}

const struct report_format report_sarif = { begin, add, end };
