/* The types of safetensors: enum Dtype of the library. */
#ifndef PRATIQUE_FORMAT_SAFETENSORS_DTYPE_H
#define PRATIQUE_FORMAT_SAFETENSORS_DTYPE_H

#include "format/safetensors/values.h"
#include "input/span.h"

struct dtype {
    struct span name; /* in the header */
    unsigned bits;    /* of one element */
    enum value_kind kind;
};

/* The type of that name, or NULL. */
const struct dtype *dtype_find(struct span name) MUST_CHECK;

#endif
