/*
 * Loops, and what is protected: try, with. A way out of a protected block (return, break,
 * continue) takes the finally blocks and __exit__() calls that it passes along, as copies; the
 * protected regions stop before each of them and go on behind the jump.
 */
#include "format/package/lower.h"

/* ---- regions ---- */

static void block_open(struct lower *l, struct block *b)
{
    b->up = l->blocks;
    b->from = lower_here(l);
    l->blocks = b;
}

/* What was added since the region began is protected. */
static void region_end(struct lower *l, struct block *b)
{
    struct ir_region *region;

    if (l->failed || b->kind == BLOCK_LOOP || lower_here(l) == b->from)
        return;
    region = pool_add(l, &l->regions);
    if (!region)
        return;
    *region = (struct ir_region){ b->from, lower_here(l), b->last_region };
    b->last_region = l->regions.n;
}

static void block_close(struct lower *l, struct block *b)
{
    region_end(l, b);
    l->blocks = b->up;
}

/* The handler of all of a block's regions is here; false when there is nothing to handle. */
static bool handler_here(struct lower *l, const struct block *b)
{
    for (uint32_t number = b->last_region; number && !l->failed;) {
        struct ir_region *region = (struct ir_region *)l->regions.p + number - 1;

        number = region->handler;
        region->handler = lower_here(l);
    }
    return b->last_region != 0;
}

/* The exception that came to a handler, in a register. */
static uint32_t caught(struct lower *l, uint32_t off, unsigned flags)
{
    uint32_t reg = lower_reg(l);

    (void)lower_emit(
        l, (struct ir_ins){ .op = IR_CAUGHT, .flags = (uint16_t)flags, .dst = reg, .off = off });
    return reg;
}

static void raise_again(struct lower *l, uint32_t reg, uint32_t off, unsigned flags)
{
    (void)lower_emit(
        l, (struct ir_ins){ .op = IR_RERAISE, .flags = (uint16_t)flags, .a = reg, .off = off });
}

/* ---- ways out ---- */

/* Calls __exit__(): whether it swallows the exception in a register; there may be none. */
static uint32_t leave_with(struct lower *l, const struct block *b, uint32_t exception)
{
    uint32_t reg = exception == NOWHERE ? lower_none(l, b->off) : lower_reg(l);

    (void)lower_emit(l, (struct ir_ins){ .op = IR_EXIT,
                                         .flags = b->is_async ? IR_F_ASYNC : 0,
                                         .dst = reg,
                                         .a = b->manager,
                                         .b = exception == NOWHERE ? reg : exception,
                                         .off = b->off });
    return reg;
}

/* From the block at hand out to one around it (NULL: out of the function). */
static void leave_blocks(struct lower *l, struct block *to)
{
    for (struct block *b = l->blocks; b != to && !l->failed; b = b->up) {
        uint32_t regs = l->regs;

        region_end(l, b);
        l->blocks = b->up;
        if (b->kind == BLOCK_FINALLY)
            lower_block(l, b->body);
        else if (b->kind == BLOCK_WITH)
            (void)leave_with(l, b, NOWHERE);
        l->regs = regs;
    }
}

/* Behind the jump, what was left goes on. */
static void enter_blocks(struct lower *l, struct block *innermost, const struct block *to)
{
    for (struct block *b = innermost; b != to; b = b->up)
        b->from = lower_here(l);
    l->blocks = innermost;
}

void lower_return(struct lower *l, uint32_t reg, uint32_t off)
{
    struct block *innermost = l->blocks;

    leave_blocks(l, NULL);
    (void)lower_emit(l, (struct ir_ins){ .op = IR_RETURN, .a = reg, .off = off });
    enter_blocks(l, innermost, NULL);
}

void lower_leave_loop(struct lower *l, uint32_t node)
{
    struct block *innermost = l->blocks, *loop = innermost;
    const struct py_node *n = node_of(l, node);

    while (loop && loop->kind != BLOCK_LOOP)
        loop = loop->up;
    if (!loop)
        return;
    leave_blocks(l, loop);
    lower_jump(l, n->kind == N_BREAK ? loop->out : loop->again, n->off);
    enter_blocks(l, innermost, loop);
}

/* ---- loops ---- */

/* The body and the way back. */
static void loop_body(struct lower *l, const struct py_node *n, struct label *again,
                      struct label *out)
{
    struct block b = { .kind = BLOCK_LOOP, .out = out, .again = again };

    block_open(l, &b);
    lower_block(l, n->b);
    block_close(l, &b);
    lower_jump(l, again, n->off);
}

void lower_for(struct lower *l, uint32_t node)
{
    const struct py_node *n = node_of(l, node);
    unsigned flags = n->flags & PYN_ASYNC ? IR_F_ASYNC : 0;
    struct label again = LABEL, done = LABEL, out = LABEL;
    uint32_t it = lower_expr(l, node_of(l, n->a)->next), value;

    (void)lower_emit(
        l, (struct ir_ins){
               .op = IR_ITER, .flags = (uint16_t)flags, .dst = it, .a = it, .off = n->off });
    lower_place(l, &again);
    value = lower_reg(l);
    (void)lower_emit(
        l, (struct ir_ins){
               .op = IR_NEXT, .flags = (uint16_t)flags, .dst = value, .a = it, .off = n->off });
    lower_to(l, &done, false);
    lower_assign(l, n->a, value);
    l->regs = value;
    loop_body(l, n, &again, &out);
    lower_place(l, &done);
    lower_block(l, n->c);
    lower_place(l, &out);
}

void lower_while(struct lower *l, uint32_t node)
{
    const struct py_node *n = node_of(l, node);
    struct label again = LABEL, yes = LABEL, done = LABEL, out = LABEL;

    lower_place(l, &again);
    lower_condition(l, n->a, &yes, &done, 0);
    lower_place(l, &yes);
    loop_body(l, n, &again, &out);
    lower_place(l, &done);
    lower_block(l, n->c);
    lower_place(l, &out);
}

/* ---- try ---- */

/* except types as name: ...; what is not of them goes on behind it. */
static void handler(struct lower *l, const struct py_node *n, uint32_t exception,
                    struct label *after)
{
    struct label yes = LABEL, no = LABEL;
    uint32_t regs = l->regs, types;

    if (n->a) {
        types = lower_expr(l, n->a);
        (void)lower_emit(
            l, (struct ir_ins){
                   .op = IR_MATCH, .dst = types, .a = exception, .b = types, .off = n->off });
        lower_branch(l, types, &yes, &no, n->off, 0);
        lower_place(l, &yes);
        l->regs = regs;
    }
    (void)lower_emit(l, (struct ir_ins){ .op = IR_NOP, .flags = IR_F_EXCEPT, .off = n->off });
    if (n->atom)
        lower_store(l, n->atom, exception, n->off);
    lower_block(l, n->b);
    lower_jump(l, after, n->off);
    lower_place(l, &no);
}

static void handlers(struct lower *l, const struct py_node *n, struct label *after)
{
    uint32_t regs = l->regs, kept = l->caught, exception = caught(l, n->off, 0);

    l->caught = exception;
    for (uint32_t i = n->b; i && !l->failed; i = node_of(l, i)->next)
        handler(l, node_of(l, i), exception, after);
    raise_again(l, exception, n->off, 0);
    l->caught = kept;
    l->regs = regs;
}

/* The body with its handlers and else block. */
static void attempt(struct lower *l, const struct py_node *n, uint32_t otherwise)
{
    struct block b = { .kind = BLOCK_TRY };
    struct label after = LABEL;

    if (!n->b) {
        lower_block(l, n->a);
        lower_block(l, otherwise);
        return;
    }
    block_open(l, &b);
    lower_block(l, n->a);
    block_close(l, &b);
    lower_block(l, otherwise);
    lower_jump(l, &after, n->off);
    if (handler_here(l, &b))
        handlers(l, n, &after);
    lower_place(l, &after);
}

/* Once more for what is raised in there. */
static void finally_handler(struct lower *l, const struct block *b, uint32_t off)
{
    uint32_t regs = l->regs, kept = l->caught, exception;

    if (!handler_here(l, b))
        return;
    l->caught = exception = caught(l, off, IR_F_FINALLY);
    lower_block(l, b->body);
    raise_again(l, exception, off, IR_F_FINALLY);
    l->caught = kept;
    l->regs = regs;
}

void lower_try(struct lower *l, uint32_t node)
{
    const struct py_node *n = node_of(l, node);
    uint32_t otherwise = n->c, last = n->c ? node_of(l, n->c)->next : 0;
    struct block b = { .kind = BLOCK_FINALLY, .body = last };
    struct label after = LABEL;

    if (!last || node_of(l, last)->kind != N_BLOCK) {
        attempt(l, n, otherwise);
        return;
    }
    block_open(l, &b);
    attempt(l, n, otherwise);
    block_close(l, &b);
    lower_block(l, last);
    lower_jump(l, &after, n->off);
    finally_handler(l, &b, n->off);
    lower_place(l, &after);
}

/* ---- with ---- */

/* __exit__() sees what was raised, and may swallow it. */
static void with_handler(struct lower *l, const struct block *b, struct label *after)
{
    struct label no = LABEL;
    uint32_t exception;

    if (!handler_here(l, b))
        return;
    exception = caught(l, b->off, IR_F_FINALLY);
    lower_branch(l, leave_with(l, b, exception), after, &no, b->off, 0);
    lower_place(l, &no);
    raise_again(l, exception, b->off, IR_F_FINALLY);
}

/* One item, with those behind it and the body inside. */
static void with_item(struct lower *l, const struct py_node *n, uint32_t item)
{
    struct block b = { .kind = BLOCK_WITH, .is_async = n->flags & PYN_ASYNC };
    const struct py_node *i = node_of(l, item);
    struct label after = LABEL;
    uint32_t value;

    if (!item) {
        lower_block(l, n->b);
        return;
    }
    if (lower_enter(l)) {
        b.off = i->off;
        b.manager = lower_expr(l, i->a);
        value = lower_reg(l);
        (void)lower_emit(l, (struct ir_ins){ .op = IR_ENTER,
                                             .flags = b.is_async ? IR_F_ASYNC : 0,
                                             .dst = value,
                                             .a = b.manager,
                                             .off = i->off });
        block_open(l, &b);
        if (i->b)
            lower_assign(l, i->b, value);
        l->regs = value;
        with_item(l, n, i->next);
        block_close(l, &b);
        (void)leave_with(l, &b, NOWHERE);
        lower_jump(l, &after, i->off);
        l->regs = value;
        with_handler(l, &b, &after);
        lower_place(l, &after);
        l->regs = b.manager;
    }
    lower_leave(l);
}

void lower_with(struct lower *l, uint32_t node)
{
    const struct py_node *n = node_of(l, node);

    with_item(l, n, n->a);
}
