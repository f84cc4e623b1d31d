/* See harness.h. */
#include "harness.h"

#include <stdlib.h>

#include "format/python/python.h"
#include "format/text/deny.h"
#include "rules/pynames.h"

static enum pratique_status count_nested(struct scan *s, struct span body, struct span name,
                                         enum role role)
{
    struct harness *h = (struct harness *)(void *)((char *)s - offsetof(struct harness, scan));
    volatile uint8_t sink = 0;

    (void)role;
    for (size_t i = 0; i < body.n; i += 512)
        sink ^= body.p[i];
    for (size_t i = 0; i < name.n; i++)
        sink ^= name.p[i];
    (void)sink;
    h->nested++;
    return PRATIQUE_OK;
}

void harness_init(struct harness *h)
{
    *h = (struct harness){ .budget = { .memory_left = 256u << 20,
                                       .output_left = 256u << 20,
                                       .members_left = 10000,
                                       .ratio = 400,
                                       .depth_max = 16 } };
    if (rules_interest() && python_warm(rules_interest())) /* as each worker, before its lock */
        text_names_warm(rules_interest());
    arena_init(&h->arena, 64u << 20);
    facts_init(&h->facts, &h->arena);
    h->scan = (struct scan){ .arena = &h->arena,
                             .budget = &h->budget,
                             .facts = &h->facts,
                             .where = facts_where(&h->facts, NULL, SPAN_LITERAL("input")),
                             .name = SPAN_LITERAL("input"),
                             .nested = count_nested };
}

void harness_free(struct harness *h)
{
    facts_free(&h->facts);
    arena_reset(&h->arena);
}

void harness_run(const struct format *format, const uint8_t *data, size_t n)
{
    struct harness h;
    uint64_t memory;
    enum pratique_status st;

    harness_init(&h);
    memory = h.budget.memory_left;
    (void)format->looks_like(span_of(data, n));
    st = format->scan(&h.scan, span_of(data, n));
    if (st != PRATIQUE_OK && h.scan.error.status != st)
        abort(); /* a failure without its reason */
    if (h.budget.memory_left != memory)
        abort(); /* memory charged and not given back */
    harness_free(&h);
}
