/*
 * Lowering, on its own. Whatever the text: every register, slot, operand, constant, function
 * and target is in its range, regions nest, the last instruction does not go on, every offset
 * is of the text, and on no way is a register read before it is written.
 */
#include <stdlib.h>

#include "format/package/ir.h"
#include "harness.h"

static void check(bool good)
{
    if (!good)
        abort();
}

/* ---- ranges ---- */

/* Which of dst, a, b and c are registers: 'r' one that is read, 'w' written, 't' a target. */
struct shape {
    char dst, a, b, c;
    bool args;
};

static struct shape shape_of(const struct ir_ins *ins)
{
    switch ((enum ir_op)ins->op) {
    case IR_NOP:
    case IR_DELETE:
    case IR_IMPORT_STAR:
    case IR_RERAISE_BARE:
        return (struct shape){ .dst = 0 };
    case IR_CONST:
    case IR_LOAD:
    case IR_IMPORT:
    case IR_IMPORT_FROM:
    case IR_CAUGHT:
        return (struct shape){ .dst = 'w' };
    case IR_STORE:
        return (struct shape){ .c = 'r' };
    case IR_MOVE:
    case IR_ATTR:
    case IR_UNARY:
    case IR_PART:
    case IR_ITER:
    case IR_YIELD:
    case IR_YIELD_FROM:
    case IR_AWAIT:
    case IR_ENTER:
    case IR_IS_SEQUENCE:
    case IR_IS_MAPPING:
        return (struct shape){ .dst = 'w', .a = 'r' };
    case IR_SETATTR:
    case IR_APPEND:
    case IR_ADD:
        return (struct shape){ .a = 'r', .c = 'r' };
    case IR_DELATTR:
    case IR_RETURN:
    case IR_RERAISE:
        return (struct shape){ .a = 'r' };
    case IR_ITEM:
    case IR_BINARY:
    case IR_COMPARE:
    case IR_MATCH:
    case IR_EXIT:
    case IR_HAS_KEY:
    case IR_IS_INSTANCE:
        return (struct shape){ .dst = 'w', .a = 'r', .b = 'r' };
    case IR_SETITEM:
    case IR_PUT:
        return (struct shape){ .a = 'r', .b = 'r', .c = 'r' };
    case IR_DELITEM:
    case IR_RAISE:
        return (struct shape){ .a = 'r', .b = 'r' };
    case IR_SLICE:
        return (struct shape){ .dst = 'w', .a = 'r', .b = 'r', .c = 'r' };
    case IR_CALL:
        return (struct shape){ .dst = 'w', .c = 'r', .args = true };
    case IR_JOIN:
    case IR_TUPLE:
    case IR_LIST:
    case IR_SET:
    case IR_DICT:
    case IR_FUNC:
    case IR_CLASS:
        return (struct shape){ .dst = 'w', .args = true };
    case IR_JUMP:
        return (struct shape){ .b = 't' };
    case IR_BRANCH:
        return (struct shape){ .a = 'r', .b = 't', .c = 't' };
    case IR_NEXT:
        return (struct shape){ .dst = 'w', .a = 'r', .b = 't' };
    case IR_OPS:
        break;
    }
    abort();
}

static bool goes_on(const struct ir_ins *ins)
{
    return ins->op != IR_JUMP && ins->op != IR_BRANCH && ins->op != IR_RETURN &&
           ins->op != IR_RAISE && ins->op != IR_RERAISE && ins->op != IR_RERAISE_BARE;
}

static void check_variable(const struct ir_module *m, const struct ir_function *f,
                           const struct ir_ins *ins)
{
    check(ins->sub <= IR_BUILTIN && ins->name);
    if (ins->sub == IR_CELL) {
        check(ins->b < m->functions_n && ins->a < m->functions[ins->b].vars_n);
        check(m->functions[ins->b].vars[ins->a].name == ins->name);
        check(m->functions[ins->b].vars[ins->a].captured);
    } else if (ins->sub < IR_GLOBAL) {
        check(ins->a < f->vars_n && f->vars[ins->a].name == ins->name);
        check((ins->sub == IR_CLASSED) <= (f->kind == IR_CLASS_BODY));
    }
}

static void check_field(const struct ir_function *f, char what, uint32_t value)
{
    check((what != 'r' && what != 'w') || value < f->regs_n);
    check(what != 't' || value < f->ins_n);
}

static void check_ins(const struct ir_module *m, const struct ir_function *f,
                      const struct ir_ins *ins)
{
    struct shape shape = shape_of(ins);

    check(ins->off <= m->text.n && ins->name < m->names->n);
    check_field(f, shape.dst, ins->dst);
    check_field(f, shape.a, ins->a);
    check_field(f, shape.b, ins->b);
    check_field(f, shape.c, ins->c);
    check(ins->op != IR_CONST || ins->a < m->consts_n);
    check((ins->op != IR_FUNC && ins->op != IR_CLASS) || (ins->c && ins->c < m->functions_n));
    if (ins->op == IR_LOAD || ins->op == IR_STORE || ins->op == IR_DELETE)
        check_variable(m, f, ins);
    check(!shape.args || (ins->a <= m->args_n && ins->b <= m->args_n - ins->a));
    for (uint32_t i = 0; shape.args && i < ins->b; i++) {
        check(m->args[ins->a + i].reg < f->regs_n);
        check((m->args[ins->a + i].kind == IR_ARG_KEYWORD) == (m->args[ins->a + i].name != 0));
    }
}

/* An earlier region lies within a later one, or apart from it; a handler is in none of its own. */
static void check_regions(const struct ir_function *f)
{
    for (uint32_t i = 0; i < f->regions_n; i++) {
        const struct ir_region *r = &f->regions[i];

        check(r->from < r->to && r->to <= f->ins_n && r->handler < f->ins_n);
        check(f->ins[r->handler].op == IR_CAUGHT);
        check(r->handler < r->from || r->handler >= r->to);
        for (uint32_t k = i + 1; k < f->regions_n && f->regions_n < 300; k++) {
            const struct ir_region *later = &f->regions[k];

            check(later->to <= r->from || later->from >= r->to ||
                  (later->from <= r->from && later->to >= r->to));
        }
    }
}

/* ---- registers are written before they are read: a walk with the set that is written ---- */

#define SETS_MAX ((size_t)1 << 22) /* bits; larger functions are left out */

struct flow {
    const struct ir_module *m;
    const struct ir_function *f;
    uint64_t *sets; /* of each instruction: what is written on all ways to it */
    uint32_t *stack, n;
    uint8_t *seen;
    uint32_t words;
};

static void reach(struct flow *w, uint32_t to, const uint64_t *set)
{
    uint64_t *there = w->sets + (size_t)to * w->words;
    bool changed = !w->seen[to];

    for (uint32_t i = 0; i < w->words; i++) {
        uint64_t meet = w->seen[to] ? there[i] & set[i] : set[i];

        changed |= meet != there[i];
        there[i] = meet;
    }
    if (changed && w->seen[to] != 2) {
        w->stack[w->n++] = to;
        w->seen[to] = 2;
    }
}

static void reads(const uint64_t *set, char what, uint32_t reg)
{
    check(what != 'r' || set[reg / 64] >> reg % 64 & 1);
}

static void step(struct flow *w, uint32_t at, uint64_t *set)
{
    const struct ir_ins *ins = &w->f->ins[at];
    struct shape shape = shape_of(ins);

    memcpy(set, w->sets + (size_t)at * w->words, w->words * sizeof *set);
    reads(set, shape.a, ins->a);
    reads(set, shape.b, ins->b);
    reads(set, shape.c, ins->c);
    for (uint32_t i = 0; shape.args && i < ins->b; i++)
        reads(set, 'r', w->m->args[ins->a + i].reg);
    for (uint32_t i = 0; i < w->f->regions_n; i++) /* it may have raised */
        if (at >= w->f->regions[i].from && at < w->f->regions[i].to)
            reach(w, w->f->regions[i].handler, set);
    if (shape.dst == 'w')
        set[ins->dst / 64] |= (uint64_t)1 << ins->dst % 64;
    if (shape.b == 't')
        reach(w, ins->b, set);
    if (shape.c == 't')
        reach(w, ins->c, set);
    if (goes_on(ins))
        reach(w, at + 1, set);
}

static void check_flow(const struct ir_module *m, const struct ir_function *f)
{
    struct flow w = { .m = m, .f = f, .words = f->regs_n / 64 + 1 };
    uint64_t *set;

    if ((size_t)w.words * 64 * f->ins_n > SETS_MAX || f->regions_n > 300)
        return;
    w.sets = calloc((size_t)w.words * f->ins_n, sizeof *w.sets);
    w.stack = calloc(f->ins_n, sizeof *w.stack);
    w.seen = calloc(f->ins_n, 1);
    set = calloc(w.words, sizeof *set);
    check(w.sets && w.stack && w.seen && set);
    reach(&w, 0, set);
    while (w.n) {
        uint32_t at = w.stack[--w.n];

        w.seen[at] = 1;
        step(&w, at, set);
    }
    free(w.sets);
    free(w.stack);
    free(w.seen);
    free(set);
}

/* ---- all of it ---- */

static void check_function(const struct ir_module *m, uint32_t index)
{
    const struct ir_function *f = &m->functions[index];

    check(f->ins_n && !goes_on(&f->ins[f->ins_n - 1]) && f->regs_n);
    check(f->off <= f->end && f->end <= m->text.n);
    check(index ? f->parent < index : f->kind == IR_MODULE);
    for (uint32_t i = 0; i < f->ins_n; i++)
        check_ins(m, f, &f->ins[i]);
    for (uint32_t i = 0; i < f->params_n; i++)
        check(f->params[i].slot == i && i < f->vars_n && f->vars[i].name == f->params[i].name);
    check_regions(f);
    check_flow(m, f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct harness h;
    struct arena arena;
    struct ir_names names;
    struct ir_module *m;
    const char *why;
    enum pratique_status st;
    uint64_t memory;

    harness_init(&h);
    memory = h.budget.memory_left;
    arena_init(&arena, (size_t)256 * 1024 * 1024);
    check(ir_names_init(&names, &arena));
    st = ir_lower(&h.scan, &arena, &names, span_of(data, n), &m, &why);
    check((st == PRATIQUE_OK) == (m != NULL));
    check(st != PRATIQUE_E_FORMAT || why[0]);
    for (uint32_t i = 0; m && i < m->functions_n; i++)
        check_function(m, i);
    check(h.budget.memory_left == memory);
    arena_reset(&arena);
    harness_free(&h);
    return 0;
}
