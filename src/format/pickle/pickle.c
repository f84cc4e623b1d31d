/*
 * Files of pickles: one or several in a row, and whatever follows them.
 * Spec: CPython Lib/pickletools.py and Modules/_pickle.c, protocols 0 to 5.
 *
 * Protocols 0 and 1 have no magic number, so a file that does not start with
 * PROTO is a pickle when its opcodes, walked without running them, reach STOP or
 * a call: pickle_looks_like().
 */
#include "format/pickle/pickle.h"

#include "format/model/sketch.h"
#include "format/pickle/machine.h"
#include "format/torch/torch.h"

/* After so many pickles in a row the rest is not read on: no honest file has them. */
#define SEVERAL_MAX UINT64_C(100000)

/* A walk over opcodes: how many values and marks there would be, and what happened. */
struct walk {
    size_t depth, marks;
    bool named, called;
};

static bool is_name(struct span s)
{
    for (size_t i = 0; i < s.n; i++) {
        uint8_t c = s.p[i];

        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              c == '_' || c == '.' || c >= 0x80))
            return false;
    }
    return s.n > 0;
}

static bool walk_names(struct walk *w, struct span lines)
{
    struct span module;

    if (!take_line(&lines, &module) || !is_name(module) || !is_name(lines))
        return false;
    w->named = true;
    w->depth++;
    return true;
}

/* True while the opcode fits what came before it. */
static bool walk_opcode(struct walk *w, uint8_t op, struct span arg)
{
    switch (op) {
    case OP_GLOBAL:
        return walk_names(w, arg);
    case OP_INST:
        w->called = w->marks > 0;
        return w->marks-- > 0 && walk_names(w, arg);
    case OP_REDUCE:
    case OP_NEWOBJ:
    case OP_BUILD:
        w->called |= w->named;
        return w->depth-- >= 2;
    case OP_STACK_GLOBAL:
        w->named = true;
        return w->depth-- >= 2;
    case OP_OBJ:
        w->called |= w->named;
        return w->marks-- > 0;
    case OP_MARK:
        w->marks++;
        return true;
    case OP_TUPLE:
    case OP_LIST:
    case OP_DICT:
    case OP_FROZENSET:
        w->depth++;
        FALLTHROUGH;
    case OP_APPENDS:
    case OP_SETITEMS:
    case OP_ADDITEMS:
    case OP_POP_MARK:
        return w->marks-- > 0;
    case OP_POP:
    case OP_DUP:
    case OP_PUT:
    case OP_BINPUT:
    case OP_LONG_BINPUT:
    case OP_MEMOIZE:
    case OP_BINPERSID:
    case OP_APPEND:
    case OP_SETITEM:
        return w->depth > 0 || w->marks > 0;
    case OP_INT:
    case OP_LONG:
    case OP_GET:
        w->depth++;
        return line_is_number(arg);
    case OP_FLOAT:
        w->depth++;
        return line_is_float(arg);
    case OP_STRING:
        w->depth++;
        return line_is_quoted(arg);
    default:
        w->depth += opcode_args[op] != ARG_UNKNOWN;
        return opcode_args[op] != ARG_UNKNOWN;
    }
}

/*
 * Pickles of data alone, with something else after them, are no pickles: the first
 * line of many a text is one ("Version 1" is a string, and "." ends it).
 */
bool pickle_walk(struct span in, size_t *walked)
{
    struct span rest = in, arg;
    struct walk w = { 0 };
    uint8_t op;

    for (; in.n - rest.n < PICKLE_WALK_MAX && take_u8(&rest, &op); *walked = in.n - rest.n) {
        if (op == OP_STOP) {
            if (w.depth == 0 || w.named || rest.n == 0)
                return w.depth > 0 || w.called;
            w = (struct walk){ 0 };
        } else if (!opcode_take_arg(&rest, op, &arg)) {
            if (opcode_args[op] == ARG_LINE || opcode_args[op] == ARG_LINES2)
                *walked = in.n; /* a line's end was looked for */
            return w.called;
        } else if (!walk_opcode(&w, op, arg)) {
            return w.called;
        }
    }
    return w.called || (in.n - rest.n >= PICKLE_WALK_MAX && w.depth > 0);
}

bool pickle_walks(struct span in)
{
    size_t walked = 0;

    return pickle_walk(in, &walked);
}

/* "PK" would be a persistent id; a zip whose stored members are pickles walks well from there. */
static bool is_zip(struct span in)
{
    return span_starts(in, SPAN_LITERAL("PK\3\4")) || span_starts(in, SPAN_LITERAL("PK\5\6"));
}

bool pickle_looks_like(struct span in)
{
    struct span rest = in;
    uint8_t op, protocol;

    if (is_zip(in))
        return false;
    if (take_u8(&rest, &op) && op == OP_PROTO && take_u8(&rest, &protocol) && take_u8(&rest, &op))
        return opcode_args[op] != ARG_UNKNOWN;
    return pickle_walks(in);
}

/* torch's legacy files start with a pickle of a magic number: they have a reader of their own. */
static bool is_torch_legacy(struct span in)
{
    return format_torch_legacy.looks_like(in);
}

static bool looks_like(struct span in)
{
    return !is_torch_legacy(in) && pickle_looks_like(in);
}

static enum pratique_status hand_on_rest(struct scan *s, struct span in, uint64_t at, bool broken)
{
    struct span rest = span_from(in, at);

    if (rest.n == 0)
        return PRATIQUE_OK;
    if (!broken) {
        facts_add(s->facts, &(struct fact){ .kind = FACT_TRAILING,
                                            .where = s->where,
                                            .offset = at,
                                            .number = rest.n,
                                            .subject = SPAN_LITERAL("pickle") });
    }
    return scan_nested(s, rest,
                       broken ? SPAN_LITERAL("(bytes after the fault)")
                              : SPAN_LITERAL("(bytes after the pickle)"),
                       ROLE_ANY);
}

/* Names of tensors are among the texts of a checkpoint. */
static void note_text(void *user, struct span text)
{
    struct tensors *t = user;

    sketch_add(&t->names, sketch_name(text));
}

static void note_storage(void *user, const struct pickle_storage *storage)
{
    struct tensors *t = user;

    sketch_add(&t->sizes, sketch_number(storage->numel));
}

static enum pratique_status scan_pickles(struct scan *s, struct machine *m, struct span in)
{
    struct tensors tensors = { .names.n = 0 };
    struct pickle_options options = { .torch = s->role == ROLE_TORCH_PICKLE, .joblib = true };
    uint64_t at = 0, opcodes = 0, n = 0;
    struct pickle_end end;
    enum pratique_status st;

    if (options.torch) {
        options.on_text = note_text;
        options.on_storage = note_storage;
        options.user = &tensors;
    }
    do {
        st = machine_run(m, span_from(in, at), at, &options, &end);
        opcodes += end.opcodes;
        at += end.consumed;
    } while (st == PRATIQUE_OK && ++n < SEVERAL_MAX && at < in.n &&
             pickle_looks_like(span_from(in, at)));
    scan_read(s, "pickle", in.n, "protocol %u, %llu opcodes", end.protocol,
              (unsigned long long)opcodes);
    tensors_tell(s, &tensors); /* safetensors beside it are held against them */
    if (n > 1)
        facts_add(s->facts,
                  &(struct fact){
                      .kind = FACT_PICKLE_SEVERAL, .where = s->where, .offset = at, .number = n });
    if (st == PRATIQUE_E_LIMIT || st == PRATIQUE_E_NOMEM)
        return st;
    return hand_on_rest(s, in, at, st != PRATIQUE_OK); /* a fault was told: PICKLE_STOPPED */
}

static enum pratique_status scan(struct scan *s, struct span in)
{
    struct machine *m = machine_new(s);
    enum pratique_status st;

    if (!m)
        return PRATIQUE_E_LIMIT;
    st = scan_pickles(s, m, in);
    machine_free(m);
    return st;
}

const struct format format_pickle = {
    .name = "pickle",
    .spec = "CPython 3.14 Lib/pickletools.py, https://docs.python.org/3/library/pickletools.html",
    .looks_like = looks_like,
    .scan = scan,
};
