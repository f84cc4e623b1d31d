/*
 * The outline of one source: functions, classes and names, and what was found of them put
 * into the package's arena. See outliner.h.
 */
#include "format/python/outline.h"

#include <stdlib.h>

#include "base/compiler.h"
#include "format/python/bind.h"
#include "format/python/outliner.h"

/* Steps for each node of the tree. */
#define STEPS_NODE 16
#define STEPS_MORE 4096
/* Bytes of a dotted name. */
#define NAME_MAX_BYTES 200
/* Bindings of one name that others may ask for. */
#define BINDINGS_MAX 4

/* ---- what the artifact's modules are called ---- */

/* Slots for so many names, half of them free; NULL without room. */
static uint32_t *tops_alloc(struct package *p, size_t names)
{
    size_t n = 64;

    while (n < names * 2)
        n *= 2;
    p->tops = arena_array(&p->arena, n, sizeof *p->tops);
    p->tops_n = p->tops ? (uint32_t)n : 0;
    return p->tops;
}

static void tops_add(struct package *p, struct span word)
{
    uint32_t h = py_hash(word) | 1, i = h & (p->tops_n - 1);

    while (p->tops[i] && p->tops[i] != h)
        i = (i + 1) & (p->tops_n - 1);
    p->tops[i] = h;
}

/* The parts of a path, or how many there are. */
static size_t parts_of(struct package *p, struct span name, bool count)
{
    size_t n = 0;

    while (name.n > 0) {
        size_t i = 0;
        struct span part;

        while (i < name.n && name.p[i] != '/')
            i++;
        (void)take(&name, i, &part);
        (void)skip(&name, 1);
        n++;
        if (name.n == 0) /* a file: up to its first dot */
            for (i = 0; i < part.n && part.p[i] != '.';)
                i++;
        if (!count && i > 0)
            tops_add(p, span_of(part.p, i));
    }
    return n;
}

static bool is_source(struct span name)
{
    return span_ends(name, SPAN_LITERAL(".py")) || span_ends(name, SPAN_LITERAL(".pyw"));
}

static bool make_tops(struct package *p, struct span self)
{
    size_t n = parts_of(p, self, true);

    for (size_t i = 0; i < p->members_n; i++)
        n += is_source(p->members[i].name) ? parts_of(p, p->members[i].name, true) : 0;
    if (!tops_alloc(p, n))
        return false;
    parts_of(p, self, false);
    for (size_t i = 0; i < p->members_n; i++)
        if (is_source(p->members[i].name))
            parts_of(p, p->members[i].name, false);
    return true;
}

/* ---- functions and classes ---- */

/* What is nested in arms of an "if" that does not run on import. */
struct guard {
    uint32_t off, end;
    uint8_t kind;
};

#define GUARDS_MAX 16

struct guards {
    struct guard list[GUARDS_MAX];
    uint32_t n, next;
};

/* "__main__", in quotes of either kind. */
static bool is_main_text(const struct analysis *an, uint32_t node)
{
    const struct py_node *n = py_node(an->tree, node);
    struct span s = n->kind == N_STR ? py_node_text(an->tree, n) : SPAN_EMPTY;

    return s.n == 10 && span_find(s, 0, SPAN_LITERAL("__main__")) == 1;
}

/* The module's own __name__, as long as nothing else is called so. */
static bool is_own_name(const struct analysis *an, uint32_t node)
{
    const struct py_node *n = py_node(an->tree, node);

    return n->kind == N_NAME && n->atom == W_NAME && !SYMBOL(n);
}

/* __name__ == "__main__": OP_EQ; with !=: OP_NE; 0: neither. */
static uint8_t compares_main(const struct analysis *an, uint32_t test)
{
    const struct py_node *n = py_node(an->tree, test);
    const struct py_node *item = py_node(an->tree, n->b);

    if (n->kind != N_COMPARE || item->next || (item->op != OP_EQ && item->op != OP_NE))
        return 0;
    if ((is_own_name(an, n->a) && is_main_text(an, item->a)) ||
        (is_own_name(an, item->a) && is_main_text(an, n->a)))
        return item->op;
    return 0;
}

/* The same of a whole test: "x and __name__ == ..." says as much, and so does "x or ... != ...". */
static uint8_t asks_main(const struct analysis *an, uint32_t test)
{
    const struct py_node *n = py_node(an->tree, test);
    uint8_t wanted = n->op == OP_BOOL_AND ? OP_EQ : OP_NE;

    if (n->kind != N_BOOL)
        return compares_main(an, test);
    for (uint32_t i = n->a; i; i = py_node(an->tree, i)->next)
        if (compares_main(an, i) == wanted)
            return wanted;
    return 0;
}

static bool is_typing(const struct analysis *an, uint32_t names)
{
    const struct py_node *n = py_node(an->tree, names);
    struct span name = py_atom_text(&an->tree->atoms, n->atom);

    return names && !n->next && (span_is(name, "typing") || span_is(name, "typing_extensions"));
}

/* Whether a name is bound to nothing but that module; or else its TYPE_CHECKING, or False. */
static bool is_bound_to_typing(const struct analysis *an, uint32_t symbol, bool module)
{
    uint32_t i = an->symbols.list[symbol].first;

    if (!symbol || !i)
        return false;
    for (; i; i = an->bindings.list[i].next) {
        const struct binding *b = &an->bindings.list[i];
        const struct py_node *n = py_node(an->tree, b->node), *from = py_node(an->tree, b->of);

        if (module ? b->kind != B_IMPORT || !is_typing(an, n->a)
                   : !(b->kind == B_VALUE && n->kind == N_FALSE) &&
                         !(b->kind == B_FROM && from->c == 0 && is_typing(an, from->b) &&
                           py_node(an->tree, n->a)->atom == W_TYPE_CHECKING))
            return false;
    }
    return true;
}

/* TYPE_CHECKING, which is never true; unless something sets what is called so. */
static bool is_type_checking(const struct analysis *an, uint32_t test)
{
    const struct py_node *n = py_node(an->tree, test), *base = py_node(an->tree, n->a);

    if (n->kind == N_NAME)
        return n->atom == W_TYPE_CHECKING && is_bound_to_typing(an, SYMBOL(n), false);
    return n->kind == N_ATTRIBUTE && n->atom == W_TYPE_CHECKING && base->kind == N_NAME &&
           is_bound_to_typing(an, SYMBOL(base), true) && !an->fields[W_TYPE_CHECKING];
}

static void guard_add(const struct analysis *an, struct guards *g, uint32_t block, uint8_t kind)
{
    const struct py_node *n = py_node(an->tree, block);

    if (block && g->n < GUARDS_MAX)
        g->list[g->n++] = (struct guard){ n->off, n->end, kind };
}

static void guards_in(const struct analysis *an, struct guards *g, uint32_t first, unsigned depth);

static void guards_of_if(const struct analysis *an, struct guards *g, uint32_t node, unsigned depth)
{
    const struct py_node *n = py_node(an->tree, node), *test = py_node(an->tree, n->a);
    uint8_t main = asks_main(an, n->a);
    bool negated = test->kind == N_UNARY && test->op == OP_NOT;
    bool typing = is_type_checking(an, negated ? test->a : n->a);

    if (main == OP_EQ)
        guard_add(an, g, n->b, PY_FUNC_MAIN);
    else if (typing && !negated)
        guard_add(an, g, n->b, PY_FUNC_NEVER);
    else
        guards_in(an, g, py_node(an->tree, n->b)->a, depth + 1);
    if (n->c && py_node(an->tree, n->c)->kind == N_BLOCK && (main == OP_NE || (typing && negated)))
        guard_add(an, g, n->c, main ? PY_FUNC_MAIN : PY_FUNC_NEVER);
    else if (n->c && py_node(an->tree, n->c)->kind == N_IF)
        guards_of_if(an, g, n->c, depth + 1);
    else if (n->c)
        guards_in(an, g, py_node(an->tree, n->c)->a, depth + 1);
}

/* In the order of their text. */
static void guards_in(const struct analysis *an, struct guards *g, uint32_t first, unsigned depth)
{
    for (uint32_t n = first; n && depth < 16; n = py_node(an->tree, n)->next) {
        const struct py_node *s = py_node(an->tree, n);

        if (s->kind == N_IF)
            guards_of_if(an, g, n, depth);
        else if (s->kind == N_TRY)
            guards_in(an, g, py_node(an->tree, s->a)->a, depth + 1);
    }
}

/* A text that lives as long as the package: within its copy of the source, where it stands there.
 */
static struct span lasting(struct outliner *o, struct span s)
{
    struct span text = o->an->tree->text;
    char *copy;

    if (s.p >= text.p && s.p + s.n <= text.p + text.n)
        return span_of(o->module->text.p + (s.p - text.p), s.n);
    copy = arena_copy(o->arena, s.p, s.n);
    o->failed |= !copy;
    return copy ? span_of(copy, s.n) : SPAN_EMPTY;
}

/* "Class.method": below what the scope around is called. */
static struct span dotted(struct outliner *o, struct span outer, struct span name)
{
    char *text;

    if (outer.n == 0 || outer.n + name.n > NAME_MAX_BYTES)
        return lasting(o, name);
    text = arena_alloc(o->arena, outer.n + 1 + name.n);
    if (!text) {
        o->failed = true;
        return SPAN_EMPTY;
    }
    memcpy(text, outer.p, outer.n);
    text[outer.n] = '.';
    memcpy(text + outer.n + 1, name.p, name.n);
    return span_of(text, outer.n + 1 + name.n);
}

/* What stands around a scope: its class, its function, and how that is called. */
struct around {
    uint32_t func, klass;
    struct span name;
};

static struct around around_of(const struct outliner *o, uint32_t scope)
{
    const struct analysis *an = o->an;
    uint32_t up = an->scopes.list[scope].parent;
    struct around a = { .name = SPAN_EMPTY };

    if (scope == 0)
        return a;
    while (up && an->scopes.list[up].kind == S_COMPREHENSION)
        up = an->scopes.list[up].parent;
    if (an->scopes.list[up].kind == S_CLASS) {
        a.klass = o->scopes[up];
        a.name = o->classes.list[a.klass].name;
        while (up && an->scopes.list[up].kind == S_CLASS)
            up = an->scopes.list[up].parent;
    } else if (up) {
        a.name = o->funcs.list[o->scopes[up]].name;
    }
    a.func = up && an->scopes.list[up].kind != S_CLASS ? o->scopes[up] : 0;
    return a;
}

static void add_guard(struct outliner *o, const struct guard *g)
{
    if (!OUTLINE_ADD(o, o->funcs))
        return;
    o->funcs.list[o->funcs.n++] = (struct py_func){ .kind = g->kind,
                                                    .off = g->off,
                                                    .body = g->off,
                                                    .end = g->end,
                                                    .line = outline_line(o, g->off),
                                                    .last = outline_line(o, g->end),
                                                    .name = SPAN_LITERAL("__main__") };
}

static void add_func(struct outliner *o, uint32_t scope, uint32_t guard)
{
    struct analysis *an = o->an;
    const struct scope *s = &an->scopes.list[scope];
    const struct py_node *n = py_node(an->tree, s->node);
    bool lambda = s->kind == S_LAMBDA;
    struct around around = around_of(o, scope);
    struct span name = lambda ? SPAN_LITERAL("<lambda>") : py_atom_text(&an->tree->atoms, n->atom);

    if (!OUTLINE_ADD(o, o->funcs))
        return;
    o->has_property |= !lambda && has_decorator(an, s->node, W_property, W_cached_property);
    o->scopes[scope] = o->funcs.n;
    o->funcs.list[o->funcs.n++] = (struct py_func){
        .kind = lambda ? PY_FUNC_LAMBDA : PY_FUNC_DEF,
        .off = n->off,
        .body = py_node(an->tree, n->b)->off,
        .end = n->end,
        .line = outline_line(o, n->off),
        .last = outline_line(o, n->end),
        .klass = around.klass,
        .outer = around.func ? around.func : guard,
        .is_property = !lambda && has_decorator(an, s->node, W_property, W_cached_property),
        .is_decorated = !lambda && n->c && py_node(an->tree, n->c)->kind == N_DECORATOR,
        .name = dotted(o, around.name, name)
    };
}

static void add_class(struct outliner *o, uint32_t scope)
{
    struct analysis *an = o->an;
    const struct py_node *n = py_node(an->tree, an->scopes.list[scope].node);

    if (!OUTLINE_ADD(o, o->classes))
        return;
    o->class_scopes[o->classes.n] = scope;
    o->scopes[scope] = o->classes.n;
    o->classes.list[o->classes.n++] =
        (struct py_class){ .name = dotted(o, around_of(o, scope).name,
                                          py_atom_text(&an->tree->atoms, n->atom)) };
}

/* The guard that a place stands in; those before it are added first. */
static uint32_t guard_at(struct outliner *o, struct guards *g, uint32_t off)
{
    const struct py_func *f;

    while (g->next < g->n && g->list[g->next].off <= off)
        add_guard(o, &g->list[g->next++]);
    for (uint32_t i = o->funcs.n; g->next > 0 && i > 1; i--) {
        f = &o->funcs.list[i - 1];
        if (f->kind == PY_FUNC_MAIN || f->kind == PY_FUNC_NEVER)
            return off < f->end ? i - 1 : 0;
    }
    return 0;
}

/* Scopes stand in the order of their text, and behind what they stand in. */
static void add_scopes(struct outliner *o)
{
    struct analysis *an = o->an;
    struct guards g = { .n = 0 };
    uint32_t guard = 0, seen = 0;

    guards_in(an, &g, py_node(an->tree, an->tree->root)->a, 0);
    for (uint32_t i = 1; i < o->scopes_n && !an->failed; i++) {
        const struct scope *s = &an->scopes.list[i];

        if (seen < g.n && g.list[seen].off <= s->off) {
            guard = guard_at(o, &g, s->off);
            seen = g.next;
        } else if (guard && s->off >= o->funcs.list[guard].end) {
            guard = 0;
        }
        if (s->kind == S_FUNCTION || s->kind == S_LAMBDA)
            add_func(o, i, guard);
        else if (s->kind == S_CLASS)
            add_class(o, i);
        else
            o->scopes[i] = o->scopes[s->parent];
    }
    (void)guard_at(o, &g, UINT32_MAX);
}

static void add_body(struct outliner *o)
{
    uint32_t n = (uint32_t)o->an->tree->text.n;

    if (OUTLINE_ADD(o, o->funcs))
        o->funcs.list[o->funcs.n++] = (struct py_func){ .kind = PY_FUNC_BODY,
                                                        .end = UINT32_MAX,
                                                        .line = o->an->line,
                                                        .last = outline_line(o, n),
                                                        .name = SPAN_EMPTY };
}

/* Index 0 of each list is none. */
static bool add_none(struct outliner *o)
{
    if (!OUTLINE_ADD(o, o->classes) || !OUTLINE_ADD(o, o->paths) || !OUTLINE_ADD(o, o->bases) ||
        !OUTLINE_ADD(o, o->targets))
        return false;
    o->classes.list[o->classes.n++] = (struct py_class){ .name = SPAN_EMPTY };
    o->paths.list[o->paths.n++] = (struct path){ .kind = PY_PATH_NONE };
    o->bases.list[o->bases.n++] = 0;
    o->targets.list[o->targets.n++] = 0;
    return true;
}

/* ---- names ---- */

void outline_name(struct outliner *o, uint32_t owner, uint32_t atom, uint32_t path)
{
    if (!path || path_is_foreign(o, path))
        return;
    if (!OUTLINE_ADD(o, o->names)) {
        o->failed = true;
        return;
    }
    o->names.list[o->names.n++] =
        (struct py_name){ .owner = owner,
                          .hash = o->an->tree->atoms.hashes[atom],
                          .path = path,
                          .name = lasting(o, py_atom_text(&o->an->tree->atoms, atom)) };
}

/* Whether a value may be something that others can call. */
static bool is_leading(const struct analysis *an, uint32_t node)
{
    uint8_t kind = py_node(an->tree, node)->kind;

    return kind == N_NAME || kind == N_ATTRIBUTE || kind == N_CALL || kind == N_LAMBDA ||
           kind == N_BOOL || kind == N_IF_ELSE;
}

static void add_symbol(struct outliner *o, uint32_t symbol, uint32_t owner)
{
    struct analysis *an = o->an;
    const struct binding *b = &an->bindings.list[an->symbols.list[symbol].first];
    struct targets t = { .n = 0 };

    if (!an->symbols.list[symbol].first || !an->symbols.list[symbol].atom ||
        (b->kind == B_VALUE && !b->next && !is_leading(an, b->node)))
        return;
    targets_of_symbol(o, an, symbol, &t);
    for (uint32_t i = 0; i < t.n; i++)
        if (!is_guess(&t, i))
            outline_name(o, owner, an->symbols.list[symbol].atom, t.list[i]);
}

/* Those of one owner that are called the same stand together. */
static int compare_names(const void *left, const void *right)
{
    const struct py_name *a = left, *b = right;

    if (a->owner != b->owner)
        return a->owner < b->owner ? -1 : 1;
    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    return (a->path > b->path) - (a->path < b->path);
}

static void add_names(struct outliner *o)
{
    const struct analysis *an = o->an;
    bool fields = o->names.n > 0; /* told before */

    for (uint32_t i = 1; i < o->symbols_n && !o->failed; i++) {
        uint32_t scope = an->symbols.list[i].scope;

        if (scope == 0)
            add_symbol(o, i, 0);
        else if (scope < o->scopes_n && an->scopes.list[scope].kind == S_CLASS)
            add_symbol(o, i, o->scopes[scope]);
    }
    if (fields && !o->failed)
        qsort(o->names.list, o->names.n, sizeof *o->names.list, compare_names);
}

/* What functions return, as far as it leads somewhere. */
static void add_gives(struct outliner *o, uint32_t scope)
{
    struct analysis *an = o->an;
    const struct scope *s = &an->scopes.list[scope];
    struct py_func *f = &o->funcs.list[o->scopes[scope]];
    struct targets t = { .n = 0 };
    uint32_t count = 0;

    if (s->kind == S_LAMBDA && is_leading(an, py_node(an->tree, s->node)->b))
        targets_of(o, an, py_node(an->tree, s->node)->b, &t);
    for (uint32_t r = s->kind == S_FUNCTION ? s->returns : 0; r && count < BINDINGS_MAX;
         r = CHAIN(py_node(an->tree, r)), count++)
        if (py_node(an->tree, r)->a && is_leading(an, py_node(an->tree, r)->a))
            targets_of(o, an, py_node(an->tree, r)->a, &t);
    for (uint32_t i = 0, n = 0; i < t.n && n < ARRAY_LEN(f->gives); i++)
        if (!path_is_foreign(o, t.list[i]) && !is_guess(&t, i))
            f->gives[n++] = t.list[i];
}

/* The classes above a class, and its metaclass. */
static void add_bases(struct outliner *o, uint32_t scope)
{
    struct analysis *an = o->an;
    struct py_class *c = &o->classes.list[o->scopes[scope]];

    c->first_base = o->bases.n;
    for (uint32_t a = py_node(an->tree, an->scopes.list[scope].node)->a; a;
         a = py_node(an->tree, a)->next) {
        const struct py_node *n = py_node(an->tree, a);
        struct targets t = { .n = 0 };

        if (n->kind == N_KEYWORD && !span_is(py_atom_text(&an->tree->atoms, n->atom), "metaclass"))
            continue;
        targets_of(o, an, n->kind == N_KEYWORD ? n->a : a, &t);
        for (uint32_t i = 0; i < t.n; i++) {
            if (path_is_foreign(o, t.list[i]))
                continue;
            if (n->kind == N_KEYWORD) {
                c->meta = t.list[i];
                continue;
            }
            if (!OUTLINE_ADD(o, o->bases)) {
                o->failed = true;
                return;
            }
            o->bases.list[o->bases.n++] = t.list[i];
            c->bases_n++;
        }
    }
}

static void add_rest(struct outliner *o)
{
    for (uint32_t i = 1; i < o->scopes_n && !o->failed; i++) {
        uint8_t kind = o->an->scopes.list[i].kind;

        if (kind == S_CLASS)
            add_bases(o, i);
        else if (kind == S_FUNCTION || kind == S_LAMBDA)
            add_gives(o, i);
    }
    for (uint32_t i = 0; i < o->an->stars.n && !o->failed; i++) {
        const struct py_node *n = py_node(o->an->tree, o->an->stars.list[i]);
        uint32_t path = path_import(o, o->an, n->b, UINT32_MAX, n->c);

        if (path && !path_is_foreign(o, path) && OUTLINE_ADD(o, o->stars))
            o->stars.list[o->stars.n++] = path;
    }
}

/* ---- into the package ---- */

static void *copied(struct outliner *o, const void *list, uint32_t n, size_t size)
{
    void *copy = arena_array(o->arena, n, size);

    o->failed |= !copy;
    if (copy && n)
        memcpy(copy, list, n * size);
    return copy;
}

/* Paths that lead into other packages are left out; parents stand before their children. */
static const struct py_path *keep_paths(struct outliner *o, uint32_t *kept)
{
    struct py_path *paths = arena_array(o->arena, o->paths.n, sizeof *paths);
    uint32_t n = 1;

    o->failed |= !paths;
    for (uint32_t i = 1; paths && i < o->paths.n; i++) {
        struct path *p = &o->paths.list[i];
        bool named = p->kind == PY_PATH_ATTRIBUTE;

        if (p->foreign)
            continue;
        p->kept = n;
        paths[n] = (struct py_path){ .kind = p->kind,
                                     .parent = o->paths.list[p->parent].kept,
                                     .index = p->index,
                                     .name = SPAN_EMPTY };
        if (named) {
            paths[n].hash = o->an->tree->atoms.hashes[p->atom];
            paths[n].name = lasting(o, py_atom_text(&o->an->tree->atoms, p->atom));
        }
        n++;
    }
    *kept = n;
    return paths;
}

static uint32_t kept_path(const struct outliner *o, uint32_t path)
{
    return o->paths.list[path].kept;
}

/* Counted, then put in place: those of one function stand together, in their order. */
static const struct py_edge *keep_edges(struct outliner *o)
{
    struct py_edge *edges = arena_array(o->arena, o->edges.n, sizeof *edges);
    uint32_t at = 0;

    o->failed |= !edges;
    for (uint32_t i = 0; i < o->edges.n; i++)
        o->funcs.list[o->edges.list[i].from].edges_n++;
    for (uint32_t f = 0; f < o->funcs.n; f++) {
        o->funcs.list[f].first_edge = at;
        at += o->funcs.list[f].edges_n;
        o->funcs.list[f].edges_n = 0;
    }
    for (uint32_t i = 0; edges && i < o->edges.n; i++) {
        struct py_func *f = &o->funcs.list[o->edges.list[i].from];
        struct py_edge *e = &edges[f->first_edge + f->edges_n++];

        *e = o->edges.list[i];
        e->path = kept_path(o, e->path);
    }
    return edges;
}

static void renumber(struct outliner *o)
{
    for (uint32_t i = 0; i < o->names.n; i++)
        o->names.list[i].path = kept_path(o, o->names.list[i].path);
    for (uint32_t i = 0; i < o->bases.n; i++)
        o->bases.list[i] = kept_path(o, o->bases.list[i]);
    for (uint32_t i = 0; i < o->stars.n; i++)
        o->stars.list[i] = kept_path(o, o->stars.list[i]);
    for (uint32_t i = 0; i < o->classes.n; i++)
        o->classes.list[i].meta = kept_path(o, o->classes.list[i].meta);
    for (uint32_t i = 0; i < o->funcs.n; i++)
        for (size_t k = 0; k < ARRAY_LEN(o->funcs.list[i].gives); k++)
            o->funcs.list[i].gives[k] = kept_path(o, o->funcs.list[i].gives[k]);
}

static const struct py_outline *outoutline_line(struct outliner *o)
{
    struct py_outline *out = arena_alloc(o->arena, sizeof *out);

    if (!out)
        return NULL;
    out->offset = o->an->offset;
    out->cut = o->cut;
    out->paths = keep_paths(o, &out->paths_n);
    renumber(o);
    out->edges = keep_edges(o);
    out->edges_n = o->edges.n;
#define COPY(what) out->what = copied(o, o->what.list, out->what##_n = o->what.n, sizeof *out->what)
    COPY(funcs);
    COPY(classes);
    COPY(bases);
    COPY(names);
    COPY(uses);
    COPY(stars);
#undef COPY
    return o->failed ? NULL : out;
}

/* ---- from begin to end ---- */

#define FREE(an, l) scan_unmap((an)->s, (l).list, (l).size * sizeof *(l).list)

static void close_outline(struct analysis *an)
{
    struct outliner *o = an->outline;

    scan_unmap(an->s, o->path_slots, o->path_slots_n * sizeof *o->path_slots);
    scan_unmap(an->s, o->class_scopes, (o->scopes_n + 1u) * sizeof *o->scopes);
    scan_unmap(an->s, o->scopes, o->scopes_n * sizeof *o->scopes);
    scan_unmap(an->s, o->symbols, o->symbols_n * sizeof *o->symbols);
    FREE(an, o->funcs);
    FREE(an, o->classes);
    FREE(an, o->bases);
    FREE(an, o->paths);
    FREE(an, o->names);
    FREE(an, o->edges);
    FREE(an, o->uses);
    FREE(an, o->stars);
    FREE(an, o->sets);
    FREE(an, o->targets);
    scan_unmap(an->s, o, sizeof *o);
    an->outline = NULL;
}

static bool has_word(const struct analysis *an, const char *word)
{
    return py_atom_find(&an->tree->atoms, span_text(word)) != 0;
}

void outline_begin(struct analysis *an)
{
    struct package *p = an->s->package;
    struct outliner *o;

    if (!p->tops_n && !make_tops(p, an->module->path)) {
        p->full = true;
        return;
    }
    o = scan_map(an->s, sizeof *o);
    if (!o) {
        an->failed = true;
        return;
    }
    *o = (struct outliner){ .an = an,
                            .module = an->module,
                            .arena = &p->arena,
                            .scopes_n = an->scopes.n,
                            .symbols_n = an->symbols.n,
                            .cmdclass = py_atom_find(&an->tree->atoms, SPAN_LITERAL("cmdclass")),
                            .has_get = has_word(an, "__get__"),
                            .steps = STEPS_MORE + (uint64_t)an->nodes_n * STEPS_NODE };
    an->outline = o;
    o->scopes = scan_map(an->s, o->scopes_n * sizeof *o->scopes);
    o->class_scopes = scan_map(an->s, (o->scopes_n + 1u) * sizeof *o->scopes);
    o->symbols = scan_map(an->s, o->symbols_n * sizeof *o->symbols);
    if (!o->scopes || !o->class_scopes || !o->symbols || !add_none(o))
        an->failed = true;
    if (!an->failed)
        add_body(o);
    if (!an->failed)
        add_scopes(o);
    if (!an->failed)
        o->builtins = path_text(o, SPAN_LITERAL("builtins"), 0);
    if (an->failed)
        close_outline(an);
}

void outline_constant(struct analysis *an)
{
    an->outline->steps += (uint64_t)an->nodes_n * STEPS_NODE;
    edges_of_constant(an->outline, an);
}

void outline_end(struct analysis *an)
{
    struct outliner *o = an->outline;

    if (!o->failed)
        add_names(o);
    if (!o->failed)
        add_rest(o);
    if (!o->failed && !an->failed)
        o->module->outline = outoutline_line(o);
    if (!o->module->outline)
        an->s->package->full = true;
    close_outline(an);
}
