/*
 * Links of groups: symbol tables (v1 B-tree, symbol nodes, local heap) and link messages.
 * HDF5 File Format Specification 3.0, III.A.1, III.B, III.C, IV.A.2.g.
 */
#include "format/hdf5/reader.h"
#include "format/model/model.h"

#define TREE_LEVELS_MAX 64

/* ---- what a link is ---- */

/* A path within this file: what it leads to is read under its own name. */
static void soft(struct h5 *h, uint32_t group, struct span name, uint64_t to)
{
    h->soft++;
    hdf5_hear(h, "soft", h->queue.p[group].addr, name, 0);
    if (to != UNDEFINED && to != 0) /* who does not believe that it is soft goes there */
        (void)hdf5_queue(h, to, group, name);
}

static void hard(struct h5 *h, uint32_t group, struct span name, uint64_t to)
{
    hdf5_hear(h, "hard", h->queue.p[group].addr, name, to);
    (void)hdf5_queue(h, to, group, name);
}

/* A file's name and the name of an object in it. */
static void external(struct h5 *h, uint32_t group, struct span name, struct span in, uint64_t addr)
{
    struct place place = { .item = group, .attribute = SPAN_EMPTY };
    struct span file, object;
    char text[512];

    hdf5_hear(h, "external", h->queue.p[group].addr, name, 0);
    if (!skip(&in, 1) || !hdf5_take_name(&in, &file) || !hdf5_take_name(&in, &object)) {
        (void)hdf5_broken(h, addr, "an external link is cut short");
        return;
    }
    scan_factf(h->s, FACT_HDF5_OUTSIDE, h->base + addr, file, "an external link in %.*s",
               (int)hdf5_path(h, &place, text, sizeof text).n, text);
    model_path(h->s, h->base + addr, file, "an external link");
}

static void user(struct h5 *h, uint32_t group, struct span name, unsigned type, uint64_t addr)
{
    hdf5_hear(h, "user", h->queue.p[group].addr, name, 0);
    scan_factf(h->s, FACT_HDF5_USER_LINK, h->base + addr, name, "of class %u", type);
}

/* ---- link messages ---- */

struct link {
    uint64_t type, name_n;
    struct span name;
};

static bool take_link(struct span *in, struct link *l)
{
    uint64_t version, flags, charset;

    l->type = 0;
    return hdf5_take(in, 1, &version) && version == 1 && hdf5_take(in, 1, &flags) &&
           (!(flags & 8) || hdf5_take(in, 1, &l->type)) && skip(in, flags & 4 ? 8 : 0) &&
           (!(flags & 16) || hdf5_take(in, 1, &charset)) &&
           hdf5_take(in, 1u << (flags & 3), &l->name_n) && take(in, l->name_n, &l->name);
}

void hdf5_link(struct h5 *h, uint32_t group, struct span in, uint64_t addr)
{
    struct span value;
    struct link l;
    uint64_t to, n;

    h->links++;
    if (!take_link(&in, &l)) {
        (void)hdf5_broken(h, addr, "a link message of an unknown form");
    } else if (l.type == 0) {
        if (hdf5_take_addr(h, &in, &to))
            hard(h, group, l.name, to);
        else
            (void)hdf5_broken(h, addr, "a link message is cut short");
    } else if (!hdf5_take(&in, 2, &n) || !take(&in, n, &value)) {
        (void)hdf5_broken(h, addr, "a link message is cut short");
    } else if (l.type == 1) {
        soft(h, group, l.name, UNDEFINED);
    } else if (l.type == 64) {
        external(h, group, l.name, value, addr);
    } else {
        user(h, group, l.name, (unsigned)l.type, addr);
    }
}

/* ---- symbol tables ---- */

bool hdf5_local_heap(struct h5 *h, uint64_t addr, struct span *data)
{
    unsigned n = 8 + 2 * h->sl + h->so;
    uint64_t size, at;
    struct span in;

    *data = SPAN_EMPTY;
    if (!hdf5_at(h, addr, n, &in))
        return false;
    if (!span_starts(in, SPAN_LITERAL("HEAP")) || in.p[4] != 0)
        return hdf5_broken(h, addr, "no local heap where one is said to be");
    (void)skip(&in, 8);
    if (!hdf5_take_len(h, &in, &size) || !skip(&in, h->sl) || !hdf5_take_addr(h, &in, &at))
        return false;
    return hdf5_body(h, at, size, data);
}

struct symbols {
    uint32_t group;
    struct span heap;
};

/* Cached as a soft link: its path lies in the heap too. */
static void symbol(struct h5 *h, const struct symbols *t, struct span name, uint64_t to,
                   struct span cache)
{
    uint32_t type = 0, off = 0;
    struct span target, at;

    h->links++;
    (void)(take_u32le(&cache, &type) && skip(&cache, 4) && take_u32le(&cache, &off));
    at = span_from(t->heap, off);
    if (type != 2)
        hard(h, t->group, name, to);
    else if (hdf5_take_name(&at, &target))
        soft(h, t->group, name, to);
    else
        (void)hdf5_broken(h, (uint64_t)(t->heap.p - h->file.p),
                          "a soft link whose path is not in its heap");
}

static bool symbol_node(struct h5 *h, const struct symbols *t, uint64_t addr)
{
    unsigned row = 2 * h->so + 24;
    uint64_t n, off, to;
    struct span in;

    if (!hdf5_claim(h, addr, HDF5_SALT_NODE) || !hdf5_at(h, addr, 8, &in))
        return h->stop == PRATIQUE_OK;
    if (!span_starts(in, SPAN_LITERAL("SNOD")) || in.p[4] != 1)
        return hdf5_broken(h, addr, "no symbol table node where one is said to be");
    (void)skip(&in, 6);
    if (!hdf5_take(&in, 2, &n) || !hdf5_at(h, addr + 8, n * row, &in))
        return false;
    for (; n > 0 && h->stop == PRATIQUE_OK; n--) {
        struct span cache, at, name;

        if (!hdf5_take(&in, h->so, &off) || !hdf5_take_addr(h, &in, &to) || !take(&in, 24, &cache))
            return false;
        at = span_from(t->heap, off);
        if (!hdf5_take_name(&at, &name) || !hdf5_charge(h, 16 + name.n))
            return hdf5_broken(h, addr, "a name that is not in the group's heap");
        symbol(h, t, name, to, cache);
    }
    return h->stop == PRATIQUE_OK;
}

/* A node of the tree: keys and children in turn. Depth is bounded by the levels. */
static bool symbol_tree(struct h5 *h, const struct symbols *t, uint64_t addr, unsigned level_max)
{
    unsigned head = 8 + 2 * h->so;
    struct span in;
    uint64_t n, child;
    unsigned level;

    if (!hdf5_claim(h, addr, HDF5_SALT_NODE) || !hdf5_at(h, addr, head, &in))
        return h->stop == PRATIQUE_OK;
    level = in.p[5];
    if (!span_starts(in, SPAN_LITERAL("TREE")) || in.p[4] != 0 || level > level_max)
        return hdf5_broken(h, addr, "no B-tree of a group where one is said to be");
    (void)skip(&in, 6);
    if (!hdf5_take(&in, 2, &n) || !hdf5_at(h, addr + head, n * (h->sl + h->so), &in))
        return false;
    for (; n > 0 && h->stop == PRATIQUE_OK; n--) {
        if (!skip(&in, h->sl) || !hdf5_take_addr(h, &in, &child))
            return false;
        if (level == 0 ? !symbol_node(h, t, child) : !symbol_tree(h, t, child, level - 1))
            return false;
    }
    return h->stop == PRATIQUE_OK;
}

void hdf5_symbols(struct h5 *h, uint32_t group, uint64_t tree, uint64_t heap)
{
    struct symbols t = { .group = group };

    if (hdf5_local_heap(h, heap, &t.heap))
        (void)symbol_tree(h, &t, tree, TREE_LEVELS_MAX);
}
