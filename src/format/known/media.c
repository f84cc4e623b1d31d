/*
 * Media by structure: each is walked block by block to where it says it ends,
 * so that bytes behind it are seen. What the blocks hold is not decoded.
 *
 * Spec: PNG (W3C, third edition) 5; JPEG (ITU T.81) B.1; GIF89a; RIFF; BMP and
 * ICO (Windows); TIFF 6.0; ID3v2.4 and MPEG audio frames (ISO 11172-3); Ogg (RFC
 * 3533); FLAC (RFC 9639); ISO base media (ISO 14496-12) 4.2; OpenType 1.9;
 * WOFF 1 and 2; TZif (RFC 9636); GNU gettext .mo.
 */
#include "format/known/media.h"

#include <ctype.h>

#include "base/compiler.h"

static size_t done(struct span in, struct span rest)
{
    return in.n - rest.n;
}

static bool is_fourcc(struct span s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < ' ' || (s.p[i] > '~' && s.p[i] != 0xA9))
            return false;
    return s.n == 4;
}

static size_t png_end(struct span in)
{
    struct span rest = span_from(in, 8), type;
    uint32_t n;

    while (take_u32be(&rest, &n) && take(&rest, 4, &type)) {
        if (!is_fourcc(type) || !skip(&rest, (uint64_t)n + 4))
            return 0;
        if (span_is(type, "IEND"))
            return done(in, rest);
    }
    return 0;
}

/* Passes the coded data behind a scan's header, up to the next marker that is not in it. */
static bool skip_entropy(struct span *rest)
{
    while (rest->n > 1) {
        const uint8_t *hit = memchr(rest->p, 0xFF, rest->n - 1);

        if (!hit)
            return false;
        (void)skip(rest, (uint64_t)(hit - rest->p));
        if (rest->p[1] != 0 && (rest->p[1] < 0xD0 || rest->p[1] > 0xD7))
            return true;
        (void)skip(rest, 2);
    }
    return false;
}

static size_t jpeg_end(struct span in)
{
    struct span rest = span_from(in, 2);
    uint8_t ff, marker;
    uint16_t n;

    for (;;) {
        if (!take_u8(&rest, &ff) || ff != 0xFF || !take_u8(&rest, &marker))
            return 0;
        while (marker == 0xFF) /* fill bytes */
            if (!take_u8(&rest, &marker))
                return 0;
        if (marker == 0xD9)
            return done(in, rest);
        if (marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8))
            continue;
        if (!take_u16be(&rest, &n) || n < 2 || !skip(&rest, n - 2u))
            return 0;
        if (marker == 0xDA && !skip_entropy(&rest))
            return 0;
    }
}

static bool skip_sub_blocks(struct span *rest)
{
    uint8_t n;

    do {
        if (!take_u8(rest, &n) || !skip(rest, n))
            return false;
    } while (n > 0);
    return true;
}

static bool skip_colours(struct span *rest, uint8_t flags)
{
    return !(flags & 0x80) || skip(rest, 3u << ((flags & 7) + 1));
}

static size_t gif_end(struct span in)
{
    struct span rest = span_from(in, 6), head;
    uint8_t kind, label;

    if (!take(&rest, 7, &head) || !skip_colours(&rest, head.p[4]))
        return 0;
    while (take_u8(&rest, &kind)) {
        if (kind == 0x3B)
            return done(in, rest);
        if (kind == 0x21) {
            if (!take_u8(&rest, &label) || !skip_sub_blocks(&rest))
                return 0;
        } else if (kind != 0x2C || !take(&rest, 9, &head) || !skip_colours(&rest, head.p[8]) ||
                   !skip(&rest, 1) || !skip_sub_blocks(&rest)) {
            return 0;
        }
    }
    return in.n; /* old tools leave the last byte out */
}

/* RIFF (little-endian) and FORM, MThd (big-endian): a size, then chunks that fill it. */
static size_t riff_end(struct span in)
{
    struct span rest = span_from(in, 4), body, id;
    uint32_t size, n;

    if (!take_u32le(&rest, &size) || size < 4 || !take(&rest, size, &body) || !skip(&body, 4))
        return 0;
    while (body.n > 0) {
        if (!take(&body, 4, &id) || !is_fourcc(id) || !take_u32le(&body, &n) || !skip(&body, n))
            return 0;
        if (n % 2 != 0 && body.n > 0)
            (void)skip(&body, 1);
    }
    if (size % 2 != 0 && rest.n > 0 && rest.p[0] == 0)
        (void)skip(&rest, 1);
    return done(in, rest);
}

static size_t bmp_end(struct span in)
{
    struct span rest = span_from(in, 2);
    uint32_t size, reserved, data, header;

    if (!take_u32le(&rest, &size) || !take_u32le(&rest, &reserved) || !take_u32le(&rest, &data) ||
        !take_u32le(&rest, &header))
        return 0;
    if (header != 12 && header != 40 && header != 52 && header != 56 && header != 64 &&
        header != 108 && header != 124)
        return 0;
    return size <= in.n && data < size && data >= 14 + header ? size : 0;
}

static size_t ico_end(struct span in)
{
    struct span rest = span_from(in, 4), entry, image;
    uint16_t n;
    size_t end = 0;

    if (!take_u16le(&rest, &n) || n == 0 || n > 256)
        return 0;
    for (; n > 0; n--) {
        uint32_t size, off;

        if (!take(&rest, 16, &entry) || entry.p[3] != 0 || !skip(&entry, 8) ||
            !take_u32le(&entry, &size) || !take_u32le(&entry, &off) || size == 0 ||
            !span_sub(in, off, size, &image))
            return 0;
        end = (size_t)off + size > end ? (size_t)off + size : end;
    }
    return end;
}

static bool take_u16_of(struct span *in, bool big, uint16_t *out)
{
    return big ? take_u16be(in, out) : take_u16le(in, out);
}

static bool take_u32_of(struct span *in, bool big, uint32_t *out)
{
    return big ? take_u32be(in, out) : take_u32le(in, out);
}

/* Directories in a chain; where the pixels end is not told, so everything belongs to it. */
static size_t tiff_end(struct span in)
{
    bool big = in.p[0] == 'M';
    struct span rest = span_from(in, 4);
    uint32_t off;

    for (unsigned directories = 0; take_u32_of(&rest, big, &off); directories++) {
        uint16_t n;

        if (off == 0)
            return directories > 0 ? in.n : 0;
        rest = span_from(in, off);
        if (directories > 4096 || !take_u16_of(&rest, big, &n) || n == 0 ||
            !skip(&rest, (uint64_t)n * 12))
            return 0;
    }
    return 0;
}

/* Length of the MPEG audio frame (layer III) at the front of in, or 0. */
static size_t mpeg_frame(struct span in)
{
    static const unsigned short rates[2][16] = {
        { 0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0 },
        { 0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0 },
    };
    static const unsigned hertz[3] = { 44100, 48000, 32000 };
    unsigned version, rate, sampling;
    struct span h;

    if (!take(&in, 4, &h) || h.p[0] != 0xFF || (h.p[1] & 0xE6) != 0xE2)
        return 0;
    version = h.p[1] >> 3 & 3; /* 0: 2.5, 2: 2, 3: 1 */
    rate = rates[version != 3][h.p[2] >> 4];
    sampling = h.p[2] >> 2 & 3;
    if (version == 1 || rate == 0 || sampling == 3)
        return 0;
    sampling = hertz[sampling] >> (version == 3 ? 0 : version == 2 ? 1 : 2);
    return (version == 3 ? 144 : 72) * rate * 1000 / sampling + (h.p[2] >> 1 & 1);
}

static size_t mp3_end(struct span in)
{
    struct span rest = in, head;
    size_t n, frames = 0;

    if (span_starts(in, SPAN_LITERAL("ID3")) && take(&rest, 10, &head)) {
        uint64_t size = (uint64_t)(head.p[6] & 0x7F) << 21 | (uint64_t)(head.p[7] & 0x7F) << 14 |
                        (uint64_t)(head.p[8] & 0x7F) << 7 | (head.p[9] & 0x7F);

        if (!skip(&rest, size + (head.p[5] & 0x10 ? 10 : 0)))
            return 0;
    }
    for (; (n = mpeg_frame(rest)) > 0; frames++)
        if (!skip(&rest, n))
            rest = SPAN_EMPTY; /* encoders cut the last frame */
    if (span_starts(rest, SPAN_LITERAL("TAG")))
        (void)skip(&rest, 128);
    return frames > 2 ? done(in, rest) : 0;
}

static size_t ogg_end(struct span in)
{
    struct span rest = in, head, table;

    while (span_starts(rest, SPAN_LITERAL("OggS\0"))) {
        uint64_t n = 0;

        if (!take(&rest, 27, &head) || !take(&rest, head.p[26], &table))
            return 0;
        for (size_t i = 0; i < table.n; i++)
            n += table.p[i];
        if (!skip(&rest, n))
            return 0;
    }
    return done(in, rest);
}

/* Metadata blocks, then frames up to the end of the file. */
static size_t flac_end(struct span in)
{
    struct span rest = span_from(in, 4), head;

    do {
        if (!take(&rest, 4, &head) || (head.p[0] & 0x7F) == 0x7F ||
            !skip(&rest, (uint64_t)head.p[1] << 16 | (uint64_t)head.p[2] << 8 | head.p[3]))
            return 0;
    } while (!(head.p[0] & 0x80));
    return rest.n == 0 || (rest.n > 1 && rest.p[0] == 0xFF && (rest.p[1] & 0xFC) == 0xF8) ? in.n
                                                                                          : 0;
}

static size_t mp4_end(struct span in)
{
    struct span rest = in, type;
    uint32_t size;

    while (rest.n > 0) {
        uint64_t n;

        if (!take_u32be(&rest, &size) || !take(&rest, 4, &type))
            return 0;
        if (!is_fourcc(type))
            return done(in, rest) - 8;
        n = size;
        if (size == 0) /* the last box, up to the end of the file */
            return span_is(type, "mdat") ? in.n : done(in, rest) - 8;
        if (size == 1 ? !take_u64be(&rest, &n) || n < 16 || !skip(&rest, n - 16)
                      : n < 8 || !skip(&rest, n - 8))
            return 0;
    }
    return in.n;
}

/* A font's directory: tables inside the file, among them the one every font has. */
static size_t font_end(struct span in)
{
    struct span rest = span_from(in, 4), tag, table;
    uint32_t sum, off, n;
    uint16_t count;
    uint64_t end = 0;
    bool head = false;

    if (!take_u16be(&rest, &count) || count == 0 || count > 256 || !skip(&rest, 6))
        return 0;
    for (; count > 0; count--) {
        if (!take(&rest, 4, &tag) || !is_fourcc(tag) || !take_u32be(&rest, &sum) ||
            !take_u32be(&rest, &off) || !take_u32be(&rest, &n) || !span_sub(in, off, n, &table))
            return 0;
        head |= span_is(tag, "head") || span_is(tag, "cmap");
        end = (uint64_t)off + n > end ? (uint64_t)off + n : end;
    }
    end = (end + 3) & ~UINT64_C(3); /* tables are padded */
    return !head ? 0 : end < in.n ? (size_t)end : in.n;
}

static size_t font_collection_end(struct span in)
{
    struct span rest = span_from(in, 4);
    uint32_t version, n, off;

    if (!take_u32be(&rest, &version) || !take_u32be(&rest, &n) || n == 0 || n > 1024)
        return 0;
    for (; n > 0; n--)
        if (!take_u32be(&rest, &off) || off >= in.n)
            return 0;
    return in.n;
}

static size_t woff_end(struct span in)
{
    struct span rest = span_from(in, 8);
    uint32_t n;

    return take_u32be(&rest, &n) && n >= 44 && n <= in.n ? n : 0;
}

/* One header and its data, with times of `wide` bytes. */
static bool skip_tzif(struct span *rest, uint64_t wide)
{
    struct span head;
    uint32_t n[6]; /* isutcnt, isstdcnt, leapcnt, timecnt, typecnt, charcnt */

    if (!take(rest, 20, &head) || !span_starts(head, SPAN_LITERAL("TZif")))
        return false;
    for (size_t i = 0; i < 6; i++)
        if (!take_u32be(rest, &n[i]) || n[i] > 1 << 20)
            return false;
    return skip(rest, n[3] * (wide + 1) + n[4] * 6u + n[5] + n[2] * (wide + 4) + n[1] + n[0]);
}

static size_t tzif_end(struct span in)
{
    struct span rest = in, line;

    if (in.n < 44 || !skip_tzif(&rest, 4))
        return 0;
    if (in.p[4] == 0)
        return done(in, rest);
    if (!skip_tzif(&rest, 8) || !take_line(&rest, &line) || line.n != 0 || !take_line(&rest, &line))
        return 0;
    return done(in, rest);
}

/* Message catalogues: two tables of strings inside the file. What else there is has no end told. */
static size_t mo_end(struct span in)
{
    bool big = in.p[0] == 0x95;
    struct span rest = span_from(in, 4), text;
    uint32_t revision, n, tables[2], len, off;

    if (!take_u32_of(&rest, big, &revision) || revision > 1 || !take_u32_of(&rest, big, &n) ||
        !take_u32_of(&rest, big, &tables[0]) || !take_u32_of(&rest, big, &tables[1]))
        return 0;
    for (size_t t = 0; t < 2; t++) {
        rest = span_from(in, tables[t]);
        for (uint32_t i = 0; i < n; i++)
            if (!take_u32_of(&rest, big, &len) || !take_u32_of(&rest, big, &off) ||
                !span_sub(in, off, (uint64_t)len + 1, &text))
                return 0;
    }
    return in.n;
}

#define M(name, magic, offset, end)                                                                \
    {                                                                                              \
        name, { (const uint8_t *)(magic), sizeof(magic) - 1 }, offset, end                         \
    }

static const struct media media[] = {
    M("png", "\x89PNG\r\n\x1a\n", 0, png_end),
    M("jpeg", "\xff\xd8\xff", 0, jpeg_end),
    M("gif", "GIF87a", 0, gif_end),
    M("gif", "GIF89a", 0, gif_end),
    M("webp", "WEBP", 8, riff_end),
    M("wav", "WAVE", 8, riff_end),
    M("avi", "AVI ", 8, riff_end),
    M("bmp", "BM", 0, bmp_end),
    M("ico", "\0\0\1\0", 0, ico_end),
    M("cur", "\0\0\2\0", 0, ico_end),
    M("tiff", "II*\0", 0, tiff_end),
    M("tiff", "MM\0*", 0, tiff_end),
    M("mp3", "ID3", 0, mp3_end),
    M("mp3", "\xff\xfb", 0, mp3_end),
    M("mp3", "\xff\xf3", 0, mp3_end),
    M("mp3", "\xff\xf2", 0, mp3_end),
    M("ogg", "OggS\0", 0, ogg_end),
    M("flac", "fLaC", 0, flac_end),
    M("mp4", "ftyp", 4, mp4_end),
    M("truetype", "\0\1\0\0", 0, font_end),
    M("truetype", "true\0", 0, font_end),
    M("opentype", "OTTO", 0, font_end),
    M("font collection", "ttcf", 0, font_collection_end),
    M("woff", "wOFF", 0, woff_end),
    M("woff2", "wOF2", 0, woff_end),
    M("tzif", "TZif", 0, tzif_end),
    M("mo", "\xde\x12\x04\x95", 0, mo_end),
    M("mo", "\x95\x04\x12\xde", 0, mo_end),
};

/* Magics of two bytes, and those of numbers, need more to be believed. */
static bool is_weak(const struct media *m)
{
    return m->magic.n == 2 || m->magic.p[0] == 0;
}

const struct media *media_of(struct span in)
{
    for (size_t i = 0; i < ARRAY_LEN(media); i++) {
        struct span at = span_from(in, media[i].offset);

        if (!span_starts(at, media[i].magic))
            continue;
        if (media[i].offset == 8 && !span_starts(in, SPAN_LITERAL("RIFF")))
            continue;
        if (!is_weak(&media[i]) || media[i].end(in) > 0)
            return &media[i];
    }
    return NULL;
}
