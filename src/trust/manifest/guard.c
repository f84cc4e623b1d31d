/* Leases and watches: see guard.h. */
#include "trust/manifest/guard.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/status.h"

#define SPARE_FILES 256 /* descriptors that are left to everything else */

struct guarded_folder {
    int watch;
    size_t artifact; /* the first one in it; its path begins with the folder's */
    size_t n;        /* bytes of the folder's path; 0: the root */
};

static size_t count(const struct guard *g)
{
    return g->v->manifest->n;
}

static const char *path_of(const struct guard *g, size_t i)
{
    return g->v->manifest->artifacts[i].path;
}

static void note_change(struct guard *g, const char *path, const char *how)
{
    if (g->changed)
        return;
    g->changed = path;
    g->changed_how = how;
}

/* ---- leases ---- */

/* The descriptors that may be open: as many as the hard limit allows. */
static size_t descriptors(struct guard *g)
{
    struct rlimit r;

    if (getrlimit(RLIMIT_NOFILE, &r) != 0)
        return 0;
    g->files_before = r;
    r.rlim_cur = r.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &r);
    (void)getrlimit(RLIMIT_NOFILE, &r);
    return r.rlim_cur > SPARE_FILES ? (size_t)r.rlim_cur - SPARE_FILES : 0;
}

/* Who opens it for writing waits, and this thread is told. False with errno. */
static bool lease(int fd)
{
    struct f_owner_ex owner = { .type = F_OWNER_TID, .pid = gettid() };

    return fcntl(fd, F_SETOWN_EX, &owner) == 0 && fcntl(fd, F_SETSIG, GUARD_SIGNAL) == 0 &&
           fcntl(fd, F_SETLEASE, F_RDLCK) == 0;
}

static void take_lease(struct guard *g, size_t i)
{
    const struct verification *v = g->v;
    int fd = tree_open(v->root, path_of(g, i), v->links);
    struct stat st;

    if (fd == -1 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        if (fd != -1)
            (void)close(fd);
        return; /* the hashing will say what is wrong with it */
    }
    g->files[i] = (struct identity){ (uint64_t)st.st_dev, (uint64_t)st.st_ino };
    if (lease(fd)) {
        g->leases[i] = fd;
        return;
    }
    if (errno == EAGAIN)
        verification_note(g->v, FACT_MANIFEST_CHANGED, path_of(g, i),
                          "somebody has it open for writing");
    g->lease_error = errno;
    g->unleased++;
    (void)close(fd);
}

static void take_leases(struct guard *g)
{
    size_t most = descriptors(g);

    for (size_t i = 0; i < count(g); i++) {
        g->leases[i] = g->watches[i] = -1;
        if (i < most)
            take_lease(g, i);
        else
            g->unleased++, g->lease_error = EMFILE;
    }
}

/* ---- watches ---- */

/* A watch on what lies at path below the root; -1: there is none. */
static int watch(struct guard *g, const char *path, uint32_t mask)
{
    int fd = *path ? tree_open(g->v->root, path, g->v->links) : g->v->root, wd = -1;
    char name[40];

    if (fd != -1) {
        (void)snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
        wd = inotify_add_watch(g->inotify, name, mask);
    }
    if (wd == -1) {
        g->watch_error = errno;
        g->unwatched++;
    }
    if (fd != -1 && fd != g->v->root)
        (void)close(fd);
    return wd;
}

static bool add_folder(struct guard *g, size_t artifact, size_t n)
{
    uint32_t mask = IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE | IN_ONLYDIR;
    size_t size = g->folders_size ? g->folders_size * 2 : 16;
    struct guarded_folder *list = g->folders;
    char path[TREE_PATH_MAX + 1];

    if (g->folders_n == g->folders_size) {
        list = reallocarray(g->folders, size, sizeof *list);
        if (!list)
            return false;
        g->folders = list;
        g->folders_size = size;
    }
    memcpy(path, path_of(g, artifact), n);
    path[n] = '\0';
    mask |= n == 0 ? IN_MOVE_SELF | IN_DELETE_SELF : 0u;
    list[g->folders_n++] = (struct guarded_folder){ watch(g, path, mask), artifact, n };
    return true;
}

/* The folders that lead to an artifact, but for those that the one before it had already. */
static bool add_folders(struct guard *g, size_t i)
{
    const char *path = path_of(g, i), *last = i ? path_of(g, i - 1) : NULL;

    for (const char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
        size_t n = (size_t)(slash - path);

        if ((!last || strncmp(last, path, n + 1) != 0) && !add_folder(g, i, n))
            return false;
    }
    return true;
}

static bool take_watches(struct guard *g)
{
    bool ok;

    g->inotify = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    if (g->inotify == -1) {
        g->watch_error = errno;
        g->unwatched = count(g);
        return true;
    }
    ok = add_folder(g, 0, 0);
    for (size_t i = 0; ok && i < count(g); i++)
        ok = add_folders(g, i);
    return ok;
}

/* What has no lease is at least watched. */
static void watch_unleased(struct guard *g)
{
    for (size_t i = 0; g->inotify != -1 && i < count(g); i++)
        if (g->leases[i] == -1)
            g->watches[i] = watch(g, path_of(g, i), IN_MODIFY);
}

enum pratique_status guard_begin(struct guard *g, struct verification *v)
{
    *g = (struct guard){ .v = v, .inotify = -1 };
    g->files = calloc(v->manifest->n, sizeof *g->files);
    g->leases = calloc(v->manifest->n, sizeof *g->leases);
    g->watches = calloc(v->manifest->n, sizeof *g->watches);
    if (!g->files || !g->leases || !g->watches)
        return error_set(v->err, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "while verifying %.150s",
                         v->path);
    memset(g->leases, 0xFF, v->manifest->n * sizeof *g->leases); /* -1: there is none yet */
    if (!take_watches(g))
        return error_set(v->err, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "while verifying %.150s",
                         v->path);
    take_leases(g);
    watch_unleased(g);
    return PRATIQUE_OK;
}

/* ---- what they tell ---- */

void guard_signal(struct guard *g, const struct signalfd_siginfo *s)
{
    if (s->ssi_signo == (uint32_t)SIGIO) { /* some were lost */
        guard_look(g);
        return;
    }
    for (size_t i = 0; i < count(g); i++)
        if (g->leases[i] != -1 && g->leases[i] == s->ssi_fd)
            note_change(g, path_of(g, i), "somebody opened it for writing");
}

static int compare_names(const void *key, const void *item)
{
    return strcmp(key, ((const struct pratique_artifact *)item)->path);
}

/* The first artifact that is at path or below it. */
static const char *declared_at(const struct guard *g, const char *path)
{
    const struct pratique_artifact *all = g->v->manifest->artifacts;
    const struct pratique_artifact *a = bsearch(path, all, count(g), sizeof *all, compare_names);
    size_t n = strlen(path), from = 0, to = count(g);

    if (a)
        return a->path;
    while (from < to) { /* the first that is not before "path/" */
        size_t at = from + (to - from) / 2;
        int order = strncmp(all[at].path, path, n);

        if (order < 0 || (order == 0 && (unsigned char)all[at].path[n] < '/'))
            from = at + 1;
        else
            to = at;
    }
    if (from < count(g) && strncmp(all[from].path, path, n) == 0 && all[from].path[n] == '/')
        return all[from].path;
    return NULL;
}

static void note_folder(struct guard *g, const struct guarded_folder *f,
                        const struct inotify_event *e)
{
    char path[2 * TREE_PATH_MAX];
    const char *hit;

    if (e->mask & (IN_MOVE_SELF | IN_DELETE_SELF)) {
        note_change(g, path_of(g, f->artifact), "the root was moved");
        return;
    }
    if (!e->len)
        return;
    (void)snprintf(path, sizeof path, "%.*s%s%s", (int)f->n, path_of(g, f->artifact),
                   f->n ? "/" : "", e->name);
    hit = declared_at(g, path);
    if (hit)
        note_change(g, hit, e->mask & IN_DELETE ? "it was removed" : "it was renamed or replaced");
}

static void note_event(struct guard *g, const struct inotify_event *e)
{
    if (e->mask & IN_Q_OVERFLOW) {
        guard_look(g);
        return;
    }
    for (size_t i = 0; i < g->folders_n; i++)
        if (g->folders[i].watch == e->wd && !(e->mask & IN_MODIFY))
            note_folder(g, &g->folders[i], e);
    for (size_t i = 0; e->mask & IN_MODIFY && i < count(g); i++)
        if (g->watches[i] == e->wd)
            note_change(g, path_of(g, i), "somebody wrote to it");
}

void guard_watches(struct guard *g)
{
    char room[16384] __attribute__((aligned(__alignof__(struct inotify_event))));
    ssize_t got;

    while (g->inotify != -1 && (got = read(g->inotify, room, sizeof room)) > 0)
        for (const char *at = room; at < room + got;) {
            const struct inotify_event *e = (const void *)at;

            note_event(g, e);
            at += sizeof *e + e->len;
        }
}

/* ---- looking again ---- */

/* Whether artifact i is still the file that it was, and still leased where it was. */
static bool still(const struct guard *g, size_t i)
{
    int fd = tree_open(g->v->root, path_of(g, i), g->v->links);
    struct stat st;
    bool same = fd != -1 && fstat(fd, &st) == 0 && (uint64_t)st.st_dev == g->files[i].device &&
                (uint64_t)st.st_ino == g->files[i].inode;

    if (fd != -1)
        (void)close(fd);
    return same && (g->leases[i] == -1 || fcntl(g->leases[i], F_GETLEASE) == F_RDLCK);
}

void guard_look(struct guard *g)
{
    for (size_t i = 0; i < count(g) && !g->changed; i++)
        if (g->files[i].inode && !still(g, i))
            note_change(g, path_of(g, i), "it was replaced, or opened for writing");
}

/* Those that could not be opened before have no identity yet. */
static void identify(struct guard *g, size_t i)
{
    int fd = g->files[i].inode ? -1 : tree_open(g->v->root, path_of(g, i), g->v->links);
    struct stat st;

    if (fd != -1 && fstat(fd, &st) == 0)
        g->files[i] = (struct identity){ (uint64_t)st.st_dev, (uint64_t)st.st_ino };
    if (fd != -1)
        (void)close(fd);
}

void guard_confirm(struct guard *g)
{
    for (size_t i = 0; i < count(g); i++)
        identify(g, i);
    guard_watches(g);
    guard_look(g);
    if (g->changed)
        verification_note(g->v, FACT_MANIFEST_CHANGED, g->changed, "%s while it was verified",
                          g->changed_how);
}

void guard_leave(const struct guard *g)
{
    if (g->files_before.rlim_max)
        (void)setrlimit(RLIMIT_NOFILE, &g->files_before);
}

void guard_end(struct guard *g)
{
    guard_leave(g);
    for (size_t i = 0; g->leases && i < count(g); i++)
        if (g->leases[i] != -1)
            (void)close(g->leases[i]);
    if (g->inotify != -1)
        (void)close(g->inotify);
    free(g->files);
    free(g->leases);
    free(g->watches);
    free(g->folders);
}
