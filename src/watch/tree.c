/* See tree.h. Both trees lie in the private root; nobody else is at work in them. */
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

static bool copy_bytes(int from, int to, off_t n)
{
    while (n > 0) {
        ssize_t done = sendfile(to, from, NULL, (size_t)n);

        if (done <= 0)
            return done == 0; /* it shrank: that is what there is */
        n -= done;
    }
    return true;
}

static bool copy_file(const FTSENT *e, const char *to, uid_t owner)
{
    const struct stat *st = e->fts_statp;
    struct timespec times[2] = { st->st_atim, st->st_mtim };
    int in = open(e->fts_accpath, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    int out = in == -1 ? -1 : open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool ok = out != -1 && copy_bytes(in, out, st->st_size) && fchown(out, owner, owner) == 0 &&
              fchmod(out, st->st_mode & 0777) == 0 && futimens(out, times) == 0;

    if (in != -1)
        (void)close(in);
    if (out != -1)
        (void)close(out);
    return ok;
}

static bool copy_link(const FTSENT *e, const char *to, uid_t owner)
{
    char target[PATH_MAX];
    ssize_t n = readlink(e->fts_accpath, target, sizeof target - 1);

    if (n < 0)
        return false;
    target[n] = '\0';
    return symlink(target, to) == 0 && lchown(to, owner, owner) == 0;
}

static bool copy_one(const FTSENT *e, const char *to, uid_t owner)
{
    switch (e->fts_info) {
    case FTS_D:
        return (mkdir(to, 0700) == 0 || errno == EEXIST) && chown(to, owner, owner) == 0 &&
               chmod(to, (e->fts_statp->st_mode & 0777) | 0700) == 0;
    case FTS_F:
        return copy_file(e, to, owner);
    case FTS_SL:
    case FTS_SLNONE:
        return copy_link(e, to, owner);
    case FTS_ERR:
    case FTS_DNR:
    case FTS_NS:
        errno = e->fts_errno;
        return false;
    default:
        return true;
    }
}

bool tree_copy(const char *from, const char *to, uid_t owner)
{
    char root[PATH_MAX], path[PATH_MAX];
    char *roots[] = { root, NULL };
    size_t head = strlen(from);
    bool ok = true;
    FTSENT *e;
    FTS *tree;

    (void)snprintf(root, sizeof root, "%s", from);
    tree = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
    while (tree && ok && (e = fts_read(tree))) {
        if (e->fts_level == 0)
            continue;
        if ((size_t)snprintf(path, sizeof path, "%s%s", to, e->fts_path + head) >= sizeof path)
            errno = ENAMETOOLONG, ok = false;
        else
            ok = copy_one(e, path, owner);
    }
    if (tree)
        (void)fts_close(tree);
    return tree && ok;
}
