/* The tree of a Jinja template. Private to jinja/. */
#ifndef PRATIQUE_FORMAT_JINJA_PARSE_H
#define PRATIQUE_FORMAT_JINJA_PARSE_H

#include "base/arena.h"
#include "format/jinja/lex.h"

/* Of a tree, whatever it is made of: Python itself gives up long before. */
#define JINJA_HEIGHT_MAX 250

enum node_kind {
    /* expressions */
    N_STRING, /* text: decoded */
    N_NUMBER, /* number */
    N_REAL,
    N_BOOL, /* number */
    N_NONE,
    N_NAME,    /* symbol */
    N_LIST,    /* list: items; a tuple too */
    N_DICT,    /* list: keys and values by turns */
    N_GETATTR, /* a.text */
    N_GETITEM, /* a[b] */
    N_SLICE,   /* a : b : c, each may be NULL */
    N_CALL,    /* a(list) */
    N_FILTER,  /* a|text(list); a is NULL in filter and set blocks */
    N_TEST,    /* a is text(list) */
    N_KEYWORD, /* text = a, among the arguments of a call */
    N_STAR,    /* *a */
    N_DSTAR,   /* **a */
    N_UNARY,   /* op a; op is '!' for not */
    N_BINARY,  /* a op b; and: '&', or: 'o' */
    N_COMPARE, /* a compared with list */
    N_COND,    /* a if b else c */
    /* statements; list: the body, other: the else branch */
    N_TEXT,         /* text */
    N_OUTPUT,       /* a */
    N_IF,           /* cases: N_CASE each */
    N_CASE,         /* a (NULL: else), list */
    N_FOR,          /* for b in a if c: list, other */
    N_SET,          /* b = a */
    N_SET_BLOCK,    /* b = list, through the filters a */
    N_MACRO,        /* symbol, params, list */
    N_PARAM,        /* symbol, a: its default */
    N_CALL_BLOCK,   /* a: the call, params, list */
    N_FILTER_BLOCK, /* a: filters, list */
    N_WITH,         /* params: N_SET each; list */
    N_BODY,         /* list: block, autoescape, generation, trans */
    N_TEMPLATE,     /* text: "include"; a: which; params: names that it gives, N_PARAM each */
    N_DO,           /* a */
    N_NOTHING,      /* break, continue */
};

struct binding;
struct atom;

/* A name of the template. */
struct symbol {
    struct span name;
    struct symbol *next;
    struct binding *binding; /* of the evaluation */
};

struct node {
    uint8_t kind;
    uint8_t told; /* facts that were told of it, a bit each */
    uint16_t height;
    unsigned op;
    size_t off;
    struct span text;
    int64_t number;
    struct symbol *symbol;
    struct atom *atom; /* of a constant, when it was evaluated once */
    struct node *a, *b, *c;
    struct node *list, *other, *params;
    struct node *next; /* in a list */
};

struct jinja_tree {
    struct node *list; /* statements, as far as it could be read */
    size_t nodes;
    /* Names that Jinja itself sets. */
    struct symbol *caller, *varargs, *kwargs, *loop;
    const char *why; /* it does not parse: the reason, and where */
    size_t why_off;
    bool too_large; /* a bound of ours, not an error of the template */
};

/* Reads a template into a tree in arena a. */
void jinja_parse(struct arena *a, struct span in, struct jinja_tree *out) NONNULL;

/* The text of a string between quotes: escapes as Python's unicode-escape. NULL p on no memory. */
struct span jinja_unescape(struct arena *a, struct span raw) NONNULL;

#endif
