/*
 * Codecs in which escapes change what the bytes after them mean: ISO 2022 and HZ (RFC 1468,
 * 1554, 1557, 1843, 2237; ISO-2022-JP-3 of JIS X 0213), as CPython reads them: a designation
 * is not ended by a newline, and an escape that is no designation goes through as text.
 */
#include "format/python/codec_multi.h"

enum {
    LF = 0x0A,
    SHIFT_OUT = 0x0E,
    SHIFT_IN = 0x0F,
    ESC = 0x1B,
    ESCAPE_MAX = 16, /* bytes that CPython looks at for the end of an escape */
    WIDE = 0x100,    /* in a mark: behind '$', two bytes a character */
    G0_ASCII = 'B',
};

#define JP_ALL  (CODEC_ISO2022_JP | CODEC_ISO2022_JP_1 | CODEC_ISO2022_JP_2 | CODEC_ISO2022_JP_EXT)
#define JP_0213 (CODEC_ISO2022_JP_3 | CODEC_ISO2022_JP_2004)

/* Sets by the last byte of the escape that designates them, and who takes them. */
static const struct designation {
    uint16_t mark;
    uint16_t codecs;          /* enum py_iso2022 */
    const struct py_set *set; /* of two bytes; NULL: one byte, see narrow() */
} designations[] = {
    { 'J', JP_ALL, NULL },
    { 'I', CODEC_ISO2022_JP_EXT, NULL },
    { 'A', CODEC_ISO2022_JP_2, NULL },
    { 'F', CODEC_ISO2022_JP_2, NULL },
    { 'B' | WIDE, JP_ALL | JP_0213, &py_jis_0208 },
    { '@' | WIDE, JP_ALL, &py_jis_0208 },
    { 'D' | WIDE, CODEC_ISO2022_JP_1 | CODEC_ISO2022_JP_2 | CODEC_ISO2022_JP_EXT, &py_jis_0212 },
    { 'C' | WIDE, CODEC_ISO2022_JP_2 | CODEC_ISO2022_KR, &py_iso_ks },
    { 'A' | WIDE, CODEC_ISO2022_JP_2, &py_gb_2312 },
    { 'O' | WIDE, CODEC_ISO2022_JP_3, &py_iso_0213_1_2000 },
    { 'P' | WIDE, JP_0213, &py_jis_0213_2 },
    { 'Q' | WIDE, CODEC_ISO2022_JP_2004, &py_iso_0213_1 },
};

struct shift {
    uint32_t codec; /* enum py_iso2022 */
    uint16_t g[3];  /* marks of G0, G1, G2 */
    bool out;       /* G1 is in use */
    bool passing;   /* within an escape that goes through as text */
};

static bool stop(struct py_decode *d)
{
    return py_decode_stop(d, d->at, 1, "illegal multibyte sequence");
}

static bool incomplete(struct py_decode *d)
{
    return py_decode_stop(d, d->at, d->in.n - d->at, "incomplete multibyte sequence");
}

static const struct designation *find_designation(uint32_t codec, uint16_t mark)
{
    for (size_t i = 0; i < ARRAY_LEN(designations); i++)
        if (designations[i].mark == mark && designations[i].codecs & codec)
            return &designations[i];
    return NULL;
}

static bool ends_escape(uint8_t c)
{
    return c >= '@' && c <= 'Z';
}

/* Length of an escape from ESC to its last byte; 0 without an end, SIZE_MAX when cut off. */
static size_t escape_length(struct span s)
{
    for (size_t i = 1; i < ESCAPE_MAX; i++) {
        if (i >= s.n)
            return SIZE_MAX;
        if (s.p[i] == '&' && i + 1 < s.n && s.p[i + 1] == '@')
            i += 2; /* a revision stands before the escape proper */
        else if (ends_escape(s.p[i]))
            return i + 1;
    }
    return 0;
}

/* Which of G0 to G2 an escape of n bytes designates, and what; -1 for none that is known. */
static int read_escape(struct span s, size_t n, uint32_t codec, uint16_t *mark)
{
    static const char kinds[] = "().";
    const char *kind = memchr(kinds, s.p[n - 2], 3);
    int g = kind ? (int)(kind - kinds) : -1;

    *mark = s.p[n - 1];
    if (n == 3 && s.p[1] != '$')
        return g == 2 && codec != CODEC_ISO2022_JP_2 ? -1 : g;
    *mark |= WIDE;
    if (n == 3)
        return 0;
    if (n == 4)
        return s.p[1] == '$' && g < 2 ? g : -1;
    return n == 6 && memcmp(s.p + 3, "\x1b$B", 3) == 0 ? 0 : -1;
}

static bool designate(struct py_decode *d, struct shift *t)
{
    struct span s = span_from(d->in, d->at);
    size_t n = escape_length(s);
    uint16_t mark;
    int g;

    if (n == SIZE_MAX)
        return incomplete(d);
    if (n < 3)
        return stop(d);
    g = read_escape(s, n, t->codec, &mark);
    if (g < 0 || (mark != G0_ASCII && !find_designation(t->codec, mark)))
        return stop(d);
    t->g[g] = mark;
    d->at += n;
    return true;
}

/* The upper half of ISO 8859-7 as of 1987, or 0. */
static uint32_t greek(uint8_t c)
{
    static const char same[] = "\xA0\xA3\xA6\xA7\xA8\xA9\xAB\xAC\xAD\xB0\xB1\xB2\xB3\xB7\xBB\xBD";

    if (c < 0xA0 || memchr(same, c, sizeof same - 1))
        return c;
    if (c >= 0xB4)
        return c == 0xD2 || c == 0xFF ? 0 : 0x2D0u + c;
    return c == 0xA1 ? 0x2018 : c == 0xA2 ? 0x2019 : c == 0xAF ? 0x2015 : 0;
}

/* ESC N and a byte: one character of G2. */
static bool single_shift(struct py_decode *d, const struct shift *t)
{
    struct span s = span_from(d->in, d->at);
    uint32_t c;

    if (s.n < 3)
        return incomplete(d);
    c = s.p[2];
    if (c >= 0x80 || (t->g[2] != G0_ASCII && t->g[2] != 'A' && t->g[2] != 'F'))
        return stop(d);
    if (t->g[2] != G0_ASCII)
        c |= 0x80;
    if (t->g[2] == 'F' && !(c = greek((uint8_t)c)))
        return stop(d);
    d->at += 3;
    return py_decode_put(d, c);
}

static bool escape(struct py_decode *d, struct shift *t)
{
    struct span s = span_from(d->in, d->at);

    if (s.n < 2)
        return incomplete(d);
    if (memchr("()$.&", s.p[1], 5))
        return designate(d, t);
    if (s.p[1] == 'N' && t->codec == CODEC_ISO2022_JP_2)
        return single_shift(d, t);
    t->passing = true;
    d->at++;
    return py_decode_put(d, ESC);
}

/* A character of a set of single bytes, or 0. */
static uint32_t narrow(uint16_t mark, uint8_t c)
{
    if (mark == 'J') /* JIS X 0201, Roman */
        return c == 0x5C ? 0xA5 : c == 0x7E ? 0x203E : c;
    if (mark == 'I') /* JIS X 0201, Katakana */
        return c >= 0x21 && c <= 0x5F ? 0xFF61u + c - 0x21u : 0;
    return 0; /* ISO 8859 is for G2 alone */
}

static bool graphic(struct py_decode *d, const struct shift *t)
{
    struct span s = span_from(d->in, d->at);
    uint16_t mark = t->g[t->out ? 1 : 0];
    const struct designation *how;
    uint32_t code;

    if (mark == G0_ASCII) {
        d->at++;
        return py_decode_put(d, s.p[0]);
    }
    how = find_designation(t->codec, mark);
    if (how && how->set && s.n < 2)
        return incomplete(d);
    code = !how ? 0 : how->set ? py_set_find(how->set, s.p[0], s.p[1]) : narrow(mark, s.p[0]);
    if (!code)
        return stop(d);
    d->at += how->set ? 2 : 1;
    return py_put_code(d, code);
}

/* A control character, which stands for itself; or a shift. */
static bool control(struct py_decode *d, struct shift *t, uint8_t c)
{
    d->at++;
    if (c == LF)
        t->out = false;
    if (t->codec == CODEC_ISO2022_KR && (c == SHIFT_IN || c == SHIFT_OUT)) {
        t->out = c == SHIFT_OUT;
        return true;
    }
    return py_decode_put(d, c);
}

bool py_decode_iso2022(struct py_decode *d, const struct py_codec *codec)
{
    struct shift t = { .codec = codec->variant, .g = { G0_ASCII, G0_ASCII, G0_ASCII } };

    while (d->at < d->in.n) {
        uint8_t c = d->in.p[d->at];
        bool good;

        if (t.passing) {
            d->at++;
            t.passing = !ends_escape(c);
            good = py_decode_put(d, c);
        } else if (c == ESC) {
            good = escape(d, &t);
        } else if (c < 0x20) {
            good = control(d, &t, c);
        } else {
            good = c < 0x80 ? graphic(d, &t) : stop(d);
        }
        if (!good)
            return false;
    }
    return true;
}

/* '~' and what follows it, in HZ. */
static bool hz_tilde(struct py_decode *d, bool *wide)
{
    struct span s = span_from(d->in, d->at);
    bool ascii = !*wide;

    if (s.n < 2)
        return incomplete(d);
    if (s.p[1] == '}' ? ascii : !ascii || !memchr("~{\n", s.p[1], 3))
        return stop(d);
    if (s.p[1] == '{' || s.p[1] == '}')
        *wide = s.p[1] == '{';
    d->at += 2;
    return s.p[1] != '~' || py_decode_put(d, '~');
}

static bool hz_wide(struct py_decode *d)
{
    struct span s = span_from(d->in, d->at);
    uint32_t code;

    if (s.n < 2)
        return incomplete(d);
    code = py_set_find(&py_gb_2312, s.p[0], s.p[1]);
    if (!code)
        return stop(d);
    d->at += 2;
    return py_decode_put(d, code);
}

bool py_decode_hz(struct py_decode *d, const struct py_codec *codec)
{
    bool wide = false;

    (void)codec;
    while (d->at < d->in.n) {
        uint8_t c = d->in.p[d->at];
        bool good;

        if (c == '~')
            good = hz_tilde(d, &wide);
        else if (c >= 0x80)
            good = stop(d);
        else if (wide)
            good = hz_wide(d);
        else
            good = py_decode_put(d, c) && ++d->at;
        if (!good)
            return false;
    }
    return true;
}
