/* See arena.h. Chunks double up to 1 MiB; a larger request has its own chunk. */
#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK_FIRST ((size_t)16 * 1024)
#define CHUNK_MAX   ((size_t)1024 * 1024)
#define ALIGNMENT   (sizeof(max_align_t) < 16 ? (size_t)16 : _Alignof(max_align_t))

struct arena_chunk {
    struct arena_chunk *next;
    size_t used, size;
    _Alignas(16) unsigned char bytes[];
};

void arena_init(struct arena *a, size_t ceiling)
{
    *a = (struct arena){ .ceiling = ceiling };
}

static struct arena_chunk *chunk_new(struct arena *a, size_t need)
{
    size_t size = a->chunks ? a->chunks->size * 2 : CHUNK_FIRST;
    struct arena_chunk *c;

    if (size > CHUNK_MAX)
        size = CHUNK_MAX;
    if (size < need)
        size = need;
    c = calloc(1, sizeof *c + size);
    if (!c)
        return NULL;
    c->size = size;
    c->next = a->chunks;
    a->chunks = c;
    return c;
}

void *arena_alloc(struct arena *a, size_t n)
{
    struct arena_chunk *c = a->chunks;
    void *p;

    if (n > a->ceiling || n > SIZE_MAX - ALIGNMENT)
        goto full;
    n = (n + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
    if (n > a->ceiling - a->used)
        goto full;
    if ((!c || n > c->size - c->used) && !(c = chunk_new(a, n)))
        goto full;
    p = c->bytes + c->used;
    c->used += n;
    a->used += n;
    return p;
full:
    a->exhausted = true;
    return NULL;
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
    size_t n;

    if (MUL_OVERFLOWS(count, size, &n)) {
        a->exhausted = true;
        return NULL;
    }
    return arena_alloc(a, n);
}

char *arena_copy(struct arena *a, const void *p, size_t n)
{
    char *s = n < SIZE_MAX ? arena_alloc(a, n + 1) : NULL;

    if (s && n)
        memcpy(s, p, n);
    return s;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
    va_list ap, again;
    char *s = NULL;
    int n;

    va_start(ap, fmt);
    va_copy(again, ap);
    n = vsnprintf(NULL, 0, fmt, ap);
    if (n >= 0 && (s = arena_alloc(a, (size_t)n + 1)))
        (void)vsnprintf(s, (size_t)n + 1, fmt, again);
    va_end(again);
    va_end(ap);
    return s;
}

void arena_reset(struct arena *a)
{
    for (struct arena_chunk *c = a->chunks, *next; c; c = next) {
        next = c->next;
        free(c);
    }
    arena_init(a, a->ceiling);
}
