/* src/base/buf.c */
#include "base/buf.h"
#include "test.h"

TEST(buf_appends)
{
    struct buf b;

    buf_init(&b, 1000);
    CHECK(!b.p && b.n == 0, "empty owns nothing");
    CHECK(buf_puts(&b, "ab") && buf_putc(&b, 'c') && buf_add(&b, "\0d", 2), "appends");
    CHECK(buf_printf(&b, "%03d", 7), "prints");
    CHECK(b.n == 8 && memcmp(b.p, "abc\0d007", 9) == 0, "content and NUL");
    buf_clear(&b);
    CHECK(b.n == 0 && b.p && *b.p == '\0', "clear keeps the memory");
    buf_free(&b);
    CHECK(!b.p && b.ceiling == 1000, "free keeps the ceiling");
}

TEST(buf_keeps_its_ceiling)
{
    static const struct {
        const char *what;
        size_t ceiling, first, then;
        bool ok;
    } rows[] = {
        { "nothing in nothing", 0, 0, 0, true }, { "one in nothing", 0, 0, 1, false },
        { "just full", 100, 60, 40, true },      { "one too many", 100, 60, 41, false },
        { "grows", 5000, 63, 4937, true },       { "grows too far", 5000, 63, 4938, false },
    };
    static const char bytes[5000];

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf b;

        buf_init(&b, rows[i].ceiling);
        CHECK(buf_add(&b, bytes, rows[i].first), "%s: first", rows[i].what);
        CHECK(buf_add(&b, bytes, rows[i].then) == rows[i].ok, "%s: then", rows[i].what);
        CHECK(b.failed == !rows[i].ok, "%s: failed", rows[i].what);
        CHECK(b.n == rows[i].first + (rows[i].ok ? rows[i].then : 0), "%s: length", rows[i].what);
        buf_free(&b);
    }
}

TEST(buf_stays_failed_until_cleared)
{
    struct buf b;

    buf_init(&b, 4);
    CHECK(!buf_puts(&b, "abcde") && b.failed, "does not fit");
    CHECK(!buf_puts(&b, "a") && b.n == 0, "nothing after a failure");
    CHECK(!buf_printf(&b, "%d", 1), "nor printed");
    buf_clear(&b);
    CHECK(buf_puts(&b, "abcd") && b.n == 4, "cleared");
    CHECK(!buf_printf(&b, "%d", 1) && b.n == 4, "printing past the ceiling");
    buf_free(&b);
}
