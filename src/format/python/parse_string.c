/*
 * Strings that stand side by side, and what is inside f-strings and t-strings (PEP 701,
 * PEP 750; what older versions accept is accepted as well). The literal parts are read
 * here, byte by byte; for the expressions between braces the lexer goes on where they start.
 */
#include "format/python/parser.h"

#include "format/python/unicode.h"

/* One f-string, and where in it we are. */
struct fstring {
    uint32_t off; /* where the literal starts */
    uint8_t quote;
    uint16_t flags;
    unsigned formats; /* formats within each other: expressions nest to two of them */
};
#define FORMATS_MAX 2

static uint32_t parts(struct parser *p, struct fstring *f);

static const char *what(const struct fstring *f)
{
    return f->flags & PYN_TEMPLATE ? "t-string" : "f-string";
}

/* ---- literal parts ---- */

static void add_text(struct parser *p, const struct fstring *f, struct list *list, uint32_t off,
                     uint32_t end, bool escapes)
{
    uint32_t i;

    if (off == end)
        return;
    if (escapes && !lex_escapes(&p->l, off, end, f->flags, f->off))
        return;
    i = add(p, (struct py_node){ .kind = N_FTEXT, .off = off, .end = end });
    at(p, i)->flags = (uint16_t)((f->flags & PYN_RAW) | (escapes ? PYN_ESCAPES : 0));
    append(p, list, i);
}

static bool closes(const struct lexer *l, const struct fstring *f, uint32_t off)
{
    if (lex_byte(l, off) != f->quote)
        return false;
    return !(f->flags & PYN_TRIPLE) ||
           (lex_byte(l, off + 1) == f->quote && lex_byte(l, off + 2) == f->quote);
}

/* A backslash at off: behind it and what it escapes. */
static uint32_t skip_escape(struct lexer *l, const struct fstring *f, uint32_t off)
{
    uint8_t c = lex_byte(l, off + 1);
    const uint8_t *close;

    if (c == '\n' || c == '\r')
        return lex_newline(l, off + 1);
    if (c == '{' || c == '}')
        return off + 1; /* the brace counts */
    if (c != 'N' || f->flags & PYN_RAW || lex_byte(l, off + 2) != '{')
        return off + 2;
    close = memchr(l->text + off, '}', l->n - off < 256 ? l->n - off : 256);
    return close ? (uint32_t)(close - l->text) + 1 : off + 2;
}

static void unterminated(struct parser *p, const struct fstring *f)
{
    parse_fail(p, f->off, "unterminated %s%s literal (detected at line %u)",
               f->flags & PYN_TRIPLE ? "triple-quoted " : "", what(f), lex_lines(&p->l));
}

enum ending { END_QUOTE, END_BRACE, END_FORMAT };

/*
 * Literal text from l->at on, added to list: up to the closing quote, an opening brace, or
 * (END_FORMAT) what ends a format: a closing brace, or a newline. l->at is at it then.
 */
static enum ending text(struct parser *p, const struct fstring *f, struct list *list)
{
    struct lexer *l = &p->l;
    uint32_t off = l->at, i = off;
    bool escapes = false, done = false;
    enum ending ending = END_QUOTE;

    while (!done && l->status == PRATIQUE_OK) {
        uint8_t c;

        i = lex_find(l, i, f->quote, true);
        c = lex_byte(l, i);
        if (i >= l->n) {
            unterminated(p, f);
        } else if (c == f->quote) {
            done = closes(l, f, i);
            i += !done;
        } else if (c == '\\') {
            escapes = true;
            i = skip_escape(l, f, i);
        } else if (c == '{' || c == '}') {
            if (!f->formats && lex_byte(l, i + 1) == c) {
                escapes = true;
                i += 2;
            } else if (c == '{' || f->formats) {
                ending = c == '{' ? END_BRACE : END_FORMAT;
                done = true;
            } else {
                parse_fail(p, i, "%s: single '}' is not allowed", what(f));
            }
        } else if (c == 0) {
            parse_fail(p, i, "source code cannot contain null bytes");
        } else if (f->flags & PYN_TRIPLE) {
            i = lex_newline(l, i);
        } else if (f->formats) {
            ending = END_FORMAT; /* 3.12 and 3.13: the newline ends the format */
            done = true;
        } else {
            unterminated(p, f);
        }
    }
    if (l->status != PRATIQUE_OK)
        return END_QUOTE;
    l->at = i;
    add_text(p, f, list, off, i, escapes);
    return ending;
}

/* ---- expressions ---- */

/* !r: the letter, or 0. */
static uint8_t conversion(struct parser *p, const struct fstring *f)
{
    uint32_t off = p->l.tok.end;
    uint8_t c;

    next(p);
    c = lex_byte(&p->l, p->l.tok.off);
    if (kind(p) == T_ERROR)
        return 0;
    if (p->l.tok.off != off)
        parse_fail(p, off, "%s: conversion type must come right after the exclamation mark",
                   what(f));
    else if (kind(p) != T_NAME || p->l.tok.end - off != 1 || (c != 's' && c != 'r' && c != 'a'))
        parse_fail(p, off, "%s: invalid conversion character: expected 's', 'r', or 'a'", what(f));
    next(p);
    return c;
}

/* The format behind the colon in hand. */
static uint32_t format(struct parser *p, struct fstring *f)
{
    uint32_t list;

    if (f->formats == FORMATS_MAX) {
        parse_fail(p, p->l.tok.off, "%s: expressions nested too deeply", what(f));
        return 0;
    }
    f->formats++;
    list = parts(p, f);
    f->formats--;
    next(p);
    return list;
}

static void valid_expression(struct parser *p, const struct fstring *f)
{
    unsigned k = kind(p);

    if (k == T_RBRACE || k == T_COLON || k == T_EXCLAMATION || k == T_EQUAL)
        parse_fail(p, p->l.tok.off, "%s: valid expression required before '%c'", what(f),
                   p->l.text[p->l.tok.off]);
}

/* {x = !r:format}, the brace being at l->at; up to the closing brace, which is in hand then. */
static uint32_t value(struct parser *p, struct fstring *f)
{
    struct lexer *l = &p->l;
    uint32_t off = l->at, level = l->fs_level, e, list = 0, i;
    unsigned flags = 0;
    uint8_t op = 0;

    lex_open(l, off, '{');
    if (l->status != PRATIQUE_OK)
        return 0;
    l->fs_level = l->level;
    l->tok = (struct token){ .kind = T_LBRACE, .off = off, .end = off + 1 };
    l->at = off + 1;
    next(p);
    valid_expression(p, f);
    e = parse_yield_or_expressions(p);
    if (accept(p, T_EQUAL))
        flags = PYN_STAR;
    if (kind(p) == T_EXCLAMATION)
        op = conversion(p, f);
    if (kind(p) == T_COLON)
        list = format(p, f);
    if (kind(p) != T_RBRACE)
        parse_fail(p, l->tok.off, "%s: expecting '}'", what(f));
    l->fs_level = level;
    i = add(p, (struct py_node){ .kind = N_FVALUE, .op = op, .off = off, .a = e, .b = list });
    at(p, i)->end = l->tok.end;
    at(p, i)->flags = (uint16_t)flags;
    return i;
}

/* Texts and values from l->at on, up to the closing quote, or the end of a format. */
static uint32_t parts(struct parser *p, struct fstring *f)
{
    struct list list = { 0, 0 };

    for (;;) {
        enum ending e = text(p, f, &list);

        if (p->l.status != PRATIQUE_OK || e != END_BRACE)
            break;
        append(p, &list, value(p, f));
        if (p->l.status != PRATIQUE_OK)
            break;
    }
    if (f->formats && p->l.status == PRATIQUE_OK && lex_byte(&p->l, p->l.at) == f->quote)
        parse_fail(p, p->l.at, "%s: expecting '}'", what(f));
    return list.first;
}

/* An f-string or t-string whose opening quotes are in hand. */
static uint32_t fstring(struct parser *p)
{
    struct lexer *l = &p->l;
    struct fstring f = { .off = l->tok.off, .flags = l->tok.flags };
    uint32_t list, i;

    f.quote = l->text[l->tok.end - 1];
    if (p->fstrings++ >= FSTRINGS_MAX)
        parse_fail(p, f.off, "too many nested f-strings");
    list = parts(p, &f);
    p->fstrings--;
    if (l->status == PRATIQUE_OK) {
        l->at += f.flags & PYN_TRIPLE ? 3 : 1;
        l->tok = (struct token){ .kind = T_STRING, .off = f.off, .end = l->at };
        next(p);
    }
    i = add_node(p, N_FSTRING, f.off, list, 0, 0);
    at(p, i)->flags = f.flags;
    return i;
}

static uint32_t literal(struct parser *p)
{
    const struct token *tok = &p->l.tok;
    uint32_t i;

    if (tok->kind == T_FSTRING)
        return fstring(p);
    i = add(p, (struct py_node){
                   .kind = N_STR, .flags = tok->flags, .off = tok->off, .end = tok->end });
    next(p);
    return i;
}

static unsigned sort_of(const struct py_node *n)
{
    return n->flags & (PYN_BYTES | PYN_TEMPLATE);
}

static void mixed(struct parser *p, uint32_t off, unsigned a, unsigned b)
{
    if ((a | b) & PYN_BYTES)
        parse_fail(p, off, "cannot mix bytes and nonbytes literals");
    else
        parse_fail(p, off, "cannot mix t-string literals with string or bytes literals");
}

uint32_t parse_strings(struct parser *p)
{
    uint32_t off = p->l.tok.off, i = literal(p);
    struct list list = { 0, 0 };
    unsigned sort;

    if (LIKELY(kind(p) != T_STRING && kind(p) != T_FSTRING))
        return i;
    sort = sort_of(at(p, i));
    append(p, &list, i);
    while (kind(p) == T_STRING || kind(p) == T_FSTRING) {
        i = literal(p);
        if (sort_of(at(p, i)) != sort)
            mixed(p, off, sort, sort_of(at(p, i)));
        append(p, &list, i);
    }
    return add_node(p, N_STRINGS, off, list.first, 0, 0);
}
