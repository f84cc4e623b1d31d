/*
 * Pickles in another form: what a program keeps in a text (base64, hexadecimal) or compressed, and
 * unpickles after it has taken it out. See model.h.
 *
 * Spec: RFC 4648; RFC 1950, 1952.
 */
#include <ctype.h>

#include "base/compiler.h"
#include "base/digit.h"
#include "format/codec/codec.h"
#include "format/model/model.h"
#include "format/pickle/pickle.h"

#define TEXT_MIN 24 /* characters: a shorter text holds no pickle that does anything */
#define HEAD     8  /* bytes by which a text is told to be worth its decoding */

/* ---- texts ---- */

/* *n: how many bytes, room at most. False: another character is in it. */
static bool decode_base64(struct span text, uint8_t *out, size_t room, size_t *n)
{
    uint32_t bits = 0, have = 0;

    *n = 0;
    while (text.n > 0 && (text.p[text.n - 1] == '=' || isspace(text.p[text.n - 1])))
        text.n--;
    for (size_t i = 0; i < text.n && *n < room; i++) {
        int digit = digit_base64_url(text.p[i]);

        if (isspace(text.p[i]))
            continue;
        if (digit < 0)
            return false;
        bits = bits << 6 | (uint32_t)digit;
        have += 6;
        if (have < 8)
            continue;
        have -= 8;
        out[(*n)++] = (uint8_t)(bits >> have);
    }
    return true;
}

static bool decode_hex(struct span text, uint8_t *out, size_t room, size_t *n)
{
    *n = 0;
    for (size_t i = 0; i + 1 < text.n && *n < room; i += 2) {
        int high = digit_hex(text.p[i]), low = digit_hex(text.p[i + 1]);

        if (high < 0 || low < 0)
            return false;
        out[(*n)++] = (uint8_t)(high << 4 | low);
    }
    return text.n % 2 == 0;
}

/* Cheap, for most texts by their first character: what the first byte of a pickle can become. */
static bool may_be_encoded(struct span text)
{
    return text.n >= TEXT_MIN && memchr("geHYKXf876512", text.p[0], 13);
}

/* Without blanks in front, and without "data:...;base64,". */
static struct span bare(struct span text)
{
    static const struct span mark = { (const uint8_t *)";base64,", 8 };
    size_t at;

    while (text.n > 0 && isspace(text.p[0]))
        (void)skip(&text, 1);
    if (!span_starts(text, SPAN_LITERAL("data:")))
        return text;
    at = span_find(span_of(text.p, text.n < 256 ? text.n : 256), 0, mark);
    return at == SIZE_MAX ? text : span_from(text, at + mark.n);
}

/* ---- bytes ---- */

static bool is_gzip(struct span in)
{
    return span_starts(in, SPAN_LITERAL("\x1f\x8b\x08"));
}

static bool is_zlib(struct span bytes)
{
    return bytes.n > 8 && bytes.p[0] == 0x78 && codec_is_zlib(bytes);
}

/* A new pickle, an old one that starts by a name, a mark or a container, or a stream. */
static bool may_be_hidden(struct span in)
{
    return in.n > 2 && ((in.p[0] == 0x80 && in.p[1] <= 5) || memchr("c(]}", in.p[0], 4) ||
                        in.p[0] == 0x78 || is_gzip(in));
}

static enum pratique_status hand_on(struct scan *s, struct span in, struct span name)
{
    return pickle_walks(in) ? scan_nested(s, in, name, ROLE_ANY) : PRATIQUE_OK;
}

/* Streams that do not hold a pickle are data; those that break off, no streams. */
static enum pratique_status look_into(struct scan *s, enum codec codec, struct span in,
                                      struct span name)
{
    struct inflated out = { 0 };
    enum pratique_status st = codec_inflate(s, codec, in, 0, &out);

    if (st == PRATIQUE_OK)
        st = hand_on(s, out.bytes, name);
    else if (st == PRATIQUE_E_FORMAT) {
        s->error = (struct pratique_error){ 0 };
        st = PRATIQUE_OK;
    }
    codec_free(s, &out);
    return st;
}

static enum pratique_status tell_bytes(struct scan *s, struct span in, struct span name)
{
    if (is_gzip(in))
        return look_into(s, CODEC_GZIP, in, name);
    if (is_zlib(in))
        return look_into(s, CODEC_ZLIB, in, name);
    return hand_on(s, in, name);
}

/* The text's way of writing that gives a head worth more: NULL when none does. */
typedef bool decoder(struct span text, uint8_t *out, size_t room, size_t *n);

static decoder *decoder_of(struct span text)
{
    static decoder *const all[] = { decode_base64, decode_hex };
    uint8_t head[HEAD];
    size_t n;

    if (!may_be_encoded(text))
        return NULL;
    for (size_t i = 0; i < ARRAY_LEN(all); i++)
        if (all[i](text, head, sizeof head, &n) && may_be_hidden(span_of(head, n)))
            return all[i];
    return NULL;
}

bool model_may_be_encoded(struct span value)
{
    return decoder_of(bare(value)) || is_zlib(value);
}

enum pratique_status model_encoded(struct scan *s, struct span value, struct span name)
{
    struct span text = bare(value);
    decoder *decode = decoder_of(text);
    enum pratique_status st = PRATIQUE_OK;
    uint8_t *out;
    size_t n;

    if (is_zlib(value))
        return look_into(s, CODEC_ZLIB, value, name);
    if (!decode)
        return PRATIQUE_OK;
    out = scan_map(s, text.n);
    if (!out)
        return scan_fail_budget(s, PRATIQUE_NO_OFFSET);
    if (decode(text, out, text.n, &n))
        st = tell_bytes(s, span_of(out, n), name);
    scan_unmap(s, out, text.n);
    return st;
}
