/* A tar as it is unpacked, compressed or not. */
#include "harness.h"
#include "unpacking.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    unpacking_run(span_of(data, n), "a.tar", UNPACK_TAR);
    return 0;
}
