/*
 * Which values are tensors, and of what: torch/_utils.py (_rebuild_tensor and its like),
 * torch/_tensor.py (_reduce_ex_internal), torch/serialization.py (persistent ids), PyTorch 0.1.10
 * to 2.15.
 */
#include "format/torch/simple.h"
#include "trust/convert/convert.h"

#define WRAPPED_MAX 8 /* a parameter of a tensor: one in another */

const struct dtype_row dtypes[DTYPES] = {
#define DTYPE(name, torch, storage, bytes, swapped) { #name, torch, storage, bytes, swapped },
#include "trust/convert/convert_dtypes.def"
#undef DTYPE
};

/* At most max items of a container into list; how many there are. */
static uint32_t spread(const struct values *v, ref container, ref *list, uint32_t max)
{
    const struct value *x = value_at(v, container);
    ref at = x->u.items.first, item;
    uint32_t n = 0;

    while (n < max && items_next(v, &at, &item))
        list[n++] = item;
    return x->n;
}

static bool is_kind(const struct values *v, ref r, enum value_kind kind)
{
    return r != 0 && value_at(v, r)->kind == kind;
}

static bool get_uint(const struct values *v, ref r, uint64_t *out)
{
    *out = (uint64_t)value_at(v, r)->u.number;
    return is_kind(v, r, VALUE_INT) && value_at(v, r)->u.number >= 0;
}

static bool get_text(const struct values *v, ref r, enum value_kind kind, struct span *out)
{
    bool is = is_kind(v, r, kind);

    *out = is ? value_text(value_at(v, r)) : SPAN_EMPTY;
    return is;
}

/* ---- storages ---- */

unsigned tensor_storage_type(struct span type, enum dtype *dtype)
{
    struct span name = type;

    for (size_t i = type.n; i > 0; i--)
        if (type.p[i - 1] == '.') {
            name = span_from(type, i);
            break;
        }
    *dtype = span_is(name, "UntypedStorage") ? DTYPE_U8 : DTYPES;
    for (unsigned i = 0; i < DTYPES; i++)
        if (name.n > 0 && span_is(name, dtypes[i].storage))
            *dtype = (enum dtype)i;
    return (unsigned)torch_element_size(type);
}

static bool view_of(const struct values *v, ref r, struct storage_id *out)
{
    ref parts[3];

    if (is_kind(v, r, VALUE_NONE))
        return true;
    out->is_view = true;
    return is_kind(v, r, VALUE_TUPLE) && spread(v, r, parts, 3) == 3 &&
           get_uint(v, parts[1], &out->view_from) && get_uint(v, parts[2], &out->view_count);
}

bool tensor_storage_id(const struct values *v, ref persid, struct storage_id *out)
{
    ref parts[6] = { 0 }, id = value_at(v, persid)->u.id;
    struct span word;
    uint32_t n;

    *out = (struct storage_id){ .type = SPAN_EMPTY };
    if (!is_kind(v, persid, VALUE_PERSID) || !is_kind(v, id, VALUE_TUPLE))
        return false;
    n = spread(v, id, parts, 6);
    return (n == 5 || n == 6) && get_text(v, parts[0], VALUE_STR, &word) &&
           span_is(word, "storage") && get_text(v, parts[1], VALUE_GLOBAL, &out->type) &&
           get_text(v, parts[2], VALUE_STR, &out->key) &&
           get_text(v, parts[3], VALUE_STR, &out->location) && get_uint(v, parts[4], &out->count) &&
           (n == 5 || view_of(v, parts[5], out));
}

/* ---- shapes ---- */

static enum tensor_is cannot(const char **why, const char *text)
{
    *why = text ? text : "out of memory";
    return TENSOR_CANNOT;
}

static const char strange[] = "a tensor whose arguments are not those that torch writes";

static bool get_uints(struct checkpoint *c, ref r, uint32_t *n, const uint64_t **out)
{
    const struct values *v = &c->values;
    ref at = value_at(v, r)->u.items.first, item;
    uint64_t *list;

    *n = value_at(v, r)->n;
    if (!is_kind(v, r, VALUE_TUPLE) || *n > CONVERT_DIMS_MAX)
        return false;
    list = arena_array(&c->arena, *n, sizeof *list);
    *out = list;
    for (uint32_t i = 0; list && i < *n; i++)
        if (!items_next(v, &at, &item) || !get_uint(v, item, &list[i]))
            return false;
    return list != NULL;
}

/* Whether row after row follows without a gap. Where a dimension is 1 its stride means nothing. */
static bool is_dense(const struct tensor *t)
{
    uint64_t next = 1;

    for (uint32_t i = t->dims; i > 0; i--) {
        if (t->shape[i - 1] != 1 && t->stride[i - 1] != next)
            return false;
        next *= t->shape[i - 1]; /* no more than count, which did not overflow */
    }
    return true;
}

/* How many elements there are, and how far the last is from the first. False: past 2^64. */
static bool measure(const struct tensor *t, uint64_t *count, uint64_t *reach)
{
    *count = 1;
    *reach = 0;
    for (uint32_t i = 0; i < t->dims; i++)
        if (MUL_OVERFLOWS(*count, t->shape[i], count))
            return false;
    for (uint32_t i = 0; *count && i < t->dims; i++) {
        uint64_t far;

        if (MUL_OVERFLOWS(t->shape[i] - 1, t->stride[i], &far) || ADD_OVERFLOWS(*reach, far, reach))
            return false;
    }
    return true;
}

static enum tensor_is past(struct checkpoint *c)
{
    (void)checkpoint_fail(c, PRATIQUE_E_FORMAT, PRATIQUE_NO_OFFSET,
                          "the tensor %.80s reaches past its storage: the file is damaged, or made "
                          "to mislead",
                          c->path.n ? c->path.p : "");
    return TENSOR_BROKEN;
}

/* The bytes that it takes of its storage, which begins at base and has so many. */
static enum tensor_is lay_out(struct checkpoint *c, struct tensor *t, uint64_t offset,
                              uint64_t base, uint64_t bytes)
{
    uint64_t size = dtypes[t->dtype].bytes, count, reach, last;

    if (!measure(t, &count, &reach) || MUL_OVERFLOWS(count, size, &t->bytes))
        return past(c);
    t->dense = count == 0 || is_dense(t);
    if (count == 0)
        return TENSOR_OK;
    if (ADD_OVERFLOWS(offset, reach, &last) || ADD_OVERFLOWS(last, 1, &last) ||
        MUL_OVERFLOWS(last, size, &last) || last > bytes)
        return past(c);
    t->start = base + offset * size;
    t->end = base + last;
    return TENSOR_OK;
}

/* ---- the storage of a tensor ---- */

static bool lost(struct checkpoint *c, struct span key, uint64_t want, uint64_t have)
{
    return checkpoint_fail(c, PRATIQUE_E_FORMAT, PRATIQUE_NO_OFFSET,
                           "the storage %.*s has %llu bytes, and the pickle says %llu: the file is "
                           "damaged or cut off",
                           (int)(key.n < 60 ? key.n : 60), (const char *)key.p,
                           (unsigned long long)have, (unsigned long long)want);
}

/* Finds the bytes: the blob, and the part of it that is the storage. False: the error is set. */
static bool locate(struct checkpoint *c, const struct storage_id *id, unsigned size,
                   struct tensor *t, uint64_t *base, uint64_t *bytes)
{
    uint64_t whole, end;

    *base = *bytes = 0;
    if (id->key.n > 0 && memchr(id->key.p, 0, id->key.n))
        return checkpoint_fail(c, PRATIQUE_E_FORMAT, PRATIQUE_NO_OFFSET,
                               "a storage's key has a NUL in it, where torch ends it: it would "
                               "read another one");
    t->blob = source_find(c, id->key);
    if (MUL_OVERFLOWS(id->count, (uint64_t)size, &whole))
        return lost(c, id->key, UINT64_MAX, 0);
    if (t->blob == UINT32_MAX)
        return whole == 0 ||
               checkpoint_fail(c, PRATIQUE_E_FORMAT, PRATIQUE_NO_OFFSET,
                               "the storage %.*s is missing: the file is damaged or "
                               "cut off",
                               (int)(id->key.n < 60 ? id->key.n : 60), (const char *)id->key.p);
    if (c->blobs[t->blob].bytes != whole)
        return lost(c, id->key, whole, c->blobs[t->blob].bytes);
    *bytes = whole;
    if (!id->is_view)
        return true;
    if (MUL_OVERFLOWS(id->view_from, (uint64_t)size, base) ||
        MUL_OVERFLOWS(id->view_count, (uint64_t)size, bytes) ||
        ADD_OVERFLOWS(*base, *bytes, &end) || end > whole)
        return lost(c, id->key, UINT64_MAX, whole);
    return true;
}

/* ---- rebuilding ---- */

/* {"conj": True}, {"neg": True}. */
static bool get_flags(const struct values *v, ref r, unsigned *flags)
{
    ref at = value_at(v, r)->u.items.first, key, set;
    struct span word;

    *flags = 0;
    if (r == 0 || is_kind(v, r, VALUE_NONE))
        return true;
    if (!is_kind(v, r, VALUE_DICT))
        return false;
    while (items_next(v, &at, &key) && items_next(v, &at, &set)) {
        unsigned flag = get_text(v, key, VALUE_STR, &word) && span_is(word, "conj")
                            ? TENSOR_CONJUGATE
                        : span_is(word, "neg") ? TENSOR_NEGATIVE
                                               : 0;

        if (!flag || !is_kind(v, set, VALUE_BOOL))
            return false;
        *flags = value_at(v, set)->u.number ? *flags | flag : *flags & ~flag;
    }
    return true;
}

static bool flags_fit(enum dtype dtype, unsigned flags)
{
    bool real =
        dtype == DTYPE_F64 || dtype == DTYPE_F32 || dtype == DTYPE_F16 || dtype == DTYPE_BF16;

    return !flags || dtype == DTYPE_C64 || (real && flags == TENSOR_NEGATIVE);
}

static enum dtype dtype_named(struct span name)
{
    struct span torch;

    if (!take(&name, 6, &torch) || !span_is(torch, "torch."))
        return DTYPES;
    for (unsigned i = 0; i < DTYPES; i++)
        if (span_is(name, dtypes[i].torch))
            return (enum dtype)i;
    return DTYPES;
}

static enum tensor_is no_dtype(struct checkpoint *c, struct span name, const char **why)
{
    return cannot(why, arena_printf(&c->arena, "safetensors has no dtype for it (%.*s)",
                                    (int)(name.n < 80 ? name.n : 80), (const char *)name.p));
}

/* (storage, offset, size, stride, requires_grad, hooks[, dtype][, metadata]) */
static enum tensor_is rebuild(struct checkpoint *c, ref args, bool v3, struct tensor *t,
                              const char **why)
{
    const struct values *v = &c->values;
    ref a[8] = { 0 };
    uint32_t n = spread(v, args, a, 8), strides;
    struct storage_id id;
    struct span name;
    uint64_t offset, base, bytes;
    unsigned size;

    if (n < (v3 ? 7u : 4u) || n > (v3 ? 8u : 7u) || !tensor_storage_id(v, a[0], &id) ||
        !get_uint(v, a[1], &offset) || !get_flags(v, v3 ? a[7] : a[6], &t->flags))
        return cannot(why, strange);
    if (!get_uints(c, a[2], &t->dims, &t->shape) || !get_uints(c, a[3], &strides, &t->stride) ||
        strides != t->dims)
        return cannot(why, strange);
    if (span_is(id.location, "meta"))
        return cannot(why, "it is on the meta device and has no data");
    size = tensor_storage_type(id.type, &t->dtype);
    name = id.type;
    if (v3) {
        if (!get_text(v, a[6], VALUE_GLOBAL, &name))
            return cannot(why, strange);
        t->dtype = dtype_named(name);
    }
    if (size == 0 || t->dtype == DTYPES)
        return no_dtype(c, name, why);
    if (!flags_fit(t->dtype, t->flags) || (t->dtype == DTYPE_F4 && t->dims == 0))
        return cannot(why, strange);
    if (!locate(c, &id, size, t, &base, &bytes))
        return TENSOR_BROKEN;
    return lay_out(c, t, offset, base, bytes);
}

static const char *not_dense(enum known known)
{
    switch (known) {
    case KNOWN_SPARSE:
        return "a sparse tensor: save it as tensor.to_dense()";
    case KNOWN_QUANTIZED:
        return "a quantized tensor: save its tensor.int_repr() and its scales, or dequantize() it";
    case KNOWN_NESTED:
        return "a nested tensor: save its parts, or to_padded_tensor()";
    case KNOWN_META:
        return "it is on the meta device and has no data";
    case KNOWN_DEVICE:
        return "a tensor of a device that torch rebuilds from another: save it as tensor.cpu()";
    default:
        return "a tensor of a class of its own: save what it consists of";
    }
}

/* A call whose result is the same tensor as another call's: that one's function and arguments. */
static bool unwrap(const struct values *v, ref *callee, ref *args, const char **why)
{
    enum known known = (enum known)value_at(v, *callee)->known;
    ref a[4] = { 0 };
    uint32_t n = spread(v, *args, a, 4);
    const struct value *inner = value_at(v, a[0]);

    *why = strange;
    if (known == KNOWN_PARAMETER) {
        if (n < 1 || inner->kind != VALUE_OBJECT || inner->state)
            return false;
        *callee = inner->u.made.callee;
        *args = inner->u.made.args;
        return true;
    }
    if (n != 4 || !is_kind(v, a[2], VALUE_TUPLE))
        return false;
    *why = not_dense(KNOWN_SUBCLASS);
    *callee = a[0];
    *args = a[2];
    return is_kind(v, a[1], VALUE_GLOBAL) && value_at(v, a[1])->known == KNOWN_TENSOR_CLASS;
}

enum tensor_is tensor_of(struct checkpoint *c, ref r, struct tensor *out, const char **why)
{
    const struct values *v = &c->values;
    const struct value *x = value_at(v, r);
    ref callee = x->u.made.callee, args = x->u.made.args;

    *out = (struct tensor){ .name = SPAN_EMPTY, .dtype = DTYPES, .blob = UINT32_MAX };
    *why = strange;
    if (x->kind != VALUE_OBJECT)
        return TENSOR_NOT;
    for (unsigned depth = 0; depth < WRAPPED_MAX; depth++) {
        enum known known = (enum known)value_at(v, callee)->known;

        if (!is_kind(v, callee, VALUE_GLOBAL) || known < KNOWN_TENSOR ||
            known == KNOWN_TENSOR_CLASS)
            return depth ? TENSOR_CANNOT : TENSOR_NOT;
        if (x->state || value_at(v, callee)->state)
            return cannot(why, "a tensor that is given state after it was made");
        if (known == KNOWN_TENSOR || known == KNOWN_TENSOR_V3)
            return rebuild(c, args, known == KNOWN_TENSOR_V3, out, why);
        if (known != KNOWN_PARAMETER && known != KNOWN_FROM_TYPE)
            return cannot(why, not_dense(known));
        if (!unwrap(v, &callee, &args, why))
            return TENSOR_CANNOT;
    }
    return TENSOR_CANNOT;
}
