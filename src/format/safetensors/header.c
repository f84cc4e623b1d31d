/*
 * The JSON of a safetensors header, by RFC 8259 and the format's own rules: one
 * object; "__metadata__" maps strings to strings; every other key names a tensor
 * with exactly dtype, shape and data_offsets. Nothing nests deeper, so nothing
 * recurses. Stricter than the library: fields it would ignore, escapes in field
 * names and a null for __metadata__ are refused; nobody writes them.
 */
#include "format/safetensors/header.h"

#include <endian.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/utf8.h"
#include "input/json_escape.h"

struct reader {
    struct scan *s;
    struct span in; /* what is left of the header */
    uint64_t end;   /* offset in the file at which the header ends */
    struct header *h;
};

struct string {
    struct span raw; /* between the quotes */
    bool escaped;
};

struct tensor {
    bool has_dtype, has_shape, has_offsets;
    struct entry entry;
};

/* Names of __metadata__ are another namespace than those of tensors. */
#define METADATA_SEED UINT64_C(0x9e3779b97f4a7c15)

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

static bool starts_with(const struct reader *r, char c)
{
    return r->in.n > 0 && r->in.p[0] == (uint8_t)c;
}

/* Consumes c, with the space before it. */
static bool punct(struct reader *r, char c)
{
    if (!starts_with(r, c))
        skip_space(r);
    return starts_with(r, c) && skip(&r->in, 1);
}

#define EACH(c) (UINT64_C(0x0101010101010101) * (c))

/* The high bit of a byte that is 0; of bytes above such a one perhaps as well. */
static uint64_t zero_bytes(uint64_t word)
{
    return (word - EACH(1)) & ~word & EACH(0x80);
}

/* How many bytes from the start are ASCII that stands for itself in a string. */
static size_t plain_run(struct span in)
{
    size_t n = 0;

    for (; n + 8 <= in.n; n += 8) {
        uint64_t word, stop;

        memcpy(&word, in.p + n, 8);
        word = le64toh(word);
        stop = ((word - EACH(0x20)) & ~word & EACH(0x80)) | zero_bytes(word ^ EACH('"')) |
               zero_bytes(word ^ EACH('\\')) | (word & EACH(0x80));
        if (stop)
            return n + (size_t)__builtin_ctzll(stop) / 8;
    }
    while (n < in.n && in.p[n] >= 0x20 && in.p[n] < 0x80 && in.p[n] != '"' && in.p[n] != '\\')
        n++;
    return n;
}

/* A character of a string that does not stand for itself as a byte. */
static enum pratique_status read_character(struct reader *r, bool *escaped)
{
    uint32_t point;
    size_t n = utf8_decode(r->in, &point);

    if (n == 0)
        return bad(r, "bytes that are not UTF-8");
    if (point < 0x20)
        return bad(r, "a control character in a string");
    (void)skip(&r->in, n);
    if (point != '\\')
        return PRATIQUE_OK;
    *escaped = true;
    return json_take_escape(&r->in, &point) ? PRATIQUE_OK : bad(r, "a broken escape in a string");
}

static enum pratique_status read_string(struct reader *r, struct string *out)
{
    struct span start;

    *out = (struct string){ .raw = SPAN_EMPTY };
    if (!punct(r, '"'))
        return bad(r, "a string is missing");
    start = r->in;
    (void)skip(&r->in, plain_run(r->in));
    while (r->in.n > 0 && r->in.p[0] != '"') {
        enum pratique_status st = read_character(r, &out->escaped);

        if (st != PRATIQUE_OK)
            return st;
        (void)skip(&r->in, plain_run(r->in));
    }
    (void)take(&start, start.n - r->in.n, &out->raw);
    return skip(&r->in, 1) ? PRATIQUE_OK : bad(r, "a string does not end");
}

/* Of the characters of a string that was read: escapes count as what they stand for. */
static uint64_t hash_string(const struct string *text, uint64_t seed)
{
    struct name_hash hash = { .h = seed };
    struct span rest = text->raw;

    while (text->escaped && rest.n > 0) {
        uint8_t utf8[4];
        uint32_t point;
        size_t n;

        if (rest.p[0] != '\\') {
            name_hash_byte(&hash, rest.p[0]);
            (void)skip(&rest, 1);
            continue;
        }
        if (!skip(&rest, 1) || !json_take_escape(&rest, &point))
            break;
        n = utf8_put(point, utf8);
        for (size_t i = 0; i < n; i++)
            name_hash_byte(&hash, utf8[i]);
    }
    name_hash_bytes(&hash, rest);
    return name_hash_end(&hash);
}

static enum pratique_status add_name(struct reader *r, const struct string *name, uint64_t seed,
                                     uint64_t off)
{
    bool twice;
    enum pratique_status st =
        names_add(r->s, &r->h->names, hash_string(name, r->h->names.seed ^ seed), &twice);

    if (twice)
        fault_add(&r->h->twice, off, name->raw, "%s", "");
    return st;
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

static enum pratique_status read_dtype(struct reader *r, struct entry *t)
{
    struct string value;
    enum pratique_status st = read_string(r, &value);

    t->dtype_name = value.raw;
    t->dtype = st == PRATIQUE_OK ? dtype_find(value.raw) : NULL;
    return st;
}

/* Multiplies from the left as the library does: a zero does not undo an overflow before it. */
static enum pratique_status read_dimensions(struct reader *r, struct entry *t)
{
    uint64_t dim;

    t->elements = 1;
    if (punct(r, ']'))
        return PRATIQUE_OK;
    do {
        enum pratique_status st = read_number(r, &dim);

        if (st != PRATIQUE_OK)
            return st;
        t->wide += dim > 1;
        if (MUL_OVERFLOWS(t->elements, dim, &t->elements))
            return bad(r, "a shape with more elements than 64 bits count");
    } while (punct(r, ','));
    return punct(r, ']') ? PRATIQUE_OK : bad(r, "a shape that does not end");
}

static enum pratique_status read_shape(struct reader *r, struct entry *t)
{
    enum pratique_status st;
    struct span start;

    skip_space(r);
    start = r->in;
    if (!punct(r, '['))
        return bad(r, "a shape that is no list");
    st = read_dimensions(r, t);
    (void)take(&start, start.n - r->in.n, &t->shape);
    return st;
}

static enum pratique_status read_offsets(struct reader *r, struct entry *t)
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
    return seen == &t->has_dtype   ? read_dtype(r, &t->entry)
           : seen == &t->has_shape ? read_shape(r, &t->entry)
                                   : read_offsets(r, &t->entry);
}

void fault_add(struct fault *f, uint64_t off, struct span name, const char *fmt, ...)
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

void fault_tell(struct scan *s, enum fact_kind kind, const struct fault *f, uint64_t number)
{
    if (f->count == 0)
        return;
    facts_add(s->facts, &(struct fact){ .kind = kind,
                                        .where = s->where,
                                        .offset = f->off,
                                        .count = f->count,
                                        .number = number,
                                        .subject = f->name,
                                        .detail = span_text(f->detail) });
}

/* Compares what type and shape say with the tensor's range. */
static void check_size(struct header *h, const struct entry *t, uint64_t off)
{
    uint64_t bits, bytes = t->end - t->start;

    if (!t->dtype)
        fault_add(&h->dtype, off, t->name, "type %.*s",
                  (int)(t->dtype_name.n < 64 ? t->dtype_name.n : 64),
                  (const char *)t->dtype_name.p);
    else if (MUL_OVERFLOWS(t->elements, (uint64_t)t->dtype->bits, &bits))
        fault_add(&h->size, off, t->name,
                  "%" PRIu64 " elements of %u bits are more than 64 bits count", t->elements,
                  t->dtype->bits);
    else if (bits % 8 != 0 || bits / 8 != bytes)
        fault_add(&h->size, off, t->name, "%" PRIu64 " elements of %u bits in %" PRIu64 " bytes",
                  t->elements, t->dtype->bits, bytes);
}

/* Whether the tensor lies where numbers of its size are read at once; base: where data starts. */
static void check_align(struct header *h, const struct entry *t, uint64_t off, uint64_t base)
{
    uint64_t bytes = t->dtype ? t->dtype->bits / 8 : 1;

    if (bytes > 1 && t->end > t->start && (base + t->start) % bytes != 0)
        fault_add(&h->align, off, t->name, "%.*s at byte %" PRIu64, (int)t->dtype_name.n,
                  (const char *)t->dtype_name.p, base + t->start);
}

/* What stands behind a tensor's name and its colon. */
static enum pratique_status read_tensor(struct reader *r, struct entry *out)
{
    struct tensor t = { .entry = *out };

    if (!punct(r, '{'))
        return bad(r, "a tensor's entry is no object");
    do {
        enum pratique_status st = read_field(r, &t);

        if (st != PRATIQUE_OK)
            return st;
    } while (punct(r, ','));
    if (!punct(r, '}'))
        return bad(r, "a tensor's entry does not end");
    if (!t.has_dtype || !t.has_shape || !t.has_offsets)
        return bad(r, "a tensor lacks dtype, shape or data_offsets");
    *out = t.entry;
    return PRATIQUE_OK;
}

static const struct entry no_entry = { .name = { (const uint8_t *)"", 0 },
                                       .shape = { (const uint8_t *)"", 0 },
                                       .dtype_name = { (const uint8_t *)"", 0 } };

static enum pratique_status add_tensor(struct reader *r, struct span name, uint64_t off)
{
    struct entry t = no_entry;
    enum pratique_status st;

    t.name = name;
    st = read_tensor(r, &t);
    if (st != PRATIQUE_OK)
        return st;
    sketch_add(&r->h->sketches.sizes, sketch_number(t.elements));
    check_size(r->h, &t, off);
    check_align(r->h, &t, off, r->end);
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
            st = add_name(r, &key, METADATA_SEED, off);
        if (st != PRATIQUE_OK)
            return st;
        r->h->metadata++;
    } while (punct(r, ','));
    return punct(r, '}') ? PRATIQUE_OK : bad(r, "__metadata__ does not end");
}

static bool is_metadata(const struct string *name)
{
    struct string plain = { .raw = SPAN_LITERAL("__metadata__") };

    return span_equal(name->raw, plain.raw) ||
           (name->escaped && hash_string(name, 0) == hash_string(&plain, 0));
}

static enum pratique_status read_entry(struct reader *r)
{
    struct string name;
    enum pratique_status st;
    uint64_t off;
    bool metadata;

    skip_space(r);
    off = here(r);
    st = read_string(r, &name);
    if (st == PRATIQUE_OK && !punct(r, ':'))
        st = bad(r, "a colon is missing");
    metadata = st == PRATIQUE_OK && is_metadata(&name);
    if (metadata && name.escaped)
        st = bad(r, "__metadata__ is written with escapes");
    if (st == PRATIQUE_OK)
        st = add_name(r, &name, 0, off);
    if (st != PRATIQUE_OK)
        return st;
    if (metadata)
        return read_metadata(r);
    r->h->names_sum += hash_string(&name, 0);
    sketch_add(&r->h->sketches.names, sketch_name(name.raw));
    return add_tensor(r, name.raw, off);
}

enum pratique_status header_read(struct scan *s, struct span json, struct header *h)
{
    struct reader r = { .s = s, .in = json, .end = 8 + (uint64_t)json.n, .h = h };
    enum pratique_status st;

    *h = (struct header){ .names.seed = budget_now_us() ^ (uint64_t)(uintptr_t)h };
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
    names_free(s, &h->names);
}

bool header_entry(struct scan *s, struct span json, uint64_t off, struct entry *out)
{
    struct header unused = { 0 };
    struct reader r = {
        .s = s, .in = span_from(json, off - 8), .end = 8 + (uint64_t)json.n, .h = &unused
    };
    struct string name;

    *out = no_entry;
    if (read_string(&r, &name) != PRATIQUE_OK || !punct(&r, ':'))
        return false;
    out->name = name.raw;
    return read_tensor(&r, out) == PRATIQUE_OK;
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
