/* See sha256.h. */
#include "scan/sha256.h"

#include <string.h>

/* Between two looks at the clock. */
#define CHUNK ((size_t)16 * 1024 * 1024)

static enum pratique_status update(struct sha256 *s, struct span in, struct budget *budget)
{
    while (in.n > 0) {
        struct span part;

        (void)take(&in, in.n < CHUNK ? in.n : CHUNK, &part);
        sha256_update(s, part.p, part.n);
        if (!budget_time(budget))
            return PRATIQUE_E_LIMIT;
    }
    return PRATIQUE_OK;
}

enum pratique_status sha256_of(struct span in, struct budget *budget, uint8_t out[SHA256_BYTES])
{
    enum pratique_status st;
    struct sha256 s;

    memset(out, 0, SHA256_BYTES);
    sha256_init(&s);
    st = update(&s, in, budget);
    if (st == PRATIQUE_OK && !sha256_final(&s, out))
        st = PRATIQUE_E_NOMEM;
    sha256_drop(&s);
    return st;
}
