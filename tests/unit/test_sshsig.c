/* src/trust/sign/sshsig.c, sshkey.c, signers.c. The fixtures were made by OpenSSH 9.2, of
 * "hello\n". */
#include <openssl/evp.h>
#include <stdlib.h>

#include "test.h"
#include "trust/sign/base64.h"
#include "trust/sign/check.h"
#include "trust/sign/ssh.h"

static const char ed_key[] =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIISODIc0E6yvdmYUAkd3LjXbbVM/SvgjQW1wKXINSf5I a test\n";
static const char ed_signature[] =
    "-----BEGIN SSH SIGNATURE-----\n"
    "U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAghI4MhzQTrK92ZhQCR3cuNdttUz\n"
    "9K+CNBbXApcg1J/kgAAAARcHJhdGlxdWUtbWFuaWZlc3QAAAAAAAAABnNoYTUxMgAAAFMA\n"
    "AAALc3NoLWVkMjU1MTkAAABAhImq5c8CJdiuq8nNPTemv7jHHquIxwB1icIIHbVZea/qEP\n"
    "k0Kh/J2m7h961Y37lc0SvRCKZKJov0sQlcCnJkCQ==\n"
    "-----END SSH SIGNATURE-----\n";
static const char ec_key[] =
    "ecdsa-sha2-nistp256 "
    "AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBACtXOyBVJH2uK8WgmRxpzBnrPS3xfJtmyCZznJB+"
    "xSsmUzAIrUi39KAxy0L4MtVSHCCAxdSsBZlSxRrEjVEzmk= x\n";
static const char ec_signature[] =
    "-----BEGIN SSH SIGNATURE-----\n"
    "U1NIU0lHAAAAAQAAAGgAAAATZWNkc2Etc2hhMi1uaXN0cDI1NgAAAAhuaXN0cDI1NgAAAE\n"
    "EEAK1c7IFUkfa4rxaCZHGnMGes9LfF8m2bIJnOckH7FKyZTMAitSLf0oDHLQvgy1VIcIID\n"
    "F1KwFmVLFGsSNUTOaQAAABFwcmF0aXF1ZS1tYW5pZmVzdAAAAAAAAAAGc2hhNTEyAAAAZA\n"
    "AAABNlY2RzYS1zaGEyLW5pc3RwMjU2AAAASQAAACB3+jxi77UlgPzkrr/JZhHZujTWCLgt\n"
    "Uy9SO2oButV/cAAAACEAuvWu7cvTpZmDMhnOXEAjYro7a2WkGwhHpBURp9J1F9A=\n"
    "-----END SSH SIGNATURE-----\n";

/* A set of keys from one text. */
struct ring {
    struct keys keys;
    struct arena arena;
};

static void ring_init(struct ring *r, const char *text)
{
    struct pratique_error err = { 0 };

    *r = (struct ring){ .keys = { .role = TRUST_MANIFEST, .now = 1800000000 } };
    r->keys.space = "pratique-manifest";
    arena_init(&r->keys.arena, 1 << 20);
    arena_init(&r->arena, 1 << 28);
    CHECK(keys_add_bytes(&r->keys, "k.pub", span_text(text), &err) == PRATIQUE_OK, "%s", err.msg);
}

static void ring_free(struct ring *r)
{
    arena_reset(&r->keys.arena);
    arena_reset(&r->arena);
}

static enum signature_fault judge(struct ring *r, struct span signature, const char **why)
{
    struct pratique_error err = { 0 };
    enum signature_fault fault = SIGNATURE_HOLDS;
    struct signer who;

    CHECK(signature_check(&fault, why, &who, &r->keys, SPAN_LITERAL("hello\n"), "f", signature,
                          "f.sig", &r->arena, &err) == PRATIQUE_OK,
          "%s", err.msg);
    CHECK(fault != SIGNATURE_HOLDS ||
              (strcmp(who.kind, "ssh") == 0 && strcmp(who.key, "k.pub") == 0),
          "who: %s", who.key);
    return fault;
}

TEST(sshsig_takes_what_ssh_keygen_made)
{
    const char *why;
    struct ring r;

    ring_init(&r, ed_key);
    CHECK(judge(&r, span_text(ed_signature), &why) == SIGNATURE_HOLDS, "%s", why);
    CHECK(judge(&r, span_text(ec_signature), &why) == SIGNATURE_UNKNOWN_KEY, "%s", why);
    ring_free(&r);
    ring_init(&r, ec_key);
    CHECK(judge(&r, span_text(ec_signature), &why) == SIGNATURE_HOLDS, "%s", why);
    ring_free(&r);
}

static void sweep(const char *key, struct span good)
{
    uint8_t text[1024];
    const char *why;
    struct ring r;

    ring_init(&r, key);
    for (size_t i = 0; i < 8 * good.n; i++) {
        memcpy(text, good.p, good.n);
        text[i / 8] ^= (uint8_t)(1u << (i % 8));
        CHECK(judge(&r, span_of(text, good.n), &why) != SIGNATURE_HOLDS, "bit %zu of byte %zu",
              i % 8, i / 8);
    }
    for (size_t n = 0; n + 1 < good.n; n++) /* the last newline may be missing */
        CHECK(judge(&r, span_of(good.p, n), &why) == SIGNATURE_MALFORMED, "cut at %zu", n);
    ring_free(&r);
}

TEST(sshsig_no_bit_can_be_turned)
{
    sweep(ed_key, span_text(ed_signature));
    sweep(ec_key, span_text(ec_signature));
}

/* The same inside of the blob, where the armor does not help. */
TEST(sshsig_no_bit_of_the_blob_can_be_turned)
{
    struct span good = span_text(ed_signature);
    uint8_t blob[1024];
    size_t n, held = 0;
    const char *why;
    struct ring r;

    ring_init(&r, ed_key);
    CHECK(sshsig_dearmor(good, blob, &n) == NULL && n > 100, "dearmor");
    for (size_t i = 0; i < 8 * n; i++) {
        char text[2048];
        size_t at;

        blob[i / 8] ^= (uint8_t)(1u << (i % 8));
        at = (size_t)snprintf(text, sizeof text, "-----BEGIN SSH SIGNATURE-----\n");
        base64_encode(span_of(blob, n), text + at);
        at += strlen(text + at);
        (void)snprintf(text + at, sizeof text - at, "\n-----END SSH SIGNATURE-----\n");
        held += judge(&r, span_text(text), &why) == SIGNATURE_HOLDS;
        blob[i / 8] ^= (uint8_t)(1u << (i % 8));
    }
    CHECK(held == 0, "%zu of them held", held);
    ring_free(&r);
}

TEST(sshsig_patterns)
{
    static const struct {
        const char *text, *patterns;
        bool want;
    } rows[] = {
        { "a", "a", true },
        { "a", "", false },
        { "", "*", true },
        { "", "?", false },
        { "abc", "a*c", true },
        { "abc", "a*d", false },
        { "abc", "*b*", true },
        { "abc", "???", true },
        { "abc", "????", false },
        { "a", "b,a", true },
        { "a", "b,c", false },
        { "a", "*,!a", false },
        { "a", "!a,*", false },
        { "a", "!b,*", true },
        { "a", "!b", false },
        { "a", ",,a,,", true },
        { "a,b", "a,b", false },
        { "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", "*a*a*a*a*a*a*a*a*a*a*c", false },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        CHECK(ssh_matches(rows[i].text, rows[i].patterns) == rows[i].want, "\"%s\" by \"%s\"",
              rows[i].text, rows[i].patterns);
}

TEST(sshsig_key_files)
{
    static const char *const bad[] = {
        "ssh-ed25519\n",
        "ssh-ed25519 AAAA\n",
        "ssh-ed25519 !!!!\n",
        "ssh-dss AAAAB3NzaC1kc3M=\n",
        "ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIISODIc0E6yvdmYUAkd3LjXbbVM/SvgjQW1wKXINSf5I\n",
        /* one byte more, and one less, in the blob */
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIISODIc0E6yvdmYUAkd3LjXbbVM/SvgjQW1wKXINSf5IAA==\n",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAH4SODIc0E6yvdmYUAkd3LjXbbVM/SvgjQW1wKXINSf4=\n",
        /* of small order */
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n",
        /* not on the curve */
        "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBACtXOyBVJH2uK8Wg"
        "mRxpzBnrPS3xfJtmyCZznJB+xSsmUzAIrUi39KAxy0L4MtVSHCCAxdSsBZlSxRrEjVEzmg=\n",
        "from=\"1.2.3.4\" ssh-ed25519 "
        "AAAAC3NzaC1lZDI1NTE5AAAAIISODIc0E6yvdmYUAkd3LjXbbVM/SvgjQW1wKX"
        "INSf5I\n",
        "alice\n",
        "# nothing\n",
        "",
        "\n",
        "{}",
    };

    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct keys k = { .role = TRUST_MANIFEST };
        struct pratique_error err = { 0 };

        arena_init(&k.arena, 1 << 20);
        CHECK(keys_add_bytes(&k, "k.pub", span_text(bad[i]), &err) == PRATIQUE_E_USAGE, "row %zu",
              i);
        CHECK(strncmp(err.msg, "k.pub:", 6) == 0, "row %zu: %s", i, err.msg);
        arena_reset(&k.arena);
    }
}
