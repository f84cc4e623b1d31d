/* codec_inflate: every codec there and back, broken streams, bombs, memory given back. */
#include <bzlib.h>
#include <libdeflate.h>
#include <lz4.h>
#include <lz4frame.h>
#include <lzma.h>
#include <stdlib.h>
#include <zstd.h>

#include "format/codec/codec.h"
#include "test.h"

#define PACKED_MAX ((size_t)1 << 20)

struct bench {
    struct arena arena;
    struct budget budget;
    struct facts facts;
    struct scan scan;
};

static void bench_init(struct bench *b)
{
    *b = (struct bench){ .budget = { .memory_left = 256u << 20,
                                     .output_left = 256u << 20,
                                     .members_left = 1000,
                                     .ratio = 400,
                                     .depth_max = 16 } };
    arena_init(&b->arena, 1u << 20);
    facts_init(&b->facts, &b->arena);
    b->scan = (struct scan){ .arena = &b->arena, .budget = &b->budget, .facts = &b->facts };
}

static void bench_free(struct bench *b)
{
    facts_free(&b->facts);
    arena_reset(&b->arena);
}

static size_t pack_deflate(enum codec codec, const uint8_t *p, size_t n, uint8_t *out)
{
    struct libdeflate_compressor *c = libdeflate_alloc_compressor(6);
    size_t made = codec == CODEC_GZIP   ? libdeflate_gzip_compress(c, p, n, out, PACKED_MAX)
                  : codec == CODEC_ZLIB ? libdeflate_zlib_compress(c, p, n, out, PACKED_MAX)
                                        : libdeflate_deflate_compress(c, p, n, out, PACKED_MAX);

    libdeflate_free_compressor(c);
    return made;
}

static size_t pack_lzma_zip(const uint8_t *p, size_t n, uint8_t *out)
{
    lzma_options_lzma options = { 0 };
    lzma_filter filters[] = { { LZMA_FILTER_LZMA1, &options }, { LZMA_VLI_UNKNOWN, NULL } };
    size_t made = 9;

    (void)lzma_lzma_preset(&options, 0);
    memcpy(out, "\x09\x04\x05\x00", 4);
    (void)lzma_properties_encode(&filters[0], out + 4);
    (void)lzma_raw_buffer_encode(filters, NULL, p, n, out, &made, PACKED_MAX);
    return made;
}

static size_t pack_lzma(const uint8_t *p, size_t n, uint8_t *out)
{
    lzma_stream l = LZMA_STREAM_INIT;
    lzma_options_lzma options = { 0 };

    (void)lzma_lzma_preset(&options, 0);
    if (lzma_alone_encoder(&l, &options) != LZMA_OK)
        return 0;
    l.next_in = p, l.avail_in = n;
    l.next_out = out, l.avail_out = PACKED_MAX;
    while (lzma_code(&l, LZMA_FINISH) == LZMA_OK)
        ;
    lzma_end(&l);
    return PACKED_MAX - l.avail_out;
}

static size_t pack_legacy(const uint8_t *p, size_t n, uint8_t *out)
{
    int made = LZ4_compress_default((const char *)p, (char *)out + 8, (int)n, 1 << 19);

    memcpy(out, "\x02\x21\x4c\x18", 4);
    for (int i = 0; i < 4; i++)
        out[4 + i] = (uint8_t)(made >> (8 * i));
    return (size_t)made + 8;
}

/* Packs n bytes with the reference library of each codec. */
static size_t pack(enum codec codec, const uint8_t *p, size_t n, uint8_t *out)
{
    unsigned bz = PACKED_MAX;
    size_t made = 0;

    switch (codec) {
    case CODEC_BZIP2:
        (void)BZ2_bzBuffToBuffCompress((char *)out, &bz, (char *)(uintptr_t)p, (unsigned)n, 1, 0,
                                       0);
        return bz;
    case CODEC_XZ:
        (void)lzma_easy_buffer_encode(0, LZMA_CHECK_CRC64, NULL, p, n, out, &made, PACKED_MAX);
        return made;
    case CODEC_LZMA:
        return pack_lzma(p, n, out);
    case CODEC_LZMA_ZIP:
        return pack_lzma_zip(p, n, out);
    case CODEC_ZSTD:
        return ZSTD_compress(out, PACKED_MAX, p, n, 3);
    case CODEC_LZ4:
        return LZ4F_compressFrame(out, PACKED_MAX, p, n, NULL);
    case CODEC_LZ4_LEGACY:
        return pack_legacy(p, n, out);
    default:
        return pack_deflate(codec, p, n, out);
    }
}

static const struct {
    enum codec codec;
    const char *what;
    bool ends; /* the stream says itself where it ends */
} codecs[] = {
    { CODEC_DEFLATE, "deflate", true },
    { CODEC_ZLIB, "zlib", true },
    { CODEC_GZIP, "gzip", true },
    { CODEC_BZIP2, "bzip2", true },
    { CODEC_LZMA_ZIP, "lzma in zip", true },
    { CODEC_LZMA, "lzma", true },
    { CODEC_XZ, "xz", true },
    { CODEC_ZSTD, "zstd", true },
    { CODEC_LZ4, "lz4", true },
    { CODEC_LZ4_LEGACY, "legacy lz4", false },
};

/* Text that packs well and is different all along. */
static void fill(uint8_t *p, size_t n)
{
    uint32_t x = 1;

    for (size_t i = 0; i < n; i++) {
        x = x * 1103515245u + 12345u;
        p[i] = (uint8_t)("abcdefgh"[x >> 16 & 7] + (char)(i >> 14));
    }
}

TEST(codec_there_and_back)
{
    static const size_t sizes[] = { 1, 4095, 4096, 4097, 300000 };
    uint8_t *plain = malloc(300000), *packed = malloc(PACKED_MAX);
    struct inflated got;
    struct bench b;

    fill(plain, 300000);
    for (size_t i = 0; i < ARRAY_LEN(codecs); i++) {
        for (size_t j = 0; j < ARRAY_LEN(sizes) * 3; j++) {
            size_t n = sizes[j / 3], m = pack(codecs[i].codec, plain, n, packed);
            uint64_t expect[] = { 0, n, 7 }, memory;

            if (codecs[i].codec == CODEC_LZMA_ZIP && j % 3 == 2)
                continue; /* there the size is part of the format: next test */
            bench_init(&b);
            memory = b.budget.memory_left;
            memset(packed + m, 0xff, 8); /* not the stream's */
            CHECK(codec_inflate(&b.scan, codecs[i].codec, span_of(packed, m + 8), expect[j % 3],
                                &got) == PRATIQUE_OK,
                  "%s of %zu: %s", codecs[i].what, n, b.scan.error.msg);
            CHECK(span_equal(got.bytes, span_of(plain, n)), "%s of %zu", codecs[i].what, n);
            CHECK(got.consumed == m, "%s: %ju of %zu", codecs[i].what, (uintmax_t)got.consumed, m);
            codec_free(&b.scan, &got);
            CHECK(b.budget.memory_left == memory, "%s keeps memory", codecs[i].what);
            CHECK(b.budget.output_left == (256u << 20) - n, "%s output", codecs[i].what);
            bench_free(&b);
        }
    }
    free(plain);
    free(packed);
}

/* Cut anywhere: never OK, and what is kept is a prefix of the truth. */
TEST(codec_truncated)
{
    uint8_t plain[1500], *packed = malloc(PACKED_MAX);
    struct inflated got;
    struct bench b;
    size_t kept;

    fill(plain, sizeof plain);
    for (size_t i = 0; i < ARRAY_LEN(codecs); i++) {
        size_t m = pack(codecs[i].codec, plain, sizeof plain, packed);

        kept = 0;
        for (size_t n = codecs[i].ends ? 0 : 9; n < m; n++) {
            bench_init(&b);
            CHECK(codec_inflate(&b.scan, codecs[i].codec, span_of(packed, n), sizeof plain, &got) ==
                      PRATIQUE_E_FORMAT,
                  "%s cut at %zu", codecs[i].what, n);
            CHECK(b.scan.error.status == PRATIQUE_E_FORMAT && b.scan.error.msg[0], "no reason");
            CHECK(span_starts(span_of(plain, sizeof plain), got.bytes), "%s cut at %zu",
                  codecs[i].what, n);
            kept = got.bytes.n > kept ? got.bytes.n : kept;
            codec_free(&b.scan, &got);
            CHECK(b.budget.memory_left == 256u << 20, "%s keeps memory", codecs[i].what);
            bench_free(&b);
        }
        if (codecs[i].codec <= CODEC_GZIP || codecs[i].codec == CODEC_XZ)
            CHECK(kept > 1200, "%s keeps only %zu", codecs[i].what, kept);
    }
    free(packed);
}

/* Each byte flipped: any answer, the memory is given back, and a failure has its reason. */
TEST(codec_flipped)
{
    uint8_t plain[700], *packed = malloc(PACKED_MAX);
    struct inflated got;
    struct bench b;

    fill(plain, sizeof plain);
    for (size_t i = 0; i < ARRAY_LEN(codecs); i++) {
        size_t m = pack(codecs[i].codec, plain, sizeof plain, packed);

        for (size_t at = 0; at < m * 2; at++) {
            enum pratique_status st;
            uint8_t flip = at & 1 ? 0xff : 0x01;

            bench_init(&b);
            packed[at / 2] ^= flip;
            st = codec_inflate(&b.scan, codecs[i].codec, span_of(packed, m), 0, &got);
            CHECK(st == PRATIQUE_OK || b.scan.error.status == st, "%s at %zu", codecs[i].what, at);
            codec_free(&b.scan, &got);
            CHECK(b.budget.memory_left == 256u << 20, "%s keeps memory", codecs[i].what);
            packed[at / 2] ^= flip;
            bench_free(&b);
        }
    }
    free(packed);
}

TEST(codec_bounds)
{
    static const struct {
        const char *what;
        uint64_t memory, output, ratio;
    } rows[] = {
        { "memory", 1u << 20, 256u << 20, 400 },
        { "decompressed bytes", 256u << 20, 1u << 20, 400 },
        { "compression ratio", 256u << 20, 256u << 20, 400 },
    };
    size_t n = 80u << 20;
    uint8_t *plain = calloc(1, n), *packed = malloc(PACKED_MAX);
    struct inflated got;
    struct bench b;

    for (size_t i = 0; i < ARRAY_LEN(codecs); i++) {
        size_t m;

        if (codecs[i].codec == CODEC_LZ4_LEGACY || codecs[i].codec == CODEC_LZ4)
            continue; /* they cannot reach a bomb's ratio: 255 */
        m = pack(codecs[i].codec, plain, n, packed);
        for (size_t j = 0; j < ARRAY_LEN(rows); j++) {
            bench_init(&b);
            b.budget.memory_left = rows[j].memory;
            b.budget.output_left = rows[j].output;
            b.budget.ratio = rows[j].ratio;
            CHECK(codec_inflate(&b.scan, codecs[i].codec, span_of(packed, m), 0, &got) ==
                      PRATIQUE_E_LIMIT,
                  "%s: %s", codecs[i].what, rows[j].what);
            CHECK(b.budget.spent && strcmp(b.budget.spent, rows[j].what) == 0, "%s: %s, not %s",
                  codecs[i].what, b.budget.spent, rows[j].what);
            CHECK(got.bytes.n <= rows[j].output, "%s wrote too much", codecs[i].what);
            codec_free(&b.scan, &got);
            CHECK(b.budget.memory_left == rows[j].memory, "%s keeps memory", codecs[i].what);
            bench_free(&b);
        }
    }
    free(plain);
    free(packed);
}

/* LZMA in a zip without an end marker: the declared size is where it ends; a lie is seen. */
TEST(codec_lzma_without_marker)
{
    uint8_t plain[2000], *packed = malloc(PACKED_MAX);
    lzma_options_lzma options = { 0 };
    lzma_filter filters[] = { { LZMA_FILTER_LZMA1EXT, &options }, { LZMA_VLI_UNKNOWN, NULL } };
    struct inflated got;
    struct bench b;
    size_t n = 9;

    fill(plain, sizeof plain);
    (void)lzma_lzma_preset(&options, 0);
    options.ext_size_low = sizeof plain;
    memcpy(packed, "\x09\x04\x05\x00", 4);
    (void)lzma_properties_encode(&filters[0], packed + 4);
    CHECK(lzma_raw_buffer_encode(filters, NULL, plain, sizeof plain, packed, &n, PACKED_MAX) ==
              LZMA_OK,
          "cannot pack");
    bench_init(&b);
    CHECK(codec_inflate(&b.scan, CODEC_LZMA_ZIP, span_of(packed, n), sizeof plain, &got) ==
              PRATIQUE_OK,
          "%s", b.scan.error.msg);
    CHECK(span_equal(got.bytes, span_of(plain, sizeof plain)), "content");
    codec_free(&b.scan, &got);
    CHECK(codec_inflate(&b.scan, CODEC_LZMA_ZIP, span_of(packed, n), 100, &got) ==
              PRATIQUE_E_FORMAT,
          "a short size is believed");
    CHECK(got.bytes.n >= sizeof plain && memcmp(got.bytes.p, plain, sizeof plain) == 0,
          "only %zu bytes past a short size", got.bytes.n);
    codec_free(&b.scan, &got);
    bench_free(&b);
    free(packed);
}

TEST(codec_crc)
{
    CHECK(codec_crc32(0, SPAN_LITERAL("123456789")) == 0xcbf43926u, "check value");
    CHECK(codec_crc32(codec_crc32(0, SPAN_LITERAL("1234")), SPAN_LITERAL("56789")) == 0xcbf43926u,
          "in two pieces");
}
