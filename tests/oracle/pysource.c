/*
 * For pysource_oracle.py: reads requests from stdin, each behind its length (4 bytes, little-
 * endian), and answers in the same way. The first byte of a request says what is asked:
 * 's' decode the source that follows: "+" encoding NUL text, or "-" reason NUL text;
 * 'c' name NUL and strings, each behind its length: what the codec of that name makes of each,
 *   see decode_one(); "?" when there is none;
 * 'n' NFKC of the name that follows;  'u' the code point of \N{...}, as text;
 * 'i' for every code point past ASCII a byte: bit 0 identifiers may go on, bit 1 may start.
 */
#include <stdio.h>
#include <stdlib.h>

#include "../fuzz/harness.h"
#include "format/python/codec.h"
#include "format/python/source.h"
#include "format/python/unicode.h"

static void answer(const struct buf *b)
{
    uint8_t len[4];

    for (int i = 0; i < 4; i++)
        len[i] = (uint8_t)(b->n >> 8 * i);
    fwrite(len, 1, sizeof len, stdout);
    if (b->n)
        fwrite(b->p, 1, b->n, stdout);
    fflush(stdout);
}

static void source(struct buf *out, struct span in)
{
    struct harness h;
    struct py_source src;
    struct py_fault fault;
    enum pratique_status st;

    harness_init(&h);
    st = py_source_open(&src, &h.scan, in, &fault);
    buf_putc(out, st == PRATIQUE_OK ? '+' : '-');
    buf_puts(out, st == PRATIQUE_OK ? src.encoding : fault.reason);
    buf_putc(out, '\0');
    buf_add(out, src.text.p, src.text.n);
    py_source_close(&src, &h.scan);
    harness_free(&h);
}

/* Decodes one string: '+' or '-', and its length (4 bytes) and the text. */
static void decode_one(struct buf *out, struct scan *s, const struct py_codec *c, struct span in)
{
    struct py_decode d = { .s = s, .in = in };
    bool good = c->decode(&d, c);
    size_t n = good ? d.n : 0;

    buf_putc(out, good ? '+' : '-');
    for (int i = 0; i < 4; i++)
        buf_putc(out, (char)(n >> 8 * i & 0xFF));
    if (n)
        buf_add(out, d.out, n);
    if (!good && !d.why)
        exit(1); /* memory */
    scan_unmap(s, d.out, d.size);
}

static void codec(struct buf *out, struct span in)
{
    struct span name, piece;
    const struct py_codec *c;
    struct harness h;
    uint32_t n;
    size_t end = span_find(in, 0, span_of("", 1));

    if (!take(&in, end, &name) || !skip(&in, 1))
        exit(1);
    c = py_codec_find(name);
    if (!c || !c->decode) {
        buf_putc(out, '?');
        return;
    }
    harness_init(&h);
    while (take_u32le(&in, &n) && take(&in, n, &piece))
        decode_one(out, &h.scan, c, piece);
    harness_free(&h);
}

static void identifiers(struct buf *out)
{
    for (uint32_t c = 0x80; c <= 0x10FFFF; c++)
        buf_putc(out, (char)((py_is_id_continue(c) ? 1 : 0) | (py_is_id_start(c) ? 2 : 0)));
}

static void request(struct span in)
{
    struct buf out;
    uint8_t what;

    buf_init(&out, 1u << 30);
    if (!take_u8(&in, &what))
        return;
    if (what == 's')
        source(&out, in);
    else if (what == 'c')
        codec(&out, in);
    else if (what == 'i')
        identifiers(&out);
    else if (what == 'u')
        buf_printf(&out, "%d", (int)py_character_by_name(in));
    else if (!py_nfkc(&out, in))
        exit(1);
    answer(&out);
    buf_free(&out);
}

int main(void)
{
    uint8_t len[4], *data;

    while (fread(len, 1, 4, stdin) == 4) {
        size_t n = len[0] | (size_t)len[1] << 8 | (size_t)len[2] << 16 | (size_t)len[3] << 24;

        data = malloc(n ? n : 1);
        if (!data || fread(data, 1, n, stdin) != n)
            return 1;
        request(span_of(data, n));
        free(data);
    }
    return 0;
}
