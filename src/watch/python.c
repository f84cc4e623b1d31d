/*
 * Finds an interpreter as its own start would find its parts (Modules/getpath.py of CPython
 * 3.11): pyvenv.cfg, then lib/pythonX.Y/os.py beside or above the program. What cannot be
 * told this way is asked of the interpreter itself, in isolated mode and without site.
 */
#include "watch/python.h"

#include <dirent.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/budget.h"
#include "base/status.h"
#include "format/wheel/metadata.h"
#include "input/span.h"

#define MINOR_LEAST 9
#define MINOR_MOST  14
#define ASK_MS      10000
#define ANSWER_MAX  8192
#define CONFIG_MAX  65536

/* What is being found, and how it is called. */
struct search {
    struct python *out;
    struct arena *arena;
    const char *name; /* as it was given */
    struct pratique_error *err;
};

static enum pratique_status no_memory(struct search *s)
{
    return error_set(s->err, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "out of memory");
}

/* ---- the file ---- */

static bool is_program(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

/* The program that a word leads to, as a shell would take it: NULL when there is none. */
static const char *on_path(struct arena *arena, const char *word)
{
    const char *path = getenv("PATH");
    struct span rest = span_text(path ? path : "/usr/local/bin:/usr/bin:/bin");

    while (rest.n > 0) {
        const uint8_t *end = memchr(rest.p, ':', rest.n);
        struct span folder;
        const char *file;

        (void)take(&rest, end ? (size_t)(end - rest.p) : rest.n, &folder);
        (void)skip(&rest, 1);
        if (folder.n == 0 || folder.p[0] != '/')
            continue; /* whatever lies in the working folder is nobody's choice */
        file = arena_printf(arena, "%.*s/%s", (int)folder.n, (const char *)folder.p, word);
        if (file && is_program(file))
            return file;
    }
    return NULL;
}

static enum pratique_status locate(struct search *s, const char **file)
{
    if (!s->name) {
        *file = on_path(s->arena, "python3");
        *file = *file ? *file : on_path(s->arena, "python");
        return *file ? PRATIQUE_OK
                     : error_set(s->err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET,
                                 "there is neither python3 nor python on PATH: name the "
                                 "interpreter with --python");
    }
    *file = strchr(s->name, '/') ? s->name : on_path(s->arena, s->name);
    if (*file && is_program(*file))
        return PRATIQUE_OK;
    return error_set(s->err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET,
                     *file ? "%s: no program is there: name a Python of 3.%d to 3.%d with --python"
                           : "%s is not on PATH: name a Python of 3.%d to 3.%d with --python",
                     s->name, MINOR_LEAST, MINOR_MOST);
}

static const char *real_path(struct arena *arena, const char *path)
{
    char real[PATH_MAX];

    return realpath(path, real) ? arena_copy(arena, real, strlen(real)) : NULL;
}

/* The folder that a path is in; "/" for what is at the top. NULL without memory. */
static const char *folder_of(struct arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');
    size_t n = slash ? (size_t)(slash - path) : 0;

    return arena_copy(arena, n ? path : "/", n ? n : 1);
}

/* ---- ELF ---- */

static bool map_file(const char *path, struct span *out)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    void *p = MAP_FAILED;

    *out = SPAN_EMPTY;
    if (fd == -1)
        return false;
    if (fstat(fd, &st) == 0 && st.st_size > 0)
        p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    (void)close(fd);
    if (p != MAP_FAILED)
        *out = span_of(p, (size_t)st.st_size);
    return p != MAP_FAILED;
}

static void unmap_file(struct span s)
{
    if (s.n)
        (void)munmap((void *)(uintptr_t)s.p, s.n);
}

static bool is_elf(struct span s)
{
    return span_starts(s, span_of(ELFMAG, SELFMAG)) && s.n > EI_CLASS &&
           s.p[EI_CLASS] == ELFCLASS64;
}

/* Reads size bytes at off; false when they are not there. */
static bool read_at(struct span in, uint64_t off, void *to, size_t size)
{
    struct span s;

    if (!span_sub(in, off, size, &s))
        return false;
    memcpy(to, s.p, size);
    return true;
}

/* The header of the first segment of a type that holds address (any for UINT64_MAX). */
static bool find_segment(struct span in, const Elf64_Ehdr *e, uint32_t type, uint64_t address,
                         Elf64_Phdr *out)
{
    for (unsigned i = 0; i < e->e_phnum; i++) {
        if (!read_at(in, e->e_phoff + i * sizeof *out, out, sizeof *out))
            return false;
        if (out->p_type == type &&
            (address == UINT64_MAX ||
             (address >= out->p_vaddr && address - out->p_vaddr < out->p_filesz)))
            return true;
    }
    return false;
}

/* Offset in the file of the strings of the dynamic section. */
static bool find_strings(struct span in, const Elf64_Ehdr *e, struct span dynamic, uint64_t *off)
{
    Elf64_Phdr load;
    Elf64_Dyn d;

    for (uint64_t at = 0; read_at(dynamic, at, &d, sizeof d) && d.d_tag; at += sizeof d)
        if (d.d_tag == DT_STRTAB) {
            *off = 0;
            if (!find_segment(in, e, PT_LOAD, d.d_un.d_ptr, &load))
                return false;
            *off = d.d_un.d_ptr - load.p_vaddr + load.p_offset;
            return true;
        }
    return false;
}

/* Whether the program needs libpython3*.so: then most of the interpreter is there. */
static bool needs_libpython(struct span in)
{
    struct span dynamic, head = SPAN_LITERAL("libpython3");
    uint64_t strings;
    Elf64_Ehdr e;
    Elf64_Phdr p;
    Elf64_Dyn d;

    if (!read_at(in, 0, &e, sizeof e) || !find_segment(in, &e, PT_DYNAMIC, UINT64_MAX, &p) ||
        !span_sub(in, p.p_offset, p.p_filesz, &dynamic) || !find_strings(in, &e, dynamic, &strings))
        return false;
    for (uint64_t at = 0; read_at(dynamic, at, &d, sizeof d) && d.d_tag; at += sizeof d)
        if (d.d_tag == DT_NEEDED && d.d_un.d_val < in.n &&
            span_starts(span_from(in, strings + d.d_un.d_val), head))
            return true;
    return false;
}

/* ---- landmarks ---- */

/* "python3.11", "python3.13t": the versions that are taken. */
static bool parse_version(const char *name, struct python *out)
{
    char t = '\0', more = '\0';
    unsigned major, minor;
    int n = sscanf(name, "python%u.%u%c%c", &major, &minor, &t, &more);

    if (n < 2 || n > 3 || (n == 3 && t != 't') || major > 9 || minor > 99)
        return false;
    out->major = major;
    out->minor = minor;
    out->free_threaded = n == 3;
    return true;
}

static const char *landmark(struct search *s, const char *prefix, const char *lib,
                            const char *version)
{
    const char *folder =
        arena_printf(s->arena, "%s/%s/%s", strcmp(prefix, "/") ? prefix : "", lib, version);
    const char *os = folder ? arena_printf(s->arena, "%s/os.py", folder) : NULL;

    return os && access(os, R_OK) == 0 ? folder : NULL;
}

/*
 * A folder prefix/lib/pythonX.Y that holds a standard library: the one for the program's name
 * where the name has a version, else the only one there. False: none, or not to be told.
 */
static bool scan_library(struct search *s, const char *prefix, const char *lib, const char *base)
{
    const char *path = arena_printf(s->arena, "%s/%s", prefix, lib), *found = NULL, *folder;
    DIR *dir = path ? opendir(path) : NULL;
    struct python named = { 0 }, v = { 0 };
    bool has_version = parse_version(base, &named);
    unsigned n = 0;
    struct dirent *d;

    while (dir && (d = readdir(dir))) {
        if (!parse_version(d->d_name, &v) ||
            (has_version && (v.major != named.major || v.minor != named.minor)))
            continue;
        folder = landmark(s, prefix, lib, d->d_name);
        if (!folder)
            continue;
        s->out->major = v.major;
        s->out->minor = v.minor;
        s->out->free_threaded = v.free_threaded;
        found = folder;
        n++;
        if (has_version && v.free_threaded == named.free_threaded) {
            n = 1; /* it is this one, whatever else there is */
            break;
        }
    }
    if (dir)
        (void)closedir(dir);
    s->out->library = found;
    s->out->prefix = prefix;
    return n == 1;
}

/* Looks beside the program and above it, as the interpreter does. */
static bool find_landmark(struct search *s)
{
    const char *base = strrchr(s->out->program, '/');
    const char *at = folder_of(s->arena, s->out->program);

    if (!base || strncmp(base, "/python", 7) != 0)
        return false; /* whatever it is, the library beside it need not be its own */
    while (at && strcmp(at, "/") != 0) {
        if (scan_library(s, at, "lib", base + 1) || scan_library(s, at, "lib64", base + 1))
            return true;
        at = folder_of(s->arena, at);
    }
    return false;
}

/* ---- asking ---- */

static const char question[] =
    "import sys, os\n"
    "print(sys.implementation.name, *sys.version_info[:2], 't' if 't' in sys.abiflags else '-')\n"
    "print(getattr(sys, '_base_executable', None) or sys.executable)\n"
    "print(sys.base_prefix)\n"
    "print(os.path.dirname(os.__file__))\n";

static bool start(const char *file, int out, pid_t *pid)
{
    char *argv[] = { (char *)(uintptr_t)file, "-I", "-S", "-c", (char *)(uintptr_t)question, NULL };
    const char *path = getenv("PATH");
    char path_entry[4096], home_entry[4096];
    char *env[] = { path_entry, home_entry, "LC_ALL=C.UTF-8", NULL };
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attr;
    bool ok;

    (void)snprintf(path_entry, sizeof path_entry, "PATH=%s", path ? path : "/usr/bin:/bin");
    (void)snprintf(home_entry, sizeof home_entry, "HOME=%s", getenv("HOME") ? getenv("HOME") : "/");
    if (posix_spawn_file_actions_init(&files) != 0)
        return false;
    if (posix_spawnattr_init(&attr) != 0) {
        (void)posix_spawn_file_actions_destroy(&files);
        return false;
    }
    ok = posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0) == 0 &&
         posix_spawn_file_actions_adddup2(&files, out, 1) == 0 &&
         posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0) == 0 &&
         posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETPGROUP) == 0 &&
         posix_spawn(pid, file, &files, &attr, argv, env) == 0;
    (void)posix_spawnattr_destroy(&attr);
    (void)posix_spawn_file_actions_destroy(&files);
    return ok;
}

/* Reads to the end, or as long as there is time and room. */
static size_t read_answer(int fd, char *to, size_t size)
{
    uint64_t until = budget_now_us() + (uint64_t)ASK_MS * 1000;
    size_t n = 0;

    while (n < size) {
        uint64_t now = budget_now_us();
        struct pollfd p = { .fd = fd, .events = POLLIN };
        ssize_t got;

        if (now >= until || poll(&p, 1, (int)((until - now) / 1000) + 1) == 0)
            break;
        got = read(fd, to + n, size - n);
        if (got == 0 || (got == -1 && errno != EINTR))
            break;
        n += got > 0 ? (size_t)got : 0;
    }
    return n;
}

/* Runs it once; its answer is in text. It and what it started are gone afterwards. */
static size_t ask(const char *file, char text[ANSWER_MAX])
{
    int ends[2], status;
    size_t n = 0;
    pid_t pid;

    if (pipe2(ends, O_CLOEXEC) != 0)
        return 0;
    if (start(file, ends[1], &pid)) {
        (void)close(ends[1]);
        ends[1] = -1;
        n = read_answer(ends[0], text, ANSWER_MAX);
        (void)kill(-pid, SIGKILL);
        while (waitpid(pid, &status, 0) == -1 && errno == EINTR)
            ;
    }
    (void)close(ends[0]);
    if (ends[1] != -1)
        (void)close(ends[1]);
    return n;
}

static const char *next_line(struct search *s, struct span *in)
{
    struct span line;

    return take_line(in, &line) ? arena_copy(s->arena, line.p, line.n) : NULL;
}

static enum pratique_status foreign(struct search *s, const char *what)
{
    return error_set(s->err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET,
                     "%s: %s: name a CPython of 3.%d to 3.%d with --python",
                     s->name ? s->name : s->out->program, what, MINOR_LEAST, MINOR_MOST);
}

static enum pratique_status find_by_asking(struct search *s, const char *file)
{
    char text[ANSWER_MAX], kind[32] = "", t = '-';
    struct span in = span_of(text, ask(file, text));
    const char *first = next_line(s, &in), *program = next_line(s, &in);

    s->out->prefix = next_line(s, &in);
    s->out->library = next_line(s, &in);
    if (!first || !program || !s->out->library ||
        sscanf(first, "%31s %u %u %c", kind, &s->out->major, &s->out->minor, &t) != 4)
        return foreign(s, "it did not answer as a Python does");
    if (strcmp(kind, "cpython") != 0)
        return foreign(s, "it is no CPython");
    s->out->free_threaded = t == 't';
    s->out->program = real_path(s->arena, program);
    return s->out->program ? PRATIQUE_OK : foreign(s, "the program it names is not there");
}

/* ---- environments ---- */

/* The value of "home = ..." in the pyvenv.cfg beside the program or one above; NULL: none. */
static const char *venv_home(struct search *s, const char *program)
{
    const char *at = folder_of(s->arena, program), *home = NULL;

    for (int i = 0; i < 2 && at && !home; i++, at = folder_of(s->arena, at)) {
        const char *path = arena_printf(s->arena, "%s/pyvenv.cfg", at);
        struct span text = SPAN_EMPTY, line;

        if (!path || !map_file(path, &text))
            continue;
        for (struct span in = text; in.n > 0 && text.n <= CONFIG_MAX;) {
            if (!take_line(&in, &line))
                (void)take(&in, in.n, &line);
            if (span_starts(span_strip(line), SPAN_LITERAL("home")) &&
                memchr(line.p, '=', line.n)) {
                const uint8_t *eq = memchr(line.p, '=', line.n);

                line = span_strip(span_from(line, (size_t)(eq - line.p) + 1));
                home = arena_copy(s->arena, line.p, line.n);
                break;
            }
        }
        unmap_file(text);
    }
    return home;
}

/* A program that was copied into an environment leads to the one that it was copied from. */
static const char *leave_venv(struct search *s, const char *program)
{
    static const char *const names[] = { "python3", "python" };
    const char *home = venv_home(s, program), *base = strrchr(program, '/'), *file;

    if (!home)
        return program;
    file = arena_printf(s->arena, "%s%s", home, base);
    if (file && is_program(file))
        return real_path(s->arena, file);
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        file = arena_printf(s->arena, "%s/%s", home, names[i]);
        if (file && is_program(file))
            return real_path(s->arena, file);
    }
    return program;
}

/* ---- all of it ---- */

static enum pratique_status check_version(struct search *s)
{
    char what[80];

    if (s->out->major == 3 && s->out->minor >= MINOR_LEAST && s->out->minor <= MINOR_MOST)
        return PRATIQUE_OK;
    (void)snprintf(what, sizeof what, "it is Python %u.%u", s->out->major, s->out->minor);
    return foreign(s, what);
}

/* Looks at the program: whether it is one of the machine's own, and what it needs. */
static enum pratique_status look_at_program(struct search *s, bool *elf)
{
    struct span bytes;

    if (!map_file(s->out->program, &bytes))
        return error_set(s->err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET, "%s: %s", s->out->program,
                         strerror(errno));
    *elf = is_elf(bytes);
    s->out->shared = *elf && needs_libpython(bytes);
    unmap_file(bytes);
    return PRATIQUE_OK;
}

/* s->out->program is a real file; file is what leads to it. A script is asked, once. */
static enum pratique_status inspect(struct search *s, const char *file)
{
    bool elf = false;
    enum pratique_status st = look_at_program(s, &elf);

    if (st != PRATIQUE_OK)
        return st;
    if (elf && strstr(s->out->program, "pypy"))
        return foreign(s, "it is no CPython");
    if (elf && find_landmark(s))
        return check_version(s);
    if ((st = find_by_asking(s, file)) != PRATIQUE_OK ||
        (st = look_at_program(s, &elf)) != PRATIQUE_OK)
        return st;
    return elf ? check_version(s) : foreign(s, "the program it names is a script");
}

enum pratique_status python_find(struct python *out, struct arena *arena, const char *name,
                                 struct pratique_error *err)
{
    struct search s = { .out = out, .arena = arena, .name = name, .err = err };
    enum pratique_status st;
    const char *file = NULL;

    *out = (struct python){ 0 };
    if ((st = locate(&s, &file)) != PRATIQUE_OK)
        return st;
    out->program = real_path(arena, file);
    if (out->program)
        out->program = leave_venv(&s, out->program);
    return out->program ? inspect(&s, file) : no_memory(&s);
}
