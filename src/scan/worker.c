/*
 * See worker.h. Nothing hostile is seen before the lock-down: the first job is
 * received after it.
 */
#include "scan/worker.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/budget.h"
#include "input/map.h"
#include "scan/engine.h"
#include "scan/sha256.h"
#include "scan/warm.h"
#include "scan/wire.h"

/* The channel, a file, and those that arrive with jobs not yet begun. */
#define DESCRIPTORS 8

/*
 * One worker may do many jobs; the gate retires it before this much of its time
 * is spent. See RETIRE_AFTER in pool.c.
 */
#define CPU_JOBS 8

bool worker_needs(enum sandbox_layer_id id)
{
    return id != SANDBOX_LANDLOCK;
}

/* The host's handlers are not ours; Ctrl-C is the gate's business. */
static void reset_signals(void)
{
    sigset_t none;

    for (int sig = 1; sig < NSIG; sig++)
        (void)signal(sig, sig == SIGINT || sig == SIGQUIT ? SIG_IGN : SIG_DFL);
    sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
}

/* True when all n bytes went out. */
static bool send_all(const void *p, size_t n)
{
    const uint8_t *at = p;

    while (n > 0) {
        ssize_t sent = write(SANDBOX_CHANNEL, at, n);

        if (sent < 0 && errno != EINTR)
            return false;
        at += sent > 0 ? sent : 0;
        n -= sent > 0 ? (size_t)sent : 0;
    }
    return true;
}

/* Receives up to n bytes, 0 at the end; a descriptor that comes along goes to *fd. */
static size_t receive(void *to, size_t n, int *fd)
{
    union {
        char room[CMSG_SPACE(sizeof(int))];
        struct cmsghdr align;
    } control;
    struct iovec part = { to, n };
    struct msghdr m = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control
    };
    struct cmsghdr *c;
    ssize_t got;

    do
        got = recvmsg(SANDBOX_CHANNEL, &m, MSG_CMSG_CLOEXEC);
    while (got < 0 && errno == EINTR);
    c = got > 0 ? CMSG_FIRSTHDR(&m) : NULL;
    if (c && c->cmsg_type == SCM_RIGHTS && *fd == -1)
        memcpy(fd, CMSG_DATA(c), sizeof *fd);
    return got > 0 ? (size_t)got : 0;
}

/*
 * Receives one job into size bytes at in. A descriptor is a barrier that recvmsg(2)
 * does not read past, so the next job is never begun.
 */
static bool receive_job(uint8_t *in, size_t size, struct wire_job *job, int *fd)
{
    size_t have = 0, need = WIRE_JOB_HEAD, got;

    do {
        got = receive(in + have, size - have, fd);
        have += got;
        if (have >= WIRE_JOB_HEAD) {
            if (!wire_take_job(span_of(in, have), job))
                return false;
            need = WIRE_JOB_HEAD + job->name_n;
        }
    } while (got > 0 && have < need);
    return have == need && *fd != -1;
}

static void hash(struct engine *e, struct span bytes, struct wire_end *end)
{
    switch (sha256_of(bytes, &e->budget, end->sha256)) {
    case PRATIQUE_OK:
        end->flags |= WIRE_END_SHA256;
        break;
    case PRATIQUE_E_LIMIT:
        engine_fact(e, FACT_LIMIT, "time, before its SHA-256 was there");
        break;
    default:
        engine_fact(e, FACT_NO_MEMORY, "for its SHA-256");
    }
}

static void inspect(struct engine *e, int fd, const struct wire_job *job, struct span name,
                    struct wire_end *end)
{
    struct map m;

    switch (map_open(&m, fd, job->size)) {
    case PRATIQUE_OK:
        engine_scan(e, m.bytes, name);
        if (job->flags & WIRE_JOB_SHA256)
            hash(e, m.bytes, end);
        break;
    case PRATIQUE_E_FORMAT:
        engine_fact(e, FACT_CHANGED, "it shrank while it was read");
        break;
    case PRATIQUE_E_NOMEM:
        engine_fact(e, FACT_NO_MEMORY, "while opening it");
        break;
    default:
        engine_fact(e, FACT_NOT_READABLE, strerrordesc_np(errno));
    }
    map_close(&m);
}

static bool answer(const struct wire_job *job, const struct engine *e, const struct wire_end *end)
{
    struct buf out;
    bool ok;

    buf_init(&out, WIRE_ANSWER_MAX);
    wire_frame(&out, job->id);
    ok = wire_put_answer(&out, &e->facts, end);
    if (ok) {
        wire_seal(&out);
        ok = send_all(out.p, out.n);
    }
    buf_free(&out);
    return ok;
}

static bool work(const struct worker_config *config, const struct wire_job *job, int fd,
                 struct span name)
{
    uint64_t start = budget_now_us();
    struct wire_end end = { 0 };
    struct engine e;
    bool ok;

    engine_init(&e, &config->limits, name);
    e.values = job->flags & WIRE_JOB_VALUES;
    e.numbers = job->flags & WIRE_JOB_NUMBERS;
    e.packages = job->flags & WIRE_JOB_ALL_PACKAGES ? PACKAGES_ALL
                 : job->flags & WIRE_JOB_PACKAGES   ? PACKAGES_KNOWN
                                                    : PACKAGES_NONE;
    inspect(&e, fd, job, name, &end);
    end.format = e.format;
    end.work = e.budget.work_done;
    end.time_us = budget_now_us() - start;
    ok = answer(job, &e, &end);
    engine_free(&e);
    return ok;
}

/* One job; false when there is no other, or the channel is of no more use. */
static bool serve(const struct worker_config *config)
{
    uint8_t in[WIRE_JOB_HEAD + WIRE_NAME_MAX];
    struct wire_job job;
    bool ok;
    int fd = -1;

    ok = receive_job(in, sizeof in, &job, &fd) &&
         work(config, &job, fd, span_of(in + WIRE_JOB_HEAD, job.name_n));
    if (fd != -1)
        close(fd);
    return ok;
}

bool worker_locked(const struct sandbox_layer *layers)
{
    for (size_t i = 0; i < SANDBOX_LAYERS; i++)
        if (!layers[i].active && worker_needs((enum sandbox_layer_id)i))
            return false;
    return true;
}

static bool hello(const struct sandbox_layer *layers)
{
    struct buf out;
    bool ok;

    buf_init(&out, WIRE_ANSWER_MAX);
    wire_frame(&out, WIRE_HELLO);
    wire_put_hello(&out, layers);
    wire_seal(&out);
    ok = !out.failed && send_all(out.p, out.n);
    buf_free(&out);
    return ok;
}

void worker_run(int channel, const struct worker_config *config)
{
    struct sandbox_layer layers[SANDBOX_LAYERS] = { 0 };
    struct sandbox_limits limits = {
        .memory_bytes = config->limits.memory_bytes,
        .cpu_seconds = (uint64_t)config->limits.time_ms / 1000 * CPU_JOBS + CPU_JOBS,
        .descriptors = DESCRIPTORS,
    };

    reset_signals();
    warm_up(config->sha256 || config->packages != PACKAGES_NONE);
    sandbox_lock(layers, channel, config->parent, &limits);
    if (hello(layers) && (config->weak_sandbox_ok || worker_locked(layers)))
        while (serve(config))
            ;
    _exit(0);
}
