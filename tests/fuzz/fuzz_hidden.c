/* Hidden text: every place that is told is in the text, and few are. */
#include <stdlib.h>

#include "format/python/hidden.h"
#include "harness.h"

static void must(bool ok)
{
    if (!ok)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct harness h;
    uint32_t lines = 1;

    for (size_t i = 0; i < n; i++)
        lines += data[i] == '\n' || data[i] == '\r';
    harness_init(&h);
    hidden_tell(&h.scan, span_of(data, n), 1, 0);
    must(h.facts.n <= 8 * 16);
    for (size_t i = 0; i < h.facts.n; i++) {
        const struct fact *f = &h.facts.list[i];

        must(f->kind == FACT_PY_HIDDEN && f->offset < n && f->line >= 1 && f->line <= lines);
        must(f->column >= 1 && f->column <= n);
    }
    harness_free(&h);
    return 0;
}
