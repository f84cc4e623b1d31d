/*
 * Expressions. Chains that lean to the left (a + b + c, a.b().c[d]) are walked with a stack of
 * their own, so that their length is no depth. See lower.h for what registers are in use.
 */
#include "format/package/lower.h"

#include "base/compiler.h"

uint32_t lower_load(struct lower *l, uint32_t atom, uint32_t off)
{
    struct ir_ins ins = lower_variable(l, atom);

    ins.op = IR_LOAD;
    ins.dst = lower_reg(l);
    ins.off = off;
    (void)lower_emit(l, ins);
    return ins.dst;
}

void lower_store(struct lower *l, uint32_t atom, uint32_t reg, uint32_t off)
{
    struct ir_ins ins = lower_variable(l, atom);

    ins.op = IR_STORE;
    ins.c = reg;
    ins.off = off;
    (void)lower_emit(l, ins);
}

/* ---- calls ---- */

static enum ir_arg_kind arg_kind(const struct py_node *n)
{
    return n->kind == N_KEYWORD          ? IR_ARG_KEYWORD
           : n->kind == N_STARRED        ? IR_ARG_STAR
           : n->kind == N_DOUBLE_STARRED ? IR_ARG_DOUBLE_STAR
                                         : IR_ARG;
}

struct ir_ins lower_args(struct lower *l, uint32_t first, uint32_t base)
{
    uint32_t from, reg = base;

    for (uint32_t i = first; i && !l->failed; i = node_of(l, i)->next)
        (void)lower_expr(l, arg_kind(node_of(l, i)) == IR_ARG ? i : node_of(l, i)->a);
    from = l->args.n;
    for (uint32_t i = first; i && !l->failed; i = node_of(l, i)->next) {
        const struct py_node *n = node_of(l, i);

        lower_arg(l, (struct ir_arg){ .reg = reg++,
                                      .kind = (uint8_t)arg_kind(n),
                                      .name = n->kind == N_KEYWORD ? lower_name(l, n->atom) : 0 });
    }
    return (struct ir_ins){ .a = from, .b = l->args.n - from };
}

/* What is called is in dst. */
static void call(struct lower *l, const struct py_node *n, uint32_t dst)
{
    struct ir_ins ins = lower_args(l, n->b, l->regs);

    ins.op = IR_CALL;
    ins.dst = ins.c = dst;
    ins.off = n->off;
    (void)lower_emit(l, ins);
}

/* ---- chains to the left ---- */

static bool leans(const struct py_node *n)
{
    return n->kind == N_BINARY || n->kind == N_ATTRIBUTE || n->kind == N_CALL ||
           n->kind == N_SUBSCRIPT;
}

/* One link, whose left side is in dst, the last register in use. */
static void link(struct lower *l, uint32_t node, uint32_t dst)
{
    const struct py_node *n = node_of(l, node);
    struct ir_ins ins = { .dst = dst, .a = dst, .off = n->off };

    switch (n->kind) {
    case N_CALL:
        call(l, n, dst);
        break;
    case N_ATTRIBUTE:
        ins.op = IR_ATTR;
        ins.name = lower_name(l, n->atom);
        (void)lower_emit(l, ins);
        break;
    case N_SUBSCRIPT:
        ins.op = IR_ITEM;
        ins.b = lower_expr(l, n->b);
        (void)lower_emit(l, ins);
        break;
    default:
        ins.op = IR_BINARY;
        ins.sub = n->op;
        ins.b = lower_expr(l, n->b);
        (void)lower_emit(l, ins);
    }
    l->regs = dst + 1;
}

static uint32_t chain(struct lower *l, uint32_t node)
{
    uint32_t from = l->work.n, dst;

    for (; leans(node_of(l, node)) && !l->failed; node = node_of(l, node)->a) {
        uint32_t *slot = pool_add(l, &l->work);

        if (slot)
            *slot = node;
    }
    dst = lower_expr(l, node);
    while (l->work.n > from && !l->failed) {
        uint32_t top = --l->work.n;

        link(l, *(uint32_t *)((char *)l->work.p + (size_t)top * l->work.unit), dst);
    }
    return dst;
}

/* ---- truth ---- */

/* x or y or z, and the same with and: all values land in one register. */
static uint32_t boolean(struct lower *l, const struct py_node *n)
{
    struct label end = LABEL;
    uint32_t dst = l->regs;

    for (uint32_t i = n->a; i && !l->failed; i = node_of(l, i)->next) {
        struct label next = LABEL;

        l->regs = dst;
        (void)lower_expr(l, i);
        if (!node_of(l, i)->next)
            break;
        if (n->op == OP_BOOL_AND)
            lower_branch(l, dst, &next, &end, node_of(l, i)->off, 0);
        else
            lower_branch(l, dst, &end, &next, node_of(l, i)->off, 0);
        lower_place(l, &next);
    }
    lower_place(l, &end);
    return dst;
}

/* a < b < c: each link's outcome is in dst, its right side, the next one's left, behind it. */
static uint32_t compare(struct lower *l, const struct py_node *n)
{
    struct label end = LABEL;
    uint32_t dst = lower_expr(l, n->a), left = dst;

    for (uint32_t i = n->b; i && !l->failed; i = node_of(l, i)->next) {
        struct label next = LABEL;
        uint32_t right = lower_expr(l, node_of(l, i)->a);

        (void)lower_emit(l, (struct ir_ins){ .op = IR_COMPARE,
                                             .sub = node_of(l, i)->op,
                                             .dst = dst,
                                             .a = left,
                                             .b = right,
                                             .off = n->off });
        if (!node_of(l, i)->next)
            break;
        if (left != dst) {
            (void)lower_emit(
                l, (struct ir_ins){ .op = IR_MOVE, .dst = left, .a = right, .off = n->off });
            l->regs = right;
        } else {
            left = right;
        }
        lower_branch(l, dst, &next, &end, n->off, 0);
        lower_place(l, &next);
    }
    lower_place(l, &end);
    l->regs = dst + 1;
    return dst;
}

static uint32_t conditional(struct lower *l, const struct py_node *n)
{
    struct label yes = LABEL, no = LABEL, end = LABEL;
    uint32_t dst = l->regs;

    lower_condition(l, n->a, &yes, &no, 0);
    lower_place(l, &yes);
    (void)lower_expr(l, n->b);
    lower_jump(l, &end, n->off);
    lower_place(l, &no);
    l->regs = dst;
    (void)lower_expr(l, n->c);
    lower_place(l, &end);
    return dst;
}

static void condition_list(struct lower *l, const struct py_node *n, struct label *yes,
                           struct label *no, unsigned flags)
{
    for (uint32_t i = n->a; i && !l->failed; i = node_of(l, i)->next) {
        struct label next = LABEL;

        if (!node_of(l, i)->next) {
            lower_condition(l, i, yes, no, flags);
            break;
        }
        if (n->op == OP_BOOL_AND)
            lower_condition(l, i, &next, no, flags);
        else
            lower_condition(l, i, yes, &next, flags);
        lower_place(l, &next);
    }
}

void lower_condition(struct lower *l, uint32_t node, struct label *yes, struct label *no,
                     unsigned flags)
{
    const struct py_node *n = node_of(l, node);
    uint32_t regs = l->regs;

    if (!lower_enter(l)) {
        lower_leave(l);
        return;
    }
    if (n->kind == N_BOOL)
        condition_list(l, n, yes, no, flags);
    else if (n->kind == N_UNARY && n->op == OP_NOT)
        lower_condition(l, n->a, no, yes, flags);
    else
        lower_branch(l, lower_expr(l, node), yes, no, n->off, flags);
    l->regs = regs;
    lower_leave(l);
}

/* ---- the rest ---- */

/* An instruction with one operand, whose register is that of its outcome. */
static uint32_t one(struct lower *l, enum ir_op op, uint32_t sub, uint32_t reg, uint32_t off)
{
    (void)lower_emit(
        l, (struct ir_ins){
               .op = (uint8_t)op, .sub = (uint8_t)sub, .dst = reg, .a = reg, .off = off });
    return reg;
}

/* A generator stops here, until somebody goes on with it. */
static uint32_t yield(struct lower *l, const struct py_node *n)
{
    l->f->is_generator = true;
    return one(l, n->kind == N_YIELD ? IR_YIELD : IR_YIELD_FROM, 0,
               n->a ? lower_expr(l, n->a) : lower_none(l, n->off), n->off);
}

static uint32_t slice(struct lower *l, const struct py_node *n)
{
    const uint32_t part[] = { n->a, n->b, n->c };
    uint32_t base = l->regs;

    for (size_t i = 0; i < ARRAY_LEN(part); i++)
        (void)(part[i] ? lower_expr(l, part[i]) : lower_none(l, n->off));
    (void)lower_emit(
        l,
        (struct ir_ins){
            .op = IR_SLICE, .dst = base, .a = base, .b = base + 1, .c = base + 2, .off = n->off });
    l->regs = base + 1;
    return base;
}

static uint32_t named(struct lower *l, const struct py_node *n)
{
    uint32_t reg = lower_expr(l, n->b);

    lower_store(l, node_of(l, n->a)->atom, reg, n->off);
    return reg;
}

uint32_t lower_function_value(struct lower *l, uint32_t node, uint32_t scope)
{
    const struct py_node *n = node_of(l, node);
    uint32_t base = l->regs, from, reg = base;

    for (uint32_t i = n->a; i && !l->failed; i = node_of(l, i)->next)
        if (node_of(l, i)->b)
            (void)lower_expr(l, node_of(l, i)->b);
    from = l->args.n;
    for (uint32_t i = n->a; i && !l->failed; i = node_of(l, i)->next)
        if (node_of(l, i)->b)
            lower_arg(l, (struct ir_arg){ .reg = reg++,
                                          .kind = IR_ARG_KEYWORD,
                                          .name = lower_name(l, node_of(l, i)->atom) });
    l->regs = base;
    base = lower_reg(l);
    (void)lower_emit(l, (struct ir_ins){ .op = IR_FUNC,
                                         .dst = base,
                                         .a = from,
                                         .b = l->args.n - from,
                                         .c = lower_function_of(l, scope),
                                         .name = n->kind == N_LAMBDA ? 0 : lower_name(l, n->atom),
                                         .off = n->off });
    return base;
}

static uint32_t other(struct lower *l, uint32_t node)
{
    const struct py_node *n = node_of(l, node);

    switch (n->kind) {
    case N_NAME:
        return lower_load(l, n->atom, n->off);
    case N_STRINGS:
    case N_FSTRING:
        return lower_strings(l, node);
    case N_UNARY:
        return one(l, IR_UNARY, n->op, lower_expr(l, n->a), n->off);
    case N_AWAIT:
        return one(l, IR_AWAIT, 0, lower_expr(l, n->a), n->off);
    case N_YIELD:
    case N_YIELD_FROM:
        return yield(l, n);
    case N_BOOL:
        return boolean(l, n);
    case N_COMPARE:
        return compare(l, n);
    case N_IF_ELSE:
        return conditional(l, n);
    case N_LAMBDA:
        return lower_function_value(l, node, lower_scope_of(l, node));
    case N_NAMED:
        return named(l, n);
    case N_SLICE:
        return slice(l, n);
    case N_TUPLE:
    case N_LIST:
    case N_SET:
    case N_DICT:
        return lower_display(l, node);
    case N_LIST_COMP:
    case N_SET_COMP:
    case N_DICT_COMP:
    case N_GENERATOR:
        return lower_comprehension(l, node);
    case N_STARRED: /* of a subscript or an annotation */
        return lower_expr(l, n->a);
    default:
        return lower_literal(l, node);
    }
}

uint32_t lower_expr(struct lower *l, uint32_t node)
{
    uint32_t reg = l->regs;

    if (lower_enter(l))
        reg = leans(node_of(l, node)) ? chain(l, node) : other(l, node);
    lower_leave(l);
    return reg;
}
