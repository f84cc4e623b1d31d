/* What may be assigned to, or deleted. Targets are parsed as expressions, then judged here. */
#include "format/python/parser.h"

/* What CPython calls an expression in "cannot assign to ...". */
static const char *kind_name(const struct py_node *n)
{
    switch (n->kind) {
    case N_CALL:
        return "function call";
    case N_INT:
    case N_FLOAT:
    case N_IMAGINARY:
    case N_STR:
    case N_STRINGS:
        return "literal";
    case N_FSTRING:
        return "f-string expression";
    case N_NONE:
        return "None";
    case N_TRUE:
        return "True";
    case N_FALSE:
        return "False";
    case N_ELLIPSIS:
        return "ellipsis";
    case N_BINARY:
    case N_UNARY:
    case N_BOOL:
        return "expression";
    case N_COMPARE:
        return "comparison";
    case N_IF_ELSE:
        return "conditional expression";
    case N_LAMBDA:
        return "lambda";
    case N_TUPLE:
        return "tuple";
    case N_LIST:
        return "list";
    case N_SET:
        return "set display";
    case N_DICT:
        return "dict literal";
    case N_LIST_COMP:
        return "list comprehension";
    case N_SET_COMP:
        return "set comprehension";
    case N_DICT_COMP:
        return "dict comprehension";
    case N_GENERATOR:
        return "generator expression";
    case N_NAMED:
        return "named expression";
    case N_AWAIT:
        return "await expression";
    case N_YIELD:
    case N_YIELD_FROM:
        return "yield expression";
    case N_STARRED:
        return "starred";
    default:
        return "expression";
    }
}

void parse_binds(struct parser *p, uint32_t atom, uint32_t off)
{
    if (UNLIKELY(atom == W_SOFT_DEBUG))
        parse_fail(p, off, "cannot assign to __debug__");
}

static void refuse(struct parser *p, uint32_t e, enum target what)
{
    const struct py_node *n = at(p, e);

    if (p->l.status != PRATIQUE_OK)
        return;
    if (what == TARGET_AUGMENT)
        parse_fail(p, n->off, "'%s' is an illegal expression for augmented assignment",
                   kind_name(n));
    else if (what == TARGET_ANNOTATE && (n->kind == N_TUPLE || n->kind == N_LIST))
        parse_fail(p, n->off, "only single target (not %s) can be annotated", kind_name(n));
    else if (what == TARGET_ANNOTATE)
        parse_fail(p, n->off, "illegal target for annotation");
    else if (n->kind == N_STARRED && what == TARGET_ASSIGN)
        parse_fail(p, n->off, "starred assignment target must be in a list or tuple");
    else
        parse_fail(p, n->off, "cannot %s %s", what == TARGET_DELETE ? "delete" : "assign to",
                   kind_name(n));
}

/* The elements of a tuple or list; brackets bound the recursion. */
static void elements(struct parser *p, uint32_t e, enum target what)
{
    unsigned stars = 0;

    for (uint32_t i = at(p, e)->a; i; i = at(p, i)->next) {
        uint32_t of = i;

        if (at(p, i)->kind == N_STARRED && what == TARGET_ASSIGN) {
            of = at(p, i)->a;
            if (++stars > 1)
                parse_fail(p, at(p, i)->off, "multiple starred expressions in assignment");
        }
        parse_target(p, of, what);
    }
}

void parse_target(struct parser *p, uint32_t e, enum target what)
{
    const struct py_node *n = at(p, e);

    switch (n->kind) {
    case N_NAME:
        if (what != TARGET_DELETE) /* del __debug__ was allowed until 3.10 */
            parse_binds(p, n->atom, n->off);
        break;
    case N_ATTRIBUTE:
        if (what != TARGET_DELETE)
            parse_binds(p, n->atom, n->off);
        break;
    case N_SUBSCRIPT:
        break;
    case N_TUPLE:
    case N_LIST:
        if (what == TARGET_ASSIGN || what == TARGET_DELETE)
            elements(p, e, what);
        else
            refuse(p, e, what);
        break;
    default:
        refuse(p, e, what);
    }
}

uint32_t parse_star_target(struct parser *p)
{
    uint32_t off = p->l.tok.off, e;

    if (!accept(p, T_STAR))
        return parse_bitwise_or(p);
    e = parse_bitwise_or(p);
    return add_node(p, N_STARRED, off, e, 0, 0);
}

uint32_t parse_for_target(struct parser *p)
{
    uint32_t off = p->l.tok.off, e = parse_star_target(p);

    if (kind(p) == T_COMMA) {
        struct list list = { 0, 0 };

        append(p, &list, e);
        while (accept(p, T_COMMA) && parse_starts_expression(p))
            append(p, &list, parse_star_target(p));
        e = add_node(p, N_TUPLE, off, list.first, 0, 0);
    }
    parse_target(p, e, TARGET_ASSIGN);
    return e;
}
