/*
 * One compressed file: gzip (RFC 1952), bzip2, xz (file format 1.1.0), .lzma,
 * zstd (RFC 8878), lz4 (frame format 1.6.3, and the legacy frame), zlib (RFC 1950).
 *
 * Streams in a row are one content, as the tools of each format have it; a
 * reader that stops after the first sees less, so it is told that there are
 * several. The content is scanned as a file of its own, and so is whatever
 * follows the last stream. What precedes a fault is scanned all the same.
 */
#include "format/stream/stream.h"
#include "format/array/array.h"

#include "format/codec/codec.h"

struct kind {
    const char *name;
    enum codec codec;
    bool (*starts)(struct span in); /* whether one stream starts here */
    bool (*skips)(struct span in);  /* ... and holds no data; NULL: none does */
    bool zeros;                     /* zero bytes may follow a stream */
};

struct stream {
    struct scan *s;
    const struct kind *kind;
    size_t size;             /* of the whole input */
    struct span rest;        /* behind the streams read so far */
    struct inflated out;     /* their content in a row */
    uint64_t members, first; /* how many streams, and how much the first holds */
};

/* Extensions that say what the content is called once they are off. */
static const struct {
    const char *end, *instead;
} extensions[] = {
    { ".tgz", ".tar" }, { ".taz", ".tar" }, { ".tbz2", ".tar" }, { ".tbz", ".tar" },
    { ".txz", ".tar" }, { ".tlz", ".tar" }, { ".tzst", ".tar" }, { ".gz", "" },
    { ".bz2", "" },     { ".xz", "" },      { ".lzma", "" },     { ".zst", "" },
    { ".lz4", "" },     { ".zlib", "" },    { ".z", "" },
};

static uint64_t offset_of(const struct stream *x)
{
    return x->size - x->rest.n;
}

/* --- what a stream starts with --- */

static bool starts_gzip(struct span in)
{
    return span_starts(in, SPAN_LITERAL("\x1f\x8b\x08"));
}

/* "BZh", the level, then the magic of a block or of the end (digits of pi, of its root). */
static bool starts_bzip2(struct span in)
{
    struct span head;

    if (!take(&in, 4, &head) || !span_starts(head, SPAN_LITERAL("BZh")))
        return false;
    return head.p[3] >= '1' && head.p[3] <= '9' &&
           (span_starts(in, SPAN_LITERAL("\x31\x41\x59\x26\x53\x59")) ||
            span_starts(in, SPAN_LITERAL("\x17\x72\x45\x38\x50\x90")));
}

static bool starts_xz(struct span in)
{
    return span_starts(in, SPAN_LITERAL("\xfd"
                                        "7zXZ\x00"));
}

/* The header has no magic: plausible properties, a dictionary as encoders choose it, a size. */
static bool starts_lzma(struct span in)
{
    uint8_t props, first;
    uint32_t dict, bits;
    uint64_t size;

    if (!take_u8(&in, &props) || !take_u32le(&in, &dict) || !take_u64le(&in, &size) ||
        !take_u8(&in, &first))
        return false;
    if (props >= 9 * 5 * 5 || props % 9 + props / 9 % 5 > 4 || first != 0)
        return false;
    if (size >= (uint64_t)1 << 38 && size != UINT64_MAX)
        return false;
    if (size == 0 && in.n > 64) /* nothing is in it, and yet so much follows: no such file */
        return false;
    bits = dict & (dict - 1); /* 2^n and 2^n + 2^(n-1) */
    return dict == UINT32_MAX || (dict >= 4096 && (bits == 0 || bits == dict / 3 * 2));
}

static bool skips_frame(struct span in)
{
    uint32_t magic;

    return take_u32le(&in, &magic) && (magic & 0xfffffff0u) == 0x184d2a50u;
}

static bool starts_zstd(struct span in)
{
    return span_starts(in, SPAN_LITERAL("\x28\xb5\x2f\xfd")) || skips_frame(in);
}

static bool starts_lz4_legacy(struct span in)
{
    return span_starts(in, SPAN_LITERAL("\x02\x21\x4c\x18"));
}

static bool starts_lz4(struct span in)
{
    return span_starts(in, SPAN_LITERAL("\x04\x22\x4d\x18")) || starts_lz4_legacy(in) ||
           skips_frame(in);
}

static bool cut_skippable(struct span *in)
{
    struct span rest = *in;
    uint32_t magic, n;

    if (!take_u32le(&rest, &magic) || !take_u32le(&rest, &n) || !skip(&rest, n))
        return false;
    *in = rest;
    return true;
}

/* Skippable frames belong to zstd and lz4 alike: what follows them decides. */
static struct span past_skippable(struct span in)
{
    while (skips_frame(in))
        if (!cut_skippable(&in))
            return SPAN_EMPTY;
    return in;
}

static const struct kind kind_gzip = { "gzip", CODEC_GZIP, starts_gzip, NULL, true };
static const struct kind kind_bzip2 = { "bzip2", CODEC_BZIP2, starts_bzip2, NULL, false };
static const struct kind kind_xz = { "xz", CODEC_XZ, starts_xz, NULL, true };
static const struct kind kind_lzma = { "lzma", CODEC_LZMA, starts_lzma, NULL, false };
static const struct kind kind_zstd = { "zstd", CODEC_ZSTD, starts_zstd, skips_frame, false };
static const struct kind kind_lz4 = { "lz4", CODEC_LZ4, starts_lz4, skips_frame, false };
static const struct kind kind_zlib = { "zlib", CODEC_ZLIB, codec_is_zlib, NULL, false };

/* --- names --- */

/* The name that a gzip header carries; empty when there is none. */
static struct span gzip_name(struct span in)
{
    struct span head, extra, name;
    uint16_t n;
    size_t end;

    if (!take(&in, 10, &head) || !starts_gzip(head) || !(head.p[3] & 0x08))
        return SPAN_EMPTY;
    if ((head.p[3] & 0x04) && (!take_u16le(&in, &n) || !take(&in, n, &extra)))
        return SPAN_EMPTY;
    end = span_find(in, 0, (struct span){ (const uint8_t *)"", 1 });
    return end != SIZE_MAX && take(&in, end, &name) ? name : SPAN_EMPTY;
}

static bool is_separator(uint8_t c)
{
    return c == '/' || c == '\\';
}

/* What follows the last separator. */
static struct span base_name(struct span name)
{
    size_t at = name.n;

    while (at > 0 && !is_separator(name.p[at - 1]))
        at--;
    return span_from(name, at);
}

/* The archive's own name without its extension; memory that runs out costs the name alone. */
static struct span name_without_extension(struct scan *s)
{
    struct span base = base_name(s->name), stem;

    for (size_t i = 0; i < ARRAY_LEN(extensions); i++) {
        struct span end = span_text(extensions[i].end);
        const char *text;

        if (base.n <= end.n || !span_ends(base, end))
            continue;
        (void)span_sub(base, 0, base.n - end.n, &stem);
        if (!extensions[i].instead[0])
            return stem;
        text = arena_printf(s->arena, "%.*s%s", (int)(stem.n < 255 ? stem.n : 255),
                            (const char *)stem.p, extensions[i].instead);
        return text ? span_text(text) : stem;
    }
    return base.n ? base : SPAN_LITERAL("content");
}

static struct span content_name(struct scan *s, struct span in, const struct kind *kind)
{
    struct span name = kind == &kind_gzip ? gzip_name(in) : SPAN_EMPTY, base = base_name(name);

    if (base.n < name.n)
        scan_fact(s, FACT_STREAM_NAME_PATH, 0, name, SPAN_EMPTY);
    return base.n ? base : name_without_extension(s);
}

/* --- the streams --- */

/* Cuts zero bytes off the front; returns how many. */
static uint64_t cut_zeros(struct span *in)
{
    uint64_t n = 0;

    while (in->n && in->p[0] == 0 && skip(in, 1))
        n++;
    return n;
}

/*
 * Zero bytes behind a stream: filled tape blocks (gzip), padding (xz, in fours).
 * gzip's own tool stops there and others read on, so a stream behind it is told.
 */
static void read_padding(struct stream *x)
{
    uint64_t at = offset_of(x), n = x->kind->zeros ? cut_zeros(&x->rest) : 0;

    if (n == 0 || (x->kind == &kind_xz && n % 4 == 0))
        return;
    scan_factf(x->s, FACT_STREAM_PADDING, at, span_text(x->kind->name), "%llu zero bytes",
               (unsigned long long)n);
    if (x->kind->starts(x->rest))
        scan_factf(x->s, FACT_STREAM_HIDDEN, offset_of(x), span_text(x->kind->name),
                   "behind %llu zero bytes", (unsigned long long)n);
}

static enum pratique_status read_stream(struct stream *x)
{
    bool legacy = x->kind == &kind_lz4 && starts_lz4_legacy(x->rest);
    uint64_t at = offset_of(x);
    enum pratique_status st;

    if (x->kind->skips && x->kind->skips(x->rest)) {
        if (cut_skippable(&x->rest))
            return PRATIQUE_OK;
        return scan_fail(x->s, PRATIQUE_E_FORMAT, at, "a skippable frame is cut off");
    }
    x->members++;
    st = codec_append(x->s, legacy ? CODEC_LZ4_LEGACY : x->kind->codec, x->rest, 0, &x->out);
    if (st != PRATIQUE_OK) {
        if (x->s->error.offset != PRATIQUE_NO_OFFSET)
            x->s->error.offset += at;
        return st;
    }
    (void)skip(&x->rest, x->out.consumed);
    if (x->members == 1)
        x->first = x->out.bytes.n;
    if (!budget_ratio(x->s->budget, offset_of(x), x->out.bytes.n) || !budget_time(x->s->budget))
        return scan_fail_budget(x->s, at);
    read_padding(x);
    return PRATIQUE_OK;
}

static enum pratique_status read_streams(struct stream *x)
{
    enum pratique_status st = PRATIQUE_OK;

    x->out = (struct inflated){ .bytes = SPAN_EMPTY };
    do {
        st = read_stream(x);
    } while (st == PRATIQUE_OK && x->kind->starts(x->rest));
    codec_trim(x->s, &x->out);
    return st;
}

static void note_members(const struct stream *x)
{
    struct scan *s = x->s;

    scan_read(s, x->kind->name, x->size, "%llu %s, %llu bytes of content",
              (unsigned long long)x->members, x->members == 1 ? "stream" : "streams",
              (unsigned long long)x->out.bytes.n);
    if (x->members > 1 && x->first < x->out.bytes.n && !array_is_chunk(x->s))
        scan_factf(s, FACT_STREAM_SEVERAL, 0, span_text(x->kind->name),
                   "%llu streams; the first holds %llu of %llu bytes",
                   (unsigned long long)x->members, (unsigned long long)x->first,
                   (unsigned long long)x->out.bytes.n);
}

static enum pratique_status scan_trailing(struct stream *x)
{
    if (x->rest.n == 0)
        return PRATIQUE_OK;
    if (!array_is_chunk(x->s)) /* shards are chunks one behind the other, and their index */
        facts_add(x->s->facts, &(struct fact){ .kind = FACT_TRAILING,
                                               .where = x->s->where,
                                               .offset = offset_of(x),
                                               .number = x->rest.n,
                                               .subject = span_text(x->kind->name),
                                               .detail = SPAN_EMPTY });
    return scan_nested(x->s, x->rest, SPAN_LITERAL("(trailing)"), ROLE_ANY);
}

static enum pratique_status scan_stream(struct scan *s, struct span in, const struct kind *kind)
{
    struct stream x = { .s = s, .kind = kind, .size = in.n, .rest = in };
    enum pratique_status st = read_streams(&x), inner;

    note_members(&x);
    inner = scan_nested(s, x.out.bytes, content_name(s, in, kind), ROLE_ANY);
    codec_free(s, &x.out);
    s->recognised = s->inner && strcmp(s->inner, "sdist") == 0 ? s->inner : NULL;
    if (st == PRATIQUE_OK && inner == PRATIQUE_OK)
        inner = scan_trailing(&x);
    return st != PRATIQUE_OK ? st : inner;
}

/* --- the formats --- */

static bool looks_like_zstd(struct span in)
{
    return span_starts(past_skippable(in), SPAN_LITERAL("\x28\xb5\x2f\xfd"));
}

static bool looks_like_lz4(struct span in)
{
    in = past_skippable(in);
    return !skips_frame(in) && starts_lz4(in);
}

#define STREAM_FORMAT(which, test, specification)                                                  \
    static enum pratique_status scan_##which(struct scan *s, struct span in)                       \
    {                                                                                              \
        return scan_stream(s, in, &kind_##which);                                                  \
    }                                                                                              \
    const struct format format_##which = {                                                         \
        .name = #which, .spec = specification, .looks_like = test, .scan = scan_##which            \
    };

STREAM_FORMAT(gzip, starts_gzip, "RFC 1952, https://www.rfc-editor.org/rfc/rfc1952")
STREAM_FORMAT(bzip2, starts_bzip2, "bzip2 1.0.8, https://sourceware.org/bzip2/")
STREAM_FORMAT(xz, starts_xz, "The .xz File Format 1.1.0, https://tukaani.org/xz/xz-file-format.txt")
STREAM_FORMAT(lzma, starts_lzma, "The .lzma File Format, xz 5.4 doc/lzma-file-format.txt")
STREAM_FORMAT(zstd, looks_like_zstd, "RFC 8878, https://www.rfc-editor.org/rfc/rfc8878")
STREAM_FORMAT(lz4, looks_like_lz4, "LZ4 Frame Format 1.6.3, https://github.com/lz4/lz4")
STREAM_FORMAT(zlib, codec_is_zlib, "RFC 1950, https://www.rfc-editor.org/rfc/rfc1950")
