/* See flatbuffer.h. Positions are counted in 64 bits, so that no sum of them wraps. */
#include "format/flatbuffer/flatbuffer.h"

static const struct fb_table no_table = { 0 };
static const struct fb_vector no_vector = { 0 };

void fb_fault(struct fb *fb, uint64_t at, const char *wrong)
{
    if (!fb->wrong)
        fb->wrong = wrong, fb->wrong_at = at;
}

/* ---- numbers at a place ---- */

static uint64_t number(struct fb *fb, uint64_t at, unsigned bytes)
{
    uint64_t value = 0;
    struct span s;

    if (!span_sub(fb->in, at, bytes, &s)) {
        fb_fault(fb, at, "a number beyond the end");
        return 0;
    }
    for (unsigned i = bytes; i-- > 0;)
        value = value << 8 | s.p[i];
    return fb_ok(fb) ? value : 0;
}

/* Where the offset at this place points to; 0 with a fault. */
static uint64_t target(struct fb *fb, uint64_t at)
{
    uint64_t off = number(fb, at, 4);

    if (off == 0 || off >= fb->in.n - at)
        fb_fault(fb, at, off ? "an offset beyond the end" : "an offset of zero");
    return fb_ok(fb) ? at + off : 0;
}

/* ---- tables ---- */

/* The vtable lies where the table's first number says, before it or behind it. */
static uint64_t vtable_of(struct fb *fb, uint64_t at)
{
    int64_t back = (int32_t)(uint32_t)number(fb, at, 4);
    int64_t vtable = (int64_t)at - back;

    if (vtable < 0 || back == 0)
        fb_fault(fb, at, "a table without a vtable");
    return fb_ok(fb) ? (uint64_t)vtable : 0;
}

static struct fb_table open_table(struct fb *fb, uint64_t at)
{
    struct fb_table t = { .at = at };
    uint64_t vtable = vtable_of(fb, at), bytes = number(fb, vtable, 2);
    struct span all;

    t.size = (uint16_t)number(fb, vtable + 2, 2);
    t.fields = vtable + 4;
    if (fb_ok(fb) && (bytes < 4 || bytes % 2 || !span_sub(fb->in, vtable, bytes, &all)))
        fb_fault(fb, vtable, "a vtable of a wrong length");
    if (fb_ok(fb) && (t.size < 4 || !span_sub(fb->in, at, t.size, &all)))
        fb_fault(fb, at, "a table of a wrong length");
    if (fb_ok(fb) && fb->tables_left-- == 0)
        fb_fault(fb, at, "more tables than the file can hold");
    if (!fb_ok(fb))
        return no_table;
    t.fields_n = (uint16_t)((bytes - 4) / 2);
    return t;
}

bool fb_looks_like(struct span in, const char *identifier)
{
    size_t n = in.n;
    struct span id;
    uint32_t root;

    return take_u32le(&in, &root) && take(&in, 4, &id) && root >= 8 && root < n && root % 4 == 0 &&
           (!identifier || span_is(id, identifier));
}

struct fb_table fb_open(struct fb *fb, struct span in)
{
    uint64_t root;

    *fb = (struct fb){
        .in = in, .tables_left = in.n / 4, .bytes_left = in.n * 4, .look_left = in.n * 4
    };
    root = target(fb, 0);
    return fb_ok(fb) ? open_table(fb, root) : no_table;
}

/* Where a field of that size lies; 0: absent. */
static uint64_t field_at(struct fb *fb, const struct fb_table *t, unsigned field, size_t bytes)
{
    uint64_t off;

    if (t->at == 0 || field >= t->fields_n || !fb_ok(fb))
        return 0;
    off = number(fb, t->fields + (uint64_t)field * 2, 2);
    if (off == 0)
        return 0;
    if (off < 4 || off + bytes > t->size) {
        fb_fault(fb, t->at, "a field outside of its table");
        return 0;
    }
    return t->at + off;
}

bool fb_has(struct fb *fb, const struct fb_table *t, unsigned field)
{
    return field_at(fb, t, field, 1) != 0;
}

uint64_t fb_number(struct fb *fb, const struct fb_table *t, unsigned field, unsigned bytes,
                   uint64_t otherwise)
{
    uint64_t at = field_at(fb, t, field, bytes);

    return at ? number(fb, at, bytes) : otherwise;
}

int64_t fb_signed(struct fb *fb, const struct fb_table *t, unsigned field, unsigned bytes,
                  int64_t otherwise)
{
    uint64_t at = field_at(fb, t, field, bytes), value = at ? number(fb, at, bytes) : 0;
    uint64_t sign = UINT64_C(1) << (bytes * 8 - 1);

    if (!at)
        return otherwise;
    return (int64_t)((value ^ sign) - sign);
}

struct span fb_struct(struct fb *fb, const struct fb_table *t, unsigned field, size_t n)
{
    uint64_t at = field_at(fb, t, field, n);
    struct span s = SPAN_EMPTY;

    if (at)
        (void)span_sub(fb->in, at, n, &s);
    return s;
}

struct fb_table fb_table(struct fb *fb, const struct fb_table *t, unsigned field)
{
    uint64_t at = field_at(fb, t, field, 4);

    at = at ? target(fb, at) : 0;
    return at ? open_table(fb, at) : no_table;
}

/* ---- vectors and strings ---- */

static struct fb_vector open_vector(struct fb *fb, uint64_t at, unsigned size)
{
    struct fb_vector v = { .at = at + 4, .n = (uint32_t)number(fb, at, 4) };
    struct span all;

    if (!span_sub(fb->in, v.at, (uint64_t)v.n * size, &all))
        fb_fault(fb, at, "a vector longer than the file");
    return fb_ok(fb) ? v : no_vector;
}

static struct fb_vector charge(struct fb *fb, struct fb_vector v, unsigned size)
{
    uint64_t bytes = (uint64_t)v.n * size;

    if (bytes > fb->bytes_left) {
        fb_fault(fb, v.at, "more vectors than the file can hold");
        return no_vector;
    }
    fb->bytes_left -= bytes;
    return v;
}

bool fb_look(struct fb *fb, struct span bytes)
{
    if (bytes.n > fb->look_left) {
        fb_fault(fb, bytes.n ? (uint64_t)(bytes.p - fb->in.p) : 0,
                 "parts that share too many bytes");
        return false;
    }
    fb->look_left -= bytes.n;
    return fb_ok(fb);
}

static struct span content(struct fb *fb, uint64_t at)
{
    struct fb_vector v = at ? open_vector(fb, at, 1) : no_vector;
    struct span s = SPAN_EMPTY;

    if (v.at)
        (void)span_sub(fb->in, v.at, v.n, &s);
    return s;
}

struct fb_vector fb_vector(struct fb *fb, const struct fb_table *t, unsigned field, unsigned size)
{
    uint64_t at = field_at(fb, t, field, 4);

    at = at ? target(fb, at) : 0;
    return at ? charge(fb, open_vector(fb, at, size), size) : no_vector;
}

struct span fb_bytes(struct fb *fb, const struct fb_table *t, unsigned field)
{
    uint64_t at = field_at(fb, t, field, 4);

    return content(fb, at ? target(fb, at) : 0);
}

struct span fb_string(struct fb *fb, const struct fb_table *t, unsigned field)
{
    return fb_bytes(fb, t, field);
}

/* Where element i of that size lies; 0 with a fault. */
static uint64_t element(struct fb *fb, const struct fb_vector *v, uint32_t i, unsigned size)
{
    if (i >= v->n)
        fb_fault(fb, v->at, "an element beyond its vector");
    return fb_ok(fb) ? v->at + (uint64_t)i * size : 0;
}

struct fb_table fb_table_at(struct fb *fb, const struct fb_vector *v, uint32_t i)
{
    uint64_t at = element(fb, v, i, 4);

    at = at ? target(fb, at) : 0;
    return at ? open_table(fb, at) : no_table;
}

struct span fb_string_at(struct fb *fb, const struct fb_vector *v, uint32_t i)
{
    uint64_t at = element(fb, v, i, 4);

    return content(fb, at ? target(fb, at) : 0);
}

uint64_t fb_number_at(struct fb *fb, const struct fb_vector *v, uint32_t i, unsigned bytes)
{
    uint64_t at = element(fb, v, i, bytes);

    return at ? number(fb, at, bytes) : 0;
}
