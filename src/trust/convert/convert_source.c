/*
 * Where a checkpoint keeps what: the zip form (torch/csrc, caffe2/serialize/inline_container.cc)
 * and the legacy form (torch/serialization.py, _legacy_load; see format/torch/legacy.c). Storages
 * are little-endian unless a zip's `byteorder` says "big"; the legacy form is on every machine.
 *
 * CRCs of stored members are not compared: torch does not, and writes wrong ones when it is told
 * to (set_crc32_options).
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "base/status.h"
#include "format/format.h"
#include "format/torch/simple.h"
#include "format/zip/directory.h"
#include "trust/convert/convert.h"

#define ARENA_MAX     ((size_t)768 * 1024 * 1024)
#define PICKLE_MAX    ((uint64_t)768 * 1024 * 1024)
#define FORGET_EVERY  256u
#define LEGACY_NUMBER 1001

bool checkpoint_fail(struct checkpoint *c, enum pratique_status status, uint64_t off,
                     const char *fmt, ...)
{
    char text[sizeof c->error.msg];
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    if (c->error.status == PRATIQUE_OK)
        (void)error_set(&c->error, status, off, "%s", text);
    return false;
}

bool checkpoint_grow(struct checkpoint *c, void **p, size_t *size, size_t n, size_t each)
{
    size_t more = *size ? *size * 2 : 64;
    void *q;

    if (n < *size)
        return true;
    q = reallocarray(*p, more, each);
    if (!q)
        return checkpoint_fail(c, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET,
                               "reading it takes more memory than there is");
    *p = q;
    *size = more;
    return true;
}

void checkpoint_forget(const struct checkpoint *c)
{
    if (c->mapped)
        (void)madvise((void *)(uintptr_t)c->file.p, c->file.n, MADV_DONTNEED);
}

static bool broken(struct checkpoint *c, uint64_t off, const char *what)
{
    return checkpoint_fail(c, PRATIQUE_E_FORMAT, off, "%s: the file is damaged or cut off", what);
}

/* ---- storages by their keys ---- */

static uint8_t fold(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c | 0x20) : c;
}

/* torch looks members up whatever their case is. */
static int compare_keys(struct span a, struct span b)
{
    for (size_t i = 0; i < a.n && i < b.n; i++)
        if (fold(a.p[i]) != fold(b.p[i]))
            return fold(a.p[i]) < fold(b.p[i]) ? -1 : 1;
    return (a.n > b.n) - (a.n < b.n);
}

static int compare_blobs(const void *x, const void *y)
{
    return compare_keys(((const struct blob *)x)->key, ((const struct blob *)y)->key);
}

static bool sort_blobs(struct checkpoint *c)
{
    if (c->blobs_n > 1)
        qsort(c->blobs, c->blobs_n, sizeof *c->blobs, compare_blobs);
    for (size_t i = 1; i < c->blobs_n; i++) {
        struct span key = c->blobs[i].key;

        if (compare_keys(key, c->blobs[i - 1].key) == 0)
            return checkpoint_fail(c, PRATIQUE_E_FORMAT, PRATIQUE_NO_OFFSET,
                                   "two members are called %.*s: readers differ about which one "
                                   "counts",
                                   (int)(key.n < 100 ? key.n : 100), (const char *)key.p);
    }
    return true;
}

uint32_t source_find(const struct checkpoint *c, struct span key)
{
    size_t low = 0, high = c->blobs_n;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int d = compare_keys(c->blobs[mid].key, key);

        if (d == 0)
            return span_equal(c->blobs[mid].key, key) ? (uint32_t)mid : UINT32_MAX;
        if (d < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return UINT32_MAX;
}

static bool add_blob(struct checkpoint *c, const struct blob *b)
{
    if (c->blobs_n >= UINT32_MAX - 1)
        return checkpoint_fail(c, PRATIQUE_E_LIMIT, PRATIQUE_NO_OFFSET, "too many members");
    if (!checkpoint_grow(c, (void **)&c->blobs, &c->blobs_size, c->blobs_n, sizeof *c->blobs))
        return false;
    c->blobs[c->blobs_n++] = *b;
    return true;
}

/* ---- pickles ---- */

static bool read_pickle(struct checkpoint *c, struct span in, uint64_t at)
{
    values_free(&c->values);
    if (values_read(&c->values, in))
        return true;
    return checkpoint_fail(
        c, c->values.exhausted ? PRATIQUE_E_LIMIT : PRATIQUE_E_FORMAT, at + c->values.off,
        "the pickle cannot be followed at byte %" PRIu64 ": %s", c->values.off, c->values.fault);
}

/* ---- zip ---- */

/* The local header of a member, and where its bytes begin. */
static bool place(struct checkpoint *c, const struct zip_central *m, uint64_t at, struct blob *out)
{
    struct zip_local l;
    struct span bytes;

    if (!zip_local(c->file, at, &l) || !span_equal(l.name, m->name) || l.method != m->method)
        return broken(c, at, "a member has no header of its own, or another one");
    if ((m->flags | l.flags) & (FLAG_ENCRYPTED | FLAG_STRONG | FLAG_MASKED))
        return checkpoint_fail(c, PRATIQUE_E_FORMAT, at,
                               "a member is encrypted: decrypt the file first");
    if (m->method != METHOD_STORED && m->method != METHOD_DEFLATE)
        return checkpoint_fail(c, PRATIQUE_E_FORMAT, at,
                               "a member is compressed in a way that torch does not read "
                               "(method %u)",
                               m->method);
    *out = (struct blob){ .key = m->name,
                          .at = l.data,
                          .csize = m->csize,
                          .bytes = m->usize,
                          .crc = m->crc,
                          .deflated = m->method == METHOD_DEFLATE };
    if (!span_sub(c->file, l.data, m->csize, &bytes))
        return broken(c, at, "a member is longer than the file");
    if (!out->deflated && m->csize != m->usize)
        return broken(c, at, "a stored member has two sizes");
    return true;
}

static bool list_members(struct checkpoint *c, const struct zip_directory *d)
{
    uint64_t off = d->at;
    struct zip_central m;
    struct blob b;

    for (uint64_t i = 0; i < d->count; i++, off = m.end) {
        if (!zip_central(c->file, off, d->limit, &m) || m.cut || m.contradicts)
            return broken(c, off, "the zip directory ends too early, or says two things");
        if (m.name.n && m.name.p[m.name.n - 1] == '/')
            continue; /* a folder */
        if (!place(c, &m, m.local + d->base, &b) || !add_blob(c, &b))
            return false;
        if (i % FORGET_EVERY == FORGET_EVERY - 1)
            checkpoint_forget(c);
    }
    return true;
}

/* The folder of the first member, with its '/': torch looks nowhere else. */
static struct span root_of(struct checkpoint *c, const struct zip_directory *d)
{
    struct zip_central m;
    size_t n;

    if (!zip_central(c->file, d->at, d->limit, &m))
        return SPAN_EMPTY;
    n = span_find(m.name, 0, SPAN_LITERAL("/"));
    return n == SIZE_MAX ? SPAN_EMPTY : span_of(m.name.p, n + 1);
}

/* The member of this name in the root; UINT32_MAX: none. */
static uint32_t find_in(struct checkpoint *c, struct span root, const char *name)
{
    char *full = arena_printf(&c->arena, "%.*s%s", (int)root.n, (const char *)root.p, name);

    return full && root.n < CONVERT_NAME_MAX ? source_find(c, span_text(full)) : UINT32_MAX;
}

static bool read_byteorder(struct checkpoint *c, uint32_t i)
{
    uint8_t *owned = NULL;
    struct span order;
    bool ok;

    if (i == UINT32_MAX)
        return true;
    ok = gather_whole(c, &c->blobs[i], &order, &owned);
    c->big_endian = span_is(order, "big");
    if (ok && !c->big_endian && !span_is(order, "little"))
        ok = broken(c, c->blobs[i].at, "its byteorder is neither big nor little");
    free(owned);
    return ok;
}

/* Keeps the storages alone, by their keys. */
static void keep_storages(struct checkpoint *c, struct span root)
{
    size_t kept = 0;

    for (size_t i = 0; i < c->blobs_n; i++) {
        struct blob b = c->blobs[i];
        struct span folder;

        if (!span_starts(b.key, root) || !skip(&b.key, root.n) || !take(&b.key, 5, &folder) ||
            !span_is(folder, "data/"))
            continue;
        c->blobs[kept++] = b;
    }
    c->blobs_n = kept;
}

static bool read_members(struct checkpoint *c, struct span root)
{
    uint32_t pickle = find_in(c, root, "data.pkl"), script = find_in(c, root, "constants.pkl");
    struct blob b;
    struct span in;

    if (pickle == UINT32_MAX)
        return checkpoint_fail(c, PRATIQUE_E_FORMAT, PRATIQUE_NO_OFFSET,
                               "it is a zip file without data.pkl, and no torch checkpoint");
    if (script != UINT32_MAX)
        return checkpoint_fail(
            c, PRATIQUE_E_FORMAT, PRATIQUE_NO_OFFSET,
            "it is a TorchScript program, not a checkpoint: save its state_dict() "
            "by torch.save, and convert that");
    if (!read_byteorder(c, find_in(c, root, "byteorder")))
        return false;
    b = c->blobs[pickle];
    if (b.bytes > PICKLE_MAX)
        return checkpoint_fail(c, PRATIQUE_E_LIMIT, b.at,
                               "data.pkl has more than %" PRIu64 " bytes", PICKLE_MAX);
    keep_storages(c, root);
    return gather_whole(c, &b, &in, &c->pickle_bytes) && read_pickle(c, in, b.at);
}

static bool read_zip(struct checkpoint *c, const struct zip_ends *ends)
{
    const struct zip_directory *d = &ends->directories[0];
    struct span root;

    if (ends->directories_n != 1 || ends->more || ends->records[0].contradicts)
        return checkpoint_fail(
            c, PRATIQUE_E_FORMAT, PRATIQUE_NO_OFFSET,
            "a zip file with more than one directory: readers differ about which "
            "one counts");
    root = root_of(c, d);
    return list_members(c, d) && sort_blobs(c) && read_members(c, root);
}

/* ---- legacy ---- */

/* A storage that the object's pickle names. */
struct named {
    struct span key;
    uint64_t count, order;
    unsigned size;
    bool read;
};

static int compare_named(const void *x, const void *y)
{
    const struct named *a = x, *b = y;
    int d = compare_keys(a->key, b->key);

    return d ? d : (a->order > b->order) - (a->order < b->order);
}

struct legacy {
    struct named *list; /* sorted by key */
    size_t n, size;
};

/* Every storage that is named, the first of each key: it says how long its elements are. */
static bool list_named(struct checkpoint *c, struct legacy *l)
{
    size_t kept = 0;

    for (ref r = 1; r < c->values.values_n; r++) {
        struct storage_id id;
        enum dtype dtype;

        if (!tensor_storage_id(&c->values, r, &id))
            continue;
        if (!checkpoint_grow(c, (void **)&l->list, &l->size, l->n, sizeof *l->list))
            return false;
        l->list[l->n] = (struct named){ .key = id.key,
                                        .count = id.count,
                                        .order = l->n,
                                        .size = tensor_storage_type(id.type, &dtype) };
        l->n++;
    }
    if (l->n > 1)
        qsort(l->list, l->n, sizeof *l->list, compare_named);
    for (size_t i = 0; i < l->n; i++)
        if (kept == 0 || compare_keys(l->list[kept - 1].key, l->list[i].key) != 0)
            l->list[kept++] = l->list[i];
    l->n = kept;
    return true;
}

/* The storage at the front of *in, whose key was read from the list of keys. */
static bool take_storage(struct checkpoint *c, struct legacy *l, struct span key, struct span *in)
{
    struct named want = { .key = key }, *found = NULL;
    uint64_t at = c->file.n - in->n, count, bytes;
    struct blob b;

    for (size_t low = 0, high = l->n; low < high && !found;) {
        size_t mid = low + (high - low) / 2;
        int d = compare_keys(l->list[mid].key, want.key);

        if (d == 0)
            found = &l->list[mid];
        else if (d < 0)
            low = mid + 1;
        else
            high = mid;
    }
    if (!found || found->read || found->size == 0)
        return broken(c, at, "a storage that the pickle does not name, or of an unknown type");
    found->read = true;
    if (!take_u64le(in, &count) || count != found->count)
        return broken(c, at, "a storage has another length than the pickle says");
    b = (struct blob){ .key = found->key, .at = at + 8 };
    if (MUL_OVERFLOWS(count, (uint64_t)found->size, &bytes) || !skip(in, bytes))
        return broken(c, at, "a storage is longer than the file");
    b.csize = b.bytes = bytes;
    return add_blob(c, &b);
}

static bool take_storages(struct checkpoint *c, struct legacy *l, const struct values *keys,
                          struct span in)
{
    const struct value *list = value_at(keys, keys->top);
    ref at = list->u.items.first, item;
    uint32_t done = 0;

    if (list->kind != VALUE_LIST)
        return broken(c, c->file.n - in.n, "the list of storages is none");
    while (items_next(keys, &at, &item)) {
        const struct value *key = value_at(keys, item);

        if (key->kind != VALUE_STR)
            return broken(c, c->file.n - in.n, "the key of a storage is no string");
        if (!take_storage(c, l, value_text(key), &in))
            return false;
        if (++done % FORGET_EVERY == 0)
            checkpoint_forget(c);
    }
    return sort_blobs(c);
}

static bool skip_pickle(struct checkpoint *c, struct span *in)
{
    return read_pickle(c, *in, c->file.n - in->n) && skip(in, c->values.consumed);
}

/* Magic number, protocol, what machine it was: no dtype depends on that. */
static bool skip_head(struct checkpoint *c, struct span *in)
{
    const struct value *top;

    if (!skip_pickle(c, in) || !skip_pickle(c, in))
        return false;
    top = value_at(&c->values, c->values.top);
    if (top->kind != VALUE_INT || top->u.number != LEGACY_NUMBER)
        return broken(c, c->file.n - in->n, "its protocol is not 1001");
    return skip_pickle(c, in);
}

static bool read_legacy(struct checkpoint *c)
{
    struct values keys = { 0 };
    struct legacy l = { 0 };
    struct span in = c->file;
    bool ok = skip_head(c, &in) && skip_pickle(c, &in) && list_named(c, &l);

    if (ok && !values_read(&keys, in))
        ok = checkpoint_fail(c, PRATIQUE_E_FORMAT, c->file.n - in.n + keys.off,
                             "the list of storages cannot be followed: %s", keys.fault);
    ok = ok && skip(&in, keys.consumed) && take_storages(c, &l, &keys, in);
    values_free(&keys);
    free(l.list);
    return ok;
}

/* ---- which of them ---- */

/* What it is instead, and what to do. */
static bool no_checkpoint(struct checkpoint *c)
{
    const char *is = NULL;

    for (const struct format *const *f = formats; *f && !is; f++)
        if (!format_is_last_resort(*f) && (*f)->looks_like(c->file))
            is = (*f)->name;
    if (!is)
        return checkpoint_fail(c, PRATIQUE_E_FORMAT, 0,
                               "it is no torch checkpoint, nor anything else that is known");
    if (strcmp(is, "safetensors") == 0)
        return checkpoint_fail(c, PRATIQUE_E_FORMAT, 0, "it is safetensors already");
    if (strcmp(is, "pickle") == 0)
        return checkpoint_fail(c, PRATIQUE_E_FORMAT, 0,
                               "it is a pickle, but not of torch.save: where it can do no harm, "
                               "load it and save its tensors by torch.save");
    if (strcmp(is, "tar") == 0)
        return checkpoint_fail(
            c, PRATIQUE_E_FORMAT, 0,
            "it is a tar file: a checkpoint of torch before 0.1.10, if any; load "
            "it there and save it by a newer torch");
    return checkpoint_fail(c, PRATIQUE_E_FORMAT, 0, "it is no torch checkpoint but %s", is);
}

bool source_read(struct checkpoint *c)
{
    struct zip_ends ends;

    if (torch_magic_first(c->file))
        return read_legacy(c);
    if (zip_is(c->file, 0, SIG_LOCAL)) {
        if (!zip_find_ends(c->file, 0, false, &ends))
            return broken(c, c->file.n, "a zip file without its directory");
        return read_zip(c, &ends);
    }
    return no_checkpoint(c);
}

/* ---- all of it ---- */

bool checkpoint_read(struct checkpoint *c, struct span file, bool mapped, convert_note_fn *on_note,
                     void *user)
{
    bool ok;

    *c = (struct checkpoint){ .file = file, .mapped = mapped, .on_note = on_note, .user = user };
    arena_init(&c->arena, ARENA_MAX);
    buf_init(&c->path, CONVERT_NAME_MAX);
    ok = source_read(c) && walk_all(c);
    checkpoint_forget(c);
    if (!ok && c->error.status == PRATIQUE_OK)
        (void)checkpoint_fail(c, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "out of memory");
    return ok;
}

void checkpoint_free(struct checkpoint *c)
{
    values_free(&c->values);
    free(c->blobs);
    free(c->pickle_bytes);
    free(c->tensors);
    buf_free(&c->path);
    arena_reset(&c->arena);
    *c = (struct checkpoint){ 0 };
}
