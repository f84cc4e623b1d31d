/* src/watch/python.c, venv.c */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "input/span.h"
#include "test.h"
#include "watch/python.h"
#include "watch/venv.h"

#define PATH_BYTES 300

struct bench {
    struct arena arena;
    char folder[64];
    struct python py;
    struct pratique_error err;
};

static void open_bench(struct bench *b)
{
    *b = (struct bench){ .folder = "/tmp/pratique-python-XXXXXX" };
    arena_init(&b->arena, 1u << 20);
    CHECK(mkdtemp(b->folder), "%s", strerror(errno));
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    (void)st, (void)kind, (void)at;
    return remove(path);
}

static void close_bench(struct bench *b)
{
    (void)nftw(b->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    arena_reset(&b->arena);
}

/* Makes a file below the folder with all of its folders. */
static void plant(struct bench *b, const char *name, const void *text, size_t n, mode_t mode)
{
    char path[PATH_BYTES];
    int fd;

    (void)snprintf(path, sizeof path, "%s/%s", b->folder, name);
    for (char *c = path + strlen(b->folder) + 1; *c; c++)
        if (*c == '/') {
            *c = '\0';
            (void)mkdir(path, 0777);
            *c = '/';
        }
    fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0777);
    CHECK(fd != -1 && write(fd, text, n) == (ssize_t)n && fchmod(fd, mode) == 0, "%s: %s", path,
          strerror(errno));
    (void)close(fd);
}

static enum pratique_status find(struct bench *b, const char *name)
{
    char path[PATH_BYTES];

    (void)snprintf(path, sizeof path, "%s/%s", b->folder, name);
    return python_find(&b->py, &b->arena, path, &b->err);
}

/* As much of an ELF file as tells that it is one. */
static const char elf[64] = "\177ELF\2\1\1";

TEST(interpreter_layouts)
{
    static const struct {
        const char *what, *program, *marks[4], *prefix, *library;
        unsigned minor;
        bool free_threaded;
    } rows[] = {
        { "usual", "bin/python3.11", { "lib/python3.11/os.py" }, "", "lib/python3.11", 11, false },
        { "lib64",
          "bin/python3.12",
          { "lib64/python3.12/os.py" },
          "",
          "lib64/python3.12",
          12,
          false },
        { "two versions",
          "bin/python3.11",
          { "lib/python3.11/os.py", "lib/python3.12/os.py" },
          "",
          "lib/python3.11",
          11,
          false },
        { "free-threaded",
          "bin/python3.13t",
          { "lib/python3.13t/os.py" },
          "",
          "lib/python3.13t",
          13,
          true },
        { "two builds",
          "bin/python3.13",
          { "lib/python3.13t/os.py", "lib/python3.13/os.py" },
          "",
          "lib/python3.13",
          13,
          false },
        { "free-threaded by another name",
          "bin/python3.13",
          { "lib/python3.13t/os.py" },
          "",
          "lib/python3.13t",
          13,
          true },
        { "no version in its name",
          "bin/python",
          { "lib/python3.9/os.py" },
          "",
          "lib/python3.9",
          9,
          false },
        { "further up",
          "a/bin/python3.10",
          { "lib/python3.10/os.py" },
          "",
          "lib/python3.10",
          10,
          false },
        { "nearest first",
          "a/bin/python3.10",
          { "lib/python3.10/os.py", "a/lib/python3.10/os.py" },
          "/a",
          "a/lib/python3.10",
          10,
          false },
        { "a folder without a library",
          "bin/python3.10",
          { "lib/python3.9/site-packages/x", "lib/python3.10/os.py" },
          "",
          "lib/python3.10",
          10,
          false },
    };
    char want[PATH_BYTES];

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct bench b;

        open_bench(&b);
        plant(&b, rows[i].program, elf, sizeof elf, 0755);
        for (size_t j = 0; j < 4 && rows[i].marks[j]; j++)
            plant(&b, rows[i].marks[j], "", 0, 0644);
        CHECK(find(&b, rows[i].program) == PRATIQUE_OK, "%s: %s", rows[i].what, b.err.msg);
        (void)snprintf(want, sizeof want, "%s%s", b.folder, rows[i].prefix);
        CHECK(b.py.prefix && strcmp(b.py.prefix, want) == 0, "%s: prefix", rows[i].what);
        (void)snprintf(want, sizeof want, "%s/%s", b.folder, rows[i].library);
        CHECK(b.py.library && strcmp(b.py.library, want) == 0, "%s: library", rows[i].what);
        CHECK(b.py.major == 3 && b.py.minor == rows[i].minor &&
                  b.py.free_threaded == rows[i].free_threaded,
              "%s: version", rows[i].what);
        CHECK(!b.py.shared, "%s: shared", rows[i].what);
        close_bench(&b);
    }
}

TEST(interpreter_by_a_script)
{
    static const char shim[] = "#!/bin/sh\n[ \"$1 $2 $3\" = '-I -S -c' ] || exit 1\n"
                               "echo cpython 3 12 -\necho \"${0%/*}/real/bin/python3.12\"\n"
                               "echo /opt/py\necho /opt/py/lib/python3.12\n";
    struct bench b;

    open_bench(&b);
    plant(&b, "python", shim, sizeof shim - 1, 0755);
    plant(&b, "real/bin/python3.12", elf, sizeof elf, 0755);
    CHECK(find(&b, "python") == PRATIQUE_OK, "%s", b.err.msg);
    CHECK(b.py.minor == 12 && strcmp(b.py.prefix, "/opt/py") == 0 &&
              strcmp(b.py.library, "/opt/py/lib/python3.12") == 0 &&
              strstr(b.py.program, "/real/bin/python3.12"),
          "what it says");
    close_bench(&b);
}

TEST(interpreter_of_an_environment)
{
    struct bench b;
    char config[PATH_BYTES];
    int n;

    open_bench(&b);
    plant(&b, "base/bin/python3.11", elf, sizeof elf, 0755);
    plant(&b, "base/lib/python3.11/os.py", "", 0, 0644);
    plant(&b, "env/bin/python3.11", elf, sizeof elf, 0755); /* a copy */
    n = snprintf(config, sizeof config,
                 "include-system-site-packages = false\nhome = %s/base/bin\n", b.folder);
    plant(&b, "env/pyvenv.cfg", config, (size_t)n, 0644);
    CHECK(find(&b, "env/bin/python3.11") == PRATIQUE_OK, "%s", b.err.msg);
    CHECK(b.py.program && strstr(b.py.program, "/base/bin/python3.11"), "%s", b.py.program);
    close_bench(&b);
}

TEST(interpreter_refused)
{
    static const struct {
        const char *what, *program, *text, *mark, *said;
        mode_t mode;
    } rows[] = {
        { "too old", "bin/python3.8", elf, "lib/python3.8/os.py", "it is Python 3.8", 0755 },
        { "too new", "bin/python3.15", elf, "lib/python3.15/os.py", "it is Python 3.15", 0755 },
        { "PyPy", "pypy/bin/pypy3", elf, "pypy/lib/x", "no CPython", 0755 },
        { "not to be run", "bin/python3.11", elf, "lib/python3.11/os.py", "no program is there",
          0644 },
        { "silent", "python", "#!/bin/true\n", "x", "did not answer", 0755 },
        { "another kind", "python", "#!/bin/sh\necho pypy 3 10 -\necho /bin/sh\necho a\necho b\n",
          "x", "no CPython", 0755 },
        { "a script behind a script", "python",
          "#!/bin/sh\necho cpython 3 10 -\necho $0\necho a\necho b\n", "x", "is a script", 0755 },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct bench b;
        size_t n = rows[i].text == elf ? sizeof elf : strlen(rows[i].text);

        open_bench(&b);
        plant(&b, rows[i].program, rows[i].text, n, rows[i].mode);
        plant(&b, rows[i].mark, "", 0, 0644);
        CHECK(find(&b, rows[i].program) == PRATIQUE_E_USAGE, "%s", rows[i].what);
        CHECK(strstr(b.err.msg, rows[i].said), "%s: %s", rows[i].what, b.err.msg);
        close_bench(&b);
    }
}

TEST(interpreter_not_there)
{
    struct arena a;
    struct python py;
    struct pratique_error err = { 0 };

    arena_init(&a, 1u << 16);
    CHECK(python_find(&py, &a, "no-such-python", &err) == PRATIQUE_E_USAGE &&
              strstr(err.msg, "no-such-python is not on PATH"),
          "%s", err.msg);
    CHECK(python_find(&py, &a, "./no/such/python", &err) == PRATIQUE_E_USAGE &&
              strstr(err.msg, "./no/such/python: no program is there"),
          "%s", err.msg);
    arena_reset(&a);
}

TEST(interpreter_environment_is_made)
{
    static const char *const links[][2] = { { "bin/python", "/opt/bin/python3.13t" },
                                            { "bin/python3", "python" },
                                            { "bin/python3.13t", "python" },
                                            { "lib64", "lib" } };
    struct python py = { .program = "/opt/bin/python3.13t",
                         .prefix = "/opt",
                         .library = "/opt/lib/python3.13t",
                         .major = 3,
                         .minor = 13,
                         .free_threaded = true };
    struct wheel_scheme s;
    struct bench b;
    int root;

    open_bench(&b);
    root = open(b.folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    CHECK(venv_make(&py, root, "/home/x/.venv", &b.arena, &s), "%s", strerror(errno));
    CHECK(strcmp(s.python, "/home/x/.venv/bin/python") == 0 && s.py == &py, "scheme");
    for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
        char target[PATH_BYTES] = "";

        CHECK(readlinkat(root, links[i][0], target, sizeof target - 1) > 0 &&
                  strcmp(target, links[i][1]) == 0,
              "%s: %s", links[i][0], target);
    }
    CHECK(faccessat(root, "lib/python3.13t/site-packages", F_OK, 0) == 0 &&
              faccessat(root, "include/site/python3.13", F_OK, 0) == 0 &&
              faccessat(root, "pyvenv.cfg", F_OK, 0) == 0,
          "folders");
    venv_close(&s);
    CHECK(!venv_make(&py, root, "/x", &b.arena, &s) && errno == EEXIST && s.site == -1, "twice");
    (void)close(root);
    close_bench(&b);
}
