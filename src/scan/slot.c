/* See slot.h. */
#include "scan/slot.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/budget.h"

/* A killed process that the kernel does not let go (a dead network disk) is left behind. */
#define BURY_MS      2000
#define READ_AT_ONCE ((size_t)64 * 1024)
/* Buffers larger than this are given back once they are empty. */
#define KEEP ((size_t)1024 * 1024)

void slot_init(struct slot *s)
{
    *s = (struct slot){ .pidfd = -1, .fd = -1 };
    buf_init(&s->in, WIRE_ANSWER_MAX + WIRE_FRAME_HEAD + READ_AT_ONCE);
}

void slot_bury(struct slot *s, siginfo_t *how)
{
    struct pollfd end = { .fd = s->pidfd, .events = POLLIN };

    memset(how, 0, sizeof *how);
    (void)syscall(SYS_pidfd_send_signal, s->pidfd, SIGKILL, NULL, 0);
    while (poll(&end, 1, BURY_MS) == -1 && errno == EINTR)
        ;
    (void)waitid(P_PIDFD, (id_t)s->pidfd, how, WEXITED | WNOHANG);
    close(s->pidfd);
    close(s->fd);
    buf_free(&s->in);
    slot_init(s);
}

/* Where standard input is closed, nobody must take us for it. */
static int above_stdio(int fd)
{
    int other;

    if (fd == -1 || fd > STDERR_FILENO)
        return fd;
    other = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    close(fd);
    return other;
}

bool slot_fork(struct slot *s, const struct worker_config *config)
{
    struct worker_config mine = *config;
    int ends[2], saved;
    pid_t pid;

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return false;
    ends[0] = above_stdio(ends[0]);
    mine.parent = getpid();
    pid = fork();
    if (pid == 0)
        worker_run(ends[1], &mine);
    s->pidfd = pid > 0 ? above_stdio((int)syscall(SYS_pidfd_open, pid, 0)) : -1;
    saved = errno;
    close(ends[1]);
    if (s->pidfd != -1 && ends[0] != -1) {
        s->fd = ends[0];
        return true;
    }
    if (ends[0] != -1)
        close(ends[0]); /* a worker that is there ends with its socket */
    if (s->pidfd != -1)
        close(s->pidfd);
    s->pidfd = -1;
    if (pid > 0)
        (void)waitpid(pid, NULL, 0);
    errno = saved;
    return false;
}

bool slot_send(struct slot *s, struct task *t, uint32_t id, uint32_t flags)
{
    size_t name_n = strnlen(t->path, WIRE_NAME_MAX);
    struct wire_job job = { .id = id, .flags = flags, .size = t->size, .name_n = (uint32_t)name_n };
    uint8_t head[WIRE_JOB_HEAD];
    struct iovec parts[2] = { { head, sizeof head }, { t->path, name_n } };
    union {
        char room[CMSG_SPACE(sizeof(int))];
        struct cmsghdr align;
    } control = { { 0 } };
    struct msghdr m = {
        .msg_iov = parts, .msg_iovlen = 2, .msg_control = &control, .msg_controllen = sizeof control
    };
    struct cmsghdr *c = CMSG_FIRSTHDR(&m);

    wire_put_job(head, &job);
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(c), &t->fd, sizeof t->fd);
    if (sendmsg(s->fd, &m, MSG_NOSIGNAL | MSG_DONTWAIT) != (ssize_t)(sizeof head + name_n))
        return false;
    if (s->n == 0)
        s->since_us = budget_now_us();
    s->jobs[s->n++] = (struct job){ t, id };
    t->state = TASK_SENT;
    return true;
}

enum slot_read slot_receive(struct slot *s)
{
    char some[READ_AT_ONCE];
    ssize_t got = recv(s->fd, some, sizeof some, MSG_DONTWAIT);

    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return SLOT_NOTHING;
    if (got <= 0 || !buf_add(&s->in, some, (size_t)got))
        return SLOT_ENDED;
    return SLOT_READ;
}

int slot_frame(const struct slot *s, uint32_t *id, struct span *body)
{
    struct span in = span_of(s->in.p, s->in.n), head;
    uint32_t n;

    if (!take(&in, WIRE_FRAME_HEAD, &head))
        return 0;
    if (!wire_take_frame(head, id, &n))
        return -1;
    return take(&in, n, body) ? 1 : 0;
}

void slot_frame_done(struct slot *s, struct span body)
{
    size_t n = WIRE_FRAME_HEAD + body.n;

    s->in.n -= n;
    memmove(s->in.p, s->in.p + n, s->in.n);
    if (s->in.n == 0 && s->in.size > KEEP)
        buf_free(&s->in);
}

struct task *slot_shift(struct slot *s)
{
    struct task *t = s->jobs[0].task;
    uint64_t now = budget_now_us();

    s->busy_us += now - s->since_us;
    s->since_us = now; /* the next one is begun */
    s->done++;
    s->n--;
    memmove(s->jobs, s->jobs + 1, s->n * sizeof s->jobs[0]);
    return t;
}
