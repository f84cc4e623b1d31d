/*
 * The output: without a name, or under another one in the same folder, until it is complete and
 * synced; then linked or renamed to its own.
 */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/status.h"
#include "trust/convert/convert.h"

#define COPY_MAX  ((size_t)1 << 30) /* in one call of copy_file_range(2) */
#define COPY_ROOM ((size_t)512 * 1024)
/* So much is written before the kernel is told to bring it to the disk. */
#define START_SYNC ((uint64_t)32 * 1024 * 1024)

static enum pratique_status io(struct output *o, const char *what)
{
    return error_set(o->err, PRATIQUE_E_IO, PRATIQUE_NO_OFFSET, "%s: %s: %s", o->path, what,
                     strerrordesc_np(errno));
}

static enum pratique_status is_there(struct output *o)
{
    return error_set(o->err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET,
                     "%s: it is there already; --overwrite replaces it", o->path);
}

/* The folder of path, as a new string. */
static char *folder_of(const char *path)
{
    char *copy = strdup(path), *folder = copy ? strdup(dirname(copy)) : NULL;

    free(copy);
    return folder;
}

/* Another name beside path, as a new string. */
static char *name_beside(const char *path)
{
    uint64_t number = 0;
    char *name = NULL;

    if (getrandom(&number, sizeof number, 0) != (ssize_t)sizeof number ||
        asprintf(&name, "%s.%016llx.part", path, (unsigned long long)number) < 0)
        return NULL;
    return name;
}

/* Whether there is room: the answer may be old by the time it is used, and is no promise. */
static enum pratique_status check_room(struct output *o, uint64_t bytes)
{
    struct statvfs fs;
    uint64_t have;

    if (fstatvfs(o->fd, &fs) != 0 ||
        MUL_OVERFLOWS((uint64_t)fs.f_bavail, (uint64_t)fs.f_frsize, &have) || have >= bytes)
        return PRATIQUE_OK;
    return error_set(o->err, PRATIQUE_E_IO, PRATIQUE_NO_OFFSET,
                     "%s: the disk is too full: it takes %llu bytes, and %llu are free", o->path,
                     (unsigned long long)bytes, (unsigned long long)have);
}

/* A file without a name, where the file system has such; else one with another name. */
static bool open_new(struct output *o, const char *folder)
{
    o->fd = open(folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);
    if (o->fd != -1 || (errno != EOPNOTSUPP && errno != EISDIR && errno != ENOENT))
        return o->fd != -1;
    o->temporary = name_beside(o->path);
    if (o->temporary)
        o->fd = open(o->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
    return o->fd != -1;
}

enum pratique_status output_open(struct output *o, const char *path, bool overwrite, uint64_t bytes,
                                 struct pratique_error *err)
{
    enum pratique_status st = PRATIQUE_OK;
    struct stat there;
    char *folder = folder_of(path);

    *o = (struct output){ .path = path, .fd = -1, .err = err };
    if (!folder)
        st = error_set(err, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "out of memory");
    else if (lstat(path, &there) == 0 && !overwrite)
        st = is_there(o);
    else if (lstat(path, &there) == 0 && S_ISDIR(there.st_mode))
        st = error_set(err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET, "%s: it is a folder", path);
    else if (!open_new(o, folder))
        st = io(o, "it cannot be made");
    else
        st = check_room(o, bytes);
    free(folder);
    return st;
}

static void wrote(struct output *o, size_t n)
{
    uint64_t before = o->written;

    o->written += n;
    if (before / START_SYNC != o->written / START_SYNC)
        (void)sync_file_range(o->fd, 0, 0, SYNC_FILE_RANGE_WRITE);
}

static bool cannot_write(struct output *o)
{
    (void)io(o, "it cannot be written");
    return false;
}

bool output_put(struct output *o, const void *p, size_t n)
{
    const char *at = p;

    while (n > 0) {
        ssize_t done = write(o->fd, at, n);

        if (done < 0 && errno != EINTR)
            return cannot_write(o);
        if (done > 0) {
            at += done;
            n -= (size_t)done;
            wrote(o, (size_t)done);
        }
    }
    return true;
}

static bool cannot_read(struct output *o, ssize_t got)
{
    if (got < 0)
        (void)error_set(o->err, PRATIQUE_E_IO, PRATIQUE_NO_OFFSET, "the file cannot be read: %s",
                        strerrordesc_np(errno));
    else
        (void)error_set(o->err, PRATIQUE_E_IO, PRATIQUE_NO_OFFSET,
                        "the file became shorter while it was read");
    return false;
}

/* Through our own memory, where the kernel does not copy by itself. */
static bool copy_by_hand(struct output *o, int fd, uint64_t from, uint64_t n)
{
    char *room = malloc(COPY_ROOM);
    bool ok = room != NULL;

    if (!room)
        (void)error_set(o->err, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "out of memory");
    while (ok && n > 0) {
        ssize_t got = pread(fd, room, n < COPY_ROOM ? (size_t)n : COPY_ROOM, (off_t)from);

        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            ok = cannot_read(o, got);
        else
            ok = output_put(o, room, (size_t)got);
        from += got > 0 ? (uint64_t)got : 0;
        n -= got > 0 ? (uint64_t)got : 0;
    }
    free(room);
    return ok;
}

bool output_copy(struct output *o, int fd, uint64_t from, uint64_t n)
{
    while (n > 0) {
        off_t at = (off_t)from;
        ssize_t done =
            copy_file_range(fd, &at, o->fd, NULL, n < COPY_MAX ? (size_t)n : COPY_MAX, 0);

        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0 && (errno == ENOSPC || errno == EDQUOT || errno == EIO || errno == EFBIG))
            return cannot_write(o);
        if (done <= 0)
            return copy_by_hand(o, fd, from, n);
        from += (uint64_t)done;
        n -= (uint64_t)done;
        wrote(o, (size_t)done);
    }
    return true;
}

/* Gives a file without a name one. */
static bool name_it(struct output *o, const char *name)
{
    char self[40];

    (void)snprintf(self, sizeof self, "/proc/self/fd/%d", o->fd);
    return linkat(AT_FDCWD, self, AT_FDCWD, name, AT_SYMLINK_FOLLOW) == 0;
}

/* The name must not be taken: link(2) says so, and so does this rename. */
static bool put_in_place(struct output *o)
{
    if (!o->temporary)
        return name_it(o, o->path);
    if (renameat2(AT_FDCWD, o->temporary, AT_FDCWD, o->path, RENAME_NOREPLACE) == 0) {
        free(o->temporary);
        o->temporary = NULL;
        return true;
    }
    return errno == EINVAL && link(o->temporary, o->path) == 0; /* the other name goes at the end */
}

static bool replace(struct output *o)
{
    if (!o->temporary) {
        o->temporary = name_beside(o->path);
        if (!o->temporary || !name_it(o, o->temporary))
            return false;
    }
    if (rename(o->temporary, o->path) != 0)
        return false;
    free(o->temporary);
    o->temporary = NULL;
    return true;
}

/* A new name lasts when its folder is synced; one that cannot be is no fault of ours. */
static void sync_folder(const char *path)
{
    char *folder = folder_of(path);
    int fd = folder ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

    if (fd != -1) {
        (void)fsync(fd);
        (void)close(fd);
    }
    free(folder);
}

enum pratique_status output_finish(struct output *o, bool overwrite)
{
    if (fsync(o->fd) != 0)
        return io(o, "it cannot be written");
    if (!(overwrite ? replace(o) : put_in_place(o)))
        return errno == EEXIST ? is_there(o) : io(o, "it cannot be put in place");
    sync_folder(o->path);
    return PRATIQUE_OK;
}

void output_close(struct output *o)
{
    if (o->fd != -1)
        (void)close(o->fd);
    if (o->temporary)
        (void)unlink(o->temporary);
    free(o->temporary);
    *o = (struct output){ .fd = -1 };
}
