/*
 * Waits that are too short to be skipped, and timers. A thread that sleeps for three seconds
 * sleeps them, so as not to get out of step with others; but the runner, when it is done, is held
 * until such a sleep is over, and what comes behind it is seen. Timers, and the patience of
 * sockets, are set to a moment instead of what was asked for.
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "base/budget.h"
#include "watch/keeper.h"

#define NOTED_MS  50
#define LONG_MS   500 /* of a timer */
#define MOMENT_MS 200
#define LEAP_MS   150
#define SOCKET_MS 1000       /* the sink answers sooner */
#define ERA_S     1000000000 /* a time of day is later, a time since the start earlier */

void delays_note(struct keeper *k, const struct seccomp_notif *n, uint64_t ms)
{
    pid_t tid = (pid_t)n->pid;

    if (ms < NOTED_MS || k->ending || tid == k->runner || target_process(tid) != k->runner)
        return;
    k->delays[k->delays_n++ % KEEPER_DELAYS_MAX] =
        (struct delay){ .tid = tid,
                        .nr = n->data.nr,
                        .first = n->data.args[0],
                        .until_us = budget_now_us() + ms * 1000 };
}

bool delays_stand(const struct keeper *k)
{
    uint64_t now = budget_now_us();

    if (now < k->timer_until_us)
        return true;
    for (size_t i = 0; i < k->delays_n && i < KEEPER_DELAYS_MAX; i++) {
        const struct delay *d = &k->delays[i];
        uint64_t first;
        int nr;

        if (now < d->until_us && target_call(d->tid, &nr, &first) && nr == d->nr &&
            first == d->first)
            return true;
    }
    return false;
}

/* ---- timers ---- */

static uint64_t ms_of(const struct timespec *t)
{
    return t->tv_sec < 0           ? 0
           : t->tv_sec > 2 * ERA_S ? (uint64_t)2 * ERA_S * 1000
                                   : (uint64_t)t->tv_sec * 1000 + (uint64_t)t->tv_nsec / 1000000;
}

static struct timespec in_a_moment(const struct timespec *from)
{
    int64_t ns = from->tv_nsec + (int64_t)MOMENT_MS * 1000000;

    return (struct timespec){ from->tv_sec + (time_t)(ns / 1000000000), (long)(ns % 1000000000) };
}

/* Makes a long timer a short one; how long it was, 0 when it is short anyway. */
static uint64_t shorten(struct itimerspec *v, bool absolute)
{
    struct timespec now = { 0 };
    uint64_t ms = ms_of(&v->it_value), at;

    if (absolute) {
        (void)clock_gettime(v->it_value.tv_sec > ERA_S ? CLOCK_REALTIME : CLOCK_MONOTONIC, &now);
        at = ms_of(&now);
        ms = ms > at ? ms - at : 0;
    }
    if (ms >= LONG_MS)
        v->it_value = in_a_moment(&now);
    if (ms_of(&v->it_interval) >= LONG_MS) {
        ms = ms < LONG_MS ? LONG_MS : ms;
        v->it_interval = in_a_moment(&(struct timespec){ 0 });
    }
    return ms >= LONG_MS ? ms : 0;
}

/* Right before the moment is over the clocks move on to when it would have run. */
static void leap_for(struct keeper *k, uint64_t ms)
{
    uint64_t due = drift_now(k) + ms * 1000000;

    if (!k->leap_us || due > k->leap_due_ns)
        k->leap_due_ns = due;
    if (!k->leap_us)
        k->leap_us = budget_now_us() + (uint64_t)LEAP_MS * 1000;
}

/* Set by us, on a copy of the descriptor. */
static bool set_timerfd(struct keeper *k, int listener, const struct seccomp_notif *n)
{
    const __u64 *a = n->data.args;
    struct itimerspec v, old = { 0 };
    pid_t tid = (pid_t)n->pid;
    int fd, rc;
    uint64_t ms;

    if (!target_read(tid, a[2], &v, sizeof v) || !(ms = shorten(&v, a[1] & TFD_TIMER_ABSTIME)))
        return false;
    fd = target_descriptor(tid, (int)a[0]);
    if (fd == -1)
        return false;
    waits_tell(k, tid, ms);
    rc = timerfd_settime(fd, (int)a[1] & TFD_TIMER_ABSTIME, &v, &old) == 0 ? 0 : errno;
    (void)close(fd);
    if (rc == 0)
        leap_for(k, ms);
    if (a[3] && rc == 0)
        (void)!target_write(tid, a[3], &old, sizeof old);
    calls_end(listener, n->id, 0, rc);
    return true;
}

/* Nobody but the process itself can set it: it goes on with another time in its memory. */
static bool set_timer(struct keeper *k, const struct seccomp_notif *n)
{
    const __u64 *a = n->data.args;
    struct itimerspec v;
    pid_t tid = (pid_t)n->pid;
    uint64_t ms;

    if (!target_read(tid, a[2], &v, sizeof v) || !(ms = shorten(&v, a[1] & TIMER_ABSTIME)))
        return false;
    waits_tell(k, tid, ms);
    if (!target_write(tid, a[2], &v, sizeof v))
        return false;
    leap_for(k, ms);
    k->timer_until_us = budget_now_us() + (uint64_t)MOMENT_MS * 1000 * 3 / 2;
    return false;
}

static bool set_socket(const struct seccomp_notif *n, int listener)
{
    const __u64 *a = n->data.args;
    struct timeval v;
    pid_t tid = (pid_t)n->pid;
    int fd, rc;

    if ((int)a[1] != SOL_SOCKET || a[4] < sizeof v || !target_read(tid, a[3], &v, sizeof v) ||
        v.tv_sec < SOCKET_MS / 1000)
        return false;
    fd = target_descriptor(tid, (int)a[0]);
    if (fd == -1)
        return false;
    v = (struct timeval){ SOCKET_MS / 1000, SOCKET_MS % 1000 * 1000 };
    rc = setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &v, sizeof v) == 0 ? 0 : errno;
    (void)close(fd);
    calls_end(listener, n->id, 0, rc);
    return true;
}

/* Other programs set timers to end what takes too long, as timeout(1) does. */
static bool is_python(struct keeper *k, const struct seccomp_notif *n)
{
    const struct person *p = crowd_meet(k, (pid_t)n->pid);

    return p && (p->python || p->runner);
}

/* A timer that is set to a time, which is reckoned by the clocks of the world. */
static bool is_absolute(const struct seccomp_notif *n)
{
    return n->data.nr == SYS_timerfd_settime ? n->data.args[1] & TFD_TIMER_ABSTIME
           : n->data.nr == SYS_timer_settime ? n->data.args[1] & TIMER_ABSTIME
                                             : false;
}

bool delays_take(struct keeper *k, int listener, const struct seccomp_notif *n)
{
    bool answered;

    if (is_absolute(n))
        drift_timer(k, (pid_t)n->pid, n->data.args[2]);
    switch (n->data.nr) {
    case SYS_timerfd_settime:
        answered = is_python(k, n) && set_timerfd(k, listener, n);
        break;
    case SYS_timer_settime:
        answered = is_python(k, n) && set_timer(k, n);
        break;
    case SYS_setsockopt:
        answered = is_python(k, n) && set_socket(n, listener);
        break;
    default:
        return false;
    }
    if (!answered)
        calls_go_on(listener, n->id);
    return true;
}
