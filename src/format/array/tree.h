/* A decision tree's links, checked alike for every library that writes them. */
#ifndef PRATIQUE_FORMAT_ARRAY_TREE_H
#define PRATIQUE_FORMAT_ARRAY_TREE_H

#include "format/format.h"

/* Numbers of one array; grows by itself. Free with numbers_free(). */
struct numbers {
    int32_t *list; /* of scan_map() */
    size_t n, size;
    bool odd; /* one of them was no integer of 32 bits */
};

/* False without memory. */
bool numbers_add(struct scan *s, struct numbers *a, bool whole, int64_t v) NONNULL MUST_CHECK;
void numbers_free(struct scan *s, struct numbers *a) NONNULL;

/*
 * Whether n nodes with these children are a tree: node 0 is the root, a leaf has no left child
 * (-1), and every other link leads to a node that no other link leads to. NULL: it is; or why
 * not, and *at is the node. Needs n bits: *no_memory when there are none.
 */
const char *tree_check(struct scan *s, const struct numbers *left, const struct numbers *right,
                       size_t *at, bool *no_memory) NONNULL MUST_CHECK;

#endif
