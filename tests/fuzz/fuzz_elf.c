/* ELF, of both widths and byte orders. */
#include "native.h"

static void repair(uint8_t *p, size_t n)
{
    (void)n;
    memcpy(p,
           "\x7f"
           "ELF",
           4);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    native_run("ELF", repair, 4, data, n);
    return 0;
}
