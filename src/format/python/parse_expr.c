/* Expressions by precedence. See parser.h. */
#include "format/python/parser.h"

enum {
    PREC_NONE,
    PREC_OR,
    PREC_AND,
    PREC_COMPARE,
    PREC_BIT_OR,
    PREC_BIT_XOR,
    PREC_BIT_AND,
    PREC_SHIFT,
    PREC_SUM,
    PREC_TERM,
};

/* Of a token that stands where an operator may: how tightly it binds, and what it means. */
static const struct {
    uint8_t prec, op;
} binary_of[TOKEN_KINDS] = {
    [W_KW_OR] = { PREC_OR, OP_BOOL_OR },      [W_KW_AND] = { PREC_AND, OP_BOOL_AND },
    [W_KW_IN] = { PREC_COMPARE, OP_IN },      [W_KW_NOT] = { PREC_COMPARE, OP_NOT_IN },
    [W_KW_IS] = { PREC_COMPARE, OP_IS },      [T_EQ] = { PREC_COMPARE, OP_EQ },
    [T_NE] = { PREC_COMPARE, OP_NE },         [T_LTGT] = { PREC_COMPARE, OP_NE },
    [T_LT] = { PREC_COMPARE, OP_LT },         [T_LE] = { PREC_COMPARE, OP_LE },
    [T_GT] = { PREC_COMPARE, OP_GT },         [T_GE] = { PREC_COMPARE, OP_GE },
    [T_VBAR] = { PREC_BIT_OR, OP_OR },        [T_CARET] = { PREC_BIT_XOR, OP_XOR },
    [T_AMPERSAND] = { PREC_BIT_AND, OP_AND }, [T_LSHIFT] = { PREC_SHIFT, OP_LSHIFT },
    [T_RSHIFT] = { PREC_SHIFT, OP_RSHIFT },   [T_PLUS] = { PREC_SUM, OP_ADD },
    [T_MINUS] = { PREC_SUM, OP_SUB },         [T_STAR] = { PREC_TERM, OP_MUL },
    [T_SLASH] = { PREC_TERM, OP_DIV },        [T_DOUBLE_SLASH] = { PREC_TERM, OP_FLOORDIV },
    [T_PERCENT] = { PREC_TERM, OP_MOD },      [T_AT] = { PREC_TERM, OP_MATMUL },
};

static const uint8_t unary_of[TOKEN_KINDS] = {
    [T_PLUS] = OP_POS,
    [T_MINUS] = OP_NEG,
    [T_TILDE] = OP_INVERT,
};

static uint32_t binary(struct parser *p, unsigned least);

/* ---- primaries ---- */

static uint32_t attribute(struct parser *p, uint32_t e, uint32_t start)
{
    uint32_t atom;

    next(p);
    atom = p->l.tok.atom;
    if (UNLIKELY(kind(p) != T_NAME)) {
        parse_unexpected(p);
        return e;
    }
    next(p);
    return add(p,
               (struct py_node){
                   .kind = N_ATTRIBUTE, .off = start, .end = p->l.prev_end, .atom = atom, .a = e });
}

static uint32_t call(struct parser *p, uint32_t e, uint32_t start)
{
    uint32_t arguments;

    next(p);
    arguments = parse_arguments(p);
    return add_node(p, N_CALL, start, e, arguments, 0);
}

static uint32_t subscript(struct parser *p, uint32_t e, uint32_t start)
{
    uint32_t index;

    next(p);
    index = parse_index(p);
    return add_node(p, N_SUBSCRIPT, start, e, index, 0);
}

/* An atom and what is taken from it. */
static uint32_t primary(struct parser *p)
{
    uint32_t start = p->l.tok.off, e = parse_atom(p);

    for (;;) {
        switch (kind(p)) {
        case T_DOT:
            e = attribute(p, e, start);
            break;
        case T_LPAREN:
            e = call(p, e, start);
            break;
        case T_LBRACKET:
            e = subscript(p, e, start);
            break;
        default:
            return e;
        }
    }
}

static uint32_t await(struct parser *p)
{
    uint32_t start = p->l.tok.off, e;

    parse_await_at(p, start);
    next(p);
    e = primary(p);
    return add_node(p, N_AWAIT, start, e, 0, 0);
}

/* ---- what binds to the right; without recursion ---- */

/*
 * Operators that wait for their right operand form a chain: each has, where the operand
 * will stand, the node before it. resolve() puts the operands in, from the inside out.
 */
static uint32_t *operand_slot(struct parser *p, uint32_t i)
{
    struct py_node *n = at(p, i);

    if (n->kind == N_UNARY)
        return &n->a;
    return n->kind == N_IF_ELSE ? &n->c : &n->b;
}

static uint32_t resolve(struct parser *p, uint32_t open, uint32_t e)
{
    while (open) {
        uint32_t *slot = operand_slot(p, open), outer = *slot;

        *slot = e;
        at(p, open)->end = p->l.prev_end;
        e = open;
        open = outer;
        p->depth--;
    }
    return e;
}

static uint32_t chain(struct parser *p, unsigned node_kind, unsigned op, uint32_t start)
{
    parse_enter(p); /* resolve() leaves */
    next(p);
    return add(p, (struct py_node){ .kind = (uint8_t)node_kind, .op = (uint8_t)op, .off = start });
}

/* Unary operators and powers from the one in hand on; open are those before, left is what
 * stands before "**" (0: a unary operator is in hand). */
static uint32_t operand_chain(struct parser *p, uint32_t left, uint32_t start)
{
    uint32_t open = 0, i;

    for (;;) {
        if (left) { /* at "**" */
            i = chain(p, N_BINARY, OP_POW, start);
            at(p, i)->a = left;
            at(p, i)->b = open;
        } else {
            i = chain(p, N_UNARY, unary_of[kind(p)], p->l.tok.off);
            at(p, i)->a = open;
        }
        if (!i)
            return 0;
        open = i;
        left = 0;
        if (unary_of[kind(p)])
            continue;
        start = p->l.tok.off;
        i = kind(p) == W_KW_AWAIT ? await(p) : primary(p);
        if (kind(p) != T_DOUBLE_STAR)
            return resolve(p, open, i);
        left = i;
    }
}

static uint32_t operand(struct parser *p)
{
    uint32_t start = p->l.tok.off, e;

    if (UNLIKELY(unary_of[kind(p)]))
        return operand_chain(p, 0, start);
    e = UNLIKELY(kind(p) == W_KW_AWAIT) ? await(p) : primary(p);
    if (UNLIKELY(kind(p) == T_DOUBLE_STAR) && e)
        return operand_chain(p, e, start);
    return e;
}

/* not, not ... */
static uint32_t negation(struct parser *p)
{
    uint32_t open = 0;

    while (kind(p) == W_KW_NOT) {
        uint32_t i = chain(p, N_UNARY, OP_NOT, p->l.tok.off);

        if (!i)
            return 0;
        at(p, i)->a = open;
        open = i;
    }
    return resolve(p, open, binary(p, PREC_COMPARE));
}

/* ---- binary operators ---- */

static uint32_t boolean(struct parser *p, uint32_t left, uint32_t start)
{
    unsigned token = kind(p);
    struct list list = { 0, 0 };
    uint32_t i;

    append(p, &list, left);
    while (kind(p) == token) {
        next(p);
        append(p, &list, binary(p, binary_of[token].prec + 1));
    }
    i = add_node(p, N_BOOL, start, list.first, 0, 0);
    at(p, i)->op = binary_of[token].op;
    return i;
}

/* The operator in hand, of two words perhaps; consumed. */
static unsigned comparison_operator(struct parser *p)
{
    unsigned token = kind(p);

    if (token == T_LTGT && !p->barry)
        parse_unexpected(p);
    next(p);
    if (token == W_KW_NOT)
        (void)expect(p, W_KW_IN);
    else if (token == W_KW_IS && accept(p, W_KW_NOT))
        return OP_IS_NOT;
    return binary_of[token].op;
}

static uint32_t comparison(struct parser *p, uint32_t left, uint32_t start)
{
    struct list list = { 0, 0 };

    while (binary_of[kind(p)].prec == PREC_COMPARE) {
        uint32_t off = p->l.tok.off, e, i;
        unsigned op = comparison_operator(p);

        e = binary(p, PREC_BIT_OR);
        i = add_node(p, N_COMPARE_ITEM, off, e, 0, 0);
        at(p, i)->op = (uint8_t)op;
        append(p, &list, i);
    }
    return add_node(p, N_COMPARE, start, left, list.first, 0);
}

static uint32_t arithmetic(struct parser *p, uint32_t left, uint32_t start)
{
    unsigned token = kind(p);
    uint32_t right, i;

    next(p);
    right = binary(p, binary_of[token].prec + 1u);
    i = add_node(p, N_BINARY, start, left, right, 0);
    at(p, i)->op = binary_of[token].op;
    return i;
}

static uint32_t binary(struct parser *p, unsigned least)
{
    uint32_t start = p->l.tok.off, left;

    if (UNLIKELY(kind(p) == W_KW_NOT) && least <= PREC_COMPARE)
        left = negation(p);
    else
        left = operand(p);
    for (;;) {
        unsigned prec = binary_of[kind(p)].prec;

        if (prec < least || prec == PREC_NONE)
            return left;
        if (prec >= PREC_BIT_OR)
            left = arithmetic(p, left, start);
        else if (prec == PREC_COMPARE)
            left = comparison(p, left, start);
        else
            left = boolean(p, left, start);
    }
}

uint32_t parse_disjunction(struct parser *p)
{
    return binary(p, PREC_OR);
}

uint32_t parse_bitwise_or(struct parser *p)
{
    return binary(p, PREC_BIT_OR);
}

/* ---- conditions, lambda, walrus ---- */

static uint32_t lambda(struct parser *p, bool nocond)
{
    uint32_t start = p->l.tok.off, params, e;
    struct context saved;

    next(p);
    params = parse_params(p, T_COLON);
    if (p->l.fs_level && p->l.fs_level == p->l.level) /* the colon starts a format */
        parse_fail(p, start, "f-string: lambda expressions are not allowed without parentheses");
    (void)expect(p, T_COLON);
    saved = p->ctx;
    p->ctx = (struct context){ .function = true, .yield_at = NOWHERE, .await_at = NOWHERE };
    if (nocond)
        e = kind(p) == W_KW_LAMBDA ? parse_lambda_nocond(p) : parse_disjunction(p);
    else
        e = parse_expression(p);
    parse_await_check(p);
    p->ctx = saved;
    return add_node(p, N_LAMBDA, start, params, e, 0);
}

uint32_t parse_lambda_nocond(struct parser *p)
{
    uint32_t e = parse_enter(p) ? lambda(p, true) : 0;

    parse_leave(p);
    return e;
}

/* x if y else ..., x being done. */
static uint32_t conditional(struct parser *p, uint32_t then, uint32_t start, uint32_t open)
{
    uint32_t test, i;

    next(p);
    test = binary(p, PREC_OR);
    if (kind(p) != W_KW_ELSE && kind(p) != T_ERROR)
        parse_fail(p, start, "expected 'else' after 'if' expression");
    i = chain(p, N_IF_ELSE, 0, start);
    at(p, i)->a = test;
    at(p, i)->b = then;
    at(p, i)->c = open;
    return i;
}

uint32_t parse_expression(struct parser *p)
{
    uint32_t open = 0, e = 0;

    if (parse_enter(p)) {
        for (;;) {
            uint32_t start = p->l.tok.off;

            if (UNLIKELY(kind(p) == W_KW_LAMBDA)) {
                e = lambda(p, false);
                break;
            }
            e = binary(p, PREC_OR);
            if (LIKELY(kind(p) != W_KW_IF))
                break;
            open = conditional(p, e, start, open);
            if (!open)
                break;
        }
        e = resolve(p, open, e);
    }
    parse_leave(p);
    return e;
}

static uint32_t walrus(struct parser *p, uint32_t e, uint32_t start)
{
    uint32_t value;

    if (at(p, e)->kind != N_NAME) /* 3.8 let (x) through */
        parse_fail(p, start, "cannot use assignment expressions with this target");
    if (p->ctx.no_scope)
        parse_fail(p, start,
                   "named expression cannot be used within the definition of a "
                   "generic");
    if (p->iterables)
        parse_fail(p, start,
                   "assignment expression cannot be used in a comprehension iterable "
                   "expression");
    parse_binds(p, at(p, e)->atom, start);
    p->walruses++;
    next(p);
    value = parse_expression(p);
    return add_node(p, N_NAMED, start, e, value, 0);
}

uint32_t parse_named(struct parser *p)
{
    uint32_t start = p->l.tok.off, e = parse_expression(p);

    if (UNLIKELY(kind(p) == T_COLON_EQUAL))
        return walrus(p, e, start);
    return e;
}

static uint32_t starred(struct parser *p)
{
    uint32_t start = p->l.tok.off, e;

    next(p);
    e = parse_bitwise_or(p);
    return add_node(p, N_STARRED, start, e, 0, 0);
}

uint32_t parse_star_or_named(struct parser *p)
{
    return UNLIKELY(kind(p) == T_STAR) ? starred(p) : parse_named(p);
}

bool parse_starts_expression(const struct parser *p)
{
    switch (kind(p)) {
    case T_NAME:
    case T_INT:
    case T_FLOAT:
    case T_IMAGINARY:
    case T_STRING:
    case T_FSTRING:
    case T_LPAREN:
    case T_LBRACKET:
    case T_LBRACE:
    case T_ELLIPSIS:
    case T_PLUS:
    case T_MINUS:
    case T_TILDE:
    case T_STAR:
    case W_KW_NONE:
    case W_KW_TRUE:
    case W_KW_FALSE:
    case W_KW_NOT:
    case W_KW_LAMBDA:
    case W_KW_AWAIT:
        return true;
    default:
        return false;
    }
}

/* x, y, ...: x being done, at the first comma. */
static uint32_t tuple(struct parser *p, uint32_t first, uint32_t start)
{
    struct list list = { 0, 0 };

    append(p, &list, first);
    while (accept(p, T_COMMA) && parse_starts_expression(p))
        append(p, &list, kind(p) == T_STAR ? starred(p) : parse_expression(p));
    return add_node(p, N_TUPLE, start, list.first, 0, 0);
}

uint32_t parse_expressions(struct parser *p)
{
    uint32_t start = p->l.tok.off;
    uint32_t e = UNLIKELY(kind(p) == T_STAR) ? starred(p) : parse_expression(p);

    if (UNLIKELY(kind(p) == T_COMMA))
        return tuple(p, e, start);
    if (UNLIKELY(at(p, e)->kind == N_STARRED))
        parse_fail(p, start,
                   kind(p) == T_EQUAL ? "starred assignment target must be in a list or tuple"
                                      : "can't use starred expression here");
    return e;
}

/* Whether yield is allowed where it stands. */
static void yield_allowed(struct parser *p, uint32_t off, bool from)
{
    if (p->ctx.no_scope)
        parse_fail(p, off,
                   "yield expression cannot be used within the definition of a "
                   "generic");
    else if (!p->ctx.function)
        parse_fail(p, off, "'yield' outside function");
    else if (from && p->ctx.async)
        parse_fail(p, off, "'yield from' inside async function");
    p->ctx.yield_at = off;
}

uint32_t parse_yield(struct parser *p)
{
    uint32_t start = p->l.tok.off, e = 0;

    next(p);
    if (accept(p, W_KW_FROM)) {
        yield_allowed(p, start, true);
        e = parse_expression(p);
        return add_node(p, N_YIELD_FROM, start, e, 0, 0);
    }
    yield_allowed(p, start, false);
    if (parse_starts_expression(p))
        e = parse_expressions(p);
    return add_node(p, N_YIELD, start, e, 0, 0);
}

uint32_t parse_yield_or_expressions(struct parser *p)
{
    return kind(p) == W_KW_YIELD ? parse_yield(p) : parse_expressions(p);
}
