/* The pickle machine: on any bytes it ends, gives its memory back, and never reads past them. */
#include <stdlib.h>

#include "format/pickle/pickle.h"
#include "harness.h"

/* One pickle as every container runs it: whatever stops has consumed no more than there is. */
static void run_as(const uint8_t *data, size_t n, bool torch, bool joblib)
{
    struct pickle_options options = { .torch = torch, .joblib = joblib };
    struct pickle_end end;
    struct harness h;
    enum pratique_status st;
    uint64_t memory;

    harness_init(&h);
    memory = h.budget.memory_left;
    st = pickle_run(&h.scan, span_of(data, n), 0, &options, &end);
    if (end.consumed > n || (st == PRATIQUE_OK && !end.stop) || h.budget.memory_left != memory)
        abort();
    harness_free(&h);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    run_as(data, n, true, false);
    run_as(data, n, false, true);
    harness_run(&format_pickle, data, n);
    return 0;
}
