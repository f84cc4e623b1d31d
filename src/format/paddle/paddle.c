/*
 * Paddle: programs (.pdmodel, __model__), and the weights beside them (.pdiparams, one tensor
 * behind the other). Operators that run Python, touch files or the network are known by name;
 * weights are measured, not read.
 *
 * Spec: paddle/fluid/framework/framework.proto; SerializeToStream() in lod_tensor.cc and
 * tensor_util.cc (PaddlePaddle 2.6, 3.0). Left out: what other operators compute.
 */
#include "format/paddle/paddle.h"

#include <ctype.h>
#include <inttypes.h>

#include "base/compiler.h"
#include "format/model/graph.h"
#include "format/model/model.h"
#include "format/protobuf/walk.h"
#include "format/rest.h"

enum message { PROGRAM, BLOCK, VARIABLE, OPERATOR, VAR, ATTRIBUTE };

static const struct pb_slot program[] = { [1] = PB_SUBS(BLOCK) };
static const struct pb_slot block[] = {
    [1] = PB_ONE(VARINT),    [2] = PB_ONE(VARINT), [3] = PB_SUBS(VARIABLE),
    [4] = PB_SUBS(OPERATOR), [5] = PB_ONE(VARINT),
};
static const struct pb_slot variable[] = { [1] = PB_ONE(BYTES) };
static const struct pb_slot operator[] = {
    [1] = PB_SUBS(VAR),       [2] = PB_SUBS(VAR),   [3] = PB_ONE(BYTES),
    [4] = PB_SUBS(ATTRIBUTE), [5] = PB_ONE(VARINT),
};
static const struct pb_slot var[] = { [1] = PB_ONE(BYTES), [2] = PB_MANY(BYTES) };
static const struct pb_slot attribute[] = {
    [1] = PB_ONE(BYTES),
    [2] = PB_ONE(VARINT),
    [5] = PB_ONE(BYTES),
    [8] = PB_MANY(BYTES),
};

#define MESSAGE(name, slots)                                                                       \
    {                                                                                              \
        name, slots, ARRAY_LEN(slots), true                                                        \
    }
static const struct pb_message schema[] = {
    [PROGRAM] = MESSAGE("ProgramDesc", program), [BLOCK] = MESSAGE("BlockDesc", block),
    [VARIABLE] = MESSAGE("VarDesc", variable),   [OPERATOR] = MESSAGE("OpDesc", operator),
    [VAR] = MESSAGE("OpDesc.Var", var),          [ATTRIBUTE] = MESSAGE("OpDesc.Attr", attribute),
};

/* Operators that do more than compute. */
static const struct {
    const char *name;
    enum fact_kind kind;
    const char *why;
} operators[] = {
    { "py_func", FACT_OPERATOR_PYTHON, "calls a Python function by its number" },
    { "py_layer", FACT_OPERATOR_PYTHON, "calls Python" },
    { "pylayer", FACT_OPERATOR_PYTHON, "calls Python" },
    { "save", FACT_OPERATOR_FILE, "writes a file" },
    { "save_combine", FACT_OPERATOR_FILE, "writes a file" },
    { "read_file", FACT_OPERATOR_FILE, "reads a file" },
    { "listen_and_serv", FACT_OPERATOR_FILE, "opens a port and waits" },
    { "heter_listen_and_serv", FACT_OPERATOR_FILE, "opens a port and waits" },
    { "send", FACT_OPERATOR_FILE, "sends tensors to another machine" },
    { "recv", FACT_OPERATOR_FILE, "takes tensors from another machine" },
    { "send_and_recv", FACT_OPERATOR_FILE, "sends tensors to another machine" },
    { "prefetch", FACT_OPERATOR_FILE, "takes tensors from another machine" },
    { "checkpoint_notify", FACT_OPERATOR_FILE, "makes another machine write a file" },
    { "gen_nccl_id", FACT_OPERATOR_FILE, "opens a port" },
    { "c_gen_nccl_id", FACT_OPERATOR_FILE, "opens a port" },
    { "run_program", FACT_OPERATOR_CUSTOM, "runs another program" },
    { "tensorrt_engine", FACT_OPERATOR_COMPILED, "holds a program for the GPU" },
    { "lite_engine", FACT_OPERATOR_COMPILED, "holds a program of Paddle Lite" },
    { "dlnne_engine", FACT_OPERATOR_COMPILED, "holds a program for a device" },
    { "cinn_launch", FACT_OPERATOR_COMPILED, "holds a program of a compiler" },
};

struct paddle {
    struct scan *s;
    struct graph_tell tell;
    uint64_t operators;
    size_t paths;
    struct span type; /* of the operator whose attributes are read now */
};

/* Blocks, of which the first has the index 0; as far as it goes. */
static bool looks_like(struct span in)
{
    struct pb_field f;
    struct span first = SPAN_EMPTY, copy = in;
    uint64_t index = 1;
    bool known = false;

    if (in.n < 8 || in.p[0] != 0x0A || !pb_take(&copy, &f))
        return false;
    first = f.body;
    if (!pb_take(&first, &f) || f.number != 1 || f.wire != PB_VARINT)
        return false;
    index = f.value;
    if (!pb_take(&first, &f) || f.number != 2 || f.wire != PB_VARINT)
        return false;
    for (unsigned i = 0; i < 4 && pb_take(&first, &f); i++)
        known |= f.wire == PB_BYTES && (f.number == 3 || f.number == 4);
    return index == 0 && known;
}

static bool is_path(struct span key)
{
    return span_is(key, "file_path") || span_is(key, "filename") || span_is(key, "model_dir") ||
           span_is(key, "dirname");
}

#define PATHS_MAX 200 /* that are told */

static void read_attribute(struct paddle *x, struct pb_walk *w, struct span in)
{
    struct span key = pb_body(in, 1);
    struct pb_field f;

    while (in.n > 0 && pb_take(&in, &f)) {
        if (f.wire != PB_BYTES || (f.number != 5 && f.number != 8))
            continue;
        if (graph_is_library(f.body))
            graph_fact(&x->tell, x->s, FACT_OPERATOR_LIBRARY, pb_offset(w, f.body), f.body, "%s",
                       "an attribute of an operator");
        else if (is_path(key) && f.body.n > 0 && x->paths++ < PATHS_MAX)
            model_path(x->s, pb_offset(w, f.body), f.body, "a file that an operator opens");
    }
}

/* Words alone: what else is a name, no operator of Paddle is called. */
static bool is_word(struct span name)
{
    for (size_t i = 0; i < name.n; i++)
        if (!isalnum(name.p[i]) && name.p[i] != '_' && name.p[i] != '.')
            return false;
    return name.n > 0;
}

static void judge(struct paddle *x, struct pb_walk *w, struct span in)
{
    struct span type = pb_body(in, 3);

    x->operators++;
    for (size_t i = 0; i < ARRAY_LEN(operators); i++)
        if (span_is(type, operators[i].name))
            graph_fact(&x->tell, x->s, operators[i].kind, pb_offset(w, type), type, "%s",
                       operators[i].why);
    if (!is_word(type))
        graph_fact(&x->tell, x->s, FACT_OPERATOR_CUSTOM, pb_offset(w, type), type, "%s",
                   "a name that no operator has");
}

static enum pratique_status enter(struct pb_walk *w, unsigned message, struct span in)
{
    struct paddle *x = w->user;

    if (message == OPERATOR)
        judge(x, w, in);
    else if (message == ATTRIBUTE)
        read_attribute(x, w, in);
    return PRATIQUE_OK;
}

static enum pratique_status scan(struct scan *s, struct span in)
{
    struct paddle x = { .s = s };
    struct pb_walk w = { .s = s, .whole = in, .schema = schema, .enter = enter, .user = &x };
    enum pratique_status st = pb_walk(&w, PROGRAM);

    s->budget->work_done += w.fields * 8;
    if (st == PRATIQUE_OK)
        scan_read(s, "Paddle program", in.n, "%" PRIu64 " operators", x.operators);
    return st;
}

const struct format format_paddle = {
    .name = "Paddle program",
    .spec = "framework.proto, PaddlePaddle 3.0, https://github.com/PaddlePaddle/Paddle",
    .looks_like = looks_like,
    .scan = scan,
};

/* ---- weights ---- */

/* Bytes of one number, by VarType.Type; 0: no such type of tensors. */
static unsigned bytes_of(uint64_t type)
{
    static const uint8_t sizes[] = {
        [0] = 1,  [1] = 2,  [2] = 4,  [3] = 8,  [4] = 2,   [5] = 4,  [6] = 8, [19] = 8,
        [20] = 1, [21] = 1, [22] = 2, [23] = 8, [24] = 16, [32] = 1, [33] = 1
    };

    return type < ARRAY_LEN(sizes) ? sizes[type] : 0;
}

/* VarType.TensorDesc: the type and the dimensions. False: they say no length. */
static bool body_length(struct span desc, uint64_t *bytes)
{
    struct pb_field f;
    uint64_t dim;

    *bytes = bytes_of(pb_value(desc, 1));
    if (*bytes == 0)
        return false;
    while (desc.n > 0) {
        if (!pb_take(&desc, &f) || f.number > 2)
            return false;
        if (f.number == 2 && f.wire == PB_VARINT &&
            (f.value > INT64_MAX || MUL_OVERFLOWS(*bytes, f.value, bytes)))
            return false;
        while (f.number == 2 && f.wire == PB_BYTES && f.body.n > 0)
            if (!pb_take_varint(&f.body, &dim) || dim > INT64_MAX ||
                MUL_OVERFLOWS(*bytes, dim, bytes))
                return false;
    }
    return true;
}

/* Levels of detail: their number, and of each its bytes. */
static bool skip_levels(struct span *in)
{
    uint64_t levels, n;

    if (!take_u64le(in, &levels) || levels > 64)
        return false;
    while (levels-- > 0)
        if (!take_u64le(in, &n) || !skip(in, n))
            return false;
    return true;
}

/* Everything of one tensor before its body. */
static bool take_head(struct span *in, uint64_t *bytes)
{
    uint32_t version, inner, n;
    struct span desc;

    return take_u32le(in, &version) && version == 0 && skip_levels(in) && take_u32le(in, &inner) &&
           inner == 0 && take_u32le(in, &n) && n > 0 && n < 4096 && take(in, n, &desc) &&
           body_length(desc, bytes);
}

static bool params_look_like(struct span in)
{
    uint64_t bytes;

    return in.n > 24 && in.p[0] == 0 && take_head(&in, &bytes);
}

static enum pratique_status scan_params(struct scan *s, struct span in)
{
    struct span rest = in;
    uint64_t n = 0, bytes;

    for (; rest.n > 0; n++) {
        uint64_t offset = in.n - rest.n;

        if (!take_head(&rest, &bytes))
            return scan_fail(s, PRATIQUE_E_FORMAT, offset, "no tensor stands here");
        if (!skip(&rest, bytes))
            return scan_fail(s, PRATIQUE_E_FORMAT, offset,
                             "a tensor of %" PRIu64 " bytes, %zu follow", bytes, rest.n);
        if ((n & 0xFFF) == 0 && !budget_time(s->budget))
            return scan_fail_budget(s, offset);
        s->budget->work_done += 64;
    }
    model_sayf(s, "tensors", "%" PRIu64, n);
    scan_read(s, "Paddle parameters", in.n, "%" PRIu64 " tensors", n);
    return PRATIQUE_OK;
}

const struct format format_paddle_params = {
    .name = "Paddle parameters",
    .spec = "lod_tensor.cc, tensor_util.cc, PaddlePaddle 3.0",
    .looks_like = params_look_like,
    .scan = scan_params,
};
