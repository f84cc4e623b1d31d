/*
 * What the watch knows of wheels and interpreters, for the scripts that compare it:
 *   wheel find [NAME]                  the interpreter
 *   wheel fit PYTHON NAME...           whether each wheel's tags fit: a line each
 *   wheel install PYTHON WHEEL FOLDER  into a new environment, as wheel_install() does
 *   wheel modules PYTHON               of the files that standard input names
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/budget.h"
#include "watch/venv.h"
#include "watch/wheel.h"

#define ARENA_MAX ((size_t)512 << 20)

static struct arena arena;

static int fail(const struct pratique_error *err)
{
    printf("error %d %s\n", (int)err->status, err->msg);
    return 1;
}

static void find(struct python *py, const char *name)
{
    struct pratique_error err = { 0 };

    if (python_find(py, &arena, name, &err) != PRATIQUE_OK)
        exit(fail(&err));
}

static int say_python(const char *name)
{
    struct python py;
    uint64_t begun = budget_now_us();

    find(&py, name);
    printf("program %s\nprefix %s\nlibrary %s\nversion %u.%u%s\nshared %d\n", py.program, py.prefix,
           py.library, py.major, py.minor, py.free_threaded ? "t" : "", py.shared);
    printf("time %llu us\n", (unsigned long long)(budget_now_us() - begun));
    return 0;
}

static int say_fit(const char *python, char **names)
{
    struct wheel_name n;
    struct python py;

    find(&py, python);
    for (; *names; names++) {
        const char *why = "no wheel's name";

        if (wheel_name_parse(span_text(*names), &n))
            why = wheel_unfit(&arena, &n, &py);
        printf("%s\n", why ? why : "fits");
    }
    return 0;
}

static void tell(void *user, const struct watch_event *e)
{
    (void)user;
    printf("told %.*s: %.*s\n", (int)e->subject.n, (const char *)e->subject.p, (int)e->detail.n,
           (const char *)e->detail.p);
}

static void say_list(const char *what, const char **list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        printf("%s %s\n", what, list[i]);
}

static void say_installed(const struct wheel_installed *w)
{
    say_list("file", w->files, w->files_n);
    say_list("module", w->modules, w->modules_n);
    say_list("submodule", w->submodules, w->submodules_n);
    printf("customize %d %d pth %d\n", w->has_sitecustomize, w->has_usercustomize, w->has_pth);
}

static bool read_file(const char *path, struct span *out)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    void *p = MAP_FAILED;

    if (fd != -1 && fstat(fd, &st) == 0 && st.st_size > 0)
        p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
    *out = p == MAP_FAILED ? SPAN_EMPTY : span_of(p, (size_t)st.st_size);
    return fd != -1;
}

static int install(const char *python, const char *path, const char *folder)
{
    struct wheel_limits limits = { .bytes = (uint64_t)8 << 30, .members = 200000 };
    const char *base = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
    struct wheel_scheme scheme;
    struct wheel_installed w;
    struct pratique_error err = { .status = PRATIQUE_E_IO, .msg = "the folder or the wheel" };
    struct wheel_name n;
    struct span bytes;
    struct python py;
    uint64_t begun;
    int root;

    find(&py, python);
    root = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (root == -1 || !read_file(path, &bytes) || !wheel_name_parse(span_text(base), &n) ||
        !venv_make(&py, root, folder, &arena, &scheme))
        return fail(&err);
    begun = budget_now_us();
    if (wheel_install(bytes, &n, &scheme, &limits, &arena, &w, tell, NULL, &err) != PRATIQUE_OK)
        return fail(&err);
    fprintf(stderr, "time %llu us, arena %zu\n", (unsigned long long)(budget_now_us() - begun),
            arena.used);
    say_installed(&w);
    venv_close(&scheme);
    return 0;
}

static int modules(const char *python)
{
    struct wheel_installed w = { .files = arena_array(&arena, 100000, sizeof *w.files) };
    char line[4096];
    struct python py;

    find(&py, python);
    while (w.files && w.files_n < 100000 && fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = '\0';
        w.files[w.files_n] = arena_copy(&arena, line, strlen(line));
        w.files_n++;
    }
    if (!wheel_modules(&w, &arena, &py, SPAN_EMPTY))
        return 1;
    w.files_n = 0;
    say_installed(&w);
    return 0;
}

int main(int argc, char **argv)
{
    arena_init(&arena, ARENA_MAX);
    if (argc >= 2 && strcmp(argv[1], "find") == 0)
        return say_python(argv[2]);
    if (argc >= 3 && strcmp(argv[1], "fit") == 0)
        return say_fit(argv[2], argv + 3);
    if (argc == 5 && strcmp(argv[1], "install") == 0)
        return install(argv[2], argv[3], argv[4]);
    if (argc == 3 && strcmp(argv[1], "modules") == 0)
        return modules(argv[2]);
    fprintf(stderr, "usage: wheel find|fit|install|modules ...\n");
    return 2;
}
