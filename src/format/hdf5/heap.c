/*
 * The fractal heap (its managed, huge and tiny objects) and the global heap. HDF5 File Format
 * Specification 3.0, III.E and III.G.
 *
 * Left out: heaps whose blocks are filtered, which no library writes unless it is told to; they
 * are told as broken.
 */
#include "format/hdf5/reader.h"

#define FRACTAL_NESTING 64u

/* ---- the fractal heap ---- */

static bool is_power(uint64_t n)
{
    return n > 0 && (n & (n - 1)) == 0;
}

static bool take_fractal(struct h5 *h, struct span in, struct fractal *f, uint64_t *filters)
{
    uint64_t id, flags, width, bits, rows;

    if (!hdf5_take(&in, 2, &id) || !hdf5_take(&in, 2, filters) || !hdf5_take(&in, 1, &flags) ||
        !hdf5_take(&in, 4, &f->managed_max) || !skip(&in, h->sl) ||
        !hdf5_take_addr(h, &in, &f->huge_tree) || !skip(&in, h->sl + h->so + 8 * h->sl) ||
        !hdf5_take(&in, 2, &width) || !hdf5_take_len(h, &in, &f->start) ||
        !hdf5_take_len(h, &in, &f->direct_max) || !hdf5_take(&in, 2, &bits) || !skip(&in, 2) ||
        !hdf5_take_addr(h, &in, &f->root) || !hdf5_take(&in, 2, &rows))
        return false;
    f->id_n = (unsigned)id;
    f->sums = flags & 2;
    f->width = (unsigned)width;
    f->heap_bits = (unsigned)bits;
    f->rows = (unsigned)rows;
    return true;
}

bool hdf5_fractal(struct h5 *h, uint64_t addr, struct fractal *f)
{
    uint64_t filters = 0, n = 4 + 1 + 2 + 2 + 1 + 4 + 12 * h->sl + 3 * h->so + 2 + 2 + 2 + 2 + 4;
    struct span in;

    *f = (struct fractal){ .addr = addr };
    if (!hdf5_at(h, addr, n, &in))
        return false;
    if (in.p[7] | in.p[8])
        return hdf5_broken(h, addr, "a heap whose blocks are filtered");
    if (!hdf5_sealed(h, addr, n, "FRHP", 0, &in) || !take_fractal(h, in, f, &filters))
        return false;
    if (!is_power(f->start) || !is_power(f->direct_max) || !is_power(f->width) ||
        f->start > f->direct_max || f->direct_max > UINT32_MAX || f->heap_bits > 64 ||
        f->heap_bits < hdf5_log2(f->start) || f->rows > 128)
        return hdf5_broken(h, addr, "a heap of impossible sizes");
    f->first_bits = hdf5_log2(f->start) + hdf5_log2(f->width);
    f->direct_rows = hdf5_log2(f->direct_max) - hdf5_log2(f->start) + 2;
    f->block_offset_n = f->offset_n = (f->heap_bits + 7) / 8;
    f->length_n = (hdf5_log2(f->direct_max) + 7) / 8;
    n = hdf5_log2(f->managed_max) / 8 + 1;
    f->length_n = n < f->length_n ? (unsigned)n : f->length_n;
    return true;
}

static uint64_t row_size(const struct fractal *f, unsigned row)
{
    return row == 0 ? f->start : f->start << (row - 1 < 63 ? row - 1 : 63);
}

/* The block's head: a signature, a version, the heap's address, where the block is in it. */
static bool block_head(struct h5 *h, const struct fractal *f, uint64_t addr, const char *sign,
                       struct span *in)
{
    uint64_t owner, at;

    if (!span_starts(*in, span_text(sign)) || in->p[4] != 0 || !skip(in, 5) ||
        !hdf5_take_addr(h, in, &owner) || !hdf5_take(in, f->block_offset_n, &at))
        return hdf5_broken(h, addr, "no %s where one is said to be", sign);
    return owner == f->addr || hdf5_broken(h, addr, "a block of another heap");
}

/* A direct block's checksum counts with zeroes in its own place. */
static bool direct_sum(struct h5 *h, const struct fractal *f, uint64_t addr, struct span block)
{
    size_t at = 5 + h->so + f->block_offset_n;
    struct span tail = span_from(block, at);
    uint32_t sum;
    uint8_t *copy;
    bool right;

    if (!take_u32le(&tail, &sum))
        return hdf5_broken(h, addr, "FHDB is too short");
    copy = scan_map(h->s, block.n);
    if (!copy)
        return hdf5_stop(h, scan_fail_budget(h->s, h->base + addr));
    memcpy(copy, block.p, block.n);
    memset(copy + at, 0, 4);
    right = hdf5_holds(span_of(copy, block.n), sum);
    scan_unmap(h->s, copy, block.n);
    return right || hdf5_broken(h, addr, "the checksum of FHDB is wrong");
}

/* A direct block, checked the first time that it is seen. */
static bool direct(struct h5 *h, const struct fractal *f, uint64_t addr, uint64_t n,
                   struct span *block)
{
    struct span in;

    if (!hdf5_charge(h, 16) || !hdf5_body(h, addr, n, block))
        return false;
    if (!hdf5_first(h, addr, HDF5_SALT_BLOCK))
        return h->stop == PRATIQUE_OK;
    in = *block;
    return hdf5_charge(h, n) && n > 5 && block_head(h, f, addr, "FHDB", &in) &&
           (!f->sums || direct_sum(h, f, addr, *block));
}

/* An indirect block of so many rows: the addresses of its children. */
static bool indirect(struct h5 *h, const struct fractal *f, uint64_t addr, unsigned rows,
                     struct span *children)
{
    uint64_t head = 5 + h->so + f->block_offset_n, n = (uint64_t)rows * f->width * h->so;
    struct span in;

    if (!hdf5_charge(h, 16) || !hdf5_body(h, addr, head + n + 4, &in))
        return false;
    if (hdf5_first(h, addr, HDF5_SALT_BLOCK)) {
        struct span tail = span_from(in, head + n), body = in;
        uint32_t sum = 0;

        if (!hdf5_charge(h, in.n) || !block_head(h, f, addr, "FHIB", &body))
            return false;
        if (!take_u32le(&tail, &sum) || !hdf5_holds(span_of(in.p, in.n - 4), sum))
            return hdf5_broken(h, addr, "the checksum of FHIB is wrong");
    }
    return h->stop == PRATIQUE_OK && span_sub(in, head, n, children);
}

/* Which child of an indirect block holds off; off is then counted from that child's start. */
static void find_child(const struct fractal *f, uint64_t *off, unsigned *row, uint64_t *column)
{
    uint64_t first_row = f->start * f->width;

    if (*off < first_row) {
        *row = 0;
        *column = *off / f->start;
        *off %= f->start;
        return;
    }
    *row = hdf5_log2(*off) - f->first_bits + 1;
    *off -= (uint64_t)1 << hdf5_log2(*off);
    *column = *off / row_size(f, *row);
    *off %= row_size(f, *row);
}

static bool managed(struct h5 *h, const struct fractal *f, uint64_t off, uint64_t n,
                    struct span *object)
{
    uint64_t addr = f->root, size = f->start, column, child;
    unsigned rows = f->rows, row;
    struct span block;

    for (unsigned depth = 0; rows > 0; depth++) {
        if (depth > FRACTAL_NESTING || !indirect(h, f, addr, rows, &block))
            return hdf5_broken(h, addr, "a heap that is too deep");
        find_child(f, &off, &row, &column);
        if (row >= rows || column >= f->width)
            return hdf5_broken(h, addr, "an object past the end of its heap");
        block = span_from(block, (row * (uint64_t)f->width + column) * h->so);
        if (!hdf5_take_addr(h, &block, &child) || child == UNDEFINED)
            return hdf5_broken(h, addr, "an object in a block that is not there");
        addr = child;
        size = row_size(f, row);
        rows = row < f->direct_rows ? 0 : hdf5_log2(size) - f->first_bits + 1;
        if (row >= f->direct_rows && (hdf5_log2(size) < f->first_bits || rows > 128))
            return hdf5_broken(h, addr, "a heap of impossible sizes");
    }
    if (!direct(h, f, addr, size, &block))
        return false;
    return (hdf5_charge(h, 16) && span_sub(block, off, n, object)) ||
           hdf5_broken(h, addr, "an object past the end of its block");
}

/* The tree of huge objects is read once for each heap: number, address, length. */
static bool huge_record(struct h5 *h, unsigned type, struct span in, void *arg)
{
    struct item one;

    (void)arg;
    if (type != 1)
        return hdf5_broken(h, (uint64_t)(in.p - h->file.p), "huge objects of another form");
    if (!hdf5_take_addr(h, &in, &one.b) || !hdf5_take_len(h, &in, &one.off) ||
        !hdf5_take_len(h, &in, &one.a) ||
        !hdf5_grow(h, (void **)&h->huge.p, h->huge.n, &h->huge.size, sizeof one))
        return false;
    h->huge.p[h->huge.n++] = one;
    return true;
}

static bool load_huge(struct h5 *h, uint64_t tree)
{
    if (h->huge_tree == tree)
        return true;
    h->huge.n = 0;
    h->huge_tree = tree;
    if (!hdf5_tree(h, tree, huge_record, NULL))
        return false;
    return items_sort(h->s, &h->huge) || hdf5_stop(h, scan_fail_budget(h->s, h->base));
}

static const struct item *find_huge(const struct h5 *h, uint64_t id)
{
    size_t a = 0, b = h->huge.n;

    while (a < b) {
        size_t middle = a + (b - a) / 2;

        if (h->huge.p[middle].a == id)
            return &h->huge.p[middle];
        if (h->huge.p[middle].a < id)
            a = middle + 1;
        else
            b = middle;
    }
    return NULL;
}

/* An object of its own in the file: the id has its place, or a number that a tree knows. */
static bool huge(struct h5 *h, const struct fractal *f, struct span id, struct span *object)
{
    const struct item *found;
    uint64_t addr, n;

    if (f->id_n > h->so + h->sl) {
        if (!hdf5_take_addr(h, &id, &addr) || !hdf5_take_len(h, &id, &n))
            return hdf5_broken(h, f->addr, "an id of the heap is cut short");
        return hdf5_at(h, addr, n, object);
    }
    if (!hdf5_take(&id, id.n < h->sl ? (unsigned)id.n : h->sl, &n) || f->huge_tree == UNDEFINED ||
        !load_huge(h, f->huge_tree))
        return hdf5_broken(h, f->addr, "a huge object without its tree");
    found = find_huge(h, n);
    if (!found)
        return hdf5_broken(h, f->addr, "a huge object that is not in its tree");
    return hdf5_at(h, found->b, found->off, object);
}

bool hdf5_fractal_object(struct h5 *h, const struct fractal *f, struct span id, struct span *object)
{
    uint64_t head, off, n;

    *object = SPAN_EMPTY;
    if (id.n > f->id_n)
        id = span_of(id.p, f->id_n);
    if (!hdf5_take(&id, 1, &head) || head >> 6 != 0)
        return hdf5_broken(h, f->addr, "an id of the heap of an unknown version");
    switch (head >> 4 & 3) {
    case 0:
        if (!hdf5_take(&id, f->offset_n, &off) || !hdf5_take(&id, f->length_n, &n))
            return hdf5_broken(h, f->addr, "an id of the heap is cut short");
        return managed(h, f, off, n, object);
    case 1:
        return huge(h, f, id, object);
    case 2:
        n = (head & 15) + 1;
        if (f->id_n > 17 && hdf5_take(&id, 1, &off))
            n = ((head & 15) << 8 | off) + 1;
        return take(&id, n, object) || hdf5_broken(h, f->addr, "a tiny object is cut short");
    default:
        return hdf5_broken(h, f->addr, "an id of the heap of an unknown kind");
    }
}

/* ---- the global heap ---- */

/* Cuts the next object off a collection: *index is 0 behind the last. */
static bool next_object(struct h5 *h, const struct collection *c, struct span *rest,
                        uint64_t *index)
{
    struct span at = *rest, gone;
    uint64_t n;

    *index = 0;
    if (rest->n < 8 + h->sl)
        return true;
    if (!hdf5_charge(h, 16) || !hdf5_take(&at, 2, index) || !skip(&at, 6) ||
        !hdf5_take_len(h, &at, &n))
        return false;
    if (*index == 0) /* free space: the last */
        return true;
    if (!take(&at, n, &gone))
        return hdf5_broken(h, c->addr, "an object longer than its global heap");
    n = (8 - n % 8) % 8;
    (void)skip(&at, n < at.n ? n : at.n);
    *rest = at;
    return true;
}

/* Where each object is, by index: one walk to find the highest, one to note them. */
static bool index_collection(struct h5 *h, struct collection *c)
{
    struct span rest = c->body, before;
    uint64_t index, most = 0;

    do {
        if (!next_object(h, c, &rest, &index))
            return false;
        most = index > most ? index : most;
    } while (index);
    c->off = scan_map(h->s, (size_t)(most + 1) * sizeof *c->off);
    if (!c->off)
        return hdf5_stop(h, scan_fail_budget(h->s, h->base + c->addr));
    c->n = (size_t)most + 1;
    for (rest = before = c->body; next_object(h, c, &rest, &index) && index; before = rest)
        if (!c->off[index])
            c->off[index] = (uint32_t)(before.p - c->body.p) + 1;
    return h->stop == PRATIQUE_OK;
}

static bool open_collection(struct h5 *h, uint64_t addr, struct collection *c)
{
    uint64_t n;
    struct span in;

    scan_unmap(h->s, c->off, c->n * sizeof *c->off);
    *c = (struct collection){ .addr = UNDEFINED };
    if (!hdf5_at(h, addr, 8 + h->sl, &in))
        return false;
    if (!span_starts(in, SPAN_LITERAL("GCOL")) || in.p[4] != 1)
        return hdf5_broken(h, addr, "no global heap where one is said to be");
    (void)skip(&in, 8);
    if (!hdf5_take_len(h, &in, &n) || n < 8 + h->sl || n > UINT32_MAX - 1 ||
        !hdf5_body(h, addr + 8 + h->sl, n - 8 - h->sl, &c->body))
        return hdf5_broken(h, addr, "a global heap of an impossible size");
    c->addr = addr;
    return index_collection(h, c);
}

static struct collection *collection_at(struct h5 *h, uint64_t addr)
{
    struct collection *c =
        &h->collections[(addr * UINT64_C(0x9e3779b97f4a7c15) >> 32) % COLLECTIONS];

    return c->addr == addr || open_collection(h, addr, c) ? c : NULL;
}

bool hdf5_global(struct h5 *h, uint64_t addr, uint32_t index, struct span *object)
{
    struct collection *c = hdf5_charge(h, 4) ? collection_at(h, addr) : NULL;
    struct span at;
    uint64_t n;

    *object = SPAN_EMPTY;
    if (!c)
        return false;
    if (index >= c->n || !c->off[index])
        return hdf5_broken(h, addr, "an object that its global heap does not have: %u", index);
    at = span_from(c->body, c->off[index] - 1);
    return skip(&at, 8) && hdf5_take_len(h, &at, &n) && take(&at, n, object);
}

void hdf5_global_free(struct h5 *h)
{
    for (size_t i = 0; i < COLLECTIONS; i++)
        scan_unmap(h->s, h->collections[i].off, h->collections[i].n * sizeof(uint32_t));
}
