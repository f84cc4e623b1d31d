/* Formats that hold one compressed file and nothing else. See stream.c. */
#ifndef PRATIQUE_FORMAT_STREAM_STREAM_H
#define PRATIQUE_FORMAT_STREAM_STREAM_H

#include "format/format.h"

extern const struct format format_gzip, format_bzip2, format_xz, format_lzma, format_zstd,
    format_lz4, format_zlib;

#endif
