/*
 * What all decoders share: output, UTF-8, single bytes, and the list of names.
 */
#include "format/python/codec.h"

#include "base/utf8.h"

/* Sixteen bytes at once; the compilers make vector instructions of it where there are any. */
typedef int8_t lanes __attribute__((vector_size(16)));

/* Whether all 64 bytes at p are ASCII and none is NUL: as signed bytes they are above 0. */
static inline bool plain_64(const uint8_t *p)
{
    lanes v[4], bad;
    uint64_t half[2];

    memcpy(v, p, sizeof v);
    bad = (v[0] < 1) | (v[1] < 1) | (v[2] < 1) | (v[3] < 1);
    memcpy(half, &bad, sizeof half);
    return (half[0] | half[1]) == 0;
}

size_t py_plain(struct span in)
{
    size_t i = 0;

    while (in.n - i >= 64 && plain_64(in.p + i))
        i += 64;
    while (i < in.n && (int8_t)in.p[i] > 0)
        i++;
    return i;
}

size_t py_utf8_valid(struct span in, bool *nul)
{
    size_t i = 0;

    *nul = false;
    for (;;) {
        uint32_t c;
        size_t len;

        i += py_plain(span_from(in, i));
        while (i < in.n && (in.p[i] >= 0x80 || in.p[i] == 0)) {
            len = utf8_decode(span_from(in, i), &c);
            if (!len)
                return i;
            *nul |= c == 0;
            i += len;
        }
        if (i >= in.n)
            return in.n;
    }
}

/* The least and the greatest second byte behind a lead byte. */
static void second_byte(uint8_t lead, uint8_t *low, uint8_t *high)
{
    *low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    *high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
}

const char *py_utf8_why(struct span in, size_t at, size_t *bad)
{
    struct span s = span_from(in, at);
    uint8_t lead = s.n ? s.p[0] : 0, low, high;
    size_t len = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;

    *bad = 1;
    if (lead < 0xC2 || lead > 0xF4)
        return "invalid start byte";
    second_byte(lead, &low, &high);
    for (size_t i = 1; i < len; i++, *bad = i, low = 0x80, high = 0xBF) {
        if (i >= s.n)
            return "unexpected end of data";
        if (s.p[i] < low || s.p[i] > high)
            return "invalid continuation byte";
    }
    return "invalid continuation byte";
}

/* Room for one character more, whatever it is. */
static bool reserve(struct py_decode *d)
{
    size_t more = d->size ? d->size + d->size / 2 : d->in.n + d->in.n / 8 + 64;
    uint8_t *p;

    if (d->size - d->n >= 4)
        return true;
    p = d->out ? scan_remap(d->s, d->out, d->size, more) : scan_map(d->s, more);
    if (!p)
        return py_decode_stop(d, d->at, 0, NULL);
    d->out = p, d->size = more;
    return true;
}

bool py_decode_slow(struct py_decode *d, uint32_t c)
{
    if (c >= 0xD800 && c <= 0xDFFF)
        return py_decode_stop(d, d->at, d->at < d->in.n, "surrogates not allowed");
    if (!reserve(d))
        return false;
    d->n += utf8_put(c, d->out + d->n);
    return true;
}

bool py_decode_utf8(struct py_decode *d, const struct py_codec *codec)
{
    (void)codec;
    while (d->at < d->in.n) {
        uint32_t c;
        size_t len = utf8_decode(span_from(d->in, d->at), &c);

        if (!len) {
            const char *why = py_utf8_why(d->in, d->at, &d->bad);

            return py_decode_stop(d, d->at, d->bad, why);
        }
        if (!py_decode_put(d, c))
            return false;
        d->at += len;
    }
    return true;
}

bool py_decode_ascii(struct py_decode *d, const struct py_codec *codec)
{
    (void)codec;
    for (; d->at < d->in.n; d->at++) {
        if (d->in.p[d->at] >= 0x80)
            return py_decode_stop(d, d->at, 1, "ordinal not in range(128)");
        if (!py_decode_put(d, d->in.p[d->at]))
            return false;
    }
    return true;
}

/* Single bytes. A map is of all 256, or of the upper 128 when the lower are ASCII; 0xFFFE is
 * no character; without one it is Latin-1. */
bool py_decode_map(struct py_decode *d, const struct py_codec *codec)
{
    unsigned first = codec->flags & CODEC_ASCII ? 0x80 : 0;

    for (; d->at < d->in.n; d->at++) {
        uint8_t byte = d->in.p[d->at];
        uint16_t c = !codec->map || byte < first ? byte : codec->map[byte - first];

        if (c == 0xFFFE)
            return py_decode_stop(d, d->at, 1, "character maps to <undefined>");
        if (!py_decode_put(d, c))
            return false;
    }
    return true;
}
