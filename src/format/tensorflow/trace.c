/*
 * See trace.h. Each node is looked at once, with the gravest use of its value: written to, read,
 * restored from, or handed to a function, where only what is plainly a path is told.
 */
#include "format/tensorflow/trace.h"

#include <ctype.h>

#include "format/model/model.h"
#include "format/tensorflow/place.h"

enum { NODE_OP = 2, NODE_INPUT = 3, NODE_ATTR = 5, ENTRY_VALUE = 2, VALUE_TENSOR = 8 };
enum { TENSOR_CONTENT = 4, TENSOR_STRING = 8 };

#define STRINGS_MAX  64 /* of one constant */
#define COMPUTED_MAX 10

struct trace {
    struct tf_graph *g;
    struct tf_node *nodes; /* of this graph or function */
    size_t n;
    uint32_t *slots; /* 1 + a node, by its name; slots_n of them, a power of two */
    size_t slots_n;
    uint64_t seed;
    uint32_t *todo;
    size_t todo_n;
    unsigned computed; /* paths that are told of */
};

static enum tf_mark mark_of(const struct tf_op *op)
{
    switch (op->how) {
    case TF_WRITE:
        return TF_MARK_WRITES;
    case TF_READ:
        return TF_MARK_READS;
    case TF_RESTORE:
        return TF_MARK_RESTORES;
    case TF_LOG:
        return TF_MARK_LOGS;
    }
    return TF_MARK_NONE;
}

/* Where a name is in the table, or where it belongs. */
static uint32_t *slot_of(const struct trace *t, struct span name)
{
    size_t slot = tf_hash(name, t->seed) & (t->slots_n - 1);

    while (t->slots[slot] && !span_equal(t->nodes[t->slots[slot] - 1].name, name))
        slot = (slot + 1) & (t->slots_n - 1);
    return &t->slots[slot];
}

/*
 * Puts every node into the table. TensorFlow takes no two of one name; other libraries take the
 * first or the last: all are found from the last.
 */
static void fill(struct trace *t)
{
    for (size_t i = 0; i < t->n; i++) {
        uint32_t *slot = slot_of(t, t->nodes[i].name);

        t->nodes[i].before = *slot;
        *slot = (uint32_t)i + 1;
    }
}

static bool find(const struct trace *t, struct span name, uint32_t *at)
{
    uint32_t slot = *slot_of(t, name);

    *at = slot - 1;
    return slot != 0;
}

/* The node of an input: "name", "name:1", "name:output:0"; "^name" only says what is first. */
static bool find_input(const struct trace *t, struct span input, uint32_t *at)
{
    const uint8_t *colon = input.n ? memchr(input.p, ':', input.n) : NULL;

    if (input.n == 0 || input.p[0] == '^')
        return false;
    if (colon)
        input.n = (size_t)(colon - input.p);
    return find(t, input, at);
}

/* ---- constants ---- */

/* A text that hardly anything but a path looks like. */
static bool is_plainly_path(struct span text)
{
    unsigned flags = model_path_flags(text);
    size_t slashes = 0;

    if (text.n < 4 || text.n > 4096 || !(flags & ~(unsigned)(MP_BACKSLASH | MP_NUL)))
        return false;
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] <= ' ' || text.p[i] >= 0x7F || strchr("<>|*?()[]{}^", text.p[i]))
            return false;
        slashes += text.p[i] == '/' || text.p[i] == '\\';
    }
    return slashes > 0 && (text.p[0] == '~' || slashes > 1 || flags & (MP_DRIVE | MP_DOTDOT));
}

/*
 * Where a file of the system is opened, that is told; another full path is one of the author's
 * machine, which counts for what is written, and little for a vocabulary.
 */
static void tell_path(struct tf_graph *g, enum tf_mark mark, struct span text)
{
    uint64_t offset = tf_at(&g->w, text);
    enum tf_place place = tf_place(text);

    if (mark == TF_MARK_HANDED && !is_plainly_path(text))
        return;
    if (place == TF_PLACE_RELATIVE) /* the program's own */
        return;
    if (mark == TF_MARK_WRITES)
        model_path(g->w.s, offset, text, "a file that the graph writes");
    else if (mark == TF_MARK_HANDED)
        model_path(g->w.s, offset, text, "a path that the graph hands to a function");
    else if (place == TF_PLACE_SYSTEM)
        model_path(g->w.s, offset, text,
                   mark == TF_MARK_LOGS ? "a folder that the graph writes a log into"
                                        : "a file that the graph reads");
    else if (mark == TF_MARK_RESTORES)
        scan_fact(g->w.s, FACT_TF_RESTORES, offset, text, SPAN_EMPTY);
    else if (mark == TF_MARK_READS)
        scan_fact(g->w.s, place == TF_PLACE_VOCABULARY ? FACT_TF_VOCABULARY : FACT_TF_READS_PATH,
                  offset, text, SPAN_EMPTY);
}

/*
 * The constant of an asset is the path that the file had where the model was made; the loader puts
 * another in its place, but only while it loads. No model was made of what is the system's.
 */
static bool is_no_asset(struct span text)
{
    return tf_place(text) == TF_PLACE_SYSTEM;
}

/* One field of the tensor of a constant: a text, or all of them in one body. */
static void tell_texts(struct tf_graph *g, const struct tf_node *node, const struct pb_field *f)
{
    bool asset = tf_names_get(&g->assets, node->name, NULL);
    struct span lengths = f->body, texts, text;

    if (f->number == TENSOR_STRING && f->wire == PB_BYTES && (!asset || is_no_asset(f->body)))
        tell_path(g, node->mark, f->body);
    if (f->number != TENSOR_CONTENT || !tf_texts_begin(&lengths, &texts))
        return;
    for (unsigned n = 0; n < STRINGS_MAX && tf_texts_next(&lengths, &texts, &text); n++)
        if (!asset || is_no_asset(text))
            tell_path(g, node->mark, text);
}

/* The texts of a constant, in whatever attribute. */
static void tell_const(struct trace *t, const struct tf_node *node)
{
    struct tf_wire *w = &t->g->w;
    struct span body = node->body;
    struct pb_field attr, value, tensor, text;
    unsigned n = 0;

    while (tf_next(w, &body, &attr))
        while (attr.number == NODE_ATTR && tf_next(w, &attr.body, &value))
            while (value.number == ENTRY_VALUE && tf_next(w, &value.body, &tensor))
                while (tensor.number == VALUE_TENSOR && tf_next(w, &tensor.body, &text))
                    if (n++ < STRINGS_MAX)
                        tell_texts(t->g, node, &text);
}

/* ---- walking ---- */

/* A node, and those of its name, which are always pushed together. */
static void push(struct trace *t, uint32_t at, enum tf_mark mark)
{
    for (uint32_t next = at + 1; next; next = t->nodes[next - 1].before) {
        struct tf_node *node = &t->nodes[next - 1];

        if (node->mark >= mark) /* seen with this use, or a graver one */
            return;
        node->mark = mark;
        t->todo[t->todo_n++] = next - 1;
    }
}

/* Pushes the inputs of a node that the bits name. */
static void push_inputs(struct trace *t, const struct tf_node *node, uint64_t bits,
                        enum tf_mark mark)
{
    struct span body = node->body;
    struct pb_field f;
    unsigned n = 0;
    uint32_t at;

    while (tf_next(&t->g->w, &body, &f)) {
        if (f.number != NODE_INPUT || f.wire != PB_BYTES)
            continue;
        if ((n < 63 ? bits >> n & 1 : bits >> 63) && find_input(t, f.body, &at))
            push(t, at, mark);
        n++;
    }
}

/* What savers put their paths together with, and where paths come from. */
static bool is_plain_step(struct span op)
{
    static const char *const steps[] = {
        "StringJoin",
        "ShardedFilename",
        "ShardedFilespec",
        "Identity",
        "IdentityN",
        "Placeholder",
        "PlaceholderV2",
        "PlaceholderWithDefault",
        "Pack",
        "ConcatV2",
        "Concat",
        "Select",
        "SelectV2",
        "StaticRegexFullMatch",
        "RegexFullMatch",
        "Switch",
        "Merge",
        "ExpandDims",
        "Reshape",
        "Squeeze",
        "StopGradient",
        "Snapshot",
        "_Arg",
        "NoOp",
        "GuaranteeConst",
        "Const",
        "HostConst",
    };

    for (size_t i = 0; i < ARRAY_LEN(steps); i++)
        if (span_is(op, steps[i]))
            return true;
    return false;
}

/* The operator of a node, as it is written. */
static struct span op_of(struct tf_wire *w, struct span node)
{
    struct span op = SPAN_EMPTY;
    struct pb_field f;

    while (tf_next(w, &node, &f))
        if (f.number == NODE_OP && f.wire == PB_BYTES)
            op = f.body;
    return op;
}

/* A path that is computed hides what it is. */
static void tell_computed(struct trace *t, const struct tf_node *node)
{
    struct span op = op_of(&t->g->w, node->body);

    if (node->mark < TF_MARK_READS || is_plain_step(op) || t->computed++ >= COMPUTED_MAX)
        return;
    scan_fact(t->g->w.s, FACT_TF_COMPUTED, tf_at(&t->g->w, node->body), op, node->name);
}

static void drain(struct trace *t)
{
    while (t->todo_n > 0) {
        const struct tf_node *node = &t->nodes[t->todo[--t->todo_n]];

        tell_computed(t, node);
        if (node->is_const)
            tell_const(t, node);
        else if (node->mark != TF_MARK_HANDED ||
                 (node->op && span_is(span_text(node->op->name), "Identity")))
            push_inputs(t, node, UINT64_MAX, node->mark);
    }
}

/* From the gravest use to the least, so that a node is seldom looked at twice. */
static void walk(struct trace *t)
{
    for (enum tf_mark mark = TF_MARK_WRITES; mark > TF_MARK_NONE; mark--)
        for (size_t i = 0; i < t->n; i++) {
            const struct tf_node *node = &t->nodes[i];

            if (!node->op)
                continue;
            if (node->op->paths && mark_of(node->op) == mark)
                push_inputs(t, node, node->op->paths, mark);
            else if (node->calls && mark == TF_MARK_HANDED)
                push_inputs(t, node, UINT64_MAX, mark);
            drain(t);
        }
}

/* Whether anything in the graph opens a path, or hands one on. */
static bool is_worth_it(struct tf_graph *g, size_t start)
{
    bool consts = false, uses = false;

    for (size_t i = start; i < g->nodes_n; i++) {
        const struct tf_node *node = &g->nodes[i];

        consts |= node->is_const;
        uses |= node->op && (node->op->paths || node->calls);
        g->saves |=
            node->op && node->op->paths && node->op->how != TF_READ && node->op->how != TF_LOG;
    }
    return consts && uses;
}

void tf_trace(struct tf_graph *g, size_t start)
{
    struct trace t = { .g = g, .n = g->nodes_n - start, .slots_n = 64 };
    size_t bytes = t.n * TF_MARK_WRITES * sizeof *t.todo;

    if (g->w.st != PRATIQUE_OK || !is_worth_it(g, start))
        return;
    t.nodes = g->nodes + start;
    t.seed = budget_now_us() ^ (uint64_t)(uintptr_t)&t;
    while (t.slots_n / 2 < t.n)
        t.slots_n *= 2;
    t.todo = scan_map(g->w.s, bytes);
    t.slots = scan_map(g->w.s, t.slots_n * sizeof *t.slots);
    if (t.todo && t.slots) {
        fill(&t);
        walk(&t);
    } else {
        tf_fail(&g->w, PRATIQUE_E_LIMIT, g->w.whole, "");
    }
    scan_unmap(g->w.s, t.todo, bytes);
    scan_unmap(g->w.s, t.slots, t.slots_n * sizeof *t.slots);
}
