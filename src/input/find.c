/*
 * Where a short text stands in a long one. The first and the last byte are compared in sixteen
 * places at a time, the rest where both are right: at memory speed, where the C library's search
 * looks at every other byte for a text of a few.
 */
#include "input/span.h"

#define LANES 16
/* The rest is compared in each place where two bytes are right: that many bytes at the most. */
#define SHORT 32

typedef uint8_t lanes __attribute__((vector_size(LANES)));

/* The lanes of p that are like those of want, as two words; a lane that is has all its bits. */
static inline lanes same(const uint8_t *p, lanes want)
{
    lanes have;

    memcpy(&have, p, LANES);
    return (lanes)(have == want);
}

/* Whether the needle stands in one of the places at p whose lane is set; *at is which. */
static bool find_in(const uint8_t *p, lanes hits, struct span needle, size_t *at)
{
    uint8_t set[LANES];

    memcpy(set, &hits, LANES);
    for (size_t i = 0; i < LANES; i++)
        if (set[i] && memcmp(p + i, needle.p, needle.n) == 0) {
            *at = i;
            return true;
        }
    return false;
}

static bool any(lanes hits)
{
    uint64_t words[2];

    memcpy(words, &hits, LANES);
    return (words[0] | words[1]) != 0;
}

static lanes each(uint8_t c)
{
    lanes all;

    memset(&all, c, LANES);
    return all;
}

size_t span_find(struct span in, size_t from, struct span needle)
{
    size_t at = from, i;
    const uint8_t *hit;

    if (from > in.n || needle.n == 0 || needle.n > in.n - from)
        return SIZE_MAX;
    if (needle.n >= 2 && needle.n <= SHORT) {
        lanes first = each(needle.p[0]), last = each(needle.p[needle.n - 1]);

        for (; in.n - at >= needle.n - 1 + LANES; at += LANES) {
            lanes hits = same(in.p + at, first) & same(in.p + at + needle.n - 1, last);

            if (any(hits) && find_in(in.p + at, hits, needle, &i))
                return at + i;
        }
    }
    hit = memmem(in.p + at, in.n - at, needle.p, needle.n);
    return hit ? (size_t)(hit - in.p) : SIZE_MAX;
}
