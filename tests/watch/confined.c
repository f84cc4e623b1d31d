/*
 * Runs a command as docker's default profile would let it run, of what matters to a watch:
 * without CAP_SYS_ADMIN and its like, no namespaces, no mounts, no pidfd_getfd(2). Facts from
 * https://docs.docker.com/engine/security/seccomp/ and moby's profiles/seccomp/default.json.
 *
 *   confined COMMAND [ARGUMENT...]    the exit status is the command's
 */
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/compiler.h"

#define CALL(nr, action)                                                                           \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, nr, 0, 1), BPF_STMT(BPF_RET | BPF_K, action)
#define NO (SECCOMP_RET_ERRNO | 1) /* EPERM */
#define NEW                                                                                        \
    (CLONE_NEWNS | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS |     \
     CLONE_NEWCGROUP)
#define ENOSYS_NUMBER 38

/* What docker gives to root: chown, dac_override, fowner, fsetid, kill, setgid, setuid, setpcap,
 * net_bind_service, net_raw, sys_chroot, mknod, audit_write, setfcap. */
static const uint64_t kept =
    1ull << CAP_CHOWN | 1ull << CAP_DAC_OVERRIDE | 1ull << CAP_FOWNER | 1ull << CAP_FSETID |
    1ull << CAP_KILL | 1ull << CAP_SETGID | 1ull << CAP_SETUID | 1ull << CAP_SETPCAP |
    1ull << CAP_NET_BIND_SERVICE | 1ull << CAP_NET_RAW | 1ull << CAP_SYS_CHROOT |
    1ull << CAP_MKNOD | 1ull << CAP_AUDIT_WRITE | 1ull << CAP_SETFCAP;

static void die(const char *what)
{
    perror(what);
    exit(125);
}

static void drop_capabilities(void)
{
    struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
    struct __user_cap_data_struct caps[_LINUX_CAPABILITY_U32S_3];

    for (unsigned long cap = 0; prctl(PR_CAPBSET_READ, cap, 0, 0, 0) >= 0; cap++)
        if (!(kept >> cap & 1))
            (void)prctl(PR_CAPBSET_DROP, cap, 0, 0, 0); /* an ordinary user has none to lose */
    if (syscall(SYS_capget, &head, caps) != 0)
        die("capget");
    for (unsigned i = 0; i < 2; i++) {
        caps[i].effective &= (uint32_t)(kept >> 32 * i);
        caps[i].permitted &= (uint32_t)(kept >> 32 * i);
        caps[i].inheritable = 0;
    }
    if (syscall(SYS_capset, &head, caps) != 0)
        die("capset");
}

static void filter(void)
{
    static struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        CALL(SYS_unshare, NO),
        CALL(SYS_setns, NO),
        CALL(SYS_mount, NO),
        CALL(SYS_umount2, NO),
        CALL(SYS_pivot_root, NO),
        CALL(SYS_move_mount, NO),
        CALL(SYS_open_tree, NO),
        CALL(SYS_fsopen, NO),
        CALL(SYS_fsmount, NO),
        CALL(SYS_mount_setattr, NO),
        CALL(SYS_pidfd_getfd, NO),
        CALL(SYS_kcmp, NO),
        CALL(SYS_sethostname, NO),
        CALL(SYS_keyctl, NO),
        CALL(SYS_add_key, NO),
        CALL(SYS_bpf, NO),
        CALL(SYS_perf_event_open, NO),
        CALL(SYS_userfaultfd, NO),
        CALL(SYS_clone3, SECCOMP_RET_ERRNO | ENOSYS_NUMBER),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args)),
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, NEW, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, NO),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = { ARRAY_LEN(code), code };

    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) != 0)
        die("seccomp");
}

int main(int argc, char **argv)
{
    if (argc < 2)
        return 125;
    drop_capabilities();
    filter();
    (void)execvp(argv[1], argv + 1);
    die(argv[1]);
}
