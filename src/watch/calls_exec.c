/* execve(2), execveat(2): which program, with which arguments, and where it comes from. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "watch/calls.h"

#define ARGUMENTS_MAX 64
#define ARGUMENT_MAX  1024

/* One argument, in quotes where a shell would need them. */
static size_t put_argument(char *to, size_t room, const char *s)
{
    bool plain = *s && !strpbrk(s, " \t\n'\"\\$`;&|<>()*?[]{}#");
    int n = plain ? snprintf(to, room, "%s", s) : snprintf(to, room, "'%s'", s);

    return n < 0 ? 0 : (size_t)n < room ? (size_t)n : room - 1;
}

/* The text up to a NUL; the rest stays in *in. */
static struct span take_text(struct span *in)
{
    const uint8_t *end = memchr(in->p, '\0', in->n);
    struct span s = span_of(in->p, end ? (size_t)(end - in->p) : in->n);

    (void)skip(in, end ? s.n + 1 : s.n);
    return s;
}

struct arguments {
    char text[EVENT_DETAIL_MAX]; /* joined by blanks */
    size_t at, n;
    uint64_t hash; /* FNV-1a */
    uint32_t flags;
    bool cut; /* text lacks some */
};

static void add_argument(struct arguments *a, const char *s, bool whole)
{
    size_t n;

    a->hash = a->hash ? a->hash : UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i == 0 || s[i - 1]; i++)
        a->hash = (a->hash ^ (uint8_t)s[i]) * UINT64_C(0x100000001b3);
    if (a->at + 2 < sizeof a->text && a->n > 0)
        a->text[a->at++] = ' ';
    n = put_argument(a->text + a->at, sizeof a->text - a->at, s);
    a->at += n;
    a->n++;
    a->cut |= !whole || a->at + 2 >= sizeof a->text;
}

/* Whether an argument names a file that the watched wrote. */
static uint32_t argument_flags(const struct call *c, const char *s)
{
    char path[PATH_MAX];
    uint32_t flags = 0;

    if (!*s || s[0] == '-' || strlen(s) >= PATH_MAX - 1 ||
        !place_resolve(c->k, c->tid, AT_FDCWD, s, true, path))
        return 0;
    if (place_is_written(c->k, path)) {
        flags |= EXEC_ARG_WRITTEN;
        if (place_has_canary(c->k, path))
            flags |= EXEC_CANARY;
    }
    return flags;
}

/* False: they cannot be read. */
static bool read_arguments(const struct call *c, uint64_t list, struct arguments *out)
{
    char one[ARGUMENT_MAX];

    for (size_t i = 0; list && i < ARGUMENTS_MAX; i++) {
        uint64_t address;
        bool whole;

        if (!target_read(c->tid, list + i * sizeof address, &address, sizeof address))
            return false;
        if (!address)
            return true;
        whole = target_text(c->tid, address, one, sizeof one);
        if (!whole && !one[0])
            return false;
        if (out->n > 0)
            out->flags |= argument_flags(c, one);
        add_argument(out, one, whole);
    }
    out->cut = list != 0;
    return true;
}

/* The same of what it was started with, as the kernel has it; false when that is too long. */
static bool started_arguments(pid_t pid, struct arguments *out)
{
    static char bytes[256 * 1024]; /* one keeper, one thread */
    char one[ARGUMENT_MAX];
    ssize_t n = target_arguments(pid, bytes, sizeof bytes);
    struct span rest = span_of(bytes, n > 0 ? (size_t)n : 0), s;

    while (rest.n && out->n < ARGUMENTS_MAX) {
        s = take_text(&rest);
        (void)snprintf(one, sizeof one, "%.*s", (int)(s.n < sizeof one ? s.n : sizeof one - 1),
                       (const char *)s.p);
        add_argument(out, one, s.n < sizeof one);
    }
    return n > 0 && (size_t)n < sizeof bytes - 1;
}

/* With their text; what is missing of it is shown. */
static void tell_exec(const struct call *c, uint32_t flags, const char *path, struct arguments *a)
{
    if (a->cut)
        (void)snprintf(a->text + (a->at < sizeof a->text - 5 ? a->at : sizeof a->text - 5), 5,
                       " ...");
    place_told(c->k, a->text);
    call_tell(c, EVENT_EXEC, flags, path, a->text, 0);
}

static bool is_python(const char *path)
{
    const char *name = strrchr(path, '/');

    return strncmp(name ? name + 1 : path, "python", 6) == 0;
}

/* What is to be said of the program's file. */
static uint32_t program_flags(const struct call *c, const char *path, struct stat *st)
{
    uint32_t flags = place_flags(c->k, path);
    char real[WORLD_PATH_MAX];

    if (place_is_nameless(path))
        return EXEC_MEMFD | EXEC_WRITTEN;
    if (stat(world_path(&c->k->plan->world, path, real), st) != 0)
        return flags | EXEC_MISSING;
    if (place_is_written(c->k, path)) {
        flags |= EXEC_WRITTEN;
        if (place_has_canary(c->k, path))
            flags |= EXEC_CANARY;
    }
    if (c->k->plan->python.program && strcmp(path, c->k->plan->python.program) == 0)
        flags |= EXEC_SELF;
    return flags;
}

/* The program's path: the text in the target, or what a descriptor is open on. */
static bool read_program(const struct call *c, char path[PATH_MAX])
{
    bool at = c->nr == SYS_execveat;
    int folder = at ? (int)c->a[0] : AT_FDCWD;
    char name[PATH_MAX];

    return target_text(c->tid, c->a[at ? 1 : 0], name, sizeof name) &&
           place_resolve(c->k, c->tid, folder, name, true, path);
}

/* ---- what is really run ---- */

/* A script is run by what its first line names. */
static void foretell(const struct call *c, const char *path, const struct stat *st,
                     const struct arguments *a, struct exe *exe)
{
    char head[256] = "", interpreter[PATH_MAX], *name;
    char real[WORLD_PATH_MAX];
    int fd = open(world_path(&c->k->plan->world, path, real), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat by;

    *exe = (struct exe){ st->st_dev, st->st_ino, a->hash };
    if (fd == -1 || read(fd, head, sizeof head - 1) < 2)
        head[0] = '\0';
    if (fd != -1)
        (void)close(fd);
    if (strncmp(head, "#!", 2) != 0)
        return;
    exe->arguments = exe->ino = 0;
    name = head + 2 + strspn(head + 2, " \t");
    name[strcspn(name, " \t\n")] = '\0';
    if (place_resolve(c->k, c->tid, AT_FDCWD, name, true, interpreter) &&
        stat(world_path(&c->k->plan->world, interpreter, real), &by) == 0)
        exe->dev = by.st_dev, exe->ino = by.st_ino;
}

/* What a process runs now. */
static void look_at(pid_t pid, struct exe *exe, struct arguments *a)
{
    char path[64];
    struct stat st;

    *exe = (struct exe){ 0 };
    (void)snprintf(path, sizeof path, "/proc/%d/exe", (int)pid);
    if (stat(path, &st) == 0)
        exe->dev = st.st_dev, exe->ino = st.st_ino;
    if (started_arguments(pid, a))
        exe->arguments = a->hash;
}

/* Whether both are the same, as far as it is known of both. */
static bool is_same(const struct exe *a, const struct exe *b)
{
    return (!a->ino || !b->ino || (a->ino == b->ino && a->dev == b->dev)) &&
           (!a->arguments || !b->arguments || a->arguments == b->arguments);
}

static void set_unproved(struct keeper *k, struct person *p, bool yes)
{
    k->crowd.unproved += yes && !p->unproved ? 1 : 0;
    k->crowd.unproved -= !yes && p->unproved ? 1 : 0;
    p->unproved = yes;
}

/* It is told to run a program; NULL: one that is not there. */
static void expect(const struct call *c, struct person *p, const struct exe *told)
{
    struct arguments a = { .n = 0 };

    look_at(p->pid, &p->was, &a);
    p->told = told ? *told : p->was;
    set_unproved(c->k, p, true);
}

static void tell_truth(const struct call *c, struct person *p, struct arguments *a)
{
    char path[PATH_MAX];
    struct stat st;

    if (!target_link(p->pid, "exe", path, sizeof path))
        return;
    call_tell(c, EVENT_HIDDEN, 0, "execve", "runs something else than it seemed to be asked for",
              0);
    place_told(c->k, path);
    tell_exec(c, program_flags(c, path, &st) & ~(uint32_t)EXEC_MISSING, path, a);
}

void call_prove(const struct call *c, bool begins)
{
    struct person *p = crowd_find(&c->k->crowd, c->tid);
    struct arguments a = { .n = 0 };
    struct exe now;

    p = p || begins ? p : crowd_find(&c->k->crowd, target_process(c->tid));
    if (!p || !p->unproved)
        return;
    look_at(p->pid, &now, &a);
    if (!now.ino || (!begins && is_same(&now, &p->was) && !is_same(&now, &p->told)))
        return; /* execve is still under way, or has failed */
    set_unproved(c->k, p, false);
    if (!is_same(&now, &p->told))
        tell_truth(c, p, &a);
}

struct outcome call_exec(const struct call *c)
{
    struct arguments a = { .n = 0 };
    char path[PATH_MAX];
    struct exe told;
    struct stat st = { 0 };
    struct person *p;
    uint32_t flags;

    if (c->tid == c->k->runner && !c->k->runner_begun) { /* see world_spawn() */
        c->k->runner_begun = true;
        return OUTCOME_GO_ON;
    }
    p = crowd_meet(c->k, c->tid);
    if (!read_program(c, path))
        return call_hidden(c, "execve");
    flags = program_flags(c, path, &st);
    if (!read_arguments(c, c->a[c->nr == SYS_execveat ? 2 : 1], &a))
        return call_hidden(c, "execve");
    if (a.n == 0)
        add_argument(&a, "", true); /* as the kernel does */
    flags |= a.flags;
    if (p && !p->runner && getsid(p->pid) == p->pid)
        flags |= OUTLIVES_SESSION;
    tell_exec(c, flags, path, &a);
    foretell(c, path, &st, &a, &told);
    if (p)
        expect(c, p, flags & EXEC_MISSING ? NULL : &told);
    if (p && !(flags & EXEC_MISSING))
        crowd_exec(c->k, p, is_python(path));
    if (flags & (EXEC_CANARY | EXEC_WRITTEN))
        c->k->convicted = true;
    return OUTCOME_GO_ON;
}
