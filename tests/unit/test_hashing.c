/* src/trust/hashing.c */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>

#include "folder.h"
#include "trust/trust.h"

#define ANY   UINT64_MAX
#define LARGE ((size_t)1 << 20) /* of several pieces */

static void hash(const struct folder *f, struct hashed *files, size_t n, unsigned flags,
                 unsigned threads)
{
    struct pratique_error err = { 0 };
    int root = tree_root(f->path);

    CHECK(hashing_run(root, files, n, flags, threads, NULL, NULL, &err) == PRATIQUE_OK, "%s",
          err.msg);
    close(root);
}

/* Whether the digest is that of n bytes that count up from first. */
static bool is_digest(const struct hashed *h, size_t n, uint8_t first)
{
    uint8_t *bytes = malloc(n + 1), want[SHA256_BYTES] = { 0 };
    bool ok = bytes;

    for (size_t i = 0; ok && i < n; i++)
        bytes[i] = (uint8_t)(first + i);
    ok = ok && sha256_bytes(bytes, n, want) && memcmp(want, h->digest, sizeof want) == 0;
    free(bytes);
    return ok;
}

static bool is_empty(const struct hashed *h)
{
    static const uint8_t none[SHA256_BYTES];

    return memcmp(h->digest, none, sizeof none) == 0;
}

/* ---- what is found ---- */

static void put_all(const struct folder *f)
{
    folder_in(f, "folder");
    folder_put(f, "folder/file", 100, 1);
    folder_put(f, "empty", 0, 0);
    folder_link(f, "folder/file", "link");
    folder_link(f, "folder", "dir");
    folder_link(f, "/etc/passwd", "out");
    folder_link(f, "loop", "loop");
    folder_link(f, "nothing", "dangling");
    CHECK(mkfifoat(f->fd, "fifo", 0600) == 0, "a FIFO");
}

static const struct {
    const char *path;
    uint64_t want_bytes;
    enum hashed_state plain, links;
} found[] = {
    { "folder/file", ANY, HASHED_OK, HASHED_OK },
    { "folder/file", 100, HASHED_OK, HASHED_OK },
    { "folder/file", 99, HASHED_SIZE, HASHED_SIZE },
    { "folder/file", 0, HASHED_SIZE, HASHED_SIZE },
    { "empty", 0, HASHED_OK, HASHED_OK },
    { "empty", 1, HASHED_SIZE, HASHED_SIZE },
    { "missing", 5, HASHED_MISSING, HASHED_MISSING },
    { "folder/missing", ANY, HASHED_MISSING, HASHED_MISSING },
    { "empty/missing", ANY, HASHED_MISSING, HASHED_MISSING },
    { "folder", ANY, HASHED_NOT_REGULAR, HASHED_NOT_REGULAR },
    { ".", ANY, HASHED_NOT_REGULAR, HASHED_NOT_REGULAR },
    { "", ANY, HASHED_MISSING, HASHED_MISSING },
    { "fifo", 0, HASHED_NOT_REGULAR, HASHED_NOT_REGULAR },
    { "link", 100, HASHED_NOT_REGULAR, HASHED_OK },
    { "dir/file", 100, HASHED_NOT_REGULAR, HASHED_OK },
    { "out", ANY, HASHED_NOT_REGULAR, HASHED_ESCAPES },
    { "loop", ANY, HASHED_NOT_REGULAR, HASHED_NOT_REGULAR },
    { "dangling", ANY, HASHED_NOT_REGULAR, HASHED_MISSING },
    { "../x", ANY, HASHED_ESCAPES, HASHED_ESCAPES },
    { "/etc/passwd", ANY, HASHED_ESCAPES, HASHED_ESCAPES },
};

static void check_found(const struct folder *f, bool links, unsigned threads)
{
    struct hashed files[ARRAY_LEN(found)] = { 0 };

    for (size_t i = 0; i < ARRAY_LEN(found); i++)
        files[i] = (struct hashed){ .path = found[i].path, .want_bytes = found[i].want_bytes };
    hash(f, files, ARRAY_LEN(files), links ? HASHING_LINKS : 0, threads);
    for (size_t i = 0; i < ARRAY_LEN(found); i++) {
        const struct hashed *h = &files[i];

        CHECK(h->state == (links ? found[i].links : found[i].plain), "%s: %d", h->path, h->state);
        CHECK(h->kept == -1, "%s is not kept", h->path);
        CHECK(h->state == HASHED_OK ? is_digest(h, h->bytes, 1) : is_empty(h), "%s", h->path);
        CHECK(h->state != HASHED_SIZE || h->bytes == (*h->path == 'f' ? 100 : 0),
              "%s: its size is told", h->path);
    }
}

TEST(hashing_finds)
{
    struct folder f = folder_new();

    put_all(&f);
    for (unsigned threads = 0; threads < 4; threads++) {
        check_found(&f, false, threads);
        check_found(&f, true, threads);
        tree_without_openat2 = true;
        check_found(&f, false, threads);
        tree_without_openat2 = false;
    }
    hash(&f, NULL, 0, 0, 0);
    folder_end(&f);
}

static bool finds_unreadable(void *arg)
{
    struct hashed h = { .path = "folder/file", .want_bytes = ANY };

    if (!be_nobody())
        return false;
    hash(arg, &h, 1, 0, 0);
    return h.state == HASHED_UNREADABLE && h.error == EACCES && is_empty(&h);
}

TEST(hashing_unreadable)
{
    struct folder f = folder_new();

    put_all(&f);
    CHECK(chmod(f.path, 0755) == 0 && fchmodat(f.fd, "folder/file", 0, 0) == 0, "modes");
    CHECK(in_child(finds_unreadable, &f), "a file that may not be read");
    CHECK(fchmodat(f.fd, "folder", 0, 0) == 0, "modes");
    CHECK(in_child(finds_unreadable, &f), "a file in a folder that may not be entered");
    CHECK(fchmodat(f.fd, "folder", 0755, 0) == 0, "modes");
    folder_end(&f);
}

/* ---- many ---- */

static size_t size_of(size_t i)
{
    return i % 97 == 0 ? 600000 + i : i % 7 == 0 ? 0 : i * 131 % 5000;
}

static void put_many(const struct folder *f, struct hashed *files, char (*names)[40], size_t n)
{
    for (size_t i = 0; i < n; i++) {
        (void)snprintf(names[i], sizeof *names, "%zu/%zu", i % 10, i);
        if (i < 10)
            folder_in(f, (char[]){ (char)('0' + i), '\0' });
        folder_put(f, names[i], size_of(i), (uint8_t)i);
        files[i] = (struct hashed){ .path = names[i], .want_bytes = i % 2 ? ANY : size_of(i) };
    }
}

TEST(hashing_many)
{
    enum { N = 500 };
    static struct hashed files[N];
    static char names[N][40];
    struct folder f = folder_new();

    put_many(&f, files, names, N);
    for (unsigned threads = 0; threads < 6; threads++) {
        size_t wrong = 0;

        if (threads == 5)
            (void)sha256_instructions(false);
        hash(&f, files, N, 0, threads);
        (void)sha256_instructions(true);
        for (size_t i = 0; i < N; i++)
            wrong += files[i].state != HASHED_OK || files[i].bytes != size_of(i) ||
                     !is_digest(&files[i], size_of(i), (uint8_t)i);
        CHECK(wrong == 0, "%u threads: %zu wrong", threads, wrong);
    }
    folder_end(&f);
}

TEST(hashing_keeps)
{
    struct folder f = folder_new();
    struct hashed files[] = { { .path = "a", .want_bytes = 10 },
                              { .path = "b", .want_bytes = 11 },
                              { .path = "c", .want_bytes = 10 } };
    char bytes[11];

    folder_put(&f, "a", 10, 'a');
    folder_put(&f, "b", 10, 'b');
    hash(&f, files, ARRAY_LEN(files), HASHING_KEEP, 2);
    CHECK(files[1].kept == -1 && files[2].kept == -1, "what is wrong is not kept");
    CHECK(unlinkat(f.fd, "a", 0) == 0, "a goes");
    CHECK(files[0].kept != -1 && pread(files[0].kept, bytes, sizeof bytes, 0) == 10 &&
              memcmp(bytes, "abcdefghij", 10) == 0,
          "the file that was hashed is still at hand");
    CHECK(fcntl(files[0].kept, F_GETFD) == FD_CLOEXEC, "not for other programs");
    close(files[0].kept);
    folder_end(&f);
}

/* ---- progress ---- */

struct seen {
    pthread_t thread;
    size_t calls, wrong;
    struct pratique_progress last;
};

static void see(void *user, const struct pratique_progress *p)
{
    struct seen *s = user;

    s->calls++;
    s->wrong += !pthread_equal(s->thread, pthread_self()) || p->bytes_done < s->last.bytes_done ||
                p->artifacts_done < s->last.artifacts_done || p->artifacts_found != 200;
    s->last = *p;
}

TEST(hashing_tells)
{
    enum { N = 200 };
    static struct hashed files[N];
    static char names[N][40];
    struct folder f = folder_new();
    uint64_t bytes = 0;

    put_many(&f, files, names, N);
    for (size_t i = 0; i < N; i++)
        bytes += size_of(i);
    for (unsigned threads = 1; threads < 4; threads++) {
        struct seen s = { .thread = pthread_self() };
        struct pratique_error err = { 0 };
        int root = tree_root(f.path);

        CHECK(hashing_run(root, files, N, 0, threads, see, &s, &err) == PRATIQUE_OK, "%s", err.msg);
        CHECK(s.calls > 2 && s.wrong == 0, "%u threads: %zu of %zu wrong", threads, s.wrong,
              s.calls);
        CHECK(s.last.artifacts_done == N && s.last.bytes_done == bytes && s.last.path,
              "%u threads: all of it is told at the end", threads);
        close(root);
    }
    folder_end(&f);
}

/* ---- under our feet ---- */

struct swapper {
    const struct folder *folder;
    atomic_bool stop;
};

/* The file and a link that leads out change places, over and over. */
static void *swap(void *arg)
{
    struct swapper *s = arg;

    while (!atomic_load(&s->stop))
        (void)renameat2(s->folder->fd, "x", s->folder->fd, "link", RENAME_EXCHANGE);
    return NULL;
}

/* Whether what was found is one of the two, and never what lies outside. */
static bool is_either(const struct hashed *h)
{
    switch (h->state) {
    case HASHED_OK:
        return h->bytes == 5000 && is_digest(h, 5000, 3);
    case HASHED_ESCAPES:
    case HASHED_NOT_REGULAR:
    case HASHED_CHANGED: /* to be renamed is a change as well */
        return is_empty(h);
    default:
        return false;
    }
}

TEST(hashing_is_not_led_astray)
{
    struct folder f = folder_new(), out = folder_new();
    struct swapper s = { .folder = &f };
    size_t wrong = 0;
    char target[128];
    pthread_t thread;

    (void)snprintf(target, sizeof target, "%s/secret", out.path);
    folder_put(&out, "secret", 5000, 99);
    folder_put(&f, "x", 5000, 3);
    folder_link(&f, target, "link");
    CHECK(pthread_create(&thread, NULL, swap, &s) == 0, "a thread");
    for (int i = 0; i < 4000; i++) {
        struct hashed h = { .path = "x", .want_bytes = ANY };

        tree_without_openat2 = i % 2;
        hash(&f, &h, 1, i % 4 < 2 ? HASHING_LINKS : 0, 1);
        wrong += !is_either(&h);
    }
    tree_without_openat2 = false;
    atomic_store(&s.stop, true);
    (void)pthread_join(thread, NULL);
    CHECK(wrong == 0, "%zu wrong", wrong);
    folder_end(&f);
    folder_end(&out);
}

struct change {
    const char *what;
    void (*make)(const struct folder *f);
    bool harmless;
};

static void put_at(const struct folder *f, off_t at)
{
    int fd = openat(f->fd, "large", O_WRONLY | O_CLOEXEC);

    CHECK(fd != -1 && pwrite(fd, "changed", 7, at) == 7, "a change at %ld", (long)at);
    close(fd);
}

static void change_front(const struct folder *f)
{
    put_at(f, 0);
}

static void change_end(const struct folder *f)
{
    put_at(f, (off_t)LARGE - 7);
}

static void grow(const struct folder *f)
{
    put_at(f, (off_t)LARGE);
}

static void shrink(const struct folder *f)
{
    int fd = openat(f->fd, "large", O_WRONLY | O_CLOEXEC);

    CHECK(fd != -1 && ftruncate(fd, 1000) == 0, "shorter");
    close(fd);
}

/* The time of the last change is set back: the kernel keeps another that cannot be. */
static void change_covered(const struct folder *f)
{
    struct stat st;

    CHECK(fstatat(f->fd, "large", &st, 0) == 0, "its times");
    put_at(f, 5);
    CHECK(utimensat(f->fd, "large", (struct timespec[]){ st.st_atim, st.st_mtim }, 0) == 0, "back");
}

static void replace(const struct folder *f)
{
    folder_put(f, "other", LARGE, 9);
    CHECK(renameat(f->fd, "other", f->fd, "large") == 0, "another in its place");
}

static void read_it(const struct folder *f)
{
    char byte;
    int fd = openat(f->fd, "large", O_RDONLY | O_CLOEXEC);

    CHECK(fd != -1 && read(fd, &byte, 1) == 1, "a reader");
    close(fd);
}

static void change_another(const struct folder *f)
{
    folder_put(f, "another", 10, 0);
}

static const struct change changes[] = {
    { "the part that was read", change_front, false },
    { "the part that was not", change_end, false },
    { "more bytes", grow, false },
    { "fewer bytes", shrink, false },
    { "a change with its time set back", change_covered, false },
    { "another file in its place", replace, false },
    { "a reader", read_it, true },
    { "another file", change_another, true },
};

struct changer {
    const struct folder *folder;
    const struct change *change;
    bool made;
};

/* Once the first piece was read. */
static void change_once(void *user, const struct pratique_progress *p)
{
    struct changer *c = user;

    if (p->bytes_done > 0 && !c->made) {
        (void)usleep(20000); /* file times are as coarse as the kernel's clock */
        c->change->make(c->folder);
        c->made = true;
    }
}

TEST(hashing_sees_changes)
{
    for (size_t i = 0; i < ARRAY_LEN(changes); i++) {
        struct folder f = folder_new();
        struct changer c = { &f, &changes[i], false };
        struct hashed h = { .path = "large", .want_bytes = LARGE };
        struct pratique_error err = { 0 };
        int root = tree_root(f.path);

        folder_put(&f, "large", LARGE, 1);
        CHECK(hashing_run(root, &h, 1, HASHING_KEEP, 1, change_once, &c, &err) == PRATIQUE_OK &&
                  c.made,
              "%s", changes[i].what);
        CHECK(h.state == (changes[i].harmless ? HASHED_OK : HASHED_CHANGED), "%s: %d",
              changes[i].what, h.state);
        CHECK(changes[i].harmless ? is_digest(&h, LARGE, 1) : is_empty(&h), "%s", changes[i].what);
        CHECK((h.kept != -1) == changes[i].harmless, "%s", changes[i].what);
        if (h.kept != -1)
            close(h.kept);
        close(root);
        folder_end(&f);
    }
}

/* A file that grows as fast as it is read is not followed. */
static void grow_always(void *user, const struct pratique_progress *p)
{
    (void)p;
    grow(user);
    folder_put(user, "large", 4 * LARGE, 1);
}

TEST(hashing_ends)
{
    struct folder f = folder_new();
    struct hashed h = { .path = "large", .want_bytes = ANY };
    struct pratique_error err = { 0 };
    int root = tree_root(f.path);

    folder_put(&f, "large", LARGE, 1);
    CHECK(hashing_run(root, &h, 1, 0, 1, grow_always, &f, &err) == PRATIQUE_OK &&
              h.state == HASHED_CHANGED,
          "%d", h.state);
    close(root);
    folder_end(&f);
}
