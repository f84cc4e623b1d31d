/*
 * East Asian codecs of one to four bytes without shifts: EUC, Shift JIS, Big5, GBK, UHC, Johab
 * and their kin. A codec is a way from bytes to a cell of a shared set, and what it has besides.
 * What is a character, and which bytes are not, is CPython's (tools/codecs/make.py).
 */
#include "format/python/codec_multi.h"

/* Numbers in codec_multi.def: runs of successors, and of gaps. */
#define R2(x)  (x), (x) + 1
#define R4(x)  R2(x), R2((x) + 2)
#define R8(x)  R4(x), R4((x) + 4)
#define R16(x) R8(x), R8((x) + 8)
#define R32(x) R16(x), R16((x) + 16)
#define G2     0, 0
#define G4     G2, G2
#define G8     G4, G4
#define G16    G8, G8
#define G32    G16, G16
#define G64    G32, G32

#define X(key, code)                                                                               \
    {                                                                                              \
        0x##key, 1, 0x##code                                                                       \
    }
#define XN(key, n, code)                                                                           \
    {                                                                                              \
        0x##key, n, 0x##code                                                                       \
    }

#define ROWS       94
#define FIRST      0x21
#define BIG5_CELLS 157 /* 0x40 to 0x7E, 0xA1 to 0xFE */

static const uint16_t grid_jis_0208[ROWS * ROWS] = {
#define GRID_JIS_0208
#include "format/python/codec_multi.def"
};
static const uint16_t grid_jis_0212[ROWS * ROWS] = {
#define GRID_JIS_0212
#include "format/python/codec_multi.def"
};
static const uint16_t grid_ks_1001[ROWS * ROWS] = {
#define GRID_KS_1001
#include "format/python/codec_multi.def"
};
static const uint16_t grid_gb_2312[ROWS * ROWS] = {
#define GRID_GB_2312
#include "format/python/codec_multi.def"
};
static const uint16_t grid_big5[(0xFA - 0xA1) * BIG5_CELLS] = {
#define GRID_BIG5
#include "format/python/codec_multi.def"
};

static const struct py_extra jis_0213_1[] = {
#define EXTRA_JIS_0213_1
#include "format/python/codec_multi.def"
};
static const struct py_extra jis_0213_1_2000[] = {
#define EXTRA_JIS_0213_1_2000
#include "format/python/codec_multi.def"
};
static const struct py_extra jis_0213_2[] = {
#define EXTRA_JIS_0213_2
#include "format/python/codec_multi.def"
};
static const struct py_extra iso_ks[] = {
#define EXTRA_ISO_KS
#include "format/python/codec_multi.def"
};
static const struct py_extra iso_0213_1[] = {
#define EXTRA_ISO_0213_1
#include "format/python/codec_multi.def"
};
static const struct py_extra cp949[] = {
#define EXTRA_CP949
#include "format/python/codec_multi.def"
};
static const struct py_extra gbk[] = {
#define EXTRA_GBK
#include "format/python/codec_multi.def"
};
static const struct py_extra gb18030[] = {
#define EXTRA_GB18030
#include "format/python/codec_multi.def"
};
static const struct py_extra cp932[] = {
#define EXTRA_CP932
#include "format/python/codec_multi.def"
};
static const struct py_extra shift_jis_2004[] = {
#define EXTRA_SHIFT_JIS_2004
#include "format/python/codec_multi.def"
};
static const struct py_extra shift_jisx0213[] = {
#define EXTRA_SHIFT_JISX0213
#include "format/python/codec_multi.def"
};
static const struct py_extra euc_jisx0213[] = {
#define EXTRA_EUC_JISX0213
#include "format/python/codec_multi.def"
};
static const struct py_extra cp950[] = {
#define EXTRA_CP950
#include "format/python/codec_multi.def"
};
static const struct py_extra big5hkscs[] = {
#define EXTRA_BIG5HKSCS
#include "format/python/codec_multi.def"
};
static const struct py_extra johab[] = {
#define EXTRA_JOHAB
#include "format/python/codec_multi.def"
};

#define EXTRAS(list) list, ARRAY_LEN(list)
#define NO_EXTRAS    NULL, 0

static const struct py_set set_0213_1 = { NULL, &py_jis_0208, EXTRAS(jis_0213_1) };
static const struct py_set set_0213_1_2000 = { NULL, &set_0213_1, EXTRAS(jis_0213_1_2000) };
/* Behind 0x8F of EUC: what plane 2 leaves free is JIS X 0212's. */
static const struct py_set set_0213_3 = { NULL, &py_jis_0212, EXTRAS(jis_0213_2) };

const struct py_set py_jis_0208 = { grid_jis_0208, NULL, NO_EXTRAS };
const struct py_set py_jis_0212 = { grid_jis_0212, NULL, NO_EXTRAS };
const struct py_set py_jis_0213_2 = { NULL, NULL, EXTRAS(jis_0213_2) };
const struct py_set py_ks_1001 = { grid_ks_1001, NULL, NO_EXTRAS };
const struct py_set py_gb_2312 = { grid_gb_2312, NULL, NO_EXTRAS };
const struct py_set py_iso_ks = { NULL, &py_ks_1001, EXTRAS(iso_ks) };
const struct py_set py_iso_0213_1 = { NULL, &set_0213_1, EXTRAS(iso_0213_1) };
const struct py_set py_iso_0213_1_2000 = { NULL, &set_0213_1_2000, EXTRAS(iso_0213_1) };

enum shape { EUC, SJIS, BIG5, JOHAB };

/* By enum py_multi. second: behind 0x8F of EUC, or plane 2 of Shift JIS. */
static const struct multi {
    enum shape shape;
    bool kana; /* JIS X 0201's: a byte of its own in Shift JIS, behind 0x8E in EUC */
    const struct py_set *first, *second;
    const struct py_extra *extra; /* keyed by the bytes, and before everything else */
    unsigned extra_n;
    const struct py_extra *more; /* and after those */
    unsigned more_n;
} multis[] = {
    [CODEC_BIG5] = { BIG5, false, NULL, NULL, NO_EXTRAS, NO_EXTRAS },
    [CODEC_CP950] = { BIG5, false, NULL, NULL, EXTRAS(cp950), NO_EXTRAS },
    [CODEC_BIG5HKSCS] = { BIG5, false, NULL, NULL, EXTRAS(big5hkscs), NO_EXTRAS },
    [CODEC_SHIFT_JIS] = { SJIS, true, &py_jis_0208, NULL, NO_EXTRAS, NO_EXTRAS },
    [CODEC_CP932] = { SJIS, true, &py_jis_0208, NULL, EXTRAS(cp932), NO_EXTRAS },
    [CODEC_SHIFT_JIS_2004] = { SJIS, true, &set_0213_1, &py_jis_0213_2, EXTRAS(shift_jis_2004),
                               NO_EXTRAS },
    [CODEC_SHIFT_JISX0213] = { SJIS, true, &set_0213_1_2000, &py_jis_0213_2, EXTRAS(shift_jisx0213),
                               NO_EXTRAS },
    [CODEC_EUC_JP] = { EUC, true, &py_jis_0208, &py_jis_0212, NO_EXTRAS, NO_EXTRAS },
    [CODEC_EUC_JIS_2004] = { EUC, true, &set_0213_1, &set_0213_3, NO_EXTRAS, NO_EXTRAS },
    [CODEC_EUC_JISX0213] = { EUC, true, &set_0213_1_2000, &set_0213_3, EXTRAS(euc_jisx0213),
                             NO_EXTRAS },
    [CODEC_EUC_KR] = { EUC, false, &py_ks_1001, NULL, NO_EXTRAS, NO_EXTRAS },
    [CODEC_CP949] = { EUC, false, &py_ks_1001, NULL, EXTRAS(cp949), NO_EXTRAS },
    [CODEC_GB2312] = { EUC, false, &py_gb_2312, NULL, NO_EXTRAS, NO_EXTRAS },
    [CODEC_GBK] = { EUC, false, &py_gb_2312, NULL, EXTRAS(gbk), NO_EXTRAS },
    [CODEC_GB18030] = { EUC, false, &py_gb_2312, NULL, EXTRAS(gb18030), EXTRAS(gbk) },
    [CODEC_JOHAB] = { JOHAB, false, &py_ks_1001, NULL, EXTRAS(johab), NO_EXTRAS },
};

/* Looks a key up in sorted runs. */
static bool find_extra(const struct py_extra *list, unsigned n, uint32_t key, uint32_t *code)
{
    unsigned low = 0;

    while (n > 0) {
        unsigned half = n / 2;

        if (list[low + half].key <= key)
            low += half + 1, n -= half + 1;
        else
            n = half;
    }
    if (low == 0 || key - list[low - 1].key >= list[low - 1].n)
        return false;
    *code = list[low - 1].code ? list[low - 1].code + (key - list[low - 1].key) : 0;
    return true;
}

uint32_t py_set_find(const struct py_set *set, uint8_t row, uint8_t cell)
{
    uint8_t r = (uint8_t)(row - FIRST), c = (uint8_t)(cell - FIRST);
    uint32_t code;

    if (r >= ROWS || c >= ROWS)
        return 0;
    for (; set; set = set->base) {
        if (find_extra(set->extra, set->extra_n, (uint32_t)row << 8 | cell, &code))
            return code;
        if (set->grid)
            return set->grid[r * ROWS + c];
    }
    return 0;
}

bool py_put_code(struct py_decode *d, uint32_t code)
{
    if (code <= 0x10FFFF)
        return py_decode_put(d, code);
    return py_decode_put(d, code >> 16) && py_decode_put(d, code & 0xFFFF);
}

static uint32_t euc(const struct multi *m, uint8_t a, uint8_t b)
{
    if (m->kana && a == 0x8E)
        return b >= 0xA1 && b <= 0xDF ? 0xFF61u + b - 0xA1u : 0;
    return a >= 0xA1 && b >= 0xA1 ? py_set_find(m->first, a & 0x7F, b & 0x7F) : 0;
}

/* The odd row of a lead byte of Shift JIS, the even one follows; 0 for other bytes. */
static unsigned sjis_row(uint8_t lead)
{
    static const uint8_t second[] = { 1, 3, 5, 13, 15, 79, 81, 83, 85, 87, 89, 91, 93 };

    if (lead >= 0x81 && lead <= 0x9F)
        return FIRST + 2 * (lead - 0x81u);
    if (lead >= 0xE0 && lead <= 0xEF)
        return FIRST + 2 * (lead - 0xE0u + 0x1F);
    return lead >= 0xF0 && lead <= 0xFC ? 0x20u + second[lead - 0xF0] : 0;
}

/* Of plane 2 the even row is not always the next: 8 stands beside 1, 12 beside 5, 78 beside 15. */
static unsigned sjis_even(uint8_t lead, unsigned odd)
{
    return lead == 0xF0 ? 0x28 : lead == 0xF2 ? 0x2C : lead == 0xF4 ? 0x6E : odd + 1;
}

static uint32_t sjis(const struct multi *m, uint8_t a, uint8_t b)
{
    unsigned row = sjis_row(a), cell = b - (b > 0x7F ? 0x41u : 0x40u);

    if (row == 0 || b < 0x40 || b == 0x7F || b > 0xFC)
        return 0;
    if (cell >= ROWS)
        row = sjis_even(a, row), cell -= ROWS;
    return py_set_find(a < 0xF0 ? m->first : m->second, (uint8_t)row, (uint8_t)(cell + FIRST));
}

static uint32_t big5(uint8_t a, uint8_t b)
{
    unsigned cell = b < 0x7F ? b - 0x40u : b - 0xA1u + 63u;

    if (a < 0xA1 || a > 0xF9 || b < 0x40 || (b > 0x7E && b < 0xA1) || b > 0xFE)
        return 0;
    return grid_big5[(a - 0xA1u) * BIG5_CELLS + cell];
}

/* Symbols and hanja; what is written with letters is among the extras. */
static uint32_t johab_symbol(const struct multi *m, uint8_t a, uint8_t b)
{
    unsigned row = a < 0xE0 ? 2 * (a - 0xD9u) : 2 * a - 0x197u;
    unsigned cell = b < 0x91 ? b - 0x31u : b - 0x43u;

    if (a < 0xD9 || a == 0xDF || a > 0xF9 || b < 0x31 || (b > 0x7E && b < 0x91) || b == 0xFF)
        return 0;
    return py_set_find(m->first, (uint8_t)(row + FIRST + cell / ROWS),
                       (uint8_t)(FIRST + cell % ROWS));
}

/* A character of one byte, or 0. */
static uint32_t one_byte(const struct multi *m, uint8_t a)
{
    uint32_t code;

    if (m->extra_n && m->extra[0].key < 0x100 && find_extra(m->extra, m->extra_n, a, &code))
        return code;
    if (m->shape == SJIS && m->kana && a >= 0xA1 && a <= 0xDF)
        return 0xFF61u + a - 0xA1u;
    return a < 0x80 ? a : 0;
}

static uint32_t two_bytes(const struct multi *m, uint8_t a, uint8_t b)
{
    uint32_t code, key = (uint32_t)a << 8 | b;

    if (find_extra(m->extra, m->extra_n, key, &code) || find_extra(m->more, m->more_n, key, &code))
        return code;
    switch (m->shape) {
    case SJIS:
        return sjis(m, a, b);
    case BIG5:
        return big5(a, b);
    case JOHAB:
        return johab_symbol(m, a, b);
    case EUC:
        break;
    }
    return euc(m, a, b);
}

/* Behind 0x8F. */
static uint32_t three_bytes(const struct multi *m, uint8_t b, uint8_t c)
{
    uint32_t code;

    if (find_extra(m->extra, m->extra_n, 0x8F0000u | (uint32_t)b << 8 | c, &code))
        return code;
    return b >= 0xA1 && c >= 0xA1 ? py_set_find(m->second, b & 0x7F, c & 0x7F) : 0;
}

static bool incomplete(struct py_decode *d)
{
    return py_decode_stop(d, d->at, d->in.n - d->at, "incomplete multibyte sequence");
}

static bool illegal(struct py_decode *d, size_t n)
{
    return py_decode_stop(d, d->at, n, "illegal multibyte sequence");
}

/* One character from d->at on. */
static bool step(struct py_decode *d, const struct multi *m)
{
    struct span s = span_from(d->in, d->at);
    uint32_t code = one_byte(m, s.p[0]);
    size_t n = 1;

    if (!code && s.p[0]) {
        if (s.n < 2)
            return incomplete(d);
        n = 2;
        code = two_bytes(m, s.p[0], s.p[1]);
    }
    if (!code && s.p[0] == 0x8F && m->shape == EUC && m->second) {
        if (s.n < 3)
            return incomplete(d);
        n = 3;
        code = three_bytes(m, s.p[1], s.p[2]);
    }
    if (!code && s.p[0])
        return illegal(d, 1);
    d->at += n;
    return py_put_code(d, code);
}

bool py_decode_multi(struct py_decode *d, const struct py_codec *codec)
{
    const struct multi *m = &multis[codec->variant];

    while (d->at < d->in.n)
        if (!step(d, m))
            return false;
    return true;
}

/* KS X 1001's make-up of a syllable: filler, initial, medial, final, each behind 0xA4. */
static bool step_made_up(struct py_decode *d)
{
    static const uint8_t initials[30] = {
#define KR_INITIALS
#include "format/python/codec_multi.def"
    };
    static const uint8_t finals[30] = {
#define KR_FINALS
#include "format/python/codec_multi.def"
    };
    struct span s = span_from(d->in, d->at);
    uint8_t a, b, c;

    if (s.n < 8)
        return incomplete(d);
    a = (uint8_t)(s.p[3] - 0xA1), b = (uint8_t)(s.p[5] - 0xBF), c = (uint8_t)(s.p[7] - 0xA1);
    if (s.p[2] != 0xA4 || s.p[4] != 0xA4 || s.p[6] != 0xA4 || a >= 30 || initials[a] == 0xFF ||
        b > 20 || (s.p[7] != 0xD4 && (c >= 30 || finals[c] == 0xFF)))
        return illegal(d, 1);
    d->at += 8;
    return py_decode_put(d, 0xAC00u + initials[a] * 588u + b * 28u +
                                (s.p[7] == 0xD4 ? 0u : finals[c]));
}

bool py_decode_euc_kr(struct py_decode *d, const struct py_codec *codec)
{
    const struct multi *m = &multis[codec->variant];

    while (d->at < d->in.n) {
        struct span s = span_from(d->in, d->at);
        bool made_up = s.n > 1 && s.p[0] == 0xA4 && s.p[1] == 0xD4;

        if (!(made_up ? step_made_up(d) : step(d, m)))
            return false;
    }
    return true;
}

/* The code point of a four-byte number below U+10000, or 0. */
static uint32_t gb18030_bmp(uint32_t number)
{
    static const struct {
        uint32_t number, code;
    } runs[] = {
#define GB18030_RUNS
#include "format/python/codec_multi.def"
    };
    size_t i = ARRAY_LEN(runs);

    while (i > 0 && runs[i - 1].number > number)
        i--;
    return i && runs[i - 1].code ? runs[i - 1].code + (number - runs[i - 1].number) : 0;
}

static bool step_four(struct py_decode *d)
{
    struct span s = span_from(d->in, d->at);
    uint32_t number, code;

    if (s.n < 4)
        return incomplete(d);
    if (s.p[0] < 0x81 || s.p[0] > 0xFE || s.p[2] < 0x81 || s.p[2] > 0xFE || s.p[3] < '0' ||
        s.p[3] > '9')
        return illegal(d, 1);
    number = ((s.p[0] - 0x81u) * 10 + (s.p[1] - 0x30u)) * 1260 + (s.p[2] - 0x81u) * 10 +
             (s.p[3] - 0x30u);
    code = number < 39420 ? gb18030_bmp(number) : number >= 189000 ? number - 189000 + 0x10000 : 0;
    if (code == 0 || code > 0x10FFFF)
        return illegal(d, 1);
    d->at += 4;
    return py_decode_put(d, code);
}

bool py_decode_gb18030(struct py_decode *d, const struct py_codec *codec)
{
    const struct multi *m = &multis[codec->variant];

    while (d->at < d->in.n) {
        struct span s = span_from(d->in, d->at);
        bool four = s.n > 1 && s.p[0] >= 0x80 && s.p[1] >= '0' && s.p[1] <= '9';

        if (!(four ? step_four(d) : step(d, m)))
            return false;
    }
    return true;
}
