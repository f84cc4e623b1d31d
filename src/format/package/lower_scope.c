/*
 * Scopes, and where each name lives: one walk over the tree with a stack of its own, in the
 * order of the text. A function's scope is noted in a field of its body's node that is free.
 */
#include "format/package/lower.h"

#define SLOTS_FIRST 256u

/* What a node of the walk is in. */
enum mode { MODE_PLAIN, MODE_TARGET };

struct todo {
    uint32_t node, scope, mode;
};

static struct lower_scope *scope_at(const struct lower *l, uint32_t scope)
{
    return (struct lower_scope *)l->scopes.p + scope;
}

static struct lower_symbol *symbol_at(const struct lower *l, uint32_t symbol)
{
    return (struct lower_symbol *)l->symbols.p + symbol;
}

/* ---- symbols ---- */

static uint32_t *slot_of(const struct lower *l, uint32_t scope, uint32_t atom)
{
    uint64_t h = py_hash_mix(((uint64_t)scope << 32 | atom) ^ py_hash_seed, 0x9E3779B97F4A7C15u);
    uint32_t i = (uint32_t)h & (l->slots_n - 1);

    while (l->slots[i] &&
           (symbol_at(l, l->slots[i])->scope != scope || symbol_at(l, l->slots[i])->atom != atom))
        i = (i + 1) & (l->slots_n - 1);
    return &l->slots[i];
}

static bool slots_grow(struct lower *l)
{
    uint32_t before = l->slots_n, n = before ? before * 2 : SLOTS_FIRST;
    uint32_t *slots = n < before ? NULL : scan_map(l->s, n * sizeof *slots);

    if (!slots) {
        lower_stop(l, scan_fail_budget(l->s, 0));
        return false;
    }
    scan_unmap(l->s, l->slots, before * sizeof *slots);
    l->slots = slots;
    l->slots_n = n;
    for (uint32_t i = 1; i < l->symbols.n; i++)
        *slot_of(l, symbol_at(l, i)->scope, symbol_at(l, i)->atom) = i;
    return true;
}

/* A slot of the function for a symbol that is bound; the module's own names have none. */
static void settle(struct lower *l, struct lower_symbol *symbol)
{
    const struct lower_scope *scope = scope_at(l, symbol->scope);
    struct lower_function *f = (struct lower_function *)l->functions.p + scope->function;

    symbol->function = scope->function;
    if (scope->sort != SCOPED_MODULE && symbol->slot == NOWHERE)
        symbol->slot = f->vars_n++;
}

static void note(struct lower *l, uint32_t scope, uint32_t atom, unsigned flag)
{
    struct lower_symbol *symbol;
    uint32_t *slot;

    if (!atom || l->failed || (l->symbols.n * 2 >= l->slots_n && !slots_grow(l)))
        return;
    slot = slot_of(l, scope, atom);
    if (!*slot) {
        symbol = pool_add(l, &l->symbols);
        if (!symbol)
            return;
        *symbol = (struct lower_symbol){ .scope = scope, .atom = atom, .slot = NOWHERE };
        *slot = l->symbols.n - 1;
    }
    symbol = symbol_at(l, *slot);
    symbol->flags |= flag;
    if (flag == SYMBOL_BOUND && !(symbol->flags & (SYMBOL_GLOBAL | SYMBOL_NONLOCAL)))
        settle(l, symbol);
}

static void bind(struct lower *l, uint32_t scope, uint32_t atom)
{
    note(l, scope, atom, SYMBOL_BOUND);
}

/* ---- scopes ---- */

static uint32_t scope_new(struct lower *l, enum scope_sort sort, uint32_t parent, uint32_t node)
{
    struct lower_scope *scope = pool_add(l, &l->scopes);
    struct lower_function *f;

    if (!scope)
        return 0;
    *scope = (struct lower_scope){ .sort = sort, .parent = parent };
    if (parent != NOWHERE) {
        scope->depth = scope_at(l, parent)->depth + 1;
        scope->function = scope_at(l, parent)->function;
    }
    if (scope->depth > LOWER_SCOPES_MAX)
        lower_refuse(l, "nested too deeply");
    if (sort != SCOPED_COMP) {
        scope->function = l->functions.n;
        f = pool_add(l, &l->functions);
        if (f)
            *f = (struct lower_function){ .node = node, .scope = l->scopes.n - 1 };
    }
    return l->scopes.n - 1;
}

/* The field that holds the scope of a node. */
static uint32_t *scope_field(const struct lower *l, uint32_t node)
{
    struct py_node *n = &l->t.nodes[node];

    return n->kind == N_FUNCTION || n->kind == N_CLASS ? &l->t.nodes[n->b].c : &n->c;
}

uint32_t lower_scope_of(const struct lower *l, uint32_t node)
{
    return *scope_field(l, node);
}

/* ---- the walk ---- */

static void later(struct lower *l, uint32_t node, uint32_t scope, enum mode mode)
{
    struct todo *todo;

    if (!node)
        return;
    todo = pool_add(l, &l->work);
    if (todo)
        *todo = (struct todo){ node, scope, mode };
}

/* Parameters are bound first, so that their slots come first. */
static void walk_function(struct lower *l, uint32_t node, uint32_t scope)
{
    struct py_node *n = &l->t.nodes[node];
    uint32_t inner = scope_new(l, SCOPED_FUNCTION, scope, node);

    if (l->failed)
        return;
    for (uint32_t i = n->a; i; i = node_of(l, i)->next)
        bind(l, inner, node_of(l, i)->atom);
    if (n->kind == N_FUNCTION) {
        bind(l, scope, n->atom);
        later(l, n->c, scope, MODE_PLAIN);
        for (uint32_t i = n->c; i; i = node_of(l, i)->next)
            if (node_of(l, i)->kind == N_TYPE_PARAMS)
                later(l, node_of(l, i)->a, inner, MODE_PLAIN);
    }
    later(l, n->a, scope, MODE_PLAIN);
    later(l, n->kind == N_LAMBDA ? n->b : node_of(l, n->b)->a, inner, MODE_PLAIN);
    *scope_field(l, node) = inner;
}

static void walk_class(struct lower *l, uint32_t node, uint32_t scope)
{
    struct py_node *n = &l->t.nodes[node];
    uint32_t inner = scope_new(l, SCOPED_CLASS, scope, node);

    bind(l, scope, n->atom);
    for (uint32_t i = n->c; i; i = node_of(l, i)->next)
        if (node_of(l, i)->kind == N_TYPE_PARAMS)
            later(l, node_of(l, i)->a, inner, MODE_PLAIN);
    later(l, n->c, scope, MODE_PLAIN);
    later(l, n->a, scope, MODE_PLAIN);
    later(l, node_of(l, n->b)->a, inner, MODE_PLAIN);
    *scope_field(l, node) = inner;
}

/* The first iterable is the outer scope's. */
static void walk_comprehension(struct lower *l, uint32_t node, uint32_t scope)
{
    const struct py_node *n = node_of(l, node);
    uint32_t inner = scope_new(l, SCOPED_COMP, scope, node);

    for (uint32_t i = n->b; i; i = node_of(l, i)->next) {
        const struct py_node *part = node_of(l, i);

        later(l, part->a, inner, MODE_TARGET);
        later(l, part->b, i == n->b ? scope : inner, MODE_PLAIN);
        later(l, part->c, inner, MODE_PLAIN);
    }
    later(l, n->a, inner, MODE_PLAIN);
    *scope_field(l, node) = inner;
}

/* := binds in the function around a comprehension. */
static void walk_named(struct lower *l, const struct py_node *n, uint32_t scope)
{
    uint32_t home = scope;

    while (scope_at(l, home)->sort == SCOPED_COMP)
        home = scope_at(l, home)->parent;
    bind(l, home, node_of(l, n->a)->atom);
    later(l, n->b, scope, MODE_PLAIN);
}

static void walk_declaration(struct lower *l, const struct py_node *n, uint32_t scope)
{
    bool global = n->kind == N_GLOBAL;

    for (uint32_t i = n->a; i; i = node_of(l, i)->next) {
        note(l, scope, node_of(l, i)->atom, global ? SYMBOL_GLOBAL : SYMBOL_NONLOCAL);
        if (global)
            bind(l, 0, node_of(l, i)->atom);
    }
}

static void walk_imports(struct lower *l, const struct py_node *n, uint32_t scope)
{
    for (uint32_t i = n->a; i; i = node_of(l, i)->next) {
        const struct py_node *alias = node_of(l, i);

        bind(l, scope, alias->atom ? alias->atom : node_of(l, alias->a)->atom);
    }
}

static void walk_target(struct lower *l, const struct py_node *n, uint32_t scope)
{
    if (n->kind == N_NAME)
        bind(l, scope, n->atom);
    else
        later(l, n->a, scope,
              n->kind == N_TUPLE || n->kind == N_LIST || n->kind == N_STARRED ? MODE_TARGET
                                                                              : MODE_PLAIN);
    if (n->kind == N_SUBSCRIPT)
        later(l, n->b, scope, MODE_PLAIN);
}

/* Statements with targets, and whatever binds a name by its atom. */
static void walk_other(struct lower *l, const struct py_node *n, uint32_t scope)
{
    enum mode a = MODE_PLAIN, b = MODE_PLAIN;

    switch (n->kind) {
    case N_ASSIGN:
    case N_AUGASSIGN:
    case N_ANNASSIGN:
    case N_DELETE:
        a = MODE_TARGET;
        break;
    case N_WITH_ITEM:
        b = MODE_TARGET;
        break;
    case N_HANDLER:
    case N_TYPE_PARAM:
    case N_TYPE_ALIAS:
    case N_PATTERN_CAPTURE:
    case N_PATTERN_AS:
    case N_PATTERN_STAR:
    case N_PATTERN_MAPPING:
        bind(l, scope, n->atom);
        break;
    default:
        break;
    }
    later(l, n->a, scope, a);
    later(l, n->b, scope, b);
    later(l, n->c, scope, MODE_PLAIN);
}

static void walk_for(struct lower *l, const struct py_node *n, uint32_t scope)
{
    walk_target(l, node_of(l, n->a), scope);
    later(l, node_of(l, n->a)->next, scope, MODE_PLAIN);
    later(l, n->b, scope, MODE_PLAIN);
    later(l, n->c, scope, MODE_PLAIN);
}

static void walk_node(struct lower *l, struct todo at)
{
    const struct py_node *n = node_of(l, at.node);

    if (at.mode == MODE_TARGET) {
        walk_target(l, n, at.scope);
        return;
    }
    switch (n->kind) {
    case N_FUNCTION:
    case N_LAMBDA:
        walk_function(l, at.node, at.scope);
        break;
    case N_CLASS:
        walk_class(l, at.node, at.scope);
        break;
    case N_LIST_COMP:
    case N_SET_COMP:
    case N_DICT_COMP:
    case N_GENERATOR:
        walk_comprehension(l, at.node, at.scope);
        break;
    case N_NAMED:
        walk_named(l, n, at.scope);
        break;
    case N_GLOBAL:
    case N_NONLOCAL:
        walk_declaration(l, n, at.scope);
        break;
    case N_IMPORT:
    case N_IMPORT_FROM:
        walk_imports(l, n, at.scope);
        break;
    case N_FOR:
        walk_for(l, n, at.scope);
        break;
    case N_TYPE_PARAMS: /* those of a function or class are its body's own */
        break;
    default:
        walk_other(l, n, at.scope);
    }
}

/* What was put off last comes first: it is turned round, so that the text's order is kept. */
static void turn(struct lower *l, uint32_t from)
{
    struct todo *list = l->work.p;

    for (uint32_t i = from, k = l->work.n; k > i + 1; i++, k--) {
        struct todo kept = list[i];

        list[i] = list[k - 1];
        list[k - 1] = kept;
    }
}

void lower_scopes(struct lower *l)
{
    (void)pool_add(l, &l->symbols);
    (void)scope_new(l, SCOPED_MODULE, NOWHERE, l->t.root);
    if (!l->failed && slots_grow(l))
        later(l, node_of(l, l->t.root)->a, 0, MODE_PLAIN);
    while (l->work.n && !l->failed) {
        struct todo at = ((struct todo *)l->work.p)[--l->work.n];
        uint32_t from = l->work.n;

        if (lower_enter(l)) {
            walk_node(l, at);
            later(l, node_of(l, at.node)->next, at.scope, (enum mode)at.mode);
            turn(l, from);
        }
        lower_leave(l);
    }
}

/* ---- answers ---- */

static void captured(struct lower *l, const struct lower_symbol *symbol)
{
    l->m->functions[symbol->function].vars[symbol->slot].captured = true;
}

/* Of a symbol that is bound, seen from the function at hand. */
static struct ir_ins place_of(struct lower *l, const struct lower_symbol *symbol)
{
    struct ir_ins at = { .sub = IR_LOCAL, .a = symbol->slot };

    if (symbol->slot == NOWHERE)
        return (struct ir_ins){ .sub = IR_GLOBAL };
    if (scope_at(l, symbol->scope)->sort == SCOPED_CLASS)
        at.sub = IR_CLASSED;
    if (symbol->function != l->function) {
        at.sub = IR_CELL;
        at.b = symbol->function;
        captured(l, symbol);
    }
    return at;
}

struct ir_ins lower_variable(struct lower *l, uint32_t atom)
{
    struct ir_ins at = { .sub = IR_BUILTIN };

    for (uint32_t scope = l->scope; scope != NOWHERE; scope = scope_at(l, scope)->parent) {
        const struct lower_symbol *symbol;
        uint32_t found = *slot_of(l, scope, atom);

        if (!found || (scope_at(l, scope)->sort == SCOPED_CLASS && scope != l->scope))
            continue;
        symbol = symbol_at(l, found);
        if (symbol->flags & SYMBOL_GLOBAL) {
            at.sub = IR_GLOBAL;
            break;
        }
        if (symbol->flags & SYMBOL_NONLOCAL)
            continue;
        at = place_of(l, symbol);
        break;
    }
    at.name = lower_name(l, atom);
    return at;
}

void lower_vars(struct lower *l)
{
    const struct lower_function *functions = l->functions.p;

    for (uint32_t i = 0; i < l->functions.n; i++) {
        struct ir_function *f = &l->m->functions[i];

        f->vars_n = functions[i].vars_n;
        f->vars = arena_array(l->arena, f->vars_n, sizeof *f->vars);
        if (!f->vars) {
            lower_refuse(l, "too much to keep");
            return;
        }
    }
    for (uint32_t i = 1; i < l->symbols.n; i++) {
        const struct lower_symbol *symbol = symbol_at(l, i);

        if (symbol->slot != NOWHERE)
            l->m->functions[symbol->function].vars[symbol->slot].name = lower_name(l, symbol->atom);
    }
}
