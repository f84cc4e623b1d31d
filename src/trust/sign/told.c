/* See told.h. */
#include "trust/sign/told.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>

#include "fact/fact.h"
#include "trust/confined.h"

/* A statement about a million files takes a tree of 1 GiB. */
#define CHILD_MEMORY ((uint64_t)3 * 1024 * 1024 * 1024)

void told_put(struct buf *out, enum told tag, struct span bytes)
{
    uint32_t n = (uint32_t)bytes.n;
    uint8_t head[] = { (uint8_t)tag, (uint8_t)n, (uint8_t)(n >> 8), (uint8_t)(n >> 16),
                       (uint8_t)(n >> 24) };

    (void)buf_add(out, head, sizeof head);
    (void)buf_add(out, bytes.p, bytes.n);
}

bool told_fault(struct buf *out, const char *fmt, ...)
{
    char text[400];
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    buf_clear(out);
    told_put(out, TOLD_FAULT, span_text(text));
    return false;
}

bool told_take(struct span *in, enum told *tag, struct span *bytes)
{
    struct span at = *in;
    uint8_t number;
    uint32_t n;

    *bytes = SPAN_EMPTY;
    if (!take_u8(&at, &number) || !take_u32le(&at, &n) || !take(&at, n, bytes))
        return false;
    *tag = (enum told)number;
    *in = at;
    return true;
}

const char *told_why(struct span records, struct arena *arena)
{
    struct span bytes, text;
    enum told tag;

    if (!told_take(&records, &tag, &bytes) || tag != TOLD_FAULT)
        return NULL;
    text = fact_printable(arena, bytes, FACT_DETAIL_MAX);
    return arena_copy(arena, text.p, text.n);
}

/* ---- the child ---- */

struct job {
    told_reader *read;
    struct span in;
    size_t ceiling;
};

static void work(struct confined_child *c, void *arg)
{
    const struct job *job = arg;
    struct buf out;

    buf_init(&out, job->ceiling);
    job->read(job->in, &out);
    if (out.failed) {
        buf_free(&out);
        (void)told_fault(&out, "what is in it is more than is read");
    }
    confined_put(c, out.p, out.n);
}

/* ---- the parent ---- */

enum pratique_status told_run(told_reader *read, struct span in, struct buf *out,
                              struct pratique_error *err)
{
    struct job job = { read, in, out->ceiling };
    struct confined_limits limits = { .memory_bytes = CHILD_MEMORY };
    struct pratique_error why = { 0 };
    enum pratique_status st;

    json_object_seed(0); /* from a file, which the child cannot open */
    st = confined_run(work, &job, &limits, out, &why);
    if (st == PRATIQUE_E_FORMAT || st == PRATIQUE_E_LIMIT) {
        (void)told_fault(out, "%s", why.msg);
        return PRATIQUE_OK;
    }
    if (st != PRATIQUE_OK)
        *err = why;
    return st;
}
