/*
 * Files, folders and links below a folder that nobody else knows of: see unpack.h. Each is made by
 * a path that is looked at once more, from a folder that was opened beneath the root without
 * following a link, under a name that was not there before.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/status.h"
#include "trust/admit/unpack.h"

#define FOLDER_MODE 0755
#define FILE_MODE   0644

struct place {
    int root;   /* borrowed */
    int folder; /* the one that was used last, owned; -1: none */
    size_t n;   /* its path's length, in at */
    char at[NAMES_PATH_MAX + 1];
    int file; /* that is being written, owned; -1: none */
    char name[NAMES_PATH_MAX + 1];
    uint64_t left; /* bytes that are still to come */
};

static enum pratique_status io(struct pratique_error *err, const char *path, size_t n)
{
    int why = errno;
    struct arena a;
    struct span shown;

    arena_init(&a, 4096);
    shown = fact_printable(&a, span_of(path, n), 120);
    (void)error_set(err, PRATIQUE_E_IO, PRATIQUE_NO_OFFSET, "%.*s cannot be written: %s%s",
                    (int)shown.n, (const char *)shown.p, strerrordesc_np(why),
                    why == ENOSPC || why == EDQUOT ? "; make room and try again" : "");
    arena_reset(&a);
    return PRATIQUE_E_IO;
}

static enum pratique_status nonsense(struct pratique_error *err)
{
    return error_set(err, PRATIQUE_E_FORMAT, PRATIQUE_NO_OFFSET,
                     "the process that read it names a file outside of the folder");
}

/* Whether a link there leads to what is below the root; looked at once more, as paths are. */
static bool stays(struct span path, struct span target)
{
    struct name_fault fault;
    struct span leads_to;
    struct arena a;
    bool ok;

    arena_init(&a, 4 * NAMES_PATH_MAX);
    ok = names_link(path, target, &a, &leads_to, &fault);
    arena_reset(&a);
    return ok;
}

static int open_beneath(int root, const char *path, int flags, mode_t mode)
{
    struct open_how how = { .flags = (unsigned)(flags | O_CLOEXEC),
                            .mode = mode,
                            .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV };
    int fd;

    do
        fd = (int)syscall(SYS_openat2, root, path, &how, sizeof how);
    while (fd == -1 && (errno == EINTR || errno == EAGAIN));
    return fd;
}

enum pratique_status place_open(struct place **out, int root, struct pratique_error *err)
{
    struct place *p = *out = calloc(1, sizeof *p);

    if (!p)
        return error_set(err, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "while making files");
    p->root = root;
    p->folder = p->file = -1;
    return PRATIQUE_OK;
}

void place_close(struct place *p)
{
    if (!p)
        return;
    if (p->folder != -1)
        (void)close(p->folder);
    if (p->file != -1)
        (void)close(p->file);
    free(p);
}

/* Length of the folder's path in a path, 0 when it lies at the top. */
static size_t folder_length(const char *path, size_t n)
{
    while (n > 0 && path[n - 1] != '/')
        n--;
    return n > 0 ? n - 1 : 0;
}

/*
 * Makes what is missing of the first n bytes of path, folder by folder, and opens it; -1 with
 * errno. The depth is bounded by names_is_path() and NAMES_PATH_MAX.
 */
static int make_folders(int root, char *path, size_t n)
{
    int fd = -1, at = root;

    for (size_t i = 1; i <= n; i++) {
        size_t start = folder_length(path, i);
        char kept = path[i];

        if (i < n && kept != '/')
            continue;
        path[i] = '\0';
        fd = open_beneath(at, path + (start ? start + 1 : 0), O_RDONLY | O_DIRECTORY, 0);
        if (fd == -1 && errno == ENOENT &&
            mkdirat(at, path + (start ? start + 1 : 0), FOLDER_MODE) == 0)
            fd = open_beneath(at, path + (start ? start + 1 : 0), O_RDONLY | O_DIRECTORY, 0);
        path[i] = kept;
        if (at != root) {
            int why = errno;

            (void)close(at);
            errno = why;
        }
        if (fd == -1)
            return -1;
        at = fd;
    }
    return fd;
}

/* Makes the folder of the first n bytes of path the one that is used; -1 with errno. */
static int enter(struct place *p, char *path, size_t n)
{
    int fd;

    if (n == 0)
        return p->root;
    if (p->folder != -1 && p->n == n && memcmp(p->at, path, n) == 0)
        return p->folder;
    fd = make_folders(p->root, path, n);
    if (fd == -1)
        return -1;
    if (p->folder != -1)
        (void)close(p->folder);
    p->folder = fd;
    memcpy(p->at, path, n);
    p->n = n;
    return fd;
}

/* A path that may be used, as text. */
static bool take_path(struct span path, char out[NAMES_PATH_MAX + 1])
{
    if (!names_is_path(path))
        return false;
    memcpy(out, path.p, path.n);
    out[path.n] = '\0';
    return true;
}

enum pratique_status place_folder(struct place *p, struct span path, struct pratique_error *err)
{
    char text[NAMES_PATH_MAX + 1];

    if (!take_path(path, text))
        return nonsense(err);
    return enter(p, text, path.n) == -1 ? io(err, text, path.n) : PRATIQUE_OK;
}

/* Ends the file at hand: all of it must have come. */
static enum pratique_status end_file(struct place *p, struct pratique_error *err)
{
    int fd = p->file;

    p->file = -1;
    if (fd != -1 && p->left > 0) {
        (void)close(fd);
        return error_set(err, PRATIQUE_E_FORMAT, PRATIQUE_NO_OFFSET,
                         "the process that read it left a file unfinished");
    }
    if (fd != -1 && close(fd) != 0)
        return io(err, p->name, strlen(p->name));
    return PRATIQUE_OK;
}

/* Where the last part of a path begins, and the folder that it lies in; -1 with errno. */
static int folder_of(struct place *p, char *text, size_t n, const char **last)
{
    size_t folder = folder_length(text, n);

    *last = text + (folder ? folder + 1 : 0);
    return enter(p, text, folder);
}

enum pratique_status place_file(struct place *p, struct span path, bool executable, uint64_t size,
                                struct pratique_error *err)
{
    enum pratique_status st = end_file(p, err);
    const char *last;
    int folder;

    if (st != PRATIQUE_OK)
        return st;
    if (!take_path(path, p->name))
        return nonsense(err);
    folder = folder_of(p, p->name, path.n, &last);
    p->file = folder == -1 ? -1
                           : open_beneath(folder, last, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW,
                                          executable ? FILE_MODE | 0111 : FILE_MODE);
    p->left = size;
    return p->file == -1 ? io(err, p->name, path.n) : PRATIQUE_OK;
}

enum pratique_status place_write(struct place *p, struct span bytes, struct pratique_error *err)
{
    if (p->file == -1 || bytes.n > p->left)
        return error_set(err, PRATIQUE_E_FORMAT, PRATIQUE_NO_OFFSET,
                         "the process that read it talks nonsense");
    p->left -= bytes.n;
    while (bytes.n > 0) {
        ssize_t done = write(p->file, bytes.p, bytes.n);

        if (done < 0 && errno != EINTR)
            return io(err, p->name, strlen(p->name));
        (void)skip(&bytes, done > 0 ? (uint64_t)done : 0);
    }
    return PRATIQUE_OK;
}

enum pratique_status place_symlink(struct place *p, struct span path, struct span target,
                                   struct pratique_error *err)
{
    char text[NAMES_PATH_MAX + 1], to[NAMES_PATH_MAX + 1];
    enum pratique_status st = end_file(p, err);
    const char *last;
    int folder;

    if (st != PRATIQUE_OK)
        return st;
    if (!take_path(path, text) || !stays(path, target))
        return nonsense(err);
    memcpy(to, target.p, target.n);
    to[target.n] = '\0';
    folder = folder_of(p, text, path.n, &last);
    return folder == -1 || symlinkat(to, folder, last) != 0 ? io(err, text, path.n) : PRATIQUE_OK;
}

enum pratique_status place_hardlink(struct place *p, struct span path, struct span target,
                                    struct pratique_error *err)
{
    char text[NAMES_PATH_MAX + 1], to[NAMES_PATH_MAX + 1];
    enum pratique_status st = end_file(p, err);
    const char *last, *to_last;
    int folder, to_folder;
    size_t n;
    bool ok;

    if (st != PRATIQUE_OK)
        return st;
    if (!take_path(path, text) || !take_path(target, to))
        return nonsense(err);
    n = folder_length(to, target.n);
    to_last = to + (n ? n + 1 : 0);
    to_folder = n ? make_folders(p->root, to, n) : p->root;
    folder = folder_of(p, text, path.n, &last);
    ok = folder != -1 && to_folder != -1 && linkat(to_folder, to_last, folder, last, 0) == 0;
    st = ok ? PRATIQUE_OK : io(err, text, path.n);
    if (n && to_folder != -1)
        (void)close(to_folder);
    return st;
}

enum pratique_status place_finish(struct place *p, struct pratique_error *err)
{
    enum pratique_status st = end_file(p, err);

    if (st == PRATIQUE_OK && syncfs(p->root) != 0)
        st = error_set(err, PRATIQUE_E_IO, PRATIQUE_NO_OFFSET,
                       "what was unpacked cannot be made to last: %s", strerrordesc_np(errno));
    return st;
}
