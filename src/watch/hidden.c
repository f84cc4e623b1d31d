/*
 * What processes have that no list of files or of memory shows: native code that was mapped from
 * files which are gone or were written here, whoever loaded it (proc(5), maps), and memory that
 * belongs to no process (memfd_create(2), shmget(2)).
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "watch/keeper.h"

#define SEEN_MAX 512

/* ---- code ---- */

/* One line of maps. */
struct mapping {
    unsigned long long from, off;
    char how[8], path[PATH_MAX];
};

static bool parse(struct mapping *m, const char *line)
{
    int at = 0;

    if (sscanf(line, "%llx-%*x %7s %llx %*s %*s %n", &m->from, m->how, &m->off, &at) != 3 || !at)
        return false;
    (void)snprintf(m->path, sizeof m->path, "%s", line + at);
    m->path[strcspn(m->path, "\n")] = '\0';
    return m->path[0] == '/';
}

static bool is_of_watched(const struct keeper *k, const char *path)
{
    return place_is_nameless(path) || place_is_written(k, path);
}

static bool begins_as_library(pid_t pid, const struct mapping *m)
{
    static const char elf[] = { 0x7f, 'E', 'L', 'F' };
    char head[sizeof elf];

    return m->off == 0 && target_read(pid, m->from, head, sizeof head) &&
           memcmp(head, elf, sizeof elf) == 0;
}

static void tell_mapped(struct keeper *k, pid_t pid, const char *path)
{
    k->convicted = true;
    keeper_tell(k, pid,
                &(struct call_event){ .kind = EVENT_LOAD,
                                      .flags = place_flags(k, path) | EXEC_WRITTEN,
                                      .subject = path,
                                      .detail = "" });
}

/* A library is mapped from its front, and behind that what of it runs. */
void hidden_code(struct keeper *k, pid_t pid)
{
    char name[64], line[PATH_MAX + 128], library[PATH_MAX] = "";
    struct mapping m;
    FILE *f;

    (void)snprintf(name, sizeof name, "/proc/%d/maps", (int)pid);
    f = fopen(name, "re");
    while (f && fgets(line, sizeof line, f)) {
        if (!parse(&m, line) || !is_of_watched(k, m.path))
            continue;
        if (begins_as_library(pid, &m))
            (void)snprintf(library, sizeof library, "%s", m.path);
        if (strchr(m.how, 'x') && strcmp(m.path, library) == 0) {
            tell_mapped(k, pid, library);
            library[0] = '\0';
        }
    }
    if (f)
        (void)fclose(f);
}

/* ---- memory ---- */

struct counting {
    uint64_t bytes;
    ino_t seen[SEEN_MAX]; /* inodes: descriptors of several processes may be of one file */
    size_t seen_n;
};
static struct counting counting; /* one keeper, one thread */

static bool is_new(struct counting *c, ino_t ino)
{
    for (size_t i = 0; i < c->seen_n; i++)
        if (c->seen[i] == ino)
            return false;
    if (c->seen_n < SEEN_MAX)
        c->seen[c->seen_n++] = ino;
    return true;
}

static void count_descriptors(struct keeper *k UNUSED, pid_t pid)
{
    char name[64], link[64];
    struct dirent *d;
    struct stat st;
    DIR *dir;

    (void)snprintf(name, sizeof name, "/proc/%d/fd", (int)pid);
    dir = opendir(name);
    while (dir && (d = readdir(dir))) {
        ssize_t n = readlinkat(dirfd(dir), d->d_name, link, sizeof link);

        if (n > 7 && memcmp(link, "/memfd:", 7) == 0 &&
            fstatat(dirfd(dir), d->d_name, &st, 0) == 0 && is_new(&counting, st.st_ino))
            counting.bytes += (uint64_t)st.st_blocks * 512;
    }
    if (dir)
        (void)closedir(dir);
}

/* "key shmid perms size cpid lpid nattch uid gid cuid cgid atime dtime ctime rss swap" */
static uint64_t segments(void)
{
    FILE *f = fopen("/proc/sysvipc/shm", "re");
    unsigned long long rss, swapped;
    uint64_t bytes = 0;
    char line[512];

    while (f && fgets(line, sizeof line, f))
        if (sscanf(line, "%*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %llu %llu", &rss,
                   &swapped) == 2)
            bytes += rss + swapped;
    if (f)
        (void)fclose(f);
    return bytes;
}

uint64_t hidden_memory(struct keeper *k)
{
    counting.bytes = counting.seen_n = 0;
    crowd_each(k, count_descriptors);
    return counting.bytes + (k->plan->world.weak ? 0 : segments()); /* there they are everybody's */
}
