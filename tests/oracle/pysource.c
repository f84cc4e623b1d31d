/*
 * For pysource_oracle.py: reads requests from stdin, each behind its length (4 bytes, little-
 * endian), and answers in the same way. The first byte of a request says what is asked:
 * 's' decode the source that follows: "+" encoding NUL text, or "-" reason NUL text;
 * 'c' name NUL bytes: decode by the codec of that name: "+" text, "-" reason, "?" no such codec;
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

static void codec(struct buf *out, struct span in)
{
    struct span name = in, gone;
    struct harness h;
    const struct py_codec *c;
    struct py_decode d = { 0 };
    size_t n = 0;

    while (n < in.n && in.p[n])
        n++;
    (void)!take(&in, n, &name);
    (void)!take(&in, 1, &gone);
    c = py_codec_find(name);
    if (!c || !c->decode) {
        buf_putc(out, '?');
        return;
    }
    harness_init(&h);
    d.s = &h.scan, d.in = in;
    if (c->decode(&d, c)) {
        buf_putc(out, '+');
        if (d.n)
            buf_add(out, d.out, d.n);
    } else {
        buf_printf(out, "-%zu %zu %s", d.at, d.bad, d.why ? d.why : "memory");
    }
    scan_unmap(&h.scan, d.out, d.size);
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
