/*
 * Calls where there are no namespaces. Landlock keeps what may be opened; the rest is done
 * here, by the keeper, with what it has copied once, or refused: see observed_may_continue().
 * Of sockets: weak_net.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <linux/openat2.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sandbox/observe.h"
#include "watch/calls.h"

#define DISK_LOOK_US (1000 * 1000)

/* linux/fs.h, which has much else */
#ifndef RENAME_NOREPLACE
#define RENAME_NOREPLACE 1u
#endif

/* ---- below the place ---- */

static bool is_below(const char *path, const char *folder)
{
    size_t n = strlen(folder);

    return strncmp(path, folder, n) == 0 && (path[n] == '/' || path[n] == '\0');
}

static bool is_writable(const struct keeper *k, const char *path)
{
    const struct world_config *w = &k->plan->world;

    for (size_t i = 0; i < w->folders_n; i++)
        if (is_below(path, w->folders[i]))
            return true;
    return false;
}

int weak_open(const struct keeper *k, const char *path, char last[NAME_MAX + 1])
{
    struct open_how how = { .flags = O_PATH | O_CLOEXEC,
                            .resolve =
                                RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS };
    char below[PATH_MAX];
    const char *slash = strrchr(path, '/');
    int place, fd, error;

    if (!slash || !is_writable(k, path)) {
        errno = ENOENT;
        return -1;
    }
    if (last && snprintf(last, NAME_MAX + 1, "%s", slash + 1) > NAME_MAX) {
        errno = ENAMETOOLONG;
        return -1;
    }
    (void)snprintf(below, sizeof below, ".%.*s", last ? (int)(slash - path) : PATH_MAX - 2, path);
    how.flags |= last ? O_DIRECTORY : O_NOFOLLOW; /* a link itself may be asked of */
    place = open(k->plan->world.place, O_PATH | O_DIRECTORY | O_CLOEXEC);
    fd = place == -1 ? -1 : (int)syscall(SYS_openat2, place, below, &how, sizeof how);
    error = errno;
    if (place != -1)
        (void)close(place);
    errno = error;
    return fd;
}

/* ---- files by the names that they have in the world ---- */

#define WRITING (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | (O_TMPFILE & ~O_DIRECTORY))

/*
 * Whether the argument is "/tmp/x", a name that is in the place and that the process did not
 * learn from its environment; *path is then what it means. Links may lead out: EACCES.
 */
static bool is_of_world(const struct call *c, unsigned at, bool follow, char path[PATH_MAX],
                        int *error)
{
    const char *place = c->k->plan->world.place;
    char name[PATH_MAX], real[PATH_MAX];

    if (!target_text(c->tid, c->a[at], name, sizeof name) || name[0] != '/' ||
        is_below(name, place) || !is_writable(c->k, name) ||
        snprintf(real, sizeof real, "%s%s", place, name) >= (int)sizeof real)
        return false;
    *error = place_resolve(c->k, c->tid, AT_FDCWD, real, follow, path) && is_writable(c->k, path)
                 ? 0
                 : EACCES;
    return true;
}

/* Never waits, as a pipe would make it; the flag is taken off again. */
static int open_here(const struct keeper *k, const char *path, int flags, mode_t mode)
{
    char last[NAME_MAX + 1];
    int folder = weak_open(k, path, last), fd, error;

    if (folder == -1)
        return -1;
    fd = openat(folder, last, flags | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK, mode & 0777);
    error = errno;
    (void)close(folder);
    if (fd != -1 && !(flags & O_NONBLOCK))
        (void)fcntl(fd, F_SETFL, flags & O_APPEND);
    errno = error;
    return fd;
}

static struct outcome open_of_world(const struct call *c, unsigned at, uint64_t flags,
                                    uint64_t mode)
{
    char path[PATH_MAX];
    int error, fd;
    bool given;

    if (!is_of_world(c, at, !(flags & O_NOFOLLOW), path, &error))
        return OUTCOME_GO_ON;
    fd = error ? -1 : open_here(c->k, path, (int)flags, (mode_t)mode & ~(mode_t)022);
    if (fd == -1)
        return OUTCOME_FAILS(error ? error : errno);
    given = call_give(c, fd, flags & O_CLOEXEC);
    error = errno;
    (void)close(fd);
    return given ? OUTCOME_SENT : OUTCOME_FAILS(error);
}

static struct outcome open_call(const struct call *c)
{
    bool at = c->nr == SYS_openat, creat = false;
    unsigned first = at ? 1 : 0;
    uint64_t flags = c->a[first + 1], mode = c->a[first + 2];

#ifdef SYS_creat
    creat = c->nr == SYS_creat;
#endif
    if (creat) {
        mode = flags;
        flags = O_WRONLY | O_CREAT | O_TRUNC;
    }
    if (flags & WRITING) {
        struct outcome o = call_observed(c);

        if (o.ends)
            return o;
    }
    return open_of_world(c, first, flags, mode);
}

static bool is_open(int nr)
{
#ifdef SYS_open
    if (nr == SYS_open || nr == SYS_creat)
        return true;
#endif
    return nr == SYS_openat;
}

/* What a call asks of a file. */
struct question {
    unsigned at;
    bool follow;
    enum { STAT, STATX, ACCESS } what;
    uint64_t to;   /* where the answer goes */
    int mode;      /* ACCESS */
    unsigned mask; /* STATX */
};

/* False: it is not such a call. */
static bool read_question(const struct call *c, struct question *q)
{
    const uint64_t *a = c->a;

    switch (c->nr) {
#ifdef SYS_stat
    case SYS_stat:
    case SYS_lstat:
        *q = (struct question){ 0, c->nr == SYS_stat, STAT, .to = a[1] };
        return true;
    case SYS_access:
        *q = (struct question){ 0, true, ACCESS, .mode = (int)a[1] };
        return true;
#endif
    case SYS_newfstatat:
        *q = (struct question){ 1, !(a[3] & AT_SYMLINK_NOFOLLOW), STAT, .to = a[2] };
        return true;
    case SYS_statx:
        *q = (struct question){ 1, !(a[2] & AT_SYMLINK_NOFOLLOW), STATX, .to = a[4],
                                .mask = (unsigned)a[3] };
        return true;
    case SYS_faccessat:
    case SYS_faccessat2:
        *q = (struct question){ 1, true, ACCESS, .mode = (int)a[2] };
        return true;
    default:
        return false;
    }
}

/* Of the file that is open at fd. */
static struct outcome answer_question(const struct call *c, const struct question *q, int fd)
{
    char link[32];
    struct statx x;
    struct stat s;
    bool told;

    if (q->what == ACCESS) {
        (void)snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        return faccessat(AT_FDCWD, link, q->mode, AT_EACCESS) == 0 ? OUTCOME_RETURNS(0)
                                                                   : OUTCOME_FAILS(errno);
    }
    if (q->what == STATX)
        told = statx(fd, "", AT_EMPTY_PATH, q->mask, &x) == 0 && call_put(c, q->to, &x, sizeof x);
    else
        told = fstat(fd, &s) == 0 && call_put(c, q->to, &s, sizeof s);
    return told ? OUTCOME_RETURNS(0) : OUTCOME_FAILS(EFAULT);
}

/* *out when the call is one of these. */
static bool question_call(const struct call *c, struct outcome *out)
{
    char path[PATH_MAX];
    struct question q;
    int error, fd;

    *out = OUTCOME_GO_ON;
    if (!read_question(c, &q))
        return false;
    if (!is_of_world(c, q.at, q.follow, path, &error))
        return true;
    fd = error ? -1 : weak_open(c->k, path, NULL);
    if (fd == -1) {
        *out = OUTCOME_FAILS(error ? error : errno);
        return true;
    }
    *out = answer_question(c, &q, fd);
    (void)close(fd);
    return true;
}

/* A name that a call changes: its folder, open, and its last part. */
struct entry {
    int folder;
    char last[NAME_MAX + 1];
    bool of_world; /* by a name that is not there without the keeper */
};

/* False: there is no such folder below the place. */
static bool find_entry(const struct call *c, int folder, unsigned at, struct entry *e)
{
    char path[PATH_MAX];
    int error = 0;

    e->folder = -1;
    e->of_world = is_of_world(c, at, false, path, &error);
    if (e->of_world ? error != 0 : !call_path(c, folder, at, false, path))
        return false;
    e->folder = weak_open(c->k, path, e->last);
    return e->folder != -1;
}

static void leave_entry(const struct entry *e)
{
    if (e->folder != -1)
        (void)close(e->folder);
}

static struct outcome as_done(long rc)
{
    return rc == 0 ? OUTCOME_RETURNS(0) : OUTCOME_FAILS(errno);
}

/* What is done with one name: how it is told, and what the keeper does. */
struct change {
    unsigned at;
    int folder; /* argument, or -1 */
    enum { MAKE_FOLDER, REMOVE, MAKE_LINK } what;
    int flags; /* mode, or AT_REMOVEDIR */
};

static struct outcome make_change(const struct call *c, const struct change *what,
                                  const struct entry *e)
{
    char target[PATH_MAX];

    switch (what->what) {
    case MAKE_FOLDER:
        return as_done(mkdirat(e->folder, e->last, (mode_t)what->flags & 0755));
    case REMOVE:
        return as_done(unlinkat(e->folder, e->last, what->flags & AT_REMOVEDIR));
    case MAKE_LINK:
        break;
    }
    if (!target_text(c->tid, c->a[0], target, sizeof target))
        return OUTCOME_FAILS(EFAULT);
    return as_done(symlinkat(target, e->folder, e->last));
}

static struct outcome change_name(const struct call *c, const struct change *what)
{
    struct outcome o = OUTCOME_GO_ON;
    struct entry e;
    bool found = find_entry(c, what->folder, what->at, &e);

    if (what->what != MAKE_FOLDER)
        o = call_observed(c);
    if (e.of_world && !o.ends)
        o = found ? make_change(c, what, &e) : OUTCOME_FAILS(ENOENT);
    leave_entry(&e);
    return o;
}

static struct outcome rename_call(const struct call *c, const int folders[2], const unsigned at[2],
                                  unsigned flags)
{
    struct outcome o = call_observed(c);
    struct entry from, to;
    bool found = find_entry(c, folders[0], at[0], &from);

    found &= find_entry(c, folders[1], at[1], &to);
    if ((from.of_world || to.of_world) && !o.ends)
        o = found ? as_done(syscall(SYS_renameat2, from.folder, from.last, to.folder, to.last,
                                    flags & RENAME_NOREPLACE))
                  : OUTCOME_FAILS(ENOENT);
    leave_entry(&from);
    leave_entry(&to);
    return o;
}

/* *out when the call is one of these. */
static bool change_call(const struct call *c, struct outcome *out)
{
    struct change what = { .folder = -1 };

    switch (c->nr) {
#ifdef SYS_open
    case SYS_mkdir:
        what = (struct change){ 0, -1, MAKE_FOLDER, (int)c->a[1] };
        break;
    case SYS_unlink:
        what = (struct change){ 0, -1, REMOVE, 0 };
        break;
    case SYS_rmdir:
        what = (struct change){ 0, -1, REMOVE, AT_REMOVEDIR };
        break;
    case SYS_symlink:
        what = (struct change){ 1, -1, MAKE_LINK, 0 };
        break;
    case SYS_rename:
        *out = rename_call(c, (int[]){ -1, -1 }, (unsigned[]){ 0, 1 }, 0);
        return true;
    case SYS_renameat:
        *out = rename_call(c, (int[]){ 0, 2 }, (unsigned[]){ 1, 3 }, 0);
        return true;
#endif
    case SYS_renameat2:
        *out = rename_call(c, (int[]){ 0, 2 }, (unsigned[]){ 1, 3 }, (unsigned)c->a[4]);
        return true;
    case SYS_mkdirat:
        what = (struct change){ 1, 0, MAKE_FOLDER, (int)c->a[2] };
        break;
    case SYS_unlinkat:
        what = (struct change){ 1, 0, REMOVE, (int)c->a[2] };
        break;
    case SYS_symlinkat:
        what = (struct change){ 2, 1, MAKE_LINK, 0 };
        break;
    default:
        return false;
    }
    *out = change_name(c, &what);
    return true;
}

/* ---- attributes ---- */

/* Whatever lies outside of the place is left as it is, and the watched are told it was done. */
static struct outcome set_mode(const struct keeper *k, const char *path, uint64_t mode)
{
    int fd = weak_open(k, path, NULL);
    char link[32];

    if (fd == -1)
        return OUTCOME_RETURNS(0);
    (void)snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    (void)chmod(link, (mode_t)(mode & 01777));
    (void)close(fd);
    return OUTCOME_RETURNS(0);
}

static struct outcome set_size(const struct keeper *k, const char *path, uint64_t size)
{
    int fd = weak_open(k, path, NULL), open_fd, error;
    char link[32];

    if (fd == -1 || size > k->plan->world.file_bytes) {
        if (fd != -1)
            (void)close(fd);
        return OUTCOME_FAILS(fd == -1 ? EACCES : EFBIG);
    }
    (void)snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    open_fd = open(link, O_WRONLY | O_CLOEXEC | O_NONBLOCK);
    error = open_fd != -1 && ftruncate(open_fd, (off_t)size) == 0 ? 0 : errno;
    (void)close(fd);
    if (open_fd != -1)
        (void)close(open_fd);
    return error ? OUTCOME_FAILS(error) : OUTCOME_RETURNS(0);
}

static struct outcome path_mode(const struct call *c, int folder, unsigned at, uint64_t mode)
{
    char path[PATH_MAX];

    (void)call_observed(c);
    return call_path(c, folder, at, true, path) ? set_mode(c->k, path, mode) : OUTCOME_RETURNS(0);
}

static struct outcome descriptor_mode(const struct call *c)
{
    char what[32], path[PATH_MAX];

    (void)call_observed(c);
    (void)snprintf(what, sizeof what, "fd/%d", (int)c->a[0]);
    if (!target_link(c->tid, what, path, sizeof path))
        return OUTCOME_RETURNS(0);
    place_told(c->k, path);
    return set_mode(c->k, path, c->a[1]);
}

/* Owners, times and extended attributes are nothing that the watched need. */
static struct outcome attribute_call(const struct call *c)
{
    char path[PATH_MAX];

    switch (c->nr) {
#ifdef SYS_chmod
    case SYS_chmod:
        return path_mode(c, -1, 0, c->a[1]);
#endif
    case SYS_fchmodat:
#ifdef SYS_fchmodat2
    case SYS_fchmodat2:
#endif
        return path_mode(c, 0, 1, c->a[2]);
    case SYS_fchmod:
        return descriptor_mode(c);
    case SYS_truncate:
        (void)call_observed(c);
        return call_path(c, -1, 0, true, path) ? set_size(c->k, path, c->a[1])
                                               : OUTCOME_FAILS(EFAULT);
    default:
        return OUTCOME_RETURNS(0);
    }
}

/* ---- signals ---- */

bool weak_is_watched(pid_t pid)
{
    pid_t self = getpid(), at = target_process(pid);

    while (at > 1 && at != self) {
        at = target_parent(at);
        if (at == self)
            return true;
    }
    return false;
}

struct signalling {
    pid_t to;     /* as kill(2) takes it */
    pid_t thread; /* of it; 0: any */
    int signal;
};

/* The process that a descriptor of the thread stands for, or 0. */
static pid_t pidfd_process(pid_t tid, int fd)
{
    char path[64], text[512], *at;
    FILE *f;
    size_t n;

    (void)snprintf(path, sizeof path, "/proc/%d/fdinfo/%d", (int)tid, fd);
    f = fopen(path, "re");
    if (!f)
        return 0;
    n = fread(text, 1, sizeof text - 1, f);
    (void)fclose(f);
    text[n] = '\0';
    at = strstr(text, "\nPid:");
    return at ? (pid_t)strtol(at + 5, NULL, 10) : 0;
}

static struct signalling read_signal(const struct call *c)
{
    pid_t first = (pid_t)c->a[0];

    switch (c->nr) {
    case SYS_tkill:
        return (struct signalling){ target_process(first), first, (int)c->a[1] };
    case SYS_tgkill:
    case SYS_rt_tgsigqueueinfo:
        return (struct signalling){ first, (pid_t)c->a[1], (int)c->a[2] };
    case SYS_pidfd_send_signal:
        return (struct signalling){ pidfd_process(c->tid, (int)c->a[0]), 0, (int)c->a[1] };
    default: /* kill, rt_sigqueueinfo */
        return (struct signalling){ first, 0, (int)c->a[1] };
    }
}

static void kill_one(struct keeper *k, pid_t pid)
{
    (void)k;
    (void)kill(pid, SIGKILL);
}

/* Sessions of the watched begin with the runner's own: groups in one hold nobody else. */
static bool is_watched_group(pid_t group)
{
    pid_t session = getsid(group);

    return session > 0 && session != getsid(0) && weak_is_watched(session);
}

static struct outcome signal_group(const struct call *c, const struct signalling *s)
{
    pid_t group = s->to == 0 ? getpgid(target_process(c->tid)) : -s->to;

    if (s->to == -1) { /* everybody: whoever asks for that ends, too */
        if (s->signal)
            crowd_each(c->k, kill_one);
        return OUTCOME_RETURNS(0);
    }
    if (group <= 1 || !is_watched_group(group))
        return OUTCOME_FAILS(ESRCH);
    return as_done(kill(-group, s->signal));
}

static struct outcome refuse_signal(const struct call *c, const struct signalling *s)
{
    char detail[64];

    if (s->signal == 0) /* is it there? Its parent, the keeper, is */
        return s->to == getpid() ? OUTCOME_RETURNS(0) : OUTCOME_FAILS(ESRCH);
    (void)snprintf(detail, sizeof detail, "process %d", (int)s->to);
    call_tell(c, EVENT_KILL, EVENT_DENIED, observed_name(OBSERVED_ARCH, c->nr), detail,
              (uint64_t)(unsigned)s->signal);
    return OUTCOME_FAILS(EPERM);
}

static struct outcome signal_call(const struct call *c)
{
    struct signalling s = read_signal(c);

    if (s.to > 0 && !weak_is_watched(s.to))
        return refuse_signal(c, &s);
    if (c->nr == SYS_kill || c->nr == SYS_tkill || c->nr == SYS_tgkill)
        (void)call_observed(c);
    if (s.to <= 0)
        return signal_group(c, &s);
    return as_done(s.thread ? syscall(SYS_tgkill, s.to, s.thread, s.signal)
                            : (long)kill(s.to, s.signal));
}

/* ---- all of them ---- */

/* Calls about a process that is named by a register: limits, priorities, processors. */
static bool tunes(int nr)
{
    return nr == SYS_prlimit64 || nr == SYS_setpriority || nr == SYS_ioprio_set ||
           nr == SYS_sched_setaffinity || nr == SYS_sched_setparam ||
           nr == SYS_sched_setscheduler || nr == SYS_sched_setattr;
}

/* Of the watched themselves it is no matter, and left undone. */
static struct outcome tuning_call(const struct call *c)
{
    pid_t to = (pid_t)c->a[c->nr == SYS_setpriority || c->nr == SYS_ioprio_set ? 1 : 0];

    if (weak_is_watched(to))
        return c->nr == SYS_prlimit64 ? OUTCOME_FAILS(EPERM) : OUTCOME_RETURNS(0);
    return OUTCOME_FAILS(EPERM);
}

/* What would stay in the machine when its maker is gone; programs do without. */
static bool outlives(int nr)
{
    return nr == SYS_shmget || nr == SYS_semget || nr == SYS_msgget || nr == SYS_mq_open;
}

struct outcome call_weak(const struct call *c)
{
    enum observed_kind kind = observed_kind(OBSERVED_ARCH, c->nr);
    struct outcome o;

    if (kind == OBSERVED_NETWORK)
        return call_weak_net(c);
    if (kind == OBSERVED_ATTRIBUTE)
        return attribute_call(c);
    if (kind == OBSERVED_SIGNAL)
        return signal_call(c);
    if (outlives(c->nr))
        return OUTCOME_FAILS(ENOSYS);
    if (tunes(c->nr))
        return tuning_call(c);
    if (is_open(c->nr))
        return open_call(c);
    if (question_call(c, &o) || change_call(c, &o))
        return o;
    o = call_observed(c);
    return o.ends || observed_may_continue(kind, true) ? o : OUTCOME_FAILS(EPERM);
}

/* ---- what is on the disk ---- */

/* Bytes below a folder, as far as they are seen while it changes. */
static uint64_t bytes_below(const char *folder)
{
    char copy[WORLD_PATH_MAX];
    char *roots[] = { copy, NULL };
    uint64_t n = 0;
    FTS *tree;
    FTSENT *e;

    (void)snprintf(copy, sizeof copy, "%s", folder);
    tree = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
    while (tree && (e = fts_read(tree)))
        if (e->fts_info != FTS_DP && e->fts_info != FTS_NS && e->fts_statp)
            n += (uint64_t)e->fts_statp->st_blocks * 512;
    if (tree)
        (void)fts_close(tree);
    return n;
}

bool weak_is_full(struct keeper *k)
{
    const struct world_config *w = &k->plan->world;
    uint64_t now = tell_now_us(&k->teller);
    char real[WORLD_PATH_MAX];

    if (now < k->disk_us)
        return false;
    k->disk_us = now + DISK_LOOK_US;
    for (size_t i = 0; i < w->folders_n; i++)
        if (bytes_below(world_path(w, w->folders[i], real)) > w->tmpfs_bytes)
            return true;
    return false;
}
