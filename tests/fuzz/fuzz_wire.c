/*
 * An answer of a worker that was taken over. Whatever it says: each fact has a
 * kind and a place, every text is printable, and saying it again says the same.
 */
#include <stdlib.h>

#include "base/utf8.h"
#include "harness.h"
#include "scan/wire.h"

static void must(bool ok)
{
    if (!ok)
        abort();
}

static void check_text(struct span s)
{
    while (s.n > 0) {
        uint32_t c;
        size_t n = utf8_decode(s, &c);

        must(n > 0 && utf8_is_printable(c));
        (void)skip(&s, n);
    }
}

static void check_facts(const struct facts *facts)
{
    must(facts->n > 0 || facts->full);
    must(facts->n <= FACT_MAX);
    for (size_t i = 0; i < facts->n; i++) {
        must(facts->list[i].kind < FACT_KINDS && facts->list[i].where);
        check_text(facts->list[i].subject);
        check_text(facts->list[i].detail);
        check_text(span_text(facts->list[i].where->name));
    }
}

static void check_again(const struct facts *facts, const struct wire_end *end)
{
    struct arena arena;
    struct facts again;
    struct wire_end end_again;
    const char *why;
    struct buf out;

    arena_init(&arena, 256u << 20);
    facts_init(&again, &arena);
    buf_init(&out, WIRE_ANSWER_MAX);
    must(wire_put_answer(&out, facts, end));
    must(wire_take_answer(span_of(out.p, out.n), SPAN_LITERAL("input"), &again, &end_again, &why) ==
         PRATIQUE_OK);
    must(again.n == facts->n && end_again.work == end->work);
    buf_free(&out);
    facts_free(&again);
    arena_reset(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena arena;
    struct facts facts;
    struct wire_end end;
    const char *why;
    struct span in = span_of(data, n), head;
    struct sandbox_layer layers[SANDBOX_LAYERS];
    struct wire_job job;
    uint32_t id, len;

    (void)!wire_take_hello(in, layers);
    (void)!wire_take_job(in, &job);
    if (take(&in, WIRE_FRAME_HEAD, &head))
        (void)!wire_take_frame(head, &id, &len);
    arena_init(&arena, 256u << 20);
    facts_init(&facts, &arena);
    if (wire_take_answer(span_of(data, n), SPAN_LITERAL("input"), &facts, &end, &why) ==
        PRATIQUE_OK) {
        check_facts(&facts);
        check_again(&facts, &end);
    }
    facts_free(&facts);
    arena_reset(&arena);
    return 0;
}
