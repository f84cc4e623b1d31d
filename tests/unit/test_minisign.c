/* src/trust/sign/minisign.c, minisign_secret.c, signature.c. The fixtures were made by minisign
 * 0.11. */
#include "trust/sign/minisign.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test.h"
#include "trust/sign/check.h"

#define PUBLIC                                                                                     \
    "untrusted comment: minisign public key 8D0C260DBF1DE53F\n"                                    \
    "RWQ/5R2/DSYMjQLcM/rWYclZeF1Yn/UcAv1waMxpyzY1Hxdy/zaSJ7iM\n"
/* Made for these tests, and of no use to anybody. */
#define SECRET                                                                                     \
    "untrusted comment: minisign encrypted secret key\n"                                           \
    "RWQAAEIyAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAP+Udvw0mDI0GtRnb6hTz" \
    "xCh0a5Iu2TQDuiMnUjqDrs3FXESrdqk16gLcM/rWYclZeF1Yn/UcAv1waMxpyzY1Hxdy/zaSJ7iMAAAAAAAAAAAAAAAA" \
    "AAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
#define SIGNED                                                                                     \
    "untrusted comment: signature from minisign secret key\n"                                      \
    "RUQ/5R2/DSYMjcitt5gWVRIjWlcB0AdQi1hY5LubMEHw393kepclDaU/rHQABK5i2IoNKL2tKXEm/"                \
    "7mK4psh3rHk+rIww2xZGwM=\n"                                                                    \
    "trusted comment: timestamp:1795628382\tfile:f\thashed\n"                                      \
    "qcTydWeL/gZJW5ADUamJGHxq5VJ8cv4/"                                                             \
    "Z9wEqb6nwLgsmIN+gZZMwSJbtNWhuIXasPrTUvYDWm+demp0KKYuDg==\n"
#define LEGACY                                                                                     \
    "untrusted comment: signature from minisign secret key\n"                                      \
    "RWQ/5R2/DSYMjXCboID7kCgUVSK/mDNYSjDLTSh/VKe2J0g8QugbUt1T2OFUrdfLJyHjhm3y3nc7A/rE4G/c/"        \
    "HkCkkFgnoVAYgY=\n"                                                                            \
    "trusted comment: timestamp:1795628382\tfile:f\n"                                              \
    "x62r40g8XfYGeQJqkyM0xP2mzu4TRiFw2bt5pQw4Cd/"                                                  \
    "jrUv8JlXXUi9utUNzZ9dUYn+vrMsb5VDU5RWZW8OXAg==\n"

/* A set of one key. */
struct ring {
    struct keys keys;
    struct arena arena;
};

static void ring_init(struct ring *r, const char *key)
{
    struct pratique_error err = { 0 };

    *r = (struct ring){ .keys = { .role = TRUST_MANIFEST, .now = 1800000000, .space = "x" } };
    arena_init(&r->keys.arena, 1 << 20);
    arena_init(&r->arena, 1 << 26);
    CHECK(keys_add_bytes(&r->keys, "a.pub", span_text(key), &err) == PRATIQUE_OK, "%s", err.msg);
}

static void ring_free(struct ring *r)
{
    arena_reset(&r->keys.arena);
    arena_reset(&r->arena);
}

static enum signature_fault judge(struct ring *r, struct span message, struct span signature,
                                  const char **why, struct signer *who)
{
    struct pratique_error err = { 0 };
    enum signature_fault fault = SIGNATURE_HOLDS;

    CHECK(signature_check(&fault, why, who, &r->keys, message, "f", signature, "f.minisig",
                          &r->arena, &err) == PRATIQUE_OK,
          "%s", err.msg);
    return fault;
}

TEST(minisign_takes_what_minisign_made)
{
    struct signer who;
    const char *why;
    struct ring r;

    ring_init(&r, PUBLIC);
    CHECK(judge(&r, SPAN_LITERAL("hello\n"), span_text(SIGNED), &why, &who) == SIGNATURE_HOLDS,
          "%s", why);
    CHECK(strcmp(who.kind, "minisign") == 0 && strcmp(who.key, "a.pub") == 0, "who: %s", who.key);
    CHECK(strcmp(who.id, "RWQ/5R2/DSYMjQLcM/rWYclZeF1Yn/UcAv1waMxpyzY1Hxdy/zaSJ7iM") == 0, "id %s",
          who.id);
    CHECK(who.signed_at == 1795628382, "signed at %lld", (long long)who.signed_at);
    CHECK(strstr(who.comment, "file:f"), "comment %s", who.comment);
    ring_free(&r);
}

TEST(minisign_judges)
{
    static const char crlf[] =
        "untrusted comment: another\r\n"
        "RUQ/5R2/DSYMjcitt5gWVRIjWlcB0AdQi1hY5LubMEHw393kepclDaU/rHQABK5i2IoNKL2tKXEm/"
        "7mK4psh3rHk+rIww2xZGwM=\r\n"
        "trusted comment: timestamp:1795628382\tfile:f\thashed\r\n"
        "qcTydWeL/gZJW5ADUamJGHxq5VJ8cv4/"
        "Z9wEqb6nwLgsmIN+gZZMwSJbtNWhuIXasPrTUvYDWm+demp0KKYuDg==";
    static const struct {
        const char *what, *message, *signature;
        enum signature_fault want;
    } rows[] = {
        { "as it is", "hello\n", SIGNED, SIGNATURE_HOLDS },
        { "CRLF, another untrusted comment, no last newline", "hello\n", crlf, SIGNATURE_HOLDS },
        { "other bytes", "hellO\n", SIGNED, SIGNATURE_WRONG },
        { "one byte less", "hello", SIGNED, SIGNATURE_WRONG },
        { "legacy", "hello\n", LEGACY, SIGNATURE_MALFORMED },
        { "twice", "hello\n", SIGNED SIGNED, SIGNATURE_MALFORMED },
        { "an empty line after it", "hello\n", SIGNED "\n", SIGNATURE_MALFORMED },
        { "a space before it", "hello\n", " " SIGNED, SIGNATURE_MALFORMED },
        { "a public key", "hello\n", PUBLIC, SIGNATURE_MALFORMED },
        { "nothing", "hello\n", "", SIGNATURE_MALFORMED },
        { "JSON", "hello\n", "{}", SIGNATURE_MALFORMED },
    };
    struct ring r;

    ring_init(&r, PUBLIC);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct signer who;
        const char *why;
        enum signature_fault got =
            judge(&r, span_text(rows[i].message), span_text(rows[i].signature), &why, &who);

        CHECK(got == rows[i].want, "%s: got %d (%s)", rows[i].what, (int)got, why);
        CHECK((got == SIGNATURE_HOLDS) == (why[0] == '\0'), "%s: why \"%s\"", rows[i].what, why);
    }
    ring_free(&r);
}

/* The text of the untrusted comment is not signed, nor is the last newline needed. */
static bool is_free(size_t at)
{
    return (at >= 19 && SIGNED[at] != '\n' && at < strcspn(SIGNED, "\n")) ||
           at == sizeof SIGNED - 2;
}

TEST(minisign_no_bit_can_be_turned)
{
    uint8_t text[sizeof SIGNED - 1];
    struct ring r;

    ring_init(&r, PUBLIC);
    for (size_t i = 0; i < 8 * sizeof text; i++) {
        struct signer who;
        const char *why;

        memcpy(text, SIGNED, sizeof text);
        text[i / 8] ^= (uint8_t)(1u << (i % 8));
        if (!is_free(i / 8))
            CHECK(judge(&r, SPAN_LITERAL("hello\n"), span_of(text, sizeof text), &why, &who) !=
                      SIGNATURE_HOLDS,
                  "bit %zu of byte %zu", i % 8, i / 8);
    }
    for (size_t n = 0; n < sizeof text - 1; n++) {
        struct signer who;
        const char *why;

        CHECK(judge(&r, SPAN_LITERAL("hello\n"), span_of(SIGNED, n), &why, &who) ==
                  SIGNATURE_MALFORMED,
              "cut at %zu", n);
    }
    ring_free(&r);
}

TEST(minisign_refuses_keys)
{
    static const char *const bad[] = {
        "untrusted comment: x\n",
        "untrusted comment: x",
        "untrusted comment: x\nRWQ/5R2/DSYMjQLcM/rWYclZeF1Yn/UcAv1waMxpyzY1Hxdy/zaSJ7i\n",
        "untrusted comment: x\n\nRWQ/5R2/DSYMjQLcM/rWYclZeF1Yn/UcAv1waMxpyzY1Hxdy/zaSJ7iM\n",
        PUBLIC PUBLIC,
        SECRET,
        SIGNED,
        /* points of small order: y = 0, y = 1, y = p, with the sign bit */
        "RWQ/5R2/DSYMjQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n",
        "RWQ/5R2/DSYMjQEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n",
        "RWQ/5R2/DSYMje3///////////////////////////////////////9/\n",
        "RWQ/5R2/DSYMjez/////////////////////////////////////////\n",
    };
    static const char *const good[] = {
        PUBLIC, PUBLIC "\n", "RWQ/5R2/DSYMjQLcM/rWYclZeF1Yn/UcAv1waMxpyzY1Hxdy/zaSJ7iM",
        "untrusted comment: \r\nRWQ/5R2/DSYMjQLcM/rWYclZeF1Yn/UcAv1waMxpyzY1Hxdy/zaSJ7iM\r\n"
    };

    for (size_t i = 0; i < ARRAY_LEN(bad) + ARRAY_LEN(good); i++) {
        bool want = i >= ARRAY_LEN(bad);
        const char *text = want ? good[i - ARRAY_LEN(bad)] : bad[i];
        struct keys k = { .role = TRUST_MANIFEST };
        struct pratique_error err = { 0 };

        arena_init(&k.arena, 1 << 20);
        CHECK((keys_add_bytes(&k, "a.pub", span_text(text), &err) == PRATIQUE_OK) == want,
              "row %zu: %s", i, err.msg);
        CHECK(want || strncmp(err.msg, "a.pub: ", 7) == 0, "row %zu: %s", i, err.msg);
        arena_reset(&k.arena);
    }
}

static bool say(void *user, const char *what, char *text, size_t size)
{
    (void)what;
    (void)snprintf(text, size, "%s", (const char *)user);
    return true;
}

static char secret_word[] = "correct horse", wrong_word[] = "incorrect horse";

/* Cheap: the least that libsodium takes. */
static const struct minisign_cost cheap = { 32768, 1 << 20 };

TEST(minisign_secret_keys_go_round)
{
    struct pratique_error err = { 0 };
    struct secret made = { 0 }, got = { 0 };
    struct buf text;

    buf_init(&text, 4096);
    CHECK(minisign_generate(&made, &err) == PRATIQUE_OK, "generate");
    CHECK(minisign_write_secret(&made, NULL, secret_word, cheap, &text, &err) == PRATIQUE_OK,
          "write");
    CHECK(minisign_is_secret(span_of(text.p, text.n)), "looks");
    CHECK(minisign_open(&got, "k", span_of(text.p, text.n), say, secret_word, &err) == PRATIQUE_OK,
          "%s", err.msg);
    CHECK(strcmp(got.id, made.id) == 0 && memcmp(got.ed25519, made.ed25519, 32) == 0, "the same");
    EVP_PKEY_free(got.pkey);
    CHECK(minisign_open(&got, "k", span_of(text.p, text.n), say, wrong_word, &err) ==
                  PRATIQUE_E_USAGE &&
              strstr(err.msg, "passphrase"),
          "wrong word: %s", err.msg);
    CHECK(minisign_open(&got, "k", span_of(text.p, text.n), NULL, NULL, &err) == PRATIQUE_E_USAGE,
          "no word: %s", err.msg);
    EVP_PKEY_free(made.pkey);
    buf_free(&text);
}

TEST(minisign_secret_keys_that_demand_too_much)
{
    static const struct {
        struct minisign_cost cost;
        bool want;
    } rows[] = {
        { { 32768, 1 << 20 }, true },
        { { (uint64_t)1 << 40, (uint64_t)100 << 30 }, false },
        { { UINT64_MAX, UINT64_MAX }, false },
        { { UINT64_MAX, 1 << 20 }, false },
        { { 0, 0 }, true },
        { { 0, UINT64_MAX }, true }, /* libsodium makes of it the least work, with 1 MiB */
    };
    struct pratique_error err = { 0 };
    struct secret s = { 0 };

    CHECK(minisign_generate(&s, &err) == PRATIQUE_OK, "generate");
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct buf text;

        buf_init(&text, 4096);
        CHECK((minisign_write_secret(&s, NULL, "x", rows[i].cost, &text, &err) == PRATIQUE_OK) ==
                  rows[i].want,
              "row %zu", i);
        buf_free(&text);
    }
    EVP_PKEY_free(s.pkey);
}

TEST(minisign_secret_keys_that_are_damaged)
{
    char text[sizeof SECRET];
    struct pratique_error err = { 0 };
    struct secret s = { 0 };

    CHECK(minisign_open(&s, "k", span_text(SECRET), NULL, NULL, &err) == PRATIQUE_OK, "%s",
          err.msg);
    CHECK(strcmp(s.id, "8D0C260DBF1DE53F") == 0, "id %s", s.id);
    EVP_PKEY_free(s.pkey);
    for (size_t n = 0; n < sizeof text - 2; n++) {
        s = (struct secret){ 0 };
        CHECK(minisign_open(&s, "k", span_of(SECRET, n), NULL, NULL, &err) == PRATIQUE_E_USAGE,
              "cut at %zu", n);
        EVP_PKEY_free(s.pkey);
    }
    memcpy(text, SECRET, sizeof text);
    text[160] = text[160] == 'A' ? 'B' : 'A'; /* in the seed */
    s = (struct secret){ 0 };
    CHECK(minisign_open(&s, "k", span_text(text), NULL, NULL, &err) == PRATIQUE_E_USAGE &&
              strstr(err.msg, "damaged"),
          "%s", err.msg);
    EVP_PKEY_free(s.pkey);
}

/* Ed25519 has one signature for each key and message: ours must be minisign's. */
TEST(minisign_signs_as_minisign_does)
{
    struct pratique_error err = { 0 };
    struct secret s = { 0 };
    struct buf out;
    const char *second = strchr(SIGNED, '\n'), *mine;
    uint8_t digest[MINISIGN_DIGEST_BYTES];

    buf_init(&out, 4096);
    CHECK(minisign_open(&s, "k", span_text(SECRET), NULL, NULL, &err) == PRATIQUE_OK, "%s",
          err.msg);
    CHECK(EVP_Digest("hello\n", 6, digest, NULL, EVP_blake2b512(), NULL) == 1, "digest");
    CHECK(minisign_sign(&s, digest, "timestamp:1795628382\tfile:f\thashed", &out, &err) ==
              PRATIQUE_OK,
          "%s", err.msg);
    mine = out.p ? strchr(out.p, '\n') : NULL;
    CHECK(mine && strcmp(mine, second) == 0, "%s", out.p);
    buf_clear(&out);
    CHECK(minisign_sign(&s, digest, "two\nlines", &out, &err) == PRATIQUE_E_USAGE, "two lines");
    EVP_PKEY_free(s.pkey);
    buf_free(&out);
}
