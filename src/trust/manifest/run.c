/*
 * Verifies a manifest, and runs a command while its files are guarded (guard.h). The command's
 * process is made first and prepares itself; it becomes the command when the report is out.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/budget.h"
#include "base/status.h"
#include "trust/manifest/guard.h"

#define GRACE_US ((uint64_t)5 * 1000 * 1000) /* from SIGTERM to SIGKILL */

#define PROCESSES_MAX 1024 /* that are stopped with the command */

/* What would end this process is the command's. */
static const int handed_on[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2 };

/* What the command's process says of itself. */
struct word {
    enum guard_mounted mounted;
    int error;
    size_t which;
};

struct running {
    struct verification v;
    struct guard guard;
    char *const *argv;
    sigset_t before; /* the caller's */
    int signals;     /* signalfd */
    int channel;     /* to the command's process, until it is the command */
    int pidfd;
    pid_t pid;
    uint64_t kill_at_us; /* 0: it was not told to end */
};

static enum pratique_status io(struct running *r, const char *what, int error)
{
    return error_set(r->v.err, PRATIQUE_E_IO, PRATIQUE_NO_OFFSET, "%.150s: %s", what,
                     strerrordesc_np(error));
}

/* ---- signals ---- */

/* From now on a writer does not end us by his signal. */
static enum pratique_status block_guard_signals(struct running *r)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, GUARD_SIGNAL);
    sigaddset(&set, SIGIO);
    return pthread_sigmask(SIG_BLOCK, &set, &r->before) == 0 ? PRATIQUE_OK
                                                             : io(r, "signals", errno);
}

/* All that the supervision hears of. */
static enum pratique_status open_signals(struct running *r)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, GUARD_SIGNAL);
    sigaddset(&set, SIGIO);
    for (size_t i = 0; i < ARRAY_LEN(handed_on); i++)
        sigaddset(&set, handed_on[i]);
    (void)pthread_sigmask(SIG_BLOCK, &set, NULL);
    r->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    return r->signals != -1 ? PRATIQUE_OK : io(r, "signalfd", errno);
}

/* Late signals of the guard are of no interest, and must not end the caller. */
static void restore_signals(struct running *r)
{
    struct timespec none = { 0, 0 };
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, GUARD_SIGNAL);
    sigaddset(&set, SIGIO);
    while (sigtimedwait(&set, NULL, &none) > 0)
        continue;
    (void)pthread_sigmask(SIG_SETMASK, &r->before, NULL);
}

/* ---- the command's process ---- */

static _Noreturn void become(struct running *r, int channel, pid_t guardian)
{
    struct word w = { .mounted = GUARD_MOUNTED };
    char go;

    w.mounted = guard_mount(&r->guard, &w.error, &w.which);
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* unguarded, it does not run */
    guard_leave(&r->guard);
    if (getppid() != guardian)
        _exit(127);
    if (send(channel, &w, sizeof w, MSG_NOSIGNAL) != (ssize_t)sizeof w ||
        read(channel, &go, 1) != 1)
        _exit(127);
    (void)pthread_sigmask(SIG_SETMASK, &r->before, NULL);
    (void)execvp(r->argv[0], r->argv);
    w.error = errno;
    (void)send(channel, &w, sizeof w, MSG_NOSIGNAL);
    _exit(127);
}

static enum pratique_status start(struct running *r)
{
    pid_t guardian = getpid();
    int ends[2];

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return io(r, "the command", errno);
    r->pid = fork();
    if (r->pid == 0)
        become(r, ends[1], guardian);
    (void)close(ends[1]);
    r->channel = ends[0];
    if (r->pid == -1)
        return io(r, "the command", errno);
    r->pidfd = (int)syscall(SYS_pidfd_open, r->pid, 0);
    return r->pidfd != -1 ? PRATIQUE_OK : io(r, "the command", errno);
}

/* What it says; false: it has nothing to say any more. */
static bool hear(struct running *r, struct word *w)
{
    ssize_t got;

    do
        got = recv(r->channel, w, sizeof *w, 0);
    while (got == -1 && errno == EINTR);
    return got == (ssize_t)sizeof *w;
}

/* ---- what is missing ---- */

/* Informs, and does not count against the manifest. */
static void note_layer(struct running *r, const char *layer, const char *fmt, size_t n, int error)
{
    struct fact f = { .kind = FACT_MANIFEST_UNPROTECTED,
                      .where = r->v.home,
                      .offset = PRATIQUE_NO_OFFSET,
                      .subject = span_text(layer) };
    char *text = arena_printf(&r->v.arena, "%zu %s (%s)", n, fmt, strerrordesc_np(error));

    f.detail = span_text(text ? text : fmt);
    facts_add(&r->v.facts, &f);
}

static void note_layers(struct running *r, const struct word *w)
{
    const struct guard *g = &r->guard;

    if (g->unleased)
        note_layer(r, "leases", "files cannot be held against writers; they are watched",
                   g->unleased, g->lease_error);
    if (g->unwatched)
        note_layer(r, "watches", "files or folders cannot be watched for renames", g->unwatched,
                   g->watch_error);
    if (w->mounted == GUARD_NO_NAMESPACE || w->mounted == GUARD_NO_MOUNT)
        note_layer(r, "mounts", "files are not mounted for the command to read only",
                   g->v->manifest->n - w->which, w->error);
}

/* ---- while it runs ---- */

static void send_signal(struct running *r, int signal)
{
    (void)syscall(SYS_pidfd_send_signal, r->pidfd, signal, NULL, 0);
}

/* A process and those below it, the upper first. */
struct tree_of {
    pid_t list[PROCESSES_MAX];
    size_t n;
};

static void add_process(struct tree_of *t, pid_t pid)
{
    if (t->n < PROCESSES_MAX && pid > 1)
        t->list[t->n++] = pid;
}

static void add_children(struct tree_of *t, pid_t pid)
{
    char path[64];
    FILE *children;
    int child;

    (void)snprintf(path, sizeof path, "/proc/%d/task/%d/children", pid, pid);
    children = fopen(path, "re");
    while (children && fscanf(children, "%d", &child) == 1)
        add_process(t, child);
    if (children)
        (void)fclose(children);
}

/* Signals the command and all below it that are there: listed first, as who dies loses its
 * children to another. */
static void signal_tree(pid_t pid, int signal)
{
    struct tree_of t = { .n = 0 };

    add_process(&t, pid);
    for (size_t i = 0; i < t.n; i++)
        add_children(&t, t.list[i]);
    for (size_t i = 0; i < t.n; i++)
        (void)kill(t.list[i], signal);
}

/* What the terminal sends it sends to the command as well. */
static void take_signals(struct running *r)
{
    struct signalfd_siginfo s;

    while (read(r->signals, &s, sizeof s) == (ssize_t)sizeof s) {
        if (s.ssi_signo == (uint32_t)GUARD_SIGNAL || s.ssi_signo == (uint32_t)SIGIO)
            guard_signal(&r->guard, &s);
        else if (s.ssi_code != SI_KERNEL)
            send_signal(r, (int)s.ssi_signo);
    }
}

static void stop_if_changed(struct running *r)
{
    uint64_t now = budget_now_us();

    if (!r->guard.changed)
        return;
    if (r->kill_at_us == 0) {
        signal_tree(r->pid, SIGTERM);
        signal_tree(r->pid, SIGCONT);
        r->kill_at_us = now + GRACE_US;
    } else if (now >= r->kill_at_us) {
        signal_tree(r->pid, SIGKILL);
    }
}

/* Waits until it has ended; its wait status, or -1: somebody else took that. */
static int supervise(struct running *r)
{
    struct pollfd fds[] = { { .fd = r->pidfd, .events = POLLIN },
                            { .fd = r->signals, .events = POLLIN },
                            { .fd = r->guard.inotify, .events = POLLIN } };
    int status = -1;

    do {
        (void)poll(fds, ARRAY_LEN(fds), r->kill_at_us ? 100 : -1);
        take_signals(r);
        guard_watches(&r->guard);
        stop_if_changed(r);
    } while (!(fds[0].revents & POLLIN));
    take_signals(r);
    guard_watches(&r->guard);
    guard_look(&r->guard);
    while (waitpid(r->pid, &status, 0) == -1 && errno == EINTR)
        continue; /* where SIGCHLD is ignored there is none to be had */
    r->pid = -1;
    return status;
}

/* ---- in order ---- */

/* The second report. */
static void tell_change(struct running *r, pratique_report_fn *on_report)
{
    if (!r->guard.changed)
        return;
    verification_note(&r->v, FACT_MANIFEST_CHANGED_IN_USE, r->guard.changed,
                      "%s while the command ran%s", r->guard.changed_how,
                      r->kill_at_us ? "; it was stopped" : "");
    verification_tell(&r->v, on_report);
}

static enum pratique_status let_go(struct running *r, pratique_report_fn *on_report, int *status)
{
    struct word w = { .error = 0 };
    bool started;

    if (send(r->channel, "g", 1, MSG_NOSIGNAL) != 1)
        return io(r, r->argv[0], errno);
    started = !hear(r, &w);
    *status = supervise(r);
    if (!started) {
        *status = -1;
        return io(r, r->argv[0], w.error);
    }
    tell_change(r, on_report);
    if (*status != -1)
        return PRATIQUE_OK;
    return error_set(r->v.err, PRATIQUE_E_IO, PRATIQUE_NO_OFFSET,
                     "%.150s: it has ended, and how is not known (is SIGCHLD ignored?)",
                     r->argv[0]);
}

static enum pratique_status verify(struct running *r)
{
    enum pratique_status st = verification_open(&r->v);

    if (st != PRATIQUE_OK || r->v.bad)
        return st;
    st = guard_begin(&r->guard, &r->v);
    if (st == PRATIQUE_OK)
        st = verification_files(&r->v, 0);
    if (st == PRATIQUE_OK && !r->v.bad)
        guard_confirm(&r->guard);
    return st;
}

/* The command's process is there, and the files are those that were verified. */
static enum pratique_status prepare(struct running *r)
{
    struct word w = { .mounted = GUARD_MOUNTED };
    enum pratique_status st = open_signals(r);

    if (st == PRATIQUE_OK)
        st = start(r);
    if (st != PRATIQUE_OK)
        return st;
    if (!hear(r, &w))
        return error_set(r->v.err, PRATIQUE_E_IO, PRATIQUE_NO_OFFSET,
                         "the command's process ended before it was the command");
    if (w.mounted == GUARD_OTHER_FILE)
        verification_note(&r->v, FACT_MANIFEST_CHANGED,
                          r->v.manifest->artifacts[w.which < r->v.manifest->n ? w.which : 0].path,
                          "it was replaced after it was verified");
    take_signals(r);
    guard_watches(&r->guard);
    if (r->guard.changed)
        verification_note(&r->v, FACT_MANIFEST_CHANGED, r->guard.changed, "%s",
                          r->guard.changed_how);
    note_layers(r, &w);
    return PRATIQUE_OK;
}

static enum pratique_status run(struct running *r, pratique_report_fn *on_report, int *status)
{
    enum pratique_status st = verify(r);

    if (st == PRATIQUE_OK && !r->v.bad)
        st = prepare(r);
    if (st == PRATIQUE_OK)
        st = verification_keep(&r->v);
    if (st != PRATIQUE_OK)
        return st;
    verification_tell(&r->v, on_report);
    return r->v.bad || r->v.facts.full ? PRATIQUE_OK : let_go(r, on_report, status);
}

static void end(struct running *r)
{
    if (r->pid > 0) { /* it never became the command */
        (void)kill(r->pid, SIGKILL);
        while (waitpid(r->pid, NULL, 0) == -1 && errno == EINTR)
            continue;
    }
    if (r->guard.v)
        guard_end(&r->guard);
    if (r->channel != -1)
        (void)close(r->channel);
    if (r->pidfd != -1)
        (void)close(r->pidfd);
    if (r->signals != -1)
        (void)close(r->signals);
    restore_signals(r);
    verification_close(&r->v);
}

enum pratique_status pratique_manifest_run(const char *path,
                                           const struct pratique_verify_options *options,
                                           char *const argv[], pratique_report_fn *on_report,
                                           pratique_progress_fn *on_progress, void *user,
                                           int *status, struct pratique_error *err)
{
    struct pratique_error ours = { 0 };
    struct running r = { .v = { .path = path,
                                .options = options,
                                .on_progress = on_progress,
                                .user = user,
                                .err = err ? err : &ours,
                                .root = -1 },
                         .argv = argv,
                         .signals = -1,
                         .channel = -1,
                         .pidfd = -1,
                         .pid = -1 };
    enum pratique_status st;
    int ended = -1;

    st = block_guard_signals(&r);
    if (st == PRATIQUE_OK) {
        st = run(&r, on_report, &ended);
        end(&r);
    }
    if (status)
        *status = ended;
    return st;
}
