/* Expressions of torch.export: what is plain has nothing of a program's in it. */
#include <ctype.h>
#include <stdlib.h>

#include "format/torch/expression.h"
#include "harness.h"

static bool has(struct span in, const char *needle)
{
    return span_find(in, 0, span_text(needle)) != SIZE_MAX;
}

/* "lambda " as a word of its own: a symbol may be called Lizelambda, and a string hold anything. */
static bool has_lambda(struct span in)
{
    bool quoted = has(in, "'") || has(in, "\"");
    size_t at = quoted ? SIZE_MAX : span_find(in, 0, SPAN_LITERAL("lambda "));

    while (at != SIZE_MAX && at > 0 && (isalnum(in.p[at - 1]) || in.p[at - 1] == '_'))
        at = span_find(in, at + 1, SPAN_LITERAL("lambda "));
    return at != SIZE_MAX;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct span in = span_of(data, n);

    for (unsigned guard = 0; guard < 2; guard++)
        if (expression_kind(in, guard) == EXPRESSION_PLAIN &&
            (has(in, "\\") || has(in, ";") || has(in, "{") || has_lambda(in) || has(in, "\n")))
            abort();
    return 0;
}
