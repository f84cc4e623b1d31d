/* match statements, as branches: each pattern either goes on or leaves for the next case. */
#include "format/package/lower.h"

/* Goes on with a pattern on the value in a register; to no where it does not match. */
static void pattern(struct lower *l, uint32_t node, uint32_t reg, struct label *no);

/* An instruction that tells whether reg is so; its outcome in a register of its own. */
static void test(struct lower *l, struct ir_ins ins, struct label *no)
{
    struct label yes = LABEL;

    (void)lower_emit(l, ins);
    lower_branch(l, ins.dst, &yes, no, ins.off, 0);
    lower_place(l, &yes);
}

/* None, True and False are compared by identity. */
static enum py_op comparison(const struct py_node *n)
{
    return n->kind == N_NONE || n->kind == N_TRUE || n->kind == N_FALSE ? OP_IS : OP_EQ;
}

static void value(struct lower *l, const struct py_node *n, uint32_t reg, struct label *no)
{
    uint32_t other = lower_expr(l, n->a);

    test(l,
         (struct ir_ins){ .op = IR_COMPARE,
                          .sub = (uint8_t)comparison(node_of(l, n->a)),
                          .dst = other,
                          .a = reg,
                          .b = other,
                          .off = n->off },
         no);
}

static void alternatives(struct lower *l, const struct py_node *n, uint32_t reg, struct label *no)
{
    struct label yes = LABEL;

    for (uint32_t i = n->a; i && !l->failed; i = node_of(l, i)->next) {
        struct label next = LABEL;
        uint32_t regs = l->regs;

        if (!node_of(l, i)->next) {
            pattern(l, i, reg, no);
            break;
        }
        pattern(l, i, reg, &next);
        lower_jump(l, &yes, n->off);
        lower_place(l, &next);
        l->regs = regs;
    }
    lower_place(l, &yes);
}

/* A part of a sequence against its pattern. */
static void element(struct lower *l, uint32_t node, struct ir_ins part, struct label *no)
{
    uint32_t regs = l->regs;

    part.op = IR_PART;
    part.dst = lower_reg(l);
    part.off = node_of(l, node)->off;
    (void)lower_emit(l, part);
    if (node_of(l, node)->kind == N_PATTERN_STAR)
        lower_store(l, node_of(l, node)->atom, part.dst, part.off);
    else
        pattern(l, node, part.dst, no);
    l->regs = regs;
}

static void sequence(struct lower *l, const struct py_node *n, uint32_t reg, struct label *no)
{
    uint32_t all = 0, star = 0, place = 0, regs = l->regs;
    struct ir_ins is = { .op = IR_IS_SEQUENCE, .a = reg, .off = n->off };

    for (uint32_t i = n->a; i; i = node_of(l, i)->next) {
        all++;
        if (node_of(l, i)->kind == N_PATTERN_STAR)
            star = all;
    }
    is.dst = lower_reg(l);
    is.b = star ? all - 1 : all;
    is.c = star != 0;
    test(l, is, no);
    l->regs = regs;
    for (uint32_t i = n->a; i && !l->failed; i = node_of(l, i)->next) {
        struct ir_ins part = { .a = reg, .b = place++, .c = all };

        if (star && place == star) {
            part.sub = IR_PART_REST;
        } else if (star && place > star) {
            part.sub = IR_PART_BACK;
            part.b = all - place + 1;
        }
        if (node_of(l, i)->kind != N_PATTERN_STAR || node_of(l, i)->atom)
            element(l, i, part, no);
    }
}

static void mapping(struct lower *l, const struct py_node *n, uint32_t reg, struct label *no)
{
    uint32_t regs = l->regs;

    test(l, (struct ir_ins){ .op = IR_IS_MAPPING, .dst = lower_reg(l), .a = reg, .off = n->off },
         no);
    l->regs = regs;
    for (uint32_t i = n->a; i && !l->failed; i = node_of(l, i)->next) {
        const struct py_node *pair = node_of(l, i);
        uint32_t key = lower_expr(l, pair->a), item = lower_reg(l);

        test(l,
             (struct ir_ins){ .op = IR_HAS_KEY, .dst = item, .a = reg, .b = key, .off = pair->off },
             no);
        (void)lower_emit(
            l, (struct ir_ins){ .op = IR_ITEM, .dst = item, .a = reg, .b = key, .off = pair->off });
        pattern(l, pair->b, item, no);
        l->regs = regs;
    }
    if (n->atom)
        lower_store(l, n->atom, reg, n->off);
}

/* Positional patterns go by __match_args__, which nobody knows here: a part by its place. */
static void instance(struct lower *l, const struct py_node *n, uint32_t reg, struct label *no)
{
    uint32_t regs = l->regs, place = 0, class = lower_expr(l, n->a);

    test(l,
         (struct ir_ins){ .op = IR_IS_INSTANCE, .dst = class, .a = reg, .b = class, .off = n->off },
         no);
    l->regs = regs;
    for (uint32_t i = n->b; i && !l->failed; i = node_of(l, i)->next) {
        const struct py_node *sub = node_of(l, i);
        struct ir_ins get = { .op = IR_ATTR, .a = reg, .off = sub->off };

        if (sub->kind == N_PATTERN_KEYWORD) {
            get.name = lower_name(l, sub->atom);
        } else {
            get.op = IR_PART;
            get.b = place++;
            get.c = place;
        }
        get.dst = lower_reg(l);
        (void)lower_emit(l, get);
        pattern(l, sub->kind == N_PATTERN_KEYWORD ? sub->a : i, get.dst, no);
        l->regs = regs;
    }
}

static void pattern_of(struct lower *l, const struct py_node *n, uint32_t reg, struct label *no)
{
    switch (n->kind) {
    case N_PATTERN_VALUE:
        value(l, n, reg, no);
        break;
    case N_PATTERN_CAPTURE:
        if (n->atom)
            lower_store(l, n->atom, reg, n->off);
        break;
    case N_PATTERN_AS:
        pattern(l, n->a, reg, no);
        lower_store(l, n->atom, reg, n->off);
        break;
    case N_PATTERN_OR:
        alternatives(l, n, reg, no);
        break;
    case N_PATTERN_SEQUENCE:
        sequence(l, n, reg, no);
        break;
    case N_PATTERN_MAPPING:
        mapping(l, n, reg, no);
        break;
    case N_PATTERN_CLASS:
        instance(l, n, reg, no);
        break;
    default:
        break;
    }
}

static void pattern(struct lower *l, uint32_t node, uint32_t reg, struct label *no)
{
    uint32_t regs = l->regs;

    if (lower_enter(l))
        pattern_of(l, node_of(l, node), reg, no);
    l->regs = regs;
    lower_leave(l);
}

void lower_match(struct lower *l, uint32_t node)
{
    const struct py_node *n = node_of(l, node);
    uint32_t subject = lower_expr(l, n->a);
    struct label end = LABEL;

    for (uint32_t i = n->b; i && !l->failed; i = node_of(l, i)->next) {
        const struct py_node *branch = node_of(l, i);
        struct label no = LABEL, yes = LABEL;

        pattern(l, branch->a, subject, &no);
        if (branch->c) {
            lower_condition(l, branch->c, &yes, &no, 0);
            lower_place(l, &yes);
        }
        lower_block(l, branch->b);
        lower_jump(l, &end, branch->off);
        lower_place(l, &no);
    }
    lower_place(l, &end);
}
