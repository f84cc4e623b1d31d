/* Expressions of torch.export: what is plain has nothing of a program's in it. */
#include <stdlib.h>

#include "format/torch/expression.h"
#include "harness.h"

static bool has(struct span in, const char *needle)
{
    return span_find(in, 0, span_text(needle)) != SIZE_MAX;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct span in = span_of(data, n);

    for (unsigned guard = 0; guard < 2; guard++)
        if (expression_kind(in, guard) == EXPRESSION_PLAIN &&
            (has(in, "\\") || has(in, ";") || has(in, "{") || has(in, "lambda ") || has(in, "\n")))
            abort();
    return 0;
}
