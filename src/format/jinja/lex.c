/*
 * Cuts a template into tokens as jinja2.lexer 3.1 does with the delimiters that it has by
 * default: the way transformers, vLLM and llama.cpp set it up. Left out: line statements and
 * line comments, which none of them turns on.
 */
#include "format/jinja/lex.h"

#include <ctype.h>

#include "base/utf8.h"

void jinja_lex_init(struct lexer *l, struct span in)
{
    *l = (struct lexer){ .in = in, .inside = T_TEXT };
}

static uint8_t at(const struct lexer *l, size_t pos)
{
    return pos < l->in.n ? l->in.p[pos] : 0;
}

static bool stands(const struct lexer *l, size_t pos, const char *what)
{
    return span_starts(span_from(l->in, pos), span_text(what));
}

static struct token token(const struct lexer *l, enum token_kind kind, size_t from, size_t to)
{
    struct token t = { .kind = kind, .off = from, .text = SPAN_EMPTY };

    if (to > from)
        (void)span_sub(l->in, from, to - from, &t.text);
    return t;
}

static struct token bad(struct lexer *l, size_t off, const char *why)
{
    if (!l->why)
        l->why = why;
    l->pos = off;
    return token(l, T_BAD, off, off);
}

/* The length of the white space at pos, as \s of Python's re has it. */
static size_t space_at(const struct lexer *l, size_t pos)
{
    uint8_t c = at(l, pos);
    uint32_t point;
    size_t n;

    if (pos >= l->in.n)
        return 0;
    if (c < 0x80)
        return c == ' ' || (c >= '\t' && c <= '\r') || (c >= 0x1C && c <= 0x1F);
    n = utf8_decode(span_from(l->in, pos), &point);
    return n && (point == 0x85 || point == 0xA0 || point == 0x1680 ||
                 (point >= 0x2000 && point <= 0x200A) || point == 0x2028 || point == 0x2029 ||
                 point == 0x202F || point == 0x205F || point == 0x3000)
               ? n
               : 0;
}

static size_t skip_space(const struct lexer *l, size_t pos)
{
    size_t n;

    while ((n = space_at(l, pos)))
        pos += n;
    return pos;
}

/* ---- outside of tags ---- */

/* Behind "{%- word %}" at pos, or 0. A sign may stand before the end. */
static size_t after_tag(const struct lexer *l, size_t pos, const char *word, const char *signs)
{
    pos += 2;
    if (at(l, pos) == '-' || at(l, pos) == '+')
        pos++;
    pos = skip_space(l, pos);
    if (!stands(l, pos, word))
        return 0;
    pos = skip_space(l, pos + strlen(word));
    if (at(l, pos) && strchr(signs, at(l, pos)))
        pos++;
    return stands(l, pos, "%}") ? pos + 2 : 0;
}

/* What stands between raw and endraw; from: behind the tag. */
static struct token raw_text(struct lexer *l, size_t from)
{
    size_t off = from, after;

    while ((off = span_find(l->in, off, SPAN_LITERAL("{%"))) != SIZE_MAX) {
        after = after_tag(l, off, "endraw", "-+");
        if (after) {
            l->pos = after;
            return token(l, T_TEXT, from, off);
        }
        off += 2;
    }
    return bad(l, from, "a raw block without its end");
}

/* The offset of the next tag's "{", or the end. */
static size_t next_tag(const struct lexer *l, size_t pos)
{
    const uint8_t *hit;

    while (pos < l->in.n && (hit = memchr(l->in.p + pos, '{', l->in.n - pos))) {
        uint8_t second = at(l, (size_t)(hit - l->in.p) + 1);

        pos = (size_t)(hit - l->in.p);
        if (second == '%' || second == '{' || second == '#')
            return pos;
        pos++;
    }
    return l->in.n;
}

static struct token begin_tag(struct lexer *l, size_t pos)
{
    bool block = at(l, pos + 1) == '%';
    size_t after = block ? after_tag(l, pos, "raw", "-") : 0;

    if (after)
        return raw_text(l, after);
    l->inside = block ? T_BLOCK_BEGIN : T_OUTPUT_BEGIN;
    l->open = 0;
    l->pos = pos + 2;
    if (at(l, l->pos) == '-' || at(l, l->pos) == '+')
        l->pos++;
    return token(l, l->inside, pos, pos + 2);
}

static struct token outside(struct lexer *l)
{
    for (;;) {
        size_t from = l->pos, tag = next_tag(l, from), end;

        l->pos = tag;
        if (tag > from)
            return token(l, T_TEXT, from, tag);
        if (tag >= l->in.n)
            return token(l, T_END, l->in.n, l->in.n);
        if (at(l, tag + 1) != '#')
            return begin_tag(l, tag);
        end = span_find(l->in, tag + 2, SPAN_LITERAL("#}"));
        if (end == SIZE_MAX)
            return bad(l, tag, "a comment without its end");
        l->pos = end + 2;
    }
}

/* ---- inside of tags ---- */

/* Whether c (not ASCII) may stand in a name: letters of any script, no punctuation or signs. */
static bool is_letter(uint32_t c)
{
    if (c < 0xC0)
        return c == 0xAA || c == 0xB5 || c == 0xB7 || c == 0xBA;
    return c != 0xD7 && c != 0xF7 && !(c >= 0x2000 && c <= 0x206F) &&
           !(c >= 0x20A0 && c <= 0x20CF) && !(c >= 0x2190 && c <= 0x2BFF) &&
           !(c >= 0x2E00 && c <= 0x2E7F) && !(c >= 0x3000 && c <= 0x3004) &&
           !(c >= 0x3008 && c <= 0x3020) && !(c >= 0xFF00 && c <= 0xFF0F) &&
           !(c >= 0xFF1A && c <= 0xFF20) && !(c >= 0xFF3B && c <= 0xFF3E) && c != 0xFF40 &&
           !(c >= 0xFF5B && c <= 0xFF65) && !(c >= 0xE000 && c <= 0xF8FF) &&
           !(c >= 0x1F000 && c <= 0x1FFFF);
}

static size_t name_at(const struct lexer *l, size_t pos)
{
    uint32_t point;

    for (;;) {
        uint8_t c = at(l, pos);
        size_t n = 1;

        if (c >= 0x80) {
            n = utf8_decode(span_from(l->in, pos), &point);
            if (n == 0 || !is_letter(point))
                return pos;
        } else if (!isalnum(c) && c != '_') {
            return pos;
        }
        pos += n;
    }
}

static bool is_digit_of(uint8_t c, unsigned base)
{
    return base == 16 ? isxdigit(c) != 0 : c >= '0' && c < '0' + (int)base;
}

/* Digits with single underscores between them; pos when there are none. */
static size_t digits(const struct lexer *l, size_t pos, unsigned base)
{
    if (!is_digit_of(at(l, pos), base))
        return pos;
    while (is_digit_of(at(l, pos), base) ||
           (at(l, pos) == '_' && is_digit_of(at(l, pos + 1), base)))
        pos++;
    return pos;
}

/* The fraction and the exponent behind whole digits; pos when there is neither. */
static size_t fraction(const struct lexer *l, size_t pos)
{
    size_t point = at(l, pos) == '.' ? digits(l, pos + 1, 10) : pos, power;

    if (point == pos + 1)
        point = pos; /* "1.": a number and a dot */
    power = point;
    if (at(l, power) == 'e' || at(l, power) == 'E') {
        power++;
        if (at(l, power) == '+' || at(l, power) == '-')
            power++;
        if (digits(l, power, 10) > power)
            return digits(l, power, 10);
    }
    return point;
}

static struct token number(struct lexer *l, size_t from)
{
    uint8_t second = (uint8_t)tolower(at(l, from + 1));
    unsigned base = second == 'x' ? 16 : second == 'o' ? 8 : second == 'b' ? 2 : 10;
    size_t whole = digits(l, from, 10), end = fraction(l, whole);
    bool after_dot = from > 0 && at(l, from - 1) == '.';

    if (end > whole && !after_dot) {
        l->pos = end;
        return token(l, T_FLOAT, from, end);
    }
    if (at(l, from) == '0' && base != 10) {
        size_t first = from + 2 + (at(l, from + 2) == '_');

        end = digits(l, first, base);
        l->pos = end > first ? end : from + 1;
        return token(l, T_INTEGER, from, l->pos);
    }
    l->pos = at(l, from) == '0' ? from + 1 : whole;
    while (at(l, from) == '0' &&
           (at(l, l->pos) == '0' || (at(l, l->pos) == '_' && at(l, l->pos + 1) == '0')))
        l->pos++;
    return token(l, T_INTEGER, from, l->pos);
}

static struct token string(struct lexer *l, size_t from)
{
    uint8_t quote = at(l, from);
    size_t end = from + 1;

    while (end < l->in.n && l->in.p[end] != quote)
        end += l->in.p[end] == '\\' ? 2 : 1;
    if (end >= l->in.n)
        return bad(l, from, "a string without its end");
    l->pos = end + 1;
    return token(l, T_STRING, from + 1, end);
}

static const char *brackets(struct lexer *l, uint8_t c)
{
    if (strchr("([{", c)) {
        if (l->open == LEX_BRACKETS_MAX)
            return "brackets nested too deeply";
        l->close[l->open++] = c == '(' ? ')' : c == '[' ? ']' : '}';
    } else if (strchr(")]}", c)) {
        if (l->open == 0 || l->close[--l->open] != (char)c)
            return "a bracket that does not match";
    }
    return NULL;
}

static struct token operator(struct lexer *l, size_t from)
{
    static const char *const pairs[] = { "//", "**", "==", "!=", ">=", "<=" };
    struct token t;
    const char *why;

    for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
        if (!stands(l, from, pairs[i]))
            continue;
        t = token(l, T_OPERATOR, from, from + 2);
        t.op = OP2(pairs[i][0], pairs[i][1]);
        l->pos = from + 2;
        return t;
    }
    if (at(l, from) == 0 || !strchr("+-/*%~[](){}><=.:|,;", at(l, from)))
        return bad(l, from, "a character that no expression has");
    why = brackets(l, at(l, from));
    if (why)
        return bad(l, from, why);
    t = token(l, T_OPERATOR, from, from + 1);
    t.op = OP1(at(l, from));
    l->pos = from + 1;
    return t;
}

/* The length of the tag's end at pos, its sign included, or 0. */
static size_t end_at(const struct lexer *l, size_t pos)
{
    const char *end = l->inside == T_BLOCK_BEGIN ? "%}" : "}}";
    bool sign = at(l, pos) == '-' || (at(l, pos) == '+' && l->inside == T_BLOCK_BEGIN);

    if (l->open > 0)
        return 0;
    if (sign && stands(l, pos + 1, end))
        return 3;
    return stands(l, pos, end) ? 2 : 0;
}

static struct token inside(struct lexer *l)
{
    size_t from, n;
    uint8_t c;

    from = skip_space(l, l->pos);
    n = end_at(l, from);
    c = at(l, from);
    if (n) {
        bool block = l->inside == T_BLOCK_BEGIN;

        l->pos = from + n;
        l->inside = T_TEXT;
        return token(l, block ? T_BLOCK_END : T_OUTPUT_END, from, from + n);
    }
    if (from >= l->in.n)
        return bad(l, from, "a tag without its end");
    if (isdigit(c))
        return number(l, from);
    n = name_at(l, from);
    if (n > from) {
        l->pos = n;
        return token(l, T_NAME, from, n);
    }
    return c == '"' || c == '\'' ? string(l, from) : operator(l, from);
}

struct token jinja_lex_next(struct lexer *l)
{
    if (l->why)
        return token(l, T_BAD, l->pos, l->pos);
    return l->inside == T_TEXT ? outside(l) : inside(l);
}
