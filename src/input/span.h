/*
 * Hostile bytes are read through spans, cut from the front. This header holds
 * the only pointer arithmetic on them: a function that is handed a span cannot
 * see past its end, and a nested structure is a sub-span.
 */
#ifndef PRATIQUE_INPUT_SPAN_H
#define PRATIQUE_INPUT_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Borrowed bytes; p is never NULL. */
struct span {
    const uint8_t *p;
    size_t n;
};

#define SPAN_EMPTY      ((struct span){ (const uint8_t *)"", 0 })
#define SPAN_LITERAL(s) ((struct span){ (const uint8_t *)(s), sizeof(s) - 1 })

static inline struct span span_of(const void *p, size_t n)
{
    return n ? (struct span){ p, n } : SPAN_EMPTY;
}

static inline struct span span_text(const char *s)
{
    return (struct span){ (const uint8_t *)s, strlen(s) };
}

/* Cuts n bytes off the front of *in. On failure *in is unmoved, *out empty. */
static inline bool take(struct span *in, uint64_t n, struct span *out)
{
    *out = SPAN_EMPTY;
    if (n > in->n) /* compare first; never add or narrow */
        return false;
    *out = (struct span){ in->p, (size_t)n };
    in->p += n, in->n -= (size_t)n;
    return true;
}

static inline bool skip(struct span *in, uint64_t n)
{
    struct span gone;

    return take(in, n, &gone);
}

/* The part of in from off on, n bytes long; false and empty when it is not all there. */
static inline bool span_sub(struct span in, uint64_t off, uint64_t n, struct span *out)
{
    return take(&in, off, out) && take(&in, n, out);
}

/* What is left of in from off on; empty when off lies beyond it. */
static inline struct span span_from(struct span in, uint64_t off)
{
    struct span gone;

    return take(&in, off, &gone) ? in : SPAN_EMPTY;
}

static inline bool take_u8(struct span *in, uint8_t *out)
{
    struct span s;

    *out = 0;
    if (!take(in, 1, &s))
        return false;
    *out = s.p[0];
    return true;
}

#define SPAN_TAKE_LE(bits)                                                                         \
    static inline bool take_u##bits##le(struct span *in, uint##bits##_t *out)                      \
    {                                                                                              \
        struct span s;                                                                             \
        uint64_t v = 0;                                                                            \
                                                                                                   \
        *out = 0;                                                                                  \
        if (!take(in, (bits) / 8, &s))                                                             \
            return false;                                                                          \
        for (unsigned i = 0; i < (bits) / 8; i++)                                                  \
            v |= (uint64_t)s.p[i] << (8 * i);                                                      \
        *out = (uint##bits##_t)v;                                                                  \
        return true;                                                                               \
    }
#define SPAN_TAKE_BE(bits)                                                                         \
    static inline bool take_u##bits##be(struct span *in, uint##bits##_t *out)                      \
    {                                                                                              \
        struct span s;                                                                             \
        uint64_t v = 0;                                                                            \
                                                                                                   \
        *out = 0;                                                                                  \
        if (!take(in, (bits) / 8, &s))                                                             \
            return false;                                                                          \
        for (unsigned i = 0; i < (bits) / 8; i++)                                                  \
            v = v << 8 | s.p[i];                                                                   \
        *out = (uint##bits##_t)v;                                                                  \
        return true;                                                                               \
    }
SPAN_TAKE_LE(16)
SPAN_TAKE_LE(32)
SPAN_TAKE_LE(64)
SPAN_TAKE_BE(16)
SPAN_TAKE_BE(32)
SPAN_TAKE_BE(64)
#undef SPAN_TAKE_LE
#undef SPAN_TAKE_BE

/* Cuts a line off: *out is without its '\n', which is consumed. False without one. */
static inline bool take_line(struct span *in, struct span *out)
{
    const uint8_t *end = in->n ? memchr(in->p, '\n', in->n) : NULL;

    *out = SPAN_EMPTY;
    return end && take(in, (uint64_t)(end - in->p), out) && skip(in, 1);
}

/* The C locale's white space. */
static inline bool span_is_blank(uint8_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Without white space at either end. */
static inline struct span span_trim(struct span s)
{
    while (s.n > 0 && span_is_blank(s.p[0]))
        (void)skip(&s, 1);
    while (s.n > 0 && span_is_blank(s.p[s.n - 1]))
        s.n--;
    return s;
}

static inline bool span_equal(struct span a, struct span b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

/* Orders spans by their bytes, as qsort() and bsearch() want it of memcmp(). */
static inline int span_order(struct span a, struct span b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int c = n ? memcmp(a.p, b.p, n) : 0;

    return c ? c : (a.n > b.n) - (a.n < b.n);
}

static inline bool span_is(struct span a, const char *s)
{
    return span_equal(a, span_text(s));
}

static inline bool span_starts(struct span a, struct span head)
{
    return a.n >= head.n && (head.n == 0 || memcmp(a.p, head.p, head.n) == 0);
}

static inline bool span_ends(struct span a, struct span tail)
{
    return a.n >= tail.n && (tail.n == 0 || memcmp(a.p + (a.n - tail.n), tail.p, tail.n) == 0);
}

/* Offset of the first needle at or after from, or SIZE_MAX. */
size_t span_find(struct span in, size_t from, struct span needle);

#endif
