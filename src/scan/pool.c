/* See pool.h. */
#include "scan/pool.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/budget.h"
#include "base/status.h"
#include "scan/blame.h"
#include "scan/wire.h"

/* Nobody is kept waiting behind a job that runs for so long. */
#define SLOW_US ((uint64_t)20 * 1000)
/* A worker retires after so many times the time of one job; see CPU_JOBS in worker.c. */
#define RETIRE_AFTER 5
/* So many workers in a row that die before their hello: something is wrong with this machine. */
#define EARLY_DEATHS_MAX 3
/* Until the next try, when no worker has anything to do and yet none could be given a job. */
#define AGAIN_MS 50
/* For a worker's hello. */
#define HELLO_MS 10000

bool pool_init(struct pool *p, unsigned max, const struct worker_config *config)
{
    *p = (struct pool){ .max = max, .config = *config };
    p->slots = calloc(max, sizeof *p->slots);
    for (unsigned i = 0; p->slots && i < max; i++)
        slot_init(&p->slots[i]);
    return p->slots;
}

void pool_free(struct pool *p)
{
    siginfo_t how;

    for (unsigned i = 0; p->slots && i < p->max; i++)
        if (p->slots[i].fd != -1)
            slot_bury(&p->slots[i], &how);
    free(p->slots);
    *p = (struct pool){ 0 };
}

void pool_forget(struct pool *p)
{
    for (unsigned i = 0; i < p->max; i++)
        for (unsigned k = 0; k < p->slots[i].n; k++)
            p->slots[i].jobs[k].task = NULL;
}

static bool is_live(const struct slot *s)
{
    return s->fd != -1;
}

/* When the first job's worker is given up: past the deadline that it keeps itself. */
static uint64_t given_up_us(const struct pool *p, const struct slot *s)
{
    uint64_t time = (uint64_t)p->config.limits.time_ms * 1000;

    if (!s->greeted)
        return s->since_us + (uint64_t)HELLO_MS * 1000;
    return s->since_us + time + time / 4 + 500 * 1000;
}

static bool has_live(const struct pool *p)
{
    for (unsigned i = 0; i < p->max; i++)
        if (is_live(&p->slots[i]))
            return true;
    return false;
}

/* Whether a job could be begun at once, somewhere. */
static bool has_idle(const struct pool *p)
{
    for (unsigned i = 0; i < p->max; i++)
        if (!is_live(&p->slots[i]) || p->slots[i].n == 0)
            return true;
    return false;
}

/* Those behind the first wait for another worker; this one's answers to them are dropped. */
static void wait_again(struct slot *s, unsigned from)
{
    for (unsigned i = from; i < s->n; i++) {
        if (s->jobs[i].task)
            s->jobs[i].task->state = TASK_WAITING;
        s->jobs[i].task = NULL;
    }
}

/*
 * The worker is gone. Its first job gets the blame, unless the worker had not
 * come so far as to begin it, or an earlier job may have left it damaged: then
 * a fresh worker tries once more.
 */
static void slot_lost(struct pool *p, struct slot *s)
{
    struct task *t = s->n ? s->jobs[0].task : NULL;
    bool greeted = s->greeted, fresh = s->done == 0;
    siginfo_t how;

    wait_again(s, 1);
    slot_bury(s, &how);
    p->early_deaths = greeted ? 0 : p->early_deaths + 1;
    if (!t)
        return;
    t->state = TASK_WAITING;
    if (!greeted)
        return;
    if (!fresh && !t->retried) {
        t->retried = true;
        return;
    }
    blame_end(t, &how);
    task_finish(t);
}

/* The worker is there, but is to be no more: the fact says why. */
static void slot_end(struct slot *s, enum fact_kind kind, const char *why)
{
    struct task *t = s->n ? s->jobs[0].task : NULL;
    siginfo_t how;

    wait_again(s, 1);
    slot_bury(s, &how);
    if (!t)
        return;
    task_fact(t, kind, "%s", why);
    task_finish(t);
}

/* One frame; NULL, or what is wrong with it. */
static const char *understand(struct pool *p, struct slot *s, uint32_t id, struct span body)
{
    const char *why = NULL;
    struct task *t;

    if (!s->greeted) {
        p->known = id == WIRE_HELLO && wire_take_hello(body, p->layers);
        s->greeted = p->known && (p->config.weak_sandbox_ok || worker_locked(p->layers));
        return p->known ? NULL : "it does not begin with a hello"; /* not greeted: it ends now */
    }
    if (s->n == 0 || id != s->jobs[0].id)
        return "an answer to another question";
    t = s->jobs[0].task;
    if (t && !task_answer(t, body, &why))
        return why;
    (void)slot_shift(s);
    if (t)
        task_finish(t);
    return NULL;
}

/* Reads what a worker has sent. */
static void listen_to(struct pool *p, struct slot *s)
{
    enum slot_read got = slot_receive(s);
    const char *wrong = NULL;
    struct span body;
    uint32_t id;
    int frame;

    if (got == SLOT_ENDED) {
        slot_lost(p, s);
        return;
    }
    while (!wrong && (frame = slot_frame(s, &id, &body)) != 0) {
        wrong = frame == 1 ? understand(p, s, id, body) : "not even a frame";
        if (!wrong)
            slot_frame_done(s, body);
    }
    if (wrong)
        slot_end(s, FACT_WORKER_NONSENSE, wrong);
}

static void see_to_clock(struct pool *p, struct slot *s, uint64_t now)
{
    siginfo_t how;

    if (s->n > 0 && !s->greeted && now - s->since_us >= (uint64_t)HELLO_MS * 1000)
        slot_lost(p, s);
    else if (s->n > 0 && now >= given_up_us(p, s))
        slot_end(s, FACT_WORKER_STALLED, "it was ended: no answer by the deadline");
    else if (s->n > 1 && now - s->since_us >= SLOW_US && has_idle(p))
        wait_again(s, 1);
    else if (s->n == 0 && s->busy_us > (uint64_t)p->config.limits.time_ms * 1000 * RETIRE_AFTER)
        slot_bury(s, &how);
}

/* Milliseconds until the clock next matters. */
static int next_ms(const struct pool *p)
{
    uint64_t now = budget_now_us(), next = UINT64_MAX;
    bool idle = has_idle(p);

    for (unsigned i = 0; i < p->max; i++) {
        const struct slot *s = &p->slots[i];
        uint64_t at;

        if (!is_live(s) || s->n == 0)
            continue;
        at = idle && s->n > 1 && s->jobs[1].task ? s->since_us + SLOW_US : given_up_us(p, s);
        next = at < next ? at : next;
    }
    if (next == UINT64_MAX)
        return AGAIN_MS;
    if (next <= now)
        return 0;
    return next - now < (uint64_t)INT_MAX * 1000 ? (int)((next - now) / 1000 + 1) : INT_MAX;
}

/*
 * Workers' clocks run only while we listen: what the host does in between, such
 * as showing a report page by page, is no worker's fault.
 */
static void stop_clocks(struct pool *p)
{
    uint64_t now = budget_now_us();

    for (unsigned i = 0; i < p->max; i++) {
        struct slot *s = &p->slots[i];

        if (is_live(s) && s->n > 0)
            s->since_us += now - (s->since_us > p->left_us ? s->since_us : p->left_us);
    }
}

/* Waits for answers, and reads what has come. */
static enum pratique_status listen_to_all(struct pool *p, struct pollfd *fds,
                                          struct pratique_error *err)
{
    for (unsigned i = 0; i < p->max; i++)
        fds[i] = (struct pollfd){ .fd = p->slots[i].fd, .events = POLLIN };
    if (poll(fds, p->max, next_ms(p)) == -1 && errno != EINTR)
        return error_set(err, PRATIQUE_E_IO, PRATIQUE_NO_OFFSET, "poll: %s",
                         strerrordesc_np(errno));
    for (unsigned i = 0; i < p->max; i++)
        if (is_live(&p->slots[i]) && fds[i].revents)
            listen_to(p, &p->slots[i]);
    return PRATIQUE_OK;
}

enum pratique_status pool_wait(struct pool *p, struct pratique_error *err)
{
    struct pollfd *fds = calloc(p->max, sizeof *fds);
    enum pratique_status st;

    if (!fds)
        return error_set(err, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "while waiting for workers");
    stop_clocks(p);
    st = listen_to_all(p, fds, err);
    p->left_us = budget_now_us();
    for (unsigned i = 0; i < p->max; i++)
        if (is_live(&p->slots[i]))
            see_to_clock(p, &p->slots[i], p->left_us);
    free(fds);
    if (st == PRATIQUE_OK && p->early_deaths >= EARLY_DEATHS_MAX)
        st =
            error_set(err, PRATIQUE_E_IO, PRATIQUE_NO_OFFSET, "workers die before they have begun");
    return st;
}

/* The worker that t should go to, live or not; NULL when all are busy. */
static struct slot *choose(struct pool *p, const struct task *t)
{
    struct slot *best = NULL, *empty = NULL;
    uint64_t now = budget_now_us();

    for (unsigned i = 0; i < p->max; i++) {
        struct slot *s = &p->slots[i];

        if (!is_live(s)) {
            empty = empty ? empty : s;
            continue;
        }
        if (s->n == 0)
            return s;
        if (t->size > POOL_SMALL || s->n == SLOT_JOBS || now - s->since_us >= SLOW_US ||
            (s->jobs[s->n - 1].task && s->jobs[s->n - 1].task->size > POOL_SMALL))
            continue;
        best = !best || s->n < best->n ? s : best;
    }
    return best ? best : empty;
}

static uint32_t job_flags(const struct worker_config *config)
{
    static const uint32_t packages[] = { [PACKAGES_NONE] = 0,
                                         [PACKAGES_KNOWN] = WIRE_JOB_PACKAGES,
                                         [PACKAGES_ALL] = WIRE_JOB_ALL_PACKAGES };

    return (config->sha256 ? WIRE_JOB_SHA256 : 0u) | (config->values ? WIRE_JOB_VALUES : 0u) |
           packages[config->packages];
}

bool pool_send(struct pool *p, struct task *t)
{
    struct slot *s = choose(p, t);

    if (!s)
        return false;
    if (!is_live(s) && !slot_fork(s, &p->config)) {
        p->early_deaths += !has_live(p); /* those that live go on alone */
        return false;
    }
    if (slot_send(s, t, ++p->last_id % WIRE_HELLO,
                  job_flags(&p->config) | (t->numbers ? WIRE_JOB_NUMBERS : 0u)))
        return true;
    slot_lost(p, s);
    return false;
}

enum pratique_status pool_start(struct pool *p, struct pratique_error *err)
{
    struct pollfd fd = { .events = POLLIN };

    if (!slot_fork(&p->slots[0], &p->config))
        return error_set(err, PRATIQUE_E_IO, PRATIQUE_NO_OFFSET, "a worker cannot be started: %s",
                         strerrordesc_np(errno));
    while (is_live(&p->slots[0]) && !p->known) {
        fd.fd = p->slots[0].fd;
        if (poll(&fd, 1, HELLO_MS) == 0)
            break;
        listen_to(p, &p->slots[0]);
    }
    if (!p->known)
        return error_set(err, PRATIQUE_E_IO, PRATIQUE_NO_OFFSET, "a worker does not start");
    return PRATIQUE_OK;
}
