/*
 * joblib writes an array's bytes into the stream right behind the BUILD of its
 * NumpyArrayWrapper (joblib/numpy_pickle.py, NumpyArrayWrapper.read_array, joblib
 * 0.10 to 1.5): optional alignment padding (one byte of length and as many
 * bytes), then items x item size bytes; an array of objects is a pickle instead.
 * To find the next opcode the machine needs the wrapper's shape and dtype.
 */
#include "format/pickle/machine.h"

static struct dtype_facts *dtype_find(const struct machine *m, word w)
{
    size_t low = 0, high = m->dtypes_n;

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (m->dtypes[mid].off < word_payload(w))
            low = mid + 1;
        else
            high = mid;
    }
    return low < m->dtypes_n && m->dtypes[low].off == word_payload(w) ? &m->dtypes[low] : NULL;
}

void joblib_dtype_used(struct machine *m, word dtype)
{
    struct dtype_facts *d = dtype_find(m, dtype);

    if (d)
        d->used = true;
}

/* "f8", "i4", "U12", "V24", "O8", "M8": a kind and a number of bytes. */
static struct dtype_facts dtype_of_text(struct span text)
{
    struct dtype_facts d = { 0 };
    uint64_t n = 0;

    if (text.n && (text.p[0] == '|' || text.p[0] == '<' || text.p[0] == '>' || text.p[0] == '='))
        (void)skip(&text, 1);
    if (text.n < 2)
        return d;
    for (size_t i = 1; i < text.n; i++) {
        if (text.p[i] < '0' || text.p[i] > '9' || i > 12)
            return d;
        n = n * 10 + (uint64_t)(text.p[i] - '0');
    }
    d.known = memchr("biufcSUVaMmO", text.p[0], 12) != NULL;
    d.has_object = text.p[0] == 'O';
    d.item_size = text.p[0] == 'U' ? n * 4 : n;
    return d;
}

/* What the first argument of numpy.dtype says: a text, or numpy.void and its kin. */
static struct dtype_facts dtype_of(const struct machine *m, word w)
{
    struct span full;

    if (word_tag(w) == TAG_STR)
        return dtype_of_text(constant_bytes(m, word_payload(w)));
    if (word_tag(w) != TAG_GLOBAL)
        return (struct dtype_facts){ 0 };
    full = m->globals[word_payload(w)].full;
    return (struct dtype_facts){ .known = span_is(full, "numpy.void") ||
                                          (span_starts(full, SPAN_LITERAL("numpy.")) &&
                                           span_ends(full, SPAN_LITERAL(".record"))) };
}

bool joblib_dtype(struct machine *m, const word *args, size_t n)
{
    struct dtype_facts d = n ? dtype_of(m, args[0]) : (struct dtype_facts){ 0 };

    if (!store_fit(m, &m->dtypes_store, (m->dtypes_n + 1) * sizeof d))
        return false;
    d.off = m->op_off;
    m->dtypes = m->dtypes_store.p;
    m->dtypes[m->dtypes_n++] = d;
    return true;
}

static bool may_hold_objects(const struct machine *m, word dtype)
{
    const struct dtype_facts *d = dtype_find(m, dtype);

    return !d || !d->known || d->has_object;
}

bool joblib_field(struct machine *m, uint64_t dict, word value)
{
    const struct dtype_facts *d;
    const word *items;
    uint64_t at, reach;
    bool more;
    size_t n;

    items = ring_items(m, word_payload(value), &n, &more);
    if (items && (n == 0 || word_tag(items[0]) != TAG_DTYPE))
        return true; /* an ordinary value */
    d = items ? dtype_find(m, items[0]) : NULL;
    if (!d || n < 2 || !constant_uint(m, items[1], &at) || ADD_OVERFLOWS(at, d->item_size, &reach))
        reach = UINT64_MAX;
    return odd_add_field(
        m, dict, !items || may_hold_objects(m, items[0]) ? ODD_FIELDS | ODD_OBJECTS : ODD_FIELDS,
        reach);
}

/* A subdtype: (dtype, shape), or (dtype, one length). */
static bool subdtype_fits(const struct machine *m, word sub, uint64_t item_size, bool *objects)
{
    const struct dtype_facts *d;
    const word *items, *dims;
    size_t n, dims_n = 1;
    uint64_t size, dim;
    bool more;

    items = ring_items(m, word_payload(sub), &n, &more);
    if (word_tag(sub) != TAG_TUPLE_LIVE)
        return word_tag(sub) == TAG_ATOM; /* None */
    d = items && n == 2 ? dtype_find(m, items[0]) : NULL;
    if (!d)
        return false;
    *objects |= may_hold_objects(m, items[0]);
    dims = word_tag(items[1]) == TAG_ATOM ? &items[1]
                                          : ring_items(m, word_payload(items[1]), &dims_n, &more);
    size = d->item_size;
    for (size_t i = 0; dims && i < dims_n; i++)
        if (!constant_uint(m, dims[i], &dim) || MUL_OVERFLOWS(size, dim, &size))
            return false;
    return dims && size == item_size;
}

/* Fields, {name: (dtype, offset)}, end where the item ends or before. */
static bool fields_fit(const struct machine *m, word fields, uint64_t item_size, bool *objects)
{
    const struct odd_dict *d =
        word_tag(fields) == TAG_DICT ? odd_find(m, word_payload(fields)) : NULL;

    *objects |= d && d->flags & ODD_OBJECTS;
    return !d || !(d->flags & ODD_FIELDS) || d->reach <= item_size;
}

/*
 * (version, byte order, subdtype, names, fields, item size, alignment, flags):
 * an item size of -1 stands for the one in the name. numpy believes all of it: a
 * dtype of objects without its flags (NPY_ITEM_HASOBJECT 1, NPY_LIST_PICKLE 2)
 * has bytes of the file taken for pointers, and a field may lie beyond its item.
 */
bool joblib_dtype_state(struct machine *m, word dtype, word state)
{
    struct dtype_facts *d = dtype_find(m, dtype);
    bool objects, sound, more, sized;
    uint64_t size, flags = 0;
    const word *items;
    size_t n;

    items = ring_items(m, word_payload(state), &n, &more);
    if (!d || d->used) /* numpy gives a dtype its state once, before anything has it */
        return false;
    d->used = true;
    if ((word_tag(state) != TAG_TUPLE && word_tag(state) != TAG_TUPLE_LIVE) || !items || n < 7) {
        d->known = false;
        return true; /* no state that numpy writes */
    }
    objects = may_hold_objects(m, dtype);
    sized = constant_uint(m, items[5], &size);
    sound = !sized || !d->known || d->item_size == 0 || size == d->item_size;
    if (sized)
        d->item_size = size;
    sound &= subdtype_fits(m, items[2], d->item_size, &objects);
    sound &= fields_fit(m, items[4], d->item_size, &objects);
    d->has_object |= objects;
    return sound && (n < 8 || !objects || (constant_uint(m, items[7], &flags) && (flags & 3) == 3));
}

static void state_shape(struct machine *m, word w)
{
    struct array_shape *a = &m->array;
    bool more;
    size_t n;
    const word *items = ring_items(m, word_payload(w), &n, &more);

    if ((word_tag(w) != TAG_TUPLE && word_tag(w) != TAG_TUPLE_LIVE) || !items)
        return;
    a->items = 1;
    for (size_t i = 0; i < n; i++) {
        uint64_t dim;

        if (!constant_uint(m, items[i], &dim))
            return;
        a->too_large |= MUL_OVERFLOWS(a->items, dim, &a->items);
    }
    a->has_shape = true;
}

static void state_dtype(struct machine *m, word w)
{
    const struct dtype_facts *d = word_tag(w) == TAG_DTYPE ? dtype_find(m, w) : NULL;

    if (!d || !d->known)
        return;
    m->array.item_size = d->item_size;
    m->array.has_object = d->has_object;
    m->array.has_dtype = true;
}

void joblib_state(struct machine *m, uint64_t dict, const word *items, size_t n)
{
    if (m->array.dict != dict)
        m->array = (struct array_shape){ .dict = dict };
    for (size_t i = 0; i + 1 < n; i += 2) {
        struct span key;

        if (word_tag(items[i]) != TAG_STR)
            continue;
        key = constant_bytes(m, word_payload(items[i]));
        if (span_is(key, "shape"))
            state_shape(m, items[i + 1]);
        else if (span_is(key, "dtype"))
            state_dtype(m, items[i + 1]);
        else if (span_is(key, "numpy_array_alignment_bytes"))
            m->array.aligned = constant_uint(m, items[i + 1], &(uint64_t){ 0 });
    }
}

bool joblib_is_wrapper(const struct machine *m, word object)
{
    return word_tag(object) == TAG_OBJECT &&
           m->globals[word_payload(object)].special == SPECIAL_ARRAY_WRAPPER;
}

/* An array of objects: a whole pickle of its own, read by pickle.load. */
static bool skip_objects(struct machine *m, struct span *rest)
{
    struct pickle_options options = { 0 };
    struct pickle_end end;
    uint64_t off = m->in.n - rest->n;
    enum pratique_status st;

    /* joblib writes this one with pickle itself: no arrays behind wrappers in it. */
    st = pickle_run(m->scan, *rest, m->base + off, &options, &end);
    if (st == PRATIQUE_E_LIMIT || st == PRATIQUE_E_NOMEM)
        m->status = st;
    return end.stop && skip(rest, end.consumed);
}

bool joblib_skip_array(struct machine *m, word state)
{
    const struct array_shape *a = &m->array;
    struct span rest = m->rest;
    uint64_t bytes;
    uint8_t padding;

    m->fault = "the array behind a joblib wrapper cannot be measured";
    if (word_tag(state) != TAG_DICT || a->dict != word_payload(state) || !a->has_shape ||
        !a->has_dtype || a->too_large)
        return false;
    if (a->has_object) {
        if (!skip_objects(m, &rest))
            return false;
    } else {
        m->fault = "the array behind a joblib wrapper is cut off";
        if (MUL_OVERFLOWS(a->items, a->item_size, &bytes) ||
            (a->aligned && (!take_u8(&rest, &padding) || !skip(&rest, padding))) ||
            !skip(&rest, bytes))
            return false;
    }
    if (m->arrays++ == 0)
        m->first_array = m->in.n - m->rest.n;
    m->rest = rest;
    m->fault = NULL;
    return true;
}
