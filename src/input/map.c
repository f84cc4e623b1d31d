/* See map.h. */
#include "input/map.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>

static enum pratique_status read_whole(int fd, uint8_t *to, size_t n)
{
    size_t done = 0;

    while (done < n) {
        ssize_t got = pread(fd, to + done, n - done, (off_t)done);

        if (got == 0)
            return PRATIQUE_E_FORMAT;
        if (got < 0 && errno != EINTR)
            return PRATIQUE_E_IO;
        done += got > 0 ? (size_t)got : 0;
    }
    return PRATIQUE_OK;
}

static enum pratique_status copy(struct map *m, int fd, size_t n)
{
    enum pratique_status st;
    int saved;
    void *p = malloc(n);

    if (!p)
        return PRATIQUE_E_NOMEM;
    st = read_whole(fd, p, n);
    if (st == PRATIQUE_OK) {
        *m = (struct map){ .bytes = span_of(p, n), .p = p };
        return st;
    }
    saved = errno;
    free(p);
    errno = saved;
    return st;
}

enum pratique_status map_open(struct map *m, int fd, uint64_t size)
{
    void *p;

    *m = (struct map){ .bytes = SPAN_EMPTY };
    if (size == 0)
        return PRATIQUE_OK;
    if (size > SIZE_MAX / 2)
        return PRATIQUE_E_NOMEM;
    if (size <= MAP_COPY_MAX)
        return copy(m, fd, (size_t)size);
    p = mmap(NULL, (size_t)size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (p == MAP_FAILED && errno == ENODEV) /* a file system that cannot map */
        return copy(m, fd, (size_t)size);
    if (p == MAP_FAILED)
        return errno == ENOMEM ? PRATIQUE_E_NOMEM : PRATIQUE_E_IO;
    *m = (struct map){ .bytes = span_of(p, (size_t)size), .p = p, .mapped = true };
    return PRATIQUE_OK;
}

void map_close(struct map *m)
{
    if (m->mapped)
        (void)munmap(m->p, m->bytes.n);
    else
        free(m->p);
    *m = (struct map){ .bytes = SPAN_EMPTY };
}
