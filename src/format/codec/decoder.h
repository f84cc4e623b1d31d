/*
 * One face for the streaming decoders (zlib, libbz2, liblzma, libzstd, liblz4):
 * open, step until something other than STEP_MORE, close. For codec/, and for what cannot have
 * the whole output in memory.
 */
#ifndef PRATIQUE_FORMAT_CODEC_DECODER_H
#define PRATIQUE_FORMAT_CODEC_DECODER_H

#include <bzlib.h>
#include <lz4frame.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

#include "format/codec/codec.h"

enum step {
    STEP_MORE,   /* give it room, input or both */
    STEP_END,    /* the stream ended; what is left of the input is not its */
    STEP_BROKEN, /* why says what is wrong */
    STEP_NOMEM,
    STEP_LIMIT, /* it needs more than memory_max */
};

struct decoder {
    const struct decoder_kind *kind;
    uint64_t expect;     /* bytes of output, 0 unknown */
    uint64_t memory_max; /* bytes the decoder may take for itself */
    uint64_t memory;     /* bytes it has taken by now */
    size_t room, chunk;  /* the least and the most room for output that a step is given */
    const char *why;     /* static, after STEP_BROKEN */
    bool skippable;      /* zstd: inside a skippable frame */
    union {
        z_stream z;
        bz_stream bz;
        lzma_stream lzma;
        ZSTD_DStream *zstd;
        LZ4F_dctx *lz4;
    } u;
};

/* Starts; a header that the library does not read itself is cut off *in. Close in every case. */
enum step decoder_open(struct decoder *d, enum codec codec, struct span *in, uint64_t expect,
                       uint64_t memory_max) NONNULL;

/* Takes from *in, writes at most *room bytes at out; *room is then how many were written. */
enum step decoder_step(struct decoder *d, struct span *in, uint8_t *out, size_t *room) NONNULL;
void decoder_close(struct decoder *d) NONNULL;

/* What the frame's own header says of the output's size, 0 when it does not. */
uint64_t decoder_expect(enum codec codec, struct span in);

#endif
