/*
 * Caffe networks as messages (.caffemodel): a Python layer names a module to import. The weights
 * of a trained network still say where it was trained; Caffe takes its definition from the text
 * alone (prototxt.c), so paths in here are opened by nobody, and not told.
 *
 * Spec: src/caffe/proto/caffe.proto (BVLC Caffe 1.0). Left out: the parameters of other layers.
 */
#include "format/caffe/caffe.h"

#include <inttypes.h>

#include "base/compiler.h"
#include "format/model/graph.h"
#include "format/model/model.h"
#include "format/protobuf/walk.h"

enum message { NETWORK, LAYER, OLD_LAYER, PYTHON };

static const struct pb_slot network[] = {
    [1] = PB_ONE(BYTES),
    [2] = PB_SUBS(OLD_LAYER),
    [100] = PB_SUBS(LAYER),
};
static const struct pb_slot layer[] = {
    [1] = PB_ONE(BYTES),
    [2] = PB_ONE(BYTES),
    [130] = PB_SUB(PYTHON),
};
static const struct pb_slot old_layer[] = { [4] = PB_ONE(BYTES), [5] = PB_ONE(VARINT) };
static const struct pb_slot python[] = {
    [1] = PB_ONE(BYTES), /* module */
    [2] = PB_ONE(BYTES), /* layer */
    [3] = PB_ONE(BYTES), /* param_str */
};

#define MESSAGE(name, slots)                                                                       \
    {                                                                                              \
        name, slots, ARRAY_LEN(slots), true                                                        \
    }
static const struct pb_message schema[] = {
    [NETWORK] = MESSAGE("NetParameter", network),
    [LAYER] = MESSAGE("LayerParameter", layer),
    [OLD_LAYER] = MESSAGE("V1LayerParameter", old_layer),
    [PYTHON] = MESSAGE("PythonParameter", python),
};

struct caffe {
    struct scan *s;
    struct graph_tell tell;
    uint64_t layers;
};

static bool is_word(struct span s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] <= ' ' || s.p[i] >= 0x7F)
            return false;
    return s.n > 0 && s.n < 512;
}

/* A name, and layers of the new kind (a name, a type) or of the old (a name in field 4, a type). */
static bool is_layer(const struct pb_field *f)
{
    if (f->wire != PB_BYTES || !pb_is_message(f->body, NULL))
        return false;
    if (f->number == 100)
        return is_word(pb_body(f->body, 2)) && pb_body(f->body, 1).n > 0;
    return f->number == 2 && is_word(pb_body(f->body, 4)) && pb_value(f->body, 5) > 0;
}

static bool looks_like(struct span in)
{
    struct pb_field f;
    bool layers = false;

    if (in.n < 16)
        return false;
    for (size_t i = 0; in.n > 0 && i < 100000; i++) {
        if (!pb_take(&in, &f))
            return layers; /* its tail is broken */
        if (f.wire == PB_GROUP || f.wire == PB_END || (f.number > 8 && f.number != 100))
            return false;
        if (f.number == 1 && (f.wire != PB_BYTES || (f.body.n > 0 && f.body.p[0] < ' ')))
            return false;
        layers |= (f.number == 2 || f.number == 100) && is_layer(&f);
    }
    return layers;
}

static void read_python(struct caffe *x, struct pb_walk *w, struct span in)
{
    struct span module = pb_body(in, 1), class = pb_body(in, 2);

    graph_operator(&x->tell, x->s, FACT_OPERATOR_PYTHON, pb_offset(w, in), module, class,
                   "a layer in Python: its module is imported");
}

static enum pratique_status enter(struct pb_walk *w, unsigned message, struct span in)
{
    struct caffe *x = w->user;

    x->layers += message == LAYER || message == OLD_LAYER;
    if (message == LAYER && span_is(pb_body(in, 2), "Python"))
        graph_fact(&x->tell, x->s, FACT_OPERATOR_PYTHON, pb_offset(w, in), SPAN_LITERAL("Python"),
                   "a layer in Python");
    if (message == PYTHON)
        read_python(x, w, in);
    return PRATIQUE_OK;
}

static enum pratique_status scan(struct scan *s, struct span in)
{
    struct caffe x = { .s = s };
    struct pb_walk w = { .s = s, .whole = in, .schema = schema, .enter = enter, .user = &x };
    enum pratique_status st = pb_walk(&w, NETWORK);

    s->budget->work_done += w.fields * 8;
    if (st != PRATIQUE_OK)
        return st;
    model_says(s, "name", pb_body(in, 1));
    scan_read(s, "Caffe network", in.n, "%" PRIu64 " layers", x.layers);
    return PRATIQUE_OK;
}

const struct format format_caffe = {
    .name = "Caffe network",
    .spec = "caffe.proto, BVLC Caffe 1.0, https://github.com/BVLC/caffe",
    .looks_like = looks_like,
    .scan = scan,
};
