/* See task.h. */
#include "scan/task.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool same_time(struct timespec a, struct timespec b)
{
    return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

/* The time of change tells what the time of modification can be made to hide. */
static bool is_unchanged(const struct task *t)
{
    struct stat st;

    return fstat(t->fd, &st) == 0 && st.st_size == t->stat.st_size &&
           same_time(st.st_mtim, t->stat.st_mtim) && same_time(st.st_ctim, t->stat.st_ctim);
}

struct task *task_new(const char *path, int fd, const struct stat *st)
{
    struct task *t = calloc(1, sizeof *t);

    if (t)
        t->path = strdup(path);
    if (!t || !t->path) {
        free(t);
        if (fd != -1)
            close(fd);
        return NULL;
    }
    t->fd = fd;
    t->end.format = "";
    if (st)
        t->stat = *st;
    if (fd != -1 && (st || fstat(fd, &t->stat) == 0))
        t->size = (uint64_t)t->stat.st_size;
    arena_init(&t->arena, TASK_ARENA_MAX);
    facts_init(&t->facts, &t->arena);
    return t;
}

void task_free(struct task *t)
{
    if (!t)
        return;
    if (t->fd != -1)
        close(t->fd);
    facts_free(&t->facts);
    arena_reset(&t->arena);
    free(t->path);
    free(t);
}

/* The node of the file itself; made when the first fact is told, or by the worker's answer. */
static const struct where *outermost(struct task *t)
{
    const struct where *w = t->facts.n ? t->facts.list[0].where : NULL;

    while (w && w->parent)
        w = w->parent;
    return w ? w : facts_where(&t->facts, NULL, span_text(t->path));
}

void task_fact(struct task *t, enum fact_kind kind, const char *fmt, ...)
{
    char text[FACT_DETAIL_MAX];
    struct fact f = { .kind = kind, .offset = PRATIQUE_NO_OFFSET, .subject = SPAN_EMPTY };
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    f.detail = span_text(text);
    f.where = outermost(t);
    if (f.where)
        facts_add(&t->facts, &f);
    else
        t->facts.full = true;
}

void task_finish(struct task *t)
{
    if (t->fd != -1 && !is_unchanged(t))
        task_fact(t, FACT_CHANGED, "its size or its time of change is another now");
    if (t->fd != -1)
        close(t->fd);
    t->fd = -1;
    t->state = TASK_DONE;
}

/* Says that facts were lost: in the place of one that weighs nothing, when there is no other. */
static void note_full(struct task *t)
{
    size_t i = t->facts.n;

    if (i >= FACT_MAX) {
        while (i > 0 && t->facts.list[i - 1].kind != FACT_READ)
            i--;
        i = i ? i - 1 : t->facts.n - 1;
        t->facts.list[i] = t->facts.list[--t->facts.n];
    }
    task_fact(t, FACT_LIMIT, "more was found than is told here (%d facts)", FACT_MAX);
}

bool task_answer(struct task *t, struct span answer, const char **why)
{
    enum pratique_status st = wire_take_answer(answer, span_text(t->path), &t->facts, &t->end, why);

    if (st == PRATIQUE_OK) {
        if (t->facts.full)
            note_full(t);
        return true;
    }
    facts_free(&t->facts);
    arena_reset(&t->arena);
    t->end = (struct wire_end){ .format = "" };
    if (st == PRATIQUE_E_FORMAT)
        return false;
    task_fact(t, FACT_NO_MEMORY, "while reading the worker's answer");
    return true;
}
