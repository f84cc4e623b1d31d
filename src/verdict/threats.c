/*
 * Reads THREATS.md: Markdown in which each section of level two is an entry, headed
 * "## ID: title", with "- key: value" lines. See docs/threats.md, and threats.h.
 */
#include "verdict/threats.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "base/status.h"
#include "rules/policies.h"

#define ENTRIES_MAX   10000
#define THREATS_ARENA ((size_t)16 << 20)

enum key {
    KEY_FILE,
    KEY_RULE,
    KEY_PROBABILITY,
    KEY_SEVERITY,
    KEY_DETECTION,
    KEY_REASON,
    KEY_OWNER,
    KEY_DATE,
    KEYS
};

static const char *const key_names[KEYS] = { "file",      "rule",   "probability", "severity",
                                             "detection", "reason", "owner",       "date" };

struct reader {
    struct pratique_threats *threats;
    const char *path;
    struct pratique_error *err;
    struct span text; /* what is still to be read */
    uint32_t line;    /* of what was read last */
    bool fenced;      /* between ``` and ``` */
    enum key last;    /* what a line that is indented goes on with; KEYS: nothing */
    unsigned seen;    /* keys of the entry that is being read */
};

static enum pratique_status wrong(struct reader *r, uint32_t line, const char *fmt, ...)
    PRINTF_LIKE(3, 4);
static enum pratique_status wrong(struct reader *r, uint32_t line, const char *fmt, ...)
{
    char what[200];
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(what, sizeof what, fmt, ap);
    va_end(ap);
    return error_set(r->err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET, "%.100s:%u: %s", r->path, line,
                     what);
}

static enum pratique_status no_memory(struct reader *r)
{
    return error_set(r->err, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "while reading %.100s", r->path);
}

static struct span trimmed(struct span s)
{
    while (s.n && (s.p[0] == ' ' || s.p[0] == '\t'))
        (void)skip(&s, 1);
    while (s.n && strchr(" \t\r", s.p[s.n - 1]))
        s.n--;
    return s;
}

static struct pratique_threat *entry(struct reader *r)
{
    return r->threats->n ? &r->threats->list[r->threats->n - 1] : NULL;
}

/* ---- values ---- */

/* One digit from 1 to 5. */
static bool take_grade(struct span s, unsigned *out)
{
    *out = s.n == 1 && s.p[0] >= '1' && s.p[0] <= '5' ? (unsigned)(s.p[0] - '0') : 0;
    return *out != 0;
}

/* "0", "1", "0.25": thousandths. */
static bool take_share(struct span s, unsigned *out)
{
    unsigned scale = 100;

    *out = 0;
    if (s.n == 0 || (s.p[0] != '0' && s.p[0] != '1') || s.n > 5 || s.n == 2)
        return false;
    *out = s.p[0] == '1' ? 1000 : 0;
    if (s.n > 1 && s.p[1] != '.')
        return false;
    for (size_t i = 2; i < s.n; i++, scale /= 10) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
        *out += (unsigned)(s.p[i] - '0') * scale;
    }
    return *out <= 1000;
}

static bool is_date(struct span s)
{
    unsigned n[3] = { 0, 0, 0 }, part = 0;

    if (s.n != 10 || s.p[4] != '-' || s.p[7] != '-')
        return false;
    for (size_t i = 0; i < s.n; i++) {
        if (i == 4 || i == 7)
            part++;
        else if (s.p[i] < '0' || s.p[i] > '9')
            return false;
        else
            n[part] = n[part] * 10 + (s.p[i] - '0');
    }
    return n[0] >= 1970 && n[1] >= 1 && n[1] <= 12 && n[2] >= 1 && n[2] <= 31;
}

/* A path that stays below the root: no "/" at its front, no empty name, no "." or "..". */
static bool is_path(struct span s)
{
    const struct span slash = SPAN_LITERAL("/");

    do {
        size_t n = span_find(s, 0, slash);
        struct span name = s;

        if (n != SIZE_MAX)
            (void)span_sub(s, 0, n, &name);
        if (name.n == 0 || span_is(name, ".") || span_is(name, ".."))
            return false;
        s = n == SIZE_MAX ? SPAN_EMPTY : span_from(s, n + 1);
        if (n != SIZE_MAX && s.n == 0)
            return false;
    } while (s.n);
    return true;
}

static enum pratique_status set_rule(struct reader *r, struct span value)
{
    char name[64];

    (void)snprintf(name, sizeof name, "%.*s", (int)(value.n < 60 ? value.n : 60),
                   (const char *)value.p);
    entry(r)->rule = pratique_rule_find(name);
    if (!entry(r)->rule)
        return wrong(r, r->line, "no rule is called '%s'; pratique rules lists them", name);
    if (policy_of_rule(entry(r)->rule) != POLICY_BIT(SOURCE))
        return wrong(r, r->line, "%s is no rule of the policy source; no other can be excused",
                     name);
    return PRATIQUE_OK;
}

static const char **text_of(struct pratique_threat *t, enum key key)
{
    return key == KEY_FILE     ? &t->file
           : key == KEY_REASON ? &t->reason
           : key == KEY_OWNER  ? &t->owner
                               : &t->date;
}

static enum pratique_status set_text(struct reader *r, enum key key, struct span value)
{
    const char **to = text_of(entry(r), key);

    *to = arena_copy(&r->threats->arena, value.p, value.n);
    return *to ? PRATIQUE_OK : no_memory(r);
}

static enum pratique_status set(struct reader *r, enum key key, struct span value)
{
    struct pratique_threat *t = entry(r);

    if (value.n == 0)
        return wrong(r, r->line, "%s has no value", key_names[key]);
    switch (key) {
    case KEY_RULE:
        return set_rule(r, value);
    case KEY_PROBABILITY:
    case KEY_SEVERITY:
        return take_grade(value, key == KEY_SEVERITY ? &t->severity : &t->probability)
                   ? PRATIQUE_OK
                   : wrong(r, r->line, "%s is a whole number from 1 to 5", key_names[key]);
    case KEY_DETECTION:
        return take_share(value, &t->detection)
                   ? PRATIQUE_OK
                   : wrong(r, r->line, "detection is from 0 to 1, such as 0.5");
    case KEY_FILE:
        if (!is_path(value))
            return wrong(r, r->line, "file is a path from the folder above security, without ..");
        break;
    case KEY_DATE:
        if (!is_date(value))
            return wrong(r, r->line, "date is written as 2026-11-24");
        break;
    default:
        break;
    }
    return set_text(r, key, value);
}

/* ---- lines ---- */

/* An entry is whole: every key is there. */
static enum pratique_status finish(struct reader *r)
{
    struct pratique_threat *t = entry(r);

    if (!t)
        return PRATIQUE_OK;
    for (unsigned k = 0; k < KEYS; k++)
        if (!(r->seen & 1u << k))
            return wrong(r, t->line, "%.60s has no %s", t->id, key_names[k]);
    t->risk = t->probability * t->severity * (1000 - t->detection);
    return PRATIQUE_OK;
}

static bool room(struct pratique_threats *t)
{
    size_t size = t->size ? t->size * 2 : 16;
    struct pratique_threat *list;

    if (t->n < t->size)
        return true;
    list = arena_array(&t->arena, size, sizeof *list);
    if (!list)
        return false;
    if (t->n)
        memcpy(list, t->list, t->n * sizeof *list);
    t->list = list;
    t->size = size;
    return true;
}

/* "## ID: title" */
static enum pratique_status begin(struct reader *r, struct span heading)
{
    size_t colon = span_find(heading, 0, SPAN_LITERAL(":"));
    struct span id = SPAN_EMPTY, title;
    struct pratique_threat *t;
    enum pratique_status st = finish(r);

    if (st != PRATIQUE_OK)
        return st;
    if (colon != SIZE_MAX)
        (void)span_sub(heading, 0, colon, &id);
    id = trimmed(id);
    title = trimmed(span_from(heading, colon == SIZE_MAX ? heading.n : colon + 1));
    if (!id.n || !title.n || memchr(id.p, ' ', id.n))
        return wrong(r, r->line, "an entry is headed '## ID: title'");
    for (size_t i = 0; i < r->threats->n; i++)
        if (span_is(id, r->threats->list[i].id))
            return wrong(r, r->line, "%.60s is in line %u already", r->threats->list[i].id,
                         r->threats->list[i].line);
    if (r->threats->n >= ENTRIES_MAX)
        return wrong(r, r->line, "more than %d entries", ENTRIES_MAX);
    if (!room(r->threats))
        return no_memory(r);
    t = &r->threats->list[r->threats->n++];
    *t = (struct pratique_threat){ .line = r->line,
                                   .id = arena_copy(&r->threats->arena, id.p, id.n),
                                   .title = arena_copy(&r->threats->arena, title.p, title.n) };
    r->seen = 0;
    return t->id && t->title ? PRATIQUE_OK : no_memory(r);
}

/* "- key: value" */
static enum pratique_status field(struct reader *r, struct span line)
{
    size_t colon = span_find(line, 0, SPAN_LITERAL(":"));
    struct span name = SPAN_EMPTY;

    if (colon != SIZE_MAX)
        (void)span_sub(line, 0, colon, &name);
    name = trimmed(name);
    for (unsigned k = 0; name.n && k < KEYS; k++) {
        if (!span_is(name, key_names[k]))
            continue;
        if (r->seen & 1u << k)
            return wrong(r, r->line, "%s is there already", key_names[k]);
        r->seen |= 1u << k;
        r->last = (enum key)k;
        return set(r, (enum key)k, trimmed(span_from(line, colon + 1)));
    }
    return wrong(r, r->line,
                 "a list item is '- key: value', with one of: file, rule, probability, severity, "
                 "detection, reason, owner, date");
}

/* A reason may take several lines, indented. */
static enum pratique_status go_on(struct reader *r, struct span more)
{
    struct pratique_threat *t = entry(r);

    if (r->last != KEY_REASON)
        return wrong(r, r->line, "only a reason goes on in the next line");
    t->reason =
        arena_printf(&r->threats->arena, "%s %.*s", t->reason, (int)more.n, (const char *)more.p);
    return t->reason ? PRATIQUE_OK : no_memory(r);
}

static enum pratique_status read_line(struct reader *r, struct span line)
{
    struct span text = trimmed(line);
    bool indented = line.n && (line.p[0] == ' ' || line.p[0] == '\t');
    bool is_item = span_starts(text, SPAN_LITERAL("- ")) || span_starts(text, SPAN_LITERAL("* "));

    if (span_starts(text, SPAN_LITERAL("```")))
        r->fenced = !r->fenced;
    if (r->fenced || span_starts(text, SPAN_LITERAL("```")))
        return PRATIQUE_OK;
    if (span_starts(line, SPAN_LITERAL("## ")))
        return begin(r, span_from(line, 3));
    if (!entry(r))
        return PRATIQUE_OK; /* what is written before the first entry is for people */
    if (is_item)
        return field(r, span_from(text, 2));
    if (indented && text.n && r->last != KEYS)
        return go_on(r, text);
    r->last = KEYS;
    return PRATIQUE_OK;
}

static enum pratique_status read_lines(struct reader *r)
{
    enum pratique_status st = PRATIQUE_OK;
    struct span line;

    while (st == PRATIQUE_OK && r->text.n) {
        if (!take_line(&r->text, &line)) {
            line = r->text;
            r->text = SPAN_EMPTY;
        }
        r->line++;
        if (line.n > 4096)
            return wrong(r, r->line, "a line of more than 4096 bytes");
        if (memchr(line.p, 0, line.n))
            return wrong(r, r->line, "a NUL byte: this is no text");
        st = read_line(r, line);
    }
    if (st == PRATIQUE_OK && r->fenced)
        return wrong(r, r->line, "a ``` that is not closed");
    return st == PRATIQUE_OK ? finish(r) : st;
}

enum pratique_status threats_parse(struct pratique_threats **out, const char *path,
                                   struct span text, struct pratique_error *err)
{
    struct pratique_threats *t = calloc(1, sizeof *t);
    struct reader r = { .threats = t, .path = path, .err = err, .text = text, .last = KEYS };
    enum pratique_status st;

    *out = NULL;
    if (!t)
        return no_memory(&r);
    arena_init(&t->arena, THREATS_ARENA);
    t->root = "";
    t->path = arena_copy(&t->arena, path, strlen(path));
    st = t->path ? read_lines(&r) : no_memory(&r);
    if (st == PRATIQUE_OK)
        *out = t;
    else
        pratique_threats_free(t);
    return st;
}

void pratique_threats_free(struct pratique_threats *t)
{
    if (t)
        arena_reset(&t->arena);
    free(t);
}

const struct pratique_threat *threats_find(const struct pratique_threats *t, const char *file,
                                           const struct pratique_rule *rule)
{
    for (size_t i = 0; i < t->n; i++)
        if (t->list[i].rule == rule && strcmp(t->list[i].file, file) == 0)
            return &t->list[i];
    return NULL;
}

size_t pratique_threats_count(const struct pratique_threats *t)
{
    return t->n;
}

const struct pratique_threat *pratique_threats_at(const struct pratique_threats *t, size_t i)
{
    return i < t->n ? &t->list[i] : NULL;
}

const char *pratique_threats_root(const struct pratique_threats *t)
{
    return t->root;
}
