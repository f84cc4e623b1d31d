/* src/trust/sign/blake2b.c, base64.c */
#include "trust/sign/blake2b.h"

#include <openssl/evp.h>
#include <stdlib.h>

#include "base/compiler.h"
#include "test.h"
#include "trust/sign/base64.h"

static void hex(const uint8_t *p, size_t n, char *out)
{
    for (size_t i = 0; i < n; i++)
        (void)snprintf(out + 2 * i, 3, "%02x", p[i]);
}

/* The first: RFC 7693, appendix A. The others: Python's hashlib.blake2b. */
TEST(blake2b_known_values)
{
    static const struct {
        const char *in;
        size_t n;
        const char *want;
    } rows[] = {
        { "abc", 64,
          "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
          "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923" },
        { "abc", 32, "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319" },
        { "", 32, "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8" },
        { "", 1, "2e" },
        { "The quick brown fox jumps over the lazy dog", 32,
          "01718cec35cd3d796dd00020e0bfecb473ad23457d063b75eff29c0ffa2e58a9" },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct span in = span_text(rows[i].in);
        uint8_t out[BLAKE2B_MAX];
        char text[2 * BLAKE2B_MAX + 1];

        blake2b(&in, 1, out, rows[i].n);
        hex(out, rows[i].n, text);
        CHECK(strcmp(text, rows[i].want) == 0, "\"%s\", %zu bytes: %s", rows[i].in, rows[i].n,
              text);
    }
}

TEST(blake2b_agrees_with_libcrypto_at_every_length)
{
    uint8_t in[520];

    for (size_t i = 0; i < sizeof in; i++)
        in[i] = (uint8_t)(i * 7 + 3);
    for (size_t n = 0; n <= sizeof in; n++) {
        struct span parts[3] = { span_of(in, n / 3), span_of(in + n / 3, n / 2 - n / 3),
                                 span_of(in + n / 2, n - n / 2) };
        uint8_t ours[64], theirs[64];

        blake2b(parts, 3, ours, sizeof ours);
        CHECK(EVP_Digest(in, n, theirs, NULL, EVP_blake2b512(), NULL) == 1, "libcrypto");
        CHECK(memcmp(ours, theirs, sizeof ours) == 0, "%zu bytes differ", n);
    }
}

TEST(base64_goes_both_ways)
{
    uint8_t in[64], out[64];
    char text[BASE64_SIZE(sizeof in)];

    for (size_t i = 0; i < sizeof in; i++)
        in[i] = (uint8_t)(i * 37 + 200);
    for (size_t n = 0; n <= sizeof in; n++) {
        base64_encode(span_of(in, n), text);
        CHECK(strlen(text) + 1 == BASE64_SIZE(n), "%zu: length %zu", n, strlen(text));
        CHECK(base64_exactly(span_text(text), out, n) && memcmp(in, out, n) == 0, "%zu: %s", n,
              text);
        CHECK(n == 0 || !base64_exactly(span_text(text), out, n - 1), "%zu: into less", n);
    }
}

TEST(base64_has_one_spelling)
{
    static const char *const bad[] = { "A",    "AA",   "AAA",    "A===",  "AB==",
                                       "AAB=", "AA=A", "AA==\n", " AAAA", "AA==AAAA",
                                       "AA-_", "=AAA", "====",   "AA\0A" };
    uint8_t out[16];
    size_t n;

    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        CHECK(!base64_decode(span_text(bad[i]), out, sizeof out, &n), "\"%s\"", bad[i]);
    CHECK(base64_decode(SPAN_LITERAL("AA=="), out, 1, &n) && n == 1, "one byte");
    CHECK(base64_decode(SPAN_EMPTY, out, 0, &n) && n == 0, "no byte");
}
