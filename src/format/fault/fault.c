/*
 * A format that does what a parser which an attacker has taken over might do. A
 * file "PRATIQUE-FAULT crash" crashes the worker that reads it, and so on: see
 * faults[]. It exists in builds with -DPRATIQUE_FAULTS, so that the tests can
 * watch the lock-down hold; no other build contains it.
 */
#ifdef PRATIQUE_FAULTS
#include "format/fault/fault.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MAGIC   SPAN_LITERAL("PRATIQUE-FAULT ")
#define CHANNEL 0
#define CHUNK   ((size_t)16 * 1024 * 1024)

static bool looks_like(struct span in)
{
    return span_starts(in, MAGIC);
}

static void fault_crash(void)
{
    volatile char *nowhere = NULL;

    *nowhere = 1;
}

static void fault_hang(void)
{
    for (volatile unsigned n = 0;; n = n + 1)
        ;
}

/* Takes memory until there is no more; it is given back when the worker goes on. */
static void fault_memory(void)
{
    void *last = NULL, *p;

    while ((p = mmap(NULL, CHUNK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)) !=
           MAP_FAILED) {
        *(void **)p = last;
        last = p;
    }
    while (last) {
        p = last;
        last = *(void **)p;
        (void)munmap(p, CHUNK);
    }
}

static void fault_socket(void)
{
    (void)socket(AF_INET, SOCK_STREAM, 0);
}

static void fault_open(void)
{
    (void)syscall(SYS_openat, AT_FDCWD, "pratique-fault-was-here", O_WRONLY | O_CREAT, 0600);
}

static void fault_exec(void)
{
    char *const argv[] = { (char *)(uintptr_t) "touch",
                           (char *)(uintptr_t) "pratique-fault-was-here", NULL };

    (void)execve("/usr/bin/touch", argv, argv + 2);
}

static void fault_fork(void)
{
    (void)fork();
}

static void fault_nonsense(void)
{
    static const char text[] = "this is no answer, and long enough to be taken for a frame";

    (void)!write(CHANNEL, text, sizeof text);
    for (;;) /* what follows would be an answer */
        ;
}

static void fault_exit(void)
{
    _exit(0);
}

static unsigned deeper(unsigned n)
{
    volatile char frame[4096];

    frame[n % sizeof frame] = (char)n;
    if (n == UINT_MAX) /* the stack ends long before */
        return 0;
    return deeper(n + 1) + (unsigned char)frame[(n + 1) % sizeof frame];
}

static void fault_stack(void)
{
    (void)deeper(0);
}

static const struct {
    const char *name;
    void (*run)(void);
} faults[] = {
    { "crash", fault_crash },       { "hang", fault_hang }, { "memory", fault_memory },
    { "socket", fault_socket },     { "open", fault_open }, { "exec", fault_exec },
    { "nonsense", fault_nonsense }, { "exit", fault_exit }, { "stack", fault_stack },
    { "fork", fault_fork },
};

static enum pratique_status scan(struct scan *s, struct span in)
{
    (void)skip(&in, MAGIC.n);
    for (size_t i = 0; i < ARRAY_LEN(faults); i++)
        if (span_starts(in, span_text(faults[i].name))) {
            faults[i].run();
            return scan_fail(s, PRATIQUE_E_NOMEM, 0, "a planted fault: %s", faults[i].name);
        }
    return scan_fail(s, PRATIQUE_E_FORMAT, MAGIC.n, "no such fault");
}

const struct format format_fault = {
    .name = "fault",
    .spec = "src/format/fault/fault.c",
    .looks_like = looks_like,
    .scan = scan,
};
#endif
