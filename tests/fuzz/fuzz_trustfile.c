/*
 * A trust file. What is taken is whole: each key has a name, a role and, where it expires, a date;
 * what is refused is told with its place.
 */
#include <stdlib.h>

#include "harness.h"
#include "trust/sign/keys.h"

static void must(bool ok)
{
    if (!ok)
        abort();
}

static void check(const struct key *k)
{
    must(k->name && k->name[0] && k->roles && !(k->roles & ~(unsigned)TRUST_ANY));
    must(!k->expires == !k->expires_at);
    must(k->kind != KEY_SSH || k->blob.n > 0);
    must(k->kind != KEY_MINISIGN || ed25519_key_ok(k->ed25519));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct keys k = { .role = TRUST_MANIFEST };
    struct pratique_error err = { 0 };
    enum pratique_status st;

    if (n > KEY_FILE_MAX)
        return 0;
    arena_init(&k.arena, (size_t)64 << 20);
    st = trustfile_add(&k, "t.yml", span_of(data, n), &err);
    must(st == PRATIQUE_OK || st == PRATIQUE_E_NOMEM || st == PRATIQUE_E_IO ||
         st == PRATIQUE_E_USAGE);
    must(st == PRATIQUE_OK || st == PRATIQUE_E_NOMEM || strncmp(err.msg, "t.yml:", 6) == 0);
    for (size_t i = 0; st == PRATIQUE_OK && i < k.n; i++)
        check(&k.list[i]);
    for (size_t i = 0; i < k.n; i++) {
        EVP_PKEY_free(k.list[i].pkey);
        X509_free(k.list[i].certificate);
    }
    arena_reset(&k.arena);
    return 0;
}
