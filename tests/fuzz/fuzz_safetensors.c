/* Safetensors: a file with nothing against it is longer than its header says, and has no rest. */
#include <stdlib.h>

#include "format/safetensors/safetensors.h"
#include "harness.h"

/* The bodies are read as well: nothing but their values may come of it. */
static void with_values(struct span in, size_t facts, enum pratique_status want)
{
    struct harness h;

    harness_init(&h);
    h.scan.values = true;
    if (format_safetensors.scan(&h.scan, in) != want || (want == PRATIQUE_OK && h.facts.n < facts))
        abort();
    harness_free(&h);
}

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
    with_values(span_of(data, n), h.facts.n, st);
    harness_free(&h);
    return 0;
}
