/* Every format of one compressed file, whichever the input looks like. */
#include "format/stream/stream.h"
#include "harness.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const struct format *const streams[] = { &format_gzip, &format_bzip2, &format_xz,
                                                    &format_lzma, &format_zstd,  &format_lz4,
                                                    &format_zlib };

    for (size_t i = 0; i < sizeof streams / sizeof *streams; i++)
        if (streams[i]->looks_like(span_of(data, n)))
            harness_run(streams[i], data, n);
    return 0;
}
