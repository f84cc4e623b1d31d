/* src/trust/whole.c */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>

#include "folder.h"
#include "trust/trust.h"

/* The path of a file in the folder; overwritten by the next. */
static const char *in(const struct folder *f, const char *name)
{
    static char path[512];

    (void)snprintf(path, sizeof path, "%s/%s", f->path, name);
    return path;
}

static enum pratique_status put(const struct folder *f, const char *name, const char *text,
                                bool replace, struct pratique_error *err)
{
    *err = (struct pratique_error){ 0 };
    return whole_write(in(f, name), span_text(text), 0644, replace, err);
}

static bool holds(const struct folder *f, const char *name, const char *text)
{
    struct pratique_error err;
    struct buf b;
    bool ok = whole_read(in(f, name), 1000, &b, &err) == PRATIQUE_OK && b.n == strlen(text) &&
              (b.n == 0 || memcmp(b.p, text, b.n) == 0);

    buf_free(&b);
    return ok;
}

/* Files in a folder, links and all. */
static size_t count(const char *path)
{
    struct pratique_error err;
    struct arena arena;
    struct tree t;
    int root = tree_root(path);
    bool ok;

    arena_init(&arena, 1 << 20);
    ok = tree_list(&t, root, NULL, NULL, &arena, &err) == PRATIQUE_OK;
    close(root);
    arena_reset(&arena);
    return ok ? t.n : 999;
}

TEST(whole_written_and_read)
{
    struct folder f = folder_new();
    struct pratique_error err;
    struct stat st;

    CHECK(put(&f, "a", "one", false, &err) == PRATIQUE_OK && holds(&f, "a", "one"), "%s", err.msg);
    CHECK(put(&f, "a", "two", true, &err) == PRATIQUE_OK && holds(&f, "a", "two"), "%s", err.msg);
    CHECK(put(&f, "a", "three", false, &err) == PRATIQUE_E_USAGE && holds(&f, "a", "two"), "%s",
          err.msg);
    CHECK(strstr(err.msg, "/a: it is there already"), "%s", err.msg);
    CHECK(put(&f, "empty", "", false, &err) == PRATIQUE_OK && holds(&f, "empty", ""), "%s",
          err.msg);
    CHECK(fstatat(f.fd, "a", &st, 0) == 0 && (st.st_mode & 0777) == 0644, "its mode");
    CHECK(whole_write(in(&f, "secret"), span_text("x"), 0600, false, &err) == PRATIQUE_OK &&
              fstatat(f.fd, "secret", &st, 0) == 0 && (st.st_mode & 0777) == 0600,
          "a secret's mode");
    CHECK(count(f.path) == 3, "nothing else is there");
    folder_end(&f);
}

TEST(whole_written_here)
{
    struct folder f = folder_new();
    struct pratique_error err = { 0 };
    int back = open(".", O_PATH | O_CLOEXEC);

    CHECK(fchdir(f.fd) == 0, "the folder");
    CHECK(whole_write("here", span_text("x"), 0644, false, &err) == PRATIQUE_OK, "%s", err.msg);
    CHECK(fchdir(back) == 0 && holds(&f, "here", "x"), "a name without a folder");
    close(back);
    folder_end(&f);
}

TEST(whole_what_is_in_the_way)
{
    struct folder f = folder_new();
    struct pratique_error err;
    struct stat st;

    folder_in(&f, "folder");
    folder_link(&f, "target", "link");
    folder_link(&f, "nowhere", "dangling");
    CHECK(mkfifoat(f.fd, "fifo", 0600) == 0, "a FIFO");
    CHECK(put(&f, "target", "kept", false, &err) == PRATIQUE_OK, "%s", err.msg);
    CHECK(put(&f, "folder", "x", true, &err) == PRATIQUE_E_USAGE, "%s", err.msg);
    CHECK(put(&f, "fifo", "x", true, &err) == PRATIQUE_E_USAGE, "%s", err.msg);
    CHECK(whole_write("/dev/null", SPAN_EMPTY, 0644, true, &err) == PRATIQUE_E_USAGE, "%s",
          err.msg);
    CHECK(put(&f, "link", "x", false, &err) == PRATIQUE_E_USAGE, "%s", err.msg);
    CHECK(put(&f, "dangling", "x", false, &err) == PRATIQUE_E_USAGE, "%s", err.msg);
    CHECK(put(&f, "link", "new", true, &err) == PRATIQUE_OK && holds(&f, "link", "new") &&
              holds(&f, "target", "kept"),
          "a link is replaced, not followed");
    CHECK(fstatat(f.fd, "link", &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode), "a file");
    CHECK(put(&f, "no/such/folder", "x", true, &err) == PRATIQUE_E_IO, "%s", err.msg);
    CHECK(put(&f, "target/x", "x", true, &err) == PRATIQUE_E_IO, "%s", err.msg);
    CHECK(count(f.path) == 4, "nothing else is there: %zu", count(f.path));
    folder_end(&f);
}

TEST(whole_long_name)
{
    struct folder f = folder_new();
    struct pratique_error err;
    char name[257] = "";

    memset(name, 'n', 255);
    CHECK(put(&f, name, "x", false, &err) == PRATIQUE_OK && holds(&f, name, "x"), "%s", err.msg);
    name[255] = 'n';
    CHECK(put(&f, name, "x", false, &err) == PRATIQUE_E_IO && count(f.path) == 1, "%s", err.msg);
    folder_end(&f);
}

TEST(whole_not_read)
{
    static const struct {
        const char *name;
        enum pratique_status want;
        const char *words;
    } rows[] = {
        { "folder", PRATIQUE_E_IO, "folder: it is not a regular file" },
        { "fifo", PRATIQUE_E_IO, "fifo: it is not a regular file" },
        { "missing", PRATIQUE_E_IO, "missing: No such file" },
        { "large", PRATIQUE_E_LIMIT, "large: the file is larger" },
    };
    struct folder f = folder_new();

    folder_in(&f, "folder");
    folder_put(&f, "large", 1001, 0);
    folder_put(&f, "most", 1000, 0);
    CHECK(mkfifoat(f.fd, "fifo", 0600) == 0, "a FIFO");
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct pratique_error err = { 0 };
        struct buf b;

        CHECK(whole_read(in(&f, rows[i].name), 1000, &b, &err) == rows[i].want, "%s: %s",
              rows[i].name, err.msg);
        CHECK(strstr(err.msg, rows[i].words), "%s: %s", rows[i].name, err.msg);
        buf_free(&b);
    }
    folder_end(&f);
}

TEST(whole_read_to_its_bound)
{
    struct folder f = folder_new();
    struct pratique_error err = { 0 };
    size_t n = 700001; /* more than is read at once */
    struct buf b;

    folder_put(&f, "large", n, 3);
    CHECK(whole_read(in(&f, "large"), n, &b, &err) == PRATIQUE_OK && b.n == n, "%s", err.msg);
    CHECK(b.n == n && (uint8_t)b.p[n - 1] == (uint8_t)(3 + n - 1), "its last byte");
    buf_free(&b);
    folder_end(&f);
}

/* ---- where it cannot be written ---- */

static struct span million(void)
{
    static uint8_t bytes[1 << 20];

    return (struct span){ bytes, sizeof bytes };
}

/* A write that fails with these words, and leaves what was there. */
static bool fails_cleanly(const struct folder *f, const char *words)
{
    struct pratique_error err = { 0 };
    size_t before = count(f->path);
    enum pratique_status fresh = whole_write(in(f, "new"), million(), 0644, false, &err);
    enum pratique_status over = whole_write(in(f, "old"), million(), 0644, true, &err);

    return fresh == PRATIQUE_E_IO && over == PRATIQUE_E_IO && strstr(err.msg, words) &&
           count(f->path) == before;
}

static bool say(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    bool ok = fd != -1 && write(fd, text, strlen(text)) > 0;

    close(fd);
    return ok;
}

/* Mounts of our own, for root and, where the system allows it, for others. */
static bool own_mounts(void)
{
    char user[40], group[40];

    if (unshare(CLONE_NEWNS) == 0)
        return mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
    (void)snprintf(user, sizeof user, "0 %u 1", geteuid());
    (void)snprintf(group, sizeof group, "0 %u 1", getegid());
    return unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0 && say("/proc/self/uid_map", user) &&
           say("/proc/self/setgroups", "deny") && say("/proc/self/gid_map", group);
}

static bool on_full_disk(void *arg)
{
    struct folder *f = arg;
    struct pratique_error err;

    if (!own_mounts() || mount("none", f->path, "tmpfs", 0, "size=256k") != 0)
        return true; /* not here */
    return put(f, "old", "old", false, &err) == PRATIQUE_OK &&
           fails_cleanly(f, "old: No space left on device") && holds(f, "old", "old");
}

static bool past_the_limit(void *arg)
{
    const struct rlimit limit = { 1000, 1000 };
    struct pratique_error err;

    return put(arg, "old", "old", true, &err) == PRATIQUE_OK &&
           setrlimit(RLIMIT_FSIZE, &limit) == 0 && fails_cleanly(arg, "old: File too large") &&
           holds(arg, "old", "old");
}

static bool in_a_closed_folder(void *arg)
{
    return be_nobody() && fails_cleanly(arg, "old: Permission denied");
}

TEST(whole_leaves_nothing)
{
    struct folder f = folder_new();

    CHECK(in_child(on_full_disk, &f), "a full disk");
    CHECK(in_child(past_the_limit, &f), "a limit on the size of files");
    CHECK(chmod(f.path, 0555) == 0 && in_child(in_a_closed_folder, &f), "a closed folder");
    CHECK(chmod(f.path, 0755) == 0, "open again");
    folder_end(&f);
}

/* A signal that comes meanwhile is taken afterwards. */
static volatile sig_atomic_t signalled;

static void on_signal(int number)
{
    signalled = number;
}

TEST(whole_signals_wait)
{
    struct sigaction catch = { .sa_handler = on_signal }, before;
    struct folder f = folder_new();
    struct pratique_error err;
    sigset_t mask;

    CHECK(sigaction(SIGTERM, &catch, &before) == 0, "a handler");
    CHECK(put(&f, "a", "x", false, &err) == PRATIQUE_OK, "%s", err.msg);
    CHECK(pthread_sigmask(SIG_SETMASK, NULL, &mask) == 0 && !sigismember(&mask, SIGTERM) &&
              !sigismember(&mask, SIGXFSZ),
          "the mask is as it was");
    CHECK(raise(SIGTERM) == 0 && signalled == SIGTERM, "it is taken again");
    (void)sigaction(SIGTERM, &before, NULL);
    folder_end(&f);
}
