/* Files of records; and the input as one record, its checksums right. */
#include <stdlib.h>

#include "format/tensorflow/crc32c.h"
#include "format/tensorflow/tensorflow.h"
#include "harness.h"

static void put_u32(uint8_t *p, uint32_t v)
{
    for (unsigned i = 0; i < 4; i++)
        p[i] = (uint8_t)(v >> (8 * i));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    uint8_t *copy = malloc(n + 16);

    harness_run(&format_tf_records, data, n);
    if (!copy)
        return 0;
    put_u32(copy, (uint32_t)n);
    put_u32(copy + 4, 0);
    put_u32(copy + 8, crc32c_masked(crc32c(0, span_of(copy, 8))));
    memcpy(copy + 12, data, n);
    put_u32(copy + 12 + n, crc32c_masked(crc32c(0, span_of(copy + 12, n))));
    harness_run(&format_tf_records, copy, n + 16);
    free(copy);
    return 0;
}
