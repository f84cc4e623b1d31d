/*
 * Scopes, what is bound in them, and which binding each name means: one walk over
 * the tree, as Python/symtable.c of CPython sees it. Names that no scope binds are left
 * with no symbol: they are built-in, or from a star import.
 */
#include "format/python/bind.h"

#include "base/compiler.h"

static void bind_block(struct analysis *an, uint32_t node);

/* What is called, or makes a class, without a call's syntax. */
static void bind_decorators(struct analysis *an, uint32_t first)
{
    for (uint32_t n = first; n; n = node_at(an, n)->next)
        if (node_at(an, n)->kind == N_DECORATOR) {
            node_at(an, node_at(an, n)->a)->op = OP_DECORATES;
            bind_expr(an, node_at(an, n)->a, MARK_HANDED);
        }
}

/* Bounds and defaults of type parameters; the names themselves are of no interest. */
static void bind_type_params(struct analysis *an, uint32_t first)
{
    for (uint32_t n = first; n; n = node_at(an, n)->next)
        for (uint32_t p = node_at(an, n)->kind == N_TYPE_PARAMS ? node_at(an, n)->a : 0; p;
             p = node_at(an, p)->next) {
            bind_expr(an, node_at(an, p)->a, MARK_NOTE);
            bind_expr(an, node_at(an, p)->b, MARK_NOTE);
        }
}

bool has_decorator(const struct analysis *an, uint32_t function, uint32_t a, uint32_t b)
{
    uint32_t first =
        py_node(an->tree, function)->kind == N_FUNCTION ? py_node(an->tree, function)->c : 0;

    for (uint32_t n = first; n; n = py_node(an->tree, n)->next) {
        const struct py_node *d = py_node(an->tree, py_node(an->tree, n)->a);

        if (py_node(an->tree, n)->kind == N_DECORATOR &&
            (d->kind == N_NAME || d->kind == N_ATTRIBUTE) && (d->atom == a || d->atom == b))
            return true;
    }
    return false;
}

/* @property: reading it is calling it. */
static bool is_property(struct analysis *an, uint32_t function)
{
    return has_decorator(an, function, W_property, W_cached_property);
}

static void bind_function(struct analysis *an, uint32_t node)
{
    unsigned branches = an->branches;
    uint32_t up, inner, binding, loop = an->loop, fork = an->fork;

    bind_decorators(an, node_at(an, node)->c);
    for (uint32_t n = node_at(an, node)->c; n; n = node_at(an, n)->next)
        if (node_at(an, n)->kind == N_RETURNS)
            bind_expr(an, node_at(an, n)->a, MARK_NOTE);
    bind_type_params(an, node_at(an, node)->c);
    bind_defaults(an, node_at(an, node)->a);
    up = scope_open(an, S_FUNCTION, node);
    inner = an->scope;
    an->scope = up;
    an->scopes.list[inner].name = node_at(an, node)->atom;
    an->scopes.list[inner].is_static = has_decorator(an, node, W_staticmethod, W_staticmethod);
    binding = binding_new(an, is_property(an, node) ? B_PROPERTY : B_FUNC, node, inner,
                          node_at(an, node)->off);
    bind_atom(an, node_at(an, node)->atom, binding);
    an->scope = inner;
    an->branches = 0;
    an->fork = 0;
    an->loop = 0;
    bind_args(an, node_at(an, node)->a, inner);
    bind_block(an, node_at(an, node)->b);
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

    bind_decorators(an, node_at(an, node)->c);
    bind_type_params(an, node_at(an, node)->c);
    for (uint32_t n = node_at(an, node)->a; n; n = node_at(an, n)->next) {
        bool keyword = node_at(an, n)->kind == N_KEYWORD;

        if (keyword) /* metaclass=, or what __init_subclass__ is given */
            node_at(an, node_at(an, n)->a)->op = OP_DECORATES;
        bind_expr(an, keyword ? node_at(an, n)->a : n, MARK_HANDED);
    }
    up = scope_open(an, S_CLASS, node);
    inner = an->scope;
    an->scope = up;
    an->scopes.list[inner].name = node_at(an, node)->atom;
    bind_atom(an, node_at(an, node)->atom,
              binding_new(an, B_CLASS, node, inner, node_at(an, node)->off));
    an->scope = inner;
    an->branches = 0;
    an->fork = 0;
    bind_block(an, node_at(an, node)->b);
    an->branches = branches;
    an->fork = fork;
    scope_close(an, up);
}

/* A lambda is called by the name that it is given. */
static void name_lambda(struct analysis *an, uint32_t target, uint32_t value)
{
    const struct py_node *n = node_at(an, target);

    if (node_at(an, value)->kind == N_LAMBDA && (n->kind == N_NAME || n->kind == N_ATTRIBUTE))
        an->scopes.list[node_at(an, value)->atom].name = n->atom;
}

static void bind_assign(struct analysis *an, uint32_t node)
{
    uint32_t value = node_at(an, node)->b;
    uint32_t whole;

    bind_expr(an, value, 0);
    for (uint32_t n = node_at(an, node)->a; n; n = node_at(an, n)->next) {
        whole = binding_new(an, B_VALUE, value, 0, node_at(an, node)->end);
        bind_target(an, n, whole, false);
        name_lambda(an, n, value);
    }
}

static void bind_annotated(struct analysis *an, uint32_t node)
{
    uint32_t value = node_at(an, node)->c;
    uint32_t whole = value ? binding_new(an, B_VALUE, value, 0, node_at(an, node)->end) : 0;

    bind_expr(an, node_at(an, node)->b, MARK_NOTE);
    if (value)
        bind_expr(an, value, 0);
    bind_target(an, node_at(an, node)->a, whole, false);
}

static void bind_augmented(struct analysis *an, uint32_t node)
{
    uint32_t target = node_at(an, node)->a;

    bind_expr(an, node_at(an, node)->b, 0);
    if (node_at(an, target)->kind != N_NAME) {
        bind_expr(an, target, 0);
        return;
    }
    bind_name(an, target, binding_new(an, B_AUG, node, 0, node_at(an, node)->off), false);
}

static void bind_import(struct analysis *an, uint32_t node)
{
    node_at(an, node)->flags |= MARK_REACHED;
    for (uint32_t n = node_at(an, node)->a; n; n = node_at(an, n)->next) {
        uint32_t as = node_at(an, n)->atom;
        uint32_t first = node_at(an, node_at(an, n)->a)->atom;

        if (an->scopes.list[an->scope].kind == S_CLASS)
            node_at(an, n)->op = OP_IN_CLASS;
        bind_atom(an, as ? as : first, binding_new(an, B_IMPORT, n, as != 0, node_at(an, n)->off));
    }
}

static void bind_import_from(struct analysis *an, uint32_t node)
{
    node_at(an, node)->flags |= MARK_REACHED;
    if (node_at(an, node)->flags & PYN_STAR && GROW(an, an->stars))
        an->stars.list[an->stars.n++] = node;
    for (uint32_t n = node_at(an, node)->a; n; n = node_at(an, n)->next) {
        uint32_t as = node_at(an, n)->atom;
        uint32_t name = node_at(an, node_at(an, n)->a)->atom;

        bind_atom(an, as ? as : name, binding_new(an, B_FROM, n, node, node_at(an, n)->off));
    }
}

/* What is bound from here on need not be, but is to the end of a node; gives what held before. */
static uint32_t branch_open(struct analysis *an, uint32_t node)
{
    uint32_t until = an->until;

    an->branches++;
    an->until = node_at(an, node)->end;
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

    while (node && node_at(an, node)->kind == N_IF) {
        bind_expr(an, node_at(an, node)->a, 0);
        bind_arm(an, node_at(an, node)->b, fork, arm++);
        node = node_at(an, node)->c;
    }
    bind_arm(an, node, fork, arm);
}

static void bind_for(struct analysis *an, uint32_t node)
{
    uint32_t target = node_at(an, node)->a, iterable = node_at(an, target)->next, outer = an->loop;
    uint32_t until, fork = an->fork;
    uint32_t whole = binding_new(an, B_VALUE, iterable, 0, node_at(an, node)->off);

    bind_expr(an, iterable, 0);
    until = branch_open(an, node_at(an, node)->b);
    an->fork = 0;
    bind_target(an, target, binding_part(an, B_EACH, 0, whole, node_at(an, node)->off), false);
    an->fork = fork;
    branch_close(an, until);
    an->loop = node;
    bind_branch(an, node_at(an, node)->b);
    an->loop = outer;
    bind_branch(an, node_at(an, node)->c);
}

static void bind_with(struct analysis *an, uint32_t node)
{
    for (uint32_t n = node_at(an, node)->a; n; n = node_at(an, n)->next) {
        uint32_t whole = binding_new(an, B_VALUE, node_at(an, n)->a, 0, node_at(an, n)->off);

        bind_expr(an, node_at(an, n)->a, 0);
        if (node_at(an, n)->b)
            bind_target(an, node_at(an, n)->b,
                        binding_part(an, B_ENTER, 0, whole, node_at(an, n)->off), false);
    }
    bind_branch(an, node_at(an, node)->b); /* it may be left early, and that be suppressed */
}

static void bind_try(struct analysis *an, uint32_t node)
{
    uint32_t rest = node_at(an, node)->c, until, arm = 1;
    uint32_t outer = an->fork, outer_arm = an->arm;

    bind_arm(an, node_at(an, node)->a, node, 0);
    for (uint32_t n = node_at(an, node)->b; n; n = node_at(an, n)->next) {
        bind_expr(an, node_at(an, n)->a, MARK_TYPE);
        until = branch_open(an, n);
        bind_atom(an, node_at(an, n)->atom, binding_new(an, B_NOTHING, n, 0, node_at(an, n)->off));
        an->fork = an->branches == 1 ? node : 0;
        an->arm = arm++;
        bind_block(an, node_at(an, n)->b);
        an->fork = outer;
        an->arm = outer_arm;
        branch_close(an, until);
    }
    if (rest) { /* else: with the body */
        bind_arm(an, rest, node, 0);
        rest = node_at(an, rest)->next;
    }
    for (; rest; rest = node_at(an, rest)->next)
        bind_branch(an, rest);
}

static void bind_pattern(struct analysis *an, uint32_t node, uint32_t whole);

static void bind_patterns(struct analysis *an, uint32_t first, uint32_t whole)
{
    for (uint32_t n = first; n; n = node_at(an, n)->next)
        if (node_at(an, n)->kind == N_PATTERN_KEYWORD)
            bind_pattern(an, n, whole);
        else
            bind_pattern(an, n, binding_part(an, B_PART, 0, whole, node_at(an, n)->off));
}

static void bind_pattern(struct analysis *an, uint32_t node, uint32_t whole)
{
    struct py_node *n = node_at(an, node);

    switch (n->kind) {
    case N_PATTERN_VALUE:
        bind_expr(an, n->a, MARK_TYPE);
        break;
    case N_PATTERN_CAPTURE:
    case N_PATTERN_STAR:
        bind_atom(an, n->atom, whole);
        break;
    case N_PATTERN_AS:
        bind_atom(an, n->atom, binding_part(an, B_SAME, 0, whole, n->off));
        bind_pattern(an, node_at(an, node)->a, whole);
        break;
    case N_PATTERN_OR:
        for (uint32_t k = n->a; k; k = node_at(an, k)->next)
            bind_pattern(an, k, whole);
        break;
    case N_PATTERN_SEQUENCE:
        bind_patterns(an, n->a, whole);
        break;
    case N_PATTERN_MAPPING:
        bind_atom(an, n->atom, binding_part(an, B_PART, 0, whole, n->off));
        bind_patterns(an, node_at(an, node)->a, whole);
        break;
    case N_PATTERN_PAIR:
        bind_expr(an, n->a, 0);
        bind_pattern(an, node_at(an, node)->b, whole);
        break;
    case N_PATTERN_CLASS:
        bind_expr(an, n->a, MARK_TYPE);
        bind_patterns(an, node_at(an, node)->b, whole);
        break;
    case N_PATTERN_KEYWORD:
        n->flags |= MARK_REACHED;
        n->b = binding_part(an, B_MEMBER, node, whole, n->off);
        bind_pattern(an, n->a, node_at(an, node)->b);
        break;
    default:
        break;
    }
}

static void bind_match(struct analysis *an, uint32_t node)
{
    uint32_t subject = node_at(an, node)->a;

    bind_expr(an, subject, 0);
    for (uint32_t n = node_at(an, node)->b; n; n = node_at(an, n)->next) {
        uint32_t until = branch_open(an, n);

        bind_pattern(an, node_at(an, n)->a,
                     binding_new(an, B_VALUE, subject, 0, node_at(an, n)->off));
        bind_expr(an, node_at(an, n)->c, 0);
        bind_block(an, node_at(an, n)->b);
        branch_close(an, until);
    }
}

static void bind_declared(struct analysis *an, uint32_t node)
{
    uint32_t next;

    for (uint32_t n = node_at(an, node)->a; n; n = next) {
        struct scope *scope = &an->scopes.list[an->scope];

        next = node_at(an, n)->next;
        node_at(an, n)->flags |= MARK_STORE;
        node_at(an, n)->op = node_at(an, node)->kind;
        CHAIN(node_at(an, n)) = scope->globals;
        scope->globals = n;
    }
}

static void bind_delete(struct analysis *an, uint32_t node)
{
    for (uint32_t n = node_at(an, node)->a; n; n = node_at(an, n)->next)
        if (node_at(an, n)->kind == N_NAME)
            bind_name(an, n, binding_new(an, B_DELETED, n, 0, node_at(an, n)->off), false);
        else {
            an->unbinds |=
                node_at(an, n)->kind == N_SUBSCRIPT && bind_is_namespace(an, node_at(an, n)->a);
            bind_expr(an, n, 0);
            node_at(an, n)->flags |= MARK_STORE; /* what goes is not used */
        }
}

static void bind_return(struct analysis *an, uint32_t node)
{
    struct scope *scope;

    bind_expr(an, node_at(an, node)->a, MARK_HANDED);
    scope = &an->scopes.list[an->scope];
    CHAIN(node_at(an, node)) = scope->returns;
    scope->returns = node;
}

static void bind_statement(struct analysis *an, uint32_t node)
{
    struct py_node *n = node_at(an, node);

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
        bind_expr(an, node_at(an, node)->b, 0);
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
        bind_branch(an, node_at(an, node)->b);
        bind_branch(an, node_at(an, node)->c);
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
        bind_type_params(an, node_at(an, node)->c);
        bind_atom(an, node_at(an, node)->atom,
                  binding_new(an, B_NOTHING, node, 0, node_at(an, node)->off));
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
    for (uint32_t n = node_at(an, node)->a; n && !an->failed; n = node_at(an, n)->next)
        bind_statement(an, n);
}

void bind_module(struct analysis *an)
{
    (void)symbol_in(an, UINT32_MAX, 0); /* place 0 of each list means none */
    (void)binding_new(an, B_NOTHING, 0, 0, 0);
    (void)scope_open(an, S_MODULE, an->tree->root);
    if (an->failed)
        return;
    bind_block(an, an->tree->root);
    scope_settle(an, 0);
}
