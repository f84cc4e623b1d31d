/* See conf.h. */
#include "input/conf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/status.h"

bool conf_begin(struct conf *c, struct span bytes)
{
    if (!yaml_parser_initialize(&c->parser)) {
        (void)conf_no_memory(c);
        return false;
    }
    yaml_parser_set_encoding(&c->parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&c->parser, bytes.p, bytes.n);
    return true;
}

void conf_end(struct conf *c)
{
    if (c->has_event)
        yaml_event_delete(&c->event);
    c->has_event = false;
    yaml_parser_delete(&c->parser);
}

bool conf_wrong(struct conf *c, yaml_mark_t at, const char *fmt, ...)
{
    char what[400];
    va_list ap;

    if (c->status != PRATIQUE_OK)
        return false;
    va_start(ap, fmt);
    (void)vsnprintf(what, sizeof what, fmt, ap);
    va_end(ap);
    c->status = error_set(c->err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET, "%.100s:%zu:%zu: %s",
                          c->path, at.line + 1, at.column + 1, what);
    return false;
}

bool conf_no_memory(struct conf *c)
{
    c->status =
        error_set(c->err, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "while reading %.100s", c->path);
    return false;
}

static bool has_extras(const yaml_event_t *e)
{
    switch (e->type) {
    case YAML_SCALAR_EVENT:
        return e->data.scalar.anchor || e->data.scalar.tag;
    case YAML_MAPPING_START_EVENT:
        return e->data.mapping_start.anchor || e->data.mapping_start.tag;
    case YAML_SEQUENCE_START_EVENT:
        return e->data.sequence_start.anchor || e->data.sequence_start.tag;
    default:
        return e->type == YAML_ALIAS_EVENT;
    }
}

bool conf_next(struct conf *c)
{
    if (c->has_event)
        yaml_event_delete(&c->event);
    c->has_event = false;
    if (c->status != PRATIQUE_OK)
        return false;
    if (!yaml_parser_parse(&c->parser, &c->event)) {
        if (c->parser.error == YAML_MEMORY_ERROR)
            return conf_no_memory(c);
        return conf_wrong(c, c->parser.problem_mark, "no YAML: %s",
                          c->parser.problem ? c->parser.problem : "it cannot be read");
    }
    c->has_event = true;
    if (has_extras(&c->event))
        return conf_wrong(c, c->event.start_mark, "anchors, aliases and tags are not taken here");
    return true;
}

bool conf_next_is(struct conf *c, yaml_event_type_t type, const char *should)
{
    if (!conf_next(c))
        return false;
    return c->event.type == type || conf_wrong(c, c->event.start_mark, "%s should be here", should);
}

bool conf_take(struct conf *c, struct conf_text *out, const char *should)
{
    const yaml_event_t *e = &c->event;

    out->at = e->start_mark;
    if (e->type != YAML_SCALAR_EVENT || e->data.scalar.length == 0)
        return conf_wrong(c, e->start_mark, "%s should be here", should);
    if (e->data.scalar.length > c->text_max)
        return conf_wrong(c, e->start_mark, "a value of more than %zu bytes", c->text_max);
    if (memchr(e->data.scalar.value, 0, e->data.scalar.length))
        return conf_wrong(c, e->start_mark, "a NUL character");
    out->text = arena_copy(c->arena, e->data.scalar.value, e->data.scalar.length);
    return out->text ? true : conf_no_memory(c);
}

bool conf_next_text(struct conf *c, struct conf_text *out, const char *should)
{
    return conf_next(c) && conf_take(c, out, should);
}

bool conf_next_key(struct conf *c, struct conf_text *out)
{
    if (!conf_next(c) || c->event.type == YAML_MAPPING_END_EVENT)
        return false;
    return conf_take(c, out, "a key");
}

size_t conf_known_key(struct conf *c, const struct conf_text *key, const char *const *names,
                      size_t names_n, unsigned *seen)
{
    char list[160] = "";
    size_t at = 0;

    for (size_t i = 0; i < names_n; i++) {
        if (strcmp(key->text, names[i]) == 0 && *seen & 1u << i) {
            (void)conf_wrong(c, key->at, "'%s' is there already", names[i]);
            return names_n;
        }
        if (strcmp(key->text, names[i]) == 0) {
            *seen |= 1u << i;
            return i;
        }
        at += at < sizeof list
                  ? (size_t)snprintf(list + at, sizeof list - at, "%s%s", i ? ", " : "", names[i])
                  : 0;
    }
    (void)conf_wrong(c, key->at, "unknown key '%.40s'; there are: %s", key->text, list);
    return names_n;
}
