/*
 * HTTP requests. However the bytes come, whole or one by one, the same head is read and the
 * same body.
 */
#include <stdlib.h>

#include "harness.h"
#include "watch/canary.h"

static void must(bool ok)
{
    if (!ok)
        abort();
}

struct outcome {
    uint64_t hash, bytes;
    enum http_state state;
    size_t left;
};

static struct outcome read_body(const struct http_head *h, struct span in, size_t step)
{
    struct http_body b;
    struct outcome o = { 0, 0, HTTP_MORE, 0 };
    size_t at = 0, have = 0;

    http_body_begin(&b, h);
    do {
        struct span now, piece;

        have = have + step < in.n ? have + step : in.n;
        now = span_of(in.p + at, have - at);
        while ((o.state = http_body_take(&b, &now, &piece)) == HTTP_OK) {
            must(piece.n > 0);
            for (size_t i = 0; i < piece.n; i++)
                o.hash = o.hash * 31 + piece.p[i];
            o.bytes += piece.n;
        }
        at = have - now.n;
    } while (o.state == HTTP_MORE && have < in.n);
    o.left = in.n - at;
    return o;
}

static void check_bodies(const struct http_head *h, struct span in)
{
    struct outcome whole = read_body(h, in, in.n + 1), bytes = read_body(h, in, 1);

    must(whole.hash == bytes.hash && whole.bytes == bytes.bytes && whole.bytes <= in.n);
    must(whole.state == bytes.state && (whole.state != HTTP_END || whole.left == bytes.left));
}

static void check_answer(const struct http_head *h)
{
    static const struct sink_config config = { .token = "0123456789abcdef01234567",
                                               .native = { (const uint8_t *)"\177ELF", 4 } };
    struct arena arena;
    struct answer a;
    struct buf out;

    arena_init(&arena, 4u << 20);
    buf_init(&out, 4u << 20);
    a = answer_for(&arena, &config, h, "https://example.org");
    must(a.body.n > 0 && answer_write(&out, h, &a) <= a.body.n && !out.failed);
    buf_free(&out);
    arena_reset(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct span in = span_of(data, n), rest = in;
    struct http_head h;

    (void)!http_looks_so(in);
    if (http_head(&rest, &h) == HTTP_OK) {
        must(h.bytes + rest.n == n && h.method.n > 0 && !(h.chunked && h.length));
        check_bodies(&h, rest);
        check_answer(&h);
    } else {
        must(rest.n == n);
    }
    return 0;
}
