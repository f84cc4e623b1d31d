/*
 * Codecs that write characters in ASCII or in wider units: UTF-7 (RFC 2152), UTF-16, UTF-32,
 * Python's own escapes, and the two of host names. What is refused, and what passes that a
 * standard would refuse, is as in CPython. Lone surrogates, which CPython's codecs may make
 * and its tokenizer refuses, are refused at once.
 * Left out: names of characters (\N{...}) past ASCII become U+FFFD; idna refuses labels in
 * ACE form ("xn--"); punycode refuses what a script would read in more than one piece.
 */
#include "base/digit.h"
#include "base/utf8.h"
#include "format/python/codec.h"
#include "format/python/unicode.h"

bool py_decode_utf8_sig(struct py_decode *d, const struct py_codec *codec)
{
    if (d->at == 0 && span_starts(d->in, SPAN_LITERAL("\xEF\xBB\xBF")))
        d->at = 3;
    return py_decode_utf8(d, codec);
}

bool py_decode_undefined(struct py_decode *d, const struct py_codec *codec)
{
    (void)codec;
    return py_decode_stop(d, 0, d->in.n, "undefined encoding");
}

/* A base64 section of UTF-7. */
struct section {
    bool open;
    uint32_t bits, n; /* the last n bits are yet to be used */
    uint32_t high;    /* the first half of a surrogate pair, or 0 */
};

/* A UTF-16 unit of a section. */
static bool utf7_unit(struct py_decode *d, struct section *t, uint32_t unit)
{
    uint32_t high = t->high;

    t->high = 0;
    if (high && unit >= 0xDC00 && unit <= 0xDFFF)
        return py_decode_put(d, 0x10000 + ((high - 0xD800) << 10) + (unit - 0xDC00));
    if (high)
        return py_decode_put(d, high); /* which stops */
    if (unit < 0xD800 || unit > 0xDBFF)
        return py_decode_put(d, unit);
    t->high = unit;
    return true;
}

static bool utf7_digit(struct py_decode *d, struct section *t, int digit)
{
    d->at++;
    t->bits = t->bits << 6 | (uint32_t)digit;
    t->n += 6;
    if (t->n < 16)
        return true;
    t->n -= 16;
    digit = (int)(t->bits >> t->n & 0xFFFF);
    t->bits &= (1u << t->n) - 1;
    return utf7_unit(d, t, (uint32_t)digit);
}

/* Ends a section at a byte that is none of base64's. */
static bool utf7_leave(struct py_decode *d, struct section *t, uint8_t c)
{
    t->open = false;
    if (t->n >= 6)
        return py_decode_stop(d, d->at, 1, "partial character in base64 section");
    if (t->n && t->bits)
        return py_decode_stop(d, d->at, 1, "non-zero padding bits in shift sequence");
    if (t->high && c < 0x80 && !py_decode_put(d, t->high))
        return false;
    d->at += c == '-';
    return true;
}

static bool utf7_plus(struct py_decode *d, struct section *t)
{
    struct span s = span_from(d->in, d->at + 1);

    if (s.n && s.p[0] == '-') {
        d->at += 2;
        return py_decode_put(d, '+');
    }
    if (s.n && digit_base64(s.p[0]) < 0)
        return py_decode_stop(d, d->at, 2, "ill-formed sequence");
    d->at++;
    *t = (struct section){ .open = true };
    return true;
}

bool py_decode_utf7(struct py_decode *d, const struct py_codec *codec)
{
    struct section t = { 0 };

    (void)codec;
    while (d->at < d->in.n) {
        uint8_t c = d->in.p[d->at];
        int digit = digit_base64(c);
        bool good;

        if (t.open)
            good = digit < 0 ? utf7_leave(d, &t, c) : utf7_digit(d, &t, digit);
        else if (c == '+')
            good = utf7_plus(d, &t);
        else if (c < 0x80)
            good = py_decode_put(d, c) && ++d->at;
        else
            good = py_decode_stop(d, d->at, 1, "unexpected special character");
        if (!good)
            return false;
    }
    if (t.open && (t.high || t.n >= 6 || (t.n && t.bits)))
        return py_decode_stop(d, d->at, 0, "unterminated shift sequence");
    return true;
}

/* Takes size bytes as a number. */
static bool take_unit(struct py_decode *d, unsigned size, bool big, uint32_t *out)
{
    struct span s = span_from(d->in, d->at);

    *out = 0;
    if (s.n < size)
        return false;
    for (unsigned i = 0; i < size; i++)
        *out |= (uint32_t)s.p[i] << 8 * (big ? size - 1 - i : i);
    d->at += size;
    return true;
}

/* Whether the bytes are big-endian; a BOM is passed by. Without one: as this machine, little. */
static bool is_big(struct py_decode *d, const struct py_codec *codec, unsigned size)
{
    uint32_t unit;

    if (codec->variant != CODEC_BOM)
        return codec->variant == CODEC_BE;
    if (!take_unit(d, size, false, &unit))
        return false;
    if (unit == 0xFEFF)
        return false;
    if (unit == (size == 2 ? 0xFFFE : 0xFFFE0000))
        return true;
    d->at -= size;
    return false;
}

bool py_decode_utf16(struct py_decode *d, const struct py_codec *codec)
{
    bool big = is_big(d, codec, 2);

    while (d->at < d->in.n) {
        size_t at = d->at;
        uint32_t c, low;

        if (!take_unit(d, 2, big, &c))
            return py_decode_stop(d, at, d->in.n - at, "truncated data");
        if (c >= 0xDC00 && c <= 0xDFFF)
            return py_decode_stop(d, at, 2, "illegal encoding");
        if (c >= 0xD800 && c <= 0xDBFF) {
            if (!take_unit(d, 2, big, &low))
                return py_decode_stop(d, at, d->in.n - at, "unexpected end of data");
            if (low < 0xDC00 || low > 0xDFFF)
                return py_decode_stop(d, at, 2, "illegal UTF-16 surrogate");
            c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
        }
        if (!py_decode_put(d, c))
            return false;
    }
    return true;
}

bool py_decode_utf32(struct py_decode *d, const struct py_codec *codec)
{
    bool big = is_big(d, codec, 4);

    while (d->at < d->in.n) {
        size_t at = d->at;
        uint32_t c;

        if (!take_unit(d, 4, big, &c))
            return py_decode_stop(d, at, d->in.n - at, "truncated data");
        if (c >= 0xD800 && c <= 0xDFFF)
            return py_decode_stop(d, at, 4,
                                  "code point in surrogate code point range(0xd800, 0xe000)");
        if (c > 0x10FFFF)
            return py_decode_stop(d, at, 4, "code point not in range(0x110000)");
        if (!py_decode_put(d, c))
            return false;
    }
    return true;
}

/* \x, \u, \U at d->at and its n digits. */
static bool hex_escape(struct py_decode *d, unsigned n, const char *truncated)
{
    struct span s = span_from(d->in, d->at);
    uint32_t c = 0;

    for (size_t i = 2; i < 2 + n; i++) {
        if (i >= s.n || digit_hex(s.p[i]) < 0)
            return py_decode_stop(d, d->at, i, truncated);
        c = c << 4 | (uint32_t)digit_hex(s.p[i]);
    }
    if (c > 0x10FFFF)
        return py_decode_stop(d, d->at, 10, "illegal Unicode character");
    if (!py_decode_put(d, c))
        return false;
    d->at += 2 + n;
    return true;
}

/* One to three octal digits behind a backslash. */
static bool octal_escape(struct py_decode *d)
{
    struct span s = span_from(d->in, d->at);
    uint32_t c = 0;
    size_t i = 1;

    for (; i < 4 && i < s.n && s.p[i] >= '0' && s.p[i] <= '7'; i++)
        c = c << 3 | (s.p[i] - '0');
    d->at += i;
    return py_decode_put(d, c);
}

static bool named_escape(struct py_decode *d)
{
    struct span s = span_from(d->in, d->at + 2), name;
    const uint8_t *end = s.n ? memchr(s.p, '}', s.n) : NULL;
    int32_t c;

    if (!end || s.p[0] != '{' || end == s.p + 1)
        return py_decode_stop(d, d->at, 2, "malformed \\N character escape");
    (void)!span_sub(s, 1, (size_t)(end - s.p) - 1, &name);
    c = py_character_by_name(name);
    if (c < 0)
        return py_decode_stop(d, d->at, name.n + 4, "unknown Unicode character name");
    if (!py_decode_put(d, c ? (uint32_t)c : 0xFFFD))
        return false;
    d->at += name.n + 4;
    return true;
}

/* What a backslash and one letter mean, or 0. */
static uint8_t short_escape(uint8_t c)
{
    static const char from[] = "abtnvfr\\'\"", to[] = "\a\b\t\n\v\f\r\\'\"";
    const char *hit = memchr(from, c, sizeof from - 1);

    return hit ? (uint8_t)to[hit - from] : 0;
}

static bool escape(struct py_decode *d)
{
    struct span s = span_from(d->in, d->at);
    uint8_t c;

    if (s.n < 2)
        return py_decode_stop(d, d->at, 1, "\\ at end of string");
    c = s.p[1];
    if (c == 'x')
        return hex_escape(d, 2, "truncated \\xXX escape");
    if (c == 'u')
        return hex_escape(d, 4, "truncated \\uXXXX escape");
    if (c == 'U')
        return hex_escape(d, 8, "truncated \\UXXXXXXXX escape");
    if (c == 'N')
        return named_escape(d);
    if (c >= '0' && c <= '7')
        return octal_escape(d);
    d->at += 2;
    if (c == '\n')
        return true;
    if (short_escape(c))
        return py_decode_put(d, short_escape(c));
    return py_decode_put(d, '\\') && py_decode_put(d, c); /* as it stands */
}

bool py_decode_escape(struct py_decode *d, const struct py_codec *codec)
{
    (void)codec;
    while (d->at < d->in.n)
        if (!(d->in.p[d->at] == '\\' ? escape(d) : py_decode_put(d, d->in.p[d->at++])))
            return false;
    return true;
}

static bool raw_escape(struct py_decode *d)
{
    struct span s = span_from(d->in, d->at);

    if (s.n > 1 && s.p[1] == 'u')
        return hex_escape(d, 4, "truncated \\uXXXX escape");
    if (s.n > 1 && s.p[1] == 'U')
        return hex_escape(d, 8, "truncated \\UXXXXXXXX escape");
    d->at += s.n > 1 ? 2 : 1;
    return py_decode_put(d, '\\') && (s.n < 2 || py_decode_put(d, s.p[1]));
}

bool py_decode_raw_escape(struct py_decode *d, const struct py_codec *codec)
{
    (void)codec;
    while (d->at < d->in.n)
        if (!(d->in.p[d->at] == '\\' ? raw_escape(d) : py_decode_put(d, d->in.p[d->at++])))
            return false;
    return true;
}

/* A label in ACE form would be looked up in tables of names; no source has one. */
bool py_decode_idna(struct py_decode *d, const struct py_codec *codec)
{
    for (size_t i = 0; i + 4 <= d->in.n; i++) {
        const uint8_t *p = d->in.p + i;

        if ((i == 0 || p[-1] == '.') && (p[0] | 0x20) == 'x' && (p[1] | 0x20) == 'n' &&
            p[2] == '-' && p[3] == '-')
            return py_decode_stop(d, i, 4, "label in ACE form");
    }
    return py_decode_ascii(d, codec);
}

/*
 * Punycode (RFC 3492): ASCII up to the last hyphen, and then where to put which characters.
 * `python file.py` reads such a file in pieces of PIECE bytes, each with a hyphen of its own.
 */
enum { PIECE = 8192, BASE = 36, T_MIN = 1, T_MAX = 26, SKEW = 38, DAMP = 700 };

struct punycode {
    uint32_t c[PIECE];
    uint32_t n;
};

static uint32_t adapt(uint64_t delta, bool first, uint32_t n)
{
    uint32_t k = 0;

    delta = first ? delta / DAMP : delta / 2;
    delta += delta / n;
    for (; delta > (BASE - T_MIN) * T_MAX / 2; k += BASE)
        delta /= BASE - T_MIN;
    return k + (uint32_t)(BASE * delta / (delta + SKEW));
}

/* One number of variable length at d->at. */
static bool punycode_number(struct py_decode *d, uint32_t bias, uint64_t *out)
{
    uint64_t weight = 1;

    *out = 0;
    for (uint32_t k = BASE;; k += BASE) {
        uint32_t t = k <= bias + T_MIN ? T_MIN : k >= bias + T_MAX ? T_MAX : k - bias;
        uint8_t c = d->at < d->in.n ? d->in.p[d->at] : 0;
        uint32_t digit;

        if (c == 0)
            return py_decode_stop(d, d->at, 0, "incomplete punicode string");
        if (c >= '0' && c <= '9')
            digit = c - '0' + 26u;
        else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'z')
            digit = (c | 0x20u) - 'a';
        else
            return py_decode_stop(d, d->at, 1, "Invalid extended code point");
        d->at++;
        *out += digit * weight;
        if (digit < t)
            return true;
        weight *= BASE - t;
        if (weight >> 40)
            return py_decode_stop(d, d->at - 1, 1, "Invalid character");
    }
}

static bool punycode_insert(struct py_decode *d, struct punycode *p)
{
    uint32_t c = 128, bias = 72;
    uint64_t at = 0;

    for (bool first = true; d->at < d->in.n; first = false) {
        uint64_t delta;

        if (!punycode_number(d, bias, &delta))
            return false;
        at += delta;
        if (at / (p->n + 1) > 0x10FFFF - c)
            return py_decode_stop(d, d->at - 1, 1, "Invalid character");
        c += (uint32_t)(at / (p->n + 1));
        at %= p->n + 1;
        memmove(p->c + at + 1, p->c + at, (p->n - at) * sizeof *p->c);
        p->c[at++] = c;
        p->n++;
        bias = adapt(delta, first, p->n);
    }
    return true;
}

bool py_decode_punycode(struct py_decode *d, const struct py_codec *codec)
{
    const uint8_t *hyphen = d->in.n ? memrchr(d->in.p, '-', d->in.n) : NULL;
    size_t base = hyphen ? (size_t)(hyphen - d->in.p) : 0;
    struct punycode p = { .n = 0 };

    (void)codec;
    if (d->in.n > PIECE)
        return py_decode_stop(d, 0, d->in.n, "more than one piece");
    for (; d->at < base; d->at++) {
        if (d->in.p[d->at] >= 0x80)
            return py_decode_stop(d, d->at, 1, "ordinal not in range(128)");
        p.c[p.n++] = d->in.p[d->at];
    }
    d->at += hyphen != NULL;
    if (!punycode_insert(d, &p))
        return false;
    for (uint32_t i = 0; i < p.n; i++)
        if (!py_decode_put(d, p.c[i]))
            return false;
    return true;
}
