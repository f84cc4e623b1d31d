/* GGUF files, and those of the formats before it. */
#include "format/gguf/gguf.h"
#include "harness.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    harness_run(&format_gguf, data, n);
    harness_run(&format_ggml, data, n);
    return 0;
}
