/*
 * The keeper's course: install, then pass by pass: plant the bait, import, wait, compare.
 * See keeper.h.
 */
#include "watch/keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/budget.h"
#include "watch/hooklib.h"

#define ARENA_MAX    ((size_t)256 * 1024 * 1024)
#define LOOKS        20
#define RESTARTS_MAX 32 /* of the runner, after imports that ended it */

/* The folders that the watched may write, as they are compared. */
static const char *const writable[] = { WORLD_HOME, "/tmp", "/var/tmp", "/dev/shm" };

int watch_sink_body(void *user, const struct world_layer *layers)
{
    struct watch_plan *plan = user;

    (void)layers;
    (void)close(plan->control[0]);
    (void)close(plan->in);
    (void)close(plan->out);
    sink_run(&plan->sink, plan->control[1]);
    return 0;
}

/* ---- what the watched find ---- */

/* A file of the keeper's own. */
static bool put_file(const struct keeper *k, const char *path, const void *bytes, size_t n)
{
    char room[WORLD_PATH_MAX];
    const char *real = world_path(&k->plan->world, path, room);
    /* the folder is the watched user's: what lies there now may be anything */
    int gone = unlink(real) == 0 || errno == ENOENT ? 0 : errno;
    int fd = gone ? -1 : open(real, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
    bool ok = fd != -1 && write(fd, bytes, n) == (ssize_t)n;

    if (fd != -1)
        (void)close(fd);
    return ok;
}

static size_t first_left(const struct keeper *k)
{
    size_t i = 0;

    while (i < k->modules_n && k->modules[i].done)
        i++;
    return i;
}

/* Whether two modules belong to one top-level package. */
static bool is_kin(const char *a, const char *b)
{
    size_t n = strcspn(a, ".");

    return n == strcspn(b, ".") && strncmp(a, b, n) == 0;
}

static bool is_one_package(const struct keeper *k)
{
    for (size_t i = 1; i < k->modules_n; i++)
        if (!is_kin(k->modules[i].name, k->modules[0].name))
            return false;
    return true;
}

static void put_module(struct keeper *k, struct buf *b, size_t i, bool sub)
{
    struct task_module *m = &k->modules[i];

    if (m->listed && m->sub == sub)
        (void)buf_printf(b, "%c %s\n", sub ? 's' : 'r', m->name);
}

/*
 * What is still to be imported, for the runner: everything, or, apart, what belongs to one
 * package. The second pass goes through the roots from their end: one may wait for another that
 * was imported before.
 */
static bool put_list(struct keeper *k)
{
    size_t first = first_left(k), n = k->modules_n;
    struct buf b;
    bool ok;

    buf_init(&b, (size_t)64 * 1024 * 1024);
    (void)buf_printf(&b, "g %u\n", k->plan->options.grace_ms);
    for (size_t i = 0; i < n; i++)
        k->modules[i].listed = !k->modules[i].done &&
                               (!k->apart || is_kin(k->modules[i].name, k->modules[first].name));
    for (size_t i = 0; i < n; i++)
        put_module(k, &b, k->as_root ? n - 1 - i : i, false);
    for (size_t i = 0; i < n; i++)
        put_module(k, &b, i, true);
    ok = !b.failed && put_file(k, WORLD_LIST, b.p, b.n);
    buf_free(&b);
    return ok;
}

/* What is made from here on is the watched user's, or the keeper's again. */
static bool as_user(const struct keeper *k, bool yes)
{
    static uid_t keeper = (uid_t)-1; /* one keeper, one thread */

    if (keeper == (uid_t)-1)
        keeper = geteuid();
    if (keeper == WORLD_UID || k->plan->world.weak)
        return true;
    if (yes)
        return setegid(WORLD_UID) == 0 && seteuid(WORLD_UID) == 0;
    /* with the credentials the kernel forgets that we die with our parent */
    return seteuid(keeper) == 0 && setegid(keeper) == 0 &&
           prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0;
}

static bool put_bait(struct keeper *k)
{
    char real[WORLD_PATH_MAX];
    const struct world_config *w = &k->plan->world;
    int home = open(world_path(w, WORLD_HOME, real), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = home != -1 && as_user(k, true) && bait_write(&k->plan->bait, home) &&
              (mkdir(world_path(w, WORLD_PROJECT, real), 0755) == 0 || errno == EEXIST);

    ok = as_user(k, false) && ok;
    if (home != -1)
        (void)close(home);
    return ok;
}

/* Listens for the first time that a planted file is opened. */
static bool watch_honey(struct keeper *k)
{
    const struct bait *b = &k->plan->bait;

    k->honey_n = 0;
    for (size_t i = 0; i < b->files_n; i++) {
        char path[PATH_MAX], real[WORLD_PATH_MAX];
        struct honey_watch *h = &k->honey[k->honey_n];

        if (!b->files[i].honey)
            continue;
        (void)snprintf(path, sizeof path, WORLD_HOME "/%s", b->files[i].path);
        h->path = b->files[i].path;
        h->what = arena_printf(&k->arena, "~/%s", h->path);
        h->told = false;
        h->wd = inotify_add_watch(k->inotify, world_path(&k->plan->world, path, real),
                                  IN_OPEN | IN_ONESHOT);
        if (h->wd == -1 || !h->what)
            return false;
        k->honey_n++;
    }
    return true;
}

/*
 * Before the instance is closed, which waits until the last of its watches is freed: that
 * takes 10 ms, and goes on aside while the folders are compared.
 */
static void leave_honey(struct keeper *k)
{
    for (size_t i = 0; i < k->honey_n; i++)
        (void)inotify_rm_watch(k->inotify, k->honey[i].wd);
    k->honey_n = 0;
}

/* ---- the environment ---- */

/* A variable whose value is, or begins with, a path of the world. NULL without memory. */
static const char *variable(struct keeper *k, const char *text)
{
    size_t name = strcspn(text, "=") + 1, path = strcspn(text + name, ":");
    char real[WORLD_PATH_MAX], first[WORLD_PATH_MAX];

    if (!k->plan->world.weak || text[name] != '/')
        return text;
    (void)snprintf(first, sizeof first, "%.*s", (int)path, text + name);
    return arena_printf(&k->arena, "%.*s%s%s", (int)name, text,
                        world_path(&k->plan->world, first, real), text + name + path);
}

static char *const *environment(struct keeper *k)
{
    static const char *const fixed[] = {
        "HOME=" WORLD_HOME,
        "USER=" WORLD_USER_NAME,
        "LOGNAME=" WORLD_USER_NAME,
        "SHELL=/bin/bash",
        "LANG=C.UTF-8",
        "TERM=xterm-256color",
        "SSL_CERT_FILE=" WORLD_CERTIFICATES,
        "REQUESTS_CA_BUNDLE=" WORLD_CERTIFICATES,
        "CURL_CA_BUNDLE=" WORLD_CERTIFICATES,
    };
    static const char *const wheel[] = {
        "PATH=" WORLD_VENV "/bin:/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin",
        "VIRTUAL_ENV=" WORLD_VENV,
        "PWD=" WORLD_PROJECT,
        "PYTHONDONTWRITEBYTECODE=1",
    };
    static const char *const ci[] = { "CI=true", "GITHUB_ACTIONS=true" };
    static const char *const weak[] = { "TMPDIR=/tmp", "LD_PRELOAD=" WORLD_HOOK };
    bool command = k->plan->command != NULL; /* of the host's: its own PATH, no environment */
    const struct bait *b = &k->plan->bait;
    size_t n = 0;
    const char **list = arena_array(&k->arena,
                                    ARRAY_LEN(fixed) + ARRAY_LEN(wheel) + ARRAY_LEN(ci) +
                                        ARRAY_LEN(weak) + b->environment_n + 2,
                                    sizeof *list);

    if (!list)
        return NULL;
    for (size_t i = 0; i < ARRAY_LEN(fixed); i++)
        list[n++] = variable(k, fixed[i]);
    for (size_t i = 0; !command && i < ARRAY_LEN(wheel); i++)
        list[n++] = variable(k, wheel[i]);
    for (size_t i = 0; k->plan->world.weak && i < ARRAY_LEN(weak); i++)
        list[n++] = variable(k, weak[i]);
    if (command)
        list[n++] = k->plan->path;
    for (size_t i = 0; i < b->environment_n; i++)
        list[n++] = b->environment[i];
    for (size_t i = 0; k->ci && i < ARRAY_LEN(ci); i++)
        list[n++] = ci[i];
    for (size_t i = 0; i < n; i++)
        if (!list[i])
            return NULL;
    return (char *const *)(uintptr_t)list;
}

/* ---- one runner ---- */

static bool open_streams(struct keeper *k, int ends[2])
{
    for (size_t i = 0; i < 2; i++) {
        int pipe_ends[2];

        if (pipe2(pipe_ends, O_CLOEXEC) != 0)
            return false;
        if (k->streams[i].fd != -1)
            (void)close(k->streams[i].fd);
        k->streams[i].fd = pipe_ends[0];
        (void)fcntl(pipe_ends[0], F_SETFL, O_NONBLOCK);
        ends[i] = pipe_ends[1];
    }
    return true;
}

bool runner_start(struct keeper *k)
{
    char python[WORLD_PATH_MAX], script[WORLD_PATH_MAX], project[WORLD_PATH_MAX];
    const struct world_config *w = &k->plan->world;
    const char *const runner[] = { world_path(w, WORLD_VENV "/bin/python", python),
                                   world_path(w, WORLD_RUNNER, script), NULL };
    struct spawned born;
    int ends[2] = { -1, -1 };
    struct spawn s = {
        .program = k->plan->command ? k->plan->program : runner[0],
        .argv = k->plan->command ? k->plan->command : (char *const *)(uintptr_t)runner,
        .env = environment(k),
        .folder = k->plan->command ? k->plan->folder : world_path(w, WORLD_PROJECT, project),
        .as_root = k->as_root
    };
    bool ok = s.env && open_streams(k, ends);

    s.out = ends[0];
    s.err = ends[1];
    k->import_until_us = tell_now_us(&k->teller) + (uint64_t)k->plan->options.time_ms * 1000;
    ok = ok && world_spawn(&k->plan->world, &s, &born);
    for (size_t i = 0; i < 2; i++)
        if (ends[i] != -1)
            (void)close(ends[i]);
    if (!ok) {
        tell_plain(&k->teller, EVENT_SETUP, 0, s.program, strerror(errno), 0);
        return false;
    }
    k->runner = born.pid;
    k->runner_begun = false;
    k->current = k->modules_n;
    k->ending = k->hung = false;
    k->delays_n = k->late_sleeps = k->late_moments = 0;
    k->timer_until_us = 0;
    supervise_listen(k, born.listener);
    return true;
}

/* ---- what is left when a runner has ended ---- */

static void tell_outlives(struct keeper *k, pid_t pid)
{
    char command[EVENT_DETAIL_MAX];
    struct person *p = crowd_meet(k, pid);

    if (!p || p->runner || crowd_is_over(p))
        return;
    target_command(pid, command, sizeof command);
    k->outlive++;
    keeper_tell(k, pid,
                &(struct call_event){ .kind = EVENT_OUTLIVES,
                                      .flags = getsid(pid) == pid ? OUTLIVES_SESSION : 0,
                                      .subject = command,
                                      .detail = "" });
}

void runner_clear(struct keeper *k)
{
    k->outlive = 0; /* one that always forks and ends is not met at once */
    for (unsigned i = 0; i < LOOKS && !k->hung && !k->over && k->listeners_n > 0 && !k->outlive;
         i++)
        crowd_each(k, tell_outlives); /* without a listener all are gone, or about to be */
    world_kill(&k->plan->world);
    while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
        ;
    crowd_sweep(k);
    for (size_t i = 0; i < k->listeners_n; i++) {
        waits_forget(k, k->listeners[i]);
        (void)close(k->listeners[i]);
    }
    k->listeners_n = 0;
    sinkhole_read(k);
    if (k->plan->world.weak)
        weak_net_end(k);
}

static void tell_crash(struct keeper *k)
{
    const char *name = KEEPER_NO_MODULE(k) ? "" : k->modules[k->current].name;

    if (!k->hung && !k->over && !k->ending)
        tell_plain(&k->teller, EVENT_CRASHED, 0, name, "", (uint64_t)(unsigned)k->runner_status);
}

/* The runner ended before it said that it had begun: what it was to import was not watched. */
static bool is_stillborn(const struct keeper *k, size_t first)
{
    return k->modules_n > 0 && first_left(k) == first && KEEPER_NO_MODULE(k) && !k->ending &&
           !k->over;
}

/* Imports what the list has, with one more runner after each import that ends the last. */
static bool import_round(struct keeper *k, bool apart)
{
    unsigned restarts = 0;

    k->apart = apart;
    for (size_t i = 0; i < k->modules_n; i++)
        k->modules[i].done = false;
    do {
        size_t first = first_left(k);

        if (!put_list(k) || !runner_start(k))
            return false;
        supervise(k);
        runner_clear(k);
        tell_crash(k);
        if (is_stillborn(k, first)) {
            tell_plain(&k->teller, EVENT_SETUP, 0, "the interpreter",
                       "it ends before anything is imported", (uint64_t)(unsigned)k->runner_status);
            return true;
        }
        restarts += !k->ending;
    } while (!k->over && restarts <= RESTARTS_MAX && first_left(k) < k->modules_n);
    if (restarts > RESTARTS_MAX)
        tell_plain(&k->teller, EVENT_LIMIT, 0, "restarts", "imports that end the interpreter",
                   RESTARTS_MAX);
    return true;
}

/*
 * All of it in one interpreter, as a program would; then each top-level package in one of its
 * own, since code that has run could see to it that what comes after it is not imported at all.
 */
static bool import_all(struct keeper *k)
{
    if (!import_round(k, false))
        return false;
    return is_one_package(k) || k->convicted || k->over || import_round(k, true);
}

/* ---- one pass ---- */

static uint64_t wall_us(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_REALTIME, &t);
    return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

static bool set_up(struct keeper *k)
{
    struct span runner = runner_source();

    if (!put_bait(k) || !watch_honey(k))
        return false;
    return k->plan->command || put_file(k, WORLD_RUNNER, runner.p, runner.n);
}

static bool look(struct keeper *k, struct snapshot *before)
{
    for (size_t i = 0; i < ARRAY_LEN(writable); i++)
        if (!snapshot_take(before, writable[i]))
            return false;
    for (size_t i = 0; i < k->plan->writable_n; i++)
        if (!snapshot_take(before, k->plan->writable[i].to))
            return false;
    return k->site.n || snapshot_take(&k->site, WORLD_VENV);
}

static void compare(struct keeper *k, struct snapshot *before)
{
    bool changed;

    for (size_t i = 0; i < ARRAY_LEN(writable); i++)
        snapshot_compare(k, before, writable[i]);
    for (size_t i = 0; i < k->plan->writable_n; i++)
        snapshot_compare(k, before, k->plan->writable[i].to);
    (void)snapshot_gone(k, before);
    changed = snapshot_compare(k, &k->site, WORLD_VENV);
    changed |= snapshot_gone(k, &k->site);
    if (changed)
        snapshot_free(&k->site);
}

static bool pass(struct keeper *k, const char *what, bool second)
{
    struct snapshot before = { .arena = &k->arena, .world = &k->plan->world };
    bool ok;

    k->ci = second;
    k->as_root = second && !k->plan->world.weak;
    k->teller.pass++;
    k->sleeps = 0;
    k->ahead_ns = k->leap_us = k->asleep_us = 0;
    sinkhole_pass(k);
    tell_plain(&k->teller, EVENT_PASS, 0, what, "", 0);
    if (!set_up(k)) {
        tell_plain(&k->teller, EVENT_SETUP, 0, "the home", strerror(errno), 0);
        return false;
    }
    ok = look(k, &before);
    k->pass_wall_us = wall_us();
    ok = ok && (k->plan->command ? command_run(k) : import_all(k));
    leave_honey(k);
    sinkhole_pass(k);
    compare(k, &before);
    snapshot_free(&before);
    crowd_free(&k->crowd);
    return ok;
}

static bool install(struct keeper *k)
{
    struct compiler c = compile_begin(k);
    bool ok = unpack(k);

    compile_end(k, &c);
    return ok;
}

/* The second pass finds a world as new; an environment that was changed is installed anew. */
static bool renew(struct keeper *k)
{
    for (size_t i = 0; i < ARRAY_LEN(writable); i++)
        if (!world_renew(&k->plan->world, writable[i])) {
            tell_plain(&k->teller, EVENT_SETUP, 0, writable[i], strerror(errno), 0);
            return false;
        }
    if (k->site.n)
        return true;
    k->modules_n = 0;
    return world_renew(&k->plan->world, WORLD_VENV) && install(k);
}

static bool run_wheel(struct keeper *k)
{
    if (!install(k) || !pass(k, "as an ordinary user", false))
        return false;
    if (k->plan->options.one_pass || k->convicted || k->over)
        return true;
    return renew(k) && pass(k, k->plan->world.weak ? "with CI set" : "as root, with CI set", true);
}

/* ---- all of it ---- */

static bool prepare(struct keeper *k)
{
    sigset_t children;

    sigemptyset(&children);
    sigaddset(&children, SIGCHLD);
    (void)sigprocmask(SIG_BLOCK, &children, NULL);
    (void)signal(SIGPIPE, SIG_IGN);
    k->signals = signalfd(-1, &children, SFD_NONBLOCK | SFD_CLOEXEC);
    k->inotify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    k->honey = arena_array(&k->arena, k->plan->bait.files_n + 1, sizeof *k->honey);
    for (size_t i = 0; i < KEEPER_WAITS_MAX; i++)
        k->waits[i].listener = -1;
    k->streams[0].fd = k->streams[1].fd = -1;
    return k->signals != -1 && k->inotify != -1 && k->honey;
}

static void tell_layers(struct keeper *k)
{
    for (unsigned i = 0; i < WORLD_LAYERS; i++)
        tell_plain(&k->teller, EVENT_LAYER, 0, world_layer_name((enum world_layer_id)i),
                   k->layers[i].detail, k->layers[i].active);
}

int watch_keeper_body(void *user, const struct world_layer *layers)
{
    struct watch_plan *plan = user;
    static struct keeper k; /* large */
    bool ok;

    (void)close(plan->control[1]);
    (void)close(plan->in);
    k = (struct keeper){ .plan = plan,
                         .layers = layers,
                         .teller = { .out = plan->out, .begun_us = plan->begun_us },
                         .control = plan->control[0],
                         .inotify = -1 };
    k.total_until_us = (uint64_t)plan->options.total_ms * 1000;
    arena_init(&k.arena, ARENA_MAX);
    k.site.arena = &k.arena;
    k.site.world = &plan->world;
    tell_layers(&k);
    ok = prepare(&k) &&
         (plan->command ? command_folders(&k) && pass(&k, "the command", false) : run_wheel(&k));
    sinkhole_end(&k);
    if (ok && plan->command && !k.over)
        command_hand_over(&k);
    if (ok)
        tell_plain(&k.teller, EVENT_DONE, 0, plan->command ? "command" : "wheel", "",
                   (uint64_t)(unsigned)k.runner_status);
    return ok ? 0 : 1;
}
