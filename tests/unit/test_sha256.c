/* src/base/sha256.c, sha256_ni.c: by the processor and by libcrypto. */
#include <openssl/evp.h>
#include <stdlib.h>

#include "base/sha256.h"
#include "test.h"

#define LONG 300 /* more than four blocks */

static uint8_t text[2 * LONG];

static void fill_text(void)
{
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (uint8_t)(i * 167 + i / 256 * 31 + 5);
}

/* Both ways in turn; the processor's may be missing. */
static const bool ways[] = { true, false };

static const char *way_name(bool way)
{
    bool by_processor = sha256_instructions(way);

    return by_processor ? "the processor" : "libcrypto";
}

static void end_ways(void)
{
    (void)sha256_instructions(true);
}

static void expect(uint8_t out[SHA256_BYTES], const void *p, size_t n)
{
    unsigned size;

    CHECK(EVP_Digest(p, n, out, &size, EVP_sha256(), NULL) == 1 && size == SHA256_BYTES,
          "libcrypto answers");
}

TEST(sha256_published)
{
    /* NIST: FIPS 180-2, appendix B, and the short messages of the CAVP. */
    static const struct {
        const char *message, *digest;
    } rows[] = {
        { "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
        { "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
        { "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
          "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
        { "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
          "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
          "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1" },
        { "\xd3", "28969cdfa74a12c82f3bad960b0b000aca2ac329deea5c2328ebc6f2ba9802c1" },
    };

    for (size_t w = 0; w < 2; w++)
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
            const char *way = way_name(ways[w]);
            uint8_t digest[SHA256_BYTES];
            char hex[SHA256_HEX];

            CHECK(sha256_bytes(rows[i].message, strlen(rows[i].message), digest), "%s", way);
            sha256_hex(digest, hex);
            CHECK(strcmp(hex, rows[i].digest) == 0, "%s: %s: %s", way, rows[i].message, hex);
        }
    end_ways();
}

TEST(sha256_a_million)
{
    uint8_t digest[SHA256_BYTES], many[1000];
    char hex[SHA256_HEX];

    memset(many, 'a', sizeof many);
    for (size_t w = 0; w < 2; w++) {
        const char *way = way_name(ways[w]);
        struct sha256 s;

        sha256_init(&s);
        for (int i = 0; i < 1000; i++)
            sha256_update(&s, many, sizeof many);
        CHECK(sha256_final(&s, digest), "%s", way);
        sha256_hex(digest, hex);
        CHECK(strcmp(hex, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0") == 0,
              "%s: %s", way, hex);
    }
    end_ways();
}

/* The Monte Carlo test of the SHA Validation System, its first count. */
TEST(sha256_monte_carlo)
{
    static const uint8_t seed[SHA256_BYTES] = { 0x6d, 0x1e, 0x72, 0xad, 0x03, 0xdd, 0xeb, 0x5d,
                                                0xe8, 0x91, 0xe5, 0x72, 0xe2, 0x39, 0x6f, 0x8d,
                                                0xa0, 0x15, 0xd8, 0x99, 0xef, 0x0e, 0x79, 0x50,
                                                0x31, 0x52, 0xd6, 0x01, 0x0a, 0x3f, 0xe6, 0x91 };

    for (size_t w = 0; w < 2; w++) {
        const char *way = way_name(ways[w]);
        uint8_t last[3 * SHA256_BYTES], digest[SHA256_BYTES];
        char hex[SHA256_HEX];

        for (int i = 0; i < 3; i++)
            memcpy(last + i * SHA256_BYTES, seed, SHA256_BYTES);
        for (int i = 0; i < 1000; i++) {
            CHECK(sha256_bytes(last, sizeof last, digest), "%s", way);
            memmove(last, last + SHA256_BYTES, sizeof last - SHA256_BYTES);
            memcpy(last + 2 * SHA256_BYTES, digest, SHA256_BYTES);
        }
        sha256_hex(digest, hex);
        CHECK(strcmp(hex, "e93c330ae5447738c8aa85d71a6c80f2a58381d05872d26bdd39f1fcd4f2b788") == 0,
              "%s: %s", way, hex);
    }
    end_ways();
}

TEST(sha256_every_length)
{
    fill_text();
    for (size_t w = 0; w < 2; w++)
        for (size_t n = 0; n <= LONG; n++) {
            const char *way = way_name(ways[w]);
            uint8_t *exact = malloc(n + !n), digest[SHA256_BYTES], want[SHA256_BYTES];

            memcpy(exact, text, n);
            expect(want, text, n);
            CHECK(sha256_bytes(exact, n, digest), "%s: %zu bytes", way, n);
            CHECK(memcmp(digest, want, sizeof want) == 0, "%s: %zu bytes", way, n);
            free(exact);
        }
    end_ways();
}

TEST(sha256_split_anywhere)
{
    uint8_t want[SHA256_BYTES], digest[SHA256_BYTES];

    fill_text();
    expect(want, text, LONG);
    for (size_t w = 0; w < 2; w++)
        for (size_t i = 0; i <= LONG; i++)
            for (size_t step = 1; step <= LONG; step += step < 4 ? 1 : 59) {
                const char *way = way_name(ways[w]);
                struct sha256 s;

                sha256_init(&s);
                sha256_update(&s, text, i);
                for (size_t at = i; at < LONG; at += step)
                    sha256_update(&s, text + at, LONG - at < step ? LONG - at : step);
                CHECK(sha256_final(&s, digest) && memcmp(digest, want, sizeof want) == 0,
                      "%s: %zu bytes, then %zu at a time", way, i, step);
            }
    end_ways();
}

/* Two messages of na and nb bytes, after as many as before_a and before_b. */
static void two_at_once(const char *way, size_t before_a, size_t na, size_t before_b, size_t nb)
{
    uint8_t want_a[SHA256_BYTES], want_b[SHA256_BYTES], a[SHA256_BYTES], b[SHA256_BYTES];
    struct sha256 x, y;

    expect(want_a, text, before_a + na);
    expect(want_b, text + LONG, before_b + nb);
    sha256_init(&x);
    sha256_init(&y);
    sha256_update(&x, text, before_a);
    sha256_update(&y, text + LONG, before_b);
    sha256_update_two(&x, text + before_a, na, &y, text + LONG + before_b, nb);
    CHECK(sha256_final(&x, a) && sha256_final(&y, b), "%s", way);
    CHECK(memcmp(a, want_a, sizeof a) == 0 && memcmp(b, want_b, sizeof b) == 0,
          "%s: %zu + %zu bytes beside %zu + %zu", way, before_a, na, before_b, nb);
}

TEST(sha256_two_at_once)
{
    static const size_t sizes[] = { 0, 1, 55, 56, 63, 64, 65, 127, 128, 129, 150 };
    const size_t n = sizeof sizes / sizeof *sizes;

    fill_text();
    for (size_t w = 0; w < 2; w++) {
        const char *way = way_name(ways[w]);

        for (size_t i = 0; i < n * n * n * n; i++)
            two_at_once(way, sizes[i % n], sizes[i / n % n], sizes[i / n / n % n],
                        sizes[i / n / n / n]);
    }
    end_ways();
}

/* One that began without the instructions goes on without them, also beside one that has them. */
TEST(sha256_ways_beside_each_other)
{
    uint8_t want[SHA256_BYTES], a[SHA256_BYTES], b[SHA256_BYTES];
    struct sha256 x, y;

    fill_text();
    expect(want, text, LONG);
    (void)sha256_instructions(false);
    sha256_init(&x);
    (void)sha256_instructions(true);
    sha256_init(&y);
    sha256_update_two(&x, text, LONG, &y, text, LONG);
    CHECK(sha256_final(&x, a) && memcmp(a, want, sizeof want) == 0, "libcrypto");
    CHECK(sha256_final(&y, b) && memcmp(b, want, sizeof want) == 0, "the processor");
}

TEST(sha256_dropped)
{
    static const uint8_t none[SHA256_BYTES];
    uint8_t digest[SHA256_BYTES];

    for (size_t w = 0; w < 2; w++) {
        const char *way = way_name(ways[w]);
        struct sha256 s;

        sha256_init(&s);
        sha256_update(&s, "abc", 3);
        sha256_drop(&s);
        sha256_drop(&s);
        CHECK(!sha256_final(&s, digest) && memcmp(digest, none, sizeof none) == 0,
              "%s: a message that was dropped has no digest", way);
    }
    end_ways();
}

/* As sha256_update(), whatever was begun before, and the copy is the message. */
TEST(sha256_copies)
{
    fill_text();
    for (size_t w = 0; w < 2; w++)
        for (size_t before = 0; before < 2 * SHA256_BLOCK + 2; before++)
            for (size_t n = 0; n < LONG; n += 1 + n / 7) {
                const char *way = way_name(ways[w]);
                uint8_t digest[SHA256_BYTES], want[SHA256_BYTES], to[LONG + 1] = { 0 };
                struct sha256 s;

                sha256_init(&s);
                sha256_update(&s, text, before);
                sha256_update_copy(&s, to, text + before, n);
                sha256_update(&s, text + before + n, 3);
                expect(want, text, before + n + 3);
                CHECK(sha256_final(&s, digest) && memcmp(digest, want, sizeof want) == 0,
                      "%s: %zu, then %zu", way, before, n);
                CHECK(memcmp(to, text + before, n) == 0 && to[n] == 0, "%s: copy of %zu", way, n);
            }
    end_ways();
}
