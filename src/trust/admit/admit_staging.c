/*
 * The folder beside the destination in which everything is made ready: see unpack.h. A process of
 * its own waits for the end of this one and removes the folder, so that nothing is left behind
 * even where this one is killed; a lock on the folder tells the living from the dead.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/status.h"
#include "trust/admit/unpack.h"

#define PREFIX    ".pratique-"
#define LETTERS   6
#define TRIES     20
#define DEPTH_MAX (NAMES_DEPTH_MAX + 4)

/* ---- removing ---- */

static bool is_dots(const char *name)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

static void remove_below(int folder, const char *name, unsigned depth);

static void empty_folder(DIR *d, unsigned depth)
{
    struct dirent *e;

    while ((e = readdir(d)) != NULL)
        if (!is_dots(e->d_name) && unlinkat(dirfd(d), e->d_name, 0) != 0)
            remove_below(dirfd(d), e->d_name, depth + 1);
}

/* A folder and everything in it. What cannot be removed stays. */
static void remove_below(int folder, const char *name, unsigned depth)
{
    int fd = depth < DEPTH_MAX
                 ? openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
                 : -1;
    DIR *d = fd != -1 ? fdopendir(fd) : NULL;

    if (d) {
        empty_folder(d, depth);
        (void)closedir(d);
    } else if (fd != -1) {
        (void)close(fd);
    }
    (void)unlinkat(folder, name, AT_REMOVEDIR);
}

/* Locks a staging folder whose owner is gone; -1 when it is none, or somebody works in it. */
static int lock_left_over(int parent, const char *name, int how)
{
    int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    struct stat st;

    if (fd == -1)
        return -1;
    if (fstat(fd, &st) == 0 && st.st_uid == geteuid() && (st.st_mode & 07777) == 0700 &&
        flock(fd, how) == 0)
        return fd;
    (void)close(fd);
    return -1;
}

static void remove_left_over(int parent, const char *name, int how)
{
    int fd = lock_left_over(parent, name, how);

    if (fd == -1)
        return;
    remove_below(parent, name, 0);
    (void)close(fd);
}

static bool is_staging_name(const char *name)
{
    size_t n = strlen(PREFIX);

    return strncmp(name, PREFIX, n) == 0 && strlen(name) == n + LETTERS;
}

/* What runs before this one left, when not even their cleaner lived. */
static void remove_left_overs(int parent)
{
    int fd = openat(parent, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *d = fd != -1 ? fdopendir(fd) : NULL;
    struct dirent *e;

    if (!d) {
        if (fd != -1)
            (void)close(fd);
        return;
    }
    while ((e = readdir(d)) != NULL)
        if (is_staging_name(e->d_name))
            remove_left_over(parent, e->d_name, LOCK_EX | LOCK_NB);
    (void)closedir(d);
}

/* ---- the process that cleans up ---- */

/* Descriptors 0 and 1 are the channel and the parent folder from here on, and there are no others.
 */
static _Noreturn void clean_up(int from, int parent, const char *name)
{
    sigset_t all;
    char byte;
    ssize_t got;

    sigfillset(&all);
    (void)sigprocmask(SIG_SETMASK, &all, NULL);
    (void)setsid();
    (void)prctl(PR_SET_NAME, "pratique-clean");
    from = fcntl(from, F_DUPFD, 10);
    parent = fcntl(parent, F_DUPFD, 10);
    if (from == -1 || parent == -1 || dup2(from, 0) == -1 || dup2(parent, 1) == -1 ||
        syscall(SYS_close_range, 2, ~0u, 0) != 0)
        _exit(1);
    do
        got = read(0, &byte, 1);
    while (got < 0 && errno == EINTR);
    if (got == 0) /* nobody said that there is nothing to do */
        remove_left_over(1, name, LOCK_EX);
    _exit(0);
}

static bool start_cleaner(struct staging *s)
{
    int ends[2];
    pid_t pid;

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return false;
    pid = fork();
    if (pid == 0)
        clean_up(ends[0], s->parent, s->name);
    (void)close(ends[0]);
    s->tell = ends[1];
    s->cleaner = pid > 0 ? pid : 0;
    return pid > 0;
}

/* It has nothing to do any more. */
static void end_cleaner(struct staging *s)
{
    if (s->cleaner) {
        ssize_t put;

        do
            put = send(s->tell, "", 1, MSG_NOSIGNAL);
        while (put < 0 && errno == EINTR);
        while (waitpid(s->cleaner, NULL, 0) == -1 && errno == EINTR)
            ;
    }
    if (s->tell != -1)
        (void)close(s->tell);
    s->cleaner = 0;
    s->tell = -1;
}

/* ---- the destination ---- */

static enum pratique_status usage(struct pratique_error *err, const char *to, const char *why)
{
    return error_set(err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET, "%s %s", to, why);
}

static enum pratique_status io(struct pratique_error *err, const char *where)
{
    return error_set(err, PRATIQUE_E_IO, PRATIQUE_NO_OFFSET, "%s: %s%s", where,
                     strerrordesc_np(errno),
                     errno == ENOSPC || errno == EDQUOT ? "; make room and try again"
                     : errno == EROFS                   ? "; choose a folder that can be written to"
                     : errno == EACCES || errno == EPERM
                         ? "; choose a folder that you may write to, or ask for the right to"
                         : "");
}

/* "a/b/" is "b" in "a"; both new, false without memory or where there is no name. */
static bool split(struct staging *s, const char *to)
{
    size_t n = strlen(to), start;

    while (n > 0 && to[n - 1] == '/')
        n--;
    for (start = n; start > 0 && to[start - 1] != '/';)
        start--;
    s->base = strndup(to + start, n - start);
    s->path = start ? strndup(to, start) : strdup(".");
    return s->base && s->path && *s->base && !is_dots(s->base);
}

static bool is_empty(int parent, const char *name)
{
    int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *d = fd != -1 ? fdopendir(fd) : NULL;
    struct dirent *e = NULL;

    if (!d) {
        if (fd != -1)
            (void)close(fd);
        return false;
    }
    while ((e = readdir(d)) != NULL && is_dots(e->d_name))
        ;
    (void)closedir(d);
    return e == NULL;
}

/* Nothing is there, or an empty folder. */
static enum pratique_status look_at_destination(struct staging *s, const char *to,
                                                struct pratique_error *err)
{
    struct stat st;

    if (fstatat(s->parent, s->base, &st, AT_SYMLINK_NOFOLLOW) != 0)
        return errno == ENOENT ? PRATIQUE_OK : io(err, to);
    if (S_ISLNK(st.st_mode))
        return usage(err, to, "is a symbolic link; name the folder that it leads to");
    if (!S_ISDIR(st.st_mode))
        return usage(err, to, "is there and is no folder; name one that is not there yet");
    if (!is_empty(s->parent, s->base))
        return usage(err, to, "is not empty; name a folder that is, or one that is not there yet");
    s->there = true;
    return PRATIQUE_OK;
}

static enum pratique_status open_parent(struct staging *s, const char *to,
                                        struct pratique_error *err)
{
    if (!split(s, to))
        return usage(err, to, "is no name of a folder that can be made");
    s->parent = open(s->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (s->parent != -1)
        return PRATIQUE_OK;
    if (errno == ENOENT)
        return usage(err, s->path, "is not there; make that folder first (mkdir -p)");
    if (errno == ENOTDIR)
        return usage(err, s->path, "is no folder");
    return io(err, s->path);
}

/* ---- the staging folder ---- */

static bool random_name(char name[20])
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz012345";
    uint8_t some[LETTERS];

    if (getrandom(some, sizeof some, 0) != (ssize_t)sizeof some)
        return false;
    (void)snprintf(name, 20, PREFIX "xxxxxx");
    for (size_t i = 0; i < LETTERS; i++)
        name[strlen(PREFIX) + i] = letters[some[i] % 32];
    return true;
}

/* Whether what was opened still lies under its name: another may have taken it for a left-over. */
static bool is_still_there(const struct staging *s)
{
    struct stat a, b;

    return fstat(s->fd, &a) == 0 && fstatat(s->parent, s->name, &b, AT_SYMLINK_NOFOLLOW) == 0 &&
           a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/* Takes what was made; false with errno, EEXIST where somebody else was faster. */
static bool lock_staging(struct staging *s)
{
    s->fd = openat(s->parent, s->name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (s->fd == -1) {
        errno = errno == ENOENT ? EEXIST : errno;
        return false;
    }
    if (fchmod(s->fd, 0700) != 0 || flock(s->fd, LOCK_EX) != 0)
        return false;
    if (is_still_there(s))
        return true;
    (void)close(s->fd);
    s->fd = -1;
    errno = EEXIST;
    return false;
}

/* One try; false with errno EEXIST where another is worth it. */
static bool make_staging(struct staging *s)
{
    return random_name(s->name) && mkdirat(s->parent, s->name, 0700) == 0 && lock_staging(s);
}

static int make_folder(int in, const char *name, mode_t mode)
{
    if (mkdirat(in, name, mode) != 0)
        return -1;
    return openat(in, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

enum pratique_status staging_open(struct staging *s, const char *to, struct pratique_error *err)
{
    enum pratique_status st;
    unsigned tries = 0;
    bool made = false;

    *s = (struct staging){
        .to = to, .parent = -1, .fd = -1, .artifact = -1, .tree = -1, .tell = -1
    };
    st = open_parent(s, to, err);
    if (st == PRATIQUE_OK)
        st = look_at_destination(s, to, err);
    if (st != PRATIQUE_OK)
        return st;
    remove_left_overs(s->parent);
    do
        made = make_staging(s);
    while (!made && errno == EEXIST && ++tries < TRIES);
    if (!made)
        return io(err, to);
    s->artifact = make_folder(s->fd, "artifact", 0700);
    s->tree = make_folder(s->fd, "tree", 0755);
    if (s->artifact == -1 || s->tree == -1 || !start_cleaner(s))
        return io(err, to);
    return PRATIQUE_OK;
}

/* An empty folder gives way to the tree and leaves it its mode. */
static bool take_place(struct staging *s)
{
    struct stat st;

    if (!s->there)
        return renameat2(s->fd, "tree", s->parent, s->base, RENAME_NOREPLACE) == 0;
    return fstatat(s->parent, s->base, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(st.st_mode) &&
           fchmod(s->tree, st.st_mode & 0777) == 0 &&
           renameat(s->fd, "tree", s->parent, s->base) == 0;
}

enum pratique_status staging_commit(struct staging *s, struct pratique_error *err)
{
    if (!take_place(s)) {
        if (errno == EEXIST || errno == ENOTEMPTY)
            return usage(err, s->to, "was made or filled meanwhile; nothing was put there");
        if (errno == EBUSY)
            return usage(err, s->to, "is in use, or a file system of its own; name a folder in it");
        return io(err, s->to);
    }
    if (fsync(s->parent) != 0 && errno != EINVAL) { /* some file systems sync no folders */
        enum pratique_status st = io(err, s->to);

        (void)renameat2(s->parent, s->base, s->fd, "tree", RENAME_NOREPLACE);
        return st;
    }
    return PRATIQUE_OK;
}

void staging_close(struct staging *s)
{
    const int fds[] = { s->tree, s->artifact };

    for (size_t i = 0; i < ARRAY_LEN(fds); i++)
        if (fds[i] != -1)
            (void)close(fds[i]);
    if (s->fd != -1)
        remove_below(s->parent, s->name, 0);
    end_cleaner(s);
    if (s->fd != -1)
        (void)close(s->fd); /* the lock, last of all */
    if (s->parent != -1)
        (void)close(s->parent);
    free(s->path);
    free(s->base);
}
