/* See venv.h. */
#include "watch/venv.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Makes a folder and opens it; -1 with errno. */
static int make_folder(int in, const char *name)
{
    if (mkdirat(in, name, 0777) != 0)
        return -1;
    return openat(in, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/* Makes the folders a, in it b, in that c; the last one is open, -1 with errno. */
static int make_folders(int in, const char *a, const char *b, const char *c)
{
    const char *const names[] = { a, b, c };
    int fd = in, next;

    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        next = make_folder(fd, names[i]);
        if (fd != in)
            (void)close(fd);
        if (next == -1)
            return -1;
        fd = next;
    }
    return fd;
}

static bool write_file(int in, const char *name, const char *text)
{
    int fd = openat(in, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    size_t n = strlen(text);
    bool ok;

    if (fd == -1)
        return false;
    ok = write(fd, text, n) == (ssize_t)n;
    (void)close(fd);
    return ok;
}

static bool write_config(const struct python *py, int root, const char *path, struct arena *arena)
{
    const char *slash = strrchr(py->program, '/');
    int n = slash ? (int)(slash - py->program) : 0;
    char *text = arena_printf(arena,
                              "home = %.*s\n"
                              "include-system-site-packages = false\n"
                              "version = %u.%u\n"
                              "executable = %s\n"
                              "command = %s -m venv %s\n",
                              n, py->program, py->major, py->minor, py->program, py->program, path);

    if (!text)
        errno = ENOMEM;
    return text && write_file(root, "pyvenv.cfg", text);
}

/* As venv names them: one leads to the interpreter, the others to it. */
static bool link_programs(const struct python *py, int bin)
{
    char version[32];

    (void)snprintf(version, sizeof version, "python%u.%u%s", py->major, py->minor,
                   py->free_threaded ? "t" : "");
    return symlinkat(py->program, bin, "python") == 0 && symlinkat("python", bin, "python3") == 0 &&
           symlinkat("python", bin, version) == 0;
}

static bool make_site(const struct python *py, int root, struct wheel_scheme *out)
{
    char name[32], headers[32];

    (void)snprintf(name, sizeof name, "python%u.%u%s", py->major, py->minor,
                   py->free_threaded ? "t" : "");
    (void)snprintf(headers, sizeof headers, "python%u.%u", py->major, py->minor);
    out->site = make_folders(root, "lib", name, "site-packages");
    if (out->site == -1 || symlinkat("lib", root, "lib64") != 0)
        return false;
    out->headers = make_folders(root, "include", "site", headers);
    return out->headers != -1;
}

void venv_close(struct wheel_scheme *scheme)
{
    int *const fds[] = { &scheme->site, &scheme->bin, &scheme->headers, &scheme->data };

    for (size_t i = 0; i < ARRAY_LEN(fds); i++) {
        if (*fds[i] != -1)
            (void)close(*fds[i]);
        *fds[i] = -1;
    }
}

bool venv_make(const struct python *py, int root, const char *path, struct arena *arena,
               struct wheel_scheme *out)
{
    int saved;

    *out = (struct wheel_scheme){ .site = -1, .headers = -1, .py = py };
    out->python = arena_printf(arena, "%s/bin/python", path);
    out->data = fcntl(root, F_DUPFD_CLOEXEC, 3);
    out->bin = make_folder(root, "bin");
    if (!out->python)
        errno = ENOMEM;
    if (out->python && out->data != -1 && out->bin != -1 && link_programs(py, out->bin) &&
        make_site(py, root, out) && write_config(py, root, path, arena))
        return true;
    saved = errno;
    venv_close(out);
    errno = saved;
    return false;
}
