/*
 * Reads a policy file: YAML 1.1 by libyaml's events, held to the one shape that
 * docs/policy.md tells. What is not understood is an error, with line and column.
 */
#include "verdict/policy_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "base/status.h"
#include "input/conf.h"

#define POLICY_ARENA ((size_t)64 << 20)
#define TEXT_MAX     4096 /* bytes of one value */

struct reader {
    struct conf c;
    struct policy_file *file;
};

/* ---- modes ---- */

static bool read_policies(struct reader *r, struct policy_mode *mode)
{
    struct conf_text name;

    if (!conf_next_is(&r->c, YAML_SEQUENCE_START_EVENT, "a list of policies"))
        return false;
    while (conf_next(&r->c) && r->c.event.type != YAML_SEQUENCE_END_EVENT) {
        unsigned bit;

        if (!conf_take(&r->c, &name, "the name of a policy"))
            return false;
        bit = policy_find(span_text(name.text));
        if (!bit)
            return conf_wrong(
                &r->c, name.at,
                "no policy is called '%.40s'; there are: model, upload, source, archive, watch",
                name.text);
        mode->policies |= bit;
    }
    return r->c.status == PRATIQUE_OK;
}

static enum policy_level level_of(const char *text)
{
    static const char *const names[] = { NULL, "off", "info", "low", "hold", "refuse" };

    for (unsigned i = LEVEL_OFF; i <= LEVEL_REFUSE; i++)
        if (strcmp(text, names[i]) == 0)
            return (enum policy_level)i;
    return LEVEL_UNSET;
}

/* "UPL003: hold". A rule that says "this was not inspected" can be made graver, and no less. */
static bool read_level(struct reader *r, struct policy_mode *mode, const struct conf_text *key)
{
    const struct pratique_rule *rule = pratique_rule_find(key->text);
    struct conf_text value;
    enum policy_level level;

    if (!rule)
        return conf_wrong(&r->c, key->at, "no rule is called '%.40s'; pratique rules lists them",
                          key->text);
    if (mode->level[rule_index(rule)] != LEVEL_UNSET)
        return conf_wrong(&r->c, key->at, "%s is there already", rule->id);
    if (!conf_next_text(&r->c, &value, "off, info, low, hold or refuse"))
        return false;
    level = level_of(value.text);
    if (level == LEVEL_UNSET)
        return conf_wrong(&r->c, value.at, "should be off, info, low, hold or refuse, not '%.40s'",
                          value.text);
    if (rule->severity == PRATIQUE_GAP && level != LEVEL_REFUSE)
        return conf_wrong(&r->c, value.at,
                          "%s tells what was not inspected: it may be refuse, no less", rule->id);
    mode->level[rule_index(rule)] = (uint8_t)level;
    return true;
}

static bool read_levels(struct reader *r, struct policy_mode *mode)
{
    struct conf_text key;

    if (!conf_next_is(&r->c, YAML_MAPPING_START_EVENT, "rules and their severities"))
        return false;
    while (conf_next_key(&r->c, &key))
        if (!read_level(r, mode, &key))
            return false;
    return r->c.status == PRATIQUE_OK;
}

static bool read_mode(struct reader *r, const struct conf_text *name)
{
    static const char *const keys[] = { "policies", "rules" };
    struct policy_file *f = r->file;
    struct policy_mode *mode;
    struct conf_text key;
    unsigned seen = 0;

    for (size_t i = 0; i < f->modes_n; i++)
        if (strcmp(f->modes[i].name, name->text) == 0)
            return conf_wrong(&r->c, name->at, "the mode '%.40s' is there already", name->text);
    if (f->modes_n == POLICY_MODES_MAX)
        return conf_wrong(&r->c, name->at, "more than %d modes", POLICY_MODES_MAX);
    mode = &f->modes[f->modes_n++];
    *mode = (struct policy_mode){ .name = name->text, .line = (uint32_t)name->at.line + 1 };
    if (!conf_next_is(&r->c, YAML_MAPPING_START_EVENT, "the mode's policies and rules"))
        return false;
    while (conf_next_key(&r->c, &key)) {
        size_t which = conf_known_key(&r->c, &key, keys, ARRAY_LEN(keys), &seen);

        if (which == ARRAY_LEN(keys) || !(which == 0 ? read_policies : read_levels)(r, mode))
            return false;
    }
    return r->c.status == PRATIQUE_OK;
}

static bool read_modes(struct reader *r)
{
    struct conf_text name;

    r->file->modes = arena_array(&r->file->arena, POLICY_MODES_MAX, sizeof *r->file->modes);
    if (!r->file->modes)
        return conf_no_memory(&r->c);
    if (!conf_next_is(&r->c, YAML_MAPPING_START_EVENT, "modes by their names"))
        return false;
    while (conf_next_key(&r->c, &name))
        if (!read_mode(r, &name))
            return false;
    return r->c.status == PRATIQUE_OK;
}

/* ---- what is allowed ---- */

enum allow_key {
    ALLOW_PACKAGE,
    ALLOW_RULE,
    ALLOW_FILE,
    ALLOW_FUNCTION,
    ALLOW_CALL,
    ALLOW_REASON,
    ALLOW_OWNER,
    ALLOW_EXPIRES,
    ALLOW_KEYS
};

static const char *const allow_keys[ALLOW_KEYS] = { "package", "rule",   "file",  "function",
                                                    "call",    "reason", "owner", "expires" };

/* "2026-12-31" as 20261231; 0: it is no date. */
static uint32_t date_of(const char *text)
{
    static const unsigned days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    uint32_t n = 0, month, day;

    if (strlen(text) != 10)
        return 0;
    for (size_t i = 0; i < 10; i++) {
        if (i == 4 || i == 7 ? text[i] != '-' : text[i] < '0' || text[i] > '9')
            return 0;
        if (i != 4 && i != 7)
            n = n * 10 + (uint32_t)(text[i] - '0');
    }
    month = n / 100 % 100, day = n % 100;
    return month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1] ? n : 0;
}

static bool read_allow_rule(struct reader *r, struct allowance *a, const struct conf_text *value)
{
    a->rule = pratique_rule_find(value->text);
    if (!a->rule)
        return conf_wrong(&r->c, value->at, "no rule is called '%.40s'; pratique rules lists them",
                          value->text);
    return policy_of_rule(a->rule) != 0 ||
           conf_wrong(&r->c, value->at,
                      "%s is about no call: only rules of upload and source are allowed",
                      a->rule->id);
}

static bool read_expires(struct reader *r, struct allowance *a, const struct conf_text *value)
{
    a->expires = date_of(value->text);
    return a->expires ||
           conf_wrong(&r->c, value->at, "should be a date such as 2026-12-31, not '%.40s'",
                      value->text);
}

static bool read_allow_value(struct reader *r, struct allowance *a, enum allow_key key)
{
    const char **const texts[ALLOW_KEYS] = {
        [ALLOW_PACKAGE] = &a->package, [ALLOW_FILE] = &a->file,     [ALLOW_FUNCTION] = &a->function,
        [ALLOW_CALL] = &a->call,       [ALLOW_REASON] = &a->reason, [ALLOW_OWNER] = &a->owner
    };
    struct conf_text value;

    if (!conf_next_text(&r->c, &value, "a text"))
        return false;
    if (key == ALLOW_RULE)
        return read_allow_rule(r, a, &value);
    if (key == ALLOW_EXPIRES)
        return read_expires(r, a, &value);
    *texts[key] = value.text;
    return true;
}

static bool room(struct reader *r)
{
    struct policy_file *f = r->file;
    size_t size = f->allows_size ? f->allows_size * 2 : 16;
    struct allowance *list;

    if (f->allows_n < f->allows_size)
        return true;
    list = arena_array(&f->arena, size, sizeof *list);
    if (!list)
        return conf_no_memory(&r->c);
    if (f->allows_n)
        memcpy(list, f->allows, f->allows_n * sizeof *list);
    f->allows = list;
    f->allows_size = size;
    return true;
}

static bool read_allowance(struct reader *r)
{
    yaml_mark_t at = r->c.event.start_mark;
    struct allowance a = { .line = (uint32_t)at.line + 1 };
    unsigned seen = 0, may_lack = 1u << ALLOW_PACKAGE | 1u << ALLOW_FUNCTION;
    struct conf_text key;

    if (r->c.event.type != YAML_MAPPING_START_EVENT)
        return conf_wrong(&r->c, at,
                          "an entry with rule, file, call, reason, owner, expires should be here");
    while (conf_next_key(&r->c, &key)) {
        size_t which = conf_known_key(&r->c, &key, allow_keys, ALLOW_KEYS, &seen);

        if (which == ALLOW_KEYS || !read_allow_value(r, &a, (enum allow_key)which))
            return false;
    }
    for (unsigned k = 0; k < ALLOW_KEYS && r->c.status == PRATIQUE_OK; k++)
        if (!((seen | may_lack) & 1u << k))
            return conf_wrong(&r->c, at, "the entry has no %s", allow_keys[k]);
    if (r->c.status != PRATIQUE_OK || !room(r))
        return false;
    r->file->allows[r->file->allows_n++] = a;
    return true;
}

static bool read_allow(struct reader *r)
{
    if (!conf_next_is(&r->c, YAML_SEQUENCE_START_EVENT, "a list of entries"))
        return false;
    while (conf_next(&r->c) && r->c.event.type != YAML_SEQUENCE_END_EVENT) {
        if (r->file->allows_n == POLICY_ALLOWS_MAX)
            return conf_wrong(&r->c, r->c.event.start_mark, "more than %d entries",
                              POLICY_ALLOWS_MAX);
        if (!read_allowance(r))
            return false;
    }
    return r->c.status == PRATIQUE_OK;
}

/* ---- the whole ---- */

static bool read_version(struct reader *r)
{
    struct conf_text value;

    return conf_next_text(&r->c, &value, "1") &&
           (strcmp(value.text, "1") == 0 ||
            conf_wrong(&r->c, value.at, "version '%.40s' is not known; it is 1", value.text));
}

static bool read_default_mode(struct reader *r, struct conf_text *name)
{
    if (!conf_next_text(&r->c, name, "the name of a mode"))
        return false;
    r->file->default_mode = name->text;
    return true;
}

/* The default mode is one of the modes, wherever in the file those stand. */
static bool check_default_mode(struct reader *r, const struct conf_text *name)
{
    if (!r->file->default_mode)
        return true;
    for (size_t i = 0; i < r->file->modes_n; i++)
        if (strcmp(r->file->modes[i].name, name->text) == 0)
            return true;
    return conf_wrong(&r->c, name->at, "no mode is called '%.40s'", name->text);
}

static bool read_top(struct reader *r)
{
    static const char *const keys[] = { "version", "default_mode", "modes", "allow" };
    struct conf_text key, mode = { 0 };
    yaml_mark_t at;
    unsigned seen = 0;

    if (!conf_next_is(&r->c, YAML_MAPPING_START_EVENT, "version: 1"))
        return false;
    at = r->c.event.start_mark;
    while (conf_next_key(&r->c, &key)) {
        size_t which = conf_known_key(&r->c, &key, keys, ARRAY_LEN(keys), &seen);
        bool ok = which == 0   ? read_version(r)
                  : which == 1 ? read_default_mode(r, &mode)
                  : which == 2 ? read_modes(r)
                  : which == 3 ? read_allow(r)
                               : false;

        if (!ok)
            return false;
    }
    if (r->c.status == PRATIQUE_OK && !(seen & 1))
        return conf_wrong(&r->c, at, "version: 1 is missing");
    return r->c.status == PRATIQUE_OK && check_default_mode(r, &mode);
}

static bool read_file(struct reader *r)
{
    return conf_next_is(&r->c, YAML_STREAM_START_EVENT, "a policy") &&
           conf_next_is(&r->c, YAML_DOCUMENT_START_EVENT, "a policy") && read_top(r) &&
           conf_next_is(&r->c, YAML_DOCUMENT_END_EVENT, "the end of the policy") &&
           conf_next_is(&r->c, YAML_STREAM_END_EVENT,
                        "the end of the file, and no second document,");
}

enum pratique_status policy_file_parse(struct policy_file **out, const char *path, struct span text,
                                       struct pratique_error *err)
{
    struct policy_file *file = calloc(1, sizeof *file);
    struct reader r = {
        .file = file,
        .c = { .path = path, .arena = file ? &file->arena : NULL, .text_max = TEXT_MAX, .err = err }
    };

    *out = NULL;
    if (!file)
        return error_set(err, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "while reading %.100s", path);
    arena_init(&file->arena, POLICY_ARENA);
    if (conf_begin(&r.c, text)) {
        file->path = arena_copy(&file->arena, path, strlen(path));
        if (file->path)
            (void)read_file(&r);
        else
            (void)conf_no_memory(&r.c);
        conf_end(&r.c);
    }
    if (r.c.status == PRATIQUE_OK)
        *out = file;
    else
        policy_file_free(file);
    return r.c.status;
}

void policy_file_free(struct policy_file *f)
{
    if (f)
        arena_reset(&f->arena);
    free(f);
}

enum pratique_status policy_file_mode(const struct policy_mode **out, const struct policy_file *f,
                                      const char *name, struct pratique_error *err)
{
    char known[120] = "";
    size_t at = 0;

    *out = NULL;
    name = name ? name : f->default_mode;
    for (size_t i = 0; i < f->modes_n; i++) {
        if (name && strcmp(f->modes[i].name, name) == 0) {
            *out = &f->modes[i];
            return PRATIQUE_OK;
        }
        at += at < sizeof known ? (size_t)snprintf(known + at, sizeof known - at, "%s%s",
                                                   i ? ", " : "", f->modes[i].name)
                                : 0;
    }
    if (!name && f->modes_n == 0)
        return PRATIQUE_OK;
    if (!name)
        return error_set(err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET,
                         "%.100s has no default_mode: name one of its modes: %s", f->path, known);
    return error_set(err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET,
                     "%.100s has no mode '%.40s'; there are: %s", f->path, name,
                     f->modes_n ? known : "none");
}
