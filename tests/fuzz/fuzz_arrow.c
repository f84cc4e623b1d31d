/* Arrow files and streams, by their first byte: src/format/table/arrow.c. */
#include "format/table/arrow.h"
#include "harness.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    harness_run(n > 0 && data[0] == 'A' ? &format_arrow : &format_arrow_stream, data, n);
    return 0;
}
