/*
 * Tuples, lists, sets and dicts, and comprehensions, which are loops that fill one. A long
 * display is filled piece by piece as well, so that it takes few registers.
 */
#include "format/package/lower.h"

/* The empty thing that is filled. */
static uint32_t empty(struct lower *l, enum ir_op op, uint32_t off, unsigned flags)
{
    uint32_t dst = lower_reg(l);

    (void)lower_emit(
        l,
        (struct ir_ins){
            .op = (uint8_t)op, .flags = (uint16_t)flags, .dst = dst, .a = l->args.n, .off = off });
    return dst;
}

/* dst op= what follows * or **. */
static void merge(struct lower *l, uint32_t dst, uint32_t node, enum py_op op)
{
    uint32_t reg = lower_expr(l, node_of(l, node)->a);

    (void)lower_emit(l, (struct ir_ins){ .op = IR_BINARY,
                                         .sub = (uint8_t)op,
                                         .flags = IR_F_INPLACE,
                                         .dst = dst,
                                         .a = dst,
                                         .b = reg,
                                         .off = node_of(l, node)->off });
}

/* One element into what is in dst, of the kind op. */
static void put(struct lower *l, enum ir_op op, uint32_t dst, uint32_t node)
{
    const struct py_node *n = node_of(l, node);
    struct ir_ins ins = { .a = dst, .off = n->off };
    uint32_t regs = l->regs;

    if (n->kind == N_STARRED || n->kind == N_DOUBLE_STARRED) {
        merge(l, dst, node, op == IR_LIST ? OP_ADD : OP_OR);
    } else if (op == IR_DICT) {
        ins.op = IR_PUT;
        ins.b = lower_expr(l, n->a);
        ins.c = lower_expr(l, n->b);
        (void)lower_emit(l, ins);
    } else {
        ins.op = op == IR_SET ? IR_ADD : IR_APPEND;
        ins.c = lower_expr(l, node);
        (void)lower_emit(l, ins);
    }
    l->regs = regs;
}

/* ---- displays ---- */

static enum ir_op op_of(const struct py_node *n)
{
    switch (n->kind) {
    case N_TUPLE:
        return IR_TUPLE;
    case N_SET:
    case N_SET_COMP:
        return IR_SET;
    case N_DICT:
    case N_DICT_COMP:
        return IR_DICT;
    default:
        return IR_LIST;
    }
}

static bool is_long(const struct lower *l, uint32_t first)
{
    uint32_t n = 0;

    for (uint32_t i = first; i && n <= LOWER_DISPLAY_MAX; i = node_of(l, i)->next)
        n++;
    return n > LOWER_DISPLAY_MAX;
}

/* A list that is filled; a tuple is made of it at the end. */
static uint32_t piecemeal(struct lower *l, const struct py_node *n)
{
    enum ir_op op = op_of(n) == IR_TUPLE ? IR_LIST : op_of(n);
    uint32_t dst = empty(l, op, n->off, 0);

    for (uint32_t i = n->a; i && !l->failed; i = node_of(l, i)->next)
        put(l, op, dst, i);
    if (n->kind == N_TUPLE) {
        lower_arg(l, (struct ir_arg){ .reg = dst, .kind = IR_ARG_STAR });
        (void)lower_emit(
            l, (struct ir_ins){
                   .op = IR_TUPLE, .dst = dst, .a = l->args.n - 1, .b = 1, .off = n->off });
    }
    return dst;
}

static void dict_values(struct lower *l, uint32_t first)
{
    for (uint32_t i = first; i && !l->failed; i = node_of(l, i)->next) {
        (void)lower_expr(l, node_of(l, i)->a);
        if (node_of(l, i)->kind == N_DICT_ITEM)
            (void)lower_expr(l, node_of(l, i)->b);
    }
}

static struct ir_ins dict_args(struct lower *l, uint32_t first, uint32_t base)
{
    uint32_t from, reg = base;

    dict_values(l, first);
    from = l->args.n;
    for (uint32_t i = first; i && !l->failed; i = node_of(l, i)->next) {
        bool item = node_of(l, i)->kind == N_DICT_ITEM;

        lower_arg(l, (struct ir_arg){ .reg = reg++, .kind = item ? IR_ARG : IR_ARG_DOUBLE_STAR });
        if (item)
            lower_arg(l, (struct ir_arg){ .reg = reg++, .kind = IR_ARG });
    }
    return (struct ir_ins){ .a = from, .b = l->args.n - from };
}

uint32_t lower_display(struct lower *l, uint32_t node)
{
    const struct py_node *n = node_of(l, node);
    uint32_t base = l->regs;
    struct ir_ins ins;

    if (is_long(l, n->a))
        return piecemeal(l, n);
    ins = n->kind == N_DICT ? dict_args(l, n->a, base) : lower_args(l, n->a, base);
    l->regs = base;
    ins.op = (uint8_t)op_of(n);
    ins.dst = lower_reg(l);
    ins.off = n->off;
    (void)lower_emit(l, ins);
    return ins.dst;
}

/* ---- comprehensions ---- */

struct comprehension {
    const struct py_node *n;
    enum ir_op op;
    uint32_t dst, outer, inner; /* scopes */
};

static void loop(struct lower *l, const struct comprehension *c, uint32_t part);

/* The conditions of a part, then what is inside. */
static void inside(struct lower *l, const struct comprehension *c, const struct py_node *part,
                   struct label *again)
{
    for (uint32_t i = part->c; i && !l->failed; i = node_of(l, i)->next) {
        struct label yes = LABEL;

        lower_condition(l, i, &yes, again, 0);
        lower_place(l, &yes);
    }
    if (part->next)
        loop(l, c, part->next);
    else
        put(l, c->op, c->dst, c->n->a);
}

static void loop(struct lower *l, const struct comprehension *c, uint32_t node)
{
    const struct py_node *part = node_of(l, node);
    unsigned flags = part->flags & PYN_ASYNC ? IR_F_ASYNC : 0;
    struct label again = LABEL, done = LABEL;
    uint32_t it, value;

    if (!lower_enter(l)) {
        lower_leave(l);
        return;
    }
    l->scope = node == c->n->b ? c->outer : c->inner;
    it = lower_expr(l, part->b);
    l->scope = c->inner;
    (void)lower_emit(
        l, (struct ir_ins){
               .op = IR_ITER, .flags = (uint16_t)flags, .dst = it, .a = it, .off = part->off });
    lower_place(l, &again);
    value = lower_reg(l);
    (void)lower_emit(
        l, (struct ir_ins){
               .op = IR_NEXT, .flags = (uint16_t)flags, .dst = value, .a = it, .off = part->off });
    lower_to(l, &done, false);
    lower_assign(l, part->a, value);
    l->regs = value;
    inside(l, c, part, &again);
    lower_jump(l, &again, part->off);
    lower_place(l, &done);
    l->regs = it;
    lower_leave(l);
}

uint32_t lower_comprehension(struct lower *l, uint32_t node)
{
    const struct py_node *n = node_of(l, node);
    struct comprehension c = {
        .n = n, .op = op_of(n), .outer = l->scope, .inner = lower_scope_of(l, node)
    };

    c.dst = empty(l, c.op, n->off, n->kind == N_GENERATOR ? IR_F_GENERATOR : 0);
    loop(l, &c, n->b);
    l->scope = c.outer;
    return c.dst;
}
