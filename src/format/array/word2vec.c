/*
 * word2vec's binary vectors: "words dimensions\n", then each word, a blank, and its numbers. No
 * magic; the file is one when its words lead to its last byte. And hnswlib's index, which has none
 * either, told by sizes that follow from one another.
 *
 * Spec: word2vec.c (2013), gensim KeyedVectors; hnswlib 0.8, hnswalg.h, saveIndex.
 */
#include <ctype.h>
#include <inttypes.h>

#include "format/array/array.h"

struct vectors {
    uint64_t words, dim;
    struct span rest;
};

static bool take_decimal(struct span *in, char end, uint64_t *out)
{
    unsigned digits = 0;

    *out = 0;
    while (in->n > 0 && isdigit(in->p[0]) && digits++ < 12) {
        *out = *out * 10 + (in->p[0] - '0');
        (void)skip(in, 1);
    }
    return digits > 0 && in->n > 0 && in->p[0] == (uint8_t)end && skip(in, 1);
}

/* One word and its numbers; a line may end behind them. */
static bool take_word(struct span *in, uint64_t bytes)
{
    size_t n = 0;

    while (in->n > 0 && in->p[0] == '\n')
        (void)skip(in, 1);
    while (n < in->n && n < 4096 && in->p[n] != ' ') {
        if (in->p[n] < ' ')
            return false;
        n++;
    }
    return n > 0 && n < in->n && in->p[n] == ' ' && skip(in, n + 1) && skip(in, bytes);
}

static bool open_vectors(struct span in, struct vectors *v)
{
    if (!take_decimal(&in, ' ', &v->words) || !take_decimal(&in, '\n', &v->dim))
        return false;
    v->rest = in;
    return v->words > 0 && v->dim > 0 && v->dim <= 65536 && v->words <= in.n / (v->dim * 4);
}

/* The numbers of the first word as characters: then these are vectors in text. */
static bool is_text(const struct vectors *v)
{
    struct span rest = v->rest, numbers;

    while (rest.n > 0 && rest.p[0] != ' ')
        (void)skip(&rest, 1);
    (void)skip(&rest, 1);
    if (!take(&rest, v->dim * 4, &numbers))
        return true;
    for (size_t i = 0; i < numbers.n; i++)
        if (numbers.p[i] < '\t' || numbers.p[i] > '~')
            return false;
    return true;
}

static bool looks_like(struct span in)
{
    struct vectors v;

    if (!open_vectors(in, &v) || is_text(&v))
        return false;
    for (uint64_t i = 0; i < 16 && i < v.words; i++)
        if (!take_word(&v.rest, v.dim * 4))
            return false;
    return true;
}

static enum pratique_status scan(struct scan *s, struct span in)
{
    struct vectors v;

    s->recognised = "word2vec";
    if (!open_vectors(in, &v))
        return scan_fail(s, PRATIQUE_E_FORMAT, 0, "word2vec: no header");
    for (uint64_t i = 0; i < v.words; i++) {
        if (!take_word(&v.rest, v.dim * 4))
            return scan_fail(s, PRATIQUE_E_FORMAT, in.n - v.rest.n,
                             "word2vec: a word or its numbers are cut short");
        if (i % 65536 == 65535 && !budget_time(s->budget))
            return scan_fail_budget(s, in.n - v.rest.n);
    }
    while (v.rest.n > 0 && v.rest.p[0] == '\n')
        (void)skip(&v.rest, 1);
    if (v.rest.n > 0)
        return scan_fail(s, PRATIQUE_E_FORMAT, in.n - v.rest.n,
                         "word2vec: bytes behind the last word");
    scan_read(s, "word2vec", in.n, "%" PRIu64 " words of %" PRIu64 " numbers", v.words, v.dim);
    return PRATIQUE_OK;
}

const struct format format_word2vec = {
    .name = "word2vec",
    .spec = "word2vec.c: binary vectors",
    .looks_like = looks_like,
    .scan = scan,
};

/* ---- hnswlib ---- */

struct graph {
    uint64_t zero, max, n, element, label, data, m_max, m_max0, m;
    uint32_t level, entry;
    struct span rest;
};

static bool open_graph(struct span in, struct graph *g)
{
    uint64_t mult, construction;

    if (!take_u64le(&in, &g->zero) || !take_u64le(&in, &g->max) || !take_u64le(&in, &g->n) ||
        !take_u64le(&in, &g->element) || !take_u64le(&in, &g->label) ||
        !take_u64le(&in, &g->data) || !take_u32le(&in, &g->level) || !take_u32le(&in, &g->entry) ||
        !take_u64le(&in, &g->m_max) || !take_u64le(&in, &g->m_max0) || !take_u64le(&in, &g->m) ||
        !take_u64le(&in, &mult) || !take_u64le(&in, &construction))
        return false;
    g->rest = in;
    return g->zero == 0 && g->n > 0 && g->n <= g->max && g->m > 1 && g->m <= 10000 &&
           g->m_max == g->m && g->m_max0 == 2 * g->m && g->data == g->m_max0 * 4 + 4 &&
           g->label > g->data && g->element == g->label + 8 && g->level < 64 &&
           g->n <= in.n / g->element;
}

static bool graph_looks_like(struct span in)
{
    struct graph g;

    return open_graph(in, &g);
}

/* Links of one node: their count, and numbers of nodes. */
static bool links_fit(const struct graph *g, struct span list, uint64_t most)
{
    uint32_t n, link;

    if (!take_u32le(&list, &n))
        return false;
    n &= 0xFFFF; /* the bytes above are a mark of deletion */
    if (n > most)
        return false;
    for (uint32_t i = 0; i < n; i++)
        if (!take_u32le(&list, &link) || link >= g->n)
            return false;
    return true;
}

/* A node's links on the levels above the first: as many lists as it has levels. */
static bool upper_links(struct graph *g, struct span list)
{
    uint64_t size = g->m_max * 4 + 4;
    struct span one;

    if (list.n % size != 0 || list.n / size > g->level)
        return false;
    while (list.n > 0)
        if (!take(&list, size, &one) || !links_fit(g, one, g->m_max))
            return false;
    return true;
}

static enum pratique_status graph_nodes(struct scan *s, struct graph *g, struct span in)
{
    struct span node, list;
    uint32_t bytes;
    bool fits = g->entry < g->n;

    for (uint64_t i = 0; i < g->n; i++) {
        (void)take(&g->rest, g->element, &node);
        fits = fits && links_fit(g, node, g->m_max0);
        if (i % 65536 == 65535 && !budget_time(s->budget))
            return scan_fail_budget(s, in.n - g->rest.n);
    }
    for (uint64_t i = 0; i < g->n; i++) {
        if (!take_u32le(&g->rest, &bytes) || !take(&g->rest, bytes, &list))
            return scan_fail(s, PRATIQUE_E_FORMAT, in.n - g->rest.n,
                             "hnswlib: the links of a node are cut short");
        fits = fits && upper_links(g, list);
    }
    if (!fits)
        scan_fact(s, FACT_MODEL_BOUNDS, 0, SPAN_LITERAL("an index"),
                  SPAN_LITERAL("a link of its graph leads to no vector"));
    return PRATIQUE_OK;
}

static enum pratique_status graph_scan(struct scan *s, struct span in)
{
    struct graph g;
    enum pratique_status st;

    s->recognised = "hnswlib index";
    if (!open_graph(in, &g))
        return scan_fail(s, PRATIQUE_E_FORMAT, 0, "hnswlib: no header");
    st = graph_nodes(s, &g, in);
    if (st != PRATIQUE_OK)
        return st;
    if (g.rest.n > 0)
        return scan_fail(s, PRATIQUE_E_FORMAT, in.n - g.rest.n, "hnswlib: bytes behind the end");
    scan_read(s, "hnswlib index", in.n, "%" PRIu64 " vectors", g.n);
    return PRATIQUE_OK;
}

const struct format format_hnswlib = {
    .name = "hnswlib index",
    .spec = "hnswlib 0.8, hnswalg.h: saveIndex",
    .looks_like = graph_looks_like,
    .scan = graph_scan,
};
