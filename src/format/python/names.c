/*
 * What a name may be: whatever its scope binds to it, a built-in name, or one that a star
 * import brings in. See analysis.h.
 */
#include "format/python/analysis.h"

#include "base/compiler.h"

static bool env_has_scope(const struct env *env, uint32_t scope)
{
    for (; env; env = env->up)
        if (env->scope == scope)
            return true;
    return false;
}

/* x += y for each in turn: the values on the way count as well. */
static val augmented(struct analysis *an, const struct binding *b, val before,
                     const struct env *env)
{
    const struct py_node *n = py_node(an->tree, b->node);
    val after = VAL_NONE, right = eval(an, n->b, env);

    for (uint32_t i = 0; i < value_count(an, before); i++)
        after = value_join(an, after,
                           fold_binary(an, (enum py_op)n->op, value_at(an, before, i), right));
    return after;
}

/* What a binding gives once more for each turn of the loop that it stands in. */
static val looped(struct analysis *an, uint32_t symbol, const struct binding *b, val before,
                  const struct env *env)
{
    const struct py_node *target = py_node(an->tree, py_node(an->tree, b->loop)->a);
    val over = eval(an, target->next, env), v = before;
    uint32_t scope = an->symbols.list[symbol].scope, count;

    over = spread(an, over);
    count = is_kind(an, over, V_SEQ) && !value_of(an, over)->partial ? value_of(an, over)->n : 0;
    if (target->kind != N_NAME || !count || !before)
        return VAL_NONE;
    for (uint32_t i = 0; i < count && v; i++) {
        struct env turn = { env, py_node(an->tree, py_node(an->tree, b->loop)->a)->a,
                            value_of(an, over)->list[i], scope };
        struct env mine = { &turn, symbol, v, scope };

        v = b->kind == B_AUG ? augmented(an, b, v, &turn) : eval(an, b->node, &mine);
    }
    return v;
}

/* A later binding may use what an earlier one made: x = x + y. */
static val rebound(struct analysis *an, uint32_t symbol, const struct binding *b, val before,
                   const struct env *env)
{
    struct env mine = { env, symbol, before, UINT32_MAX };

    return eval(an, b->node, &mine);
}

static val all_bindings(struct analysis *an, uint32_t symbol, const struct env *env)
{
    val all = VAL_NONE, latest = VAL_NONE;
    bool known = true;
    uint32_t next;

    for (uint32_t i = an->symbols.list[symbol].first; i && spend(an, 1); i = next) {
        const struct binding b = an->bindings.list[i];
        val v = VAL_NONE;

        next = b.next;
        if (an->full && b.loop && latest && (b.kind == B_AUG || b.kind == B_VALUE))
            v = looped(an, symbol, &b, latest, env);
        if (!v && b.kind == B_AUG)
            v = value_doubt(an, augmented(an, &b, latest, env));
        else if (!v && an->full && latest && b.kind == B_VALUE)
            v = rebound(an, symbol, &b, latest, env);
        else if (!v)
            v = binding_value(an, i, env);
        latest = v;
        known &= v != VAL_NONE || b.kind == B_DELETED;
        all = value_join(an, all, v);
    }
    if (an->full && all && !known)
        all = value_join(an, all, value_new(an, (struct value){ .kind = V_OTHER }));
    return all;
}

val symbol_value(struct analysis *an, uint32_t symbol, const struct env *env)
{
    struct symbol *s = &an->symbols.list[symbol];
    bool inner = env && env_has_scope(env, s->scope);
    unsigned mode = an->full;
    val v;

    for (const struct env *e = env; e; e = e->up)
        if (e->symbol == symbol)
            return e->value;
    if (s->state[mode] == 2 && !inner)
        return s->value[mode];
    if (s->state[mode] == 1 || an->depth >= DEPTH_MAX)
        return VAL_NONE;
    s->state[mode] = 1;
    an->depth++;
    v = all_bindings(an, symbol, inner ? env : NULL);
    an->depth--;
    s = &an->symbols.list[symbol];
    s->value[mode] = v;
    s->state[mode] = inner ? 0 : 2; /* with these arguments it may be another value */
    return v;
}

/* Its module; b of an N_IMPORT_FROM holds names, and its atom is free to keep the value. */
static val star_module(struct analysis *an, uint32_t i)
{
    struct py_node *n = &an->tree->nodes[an->stars.list[i]];

    if (!n->atom)
        n->atom = eval(an, an->stars.list[i], NULL) + 1;
    return n->atom - 1;
}

/* What a star import behind an offset brings in under the name. */
static val starred_value(struct analysis *an, uint32_t atom, uint32_t off)
{
    for (uint32_t i = an->stars.n; i > 0 && py_node(an->tree, an->stars.list[i - 1])->off > off;
         i--) {
        uint32_t node = value_name(an, star_module(an, i - 1));
        uint32_t child = node ? known_child(an->known, node, atom) : 0;

        if (child)
            return child;
    }
    return VAL_NONE;
}

/* A name that no scope binds: a star import's, else a built-in one. */
static val builtin_value(struct analysis *an, uint32_t atom)
{
    const struct known *k = an->known;
    val foreign = VAL_NONE;

    for (uint32_t i = an->stars.n; i > 0; i--) {
        val module = star_module(an, i - 1);
        uint32_t node = value_name(an, module), child = node ? known_child(k, node, atom) : 0;

        if (child)
            return child;
        if (module && !node)
            foreign = module;
    }
    if (atom < k->atoms_n && k->builtin[atom])
        return k->builtin[atom];
    if (atom == W_BUILTINS)
        return k->builtins;
    if (atom == W_NAME || atom == W_PACKAGE) /* some name; it is the source's own */
        return value_text(an, V_STR, py_atom_text(&an->tree->atoms, atom), false);
    if (atom < k->atoms_n && k->plain_builtin[atom])
        return value_plain(an, V_BUILTIN, 0, 0, false);
    return foreign ? attribute_of(an, foreign, atom) : VAL_NONE;
}

/* In code that is a constant, the names of the code around it. */
static val outer_value(struct analysis *an, uint32_t atom)
{
    struct analysis *outer = (struct analysis *)(uintptr_t)an->outer;
    struct span name = py_atom_text(&an->tree->atoms, atom);
    uint32_t there = outer ? py_atom_find(&outer->tree->atoms, name) : 0;
    uint32_t symbol = there ? symbol_find(outer, 0, there) : 0;
    val v;

    if (!symbol)
        return VAL_NONE;
    v = symbol_value(outer, symbol, NULL);
    return is_known(outer, v) ? v : VAL_NONE; /* other values are the other analysis's own */
}

/* Whether a name stands between two places: what it means may be called there. */
static bool named_between(struct analysis *an, uint32_t atom, uint32_t from, uint32_t to)
{
    if (!spend(an, an->nodes_n / 8 + 1))
        return true;
    for (uint32_t i = 1; i < an->nodes_n; i++) {
        const struct py_node *n = py_node(an->tree, i);

        if (n->kind == N_NAME && n->atom == atom && n->off > from && n->off < to)
            return true;
    }
    return false;
}

static bool is_decorated(const struct analysis *an, const struct py_node *f)
{
    for (uint32_t n = f->c; n && f->kind != N_LAMBDA; n = py_node(an->tree, n)->next)
        if (py_node(an->tree, n)->kind == N_DECORATOR)
            return true;
    return false;
}

/*
 * Whether a place is executed no sooner than another behind it: it stands in a function of
 * the module, or of a class of it, which nothing names in between.
 */
static bool is_deferred(struct analysis *an, uint32_t off, uint32_t until)
{
    uint32_t scope = scope_at(an, off), outermost = 0;
    bool within = false;

    for (; scope; scope = an->scopes.list[scope].parent) {
        const struct py_node *f = py_node(an->tree, an->scopes.list[scope].node);
        uint8_t kind = an->scopes.list[scope].kind;

        within |= (kind == S_FUNCTION || kind == S_LAMBDA) && off >= py_node(an->tree, f->b)->off;
        if (is_decorated(an, f))
            return false;
        outermost = scope;
    }
    return within && an->scopes.list[outermost].end < until && an->scopes.list[outermost].name &&
           !named_between(an, an->scopes.list[outermost].name, an->scopes.list[outermost].end,
                          until);
}

/* Whether a binding of the module hides the built-in name at a use, for certain. */
static bool hides(struct analysis *an, uint32_t binding, uint32_t off)
{
    const struct binding b = an->bindings.list[binding];

    if (b.kind == B_DELETED || (b.conditional && (b.off >= off || off >= b.until)))
        return false;
    return b.off < off || is_deferred(an, off, b.off);
}

/* How many arms a statement has of which one is executed in any case; 0: none need be. */
static uint32_t arms_of(const struct analysis *an, uint32_t fork)
{
    const struct py_node *n = py_node(an->tree, fork);
    uint32_t arms = 1;

    if (n->kind == N_TRY) {
        for (uint32_t h = n->b; h; h = py_node(an->tree, h)->next)
            arms++;
        return arms;
    }
    for (; n->kind == N_IF && n->c; n = py_node(an->tree, n->c))
        arms++;
    return n->kind == N_IF ? 0 : arms;
}

/* Whether the built-in name may be meant although the module or class binds it somewhere. */
static bool may_be_builtin(struct analysis *an, uint32_t symbol, uint32_t off)
{
    const struct symbol *s = &an->symbols.list[symbol];
    uint32_t fork = 0, arms = 0, next;
    bool hidden = false;

    if (s->scope >= an->scopes.n ||
        (an->scopes.list[s->scope].kind != S_MODULE && an->scopes.list[s->scope].kind != S_CLASS))
        return false;
    for (uint32_t i = s->first; i; i = next) {
        const struct binding b = an->bindings.list[i];

        next = b.next;
        if (b.kind == B_DELETED || an->unbinds || !spend(an, 1))
            return true;
        hidden |= hides(an, i, off);
        if (!b.fork || b.off >= off)
            continue;
        arms = b.fork != fork ? 0 : arms; /* those of one statement stand together */
        fork = b.fork;
        arms += b.arm == arms;
        hidden |= arms && arms == arms_of(an, fork);
    }
    return !hidden;
}

static val guess(struct analysis *an, val v)
{
    return is_known(an, v) ? value_new(an, (struct value){ .kind = V_GUESS, .a = v }) : v;
}

/* In a class a name that is not bound yet, or not in every case, is the module's. */
static val behind_class(struct analysis *an, uint32_t symbol, uint32_t atom, uint32_t off)
{
    uint32_t outer = symbol_find(an, 0, atom);
    bool hidden = false;

    for (uint32_t i = an->symbols.list[symbol].first; i; i = an->bindings.list[i].next)
        hidden |= hides(an, i, off);
    return outer && !hidden ? symbol_value(an, outer, NULL) : VAL_NONE;
}

val name_value(struct analysis *an, uint32_t node, const struct env *env)
{
    const struct py_node *n = py_node(an->tree, node);
    uint32_t atom = n->atom, symbol = n->a, off = n->off;
    bool is_builtin = atom < an->known->atoms_n && an->known->builtin[atom];
    val v;

    if (!symbol) {
        v = an->outer ? outer_value(an, atom) : VAL_NONE;
        return v ? v : builtin_value(an, atom);
    }
    v = symbol_value(an, symbol, env);
    if (an->symbols.list[symbol].scope < an->scopes.n &&
        an->scopes.list[an->symbols.list[symbol].scope].kind == S_CLASS)
        v = value_join(an, v, behind_class(an, symbol, atom, off));
    if (an->stars.n && an->symbols.list[symbol].scope == 0)
        v = value_join(
            an, v, starred_value(an, atom, an->bindings.list[an->symbols.list[symbol].first].off));
    if (is_builtin && may_be_builtin(an, symbol, off))
        v = value_join(an, v, guess(an, an->known->builtin[atom]));
    return v;
}
