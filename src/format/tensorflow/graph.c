/*
 * GraphDef, FunctionDef and NodeDef. See graph.h; trace.c follows the paths.
 *
 * Spec: tensorflow/core/framework: graph.proto, function.proto, node_def.proto, attr_value.proto,
 * tensor.proto (TensorFlow 2.21).
 */
#include "format/tensorflow/graph.h"

#include "format/tensorflow/trace.h"

enum { GRAPH_NODE = 1, GRAPH_LIBRARY = 2 };
enum { LIBRARY_FUNCTION = 1, LIBRARY_GRADIENT = 2 };
enum { FUNCTION_SIGNATURE = 1, FUNCTION_NODE = 3, FUNCTION_ATTR = 5 };
enum { OPDEF_NAME = 1 };
enum { NODE_NAME = 1, NODE_OP = 2, NODE_ATTR = 5 };
enum { ENTRY_KEY = 1, ENTRY_VALUE = 2 };
enum { VALUE_LIST = 1, VALUE_S = 2, VALUE_TENSOR = 8, VALUE_FUNC = 10 };
enum { LIST_S = 2, LIST_TENSOR = 8, LIST_FUNC = 9 };
enum { FUNC_NAME = 1, FUNC_ATTR = 2 };
enum { TENSOR_CONTENT = 4, TENSOR_STRING = 8, TENSOR_VARIANT = 15 };
enum { VARIANT_METADATA = 2, VARIANT_TENSORS = 3 };

/* The library reads messages to a depth of 100; each level here is two or three of them. */
#define DEPTH_MAX 50
#define OPS_MAX   16 /* of one node, of which the library takes the last */

/* The node that is read now. */
struct at {
    struct tf_graph *g;
    struct span name, function;
    unsigned depth;
};

void tf_graph_init(struct tf_graph *g, struct scan *s, struct span whole, const char *what)
{
    *g = (struct tf_graph){ .w = { .s = s, .whole = whole, .what = what } };
    tf_ops_init(&g->ops, s);
    tf_names_init(&g->functions, s);
    tf_names_init(&g->assets, s);
}

void tf_graph_free(struct tf_graph *g)
{
    scan_unmap(g->w.s, g->nodes, g->nodes_size * sizeof *g->nodes);
    tf_ops_free(&g->ops);
    tf_names_free(&g->functions);
    tf_names_free(&g->assets);
    g->nodes = NULL;
}

/* ---- operators ---- */

static bool text_matches(enum tf_when when, struct span text)
{
    if (when == TF_URL)
        return span_find(text, 0, SPAN_LITERAL("://")) != SIZE_MAX;
    if (when == TF_CALLBACK)
        return span_find(text, 0, SPAN_LITERAL("python_cpu_callback")) != SIZE_MAX;
    return text.n > 0;
}

/* Whether a value is a text, or a list with one, as the row of an operator asks for. */
static bool value_matches(struct tf_wire *w, enum tf_when when, struct span value)
{
    struct pb_field f, item;

    while (tf_next(w, &value, &f)) {
        if (f.wire != PB_BYTES)
            continue;
        if (f.number == VALUE_S && text_matches(when, f.body))
            return true;
        while (f.number == VALUE_LIST && tf_next(w, &f.body, &item))
            if (item.number == LIST_S && item.wire == PB_BYTES && text_matches(when, item.body))
                return true;
    }
    return false;
}

/* Whether the entry of an attribute is one of that name. */
static bool has_key(struct span entry, const char *key)
{
    struct pb_field f;

    while (entry.n > 0 && pb_take(&entry, &f))
        if (f.number == ENTRY_KEY && f.wire == PB_BYTES && span_is(f.body, key))
            return true;
    return false;
}

static bool node_matches(struct tf_wire *w, const struct tf_op *op, struct span node)
{
    struct pb_field f, inner;

    if (!op->attr)
        return true;
    while (tf_next(w, &node, &f)) {
        if (f.number != NODE_ATTR || f.wire != PB_BYTES || !has_key(f.body, op->attr))
            continue;
        while (tf_next(w, &f.body, &inner))
            if (inner.number == ENTRY_VALUE && inner.wire == PB_BYTES &&
                value_matches(w, op->when, inner.body))
                return true;
    }
    return false;
}

/* Looks an operator up; NULL with a failure for want of memory. */
static struct tf_seen *look_up(struct tf_graph *g, struct span name)
{
    struct tf_seen *seen = tf_ops_look_up(&g->ops, name);

    if (!seen)
        tf_fail(&g->w, PRATIQUE_E_LIMIT, name, "");
    return seen;
}

/* A function that is called by name is an operator when it has the name of one that does harm. */
static void note_function(struct at *at, struct span name)
{
    struct tf_seen *seen = name.n > 0 ? look_up(at->g, name) : NULL;

    if (seen && seen->op->fact != FACT_TF_FOREIGN && !seen->op->attr)
        tf_ops_note(seen, tf_at(&at->g->w, name), at->name, at->function);
}

/* ---- attributes ---- */

static void read_value(struct at *at, struct span value);

static bool deeper(struct at *at, struct span part)
{
    if (at->depth >= DEPTH_MAX)
        tf_fail(&at->g->w, PRATIQUE_E_FORMAT, part, "values within values, too deep");
    return at->depth < DEPTH_MAX;
}

static void read_entry(struct at *at, struct span entry)
{
    struct pb_field f;

    while (tf_next(&at->g->w, &entry, &f))
        if (f.number == ENTRY_VALUE && f.wire == PB_BYTES)
            read_value(at, f.body);
}

/* NameAttrList: a function with attributes of its own. */
static void read_func(struct at *at, struct span func)
{
    struct pb_field f;

    if (!deeper(at, func))
        return;
    at->depth++;
    while (tf_next(&at->g->w, &func, &f)) {
        if (f.wire != PB_BYTES)
            continue;
        if (f.number == FUNC_NAME)
            note_function(at, f.body);
        else if (f.number == FUNC_ATTR)
            read_entry(at, f.body);
    }
    at->depth--;
}

static void read_tensor(struct at *at, struct span tensor);

static void read_variant(struct at *at, struct span variant)
{
    struct pb_field f;

    while (tf_next(&at->g->w, &variant, &f)) {
        if (f.wire != PB_BYTES)
            continue;
        if (f.number == VARIANT_METADATA)
            tf_content(&at->g->w, f.body, at->name);
        else if (f.number == VARIANT_TENSORS)
            read_tensor(at, f.body);
    }
}

/* Numbers as they lie in memory; texts, when it says so, behind their lengths. */
static void read_content(struct at *at, struct span content)
{
    struct span lengths = content, texts, text;

    tf_content(&at->g->w, content, at->name);
    if (tf_texts_begin(&lengths, &texts))
        while (tf_texts_next(&lengths, &texts, &text))
            tf_content(&at->g->w, text, at->name);
}

static void read_tensor(struct at *at, struct span tensor)
{
    struct pb_field f;

    if (!deeper(at, tensor))
        return;
    at->depth++;
    while (tf_next(&at->g->w, &tensor, &f)) {
        if (f.wire != PB_BYTES)
            continue;
        if (f.number == TENSOR_STRING)
            tf_content(&at->g->w, f.body, at->name);
        else if (f.number == TENSOR_CONTENT)
            read_content(at, f.body);
        else if (f.number == TENSOR_VARIANT)
            read_variant(at, f.body);
    }
    at->depth--;
}

static void read_list(struct at *at, struct span list)
{
    struct pb_field f;

    while (tf_next(&at->g->w, &list, &f)) {
        if (f.wire != PB_BYTES)
            continue;
        if (f.number == LIST_S)
            tf_content(&at->g->w, f.body, at->name);
        else if (f.number == LIST_TENSOR)
            read_tensor(at, f.body);
        else if (f.number == LIST_FUNC)
            read_func(at, f.body);
    }
}

/* AttrValue: a oneof, of which every alternative that is there is read. */
static void read_value(struct at *at, struct span value)
{
    struct pb_field f;

    while (tf_next(&at->g->w, &value, &f)) {
        if (f.wire != PB_BYTES)
            continue;
        if (f.number == VALUE_LIST)
            read_list(at, f.body);
        else if (f.number == VALUE_S)
            tf_content(&at->g->w, f.body, at->name);
        else if (f.number == VALUE_TENSOR)
            read_tensor(at, f.body);
        else if (f.number == VALUE_FUNC)
            read_func(at, f.body);
    }
}

/* ---- nodes ---- */

static struct tf_node *add_node(struct tf_graph *g, struct span body)
{
    size_t size = g->nodes_size ? g->nodes_size * 2 : 1024;
    struct tf_node *more = g->nodes;

    if (g->nodes_n == g->nodes_size) {
        more = g->nodes
                   ? scan_remap(g->w.s, g->nodes, g->nodes_size * sizeof *more, size * sizeof *more)
                   : scan_map(g->w.s, size * sizeof *more);
        if (!more || g->nodes_n > UINT32_MAX / 2) {
            tf_fail(&g->w, PRATIQUE_E_LIMIT, body, "");
            return NULL;
        }
        g->nodes = more;
        g->nodes_size = size;
    }
    g->nodes[g->nodes_n] = (struct tf_node){ .name = SPAN_EMPTY, .body = body };
    return &g->nodes[g->nodes_n++];
}

/* An operator of the node: noted, unless an attribute says that it does no more than compute. */
static void read_op(struct at *at, struct tf_node *node, struct span op)
{
    struct tf_wire *w = &at->g->w;
    struct tf_seen *seen = look_up(at->g, op);

    if (!seen)
        return;
    node->op = seen->op;
    node->is_const |= span_is(op, "Const") || span_is(op, "HostConst");
    node->calls |= seen->op->calls || seen->op->fact == FACT_TF_FOREIGN;
    if (node_matches(w, seen->op, node->body))
        tf_ops_note(seen, tf_at(w, node->body), node->name, at->function);
}

/* Every operator of a node that says more than one. */
static void read_ops(struct at *at, struct tf_node *node)
{
    struct span in = node->body;
    struct pb_field f;

    while (tf_next(&at->g->w, &in, &f))
        if (f.number == NODE_OP && f.wire == PB_BYTES)
            read_op(at, node, f.body);
}

static void read_node(struct tf_graph *g, struct span body, struct span function)
{
    struct at at = { .g = g, .name = SPAN_EMPTY, .function = function };
    struct tf_node *node = add_node(g, body);
    struct span in = body, op = SPAN_EMPTY;
    unsigned ops = 0;
    struct pb_field f;

    if (!node)
        return;
    while (tf_next(&g->w, &in, &f)) {
        if (f.wire != PB_BYTES)
            continue;
        if (f.number == NODE_NAME)
            node->name = at.name = f.body;
        else if (f.number == NODE_OP)
            op = f.body, ops++;
        else if (f.number == NODE_ATTR)
            read_entry(&at, f.body);
    }
    if (ops == 1)
        read_op(&at, node, op);
    else if (ops > OPS_MAX)
        tf_fail(&g->w, PRATIQUE_E_FORMAT, body, "a node with many operators");
    else if (ops > 1)
        read_ops(&at, node);
    g->count++;
}

void tf_graph_node(struct tf_graph *g, struct span node)
{
    read_node(g, node, SPAN_EMPTY);
    g->nodes_n = 0; /* there are no others that it could be followed to */
}

void tf_graph_note(struct tf_graph *g, struct span op, uint64_t offset, struct span node)
{
    struct tf_seen *seen = look_up(g, op);

    if (seen && !seen->op->attr)
        tf_ops_note(seen, offset, node, SPAN_EMPTY);
}

/* ---- functions and the graph ---- */

/* The name in the signature, which may stand behind the nodes. */
static struct span signature_name(struct tf_graph *g, struct span function)
{
    struct span name = SPAN_EMPTY;
    struct pb_field f, inner;

    while (tf_next(&g->w, &function, &f)) {
        if (f.number != FUNCTION_SIGNATURE || f.wire != PB_BYTES)
            continue;
        while (tf_next(&g->w, &f.body, &inner))
            if (inner.number == OPDEF_NAME && inner.wire == PB_BYTES)
                name = inner.body;
    }
    return name;
}

static void read_function(struct tf_graph *g, struct span function)
{
    size_t before = g->nodes_n;
    struct at at = { .g = g };
    struct pb_field f;

    at.name = at.function = signature_name(g, function);
    if (at.name.n > 0 && !tf_names_put(&g->functions, at.name, 0))
        tf_fail(&g->w, PRATIQUE_E_LIMIT, function, "");
    while (tf_next(&g->w, &function, &f)) {
        if (f.wire != PB_BYTES)
            continue;
        if (f.number == FUNCTION_NODE)
            read_node(g, f.body, at.function);
        else if (f.number == FUNCTION_ATTR)
            read_entry(&at, f.body);
    }
    tf_trace(g, before);
    g->nodes_n = before;
    g->functions_n++;
}

/* GradientDef: the names of a function and of its gradient. */
static void read_gradient(struct tf_graph *g, struct span gradient)
{
    struct at at = { .g = g, .name = SPAN_LITERAL("gradient"), .function = SPAN_EMPTY };
    struct pb_field f;

    while (tf_next(&g->w, &gradient, &f))
        if (f.wire == PB_BYTES)
            note_function(&at, f.body);
}

static void read_library(struct tf_graph *g, struct span library)
{
    struct pb_field f;

    while (tf_next(&g->w, &library, &f)) {
        if (f.wire != PB_BYTES)
            continue;
        if (f.number == LIBRARY_FUNCTION)
            read_function(g, f.body);
        else if (f.number == LIBRARY_GRADIENT)
            read_gradient(g, f.body);
    }
}

void tf_graph_read(struct tf_graph *g, struct span graph)
{
    struct pb_field f;

    while (tf_next(&g->w, &graph, &f)) {
        if (f.wire != PB_BYTES)
            continue;
        if (f.number == GRAPH_NODE)
            read_node(g, f.body, SPAN_EMPTY);
        else if (f.number == GRAPH_LIBRARY)
            read_library(g, f.body);
    }
}

void tf_graph_end(struct tf_graph *g)
{
    tf_trace(g, 0);
    g->nodes_n = 0;
}

static bool is_function(const void *owner, struct span name)
{
    return tf_names_get(owner, name, NULL);
}

void tf_graph_tell(struct tf_graph *g)
{
    tf_ops_tell(&g->ops, is_function, &g->functions);
}

/* ---- telling it from other messages ---- */

static bool is_word(struct span s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] <= ' ' || s.p[i] >= 0x7F)
            return false;
    return s.n > 0 && s.n < 4096;
}

/*
 * A set of descriptors of Protocol Buffers begins as a graph does: with the file's name and its
 * package. No operator starts with a small letter.
 */
static bool is_descriptor(struct span name, struct span package)
{
    return span_ends(name, SPAN_LITERAL(".proto")) && package.p[0] >= 'a' && package.p[0] <= 'z';
}

static bool is_node(struct span node)
{
    struct span name = tf_first(node, NODE_NAME), op = tf_first(node, NODE_OP);

    return is_word(name) && is_word(op) && !is_descriptor(name, op);
}

bool tf_looks_like_graph(struct span in)
{
    struct span function = tf_first(tf_first(in, GRAPH_LIBRARY), LIBRARY_FUNCTION);

    return is_node(tf_first(in, GRAPH_NODE)) ||
           (is_word(tf_first(tf_first(function, FUNCTION_SIGNATURE), OPDEF_NAME)) &&
            is_node(tf_first(function, FUNCTION_NODE)));
}
