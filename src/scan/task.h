/* One artifact on its way through the gate. */
#ifndef PRATIQUE_SCAN_TASK_H
#define PRATIQUE_SCAN_TASK_H

#include <sys/stat.h>

#include "base/arena.h"
#include "fact/fact.h"
#include "scan/wire.h"

enum task_state {
    TASK_WAITING = 0, /* for a worker */
    TASK_SENT,
    TASK_DONE,
};

struct task {
    struct task *next;
    enum task_state state;
    bool retried;       /* a worker died over it that had done other jobs before */
    char *path;         /* owned */
    size_t root;        /* which of the paths that the user named it was found at */
    bool in_model;      /* it lies in the folder of a model */
    bool whole;         /* it stands for a folder that is a model: model.h */
    bool expects_sdist; /* a wheel whose sdist may come up: pairs.h */
    bool numbers;       /* a model beside it names all of its bytes: beside.h */
    int fd;             /* owned; -1: there is nothing to read, or nothing more */
    uint64_t size;
    struct stat stat; /* as the gate found it */
    struct arena arena;
    struct facts facts;
    struct wire_end end;
};

/* What the gate itself may hold of one artifact's answer. */
#define TASK_ARENA_MAX ((size_t)192 * 1024 * 1024)

/*
 * A new task; path is copied, fd becomes its own, st says what was seen of it when
 * it was opened (NULL: it is asked again). NULL: no memory, and fd is closed.
 */
struct task *task_new(const char *path, int fd, const struct stat *st) MUST_CHECK
    __attribute__((nonnull(1)));
void task_free(struct task *t); /* NULL is allowed */

/* Adds a fact about the whole file. */
void task_fact(struct task *t, enum fact_kind kind, const char *fmt, ...) NONNULL PRINTF_LIKE(3, 4);

/* It is done: its descriptor is closed, after a look whether the file is still what it was. */
void task_finish(struct task *t) NONNULL;

/* Reads a worker's answer. False when it is nonsense; *why says what. The task is as before then.
 */
bool task_answer(struct task *t, struct span answer, const char **why) NONNULL MUST_CHECK;

#endif
