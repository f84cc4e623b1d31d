/*
 * Files of numbers beside models that name them (ONNX external data, the weights of OpenVINO):
 * nothing in such a file says what it is, but the model beside it does, and how much of it there
 * must be. Where one scan sees both, it is no content of an unknown format. What was found in it
 * by search stands.
 */
#ifndef PRATIQUE_SCAN_BESIDE_H
#define PRATIQUE_SCAN_BESIDE_H

#include "scan/task.h"

struct beside_claim;

/* Of one run: what the models that were reported already name. */
struct beside {
    struct arena arena;
    struct beside_claim *first;
    size_t n;
};

void beside_init(struct beside *b) NONNULL;
void beside_free(struct beside *b) NONNULL;

/* Whether t is content of no known format, and a model that names it may yet be done: list holds
 * all tasks that are not reported, and more says that there will be others. */
bool beside_waits(const struct beside *b, const struct task *list, const struct task *t, bool more)
    __attribute__((nonnull(1, 3)));

/*
 * Whether t, large and not yet sent, is kept back: a model before it in the list may name it, and
 * then it need not be searched.
 */
bool beside_holds(const struct task *list, const struct task *t) __attribute__((nonnull(2)));

/* t is about to be sent: t->numbers is set when a model that is done names all of it. */
void beside_note(const struct beside *b, const struct task *list, struct task *t)
    __attribute__((nonnull(1, 3)));

/* A task is about to be judged. list: all that are not reported yet; may be NULL. */
void beside_settle(struct beside *b, const struct task *list, struct task *t)
    __attribute__((nonnull(1, 3)));

#endif
