/* Safetensors: a file with nothing against it is longer than its header says, and has no rest. */
#include <stdlib.h>

#include "format/safetensors/safetensors.h"
#include "harness.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct span in = span_of(data, n);
    enum pratique_status st;
    struct harness h;
    uint64_t len;

    harness_run(&format_safetensors, data, n);
    harness_init(&h);
    st = format_safetensors.scan(&h.scan, in);
    if (st == PRATIQUE_OK && (h.facts.n == 0 || !take_u64le(&in, &len) || len > in.n))
        abort();
    if (st == PRATIQUE_OK && h.facts.n == 1 && h.nested > 0)
        abort(); /* hidden bytes that no fact speaks of */
    harness_free(&h);
    return 0;
}
