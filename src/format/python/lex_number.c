/* Numbers: lex.h. The rules are those of the tokenizer of CPython 3.12. */
#include "format/python/lex.h"

static bool digit_of(uint8_t c, unsigned base)
{
    uint8_t low = c | 0x20;

    if (c >= '0' && c <= '9')
        return (unsigned)(c - '0') < base;
    return base == 16 && low >= 'a' && low <= 'f';
}

/* Digits with single underscores between them from at on; the offset behind them, or 0. */
static uint32_t digits(struct lexer *l, uint32_t at, unsigned base, const char *what)
{
    for (;;) {
        while (digit_of(lex_byte(l, at), base))
            at++;
        if (lex_byte(l, at) != '_')
            return at;
        at++;
        if (!digit_of(lex_byte(l, at), base)) {
            lex_fail(l, at - 1, "invalid %s literal", what);
            return 0;
        }
    }
}

/* A keyword may follow a number without a space: these beginnings are let through. */
static bool keyword_follows(const struct lexer *l, uint32_t at)
{
    static const char *const heads[] = { "and", "else", "for", "if", "in", "is", "or", "not" };
    struct span rest = span_from(l->t->text, at);

    for (size_t i = 0; i < ARRAY_LEN(heads); i++)
        if (span_starts(rest, span_text(heads[i])))
            return true;
    return false;
}

static void finish(struct lexer *l, unsigned kind, uint32_t off, uint32_t end, const char *what)
{
    uint8_t c = lex_byte(l, end);

    if (UNLIKELY(lex_class[c] & (CH_ID | CH_HIGH)) && !keyword_follows(l, end)) {
        lex_fail(l, end, "invalid %s literal", what);
        return;
    }
    l->tok = (struct token){ .kind = (uint8_t)kind, .off = off, .end = end };
    l->at = end;
}

/* 0x, 0o, 0b: digits of a base. */
static void based(struct lexer *l, uint32_t off, unsigned base, const char *what)
{
    uint32_t at = off + 2;
    uint8_t c;

    if (lex_byte(l, at) == '_')
        at++;
    c = lex_byte(l, at);
    if (!digit_of(c, base)) {
        if (digit_of(c, 10))
            lex_fail(l, at, "invalid digit '%c' in %s literal", c, what);
        else
            lex_fail(l, at, "invalid %s literal", what);
        return;
    }
    at = digits(l, at, base, what);
    c = lex_byte(l, at);
    if (at && digit_of(c, 10))
        lex_fail(l, at, "invalid digit '%c' in %s literal", c, what);
    else if (at)
        finish(l, T_INT, off, at, what);
}

/* The fraction's digits at at, if any, behind the point; behind them, or 0. */
static uint32_t fraction(struct lexer *l, uint32_t at)
{
    return digit_of(lex_byte(l, at), 10) ? digits(l, at, 10, "decimal") : at;
}

/* An exponent at at if there is one; behind it, or 0. *is: there was. */
static uint32_t exponent(struct lexer *l, uint32_t at, bool *is)
{
    uint32_t d = at + 1;
    uint8_t c = lex_byte(l, at);

    if (c != 'e' && c != 'E')
        return at;
    c = lex_byte(l, d);
    if (c == '+' || c == '-')
        d++;
    if (digit_of(lex_byte(l, d), 10)) {
        *is = true;
        return digits(l, d, 10, "decimal");
    }
    if (d == at + 1)
        return at; /* 1else, or nonsense: finish() sees to it */
    lex_fail(l, d, "invalid decimal literal");
    return 0;
}

/* Whether it is all zeros and underscores: such may start with 0. */
static bool all_zero(const struct lexer *l, uint32_t off, uint32_t end)
{
    while (off < end && (l->text[off] == '0' || l->text[off] == '_'))
        off++;
    return off == end;
}

static void decimal(struct lexer *l, uint32_t off)
{
    bool is_float = false;
    uint32_t at = off, whole;
    uint8_t c;

    if (lex_byte(l, at) != '.' && !(at = digits(l, at, 10, "decimal")))
        return;
    whole = at;
    if (lex_byte(l, at) == '.') {
        is_float = true;
        at = fraction(l, at + 1);
    }
    at = at ? exponent(l, at, &is_float) : 0;
    if (!at)
        return;
    c = lex_byte(l, at);
    if (c == 'j' || c == 'J') {
        finish(l, T_IMAGINARY, off, at + 1, "imaginary");
        return;
    }
    if (!is_float && l->text[off] == '0' && !all_zero(l, off, whole)) {
        lex_fail(l, off,
                 "leading zeros in decimal integer literals are not permitted; use an 0o prefix "
                 "for octal integers");
        return;
    }
    finish(l, is_float ? T_FLOAT : T_INT, off, at, "decimal");
}

void lex_number(struct lexer *l, uint32_t off)
{
    uint8_t c = lex_byte(l, off + 1) | 0x20;

    if (l->text[off] == '0' && c == 'x')
        based(l, off, 16, "hexadecimal");
    else if (l->text[off] == '0' && c == 'o')
        based(l, off, 8, "octal");
    else if (l->text[off] == '0' && c == 'b')
        based(l, off, 2, "binary");
    else
        decimal(l, off);
}
