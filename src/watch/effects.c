/*
 * What the watched left in the file system: the writable folders are listed before and
 * compared after. What counts is the net effect; what came and went was told as it happened.
 */
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
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

static FTS *walk(const struct world_config *world, const char *folder)
{
    char copy[PATH_MAX], real[WORLD_PATH_MAX];
    char *roots[] = { copy, NULL };

    (void)snprintf(copy, sizeof copy, "%.4000s", world_path(world, folder, real));
    return fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
}

/* The path as the world has it. */
static const char *path_of(const struct world_config *world, const FTSENT *e)
{
    return e->fts_path + (world->weak ? strlen(world->place) : 0);
}

/*
 * What is looked at of a tree: everything but the folder itself, folders once, on the way in.
 * The list of modules is the keeper's, who writes it anew for each runner.
 */
static bool counts(const struct world_config *world, const FTSENT *e)
{
    return e->fts_level > 0 && e->fts_info != FTS_DP && e->fts_info != FTS_ERR &&
           e->fts_info != FTS_NS && e->fts_statp && strcmp(path_of(world, e), WORLD_LIST) != 0;
}

static bool add(struct snapshot *s, const FTSENT *e)
{
    const char *path = path_of(s->world, e);
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
    *f = (struct seen_file){ .path = arena_copy(s->arena, path, strlen(path)),
                             .ino = e->fts_statp->st_ino,
                             .size = (uint64_t)e->fts_statp->st_size,
                             .mtime_ns = ns_of(e->fts_statp->st_mtim),
                             .ctime_ns = ns_of(e->fts_statp->st_ctim),
                             .mode = e->fts_statp->st_mode };
    s->n += f->path != NULL;
    return f->path != NULL;
}

static int by_path(const void *a, const void *b)
{
    const struct seen_file *x = a, *y = b;

    return strcmp(x->path, y->path);
}

bool snapshot_take(struct snapshot *s, const char *folder)
{
    FTS *tree = walk(s->world, folder);
    FTSENT *e;
    bool ok = tree != NULL;

    while (ok && (e = fts_read(tree)))
        if (counts(s->world, e))
            ok = add(s, e);
    if (tree)
        (void)fts_close(tree);
    return ok;
}

void snapshot_done(struct snapshot *s)
{
    if (s->n)
        qsort(s->files, s->n, sizeof *s->files, by_path);
}

static struct seen_file *look_up(struct snapshot *s, const char *path)
{
    struct seen_file key = { .path = path };

    return s->n ? bsearch(&key, s->files, s->n, sizeof *s->files, by_path) : NULL;
}

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

    flags |= place_flags(path) | (is_bait(k, path) ? PATH_BAIT : 0);
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

bool snapshot_compare(struct keeper *k, struct snapshot *s, const char *folder)
{
    FTS *tree = walk(s->world, folder);
    size_t told = 0;
    FTSENT *e;

    while (tree && (e = fts_read(tree)) && told < LEFT_TOLD) {
        struct seen_file *f;

        if (!counts(s->world, e))
            continue;
        f = look_up(s, path_of(s->world, e));
        if (f)
            f->met = true;
        if (f && !is_changed(f, e->fts_statp))
            continue;
        told++;
        tell_left(k, path_of(s->world, e), e->fts_statp, f ? LEFT_CHANGED : LEFT_NEW);
    }
    if (tree)
        (void)fts_close(tree);
    return told > 0;
}

void snapshot_gone(struct keeper *k, const struct snapshot *s)
{
    size_t told = 0;

    for (size_t i = 0; i < s->n && told < LEFT_TOLD; i++)
        if (!s->files[i].met) {
            told++;
            tell_left(k, s->files[i].path, NULL, LEFT_GONE);
        }
}
