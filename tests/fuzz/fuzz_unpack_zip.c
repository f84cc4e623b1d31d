/* A zip file as it is unpacked, by itself and as a wheel. */
#include "harness.h"
#include "unpacking.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    unpacking_run(span_of(data, n), "a.zip", UNPACK_ZIP);
    unpacking_run(span_of(data, n), "a-1.0-py3-none-any.whl", UNPACK_ZIP);
    return 0;
}
