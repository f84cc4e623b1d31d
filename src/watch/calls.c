/*
 * Notified calls: each is told, and then goes on, fails, or is answered in its place.
 * What holds the world together is the world (namespaces, mounts, privileges), never an
 * answer given here on the strength of memory that the process can change meanwhile: calls
 * are refused by their number or by the values in their registers alone.
 */
#include "watch/calls.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/time.h>

#include "sandbox/observe.h"

static const char *call_name(const struct call *c)
{
    return observed_name(OBSERVED_ARCH, c->nr);
}

void calls_go_on(int listener, uint64_t id)
{
    struct seccomp_notif_resp r = { .id = id, .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE };

    (void)ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &r); /* it may be gone */
}

void calls_end(int listener, uint64_t id, int64_t value, int error)
{
    struct seccomp_notif_resp r = { .id = id, .val = error ? 0 : value, .error = -error };

    (void)ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &r);
}

void call_tell(const struct call *c, enum event_kind kind, uint32_t flags, const char *subject,
               const char *detail, uint64_t number)
{
    keeper_tell(
        c->k, c->tid,
        &(struct call_event){
            .kind = kind, .flags = flags, .number = number, .subject = subject, .detail = detail });
}

struct outcome call_hidden(const struct call *c, const char *name)
{
    call_tell(c, EVENT_HIDDEN, 0, name, "", 0);
    return OUTCOME_GO_ON;
}

/* ---- files ---- */

/* The path in argument at, below the folder in argument folder (-1: the working folder). */
bool call_path(const struct call *c, int folder, unsigned at, bool follow, char path[PATH_MAX])
{
    char name[PATH_MAX];

    return target_text(c->tid, c->a[at], name, sizeof name) &&
           place_resolve(c->k, c->tid, folder < 0 ? AT_FDCWD : (int)c->a[folder], name, follow,
                         path);
}

static struct outcome tell_path(const struct call *c, enum event_kind kind, const char *name,
                                int folder, unsigned at, const char *detail, uint64_t number)
{
    char path[PATH_MAX];

    if (!call_path(c, folder, at, kind != EVENT_UNLINK, path))
        return call_hidden(c, name);
    call_tell(c, kind, place_flags(c->k, path), path, detail, number);
    return OUTCOME_GO_ON;
}

static void describe_flags(uint64_t flags, char to[64])
{
    (void)snprintf(to, 64, "%s%s%s%s%s", (flags & O_ACCMODE) == O_RDWR ? "read and write" : "write",
                   flags & O_CREAT ? ", create" : "", flags & O_EXCL ? ", new" : "",
                   flags & O_TRUNC ? ", empty" : "", flags & O_APPEND ? ", append" : "");
}

/* What opens "/CANARY-<token>-kind" is a canary that was run. */
static bool is_canary(const struct call *c, const char *path)
{
    static const char head[] = "/CANARY-";
    const char *token = path + sizeof head - 1;

    if (strncmp(path, head, sizeof head - 1) != 0 ||
        strncmp(token, c->k->plan->token, CANARY_TOKEN_N) != 0)
        return false;
    token += CANARY_TOKEN_N;
    call_tell(c, EVENT_CANARY, 0, *token == '-' ? token + 1 : "script", "", 0);
    c->k->convicted = true;
    return true;
}

static struct outcome open_path(const struct call *c, int folder, unsigned at, uint64_t flags)
{
    char path[PATH_MAX], detail[64];

    if (!call_path(c, folder, at, !(flags & O_NOFOLLOW), path))
        return call_hidden(c, "open");
    if (is_canary(c, path))
        return OUTCOME_FAILS(EROFS);
    describe_flags(flags, detail);
    call_tell(c, EVENT_OPEN, place_flags(c->k, path), path, detail, flags);
    return OUTCOME_GO_ON;
}

static struct outcome two_paths(const struct call *c, enum event_kind kind, const char *name,
                                const int folders[2], const unsigned at[2])
{
    char from[PATH_MAX], to[PATH_MAX];

    if (!call_path(c, folders[0], at[0], false, from) ||
        !call_path(c, folders[1], at[1], false, to))
        return call_hidden(c, name);
    call_tell(c, kind, place_flags(c->k, to), to, from, 0);
    return OUTCOME_GO_ON;
}

/* A symbolic link's target is a text, and not resolved. */
static struct outcome symlink_call(const struct call *c, int folder, unsigned at)
{
    char target[PATH_MAX];

    if (!target_text(c->tid, c->a[0], target, sizeof target))
        return call_hidden(c, "symlink");
    place_told(c->k, target);
    return tell_path(c, EVENT_LINK, "symlink", folder, at, target, 0);
}

static struct outcome fchmod_call(const struct call *c)
{
    char what[32], path[PATH_MAX];

    (void)snprintf(what, sizeof what, "fd/%d", (int)c->a[0]);
    if (!target_link(c->tid, what, path, sizeof path))
        return call_hidden(c, "fchmod");
    place_told(c->k, path);
    call_tell(c, EVENT_CHMOD, place_flags(c->k, path), path, "", c->a[1]);
    return OUTCOME_GO_ON;
}

static struct outcome memfd_call(const struct call *c)
{
    char label[256];

    if (!target_text(c->tid, c->a[0], label, sizeof label))
        return call_hidden(c, "memfd_create");
    call_tell(c, EVENT_MEMFD, 0, label, "", c->a[1]);
    return OUTCOME_GO_ON;
}

/* Calls that name files: by their number. *out when the call is one of them. */
static bool file_call(const struct call *c, struct outcome *out)
{
    switch (c->nr) {
#ifdef SYS_open
    case SYS_open:
        *out = open_path(c, -1, 0, c->a[1]);
        return true;
    case SYS_creat:
        *out = open_path(c, -1, 0, O_WRONLY | O_CREAT | O_TRUNC);
        return true;
    case SYS_unlink:
    case SYS_rmdir:
        *out = tell_path(c, EVENT_UNLINK, "unlink", -1, 0, "", 0);
        return true;
    case SYS_rename:
        *out = two_paths(c, EVENT_RENAME, "rename", (int[]){ -1, -1 }, (unsigned[]){ 0, 1 });
        return true;
    case SYS_link:
        *out = two_paths(c, EVENT_LINK, "link", (int[]){ -1, -1 }, (unsigned[]){ 0, 1 });
        return true;
    case SYS_symlink:
        *out = symlink_call(c, -1, 1);
        return true;
    case SYS_chmod:
        *out = tell_path(c, EVENT_CHMOD, "chmod", -1, 0, "", c->a[1]);
        return true;
    case SYS_mknod:
        *out = tell_path(c, EVENT_OPEN, "mknod", -1, 0, "a special file", c->a[1]);
        return true;
    case SYS_renameat:
#endif
    case SYS_renameat2:
        *out = two_paths(c, EVENT_RENAME, "rename", (int[]){ 0, 2 }, (unsigned[]){ 1, 3 });
        return true;
    case SYS_openat:
        *out = open_path(c, 0, 1, c->a[2]);
        return true;
    case SYS_unlinkat:
        *out = tell_path(c, EVENT_UNLINK, "unlink", 0, 1, "", 0);
        return true;
    case SYS_linkat:
        *out = two_paths(c, EVENT_LINK, "link", (int[]){ 0, 2 }, (unsigned[]){ 1, 3 });
        return true;
    case SYS_symlinkat:
        *out = symlink_call(c, 1, 2);
        return true;
    case SYS_fchmodat:
#ifdef SYS_fchmodat2
    case SYS_fchmodat2:
#endif
        *out = tell_path(c, EVENT_CHMOD, "chmod", 0, 1, "", c->a[2]);
        return true;
    case SYS_fchmod:
        *out = fchmod_call(c);
        return true;
    case SYS_mknodat:
        *out = tell_path(c, EVENT_OPEN, "mknod", 0, 1, "a special file", c->a[2]);
        return true;
    case SYS_truncate:
        *out = tell_path(c, EVENT_TRUNCATE, "truncate", -1, 0, "", c->a[1]);
        return true;
    case SYS_memfd_create:
        *out = memfd_call(c);
        return true;
    default:
        return false;
    }
}

static bool net_call(const struct call *c, struct outcome *out)
{
    switch (c->nr) {
    case SYS_connect:
        *out = call_connect(c);
        return true;
    case SYS_bind:
        *out = call_bind(c);
        return true;
    case SYS_listen:
        *out = call_listen(c);
        return true;
    case SYS_sendto:
        *out = call_sendto(c);
        return true;
    case SYS_sendmsg:
        *out = call_sendmsg(c);
        return true;
    case SYS_sendmmsg:
        *out = call_sendmmsg(c);
        return true;
    case SYS_socket:
        *out = call_socket(c);
        return true;
    default:
        return false;
    }
}

/* ---- processes ---- */

/* A debugger's check of itself is told that nobody is there, as it would be elsewhere. */
static struct outcome ptrace_call(const struct call *c)
{
    if (c->nr == SYS_ptrace && c->a[0] == PTRACE_TRACEME) {
        call_tell(c, EVENT_PTRACE, 0, "ptrace", "of itself", 0);
        return OUTCOME_RETURNS(0);
    }
    call_tell(c, EVENT_PTRACE, EVENT_DENIED, call_name(c), "",
              c->nr == SYS_ptrace ? c->a[1] : c->a[0]);
    return OUTCOME_FAILS(EPERM);
}

/* The process that a signal is for, when it is not one's own or one's group. */
static struct outcome kill_call(const struct call *c)
{
    pid_t to = c->nr == SYS_pidfd_send_signal ? target_pidfd(c->tid, (int)c->a[0]) : (pid_t)c->a[0];
    char detail[96] = "everybody";
    struct person *p = crowd_meet(c->k, c->tid), *other = to > 1 ? crowd_meet(c->k, to) : NULL;

    if ((int)c->a[1] == 0 || !p || to == p->pid || to == 0)
        return OUTCOME_GO_ON;
    if (other && (other->parent == p->pid || other->pid == p->pid)) /* its own children */
        return OUTCOME_GO_ON;
    if (to > 0)
        (void)snprintf(detail, sizeof detail, "process %d", (int)to);
    else if (to < -1)
        (void)snprintf(detail, sizeof detail, "group %d", -(int)to);
    call_tell(c, EVENT_KILL, to == 1 ? EVENT_DENIED : 0, call_name(c), detail, c->a[1]);
    return to == 1 ? OUTCOME_FAILS(EPERM) : OUTCOME_GO_ON;
}

/* How long it is until the signal, in milliseconds; 0: it is called off, or unknown. */
static uint64_t alarm_ms(const struct call *c)
{
    struct itimerval v;

#ifdef SYS_alarm
    if (c->nr == SYS_alarm)
        return (uint64_t)(uint32_t)c->a[0] * 1000;
#endif
    return target_read(c->tid, c->a[1], &v, sizeof v) && v.it_value.tv_sec > 0
               ? (uint64_t)v.it_value.tv_sec * 1000
               : 0;
}

static struct outcome alarm_call(const struct call *c)
{
    struct person *p = crowd_meet(c->k, c->tid);

    if (p && (c->nr != SYS_setitimer || c->a[0] == ITIMER_REAL))
        p->alarm = alarm_ms(c) > 0; /* it is sent when all else is done: supervise.c */
    return OUTCOME_GO_ON;
}

static bool process_call(const struct call *c, struct outcome *out)
{
    switch (c->nr) {
    case SYS_execve:
    case SYS_execveat:
        *out = call_exec(c);
        return true;
    case SYS_ptrace:
    case SYS_process_vm_readv:
    case SYS_process_vm_writev:
    case SYS_pidfd_getfd:
        *out = ptrace_call(c);
        return true;
    case SYS_kill:
    case SYS_tkill:
    case SYS_tgkill:
    case SYS_rt_sigqueueinfo:
    case SYS_rt_tgsigqueueinfo:
    case SYS_pidfd_send_signal:
        *out = kill_call(c);
        return true;
    case SYS_setsid:
        call_tell(c, EVENT_SETSID, 0, "", "", 0);
        *out = OUTCOME_GO_ON;
        return true;
#ifdef SYS_alarm
    case SYS_alarm:
#endif
    case SYS_setitimer:
        *out = alarm_call(c);
        return true;
    case SYS_prctl:
        *out = call_hook(c);
        return true;
    default:
        return false;
    }
}

/* ---- what is refused ---- */

static struct outcome refused_call(const struct call *c)
{
    enum observed_kind kind = observed_kind(OBSERVED_ARCH, c->nr);
    enum event_kind event = kind == OBSERVED_BYPASS   ? EVENT_ROUND
                            : kind == OBSERVED_ESCAPE ? EVENT_MOUNT
                                                      : EVENT_PRIVILEGED;

    call_tell(c, event, EVENT_DENIED, call_name(c), "", c->a[0]);
    return OUTCOME_FAILS(kind == OBSERVED_BYPASS ? ENOSYS : EPERM);
}

/* A call of another instruction set: its numbers mean other calls, so none is let through. */
static bool foreign_call(struct keeper *k, int listener, const struct seccomp_notif *n)
{
    bool x32 =
        n->data.arch == OBSERVED_ARCH && n->data.nr >= 0 && (uint32_t)n->data.nr & OBSERVED_X32;

    if (n->data.arch == OBSERVED_ARCH && !x32)
        return false;
    keeper_tell(k, (pid_t)n->pid,
                &(struct call_event){ .kind = EVENT_ROUND,
                                      .flags = EVENT_DENIED,
                                      .number = (uint64_t)(uint32_t)n->data.nr,
                                      .subject = x32 ? "x32" : "int 0x80",
                                      .detail = "" });
    calls_end(listener, n->id, 0, ENOSYS);
    return true;
}

struct outcome call_observed(const struct call *c)
{
    struct outcome o;

    return file_call(c, &o) || process_call(c, &o) ? o : refused_call(c);
}

static void answer(struct keeper *k, int listener, const struct seccomp_notif *n)
{
    uint64_t a[6];
    struct call c = {
        .k = k, .listener = listener, .id = n->id, .tid = (pid_t)n->pid, .nr = n->data.nr, .a = a
    };
    struct outcome o;

    for (size_t i = 0; i < ARRAY_LEN(a); i++)
        a[i] = n->data.args[i];
    if (k->crowd.unproved && n->data.nr != SYS_prctl)
        call_prove(&c, false);
    if (foreign_call(k, listener, n) || delays_take(k, listener, n) || waits_take(k, listener, n))
        return;
    if (k->plan->world.weak)
        o = call_weak(&c);
    else if (!file_call(&c, &o) && !net_call(&c, &o) && !process_call(&c, &o))
        o = refused_call(&c);
    if (o.later || o.sent)
        return;
    if (o.ends)
        calls_end(listener, n->id, o.value, o.error);
    else
        calls_go_on(listener, n->id);
}

bool calls_serve(struct keeper *k, int listener)
{
    union {
        struct seccomp_notif n;
        char room[512]; /* a later kernel may say more */
    } u;

    memset(&u, 0, sizeof u);
    if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &u) != 0)
        return false;
    answer(k, listener, &u.n);
    return true;
}
