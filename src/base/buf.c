/* See buf.h. */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void buf_init(struct buf *b, size_t ceiling)
{
    *b = (struct buf){ .ceiling = ceiling };
}

void buf_free(struct buf *b)
{
    free(b->p);
    buf_init(b, b->ceiling);
}

void buf_clear(struct buf *b)
{
    b->n = 0;
    b->failed = false;
    if (b->p)
        b->p[0] = '\0';
}

/* Makes room for n more bytes and the NUL. */
static bool reserve(struct buf *b, size_t n)
{
    size_t size = b->size ? b->size : 64;
    char *p;

    if (b->failed || n > b->ceiling || b->n > b->ceiling - n || b->ceiling == SIZE_MAX)
        return false;
    if (b->n + n < b->size)
        return true;
    while (size <= b->n + n)
        size = size > SIZE_MAX / 2 ? b->n + n + 1 : size * 2;
    if (size > b->ceiling + 1)
        size = b->ceiling + 1;
    p = realloc(b->p, size);
    if (!p)
        return false;
    b->p = p;
    b->size = size;
    return true;
}

bool buf_add(struct buf *b, const void *p, size_t n)
{
    if (!reserve(b, n)) {
        b->failed = true;
        return false;
    }
    if (n)
        memcpy(b->p + b->n, p, n);
    b->n += n;
    b->p[b->n] = '\0';
    return true;
}

bool buf_puts(struct buf *b, const char *s)
{
    return buf_add(b, s, strlen(s));
}

bool buf_putc(struct buf *b, char c)
{
    return buf_add(b, &c, 1);
}

bool buf_printf(struct buf *b, const char *fmt, ...)
{
    va_list ap, again;
    bool ok = false;
    int n;

    va_start(ap, fmt);
    va_copy(again, ap);
    n = vsnprintf(NULL, 0, fmt, ap);
    if (n >= 0 && reserve(b, (size_t)n)) {
        (void)vsnprintf(b->p + b->n, (size_t)n + 1, fmt, again);
        b->n += (size_t)n;
        ok = true;
    }
    b->failed |= !ok;
    va_end(again);
    va_end(ap);
    return ok;
}
