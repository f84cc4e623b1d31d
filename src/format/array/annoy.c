/*
 * Annoy indexes. Nothing in such a file says what it is, not even how long a node is: it is read
 * as one by its name (.ann), when one length of nodes makes sense of all of it. Vectors come first,
 * a node each; then inner nodes; then copies of the roots, which count every vector.
 *
 * Spec: annoy 1.17, src/annoylib.h: Node of Angular, Euclidean, Manhattan, Hamming.
 */
#include <inttypes.h>

#include "format/array/array.h"
#include "format/path.h"

#define NODE_MIN 12
#define NODE_MAX 131072

struct index {
    struct span in;
    uint64_t size, nodes, items;
};

static uint32_t word_at(struct span in, uint64_t off)
{
    struct span rest = span_from(in, off);
    uint32_t v;

    (void)take_u32le(&rest, &v);
    return v;
}

/* Whether nodes of that size make sense: the last is a root, and what it counts are vectors. */
static bool fits(struct index *x, uint64_t size)
{
    uint64_t items, ones = 0;

    x->size = size;
    x->nodes = x->in.n / size;
    items = word_at(x->in, x->in.n - size);
    if (items < 1 || items >= x->nodes)
        return false;
    x->items = items;
    for (uint64_t i = 0; i < items && i < 1024; i++) {
        uint32_t n = word_at(x->in, i * size);

        if (n > 1)
            return false;
        ones += n;
    }
    return ones > 0;
}

/* Whether the links of inner nodes, which begin at that place in them, lead to nodes. */
static bool links_fit(const struct index *x, uint64_t place)
{
    uint64_t room = (x->size - place) / 4;

    for (uint64_t i = x->items; i < x->nodes; i++) {
        uint64_t at = i * x->size, n = word_at(x->in, at), links = n <= room ? n : 2;

        for (uint64_t k = 0; k < links; k++)
            if (word_at(x->in, at + place + 4 * k) >= x->nodes)
                return false;
    }
    return true;
}

/* Angular and Hamming have their links behind the count; Euclidean and Manhattan one number on. */
static bool all_links_fit(const struct index *x)
{
    return links_fit(x, 4) || links_fit(x, 8);
}

/* The length of nodes with which the most vectors make sense. */
static bool find_size(struct index *x)
{
    uint64_t best = 0, most = 0;

    for (uint64_t size = NODE_MIN; size <= NODE_MAX && size <= x->in.n / 2; size += 4) {
        if (x->in.n % size != 0 || !fits(x, size) || x->items <= most)
            continue;
        best = size;
        most = x->items;
    }
    return best && fits(x, best);
}

static bool looks_like(struct span in)
{
    (void)in;
    return false;
}

static bool named(struct span name)
{
    return span_ends(path_base(name), SPAN_LITERAL(".ann"));
}

static enum pratique_status scan(struct scan *s, struct span in)
{
    struct index x = { .in = in };

    s->recognised = "Annoy index";
    if (!find_size(&x))
        return scan_fail(s, PRATIQUE_E_FORMAT, 0, "Annoy: no length of nodes makes sense of it");
    if (!all_links_fit(&x))
        scan_fact(s, FACT_MODEL_BOUNDS, x.items * x.size, SPAN_LITERAL("an index"),
                  SPAN_LITERAL("a node leads to no node"));
    s->budget->work_done += in.n;
    scan_read(s, "Annoy index", in.n, "%" PRIu64 " vectors, nodes of %" PRIu64 " bytes", x.items,
              x.size);
    return PRATIQUE_OK;
}

const struct format format_annoy = {
    .name = "Annoy index",
    .spec = "annoy 1.17, src/annoylib.h",
    .looks_like = looks_like,
    .scan = scan,
    .named = named,
};
