/*
 * Object headers, versions 1 and 2, with their continuations, and what an object is by its
 * messages. HDF5 File Format Specification 3.0, IV.A.
 */
#include <stdio.h>

#include "format/hdf5/reader.h"

#define CONTINUATIONS_MAX 1024

void hdf5_hear(struct h5 *h, const char *kind, uint64_t addr, struct span name, uint64_t to)
{
    if (h->ear)
        h->ear->hear(h->ear->arg, kind, addr, name, to);
}

/* ---- headers ---- */

struct header_walk {
    size_t first; /* of its blocks, among those of h */
    bool new;     /* version 2 */
    bool order;   /* messages have a creation order */
    bool (*each)(struct h5 *h, const struct message *m, void *arg);
    void *arg;
};

/* Adds a continuation, once. */
static bool continues(struct h5 *h, const struct header_walk *w, const struct message *m)
{
    struct block b;
    struct span in = m->body;

    if (!hdf5_take_addr(h, &in, &b.addr) || !hdf5_take_len(h, &in, &b.n))
        return hdf5_broken(h, m->addr, "a continuation is cut short");
    for (size_t i = w->first; i < h->blocks.n; i++)
        if (h->blocks.p[i].addr == b.addr)
            return hdf5_broken(h, m->addr, "an object header that continues in itself");
    if (h->blocks.n - w->first >= CONTINUATIONS_MAX)
        return hdf5_broken(h, m->addr, "an object header in too many pieces");
    if (!hdf5_grow(h, (void **)&h->blocks.p, h->blocks.n, &h->blocks.size, sizeof b))
        return false;
    h->blocks.p[h->blocks.n++] = b;
    return true;
}

/* Cuts a message off the front of in, which lies at addr. */
static bool take_message(const struct header_walk *w, struct span *in, struct message *m)
{
    uint64_t type, size, flags;

    if (!hdf5_take(in, w->new ? 1 : 2, &type) || !hdf5_take(in, 2, &size) ||
        !hdf5_take(in, 1, &flags) || !skip(in, w->new ? (w->order ? 2 : 0) : 3))
        return false;
    m->type = (unsigned)type;
    m->flags = (unsigned)flags;
    return take(in, size, &m->body);
}

static bool messages(struct h5 *h, const struct header_walk *w, struct span in)
{
    size_t least = w->new ? (w->order ? 6 : 4) : 8;

    while (in.n >= least) {
        uint64_t addr = (uint64_t)(in.p - h->file.p);
        struct message m;

        if (!hdf5_charge(h, 16))
            return false;
        if (!take_message(w, &in, &m))
            return hdf5_broken(h, addr, "a message is longer than its object header");
        m.addr = (uint64_t)(m.body.p - h->file.p);
        if (m.type == MESSAGE_CONTINUATION) {
            if (!continues(h, w, &m))
                return false;
        } else if (m.type != MESSAGE_NIL && !w->each(h, &m, w->arg)) {
            return h->stop == PRATIQUE_OK;
        }
    }
    return w->new || in.n == 0 ||
           hdf5_broken(h, (uint64_t)(in.p - h->file.p), "bytes of an object header are no message");
}

static bool continuation(struct h5 *h, const struct header_walk *w, struct block b)
{
    struct span in, body;
    uint32_t sum = 0;

    if (!hdf5_at(h, b.addr, b.n, &in))
        return false;
    if (!w->new)
        return messages(h, w, in);
    if (in.n < 8 || !span_starts(in, SPAN_LITERAL("OCHK")))
        return hdf5_broken(h, b.addr, "no OCHK where an object header goes on");
    body = span_from(in, in.n - 4);
    if (!take_u32le(&body, &sum) || !hdf5_holds(span_of(in.p, in.n - 4), sum))
        return hdf5_broken(h, b.addr, "the checksum of OCHK is wrong");
    return span_sub(in, 4, in.n - 8, &body) && messages(h, w, body);
}

static bool old_header(struct h5 *h, const struct header_walk *w, uint64_t addr)
{
    struct span in;
    uint32_t size;

    if (!hdf5_at(h, addr, 16, &in) || !skip(&in, 8) || !take_u32le(&in, &size))
        return false;
    if (size == 0) /* of no message */
        return true;
    return hdf5_at(h, addr + 16, size, &in) && messages(h, w, in);
}

/* The length of what precedes the messages, from the flags; *width: of the size in it. */
static unsigned prefix_length(unsigned flags, unsigned *width)
{
    *width = 1u << (flags & 3);
    return 6 + (flags & 0x20 ? 16u : 0) + (flags & 0x10 ? 4u : 0) + *width;
}

static bool new_header(struct h5 *h, struct header_walk *w, uint64_t addr)
{
    struct span in, body;
    unsigned prefix, width;
    uint64_t size;

    if (!hdf5_at(h, addr, 6, &in))
        return false;
    if (in.p[4] != 2)
        return hdf5_broken(h, addr, "an object header of an unknown version, %u", in.p[4]);
    w->new = true;
    w->order = in.p[5] & 4;
    prefix = prefix_length(in.p[5], &width);
    if (!hdf5_at(h, addr, prefix, &in) || !skip(&in, prefix - width) ||
        !hdf5_take(&in, width, &size))
        return false;
    if (size > h->file.n)
        return hdf5_broken(h, addr, "an object header longer than the file");
    return hdf5_sealed(h, addr, prefix + size + 4, "OHDR", 2, &body) &&
           messages(h, w, span_from(body, prefix - 5));
}

bool hdf5_header(struct h5 *h, uint64_t addr,
                 bool (*each)(struct h5 *h, const struct message *m, void *arg), void *arg)
{
    struct header_walk w = { .first = h->blocks.n, .each = each, .arg = arg };
    struct span in;
    bool good;

    if (!hdf5_at(h, addr, 4, &in))
        return false;
    if (span_is(in, "OHDR"))
        good = new_header(h, &w, addr);
    else if (in.p[0] == 1)
        good = old_header(h, &w, addr);
    else
        good = hdf5_broken(h, addr, "no object header where a link leads");
    for (size_t i = w.first; good && i < h->blocks.n; i++)
        good = continuation(h, &w, h->blocks.p[i]);
    h->blocks.n = w.first;
    return good;
}

/* ---- shared messages ---- */

struct wanted {
    unsigned type;
    bool found;
    struct message *m;
};

static bool want(struct h5 *h, const struct message *m, void *arg)
{
    struct wanted *w = arg;

    (void)h;
    if (m->type != w->type || w->found)
        return !w->found;
    w->found = true;
    *w->m = *m;
    return false;
}

/* It is in another object's header: a committed datatype. */
static bool committed(struct h5 *h, struct message *m, struct span in)
{
    struct wanted w = { .type = m->type, .m = m };
    uint64_t at = m->addr, addr;

    if (!hdf5_take_addr(h, &in, &addr))
        return hdf5_broken(h, at, "a shared message is cut short");
    if (!hdf5_header(h, addr, want, &w) && !w.found)
        return false;
    if (!w.found || (m->flags & MESSAGE_SHARED))
        return hdf5_broken(h, at, "a shared message is not where it is said to be");
    return true;
}

bool hdf5_resolve(struct h5 *h, struct message *m)
{
    struct span in = m->body;
    struct fractal f;
    uint8_t version = 0, type = 0;

    if (!(m->flags & MESSAGE_SHARED))
        return true;
    if (!take_u8(&in, &version) || !take_u8(&in, &type) || version < 1 || version > 3)
        return hdf5_broken(h, m->addr, "a shared message of an unknown version, %u", version);
    m->flags &= ~MESSAGE_SHARED;
    if (version == 1 && !skip(&in, 6))
        return hdf5_broken(h, m->addr, "a shared message is cut short");
    if (version < 3 || type == 2)
        return committed(h, m, in);
    if (m->type >= 32 || h->shared_heaps[m->type] == UNDEFINED)
        return hdf5_broken(h, m->addr, "a shared message without a heap of its type");
    if (!hdf5_fractal(h, h->shared_heaps[m->type], &f) || !hdf5_fractal_object(h, &f, in, &m->body))
        return false;
    m->addr = (uint64_t)(m->body.p - h->file.p);
    return true;
}

/* Where messages of each type are kept when they are shared: "SMTB", of the superblock's own. */
static bool shared_table(struct h5 *h, const struct message *m)
{
    unsigned row = 16 + 2 * h->so;
    struct span in = m->body, body;
    uint64_t addr, n;

    if (!skip(&in, 1) || !hdf5_take_addr(h, &in, &addr) || !hdf5_take(&in, 1, &n))
        return hdf5_broken(h, m->addr, "the table of shared messages is cut short");
    if (!hdf5_at(h, addr, 8 + n * row, &in) || !span_starts(in, SPAN_LITERAL("SMTB")))
        return hdf5_broken(h, addr, "no SMTB where one is said to be");
    body = span_from(in, in.n - 4);
    if (!hdf5_take(&body, 4, &addr) || !hdf5_holds(span_of(in.p, in.n - 4), addr))
        return hdf5_broken(h, m->addr, "the checksum of SMTB is wrong");
    (void)skip(&in, 4);
    for (; n > 0; n--) {
        uint64_t types, heap;

        if (!skip(&in, 2) || !hdf5_take(&in, 2, &types) || !skip(&in, 10 + h->so) ||
            !hdf5_take_addr(h, &in, &heap))
            return hdf5_broken(h, m->addr, "the table of shared messages is cut short");
        (void)skip(&in, row - (14 + 2 * h->so));
        for (unsigned type = 0; type < 16; type++)
            if (types >> type & 1)
                h->shared_heaps[type] = heap;
    }
    return true;
}

/* ---- objects ---- */

struct object {
    struct dataset data;
    struct attributes attributes;
    bool group;
};

/* Keeps the one message of its type that an object may have. */
static bool keep(struct h5 *h, struct message *slot, const struct message *m)
{
    if (slot->type)
        return hdf5_broken(h, m->addr, "an object with two messages of type %u", m->type);
    *slot = *m;
    return hdf5_resolve(h, slot);
}

static struct message *slot_of(struct dataset *d, unsigned type)
{
    switch (type) {
    case MESSAGE_SPACE:
        return &d->space;
    case MESSAGE_TYPE:
        return &d->type;
    case MESSAGE_LAYOUT:
        return &d->layout;
    case MESSAGE_FILTERS:
        return &d->filters;
    case MESSAGE_EXTERNAL:
        return &d->external;
    case MESSAGE_FILL:
        return &d->fill;
    case MESSAGE_FILL_OLD:
        return &d->fill_old;
    default:
        return NULL;
    }
}

static void symbol_table(struct h5 *h, struct object *o, const struct message *m)
{
    struct span in = m->body;
    uint64_t tree, heap;

    o->group = true;
    if (!hdf5_take_addr(h, &in, &tree) || !hdf5_take_addr(h, &in, &heap))
        (void)hdf5_broken(h, m->addr, "a symbol table message is cut short");
    else if (hdf5_claim(h, tree, HDF5_SALT_SYMBOLS))
        hdf5_symbols(h, o->data.item, tree, heap);
}

/* ---- links and attributes that are many: a fractal heap, and trees of its objects ---- */

struct dense {
    struct object *o;
    struct fractal heap;
    bool links;
};

/* What precedes the heap's id in a record, and how long the id is; by the tree's type. */
static bool record_id(unsigned type, struct span record, bool links, struct span *id)
{
    switch (type) {
    case 5: /* hash, id */
        return links && span_sub(record, 4, 7, id);
    case 6: /* creation order, id */
        return links && span_sub(record, 8, 7, id);
    case 8: /* id, flags, creation order, hash */
    case 9: /* id, flags, creation order */
        return !links && record.n > 8 && span_sub(record, 0, 8, id); /* its flags as well */
    default:
        return false;
    }
}

static bool dense_record(struct h5 *h, unsigned type, struct span record, void *arg)
{
    struct dense *d = arg;
    uint64_t at = (uint64_t)(record.p - h->file.p), key = 0;
    struct message m = { .type = MESSAGE_ATTRIBUTE };
    struct span id, rest;
    struct fractal heap;

    if (!record_id(type, record, d->links, &id))
        return hdf5_broken(h, at, "an index of the wrong type, %u", type);
    rest = id;
    (void)hdf5_take(&rest, (unsigned)id.n, &key);
    if (!hdf5_first(h, d->heap.addr, key ^ UINT64_C(1) << 63)) /* the other index has it too */
        return h->stop == PRATIQUE_OK;
    heap = d->heap;
    if (!d->links && (record.p[8] & MESSAGE_SHARED) &&
        (h->shared_heaps[MESSAGE_ATTRIBUTE] == UNDEFINED ||
         !hdf5_fractal(h, h->shared_heaps[MESSAGE_ATTRIBUTE], &heap)))
        return hdf5_broken(h, at, "a shared attribute without its heap");
    if (!hdf5_fractal_object(h, &heap, id, &m.body))
        return h->stop == PRATIQUE_OK;
    m.addr = (uint64_t)(m.body.p - h->file.p);
    if (d->links)
        hdf5_link(h, d->o->data.item, m.body, m.addr);
    else
        hdf5_attribute(h, &d->o->attributes, m.body, m.addr);
    return h->stop == PRATIQUE_OK;
}

/* Link info and attribute info: an address of a heap, and of one tree or two. */
static void dense(struct h5 *h, struct object *o, const struct message *m)
{
    struct dense d = { .o = o, .links = m->type == MESSAGE_LINK_INFO };
    struct span in = m->body;
    uint64_t flags, heap, tree, by_order = UNDEFINED;

    if (d.links)
        o->group = true;
    if (!skip(&in, 1) || !hdf5_take(&in, 1, &flags) ||
        !skip(&in, flags & 1 ? (d.links ? 8 : 2) : 0) || !hdf5_take_addr(h, &in, &heap) ||
        !hdf5_take_addr(h, &in, &tree) || ((flags & 2) && !hdf5_take_addr(h, &in, &by_order))) {
        (void)hdf5_broken(h, m->addr, "a message of dense storage is cut short");
        return;
    }
    if (heap == UNDEFINED || !hdf5_claim(h, heap, HDF5_SALT_HEAP) ||
        !hdf5_fractal(h, heap, &d.heap))
        return;
    if (tree != UNDEFINED)
        (void)hdf5_tree(h, tree, dense_record, &d);
    if (by_order != UNDEFINED)
        (void)hdf5_tree(h, by_order, dense_record, &d);
}

static bool object_message(struct h5 *h, const struct message *m, void *arg)
{
    struct object *o = arg;
    struct message *slot = slot_of(&o->data, m->type), whole = *m;

    if (slot) {
        (void)keep(h, slot, m);
    } else if (m->type == MESSAGE_SYMBOL_TABLE) {
        symbol_table(h, o, m);
    } else if (m->type == MESSAGE_LINK_INFO || m->type == MESSAGE_ATTRIBUTE_INFO) {
        dense(h, o, m);
    } else if (m->type == MESSAGE_LINK) {
        o->group = true;
        hdf5_link(h, o->data.item, m->body, m->addr);
    } else if (m->type == MESSAGE_ATTRIBUTE) {
        if (hdf5_resolve(h, &whole))
            hdf5_attribute(h, &o->attributes, whole.body, whole.addr);
    } else if (m->type == MESSAGE_SHARED_TABLE) {
        (void)shared_table(h, m);
    }
    return h->stop == PRATIQUE_OK;
}

void hdf5_object(struct h5 *h, uint32_t item)
{
    struct object o = { .data.item = item, .attributes.item = item };
    uint64_t addr = h->queue.p[item].addr;

    if (addr != h->extension)
        hdf5_hear(h, "object", addr, SPAN_EMPTY, 0);
    arena_reset(&h->types);
    (void)hdf5_header(h, addr, object_message, &o);
    hdf5_attributes_end(h, &o.attributes);
    if (o.data.layout.type) {
        h->datasets++;
        hdf5_dataset(h, &o.data);
    } else if (o.group) {
        h->groups++;
    } else if (o.data.type.type) {
        h->types_n++;
    }
}

bool hdf5_queue(struct h5 *h, uint64_t addr, uint32_t parent, struct span name)
{
    if (addr == UNDEFINED)
        return hdf5_broken(h, 0, "a link that leads nowhere");
    if (!hdf5_first(h, addr, HDF5_SALT_OBJECT))
        return h->stop == PRATIQUE_OK;
    if (h->queue.n >= UINT32_MAX ||
        !hdf5_grow(h, (void **)&h->queue.p, h->queue.n, &h->queue.size, sizeof *h->queue.p))
        return false;
    h->queue.p[h->queue.n++] = (struct reached){ addr, name, parent };
    return true;
}

/* ---- paths ---- */

#define PARTS_MAX 24 /* of a path; deeper ones begin with "..." */

static size_t add_name(char *text, size_t size, size_t n, char before, struct span name)
{
    int most = name.n < 255 ? (int)name.n : 255;

    if (n >= size)
        return n;
    return n + (size_t)snprintf(text + n, size - n, "%c%.*s", before, most, (const char *)name.p);
}

struct span hdf5_path(const struct h5 *h, const struct place *place, char *text, size_t size)
{
    struct span parts[PARTS_MAX];
    size_t parts_n = 0, n = 0;
    uint32_t i = place->item;

    while (parts_n < PARTS_MAX && h->queue.p[i].parent != i) {
        parts[parts_n++] = h->queue.p[i].name;
        i = h->queue.p[i].parent;
    }
    if (h->queue.p[i].parent != i)
        n += (size_t)snprintf(text, size, "...");
    if (parts_n == 0)
        n = add_name(text, size, n, '/', SPAN_EMPTY);
    while (parts_n > 0)
        n = add_name(text, size, n, '/', parts[--parts_n]);
    if (place->attribute.n > 0)
        n = add_name(text, size, n, '@', place->attribute);
    return span_of(text, n < size ? n : size - 1);
}
