/*
 * Scopes, what is bound in them, and which binding each name means: one walk over
 * the tree, as Python/symtable.c of CPython sees it. Names that no scope binds are left
 * with no symbol: they are built-in, or from a star import.
 */
#include "format/python/analysis.h"

#include "base/compiler.h"

/* Fields of nodes that are free for us: see ast.def. */
#define SYMBOL(n) ((n)->a)   /* of N_NAME */
#define CHAIN(n)  ((n)->b)   /* of N_NAME, N_RETURN, N_YIELD, N_YIELD_FROM */
#define FIELDS    UINT32_MAX /* the scope of attributes */

static void bind_expr(struct analysis *an, uint32_t node, unsigned marks);
static void bind_block(struct analysis *an, uint32_t node);

static struct py_node *at(struct analysis *an, uint32_t node)
{
    return &an->tree->nodes[node];
}

/* ---- symbols ---- */

static uint32_t slot_of(const struct analysis *an, uint32_t scope, uint32_t atom)
{
    uint32_t h = scope * 0x9E3779B1u ^ atom * 0x85EBCA77u;
    uint32_t i = (h ^ h >> 15) & (an->symbol_slots_n - 1);

    while (an->symbol_slots[i] && (an->symbols.list[an->symbol_slots[i]].scope != scope ||
                                   an->symbols.list[an->symbol_slots[i]].atom != atom))
        i = (i + 1) & (an->symbol_slots_n - 1);
    return i;
}

uint32_t symbol_find(const struct analysis *an, uint32_t scope, uint32_t atom)
{
    return an->symbol_slots_n ? an->symbol_slots[slot_of(an, scope, atom)] : 0;
}

static bool more_slots(struct analysis *an)
{
    uint32_t n = an->symbol_slots_n ? an->symbol_slots_n * 2 : 256;
    uint32_t *slots = scan_map(an->s, n * sizeof *slots);

    if (!slots) {
        an->failed = true;
        return false;
    }
    scan_unmap(an->s, an->symbol_slots, an->symbol_slots_n * sizeof *slots);
    an->symbol_slots = slots;
    an->symbol_slots_n = n;
    for (uint32_t i = 1; i < an->symbols.n; i++)
        slots[slot_of(an, an->symbols.list[i].scope, an->symbols.list[i].atom)] = i;
    return true;
}

/* The symbol of a name in a scope, made where there is none; 0 without memory. */
static uint32_t symbol_in(struct analysis *an, uint32_t scope, uint32_t atom)
{
    uint32_t i;

    if (an->symbols.n * 2 >= an->symbol_slots_n && !more_slots(an))
        return 0;
    i = slot_of(an, scope, atom);
    if (an->symbol_slots[i])
        return an->symbol_slots[i];
    if (!GROW(an, an->symbols))
        return 0;
    an->symbols.list[an->symbols.n] = (struct symbol){ .atom = atom, .scope = scope };
    return an->symbol_slots[i] = an->symbols.n++;
}

static uint32_t binding_new(struct analysis *an, enum binding_kind kind, uint32_t node, uint32_t of,
                            uint32_t off)
{
    if (!GROW(an, an->bindings))
        return 0;
    an->bindings.list[an->bindings.n] = (struct binding){ .kind = (uint8_t)kind,
                                                          .node = node,
                                                          .of = of,
                                                          .off = off,
                                                          .until = an->until,
                                                          .fork = an->fork,
                                                          .arm = an->arm,
                                                          .loop = an->loop,
                                                          .conditional = an->branches > 0 };
    return an->bindings.n++;
}

static void attach(struct analysis *an, uint32_t symbol, uint32_t binding)
{
    struct symbol *s = &an->symbols.list[symbol];

    if (!symbol || !binding)
        return;
    if (s->scope != an->scope) { /* made by a function, if that is called */
        an->bindings.list[binding].conditional = true;
        an->bindings.list[binding].until = 0;
        an->bindings.list[binding].fork = 0;
    }
    if (s->last)
        an->bindings.list[s->last].next = binding;
    else
        s->first = binding;
    s->last = binding;
}

/* The kind of statement that declared a name in the scope: N_GLOBAL, N_NONLOCAL, or 0. */
static uint8_t declared(struct analysis *an, uint32_t scope, uint32_t atom)
{
    for (uint32_t n = an->scopes.list[scope].globals; n; n = CHAIN(at(an, n)))
        if (at(an, n)->atom == atom)
            return at(an, n)->op;
    return 0;
}

/* The scope in which a binding of the name made here takes effect. */
static uint32_t home_of(struct analysis *an, uint32_t atom)
{
    uint32_t scope = an->scope;

    while (an->scopes.list[scope].parent != scope) {
        uint8_t how = declared(an, scope, atom);

        if (how == N_GLOBAL)
            return 0;
        if (!how && an->scopes.list[scope].kind != S_COMPREHENSION)
            break;
        scope = an->scopes.list[scope].parent;
    }
    return scope;
}

/* A comprehension's own variables stay in it. */
static uint32_t home_of_target(struct analysis *an, uint32_t atom, bool inner)
{
    return inner ? an->scope : home_of(an, atom);
}

static uint32_t part_of(struct analysis *an, enum binding_kind kind, uint32_t place, uint32_t whole,
                        uint32_t off)
{
    return whole ? binding_new(an, kind, place, whole, off) : 0;
}

/* An attribute that is set, on whatever: a field of that name. */
static void bind_field(struct analysis *an, uint32_t atom, uint32_t binding)
{
    uint32_t symbol = symbol_in(an, FIELDS, atom);

    if (atom < an->atoms_n)
        an->fields[atom] = symbol;
    attach(an, symbol, binding);
}

/* In a class a name is an attribute of its instances as well. */
static void bind_class_field(struct analysis *an, uint32_t scope, uint32_t atom, uint32_t binding)
{
    if (binding && an->scopes.list[scope].kind == S_CLASS)
        bind_field(an, atom, part_of(an, B_SAME, 0, binding, an->bindings.list[binding].off));
}

static void bind_atom(struct analysis *an, uint32_t atom, uint32_t binding)
{
    uint32_t home = home_of(an, atom);

    if (!atom)
        return;
    attach(an, symbol_in(an, home, atom), binding);
    bind_class_field(an, home, atom, binding);
}

/* ---- scopes ---- */

static uint32_t scope_open(struct analysis *an, enum scope_kind kind, uint32_t node)
{
    uint32_t up = an->scope;

    if (!GROW(an, an->scopes))
        return an->scope;
    an->scopes.list[an->scopes.n] = (struct scope){ .kind = (uint8_t)kind,
                                                    .node = node,
                                                    .parent = kind == S_MODULE ? 0 : up,
                                                    .off = at(an, node)->off,
                                                    .end = at(an, node)->end };
    an->scope = an->scopes.n++;
    return up;
}

/* A name's use is its scope's, or goes on to the next one that a name in there can see. */
static void settle_uses(struct analysis *an, uint32_t scope)
{
    struct scope *s = &an->scopes.list[scope];
    uint32_t outer = s->parent, next;

    while (an->scopes.list[outer].kind == S_CLASS) /* its names are not seen from within */
        outer = an->scopes.list[outer].parent;
    for (uint32_t n = s->uses; n; n = next) {
        struct py_node *name = at(an, n);

        uint32_t to = outer;

        next = CHAIN(name);
        CHAIN(name) = 0;
        SYMBOL(name) = symbol_find(an, scope, name->atom);
        if (SYMBOL(name) || scope == outer)
            continue;
        if (s->globals && declared(an, scope, name->atom) == N_GLOBAL)
            to = 0;
        CHAIN(name) = an->scopes.list[to].uses;
        an->scopes.list[to].uses = n;
    }
    s->uses = 0;
}

static void scope_close(struct analysis *an, uint32_t up)
{
    settle_uses(an, an->scope);
    an->scope = up;
}

/* ---- targets ---- */

static void bind_target(struct analysis *an, uint32_t node, uint32_t binding, bool inner);

static void bind_targets(struct analysis *an, uint32_t first, uint32_t whole, bool inner)
{
    uint32_t place = 0;
    bool starred = false;

    for (uint32_t n = first; n; n = at(an, n)->next, place++) {
        bool star = at(an, n)->kind == N_STARRED;

        starred |= star;
        bind_target(an, star ? at(an, n)->a : n,
                    part_of(an,
                            star      ? B_REST
                            : starred ? B_PART
                                      : B_ITEM,
                            place, whole, at(an, n)->off),
                    inner);
    }
}

static void bind_name(struct analysis *an, uint32_t node, uint32_t binding, bool inner)
{
    struct py_node *name = at(an, node);
    uint32_t symbol = symbol_in(an, home_of_target(an, name->atom, inner), name->atom);

    name->flags |= MARK_STORE;
    SYMBOL(name) = symbol;
    attach(an, symbol, binding);
    bind_class_field(an, home_of_target(an, name->atom, inner), name->atom, binding);
}

/* The symbol that a name means here, as far as it is bound yet; 0: none. */
static uint32_t symbol_here(struct analysis *an, uint32_t atom)
{
    uint32_t scope = an->scope, symbol = 0;

    for (;;) {
        symbol = symbol_find(an, scope, atom);
        if (symbol || scope == 0)
            return symbol;
        scope = an->scopes.list[scope].parent;
    }
}

/* Something is put into what a node means: x[k] = v, x.append(v). */
static void bind_into(struct analysis *an, uint32_t node, uint32_t binding)
{
    struct py_node *n = at(an, node);

    if (!binding)
        return;
    if (n->kind == N_ATTRIBUTE)
        bind_field(an, n->atom, part_of(an, B_STORED, 0, binding, n->off));
    else if (n->kind == N_NAME)
        attach(an, symbol_here(an, n->atom), part_of(an, B_STORED, 0, binding, n->off));
}

static void bind_item(struct analysis *an, uint32_t node, uint32_t binding)
{
    uint32_t whole = at(an, node)->a;

    bind_into(an, whole, binding);
    bind_expr(an, whole, 0);
    bind_expr(an, at(an, node)->b, 0);
}

static void bind_target(struct analysis *an, uint32_t node, uint32_t binding, bool inner)
{
    struct py_node *n = at(an, node);

    switch (n->kind) {
    case N_NAME:
        bind_name(an, node, binding, inner);
        break;
    case N_TUPLE:
    case N_LIST:
        bind_targets(an, n->a, binding, inner);
        break;
    case N_STARRED:
        bind_target(an, n->a, binding, inner);
        break;
    case N_ATTRIBUTE:
        n->flags |= MARK_STORE | MARK_REACHED;
        bind_expr(an, n->a, 0);
        bind_field(an, at(an, node)->atom, binding);
        break;
    case N_SUBSCRIPT:
        n->flags |= MARK_STORE;
        bind_item(an, node, binding);
        break;
    default:
        bind_expr(an, node, 0);
    }
}

/* ---- expressions ---- */

static void bind_list(struct analysis *an, uint32_t first, unsigned marks)
{
    for (uint32_t n = first; n; n = at(an, n)->next)
        bind_expr(an, n, marks);
}

/* isinstance(x, (A, B)) and what else only asks for a type. */
static bool asks_for_type(struct analysis *an, uint32_t callee)
{
    const struct py_node *n = at(an, callee);

    return n->kind == N_NAME && (n->atom == W_isinstance || n->atom == W_issubclass);
}

/* submit(f, x), partial(f, x): f(x), sooner or later; map(f, list): of each element. 0: neither. */
static uint8_t hands_on(const struct py_node *callee)
{
    if (callee->kind != N_NAME && callee->kind != N_ATTRIBUTE)
        return 0;
    switch (callee->atom) {
    case W_partial:
    case W_submit:
    case W_to_thread:
    case W_register:
    case W_callback:
    case W_call_soon:
        return OP_HANDS_ON;
    case W_map:
    case W_filter:
        return OP_MAPS;
    default:
        return 0;
    }
}

static void note_call(struct analysis *an, uint32_t node)
{
    struct py_node *n = at(an, node), *callee = at(an, n->a);

    uint32_t atom = callee->kind == N_NAME || callee->kind == N_ATTRIBUTE ? callee->atom : W_CALL;
    uint8_t how = n->b && !n->op ? hands_on(callee) : 0;
    const struct py_node *first = at(an, n->b);

    if (how && (first->kind == N_NAME || first->kind == N_ATTRIBUTE))
        atom = first->atom;
    else if (how && first->kind == N_LAMBDA)
        an->scopes.list[first->atom].call = node;
    else
        how = 0;
    n->op |= how;
    n->atom = an->calls[atom];
    an->calls[atom] = node;
}

/* partial(f, ...) is a call of f with fewer arguments. */
static bool is_partial(struct analysis *an, uint32_t callee)
{
    uint32_t atom = at(an, callee)->atom;
    uint8_t kind = at(an, callee)->kind;

    return (kind == N_NAME || kind == N_ATTRIBUTE) &&
           (atom == W_partial || atom == W_partialmethod);
}

/* Methods that put their last argument, or what is in it, into what they belong to. */
static void note_mutation(struct analysis *an, uint32_t node)
{
    const struct py_node *callee = at(an, at(an, node)->a);
    uint32_t last = at(an, node)->b;
    bool whole;

    if (callee->kind != N_ATTRIBUTE || !last)
        return;
    switch (callee->atom) {
    case W_append:
    case W_appendleft:
    case W_add:
    case W_insert:
    case W_setdefault:
        whole = false;
        break;
    case W_update:
    case W_extend:
        whole = true;
        break;
    default:
        return;
    }
    while (at(an, last)->next)
        last = at(an, last)->next;
    if (at(an, last)->kind == N_KEYWORD)
        last = at(an, last)->a;
    bind_into(an, callee->a,
              part_of(an, B_SAME, 0,
                      binding_new(an, whole ? B_SPREAD : B_VALUE, last, 0, callee->off),
                      callee->off));
}

/* setattr(x, "name", v), SimpleNamespace(name=v): attributes without their syntax. */
static void note_attributes(struct analysis *an, uint32_t node)
{
    const struct py_node *callee = at(an, at(an, node)->a);
    uint32_t first = at(an, node)->b;

    if (callee->atom == W_setattr && first && at(an, first)->next) {
        uint32_t name = at(an, first)->next, value = at(an, name)->next;
        struct span text = py_node_text(an->tree, at(an, name));

        if (!value || at(an, name)->kind != N_STR || text.n < 3)
            return;
        text = (struct span){ text.p + 1, text.n - 2 };
        bind_field(an, py_atom(&an->tree->atoms, text, py_hash(text), false),
                   binding_new(an, B_VALUE, value, 0, at(an, value)->off));
    }
    if (callee->atom == W_SimpleNamespace || callee->atom == W_Namespace)
        for (uint32_t n = first; n; n = at(an, n)->next)
            if (at(an, n)->kind == N_KEYWORD)
                bind_field(an, at(an, n)->atom,
                           binding_new(an, B_VALUE, at(an, n)->a, 0, at(an, n)->off));
}

/* globals() and its kin, as far as the name tells. */
static bool is_namespace(struct analysis *an, uint32_t node)
{
    const struct py_node *n = at(an, node), *f = at(an, n->a);

    return n->kind == N_CALL && f->kind == N_NAME &&
           (f->atom == W_globals || f->atom == W_locals || f->atom == W_vars);
}

/* hasattr(os, "fork"): the module goes nowhere. */
static void note_look(struct analysis *an, uint32_t node)
{
    const struct py_node *callee = at(an, at(an, node)->a);
    uint32_t first = at(an, node)->b;

    an->unbinds |=
        callee->kind == N_NAME
            ? callee->atom == W_delattr
            : callee->kind == N_ATTRIBUTE && is_namespace(an, callee->a) &&
                  (callee->atom == W_pop || callee->atom == W_popitem || callee->atom == W_clear);

    if (callee->kind == N_NAME && first && at(an, first)->kind == N_NAME &&
        (callee->atom == W_getattr || callee->atom == W_hasattr || callee->atom == W_setattr ||
         callee->atom == W_delattr || callee->atom == W_dir || callee->atom == W_vars))
        at(an, first)->op = OP_LOOKED_AT;
}

static void bind_call_args(struct analysis *an, uint32_t node, bool type)
{
    note_look(an, node);
    if (at(an, node)->b && is_partial(an, at(an, node)->a))
        at(an, at(an, node)->b)->flags |= MARK_CALLEE;
    for (uint32_t n = at(an, node)->b; n; n = at(an, n)->next) {
        struct py_node *arg = at(an, n);
        bool wrapped =
            arg->kind == N_KEYWORD || arg->kind == N_STARRED || arg->kind == N_DOUBLE_STARRED;

        bind_expr(an, wrapped ? arg->a : n, type ? MARK_TYPE : MARK_HANDED);
    }
}

static uint32_t bind_args(struct analysis *an, uint32_t first, uint32_t scope)
{
    for (uint32_t n = first; n; n = at(an, n)->next)
        bind_atom(an, at(an, n)->atom, binding_new(an, B_ARG, n, scope, at(an, n)->off));
    return first;
}

static void bind_defaults(struct analysis *an, uint32_t first)
{
    for (uint32_t n = first; n; n = at(an, n)->next) {
        bind_expr(an, at(an, n)->a, MARK_NOTE);
        bind_expr(an, at(an, n)->b, MARK_HANDED);
    }
}

static void bind_lambda(struct analysis *an, uint32_t node)
{
    unsigned branches = an->branches;
    uint32_t up;

    bind_defaults(an, at(an, node)->a);
    up = scope_open(an, S_LAMBDA, node);
    an->branches = 0;
    bind_args(an, at(an, node)->a, an->scope);
    at(an, node)->atom = an->scope; /* an N_LAMBDA has no name of its own */
    bind_expr(an, at(an, node)->b, MARK_HANDED);
    an->branches = branches;
    scope_close(an, up);
}

/* The first iterable is evaluated outside, all else within. */
static void bind_comprehension(struct analysis *an, uint32_t node)
{
    uint32_t loop = at(an, node)->b, first = loop, up;

    bind_expr(an, at(an, loop)->b, 0);
    up = scope_open(an, S_COMPREHENSION, node);
    for (; loop; loop = at(an, loop)->next) {
        uint32_t iterable = at(an, loop)->b;
        uint32_t whole = binding_new(an, B_VALUE, iterable, 0, at(an, loop)->off);

        if (loop != first)
            bind_expr(an, iterable, 0);
        bind_target(an, at(an, loop)->a, part_of(an, B_EACH, 0, whole, at(an, loop)->off), true);
        bind_list(an, at(an, loop)->c, 0);
    }
    bind_expr(an, at(an, node)->a, MARK_HANDED);
    scope_close(an, up);
}

static void bind_fstring(struct analysis *an, uint32_t first)
{
    for (uint32_t n = first; n; n = at(an, n)->next)
        if (at(an, n)->kind == N_FVALUE) {
            bind_expr(an, at(an, n)->a, 0);
            bind_fstring(an, at(an, n)->b);
        }
}

static void bind_use(struct analysis *an, uint32_t node)
{
    struct py_node *n = at(an, node);

    SYMBOL(n) = 0;
    n->c = 0;
    CHAIN(n) = an->scopes.list[an->scope].uses;
    an->scopes.list[an->scope].uses = node;
}

static void bind_yield(struct analysis *an, uint32_t node)
{
    uint32_t scope = an->scope;

    bind_expr(an, at(an, node)->a, MARK_HANDED);
    while (an->scopes.list[scope].kind == S_COMPREHENSION)
        scope = an->scopes.list[scope].parent;
    CHAIN(at(an, node)) = an->scopes.list[scope].yields;
    an->scopes.list[scope].yields = node;
}

/* Everything but chains that lean to the left; those are followed in bind_expr(). */
static void bind_other(struct analysis *an, uint32_t node, unsigned marks)
{
    struct py_node *n = at(an, node);

    switch (n->kind) {
    case N_NAME:
        bind_use(an, node);
        break;
    case N_FSTRING:
        bind_fstring(an, n->a);
        break;
    case N_STRINGS:
        bind_list(an, n->a, 0);
        break;
    case N_LAMBDA:
        bind_lambda(an, node);
        break;
    case N_LIST_COMP:
    case N_SET_COMP:
    case N_DICT_COMP:
    case N_GENERATOR:
        bind_comprehension(an, node);
        break;
    case N_NAMED:
        bind_expr(an, n->b, marks);
        n = at(an, node);
        bind_name(an, n->a, binding_new(an, B_VALUE, n->b, 0, n->off), false);
        break;
    case N_YIELD:
    case N_YIELD_FROM:
        bind_yield(an, node);
        break;
    case N_TUPLE:
    case N_LIST:
    case N_SET:
        bind_list(an, n->a, marks & MARK_TYPE ? MARK_TYPE : MARK_HANDED);
        break;
    case N_DICT:
        bind_list(an, n->a, MARK_HANDED);
        break;
    case N_BOOL:
        bind_list(an, n->a, marks);
        break;
    case N_IF_ELSE:
        bind_expr(an, n->a, 0);
        bind_expr(an, at(an, node)->b, marks);
        bind_expr(an, at(an, node)->c, marks);
        break;
    case N_SLICE:
        bind_expr(an, n->a, 0);
        bind_expr(an, at(an, node)->b, 0);
        bind_expr(an, at(an, node)->c, 0);
        break;
    case N_DICT_ITEM:
        bind_expr(an, n->a, 0);
        bind_expr(an, at(an, node)->b, marks);
        break;
    case N_UNARY:
    case N_AWAIT:
    case N_STARRED:
    case N_DOUBLE_STARRED:
    case N_KEYWORD:
    case N_COMPARE_ITEM:
        bind_expr(an, n->a, marks);
        break;
    default:
        break;
    }
}

/* What is right of the spine of a chain; returns what is left of it, or 0. */
static uint32_t bind_right(struct analysis *an, uint32_t node, unsigned marks)
{
    struct py_node *n = at(an, node);
    uint32_t left = n->a;

    switch (n->kind) {
    case N_ATTRIBUTE:
        at(an, left)->flags |= MARK_BASE;
        return left;
    case N_SUBSCRIPT:
        bind_expr(an, n->b, marks & (MARK_NOTE | MARK_TYPE));
        return left;
    case N_BINARY:
        bind_expr(an, n->b, marks & (MARK_NOTE | MARK_TYPE));
        return left;
    case N_COMPARE:
        bind_list(an, n->b, 0);
        return left;
    case N_CALL:
        bind_call_args(an, node, asks_for_type(an, left));
        at(an, left)->flags |= MARK_CALLEE;
        note_call(an, node);
        note_mutation(an, node);
        note_attributes(an, node);
        return left;
    default:
        return 0;
    }
}

/* Only what a statement leads to is told: the parser may leave nodes that nothing uses. */
static void reach(struct analysis *an, uint32_t node, unsigned marks)
{
    struct py_node *n = at(an, node);

    n->flags |= (uint16_t)marks;
    if (n->kind == N_NAME || n->kind == N_ATTRIBUTE || n->kind == N_CALL || n->kind == N_SUBSCRIPT)
        n->flags |= MARK_REACHED;
}

static void bind_expr(struct analysis *an, uint32_t node, unsigned marks)
{
    while (node) {
        uint32_t left;

        reach(an, node, marks);
        left = bind_right(an, node, marks);
        if (!left)
            break;
        marks &= MARK_NOTE | MARK_TYPE;
        if (at(an, node)->kind == N_CALL && at(an, left)->kind == N_LAMBDA) {
            bind_expr(an, left, marks);
            an->scopes.list[at(an, left)->atom].call = node;
            return;
        }
        node = left;
    }
    if (node)
        bind_other(an, node, marks);
}

/* ---- statements ---- */

/* What is called, or makes a class, without a call's syntax. */
static void bind_decorators(struct analysis *an, uint32_t first)
{
    for (uint32_t n = first; n; n = at(an, n)->next)
        if (at(an, n)->kind == N_DECORATOR) {
            at(an, at(an, n)->a)->op = OP_DECORATES;
            bind_expr(an, at(an, n)->a, MARK_HANDED);
        }
}

/* Bounds and defaults of type parameters; the names themselves are of no interest. */
static void bind_type_params(struct analysis *an, uint32_t first)
{
    for (uint32_t n = first; n; n = at(an, n)->next)
        for (uint32_t p = at(an, n)->kind == N_TYPE_PARAMS ? at(an, n)->a : 0; p;
             p = at(an, p)->next) {
            bind_expr(an, at(an, p)->a, MARK_NOTE);
            bind_expr(an, at(an, p)->b, MARK_NOTE);
        }
}

/* Whether one of the function's decorators is called a or b. */
static bool is_decorated(struct analysis *an, uint32_t function, uint32_t a, uint32_t b)
{
    for (uint32_t n = at(an, function)->c; n; n = at(an, n)->next) {
        const struct py_node *d = at(an, at(an, n)->a);

        if (at(an, n)->kind == N_DECORATOR && (d->kind == N_NAME || d->kind == N_ATTRIBUTE) &&
            (d->atom == a || d->atom == b))
            return true;
    }
    return false;
}

/* @property: reading it is calling it. */
static bool is_property(struct analysis *an, uint32_t function)
{
    return is_decorated(an, function, W_property, W_cached_property);
}

static void bind_function(struct analysis *an, uint32_t node)
{
    unsigned branches = an->branches;
    uint32_t up, inner, binding, loop = an->loop, fork = an->fork;

    bind_decorators(an, at(an, node)->c);
    for (uint32_t n = at(an, node)->c; n; n = at(an, n)->next)
        if (at(an, n)->kind == N_RETURNS)
            bind_expr(an, at(an, n)->a, MARK_NOTE);
    bind_type_params(an, at(an, node)->c);
    bind_defaults(an, at(an, node)->a);
    up = scope_open(an, S_FUNCTION, node);
    inner = an->scope;
    an->scope = up;
    an->scopes.list[inner].name = at(an, node)->atom;
    an->scopes.list[inner].is_static = is_decorated(an, node, W_staticmethod, W_staticmethod);
    binding = binding_new(an, is_property(an, node) ? B_PROPERTY : B_FUNC, node, inner,
                          at(an, node)->off);
    bind_atom(an, at(an, node)->atom, binding);
    an->scope = inner;
    an->branches = 0;
    an->fork = 0;
    an->loop = 0;
    bind_args(an, at(an, node)->a, inner);
    bind_block(an, at(an, node)->b);
    an->branches = branches;
    an->fork = fork;
    an->loop = loop;
    scope_close(an, up);
}

static void bind_class(struct analysis *an, uint32_t node)
{
    uint32_t up, inner;
    unsigned branches = an->branches;
    uint32_t fork = an->fork;

    bind_decorators(an, at(an, node)->c);
    bind_type_params(an, at(an, node)->c);
    for (uint32_t n = at(an, node)->a; n; n = at(an, n)->next) {
        bool keyword = at(an, n)->kind == N_KEYWORD;

        if (keyword) /* metaclass=, or what __init_subclass__ is given */
            at(an, at(an, n)->a)->op = OP_DECORATES;
        bind_expr(an, keyword ? at(an, n)->a : n, MARK_HANDED);
    }
    up = scope_open(an, S_CLASS, node);
    inner = an->scope;
    an->scope = up;
    an->scopes.list[inner].name = at(an, node)->atom;
    bind_atom(an, at(an, node)->atom, binding_new(an, B_CLASS, node, inner, at(an, node)->off));
    an->scope = inner;
    an->branches = 0;
    an->fork = 0;
    bind_block(an, at(an, node)->b);
    an->branches = branches;
    an->fork = fork;
    scope_close(an, up);
}

/* A lambda is called by the name that it is given. */
static void name_lambda(struct analysis *an, uint32_t target, uint32_t value)
{
    const struct py_node *n = at(an, target);

    if (at(an, value)->kind == N_LAMBDA && (n->kind == N_NAME || n->kind == N_ATTRIBUTE))
        an->scopes.list[at(an, value)->atom].name = n->atom;
}

static void bind_assign(struct analysis *an, uint32_t node)
{
    uint32_t value = at(an, node)->b;
    uint32_t whole;

    bind_expr(an, value, 0);
    for (uint32_t n = at(an, node)->a; n; n = at(an, n)->next) {
        whole = binding_new(an, B_VALUE, value, 0, at(an, node)->end);
        bind_target(an, n, whole, false);
        name_lambda(an, n, value);
    }
}

static void bind_annotated(struct analysis *an, uint32_t node)
{
    uint32_t value = at(an, node)->c;
    uint32_t whole = value ? binding_new(an, B_VALUE, value, 0, at(an, node)->end) : 0;

    bind_expr(an, at(an, node)->b, MARK_NOTE);
    if (value)
        bind_expr(an, value, 0);
    bind_target(an, at(an, node)->a, whole, false);
}

static void bind_augmented(struct analysis *an, uint32_t node)
{
    uint32_t target = at(an, node)->a;

    bind_expr(an, at(an, node)->b, 0);
    if (at(an, target)->kind != N_NAME) {
        bind_expr(an, target, 0);
        return;
    }
    bind_name(an, target, binding_new(an, B_AUG, node, 0, at(an, node)->off), false);
}

static void bind_import(struct analysis *an, uint32_t node)
{
    at(an, node)->flags |= MARK_REACHED;
    for (uint32_t n = at(an, node)->a; n; n = at(an, n)->next) {
        uint32_t as = at(an, n)->atom;
        uint32_t first = at(an, at(an, n)->a)->atom;

        if (an->scopes.list[an->scope].kind == S_CLASS)
            at(an, n)->op = OP_IN_CLASS;
        bind_atom(an, as ? as : first, binding_new(an, B_IMPORT, n, as != 0, at(an, n)->off));
    }
}

static void bind_import_from(struct analysis *an, uint32_t node)
{
    at(an, node)->flags |= MARK_REACHED;
    if (at(an, node)->flags & PYN_STAR && GROW(an, an->stars))
        an->stars.list[an->stars.n++] = node;
    for (uint32_t n = at(an, node)->a; n; n = at(an, n)->next) {
        uint32_t as = at(an, n)->atom;
        uint32_t name = at(an, at(an, n)->a)->atom;

        bind_atom(an, as ? as : name, binding_new(an, B_FROM, n, node, at(an, n)->off));
    }
}

/* What is bound from here on need not be, but is to the end of a node; gives what held before. */
static uint32_t branch_open(struct analysis *an, uint32_t node)
{
    uint32_t until = an->until;

    an->branches++;
    an->until = at(an, node)->end;
    return until;
}

static void branch_close(struct analysis *an, uint32_t until)
{
    an->branches--;
    an->until = until;
}

/* One block of a statement of which one block is executed. */
static void bind_arm(struct analysis *an, uint32_t block, uint32_t fork, uint32_t arm)
{
    uint32_t until = branch_open(an, block), outer = an->fork, outer_arm = an->arm;

    an->fork = an->branches == 1 ? fork : 0;
    an->arm = arm;
    bind_block(an, block);
    an->fork = outer;
    an->arm = outer_arm;
    branch_close(an, until);
}

static void bind_branch(struct analysis *an, uint32_t block)
{
    bind_arm(an, block, 0, 0);
}

static void bind_if(struct analysis *an, uint32_t node)
{
    uint32_t fork = node, arm = 0;

    while (node && at(an, node)->kind == N_IF) {
        bind_expr(an, at(an, node)->a, 0);
        bind_arm(an, at(an, node)->b, fork, arm++);
        node = at(an, node)->c;
    }
    bind_arm(an, node, fork, arm);
}

static void bind_for(struct analysis *an, uint32_t node)
{
    uint32_t target = at(an, node)->a, iterable = at(an, target)->next, outer = an->loop;
    uint32_t until, fork = an->fork;
    uint32_t whole = binding_new(an, B_VALUE, iterable, 0, at(an, node)->off);

    bind_expr(an, iterable, 0);
    until = branch_open(an, at(an, node)->b);
    an->fork = 0;
    bind_target(an, target, part_of(an, B_EACH, 0, whole, at(an, node)->off), false);
    an->fork = fork;
    branch_close(an, until);
    an->loop = node;
    bind_branch(an, at(an, node)->b);
    an->loop = outer;
    bind_branch(an, at(an, node)->c);
}

static void bind_with(struct analysis *an, uint32_t node)
{
    for (uint32_t n = at(an, node)->a; n; n = at(an, n)->next) {
        uint32_t whole = binding_new(an, B_VALUE, at(an, n)->a, 0, at(an, n)->off);

        bind_expr(an, at(an, n)->a, 0);
        if (at(an, n)->b)
            bind_target(an, at(an, n)->b, part_of(an, B_ENTER, 0, whole, at(an, n)->off), false);
    }
    bind_branch(an, at(an, node)->b); /* it may be left early, and that be suppressed */
}

static void bind_try(struct analysis *an, uint32_t node)
{
    uint32_t rest = at(an, node)->c, until, arm = 1;
    uint32_t outer = an->fork, outer_arm = an->arm;

    bind_arm(an, at(an, node)->a, node, 0);
    for (uint32_t n = at(an, node)->b; n; n = at(an, n)->next) {
        bind_expr(an, at(an, n)->a, MARK_TYPE);
        until = branch_open(an, n);
        bind_atom(an, at(an, n)->atom, binding_new(an, B_NOTHING, n, 0, at(an, n)->off));
        an->fork = an->branches == 1 ? node : 0;
        an->arm = arm++;
        bind_block(an, at(an, n)->b);
        an->fork = outer;
        an->arm = outer_arm;
        branch_close(an, until);
    }
    if (rest) { /* else: with the body */
        bind_arm(an, rest, node, 0);
        rest = at(an, rest)->next;
    }
    for (; rest; rest = at(an, rest)->next)
        bind_branch(an, rest);
}

static void bind_pattern(struct analysis *an, uint32_t node, uint32_t whole);

static void bind_patterns(struct analysis *an, uint32_t first, uint32_t whole)
{
    for (uint32_t n = first; n; n = at(an, n)->next)
        if (at(an, n)->kind == N_PATTERN_KEYWORD)
            bind_pattern(an, n, whole);
        else
            bind_pattern(an, n, part_of(an, B_PART, 0, whole, at(an, n)->off));
}

static void bind_pattern(struct analysis *an, uint32_t node, uint32_t whole)
{
    struct py_node *n = at(an, node);

    switch (n->kind) {
    case N_PATTERN_VALUE:
        bind_expr(an, n->a, MARK_TYPE);
        break;
    case N_PATTERN_CAPTURE:
    case N_PATTERN_STAR:
        bind_atom(an, n->atom, whole);
        break;
    case N_PATTERN_AS:
        bind_atom(an, n->atom, part_of(an, B_SAME, 0, whole, n->off));
        bind_pattern(an, at(an, node)->a, whole);
        break;
    case N_PATTERN_OR:
        for (uint32_t k = n->a; k; k = at(an, k)->next)
            bind_pattern(an, k, whole);
        break;
    case N_PATTERN_SEQUENCE:
        bind_patterns(an, n->a, whole);
        break;
    case N_PATTERN_MAPPING:
        bind_atom(an, n->atom, part_of(an, B_PART, 0, whole, n->off));
        bind_patterns(an, at(an, node)->a, whole);
        break;
    case N_PATTERN_PAIR:
        bind_expr(an, n->a, 0);
        bind_pattern(an, at(an, node)->b, whole);
        break;
    case N_PATTERN_CLASS:
        bind_expr(an, n->a, MARK_TYPE);
        bind_patterns(an, at(an, node)->b, whole);
        break;
    case N_PATTERN_KEYWORD:
        n->flags |= MARK_REACHED;
        n->b = part_of(an, B_MEMBER, node, whole, n->off);
        bind_pattern(an, n->a, at(an, node)->b);
        break;
    default:
        break;
    }
}

static void bind_match(struct analysis *an, uint32_t node)
{
    uint32_t subject = at(an, node)->a;

    bind_expr(an, subject, 0);
    for (uint32_t n = at(an, node)->b; n; n = at(an, n)->next) {
        uint32_t until = branch_open(an, n);

        bind_pattern(an, at(an, n)->a, binding_new(an, B_VALUE, subject, 0, at(an, n)->off));
        bind_expr(an, at(an, n)->c, 0);
        bind_block(an, at(an, n)->b);
        branch_close(an, until);
    }
}

static void bind_declared(struct analysis *an, uint32_t node)
{
    uint32_t next;

    for (uint32_t n = at(an, node)->a; n; n = next) {
        struct scope *scope = &an->scopes.list[an->scope];

        next = at(an, n)->next;
        at(an, n)->flags |= MARK_STORE;
        at(an, n)->op = at(an, node)->kind;
        CHAIN(at(an, n)) = scope->globals;
        scope->globals = n;
    }
}

static void bind_delete(struct analysis *an, uint32_t node)
{
    for (uint32_t n = at(an, node)->a; n; n = at(an, n)->next)
        if (at(an, n)->kind == N_NAME)
            bind_name(an, n, binding_new(an, B_DELETED, n, 0, at(an, n)->off), false);
        else {
            an->unbinds |= at(an, n)->kind == N_SUBSCRIPT && is_namespace(an, at(an, n)->a);
            bind_expr(an, n, 0);
            at(an, n)->flags |= MARK_STORE; /* what goes is not used */
        }
}

static void bind_return(struct analysis *an, uint32_t node)
{
    struct scope *scope;

    bind_expr(an, at(an, node)->a, MARK_HANDED);
    scope = &an->scopes.list[an->scope];
    CHAIN(at(an, node)) = scope->returns;
    scope->returns = node;
}

static void bind_statement(struct analysis *an, uint32_t node)
{
    struct py_node *n = at(an, node);

    switch (n->kind) {
    case N_EXPR:
        bind_expr(an, n->a, 0);
        break;
    case N_ASSIGN:
        bind_assign(an, node);
        break;
    case N_AUGASSIGN:
        bind_augmented(an, node);
        break;
    case N_ANNASSIGN:
        bind_annotated(an, node);
        break;
    case N_RETURN:
        bind_return(an, node);
        break;
    case N_DELETE:
        bind_delete(an, node);
        break;
    case N_RAISE:
    case N_ASSERT:
        bind_expr(an, n->a, 0);
        bind_expr(an, at(an, node)->b, 0);
        break;
    case N_GLOBAL:
    case N_NONLOCAL:
        bind_declared(an, node);
        break;
    case N_IMPORT:
        bind_import(an, node);
        break;
    case N_IMPORT_FROM:
        bind_import_from(an, node);
        break;
    case N_IF:
        bind_if(an, node);
        break;
    case N_WHILE:
        bind_expr(an, n->a, 0);
        bind_branch(an, at(an, node)->b);
        bind_branch(an, at(an, node)->c);
        break;
    case N_FOR:
        bind_for(an, node);
        break;
    case N_WITH:
        bind_with(an, node);
        break;
    case N_TRY:
        bind_try(an, node);
        break;
    case N_FUNCTION:
        bind_function(an, node);
        break;
    case N_CLASS:
        bind_class(an, node);
        break;
    case N_TYPE_ALIAS:
        bind_expr(an, n->a, MARK_NOTE);
        bind_type_params(an, at(an, node)->c);
        bind_atom(an, at(an, node)->atom, binding_new(an, B_NOTHING, node, 0, at(an, node)->off));
        break;
    case N_MATCH:
        bind_match(an, node);
        break;
    default:
        break;
    }
}

static void bind_block(struct analysis *an, uint32_t node)
{
    if (!node)
        return;
    for (uint32_t n = at(an, node)->a; n && !an->failed; n = at(an, n)->next)
        bind_statement(an, n);
}

void bind_module(struct analysis *an)
{
    (void)symbol_in(an, FIELDS, 0); /* place 0 of each list means none */
    (void)binding_new(an, B_NOTHING, 0, 0, 0);
    (void)scope_open(an, S_MODULE, an->tree->root);
    if (an->failed)
        return;
    bind_block(an, an->tree->root);
    settle_uses(an, 0);
}
