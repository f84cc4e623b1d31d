/* src/watch/canary*.c: guesses, canaries, answers. The sink itself: tests/cli/sink.py. */
#include "test.h"
#include "watch/canary.h"

#include <zlib.h>

static const struct sink_config config = { .token = "0123456789abcdef01234567",
                                           .native = { (const uint8_t *)"\177ELF...", 7 } };

TEST(canary_guesses)
{
    static const struct {
        const char *method, *host, *path, *accept;
        enum canary_kind want;
    } rows[] = {
        { "GET", "cdn.example", "/transformers.pyz", "", CANARY_ZIP },
        { "GET", "x.example", "/", "", CANARY_SCRIPT },
        { "GET", "x.example", "/install.sh?v=1", "", CANARY_SCRIPT },
        { "GET", "x.example", "/raw/abc", "*/*", CANARY_SCRIPT },
        { "GET", "x.example", "/a.PY", "", CANARY_PYTHON },
        { "GET", "x.example", "/a-1.0-py3-none-any.whl", "", CANARY_WHEEL },
        { "GET", "x.example", "/a-1.0.tar.gz", "", CANARY_TAR_GZ },
        { "GET", "github.com", "/o/r/releases/download/v1/tool-linux-x64", "", CANARY_NATIVE },
        { "GET", "x.example", "/libx.so", "", CANARY_NATIVE },
        { "GET", "huggingface.co", "/m/resolve/main/pytorch_model.bin", "", CANARY_PICKLE },
        { "GET", "x.example", "/model.pt", "", CANARY_PICKLE },
        { "GET", "api.github.com", "/repos/o/r/releases/latest", "", CANARY_JSON },
        { "GET", "x.example", "/status", "application/json", CANARY_JSON },
        { "POST", "x.example", "/collect", "", CANARY_JSON },
        { "POST", "x.example", "/stage2.py", "", CANARY_PYTHON },
        { "GET", "api.ipify.org", "/", "", CANARY_TEXT },
        { "GET", "api.ipify.org", "/?format=json", "", CANARY_JSON },
        { "GET", "ipinfo.io", "/json", "", CANARY_JSON },
        { "GET", "index.example", "/simple/requests/", "", CANARY_TEXT },
        { "GET", "x.example", "/tool.sha256", "", CANARY_KINDS },
        { "GET", "x.example", "/SHA256SUMS", "", CANARY_KINDS },
        { "GET", "x.example", "/checksums.txt", "", CANARY_KINDS },
        { "GET", "x.example", "/releases/download/v1/manifest.json", "", CANARY_KINDS },
        { "GET", "x.example", "/tool.tar.gz.sig", "", CANARY_KINDS },
        { "GET", "x.example", "/tool.whl.asc", "", CANARY_KINDS },
        { "GET", "x.example", "/ca.pem", "", CANARY_KINDS },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        enum canary_kind got =
            canary_for(span_text(rows[i].method), span_text(rows[i].host), span_text(rows[i].path),
                       span_text(rows[i].accept), SPAN_EMPTY);

        CHECK(got == rows[i].want, "%s %s%s: %s", rows[i].method, rows[i].host, rows[i].path,
              canary_name(got));
    }
}

#define LONG_NAME                                                                                  \
    "a_very_long_name_that_goes_on_and_on_and_on_and_on_and_on_and_on_and_on_and_on_and_on-1.zip"

TEST(canaries_are_always_the_same)
{
    static const char *const names[] = { "",       "a",      "-",
                                         "...",    "9",      "x-1.0-py3-none-any.whl",
                                         "x.js",   "-1.zip", "a-b-c.tar.gz",
                                         LONG_NAME };

    for (int kind = 0; kind < CANARY_KINDS; kind++)
        for (size_t i = 0; i < ARRAY_LEN(names); i++) {
            struct arena a, b;
            struct span one, two;

            arena_init(&a, 4u << 20);
            arena_init(&b, 4u << 20);
            one = canary_make(&a, (enum canary_kind)kind, names[i], &config);
            two = canary_make(&b, (enum canary_kind)kind, names[i], &config);
            CHECK(one.n > 0 && span_equal(one, two), "%s of '%s'",
                  canary_name((enum canary_kind)kind), names[i]);
            arena_reset(&a);
            arena_reset(&b);
        }
}

TEST(canaries_without_memory_are_empty)
{
    for (int kind = 0; kind < CANARY_KINDS; kind++)
        for (size_t ceiling = 0; ceiling < 12000; ceiling += 500) {
            struct arena a;

            arena_init(&a, ceiling);
            (void)canary_make(&a, (enum canary_kind)kind, "x-1.0.zip", &config);
            arena_reset(&a);
        }
}

static struct http_head request(const char *text)
{
    struct span in = span_text(text);
    struct http_head head;

    CHECK(http_head(&in, &head) == HTTP_OK, "%s", text);
    return head;
}

TEST(answers_are_written)
{
    static const struct {
        const char *request, *begin, *has;
        uint64_t body;
    } rows[] = {
        { "GET /a.so HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK\r\n", "Content-Length: 7\r\n", 7 },
        { "HEAD /a.so HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK\r\n", "Content-Length: 7\r\n", 0 },
        { "GET /a.so HTTP/1.1\r\nRange: bytes=1-3\r\n\r\n", "HTTP/1.1 206 Partial Content\r\n",
          "Content-Range: bytes 1-3/7\r\n", 3 },
        { "GET /a.so HTTP/1.0\r\n\r\n", "HTTP/1.1 200 OK\r\n", "Connection: close\r\n", 7 },
        { "GET /a.so.sha256 HTTP/1.1\r\n\r\n", "HTTP/1.1 404 Not Found\r\n", "404 not found", 14 },
        { "GET /simple/A.b-c/ HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK\r\n",
          "href=\"https://h.example/packages/A_b_c-1.4.2-py3-none-any.whl\"", 0 },
        { "GET /simple/\"><script>/ HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK\r\n", ">script-1.4.2", 0 },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct http_head head = request(rows[i].request);
        struct arena arena;
        struct answer a;
        struct buf out;
        uint64_t body;

        arena_init(&arena, 1u << 20);
        buf_init(&out, 1u << 20);
        a = answer_for(&arena, &config, &head, "https://h.example");
        body = answer_write(&out, &head, &a);
        CHECK(out.p && strncmp(out.p, rows[i].begin, strlen(rows[i].begin)) == 0, "%s: %s",
              rows[i].request, out.p);
        CHECK(strstr(out.p, rows[i].has) || i == 6, "%s: %s", rows[i].request, out.p);
        CHECK(rows[i].body == body || i >= 5, "%s: %u bytes", rows[i].request, (unsigned)body);
        CHECK(!strstr(out.p, "<script>"), "%s: quoted", rows[i].request);
        buf_free(&out);
        arena_reset(&arena);
    }
}

TEST(answers_without_a_native_are_not_found)
{
    struct sink_config none = config;
    struct http_head head = request("GET /a.so HTTP/1.1\r\n\r\n");
    struct arena arena;

    none.native = SPAN_EMPTY;
    arena_init(&arena, 1u << 20);
    CHECK(answer_for(&arena, &none, &head, "http://h").status == 404, "not found");
    arena_reset(&arena);
}

TEST(pack_keeps_its_ceiling)
{
    const struct pack_member m[] = { { "a", SPAN_LITERAL("hello"), 0644 } };

    for (size_t ceiling = 0; ceiling < 130; ceiling++) {
        struct buf b;

        buf_init(&b, ceiling);
        CHECK(pack_zip(&b, m, 1) == (ceiling >= 105), "zip in %zu: %zu", ceiling, b.n);
        buf_free(&b);
        (void)!pack_tar_gz(&b, m, 1);
        buf_free(&b);
    }
}
