/* See metadata.h. */
#include "watch/metadata.h"

#include <strings.h>

static bool is_blank(uint8_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

struct span span_strip(struct span s)
{
    while (s.n > 0 && is_blank(s.p[0]))
        (void)skip(&s, 1);
    while (s.n > 0 && is_blank(s.p[s.n - 1]))
        s.n--;
    return s;
}

/* A line, ended by any of "\n\v\f\r" as str.splitlines() has it, or what is left. */
static struct span next_line(struct span *in)
{
    struct span line;
    size_t n = 0;

    while (n < in->n && !(in->p[n] >= '\n' && in->p[n] <= '\r'))
        n++;
    (void)take(in, n, &line);
    (void)skip(in, 1);
    return line;
}

bool metadata_field(struct span text, const char *name, struct span *out)
{
    size_t n = strlen(name);

    *out = SPAN_EMPTY;
    while (text.n > 0) {
        struct span line;

        if (!take_line(&text, &line))
            (void)take(&text, text.n, &line);
        if (span_strip(line).n == 0)
            return false; /* the body begins */
        if (line.n > n && line.p[n] == ':' && strncasecmp((const char *)line.p, name, n) == 0) {
            *out = span_strip(span_from(line, n + 1));
            return true;
        }
    }
    return false;
}

static bool is_word(uint8_t c)
{
    return c >= 0x80 || c == '_' || (c >= '0' && c <= '9') ||
           ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/* Takes letters, digits, "_" and "." off the front, then blanks. */
static struct span take_dotted(struct span *in)
{
    struct span out;
    size_t n = 0;

    while (n < in->n && (is_word(in->p[n]) || in->p[n] == '.'))
        n++;
    (void)take(in, n, &out);
    *in = span_strip(*in);
    return out;
}

/* "module:attribute [extras]"; the attribute may be missing. */
static bool parse_value(struct span in, struct entry_point *e)
{
    e->module = take_dotted(&in);
    if (in.n > 0 && in.p[0] == ':') {
        (void)skip(&in, 1);
        in = span_strip(in);
        e->attribute = take_dotted(&in);
        if (e->attribute.n == 0)
            return false;
    }
    return e->module.n > 0 && (in.n == 0 || (in.p[0] == '[' && in.p[in.n - 1] == ']'));
}

static bool parse_pair(struct span line, struct entry_point *e)
{
    const uint8_t *eq = memchr(line.p, '=', line.n);
    size_t at = eq ? (size_t)(eq - line.p) : line.n;
    struct span name;

    (void)span_sub(line, 0, at, &name);
    e->name = span_strip(name);
    return eq && e->name.n > 0 && parse_value(span_strip(span_from(line, at + 1)), e);
}

int entry_point_take(struct span *in, struct span *group, struct entry_point *e)
{
    while (in->n > 0) {
        struct span line = span_strip(next_line(in));

        *e = (struct entry_point){ *group, SPAN_EMPTY, SPAN_EMPTY, SPAN_EMPTY };
        if (line.n == 0 || line.p[0] == '#')
            continue;
        if (line.p[0] != '[' || line.p[line.n - 1] != ']')
            return parse_pair(line, e) ? 1 : -1;
        *group = SPAN_EMPTY;
        (void)span_sub(line, 1, line.n > 1 ? line.n - 2 : 0, group);
    }
    return 0;
}

static bool is_separator(uint8_t c)
{
    return c == '-' || c == '_' || c == '.';
}

/* Takes a letter off, in lower case; a run of separators is one '-'. 0 at the end. */
static uint8_t take_letter(struct span *in)
{
    uint8_t c;

    if (!take_u8(in, &c))
        return 0;
    if (!is_separator(c))
        return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
    while (in->n > 0 && is_separator(in->p[0]))
        (void)skip(in, 1);
    return '-';
}

bool project_names_equal(struct span a, struct span b)
{
    uint8_t x, y;

    do {
        x = take_letter(&a);
        y = take_letter(&b);
    } while (x && x == y);
    return x == y && a.n == b.n;
}
