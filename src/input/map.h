/*
 * The bytes of an open file, as one span: a large file is mapped, privately and
 * for reading only; a small one is copied into a block of its exact size, which
 * costs less than a map. A mapped file that shrinks raises SIGBUS when the lost
 * bytes are touched: map files in a process that may die of it.
 */
#ifndef PRATIQUE_INPUT_MAP_H
#define PRATIQUE_INPUT_MAP_H

#include <pratique/pratique.h>

#include "base/compiler.h"
#include "input/span.h"

struct map {
    struct span bytes;
    void *p; /* owned; NULL for an empty file */
    bool mapped;
};

/* Files up to this size are copied. */
#define MAP_COPY_MAX ((size_t)64 * 1024)

/*
 * Opens the first size bytes of fd (borrowed; its position does not matter).
 * PRATIQUE_OK; E_FORMAT when the file is shorter than that; E_IO with errno set;
 * E_NOMEM. On failure *m is empty. Closed with map_close().
 */
enum pratique_status map_open(struct map *m, int fd, uint64_t size) NONNULL MUST_CHECK;
void map_close(struct map *m) NONNULL;

#endif
