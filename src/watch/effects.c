/*
 * What the watched left in the file system: the writable folders are listed before and
 * compared after. What counts is the net effect; what came and went was told as it happened.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "watch/keeper.h"

#define FILES_MAX 400000
#define LEFT_TOLD 500 /* of one folder */

static int64_t ns_of(struct timespec t)
{
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* ---- walking ---- */

/* A tree being walked, what is at hand of it, and who wants to know. */
struct walk {
    char path[PATH_MAX];
    struct stat st;
    void *user;
    bool (*visit)(struct walk *w, size_t path_n); /* false: that is enough */
};

static bool walk_folder(struct walk *w, int fd, size_t n);

/* One name of the folder; its own are looked at by descriptor, whatever the path's length. */
static bool walk_entry(struct walk *w, int folder, size_t n, const char *name)
{
    size_t more = strlen(name);
    bool ok = true;
    int fd;

    if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || n + 1 + more >= sizeof w->path ||
        fstatat(folder, name, &w->st, AT_SYMLINK_NOFOLLOW) != 0)
        return true;
    w->path[n] = '/';
    memcpy(w->path + n + 1, name, more + 1);
    /* The list of modules is the keeper's, who writes it anew for each runner. */
    if (strcmp(w->path, WORLD_LIST) != 0)
        ok = w->visit(w, n + 1 + more);
    if (!ok || !S_ISDIR(w->st.st_mode))
        return ok;
    fd = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    return fd == -1 || walk_folder(w, fd, n + 1 + more); /* that it is there was told */
}

/* What is below, folders before what is in them. Takes the descriptor. */
static bool walk_folder(struct walk *w, int fd, size_t n)
{
    DIR *folder = fdopendir(fd);
    struct dirent *e;
    bool ok = true;

    if (!folder) {
        (void)close(fd);
        return true;
    }
    while (ok && (e = readdir(folder)))
        ok = walk_entry(w, fd, n, e->d_name);
    (void)closedir(folder);
    return ok;
}

/* path is one of the world, and so are those that are visited. */
static bool walk(const struct world_config *world, const char *path,
                 bool (*visit)(struct walk *w, size_t path_n), void *user)
{
    char real[WORLD_PATH_MAX];
    struct walk w = { .user = user, .visit = visit };
    int fd = open(world_path(world, path, real), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    (void)snprintf(w.path, sizeof w.path, "%s", path);
    return fd != -1 && walk_folder(&w, fd, strlen(w.path));
}

/* ---- before ---- */

static bool add(struct walk *w, size_t path_n)
{
    struct snapshot *s = w->user;
    struct seen_file *f;

    if (s->n == s->size) {
        size_t size = s->size ? s->size * 2 : 256;
        struct seen_file *list =
            size <= FILES_MAX * 2 ? reallocarray(s->files, size, sizeof *list) : NULL;

        if (!list)
            return false;
        s->files = list;
        s->size = size;
    }
    f = &s->files[s->n];
    *f = (struct seen_file){ .path = arena_copy(s->arena, w->path, path_n),
                             .ino = w->st.st_ino,
                             .size = (uint64_t)w->st.st_size,
                             .mtime_ns = ns_of(w->st.st_mtim),
                             .ctime_ns = ns_of(w->st.st_ctim),
                             .mode = w->st.st_mode };
    s->n += f->path != NULL;
    return f->path != NULL;
}

bool snapshot_take(struct snapshot *s, const char *folder)
{
    return walk(s->world, folder, add, s);
}

void snapshot_free(struct snapshot *s)
{
    free(s->files);
    free(s->by_path);
    s->files = NULL;
    s->by_path = NULL;
    s->n = s->size = 0;
}

static int by_path(const void *a, const void *b)
{
    const struct seen_file *const *x = a, *const *y = b;

    return strcmp((*x)->path, (*y)->path);
}

static bool sort(struct snapshot *s)
{
    s->by_path = reallocarray(NULL, s->n + 1, sizeof *s->by_path);
    if (!s->by_path)
        return false;
    for (size_t i = 0; i < s->n; i++)
        s->by_path[i] = &s->files[i];
    qsort(s->by_path, s->n, sizeof *s->by_path, by_path);
    return true;
}

/*
 * Where nothing changed, files come in the order in which they came before: the next is looked
 * at first, and the list sorted when one is not that. Without memory every file is new.
 */
static struct seen_file *look_up(struct snapshot *s, const char *path)
{
    struct seen_file key = { .path = path }, *p = &key, **found;

    if (s->next < s->n && strcmp(s->files[s->next].path, path) == 0)
        return &s->files[s->next++];
    if (!s->by_path && !sort(s))
        return NULL;
    found = bsearch(&p, s->by_path, s->n, sizeof *s->by_path, by_path);
    if (found)
        s->next = (size_t)(*found - s->files) + 1;
    return found ? *found : NULL;
}

/* ---- afterwards ---- */

/* A folder's times change with what is in it; that is told of the files. */
static bool is_changed(const struct seen_file *f, const struct stat *st)
{
    if (S_ISDIR(st->st_mode))
        return f->mode != st->st_mode;
    return f->ino != st->st_ino || f->size != (uint64_t)st->st_size || f->mode != st->st_mode ||
           f->ctime_ns != ns_of(st->st_ctim) || f->mtime_ns != ns_of(st->st_mtim);
}

/* The first bytes of a file into head; *flags: what they show. */
static size_t look_into(const struct keeper *k, const char *path, char head[512], uint32_t *flags)
{
    char real[WORLD_PATH_MAX];
    int fd = open(world_path(&k->plan->world, path, real),
                  O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    ssize_t n = fd == -1 ? 0 : read(fd, head, 512);

    if (fd != -1)
        (void)close(fd);
    n = n < 0 ? 0 : n;
    if (n >= 4 && (memcmp(head,
                          "\x7f"
                          "ELF",
                          4) == 0 ||
                   memcmp(head, "#!", 2) == 0))
        *flags |= LEFT_EXECUTABLE;
    if (place_has_canary(k, path))
        *flags |= LEFT_CANARY;
    return (size_t)n;
}

static bool is_bait(const struct keeper *k, const char *path)
{
    const struct bait *b = &k->plan->bait;
    size_t home = strlen(WORLD_HOME "/");

    if (strncmp(path, WORLD_HOME "/", home) != 0)
        return false;
    for (size_t i = 0; i < b->files_n; i++)
        if (strcmp(path + home, b->files[i].path) == 0)
            return true;
    return false;
}

static void tell_left(struct keeper *k, const char *path, const struct stat *st, uint32_t flags)
{
    char head[512], link[PATH_MAX], real[WORLD_PATH_MAX];
    struct watch_event e = {
        .kind = EVENT_LEFT, .subject = span_text(path), .detail = SPAN_EMPTY, .frames = SPAN_EMPTY
    };
    ssize_t n;

    flags |= place_flags(k, path) | (is_bait(k, path) ? PATH_BAIT : 0);
    if (st && S_ISREG(st->st_mode)) {
        flags |= st->st_mode & 0111 ? LEFT_EXECUTABLE : 0;
        e.detail = span_of(head, look_into(k, path, head, &flags));
        e.number = (uint64_t)st->st_size;
    } else if (st && S_ISDIR(st->st_mode)) {
        flags |= LEFT_FOLDER;
    } else if (st) {
        flags |= LEFT_SPECIAL;
        n = S_ISLNK(st->st_mode)
                ? readlink(world_path(&k->plan->world, path, real), link, sizeof link - 1)
                : 0;
        link[n > 0 ? n : 0] = '\0';
        place_told(k, link);
        e.detail = span_text(link);
    }
    e.flags = flags;
    tell(&k->teller, &e);
}

struct comparison {
    struct keeper *keeper;
    struct snapshot *before;
    size_t told;
};

static bool compare_one(struct walk *w, size_t path_n)
{
    struct comparison *c = w->user;
    struct seen_file *f = look_up(c->before, w->path);

    (void)path_n;
    if (f)
        f->met = true;
    if (f && !is_changed(f, &w->st))
        return true;
    /* of very many that are new some are enough; what was there before is told of all */
    if (f || c->told < LEFT_TOLD || (S_ISREG(w->st.st_mode) && w->st.st_mode & 0111))
        tell_left(c->keeper, w->path, &w->st, f ? LEFT_CHANGED : LEFT_NEW);
    c->told++;
    return true;
}

bool snapshot_compare(struct keeper *k, struct snapshot *s, const char *folder)
{
    struct comparison c = { .keeper = k, .before = s };

    (void)walk(s->world, folder, compare_one, &c);
    if (c.told > LEFT_TOLD)
        tell_plain(&k->teller, EVENT_LIMIT, 0, "left", "files that are new or changed", c.told);
    return c.told > 0;
}

bool snapshot_gone(struct keeper *k, struct snapshot *s)
{
    size_t told = 0;

    for (size_t i = 0; i < s->n && told < LEFT_TOLD; i++)
        if (!s->files[i].met) {
            told++;
            tell_left(k, s->files[i].path, NULL, LEFT_GONE);
        }
    for (size_t i = 0; i < s->n; i++)
        s->files[i].met = false;
    s->next = 0;
    return told > 0;
}
