/*
 * Calls that wait for time to go by. What only sleeps, for five seconds and more, is told and
 * ended at once as if it had slept, and the clocks of the world are moved on by as much
 * (drift.c): a payload that waits shows itself, and finds that it has waited. What waits for
 * something as well (a descriptor, a futex, a signal) is held back for a little while, and for
 * longer as long as anybody is at work who may bring it about: somebody has the processor, or
 * sleeps for a short time. Then it ends as if its own time had run out. Shorter sleeps sleep:
 * skipping those would put threads out of order.
 */
#include <errno.h>
#include <linux/futex.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/budget.h"
#include "sandbox/observe.h"
#include "watch/keeper.h"

#define MS               UINT64_C(1000000) /* in nanoseconds */
#define LONG_MS          4900              /* five seconds, a little of which may have passed */
#define PATIENCE_US      400000            /* for what a call waits for */
#define LATE_US          20000 /* the same for waits of less than a second when imports are done */
#define WORK_US          10000000 /* for others that are at work, */
#define REST_US          500000   /* or were so lately: a busy machine is slow to wake them */
#define LOOK_US          20000    /* between looks for signals */
#define SWEEP_MS         2        /* while anything is held back */
#define HOLD_US          5500000
#define LATE_MS          200
#define LATE_SKIPS_MAX   5000   /* of that length and more */
#define LATE_MOMENTS_MAX 200000 /* of less */
#define SKIPS_MAX        2000 /* a loop of long sleeps then really sleeps, and its time runs out */
#define SKIPS_TOLD       50

/* A timespec of the target as nanoseconds; 0 when it cannot be read. */
static uint64_t read_ns(pid_t tid, uint64_t address)
{
    struct timespec t;

    return address && target_read(tid, address, &t, sizeof t) ? drift_ns_of(&t) : 0;
}

static uint64_t read_timeval_ns(pid_t tid, uint64_t address)
{
    struct timeval v;

    if (!address || !target_read(tid, address, &v, sizeof v))
        return 0;
    return drift_ns_of(&(struct timespec){ v.tv_sec, v.tv_usec % 1000000 * 1000 });
}

static uint64_t timeout_ns(uint64_t ms)
{
    return (int)ms > 0 ? (uint64_t)(int)ms * MS : 0;
}

/* What one call waits for. */
struct plan {
    uint64_t ns;
    struct deadline deadline; /* of a call that has one: ns is its rest */
    int fds[8];
    short events[8];
    size_t n;
    bool more; /* it waits for more than fits: it is left alone */
    uint64_t word_at;
    uint32_t word;
    uint64_t signals;
    int error;
};

static bool only_sleeps(const struct plan *p)
{
    return p->n == 0 && !p->error;
}

static void add_fd(struct plan *p, int fd, short events)
{
    if (p->n == ARRAY_LEN(p->fds)) {
        p->more = true;
        return;
    }
    p->fds[p->n] = fd;
    p->events[p->n++] = events;
}

static void plan_poll(struct plan *p, pid_t tid, uint64_t list, uint64_t n)
{
    struct pollfd f;

    for (uint64_t i = 0; i < n && !p->more; i++) {
        if (i == ARRAY_LEN(p->fds) || !target_read(tid, list + i * sizeof f, &f, sizeof f))
            p->more = true;
        else if (f.fd >= 0)
            add_fd(p, f.fd, f.events);
    }
}

static void plan_set(struct plan *p, pid_t tid, uint64_t address, int n, short events)
{
    unsigned char bits[FD_SETSIZE / 8] = { 0 };
    size_t bytes = n > 0 && n <= FD_SETSIZE ? ((size_t)n + 7) / 8 : 0;

    if (!address || !bytes)
        return;
    if (!target_read(tid, address, bits, bytes)) {
        p->more = true;
        return;
    }
    for (int fd = 0; fd < n; fd++)
        if (bits[fd / 8] >> (fd % 8) & 1)
            add_fd(p, fd, events);
}

static void plan_deadline(struct keeper *k, struct plan *p, pid_t tid, uint64_t address,
                          clockid_t clock)
{
    if (drift_deadline(k, tid, address, clock, &p->deadline))
        p->ns = p->deadline.rest;
}

static void plan_futex(struct keeper *k, struct plan *p, pid_t tid, const uint64_t *a)
{
    int op = (int)a[1] & FUTEX_CMD_MASK;

    if (op == FUTEX_WAIT)
        p->ns = read_ns(tid, a[3]);
    else if (op == FUTEX_WAIT_BITSET)
        plan_deadline(k, p, tid, a[3],
                      a[1] & FUTEX_CLOCK_REALTIME ? CLOCK_REALTIME : CLOCK_MONOTONIC);
    p->word_at = a[0];
    p->word = (uint32_t)a[2];
    p->error = ETIMEDOUT;
}

static void plan_queue(struct keeper *k, struct plan *p, pid_t tid, const uint64_t *a, short events)
{
    plan_deadline(k, p, tid, a[4], CLOCK_REALTIME);
    add_fd(p, (int)a[0], events);
    p->error = ETIMEDOUT;
}

static void plan_signals(struct plan *p, pid_t tid, const uint64_t *a)
{
    p->ns = read_ns(tid, a[2]);
    if (!target_read(tid, a[0], &p->signals, sizeof p->signals) || !p->signals)
        p->more = true;
    p->error = EAGAIN;
}

/* Calls that do nothing but wait, or for one thing. */
static bool plan_plain(struct keeper *k, struct plan *p, pid_t tid, int nr, const uint64_t *a)
{
    switch (nr) {
    case SYS_nanosleep:
        p->ns = read_ns(tid, a[0]);
        return true;
    case SYS_clock_nanosleep:
        if (a[1] & TIMER_ABSTIME)
            plan_deadline(k, p, tid, a[2], (clockid_t)a[0]);
        else
            p->ns = read_ns(tid, a[2]);
        return true;
    case SYS_futex:
        plan_futex(k, p, tid, a);
        return true;
    case SYS_mq_timedreceive:
        plan_queue(k, p, tid, a, POLLIN);
        return true;
    case SYS_mq_timedsend:
        plan_queue(k, p, tid, a, POLLOUT);
        return true;
    case SYS_rt_sigtimedwait:
        plan_signals(p, tid, a);
        return true;
    case SYS_semtimedop:
        p->ns = read_ns(tid, a[3]);
        p->error = EAGAIN;
        return true;
    default:
        return false;
    }
}

static bool plan_call(struct plan *p, pid_t tid, int nr, const uint64_t *a)
{
    switch (nr) {
#ifdef SYS_poll
    case SYS_poll:
        p->ns = timeout_ns(a[2]);
        plan_poll(p, tid, a[0], a[1]);
        return true;
#endif
    case SYS_ppoll:
        p->ns = read_ns(tid, a[2]);
        plan_poll(p, tid, a[0], a[1]);
        return true;
#ifdef SYS_select
    case SYS_select:
        p->ns = read_timeval_ns(tid, a[4]);
        break;
#endif
    case SYS_pselect6:
        p->ns = read_ns(tid, a[4]);
        break;
#ifdef SYS_epoll_wait
    case SYS_epoll_wait:
#endif
    case SYS_epoll_pwait:
        p->ns = timeout_ns(a[3]);
        add_fd(p, (int)a[0], POLLIN);
        return true;
#ifdef SYS_epoll_pwait2
    case SYS_epoll_pwait2:
        p->ns = read_ns(tid, a[3]);
        add_fd(p, (int)a[0], POLLIN);
        return true;
#endif
    default:
        return false;
    }
    plan_set(p, tid, a[1], (int)a[0], POLLIN); /* select, pselect6 */
    plan_set(p, tid, a[2], (int)a[0], POLLOUT);
    return true;
}

void waits_tell(struct keeper *k, pid_t tid, uint64_t ms)
{
    char detail[64];

    if (ms < LONG_MS || k->sleeps++ >= SKIPS_TOLD)
        return;
    (void)snprintf(detail, sizeof detail, "%.1f seconds", (double)ms / 1000);
    keeper_tell(
        k, tid,
        &(struct call_event){ .kind = EVENT_SLEEP, .number = ms, .subject = detail, .detail = "" });
}

static struct wait *free_wait(struct keeper *k)
{
    for (size_t i = 0; i < KEEPER_WAITS_MAX; i++)
        if (k->waits[i].listener == -1)
            return &k->waits[i];
    return NULL;
}

static void release(struct wait *w)
{
    for (size_t i = 0; i < ARRAY_LEN(w->fds); i++)
        if (w->fds[i] != -1)
            (void)close(w->fds[i]);
    w->listener = -1;
}

/* How long what a call waits for is given time to come. */
static uint64_t patience_us(const struct keeper *k, const struct plan *p)
{
    return !k->ending ? PATIENCE_US : p->ns < 1000 * MS ? LATE_US : PATIENCE_US / 2;
}

static uint64_t sooner(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/*
 * Puts the call aside, with copies of what it waits for; false when it cannot be. It is held
 * back for wait_us, and for work_us while others are at work, never beyond its own time.
 */
static bool put_aside(struct keeper *k, int listener, const struct seccomp_notif *n,
                      const struct plan *p, uint64_t wait_us, uint64_t work_us)
{
    struct wait *w = free_wait(k);
    uint64_t now = budget_now_us(), own_us = p->ns / 1000 + 1;

    if (!w)
        return false;
    *w = (struct wait){ .listener = listener,
                        .id = n->id,
                        .until_us = now + sooner(wait_us, own_us),
                        .limit_us = now + sooner(work_us, own_us),
                        .due_ns = drift_now(k) + p->ns,
                        .ns = p->ns,
                        .look_us = now + LOOK_US,
                        .tid = (pid_t)n->pid,
                        .word_at = p->word_at,
                        .word = p->word,
                        .signals = p->signals,
                        .error = p->error };
    if (p->signals)
        w->look_us = now; /* they may be there already */
    for (size_t i = 0; i < ARRAY_LEN(w->fds); i++) {
        w->fds[i] = i < p->n ? target_descriptor((pid_t)n->pid, p->fds[i]) : -1;
        w->events[i] = i < p->n ? p->events[i] : 0;
        if (i < p->n && w->fds[i] == -1) {
            release(w);
            return false;
        }
    }
    return true;
}

/* The kernel does it, with a deadline that it understands, or all of it is waited for here. */
static void let_go(struct keeper *k, int listener, const struct seccomp_notif *n,
                   const struct plan *p)
{
    if (only_sleeps(p) && p->ns < LONG_MS * MS)
        k->asleep_us = budget_now_us() + p->ns / 1000 > k->asleep_us
                           ? budget_now_us() + p->ns / 1000
                           : k->asleep_us;
    if (!drift_correct(k, (pid_t)n->pid, &p->deadline) &&
        put_aside(k, listener, n, p, UINT64_MAX, UINT64_MAX))
        return;
    delays_note(k, n, p->ns / MS);
    calls_go_on(listener, n->id);
}

void waits_hold(struct keeper *k, int listener, uint64_t id)
{
    struct wait *w = free_wait(k);

    if (!w) {
        calls_end(listener, id, 0, 0);
        return;
    }
    *w = (struct wait){
        .listener = listener, .id = id, .until_us = budget_now_us() + HOLD_US, .course = true
    };
    for (size_t i = 0; i < ARRAY_LEN(w->fds); i++)
        w->fds[i] = -1;
}

/*
 * Whether so long a wait is to be cut short. When all imports are done any is that is not the
 * runner's own: what a thread would do some seconds later shows itself before it is ended.
 */
static bool is_cut(struct keeper *k, pid_t tid, const struct plan *p)
{
    if (k->ending && !k->plan->command && tid != k->runner && p->ns > 0)
        return (only_sleeps(p) || p->ns / 1000 > LATE_US) &&
               (p->ns < LATE_MS * MS ? k->late_moments++ < LATE_MOMENTS_MAX
                                     : k->late_sleeps++ < LATE_SKIPS_MAX);
    return p->ns >= LONG_MS * MS && k->sleeps < SKIPS_MAX;
}

bool waits_take(struct keeper *k, int listener, const struct seccomp_notif *n)
{
    uint64_t a[6];
    struct plan p = { 0 };
    pid_t tid = (pid_t)n->pid;

    for (size_t i = 0; i < 6; i++)
        a[i] = n->data.args[i];
    if (!plan_plain(k, &p, tid, n->data.nr, a) && !plan_call(&p, tid, n->data.nr, a))
        return false;
    if (p.more || !is_cut(k, tid, &p)) {
        let_go(k, listener, n, &p);
    } else if (only_sleeps(&p)) {
        waits_tell(k, tid, p.ns / MS);
        drift_jump(k, p.ns);
        calls_end(listener, n->id, 0, 0);
    } else if (!put_aside(k, listener, n, &p, patience_us(k, &p), WORK_US)) {
        let_go(k, listener, n, &p);
    }
    return true;
}

static bool is_ready(const struct wait *w)
{
    struct pollfd f[ARRAY_LEN(w->fds)];
    nfds_t n = 0;

    for (size_t i = 0; i < ARRAY_LEN(w->fds); i++)
        if (w->fds[i] != -1)
            f[n++] = (struct pollfd){ .fd = w->fds[i], .events = w->events[i] };
    return n > 0 && poll(f, n, 0) > 0;
}

/* Whether the word that a futex waits on is still what it was. */
static bool word_stands(const struct wait *w)
{
    uint32_t now;

    return target_read(w->tid, w->word_at, &now, sizeof now) && now == w->word;
}

/* A signal came. True: the call was ended, or goes on to take it. */
static bool is_interrupted(struct wait *w, uint64_t now)
{
    if (now < w->look_us)
        return false;
    w->look_us = now + LOOK_US;
    if (!target_signals(w->tid, w->signals))
        return false;
    if (w->signals)
        calls_go_on(w->listener, w->id);
    else
        calls_end(w->listener, w->id, 0, EINTR);
    return true;
}

/* What may still bring about what a call waits for. At the end there is little time left. */
static bool others_work(const struct keeper *k, uint64_t now)
{
    return !k->ending && k->runner && (now < k->busy_us + REST_US || now < k->asleep_us + REST_US);
}

/* Its time is over: in the world, that is. */
static void expire(struct keeper *k, struct wait *w)
{
    uint64_t now = drift_now(k);

    if (w->due_ns > now) {
        waits_tell(k, w->tid, w->ns / MS);
        drift_jump(k, w->due_ns - now);
    }
    calls_end(w->listener, w->id, 0, w->error);
}

/* A futex whose word has changed ends as it would in the kernel, which looks at it again. */
static bool is_settled(struct keeper *k, struct wait *w, uint64_t now)
{
    if (w->course) {
        if (now < w->until_us && delays_stand(k))
            return false;
        calls_end(w->listener, w->id, 0, 0);
        return true;
    }
    if (is_ready(w))
        calls_go_on(w->listener, w->id);
    else if (w->word_at && !word_stands(w))
        calls_end(w->listener, w->id, 0, EAGAIN);
    else if (is_interrupted(w, now))
        return true;
    else if (now >= w->limit_us || (now >= w->until_us && !others_work(k, now)))
        expire(k, w);
    else
        return false;
    return true;
}

/* A timer that was set to a moment is about to run: as if its own time had come. */
static void leap(struct keeper *k)
{
    uint64_t now = drift_now(k);

    k->leap_us = 0;
    if (k->leap_due_ns > now)
        drift_jump(k, k->leap_due_ns - now);
}

void waits_sweep(struct keeper *k)
{
    uint64_t now = budget_now_us();

    if (k->leap_us && now >= k->leap_us)
        leap(k);

    for (size_t i = 0; i < KEEPER_WAITS_MAX; i++)
        if (k->waits[i].listener != -1 && is_settled(k, &k->waits[i], now))
            release(&k->waits[i]);
}

int waits_next_ms(const struct keeper *k, int at_most)
{
    uint64_t now = budget_now_us();

    for (size_t i = 0; i < KEEPER_WAITS_MAX; i++) {
        const struct wait *w = &k->waits[i];

        if (w->listener == -1)
            continue;
        if (at_most > SWEEP_MS)
            at_most = SWEEP_MS;
        if (w->until_us < now + (uint64_t)at_most * 1000)
            at_most = w->until_us > now ? (int)((w->until_us - now) / 1000) : at_most;
    }
    return at_most;
}

void waits_forget(struct keeper *k, int listener)
{
    for (size_t i = 0; i < KEEPER_WAITS_MAX; i++)
        if (k->waits[i].listener == listener)
            release(&k->waits[i]);
}
