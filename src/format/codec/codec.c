/*
 * Decompression of whole buffers; see codec.h. The deflate family goes to
 * libdeflate in one piece; where that finds a fault, zlib reads again as far as
 * it can, so that what precedes a fault is still inspected. The others stream
 * into one buffer that grows by doubling, under the budget.
 */
#include "format/codec/codec.h"

#include <libdeflate.h>
#include <sys/mman.h>

#include "format/codec/decoder.h"

#define PAGE ((uint64_t)4096)
/* The first buffer when nothing is known: a guess of the ratio, and a least. */
#define RATIO_GUESS 4
#define FIRST_LEAST ((uint64_t)64 << 10)
/* No deflate stream expands more than this; who promises more gets a guess and grows. */
#define RATIO_BELIEVED 1032
/* A tail worth giving back. */
#define TRIM_LEAST ((size_t)1 << 20)

/*
 * The output as it grows: bytes up to n are written, size is mapped and charged
 * as memory; the first base bytes are of earlier streams and charged as output.
 */
struct sink {
    struct scan *s;
    uint8_t *p;
    size_t base, n, size;
};

/* One for each thread, made on first use and kept: it is a few kilobytes of tables. */
static _Thread_local struct libdeflate_decompressor *deflater;

static struct libdeflate_decompressor *decompressor(void)
{
    if (!deflater)
        deflater = libdeflate_alloc_decompressor();
    return deflater;
}

void codec_warm(void)
{
    (void)decompressor();
    (void)codec_crc32(0, SPAN_LITERAL("warm"));
}

uint32_t codec_crc32(uint32_t crc, struct span in)
{
    return libdeflate_crc32(crc, in.p, in.n);
}

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static uint64_t whole_pages(uint64_t n)
{
    return (n + PAGE - 1) / PAGE * PAGE;
}

/* Grows to want bytes, or to what the budget has left; false when that is no growth. */
static bool sink_grow(struct sink *k, uint64_t want)
{
    struct budget *b = k->s->budget;
    uint64_t most = least(k->base + b->output_left, k->size + b->memory_left), add;
    void *p;

    want = least(whole_pages(want), most / PAGE * PAGE);
    if (want <= k->size) { /* let the bound that is spent be named */
        if (k->base + b->output_left < k->size + PAGE)
            (void)!budget_output(b, UINT64_MAX);
        else
            (void)!budget_memory(b, UINT64_MAX);
        return false;
    }
    add = want - k->size;
    if (!budget_memory(b, add))
        return false;
    p = k->p ? mremap(k->p, k->size, (size_t)want, MREMAP_MAYMOVE)
             : mmap(NULL, (size_t)want, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED) {
        budget_memory_return(b, add);
        return false;
    }
    k->p = p;
    k->size = (size_t)want;
    return true;
}

/* Why memory was refused: by the budget, or by the system. */
static enum pratique_status refused(struct scan *s, uint64_t offset)
{
    if (s->budget->spent)
        return scan_fail_budget(s, offset);
    return scan_fail(s, PRATIQUE_E_NOMEM, offset, "no memory to decompress into");
}

static enum libdeflate_result deflate_once(enum codec codec, struct span in, struct sink *k,
                                           size_t *used, size_t *made)
{
    struct libdeflate_decompressor *d = decompressor();
    uint8_t *out = k->p + k->n;
    size_t room = k->size - k->n;

    *used = *made = 0;
    switch (codec) {
    case CODEC_GZIP:
        return libdeflate_gzip_decompress_ex(d, in.p, in.n, out, room, used, made);
    case CODEC_ZLIB:
        return libdeflate_zlib_decompress_ex(d, in.p, in.n, out, room, used, made);
    default:
        return libdeflate_deflate_decompress_ex(d, in.p, in.n, out, room, used, made);
    }
}

/*
 * In one piece, into larger buffers until it fits. E_FORMAT means that
 * libdeflate found a fault; nothing of the output is kept then.
 */
static enum pratique_status inflate_whole(struct scan *s, enum codec codec, struct span in,
                                          struct sink *k, uint64_t *consumed)
{
    enum libdeflate_result r = LIBDEFLATE_INSUFFICIENT_SPACE;
    size_t used = 0, made = 0;

    if (!decompressor())
        return scan_fail(s, PRATIQUE_E_NOMEM, 0, "no memory for a decompressor");
    while ((r = deflate_once(codec, in, k, &used, &made)) == LIBDEFLATE_INSUFFICIENT_SPACE) {
        if (!budget_ratio(s->budget, in.n, k->size - k->n) || !budget_time(s->budget))
            return scan_fail_budget(s, 0);
        if (!sink_grow(k, (uint64_t)k->size * 2))
            return refused(s, 0);
    }
    if (r != LIBDEFLATE_SUCCESS)
        return PRATIQUE_E_FORMAT;
    k->n += made;
    *consumed = used;
    return PRATIQUE_OK;
}

/* Charges what the decoder took for itself since the last look, and looks at the other bounds. */
static bool within_budget(struct scan *s, struct decoder *d, uint64_t *charged, uint64_t in,
                          uint64_t out)
{
    if (d->memory > *charged) {
        if (!budget_memory(s->budget, d->memory - *charged))
            return false;
        *charged = d->memory;
    }
    return budget_ratio(s->budget, in, out) && budget_time(s->budget);
}

/* One step; a decoder that twice in a row neither reads nor writes has no more to give. */
static enum step stream_step(struct decoder *d, struct span *in, struct sink *k, unsigned *idle)
{
    size_t before = in->n, room = least(k->size - k->n, d->chunk);
    enum step step = decoder_step(d, in, k->p + k->n, &room);

    k->n += room;
    *idle = room || in->n < before ? 0 : *idle + 1;
    if (step != STEP_MORE || *idle < 2)
        return step;
    d->why = in->n ? "the stream does not go on" : "the stream is cut off";
    return STEP_BROKEN;
}

static enum pratique_status stream_result(struct scan *s, const struct decoder *d, enum step step,
                                          uint64_t offset)
{
    switch (step) {
    case STEP_END:
        return PRATIQUE_OK;
    case STEP_NOMEM:
        return scan_fail(s, PRATIQUE_E_NOMEM, offset, "no memory for a decoder");
    case STEP_LIMIT:
        if (!s->budget->spent) /* the decoder itself saw that it would need more */
            (void)!budget_memory(s->budget, UINT64_MAX);
        return scan_fail_budget(s, offset);
    default:
        return scan_fail(s, PRATIQUE_E_FORMAT, offset, "%s", d->why);
    }
}

/* Piece by piece into k, which may be in use; what it holds then is kept on every failure. */
static enum pratique_status inflate_stream(struct scan *s, enum codec codec, struct span in,
                                           uint64_t expect, struct sink *k, uint64_t *consumed)
{
    uint64_t memory = 0;
    struct decoder d;
    struct span rest = in;
    unsigned idle = 0;
    enum step step = decoder_open(&d, codec, &rest, expect, s->budget->memory_left);
    enum pratique_status st;

    while (step == STEP_MORE) {
        if (!within_budget(s, &d, &memory, in.n, k->n - k->base)) {
            step = STEP_LIMIT;
            break;
        }
        if (k->size - k->n < d.room && !sink_grow(k, k->size * 2 + d.room)) {
            step = s->budget->spent ? STEP_LIMIT : STEP_NOMEM;
            break;
        }
        step = k->size - k->n < d.room ? STEP_LIMIT : stream_step(&d, &rest, k, &idle);
    }
    *consumed = in.n - rest.n;
    st = stream_result(s, &d, step, *consumed);
    decoder_close(&d);
    budget_memory_return(s->budget, memory);
    return st;
}

/* The first buffer: what is expected and a little more, so that the end is seen without growing. */
static uint64_t first_size(struct span in, uint64_t expect)
{
    uint64_t guess = (uint64_t)in.n * RATIO_GUESS;

    if (expect && expect / RATIO_BELIEVED <= in.n)
        return expect + 1;
    return guess < FIRST_LEAST ? FIRST_LEAST : guess;
}

static enum pratique_status inflate_into(struct scan *s, enum codec codec, struct span in,
                                         uint64_t expect, struct sink *k, uint64_t *consumed)
{
    enum pratique_status st;

    if (codec == CODEC_DEFLATE || codec == CODEC_ZLIB || codec == CODEC_GZIP) {
        st = inflate_whole(s, codec, in, k, consumed);
        if (st != PRATIQUE_E_FORMAT)
            return st;
    }
    st = inflate_stream(s, codec, in, expect, k, consumed);
    if (st == PRATIQUE_E_FORMAT && codec == CODEC_LZMA_ZIP && expect && k->n - k->base >= expect) {
        k->n = k->base; /* longer than its header says: all of it, as far as it goes */
        st = inflate_stream(s, codec, in, 0, k, consumed);
    }
    return st;
}

static struct sink sink_of(struct scan *s, const struct inflated *out)
{
    uint8_t *p = out->mapped ? (uint8_t *)(uintptr_t)out->bytes.p : NULL;

    return (struct sink){ s, p, out->bytes.n, out->bytes.n, out->mapped };
}

/* Hands the buffer over and charges what was written. */
static enum pratique_status sink_done(struct sink *k, enum pratique_status st, struct inflated *out)
{
    out->bytes = k->p ? (struct span){ k->p, k->n } : SPAN_EMPTY;
    out->mapped = k->size;
    if (!budget_output(k->s->budget, k->n - k->base) && st == PRATIQUE_OK)
        st = scan_fail_budget(k->s, out->consumed);
    return st;
}

enum pratique_status codec_append(struct scan *s, enum codec codec, struct span in, uint64_t expect,
                                  struct inflated *out)
{
    struct sink k = sink_of(s, out);
    enum pratique_status st = PRATIQUE_OK;
    uint64_t want;

    out->consumed = 0;
    if (!expect)
        expect = decoder_expect(codec, in);
    want =
        k.n + first_size(in, expect); /* less than the room there is, when expect is not believed */
    if ((k.size == k.n || expect > k.size - k.n) && want > k.size && !sink_grow(&k, want))
        return refused(s, 0);
    st = inflate_into(s, codec, in, expect, &k, &out->consumed);
    if (st == PRATIQUE_OK && !budget_ratio(s->budget, out->consumed, k.n - k.base))
        st = scan_fail_budget(s, out->consumed);
    return sink_done(&k, st, out);
}

enum pratique_status codec_add(struct scan *s, struct span bytes, struct inflated *out)
{
    struct sink k = sink_of(s, out);
    enum pratique_status st = PRATIQUE_OK;

    while (st == PRATIQUE_OK && bytes.n > k.size - k.n)
        if (!sink_grow(&k, (uint64_t)k.size * 2 + bytes.n))
            st = refused(s, PRATIQUE_NO_OFFSET);
    if (st == PRATIQUE_OK && bytes.n) {
        memcpy(k.p + k.n, bytes.p, bytes.n);
        k.n += bytes.n;
    }
    return sink_done(&k, st, out);
}

void codec_trim(struct scan *s, struct inflated *out)
{
    size_t keep = (size_t)whole_pages(out->bytes.n ? out->bytes.n : 1);
    uint8_t *p = (uint8_t *)(uintptr_t)out->bytes.p;

    if (out->mapped < keep + TRIM_LEAST || munmap(p + keep, out->mapped - keep) != 0)
        return;
    budget_memory_return(s->budget, out->mapped - keep);
    out->mapped = keep;
}

enum pratique_status codec_inflate(struct scan *s, enum codec codec, struct span in,
                                   uint64_t expect, struct inflated *out)
{
    enum pratique_status st;

    *out = (struct inflated){ .bytes = SPAN_EMPTY };
    st = codec_append(s, codec, in, expect, out);
    codec_trim(s, out);
    return st;
}

bool codec_is_zlib(struct span in)
{
    uint8_t out[512];
    uint16_t head;
    struct span rest = in;

    if (!take_u16be(&rest, &head) || (head & 0x8f00) != 0x0800 || head % 31 != 0 || (head & 0x20) ||
        !decompressor())
        return false;
    return libdeflate_zlib_decompress(decompressor(), in.p, in.n, out, sizeof out, NULL) !=
           LIBDEFLATE_BAD_DATA;
}

void codec_free(struct scan *s, struct inflated *out)
{
    if (out->mapped)
        (void)munmap((void *)(uintptr_t)out->bytes.p, out->mapped);
    budget_memory_return(s->budget, out->mapped);
    *out = (struct inflated){ .bytes = SPAN_EMPTY };
}
