/*
 * `storages`, `tensors` and `pickle` of torch's tar form (before 0.1.10), which
 * torch.load still reads: torch/serialization.py, _legacy_load, legacy_load.
 *
 *   storages: pickle of a count; for each: pickle of (key, location, type), int64
 *             elements, raw elements; then a pickle of the views
 *   tensors:  pickle of a count; for each: pickle of (key, storage, type), int32
 *             dimensions, 4 bytes, sizes and strides (int64 each), int64 offset
 *
 *   pickle:   the object, whose persistent ids are keys of the other two
 *
 * The first two are read by one walk. Every pickle is run, and from the first thing that is
 * not as torch reads it, the rest is inspected as content nobody has vouched for.
 */
#include "format/pickle/pickle.h"
#include "format/rest.h"
#include "format/torch/simple.h"
#include "format/torch/torch.h"

#define DIMENSIONS_MAX 1024

/* Told by its name in the tar, never by content. */
static bool looks_like(struct span in)
{
    (void)in;
    return false;
}

static enum pratique_status run(struct scan *s, struct span whole, struct span *in,
                                struct pickle_end *end, struct span *pickle)
{
    struct pickle_options plain = { 0 };
    uint64_t offset = whole.n - in->n;
    enum pratique_status st = pickle_run(s, *in, offset, &plain, end);

    if (st == PRATIQUE_OK && !take(in, end->consumed, pickle))
        st = scan_fail(s, PRATIQUE_E_FORMAT, offset, "torch tar: a pickle past the end");
    return st;
}

/* The raw elements behind the pickle of (key, location, type). */
static bool skip_storage(struct span pickle, struct span *in)
{
    struct span type, rest = *in;
    uint64_t numel, bytes, size;

    if (!torch_tuple_global(pickle, &type) || !(size = torch_element_size(type)))
        return false;
    if (!take_u64le(&rest, &numel) || MUL_OVERFLOWS(numel, size, &bytes) || !skip(&rest, bytes))
        return false;
    *in = rest;
    return true;
}

/* The shape behind the pickle of (key, storage, type). */
static bool skip_tensor(struct span pickle, struct span *in)
{
    struct span type, rest = *in;
    uint32_t dimensions;

    if (!torch_tuple_global(pickle, &type))
        return false;
    if (!take_u32le(&rest, &dimensions) || dimensions > DIMENSIONS_MAX ||
        !skip(&rest, 4 + (uint64_t)dimensions * 16 + 8))
        return false;
    *in = rest;
    return true;
}

/* Cuts the counted rows off *in; false where they are not as torch reads them. */
static enum pratique_status scan_rows(struct scan *s, struct span whole, struct span *in,
                                      bool tensors, bool *trusted)
{
    struct pickle_end end = { 0 };
    struct span pickle;
    enum pratique_status st = run(s, whole, in, &end, &pickle);
    uint64_t n = end.is_int ? end.top_int : 0;

    *trusted = end.is_int;
    while (st == PRATIQUE_OK && *trusted && n-- > 0) {
        st = run(s, whole, in, &end, &pickle);
        if (st == PRATIQUE_OK)
            *trusted = tensors ? skip_tensor(pickle, in) : skip_storage(pickle, in);
        if (!budget_time(s->budget))
            return scan_fail_budget(s, whole.n - in->n);
    }
    return st;
}

/* A persistent id that is a key: digits in quotes. */
static bool is_key(const struct fact *fact)
{
    struct span id = fact->detail;

    if (fact->kind != FACT_PICKLE_PERSID || id.n < 3 || id.p[0] != '"' || id.p[id.n - 1] != '"')
        return false;
    for (size_t i = 1; i + 1 < id.n; i++)
        if (id.p[i] < '0' || id.p[i] > '9')
            return false;
    return true;
}

static enum pratique_status scan_object(struct scan *s, struct span in)
{
    struct pickle_end end = { 0 };
    struct facts *all = s->facts, seen;
    struct span rest = in, pickle;
    enum pratique_status st;

    facts_init(&seen, s->arena);
    s->facts = &seen;
    st = run(s, in, &rest, &end, &pickle);
    s->facts = all;
    for (size_t i = 0; i < seen.n; i++)
        if (!is_key(&seen.list[i]))
            facts_add(all, &seen.list[i]);
    all->full |= seen.full;
    facts_free(&seen);
    if (st != PRATIQUE_OK)
        return st;
    scan_read(s, "torch tar", in.n, "pickle");
    return scan_rest(s, "torch tar", in.n - rest.n, rest);
}

static enum pratique_status scan_counted(struct scan *s, struct span in)
{
    bool tensors = span_is(s->name, "tensors"), trusted;
    struct pickle_end end = { 0 };
    struct span rest = in, pickle;
    enum pratique_status st = scan_rows(s, in, &rest, tensors, &trusted);

    if (st == PRATIQUE_OK && trusted && !tensors)
        st = run(s, in, &rest, &end, &pickle);
    if (st != PRATIQUE_OK)
        return st;
    if (!trusted && rest.n > 0)
        return scan_nested(s, rest, SPAN_LITERAL("unread"), ROLE_ANY);
    scan_read(s, "torch tar", in.n, "%s", tensors ? "tensors" : "storages");
    return scan_rest(s, "torch tar", in.n - rest.n, rest);
}

static enum pratique_status scan(struct scan *s, struct span in)
{
    return span_is(s->name, "pickle") ? scan_object(s, in) : scan_counted(s, in);
}

const struct format format_torch_tar = {
    .name = "torch tar",
    .spec = "torch/serialization.py, legacy_load (the tar form)",
    .looks_like = looks_like,
    .scan = scan,
};
