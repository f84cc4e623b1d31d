/* Mach-O: by its first byte one of the six kinds, where it is none yet. */
#include "native.h"

static void repair(uint8_t *p, size_t n)
{
    static const char magics[6][5] = { "\xce\xfa\xed\xfe", "\xcf\xfa\xed\xfe", "\xfe\xed\xfa\xce",
                                       "\xfe\xed\xfa\xcf", "\xca\xfe\xba\xbe", "\xca\xfe\xba\xbf" };

    (void)n;
    for (size_t i = 0; i < 6; i++)
        if (memcmp(p, magics[i], 4) == 0)
            return;
    memcpy(p, magics[p[0] % 6], 4);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    native_run("Mach-O", repair, 4, data, n);
    return 0;
}
