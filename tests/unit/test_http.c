/* src/watch/http.c */
#include "test.h"
#include "watch/http.h"

TEST(http_looks_so_by_its_beginning)
{
    static const struct {
        const char *in;
        enum http_state want;
    } rows[] = {
        { "", HTTP_MORE },
        { "G", HTTP_MORE },
        { "GET ", HTTP_MORE },
        { "GET /", HTTP_OK },
        { "OPTIONS *", HTTP_OK },
        { "M-SEARCH *", HTTP_OK },
        { "CONNECT a:1", HTTP_MORE },
        { "CONNECT a:1 HTTP/1.1\r\n", HTTP_OK },
        { "GET http://a/ HTTP/1.0\r\n", HTTP_OK },
        { "HELO mail\r\n", HTTP_BAD },
        { "EHLO [1.2.3.4]\r\n", HTTP_BAD },
        { "GET\t/", HTTP_BAD },
        { "get /", HTTP_BAD },
        { "GO /", HTTP_BAD },
        { "ABCDEFGHIJKLMNOPQ /", HTTP_BAD },
        { "\x16\x03\x01", HTTP_BAD },
        { "SSH-2.0-x\r\n", HTTP_BAD },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        CHECK(http_looks_so(span_text(rows[i].in)) == rows[i].want, "%s", rows[i].in);
}

TEST(http_reads_heads)
{
    static const char text[] =
        "POST /a?b=c HTTP/1.1\r\nHOST: h.example:8080\r\n"
        "Content-type:  application/json \r\nContent-Length: 12\r\n"
        "User-Agent: x/1\nAccept: */*\r\nExpect: 100-Continue\r\n"
        "Content-Encoding: gzip\r\nno colon here\r\nRange: bytes=1-\r\n\r\nrest";
    struct span in = span_text(text);
    struct http_head h;

    CHECK(http_head(&in, &h) == HTTP_OK && span_is(in, "rest"), "the whole");
    CHECK(span_is(h.method, "POST") && span_is(h.target, "/a?b=c"), "line");
    CHECK(span_is(h.host, "h.example:8080") && span_is(h.type, "application/json"), "fields");
    CHECK(span_is(h.agent, "x/1") && span_is(h.encoding, "gzip"), "more fields");
    CHECK(span_is(h.range, "bytes=1-") && span_is(h.accept, "*/*"), "yet more");
    CHECK(h.length == 12 && h.keep_alive && h.expects_continue && !h.chunked, "meaning");
    CHECK(h.bytes == sizeof text - 1 - 4, "bytes");
    for (size_t cut = 0; cut < sizeof text - 5; cut++) {
        in = span_of(text, cut);
        CHECK(http_head(&in, &h) == HTTP_MORE && in.n == cut, "cut at %zu", cut);
    }
}

TEST(http_heads_that_are_odd)
{
    static const struct {
        const char *in;
        enum http_state want;
        bool keep;
    } rows[] = {
        { "GET / HTTP/1.0\r\n\r\n", HTTP_OK, false },
        { "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", HTTP_OK, true },
        { "GET / HTTP/1.1\r\nConnection: close\r\n\r\n", HTTP_OK, false },
        { "GET / HTTP/1.1\n\n", HTTP_OK, true },
        { "GET / HTTP/2.0\r\n\r\n", HTTP_BAD, false },
        { "PRI * HTTP/2.0\r\n\r\n", HTTP_BAD, false },
        { "GET /\r\n\r\n", HTTP_BAD, false },
        { "\r\n\r\n", HTTP_BAD, false },
        { "GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", HTTP_BAD, false },
        { "GET / HTTP/1.1\r\nContent-Length: 1e3\r\n\r\n", HTTP_BAD, false },
        { "GET / HTTP/1.1\r\nContent-Length: 9999999999999999\r\n\r\n", HTTP_BAD, false },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct span in = span_text(rows[i].in);
        struct http_head h;

        CHECK(http_head(&in, &h) == rows[i].want, "%s", rows[i].in);
        CHECK(rows[i].want != HTTP_OK || h.keep_alive == rows[i].keep, "%s: keep", rows[i].in);
    }
}

/* Reads a body in pieces of step bytes; its text in out, how it ended. */
static enum http_state read_body(const struct http_head *h, const char *text, size_t step,
                                 char out[64])
{
    struct http_body b;
    size_t have = 0, n = strlen(text), at = 0, got = 0;
    enum http_state state = HTTP_MORE;

    http_body_begin(&b, h);
    while (state == HTTP_MORE && have < n) {
        struct span in, piece;

        have = have + step < n ? have + step : n;
        in = span_of(text + at, have - at);
        while ((state = http_body_take(&b, &in, &piece)) == HTTP_OK) {
            memcpy(out + got, piece.p, piece.n);
            got += piece.n;
        }
        at = have - in.n;
    }
    out[got] = '\0';
    return state;
}

TEST(http_reads_bodies)
{
    static const struct {
        const char *what;
        struct http_head head;
        const char *in, *want;
        enum http_state end;
    } rows[] = {
        { "by length", { .length = 5 }, "helloGET", "hello", HTTP_END },
        { "too short", { .length = 9 }, "hello", "hello", HTTP_MORE },
        { "chunked",
          { .chunked = true },
          "5\r\nhello\r\n1;x=y\r\n!\r\n0\r\n\r\nX",
          "hello!",
          HTTP_END },
        { "a trailer", { .chunked = true }, "2\r\nhi\r\n0\r\nA: b\r\n\r\n", "hi", HTTP_END },
        { "by LF", { .chunked = true }, "A\n0123456789\n0\n\n", "0123456789", HTTP_END },
        { "no number", { .chunked = true }, "xyz\r\nhello\r\n", "", HTTP_BAD },
        { "a minus", { .chunked = true }, "-1\r\nhello\r\n", "", HTTP_BAD },
        { "no end of a chunk", { .chunked = true }, "2\r\nhixx\r\n", "hi", HTTP_BAD },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        for (size_t step = 1; step < 40; step += 3) {
            char out[64];

            CHECK(read_body(&rows[i].head, rows[i].in, step, out) == rows[i].end, "%s by %zu: end",
                  rows[i].what, step);
            CHECK(strcmp(out, rows[i].want) == 0, "%s by %zu: %s", rows[i].what, step, out);
        }
}

TEST(http_ranges)
{
    static const struct {
        const char *in;
        bool ok;
        uint64_t first, last;
    } rows[] = {
        { "bytes=0-9", true, 0, 9 },
        { "bytes=10-", true, 10, 99 },
        { "bytes=-5", true, 95, 99 },
        { "bytes=-500", true, 0, 99 },
        { "bytes=5-500", true, 5, 99 },
        { "bytes=100-", false, 0, 0 },
        { "bytes=9-3", false, 0, 0 },
        { "bytes=-0", false, 0, 0 },
        { "bytes=a-b", false, 0, 0 },
        { "bytes=1-2,4-5", false, 0, 0 },
        { "", false, 0, 0 },
        { "items=0-9", false, 0, 0 },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct http_range r;

        CHECK(http_range(span_text(rows[i].in), 100, &r) == rows[i].ok, "%s", rows[i].in);
        CHECK(!rows[i].ok || (r.first == rows[i].first && r.last == rows[i].last), "%s: bounds",
              rows[i].in);
    }
}

TEST(http_targets)
{
    struct span target = SPAN_LITERAL("/a/b.pyz?x=/y");

    CHECK(span_is(http_path(target), "/a/b.pyz") && span_is(http_path(SPAN_LITERAL("/a")), "/a"),
          "path");
    CHECK(span_is(http_name(http_path(target)), "b.pyz"), "name");
    CHECK(http_name(SPAN_LITERAL("/a/")).n == 0, "empty");
    CHECK(http_has(SPAN_LITERAL("xABCx"), "abc") && !http_has(SPAN_LITERAL("ab"), "abc"), "has");
}
