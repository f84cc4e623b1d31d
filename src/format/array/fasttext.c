/*
 * fastText models, .bin and .ftz: settings, a dictionary, and two matrices, plain or quantized.
 * The library allocates what the file says and trusts the counts; here each is held against the
 * bytes that there are.
 *
 * Spec: fastText 0.9.2, src/fasttext.cc, args.cc, dictionary.cc, matrix.cc, quantmatrix.cc.
 */
#include <inttypes.h>

#include "format/array/array.h"
#include "format/rest.h"

struct reader {
    struct scan *s;
    struct span all, in;
    uint32_t dim, bucket, model, words, labels, size;
    uint64_t pruned;
};

static uint64_t here(const struct reader *r)
{
    return r->all.n - r->in.n;
}

static enum pratique_status bad(const struct reader *r, const char *what)
{
    return scan_fail(r->s, PRATIQUE_E_FORMAT, here(r), "fastText: %s", what);
}

static enum pratique_status settings(struct reader *r)
{
    struct span fields;
    uint32_t version, skipped;

    (void)skip(&r->in, 4);
    if (!take_u32le(&r->in, &version) || (version != 11 && version != 12))
        return bad(r, "a version that is not known");
    if (!take(&r->in, 56, &fields) || !take_u32le(&fields, &r->dim))
        return bad(r, "the settings are cut short");
    (void)skip(&fields, 24);
    (void)take_u32le(&fields, &r->model);
    (void)take_u32le(&fields, &r->bucket);
    (void)take_u32le(&fields, &skipped);
    if (r->dim == 0 || r->dim > 1u << 20 || r->model == 0 || r->model > 3 || r->bucket > INT32_MAX)
        return bad(r, "settings that no model has");
    return PRATIQUE_OK;
}

static enum pratique_status dictionary(struct reader *r)
{
    uint64_t tokens;

    if (!take_u32le(&r->in, &r->size) || !take_u32le(&r->in, &r->words) ||
        !take_u32le(&r->in, &r->labels) || !take_u64le(&r->in, &tokens) ||
        !take_u64le(&r->in, &r->pruned))
        return bad(r, "the dictionary is cut short");
    if ((uint64_t)r->words + r->labels != r->size || r->size > r->in.n / 10)
        return bad(r, "the dictionary counts more words than there are");
    for (uint32_t i = 0; i < r->size; i++) {
        const uint8_t *end = memchr(r->in.p, 0, r->in.n);

        if (!end || !skip(&r->in, (uint64_t)(end - r->in.p) + 1) || !skip(&r->in, 8) ||
            r->in.n == 0 || r->in.p[0] > 1 || !skip(&r->in, 1))
            return bad(r, "a word of the dictionary is broken");
        if (i % 65536 == 65535 && !budget_time(r->s->budget))
            return scan_fail_budget(r->s, here(r));
    }
    if (r->pruned != UINT64_MAX && (r->pruned > r->in.n / 8 || !skip(&r->in, r->pruned * 8)))
        return bad(r, "the dictionary is cut short");
    return PRATIQUE_OK;
}

/* ---- matrices ---- */

static enum pratique_status sizes(struct reader *r, uint64_t *m, uint64_t *n)
{
    if (!take_u64le(&r->in, m) || !take_u64le(&r->in, n) || *m > INT64_MAX || *n > INT64_MAX)
        return bad(r, "a matrix is cut short");
    if (*n != r->dim)
        return bad(r, "a matrix has not as many columns as the model has dimensions");
    return PRATIQUE_OK;
}

static enum pratique_status dense(struct reader *r, uint64_t *rows)
{
    uint64_t n, cells;
    enum pratique_status st = sizes(r, rows, &n);

    if (st != PRATIQUE_OK)
        return st;
    if (__builtin_mul_overflow(*rows, n, &cells) || cells > r->in.n / 4 || !skip(&r->in, cells * 4))
        return bad(r, "a matrix is longer than the file");
    return PRATIQUE_OK;
}

static enum pratique_status quantizer(struct reader *r)
{
    uint32_t dim, parts, part, last;

    if (!take_u32le(&r->in, &dim) || !take_u32le(&r->in, &parts) || !take_u32le(&r->in, &part) ||
        !take_u32le(&r->in, &last))
        return bad(r, "a quantizer is cut short");
    if (dim > 1u << 20 || parts > dim || part > dim || last > dim || parts == 0 ||
        (uint64_t)(parts - 1) * part + last != dim)
        return bad(r, "a quantizer whose parts do not add up");
    return skip(&r->in, (uint64_t)dim * 256 * 4) ? PRATIQUE_OK : bad(r, "a quantizer is cut short");
}

static enum pratique_status quantized(struct reader *r, uint64_t *rows)
{
    uint8_t norm;
    uint64_t n;
    uint32_t codes;
    enum pratique_status st;

    if (!take_u8(&r->in, &norm) || norm > 1)
        return bad(r, "a matrix is cut short");
    st = sizes(r, rows, &n);
    if (st != PRATIQUE_OK)
        return st;
    if (!take_u32le(&r->in, &codes) || (int32_t)codes < 0 || !skip(&r->in, codes))
        return bad(r, "a matrix is longer than the file");
    if (*rows > 0 && codes % *rows != 0)
        return bad(r, "a matrix has not as many codes as rows");
    st = quantizer(r);
    if (st != PRATIQUE_OK || !norm)
        return st;
    return skip(&r->in, *rows) ? quantizer(r) : bad(r, "a matrix is longer than the file");
}

static enum pratique_status matrices(struct reader *r)
{
    uint8_t quant, output;
    uint64_t rows, want = (uint64_t)r->words + r->bucket;
    enum pratique_status st;

    if (!take_u8(&r->in, &quant) || quant > 1)
        return bad(r, "it ends before its matrices");
    st = quant ? quantized(r, &rows) : dense(r, &rows);
    if (st != PRATIQUE_OK)
        return st;
    if (r->pruned == UINT64_MAX && rows != want)
        scan_fact(r->s, FACT_MODEL_BOUNDS, here(r), SPAN_LITERAL("a matrix"),
                  SPAN_LITERAL("it has not a row for each word and bucket"));
    if (!take_u8(&r->in, &output) || output > 1)
        return bad(r, "it ends before its second matrix");
    st = quant && output ? quantized(r, &rows) : dense(r, &rows);
    want = r->model == 3 ? r->labels : r->words; /* 3: a classifier */
    if (st == PRATIQUE_OK && rows != want)
        scan_fact(r->s, FACT_MODEL_BOUNDS, here(r), SPAN_LITERAL("a matrix"),
                  SPAN_LITERAL("it has not a row for each thing that can come out"));
    return st;
}

static bool looks_like(struct span in)
{
    return span_starts(in, SPAN_LITERAL("\xba\x16\x4f\x2f"));
}

static enum pratique_status scan(struct scan *s, struct span in)
{
    struct reader r = { .s = s, .all = in, .in = in };
    enum pratique_status st = settings(&r);

    s->recognised = "fastText model";
    if (st == PRATIQUE_OK)
        st = dictionary(&r);
    if (st == PRATIQUE_OK)
        st = matrices(&r);
    if (st != PRATIQUE_OK)
        return st;
    scan_read(s, "fastText model", here(&r),
              "%" PRIu32 " words, %" PRIu32 " labels, %" PRIu32 " dimensions", r.words, r.labels,
              r.dim);
    return scan_rest(s, "fastText model", here(&r), r.in);
}

const struct format format_fasttext = {
    .name = "fastText model",
    .spec = "fastText 0.9.2, src/fasttext.cc: versions 11 and 12",
    .looks_like = looks_like,
    .scan = scan,
};
