/* See sha256.h. */
#include "scan/sha256.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <string.h>

/* Between two looks at the clock. */
#define CHUNK ((size_t)16 * 1024 * 1024)

void sha256_warm(void)
{
    struct budget none = { 0 };
    uint8_t hash[SHA256_BYTES];

    /* No configuration file: the answer must not depend on one. */
    (void)OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_ATEXIT, NULL);
    if (sha256_of(SPAN_EMPTY, &none, hash) != PRATIQUE_OK)
        return; /* the first artifact will say so */
}

static enum pratique_status update(EVP_MD_CTX *ctx, struct span in, struct budget *budget)
{
    while (in.n > 0) {
        struct span part;

        (void)take(&in, in.n < CHUNK ? in.n : CHUNK, &part);
        if (EVP_DigestUpdate(ctx, part.p, part.n) != 1)
            return PRATIQUE_E_NOMEM;
        if (!budget_time(budget))
            return PRATIQUE_E_LIMIT;
    }
    return PRATIQUE_OK;
}

enum pratique_status sha256_of(struct span in, struct budget *budget, uint8_t out[SHA256_BYTES])
{
    enum pratique_status st = PRATIQUE_E_NOMEM;
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();

    memset(out, 0, SHA256_BYTES);
    if (!ctx || EVP_DigestInit_ex(ctx, EVP_sha256(), NULL) != 1)
        goto out;
    st = update(ctx, in, budget);
    if (st == PRATIQUE_OK && EVP_DigestFinal_ex(ctx, out, NULL) != 1)
        st = PRATIQUE_E_NOMEM;
out:
    EVP_MD_CTX_free(ctx);
    return st;
}
