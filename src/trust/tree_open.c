/*
 * Opening what lies below a root, and nothing else: see trust.h. The kernel resolves the path
 * (openat2(2), Linux 5.6); where it cannot, or an old sandbox forbids the call, each component is
 * opened in turn and no link is followed.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "trust/trust.h"

/* Something else in the tree was renamed meanwhile: the kernel wants to be asked again. */
#define AGAIN_MAX 64

bool tree_without_openat2;

int tree_root(const char *path)
{
    return open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

/* -1, and fd closed, for an error. */
static int close_with(int fd, int error)
{
    if (fd != -1)
        close(fd);
    errno = error;
    return -1;
}

/* Whether a component of the path is "..", or it starts at the top. */
static bool leads_up(const char *path)
{
    for (const char *at = path;; at++) {
        size_t n = strcspn(at, "/");

        if ((n == 2 && memcmp(at, "..", 2) == 0) || (n == 0 && at == path && *at))
            return true;
        at += n;
        if (!*at)
            return false;
    }
}

/* ---- by the kernel ---- */

static int open_beneath(int root, const char *path, int flags, bool links)
{
    struct open_how how = { .flags = (unsigned)(flags | O_CLOEXEC),
                            .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS |
                                       (links ? 0 : RESOLVE_NO_SYMLINKS) };
    int fd = -1;

    for (int i = 0; i < AGAIN_MAX; i++) {
        fd = (int)syscall(SYS_openat2, root, path, &how, sizeof how);
        if (fd != -1 || (errno != EAGAIN && errno != EINTR))
            break;
    }
    return fd;
}

/* Whether openat2() is there and allowed, asked once with a call that succeeds where it is. */
static bool kernel_resolves(int root)
{
    enum { UNKNOWN, YES, NO };
    static atomic_int known = UNKNOWN;
    int fd;

    if (tree_without_openat2)
        return false;
    if (atomic_load_explicit(&known, memory_order_relaxed) == UNKNOWN) {
        fd = open_beneath(root, ".", O_PATH, false);
        atomic_store_explicit(&known, fd == -1 && (errno == ENOSYS || errno == EPERM) ? NO : YES,
                              memory_order_relaxed);
        if (fd != -1)
            close(fd);
    }
    return atomic_load_explicit(&known, memory_order_relaxed) == YES;
}

/* ---- by hand ---- */

/* One component: the folder that it is, or, at the end of the path, whatever it is but a link. */
static int open_component(int dir, const char *name, int flags, bool last)
{
    int fd = openat(dir, name, flags | O_NOFOLLOW | O_CLOEXEC);
    struct stat st;

    if (fd == -1)
        return -1;
    if (fstat(fd, &st) != 0)
        return close_with(fd, errno);
    if (S_ISLNK(st.st_mode))
        return close_with(fd, ELOOP);
    return last || S_ISDIR(st.st_mode) ? fd : close_with(fd, ENOTDIR);
}

static int open_by_hand(int root, const char *path, int flags)
{
    char copy[TREE_PATH_MAX + 1], *at = copy, *end;
    size_t n = strlen(path);
    int dir = root, fd;

    if (n == 0 || n > TREE_PATH_MAX)
        return close_with(-1, n ? ENAMETOOLONG : ENOENT);
    memcpy(copy, path, n + 1);
    while ((end = strchr(at, '/'))) {
        *end = '\0';
        fd = open_component(dir, at, O_PATH, false);
        if (dir != root)
            (void)close_with(dir, errno);
        if (fd == -1)
            return -1;
        dir = fd;
        at = end + 1 + strspn(end + 1, "/");
    }
    fd = open_component(dir, *at ? at : ".", flags, true);
    if (dir != root)
        (void)close_with(dir, errno);
    return fd;
}

/* ---- either ---- */

static int open_at(int root, const char *path, int flags, bool links)
{
    if (kernel_resolves(root))
        return open_beneath(root, path, flags, links);
    return open_by_hand(root, path, flags);
}

int tree_open(int root, const char *path, bool links)
{
    int fd;
    struct stat st;

    if (leads_up(path))
        return close_with(-1, EXDEV);
    /* To open a device may do something (rewind a tape, start a watchdog): look first. */
    fd = open_at(root, path, O_PATH, links);
    if (fd == -1)
        return -1;
    if (fstat(fd, &st) != 0)
        return close_with(fd, errno);
    if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
        return close_with(fd, ENXIO);
    close(fd);
    return open_at(root, path, O_RDONLY | O_NONBLOCK | O_NOCTTY, links);
}
