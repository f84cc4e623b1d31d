/*
 * What the supervisor of a world hears of: the rows of observed.def, as a seccomp filter and
 * as a table to look calls up in. What is done about a call is not said here.
 *
 * A notification of another architecture's call (data.arch is not OBSERVED_ARCH: int 0x80) or
 * of an x32 one (data.nr has OBSERVED_X32) has no row: answer ENOSYS, or kill.
 */
#ifndef PRATIQUE_SANDBOX_OBSERVE_H
#define PRATIQUE_SANDBOX_OBSERVE_H

#include <linux/audit.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"

#if defined(__x86_64__)
#define OBSERVED_ARCH AUDIT_ARCH_X86_64
#define OBSERVED_X32  0x40000000u
#elif defined(__aarch64__)
#define OBSERVED_ARCH AUDIT_ARCH_AARCH64
#define OBSERVED_X32  0u
#else
#error "no system call filter for this architecture"
#endif

/* The first argument of the prctl(2) by which a watched process talks to its supervisor. */
#define WORLD_CALL 0x50525451

/* Waits with a timeout in a register are heard of from here on. */
#define OBSERVED_LONG_MS 50

enum observed_kind {
    OBSERVED_NONE,    /* no row */
    OBSERVED_EXEC,    /* a program is run */
    OBSERVED_PROCESS, /* a process goes its own way */
    OBSERVED_SIGNAL,
    OBSERVED_NETWORK,
    OBSERVED_FILE,      /* something is written, or may be */
    OBSERVED_ATTRIBUTE, /* a file's mode, size, owner, times */
    OBSERVED_SLEEP,     /* a wait that may be long */
    OBSERVED_HOOK,      /* WORLD_CALL */
    OBSERVED_SEAL,      /* seccomp filters: never heard of, refused at once */
    OBSERVED_INTRUDE,   /* memory and descriptors of other processes */
    OBSERVED_BYPASS,    /* io_uring: to be refused (ENOSYS), it goes round the filter */
    OBSERVED_ESCAPE,    /* namespaces, mounts: to be refused */
    OBSERVED_KERNEL,    /* the machine: to be refused */
};

/* "openat"; "?" where the table has no such call. nr and arch as in struct seccomp_data. */
const char *observed_name(uint32_t arch, int nr);
enum observed_kind observed_kind(uint32_t arch, int nr);

/*
 * Whether a call of the kind may be let go on (SECCOMP_USER_NOTIF_FLAG_CONTINUE) without harm,
 * whatever the memory that it names holds by then. What is not: in any world io_uring,
 * namespaces and mounts, the kernel's own, other processes' memory, foreign calls. In a weak
 * one (world.h) also the network: the supervisor makes the socket, connects and sends itself;
 * signals: their registers say whom they reach; and attributes: best answered with 0, undone.
 */
bool observed_may_continue(enum observed_kind kind, bool weak);

/*
 * Puts the filter on the calling thread, which has no-new-privs, and returns its listener, or
 * -1 with errno. weak: also what the rows marked WEAK say.
 *
 * SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (Linux 5.19) is asked for: once the supervisor holds
 * a notification only a deadly signal takes it away. Without the flag every signal does, and
 * the call is made, and heard of, a second time, whatever was done about the first: an event
 * too many, or a connection made twice. What is left with it: a signal that comes before the
 * supervisor has fetched the notification, and whose handler lacks SA_RESTART, ends the call
 * with EINTR, as it may with any call that can wait. On an older kernel it goes without.
 */
int observe_install(bool weak) MUST_CHECK;

#endif
