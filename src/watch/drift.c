/*
 * How far the clocks of the world are ahead of the kernel's. Sleeps that are ended early leave
 * no trace in time: what they were to last is added to what every process reads of its clocks
 * (hook.c). One number for all of them, which only grows; the times of files stay the kernel's.
 *
 * The kernel's own clocks do not move, so a deadline that a process reckoned by its clock lies
 * too far in the future for the kernel. Before such a call goes on, its timespec is put right
 * where it lies, in the memory of the process: the call then sleeps, is woken, and runs out of
 * time in the kernel, as exact and as cheap as ever. (To hold the call back and end it from here
 * would take part of a millisecond for each wake-up, and Python's threads wait for each other
 * with deadlines of five milliseconds.) Kernel and libc only read it, and a program that passes
 * the same deadline again has the corrected one known by its address and value. What cannot be
 * written is held back: waits.c. A process that changes it meanwhile cheats nobody but itself.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "watch/keeper.h"

#define NS        UINT64_C(1000000000)
#define TRIES_MAX 256
#define AHEAD_MAX (400 * 24 * 3600 * NS) /* the certificates of the sink outlast it */

uint64_t drift_ns_of(const struct timespec *t)
{
    if (t->tv_sec < 0)
        return 0;
    if (t->tv_sec > INT32_MAX) /* far beyond AHEAD_MAX, far below an overflow */
        return INT32_MAX * NS;
    return (uint64_t)t->tv_sec * NS + (uint64_t)t->tv_nsec % NS;
}

static uint64_t kernel_now(clockid_t clock)
{
    struct timespec t;

    return clock_gettime(clock, &t) == 0 ? drift_ns_of(&t) : 0;
}

uint64_t drift_now(const struct keeper *k)
{
    return kernel_now(CLOCK_MONOTONIC) + k->ahead_ns;
}

/* ---- the processes' clocks ---- */

/* What is not where it should be belongs to a program that is gone. */
static bool has_clock(pid_t pid, uint64_t address)
{
    struct hook_clock c;

    return address && target_read(pid, address, &c, sizeof c) && c.magic == HOOK_CLOCK_MAGIC;
}

/* A fork has it where its parent has it, who may be long gone; 0: it has none. */
static uint64_t find_clock(const struct keeper *k, pid_t pid)
{
    const struct crowd *c = &k->crowd;
    size_t tried = 0;

    for (size_t i = c->n; i-- > 0 && tried < TRIES_MAX;) {
        uint64_t address = c->people[i].clock;

        if (!address || (i + 1 < c->n && address == c->people[i + 1].clock))
            continue;
        tried++;
        if (has_clock(pid, address))
            return address;
    }
    return 0;
}

static void set_clock(struct keeper *k, pid_t pid)
{
    struct person *p = crowd_find(&k->crowd, pid);
    uint64_t address = p && has_clock(pid, p->clock) ? p->clock : find_clock(k, pid);

    if (!address)
        return;
    if (p)
        p->clock = address;
    (void)!target_write(pid, address + offsetof(struct hook_clock, ahead_ns), &k->ahead_ns,
                        sizeof k->ahead_ns);
}

void drift_told(struct keeper *k, pid_t tid, uint64_t address)
{
    struct person *p = crowd_meet(k, tid);

    if (!p)
        return;
    p->clock = address;
    if (k->ahead_ns)
        set_clock(k, p->pid);
}

void drift_jump(struct keeper *k, uint64_t ns)
{
    uint64_t room = AHEAD_MAX - k->ahead_ns;

    k->ahead_ns += ns < room ? ns : room;
    crowd_each(k, set_clock);
}

/* ---- deadlines ---- */

static bool moves(clockid_t clock)
{
    return clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC || clock == CLOCK_BOOTTIME ||
           clock == CLOCK_TAI || clock == CLOCK_REALTIME_ALARM || clock == CLOCK_BOOTTIME_ALARM;
}

static uint64_t distance(uint64_t a, uint64_t b)
{
    return a > b ? a - b : b - a;
}

/* Whether it is a deadline that was put right here before. */
static bool is_corrected(const struct keeper *k, pid_t tid, uint64_t address, uint64_t ns)
{
    for (size_t i = 0; i < ARRAY_LEN(k->corrected); i++) {
        const struct corrected *c = &k->corrected[i];

        if (c->tid == tid && c->address == address && c->ns == ns)
            return true;
    }
    return false;
}

/*
 * By which clock it was reckoned is told by the nearer one: a program may have its own way to
 * the kernel's clock.
 */
bool drift_deadline(const struct keeper *k, pid_t tid, uint64_t address, clockid_t clock,
                    struct deadline *out)
{
    struct timespec t;
    uint64_t then, now = kernel_now(clock);

    *out = (struct deadline){ 0 };
    if (!address || !target_read(tid, address, &t, sizeof t))
        return false;
    then = drift_ns_of(&t);
    *out = (struct deadline){ .address = address, .ns = then };
    if (k->ahead_ns && moves(clock) && !is_corrected(k, tid, address, then) &&
        distance(then, now + k->ahead_ns) < distance(then, now)) {
        out->ahead = true;
        out->ns = then > k->ahead_ns ? then - k->ahead_ns : 0;
    }
    out->rest = out->ns > now ? out->ns - now : 0;
    return true;
}

bool drift_correct(struct keeper *k, pid_t tid, const struct deadline *d)
{
    struct timespec t = { (time_t)(d->ns / NS), (long)(d->ns % NS) };

    if (!d->ahead)
        return true;
    if (!target_write(tid, d->address, &t, sizeof t))
        return false;
    k->corrected[k->corrected_at++ % ARRAY_LEN(k->corrected)] =
        (struct corrected){ tid, d->address, d->ns };
    return true;
}

/* Timers do not say their clock here; the deadline does: the two are half a century apart. */
void drift_timer(struct keeper *k, pid_t tid, uint64_t address)
{
    struct itimerspec v;
    struct deadline d;
    uint64_t then;
    clockid_t clock = CLOCK_MONOTONIC;

    if (!k->ahead_ns || !target_read(tid, address, &v, sizeof v))
        return;
    then = drift_ns_of(&v.it_value);
    if (distance(then, kernel_now(CLOCK_REALTIME)) < distance(then, kernel_now(clock)))
        clock = CLOCK_REALTIME;
    if (then && drift_deadline(k, tid, address + offsetof(struct itimerspec, it_value), clock, &d))
        (void)!drift_correct(k, tid, &d);
}
