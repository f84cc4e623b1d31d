/*
 * Names: what lies in dictionaries and lists becomes "a.b.0.c". What is no tensor, or one that
 * cannot be written, is told; two of one name, or a thing inside itself, end it. Which of several
 * tensors with the same bytes is written, and the order: as in safetensors/bindings/python/
 * py_src/safetensors/torch.py (_remove_duplicate_names) and safetensors/src/tensor.rs (prepare).
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/status.h"
#include "base/utf8.h"
#include "trust/convert/convert.h"

#define DEPTH_MAX   256u
#define VISITED_MAX UINT64_C(50000000)
/* What a name takes in the header beside itself, at the least: "":"", */
#define NAMED_BYTES 6u
/* Views of one storage become copies: so much more than the storages may come of it. */
#define COPIES_MAX ((uint64_t)1 << 30)

static struct span path_of(const struct checkpoint *c)
{
    return span_of(c->path.p, c->path.n);
}

static void note(struct checkpoint *c, enum dtype dtype, uint64_t bytes, const char *what)
{
    c->on_note(c->user, &(struct convert_note){ .name = path_of(c),
                                                .dtype = dtype,
                                                .bytes = bytes,
                                                .left_out = true,
                                                .what = what ? what : "out of memory" });
}

/* ---- names ---- */

/* Why a name cannot stand in a header, or NULL. */
static const char *name_fault(struct span name)
{
    uint32_t character;
    size_t n;

    if (span_is(name, "__metadata__"))
        return "its name, __metadata__, means something else in safetensors";
    while (name.n > 0) {
        n = utf8_decode(name, &character);
        if (n == 0)
            return "its name is no valid Unicode";
        if (character < 0x20 || (character >= 0x7f && character < 0xa0))
            return "its name has control characters in it";
        (void)skip(&name, n);
    }
    return NULL;
}

static void cut_path(struct checkpoint *c, size_t n)
{
    c->path.n = n;
    if (c->path.p)
        c->path.p[n] = '\0';
}

/* Adds ".part" to the path; false: the error is set. */
static bool extend(struct checkpoint *c, bool first, struct span part)
{
    if ((first || buf_putc(&c->path, '.')) && buf_add(&c->path, part.p, part.n))
        return true;
    return checkpoint_fail(c, PRATIQUE_E_LIMIT, PRATIQUE_NO_OFFSET,
                           "an entry whose name has more than %u bytes: %.60s...", CONVERT_NAME_MAX,
                           c->path.p ? c->path.p : "");
}

static bool extend_number(struct checkpoint *c, bool first, int64_t number)
{
    char text[24];
    int n = snprintf(text, sizeof text, "%" PRId64, number);

    return extend(c, first, span_of(text, n > 0 ? (size_t)n : 0));
}

/* ---- what is no tensor ---- */

static struct span class_of(const struct values *v, const struct value *x)
{
    const struct value *callee = value_at(v, x->u.made.callee);
    ref at, item = 0;

    if (callee->kind == VALUE_PERSID) { /* ("module", class, file, source) of old torch */
        at = value_at(v, callee->u.id)->u.items.first;
        (void)items_next(v, &at, &item);
        (void)items_next(v, &at, &item);
        callee = value_at(v, item);
    }
    return callee->kind == VALUE_GLOBAL ? value_text(callee) : SPAN_LITERAL("something unknown");
}

static const char *describe_named(struct checkpoint *c, const char *what, struct span name)
{
    return arena_printf(&c->arena, "%s %.*s", what, (int)(name.n < 100 ? name.n : 100),
                        (const char *)name.p);
}

static const char *describe(struct checkpoint *c, const struct value *x)
{
    switch ((enum value_kind)x->kind) {
    case VALUE_NONE:
        return "no tensor: None";
    case VALUE_BOOL:
        return x->u.number ? "no tensor: True" : "no tensor: False";
    case VALUE_INT:
        return arena_printf(&c->arena, "no tensor: the number %" PRId64, x->u.number);
    case VALUE_NUMBER:
        return "no tensor: a number";
    case VALUE_STR:
        return "no tensor: a string";
    case VALUE_BYTES:
        return "no tensor: bytes";
    case VALUE_TUPLE:
    case VALUE_LIST:
        return arena_printf(&c->arena, "no tensor: a list of %" PRIu32 " plain values", x->n);
    case VALUE_DICT:
        return "no tensor: a dictionary";
    case VALUE_SET:
        return "no tensor: a set";
    case VALUE_GLOBAL:
        return describe_named(c, "no tensor: the name", value_text(x));
    case VALUE_OBJECT:
        return describe_named(c, "no tensor: an object of", class_of(&c->values, x));
    case VALUE_PERSID:
        return "no tensor: a storage without one, or another persistent id";
    }
    return "no tensor";
}

static bool is_plain(const struct value *x)
{
    return x->kind <= VALUE_BYTES || x->kind == VALUE_SET || x->kind == VALUE_GLOBAL;
}

/* A list of numbers is told as one. */
static bool is_plain_list(const struct values *v, const struct value *x)
{
    ref at = x->u.items.first, item;

    while (items_next(v, &at, &item))
        if (!is_plain(value_at(v, item)))
            return false;
    return x->n > 0;
}

/* ---- tensors ---- */

/* Stops early where one thing is met under so many names that no header could hold them. */
static bool fits_header(struct checkpoint *c)
{
    c->header += c->path.n + NAMED_BYTES;
    return c->header <= CONVERT_HEADER_MAX ||
           checkpoint_fail(
               c, PRATIQUE_E_LIMIT, PRATIQUE_NO_OFFSET,
               "its header would be larger than safetensors allows (100,000,000 bytes)");
}

static bool add_tensor(struct checkpoint *c, struct tensor *t)
{
    const char *wrong = name_fault(path_of(c));

    if (!fits_header(c))
        return false;
    if (wrong) {
        note(c, t->dtype, t->bytes, wrong);
        return true;
    }
    t->name = span_of(arena_copy(&c->arena, c->path.p ? c->path.p : "", c->path.n), c->path.n);
    if (c->arena.exhausted)
        return checkpoint_fail(c, PRATIQUE_E_LIMIT, PRATIQUE_NO_OFFSET,
                               "the names and shapes take too much memory");
    if (!checkpoint_grow(c, (void **)&c->tensors, &c->tensors_size, c->tensors_n,
                         sizeof *c->tensors))
        return false;
    c->tensors[c->tensors_n++] = *t;
    return true;
}

/* True: it was a tensor, and is dealt with; *ok tells how that went. */
static bool is_tensor(struct checkpoint *c, ref r, bool *ok)
{
    struct tensor t;
    const char *why;

    *ok = true;
    switch (tensor_of(c, r, &t, &why)) {
    case TENSOR_NOT:
        return false;
    case TENSOR_OK:
        *ok = add_tensor(c, &t);
        return true;
    case TENSOR_CANNOT:
        note(c, t.dtype, 0, why);
        return true;
    case TENSOR_BROKEN:
        *ok = false;
        return true;
    }
    return true;
}

/* ---- the walk ---- */

static bool walk(struct checkpoint *c, ref r, unsigned depth);

/* The entry with this key. */
static bool walk_entry(struct checkpoint *c, ref key, ref r, unsigned depth)
{
    const struct value *k = value_at(&c->values, key);
    size_t before = c->path.n;
    bool first = depth == 0, ok;

    if (k->kind == VALUE_STR)
        ok = extend(c, first, value_text(k)) && walk(c, r, depth + 1);
    else if (k->kind == VALUE_INT)
        ok = extend_number(c, first, k->u.number) && walk(c, r, depth + 1);
    else if ((ok = extend(c, first, SPAN_LITERAL("?"))))
        note(c, DTYPES, 0, "its key is neither a string nor a whole number: it has no name");
    cut_path(c, before);
    return ok;
}

static bool walk_dict(struct checkpoint *c, ref r, unsigned depth)
{
    ref at = value_at(&c->values, r)->u.items.first, key, item;

    while (items_next(&c->values, &at, &key) && items_next(&c->values, &at, &item))
        if (!walk_entry(c, key, item, depth))
            return false;
    return true;
}

static bool walk_list(struct checkpoint *c, ref r, unsigned depth)
{
    ref at = value_at(&c->values, r)->u.items.first, item;
    size_t before = c->path.n;
    int64_t i = 0;
    bool ok = true;

    while (ok && items_next(&c->values, &at, &item)) {
        ok = extend_number(c, depth == 0, i++) && walk(c, item, depth + 1);
        cut_path(c, before);
    }
    return ok;
}

/* What an OrderedDict was given beside its items. torch's own is the version of each module. */
static bool walk_attributes(struct checkpoint *c, ref state)
{
    const struct value *x = value_at(&c->values, state);
    ref at = x->u.items.first, key, item;

    if (state == 0)
        return true;
    if (x->kind != VALUE_DICT) {
        note(c, DTYPES, 0, "attributes of a dictionary that are not read");
        return true;
    }
    while (items_next(&c->values, &at, &key) && items_next(&c->values, &at, &item))
        if (value_at(&c->values, key)->kind != VALUE_STR ||
            !span_is(value_text(value_at(&c->values, key)), "_metadata"))
            note(c, DTYPES, 0, "an attribute of a dictionary, beside its entries");
    return true;
}

/* The item of a dict with this key; 0: none. */
static ref lookup(const struct values *v, ref dict, const char *name)
{
    ref at = value_at(v, dict)->u.items.first, key, item;

    if (dict == 0 || value_at(v, dict)->kind != VALUE_DICT)
        return 0;
    while (items_next(v, &at, &key) && items_next(v, &at, &item))
        if (value_at(v, key)->kind == VALUE_STR && span_is(value_text(value_at(v, key)), name))
            return item;
    return 0;
}

/* One of _parameters, _buffers, _modules: those that are None are not there. */
static bool walk_registered(struct checkpoint *c, ref dict, unsigned depth)
{
    ref at = value_at(&c->values, dict)->u.items.first, key, item;

    if (dict == 0 || value_at(&c->values, dict)->kind != VALUE_DICT)
        return true;
    while (items_next(&c->values, &at, &key) && items_next(&c->values, &at, &item))
        if (value_at(&c->values, item)->kind != VALUE_NONE && !walk_entry(c, key, item, depth))
            return false;
    return true;
}

/*
 * A whole module (torch.save(model)): of its state, what state_dict() would give, by the names of
 * torch/nn/modules/module.py. Buffers that are not persistent are among it.
 */
static bool walk_object(struct checkpoint *c, ref r, unsigned depth)
{
    const struct value *x = value_at(&c->values, r);
    ref parameters = lookup(&c->values, x->state, "_parameters"),
        buffers = lookup(&c->values, x->state, "_buffers"),
        modules = lookup(&c->values, x->state, "_modules");

    if (!parameters || !modules) {
        note(c, DTYPES, 0, describe(c, x));
        return true;
    }
    note(c, DTYPES, 0,
         describe_named(c, "its parameters and buffers can be written, and not the module itself:",
                        class_of(&c->values, x)));
    return walk_registered(c, parameters, depth) && walk_registered(c, buffers, depth) &&
           walk_registered(c, modules, depth);
}

static bool walk_container(struct checkpoint *c, ref r, unsigned depth)
{
    const struct value *x = value_at(&c->values, r);

    switch ((enum value_kind)x->kind) {
    case VALUE_DICT:
        return walk_attributes(c, x->state) && walk_dict(c, r, depth);
    case VALUE_LIST:
    case VALUE_TUPLE:
        if (!is_plain_list(&c->values, x))
            return walk_list(c, r, depth);
        note(c, DTYPES, 0, describe(c, x));
        return true;
    case VALUE_OBJECT:
        return walk_object(c, r, depth);
    default:
        note(c, DTYPES, 0, describe(c, x));
        return true;
    }
}

/* How many values are looked at when this one is: it may be met again and again. */
static uint64_t weight(const struct values *v, const struct value *x)
{
    if (x->kind == VALUE_OBJECT)
        x = value_at(v, x->state);
    return x->kind >= VALUE_TUPLE && x->kind <= VALUE_SET ? 1 + (uint64_t)x->n : 1;
}

static bool walk(struct checkpoint *c, ref r, unsigned depth)
{
    bool ok;

    c->visited += weight(&c->values, value_at(&c->values, r));
    if (c->visited > VISITED_MAX)
        return checkpoint_fail(c, PRATIQUE_E_LIMIT, PRATIQUE_NO_OFFSET,
                               "more than %" PRIu64 " entries", VISITED_MAX);
    if (value_at(&c->values, r)->open)
        return checkpoint_fail(c, PRATIQUE_E_FORMAT, PRATIQUE_NO_OFFSET,
                               "%.80s contains itself: no names can be given to that", c->path.p);
    if (depth > DEPTH_MAX)
        return checkpoint_fail(c, PRATIQUE_E_LIMIT, PRATIQUE_NO_OFFSET,
                               "entries more than %u deep in each other", DEPTH_MAX);
    if (is_tensor(c, r, &ok))
        return ok;
    value_at(&c->values, r)->open = true;
    ok = walk_container(c, r, depth);
    value_at(&c->values, r)->open = false;
    return ok;
}

/* ---- the same tensor under several names ---- */

static int compare_spans(struct span a, struct span b)
{
    int d = memcmp(a.p, b.p, a.n < b.n ? a.n : b.n);

    return d ? d : (a.n > b.n) - (a.n < b.n);
}

#define THREE_WAY(a, b) (((a) > (b)) - ((a) < (b)))

static int compare_places(const struct tensor *a, const struct tensor *b)
{
    int d = THREE_WAY(a->blob, b->blob);

    if (!d)
        d = THREE_WAY(a->start, b->start);
    if (!d)
        d = THREE_WAY(b->end, a->end); /* the larger one first: others are views of it */
    if (!d)
        d = THREE_WAY(a->dtype, b->dtype);
    if (!d)
        d = THREE_WAY(a->flags, b->flags);
    if (!d)
        d = THREE_WAY(a->dims, b->dims);
    for (uint32_t i = 0; !d && i < a->dims; i++)
        d = THREE_WAY(a->shape[i], b->shape[i]);
    for (uint32_t i = 0; !d && i < a->dims; i++)
        if (a->shape[i] != 1)
            d = THREE_WAY(a->stride[i], b->stride[i]);
    return d;
}

static int by_place(const void *x, const void *y)
{
    const struct tensor *a = x, *b = y;
    int d = compare_places(a, b);

    return d ? d : compare_spans(a->name, b->name);
}

static int by_name(const void *x, const void *y)
{
    return compare_spans(((const struct tensor *)x)->name, ((const struct tensor *)y)->name);
}

static int by_output(const void *x, const void *y)
{
    const struct tensor *a = x, *b = y;
    int d = THREE_WAY(a->same, b->same);

    if (!d && !a->same)
        d = THREE_WAY(a->dtype, b->dtype);
    return d ? d : compare_spans(a->name, b->name);
}

/* Of those that are the same the first by its name is written. */
static void find_same(struct checkpoint *c)
{
    struct tensor *kept = NULL;
    uint64_t end = 0;

    for (size_t i = 0; i < c->tensors_n; i++) {
        struct tensor *t = &c->tensors[i];

        if (t->bytes == 0)
            continue;
        if (kept && compare_places(kept, t) == 0) {
            t->same = true;
            t->same_as = kept->name;
            continue;
        }
        t->overlaps = kept && kept->blob == t->blob && t->start < end;
        end = t->overlaps && end > t->end ? end : t->end;
        kept = t;
    }
}

static bool names_differ(struct checkpoint *c)
{
    for (size_t i = 1; i < c->tensors_n; i++) {
        struct span name = c->tensors[i].name;

        if (span_equal(name, c->tensors[i - 1].name))
            return checkpoint_fail(c, PRATIQUE_E_FORMAT, PRATIQUE_NO_OFFSET,
                                   "two entries would both be called %.*s: rename one of them",
                                   (int)(name.n < 100 ? name.n : 100), (const char *)name.p);
    }
    return true;
}

/* A small storage can have any number of large views. */
static bool in_proportion(struct checkpoint *c)
{
    uint64_t want = 0, most = COPIES_MAX;

    for (size_t i = 0; i < c->blobs_n; i++)
        if (ADD_OVERFLOWS(most, c->blobs[i].bytes, &most))
            most = UINT64_MAX;
    for (size_t i = 0; i < c->tensors_n; i++)
        if (!c->tensors[i].same && (ADD_OVERFLOWS(want, c->tensors[i].bytes, &want) || want > most))
            return checkpoint_fail(c, PRATIQUE_E_LIMIT, PRATIQUE_NO_OFFSET,
                                   "views of its storages would make more than %" PRIu64
                                   " bytes of it: save them as tensor.clone()",
                                   most);
    return true;
}

static void sort(struct checkpoint *c, int (*compare)(const void *, const void *))
{
    if (c->tensors_n > 1)
        qsort(c->tensors, c->tensors_n, sizeof *c->tensors, compare);
}

/* Where the whole thing is one tensor, or an object. */
static bool walk_top(struct checkpoint *c)
{
    ref top = c->values.top;
    struct tensor t;
    const char *why;
    bool named = tensor_of(c, top, &t, &why) != TENSOR_NOT;

    if (c->error.status != PRATIQUE_OK)
        return false;
    return (!named || extend(c, true, SPAN_LITERAL("tensor"))) && walk(c, top, 0);
}

bool walk_all(struct checkpoint *c)
{
    buf_init(&c->path, CONVERT_NAME_MAX);
    if (!walk_top(c))
        return false;
    sort(c, by_name);
    if (!names_differ(c))
        return false;
    sort(c, by_place);
    find_same(c);
    sort(c, by_output);
    return in_proportion(c);
}
