/* Blocks of snappy and LZ4: exactly as many bytes as were asked for, or nothing. */
#include <stdlib.h>

#include "format/codec/block.h"
#include "harness.h"

#define MOST 65536

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct span in = span_of(data, n);
    uint64_t size;
    uint8_t *out;

    if (!block_snappy_size(in, &size) || size > MOST)
        size = n;
    out = malloc(size ? size : 1);
    if (!out)
        return 0;
    (void)!block_snappy(in, out, size);
    (void)!block_lz4(in, out, size);
    free(out);
    return 0;
}
