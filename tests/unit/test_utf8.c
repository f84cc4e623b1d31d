/* src/base/utf8.c: RFC 3629, and what may be printed. */
#include "base/utf8.h"
#include "test.h"

TEST(utf8_decodes)
{
    static const struct {
        const char *what, *in;
        size_t n, len;
        uint32_t c;
    } rows[] = {
        { "nothing", "", 0, 0, 0 },
        { "NUL", "\0", 1, 1, 0 },
        { "ASCII", "az", 2, 1, 'a' },
        { "two bytes", "\xc3\xa9", 2, 2, 0xE9 },
        { "three bytes", "\xe2\x82\xac", 3, 3, 0x20AC },
        { "four bytes", "\xf0\x9f\x98\x80", 4, 4, 0x1F600 },
        { "last of all", "\xf4\x8f\xbf\xbf", 4, 4, 0x10FFFF },
        { "past the last", "\xf4\x90\x80\x80", 4, 0, 0 },
        { "overlong slash", "\xc0\xaf", 2, 0, 0 },
        { "overlong in three", "\xe0\x80\xaf", 3, 0, 0 },
        { "overlong in four", "\xf0\x80\x80\xaf", 4, 0, 0 },
        { "modified NUL", "\xc0\x80", 2, 0, 0 },
        { "surrogate", "\xed\xa0\x80", 3, 0, 0 },
        { "before the surrogates", "\xed\x9f\xbf", 3, 3, 0xD7FF },
        { "continuation alone", "\x80", 1, 0, 0 },
        { "cut in two", "\xc3", 1, 0, 0 },
        { "cut in four", "\xf0\x9f\x98", 3, 0, 0 },
        { "broken continuation", "\xe2\x28\xa1", 3, 0, 0 },
        { "five bytes", "\xf8\x88\x80\x80\x80", 5, 0, 0 },
        { "no lead", "\xff", 1, 0, 0 },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint32_t c = 1;
        size_t len = utf8_decode_bytes((const uint8_t *)rows[i].in, rows[i].n, &c);

        CHECK(len == rows[i].len, "%s: length %zu", rows[i].what, len);
        CHECK(c == rows[i].c || !len, "%s: U+%04X", rows[i].what, c);
        CHECK(utf8_valid((const uint8_t *)rows[i].in, rows[i].n) ==
                  (rows[i].n == 0 || (len > 0 && rows[i].n <= len + 1)),
              "%s: valid", rows[i].what);
    }
}

TEST(utf8_encodes_what_it_decodes)
{
    for (uint32_t c = 0; c <= 0x10FFFF; c += c < 0x11000 ? 1 : 97) {
        uint8_t bytes[4];
        uint32_t back = 0;
        size_t n;

        if (c >= 0xD800 && c <= 0xDFFF)
            continue;
        n = utf8_put(c, bytes);
        if (utf8_decode_bytes(bytes, n, &back) != n || back != c)
            test_fail(__FILE__, __LINE__, "U+%04X", c);
    }
}

TEST(utf8_hides_what_steers_a_terminal)
{
    static const struct {
        uint32_t c;
        bool printable;
    } rows[] = {
        { 0x00, false },   { 0x1B, false },    { 0x7F, false },     { 0x9B, false },
        { 0x0A, false },   { 0xAD, false },    { 0x200B, false },   { 0x200D, false },
        { 0x202E, false }, { 0x2028, false },  { 0x2066, false },   { 0xFEFF, false },
        { 0xE000, false }, { 0xE0041, false }, { 0x10FFFF, false }, { 0x61C, false },
        { 0x20, true },    { 'a', true },      { 0xA0, true },      { 0xE9, true },
        { 0x4E2D, true },  { 0x1F600, true },  { 0x2010, true },    { 0x2030, true },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        CHECK(utf8_is_printable(rows[i].c) == rows[i].printable, "U+%04X", rows[i].c);
}
