/*
 * A trust file: YAML 1.1 by libyaml's events, held to the one shape that docs/SIGNING.md tells.
 * What is not understood is an error, with line and column.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <yaml.h>

#include "base/status.h"
#include "trust/keys.h"

#define TEXT_MAX       ((size_t)256 * 1024) /* bytes of one value: an armored keyring may be one */
#define NAME_MAX_BYTES 100

struct reader {
    struct keys *k;
    const char *path;
    struct pratique_error *err;
    yaml_parser_t parser;
    yaml_event_t event; /* the latest */
    bool has_event;
    enum pratique_status status; /* the first failure */
};

/* A scalar, copied into the arena, and where it stands. */
struct scalar {
    const char *text;
    yaml_mark_t at;
};

/* An entry of the list. */
struct entry {
    struct scalar name, key, file, expires, identity, space;
    unsigned roles;
};

static bool wrong(struct reader *r, yaml_mark_t at, const char *fmt, ...) PRINTF_LIKE(3, 4);
static bool wrong(struct reader *r, yaml_mark_t at, const char *fmt, ...)
{
    char what[400];
    va_list ap;

    if (r->status != PRATIQUE_OK)
        return false;
    va_start(ap, fmt);
    (void)vsnprintf(what, sizeof what, fmt, ap);
    va_end(ap);
    r->status = error_set(r->err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET, "%.100s:%zu:%zu: %s",
                          r->path, at.line + 1, at.column + 1, what);
    return false;
}

static bool no_memory(struct reader *r)
{
    r->status =
        error_set(r->err, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "while reading %.100s", r->path);
    return false;
}

/* ---- events ---- */

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

static bool next(struct reader *r)
{
    if (r->has_event)
        yaml_event_delete(&r->event);
    r->has_event = false;
    if (r->status != PRATIQUE_OK)
        return false;
    if (!yaml_parser_parse(&r->parser, &r->event)) {
        if (r->parser.error == YAML_MEMORY_ERROR)
            return no_memory(r);
        return wrong(r, r->parser.problem_mark, "no YAML: %s",
                     r->parser.problem ? r->parser.problem : "it cannot be read");
    }
    r->has_event = true;
    if (has_extras(&r->event))
        return wrong(r, r->event.start_mark, "anchors, aliases and tags are not taken here");
    return true;
}

static bool next_is(struct reader *r, yaml_event_type_t type, const char *should)
{
    if (!next(r))
        return false;
    return r->event.type == type || wrong(r, r->event.start_mark, "%s should be here", should);
}

/* The event at hand as a text that is not empty. */
static bool scalar(struct reader *r, struct scalar *out, const char *should)
{
    const yaml_event_t *e = &r->event;

    out->at = e->start_mark;
    if (e->type != YAML_SCALAR_EVENT || e->data.scalar.length == 0)
        return wrong(r, e->start_mark, "%s should be here", should);
    if (e->data.scalar.length > TEXT_MAX)
        return wrong(r, e->start_mark, "a value of more than %zu bytes", TEXT_MAX);
    if (memchr(e->data.scalar.value, 0, e->data.scalar.length))
        return wrong(r, e->start_mark, "a NUL character");
    out->text = arena_copy(&r->k->arena, e->data.scalar.value, e->data.scalar.length);
    return out->text ? true : no_memory(r);
}

/* The next key of the mapping at hand; false at its end, and on failure. */
static bool next_key(struct reader *r, struct scalar *out)
{
    if (!next(r) || r->event.type == YAML_MAPPING_END_EVENT)
        return false;
    return scalar(r, out, "a key");
}

/* Which of names the key is; names_n when it is none of them, or was seen before. */
static size_t known_key(struct reader *r, const struct scalar *key, const char *const *names,
                        size_t names_n, unsigned *seen)
{
    char list[160] = "";
    size_t at = 0;

    for (size_t i = 0; i < names_n; i++) {
        if (strcmp(key->text, names[i]) == 0 && *seen & 1u << i) {
            (void)wrong(r, key->at, "'%s' is there already", names[i]);
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
    (void)wrong(r, key->at, "unknown key '%.40s'; there are: %s", key->text, list);
    return names_n;
}

/* ---- values ---- */

/* "2026-12-31" as the second after that day in UTC; 0: it is no date. */
static int64_t day_after(const char *text)
{
    struct tm tm = { .tm_isdst = 0 }, asked;
    int64_t t;

    if (strlen(text) != 10 || strspn(text, "0123456789-") != 10 || text[4] != '-' ||
        text[7] != '-' || sscanf(text, "%4d-%2d-%2d", &tm.tm_year, &tm.tm_mon, &tm.tm_mday) != 3)
        return 0;
    tm.tm_year -= 1900, tm.tm_mon -= 1;
    asked = tm;
    t = timegm(&tm);
    if (t <= 0 || tm.tm_mon != asked.tm_mon || tm.tm_mday != asked.tm_mday)
        return 0;
    return t + 86400;
}

static bool read_roles(struct reader *r, struct entry *e)
{
    static const char *const names[] = { "manifest", "artifact", "attestation" };
    struct scalar role;

    if (!next_is(r, YAML_SEQUENCE_START_EVENT, "a list of roles"))
        return false;
    while (next(r) && r->event.type != YAML_SEQUENCE_END_EVENT) {
        unsigned bit = 0;

        if (!scalar(r, &role, "a role"))
            return false;
        for (unsigned i = 0; i < ARRAY_LEN(names); i++)
            bit |= strcmp(role.text, names[i]) == 0 ? 1u << i : 0;
        if (!bit)
            return wrong(r, role.at,
                         "no role is called '%.40s'; there are: manifest, artifact, attestation",
                         role.text);
        if (e->roles & bit)
            return wrong(r, role.at, "the role '%s' is there already", role.text);
        e->roles |= bit;
    }
    return r->status == PRATIQUE_OK;
}

/* ---- entries ---- */

enum entry_key {
    ENTRY_NAME,
    ENTRY_KEY,
    ENTRY_FILE,
    ENTRY_ROLES,
    ENTRY_EXPIRES,
    ENTRY_IDENTITY,
    ENTRY_SPACE,
    ENTRY_KEYS
};

static const char *const entry_keys[ENTRY_KEYS] = { "name",    "key",      "file",     "roles",
                                                    "expires", "identity", "namespace" };

static bool read_value(struct reader *r, struct entry *e, enum entry_key key)
{
    struct scalar *const texts[ENTRY_KEYS] = {
        [ENTRY_NAME] = &e->name,       [ENTRY_KEY] = &e->key,           [ENTRY_FILE] = &e->file,
        [ENTRY_EXPIRES] = &e->expires, [ENTRY_IDENTITY] = &e->identity, [ENTRY_SPACE] = &e->space
    };

    if (key == ENTRY_ROLES)
        return read_roles(r, e);
    return next(r) && scalar(r, texts[key], "a text");
}

static bool is_plain(const char *s)
{
    for (; *s; s++)
        if ((unsigned char)*s < ' ' || *s == 0x7f)
            return false;
    return true;
}

static bool check_entry(struct reader *r, const struct entry *e, yaml_mark_t at, unsigned seen,
                        size_t first)
{
    if (!e->name.text || !(seen & 1u << ENTRY_ROLES))
        return wrong(r, at, "the entry has no %s", e->name.text ? "roles" : "name");
    if (!e->roles)
        return wrong(r, at, "the entry has no role: it would be of no use");
    if (!e->key.text == !e->file.text)
        return wrong(r, at, "the entry should have a key or a file, and not both");
    if (strlen(e->name.text) > NAME_MAX_BYTES || !is_plain(e->name.text))
        return wrong(r, e->name.at, "a name is one line of at most %d bytes", NAME_MAX_BYTES);
    if (e->expires.text && !day_after(e->expires.text))
        return wrong(r, e->expires.at, "should be a date such as 2026-12-31, not '%.40s'",
                     e->expires.text);
    for (size_t i = first; i < r->k->n; i++)
        if (strcmp(r->k->list[i].name, e->name.text) == 0)
            return wrong(r, e->name.at, "the name '%.100s' is there already", e->name.text);
    return true;
}

/* Files lie beside the trust file, unless their path says otherwise. */
static const char *path_of(struct reader *r, const char *file)
{
    const char *slash = strrchr(r->path, '/');

    if (file[0] == '/' || !slash)
        return file;
    return arena_printf(&r->k->arena, "%.*s/%s", (int)(slash - r->path), r->path, file);
}

/* Adds the keys of an entry; what is wrong with them is told with the entry's place. */
static bool add_keys(struct reader *r, const struct entry *e)
{
    const char *path = e->file.text ? path_of(r, e->file.text) : NULL;
    struct pratique_error err = { .status = PRATIQUE_OK };
    enum pratique_status status = PRATIQUE_OK;
    struct buf file;

    buf_init(&file, 0);
    if (e->file.text && !path)
        return no_memory(r);
    if (path)
        status = keyfile_read(path, KEYFILE_PUBLIC, &file, &err);
    if (status == PRATIQUE_OK)
        status = keys_add_bytes(r->k, e->name.text,
                                path ? span_of(file.p, file.n) : span_text(e->key.text), &err);
    keyfile_wipe(&file);
    if (status == PRATIQUE_OK)
        return true;
    (void)wrong(r, e->file.text ? e->file.at : e->key.at, "%s", err.msg);
    r->status = r->err->status = status;
    return false;
}

static bool read_entry(struct reader *r, size_t first)
{
    yaml_mark_t at = r->event.start_mark;
    struct entry e = { .roles = 0 };
    size_t before = r->k->n;
    unsigned seen = 0;
    struct scalar key;

    if (r->event.type != YAML_MAPPING_START_EVENT)
        return wrong(r, at, "an entry with name, key or file, and roles should be here");
    while (next_key(r, &key)) {
        size_t which = known_key(r, &key, entry_keys, ENTRY_KEYS, &seen);

        if (which == ENTRY_KEYS || !read_value(r, &e, (enum entry_key)which))
            return false;
    }
    if (r->status != PRATIQUE_OK || !check_entry(r, &e, at, seen, first) || !add_keys(r, &e))
        return false;
    for (size_t i = before; i < r->k->n; i++) {
        r->k->list[i].roles = e.roles;
        r->k->list[i].expires = e.expires.text;
        r->k->list[i].expires_at = e.expires.text ? day_after(e.expires.text) : 0;
        r->k->list[i].identity = e.identity.text;
        r->k->list[i].space = e.space.text;
    }
    return true;
}

/* ---- the whole ---- */

static bool read_keys(struct reader *r)
{
    size_t first = r->k->n;

    if (!next_is(r, YAML_SEQUENCE_START_EVENT, "a list of keys"))
        return false;
    while (next(r) && r->event.type != YAML_SEQUENCE_END_EVENT)
        if (!read_entry(r, first))
            return false;
    return r->status == PRATIQUE_OK;
}

static bool read_version(struct reader *r)
{
    struct scalar value;

    return next(r) && scalar(r, &value, "1") &&
           (strcmp(value.text, "1") == 0 ||
            wrong(r, value.at, "version '%.40s' is not known; it is 1", value.text));
}

static bool read_top(struct reader *r)
{
    static const char *const names[] = { "version", "keys" };
    struct scalar key;
    yaml_mark_t at;
    unsigned seen = 0;

    if (!next_is(r, YAML_MAPPING_START_EVENT, "version: 1"))
        return false;
    at = r->event.start_mark;
    while (next_key(r, &key)) {
        size_t which = known_key(r, &key, names, ARRAY_LEN(names), &seen);

        if (which == ARRAY_LEN(names) || !(which == 0 ? read_version(r) : read_keys(r)))
            return false;
    }
    if (r->status == PRATIQUE_OK && seen != 3)
        return wrong(r, at, seen & 1 ? "keys: is missing" : "version: 1 is missing");
    return r->status == PRATIQUE_OK;
}

static bool read_file(struct reader *r)
{
    return next_is(r, YAML_STREAM_START_EVENT, "a trust file") &&
           next_is(r, YAML_DOCUMENT_START_EVENT, "a trust file") && read_top(r) &&
           next_is(r, YAML_DOCUMENT_END_EVENT, "the end of the trust file") &&
           next_is(r, YAML_STREAM_END_EVENT, "the end of the file, and no second document,");
}

enum pratique_status trustfile_add(struct keys *k, const char *path, struct span bytes,
                                   struct pratique_error *err)
{
    struct reader r = { .k = k, .path = path, .err = err };

    if (!yaml_parser_initialize(&r.parser))
        return error_set(err, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "while reading %.100s", path);
    yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&r.parser, bytes.p, bytes.n);
    (void)read_file(&r);
    if (r.has_event)
        yaml_event_delete(&r.event);
    yaml_parser_delete(&r.parser);
    return r.status;
}
