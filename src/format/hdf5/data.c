/*
 * Datasets: where their bytes are, and a look at those that may be more than numbers. Bodies of
 * tensors are not read. HDF5 File Format Specification 3.0, IV.A.2.e to IV.A.2.i, VII.E.
 */
#include "format/hdf5/reader.h"
#include "format/hdf5/within.h"
#include "format/model/model.h"

#define PEEK_N   ((uint64_t)65536)     /* elements of an array of bytes that are looked at first */
#define PEEK_ALL ((uint64_t)256 << 20) /* bytes made for that, of arrays of many dimensions */

/* Of one dataset, while it is read. */
struct body {
    const struct type *type;
    struct filters filters;
    struct chunks chunks;
    struct place place;
    uint8_t *out; /* an array of bytes as it is put together: the first n elements */
    uint64_t n;
};

/* ---- files outside ---- */

static void outside(struct h5 *h, const struct body *b, struct span file, const char *what)
{
    char text[512];
    struct span path = hdf5_path(h, &b->place, text, sizeof text);

    scan_factf(h->s, FACT_HDF5_OUTSIDE, h->base + b->place.addr, file, "%s, %.*s", what,
               (int)path.n, text);
    model_path(h->s, h->base + b->place.addr, file, what);
}

/* The list of files that hold a dataset's bytes: names in a local heap. */
static void external(struct h5 *h, const struct body *b, const struct message *m)
{
    struct span in = m->body, heap, at, name;
    uint64_t version, n, addr, off;

    if (!hdf5_take(&in, 1, &version) || version != 1 || !skip(&in, 5) || !hdf5_take(&in, 2, &n) ||
        !hdf5_take_addr(h, &in, &addr) || !hdf5_local_heap(h, addr, &heap)) {
        (void)hdf5_broken(h, m->addr, "a list of external files of an unknown form");
        return;
    }
    for (; n > 0; n--) {
        if (!hdf5_take_len(h, &in, &off) || !skip(&in, 2 * h->sl)) {
            (void)hdf5_broken(h, m->addr, "a list of external files is cut short");
            return;
        }
        at = span_from(heap, off);
        if (!hdf5_take_name(&at, &name) || !hdf5_charge(h, 16 + name.n)) {
            (void)hdf5_broken(h, m->addr, "the name of an external file is not in its heap");
            return;
        }
        outside(h, b, name, "external storage of a dataset");
    }
}

/* ---- virtual datasets ---- */

/* A hyperslab of version 3, and points of version 2: numbers of a width that is told. */
static bool skip_wide(struct span *in, bool points)
{
    uint64_t flags = 0, width, rank, n = 4;

    if ((!points && !hdf5_take(in, 1, &flags)) || !hdf5_take(in, 1, &width) ||
        !hdf5_take(in, 4, &rank) || rank > RANK_MAX || width > 8)
        return false;
    if (points || !(flags & 1)) {
        if (!hdf5_take(in, (unsigned)width, &n) || n > in->n)
            return false;
        n *= points ? 1 : 2;
    }
    return skip(in, n * rank * width);
}

/* Passes a selection of elements. */
static bool skip_selection(struct span *in)
{
    uint64_t type, version, n;

    if (!hdf5_take(in, 4, &type) || !hdf5_take(in, 4, &version) || type > 3)
        return false;
    if (type == 0 || type == 3)
        return skip(in, 8);
    if ((type == 2 && version == 3) || (type == 1 && version == 2))
        return skip_wide(in, type == 1);
    return skip(in, version == 2 ? 1 : 4) && hdf5_take(in, 4, &n) && skip(in, n);
}

/* The sources of a virtual dataset; "." is this file. */
static void sources(struct h5 *h, const struct body *b, struct span in)
{
    struct span file, name;
    uint64_t version, n;

    if (!hdf5_take(&in, 1, &version) || !hdf5_take_len(h, &in, &n) || version > 0) {
        (void)hdf5_broken(h, b->place.addr, "a virtual dataset of an unknown form");
        return;
    }
    for (; n > 0 && hdf5_charge(h, 16); n--) {
        if (!hdf5_take_name(&in, &file) || !hdf5_take_name(&in, &name) || !skip_selection(&in) ||
            !skip_selection(&in)) {
            (void)hdf5_broken(h, b->place.addr, "a virtual dataset is cut short");
            return;
        }
        if (!span_is(file, "."))
            outside(h, b, file, "a source of a virtual dataset");
    }
}

/* ---- arrays of bytes ---- */

/* The place of a chunk's row in the whole, counted in elements; false: it is outside. */
static bool row_start(const struct body *b, const uint64_t *at, uint64_t *start)
{
    const struct space *s = &b->chunks.space;

    *start = 0;
    for (unsigned i = 0; i < s->rank; i++)
        if (at[i] >= s->dims[i] || MUL_OVERFLOWS(*start, s->dims[i], start) ||
            ADD_OVERFLOWS(*start, at[i], start))
            return false;
    return true;
}

/* Moves to the next row of a chunk; false behind the last. */
static bool next_row(const struct body *b, const struct chunk *c, uint64_t *at)
{
    for (unsigned i = b->chunks.rank - 1; i-- > 0;) {
        if (++at[i] < c->at[i] + b->chunks.dims[i])
            return true;
        at[i] = c->at[i];
    }
    return false;
}

/* Copies what a chunk has of the first n elements, row by row. */
static bool copy_rows(struct h5 *h, const struct body *b, const struct chunk *c, struct span in)
{
    unsigned last = b->chunks.rank - 1;
    uint64_t at[RANK_MAX], start, n;
    struct span row;

    memcpy(at, c->at, sizeof at);
    do {
        if (!hdf5_charge(h, 8) || !take(&in, b->chunks.dims[last], &row))
            return h->stop == PRATIQUE_OK;
        if (!row_start(b, at, &start))
            continue;
        if (start >= b->n) /* those behind it are further on */
            return true;
        n = b->chunks.space.dims[last] - at[last];
        n = n < row.n ? n : row.n;
        n = n < b->n - start ? n : b->n - start;
        memcpy(b->out + start, row.p, (size_t)n);
    } while (next_row(b, c, at));
    return true;
}

static bool byte_chunk(struct h5 *h, const struct chunk *c, void *arg)
{
    struct body *b = arg;
    struct undone u;
    struct span raw;
    uint64_t start;
    bool good;

    if (!row_start(b, c->at, &start) || start >= b->n) /* its first element is its lowest */
        return true;
    if (!hdf5_body(h, c->addr, c->n, &raw))
        return false;
    good = hdf5_undo(h, &b->filters, c->mask, raw, b->chunks.bytes, c->addr, &u);
    if (b->chunks.rank > 1)
        h->peeked += u.bytes.n;
    good = good && copy_rows(h, b, c, u.bytes);
    hdf5_undone_free(h, &u);
    return good;
}

/* Puts the first n elements together and looks at them. *whole: it may go on as something. */
static void look(struct h5 *h, struct body *b, uint64_t n, bool *more)
{
    bool all = n == b->chunks.space.n;
    struct span got;

    *more = false;
    b->n = n;
    if (n > SIZE_MAX || !hdf5_charge(h, 0))
        return;
    b->out = scan_map(h->s, (size_t)n);
    if (!b->out) {
        (void)hdf5_stop(h, scan_fail_budget(h->s, h->base));
        return;
    }
    if (hdf5_chunks(h, &b->chunks, byte_chunk, b)) {
        got = span_of(b->out, (size_t)n);
        if (all)
            hdf5_bytes(h, got, &b->place);
        else
            *more = hdf5_is_file(got) || (got.p[0] == 0x80 && got.p[1] >= 2 && got.p[1] <= 5);
    }
    scan_unmap(h->s, b->out, (size_t)n);
}

static void byte_chunks(struct h5 *h, struct body *b)
{
    uint64_t n = b->chunks.space.n;
    bool more;

    if (n == 0 || (b->chunks.rank > 1 && h->peeked > PEEK_ALL))
        return;
    look(h, b, n < PEEK_N ? n : PEEK_N, &more);
    if (!more)
        return;
    h->pass++;
    look(h, b, n, &more);
    h->pass--;
}

/* ---- values ---- */

static bool value_chunk(struct h5 *h, const struct chunk *c, void *arg)
{
    struct body *b = arg;
    struct undone u;
    struct span raw;

    if (!hdf5_body(h, c->addr, c->n, &raw))
        return false;
    if (hdf5_undo(h, &b->filters, c->mask, raw, b->chunks.bytes, c->addr, &u))
        hdf5_values(h, b->type, u.bytes, &b->place);
    hdf5_undone_free(h, &u);
    return h->stop == PRATIQUE_OK;
}

/* Of filters that are not undone here, what could be more than numbers is a gap. */
static bool is_readable(struct h5 *h, const struct body *b)
{
    unsigned filter = hdf5_filter_unknown(&b->filters);
    char text[512];
    struct span path = hdf5_path(h, &b->place, text, sizeof text);

    if (!filter)
        return true;
    if (b->type->carries || b->chunks.rank <= 1)
        scan_factf(h->s, FACT_HDF5_FILTER, h->base + b->place.addr, path, "filter %u", filter);
    return false;
}

static void chunked(struct h5 *h, struct body *b)
{
    if (!is_readable(h, b))
        return;
    if (hdf5_is_byte(b->type))
        byte_chunks(h, b);
    else
        (void)hdf5_chunks(h, &b->chunks, value_chunk, b);
}

/* ---- layouts ---- */

static void contiguous(struct h5 *h, const struct body *b, uint64_t addr, bool elsewhere)
{
    struct item extent = { .a = addr };
    struct span in;
    uint64_t n;

    if (addr == UNDEFINED || elsewhere)
        return;
    if (MUL_OVERFLOWS(b->chunks.space.n, b->type->size, &n) || !hdf5_body(h, addr, n, &in) ||
        n == 0)
        return;
    extent.b = addr + n;
    if (!hdf5_grow(h, (void **)&h->extents.p, h->extents.n, &h->extents.size, sizeof extent))
        return;
    h->extents.p[h->extents.n++] = extent;
    hdf5_values(h, b->type, in, &b->place);
}

/* Sizes of a chunk: of the data's dimensions, then of the element. */
static bool take_dims(struct h5 *h, struct span *in, struct chunks *c, uint64_t rank,
                      unsigned width)
{
    uint64_t element;

    c->bytes = 1;
    if (rank != c->space.rank + 1u || rank == 1)
        return false;
    c->rank = c->space.rank;
    for (unsigned i = 0; i < c->rank; i++)
        if (!hdf5_take(in, width, &c->dims[i]) || c->dims[i] == 0 ||
            MUL_OVERFLOWS(c->bytes, c->dims[i], &c->bytes))
            return false;
    return hdf5_take(in, width, &element) && !MUL_OVERFLOWS(c->bytes, element, &c->bytes) &&
           h->stop == PRATIQUE_OK;
}

/* What precedes the address of a version 4 index. */
static bool take_index(struct h5 *h, struct span *in, struct chunks *c)
{
    static const unsigned settings[6] = { 0, 0, 0, 1, 5, 6 };
    uint64_t index, mask = 0;

    if (!hdf5_take(in, 1, &index) || index < 1 || index > 5)
        return false;
    c->index = (unsigned)index;
    if (index == 1 && (c->flags & 2)) {
        if (!hdf5_take_len(h, in, &c->filtered) || !hdf5_take(in, 4, &mask))
            return false;
        c->mask = (uint32_t)mask;
    }
    return skip(in, settings[index]) && hdf5_take_addr(h, in, &c->addr);
}

static bool new_chunks(struct h5 *h, struct span *in, struct chunks *c)
{
    uint64_t flags, rank, width;

    if (!hdf5_take(in, 1, &flags) || !hdf5_take(in, 1, &rank) || !hdf5_take(in, 1, &width) ||
        width < 1 || width > 8)
        return false;
    c->flags = (unsigned)flags;
    return take_dims(h, in, c, rank, (unsigned)width) && take_index(h, in, c);
}

struct layout {
    uint64_t version, class, rank, addr;
    struct span in; /* what follows */
    bool elsewhere; /* external storage */
};

static void compact(struct h5 *h, const struct body *b, const struct layout *l, unsigned width)
{
    struct span in = l->in, data;
    uint64_t n, need;

    if (!hdf5_take(&in, width, &n) || !take(&in, n, &data) ||
        MUL_OVERFLOWS(b->chunks.space.n, b->type->size, &need) || need > data.n)
        (void)hdf5_broken(h, b->place.addr, "a compact dataset is cut short");
    else
        hdf5_values(h, b->type, span_of(data.p, (size_t)need), &b->place);
}

/* Versions 1 and 2: the same dimensions for every class. */
static bool old_layout(struct h5 *h, struct layout *l)
{
    uint64_t rank, class;

    if (!hdf5_take(&l->in, 1, &rank) || !hdf5_take(&l->in, 1, &class) || !skip(&l->in, 5) ||
        class > 2 || (class > 0 && !hdf5_take_addr(h, &l->in, &l->addr)))
        return false;
    l->class = class;
    l->rank = rank;
    return class != 0 || skip(&l->in, 4 * rank);
}

static bool new_layout(struct h5 *h, struct layout *l)
{
    if (!hdf5_take(&l->in, 1, &l->class))
        return false;
    if (l->class == 1)
        return hdf5_take_addr(h, &l->in, &l->addr);
    if (l->class == 2 && l->version == 3)
        return hdf5_take(&l->in, 1, &l->rank) && hdf5_take_addr(h, &l->in, &l->addr);
    return l->class == 0 || l->class == 2 || (l->class == 3 && l->version == 4);
}

static void virtual(struct h5 *h, const struct body *b, struct layout *l)
{
    uint64_t addr, index;
    struct span in;

    if (!hdf5_take_addr(h, &l->in, &addr) || !hdf5_take(&l->in, 4, &index))
        (void)hdf5_broken(h, b->place.addr, "a virtual dataset is cut short");
    else if (addr != UNDEFINED && addr != 0 && hdf5_global(h, addr, (uint32_t)index, &in))
        sources(h, b, in);
}

/* Chunks of numbers are left alone, as the bodies of tensors that they are. */
static void by_chunks(struct h5 *h, struct body *b, struct layout *l)
{
    bool good;

    b->chunks.version = (unsigned)l->version;
    b->chunks.addr = l->addr;
    b->chunks.filters = b->filters.n > 0;
    good = l->version < 4 ? take_dims(h, &l->in, &b->chunks, l->rank, 4)
                          : new_chunks(h, &l->in, &b->chunks);
    if (!good)
        (void)hdf5_broken(h, b->place.addr, "chunks of impossible sizes");
    else if (b->type->carries || hdf5_is_byte(b->type))
        chunked(h, b);
}

static void by_layout(struct h5 *h, struct body *b, const struct message *m, bool elsewhere)
{
    struct layout l = { .in = m->body, .addr = UNDEFINED };

    if (!hdf5_take(&l.in, 1, &l.version) || l.version < 1 || l.version > 4 ||
        !(l.version < 3 ? old_layout(h, &l) : new_layout(h, &l)))
        (void)hdf5_broken(h, m->addr, "a layout of an unknown form");
    else if (l.class == 0)
        compact(h, b, &l, l.version < 3 ? 4 : 2);
    else if (l.class == 1)
        contiguous(h, b, l.addr, elsewhere);
    else if (l.class == 2)
        by_chunks(h, b, &l);
    else
        virtual(h, b, &l);
}

/* ---- a dataset ---- */

/* What unwritten elements read as. */
static void fill(struct h5 *h, const struct body *b, const struct message *m)
{
    struct span in = m->body, data;
    uint64_t version = 2, flags = 1, n;

    if (!m->type || !(b->type->carries || hdf5_is_byte(b->type)))
        return;
    if (m->type == MESSAGE_FILL) {
        if (!hdf5_take(&in, 1, &version) || !skip(&in, version < 3 ? 2 : 0) ||
            !hdf5_take(&in, 1, &flags))
            return;
        flags = version < 3 ? flags : flags >> 5 & 1;
    }
    if ((flags || version == 1) && hdf5_take(&in, 4, &n) && n >= b->type->size &&
        take(&in, n, &data) && n > 0)
        hdf5_values(h, b->type, data, &b->place);
}

static void count(struct h5 *h, const struct body *b)
{
    uint64_t n;

    if (b->type->class <= CLASS_FLOAT || b->type->class == CLASS_COMPLEX) {
        h->tensors++;
        h->elements += b->chunks.space.n;
    }
    if (MUL_OVERFLOWS(b->chunks.space.n, b->type->size, &n) ||
        ADD_OVERFLOWS(h->logical, n, &h->logical))
        h->logical = UINT64_MAX;
}

void hdf5_dataset(struct h5 *h, const struct dataset *d)
{
    struct body b = { .place = { d->item, SPAN_EMPTY, d->layout.addr } };
    struct span type = d->type.body;

    if (!d->type.type || !d->space.type) {
        (void)hdf5_broken(h, d->layout.addr, "a dataset without type or shape");
        return;
    }
    b.type = hdf5_type(h, &type, d->type.addr);
    if (!b.type || !hdf5_space(h, d->space.body, d->space.addr, &b.chunks.space) ||
        !hdf5_filters(h, &d->filters, &b.filters))
        return;
    count(h, &b);
    if (d->external.type)
        external(h, &b, &d->external);
    fill(h, &b, &d->fill);
    fill(h, &b, &d->fill_old);
    by_layout(h, &b, &d->layout, d->external.type != 0);
}
