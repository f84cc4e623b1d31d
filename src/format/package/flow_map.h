/*
 * Maps that never change: setting a key gives another map, which shares all else. Equal maps
 * are equal numbers; 0 is the empty one. Private to package/.
 *
 * A trie of sixteen ways over the hash of the key (P. Bagwell, Ideal Hash Trees, 2001), whose
 * nodes are each there once.
 */
#ifndef PRATIQUE_FORMAT_PACKAGE_FLOW_MAP_H
#define PRATIQUE_FORMAT_PACKAGE_FLOW_MAP_H

#include <string.h>

#include "base/arena.h"

struct map_node {
    uint64_t key;   /* of a leaf */
    uint32_t value; /* of a leaf */
    uint32_t hash;  /* of a branch: the sum over its kids */
    uint16_t ways;  /* bits; 0: a leaf */
    uint8_t kids_n;
    const uint32_t *kids;
};

#define MAP_BLOCK 1024

struct maps {
    struct arena *arena;
    struct map_node **blocks;
    uint32_t blocks_n, n;
    uint32_t *slots, slots_n;
    bool full; /* a key was not set for want of room */
};

bool maps_init(struct maps *m, struct arena *arena) NONNULL MUST_CHECK;
uint32_t map_set(struct maps *m, uint32_t map, uint64_t key, uint32_t value) NONNULL MUST_CHECK;
/* Its value, or none. */
uint32_t map_get(const struct maps *m, uint32_t map, uint64_t key, uint32_t none) NONNULL;

/*
 * What becomes of a key that differs in two maps: *out is its value in the join. y_there and
 * x_there: whether it is in them. False: they cannot be joined. *drop: the key is in neither.
 */
struct map_pair {
    uint64_t key;
    uint32_t x, y;
    bool x_there, y_there;
};
typedef bool map_join_fn(void *arg, const struct map_pair *p, uint32_t *out, bool *drop);

/* Joins two maps into *out; false when join says so. */
bool map_join(struct maps *m, uint32_t x, uint32_t y, map_join_fn *join, void *arg, uint32_t *out)
    __attribute__((nonnull(1, 4, 6)));

/* Calls each for all keys of a map. */
typedef void map_each_fn(void *arg, uint64_t key, uint32_t value);
void map_each(const struct maps *m, uint32_t map, map_each_fn *each, void *arg)
    __attribute__((nonnull(1, 3)));

#endif
