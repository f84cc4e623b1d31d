/* One scan over bytes in memory, for the tests of single formats; what is nested is counted. */
#ifndef PRATIQUE_TESTS_MODEL_H
#define PRATIQUE_TESTS_MODEL_H

#include <stdlib.h>

#include "format/format.h"
#include "test.h"

struct bench {
    struct scan scan; /* first: nested() finds the bench by it */
    struct arena arena;
    struct budget budget;
    struct facts facts;
    uint64_t nested, nested_bytes;
    enum pratique_status status;
};

static inline enum pratique_status bench_nested(struct scan *s, struct span body, struct span name,
                                                enum role role)
{
    struct bench *b = (struct bench *)(void *)s;

    (void)name;
    (void)role;
    b->nested++;
    b->nested_bytes += body.n;
    return PRATIQUE_OK;
}

static inline void bench_init(struct bench *b)
{
    *b = (struct bench){ .budget = { .memory_left = 1u << 30,
                                     .output_left = 256u << 20,
                                     .members_left = 1000,
                                     .ratio = 400,
                                     .depth_max = 16 } };
    arena_init(&b->arena, 64u << 20);
    facts_init(&b->facts, &b->arena);
    b->scan = (struct scan){ .arena = &b->arena,
                             .budget = &b->budget,
                             .facts = &b->facts,
                             .where = facts_where(&b->facts, NULL, SPAN_LITERAL("input")),
                             .name = SPAN_LITERAL("input"),
                             .nested = bench_nested };
}

static inline void bench_free(struct bench *b)
{
    facts_free(&b->facts);
    arena_reset(&b->arena);
}

/* A run of f over in, in a block of its exact size; the bench is read, then freed, by the caller.
 */
static inline void bench_run(struct bench *b, const struct format *f, struct span in,
                             const char *name)
{
    uint8_t *copy = malloc(in.n ? in.n : 1);
    uint64_t memory;

    bench_init(b);
    b->scan.name = span_text(name);
    memory = b->budget.memory_left;
    if (copy) {
        memcpy(copy, in.p, in.n);
        (void)f->looks_like(span_of(copy, in.n));
        b->status = f->scan(&b->scan, span_of(copy, in.n));
    }
    CHECK(copy && b->budget.memory_left == memory, "%s: memory given back", name);
    CHECK(b->status == PRATIQUE_OK || b->scan.error.status == b->status, "%s: a reason", name);
    free(copy);
}

static inline size_t bench_count(const struct bench *b, enum fact_kind kind)
{
    size_t n = 0;

    for (size_t i = 0; i < b->facts.n; i++)
        n += b->facts.list[i].kind == kind;
    return n;
}

/* The first fact of a kind, or NULL. */
static inline const struct fact *bench_fact(const struct bench *b, enum fact_kind kind)
{
    for (size_t i = 0; i < b->facts.n; i++)
        if (b->facts.list[i].kind == kind)
            return &b->facts.list[i];
    return NULL;
}

/* A file of the tests' folder; false and empty when it cannot be read. Free with free((void *)p).
 */
static inline bool bench_load(const char *path, struct span *out)
{
    FILE *f = fopen(path, "rb");
    uint8_t *p = malloc(1u << 20);
    size_t n = 0;

    *out = SPAN_EMPTY;
    if (f && p)
        n = fread(p, 1, 1u << 20, f);
    if (f)
        fclose(f);
    if (n == 0) {
        free(p);
        return false;
    }
    *out = span_of(p, n);
    return true;
}

/* Cut at each byte and each byte flipped: no crash, memory given back, a reason for a failure. */
static inline void bench_sweep(const struct format *f, struct span in, const char *name)
{
    static const uint8_t flips[] = { 0x01, 0x80, 0xff };
    uint8_t *copy = malloc(in.n);
    struct bench b;

    if (!copy)
        return;
    memcpy(copy, in.p, in.n);
    for (size_t n = 0; n < in.n; n++) {
        bench_run(&b, f, span_of(copy, n), name);
        bench_free(&b);
    }
    for (size_t i = 0; i < in.n; i++)
        for (size_t k = 0; k < sizeof flips; k++) {
            copy[i] ^= flips[k];
            bench_run(&b, f, span_of(copy, in.n), name);
            bench_free(&b);
            copy[i] ^= flips[k];
        }
    free(copy);
}

#endif
