/*
 * CatBoost's binary models: "CBM1", the length of a flatbuffer, the flatbuffer, and parts that it
 * names. The trees' indexes are checked; the library takes them as they are.
 *
 * Spec: catboost/libs/model/flatbuffers/model.fbs, features.fbs; catboost/libs/model/model.cpp.
 */
#include <inttypes.h>

#include "format/array/array.h"
#include "format/flatbuffer/flatbuffer.h"
#include "format/model/model.h"
#include "format/rest.h"

/* Fields of TModelCore, of TModelTrees and of TKeyValue, by their numbers in the schema. */
enum { CORE_VERSION = 0, CORE_TREES = 1, CORE_INFO = 2, CORE_PARTS = 3 };
enum {
    TREES_DIMENSION = 0,
    TREES_SPLITS = 1,
    TREES_SIZES = 2,
    TREES_STARTS = 3,
    TREES_LEAVES = 8,
    TREES_STEPS = 10,
    TREES_NODE_LEAF = 11,
};
enum { PAIR_KEY = 0, PAIR_VALUE = 1 };

static void tell(struct scan *s, const char *why)
{
    scan_fact(s, FACT_MODEL_BOUNDS, 8, SPAN_LITERAL("a tree"), span_text(why));
}

/* Trees whose levels all ask one question: 2^depth leaves each. */
static const char *oblivious(struct fb *fb, const struct fb_table *t, uint32_t *trees)
{
    struct fb_vector splits = fb_vector(fb, t, TREES_SPLITS, 4);
    struct fb_vector sizes = fb_vector(fb, t, TREES_SIZES, 4);
    struct fb_vector starts = fb_vector(fb, t, TREES_STARTS, 4);
    struct fb_vector leaves = fb_vector(fb, t, TREES_LEAVES, 8);
    uint64_t want = 0, dimension = fb_number(fb, t, TREES_DIMENSION, 4, 1);
    bool plain = fb_vector(fb, t, TREES_STEPS, 4).n == 0;

    *trees = sizes.n;
    if (starts.n != 0 && starts.n != sizes.n)
        return "it has not as many starts as trees";
    for (uint32_t i = 0; i < sizes.n && fb_ok(fb); i++) {
        uint64_t size = fb_number_at(fb, &sizes, i, 4);
        uint64_t start = starts.n ? fb_number_at(fb, &starts, i, 4) : 0;

        if (start > splits.n || size > splits.n - start)
            return "the splits of a tree lie outside of the model";
        if (plain && size > 30)
            return "a tree is deeper than any tree is";
        want += UINT64_C(1) << (plain ? size : 0);
    }
    if (plain && dimension != 0 && want * dimension != leaves.n)
        return "there are not as many leaves as the trees have";
    return NULL;
}

/* Any other trees: from each node two steps ahead, or a leaf. */
static const char *other(struct fb *fb, const struct fb_table *t)
{
    struct fb_vector steps = fb_vector(fb, t, TREES_STEPS, 4);
    struct fb_vector ids = fb_vector(fb, t, TREES_NODE_LEAF, 4);
    struct fb_vector leaves = fb_vector(fb, t, TREES_LEAVES, 8);

    for (uint32_t i = 0; i < steps.n && fb_ok(fb); i++) {
        uint64_t step = fb_number_at(fb, &steps, i, 4);

        if ((step & 0xFFFF) >= steps.n - i || step >> 16 >= steps.n - i)
            return "a step leads past the last node";
    }
    for (uint32_t i = 0; i < ids.n && fb_ok(fb); i++) {
        uint64_t id = fb_number_at(fb, &ids, i, 4);

        if (id != UINT32_MAX && id >= leaves.n)
            return "a node leads to a leaf that is not there";
    }
    return steps.n == ids.n ? NULL : "it has not as many steps as nodes";
}

static enum pratique_status info(struct scan *s, struct fb *fb, const struct fb_table *core)
{
    struct fb_vector pairs = fb_vector(fb, core, CORE_INFO, 4);
    enum pratique_status st = PRATIQUE_OK;

    for (uint32_t i = 0; i < pairs.n && fb_ok(fb) && st == PRATIQUE_OK; i++) {
        struct fb_table pair = fb_table_at(fb, &pairs, i);
        struct span key = fb_string(fb, &pair, PAIR_KEY), value = fb_string(fb, &pair, PAIR_VALUE);

        if (span_is(key, "catboost_version_info"))
            model_says(s, "library", SPAN_LITERAL("catboost"));
        st = array_embedded(s, value, key);
    }
    return st;
}

static enum pratique_status core(struct scan *s, struct span in, uint32_t *trees, bool *parts)
{
    struct fb fb;
    struct fb_table root = fb_open(&fb, in), model = fb_table(&fb, &root, CORE_TREES);
    struct span version = fb_string(&fb, &root, CORE_VERSION);
    const char *why = oblivious(&fb, &model, trees);
    enum pratique_status st;

    *parts = fb_vector(&fb, &root, CORE_PARTS, 4).n > 0;
    if (!why)
        why = other(&fb, &model);
    st = info(s, &fb, &root);
    if (!fb_ok(&fb))
        return scan_fail(s, PRATIQUE_E_FORMAT, 8 + fb.wrong_at, "CatBoost: %s", fb.wrong);
    if (st == PRATIQUE_OK && !span_starts(version, SPAN_LITERAL("FlabuffersModel_v")))
        return scan_fail(s, PRATIQUE_E_FORMAT, 8, "CatBoost: a version that is not known");
    if (why)
        tell(s, why);
    return st;
}

static bool looks_like(struct span in)
{
    uint32_t n;

    return span_starts(in, SPAN_LITERAL("CBM1")) && skip(&in, 4) && take_u32le(&in, &n) && n > 8;
}

static enum pratique_status scan(struct scan *s, struct span in)
{
    struct span rest = in, body;
    uint32_t n, trees = 0;
    bool parts;
    enum pratique_status st;

    s->recognised = "CatBoost model";
    (void)skip(&rest, 4);
    if (!take_u32le(&rest, &n) || !take(&rest, n, &body))
        return scan_fail(s, PRATIQUE_E_FORMAT, 4, "CatBoost: its core is longer than the file");
    st = core(s, body, &trees, &parts);
    if (st != PRATIQUE_OK)
        return st;
    if (parts) { /* tables of categories: numbers */
        st = array_embedded(s, rest, SPAN_LITERAL("(parts)"));
        rest = SPAN_EMPTY;
    }
    scan_read(s, "CatBoost model", in.n - rest.n, "%" PRIu32 " trees", trees);
    return st == PRATIQUE_OK ? scan_rest(s, "CatBoost model", in.n - rest.n, rest) : st;
}

const struct format format_catboost = {
    .name = "CatBoost model",
    .spec = "catboost/libs/model/flatbuffers/model.fbs",
    .looks_like = looks_like,
    .scan = scan,
};
