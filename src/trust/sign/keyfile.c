/*
 * Reads a file that holds a key, after a look at who may touch it: a public key that somebody
 * else can write vouches for what that somebody likes, a secret key that others can read is
 * none. A file is judged and read by one descriptor.
 */
#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/status.h"
#include "trust/sign/keys.h"

static enum pratique_status refuse(struct pratique_error *err, const char *path, const char *why)
{
    return error_set(err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET, "%.150s: %s", path, why);
}

/*
 * A group of the owner's own is no group: systems that give each user one of the same number
 * make files group-writable by default.
 */
static bool others_may_write(const struct stat *st)
{
    return st->st_mode & S_IWOTH || (st->st_mode & S_IWGRP && st->st_gid != st->st_uid);
}

static enum pratique_status judge(const struct stat *st, const char *path, enum keyfile_kind kind,
                                  struct pratique_error *err)
{
    bool secret = kind == KEYFILE_SECRET;

    if (!S_ISREG(st->st_mode))
        return refuse(err, path, "is no regular file, so it is no key");
    if (secret && st->st_mode & (S_IRWXG | S_IRWXO))
        return error_set(err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET,
                         "%.150s: others may read this secret key (mode %04o); run: chmod 600 "
                         "%.150s",
                         path, (unsigned)st->st_mode & 07777, path);
    if (secret && st->st_uid != geteuid() && st->st_uid != 0)
        return error_set(err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET,
                         "%.150s: this secret key belongs to somebody else (user %u); sign with a "
                         "key of your own",
                         path, (unsigned)st->st_uid);
    if (!secret && others_may_write(st))
        return error_set(err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET,
                         "%.150s: others may write this key file (mode %04o), so it vouches for "
                         "nothing; look at it, then run: chmod go-w %.150s",
                         path, (unsigned)st->st_mode & 07777, path);
    if (st->st_size > (off_t)KEY_FILE_MAX)
        return refuse(err, path, "is larger than 1 MiB, so it is no file of keys");
    return PRATIQUE_OK;
}

/* Reads until the end, or until size bytes are there; -1 with errno. */
static ssize_t read_all(int fd, char *p, size_t size)
{
    size_t n = 0;

    while (n < size) {
        ssize_t got = read(fd, p + n, size - n);

        if (got == -1 && errno == EINTR)
            continue;
        if (got == -1)
            return -1;
        if (got == 0)
            break;
        n += (size_t)got;
    }
    return (ssize_t)n;
}

/* One block, of the size that the file has: no copies of a secret are left behind. */
static enum pratique_status take_in(int fd, const struct stat *st, const char *path,
                                    struct buf *out, struct pratique_error *err)
{
    size_t size = (size_t)st->st_size;
    char *p = malloc(size + 1);
    ssize_t n = p ? read_all(fd, p, size + 1) : 0;

    if (!p)
        return error_set(err, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "while reading %.150s", path);
    if (n != st->st_size) {
        int error = errno;

        OPENSSL_cleanse(p, size + 1);
        free(p);
        return error_set(err, PRATIQUE_E_IO, PRATIQUE_NO_OFFSET, "%.150s: %s", path,
                         n == -1 ? strerror(error) : "it changed while it was read");
    }
    p[size] = '\0';
    *out = (struct buf){ .p = p, .n = size, .size = size + 1, .ceiling = KEY_FILE_MAX };
    return PRATIQUE_OK;
}

enum pratique_status keyfile_read(const char *path, enum keyfile_kind kind, struct buf *out,
                                  struct pratique_error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    enum pratique_status status;
    struct stat st;

    buf_init(out, KEY_FILE_MAX);
    if (fd == -1 || fstat(fd, &st) != 0)
        status =
            error_set(err, PRATIQUE_E_IO, PRATIQUE_NO_OFFSET, "%.150s: %s", path, strerror(errno));
    else if ((status = judge(&st, path, kind, err)) == PRATIQUE_OK)
        status = take_in(fd, &st, path, out, err);
    if (fd != -1)
        close(fd);
    return status;
}

void keyfile_wipe(struct buf *b)
{
    if (b->p)
        OPENSSL_cleanse(b->p, b->size);
    buf_free(b);
}
