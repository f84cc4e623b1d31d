/* A folder of its own for a test, with what is to lie in it. */
#ifndef PRATIQUE_TESTS_FOLDER_H
#define PRATIQUE_TESTS_FOLDER_H

#include <fcntl.h>
#include <ftw.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/compiler.h"
#include "test.h"

struct folder {
    char path[64];
    int fd;
};

static inline struct folder folder_new(void)
{
    struct folder f = { .path = "/dev/shm/pratique-unit-XXXXXX", .fd = -1 }; /* memory: fast */
    bool made = mkdtemp(f.path);

    if (!made)
        strcpy(f.path, "/tmp/pratique-unit-XXXXXX");
    if (made || mkdtemp(f.path))
        f.fd = open(f.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    CHECK(f.fd != -1, "no folder to test in");
    return f;
}

static inline int folder_remove_one(const char *path, const struct stat *st UNUSED, int type UNUSED,
                                    struct FTW *at UNUSED)
{
    return remove(path);
}

static inline void folder_end(struct folder *f)
{
    close(f->fd);
    (void)nftw(f->path, folder_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* A file of n bytes that count up from the first one; its folder must be there. */
static inline void folder_put(const struct folder *f, const char *name, size_t n, uint8_t first)
{
    int fd = openat(f->fd, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    uint8_t *bytes = malloc(n + 1);

    for (size_t i = 0; bytes && i < n; i++)
        bytes[i] = (uint8_t)(first + i);
    CHECK(fd != -1 && bytes && write(fd, bytes, n) == (ssize_t)n, "%s cannot be made", name);
    free(bytes);
    if (fd != -1)
        close(fd);
}

static inline void folder_in(const struct folder *f, const char *name)
{
    CHECK(mkdirat(f->fd, name, 0755) == 0, "%s cannot be made", name);
}

static inline void folder_link(const struct folder *f, const char *to, const char *name)
{
    CHECK(symlinkat(to, f->fd, name) == 0, "%s cannot be made", name);
}

/* Runs check in a process of its own, so that it may give up what it likes; whether it was true. */
static inline bool in_child(bool (*check)(void *arg), void *arg)
{
    pid_t pid = fork();
    int status = -1;

    if (pid == 0)
        _exit(check(arg) ? 0 : 1);
    return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) &&
           WEXITSTATUS(status) == 0;
}

/* In such a process: nobody in particular, as root may read everything. */
static inline bool be_nobody(void)
{
    return geteuid() != 0 || (setgid(65534) == 0 && setuid(65534) == 0);
}

#endif
