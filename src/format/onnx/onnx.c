/*
 * ONNX models, read to their last byte: graphs in attributes and functions too. Told are the
 * operators that a library of somebody would run, files beside the model, tensors that are not
 * what they say, and what hides where numbers belong. Weights are measured, not read.
 *
 * A model has no magic: it is told by its version, its operator sets and its graph.
 *
 * Spec: onnx/onnx.proto3, IR version 12 (schema.c); github.com/onnx/onnx/blob/main/docs/IR.md.
 * Left out: the types of operators' inputs, the order of nodes; the text form (.onnxtxt).
 */
#include "format/onnx/onnx.h"

#include <inttypes.h>

#include "format/model/model.h"
#include "format/onnx/parts.h"

#define IR_VERSION_MAX 14      /* of the newest release that is known */
#define HEAD_FIELDS    1000000 /* at the top of one model; more is none */

/* ---- what it is ---- */

struct head {
    bool version, opset, graph, broken;
};

/* Only fields of a graph stand there, as far as it goes: a cut file ends within one. */
static bool is_graph(struct span in)
{
    bool known = false;
    struct pb_field f;

    for (unsigned i = 0; i < 64 && in.n > 0 && pb_take(&in, &f); i++) {
        if (f.number == 1 && f.wire == PB_BYTES && pb_body(f.body, 4).n == 0 &&
            !pb_is_message(f.body, NULL))
            return false;
        known |= f.wire == PB_BYTES && f.number <= 16;
    }
    return known || in.n == 0 || in.p[0] == 0x0A;
}

static void look_at_field(struct head *h, const struct pb_field *f)
{
    h->version |= f->number == 1 && f->wire == PB_VARINT && f->value < 1000;
    h->opset |= f->number == 8 && f->wire == PB_BYTES && f->body.n > 0 &&
                pb_is_message(f->body, NULL) && pb_value(f->body, 2) < 100000;
    h->graph |= f->number == 7 && f->wire == PB_BYTES && f->body.n > 0 && is_graph(f->body);
    h->broken |= f->number == 1 && f->wire == PB_BYTES;
}

/* A graph whose length goes beyond the file: the file was cut. */
static bool is_cut_graph(struct span in)
{
    uint64_t key, n;

    return pb_take_varint(&in, &key) && key == (7 << 3 | PB_BYTES) && pb_take_varint(&in, &n) &&
           n > in.n && in.n > 0 && is_graph(in);
}

static bool looks_like(struct span in)
{
    struct head h = { 0 };
    struct pb_field f;
    size_t fields = 0;

    if (in.n < 8)
        return false;
    while (in.n > 0 && pb_take(&in, &f)) {
        look_at_field(&h, &f);
        if (h.broken || ++fields > HEAD_FIELDS)
            return false;
    }
    if (!h.graph && h.version && in.n > 0)
        h.graph = is_cut_graph(in);
    return h.graph && (h.version || h.opset);
}

/* ---- reading it ---- */

static void check_function(struct onnx *x, struct pb_walk *w, struct span in)
{
    struct span domain = pb_body(in, 10), name = pb_body(in, 1);

    x->functions.current = functions_number(x, domain, name);
    if (onnx_is_standard_domain(domain) && onnx_is_known(domain, name))
        graph_operator(&x->tell, x->s, FACT_ONNX_FUNCTION, pb_offset(w, in), domain, name,
                       "it takes the place of an operator of the standard");
}

static enum pratique_status enter(struct pb_walk *w, unsigned message, struct span body)
{
    struct onnx *x = w->user;

    if (w->depth == 2)
        x->functions.current = UINT32_MAX;
    switch (message) {
    case ONNX_NODE:
        return onnx_node(x, w, body);
    case ONNX_TENSOR:
        return onnx_tensor(x, w, body);
    case ONNX_FUNCTION:
        check_function(x, w, body);
        return PRATIQUE_OK;
    default:
        return PRATIQUE_OK;
    }
}

/* The version of the standard's operators that the model asks for. */
static uint64_t opset_of(struct span in)
{
    uint64_t found = 0;
    struct pb_field f;

    while (in.n > 0 && pb_take(&in, &f)) {
        struct span domain = f.number == 8 ? pb_body(f.body, 1) : SPAN_EMPTY;

        if (f.number == 8 && f.wire == PB_BYTES && (domain.n == 0 || span_is(domain, "ai.onnx")))
            found = pb_value(f.body, 2);
    }
    return found;
}

static void tell_model(struct onnx *x, struct span in)
{
    uint64_t version = pb_value(in, 1);
    struct span producer = pb_body(in, 2), release = pb_body(in, 3);

    if (version > IR_VERSION_MAX || version == 0)
        scan_factf(x->s, FACT_ONNX_VERSION, 0, SPAN_LITERAL("IR version"),
                   "%" PRIu64 "; known are 1 to %d", version, IR_VERSION_MAX);
    model_says(x->s, "name", pb_body(pb_body(in, 7), 2));
    if (producer.n > 0)
        model_sayf(x->s, "library", "%.*s %.*s", (int)(producer.n < 100 ? producer.n : 100),
                   (const char *)producer.p, (int)(release.n < 100 ? release.n : 100),
                   (const char *)release.p);
    model_sayf(x->s, "version", "IR %" PRIu64 ", opset %" PRIu64, version, opset_of(in));
    model_sayf(x->s, "tensors", "%" PRIu64, x->tensors);
    scan_read(x->s, "ONNX", in.n,
              "IR version %" PRIu64 ", opset %" PRIu64 ", %" PRIu64 " nodes, %" PRIu64
              " tensors, %zu functions",
              version, opset_of(in), x->nodes, x->tensors, x->functions.n);
}

static enum pratique_status read_model(struct onnx *x, struct pb_walk *w, struct span in)
{
    enum pratique_status st = functions_find(x, in);

    if (st == PRATIQUE_OK)
        st = pb_walk(w, ONNX_MODEL);
    onnx_tell_ranges(x); /* also of a model that ends in the middle */
    if (st == PRATIQUE_OK)
        st = functions_check(x, w);
    if (st == PRATIQUE_OK)
        tell_model(x, in);
    return st;
}

static enum pratique_status scan(struct scan *s, struct span in)
{
    struct onnx x = { .s = s };
    struct pb_walk w = { .s = s, .whole = in, .schema = onnx_schema, .enter = enter, .user = &x };
    enum pratique_status st = read_model(&x, &w, in);

    s->budget->work_done += w.fields * 8;
    functions_free(&x);
    scan_unmap(s, x.ranges, x.ranges_size * sizeof *x.ranges);
    return st;
}

const struct format format_onnx = {
    .name = "ONNX",
    .spec = "onnx.proto3, IR version 12, https://github.com/onnx/onnx",
    .looks_like = looks_like,
    .scan = scan,
};
