/*
 * A trust file: YAML 1.1 by libyaml's events, held to the one shape that docs/SIGNING.md tells.
 * What is not understood is an error, with line and column.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "input/conf.h"
#include "trust/sign/keys.h"

#define TEXT_MAX       ((size_t)256 * 1024) /* bytes of one value: an armored keyring may be one */
#define NAME_MAX_BYTES 100

struct reader {
    struct conf c;
    struct keys *k;
};

/* An entry of the list. */
struct entry {
    struct conf_text name, key, file, expires, identity, space;
    unsigned roles;
};

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
    struct conf_text role;

    if (!conf_next_is(&r->c, YAML_SEQUENCE_START_EVENT, "a list of roles"))
        return false;
    while (conf_next(&r->c) && r->c.event.type != YAML_SEQUENCE_END_EVENT) {
        unsigned bit = 0;

        if (!conf_take(&r->c, &role, "a role"))
            return false;
        for (unsigned i = 0; i < ARRAY_LEN(names); i++)
            bit |= strcmp(role.text, names[i]) == 0 ? 1u << i : 0;
        if (!bit)
            return conf_wrong(
                &r->c, role.at,
                "no role is called '%.40s'; there are: manifest, artifact, attestation", role.text);
        if (e->roles & bit)
            return conf_wrong(&r->c, role.at, "the role '%s' is there already", role.text);
        e->roles |= bit;
    }
    return r->c.status == PRATIQUE_OK;
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
    struct conf_text *const texts[ENTRY_KEYS] = {
        [ENTRY_NAME] = &e->name,       [ENTRY_KEY] = &e->key,           [ENTRY_FILE] = &e->file,
        [ENTRY_EXPIRES] = &e->expires, [ENTRY_IDENTITY] = &e->identity, [ENTRY_SPACE] = &e->space
    };

    if (key == ENTRY_ROLES)
        return read_roles(r, e);
    return conf_next(&r->c) && conf_take(&r->c, texts[key], "a text");
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
        return conf_wrong(&r->c, at, "the entry has no %s", e->name.text ? "roles" : "name");
    if (!e->roles)
        return conf_wrong(&r->c, at, "the entry has no role: it would be of no use");
    if (!e->key.text == !e->file.text)
        return conf_wrong(&r->c, at, "the entry should have a key or a file, and not both");
    if (strlen(e->name.text) > NAME_MAX_BYTES || !is_plain(e->name.text))
        return conf_wrong(&r->c, e->name.at, "a name is one line of at most %d bytes",
                          NAME_MAX_BYTES);
    if (e->expires.text && !day_after(e->expires.text))
        return conf_wrong(&r->c, e->expires.at, "should be a date such as 2026-12-31, not '%.40s'",
                          e->expires.text);
    for (size_t i = first; i < r->k->n; i++)
        if (strcmp(r->k->list[i].name, e->name.text) == 0)
            return conf_wrong(&r->c, e->name.at, "the name '%.100s' is there already",
                              e->name.text);
    return true;
}

/* Files lie beside the trust file, unless their path says otherwise. */
static const char *path_of(struct reader *r, const char *file)
{
    const char *slash = strrchr(r->c.path, '/');

    if (file[0] == '/' || !slash)
        return file;
    return arena_printf(&r->k->arena, "%.*s/%s", (int)(slash - r->c.path), r->c.path, file);
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
        return conf_no_memory(&r->c);
    if (path)
        status = keyfile_read(path, KEYFILE_PUBLIC, &file, &err);
    if (status == PRATIQUE_OK)
        status = keys_add_bytes(r->k, e->name.text,
                                path ? span_of(file.p, file.n) : span_text(e->key.text), &err);
    keyfile_wipe(&file);
    if (status == PRATIQUE_OK)
        return true;
    (void)conf_wrong(&r->c, e->file.text ? e->file.at : e->key.at, "%s", err.msg);
    r->c.status = r->c.err->status = status;
    return false;
}

static bool read_entry(struct reader *r, size_t first)
{
    yaml_mark_t at = r->c.event.start_mark;
    struct entry e = { .roles = 0 };
    size_t before = r->k->n;
    unsigned seen = 0;
    struct conf_text key;

    if (r->c.event.type != YAML_MAPPING_START_EVENT)
        return conf_wrong(&r->c, at, "an entry with name, key or file, and roles should be here");
    while (conf_next_key(&r->c, &key)) {
        size_t which = conf_known_key(&r->c, &key, entry_keys, ENTRY_KEYS, &seen);

        if (which == ENTRY_KEYS || !read_value(r, &e, (enum entry_key)which))
            return false;
    }
    if (r->c.status != PRATIQUE_OK || !check_entry(r, &e, at, seen, first) || !add_keys(r, &e))
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

    if (!conf_next_is(&r->c, YAML_SEQUENCE_START_EVENT, "a list of keys"))
        return false;
    while (conf_next(&r->c) && r->c.event.type != YAML_SEQUENCE_END_EVENT)
        if (!read_entry(r, first))
            return false;
    return r->c.status == PRATIQUE_OK;
}

static bool read_version(struct reader *r)
{
    struct conf_text value;

    return conf_next(&r->c) && conf_take(&r->c, &value, "1") &&
           (strcmp(value.text, "1") == 0 ||
            conf_wrong(&r->c, value.at, "version '%.40s' is not known; it is 1", value.text));
}

static bool read_top(struct reader *r)
{
    static const char *const names[] = { "version", "keys" };
    struct conf_text key;
    yaml_mark_t at;
    unsigned seen = 0;

    if (!conf_next_is(&r->c, YAML_MAPPING_START_EVENT, "version: 1"))
        return false;
    at = r->c.event.start_mark;
    while (conf_next_key(&r->c, &key)) {
        size_t which = conf_known_key(&r->c, &key, names, ARRAY_LEN(names), &seen);

        if (which == ARRAY_LEN(names) || !(which == 0 ? read_version(r) : read_keys(r)))
            return false;
    }
    if (r->c.status == PRATIQUE_OK && seen != 3)
        return conf_wrong(&r->c, at, seen & 1 ? "keys: is missing" : "version: 1 is missing");
    return r->c.status == PRATIQUE_OK;
}

static bool read_file(struct reader *r)
{
    return conf_next_is(&r->c, YAML_STREAM_START_EVENT, "a trust file") &&
           conf_next_is(&r->c, YAML_DOCUMENT_START_EVENT, "a trust file") && read_top(r) &&
           conf_next_is(&r->c, YAML_DOCUMENT_END_EVENT, "the end of the trust file") &&
           conf_next_is(&r->c, YAML_STREAM_END_EVENT,
                        "the end of the file, and no second document,");
}

enum pratique_status trustfile_add(struct keys *k, const char *path, struct span bytes,
                                   struct pratique_error *err)
{
    struct reader r = {
        .k = k, .c = { .path = path, .arena = &k->arena, .text_max = TEXT_MAX, .err = err }
    };

    if (!conf_begin(&r.c, bytes))
        return r.c.status;
    (void)read_file(&r);
    conf_end(&r.c);
    return r.c.status;
}
