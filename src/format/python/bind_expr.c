/* Expressions: what they bind, which names they use, and what stands where. See bind.h. */
#include "format/python/bind.h"

#include "base/compiler.h"

/* ---- targets ---- */

static void bind_targets(struct analysis *an, uint32_t first, uint32_t whole, bool inner)
{
    uint32_t place = 0;
    bool starred = false;

    for (uint32_t n = first; n; n = node_at(an, n)->next, place++) {
        bool star = node_at(an, n)->kind == N_STARRED;

        starred |= star;
        bind_target(an, star ? node_at(an, n)->a : n,
                    binding_part(an,
                                 star      ? B_REST
                                 : starred ? B_PART
                                           : B_ITEM,
                                 place, whole, node_at(an, n)->off),
                    inner);
    }
}

void bind_name(struct analysis *an, uint32_t node, uint32_t binding, bool inner)
{
    struct py_node *name = node_at(an, node);
    uint32_t symbol = symbol_in(an, symbol_home(an, name->atom, inner), name->atom);

    name->flags |= MARK_STORE;
    SYMBOL(name) = symbol;
    symbol_attach(an, symbol, binding);
    bind_class_field(an, symbol_home(an, name->atom, inner), name->atom, binding);
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
    struct py_node *n = node_at(an, node);

    if (!binding)
        return;
    if (n->kind == N_ATTRIBUTE)
        bind_field(an, n->atom, binding_part(an, B_STORED, 0, binding, n->off));
    else if (n->kind == N_NAME)
        symbol_attach(an, symbol_here(an, n->atom), binding_part(an, B_STORED, 0, binding, n->off));
}

static void bind_item(struct analysis *an, uint32_t node, uint32_t binding)
{
    uint32_t whole = node_at(an, node)->a;

    bind_into(an, whole, binding);
    bind_expr(an, whole, 0);
    bind_expr(an, node_at(an, node)->b, 0);
}

void bind_target(struct analysis *an, uint32_t node, uint32_t binding, bool inner)
{
    struct py_node *n = node_at(an, node);

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
        bind_field(an, node_at(an, node)->atom, binding);
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

void bind_list(struct analysis *an, uint32_t first, unsigned marks)
{
    for (uint32_t n = first; n; n = node_at(an, n)->next)
        bind_expr(an, n, marks);
}

/* isinstance(x, (A, B)) and what else only asks for a type. */
static bool asks_for_type(struct analysis *an, uint32_t callee)
{
    const struct py_node *n = node_at(an, callee);

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
    struct py_node *n = node_at(an, node), *callee = node_at(an, n->a);

    uint32_t atom = callee->kind == N_NAME || callee->kind == N_ATTRIBUTE ? callee->atom : W_CALL;
    uint8_t how = n->b && !n->op ? hands_on(callee) : 0;
    const struct py_node *first = node_at(an, n->b);

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
    uint32_t atom = node_at(an, callee)->atom;
    uint8_t kind = node_at(an, callee)->kind;

    return (kind == N_NAME || kind == N_ATTRIBUTE) &&
           (atom == W_partial || atom == W_partialmethod);
}

/* Methods that put their last argument, or what is in it, into what they belong to. */
static void note_mutation(struct analysis *an, uint32_t node)
{
    const struct py_node *callee = node_at(an, node_at(an, node)->a);
    uint32_t last = node_at(an, node)->b;
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
    while (node_at(an, last)->next)
        last = node_at(an, last)->next;
    if (node_at(an, last)->kind == N_KEYWORD)
        last = node_at(an, last)->a;
    bind_into(an, callee->a,
              binding_part(an, B_SAME, 0,
                           binding_new(an, whole ? B_SPREAD : B_VALUE, last, 0, callee->off),
                           callee->off));
}

/* setattr(x, "name", v), SimpleNamespace(name=v): attributes without their syntax. */
static void note_attributes(struct analysis *an, uint32_t node)
{
    const struct py_node *callee = node_at(an, node_at(an, node)->a);
    uint32_t first = node_at(an, node)->b;

    if (callee->atom == W_setattr && first && node_at(an, first)->next) {
        uint32_t name = node_at(an, first)->next, value = node_at(an, name)->next;
        struct span text = py_node_text(an->tree, node_at(an, name));

        if (!value || node_at(an, name)->kind != N_STR || text.n < 3)
            return;
        text = (struct span){ text.p + 1, text.n - 2 };
        bind_field(an, py_atom(&an->tree->atoms, text, py_hash(text), false),
                   binding_new(an, B_VALUE, value, 0, node_at(an, value)->off));
    }
    if (callee->atom == W_SimpleNamespace || callee->atom == W_Namespace)
        for (uint32_t n = first; n; n = node_at(an, n)->next)
            if (node_at(an, n)->kind == N_KEYWORD)
                bind_field(an, node_at(an, n)->atom,
                           binding_new(an, B_VALUE, node_at(an, n)->a, 0, node_at(an, n)->off));
}

/* globals() and its kin, as far as the name tells. */
bool bind_is_namespace(struct analysis *an, uint32_t node)
{
    const struct py_node *n = node_at(an, node), *f = node_at(an, n->a);

    return n->kind == N_CALL && f->kind == N_NAME &&
           (f->atom == W_globals || f->atom == W_locals || f->atom == W_vars);
}

/* hasattr(os, "fork"): the module goes nowhere. */
static void note_look(struct analysis *an, uint32_t node)
{
    const struct py_node *callee = node_at(an, node_at(an, node)->a);
    uint32_t first = node_at(an, node)->b;

    an->unbinds |=
        callee->kind == N_NAME
            ? callee->atom == W_delattr
            : callee->kind == N_ATTRIBUTE && bind_is_namespace(an, callee->a) &&
                  (callee->atom == W_pop || callee->atom == W_popitem || callee->atom == W_clear);

    if (callee->kind == N_NAME && first && node_at(an, first)->kind == N_NAME &&
        (callee->atom == W_getattr || callee->atom == W_hasattr || callee->atom == W_setattr ||
         callee->atom == W_delattr || callee->atom == W_dir || callee->atom == W_vars))
        node_at(an, first)->op = OP_LOOKED_AT;
}

static void bind_call_args(struct analysis *an, uint32_t node, bool type)
{
    note_look(an, node);
    if (node_at(an, node)->b && is_partial(an, node_at(an, node)->a))
        node_at(an, node_at(an, node)->b)->flags |= MARK_CALLEE;
    for (uint32_t n = node_at(an, node)->b; n; n = node_at(an, n)->next) {
        struct py_node *arg = node_at(an, n);
        bool wrapped =
            arg->kind == N_KEYWORD || arg->kind == N_STARRED || arg->kind == N_DOUBLE_STARRED;

        bind_expr(an, wrapped ? arg->a : n, type ? MARK_TYPE : MARK_HANDED);
    }
}

uint32_t bind_args(struct analysis *an, uint32_t first, uint32_t scope)
{
    for (uint32_t n = first; n; n = node_at(an, n)->next)
        bind_atom(an, node_at(an, n)->atom, binding_new(an, B_ARG, n, scope, node_at(an, n)->off));
    return first;
}

void bind_defaults(struct analysis *an, uint32_t first)
{
    for (uint32_t n = first; n; n = node_at(an, n)->next) {
        bind_expr(an, node_at(an, n)->a, MARK_NOTE);
        bind_expr(an, node_at(an, n)->b, MARK_HANDED);
    }
}

static void bind_lambda(struct analysis *an, uint32_t node)
{
    unsigned branches = an->branches;
    uint32_t up;

    bind_defaults(an, node_at(an, node)->a);
    up = scope_open(an, S_LAMBDA, node);
    an->branches = 0;
    bind_args(an, node_at(an, node)->a, an->scope);
    node_at(an, node)->atom = an->scope; /* an N_LAMBDA has no name of its own */
    bind_expr(an, node_at(an, node)->b, MARK_HANDED);
    an->branches = branches;
    scope_close(an, up);
}

/* The first iterable is evaluated outside, all else within. */
static void bind_comprehension(struct analysis *an, uint32_t node)
{
    uint32_t loop = node_at(an, node)->b, first = loop, up;

    bind_expr(an, node_at(an, loop)->b, 0);
    up = scope_open(an, S_COMPREHENSION, node);
    for (; loop; loop = node_at(an, loop)->next) {
        uint32_t iterable = node_at(an, loop)->b;
        uint32_t whole = binding_new(an, B_VALUE, iterable, 0, node_at(an, loop)->off);

        if (loop != first)
            bind_expr(an, iterable, 0);
        bind_target(an, node_at(an, loop)->a,
                    binding_part(an, B_EACH, 0, whole, node_at(an, loop)->off), true);
        bind_list(an, node_at(an, loop)->c, 0);
    }
    bind_expr(an, node_at(an, node)->a, MARK_HANDED);
    scope_close(an, up);
}

static void bind_fstring(struct analysis *an, uint32_t first)
{
    for (uint32_t n = first; n; n = node_at(an, n)->next)
        if (node_at(an, n)->kind == N_FVALUE) {
            bind_expr(an, node_at(an, n)->a, 0);
            bind_fstring(an, node_at(an, n)->b);
        }
}

static void bind_use(struct analysis *an, uint32_t node)
{
    struct py_node *n = node_at(an, node);

    SYMBOL(n) = 0;
    n->c = 0;
    CHAIN(n) = an->scopes.list[an->scope].uses;
    an->scopes.list[an->scope].uses = node;
}

static void bind_yield(struct analysis *an, uint32_t node)
{
    uint32_t scope = an->scope;

    bind_expr(an, node_at(an, node)->a, MARK_HANDED);
    while (an->scopes.list[scope].kind == S_COMPREHENSION)
        scope = an->scopes.list[scope].parent;
    CHAIN(node_at(an, node)) = an->scopes.list[scope].yields;
    an->scopes.list[scope].yields = node;
}

/* Everything but chains that lean to the left; those are followed in bind_expr(). */
static void bind_other(struct analysis *an, uint32_t node, unsigned marks)
{
    struct py_node *n = node_at(an, node);

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
        n = node_at(an, node);
        bind_name(an, n->a, binding_new(an, B_VALUE, n->b, 0, n->off), false);
        break;
    case N_YIELD:
    case N_YIELD_FROM:
        bind_yield(an, node);
        break;
    case N_TUPLE:
    case N_LIST:
    case N_SET:
        bind_list(an, n->a, (marks & MARK_TYPE ? MARK_TYPE : MARK_HANDED) | (marks & MARK_NOTE));
        break;
    case N_DICT:
        bind_list(an, n->a, MARK_HANDED);
        break;
    case N_BOOL:
        bind_list(an, n->a, marks);
        break;
    case N_IF_ELSE:
        bind_expr(an, n->a, 0);
        bind_expr(an, node_at(an, node)->b, marks);
        bind_expr(an, node_at(an, node)->c, marks);
        break;
    case N_SLICE:
        bind_expr(an, n->a, 0);
        bind_expr(an, node_at(an, node)->b, 0);
        bind_expr(an, node_at(an, node)->c, 0);
        break;
    case N_DICT_ITEM:
        bind_expr(an, n->a, 0);
        bind_expr(an, node_at(an, node)->b, marks);
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
    struct py_node *n = node_at(an, node);
    uint32_t left = n->a;

    switch (n->kind) {
    case N_ATTRIBUTE:
        node_at(an, left)->flags |= MARK_BASE;
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
        node_at(an, left)->flags |= MARK_CALLEE;
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
    struct py_node *n = node_at(an, node);

    n->flags |= (uint16_t)marks;
    if (n->kind == N_NAME || n->kind == N_ATTRIBUTE || n->kind == N_CALL || n->kind == N_SUBSCRIPT)
        n->flags |= MARK_REACHED;
}

void bind_expr(struct analysis *an, uint32_t node, unsigned marks)
{
    while (node) {
        uint32_t left;

        reach(an, node, marks);
        left = bind_right(an, node, marks);
        if (!left)
            break;
        marks &= MARK_NOTE | MARK_TYPE;
        if (node_at(an, node)->kind == N_CALL && node_at(an, left)->kind == N_LAMBDA) {
            bind_expr(an, left, marks);
            an->scopes.list[node_at(an, left)->atom].call = node;
            return;
        }
        node = left;
    }
    if (node)
        bind_other(an, node, marks);
}
