/* The parent's side of a transfer: see transfer.h. */
#include "trust/fetch/transfer.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/budget.h"

#define SLOTS_BYTES (TRANSFER_SLOTS * TRANSFER_PIECE)

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
    /* Without a frame; its own clock rings before. */
    const struct timeval patience = { .tv_sec = 2 * (time_t)r->timeout_ms / 1000 + 5 };
    int ends[2], parent = (int)getpid();

    *t = (struct transfer){ .fd = -1, .pid = -1 };
    t->deadline_us = budget_now_us() + transfer_bound_ms(r) * 1000;
    t->bite = malloc(TRANSFER_BITE);
    t->slots = mmap(NULL, SLOTS_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (t->slots == MAP_FAILED)
        t->slots = NULL;
    if (!t->bite || !t->slots || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return false;
    t->fd = ends[0];
    (void)setsockopt(t->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    t->pid = fork();
    if (t->pid == 0) {
        reset_signals();
        (void)close(ends[0]);
        transfer_run(ends[1], t->slots, parent, r);
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
    if (t->slots)
        (void)munmap(t->slots, SLOTS_BYTES);
    free(t->bite);
    *t = (struct transfer){ .fd = -1, .pid = -1 };
}

/* Exactly n bytes of the socket; false when the child is gone, or too slow. */
static bool read_exactly(struct transfer *t, void *p, size_t n)
{
    uint8_t *at = p;

    while (n > 0) {
        ssize_t got = budget_now_us() > t->deadline_us ? 0 : recv(t->fd, at, n, 0);

        if (got == 0 || (got < 0 && errno != EINTR))
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

/* A copy of n bytes of the slot; it is given back with the last of them. sum: NULL, or of it. */
static struct span bite(struct transfer *t, struct sha256 *sum, size_t n)
{
    const uint8_t *from = t->slots + t->turn * TRANSFER_PIECE + t->taken;

    if (sum)
        sha256_update_copy(sum, t->bite, from, n);
    else
        memcpy(t->bite, from, n);
    t->taken += (uint32_t)n;
    if (t->taken == t->whole) {
        t->turn = (t->turn + 1) % TRANSFER_SLOTS;
        (void)send(t->fd, "", 1, MSG_NOSIGNAL); /* one that is gone: noticed with the next frame */
    }
    return span_of(t->bite, n);
}

/* What is left of the frame at hand, up to a bite. */
static struct span next_bite(struct transfer *t, struct sha256 *sum)
{
    size_t left = t->whole - t->taken;

    return bite(t, sum, left < TRANSFER_BITE ? left : TRANSFER_BITE);
}

enum transfer_tag transfer_next(struct transfer *t, struct sha256 *sum, struct span *content)
{
    uint32_t head[2];

    if (t->taken < t->whole) {
        *content = next_bite(t, sum);
        return TRANSFER_DATA;
    }
    if (!read_exactly(t, head, sizeof head))
        return gone(content, "the process that fetched it died, or hung");
    if (head[0] < TRANSFER_BEGIN || head[0] > TRANSFER_REFUSED || head[1] > TRANSFER_PIECE ||
        (head[0] != TRANSFER_DATA && head[1] > TRANSFER_BITE))
        return gone(content, "the process that fetched it talks nonsense");
    t->taken = 0, t->whole = head[1];
    *content = next_bite(t, head[0] == TRANSFER_DATA ? sum : NULL);
    return (enum transfer_tag)head[0];
}
