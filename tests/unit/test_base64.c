/* base64 as Python's lenient decoders read it. */
#include "input/base64.h"
#include "test.h"

TEST(base64_is_read_as_binascii_does)
{
    static const struct {
        const char *text;
        bool url;
        const char *want;
    } rows[] = {
        { "", false, "" },
        { "YWJj", false, "abc" },
        { "YW\nJj", false, "abc" },
        { "Y-W_Jj", false, "abc" }, /* no digits here: passed over */
        { "YQ==", false, "a" },
        { "YQ==YQ==", false, "a" },      /* padding that completes a group ends it */
        { "YQ=YQ", false, "a\x06\x10" }, /* less than that does not */
        { "Pz8-Pz8_", true, "?\?>?\?\?" },
        { "Pz8+Pz8/", true, "?\?>?\?\?" },
        { "YWJjZGVmZ2hpamtsbW5vcA", false, "abcdefghijkl" }, /* no room for more */
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint8_t out[12];
        size_t n = base64_loose(span_text(rows[i].text), rows[i].url, out, sizeof out);

        CHECK(n == strlen(rows[i].want) && memcmp(out, rows[i].want, n) == 0, "%s: %zu bytes",
              rows[i].text, n);
    }
}
