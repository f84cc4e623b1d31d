/* Statements of one line. See parser.h. */
#include "format/python/parser.h"

/* ---- assignments and expressions ---- */

static uint32_t assignment(struct parser *p, uint32_t e, uint32_t start)
{
    struct list targets = { 0, 0 };
    uint32_t value = e;

    while (kind(p) == T_EQUAL) {
        parse_target(p, value, TARGET_ASSIGN);
        append(p, &targets, value);
        next(p);
        value = parse_yield_or_expressions(p);
    }
    if (kind(p) == T_COLON)
        parse_fail(p, start, "invalid syntax");
    return add_node(p, N_ASSIGN, start, targets.first, value, 0);
}

static uint32_t annotated(struct parser *p, uint32_t e, uint32_t start)
{
    uint32_t annotation, value = 0;

    parse_target(p, e, TARGET_ANNOTATE);
    next(p);
    annotation = parse_expression(p);
    if (accept(p, T_EQUAL))
        value = parse_yield_or_expressions(p);
    return add_node(p, N_ANNASSIGN, start, e, annotation, value);
}

static uint32_t augmented(struct parser *p, uint32_t e, uint32_t start)
{
    uint8_t op = (uint8_t)(kind(p) - T_AUG_ADD + OP_ADD);
    uint32_t value, i;

    parse_target(p, e, TARGET_AUGMENT);
    next(p);
    value = parse_yield_or_expressions(p);
    i = add_node(p, N_AUGASSIGN, start, e, value, 0);
    at(p, i)->op = op;
    return i;
}

static uint32_t expression_statement(struct parser *p)
{
    uint32_t start = p->l.tok.off, e = parse_yield_or_expressions(p);

    switch (kind(p)) {
    case T_EQUAL:
        return assignment(p, e, start);
    case T_COLON:
        return annotated(p, e, start);
    default:
        if (kind(p) >= T_AUG_ADD)
            return augmented(p, e, start);
        return add_node(p, N_EXPR, start, e, 0, 0);
    }
}

/* ---- statements with a keyword ---- */

static uint32_t return_statement(struct parser *p)
{
    uint32_t start = p->l.tok.off, e = 0;

    if (!p->ctx.function)
        parse_fail(p, start, "'return' outside function");
    else if (p->ctx.except_star)
        parse_fail(p, start, "'break', 'continue' and 'return' cannot appear in an except* block");
    next(p);
    if (parse_starts_expression(p))
        e = parse_expressions(p);
    return add_node(p, N_RETURN, start, e, 0, 0);
}

static uint32_t raise_statement(struct parser *p)
{
    uint32_t start = p->l.tok.off, e = 0, from = 0;

    next(p);
    if (parse_starts_expression(p) && kind(p) != T_STAR) {
        e = parse_expression(p);
        if (accept(p, W_KW_FROM))
            from = parse_expression(p);
    }
    return add_node(p, N_RAISE, start, e, from, 0);
}

static uint32_t assert_statement(struct parser *p)
{
    uint32_t start = p->l.tok.off, e, message = 0;

    next(p);
    e = parse_expression(p);
    if (accept(p, T_COMMA))
        message = parse_expression(p);
    return add_node(p, N_ASSERT, start, e, message, 0);
}

static uint32_t delete_statement(struct parser *p)
{
    uint32_t start = p->l.tok.off;
    struct list list = { 0, 0 };

    next(p);
    do {
        uint32_t e;

        if (list.first && !parse_starts_expression(p))
            break;
        if (kind(p) == T_STAR)
            parse_fail(p, p->l.tok.off, "cannot delete starred");
        e = parse_bitwise_or(p);
        parse_target(p, e, TARGET_DELETE);
        append(p, &list, e);
    } while (accept(p, T_COMMA));
    return add_node(p, N_DELETE, start, list.first, 0, 0);
}

static uint32_t name_node(struct parser *p)
{
    uint32_t i = add(
        p, (struct py_node){
               .kind = N_NAME, .off = p->l.tok.off, .end = p->l.tok.end, .atom = p->l.tok.atom });

    (void)expect(p, T_NAME);
    return i;
}

static uint32_t declaration(struct parser *p, unsigned node_kind)
{
    uint32_t start = p->l.tok.off;
    struct list list = { 0, 0 };

    next(p);
    do
        append(p, &list, name_node(p));
    while (accept(p, T_COMMA));
    p->names_matter = true;
    return add_node(p, node_kind, start, list.first, 0, 0);
}

static uint32_t loop_statement(struct parser *p, unsigned node_kind)
{
    uint32_t start = p->l.tok.off;

    if (p->ctx.except_star && !p->ctx.loop)
        parse_fail(p, start, "'break', 'continue' and 'return' cannot appear in an except* block");
    else if (!p->ctx.loop)
        parse_fail(p, start,
                   node_kind == N_BREAK ? "'break' outside loop"
                                        : "'continue' not properly in loop");
    next(p);
    return add_node(p, node_kind, start, 0, 0, 0);
}

static uint32_t pass_statement(struct parser *p)
{
    uint32_t start = p->l.tok.off;

    next(p);
    return add_node(p, N_PASS, start, 0, 0, 0);
}

/* ---- type ---- */

/* type X[T] = ..., at the name. */
static uint32_t type_alias(struct parser *p, uint32_t start)
{
    uint32_t atom = p->l.tok.atom, params = 0, value, i;
    bool no_scope = p->ctx.no_scope;

    parse_binds(p, atom, p->l.tok.off);
    next(p);
    if (kind(p) == T_LBRACKET)
        params = parse_type_params(p);
    (void)expect(p, T_EQUAL);
    p->ctx.no_scope = true;
    value = parse_expression(p);
    p->ctx.no_scope = no_scope;
    i = add_node(p, N_TYPE_ALIAS, start, value, 0, params);
    at(p, i)->atom = atom;
    return i;
}

/* "type" starts a type alias when a name follows; else it is a name itself. */
static uint32_t type_statement(struct parser *p)
{
    struct lexer *l = &p->l;
    struct token tok = l->tok;
    uint32_t prev = l->prev_end, lines = p->t->lines_n;

    next(p);
    if (kind(p) == T_NAME)
        return type_alias(p, tok.off);
    if (kind(p) == T_ERROR)
        return 0;
    if (kind(p) == T_LPAREN || kind(p) == T_LBRACKET || kind(p) == T_LBRACE)
        l->level--;
    l->tok = tok;
    l->prev_end = prev;
    l->at = tok.end;
    l->bol = false;
    p->t->lines_n = lines;
    return expression_statement(p);
}

/* The word as it stands there: what NFKC makes of other letters is a name. */
static bool is_type(const struct token *tok)
{
    return tok->atom == W_SOFT_TYPE && tok->end - tok->off == 4;
}

static uint32_t name_statement(struct parser *p)
{
    return UNLIKELY(is_type(&p->l.tok)) ? type_statement(p) : expression_statement(p);
}

static uint32_t simple(struct parser *p)
{
    switch (kind(p)) {
    case T_NAME:
        return name_statement(p);
    case W_KW_RETURN:
        return return_statement(p);
    case W_KW_IMPORT:
        return parse_import(p);
    case W_KW_FROM:
        return parse_from(p);
    case W_KW_RAISE:
        return raise_statement(p);
    case W_KW_PASS:
        return pass_statement(p);
    case W_KW_BREAK:
        return loop_statement(p, N_BREAK);
    case W_KW_CONTINUE:
        return loop_statement(p, N_CONTINUE);
    case W_KW_ASSERT:
        return assert_statement(p);
    case W_KW_DEL:
        return delete_statement(p);
    case W_KW_GLOBAL:
        return declaration(p, N_GLOBAL);
    case W_KW_NONLOCAL:
        return declaration(p, N_NONLOCAL);
    default:
        return expression_statement(p);
    }
}

static bool is_docstring(const struct parser *p, const struct py_node *n)
{
    uint32_t i = n->kind == N_EXPR ? n->a : 0;

    if (at(p, i)->kind == N_STRINGS)
        i = at(p, i)->a;
    for (; i; i = at(p, i)->next)
        if (at(p, i)->kind != N_STR || at(p, i)->flags & PYN_BYTES)
            return false;
    return n->kind == N_EXPR;
}

/* Only a docstring and imports from __future__ may stand before such. */
static void future_place(struct parser *p, uint32_t i)
{
    const struct py_node *n = at(p, i);
    bool may =
        n->kind == N_IMPORT_FROM ? p->future_import == i : !p->past_first && is_docstring(p, n);

    p->past_first = true;
    p->future_over |= !may;
}

void parse_simple_line(struct parser *p, struct list *list)
{
    for (;;) {
        uint32_t i = simple(p);

        parse_await_check(p);
        append(p, list, i);
        if (UNLIKELY(!p->future_over))
            future_place(p, i);
        if (!accept(p, T_SEMICOLON) || kind(p) == T_NEWLINE)
            break;
    }
    p->line_end = p->l.prev_end;
    (void)expect(p, T_NEWLINE);
}

void parse_statement(struct parser *p, struct list *list)
{
    uint32_t i = parse_compound(p);

    if (!i) {
        parse_simple_line(p, list);
        return;
    }
    parse_await_check(p);
    append(p, list, i);
    p->future_over = true;
}
