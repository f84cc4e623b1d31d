/* src/input/span.h: nothing is cut that is not there, and a failure moves nothing. */
#include "input/span.h"
#include "test.h"

TEST(span_take_at_every_length)
{
    static const uint8_t bytes[9] = { 1, 2, 3, 4, 5, 6, 7, 8, 9 };

    for (size_t n = 0; n <= sizeof bytes; n++)
        for (uint64_t want = 0; want <= 10; want++) {
            struct span in = span_of(bytes, n), out;
            bool ok = take(&in, want, &out);

            CHECK(ok == (want <= n), "%llu of %zu", (unsigned long long)want, n);
            CHECK(out.n == (ok ? want : 0), "%llu of %zu: cut", (unsigned long long)want, n);
            CHECK(in.n == (ok ? n - want : n), "%llu of %zu: left", (unsigned long long)want, n);
            CHECK(in.p && out.p, "never NULL");
        }
}

TEST(span_take_of_huge_lengths)
{
    static const uint64_t rows[] = { UINT64_MAX, UINT64_MAX - 8, UINT64_C(1) << 32,
                                     UINT64_C(1) << 63, 10 };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct span in = SPAN_LITERAL("123456789"), out;

        CHECK(!take(&in, rows[i], &out) && in.n == 9 && out.n == 0, "take, row %zu", i);
        CHECK(!skip(&in, rows[i]) && in.n == 9, "skip, row %zu", i);
        CHECK(!span_sub(in, rows[i], 1, &out) && out.n == 0, "sub, row %zu", i);
        CHECK(!span_sub(in, 1, rows[i], &out) && out.n == 0, "sub length, row %zu", i);
        CHECK(span_from(in, rows[i]).n == 0, "from, row %zu", i);
    }
}

TEST(span_takes_numbers_in_both_orders)
{
    struct span in = SPAN_LITERAL("\x01\x02\x03\x04\x05\x06\x07\x08"), s;
    uint64_t v64;
    uint32_t v32;
    uint16_t v16;
    uint8_t v8;

    s = in;
    CHECK(take_u8(&s, &v8) && v8 == 1 && s.n == 7, "u8");
    s = in;
    CHECK(take_u16le(&s, &v16) && v16 == 0x0201 && take_u16be(&s, &v16) && v16 == 0x0304, "u16");
    s = in;
    CHECK(take_u32le(&s, &v32) && v32 == 0x04030201 && take_u32be(&s, &v32) && v32 == 0x05060708,
          "u32");
    s = in;
    CHECK(take_u64le(&s, &v64) && v64 == UINT64_C(0x0807060504030201) && s.n == 0, "u64le");
    s = in;
    CHECK(take_u64be(&s, &v64) && v64 == UINT64_C(0x0102030405060708), "u64be");
    CHECK(!take_u64be(&s, &v64) && v64 == 0 && s.n == 0, "past the end");
    s = span_of("abc", 3);
    CHECK(!take_u32le(&s, &v32) && v32 == 0 && s.n == 3, "cut short: unmoved");
}

TEST(span_takes_lines)
{
    static const struct {
        const char *in;
        bool ok;
        const char *line, *rest;
    } rows[] = {
        { "", false, "", "" },          { "abc", false, "", "abc" },  { "\n", true, "", "" },
        { "ab\ncd", true, "ab", "cd" }, { "\r\nx", true, "\r", "x" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct span in = span_text(rows[i].in), line;

        CHECK(take_line(&in, &line) == rows[i].ok, "row %zu", i);
        CHECK(span_is(line, rows[i].line) && span_is(in, rows[i].rest), "row %zu: parts", i);
    }
}

TEST(span_compares_and_finds)
{
    struct span s = SPAN_LITERAL("hello hello");

    CHECK(span_starts(s, SPAN_LITERAL("hell")) && !span_starts(s, SPAN_LITERAL("ello")), "starts");
    CHECK(span_starts(s, SPAN_EMPTY) && span_ends(s, SPAN_EMPTY), "empty ends");
    CHECK(span_ends(s, SPAN_LITERAL("lo")) && !span_ends(SPAN_LITERAL("o"), s), "ends");
    CHECK(span_find(s, 0, SPAN_LITERAL("hello")) == 0, "first");
    CHECK(span_find(s, 1, SPAN_LITERAL("hello")) == 6, "second");
    CHECK(span_find(s, 7, SPAN_LITERAL("hello")) == SIZE_MAX, "none");
    CHECK(span_find(s, 12, SPAN_LITERAL("o")) == SIZE_MAX, "from past the end");
    CHECK(span_find(s, 0, SPAN_EMPTY) == SIZE_MAX, "of nothing");
    CHECK(!span_equal(s, SPAN_EMPTY) && span_equal(SPAN_EMPTY, span_of(NULL, 0)), "equal");
}

/* What span_find() is to find, one place after the other. */
static size_t find_plainly(struct span in, size_t from, struct span needle)
{
    for (size_t at = from; at + needle.n <= in.n; at++)
        if (memcmp(in.p + at, needle.p, needle.n) == 0)
            return at;
    return SIZE_MAX;
}

TEST(span_finds_at_every_place_and_of_every_length)
{
    uint8_t text[80], needle[40];

    for (size_t n = 1; n <= sizeof needle; n++)
        for (size_t at = 0; at + n <= sizeof text; at++) {
            struct span in = { text, sizeof text }, what = { needle, n };

            for (size_t i = 0; i < sizeof text; i++)
                text[i] = (uint8_t)(i % 3 ? 'a' : 'b'); /* much that is nearly it */
            for (size_t i = 0; i < n; i++)
                text[at + i] = needle[i] = (uint8_t)(i == n / 2 ? 'c' : 'a' + i % 2);
            for (size_t end = at + n - 1; end <= at + n; end++) {
                struct span cut = { text, end };

                CHECK(span_find(cut, 0, what) == find_plainly(cut, 0, what), "%zu at %zu, cut", n,
                      at);
            }
            CHECK(span_find(in, 0, what) == find_plainly(in, 0, what), "%zu at %zu", n, at);
            CHECK(span_find(in, at, what) == at, "%zu at %zu, from there", n, at);
            CHECK(span_find(in, at + 1, what) == find_plainly(in, at + 1, what), "behind it");
        }
}
