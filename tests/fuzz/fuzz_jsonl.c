/* Lines of JSON: src/format/table/jsonl.c. */
#include "format/table/jsonl.h"
#include "harness.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    harness_run(&format_jsonl, data, n);
    return 0;
}
