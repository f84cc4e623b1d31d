/* See tag.h. Spec: XML 1.0 (fifth edition), sections 2.4 to 2.6, 3.1, 4.1. */
#include "format/openvino/tag.h"

#include "base/compiler.h"
#include "base/digit.h"
#include "base/utf8.h"

static bool is_space(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void skip_space(struct span *in)
{
    while (in->n > 0 && is_space(in->p[0]))
        (void)skip(in, 1);
}

/* Passes over everything up to end, and end. */
static bool skip_past(struct span *in, const char *end)
{
    size_t at = span_find(*in, 0, span_text(end));

    return at != SIZE_MAX && skip(in, at + strlen(end));
}

static bool is_name_byte(uint8_t c)
{
    return !is_space(c) && !memchr("=/><\"'&", c, 7) && c >= ' ';
}

static struct span take_name(struct span *in)
{
    struct span name;
    size_t n = 0;

    while (n < in->n && is_name_byte(in->p[n]))
        n++;
    (void)take(in, n, &name);
    return name;
}

/* Offset of the '>' that ends a tag; one within quotes does not. */
static size_t end_of_tag(struct span in)
{
    uint8_t quote = 0;

    for (size_t i = 0; i < in.n; i++) {
        uint8_t c = in.p[i];

        if (quote) {
            quote = c == quote ? 0 : quote;
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else if (c == '>') {
            return i;
        } else if (c == '<') {
            return SIZE_MAX;
        }
    }
    return SIZE_MAX;
}

static enum tag_result take_tag(struct span *in, struct tag *t)
{
    size_t n = end_of_tag(*in);
    struct span body;

    if (n == SIZE_MAX || !take(in, n, &body) || !skip(in, 1))
        return TAG_BROKEN;
    t->end = span_starts(body, SPAN_LITERAL("/")) && skip(&body, 1);
    t->empty = span_ends(body, SPAN_LITERAL("/"));
    body.n -= t->empty;
    t->name = take_name(&body);
    t->attributes = body;
    return t->name.n > 0 ? TAG_FOUND : TAG_BROKEN;
}

enum tag_result tag_next(struct span *in, struct tag *t)
{
    *t = (struct tag){ .name = SPAN_EMPTY, .attributes = SPAN_EMPTY };
    for (;;) {
        const uint8_t *hit = in->n ? memchr(in->p, '<', in->n) : NULL;

        if (!hit) {
            *in = SPAN_EMPTY;
            return TAG_NONE;
        }
        (void)skip(in, (uint64_t)(hit - in->p) + 1);
        if (span_starts(*in, SPAN_LITERAL("?"))) {
            if (!skip_past(in, "?>"))
                return TAG_BROKEN;
        } else if (span_starts(*in, SPAN_LITERAL("!--"))) {
            if (!skip(in, 3) || !skip_past(in, "-->"))
                return TAG_BROKEN;
        } else {
            return span_starts(*in, SPAN_LITERAL("!")) ? TAG_BROKEN : take_tag(in, t);
        }
    }
}

bool tag_attribute(struct span *in, struct span *name, struct span *value)
{
    uint8_t quote;
    const uint8_t *hit;

    *value = SPAN_EMPTY;
    skip_space(in);
    *name = take_name(in);
    skip_space(in);
    if (name->n == 0 || !span_starts(*in, SPAN_LITERAL("=")) || !skip(in, 1))
        return false;
    skip_space(in);
    if (!take_u8(in, &quote) || (quote != '"' && quote != '\''))
        return false;
    hit = in->n ? memchr(in->p, quote, in->n) : NULL;
    return hit && take(in, (uint64_t)(hit - in->p), value) && skip(in, 1);
}

/* The number of a character reference, "#65;" or "#x41;", cut off. */
static bool take_number(struct span *in, uint32_t *point)
{
    bool hex = span_starts(*in, SPAN_LITERAL("#x"));
    struct span rest = span_from(*in, hex ? 2 : 1);

    *point = 0;
    while (rest.n > 0 && rest.p[0] != ';') {
        int digit = digit_hex(rest.p[0]);

        if (digit < 0 || (!hex && digit > 9) || *point > 0x10FFFF)
            return false;
        *point = *point * (hex ? 16 : 10) + (uint32_t)digit;
        (void)skip(&rest, 1);
    }
    *in = rest;
    return skip(in, 1) && *point <= 0x10FFFF;
}

static bool take_reference(struct span *in, uint32_t *point)
{
    static const struct {
        const char *text;
        uint32_t point;
    } names[] = {
        { "lt;", '<' }, { "gt;", '>' }, { "amp;", '&' }, { "quot;", '"' }, { "apos;", '\'' }
    };

    if (span_starts(*in, SPAN_LITERAL("#")))
        return take_number(in, point);
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (span_starts(*in, span_text(names[i].text))) {
            *point = names[i].point;
            return skip(in, strlen(names[i].text));
        }
    return false;
}

size_t tag_value(struct span raw, uint8_t *out, size_t size)
{
    size_t n = 0;

    while (raw.n > 0 && n + 4 <= size) {
        uint32_t point = raw.p[0];
        bool reference = point == '&';

        (void)skip(&raw, 1);
        if (reference && take_reference(&raw, &point))
            n += utf8_put(point, out + n);
        else
            out[n++] = reference ? '&' : (uint8_t)point;
    }
    return n;
}
