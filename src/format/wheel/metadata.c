/* See metadata.h. */
#include "format/wheel/metadata.h"

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

bool metadata_header_take(struct span *in, uint32_t *line, struct header *out)
{
    struct span text;

    while (in->n > 0) {
        const uint8_t *colon;

        if (!take_line(in, &text))
            (void)take(in, in->n, &text);
        ++*line;
        if (span_strip(text).n == 0)
            return false; /* the body begins */
        if (text.p[0] == ' ' || text.p[0] == '\t')
            continue;
        colon = memchr(text.p, ':', text.n);
        *out = (struct header){ .name = SPAN_EMPTY, .value = SPAN_EMPTY, .line = *line };
        if (!colon)
            return true;
        out->name = span_of(text.p, (size_t)(colon - text.p));
        out->value = span_strip(span_from(text, out->name.n + 1));
        return true;
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
