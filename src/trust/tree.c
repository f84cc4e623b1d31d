/*
 * Listing what lies below a root: see trust.h. Folders wait in a row to be read, each opened by
 * its whole path from the root: neither the stack nor the number of descriptors grows with the
 * depth, and a folder that is moved meanwhile leads nowhere else.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/status.h"
#include "trust/trust.h"

struct lister {
    int root;
    tree_keep_fn *keep;
    void *user;
    struct arena *arena;
    struct pratique_error *err;
    struct tree_file *files; /* owned, and the next */
    const char **folders;    /* still to be read; paths in the arena */
    size_t files_n, folders_n, folders_seen;
    char path[TREE_PATH_MAX + 1]; /* of what is looked at */
};

/* A path for a message: a long one by its end. */
static enum pratique_status cannot(struct lister *l, const char *path, const char *why)
{
    size_t n = strlen(path), max = 160;

    return error_set(l->err, PRATIQUE_E_IO, PRATIQUE_NO_OFFSET, "%s%s: %s", n > max ? "..." : "",
                     *path ? path + (n > max ? n - max : 0) : "the folder itself", why);
}

static enum pratique_status no_memory(struct lister *l)
{
    if (l->arena->exhausted)
        return error_set(l->err, PRATIQUE_E_LIMIT, PRATIQUE_NO_OFFSET,
                         "too many files to be listed");
    return error_set(l->err, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "out of memory");
}

/* Room for one more element of size bytes behind n of them; they grow at each power of two. */
static void *grown(void *p, size_t n, size_t size)
{
    return (n & (n - 1)) == 0 ? reallocarray(p, n ? n * 2 : 1, size) : p;
}

static enum pratique_status too_many(struct lister *l)
{
    if (l->files_n < TREE_FILES_MAX && l->folders_seen < TREE_FILES_MAX)
        return PRATIQUE_OK;
    return error_set(l->err, PRATIQUE_E_LIMIT, PRATIQUE_NO_OFFSET, "more than %u files or folders",
                     TREE_FILES_MAX);
}

static enum pratique_status add_folder(struct lister *l, const char *path)
{
    const char **folders = grown(l->folders, l->folders_n, sizeof *folders);
    enum pratique_status st = too_many(l);

    if (folders)
        l->folders = folders;
    if (st != PRATIQUE_OK)
        return st;
    if (!folders || !(folders[l->folders_n] = arena_copy(l->arena, path, strlen(path))))
        return no_memory(l);
    l->folders_n++, l->folders_seen++;
    return PRATIQUE_OK;
}

static enum pratique_status add_file(struct lister *l, const struct stat *st)
{
    struct tree_file *files = grown(l->files, l->files_n, sizeof *files);
    enum pratique_status status = too_many(l);
    const char *path;

    if (files)
        l->files = files;
    if (status != PRATIQUE_OK)
        return status;
    if (!files || !(path = arena_copy(l->arena, l->path, strlen(l->path))))
        return no_memory(l);
    files[l->files_n++] = (struct tree_file){ .path = path,
                                              .bytes = (uint64_t)st->st_size,
                                              .mode = st->st_mode,
                                              .device = st->st_dev,
                                              .inode = st->st_ino };
    return PRATIQUE_OK;
}

/* Puts folder/name into l->path. */
static enum pratique_status join(struct lister *l, const char *folder, const char *name)
{
    size_t n = strlen(folder), name_n = strlen(name);

    if (n + (n > 0) + name_n > TREE_PATH_MAX)
        return error_set(l->err, PRATIQUE_E_LIMIT, PRATIQUE_NO_OFFSET,
                         "%.80s...: a path of more than %d bytes", folder, TREE_PATH_MAX);
    memcpy(l->path, folder, n);
    if (n > 0)
        l->path[n++] = '/';
    memcpy(l->path + n, name, name_n + 1);
    return PRATIQUE_OK;
}

static bool kept(struct lister *l, bool is_folder)
{
    return !l->keep || l->keep(l->user, l->path, is_folder);
}

/* Something in a folder: it waits its turn, or is listed. */
static enum pratique_status look_at(struct lister *l, int fd, const struct dirent *e)
{
    struct stat st;

    if (e->d_type != DT_DIR) {
        if (fstatat(fd, e->d_name, &st, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT) != 0)
            return errno == ENOENT ? PRATIQUE_OK : cannot(l, l->path, strerrordesc_np(errno));
        if (!S_ISDIR(st.st_mode))
            return kept(l, false) ? add_file(l, &st) : PRATIQUE_OK;
    }
    return kept(l, true) ? add_folder(l, l->path) : PRATIQUE_OK;
}

static enum pratique_status read_names(struct lister *l, DIR *dir, const char *folder)
{
    struct dirent *e;

    while ((errno = 0, e = readdir(dir))) {
        enum pratique_status st;

        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
            continue;
        if ((st = join(l, folder, e->d_name)) != PRATIQUE_OK ||
            (st = look_at(l, dirfd(dir), e)) != PRATIQUE_OK)
            return st;
    }
    return errno == 0 || errno == ENOENT ? PRATIQUE_OK : cannot(l, folder, strerrordesc_np(errno));
}

static enum pratique_status read_folder(struct lister *l, const char *folder)
{
    int fd = tree_open(l->root, *folder ? folder : ".", false);
    DIR *dir = fd != -1 ? fdopendir(fd) : NULL;
    enum pratique_status st;

    if (!dir) {
        int error = errno;

        if (fd != -1)
            close(fd);
        if (*folder && error == ENOENT) /* it vanished */
            return PRATIQUE_OK;
        return cannot(l, folder, strerrordesc_np(error));
    }
    st = read_names(l, dir, folder);
    closedir(dir);
    return st;
}

static int by_path(const void *a, const void *b)
{
    const struct tree_file *x = a, *y = b;

    return strcmp(x->path, y->path);
}

/* Sorted, and moved to where it stays. */
static enum pratique_status hand_out(struct lister *l, struct tree *out)
{
    struct tree_file *files = arena_array(l->arena, l->files_n, sizeof *files);

    if (!files)
        return no_memory(l);
    if (l->files_n > 0) {
        qsort(l->files, l->files_n, sizeof *files, by_path);
        memcpy(files, l->files, l->files_n * sizeof *files);
    }
    *out = (struct tree){ files, l->files_n };
    return PRATIQUE_OK;
}

enum pratique_status tree_list(struct tree *out, int root, tree_keep_fn *keep, void *user,
                               struct arena *arena, struct pratique_error *err)
{
    struct lister l = { .root = root, .keep = keep, .user = user, .arena = arena, .err = err };
    enum pratique_status st = add_folder(&l, "");

    *out = (struct tree){ 0 };
    while (st == PRATIQUE_OK && l.folders_n > 0)
        st = read_folder(&l, l.folders[--l.folders_n]);
    if (st == PRATIQUE_OK)
        st = hand_out(&l, out);
    free(l.folders);
    free(l.files);
    return st;
}
