/* Paths: what a process means by one, and where that lies. See keeper.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "watch/keeper.h"

#define LINKS_MAX 40 /* as the kernel has it */

/* A path on its way: what is resolved, without a slash at the end, and what is still to come. */
struct way {
    pid_t tid;
    char done[PATH_MAX], rest[PATH_MAX];
    unsigned links;
    bool follow; /* the last part too */
};

/* Adds "/part" to what is resolved; "..": goes up. False when it does not fit. */
static bool step(struct way *w, const char *part, size_t n)
{
    size_t at = strlen(w->done);

    if (n == 0 || (n == 1 && part[0] == '.'))
        return true;
    if (n == 2 && part[0] == '.' && part[1] == '.') {
        while (at > 0 && w->done[--at] != '/')
            ;
        w->done[at] = '\0';
        return true;
    }
    if (at + 1 + n >= PATH_MAX)
        return false;
    w->done[at] = '/';
    memcpy(w->done + at + 1, part, n);
    w->done[at + 1 + n] = '\0';
    return true;
}

/* "/proc/self" is the thread's process, not ours. */
static void own_process(struct way *w)
{
    if (strcmp(w->done, "/proc/self") == 0)
        (void)snprintf(w->done, sizeof w->done, "/proc/%d", (int)target_process(w->tid));
    else if (strcmp(w->done, "/proc/thread-self") == 0)
        (void)snprintf(w->done, sizeof w->done, "/proc/%d/task/%d", (int)target_process(w->tid),
                       (int)w->tid);
}

/* The text of the link that w->done names; false when it is none, or the path's own end. */
static bool read_link(const struct way *w, char text[PATH_MAX])
{
    struct stat st;
    ssize_t n;

    if ((!w->rest[strspn(w->rest, "/")] && !w->follow) || lstat(w->done, &st) != 0 ||
        !S_ISLNK(st.st_mode))
        return false;
    n = readlink(w->done, text, PATH_MAX - 1);
    text[n > 0 ? n : 0] = '\0';
    return n > 0;
}

/* Goes where the link leads: one of /proc says what it is open on, which may be no path. */
static bool take_link(struct way *w, const char *text)
{
    char rest[PATH_MAX];
    bool magic = strncmp(w->done, "/proc/", 6) == 0 && w->done[6] >= '0' && w->done[6] <= '9';

    (void)snprintf(rest, sizeof rest, "%s", w->rest);
    if (magic) {
        (void)snprintf(w->done, sizeof w->done, "%s", strcmp(text, "/") == 0 ? "" : text);
        return true;
    }
    if (text[0] == '/')
        w->done[0] = '\0';
    else
        (void)step(w, "..", 2);
    return (size_t)snprintf(w->rest, sizeof w->rest, "%s/%s", text, rest) < sizeof w->rest;
}

/*
 * Part by part, as the kernel goes: ".." leaves what a link led to, and links of /proc are those
 * of the thread. From the first part on that is not there the rest is taken as it stands.
 */
static bool walk(struct way *w)
{
    char text[PATH_MAX];

    while (w->rest[0]) {
        size_t slashes = strspn(w->rest, "/"), n = strcspn(w->rest + slashes, "/");
        bool fits = step(w, w->rest + slashes, n);

        memmove(w->rest, w->rest + slashes + n, strlen(w->rest + slashes + n) + 1);
        if (!fits)
            return false;
        own_process(w);
        if (w->links < LINKS_MAX && w->done[0] == '/' && read_link(w, text)) {
            w->links++;
            if (!take_link(w, text))
                return false;
        }
    }
    return true;
}

void place_told(const struct keeper *k, char *text)
{
    const char *place = k->plan->world.place;
    size_t n;
    char *at = text;

    if (!k->plan->world.weak)
        return;
    n = strlen(place);
    while ((at = strstr(at, place)))
        memmove(at, at + n, strlen(at + n) + 1);
    if (!*text)
        (void)strcpy(text, "/"); /* the place itself was named, which is longer */
}

bool place_resolve(const struct keeper *k, pid_t tid, int folder, const char *name, bool follow,
                   char to[PATH_MAX])
{
    struct way w = { .tid = tid, .follow = follow };
    char what[32];

    if (name[0] != '/') {
        if (folder == AT_FDCWD)
            (void)snprintf(what, sizeof what, "cwd");
        else
            (void)snprintf(what, sizeof what, "fd/%d", folder);
        if (!target_link(tid, what, w.done, sizeof w.done)) /* gone, or longer than a path */
            return false;
        if (strcmp(w.done, "/") == 0)
            w.done[0] = '\0';
    }
    if ((size_t)snprintf(w.rest, sizeof w.rest, "%s", name) >= sizeof w.rest || !walk(&w))
        return false;
    (void)snprintf(to, PATH_MAX, "%s", w.done[0] ? w.done : "/");
    place_told(k, to);
    return true;
}

static bool is_below(const char *path, const char *folder)
{
    size_t n = strlen(folder);

    return strncmp(path, folder, n) == 0 && (path[n] == '/' || path[n] == '\0');
}

uint32_t place_flags(const struct keeper *k, const char *path)
{
    static const struct {
        const char *folder;
        uint32_t flags;
    } places[] = {
        { WORLD_VENV, PATH_SITE }, { "/opt/packages", PATH_SITE }, { WORLD_HOME, PATH_HOME },
        { "/root", PATH_HOME },    { "/tmp", PATH_TMP },           { "/var/tmp", PATH_TMP },
        { "/dev/shm", PATH_TMP },  { "/run", PATH_TMP },           { "/dev", PATH_DEVICE },
        { "/proc", PATH_PROC },    { "/sys", PATH_PROC },
    };

    for (size_t i = 0; i < k->plan->writable_n; i++)
        if (is_below(path, k->plan->writable[i].to))
            return PATH_GRANTED;
    for (size_t i = 0; i < ARRAY_LEN(places); i++)
        if (is_below(path, places[i].folder))
            return places[i].flags;
    return path[0] == '/' ? PATH_SYSTEM : 0;
}

bool place_is_nameless(const char *path)
{
    static const char gone[] = " (deleted)";
    size_t n = strlen(path), tail = sizeof gone - 1;

    return strncmp(path, "/memfd:", 7) == 0 || (n > tail && strcmp(path + n - tail, gone) == 0);
}

bool place_is_written(const struct keeper *k, const char *path)
{
    char real[WORLD_PATH_MAX];
    struct stat st;
    uint64_t changed_us;

    if (!(place_flags(k, path) & (PATH_HOME | PATH_TMP | PATH_GRANTED)) &&
        !is_below(path, WORLD_VENV))
        return false; /* it lies in what is bound read-only */
    if (strcmp(path, WORLD_RUNNER) == 0 || stat(world_path(&k->plan->world, path, real), &st) != 0)
        return false;
    /* nothing that the watched can do sets a file's ctime back */
    changed_us = (uint64_t)st.st_ctim.tv_sec * 1000000 + (uint64_t)st.st_ctim.tv_nsec / 1000;
    return S_ISREG(st.st_mode) && changed_us > k->pass_wall_us;
}

bool place_has_canary(const struct keeper *k, const char *path)
{
    static char bytes[256 * 1024]; /* one keeper, one thread */
    char real[WORLD_PATH_MAX];
    int fd = open(world_path(&k->plan->world, path, real),
                  O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    ssize_t n = fd == -1 ? -1 : read(fd, bytes, sizeof bytes);

    if (fd != -1)
        (void)close(fd);
    return n > 0 && memmem(bytes, (size_t)n, k->plan->token, CANARY_TOKEN_N) != NULL;
}
