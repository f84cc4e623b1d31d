/* The artifact's private copy: read once, hashed as it is read. See unpack.h. */
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/status.h"
#include "base/write.h"
#include "trust/admit/unpack.h"

#define PIECE ((size_t)1 << 20)

/* Why not: what a user can do about it is in the words. */
static enum pratique_status unreadable(const char *path, struct pratique_error *err)
{
    return error_set(err, PRATIQUE_E_IO, PRATIQUE_NO_OFFSET, "%s: %s", path,
                     strerrordesc_np(errno));
}

static enum pratique_status unwritable(const struct copy *c, struct pratique_error *err)
{
    return error_set(err, PRATIQUE_E_IO, PRATIQUE_NO_OFFSET,
                     "%s: %s cannot be copied to beside it: %s%s", c->to, c->name,
                     strerrordesc_np(errno),
                     errno == ENOSPC || errno == EDQUOT ? "; make room and try again" : "");
}

/* The artifact, opened without waiting for a pipe's other end; -1 with the error set. */
static int open_artifact(const char *path, enum pratique_status *st, struct pratique_error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    struct stat s;

    if (fd == -1 || fstat(fd, &s) != 0) {
        *st = unreadable(path, err);
    } else if (!S_ISREG(s.st_mode)) {
        *st = error_set(err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET,
                        "%s is no regular file; one artifact is admitted at a time", path);
    } else {
        (void)posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
        return fd;
    }
    if (fd != -1)
        (void)close(fd);
    return -1;
}

/*
 * Reads from to its end, hashes that, and writes it to to (-1: it is there already, as a clone,
 * and from is the clone).
 */
static enum pratique_status pump(struct copy *c, const char *path, int from, int to,
                                 struct pratique_error *err)
{
    uint8_t *piece = malloc(PIECE);
    enum pratique_status st = PRATIQUE_OK;
    struct sha256 hash;
    ssize_t got = 1;

    if (!piece)
        return error_set(err, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "while copying %s", path);
    sha256_init(&hash);
    while (st == PRATIQUE_OK && got != 0) {
        got = read(from, piece, PIECE);
        if (got < 0 && errno != EINTR) {
            st = unreadable(path, err);
        } else if (got > 0) {
            sha256_update(&hash, piece, (size_t)got);
            c->size += (uint64_t)got;
            if (to != -1 && !write_all(to, piece, (size_t)got))
                st = unwritable(c, err);
        }
    }
    if (!sha256_final(&hash, c->digest) && st == PRATIQUE_OK)
        st = error_set(err, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "while hashing %s", path);
    free(piece);
    return st;
}

static const char *last_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

enum pratique_status copy_make(struct copy *out, const char *path, int folder, const char *to,
                               struct pratique_error *err)
{
    enum pratique_status st = PRATIQUE_OK;
    int from, copy;

    *out = (struct copy){ .fd = -1, .name = last_name(path), .to = to };
    sha256_warm();
    from = open_artifact(path, &st, err);
    if (from == -1)
        return st;
    copy = openat(folder, out->name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (copy != -1)
        out->fd = openat(folder, out->name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (copy == -1 || out->fd == -1)
        st = unwritable(out, err);
    else if (ioctl(copy, FICLONE, from) == 0) /* the same blocks: what is hashed is the clone */
        st = pump(out, path, out->fd, -1, err);
    else
        st = pump(out, path, from, copy, err);
    (void)close(from);
    if (copy != -1 && close(copy) != 0 && st == PRATIQUE_OK)
        st = unwritable(out, err);
    if (st != PRATIQUE_OK)
        copy_close(out);
    return st;
}

void copy_close(struct copy *c)
{
    if (c->fd != -1)
        (void)close(c->fd);
    c->fd = -1;
}
