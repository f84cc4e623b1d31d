/*
 * Filters of chunks, undone: deflate, shuffle, Fletcher's checksum (not verified: who reads such
 * a chunk with the library fails where it is wrong), LZF as h5py brings it, bzip2, zstd. HDF5 File
 * Format Specification 3.0, IV.A.2.l; h5py/lzf/lzf_filter.c and liblzf 3.6 for the form of LZF.
 */
#include "format/hdf5/reader.h"

enum filter {
    FILTER_DEFLATE = 1,
    FILTER_SHUFFLE = 2,
    FILTER_FLETCHER32 = 3,
    FILTER_BZIP2 = 307,
    FILTER_LZF = 32000,
    FILTER_ZSTD = 32015,
};

static bool is_known(unsigned id)
{
    return id == FILTER_DEFLATE || id == FILTER_SHUFFLE || id == FILTER_FLETCHER32 ||
           id == FILTER_BZIP2 || id == FILTER_LZF || id == FILTER_ZSTD;
}

unsigned hdf5_filter_unknown(const struct filters *f)
{
    for (unsigned i = 0; i < f->n; i++)
        if (!is_known(f->list[i].id))
            return f->list[i].id;
    return 0;
}

static bool take_filter(struct span *in, unsigned version, struct filters *f)
{
    uint64_t id, name_n = 0, values_n, value = 0;

    if (!hdf5_take(in, 2, &id) || ((version == 1 || id >= 256) && !hdf5_take(in, 2, &name_n)) ||
        !skip(in, 2) || !hdf5_take(in, 2, &values_n))
        return false;
    if (version == 1)
        name_n += (8 - name_n % 8) % 8;
    if (!skip(in, name_n) || (values_n > 0 && !hdf5_take(in, 4, &value)) ||
        (values_n > 1 && !skip(in, 4 * (values_n - 1))) ||
        (version == 1 && values_n % 2 && !skip(in, 4)))
        return false;
    f->list[f->n].id = (unsigned)id;
    f->list[f->n++].value = (uint32_t)value;
    return true;
}

bool hdf5_filters(struct h5 *h, const struct message *m, struct filters *f)
{
    struct span in = m->body;
    uint64_t version, n;

    f->n = 0;
    if (!m->type)
        return true;
    if (!hdf5_take(&in, 1, &version) || !hdf5_take(&in, 1, &n) || version < 1 || version > 2 ||
        n > FILTERS_MAX || !skip(&in, version == 1 ? 6 : 0))
        return hdf5_broken(h, m->addr, "filters of an unknown form");
    for (; n > 0; n--)
        if (!take_filter(&in, (unsigned)version, f))
            return hdf5_broken(h, m->addr, "filters are cut short");
    return true;
}

/* ---- undoing ---- */

void hdf5_undone_free(struct h5 *h, struct undone *u)
{
    codec_free(h->s, &u->inflated);
    scan_unmap(h->s, u->own, u->own_n);
    u->own = NULL;
}

/* A buffer of n bytes, charged as output; what u held is still there. NULL: stopped. */
static uint8_t *room(struct h5 *h, uint64_t n)
{
    uint8_t *p = NULL;

    if (n <= SIZE_MAX && budget_output(h->s->budget, n))
        p = scan_map(h->s, (size_t)n);
    if (!p)
        (void)hdf5_stop(h, scan_fail_budget(h->s, h->base));
    return p;
}

static void replace(struct h5 *h, struct undone *u, uint8_t *p, size_t n, size_t mapped)
{
    hdf5_undone_free(h, u);
    u->own = p;
    u->own_n = mapped;
    u->bytes = span_of(p, n);
}

/* The bytes of each element lie apart: all first ones, then all second ones. */
static bool unshuffle(struct h5 *h, struct undone *u, size_t size)
{
    struct span in = u->bytes;
    size_t n = size ? in.n / size : 0, done = n * size;
    uint8_t *out;

    if (size < 2 || n < 2)
        return true;
    out = room(h, in.n);
    if (!out)
        return false;
    for (size_t byte = 0; byte < size; byte++)
        for (size_t i = 0; i < n; i++)
            out[i * size + byte] = in.p[byte * n + i];
    memcpy(out + done, in.p + done, in.n - done);
    replace(h, u, out, in.n, in.n);
    return true;
}

/* A run of literals, or a copy of what was written: its length and how far back. */
static bool lzf_step(struct span *in, uint8_t *out, size_t size, size_t *n)
{
    uint64_t control, more = 0, low;
    size_t length, back;
    struct span run;

    (void)hdf5_take(in, 1, &control);
    if (control < 32) {
        if (!take(in, control + 1, &run) || run.n > size - *n)
            return false;
        memcpy(out + *n, run.p, run.n);
        *n += run.n;
        return true;
    }
    if ((control >> 5 == 7 && !hdf5_take(in, 1, &more)) || !hdf5_take(in, 1, &low))
        return false;
    length = (size_t)((control >> 5) + more + 2);
    back = (size_t)((control & 31) << 8 | low) + 1;
    if (back > *n || length > size - *n)
        return false;
    for (; length > 0; length--, ++*n)
        out[*n] = out[*n - back];
    return true;
}

static bool unlzf(struct h5 *h, struct undone *u, uint64_t expect, uint64_t addr)
{
    struct span in = u->bytes;
    uint8_t *out;
    size_t n = 0;
    bool good = true;

    if (expect / 300 > in.n) /* a copy makes 264 bytes of three */
        return hdf5_broken(h, addr, "a chunk that is shorter than its shape says");
    out = room(h, expect);
    if (!out)
        return false;
    while (good && in.n > 0)
        good = lzf_step(&in, out, (size_t)expect, &n);
    replace(h, u, out, n, (size_t)expect);
    return good || hdf5_broken(h, addr, "a chunk that does not decompress");
}

static bool inflate(struct h5 *h, struct undone *u, enum codec codec, uint64_t expect,
                    uint64_t addr)
{
    struct inflated more;
    enum pratique_status st = codec_inflate(h->s, codec, u->bytes, expect, &more);

    hdf5_undone_free(h, u);
    u->inflated = more;
    u->bytes = more.bytes;
    if (!hdf5_goes_on(h, st))
        return false;
    return st == PRATIQUE_OK ||
           hdf5_broken(h, addr, "a chunk that does not decompress: %s", h->s->error.msg);
}

static bool undo_one(struct h5 *h, unsigned id, uint32_t value, uint64_t expect, uint64_t addr,
                     struct undone *u)
{
    switch (id) {
    case FILTER_DEFLATE:
        return inflate(h, u, CODEC_ZLIB, expect, addr);
    case FILTER_BZIP2:
        return inflate(h, u, CODEC_BZIP2, expect, addr);
    case FILTER_ZSTD:
        return inflate(h, u, CODEC_ZSTD, expect, addr);
    case FILTER_SHUFFLE:
        return unshuffle(h, u, value);
    case FILTER_LZF:
        return unlzf(h, u, expect, addr);
    case FILTER_FLETCHER32:
        if (u->bytes.n < 4)
            return hdf5_broken(h, addr, "a chunk without its checksum");
        u->bytes.n -= 4;
        return true;
    default:
        return false;
    }
}

bool hdf5_undo(struct h5 *h, const struct filters *f, uint32_t mask, struct span raw,
               uint64_t expect, uint64_t addr, struct undone *out)
{
    *out = (struct undone){ .bytes = raw, .inflated.bytes = SPAN_EMPTY };
    if (f->n > 0 && !budget_ratio(h->s->budget, raw.n, expect)) /* before any memory is taken */
        return hdf5_stop(h, scan_fail_budget(h->s, h->base + addr));
    for (unsigned i = f->n; i-- > 0;)
        if (!(mask >> i & 1) && !undo_one(h, f->list[i].id, f->list[i].value, expect, addr, out))
            return false;
    if (out->bytes.n < expect)
        return hdf5_broken(h, addr, "a chunk that is shorter than its shape says");
    out->bytes.n = (size_t)expect;
    return true;
}
