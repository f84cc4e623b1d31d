/*
 * The bytes of tensors, dense and little-endian. What lies in the file is read through the map,
 * whose pages are given back on the way, so that a large file does not become a large process. A
 * deflated storage is inflated in whole where it is small or has to be read crosswise, else as a
 * stream.
 */
#include <stdlib.h>

#include "format/codec/decoder.h"
#include "trust/convert/convert.h"

#define WHOLE_MAX ((uint64_t)768 * 1024 * 1024)
#define WHOLE_FREE                                                                                 \
    ((uint64_t)16 * 1024 * 1024) /* no larger one is inflated in whole to be copied */
/* The kernel maps so much around a page that is touched. */
#define AROUND      ((uint64_t)64 * 1024)
#define TOUCHED_MAX 384u
/* What is read crosswise is put together in pieces of this: the more, the fewer turns over pages.
 */
#define TILE_MAX ((size_t)16 * 1024 * 1024)

struct inflater {
    uint32_t blob;
    struct decoder decoder;
    struct span in;
    uint64_t out; /* bytes that came out */
    uint32_t crc;
    bool ended;
};

static bool damaged(struct checkpoint *c, const struct blob *b)
{
    return checkpoint_fail(c, PRATIQUE_E_FORMAT, b->at,
                           "the deflated member %.*s is damaged or cut off",
                           (int)(b->key.n < 100 ? b->key.n : 100), (const char *)b->key.p);
}

/* ---- inflating ---- */

static bool inflater_open(struct checkpoint *c, struct inflater *f, uint32_t index,
                          const struct blob *b)
{
    *f = (struct inflater){ .blob = index };
    if (!span_sub(c->file, b->at, b->csize, &f->in))
        return damaged(c, b);
    if (decoder_open(&f->decoder, CODEC_DEFLATE, &f->in, b->bytes, WHOLE_MAX) == STEP_MORE)
        return true;
    return checkpoint_fail(c, PRATIQUE_E_NOMEM, b->at, "inflating takes more memory than there is");
}

/* The next n bytes: no fewer; at the end of it all its CRC is compared. */
static bool inflater_take(struct checkpoint *c, struct inflater *f, const struct blob *b,
                          uint8_t *out, size_t n)
{
    size_t done = 0;

    if (n > b->bytes - f->out)
        return damaged(c, b);
    while (done < n) {
        size_t room = n - done, before = f->in.n;
        enum step st =
            f->ended ? STEP_BROKEN : decoder_step(&f->decoder, &f->in, out + done, &room);

        if ((st != STEP_MORE && st != STEP_END) || (room == 0 && f->in.n == before))
            return damaged(c, b);
        f->ended = st == STEP_END;
        done += room;
    }
    f->crc = codec_crc32(f->crc, span_of(out, n));
    f->out += n;
    return f->out < b->bytes || f->crc == b->crc || damaged(c, b);
}

bool gather_whole(struct checkpoint *c, const struct blob *b, struct span *out, uint8_t **owned)
{
    struct inflater f;
    bool ok;

    *out = SPAN_EMPTY;
    *owned = NULL;
    if (!b->deflated)
        return span_sub(c->file, b->at, b->bytes, out) || damaged(c, b);
    *owned = b->bytes <= WHOLE_MAX ? malloc(b->bytes + 1) : NULL;
    if (!*owned)
        return checkpoint_fail(c, PRATIQUE_E_LIMIT, b->at,
                               "the deflated member %.*s is too large to be read as a whole: store "
                               "it without compression",
                               (int)(b->key.n < 100 ? b->key.n : 100), (const char *)b->key.p);
    if (!inflater_open(c, &f, UINT32_MAX, b))
        return false;
    ok = inflater_take(c, &f, b, *owned, b->bytes);
    decoder_close(&f.decoder);
    *out = span_of(*owned, ok ? b->bytes : 0);
    return ok;
}

static void close_inflater(struct gather *g)
{
    if (g->inflater)
        decoder_close(&g->inflater->decoder);
    free(g->inflater);
    g->inflater = NULL;
}

/* The stream of the tensor's blob, at the tensor's next byte. */
static bool seek(struct gather *g, const struct blob *b)
{
    uint64_t want = g->t->start + g->done;
    uint8_t gone[4096];

    if (!g->inflater || g->inflater->blob != g->t->blob || g->inflater->out > want) {
        close_inflater(g);
        g->inflater = malloc(sizeof *g->inflater);
        if (!g->inflater)
            return checkpoint_fail(g->c, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "out of memory");
        if (!inflater_open(g->c, g->inflater, g->t->blob, b)) {
            free(g->inflater);
            g->inflater = NULL;
            return false;
        }
    }
    while (g->inflater->out < want) {
        uint64_t left = want - g->inflater->out;

        if (!inflater_take(g->c, g->inflater, b, gone, left < sizeof gone ? left : sizeof gone))
            return false;
    }
    return true;
}

/* ---- where the bytes are ---- */

static void touch(struct gather *g, uint64_t n)
{
    g->touched += n;
    if (g->touched > TOUCHED_MAX) {
        checkpoint_forget(g->c);
        g->touched = 0;
    }
}

/* The tensor's whole blob; inflated once for all tensors in a row that lie in it. */
static bool whole(struct gather *g, const struct blob *b, struct span *out)
{
    *out = SPAN_EMPTY;
    if (!b->deflated)
        return span_sub(g->c->file, b->at, b->bytes, out) || damaged(g->c, b);
    if (g->whole_of != g->t->blob) {
        free(g->owned);
        g->whole_of = UINT32_MAX;
        if (!gather_whole(g->c, b, &g->whole, &g->owned))
            return false;
        g->whole_of = g->t->blob;
    }
    *out = g->whole;
    return true;
}

static bool next_dense(struct gather *g, const struct blob *b, uint8_t *out, size_t n)
{
    struct span all, piece;

    if (b->deflated && b->bytes > WHOLE_FREE)
        return seek(g, b) && inflater_take(g->c, g->inflater, b, out, n);
    if (!whole(g, b, &all))
        return false;
    if (!span_sub(all, g->t->start + g->done, n, &piece))
        return damaged(g->c, b);
    memcpy(out, piece.p, n);
    touch(g, n / AROUND + 1);
    return true;
}

/* ---- strides ---- */

/* One dimension of a box that is copied: bytes from one index to the next. */
struct axis {
    uint64_t n, from, to;
};

static void copy_line(uint8_t *to, const uint8_t *from, const struct axis *a, size_t size)
{
    if (a->from == size && a->to == size) {
        memcpy(to, from, a->n * size);
        return;
    }
    for (uint64_t i = 0; i < a->n; i++, to += a->to, from += a->from)
        switch (size) { /* of a fixed size each is one instruction */
        case 1:
            *to = *from;
            break;
        case 2:
            memcpy(to, from, 2);
            break;
        case 4:
            memcpy(to, from, 4);
            break;
        default:
            memcpy(to, from, 8);
        }
}

static void copy_box(struct gather *g, uint8_t *to, const uint8_t *from, const struct axis *a,
                     unsigned n, size_t size)
{
    static const struct axis one = { 1, 0, 0 };

    if (n <= 1) {
        const struct axis *line = n ? a : &one;
        uint64_t far = line->n * line->from / AROUND + 1;

        copy_line(to, from, line, size);
        touch(g, far < line->n ? far : line->n);
        return;
    }
    for (uint64_t i = 0; i < a->n; i++)
        copy_box(g, to + i * a->to, from + i * a->from, a + 1, n - 1, size);
}

/* The largest step first: pages are met in as few turns as can be. */
static void sort_axes(struct axis *a, unsigned n)
{
    for (unsigned i = 1; i < n; i++)
        for (unsigned k = i; k > 0 && a[k - 1].from < a[k].from; k--) {
            struct axis swap = a[k];

            a[k] = a[k - 1];
            a[k - 1] = swap;
        }
}

/* The dimensions of a box of so many indices of g->axis, and all of what lies behind it. */
static unsigned box_axes(const struct gather *g, uint64_t count, size_t size, struct axis *a)
{
    const struct tensor *t = g->t;
    uint64_t to = g->rest * size;
    unsigned n = 0;

    for (uint32_t d = g->axis; d < t->dims; d++) {
        uint64_t many = d == g->axis ? count : t->shape[d];

        if (d > g->axis)
            to /= t->shape[d];
        if (many > 1)
            a[n++] = (struct axis){ .n = many, .from = t->stride[d] * size, .to = to };
    }
    sort_axes(a, n);
    return n;
}

/* Where the element at position (of those in front of g->axis and in it) lies, in bytes. */
static uint64_t box_start(const struct gather *g, uint64_t position, size_t size)
{
    uint64_t off = 0;

    for (uint32_t d = g->axis + 1; d > 0; d--) {
        off += position % g->t->shape[d - 1] * g->t->stride[d - 1] * size;
        position /= g->t->shape[d - 1];
    }
    return off;
}

/* Which dimension to cut tiles at. */
static void choose_axis(struct gather *g)
{
    const struct tensor *t = g->t;
    size_t size = dtypes[t->dtype].bytes;

    g->rest = 1;
    for (g->axis = t->dims - 1; g->axis > 0; g->axis--) {
        uint64_t more;

        if (MUL_OVERFLOWS(g->rest, t->shape[g->axis], &more) || more > TILE_MAX / size)
            return;
        g->rest = more;
    }
}

/* Room for a tile of the tensor; kept for the next one. */
static bool fit_tile(struct gather *g)
{
    size_t want = g->t->bytes < TILE_MAX ? (size_t)g->t->bytes : TILE_MAX;

    if (want <= g->tile_size)
        return true;
    free(g->tile);
    g->tile = malloc(want);
    g->tile_size = g->tile ? want : 0;
    return g->tile || checkpoint_fail(g->c, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "out of memory");
}

static bool fill_tile(struct gather *g, const struct blob *b)
{
    const struct tensor *t = g->t;
    size_t size = dtypes[t->dtype].bytes, row = g->rest * size;
    uint64_t position = g->done / row, left = t->shape[g->axis] - position % t->shape[g->axis],
             count = TILE_MAX / row < left ? TILE_MAX / row : left;
    struct axis axes[CONVERT_DIMS_MAX];
    struct span all, part;
    unsigned axes_n = box_axes(g, count, size, axes);

    if (!fit_tile(g) || !whole(g, b, &all))
        return false;
    if (!span_sub(all, t->start, t->end - t->start, &part))
        return damaged(g->c, b);
    copy_box(g, g->tile, part.p + box_start(g, position, size), axes, axes_n, size);
    g->tile_n = count * row;
    g->tile_at = 0;
    return true;
}

/* At most *n bytes. */
static bool next_strided(struct gather *g, const struct blob *b, uint8_t *out, size_t *n)
{
    if (g->rest == 0)
        choose_axis(g);
    if (g->tile_at == g->tile_n && !fill_tile(g, b))
        return false;
    if (*n > g->tile_n - g->tile_at)
        *n = g->tile_n - g->tile_at;
    memcpy(out, g->tile + g->tile_at, *n);
    g->tile_at += *n;
    return true;
}

/* ---- values ---- */

static void swap(uint8_t *p, size_t n, unsigned width)
{
    for (size_t i = 0; width > 1 && i < n; i += width)
        for (unsigned k = 0; k < width / 2; k++) {
            uint8_t byte = p[i + k];

            p[i + k] = p[i + width - 1 - k];
            p[i + width - 1 - k] = byte;
        }
}

/* Signs: of every number, or of the imaginary half of each. */
static void negate(uint8_t *p, size_t n, unsigned from, unsigned step)
{
    for (size_t i = from; i < n; i += step)
        p[i] ^= 0x80;
}

static void adjust(const struct gather *g, uint8_t *p, size_t n)
{
    const struct dtype_row *row = &dtypes[g->t->dtype];

    if (g->c->big_endian)
        swap(p, n, row->swapped);
    if (g->t->flags & TENSOR_CONJUGATE)
        negate(p, n, 7, 8);
    if (g->t->flags & TENSOR_NEGATIVE)
        negate(p, n, row->swapped - 1, row->swapped);
}

/* ---- the face of it ---- */

void gather_init(struct gather *g, struct checkpoint *c)
{
    *g = (struct gather){ .c = c, .whole_of = UINT32_MAX, .whole = SPAN_EMPTY };
}

void gather_start(struct gather *g, const struct tensor *t)
{
    g->t = t;
    g->done = 0;
    g->rest = 0;
    g->tile_n = g->tile_at = 0;
}

bool gather_next(struct gather *g, uint8_t *out, size_t max, size_t *n)
{
    uint64_t left = g->t->bytes - g->done;
    const struct blob *b;

    *n = left < max ? (size_t)left : max - max % 8;
    if (left == 0)
        return true;
    b = &g->c->blobs[g->t->blob];
    if (g->t->dense ? !next_dense(g, b, out, *n) : !next_strided(g, b, out, n))
        return false;
    adjust(g, out, *n);
    g->done += *n;
    return true;
}

void gather_free(struct gather *g)
{
    close_inflater(g);
    free(g->owned);
    free(g->tile);
    *g = (struct gather){ .whole = SPAN_EMPTY };
}
