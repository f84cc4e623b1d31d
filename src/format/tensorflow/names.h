/* A set of names, borrowed from the input, with a number each. */
#ifndef PRATIQUE_FORMAT_TENSORFLOW_NAMES_H
#define PRATIQUE_FORMAT_TENSORFLOW_NAMES_H

#include "format/format.h"

struct tf_name {
    struct span name;
    uint32_t number; /* 1 + the caller's, 0: a free slot */
};

struct tf_names {
    struct scan *s;
    struct tf_name *slots; /* size of them, a power of two */
    size_t n, size;
    uint64_t seed;
};

void tf_names_init(struct tf_names *names, struct scan *s) NONNULL;
void tf_names_free(struct tf_names *names) NONNULL;

/* Adds a name, or gives the one that is there another number. False: no memory. */
bool tf_names_put(struct tf_names *names, struct span name, uint32_t number) NONNULL MUST_CHECK;

/* Whether the name is there, and its number (may be NULL). */
bool tf_names_get(const struct tf_names *names, struct span name, uint32_t *number)
    __attribute__((nonnull(1)));

#endif
