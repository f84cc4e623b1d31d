/*
 * An arena: many small allocations with one lifetime, freed together, under a
 * ceiling in bytes. Past the ceiling, or out of memory, an allocation is NULL
 * and the arena remembers it (arena_exhausted), so that a caller that builds a
 * long list may check once at the end.
 */
#ifndef PRATIQUE_BASE_ARENA_H
#define PRATIQUE_BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

struct arena_chunk;

struct arena {
    struct arena_chunk *chunks; /* the newest first */
    size_t used;                /* bytes handed out, with their padding */
    size_t ceiling;             /* bytes at the most */
    bool exhausted;
};

/* Starts an empty arena; it owns nothing until the first arena_alloc(). */
void arena_init(struct arena *a, size_t ceiling) NONNULL;

/* n zeroed bytes aligned for any type (n = 0 gives a valid pointer), or NULL. */
void *arena_alloc(struct arena *a, size_t n) NONNULL MUST_CHECK;

/* count elements of size bytes each; NULL also when the product overflows. */
void *arena_array(struct arena *a, size_t count, size_t size) NONNULL MUST_CHECK;

/* A copy of n bytes with a NUL after them, or NULL. */
char *arena_copy(struct arena *a, const void *p, size_t n) NONNULL MUST_CHECK;

/* printf into the arena; NULL when it does not fit. */
char *arena_printf(struct arena *a, const char *fmt, ...) NONNULL MUST_CHECK PRINTF_LIKE(2, 3);

/* Frees everything; the arena is empty again, with the same ceiling. */
void arena_reset(struct arena *a) NONNULL;

#endif
