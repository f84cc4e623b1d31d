/* Content of no known format: it stays unknown, and what is handed on lies inside it. */
#include <stdlib.h>

#include "format/carve/carve.h"
#include "format/carve/trial.h"
#include "harness.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct span in = span_of(data, n);
    struct trial t = trial_pickle(in);
    struct harness h;

    if (t.used > n || trial_tar(in) > n)
        abort();
    harness_run(&format_unknown, data, n);
    harness_init(&h);
    (void)format_unknown.scan(&h.scan, in);
    if (h.facts.n == 0 || h.facts.list[0].kind != FACT_UNKNOWN_CONTENT)
        abort();
    harness_free(&h);
    return 0;
}
