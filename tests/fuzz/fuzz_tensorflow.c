/* SavedModel, MetaGraph, GraphDef and what Keras keeps beside them; every kind over every input. */
#include <stdlib.h>

#include "format/tensorflow/tensorflow.h"
#include "harness.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const enum tf_message kinds[] = { TF_SAVED_MODEL, TF_META_GRAPH, TF_GRAPH,
                                             TF_KERAS_METADATA };

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct harness h;
        uint64_t memory;

        harness_init(&h);
        memory = h.budget.memory_left;
        if (tf_read_message(&h.scan, span_of(data, n), kinds[i], false) == PRATIQUE_OK &&
            h.facts.n == 0)
            abort(); /* what was read is told */
        if (h.budget.memory_left != memory)
            abort();
        harness_free(&h);
    }
    harness_run(&format_tensorflow, data, n);
    return 0;
}
