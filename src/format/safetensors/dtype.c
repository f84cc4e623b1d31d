/* See dtype.h. */
#include "format/safetensors/dtype.h"

#include "base/compiler.h"

#define DTYPE(name, bits, kind)                                                                    \
    { { (const uint8_t *)(name), sizeof(name) - 1 }, bits, VALUE_##kind },
static const struct dtype dtypes[] = {
#include "format/safetensors/dtypes.def"
};
#undef DTYPE

const struct dtype *dtype_find(struct span name)
{
    for (size_t i = 0; i < ARRAY_LEN(dtypes); i++)
        if (span_equal(dtypes[i].name, name))
            return &dtypes[i];
    return NULL;
}
