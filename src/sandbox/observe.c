/*
 * The filter of observed.def: seccomp-BPF (seccomp(2), seccomp_unotify(2)). A binary search
 * for the call's number, then the rows of that call; everything else passes.
 */
#include "sandbox/observe.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sandbox/bpf.h"

/* Calls that are younger than some systems' headers; one number for every architecture. */
#ifndef SYS_futex_waitv
#define SYS_futex_waitv 449
#endif
#ifndef SYS_fchmodat2
#define SYS_fchmodat2 452
#endif
#ifndef SYS_futex_wait
#define SYS_futex_wait 455
#endif
#ifndef SYS_setxattrat
#define SYS_setxattrat 463
#endif
#ifndef SYS_removexattrat
#define SYS_removexattrat 466
#endif
#ifndef SYS_file_setattr
#define SYS_file_setattr 469
#endif
#ifndef SYS_open_tree_attr
#define SYS_open_tree_attr 467
#endif
#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1ul << 5)
#endif
#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x80
#endif

#define CLONE_NEW_ANY                                                                              \
    (CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID |  \
     CLONE_NEWNET)
#define O_TMPFILE_BIT  (O_TMPFILE & ~O_DIRECTORY)
#define TIOCLINUX_CALL 0x541C
/* linux/futex.h */
#define FUTEX_COMMANDS 0x7fu
#define WAIT           0u
#define WAIT_BITSET    9u

enum test { ANY, BITS, EQUALS, AT_LEAST, POINTER, TIMED_WAIT, ODD_SOCKET };
enum action { NOTIFY, WEAK, ERRNO_ENOSYS, ERRNO_EINVAL, ERRNO_EPERM };

struct row {
    int nr;
    enum observed_kind kind;
    enum test test;
    unsigned arg;
    uint32_t value;
    enum action action;
    const char *name;
};

static const struct row rows[] = {
#define OBSERVED(call, kind, test, arg, value, action)                                             \
    { SYS_##call, OBSERVED_##kind, test, arg, (uint32_t)(value), action, #call },
#include "sandbox/observed.def"
#undef OBSERVED
};

static const struct row *find(uint32_t arch, int nr)
{
    for (size_t i = 0; arch == OBSERVED_ARCH && i < ARRAY_LEN(rows); i++)
        if (rows[i].nr == nr)
            return &rows[i];
    return NULL;
}

const char *observed_name(uint32_t arch, int nr)
{
    const struct row *row = find(arch, nr);

    return row ? row->name : "?";
}

enum observed_kind observed_kind(uint32_t arch, int nr)
{
    const struct row *row = find(arch, nr);

    return row ? row->kind : OBSERVED_NONE;
}

bool observed_may_continue(enum observed_kind kind, bool weak)
{
    switch (kind) {
    case OBSERVED_NONE:
    case OBSERVED_HOOK:
    case OBSERVED_SEAL:
    case OBSERVED_INTRUDE:
    case OBSERVED_BYPASS:
    case OBSERVED_ESCAPE:
    case OBSERVED_KERNEL:
        return false;
    case OBSERVED_SIGNAL:
    case OBSERVED_NETWORK:
    case OBSERVED_ATTRIBUTE:
        return !weak;
    case OBSERVED_EXEC:
    case OBSERVED_PROCESS:
    case OBSERVED_FILE:
    case OBSERVED_SLEEP:
        return true;
    }
    return false;
}

/* ---- the program ---- */

static void emit_jump(struct program *p, uint16_t test, uint32_t k, uint8_t yes, uint8_t no)
{
    emit(p, BPF_JMP | test | BPF_K, k, yes, no);
}

static uint32_t verdict(enum action action)
{
    switch (action) {
    case ERRNO_ENOSYS:
        return SECCOMP_RET_ERRNO | ENOSYS;
    case ERRNO_EINVAL:
        return SECCOMP_RET_ERRNO | EINVAL;
    case ERRNO_EPERM:
        return SECCOMP_RET_ERRNO | EPERM;
    case NOTIFY:
    case WEAK:
        break;
    }
    return SECCOMP_RET_USER_NOTIF;
}

/* Goes on at the next instruction where the argument is a pointer, past it where it is 0. */
static void emit_pointer(struct program *p, unsigned arg)
{
    emit_load_arg(p, arg);
    emit_jump(p, BPF_JEQ, 0, 0, 2);
    emit_load(p, FIELD(args) + 8 * arg + 4);
    emit_jump(p, BPF_JEQ, 0, 1, 0);
}

static void emit_timed_wait(struct program *p)
{
    emit_load_arg(p, 1);
    emit(p, BPF_ALU | BPF_AND | BPF_K, FUTEX_COMMANDS, 0, 0);
    emit_jump(p, BPF_JEQ, WAIT, 1, 0);
    emit_jump(p, BPF_JEQ, WAIT_BITSET, 0, 5); /* past emit_pointer() and the verdict */
    emit_pointer(p, 3);
}

static void emit_odd_socket(struct program *p)
{
    emit_load_arg(p, 0);
    emit_jump(p, BPF_JEQ, AF_INET, 5, 0); /* to the protocol */
    emit_jump(p, BPF_JEQ, AF_INET6, 4, 0);
    emit_jump(p, BPF_JEQ, AF_UNIX, 11, 0);    /* to its type */
    emit_jump(p, BPF_JEQ, AF_NETLINK, 0, 14); /* else to the verdict */
    emit_load_arg(p, 2);
    emit_jump(p, BPF_JEQ, 0, 13, 12); /* NETLINK_ROUTE: past the verdict */
    emit_load_arg(p, 2);
    emit_jump(p, BPF_JEQ, 0, 2, 0);
    emit_jump(p, BPF_JEQ, IPPROTO_TCP, 1, 0);
    emit_jump(p, BPF_JEQ, IPPROTO_UDP, 0, 8);
    emit_load_arg(p, 1);
    emit(p, BPF_ALU | BPF_AND | BPF_K, 0xf, 0, 0);
    emit_jump(p, BPF_JEQ, SOCK_STREAM, 6, 0);
    emit_jump(p, BPF_JEQ, SOCK_DGRAM, 5, 4);
    emit_load_arg(p, 1);
    emit(p, BPF_ALU | BPF_AND | BPF_K, 0xf, 0, 0);
    emit_jump(p, BPF_JEQ, SOCK_RAW, 1, 0);
    emit_jump(p, BPF_JEQ, SOCK_PACKET, 0, 1);
}

/* One row: falls out of its end when the test misses. */
static void emit_row(struct program *p, const struct row *row)
{
    switch (row->test) {
    case ANY:
        break;
    case BITS:
        emit_load_arg(p, row->arg);
        emit_jump(p, BPF_JSET, row->value, 0, 1);
        break;
    case EQUALS:
        emit_load_arg(p, row->arg);
        emit_jump(p, BPF_JEQ, row->value, 0, 1);
        break;
    case AT_LEAST:
        emit_load_arg(p, row->arg);
        emit_jump(p, BPF_JGE, row->value, 0, 2);
        emit_jump(p, BPF_JSET, 0x80000000u, 1, 0);
        break;
    case POINTER:
        emit_pointer(p, row->arg);
        break;
    case TIMED_WAIT:
        emit_timed_wait(p);
        break;
    case ODD_SOCKET:
        emit_odd_socket(p);
        break;
    }
    emit_return(p, verdict(row->action));
}

/* Rows of one call, or of many: from order[0] on, n of them, by number. */
static void emit_rows(struct program *p, const struct row *const *order, size_t n)
{
    emit_jump(p, BPF_JEQ, (uint32_t)order[0]->nr, 1, 0);
    emit_return(p, SECCOMP_RET_ALLOW);
    for (size_t i = 0; i < n; i++)
        emit_row(p, order[i]);
    emit_return(p, SECCOMP_RET_ALLOW);
}

/* The number is in the accumulator. A jump across a half may be longer than a test's reach. */
static void emit_search(struct program *p, const struct row *const *order, size_t n)
{
    size_t mid = n / 2;
    unsigned short at;

    while (mid > 0 && order[mid - 1]->nr == order[mid]->nr)
        mid--;
    if (mid == 0)
        for (mid = n / 2; mid < n && order[mid]->nr == order[0]->nr;)
            mid++;
    if (mid == n) {
        emit_rows(p, order, n);
        return;
    }
    emit_jump(p, BPF_JGE, (uint32_t)order[mid]->nr, 0, 1);
    at = p->n;
    emit(p, BPF_JMP | BPF_JA, 0, 0, 0);
    emit_search(p, order, mid);
    p->code[at].k = (uint32_t)(p->n - at - 1);
    emit_search(p, order + mid, n - mid);
}

/* The rows that count, by number; those of one call keep their order. */
static size_t sort(const struct row **order, bool weak)
{
    size_t n = 0;

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        size_t at = n;

        if (rows[i].action == WEAK && !weak)
            continue;
        for (; at > 0 && order[at - 1]->nr > rows[i].nr; at--)
            order[at] = order[at - 1];
        order[at] = &rows[i];
        n++;
    }
    return n;
}

static void build(struct program *p, bool weak)
{
    const struct row *order[ARRAY_LEN(rows)];
    size_t n = sort(order, weak);

    p->n = 0;
    emit_load(p, FIELD(arch));
    emit_jump(p, BPF_JEQ, OBSERVED_ARCH, 1, 0);
    emit_return(p, SECCOMP_RET_USER_NOTIF); /* no row tells its numbers */
    emit_load(p, FIELD(nr));
    if (OBSERVED_X32) {
        emit_jump(p, BPF_JSET, OBSERVED_X32, 0, 1);
        emit_return(p, SECCOMP_RET_USER_NOTIF);
    }
    emit_search(p, order, n);
}

static int install(const struct sock_fprog *prog, unsigned long flags)
{
    return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
                        SECCOMP_FILTER_FLAG_NEW_LISTENER | flags, prog);
}

int observe_install(bool weak)
{
    struct program p;
    struct sock_fprog prog = { .filter = p.code };
    int fd;

    build(&p, weak);
    prog.len = p.n;
    if (p.n == ARRAY_LEN(p.code)) { /* it may have been cut: never install half a filter */
        errno = E2BIG;
        return -1;
    }
    fd = install(&prog, SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV);
    return fd == -1 && errno == EINVAL ? install(&prog, 0) : fd;
}
