/* Atoms, displays, arguments and subscripts. See parser.h. */
#include "format/python/parser.h"

static uint32_t leaf(struct parser *p, unsigned node_kind)
{
    const struct token *tok = &p->l.tok;
    uint32_t i = add(
        p, (struct py_node){
               .kind = (uint8_t)node_kind, .off = tok->off, .end = tok->end, .atom = tok->atom });

    next(p);
    return i;
}

/* ---- parentheses ---- */

/* as x, behind an expression: an item of a with statement. */
static uint32_t with_item(struct parser *p, uint32_t e, uint32_t off)
{
    uint32_t target = 0;

    if (accept(p, W_KW_AS)) {
        target = parse_star_target(p);
        parse_target(p, target, TARGET_ASSIGN);
    }
    return add_node(p, N_WITH_ITEM, off, e, target, 0);
}

/* with (a as b, ...): at the first "as"; the elements before it are in list. */
static void with_items(struct parser *p, struct list *list, uint32_t off)
{
    struct list items = { 0, 0 };
    uint32_t e = list->first;

    while (e) {
        uint32_t after = at(p, e)->next;

        at(p, e)->next = 0;
        if (at(p, e)->kind == N_STARRED || at(p, e)->kind == N_NAMED)
            parse_fail(p, at(p, e)->off, "invalid syntax");
        append(p, &items,
               after ? add_node(p, N_WITH_ITEM, at(p, e)->off, e, 0, 0) : with_item(p, e, off));
        if (!after)
            break;
        e = after;
    }
    while (accept(p, T_COMMA) && kind(p) != T_RPAREN) {
        off = p->l.tok.off;
        append(p, &items, with_item(p, parse_expression(p), off));
    }
    p->with_items = items.first;
    (void)expect(p, T_RPAREN);
}

/* The elements behind the first, up to the closing parenthesis, which is consumed. */
static uint32_t paren_tuple(struct parser *p, uint32_t first, uint32_t off, bool with)
{
    struct list list = { 0, 0 };
    uint32_t i;

    append(p, &list, first);
    while (accept(p, T_COMMA) && kind(p) != T_RPAREN) {
        uint32_t start = p->l.tok.off;

        append(p, &list, parse_star_or_named(p));
        if (UNLIKELY(with && kind(p) == W_KW_AS)) {
            with_items(p, &list, start);
            return 0;
        }
    }
    (void)expect(p, T_RPAREN);
    i = add_node(p, N_TUPLE, off, list.first, 0, 0);
    at(p, i)->flags = PYN_PAREN;
    return i;
}

static uint32_t generator(struct parser *p, const struct element *el, uint32_t e, uint32_t off)
{
    uint32_t fors, i;

    if (at(p, e)->kind == N_STARRED)
        parse_fail(p, at(p, e)->off, "iterable unpacking cannot be used in comprehension");
    fors = parse_comp_for(p, el, N_GENERATOR);
    (void)expect(p, T_RPAREN);
    i = add_node(p, N_GENERATOR, off, e, fors, 0);
    at(p, i)->flags = PYN_PAREN;
    return i;
}

/* (x): what is in it, marked. */
static uint32_t group(struct parser *p, uint32_t e)
{
    if (at(p, e)->kind == N_STARRED)
        parse_fail(p, at(p, e)->off, "cannot use starred expression here");
    (void)expect(p, T_RPAREN);
    at(p, e)->flags |= PYN_PAREN;
    return e;
}

static uint32_t empty_tuple(struct parser *p, uint32_t off)
{
    uint32_t i;

    next(p);
    i = add_node(p, N_TUPLE, off, 0, 0, 0);
    at(p, i)->flags = PYN_PAREN;
    return i;
}

static uint32_t parenthesis(struct parser *p)
{
    uint32_t off = p->l.tok.off, start, e;
    bool with = p->with_paren == off;
    struct element el;

    next(p);
    start = p->l.tok.off;
    if (kind(p) == T_RPAREN)
        return empty_tuple(p, off);
    if (kind(p) == W_KW_YIELD)
        return group(p, parse_yield(p));
    el = parse_element_start(p);
    e = parse_star_or_named(p);
    if (UNLIKELY(at_comp_for(p)))
        return generator(p, &el, e, off);
    parse_element_end(p, &el);
    if (kind(p) == T_COMMA)
        return paren_tuple(p, e, off, with);
    if (UNLIKELY(with && kind(p) == W_KW_AS)) {
        struct list list = { e, e };

        with_items(p, &list, start);
        return 0;
    }
    return group(p, e);
}

/* ---- lists, sets, dictionaries ---- */

static uint32_t comprehension(struct parser *p, const struct element *el, uint32_t e, uint32_t off,
                              unsigned node_kind, unsigned closing)
{
    uint32_t fors;

    if (at(p, e)->kind == N_STARRED)
        parse_fail(p, at(p, e)->off, "iterable unpacking cannot be used in comprehension");
    fors = parse_comp_for(p, el, node_kind);
    (void)expect(p, closing);
    return add_node(p, node_kind, off, e, fors, 0);
}

/* The elements behind the first. */
static uint32_t display(struct parser *p, uint32_t first, uint32_t off, unsigned node_kind,
                        unsigned closing)
{
    struct list list = { 0, 0 };

    append(p, &list, first);
    while (accept(p, T_COMMA) && kind(p) != closing)
        append(p, &list, parse_star_or_named(p));
    (void)expect(p, closing);
    return add_node(p, node_kind, off, list.first, 0, 0);
}

static uint32_t bracket(struct parser *p)
{
    uint32_t off = p->l.tok.off, e;
    struct element el;

    next(p);
    if (accept(p, T_RBRACKET))
        return add_node(p, N_LIST, off, 0, 0, 0);
    el = parse_element_start(p);
    e = parse_star_or_named(p);
    if (at_comp_for(p))
        return comprehension(p, &el, e, off, N_LIST_COMP, T_RBRACKET);
    parse_element_end(p, &el);
    return display(p, e, off, N_LIST, T_RBRACKET);
}

/* key: value, the key being done; or **x. */
static uint32_t dict_item(struct parser *p, uint32_t key, uint32_t off)
{
    uint32_t value;

    if (kind(p) == T_COMMA || kind(p) == T_RBRACE)
        parse_fail(p, p->l.prev_end - 1, "':' expected after dictionary key");
    (void)expect(p, T_COLON);
    if (kind(p) == T_COMMA || kind(p) == T_RBRACE)
        parse_fail(p, p->l.prev_end - 1, "expression expected after dictionary key and ':'");
    value = parse_expression(p);
    return add_node(p, N_DICT_ITEM, off, key, value, 0);
}

static uint32_t double_starred(struct parser *p)
{
    uint32_t off = p->l.tok.off, e;

    next(p);
    e = parse_bitwise_or(p);
    return add_node(p, N_DOUBLE_STARRED, off, e, 0, 0);
}

static uint32_t dict(struct parser *p, uint32_t first, uint32_t off)
{
    struct list list = { 0, 0 };

    append(p, &list, first);
    while (accept(p, T_COMMA) && kind(p) != T_RBRACE) {
        uint32_t start = p->l.tok.off;

        append(p, &list,
               kind(p) == T_DOUBLE_STAR ? double_starred(p)
                                        : dict_item(p, parse_expression(p), start));
    }
    (void)expect(p, T_RBRACE);
    return add_node(p, N_DICT, off, list.first, 0, 0);
}

/* A dictionary whose first key is done, at the colon; or a comprehension of such. */
static uint32_t dict_from(struct parser *p, const struct element *el, uint32_t key, uint32_t start,
                          uint32_t off)
{
    uint32_t item;

    if (at(p, key)->kind == N_STARRED)
        parse_fail(p, at(p, key)->off, "cannot use a starred expression in a dictionary key");
    else if (at(p, key)->kind == N_NAMED && !(at(p, key)->flags & PYN_PAREN))
        parse_unexpected(p);
    item = dict_item(p, key, start);
    if (at_comp_for(p))
        return comprehension(p, el, item, off, N_DICT_COMP, T_RBRACE);
    parse_element_end(p, el);
    return dict(p, item, off);
}

static uint32_t dict_of_stars(struct parser *p, uint32_t off)
{
    uint32_t e = double_starred(p);

    if (at_comp_for(p))
        parse_fail(p, at(p, e)->off, "dict unpacking cannot be used in dict comprehension");
    return dict(p, e, off);
}

static uint32_t brace(struct parser *p)
{
    uint32_t off = p->l.tok.off, start, e;
    struct element el;

    next(p);
    start = p->l.tok.off;
    if (accept(p, T_RBRACE))
        return add_node(p, N_DICT, off, 0, 0, 0);
    if (kind(p) == T_DOUBLE_STAR)
        return dict_of_stars(p, off);
    el = parse_element_start(p);
    e = parse_star_or_named(p);
    if (kind(p) == T_COLON)
        return dict_from(p, &el, e, start, off);
    if (at_comp_for(p))
        return comprehension(p, &el, e, off, N_SET_COMP, T_RBRACE);
    parse_element_end(p, &el);
    return display(p, e, off, N_SET, T_RBRACE);
}

/* ---- atoms ---- */

static uint32_t unexpected(struct parser *p)
{
    parse_unexpected(p);
    return 0;
}

uint32_t parse_atom(struct parser *p)
{
    switch (kind(p)) {
    case T_NAME:
        return leaf(p, N_NAME);
    case T_STRING:
    case T_FSTRING:
        return parse_strings(p);
    case T_INT:
        return leaf(p, N_INT);
    case T_FLOAT:
        return leaf(p, N_FLOAT);
    case T_IMAGINARY:
        return leaf(p, N_IMAGINARY);
    case T_LPAREN:
        return parenthesis(p);
    case T_LBRACKET:
        return bracket(p);
    case T_LBRACE:
        return brace(p);
    case W_KW_NONE:
        return leaf(p, N_NONE);
    case W_KW_TRUE:
        return leaf(p, N_TRUE);
    case W_KW_FALSE:
        return leaf(p, N_FALSE);
    case T_ELLIPSIS:
        return leaf(p, N_ELLIPSIS);
    default:
        return unexpected(p);
    }
}

/* ---- arguments ---- */

/* What the arguments before allow. */
struct arguments {
    struct list list;
    unsigned keywords; /* name=value */
    bool after_keyword, after_dict;
    bool bare_generator; /* an argument is a generator without parentheses of its own */
};

static const char *cannot_be_keyword(const struct py_node *n)
{
    switch (n->kind) {
    case N_TRUE:
        return "cannot assign to True";
    case N_FALSE:
        return "cannot assign to False";
    case N_NONE:
        return "cannot assign to None";
    default:
        return "expression cannot contain assignment, perhaps you meant \"==\"?";
    }
}

/* name=value: the name is e. */
static uint32_t keyword(struct parser *p, uint32_t e, struct arguments *args)
{
    uint32_t value;

    if (at(p, e)->kind != N_NAME || at(p, e)->flags & PYN_PAREN) {
        parse_fail(p, at(p, e)->off, "%s", cannot_be_keyword(at(p, e)));
        return 0;
    }
    parse_binds(p, at(p, e)->atom, at(p, e)->off);
    next(p);
    value = parse_expression(p);
    at(p, e)->kind = N_KEYWORD;
    at(p, e)->a = value;
    at(p, e)->end = p->l.prev_end;
    args->after_keyword = true;
    args->keywords++;
    return e;
}

static uint32_t bare_generator(struct parser *p, const struct element *el, uint32_t e, uint32_t off,
                               struct arguments *args)
{
    uint32_t fors = parse_comp_for(p, el, N_GENERATOR);

    args->bare_generator = true;
    return add_node(p, N_GENERATOR, off, e, fors, 0);
}

static uint32_t positional(struct parser *p, struct arguments *args)
{
    uint32_t off = p->l.tok.off, e;
    struct element el = parse_element_start(p);

    e = parse_named(p);
    if (UNLIKELY(at_comp_for(p))) {
        e = bare_generator(p, &el, e, off, args);
    } else {
        parse_element_end(p, &el);
        if (kind(p) == T_EQUAL)
            return keyword(p, e, args);
    }
    if (UNLIKELY(args->after_dict))
        parse_fail(p, off, "positional argument follows keyword argument unpacking");
    else if (UNLIKELY(args->after_keyword))
        parse_fail(p, off, "positional argument follows keyword argument");
    return e;
}

static uint32_t star_argument(struct parser *p, struct arguments *args)
{
    uint32_t off = p->l.tok.off, e;

    if (args->after_dict)
        parse_fail(p, off, "iterable argument unpacking follows keyword argument unpacking");
    next(p);
    e = parse_expression(p);
    return add_node(p, N_STARRED, off, e, 0, 0);
}

static uint32_t double_star_argument(struct parser *p, struct arguments *args)
{
    uint32_t off = p->l.tok.off, e;

    next(p);
    e = parse_expression(p);
    args->after_dict = true;
    return add_node(p, N_DOUBLE_STARRED, off, e, 0, 0);
}

static uint32_t argument(struct parser *p, struct arguments *args)
{
    if (kind(p) == T_STAR)
        return star_argument(p, args);
    if (kind(p) == T_DOUBLE_STAR)
        return double_star_argument(p, args);
    return positional(p, args);
}

uint32_t parse_arguments(struct parser *p)
{
    struct arguments args = { 0 };
    uint32_t n = 0, off = p->l.tok.off;
    bool comma = false;

    while (kind(p) != T_RPAREN) {
        append(p, &args.list, argument(p, &args));
        n++;
        comma = kind(p) == T_COMMA;
        if (!comma)
            break;
        next(p);
    }
    (void)expect(p, T_RPAREN);
    if (args.bare_generator && (n > 1 || comma))
        parse_fail(p, off, "Generator expression must be parenthesized");
    if (args.keywords > 1)
        parse_unique(p, args.list.first, N_KEYWORD, "keyword argument repeated: %.*s");
    return args.list.first;
}

/* ---- subscripts ---- */

static bool ends_slice(const struct parser *p)
{
    return kind(p) == T_COLON || kind(p) == T_COMMA || kind(p) == T_RBRACKET;
}

/* lower:upper:step, the lower bound being done, at the colon. */
static uint32_t slice(struct parser *p, uint32_t lower, uint32_t off)
{
    uint32_t upper = 0, step = 0;

    next(p);
    if (!ends_slice(p))
        upper = parse_expression(p);
    if (accept(p, T_COLON) && !ends_slice(p))
        step = parse_expression(p);
    return add_node(p, N_SLICE, off, lower, upper, step);
}

static uint32_t index_item(struct parser *p)
{
    uint32_t off = p->l.tok.off, e = 0;

    if (kind(p) == T_STAR) {
        next(p);
        e = parse_expression(p);
        return add_node(p, N_STARRED, off, e, 0, 0);
    }
    if (kind(p) != T_COLON)
        e = parse_named(p);
    if (kind(p) != T_COLON)
        return e;
    if (e && at(p, e)->kind == N_NAMED && !(at(p, e)->flags & PYN_PAREN))
        parse_unexpected(p);
    return slice(p, e, off);
}

uint32_t parse_index(struct parser *p)
{
    uint32_t off = p->l.tok.off, e = index_item(p);
    struct list list = { 0, 0 };

    if (LIKELY(kind(p) == T_RBRACKET) && at(p, e)->kind != N_STARRED) {
        next(p);
        return e;
    }
    append(p, &list, e);
    while (accept(p, T_COMMA) && kind(p) != T_RBRACKET)
        append(p, &list, index_item(p));
    e = add_node(p, N_TUPLE, off, list.first, 0, 0);
    (void)expect(p, T_RBRACKET);
    return e;
}
