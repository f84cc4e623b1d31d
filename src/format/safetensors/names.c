/* See names.h. */
#include "format/safetensors/names.h"

#include <endian.h>
#include <inttypes.h>
#include <stdio.h>

#define FIRST_SIZE ((size_t)1024)
#define FOLD       UINT64_C(0x9e3779b97f4a7c15)

__extension__ typedef unsigned __int128 wide;

/* The halves of a product, one over the other: each bit of x moves half of the result. */
static uint64_t fold(uint64_t x)
{
    wide product = (wide)x * FOLD;

    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

void name_hash_byte(struct name_hash *hash, uint8_t c)
{
    hash->word |= (uint64_t)c << hash->n % 8 * 8;
    if (++hash->n % 8 != 0)
        return;
    hash->h = fold(hash->h ^ hash->word);
    hash->word = 0;
}

void name_hash_bytes(struct name_hash *hash, struct span s)
{
    while (hash->n % 8 == 0 && s.n >= 8) {
        uint64_t word;

        memcpy(&word, s.p, 8);
        hash->h = fold(hash->h ^ le64toh(word));
        hash->n += 8;
        (void)skip(&s, 8);
    }
    for (size_t i = 0; i < s.n; i++)
        name_hash_byte(hash, s.p[i]);
}

uint64_t name_hash_end(struct name_hash *hash)
{
    uint64_t h = fold(fold(hash->h ^ hash->word) ^ hash->n);

    return h ? h : 1;
}

void names_text(uint64_t sum, char out[NAMES_TEXT_N])
{
    (void)snprintf(out, NAMES_TEXT_N, "%016" PRIx64, sum);
}

/* The slot of hash, or the empty one where it belongs. */
static uint64_t *slot_of(const struct names *names, uint64_t hash)
{
    size_t at = hash & (names->size - 1);

    while (names->slots[at] != 0 && names->slots[at] != hash)
        at = (at + 1) & (names->size - 1);
    return &names->slots[at];
}

static enum pratique_status grow(struct scan *s, struct names *names)
{
    struct names more = *names;

    more.size = names->size ? names->size * 2 : FIRST_SIZE;
    more.slots = scan_map(s, more.size * sizeof *more.slots);
    if (!more.slots)
        return scan_fail_budget(s, 8);
    for (size_t i = 0; i < names->size; i++)
        if (names->slots[i])
            *slot_of(&more, names->slots[i]) = names->slots[i];
    scan_unmap(s, names->slots, names->size * sizeof *names->slots);
    *names = more;
    return PRATIQUE_OK;
}

enum pratique_status names_add(struct scan *s, struct names *names, uint64_t hash, bool *twice)
{
    enum pratique_status st;
    uint64_t *slot;

    *twice = false;
    if (names->n >= names->size / 4 * 3) {
        st = grow(s, names);
        if (st != PRATIQUE_OK)
            return st;
    }
    slot = slot_of(names, hash);
    *twice = *slot != 0;
    names->n += *slot == 0;
    *slot = hash;
    return PRATIQUE_OK;
}

void names_free(struct scan *s, struct names *names)
{
    scan_unmap(s, names->slots, names->size * sizeof *names->slots);
    names->slots = NULL;
    names->n = names->size = 0;
}
