/*
 * What a process gives up that speaks to the network by a library which is not ours: see
 * sandbox.h. It loads, resolves names and starts threads, so what it may do cannot be listed; what
 * it must not do is: write files (Landlock, and a limit of zero bytes to each), start programs and
 * processes, look into others, make sockets of other kinds.
 */
#include <errno.h>
#include <linux/audit.h>
#include <sched.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sandbox/bpf.h"
#include "sandbox/sandbox.h"

#if defined(__x86_64__)
#define ARCH_HERE AUDIT_ARCH_X86_64
#define X32_BIT   0x40000000u
#elif defined(__aarch64__)
#define ARCH_HERE AUDIT_ARCH_AARCH64
#endif

static const int refused[] = {
    SYS_execve,      SYS_execveat,     SYS_ptrace,          SYS_process_vm_readv,
    SYS_pidfd_getfd, SYS_kill,         SYS_tkill,           SYS_process_vm_writev,
    SYS_listen,      SYS_accept,       SYS_accept4,         SYS_pidfd_send_signal,
    SYS_mount,       SYS_umount2,      SYS_unshare,         SYS_setns,
    SYS_chroot,      SYS_bpf,          SYS_userfaultfd,     SYS_perf_event_open,
    SYS_keyctl,      SYS_add_key,      SYS_request_key,     SYS_io_uring_setup,
    SYS_init_module, SYS_finit_module, SYS_kexec_load,      SYS_open_by_handle_at,
    SYS_shmget,      SYS_msgget,       SYS_rt_sigqueueinfo,
#ifdef SYS_fork
    SYS_fork,        SYS_vfork,
#endif
};

static const uint32_t families[] = { AF_INET, AF_INET6, AF_UNIX, AF_NETLINK };

static void emit_refuse_if(struct program *p, int nr)
{
    emit(p, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)nr, 0, 1);
    emit_return(p, SECCOMP_RET_ERRNO | EPERM);
}

/* Sockets of the families that reach hosts and resolve names; others are refused. */
static void emit_socket(struct program *p)
{
    unsigned short at = p->n;

    emit(p, BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 0);
    emit_load_arg(p, 0);
    for (size_t i = 0; i < ARRAY_LEN(families); i++) {
        emit(p, BPF_JMP | BPF_JEQ | BPF_K, families[i], 0, 1);
        emit_return(p, SECCOMP_RET_ALLOW);
    }
    emit_return(p, SECCOMP_RET_ERRNO | EAFNOSUPPORT);
    p->code[at].jf = (uint8_t)(p->n - at - 1);
}

/* Threads, and no processes. clone3()'s flags lie in memory: the C library falls back to clone. */
static void emit_clone(struct program *p)
{
    emit(p, BPF_JMP | BPF_JEQ | BPF_K, SYS_clone3, 0, 1);
    emit_return(p, SECCOMP_RET_ERRNO | ENOSYS);
    emit(p, BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 4);
    emit_load_arg(p, 0);
    emit(p, BPF_JMP | BPF_JSET | BPF_K, CLONE_THREAD, 0, 1);
    emit_return(p, SECCOMP_RET_ALLOW);
    emit_return(p, SECCOMP_RET_ERRNO | EPERM);
}

static bool filter_calls(void)
{
    struct program p = { .n = 0 };
    struct sock_fprog prog = { .filter = p.code };

    emit_load(&p, FIELD(arch));
    emit(&p, BPF_JMP | BPF_JEQ | BPF_K, ARCH_HERE, 1, 0);
    emit_return(&p, SECCOMP_RET_KILL_PROCESS);
    emit_load(&p, FIELD(nr));
#ifdef X32_BIT
    emit(&p, BPF_JMP | BPF_JGE | BPF_K, X32_BIT, 0, 1);
    emit_return(&p, SECCOMP_RET_KILL_PROCESS);
#endif
    for (size_t i = 0; i < ARRAY_LEN(refused); i++)
        emit_refuse_if(&p, refused[i]);
    emit_socket(&p);
    emit_clone(&p);
    emit_return(&p, SECCOMP_RET_ALLOW);
    prog.len = p.n;
    return p.n < ARRAY_LEN(p.code) && syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &prog) == 0;
}

const char *sandbox_lock_client(int parent, const struct sandbox_grant *grants, size_t n,
                                const struct sandbox_limits *limits)
{
    struct sandbox_layer privileges;
    bool bounded;

    sandbox_privileges(&privileges, parent);
    if (!privileges.active)
        return "its privileges cannot be given up";
    if (sandbox_landlock_abi() >= 1 && !sandbox_landlock_grants(grants, n))
        return "Landlock refuses the folders it is told";
    bounded = sandbox_limit(RLIMIT_CORE, 0, 0) && sandbox_limit(RLIMIT_FSIZE, 0, 0) &&
              sandbox_limit(RLIMIT_NOFILE, limits->descriptors, limits->descriptors);
    if (bounded && limits->memory_bytes && !SANDBOX_SANITIZED)
        bounded = sandbox_limit(RLIMIT_DATA, limits->memory_bytes, limits->memory_bytes);
    if (!bounded)
        return "its limits cannot be set";
    return filter_calls() ? NULL : "the kernel has no seccomp filters";
}
