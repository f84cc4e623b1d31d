/* String literals: where they end, and what is wrong with their escapes. See lex.h. */
#include "format/python/lex.h"
#include "format/python/unicode.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* The table of what ends a run of plain characters; the quote is compared apart. */
static bool is_special(uint8_t c, uint8_t q, bool braces)
{
    return c == q || c == '\\' || c == '\n' || c == '\r' || c == 0 ||
           (braces && (c == '{' || c == '}'));
}

uint32_t lex_find(const struct lexer *l, uint32_t at, uint8_t q, bool braces)
{
#ifdef __SSE2__
    const __m128i quote = _mm_set1_epi8((char)q), back = _mm_set1_epi8('\\');
    const __m128i lf = _mm_set1_epi8('\n'), cr = _mm_set1_epi8('\r');
    const __m128i open = _mm_set1_epi8(braces ? '{' : '\n');
    const __m128i close = _mm_set1_epi8(braces ? '}' : '\n');
    const __m128i zero = _mm_setzero_si128();

    for (; at + 16 <= l->n; at += 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(l->text + at));
        __m128i a = _mm_or_si128(_mm_cmpeq_epi8(v, quote), _mm_cmpeq_epi8(v, back));
        __m128i b = _mm_or_si128(_mm_cmpeq_epi8(v, lf), _mm_cmpeq_epi8(v, cr));
        __m128i c = _mm_or_si128(_mm_cmpeq_epi8(v, open), _mm_cmpeq_epi8(v, close));
        __m128i all = _mm_or_si128(_mm_or_si128(a, b), _mm_or_si128(c, _mm_cmpeq_epi8(v, zero)));
        int mask = _mm_movemask_epi8(all);

        if (mask)
            return at + (uint32_t)__builtin_ctz((unsigned)mask);
    }
#endif
    while (at < l->n && !is_special(l->text[at], q, braces))
        at++;
    return at;
}

static uint16_t letter_flag(uint8_t c)
{
    switch (c | 0x20) {
    case 'r':
        return PYN_RAW;
    case 'b':
        return PYN_BYTES;
    case 'u':
        return PYN_UNICODE;
    case 't':
        return PYN_TEMPLATE;
    default:
        return 0;
    }
}

/* The prefix: r, b, u, f, t, and r beside b, f or t, in any order and case. */
bool lex_prefix(struct span prefix, uint16_t *flags, bool *fstring)
{
    unsigned others = 0, raw = 0;

    *flags = 0;
    *fstring = false;
    for (size_t i = 0; i < prefix.n; i++) {
        uint8_t c = prefix.p[i] | 0x20;

        if (c != 'f' && !letter_flag(c))
            return false;
        *flags |= letter_flag(c);
        *fstring |= c == 'f' || c == 't';
        if (c == 'r')
            raw++;
        else
            others++;
    }
    return raw <= 1 && others <= 1 && !(raw && *flags & PYN_UNICODE);
}

static void unterminated(struct lexer *l, uint32_t off, bool triple)
{
    if (l->fs_level)
        lex_fail(l, off, "f-string: expecting '}'");
    else
        lex_fail(l, off,
                 triple ? "unterminated triple-quoted string literal (detected at line %u)"
                        : "unterminated string literal (detected at line %u)",
                 lex_lines(l));
}

/* A backslash at at: the offset behind what it escapes (one byte, or a newline). */
static uint32_t escaped(struct lexer *l, uint32_t at)
{
    uint8_t c = lex_byte(l, at + 1);

    if (at + 1 >= l->n)
        return at + 1;
    return c == '\n' || c == '\r' ? lex_newline(l, at + 1) : at + 2;
}

/* Whether a triple quote stands at at. */
static bool three(const struct lexer *l, uint32_t at, uint8_t q)
{
    return lex_byte(l, at) == q && lex_byte(l, at + 1) == q && lex_byte(l, at + 2) == q;
}

/*
 * The text of a literal from at to its closing quote, whose offset is the answer; 0 and a
 * fault if there is none. off is where the literal starts.
 */
static uint32_t body(struct lexer *l, uint32_t off, uint32_t at, bool triple, uint16_t *flags)
{
    uint8_t q = l->text[at - 1];

    for (;;) {
        uint8_t c;

        at = lex_find(l, at, q, false);
        if (at >= l->n) {
            unterminated(l, off, triple);
            return 0;
        }
        c = l->text[at];
        if (c == '\\') {
            *flags |= PYN_ESCAPES;
            at = escaped(l, at);
        } else if (c == q) {
            if (!triple || three(l, at, q))
                return at;
            at++;
        } else if (c == 0) {
            lex_fail(l, at, "source code cannot contain null bytes");
            return 0;
        } else if (triple) {
            at = lex_newline(l, at);
        } else {
            unterminated(l, off, false);
            return 0;
        }
    }
}

/* Bytes are ASCII. */
static bool ascii(struct lexer *l, uint32_t off, uint32_t end)
{
    uint8_t any = 0;

    for (uint32_t i = off; i < end; i++)
        any |= l->text[i];
    if (any < 0x80)
        return true;
    lex_fail(l, off, "bytes can only contain ASCII literal characters");
    return false;
}

void lex_string(struct lexer *l, uint32_t off)
{
    uint32_t at = l->at, end;
    uint16_t flags;
    bool fstring, triple;

    (void)lex_prefix(span_of(l->text + off, at - off), &flags, &fstring);
    triple = three(l, at, l->text[at]);
    flags |= triple ? PYN_TRIPLE : 0;
    at += triple ? 3 : 1;
    if (fstring) {
        l->tok = (struct token){ .kind = T_FSTRING, .flags = flags, .off = off, .end = at };
        l->at = at;
        return;
    }
    end = body(l, off, at, triple, &flags);
    if (!end)
        return;
    if (UNLIKELY(flags & (PYN_ESCAPES | PYN_BYTES)) &&
        ((flags & PYN_BYTES && !ascii(l, off, end)) || !lex_escapes(l, at, end, flags, off)))
        return;
    l->tok = (struct token){ .kind = T_STRING, .flags = flags, .off = off };
    l->at = l->tok.end = end + (triple ? 3 : 1);
}

/* ---- escapes ---- */

static bool is_hex(uint8_t c)
{
    uint8_t low = c | 0x20;

    return (c >= '0' && c <= '9') || (low >= 'a' && low <= 'f');
}

static unsigned hex_value(uint8_t c)
{
    return c <= '9' ? c - (unsigned)'0' : (c | 0x20u) - 'a' + 10;
}

static bool undecodable(struct lexer *l, uint32_t from, uint32_t to, uint32_t lit, const char *why)
{
    lex_fail(l, lit,
             "(unicode error) 'unicodeescape' codec can't decode bytes in position %u-%u: %s", from,
             to, why);
    return false;
}

/* \x, \u, \U at at of a str: want hexadecimal digits behind the letter. */
static bool hex_escape(struct lexer *l, uint32_t start, uint32_t at, uint32_t end, unsigned want,
                       uint32_t lit)
{
    static const char *const why[] = { [2] = "truncated \\xXX escape",
                                       [4] = "truncated \\uXXXX escape",
                                       [8] = "truncated \\UXXXXXXXX escape" };
    unsigned i = 0;
    uint64_t value = 0;

    for (; i < want && at + 2 + i < end && is_hex(l->text[at + 2 + i]); i++)
        value = value << 4 | hex_value(l->text[at + 2 + i]);
    if (i < want)
        return undecodable(l, at - start, at - start + 1 + i, lit, why[want]);
    if (value > 0x10ffff)
        return undecodable(l, at - start, at - start + 9, lit, "illegal Unicode character");
    return true;
}

/* \N at at; *next is where to go on. */
static bool name_escape(struct lexer *l, uint32_t start, uint32_t at, uint32_t end, uint32_t lit,
                        uint32_t *next)
{
    uint32_t from = at + 3;
    const uint8_t *close;

    if (at + 2 >= end || l->text[at + 2] != '{')
        return undecodable(l, at - start, at - start + 1, lit, "malformed \\N character escape");
    close = from < end ? memchr(l->text + from, '}', end - from) : NULL;
    if (!close || close == l->text + from)
        return undecodable(l, at - start, at - start + 2, lit, "malformed \\N character escape");
    *next = (uint32_t)(close - l->text) + 1;
    if (py_character_by_name(span_of(l->text + from, *next - 1 - from)) < 0)
        return undecodable(l, at - start, *next - 1 - start, lit, "unknown Unicode character name");
    return true;
}

static bool byte_escape(struct lexer *l, uint32_t start, uint32_t at, uint32_t end, uint32_t lit)
{
    if (l->text[at + 1] != 'x')
        return true;
    if (at + 3 < end && is_hex(l->text[at + 2]) && is_hex(l->text[at + 3]))
        return true;
    lex_fail(l, lit, "(value error) invalid \\x escape at position %u", at - start);
    return false;
}

static bool str_escape(struct lexer *l, uint32_t start, uint32_t at, uint32_t end, uint32_t lit,
                       uint32_t *next)
{
    switch (l->text[at + 1]) {
    case 'x':
        return hex_escape(l, start, at, end, 2, lit);
    case 'u':
        return hex_escape(l, start, at, end, 4, lit);
    case 'U':
        return hex_escape(l, start, at, end, 8, lit);
    case 'N':
        return name_escape(l, start, at, end, lit, next);
    default:
        return true;
    }
}

bool lex_escapes(struct lexer *l, uint32_t off, uint32_t end, unsigned flags, uint32_t at)
{
    uint32_t start = off;

    if (flags & PYN_RAW)
        return true;
    while (off < end) {
        const uint8_t *back = memchr(l->text + off, '\\', end - off);
        uint32_t here, next;

        if (!back)
            return true;
        here = (uint32_t)(back - l->text);
        next = here + 2;
        if (here + 1 >= end)
            return true;
        if (flags & PYN_BYTES ? !byte_escape(l, start, here, end, at)
                              : !str_escape(l, start, here, end, at, &next))
            return false;
        off = next;
    }
    return true;
}
