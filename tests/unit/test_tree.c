/* src/trust/tree.c, tree_open.c */
#include <errno.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "folder.h"
#include "trust/trust.h"

#define ARENA ((size_t)64 * 1024 * 1024)

/* With and without openat2(2). */
static const bool without[] = { false, true };

static enum pratique_status list(struct tree *out, const struct folder *f, tree_keep_fn *keep,
                                 void *user, struct arena *arena, struct pratique_error *err)
{
    int root = tree_root(f->path);
    enum pratique_status st;

    CHECK(root != -1, "%s", f->path);
    st = tree_list(out, root, keep, user, arena, err);
    close(root);
    return st;
}

static void put_socket(const struct folder *f, const char *name)
{
    struct sockaddr_un at = { .sun_family = AF_UNIX };
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    (void)snprintf(at.sun_path, sizeof at.sun_path, "%s/%s", f->path, name);
    CHECK(fd != -1 && bind(fd, (struct sockaddr *)&at, sizeof at) == 0, "%s", name);
    close(fd);
}

/* One of each kind. */
static void put_kinds(const struct folder *f)
{
    folder_in(f, "b");
    folder_in(f, "b/empty");
    folder_in(f, "b-");
    folder_put(f, "b/z", 7, 0);
    folder_put(f, "b-/a", 3, 0);
    folder_put(f, "b.txt", 0, 0);
    folder_put(f, "\xff\x01name\n", 1, 0);
    folder_link(f, "b", "link");
    folder_link(f, "/etc", "out");
    CHECK(mkfifoat(f->fd, "fifo", 0600) == 0, "a FIFO");
    CHECK(linkat(f->fd, "b/z", f->fd, "hard", 0) == 0, "a hard link");
    put_socket(f, "socket");
}

static void check_kinds(const struct tree *t)
{
    static const struct {
        const char *path;
        mode_t type;
        uint64_t bytes;
    } rows[] = {
        { "b-/a", S_IFREG, 3 }, { "b.txt", S_IFREG, 0 },   { "b/z", S_IFREG, 7 },
        { "fifo", S_IFIFO, 0 }, { "hard", S_IFREG, 7 },    { "link", S_IFLNK, 1 },
        { "out", S_IFLNK, 4 },  { "socket", S_IFSOCK, 0 }, { "\xff\x01name\n", S_IFREG, 1 },
    };

    CHECK(t->n == ARRAY_LEN(rows), "%zu files", t->n);
    for (size_t i = 0; i < t->n && i < ARRAY_LEN(rows); i++) {
        const struct tree_file *f = &t->files[i];

        CHECK(strcmp(f->path, rows[i].path) == 0, "%s in place of %s", f->path, rows[i].path);
        CHECK((f->mode & S_IFMT) == rows[i].type && f->bytes == rows[i].bytes, "%s", f->path);
    }
    CHECK(t->n > 4 && t->files[2].inode == t->files[4].inode &&
              t->files[2].device == t->files[4].device,
          "two names of one file are known as such");
}

TEST(tree_lists_each_kind)
{
    struct folder f = folder_new();

    put_kinds(&f);
    for (size_t i = 0; i < 2; i++) {
        struct pratique_error err = { 0 };
        struct arena arena;
        struct tree t;

        arena_init(&arena, ARENA);
        tree_without_openat2 = without[i];
        CHECK(list(&t, &f, NULL, NULL, &arena, &err) == PRATIQUE_OK, "%s", err.msg);
        check_kinds(&t);
        arena_reset(&arena);
    }
    tree_without_openat2 = false;
    folder_end(&f);
}

static bool keep_some(void *user, const char *path, bool is_folder)
{
    int *folders = user;

    *folders += is_folder;
    return is_folder ? strcmp(path, "b") != 0 : strcmp(path, "fifo") != 0;
}

TEST(tree_leaves_out)
{
    struct folder f = folder_new();
    struct pratique_error err = { 0 };
    struct arena arena;
    struct tree t;
    int folders = 0;

    arena_init(&arena, ARENA);
    put_kinds(&f);
    CHECK(list(&t, &f, keep_some, &folders, &arena, &err) == PRATIQUE_OK, "%s", err.msg);
    CHECK(t.n == 7 && folders == 2, "%zu files, asked for %d folders", t.n, folders);
    arena_reset(&arena);
    folder_end(&f);
}

TEST(tree_nothing)
{
    struct folder f = folder_new();
    struct pratique_error err = { 0 };
    struct arena arena;
    struct tree t;

    arena_init(&arena, ARENA);
    CHECK(list(&t, &f, NULL, NULL, &arena, &err) == PRATIQUE_OK && t.n == 0, "%s", err.msg);
    CHECK(tree_root("/tmp/pratique-unit-is-not-there") == -1 && errno == ENOENT, "no folder");
    CHECK(tree_root("/dev/null") == -1 && errno == ENOTDIR, "no folder");
    arena_reset(&arena);
    folder_end(&f);
}

/* depth folders in each other, name_n bytes each; a file in the innermost. */
static void put_deep(const struct folder *f, int depth, size_t name_n)
{
    int fd = dup(f->fd), next;
    char name[256] = "";

    memset(name, 'd', name_n);
    for (int i = 0; i < depth; i++) {
        CHECK(mkdirat(fd, name, 0755) == 0, "a folder %d deep", i);
        next = openat(fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        close(fd);
        fd = next;
    }
    next = openat(fd, "f", O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    CHECK(next != -1, "a file %d deep", depth);
    close(next);
    close(fd);
}

/* What nftw(3) cannot: a path longer than PATH_MAX. */
static void remove_deep(const struct folder *f)
{
    char command[128];

    (void)snprintf(command, sizeof command, "rm -rf %s/d*", f->path);
    CHECK(system(command) == 0, "%s", command);
}

TEST(tree_deep)
{
    static const struct {
        int depth;
        size_t name_n;
        enum pratique_status want;
    } rows[] = {
        { 2000, 1, PRATIQUE_OK },      { 2047, 1, PRATIQUE_OK }, { 2048, 1, PRATIQUE_E_LIMIT },
        { 6000, 1, PRATIQUE_E_LIMIT }, { 15, 255, PRATIQUE_OK }, { 16, 255, PRATIQUE_E_LIMIT },
    };

    for (size_t i = 0; i < 2 * ARRAY_LEN(rows); i++) {
        struct folder f = folder_new();
        struct pratique_error err = { 0 };
        enum pratique_status st;
        struct arena arena;
        struct tree t;

        arena_init(&arena, ARENA);
        tree_without_openat2 = i & 1;
        put_deep(&f, rows[i / 2].depth, rows[i / 2].name_n);
        st = list(&t, &f, NULL, NULL, &arena, &err);
        CHECK(st == rows[i / 2].want, "%d deep: %d, %s", rows[i / 2].depth, st, err.msg);
        CHECK(t.n == (st == PRATIQUE_OK), "%d deep: %zu files", rows[i / 2].depth, t.n);
        arena_reset(&arena);
        remove_deep(&f);
        folder_end(&f);
    }
    tree_without_openat2 = false;
}

TEST(tree_many)
{
    struct folder f = folder_new();
    struct pratique_error err = { 0 };
    struct arena arena;
    struct tree t;
    char name[32];
    size_t unsorted = 0;

    arena_init(&arena, ARENA);
    for (int i = 0; i < 10000; i++) {
        (void)snprintf(name, sizeof name, "%d", i % 100);
        if (i < 100)
            folder_in(&f, name);
        (void)snprintf(name, sizeof name, "%d/%d", i % 100, i);
        folder_put(&f, name, 0, 0);
    }
    CHECK(list(&t, &f, NULL, NULL, &arena, &err) == PRATIQUE_OK, "%s", err.msg);
    CHECK(t.n == 10000, "%zu files", t.n);
    for (size_t i = 1; i < t.n; i++)
        unsorted += strcmp(t.files[i - 1].path, t.files[i].path) >= 0;
    CHECK(unsorted == 0, "%zu out of order", unsorted);
    arena_reset(&arena);
    arena_init(&arena, 100000);
    CHECK(list(&t, &f, NULL, NULL, &arena, &err) == PRATIQUE_E_LIMIT && t.n == 0,
          "an arena that is too small: %s", err.msg);
    arena_reset(&arena);
    folder_end(&f);
}

/* Removes what was just found. */
static bool remove_it(void *user, const char *path, bool is_folder)
{
    const struct folder *f = user;

    if (strcmp(path, "goes") == 0)
        CHECK(unlinkat(f->fd, path, is_folder ? AT_REMOVEDIR : 0) == 0, "%s", path);
    return true;
}

TEST(tree_what_vanishes)
{
    struct folder f = folder_new();
    struct pratique_error err = { 0 };
    struct arena arena;
    struct tree t;

    arena_init(&arena, ARENA);
    folder_in(&f, "goes");
    folder_put(&f, "stays", 1, 0);
    CHECK(list(&t, &f, remove_it, &f, &arena, &err) == PRATIQUE_OK, "%s", err.msg);
    CHECK(t.n == 1 && strcmp(t.files[0].path, "stays") == 0, "%zu files", t.n);
    arena_reset(&arena);
    folder_end(&f);
}

/* A folder that was found is swapped for a link that leads out. */
static bool swap_it(void *user, const char *path, bool is_folder)
{
    const struct folder *f = user;

    if (is_folder && strcmp(path, "swapped") == 0) {
        CHECK(unlinkat(f->fd, path, AT_REMOVEDIR) == 0, "%s", path);
        folder_link(f, "/etc", path);
    }
    return true;
}

TEST(tree_what_is_swapped)
{
    for (size_t i = 0; i < 2; i++) {
        struct folder f = folder_new();
        struct pratique_error err = { 0 };
        struct arena arena;
        struct tree t;

        tree_without_openat2 = without[i];
        arena_init(&arena, ARENA);
        folder_in(&f, "swapped");
        CHECK(list(&t, &f, swap_it, &f, &arena, &err) == PRATIQUE_E_IO && t.n == 0, "%zu files",
              t.n);
        CHECK(strstr(err.msg, "swapped: "), "%s", err.msg);
        arena_reset(&arena);
        folder_end(&f);
    }
    tree_without_openat2 = false;
}

static bool names_the_unreadable(void *arg)
{
    struct pratique_error err = { 0 };
    struct arena arena;
    struct tree t;

    arena_init(&arena, ARENA);
    return be_nobody() && list(&t, arg, NULL, NULL, &arena, &err) == PRATIQUE_E_IO &&
           strcmp(err.msg, "b/closed: Permission denied") == 0;
}

TEST(tree_unreadable_folder)
{
    struct folder f = folder_new();

    folder_in(&f, "b");
    folder_in(&f, "b/closed");
    CHECK(fchmodat(f.fd, "b/closed", 0, 0) == 0 && chmod(f.path, 0755) == 0, "modes");
    CHECK(in_child(names_the_unreadable, &f), "the folder is named");
    folder_end(&f);
}

/* ---- opening ---- */

static void put_links(const struct folder *f)
{
    put_kinds(f);
    folder_link(f, "b/z", "in");
    folder_link(f, "b-/../b/z", "around");
    folder_link(f, "../../etc/passwd", "up");
    folder_link(f, "/etc/passwd", "top");
    folder_link(f, "loop2", "loop1");
    folder_link(f, "loop1", "loop2");
    folder_link(f, "nothing", "dangling");
    folder_link(f, "up", "chain");
    folder_link(f, "/proc/self/fd/0", "magic");
    folder_link(f, "..a", "to dots");
    folder_put(f, "...", 1, 0);
    folder_put(f, "b-/a..", 1, 0);
    folder_in(f, "..a");
    folder_put(f, "..a/..b", 1, 0);
}

/* What opening says: 0 where it succeeds. */
static int opens(const struct folder *f, const char *path, bool links)
{
    int root = tree_root(f->path), fd = tree_open(root, path, links), error = errno;

    close(root);
    if (fd == -1)
        return error;
    close(fd);
    return 0;
}

TEST(tree_opens_what_is_below)
{
    static const struct {
        const char *path;
        int plain, links;
    } rows[] = {
        { "b/z", 0, 0 },
        { "b//z", 0, 0 },
        { "./b/./z", 0, 0 },
        { "b", 0, 0 },
        { "b/", 0, 0 },
        { "hard", 0, 0 },
        { "...", 0, 0 },
        { "b-/a..", 0, 0 },
        { "..a/..b", 0, 0 },
        { "\xff\x01name\n", 0, 0 },
        { "to dots/..b", ELOOP, 0 },
        { "b.txt/", ENOTDIR, ENOTDIR },
        { "b.txt/z", ENOTDIR, ENOTDIR },
        { "nothing", ENOENT, ENOENT },
        { "b/nothing", ENOENT, ENOENT },
        { "", ENOENT, ENOENT },
        { "..", EXDEV, EXDEV },
        { "b/..", EXDEV, EXDEV },
        { "b/../b/z", EXDEV, EXDEV },
        { "../../../../etc/passwd", EXDEV, EXDEV },
        { "./../b/z", EXDEV, EXDEV },
        { "b//..//b/z", EXDEV, EXDEV },
        { "out/../b/z", EXDEV, EXDEV },
        { "/", EXDEV, EXDEV },
        { "/etc/passwd", EXDEV, EXDEV },
        { "//etc/passwd", EXDEV, EXDEV },
        { "fifo", ENXIO, ENXIO },
        { "socket", ENXIO, ENXIO },
        { "in", ELOOP, 0 },
        { "around", ELOOP, 0 },
        { "link/z", ELOOP, 0 },
        { "link", ELOOP, 0 },
        { "up", ELOOP, EXDEV },
        { "top", ELOOP, EXDEV },
        { "chain", ELOOP, EXDEV },
        { "out/passwd", ELOOP, EXDEV },
        { "magic", ELOOP, EXDEV },
        { "loop1", ELOOP, ELOOP },
        { "dangling", ELOOP, ENOENT },
    };
    struct folder f = folder_new();

    put_links(&f);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        int plain = opens(&f, rows[i].path, false), links = opens(&f, rows[i].path, true), hand;

        CHECK(plain == rows[i].plain, "%s: %s", rows[i].path, strerror(plain));
        CHECK(links == rows[i].links, "%s with links: %s", rows[i].path, strerror(links));
        tree_without_openat2 = true;
        hand = opens(&f, rows[i].path, true);
        tree_without_openat2 = false;
        CHECK(hand == rows[i].plain, "%s without openat2: %s", rows[i].path, strerror(hand));
    }
    folder_end(&f);
}

/* Links of the kernel's own making, and devices. */
TEST(tree_opens_nothing_strange)
{
    static const struct {
        const char *root, *path;
        int want;
    } rows[] = {
        { "/proc/self", "fd/0", ELOOP },  { "/proc/self", "exe", ELOOP },
        { "/proc/self", "cwd/x", ELOOP }, { "/proc/self", "root/etc/passwd", ELOOP },
        { "/dev", "null", ENXIO },        { "/dev", "full", ENXIO },
        { "/dev", "stdin", EXDEV },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        int root = tree_root(rows[i].root), fd = tree_open(root, rows[i].path, true);

        CHECK(fd == -1 && errno == rows[i].want, "%s/%s: %s", rows[i].root, rows[i].path,
              fd == -1 ? strerror(errno) : "opened");
        tree_without_openat2 = true;
        fd = tree_open(root, rows[i].path, true);
        tree_without_openat2 = false;
        CHECK(fd == -1 && (errno == ELOOP || errno == ENXIO), "%s/%s by hand", rows[i].root,
              rows[i].path);
        close(root);
    }
}
