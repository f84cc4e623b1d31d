/* See lex.h: lines, names and operators. */
#include "format/python/lex.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/utf8.h"
#include "format/python/unicode.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

const uint8_t lex_class[256] = {
    ['0' ... '9'] = CH_ID | CH_DIGIT, ['A' ... 'Z'] = CH_ID | CH_START, ['_'] = CH_ID | CH_START,
    ['a' ... 'z'] = CH_ID | CH_START, [0x80 ... 0xff] = CH_HIGH,
};

void lex_start(struct lexer *l, struct py_tree *t, struct py_fault *fault)
{
    *l = (struct lexer){ .text = t->text.p, .n = (uint32_t)t->text.n, .t = t, .fault = fault };
    l->bol = true;
    l->indents = 1;
    lex_line(l, 0);
}

static void halt(struct lexer *l, enum pratique_status status)
{
    l->status = status;
    l->n = l->at = 0; /* no byte is looked at any more */
    l->bol = false;
    l->pending = 0;
    l->tok.kind = T_ERROR;
}

void lex_fail(struct lexer *l, uint32_t off, const char *fmt, ...)
{
    va_list ap;

    if (l->status != PRATIQUE_OK)
        return;
    va_start(ap, fmt);
    (void)vsnprintf(l->fault->reason, sizeof l->fault->reason, fmt, ap);
    va_end(ap);
    l->fault->offset = off;
    halt(l, PRATIQUE_E_FORMAT);
}

void lex_stop(struct lexer *l, enum pratique_status status)
{
    if (l->status == PRATIQUE_OK || l->status == PRATIQUE_E_FORMAT) {
        (void)(status == PRATIQUE_E_LIMIT
                   ? scan_fail_budget(l->t->s, l->at)
                   : scan_fail(l->t->s, status, l->at, "no memory for the syntax tree"));
        halt(l, status);
    }
}

/* Grows one of the tree's arrays to at least half as much again. */
static void *more(struct lexer *l, void *p, uint32_t *size, size_t each, uint32_t least)
{
    uint32_t to = *size + *size / 2 < least ? least : *size + *size / 2;
    struct scan *s = l->t->s;
    void *q = p ? scan_remap(s, p, *size * each, to * each) : scan_map(s, to * each);

    if (!q)
        lex_stop(l, s->budget->spent ? PRATIQUE_E_LIMIT : PRATIQUE_E_NOMEM);
    else
        *size = to;
    return q;
}

static void line_slow(struct lexer *l)
{
    struct py_tree *t = l->t;
    void *q = more(l, t->lines, &t->lines_size, sizeof *t->lines, l->n / 32 + 16);

    if (q)
        t->lines = q;
}

void lex_line(struct lexer *l, uint32_t off)
{
    struct py_tree *t = l->t;

    if (UNLIKELY(t->lines_n == t->lines_size)) {
        line_slow(l);
        if (t->lines_n == t->lines_size)
            return;
    }
    t->lines[t->lines_n++] = off;
}

uint32_t lex_lines(const struct lexer *l)
{
    const struct py_tree *t = l->t;

    return t->lines_n - (t->lines_n > 1 && t->lines[t->lines_n - 1] == t->text.n);
}

uint32_t lex_newline(struct lexer *l, uint32_t off)
{
    off += l->text[off] == '\r' && lex_byte(l, off + 1) == '\n' ? 2 : 1;
    lex_line(l, off);
    return off;
}

void lex_open(struct lexer *l, uint32_t off, uint8_t bracket)
{
    if (l->level == BRACKETS_MAX) {
        lex_fail(l, off, "too many nested parentheses");
        return;
    }
    l->bracket[l->level] = bracket;
    l->bracket_at[l->level++] = off;
}

static void mismatch(struct lexer *l, uint32_t off, uint8_t c)
{
    uint32_t from = l->bracket_at[l->level - 1];
    uint32_t line = py_line(l->t, from);
    char on[32] = "";

    if (line != l->t->lines_n)
        (void)snprintf(on, sizeof on, " on line %u", line);
    lex_fail(l, off, "closing parenthesis '%c' does not match opening parenthesis '%c'%s", c,
             l->bracket[l->level - 1], on);
}

static void close_bracket(struct lexer *l, uint32_t off, uint8_t c)
{
    uint8_t open;

    if (!l->level) {
        lex_fail(l, off, "unmatched '%c'", c);
        return;
    }
    open = l->bracket[l->level - 1];
    if (open + (open == '(' ? 1 : 2) != c) {
        if (l->fs_level == l->level && open == '{')
            lex_fail(l, off, "f-string: unmatched '%c'", c);
        else
            mismatch(l, off, c);
        return;
    }
    l->level--;
}

/* ---- comments ---- */

/* The end of the line that at stands in. */
static uint32_t find_eol(const struct lexer *l, uint32_t at)
{
#ifdef __SSE2__
    const __m128i lf = _mm_set1_epi8('\n'), cr = _mm_set1_epi8('\r'), nul = _mm_setzero_si128();

    for (; at + 16 <= l->n; at += 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(l->text + at));
        __m128i hit = _mm_or_si128(_mm_cmpeq_epi8(v, nul),
                                   _mm_or_si128(_mm_cmpeq_epi8(v, lf), _mm_cmpeq_epi8(v, cr)));
        int mask = _mm_movemask_epi8(hit);

        if (mask)
            return at + (uint32_t)__builtin_ctz((unsigned)mask);
    }
#endif
    while (at < l->n && l->text[at] != '\n' && l->text[at] != '\r' && l->text[at])
        at++;
    return at;
}

static bool same_letters(const uint8_t *p, const char *word, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if ((p[i] | 0x20) != (word[i] | 0x20))
            return false;
    return true;
}

static bool excuses_at(const uint8_t *p, uint32_t n)
{
    return (n >= 5 && same_letters(p, "nosec", 5)) || (n >= 9 && memcmp(p, "pratique:", 9) == 0);
}

/* Whether a comment may excuse something: "nosec" or "pratique:" is in it. */
static bool excuses(const uint8_t *p, uint32_t n)
{
    uint32_t i = 0;

#ifdef __SSE2__
    /* "no" in any case or "pr" at sixteen places at once; a word of ASCII folds by a bit */
    const __m128i fold = _mm_set1_epi8(0x20);

    for (; i + 18 <= n; i += 16) {
        __m128i a = _mm_or_si128(_mm_loadu_si128((const __m128i *)(const void *)(p + i)), fold);
        __m128i b = _mm_or_si128(_mm_loadu_si128((const __m128i *)(const void *)(p + i + 1)), fold);
        __m128i no = _mm_and_si128(_mm_cmpeq_epi8(a, _mm_set1_epi8('n')),
                                   _mm_cmpeq_epi8(b, _mm_set1_epi8('o')));
        __m128i pr = _mm_and_si128(_mm_cmpeq_epi8(a, _mm_set1_epi8('p')),
                                   _mm_cmpeq_epi8(b, _mm_set1_epi8('r')));
        unsigned mask = (unsigned)_mm_movemask_epi8(_mm_or_si128(no, pr));

        for (; mask; mask &= mask - 1)
            if (excuses_at(p + i + __builtin_ctz(mask), n - i - (uint32_t)__builtin_ctz(mask)))
                return true;
    }
#endif
    for (; i + 5 <= n; i++)
        if (((p[i] | 0x20) == 'n' || p[i] == 'p') && excuses_at(p + i, n - i))
            return true;
    return false;
}

static void note_comment(struct lexer *l, uint32_t off, uint32_t end)
{
    struct py_tree *t = l->t;

    if (t->comments_n == t->comments_size) {
        void *q = more(l, t->comments, &t->comments_size, sizeof *t->comments, 16);

        if (!q)
            return;
        t->comments = q;
    }
    t->comments[t->comments_n++] = (struct py_comment){
        off,
        end,
        l->bol ? off : l->line_start,
        end,
    };
    if (l->bol)
        l->comments_open = t->comments_n;
}

/* A comment at off; the offset of the end of its line. */
static uint32_t comment(struct lexer *l, uint32_t off)
{
    uint32_t end = find_eol(l, off);

    if (end < l->n && !l->text[end]) {
        lex_fail(l, end, "source code cannot contain null bytes");
        return 0;
    }
    if (excuses(l->text + off, end - off))
        note_comment(l, off, end);
    return end;
}

/* The logical line ends: its comments belong to all of it. */
static void close_line(struct lexer *l, uint32_t end)
{
    struct py_tree *t = l->t;

    for (; l->comments_open < t->comments_n; l->comments_open++)
        t->comments[l->comments_open].statement_end = end;
}

/* ---- the start of a line ---- */

/* A backslash at off: behind the newline that it hides, or 0 (and a fault). */
static uint32_t continuation(struct lexer *l, uint32_t off)
{
    uint8_t c = lex_byte(l, off + 1);

    if (off + 1 >= l->n)
        lex_fail(l, off, "unexpected EOF while parsing");
    else if (c != '\n' && c != '\r')
        lex_fail(l, off + 1, "unexpected character after line continuation character");
    else if ((off = lex_newline(l, off + 1)) >= l->n)
        lex_fail(l, off, "unexpected EOF while parsing");
    else
        return off;
    return 0;
}

/* The first byte from at on that is no space. */
static uint32_t skip_spaces(const struct lexer *l, uint32_t at)
{
    while (at + 8 <= l->n && py_hash_word(l->text + at) == 0x2020202020202020u)
        at += 8;
    while (at < l->n && l->text[at] == ' ')
        at++;
    return at;
}

/* Measures white space from at on; at is behind it then. */
static uint32_t measure(const struct lexer *l, uint32_t at, struct indent *in)
{
    uint32_t first = at;

    at = skip_spaces(l, at);
    in->col += at - first;
    in->alt += at - first;
    for (;; at++) {
        uint8_t c = lex_byte(l, at);

        if (c == ' ')
            in->col++, in->alt++;
        else if (c == '\t')
            in->col = (in->col / 8 + 1) * 8, in->alt++;
        else if (c == '\f')
            in->col = in->alt = 0;
        else
            return at;
    }
}

static bool fits(const struct lexer *l, uint32_t col)
{
    for (uint32_t i = 0; i < l->indents; i++)
        if (l->indent[i].col == col)
            return true;
    return l->block && col > l->indent[l->indents - 1].col;
}

/*
 * White space, backslash, newline, more white space: since 3.10 the first white space
 * counts if there is any, else the last; in 3.8 it was the first alone, and 3.9 went on
 * with the indentation of the line before. What fits is taken, in this order.
 */
static uint32_t measure_split(struct lexer *l, uint32_t at, struct indent *in)
{
    struct indent rest = *in;

    while (lex_byte(l, at) == '\\') {
        at = continuation(l, at);
        if (!at)
            return 0;
        at = measure(l, at, &rest);
    }
    if (in->col == 0 && fits(l, rest.col))
        *in = rest;
    else if (!fits(l, in->col))
        *in = l->indent[l->indents - 1];
    return at;
}

static void indent(struct lexer *l, struct indent in, uint32_t at)
{
    const struct indent *top = &l->indent[l->indents - 1];

    if (in.alt <= top->alt)
        lex_fail(l, at, "inconsistent use of tabs and spaces in indentation");
    else if (l->indents == INDENTS_MAX)
        lex_fail(l, at, "too many levels of indentation");
    else
        l->indent[l->indents++] = in, l->pending = 1;
}

static void dedent(struct lexer *l, struct indent in, uint32_t at)
{
    while (l->indents > 1 && in.col < l->indent[l->indents - 1].col)
        l->indents--, l->pending--;
    if (in.col != l->indent[l->indents - 1].col)
        lex_fail(l, at, "unindent does not match any outer indentation level");
    else if (in.alt != l->indent[l->indents - 1].alt)
        lex_fail(l, at, "inconsistent use of tabs and spaces in indentation");
}

static void compare_indent(struct lexer *l, struct indent in, uint32_t at)
{
    const struct indent *top = &l->indent[l->indents - 1];

    l->indent_at = at;
    if (in.col == top->col) {
        if (UNLIKELY(in.alt != top->alt))
            lex_fail(l, at, "inconsistent use of tabs and spaces in indentation");
    } else if (in.col > top->col) {
        indent(l, in, at);
    } else {
        dedent(l, in, at);
    }
}

/* Skips blank lines and comments; compares the next line's indentation. */
static void line_start(struct lexer *l)
{
    uint32_t at = l->at;
    struct indent in;

    for (;;) {
        uint8_t c;

        in = (struct indent){ 0, 0 };
        at = measure(l, at, &in);
        c = lex_byte(l, at);
        if (UNLIKELY(c == '\\')) {
            at = measure_split(l, at, &in);
            c = lex_byte(l, at);
        }
        if (c == '#') {
            at = comment(l, at);
            c = lex_byte(l, at);
        }
        if (c != '\n' && c != '\r')
            break;
        at = lex_newline(l, at);
    }
    if (l->status != PRATIQUE_OK)
        return;
    if (at >= l->n)
        in = (struct indent){ 0, 0 };
    l->at = at;
    l->bol = false;
    l->line_start = at;
    l->comments_open = l->t->comments_n;
    compare_indent(l, in, at);
    l->block = false;
}

/* ---- tokens ---- */

static void token(struct lexer *l, unsigned kind, uint32_t off, uint32_t end)
{
    l->tok = (struct token){ .kind = (uint8_t)kind, .off = off, .end = end };
    l->at = end;
}

/* INDENT or DEDENT. */
static void pending(struct lexer *l)
{
    if (l->pending > 0) {
        l->pending = 0;
        token(l, T_INDENT, l->indent_at, l->indent_at);
    } else {
        l->pending++;
        token(l, T_DEDENT, l->indent_at, l->indent_at);
    }
}

static void bad_character(struct lexer *l, uint32_t off)
{
    uint32_t c = 0;
    size_t n = utf8_decode(span_from(l->t->text, off), &c);

    if (n == 0)
        lex_fail(l, off, "(unicode error) 'utf-8' codec can't decode byte 0x%02x", l->text[off]);
    else if (!utf8_is_printable(c))
        lex_fail(l, off, "invalid non-printable character U+%04X", c);
    else
        lex_fail(l, off, "invalid character '%.*s' (U+%04X)", (int)n, l->text + off, c);
}

/* The atom of a name that is not ASCII: of its NFKC form. */
static uint32_t normal_atom(struct lexer *l, struct span name)
{
    struct budget *budget = l->t->s->budget;
    size_t most = name.n * 4 + 64; /* NFKC makes three bytes of one of a name at the most */
    struct buf out;
    uint32_t atom = 0;

    if (!budget_memory(budget, most))
        return 0;
    buf_init(&out, most);
    if (py_nfkc(&out, name)) {
        struct span s = span_of(out.p, out.n);

        atom = py_atom(&l->t->atoms, s, py_hash(s), true);
    }
    buf_free(&out);
    budget_memory_return(budget, most);
    return atom;
}

static void no_atom(struct lexer *l)
{
    lex_stop(l, l->t->s->budget->spent ? PRATIQUE_E_LIMIT : PRATIQUE_E_NOMEM);
}

/* A name with characters past ASCII in it. It is never a keyword. */
static void wide_name(struct lexer *l, uint32_t off)
{
    uint32_t at = off, atom;
    struct span name;

    while (at < l->n && (lex_class[l->text[at]] & (CH_ID | CH_HIGH))) {
        uint32_t c;
        size_t n = utf8_decode(span_from(l->t->text, at), &c);

        if (n == 0 || (c >= 0x80 && !(at == off ? py_is_id_start(c) : py_is_id_continue(c)))) {
            bad_character(l, at);
            return;
        }
        at += (uint32_t)n;
    }
    name = span_of(l->text + off, at - off);
    atom = normal_atom(l, name);
    if (!atom) {
        no_atom(l);
        return;
    }
    token(l, T_NAME, off, at);
    l->tok.atom = atom;
}

static bool is_prefix(struct span s)
{
    uint16_t flags;
    bool fstring;

    return lex_prefix(s, &flags, &fstring);
}

static void name(struct lexer *l, uint32_t off)
{
    const uint8_t *p = l->text + off + 1, *end = l->text + l->n;
    struct span s;
    uint32_t atom;

    while (p < end && (lex_class[*p] & CH_ID))
        p++;
    s = (struct span){ l->text + off, (size_t)(p - (l->text + off)) };
    l->at = off + (uint32_t)s.n;
    if (UNLIKELY(p < end && *p >= 0x80)) {
        wide_name(l, off);
        return;
    }
    if (UNLIKELY(p < end && (*p == '"' || *p == '\'') && s.n <= 2) && is_prefix(s)) {
        lex_string(l, off);
        return;
    }
    atom = py_atom(&l->t->atoms, s, py_hash(s), false);
    if (UNLIKELY(!atom)) {
        no_atom(l);
        return;
    }
    l->tok.kind = (uint8_t)(atom <= T_KEYWORD_LAST ? atom : T_NAME);
    l->tok.off = off;
    l->tok.end = l->at;
    l->tok.atom = atom;
}

static void end_of_file(struct lexer *l)
{
    if (l->level && l->bracket_at[l->level - 1] < l->n) {
        lex_fail(l, l->bracket_at[l->level - 1], "'%c' was never closed", l->bracket[l->level - 1]);
        return;
    }
    if (l->tok.kind != T_NEWLINE && l->tok.kind != T_DEDENT && l->tok.kind != T_EOF &&
        l->prev_end) { /* the last line lacks its newline */
        close_line(l, l->n);
        token(l, T_NEWLINE, l->n, l->n);
        l->bol = true;
        return;
    }
    token(l, T_EOF, l->n, l->n);
}

static void newline(struct lexer *l, uint32_t off)
{
    uint32_t end = lex_newline(l, off);

    close_line(l, off);
    l->block = l->tok.kind == T_COLON;
    token(l, T_NEWLINE, off, off + 1);
    l->at = end;
    l->bol = true;
}

/* Operators whose second or third character counts. */
static void star_or_slash(struct lexer *l, uint32_t off, uint8_t c)
{
    bool twice = lex_byte(l, off + 1) == c;
    bool equal = lex_byte(l, off + (twice ? 2 : 1)) == '=';
    uint32_t n = (twice ? 2u : 1u) + equal;

    if (c == '*')
        token(l, twice ? (equal ? T_AUG_POW : T_DOUBLE_STAR) : (equal ? T_AUG_MUL : T_STAR), off,
              off + n);
    else
        token(l, twice ? (equal ? T_AUG_FLOORDIV : T_DOUBLE_SLASH) : (equal ? T_AUG_DIV : T_SLASH),
              off, off + n);
}

static void less_or_greater(struct lexer *l, uint32_t off, uint8_t c)
{
    uint8_t d = lex_byte(l, off + 1);

    if (d == c && lex_byte(l, off + 2) == '=')
        token(l, c == '<' ? T_AUG_LSHIFT : T_AUG_RSHIFT, off, off + 3);
    else if (d == c)
        token(l, c == '<' ? T_LSHIFT : T_RSHIFT, off, off + 2);
    else if (d == '=')
        token(l, c == '<' ? T_LE : T_GE, off, off + 2);
    else if (c == '<' && d == '>')
        token(l, T_LTGT, off, off + 2);
    else
        token(l, c == '<' ? T_LT : T_GT, off, off + 1);
}

/* One character, or with '=' behind it another token. */
static void maybe_equal(struct lexer *l, uint32_t off, unsigned alone, unsigned with)
{
    bool equal = lex_byte(l, off + 1) == '=';

    token(l, equal ? with : alone, off, off + 1 + equal);
}

static void opening(struct lexer *l, uint32_t off, unsigned kind)
{
    lex_open(l, off, l->text[off]);
    if (LIKELY(l->status == PRATIQUE_OK))
        token(l, kind, off, off + 1);
}

static void closing(struct lexer *l, uint32_t off, unsigned kind)
{
    close_bracket(l, off, l->text[off]);
    if (LIKELY(l->status == PRATIQUE_OK))
        token(l, kind, off, off + 1);
}

static void colon(struct lexer *l, uint32_t off)
{
    if (UNLIKELY(l->fs_level && l->fs_level == l->level)) /* a format follows */
        token(l, T_COLON, off, off + 1);
    else
        maybe_equal(l, off, T_COLON, T_COLON_EQUAL);
}

static void dot(struct lexer *l, uint32_t off)
{
    if (lex_byte(l, off + 1) == '.' && lex_byte(l, off + 2) == '.')
        token(l, T_ELLIPSIS, off, off + 3);
    else if (lex_class[lex_byte(l, off + 1)] & CH_DIGIT)
        lex_number(l, off);
    else
        token(l, T_DOT, off, off + 1);
}

static void exclamation(struct lexer *l, uint32_t off)
{
    if (lex_byte(l, off + 1) == '=')
        token(l, T_NE, off, off + 2);
    else if (l->fs_level)
        token(l, T_EXCLAMATION, off, off + 1);
    else
        lex_fail(l, off, "invalid syntax");
}

static void other(struct lexer *l, uint32_t off)
{
    uint8_t c = l->text[off];

    if (c == 0)
        lex_fail(l, off, "source code cannot contain null bytes");
    else if (c >= 0x80)
        wide_name(l, off);
    else if (c == '$' || c == '?' || c == '`')
        lex_fail(l, off, "invalid syntax");
    else
        bad_character(l, off);
}

static void operator_at(struct lexer *l, uint32_t off)
{
    uint8_t c = l->text[off];

    switch (c) {
    case '(':
        opening(l, off, T_LPAREN);
        break;
    case ')':
        closing(l, off, T_RPAREN);
        break;
    case '[':
        opening(l, off, T_LBRACKET);
        break;
    case ']':
        closing(l, off, T_RBRACKET);
        break;
    case '{':
        opening(l, off, T_LBRACE);
        break;
    case '}':
        closing(l, off, T_RBRACE);
        break;
    case ',':
        token(l, T_COMMA, off, off + 1);
        break;
    case ':':
        colon(l, off);
        break;
    case ';':
        token(l, T_SEMICOLON, off, off + 1);
        break;
    case '.':
        dot(l, off);
        break;
    case '=':
        maybe_equal(l, off, T_EQUAL, T_EQ);
        break;
    case '+':
        maybe_equal(l, off, T_PLUS, T_AUG_ADD);
        break;
    case '-':
        if (lex_byte(l, off + 1) == '>')
            token(l, T_ARROW, off, off + 2);
        else
            maybe_equal(l, off, T_MINUS, T_AUG_SUB);
        break;
    case '*':
    case '/':
        star_or_slash(l, off, c);
        break;
    case '%':
        maybe_equal(l, off, T_PERCENT, T_AUG_MOD);
        break;
    case '@':
        maybe_equal(l, off, T_AT, T_AUG_MATMUL);
        break;
    case '~':
        token(l, T_TILDE, off, off + 1);
        break;
    case '|':
        maybe_equal(l, off, T_VBAR, T_AUG_OR);
        break;
    case '&':
        maybe_equal(l, off, T_AMPERSAND, T_AUG_AND);
        break;
    case '^':
        maybe_equal(l, off, T_CARET, T_AUG_XOR);
        break;
    case '<':
    case '>':
        less_or_greater(l, off, c);
        break;
    case '!':
        exclamation(l, off);
        break;
    default:
        other(l, off);
    }
}

/* Skips white space, and within brackets newlines and comments; the offset of what follows. */
static uint32_t skip_space(struct lexer *l, uint32_t at)
{
    for (;;) {
        uint8_t c = lex_byte(l, at);

        if (LIKELY(c == ' ') || c == '\t' || c == '\f')
            at++;
        else if ((c == '\n' || c == '\r') && l->level)
            at = lex_newline(l, at);
        else if (c == '#')
            at = comment(l, at);
        else if (c != '\\')
            return at;
        else
            at = continuation(l, at);
        if (UNLIKELY(l->status != PRATIQUE_OK))
            return at;
    }
}

void lex_next(struct lexer *l)
{
    uint32_t at;
    uint8_t c;

    l->prev_end = l->tok.end;
    if (UNLIKELY(l->status != PRATIQUE_OK)) {
        l->tok.kind = T_ERROR; /* whatever was put there since */
        return;
    }
    if (l->bol)
        line_start(l);
    if (l->pending) {
        pending(l);
        return;
    }
    at = l->at;
    if (at < l->n && l->text[at] == ' ') /* most often one space or none */
        at++;
    if (at < l->n && lex_class[l->text[at]] & CH_START) {
        name(l, at);
        return;
    }
    at = skip_space(l, at);
    if (UNLIKELY(l->status != PRATIQUE_OK))
        return;
    if (at >= l->n) {
        end_of_file(l);
        return;
    }
    c = l->text[at];
    if (lex_class[c] & CH_START)
        name(l, at);
    else if (lex_class[c] & CH_DIGIT)
        lex_number(l, at);
    else if (c == '"' || c == '\'')
        l->at = at, lex_string(l, at);
    else if (c == '\n' || c == '\r')
        newline(l, at);
    else
        operator_at(l, at);
}
