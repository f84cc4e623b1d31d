/*
 * OpenSSH's files. The input is a signature, dearmored or not, and a file of keys. What is read of
 * a signature lies inside of it; a key that is taken is one that sshkey_verify() can use, and no
 * made-up signature holds by it.
 */
#include <stdlib.h>

#include "harness.h"
#include "trust/sign/check.h"
#include "trust/sign/ssh.h"

static void must(bool ok)
{
    if (!ok)
        abort();
}

static bool inside(struct span part, struct span whole)
{
    return part.n == 0 || (part.p >= whole.p && part.p + part.n <= whole.p + whole.n);
}

static void check_blob(struct span blob)
{
    struct sshsig s;

    if (sshsig_parse(&s, blob))
        return;
    must(inside(s.public_key, blob) && inside(s.space, blob) && inside(s.signature, blob));
    must(s.space.n > 0);
    must(s.public_key.n + s.space.n + s.reserved.n + s.hash.n + s.signature.n + 30 == blob.n);
    must(sshkey_verify(s.public_key, SPAN_LITERAL("x"), s.signature) != SSHKEY_HOLDS ||
         s.signature.n > 64);
}

static void check_keys(struct span in)
{
    struct keys k = { .role = TRUST_MANIFEST };
    struct pratique_error err = { 0 };
    enum pratique_status st;

    arena_init(&k.arena, 1 << 24);
    st = sshkeys_add(&k, "k", in, &err);
    must(st != PRATIQUE_OK || k.n > 0);
    must(st == PRATIQUE_OK || strncmp(err.msg, "k:", 2) == 0);
    for (size_t i = 0; i < k.n && i < 4; i++) {
        must(k.list[i].blob.n > 0 && k.list[i].id[0] == 'S');
        must(sshkey_verify(k.list[i].blob, SPAN_LITERAL("x"), in) != SSHKEY_HOLDS);
        if (k.list[i].principals)
            (void)ssh_matches("alice@example.org", k.list[i].principals);
    }
    arena_reset(&k.arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct span in = span_of(data, n);
    uint8_t *blob;
    size_t blob_n;

    if (n > SIGNATURE_MAX)
        return 0;
    blob = malloc(n + 1);
    must(blob != NULL);
    if (sshsig_dearmor(in, blob, &blob_n) == NULL)
        check_blob(span_of(blob, blob_n));
    free(blob);
    check_blob(in);
    check_keys(in);
    return 0;
}
