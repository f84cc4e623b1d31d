/*
 * The syntax tree of a Python source. Nodes lie in one array and name each other by
 * index; 0 is no node. Lists are chained by next. What a, b and c of each kind are
 * stands beside the kind in ast.def.
 */
#ifndef PRATIQUE_FORMAT_PYTHON_AST_H
#define PRATIQUE_FORMAT_PYTHON_AST_H

#include "format/python/atoms.h"

enum py_kind {
#define NODE(kind) N_##kind,
#include "format/python/ast.def"
#undef NODE
    PY_KINDS
};

enum py_op {
    OP_NONE,
    /* N_BINARY, N_AUGASSIGN */
    OP_ADD,
    OP_SUB,
    OP_MUL,
    OP_MATMUL,
    OP_DIV,
    OP_FLOORDIV,
    OP_MOD,
    OP_POW,
    OP_LSHIFT,
    OP_RSHIFT,
    OP_AND,
    OP_OR,
    OP_XOR,
    /* N_UNARY */
    OP_NOT,
    OP_NEG,
    OP_POS,
    OP_INVERT,
    /* N_BOOL */
    OP_BOOL_AND,
    OP_BOOL_OR,
    /* N_COMPARE_ITEM */
    OP_EQ,
    OP_NE,
    OP_LT,
    OP_LE,
    OP_GT,
    OP_GE,
    OP_IN,
    OP_NOT_IN,
    OP_IS,
    OP_IS_NOT,
    /* N_ARG */
    OP_ARG_POSONLY,
    OP_ARG,
    OP_ARG_STAR,
    OP_ARG_KWONLY,
    OP_ARG_DSTAR,
};

enum py_node_flag {
    /* N_STR, N_FSTRING: the prefix */
    PYN_BYTES = 1 << 0,
    PYN_RAW = 1 << 1,
    PYN_UNICODE = 1 << 2,  /* u"" */
    PYN_TEMPLATE = 1 << 3, /* t"" */
    PYN_TRIPLE = 1 << 4,
    PYN_ESCAPES =
        1 << 5, /* N_STR, N_FTEXT: there is a backslash, or (N_FTEXT) a doubled brace in it */
    PYN_ASYNC = 1 << 6, /* N_FUNCDEF, N_FOR, N_WITH, N_COMP_FOR */
    PYN_STAR = 1 << 7,  /* N_TRY: except*; N_IMPORT_FROM: import * */
    PYN_PAREN = 1 << 8, /* an expression within parentheses of its own */
    PYN_ELIF = 1 << 9,  /* N_IF as the c of another */
};

/*
 * off, end: bytes of the text. For N_STR they take in prefix and quotes; for names
 * of other nodes' atoms there is no node.
 */
struct py_node {
    uint8_t kind;   /* enum py_kind */
    uint8_t op;     /* enum py_op */
    uint16_t flags; /* enum py_node_flag */
    uint32_t off, end;
    uint32_t atom;
    uint32_t a, b, c;
    uint32_t next;
};

/* A comment that may excuse a finding (it has "nosec" or "pratique:" in it). */
struct py_comment {
    uint32_t off, end;                 /* from '#' to the end of the line */
    uint32_t statement, statement_end; /* the logical line it stands in, or before; offsets */
};

struct py_tree {
    struct scan *s;
    struct span text;      /* UTF-8, borrowed */
    struct py_node *nodes; /* nodes[0] is zero */
    uint32_t n, size;
    uint32_t root; /* N_MODULE */
    struct py_atoms atoms;
    uint32_t *lines; /* offset of the start of each physical line, as CPython counts lines */
    uint32_t lines_n, lines_size;
    uint32_t counted_off, counted_chars; /* where py_position() ended last, and its column there */
    struct py_comment *comments;
    uint32_t comments_n, comments_size;
};

/* Line from 1; columns from 1, in bytes and in characters. */
struct py_position {
    uint32_t line, column_utf8, column;
};
struct py_position py_position(struct py_tree *t, uint32_t off) NONNULL;
/* The line alone. */
uint32_t py_line(const struct py_tree *t, uint32_t off) NONNULL;

static inline const struct py_node *py_node(const struct py_tree *t, uint32_t i)
{
    return &t->nodes[i];
}

/* The text from off to end of a node. */
static inline struct span py_node_text(const struct py_tree *t, const struct py_node *n)
{
    struct span s;

    return span_sub(t->text, n->off, n->end - n->off, &s) ? s : SPAN_EMPTY;
}

#endif
