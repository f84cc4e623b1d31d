/* What parsers share: facts, failures and memory of one scan. See format.h. */
#include "format/format.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

bool format_is_last_resort(const struct format *f)
{
    return strcmp(f->name, "text") == 0 || strcmp(f->name, "unknown") == 0;
}

void scan_fact(struct scan *s, enum fact_kind kind, uint64_t offset, struct span subject,
               struct span detail)
{
    facts_add(s->facts, &(struct fact){ .kind = kind,
                                        .where = s->where,
                                        .offset = offset,
                                        .subject = subject,
                                        .detail = detail });
}

/* Prints into text, cut to its size; returns what was printed as a span. */
static struct span print(char *text, size_t size, const char *fmt, va_list ap)
{
    int n = vsnprintf(text, size, fmt, ap);

    if (n < 0)
        return SPAN_EMPTY;
    return span_of(text, (size_t)n < size ? (size_t)n : size - 1);
}

void scan_factf(struct scan *s, enum fact_kind kind, uint64_t offset, struct span subject,
                const char *fmt, ...)
{
    char text[FACT_DETAIL_MAX];
    struct span detail;
    va_list ap;

    va_start(ap, fmt);
    detail = print(text, sizeof text, fmt, ap);
    va_end(ap);
    scan_fact(s, kind, offset, subject, detail);
}

void scan_read(struct scan *s, const char *format, uint64_t bytes, const char *fmt, ...)
{
    char text[FACT_DETAIL_MAX];
    struct span detail;
    va_list ap;

    va_start(ap, fmt);
    detail = print(text, sizeof text, fmt, ap);
    va_end(ap);
    facts_add(s->facts, &(struct fact){ .kind = FACT_READ,
                                        .where = s->where,
                                        .offset = PRATIQUE_NO_OFFSET,
                                        .number = bytes,
                                        .subject = span_text(format),
                                        .detail = detail });
}

enum pratique_status scan_fail(struct scan *s, enum pratique_status status, uint64_t offset,
                               const char *fmt, ...)
{
    va_list ap;

    s->error.status = status;
    s->error.offset = offset;
    va_start(ap, fmt);
    (void)vsnprintf(s->error.msg, sizeof s->error.msg, fmt, ap);
    va_end(ap);
    return status;
}

enum pratique_status scan_fail_budget(struct scan *s, uint64_t offset)
{
    return scan_fail(s, PRATIQUE_E_LIMIT, offset, "%s",
                     s->budget->spent ? s->budget->spent : "memory");
}

/*
 * What is not large comes from the heap, which keeps it from one file to the next: the
 * kernel's clearing of new pages would cost more than what is done in them.
 */
#define HEAP_MAX ((size_t)4 * 1024 * 1024)

static void *get(size_t n)
{
    void *p;

    if (n <= HEAP_MAX)
        return calloc(1, n ? n : 1);
    p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED)
        return NULL;
    (void)madvise(p, n, MADV_HUGEPAGE); /* one fault for 2 MiB of a table that fills up */
    return p;
}

static void give_back(void *p, size_t n)
{
    if (n <= HEAP_MAX)
        free(p);
    else
        (void)munmap(p, n);
}

/* The same bytes in more of them. */
static void *get_more(void *p, size_t n, size_t more)
{
    void *q;

    if (n > HEAP_MAX) {
        q = mremap(p, n, more, MREMAP_MAYMOVE);
        return q != MAP_FAILED ? q : NULL;
    }
    q = get(more);
    if (!q)
        return NULL;
    memcpy(q, p, n);
    give_back(p, n);
    return q;
}

void *scan_map(struct scan *s, size_t n)
{
    void *p;

    if (!budget_memory(s->budget, n))
        return NULL;
    p = get(n);
    if (!p)
        budget_memory_return(s->budget, n);
    return p;
}

void scan_unmap(struct scan *s, void *p, size_t n)
{
    if (!p)
        return;
    give_back(p, n);
    budget_memory_return(s->budget, n);
}

void *scan_remap(struct scan *s, void *p, size_t n, size_t more)
{
    void *q;

    if (!budget_memory(s->budget, more - n))
        return NULL;
    q = get_more(p, n, more);
    if (!q)
        budget_memory_return(s->budget, more - n);
    return q;
}
