/*
 * Decoders of the text encodings that CPython takes for sources. Each reads what CPython's
 * codec of that name reads, and stops where that one would raise.
 */
#ifndef PRATIQUE_FORMAT_PYTHON_CODEC_H
#define PRATIQUE_FORMAT_PYTHON_CODEC_H

#include "format/format.h"

/* One run of a decoder: from in to out. */
struct py_decode {
    struct scan *s;
    struct span in;
    size_t at;    /* bytes of in that are decoded, or where it stopped */
    uint8_t *out; /* scan_map(), size bytes of it, n of them UTF-8 */
    size_t n, size;
    const char *why; /* at a stop: CPython's reason; NULL: out of memory or budget */
    size_t bad;      /* at a stop: how many bytes at `at` are to blame */
};

struct py_codec;
typedef bool py_decoder(struct py_decode *d, const struct py_codec *codec);

struct py_codec {
    const char *name;    /* of the module in CPython's encodings */
    const char *title;   /* as CPython's messages name it */
    py_decoder *decode;  /* NULL: not a text encoding */
    const uint16_t *map; /* of single bytes; of other codecs what they like */
    uint32_t variant;
    uint32_t flags; /* enum py_codec_flag */
};

enum py_codec_flag {
    CODEC_ASCII = 1 << 0,     /* a byte below 0x80 is that character, whatever stands around it */
    CODEC_STATEFUL = 1 << 1,  /* what a byte means depends on more than its character */
    CODEC_EBCDIC = 1 << 2,    /* '#' is no '#': a cookie line that nothing of it can read */
    CODEC_NO_SCRIPT = 1 << 3, /* a script's reader wants a BOM behind the cookie, where none is */
};

/* The codec that encodings.search_function() finds for a name, or NULL. */
const struct py_codec *py_codec_find(struct span name);

/* Appends a character. False at a surrogate (why is set), out of memory or budget. */
bool py_decode_slow(struct py_decode *d, uint32_t c) NONNULL MUST_CHECK;
static inline bool py_decode_put(struct py_decode *d, uint32_t c)
{
    if (c < 0x80 && d->n < d->size) {
        d->out[d->n++] = (uint8_t)c;
        return true;
    }
    return py_decode_slow(d, c);
}

/* Stops the decoder: bad bytes at `at` are why. Always false. */
static inline bool py_decode_stop(struct py_decode *d, size_t at, size_t bad, const char *why)
{
    d->at = at, d->bad = bad, d->why = why;
    return false;
}

/* The first byte that is NUL or not ASCII; in.n without one. */
size_t py_plain(struct span in);

/* The first byte that is no UTF-8; in.n without one. *nul: whether a NUL stands before it. */
size_t py_utf8_valid(struct span in, bool *nul) NONNULL;

/* CPython's words for the fault at `at`, and how many bytes it takes for bad. */
const char *py_utf8_why(struct span in, size_t at, size_t *bad) NONNULL;

/* struct py_codec's variant: of UTF-16 and UTF-32 */
enum { CODEC_LE, CODEC_BE, CODEC_BOM };

/* of codecs of one to four bytes */
enum py_multi {
    CODEC_BIG5,
    CODEC_CP950,
    CODEC_BIG5HKSCS,
    CODEC_SHIFT_JIS,
    CODEC_CP932,
    CODEC_SHIFT_JIS_2004,
    CODEC_SHIFT_JISX0213,
    CODEC_EUC_JP,
    CODEC_EUC_JIS_2004,
    CODEC_EUC_JISX0213,
    CODEC_EUC_KR,
    CODEC_CP949,
    CODEC_GB2312,
    CODEC_GBK,
    CODEC_GB18030,
    CODEC_JOHAB,
};

/* of ISO 2022, bits to say which sets each takes */
enum py_iso2022 {
    CODEC_ISO2022_JP = 1 << 0,
    CODEC_ISO2022_JP_1 = 1 << 1,
    CODEC_ISO2022_JP_2 = 1 << 2,
    CODEC_ISO2022_JP_2004 = 1 << 3,
    CODEC_ISO2022_JP_3 = 1 << 4,
    CODEC_ISO2022_JP_EXT = 1 << 5,
    CODEC_ISO2022_KR = 1 << 6,
};

py_decoder py_decode_ascii, py_decode_map, py_decode_utf8, py_decode_utf8_sig, py_decode_utf7,
    py_decode_utf16, py_decode_utf32, py_decode_escape, py_decode_raw_escape, py_decode_punycode,
    py_decode_idna, py_decode_undefined, py_decode_multi, py_decode_euc_kr, py_decode_gb18030,
    py_decode_iso2022, py_decode_hz;

#endif
