/* See walk.h. */
#include "scan/walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "scan/model.h"

/* A folder that is being gone through. */
struct walk_level {
    int fd;
    char **names; /* owned, sorted; each starts with its d_type, then the name */
    size_t n, at;
    size_t path_n; /* length of this folder's path */
    bool model;    /* it is one, by the names in it, or lies in one */
};

void walk_init(struct walk *w, const char *const *paths, size_t n, uint64_t stdin_max)
{
    *w = (struct walk){ .paths = paths, .n = n, .stdin_max = stdin_max };
    w->has_stdin = fcntl(STDIN_FILENO, F_GETFD) != -1;
    buf_init(&w->path, WALK_PATH_MAX);
}

static void level_free(struct walk_level *l)
{
    for (size_t i = 0; i < l->n; i++)
        free(l->names[i]);
    free(l->names);
    close(l->fd);
    *l = (struct walk_level){ .fd = -1 };
}

void walk_free(struct walk *w)
{
    while (w->depth > 0)
        level_free(&w->levels[--w->depth]);
    free(w->levels);
    buf_free(&w->path);
}

static void fail(struct found *out, enum fact_kind kind, const char *fmt, ...) PRINTF_LIKE(3, 4);
static void fail(struct found *out, enum fact_kind kind, const char *fmt, ...)
{
    va_list ap;

    out->kind = kind;
    va_start(ap, fmt);
    (void)vsnprintf(out->detail, sizeof out->detail, fmt, ap);
    va_end(ap);
}

static const char *kind_of(mode_t mode)
{
    switch (mode & S_IFMT) {
    case S_IFDIR:
        return "a folder";
    case S_IFCHR:
        return "a character device";
    case S_IFBLK:
        return "a block device";
    case S_IFIFO:
        return "a named pipe";
    case S_IFSOCK:
        return "a socket";
    case S_IFLNK:
        return "a symbolic link";
    default:
        return "of an unknown kind";
    }
}

/* Opens a regular file, which never blocks; out->fd stays -1 when it turns out to be another. */
static void open_file(struct found *out, int dir, const char *name, int flags)
{
    int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | flags);

    if (fd == -1 || fstat(fd, &out->stat) != 0) {
        fail(out, FACT_NOT_READABLE, "%s", strerrordesc_np(errno));
    } else if (!S_ISREG(out->stat.st_mode)) {
        fail(out, FACT_NOT_REGULAR, "it is %s", kind_of(out->stat.st_mode));
    } else {
        out->fd = fd;
        out->has_stat = true;
        return;
    }
    if (fd != -1)
        close(fd);
}

static int by_name(const void *a, const void *b)
{
    const char *const *x = a, *const *y = b;

    return strcmp(*x + 1, *y + 1);
}

static bool level_add(struct walk_level *l, const struct dirent *e)
{
    char **names = l->names;
    size_t n = strlen(e->d_name);

    if ((l->n & (l->n - 1)) == 0) /* a power of two: full */
        names = reallocarray(l->names, l->n ? l->n * 2 : 1, sizeof *names);
    if (!names)
        return false;
    l->names = names;
    names[l->n] = malloc(n + 2);
    if (!names[l->n])
        return false;
    names[l->n][0] = (char)e->d_type;
    memcpy(names[l->n] + 1, e->d_name, n + 1);
    l->n++;
    return true;
}

/* Reads the names of a folder; errno tells what went wrong. */
static bool level_read(struct walk_level *l)
{
    int again = fcntl(l->fd, F_DUPFD_CLOEXEC, 3); /* closedir() closes it */
    DIR *dir = again != -1 ? fdopendir(again) : NULL;
    struct dirent *e;
    bool ok = dir;

    if (!dir && again != -1)
        close(again);
    while (ok && (errno = 0, e = readdir(dir)))
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
            ok = level_add(l, e);
    ok = ok && errno == 0;
    if (ok && l->n > 1)
        qsort(l->names, l->n, sizeof *l->names, by_name);
    if (dir) {
        int saved = errno;

        closedir(dir);
        errno = saved;
    }
    return ok;
}

/* By the names of what is no folder in it. */
static bool is_model(const struct walk_level *l)
{
    struct model_marks marks = { 0 };

    for (size_t i = 0; i < l->n; i++)
        if ((unsigned char)l->names[i][0] != DT_DIR)
            model_mark(&marks, span_text(l->names[i] + 1));
    return model_marked(&marks) != NULL;
}

/* Goes down into fd, a folder, which is then the walk's; *out tells why not. */
static enum pratique_status descend(struct walk *w, struct found *out, int fd)
{
    struct walk_level *l;
    int why;

    if (!w->levels)
        w->levels = calloc(WALK_DEPTH_MAX, sizeof *w->levels);
    if (!w->levels) {
        close(fd);
        return PRATIQUE_E_NOMEM;
    }
    if (w->depth == WALK_DEPTH_MAX) {
        close(fd);
        fail(out, FACT_LIMIT, "folders within folders, %d deep", WALK_DEPTH_MAX);
        return PRATIQUE_OK;
    }
    l = &w->levels[w->depth++];
    *l = (struct walk_level){ .fd = fd, .path_n = w->path.n };
    if (level_read(l)) {
        l->model = is_model(l) || (w->depth > 1 && w->levels[w->depth - 2].model);
        return PRATIQUE_OK;
    }
    why = errno;
    fail(out, FACT_NOT_READABLE, "the folder: %s", strerrordesc_np(why));
    level_free(&w->levels[--w->depth]);
    return why == ENOMEM ? PRATIQUE_E_NOMEM : PRATIQUE_OK;
}

/* Cuts the path back to n bytes, which it has. */
static void path_cut(struct walk *w, size_t n)
{
    w->path.n = n;
    w->path.failed = false;
    w->path.p[n] = '\0';
}

static bool path_enter(struct walk *w, const struct walk_level *l, const char *name)
{
    path_cut(w, l->path_n);
    if (l->path_n == 0 || w->path.p[l->path_n - 1] != '/')
        (void)buf_putc(&w->path, '/');
    return buf_puts(&w->path, name);
}

/* Where a link below the root leads, asked of the kernel: it opens nothing and may not leave. */
static int resolve(struct walk *w)
{
    struct open_how how = { .flags = O_PATH | O_CLOEXEC,
                            .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS };
    const char *below = w->path.p + w->root_n;

    while (*below == '/')
        below++;
    return (int)syscall(SYS_openat2, w->levels[0].fd, below, &how, sizeof how);
}

static void look_at_link(struct walk *w, struct found *out, int dir, const char *name)
{
    char target[128];
    ssize_t n = readlinkat(dir, name, target, sizeof target - 1);
    int fd = resolve(w), why = errno;
    struct stat st;

    target[n > 0 ? n : 0] = '\0';
    if (fd != -1 && fstat(fd, &st) == 0 && (S_ISREG(st.st_mode) || S_ISDIR(st.st_mode)))
        fail(out, FACT_LINK_INSIDE, "to %s", target);
    else if (fd != -1)
        fail(out, FACT_NOT_REGULAR, "it is a symbolic link to a device, a pipe or a socket");
    else if (why == ENOENT || why == ENOTDIR)
        fail(out, FACT_NOT_READABLE, "a symbolic link to nothing: %s", target);
    else if (why == ELOOP)
        fail(out, FACT_NOT_READABLE, "symbolic links that lead in a circle");
    else if (why == EACCES)
        fail(out, FACT_NOT_READABLE, "a symbolic link into a folder that may not be read");
    else
        fail(out, FACT_LINK_OUTSIDE, "to %s", target);
    if (fd != -1)
        close(fd);
}

static unsigned char type_of(int dir, const char *name, unsigned char told)
{
    struct stat st;

    if (told != DT_UNKNOWN || fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
        return told;
    return (unsigned char)IFTODT(st.st_mode);
}

/* One entry of a folder; *out->path stays NULL when there is nothing to tell of it. */
static enum pratique_status look_at_entry(struct walk *w, struct found *out,
                                          const struct walk_level *l, const char *entry)
{
    const char *name = entry + 1;
    unsigned char type = type_of(l->fd, name, (unsigned char)entry[0]);
    enum pratique_status st = PRATIQUE_OK;
    int fd;

    if (type == DT_DIR) {
        fd = openat(l->fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
        if (fd == -1)
            fail(out, FACT_NOT_READABLE, "the folder: %s", strerrordesc_np(errno));
        else
            st = descend(w, out, fd);
    } else if (type == DT_LNK) {
        look_at_link(w, out, l->fd, name);
    } else if (type == DT_REG || type == DT_UNKNOWN) { /* unknown: it is gone; say how */
        open_file(out, l->fd, name, O_NOFOLLOW);
    } else {
        fail(out, FACT_NOT_REGULAR, "it is %s", kind_of((mode_t)type << 12));
    }
    out->in_model = l->model;
    if (out->fd != -1 || out->detail[0])
        out->path = w->path.p;
    return st;
}

/* The next below the current root; out->path NULL when there is no more. */
static enum pratique_status next_below(struct walk *w, struct found *out)
{
    enum pratique_status st = PRATIQUE_OK;

    while (st == PRATIQUE_OK && !out->path && w->depth > 0) {
        struct walk_level *l = &w->levels[w->depth - 1];

        if (l->at == l->n) {
            level_free(l);
            w->depth--;
        } else if (path_enter(w, l, l->names[l->at] + 1)) {
            st = look_at_entry(w, out, l, l->names[l->at++]);
        } else {
            l->at++; /* the path is cut, and is told as far as it goes */
            fail(out, FACT_LIMIT, "a path of more than %d bytes", WALK_PATH_MAX);
            out->path = w->path.p;
        }
    }
    w->found += out->path && out->kind != FACT_LINK_INSIDE;
    if (!out->path && st == PRATIQUE_OK && w->found == 0) { /* the root was empty */
        w->found = 1;
        path_cut(w, w->root_n);
        fail(out, FACT_EMPTY, "a folder without a file in it");
        out->path = w->path.p;
    }
    return st;
}

/* A path that the user named: it may be a link. */
static enum pratique_status look_at_root(struct walk *w, struct found *out, const char *path)
{
    enum pratique_status rc = PRATIQUE_OK;
    struct stat st;
    int fd;

    w->root_n = w->path.n;
    w->found = 0;
    if (stat(path, &st) != 0) {
        fail(out, FACT_NOT_READABLE, "%s", strerrordesc_np(errno));
    } else if (S_ISREG(st.st_mode)) {
        open_file(out, AT_FDCWD, path, 0);
    } else if (!S_ISDIR(st.st_mode)) {
        fail(out, FACT_NOT_REGULAR, "it is %s", kind_of(st.st_mode));
    } else {
        fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (fd == -1)
            fail(out, FACT_NOT_READABLE, "the folder: %s", strerrordesc_np(errno));
        else
            rc = descend(w, out, fd);
    }
    if (out->fd != -1 || out->detail[0])
        out->path = w->path.p;
    return rc;
}

static enum pratique_status enter_root(struct walk *w, struct found *out)
{
    const char *path = w->paths[w->at++];

    if (strcmp(path, "-") == 0 && w->has_stdin) {
        walk_stdin(out, w->stdin_max);
        return PRATIQUE_OK;
    }
    if (strcmp(path, "-") == 0) {
        fail(out, FACT_NOT_READABLE, "standard input is closed");
        out->path = "-";
        return PRATIQUE_OK;
    }
    buf_clear(&w->path);
    if (!buf_puts(&w->path, path)) {
        fail(out, FACT_LIMIT, "a path of more than %d bytes", WALK_PATH_MAX);
        out->path = "";
        return PRATIQUE_OK;
    }
    while (w->path.n > 1 && w->path.p[w->path.n - 1] == '/') /* "dir/" prints as "dir/name" */
        path_cut(w, w->path.n - 1);
    return look_at_root(w, out, path);
}

enum pratique_status walk_next(struct walk *w, struct found *out)
{
    enum pratique_status st = PRATIQUE_OK;

    *out = (struct found){ .fd = -1 };
    while (st == PRATIQUE_OK && !out->path && (w->depth > 0 || w->at < w->n)) {
        if (w->depth > 0)
            st = next_below(w, out);
        else
            st = enter_root(w, out);
    }
    return st;
}
