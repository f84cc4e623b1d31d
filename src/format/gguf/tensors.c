/* The tensors: what each says of its type, shape and place, and whether its bytes are there. */
#include <inttypes.h>
#include <stdio.h>

#include "format/gguf/reader.h"
#include "format/rest.h"

#define DIMS_MAX   4 /* GGML_MAX_DIMS */
#define TIME_EACH  65536
#define HIDDEN_MAX 8  /* regions that are looked into */
#define PAD_MIN    16 /* bytes that fill up to the alignment and could hold something */

static const struct ggml_type types[] = {
#define TYPE(number, name, block, bytes) { number, name, block, bytes },
#include "format/gguf/types.def"
#undef TYPE
};

const struct ggml_type *ggml_type_find(uint32_t number)
{
    for (size_t i = 0; i < ARRAY_LEN(types); i++)
        if (types[i].number == number)
            return &types[i];
    return NULL;
}

struct tensor {
    struct span name;
    uint64_t off; /* of its description */
    uint64_t first, elements;
    uint32_t type;
    uint64_t place; /* in the data */
};

static enum pratique_status bad(struct gguf_reader *r, const struct tensor *t, const char *why)
{
    return scan_fail(r->s, PRATIQUE_E_FORMAT, t->off, "tensor %.*s: %s",
                     (int)(t->name.n < 64 ? t->name.n : 64), (const char *)t->name.p, why);
}

/* 32 bits each in version 1. */
static enum pratique_status read_shape(struct gguf_reader *r, struct tensor *t)
{
    uint32_t dims;
    uint64_t n;

    if (!gguf_u32(r, &dims))
        return gguf_cut_off(r, "a tensor's description");
    if (dims > DIMS_MAX)
        return bad(r, t, "more than four dimensions");
    t->first = 1;
    t->elements = 1;
    for (uint32_t i = 0; i < dims; i++) {
        if (!gguf_count(r, &n))
            return gguf_cut_off(r, "a tensor's description");
        if (n > INT64_MAX || MUL_OVERFLOWS(t->elements, n, &t->elements) || t->elements > INT64_MAX)
            return bad(r, t, "a shape whose product overflows");
        t->first = i == 0 ? n : t->first;
    }
    return PRATIQUE_OK;
}

static bool extents_grow(struct gguf_reader *r)
{
    struct items *list = &r->extents;
    size_t size = list->size ? list->size * 2 : 256;
    struct item *p;

    if (list->n < list->size)
        return true;
    p = list->p ? scan_remap(r->s, list->p, list->size * sizeof *p, size * sizeof *p)
                : scan_map(r->s, size * sizeof *p);
    if (!p)
        return false;
    list->p = p;
    list->size = size;
    return true;
}

/* Notes its bytes. An unknown type has an unknown number of them. */
static enum pratique_status place(struct gguf_reader *r, const struct tensor *t)
{
    const struct ggml_type *type = ggml_type_find(t->type);
    uint64_t bytes, end;

    if (!type) {
        fault_add(&r->unknown, t->off, t->name, "type %" PRIu32, t->type);
        return PRATIQUE_OK;
    }
    if (t->first % type->block != 0)
        return bad(r, t, "rows that are no whole blocks of its type");
    if (MUL_OVERFLOWS(t->elements / type->block, (uint64_t)type->bytes, &bytes) ||
        ADD_OVERFLOWS(t->place, bytes, &end))
        return bad(r, t, "a size that overflows");
    if (t->place % r->says.alignment != 0)
        return bad(r, t, "a place that is not aligned");
    if (!extents_grow(r))
        return scan_fail_budget(r->s, t->off);
    r->extents.p[r->extents.n++] = (struct item){ t->place, end, t->off };
    r->bytes_of[t->type] += bytes;
    r->parameters += t->elements;
    return PRATIQUE_OK;
}

static enum pratique_status read_tensor(struct gguf_reader *r)
{
    struct tensor t = { .off = gguf_here(r) };
    enum pratique_status st;

    if (!gguf_text(r, &t.name))
        return gguf_cut_off(r, "a tensor's name");
    st = gguf_name(r, t.name, t.off, true);
    if (st == PRATIQUE_OK)
        st = read_shape(r, &t);
    if (st != PRATIQUE_OK)
        return st;
    if (!gguf_u32(r, &t.type) || !gguf_u64(r, &t.place))
        return gguf_cut_off(r, "a tensor's description");
    return place(r, &t);
}

/* ---- the data ---- */

static uint64_t padded(uint64_t n, uint64_t alignment)
{
    uint64_t up;

    return ADD_OVERFLOWS(n, alignment - 1, &up) ? UINT64_MAX : up & ~(alignment - 1);
}

static bool is_blank(struct span bytes)
{
    for (size_t i = 0; i < bytes.n; i++)
        if (bytes.p[i] != 0)
            return false;
    return true;
}

/*
 * Bytes [from, to) that belong to no tensor: those that fill up to the alignment are zero, and
 * there are no others.
 */
static enum pratique_status gap(struct gguf_reader *r, struct span data, uint64_t from, uint64_t to)
{
    uint64_t fill = padded(from, r->says.alignment);
    struct span bytes;
    char name[48];
    int n;

    if (to > data.n)
        to = data.n;
    if (from >= to || !span_sub(data, from, to - from, &bytes))
        return PRATIQUE_OK;
    if (to <= fill && (bytes.n < PAD_MIN || is_blank(bytes)))
        return PRATIQUE_OK;
    if (r->hole.count == 0)
        fault_add(&r->hole, r->file.n - data.n + from, SPAN_EMPTY, "%zu bytes", bytes.n);
    else
        r->hole.count++;
    r->hidden += bytes.n;
    if (r->handed++ >= HIDDEN_MAX)
        return PRATIQUE_OK;
    n = snprintf(name, sizeof name, "hidden bytes at 0x%" PRIx64,
                 (uint64_t)(r->file.n - data.n) + from);
    return scan_nested(r->s, bytes, span_of(name, (size_t)n), ROLE_ANY);
}

/* The name of the tensor whose description is at off. */
static struct span name_at(struct gguf_reader *r, uint64_t off)
{
    struct gguf_reader again = *r;
    struct span name;

    again.in = span_from(r->file, off);
    return gguf_text(&again, &name) ? name : SPAN_EMPTY;
}

static enum pratique_status check_places(struct gguf_reader *r, struct span data, uint64_t *end)
{
    enum pratique_status st = PRATIQUE_OK;

    *end = 0;
    if (!items_sort(r->s, &r->extents))
        return scan_fail_budget(r->s, gguf_here(r));
    for (size_t i = 0; i < r->extents.n && st == PRATIQUE_OK; i++) {
        const struct item *t = &r->extents.p[i];

        if (t->a > *end)
            st = gap(r, data, *end, t->a);
        else if (t->a < *end && t->b > t->a)
            fault_add(&r->overlap, t->off, name_at(r, t->off),
                      "starts at %" PRIu64 ", where bytes up to %" PRIu64 " are taken", t->a, *end);
        *end = t->b > *end ? t->b : *end;
    }
    return st;
}

static enum pratique_status check_data(struct gguf_reader *r)
{
    uint64_t start = padded(gguf_here(r), r->says.alignment), end, fill;
    struct span head = r->in, data, rest;
    enum pratique_status st;

    if (start > r->file.n) {
        if (r->extents.n > 0)
            return scan_fail(r->s, PRATIQUE_E_FORMAT, r->file.n, "the tensors' bytes are missing");
        start = r->file.n;
    }
    data = span_from(r->file, start);
    head.n -= data.n;
    if (head.n >= PAD_MIN && !is_blank(head)) {
        r->hidden += head.n;
        fault_add(&r->hole, gguf_here(r), SPAN_EMPTY, "%zu bytes in front of the tensors", head.n);
    }
    st = check_places(r, data, &end);
    if (st != PRATIQUE_OK)
        return st;
    if (end > data.n)
        return scan_fail(r->s, PRATIQUE_E_FORMAT, r->file.n,
                         "the tensors take %" PRIu64 " bytes, %zu are there", end, data.n);
    if (r->unknown.count > 0)
        return PRATIQUE_OK; /* where the bytes end is not known */
    fill = padded(end, r->says.alignment);
    fill = fill < data.n ? fill : data.n;
    st = gap(r, data, end, fill);
    rest = span_from(data, fill);
    return st == PRATIQUE_OK ? scan_rest(r->s, "GGUF", start + fill, rest) : st;
}

enum pratique_status gguf_tensors(struct gguf_reader *r)
{
    for (uint64_t i = 0; i < r->tensors; i++) {
        enum pratique_status st = read_tensor(r);

        if (st != PRATIQUE_OK)
            return st;
        if (i % TIME_EACH == TIME_EACH - 1 && !budget_time(r->s->budget))
            return scan_fail_budget(r->s, gguf_here(r));
    }
    return check_data(r);
}
