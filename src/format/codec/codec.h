/*
 * Decompression of whole buffers, each by a well-kept library, under the
 * artifact's budget: output and memory are charged before they are used.
 */
#ifndef PRATIQUE_FORMAT_CODEC_CODEC_H
#define PRATIQUE_FORMAT_CODEC_CODEC_H

#include "format/format.h"

enum codec {
    CODEC_DEFLATE,    /* raw, RFC 1951: libdeflate */
    CODEC_ZLIB,       /* RFC 1950: libdeflate */
    CODEC_GZIP,       /* RFC 1952, one member: libdeflate */
    CODEC_BZIP2,      /* libbz2 */
    CODEC_LZMA_ZIP,   /* LZMA1 as in zip (APPNOTE 5.8): liblzma */
    CODEC_LZMA,       /* .lzma alone: liblzma */
    CODEC_XZ,         /* liblzma */
    CODEC_ZSTD,       /* RFC 8878, skippable frames included: libzstd */
    CODEC_LZ4,        /* frame format: liblz4 */
    CODEC_LZ4_LEGACY, /* the frame of lz4 before 1.0, which Linux still writes */
};

struct inflated {
    struct span bytes; /* owned: give back with codec_free() */
    size_t mapped;     /* how much is charged and mapped */
    uint64_t consumed; /* bytes of input the stream took */
};

/*
 * Decompresses the one stream at the front of in. expect is what a header said
 * the output would be (0: unknown); it sizes the first buffer and is believed no
 * further. E_FORMAT: broken or truncated stream (out->bytes then holds what came
 * before the fault, as far as the library gives it; free it all the same);
 * E_LIMIT: budget; E_NOMEM. On failure scan_fail() was called, with the offset
 * in the stream.
 */
enum pratique_status codec_inflate(struct scan *s, enum codec codec, struct span in,
                                   uint64_t expect, struct inflated *out) NONNULL;

/*
 * The same behind what *out already holds: streams in a row become one buffer.
 * consumed is of this stream alone. codec_trim() gives memory back that the last
 * of them did not need; codec_inflate() does so itself.
 */
enum pratique_status codec_append(struct scan *s, enum codec codec, struct span in, uint64_t expect,
                                  struct inflated *out) NONNULL;
void codec_trim(struct scan *s, struct inflated *out) NONNULL;

/* Appends bytes that another library decompressed. E_LIMIT, E_NOMEM as codec_inflate(). */
enum pratique_status codec_add(struct scan *s, struct span bytes, struct inflated *out) NONNULL;

/*
 * Whether in is a zlib stream: its header is one, and it inflates to its end or
 * to its first 512 bytes. Keeps no memory beyond what codec_warm() makes.
 */
bool codec_is_zlib(struct span in);

void codec_free(struct scan *s, struct inflated *out) NONNULL;

/* Makes what a thread keeps, before a lock-down; it may be called at any time, or never. */
void codec_warm(void);

/* CRC-32 of ISO 3309 (zip, gzip), started with 0. */
uint32_t codec_crc32(uint32_t crc, struct span in);

#endif
