/* Bytes in other clothes: hexadecimal, base64 and its kin, compressed, rotated. */
#include <bzlib.h>
#include <lzma.h>
#include <zlib.h>

#include "base/digit.h"
#include "base/utf8.h"
#include "format/python/analysis.h"

/* Decompressed constants end here. */
#define OUTPUT_MAX ((size_t)1024 * 1024)

val decode_hex(struct analysis *an, struct span s)
{
    uint8_t *out = value_bytes(an, s.n / 2 + 1);
    size_t n = 0;
    int high = -1;

    for (size_t i = 0; out && i < s.n; i++) {
        int d = digit_hex(s.p[i]);

        if (d < 0 && s.p[i] <= ' ')
            continue;
        if (d < 0)
            return VAL_NONE;
        if (high >= 0)
            out[n++] = (uint8_t)(high << 4 | d);
        high = high >= 0 ? -1 : d;
    }
    return out && high < 0 ? value_text(an, V_BYTES, span_of(out, n), false) : VAL_NONE;
}

static int base32_digit(uint8_t c)
{
    if ((c | 0x20) >= 'a' && (c | 0x20) <= 'z')
        return (c | 0x20) - 'a';
    return c >= '2' && c <= '7' ? c - '2' + 26 : -1;
}

/* Digits of some bits each; what is no digit is passed over, as CPython does. */
static val decode_bits(struct analysis *an, struct span s, int (*digit)(uint8_t), unsigned bits)
{
    uint8_t *out = value_bytes(an, s.n * bits / 8 + 1);
    uint32_t have = 0, held = 0;
    size_t n = 0;

    for (size_t i = 0; out && i < s.n && s.p[i] != '='; i++) {
        int d = digit(s.p[i]);

        if (d < 0)
            continue;
        held = held << bits | (uint32_t)d;
        have += bits;
        if (have < 8)
            continue;
        have -= 8;
        out[n++] = (uint8_t)(held >> have);
        held &= (1u << have) - 1;
    }
    return out ? value_text(an, V_BYTES, span_of(out, n), false) : VAL_NONE;
}

val decode_base64(struct analysis *an, struct span s)
{
    return decode_bits(an, s, digit_base64_url, 6);
}

val decode_base32(struct analysis *an, struct span s)
{
    return decode_bits(an, s, base32_digit, 5);
}

static int base85_digit(uint8_t c, bool ascii85)
{
    static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                   "!#$%&()*+-;<=>?@^_`{|}~";
    const char *at = c ? strchr(alphabet, c) : NULL;

    if (ascii85)
        return c >= '!' && c <= 'u' ? c - '!' : -1;
    return at ? (int)(at - alphabet) : -1;
}

val decode_base85(struct analysis *an, struct span s, bool ascii85)
{
    uint8_t *out = value_bytes(an, s.n + 8);
    uint32_t held = 0, have = 0, group[5];
    size_t n = 0;

    for (size_t i = 0; out && i <= s.n; i++) {
        bool end = i == s.n;
        int d = end ? -1 : base85_digit(s.p[i], ascii85);
        uint32_t keep = 4;

        if (!end && ascii85 && s.p[i] == 'z' && have == 0) {
            memset(out + n, 0, 4);
            n += 4;
            continue;
        }
        if (d >= 0)
            group[have++] = (uint32_t)d;
        if (!end && have < 5)
            continue;
        if (have == 0)
            break;
        keep = have - 1;
        while (have < 5)
            group[have++] = 84;
        held = 0;
        for (unsigned k = 0; k < 5; k++)
            held = held * 85 + group[k];
        for (unsigned k = 0; k < keep; k++)
            out[n++] = (uint8_t)(held >> (24 - 8 * k));
        have = 0;
    }
    return out ? value_text(an, V_BYTES, span_of(out, n), false) : VAL_NONE;
}

val decode_percent(struct analysis *an, struct span s, bool plus)
{
    uint8_t *out = value_bytes(an, s.n + 1);
    size_t n = 0;

    for (size_t i = 0; out && i < s.n; i++) {
        int high = s.p[i] == '%' && s.n - i > 2 ? digit_hex(s.p[i + 1]) : -1;
        int low = high >= 0 ? digit_hex(s.p[i + 2]) : -1;

        if (low >= 0) {
            out[n++] = (uint8_t)(high << 4 | low);
            i += 2;
        } else {
            out[n++] = plus && s.p[i] == '+' ? ' ' : s.p[i];
        }
    }
    return out ? value_text(an, V_STR, span_of(out, n), false) : VAL_NONE;
}

/* One numeric reference behind its "&#"; its length with the ';', 0 when it is none. */
static size_t reference(struct span s, uint32_t *code)
{
    bool hex = s.n > 0 && (s.p[0] | 0x20) == 'x';
    size_t n = hex;

    *code = 0;
    for (; n < s.n && n < 9 && s.p[n] != ';'; n++) {
        int d = digit_hex(s.p[n]);

        if (d < 0 || d >= (hex ? 16 : 10))
            return 0;
        *code = *code * (hex ? 16 : 10) + (uint32_t)d;
    }
    return n < s.n && s.p[n] == ';' && *code < 0xD800 ? n + 1 : 0;
}

val decode_references(struct analysis *an, struct span s)
{
    uint8_t *out = value_bytes(an, s.n + 4);
    size_t n = 0;

    while (out && s.n > 0) {
        uint32_t code;
        size_t len = span_starts(s, SPAN_LITERAL("&#")) ? reference(span_from(s, 2), &code) : 0;

        if (len)
            n += utf8_put(code, out + n);
        else
            out[n++] = s.p[0];
        (void)skip(&s, len ? len + 2 : 1);
    }
    return out ? value_text(an, V_STR, span_of(out, n), false) : VAL_NONE;
}

val decode_rot13(struct analysis *an, struct span s)
{
    uint8_t *out = value_bytes(an, s.n + 1);

    for (size_t i = 0; out && i < s.n; i++) {
        unsigned c = s.p[i], letter = c | 0x20;

        if (letter >= 'a' && letter <= 'z')
            c = (c & 0xE0) | ((letter - 'a' + 13) % 26 + 1);
        out[i] = (uint8_t)c;
    }
    return out ? value_text(an, V_STR, span_of(out, s.n), false) : VAL_NONE;
}

/* As much as fits comes out; false when nothing does. */
static bool inflate_some(struct span in, uint8_t *out, size_t *n)
{
    z_stream z = { 0 };
    int end;

    if (inflateInit2(&z, 15 + 32) != Z_OK)
        return false;
    z.next_in = (Bytef *)(uintptr_t)in.p;
    z.avail_in = (uInt)in.n;
    z.next_out = out;
    z.avail_out = (uInt)*n;
    end = inflate(&z, Z_FINISH);
    *n = z.total_out;
    (void)inflateEnd(&z);
    return (end == Z_STREAM_END || end == Z_BUF_ERROR || end == Z_OK) && *n > 0;
}

static bool decompress(struct span in, uint8_t *out, size_t *n)
{
    unsigned small = (unsigned)*n;
    uint64_t memory = (uint64_t)64 * 1024 * 1024;
    size_t at = 0, to = 0;

    if (span_starts(in, SPAN_LITERAL("BZh"))) {
        int end = BZ2_bzBuffToBuffDecompress((char *)out, &small, (char *)(uintptr_t)in.p,
                                             (unsigned)in.n, 1, 0);

        *n = small;
        return end == BZ_OK;
    }
    if (span_starts(in, SPAN_LITERAL("\xFD"
                                     "7zXZ"))) {
        lzma_ret end = lzma_stream_buffer_decode(&memory, 0, NULL, in.p, &at, in.n, out, &to, *n);

        *n = to;
        return end == LZMA_OK;
    }
    return inflate_some(in, out, n);
}

val decode_compressed(struct analysis *an, struct span s)
{
    size_t n = OUTPUT_MAX;
    uint8_t *out = s.n > 0 && s.n < OUTPUT_MAX ? value_bytes(an, n) : NULL;

    if (!out || !decompress(s, out, &n))
        return VAL_NONE;
    return value_text(an, V_BYTES, span_of(out, n), n == OUTPUT_MAX);
}

/* A codec's name without its case and punctuation. */
static size_t plain_name(struct span codec, char out[24])
{
    size_t n = 0;

    for (size_t i = 0; i < codec.n && n < 23; i++) {
        uint8_t c = codec.p[i];

        if (c >= 'A' && c <= 'Z')
            c |= 0x20;
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            out[n++] = (char)c;
    }
    out[n] = 0;
    return n;
}

/* Each byte a character, as Latin-1 has it. */
static val widen(struct analysis *an, struct span s)
{
    uint8_t *out = value_bytes(an, s.n * 2 + 1);
    size_t n = 0;

    for (size_t i = 0; out && i < s.n; i++)
        n += utf8_put(s.p[i], out + n);
    return out ? value_text(an, V_STR, span_of(out, n), false) : VAL_NONE;
}

/* UTF-16 and UTF-32 of ASCII. */
static val narrow(struct analysis *an, struct span s, unsigned width)
{
    uint8_t *out = value_bytes(an, s.n / width + 1);
    size_t n = 0;

    for (size_t i = 0; out && i + width <= s.n; i += width)
        for (unsigned k = 0; k < width; k++)
            if (s.p[i + k] && s.p[i + k] < 0x80)
                out[n++] = s.p[i + k];
    return out ? value_text(an, V_STR, span_of(out, n), false) : VAL_NONE;
}

val decode_by_name(struct analysis *an, val v, struct span codec, enum value_kind to)
{
    char name[24];
    struct span s;

    if (!value_is_text(an, v, &s))
        return VAL_NONE;
    (void)plain_name(codec, name);
    if (strcmp(name, "rot13") == 0)
        return decode_rot13(an, s);
    if (to == V_BYTES)
        return value_text(an, V_BYTES, s, false); /* UTF-8, and what agrees with it */
    if (strncmp(name, "hex", 3) == 0)
        return decode_hex(an, s);
    if (strncmp(name, "base64", 6) == 0)
        return decode_base64(an, s);
    if (strncmp(name, "zlib", 4) == 0 || strncmp(name, "zip", 3) == 0 ||
        strncmp(name, "bz2", 3) == 0)
        return decode_compressed(an, s);
    if (strncmp(name, "latin", 5) == 0 || strncmp(name, "iso8859", 7) == 0 ||
        strncmp(name, "cp1252", 6) == 0)
        return widen(an, s);
    if (strncmp(name, "utf16", 5) == 0 || strncmp(name, "utf32", 5) == 0)
        return narrow(an, s, name[3] == '1' ? 2 : 4);
    if (strcmp(name, "unicodeescape") == 0 || strcmp(name, "rawunicodeescape") == 0)
        return value_text(an, V_STR, fold_text(an, s, false, false), false);
    if (*name == 0 || strncmp(name, "utf8", 4) == 0 || strcmp(name, "ascii") == 0 ||
        strcmp(name, "u8") == 0)
        return value_text(an, V_STR, s, false);
    return VAL_NONE;
}
