/* What a binding gives: imports, parameters, items of what is unpacked. See analysis.h. */
#include "format/python/analysis.h"

#include "base/compiler.h"

/*
 * Calls by the name of a function that are looked at for what a parameter may be: a module
 * that is handed over is found by other means (loose.c), a text is not.
 */
#define CALLS_MAX      64
#define CALLS_MAX_FULL 4096

/* ---- imports ---- */

static bool is_own_package(const struct analysis *an, uint32_t name)
{
    uint32_t atom = py_node(an->tree, name)->atom;

    return known_is_own_package(an->s, py_atom_text(&an->tree->atoms, atom));
}

/* The known module of a dotted name in names (N_NAME chained), as far as parts go. */
static val imported(struct analysis *an, uint32_t names, uint32_t parts)
{
    uint32_t node = 0;
    bool known = true, own = names && is_own_package(an, names);
    val root = VAL_NONE;

    for (uint32_t n = names; n && parts > 0; n = py_node(an->tree, n)->next, parts--) {
        uint32_t atom = py_node(an->tree, n)->atom;

        node = known ? known_child(an->known, node, atom) : 0;
        known &= node != 0;
        if (!known)
            root = attribute_of(an, value_plain(an, V_ANY_MODULE, 0, 0, own), atom);
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
val from_module(struct analysis *an, uint32_t node)
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
    uint32_t most = an->full ? CALLS_MAX_FULL : CALLS_MAX;
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
    for (uint32_t n = atom < an->atoms_n ? an->calls[atom] : 0; n && spend(an, 1);
         n = py_node(an->tree, n)->atom) {
        bool by_attribute = py_node(an->tree, py_node(an->tree, n)->a)->kind != N_NAME;

        if (calls++ >= most) { /* the others may give anything */
            all = value_join(an, all, value_new(an, (struct value){ .kind = V_OTHER }));
            break;
        }
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
val scope_value(struct analysis *an, enum value_kind kind, uint32_t scope)
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
