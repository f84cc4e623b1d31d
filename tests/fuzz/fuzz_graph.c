/*
 * A package of sources: the input is cut at NUL bytes into paths and texts, in turn. Outlines,
 * links and the search must end, and each chain must name what is called.
 */
#include <stdlib.h>

#include "fact/package.h"
#include "format/package/package.h"
#include "format/python/python.h"
#include "harness.h"

#define FILES_MAX 24

struct files {
    struct member list[FILES_MAX];
    struct span texts[FILES_MAX];
    size_t n;
};

static struct span take_part(struct span *in)
{
    size_t n = 0;
    struct span part;

    while (n < in->n && in->p[n] != 0)
        n++;
    (void)take(in, n, &part);
    (void)skip(in, 1);
    return part;
}

static void split(struct span in, struct files *f)
{
    while (in.n > 0 && f->n < FILES_MAX) {
        struct span path = take_part(&in);

        f->list[f->n] = (struct member){ .name = path, .raw = SPAN_EMPTY };
        f->texts[f->n++] = take_part(&in);
    }
}

static void scan_file(struct harness *h, struct span path, struct span text)
{
    struct scan *s = &h->scan;
    const struct where *outer = s->where;

    package_member(s, path, text);
    if (text.n == 0)
        return;
    s->name = path;
    s->where = facts_where(s->facts, outer, path);
    if (s->where && python_scan(s, text, 1) != PRATIQUE_OK && s->error.status == PRATIQUE_OK)
        abort(); /* a failure without its reason */
    s->where = outer;
}

static void check(const struct fact *f)
{
    struct span chain = f->refs[PKG_REF_CHAIN];

    if (f->kind != FACT_PKG_RUNS)
        return;
    if (!(f->flags & PKG_WHEN) || f->subject.n == 0)
        abort(); /* it runs, and nobody knows when */
    if (chain.n < FACT_SUBJECT_MAX && !span_ends(chain, f->subject) && f->subject.n < 200)
        abort(); /* a chain that leads elsewhere */
}

static void run(const struct files *f, enum package_kind kind)
{
    struct harness h;
    uint64_t memory;
    const struct archive a = { .kind = "zip", .members = f->list, .n = f->n };

    harness_init(&h);
    memory = h.budget.memory_left;
    h.scan.packages = PACKAGES_ALL;
    package_begin(&h.scan, &a);
    if (h.scan.package)
        h.scan.package->kind = kind;
    for (size_t i = 0; i < f->n && h.scan.package; i++)
        scan_file(&h, f->list[i].name, f->texts[i]);
    if (h.scan.package && package_end(&h.scan, PRATIQUE_OK) != PRATIQUE_OK &&
        h.scan.error.status == PRATIQUE_OK)
        abort();
    if (h.budget.memory_left != memory)
        abort(); /* memory charged and not given back */
    for (size_t i = 0; i < h.facts.n; i++)
        check(&h.facts.list[i]);
    harness_free(&h);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct files f = { .n = 0 };

    split(span_of(data, n), &f);
    run(&f, PACKAGE_WHEEL);
    run(&f, PACKAGE_SDIST);
    return 0;
}
