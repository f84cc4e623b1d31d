/*
 * YAML into a tree, from libyaml's events. What PyYAML and ruamel make of it, as far as it decides
 * what is loaded: tags with their handles resolved, plain scalars by the types of YAML 1.1. An
 * alias of a scalar is that scalar; an alias of a container stays a name, so that nothing can
 * grow (nor turn in a circle).
 *
 * A key that is more than a string (a container, a tagged scalar) is itself put into the tree, as
 * a value with an odd key, before the value that it is the key of.
 *
 * Spec: YAML 1.1 (yaml.org/spec/1.1), as libyaml 0.2.5 reads it; yaml.org/type for the scalars.
 */
#include "format/doc/doc.h"

#include <ctype.h>
#include <strings.h>
#include <yaml.h>

#include "base/compiler.h"
#include "format/doc/parts.h"

struct anchor {
    struct span name, value; /* in the arena */
    bool scalar;
};

/* A document with more names than that is not read to its end. */
#define ANCHORS_MAX 1024

/* What a container's next value is. */
enum turn { ITEM, MAP_KEY, MAP_VALUE };

struct reader {
    struct doc *d;
    yaml_parser_t parser;
    uint8_t *turns;   /* of the open containers; DOC_DEPTH_MAX + 1 */
    size_t index, at; /* libyaml counts characters: where the last mark was, in both */
    size_t mark;      /* the byte order mark, which it does not count */
    struct anchor *anchors;
    size_t anchors_n;
    uint32_t documents;
};

static bool no_memory(struct reader *r)
{
    return doc_stop(r->d, PRATIQUE_E_NOMEM, r->at, "out of memory");
}

static bool continues(uint8_t c)
{
    return (c & 0xC0) == 0x80;
}

/* The byte offset of a mark, from the last one, to either side. */
static size_t offset_of(struct reader *r, yaml_mark_t mark)
{
    struct span in = r->d->in;

    while (r->index < mark.index && r->at < in.n) {
        r->at++;
        while (r->at < in.n && continues(in.p[r->at]))
            r->at++;
        r->index++;
    }
    while (r->index > mark.index && r->at > r->mark) {
        r->at--;
        while (r->at > 0 && continues(in.p[r->at]))
            r->at--;
        r->index--;
    }
    return r->at;
}

/* ---- scalars ---- */

static bool is_number(struct span s)
{
    size_t i = s.n > 0 && (s.p[0] == '-' || s.p[0] == '+');
    bool digit = false;

    if (span_is(span_from(s, i), ".inf") || span_is(s, ".nan") || span_is(s, ".NaN"))
        return true;
    for (; i < s.n; i++) {
        bool sign = (s.p[i] == '-' || s.p[i] == '+') && i > 0 && (s.p[i - 1] | 0x20) == 'e';

        digit |= isdigit(s.p[i]) != 0;
        if (!isdigit(s.p[i]) && !(digit && strchr("eExXobaABcCdDfF_:", s.p[i])) && s.p[i] != '.' &&
            !sign)
            return false;
    }
    return digit;
}

static bool is_word(struct span s, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (s.n == strlen(words[i]) && strncasecmp((const char *)s.p, words[i], s.n) == 0)
            return true;
    return false;
}

static enum doc_kind plain_kind(struct span s)
{
    static const char *const yes[] = { "true", "yes", "on" };
    static const char *const no[] = { "false", "no", "off" };
    static const char *const nothing[] = { "", "~", "null" };

    if (is_word(s, yes, ARRAY_LEN(yes)))
        return DOC_TRUE;
    if (is_word(s, no, ARRAY_LEN(no)))
        return DOC_FALSE;
    if (is_word(s, nothing, ARRAY_LEN(nothing)))
        return DOC_NULL;
    return is_number(s) ? DOC_NUMBER : DOC_STRING;
}

/* The same text in the input, where it stands there as it is; else s. */
static struct span in_input(struct reader *r, struct span s, size_t at, bool quoted)
{
    struct span there;

    if (s.n > 0 && span_sub(r->d->in, at + quoted, s.n, &there) && span_equal(there, s))
        return there;
    return s;
}

/* ---- anchors ---- */

/* The place of that name: where it is, or behind the last. */
static struct anchor *anchor_of(const struct reader *r, struct span name)
{
    size_t i = 0;

    while (i < r->anchors_n && !span_equal(r->anchors[i].name, name))
        i++;
    return &r->anchors[i];
}

/* A name given again stands for the new value. One that is not kept would pass for a text. */
static bool add_anchor(struct reader *r, const yaml_char_t *name, struct span value, bool scalar,
                       size_t at)
{
    struct arena *a = r->d->s->arena;
    struct anchor *slot;
    char *copy;

    if (!name)
        return true;
    if (!r->anchors)
        r->anchors = scan_map(r->d->s, ANCHORS_MAX * sizeof *r->anchors);
    copy = arena_copy(a, name, strlen((const char *)name));
    value.p = scalar ? (const uint8_t *)arena_copy(a, value.p, value.n) : value.p;
    if (!r->anchors || !copy || !value.p)
        return doc_stop(r->d, PRATIQUE_E_LIMIT, at, "");
    slot = anchor_of(r, span_text(copy));
    if (slot == r->anchors + ANCHORS_MAX)
        return doc_stop(r->d, PRATIQUE_E_LIMIT, at, "more than 1024 anchors");
    r->anchors_n += slot == r->anchors + r->anchors_n;
    *slot = (struct anchor){ span_text(copy), value, scalar };
    return true;
}

/* The scalar of that name; NULL: a container's, or none. */
static const struct anchor *find_anchor(const struct reader *r, const yaml_char_t *name)
{
    const struct anchor *slot = r->anchors ? anchor_of(r, span_text((const char *)name)) : NULL;

    return slot && slot < r->anchors + r->anchors_n && slot->scalar ? slot : NULL;
}

/* ---- events ---- */

static enum turn turn_of(const struct reader *r)
{
    return (enum turn)r->turns[r->d->depth];
}

/* What comes next in the container that a value was put into. */
static void turn_over(struct reader *r)
{
    uint8_t *turn = &r->turns[r->d->depth];

    if (*turn != ITEM)
        *turn = *turn == MAP_KEY ? MAP_VALUE : MAP_KEY;
}

static bool put_tag(struct reader *r, const yaml_char_t *tag)
{
    return !tag || doc_put_tag(r->d, span_text((const char *)tag));
}

static bool odd_key(struct reader *r)
{
    return turn_of(r) != MAP_KEY || doc_put_key(r->d, SPAN_EMPTY, DOC_KEY_ODD);
}

static bool put_scalar(struct reader *r, const yaml_event_t *e)
{
    struct span s = span_of(e->data.scalar.value, e->data.scalar.length);
    bool plain = e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    size_t at = offset_of(r, e->start_mark);
    enum doc_kind kind = plain && !e->data.scalar.tag ? plain_kind(s) : DOC_STRING;
    bool key = turn_of(r) == MAP_KEY;

    s = in_input(r, s, at, !plain);
    if (!add_anchor(r, e->data.scalar.anchor, s, true, at))
        return false;
    if (e->data.scalar.tag || !key) {
        if (!odd_key(r) || !doc_put(r->d, kind, at, s, 0) || !put_tag(r, e->data.scalar.tag))
            return false;
    }
    if (key && !doc_put_key(r->d, s, kind == DOC_STRING ? 0 : DOC_KEY_ODD))
        return false;
    turn_over(r);
    return true;
}

static bool put_alias(struct reader *r, const yaml_event_t *e)
{
    struct span name = span_text((const char *)e->data.alias.anchor);
    const struct anchor *anchor = find_anchor(r, e->data.alias.anchor);
    size_t at = offset_of(r, e->start_mark);
    bool key = turn_of(r) == MAP_KEY, ok;

    if (key)
        ok = doc_put_key(r->d, anchor ? anchor->value : name, anchor ? 0 : DOC_KEY_ODD);
    else if (anchor)
        ok = doc_put(r->d, DOC_STRING, at, anchor->value, 0);
    else
        ok = doc_put(r->d, DOC_ALIAS, at, name, 0);
    turn_over(r);
    return ok;
}

static bool open_container(struct reader *r, const yaml_event_t *e, enum doc_kind kind,
                           const yaml_char_t *anchor, const yaml_char_t *tag)
{
    size_t at = offset_of(r, e->start_mark);

    if (!add_anchor(r, anchor, SPAN_EMPTY, false, at) || !odd_key(r) || !doc_open(r->d, kind, at) ||
        !put_tag(r, tag))
        return false;
    r->turns[r->d->depth] = kind == DOC_OBJECT ? MAP_KEY : ITEM;
    return true;
}

/* A container that was a key is behind us: its value has no text for a key. */
static bool close_container(struct reader *r, const yaml_event_t *e)
{
    if (!doc_close(r->d, offset_of(r, e->start_mark)))
        return false;
    if (turn_of(r) == MAP_KEY && !doc_put_key(r->d, SPAN_EMPTY, DOC_KEY_ODD))
        return false;
    turn_over(r);
    return true;
}

/* What one event adds to the tree. */
static bool put_event(struct reader *r, const yaml_event_t *e)
{
    switch (e->type) {
    case YAML_DOCUMENT_START_EVENT:
        r->anchors_n = 0;
        r->documents++;
        return true;
    case YAML_SCALAR_EVENT:
        return put_scalar(r, e);
    case YAML_ALIAS_EVENT:
        return put_alias(r, e);
    case YAML_SEQUENCE_START_EVENT:
        return open_container(r, e, DOC_ARRAY, e->data.sequence_start.anchor,
                              e->data.sequence_start.tag);
    case YAML_MAPPING_START_EVENT:
        return open_container(r, e, DOC_OBJECT, e->data.mapping_start.anchor,
                              e->data.mapping_start.tag);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        return close_container(r, e);
    default:
        return true;
    }
}

static bool parse_failed(struct reader *r)
{
    if (r->parser.error == YAML_MEMORY_ERROR)
        return no_memory(r);
    return doc_stop(r->d, PRATIQUE_E_FORMAT, offset_of(r, r->parser.problem_mark),
                    r->parser.problem ? r->parser.problem : "it does not parse");
}

/* Every event of the stream; only counts the documents when put is false. */
static bool read_events(struct reader *r, bool put)
{
    yaml_event_t e;
    bool last = false;

    for (uint32_t n = 1; !last; n++) {
        bool ok;

        if (n % 4096 == 0 && !budget_time(r->d->s->budget))
            return doc_stop(r->d, PRATIQUE_E_LIMIT, r->at, "");
        if (!yaml_parser_parse(&r->parser, &e))
            return parse_failed(r);
        last = e.type == YAML_STREAM_END_EVENT;
        ok = !put || put_event(r, &e);
        if (!put)
            r->documents += e.type == YAML_DOCUMENT_START_EVENT;
        yaml_event_delete(&e);
        if (!ok)
            return false;
    }
    return true;
}

static bool start(struct reader *r)
{
    if (!yaml_parser_initialize(&r->parser))
        return no_memory(r);
    yaml_parser_set_encoding(&r->parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&r->parser, r->d->in.p, r->d->in.n);
    return true;
}

/* "---" at a line's start, or "..." may start another document. */
static bool may_have_more(struct span in)
{
    size_t off = span_find(in, 1, SPAN_LITERAL("---"));

    while (off != SIZE_MAX && in.p[off - 1] != '\n' && in.p[off - 1] != '\r')
        off = span_find(in, off + 3, SPAN_LITERAL("---"));
    return off != SIZE_MAX || span_find(in, 0, SPAN_LITERAL("...")) != SIZE_MAX;
}

/* How many documents there are, read once over where there may be more than one. */
static bool count_documents(struct reader *r, uint32_t *n)
{
    bool ok;

    *n = 1;
    if (!may_have_more(r->d->in))
        return true;
    if (!start(r))
        return false;
    ok = read_events(r, false);
    yaml_parser_delete(&r->parser);
    *n = r->documents;
    r->documents = 0;
    r->index = 0;
    r->at = r->mark;
    return ok;
}

static bool read_all(struct reader *r)
{
    uint32_t documents;
    bool ok;

    if (!count_documents(r, &documents))
        return false;
    if (documents > 1 && !doc_open(r->d, DOC_ARRAY, 0))
        return false;
    if (!start(r))
        return false;
    ok = read_events(r, true);
    yaml_parser_delete(&r->parser);
    return ok && (documents <= 1 || doc_close(r->d, r->d->in.n));
}

enum pratique_status doc_yaml(struct doc *d, struct scan *s, struct span in)
{
    struct reader r = { .d = d };
    size_t mark = 0;

    doc_begin(d, s, in, "YAML");
    if (!doc_decode(d, &mark))
        return doc_end(d);
    r.at = r.mark = mark;
    r.turns = scan_map(s, DOC_DEPTH_MAX + 2);
    if (r.turns)
        (void)read_all(&r);
    else
        (void)doc_stop(d, PRATIQUE_E_LIMIT, 0, "");
    scan_unmap(s, r.turns, DOC_DEPTH_MAX + 2);
    scan_unmap(s, r.anchors, ANCHORS_MAX * sizeof *r.anchors);
    return doc_end(d);
}
