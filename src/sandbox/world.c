/*
 * The stem of a world, and how its processes begin and end: user_namespaces(7),
 * pid_namespaces(7), time_namespaces(7), PR_SET_PDEATHSIG.
 *
 * Root's world: the stem makes its namespaces and the root as root, so that what only root may
 * read can be bound; the keeper then enters a user namespace whose users are nobody outside.
 * An ordinary user's: the user namespace comes first, and gives the right to the others.
 */
#include "sandbox/world.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <linux/capability.h>
#include <linux/seccomp.h>
#include <linux/securebits.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/status.h"
#include "sandbox/world_inner.h"

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x80
#endif

/* How long a stem that was asked to end may take before it is killed. */
#define END_MS 5000

/* From stem or keeper to the caller, once; small enough to arrive in one piece. */
struct report {
    enum pratique_status status;
    bool forbidden;
    struct world_layer layers[WORLD_LAYERS];
    char msg[240];
};
_Static_assert(sizeof(struct report) <= PIPE_BUF, "a report is written at once");

struct stem {
    struct making making;
    world_body *aside, *keeper;
    void *user;
    int report;  /* to the caller */
    int ends[2]; /* keeper's, stem's: the steps that one waits for the other to do */
    int go[2];   /* to aside */
    int root;
    pid_t caller, keeper_pid, aside_pid;
};

static const struct {
    const char *name;
    bool needed;
} layer_info[WORLD_LAYERS] = {
    [WORLD_USER] = { "user namespace", true },      [WORLD_MOUNT] = { "mount namespace", true },
    [WORLD_PID] = { "pid namespace", true },        [WORLD_NET] = { "network namespace", true },
    [WORLD_IPC] = { "ipc namespace", true },        [WORLD_UTS] = { "uts namespace", true },
    [WORLD_CGROUP] = { "cgroup namespace", false }, [WORLD_TIME] = { "time namespace", false },
    [WORLD_PRIVILEGES] = { "no-new-privs", true },  [WORLD_RLIMITS] = { "rlimits", true },
    [WORLD_LANDLOCK] = { "landlock", false },       [WORLD_SECCOMP] = { "seccomp", true },
};

const char *world_layer_name(enum world_layer_id id)
{
    return (unsigned)id < WORLD_LAYERS ? layer_info[id].name : "?";
}

bool world_layer_needed(enum world_layer_id id)
{
    return (unsigned)id < WORLD_LAYERS && layer_info[id].needed;
}

void layer_set(struct world_layer *layer, bool active, const char *fmt, ...)
{
    va_list ap;

    layer->active = active;
    va_start(ap, fmt);
    (void)vsnprintf(layer->detail, sizeof layer->detail, fmt, ap);
    va_end(ap);
}

/* What a system call says where namespaces, or mounts in them, are not for us. */
static bool is_refusal(int error)
{
    return error == EPERM || error == EACCES || error == ENOSYS || error == EINVAL ||
           error == EUSERS;
}

bool making_failed(struct making *m, const char *what, const char *path)
{
    m->forbidden |= !m->config->weak && is_refusal(errno);
    (void)error_set(&m->err, PRATIQUE_E_IO, PRATIQUE_NO_OFFSET, "%s%s: %s", what, path ? path : "",
                    strerror(errno));
    return false;
}

bool write_text(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    size_t n = strlen(text);
    bool ok = fd != -1 && write(fd, text, n) == (ssize_t)n;

    if (fd != -1)
        (void)close(fd);
    return ok;
}

static void tell(struct stem *s)
{
    struct report r = { .status = s->making.err.status, .forbidden = s->making.forbidden };
    ssize_t n;

    memcpy(r.layers, s->making.layers, sizeof r.layers);
    (void)snprintf(r.msg, sizeof r.msg, "%s", s->making.err.msg);
    n = write(s->report, &r, sizeof r);
    (void)n; /* nobody there: the end of the pipe says so as well */
    (void)close(s->report);
}

/* ---- the stem ---- */

/* Dies with the parent, or hears of its end; it has to be alive still. */
static bool tie_by(int signal, pid_t parent)
{
    return prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0) == 0 && getppid() == parent;
}

static bool tie(pid_t parent)
{
    return tie_by(SIGKILL, parent);
}

/* Root, with the right to make namespaces, and with the ids outside that we map. */
static bool privileged(void)
{
    struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
    struct __user_cap_data_struct have[_LINUX_CAPABILITY_U32S_3];

    return geteuid() == 0 && syscall(SYS_capget, &head, have) == 0 &&
           (have[0].effective & 1u << CAP_SYS_ADMIN) && (have[0].effective & 1u << CAP_SETUID) &&
           (have[0].effective & 1u << CAP_SETGID);
}

/* The files of whoever may not be looked at are root's: so it may, until the root is made. */
static bool map_self(uid_t user, gid_t group)
{
    char text[64];

    (void)prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
    (void)snprintf(text, sizeof text, "%d %u 1\n", INNER_USER, user);
    if (!write_text("/proc/self/setgroups", "deny") || !write_text("/proc/self/uid_map", text))
        return false;
    (void)snprintf(text, sizeof text, "%d %u 1\n", INNER_USER, group);
    return write_text("/proc/self/gid_map", text);
}

/* The namespaces that a world must have; one call, so that it is all or nothing. */
static bool enter_namespaces(struct making *m)
{
    static const enum world_layer_id made[] = { WORLD_MOUNT, WORLD_NET, WORLD_IPC, WORLD_UTS };
    int flags = CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS;
    uid_t user = geteuid();
    gid_t group = getegid();

    if (unshare(m->privileged ? flags : flags | CLONE_NEWUSER) != 0) {
        m->forbidden = true; /* ENOSPC as well: user.max_user_namespaces is 0 */
        return making_failed(m, "namespaces", NULL);
    }
    if (!m->privileged && !map_self(user, group))
        return making_failed(m, "user map", NULL);
    for (size_t i = 0; i < ARRAY_LEN(made); i++)
        layer_set(&m->layers[made[i]], true, "own");
    layer_set(&m->layers[WORLD_USER], true, m->privileged ? "nobody outside" : "the user outside");
    return true;
}

static bool set_uptime(uint64_t seconds)
{
    struct timespec now;
    char text[64];

    if (clock_gettime(CLOCK_BOOTTIME, &now) != 0 || unshare(CLONE_NEWTIME) != 0)
        return false;
    (void)snprintf(text, sizeof text, "boottime %lld 0\n", (long long)seconds - now.tv_sec);
    return write_text("/proc/self/timens_offsets", text);
}

/* The namespaces that are nice to have. Only the boot clock is moved: deadlines are monotonic. */
static void enter_others(struct making *m)
{
    bool cgroup = unshare(CLONE_NEWCGROUP) == 0;

    layer_set(&m->layers[WORLD_CGROUP], cgroup, "%s", cgroup ? "own" : strerror(errno));
    if (!m->config->uptime_s)
        layer_set(&m->layers[WORLD_TIME], false, "not asked for");
    else if (set_uptime(m->config->uptime_s))
        layer_set(&m->layers[WORLD_TIME], true, "own");
    else
        layer_set(&m->layers[WORLD_TIME], false, "%s", strerror(errno));
}

static bool set_network(struct making *m)
{
    if (!m->config->network) {
        layer_set(&m->layers[WORLD_NET], true, "own, nothing is reachable");
        return true;
    }
    if (!net_answer_all())
        return making_failed(m, "network", NULL);
    layer_set(&m->layers[WORLD_NET], true, "own, every address is its own");
    return true;
}

/* What world_spawn() will put on; it fails where it cannot. */
static void foretell(struct making *m)
{
    uint32_t action = SECCOMP_RET_USER_NOTIF;
    bool notify = syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;

    layer_set(&m->layers[WORLD_PRIVILEGES], true, "no capabilities");
    layer_set(&m->layers[WORLD_RLIMITS], true, "%u processes", m->config->processes);
    world_landlock_foretell(&m->layers[WORLD_LANDLOCK], m->config->weak);
    layer_set(&m->layers[WORLD_SECCOMP], notify, "%s",
              notify ? "user notification" : "the kernel has no user notification");
}

static bool make_world(struct making *m)
{
    foretell(m);
    if (!m->layers[WORLD_SECCOMP].active)
        return making_failed(m, "seccomp", NULL);
    if (m->config->weak)
        return weak_build(m);
    if (!enter_namespaces(m))
        return false;
    enter_others(m);
    if (sethostname(m->config->host, strlen(m->config->host)) != 0)
        return making_failed(m, "host name", NULL);
    return set_network(m);
}

/* ---- the keeper ---- */

static bool step(int fd, char what)
{
    char got;

    return write(fd, &what, 1) == 1 && read(fd, &got, 1) == 1 && got == what;
}

/* Root's keeper leaves root behind: it is 0 in a namespace where that is nobody outside. */
static bool enter_user(struct stem *s)
{
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0)
        return making_failed(&s->making, "user namespace", NULL);
    if (!step(s->ends[0], 'm'))
        return making_failed(&s->making, "user map", NULL);
    if (prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0) != 0 || setgroups(0, NULL) != 0 ||
        setresgid(0, 0, 0) != 0 || setresuid(0, 0, 0) != 0)
        return making_failed(&s->making, "user inside", NULL);
    return true;
}

/* All that the keeper gives up, or takes on. */
static bool change_keeper(struct stem *s)
{
    struct making *m = &s->making;

    if (m->config->weak)
        return (weak_become(m) && prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0) ||
               making_failed(m, "another user", NULL);
    if (!root_enter(m, s->root) || (m->privileged && !enter_user(s)))
        return false;
    layer_set(&m->layers[WORLD_PID], true, "own");
    return caps_keeper() || making_failed(m, "capabilities", NULL);
}

/*
 * Process 1 of the world. The parent's process id is not seen from here: that the stem is
 * alive shows in that it answers once we are tied to it. Whoever changes credentials loses
 * the tie.
 */
/* A number of /proc/self/stat by its place from 1, the second being in parentheses; or 0. */
static unsigned long stat_field(unsigned field)
{
    char text[1024], *at;
    int fd = open("/proc/self/stat", O_RDONLY | O_CLOEXEC);
    ssize_t n = fd == -1 ? -1 : read(fd, text, sizeof text - 1);

    if (fd != -1)
        (void)close(fd);
    text[n > 0 ? n : 0] = '\0';
    at = strrchr(text, ')');
    for (unsigned i = 2; at && i < field; i++)
        at = strchr(at + 1, ' ');
    return at ? strtoul(at, NULL, 10) : 0;
}

/*
 * What the watched see of process 1 is what they see of it anywhere: its arguments would tell
 * them where they are. proc_pid_stat(5): arg_start and arg_end are fields 48 and 49.
 */
static void look_plain(void)
{
    static const char name[] = "/sbin/init";
    unsigned long from = stat_field(48), to = stat_field(49);

    (void)prctl(PR_SET_NAME, "systemd", 0, 0, 0);
    if (!from || to <= from + sizeof name)
        return;
    memset((char *)from, 0, to - from);
    memcpy((char *)from, name, sizeof name);
}

static int be_keeper(struct stem *s)
{
    (void)close(s->ends[1]);
    if (s->aside)
        (void)close(s->go[1]);
    if (!change_keeper(s)) {
        tell(s);
        return 1;
    }
    if (s->root != -1)
        (void)close(s->root);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 ||
        prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0 || !step(s->ends[0], 'a'))
        return 1;
    (void)close(s->ends[0]);
    tell(s);
    if (!s->making.config->weak)
        look_plain();
    return s->keeper(s->user, s->making.layers);
}

/* ---- the stem, continued ---- */

static bool drop_aside(const struct making *m)
{
    if (m->config->weak)
        return weak_become(m) && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
               prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0;
    if (m->privileged &&
        (setgroups(0, NULL) != 0 || setresgid(OUTER_ASIDE, OUTER_ASIDE, OUTER_ASIDE) != 0 ||
         setresuid(OUTER_ASIDE, OUTER_ASIDE, OUTER_ASIDE) != 0))
        return false;
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && caps_none() &&
           prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0;
}

static void unblock(void)
{
    sigset_t none;

    sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
}

/* What aside does until it is told that the root is there: nothing; if never, it ends. */
static void be_aside(struct stem *s, pid_t stem)
{
    char go;

    unblock();
    (void)close(s->go[1]);
    if (s->root != -1)
        (void)close(s->root);
    (void)close(s->report);
    if (!tie(stem) || read(s->go[0], &go, 1) != 1)
        _exit(1);
    (void)close(s->go[0]);
    _exit(drop_aside(&s->making) && tie(stem) ? s->aside(s->user, s->making.layers) : 1);
}

/* Before the pid namespace, in which every later child of the stem would be. */
static bool start_aside(struct stem *s)
{
    pid_t stem = getpid();

    if (!s->aside)
        return true;
    if (pipe2(s->go, O_CLOEXEC) != 0 || (s->aside_pid = fork()) == -1)
        return making_failed(&s->making, "aside", NULL);
    if (s->aside_pid == 0)
        be_aside(s, stem);
    (void)close(s->go[0]);
    return true;
}

/* The root is there. */
static bool let_aside_go(struct stem *s)
{
    bool ok = !s->aside || write(s->go[1], "g", 1) == 1;

    if (s->aside)
        (void)close(s->go[1]);
    return ok;
}

/* The keeper's process, as root sees it in the world's own /proc. */
static bool map_keeper(void)
{
    char text[64];

    (void)snprintf(text, sizeof text, "0 %d 1\n%d %d 1\n", OUTER_KEEPER, INNER_USER, OUTER_USER);
    return write_text("/proc/1/uid_map", text) && write_text("/proc/1/gid_map", text);
}

/* Does what the keeper asks for until it needs nothing more, or is gone. */
static void serve_keeper(struct stem *s)
{
    char what;

    while (read(s->ends[1], &what, 1) == 1) {
        bool ok = what == 'm' ? map_keeper() : let_aside_go(s);

        if (!ok || write(s->ends[1], &what, 1) != 1 || what == 'a')
            break;
    }
    (void)close(s->ends[1]);
}

static bool start_keeper(struct stem *s)
{
    if (!start_aside(s))
        return false;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, s->ends) != 0 ||
        (!s->making.config->weak && unshare(CLONE_NEWPID) != 0))
        return making_failed(&s->making, "pid namespace", NULL);
    s->keeper_pid = fork();
    if (s->keeper_pid == -1)
        return making_failed(&s->making, "pid namespace", NULL);
    if (s->keeper_pid == 0) {
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
        unblock();
        _exit(be_keeper(s));
    }
    (void)close(s->ends[0]);
    return true;
}

/* Nobody else is left to do it. */
static void drop_place(const struct stem *s)
{
    if (getppid() != s->caller && world_empty(s->making.config->place))
        (void)rmdir(s->making.config->place);
}

/* Before there is a keeper to wait for, or without its caller. */
static void give_up(const struct stem *s)
{
    if (s->making.config->weak) {
        weak_sweep();
        drop_place(s);
    }
    _exit(1);
}

/* Until the keeper is gone, and with it its pid namespace; told to end, it ends the keeper. */
static int wait_keeper(struct stem *s, const sigset_t *signals)
{
    int status;

    while (waitpid(s->keeper_pid, &status, WNOHANG) != s->keeper_pid)
        if (sigwaitinfo(signals, NULL) == SIGTERM)
            (void)kill(s->keeper_pid, SIGKILL);
    if (s->making.config->weak) {
        weak_sweep();
        drop_place(s);
    } else if (s->aside_pid > 0) {
        (void)kill(s->aside_pid, SIGKILL);
        (void)waitpid(s->aside_pid, NULL, 0);
    }
    return status;
}

/* A status that waitpid(2) gave for another process, as this one's. */
static void end_as(int status)
{
    if (WIFSIGNALED(status))
        _exit(128 + WTERMSIG(status));
    _exit(WEXITSTATUS(status));
}

/* Signals are asked for one by one; without a pid namespace all that descends from here is its. */
static void be_alone(const struct making *m, sigset_t *signals)
{
    sigemptyset(signals);
    sigaddset(signals, SIGTERM);
    sigaddset(signals, SIGCHLD);
    (void)signal(SIGCHLD, SIG_DFL);
    (void)sigprocmask(SIG_SETMASK, signals, NULL);
    (void)setsid();
    if (m->config->weak)
        (void)prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

static void be_stem(struct stem *s, pid_t parent)
{
    struct making *m = &s->making;
    int end = m->config->weak ? SIGTERM : SIGKILL; /* a weak world's stem has to clean up first */
    sigset_t signals;

    s->caller = parent;
    be_alone(m, &signals);
    m->privileged = privileged();
    m->user = m->privileged ? OUTER_USER : INNER_USER;
    if (!m->privileged && !m->config->weak && !weak_shed_root(m))
        _exit(1);
    if (!tie_by(end, parent))
        give_up(s);
    if (!make_world(m) || (!m->config->weak && (s->root = root_build(m)) == -1) ||
        !start_keeper(s)) {
        tell(s);
        give_up(s);
    }
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    if (!tie_by(end, parent))
        give_up(s);
    serve_keeper(s);
    (void)syscall(SYS_close_range, STDERR_FILENO + 1, ~0u, 0); /* others wait for their end */
    end_as(wait_keeper(s, &signals));
}

/* ---- the caller ---- */

static enum pratique_status hear(struct world *out, int fd, struct pratique_error *err)
{
    struct report r;
    ssize_t n;

    do
        n = read(fd, &r, sizeof r);
    while (n == -1 && errno == EINTR);
    if (n != sizeof r)
        return error_set(err, PRATIQUE_E_IO, PRATIQUE_NO_OFFSET, "the sandbox died as it began");
    memcpy(out->layers, r.layers, sizeof out->layers);
    out->forbidden = r.forbidden;
    if (r.status != PRATIQUE_OK)
        return error_set(err, r.status, PRATIQUE_NO_OFFSET, "%s", r.msg);
    return PRATIQUE_OK;
}

static enum pratique_status fork_stem(struct world *out, struct stem *s, struct pratique_error *err)
{
    pid_t parent = getpid();
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) != 0)
        return error_set(err, PRATIQUE_E_IO, PRATIQUE_NO_OFFSET, "pipe: %s", strerror(errno));
    s->report = ends[1];
    out->stem = fork();
    if (out->stem == 0) {
        (void)close(ends[0]);
        be_stem(s, parent);
    }
    (void)close(ends[1]);
    out->pidfd = out->stem == -1 ? -1 : (int)syscall(SYS_pidfd_open, out->stem, 0);
    if (out->pidfd == -1) {
        (void)close(ends[0]);
        return error_set(err, PRATIQUE_E_IO, PRATIQUE_NO_OFFSET, "fork: %s", strerror(errno));
    }
    (void)hear(out, ends[0], err);
    (void)close(ends[0]);
    return err->status;
}

enum pratique_status world_start(struct world *out, const struct world_config *config,
                                 world_body *aside, world_body *keeper, void *user,
                                 struct pratique_error *err)
{
    struct stem s = {
        .making.config = config, .aside = aside, .keeper = keeper, .user = user, .root = -1
    };

    memset(out, 0, sizeof *out);
    memset(err, 0, sizeof *err);
    out->stem = out->pidfd = -1;
    if (fork_stem(out, &s, err) != PRATIQUE_OK)
        world_end(out, NULL);
    return err->status;
}

void world_end(struct world *w, int *status)
{
    struct pollfd p = { .fd = w->pidfd, .events = POLLIN };

    if (status)
        *status = 0;
    if (w->stem > 0) {
        (void)kill(w->stem, SIGTERM);
        if (w->pidfd == -1 || poll(&p, 1, END_MS) != 1)
            (void)kill(w->stem, SIGKILL);
        while (waitpid(w->stem, status, 0) == -1 && errno == EINTR)
            ;
    }
    if (w->pidfd != -1)
        (void)close(w->pidfd);
    w->stem = w->pidfd = -1;
}
