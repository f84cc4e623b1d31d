/* A module from text to instructions: see ir.h, and lower.h for how it is divided. */
#include "format/package/lower.h"

#include "base/compiler.h"

/* Instructions of a module: many times what sources have, finally blocks being repeated. */
#define INS_FIRST    4096u
#define INS_PER_BYTE 4u
/* Between looks at the clock. */
#define STEPS_CHARGED 4096u
#define POOL_FIRST    64u

/* ---- failures and memory ---- */

void lower_stop(struct lower *l, enum pratique_status status)
{
    if (l->failed)
        return;
    l->failed = true;
    l->status = status;
}

void lower_refuse(struct lower *l, const char *why)
{
    if (!l->failed)
        l->why = why;
    lower_stop(l, PRATIQUE_E_FORMAT);
}

static bool pool_grow(struct lower *l, struct pool *p)
{
    uint32_t size = p->size ? p->size * 2 : POOL_FIRST;
    void *more = p->size > UINT32_MAX / 4 ? NULL
                 : p->p ? scan_remap(l->s, p->p, (size_t)p->size * p->unit, (size_t)size * p->unit)
                        : scan_map(l->s, (size_t)size * p->unit);

    if (!more) {
        lower_stop(l, scan_fail_budget(l->s, 0));
        return false;
    }
    p->p = more;
    p->size = size;
    return true;
}

void *pool_add(struct lower *l, struct pool *p)
{
    void *thing;

    if (UNLIKELY(p->n == p->size) && !pool_grow(l, p))
        return NULL;
    thing = (char *)p->p + (size_t)p->n++ * p->unit;
    memset(thing, 0, p->unit);
    return thing;
}

static void pool_free(struct lower *l, struct pool *p)
{
    scan_unmap(l->s, p->p, (size_t)p->size * p->unit);
}

/* What a pool holds, in the arena. */
static void *pool_keep(struct lower *l, const struct pool *p)
{
    void *copy = arena_array(l->arena, p->n, p->unit);

    if (!copy)
        lower_refuse(l, "too much to keep");
    else if (p->n)
        memcpy(copy, p->p, (size_t)p->n * p->unit);
    return copy;
}

bool lower_enter(struct lower *l)
{
    if (++l->depth > LOWER_DEPTH_MAX)
        lower_refuse(l, "nested too deeply");
    if (++l->steps % STEPS_CHARGED == 0 && !l->failed && !budget_time(l->s->budget))
        lower_stop(l, scan_fail_budget(l->s, 0));
    return !l->failed;
}

/* ---- instructions ---- */

uint32_t lower_emit(struct lower *l, struct ir_ins ins)
{
    struct ir_ins *slot;

    if (l->failed)
        return 0;
    if (++l->ins_total > l->ins_max) {
        lower_refuse(l, "too many instructions");
        return 0;
    }
    slot = pool_add(l, &l->ins);
    if (!slot)
        return 0;
    *slot = ins;
    return l->ins.n - 1;
}

uint32_t lower_reg(struct lower *l)
{
    if (l->regs >= LOWER_REGS_MAX) {
        lower_refuse(l, "too many values at once");
        return 0;
    }
    if (l->regs >= l->regs_n)
        l->regs_n = l->regs + 1;
    return l->regs++;
}

void lower_arg(struct lower *l, struct ir_arg arg)
{
    struct ir_arg *slot = l->failed ? NULL : pool_add(l, &l->args);

    if (slot)
        *slot = arg;
}

uint32_t lower_name_text(struct lower *l, struct span text)
{
    uint32_t name = ir_name(l->names, text);

    if (!name && text.n)
        lower_refuse(l, "too many names");
    return name;
}

uint32_t lower_name(struct lower *l, uint32_t atom)
{
    if (atom && !l->atom_name[atom])
        l->atom_name[atom] = lower_name_text(l, py_atom_text(&l->t.atoms, atom));
    return l->atom_name[atom];
}

/* ---- jumps ---- */

/* Fields that wait are numbered: twice the instruction, one more for c, and one more than 0. */
static uint32_t *waiting(struct lower *l, uint32_t number)
{
    struct ir_ins *ins = lower_ins(l, (number - 1) / 2);

    return (number - 1) % 2 ? &ins->c : &ins->b;
}

void lower_to(struct lower *l, struct label *to, bool second)
{
    uint32_t number;

    if (l->failed)
        return;
    number = (l->ins.n - 1) * 2 + (second ? 1 : 0) + 1;
    *waiting(l, number) = to->at == NOWHERE ? to->last : to->at;
    if (to->at == NOWHERE)
        to->last = number;
}

void lower_place(struct lower *l, struct label *label)
{
    if (l->failed)
        return;
    label->at = lower_here(l);
    for (uint32_t number = label->last; number;) {
        uint32_t *field = waiting(l, number), before = *field;

        *field = label->at;
        number = before;
    }
    label->last = 0;
}

void lower_jump(struct lower *l, struct label *to, uint32_t off)
{
    (void)lower_emit(l, (struct ir_ins){ .op = IR_JUMP, .off = off });
    lower_to(l, to, false);
}

void lower_branch(struct lower *l, uint32_t reg, struct label *yes, struct label *no, uint32_t off,
                  unsigned flags)
{
    (void)lower_emit(
        l, (struct ir_ins){ .op = IR_BRANCH, .flags = (uint16_t)flags, .a = reg, .off = off });
    lower_to(l, yes, false);
    lower_to(l, no, true);
}

/* ---- functions ---- */

static void params(struct lower *l, uint32_t first)
{
    struct ir_param *list;
    uint32_t n = 0;

    for (uint32_t i = first; i; i = node_of(l, i)->next)
        n++;
    list = arena_array(l->arena, n, sizeof *list);
    if (!list) {
        lower_refuse(l, "too much to keep");
        return;
    }
    l->f->params = list;
    for (uint32_t i = first; i; i = node_of(l, i)->next, list++) {
        const struct py_node *arg = node_of(l, i);

        *list = (struct ir_param){ .name = lower_name(l, arg->atom),
                                   .slot = lower_variable(l, arg->atom).a,
                                   .kind = arg->op,
                                   .has_default = arg->b != 0 };
    }
    l->f->params_n = n;
}

static void body(struct lower *l, const struct py_node *n)
{
    if (n->kind == N_LAMBDA) {
        lower_return(l, lower_expr(l, n->b), node_of(l, n->b)->off);
        return;
    }
    if (n->kind == N_MODULE)
        lower_statements(l, n->a);
    else
        lower_block(l, n->b);
    lower_return(l, lower_none(l, n->end), n->end);
}

static enum ir_function_kind kind_of(const struct py_node *n)
{
    return n->kind == N_MODULE   ? IR_MODULE
           : n->kind == N_LAMBDA ? IR_LAMBDA
           : n->kind == N_CLASS  ? IR_CLASS_BODY
                                 : IR_FUNCTION;
}

static void function(struct lower *l, uint32_t index)
{
    const struct lower_function *of = (const struct lower_function *)l->functions.p + index;
    const struct py_node *n = node_of(l, of->node);
    struct ir_function *f = &l->m->functions[index];

    f->kind = kind_of(n);
    f->name = f->kind == IR_FUNCTION || f->kind == IR_CLASS_BODY ? lower_name(l, n->atom) : 0;
    f->is_async = n->kind == N_FUNCTION && n->flags & PYN_ASYNC;
    f->off = n->off, f->end = n->end;
    l->f = f;
    l->function = index;
    l->scope = of->scope;
    l->regs = l->regs_n = 0;
    l->caught = NOWHERE;
    l->ins.n = l->regions.n = 0;
    l->blocks = NULL;
    if (n->kind == N_FUNCTION || n->kind == N_LAMBDA)
        params(l, n->a);
    body(l, n);
    f->regs_n = l->regs_n;
    f->ins = pool_keep(l, &l->ins);
    f->ins_n = l->ins.n;
    f->regions = pool_keep(l, &l->regions);
    f->regions_n = l->regions.n;
}

/* The functions' own array, each with its slots, before any of them is lowered. */
static void functions(struct lower *l)
{
    const struct lower_scope *scopes = l->scopes.p;

    l->m->functions_n = l->functions.n;
    l->m->functions = arena_array(l->arena, l->functions.n, sizeof *l->m->functions);
    if (!l->m->functions) {
        lower_refuse(l, "too much to keep");
        return;
    }
    for (uint32_t i = 1; i < l->functions.n; i++) {
        uint32_t scope = ((const struct lower_function *)l->functions.p)[i].scope;

        l->m->functions[i].parent = scopes[scopes[scope].parent].function;
    }
    lower_vars(l);
    for (uint32_t i = 0; i < l->functions.n && !l->failed; i++)
        function(l, i);
}

/* ---- the module ---- */

static void keep_lines(struct lower *l)
{
    uint32_t *lines = arena_array(l->arena, l->t.lines_n, sizeof *lines);

    if (!lines) {
        lower_refuse(l, "too much to keep");
        return;
    }
    if (l->t.lines_n)
        memcpy(lines, l->t.lines, l->t.lines_n * sizeof *lines);
    l->m->lines = lines;
    l->m->lines_n = l->t.lines_n;
}

uint32_t ir_line(const struct ir_module *m, uint32_t off)
{
    uint32_t low = 0, high = m->lines_n;

    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;

        if (m->lines[middle] <= off)
            low = middle;
        else
            high = middle;
    }
    return low + 1;
}

static void lower_all(struct lower *l)
{
    l->m = arena_alloc(l->arena, sizeof *l->m);
    l->atom_name = scan_map(l->s, l->t.atoms.n * sizeof *l->atom_name);
    if (!l->atom_name) {
        lower_stop(l, scan_fail_budget(l->s, 0));
        return;
    }
    if (!l->m) {
        lower_refuse(l, "too much to keep");
        return;
    }
    l->m->text = l->t.text;
    l->m->names = l->names;
    lower_scopes(l);
    if (!l->failed)
        functions(l);
    if (!l->failed)
        keep_lines(l);
    l->m->args = l->failed ? NULL : pool_keep(l, &l->args);
    l->m->consts = l->failed ? NULL : pool_keep(l, &l->consts);
    l->m->args_n = l->args.n;
    l->m->consts_n = l->consts.n;
}

static void close(struct lower *l)
{
    struct pool *const pools[] = { &l->scopes, &l->symbols, &l->functions, &l->work,
                                   &l->args,   &l->consts,  &l->ins,       &l->regions };

    for (size_t i = 0; i < ARRAY_LEN(pools); i++)
        pool_free(l, pools[i]);
    scan_unmap(l->s, l->slots, l->slots_n * sizeof *l->slots);
    scan_unmap(l->s, l->atom_name, l->t.atoms.n * sizeof *l->atom_name);
    py_tree_close(&l->t);
}

enum pratique_status ir_lower(struct scan *s, struct arena *arena, struct ir_names *names,
                              struct span text, struct ir_module **out, const char **why)
{
    struct lower l = { .s = s,
                       .arena = arena,
                       .names = names,
                       .ins_max = INS_FIRST + (uint64_t)text.n * INS_PER_BYTE,
                       .scopes.unit = sizeof(struct lower_scope),
                       .symbols.unit = sizeof(struct lower_symbol),
                       .functions.unit = sizeof(struct lower_function),
                       .work.unit = 3 * sizeof(uint32_t),
                       .args.unit = sizeof(struct ir_arg),
                       .consts.unit = sizeof(struct ir_const),
                       .ins.unit = sizeof(struct ir_ins),
                       .regions.unit = sizeof(struct ir_region) };
    struct py_fault fault;

    *out = NULL;
    *why = "";
    l.status = py_parse(s, text, PY_FILE, &l.t, &fault);
    l.why = "it does not parse";
    l.failed = l.status != PRATIQUE_OK;
    if (!l.failed)
        lower_all(&l);
    close(&l);
    if (l.status == PRATIQUE_OK)
        *out = l.m;
    else if (l.status == PRATIQUE_E_FORMAT)
        *why = l.why;
    return l.status;
}
