/*
 * Models as ONNX Runtime keeps them (.ort): the same graph as a flatbuffer, optimised for a device.
 * Judged as ONNX is: operators, what their attributes name, tensors. Subgraphs are kept on a list
 * of their own, not on the stack.
 *
 * Spec: onnxruntime/core/flatbuffers/schema/ort.fbs, versions 1 to 6. Left out: edges, types of
 * values, the resolver of kernels.
 */
#include "format/flatbuffer/flatbuffer.h"

#include <inttypes.h>

#include "format/model/hidden.h"
#include "format/model/model.h"
#include "format/onnx/onnx.h"
#include "format/onnx/parts.h"

#define IDENTIFIER "ORTM"

/* Fields by their number in the schema. */
enum { SESSION_VERSION, SESSION_MODEL };
enum {
    MODEL_IR_VERSION = 0,
    MODEL_PRODUCER = 2,
    MODEL_RELEASE = 3,
    MODEL_GRAPH = 7,
    MODEL_METADATA = 9,
};
enum { GRAPH_TENSORS = 0, GRAPH_NODES = 2, GRAPH_SPARSE = 7 };
enum { NODE_DOMAIN = 2, NODE_OPERATOR = 5, NODE_ATTRIBUTES = 10 };
enum {
    TENSOR_NAME = 0,
    TENSOR_DIMS = 2,
    TENSOR_TYPE = 3,
    TENSOR_RAW = 4,
    TENSOR_STRINGS = 5,
    TENSOR_BESIDE = 6,
};
enum {
    ATTRIBUTE_NAME = 0,
    ATTRIBUTE_TEXT = 5,
    ATTRIBUTE_TENSOR = 6,
    ATTRIBUTE_GRAPH = 7,
    ATTRIBUTE_TEXTS = 10,
    ATTRIBUTE_TENSORS = 11,
    ATTRIBUTE_GRAPHS = 12,
};

struct ort {
    struct onnx onnx;
    struct fb fb;
    struct fb_table *graphs; /* still to be read; of scan_map() */
    size_t n, size;
    struct span domain, op; /* of the node whose attributes are read */
    enum pratique_status status;
    uint64_t steps;
};

static bool looks_like(struct span in)
{
    return fb_looks_like(in, IDENTIFIER);
}

/* Whether to go on; the clock is looked at now and then. */
static bool may_go_on(struct ort *x)
{
    if (x->status == PRATIQUE_OK && (++x->steps & 0xFFF) == 0 && !budget_time(x->onnx.s->budget))
        x->status = scan_fail_budget(x->onnx.s, PRATIQUE_NO_OFFSET);
    return x->status == PRATIQUE_OK && fb_ok(&x->fb);
}

static void push_graph(struct ort *x, const struct fb_table *graph)
{
    size_t more = x->size ? x->size * 2 : 16;
    struct fb_table *grown;

    if (graph->at == 0 || !may_go_on(x))
        return;
    if (x->n == x->size) {
        grown = x->graphs ? scan_remap(x->onnx.s, x->graphs, x->size * sizeof *grown,
                                       more * sizeof *grown)
                          : scan_map(x->onnx.s, more * sizeof *grown);
        if (!grown) {
            x->status = scan_fail_budget(x->onnx.s, graph->at);
            return;
        }
        x->graphs = grown;
        x->size = more;
    }
    x->graphs[x->n++] = *graph;
}

static void look_inside(struct ort *x, struct span bytes, struct span name)
{
    if (may_go_on(x))
        x->status = hidden_scan(x->onnx.s, bytes, name.n ? name : SPAN_LITERAL("(bytes)"));
}

static void read_tensor(struct ort *x, const struct fb_table *t)
{
    struct fb *fb = &x->fb;
    struct span raw = fb_bytes(fb, t, TENSOR_RAW), dims = SPAN_EMPTY;
    struct fb_vector shape = fb_vector(fb, t, TENSOR_DIMS, 8);
    struct fb_vector strings = fb_vector(fb, t, TENSOR_STRINGS, 4);
    struct onnx_raw tensor = { .name = fb_string(fb, t, TENSOR_NAME),
                               .type = fb_number(fb, t, TENSOR_TYPE, 4, 0),
                               .bytes = raw.n,
                               .strings = strings.n,
                               .beside = fb_signed(fb, t, TENSOR_BESIDE, 8, -1) >= 0 };

    if (t->at == 0 || !may_go_on(x))
        return;
    (void)span_sub(fb->in, shape.at, (uint64_t)shape.n * 8, &dims);
    tensor.dims = dims;
    onnx_tensor_raw(&x->onnx, t->at, &tensor);
    look_inside(x, raw, tensor.name);
    for (uint32_t i = 0; i < strings.n && may_go_on(x); i++)
        look_inside(x, fb_string_at(fb, &strings, i), tensor.name);
}

static void read_text(struct ort *x, uint64_t at, struct span key, struct span text)
{
    if (!may_go_on(x))
        return;
    onnx_judge_text(&x->onnx, at, x->domain, x->op, key, text);
    look_inside(x, text, key);
}

static void read_attribute(struct ort *x, const struct fb_table *a)
{
    struct fb *fb = &x->fb;
    struct span key = fb_string(fb, a, ATTRIBUTE_NAME);
    struct fb_table tensor = fb_table(fb, a, ATTRIBUTE_TENSOR);
    struct fb_table graph = fb_table(fb, a, ATTRIBUTE_GRAPH);
    struct fb_vector texts = fb_vector(fb, a, ATTRIBUTE_TEXTS, 4);
    struct fb_vector tensors = fb_vector(fb, a, ATTRIBUTE_TENSORS, 4);
    struct fb_vector graphs = fb_vector(fb, a, ATTRIBUTE_GRAPHS, 4);

    read_text(x, a->at, key, fb_string(fb, a, ATTRIBUTE_TEXT));
    read_tensor(x, &tensor);
    push_graph(x, &graph);
    for (uint32_t i = 0; i < texts.n && may_go_on(x); i++)
        read_text(x, a->at, key, fb_string_at(fb, &texts, i));
    for (uint32_t i = 0; i < tensors.n && may_go_on(x); i++) {
        tensor = fb_table_at(fb, &tensors, i);
        read_tensor(x, &tensor);
    }
    for (uint32_t i = 0; i < graphs.n && may_go_on(x); i++) {
        graph = fb_table_at(fb, &graphs, i);
        push_graph(x, &graph);
    }
}

static void read_node(struct ort *x, const struct fb_table *n)
{
    struct fb_vector attributes = fb_vector(&x->fb, n, NODE_ATTRIBUTES, 4);

    x->domain = fb_string(&x->fb, n, NODE_DOMAIN);
    x->op = fb_string(&x->fb, n, NODE_OPERATOR);
    if (!may_go_on(x))
        return;
    onnx_judge_operator(&x->onnx, n->at, x->domain, x->op);
    for (uint32_t i = 0; i < attributes.n && may_go_on(x); i++) {
        struct fb_table a = fb_table_at(&x->fb, &attributes, i);

        read_attribute(x, &a);
    }
}

static void read_graph(struct ort *x, const struct fb_table *g)
{
    struct fb *fb = &x->fb;
    struct fb_vector tensors = fb_vector(fb, g, GRAPH_TENSORS, 4);
    struct fb_vector sparse = fb_vector(fb, g, GRAPH_SPARSE, 4);
    struct fb_vector nodes = fb_vector(fb, g, GRAPH_NODES, 4);

    for (uint32_t i = 0; i < tensors.n && may_go_on(x); i++) {
        struct fb_table t = fb_table_at(fb, &tensors, i);

        read_tensor(x, &t);
    }
    for (uint32_t i = 0; i < sparse.n && may_go_on(x); i++) {
        struct fb_table s = fb_table_at(fb, &sparse, i), t = fb_table(fb, &s, 0);

        read_tensor(x, &t);
        t = fb_table(fb, &s, 1);
        read_tensor(x, &t);
    }
    for (uint32_t i = 0; i < nodes.n && may_go_on(x); i++) {
        struct fb_table n = fb_table_at(fb, &nodes, i);

        read_node(x, &n);
    }
}

static void read_metadata(struct ort *x, const struct fb_table *model)
{
    struct fb_vector entries = fb_vector(&x->fb, model, MODEL_METADATA, 4);

    for (uint32_t i = 0; i < entries.n && may_go_on(x); i++) {
        struct fb_table e = fb_table_at(&x->fb, &entries, i);

        look_inside(x, fb_string(&x->fb, &e, 1), fb_string(&x->fb, &e, 0));
    }
}

static void tell_model(struct ort *x, struct span in, struct span version,
                       const struct fb_table *model)
{
    struct scan *s = x->onnx.s;

    model_says(s, "library", fb_string(&x->fb, model, MODEL_PRODUCER));
    model_sayf(s, "tensors", "%" PRIu64, x->onnx.tensors);
    scan_read(s, "ONNX Runtime model", in.n, "version %.*s, %" PRIu64 " nodes, %" PRIu64 " tensors",
              (int)(version.n < 20 ? version.n : 20), (const char *)version.p, x->onnx.nodes,
              x->onnx.tensors);
}

/* A version of the schema is one digit or two; 6 is the newest that is known. */
static bool is_known_version(struct span version)
{
    return version.n == 1 && version.p[0] >= '1' && version.p[0] <= '6';
}

static enum pratique_status read_session(struct ort *x, struct span in)
{
    struct fb_table session = fb_open(&x->fb, in);
    struct span version = fb_string(&x->fb, &session, SESSION_VERSION);
    struct fb_table model = fb_table(&x->fb, &session, SESSION_MODEL);
    struct fb_table graph = fb_table(&x->fb, &model, MODEL_GRAPH);

    push_graph(x, &graph);
    while (x->n > 0 && may_go_on(x)) {
        graph = x->graphs[--x->n];
        read_graph(x, &graph);
    }
    read_metadata(x, &model);
    if (x->status != PRATIQUE_OK)
        return x->status;
    if (!fb_ok(&x->fb))
        return scan_fail(x->onnx.s, PRATIQUE_E_FORMAT, x->fb.wrong_at, "%s", x->fb.wrong);
    if (model.at == 0)
        return scan_fail(x->onnx.s, PRATIQUE_E_FORMAT, session.at, "there is no model in it");
    if (!is_known_version(version))
        scan_factf(x->onnx.s, FACT_ONNX_VERSION, session.at, SPAN_LITERAL("version of the format"),
                   "%.*s; known are 1 to 6", (int)(version.n < 20 ? version.n : 20),
                   (const char *)version.p);
    tell_model(x, in, version, &model);
    return PRATIQUE_OK;
}

static enum pratique_status scan(struct scan *s, struct span in)
{
    struct ort x = { .onnx = { .s = s } };
    enum pratique_status st = read_session(&x, in);

    s->budget->work_done += x.steps * 8;
    scan_unmap(s, x.graphs, x.size * sizeof *x.graphs);
    return st;
}

const struct format format_ort = {
    .name = "ONNX Runtime model",
    .spec = "ort.fbs, versions 1 to 6, https://github.com/microsoft/onnxruntime",
    .looks_like = looks_like,
    .scan = scan,
};
