/* Paths: what a process means by one, and where that lies. See keeper.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "watch/keeper.h"

/* "a/../b//./c" becomes "b/c"; path is absolute, and no shorter than what becomes of it. */
static void normalise(char *path)
{
    char *to = path;

    for (char *at = path; *at;) {
        size_t n = strcspn(at + 1, "/");

        if (n == 2 && at[1] == '.' && at[2] == '.') {
            while (to > path && *--to != '/')
                ;
        } else if (n > 0 && !(n == 1 && at[1] == '.')) {
            memmove(to, at, n + 1);
            to += n + 1;
        }
        at += n + 1;
    }
    if (to == path)
        *to++ = '/';
    *to = '\0';
}

/* The name of what is open at fd. */
static bool name_of(int fd, char to[PATH_MAX])
{
    char link[32];
    ssize_t n;

    (void)snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    n = readlink(link, to, PATH_MAX - 1);
    to[n > 0 ? n : 0] = '\0';
    return n > 0;
}

/* path becomes folder and its own last part, where that fits. */
static void put_folder(char path[PATH_MAX], const char *folder, const char *last)
{
    size_t head = strcmp(folder, "/") == 0 ? 0 : strlen(folder), tail = strlen(last);

    if (head + tail >= PATH_MAX)
        return;
    memmove(path + head, last, tail + 1);
    memcpy(path, folder, head);
}

/* Follows the links of path as far as it exists; the last part too, when follow says so. */
static bool without_links(char path[PATH_MAX], bool follow)
{
    char folder[PATH_MAX], *last;
    int fd = open(path, O_PATH | O_CLOEXEC | (follow ? 0 : O_NOFOLLOW));
    bool ok;

    if (fd != -1) {
        ok = name_of(fd, path);
        (void)close(fd);
        return ok;
    }
    last = strrchr(path, '/');
    if (!last || last == path)
        return true;
    *last = '\0';
    fd = open(path, O_PATH | O_CLOEXEC);
    *last = '/';
    if (fd == -1 || !name_of(fd, folder)) {
        if (fd != -1)
            (void)close(fd);
        return true;
    }
    (void)close(fd);
    put_folder(path, folder, last);
    return true;
}

/* "/proc/self/x" as the thread means it. */
static void own_process(pid_t tid, char path[PATH_MAX])
{
    static const char *const own[] = { "/proc/self/", "/proc/thread-self/" };
    char rest[PATH_MAX];

    for (size_t i = 0; i < ARRAY_LEN(own); i++)
        if (strncmp(path, own[i], strlen(own[i])) == 0) {
            (void)snprintf(rest, sizeof rest, "%s", path + strlen(own[i]));
            (void)snprintf(path, PATH_MAX, "/proc/%d/%.4000s", (int)tid, rest);
        }
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
    char base[PATH_MAX] = "", what[32];

    if (name[0] != '/') {
        if (folder == AT_FDCWD)
            (void)snprintf(what, sizeof what, "cwd");
        else
            (void)snprintf(what, sizeof what, "fd/%d", folder);
        if (!target_link(tid, what, base, sizeof base))
            (void)snprintf(base, sizeof base, "?");
    }
    if (!*name) { /* AT_EMPTY_PATH: the descriptor itself */
        (void)snprintf(to, PATH_MAX, "%s", base);
        place_told(k, to);
        return true;
    }
    if ((size_t)snprintf(to, PATH_MAX, "%s%s%s", base, *base ? "/" : "", name) >= PATH_MAX)
        return false;
    if (to[0] != '/')
        return true;
    own_process(tid, to);
    if (strncmp(to, "/proc/", 6) == 0)
        return true; /* its links are not files */
    normalise(to);
    if (!without_links(to, follow))
        return false;
    place_told(k, to);
    return true;
}

static bool is_below(const char *path, const char *folder)
{
    size_t n = strlen(folder);

    return strncmp(path, folder, n) == 0 && (path[n] == '/' || path[n] == '\0');
}

uint32_t place_flags(const char *path)
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

    for (size_t i = 0; i < ARRAY_LEN(places); i++)
        if (is_below(path, places[i].folder))
            return places[i].flags;
    return path[0] == '/' ? PATH_SYSTEM : 0;
}

bool place_is_written(const struct keeper *k, const char *path)
{
    char real[WORLD_PATH_MAX];
    struct stat st;
    uint64_t changed_us;

    if (!(place_flags(path) & (PATH_HOME | PATH_TMP | PATH_SITE)) ||
        stat(world_path(&k->plan->world, path, real), &st) != 0)
        return false;
    if (strcmp(path, WORLD_RUNNER) == 0)
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
