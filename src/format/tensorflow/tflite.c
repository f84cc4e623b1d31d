/*
 * TensorFlow Lite (LiteRT): operators, and every number that points somewhere: runtimes that do
 * not check those read and write beside their memory. Buffers are not read, but for how they begin.
 *
 * Spec: tensorflow/compiler/mlir/lite/schema/schema.fbs, version 3 (TensorFlow 2.21); kernels of
 * the Flex delegate (tensorflow/lite/delegates/flex/kernel.cc) for their options.
 */
#include <inttypes.h>

#include "format/flatbuffer/flatbuffer.h"
#include "format/model/model.h"
#include "format/tensorflow/flex.h"
#include "format/tensorflow/graph.h"
#include "format/tensorflow/tensorflow.h"

enum {
    MODEL_VERSION,
    MODEL_CODES,
    MODEL_GRAPHS,
    MODEL_DESCRIPTION,
    MODEL_BUFFERS,
    MODEL_METADATA_BUFFER,
    MODEL_METADATA,
    MODEL_SIGNATURES,
    MODEL_GROUPS
};
enum { CODE_OLD, CODE_CUSTOM, CODE_VERSION, CODE_BUILTIN };
enum { GRAPH_TENSORS, GRAPH_INPUTS, GRAPH_OUTPUTS, GRAPH_OPERATORS };
enum { TENSOR_BUFFER = 2 };
enum {
    OP_CODE,
    OP_INPUTS,
    OP_OUTPUTS,
    OP_TYPE,
    OP_OPTIONS,
    OP_CUSTOM,
    OP_INTERMEDIATES = 8,
    OP_LARGE_OFFSET,
    OP_LARGE_SIZE,
    OP_TYPE2,
    OP_OPTIONS2
};
enum { BUFFER_DATA, BUFFER_OFFSET, BUFFER_SIZE };
enum { METADATA_NAME, METADATA_BUFFER };
enum { SIGNATURE_INPUTS, SIGNATURE_OUTPUTS, SIGNATURE_KEY, SIGNATURE_GRAPH = 4 };
enum { MAP_NAME, MAP_TENSOR };

#define CODE_IS_CUSTOM 32
#define CODE_MAX       209 /* STABLEHLO_CASE; enum BuiltinOperator */
#define SCHEMA_VERSION 3
#define RANGE_MAX      20 /* faults that are told */

struct lite {
    struct scan *s;
    struct fb fb;
    struct fb_table model;
    struct tf_graph g; /* Flex operators are nodes of TensorFlow's */
    uint32_t codes, graphs, buffers;
    uint8_t *flex;     /* of each operator code: whether it is one of TensorFlow */
    uint32_t *tensors; /* of each subgraph: how many it has */
    uint64_t operators, selected, faults, looked, options;
    struct span first; /* Flex operator */
};

/* ---- ranges ---- */

static void out_of_range(struct lite *l, uint64_t at, const char *what, uint64_t index, uint64_t n)
{
    if (l->faults++ < RANGE_MAX)
        scan_factf(l->s, FACT_TFLITE_RANGE, at, span_text(what), "%" PRId64 " of %" PRIu64,
                   (int64_t)index, n);
}

static void check_index(struct lite *l, const struct fb_table *t, const char *what, uint64_t index,
                        uint64_t n)
{
    if (fb_ok(&l->fb) && index >= n)
        out_of_range(l, t->at, what, index, n);
}

/* Bytes outside of the flatbuffer, counted from the beginning of the file. */
static void check_extent(struct lite *l, const struct fb_table *t, const char *what, uint64_t off,
                         uint64_t n)
{
    if (fb_ok(&l->fb) && off > 1 && (off > l->fb.in.n || n > l->fb.in.n - off))
        out_of_range(l, t->at, what, off, l->fb.in.n);
}

/* Indices of tensors; -1 is one that is left out. */
static void check_tensors(struct lite *l, const struct fb_table *t, unsigned field,
                          const char *what, uint32_t tensors)
{
    struct fb_vector v = fb_vector(&l->fb, t, field, 4);

    for (uint32_t i = 0; i < v.n && fb_ok(&l->fb); i++) {
        uint32_t index = (uint32_t)fb_number_at(&l->fb, &v, i, 4);

        if (index != UINT32_MAX)
            check_index(l, t, what, (uint64_t)(int64_t)(int32_t)index, tensors);
    }
}

/* ---- operators ---- */

/* The old field has one byte with a sign; the greater of both counts. */
static int64_t builtin_of(struct lite *l, const struct fb_table *code)
{
    int64_t old = fb_signed(&l->fb, code, CODE_OLD, 1, 0);
    int64_t builtin = fb_signed(&l->fb, code, CODE_BUILTIN, 4, 0);

    return old > builtin ? old : builtin;
}

static void read_custom(struct lite *l, const struct fb_table *code, uint32_t i)
{
    struct span name = fb_string(&l->fb, code, CODE_CUSTOM), rest = name;
    struct tf_seen *seen;

    if (span_starts(name, SPAN_LITERAL("Flex")) && skip(&rest, 4)) {
        l->flex[i] = 1;
        l->first = l->first.n ? l->first : rest;
        tf_graph_note(&l->g, rest, code->at, name);
        return;
    }
    seen = fb_look(&l->fb, name) ? tf_ops_look_up(&l->g.ops, name) : NULL;
    if (seen && seen->op->fact == FACT_KINDS) /* named as one of TensorFlow's; it is not that one */
        scan_fact(l->s, FACT_TF_ADDON, code->at, name,
                  SPAN_LITERAL("a custom operator that has the name of one of TensorFlow"));
    else if (seen)
        tf_ops_note(seen, code->at, SPAN_LITERAL("custom operator"), SPAN_EMPTY);
}

static void read_codes(struct lite *l)
{
    struct fb_vector v = fb_vector(&l->fb, &l->model, MODEL_CODES, 4);

    l->codes = v.n;
    l->flex = scan_map(l->s, v.n);
    if (!l->flex) {
        tf_fail(&l->g.w, PRATIQUE_E_LIMIT, l->fb.in, "");
        return;
    }
    for (uint32_t i = 0; i < v.n && fb_ok(&l->fb) && l->g.w.st == PRATIQUE_OK; i++) {
        struct fb_table code = fb_table_at(&l->fb, &v, i);
        int64_t builtin = builtin_of(l, &code);

        if (builtin == CODE_IS_CUSTOM)
            read_custom(l, &code, i);
        else if (fb_ok(&l->fb) && (builtin < 0 || builtin > CODE_MAX))
            scan_factf(l->s, FACT_TFLITE_OPERATOR, code.at, SPAN_LITERAL("operator"), "%" PRId64,
                       builtin);
    }
}

/* What Flex runs is in the options: a name, and a NodeDef. */
static void read_flex(struct lite *l, struct span options, uint64_t at)
{
    struct span node;

    l->selected++;
    l->options += options.n;
    if (l->options > l->fb.in.n) /* one that many operators share */
        fb_fault(&l->fb, at, "more options than the file can hold");
    else if (!flex_text(options, 1, &node))
        fb_fault(&l->fb, at, "a TensorFlow operator without its options");
    else
        tf_graph_node(&l->g, node);
}

static void read_custom_options(struct lite *l, const struct fb_table *op, bool flex)
{
    uint64_t off = fb_number(&l->fb, op, OP_LARGE_OFFSET, 8, 0);
    uint64_t n = fb_number(&l->fb, op, OP_LARGE_SIZE, 8, 0);
    struct span options = fb_bytes(&l->fb, op, OP_CUSTOM), large = SPAN_EMPTY;

    check_extent(l, op, "options of an operator", off, n);
    if (off > 1)
        (void)span_sub(l->fb.in, off, n, &large);
    if (flex && options.n > 0)
        read_flex(l, options, op->at);
    if (flex && (large.n > 0 || options.n == 0))
        read_flex(l, large, op->at);
}

/* Options that name subgraphs: of the first union or the second, by type. */
static const struct {
    unsigned type_field;
    uint8_t type, field;
} subgraph_options[] = {
    { OP_TYPE, 16, 0 },                       /* CallOptions */
    { OP_TYPE, 92, 0 },                       /* IfOptions: then, else */
    { OP_TYPE, 92, 1 },  { OP_TYPE, 93, 0 },  /* WhileOptions: cond, body */
    { OP_TYPE, 93, 1 },  { OP_TYPE, 103, 0 }, /* CallOnceOptions */
    { OP_TYPE2, 6, 1 },                       /* StablehloReduceOptions */
    { OP_TYPE2, 7, 6 },                       /* StablehloScatterOptions */
    { OP_TYPE2, 13, 5 },                      /* StablehloReduceWindowOptions */
    { OP_TYPE2, 14, 2 },                      /* StablehloSortOptions */
    { OP_TYPE2, 15, 0 },                      /* StablehloWhileOptions */
    { OP_TYPE2, 15, 1 }, { OP_TYPE2, 21, 1 }, /* StableHLOCompositeOptions */
};

static void check_subgraphs(struct lite *l, const struct fb_table *op, unsigned type_field)
{
    uint64_t type = fb_number(&l->fb, op, type_field, 1, 0);

    for (size_t i = 0; i < ARRAY_LEN(subgraph_options); i++) {
        struct fb_table options;

        if (subgraph_options[i].type_field != type_field || subgraph_options[i].type != type)
            continue;
        options = fb_table(&l->fb, op, type_field + 1);
        check_index(l, op, "subgraph of an operator",
                    (uint64_t)fb_signed(&l->fb, &options, subgraph_options[i].field, 4, 0),
                    l->graphs);
    }
}

static void read_operator(struct lite *l, const struct fb_table *op, uint32_t tensors)
{
    uint64_t code = fb_number(&l->fb, op, OP_CODE, 4, 0);

    check_index(l, op, "code of an operator", code, l->codes);
    check_tensors(l, op, OP_INPUTS, "input of an operator", tensors);
    check_tensors(l, op, OP_OUTPUTS, "output of an operator", tensors);
    check_tensors(l, op, OP_INTERMEDIATES, "intermediate of an operator", tensors);
    check_subgraphs(l, op, OP_TYPE);
    check_subgraphs(l, op, OP_TYPE2);
    read_custom_options(l, op, code < l->codes && l->flex[code]);
    l->operators++;
}

/* ---- subgraphs ---- */

static void read_tensors(struct lite *l, const struct fb_vector *v)
{
    for (uint32_t i = 0; i < v->n && fb_ok(&l->fb); i++) {
        struct fb_table tensor = fb_table_at(&l->fb, v, i);
        uint64_t buffer = fb_number(&l->fb, &tensor, TENSOR_BUFFER, 4, 0);

        if (buffer > 0) /* the first is empty by rule, and need not be there */
            check_index(l, &tensor, "buffer of a tensor", buffer, l->buffers);
    }
}

static void read_graph(struct lite *l, const struct fb_table *graph, uint32_t at)
{
    struct fb_vector tensors = fb_vector(&l->fb, graph, GRAPH_TENSORS, 4);
    struct fb_vector operators = fb_vector(&l->fb, graph, GRAPH_OPERATORS, 4);

    l->tensors[at] = tensors.n;
    read_tensors(l, &tensors);
    check_tensors(l, graph, GRAPH_INPUTS, "input of a subgraph", tensors.n);
    check_tensors(l, graph, GRAPH_OUTPUTS, "output of a subgraph", tensors.n);
    for (uint32_t i = 0; i < operators.n && fb_ok(&l->fb) && l->g.w.st == PRATIQUE_OK; i++) {
        struct fb_table op = fb_table_at(&l->fb, &operators, i);

        read_operator(l, &op, tensors.n);
        if (i % 4096 == 4095 && !budget_time(l->s->budget))
            tf_fail(&l->g.w, PRATIQUE_E_LIMIT, l->fb.in, "");
    }
}

static void read_graphs(struct lite *l)
{
    struct fb_vector v = fb_vector(&l->fb, &l->model, MODEL_GRAPHS, 4);

    l->graphs = v.n;
    l->tensors = scan_map(l->s, (size_t)v.n * sizeof *l->tensors);
    if (!l->tensors)
        tf_fail(&l->g.w, PRATIQUE_E_LIMIT, l->fb.in, "");
    for (uint32_t i = 0; i < v.n && fb_ok(&l->fb) && l->g.w.st == PRATIQUE_OK; i++) {
        struct fb_table graph = fb_table_at(&l->fb, &v, i);

        read_graph(l, &graph, i);
    }
}

/* ---- buffers, metadata, signatures ---- */

/* Vectors may be shared: what is looked at is no more than the file is long. */
static void look_at(struct lite *l, struct span data)
{
    l->looked += data.n;
    if (l->looked <= l->fb.in.n)
        tf_content(&l->g.w, data, SPAN_LITERAL("buffer"));
}

static void read_buffers(struct lite *l)
{
    struct fb_vector v = fb_vector(&l->fb, &l->model, MODEL_BUFFERS, 4);

    l->buffers = v.n;
    for (uint32_t i = 0; i < v.n && fb_ok(&l->fb) && l->g.w.st == PRATIQUE_OK; i++) {
        struct fb_table buffer = fb_table_at(&l->fb, &v, i);

        look_at(l, fb_bytes(&l->fb, &buffer, BUFFER_DATA));
        check_extent(l, &buffer, "bytes of a buffer",
                     fb_number(&l->fb, &buffer, BUFFER_OFFSET, 8, 0),
                     fb_number(&l->fb, &buffer, BUFFER_SIZE, 8, 0));
    }
}

static void read_metadata(struct lite *l)
{
    struct fb_vector v = fb_vector(&l->fb, &l->model, MODEL_METADATA, 4);

    for (uint32_t i = 0; i < v.n && fb_ok(&l->fb); i++) {
        struct fb_table metadata = fb_table_at(&l->fb, &v, i);

        check_index(l, &metadata, "buffer of metadata",
                    fb_number(&l->fb, &metadata, METADATA_BUFFER, 4, 0), l->buffers);
    }
    check_tensors(l, &l->model, MODEL_METADATA_BUFFER, "buffer of metadata", l->buffers);
}

static void read_maps(struct lite *l, const struct fb_table *signature, unsigned field,
                      uint32_t tensors)
{
    struct fb_vector v = fb_vector(&l->fb, signature, field, 4);

    for (uint32_t i = 0; i < v.n && fb_ok(&l->fb); i++) {
        struct fb_table map = fb_table_at(&l->fb, &v, i);

        check_index(l, &map, "tensor of a signature", fb_number(&l->fb, &map, MAP_TENSOR, 4, 0),
                    tensors);
    }
}

static void read_signatures(struct lite *l)
{
    struct fb_vector v = fb_vector(&l->fb, &l->model, MODEL_SIGNATURES, 4);

    for (uint32_t i = 0; i < v.n && fb_ok(&l->fb); i++) {
        struct fb_table signature = fb_table_at(&l->fb, &v, i);
        uint64_t graph = fb_number(&l->fb, &signature, SIGNATURE_GRAPH, 4, 0);

        check_index(l, &signature, "subgraph of a signature", graph, l->graphs);
        if (graph >= l->graphs)
            continue;
        read_maps(l, &signature, SIGNATURE_INPUTS, l->tensors[graph]);
        read_maps(l, &signature, SIGNATURE_OUTPUTS, l->tensors[graph]);
    }
}

/* Groups of buffers in other files, by name. */
static void read_external(struct lite *l)
{
    struct fb_vector v = fb_vector(&l->fb, &l->model, MODEL_GROUPS, 4);

    for (uint32_t i = 0; i < v.n && fb_ok(&l->fb); i++) {
        struct fb_table group = fb_table_at(&l->fb, &v, i);
        struct span name = fb_string(&l->fb, &group, 0);

        if (name.n > 0 && name.n < 4096)
            model_path(l->s, group.at, name, "buffers outside of the model");
    }
}

/* ---- the file ---- */

/* Without its identifier, by what the root holds. */
static bool looks_like(struct span in)
{
    struct fb fb;
    struct fb_table model;

    if (!fb_looks_like(in, NULL))
        return false;
    if (fb_looks_like(in, "TFL3"))
        return true;
    model = fb_open(&fb, in);
    return fb_number(&fb, &model, MODEL_VERSION, 4, 0) == SCHEMA_VERSION &&
           fb_vector(&fb, &model, MODEL_CODES, 4).n > 0 &&
           fb_vector(&fb, &model, MODEL_GRAPHS, 4).n > 0 &&
           fb_vector(&fb, &model, MODEL_BUFFERS, 4).n > 0 && fb_ok(&fb);
}

static void read_model(struct lite *l)
{
    read_codes(l);
    if (l->g.w.st == PRATIQUE_OK)
        read_buffers(l);
    if (l->g.w.st == PRATIQUE_OK)
        read_graphs(l);
    if (l->g.w.st != PRATIQUE_OK)
        return;
    read_metadata(l);
    read_signatures(l);
    read_external(l);
}

static enum pratique_status tell(struct lite *l)
{
    struct span said = fb_string(&l->fb, &l->model, MODEL_DESCRIPTION);

    tf_graph_tell(&l->g);
    if (l->first.n > 0)
        scan_factf(l->s, FACT_TFLITE_SELECT, PRATIQUE_NO_OFFSET, l->first,
                   "the first of %" PRIu64 " nodes", l->selected);
    if (l->g.w.st != PRATIQUE_OK)
        return l->g.w.st;
    if (!fb_ok(&l->fb))
        return scan_fail(l->s, PRATIQUE_E_FORMAT, l->fb.wrong_at, "TensorFlow Lite: %s",
                         l->fb.wrong);
    scan_read(l->s, "TensorFlow Lite", l->fb.in.n,
              "%" PRIu64 " operators, %" PRIu32 " subgraphs, %" PRIu32 " buffers%s%.*s",
              l->operators, l->graphs, l->buffers, said.n ? "; " : "",
              (int)(said.n < 100 ? said.n : 100), (const char *)said.p);
    return PRATIQUE_OK;
}

static enum pratique_status scan(struct scan *s, struct span in)
{
    struct lite l = { .s = s, .first = SPAN_EMPTY };
    enum pratique_status st;
    uint64_t version;

    tf_graph_init(&l.g, s, in, "TensorFlow Lite");
    l.model = fb_open(&l.fb, in);
    version = fb_number(&l.fb, &l.model, MODEL_VERSION, 4, 0);
    if (fb_ok(&l.fb))
        read_model(&l);
    if (fb_ok(&l.fb) && version != SCHEMA_VERSION)
        fb_fault(&l.fb, l.model.at, "a version that is not known");
    st = tell(&l);
    scan_unmap(s, l.flex, l.codes);
    scan_unmap(s, l.tensors, (size_t)l.graphs * sizeof *l.tensors);
    tf_graph_free(&l.g);
    return st;
}

const struct format format_tflite = {
    .name = "TensorFlow Lite",
    .spec = "TensorFlow Lite, schema version 3 (schema.fbs of TensorFlow 2.21)",
    .looks_like = looks_like,
    .scan = scan,
};
