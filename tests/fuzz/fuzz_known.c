/* Known formats: none is read past its end, and what is claimed is told. */
#include <stdlib.h>

#include "format/known/known.h"
#include "format/known/media.h"
#include "harness.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct span in = span_of(data, n);
    const struct media *m = media_of(in);
    struct harness h;

    if (m && m->end(in) > n)
        abort();
    harness_run(&format_known, data, n);
    harness_init(&h);
    if (format_known.looks_like(in) && format_known.scan(&h.scan, in) == PRATIQUE_OK &&
        h.facts.n == 0)
        abort(); /* claimed, and nothing said */
    harness_free(&h);
    return 0;
}
