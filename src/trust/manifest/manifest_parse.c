/*
 * Manifests are read in a locked-down child (manifest_scan()), which tells one record for each
 * entry, then the head, or what is wrong. The child may have been taken over: everything that it
 * tells is checked once more here. Records, little-endian:
 *
 *   'E'  bytes u64, line u32, lengths of path u16 and role u8, 64 hex digits, path, role
 *   'H'  generated u64, flags u8, lengths of time u8 and git_sha u8, time, git_sha
 *   'X'  line u32, length u16, text
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digit.h"
#include "base/status.h"
#include "trust/confined.h"
#include "trust/manifest/manifest.h"

#define HEX (SHA256_HEX - 1)

enum { HEAD_DIRTY = 1, HEAD_DIRTY_UNKNOWN = 2 };

/* ---- the child ---- */

struct work {
    struct confined_child *child;
    struct span bytes;
};

static uint8_t *put_number(uint8_t *at, uint64_t v, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++)
        *at++ = (uint8_t)(v >> (8 * i));
    return at;
}

static uint8_t *put_span(uint8_t *at, struct span s)
{
    return s.n ? (uint8_t *)mempcpy(at, s.p, s.n) : at;
}

static bool tell_entry(void *user, const struct manifest_entry *e)
{
    struct work *w = user;
    size_t n = 1 + 8 + 4 + 2 + 1 + HEX + e->path.n + e->role.n;
    uint8_t *at = confined_room(w->child, n);

    *at++ = 'E';
    at = put_number(at, e->bytes, 8);
    at = put_number(at, e->line, 4);
    at = put_number(at, e->path.n, 2);
    at = put_number(at, e->role.n, 1);
    at = put_span(at, e->sha256);
    at = put_span(at, e->path);
    (void)put_span(at, e->role);
    confined_commit(w->child, n);
    return true;
}

static void tell_head(struct confined_child *c, const struct manifest_head *h)
{
    size_t n = 1 + 8 + 1 + 1 + 1 + h->generated_at.n + h->git_sha.n;
    uint8_t *at = confined_room(c, n);
    unsigned flags =
        (h->dirty ? HEAD_DIRTY : 0u) | (h->dirty_unknown ? (unsigned)HEAD_DIRTY_UNKNOWN : 0u);

    *at++ = 'H';
    at = put_number(at, (uint64_t)h->generated, 8);
    at = put_number(at, flags, 1);
    at = put_number(at, h->generated_at.n, 1);
    at = put_number(at, h->git_sha.n, 1);
    at = put_span(at, h->generated_at);
    (void)put_span(at, h->git_sha);
    confined_commit(c, n);
}

static void tell_fault(struct confined_child *c, const struct manifest_fault *f)
{
    size_t text = strlen(f->what), n = 1 + 4 + 2 + text;
    uint8_t *at = confined_room(c, n);

    *at++ = 'X';
    at = put_number(at, f->line, 4);
    at = put_number(at, text, 2);
    (void)put_span(at, span_of(f->what, text));
    confined_commit(c, n);
}

static void work(struct confined_child *c, void *arg)
{
    struct work *w = arg;
    struct manifest_head head;
    struct manifest_fault fault;

    w->child = c;
    if (manifest_scan(w->bytes, &head, tell_entry, w, &fault))
        tell_head(c, &head);
    else
        tell_fault(c, &fault);
}

/* ---- the parent ---- */

struct building {
    struct pratique_manifest *m;
    const char *name;
    struct pratique_error *err;
    uint32_t *lines; /* of each artifact; owned */
    struct pratique_artifact *list;
    size_t n, size;
    const char *role; /* of the last one: most are like it */
    bool head, told;  /* told: *err says what is wrong */
};

static bool no_memory(struct building *b)
{
    (void)error_set(b->err, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "while reading %.150s", b->name);
    b->told = true;
    return false;
}

static bool room(struct building *b)
{
    size_t size = b->size ? b->size * 2 : 64;
    struct pratique_artifact *list;
    uint32_t *lines;

    if (b->n < b->size)
        return true;
    list = reallocarray(b->list, size, sizeof *list);
    if (list)
        b->list = list;
    lines = list ? reallocarray(b->lines, size, sizeof *lines) : NULL;
    if (!lines)
        return no_memory(b);
    b->lines = lines;
    b->size = size;
    return true;
}

static bool is_sha256(struct span s)
{
    for (size_t i = 0; i < s.n; i++)
        if (digit_hex(s.p[i]) < 0 || (s.p[i] >= 'A' && s.p[i] <= 'F'))
            return false;
    return s.n == HEX;
}

/* Printable ASCII, which the texts beside the paths are. */
static bool is_plain(struct span s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] <= ' ' || s.p[i] > '~' || s.p[i] == '"' || s.p[i] == '\\')
            return false;
    return true;
}

static const char *kept_role(struct building *b, struct span role)
{
    if (!b->role || !span_is(role, b->role))
        b->role = arena_copy(&b->m->arena, role.p, role.n);
    return b->role;
}

static bool take_entry(struct building *b, struct span *in)
{
    struct pratique_artifact *a;
    struct span sha, path, role;
    uint64_t bytes;
    uint32_t line;
    uint16_t path_n;
    uint8_t role_n;

    if (!take_u64le(in, &bytes) || !take_u32le(in, &line) || !take_u16le(in, &path_n) ||
        !take_u8(in, &role_n) || !take(in, HEX, &sha) || !take(in, path_n, &path) ||
        !take(in, role_n, &role) || bytes > INT64_MAX || b->n >= MANIFEST_ENTRIES_MAX)
        return false;
    path = span_of(arena_copy(&b->m->arena, path.p, path.n), b->m->arena.exhausted ? 0 : path.n);
    sha = span_of(arena_copy(&b->m->arena, sha.p, sha.n), b->m->arena.exhausted ? 0 : sha.n);
    if (b->m->arena.exhausted || !kept_role(b, role) || !room(b))
        return no_memory(b);
    if (!is_sha256(sha) || manifest_path_fault(path) || !is_plain(span_text(b->role)))
        return false;
    b->lines[b->n] = line;
    a = &b->list[b->n++];
    *a = (struct pratique_artifact){ .path = (const char *)path.p,
                                     .sha256 = (const char *)sha.p,
                                     .bytes = bytes,
                                     .role = b->role,
                                     .risk = manifest_risk(b->role) };
    return true;
}

static bool take_head(struct building *b, struct span *in)
{
    struct pratique_manifest *m = b->m;
    struct span time, git;
    uint64_t generated;
    uint8_t flags, time_n, git_n;
    int64_t again;

    if (b->head || !take_u64le(in, &generated) || !take_u8(in, &flags) || !take_u8(in, &time_n) ||
        !take_u8(in, &git_n) || !take(in, time_n, &time) || !take(in, git_n, &git) ||
        !manifest_time_read(time, &again) || again != (int64_t)generated ||
        git.n > MANIFEST_GIT_MAX || !is_plain(git))
        return false;
    m->generated = again;
    m->dirty = flags & HEAD_DIRTY;
    m->dirty_unknown = flags & HEAD_DIRTY_UNKNOWN;
    m->generated_at = arena_copy(&m->arena, time.p, time.n);
    m->git_sha = git.n ? arena_copy(&m->arena, git.p, git.n) : NULL;
    b->head = true;
    return !m->arena.exhausted || no_memory(b);
}

/* "FILE:line: what", printable. */
static void malformed(struct building *b, uint32_t line, struct span what)
{
    struct arena a;

    arena_init(&a, 4096);
    what = fact_printable(&a, what, 160);
    (void)error_set(b->err, PRATIQUE_E_FORMAT, line, "%.60s:%u: %.*s", b->name, line, (int)what.n,
                    (const char *)what.p);
    arena_reset(&a);
    b->told = true;
}

static bool take_fault(struct building *b, struct span *in)
{
    struct span text;
    uint32_t line;
    uint16_t n;

    if (!take_u32le(in, &line) || !take_u16le(in, &n) || !take(in, n, &text))
        return false;
    malformed(b, line, text);
    return false;
}

static bool take_record(struct building *b, struct span *in)
{
    uint8_t tag;

    if (!take_u8(in, &tag))
        return false;
    return tag == 'E'   ? take_entry(b, in)
           : tag == 'H' ? take_head(b, in)
           : tag == 'X' ? take_fault(b, in)
                        : false;
}

static bool take_batch(struct building *b, struct span batch)
{
    while (batch.n > 0)
        if (!take_record(b, &batch))
            return false;
    return true;
}

/* ---- in order, each once ---- */

/* An artifact and the line of its entry, while they are sorted. */
struct placed {
    struct pratique_artifact a;
    uint32_t line;
};

static int compare_placed(const void *left, const void *right)
{
    const struct placed *a = left, *b = right;
    int order = strcmp(a->a.path, b->a.path);

    return order ? order : (a->line > b->line) - (a->line < b->line);
}

static bool in_order(const struct building *b)
{
    for (size_t i = 1; i < b->n; i++)
        if (strcmp(b->list[i - 1].path, b->list[i].path) >= 0)
            return false;
    return true;
}

static bool sort(struct building *b)
{
    struct placed *all = in_order(b) ? NULL : reallocarray(NULL, b->n, sizeof *all);

    if (!all)
        return in_order(b) || no_memory(b);
    for (size_t i = 0; i < b->n; i++)
        all[i] = (struct placed){ b->list[i], b->lines[i] };
    qsort(all, b->n, sizeof *all, compare_placed);
    for (size_t i = 0; i < b->n && !b->told; i++) {
        char what[200];

        b->list[i] = all[i].a;
        if (i == 0 || strcmp(all[i - 1].a.path, all[i].a.path) != 0)
            continue;
        (void)snprintf(what, sizeof what, "'%.100s' is declared twice (as well in line %u)",
                       all[i].a.path, all[i - 1].line);
        malformed(b, all[i].line, span_text(what));
    }
    free(all);
    return !b->told;
}

/* Puts everything into the manifest; what is wrong with it otherwise is told. */
static enum pratique_status finish(struct building *b)
{
    struct pratique_manifest *m = b->m;

    if (b->n == 0 || !b->head)
        return error_set(b->err, PRATIQUE_E_FORMAT, PRATIQUE_NO_OFFSET,
                         "%.100s: the process that read it talks nonsense", b->name);
    if (!sort(b))
        return b->err->status;
    m->artifacts = arena_array(&m->arena, b->n, sizeof *m->artifacts);
    if (!m->artifacts) {
        (void)no_memory(b);
        return PRATIQUE_E_NOMEM;
    }
    memcpy(m->artifacts, b->list, b->n * sizeof *m->artifacts);
    m->n = b->n;
    return PRATIQUE_OK;
}

/* Runs the child and takes what it tells. */
static enum pratique_status read_all(struct building *b, struct span bytes)
{
    struct confined_limits limits = { .memory_bytes = (uint64_t)64 << 20 };
    struct work w = { .bytes = bytes };
    struct confined *c;
    struct span batch;
    enum pratique_status st = confined_start(&c, work, &w, &limits, b->err);

    while (st == PRATIQUE_OK) {
        st = confined_next(c, &batch, b->err);
        if (st != PRATIQUE_OK || batch.n == 0)
            break;
        if (!take_batch(b, batch))
            st = b->told ? b->err->status
                         : error_set(b->err, PRATIQUE_E_FORMAT, PRATIQUE_NO_OFFSET,
                                     "%.100s: the process that read it talks nonsense", b->name);
    }
    confined_end(c);
    return st;
}

enum pratique_status manifest_parse(struct pratique_manifest **out, const char *name,
                                    struct span bytes, struct pratique_error *err)
{
    struct building b = { .m = manifest_new(), .name = name, .err = err };
    enum pratique_status st;

    *out = NULL;
    if (!b.m) {
        (void)no_memory(&b);
        return PRATIQUE_E_NOMEM;
    }
    st = read_all(&b, bytes);
    if (st == PRATIQUE_OK)
        st = finish(&b);
    if (st == PRATIQUE_OK && !buf_add(&b.m->text, bytes.p, bytes.n)) {
        (void)no_memory(&b);
        st = PRATIQUE_E_NOMEM;
    }
    free(b.list);
    free(b.lines);
    if (st == PRATIQUE_OK)
        *out = b.m;
    else
        pratique_manifest_free(b.m);
    return st;
}
