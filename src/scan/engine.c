/*
 * Runs the formats. Every format that matches is run, so that a file which is
 * two things at once is inspected as both; nested content comes back here
 * through scan_nested(), one level deeper and under the same budget.
 */
#include "scan/engine.h"

#include <stdio.h>
#include <string.h>

#include "format/format.h"
#include "format/layout.h"
#include "format/package/package.h"
#include "format/path.h"

/* One file under inspection; formats see its scan only. */
struct file {
    struct scan scan; /* first: nested() is handed this */
    struct engine *engine;
    uint64_t tensors, tensor_bytes; /* members whose bodies were left unread */
    unsigned matches;
    char format[ENGINE_FORMAT_MAX]; /* those that matched */
};

/* Formats of which a file may honestly be both. */
static const struct {
    const char *a, *b;
} companions[] = {
    { "TensorFlow Lite", "zip" }, /* model metadata is a zip appended to the model */
};

static enum pratique_status nested(struct scan *s, struct span body, struct span name,
                                   enum role role);

static bool are_companions(const char *a, const char *b)
{
    for (size_t i = 0; i < ARRAY_LEN(companions); i++)
        if ((strcmp(companions[i].a, a) == 0 && strcmp(companions[i].b, b) == 0) ||
            (strcmp(companions[i].a, b) == 0 && strcmp(companions[i].b, a) == 0))
            return true;
    return false;
}

static void file_init(struct file *x, struct engine *e, const struct where *where, struct span name)
{
    *x = (struct file){ .scan = { .arena = &e->arena,
                                  .budget = &e->budget,
                                  .facts = &e->facts,
                                  .where = where,
                                  .name = name,
                                  .own_modules = &e->own_modules,
                                  .values = e->values,
                                  .packages = e->packages,
                                  .nested = nested },
                        .engine = e };
}

/* A limit stops the artifact, and is told once: where it was met, not by each file around it. */
static enum pratique_status stop(struct file *x, enum pratique_status st)
{
    struct scan *s = &x->scan;
    bool own = s->error.status == st;
    const char *spent = s->budget->spent ? s->budget->spent : "limit";
    uint64_t offset = own ? s->error.offset : PRATIQUE_NO_OFFSET;
    struct span why = own ? span_text(s->error.msg) : SPAN_EMPTY;

    if (!x->engine->stopped && st == PRATIQUE_E_LIMIT)
        scan_fact(s, FACT_LIMIT, offset, span_text(spent), why);
    else if (!x->engine->stopped)
        scan_fact(s, FACT_NO_MEMORY, offset, SPAN_EMPTY, why);
    x->engine->stopped = true;
    return st;
}

/* Turns a parser's failure into a fact; only a limit is handed on. */
static enum pratique_status settle(struct file *x, const struct format *f, enum pratique_status st)
{
    if (st == PRATIQUE_OK)
        return st;
    if (st == PRATIQUE_E_LIMIT || st == PRATIQUE_E_NOMEM)
        return stop(x, st);
    scan_fact(&x->scan, FACT_BROKEN,
              x->scan.error.status ? x->scan.error.offset : PRATIQUE_NO_OFFSET, span_text(f->name),
              span_text(x->scan.error.msg));
    return PRATIQUE_OK;
}

/* Appends to the name of what the file is: "zip (torch) + pickle". */
static void name_format(struct file *x, const struct format *f)
{
    size_t n = strlen(x->format);
    const char *kind = x->scan.recognised;

    (void)snprintf(x->format + n, sizeof x->format - n, "%s%s%s%s%s", n ? " + " : "", f->name,
                   kind ? " (" : "", kind ? kind : "", kind ? ")" : "");
}

static enum pratique_status run_format(struct file *x, const struct format *f, struct span in)
{
    uint64_t before = x->scan.budget->work_done;
    struct package *outer = x->scan.package;
    enum pratique_status st;

    x->scan.error = (struct pratique_error){ 0 };
    x->scan.recognised = NULL;
    st = f->scan(&x->scan, in);
    if (x->scan.package && x->scan.package != outer) /* layout_report() began it */
        st = package_end(&x->scan, st);
    x->scan.package = outer;
    if (x->scan.budget->work_done == before) /* it kept no count: it read all */
        x->scan.budget->work_done += in.n;
    name_format(x, f);
    return settle(x, f, st);
}

static void note_polyglot(struct file *x)
{
    scan_fact(&x->scan, FACT_POLYGLOT, 0, span_text(x->format),
              SPAN_LITERAL("each of them was inspected"));
}

/* By content; or by name, where the program that opens the file goes by that alone. */
static bool matches(const struct file *x, const struct format *f, struct span in)
{
    return !format_is_last_resort(f) && (f->looks_like(in) || (f->named && f->named(x->scan.name)));
}

/* Runs every proper format that matches. */
static enum pratique_status run_matching(struct file *x, struct span in)
{
    const struct format *first = NULL;
    enum pratique_status st = PRATIQUE_OK;
    bool odd = false;

    for (const struct format *const *f = formats; *f && st == PRATIQUE_OK; f++) {
        if (!matches(x, *f, in))
            continue;
        odd |= first && !are_companions(first->name, (*f)->name);
        first = first ? first : *f;
        x->matches++;
        st = run_format(x, *f, in);
    }
    if (odd)
        note_polyglot(x);
    return st;
}

static enum pratique_status run_last_resort(struct file *x, struct span in)
{
    for (const struct format *const *f = formats; *f; f++)
        if (format_is_last_resort(*f) && (*f)->looks_like(in))
            return run_format(x, *f, in);
    scan_fact(&x->scan, FACT_UNKNOWN_CONTENT, 0, SPAN_EMPTY, SPAN_EMPTY);
    return PRATIQUE_OK;
}

static enum pratique_status run_file(struct file *x, struct span in)
{
    const struct format *own = layout_format_of_role(x->scan.role);
    enum pratique_status st;

    if (own) { /* its container says what it is; what its parser does not know comes back here */
        st = run_format(x, own, in);
    } else {
        st = run_matching(x, in);
        if (st == PRATIQUE_OK && x->matches == 0)
            st = run_last_resort(x, in);
    }
    if (x->tensors)
        scan_read(&x->scan, "tensor", x->tensor_bytes, "%llu %s, not read",
                  (unsigned long long)x->tensors, x->tensors == 1 ? "body" : "bodies");
    return st;
}

static enum pratique_status run_member(struct file *parent, struct span body, struct span name,
                                       enum role role)
{
    struct engine *e = parent->engine;
    const struct where *where = facts_where(&e->facts, parent->scan.where, name);
    enum pratique_status st;
    struct file x;

    if (!where)
        return stop(parent, scan_fail(&parent->scan, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET,
                                      "while naming a member"));
    file_init(&x, e, where, name);
    x.scan.role = role;
    x.scan.depth = parent->scan.depth + 1;
    x.scan.package = parent->scan.package;
    if (x.scan.depth > e->budget.depth_max) {
        scan_factf(&x.scan, FACT_LIMIT, PRATIQUE_NO_OFFSET, SPAN_LITERAL("depth"),
                   "files within files, %u deep", (unsigned)x.scan.depth);
        return PRATIQUE_OK; /* its siblings are no deeper than it */
    }
    st = run_file(&x, body);
    parent->scan.inner = x.scan.recognised;
    return st;
}

static enum pratique_status nested(struct scan *s, struct span body, struct span name,
                                   enum role role)
{
    struct file *parent = (struct file *)(void *)s;

    if (!budget_time(s->budget))
        return stop(parent, scan_fail_budget(s, PRATIQUE_NO_OFFSET));
    if (role == ROLE_TENSOR) {
        parent->tensors++;
        parent->tensor_bytes += body.n;
        return PRATIQUE_OK;
    }
    if (parent->scan.package)
        package_member(&parent->scan, name, body);
    if (body.n == 0) /* nothing in it can do anything */
        return PRATIQUE_OK;
    return run_member(parent, body, name, role);
}

void engine_init(struct engine *e, const struct pratique_limits *limits, struct span name)
{
    /* Part of the memory is for what no budget sees: the libraries' own, and the heap's losses. */
    *e = (struct engine){ .budget = { .memory_left = limits->memory_bytes / 2,
                                      .output_left = limits->output_bytes,
                                      .members_left = limits->members,
                                      .ratio = limits->ratio,
                                      .depth_max = limits->depth,
                                      .deadline_us =
                                          budget_now_us() + (uint64_t)limits->time_ms * 1000 } };
    arena_init(&e->arena, (size_t)(limits->memory_bytes / 4));
    facts_init(&e->facts, &e->arena);
    e->root = facts_where(&e->facts, NULL, name);
    e->facts.full = !e->root;
}

void engine_fact(struct engine *e, enum fact_kind kind, const char *detail)
{
    if (e->root)
        facts_add(&e->facts, &(struct fact){ .kind = kind,
                                             .where = e->root,
                                             .offset = PRATIQUE_NO_OFFSET,
                                             .subject = SPAN_EMPTY,
                                             .detail = span_text(detail) });
}

/* Files whose being there is all that they say (PEP 561, PEP 376, git). */
static bool is_marker(struct span name)
{
    static const char *const markers[] = { "py.typed",     ".gitkeep", ".keep",    "REQUESTED",
                                           "not-zip-safe", "zip-safe", ".nojekyll" };
    struct span base = path_base(name);

    for (size_t i = 0; i < ARRAY_LEN(markers); i++)
        if (span_is(base, markers[i]))
            return true;
    return base.n > 5 && span_ends(base, SPAN_LITERAL(".lock")); /* of downloads: huggingface_hub */
}

/* Whether a format takes the file by its name: then an empty one is whole (__init__.py). */
static bool goes_by_name(struct span name)
{
    for (const struct format *const *f = formats; *f; f++)
        if ((*f)->named && (*f)->named(name))
            return true;
    return false;
}

void engine_scan(struct engine *e, struct span bytes, struct span name)
{
    struct file x;

    if (!e->root)
        return;
    file_init(&x, e, e->root, name);
    x.scan.numbers = e->numbers;
    if (bytes.n == 0 && is_marker(name))
        scan_read(&x.scan, "text", 0, "a marker");
    else if (bytes.n == 0 && !goes_by_name(name))
        engine_fact(e, FACT_EMPTY, "");
    else
        (void)run_file(&x, bytes); /* a limit is among the facts */
    if (e->facts.n == 0)           /* a format that says nothing is no reason to admit */
        engine_fact(e, FACT_UNKNOWN_CONTENT, "");
    memcpy(e->format, x.format, sizeof e->format);
}

void engine_free(struct engine *e)
{
    facts_free(&e->facts);
    arena_reset(&e->arena);
}
