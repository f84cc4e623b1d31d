/* See report.h, and the accessors in pratique.h. */
#include "scan/report.h"

#include <ctype.h>
#include <string.h>

#include "base/compiler.h"

/* What is said of a component beside its format; "" where it is not. */
static const char *ref_of(struct arena *arena, const struct fact *f, enum component_ref ref)
{
    return f->refs_n > ref ? arena_copy(arena, f->refs[ref].p, f->refs[ref].n) : "";
}

/* "4" of "protocol 4, 12 opcodes"; "" where no version is told. */
static const char *version_in(struct arena *arena, struct span detail)
{
    static const char *const words[] = { "version ", "protocol ", "opset " };

    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        size_t at = span_find(detail, 0, span_text(words[i])), n = 0;
        struct span rest;

        if (at == SIZE_MAX)
            continue;
        rest = span_from(detail, at + strlen(words[i]));
        while (n < rest.n && (isalnum(rest.p[n]) || rest.p[n] == '.'))
            n++;
        if (n > 0 && isdigit(rest.p[0]))
            return arena_copy(arena, rest.p, n);
    }
    return "";
}

/* What one file says of its version, of those that follow. */
static const char *version_of(struct arena *arena, const struct facts *facts, size_t at)
{
    const struct fact *read = &facts->list[at];
    struct span last = SPAN_EMPTY;

    for (size_t i = 0; i < facts->n && !read->where->parent; i++)
        if (facts->list[i].kind == FACT_MODEL_SAYS && facts->list[i].where == read->where &&
            span_is(facts->list[i].subject, "version"))
            last = facts->list[i].detail;
    return last.n ? arena_copy(arena, last.p, last.n) : version_in(arena, read->detail);
}

static bool fill_component(struct pratique_component *c, struct arena *arena,
                           const struct facts *facts, size_t at)
{
    const struct fact *f = &facts->list[at];

    c->path = where_path(arena, f->where);
    c->format = arena_copy(arena, f->subject.p, f->subject.n);
    c->detail = arena_copy(arena, f->detail.p, f->detail.n);
    c->bytes = f->number;
    c->role = ref_of(arena, f, COMPONENT_ROLE);
    c->sha256 = ref_of(arena, f, COMPONENT_SHA256);
    c->version = ref_of(arena, f, COMPONENT_VERSION);
    if (c->version && !*c->version)
        c->version = f->refs_n ? version_in(arena, f->detail) : version_of(arena, facts, at);
    return c->path && c->format && c->detail && c->role && c->sha256 && c->version;
}

/* What the artifact says of itself, and what is in it. */
static bool report_traits(struct pratique_report *r, struct arena *arena, const struct facts *facts)
{
    size_t n = 0;

    for (size_t i = 0; i < facts->n; i++)
        n += facts->list[i].kind == FACT_MODEL_SAYS;
    r->traits = arena_array(arena, n, sizeof *r->traits);
    for (size_t i = 0; r->traits && i < facts->n; i++) {
        const struct fact *f = &facts->list[i];
        struct pratique_trait *t = &r->traits[r->traits_n];

        if (f->kind != FACT_MODEL_SAYS)
            continue;
        t->path = where_path(arena, f->where);
        t->key = arena_copy(arena, f->subject.p, f->subject.n);
        t->value = arena_copy(arena, f->detail.p, f->detail.n);
        if (!t->path || !t->key || !t->value)
            return false;
        r->traits_n++;
    }
    return r->traits != NULL;
}

bool report_components(struct pratique_report *r, struct arena *arena, const struct facts *facts)
{
    struct pratique_component *c;

    r->components_omitted = facts->reads_omitted;
    c = arena_array(arena, facts->reads, sizeof *c);
    if (!c)
        return false;
    r->components = c;
    for (size_t i = 0; i < facts->n; i++) {
        const struct fact *f = &facts->list[i];

        if (f->kind != FACT_READ)
            continue;
        if (!fill_component(c, arena, facts, i))
            return false;
        c++;
        r->components_n++;
    }
    return true;
}

void report_fill(struct pratique_report *r, struct task *t, const struct policy *policy)
{
    struct span path = fact_printable(&t->arena, span_text(t->path), WIRE_NAME_MAX);

    *r = (struct pratique_report){ .path = arena_copy(&t->arena, path.p, path.n),
                                   .format = t->end.format,
                                   .policy = policy->name,
                                   .whole = t->whole,
                                   .bytes = t->size,
                                   .bytes_read = t->end.work,
                                   .time_us = t->end.time_us };
    if (t->end.flags & WIRE_END_SHA256)
        sha256_hex(t->end.sha256, r->sha256);
    if (verdict_judge(&r->judged, &t->arena, &t->facts, policy) != PRATIQUE_OK ||
        !report_components(r, &t->arena, &t->facts) || !report_traits(r, &t->arena, &t->facts) ||
        !r->path)
        r->judged.verdict = pratique_verdict_worse(r->judged.verdict, PRATIQUE_UNDECIDED);
    r->path = r->path ? r->path : "";
}

const char *pratique_report_path(const struct pratique_report *r)
{
    return r->path;
}

enum pratique_verdict pratique_report_verdict(const struct pratique_report *r)
{
    return r->judged.verdict;
}

const char *pratique_report_format(const struct pratique_report *r)
{
    return r->format;
}

uint64_t pratique_report_bytes(const struct pratique_report *r)
{
    return r->bytes;
}

uint64_t pratique_report_bytes_read(const struct pratique_report *r)
{
    return r->bytes_read;
}

uint64_t pratique_report_time_us(const struct pratique_report *r)
{
    return r->time_us;
}

const char *pratique_report_sha256(const struct pratique_report *r)
{
    return r->sha256[0] ? r->sha256 : NULL;
}

const char *pratique_report_policy(const struct pratique_report *r)
{
    return r->policy;
}

size_t pratique_report_findings(const struct pratique_report *r)
{
    return r->judged.n;
}

const struct pratique_finding *pratique_report_finding(const struct pratique_report *r, size_t i)
{
    return i < r->judged.n ? &r->judged.findings[i] : NULL;
}

size_t pratique_report_components(const struct pratique_report *r)
{
    return r->components_n;
}

const struct pratique_component *pratique_report_component(const struct pratique_report *r,
                                                           size_t i)
{
    return i < r->components_n ? &r->components[i] : NULL;
}

uint64_t pratique_report_components_omitted(const struct pratique_report *r)
{
    return r->components_omitted;
}

size_t pratique_report_traits(const struct pratique_report *r)
{
    return r->traits_n;
}

const struct pratique_trait *pratique_report_trait(const struct pratique_report *r, size_t i)
{
    return i < r->traits_n ? &r->traits[i] : NULL;
}

bool pratique_report_whole(const struct pratique_report *r)
{
    return r->whole;
}

size_t pratique_report_events(const struct pratique_report *r)
{
    return r->events_n;
}

const struct pratique_event *pratique_report_event(const struct pratique_report *r, size_t i)
{
    return i < r->events_n ? &r->events[i] : NULL;
}

size_t pratique_report_processes(const struct pratique_report *r)
{
    return r->processes_n;
}

const struct pratique_process *pratique_report_process(const struct pratique_report *r, size_t i)
{
    return i < r->processes_n ? &r->processes[i] : NULL;
}

size_t pratique_report_layers(const struct pratique_report *r)
{
    return r->layers_n;
}

const struct pratique_layer *pratique_report_layer(const struct pratique_report *r, size_t i)
{
    return i < r->layers_n ? &r->layers[i] : NULL;
}

const char *pratique_report_isolation(const struct pratique_report *r)
{
    return r->isolation;
}

const char *pratique_report_interpreter(const struct pratique_report *r)
{
    return r->interpreter;
}
