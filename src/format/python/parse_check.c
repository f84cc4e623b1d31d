/*
 * What CPython's symbol table (Python/symtable.c) refuses: global and nonlocal against the
 * other uses of their names, := within comprehensions. It is run when a file has such
 * (p->names_matter). The walk takes no recursion: what is still to be seen lies on a stack.
 */
#include "format/python/parser.h"

enum scope_kind { SCOPE_MODULE, SCOPE_FUNCTION, SCOPE_CLASS, SCOPE_COMP, SCOPE_TYPES };

struct scope {
    uint32_t parent;
    uint32_t kind;
};

/* What a name is in a scope. */
enum symbol_flag {
    SYM_USED = 1 << 0,
    SYM_LOCAL = 1 << 1,
    SYM_PARAM = 1 << 2,
    SYM_ANNOTATED = 1 << 3,
    SYM_GLOBAL = 1 << 4,
    SYM_NONLOCAL = 1 << 5,
    SYM_IMPORTED = 1 << 6,
    SYM_ITERATES = 1 << 7, /* it is the target of a comprehension's for */
    SYM_TYPE = 1 << 8,     /* a type parameter */
};

struct symbol {
    uint32_t scope, atom; /* atom 0: free */
    uint32_t flags;
};

/* How a node on the stack is to be seen. */
enum walk_flag {
    WALK_LIST = 1 << 0,  /* and those behind it */
    WALK_STORE = 1 << 1, /* it is assigned to */
    WALK_ITER = 1 << 2,  /* ... by a comprehension's for */
    WALK_FIRST = 1 << 3, /* the first for of a comprehension: its iterable is done */
};

struct item {
    uint32_t node, scope, flags;
};

struct check {
    struct parser *p;
    struct py_tree *t;
    struct item *stack;
    struct scope *scopes;
    struct symbol *symbols; /* by hash */
    struct item *nonlocals; /* to be resolved at the end */
    uint32_t n, size, scopes_n, scopes_size, symbols_n, symbols_size, nonlocals_n, nonlocals_size;
};

/* ---- memory ---- */

/* Room for one more in an array that is a part of the check. */
static void *room(struct check *c, void *p, uint32_t n, uint32_t *size, size_t each)
{
    uint32_t to = *size ? *size * 2 : 256;
    struct scan *s = c->t->s;
    void *q;

    if (n < *size)
        return p;
    q = p ? scan_remap(s, p, *size * each, to * each) : scan_map(s, to * each);
    if (!q) {
        lex_stop(&c->p->l, s->budget->spent ? PRATIQUE_E_LIMIT : PRATIQUE_E_NOMEM);
        return NULL;
    }
    *size = to;
    return q;
}

static void push(struct check *c, uint32_t node, uint32_t scope, unsigned flags)
{
    struct item *q;

    if (!node)
        return;
    q = room(c, c->stack, c->n, &c->size, sizeof *c->stack);
    if (!q)
        return;
    c->stack = q;
    c->stack[c->n++] = (struct item){ node, scope, flags };
}

static void push_list(struct check *c, uint32_t node, uint32_t scope)
{
    push(c, node, scope, WALK_LIST);
}

static uint32_t new_scope(struct check *c, uint32_t parent, unsigned kind_of)
{
    struct scope *q = room(c, c->scopes, c->scopes_n, &c->scopes_size, sizeof *c->scopes);

    if (!q)
        return 0;
    c->scopes = q;
    c->scopes[c->scopes_n] = (struct scope){ parent, kind_of };
    return c->scopes_n++;
}

/* ---- symbols ---- */

static struct symbol *slot(const struct check *c, uint32_t scope, uint32_t atom)
{
    uint32_t mask = c->symbols_size - 1;
    uint32_t i = (uint32_t)(py_hash_mix(atom ^ py_hash_seed, scope + 0xD6E8FEB86659FD93u)) & mask;

    while (c->symbols[i].atom && (c->symbols[i].atom != atom || c->symbols[i].scope != scope))
        i = (i + 1) & mask;
    return &c->symbols[i];
}

static bool more_symbols(struct check *c)
{
    struct symbol *old = c->symbols;
    uint32_t size = c->symbols_size;
    struct scan *s = c->t->s;

    c->symbols_size = size ? size * 2 : 1024;
    c->symbols = scan_map(s, c->symbols_size * sizeof *c->symbols);
    if (!c->symbols) {
        c->symbols = old;
        c->symbols_size = size;
        lex_stop(&c->p->l, s->budget->spent ? PRATIQUE_E_LIMIT : PRATIQUE_E_NOMEM);
        return false;
    }
    for (uint32_t i = 0; i < size; i++)
        if (old[i].atom)
            *slot(c, old[i].scope, old[i].atom) = old[i];
    scan_unmap(s, old, size * sizeof *old);
    return true;
}

static unsigned look(const struct check *c, uint32_t scope, uint32_t atom)
{
    return slot(c, scope, atom)->flags;
}

/* Adds flags to a name of a scope. */
static void define(struct check *c, uint32_t scope, uint32_t atom, unsigned flags)
{
    struct symbol *s;

    if (!atom || (c->symbols_n * 2 >= c->symbols_size && !more_symbols(c)))
        return;
    s = slot(c, scope, atom);
    if (!s->atom) {
        s->atom = atom;
        s->scope = scope;
        c->symbols_n++;
    }
    s->flags |= flags;
}

static void complain(struct check *c, const struct py_node *n, const char *before,
                     const char *after)
{
    struct span name = py_atom_text(&c->t->atoms, n->atom);

    parse_fail(c->p, n->off, "%s'%.*s'%s", before, (int)(name.n < 80 ? name.n : 80), name.p, after);
}

/* ---- declarations ---- */

static void declare(struct check *c, const struct py_node *n, uint32_t scope, bool global)
{
    unsigned was = look(c, scope, n->atom);

    if (was & SYM_PARAM)
        complain(c, n, "name ", global ? " is parameter and global" : " is parameter and nonlocal");
    else if (was & SYM_USED)
        complain(c, n, "name ",
                 global ? " is used prior to global declaration"
                        : " is used prior to nonlocal declaration");
    else if (was & SYM_ANNOTATED)
        complain(c, n, "annotated name ", global ? " can't be global" : " can't be nonlocal");
    else if (was & SYM_LOCAL)
        complain(c, n, "name ",
                 global ? " is assigned to before global declaration"
                        : " is assigned to before nonlocal declaration");
    else if (was & (global ? SYM_NONLOCAL : SYM_GLOBAL))
        complain(c, n, "name ", " is nonlocal and global");
    define(c, scope, n->atom, global ? SYM_GLOBAL : SYM_NONLOCAL);
}

static void declaration(struct check *c, const struct py_node *n, uint32_t scope)
{
    bool global = n->kind == N_GLOBAL;

    if (!global && c->scopes[scope].kind == SCOPE_MODULE)
        parse_fail(c->p, n->off, "nonlocal declaration not allowed at module level");
    for (uint32_t i = n->a; i; i = py_node(c->t, i)->next) {
        struct item *q;

        declare(c, py_node(c->t, i), scope, global);
        if (global)
            continue;
        q = room(c, c->nonlocals, c->nonlocals_n, &c->nonlocals_size, sizeof *c->nonlocals);
        if (!q)
            return;
        c->nonlocals = q;
        c->nonlocals[c->nonlocals_n++] = (struct item){ i, scope, 0 };
    }
}

/* Whether a function around scope binds the name; type: by a type parameter. */
static bool bound_outside(const struct check *c, uint32_t scope, uint32_t atom, bool *type)
{
    bool implied = span_is(py_atom_text(&c->t->atoms, atom), "__class__") ||
                   span_is(py_atom_text(&c->t->atoms, atom), "__classdict__");

    *type = false;
    while (c->scopes[scope].kind != SCOPE_MODULE) {
        unsigned flags;

        scope = c->scopes[scope].parent;
        flags = look(c, scope, atom);
        if (c->scopes[scope].kind == SCOPE_CLASS) {
            if (implied)
                return true;
            continue;
        }
        if (c->scopes[scope].kind == SCOPE_MODULE)
            break;
        if (flags & SYM_GLOBAL)
            return false;
        *type = flags & SYM_TYPE;
        if (flags & (SYM_LOCAL | SYM_PARAM | SYM_IMPORTED) && !(flags & SYM_NONLOCAL))
            return true;
    }
    return false;
}

static void resolve_nonlocals(struct check *c)
{
    for (uint32_t i = 0; i < c->nonlocals_n && c->p->l.status == PRATIQUE_OK; i++) {
        const struct py_node *n = py_node(c->t, c->nonlocals[i].node);
        bool type;

        if (!bound_outside(c, c->nonlocals[i].scope, n->atom, &type))
            complain(c, n, "no binding for nonlocal ", " found");
        else if (type)
            complain(c, n, "nonlocal binding not allowed for type parameter ", "");
    }
}

/* ---- names ---- */

static void stored(struct check *c, const struct py_node *n, const struct item *it)
{
    if (it->flags & WALK_ITER && look(c, it->scope, n->atom) & (SYM_GLOBAL | SYM_NONLOCAL))
        complain(c, n, "comprehension inner loop cannot rebind assignment expression target ", "");
    define(c, it->scope, n->atom, SYM_LOCAL | (it->flags & WALK_ITER ? SYM_ITERATES : 0));
}

/* n := ... in a comprehension binds in the function or module around it. */
static void walrus_outside(struct check *c, const struct py_node *n, uint32_t scope)
{
    uint32_t at_scope = scope;

    for (;; at_scope = c->scopes[at_scope].parent) {
        unsigned kind_of = c->scopes[at_scope].kind;

        if (kind_of == SCOPE_CLASS) {
            parse_fail(c->p, n->off,
                       "assignment expression within a comprehension cannot be used in a class "
                       "body");
            return;
        }
        if (kind_of != SCOPE_COMP)
            break;
        if (look(c, at_scope, n->atom) & SYM_ITERATES) {
            complain(c, n, "assignment expression cannot rebind comprehension iteration variable ",
                     "");
            return;
        }
    }
    if (c->scopes[at_scope].kind == SCOPE_MODULE || look(c, at_scope, n->atom) & SYM_GLOBAL)
        define(c, scope, n->atom, SYM_GLOBAL);
    else
        define(c, scope, n->atom, SYM_NONLOCAL);
    define(c, at_scope, n->atom, SYM_LOCAL);
}

static void walrus(struct check *c, const struct py_node *n, uint32_t scope)
{
    if (c->scopes[scope].kind == SCOPE_COMP)
        walrus_outside(c, py_node(c->t, n->a), scope);
    else
        define(c, scope, py_node(c->t, n->a)->atom, SYM_LOCAL);
    push(c, n->b, scope, 0);
}

static void annotated(struct check *c, const struct py_node *n, uint32_t scope)
{
    const struct py_node *target = py_node(c->t, n->a);
    bool plain = target->kind == N_NAME && !(target->flags & PYN_PAREN);

    push(c, n->c, scope, 0);
    push(c, n->b, scope, 0);
    if (target->kind != N_NAME) {
        push(c, n->a, scope, WALK_STORE);
        return;
    }
    if (plain && c->scopes[scope].kind != SCOPE_MODULE) {
        unsigned was = look(c, scope, target->atom);

        if (was & (SYM_GLOBAL | SYM_NONLOCAL))
            complain(c, target, "annotated name ",
                     was & SYM_GLOBAL ? " can't be global" : " can't be nonlocal");
    }
    if (plain)
        define(c, scope, target->atom, SYM_ANNOTATED | SYM_LOCAL);
    else if (n->c)
        define(c, scope, target->atom, SYM_LOCAL);
}

static void imported(struct check *c, const struct py_node *n, uint32_t scope)
{
    for (uint32_t i = n->a; i; i = py_node(c->t, i)->next) {
        const struct py_node *alias = py_node(c->t, i);

        define(c, scope, alias->atom ? alias->atom : py_node(c->t, alias->a)->atom, SYM_IMPORTED);
    }
}

/* ---- scopes ---- */

/* Parameters: names in inner; defaults and annotations in outer. */
static void parameters(struct check *c, uint32_t list, uint32_t outer, uint32_t inner)
{
    for (uint32_t i = list; i; i = py_node(c->t, i)->next) {
        const struct py_node *n = py_node(c->t, i);

        define(c, inner, n->atom, SYM_PARAM);
        push(c, n->a, outer, 0);
        push(c, n->b, outer, 0);
    }
}

/* What stands around a definition; the scope that its type parameters make, or scope. */
static uint32_t heading(struct check *c, uint32_t chain, uint32_t scope)
{
    uint32_t inner = scope;

    for (uint32_t i = chain; i; i = py_node(c->t, i)->next) {
        const struct py_node *n = py_node(c->t, i);

        if (n->kind == N_TYPE_PARAMS) {
            inner = new_scope(c, scope, SCOPE_TYPES);
            push_list(c, n->a, inner);
        } else {
            push(c, n->a, n->kind == N_RETURNS ? inner : scope, 0);
        }
    }
    return inner;
}

static void function(struct check *c, const struct py_node *n, uint32_t scope)
{
    uint32_t types, inner;

    define(c, scope, n->atom, SYM_LOCAL);
    types = heading(c, n->c, scope);
    inner = new_scope(c, types, SCOPE_FUNCTION);
    push(c, n->b, inner, 0);
    parameters(c, n->a, types, inner);
}

static void lambda(struct check *c, const struct py_node *n, uint32_t scope)
{
    uint32_t inner = new_scope(c, scope, SCOPE_FUNCTION);

    push(c, n->b, inner, 0);
    parameters(c, n->a, scope, inner);
}

static void class(struct check *c, const struct py_node *n, uint32_t scope)
{
    uint32_t types, inner;

    define(c, scope, n->atom, SYM_LOCAL);
    types = heading(c, n->c, scope);
    inner = new_scope(c, types, SCOPE_CLASS);
    push(c, n->b, inner, 0);
    push_list(c, n->a, types);
}

static void comprehension(struct check *c, const struct py_node *n, uint32_t scope)
{
    uint32_t inner = new_scope(c, scope, SCOPE_COMP);

    push(c, n->a, inner, 0); /* last of all */
    push(c, n->b, inner, WALK_LIST | WALK_FIRST);
    push(c, py_node(c->t, n->b)->b, scope, 0);
}

static void comp_for(struct check *c, const struct py_node *n, const struct item *it)
{
    push_list(c, n->c, it->scope);
    if (!(it->flags & WALK_FIRST))
        push(c, n->b, it->scope, 0);
    push(c, n->a, it->scope, WALK_STORE | WALK_ITER);
}

static void type_param(struct check *c, const struct py_node *n, uint32_t scope)
{
    define(c, scope, n->atom, SYM_LOCAL | SYM_TYPE);
    push(c, n->b, new_scope(c, scope, SCOPE_FUNCTION), 0);
    push(c, n->a, new_scope(c, scope, SCOPE_FUNCTION), 0);
}

static void type_alias(struct check *c, const struct py_node *n, uint32_t scope)
{
    uint32_t inner;

    define(c, scope, n->atom, SYM_LOCAL);
    inner = heading(c, n->c, scope);
    push(c, n->a, new_scope(c, inner, SCOPE_FUNCTION), 0);
}

/* ---- the walk ---- */

/* Children as they stand, whatever they are. */
static void children(struct check *c, const struct py_node *n, uint32_t scope)
{
    push_list(c, n->c, scope);
    push_list(c, n->b, scope);
    push_list(c, n->a, scope);
}

static void assigned(struct check *c, const struct py_node *n, uint32_t scope)
{
    push(c, n->b, scope, 0);
    push(c, n->a, scope, WALK_LIST | WALK_STORE);
}

static void for_loop(struct check *c, const struct py_node *n, uint32_t scope)
{
    push(c, n->c, scope, 0);
    push(c, n->b, scope, 0);
    push(c, py_node(c->t, n->a)->next, scope, 0);
    push(c, n->a, scope, WALK_STORE);
}

/* Within a target: elements are targets, what an attribute is taken from is not. */
static void target(struct check *c, const struct py_node *n, const struct item *it)
{
    switch (n->kind) {
    case N_NAME:
        stored(c, n, it);
        break;
    case N_TUPLE:
    case N_LIST:
        push(c, n->a, it->scope, it->flags | WALK_LIST);
        break;
    case N_STARRED:
        push(c, n->a, it->scope, it->flags & ~(unsigned)WALK_LIST);
        break;
    default:
        children(c, n, it->scope);
    }
}

static void visit(struct check *c, const struct py_node *n, const struct item *it)
{
    uint32_t scope = it->scope;

    switch (n->kind) {
    case N_NAME:
        define(c, scope, n->atom, SYM_USED);
        break;
    case N_ASSIGN:
        assigned(c, n, scope);
        break;
    case N_AUGASSIGN: /* only a binding: CPython counts no use */
    case N_WITH_ITEM:
        push(c, n->b, scope, n->kind == N_WITH_ITEM ? WALK_STORE : 0);
        push(c, n->a, scope, n->kind == N_WITH_ITEM ? 0 : WALK_STORE);
        break;
    case N_ANNASSIGN:
        annotated(c, n, scope);
        break;
    case N_DELETE:
        push(c, n->a, scope, WALK_LIST | WALK_STORE);
        break;
    case N_FOR:
        for_loop(c, n, scope);
        break;
    case N_COMP_FOR:
        comp_for(c, n, it);
        break;
    case N_LIST_COMP:
    case N_SET_COMP:
    case N_DICT_COMP:
    case N_GENERATOR:
        comprehension(c, n, scope);
        break;
    case N_NAMED:
        walrus(c, n, scope);
        break;
    case N_LAMBDA:
        lambda(c, n, scope);
        break;
    case N_FUNCTION:
        function(c, n, scope);
        break;
    case N_CLASS:
        class(c, n, scope);
        break;
    case N_TYPE_PARAM:
        type_param(c, n, scope);
        break;
    case N_TYPE_ALIAS:
        type_alias(c, n, scope);
        break;
    case N_IMPORT:
    case N_IMPORT_FROM:
        imported(c, n, scope);
        break;
    case N_GLOBAL:
    case N_NONLOCAL:
        declaration(c, n, scope);
        break;
    case N_HANDLER:
    case N_PATTERN_CAPTURE:
    case N_PATTERN_STAR:
    case N_PATTERN_AS:
    case N_PATTERN_MAPPING:
        define(c, scope, n->atom, SYM_LOCAL);
        children(c, n, scope);
        break;
    default:
        children(c, n, scope);
    }
}

static void walk(struct check *c)
{
    while (c->n && c->p->l.status == PRATIQUE_OK) {
        struct item it = c->stack[--c->n];
        const struct py_node *n = py_node(c->t, it.node);

        if (it.flags & WALK_LIST)
            push(c, n->next, it.scope, it.flags & ~(unsigned)WALK_FIRST);
        if (it.flags & WALK_STORE)
            target(c, n, &it);
        else
            visit(c, n, &it);
    }
}

void parse_check(struct parser *p)
{
    struct check c = { .p = p, .t = p->t };
    struct scan *s = p->t->s;

    if (more_symbols(&c)) {
        uint32_t module = new_scope(&c, 0, SCOPE_MODULE);

        push_list(&c, py_node(p->t, p->t->root)->a, module);
        walk(&c);
        resolve_nonlocals(&c);
    }
    scan_unmap(s, c.stack, c.size * sizeof *c.stack);
    scan_unmap(s, c.scopes, c.scopes_size * sizeof *c.scopes);
    scan_unmap(s, c.symbols, c.symbols_size * sizeof *c.symbols);
    scan_unmap(s, c.nonlocals, c.nonlocals_size * sizeof *c.nonlocals);
}
