/*
 * Python source from bytes to facts: decoded, parsed, resolved, told. Each place that a
 * fact names lies in the input.
 */
#include <stdlib.h>

#include "fact/python.h"
#include "format/python/python.h"
#include "harness.h"

/* Lines as any editor counts them, and one behind the last. */
static uint32_t lines_of(const uint8_t *data, size_t n)
{
    uint32_t lines = 2;

    for (size_t i = 0; i < n; i++)
        lines += data[i] == '\n' || data[i] == '\r';
    return lines;
}

static void check(const struct fact *f, const uint8_t *data, size_t n)
{
    if (f->offset != PRATIQUE_NO_OFFSET && f->offset > n)
        abort();
    if (f->kind == FACT_PY_NAME && f->line > lines_of(data, n) && f->offset != PRATIQUE_NO_OFFSET)
        abort();
    if (f->kind == FACT_PY_NAME && f->subject.n == 0)
        abort(); /* a name without one */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct harness h;

    harness_run(&format_python, data, n);
    harness_init(&h);
    h.scan.name = SPAN_LITERAL("a.py");
    if (python_scan(&h.scan, span_of(data, n), 1) == PRATIQUE_OK && h.facts.n == 0)
        abort(); /* read, and nothing said of it */
    for (size_t i = 0; i < h.facts.n; i++)
        check(&h.facts.list[i], data, n);
    harness_free(&h);
    return 0;
}
