/* See tree.h. */
#include "watch/tree.h"

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

struct copying {
    const char *from, *to;
    uid_t owner;
    enum tree_links links;
};

static FTS *walk(const char *folder)
{
    char root[PATH_MAX];
    char *roots[] = { root, NULL };

    (void)snprintf(root, sizeof root, "%s", folder);
    return fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
}

/* Where what lies at path below one folder lies below another; false when that is too long. */
static bool move_path(const char *path, const char *from, const char *to, char out[PATH_MAX])
{
    if ((size_t)snprintf(out, PATH_MAX, "%s%s", to, path + strlen(from)) < PATH_MAX)
        return true;
    errno = ENAMETOOLONG;
    return false;
}

static bool copy_bytes(int from, int to)
{
    ssize_t done;

    while ((done = sendfile(to, from, NULL, 1 << 30)) > 0)
        ;
    return done == 0;
}

/* Whether two files of one length hold the same; what cannot be read is not the same. */
static bool same_bytes(int a, int b)
{
    char x[8192], y[8192];
    off_t at = 0;
    ssize_t n;

    while ((n = pread(a, x, sizeof x, at)) > 0) {
        if (pread(b, y, (size_t)n, at) != n || memcmp(x, y, (size_t)n) != 0)
            return false;
        at += n;
    }
    return n == 0;
}

/* Whether the file at to is what it would become. */
static bool is_same(const struct stat *want, int in, const char *to)
{
    struct stat st;
    int fd = open(to, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    bool same = fd != -1 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
                st.st_size == want->st_size && (st.st_mode & 0777) == (want->st_mode & 0777) &&
                same_bytes(in, fd);

    if (fd != -1)
        (void)close(fd);
    return same;
}

static bool fill_file(const struct copying *c, const FTSENT *e, int in, int out)
{
    const struct stat *st = e->fts_statp;
    struct timespec times[2] = { st->st_atim, st->st_mtim };

    return copy_bytes(in, out) && (c->owner == (uid_t)-1 || fchown(out, c->owner, c->owner) == 0) &&
           fchmod(out, st->st_mode & 0777) == 0 && futimens(out, times) == 0 && fsync(out) == 0;
}

/* A new file beside to, filled, synced, and renamed to it. */
static bool replace_file(const struct copying *c, const FTSENT *e, int in, const char *to)
{
    char temporary[PATH_MAX];
    int out;
    bool ok;

    if ((size_t)snprintf(temporary, sizeof temporary, "%s.%d~", to, (int)getpid()) >=
        sizeof temporary) {
        errno = ENAMETOOLONG;
        return false;
    }
    out = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (out == -1)
        return false;
    ok = fill_file(c, e, in, out);
    ok = close(out) == 0 && ok && rename(temporary, to) == 0;
    if (!ok)
        (void)unlink(temporary);
    return ok;
}

static bool copy_file(const struct copying *c, const FTSENT *e, const char *to)
{
    int in = open(e->fts_accpath, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    bool ok = in != -1 && (is_same(e->fts_statp, in, to) || replace_file(c, e, in, to));

    if (in != -1)
        (void)close(in);
    return ok;
}

/* Whether a link's target, from the folder depth levels below the root, stays below the root. */
static bool stays_inside(const char *target, int depth)
{
    if (target[0] == '/')
        return false;
    for (const char *at = target; *at; at += strspn(at, "/")) {
        size_t n = strcspn(at, "/");

        if (n == 2 && at[0] == '.' && at[1] == '.')
            depth--;
        else if (n > 0 && !(n == 1 && at[0] == '.'))
            depth++;
        if (depth < 0)
            return false;
        at += n;
    }
    return true;
}

static bool copy_link(const struct copying *c, const FTSENT *e, const char *to)
{
    char target[PATH_MAX];
    ssize_t n = readlink(e->fts_accpath, target, sizeof target - 1);

    if (n < 0)
        return false;
    target[n] = '\0';
    if (c->links == TREE_LINKS_INSIDE && !stays_inside(target, e->fts_level - 1))
        return true;
    if (unlink(to) != 0 && errno != ENOENT)
        return false;
    return symlink(target, to) == 0 &&
           (c->owner == (uid_t)-1 || lchown(to, c->owner, c->owner) == 0);
}

static bool copy_folder(const struct copying *c, const FTSENT *e, const char *to)
{
    struct stat st;

    if (lstat(to, &st) == 0 && S_ISDIR(st.st_mode))
        return true;
    return mkdir(to, (e->fts_statp->st_mode & 0777) | 0700) == 0 &&
           (c->owner == (uid_t)-1 || chown(to, c->owner, c->owner) == 0);
}

static bool copy_one(const struct copying *c, const FTSENT *e)
{
    char to[PATH_MAX];

    if (e->fts_info == FTS_DP || (e->fts_level == 0 && e->fts_info == FTS_D))
        return true;
    if (!move_path(e->fts_path, c->from, c->to, to))
        return false;
    switch (e->fts_info) {
    case FTS_D:
        return copy_folder(c, e, to);
    case FTS_F:
        return copy_file(c, e, to);
    case FTS_SL:
    case FTS_SLNONE:
        return copy_link(c, e, to);
    case FTS_ERR:
    case FTS_DNR:
    case FTS_NS:
        errno = e->fts_errno;
        return false;
    default: /* sockets, pipes, devices */
        return true;
    }
}

/* Whether the two are of one kind; what is not is removed first. */
static bool is_there(const char *path, const FTSENT *e)
{
    struct stat st;

    return lstat(path, &st) == 0 && (st.st_mode & S_IFMT) == (e->fts_statp->st_mode & S_IFMT);
}

static bool remove_one(const struct copying *c, const FTSENT *e)
{
    char from[PATH_MAX];

    if (e->fts_level == 0 || e->fts_info == FTS_D || e->fts_info == FTS_DC)
        return true;
    if (!move_path(e->fts_path, c->to, c->from, from))
        return false;
    if (is_there(from, e))
        return true;
    return e->fts_info == FTS_DP ? rmdir(e->fts_accpath) == 0 : unlink(e->fts_accpath) == 0;
}

/* Calls one for everything below folder. */
static bool each(const struct copying *c, const char *folder,
                 bool (*one)(const struct copying *c, const FTSENT *e))
{
    FTS *tree = walk(folder);
    bool ok = tree != NULL;
    FTSENT *e;

    while (ok && (errno = 0, e = fts_read(tree)))
        ok = one(c, e);
    ok = ok && errno == 0;
    if (tree)
        (void)fts_close(tree);
    return ok;
}

bool tree_copy(const char *from, const char *to, uid_t owner, enum tree_links links)
{
    struct copying c = { from, to, owner, links };

    return each(&c, to, remove_one) && each(&c, from, copy_one);
}
