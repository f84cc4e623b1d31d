/*
 * torch.save before 1.6, and with _use_new_zipfile_serialization=False:
 * torch/serialization.py, _legacy_save and _legacy_load.
 *
 *   pickle of the magic number, pickle of 1001, pickle of sys_info,
 *   pickle of the object, whose persistent ids name storages,
 *   pickle of the list of storage keys,
 *   for each key: int64 elements (little-endian on every machine), raw elements
 *
 * Every pickle is run; the raw storages are stepped over, once their length has
 * been checked against what the object's pickle says. Where the file is not what
 * torch writes, the rest is inspected as content nobody has vouched for.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "format/model/sketch.h"
#include "format/pickle/pickle.h"
#include "format/rest.h"
#include "format/torch/simple.h"
#include "format/torch/torch.h"

#define PROTOCOL 1001

struct storage {
    struct span key, type;
    uint64_t numel;
    size_t order; /* of appearance: the first one counts */
    bool read;
};

struct storages {
    struct scan *scan;
    struct storage *list; /* mapped */
    size_t n, max;
    bool failed;
    struct tensors tensors; /* of the object */
};

/* Makes room for one more: doubles the map. */
static bool reserve(struct storages *t)
{
    size_t max = t->max ? t->max * 2 : 512, size = sizeof *t->list;
    struct storage *list;

    if (t->n < t->max)
        return true;
    list = t->list ? scan_remap(t->scan, t->list, t->max * size, max * size)
                   : scan_map(t->scan, max * size);
    if (!list)
        return false;
    t->list = list;
    t->max = max;
    return true;
}

static void on_storage(void *user, const struct pickle_storage *st)
{
    struct storages *t = user;

    sketch_add(&t->tensors.sizes, sketch_number(st->numel));
    if (t->failed || !reserve(t)) {
        t->failed = true;
        return;
    }
    t->list[t->n] =
        (struct storage){ .key = st->key, .type = st->type, .numel = st->numel, .order = t->n };
    t->n++;
}

static void on_text(void *user, struct span text)
{
    struct storages *t = user;

    sketch_add(&t->tensors.names, sketch_name(text));
}

static int compare_keys(struct span a, struct span b)
{
    int c = memcmp(a.p, b.p, a.n < b.n ? a.n : b.n);

    return c ? c : a.n < b.n ? -1 : a.n > b.n;
}

static int compare(const void *a, const void *b)
{
    const struct storage *x = a, *y = b;
    int c = compare_keys(x->key, y->key);

    return c ? c : x->order < y->order ? -1 : x->order > y->order;
}

/* Sorts by key and keeps the first of each: later tensors share its storage. */
static void settle(struct storages *t)
{
    size_t kept = 0;

    if (t->n > 1)
        qsort(t->list, t->n, sizeof *t->list, compare);
    for (size_t i = 0; i < t->n; i++)
        if (kept == 0 || !span_equal(t->list[kept - 1].key, t->list[i].key))
            t->list[kept++] = t->list[i];
    t->n = kept;
}

static struct storage *find(struct storages *t, struct span key)
{
    size_t low = 0, high = t->n;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int c = compare_keys(t->list[mid].key, key);

        if (c == 0)
            return &t->list[mid];
        if (c < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return NULL;
}

/* Tells why the storages are not taken for what they claim to be. */
static bool distrust(struct scan *s, uint64_t offset, struct span key, const char *why)
{
    scan_fact(s, FACT_TORCH_KEYS, offset, key, span_text(why));
    return false;
}

/* Steps over the storage of one key. False when it is not as the pickle says. */
static bool skip_storage(struct scan *s, struct storages *t, struct span key, struct span *in,
                         uint64_t offset)
{
    struct storage *st = find(t, key);
    uint64_t numel, bytes, size = st ? torch_element_size(st->type) : 0;
    struct span rest = *in;

    if (!st)
        return distrust(s, offset, key, "the object's pickle names no such storage");
    if (st->read)
        return distrust(s, offset, key, "listed twice");
    if (!size)
        return distrust(s, offset, key, "of an unknown type");
    st->read = true;
    if (!take_u64le(&rest, &numel) || numel != st->numel) {
        scan_factf(s, FACT_TORCH_STORAGE_SIZE, offset, key,
                   "%" PRIu64 " elements in the pickle, %" PRIu64 " before the bytes", st->numel,
                   numel);
        return false;
    }
    if (MUL_OVERFLOWS(numel, size, &bytes) || !skip(&rest, bytes))
        return distrust(s, offset, key, "longer than the file");
    *in = rest;
    return true;
}

/* A storage without its bytes is uninitialised memory in the loaded tensor. */
static void tell_unread(struct scan *s, const struct storages *t)
{
    for (size_t i = 0; i < t->n; i++)
        if (!t->list[i].read) {
            (void)distrust(s, PRATIQUE_NO_OFFSET, t->list[i].key,
                           "named by the object's pickle and not in the list of keys");
            return;
        }
}

/* keys: the pickle of the list; *in: what follows it, at the end what is left. */
static bool skip_storages(struct scan *s, struct storages *t, struct span keys, struct span whole,
                          struct span *in)
{
    struct torch_keys k = { .in = keys };
    struct span key;

    while (torch_keys_next(&k, &key))
        if (!skip_storage(s, t, key, in, whole.n - in->n))
            return false;
    if (k.broken)
        return distrust(s, whole.n - in->n, SPAN_EMPTY, "the keys are not a plain list of strings");
    tell_unread(s, t);
    return true;
}

/* What is left is no row that torch reads: whatever else it may be is looked for. */
static enum pratique_status unknown(struct scan *s, struct span rest)
{
    if (rest.n == 0)
        return PRATIQUE_OK;
    return scan_nested(s, rest, SPAN_LITERAL("storages"), ROLE_ANY);
}

/* Runs the pickle at the front of *in and cuts it off; *end says how it ended. */
static enum pratique_status run(struct scan *s, struct span whole, struct span *in,
                                const struct pickle_options *options, struct pickle_end *end,
                                struct span *pickle)
{
    uint64_t offset = whole.n - in->n;
    enum pratique_status st = pickle_run(s, *in, offset, options, end);

    s->budget->work_done += end->consumed;
    if (st == PRATIQUE_OK && !take(in, end->consumed, pickle))
        st = scan_fail(s, PRATIQUE_E_FORMAT, offset, "torch: a pickle past the file's end");
    else if (st == PRATIQUE_E_FORMAT && unknown(s, span_from(*in, end->consumed)) != PRATIQUE_OK)
        st = scan_fail_budget(s, offset);
    return st;
}

/* From the object's pickle on. */
static enum pratique_status scan_object(struct scan *s, struct storages *t, struct span whole,
                                        struct span rest)
{
    struct pickle_options torch = {
        .torch = true, .on_storage = on_storage, .on_text = on_text, .user = t
    };
    struct pickle_options plain = { 0 };
    struct pickle_end end = { 0 };
    struct span pickle;
    enum pratique_status st = run(s, whole, &rest, &torch, &end, &pickle);

    if (st == PRATIQUE_OK)
        st = run(s, whole, &rest, &plain, &end, &pickle);
    if (st != PRATIQUE_OK)
        return st;
    if (t->failed)
        return scan_fail_budget(s, whole.n - rest.n);
    settle(t);
    tensors_tell(s, &t->tensors);
    scan_read(s, "torch legacy", whole.n, "%zu storages", t->n);
    if (!skip_storages(s, t, pickle, whole, &rest))
        return unknown(s, rest);
    return scan_rest(s, "torch legacy", whole.n - rest.n, rest);
}

static enum pratique_status scan(struct scan *s, struct span in)
{
    struct pickle_options plain = { 0 };
    struct storages t = { .scan = s };
    struct pickle_end end = { 0 };
    struct span rest = in, pickle;
    enum pratique_status st;

    st = run(s, in, &rest, &plain, &end, &pickle);
    if (st == PRATIQUE_OK)
        st = run(s, in, &rest, &plain, &end, &pickle);
    if (st != PRATIQUE_OK)
        return st;
    if (!end.is_int || end.top_int != PROTOCOL) {
        (void)distrust(s, in.n - rest.n, SPAN_EMPTY, "the protocol is not 1001");
        return unknown(s, rest);
    }
    st = run(s, in, &rest, &plain, &end, &pickle);
    if (st == PRATIQUE_OK)
        st = scan_object(s, &t, in, rest);
    scan_unmap(s, t.list, t.max * sizeof *t.list);
    return st;
}

const struct format format_torch_legacy = {
    .name = "torch legacy",
    .spec = "torch/serialization.py, _legacy_load (PyTorch 0.1.10 to now)",
    .looks_like = torch_magic_first,
    .scan = scan,
};
