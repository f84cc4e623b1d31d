/*
 * A growing byte buffer that names its ceiling when it is made. A failed
 * append leaves the buffer as it was and marks it (failed), so that a writer
 * may append freely and check once.
 */
#ifndef PRATIQUE_BASE_BUF_H
#define PRATIQUE_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

struct buf {
    char *p; /* owned; NUL-terminated once anything was appended, else NULL */
    size_t n, size, ceiling;
    bool failed;
};

/* Starts an empty buffer that never grows past ceiling bytes. */
void buf_init(struct buf *b, size_t ceiling) NONNULL;

/* Frees the bytes; the buffer is empty again, with the same ceiling. */
void buf_free(struct buf *b) NONNULL;

/* Appends n bytes; false past the ceiling or out of memory. */
bool buf_add(struct buf *b, const void *p, size_t n) NONNULL;
bool buf_puts(struct buf *b, const char *s) NONNULL;
bool buf_putc(struct buf *b, char c) NONNULL;
bool buf_printf(struct buf *b, const char *fmt, ...) NONNULL PRINTF_LIKE(2, 3);

/* Forgets the content and keeps the memory. */
void buf_clear(struct buf *b) NONNULL;

#endif
