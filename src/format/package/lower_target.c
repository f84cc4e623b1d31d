/* What is assigned to, augmented and deleted. See lower.h. */
#include "format/package/lower.h"

/* The elements of a list of targets, and which of them has the star (from 1; 0: none). */
static uint32_t count(const struct lower *l, uint32_t first, uint32_t *star)
{
    uint32_t n = 0;

    *star = 0;
    for (uint32_t i = first; i; i = node_of(l, i)->next) {
        n++;
        if (node_of(l, i)->kind == N_STARRED)
            *star = n;
    }
    return n;
}

/* Each target gets its part. */
static void unpack(struct lower *l, const struct py_node *n, uint32_t reg)
{
    uint32_t star, all = count(l, n->a, &star), place = 0;

    for (uint32_t i = n->a; i && !l->failed; i = node_of(l, i)->next) {
        uint32_t regs = l->regs, part = lower_reg(l);
        struct ir_ins ins = { .op = IR_PART, .dst = part, .a = reg, .b = place, .c = all };

        place++;
        if (star && place == star) {
            ins.sub = IR_PART_REST;
        } else if (star && place > star) {
            ins.sub = IR_PART_BACK;
            ins.b = all - place + 1;
        }
        ins.off = node_of(l, i)->off;
        (void)lower_emit(l, ins);
        lower_assign(l, node_of(l, i)->kind == N_STARRED ? node_of(l, i)->a : i, part);
        l->regs = regs;
    }
}

static void assign_part(struct lower *l, const struct py_node *n, uint32_t reg)
{
    struct ir_ins ins = { .op = IR_SETATTR, .c = reg, .off = n->off };

    ins.a = lower_expr(l, n->a);
    if (n->kind == N_ATTRIBUTE) {
        ins.name = lower_name(l, n->atom);
    } else {
        ins.op = IR_SETITEM;
        ins.b = lower_expr(l, n->b);
    }
    (void)lower_emit(l, ins);
}

void lower_assign(struct lower *l, uint32_t node, uint32_t reg)
{
    const struct py_node *n = node_of(l, node);
    uint32_t regs = l->regs;

    if (lower_enter(l)) {
        if (n->kind == N_NAME)
            lower_store(l, n->atom, reg, n->off);
        else if (n->kind == N_TUPLE || n->kind == N_LIST)
            unpack(l, n, reg);
        else if (n->kind == N_ATTRIBUTE || n->kind == N_SUBSCRIPT)
            assign_part(l, n, reg);
    }
    l->regs = regs;
    lower_leave(l);
}

/* ---- a += b ---- */

/* The operation itself, on the value in reg. */
static void operate(struct lower *l, const struct py_node *n, uint32_t reg)
{
    uint32_t right = lower_expr(l, n->b);

    (void)lower_emit(l, (struct ir_ins){ .op = IR_BINARY,
                                         .sub = n->op,
                                         .flags = IR_F_INPLACE,
                                         .dst = reg,
                                         .a = reg,
                                         .b = right,
                                         .off = n->off });
}

void lower_augmented(struct lower *l, uint32_t node)
{
    const struct py_node *n = node_of(l, node), *target = node_of(l, n->a);
    struct ir_ins ins = { .op = IR_ATTR, .off = n->off };
    uint32_t reg;

    if (target->kind == N_NAME) {
        reg = lower_load(l, target->atom, target->off);
        operate(l, n, reg);
        lower_store(l, target->atom, reg, n->off);
        return;
    }
    ins.a = lower_expr(l, target->a);
    if (target->kind == N_ATTRIBUTE) {
        ins.name = lower_name(l, target->atom);
    } else {
        ins.op = IR_ITEM;
        ins.b = lower_expr(l, target->b);
    }
    ins.dst = reg = lower_reg(l);
    (void)lower_emit(l, ins);
    operate(l, n, reg);
    ins.op = ins.op == IR_ATTR ? IR_SETATTR : IR_SETITEM;
    ins.dst = 0;
    ins.c = reg;
    (void)lower_emit(l, ins);
}

/* ---- del ---- */

static void delete_name(struct lower *l, const struct py_node *n)
{
    struct ir_ins ins = lower_variable(l, n->atom);

    ins.op = IR_DELETE;
    ins.off = n->off;
    (void)lower_emit(l, ins);
}

static void delete_part(struct lower *l, const struct py_node *n)
{
    struct ir_ins ins = { .op = IR_DELATTR, .off = n->off };

    ins.a = lower_expr(l, n->a);
    if (n->kind == N_ATTRIBUTE) {
        ins.name = lower_name(l, n->atom);
    } else {
        ins.op = IR_DELITEM;
        ins.b = lower_expr(l, n->b);
    }
    (void)lower_emit(l, ins);
}

void lower_delete(struct lower *l, uint32_t node)
{
    const struct py_node *n = node_of(l, node);
    uint32_t regs = l->regs;

    if (lower_enter(l)) {
        if (n->kind == N_NAME)
            delete_name(l, n);
        else if (n->kind == N_ATTRIBUTE || n->kind == N_SUBSCRIPT)
            delete_part(l, n);
        else
            for (uint32_t i = n->a; i && !l->failed; i = node_of(l, i)->next)
                lower_delete(l, i);
    }
    l->regs = regs;
    lower_leave(l);
}
