/* import and from ... import. See parser.h. */
#include "format/python/parser.h"

static uint32_t name_node(struct parser *p)
{
    uint32_t i = add(
        p, (struct py_node){
               .kind = N_NAME, .off = p->l.tok.off, .end = p->l.tok.end, .atom = p->l.tok.atom });

    (void)expect(p, T_NAME);
    return i;
}

/* a.b.c */
static uint32_t dotted(struct parser *p)
{
    struct list list = { 0, 0 };

    do
        append(p, &list, name_node(p));
    while (accept(p, T_DOT));
    return list.first;
}

/* parts as name: the node, the parts being done. */
static uint32_t alias(struct parser *p, uint32_t parts, uint32_t off)
{
    uint32_t atom = 0, i;

    if (accept(p, W_KW_AS)) {
        atom = p->l.tok.atom;
        parse_binds(p, atom, p->l.tok.off);
        (void)expect(p, T_NAME);
    } else {
        parse_binds(p, at(p, parts)->atom, off);
    }
    i = add_node(p, N_ALIAS, off, parts, 0, 0);
    at(p, i)->atom = atom;
    return i;
}

uint32_t parse_import(struct parser *p)
{
    uint32_t off = p->l.tok.off;
    struct list list = { 0, 0 };

    next(p);
    do {
        uint32_t start = p->l.tok.off;

        append(p, &list, alias(p, dotted(p), start));
    } while (accept(p, T_COMMA));
    return add_node(p, N_IMPORT, off, list.first, 0, 0);
}

/* The names behind import, in parentheses or not. */
static uint32_t imported(struct parser *p)
{
    struct list list = { 0, 0 };
    bool paren = accept(p, T_LPAREN), comma;

    do {
        uint32_t start = p->l.tok.off;

        append(p, &list, alias(p, name_node(p), start));
        comma = accept(p, T_COMMA);
    } while (comma && kind(p) == T_NAME);
    if (paren)
        (void)expect(p, T_RPAREN);
    else if (comma)
        parse_fail(p, p->l.prev_end - 1,
                   "trailing comma not allowed without surrounding parentheses");
    return list.first;
}

static uint32_t dots(struct parser *p)
{
    uint32_t n = 0;

    for (;;) {
        if (accept(p, T_DOT))
            n++;
        else if (accept(p, T_ELLIPSIS))
            n += 3;
        else
            return n;
    }
}

static bool is_future(const struct parser *p, const struct py_node *from)
{
    return !from->c && from->b && !at(p, from->b)->next &&
           span_is(py_atom_text(&p->t->atoms, at(p, from->b)->atom), "__future__");
}

static void future_feature(struct parser *p, const struct py_node *name)
{
    static const char *const known[] = {
        "nested_scopes",  "generators",       "division",       "absolute_import", "with_statement",
        "print_function", "unicode_literals", "barry_as_FLUFL", "generator_stop",  "annotations",
    };
    struct span s = py_atom_text(&p->t->atoms, name->atom);

    p->barry |= span_is(s, "barry_as_FLUFL");
    for (size_t i = 0; i < ARRAY_LEN(known); i++)
        if (span_is(s, known[i]))
            return;
    if (span_is(s, "braces"))
        parse_fail(p, name->off, "not a chance");
    else
        parse_fail(p, name->off, "future feature %.*s is not defined", (int)(s.n < 100 ? s.n : 100),
                   s.p);
}

static void future(struct parser *p, uint32_t i)
{
    uint32_t off = at(p, i)->off;

    if (p->future_over)
        parse_fail(p, off, "from __future__ imports must occur at the beginning of the file");
    if (at(p, i)->flags & PYN_STAR)
        parse_fail(p, off, "future feature * is not defined");
    for (uint32_t a = at(p, i)->a; a; a = at(p, a)->next)
        future_feature(p, at(p, at(p, a)->a));
    p->future_import = i;
}

uint32_t parse_from(struct parser *p)
{
    uint32_t off = p->l.tok.off, n, module = 0, names = 0, i;
    bool star = false;

    next(p);
    n = dots(p);
    if (!n || kind(p) == T_NAME)
        module = dotted(p);
    (void)expect(p, W_KW_IMPORT);
    if (kind(p) == T_STAR) {
        if (p->ctx.function || p->ctx.class_body)
            parse_fail(p, off, "import * only allowed at module level");
        next(p);
        star = true;
    } else {
        names = imported(p);
    }
    i = add_node(p, N_IMPORT_FROM, off, names, module, n);
    at(p, i)->flags = star ? PYN_STAR : 0;
    if (UNLIKELY(is_future(p, at(p, i))))
        future(p, i);
    return i;
}
