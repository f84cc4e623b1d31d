/*
 * MXNet's .params: a list of arrays and a list of their names. Bodies are stepped over once their
 * length is what shape and type say.
 *
 * Spec: MXNet 1.9, src/ndarray/ndarray.cc (Save, Load, LegacyLoad), include/mxnet/tuple.h.
 */
#include <inttypes.h>

#include "base/compiler.h"
#include "format/array/array.h"
#include "format/rest.h"

#define LIST_MAGIC 0x112
#define V1_MAGIC   0xF993FAC8
#define V2_MAGIC   0xF993FAC9
#define V3_MAGIC   0xF993FACA
#define DIMS_MAX   64

struct reader {
    struct scan *s;
    struct span all, in;
};

static uint64_t here(const struct reader *r)
{
    return r->all.n - r->in.n;
}

static enum pratique_status bad(const struct reader *r, const char *what)
{
    return scan_fail(r->s, PRATIQUE_E_FORMAT, here(r), "MXNet: %s", what);
}

static unsigned type_size(uint32_t type)
{
    static const uint8_t sizes[] = { 4, 8, 2, 1, 4, 1, 8, 1, 2, 2, 4, 8, 2 };

    return type < ARRAY_LEN(sizes) ? sizes[type] : 0;
}

/* n dimensions of 4 or 8 bytes; their product. */
static enum pratique_status shape(struct reader *r, uint32_t n, bool wide, uint64_t *count)
{
    *count = 1;
    if (n > DIMS_MAX)
        return bad(r, "an array of too many dimensions");
    for (uint32_t i = 0; i < n; i++) {
        uint64_t d;
        uint32_t d32 = 0;

        if (wide ? !take_u64le(&r->in, &d) : !take_u32le(&r->in, &d32))
            return bad(r, "it ends within a shape");
        if (__builtin_mul_overflow(*count, wide ? d : d32, count))
            return bad(r, "an array is larger than memory");
    }
    return PRATIQUE_OK;
}

static enum pratique_status wide_shape(struct reader *r, uint32_t *n, uint64_t *count)
{
    if (!take_u32le(&r->in, n))
        return bad(r, "it ends within an array");
    return *n == UINT32_MAX ? PRATIQUE_OK : shape(r, *n, true, count);
}

static enum pratique_status body(struct reader *r, uint32_t type, uint64_t count)
{
    uint64_t bytes;

    if (type_size(type) == 0)
        return bad(r, "an array of an unknown type");
    if (__builtin_mul_overflow(count, (uint64_t)type_size(type), &bytes) || !skip(&r->in, bytes))
        return bad(r, "an array is longer than the file");
    return PRATIQUE_OK;
}

/* Sparse arrays have others beside them: the types and shapes of those come first. */
static enum pratique_status array_v2(struct reader *r)
{
    uint32_t stype, n, type, aux, aux_type[2] = { 0 };
    uint64_t count = 1, storage = 1, aux_count[2] = { 1, 1 };
    enum pratique_status st;

    if (!take_u32le(&r->in, &stype) || stype > 2)
        return bad(r, "an array of an unknown kind");
    aux = stype;
    st = aux ? wide_shape(r, &n, &storage) : PRATIQUE_OK;
    if (st == PRATIQUE_OK)
        st = wide_shape(r, &n, &count);
    if (st != PRATIQUE_OK || n == 0 || n == UINT32_MAX)
        return st;
    if (!skip(&r->in, 8) || !take_u32le(&r->in, &type)) /* the device, and the type */
        return bad(r, "it ends within an array");
    for (uint32_t i = 0; i < aux && st == PRATIQUE_OK; i++) {
        if (!take_u32le(&r->in, &aux_type[i]))
            return bad(r, "it ends within an array");
        st = wide_shape(r, &n, &aux_count[i]);
    }
    if (st == PRATIQUE_OK)
        st = body(r, type, aux ? storage : count);
    for (uint32_t i = 0; i < aux && st == PRATIQUE_OK; i++)
        st = body(r, aux_type[i], aux_count[i]);
    return st;
}

/* Before: a shape of 32 bits for each dimension, or of 64 behind a magic. */
static enum pratique_status array_legacy(struct reader *r, uint32_t n, bool wide)
{
    uint64_t count;
    uint32_t type;
    enum pratique_status st = shape(r, n, wide, &count);

    if (st != PRATIQUE_OK || n == 0)
        return st;
    if (!skip(&r->in, 8) || !take_u32le(&r->in, &type))
        return bad(r, "it ends within an array");
    return body(r, type, count);
}

static enum pratique_status array(struct reader *r)
{
    uint32_t magic, n;

    if (!take_u32le(&r->in, &magic))
        return bad(r, "it has not as many arrays as it says");
    if (magic == V2_MAGIC || magic == V3_MAGIC)
        return array_v2(r);
    if (magic != V1_MAGIC)
        return array_legacy(r, magic, false);
    return take_u32le(&r->in, &n) ? array_legacy(r, n, true) : bad(r, "it ends within an array");
}

static enum pratique_status names(struct reader *r, uint64_t arrays, uint64_t *n)
{
    struct span name;
    uint64_t len;

    if (!take_u64le(&r->in, n) || *n > r->in.n / 8)
        return bad(r, "it has not as many names as it says");
    if (*n != 0 && *n != arrays)
        return bad(r, "it has not as many names as arrays");
    for (uint64_t i = 0; i < *n; i++)
        if (!take_u64le(&r->in, &len) || !take(&r->in, len, &name))
            return bad(r, "a name is longer than the file");
    return PRATIQUE_OK;
}

static bool looks_like(struct span in)
{
    return span_starts(in, SPAN_LITERAL("\x12\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0"));
}

static enum pratique_status scan(struct scan *s, struct span in)
{
    struct reader r = { .s = s, .all = in, .in = in };
    uint64_t n, named;
    enum pratique_status st = PRATIQUE_OK;

    s->recognised = "MXNet parameters";
    if (!skip(&r.in, 16) || !take_u64le(&r.in, &n) || n > r.in.n / 4)
        return bad(&r, "it has not as many arrays as it says");
    for (uint64_t i = 0; i < n && st == PRATIQUE_OK; i++) {
        if (i % 4096 == 4095 && !budget_time(s->budget))
            return scan_fail_budget(s, here(&r));
        st = array(&r);
    }
    if (st == PRATIQUE_OK)
        st = names(&r, n, &named);
    if (st != PRATIQUE_OK)
        return st;
    scan_read(s, "MXNet parameters", here(&r), "%" PRIu64 " arrays", n);
    return scan_rest(s, "MXNet parameters", here(&r), r.in);
}

const struct format format_mxnet = {
    .name = "MXNet parameters",
    .spec = "MXNet 1.9, src/ndarray/ndarray.cc",
    .looks_like = looks_like,
    .scan = scan,
};
