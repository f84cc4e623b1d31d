/*
 * Byte-code for the imports: pip would have made it, and two passes need it. The interpreter
 * compiles on all processors, in children with the rights of the watched, before the first of
 * these runs and never again; so what one pass finds, no other pass can have written: an
 * environment in which a pass changed anything is installed and compiled anew.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sandbox/sandbox.h"
#include "watch/hooklib.h"
#include "watch/keeper.h"

#define WORTH_BYTES  ((size_t)32 * 1024) /* of a wheel; an interpreter takes its time to start */
#define COMPILE_MS   10000
#define MEMORY_BYTES ((uint64_t)2 << 30) /* of each of the processes */
#define NAMES_MAX    ((size_t)32 * 1024) /* they fit into a pipe at once */

/* ---- in the child ---- */

static bool has_folders(const struct watch_plan *plan)
{
    for (size_t i = 0; i < plan->with_n; i++)
        if (!plan->with[i].name)
            return true;
    return false;
}

static bool set_descriptors(int names)
{
    int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

    return null != -1 && dup2(names, 0) == 0 && dup2(null, 1) == 1 && dup2(null, 2) == 2 &&
           syscall(SYS_close_range, 3, ~0u, 0) == 0;
}

static void child(const struct watch_plan *plan, int names)
{
    static const char *const environment[] = { "LANG=C.UTF-8", NULL };
    char site[64];
    const char *argv[] = { plan->python.program,
                           "-I",
                           "-S",
                           "-c",
                           compiler_source(),
                           site,
                           has_folders(plan) ? "more" : "complete",
                           NULL };

    (void)snprintf(site, sizeof site, WORLD_VENV "/lib/python%u.%u%s/site-packages",
                   plan->python.major, plan->python.minor, plan->python.free_threaded ? "t" : "");
    (void)umask(022);
    if (set_descriptors(names) && world_confine(&plan->world) &&
        sandbox_limit(RLIMIT_AS, MEMORY_BYTES, MEMORY_BYTES))
        (void)execve(argv[0], (char *const *)(uintptr_t)argv,
                     (char *const *)(uintptr_t)environment);
    _exit(127);
}

/* ---- in the keeper ---- */

static bool is_worth_it(const struct watch_plan *plan)
{
    return !plan->options.one_pass && !plan->world.weak && plan->wheel_bytes.n >= WORTH_BYTES;
}

struct compiler compile_begin(const struct keeper *k)
{
    struct compiler c = { .pid = -1, .names = -1 };
    int ends[2];

    if (!is_worth_it(k->plan) || pipe2(ends, O_CLOEXEC) != 0)
        return c;
    c.names = ends[1];
    c.pid = fork();
    if (c.pid == 0)
        child(k->plan, ends[0]);
    (void)close(ends[0]);
    return c;
}

static void put_names(const struct keeper *k, int fd)
{
    struct buf b;

    buf_init(&b, NAMES_MAX);
    for (size_t i = 0; i < k->modules_n && !b.failed; i++)
        (void)buf_printf(&b, "%s\n", k->modules[i].name);
    if (b.n)
        (void)!write(fd, b.p, b.n);
    buf_free(&b);
}

static void wait_for(pid_t pid)
{
    int fd = (int)syscall(SYS_pidfd_open, pid, 0);
    struct pollfd f = { .fd = fd, .events = POLLIN };

    if (fd != -1) {
        (void)poll(&f, 1, COMPILE_MS);
        (void)close(fd);
    }
}

void compile_end(const struct keeper *k, struct compiler *c)
{
    if (c->names != -1) {
        put_names(k, c->names);
        (void)close(c->names);
    }
    if (c->pid <= 0)
        return;
    wait_for(c->pid);
    world_kill(&k->plan->world); /* what it left running, or did not do in time */
    while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
        ;
}
