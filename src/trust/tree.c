/*
 * Listing what lies below a root: see trust.h. Folders wait in a pile to be read. Those that lead
 * to the last one are kept open, the nearest of them, and the next is opened from there: neither
 * the stack nor the number of descriptors grows with the depth, nor does a folder cost more the
 * deeper it lies. No link is followed, so that a folder that is swapped leads nowhere else.
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

#define CHAIN_MAX 32 /* folders kept open */
#define STRIDE    16 /* one that lies further off is opened in one go, up to its last so many */

/* A folder on the way to the last one: the first n bytes of its path. */
struct link {
    int fd;
    size_t n;
};

struct lister {
    int root;
    tree_keep_fn *keep;
    void *user;
    struct arena *arena;
    struct pratique_error *err;
    struct tree_file *files; /* owned, and the next */
    const char **folders;    /* still to be read; paths in the arena */
    size_t files_n, folders_n, folders_seen;
    struct link chain[CHAIN_MAX];
    size_t chain_n;
    char last[TREE_PATH_MAX + 1]; /* the path that the chain leads along */
    char path[TREE_PATH_MAX + 1]; /* of what is looked at */
};

static enum pratique_status cannot(struct lister *l, const char *path, int error)
{
    return path_error(l->err, PRATIQUE_E_IO, *path ? path : "the folder itself",
                      strerrordesc_np(error));
}

static enum pratique_status no_memory(struct lister *l)
{
    if (l->arena->exhausted)
        return error_set(l->err, PRATIQUE_E_LIMIT, PRATIQUE_NO_OFFSET,
                         "the list of its files takes too much memory");
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
            return errno == ENOENT ? PRATIQUE_OK : cannot(l, l->path, errno);
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
    return errno == 0 || errno == ENOENT ? PRATIQUE_OK : cannot(l, folder, errno);
}

/* ---- folders that are open ---- */

static void chain_cut(struct lister *l, size_t n)
{
    while (l->chain_n > n)
        close(l->chain[--l->chain_n].fd);
}

/* One more at the end; a full chain forgets its older half. */
static void chain_add(struct lister *l, int fd, size_t n)
{
    if (l->chain_n == CHAIN_MAX) {
        for (size_t i = 0; i < CHAIN_MAX / 2; i++)
            close(l->chain[i].fd);
        memmove(l->chain, l->chain + CHAIN_MAX / 2, CHAIN_MAX / 2 * sizeof *l->chain);
        l->chain_n = CHAIN_MAX / 2;
    }
    l->chain[l->chain_n++] = (struct link){ fd, n };
}

/* Drops what does not lie on the way to path, which is then the chain's. */
static void chain_turn(struct lister *l, const char *path)
{
    size_t same = 0, n = l->chain_n;

    while (path[same] && path[same] == l->last[same])
        same++;
    while (n > 0 && (l->chain[n - 1].n > same || path[l->chain[n - 1].n] != '/'))
        n--;
    chain_cut(l, n);
    memcpy(l->last, path, strlen(path) + 1);
}

/* Where the component that starts at path ends. */
static size_t component(const char *path)
{
    return *path == '/' ? 1 + strcspn(path + 1, "/") : strcspn(path, "/");
}

/* How many bytes of path are opened next: one component, or all but the last few of many. */
static size_t next_stop(const char *path)
{
    size_t components = 0, at = 0;

    for (size_t i = 0; path[i]; i += component(path + i))
        components++;
    for (size_t skip = components > STRIDE ? components - STRIDE : 1; skip > 0; skip--)
        at += component(path + at);
    return at;
}

/* The folder at l->last from the end of the chain on, a stop further; -1 with errno. */
static int open_stop(struct lister *l, size_t from, size_t n)
{
    char part[TREE_PATH_MAX + 1];
    size_t slash = l->last[from] == '/';

    memcpy(part, l->last + from + slash, n - slash);
    part[n - slash] = '\0';
    return tree_open(l->chain_n ? l->chain[l->chain_n - 1].fd : l->root, part, false);
}

/* Opens the folder, to be read; NULL with errno. */
static DIR *open_folder(struct lister *l, const char *path)
{
    size_t at;
    DIR *dir;
    int fd;

    chain_turn(l, path);
    at = l->chain_n ? l->chain[l->chain_n - 1].n : 0;
    while (path[at]) {
        size_t n = next_stop(path + at);

        if ((fd = open_stop(l, at, n)) == -1)
            return NULL;
        at += n;
        chain_add(l, fd, at);
    }
    fd = tree_open(l->chain_n ? l->chain[l->chain_n - 1].fd : l->root, ".", false);
    dir = fd != -1 ? fdopendir(fd) : NULL;
    if (!dir && fd != -1) {
        int error = errno;

        close(fd);
        errno = error;
    }
    return dir;
}

/* ---- all of them ---- */

static enum pratique_status read_folder(struct lister *l, const char *folder)
{
    DIR *dir = open_folder(l, folder);
    enum pratique_status st;

    if (!dir && *folder && errno == ENOENT) /* it vanished */
        return PRATIQUE_OK;
    if (!dir)
        return cannot(l, folder, errno);
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
    chain_cut(&l, 0);
    free(l.folders);
    free(l.files);
    return st;
}
