/*
 * Calls that wait for time to go by. What only sleeps, for five seconds and more, is told and
 * ended at once as if it had slept: a payload that waits shows itself. What waits for
 * something as well (a descriptor, a futex) is given a little time for that to come, and then
 * ends as if its own time had run out. Shorter sleeps sleep: skipping those would put threads
 * out of order.
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
#include "watch/keeper.h"

#define LONG_MS        5000
#define PATIENCE_US    400000 /* for what a call waits for */
#define LATE_US        20000  /* the same for waits of less than a second when imports are done */
#define HOLD_US        5500000
#define LATE_SKIPS_MAX 5000
#define SKIPS_MAX      2000 /* a loop of long sleeps then really sleeps, and its time runs out */
#define SKIPS_TOLD     50

static uint64_t ms_of(const struct timespec *t)
{
    if (t->tv_sec < 0)
        return 0;
    return t->tv_sec > 1000000000 ? UINT64_C(1000000000000)
                                  : (uint64_t)t->tv_sec * 1000 + (uint64_t)t->tv_nsec / 1000000;
}

/* How long it is until *t of the clock. */
static uint64_t ms_until(clockid_t clock, const struct timespec *t)
{
    struct timespec now;
    uint64_t then = ms_of(t), at;

    if (clock_gettime(clock, &now) != 0)
        return 0;
    at = ms_of(&now);
    return then > at ? then - at : 0;
}

/* A timespec of the target as milliseconds; 0 when it cannot be read. */
static uint64_t read_ms(pid_t tid, uint64_t address)
{
    struct timespec t;

    return address && target_read(tid, address, &t, sizeof t) ? ms_of(&t) : 0;
}

static uint64_t read_timeval_ms(pid_t tid, uint64_t address)
{
    struct timeval t;

    if (!address || !target_read(tid, address, &t, sizeof t) || t.tv_sec < 0)
        return 0;
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_usec / 1000;
}

static uint64_t read_until_ms(pid_t tid, uint64_t address, clockid_t clock)
{
    struct timespec t;

    return address && target_read(tid, address, &t, sizeof t) ? ms_until(clock, &t) : 0;
}

/* What one call waits for. */
struct plan {
    uint64_t ms;
    int fds[8];
    short events[8];
    size_t n;
    bool more; /* it waits for more than fits: it is left alone */
    uint64_t word_at;
    uint32_t word;
    int error;
    bool signals;
};

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

static void plan_futex(struct plan *p, pid_t tid, const uint64_t *a)
{
    int op = (int)a[1] & FUTEX_CMD_MASK;
    clockid_t clock = a[1] & FUTEX_CLOCK_REALTIME ? CLOCK_REALTIME : CLOCK_MONOTONIC;

    if (op == FUTEX_WAIT)
        p->ms = read_ms(tid, a[3]);
    else if (op == FUTEX_WAIT_BITSET)
        p->ms = read_until_ms(tid, a[3], clock);
    p->word_at = a[0];
    p->word = (uint32_t)a[2];
    p->error = ETIMEDOUT;
}

static bool plan_call(struct plan *p, pid_t tid, int nr, const uint64_t *a)
{
    switch (nr) {
    case SYS_nanosleep:
        p->ms = read_ms(tid, a[0]);
        return true;
    case SYS_clock_nanosleep:
        p->ms =
            a[1] & TIMER_ABSTIME ? read_until_ms(tid, a[2], (clockid_t)a[0]) : read_ms(tid, a[2]);
        return true;
    case SYS_futex:
        plan_futex(p, tid, a);
        return true;
    case SYS_rt_sigtimedwait:
        p->ms = read_ms(tid, a[2]);
        p->signals = true;
        p->error = EAGAIN;
        return true;
    case SYS_semtimedop:
        p->ms = read_ms(tid, a[3]);
        p->error = EAGAIN;
        return true;
    case SYS_mq_timedreceive:
        p->ms = read_until_ms(tid, a[4], CLOCK_REALTIME);
        p->error = ETIMEDOUT;
        add_fd(p, (int)a[0], POLLIN);
        return true;
#ifdef SYS_poll
    case SYS_poll:
        p->ms = (int)a[2] > 0 ? (uint64_t)(int)a[2] : 0;
        plan_poll(p, tid, a[0], a[1]);
        return true;
#endif
    case SYS_ppoll:
        p->ms = read_ms(tid, a[2]);
        plan_poll(p, tid, a[0], a[1]);
        return true;
#ifdef SYS_select
    case SYS_select:
        p->ms = read_timeval_ms(tid, a[4]);
        break;
#endif
    case SYS_pselect6:
        p->ms = read_ms(tid, a[4]);
        break;
#ifdef SYS_epoll_wait
    case SYS_epoll_wait:
#endif
    case SYS_epoll_pwait:
        p->ms = (int)a[3] > 0 ? (uint64_t)(int)a[3] : 0;
        add_fd(p, (int)a[0], POLLIN);
        return true;
#ifdef SYS_epoll_pwait2
    case SYS_epoll_pwait2:
        p->ms = read_ms(tid, a[3]);
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
    return !k->ending ? PATIENCE_US : p->ms < 1000 ? LATE_US : PATIENCE_US / 2;
}

/* Puts the call aside, with copies of what it waits for; false when it cannot be. */
static bool put_aside(struct keeper *k, int listener, const struct seccomp_notif *n,
                      const struct plan *p)
{
    struct wait *w = free_wait(k);

    if (!w)
        return false;
    *w = (struct wait){ .listener = listener,
                        .id = n->id,
                        .until_us = budget_now_us() + patience_us(k, p),
                        .ms = p->ms,
                        .tid = (pid_t)n->pid,
                        .word_at = p->word_at,
                        .word = p->word,
                        .error = p->error,
                        .signals = p->signals };
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
static bool is_cut(struct keeper *k, pid_t tid, uint64_t ms)
{
    if (k->ending && !k->plan->command && tid != k->runner && ms > 0)
        return k->late_sleeps++ < LATE_SKIPS_MAX;
    return ms >= LONG_MS && k->sleeps < SKIPS_MAX;
}

bool waits_take(struct keeper *k, int listener, const struct seccomp_notif *n)
{
    uint64_t a[6];
    struct plan p = { 0 };
    pid_t tid = (pid_t)n->pid;

    for (size_t i = 0; i < 6; i++)
        a[i] = n->data.args[i];
    if (!plan_call(&p, tid, n->data.nr, a))
        return false;
    if (p.more || !is_cut(k, tid, p.ms)) {
        delays_note(k, n, p.ms);
        calls_go_on(listener, n->id);
        return true;
    }
    if (p.n == 0 && !p.word_at && !p.error) {
        waits_tell(k, tid, p.ms);
        calls_end(listener, n->id, 0, 0);
    } else if (!put_aside(k, listener, n, &p)) {
        calls_go_on(listener, n->id);
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

static void settle(struct keeper *k, struct wait *w, uint64_t now)
{
    if (w->course) {
        if (now < w->until_us && delays_stand(k))
            return;
        calls_end(w->listener, w->id, 0, 0);
        release(w);
    } else if (is_ready(w) || (w->signals && target_has_signal(w->tid)) ||
               (w->word_at && !word_stands(w))) {
        calls_go_on(w->listener, w->id);
        release(w);
    } else if (now >= w->until_us) {
        waits_tell(k, w->tid, w->ms);
        calls_end(w->listener, w->id, 0, w->error);
        release(w);
    }
}

void waits_sweep(struct keeper *k)
{
    uint64_t now = budget_now_us();

    for (size_t i = 0; i < KEEPER_WAITS_MAX; i++)
        if (k->waits[i].listener != -1)
            settle(k, &k->waits[i], now);
}

void waits_forget(struct keeper *k, int listener)
{
    for (size_t i = 0; i < KEEPER_WAITS_MAX; i++)
        if (k->waits[i].listener == listener)
            release(&k->waits[i]);
}
