/*
 * XGBoost models, as JSON and as UBJSON: one walk over events, so that a model of a gigabyte costs
 * the memory of its largest tree. Trees are read by native code that takes their links for true, so
 * every link is followed here. Keys that XGBoost does not write are not passed over: the file would
 * be something to another loader.
 *
 * Spec: XGBoost's doc/model.schema and doc/tutorials/saving_model, versions 1.0 to 3.1.
 */
#include <ctype.h>
#include <inttypes.h>

#include "base/compiler.h"
#include "format/array/array.h"
#include "format/array/events.h"
#include "format/array/tree.h"
#include "format/model/model.h"
#include "format/rest.h"

enum key {
    K_OTHER,
    K_LEARNER,
    K_VERSION,
    K_CONFIG,
    K_BOOSTER,
    K_OBJECTIVE,
    K_ATTRIBUTES,
    K_FEATURE_NAMES,
    K_FEATURE_TYPES,
    K_PARAM,
    K_MODEL,
    K_TREES,
    K_LEFT,
    K_RIGHT,
    K_SPLIT_INDICES,
    K_SPLIT_CONDITIONS,
    K_DEFAULT_LEFT,
    K_TREE_PARAM,
    K_NUM_NODES,
    K_NUM_FEATURE,
    K_NAME,
    K_TREE_INFO,
    K_NUM_TREES,
    K_CATS,
    K_LEAF_WEIGHTS,
    K_SIZE_LEAF,
    KEYS
};

static const char *const key_names[KEYS] = {
    [K_OTHER] = "",
    [K_LEARNER] = "learner",
    [K_VERSION] = "version",
    [K_CONFIG] = "Config",
    [K_BOOSTER] = "gradient_booster",
    [K_OBJECTIVE] = "objective",
    [K_ATTRIBUTES] = "attributes",
    [K_FEATURE_NAMES] = "feature_names",
    [K_FEATURE_TYPES] = "feature_types",
    [K_PARAM] = "learner_model_param",
    [K_MODEL] = "model",
    [K_TREES] = "trees",
    [K_LEFT] = "left_children",
    [K_RIGHT] = "right_children",
    [K_SPLIT_INDICES] = "split_indices",
    [K_SPLIT_CONDITIONS] = "split_conditions",
    [K_DEFAULT_LEFT] = "default_left",
    [K_TREE_PARAM] = "tree_param",
    [K_NUM_NODES] = "num_nodes",
    [K_NUM_FEATURE] = "num_feature",
    [K_NAME] = "name",
    [K_TREE_INFO] = "tree_info",
    [K_NUM_TREES] = "num_trees",
    [K_CATS] = "cats",
    [K_LEAF_WEIGHTS] = "leaf_weights",
    [K_SIZE_LEAF] = "size_leaf_vector",
};

#define TOLD_MAX 16

struct model {
    struct scan *s;
    enum key path[EVENT_DEPTH_MAX + 1]; /* the key in front of the value at that depth */
    uint32_t tree;                      /* depth inside the tree at hand; 0: none */
    bool in_array;                      /* the value of its key at hand is an array */
    uint64_t tree_at;
    struct numbers left, right, split;
    uint64_t counts[KEYS]; /* of the tree's arrays */
    int64_t num_nodes, leaf_size, features, declared;
    uint64_t trees, told;
    uint32_t split_max; /* the highest number of a feature that a split asks for */
    uint32_t seen;      /* of the keys at the top and in the learner, a bit each */
};

static enum key key_of(struct span text)
{
    for (unsigned i = 1; i < KEYS; i++)
        if (span_is(text, key_names[i]))
            return (enum key)i;
    return K_OTHER;
}

static void tell(struct model *m, const char *why, size_t node)
{
    if (m->told++ < TOLD_MAX)
        scan_factf(m->s, FACT_MODEL_BOUNDS, m->tree_at, SPAN_LITERAL("a tree"),
                   "tree %" PRIu64 ", node %zu: %s", m->trees, node, why);
}

/* ---- one tree ---- */

static void tree_begin(struct model *m, const struct event *e)
{
    m->tree = e->depth + 1;
    m->tree_at = e->offset;
    m->left.n = m->right.n = m->split.n = 0;
    m->left.odd = m->right.odd = m->split.odd = false;
    memset(m->counts, 0, sizeof m->counts);
    m->num_nodes = -1;
    m->leaf_size = 1;
}

/* The features that inner nodes ask for; how many the model has may be told only after the trees.
 */
static void note_splits(struct model *m)
{
    for (size_t i = 0; i < m->split.n && i < m->left.n; i++)
        if (m->left.list[i] != -1 && (uint32_t)m->split.list[i] > m->split_max)
            m->split_max = (uint32_t)m->split.list[i];
}

/* Leaves of several outputs name, in place of a right child, where their values stand. */
static bool leaves_fit(const struct model *m, size_t *at)
{
    uint64_t n = m->leaf_size > 1 ? m->counts[K_LEAF_WEIGHTS] / (uint64_t)m->leaf_size : 0;

    for (size_t i = 0; i < m->left.n && i < m->right.n; i++) {
        *at = i;
        if (m->left.list[i] == -1 && m->right.list[i] >= 0 && (uint64_t)m->right.list[i] >= n)
            return m->leaf_size > 1 && m->counts[K_LEAF_WEIGHTS] == 0;
    }
    return true;
}

static const char *sizes_differ(const struct model *m)
{
    static const enum key same[] = { K_SPLIT_INDICES, K_SPLIT_CONDITIONS, K_DEFAULT_LEFT };
    uint64_t n = m->left.n;

    if (n == 0)
        return "it has no nodes";
    if (m->num_nodes >= 0 && (uint64_t)m->num_nodes != n)
        return "it has not as many nodes as it says";
    for (size_t i = 0; i < ARRAY_LEN(same); i++)
        if (m->counts[same[i]] != n)
            return "its arrays are not of one length";
    return NULL;
}

static enum pratique_status tree_end(struct model *m)
{
    bool no_memory;
    size_t at = 0;
    const char *why = sizes_differ(m);

    if (!why) {
        why = tree_check(m->s, &m->left, &m->right, &at, &no_memory);
        if (no_memory)
            return scan_fail_budget(m->s, m->tree_at);
    }
    note_splits(m);
    if (!why && !leaves_fit(m, &at))
        why = "a leaf's values are not there";
    if (why)
        tell(m, why, at);
    m->trees++;
    m->tree = 0;
    return PRATIQUE_OK;
}

/* ---- values ---- */

static struct numbers *wanted(struct model *m, enum key key)
{
    return key == K_LEFT            ? &m->left
           : key == K_RIGHT         ? &m->right
           : key == K_SPLIT_INDICES ? &m->split
                                    : NULL;
}

/* An element of an array of the tree at hand. */
static enum pratique_status element(struct model *m, enum key key, bool whole, int64_t v,
                                    uint64_t offset)
{
    struct numbers *list = wanted(m, key);

    m->counts[key]++;
    if (list && !numbers_add(m->s, list, whole, v))
        return scan_fail_budget(m->s, offset);
    return PRATIQUE_OK;
}

static enum pratique_status typed(struct model *m, const struct event *e)
{
    enum key key = m->path[e->depth];
    enum pratique_status st = PRATIQUE_OK;
    int64_t v;

    if (m->tree == 0 || e->depth != m->tree)
        return PRATIQUE_OK;
    if (!wanted(m, key)) {
        m->counts[key] += e->count;
        return PRATIQUE_OK;
    }
    for (uint64_t i = 0; i < e->count && st == PRATIQUE_OK; i++) {
        bool whole = event_number_at(e, i, &v);

        st = element(m, key, whole, v, e->offset);
    }
    return st;
}

static int64_t number_in(const struct event *e)
{
    int64_t v = 0;

    if (e->kind == EVENT_NUMBER)
        return e->whole ? e->number : -1;
    if (e->text.n == 0 || e->text.n > 18)
        return -1;
    for (size_t i = 0; i < e->text.n; i++) {
        if (!isdigit(e->text.p[i]))
            return -1;
        v = v * 10 + (e->text.p[i] - '0');
    }
    return v;
}

static void parameter(struct model *m, const struct event *e)
{
    enum key key = m->path[e->depth], in = e->depth ? m->path[e->depth - 1] : K_OTHER;

    if (m->tree && in == K_TREE_PARAM && key == K_NUM_NODES)
        m->num_nodes = number_in(e);
    if (m->tree && in == K_TREE_PARAM && key == K_SIZE_LEAF)
        m->leaf_size = number_in(e);
    if (!m->tree && in == K_PARAM && key == K_NUM_FEATURE)
        m->features = number_in(e);
    if (!m->tree && key == K_NUM_TREES)
        m->declared = number_in(e);
    if (!m->tree && in == K_OBJECTIVE && key == K_NAME && e->kind == EVENT_TEXT)
        model_says(m->s, "type", e->text);
}

static enum pratique_status scalar(struct model *m, const struct event *e)
{
    if (m->tree && m->in_array && e->depth == m->tree + 1) /* an element of an array of the tree */
        return e->kind == EVENT_NUMBER || e->kind == EVENT_WORD
                   ? element(m, m->path[m->tree], e->whole, e->number, e->offset)
                   : PRATIQUE_OK;
    parameter(m, e);
    if (e->kind == EVENT_TEXT && e->text.n > 64)
        return array_embedded(m->s, e->text, SPAN_LITERAL("(an attribute)"));
    return PRATIQUE_OK;
}

/* ---- the model ---- */

/* What XGBoost writes at the top, and in the learner. */
static bool is_known(const struct model *m, const struct event *e, enum key key)
{
    if (e->depth == 1)
        return key == K_LEARNER || key == K_VERSION || key == K_CONFIG;
    if (e->depth == 2 && m->path[1] == K_LEARNER)
        return key != K_OTHER || span_is(e->text, "metrics") ||
               span_is(e->text, "learner_train_param") || span_is(e->text, "generic_param");
    return true;
}

static enum pratique_status read_key(struct model *m, const struct event *e)
{
    enum key key = key_of(e->text);
    uint32_t bit = UINT32_C(1) << key;

    if (!is_known(m, e, key))
        return scan_fail(m->s, PRATIQUE_E_FORMAT, e->offset,
                         "xgboost: a key that it does not write");
    if (e->depth == 1 && (m->seen & bit))
        scan_fact(m->s, FACT_ARRAY_DUPLICATE, e->offset, e->text, SPAN_EMPTY);
    if (e->depth == 1)
        m->seen |= bit;
    if (m->tree == e->depth && wanted(m, key) && m->counts[key] > 0)
        scan_fact(m->s, FACT_ARRAY_DUPLICATE, e->offset, e->text, SPAN_EMPTY);
    m->path[e->depth] = key;
    return PRATIQUE_OK;
}

static enum pratique_status on_event(void *user, const struct event *e)
{
    struct model *m = user;

    switch (e->kind) {
    case EVENT_KEY:
        return read_key(m, e);
    case EVENT_ARRAY:
        if (m->tree && e->depth == m->tree)
            m->in_array = true;
        m->path[e->depth + 1] = K_OTHER; /* its elements have no key */
        return PRATIQUE_OK;
    case EVENT_OBJECT:
        if (!m->tree && e->depth > 1 && m->path[e->depth - 1] == K_TREES &&
            m->path[e->depth] == K_OTHER)
            tree_begin(m, e);
        else if (m->tree && e->depth == m->tree)
            m->in_array = false;
        m->path[e->depth + 1] = K_OTHER;
        return PRATIQUE_OK;
    case EVENT_CLOSE:
        return m->tree && e->depth + 1 == m->tree ? tree_end(m) : PRATIQUE_OK;
    case EVENT_NUMBERS:
        return typed(m, e);
    default:
        return scalar(m, e);
    }
}

typedef enum pratique_status (*walk_fn)(const struct listener *l, struct span in, size_t *used);

static enum pratique_status run(struct scan *s, struct span in, walk_fn walk, const char *name)
{
    struct model m = { .s = s, .features = -1, .declared = -1 };
    struct listener l = { s, &m, on_event };
    size_t used = 0;
    enum pratique_status st = walk(&l, in, &used);

    s->budget->work_done += used;
    numbers_free(s, &m.left);
    numbers_free(s, &m.right);
    numbers_free(s, &m.split);
    if (st != PRATIQUE_OK)
        return st;
    s->recognised = name;
    if (!(m.seen & 1u << K_LEARNER))
        return scan_fail(s, PRATIQUE_E_FORMAT, 0, "xgboost: it has no learner");
    if (m.declared >= 0 && (uint64_t)m.declared != m.trees)
        scan_factf(s, FACT_MODEL_BOUNDS, 0, SPAN_LITERAL("a model"),
                   "it has %" PRIu64 " trees and says %" PRId64, m.trees, m.declared);
    if (m.features > 0 && m.split_max >= (uint64_t)m.features)
        scan_factf(s, FACT_MODEL_BOUNDS, 0, SPAN_LITERAL("a tree"),
                   "a split asks for feature %" PRIu32 " of %" PRId64, m.split_max, m.features);
    scan_read(s, name, used, "%" PRIu64 " trees", m.trees);
    return scan_rest(s, name, used, span_from(in, used));
}

/* ---- JSON ---- */

static void skip_space(struct span *in)
{
    while (in->n > 0 && isspace(in->p[0]))
        (void)skip(in, 1);
}

static bool take_literal(struct span *in, struct span text)
{
    skip_space(in);
    return span_starts(*in, text) && skip(in, text.n);
}

/* The first key is the learner or a configuration; or the version, a list of three numbers. */
static bool json_looks_like(struct span in)
{
    struct span head;

    (void)take(&in, in.n < 4096 ? in.n : 4096, &head);
    if (!take_literal(&head, SPAN_LITERAL("{")))
        return false;
    if (take_literal(&head, SPAN_LITERAL("\"version\""))) {
        size_t end = span_find(head, 0, SPAN_LITERAL("]"));

        if (end == SIZE_MAX || end > 64 || !skip(&head, end + 1) ||
            !take_literal(&head, SPAN_LITERAL(",")))
            return false;
    }
    return take_literal(&head, SPAN_LITERAL("\"learner\"")) &&
           take_literal(&head, SPAN_LITERAL(":")) && take_literal(&head, SPAN_LITERAL("{"));
}

static enum pratique_status json_scan(struct scan *s, struct span in)
{
    return run(s, in, events_json, "xgboost");
}

const struct format format_xgboost = {
    .name = "xgboost",
    .spec = "XGBoost, doc/model.schema: JSON",
    .looks_like = json_looks_like,
    .scan = json_scan,
};

/* ---- UBJSON ---- */

static bool ubj_looks_like(struct span in)
{
    struct span key;
    uint64_t n;

    return span_starts(in, SPAN_LITERAL("{L\0\0\0\0\0\0\0")) && skip(&in, 2) &&
           take_u64be(&in, &n) && n > 0 && n < 64 && take(&in, n, &key) &&
           memchr(key.p, 0, key.n) == NULL && in.n > 0;
}

static enum pratique_status ubj_scan(struct scan *s, struct span in)
{
    return run(s, in, events_ubjson, "xgboost UBJSON");
}

const struct format format_xgboost_ubj = {
    .name = "xgboost UBJSON",
    .spec = "XGBoost, doc/model.schema: Universal Binary JSON",
    .looks_like = ubj_looks_like,
    .scan = ubj_scan,
};
