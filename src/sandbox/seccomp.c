/*
 * The system calls that a locked process may make: seccomp-BPF (seccomp(2),
 * Documentation/userspace-api/seccomp_filter.rst), an allow-list. Anything else,
 * any other architecture's numbers and the x32 ones kill the process.
 *
 * It may compute, map private memory that is never executable, and end, also by
 * abort(3). A parser may read descriptors that it was handed and talk over
 * SANDBOX_CHANNEL; a server may use Internet sockets.
 * Builds with a sanitizer may do a little more, so that it can report and unwind:
 * see sanitizer[].
 */
#include "sandbox/sandbox.h"

#include <errno.h>
#include <linux/audit.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sandbox/bpf.h"

#if defined(__x86_64__)
#define ARCH_HERE AUDIT_ARCH_X86_64
#define X32_BIT   0x40000000u
#elif defined(__aarch64__)
#define ARCH_HERE AUDIT_ARCH_AARCH64
#else
#error "no system call filter for this architecture"
#endif

/* What a call's argument must be for the call to pass. */
enum test {
    ANY,
    EQUALS,      /* low half of the argument == value: descriptors and ids are ints */
    NONE_OF,     /* no bit of value is set */
    FAILS,       /* the call returns the error in value */
    PRIVATE_MAP, /* mmap: plain private memory or file, never executable */
};

struct call {
    int nr;
    enum test test;
    unsigned arg;
    uint32_t value;
};

/*
 * Of mmap's flags: shared, private, or both; and two kinds of memory that
 * RLIMIT_DATA does not count, or not in full.
 */
#define MAP_WATCHED (MAP_SHARED | MAP_PRIVATE | MAP_GROWSDOWN | MAP_HUGETLB)

static const struct call common[] = {
    { SYS_close, ANY, 0, 0 },
    { SYS_mmap, PRIVATE_MAP, 0, 0 },
    { SYS_munmap, ANY, 0, 0 },
    { SYS_brk, ANY, 0, 0 },
    { SYS_madvise, ANY, 0, 0 },
    { SYS_mremap, ANY, 0, 0 },
    { SYS_mprotect, NONE_OF, 2, PROT_EXEC },
    { SYS_futex, ANY, 0, 0 },
    { SYS_clock_gettime, ANY, 0, 0 },
    { SYS_getrandom, ANY, 0, 0 },
    { SYS_rt_sigreturn, ANY, 0, 0 },
    { SYS_exit_group, ANY, 0, 0 },
    /* abort(3): it tells standard error, unblocks SIGABRT and sends it to itself. */
    { SYS_writev, FAILS, 0, EBADF },
    { SYS_rt_sigprocmask, ANY, 0, 0 },
    { SYS_getpid, ANY, 0, 0 },
    { SYS_gettid, ANY, 0, 0 },
};

static const struct call parser[] = {
    { SYS_recvmsg, EQUALS, 0, SANDBOX_CHANNEL },
    { SYS_write, EQUALS, 0, SANDBOX_CHANNEL },
    { SYS_pread64, ANY, 0, 0 },
};

static const struct call server[] = {
    { SYS_socket, EQUALS, 0, AF_INET },
    { SYS_socket, EQUALS, 0, AF_INET6 },
    { SYS_bind, ANY, 0, 0 },
    { SYS_listen, ANY, 0, 0 },
    { SYS_accept4, ANY, 0, 0 },
    { SYS_getsockname, ANY, 0, 0 },
    { SYS_getsockopt, EQUALS, 2, SO_MEMINFO },
    { SYS_setsockopt, ANY, 0, 0 },
    { SYS_shutdown, ANY, 0, 0 },
    { SYS_recvfrom, ANY, 0, 0 },
    { SYS_recvmsg, ANY, 0, 0 },
    { SYS_sendto, ANY, 0, 0 },
    { SYS_sendmsg, ANY, 0, 0 },
    { SYS_epoll_create1, ANY, 0, 0 },
    { SYS_epoll_ctl, ANY, 0, 0 },
    { SYS_epoll_pwait, ANY, 0, 0 },
#ifdef SYS_epoll_wait
    { SYS_epoll_wait, ANY, 0, 0 },
#endif
};

#if SANDBOX_SANITIZED
static const struct call sanitizer[] = {
    { SYS_write, EQUALS, 0, STDERR_FILENO }, { SYS_sigaltstack, ANY, 0, 0 },
    { SYS_rt_sigaction, ANY, 0, 0 },         { SYS_sched_yield, ANY, 0, 0 },
    { SYS_openat, FAILS, 0, ENOENT }, /* it would like to read about itself */
    { SYS_readlinkat, FAILS, 0, ENOENT },
#ifdef SYS_open
    { SYS_open, FAILS, 0, ENOENT },          { SYS_readlink, FAILS, 0, ENOENT },
#endif
};
#endif

/* The code behind the comparison of the call's number; leaves the number in the accumulator. */
static void emit_test(struct program *p, const struct call *c)
{
    switch (c->test) {
    case ANY:
        emit_return(p, SECCOMP_RET_ALLOW);
        break;
    case FAILS:
        emit_return(p, SECCOMP_RET_ERRNO | (c->value & SECCOMP_RET_DATA));
        break;
    case EQUALS:
        emit_load_arg(p, c->arg);
        emit(p, BPF_JMP | BPF_JEQ | BPF_K, c->value, 0, 1);
        emit_return(p, SECCOMP_RET_ALLOW);
        emit_load(p, FIELD(nr)); /* another row may allow another value */
        break;
    case NONE_OF:
        emit_load_arg(p, c->arg);
        emit(p, BPF_JMP | BPF_JSET | BPF_K, c->value, 1, 0);
        emit_return(p, SECCOMP_RET_ALLOW);
        emit_load(p, FIELD(nr));
        break;
    case PRIVATE_MAP:
        emit_load_arg(p, 2);
        emit(p, BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 4, 0);
        emit_load_arg(p, 3);
        emit(p, BPF_ALU | BPF_AND | BPF_K, MAP_WATCHED, 0, 0);
        emit(p, BPF_JMP | BPF_JEQ | BPF_K, MAP_PRIVATE, 0, 1);
        emit_return(p, SECCOMP_RET_ALLOW);
        emit_load(p, FIELD(nr));
        break;
    }
}

static void emit_call(struct program *p, const struct call *c)
{
    unsigned short at = p->n;

    emit(p, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)c->nr, 0, 0);
    emit_test(p, c);
    p->code[at].jf = (uint8_t)(p->n - at - 1);
}

static void emit_head(struct program *p)
{
    emit_load(p, FIELD(arch));
    emit(p, BPF_JMP | BPF_JEQ | BPF_K, ARCH_HERE, 1, 0);
    emit_return(p, SECCOMP_RET_KILL_PROCESS);
    emit_load(p, FIELD(nr));
#ifdef X32_BIT
    emit(p, BPF_JMP | BPF_JGE | BPF_K, X32_BIT, 0, 1);
    emit_return(p, SECCOMP_RET_KILL_PROCESS);
#endif
}

static void emit_calls(struct program *p, const struct call *calls, size_t n)
{
    for (size_t i = 0; i < n; i++)
        emit_call(p, &calls[i]);
}

static void build(struct program *p, const struct call *own, size_t own_n)
{
    const struct call kill_self = { SYS_tgkill, EQUALS, 0, (uint32_t)getpid() };

    p->n = 0;
    emit_head(p);
    emit_calls(p, own, own_n);
    emit_calls(p, common, ARRAY_LEN(common));
    emit_call(p, &kill_self);
#if SANDBOX_SANITIZED
    emit_calls(p, sanitizer, ARRAY_LEN(sanitizer));
#endif
    emit_return(p, SECCOMP_RET_KILL_PROCESS);
}

/* Installs the filter that allows own, and what all need. */
static void install(struct sandbox_layer *layer, const struct call *own, size_t own_n)
{
    struct program p;
    struct sock_fprog prog = { .filter = p.code };

    build(&p, own, own_n);
    prog.len = p.n;
    if (p.n == ARRAY_LEN(p.code)) /* it may have been cut: never install half a filter */
        sandbox_set(layer, false, "the filter is too long");
    else if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &prog) != 0)
        sandbox_set(layer, false, "%s",
                    errno == ENOSYS || errno == EINVAL ? "the kernel has no seccomp filters"
                                                       : strerror(errno));
    else
        sandbox_set(layer, true, "allow-list of %zu calls%s", own_n + ARRAY_LEN(common) + 1,
                    SANDBOX_SANITIZED ? ", and those of a sanitizer" : "");
}

void sandbox_seccomp(struct sandbox_layer *layer)
{
    install(layer, parser, ARRAY_LEN(parser));
}

void sandbox_seccomp_server(struct sandbox_layer *layer)
{
    install(layer, server, ARRAY_LEN(server));
}
