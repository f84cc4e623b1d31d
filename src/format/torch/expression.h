/* Expressions in the programs of torch.export: sizes as sympy prints them, and guards. */
#ifndef PRATIQUE_FORMAT_TORCH_EXPRESSION_H
#define PRATIQUE_FORMAT_TORCH_EXPRESSION_H

#include "input/span.h"

enum expression_kind {
    EXPRESSION_PLAIN,   /* numbers, symbols, and functions that compute with them */
    EXPRESSION_UNKNOWN, /* a function or an attribute that is not known */
    EXPRESSION_CODE,    /* more than an expression of sizes needs: it is run as Python */
};

/* What text is; guard: attributes and items of the inputs are allowed (L['x'].size()[0]). */
enum expression_kind expression_kind(struct span text, bool guard);

#endif
