/* Parameters of functions and lambdas, and type parameters. See parser.h. */
#include "format/python/parser.h"

#include <stdio.h>

/* ---- names that must differ ---- */

/* So many are compared one by one; more take a bit for each atom of the file. */
#define FEW 24

static void repeated(struct parser *p, const struct py_node *n, const char *message)
{
    struct span name = py_atom_text(&p->t->atoms, n->atom);
    char text[sizeof p->l.fault->reason];

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    (void)snprintf(text, sizeof text, message, (int)(name.n < 100 ? name.n : 100), name.p);
#pragma GCC diagnostic pop
    parse_fail(p, n->off, "%s", text);
}

static bool seen_before(struct parser *p, uint32_t list, uint32_t i, unsigned node_kind)
{
    for (uint32_t j = list; j != i; j = at(p, j)->next)
        if (at(p, j)->kind == node_kind && at(p, j)->atom == at(p, i)->atom)
            return true;
    return false;
}

static uint32_t count(struct parser *p, uint32_t list)
{
    uint32_t n = 0;

    for (; list; list = at(p, list)->next)
        n++;
    return n;
}

static void unique_many(struct parser *p, uint32_t list, unsigned node_kind, const char *message)
{
    struct scan *s = p->t->s;
    size_t n = p->t->atoms.n / 8 + 1;
    uint8_t *bits = scan_map(s, n);

    if (!bits) {
        lex_stop(&p->l, s->budget->spent ? PRATIQUE_E_LIMIT : PRATIQUE_E_NOMEM);
        return;
    }
    for (uint32_t i = list; i; i = at(p, i)->next) {
        uint32_t atom = at(p, i)->atom;

        if (at(p, i)->kind != node_kind)
            continue;
        if (bits[atom / 8] >> atom % 8 & 1)
            repeated(p, at(p, i), message);
        bits[atom / 8] |= (uint8_t)(1 << atom % 8);
    }
    scan_unmap(s, bits, n);
}

void parse_unique(struct parser *p, uint32_t list, unsigned node_kind, const char *message)
{
    if (p->l.status != PRATIQUE_OK)
        return;
    if (count(p, list) > FEW) {
        unique_many(p, list, node_kind, message);
        return;
    }
    for (uint32_t i = list; i; i = at(p, i)->next)
        if (at(p, i)->kind == node_kind && seen_before(p, list, i, node_kind)) {
            repeated(p, at(p, i), message);
            return;
        }
}

/* ---- parameters ---- */

struct params {
    struct list list;
    unsigned closing;  /* T_RPAREN: a function's, with annotations; T_COLON: a lambda's */
    bool slash, star;  /* / or * was there */
    bool bare_star;    /* ... a bare one, and no name behind it yet */
    bool default_seen; /* a positional one with a default */
    bool done;         /* ** was there */
};

static uint32_t annotation_of(struct parser *p, const struct params *s, bool star)
{
    uint32_t off, e;

    if (s->closing != T_RPAREN || !accept(p, T_COLON))
        return 0;
    off = p->l.tok.off;
    if (!star || !accept(p, T_STAR))
        return parse_expression(p);
    e = parse_bitwise_or(p); /* *args: *Ts */
    return add_node(p, N_STARRED, off, e, 0, 0);
}

/* That of a generic function is in the scope of its type parameters. */
static uint32_t annotation(struct parser *p, const struct params *s, bool star)
{
    bool no_scope = p->ctx.no_scope;
    uint32_t e;

    p->ctx.no_scope |= p->ctx.generic;
    e = annotation_of(p, s, star);
    p->ctx.no_scope = no_scope;
    return e;
}

static uint32_t default_value(struct parser *p)
{
    uint32_t e;

    if (!accept(p, T_EQUAL))
        return 0;
    p->depth += 4; /* of lambdas in defaults of lambdas CPython takes fewer */
    e = parse_expression(p);
    p->depth -= 4;
    return e;
}

static uint32_t parameter(struct parser *p, const struct params *s, unsigned op)
{
    uint32_t off = p->l.tok.off, atom = p->l.tok.atom, note, value = 0, end, i;

    if (kind(p) != T_NAME) {
        parse_unexpected(p);
        return 0;
    }
    next(p);
    parse_binds(p, atom, off);
    note = annotation(p, s, op == OP_ARG_STAR);
    end = p->l.prev_end;
    if (op == OP_ARG || op == OP_ARG_KWONLY)
        value = default_value(p);
    else if (kind(p) == T_EQUAL)
        parse_fail(p, p->l.tok.off, "var-%s argument cannot have default value",
                   op == OP_ARG_STAR ? "positional" : "keyword");
    i = add_node(p, N_ARG, off, note, value, 0);
    at(p, i)->end = end;
    at(p, i)->atom = atom;
    at(p, i)->op = (uint8_t)op;
    return i;
}

static void slash(struct parser *p, struct params *s)
{
    uint32_t off = p->l.tok.off;

    next(p);
    if (s->star)
        parse_fail(p, off, s->slash ? "/ may appear only once" : "/ must be ahead of *");
    else if (s->slash)
        parse_fail(p, off, "/ may appear only once");
    else if (!s->list.first)
        parse_fail(p, off, "at least one argument must precede /");
    s->slash = true;
    for (uint32_t i = s->list.first; i; i = at(p, i)->next)
        at(p, i)->op = OP_ARG_POSONLY;
}

static void star(struct parser *p, struct params *s)
{
    uint32_t off = p->l.tok.off;

    next(p);
    if (s->star)
        parse_fail(p, off, "* argument may appear only once");
    s->star = true;
    s->bare_star = kind(p) == T_COMMA;
    if (kind(p) == s->closing)
        parse_fail(p, off, "named arguments must follow bare *");
    else if (!s->bare_star)
        append(p, &s->list, parameter(p, s, OP_ARG_STAR));
}

static void double_star(struct parser *p, struct params *s)
{
    uint32_t off = p->l.tok.off;

    next(p);
    if (s->bare_star)
        parse_fail(p, off, "named arguments must follow bare *");
    append(p, &s->list, parameter(p, s, OP_ARG_DSTAR));
    s->done = true;
}

static void plain(struct parser *p, struct params *s)
{
    uint32_t off = p->l.tok.off, i = parameter(p, s, s->star ? OP_ARG_KWONLY : OP_ARG);

    append(p, &s->list, i);
    s->bare_star = false;
    if (s->star)
        return;
    if (at(p, i)->b)
        s->default_seen = true;
    else if (s->default_seen)
        parse_fail(p, off, "parameter without a default follows parameter with a default");
}

static void one(struct parser *p, struct params *s)
{
    if (s->done)
        parse_fail(p, p->l.tok.off, "arguments cannot follow var-keyword argument");
    else if (kind(p) == T_SLASH)
        slash(p, s);
    else if (kind(p) == T_STAR)
        star(p, s);
    else if (kind(p) == T_DOUBLE_STAR)
        double_star(p, s);
    else
        plain(p, s);
}

uint32_t parse_params(struct parser *p, unsigned closing)
{
    struct params s = { .closing = closing };

    while (kind(p) != closing && kind(p) != T_ERROR) {
        one(p, &s);
        if (!accept(p, T_COMMA))
            break;
    }
    if (s.bare_star)
        parse_fail(p, p->l.tok.off, "named arguments must follow bare *");
    if (s.list.first != s.list.last)
        parse_unique(p, s.list.first, N_ARG, "duplicate argument '%.*s' in function definition");
    return s.list.first;
}

/* ---- type parameters ---- */

static uint32_t type_default(struct parser *p, unsigned op)
{
    uint32_t off, e;

    if (!accept(p, T_EQUAL))
        return 0;
    off = p->l.tok.off;
    if (op != OP_ARG_STAR || !accept(p, T_STAR))
        return parse_expression(p);
    e = parse_bitwise_or(p);
    return add_node(p, N_STARRED, off, e, 0, 0);
}

static uint32_t type_param(struct parser *p, bool *defaults)
{
    uint32_t off = p->l.tok.off, atom, bound = 0, value, i;
    unsigned op = OP_ARG;

    if (accept(p, T_STAR))
        op = OP_ARG_STAR;
    else if (accept(p, T_DOUBLE_STAR))
        op = OP_ARG_DSTAR;
    atom = p->l.tok.atom;
    parse_binds(p, atom, p->l.tok.off);
    if (!expect(p, T_NAME))
        return 0;
    if (op == OP_ARG && accept(p, T_COLON))
        bound = parse_expression(p);
    value = type_default(p, op);
    if (*defaults && !value)
        parse_fail(p, off, "non-default type parameter '%.*s' follows default type parameter",
                   (int)py_atom_text(&p->t->atoms, atom).n, py_atom_text(&p->t->atoms, atom).p);
    *defaults |= value != 0;
    i = add_node(p, N_TYPE_PARAM, off, bound, value, 0);
    at(p, i)->atom = atom;
    at(p, i)->op = (uint8_t)op;
    return i;
}

uint32_t parse_type_params(struct parser *p)
{
    uint32_t off = p->l.tok.off;
    struct list list = { 0, 0 };
    bool defaults = false, no_scope = p->ctx.no_scope;

    next(p);
    if (kind(p) == T_RBRACKET)
        parse_fail(p, off, "Type parameter list cannot be empty");
    p->ctx.no_scope = true;
    while (kind(p) != T_RBRACKET && kind(p) != T_ERROR) {
        append(p, &list, type_param(p, &defaults));
        if (!accept(p, T_COMMA))
            break;
    }
    p->ctx.no_scope = no_scope;
    parse_unique(p, list.first, N_TYPE_PARAM, "duplicate type parameter '%.*s'");
    (void)expect(p, T_RBRACKET);
    return add_node(p, N_TYPE_PARAMS, off, list.first, 0, 0);
}
