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

/* Whether an argument names a file that the watched wrote. */
static uint32_t argument_flags(const struct call *c, const char *s)
{
    char path[PATH_MAX];
    uint32_t flags = 0;

    if (!*s || s[0] == '-' || strlen(s) >= PATH_MAX - 1 ||
        !place_resolve(c->tid, AT_FDCWD, s, true, path))
        return 0;
    if (place_is_written(c->k, path)) {
        flags |= EXEC_ARG_WRITTEN;
        if (place_has_canary(c->k, path))
            flags |= EXEC_CANARY;
    }
    return flags;
}

/* The arguments joined by blanks into text; *flags: what they name. False: they cannot be read. */
static bool read_arguments(const struct call *c, uint64_t list, char *text, size_t size,
                           uint32_t *flags)
{
    char one[ARGUMENT_MAX];
    size_t at = 0;

    text[0] = '\0';
    for (size_t i = 0; list && i < ARGUMENTS_MAX; i++) {
        uint64_t address;

        if (!target_read(c->tid, list + i * sizeof address, &address, sizeof address))
            return false;
        if (!address)
            break;
        if (!target_text(c->tid, address, one, sizeof one) && !one[0])
            return false;
        if (i > 0)
            *flags |= argument_flags(c, one);
        if (at + 2 < size && i > 0)
            text[at++] = ' ';
        at += put_argument(text + at, size - at, one);
    }
    return true;
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

    if (place_is_nameless(path))
        return EXEC_MEMFD | EXEC_WRITTEN;
    if (stat(path, st) != 0)
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
           place_resolve(c->tid, folder, name, true, path);
}

struct outcome call_exec(const struct call *c)
{
    char path[PATH_MAX], text[EVENT_DETAIL_MAX];
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
    if (!read_arguments(c, c->a[c->nr == SYS_execveat ? 2 : 1], text, sizeof text, &flags))
        return call_hidden(c, "execve");
    if (p && !p->runner && getsid(p->pid) == p->pid)
        flags |= OUTLIVES_SESSION;
    call_tell(c, EVENT_EXEC, flags, path, text, 0);
    if (p && !(flags & EXEC_MISSING))
        crowd_exec(c->k, p, is_python(path));
    if (flags & (EXEC_CANARY | EXEC_WRITTEN))
        c->k->convicted = true;
    return OUTCOME_GO_ON;
}
