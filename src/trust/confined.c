/*
 * See confined.h. Batches lie in slots of shared memory, used in turn; a message on the socket
 * says that one is full, one byte back that it is free again.
 */
#include "trust/confined.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/budget.h"
#include "base/status.h"
#include "format/codec/codec.h"
#include "sandbox/sandbox.h"
#include "scan/warm.h"

#define SLOTS          4u
#define MEMORY_DEFAULT ((uint64_t)1024 * 1024 * 1024)
#define TIME_DEFAULT   120000u
#define DESCRIPTORS    1 /* the channel */

/* What the child says: a batch of so many bytes, in the slot whose turn it is, or one of these. */
enum { SAYS_LOCKED = UINT32_MAX, SAYS_WEAK = UINT32_MAX - 1, SAYS_DONE = UINT32_MAX - 2 };
/* What the parent says: a slot is free again, or a word that was asked for follows. */
enum { SLOT_FREE = 'f', WORD = 'w' };

struct confined_child {
    uint8_t *slots;
    uint32_t turn, taken; /* the slot that is filled; those that the parent has not given back */
    size_t n;             /* bytes in it */
};

struct confined {
    uint8_t *slots;
    int fd, pidfd;
    uint32_t turn;
    bool holds; /* the caller has a batch */
    uint64_t deadline_us;
};

/* ---- the child ---- */

static void say(const void *p, size_t n)
{
    const uint8_t *at = p;

    while (n > 0) {
        ssize_t done = write(SANDBOX_CHANNEL, at, n);

        if (done < 0 && errno != EINTR)
            _exit(1);
        at += done > 0 ? done : 0;
        n -= done > 0 ? (size_t)done : 0;
    }
}

static void say_number(uint32_t number)
{
    say(&number, sizeof number);
}

static void hear(void *p, size_t n)
{
    uint8_t *at = p;

    while (n > 0) {
        struct iovec part = { at, n };
        struct msghdr m = { .msg_iov = &part, .msg_iovlen = 1 };
        ssize_t got = recvmsg(SANDBOX_CHANNEL, &m, 0);

        if (got == 0 || (got < 0 && errno != EINTR))
            _exit(1);
        at += got > 0 ? got : 0;
        n -= got > 0 ? (size_t)got : 0;
    }
}

/* Takes what the parent says until it is a word, or until a slot is free. */
static uint32_t wait_for(struct confined_child *c, uint8_t what)
{
    uint32_t word = 0;
    uint8_t kind;

    do {
        hear(&kind, 1);
        if (kind == SLOT_FREE)
            c->taken--;
        else
            hear(&word, sizeof word);
    } while (kind != what);
    return word;
}

void confined_flush(struct confined_child *c)
{
    if (c->n == 0)
        return;
    say_number((uint32_t)c->n);
    c->n = 0;
    c->turn = (c->turn + 1) % SLOTS;
    if (++c->taken == SLOTS)
        (void)wait_for(c, SLOT_FREE);
}

void *confined_room(struct confined_child *c, size_t n)
{
    if (n > CONFINED_BATCH)
        _exit(1);
    if (n > CONFINED_BATCH - c->n)
        confined_flush(c);
    return c->slots + c->turn * CONFINED_BATCH + c->n;
}

void confined_commit(struct confined_child *c, size_t n)
{
    c->n += n;
}

void confined_put(struct confined_child *c, const void *p, size_t n)
{
    const uint8_t *at = p;

    while (n > 0) {
        size_t room = CONFINED_BATCH - c->n, part = n < room ? n : room;

        if (part > 0)
            memcpy(confined_room(c, part), at, part);
        confined_commit(c, part);
        if (c->n == CONFINED_BATCH)
            confined_flush(c);
        at += part;
        n -= part;
    }
}

uint32_t confined_ask(struct confined_child *c)
{
    confined_flush(c);
    return wait_for(c, WORD);
}

/* The host's handlers are not ours; Ctrl-C is the parent's business. */
static void reset_signals(void)
{
    sigset_t none;

    for (int sig = 1; sig < NSIG; sig++)
        (void)signal(sig, sig == SIGINT || sig == SIGQUIT ? SIG_IGN : SIG_DFL);
    sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
}

static bool locked(const struct sandbox_layer *layers)
{
    for (unsigned i = 0; i < SANDBOX_LAYERS; i++)
        if (!layers[i].active && i != SANDBOX_LANDLOCK)
            return false;
    return true;
}

static _Noreturn void child(int channel, int parent, uint8_t *slots, confined_work *work, void *arg,
                            const struct confined_limits *limits)
{
    uint64_t seconds = limits->time_ms / 1000 + 2;
    struct sandbox_limits most = { .memory_bytes = limits->memory_bytes,
                                   .cpu_seconds = seconds,
                                   .descriptors = DESCRIPTORS };
    struct sandbox_layer layers[SANDBOX_LAYERS];
    struct confined_child c = { .slots = slots };

    reset_signals();
    codec_warm();
    warm_sort();
    sandbox_lock(layers, channel, parent, &most);
    if (!locked(layers) && !limits->weak_ok) {
        say_number(SAYS_WEAK);
        _exit(1);
    }
    say_number(SAYS_LOCKED);
    work(&c, arg);
    confined_flush(&c);
    say_number(SAYS_DONE);
    _exit(0);
}

/* ---- the parent ---- */

static enum pratique_status io(struct pratique_error *err, const char *what)
{
    return error_set(err, PRATIQUE_E_IO, PRATIQUE_NO_OFFSET, "%s: %s", what,
                     strerrordesc_np(errno));
}

void confined_end(struct confined *c)
{
    siginfo_t how;

    if (!c)
        return;
    if (c->pidfd != -1) {
        (void)syscall(SYS_pidfd_send_signal, c->pidfd, SIGKILL, NULL, 0);
        while (waitid(P_PIDFD, (id_t)c->pidfd, &how, WEXITED) == -1 && errno == EINTR)
            ;
        (void)close(c->pidfd);
    }
    if (c->fd != -1)
        (void)close(c->fd);
    if (c->slots)
        (void)munmap(c->slots, SLOTS * CONFINED_BATCH);
    free(c);
}

/* Forks; false with errno. */
static bool fork_child(struct confined *c, confined_work *work, void *arg,
                       const struct confined_limits *limits)
{
    int ends[2], parent = (int)getpid();
    pid_t pid;

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return false;
    c->fd = ends[0];
    pid = fork();
    if (pid == 0)
        child(ends[1], parent, c->slots, work, arg, limits);
    (void)close(ends[1]);
    if (pid < 0)
        return false;
    c->pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
    if (c->pidfd == -1)
        (void)waitpid(pid, NULL, 0); /* its socket ends, and it with that */
    return c->pidfd != -1;
}

enum pratique_status confined_start(struct confined **out, confined_work *work, void *arg,
                                    const struct confined_limits *limits,
                                    struct pratique_error *err)
{
    struct confined_limits most = *limits;
    struct confined *c = calloc(1, sizeof *c);

    *out = NULL;
    if (!c)
        return error_set(err, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "while starting a reader");
    most.memory_bytes = most.memory_bytes ? most.memory_bytes : MEMORY_DEFAULT;
    most.time_ms = most.time_ms ? most.time_ms : TIME_DEFAULT;
    c->fd = c->pidfd = -1;
    c->turn = SLOTS - 1; /* the first batch is in the first slot */
    c->deadline_us = budget_now_us() + (uint64_t)most.time_ms * 1000;
    c->slots = mmap(NULL, SLOTS * CONFINED_BATCH, PROT_READ | PROT_WRITE,
                    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (c->slots == MAP_FAILED) {
        c->slots = NULL;
        confined_end(c);
        return io(err, "memory for a reader");
    }
    if (!fork_child(c, work, arg, &most)) {
        enum pratique_status st = io(err, "a reader cannot be started");

        confined_end(c);
        return st;
    }
    *out = c;
    return PRATIQUE_OK;
}

/* Why nothing more comes, though more should. */
static enum pratique_status died(struct confined *c, struct pratique_error *err)
{
    siginfo_t how = { 0 };

    while (waitid(P_PIDFD, (id_t)c->pidfd, &how, WEXITED | WNOWAIT) == -1 && errno == EINTR)
        ;
    if (how.si_code == CLD_EXITED)
        return error_set(err, PRATIQUE_E_FORMAT, PRATIQUE_NO_OFFSET,
                         "the process that read it ended with %d", how.si_status);
    if (how.si_status == SIGXCPU)
        return error_set(err, PRATIQUE_E_LIMIT, PRATIQUE_NO_OFFSET, "reading it took too long");
    return error_set(err, PRATIQUE_E_FORMAT, PRATIQUE_NO_OFFSET,
                     "the process that read it died of signal %d (%s)", how.si_status,
                     sigdescr_np(how.si_status));
}

/* Waits until there is something to read, up to the deadline. */
static enum pratique_status wait_for_child(struct confined *c, struct pratique_error *err)
{
    for (;;) {
        uint64_t now = budget_now_us();
        struct pollfd fd = { .fd = c->fd, .events = POLLIN };
        int n;

        if (now >= c->deadline_us)
            return error_set(err, PRATIQUE_E_LIMIT, PRATIQUE_NO_OFFSET, "reading it took too long");
        n = poll(&fd, 1, (int)((c->deadline_us - now) / 1000 + 1));
        if (n > 0)
            return PRATIQUE_OK;
        if (n < 0 && errno != EINTR)
            return io(err, "poll");
    }
}

/* One number; what died() says when there is none. */
static enum pratique_status read_number(struct confined *c, uint32_t *number,
                                        struct pratique_error *err)
{
    uint8_t bytes[sizeof *number];
    size_t have = 0;

    while (have < sizeof bytes) {
        enum pratique_status st = wait_for_child(c, err);
        ssize_t got;

        if (st != PRATIQUE_OK)
            return st;
        got = read(c->fd, bytes + have, sizeof bytes - have);
        if (got == 0 || (got < 0 && errno != EINTR))
            return died(c, err);
        have += got > 0 ? (size_t)got : 0;
    }
    memcpy(number, bytes, sizeof bytes);
    return PRATIQUE_OK;
}

static bool tell_child(struct confined *c, const void *p, size_t n)
{
    return send(c->fd, p, n, MSG_NOSIGNAL) == (ssize_t)n;
}

enum pratique_status confined_next(struct confined *c, struct span *batch,
                                   struct pratique_error *err)
{
    const uint8_t freed = SLOT_FREE;
    enum pratique_status st;
    uint32_t n;

    *batch = SPAN_EMPTY;
    if (c->holds)
        (void)tell_child(c, &freed, 1); /* one that is gone is noticed below */
    c->holds = false;
    do
        st = read_number(c, &n, err);
    while (st == PRATIQUE_OK && n == SAYS_LOCKED);
    if (st != PRATIQUE_OK || n == SAYS_DONE)
        return st;
    if (n == SAYS_WEAK)
        return error_set(err, PRATIQUE_E_IO, PRATIQUE_NO_OFFSET,
                         "the process that is to read it cannot be locked down "
                         "(pratique scan tells which layer is missing)");
    if (n == 0 || n > CONFINED_BATCH)
        return error_set(err, PRATIQUE_E_FORMAT, PRATIQUE_NO_OFFSET,
                         "the process that read it talks nonsense");
    c->turn = (c->turn + 1) % SLOTS;
    c->holds = true;
    *batch = span_of(c->slots + c->turn * CONFINED_BATCH, n);
    return PRATIQUE_OK;
}

bool confined_say(struct confined *c, uint32_t word)
{
    uint8_t bytes[1 + sizeof word] = { WORD };

    memcpy(bytes + 1, &word, sizeof word);
    return tell_child(c, bytes, sizeof bytes);
}

enum pratique_status confined_run(confined_work *work, void *arg,
                                  const struct confined_limits *limits, struct buf *out,
                                  struct pratique_error *err)
{
    struct confined *c;
    struct span batch;
    enum pratique_status st = confined_start(&c, work, arg, limits, err);

    while (st == PRATIQUE_OK) {
        st = confined_next(c, &batch, err);
        if (st != PRATIQUE_OK || batch.n == 0)
            break;
        if (!buf_add(out, batch.p, batch.n))
            st = error_set(err, PRATIQUE_E_LIMIT, PRATIQUE_NO_OFFSET,
                           "what is in it is more than %zu bytes", out->ceiling);
    }
    confined_end(c);
    return st;
}
