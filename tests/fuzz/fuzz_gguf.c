/* GGUF files. */
#include "format/gguf/gguf.h"
#include "harness.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    harness_run(&format_gguf, data, n);
    return 0;
}
