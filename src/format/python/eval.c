/* What an expression may be. See analysis.h. */
#include "format/python/analysis.h"

#include "base/compiler.h"

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
