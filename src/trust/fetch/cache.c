/*
 * The cache: docs/LOCK.md, "The cache and the mirror". Files are called by their hash and hashed
 * each time they are used; whoever may write there can at most make us fetch again. It is kept
 * to its owner all the same, so that what is opened there is what we made.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/budget.h"
#include "base/status.h"
#include "trust/fetch/fetch.h"

#define FOLDER_MODE   0700
#define STALE_SECONDS ((time_t)24 * 3600) /* a part that nobody wrote to for so long */
#define PAUSE_NS      20000000
#define NAME_MAX_HERE 80

/* ---- folders ---- */

/* NULL, or why a folder must not be used. */
static const char *folder_fault(int fd)
{
    struct stat st;

    if (fstat(fd, &st) != 0)
        return strerrordesc_np(errno);
    if (st.st_uid != geteuid())
        return "it belongs to another user";
    return st.st_mode & (S_IWGRP | S_IWOTH) ? "others may write to it (chmod go-w closes it)"
                                            : NULL;
}

static enum pratique_status refuse(const struct cache *c, const char *what, const char *why,
                                   struct pratique_error *err)
{
    return error_set(err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET,
                     "the cache %.90s%s: %s; name another one with --cache, or XDG_CACHE_HOME",
                     c->path, what, why);
}

static void unwritable(struct cache *c)
{
    (void)snprintf(c->why, sizeof c->why, "%s", strerrordesc_np(errno));
}

/* A folder of the cache, made where it can be; -1 where it is not there. False: it is refused. */
static bool open_inner(struct cache *c, const char *name, int *out, enum pratique_status *st,
                       struct pratique_error *err)
{
    const char *why;

    if (mkdirat(c->root, name, FOLDER_MODE) != 0 && errno != EEXIST)
        unwritable(c);
    *out = openat(c->root, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (*out == -1 && errno != ENOENT) {
        *st = refuse(c, strcmp(name, "tmp") == 0 ? "/tmp" : "/sha256", strerrordesc_np(errno), err);
        return false;
    }
    why = *out == -1 ? NULL : folder_fault(*out);
    if (why)
        *st = refuse(c, strcmp(name, "tmp") == 0 ? "/tmp" : "/sha256", why, err);
    return !why;
}

/* What a process left that was killed, long ago. */
static void sweep(struct cache *c)
{
    int fd = openat(c->tmp, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *d = fd == -1 ? NULL : fdopendir(fd);
    time_t now = time(NULL);
    struct dirent *e;
    struct stat st;

    while (d && (e = readdir(d)))
        if (fstatat(c->tmp, e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 && !S_ISDIR(st.st_mode) &&
            st.st_mtime < now - STALE_SECONDS)
            (void)unlinkat(c->tmp, e->d_name, 0);
    if (d)
        (void)closedir(d);
    else if (fd != -1)
        (void)close(fd);
}

enum pratique_status cache_open(struct cache *c, const char *path, struct pratique_error *err)
{
    enum pratique_status st = PRATIQUE_OK;
    const char *why;

    *c = (struct cache){ .path = path, .root = -1, .objects = -1, .tmp = -1 };
    c->root = folder_make(path, FOLDER_MODE);
    if (c->root == -1) {
        unwritable(c);
        return PRATIQUE_OK;
    }
    why = folder_fault(c->root);
    if (why)
        st = refuse(c, "", why, err);
    else if (open_inner(c, "sha256", &c->objects, &st, err) &&
             open_inner(c, "tmp", &c->tmp, &st, err) && c->tmp != -1) {
        if (faccessat(c->tmp, ".", W_OK, AT_EACCESS) != 0)
            unwritable(c);
        else
            sweep(c);
    }
    if (st != PRATIQUE_OK)
        cache_close(c);
    return st;
}

void cache_close(struct cache *c)
{
    int *fds[] = { &c->tmp, &c->objects, &c->root };

    for (size_t i = 0; i < ARRAY_LEN(fds); i++) {
        if (*fds[i] != -1)
            (void)close(*fds[i]);
        *fds[i] = -1;
    }
}

/* ---- files ---- */

static void short_name(const struct pin *want, char out[3])
{
    memcpy(out, want->sha256, 2);
    out[2] = '\0';
}

int cache_folder(struct cache *c, const struct pin *want)
{
    char name[3];
    int fd;

    short_name(want, name);
    if (c->objects == -1) {
        errno = EROFS;
        return -1;
    }
    if (mkdirat(c->objects, name, FOLDER_MODE) != 0 && errno != EEXIST)
        return -1;
    fd = openat(c->objects, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd != -1 && folder_fault(fd)) {
        (void)close(fd);
        errno = EPERM;
        return -1;
    }
    return fd;
}

const char *cache_path(const struct cache *c, const struct pin *want, struct arena *arena)
{
    return arena_printf(arena, "%s/sha256/%.2s/%s", c->path, want->sha256, want->sha256);
}

/* Why an entry that could be opened is not used; NULL: it is what it is called. */
static const char *entry_fault(int fd, const struct pin *want)
{
    struct stat st;
    enum pinned what;

    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        return "it is no regular file";
    if (st.st_uid != geteuid())
        return "it belongs to another user";
    what = pinned_file(fd, want);
    return what == PINNED ? NULL : pinned_why(what);
}

int cache_find(struct cache *c, const struct pin *want, const char **bad)
{
    char name[3];
    int dir, fd;

    *bad = NULL;
    short_name(want, name);
    dir = c->objects == -1
              ? -1
              : openat(c->objects, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (dir == -1)
        return -1;
    fd = openat(dir, want->sha256, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
    if (fd == -1 && errno == ELOOP)
        *bad = "it is a symbolic link";
    else if (fd == -1 && errno != ENOENT)
        *bad = strerrordesc_np(errno);
    else if (fd != -1)
        *bad = entry_fault(fd, want);
    if (*bad) {
        (void)unlinkat(dir, want->sha256, 0);
        if (fd != -1)
            (void)close(fd);
        fd = -1;
    }
    (void)close(dir);
    return fd;
}

/* ---- one that is being fetched ---- */

static void part_name(const struct pin *want, const char *ending, char out[NAME_MAX_HERE])
{
    (void)snprintf(out, NAME_MAX_HERE, "%.64s.%s", want->sha256, ending);
}

/* Whether the file that is locked is still the one of that name: the one before us removes it. */
static bool is_current(int tmp, const char *name, int fd)
{
    struct stat here, there;

    return fstat(fd, &here) == 0 && fstatat(tmp, name, &there, AT_SYMLINK_NOFOLLOW) == 0 &&
           here.st_ino == there.st_ino && here.st_dev == there.st_dev;
}

static void pause_a_little(void)
{
    const struct timespec t = { .tv_nsec = PAUSE_NS };

    (void)nanosleep(&t, NULL);
}

/* Waits for the lock; -1 with errno. */
static int lock_of(struct cache_part *p, const char *name, uint64_t deadline_us)
{
    for (;;) {
        int fd = openat(p->cache->tmp, name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
        bool locked = fd != -1 && flock(fd, LOCK_EX | LOCK_NB) == 0;
        int error = errno;

        if (fd == -1)
            return -1;
        if (locked && is_current(p->cache->tmp, name, fd))
            return fd;
        (void)close(fd);
        errno = error;
        if (!locked && errno != EWOULDBLOCK && errno != EINTR)
            return -1;
        p->waited = true;
        if (budget_now_us() > deadline_us) {
            errno = ETIMEDOUT;
            return -1;
        }
        pause_a_little();
    }
}

/* What is there of it: a file of ours, or none. */
static int open_part(struct cache_part *p, const char *name)
{
    int flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
    struct stat st;

    for (int i = 0; i < 2; i++) {
        int fd = openat(p->cache->tmp, name, flags, 0600);

        if (fd != -1 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == geteuid() &&
            st.st_nlink == 1 && (uint64_t)st.st_size <= p->want->size)
            return fd;
        if (fd != -1)
            (void)close(fd);
        if ((fd == -1 && errno != ELOOP) || unlinkat(p->cache->tmp, name, 0) != 0)
            return -1;
    }
    errno = EEXIST;
    return -1;
}

bool cache_part_open(struct cache_part *p, struct cache *c, const struct pin *want,
                     uint64_t wait_ms)
{
    char name[NAME_MAX_HERE];

    *p = (struct cache_part){ .cache = c, .want = want, .lock = -1, .fd = -1 };
    if (c->tmp == -1) {
        errno = EROFS;
        return false;
    }
    part_name(want, "lock", name);
    p->lock = lock_of(p, name, budget_now_us() + wait_ms * 1000);
    if (p->lock == -1)
        return false;
    part_name(want, "part", name);
    p->fd = open_part(p, name);
    return p->fd != -1;
}

bool cache_part_commit(struct cache_part *p)
{
    char name[NAME_MAX_HERE];
    int dir = cache_folder(p->cache, p->want);
    bool ok;

    part_name(p->want, "part", name);
    ok = dir != -1 && fsync(p->fd) == 0 && is_current(p->cache->tmp, name, p->fd) &&
         renameat(p->cache->tmp, name, dir, p->want->sha256) == 0;
    if (ok)
        (void)fsync(dir);
    if (dir != -1) {
        int error = errno;

        (void)close(dir);
        errno = error;
    }
    return ok;
}

void cache_part_drop(struct cache_part *p, bool keep)
{
    char name[NAME_MAX_HERE];
    int error = errno;

    if (p->fd != -1) {
        part_name(p->want, "part", name);
        if (!keep && is_current(p->cache->tmp, name, p->fd))
            (void)unlinkat(p->cache->tmp, name, 0);
        (void)close(p->fd);
    }
    if (p->lock != -1) {
        part_name(p->want, "lock", name);
        (void)unlinkat(p->cache->tmp, name, 0); /* while it is ours: see is_current() */
        (void)close(p->lock);
    }
    p->fd = p->lock = -1;
    errno = error;
}
