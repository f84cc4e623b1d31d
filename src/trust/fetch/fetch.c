/*
 * Brings the files of a lock: docs/LOCK.md, pratique.h. For each: is it in its place; is it in the
 * cache, in the mirror; then its URLs, in order. Whatever it comes from is hashed, and hashed once
 * more as it is written to where it goes.
 */
#include "trust/fetch/fetch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/status.h"
#include "input/map.h"
#include "trust/sign/keys.h"

#define TIMEOUT_MS 30000
#define FILE_MODE  0644
#define CACHE_MODE 0600
#define ARENA_MAX  ((size_t)64 << 20)
#define WHY_MAX    256

struct job {
    const struct pratique_lock *lock;
    const struct pratique_fetch_options *options;
    struct cache cache;
    int to, mirror, beside; /* -1: none; beside: the lock's folder */
    struct keys *keys;      /* NULL: no key is demanded */
    pratique_fetched_fn *on_fetched;
    pratique_progress_fn *on_progress;
    void *user;
    struct pratique_progress progress;
    uint64_t before; /* bytes of the files that are done */
    enum pratique_verdict verdict;
    struct arena arena;
};

/* One file on its way. */
struct want {
    struct job *job;
    const struct pratique_locked *f;
    struct pin brought, final; /* what the URLs give; the file itself: the same, but for a member */
    enum pratique_fetched_from from;
    const char *source;
    bool wrong; /* something that came was not what is pinned */
    char why[WHY_MAX];
};

/* ---- what is told ---- */

static void say_why(struct want *w, const char *fmt, ...) PRINTF_LIKE(2, 3);
static void say_why(struct want *w, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(w->why, sizeof w->why, fmt, ap);
    va_end(ap);
    for (char *p = w->why; *p; p++)
        if (*p < ' ' || *p > '~')
            *p = '?';
}

/* Something was passed over: where, and w->why. */
static void note(struct want *w, const char *source, bool wrong)
{
    const struct pratique_fetched f = { .file = w->f,
                                        .note = true,
                                        .source = source,
                                        .why = w->why,
                                        .verdict = wrong ? PRATIQUE_REFUSE : PRATIQUE_UNDECIDED };

    w->wrong |= wrong;
    w->job->on_fetched(w->job->user, &f);
}

static void tell(struct want *w, const char *path)
{
    bool there = w->from != PRATIQUE_FETCH_FAILED;
    const struct pratique_fetched f = { .file = w->f,
                                        .from = w->from,
                                        .source = w->source ? w->source : "",
                                        .path = path,
                                        .why = there ? "" : w->why,
                                        .verdict = there      ? PRATIQUE_ADMIT
                                                   : w->wrong ? PRATIQUE_REFUSE
                                                              : PRATIQUE_UNDECIDED };

    w->job->verdict = pratique_verdict_worse(w->job->verdict, f.verdict);
    w->job->on_fetched(w->job->user, &f);
}

static void on_bytes(void *user, uint64_t n)
{
    struct job *job = ((struct want *)user)->job;

    job->progress.bytes_done = job->before + n;
    if (job->on_progress)
        job->on_progress(job->user, &job->progress);
}

/* ---- signatures ---- */

/* The key in the lock, as a set of keys. */
static enum pratique_status key_of_lock(struct keys *k, const struct pratique_locked *f,
                                        struct pratique_error *err)
{
    arena_init(&k->arena, ARENA_MAX);
    k->role = TRUST_ARTIFACT;
    k->now = time(NULL);
    return keys_add_bytes(k, "the lock's key", span_text(f->signature_key), err);
}

static bool signature_holds(struct want *w, const struct keys *k, struct span message)
{
    enum signature_fault fault = SIGNATURE_MALFORMED;
    struct pratique_error err = { .msg = "" };
    struct signer who;
    const char *why = "";
    enum pratique_status st =
        signature_check(&fault, &why, &who, k, message, w->f->name, span_text(w->f->signature),
                        "the signature in the lock", &w->job->arena, &err);

    if (st == PRATIQUE_OK && fault == SIGNATURE_HOLDS)
        return true;
    say_why(w, "its signature does not hold: %s", st == PRATIQUE_OK ? why : err.msg);
    return false;
}

/* Over the bytes at fd, which have the pinned hash. */
static bool check_signature(struct want *w, int fd)
{
    struct keys own = { .now = 0 };
    struct pratique_error err = { .msg = "" };
    struct map map;
    bool ok;

    if (!w->f->signature) {
        say_why(w, "it is not signed, and --key demands that it is");
        return !w->job->keys;
    }
    if (map_open(&map, fd, w->brought.size) != PRATIQUE_OK) {
        say_why(w, "it cannot be read to check its signature");
        return false;
    }
    ok = w->job->keys || key_of_lock(&own, w->f, &err) == PRATIQUE_OK;
    if (!ok)
        say_why(w, "the key in the lock: %s", err.msg);
    ok = ok && signature_holds(w, w->job->keys ? w->job->keys : &own, map.bytes);
    map_close(&map);
    arena_reset(&own.arena);
    return ok;
}

/* Whether bytes have to be looked at that are not the file itself: a member has no signature. */
static bool needs_archive(const struct want *w)
{
    return w->f->member && (w->f->signature || w->job->keys);
}

/* ---- where it may be already ---- */

static int open_in_place(struct want *w)
{
    const char *last;
    int dir = folder_of(w->job->to, w->f->name, false, &last), fd;

    if (dir == -1)
        return -1;
    fd = openat(dir, last, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    (void)close(dir);
    return fd;
}

static bool is_present(struct want *w)
{
    int fd = w->job->to == -1 ? -1 : open_in_place(w);
    enum pinned what;
    bool ok;

    if (fd == -1)
        return false;
    what = pinned_file(fd, &w->final);
    if (what != PINNED) {
        say_why(w, "what is there is replaced: %s", pinned_why(what));
        note(w, w->f->name, false);
    }
    ok = what == PINNED && !needs_archive(w) && (w->f->member || check_signature(w, fd));
    (void)close(fd);
    w->from = ok ? PRATIQUE_FETCH_PRESENT : PRATIQUE_FETCH_FAILED;
    return ok;
}

static int from_cache(struct want *w, const struct pin *want)
{
    const char *bad, *path = cache_path(&w->job->cache, want, &w->job->arena);
    int fd = cache_find(&w->job->cache, want, &bad);

    if (bad) {
        say_why(w, "an entry of the cache is not what it is called, and is dropped: %s", bad);
        note(w, path ? path : "", false);
    }
    if (fd != -1)
        w->from = PRATIQUE_FETCH_CACHE, w->source = path;
    return fd;
}

/* A file of a folder that somebody brought; one that is not what is pinned is told. */
static int try_file(struct want *w, int root, const char *shown, const char *path,
                    const struct pin *want)
{
    int fd = tree_open(root, path, true);
    enum pinned what = fd == -1 ? PINNED_IO : pinned_file(fd, want);

    if (what == PINNED)
        return fd;
    say_why(w, "%s", pinned_why(what));
    if (fd != -1 || (errno != ENOENT && errno != ENOTDIR))
        note(w, shown, what != PINNED_IO);
    if (fd != -1)
        (void)close(fd);
    return -1;
}

static const char *last_part(const char *url)
{
    const char *slash = strrchr(url, '/'), *file = lock_file_url(url);

    return slash ? slash + 1 : file ? file : url;
}

/* The names that a file may have in a mirror, one after the other; NULL: there are no more. */
static const char *mirror_name(struct want *w, const struct pin *want, size_t i)
{
    bool member = w->f->member && want == &w->final;

    if (i == 0)
        return arena_printf(&w->job->arena, "sha256/%.2s/%s", want->sha256, want->sha256);
    if (i == 1)
        return want->sha256;
    if (i == 2)
        return member ? w->f->name : last_part(w->f->urls[0]);
    if (i == 3)
        return member ? last_part(w->f->member) : w->f->member ? want->sha256 : w->f->name;
    return i - 3 < w->f->urls_n && !member ? last_part(w->f->urls[i - 3]) : NULL;
}

static int from_mirror(struct want *w, const struct pin *want)
{
    const char *name;
    int fd = -1;

    if (w->job->mirror == -1)
        return -1;
    for (size_t i = 0; fd == -1 && (name = mirror_name(w, want, i)); i++) {
        const char *shown = arena_printf(&w->job->arena, "%s/%s", w->job->options->mirror, name);

        if (*name && lock_member_fault(span_text(name)) == NULL)
            fd = try_file(w, w->job->mirror, shown ? shown : name, name, want);
        if (fd != -1)
            w->from = PRATIQUE_FETCH_MIRROR, w->source = shown ? shown : name;
    }
    return fd;
}

/* ---- the network ---- */

/* From one URL into the part; whether it is there. *go_on: another URL may help. */
static bool download(struct want *w, struct cache_part *part, const char *url, bool *go_on)
{
    const struct pratique_fetch_options *o = w->job->options;
    const struct download_way way = { .ca_file = o->ca_file,
                                      .timeout_ms = o->timeout_ms ? o->timeout_ms : TIMEOUT_MS,
                                      .on_bytes = on_bytes,
                                      .user = w };
    char why[WHY_MAX];
    enum download what = download_run(part, url, &way, why, sizeof why);

    if (what == DOWNLOAD_DONE && !cache_part_commit(part)) {
        what = DOWNLOAD_STUCK;
        (void)snprintf(why, sizeof why, "the cache %.80s: %s", w->job->cache.path,
                       strerrordesc_np(errno));
    }
    *go_on = what != DOWNLOAD_STUCK;
    if (what == DOWNLOAD_DONE)
        return true;
    say_why(w, "%s", why);
    note(w, url, what == DOWNLOAD_WRONG);
    return false;
}

static void say_unwritable(struct want *w, int error)
{
    const struct cache *c = &w->job->cache;

    if (error == ETIMEDOUT)
        say_why(w, "another process is fetching it, and does not get done");
    else
        say_why(w,
                "the cache %.100s cannot be written to: %s; name another one with --cache, or "
                "XDG_CACHE_HOME",
                c->path, c->why[0] ? c->why : strerrordesc_np(error));
}

/* The URLs that are no files, under the lock of the part. -1: none gave it. */
static int from_network(struct want *w)
{
    struct cache_part part;
    bool go_on = true;
    int fd = -1;

    if (!cache_part_open(&part, &w->job->cache, &w->brought,
                         UINT64_C(120000) + w->brought.size / 16)) {
        say_unwritable(w, errno);
        cache_part_drop(&part, true);
        return -1;
    }
    if (part.waited)
        fd = from_cache(w, &w->brought);
    for (size_t i = 0; fd == -1 && go_on && i < w->f->urls_n; i++) {
        if (lock_file_url(w->f->urls[i]) || !download(w, &part, w->f->urls[i], &go_on))
            continue;
        w->from = PRATIQUE_FETCH_NETWORK;
        w->source = w->f->urls[i];
        fd = fcntl(part.fd, F_DUPFD_CLOEXEC, 0);
    }
    cache_part_drop(&part, fd == -1 && !w->wrong);
    return fd;
}

static int from_file_urls(struct want *w)
{
    int fd = -1;

    for (size_t i = 0; fd == -1 && i < w->f->urls_n; i++) {
        const char *path = lock_file_url(w->f->urls[i]);

        if (!path)
            continue;
        say_why(w, "it is not there");
        fd = w->job->beside == -1 ? -1
                                  : try_file(w, w->job->beside, w->f->urls[i], path, &w->brought);
        if (fd != -1)
            w->from = PRATIQUE_FETCH_FILE, w->source = w->f->urls[i];
    }
    return fd;
}

static bool has_network_url(const struct want *w)
{
    for (size_t i = 0; i < w->f->urls_n; i++)
        if (!lock_file_url(w->f->urls[i]))
            return true;
    return false;
}

/* What the URLs give, from wherever it is: hashed, and its signature checked; -1: w->why. */
static int bring(struct want *w)
{
    int fd = from_cache(w, &w->brought);

    if (fd == -1)
        fd = from_mirror(w, &w->brought);
    if (fd == -1)
        fd = from_file_urls(w);
    if (fd == -1 && has_network_url(w)) {
        if (w->job->options->offline)
            say_why(w, "it is not here, and the network is not to be used");
        else
            fd = from_network(w);
    }
    if (fd != -1 && !check_signature(w, fd)) {
        (void)close(fd);
        w->wrong = true;
        fd = -1;
    }
    return fd;
}

/* ---- where it goes ---- */

/* The folder that it goes to, and its name there; -1 with errno. */
static int destination(struct want *w, const char **name)
{
    if (w->job->to != -1)
        return folder_of(w->job->to, w->f->name, true, name);
    *name = w->final.sha256;
    return cache_folder(&w->job->cache, &w->final);
}

static bool say_cannot_write(struct want *w)
{
    say_why(w, "%.120s cannot be written: %s%s", w->job->to != -1 ? w->f->name : w->job->cache.path,
            strerrordesc_np(errno),
            errno == ENOSPC || errno == EDQUOT ? "; make room and try again" : "");
    return false;
}

static bool fill_by_copy(struct want *w, struct landing *l, int fd)
{
    enum pinned what = landing_copy(l, fd, &w->final);

    if (what == PINNED_IO)
        return say_cannot_write(w);
    if (what != PINNED) {
        say_why(w, "it changed while it was copied: %s", pinned_why(what));
        w->wrong = true;
    }
    return what == PINNED;
}

static bool fill_by_member(struct want *w, struct landing *l, int fd)
{
    struct pratique_error err = { .msg = "" };
    struct pratique_pin is;
    enum pratique_status st =
        member_take(fd, w->brought.size, w->f->member, l, w->final.size, &is, &err);

    if (st != PRATIQUE_OK) {
        say_why(w, "the member %.80s: %s", w->f->member, err.msg);
        w->wrong |= st == PRATIQUE_E_FORMAT;
    } else if (is.size != w->final.size || strcmp(is.sha256, w->final.sha256) != 0) {
        say_why(w, "the member %.80s: %s", w->f->member,
                pinned_why(is.size != w->final.size ? PINNED_SIZE : PINNED_HASH));
        st = PRATIQUE_E_FORMAT;
        w->wrong = true;
    }
    return st == PRATIQUE_OK;
}

/* Puts it where it belongs, from fd: the file itself, or (whole is not set) its archive. */
static bool deliver(struct want *w, int fd, bool whole)
{
    const char *name = "";
    int dir = destination(w, &name);
    struct landing l = { .dir = -1, .fd = -1 };
    bool ok = dir != -1 && landing_open(&l, dir, w->job->to != -1 ? FILE_MODE : CACHE_MODE);

    if (!ok)
        (void)say_cannot_write(w);
    ok = ok && (whole ? fill_by_copy(w, &l, fd) : fill_by_member(w, &l, fd));
    if (ok && !landing_commit(&l, name))
        ok = say_cannot_write(w);
    landing_drop(&l);
    if (dir != -1)
        (void)close(dir);
    return ok;
}

/* Whether it lies in the cache, and nowhere else is where it should be. */
static bool is_delivered(const struct want *w, bool whole)
{
    return w->job->to == -1 && whole &&
           (w->from == PRATIQUE_FETCH_CACHE || w->from == PRATIQUE_FETCH_NETWORK);
}

static const char *final_path(struct want *w)
{
    if (w->job->to == -1)
        return cache_path(&w->job->cache, &w->final, &w->job->arena);
    return arena_printf(&w->job->arena, "%s/%s", w->job->options->to, w->f->name);
}

static bool fetch(struct want *w)
{
    bool whole = !w->f->member;
    int fd = -1;
    bool ok;

    if (is_present(w))
        return true;
    if (!whole && !needs_archive(w)) {
        fd = from_cache(w, &w->final);
        if (fd == -1)
            fd = from_mirror(w, &w->final);
        whole = fd != -1;
    }
    if (fd == -1)
        fd = bring(w);
    if (fd == -1)
        return false;
    ok = is_delivered(w, whole) || deliver(w, fd, whole);
    (void)close(fd);
    return ok;
}

static void fetch_one(struct job *job, const struct pratique_locked *f)
{
    struct want w = { .job = job, .f = f, .why = "" };

    w.brought = (struct pin){ f->sha256, f->size };
    w.final = f->member ? (struct pin){ f->member_sha256, f->member_size } : w.brought;
    job->progress.path = f->name;
    if (!fetch(&w))
        w.from = PRATIQUE_FETCH_FAILED;
    job->before += f->size;
    job->progress.artifacts_done++;
    on_bytes(&w, 0);
    tell(&w, w.from == PRATIQUE_FETCH_FAILED ? NULL : final_path(&w));
}

/* ---- all of them ---- */

static enum pratique_status open_folder(int *out, const char *path, bool make,
                                        struct pratique_error *err)
{
    *out = make ? folder_make(path, 0755) : tree_root(path);
    return *out != -1 ? PRATIQUE_OK : path_error(err, PRATIQUE_E_IO, path, strerrordesc_np(errno));
}

/* The folder of the lock; the files beside it are an offer, so that it may not be there. */
static int open_beside(const struct pratique_lock *lock)
{
    const char *slash = strrchr(lock->path, '/');
    char *folder = slash ? strndup(lock->path, (size_t)(slash - lock->path) + 1) : strdup(".");
    int fd = folder ? tree_root(folder) : -1;

    free(folder);
    return fd;
}

static enum pratique_status open_key(struct job *job, struct pratique_error *err)
{
    const char *const keys[] = { job->options->key };
    const struct pratique_trust trust = { .keys = keys, .keys_n = 1 };

    return keys_load(&job->keys, &trust, TRUST_ARTIFACT, time(NULL), err);
}

static enum pratique_status open_all(struct job *job, struct pratique_error *err)
{
    const struct pratique_fetch_options *o = job->options;
    enum pratique_status st = PRATIQUE_OK;

    if (!o->cache)
        return error_set(err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET, "no cache is named");
    sha256_warm();
    job->beside = open_beside(job->lock);
    if (o->key)
        st = open_key(job, err);
    if (st == PRATIQUE_OK && o->mirror)
        st = open_folder(&job->mirror, o->mirror, false, err);
    if (st == PRATIQUE_OK && o->ca_file && access(o->ca_file, R_OK) != 0)
        st = path_error(err, PRATIQUE_E_USAGE, o->ca_file, strerrordesc_np(errno));
    if (st == PRATIQUE_OK)
        st = cache_open(&job->cache, o->cache, err);
    if (st == PRATIQUE_OK && o->to)
        st = open_folder(&job->to, o->to, true, err);
    return st;
}

static void close_all(struct job *job)
{
    const int fds[] = { job->to, job->mirror, job->beside };

    for (size_t i = 0; i < ARRAY_LEN(fds); i++)
        if (fds[i] != -1)
            (void)close(fds[i]);
    cache_close(&job->cache);
    keys_free(job->keys);
    arena_reset(&job->arena);
}

/* What the lock has, for those whom it has nothing for. */
static enum pratique_status nothing_for(const struct pratique_lock *lock,
                                        const struct lock_target *t, bool unnamed,
                                        struct pratique_error *err)
{
    char has[140];
    size_t n = 0;

    if (unnamed)
        return error_set(err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET,
                         "%.80s has files for %s for certain Pythons alone: say which one with "
                         "--python, such as cp311",
                         lock->path, t->platform);
    has[0] = '\0';
    for (size_t i = 0; i < lock->n && n + 2 < sizeof has; i++)
        n += (size_t)snprintf(has + n, sizeof has - n, "%s%s", i ? ", " : "",
                              lock->files[i].platform);
    return error_set(err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET,
                     "%.80s has nothing for %.40s%s%s; "
                     "it has: %s",
                     lock->path, t->platform, t->python ? " and " : "", t->python ? t->python : "",
                     has);
}

static enum pratique_status fetch_chosen(struct job *job, const size_t *chosen, size_t n,
                                         struct pratique_error *err)
{
    enum pratique_status st = open_all(job, err);

    job->progress.artifacts_found = n;
    for (size_t i = 0; i < n; i++)
        job->progress.bytes_found += job->lock->files[chosen[i]].size;
    job->verdict = PRATIQUE_ADMIT;
    for (size_t i = 0; st == PRATIQUE_OK && i < n; i++)
        fetch_one(job, &job->lock->files[chosen[i]]);
    return st;
}

enum pratique_status pratique_fetch(const struct pratique_lock *lock,
                                    const struct pratique_fetch_options *options,
                                    pratique_fetched_fn *on_fetched,
                                    pratique_progress_fn *on_progress, void *user,
                                    enum pratique_verdict *verdict, struct pratique_error *err)
{
    struct job job = { .lock = lock, .options = options, .to = -1, .mirror = -1, .beside = -1 };
    struct lock_target target = { .python = options->python };
    size_t *chosen = calloc(lock->n + 1, sizeof *chosen), n = 0;
    enum pratique_status st = PRATIQUE_OK;
    const char *fault;
    char here[128];
    bool unnamed;

    *verdict = PRATIQUE_UNDECIDED;
    job.cache = (struct cache){ .path = "", .root = -1, .objects = -1, .tmp = -1 };
    job.on_fetched = on_fetched, job.on_progress = on_progress, job.user = user;
    arena_init(&job.arena, ARENA_MAX);
    lock_platform(here, sizeof here);
    target.platform = options->platform ? options->platform : here;
    fault = lock_target_fault(&target);
    if (!chosen)
        st = error_set(err, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "while fetching");
    else if (fault)
        st = error_set(err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET, "%s", fault);
    else
        n = lock_choose(lock, &target, chosen, &unnamed);
    if (st == PRATIQUE_OK)
        st = n ? fetch_chosen(&job, chosen, n, err) : nothing_for(lock, &target, unnamed, err);
    if (st == PRATIQUE_OK)
        *verdict = job.verdict;
    close_all(&job);
    free(chosen);
    return st;
}

const char *pratique_fetched_name(enum pratique_fetched_from from)
{
    static const char *const names[] = {
        [PRATIQUE_FETCH_FAILED] = "failed", [PRATIQUE_FETCH_PRESENT] = "present",
        [PRATIQUE_FETCH_CACHE] = "cache",   [PRATIQUE_FETCH_MIRROR] = "mirror",
        [PRATIQUE_FETCH_FILE] = "file",     [PRATIQUE_FETCH_NETWORK] = "network"
    };

    return (unsigned)from < ARRAY_LEN(names) ? names[from] : "?";
}
