/* Small files in one piece: see trust.h. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/status.h"
#include "base/write.h"
#include "trust/trust.h"

#define CHUNK ((size_t)256 * 1024)
#define TRIES 100 /* names that are taken already */

static enum pratique_status system_fault(struct pratique_error *err, const char *path)
{
    return path_error(err, PRATIQUE_E_IO, path, strerrordesc_np(errno));
}

/* ---- reading ---- */

static enum pratique_status read_all(int fd, const char *path, struct buf *out,
                                     struct pratique_error *err)
{
    char *chunk = malloc(CHUNK);
    enum pratique_status st = PRATIQUE_OK;
    ssize_t got = 1;

    if (!chunk)
        return path_error(err, PRATIQUE_E_NOMEM, path, "out of memory");
    while (st == PRATIQUE_OK && got != 0) {
        got = read(fd, chunk, CHUNK);
        if (got < 0 && errno != EINTR)
            st = system_fault(err, path);
        else if (got > 0 && (size_t)got > out->ceiling - out->n)
            st = path_error(err, PRATIQUE_E_LIMIT, path, "the file is larger than may be read");
        else if (got > 0 && !buf_add(out, chunk, (size_t)got))
            st = path_error(err, PRATIQUE_E_NOMEM, path, "out of memory");
    }
    free(chunk);
    return st;
}

/* What stat(2) or fstat(2) said, if it is a regular file. */
static enum pratique_status must_be_regular(int failed, const struct stat *st, const char *path,
                                            struct pratique_error *err)
{
    if (failed)
        return system_fault(err, path);
    if (!S_ISREG(st->st_mode))
        return path_error(err, PRATIQUE_E_IO, path, "it is not a regular file");
    return PRATIQUE_OK;
}

enum pratique_status whole_read(const char *path, size_t max, struct buf *out,
                                struct pratique_error *err)
{
    enum pratique_status status;
    struct stat st;
    int fd;

    buf_init(out, max);
    /* Before it is opened: a FIFO is not waited for, and nothing happens to a device. */
    status = must_be_regular(stat(path, &st), &st, path, err);
    if (status != PRATIQUE_OK)
        return status;
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd == -1)
        return system_fault(err, path);
    status = must_be_regular(fstat(fd, &st), &st, path, err);
    if (status == PRATIQUE_OK)
        status = read_all(fd, path, out, err);
    close(fd);
    return status;
}

/* ---- writing ---- */

/*
 * A file that is not there yet under its name. It has none at first, so that nothing is left
 * behind where we are killed; where the file system has no such files, it has a temporary one.
 */
struct fresh {
    char *folder;
    const char *name; /* within the folder */
    int dir, fd;
    bool unnamed;
    char temporary[32];
};

/* The folder that the file shall lie in, opened. */
static bool open_folder(struct fresh *f, const char *path)
{
    const char *slash = strrchr(path, '/');

    f->name = slash ? slash + 1 : path;
    f->folder = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
    if (!f->folder)
        return false;
    f->dir = open(f->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (f->dir == -1 && errno == EACCES) /* one may write in it but not list it */
        f->dir = open(f->folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
    return f->dir != -1;
}

static bool make_temporary_name(struct fresh *f)
{
    uint64_t random;

    if (getrandom(&random, sizeof random, 0) != sizeof random)
        return false;
    (void)snprintf(f->temporary, sizeof f->temporary, WHOLE_TEMPORARY "%016llx",
                   (unsigned long long)random);
    return true;
}

static bool open_temporary(struct fresh *f, mode_t mode)
{
    if (f->unnamed) {
        f->fd = openat(f->dir, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, mode);
        return f->fd != -1;
    }
    for (int i = 0; i < TRIES && make_temporary_name(f); i++) {
        f->fd = openat(f->dir, f->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
        if (f->fd != -1 || errno != EEXIST)
            return f->fd != -1;
    }
    return false;
}

static bool fill(struct fresh *f, struct span bytes)
{
    bool ok = write_all(f->fd, bytes.p, bytes.n) && fsync(f->fd) == 0;
    int error = errno, fd = f->fd;

    if (ok && f->unnamed)
        return true; /* it would be gone with its descriptor */
    f->fd = -1;
    if (close(fd) != 0 && ok) /* NFS and quotas tell here */
        return false;
    errno = error;
    return ok;
}

static bool link_unnamed(const struct fresh *f, const char *name)
{
    char self[40];

    (void)snprintf(self, sizeof self, "/proc/self/fd/%d", f->fd);
    return linkat(AT_FDCWD, self, f->dir, name, AT_SYMLINK_FOLLOW) == 0;
}

/* Only a file with a name can take another's place: it has one for a moment. */
static bool name_for_a_moment(struct fresh *f)
{
    bool linked = false;

    for (int i = 0; !linked && i < TRIES && make_temporary_name(f); i++)
        if (!(linked = link_unnamed(f, f->temporary)) && errno != EEXIST)
            break;
    if (linked && renameat(f->dir, f->temporary, f->dir, f->name) == 0) {
        f->temporary[0] = '\0';
        return true;
    }
    if (!linked)
        f->temporary[0] = '\0';
    return false;
}

/* Gives it its name. Where the file system cannot rename without replacing, a second link does:
 * the first goes with what is left. */
static bool name_it(struct fresh *f, bool replace)
{
    unsigned flags = replace ? 0 : RENAME_NOREPLACE;

    if (f->unnamed)
        return replace ? name_for_a_moment(f) : link_unnamed(f, f->name);
    if (renameat2(f->dir, f->temporary, f->dir, f->name, flags) == 0) {
        f->temporary[0] = '\0';
        return true;
    }
    if (replace || (errno != EINVAL && errno != ENOSYS))
        return false;
    return linkat(f->dir, f->temporary, f->dir, f->name, 0) == 0;
}

static void clean_up(struct fresh *f)
{
    int error = errno;

    if (f->fd != -1)
        (void)close(f->fd);
    if (f->temporary[0])
        (void)unlinkat(f->dir, f->temporary, 0);
    if (f->dir != -1) {
        (void)fsync(f->dir); /* the file is synced; a folder that cannot be is no fault of ours */
        close(f->dir);
    }
    free(f->folder);
    errno = error;
}

static bool write_fresh(const char *path, struct span bytes, mode_t mode, bool replace,
                        bool unnamed)
{
    struct fresh f = { .dir = -1, .fd = -1, .unnamed = unnamed };
    bool ok = open_folder(&f, path) && open_temporary(&f, mode);

    if (!ok)
        f.temporary[0] = '\0';
    ok = ok && fill(&f, bytes) && name_it(&f, replace);
    clean_up(&f);
    return ok;
}

/* What is said where there are no files without a name, or no /proc to name one by. */
static bool wants_a_name(int error)
{
    return error == EOPNOTSUPP || error == EISDIR || error == EINVAL || error == ENOENT ||
           error == ENOSYS || error == EPERM;
}

/* The signals that would end us half way. SIGXFSZ is one: the file would be too large. */
static void block_signals(sigset_t *before)
{
    static const int ending[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGXFSZ };
    sigset_t set;

    sigemptyset(&set);
    for (size_t i = 0; i < ARRAY_LEN(ending); i++)
        sigaddset(&set, ending[i]);
    (void)pthread_sigmask(SIG_BLOCK, &set, before);
}

/* SIGXFSZ was answered by an error; the others are for the program. */
static void unblock_signals(const sigset_t *before)
{
    const struct timespec now = { 0 };
    sigset_t size;

    sigemptyset(&size);
    sigaddset(&size, SIGXFSZ);
    if (!sigismember(before, SIGXFSZ))
        while (sigtimedwait(&size, NULL, &now) == -1 && errno == EINTR)
            continue;
    (void)pthread_sigmask(SIG_SETMASK, before, NULL);
}

enum pratique_status whole_write(const char *path, struct span bytes, unsigned mode, bool replace,
                                 struct pratique_error *err)
{
    sigset_t before;
    struct stat at;
    int error;
    bool ok;

    if (stat(path, &at) == 0 && !S_ISREG(at.st_mode))
        return path_error(err, PRATIQUE_E_USAGE, path, "it is there, and not a regular file");
    block_signals(&before);
    ok = write_fresh(path, bytes, (mode_t)mode, replace, true) ||
         (wants_a_name(errno) && write_fresh(path, bytes, (mode_t)mode, replace, false));
    error = errno;
    unblock_signals(&before);
    if (ok)
        return PRATIQUE_OK;
    if (error == EEXIST && !replace)
        return path_error(err, PRATIQUE_E_USAGE, path, "it is there already");
    return path_error(err, PRATIQUE_E_IO, path, strerrordesc_np(error));
}
