/*
 * Files that get their name when they are whole, synced and checked: see fetch.h. Bytes go through
 * memory and not by copy_file_range(2), since they are hashed on the way; where the file system can
 * share blocks, the clone is hashed.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/write.h"
#include "trust/fetch/fetch.h"

#define PIECE ((size_t)1 << 20)
#define TRIES 100

const char *pinned_why(enum pinned p)
{
    switch (p) {
    case PINNED:
        return "it is what is pinned";
    case PINNED_SIZE:
        return "its size is not the one in the lock";
    case PINNED_HASH:
        return "its SHA-256 is not the one in the lock";
    case PINNED_IO:
        break;
    }
    return strerrordesc_np(errno);
}

bool pin_matches(struct sha256 *sum, const struct pin *want)
{
    uint8_t digest[SHA256_BYTES];
    char hex[SHA256_HEX];

    if (!sha256_final(sum, digest))
        return false;
    sha256_hex(digest, hex);
    return strcmp(hex, want->sha256) == 0;
}

/* ---- names ---- */

static bool temporary_name(struct landing *l)
{
    uint64_t random;

    if (getrandom(&random, sizeof random, 0) != sizeof random)
        return false;
    (void)snprintf(l->temporary, sizeof l->temporary, WHOLE_TEMPORARY "%016llx",
                   (unsigned long long)random);
    return true;
}

/* Where the file system has no files without a name. */
static bool open_named(struct landing *l, mode_t mode)
{
    for (int i = 0; i < TRIES && temporary_name(l); i++) {
        l->fd = openat(l->dir, l->temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode);
        if (l->fd != -1)
            return true;
        if (errno != EEXIST)
            break;
    }
    l->temporary[0] = '\0';
    return false;
}

bool landing_open(struct landing *l, int dir, unsigned mode)
{
    *l = (struct landing){ .dir = dir, .fd = -1 };
    l->fd = openat(dir, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, (mode_t)mode);
    return l->fd != -1 || open_named(l, (mode_t)mode);
}

/* Gives a file without a name one that is free. */
static bool link_as(const struct landing *l, const char *name)
{
    char self[40];

    (void)snprintf(self, sizeof self, "/proc/self/fd/%d", l->fd);
    return linkat(AT_FDCWD, self, l->dir, name, AT_SYMLINK_FOLLOW) == 0;
}

static bool link_temporary(struct landing *l)
{
    for (int i = 0; i < TRIES && temporary_name(l); i++) {
        if (link_as(l, l->temporary))
            return true;
        if (errno != EEXIST)
            break;
    }
    l->temporary[0] = '\0';
    return false;
}

/* By a name of its own where that of another file is taken: who is killed then leaves it there. */
static bool replace(struct landing *l, const char *name)
{
    if ((!l->temporary[0] && !link_temporary(l)) ||
        renameat(l->dir, l->temporary, l->dir, name) != 0)
        return false;
    l->temporary[0] = '\0';
    return true;
}

bool landing_commit(struct landing *l, const char *name)
{
    if (fsync(l->fd) != 0 || (!(!l->temporary[0] && link_as(l, name)) && !replace(l, name)))
        return false;
    (void)fsync(l->dir); /* one that cannot be synced is no fault of ours */
    return true;
}

void landing_drop(struct landing *l)
{
    int error = errno;

    if (l->fd != -1)
        (void)close(l->fd);
    if (l->temporary[0])
        (void)unlinkat(l->dir, l->temporary, 0);
    l->fd = -1;
    l->temporary[0] = '\0';
    errno = error;
}

/* ---- bytes ---- */

/* Hashes what is at from, from its start, and writes it to to (-1: nowhere). */
static enum pinned pump(int from, int to, const struct pin *want)
{
    uint8_t *piece = malloc(PIECE);
    enum pinned what = piece ? PINNED : PINNED_IO;
    struct sha256 sum;
    uint64_t done = 0;
    ssize_t got = 1;

    sha256_init(&sum);
    while (what == PINNED && got != 0) {
        got = pread(from, piece, PIECE, (off_t)done);
        if (got < 0 && errno != EINTR)
            what = PINNED_IO;
        else if (got > 0 && (uint64_t)got > want->size - done)
            what = PINNED_SIZE;
        else if (got > 0 && to != -1 && !write_all(to, piece, (size_t)got))
            what = PINNED_IO;
        else if (got > 0)
            sha256_update(&sum, piece, (size_t)got), done += (uint64_t)got;
    }
    if (what == PINNED && done != want->size)
        what = PINNED_SIZE;
    if (!pin_matches(&sum, want) && what == PINNED)
        what = PINNED_HASH;
    free(piece);
    return what;
}

static enum pinned is_of_size(int fd, const struct pin *want)
{
    struct stat st;

    if (fstat(fd, &st) != 0)
        return PINNED_IO;
    return S_ISREG(st.st_mode) && (uint64_t)st.st_size == want->size ? PINNED : PINNED_SIZE;
}

enum pinned pinned_file(int fd, const struct pin *want)
{
    enum pinned what = is_of_size(fd, want);

    (void)posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
    return what == PINNED ? pump(fd, -1, want) : what;
}

enum pinned landing_copy(struct landing *l, int from, const struct pin *want)
{
    enum pinned what = is_of_size(from, want);

    if (what != PINNED)
        return what;
    if (ioctl(l->fd, FICLONE, from) == 0)
        return pump(l->fd, -1, want);
    return pump(from, l->fd, want);
}

/* ---- folders ---- */

int folder_make(const char *path, unsigned mode)
{
    char *text = strdup(path);
    bool ok = text != NULL;
    int fd = -1;

    for (char *p = text; ok && *p; p++) {
        if (*p != '/' || p == text)
            continue;
        *p = '\0';
        ok = mkdir(text, 0755) == 0 || errno == EEXIST || errno == EROFS || errno == EACCES;
        *p = '/';
    }
    ok = ok && (mkdir(path, (mode_t)mode) == 0 || errno == EEXIST || errno == EROFS);
    if (ok)
        fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    free(text);
    return fd;
}

/* The folder of that name in another, which it closes unless it is the root. */
static int enter(int root, int at, const char *name, bool make)
{
    int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    int fd = openat(at, name, flags), error;

    if (fd == -1 && errno == ENOENT && make && (mkdirat(at, name, 0755) == 0 || errno == EEXIST))
        fd = openat(at, name, flags);
    error = errno;
    if (at != root)
        (void)close(at);
    errno = error;
    return fd;
}

int folder_of(int root, const char *name, bool make, const char **last)
{
    char part[LOCK_NAME_MAX + 1];
    const char *slash;
    int at = root;

    for (; (slash = strchr(name, '/')) && at != -1; name = slash + 1) {
        size_t n = (size_t)(slash - name);

        if (n >= sizeof part) {
            errno = ENAMETOOLONG;
            return -1;
        }
        memcpy(part, name, n);
        part[n] = '\0';
        at = enter(root, at, part, make);
    }
    *last = name;
    return at == root ? fcntl(root, F_DUPFD_CLOEXEC, 0) : at;
}
