/* SQLite databases: src/format/table/sqlite.c. */
#include "format/table/sqlite.h"
#include "harness.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    harness_run(&format_sqlite, data, n);
    return 0;
}
