/*
 * Waits for whatever comes next: notified calls, the sink, output, honey, dead children, the
 * clock. One thread, nothing that blocks but poll(2).
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/budget.h"
#include "watch/keeper.h"

#define TICK_MS      25
#define TICK_US      (UINT64_C(1000) * TICK_MS)
#define WEAK_TICK_US (UINT64_C(100) * 1000) /* there are more processes to look through then */
#define HIDDEN_TICKS 10                     /* memory of no process is counted so often */
#define FDS_MAX      (KEEPER_LISTENERS_MAX + 8)
#define WORK         5 /* the world is at work when it has so many hundredths of a processor */

/* Linux 6.6: who calls and who answers are woken on one processor; a round trip takes a quarter. */
#ifndef SECCOMP_IOCTL_NOTIF_SET_FLAGS
#define SECCOMP_IOCTL_NOTIF_SET_FLAGS      SECCOMP_IOW(4, __u64)
#define SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP (1UL << 0)
#endif

void supervise_listen(struct keeper *k, int listener)
{
    (void)ioctl(listener, SECCOMP_IOCTL_NOTIF_SET_FLAGS, SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP);
    if (k->listeners_n < KEEPER_LISTENERS_MAX)
        k->listeners[k->listeners_n++] = listener;
    else
        (void)close(listener); /* the calls of its processes then fail */
}

static void drop_listener(struct keeper *k, size_t i)
{
    waits_forget(k, k->listeners[i]);
    (void)close(k->listeners[i]);
    k->listeners[i] = k->listeners[--k->listeners_n];
}

/* ---- output ---- */

static void drain(struct keeper *k, struct stream *s)
{
    static char bytes[65536];
    ssize_t n = read(s->fd, bytes, sizeof bytes);

    if (n < 0 && (errno == EINTR || errno == EAGAIN))
        return;
    if (n <= 0) {
        (void)close(s->fd);
        s->fd = -1;
        return;
    }
    if (s->head_n < sizeof s->head) {
        size_t room = sizeof s->head - s->head_n, take = (size_t)n < room ? (size_t)n : room;

        memcpy(s->head + s->head_n, bytes, take);
        s->head_n += take;
    }
    s->bytes += (uint64_t)n;
    if (k->plan->command && !k->over)
        (void)!write(STDERR_FILENO, bytes,
                     (size_t)n); /* a command's output is for whoever ran it */
}

static void tell_output(struct keeper *k)
{
    static const char *const names[] = { "stdout", "stderr" };

    for (size_t i = 0; i < ARRAY_LEN(k->streams); i++) {
        struct stream *s = &k->streams[i];
        struct watch_event e = { .kind = EVENT_OUTPUT,
                                 .number = s->bytes,
                                 .subject = span_text(names[i]),
                                 .detail = span_of(s->head, s->head_n),
                                 .frames = SPAN_EMPTY };

        if (s->bytes)
            tell(&k->teller, &e);
        s->bytes = s->head_n = 0;
    }
}

/* ---- honey ---- */

static void honey_opened(struct keeper *k, int wd)
{
    for (size_t i = 0; i < k->honey_n; i++) {
        struct honey_watch *h = &k->honey[i];

        if (h->wd != wd || h->told)
            continue;
        h->told = true;
        crowd_honey(k, h->what, h->path);
    }
}

static void read_honey(struct keeper *k)
{
    char room[4096] __attribute__((aligned(__alignof__(struct inotify_event))));
    ssize_t n;

    while ((n = read(k->inotify, room, sizeof room)) > 0)
        for (ssize_t at = 0; at + (ssize_t)sizeof(struct inotify_event) <= n;) {
            struct inotify_event e;

            memcpy(&e, room + at, sizeof e);
            if (e.mask & (IN_OPEN | IN_ACCESS))
                honey_opened(k, e.wd);
            at += (ssize_t)(sizeof e + e.len);
        }
}

/* ---- processes ---- */

static void remember_status(struct keeper *k, pid_t pid, int status)
{
    struct person *p = crowd_find(&k->crowd, pid);

    if (p) {
        p->reaped = true;
        p->status = status;
    }
    if (pid == k->runner) {
        k->runner = 0;
        k->runner_status = status;
    }
}

static void reap(struct keeper *k)
{
    struct signalfd_siginfo info;
    int status;
    pid_t pid;

    while (read(k->signals, &info, sizeof info) == (ssize_t)sizeof info)
        ;
    while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
        remember_status(k, pid, status);
}

/* ---- limits ---- */

static void end_all(struct keeper *k)
{
    world_kill(&k->plan->world);
    k->over = true;
}

static void over_limit(struct keeper *k, const char *what, const char *detail, uint64_t number)
{
    if (k->over)
        return;
    tell_plain(&k->teller, EVENT_LIMIT, 0, what, detail, number);
    end_all(k);
}

static bool is_full(const char *folder)
{
    struct statvfs st;

    return statvfs(folder, &st) == 0 && st.f_blocks > 0 && st.f_bavail * 50 < st.f_blocks;
}

static bool any_is_full(void)
{
    static const char *const folders[] = { "/tmp", "/var/tmp", "/dev/shm", WORLD_HOME, WORLD_VENV };

    for (size_t i = 0; i < ARRAY_LEN(folders); i++)
        if (is_full(folders[i]))
            return true;
    return false;
}

/* Processes that come and go are at work, whatever they had of the processor. */
static void measure_work(struct keeper *k, uint64_t now)
{
    uint64_t passed_ns = (now - k->measured_us) * 1000;

    if (k->work_ns < k->worked_ns || (k->work_ns - k->worked_ns) * 100 > passed_ns * WORK)
        k->busy_us = now;
    k->worked_ns = k->work_ns;
    k->measured_us = now;
}

static void check_limits(struct keeper *k)
{
    const struct pratique_watch_options *o = &k->plan->options;

    uint64_t memory;

    if (k->ticks++ % HIDDEN_TICKS == 0)
        k->hidden_memory = hidden_memory(k);
    memory = k->memory + k->hidden_memory;
    if (k->people * 10 >= (size_t)o->processes * 9)
        over_limit(k, "processes", "as many as it may have at a time", k->people);
    else if (memory > o->memory_bytes)
        over_limit(k, "memory", "more than all its processes may have", memory);
    else if (k->streams[0].bytes + k->streams[1].bytes > OUTPUT_MAX && !k->plan->command)
        over_limit(k, "output", "bytes printed", k->streams[0].bytes + k->streams[1].bytes);
    else if (k->plan->world.weak ? weak_is_full(k) : any_is_full())
        over_limit(k, "files", "its disk is full", 0);
}

/* An import that hangs ends the runner and all that it started; the next runner goes on. */
static void check_time(struct keeper *k, uint64_t now)
{
    if (now > k->total_until_us) {
        over_limit(k, "time", "of the whole watch", k->plan->options.total_ms);
    } else if (k->runner && !k->plan->command && now > k->import_until_us) {
        tell_plain(&k->teller, EVENT_HUNG, (uint32_t)k->runner,
                   k->ending             ? "what it left running"
                   : KEEPER_NO_MODULE(k) ? "the interpreter's start"
                                         : k->modules[k->current].name,
                   "", k->plan->options.time_ms);
        k->hung = true;
        world_kill(&k->plan->world);
    }
}

/* Signals that were asked for a long time hence come now. */
static void send_alarms(struct keeper *k)
{
    for (size_t i = 0; i < k->crowd.n; i++) {
        struct person *p = &k->crowd.people[i];

        if (p->alarm && p->pidfd != -1)
            (void)kill(p->pid, SIGALRM);
        p->alarm = false;
    }
}

/* ---- the loop ---- */

static nfds_t fill(const struct keeper *k, struct pollfd *f)
{
    nfds_t n = 0;

    f[n++] = (struct pollfd){ .fd = k->control, .events = POLLIN };
    f[n++] = (struct pollfd){ .fd = k->signals, .events = POLLIN };
    f[n++] = (struct pollfd){ .fd = k->inotify, .events = POLLIN };
    f[n++] = (struct pollfd){ .fd = k->streams[0].fd, .events = POLLIN };
    f[n++] = (struct pollfd){ .fd = k->streams[1].fd, .events = POLLIN };
    for (size_t i = 0; i < k->listeners_n; i++)
        f[n++] = (struct pollfd){ .fd = k->listeners[i], .events = POLLIN };
    return n;
}

static void serve(struct keeper *k, const struct pollfd *f)
{
    /* honey is told before the calls that may carry it off */
    if (f[2].revents)
        read_honey(k);
    if (f[0].revents)
        sinkhole_read(k);
    for (size_t i = k->listeners_n; i-- > 0;) {
        short what = f[5 + i].revents;

        if (what & POLLIN)
            (void)calls_serve(k, k->listeners[i]);
        else if (what & (POLLHUP | POLLERR | POLLNVAL))
            drop_listener(k, i); /* nobody is left that it could hear of */
    }
    for (size_t i = 0; i < ARRAY_LEN(k->streams); i++)
        if (f[3 + i].revents)
            drain(k, &k->streams[i]);
    if (f[1].revents)
        reap(k);
}

/*
 * The signal that comes with the death of our parent is forgotten whenever credentials change
 * (prctl(2)), and one that came just then is lost: the pipe tells as well.
 */
static void end_if_alone(struct keeper *k)
{
    if (tell_is_heard(&k->teller))
        return;
    world_kill(&k->plan->world);
    _exit(1);
}

static void tick(struct keeper *k)
{
    uint64_t now = tell_now_us(&k->teller);

    waits_sweep(k);
    if (now < k->tick_us)
        return;
    k->tick_us = now + (k->plan->world.weak ? WEAK_TICK_US : TICK_US);
    end_if_alone(k);
    crowd_sweep(k);
    if (k->plan->world.weak)
        weak_net_sweep(k);
    crowd_count(k);
    measure_work(k, budget_now_us());
    check_limits(k);
    check_time(k, now);
}

static bool is_done(struct keeper *k, uint64_t *grace_until)
{
    uint64_t now = tell_now_us(&k->teller);

    if (k->runner)
        return false;
    if (*grace_until == 0)
        *grace_until = now + (uint64_t)k->plan->options.grace_ms * 1000;
    return k->listeners_n == 0 || now > *grace_until || k->over || k->hung;
}

void supervise(struct keeper *k)
{
    struct pollfd f[FDS_MAX];
    uint64_t grace_until = 0;
    bool alarms = false;

    while (!is_done(k, &grace_until) && !k->teller.gone) {
        nfds_t n = fill(k, f);

        if (poll(f, n, waits_next_ms(k, TICK_MS)) > 0)
            serve(k, f);
        tick(k);
        if (k->ending && !alarms) {
            send_alarms(k);
            alarms = true;
        }
    }
    read_honey(k);
    sinkhole_read(k);
    crowd_sweep(k);
    tell_output(k);
}
