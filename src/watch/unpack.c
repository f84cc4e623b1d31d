/*
 * Installs the wheel and its dependencies. The wheel is hostile, so a child does it that has
 * no more rights than what will be imported later; what it reports is read like anything else
 * that the watched say, and it is done before the first of them runs.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/budget.h"
#include "watch/keeper.h"
#include "watch/venv.h"

#define MEMBERS_MAX 400000
#define MODULES_MAX 20000
#define ARENA_MAX   ((size_t)256 * 1024 * 1024)
#define UNPACK_MS   240000

/* ---- in the child ---- */

struct unpacker {
    const struct watch_plan *plan;
    struct arena arena;
    struct teller teller; /* to the keeper */
};

static void on_event(void *user, const struct watch_event *e)
{
    struct unpacker *u = user;

    tell(&u->teller, e);
}

/* Of dependencies: they are not what is judged. */
static void ignore_event(void *user, const struct watch_event *e)
{
    (void)user;
    (void)e;
}

static void refused(struct unpacker *u, const char *what, const struct pratique_error *err)
{
    char detail[320];

    if (err->offset != PRATIQUE_NO_OFFSET)
        (void)snprintf(detail, sizeof detail, "%s (byte %llu)", err->msg,
                       (unsigned long long)err->offset);
    else
        (void)snprintf(detail, sizeof detail, "%s", err->msg);
    tell_plain(&u->teller, EVENT_SETUP, 0, what, detail, 0);
}

static bool install(struct unpacker *u, const char *name, struct span bytes,
                    const struct wheel_scheme *scheme, bool judged, struct wheel_installed *out)
{
    struct wheel_limits limits = { .bytes = u->plan->options.disk_bytes, .members = MEMBERS_MAX };
    struct pratique_error err = { .offset = PRATIQUE_NO_OFFSET };
    struct wheel_name parts;
    enum pratique_status st;

    if (!wheel_name_parse(span_text(name), &parts)) {
        tell_plain(&u->teller, EVENT_SETUP, 0, name, "no wheel is called so", 0);
        return false;
    }
    st = wheel_install(bytes, &parts, scheme, &limits, &u->arena, out,
                       judged ? on_event : ignore_event, u, &err);
    if (st != PRATIQUE_OK)
        refused(u, name, &err);
    return st == PRATIQUE_OK;
}

static bool tell_module(struct unpacker *u, const char *name, uint64_t sub)
{
    if (strlen(name) > EVENT_SUBJECT_MAX) {
        tell_plain(&u->teller, EVENT_SETUP, 0, name, "a longer name than can be imported here", 0);
        return false;
    }
    tell_plain(&u->teller, EVENT_IMPORT, 0, name, "", sub);
    return true;
}

static bool tell_modules(struct unpacker *u, const struct wheel_installed *w)
{
    size_t subs = u->plan->options.all_modules ? w->submodules_n : 0;
    bool ok = true;

    if (w->modules_n + subs > MODULES_MAX) {
        tell_plain(&u->teller, EVENT_SETUP, 0, "the modules", "more than are imported here",
                   w->modules_n + subs);
        return false;
    }
    for (size_t i = 0; ok && i < w->modules_n; i++)
        ok = tell_module(u, w->modules[i], 0);
    for (size_t i = 0; ok && i < subs; i++)
        ok = tell_module(u, w->submodules[i], 1);
    return ok;
}

/* Folders of dependencies come to sys.path as site would have it, with their own .pth files. */
static bool put_folders(const struct watch_plan *plan, int site)
{
    int fd = -1;
    bool ok = true;

    for (size_t i = 0; ok && i < plan->with_n; i++) {
        char line[WORLD_PATH_MAX + 64], to[64], real[WORLD_PATH_MAX];
        int n;

        if (plan->with[i].name)
            continue;
        if (fd == -1)
            fd = openat(site, "_packages.pth", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
        (void)snprintf(to, sizeof to, WORLD_WITH "%zu", i);
        n = snprintf(line, sizeof line, "import site; site.addsitedir('%s')\n",
                     world_path(&plan->world, to, real));
        ok = fd != -1 && write(fd, line, (size_t)n) == n;
    }
    if (fd != -1)
        (void)close(fd);
    return ok;
}

/* Certificates of the sink's authority, for those that bring their own list. */
static void trust_authority(const struct watch_plan *plan, int site)
{
    struct span pem = sink_authority_pem(plan->sink.authority);
    static const char *const lists[] = { "certifi/cacert.pem", "pip/_vendor/certifi/cacert.pem" };

    for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
        int fd = openat(site, lists[i], O_WRONLY | O_APPEND | O_NOFOLLOW | O_CLOEXEC);

        if (fd == -1)
            continue;
        (void)!write(fd, pem.p, pem.n);
        (void)close(fd);
    }
}

static bool unpack_all(struct unpacker *u)
{
    const struct watch_plan *plan = u->plan;
    struct wheel_scheme scheme;
    struct wheel_installed w = { 0 }, other;
    char real[WORLD_PATH_MAX];
    const char *path = world_path(&plan->world, WORLD_VENV, real);
    int root = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (root == -1 || !venv_make(&plan->python, root, path, &u->arena, &scheme)) {
        tell_plain(&u->teller, EVENT_SETUP, 0, "the environment", strerror(errno), 0);
        return false;
    }
    if (!put_folders(plan, scheme.site)) {
        tell_plain(&u->teller, EVENT_SETUP, 0, "the dependencies", strerror(errno), 0);
        return false;
    }
    for (size_t i = 0; i < plan->with_n; i++)
        if (plan->with[i].name &&
            !install(u, plan->with[i].name, plan->with[i].bytes, &scheme, false, &other))
            return false;
    if (!install(u, plan->wheel, plan->wheel_bytes, &scheme, true, &w))
        return false;
    trust_authority(plan, scheme.site);
    return tell_modules(u, &w);
}

static void child(const struct watch_plan *plan, int out)
{
    struct unpacker u = { .plan = plan, .teller = { .out = out, .begun_us = plan->begun_us } };
    bool ok;

    (void)umask(022);
    if (!world_confine(&plan->world)) {
        tell_plain(&u.teller, EVENT_SETUP, 0, "giving up rights", strerror(errno), 0);
        _exit(1);
    }
    arena_init(&u.arena, ARENA_MAX);
    ok = unpack_all(&u);
    tell_plain(&u.teller, EVENT_DONE, 0, "", "", 0);
    _exit(ok ? 0 : 1);
}

/* ---- in the keeper ---- */

static bool add_module(struct keeper *k, struct span name, bool sub)
{
    struct task_module *list;
    char *copy;

    if (k->modules_n >= MODULES_MAX || memchr(name.p, '\n', name.n))
        return false;
    if ((k->modules_n & (k->modules_n - 1)) == 0) { /* it doubles */
        list = reallocarray(k->modules, k->modules_n ? k->modules_n * 2 : 1, sizeof *list);
        if (!list)
            return false;
        k->modules = list;
    }
    copy = arena_copy(&k->arena, name.p, name.n);
    if (!copy)
        return false;
    k->modules[k->modules_n++] = (struct task_module){ .name = copy, .sub = sub };
    return true;
}

/* What the child tells: modules are kept, the rest is passed on. True when it was done. */
static bool listen_to(struct keeper *k, int fd, bool *failed)
{
    static uint8_t bytes[2 * EVENT_WIRE_MAX];
    size_t have = 0;
    bool done = false;
    ssize_t n;

    while ((n = read(fd, bytes + have, sizeof bytes - have)) > 0 || (n < 0 && errno == EINTR)) {
        struct span in = span_of(bytes, have += n > 0 ? (size_t)n : 0);
        struct watch_event e;

        while (event_take(&in, &e) == 1) {
            if (e.kind == EVENT_IMPORT)
                (void)add_module(k, e.subject, e.number != 0);
            else if (e.kind == EVENT_DONE)
                done = true;
            else
                tell(&k->teller, &e);
            *failed |= e.kind == EVENT_SETUP;
        }
        memmove(bytes, in.p, in.n);
        have = in.n;
        if (have == sizeof bytes)
            break;
    }
    return done;
}

bool unpack(struct keeper *k)
{
    int ends[2], status = 0;
    bool failed = false, done;
    pid_t pid;

    if (pipe2(ends, O_CLOEXEC) != 0)
        return false;
    pid = fork();
    if (pid == 0) {
        (void)close(ends[0]);
        child(k->plan, ends[1]);
    }
    (void)close(ends[1]);
    done = pid > 0 && listen_to(k, ends[0], &failed);
    (void)close(ends[0]);
    if (pid > 0)
        while (waitpid(pid, &status, 0) == -1 && errno == EINTR)
            ;
    if (!failed && (!done || status != 0))
        tell_plain(&k->teller, EVENT_SETUP, 0, "unpacking", "the process that did it died",
                   (uint64_t)(unsigned)status);
    k->current = k->modules_n;
    return done && !failed && status == 0;
}
