/*
 * The record of the manifests that were accepted, so that an older one is not accepted after a
 * newer: docs/MANIFEST.md, "Going back". A line for each root and key:
 *
 *   pratique-record 1
 *   2026-11-24T09:00:00Z SHA256-OF-THE-MANIFEST KEY ROOT
 *
 * Bytes of KEY and ROOT up to the blank, from DEL on, and '%' are written as %XX.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/digit.h"
#include "base/status.h"
#include "trust/manifest/manifest.h"

#define RECORD_MAX ((size_t)16 << 20)
#define FIRST_LINE "pratique-record 1\n"

/* A line of it; the texts as they are written. */
struct line {
    int64_t generated;
    struct span digest, key, root;
};

static void put_escaped(struct buf *out, const char *s)
{
    if (!*s)
        (void)buf_putc(out, '-');
    for (; *s; s++) {
        unsigned char c = (unsigned char)*s;

        if (c <= ' ' || c >= 0x7F || c == '%')
            (void)buf_printf(out, "%%%02X", c);
        else
            (void)buf_putc(out, *s);
    }
}

/* The part of a line up to the blank, or (last) to its end. */
static bool take_word(struct span *line, bool last, struct span *out)
{
    size_t n = span_find(*line, 0, SPAN_LITERAL(" "));

    if (last)
        return n == SIZE_MAX && take(line, line->n, out) && out->n > 0;
    return n != SIZE_MAX && n > 0 && take(line, n, out) && skip(line, 1);
}

static bool take_fields(struct span text, struct line *out)
{
    struct span when;

    if (!take_word(&text, false, &when) || !manifest_time_read(when, &out->generated) ||
        !take_word(&text, false, &out->digest) || !take_word(&text, false, &out->key) ||
        !take_word(&text, true, &out->root) || out->digest.n != SHA256_HEX - 1)
        return false;
    for (size_t i = 0; i < out->digest.n; i++)
        if (digit_hex(out->digest.p[i]) < 0)
            return false;
    return true;
}

/* An entry as its line begins and ends. */
struct wanted {
    struct buf key, root;
    char digest[SHA256_HEX], when[MANIFEST_TIME];
};

static bool wanted_init(struct wanted *w, const struct record_entry *e)
{
    buf_init(&w->key, 4096);
    buf_init(&w->root, (size_t)64 << 10);
    put_escaped(&w->key, e->key);
    put_escaped(&w->root, e->root);
    sha256_hex(e->digest, w->digest);
    manifest_time_write(e->generated, w->when);
    return !w->key.failed && !w->root.failed;
}

static bool is_about(const struct line *l, const struct wanted *w)
{
    return span_is(l->key, w->key.p) && span_is(l->root, w->root.p);
}

static enum record_answer compare(const struct line *l, const struct record_entry *e,
                                  const struct wanted *w)
{
    if (l->generated != e->generated)
        return l->generated > e->generated ? RECORD_OLDER : RECORD_NEW;
    return span_is(l->digest, w->digest) ? RECORD_SAME : RECORD_OTHER;
}

static enum pratique_status corrupt(const char *path, unsigned n, struct pratique_error *err)
{
    return error_set(err, PRATIQUE_E_FORMAT, PRATIQUE_NO_OFFSET,
                     "%.120s:%u: it is no line of a record", path, n);
}

/* Looks for e in the record's text; *rest gets every other line. */
static enum pratique_status search(const char *path, struct span text, const struct record_entry *e,
                                   const struct wanted *w, enum record_answer *answer,
                                   int64_t *last, struct buf *rest, struct pratique_error *err)
{
    unsigned n = 1;
    struct span line;
    struct line l;
    bool found = false;

    if (text.n == 0)
        return PRATIQUE_OK;
    if (!span_starts(text, SPAN_LITERAL(FIRST_LINE)))
        return corrupt(path, n, err);
    (void)skip(&text, sizeof FIRST_LINE - 1);
    while (text.n > 0) {
        n++;
        if (!take_line(&text, &line) || !take_fields(line, &l) || (found && is_about(&l, w)))
            return corrupt(path, n, err);
        if (!is_about(&l, w)) {
            (void)buf_printf(rest, "%.*s\n", (int)line.n, (const char *)line.p);
            continue;
        }
        found = true;
        *answer = compare(&l, e, w);
        *last = l.generated;
    }
    return PRATIQUE_OK;
}

/* The record's text; empty where there is no file yet. */
static enum pratique_status load(const char *path, struct buf *out, struct pratique_error *err)
{
    enum pratique_status st = whole_read(path, RECORD_MAX, out, err);

    if (st != PRATIQUE_E_IO || access(path, F_OK) == 0 || errno != ENOENT)
        return st;
    buf_free(out);
    return PRATIQUE_OK;
}

static enum pratique_status save(const char *path, const struct wanted *w, struct buf *rest,
                                 struct pratique_error *err)
{
    struct buf text;
    enum pratique_status st;

    buf_init(&text, RECORD_MAX);
    (void)buf_puts(&text, FIRST_LINE);
    (void)buf_puts(&text, rest->p ? rest->p : "");
    (void)buf_printf(&text, "%s %s %s %s\n", w->when, w->digest, w->key.p, w->root.p);
    if (text.failed || rest->failed)
        st = error_set(err, PRATIQUE_E_LIMIT, PRATIQUE_NO_OFFSET,
                       "%.150s: it is full; remove lines of roots that are gone", path);
    else
        st = whole_write(path, span_of(text.p, text.n), 0600, true, err);
    buf_free(&text);
    return st;
}

/* Waits for the lock beside the record, which is renamed itself; -1, and *err. */
static int lock(const char *path, struct pratique_error *err)
{
    char *name = NULL;
    int fd = -1, got = -1;

    if (asprintf(&name, "%s.lock", path) >= 0)
        fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
    do
        got = fd == -1 ? -1 : flock(fd, LOCK_EX);
    while (fd != -1 && got == -1 && errno == EINTR);
    if (got == -1)
        (void)error_set(err, PRATIQUE_E_IO, PRATIQUE_NO_OFFSET, "%.150s.lock: %s", path,
                        strerrordesc_np(errno));
    if (got == -1 && fd != -1)
        (void)close(fd), fd = -1;
    free(name);
    return fd;
}

static enum pratique_status check(const char *path, const struct record_entry *e, bool keep,
                                  const struct wanted *w, enum record_answer *answer, int64_t *last,
                                  struct pratique_error *err)
{
    struct buf text, rest;
    enum pratique_status st = load(path, &text, err);

    buf_init(&rest, RECORD_MAX);
    if (st == PRATIQUE_OK)
        st = search(path, span_of(text.p, text.n), e, w, answer, last, &rest, err);
    if (st == PRATIQUE_OK && keep && *answer == RECORD_NEW)
        st = save(path, w, &rest, err);
    buf_free(&text);
    buf_free(&rest);
    return st;
}

enum pratique_status record_check(const char *path, const struct record_entry *e, bool keep,
                                  enum record_answer *answer, int64_t *last,
                                  struct pratique_error *err)
{
    struct wanted w;
    enum pratique_status st = PRATIQUE_E_IO;
    int fd = -1;

    *answer = RECORD_NEW;
    *last = 0;
    if (!wanted_init(&w, e))
        st = error_set(err, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "while reading %.150s", path);
    else if (!keep || (fd = lock(path, err)) != -1)
        st = check(path, e, keep, &w, answer, last, err);
    if (fd != -1)
        (void)close(fd);
    buf_free(&w.key);
    buf_free(&w.root);
    return st;
}
