/*
 * LightGBM's text models: lines of key=value, trees, and the parameters behind them. Trees are
 * read by native code that takes links and lengths for true; here they are followed.
 *
 * Spec: LightGBM, src/io/gbdt_model_text.cpp and src/io/tree.cpp, versions v2 to v4.
 */
#include <ctype.h>
#include <inttypes.h>

#include "base/compiler.h"
#include "format/array/array.h"
#include "format/array/tree.h"
#include "format/model/model.h"
#include "format/text/text.h"

enum part { HEAD, TREES, TAIL };

struct model {
    struct scan *s;
    enum part part;
    struct numbers left, right, feature;
    int64_t leaves, features, linear;
    uint64_t tree_at, trees, told, leaf_values, cats;
    uint64_t left_over; /* from the line on */
    uint64_t sizes;     /* what the trees take, as the head says */
    int64_t num_cat;
    bool parameters; /* begun and not ended */
    bool has_left, has_right;
};

static void tell(struct model *m, const char *why)
{
    if (m->told++ < 16)
        scan_factf(m->s, FACT_MODEL_BOUNDS, m->tree_at, SPAN_LITERAL("a tree"),
                   "tree %" PRIu64 ": %s", m->trees, why);
}

static bool integer(struct span s, int64_t *out)
{
    bool negative = s.n > 0 && s.p[0] == '-';

    *out = 0;
    if (negative)
        (void)skip(&s, 1);
    if (s.n == 0 || s.n > 15)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        if (!isdigit(s.p[i]))
            return false;
        *out = *out * 10 + (s.p[i] - '0');
    }
    *out = negative ? -*out : *out;
    return true;
}

static bool take_word(struct span *in, struct span *out)
{
    size_t n = 0;

    while (in->n > 0 && in->p[0] == ' ')
        (void)skip(in, 1);
    while (n < in->n && in->p[n] != ' ')
        n++;
    return n > 0 && take(in, n, out);
}

static bool read_list(struct model *m, struct span value, struct numbers *list)
{
    struct span word;
    int64_t v;

    list->n = 0;
    list->odd = false;
    while (take_word(&value, &word)) {
        bool whole = integer(word, &v);

        if (!numbers_add(m->s, list, whole, v))
            return false;
    }
    return true;
}

static uint64_t words(struct span value)
{
    struct span word;
    uint64_t n = 0;

    while (take_word(&value, &word))
        n++;
    return n;
}

/* ---- one tree ---- */

static void tree_begin(struct model *m, uint64_t at)
{
    m->tree_at = at;
    if (m->part == HEAD && m->sizes > m->left_over)
        tell(m, "the lengths of the trees lead out of the file");
    m->part = TREES;
    m->left.n = m->right.n = m->feature.n = 0;
    m->leaves = -1;
    m->leaf_values = 0;
    m->has_left = m->has_right = false;
}

/* A link is a node; or, negative, the complement of a leaf. Each leads where no other does. */
static const char *links_fit(struct model *m, bool *no_memory)
{
    size_t nodes = m->left.n, n = nodes + (size_t)m->leaves;
    uint8_t *seen = scan_map(m->s, n / 8 + 1);
    const char *why = NULL;

    *no_memory = !seen;
    for (size_t i = 0; seen && i < 2 * nodes && !why; i++) {
        int32_t link = i % 2 ? m->right.list[i / 2] : m->left.list[i / 2];
        int64_t at = link >= 0 ? link : (int64_t)nodes + ~(int64_t)link;

        if (link == 0 || (link > 0 && (size_t)link >= nodes) || at >= (int64_t)n)
            why = "a link leads out of the tree, or back to its root";
        else if (seen[at / 8] & 1u << at % 8)
            why = "two links lead to one node";
        else
            seen[at / 8] |= (uint8_t)(1u << at % 8);
    }
    scan_unmap(m->s, seen, n / 8 + 1);
    return why;
}

static bool features_fit(const struct model *m)
{
    for (size_t i = 0; i < m->feature.n; i++)
        if (m->feature.list[i] < 0 || m->feature.list[i] >= m->features)
            return false;
    return !m->feature.odd;
}

static const char *sizes_fit(const struct model *m)
{
    if (m->leaves < 1)
        return "it has no number of leaves";
    if (m->leaf_values != (uint64_t)m->leaves)
        return "it has not as many leaves as it says";
    if (m->leaves == 1)
        return m->left.n + m->right.n == 0 ? NULL : "a tree of one leaf has links";
    if (m->left.odd || m->right.odd)
        return "a link is no number of a node";
    if (m->left.n != (uint64_t)m->leaves - 1 || m->right.n != m->left.n ||
        m->feature.n != m->left.n)
        return "it has not as many nodes as it says";
    return NULL;
}

static enum pratique_status tree_end(struct model *m)
{
    bool no_memory = false;
    const char *why;

    if (m->part != TREES)
        return PRATIQUE_OK;
    why = sizes_fit(m);
    if (!why && m->leaves > 1)
        why = links_fit(m, &no_memory);
    if (no_memory)
        return scan_fail_budget(m->s, m->tree_at);
    if (!why && m->features >= 0 && !features_fit(m))
        why = "a split asks for a feature that is not there";
    if (why)
        tell(m, why);
    m->trees++;
    return PRATIQUE_OK;
}

/* ---- lines ---- */

static enum pratique_status tree_line(struct model *m, struct span key, struct span value,
                                      uint64_t at)
{
    bool had = true;

    if (span_is(key, "num_leaves")) {
        if (!integer(value, &m->leaves) || m->leaves < 1 || m->leaves > 1 << 24)
            return scan_fail(m->s, PRATIQUE_E_FORMAT, at, "lightgbm: an odd number of leaves");
    } else if (span_is(key, "left_child")) {
        had = read_list(m, value, &m->left);
    } else if (span_is(key, "right_child")) {
        had = read_list(m, value, &m->right);
    } else if (span_is(key, "split_feature")) {
        had = read_list(m, value, &m->feature);
    } else if (span_is(key, "leaf_value")) {
        m->leaf_values = words(value);
    }
    return had ? PRATIQUE_OK : scan_fail_budget(m->s, at);
}

/* Where each tree starts is worked out from them: the reader looks there. */
static void read_sizes(struct model *m, struct span value)
{
    struct span word;
    int64_t v;

    while (take_word(&value, &word)) {
        bool fits = integer(word, &v) && v >= 0 && m->sizes < UINT64_MAX / 2;

        m->sizes = fits ? m->sizes + (uint64_t)v : UINT64_MAX / 2;
    }
}

static void head_line(struct model *m, struct span key, struct span value)
{
    int64_t v;

    if (span_is(key, "max_feature_idx") && integer(value, &v))
        m->features = v + 1;
    if (span_is(key, "tree_sizes"))
        read_sizes(m, value);
    if (span_is(key, "objective"))
        model_says(m->s, "type", value);
    if (span_is(key, "version"))
        model_says(m->s, "version", value);
}

static enum pratique_status line(struct model *m, struct span text, uint64_t at)
{
    size_t eq = span_find(text, 0, SPAN_LITERAL("="));
    struct span key = text, value = SPAN_EMPTY;
    enum pratique_status st;

    if (text.n > 0 && text.p[text.n - 1] == '\r')
        text.n--;
    if (m->part != TAIL && span_starts(text, SPAN_LITERAL("end of trees"))) {
        st = tree_end(m);
        m->part = TAIL;
        return st;
    }
    if (m->part == TAIL && span_is(text, "parameters:"))
        m->parameters = true;
    if (m->part == TAIL && span_is(text, "end of parameters"))
        m->parameters = false;
    if (m->part == TAIL || eq == SIZE_MAX)
        return PRATIQUE_OK;
    key.n = eq;
    value = span_from(text, eq + 1);
    if (span_is(key, "Tree")) {
        st = tree_end(m);
        tree_begin(m, at);
        return st;
    }
    if (m->part == TREES)
        return tree_line(m, key, value, at);
    head_line(m, key, value);
    return PRATIQUE_OK;
}

static enum pratique_status run(struct model *m, struct span in)
{
    struct span rest = in, text;
    enum pratique_status st = PRATIQUE_OK;
    uint64_t lines = 0;

    while (st == PRATIQUE_OK && rest.n > 0) {
        uint64_t at = in.n - rest.n;

        if (!take_line(&rest, &text)) {
            text = rest;
            rest = SPAN_EMPTY;
        }
        if (++lines % 4096 == 0 && !budget_time(m->s->budget))
            return scan_fail_budget(m->s, at);
        m->left_over = in.n - at;
        st = line(m, text, at);
    }
    if (st == PRATIQUE_OK && m->part != TAIL)
        return scan_fail(m->s, PRATIQUE_E_FORMAT, in.n, "lightgbm: the trees do not end");
    if (st == PRATIQUE_OK && m->parameters)
        return scan_fail(m->s, PRATIQUE_E_FORMAT, in.n, "lightgbm: the parameters do not end");
    return st;
}

static bool looks_like(struct span in)
{
    return span_starts(in, SPAN_LITERAL("tree\nversion=")) ||
           span_starts(in, SPAN_LITERAL("tree\r\nversion="));
}

static enum pratique_status scan(struct scan *s, struct span in)
{
    struct model m = { .s = s, .features = -1 };
    size_t bad;
    enum pratique_status st;

    s->recognised = "lightgbm";
    if (text_sniff(in, &bad) == TEXT_NONE)
        return scan_fail(s, PRATIQUE_E_FORMAT, bad, "lightgbm: a byte that belongs to no text");
    st = run(&m, in);
    s->budget->work_done += in.n;
    numbers_free(s, &m.left);
    numbers_free(s, &m.right);
    numbers_free(s, &m.feature);
    if (st == PRATIQUE_OK)
        scan_read(s, "lightgbm", in.n, "%" PRIu64 " trees", m.trees);
    return st;
}

const struct format format_lightgbm = {
    .name = "lightgbm",
    .spec = "LightGBM, src/io/gbdt_model_text.cpp: text models v2 to v4",
    .looks_like = looks_like,
    .scan = scan,
};
