/*
 * Reads MANIFEST.json (docs/MANIFEST.md) in one pass: JSON by RFC 8259, of this one shape, so that
 * nothing nests deeper than an entry and nothing recurses. A key that is not known is an error:
 * what a reader passes over, another may go by.
 */
#include <stdarg.h>
#include <stdio.h>

#include "base/digit.h"
#include "base/utf8.h"
#include "input/json_escape.h"
#include "trust/manifest/manifest.h"

#define SHOWN_MAX 40 /* characters of a text in a message */

/* A text with its escapes resolved. */
struct text {
    size_t n;
    uint8_t p[TREE_PATH_MAX + 5]; /* with room for a character too many */
};

struct reader {
    struct span in;
    uint32_t line;
    uint32_t entries;
    struct manifest_head *head;
    manifest_entry_fn *on_entry;
    void *user;
    struct manifest_fault *fault;
    struct text key, path, sha256, role, time, git;
};

static bool bad(struct reader *r, const char *fmt, ...) PRINTF_LIKE(2, 3);
static bool bad(struct reader *r, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(r->fault->what, sizeof r->fault->what, fmt, ap);
    va_end(ap);
    r->fault->line = r->line;
    return false;
}

static struct span span_of_text(const struct text *t)
{
    return span_of(t->p, t->n);
}

/* For "%.*s": no more of a text than a message has room for. */
static int shown(const struct text *t)
{
    return (int)(t->n < SHOWN_MAX ? t->n : SHOWN_MAX);
}

/* ---- tokens ---- */

static void skip_space(struct reader *r)
{
    size_t n = 0;

    for (; n < r->in.n; n++) {
        uint8_t c = r->in.p[n];

        if (c == '\n')
            r->line++;
        else if (c != ' ' && c != '\r' && c != '\t')
            break;
    }
    (void)skip(&r->in, n);
}

/* Consumes c, with the space before it. */
static bool punct(struct reader *r, char c)
{
    skip_space(r);
    return r->in.n > 0 && r->in.p[0] == (uint8_t)c && skip(&r->in, 1);
}

static bool need(struct reader *r, char c, const char *where)
{
    if (punct(r, c))
        return true;
    if (r->in.n == 0)
        return bad(r, "it ends too early: '%c' is missing %s", c, where);
    if (r->in.p[0] < ' ' || r->in.p[0] > '~')
        return bad(r, "'%c' is missing %s (there is byte 0x%02x)", c, where, r->in.p[0]);
    return bad(r, "'%c' is missing %s (there is '%c')", c, where, r->in.p[0]);
}

/* One character of a string, appended to *out. */
static bool take_character(struct reader *r, const char *what, struct text *out)
{
    uint32_t point;
    size_t n = utf8_decode(r->in, &point);

    if (n == 0)
        return bad(r, "%s: bytes that are not UTF-8", what);
    if (point < ' ')
        return bad(r, "%s: a control character in a string", what);
    (void)skip(&r->in, n);
    if (point == '\\' && !json_take_escape(&r->in, &point))
        return bad(r, "%s: a broken escape in a string", what);
    if (sizeof out->p - out->n < 4)
        return bad(r, "%s: longer than %d bytes", what, TREE_PATH_MAX);
    out->n += utf8_put(point, out->p + out->n);
    return true;
}

static bool read_string(struct reader *r, const char *what, struct text *out)
{
    out->n = 0;
    skip_space(r);
    if (r->in.n == 0 || r->in.p[0] != '"')
        return bad(r, "%s: a string is missing", what);
    (void)skip(&r->in, 1);
    while (r->in.n > 0 && r->in.p[0] != '"') {
        uint8_t c = r->in.p[0];

        if (c >= ' ' && c < 0x7F && c != '\\' &&
            out->n < sizeof out->p - 4) { /* as nearly all of it is */
            out->p[out->n++] = c;
            (void)skip(&r->in, 1);
        } else if (!take_character(r, what, out)) {
            return false;
        }
    }
    return skip(&r->in, 1) || bad(r, "%s: a string does not end", what);
}

/* The letters of a word (true, null), or none. */
static bool word(struct reader *r, const char *s)
{
    skip_space(r);
    return span_starts(r->in, span_text(s)) && skip(&r->in, strlen(s));
}

static bool read_integer(struct reader *r, const char *what, uint64_t *out)
{
    size_t n = 0;

    *out = 0;
    skip_space(r);
    for (; n < r->in.n && r->in.p[n] >= '0' && r->in.p[n] <= '9'; n++)
        if (MUL_OVERFLOWS(*out, 10u, out) || ADD_OVERFLOWS(*out, (uint64_t)r->in.p[n] - '0', out))
            return bad(r, "%s: a number past 64 bits", what);
    if (n == 0 || (n > 1 && r->in.p[0] == '0') || *out > INT64_MAX)
        return bad(r, "%s: a whole number from 0 on is missing", what);
    (void)skip(&r->in, n);
    if (r->in.n > 0 && strchr(".eE", r->in.p[0]) && r->in.p[0])
        return bad(r, "%s: a number that is no integer", what);
    return true;
}

/* ---- values ---- */

static bool is_hex(const struct text *t)
{
    for (size_t i = 0; i < t->n; i++)
        if (digit_hex(t->p[i]) < 0 || (t->p[i] >= 'A' && t->p[i] <= 'F'))
            return false;
    return true;
}

static bool read_path(struct reader *r)
{
    const char *fault;

    if (!read_string(r, "path", &r->path))
        return false;
    fault = manifest_path_fault(span_of_text(&r->path));
    return !fault || bad(r, "path '%.*s': %s", shown(&r->path), (const char *)r->path.p, fault);
}

static bool read_sha256(struct reader *r)
{
    if (!read_string(r, "sha256", &r->sha256))
        return false;
    if (r->sha256.n == SHA256_HEX - 1 && is_hex(&r->sha256))
        return true;
    return bad(r, "sha256: '%.*s' is not 64 lower-case hex digits", shown(&r->sha256),
               (const char *)r->sha256.p);
}

static bool read_role(struct reader *r)
{
    if (!read_string(r, "role", &r->role))
        return false;
    for (size_t i = 0; i < r->role.n; i++) {
        uint8_t c = r->role.p[i];

        if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') &&
            c != '-' && c != '_' && c != '.')
            return bad(r, "role: only letters, digits, '-', '_' and '.' make a role");
    }
    return (r->role.n > 0 && r->role.n <= MANIFEST_ROLE_MAX) ||
           bad(r, "role: should have 1 to %d characters", MANIFEST_ROLE_MAX);
}

static bool read_time(struct reader *r)
{
    if (!read_string(r, "generated_at", &r->time))
        return false;
    return manifest_time_read(span_of_text(&r->time), &r->head->generated) ||
           bad(r, "generated_at: '%.*s' is no time in UTC such as 2026-11-24T09:00:00Z",
               shown(&r->time), (const char *)r->time.p);
}

static bool read_git(struct reader *r)
{
    if (word(r, "null"))
        return true;
    if (!read_string(r, "git_sha", &r->git))
        return false;
    return (r->git.n >= 7 && r->git.n <= MANIFEST_GIT_MAX && is_hex(&r->git)) ||
           bad(r, "git_sha: '%.*s' is neither null nor lower-case hex", shown(&r->git),
               (const char *)r->git.p);
}

static bool read_dirty(struct reader *r)
{
    r->head->dirty = word(r, "true");
    r->head->dirty_unknown = !r->head->dirty && word(r, "null");
    return r->head->dirty || r->head->dirty_unknown || word(r, "false") ||
           bad(r, "git_dirty: neither true nor false nor null");
}

static bool read_version(struct reader *r)
{
    uint64_t version;

    if (!read_integer(r, "version", &version))
        return false;
    return version == 1 || bad(r, "version: this program reads version 1 alone");
}

static bool read_bytes(struct reader *r, uint64_t *bytes)
{
    return read_integer(r, "bytes", bytes);
}

/* ---- objects ---- */

/* -1, and says what is wrong with the key at hand. */
static int no_key(struct reader *r, const char *what)
{
    (void)bad(r, "the key '%.*s' %s", shown(&r->key), (const char *)r->key.p, what);
    return -1;
}

/* The place of the key that comes next in names; -1: it has complained. seen: a bit each. */
static int read_key(struct reader *r, const char *const *names, unsigned *seen)
{
    static const char *const digests[] = {
        "md5",      "sha1",   "sha224", "sha384", "sha512", "blake2",  "blake3",    "sha3_256",
        "checksum", "digest", "hash",   "crc32",  "SHA256", "sha-256", "sha512_256"
    };

    if (!read_string(r, "a key", &r->key))
        return -1;
    for (int i = 0; names[i]; i++) {
        if (!span_is(span_of_text(&r->key), names[i]))
            continue;
        if (*seen & 1u << i)
            return no_key(r, "stands twice in one object");
        *seen |= 1u << i;
        return need(r, ':', "behind a key") ? i : -1;
    }
    for (size_t i = 0; i < ARRAY_LEN(digests); i++)
        if (span_is(span_of_text(&r->key), digests[i]))
            return no_key(r, "is no digest that is known; sha256 alone is");
    return no_key(r, "is not known");
}

static bool all_seen(struct reader *r, const char *const *names, unsigned seen, unsigned optional)
{
    for (int i = 0; names[i]; i++)
        if (!((seen | optional) & 1u << i))
            return bad(r, "the key '%s' is missing", names[i]);
    return true;
}

enum { ENTRY_PATH, ENTRY_SHA256, ENTRY_BYTES, ENTRY_ROLE };
static const char *const entry_keys[] = { "path", "sha256", "bytes", "role", NULL };

static bool read_entry_value(struct reader *r, int key, uint64_t *bytes)
{
    switch (key) {
    case ENTRY_PATH:
        return read_path(r);
    case ENTRY_SHA256:
        return read_sha256(r);
    case ENTRY_BYTES:
        return read_bytes(r, bytes);
    case ENTRY_ROLE:
        return read_role(r);
    default:
        return false;
    }
}

static bool read_entry(struct reader *r)
{
    struct manifest_entry e = { .path = SPAN_EMPTY };
    unsigned seen = 0;

    if (!need(r, '{', "where an artifact begins"))
        return false;
    e.line = r->line;
    do
        if (!read_entry_value(r, read_key(r, entry_keys, &seen), &e.bytes))
            return false;
    while (punct(r, ','));
    if (!need(r, '}', "where an artifact ends") || !all_seen(r, entry_keys, seen, 0))
        return false;
    if (++r->entries > MANIFEST_ENTRIES_MAX)
        return bad(r, "more than %u artifacts", MANIFEST_ENTRIES_MAX);
    e.path = span_of_text(&r->path);
    e.sha256 = span_of_text(&r->sha256);
    e.role = span_of_text(&r->role);
    return r->on_entry(r->user, &e) || bad(r, "no more is wanted");
}

static bool read_artifacts(struct reader *r)
{
    if (!need(r, '[', "where the artifacts begin"))
        return false;
    if (punct(r, ']'))
        return bad(r, "artifacts: an empty list vouches for nothing");
    do
        if (!read_entry(r))
            return false;
    while (punct(r, ','));
    return need(r, ']', "where the artifacts end");
}

enum { TOP_TIME, TOP_GIT, TOP_ARTIFACTS, TOP_DIRTY, TOP_VERSION };
static const char *const top_keys[] = { "generated_at", "git_sha", "artifacts",
                                        "git_dirty",    "version", NULL };
#define TOP_OPTIONAL (1u << TOP_DIRTY | 1u << TOP_VERSION)

static bool read_top_value(struct reader *r, int key)
{
    switch (key) {
    case TOP_TIME:
        return read_time(r);
    case TOP_GIT:
        return read_git(r);
    case TOP_ARTIFACTS:
        return read_artifacts(r);
    case TOP_DIRTY:
        return read_dirty(r);
    case TOP_VERSION:
        return read_version(r);
    default:
        return false;
    }
}

static bool read_top(struct reader *r)
{
    unsigned seen = 0;

    if (span_starts(r->in, SPAN_LITERAL("\xEF\xBB\xBF")))
        return bad(r, "it begins with a byte order mark");
    if (r->in.n == 0)
        return bad(r, "the file is empty");
    if (!need(r, '{', "at its start"))
        return false;
    do
        if (!read_top_value(r, read_key(r, top_keys, &seen)))
            return false;
    while (punct(r, ','));
    if (!need(r, '}', "at its end") || !all_seen(r, top_keys, seen, TOP_OPTIONAL))
        return false;
    skip_space(r);
    return r->in.n == 0 || bad(r, "something follows its end");
}

bool manifest_scan(struct span bytes, struct manifest_head *head, manifest_entry_fn *on_entry,
                   void *user, struct manifest_fault *fault)
{
    static _Thread_local struct reader r;

    *head = (struct manifest_head){ .generated_at = SPAN_EMPTY, .git_sha = SPAN_EMPTY };
    *fault = (struct manifest_fault){ 0 };
    r.in = bytes;
    r.line = 1;
    r.entries = 0;
    r.head = head;
    r.on_entry = on_entry;
    r.user = user;
    r.fault = fault;
    r.git.n = r.time.n = 0;
    if (!read_top(&r))
        return false;
    head->generated_at = span_of_text(&r.time);
    head->git_sha = span_of_text(&r.git);
    return true;
}
