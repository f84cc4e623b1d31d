/*
 * The JSON of a safetensors header, by RFC 8259 and the format's own rules: one
 * object; "__metadata__" maps strings to strings; every other key names a tensor
 * with exactly dtype, shape and data_offsets. Nothing nests deeper, so nothing
 * recurses. Stricter than the library: fields it would ignore, escapes in field
 * names and a null for __metadata__ are refused; nobody writes them.
 */
#include "format/safetensors/header.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/utf8.h"

struct reader {
    struct scan *s;
    struct span in; /* what is left of the header */
    uint64_t end;   /* offset in the file at which the header ends */
    struct header *h;
};

struct string {
    struct span raw; /* between the quotes */
    uint64_t hash;   /* of the characters, escapes resolved */
    bool escaped;
};

struct tensor {
    bool has_dtype, has_shape, has_offsets;
    unsigned bits; /* of one element; 0: unknown dtype */
    struct span dtype;
    uint64_t elements, start, end;
};

/* Bits of one element: enum Dtype of the library, version 0.8. */
static const struct {
    const char *name;
    unsigned bits;
} dtypes[] = {
    { "F32", 32 },        { "BF16", 16 },       { "F16", 16 }, { "I64", 64 },    { "F64", 64 },
    { "I32", 32 },        { "U8", 8 },          { "I8", 8 },   { "BOOL", 8 },    { "I16", 16 },
    { "U16", 16 },        { "U32", 32 },        { "U64", 64 }, { "F8_E4M3", 8 }, { "F8_E5M2", 8 },
    { "F8_E8M0", 8 },     { "C64", 64 },        { "F4", 4 },   { "F6_E2M3", 6 }, { "F6_E3M2", 6 },
    { "F8_E4M3FNUZ", 8 }, { "F8_E5M2FNUZ", 8 },
};

#define HASH_START UINT64_C(0xcbf29ce484222325)
#define HASH_PRIME UINT64_C(0x100000001b3)
/* Names of __metadata__ are another namespace than those of tensors. */
#define HASH_METADATA UINT64_C(0x9e3779b97f4a7c15)

static uint64_t hash_bytes(uint64_t h, const uint8_t *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        h = (h ^ p[i]) * HASH_PRIME;
    return h;
}

static uint64_t here(const struct reader *r)
{
    return r->end - r->in.n;
}

static enum pratique_status bad(struct reader *r, const char *what)
{
    return scan_fail(r->s, PRATIQUE_E_FORMAT, here(r), "header: %s", what);
}

static void skip_space(struct reader *r)
{
    size_t n = 0;

    while (n < r->in.n &&
           (r->in.p[n] == ' ' || r->in.p[n] == '\n' || r->in.p[n] == '\r' || r->in.p[n] == '\t'))
        n++;
    (void)skip(&r->in, n);
}

/* Consumes c, with the space before it. */
static bool punct(struct reader *r, char c)
{
    skip_space(r);
    return r->in.n > 0 && r->in.p[0] == (uint8_t)c && skip(&r->in, 1);
}

static bool take_hex4(struct span *in, uint32_t *out)
{
    struct span digits;

    *out = 0;
    if (!take(in, 4, &digits))
        return false;
    for (size_t i = 0; i < 4; i++) {
        uint8_t c = digits.p[i];
        uint32_t v = c >= '0' && c <= '9'   ? c - (uint32_t)'0'
                     : c >= 'a' && c <= 'f' ? c - (uint32_t)'a' + 10
                     : c >= 'A' && c <= 'F' ? c - (uint32_t)'A' + 10
                                            : 16;

        if (v > 15)
            return false;
        *out = *out << 4 | v;
    }
    return true;
}

/* The code point of \uXXXX, or of a surrogate pair of them; *in stands behind the first 'u'. */
static bool take_unicode(struct span *in, uint32_t *out)
{
    uint32_t low;

    if (!take_hex4(in, out) || (*out >= 0xDC00 && *out <= 0xDFFF))
        return false;
    if (*out < 0xD800 || *out > 0xDFFF)
        return true;
    if (!span_starts(*in, SPAN_LITERAL("\\u")) || !skip(in, 2) || !take_hex4(in, &low) ||
        low < 0xDC00 || low > 0xDFFF)
        return false;
    *out = 0x10000 + ((*out - 0xD800) << 10) + (low - 0xDC00);
    return true;
}

/* Reads an escape behind its backslash and adds its character to the hash. */
static bool take_escape(struct span *in, uint64_t *hash)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    const char *at;
    uint8_t c, utf8[4];
    uint32_t point;

    if (!take_u8(in, &c))
        return false;
    if (c == 'u') {
        if (!take_unicode(in, &point))
            return false;
        *hash = hash_bytes(*hash, utf8, utf8_put(point, utf8));
        return true;
    }
    at = c ? strchr(from, c) : NULL;
    if (!at)
        return false;
    *hash = hash_bytes(*hash, (const uint8_t *)&to[at - from], 1);
    return true;
}

static enum pratique_status read_string(struct reader *r, struct string *out)
{
    struct span start;

    *out = (struct string){ .raw = SPAN_EMPTY, .hash = HASH_START };
    if (!punct(r, '"'))
        return bad(r, "a string is missing");
    start = r->in;
    while (r->in.n > 0 && r->in.p[0] != '"') {
        uint32_t point;
        size_t n = utf8_decode(r->in, &point);

        if (n == 0)
            return bad(r, "bytes that are not UTF-8");
        if (point < 0x20)
            return bad(r, "a control character in a string");
        if (point != '\\')
            out->hash = hash_bytes(out->hash, r->in.p, n);
        (void)skip(&r->in, n);
        if (point == '\\' && !take_escape(&r->in, &out->hash))
            return bad(r, "a broken escape in a string");
        out->escaped |= point == '\\';
    }
    (void)take(&start, start.n - r->in.n, &out->raw);
    return skip(&r->in, 1) ? PRATIQUE_OK : bad(r, "a string does not end");
}

static enum pratique_status read_number(struct reader *r, uint64_t *out)
{
    size_t n = 0;

    *out = 0;
    skip_space(r);
    for (; n < r->in.n && r->in.p[n] >= '0' && r->in.p[n] <= '9'; n++)
        if (MUL_OVERFLOWS(*out, 10u, out) || ADD_OVERFLOWS(*out, (uint64_t)r->in.p[n] - '0', out))
            return bad(r, "a number past 64 bits");
    if (n == 0 || (n > 1 && r->in.p[0] == '0'))
        return bad(r, "a whole number is missing");
    (void)skip(&r->in, n);
    return PRATIQUE_OK;
}

static enum pratique_status items_add(struct scan *s, struct items *list, struct item item)
{
    size_t size = list->size ? list->size * 2 : 1024;
    struct item *grown;

    if (list->n == list->size) {
        grown = scan_map(s, size * sizeof *grown);
        if (!grown)
            return scan_fail_budget(s, item.off);
        if (list->n)
            memcpy(grown, list->p, list->n * sizeof *grown);
        scan_unmap(s, list->p, list->size * sizeof *grown);
        list->p = grown;
        list->size = size;
    }
    list->p[list->n++] = item;
    return PRATIQUE_OK;
}

static void items_free(struct scan *s, struct items *list)
{
    scan_unmap(s, list->p, list->size * sizeof *list->p);
    *list = (struct items){ 0 };
}

static enum pratique_status read_dtype(struct reader *r, struct tensor *t)
{
    struct string value;
    enum pratique_status st = read_string(r, &value);

    if (st != PRATIQUE_OK)
        return st;
    t->dtype = value.raw;
    for (size_t i = 0; i < ARRAY_LEN(dtypes); i++)
        if (span_is(value.raw, dtypes[i].name))
            t->bits = dtypes[i].bits;
    return PRATIQUE_OK;
}

/* Multiplies from the left as the library does: a zero does not undo an overflow before it. */
static enum pratique_status read_shape(struct reader *r, struct tensor *t)
{
    enum pratique_status st;
    uint64_t dim;

    t->elements = 1;
    if (!punct(r, '['))
        return bad(r, "a shape that is no list");
    if (punct(r, ']'))
        return PRATIQUE_OK;
    do {
        st = read_number(r, &dim);
        if (st != PRATIQUE_OK)
            return st;
        if (MUL_OVERFLOWS(t->elements, dim, &t->elements))
            return bad(r, "a shape with more elements than 64 bits count");
    } while (punct(r, ','));
    return punct(r, ']') ? PRATIQUE_OK : bad(r, "a shape that does not end");
}

static enum pratique_status read_offsets(struct reader *r, struct tensor *t)
{
    enum pratique_status st;

    if (!punct(r, '['))
        return bad(r, "data_offsets that are no list");
    st = read_number(r, &t->start);
    if (st == PRATIQUE_OK && !punct(r, ','))
        st = bad(r, "data_offsets are not two numbers");
    if (st == PRATIQUE_OK)
        st = read_number(r, &t->end);
    if (st == PRATIQUE_OK && !punct(r, ']'))
        st = bad(r, "data_offsets are not two numbers");
    if (st == PRATIQUE_OK && t->end < t->start)
        st = bad(r, "a tensor that ends before it starts");
    return st;
}

static enum pratique_status read_field(struct reader *r, struct tensor *t)
{
    struct string key;
    enum pratique_status st = read_string(r, &key);
    bool *seen;

    if (st != PRATIQUE_OK)
        return st;
    seen = span_is(key.raw, "dtype")          ? &t->has_dtype
           : span_is(key.raw, "shape")        ? &t->has_shape
           : span_is(key.raw, "data_offsets") ? &t->has_offsets
                                              : NULL;
    if (!seen)
        return bad(r, "a tensor has a field besides dtype, shape and data_offsets");
    if (*seen)
        return bad(r, "a tensor has a field twice");
    *seen = true;
    if (!punct(r, ':'))
        return bad(r, "a colon is missing");
    return seen == &t->has_dtype   ? read_dtype(r, t)
           : seen == &t->has_shape ? read_shape(r, t)
                                   : read_offsets(r, t);
}

static void fault_add(struct fault *f, uint64_t off, struct span name, const char *fmt, ...)
    PRINTF_LIKE(4, 5);

static void fault_add(struct fault *f, uint64_t off, struct span name, const char *fmt, ...)
{
    va_list ap;

    if (f->count++ > 0)
        return;
    f->off = off;
    f->name = name;
    va_start(ap, fmt);
    (void)vsnprintf(f->detail, sizeof f->detail, fmt, ap);
    va_end(ap);
}

/* Compares what type and shape say with the tensor's range. */
static void check_size(struct reader *r, const struct tensor *t, struct span name, uint64_t off)
{
    uint64_t bits;

    if (t->bits == 0)
        fault_add(&r->h->dtype, off, name, "type %.*s", (int)(t->dtype.n < 64 ? t->dtype.n : 64),
                  (const char *)t->dtype.p);
    else if (MUL_OVERFLOWS(t->elements, (uint64_t)t->bits, &bits))
        fault_add(&r->h->size, off, name,
                  "%" PRIu64 " elements of %u bits are more than 64 bits count", t->elements,
                  t->bits);
    else if (bits % 8 != 0 || bits / 8 != t->end - t->start)
        fault_add(&r->h->size, off, name, "%" PRIu64 " elements of %u bits in %" PRIu64 " bytes",
                  t->elements, t->bits, t->end - t->start);
}

static enum pratique_status read_tensor(struct reader *r, const struct string *name, uint64_t off)
{
    struct tensor t = { .dtype = SPAN_EMPTY };
    enum pratique_status st;

    if (!punct(r, '{'))
        return bad(r, "a tensor's entry is no object");
    do {
        st = read_field(r, &t);
        if (st != PRATIQUE_OK)
            return st;
    } while (punct(r, ','));
    if (!punct(r, '}'))
        return bad(r, "a tensor's entry does not end");
    if (!t.has_dtype || !t.has_shape || !t.has_offsets)
        return bad(r, "a tensor lacks dtype, shape or data_offsets");
    check_size(r, &t, name->raw, off);
    return items_add(r->s, &r->h->tensors, (struct item){ t.start, t.end, off });
}

static enum pratique_status read_metadata(struct reader *r)
{
    struct string key, value;
    enum pratique_status st;

    if (!punct(r, '{'))
        return bad(r, "__metadata__ is no object");
    if (punct(r, '}'))
        return PRATIQUE_OK;
    do {
        uint64_t off;

        skip_space(r);
        off = here(r);
        st = read_string(r, &key);
        if (st == PRATIQUE_OK && !punct(r, ':'))
            st = bad(r, "a colon is missing");
        if (st == PRATIQUE_OK)
            st = read_string(r, &value);
        if (st == PRATIQUE_OK)
            st = items_add(r->s, &r->h->names, (struct item){ key.hash ^ HASH_METADATA, 0, off });
        if (st != PRATIQUE_OK)
            return st;
        r->h->metadata++;
    } while (punct(r, ','));
    return punct(r, '}') ? PRATIQUE_OK : bad(r, "__metadata__ does not end");
}

static enum pratique_status read_entry(struct reader *r)
{
    static const struct span metadata = { (const uint8_t *)"__metadata__", 12 };
    struct string name;
    enum pratique_status st;
    uint64_t off;

    skip_space(r);
    off = here(r);
    st = read_string(r, &name);
    if (st == PRATIQUE_OK && !punct(r, ':'))
        st = bad(r, "a colon is missing");
    if (st == PRATIQUE_OK && name.escaped && name.hash == hash_bytes(HASH_START, metadata.p, 12))
        st = bad(r, "__metadata__ is written with escapes");
    if (st == PRATIQUE_OK)
        st = items_add(r->s, &r->h->names, (struct item){ name.hash, 0, off });
    if (st != PRATIQUE_OK)
        return st;
    return span_equal(name.raw, metadata) ? read_metadata(r) : read_tensor(r, &name, off);
}

enum pratique_status header_read(struct scan *s, struct span json, struct header *h)
{
    struct reader r = { .s = s, .in = json, .end = 8 + (uint64_t)json.n, .h = h };
    enum pratique_status st;

    *h = (struct header){ 0 };
    if (json.n == 0 || json.p[0] != '{')
        return bad(&r, "it does not start with {");
    (void)skip(&r.in, 1);
    if (!punct(&r, '}')) {
        do {
            st = read_entry(&r);
            if (st != PRATIQUE_OK)
                return st;
        } while (punct(&r, ','));
        if (!punct(&r, '}'))
            return bad(&r, "it does not end");
    }
    skip_space(&r);
    return r.in.n == 0 ? PRATIQUE_OK : bad(&r, "bytes follow the object");
}

void header_free(struct scan *s, struct header *h)
{
    items_free(s, &h->tensors);
    items_free(s, &h->names);
}

/* One counting pass over byte `digit` of a (or b); false when all have the same there. */
static bool radix_pass(const struct items *from, struct item *to, bool by_b, unsigned digit)
{
    size_t at[256] = { 0 }, sum = 0;

    for (size_t i = 0; i < from->n; i++)
        at[(by_b ? from->p[i].b : from->p[i].a) >> (8 * digit) & 0xFF]++;
    for (size_t i = 0; i < 256; i++) {
        size_t n = at[i];

        if (n == from->n)
            return false;
        at[i] = sum;
        sum += n;
    }
    for (size_t i = 0; i < from->n; i++)
        to[at[(by_b ? from->p[i].b : from->p[i].a) >> (8 * digit) & 0xFF]++] = from->p[i];
    return true;
}

static bool sorted(const struct items *list)
{
    for (size_t i = 1; i < list->n; i++)
        if (list->p[i - 1].a > list->p[i].a ||
            (list->p[i - 1].a == list->p[i].a && list->p[i - 1].b > list->p[i].b))
            return false;
    return true;
}

bool items_sort(struct scan *s, struct items *list)
{
    struct item *spare;

    if (sorted(list))
        return true;
    spare = scan_map(s, list->size * sizeof *spare);
    if (!spare)
        return false;
    for (unsigned pass = 0; pass < 16; pass++) {
        struct item *was = list->p;

        if (!radix_pass(list, spare, pass < 8, pass % 8))
            continue;
        list->p = spare;
        spare = was;
    }
    scan_unmap(s, spare, list->size * sizeof *spare);
    return true;
}
