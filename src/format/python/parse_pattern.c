/*
 * match: whether the word starts such a statement, its cases, their patterns, and what
 * CPython's compiler refuses in them. See parser.h.
 */
#include "format/python/parser.h"

/* ---- is it a statement? ---- */

static bool soft(const struct parser *p, uint32_t atom, uint32_t n)
{
    const struct token *tok = &p->l.tok;

    return tok->kind == T_NAME && tok->atom == atom && tok->end - tok->off == n;
}

/* What a trial may change, and must get back. */
struct saved {
    struct token tok;
    struct context ctx;
    uint32_t at, prev_end, fs_level, level, depth, nodes, lines, comments, walruses;
    bool bol, block;
};

static struct saved save(const struct parser *p)
{
    const struct lexer *l = &p->l;

    return (struct saved){ .tok = l->tok,
                           .ctx = p->ctx,
                           .at = l->at,
                           .prev_end = l->prev_end,
                           .fs_level = l->fs_level,
                           .level = l->level,
                           .depth = p->depth,
                           .nodes = p->t->n,
                           .lines = p->t->lines_n,
                           .comments = p->t->comments_n,
                           .walruses = p->walruses,
                           .bol = l->bol,
                           .block = l->block };
}

static void restore(struct parser *p, const struct saved *s)
{
    struct lexer *l = &p->l;

    if (l->status == PRATIQUE_E_FORMAT) {
        l->status = PRATIQUE_OK;
        l->n = (uint32_t)p->t->text.n;
        *l->fault = (struct py_fault){ .offset = PRATIQUE_NO_OFFSET };
    }
    if (l->status != PRATIQUE_OK)
        return;
    l->tok = s->tok;
    p->ctx = s->ctx;
    l->at = s->at;
    l->prev_end = s->prev_end;
    l->fs_level = s->fs_level;
    l->level = s->level;
    p->depth = s->depth;
    p->t->n = s->nodes;
    p->t->lines_n = s->lines;
    p->t->comments_n = s->comments;
    p->walruses = s->walruses;
    p->fstrings = 0;
    p->iterables = 0;
    l->bol = s->bol;
    l->block = s->block;
}

/*
 * Whether "match" in hand starts a match statement. What follows may tell; else the line
 * is parsed as an expression for a trial, and it is one unless a colon ends it. So no line
 * is read more than twice.
 */
static bool is_match(struct parser *p)
{
    struct saved s = save(p);
    bool is = false;

    next(p);
    switch (kind(p)) {
    case T_NAME:
    case T_INT:
    case T_FLOAT:
    case T_IMAGINARY:
    case T_STRING:
    case T_FSTRING:
    case T_LBRACE:
    case T_TILDE:
    case T_ELLIPSIS:
    case W_KW_NONE:
    case W_KW_TRUE:
    case W_KW_FALSE:
    case W_KW_LAMBDA:
    case W_KW_AWAIT:
        is = true;
        break;
    case T_LPAREN:
    case T_LBRACKET:
    case T_STAR:
    case T_MINUS:
    case T_PLUS:
    case W_KW_NOT:
        restore(p, &s);
        (void)parse_expressions(p);
        is = kind(p) == T_ERROR;
        if (kind(p) == T_COLON) {
            next(p);
            is = kind(p) == T_NEWLINE;
        }
        break;
    default:
        break;
    }
    restore(p, &s);
    return is && p->l.status == PRATIQUE_OK;
}

/* ---- patterns ---- */

static uint32_t pattern(struct parser *p); /* with "as" */
static uint32_t closed(struct parser *p);

static uint32_t value_node(struct parser *p, uint32_t e, uint32_t off)
{
    return add_node(p, N_PATTERN_VALUE, off, e, 0, 0);
}

static uint32_t leaf(struct parser *p, unsigned node_kind)
{
    uint32_t i = add(p, (struct py_node){ .kind = (uint8_t)node_kind,
                                          .off = p->l.tok.off,
                                          .end = p->l.tok.end,
                                          .atom = p->l.tok.atom });

    next(p);
    return i;
}

static uint32_t number(struct parser *p)
{
    switch (kind(p)) {
    case T_INT:
        return leaf(p, N_INT);
    case T_FLOAT:
        return leaf(p, N_FLOAT);
    case T_IMAGINARY:
        return leaf(p, N_IMAGINARY);
    default:
        parse_unexpected(p);
        return 0;
    }
}

static uint32_t negative(struct parser *p)
{
    uint32_t off = p->l.tok.off, e, i;

    if (!accept(p, T_MINUS))
        return number(p);
    e = number(p);
    i = add_node(p, N_UNARY, off, e, 0, 0);
    at(p, i)->op = OP_NEG;
    return i;
}

/* -1, or 1 + 2j. */
static uint32_t signed_number(struct parser *p)
{
    uint32_t off = p->l.tok.off, e = negative(p), right, i;
    uint8_t op = kind(p) == T_PLUS ? OP_ADD : OP_SUB;
    const struct py_node *left = at(p, e);

    if (kind(p) != T_PLUS && kind(p) != T_MINUS)
        return e;
    if (left->kind == N_IMAGINARY || (left->kind == N_UNARY && at(p, left->a)->kind == N_IMAGINARY))
        parse_fail(p, off, "real number required in complex literal");
    next(p);
    if (kind(p) == T_INT || kind(p) == T_FLOAT)
        parse_fail(p, p->l.tok.off, "imaginary number required in complex literal");
    right = number(p);
    i = add_node(p, N_BINARY, off, e, right, 0);
    at(p, i)->op = op;
    return i;
}

static uint32_t strings(struct parser *p)
{
    uint32_t off = p->l.tok.off, e = parse_strings(p);
    uint32_t first = at(p, e)->kind == N_STRINGS ? at(p, e)->a : e;

    for (uint32_t i = first; i; i = at(p, i)->next)
        if (at(p, i)->kind == N_FSTRING)
            parse_fail(p, off, "patterns may only match literals and attribute lookups");
    return e;
}

/* a.b.c: an expression. */
static uint32_t dotted(struct parser *p, uint32_t off)
{
    uint32_t e = leaf(p, N_NAME);

    while (accept(p, T_DOT)) {
        uint32_t atom = p->l.tok.atom;

        (void)expect(p, T_NAME);
        e = add_node(p, N_ATTRIBUTE, off, e, 0, 0);
        at(p, e)->atom = atom;
    }
    return e;
}

/* name=pattern, the name being done as a capture. */
static uint32_t keyword(struct parser *p, uint32_t name, uint32_t off)
{
    uint32_t value, i;
    bool is_name = at(p, name)->kind == N_PATTERN_CAPTURE;
    uint32_t atom = is_name && !at(p, name)->atom ? (uint32_t)W_SOFT_UNDERSCORE : at(p, name)->atom;

    if (!is_name || at(p, name)->flags & PYN_PAREN)
        parse_unexpected(p);
    next(p);
    value = pattern(p);
    i = add_node(p, N_PATTERN_KEYWORD, off, value, 0, 0);
    at(p, i)->atom = atom;
    return i;
}

static uint32_t class_arguments(struct parser *p)
{
    struct list list = { 0, 0 };
    bool keywords = false;

    next(p);
    while (kind(p) != T_RPAREN && kind(p) != T_ERROR) {
        uint32_t off = p->l.tok.off, i = pattern(p);

        if (kind(p) == T_EQUAL) {
            i = keyword(p, i, off);
            keywords = true;
        } else if (keywords) {
            parse_fail(p, off, "positional patterns follow keyword patterns");
        }
        append(p, &list, i);
        if (!accept(p, T_COMMA))
            break;
    }
    (void)expect(p, T_RPAREN);
    parse_unique(p, list.first, N_PATTERN_KEYWORD,
                 "attribute name repeated in class pattern: %.*s");
    return list.first;
}

/* A capture, the wildcard, a dotted name, a class. */
static uint32_t name(struct parser *p)
{
    uint32_t off = p->l.tok.off, e, i, arguments;
    bool wildcard = soft(p, W_SOFT_UNDERSCORE, 1);

    e = dotted(p, off);
    if (kind(p) == T_LPAREN) {
        arguments = class_arguments(p);
        return add_node(p, N_PATTERN_CLASS, off, e, arguments, 0);
    }
    if (at(p, e)->kind == N_ATTRIBUTE)
        return value_node(p, e, off);
    parse_binds(p, at(p, e)->atom, off);
    i = add_node(p, N_PATTERN_CAPTURE, off, 0, 0, 0);
    at(p, i)->atom = wildcard ? 0 : at(p, e)->atom;
    return i;
}

/* *name */
static uint32_t star(struct parser *p)
{
    uint32_t off = p->l.tok.off, i, atom;
    bool wildcard;

    next(p);
    wildcard = soft(p, W_SOFT_UNDERSCORE, 1);
    atom = p->l.tok.atom;
    parse_binds(p, atom, p->l.tok.off);
    (void)expect(p, T_NAME);
    i = add_node(p, N_PATTERN_STAR, off, 0, 0, 0);
    at(p, i)->atom = wildcard ? 0 : atom;
    return i;
}

static uint32_t pattern_or_star(struct parser *p)
{
    return kind(p) == T_STAR ? star(p) : pattern(p);
}

/* The patterns behind the first, at the comma, up to what closes them. */
static uint32_t sequence(struct parser *p, uint32_t first, uint32_t off, unsigned closing)
{
    struct list list = { 0, 0 };
    unsigned stars = at(p, first)->kind == N_PATTERN_STAR;

    append(p, &list, first);
    while (accept(p, T_COMMA) && kind(p) != closing && kind(p) != W_KW_IF && kind(p) != T_COLON) {
        uint32_t i = pattern_or_star(p);

        stars += at(p, i)->kind == N_PATTERN_STAR;
        append(p, &list, i);
    }
    if (stars > 1)
        parse_fail(p, off, "multiple starred expressions in sequence pattern");
    if (closing)
        (void)expect(p, closing);
    return add_node(p, N_PATTERN_SEQUENCE, off, list.first, 0, 0);
}

static uint32_t parenthesis(struct parser *p)
{
    uint32_t off = p->l.tok.off, i;

    next(p);
    if (accept(p, T_RPAREN))
        return add_node(p, N_PATTERN_SEQUENCE, off, 0, 0, 0);
    i = pattern_or_star(p);
    if (kind(p) == T_COMMA)
        return sequence(p, i, off, T_RPAREN);
    if (at(p, i)->kind == N_PATTERN_STAR)
        parse_unexpected(p);
    (void)expect(p, T_RPAREN);
    at(p, i)->flags |= PYN_PAREN;
    return i;
}

static uint32_t bracket(struct parser *p)
{
    uint32_t off = p->l.tok.off;

    next(p);
    if (accept(p, T_RBRACKET))
        return add_node(p, N_PATTERN_SEQUENCE, off, 0, 0, 0);
    return sequence(p, pattern_or_star(p), off, T_RBRACKET);
}

static uint32_t key(struct parser *p)
{
    uint32_t off = p->l.tok.off, e;

    switch (kind(p)) {
    case T_INT:
    case T_FLOAT:
    case T_IMAGINARY:
    case T_MINUS:
        return signed_number(p);
    case T_STRING:
    case T_FSTRING:
        return strings(p);
    case W_KW_NONE:
        return leaf(p, N_NONE);
    case W_KW_TRUE:
        return leaf(p, N_TRUE);
    case W_KW_FALSE:
        return leaf(p, N_FALSE);
    case T_NAME:
        e = dotted(p, off);
        if (at(p, e)->kind != N_ATTRIBUTE)
            parse_fail(p, off,
                       "mapping pattern keys may only match literals and attribute lookups");
        return e;
    default:
        parse_unexpected(p);
        return 0;
    }
}

static uint32_t pair(struct parser *p)
{
    uint32_t off = p->l.tok.off, k = key(p), value;

    (void)expect(p, T_COLON);
    value = pattern(p);
    return add_node(p, N_PATTERN_PAIR, off, k, value, 0);
}

static bool same_key(const struct parser *p, uint32_t i, uint32_t j)
{
    const struct py_node *a = at(p, at(p, i)->a), *b = at(p, at(p, j)->a);

    if (a->kind != b->kind || a->kind == N_ATTRIBUTE || a->kind == N_BINARY || a->kind == N_UNARY)
        return false;
    return span_equal(py_node_text(p->t, a), py_node_text(p->t, b));
}

/* Literal keys differ; the first few are compared. */
static void keys_differ(struct parser *p, uint32_t list)
{
    uint32_t n = 0;

    for (uint32_t i = list; i && n < 64; i = at(p, i)->next, n++)
        for (uint32_t j = list; j != i; j = at(p, j)->next)
            if (same_key(p, i, j))
                parse_fail(p, at(p, i)->off, "mapping pattern checks duplicate key (%.*s)",
                           (int)py_node_text(p->t, at(p, at(p, i)->a)).n,
                           py_node_text(p->t, at(p, at(p, i)->a)).p);
}

static uint32_t mapping(struct parser *p)
{
    uint32_t off = p->l.tok.off, rest = 0, i;
    struct list list = { 0, 0 };

    next(p);
    while (kind(p) != T_RBRACE && kind(p) != T_ERROR) {
        if (rest)
            parse_unexpected(p);
        if (accept(p, T_DOUBLE_STAR)) {
            rest = p->l.tok.atom;
            if (soft(p, W_SOFT_UNDERSCORE, 1))
                parse_unexpected(p);
            parse_binds(p, rest, p->l.tok.off);
            (void)expect(p, T_NAME);
        } else {
            append(p, &list, pair(p));
        }
        if (!accept(p, T_COMMA))
            break;
    }
    (void)expect(p, T_RBRACE);
    keys_differ(p, list.first);
    i = add_node(p, N_PATTERN_MAPPING, off, list.first, 0, 0);
    at(p, i)->atom = rest;
    return i;
}

static uint32_t closed(struct parser *p)
{
    uint32_t off = p->l.tok.off;

    switch (kind(p)) {
    case T_NAME:
        return name(p);
    case T_LPAREN:
        return parenthesis(p);
    case T_LBRACKET:
        return bracket(p);
    case T_LBRACE:
        return mapping(p);
    case T_INT:
    case T_FLOAT:
    case T_IMAGINARY:
    case T_MINUS:
        return value_node(p, signed_number(p), off);
    case T_STRING:
    case T_FSTRING:
        return value_node(p, strings(p), off);
    case W_KW_NONE:
        return value_node(p, leaf(p, N_NONE), off);
    case W_KW_TRUE:
        return value_node(p, leaf(p, N_TRUE), off);
    case W_KW_FALSE:
        return value_node(p, leaf(p, N_FALSE), off);
    default:
        parse_unexpected(p);
        return 0;
    }
}

static uint32_t alternatives(struct parser *p)
{
    uint32_t off = p->l.tok.off, i = closed(p);
    struct list list = { 0, 0 };

    if (kind(p) != T_VBAR)
        return i;
    append(p, &list, i);
    while (accept(p, T_VBAR))
        append(p, &list, closed(p));
    return add_node(p, N_PATTERN_OR, off, list.first, 0, 0);
}

static uint32_t pattern(struct parser *p)
{
    uint32_t off = p->l.tok.off, i = alternatives(p), as;

    if (!accept(p, W_KW_AS))
        return i;
    if (soft(p, W_SOFT_UNDERSCORE, 1))
        parse_fail(p, p->l.tok.off, "cannot use '_' as a target");
    parse_binds(p, p->l.tok.atom, p->l.tok.off);
    as = p->l.tok.atom;
    (void)expect(p, T_NAME);
    i = add_node(p, N_PATTERN_AS, off, i, 0, 0);
    at(p, i)->atom = as;
    return i;
}

/* ---- cases ---- */

/* The pattern of a case: a sequence without brackets too. */
static uint32_t open_pattern(struct parser *p)
{
    uint32_t off = p->l.tok.off, i = pattern_or_star(p);

    if (kind(p) == T_COMMA)
        return sequence(p, i, off, 0);
    if (at(p, i)->kind == N_PATTERN_STAR)
        parse_unexpected(p);
    return i;
}

/* cases: the number before; *all: a case before matches everything. */
static uint32_t one_case(struct parser *p, uint32_t *all)
{
    uint32_t off = p->l.tok.off, pat, guard = 0, block, i;

    if (!soft(p, W_SOFT_CASE, 4)) {
        parse_unexpected(p);
        return 0;
    }
    if (*all)
        parse_unreachable(p, *all);
    next(p);
    pat = open_pattern(p);
    parse_pattern_check(p, pat);
    if (accept(p, W_KW_IF))
        guard = parse_named(p);
    *all = guard ? 0 : parse_irrefutable(p, pat);
    block = parse_block(p, "'case' statement", off);
    i = add_node(p, N_CASE, off, pat, block, guard);
    at(p, i)->end = at(p, block)->end;
    return i;
}

static uint32_t subject(struct parser *p)
{
    uint32_t off = p->l.tok.off, e = parse_star_or_named(p);
    struct list list = { 0, 0 };

    if (kind(p) != T_COMMA) {
        if (at(p, e)->kind == N_STARRED)
            parse_unexpected(p);
        return e;
    }
    append(p, &list, e);
    while (accept(p, T_COMMA) && parse_starts_expression(p))
        append(p, &list, parse_star_or_named(p));
    return add_node(p, N_TUPLE, off, list.first, 0, 0);
}

static uint32_t cases(struct parser *p, uint32_t off)
{
    struct list list = { 0, 0 };
    uint32_t all = 0;

    (void)expect(p, T_COLON);
    (void)expect(p, T_NEWLINE);
    if (kind(p) != T_INDENT && kind(p) != T_ERROR)
        parse_fail(p, p->l.tok.off, "expected an indented block after 'match' statement on line %u",
                   py_line(p->t, off));
    next(p);
    do
        append(p, &list, one_case(p, &all));
    while (kind(p) != T_DEDENT && kind(p) != T_ERROR);
    next(p);
    return list.first;
}

uint32_t parse_match(struct parser *p)
{
    uint32_t off = p->l.tok.off, e, list, last;

    if (!soft(p, W_SOFT_MATCH, 5) || !is_match(p))
        return 0;
    next(p);
    e = subject(p);
    list = cases(p, off);
    for (last = list; at(p, last)->next; last = at(p, last)->next)
        ;
    e = add_node(p, N_MATCH, off, e, list, 0);
    at(p, e)->end = at(p, last)->end;
    return e;
}
