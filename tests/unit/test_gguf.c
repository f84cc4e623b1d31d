/* src/format/gguf */
#include "format/gguf/gguf.h"

#include "model.h"

#define FIXTURE "tests/fixtures/gguf/values.gguf"

#define HEAD(tensors, keys) "GGUF\3\0\0\0" tensors "\0\0\0\0\0\0\0" keys "\0\0\0\0\0\0\0"
#define KEY                 "\1\0\0\0\0\0\0\0k"

TEST(gguf_files)
{
    static const struct {
        const char *what;
        struct span in;
        enum pratique_status want;
    } rows[] = {
        { "nothing in it", SPAN_LITERAL(HEAD("\0", "\0")), PRATIQUE_OK },
        { "cut in the counts", SPAN_LITERAL("GGUF\3\0\0\0\0\0\0\0"), PRATIQUE_E_FORMAT },
        { "version 4", SPAN_LITERAL("GGUF\4\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
          PRATIQUE_E_FORMAT },
        { "version 1", SPAN_LITERAL("GGUF\1\0\0\0\0\0\0\0\0\0\0\0"), PRATIQUE_OK },
        { "big endian", SPAN_LITERAL("GGUF\0\0\0\3\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), PRATIQUE_OK },
        { "a key", SPAN_LITERAL(HEAD("\0", "\1") KEY "\0\0\0\0\7"), PRATIQUE_OK },
        { "a key that is missing", SPAN_LITERAL(HEAD("\0", "\2") KEY "\0\0\0\0\7"),
          PRATIQUE_E_FORMAT },
        { "a type that is not there", SPAN_LITERAL(HEAD("\0", "\1") KEY "\15\0\0\0\7\7\7\7"),
          PRATIQUE_E_FORMAT },
        { "a string of 2^64 - 1",
          SPAN_LITERAL(HEAD("\0", "\1") KEY "\10\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff"),
          PRATIQUE_E_FORMAT },
        { "an array of 2^62 numbers",
          SPAN_LITERAL(HEAD("\0", "\1") KEY "\11\0\0\0\4\0\0\0\0\0\0\0\0\0\0\x40"),
          PRATIQUE_E_FORMAT },
        { "an array of none",
          SPAN_LITERAL(HEAD("\0", "\1") KEY "\11\0\0\0\4\0\0\0\0\0\0\0\0\0\0\0"), PRATIQUE_OK },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct bench b;

        bench_run(&b, &format_gguf, rows[i].in, rows[i].what);
        CHECK(b.status == rows[i].want, "%s: status %d, %s", rows[i].what, b.status,
              b.scan.error.msg);
        bench_free(&b);
    }
}

/* A file by the real package: whole, and cut at each byte. */
TEST(gguf_cut)
{
    struct span in;

    CHECK(bench_load(FIXTURE, &in), "%s", FIXTURE);
    for (size_t n = 8; n <= in.n; n++) {
        struct bench b;
        bool whole = n + 61 > in.n; /* the last tensor's padding may be missing */

        bench_run(&b, &format_gguf, span_of(in.p, n), "cut");
        CHECK(whole || b.status == PRATIQUE_E_FORMAT, "%zu of %zu bytes: status %d", n, in.n,
              b.status);
        CHECK(n < in.n || b.status == PRATIQUE_OK, "whole: %s", b.scan.error.msg);
        bench_free(&b);
    }
    free((void *)(uintptr_t)in.p);
}
