/*
 * Reads pratique.lock (docs/LOCK.md) in one pass: JSON by RFC 8259, of this one shape, so that
 * nothing nests deeper than a signature and nothing recurses. A key that is not known is an error:
 * what a reader passes over, another may go by.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/status.h"
#include "base/utf8.h"
#include "input/json_escape.h"
#include "trust/fetch/lock.h"

#define SHOWN_MAX 60 /* characters of a text in a message */

struct reader {
    struct span in;
    uint32_t line;
    struct pratique_lock *lock;
    const char *name; /* of the file */
    struct pratique_error *err;
    enum pratique_status st;
    size_t text_n;
    uint8_t text[LOCK_TEXT_MAX + 5]; /* with room for a character too many */
};

static bool bad(struct reader *r, const char *fmt, ...) PRINTF_LIKE(2, 3);
static bool bad(struct reader *r, const char *fmt, ...)
{
    char text[200];
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    for (char *p = text; *p; p++)
        if (*p < ' ' || *p > '~')
            *p = '?';
    r->st = error_set(r->err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET, "%.100s:%u: %s", r->name,
                      r->line, text);
    return false;
}

static bool no_memory(struct reader *r)
{
    r->st =
        error_set(r->err, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "while reading %.100s", r->name);
    return false;
}

static struct span text_of(const struct reader *r)
{
    return span_of(r->text, r->text_n);
}

/* For "%.*s": no more of the text than a message has room for. */
static int shown(const struct reader *r)
{
    return (int)(r->text_n < SHOWN_MAX ? r->text_n : SHOWN_MAX);
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
    return bad(r, "'%c' is missing %s (there is '%c')", c, where, r->in.p[0]);
}

/* One character of a string, appended to the text. */
static bool take_character(struct reader *r, const char *what)
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
    if (point == 0)
        return bad(r, "%s: a NUL in a string", what);
    if (r->text_n + 4 >= sizeof r->text)
        return bad(r, "%s: longer than %u bytes", what, LOCK_TEXT_MAX);
    r->text_n += utf8_put(point, r->text + r->text_n);
    return true;
}

static bool read_text(struct reader *r, const char *what)
{
    r->text_n = 0;
    skip_space(r);
    if (r->in.n == 0 || r->in.p[0] != '"')
        return bad(r, "%s: a string is missing", what);
    (void)skip(&r->in, 1);
    while (r->in.n > 0 && r->in.p[0] != '"')
        if (!take_character(r, what))
            return false;
    return skip(&r->in, 1) || bad(r, "%s: a string does not end", what);
}

typedef const char *fault_fn(struct span text);

/* A string that fault_of() has nothing against, into the arena. */
static bool read_value(struct reader *r, const char *key, fault_fn *fault_of, const char **out)
{
    const char *fault;

    if (!read_text(r, key))
        return false;
    fault = fault_of(text_of(r));
    if (fault)
        return bad(r, "%s: '%.*s': %s", key, shown(r), (const char *)r->text, fault);
    *out = arena_copy(&r->lock->arena, r->text, r->text_n);
    return *out || no_memory(r);
}

static bool read_size(struct reader *r, const char *key, uint64_t *out)
{
    size_t n = 0;

    *out = 0;
    skip_space(r);
    for (; n < r->in.n && r->in.p[n] >= '0' && r->in.p[n] <= '9'; n++)
        if (*out <= LOCK_SIZE_MAX)
            *out = *out * 10 + (uint64_t)(r->in.p[n] - '0');
    if (n == 0 || r->in.p[0] == '0')
        return bad(r, "%s: a whole number of bytes from 1 on is missing", key);
    (void)skip(&r->in, n);
    if (r->in.n > 0 && strchr(".eE", r->in.p[0]) && r->in.p[0])
        return bad(r, "%s: a number that is no integer", key);
    return *out <= LOCK_SIZE_MAX || bad(r, "%s: more than 1 TiB", key);
}

/* ---- keys ---- */

/* What somebody would call a hash that comes from elsewhere. */
static bool is_hash_from_elsewhere(struct span key)
{
    static const char *const words[] = {
        "sha256_url",     "sha256_urls",      "hash_url", "checksum_url", "checksums",
        "checksums_url",  "checksum",         "manifest", "manifest_url", "sha256sums",
        "sha256sums_url", "sha256sum",        "sums_url", "digest_url",   "sha256_file",
        "checksum_file",  "hash_file",        "hashes",   "hashes_url",   "integrity_url",
        "base_url",       "member_sha256_url"
    };

    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (span_is(key, words[i]))
            return true;
    return false;
}

static int bad_key(struct reader *r, const char *why)
{
    (void)bad(r, "the key '%.*s' %s", shown(r), (const char *)r->text, why);
    return -1;
}

/* The place of the key that comes next in names; -1: it has complained. seen: a bit each. */
static int read_key(struct reader *r, const char *const *names, unsigned *seen)
{
    if (!read_text(r, "a key"))
        return -1;
    for (int i = 0; names[i]; i++) {
        if (!span_is(text_of(r), names[i]))
            continue;
        if (*seen & 1u << i)
            return bad_key(r, "stands twice in one object");
        *seen |= 1u << i;
        return need(r, ':', "behind a key") ? i : -1;
    }
    if (is_hash_from_elsewhere(text_of(r)))
        return bad_key(r, "is not allowed: a hash that is fetched vouches for nothing (a circular "
                          "pin); it stands in the lock itself, as sha256");
    return bad_key(r, "is not known");
}

static bool all_seen(struct reader *r, const char *const *names, unsigned seen, unsigned optional)
{
    for (int i = 0; names[i]; i++)
        if (!((seen | optional) & 1u << i))
            return bad(r, "the key '%s' is missing", names[i]);
    return true;
}

/* ---- one file ---- */

enum { SIGNATURE_KEY, SIGNATURE_VALUE };
static const char *const signature_keys[] = { "key", "value", NULL };

static bool read_signature(struct reader *r, struct pratique_locked *f)
{
    unsigned seen = 0;

    if (!need(r, '{', "where the signature begins"))
        return false;
    do {
        int key = read_key(r, signature_keys, &seen);
        bool ok = key == SIGNATURE_KEY
                      ? read_value(r, "key", lock_key_fault, &f->signature_key)
                      : key == SIGNATURE_VALUE &&
                            read_value(r, "value", lock_signature_fault, &f->signature);

        if (!ok)
            return false;
    } while (punct(r, ','));
    return need(r, '}', "where the signature ends") && all_seen(r, signature_keys, seen, 0);
}

static bool read_urls(struct reader *r, struct pratique_locked *f)
{
    const char *urls[LOCK_URLS_MAX];
    const char **kept;

    f->urls_n = 0;
    if (!need(r, '[', "where the urls begin"))
        return false;
    do {
        if (f->urls_n == LOCK_URLS_MAX)
            return bad(r, "urls: more than %u", LOCK_URLS_MAX);
        if (!read_value(r, "urls", lock_url_fault, &urls[f->urls_n++]))
            return false;
    } while (punct(r, ','));
    kept = arena_array(&r->lock->arena, f->urls_n, sizeof *kept);
    if (!kept)
        return no_memory(r);
    memcpy(kept, urls, f->urls_n * sizeof *kept);
    f->urls = kept;
    return need(r, ']', "where the urls end");
}

enum {
    FILE_NAME,
    FILE_PLATFORM,
    FILE_ABI,
    FILE_PYTHON,
    FILE_URLS,
    FILE_SHA256,
    FILE_SIZE,
    FILE_MEMBER,
    FILE_MEMBER_SHA256,
    FILE_MEMBER_SIZE,
    FILE_SIGNATURE
};
static const char *const file_keys[] = { "name",          "platform",    "abi",       "python",
                                         "urls",          "sha256",      "size",      "member",
                                         "member_sha256", "member_size", "signature", NULL };
#define FILE_OF_MEMBER (1u << FILE_MEMBER | 1u << FILE_MEMBER_SHA256 | 1u << FILE_MEMBER_SIZE)
#define FILE_OPTIONAL  (1u << FILE_PYTHON | FILE_OF_MEMBER | 1u << FILE_SIGNATURE)

static bool read_file_value(struct reader *r, int key, struct pratique_locked *f)
{
    switch (key) {
    case FILE_NAME:
        return read_value(r, "name", lock_name_fault, &f->name);
    case FILE_PLATFORM:
        return read_value(r, "platform", lock_tags_fault, &f->platform);
    case FILE_ABI:
        return read_value(r, "abi", lock_tags_fault, &f->abi);
    case FILE_PYTHON:
        return read_value(r, "python", lock_tags_fault, &f->python);
    case FILE_URLS:
        return read_urls(r, f);
    case FILE_SHA256:
        return read_value(r, "sha256", lock_sha256_fault, &f->sha256);
    case FILE_SIZE:
        return read_size(r, "size", &f->size);
    case FILE_MEMBER:
        return read_value(r, "member", lock_member_fault, &f->member);
    case FILE_MEMBER_SHA256:
        return read_value(r, "member_sha256", lock_sha256_fault, &f->member_sha256);
    case FILE_MEMBER_SIZE:
        return read_size(r, "member_size", &f->member_size);
    case FILE_SIGNATURE:
        return read_signature(r, f);
    default:
        return false;
    }
}

static bool add_file(struct reader *r, const struct pratique_locked *f, uint32_t line)
{
    struct pratique_lock *l = r->lock;

    if (l->n == LOCK_FILES_MAX)
        return bad(r, "more than %u files", LOCK_FILES_MAX);
    l->files[l->n] = *f;
    l->lines[l->n++] = line;
    return true;
}

static bool read_file(struct reader *r)
{
    struct pratique_locked f = { 0 };
    unsigned seen = 0;
    uint32_t line;

    if (!need(r, '{', "where a file begins"))
        return false;
    line = r->line;
    do
        if (!read_file_value(r, read_key(r, file_keys, &seen), &f))
            return false;
    while (punct(r, ','));
    if (!need(r, '}', "where a file ends") || !all_seen(r, file_keys, seen, FILE_OPTIONAL))
        return false;
    if ((seen & FILE_OF_MEMBER) && (seen & FILE_OF_MEMBER) != FILE_OF_MEMBER)
        return bad(r, "member, member_sha256 and member_size go together");
    return add_file(r, &f, line);
}

static bool read_files(struct reader *r)
{
    if (!need(r, '[', "where the files begin"))
        return false;
    if (punct(r, ']'))
        return bad(r, "files: an empty list pins nothing");
    do
        if (!read_file(r))
            return false;
    while (punct(r, ','));
    return need(r, ']', "where the files end");
}

/* ---- the whole ---- */

static const char *format_fault(struct span text)
{
    return span_is(text, "pratique-lock-1") ? NULL : "this program reads pratique-lock-1 alone";
}

enum { LOCK_FORMAT, LOCK_PACKAGE, LOCK_VERSION, LOCK_FILES };
static const char *const lock_keys[] = { "format", "package", "version", "files", NULL };

static bool read_lock_value(struct reader *r, int key)
{
    const char *format;

    switch (key) {
    case LOCK_FORMAT:
        return read_value(r, "format", format_fault, &format);
    case LOCK_PACKAGE:
        return read_value(r, "package", lock_package_fault, &r->lock->package);
    case LOCK_VERSION:
        return read_value(r, "version", lock_version_fault, &r->lock->version);
    case LOCK_FILES:
        return read_files(r);
    default:
        return false;
    }
}

static bool read_lock(struct reader *r)
{
    unsigned seen = 0;

    if (!need(r, '{', "where the lock begins"))
        return false;
    do
        if (!read_lock_value(r, read_key(r, lock_keys, &seen)))
            return false;
    while (punct(r, ','));
    if (!need(r, '}', "where the lock ends") || !all_seen(r, lock_keys, seen, 0))
        return false;
    skip_space(r);
    return r->in.n == 0 || bad(r, "something follows its end");
}

static struct pratique_lock *lock_new(const char *name)
{
    struct pratique_lock *l = calloc(1, sizeof *l);

    if (!l)
        return NULL;
    arena_init(&l->arena, 16 * LOCK_BYTES_MAX);
    l->path = arena_copy(&l->arena, name, strlen(name));
    l->files = arena_array(&l->arena, LOCK_FILES_MAX, sizeof *l->files);
    l->lines = arena_array(&l->arena, LOCK_FILES_MAX, sizeof *l->lines);
    if (l->path && l->files && l->lines)
        return l;
    pratique_lock_free(l);
    return NULL;
}

enum pratique_status lock_parse(struct pratique_lock **out, const char *name, struct span in,
                                struct pratique_error *err)
{
    struct reader r = { .in = in, .line = 1, .name = name, .err = err, .st = PRATIQUE_OK };

    *out = NULL;
    r.lock = lock_new(name);
    if (!r.lock)
        return error_set(err, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "while reading %.100s", name);
    if (read_lock(&r))
        r.st = lock_judge(r.lock, err);
    if (r.st == PRATIQUE_OK)
        *out = r.lock;
    else
        pratique_lock_free(r.lock);
    return r.st;
}

enum pratique_status pratique_lock_read(struct pratique_lock **out, const char *path,
                                        struct pratique_error *err)
{
    struct buf file;
    enum pratique_status st = whole_read(path, LOCK_BYTES_MAX, &file, err);

    *out = NULL;
    if (st == PRATIQUE_OK)
        st = lock_parse(out, path, span_of(file.p, file.n), err);
    buf_free(&file);
    return st;
}

void pratique_lock_free(struct pratique_lock *lock)
{
    if (!lock)
        return;
    arena_reset(&lock->arena);
    free(lock);
}

const char *pratique_lock_package(const struct pratique_lock *lock)
{
    return lock->package;
}

const char *pratique_lock_version(const struct pratique_lock *lock)
{
    return lock->version;
}

size_t pratique_lock_files(const struct pratique_lock *lock)
{
    return lock->n;
}

const struct pratique_locked *pratique_lock_file(const struct pratique_lock *lock, size_t i)
{
    return i < lock->n ? &lock->files[i] : NULL;
}
