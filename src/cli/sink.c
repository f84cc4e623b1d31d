/*
 * Where a report goes: standard output, a device, or a file that appears whole or
 * not at all. What is to become a file is kept in memory until then: a temporary
 * file beside it might lie in the folder that is being scanned.
 */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"

#define FLUSH_AT ((size_t)32 * 1024) /* of what is not kept */

/* Whether a file can be made in path's folder, so that a scan is not done for nothing. */
static bool folder_takes_files(const char *path)
{
    char *copy = strdup(path);
    bool ok = copy && access(dirname(copy), W_OK | X_OK) == 0;

    free(copy);
    return ok;
}

bool sink_open(struct sink *s, const char *path)
{
    struct stat st;

    *s = (struct sink){ .fd = STDOUT_FILENO };
    if (!path || strcmp(path, "-") == 0)
        return true;
    if (stat(path, &st) == 0 && !S_ISREG(st.st_mode)) { /* a device or a pipe: written through */
        s->fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    } else {
        s->fd = -1;
        s->path = path;
    }
    if (s->path ? folder_takes_files(path) : s->fd != -1)
        return true;
    complain("--output %s: %s", path, strerror(errno));
    return false;
}

static bool write_all(int fd, const char *p, size_t n)
{
    while (n > 0) {
        ssize_t done = write(fd, p, n);

        if (done == -1 && errno != EINTR)
            return false;
        p += done > 0 ? done : 0;
        n -= done > 0 ? (size_t)done : 0;
    }
    return true;
}

bool sink_flush(struct sink *s)
{
    if (s->failed || s->path)
        return !s->failed;
    if (!write_all(s->fd, s->bytes, s->n)) {
        complain("the report cannot be written: %s", strerror(errno));
        s->failed = true;
    }
    s->n = 0;
    return !s->failed;
}

bool sink_write(struct sink *s, const char *text, size_t len)
{
    if (len > s->size - s->n) {
        size_t size = (s->n + len) * 2;
        char *bytes = realloc(s->bytes, size);

        if (!bytes) {
            complain("out of memory for the report");
            s->failed = true;
            return false;
        }
        s->bytes = bytes;
        s->size = size;
    }
    memcpy(s->bytes + s->n, text, len);
    s->n += len;
    return s->n < FLUSH_AT || sink_flush(s);
}

/* Makes the new name of a file in path's folder last. */
static void sync_folder(const char *path)
{
    char *copy = strdup(path);
    int fd = copy ? open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

    if (fd != -1) {
        (void)fsync(
            fd); /* the file itself is synced; a folder that cannot be is no fault of ours */
        close(fd);
    }
    free(copy);
}

/* A new file beside path, filled, synced, and renamed to it. */
static bool replace(const struct sink *s)
{
    mode_t mask = umask(022);
    char *temporary = NULL;
    int fd = -1;
    bool ok;

    (void)umask(mask);
    if (asprintf(&temporary, "%s.XXXXXX", s->path) < 0)
        return false;
    fd = mkostemp(temporary, O_CLOEXEC);
    ok = fd != -1 && fchmod(fd, 0666 & ~mask) == 0 && write_all(fd, s->bytes, s->n) &&
         fsync(fd) == 0;
    if (fd != -1)
        ok = close(fd) == 0 && ok;
    ok = ok && rename(temporary, s->path) == 0;
    if (ok)
        sync_folder(s->path);
    else if (fd != -1)
        (void)unlink(temporary);
    free(temporary);
    return ok;
}

/* The same, in one piece for whoever would stop us: no temporary file is left behind. */
static bool replace_undisturbed(const struct sink *s)
{
    sigset_t stop, before;
    bool ok;

    sigemptyset(&stop);
    sigaddset(&stop, SIGINT);
    sigaddset(&stop, SIGTERM);
    sigaddset(&stop, SIGHUP);
    (void)sigprocmask(SIG_BLOCK, &stop, &before);
    ok = replace(s);
    if (!ok)
        complain("--output %s: %s", s->path, strerror(errno));
    (void)sigprocmask(SIG_SETMASK, &before, NULL);
    return ok;
}

bool sink_close(struct sink *s, bool ok)
{
    ok = ok && sink_flush(s);
    if (ok && s->path)
        ok = replace_undisturbed(s);
    if (s->fd > STDERR_FILENO && close(s->fd) != 0)
        ok = false;
    free(s->bytes);
    s->bytes = NULL;
    return ok;
}
