/* Statements with a block. See parser.h. */
#include "format/python/parser.h"

/* ---- blocks ---- */

static void no_block(struct parser *p, const char *what, uint32_t off)
{
    struct py_position pos = py_position(p->t, off);

    if (kind(p) != T_ERROR)
        parse_fail(p, p->l.tok.off, "expected an indented block after %s on line %u", what,
                   pos.line);
}

static uint32_t block_node(struct parser *p, uint32_t off, const struct list *list)
{
    return add(
        p, (struct py_node){ .kind = N_BLOCK, .off = off, .end = p->line_end, .a = list->first });
}

/* The block behind the colon in hand, of what starts at off. */
uint32_t parse_block(struct parser *p, const char *what, uint32_t off)
{
    struct list list = { 0, 0 };
    uint32_t start;

    if (kind(p) != T_COLON) {
        if (kind(p) == T_NEWLINE)
            parse_fail(p, p->l.tok.off, "expected ':'");
        parse_unexpected(p);
        return 0;
    }
    next(p);
    start = p->l.tok.off;
    if (kind(p) != T_NEWLINE) {
        parse_simple_line(p, &list);
        return block_node(p, start, &list);
    }
    next(p);
    start = p->l.tok.off;
    if (!accept(p, T_INDENT)) {
        no_block(p, what, off);
        return 0;
    }
    do
        parse_statement(p, &list);
    while (kind(p) != T_DEDENT && kind(p) != T_ERROR);
    (void)expect(p, T_DEDENT);
    return block_node(p, start, &list);
}

static uint32_t loop_block(struct parser *p, const char *what, uint32_t off)
{
    bool loop = p->ctx.loop;
    uint32_t block;

    p->ctx.loop = true;
    block = parse_block(p, what, off);
    p->ctx.loop = loop;
    return block;
}

static uint32_t else_block(struct parser *p)
{
    uint32_t off = p->l.tok.off;

    return accept(p, W_KW_ELSE) ? parse_block(p, "'else' statement", off) : 0;
}

/* A node with these fields that ends where its last block does. */
static uint32_t compound(struct parser *p, unsigned node_kind, uint32_t off, uint32_t a, uint32_t b,
                         uint32_t c)
{
    uint32_t i = add_node(p, node_kind, off, a, b, c);

    at(p, i)->end = at(p, c ? c : b)->end;
    return i;
}

/* ---- if, while, for ---- */

static uint32_t one_if(struct parser *p, const char *what)
{
    uint32_t off = p->l.tok.off, test, block;

    next(p);
    test = parse_named(p);
    block = parse_block(p, what, off);
    return compound(p, N_IF, off, test, block, 0);
}

/* However many elif: each is the c of the one before. */
static uint32_t if_statement(struct parser *p)
{
    uint32_t first = one_if(p, "'if' statement"), last = first, end;

    while (kind(p) == W_KW_ELIF) {
        uint32_t i = one_if(p, "'elif' statement");

        at(p, i)->flags = PYN_ELIF;
        at(p, last)->c = i;
        last = i;
    }
    end = else_block(p);
    if (end)
        at(p, last)->c = end;
    else
        end = last;
    end = at(p, end)->end;
    for (uint32_t i = first; i; i = at(p, i)->kind == N_IF ? at(p, i)->c : 0)
        at(p, i)->end = end;
    return first;
}

static uint32_t while_statement(struct parser *p)
{
    uint32_t off = p->l.tok.off, test, block;

    next(p);
    test = parse_named(p);
    block = loop_block(p, "'while' statement", off);
    return compound(p, N_WHILE, off, test, block, else_block(p));
}

static uint32_t for_statement(struct parser *p, uint32_t off, unsigned flags)
{
    uint32_t target, iterable, block, i;

    next(p);
    target = parse_for_target(p);
    (void)expect(p, W_KW_IN);
    iterable = parse_expressions(p);
    if (target)
        at(p, target)->next = iterable;
    block = loop_block(p, "'for' statement", off);
    i = compound(p, N_FOR, off, target, block, else_block(p));
    at(p, i)->flags = (uint16_t)flags;
    return i;
}

/* ---- with ---- */

static uint32_t with_item(struct parser *p, uint32_t e, uint32_t off)
{
    uint32_t target = 0;

    if (accept(p, W_KW_AS)) {
        target = parse_star_target(p);
        parse_target(p, target, TARGET_ASSIGN);
    }
    return add_node(p, N_WITH_ITEM, off, e, target, 0);
}

/* with (a, b): is two items, not a tuple, unless a tuple alone can have them. */
static uint32_t tuple_items(struct parser *p, uint32_t tuple)
{
    struct list list = { 0, 0 };
    uint32_t e, after;

    for (e = at(p, tuple)->a; e; e = at(p, e)->next)
        if (at(p, e)->kind == N_STARRED ||
            (at(p, e)->kind == N_NAMED && !(at(p, e)->flags & PYN_PAREN)))
            return 0;
    for (e = at(p, tuple)->a; e; e = after) {
        uint32_t i = add(p, (struct py_node){ .kind = N_WITH_ITEM, .a = e });

        after = at(p, e)->next;
        at(p, e)->next = 0;
        at(p, i)->off = at(p, e)->off;
        at(p, i)->end = at(p, e)->end;
        append(p, &list, i);
    }
    return list.first;
}

static uint32_t items(struct parser *p)
{
    struct list list = { 0, 0 };
    uint32_t paren = kind(p) == T_LPAREN ? p->l.tok.off : NOWHERE, saved = p->with_paren;

    p->with_paren = paren;
    p->with_items = 0;
    do {
        uint32_t off = p->l.tok.off, e = parse_expression(p), many;

        p->with_paren = NOWHERE;
        if (p->with_items) {
            if (e)
                parse_fail(p, off, "invalid syntax");
            list.first = p->with_items;
            break;
        }
        if (off == paren && kind(p) == T_COLON && at(p, e)->kind == N_TUPLE &&
            at(p, e)->off == off && at(p, e)->a && (many = tuple_items(p, e)) != 0) {
            list.first = many;
            break;
        }
        append(p, &list, with_item(p, e, off));
    } while (accept(p, T_COMMA));
    p->with_paren = saved;
    p->with_items = 0;
    return list.first;
}

static uint32_t with_statement(struct parser *p, uint32_t off, unsigned flags)
{
    uint32_t list, block, i;

    next(p);
    list = items(p);
    block = parse_block(p, "'with' statement", off);
    i = compound(p, N_WITH, off, list, block, 0);
    at(p, i)->flags = (uint16_t)flags;
    return i;
}

/* ---- try ---- */

struct handlers {
    struct list list;
    bool any, star, plain, bare; /* bare: except: without a type was there */
};

/* The types, and "as": fields of the handler. */
static void handler_types(struct parser *p, uint32_t *type, uint32_t *atom)
{
    uint32_t off = p->l.tok.off;
    bool many;

    *type = parse_expression(p);
    many = kind(p) == T_COMMA;
    if (many) { /* 3.14: except A, B: */
        struct list list = { 0, 0 };

        append(p, &list, *type);
        while (accept(p, T_COMMA) && parse_starts_expression(p) && kind(p) != T_STAR)
            append(p, &list, parse_expression(p));
        *type = add_node(p, N_TUPLE, off, list.first, 0, 0);
    }
    if (kind(p) != W_KW_AS)
        return;
    if (many)
        parse_fail(p, off, "multiple exception types must be parenthesized when using 'as'");
    next(p);
    *atom = p->l.tok.atom;
    parse_binds(p, *atom, p->l.tok.off);
    (void)expect(p, T_NAME);
}

static void handler_order(struct parser *p, struct handlers *h, uint32_t off, bool star, bool bare)
{
    if (star ? h->plain : h->star)
        parse_fail(p, off, "cannot have both 'except' and 'except*' on the same 'try'");
    else if (h->bare)
        parse_fail(p, off, "default 'except:' must be last");
    h->star |= star;
    h->plain |= !star;
    h->bare |= bare;
}

static uint32_t handler_block(struct parser *p, uint32_t off, bool star)
{
    struct context saved = p->ctx;
    uint32_t block;

    if (star) {
        p->ctx.except_star = true;
        p->ctx.loop = false;
    }
    block = parse_block(p, star ? "'except*' statement" : "'except' statement", off);
    p->ctx.except_star = saved.except_star;
    p->ctx.loop = saved.loop;
    return block;
}

static void handler(struct parser *p, struct handlers *h)
{
    uint32_t off = p->l.tok.off, type = 0, atom = 0, block, i;
    bool star;

    next(p);
    star = accept(p, T_STAR);
    if (kind(p) != T_COLON)
        handler_types(p, &type, &atom);
    else if (star)
        parse_fail(p, p->l.tok.off, "expected one or more exception types");
    handler_order(p, h, off, star, !type);
    block = handler_block(p, off, star);
    i = compound(p, N_HANDLER, off, type, block, 0);
    at(p, i)->atom = atom;
    append(p, &h->list, i);
}

static uint32_t nothing(struct parser *p)
{
    return add(p, (struct py_node){ .kind = N_NOTHING });
}

/* else and finally: the chain of N_TRY's c. */
static uint32_t try_rest(struct parser *p, bool handlers)
{
    uint32_t off, otherwise = 0, finally = 0;
    struct list list = { 0, 0 };

    if (handlers)
        otherwise = else_block(p);
    off = p->l.tok.off;
    if (accept(p, W_KW_FINALLY))
        finally = parse_block(p, "'finally' statement", off);
    else if (!handlers)
        parse_fail(p, off, "expected 'except' or 'finally' block");
    if (!otherwise && !finally)
        return 0;
    append(p, &list, otherwise ? otherwise : nothing(p));
    append(p, &list, finally ? finally : nothing(p));
    return list.first;
}

static uint32_t try_statement(struct parser *p)
{
    uint32_t off = p->l.tok.off, block, rest, i;
    struct handlers h = { 0 };

    next(p);
    block = parse_block(p, "'try' statement", off);
    while (kind(p) == W_KW_EXCEPT)
        handler(p, &h);
    rest = try_rest(p, h.list.first != 0);
    i = add_node(p, N_TRY, off, block, h.list.first, rest);
    if (h.star)
        at(p, i)->flags = PYN_STAR;
    at(p, i)->end = at(p, h.list.last ? h.list.last : block)->end;
    for (; rest; rest = at(p, rest)->next)
        if (at(p, rest)->kind == N_BLOCK)
            at(p, i)->end = at(p, rest)->end;
    return i;
}

/* ---- functions and classes ---- */

static struct context function_context(bool async)
{
    return (struct context){
        .function = true, .async = async, .yield_at = NOWHERE, .await_at = NOWHERE
    };
}

/* -> type */
static uint32_t returns(struct parser *p)
{
    uint32_t off = p->l.tok.off, e;
    bool no_scope = p->ctx.no_scope;

    if (!accept(p, T_ARROW))
        return 0;
    p->ctx.no_scope |= p->ctx.generic;
    e = parse_expression(p);
    p->ctx.no_scope = no_scope;
    return add_node(p, N_RETURNS, off, e, 0, 0);
}

/* def, with what stands before it in chain. */
static uint32_t function(struct parser *p, uint32_t off, struct list *chain, bool async)
{
    uint32_t atom, params, type, block, i;
    struct context saved;

    next(p);
    atom = p->l.tok.atom;
    parse_binds(p, atom, p->l.tok.off);
    (void)expect(p, T_NAME);
    saved = p->ctx;
    p->ctx.generic = kind(p) == T_LBRACKET;
    if (p->ctx.generic)
        append(p, chain, parse_type_params(p));
    if (kind(p) != T_LPAREN && kind(p) != T_ERROR)
        parse_fail(p, p->l.tok.off, "expected '('");
    next(p);
    params = parse_params(p, T_RPAREN);
    (void)expect(p, T_RPAREN);
    type = returns(p);
    if (type)
        append(p, chain, type);
    p->ctx.generic = saved.generic;
    saved = p->ctx;
    p->ctx = function_context(async);
    block = parse_block(p, "function definition", off);
    p->ctx = saved;
    i = compound(p, N_FUNCTION, off, params, block, 0);
    at(p, i)->c = chain->first;
    at(p, i)->atom = atom;
    at(p, i)->flags = async ? PYN_ASYNC : 0;
    return i;
}

/* The bases; a generator needs parentheses of its own here. */
static uint32_t bases(struct parser *p)
{
    uint32_t list, off = p->l.tok.off;

    if (!accept(p, T_LPAREN))
        return 0;
    list = parse_arguments(p);
    if (list && at(p, list)->kind == N_GENERATOR && !(at(p, list)->flags & PYN_PAREN))
        parse_fail(p, off, "invalid syntax");
    return list;
}

static uint32_t class(struct parser *p, uint32_t off, struct list *chain)
{
    uint32_t atom, arguments, block, i;
    struct context saved;

    next(p);
    atom = p->l.tok.atom;
    parse_binds(p, atom, p->l.tok.off);
    (void)expect(p, T_NAME);
    saved = p->ctx;
    if (kind(p) == T_LBRACKET) {
        append(p, chain, parse_type_params(p));
        p->ctx.no_scope = true;
    }
    arguments = bases(p);
    p->ctx.no_scope = saved.no_scope;
    saved = p->ctx;
    p->ctx = (struct context){ .class_body = true, .yield_at = NOWHERE, .await_at = NOWHERE };
    block = parse_block(p, "class definition", off);
    p->ctx = saved;
    i = compound(p, N_CLASS, off, arguments, block, 0);
    at(p, i)->c = chain->first;
    at(p, i)->atom = atom;
    return i;
}

static uint32_t async_statement(struct parser *p, struct list *decorators)
{
    uint32_t off = p->l.tok.off;

    next(p);
    if (kind(p) == W_KW_DEF)
        return function(p, off, decorators, true);
    if (!p->ctx.async && (kind(p) == W_KW_FOR || kind(p) == W_KW_WITH))
        parse_fail(p, off, "'async %s' outside async function",
                   kind(p) == W_KW_FOR ? "for" : "with");
    if (kind(p) == W_KW_FOR && !decorators->first)
        return for_statement(p, off, PYN_ASYNC);
    if (kind(p) == W_KW_WITH && !decorators->first)
        return with_statement(p, off, PYN_ASYNC);
    parse_unexpected(p);
    return 0;
}

static uint32_t decorator(struct parser *p)
{
    uint32_t off = p->l.tok.off, e, i;

    next(p);
    e = parse_named(p);
    i = add_node(p, N_DECORATOR, off, e, 0, 0);
    (void)expect(p, T_NEWLINE);
    return i;
}

static uint32_t decorated(struct parser *p)
{
    struct list chain = { 0, 0 };
    uint32_t off;

    while (kind(p) == T_AT)
        append(p, &chain, decorator(p));
    off = p->l.tok.off;
    switch (kind(p)) {
    case W_KW_DEF:
        return function(p, off, &chain, false);
    case W_KW_CLASS:
        return class(p, off, &chain);
    case W_KW_ASYNC:
        return async_statement(p, &chain);
    default:
        parse_unexpected(p);
        return 0;
    }
}

uint32_t parse_compound(struct parser *p)
{
    struct list none = { 0, 0 };
    uint32_t off = p->l.tok.off;

    switch (kind(p)) {
    case T_NAME:
        return UNLIKELY(p->l.tok.atom == W_SOFT_MATCH) ? parse_match(p) : 0;
    case W_KW_IF:
        return if_statement(p);
    case W_KW_DEF:
        return function(p, off, &none, false);
    case W_KW_FOR:
        return for_statement(p, off, 0);
    case W_KW_WITH:
        return with_statement(p, off, 0);
    case W_KW_TRY:
        return try_statement(p);
    case W_KW_CLASS:
        return class(p, off, &none);
    case W_KW_WHILE:
        return while_statement(p);
    case W_KW_ASYNC:
        return async_statement(p, &none);
    case T_AT:
        return decorated(p);
    default:
        return 0;
    }
}
