/* See xml.h. */
#include "format/xml/xml.h"

#include <ctype.h>

#include "base/compiler.h"

void xml_begin(struct xml *x, struct scan *s, struct span in)
{
    *x = (struct xml){ .s = s, .in = in };
    if (span_starts(in, SPAN_LITERAL("\xEF\xBB\xBF")))
        x->at = 3;
    x->open = scan_map(s, XML_DEPTH_MAX * sizeof *x->open);
    x->entities = scan_map(s, XML_SLOTS * sizeof *x->entities);
    if (!x->open || !x->entities)
        x->status = scan_fail_budget(s, 0);
}

void xml_end(struct xml *x)
{
    scan_unmap(x->s, x->open, XML_DEPTH_MAX * sizeof *x->open);
    scan_unmap(x->s, x->entities, XML_SLOTS * sizeof *x->entities);
    x->open = NULL;
    x->entities = NULL;
}

static enum xml_event bad(struct xml *x, const char *why)
{
    if (x->status == PRATIQUE_OK)
        x->status = scan_fail(x->s, PRATIQUE_E_FORMAT, x->at, "XML: %s", why);
    return XML_BAD;
}

/* ---- small parts ---- */

static struct span rest(const struct xml *x)
{
    return span_from(x->in, x->at);
}

static bool at_text(const struct xml *x, const char *text)
{
    return span_starts(rest(x), span_text(text));
}

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void skip_blanks(struct xml *x)
{
    while (x->at < x->in.n && is_blank(x->in.p[x->at]))
        x->at++;
}

static bool is_name_byte(uint8_t c)
{
    return isalnum(c) || c == '_' || c == ':' || c == '-' || c == '.' || c >= 0x80;
}

static struct span take_name(struct xml *x)
{
    size_t start = x->at;

    while (x->at < x->in.n && is_name_byte(x->in.p[x->at]))
        x->at++;
    return span_of(x->in.p + start, x->at - start);
}

/* Up to end, which is passed; false when it is not there. */
static bool take_until(struct xml *x, const char *end, struct span *out)
{
    size_t hit = span_find(x->in, x->at, span_text(end));

    if (hit == SIZE_MAX)
        return false;
    *out = span_of(x->in.p + x->at, hit - x->at);
    x->at = hit + strlen(end);
    return true;
}

/* A literal in quotes. */
static bool take_literal(struct xml *x, struct span *out)
{
    char end[2] = { 0 };

    skip_blanks(x);
    if (x->at >= x->in.n || (x->in.p[x->at] != '"' && x->in.p[x->at] != '\''))
        return false;
    end[0] = (char)x->in.p[x->at++];
    return take_until(x, end, out);
}

struct span xml_local(struct span name)
{
    const uint8_t *colon = name.n ? memchr(name.p, ':', name.n) : NULL;

    return colon ? span_from(name, (size_t)(colon - name.p) + 1) : name;
}

bool xml_attribute(struct span *attributes, struct span *name, struct span *value)
{
    struct xml x = { .in = *attributes };

    skip_blanks(&x);
    *name = take_name(&x);
    skip_blanks(&x);
    if (name->n == 0 || x.at >= x.in.n || x.in.p[x.at] != '=')
        return false;
    x.at++;
    if (!take_literal(&x, value))
        return false;
    *attributes = span_from(*attributes, x.at);
    return true;
}

struct span xml_get(struct span attributes, const char *name)
{
    struct span key, value;

    while (xml_attribute(&attributes, &key, &value))
        if (span_is(xml_local(key), name))
            return value;
    return SPAN_EMPTY;
}

/* ---- entities ---- */

/* The slot of that name, or the free one for it. There is always a free one. */
static struct xml_entity *slot_of(const struct xml *x, struct span name)
{
    uint32_t h = 2166136261u;

    for (size_t i = 0; i < name.n; i++)
        h = (h ^ name.p[i]) * 16777619u;
    for (size_t i = h % XML_SLOTS;; i = (i + 1) % XML_SLOTS)
        if (!x->entities[i].used || span_equal(x->entities[i].name, name))
            return &x->entities[i];
}

#define FAR_TOO_MUCH (UINT64_C(1) << 40)

/* How long a text is when what it refers to is put in. */
static uint64_t grown_size(const struct xml *x, struct span text)
{
    uint64_t size = text.n;
    const uint8_t *hit;

    if (x->entities_n == 0)
        return size;
    while (text.n > 0 && (hit = memchr(text.p, '&', text.n)) && size <= FAR_TOO_MUCH) {
        size_t n = 0;

        text = span_from(text, (size_t)(hit - text.p) + 1);
        while (n < text.n && is_name_byte(text.p[n]))
            n++;
        size += slot_of(x, span_of(text.p, n))->size;
    }
    return size;
}

/*
 * An entity may refer to one that is declared behind it: its size is not known yet. Noted, so that
 * the one behind is told of when it comes; it may lead back as well.
 */
static void note_wanted(struct xml *x, struct span text)
{
    static const char *const own[] = { "lt", "gt", "amp", "quot", "apos", "" };
    const uint8_t *hit;

    while (text.n > 0 && (hit = memchr(text.p, '&', text.n))) {
        struct xml_entity *entity;
        size_t n = 0;
        bool plain = false;

        text = span_from(text, (size_t)(hit - text.p) + 1);
        while (n < text.n && is_name_byte(text.p[n]))
            n++;
        for (size_t i = 0; i < ARRAY_LEN(own) && !plain; i++)
            plain = span_is(span_of(text.p, n), own[i]);
        entity = plain ? NULL : slot_of(x, span_of(text.p, n));
        if (entity && !entity->used && x->entities_n < XML_ENTITIES_MAX) {
            *entity = (struct xml_entity){ span_of(text.p, n), 0, true, true };
            x->entities_n++;
        }
    }
}

/* "%name;" puts a parameter's text in: what it holds is not followed, so its size is not known. */
static enum xml_event add_entity(struct xml *x, struct span name, struct span value)
{
    uint64_t size = grown_size(x, value);
    struct xml_entity *entity;
    bool wanted;

    note_wanted(x, value);
    entity = slot_of(x, name);
    wanted = entity->used && entity->wanted;
    x->name = name;
    x->text = value;
    if (x->entities_n < XML_ENTITIES_MAX && !entity->used) { /* the first declaration counts */
        *entity = (struct xml_entity){ name, size, true, false };
        x->entities_n++;
    }
    if ((size > XML_GROWTH_MAX || wanted || x->entities_n == XML_ENTITIES_MAX) && !x->told_growth) {
        x->told_growth = true;
        return XML_GROWS;
    }
    return XML_EOF;
}

/* "SYSTEM 'x'", "PUBLIC 'y' 'x'": the address is the last. False: neither. */
static bool take_external(struct xml *x, struct span *address)
{
    bool public;

    skip_blanks(x);
    public = at_text(x, "PUBLIC");
    if (!public && !at_text(x, "SYSTEM"))
        return false;
    x->at += 6;
    if (!take_literal(x, address))
        return false;
    if (public) {
        struct span system;

        if (take_literal(x, &system))
            *address = system;
    }
    return true;
}

/* A parameter that declares entities in turn hides them: its text is not followed. */
static bool declares(struct span value)
{
    return span_find(value, 0, SPAN_LITERAL("ENTITY")) != SIZE_MAX ||
           span_find(value, 0, SPAN_LITERAL("&#")) != SIZE_MAX ||
           span_find(value, 0, SPAN_LITERAL("%")) != SIZE_MAX;
}

/* Behind "<!ENTITY". XML_EOF: nothing to tell. */
static enum xml_event read_entity(struct xml *x)
{
    struct span value, gone;
    enum xml_event event = XML_EOF;
    bool parameter;

    skip_blanks(x);
    parameter = at_text(x, "%");
    if (parameter) {
        x->at++;
        skip_blanks(x);
    }
    x->name = take_name(x);
    if (take_external(x, &value)) {
        x->text = value;
        event = XML_ENTITY;
    } else if (take_literal(x, &value)) {
        event = add_entity(x, x->name, value);
        if (parameter && event == XML_EOF && declares(value))
            event = XML_ENTITY;
    } else {
        return bad(x, "a broken entity");
    }
    return take_until(x, ">", &gone) ? event : bad(x, "an entity does not end");
}

/* ---- the document type ---- */

/* A declaration that says nothing of interest: quotes in it may hold anything. */
static bool skip_declaration(struct xml *x)
{
    struct span gone;

    while (x->at < x->in.n && x->in.p[x->at] != '>')
        if (x->in.p[x->at] == '"' || x->in.p[x->at] == '\'') {
            if (!take_literal(x, &gone))
                return false;
        } else {
            x->at++;
        }
    return x->at < x->in.n && ++x->at;
}

/* One declaration of the internal subset; XML_EOF: go on. */
static enum xml_event read_subset(struct xml *x)
{
    struct span gone;

    skip_blanks(x);
    x->offset = x->at;
    if (at_text(x, "]")) {
        x->at++;
        x->subset = false;
        skip_blanks(x);
        return take_until(x, ">", &gone) ? XML_EOF : bad(x, "a document type does not end");
    }
    if (at_text(x, "<!ENTITY")) {
        x->at += 8;
        return read_entity(x);
    }
    if (at_text(x, "<!--"))
        return take_until(x, "-->", &gone) ? XML_EOF : bad(x, "a comment does not end");
    if (at_text(x, "<?"))
        return take_until(x, "?>", &gone) ? XML_EOF : bad(x, "an instruction does not end");
    if (at_text(x, "%"))
        return take_until(x, ";", &gone) ? XML_EOF : bad(x, "a broken reference");
    if (at_text(x, "<!"))
        return skip_declaration(x) ? XML_EOF : bad(x, "a declaration does not end");
    return bad(x, "something else in a document type");
}

static enum xml_event read_doctype(struct xml *x)
{
    struct span gone;

    x->at += 9;
    skip_blanks(x);
    x->name = take_name(x);
    x->text = SPAN_EMPTY;
    (void)take_external(x, &x->text);
    skip_blanks(x);
    if (at_text(x, "[")) {
        x->at++;
        x->subset = true;
    } else if (!take_until(x, ">", &gone)) {
        return bad(x, "a document type does not end");
    }
    return XML_DOCTYPE;
}

/* ---- elements ---- */

/* To the '>' of a start tag; values in quotes may hold one. */
static bool take_attributes(struct xml *x)
{
    size_t start = x->at;
    struct span gone;

    while (x->at < x->in.n && x->in.p[x->at] != '>') {
        if (x->in.p[x->at] == '<')
            return false;
        if (x->in.p[x->at] == '"' || x->in.p[x->at] == '\'') {
            if (!take_literal(x, &gone))
                return false;
        } else {
            x->at++;
        }
    }
    if (x->at >= x->in.n)
        return false;
    x->empty = x->at > start && x->in.p[x->at - 1] == '/';
    x->text = span_of(x->in.p + start, x->at - start - x->empty);
    x->at++;
    return true;
}

static enum xml_event read_open(struct xml *x)
{
    x->at++;
    x->name = take_name(x);
    if (x->name.n == 0)
        return bad(x, "an element without a name");
    if (x->depth == 0 && x->rooted)
        return bad(x, "more than one root");
    if (x->depth == XML_DEPTH_MAX)
        return bad(x, "nested more than 1000 deep");
    if (!take_attributes(x))
        return bad(x, "an element does not end");
    x->rooted = true;
    x->open[x->depth++] = x->name;
    return XML_OPEN;
}

static enum xml_event close_element(struct xml *x, struct span name)
{
    if (x->depth == 0 || !span_equal(x->open[x->depth - 1], name))
        return bad(x, "an element ends that was not open");
    x->name = name;
    x->depth--;
    return XML_CLOSE;
}

static enum xml_event read_close(struct xml *x)
{
    struct span name;

    x->at += 2;
    name = take_name(x);
    skip_blanks(x);
    if (!at_text(x, ">"))
        return bad(x, "an end tag does not end");
    x->at++;
    return close_element(x, name);
}

static enum xml_event read_markup(struct xml *x)
{
    struct span gone;

    if (at_text(x, "<!--")) {
        x->at += 4;
        return take_until(x, "-->", &gone) ? XML_EOF : bad(x, "a comment does not end");
    }
    if (at_text(x, "<![CDATA[")) {
        x->at += 9;
        return take_until(x, "]]>", &x->text) ? XML_TEXT : bad(x, "a section does not end");
    }
    if (at_text(x, "<!DOCTYPE"))
        return x->rooted ? bad(x, "a document type behind the root") : read_doctype(x);
    if (at_text(x, "<?")) {
        x->at += 2;
        x->name = take_name(x);
        return take_until(x, "?>", &x->text) ? XML_PI : bad(x, "an instruction does not end");
    }
    return at_text(x, "</") ? read_close(x) : read_open(x);
}

static enum xml_event read_text(struct xml *x)
{
    const uint8_t *hit = memchr(x->in.p + x->at, '<', x->in.n - x->at);
    size_t end = hit ? (size_t)(hit - x->in.p) : x->in.n;

    x->text = span_of(x->in.p + x->at, end - x->at);
    x->at = end;
    x->grown += grown_size(x, x->text);
    if (x->grown - (x->grown < x->in.n ? x->grown : x->in.n) > XML_GROWTH_MAX && !x->told_growth) {
        x->told_growth = true;
        x->name = SPAN_LITERAL("(all)");
        return XML_GROWS;
    }
    return XML_TEXT;
}

enum xml_event xml_next(struct xml *x)
{
    for (;;) {
        enum xml_event event;

        if (x->status != PRATIQUE_OK)
            return XML_BAD;
        if (++x->events % 4096 == 0 && !budget_time(x->s->budget)) {
            x->status = scan_fail_budget(x->s, x->at);
            return XML_BAD;
        }
        if (x->empty) {
            x->empty = false;
            return close_element(x, x->open[x->depth - 1]);
        }
        x->offset = x->at;
        if (x->at >= x->in.n)
            return x->depth > 0 || !x->rooted || x->subset ? bad(x, "it ends too early") : XML_EOF;
        event = x->subset ? read_subset(x) : x->in.p[x->at] == '<' ? read_markup(x) : read_text(x);
        if (event != XML_EOF)
            return event;
    }
}
