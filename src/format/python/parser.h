/*
 * What the parts of the parser share. It is one of recursive descent with a token in hand;
 * binary operators by precedence. A function that meets a fault says so (parse_fail()); from
 * then on every token is T_ERROR, which nothing accepts, so that all come back soon. They
 * need not look: node 0, which stands for what could not be parsed, may be read and written.
 *
 * Recursion: brackets nest to 200 (the lexer refuses more), indentation to 100, f-strings to
 * 150, and p->depth bounds the rest to what CPython can take.
 */
#ifndef PRATIQUE_FORMAT_PYTHON_PARSER_H
#define PRATIQUE_FORMAT_PYTHON_PARSER_H

#include "format/python/lex.h"

/* Expressions within each other: CPython's parser gives up at 6000 of its own rules. */
#define DEPTH_MAX 6000
/* f-strings within each other. */
#define FSTRINGS_MAX 150

/* What encloses the statement or expression. */
struct context {
    bool function;     /* return and yield are allowed */
    bool async;        /* await is */
    bool class_body;   /* directly in a class */
    bool loop;         /* break and continue are */
    bool except_star;  /* in an except* of this loop or function */
    bool no_scope;     /* in a type parameter, type alias: no yield, await, := */
    bool generic;      /* the function whose head this is has type parameters */
    uint32_t yield_at; /* the last yield of this scope, or NOWHERE */
    uint32_t await_at; /* an await or async for that nothing allows so far, or NOWHERE */
    bool await_comp;   /* it is in an asynchronous comprehension */
};
#define NOWHERE UINT32_MAX

struct parser {
    struct lexer l;
    struct py_tree *t;
    uint32_t depth, fstrings;
    uint32_t line_end;  /* of the last line of simple statements, which ends all around it */
    uint32_t walruses;  /* := so far */
    uint32_t iterables; /* of comprehensions, within which we are */
    struct context ctx;
    uint32_t with_paren;    /* the bracket that may enclose items of a with statement, or NOWHERE */
    uint32_t with_items;    /* and those that it did enclose */
    uint32_t future_import; /* the last import from __future__ */
    bool barry;             /* from __future__ import barry_as_FLUFL: 3.14 takes <> then */
    bool past_first;        /* a statement was there: only the first may be a docstring */
    bool future_over;       /* something stood before that ends the place for __future__ */
    bool names_matter;      /* global, nonlocal or := in a comprehension: parse_check() has work */
};

/* A list that grows at its end. */
struct list {
    uint32_t first, last;
};

static inline unsigned kind(const struct parser *p)
{
    return p->l.tok.kind;
}

static inline void next(struct parser *p)
{
    lex_next(&p->l);
}

static inline bool accept(struct parser *p, unsigned token)
{
    if (kind(p) != token)
        return false;
    next(p);
    return true;
}

static inline struct py_node *at(const struct parser *p, uint32_t i)
{
    return &p->t->nodes[i];
}

/* Faults: see lex_fail(). */
#define parse_fail(p, off, ...) lex_fail(&(p)->l, off, __VA_ARGS__)

/* The fault that the token in hand is: "invalid syntax", or something that says more. */
void parse_unexpected(struct parser *p) NONNULL;

/* The token in hand must be this one; it is consumed. */
static inline bool expect(struct parser *p, unsigned token)
{
    if (LIKELY(kind(p) == token)) {
        next(p);
        return true;
    }
    parse_unexpected(p);
    return false;
}

/* Makes room for nodes; false: it failed. */
bool parse_grow(struct parser *p) NONNULL;

static inline uint32_t add(struct parser *p, struct py_node node)
{
    if (UNLIKELY(p->t->n == p->t->size) && !parse_grow(p))
        return 0;
    p->t->nodes[p->t->n] = node;
    return p->t->n++;
}

/* A node that ends with the last token; its fields a, b, c are the caller's. */
static inline uint32_t add_node(struct parser *p, unsigned node_kind, uint32_t off, uint32_t a,
                                uint32_t b, uint32_t c)
{
    return add(
        p,
        (struct py_node){
            .kind = (uint8_t)node_kind, .off = off, .end = p->l.prev_end, .a = a, .b = b, .c = c });
}

static inline void append(struct parser *p, struct list *list, uint32_t i)
{
    if (list->last)
        at(p, list->last)->next = i;
    else
        list->first = i;
    list->last = i;
}

/* One level deeper; false, with a fault, when it is too deep. parse_leave() whatever it is. */
bool parse_enter(struct parser *p) NONNULL;
static inline void parse_leave(struct parser *p)
{
    p->depth--;
}

/* parse_expr.c */
uint32_t parse_expression(struct parser *p) NONNULL;    /* expression of the grammar */
uint32_t parse_lambda_nocond(struct parser *p) NONNULL; /* a lambda whose body has no if */
uint32_t parse_named(struct parser *p) NONNULL;         /* with := */
uint32_t parse_disjunction(struct parser *p) NONNULL;   /* without lambda and if */
uint32_t parse_bitwise_or(struct parser *p) NONNULL;    /* without comparisons */
uint32_t parse_star_or_named(struct parser *p) NONNULL; /* *x or with := */
uint32_t parse_expressions(struct parser *p) NONNULL;   /* star_expressions: perhaps a tuple */
uint32_t parse_yield_or_expressions(struct parser *p) NONNULL;
uint32_t parse_yield(struct parser *p) NONNULL;
/* Whether the token in hand can start an expression (* among them). */
bool parse_starts_expression(const struct parser *p) NONNULL;

/* parse_atom.c */
uint32_t parse_atom(struct parser *p) NONNULL;
/* Arguments up to the closing parenthesis, which is consumed; the opening one was. */
uint32_t parse_arguments(struct parser *p) NONNULL;
/* The index between brackets; the opening one was consumed, the closing one is. */
uint32_t parse_index(struct parser *p) NONNULL;

/* parse_comp.c: the for ... in ... if ... of a comprehension whose element started before. */
struct element {
    uint32_t yield_at, await_at; /* of the context before it */
    bool await_comp;
    uint32_t walruses;
};
struct element parse_element_start(struct parser *p) NONNULL;
/* It was none of a comprehension. */
void parse_element_end(struct parser *p, const struct element *e) NONNULL;
uint32_t parse_comp_for(struct parser *p, const struct element *e, unsigned node_kind) NONNULL;
static inline bool at_comp_for(const struct parser *p)
{
    return kind(p) == W_KW_FOR || kind(p) == W_KW_ASYNC;
}
/* An await, async for or async with at off; it must be allowed. */
void parse_await_at(struct parser *p, uint32_t off) NONNULL;
/* What is left of awaits when a statement or scope ends. */
void parse_await_check(struct parser *p) NONNULL;

/* parse_string.c: strings that stand side by side, f-strings among them. */
uint32_t parse_strings(struct parser *p) NONNULL;

/* parse_target.c */
enum target { TARGET_ASSIGN, TARGET_AUGMENT, TARGET_ANNOTATE, TARGET_DELETE };
/* Whether e may be assigned to, or deleted; a fault if not. */
void parse_target(struct parser *p, uint32_t e, enum target what) NONNULL;
/* A target behind "as" in a with statement: *x too. */
uint32_t parse_star_target(struct parser *p) NONNULL;
/* The targets between for and in. */
uint32_t parse_for_target(struct parser *p) NONNULL;
/* A name that is bound at off: not __debug__. */
void parse_binds(struct parser *p, uint32_t atom, uint32_t off) NONNULL;

/* parse_params.c */
uint32_t parse_params(struct parser *p,
                      unsigned closing) NONNULL; /* T_RPAREN, or T_COLON: lambda */
uint32_t parse_type_params(struct parser *p) NONNULL;
/* Faults unless the names of a list of nodes (those of this kind) differ. */
void parse_unique(struct parser *p, uint32_t list, unsigned node_kind, const char *message) NONNULL;

/* parse_stmt.c, parse_compound.c, parse_import.c, parse_pattern.c */
void parse_statement(struct parser *p, struct list *list) NONNULL;
void parse_simple_line(struct parser *p, struct list *list) NONNULL;
/* A compound statement if the token in hand starts one, else 0. */
uint32_t parse_compound(struct parser *p) NONNULL;
uint32_t parse_block(struct parser *p, const char *what, uint32_t off) NONNULL;
uint32_t parse_import(struct parser *p) NONNULL;
uint32_t parse_from(struct parser *p) NONNULL;
uint32_t parse_match(struct parser *p) NONNULL;
/* pattern_check.c: the names that it binds. */
void parse_pattern_check(struct parser *p, uint32_t pattern) NONNULL;
/* The fault that a part (parse_irrefutable()) is not the last. */
void parse_unreachable(struct parser *p, uint32_t all) NONNULL;
/* The part of it that matches everything, if the whole does; else 0. */
uint32_t parse_irrefutable(const struct parser *p, uint32_t i) NONNULL;

/* parse_check.c: global, nonlocal and := against the other uses of their names. */
void parse_check(struct parser *p) NONNULL;

#endif
