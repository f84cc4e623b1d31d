/*
 * Where the chunks of a dataset are: a v1 B-tree, a single chunk, an implicit array, a fixed
 * array, an extensible array, a v2 B-tree. HDF5 File Format Specification 3.0, III.A, VII.A to
 * VII.D (appendix C), IV.A.2.i.
 */
#include "format/hdf5/reader.h"

#define LEVELS_MAX 64u

enum chunk_index {
    INDEX_SINGLE = 1,
    INDEX_IMPLICIT,
    INDEX_FIXED,
    INDEX_EXTENSIBLE,
    INDEX_TREE,
};

struct reader {
    const struct chunks *c;
    bool (*each)(struct h5 *h, const struct chunk *chunk, void *arg);
    void *arg;
    unsigned order[RANK_MAX];    /* dimensions, from the one that moves slowest */
    uint64_t counts[RANK_MAX];   /* chunks in each, by that order */
    unsigned element, client;    /* arrays: bytes of one, whose they are */
    uint64_t array;              /* the array's own address */
    unsigned page_bits, block_n; /* arrays: of a page; bytes of a block's place */
    uint64_t next;               /* the element that comes next */
};

static bool tell(struct h5 *h, const struct reader *r, struct chunk *chunk)
{
    if (chunk->addr == UNDEFINED)
        return true;
    if (chunk->n == 0)
        chunk->n = r->c->bytes;
    return hdf5_charge(h, 32) && r->each(h, chunk, r->arg);
}

/* ---- the place of a chunk by its number ---- */

/* An extensible array counts along its one endless dimension first. */
static void set_order(struct reader *r)
{
    const struct chunks *c = r->c;
    unsigned n = 0, endless = c->rank;

    for (unsigned i = 0; i < c->rank && endless == c->rank; i++)
        if (c->index == INDEX_EXTENSIBLE && c->space.max[i] == UNDEFINED)
            endless = i;
    if (endless < c->rank)
        r->order[n++] = endless;
    for (unsigned i = 0; i < c->rank; i++)
        if (i != endless)
            r->order[n++] = i;
    for (unsigned i = 0; i < c->rank; i++) {
        uint64_t dim = c->space.max[r->order[i]], one = c->dims[r->order[i]];

        r->counts[i] = dim / one + (dim % one != 0);
        if (r->counts[i] == 0)
            r->counts[i] = 1;
    }
}

static void place(const struct reader *r, uint64_t number, struct chunk *chunk)
{
    for (unsigned i = r->c->rank; i-- > 0;) {
        unsigned dim = r->order[i];
        uint64_t at = i ? number % r->counts[i] : number;

        number /= r->counts[i];
        if (MUL_OVERFLOWS(at, r->c->dims[dim], &chunk->at[dim]))
            chunk->at[dim] = UNDEFINED;
    }
}

/* ---- v1 B-tree ---- */

static bool old_tree(struct h5 *h, const struct reader *r, uint64_t addr, unsigned level_max)
{
    unsigned head = 8 + 2 * h->so, level;
    uint64_t row = 8 + 8 * ((uint64_t)r->c->rank + 1) + h->so, n;
    struct span in;

    if (!hdf5_claim(h, addr, HDF5_SALT_CHUNKS) || !hdf5_at(h, addr, head, &in))
        return false;
    level = in.p[5];
    if (!span_starts(in, SPAN_LITERAL("TREE")) || in.p[4] != 1 || level > level_max)
        return hdf5_broken(h, addr, "no B-tree of chunks where one is said to be");
    (void)skip(&in, 6);
    if (!hdf5_take(&in, 2, &n) || !hdf5_at(h, addr + head, n * row, &in))
        return false;
    for (; n > 0; n--) {
        struct chunk one = { .n = 0 };
        uint64_t mask = 0;

        (void)(hdf5_take(&in, 4, &one.n) && hdf5_take(&in, 4, &mask));
        one.mask = (uint32_t)mask;
        for (unsigned i = 0; i < r->c->rank; i++)
            (void)hdf5_take(&in, 8, &one.at[i]);
        (void)skip(&in, 8);
        if (!hdf5_take_addr(h, &in, &one.addr) ||
            !(level ? old_tree(h, r, one.addr, level - 1) : tell(h, r, &one)))
            return false;
    }
    return true;
}

/* ---- v2 B-tree ---- */

static bool tree_record(struct h5 *h, unsigned type, struct span in, void *arg)
{
    const struct reader *r = arg;
    unsigned fixed = h->so + 4 + 8 * r->c->rank;
    struct chunk one = { .n = 0 };
    uint64_t mask = 0;

    if (type != (r->c->filters ? 11u : 10u) || (type == 11 && in.n <= fixed))
        return hdf5_broken(h, r->c->addr, "an index of chunks of the wrong type, %u", type);
    if (!hdf5_take_addr(h, &in, &one.addr) ||
        (type == 11 &&
         (!hdf5_take(&in, (unsigned)in.n - (fixed - h->so), &one.n) || !hdf5_take(&in, 4, &mask))))
        return hdf5_broken(h, r->c->addr, "a record of a chunk of impossible sizes");
    one.mask = (uint32_t)mask;
    for (unsigned i = 0; i < r->c->rank; i++)
        if (!hdf5_take(&in, 8, &one.at[i]) || MUL_OVERFLOWS(one.at[i], r->c->dims[i], &one.at[i]))
            return hdf5_broken(h, r->c->addr, "a chunk past all bounds");
    return tell(h, r, &one);
}

/* ---- elements of arrays ---- */

static bool elements(struct h5 *h, struct reader *r, struct span *in, uint64_t n)
{
    for (; n > 0; n--) {
        struct chunk one = { .n = 0 };
        struct span element;
        uint64_t mask = 0;

        if (!hdf5_charge(h, r->element) || !take(in, r->element, &element) ||
            !hdf5_take_addr(h, &element, &one.addr))
            return hdf5_broken(h, r->array, "an array of chunks is cut short");
        if (r->c->filters && (!hdf5_take(&element, r->element - h->so - 4, &one.n) ||
                              !hdf5_take(&element, 4, &mask)))
            return hdf5_broken(h, r->array, "an array of chunks of impossible sizes");
        one.mask = (uint32_t)mask;
        place(r, r->next++, &one);
        if (!tell(h, r, &one))
            return false;
    }
    return true;
}

static bool bit(struct span map, uint64_t i)
{
    return i / 8 < map.n && map.p[i / 8] & 0x80 >> i % 8;
}

/* Pages of elements, each with its checksum; those without a bit were never written. */
static bool pages(struct h5 *h, struct reader *r, uint64_t addr, struct span map, uint64_t n)
{
    uint64_t page = (uint64_t)1 << r->page_bits, size = page * r->element + 4;

    for (uint64_t i = 0; n > 0; i++, addr += size) {
        uint64_t here = n < page ? n : page;
        struct span in, body;
        uint32_t sum = 0;

        n -= here;
        if (!bit(map, i)) {
            r->next += here;
            continue;
        }
        if (!hdf5_at(h, addr, here * r->element + 4, &in))
            return false;
        body = span_from(in, in.n - 4);
        if (!take_u32le(&body, &sum) || !hdf5_holds(span_of(in.p, in.n - 4), sum))
            return hdf5_broken(h, addr, "the checksum of a page of chunks is wrong");
        if (!elements(h, r, &in, here))
            return false;
    }
    return true;
}

/* What all blocks of an array begin with. */
static bool block(struct h5 *h, const struct reader *r, uint64_t addr, uint64_t n, const char *sign,
                  struct span *in)
{
    uint64_t client, owner;

    return (hdf5_claim(h, addr, HDF5_SALT_CHUNKS) && hdf5_sealed(h, addr, n, sign, 0, in) &&
            hdf5_take(in, 1, &client) && client == r->client && hdf5_take_addr(h, in, &owner) &&
            owner == r->array) ||
           hdf5_broken(h, addr, "%s of another array", sign);
}

/* The array's own header: whose it is, and how long an element. */
static bool array_head(struct h5 *h, struct reader *r, uint64_t n, const char *sign,
                       struct span *in)
{
    uint64_t client, element;

    r->array = r->c->addr;
    if (!hdf5_claim(h, r->array, HDF5_SALT_CHUNKS) || !hdf5_sealed(h, r->array, n, sign, 0, in) ||
        !hdf5_take(in, 1, &client) || !hdf5_take(in, 1, &element))
        return false;
    r->client = (unsigned)client;
    r->element = (unsigned)element;
    if (client > 1 || (client == 1) != r->c->filters ||
        (client == 1 ? element <= h->so + 4 || element > h->so + 12u : element != h->so))
        return hdf5_broken(h, r->array, "an array of chunks of impossible sizes");
    return true;
}

static bool fixed_array(struct h5 *h, struct reader *r)
{
    uint64_t bits, n, addr, head = 4 + 1 + 1 + h->so, map_n;
    struct span in, map;

    if (!array_head(h, r, 4 + 1 + 1 + 1 + 1 + h->sl + h->so + 4, "FAHD", &in) ||
        !hdf5_take(&in, 1, &bits) || !hdf5_take_len(h, &in, &n) || !hdf5_take_addr(h, &in, &addr))
        return false;
    if (addr == UNDEFINED)
        return true;
    if (bits > 32 || n / 8 > h->file.n * 1024)
        return hdf5_broken(h, r->array, "an array of chunks of impossible sizes");
    r->page_bits = (unsigned)bits;
    if (n <= (uint64_t)1 << bits)
        return block(h, r, addr, head + n * r->element + 4, "FADB", &in) && elements(h, r, &in, n);
    map_n = ((n + ((uint64_t)1 << bits) - 1) >> bits) / 8 + 1;
    map_n -= ((n + ((uint64_t)1 << bits) - 1) >> bits) % 8 == 0;
    return block(h, r, addr, head + map_n + 4, "FADB", &in) && take(&in, map_n, &map) &&
           pages(h, r, addr + head + map_n + 4, map, n);
}

/* ---- the extensible array ---- */

struct extensible {
    uint64_t in_index, least, pointers; /* elements; elements of a block; blocks */
    unsigned supers, first_super;       /* super blocks in all, and the first that is one */
};

static bool data_block(struct h5 *h, struct reader *r, uint64_t addr, uint64_t n, struct span map,
                       bool paged)
{
    uint64_t head = 4 + 1 + 1 + h->so + r->block_n;
    struct span in;

    if (addr == UNDEFINED) {
        r->next += n;
        return true;
    }
    if (n / 8 > h->file.n)
        return hdf5_broken(h, addr, "an array of chunks of impossible sizes");
    if (!paged)
        return block(h, r, addr, head + n * r->element + 4, "EADB", &in) && skip(&in, r->block_n) &&
               elements(h, r, &in, n);
    return block(h, r, addr, head + 4, "EADB", &in) && pages(h, r, addr + head + 4, map, n);
}

static bool super_block(struct h5 *h, struct reader *r, const struct extensible *e, uint64_t addr,
                        unsigned level)
{
    uint64_t blocks = (uint64_t)1 << level / 2, n = e->least << (level + 1) / 2, map_n = 0;
    bool paged = n > (uint64_t)1 << r->page_bits;
    struct span in, maps, map = SPAN_EMPTY;
    uint64_t all;

    if (addr == UNDEFINED) {
        r->next += blocks * n;
        return true;
    }
    if (paged)
        map_n = ((n >> r->page_bits) + 7) / 8;
    if (MUL_OVERFLOWS(blocks, map_n + h->so, &all) || all > h->file.n)
        return hdf5_broken(h, addr, "an array of chunks of impossible sizes");
    if (!block(h, r, addr, 4 + 1 + 1 + h->so + r->block_n + all + 4, "EASB", &in) ||
        !skip(&in, r->block_n) || !take(&in, blocks * map_n, &maps))
        return false;
    for (; blocks > 0; blocks--) {
        uint64_t child;

        if (!hdf5_take_addr(h, &in, &child) || (paged && !take(&maps, map_n, &map)) ||
            !data_block(h, r, child, n, map, paged))
            return false;
    }
    return true;
}

static bool index_block(struct h5 *h, struct reader *r, const struct extensible *e, uint64_t addr)
{
    uint64_t blocks = 2 * (e->pointers - 1), supers = e->supers - e->first_super, child;
    struct span in;

    if (!block(h, r, addr,
               4 + 1 + 1 + h->so + e->in_index * r->element + (blocks + supers) * h->so + 4, "EAIB",
               &in) ||
        !elements(h, r, &in, e->in_index))
        return false;
    for (unsigned level = 0; level < e->first_super; level++)
        for (uint64_t i = (uint64_t)1 << level / 2; i > 0; i--)
            if (!hdf5_take_addr(h, &in, &child) ||
                !data_block(h, r, child, e->least << (level + 1) / 2, SPAN_EMPTY, false))
                return false;
    for (unsigned level = e->first_super; level < e->supers; level++)
        if (!hdf5_take_addr(h, &in, &child) || !super_block(h, r, e, child, level))
            return false;
    return true;
}

static bool extensible_array(struct h5 *h, struct reader *r)
{
    uint64_t bits, page_bits, addr;
    struct extensible e;
    struct span in;

    if (!array_head(h, r, 4 + 1 + 1 + 6 + 6 * h->sl + h->so + 4, "EAHD", &in) ||
        !hdf5_take(&in, 1, &bits) || !hdf5_take(&in, 1, &e.in_index) ||
        !hdf5_take(&in, 1, &e.least) || !hdf5_take(&in, 1, &e.pointers) ||
        !hdf5_take(&in, 1, &page_bits) || !skip(&in, 6 * h->sl) || !hdf5_take_addr(h, &in, &addr))
        return false;
    if (addr == UNDEFINED)
        return true;
    if (bits > 64 || page_bits > 32 || !e.least || (e.least & (e.least - 1)) || !e.pointers ||
        (e.pointers & (e.pointers - 1)) || bits < hdf5_log2(e.least))
        return hdf5_broken(h, r->array, "an array of chunks of impossible sizes");
    r->page_bits = (unsigned)page_bits;
    r->block_n = (unsigned)(bits + 7) / 8;
    e.supers = 1 + (unsigned)bits - hdf5_log2(e.least);
    e.first_super = 2 * hdf5_log2(e.pointers);
    if (e.first_super > e.supers)
        return hdf5_broken(h, r->array, "an array of chunks of impossible sizes");
    return index_block(h, r, &e, addr);
}

/* ---- all of them ---- */

/* One behind the other, all there. */
static bool implicit(struct h5 *h, struct reader *r)
{
    uint64_t n = 1, bytes;

    for (unsigned i = 0; i < r->c->rank; i++)
        if (MUL_OVERFLOWS(n, r->counts[i], &n))
            return hdf5_broken(h, r->c->addr, "more chunks than can be counted");
    if (MUL_OVERFLOWS(n, r->c->bytes, &bytes) || bytes > h->file.n)
        return hdf5_broken(h, r->c->addr, "chunks past the end of the file");
    for (uint64_t i = 0; i < n; i++) {
        struct chunk one = { .addr = r->c->addr + i * r->c->bytes };

        place(r, i, &one);
        if (!tell(h, r, &one))
            return false;
    }
    return true;
}

static bool single(struct h5 *h, struct reader *r)
{
    struct chunk one = { .addr = r->c->addr, .n = r->c->filtered, .mask = r->c->mask };

    return tell(h, r, &one);
}

bool hdf5_chunks(struct h5 *h, const struct chunks *c,
                 bool (*each)(struct h5 *h, const struct chunk *chunk, void *arg), void *arg)
{
    struct reader r = { .c = c, .each = each, .arg = arg };

    if (c->addr == UNDEFINED)
        return true;
    set_order(&r);
    if (c->version < 4)
        return old_tree(h, &r, c->addr, LEVELS_MAX);
    switch (c->index) {
    case INDEX_SINGLE:
        return single(h, &r);
    case INDEX_IMPLICIT:
        return implicit(h, &r);
    case INDEX_FIXED:
        return fixed_array(h, &r);
    case INDEX_EXTENSIBLE:
        return extensible_array(h, &r);
    case INDEX_TREE:
        return hdf5_tree(h, c->addr, tree_record, &r);
    default:
        return hdf5_broken(h, c->addr, "an unknown index of chunks, %u", c->index);
    }
}
