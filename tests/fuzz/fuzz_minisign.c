/*
 * minisign's files. A signature that is read is written again, and read as the same; a public key
 * that is taken is one that may be used; a secret key that is not encrypted opens or not, and what
 * was opened signs what its public half verifies.
 */
#include <stdlib.h>

#include "harness.h"
#include "trust/sign/base64.h"
#include "trust/sign/minisign.h"

static void must(bool ok)
{
    if (!ok)
        abort();
}

static void check_signature(const struct minisign *m)
{
    uint8_t raw[74];
    char second[BASE64_SIZE(74)], fourth[BASE64_SIZE(64)];
    struct minisign again;
    struct buf text;

    memcpy(raw, m->algorithm, 2);
    memcpy(raw + 2, m->number, 8);
    memcpy(raw + 10, m->signature, 64);
    base64_encode(span_of(raw, sizeof raw), second);
    base64_encode(span_of(m->global, sizeof m->global), fourth);
    buf_init(&text, 1 << 16);
    must(buf_printf(&text, "untrusted comment: x\n%s\ntrusted comment: ", second) &&
         buf_add(&text, m->comment.p, m->comment.n) && buf_printf(&text, "\n%s\n", fourth));
    must(minisign_parse(&again, span_of(text.p, text.n)) == NULL);
    must(memcmp(again.signature, m->signature, 64) == 0 &&
         memcmp(again.global, m->global, 64) == 0);
    must(span_equal(again.comment, m->comment) && memcmp(again.number, m->number, 8) == 0);
    buf_free(&text);
}

static void check_public(struct span in)
{
    struct keys k = { .role = TRUST_MANIFEST };
    struct pratique_error err = { 0 };
    enum pratique_status st;

    arena_init(&k.arena, 1 << 20);
    st = minisign_add(&k, "k", in, &err);
    must((st == PRATIQUE_OK) == (k.n == 1));
    must(st != PRATIQUE_OK || ed25519_key_ok(k.list[0].ed25519));
    must(st == PRATIQUE_OK || err.msg[0]);
    arena_reset(&k.arena);
}

static void check_secret(struct span in)
{
    struct pratique_error err = { 0 };
    struct secret s = { .pkey = NULL };
    struct buf sig;

    buf_init(&sig, 1024);
    if (minisign_open(&s, "k", in, NULL, NULL, &err) == PRATIQUE_OK) {
        must(minisign_is_secret(in));
        must(secret_sign(&s, SPAN_LITERAL("x"), &sig, &err) == PRATIQUE_OK && sig.n == 64);
        must(ed25519_verify(s.ed25519, SPAN_LITERAL("x"), (const uint8_t *)sig.p));
    }
    EVP_PKEY_free(s.pkey);
    buf_free(&sig);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct span in = span_of(data, n);
    struct minisign m;

    if (n > SIGNATURE_MAX)
        return 0;
    if (minisign_parse(&m, in) == NULL)
        check_signature(&m);
    check_public(in);
    check_secret(in);
    return 0;
}
