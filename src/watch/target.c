/*
 * Reads what a watched process has: memory, links below /proc, descriptors. All that is read is
 * copied once; what is copied may have changed meanwhile, and nothing that holds the world
 * together depends on it.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "watch/keeper.h"

#define PAGE 4096u

bool target_read(pid_t tid, uint64_t address, void *to, size_t n)
{
    struct iovec here = { to, n }, there = { (void *)(uintptr_t)address, n };

    return n == 0 || process_vm_readv(tid, &here, 1, &there, 1, 0) == (ssize_t)n;
}

bool target_write(pid_t tid, uint64_t address, const void *from, size_t n)
{
    struct iovec here = { (void *)(uintptr_t)from, n }, there = { (void *)(uintptr_t)address, n };

    return process_vm_writev(tid, &here, 1, &there, 1, 0) == (ssize_t)n;
}

/* Page by page, since the text may end right before memory that is not there. */
bool target_text(pid_t tid, uint64_t address, char *to, size_t size)
{
    size_t have = 0;

    while (have + 1 < size) {
        size_t n = PAGE - (size_t)((address + have) % PAGE);

        n = n < size - 1 - have ? n : size - 1 - have;
        if (!target_read(tid, address + have, to + have, n))
            return false;
        if (memchr(to + have, '\0', n))
            return true;
        have += n;
    }
    to[size - 1] = '\0';
    return false;
}

/* A small file of /proc into to, NUL-terminated; its length, or -1. */
static ssize_t read_proc(pid_t pid, const char *what, char *to, size_t size)
{
    char path[64];
    ssize_t n;
    int fd;

    (void)snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, what);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd == -1)
        return -1;
    n = read(fd, to, size - 1);
    (void)close(fd);
    to[n > 0 ? n : 0] = '\0';
    return n;
}

/* The number behind a field of /proc/PID/status, or 0. */
static pid_t status_number(pid_t pid, const char *field)
{
    char text[2048];
    const char *at = read_proc(pid, "status", text, sizeof text) > 0 ? strstr(text, field) : NULL;

    return at ? (pid_t)strtol(at + strlen(field), NULL, 10) : 0;
}

pid_t target_process(pid_t tid)
{
    return status_number(tid, "\nTgid:");
}

pid_t target_parent(pid_t pid)
{
    return status_number(pid, "\nPPid:");
}

bool target_link(pid_t tid, const char *what, char *to, size_t size)
{
    char path[64];
    ssize_t n;

    (void)snprintf(path, sizeof path, "/proc/%d/%s", (int)tid, what);
    n = readlink(path, to, size - 1);
    to[n > 0 ? n : 0] = '\0';
    return n > 0;
}

uint64_t target_work_ns(pid_t pid)
{
    struct timespec t;
    clockid_t clock;

    return clock_getcpuclockid(pid, &clock) == 0 && clock_gettime(clock, &t) == 0 ? drift_ns_of(&t)
                                                                                  : 0;
}

/* A mask behind a field of /proc/PID/status. */
static uint64_t mask_of(const char *status, const char *field)
{
    const char *at = strstr(status, field);

    return at ? strtoull(at + strlen(field), NULL, 16) : 0;
}

uint64_t target_signals(pid_t tid, uint64_t set)
{
    char text[2048];
    uint64_t there;

    if (read_proc(tid, "status", text, sizeof text) <= 0)
        return 0;
    there = mask_of(text, "\nSigPnd:") | mask_of(text, "\nShdPnd:");
    return there & (set ? set : ~mask_of(text, "\nSigBlk:"));
}

pid_t target_pidfd(pid_t tid, int fd)
{
    char what[32], text[512];
    const char *at;

    (void)snprintf(what, sizeof what, "fdinfo/%d", fd);
    at = read_proc(tid, what, text, sizeof text) > 0 ? strstr(text, "\nPid:") : NULL;
    return at ? (pid_t)strtol(at + strlen("\nPid:"), NULL, 10) : 0;
}

bool target_call(pid_t tid, int *nr, uint64_t *first)
{
    char text[256];
    unsigned long long argument;

    if (read_proc(tid, "syscall", text, sizeof text) <= 0 ||
        sscanf(text, "%d 0x%llx", nr, &argument) != 2)
        return false;
    *first = argument;
    return true;
}

/* pidfd_open(2) takes a process; a thread's descriptors are nearly always its process's. */
int target_descriptor(pid_t tid, int fd)
{
    pid_t pid = target_process(tid);
    int pidfd = pid ? (int)syscall(SYS_pidfd_open, pid, 0) : -1, copy;

    if (pidfd == -1)
        return -1;
    copy = (int)syscall(SYS_pidfd_getfd, pidfd, fd, 0);
    (void)close(pidfd);
    return copy;
}

ssize_t target_arguments(pid_t pid, char *to, size_t size)
{
    char path[64];
    size_t at = 0;
    ssize_t n = 1;
    int fd;

    (void)snprintf(path, sizeof path, "/proc/%d/cmdline", (int)pid);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd == -1)
        return -1;
    while (n > 0 && at < size - 1) {
        n = read(fd, to + at, size - 1 - at);
        at += n > 0 ? (size_t)n : 0;
    }
    (void)close(fd);
    return n < 0 ? -1 : (ssize_t)at;
}

void target_command(pid_t pid, char *to, size_t size)
{
    ssize_t n = read_proc(pid, "cmdline", to, size);

    if (n <= 0) {
        n = read_proc(pid, "comm", to, size);
        n -= n > 0; /* its newline */
    }
    while (n > 0 && to[n - 1] == '\0')
        n--;
    for (ssize_t i = 0; i < n; i++)
        to[i] = to[i] ? to[i] : ' ';
    to[n > 0 ? n : 0] = '\0';
}
