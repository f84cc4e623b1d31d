/* The parent's side of a transfer: see transfer.h. */
#include "trust/fetch/transfer.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/budget.h"

#define PIPE_BYTES (1 << 20)

/* The host's handlers are not the child's; Ctrl-C is the parent's business. */
static void reset_signals(void)
{
    sigset_t none;

    for (int sig = 1; sig < NSIG; sig++)
        (void)signal(sig, sig == SIGINT || sig == SIGQUIT ? SIG_IGN : SIG_DFL);
    sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
}

bool transfer_start(struct transfer *t, const struct transfer_request *r)
{
    int ends[2], parent = (int)getpid();

    *t = (struct transfer){ .fd = -1, .pid = -1 };
    t->deadline_us = budget_now_us() + transfer_bound_ms(r) * 1000;
    t->patience_ms = 2 * r->timeout_ms + 5000; /* its own clock rings before */
    t->piece = malloc(TRANSFER_PIECE);
    if (!t->piece || pipe2(ends, O_CLOEXEC) != 0)
        return false;
    (void)fcntl(ends[0], F_SETPIPE_SZ, PIPE_BYTES); /* with less it only takes longer */
    t->fd = ends[0];
    t->pid = fork();
    if (t->pid == 0) {
        reset_signals();
        (void)close(ends[0]);
        transfer_run(ends[1], parent, r);
    }
    (void)close(ends[1]);
    return t->pid > 0;
}

void transfer_end(struct transfer *t)
{
    if (t->fd != -1)
        (void)close(t->fd);
    if (t->pid > 0) {
        (void)kill(t->pid,
                   SIGKILL); /* it is our child, and not waited for yet: the id is its own */
        while (waitpid(t->pid, NULL, 0) == -1 && errno == EINTR)
            ;
    }
    free(t->piece);
    *t = (struct transfer){ .fd = -1, .pid = -1 };
}

/* Exactly n bytes of the pipe; false when the child is gone, or too slow. */
static bool read_exactly(struct transfer *t, void *p, size_t n)
{
    uint8_t *at = p;

    while (n > 0) {
        struct pollfd fd = { .fd = t->fd, .events = POLLIN };
        ssize_t got;
        int ready;

        if (budget_now_us() > t->deadline_us)
            return false;
        ready = poll(&fd, 1, (int)t->patience_ms);
        if (ready == 0 || (ready < 0 && errno != EINTR))
            return false;
        got = ready > 0 ? read(t->fd, at, n) : 0;
        if (ready > 0 && (got == 0 || (got < 0 && errno != EINTR)))
            return false;
        at += got > 0 ? got : 0;
        n -= got > 0 ? (size_t)got : 0;
    }
    return true;
}

static enum transfer_tag gone(struct span *content, const char *why)
{
    *content = span_text(why);
    return TRANSFER_RETRY;
}

enum transfer_tag transfer_next(struct transfer *t, struct span *content)
{
    uint32_t head[2];

    if (!read_exactly(t, head, sizeof head))
        return gone(content, "the process that fetched it died, or hung");
    if (head[0] < TRANSFER_BEGIN || head[0] > TRANSFER_REFUSED || head[1] > TRANSFER_PIECE)
        return gone(content, "the process that fetched it talks nonsense");
    if (!read_exactly(t, t->piece, head[1]))
        return gone(content, "the process that fetched it died, or hung");
    *content = span_of(t->piece, head[1]);
    return (enum transfer_tag)head[0];
}
