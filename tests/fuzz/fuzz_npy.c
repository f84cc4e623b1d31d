/* .npy files; the reader of headers on its own, whose answer must agree with itself. */
#include <stdlib.h>

#include "format/numpy/npy.h"
#include "harness.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct npy_header h;

    if (!npy_header_read(span_of(data, n), true, &h)) {
        if (h.objects ? h.bytes != 0 : h.item && h.count && h.bytes / h.item != h.count)
            abort();
        if (h.descr.n == 0 || h.shape.n < 2)
            abort(); /* neither can be empty */
    }
    harness_run(&format_npy, data, n);
    return 0;
}
