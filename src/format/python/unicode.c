/*
 * Identifiers and NFKC, as CPython has them: UAX 31 with XID_Start and XID_Continue, UAX 15.
 * The tables are CPython's own (tools/unicode/make.py); what its Unicode does not assign
 * counts as a part of identifiers. Decompositions are there for identifiers' characters alone.
 */
#include "format/python/unicode.h"

#include <stdlib.h>
#include <strings.h>

#include "base/utf8.h"

#define R(first, value) ((uint32_t)(first) << 8 | (value))
static const uint32_t id_runs[] = {
#define ID_RUNS
#include "format/python/unicode_data.def"
};
static const uint32_t class_runs[] = {
#define CLASS_RUNS
#include "format/python/unicode_data.def"
};
#undef R

/* Code points that decompose, sorted; the i-th one is to[at[i]] up to to[at[i + 1]]. */
static const uint32_t decomposed[] = {
#define DECOMPOSED
#include "format/python/unicode_data.def"
};
static const uint16_t decomposed_at[] = {
#define DECOMPOSED_AT
#include "format/python/unicode_data.def"
};
static const uint32_t decomposed_to[] = {
#define DECOMPOSED_TO
#include "format/python/unicode_data.def"
};

/* Pairs that compose, sorted; and the second ones among them that are starters. */
static const struct pair {
    uint32_t first, second, both;
} pairs[] = {
#define P(a, b, c)                                                                                 \
    {                                                                                              \
        a, b, c                                                                                    \
    }
#define PAIRS
#include "format/python/unicode_data.def"
#undef P
};
static const uint32_t seconds[] = {
#define SECONDS
#include "format/python/unicode_data.def"
};

static const struct {
    const char *name;
    uint8_t c;
} names[] = {
#define N(name, c)                                                                                 \
    {                                                                                              \
        name, c                                                                                    \
    }
#define NAMES
#include "format/python/unicode_data.def"
#undef N
};

enum { PART = 1, START = 2 }; /* values of id_runs; START is PART too */

/* Hangul: The Unicode Standard, section 3.12. */
enum {
    S_BASE = 0xAC00,
    L_BASE = 0x1100,
    V_BASE = 0x1161,
    T_BASE = 0x11A7,
    L_COUNT = 19,
    V_COUNT = 21,
    T_COUNT = 28,
    S_COUNT = L_COUNT * V_COUNT * T_COUNT,
};

/* The value of the run that c lies in; 0 before the first. */
static uint32_t run_value(const uint32_t *runs, size_t n, uint32_t c)
{
    size_t low = 0;

    while (n > 0) {
        size_t half = n / 2;

        if (runs[low + half] >> 8 <= c)
            low += half + 1, n -= half + 1;
        else
            n = half;
    }
    return low ? runs[low - 1] & 0xFF : 0;
}

bool py_is_id_start(uint32_t c)
{
    return run_value(id_runs, ARRAY_LEN(id_runs), c) == START;
}

bool py_is_id_continue(uint32_t c)
{
    return run_value(id_runs, ARRAY_LEN(id_runs), c) >= PART;
}

static uint32_t class_of(uint32_t c)
{
    return run_value(class_runs, ARRAY_LEN(class_runs), c);
}

static int by_code(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return x < y ? -1 : x > y;
}

static bool is_syllable(uint32_t c)
{
    return c - S_BASE < S_COUNT;
}

/* Whether c may vanish into what stands before it. */
static bool joins_backward(uint32_t c)
{
    return c - V_BASE < V_COUNT || c - T_BASE < T_COUNT || class_of(c) ||
           bsearch(&c, seconds, ARRAY_LEN(seconds), sizeof *seconds, by_code);
}

/* Code points from one starter to the next that joins nothing: NFKC looks no further. */
struct segment {
    uint32_t *c; /* owned */
    size_t n, size;
};

static bool push(struct segment *g, uint32_t c)
{
    if (g->n == g->size) {
        size_t size = g->size ? g->size * 2 : 64;
        uint32_t *more = reallocarray(g->c, size, sizeof *more);

        if (!more)
            return false;
        g->c = more, g->size = size;
    }
    g->c[g->n++] = c;
    return true;
}

static bool push_syllable(struct segment *g, uint32_t c)
{
    uint32_t s = c - S_BASE, t = s % T_COUNT;

    return push(g, L_BASE + s / (V_COUNT * T_COUNT)) &&
           push(g, V_BASE + s % (V_COUNT * T_COUNT) / T_COUNT) && (!t || push(g, T_BASE + t));
}

static bool push_decomposed(struct segment *g, uint32_t c)
{
    const uint32_t *hit;
    size_t i;

    if (is_syllable(c))
        return push_syllable(g, c);
    hit = bsearch(&c, decomposed, ARRAY_LEN(decomposed), sizeof *decomposed, by_code);
    if (!hit)
        return push(g, c);
    i = (size_t)(hit - decomposed);
    for (size_t k = decomposed_at[i]; k < decomposed_at[i + 1]; k++)
        if (!push(g, decomposed_to[k]))
            return false;
    return true;
}

/* Sorts marks by class, keeping the order within a class; linear, for hostile runs. */
static bool sort_many(uint32_t *c, size_t n)
{
    uint32_t *copy = reallocarray(NULL, n, sizeof *copy);
    size_t at[256] = { 0 }, sum = 0;

    if (!copy)
        return false;
    memcpy(copy, c, n * sizeof *c);
    for (size_t i = 0; i < n; i++)
        at[class_of(c[i])]++;
    for (size_t k = 0; k < ARRAY_LEN(at); k++) {
        size_t here = at[k];

        at[k] = sum, sum += here;
    }
    for (size_t i = 0; i < n; i++)
        c[at[class_of(copy[i])]++] = copy[i];
    free(copy);
    return true;
}

static bool sort_marks(uint32_t *c, size_t n)
{
    if (n > 16)
        return sort_many(c, n);
    for (size_t i = 1; i < n; i++)
        for (size_t k = i; k > 0 && class_of(c[k - 1]) > class_of(c[k]); k--) {
            uint32_t swap = c[k];

            c[k] = c[k - 1], c[k - 1] = swap;
        }
    return true;
}

/* Canonical order: each run of marks (class above 0) on its own. */
static bool reorder(struct segment *g)
{
    size_t i = 0;

    while (i < g->n) {
        size_t end = i;

        while (end < g->n && class_of(g->c[end]))
            end++;
        if (!sort_marks(g->c + i, end - i))
            return false;
        i = end + 1;
    }
    return true;
}

static int by_pair(const void *a, const void *b)
{
    const struct pair *x = a, *y = b;

    if (x->first != y->first)
        return x->first < y->first ? -1 : 1;
    return x->second < y->second ? -1 : x->second > y->second;
}

/* What the two compose to, or 0. */
static uint32_t both(uint32_t first, uint32_t second)
{
    struct pair key = { first, second, 0 };
    const struct pair *hit;

    if (first - L_BASE < L_COUNT && second - V_BASE < V_COUNT)
        return S_BASE + ((first - L_BASE) * V_COUNT + (second - V_BASE)) * T_COUNT;
    if (is_syllable(first) && (first - S_BASE) % T_COUNT == 0 && second > T_BASE &&
        second - T_BASE < T_COUNT)
        return first + (second - T_BASE);
    hit = bsearch(&key, pairs, ARRAY_LEN(pairs), sizeof *pairs, by_pair);
    return hit ? hit->both : 0;
}

static void compose(struct segment *g)
{
    size_t n = 0, starter = SIZE_MAX;
    uint32_t last = 0; /* class of what stands before, back to the starter */

    for (size_t i = 0; i < g->n; i++) {
        uint32_t c = g->c[i], class = class_of(c), join = 0;

        if (starter != SIZE_MAX && (last < class || (last == 0 && n == starter + 1)))
            join = both(g->c[starter], c);
        if (join) {
            g->c[starter] = join;
            continue;
        }
        if (class == 0)
            starter = n;
        last = class;
        g->c[n++] = c;
    }
    g->n = n;
}

/* Ends a segment: its NFKC is appended to out. */
static bool flush(struct segment *g, struct buf *out)
{
    bool good = reorder(g);

    compose(g);
    for (size_t i = 0; good && i < g->n; i++) {
        uint8_t bytes[4];

        good = buf_add(out, bytes, utf8_put(g->c[i], bytes));
    }
    g->n = 0;
    return good;
}

bool py_nfkc(struct buf *out, struct span name)
{
    struct segment g = { 0 };
    bool good = true;
    uint32_t c;
    size_t len;

    while (good && (len = utf8_decode(name, &c)) > 0 && skip(&name, len)) {
        size_t before = g.n;

        good = push_decomposed(&g, c);
        if (good && before > 0 && !joins_backward(g.c[before])) {
            struct segment head = { g.c, before, g.size };

            /* the head is written out, and what came after it moves to the front */
            size_t rest = g.n - before;
            uint32_t tail[4];

            memcpy(tail, g.c + before, rest * sizeof *tail);
            good = flush(&head, out);
            memcpy(g.c, tail, rest * sizeof *tail);
            g.n = rest;
        }
    }
    good = good && flush(&g, out);
    free(g.c);
    return good;
}

static bool is_name_byte(uint8_t c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == ' ' ||
           c == '-';
}

int32_t py_character_by_name(struct span name)
{
    if (name.n == 0 || name.n > 255)
        return -1;
    for (size_t i = 0; i < name.n; i++)
        if (!is_name_byte(name.p[i]))
            return -1;
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (strlen(names[i].name) == name.n &&
            strncasecmp(names[i].name, (const char *)name.p, name.n) == 0)
            return names[i].c;
    return 0;
}
