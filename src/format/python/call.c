/* Calls: their arguments, and what functions of the source and of the language give. */
#include "format/python/analysis.h"

#include "base/compiler.h"

/* The parameters whose values one call gives to a function that is followed with them. */
#define PARAMS_MAX 16
/* Nodes of a function that is followed once more for each call with constants. */
#define BODY_MAX 600

static uint32_t next_arg(const struct analysis *an, uint32_t arg)
{
    return py_node(an->tree, arg)->next;
}

static bool is_named(const struct py_node *n)
{
    return n->kind == N_KEYWORD || n->kind == N_DOUBLE_STARRED;
}

/* The value of *args at a place of its own, if that is known. */
static val starred_item(struct analysis *an, val v, uint32_t i)
{
    const struct value *x = value_of(an, v);

    if (x && x->kind == V_SEQ && !x->partial)
        return i < x->n ? x->list[i] : VAL_NONE;
    return value_part(an, v);
}

static uint32_t starred_size(const struct analysis *an, val v, bool *open)
{
    const struct value *x = value_of(an, v);

    if (x && x->kind == V_SEQ && !x->partial)
        return x->n;
    *open = true;
    return 1;
}

uint32_t call_places(struct analysis *an, const struct call *c, bool *open)
{
    uint32_t n = c->first != VAL_NONE, skip = c->skip;

    *open = false;
    for (uint32_t a = py_node(an->tree, c->node)->b; a && spend(an, 1); a = next_arg(an, a)) {
        const struct py_node *arg = py_node(an->tree, a);

        if (is_named(arg))
            continue;
        if (skip > 0)
            skip--;
        else if (arg->kind == N_STARRED)
            n += starred_size(an, eval(an, arg->a, c->env), open);
        else
            n++;
    }
    return n;
}

/* The argument at a place; *there when one is given there for certain. */
static val positional(struct analysis *an, const struct call *c, uint32_t place, bool *there)
{
    uint32_t at = 0, skip = c->skip;

    if (c->first != VAL_NONE && place == 0) {
        *there = true;
        return c->first;
    }
    at += c->first != VAL_NONE;
    for (uint32_t a = py_node(an->tree, c->node)->b; a && spend(an, 1); a = next_arg(an, a)) {
        const struct py_node *arg = py_node(an->tree, a);
        bool open = false;
        uint32_t size = 1;
        val v = VAL_NONE;

        if (is_named(arg))
            continue;
        if (skip > 0) {
            skip--;
            continue;
        }
        if (arg->kind == N_STARRED) {
            v = eval(an, arg->a, c->env);
            size = starred_size(an, v, &open);
        }
        if (place < at + size || open) {
            *there = true;
            return py_node(an->tree, a)->kind == N_STARRED ? starred_item(an, v, place - at)
                                                           : eval(an, a, c->env);
        }
        at += size;
    }
    return VAL_NONE;
}

/* The entry of **kwargs, where its dictionary is known. */
static val double_starred(struct analysis *an, val v, const char *key, bool *there)
{
    const struct value *x = value_of(an, v);
    val found;

    if (!x || x->kind != V_DICT) {
        *there = true; /* it may be in there */
        return VAL_NONE;
    }
    found = subscript_of(an, v, value_text(an, V_STR, span_text(key), false));
    x = value_of(an, v);
    *there |= found != VAL_NONE || (x && x->partial);
    return found;
}

static val keyword(struct analysis *an, const struct call *c, const char *key, bool *there)
{
    for (uint32_t a = py_node(an->tree, c->node)->b; a && spend(an, 1); a = next_arg(an, a)) {
        const struct py_node *arg = py_node(an->tree, a);

        if (arg->kind == N_KEYWORD && span_is(py_atom_text(&an->tree->atoms, arg->atom), key)) {
            *there = true;
            return eval(an, arg->a, c->env);
        }
        if (arg->kind == N_DOUBLE_STARRED) {
            val v = double_starred(an, eval(an, arg->a, c->env), key, there);

            if (v)
                return v;
        }
    }
    return VAL_NONE;
}

val call_arg(struct analysis *an, const struct call *c, uint32_t place, const char *key,
             bool *there)
{
    bool found = false;
    val v = place != UINT32_MAX ? positional(an, c, place, &found) : VAL_NONE;

    if (!found && key && *key)
        v = keyword(an, c, key, &found);
    if (there)
        *there = found;
    return v;
}

val call_place(struct analysis *an, const struct call *c, uint32_t place)
{
    bool there = false;

    return positional(an, c, place, &there);
}

/* ---- functions of the source ---- */

static val returned(struct analysis *an, uint32_t scope, const struct env *env)
{
    const struct scope s = an->scopes.list[scope];
    val all = VAL_NONE, yields = VAL_NONE;

    if (s.kind == S_LAMBDA)
        return eval(an, py_node(an->tree, s.node)->b, env);
    for (uint32_t n = s.returns; n && spend(an, 1); n = py_node(an->tree, n)->b)
        all = value_join(an, all, eval(an, py_node(an->tree, n)->a, env));
    for (uint32_t n = s.yields; n && spend(an, 1); n = py_node(an->tree, n)->b) {
        bool from = py_node(an->tree, n)->kind == N_YIELD_FROM;
        val v = eval(an, py_node(an->tree, n)->a, env);

        yields = value_join(an, yields, from ? element_of(an, v) : v);
    }
    return yields ? value_join(an, all, value_list(an, V_SEQ, &yields, 1, true)) : all;
}

/* Whatever the arguments of its calls. */
val function_value(struct analysis *an, uint32_t scope)
{
    struct scope *s = &an->scopes.list[scope];
    unsigned mode = an->full;
    val v;

    if (s->state[mode])
        return s->state[mode] == 2 ? s->result[mode] : VAL_NONE;
    s->state[mode] = 1;
    v = returned(an, scope, NULL);
    s = &an->scopes.list[scope];
    s->state[mode] = 2;
    s->result[mode] = v;
    return v;
}

val special_value(struct analysis *an, val v, uint32_t atom)
{
    uint32_t symbol = is_kind(an, v, V_CLASS) ? symbol_find(an, value_of(an, v)->a, atom) : 0;
    val f = symbol ? symbol_value(an, symbol, NULL) : VAL_NONE;
    const struct value *x = value_of(an, f);

    return x && x->kind == V_FUNC ? function_value(an, x->a) : VAL_NONE;
}

/* Binds the parameters to this call's arguments; false when none of them is known. */
static bool bind_params(struct analysis *an, uint32_t scope, const struct call *c, bool method,
                        struct env env[PARAMS_MAX], uint32_t *n)
{
    uint32_t function = an->scopes.list[scope].node, place = 0;
    bool any = false;

    for (uint32_t p = py_node(an->tree, function)->a; p && *n < PARAMS_MAX; p = next_arg(an, p)) {
        const struct py_node *arg = py_node(an->tree, p);
        struct span name = py_atom_text(&an->tree->atoms, arg->atom);
        uint32_t symbol = symbol_find(an, scope, arg->atom);
        char key[64] = "";
        bool there = false;
        val v = VAL_NONE;

        if (name.n < sizeof key)
            memcpy(key, name.p, name.n);
        if (method && place == 0) {
            place++;
            continue;
        }
        if (arg->op != OP_ARG_STAR && arg->op != OP_ARG_DSTAR)
            v = call_arg(an, c, arg->op == OP_ARG_KWONLY ? UINT32_MAX : place - method, key,
                         &there);
        if (!there)
            v = eval(an, py_node(an->tree, p)->b, NULL);
        any |= v != VAL_NONE;
        env[*n] = (struct env){ *n ? &env[*n - 1] : NULL, symbol, v, scope };
        ++*n;
        place++;
    }
    return any;
}

static uint32_t body_size(const struct analysis *an, uint32_t scope)
{
    uint32_t node = an->scopes.list[scope].node;
    const struct py_node *n = py_node(an->tree, node);

    return n->end - n->off;
}

/* A call of a function of the source: what it gives for any arguments, else for these. */
static val follow(struct analysis *an, uint32_t scope, const struct call *c)
{
    struct env env[PARAMS_MAX];
    uint32_t n = 0, parent = an->scopes.list[scope].parent;
    bool method = an->scopes.list[parent].kind == S_CLASS && c &&
                  py_node(an->tree, py_node(an->tree, c->node)->a)->kind == N_ATTRIBUTE;
    val v = function_value(an, scope);

    if (v || !an->full || body_size(an, scope) > BODY_MAX * 8)
        return v;
    if (!bind_params(an, scope, c, method, env, &n) || n == 0)
        return VAL_NONE;
    return returned(an, scope, &env[n - 1]);
}

/* ---- all callables ---- */

static val call_partial(struct analysis *an, const struct value *x, const struct call *c);

/* An instance of a known class: of something that has known names below it. */
static val object_of(struct analysis *an, uint32_t node)
{
    return an->known->parents[node] ? value_new(an, (struct value){ .kind = V_OBJECT, .a = node })
                                    : VAL_NONE;
}

/* Where it is text that names the result, arguments are asked for in full. */
static val call_known(struct analysis *an, uint32_t node, const struct call *c)
{
    intrinsic_fn *fn = an->known->intrinsics[node];
    bool was = an->full;
    val v;

    if (!fn)
        return object_of(an, node);
    if (!was && an->known->gives[node] == GIVES_TEXT)
        return VAL_NONE;
    an->full = was || an->known->gives[node] == GIVES_NAME || an->known->gives[node] == GIVES_WAY;
    v = fn(an, c);
    an->full = was;
    return an->known->gives[node] == GIVES_TEXT ? value_doubt(an, v) : v;
}

/* attrgetter("a.b"), methodcaller("m"), itemgetter(k), called with an object. */
static val call_getter(struct analysis *an, const struct value *x, const struct call *c)
{
    val names = x->a, v = call_place(an, c, 0);
    struct span name, part;

    if (x->b == 2) /* itemgetter */
        return subscript_of(an, v, names);
    if (!value_is_text(an, names, &name))
        return VAL_NONE;
    while (v) {
        size_t dot = span_find(name, 0, SPAN_LITERAL("."));

        (void)take(&name, dot == SIZE_MAX ? name.n : dot, &part);
        v = attribute_named(an, v, part);
        if (dot == SIZE_MAX)
            break;
        (void)skip(&name, 1);
    }
    return v;
}

/* Whether what a call gives depends on text: a key, an attribute's name. */
static bool needs_text(const struct analysis *an, val f)
{
    const struct value *x = value_of(an, f), *self;

    if (x->kind != V_METHOD)
        return x->kind != V_BOUND || an->known->intrinsics[x->a] != NULL;
    self = value_of(an, x->b);
    return !self || self->kind == V_DICT || self->kind == V_SPACE || self->kind == V_ANY_SPACE ||
           self->kind == V_GLOBALS;
}

static val call_made(struct analysis *an, val f, const struct call *c)
{
    const struct value x = *value_of(an, f);
    struct call bound = *c;

    switch (x.kind) {
    case V_METHOD:
        return method_value(an, x.a, x.b, c);
    case V_PARTIAL:
        return call_partial(an, &x, c);
    case V_BOUND:
        bound.first = x.b;
        return call_known(an, x.a, &bound);
    case V_GETTER:
        return call_getter(an, &x, c);
    default:
        return VAL_NONE;
    }
}

/* An instance; of a class of strings or paths, its text too. */
static val called_class(struct analysis *an, val f, const struct call *c)
{
    uint32_t base = py_node(an->tree, an->scopes.list[value_of(an, f)->a].node)->a;
    uint32_t known = an->full && base ? value_name(an, eval(an, base, NULL)) : 0;

    if (known && (known == an->known->str_class || known == an->known->bytes_class ||
                  known == an->known->path_class))
        return value_join(an, f, call_known(an, known, c));
    return f;
}

static val call_one(struct analysis *an, val f, const struct call *c)
{
    const struct value *x = value_of(an, f);
    uint32_t node = value_name(an, f);
    bool was = an->full;
    val v;

    if (node)
        return call_known(an, node, c);
    switch (x ? x->kind : V_UNION) {
    case V_FUNC:
        return follow(an, x->a, c);
    case V_CLASS:
        return value_join(an, called_class(an, f, c), special_value(an, f, W_CALL));
    case V_ANY_MODULE:
        return value_plain(an, V_ANY_MODULE, x->a, 0, x->partial); /* something of it */
    case V_METHOD:
    case V_PARTIAL:
    case V_BOUND:
    case V_GETTER:
        an->full = was || needs_text(an, f);
        v = call_made(an, f, c);
        an->full = was;
        return v;
    default:
        return VAL_NONE;
    }
}

/* The arguments of the partial come first: where there are none of our own, they are all. */
static val call_partial(struct analysis *an, const struct value *x, const struct call *c)
{
    struct call made = { .node = x->b, .skip = 1 };
    val f = x->a;
    bool open;

    if (call_places(an, &made, &open) > 0 && !open) {
        val args[8];
        uint32_t n = 0, mine = call_places(an, &made, &open), theirs = call_places(an, c, &open);

        for (uint32_t i = 0; i < mine && n < ARRAY_LEN(args); i++)
            args[n++] = call_place(an, &made, i);
        for (uint32_t i = 0; i < theirs && n < ARRAY_LEN(args); i++)
            args[n++] = call_place(an, c, i);
        return call_with(an, f, args, n);
    }
    return call_one(an, f, c);
}

static val call_all(struct analysis *an, val f, const struct call *c)
{
    val all = VAL_NONE;

    for (uint32_t i = 0; i < value_count(an, f) && spend(an, 1); i++)
        all = value_join(an, all, call_one(an, value_at(an, f, i), c));
    return all;
}

val call_value(struct analysis *an, uint32_t node, const struct env *env)
{
    struct call c = { .node = node, .env = env };

    return call_all(an, eval(an, py_node(an->tree, node)->a, env), &c);
}

/*
 * A call that stands nowhere: its arguments are put into a node of their own, with
 * their values kept there.
 */
val call_with(struct analysis *an, val f, const val *args, uint32_t n)
{
    struct call c = { .first = n ? args[0] : VAL_NONE };
    struct env env[PARAMS_MAX];
    const struct value *x = value_of(an, f);
    uint32_t used = 0;

    if (x && x->kind == V_FUNC) {
        uint32_t scope = x->a, function = an->scopes.list[scope].node;

        for (uint32_t p = py_node(an->tree, function)->a; p && used < PARAMS_MAX && used < n;
             p = next_arg(an, p)) {
            env[used] = (struct env){ used ? &env[used - 1] : NULL,
                                      symbol_find(an, scope, py_node(an->tree, p)->atom),
                                      args[used], scope };
            used++;
        }
        return used ? returned(an, scope, &env[used - 1]) : function_value(an, scope);
    }
    if (n == 2) { /* getattr(a, b), import_module(a, b) and the like */
        an->tree->nodes[an->fake_arg].c = args[1] + 1;
        c.node = an->fake_call;
        return call_all(an, f, &c);
    }
    c.node = an->empty_call;
    return n <= 1 ? call_all(an, f, &c) : VAL_NONE;
}
