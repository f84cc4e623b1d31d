/* See thrift.h. */
#include "format/table/thrift.h"

#define DEPTH_MAX 32

static bool take_varint(struct span *in, uint64_t *out)
{
    uint8_t byte = 0x80;

    *out = 0;
    for (unsigned shift = 0; byte & 0x80; shift += 7) {
        if (shift > 63 || !take_u8(in, &byte))
            return false;
        *out |= (uint64_t)(byte & 0x7F) << shift;
    }
    return true;
}

static int64_t zigzag(uint64_t v)
{
    return (int64_t)(v >> 1 ^ (~(v & 1) + 1));
}

int64_t thrift_element_int(struct thrift *t)
{
    uint64_t v;

    t->failed |= !take_varint(&t->in, &v);
    return t->failed ? 0 : zigzag(v);
}

struct span thrift_element_binary(struct thrift *t)
{
    struct span body = SPAN_EMPTY;
    uint64_t n;

    t->failed |= !take_varint(&t->in, &n) || !take(&t->in, n, &body);
    return body;
}

bool thrift_next(struct thrift *t, enum thrift_type *type)
{
    uint8_t head = 0;

    t->failed |= !take_u8(&t->in, &head);
    *type = (enum thrift_type)(head & 0x0F);
    if (t->failed || *type == THRIFT_STOP)
        return false;
    if (head >> 4)
        t->field += head >> 4;
    else
        t->field = (int32_t)(int16_t)thrift_element_int(t);
    t->failed |= *type > THRIFT_STRUCT;
    return !t->failed;
}

int64_t thrift_int(struct thrift *t, enum thrift_type type)
{
    uint8_t byte;

    switch (type) {
    case THRIFT_TRUE:
    case THRIFT_FALSE:
        return type == THRIFT_TRUE;
    case THRIFT_BYTE:
        t->failed |= !take_u8(&t->in, &byte);
        return t->failed ? 0 : (int8_t)byte;
    case THRIFT_I16:
    case THRIFT_I32:
    case THRIFT_I64:
        return thrift_element_int(t);
    default:
        t->failed = true;
        return 0;
    }
}

struct span thrift_binary(struct thrift *t, enum thrift_type type)
{
    t->failed |= type != THRIFT_BINARY;
    return t->failed ? SPAN_EMPTY : thrift_element_binary(t);
}

uint64_t thrift_list(struct thrift *t, enum thrift_type type, enum thrift_type *of)
{
    uint8_t head = 0;
    uint64_t n = 0;

    *of = THRIFT_STOP;
    t->failed |= (type != THRIFT_LIST && type != THRIFT_SET) || !take_u8(&t->in, &head);
    if (t->failed)
        return 0;
    *of = (enum thrift_type)(head & 0x0F);
    n = head >> 4;
    if (n == 15)
        t->failed |= !take_varint(&t->in, &n);
    t->failed |= n > t->in.n; /* an element takes a byte at the least */
    return t->failed ? 0 : n;
}

struct thrift thrift_enter(const struct thrift *t)
{
    return (struct thrift){ .in = t->in, .failed = t->failed };
}

void thrift_leave(struct thrift *t, const struct thrift *inner)
{
    t->in = inner->in;
    t->failed |= inner->failed;
}

/* ---- passing over ---- */

/* What is open while content is passed over: so many elements, by turns of one or two types. */
struct open {
    uint64_t left;
    enum thrift_type of[2]; /* a map's keys and values; twice the same of a list */
    bool fields;            /* a struct: elements have headers, and a stop ends it */
};

struct skipper {
    struct thrift *t;
    struct open stack[DEPTH_MAX];
    unsigned depth;
};

static struct open *push(struct skipper *k)
{
    k->t->failed |= k->depth == DEPTH_MAX;
    return k->t->failed ? NULL : &k->stack[k->depth++];
}

static void begin_list(struct skipper *k, enum thrift_type type)
{
    enum thrift_type of;
    uint64_t n = thrift_list(k->t, type, &of);
    struct open *o = push(k);

    if (o)
        *o = (struct open){ .left = n, .of = { of, of } };
}

static void begin_map(struct skipper *k)
{
    uint64_t n = 0;
    uint8_t types = 0;
    struct open *o;

    k->t->failed |=
        !take_varint(&k->t->in, &n) || n > k->t->in.n || (n && !take_u8(&k->t->in, &types));
    o = push(k);
    if (o)
        *o = (struct open){ .left = n * 2,
                            .of = { (enum thrift_type)(types >> 4),
                                    (enum thrift_type)(types & 0x0F) } };
}

/* Passes over a value, or opens it. In lists a truth value is a byte; in fields it is the type. */
static void pass_value(struct skipper *k, enum thrift_type type, bool field)
{
    struct open *o;

    switch (type) {
    case THRIFT_TRUE:
    case THRIFT_FALSE:
        if (!field)
            k->t->failed |= !skip(&k->t->in, 1);
        break;
    case THRIFT_BYTE:
        k->t->failed |= !skip(&k->t->in, 1);
        break;
    case THRIFT_I16:
    case THRIFT_I32:
    case THRIFT_I64:
        (void)thrift_element_int(k->t);
        break;
    case THRIFT_DOUBLE:
        k->t->failed |= !skip(&k->t->in, 8);
        break;
    case THRIFT_BINARY:
        (void)thrift_element_binary(k->t);
        break;
    case THRIFT_LIST:
    case THRIFT_SET:
        begin_list(k, type);
        break;
    case THRIFT_MAP:
        begin_map(k);
        break;
    case THRIFT_STRUCT:
        o = push(k);
        if (o)
            *o = (struct open){ .fields = true };
        break;
    case THRIFT_STOP:
        k->t->failed = true;
    }
}

static void pass_field(struct skipper *k)
{
    struct thrift inner = { .in = k->t->in };
    enum thrift_type type;
    bool more = thrift_next(&inner, &type);

    thrift_leave(k->t, &inner);
    if (more)
        pass_value(k, type, true);
    else
        k->depth--;
}

void thrift_skip(struct thrift *t, enum thrift_type type)
{
    struct skipper k = { .t = t };

    pass_value(&k, type, true);
    while (k.depth > 0 && !t->failed) {
        struct open *o = &k.stack[k.depth - 1];

        if (o->fields) {
            pass_field(&k);
        } else if (o->left == 0) {
            k.depth--;
        } else {
            o->left--;
            pass_value(&k, o->of[o->left % 2 == 0 ? 1 : 0], false);
        }
    }
}
