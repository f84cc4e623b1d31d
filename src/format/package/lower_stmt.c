/* Statements. See lower.h. */
#include "format/package/lower.h"

/* ---- simple ones ---- */

static void assign(struct lower *l, const struct py_node *n)
{
    uint32_t reg = lower_expr(l, n->b);

    for (uint32_t i = n->a; i && !l->failed; i = node_of(l, i)->next)
        lower_assign(l, i, reg);
}

/* An annotation is run where it stands; only one that calls something could matter. */
static void annotation(struct lower *l, uint32_t node)
{
    const struct py_node *n = node_of(l, node);
    struct span text = py_node_text(&l->t, n);
    uint32_t regs = l->regs;

    if (!node || !text.n || !memchr(text.p, '(', text.n))
        return;
    (void)lower_expr(l, node);
    l->regs = regs;
}

static void annotated(struct lower *l, const struct py_node *n)
{
    if (n->c)
        lower_assign(l, n->a, lower_expr(l, n->c));
    if (l->f->kind != IR_FUNCTION) /* nobody looks at those of local variables */
        annotation(l, n->b);
}

static void raise(struct lower *l, const struct py_node *n)
{
    struct ir_ins ins = { .op = IR_RERAISE, .off = n->off };

    if (n->a) {
        ins.op = IR_RAISE;
        ins.a = lower_expr(l, n->a);
        ins.b = n->b ? lower_expr(l, n->b) : ins.a;
    } else if (l->caught != NOWHERE) {
        ins.a = l->caught;
    } else {
        ins.op = IR_RERAISE_BARE;
    }
    (void)lower_emit(l, ins);
}

/* raise AssertionError(message) unless a: and all of it is gone under python -O. */
static void assertion(struct lower *l, const struct py_node *n)
{
    struct label yes = LABEL, no = LABEL;
    struct ir_ins load = { .op = IR_LOAD, .sub = IR_BUILTIN, .off = n->off };
    struct ir_ins call = { .b = 0 };

    lower_condition(l, n->a, &yes, &no, IR_F_ASSERT);
    lower_place(l, &no);
    load.dst = lower_reg(l);
    load.name = lower_name_text(l, SPAN_LITERAL("AssertionError"));
    (void)lower_emit(l, load);
    if (n->b)
        call = lower_args(l, n->b, l->regs);
    call.op = IR_CALL;
    call.dst = call.c = load.dst;
    call.off = n->off;
    (void)lower_emit(l, call);
    (void)lower_emit(
        l, (struct ir_ins){
               .op = IR_RAISE, .flags = IR_F_ASSERT, .a = load.dst, .b = load.dst, .off = n->off });
    lower_place(l, &yes);
}

static void give_back(struct lower *l, const struct py_node *n)
{
    uint32_t reg = n->a ? lower_expr(l, n->a) : lower_none(l, n->off);

    lower_return(l, reg, n->off);
}

/* ---- if ---- */

/* A chain of elif is walked in a loop, for it may be long. */
static void choose(struct lower *l, const struct py_node *n)
{
    struct label end = LABEL;

    for (;;) {
        struct label yes = LABEL, no = LABEL;
        const struct py_node *next = node_of(l, n->c);

        lower_condition(l, n->a, &yes, &no, 0);
        lower_place(l, &yes);
        lower_block(l, n->b);
        if (n->c)
            lower_jump(l, &end, n->off);
        lower_place(l, &no);
        if (!n->c || next->kind != N_IF || l->failed) {
            lower_block(l, n->c);
            break;
        }
        n = next;
    }
    lower_place(l, &end);
}

/* ---- def, class ---- */

/* The decorators' values in order, before what they decorate; how many. */
static uint32_t decorators(struct lower *l, uint32_t first)
{
    uint32_t n = 0;

    for (uint32_t i = first; i && !l->failed; i = node_of(l, i)->next)
        if (node_of(l, i)->kind == N_DECORATOR) {
            (void)lower_expr(l, node_of(l, i)->a);
            n++;
        }
    return n;
}

/* The last decorator is called first: each takes the value in the register behind its own. */
static uint32_t decorate(struct lower *l, uint32_t base, uint32_t n, uint32_t off)
{
    while (n && !l->failed) {
        uint32_t decorator = base + --n;

        lower_arg(l, (struct ir_arg){ .reg = decorator + 1, .kind = IR_ARG });
        (void)lower_emit(l, (struct ir_ins){ .op = IR_CALL,
                                             .flags = IR_F_DECORATOR,
                                             .dst = decorator,
                                             .a = l->args.n - 1,
                                             .b = 1,
                                             .c = decorator,
                                             .off = off });
    }
    return base;
}

void lower_function(struct lower *l, uint32_t node)
{
    const struct py_node *n = node_of(l, node);
    uint32_t base = l->regs, count = decorators(l, n->c);

    (void)lower_function_value(l, node, lower_scope_of(l, node));
    for (uint32_t i = n->a; i && !l->failed; i = node_of(l, i)->next)
        annotation(l, node_of(l, i)->a);
    for (uint32_t i = n->c; i && !l->failed; i = node_of(l, i)->next)
        if (node_of(l, i)->kind == N_RETURNS)
            annotation(l, node_of(l, i)->a);
    lower_store(l, n->atom, decorate(l, base, count, n->off), n->off);
}

void lower_class(struct lower *l, uint32_t node)
{
    const struct py_node *n = node_of(l, node);
    uint32_t base = l->regs, count = decorators(l, n->c), reg = l->regs;
    struct ir_ins ins = lower_args(l, n->a, l->regs);

    l->regs = reg;
    ins.op = IR_CLASS;
    ins.dst = lower_reg(l);
    ins.c = lower_function_of(l, lower_scope_of(l, node));
    ins.name = lower_name(l, n->atom);
    ins.off = n->off;
    (void)lower_emit(l, ins);
    lower_store(l, n->atom, decorate(l, base, count, n->off), n->off);
}

/* type X = ...: run when somebody asks, which nobody does. */
static void alias(struct lower *l, const struct py_node *n)
{
    lower_store(l, n->atom, lower_none(l, n->off), n->off);
}

/* ---- any ---- */

/* An expression for what it does: nobody looks at what a call gives. */
static void expression(struct lower *l, uint32_t node)
{
    (void)lower_expr(l, node);
    if (node_of(l, node)->kind == N_CALL && l->ins.n && lower_ins(l, l->ins.n - 1)->op == IR_CALL)
        lower_ins(l, l->ins.n - 1)->flags |= IR_F_DROPPED;
}

static void simple(struct lower *l, uint32_t node)
{
    const struct py_node *n = node_of(l, node);

    switch (n->kind) {
    case N_EXPR:
        expression(l, n->a);
        break;
    case N_ASSIGN:
        assign(l, n);
        break;
    case N_AUGASSIGN:
        lower_augmented(l, node);
        break;
    case N_ANNASSIGN:
        annotated(l, n);
        break;
    case N_RETURN:
        give_back(l, n);
        break;
    case N_DELETE:
        for (uint32_t i = n->a; i && !l->failed; i = node_of(l, i)->next)
            lower_delete(l, i);
        break;
    case N_RAISE:
        raise(l, n);
        break;
    case N_ASSERT:
        assertion(l, n);
        break;
    case N_BREAK:
    case N_CONTINUE:
        lower_leave_loop(l, node);
        break;
    case N_IMPORT:
        lower_import(l, node);
        break;
    case N_IMPORT_FROM:
        lower_import_from(l, node);
        break;
    case N_TYPE_ALIAS:
        alias(l, n);
        break;
    default: /* pass, global, nonlocal */
        break;
    }
}

static void statement(struct lower *l, uint32_t node)
{
    switch (node_of(l, node)->kind) {
    case N_IF:
        choose(l, node_of(l, node));
        break;
    case N_FOR:
        lower_for(l, node);
        break;
    case N_WHILE:
        lower_while(l, node);
        break;
    case N_TRY:
        lower_try(l, node);
        break;
    case N_WITH:
        lower_with(l, node);
        break;
    case N_MATCH:
        lower_match(l, node);
        break;
    case N_FUNCTION:
        lower_function(l, node);
        break;
    case N_CLASS:
        lower_class(l, node);
        break;
    default:
        simple(l, node);
    }
}

void lower_statements(struct lower *l, uint32_t first)
{
    if (lower_enter(l))
        for (uint32_t i = first; i && !l->failed; i = node_of(l, i)->next) {
            uint32_t regs = l->regs;

            statement(l, i);
            l->regs = regs;
        }
    lower_leave(l);
}

void lower_block(struct lower *l, uint32_t node)
{
    if (node && node_of(l, node)->kind == N_BLOCK)
        lower_statements(l, node_of(l, node)->a);
}
