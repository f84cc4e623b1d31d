/*
 * The lexer: tokens of a Python source, one at a time, as the parser asks for them. What a
 * token is, and how lines, indentation and brackets count, is as in CPython's
 * Parser/tokenizer.c (3.8 to 3.14). The literal parts of f-strings are read by the parser
 * (parse_fstring.c), which then moves the cursor itself.
 */
#ifndef PRATIQUE_FORMAT_PYTHON_LEX_H
#define PRATIQUE_FORMAT_PYTHON_LEX_H

#include "format/python/parse.h"

enum token_kind {
    T_ERROR, /* there is a fault; nothing follows */
    /* Keywords have the numbers of their atoms. */
    T_KEYWORD_FIRST,
    T_KEYWORD_LAST = W_KW_YIELD,
    T_EOF,
    T_NEWLINE,
    T_INDENT,
    T_DEDENT,
    T_NAME,
    T_INT,
    T_FLOAT,
    T_IMAGINARY,
    T_STRING,
    T_FSTRING, /* prefix and opening quotes of an f-string or t-string */
    T_LPAREN,
    T_RPAREN,
    T_LBRACKET,
    T_RBRACKET,
    T_LBRACE,
    T_RBRACE,
    T_COMMA,
    T_COLON,
    T_COLON_EQUAL,
    T_SEMICOLON,
    T_DOT,
    T_ELLIPSIS,
    T_EQUAL,
    T_ARROW,
    T_EXCLAMATION,
    T_PLUS,
    T_MINUS,
    T_STAR,
    T_SLASH,
    T_DOUBLE_SLASH,
    T_PERCENT,
    T_AT,
    T_DOUBLE_STAR,
    T_TILDE,
    T_VBAR,
    T_AMPERSAND,
    T_CARET,
    T_LSHIFT,
    T_RSHIFT,
    T_EQ,
    T_NE,
    T_LTGT, /* <> */
    T_LT,
    T_LE,
    T_GT,
    T_GE,
    /* Augmented assignments, in the order of the operators in enum py_op. */
    T_AUG_ADD,
    T_AUG_SUB,
    T_AUG_MUL,
    T_AUG_MATMUL,
    T_AUG_DIV,
    T_AUG_FLOORDIV,
    T_AUG_MOD,
    T_AUG_POW,
    T_AUG_LSHIFT,
    T_AUG_RSHIFT,
    T_AUG_AND,
    T_AUG_OR,
    T_AUG_XOR,
    TOKEN_KINDS
};

struct token {
    uint8_t kind;
    uint16_t flags; /* T_STRING, T_FSTRING: enum py_node_flag of the prefix */
    uint32_t off, end;
    uint32_t atom; /* T_NAME and keywords */
};

/* CPython's bounds. */
#define BRACKETS_MAX 200
#define INDENTS_MAX  100

struct lexer {
    const uint8_t *text;
    uint32_t n, at; /* the next byte */
    struct token tok;
    uint32_t prev_end;      /* of the token before */
    uint32_t fs_level;      /* brackets that are open where an f-string's expression ends, or 0 */
    uint32_t level;         /* open brackets */
    bool bol;               /* the next token is the first of its line */
    bool block;             /* the line before ended with a colon */
    int32_t pending;        /* INDENT (1) or so many DEDENTs (negative) to come */
    uint32_t line_start;    /* the first token of the logical line */
    uint32_t comments_open; /* the first comment of this logical line */
    uint32_t indents;       /* in use, the first being 0 */
    uint32_t indent_at;     /* where the indentation of pending ends */
    struct py_tree *t;
    struct py_fault *fault;
    enum pratique_status status;
    struct indent {
        uint32_t col, alt; /* with tabs to 8 and to 1 */
    } indent[INDENTS_MAX];
    uint8_t bracket[BRACKETS_MAX];
    uint32_t bracket_at[BRACKETS_MAX];
};

/* Starts at the beginning of t->text, without a token. */
void lex_start(struct lexer *l, struct py_tree *t, struct py_fault *fault) NONNULL;

/* Goes on to the next token. Past a fault there is T_ERROR for ever. */
void lex_next(struct lexer *l) NONNULL;

/* The first fault counts. From then on, every token is T_ERROR. */
void lex_fail(struct lexer *l, uint32_t off, const char *fmt, ...) NONNULL PRINTF_LIKE(3, 4);
/* The same without memory, or with the budget spent: scan_fail() was called, or is now. */
void lex_stop(struct lexer *l, enum pratique_status status) NONNULL;

/* Opens a bracket at off; the parser does so for f-strings. */
void lex_open(struct lexer *l, uint32_t off, uint8_t bracket) NONNULL;

/* Notes that a line starts at off. */
void lex_line(struct lexer *l, uint32_t off) NONNULL;

/* Lines so far, the one after the text's last newline not counted. */
uint32_t lex_lines(const struct lexer *l) NONNULL;

/* Reads the newline at off (LF, CR, CRLF) and notes the line; the offset behind it. */
uint32_t lex_newline(struct lexer *l, uint32_t off) NONNULL;

/* The first of q, '\\', '\n', '\r', '{' and '}' (the last two with braces) from at on, or n. */
uint32_t lex_find(const struct lexer *l, uint32_t at, uint8_t q, bool braces) NONNULL;

/* lex_string.c: the cursor is at the opening quote; off is where the prefix starts. */
void lex_string(struct lexer *l, uint32_t off) NONNULL;
/* Checks the escapes of a literal's text; at is where the literal starts. False: it failed. */
bool lex_escapes(struct lexer *l, uint32_t off, uint32_t end, unsigned flags, uint32_t at) NONNULL;
/* The prefix of a string is such letters: true and their flags. */
bool lex_prefix(struct span prefix, uint16_t *flags, bool *fstring) NONNULL;

/* lex_number.c: a number at off. */
void lex_number(struct lexer *l, uint32_t off) NONNULL;

/* Character classes. */
enum { CH_ID = 1, CH_START = 2, CH_DIGIT = 4, CH_HIGH = 8 };
extern const uint8_t lex_class[256];

/* A byte of the text, 0 past its end. */
static inline uint8_t lex_byte(const struct lexer *l, uint32_t at)
{
    return at < l->n ? l->text[at] : 0;
}

#endif
