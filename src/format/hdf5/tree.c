/*
 * The v2 B-tree: its records, in any order. HDF5 File Format Specification 3.0, III.A.2.
 */
#include "format/hdf5/reader.h"

#define DEPTH_MAX 32u

struct level {
    unsigned total_n; /* bytes of the count of all records below; 0 of leaves */
    uint64_t most;    /* records in a node, all of them below it included */
};

struct tree {
    unsigned type, depth, count_n; /* count_n: bytes of the count of a child's own records */
    uint64_t node, record;
    struct level levels[DEPTH_MAX + 1];
    bool (*each)(struct h5 *h, unsigned type, struct span record, void *arg);
    void *arg;
};

#define LEAF_OVERHEAD 10u /* signature, version, type, checksum */

static unsigned bytes_for(uint64_t n)
{
    return hdf5_log2(n) / 8 + 1;
}

/* How wide the counts in each level's pointers are: as many bytes as the largest one takes. */
static bool measure(struct h5 *h, struct tree *t)
{
    if (t->node <= LEAF_OVERHEAD || t->record == 0 || t->record > t->node - LEAF_OVERHEAD)
        return false;
    t->levels[0] = (struct level){ 0, (t->node - LEAF_OVERHEAD) / t->record };
    t->count_n = bytes_for(t->levels[0].most);
    for (unsigned i = 1; i <= t->depth; i++) {
        uint64_t pointer = h->so + t->count_n + t->levels[i - 1].total_n, own, most;

        if (t->node < LEAF_OVERHEAD + pointer)
            return false;
        own = (t->node - LEAF_OVERHEAD - pointer) / (t->record + pointer);
        if (own == 0 || MUL_OVERFLOWS(own + 1, t->levels[i - 1].most, &most) ||
            ADD_OVERFLOWS(most, own, &most))
            most = UINT64_MAX;
        t->levels[i] = (struct level){ bytes_for(most), most };
    }
    return true;
}

static bool records(struct h5 *h, const struct tree *t, struct span *in, uint64_t n)
{
    struct span record;

    for (; n > 0; n--)
        if (!hdf5_charge(h, t->record) || !take(in, t->record, &record) ||
            !t->each(h, t->type, record, t->arg))
            return false;
    return true;
}

/* Depth is bounded by DEPTH_MAX. */
static bool node(struct h5 *h, const struct tree *t, uint64_t addr, uint64_t n, unsigned level)
{
    uint64_t pointer = level ? h->so + t->count_n + t->levels[level - 1].total_n : 0, used, child;
    struct span in;
    uint64_t type;

    if (n > t->levels[level].most || n > t->node)
        return hdf5_broken(h, addr, "a node of more records than it has room for");
    used = LEAF_OVERHEAD + n * t->record + (level ? (n + 1) * pointer : 0);
    if (used > t->node || !hdf5_claim(h, addr, HDF5_SALT_TREE) ||
        !hdf5_sealed(h, addr, used, level ? "BTIN" : "BTLF", 0, &in))
        return h->stop == PRATIQUE_OK && hdf5_broken(h, addr, "a node that does not fit");
    if (!hdf5_take(&in, 1, &type) || type != t->type)
        return hdf5_broken(h, addr, "a node of another tree's type");
    if (!records(h, t, &in, n))
        return false;
    for (uint64_t i = 0; level && i <= n; i++) {
        uint64_t count;

        if (!hdf5_take_addr(h, &in, &child) || !hdf5_take(&in, t->count_n, &count) ||
            !skip(&in, t->levels[level - 1].total_n) || !node(h, t, child, count, level - 1))
            return false;
    }
    return true;
}

bool hdf5_tree(struct h5 *h, uint64_t addr,
               bool (*each)(struct h5 *h, unsigned type, struct span record, void *arg), void *arg)
{
    struct tree t = { .each = each, .arg = arg };
    uint64_t type, depth, root, n;
    struct span in;

    if (!hdf5_claim(h, addr, HDF5_SALT_TREE) ||
        !hdf5_sealed(h, addr, 4 + 1 + 1 + 4 + 2 + 2 + 2 + h->so + 2 + h->sl + 4, "BTHD", 0, &in))
        return false;
    if (!hdf5_take(&in, 1, &type) || !hdf5_take(&in, 4, &t.node) || !hdf5_take(&in, 2, &t.record) ||
        !hdf5_take(&in, 2, &depth) || !skip(&in, 2) || !hdf5_take_addr(h, &in, &root) ||
        !hdf5_take(&in, 2, &n))
        return false;
    t.type = (unsigned)type;
    t.depth = depth <= DEPTH_MAX ? (unsigned)depth : 0;
    if (depth > DEPTH_MAX || !measure(h, &t))
        return hdf5_broken(h, addr, "a B-tree of impossible sizes");
    return root == UNDEFINED || node(h, &t, root, n, t.depth);
}
