/*
 * The watched: how a process is made from which nothing can be reached but its world.
 * capabilities(7), landlock(7), setrlimit(2), seccomp_unotify(2).
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/keyctl.h>
#include <linux/securebits.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sandbox/observe.h"
#include "sandbox/sandbox.h"
#include "sandbox/world_inner.h"

#ifndef CLOSE_RANGE_UNSHARE
#define CLOSE_RANGE_UNSHARE 2u
#endif

#define CAPS_MAX 64

/* ---- capabilities ---- */

#define SECBITS_FINAL                                                                              \
    (SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_NO_SETUID_FIXUP |                               \
     SECBIT_NO_SETUID_FIXUP_LOCKED | SECBIT_KEEP_CAPS_LOCKED | SECBIT_NO_CAP_AMBIENT_RAISE |       \
     SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED)

/* Mounts (world_renew), memory of the watched (process_vm_readv, /proc), signals, their files,
 * becoming them. SETPCAP: to take capabilities from them. */
static const uint64_t keeper_caps =
    1ull << CAP_SYS_ADMIN | 1ull << CAP_SYS_PTRACE | 1ull << CAP_KILL | 1ull << CAP_DAC_OVERRIDE |
    1ull << CAP_DAC_READ_SEARCH | 1ull << CAP_CHOWN | 1ull << CAP_FOWNER | 1ull << CAP_SETUID |
    1ull << CAP_SETGID | 1ull << CAP_SETPCAP;

static bool caps_set(uint64_t keep)
{
    struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];

    memset(data, 0, sizeof data);
    data[0].effective = data[0].permitted = (uint32_t)keep;
    data[1].effective = data[1].permitted = (uint32_t)(keep >> 32);
    return syscall(SYS_capset, &head, data) == 0;
}

/* Takes the others out of what execve could ever give; needs CAP_SETPCAP. */
static bool caps_bound(uint64_t keep)
{
    for (unsigned long cap = 0; cap < CAPS_MAX; cap++)
        if (!(keep >> cap & 1) && prctl(PR_CAPBSET_READ, cap, 0, 0, 0) == 1 &&
            prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) != 0)
            return false;
    return true;
}

bool caps_keeper(void)
{
    return caps_bound(keeper_caps) && caps_set(keeper_caps);
}

bool caps_none(void)
{
    /* Without CAP_SETPCAP nothing was there to be taken. */
    if ((prctl(PR_SET_SECUREBITS, SECBITS_FINAL, 0, 0, 0) != 0 || !caps_bound(0)) && errno != EPERM)
        return false;
    return caps_set(0);
}

/* ---- Landlock ---- */

/* Landlock of before ABI 2 forbids to move files between folders, which installers do. */
#define LANDLOCK_ABI_MIN 2
#define GRANTS_MAX       256

/* Writes in /proc are a process's own settings: what is more, the mounts seal. */
static const char *const strong_written[] = { "/dev/null",   "/dev/zero",    "/dev/full",
                                              "/dev/random", "/dev/urandom", "/dev/tty",
                                              "/dev/ptmx",   "/dev/pts",     "/proc",
                                              NULL };
static const char *const strong_read[] = { "/", NULL };

struct grants {
    struct sandbox_grant of[GRANTS_MAX + 1]; /* the last is room for one too many */
    size_t n;
};

static void add(struct grants *g, const char *path, enum sandbox_right right)
{
    g->of[g->n] = (struct sandbox_grant){ path, right };
    g->n += g->n < GRANTS_MAX;
}

static void add_all(struct grants *g, const char *const *paths, enum sandbox_right right)
{
    for (; *paths; paths++)
        add(g, *paths, right);
}

void world_landlock_foretell(struct world_layer *layer, bool weak)
{
    int abi = sandbox_landlock_abi();

    if (abi >= LANDLOCK_ABI_MIN || (weak && abi >= 1))
        layer_set(layer, true, "ABI %d", abi);
    else
        layer_set(layer, false, abi < 1 ? "not to be had" : "ABI %d is too old", abi);
}

bool world_landlock(const struct world_config *config)
{
    struct grants g = { .n = 0 };
    char(*paths)[WORLD_PATH_MAX] = calloc(config->folders_n + 1, sizeof *paths);
    bool ok;

    if (!config->weak && sandbox_landlock_abi() < LANDLOCK_ABI_MIN) {
        free(paths);
        return true;
    }
    add_all(&g, config->weak ? weak_written : strong_written, SANDBOX_WRITE);
    add_all(&g, config->weak ? weak_read : strong_read, SANDBOX_READ);
    for (size_t i = 0; config->weak && i < config->binds_n; i++)
        add(&g, config->binds[i].from, SANDBOX_READ);
    if (config->weak)
        add(&g, config->place, SANDBOX_READ);
    for (size_t i = 0; paths && i < config->folders_n; i++)
        add(&g, world_path(config, config->folders[i], paths[i]), SANDBOX_WRITE);
    errno = paths ? E2BIG : ENOMEM;
    ok = paths && g.n < GRANTS_MAX && sandbox_landlock_grants(g.of, g.n);
    free(paths);
    return ok;
}

/* ---- the child ---- */

/* From the child, once its descriptors are its own and it is about to run the program. */
struct hello {
    int listener; /* as numbered in the keeper, or -1 */
    int error;
};

struct child {
    const struct world_config *config;
    const struct spawn *s;
    pid_t keeper;
    int hello, null; /* null: opened before the filter, which would hear of it */
};

static void reset_signals(void)
{
    struct sigaction plain = { .sa_handler = SIG_DFL };
    sigset_t none;

    for (int i = 1; i < NSIG; i++)
        (void)sigaction(i, &plain, NULL); /* those that cannot be caught say no */
    sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
}

/* In a weak world tasks of before, of the same user, count as well. */
static bool limit_processes(const struct world_config *c)
{
    uint64_t n = c->processes + (c->weak ? (uint64_t)weak_tasks() : 0);

    return sandbox_limit(RLIMIT_NPROC, n, n);
}

static bool limits(const struct world_config *c)
{
    return sandbox_limit(RLIMIT_CORE, 0, 0) &&
           sandbox_limit(RLIMIT_NOFILE, c->descriptors, c->descriptors) && limit_processes(c) &&
           (!c->file_bytes || sandbox_limit(RLIMIT_FSIZE, c->file_bytes, c->file_bytes)) &&
           (!c->cpu_seconds || sandbox_limit(RLIMIT_CPU, c->cpu_seconds, c->cpu_seconds + 1)) &&
           (!c->memory_bytes || sandbox_limit(RLIMIT_AS, c->memory_bytes, c->memory_bytes));
}

/* 1000 where the keeper is not that already; there are no groups to leave then. */
static bool become_user(void)
{
    if (getuid() == INNER_USER)
        return true;
    return setresgid(INNER_USER, INNER_USER, INNER_USER) == 0 &&
           setresuid(INNER_USER, INNER_USER, INNER_USER) == 0;
}

/* 0 is the same user again, by another name: in a user namespace inside the world's. Its map
 * is a file that only a process which may be looked at owns. */
static bool become_root(void)
{
    char text[32];

    (void)snprintf(text, sizeof text, "0 %d 1\n", INNER_USER);
    return unshare(CLONE_NEWUSER) == 0 && prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) == 0 &&
           (write_text("/proc/self/setgroups", "deny") || errno == EPERM) &&
           write_text("/proc/self/uid_map", text) && write_text("/proc/self/gid_map", text) &&
           prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0;
}

/* The keys of whoever began this would be listed in /proc/keys; the filter stops their use. */
static void leave_keyring(void)
{
    if (syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL) == -1)
        errno = 0; /* no keys in this kernel, or none for us */
}

/* Dies with the keeper; said again after each change of credentials, which forgets it. */
static bool tie(const struct child *c)
{
    return prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0 && getppid() == c->keeper;
}

static bool lock(const struct child *c)
{
    reset_signals();
    umask(022);
    leave_keyring();
    return setsid() != -1 && (c->config->weak || become_user()) &&
           (!c->s->as_root || become_root()) && caps_none() &&
           prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && tie(c) && chdir(c->s->folder) == 0 &&
           limits(c->config) && world_landlock(c->config);
}

bool world_confine(const struct world_config *config)
{
    return (config->weak || become_user()) && caps_none() &&
           prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0 && getppid() != 0 &&
           world_landlock(config) && limits(config);
}

void world_kill(const struct world_config *config)
{
    if (config->weak)
        weak_kill();
    else
        (void)kill(-1, SIGKILL); /* pid 1 means: everybody else in its namespace */
}

/* A copy of the table, by a range in which nothing is: container profiles refuse unshare(2). */
static bool own_descriptors(void)
{
    return syscall(SYS_close_range, ~0u, ~0u, CLOSE_RANGE_UNSHARE) == 0;
}

/* Descriptors 0, 1, 2, and hello until the program runs. They are the child's own by now. */
static bool keep_descriptors(struct child *c)
{
    int out = fcntl(c->s->out, F_DUPFD, 10), err = fcntl(c->s->err, F_DUPFD, 10);
    int hello = fcntl(c->hello, F_DUPFD_CLOEXEC, 10), null = fcntl(c->null, F_DUPFD, 10);

    if (out == -1 || err == -1 || hello == -1 || null == -1 || dup2(null, 0) == -1 ||
        dup2(out, 1) == -1 || dup2(err, 2) == -1 || dup2(hello, 3) == -1 ||
        fcntl(3, F_SETFD, FD_CLOEXEC) != 0)
        return false;
    c->hello = 3;
    return syscall(SYS_close_range, 4, ~0u, 0) == 0;
}

/*
 * The table of descriptors is the keeper's too, so that the listener comes to be in it; then
 * the child goes on with a copy. The keeper is told before execve, which waits for its answer.
 */
static void be_child(struct child *c)
{
    struct hello h = { .listener = -1 };
    ssize_t n;

    if (lock(c))
        h.listener = observe_install(c->config->weak);
    if (h.listener == -1 || !own_descriptors() || !keep_descriptors(c))
        h.error = errno ? errno : EIO;
    n = write(c->hello, &h, sizeof h);
    if (n == sizeof h && !h.error)
        (void)execve(c->s->program, c->s->argv, c->s->env);
    _exit(127);
}

/* ---- the keeper ---- */

/* fork(2), with the table of descriptors shared and a descriptor for the process. */
static pid_t fork_sharing(int *pidfd)
{
    return (pid_t)syscall(SYS_clone, CLONE_FILES | CLONE_PIDFD | SIGCHLD, NULL, pidfd, NULL, NULL);
}

/* False with errno when the child could not make it. */
static bool hear(int fd, int pidfd, struct hello *h)
{
    struct pollfd p[] = { { .fd = fd, .events = POLLIN }, { .fd = pidfd, .events = POLLIN } };

    while (poll(p, 2, -1) == -1)
        if (errno != EINTR)
            return false;
    if (!(p[0].revents & POLLIN) || read(fd, h, sizeof *h) != sizeof *h) {
        errno = ECHILD;
        return false;
    }
    errno = h->error;
    return h->error == 0;
}

static bool spawn(struct child *c, int hello, struct spawned *out)
{
    struct hello h = { .listener = -1 };
    int pidfd = -1, error;
    bool ok;

    out->pid = fork_sharing(&pidfd);
    if (out->pid == -1)
        return false;
    if (out->pid == 0)
        be_child(c);
    ok = hear(hello, pidfd, &h);
    error = errno;
    (void)close(pidfd);
    if (!ok) {
        (void)kill(out->pid, SIGKILL);
        (void)waitpid(out->pid, NULL, 0);
        if (h.listener != -1)
            (void)close(h.listener);
    } else {
        (void)fcntl(h.listener, F_SETFD, FD_CLOEXEC);
    }
    out->listener = ok ? h.listener : -1;
    errno = error;
    return ok;
}

bool world_spawn(const struct world_config *config, const struct spawn *s, struct spawned *out)
{
    struct child c = { .config = config, .s = s, .keeper = getpid() };
    int ends[2], error;
    bool ok;

    *out = (struct spawned){ -1, -1 };
    if (config->weak && s->as_root) {
        errno = ENOTSUP;
        return false;
    }
    if (pipe2(ends, O_CLOEXEC) != 0)
        return false;
    c.hello = ends[1];
    c.null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    ok = c.null != -1 && spawn(&c, ends[0], out);
    error = errno;
    if (c.null != -1)
        (void)close(c.null);
    (void)close(ends[0]);
    (void)close(ends[1]);
    errno = error;
    return ok;
}

bool world_renew(const struct world_config *config, const char *folder)
{
    const struct making m = { .config = config, .user = INNER_USER };
    char path[WORLD_PATH_MAX];

    return config->weak ? world_empty(world_path(config, folder, path)) : root_renew(&m, folder);
}
