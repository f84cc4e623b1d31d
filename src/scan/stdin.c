/* Standard input as an artifact: see walk_stdin() in walk.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/write.h"
#include "scan/walk.h"

static void fail(struct found *out, enum fact_kind kind, const char *detail)
{
    out->kind = kind;
    (void)snprintf(out->detail, sizeof out->detail, "%s", detail);
}

/* Copies all of it into fd; false with out telling why not. */
static bool copy(struct found *out, int fd, uint64_t max)
{
    char some[65536];
    uint64_t total = 0;

    for (;;) {
        ssize_t got = read(STDIN_FILENO, some, sizeof some);

        if (got == 0)
            return true;
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            fail(out, FACT_NOT_READABLE, strerrordesc_np(errno));
            return false;
        }
        if ((uint64_t)got > max - total) {
            fail(out, FACT_LIMIT, "more comes from the pipe than memory may hold");
            return false;
        }
        total += (uint64_t)got;
        if (!write_all(fd, some, (size_t)got)) {
            fail(out, FACT_NO_MEMORY, "while copying standard input");
            return false;
        }
    }
}

static void copy_to_memory(struct found *out, uint64_t max)
{
    int fd = memfd_create("pratique", MFD_CLOEXEC | MFD_ALLOW_SEALING);

    if (fd == -1) {
        fail(out, FACT_NO_MEMORY, "while copying standard input");
        return;
    }
    if (copy(out, fd, max)) {
        (void)fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE);
        out->fd = fd;
    } else {
        close(fd);
    }
}

void walk_stdin(struct found *out, uint64_t max)
{
    struct stat st;

    *out = (struct found){ .path = "-", .fd = -1 };
    if (fstat(STDIN_FILENO, &st) != 0) {
        fail(out, FACT_NOT_READABLE, strerrordesc_np(errno));
    } else if (S_ISDIR(st.st_mode)) {
        fail(out, FACT_NOT_REGULAR, "a folder");
    } else if (S_ISREG(st.st_mode) && lseek(STDIN_FILENO, 0, SEEK_CUR) == 0) {
        out->fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
        if (out->fd == -1)
            fail(out, FACT_NOT_READABLE, strerrordesc_np(errno));
    } else {
        copy_to_memory(out, max);
    }
}
