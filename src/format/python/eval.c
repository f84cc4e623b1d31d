/* What an expression may be. See analysis.h. */
#include "format/python/analysis.h"

#include "base/compiler.h"

/* Expressions within expressions, and calls within calls, followed so far. */
#define DEPTH_MAX 400
/* Turns of a comprehension, or of map(). */
#define TURNS_MAX 4096
/* Calls by the name of a function that are looked at for what a parameter may be. */
#define CALLS_MAX 256
/* Steps of one loop or call that is followed with what it is given. */
#define TURN_STEPS 20000

/* Where the value of a node is kept once it is known: value + 1. c of most kinds of expression. */
#define MEMO(n) ((n)->c)

bool spend(struct analysis *an, uint64_t steps)
{
    if (an->turning) {
        bool enough = an->turns_left >= steps;

        an->turns_left -= enough ? steps : an->turns_left;
        return enough;
    }
    if (an->fuel < steps) {
        an->exhausted = true;
        an->fuel = 0;
        return false;
    }
    an->fuel -= steps;
    return true;
}

/* Begins to follow a loop or a call with what it is given; false when we are in one already. */
static bool turns_begin(struct analysis *an)
{
    if (an->turning)
        return false;
    an->turning = true;
    an->turns_left = an->turns_in_all < TURN_STEPS ? an->turns_in_all : TURN_STEPS;
    an->turns_in_all -= an->turns_left;
    return true;
}

static void turns_end(struct analysis *an)
{
    an->turning = false;
    an->turns_in_all += an->turns_left;
}

/* ---- names ---- */

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

/* ---- imports ---- */

/* The known module of a dotted name in names (N_NAME chained), as far as parts go. */
static val imported(struct analysis *an, uint32_t names, uint32_t parts)
{
    uint32_t node = 0;
    bool known = true;
    val root = VAL_NONE;

    for (uint32_t n = names; n && parts > 0; n = py_node(an->tree, n)->next, parts--) {
        uint32_t atom = py_node(an->tree, n)->atom;

        node = known ? known_child(an->known, node, atom) : 0;
        known &= node != 0;
        if (!known)
            root = attribute_of(an, value_plain(an, V_ANY_MODULE, 0, 0, false), atom);
    }
    if (known && node)
        return node;
    return root;
}

static val import_value(struct analysis *an, const struct binding *b)
{
    const struct py_node *alias = py_node(an->tree, b->node);

    return imported(an, alias->a, b->of ? UINT32_MAX : 1);
}

/* The module that "from ... import" names; relative ones are the artifact's own. */
static val from_module(struct analysis *an, uint32_t node)
{
    const struct py_node *n = py_node(an->tree, node);

    if (n->c > 0)
        return value_plain(an, V_ANY_MODULE, 0, 0, true);
    return imported(an, n->b, UINT32_MAX);
}

static val from_value(struct analysis *an, const struct binding *b)
{
    uint32_t alias = py_node(an->tree, b->node)->a, atom = py_node(an->tree, alias)->atom;
    val module = from_module(an, b->of), v = attribute_of(an, module, atom);

    /* What the artifact itself calls "system" is told there if it is more than that. */
    return is_kind(an, v, V_GUESS) && value_of(an, v)->b && is_kind(an, module, V_ANY_MODULE) &&
                   value_of(an, module)->partial
               ? module
               : v;
}

/* ---- arguments ---- */

static uint32_t arg_place(const struct analysis *an, uint32_t function, uint32_t arg)
{
    uint32_t place = 0;

    for (uint32_t n = py_node(an->tree, function)->a; n && n != arg; n = py_node(an->tree, n)->next)
        place++;
    return place;
}

/* **kwargs of a call: its keywords as a dictionary. */
static val keywords_of(struct analysis *an, const struct call *c)
{
    val list[32];
    uint32_t n = 0;

    for (uint32_t k = py_node(an->tree, c->node)->b; k && n + 2 <= ARRAY_LEN(list) && spend(an, 1);
         k = py_node(an->tree, k)->next) {
        const struct py_node *arg = py_node(an->tree, k);

        if (arg->kind != N_KEYWORD)
            continue;
        list[n + 1] = eval(an, arg->a, c->env);
        list[n] = value_text(an, V_STR, py_atom_text(&an->tree->atoms, py_node(an->tree, k)->atom),
                             false);
        n += 2;
    }
    return n ? value_list(an, V_DICT, list, n, true) : VAL_NONE;
}

/* The value that one call of a function gives to a parameter; *given: it may give one. */
static val arg_of_call(struct analysis *an, uint32_t call, uint32_t arg, uint32_t place,
                       bool method, bool *given)
{
    const struct py_node *a = py_node(an->tree, arg);
    struct span name = py_atom_text(&an->tree->atoms, a->atom);
    struct call c = { .node = call, .skip = py_node(an->tree, call)->op == OP_HANDS_ON };
    char key[64] = "";

    *given = true;
    if (method && place == 0)
        return VAL_NONE;
    if (py_node(an->tree, call)->op == OP_MAPS)
        return element_of(an, spread(an, call_place(an, &c, place + 1 - method)));
    if (name.n < sizeof key)
        memcpy(key, name.p, name.n);
    if (a->op == OP_ARG_DSTAR)
        return keywords_of(an, &c);
    if (a->op == OP_ARG_STAR) {
        bool open;
        val all = VAL_NONE;

        for (uint32_t i = place - method; i < call_places(an, &c, &open) && spend(an, 1); i++)
            all = value_join(an, all, call_place(an, &c, i));
        return all ? value_list(an, V_SEQ, &all, 1, true) : VAL_NONE;
    }
    return call_arg(an, &c, a->op == OP_ARG_KWONLY ? UINT32_MAX : place - method, key, given);
}

/* What a parameter has by default and nobody means: "" before a path that is yet to come. */
static bool is_nothing(const struct analysis *an, val v)
{
    struct span s;

    return value_is_text(an, v, &s) && s.n == 0;
}

static val arg_value(struct analysis *an, const struct binding *b)
{
    const struct scope *scope = &an->scopes.list[b->of];
    uint32_t function = scope->node, arg = b->node;
    uint32_t place = arg_place(an, function, arg), atom = scope->name, calls = 0;
    bool in_class = an->scopes.list[scope->parent].kind == S_CLASS, construct = false;
    val all = VAL_NONE, own = eval(an, py_node(an->tree, arg)->b, NULL);
    bool given, used = !is_nothing(an, own);

    if (in_class && place == 0 && !scope->is_static)
        return own; /* self */
    if (scope->kind == S_LAMBDA && scope->call)
        all = arg_of_call(an, scope->call, arg, place, false, &given);
    if (in_class && (atom == W_INIT || atom == W_NEW)) { /* calls of the class */
        atom = an->scopes.list[scope->parent].name;
        construct = true;
    }
    for (uint32_t n = atom < an->atoms_n ? an->calls[atom] : 0;
         n && calls++ < CALLS_MAX && spend(an, 1); n = py_node(an->tree, n)->atom) {
        bool by_attribute = py_node(an->tree, py_node(an->tree, n)->a)->kind != N_NAME;

        all = value_join(
            an, all,
            arg_of_call(an, n, arg, place, construct || (in_class && by_attribute), &given));
        used |= !given;
    }
    return used ? value_join(an, own, all) : all;
}

/* ---- bindings ---- */

/* What a class of the source gives when it is iterated over. */
static val iterated(struct analysis *an, val v)
{
    val list = special_value(an, v, W_ITER), all = special_value(an, v, W_NEXT);

    for (uint32_t i = 0; i < value_count(an, list); i++)
        all = value_join(an, all, value_part(an, value_at(an, list, i)));
    return all;
}

val element_of(struct analysis *an, val v)
{
    val all = VAL_NONE;

    for (uint32_t i = 0; i < value_count(an, v); i++) {
        val one = value_at(an, v, i);
        const struct value *x = value_of(an, one);

        if (!x)
            continue;
        if (x->kind == V_SEQ)
            all = value_join(an, all, value_part(an, one));
        else if (x->kind == V_DICT) /* its keys */
            for (uint32_t k = 0; k < x->n && spend(an, 1); k += 2) {
                all = value_join(an, all, x->list[k]);
                x = value_of(an, one);
            }
        else if (x->kind == V_ANY_SPACE || x->kind == V_ANY_MODULE)
            all = value_join(an, all, value_plain(an, V_ANY_MODULE, 0, 0, false));
        else if (x->kind == V_CLASS)
            all = value_join(an, all, iterated(an, one));
    }
    return all;
}

/* The characters of a string, the numbers of bytes, the elements of a list. */
val spread(struct analysis *an, val v)
{
    const struct value *x = value_of(an, v);
    struct span s;
    val *list;
    uint32_t n = 0;

    if (x && (x->kind == V_SEQ || x->kind == V_ANY_SPACE))
        return v;
    if (x && x->kind == V_DICT) {
        val key = element_of(an, v);

        return value_list(an, V_SEQ, &key, 1, true);
    }
    if (!value_is_text(an, v, &s) || s.n > TURNS_MAX)
        return VAL_NONE;
    list = (val *)(void *)value_bytes(an, (s.n + 1) * sizeof *list);
    for (size_t i = 0, step; list && i < s.n; i += step) {
        bool bytes = is_kind(an, v, V_BYTES);

        step = 1;
        while (!bytes && i + step < s.n && (s.p[i + step] & 0xC0) == 0x80)
            step++;
        list[n++] =
            bytes ? value_int(an, s.p[i]) : value_text(an, V_STR, span_of(s.p + i, step), false);
        if (value_is_doubtful(an, v))
            list[n - 1] = value_doubt(an, list[n - 1]);
    }
    return list ? value_new(an, (struct value){ .kind = V_SEQ, .list = list, .n = n }) : VAL_NONE;
}

static val item_of(struct analysis *an, val v, uint32_t place)
{
    val all = VAL_NONE;

    for (uint32_t i = 0; i < value_count(an, v); i++) {
        const struct value *x = value_of(an, value_at(an, v, i));

        if (x && x->kind == V_SEQ && place < x->n && !x->partial)
            all = value_join(an, all, x->list[place]);
        else
            all = value_join(an, all, value_part(an, value_at(an, v, i)));
    }
    return all;
}

/* A function or a class of the source: the same value each time. */
static val scope_value(struct analysis *an, enum value_kind kind, uint32_t scope)
{
    val v = an->scopes.list[scope].value;

    if (!v)
        v = value_new(an, (struct value){ .kind = (uint8_t)kind, .a = scope });
    an->scopes.list[scope].value = v;
    return v;
}

/* with v as x: of a class of the source, what its __enter__ gives. */
static val entered(struct analysis *an, val v)
{
    val all = v;

    for (uint32_t i = 0; i < value_count(an, v); i++)
        all = value_join(an, all, special_value(an, value_at(an, v, i), W_ENTER));
    return all;
}

val binding_value(struct analysis *an, uint32_t binding, const struct env *env)
{
    const struct binding b = an->bindings.list[binding];

    switch (b.kind) {
    case B_VALUE:
        return eval(an, b.node, env);
    case B_SAME:
        return binding_value(an, b.of, env);
    case B_ENTER:
        return entered(an, binding_value(an, b.of, env));
    case B_MEMBER:
        return attribute_of(an, binding_value(an, b.of, env), py_node(an->tree, b.node)->atom);
    case B_ITEM:
        return item_of(an, binding_value(an, b.of, env), b.node);
    case B_EACH:
        return element_of(an, binding_value(an, b.of, env));
    case B_PART: {
        val whole = binding_value(an, b.of, env);

        return value_join(an, value_part(an, whole), whole);
    }
    case B_REST: {
        val part = value_part(an, binding_value(an, b.of, env));

        return part ? value_list(an, V_SEQ, &part, 1, true) : VAL_NONE;
    }
    case B_STORED: {
        val pair[2] = { VAL_NONE, binding_value(an, b.of, env) };

        return pair[1] ? value_list(an, V_DICT, pair, 2, true) : VAL_NONE;
    }
    case B_SPREAD: {
        val whole = eval(an, b.node, env);

        return value_join(an, value_part(an, whole), whole);
    }
    case B_PROPERTY:
        return function_value(an, b.of);
    case B_IMPORT:
        return import_value(an, &b);
    case B_FROM:
        return from_value(an, &b);
    case B_FUNC:
        return scope_value(an, V_FUNC, b.of);
    case B_CLASS:
        return scope_value(an, V_CLASS, b.of);
    case B_ARG:
        return arg_value(an, &b);
    default:
        return VAL_NONE;
    }
}

/* ---- expressions ---- */

static val eval_sequence(struct analysis *an, uint32_t node, const struct env *env)
{
    val list[64];
    uint32_t n = 0;
    bool partial = false;

    for (uint32_t e = py_node(an->tree, node)->a; e; e = py_node(an->tree, e)->next) {
        uint32_t inner = py_node(an->tree, e)->a;
        bool star = py_node(an->tree, e)->kind == N_STARRED;
        val v = eval(an, star ? inner : e, env);
        const struct value *x = value_of(an, v);

        if (!spend(an, 1))
            return VAL_NONE;
        if (star && x && x->kind == V_SEQ && !x->partial && n + x->n <= ARRAY_LEN(list)) {
            for (uint32_t i = 0; i < x->n; i++)
                list[n + i] = x->list[i];
            n += x->n;
            continue;
        }
        if (star)
            v = value_join(an, element_of(an, v), value_new(an, (struct value){ .kind = V_OTHER }));
        partial |= star;
        if (n < ARRAY_LEN(list))
            list[n++] = v;
        else { /* a long one: what is of interest in it counts, its place does not */
            partial = true;
            list[n - 1] = value_join(an, list[n - 1], v);
        }
    }
    if (py_node(an->tree, node)->kind == N_SET && n > 1) { /* no order: any of them */
        list[0] = value_part(an, value_list(an, V_SEQ, list, n, partial));
        n = partial = 1;
    }
    return value_list(an, V_SEQ, list, n, partial);
}

/* A long list of plain numbers or strings, as hidden names are spelled, keeps its order. */
static val eval_long_sequence(struct analysis *an, uint32_t node)
{
    uint32_t n = 0, i = 0;
    val *list;

    for (uint32_t e = py_node(an->tree, node)->a; e; e = py_node(an->tree, e)->next, n++)
        if (py_node(an->tree, e)->kind == N_STARRED)
            return VAL_NONE;
    if (n <= 64 || n > TURNS_MAX)
        return VAL_NONE;
    list = (val *)(void *)value_bytes(an, n * sizeof *list);
    for (uint32_t e = py_node(an->tree, node)->a; list && e; e = py_node(an->tree, e)->next)
        list[i++] = eval(an, e, NULL);
    return list ? value_new(an, (struct value){ .kind = V_SEQ, .list = list, .n = n }) : VAL_NONE;
}

static val eval_dict(struct analysis *an, uint32_t node, const struct env *env)
{
    val list[128];
    uint32_t n = 0;
    bool partial = false;

    for (uint32_t e = py_node(an->tree, node)->a; e && spend(an, 1);
         e = py_node(an->tree, e)->next) {
        const struct py_node *item = py_node(an->tree, e);
        val key, v;

        if (item->kind == N_DOUBLE_STARRED) {
            v = eval(an, item->a, env);
            key = VAL_NONE;
            partial = true;
            v = value_part(an, v);
        } else {
            uint32_t value = item->b;

            key = eval_full(an, item->a, env);
            v = eval(an, value, env);
        }
        if (n + 2 <= ARRAY_LEN(list)) {
            list[n++] = key;
            list[n++] = v;
        } else if (v) {
            partial = true;
            list[n - 2] = VAL_NONE;
            list[n - 1] = value_join(an, list[n - 1], v);
        }
    }
    return value_list(an, V_DICT, list, n, partial);
}

/* A comprehension under way: one value after the other. */
struct turns {
    uint32_t element;
    val *list;
    uint32_t n, size;
    bool partial;
};

static bool room_for_turn(struct analysis *an, struct turns *t)
{
    uint32_t more = t->size ? t->size * 4 : 32;
    val *list;

    if (t->n < t->size)
        return true;
    list = t->size < TURNS_MAX ? (val *)(void *)value_bytes(an, more * sizeof *list) : NULL;
    if (!list)
        return false;
    if (t->n)
        memcpy(list, t->list, t->n * sizeof *list);
    t->list = list;
    t->size = more;
    return true;
}

static void run_loop(struct analysis *an, uint32_t loop, const struct env *env, struct turns *t);

/* One turn: the conditions, then the next loop within, or the element. */
static void run_turn(struct analysis *an, uint32_t loop, const struct env *env, struct turns *t)
{
    const struct py_node *n = py_node(an->tree, loop);

    for (uint32_t c = n->c; c; c = py_node(an->tree, c)->next) {
        int yes = value_truth(an, eval(an, c, env));

        if (yes == 0)
            return;
        t->partial |= yes < 0;
    }
    if (py_node(an->tree, loop)->next) {
        run_loop(an, py_node(an->tree, loop)->next, env, t);
        return;
    }
    if (!room_for_turn(an, t)) {
        t->partial = true;
        return;
    }
    t->list[t->n++] = eval(an, t->element, env);
}

static val nth(const struct analysis *an, val v, uint32_t i)
{
    const struct value *x = value_of(an, v);

    return x && x->kind == V_SEQ && i < x->n ? x->list[i] : VAL_NONE;
}

/* Names of a target bound to one element, and then the turn with them. */
static void bind_turn(struct analysis *an, uint32_t loop, uint32_t target, val v,
                      const struct env *env, struct turns *t)
{
    const struct py_node *n = py_node(an->tree, target);
    struct env mine[8];
    uint32_t used = 0, place = 0;

    if (n->kind == N_NAME) {
        mine[0] = (struct env){ env, n->a, v, n->a ? an->symbols.list[n->a].scope : UINT32_MAX };
        run_turn(an, loop, &mine[0], t);
        return;
    }
    if (n->kind != N_TUPLE && n->kind != N_LIST) {
        t->partial = true;
        return;
    }
    for (uint32_t e = n->a; e && used < ARRAY_LEN(mine); e = py_node(an->tree, e)->next, place++) {
        const struct py_node *name = py_node(an->tree, e);

        if (name->kind != N_NAME || !name->a)
            continue;
        mine[used] = (struct env){ used ? &mine[used - 1] : env, name->a, nth(an, v, place),
                                   an->symbols.list[name->a].scope };
        used++;
    }
    run_turn(an, loop, used ? &mine[used - 1] : env, t);
}

static void run_loop(struct analysis *an, uint32_t loop, const struct env *env, struct turns *t)
{
    uint32_t target = py_node(an->tree, loop)->a;
    val over = eval(an, py_node(an->tree, loop)->b, env);
    struct span text;
    const struct value *x = value_of(an, over);

    if (value_is_text(an, over, &text)) {
        bool bytes = x->kind == V_BYTES;

        for (size_t i = 0, step = 1; i < text.n && spend(an, 2); i += step) {
            step = 1;
            while (!bytes && i + step < text.n && (text.p[i + step] & 0xC0) == 0x80)
                step++;
            bind_turn(an, loop, target,
                      bytes ? value_int(an, text.p[i])
                            : value_text(an, V_STR, span_of(text.p + i, step), false),
                      env, t);
        }
        return;
    }
    if (!x || x->kind != V_SEQ) {
        t->partial = true;
        bind_turn(an, loop, target, element_of(an, over), env, t);
        return;
    }
    t->partial |= x->partial;
    for (uint32_t i = 0; i < x->n && spend(an, 2); i++) {
        bind_turn(an, loop, target, x->list[i], env, t);
        x = value_of(an, over);
    }
}

static val eval_comprehension(struct analysis *an, uint32_t node, const struct env *env)
{
    const struct py_node *n = py_node(an->tree, node);
    uint32_t element = n->a, loop = n->b;
    bool is_dict = n->kind == N_DICT_COMP;
    struct turns t = { .element = is_dict ? py_node(an->tree, element)->b : element };

    run_loop(an, loop, env, &t);
    return value_list(an, V_SEQ, t.list, t.n, t.partial || is_dict);
}

/* The leaves of a chain that leans to the left, folded from there. */
static val eval_binary(struct analysis *an, uint32_t node, const struct env *env)
{
    uint32_t spine[64], n = 0;
    val v;

    while (py_node(an->tree, node)->kind == N_BINARY && n < ARRAY_LEN(spine)) {
        spine[n++] = node;
        node = py_node(an->tree, node)->a;
    }
    v = eval(an, node, env);
    while (n > 0) {
        const struct py_node *b = py_node(an->tree, spine[--n]);
        enum py_op op = (enum py_op)b->op;
        val right = eval(an, b->b, env);

        v = fold_binary(an, op, v, right);
    }
    return v;
}

static val eval_bool(struct analysis *an, uint32_t first, const struct env *env)
{
    val all = VAL_NONE;

    for (uint32_t n = first; n && spend(an, 1); n = py_node(an->tree, n)->next)
        all = value_join(an, all, eval(an, n, env));
    return all;
}

static val eval_unary(struct analysis *an, const struct py_node *n, const struct env *env)
{
    enum py_op op = (enum py_op)n->op;
    val v = eval(an, n->a, env);
    int truth = value_truth(an, v);
    int64_t i;

    if (op == OP_NOT)
        return truth < 0 ? VAL_NONE : value_const(an, truth ? N_FALSE : N_TRUE);
    if (!value_is_int(an, v, &i))
        return VAL_NONE;
    return value_int(an, op == OP_NEG ? (int64_t)(0 - (uint64_t)i) : op == OP_INVERT ? ~i : i);
}

static val eval_if_else(struct analysis *an, uint32_t node, const struct env *env)
{
    const struct py_node n = *py_node(an->tree, node);
    int yes = value_truth(an, eval(an, n.a, env));
    val then = yes != 0 ? eval(an, n.b, env) : VAL_NONE;

    return value_join(an, then, yes != 1 ? eval(an, n.c, env) : VAL_NONE);
}

/* Whether any part of a value may be something else than a constant. */
static bool has_parts(struct analysis *an, val v)
{
    for (uint32_t i = 0; i < value_count(an, v); i++) {
        const struct value *x = value_of(an, value_at(an, v, i));
        uint32_t step = x && x->kind == V_DICT ? 2 : 1;

        if (!x || (x->kind != V_SEQ && x->kind != V_DICT))
            return true;
        for (uint32_t k = step - 1; k < x->n; k += step)
            if (x->list[k] != VAL_NONE)
                return true;
    }
    return false;
}

static val eval_slice(struct analysis *an, val v, const struct py_node *index,
                      const struct env *env)
{
    val lower = eval_full(an, index->a, env), upper = eval_full(an, index->b, env);
    val step = index->c ? eval_full(an, index->c, env) : value_int(an, 1);
    val part;

    if ((!index->a || lower) && (!index->b || upper) && step)
        return fold_slice(an, v, lower, upper, step);
    part = value_part(an, v); /* some of it */
    return part ? value_list(an, V_SEQ, &part, 1, true) : VAL_NONE;
}

static val eval_subscript(struct analysis *an, uint32_t node, const struct env *env)
{
    const struct py_node n = *py_node(an->tree, node);
    const struct py_node index = *py_node(an->tree, n.b);
    val v = eval(an, n.a, env);

    if (v == VAL_NONE || (!an->full && !has_parts(an, v)))
        return VAL_NONE;
    if (index.kind == N_SLICE)
        return eval_slice(an, v, &index, env);
    return subscript_of(an, v, eval_full(an, n.b, env));
}

/* Two constants compared: what a loop's condition asks. */
static val eval_compare(struct analysis *an, uint32_t node, const struct env *env)
{
    const struct py_node n = *py_node(an->tree, node);
    const struct py_node item = *py_node(an->tree, n.b);
    struct span x, y;
    int64_t i, j;
    val a, b;

    if (item.next)
        return VAL_NONE;
    a = eval(an, n.a, env);
    b = eval(an, item.a, env);
    if (value_is_int(an, a, &i) && value_is_int(an, b, &j)) {
        bool yes = item.op == OP_EQ   ? i == j
                   : item.op == OP_NE ? i != j
                   : item.op == OP_LT ? i < j
                   : item.op == OP_LE ? i <= j
                   : item.op == OP_GT ? i > j
                                      : i >= j;

        return item.op >= OP_EQ && item.op <= OP_GE ? value_const(an, yes ? N_TRUE : N_FALSE)
                                                    : VAL_NONE;
    }
    if (!value_is_text(an, a, &x) || !value_is_text(an, b, &y))
        return VAL_NONE;
    if (item.op == OP_EQ || item.op == OP_NE)
        return value_const(an, span_equal(x, y) == (item.op == OP_EQ) ? N_TRUE : N_FALSE);
    if (item.op == OP_IN || item.op == OP_NOT_IN)
        return value_const(an, (x.n == 0 || span_find(y, 0, x) != SIZE_MAX) == (item.op == OP_IN)
                                   ? N_TRUE
                                   : N_FALSE);
    return VAL_NONE;
}

static val eval_node(struct analysis *an, uint32_t node, const struct env *env)
{
    const struct py_node *n = py_node(an->tree, node);

    switch (n->kind) {
    case N_NAME:
        return name_value(an, node, env);
    case N_ATTRIBUTE: {
        uint32_t atom = n->atom;

        return attribute_of(an, eval(an, n->a, env), atom);
    }
    case N_CALL:
        return call_value(an, node, env);
    case N_SUBSCRIPT:
        return eval_subscript(an, node, env);
    case N_STR:
    case N_STRINGS:
    case N_INT:
    case N_NONE:
    case N_TRUE:
    case N_FALSE:
        return fold_literal(an, node);
    case N_FSTRING:
        return fold_fstring(an, node, env);
    case N_BINARY:
        return eval_binary(an, node, env);
    case N_UNARY:
        return eval_unary(an, n, env);
    case N_COMPARE:
        return eval_compare(an, node, env);
    case N_BOOL:
        return eval_bool(an, n->a, env);
    case N_IF_ELSE:
        return eval_if_else(an, node, env);
    case N_TUPLE:
    case N_LIST:
    case N_SET: {
        val v = env || !an->full ? VAL_NONE : eval_long_sequence(an, node);

        return v ? v : eval_sequence(an, node, env);
    }
    case N_DICT:
        return eval_dict(an, node, env);
    case N_LIST_COMP:
    case N_SET_COMP:
    case N_GENERATOR:
    case N_DICT_COMP:
        return eval_comprehension(an, node, env);
    case N_NAMED:
        return eval(an, n->b, env);
    case N_AWAIT:
    case N_STARRED:
        return eval(an, n->a, env);
    case N_LAMBDA:
        return scope_value(an, V_FUNC, n->atom);
    case N_IMPORT_FROM:
        return from_module(an, node);
    default:
        return VAL_NONE;
    }
}

/* Kinds whose c is free to keep their value. */
static bool keeps(const struct py_node *n)
{
    return n->kind != N_IF_ELSE && n->kind != N_IMPORT_FROM && n->kind != N_STARRED &&
           n->kind != N_AWAIT;
}

/* What never is anything but text and numbers. */
static bool is_plain_kind(const struct py_node *n)
{
    switch (n->kind) {
    case N_STR:
    case N_STRINGS:
    case N_FSTRING:
    case N_INT:
    case N_FLOAT:
    case N_IMAGINARY:
    case N_NONE:
    case N_TRUE:
    case N_FALSE:
    case N_ELLIPSIS:
    case N_UNARY:
    case N_COMPARE:
        return true;
    case N_BINARY:
        return n->op != OP_ADD && n->op != OP_OR && n->op != OP_MUL && /* of lists */
               n->op != OP_DIV;                                        /* of paths */
    default:
        return false;
    }
}

/* Where the value of a node is kept in the mode that we are in; NULL: it is not kept. */
static val *memo_of(struct analysis *an, uint32_t node)
{
    struct py_node *n = &an->tree->nodes[node];

    if (!an->full)
        return keeps(n) ? &MEMO(n) : NULL;
    if (n->kind == N_NONE && node == an->fake_arg)
        return &MEMO(n);
    if (!an->full_memo) {
        an->full_memo_n = an->tree->n;
        an->full_memo = scan_map(an->s, an->full_memo_n * sizeof *an->full_memo);
        an->failed |= !an->full_memo;
    }
    return an->full_memo ? &an->full_memo[node] : NULL;
}

val eval(struct analysis *an, uint32_t node, const struct env *env)
{
    bool turns;
    val v, *memo;

    if (!node || (!an->full && is_plain_kind(py_node(an->tree, node))))
        return VAL_NONE;
    memo = env && node != an->fake_arg ? NULL : memo_of(an, node);
    if (an->failed || (memo && *memo))
        return an->failed ? VAL_NONE : *memo - 1;
    if (an->depth >= DEPTH_MAX || !spend(an, 1))
        return VAL_NONE;
    turns = env && turns_begin(an);
    an->depth++;
    v = eval_node(an, node, env);
    an->depth--;
    if (turns)
        turns_end(an);
    memo = env ? NULL : memo_of(an, node);
    if (memo)
        *memo = v + 1;
    return v;
}

val eval_full(struct analysis *an, uint32_t node, const struct env *env)
{
    bool was = an->full;
    val v;

    an->full = true;
    v = eval(an, node, env);
    an->full = was;
    return v;
}
