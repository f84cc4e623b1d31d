/*
 * Datatypes and dataspaces: how long an element is, and where in it text or bytes of any kind
 * lie. HDF5 File Format Specification 3.0, IV.A.2.b and IV.A.2.d.
 */
#include "format/hdf5/reader.h"

#define TYPE_DEPTH_MAX 32u

static struct type *read_type(struct h5 *h, struct span *in, uint64_t addr, unsigned depth);

static bool fault(struct h5 *h, uint64_t addr)
{
    return hdf5_broken(h, addr, "a datatype is cut short, or impossible");
}

bool hdf5_is_byte(const struct type *t)
{
    if (t->class == CLASS_ENUM && t->base)
        t = t->base;
    return t->size == 1 && (t->class == CLASS_INTEGER || t->class == CLASS_BITFIELD ||
                            t->class == CLASS_OPAQUE || t->class == CLASS_STRING);
}

/* A name, filled up to a multiple of eight bytes in old versions. */
static bool skip_name(struct span *in, bool padded)
{
    struct span name;

    if (!hdf5_take_name(in, &name))
        return false;
    return !padded || skip(in, (8 - (name.n + 1) % 8) % 8);
}

/* Dimensions of a member, as version 1 has them: it is an array then. */
static bool old_dimensions(struct span *in, uint64_t *count)
{
    uint64_t rank, dims[4];

    *count = 1;
    if (!hdf5_take(in, 1, &rank) || rank > 4 || !skip(in, 11))
        return false;
    for (unsigned i = 0; i < 4; i++)
        if (!hdf5_take(in, 4, &dims[i]) || (i < rank && MUL_OVERFLOWS(*count, dims[i], count)))
            return false;
    return true;
}

static struct type *array_of(struct h5 *h, struct type *base, uint64_t count)
{
    struct type *t = arena_alloc(&h->types, sizeof *t);

    if (!t || MUL_OVERFLOWS(base->size, count, &t->size))
        return NULL;
    t->class = CLASS_ARRAY;
    t->base = base;
    t->count = count;
    t->carries = base->carries || hdf5_is_byte(base);
    return t;
}

static unsigned offset_bytes(unsigned version, uint64_t size)
{
    return version < 3 ? 4 : hdf5_log2(size) / 8 + 1;
}

static bool members(struct h5 *h, struct span *in, struct type *t, unsigned version, uint64_t n,
                    uint64_t addr, unsigned depth)
{
    struct type **last = &t->members;

    for (; n > 0; n--) {
        uint64_t off, count = 1;
        struct type *m;

        if (!hdf5_charge(h, 16) || !skip_name(in, version < 3) ||
            !hdf5_take(in, offset_bytes(version, t->size), &off) ||
            (version == 1 && !old_dimensions(in, &count)))
            return fault(h, addr);
        m = read_type(h, in, addr, depth + 1);
        if (m && version == 1 && count > 1)
            m = array_of(h, m, count);
        if (!m)
            return fault(h, addr);
        if (off > t->size || m->size > t->size - off)
            return hdf5_broken(h, addr, "a member that does not fit in its compound");
        m->off = off;
        t->carries |= m->carries || hdf5_is_byte(m);
        *last = m;
        last = &m->next;
    }
    return true;
}

/* A base, names and values; only the base matters. */
static bool enumeration(struct h5 *h, struct span *in, struct type *t, unsigned version, uint64_t n,
                        uint64_t addr, unsigned depth)
{
    uint64_t bytes;

    t->base = read_type(h, in, addr, depth + 1);
    if (!t->base)
        return false;
    for (uint64_t i = 0; i < n; i++)
        if (!hdf5_charge(h, 8) || !skip_name(in, version < 3))
            return fault(h, addr);
    return (!MUL_OVERFLOWS(n, t->base->size, &bytes) && skip(in, bytes)) || fault(h, addr);
}

static bool array(struct h5 *h, struct span *in, struct type *t, unsigned version, uint64_t addr,
                  unsigned depth)
{
    uint64_t rank, dim, size;

    t->count = 1;
    if (!hdf5_take(in, 1, &rank) || rank > RANK_MAX || !skip(in, version < 3 ? 3 : 0))
        return fault(h, addr);
    for (uint64_t i = 0; i < rank; i++)
        if (!hdf5_take(in, 4, &dim) || MUL_OVERFLOWS(t->count, dim, &t->count))
            return fault(h, addr);
    if (version < 3 && !skip(in, 4 * rank))
        return fault(h, addr);
    t->base = read_type(h, in, addr, depth + 1);
    if (!t->base)
        return false;
    t->carries = t->base->carries || hdf5_is_byte(t->base);
    return (!MUL_OVERFLOWS(t->base->size, t->count, &size) && size <= t->size) || fault(h, addr);
}

static bool properties(struct h5 *h, struct span *in, struct type *t, unsigned version,
                       uint64_t bits, uint64_t addr, unsigned depth)
{
    switch (t->class) {
    case CLASS_INTEGER:
    case CLASS_BITFIELD:
        return skip(in, 4) || fault(h, addr);
    case CLASS_FLOAT:
        return skip(in, 12) || fault(h, addr);
    case CLASS_TIME:
        return skip(in, 2) || fault(h, addr);
    case CLASS_STRING:
        t->carries = true;
        return true;
    case CLASS_OPAQUE:
        t->carries = true;
        return skip(in, bits & 0xFF) || fault(h, addr);
    case CLASS_COMPOUND:
        return members(h, in, t, version, bits & 0xFFFF, addr, depth);
    case CLASS_REFERENCE:
        return true;
    case CLASS_ENUM:
        return enumeration(h, in, t, version, bits & 0xFFFF, addr, depth);
    case CLASS_ARRAY:
        return array(h, in, t, version, addr, depth);
    case CLASS_COMPLEX:
        return read_type(h, in, addr, depth + 1) != NULL;
    case CLASS_VLEN:
        break;
    }
    t->text = (bits & 15) == 1;
    t->base = read_type(h, in, addr, depth + 1);
    t->carries = t->base && (t->text || t->base->carries || hdf5_is_byte(t->base));
    return t->base != NULL;
}

/* Depth is bounded by TYPE_DEPTH_MAX. */
static struct type *read_type(struct h5 *h, struct span *in, uint64_t addr, unsigned depth)
{
    struct type *t = arena_alloc(&h->types, sizeof *t);
    uint64_t head, bits, size;

    if (!t) {
        (void)hdf5_stop(h, scan_fail(h->s, PRATIQUE_E_NOMEM, h->base + addr, "a datatype"));
        return NULL;
    }
    if (depth > TYPE_DEPTH_MAX) {
        (void)hdf5_broken(h, addr, "a datatype nested too deeply");
        return NULL;
    }
    if (!hdf5_charge(h, 16) || !hdf5_take(in, 1, &head) || !hdf5_take(in, 3, &bits) ||
        !hdf5_take(in, 4, &size)) {
        (void)fault(h, addr);
        return NULL;
    }
    if (head >> 4 < 1 || head >> 4 > 5 || (head & 15) > CLASS_COMPLEX) {
        (void)hdf5_broken(h, addr, "a datatype of an unknown class or version, %#x",
                          (unsigned)head);
        return NULL;
    }
    t->class = (enum type_class)(head & 15);
    t->size = size;
    if (size == 0 && t->class != CLASS_STRING && t->class != CLASS_OPAQUE) {
        (void)fault(h, addr);
        return NULL;
    }
    return properties(h, in, t, (unsigned)head >> 4, bits, addr, depth) ? t : NULL;
}

struct type *hdf5_type(struct h5 *h, struct span *in, uint64_t addr)
{
    return read_type(h, in, addr, 0);
}

/* ---- dataspaces ---- */

static bool count(struct space *s)
{
    bool zero = false, over = false;

    s->n = 1;
    for (unsigned i = 0; i < s->rank; i++) {
        zero |= s->dims[i] == 0;
        over |= MUL_OVERFLOWS(s->n, s->dims[i], &s->n);
    }
    if (zero)
        s->n = 0;
    return zero || !over;
}

bool hdf5_space(struct h5 *h, struct span in, uint64_t addr, struct space *s)
{
    uint64_t version, rank, flags, type = 1;

    *s = (struct space){ 0 };
    if (!hdf5_take(&in, 1, &version) || !hdf5_take(&in, 1, &rank) || !hdf5_take(&in, 1, &flags) ||
        version < 1 || version > 2 || rank > RANK_MAX ||
        (version == 1 ? !skip(&in, 5) : !hdf5_take(&in, 1, &type)))
        return hdf5_broken(h, addr, "a dataspace of an unknown form");
    s->rank = (unsigned)rank;
    for (unsigned i = 0; i < s->rank; i++)
        if (!hdf5_take_len(h, &in, &s->dims[i]))
            return hdf5_broken(h, addr, "a dataspace is cut short");
    for (unsigned i = 0; i < s->rank; i++) {
        s->max[i] = s->dims[i];
        if ((flags & 1) && !hdf5_take_len(h, &in, &s->max[i]))
            return hdf5_broken(h, addr, "a dataspace is cut short");
        if (h->sl < 8 && s->max[i] == ((uint64_t)1 << 8 * h->sl) - 1)
            s->max[i] = UNDEFINED;
    }
    s->null = version == 2 && type == 2;
    if (!count(s))
        return hdf5_broken(h, addr, "a dataspace of more elements than can be counted");
    if (s->null)
        s->n = 0;
    return true;
}
