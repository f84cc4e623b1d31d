/*
 * Hidden text. Most sources have nothing that could be: one pass over the bytes says so. The
 * others are read once more, as strings, comments and code, which is all that counts here; a
 * quote within an f-string of the same quotes may be taken for its end, which makes the reading
 * stricter and not blind.
 *
 * Spec: Unicode Standard Annex 9 (bidirectional algorithm), UTS 39 (confusables: the letters
 * that look alike in common fonts); Boucher and Anderson, Trojan Source (CVE-2021-42574,
 * CVE-2021-42694); The Python Language Reference, "Lexical analysis".
 */
#include "format/python/hidden.h"

#include <stdio.h>

#include "base/compiler.h"
#include "base/utf8.h"
#include "fact/package.h"
#include "format/python/glyphs.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* Code that begins past this column, behind so many blanks, is out of sight. */
#define FAR_COLUMN 150
#define FAR_BLANKS 100
/* Invisible characters in a row: more than any script or emoji has, and what carries data. */
#define RUN_ODD  16
#define RUN_DATA 64
/* Facts of one file, and of each sort. */
#define TOLD_MAX   16
#define EACH_MAX   4
#define BIDI_DEPTH 64
#define EXCERPT    120

enum region { CODE, COMMENT, STRING };

enum sort { BIDI, INVISIBLE, LOOK_ALIKE, FAR_RIGHT, RETURN, FEED, CONTROL, PRIVATE, SORTS };

static const char *const sort_names[SORTS] = {
    [BIDI] = "bidirectional control",
    [INVISIBLE] = "invisible characters",
    [LOOK_ALIKE] = "a name of look-alike letters",
    [FAR_RIGHT] = "far to the right",
    [RETURN] = "carriage return within a line",
    [FEED] = "form feed within a line",
    [CONTROL] = "control character",
    [PRIVATE] = "private characters",
};

/* Bidirectional controls of one comment, or of one line of a string. */
struct bidi {
    uint8_t open[BIDI_DEPTH]; /* true: an isolate */
    unsigned depth, controls;
    bool overrides, rtl, letters;
    bool code;    /* what may be shown as if it were code: a quote, '#', ';' */
    size_t first; /* where the first one stands */
};

struct reader {
    struct scan *s;
    struct span text;
    uint64_t offset;
    uint32_t line;
    size_t at, line_start;
    enum region region;
    uint8_t quote;
    bool triple;
    bool feeds; /* lines end with '\n' in this file */
    /* columns, as an editor with tabs of 8 shows them */
    uint32_t column, visible; /* visible: behind the last character that is no blank */
    uint32_t widest, indent;  /* of this statement's lines so far; of the last one */
    uint8_t last;             /* the last visible byte of code */
    bool feed;                /* a form feed since then */
    bool continued;           /* the line before ended with a backslash */
    unsigned level;           /* open brackets */
    size_t run_at;
    unsigned run, private_run;
    struct bidi bidi;
    unsigned told, each[SORTS];
};

/* ---- what is told ---- */

static uint32_t column_of(const struct reader *r, size_t at)
{
    uint32_t n = 1;

    for (size_t i = r->line_start; i < at; i++)
        n += (r->text.p[i] & 0xc0) != 0x80;
    return n;
}

static size_t line_end(const struct reader *r, size_t at)
{
    while (at < r->text.n && r->text.p[at] != '\n' && r->text.p[at] != '\r')
        at++;
    return at;
}

static void tell_detail(struct reader *r, enum sort sort, size_t at, bool sure, struct span detail)
{
    facts_add(
        r->s->facts,
        &(struct fact){ .kind = FACT_PY_HIDDEN,
                        .where = r->s->where,
                        .flags = sure ? PKG_SURE : 0,
                        .offset = r->offset == PRATIQUE_NO_OFFSET ? r->offset : r->offset + at,
                        .line = r->line,
                        .column = column_of(r, at),
                        .subject = span_text(sort_names[sort]),
                        .detail = detail });
}

/* What is sure is told though others were many. */
static bool has_room(struct reader *r, enum sort sort, bool sure)
{
    if (!sure && (r->told >= TOLD_MAX || r->each[sort] >= EACH_MAX))
        return false;
    r->told++;
    return ++r->each[sort] <= 4 * EACH_MAX;
}

/* With what stands around the place. */
static void tell(struct reader *r, enum sort sort, size_t at, bool sure)
{
    size_t from = at - r->line_start > EXCERPT ? at - EXCERPT : r->line_start;
    size_t to = at + EXCERPT < r->text.n ? at + EXCERPT : r->text.n;

    if (!has_room(r, sort, sure))
        return;
    while (from < at && (r->text.p[from] & 0xc0) == 0x80)
        from++;
    for (size_t i = at; i < to; i++)
        if (r->text.p[i] == '\n')
            to = i;
    while (to > at && to < r->text.n && (r->text.p[to] & 0xc0) == 0x80)
        to--;
    tell_detail(r, sort, at, sure, span_of(r->text.p + from, to - from));
}

/* With the blanks counted and not shown. */
static void tell_far(struct reader *r, size_t at, bool sure)
{
    size_t shown = at, to = line_end(r, at);
    char detail[FACT_DETAIL_MAX];

    if (!has_room(r, FAR_RIGHT, sure))
        return;
    while (shown > r->line_start && strchr(" \t\f", r->text.p[shown - 1]))
        shown--;
    if (shown - r->line_start > EXCERPT)
        shown = r->line_start + EXCERPT;
    (void)snprintf(detail, sizeof detail, "%.*s [%u blanks] %.*s", (int)(shown - r->line_start),
                   (const char *)r->text.p + r->line_start, r->column - r->visible,
                   (int)(to - at < 2 * EXCERPT ? to - at : 2 * EXCERPT),
                   (const char *)r->text.p + at);
    tell_detail(r, FAR_RIGHT, at, sure, span_text(detail));
}

/* ---- bidirectional controls ---- */

/* Whether another statement stands on the line behind a place. */
static bool code_goes_on(const struct reader *r, size_t at)
{
    for (; at < r->text.n && r->text.p[at] != '\n' && r->text.p[at] != '#'; at++)
        if (r->text.p[at] == ';')
            return true;
    return false;
}

/*
 * A comment or a string ends, or its line does. What is still open reaches over what follows;
 * what is closed turns round what it holds. In text of a script that is written from the right
 * both have their use, and so has a single one in a table of characters.
 */
static void close_bidi(struct reader *r, size_t at)
{
    struct bidi *b = &r->bidi;
    bool shown = b->letters && !b->rtl && b->depth > 0;
    bool several = b->controls > 1;
    bool sure = r->region == COMMENT ? several : code_goes_on(r, at) || (several && b->code);

    if (b->controls && (b->depth || b->overrides || !b->rtl))
        tell(r, BIDI, b->first, shown && sure);
    *b = (struct bidi){ 0 };
}

static void push(struct bidi *b, bool isolate)
{
    if (b->depth < BIDI_DEPTH)
        b->open[b->depth++] = isolate;
}

/* PDI closes the isolate, and the embeddings in it; PDF closes an embedding, if it is the last. */
static void pop(struct bidi *b, bool isolate)
{
    unsigned depth = b->depth;

    while (isolate && depth && !b->open[depth - 1])
        depth--;
    if (depth && b->open[depth - 1] == isolate)
        b->depth = depth - 1;
}

static void see_bidi(struct reader *r, uint32_t c)
{
    struct bidi *b = &r->bidi;

    if (c == 0x202c || c == 0x2069) {
        pop(b, c == 0x2069);
    } else {
        push(b, c >= 0x2066);
        b->overrides |= c == 0x202d || c == 0x202e;
    }
    if (b->controls++ == 0)
        b->first = r->at;
}

static bool is_bidi(uint32_t c)
{
    return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

/* ---- characters that are not seen ---- */

static void end_runs(struct reader *r)
{
    if (r->run >= RUN_ODD)
        tell(r, INVISIBLE, r->run_at, r->run >= RUN_DATA);
    if (r->private_run >= RUN_DATA)
        tell(r, PRIVATE, r->run_at, false);
    r->run = r->private_run = 0;
}

static bool is_ascii_alnum(uint8_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Between two letters of ASCII, where no script has a use for it: "adm\u200bin". */
static bool splits_word(const struct reader *r, uint32_t c, size_t n)
{
    size_t behind = r->at + n;

    return c >= 0x200b && c <= 0xfeff && glyph_is_invisible(c) && r->at > r->line_start &&
           behind < r->text.n && is_ascii_alnum(r->text.p[r->at - 1]) &&
           is_ascii_alnum(r->text.p[behind]);
}

static void see_wide(struct reader *r, uint32_t c, size_t n)
{
    bool invisible = glyph_is_invisible(c), private = glyph_is_private(c);

    if ((r->run && !invisible) || (r->private_run && !private))
        end_runs(r);
    if ((invisible || private) && r->run + r->private_run == 0)
        r->run_at = r->at;
    r->run += invisible;
    r->private_run += private;
    r->bidi.rtl |= glyph_is_rtl(c);
    if (is_bidi(c))
        see_bidi(r, c);
    else if (r->region == STRING && !r->triple && splits_word(r, c, n))
        tell(r, INVISIBLE, r->at, false);
}

/*
 * A terminal's sequence that colours, as sources have them in strings; others move the cursor,
 * erase, conceal.
 */
static bool is_colour(struct span s)
{
    size_t n = 2;

    if (s.n < 3 || s.p[0] != 0x1b || s.p[1] != '[')
        return false;
    while (n < s.n && n < 24 && ((s.p[n] >= '0' && s.p[n] <= '9') || s.p[n] == ';'))
        n++;
    return n < s.n && s.p[n] == 'm' && !(n == 3 && s.p[2] == '8');
}

static bool is_control(uint8_t c)
{
    return (c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f') || c == 0x7f;
}

/* ---- names ---- */

static bool is_word_byte(uint8_t c)
{
    return is_ascii_alnum(c) || c == '_' || c >= 0x80;
}

/* A name with characters past ASCII around at, the first of them. */
static size_t read_word(struct reader *r)
{
    size_t from = r->at, to = r->at;
    struct span word;

    while (from > r->line_start && is_word_byte(r->text.p[from - 1]))
        from--;
    while (to < r->text.n && is_word_byte(r->text.p[to]))
        to++;
    word = span_of(r->text.p + from, to - from);
    switch (glyph_judge(word)) {
    case GLYPH_INVISIBLE:
        tell(r, INVISIBLE, from, true);
        break;
    case GLYPH_MARKED:
        tell(r, INVISIBLE, from, false);
        break;
    case GLYPH_DISGUISE:
        tell(r, LOOK_ALIKE, from, true);
        break;
    case GLYPH_MIXED:
        tell(r, LOOK_ALIKE, from, false);
        break;
    case GLYPH_PLAIN:
        break;
    }
    return to - r->at;
}

/* ---- code ---- */

static bool has_word(struct span s)
{
    for (size_t i = 0; i < s.n; i++)
        if (is_word_byte(s.p[i]) || s.p[i] == '"' || s.p[i] == '\'')
            return true;
    return false;
}

static bool opens_statement(const struct reader *r, uint8_t c)
{
    return c == ';' || r->last == ';' || r->last == ':';
}

/* Code at column, behind blanks: is it out of sight of who reads the lines around it? */
static void see_gap(struct reader *r, uint8_t c)
{
    bool inside = r->level > 0 || r->continued;
    uint32_t seen = r->visible;
    struct span rest = span_of(r->text.p + r->at, line_end(r, r->at) - r->at);

    if (r->column <= FAR_COLUMN || r->column - r->visible < FAR_BLANKS)
        return;
    if (r->visible == 0)
        seen = inside ? r->widest : r->indent;
    if (r->column < seen + FAR_BLANKS || c == '#' || !has_word(rest))
        return;
    tell_far(r, r->at, !inside && (r->visible == 0 || opens_statement(r, c)));
}

/* A character of code that is seen. */
static void see_code(struct reader *r, uint8_t c)
{
    see_gap(r, c);
    if (r->feed && r->visible && c != '#')
        tell(r, FEED, r->at, false);
    if (r->visible == 0 && r->level == 0 && !r->continued && c != '#')
        r->indent = r->column;
    r->feed = false;
    r->last = c;
    if (c == '(' || c == '[' || c == '{')
        r->level++;
    else if ((c == ')' || c == ']' || c == '}') && r->level)
        r->level--;
}

static void open_string(struct reader *r, uint8_t c)
{
    const uint8_t *p = r->text.p + r->at;

    r->region = STRING;
    r->quote = c;
    r->triple = r->text.n - r->at > 2 && p[1] == c && p[2] == c;
    if (r->triple) {
        r->at += 2;
        r->column += 2;
    }
}

static void close_region(struct reader *r, size_t at)
{
    end_runs(r);
    if (r->bidi.controls)
        close_bidi(r, at);
    r->bidi = (struct bidi){ 0 };
    r->region = CODE;
}

/* A quote within a string: the string's end? Both quotes that are skipped are before at. */
static void see_quote(struct reader *r)
{
    const uint8_t *p = r->text.p + r->at;

    if (r->triple && (r->text.n - r->at < 3 || p[1] != r->quote || p[2] != r->quote))
        return;
    if (r->triple) {
        r->at += 2;
        r->column += 2;
    }
    close_region(r, r->at + 1);
    r->last = r->quote;
}

/* ---- lines ---- */

static void end_line(struct reader *r, size_t at)
{
    end_runs(r);
    if (r->bidi.controls)
        close_bidi(r, at);
    r->bidi = (struct bidi){ 0 };
    if (r->region == COMMENT || (r->region == STRING && !r->triple && !r->continued))
        r->region = CODE;
    if (r->level == 0 && !r->continued && r->region == CODE)
        r->widest = 0;
    else if (r->visible > r->widest)
        r->widest = r->visible;
    r->column = r->visible = 0;
    r->feed = false;
}

/* A carriage return with text behind it on what a reader may take for one line. */
static void see_return(struct reader *r)
{
    size_t at = r->at + 1;

    while (at < r->text.n && (r->text.p[at] == ' ' || r->text.p[at] == '\t'))
        at++;
    if (r->feeds && r->region != STRING && r->visible && at < r->text.n && r->text.p[at] != '\r' &&
        r->text.p[at] != '\n' && r->text.p[at] != '#')
        tell(r, RETURN, r->at, false);
}

static void newline(struct reader *r, uint8_t c)
{
    bool lone = c == '\r' && !(r->at + 1 < r->text.n && r->text.p[r->at + 1] == '\n');

    if (lone)
        see_return(r);
    r->continued = r->region != COMMENT && r->at > r->line_start && r->last == '\\' &&
                   r->text.p[r->at - 1] == '\\';
    end_line(r, r->at);
    r->at += c == '\r' && !lone ? 2 : 1;
    r->line++;
    r->line_start = r->at;
}

/* ---- the reading ---- */

static void see_blank(struct reader *r, uint8_t c)
{
    if (c == '\t')
        r->column = (r->column / 8 + 1) * 8;
    else if (c == ' ')
        r->column++;
    else if (r->region == CODE)
        r->feed = true;
}

static void see_ascii(struct reader *r, uint8_t c)
{
    r->bidi.letters |= is_ascii_alnum(c);
    r->bidi.code |= c == '#' || c == ';' || ((c == '"' || c == '\'') && c != r->quote);
    if (r->region == CODE) {
        see_code(r, c);
        if (c == '#' || c == '"' || c == '\'')
            r->bidi = (struct bidi){ 0 };
        if (c == '#')
            r->region = COMMENT;
        else if (c == '"' || c == '\'')
            open_string(r, c);
    } else if (r->region == STRING && c == '\\' && r->at + 1 < r->text.n) {
        r->last = c;
        if (r->text.p[r->at + 1] != '\n' && r->text.p[r->at + 1] != '\r' &&
            r->text.p[r->at + 1] < 0x80) {
            r->at++, r->column++;
            r->last = 0;
        }
    } else if (r->region == STRING) {
        r->last = 0;
        if (c == r->quote)
            see_quote(r);
    }
    r->visible = ++r->column;
}

static void read_ascii(struct reader *r, uint8_t c)
{
    if (r->run | r->private_run)
        end_runs(r);
    if (c == ' ' || c == '\t' || c == '\f') {
        see_blank(r, c);
    } else {
        if (is_control(c) && r->region != CODE && !is_colour(span_from(r->text, r->at)))
            tell(r, CONTROL, r->at, false);
        see_ascii(r, c);
    }
    r->at++;
}

static void read_wide(struct reader *r)
{
    uint32_t c = 0;
    size_t n = utf8_decode(span_from(r->text, r->at), &c);

    if (n && r->region == CODE) {
        see_code(r, r->text.p[r->at]);
        n = read_word(r);
    } else if (n) {
        see_wide(r, c, n);
    }
    r->at += n ? n : 1;
    r->visible = ++r->column;
}

static void read_text(struct reader *r)
{
    while (r->at < r->text.n) {
        uint8_t c = r->text.p[r->at];

        if (c == '\n' || c == '\r')
            newline(r, c);
        else if (c >= 0x80)
            read_wide(r);
        else
            read_ascii(r, c);
    }
    end_line(r, r->at);
}

/* ---- the first pass ---- */

/* Whether what stands at at makes a second reading worth while. */
static bool is_odd(struct span text, size_t at)
{
    uint8_t b = text.p[at];
    uint32_t c = 0;
    size_t n;

    if (b < 0x80)
        return is_control(b) || b == '\f' ||
               (b == '\r' && !(at + 1 < text.n && text.p[at + 1] == '\n'));
    if (b < 0xc0) /* within a character */
        return false;
    n = utf8_decode(span_from(text, at), &c);
    return n > 0 && glyph_is_odd(text, at, c, n);
}

/* Whether the run of blanks around at is so wide that what follows may be out of sight. */
static bool is_wide_gap(struct span text, size_t at)
{
    uint32_t columns = 0;

    while (at > 0 && (text.p[at - 1] == ' ' || text.p[at - 1] == '\t') && columns < FAR_BLANKS)
        at--, columns += text.p[at] == ' ' ? 1 : 8;
    for (columns = 0; at < text.n && columns < FAR_BLANKS; at++) {
        if (text.p[at] != ' ' && text.p[at] != '\t')
            return false;
        columns += text.p[at] == ' ' ? 1 : 8; /* at the most: a tab may be less */
    }
    return columns >= FAR_BLANKS;
}

#ifdef __SSE2__
/*
 * The same for a block of 16 at at. A gap of 100 columns covers a block that is blanks alone,
 * or one with six tabs and more.
 */
static bool has_wide_gap(struct span text, size_t at, unsigned blanks, unsigned tabs)
{
    if (blanks == 0xffff)
        return is_wide_gap(text, at);
    if (__builtin_popcount(tabs) < 6)
        return false;
    for (; tabs; tabs &= tabs - 1)
        if (is_wide_gap(text, at + (size_t)__builtin_ctz(tabs)))
            return true;
    return false;
}
#endif

/* Whether there is any: characters that are odd, controls, blanks up to out of sight. */
static bool may_hide(struct span text)
{
    size_t i = 0;
#ifdef __SSE2__
    const __m128i space = _mm_set1_epi8(' '), tab = _mm_set1_epi8('\t');
    const __m128i lf = _mm_set1_epi8('\n'), cr = _mm_set1_epi8('\r');
    const __m128i last = _mm_set1_epi8(0x1f), del = _mm_set1_epi8(0x7f);

    for (; i + 16 <= text.n; i += 16) {
        const uint8_t *p = text.p + i;
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
        __m128i tabs = _mm_cmpeq_epi8(v, tab), returns = _mm_cmpeq_epi8(v, cr);
        __m128i low = _mm_cmpeq_epi8(_mm_max_epu8(v, last), last);
        __m128i fine = _mm_or_si128(_mm_or_si128(tabs, returns), _mm_cmpeq_epi8(v, lf));
        __m128i odd = _mm_or_si128(_mm_andnot_si128(fine, low), _mm_cmpeq_epi8(v, del));
        __m128i blanks = _mm_or_si128(tabs, _mm_cmpeq_epi8(v, space));

        unsigned look = (unsigned)_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(odd, v), returns));

        if (has_wide_gap(text, i, (unsigned)_mm_movemask_epi8(blanks),
                         (unsigned)_mm_movemask_epi8(tabs)))
            return true;
        for (; look; look &= look - 1)
            if (is_odd(text, i + (size_t)__builtin_ctz(look)))
                return true;
    }
#endif
    for (; i < text.n; i++)
        if (is_odd(text, i) || is_wide_gap(text, i))
            return true;
    return false;
}

void hidden_tell(struct scan *s, struct span text, uint32_t line, uint64_t offset)
{
    struct reader r = { .s = s, .text = text, .line = line, .offset = offset };

    if (!may_hide(text))
        return;
    r.feeds = text.n && memchr(text.p, '\n', text.n);
    read_text(&r);
}
