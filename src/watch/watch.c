/* Starts a world for a wheel or a command, and listens to it. See watch.h. */
#include "watch/watch.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/budget.h"
#include "base/status.h"
#include "input/map.h"
#include "watch/hooklib.h"
#include "watch/tree.h"
#include "watch/wheel.h"

#define STORY_MAX        ((size_t)128 * 1024 * 1024)
#define LATE_MS          10000 /* beyond the keeper's own time */
#define FILES_MAX        24
#define BINDS_MAX        96
#define UPTIME_S         (uint64_t)(3 * 86400 + 7 * 3600 + 41 * 60)
#define SINK_BYTES       (16u * 1024 * 1024)
#define SINK_CONNECTIONS 512

/* Everything that lives as long as one watch. */
struct run {
    struct watch_plan plan;
    struct arena *arena;
    const char *path; /* of the wheel; NULL: a command */
    struct map maps[64];
    struct plan_with with[64];
    size_t maps_n;
    struct world_bind binds[BINDS_MAX];
    size_t binds_n;
    struct world_file files[FILES_MAX];
    size_t files_n;
    const char *folders[32];
    size_t folders_n;
    struct plan_folder writable[WATCH_KEPT_MAX];
    struct world world;
    int events;           /* reading end */
    char host[256];       /* name of the machine, likewise */
    char place[PATH_MAX]; /* of a weak world; "": there is none */
};

/* ---- options ---- */

static void resolve(struct pratique_watch_options *o)
{
    o->time_ms = o->time_ms ? o->time_ms : 30000;
    o->total_ms = o->total_ms ? o->total_ms : 300000;
    o->grace_ms = o->grace_ms ? o->grace_ms : 1500;
    o->memory_bytes = o->memory_bytes ? o->memory_bytes : (uint64_t)8 << 30;
    o->disk_bytes = o->disk_bytes ? o->disk_bytes : (uint64_t)2 << 30;
    o->processes = o->processes ? o->processes : 128;
}

/* ---- files of the host ---- */

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

static enum pratique_status cannot(struct pratique_error *err, const char *what)
{
    return error_set(err, PRATIQUE_E_IO, PRATIQUE_NO_OFFSET, "%s: %s", what, strerror(errno));
}

/* Maps a file for the life of the run. */
static enum pratique_status map_file(struct run *r, const char *path, struct span *out,
                                     struct pratique_error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    struct stat st;
    enum pratique_status status;

    *out = SPAN_EMPTY;
    if (fd == -1)
        return cannot(err, path);
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        (void)close(fd);
        return error_set(err, PRATIQUE_E_IO, PRATIQUE_NO_OFFSET, "%s: not a regular file", path);
    }
    if (r->maps_n == ARRAY_LEN(r->maps)) {
        (void)close(fd);
        return error_set(err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET, "more than %zu dependencies",
                         ARRAY_LEN(r->maps) - 1);
    }
    status = map_open(&r->maps[r->maps_n], fd, (uint64_t)st.st_size);
    (void)close(fd);
    if (status != PRATIQUE_OK)
        return cannot(err, path);
    *out = r->maps[r->maps_n++].bytes;
    return PRATIQUE_OK;
}

static enum pratique_status check_wheel(struct run *r, const char *path, struct pratique_error *err)
{
    const char *name = base_name(path), *why;
    struct wheel_name parts;

    if (wheel_is_sdist(span_text(name)))
        return error_set(err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET,
                         "%s: an sdist is sources; build it first (python -m build --wheel), or "
                         "watch the build: pratique watch -- COMMAND",
                         path);
    if (!wheel_name_parse(span_text(name), &parts))
        return error_set(err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET,
                         "%s: no wheel is called so (NAME-VERSION-PYTHON-ABI-PLATFORM.whl)", path);
    why = wheel_unfit(r->arena, &parts, &r->plan.python);
    return why ? error_set(err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET, "%s: %s", path, why)
               : PRATIQUE_OK;
}

static enum pratique_status take_wheel(struct run *r, const char *path, struct pratique_error *err)
{
    enum pratique_status st;

    if (access(path, F_OK) != 0)
        return cannot(err, path);
    st = check_wheel(r, path, err);
    r->plan.wheel = base_name(path);
    return st == PRATIQUE_OK ? map_file(r, path, &r->plan.wheel_bytes, err) : st;
}

/* ---- the private root ---- */

static void bind_to(struct run *r, const char *from, const char *to, bool optional)
{
    if (r->binds_n < BINDS_MAX)
        r->binds[r->binds_n++] = (struct world_bind){ from, to, optional };
}

static void put(struct run *r, const char *path, const void *bytes, size_t n, unsigned mode)
{
    if (r->files_n < FILES_MAX)
        r->files[r->files_n++] = (struct world_file){ path, bytes, n, mode };
}

static void put_text(struct run *r, const char *path, const char *text)
{
    put(r, path, text, strlen(text), 0644);
}

static bool is_below(const char *path, const char *folder)
{
    size_t n = strlen(folder);

    return strncmp(path, folder, n) == 0 && (path[n] == '/' || !path[n]);
}

static void bind_system(struct run *r)
{
    static const char *const system[] = { "/usr",   "/bin",   "/sbin",  "/lib",
                                          "/lib32", "/lib64", "/libx32" };
    static const char *const settings[] = {
        "alternatives", "fonts",          "mime.types",     "localtime",       "timezone",
        "os-release",   "lsb-release",    "debian_version", "services",        "protocols",
        "ld.so.cache",  "ld.so.conf",     "ld.so.conf.d",   "ssl/openssl.cnf", "magic",
        "gai.conf",     "host.conf",      "locale.alias",   "profile",         "bash.bashrc",
        "inputrc",      "redhat-release", "fedora-release", "python3",         "python3.9",
        "python3.10",   "python3.11",     "python3.12",     "python3.13",      "python3.14",
        "matplotlibrc", "vulkan",         "OpenCL",         "crypto-policies"
    };

    for (size_t i = 0; i < ARRAY_LEN(system); i++)
        bind_to(r, system[i], NULL, i > 0);
    for (size_t i = 0; i < ARRAY_LEN(settings); i++) {
        const char *path = arena_printf(r->arena, "/etc/%s", settings[i]);

        if (path)
            bind_to(r, path, NULL, true);
    }
    if (r->plan.python.prefix && !is_below(r->plan.python.prefix, "/usr"))
        bind_to(r, r->plan.python.prefix, NULL, false);
}

/* The host's list of authorities, and the sink's own behind it. */
static bool put_certificates(struct run *r)
{
    static const char *const lists[] = { "/etc/ssl/certs/ca-certificates.crt",
                                         "/etc/pki/tls/certs/ca-bundle.crt",
                                         "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem" };
    struct span pem = sink_authority_pem(r->plan.sink.authority), host = SPAN_EMPTY;
    struct pratique_error ignored;
    char *all;

    for (size_t i = 0; i < ARRAY_LEN(lists) && host.n == 0; i++)
        if (map_file(r, lists[i], &host, &ignored) != PRATIQUE_OK)
            host = SPAN_EMPTY;
    all = arena_alloc(r->arena, host.n + pem.n + 1);
    if (!all)
        return false;
    memcpy(all, host.p, host.n);
    memcpy(all + host.n, pem.p, pem.n);
    put(r, WORLD_CERTIFICATES, all, host.n + pem.n, 0644);
    put(r, "/etc/ssl/cert.pem", all, host.n + pem.n, 0644);
    put(r, "/etc/pki/tls/certs/ca-bundle.crt", all, host.n + pem.n, 0644);
    return true;
}

static bool put_settings(struct run *r, const unsigned char seed[32])
{
    struct span hook = hook_library();
    const char *machine =
        arena_printf(r->arena, "%02x%02x%02x%02x%02x%02x%02x%02x%02x%02x%02x%02x%02x%02x%02x%02x\n",
                     seed[0], seed[1], seed[2], seed[3], seed[4], seed[5], seed[6], seed[7],
                     seed[8], seed[9], seed[10], seed[11], seed[12], seed[13], seed[14], seed[15]);

    put_text(r, "/etc/passwd",
             "root:x:0:0:root:/root:/bin/bash\n"
             "daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\n" WORLD_USER_NAME
             ":x:1000:1000:Alex,,,:" WORLD_HOME ":/bin/bash\n"
             "nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n");
    put_text(r, "/etc/group",
             "root:x:0:\ndaemon:x:1:\nsudo:x:27:" WORLD_USER_NAME "\n" WORLD_USER_NAME
             ":x:1000:\nnogroup:x:65534:\n");
    put_text(r, "/etc/hosts",
             "127.0.0.1\tlocalhost\n127.0.1.1\t" WORLD_HOST "\n"
             "::1\tlocalhost ip6-localhost ip6-loopback\n");
    put_text(r, "/etc/hostname", WORLD_HOST "\n");
    put_text(r, "/etc/resolv.conf", "nameserver " WORLD_RESOLVER "\n");
    put_text(r, "/etc/nsswitch.conf",
             "passwd: files\ngroup: files\nshadow: files\nhosts: files dns\n"
             "networks: files\nprotocols: files\nservices: files\n");
    put_text(r, "/etc/machine-id", machine ? machine : "");
    put_text(r, "/etc/ld.so.preload", WORLD_HOOK "\n");
    put(r, WORLD_HOOK, hook.p, hook.n, 0755);
    return machine && put_certificates(r);
}

static void set_folders(struct run *r)
{
    static const char *const folders[] = { WORLD_HOME, WORLD_VENV, "/tmp",
                                           "/var/tmp", "/dev/shm", "/run" };

    for (size_t i = 0; i < ARRAY_LEN(folders); i++)
        r->folders[r->folders_n++] = folders[i];
}

static void set_limits(struct run *r)
{
    const struct pratique_watch_options *o = &r->plan.options;

    r->plan.world = (struct world_config){
        .binds = r->binds,
        .binds_n = r->binds_n,
        .files = r->files,
        .files_n = r->files_n,
        .folders = r->folders,
        .folders_n = r->folders_n,
        .tmpfs_bytes = o->disk_bytes,
        .host = WORLD_HOST,
        .uptime_s = UPTIME_S,
        .cpu_seconds = o->total_ms / 1000 * 2 + 10,
        .file_bytes = o->disk_bytes,
        .processes = o->processes,
        .descriptors = 1024,
        .network = true,
    };
}

/* ---- dependencies ---- */

/* The folder's own path, links resolved; NULL with errno. */
static const char *real_path(struct run *r, const char *path)
{
    char real[PATH_MAX];

    return realpath(path, real) ? arena_copy(r->arena, real, strlen(real)) : NULL;
}

/* path from the root, links left as they are; NULL with errno. */
static const char *absolute(struct run *r, const char *path)
{
    char here[PATH_MAX];

    if (path[0] == '/')
        return path;
    if (!getcwd(here, sizeof here))
        return NULL;
    return strcmp(path, ".") == 0 ? arena_copy(r->arena, here, strlen(here))
                                  : arena_printf(r->arena, "%s/%s", here, path);
}

static enum pratique_status bind_folder(struct run *r, const char *path, const char *to,
                                        struct pratique_error *err)
{
    const char *real = real_path(r, path);

    if (!real || !to)
        return cannot(err, path);
    bind_to(r, real, to, false);
    return PRATIQUE_OK;
}

static enum pratique_status take_with(struct run *r, size_t i, struct pratique_error *err)
{
    const char *path = r->plan.options.with[i];
    struct plan_with *w = &r->with[i];
    struct stat st;

    if (stat(path, &st) != 0)
        return error_set(err, PRATIQUE_E_IO, PRATIQUE_NO_OFFSET, "--with %s: %s", path,
                         strerror(errno));
    if (!S_ISDIR(st.st_mode)) {
        w->name = base_name(path);
        return map_file(r, path, &w->bytes, err);
    }
    return bind_folder(r, path, arena_printf(r->arena, WORLD_WITH "%zu", i), err);
}

static enum pratique_status take_dependencies(struct run *r, struct pratique_error *err)
{
    enum pratique_status st = PRATIQUE_OK;

    if (r->plan.options.with_n > ARRAY_LEN(r->with))
        return error_set(err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET, "more than %zu dependencies",
                         ARRAY_LEN(r->with));
    for (size_t i = 0; st == PRATIQUE_OK && i < r->plan.options.with_n; i++)
        st = take_with(r, i, err);
    r->plan.with = r->with;
    r->plan.with_n = r->plan.options.with_n;
    return st;
}

/* ---- a command ---- */

/* The file of a word, on the caller's PATH as a shell would find it; NULL: there is none. */
static const char *find_program(struct run *r, const char *word)
{
    const char *at = getenv("PATH");

    if (strchr(word, '/'))
        return access(word, X_OK) == 0 ? absolute(r, word) : NULL;
    for (at = at ? at : "/usr/bin:/bin"; *at; at += strspn(at, ":")) {
        size_t n = strcspn(at, ":");
        const char *path = arena_printf(r->arena, "%.*s/%s", (int)n, at, word);

        if (path && at[0] == '/' && access(path, X_OK) == 0)
            return path;
        at += n;
    }
    return NULL;
}

/* Folders that the command may write: the host's is seen aside, and copied to its own place. */
static enum pratique_status take_writable(struct run *r, struct pratique_error *err)
{
    const struct pratique_watch_options *o = &r->plan.options;

    if (o->writable_n > ARRAY_LEN(r->writable))
        return error_set(err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET,
                         "more than %zu folders to write", ARRAY_LEN(r->writable));
    for (size_t i = 0; i < o->writable_n; i++) {
        const char *real = real_path(r, o->writable[i]);
        const char *aside = arena_printf(r->arena, "/opt/from/%zu", i);
        struct stat st;

        if (!real || !aside || stat(real, &st) != 0)
            return cannot(err, o->writable[i]);
        if (!S_ISDIR(st.st_mode) || !real[1])
            return error_set(err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET,
                             "%s: no folder that can be copied", o->writable[i]);
        bind_to(r, real, aside, false);
        r->folders[r->folders_n++] = real;
        r->writable[i] = (struct plan_folder){ aside, real };
    }
    r->plan.writable = r->writable;
    r->plan.writable_n = o->writable_n;
    return PRATIQUE_OK;
}

/* Whether the command finds path where it is: it lies below what it may read or write. */
static bool is_visible(const struct run *r, const char *path)
{
    for (size_t i = 0; i < r->binds_n; i++)
        if (!r->binds[i].to && is_below(path, r->binds[i].from))
            return true;
    for (size_t i = 0; i < r->plan.writable_n; i++)
        if (is_below(path, r->plan.writable[i].to))
            return true;
    return false;
}

static enum pratique_status take_readable(struct run *r, struct pratique_error *err)
{
    const struct pratique_watch_options *o = &r->plan.options;

    for (size_t i = 0; i < o->readable_n; i++) {
        const char *path = absolute(r, o->readable[i]);

        if (!path || access(path, F_OK) != 0)
            return cannot(err, o->readable[i]);
        bind_to(r, path, NULL, false);
    }
    return PRATIQUE_OK;
}

static enum pratique_status take_command(struct run *r, struct pratique_error *err)
{
    const char *word = r->plan.command[0];
    enum pratique_status st = take_readable(r, err);

    if (st == PRATIQUE_OK)
        st = take_writable(r, err);
    if (st != PRATIQUE_OK)
        return st;
    r->plan.program = find_program(r, word);
    r->plan.path = arena_printf(r->arena, "PATH=%s", getenv("PATH") ? getenv("PATH") : "");
    r->plan.folder = absolute(r, ".");
    if (!r->plan.program)
        return error_set(err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET, "%s: no such program", word);
    if (!r->plan.path || !r->plan.folder)
        return cannot(err, word);
    if (!is_visible(r, r->plan.program))
        return error_set(err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET,
                         "%s lies outside of what the command may read: add --read FOLDER",
                         r->plan.program);
    if (!is_visible(r, r->plan.folder))
        bind_to(r, r->plan.folder, NULL, false);
    return PRATIQUE_OK;
}

/* ---- secrets of this watch ---- */

static enum pratique_status make_secrets(struct run *r, struct pratique_error *err)
{
    static const char digits[] = "0123456789abcdef";
    unsigned char seed[32], token[CANARY_TOKEN_N];
    struct watch_plan *p = &r->plan;

    if (getrandom(seed, sizeof seed, 0) != sizeof seed ||
        getrandom(token, sizeof token, 0) != sizeof token)
        return cannot(err, "random bytes");
    for (size_t i = 0; i < CANARY_TOKEN_N; i++)
        p->token[i] = digits[token[i] & 15];
    p->sink = (struct sink_config){ .bait = &p->bait,
                                    .authority = sink_authority_new(),
                                    .token = p->token,
                                    .answers = !p->options.no_answers,
                                    .host = WORLD_HOST,
                                    .begun_us = p->begun_us,
                                    .bytes_max = SINK_BYTES,
                                    .connections_max = SINK_CONNECTIONS };
    if (!p->sink.authority)
        return error_set(err, PRATIQUE_E_IO, PRATIQUE_NO_OFFSET,
                         "a certificate authority for the sandbox cannot be made");
    if (!bait_make(&p->bait, r->arena, seed, WORLD_USER_NAME, WORLD_HOST) ||
        !hook_canary(r->arena, p->token, &p->sink.native) || !put_settings(r, seed))
        return error_set(err, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "while making the sandbox");
    return PRATIQUE_OK;
}

/* ---- listening ---- */

/* Takes whole events off the front of what was received. */
static void take_events(struct watch_story *s, struct buf *in)
{
    struct span rest = span_of(in->p ? in->p : "", in->n);
    struct watch_event e;
    const uint8_t *from = rest.p;
    int got;

    while ((got = event_take(&rest, &e)) == 1) {
        s->done |= e.kind == EVENT_DONE;
        if (e.kind == EVENT_DONE)
            s->command_status = (int)e.number;
        s->cut |= !buf_add(&s->bytes, from, (size_t)(rest.p - from));
        s->events += !s->cut;
        from = rest.p;
    }
    s->nonsense |= got < 0;
    memmove(in->p, rest.p, rest.n);
    in->n = rest.n;
}

static void listen_to(struct run *r, struct watch_story *s)
{
    static char bytes[65536];
    uint64_t until = budget_now_us() + (uint64_t)(r->plan.options.total_ms + LATE_MS) * 1000;
    struct buf in;
    ssize_t n = 1;

    buf_init(&in, sizeof bytes + EVENT_WIRE_MAX);
    while (n > 0 && !s->nonsense && !s->late) {
        struct pollfd f = { .fd = r->events, .events = POLLIN };

        if (poll(&f, 1, 1000) > 0) {
            n = read(r->events, bytes, sizeof bytes);
            n = n < 0 && errno == EINTR ? 1 : n;
            if (n > 0 && f.revents & POLLIN && buf_add(&in, bytes, (size_t)n))
                take_events(s, &in);
        }
        s->late = budget_now_us() > until;
    }
    buf_free(&in);
}

/* ---- what is kept ---- */

/* The folders that the keeper hands over, in the order of the plan. */
static void take_folders(struct run *r, struct watch_story *s)
{
    while (s->kept_n < r->plan.writable_n) {
        union {
            char room[CMSG_SPACE(sizeof(int))];
            struct cmsghdr align;
        } control;
        char what;
        struct iovec part = { &what, 1 };
        struct msghdr m = { .msg_iov = &part,
                            .msg_iovlen = 1,
                            .msg_control = &control,
                            .msg_controllen = sizeof control };
        struct cmsghdr *c;

        if (recvmsg(r->plan.handover[0], &m, MSG_CMSG_CLOEXEC | MSG_DONTWAIT) <= 0)
            return;
        c = CMSG_FIRSTHDR(&m);
        if (!c || c->cmsg_type != SCM_RIGHTS || c->cmsg_len != CMSG_LEN(sizeof(int)))
            return;
        memcpy(&s->kept[s->kept_n], CMSG_DATA(c), sizeof(int));
        s->kept_to[s->kept_n] = r->plan.writable[s->kept_n].to;
        s->kept_n++;
    }
}

enum pratique_status watch_keep(const struct watch_story *story, struct pratique_error *err)
{
    for (size_t i = 0; i < story->kept_n; i++) {
        char from[64];

        (void)snprintf(from, sizeof from, "/proc/self/fd/%d/.", story->kept[i]);
        if (!tree_copy(from, story->kept_to[i], (uid_t)-1, TREE_LINKS_INSIDE))
            return error_set(err, PRATIQUE_E_IO, PRATIQUE_NO_OFFSET,
                             "%s: what the command wrote cannot be kept: %s", story->kept_to[i],
                             strerror(errno));
    }
    return PRATIQUE_OK;
}

/* ---- all of it ---- */

/* Why there are no namespaces is told by the kernel in one word; what to do takes more. */
static enum pratique_status explain(struct pratique_error *err)
{
    char why[sizeof err->msg];

    (void)snprintf(why, sizeof why, "%s", err->msg);
    return error_set(err, PRATIQUE_E_IO, PRATIQUE_NO_OFFSET,
                     "no full isolation: %.60s (docker: --security-opt seccomp=unconfined and "
                     "more; else sysctl kernel.unprivileged_userns_clone, "
                     "kernel.apparmor_restrict_unprivileged_userns; see docs/WATCH.md)",
                     why);
}

/* A folder of this watch's own, by the name that the kernel has for it. */
static enum pratique_status make_place(struct run *r, struct pratique_error *err)
{
    const char *tmp = getenv("TMPDIR");
    char name[PATH_MAX];

    if (!tmp || tmp[0] != '/')
        tmp = "/tmp";
    if (snprintf(name, sizeof name, "%s/pratique-watch-XXXXXX", tmp) >= (int)sizeof name)
        errno = ENAMETOOLONG;
    else if (mkdtemp(name)) {
        if (realpath(name, r->place))
            return PRATIQUE_OK;
        (void)rmdir(name);
    }
    r->place[0] = '\0';
    return cannot(err, tmp);
}

static enum pratique_status start_weak(struct run *r, struct watch_story *s,
                                       struct pratique_error *err)
{
    enum pratique_status st;

    if (r->plan.writable_n)
        return error_set(err, PRATIQUE_E_USAGE, PRATIQUE_NO_OFFSET,
                         "--write needs namespaces, which are not to be had: %.120s", err->msg);
    st = make_place(r, err);
    if (st != PRATIQUE_OK)
        return st;
    s->weak = r->plan.world.weak = r->plan.sink.loopback = true;
    r->plan.world.place = r->place;
    if (gethostname(r->host, sizeof r->host - 1) == 0 && r->host[0])
        r->plan.sink.host = r->host;
    return world_start(&r->world, &r->plan.world, watch_sink_body, watch_keeper_body, &r->plan,
                       err);
}

/* The full world; where this machine has none for us, the weak one, unless full was asked for. */
static enum pratique_status start_world(struct run *r, struct watch_story *s,
                                        struct pratique_error *err)
{
    enum pratique_status st =
        world_start(&r->world, &r->plan.world, watch_sink_body, watch_keeper_body, &r->plan, err);

    if (st == PRATIQUE_OK || !r->world.forbidden)
        return st;
    return r->plan.options.full_isolation ? explain(err) : start_weak(r, s, err);
}

/* Everybody who could write to it is gone. */
static enum pratique_status drop_place(const struct run *r, struct pratique_error *err)
{
    if (!r->place[0] || (world_empty(r->place) && rmdir(r->place) == 0))
        return PRATIQUE_OK;
    return cannot(err, r->place);
}

static enum pratique_status start(struct run *r, struct watch_story *s, struct pratique_error *err)
{
    int ends[2];
    enum pratique_status st, left;
    struct pratique_error err_left;

    if (pipe2(ends, O_CLOEXEC) != 0 ||
        socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, r->plan.control) != 0 ||
        socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, r->plan.handover) != 0)
        return cannot(err, "descriptors");
    r->events = r->plan.in = ends[0];
    r->plan.out = ends[1];
    st = start_world(r, s, err);
    (void)close(ends[1]);
    (void)close(r->plan.control[0]);
    (void)close(r->plan.control[1]);
    (void)close(r->plan.handover[1]);
    if (st == PRATIQUE_OK) {
        memcpy(s->layers, r->world.layers, sizeof s->layers);
        listen_to(r, s);
        take_folders(r, s);
        world_end(&r->world, &s->status);
    }
    (void)close(r->events);
    (void)close(r->plan.handover[0]);
    left = drop_place(r, &err_left);
    if (st == PRATIQUE_OK && left != PRATIQUE_OK) {
        *err = err_left;
        st = left;
    }
    return st;
}

static enum pratique_status prepare(struct run *r, struct pratique_error *err)
{
    enum pratique_status st = PRATIQUE_OK;

    set_folders(r);
    if (r->path)
        st = python_find(&r->plan.python, r->arena, r->plan.options.python, err);
    if (st == PRATIQUE_OK && r->path)
        st = take_wheel(r, r->path, err);
    if (st == PRATIQUE_OK)
        st = make_secrets(r, err);
    if (st == PRATIQUE_OK) {
        bind_system(r);
        st = r->path ? take_dependencies(r, err) : take_command(r, err);
    }
    set_limits(r);
    return st;
}

/* A copy of a list of texts that ends with NULL; NULL without memory. */
static char *const *copy_list(struct arena *a, char *const list[])
{
    size_t n = 0;
    char **copy;

    while (list[n])
        n++;
    copy = arena_array(a, n + 1, sizeof *copy);
    for (size_t i = 0; copy && i < n; i++)
        if (!(copy[i] = arena_copy(a, list[i], strlen(list[i]))))
            return NULL;
    return copy;
}

/*
 * What came from the command line is copied: the keeper overwrites that memory, so that
 * process 1 does not tell the watched where they are.
 */
static bool copy_texts(struct run *r, const struct watch_target *target)
{
    struct pratique_watch_options *o = &r->plan.options;
    const char *const *lists[] = { o->with, o->readable, o->writable };
    size_t counts[] = { o->with_n, o->readable_n, o->writable_n };

    for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
        const char **copy = arena_array(r->arena, counts[i], sizeof *copy);

        for (size_t k = 0; copy && k < counts[i]; k++)
            if (!(copy[k] = arena_copy(r->arena, lists[i][k], strlen(lists[i][k]))))
                return false;
        lists[i] = copy;
        if (!copy)
            return false;
    }
    o->with = lists[0];
    o->readable = lists[1];
    o->writable = lists[2];
    r->path = target->path ? arena_copy(r->arena, target->path, strlen(target->path)) : NULL;
    r->plan.command = target->command ? copy_list(r->arena, target->command) : NULL;
    return r->path || r->plan.command;
}

enum pratique_status watch_run(struct watch_story *story, struct python *python,
                               struct arena *arena, const struct watch_target *target,
                               const struct pratique_watch_options *options,
                               struct pratique_error *err)
{
    struct run *r = calloc(1, sizeof *r);
    enum pratique_status st;

    *story = (struct watch_story){ 0 };
    buf_init(&story->bytes, STORY_MAX);
    if (!r)
        return error_set(err, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "while starting the watch");
    r->arena = arena;
    r->plan.options = *options;
    r->plan.begun_us = budget_now_us();
    resolve(&r->plan.options);
    st = copy_texts(r, target)
             ? prepare(r, err)
             : error_set(err, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "while starting the watch");
    if (st == PRATIQUE_OK)
        st = start(r, story, err);
    *python = r->plan.python;
    story->time_us = budget_now_us() - r->plan.begun_us;
    for (size_t i = 0; i < r->maps_n; i++)
        map_close(&r->maps[i]);
    sink_authority_free((struct sink_authority *)(uintptr_t)r->plan.sink.authority);
    free(r);
    return st;
}
