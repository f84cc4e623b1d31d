/* What libarchive reads: 7z and RAR, whichever the input looks like. */
#include "format/archive/archive.h"
#include "harness.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    if (format_7z.looks_like(span_of(data, n)))
        harness_run(&format_7z, data, n);
    if (format_rar.looks_like(span_of(data, n)))
        harness_run(&format_rar, data, n);
    return 0;
}
