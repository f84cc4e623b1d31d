/*
 * Runs a command and writes what its processes tell by prctl(HOOK_CALL) to a file: the least
 * supervisor that the hook can be tested with. A record is a line: pid, operation, and the
 * bytes with NUL written as "|" and control characters as "?".
 *
 *   hear FILE COMMAND...      the exit status is the command's
 *
 * HEAR_AHEAD_NS in the environment moves the clocks of every program by as much.
 */
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "watch/hook/protocol.h"

__attribute__((noreturn)) static void die(const char *what)
{
    perror(what);
    exit(125);
}

static int listener(void)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_prctl, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[0])),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, HOOK_CALL, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = { sizeof code / sizeof *code, code };

    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        die("no-new-privs");
    return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER,
                        &program);
}

/* The descriptor table is shared until execve, which also closes the listener here. */
static void run(int to, char **argv)
{
    int fd = listener();

    if (fd == -1 || write(to, &fd, sizeof fd) != sizeof fd)
        die("listener");
    execvp(*argv, argv);
    die(*argv);
}

static void print(FILE *out, unsigned pid, uint64_t op, const char *bytes, size_t n)
{
    (void)fprintf(out, "%u %u ", pid, (unsigned)op);
    for (size_t i = 0; i < n; i++)
        (void)fputc(bytes[i] == '\0' ? '|' : (unsigned char)bytes[i] < 0x20 ? '?' : bytes[i], out);
    (void)fputc('\n', out);
}

/* What a supervisor does with HOOK_CLOCK. */
static void set_clock(pid_t pid, const char *record)
{
    const char *ahead = getenv("HEAR_AHEAD_NS");
    uint64_t address, ns = ahead ? strtoull(ahead, NULL, 10) : 0;
    struct hook_clock c;
    struct iovec here = { &c, sizeof c }, there = { NULL, sizeof c };

    memcpy(&address, record, sizeof address);
    there.iov_base = (void *)(uintptr_t)address;
    if (process_vm_readv(pid, &here, 1, &there, 1, 0) != (ssize_t)sizeof c ||
        c.magic != HOOK_CLOCK_MAGIC || c.ahead_ns != 0)
        die("the clock");
    c.ahead_ns = ns;
    if (process_vm_writev(pid, &here, 1, &there, 1, 0) != (ssize_t)sizeof c)
        die("the clock");
}

static void hear(FILE *out, int fd)
{
    static char bytes[HOOK_RECORD_MAX];
    struct seccomp_notif n = { 0 };
    struct seccomp_notif_resp r = { 0 };
    struct iovec to, from;

    if (ioctl(fd, SECCOMP_IOCTL_NOTIF_RECV, &n) != 0)
        return;
    from.iov_base = (void *)(uintptr_t)n.data.args[2];
    from.iov_len = to.iov_len = n.data.args[3] < sizeof bytes ? n.data.args[3] : sizeof bytes;
    to.iov_base = bytes;
    if (process_vm_readv((pid_t)n.pid, &to, 1, &from, 1, 0) == (ssize_t)to.iov_len)
        print(out, n.pid, n.data.args[1], bytes, to.iov_len);
    if (n.data.args[1] == HOOK_CLOCK && to.iov_len == sizeof(uint64_t))
        set_clock((pid_t)n.pid, bytes);
    r.id = n.id;
    (void)ioctl(fd, SECCOMP_IOCTL_NOTIF_SEND, &r);
}

static void serve(FILE *out, int fd)
{
    struct pollfd p = { .fd = fd, .events = POLLIN };

    while (poll(&p, 1, -1) >= 0 || errno == EINTR) {
        if (p.revents & POLLIN)
            hear(out, fd);
        else if (p.revents & (POLLHUP | POLLERR))
            return;
    }
}

int main(int argc, char **argv)
{
    FILE *out = argc > 2 ? fopen(argv[1], "we") : NULL;
    int ends[2], fd, status;
    pid_t child;

    if (!out || pipe(ends) != 0)
        die("hear FILE COMMAND...");
    child = (pid_t)syscall(SYS_clone, CLONE_FILES | SIGCHLD, 0, 0, 0, 0);
    if (child == 0)
        run(ends[1], argv + 2);
    if (child == -1 || read(ends[0], &fd, sizeof fd) != sizeof fd)
        die("start");
    serve(out, fd);
    if (fclose(out) != 0 || waitpid(child, &status, 0) != child)
        die("end");
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
