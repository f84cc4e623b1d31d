/* The tokens of a Jinja template. Private to jinja/. */
#ifndef PRATIQUE_FORMAT_JINJA_LEX_H
#define PRATIQUE_FORMAT_JINJA_LEX_H

#include "base/compiler.h"
#include "input/span.h"

#define LEX_BRACKETS_MAX 128

enum token_kind {
    T_END = 0,
    T_TEXT, /* outside of tags, and what stands between raw and endraw */
    T_OUTPUT_BEGIN,
    T_OUTPUT_END,
    T_BLOCK_BEGIN,
    T_BLOCK_END,
    T_NAME,
    T_STRING, /* text: between the quotes, escapes as they stand */
    T_INTEGER,
    T_FLOAT,
    T_OPERATOR,
    T_BAD, /* see lexer.why */
};

/* Operators by their characters: OP2('*', '*') is "**". */
#define OP1(a)    ((unsigned)(a))
#define OP2(a, b) ((unsigned)(a) | (unsigned)(b) << 8)

struct token {
    enum token_kind kind;
    unsigned op;
    size_t off; /* in the template */
    struct span text;
};

struct lexer {
    struct span in;
    size_t pos;
    enum token_kind inside; /* T_OUTPUT_BEGIN, T_BLOCK_BEGIN, or T_TEXT */
    unsigned open;          /* brackets */
    char close[LEX_BRACKETS_MAX];
    const char *why; /* of T_BAD */
};

void jinja_lex_init(struct lexer *l, struct span in) NONNULL;

/* The next token; T_END and T_BAD come again and again. */
struct token jinja_lex_next(struct lexer *l) NONNULL;

#endif
