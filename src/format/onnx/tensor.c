/*
 * Tensors: whether the bytes they have are those that their type and shape ask for, and what they
 * name beside the model. Bodies are measured, not read.
 *
 * A library allocates by the shape and copies by the length of the data, or maps the file by
 * offset and length: each lie there has been a read or a write beyond a buffer in some runtime.
 * Sources: onnx.proto3 (TensorProto), onnx/docs/ExternalData.md, onnx/checker.cc;
 * onnxruntime/core/framework/tensor_external_data_info.cc, tensorprotoutils.h (the marker of
 * tensors in memory).
 */
#include "format/onnx/parts.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/compiler.h"
#include "format/model/model.h"
#include "format/path.h"

/* A file of more than that is beside no model. */
#define BYTES_MAX (UINT64_C(1) << 46)

struct type {
    const char *name; /* NULL: no such type */
    unsigned bits;    /* of one number; 0: strings */
    unsigned field;   /* where its numbers stand when not in raw_data */
    unsigned per;     /* entries of that field for one number, or ... */
    unsigned packs;   /* ... numbers in one entry */
};

static const struct type types[] = {
    [1] = { "float", 32, 4, 1, 1 },         [2] = { "uint8", 8, 5, 1, 1 },
    [3] = { "int8", 8, 5, 1, 1 },           [4] = { "uint16", 16, 5, 1, 1 },
    [5] = { "int16", 16, 5, 1, 1 },         [6] = { "int32", 32, 5, 1, 1 },
    [7] = { "int64", 64, 7, 1, 1 },         [8] = { "string", 0, 6, 1, 1 },
    [9] = { "bool", 8, 5, 1, 1 },           [10] = { "float16", 16, 5, 1, 1 },
    [11] = { "double", 64, 10, 1, 1 },      [12] = { "uint32", 32, 11, 1, 1 },
    [13] = { "uint64", 64, 11, 1, 1 },      [14] = { "complex64", 64, 4, 2, 1 },
    [15] = { "complex128", 128, 10, 2, 1 }, [16] = { "bfloat16", 16, 5, 1, 1 },
    [17] = { "float8e4m3fn", 8, 5, 1, 1 },  [18] = { "float8e4m3fnuz", 8, 5, 1, 1 },
    [19] = { "float8e5m2", 8, 5, 1, 1 },    [20] = { "float8e5m2fnuz", 8, 5, 1, 1 },
    [21] = { "uint4", 4, 5, 1, 2 },         [22] = { "int4", 4, 5, 1, 2 },
    [23] = { "float4e2m1", 4, 5, 1, 2 },    [24] = { "float8e8m0", 8, 5, 1, 1 },
    [25] = { "uint2", 2, 5, 1, 4 },         [26] = { "int2", 2, 5, 1, 4 },
    [27] = { "float6e2m3", 6, 5, 1, 1 },    [28] = { "float6e3m2", 6, 5, 1, 1 },
};

struct tensor {
    struct span name;
    uint64_t type;
    uint64_t elements, bytes; /* by the shape */
    uint64_t counts[16];      /* entries of each field of data, by its number */
    struct span raw;
    bool has_raw, has_segment, external, negative, overflow;
    uint64_t location; /* data_location */
};

/* ---- reading ---- */

static void add_dimension(struct tensor *t, uint64_t dim)
{
    if (dim > INT64_MAX)
        t->negative = true;
    else if (MUL_OVERFLOWS(t->elements, dim, &t->elements))
        t->overflow = true;
}

static void read_dimensions(struct tensor *t, const struct pb_field *f)
{
    struct span rest = f->body;
    uint64_t dim;

    if (f->wire == PB_VARINT)
        add_dimension(t, f->value);
    while (f->wire == PB_BYTES && rest.n > 0 && pb_take_varint(&rest, &dim))
        add_dimension(t, dim);
}

static uint64_t count_varints(struct span in)
{
    uint64_t n = 0;

    for (size_t i = 0; i < in.n; i++)
        n += !(in.p[i] & 0x80);
    return n;
}

/* How many entries one field of a repeated number adds. */
static uint64_t entries(const struct pb_field *f)
{
    if (f->wire != PB_BYTES || f->number == 6)
        return 1;
    return f->number == 4    ? f->body.n / 4
           : f->number == 10 ? f->body.n / 8
                             : count_varints(f->body);
}

static void read_field(struct tensor *t, const struct pb_field *f)
{
    switch (f->number) {
    case 1:
        read_dimensions(t, f);
        break;
    case 2:
        t->type = f->value;
        break;
    case 3:
        t->has_segment = true;
        break;
    case 4:
    case 5:
    case 6:
    case 7:
    case 10:
    case 11:
        t->counts[f->number] += entries(f);
        break;
    case 8:
        t->name = f->body;
        break;
    case 9:
        t->raw = f->body;
        t->has_raw = true;
        break;
    case 13:
        t->external = true;
        break;
    case 14:
        t->location = f->value;
        break;
    default:
        break;
    }
}

static const struct type *type_of(const struct tensor *t)
{
    return t->type < ARRAY_LEN(types) && types[t->type].name ? &types[t->type] : NULL;
}

static void measure(struct tensor *t)
{
    const struct type *type = type_of(t);
    uint64_t bits;

    if (!type || t->negative)
        return;
    t->overflow |= t->elements > INT64_MAX || MUL_OVERFLOWS(t->elements, type->bits, &bits);
    t->bytes = t->overflow ? 0 : bits / 8 + (bits % 8 != 0);
}

static struct tensor read_tensor(struct span in)
{
    struct tensor t = { .name = SPAN_EMPTY, .raw = SPAN_EMPTY, .elements = 1 };
    struct pb_field f;

    while (in.n > 0 && pb_take(&in, &f))
        read_field(&t, &f);
    measure(&t);
    return t;
}

/* ---- sizes ---- */

static void lies(struct onnx *x, uint64_t offset, const struct tensor *t, const char *why,
                 uint64_t have, uint64_t want)
{
    graph_fact(&x->tell, x->s, FACT_ONNX_TENSOR, offset, t->name,
               "%s: %" PRIu64 ", by type and shape %" PRIu64, why, have, want);
}

static void odd(struct onnx *x, uint64_t offset, const struct tensor *t, const char *why)
{
    graph_fact(&x->tell, x->s, FACT_ONNX_TENSOR, offset, t->name, "%s", why);
}

static const char *fault_of_shape(const struct tensor *t)
{
    if (!type_of(t))
        return "a type that no version of the standard has";
    if (t->negative)
        return "a negative dimension";
    if (t->overflow || t->bytes > BYTES_MAX)
        return "a shape that no memory holds";
    if (t->has_segment)
        return "a segment, which no library reads";
    return NULL;
}

/* Which of the fields with data are there; the field of the type's own is left out. */
static bool has_other_data(const struct tensor *t, unsigned field)
{
    for (unsigned i = 0; i < ARRAY_LEN(t->counts); i++)
        if (i != field && t->counts[i] > 0)
            return true;
    return false;
}

static void check_numbers(struct onnx *x, uint64_t offset, const struct tensor *t,
                          const struct type *type)
{
    uint64_t have = t->counts[type->field], want;

    if (MUL_OVERFLOWS(t->elements, type->per, &want))
        return;
    want = want / type->packs + (want % type->packs != 0);
    if (has_other_data(t, type->field))
        odd(x, offset, t, "data in a field of another type");
    else if (t->has_raw && have > 0)
        odd(x, offset, t, "data in two fields");
    else if (t->has_raw && type->bits == 0)
        odd(x, offset, t, "strings as raw data");
    else if (t->has_raw && t->raw.n != t->bytes)
        lies(x, offset, t, "bytes of raw data", t->raw.n, t->bytes);
    else if (!t->has_raw && have != want)
        lies(x, offset, t, "numbers", have, want);
}

/* ---- data beside the model ---- */

static void bad_reference(struct onnx *x, uint64_t offset, struct span subject, const char *why)
{
    graph_fact(&x->tell, x->s, FACT_ONNX_EXTERNAL_BAD, offset, subject, "%s", why);
}

/* Digits and nothing else; at most what a file can have. */
static bool read_number(struct span text, uint64_t *out)
{
    *out = 0;
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] < '0' || text.p[i] > '9' || MUL_OVERFLOWS(*out, 10u, out) ||
            ADD_OVERFLOWS(*out, (uint64_t)text.p[i] - '0', out))
            return false;
    return text.n > 0 && *out <= BYTES_MAX;
}

struct reference {
    struct span location;
    uint64_t offset, length, locations;
    unsigned seen; /* bits: the keys that were there */
    bool has_length, bad;
};

/* Runtimes take a tensor of this place from an address in their own memory: the offset. */
static bool is_in_memory(struct span location)
{
    return span_find(location, 0, SPAN_LITERAL("_ORT_MEM_ADDR_")) != SIZE_MAX;
}

static enum pratique_status add_range(struct onnx *x, struct span path, uint64_t offset)
{
    size_t more = x->ranges_size ? x->ranges_size * 2 : 64;
    struct onnx_range *grown;

    if (x->ranges_n == x->ranges_size) {
        grown = x->ranges ? scan_remap(x->s, x->ranges, x->ranges_size * sizeof *grown,
                                       more * sizeof *grown)
                          : scan_map(x->s, more * sizeof *grown);
        if (!grown)
            return scan_fail_budget(x->s, offset);
        x->ranges = grown;
        x->ranges_size = more;
    }
    x->ranges[x->ranges_n++] = (struct onnx_range){ .path = path, .offset = offset };
    return PRATIQUE_OK;
}

static enum pratique_status read_location(struct onnx *x, struct reference *r, struct span value,
                                          uint64_t offset)
{
    r->location = value;
    r->locations++;
    if (is_in_memory(value))
        graph_fact(&x->tell, x->s, FACT_ONNX_MEMORY, offset, value,
                   "its offset is taken for an address");
    return value.n > 0 ? add_range(x, value, offset) : PRATIQUE_OK;
}

static bool is_ordinary_key(struct span key)
{
    return span_is(key, "checksum") || span_is(key, "basepath") ||
           span_starts(key, SPAN_LITERAL("prepacked"));
}

static enum pratique_status read_entry(struct onnx *x, struct reference *r, struct span entry,
                                       uint64_t offset)
{
    struct span key = pb_body(entry, 1), value = pb_body(entry, 2);
    unsigned bit = span_is(key, "location") ? 1
                   : span_is(key, "offset") ? 2
                   : span_is(key, "length") ? 4
                                            : 0;

    if (bit & r->seen)
        bad_reference(x, offset, key, "a key that stands there twice");
    r->seen |= bit;
    if (bit == 1)
        return read_location(x, r, value, offset);
    if (span_is(key, "basepath") && model_path_flags(value)) /* no library takes it any more */
        return add_range(x, value, offset);
    if (bit == 0 && !is_ordinary_key(key))
        bad_reference(x, offset, key, "a key that the format does not have");
    if (bit && !read_number(value, bit == 2 ? &r->offset : &r->length)) {
        bad_reference(x, offset, value,
                      bit == 2 ? "an offset that no file has" : "a length that no file has");
        r->bad = true;
    }
    return PRATIQUE_OK;
}

/* "." and what ends in a separator name no file. */
static bool is_folder(struct span path)
{
    struct span base = path_base(path);

    return base.n == 0 || span_is(base, ".") || path.p[path.n - 1] == '/';
}

static void check_reference(struct onnx *x, uint64_t offset, const struct tensor *t,
                            const struct reference *r)
{
    if (t->location != 1)
        bad_reference(x, offset, t->name,
                      "a place beside the model, and data that is said to be here");
    else if (r->locations == 0 || r->location.n == 0)
        bad_reference(x, offset, t->name, "no place is named");
    else if (is_folder(r->location))
        bad_reference(x, offset, r->location, "a folder, where a file belongs");
    if (t->has_raw || has_other_data(t, 0))
        bad_reference(x, offset, t->name, "data here and beside the model");
    if (r->seen & 4 && !r->bad && type_of(t) && r->length != t->bytes)
        lies(x, offset, t, "bytes beside the model", r->length, t->bytes);
    if (type_of(t) && type_of(t)->bits == 0)
        odd(x, offset, t, "strings beside the model");
}

static enum pratique_status check_external(struct onnx *x, struct pb_walk *w, struct span in,
                                           const struct tensor *t)
{
    struct reference r = { .location = SPAN_EMPTY };
    enum pratique_status st = PRATIQUE_OK;
    size_t first = x->ranges_n;
    struct span rest = in;
    struct pb_field f;

    while (st == PRATIQUE_OK && rest.n > 0 && pb_take(&rest, &f))
        if (f.number == 13 && f.wire == PB_BYTES)
            st = read_entry(x, &r, f.body, pb_offset(w, f.body));
    check_reference(x, pb_offset(w, in), t, &r);
    for (; first < x->ranges_n && !r.bad; first++)
        x->ranges[first].end = r.offset + (r.seen & 4 ? r.length : t->bytes);
    return st;
}

static int order_ranges(const void *a, const void *b)
{
    const struct onnx_range *x = a, *y = b;
    int c = span_order(x->path, y->path);

    return c ? c : (x->offset > y->offset) - (x->offset < y->offset);
}

void onnx_tell_ranges(struct onnx *x)
{
    if (x->ranges_n > 0)
        qsort(x->ranges, x->ranges_n, sizeof *x->ranges, order_ranges);
    for (size_t i = 0, next; i < x->ranges_n; i = next) {
        const struct onnx_range *r = &x->ranges[i];
        uint64_t end = 0;

        for (next = i; next < x->ranges_n && span_equal(x->ranges[next].path, r->path); next++)
            end = x->ranges[next].end > end ? x->ranges[next].end : end;
        model_path(x->s, r->offset, r->path, "external data of tensors");
        facts_add(x->s->facts, &(struct fact){ .kind = FACT_ONNX_EXTERNAL,
                                               .where = x->s->where,
                                               .offset = r->offset,
                                               .number = end,
                                               .count = next - i,
                                               .subject = r->path,
                                               .detail = SPAN_LITERAL("external data") });
    }
}

enum pratique_status onnx_tensor(struct onnx *x, struct pb_walk *w, struct span in)
{
    struct tensor t = read_tensor(in);
    const char *fault = fault_of_shape(&t);
    uint64_t offset = pb_offset(w, in);

    x->tensors++;
    if (fault)
        odd(x, offset, &t, fault);
    if (t.external || t.location == 1) {
        enum pratique_status st = check_external(x, w, in, &t);

        if (st != PRATIQUE_OK)
            return st;
    } else if (t.location != 0) {
        odd(x, offset, &t, "data at a place that the format does not have");
    } else if (!fault) {
        check_numbers(x, offset, &t, type_of(&t));
    }
    return PRATIQUE_OK;
}

void onnx_tensor_raw(struct onnx *x, uint64_t offset, const struct onnx_raw *raw)
{
    struct tensor t = { .name = raw->name, .type = raw->type, .elements = 1 };
    struct span dims = raw->dims;
    const char *fault;
    uint64_t dim;

    while (take_u64le(&dims, &dim))
        add_dimension(&t, dim);
    measure(&t);
    x->tensors++;
    fault = fault_of_shape(&t);
    if (fault)
        odd(x, offset, &t, fault);
    else if (type_of(&t)->bits == 0 && raw->strings != t.elements)
        lies(x, offset, &t, "strings", raw->strings, t.elements);
    else if (type_of(&t)->bits > 0 && raw->bytes != t.bytes && !raw->beside)
        lies(x, offset, &t, "bytes of raw data", raw->bytes, t.bytes);
}
