/* Parquet, its pages and its Thrift: src/format/table/parquet.c. */
#include "format/table/parquet.h"
#include "harness.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    harness_run(&format_parquet, data, n);
    return 0;
}
