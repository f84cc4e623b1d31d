/* schema.json of skops. */
#include "format/skops/skops.h"
#include "harness.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    harness_run(&format_skops, data, n);
    return 0;
}
