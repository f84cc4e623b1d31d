/* PE: the header is put where it is said to be, at the front when that is nowhere. */
#include "native.h"

static void repair(uint8_t *p, size_t n)
{
    size_t at = p[0x3c] | (size_t)p[0x3d] << 8;

    memcpy(p, "MZ", 2);
    p[0x3e] = p[0x3f] = 0;
    if (at < 0x40 || at > n - 4) {
        at = 0x40;
        p[0x3c] = 0x40;
        p[0x3d] = 0;
    }
    memcpy(p + at, "PE\0\0", 4);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    native_run("PE", repair, 0x44, data, n);
    return 0;
}
