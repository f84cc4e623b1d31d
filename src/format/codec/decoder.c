/*
 * The streaming decoders; see decoder.h. Formats: RFC 1950 to 1952 (zlib), bzip2,
 * LZMA alone, XZ file format 1.1.0, LZMA as in zip (APPNOTE 6.3.10, 5.8),
 * RFC 8878 (zstd), LZ4 frame format 1.6.3 with its legacy frame.
 */
#include "format/codec/decoder.h"

#include <lz4.h>
#include <stdlib.h>

/* No library call sees more than this at once, which keeps 32-bit counters safe. */
#define CHUNK_IN ((size_t)1 << 30)
/* What a decoder writes between two looks at the budget; no less than LEGACY_BLOCK. */
#define CHUNK_OUT ((size_t)8 << 20)
/* A block of a legacy LZ4 frame. */
#define LEGACY_BLOCK ((size_t)8 << 20)
/* A zstd window past 2^27 is read by `zstd --long` alone; 2^31 is the format's most. */
#define ZSTD_WINDOW_MAX 31
#define ZSTD_SKIP_MAGIC 0x184d2a50u

struct decoder_kind {
    enum step (*open)(struct decoder *d, struct span *in);
    enum step (*step)(struct decoder *d, struct span *in, uint8_t *out, size_t *room);
    void (*close)(struct decoder *d);
};

static enum step broken(struct decoder *d, const char *why)
{
    d->why = why;
    return STEP_BROKEN;
}

static size_t chunk(size_t n)
{
    return n < CHUNK_IN ? n : CHUNK_IN;
}

/* --- zlib, where libdeflate found a fault --- */

static enum step zlib_open_as(struct decoder *d, int window_bits)
{
    d->memory = 48u << 10;
    return inflateInit2(&d->u.z, window_bits) == Z_OK ? STEP_MORE : STEP_NOMEM;
}

static enum step raw_open(struct decoder *d, struct span *in)
{
    (void)in;
    return zlib_open_as(d, -MAX_WBITS);
}

static enum step zlib_open(struct decoder *d, struct span *in)
{
    (void)in;
    return zlib_open_as(d, MAX_WBITS);
}

static enum step gzip_open(struct decoder *d, struct span *in)
{
    (void)in;
    return zlib_open_as(d, MAX_WBITS + 16);
}

static enum step zlib_step(struct decoder *d, struct span *in, uint8_t *out, size_t *room)
{
    z_stream *z = &d->u.z;
    uInt n = (uInt)chunk(in->n), m = (uInt)chunk(*room);
    int r;

    z->next_in = (Bytef *)(uintptr_t)in->p;
    z->avail_in = n;
    z->next_out = out;
    z->avail_out = m;
    r = inflate(z, Z_NO_FLUSH);
    (void)skip(in, n - z->avail_in);
    *room = m - z->avail_out;
    if (r == Z_OK || r == Z_BUF_ERROR)
        return STEP_MORE;
    if (r == Z_STREAM_END)
        return STEP_END;
    if (r == Z_MEM_ERROR)
        return STEP_NOMEM;
    return broken(d, r == Z_NEED_DICT ? "it needs a preset dictionary"
                     : z->msg         ? z->msg
                                      : "broken deflate data");
}

static void zlib_close(struct decoder *d)
{
    (void)inflateEnd(&d->u.z);
}

/* --- bzip2 --- */

static enum step bzip2_open(struct decoder *d, struct span *in)
{
    (void)in;
    d->memory = 4u << 20; /* 100 kB + 4 * 900 kB, bzip2 manual 2.4 */
    return BZ2_bzDecompressInit(&d->u.bz, 0, 0) == BZ_OK ? STEP_MORE : STEP_NOMEM;
}

static enum step bzip2_step(struct decoder *d, struct span *in, uint8_t *out, size_t *room)
{
    bz_stream *bz = &d->u.bz;
    unsigned n = (unsigned)chunk(in->n), m = (unsigned)chunk(*room);
    int r;

    bz->next_in = (char *)(uintptr_t)in->p;
    bz->avail_in = n;
    bz->next_out = (char *)out;
    bz->avail_out = m;
    r = BZ2_bzDecompress(bz);
    (void)skip(in, n - bz->avail_in);
    *room = m - bz->avail_out;
    switch (r) {
    case BZ_OK:
        return STEP_MORE;
    case BZ_STREAM_END:
        return STEP_END;
    case BZ_MEM_ERROR:
        return STEP_NOMEM;
    case BZ_DATA_ERROR_MAGIC:
        return broken(d, "no bzip2 stream");
    default:
        return broken(d, "broken bzip2 data, or its CRC is wrong");
    }
}

static void bzip2_close(struct decoder *d)
{
    (void)BZ2_bzDecompressEnd(&d->u.bz);
}

/* --- liblzma --- */

static enum step lzma_result(struct decoder *d, lzma_ret r)
{
    switch (r) {
    case LZMA_OK:
    case LZMA_BUF_ERROR:
    case LZMA_NO_CHECK:
    case LZMA_UNSUPPORTED_CHECK:
        return STEP_MORE;
    case LZMA_STREAM_END:
        return STEP_END;
    case LZMA_MEM_ERROR:
        return STEP_NOMEM;
    case LZMA_MEMLIMIT_ERROR:
        return STEP_LIMIT;
    case LZMA_FORMAT_ERROR:
        return broken(d, "no LZMA stream");
    case LZMA_OPTIONS_ERROR:
        return broken(d, "options that this LZMA decoder does not know");
    default:
        return broken(d, "broken LZMA data, or its check is wrong");
    }
}

static enum step xz_open(struct decoder *d, struct span *in)
{
    (void)in;
    return lzma_result(d, lzma_stream_decoder(&d->u.lzma, d->memory_max, 0));
}

static enum step alone_open(struct decoder *d, struct span *in)
{
    (void)in;
    return lzma_result(d, lzma_alone_decoder(&d->u.lzma, d->memory_max));
}

/*
 * A zip writes two bytes of version and the properties' length, then a bare
 * LZMA1 stream. Whether it ends with a marker is a flag of the member; without
 * one only the expected size tells the end, so both are taken.
 */
static enum step lzma_zip_open(struct decoder *d, struct span *in)
{
    lzma_filter filters[] = { { .id = LZMA_FILTER_LZMA1 }, { .id = LZMA_VLI_UNKNOWN } };
    uint64_t size = d->expect ? d->expect : UINT64_MAX, memory;
    lzma_options_lzma *options;
    struct span props;
    uint16_t version, n;
    lzma_ret r;

    if (!take_u16le(in, &version) || !take_u16le(in, &n) || n != 5 || !take(in, n, &props))
        return broken(d, "no LZMA properties");
    r = lzma_properties_decode(&filters[0], NULL, props.p, props.n);
    if (r != LZMA_OK)
        return lzma_result(d, r);
    options = filters[0].options;
    options->ext_flags = LZMA_LZMA1EXT_ALLOW_EOPM;
    options->ext_size_low = (uint32_t)size;
    options->ext_size_high = (uint32_t)(size >> 32);
    filters[0].id = LZMA_FILTER_LZMA1EXT;
    memory = lzma_raw_decoder_memusage(filters);
    r = memory > d->memory_max ? LZMA_MEMLIMIT_ERROR : lzma_raw_decoder(&d->u.lzma, filters);
    d->memory = r == LZMA_OK ? memory : 0;
    free(options); /* the decoder keeps no reference; liblzma allocated it with malloc */
    return lzma_result(d, r);
}

static enum step lzma_step(struct decoder *d, struct span *in, uint8_t *out, size_t *room)
{
    lzma_stream *l = &d->u.lzma;
    uint64_t memory;
    lzma_ret r;

    l->next_in = in->p;
    l->avail_in = in->n;
    l->next_out = out;
    l->avail_out = *room;
    r = lzma_code(l, LZMA_RUN);
    (void)skip(in, in->n - l->avail_in);
    *room -= l->avail_out;
    memory = lzma_memusage(l);
    if (memory > d->memory)
        d->memory = memory;
    return lzma_result(d, r);
}

static void lzma_close(struct decoder *d)
{
    lzma_end(&d->u.lzma);
}

/* --- zstd --- */

static int window_log(uint64_t memory)
{
    int log = 10;

    while (log < ZSTD_WINDOW_MAX && memory >> (log + 2))
        log++;
    return log;
}

static enum step zstd_open(struct decoder *d, struct span *in)
{
    (void)in;
    d->u.zstd = ZSTD_createDStream();
    if (!d->u.zstd)
        return STEP_NOMEM;
    d->chunk = SIZE_MAX; /* with room for a whole frame it needs no window of its own */
    (void)ZSTD_DCtx_setParameter(d->u.zstd, ZSTD_d_windowLogMax, window_log(d->memory_max));
    return STEP_MORE;
}

/* A skippable frame is no end: the data's frame follows. */
static bool zstd_at_skippable(struct span in)
{
    uint32_t magic;

    return take_u32le(&in, &magic) && (magic & 0xfffffff0u) == ZSTD_SKIP_MAGIC;
}

static enum step zstd_step(struct decoder *d, struct span *in, uint8_t *out, size_t *room)
{
    ZSTD_inBuffer i = { in->p, in->n, 0 };
    ZSTD_outBuffer o = { out, *room, 0 };
    size_t r;

    if (!d->skippable)
        d->skippable = d->memory == 0 && zstd_at_skippable(*in);
    r = ZSTD_decompressStream(d->u.zstd, &o, &i);
    (void)skip(in, i.pos);
    *room = o.pos;
    d->memory = ZSTD_sizeof_DStream(d->u.zstd);
    if (ZSTD_isError(r)) {
        /* error codes are not in the stable interface; its texts say window or memory */
        if (strstr(ZSTD_getErrorName(r), "memory"))
            return STEP_LIMIT;
        return broken(d, ZSTD_getErrorName(r));
    }
    if (r != 0)
        return STEP_MORE;
    if (!d->skippable || in->n == 0)
        return STEP_END;
    d->skippable = zstd_at_skippable(*in);
    return STEP_MORE;
}

static void zstd_close(struct decoder *d)
{
    (void)ZSTD_freeDStream(d->u.zstd);
}

/* --- lz4 --- */

static enum step lz4_open(struct decoder *d, struct span *in)
{
    (void)in;
    d->memory = 9u << 20; /* two blocks of 4 MiB, the history and the context */
    return LZ4F_isError(LZ4F_createDecompressionContext(&d->u.lz4, LZ4F_VERSION)) ? STEP_NOMEM
                                                                                  : STEP_MORE;
}

static enum step lz4_step(struct decoder *d, struct span *in, uint8_t *out, size_t *room)
{
    size_t n = in->n, r;

    r = LZ4F_decompress(d->u.lz4, out, room, in->p, &n, NULL);
    if (LZ4F_isError(r)) {
        *room = 0;
        return broken(d, LZ4F_getErrorName(r));
    }
    (void)skip(in, n);
    return r == 0 ? STEP_END : STEP_MORE;
}

static void lz4_close(struct decoder *d)
{
    (void)LZ4F_freeDecompressionContext(d->u.lz4);
}

/* A legacy frame is its magic and then blocks until the input ends or a size is no size. */
static enum step legacy_open(struct decoder *d, struct span *in)
{
    d->room = LEGACY_BLOCK;
    return skip(in, 4) ? STEP_MORE : broken(d, "no LZ4 frame");
}

static enum step legacy_step(struct decoder *d, struct span *in, uint8_t *out, size_t *room)
{
    struct span rest = *in, block;
    uint32_t n;
    int made;

    *room = 0;
    if (in->n == 0)
        return STEP_END;
    if (!take_u32le(&rest, &n))
        return broken(d, "a block's size is cut off");
    if (n > LZ4_COMPRESSBOUND(LEGACY_BLOCK))
        return STEP_END; /* the magic of the next frame, or what is no LZ4 at all */
    if (!take(&rest, n, &block))
        return broken(d, "a block is cut off");
    made = LZ4_decompress_safe((const char *)block.p, (char *)out, (int)block.n, (int)LEGACY_BLOCK);
    if (made < 0)
        return broken(d, "broken LZ4 block");
    *room = (size_t)made;
    *in = rest;
    return STEP_MORE;
}

static void nothing_to_close(struct decoder *d)
{
    (void)d;
}

static const struct decoder_kind kinds[] = {
    [CODEC_DEFLATE] = { raw_open, zlib_step, zlib_close },
    [CODEC_ZLIB] = { zlib_open, zlib_step, zlib_close },
    [CODEC_GZIP] = { gzip_open, zlib_step, zlib_close },
    [CODEC_BZIP2] = { bzip2_open, bzip2_step, bzip2_close },
    [CODEC_LZMA_ZIP] = { lzma_zip_open, lzma_step, lzma_close },
    [CODEC_LZMA] = { alone_open, lzma_step, lzma_close },
    [CODEC_XZ] = { xz_open, lzma_step, lzma_close },
    [CODEC_ZSTD] = { zstd_open, zstd_step, zstd_close },
    [CODEC_LZ4] = { lz4_open, lz4_step, lz4_close },
    [CODEC_LZ4_LEGACY] = { legacy_open, legacy_step, nothing_to_close },
};

enum step decoder_open(struct decoder *d, enum codec codec, struct span *in, uint64_t expect,
                       uint64_t memory_max)
{
    memset(d, 0, sizeof *d);
    d->kind = &kinds[codec];
    d->expect = expect;
    d->memory_max = memory_max;
    d->room = 1;
    d->chunk = CHUNK_OUT;
    return d->kind->open(d, in);
}

enum step decoder_step(struct decoder *d, struct span *in, uint8_t *out, size_t *room)
{
    return d->kind->step(d, in, out, room);
}

void decoder_close(struct decoder *d)
{
    d->kind->close(d);
}

uint64_t decoder_expect(enum codec codec, struct span in)
{
    unsigned long long n;
    struct span tail;
    uint32_t size = 0;

    switch (codec) {
    case CODEC_GZIP: /* right when the input is one member with nothing behind it */
        tail = span_from(in, in.n < 4 ? 0 : in.n - 4);
        return take_u32le(&tail, &size) ? size : 0;
    case CODEC_ZSTD:
        n = ZSTD_getFrameContentSize(in.p, in.n);
        return n == ZSTD_CONTENTSIZE_ERROR || n == ZSTD_CONTENTSIZE_UNKNOWN ? 0 : n;
    default:
        return 0;
    }
}
