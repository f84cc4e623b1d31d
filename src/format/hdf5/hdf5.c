/*
 * HDF5: every object that is reached from the root, once; their links, attributes and what their
 * datasets hold beside numbers. Keras keeps a model's configuration in an attribute, PyTables
 * Python objects as pickles; links and datasets may lead to other files.
 *
 * Spec: HDF5 File Format Specification 3.0, support.hdfgroup.org/documentation/hdf5/latest/
 * _f_m_t3.html. Like the library, the superblock is the first signature at 0, 512, 1024, ...,
 * and addresses count from there.
 *
 * Left out: bodies of tensors; bytes that no object owns; filters of the fractal heap; drivers
 * that spread one file over several.
 */
#include "format/hdf5/hdf5.h"

#include <inttypes.h>

#include "format/hdf5/reader.h"
#include "format/model/model.h"
#include "format/rest.h"

#define SIGNATURE   SPAN_LITERAL("\x89HDF\r\n\x1a\n")
#define WORK_FACTOR 16 /* looks at structures, over the bytes of the file */
#define WORK_LEAST  ((uint64_t)16 << 20)

/* Loading makes this many bytes of few: told. */
#define LARGE_LEAST ((uint64_t)1 << 30)
#define LARGE_RATIO 100

/* ---- where it starts ---- */

/* A tar's first member starts at 512: the tar reader hands it on, as long as the tar says. */
static bool is_in_tar(struct span in, uint64_t off)
{
    return off == 512 && span_starts(span_from(in, 257), SPAN_LITERAL("ustar"));
}

static uint64_t find_signature(struct span in)
{
    for (uint64_t off = 0; off < in.n; off = off ? off * 2 : 512)
        if (span_starts(span_from(in, off), SIGNATURE) && !is_in_tar(in, off))
            return off;
    return UNDEFINED;
}

static bool looks_like(struct span in)
{
    return find_signature(in) != UNDEFINED;
}

static bool is_zero(struct span in)
{
    return in.n == 0 || (in.p[0] == 0 && memcmp(in.p, in.p + 1, in.n - 1) == 0);
}

/* MATLAB 7 writes a line of text, and a version at 124, into a user block of 512 bytes. */
static bool is_matlab(struct span in)
{
    struct span text;

    if (!span_starts(in, SPAN_LITERAL("MATLAB 7.")) || !take(&in, 116, &text) ||
        !span_starts(span_from(text, 10), SPAN_LITERAL(" MAT-file")))
        return false;
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] < ' ' || text.p[i] > '~')
            return false;
    return skip(&in, 12) && is_zero(in);
}

/* The user block: the library passes over it, other readers start there. */
static enum pratique_status user_block(struct scan *s, struct span block)
{
    if (is_zero(block) || is_matlab(block))
        return PRATIQUE_OK;
    facts_add(s->facts, &(struct fact){ .kind = FACT_LEADING,
                                        .where = s->where,
                                        .number = block.n,
                                        .subject = SPAN_LITERAL("HDF5"),
                                        .detail = SPAN_EMPTY });
    return scan_nested(s, block, SPAN_LITERAL("user block"), ROLE_ANY);
}

/* ---- the superblock ---- */

static bool sizes(struct h5 *h, uint64_t so, uint64_t sl)
{
    h->so = (unsigned)so;
    h->sl = (unsigned)sl;
    return ((so == 2 || so == 4 || so == 8) && (sl == 2 || sl == 4 || sl == 8)) ||
           hdf5_broken(h, 0, "offsets of %u and lengths of %u bytes", h->so, h->sl);
}

/* Versions 0 and 1: the root's symbol table entry at the end. */
static bool old_superblock(struct h5 *h, struct span in)
{
    uint64_t so, sl, cache = 0, base, driver, name;

    if (!skip(&in, 4) || !hdf5_take(&in, 1, &so) || !hdf5_take(&in, 1, &sl) || !sizes(h, so, sl) ||
        !skip(&in, 9 + (h->version == 1 ? 4 : 0)) || !hdf5_take_addr(h, &in, &base) ||
        !skip(&in, h->so) || !hdf5_take_addr(h, &in, &h->eof) || !hdf5_take_addr(h, &in, &driver) ||
        !hdf5_take_addr(h, &in, &name) || !hdf5_take_addr(h, &in, &h->root) ||
        !hdf5_take(&in, 4, &cache) || !skip(&in, 4))
        return hdf5_broken(h, 0, "the superblock is cut short");
    if (cache == 1)
        (void)(hdf5_take_addr(h, &in, &h->root_tree) && hdf5_take_addr(h, &in, &h->root_heap));
    h->eof -= base < h->eof ? base : 0;
    return true;
}

/* Versions 2 and 3: with a checksum. */
static bool new_superblock(struct h5 *h, struct span in)
{
    uint64_t so, sl, base, sum;

    if (!hdf5_take(&in, 1, &so) || !hdf5_take(&in, 1, &sl) || !sizes(h, so, sl) || !skip(&in, 1) ||
        !hdf5_take_addr(h, &in, &base) || !hdf5_take_addr(h, &in, &h->extension) ||
        !hdf5_take_addr(h, &in, &h->eof) || !hdf5_take_addr(h, &in, &h->root) ||
        !hdf5_take(&in, 4, &sum))
        return hdf5_broken(h, 0, "the superblock is cut short");
    if (!hdf5_holds(span_of(h->file.p, h->file.n - in.n - 4), sum))
        return hdf5_broken(h, 0, "the checksum of the superblock is wrong");
    h->eof -= base < h->eof ? base : 0;
    return true;
}

/* The end that it tells bounds all that follows; bytes behind it are another's. */
static bool superblock(struct h5 *h)
{
    struct span in = h->file;
    uint64_t version;

    if (!skip(&in, 8) || !hdf5_take(&in, 1, &version) || version > 3)
        return hdf5_broken(h, 8, "a superblock of an unknown version");
    h->version = (unsigned)version;
    if (!(version < 2 ? old_superblock(h, in) : new_superblock(h, in)))
        return false;
    if (h->eof > h->file.n)
        return hdf5_broken(h, 0, "cut off: %" PRIu64 " bytes long, %zu are there", h->eof,
                           h->file.n);
    h->file.n = (size_t)h->eof;
    return h->root < h->file.n || hdf5_broken(h, 0, "a root that lies past the end");
}

/* ---- the walk ---- */

/* Beside the root's own message, a superblock 0 keeps where its symbols are. */
static void root_symbols(struct h5 *h)
{
    if (h->root_tree != UNDEFINED && h->root_heap != UNDEFINED &&
        hdf5_first(h, h->root_tree, HDF5_SALT_SYMBOLS))
        hdf5_symbols(h, 0, h->root_tree, h->root_heap);
}

static void walk(struct h5 *h)
{
    if (!hdf5_queue(h, h->root, 0, SPAN_EMPTY))
        return;
    if (h->extension != UNDEFINED) { /* first: it tells where shared messages are */
        if (!hdf5_queue(h, h->extension, 0, SPAN_LITERAL("superblock extension")))
            return;
        if (h->queue.n > 1)
            hdf5_object(h, 1);
    }
    for (uint32_t i = 0; i < h->queue.n && h->stop == PRATIQUE_OK; i++) {
        if (h->queue.p[i].addr != h->extension)
            hdf5_object(h, i);
        if (i == 0)
            root_symbols(h);
    }
}

/* Two datasets in the same bytes: no library writes that. */
static void check_extents(struct h5 *h)
{
    if (h->stop != PRATIQUE_OK)
        return;
    if (!items_sort(h->s, &h->extents)) {
        (void)hdf5_stop(h, scan_fail_budget(h->s, h->base));
        return;
    }
    for (size_t i = 1; i < h->extents.n; i++)
        if (h->extents.p[i].a < h->extents.p[i - 1].b) {
            (void)hdf5_broken(h, h->extents.p[i].a, "two datasets share bytes");
            return;
        }
}

static void told(struct h5 *h)
{
    if (h->logical > LARGE_LEAST && h->logical / LARGE_RATIO > h->file.n)
        scan_factf(h->s, FACT_HDF5_LARGE, h->base, SPAN_LITERAL("datasets"),
                   "%" PRIu64 " bytes when they are read, of a file of %zu", h->logical, h->file.n);
    if (h->tensors)
        model_sayf(h->s, "tensors", "%" PRIu64, h->tensors);
    if (h->elements)
        model_sayf(h->s, "parameters", "%" PRIu64, h->elements);
    scan_read(h->s, "HDF5", h->base + h->file.n,
              "superblock %u, %" PRIu64 " groups, %" PRIu64 " datasets, %" PRIu64
              " attributes, %" PRIu64 " links",
              h->version, h->groups, h->datasets, h->attributes, h->links);
}

static void init(struct h5 *h, struct scan *s, struct span in, const struct hdf5_ear *ear)
{
    *h = (struct h5){ .s = s, .ear = ear, .file = in, .root = UNDEFINED };
    h->extension = h->root_tree = h->root_heap = h->huge_tree = UNDEFINED;
    h->seen.seed = budget_now_us() ^ (uint64_t)(uintptr_t)h;
    h->work_max = WORK_LEAST + (uint64_t)in.n * WORK_FACTOR;
    arena_init(&h->types, 8 << 20);
    for (size_t i = 0; i < COLLECTIONS; i++)
        h->collections[i].addr = UNDEFINED;
    for (size_t i = 0; i < ARRAY_LEN(h->shared_heaps); i++)
        h->shared_heaps[i] = UNDEFINED;
}

static void done(struct h5 *h)
{
    struct scan *s = h->s;

    scan_unmap(s, h->queue.p, h->queue.size * sizeof *h->queue.p);
    scan_unmap(s, h->blocks.p, h->blocks.size * sizeof *h->blocks.p);
    scan_unmap(s, h->extents.p, h->extents.size * sizeof *h->extents.p);
    scan_unmap(s, h->huge.p, h->huge.size * sizeof *h->huge.p);
    names_free(s, &h->seen);
    hdf5_global_free(h);
    arena_reset(&h->types);
}

/* What stopped it, or else the first fault; the scan's own error may be of something within. */
static enum pratique_status result(struct h5 *h)
{
    if (h->stop == PRATIQUE_E_LIMIT || h->stop == PRATIQUE_E_NOMEM)
        return h->stop;
    if (h->error.status != PRATIQUE_OK)
        h->s->error = h->error;
    return h->error.status;
}

enum pratique_status hdf5_read(struct scan *s, struct span in, const struct hdf5_ear *ear)
{
    uint64_t base = find_signature(in);
    enum pratique_status st;
    struct span block;
    struct h5 h;

    if (base == UNDEFINED || !span_sub(in, 0, base, &block))
        return scan_fail(s, PRATIQUE_E_FORMAT, 0, "no signature of HDF5");
    st = user_block(s, block);
    if (st == PRATIQUE_E_LIMIT || st == PRATIQUE_E_NOMEM)
        return st;
    init(&h, s, span_from(in, base), ear);
    h.base = base;
    if (superblock(&h)) {
        walk(&h);
        check_extents(&h);
    }
    s->budget->work_done += base + (h.work < in.n ? h.work : in.n);
    st = result(&h);
    if (st == PRATIQUE_OK)
        told(&h);
    done(&h);
    if (st == PRATIQUE_OK)
        st = scan_rest(s, "HDF5", base + h.file.n, span_from(in, base + h.file.n));
    return st;
}

static enum pratique_status scan(struct scan *s, struct span in)
{
    return hdf5_read(s, in, NULL);
}

const struct format format_hdf5 = {
    .name = "HDF5",
    .spec = "HDF5 File Format Specification 3.0, support.hdfgroup.org",
    .looks_like = looks_like,
    .scan = scan,
};
