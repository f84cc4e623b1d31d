/* src/watch/bait.c, bait_search.c */
#include "test.h"
#include "watch/bait.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

static const unsigned char seed[32] = "a seed of thirty-two bytes, here";

static bool make(struct bait *b, struct arena *a, const unsigned char *from)
{
    arena_init(a, 4u << 20);
    return bait_make(b, a, from, "alex", "thinkpad");
}

TEST(bait_is_of_its_seed)
{
    static const unsigned char other[32] = "another seed";
    struct bait a, again, b;
    struct arena ra, rb, rc;
    size_t same = 0;

    CHECK(make(&a, &ra, seed) && make(&again, &rb, seed) && make(&b, &rc, other), "made");
    CHECK(a.secrets_n == again.secrets_n && a.secrets_n == b.secrets_n, "as many");
    for (size_t i = 0; i < a.secrets_n; i++) {
        CHECK(strcmp(a.secrets[i].value, again.secrets[i].value) == 0, "%s: stable",
              a.secrets[i].what);
        same += strcmp(a.secrets[i].value, b.secrets[i].value) == 0;
    }
    CHECK(same == 0, "another seed, other secrets: %zu", same);
    arena_reset(&ra);
    arena_reset(&rb);
    arena_reset(&rc);
}

TEST(bait_secrets_are_long_unique_and_planted)
{
    struct bait b;
    struct arena a;
    size_t honey = 0;

    CHECK(make(&b, &a, seed), "made");
    for (size_t i = 0; i < b.files_n; i++)
        honey += b.files[i].honey;
    CHECK(honey >= 30 && b.environment_n >= 20 && b.secrets_n <= 256, "%zu honey files", honey);
    for (size_t i = 0; i < b.secrets_n; i++) {
        const char *value = b.secrets[i].value, *what = b.secrets[i].what;
        size_t found = 0;

        CHECK(strlen(value) >= 16, "%s: length", what);
        for (size_t k = 0; k < i; k++)
            CHECK(strcmp(value, b.secrets[k].value) != 0, "%s: unique", what);
        for (size_t k = 0; k < b.files_n; k++)
            found += what[0] == '~' && b.files[k].honey && strcmp(what + 2, b.files[k].path) == 0 &&
                     strstr(b.files[k].text, value);
        for (size_t k = 0; k < b.environment_n; k++)
            found += what[0] == '$' && strstr(b.environment[k], value) &&
                     strncmp(b.environment[k], what + 1, strlen(what + 1)) == 0;
        CHECK(found == 1, "%s: planted %zu times", what, found);
    }
    for (size_t i = 0; i < b.files_n; i++)
        CHECK(!strstr(b.files[i].text, "@w") && !strstr(b.files[i].text, "@U@"), "%s: filled in",
              b.files[i].path);
    arena_reset(&a);
}

/* Random from the seed; the shape is what the service's own tools look for. */
TEST(bait_looks_real)
{
    struct bait b;
    struct arena a;

    CHECK(make(&b, &a, seed), "made");
    CHECK(strstr(b.files[0].text, "aws_access_key_id = AKIA"), "%s", b.files[0].text);
    CHECK(strncmp(b.environment[0], "AWS_ACCESS_KEY_ID=AKIA", 22) == 0 &&
              strlen(b.environment[0]) == 18 + 20,
          "%s", b.environment[0]);
    arena_reset(&a);
}

TEST(bait_needs_memory)
{
    struct bait b;
    struct arena a;

    for (size_t ceiling = 0; ceiling < 40000; ceiling += 1000) {
        arena_init(&a, ceiling);
        (void)!bait_make(&b, &a, seed, "alex", "thinkpad");
        arena_reset(&a);
    }
}

TEST(bait_is_written)
{
    char home[] = "/tmp/pratique-bait-XXXXXX", command[64];
    struct bait b;
    struct arena a;
    int fd;

    CHECK(make(&b, &a, seed) && mkdtemp(home), "made");
    fd = open(home, O_RDONLY | O_DIRECTORY);
    CHECK(bait_write(&b, fd) && bait_write(&b, fd), "written, and again");
    for (size_t i = 0; i < b.files_n; i++) {
        struct stat st;

        CHECK(fstatat(fd, b.files[i].path, &st, 0) == 0, "%s: is there", b.files[i].path);
        CHECK((st.st_mode & 07777) == b.files[i].mode &&
                  (size_t)st.st_size == strlen(b.files[i].text),
              "%s: mode, size", b.files[i].path);
        CHECK(st.st_mtime < time(NULL) - 20 * 86400, "%s: old", b.files[i].path);
    }
    CHECK(!bait_write(&b, -1), "nowhere");
    close(fd);
    (void)snprintf(command, sizeof command, "rm -rf %s", home);
    CHECK(system(command) == 0, "cleaned up");
    arena_reset(&a);
}

/* ---- the search ---- */

struct hits {
    unsigned n;
    char how[64];
    const char *what;
};

static void hit(void *user, const struct bait_secret *secret, const char *how)
{
    struct hits *h = user;

    h->n++;
    h->what = secret->what;
    (void)snprintf(h->how, sizeof h->how, "%s", how);
}

#define SECRET "tQ7zK2pL9vXw4RmN8cJy5HbG3fDs6A"

static const struct bait_secret secret_list[] = { { "it", SECRET } };
static const struct bait one = { .secrets = secret_list, .secrets_n = 1 };

/* Feeds the text by pieces of step bytes. */
static struct hits search_by(const void *p, size_t n, size_t step, bool deflated)
{
    struct bait_search *s = bait_search_new(&one);
    struct bait_stream *stream = s ? bait_stream_new(s) : NULL;
    struct hits h = { 0, "", NULL };
    struct span in = span_of(p, n), piece;

    if (stream && deflated)
        bait_stream_deflated(stream);
    while (stream && in.n) {
        (void)take(&in, step < in.n ? step : in.n, &piece);
        bait_stream_feed(stream, piece, hit, &h);
    }
    bait_stream_free(stream);
    bait_search_free(s);
    return h;
}

static void encode(char *out, const char *alphabet, unsigned width, const char *in)
{
    uint64_t bits = 0;
    unsigned have = 0;

    for (; *in; in++) {
        bits = bits << 8 | (uint8_t)*in;
        for (have += 8; have >= width; have -= width)
            *out++ = alphabet[bits >> (have - width) & ((1u << width) - 1)];
    }
    if (have)
        *out++ = alphabet[bits << (width - have) & ((1u << width) - 1)];
    *out = '\0';
}

#define BASE64 "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

TEST(bait_search_reads_every_way)
{
    static const struct {
        const char *what, *alphabet;
        unsigned width;
        const char *how;
    } rows[] = {
        { "base64", BASE64, 6, "base64" },
        { "base32", "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 5, "base32" },
        { "base32, lower", "abcdefghijklmnopqrstuvwxyz234567", 5, "base32" },
        { "hex", "0123456789abcdef", 4, "hex" },
        { "hex, upper", "0123456789ABCDEF", 4, "hex" },
    };
    static const char *const before[] = { "", "x", "xy", "xyz", "{\"k\": \"", "abcdefghijk" };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        for (size_t k = 0; k < ARRAY_LEN(before); k++)
            for (size_t step = 1; step < 100; step += 33) {
                char plain[128], text[256];
                struct hits h;

                (void)snprintf(plain, sizeof plain, "%s" SECRET "tail", before[k]);
                encode(text, rows[i].alphabet, rows[i].width, plain);
                h = search_by(text, strlen(text), step, false);
                CHECK(h.n == 1 && strcmp(h.how, rows[i].how) == 0, "%s behind '%s' by %zu: %u %s",
                      rows[i].what, before[k], step, h.n, h.how);
            }
}

TEST(bait_search_reads_text)
{
    static const struct {
        const char *what, *in, *how; /* how NULL: not found */
    } rows[] = {
        { "plain", "a" SECRET "b", "plain" },
        { "lower case", "tq7zk2pl9vxw4rmn8cjy5hbg3fds6a", "plain" },
        { "reversed", "A6sDf3GbH5yJc8NmR4wXv9Lp2Kz7Qt", "reversed" },
        { "percent", "%74Q7zK2pL9vXw%34", "percent-encoded" },
        { "all percent", "%74%51%37%7a%4B%32%70%4c%39%76%58%77", "percent-encoded" },
        { "a piece of it", "4RmN8cJy5HbG", "plain" },
        { "too short a piece", "4RmN8cJy5Hb.", NULL },
        { "nothing", "tQ7zK2pL9vX", NULL },
        { "one off", "tQ7zK2pL9vX_4RmN8cJy5Hb_3fDs6A", NULL },
        { "an escape of nothing", "%%%4%zz%", NULL },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        for (size_t step = 1; step < 60; step += 7) {
            struct hits h = search_by(rows[i].in, strlen(rows[i].in), step, false);

            CHECK(h.n == (rows[i].how ? 1 : 0), "%s by %zu: %u", rows[i].what, step, h.n);
            CHECK(!rows[i].how || strcmp(h.how, rows[i].how) == 0, "%s: %s", rows[i].what, h.how);
        }
}

TEST(bait_search_reads_utf16)
{
    char wide[2 * sizeof SECRET];
    struct hits h;

    for (size_t i = 0; i < sizeof SECRET; i++)
        wide[2 * i] = SECRET[i], wide[2 * i + 1] = '\0';
    h = search_by(wide, sizeof wide, 7, false);
    CHECK(h.n == 1 && strcmp(h.how, "plain") == 0, "%u %s", h.n, h.how);
}

/* Deflates text by windowBits; the bytes. */
static size_t squeeze(uint8_t *out, size_t size, const char *text, int bits)
{
    z_stream z = { .next_in = (Bytef *)text,
                   .avail_in = (uInt)strlen(text),
                   .next_out = out,
                   .avail_out = (uInt)size };
    int rc = deflateInit2(&z, 9, Z_DEFLATED, bits, 8, Z_DEFAULT_STRATEGY);

    CHECK(rc == Z_OK && deflate(&z, Z_FINISH) == Z_STREAM_END, "deflate");
    (void)deflateEnd(&z);
    return z.total_out;
}

TEST(bait_search_inflates)
{
    static const char text[] = "some text before, some text before, " SECRET ", and behind it";
    static const struct {
        const char *what;
        int bits;
        const char *before;
        size_t before_n;
        bool deflated;
        unsigned want;
    } rows[] = {
        { "gzip", 31, "", 0, false, 1 },
        { "zlib", 15, "", 0, false, 1 },
        { "raw, and said so", -15, "", 0, true, 1 },
        { "zlib, and said so", 15, "", 0, true, 1 },
        { "raw, and not said", -15, "", 0, false, 0 },
        { "gzip in a part", 31, "--x\r\nA: b\r\n\r\n", 13, false, 1 },
        { "zlib in a part", 15, "--x\r\nA: b\r\n\r\n", 13, false, 1 },
        { "a zip's member", -15, "PK\3\4\24\0\0\0\10\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\0\2\0nxy",
          33, false, 1 },
        { "behind a false start", 31, "\x1f\x8b\x08 and PK\3\4 ", 14, false, 1 },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        for (size_t step = 1; step < 200; step += 61) {
            uint8_t in[512];
            size_t n = rows[i].before_n;
            struct hits h;

            memcpy(in, rows[i].before, n);
            n += squeeze(in + n, sizeof in - n, text, rows[i].bits);
            h = search_by(in, n, step, rows[i].deflated);
            CHECK(h.n == rows[i].want, "%s by %zu: %u", rows[i].what, step, h.n);
            CHECK(h.n == 0 || strcmp(h.how, "plain, compressed") == 0, "%s: %s", rows[i].what,
                  h.how);
        }
}

TEST(bait_search_inflates_base64)
{
    static const int bits[] = { 31, 15 };

    for (size_t i = 0; i < ARRAY_LEN(bits); i++) {
        uint8_t squeezed[256];
        char text[512] = "{\"d\": \"";
        size_t n = squeeze(squeezed, sizeof squeezed, "text " SECRET " text", bits[i]);
        uint64_t acc = 0;
        struct hits h;

        for (size_t k = 0, at = strlen(text); k < n + 2 - (n + 2) % 3; k++) {
            acc = acc << 8 | (k < n ? squeezed[k] : 0);
            for (unsigned c = 0; k % 3 == 2 && c < 4; c++)
                text[at++] = BASE64[acc >> (18 - 6 * c) & 63];
        }
        h = search_by(text, strlen(text), 50, false);
        CHECK(h.n == 1 && strcmp(h.how, "plain, compressed") == 0, "%d: %u %s", bits[i], h.n,
              h.how);
    }
}

TEST(bait_search_bounds_bombs)
{
    static char zeros[1u << 20];
    struct bait_search *s = bait_search_new(&one);
    struct bait_stream *stream = s ? bait_stream_new(s) : NULL;
    z_stream z = { .next_in = NULL };
    static uint8_t out[1u << 16];
    struct hits h = { 0, "", NULL };

    CHECK(stream && deflateInit2(&z, 9, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY) == Z_OK, "begins");
    for (unsigned i = 0; stream && i < 64; i++) {
        z.next_in = (Bytef *)zeros;
        z.avail_in = sizeof zeros;
        z.next_out = out;
        z.avail_out = sizeof out;
        (void)deflate(&z, Z_SYNC_FLUSH);
        bait_stream_feed(stream, span_of(out, sizeof out - z.avail_out), hit, &h);
    }
    (void)deflateEnd(&z);
    CHECK(h.n == 0, "nothing");
    bait_stream_free(stream);
    bait_search_free(s);
    bait_stream_free(NULL);
    bait_search_free(NULL);
}

/* All of a real bait at once: every secret is found, each as itself. */
TEST(bait_search_finds_all)
{
    struct bait b;
    struct arena a;
    struct bait_search *s;

    CHECK(make(&b, &a, seed), "made");
    s = bait_search_new(&b);
    for (size_t i = 0; s && i < b.secrets_n; i++) {
        struct bait_stream *stream = bait_stream_new(s);
        struct hits h = { 0, "", NULL };

        if (stream)
            bait_stream_feed(stream, span_text(b.secrets[i].value), hit, &h);
        CHECK(h.n == 1 && h.what == b.secrets[i].what, "%s: %u", b.secrets[i].what, h.n);
        bait_stream_free(stream);
    }
    bait_search_free(s);
    arena_reset(&a);
}
