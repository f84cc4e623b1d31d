/*
 * The weak world: no namespace, folders below one place, and an end for every descendant.
 * proc_pid_stat(5), PR_SET_CHILD_SUBREAPER.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sandbox/sandbox.h"
#include "sandbox/world_inner.h"

/* Users of nobody's: far above what systems give out, one for each process id. */
#define USERS_FROM 0x40000000u

/* A sweep takes a millisecond; one that has not come to an end by then never will. */
#define SWEEPS_MAX 4000

/* Files of the host that a C library reads; they hold no secret. */
const char *const weak_read[] = { "/proc",
                                  "/sys/devices/system",
                                  "/etc/ld.so.cache",
                                  "/etc/localtime",
                                  "/etc/nsswitch.conf",
                                  "/etc/passwd",
                                  "/etc/group",
                                  NULL };
const char *const weak_written[] = { "/dev/null",   "/dev/zero",    "/dev/full",
                                     "/dev/random", "/dev/urandom", NULL };

/* ---- paths ---- */

/* path is folder, or below it. */
static bool below(const char *path, const char *folder)
{
    size_t n = strlen(folder);

    return strncmp(path, folder, n) == 0 && (path[n] == '/' || path[n] == '\0');
}

static bool ours(const struct world_config *c, const char *path)
{
    for (size_t i = 0; i < c->folders_n; i++)
        if (below(path, c->folders[i]))
            return true;
    for (size_t i = 0; i < c->files_n; i++)
        if (strcmp(path, c->files[i].path) == 0)
            return true;
    for (size_t i = 0; i < c->binds_n; i++)
        if (c->binds[i].to && strcmp(c->binds[i].to, c->binds[i].from) != 0 &&
            below(path, c->binds[i].to))
            return true;
    return false;
}

const char *world_path(const struct world_config *config, const char *path,
                       char out[WORLD_PATH_MAX])
{
    if (!config->weak || !ours(config, path))
        return path;
    (void)snprintf(out, WORLD_PATH_MAX, "%s%s", config->place, path);
    return out;
}

/* ---- who the watched are ---- */

static bool may_become_another(void)
{
    struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
    struct __user_cap_data_struct have[_LINUX_CAPABILITY_U32S_3];
    uint32_t need = 1u << CAP_SETUID | 1u << CAP_SETGID | 1u << CAP_CHOWN | 1u << CAP_KILL;

    return geteuid() == 0 && syscall(SYS_capget, &head, have) == 0 &&
           (have[0].effective & need) == need;
}

/* Whether somebody else could read the interpreter and what it needs, and reach the place. */
static bool readable_by(const struct world_config *c, uid_t user)
{
    bool ok =
        seteuid(user) == 0 && (!c->weak || faccessat(AT_FDCWD, c->place, X_OK, AT_EACCESS) == 0);

    for (size_t i = 0; ok && i < c->binds_n; i++)
        ok = c->binds[i].optional || faccessat(AT_FDCWD, c->binds[i].from, R_OK, AT_EACCESS) == 0;
    return seteuid(0) == 0 && ok;
}

static bool choose_user(struct making *m, int place)
{
    uid_t user = USERS_FROM + (uid_t)getpid();

    m->privileged = may_become_another() && fchown(place, user, user) == 0;
    if (m->privileged && !readable_by(m->config, user)) {
        m->privileged = false;
        if (fchown(place, 0, 0) != 0)
            return false;
    }
    m->user = m->privileged ? user : geteuid();
    return true;
}

static bool become(uid_t user)
{
    return setgroups(0, NULL) == 0 && setresgid(user, user, user) == 0 &&
           setresuid(user, user, user) == 0;
}

bool weak_become(const struct making *m)
{
    return (!m->privileged || become(m->user)) && caps_none();
}

bool weak_shed_root(const struct making *m)
{
    return !may_become_another() || !readable_by(m->config, OUTER_USER) || become(OUTER_USER);
}

/* ---- the place ---- */

static bool give(const struct making *m, const char *name)
{
    return !m->privileged || fchownat(AT_FDCWD, name, m->user, m->user, AT_SYMLINK_NOFOLLOW) == 0;
}

static bool make_folder(const struct making *m, int place, const char *folder)
{
    char name[ROOT_NAME_MAX];

    return root_parent(place, folder, name) && (mkdir(name, 0700) == 0 || errno == EEXIST) &&
           chmod(name, root_folder_mode(folder)) == 0 && give(m, name);
}

static bool make_link(int place, const struct world_bind *b)
{
    char name[ROOT_NAME_MAX];

    if (access(b->from, F_OK) != 0)
        return b->optional;
    if (!b->to || strcmp(b->to, b->from) == 0)
        return true;
    return root_parent(place, b->to, name) && symlink(b->from, name) == 0;
}

static bool fill(struct making *m, int place)
{
    const struct world_config *c = m->config;

    for (size_t i = 0; i < c->folders_n; i++)
        if (!make_folder(m, place, c->folders[i]))
            return making_failed(m, "make ", c->folders[i]);
    for (size_t i = 0; i < c->binds_n; i++)
        if (!make_link(place, &c->binds[i]))
            return making_failed(m, "link ", c->binds[i].from);
    for (size_t i = 0; i < c->files_n; i++)
        if (!root_write(place, &c->files[i]))
            return making_failed(m, "write ", c->files[i].path);
    return chdir("/") == 0;
}

bool weak_build(struct making *m)
{
    int place;
    bool ok;

    if (sandbox_landlock_abi() < 1)
        return making_failed(m, "neither namespaces nor Landlock", NULL);
    place = open(m->config->place, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (place == -1 || !choose_user(m, place))
        return making_failed(m, "use ", m->config->place);
    for (int i = WORLD_USER; i <= WORLD_TIME; i++)
        layer_set(&m->layers[i], false, "not to be had here");
    layer_set(&m->layers[WORLD_USER], false,
              m->privileged ? "none; user %u" : "none; the same user (%u)", m->user);
    umask(022);
    ok = fill(m, place);
    (void)close(place);
    return ok;
}

/* ---- emptying a folder ---- */

/* Deeper ones are moved up first, so that neither descriptors nor the stack run out. */
#define DEPTH_MAX 32

static bool empty(int top, int folder, int depth, unsigned *moved);

/* Under a name that nobody can have taken. */
static bool move_up(int top, int folder, const char *name)
{
    uint64_t random;
    char aside[32];

    if (getrandom(&random, sizeof random, 0) != sizeof random)
        return false;
    (void)snprintf(aside, sizeof aside, "%016llx", (unsigned long long)random);
    return renameat(folder, name, top, aside) == 0;
}

/* Takes name out of folder, and all that is in it; what lies too deep is there for later. */
static bool drop(int top, int folder, const char *name, int depth, unsigned *moved)
{
    int fd;
    bool ok;

    if (unlinkat(folder, name, 0) == 0)
        return true;
    if (unlinkat(folder, name, AT_REMOVEDIR) == 0)
        return true;
    if (errno == EACCES || errno == EPERM)
        return false;
    if (fchmodat(folder, name, 0700, 0) != 0) /* a folder by now: not empty, whatever its mode */
        return false;
    if (depth == DEPTH_MAX) {
        (*moved)++;
        return move_up(top, folder, name);
    }
    fd = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    ok = fd != -1 && empty(top, fd, depth + 1, moved);
    return ok && unlinkat(folder, name, AT_REMOVEDIR) == 0;
}

/* Owns folder. */
static bool empty(int top, int folder, int depth, unsigned *moved)
{
    DIR *dir = fdopendir(folder);
    struct dirent *e;
    bool ok = true;

    if (!dir) {
        (void)close(folder);
        return false;
    }
    (void)fchmod(folder, 0700);
    while (ok && (e = readdir(dir)))
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
            ok = drop(top, folder, e->d_name, depth, moved);
    (void)closedir(dir);
    return ok;
}

bool world_empty(const char *folder)
{
    int top = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    unsigned moved = 0, before;
    bool ok = top != -1;
    struct stat st;

    if (!ok || fstat(top, &st) != 0)
        return false;
    do { /* what was moved up is emptied in the next round */
        before = moved;
        ok = empty(top, fcntl(top, F_DUPFD_CLOEXEC, 3), 0, &moved);
        (void)lseek(top, 0, SEEK_SET);
    } while (ok && moved != before);
    (void)fchmod(top, st.st_mode & 07777);
    (void)close(top);
    return ok;
}

/* ---- processes ---- */

struct process {
    pid_t pid, parent;
    bool ours, ended; /* nobody has waited for it */
};

/* State and parent in /proc/PID/stat: behind the name, which may hold anything. */
static struct process look_at(const char *pid)
{
    struct process p = { .pid = (pid_t)strtol(pid, NULL, 10), .parent = -1 };
    char path[64], text[512];
    const char *end;
    ssize_t n;
    int fd;

    (void)snprintf(path, sizeof path, "/proc/%s/stat", pid);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    n = fd == -1 ? -1 : read(fd, text, sizeof text - 1);
    if (fd != -1)
        (void)close(fd);
    if (n <= 0)
        return p;
    text[n] = '\0';
    end = strrchr(text, ')');
    if (!end || end[1] != ' ' || !end[2])
        return p;
    p.ended = end[2] == 'Z' || end[2] == 'X';
    p.parent = (pid_t)strtol(end + 3, NULL, 10);
    return p;
}

/* Every process there is, new memory, *n of them; NULL when it cannot be told. */
static struct process *list(size_t *n)
{
    struct process *all = NULL;
    size_t size = 0;
    DIR *dir = opendir("/proc");
    struct dirent *e;

    *n = 0;
    while (dir && (e = readdir(dir))) {
        if (!isdigit((unsigned char)e->d_name[0]))
            continue;
        if (*n == size) {
            struct process *more = realloc(all, (size + 512) * sizeof *all);

            if (!more)
                break;
            all = more, size += 512;
        }
        all[(*n)++] = look_at(e->d_name);
    }
    if (dir)
        (void)closedir(dir);
    return all;
}

static bool is_ours(const struct process *all, size_t n, pid_t pid)
{
    for (size_t i = 0; i < n; i++)
        if (all[i].pid == pid)
            return all[i].ours;
    return false;
}

/* Marks all that descend from this process. */
static void mark(struct process *all, size_t n)
{
    pid_t self = getpid();
    bool more = true;

    while (more) {
        more = false;
        for (size_t i = 0; i < n; i++)
            if (!all[i].ours && (all[i].parent == self || is_ours(all, n, all[i].parent)))
                all[i].ours = more = true;
    }
}

/* True when somebody was there to hear it. */
static bool signal_all(int signal)
{
    size_t n;
    struct process *all = list(&n);
    bool any = false;

    mark(all, n);
    for (size_t i = 0; i < n; i++)
        if (all[i].ours && !all[i].ended)
            any |= kill(all[i].pid, signal) == 0;
    free(all);
    return any;
}

pid_t *world_descendants(size_t *n)
{
    size_t of = 0;
    struct process *all = list(&of);
    pid_t *out = all ? calloc(of + 1, sizeof *out) : NULL;

    *n = 0;
    mark(all, of);
    for (size_t i = 0; out && i < of; i++)
        if (all[i].ours)
            out[(*n)++] = all[i].pid;
    free(all);
    return out;
}

void weak_kill(void)
{
    for (int i = 0; i < SWEEPS_MAX; i++) {
        (void)signal_all(SIGSTOP);
        if (!signal_all(SIGKILL))
            return;
        (void)usleep(500);
    }
}

/* They are stopped first: who makes processes faster than they are found makes no more. */
void weak_sweep(void)
{
    for (int i = 0; i < SWEEPS_MAX; i++) {
        pid_t pid;

        while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
            ;
        if (pid == -1)
            return;
        if (i < 3)
            (void)signal_all(SIGSTOP);
        (void)signal_all(SIGKILL);
        if (i)
            (void)usleep(500);
    }
}

uint32_t weak_tasks(void)
{
    DIR *dir = opendir("/proc");
    struct dirent *e;
    uint32_t n = 4; /* stem, aside and keeper let nobody look at them */

    while (dir && (e = readdir(dir))) {
        char path[64];
        struct stat st;

        if (!isdigit((unsigned char)e->d_name[0]))
            continue;
        (void)snprintf(path, sizeof path, "/proc/%.20s/task", e->d_name);
        if (stat(path, &st) == 0 && st.st_uid == getuid())
            n += (uint32_t)st.st_nlink - 2; /* a folder for each */
    }
    if (dir)
        (void)closedir(dir);
    return n;
}
