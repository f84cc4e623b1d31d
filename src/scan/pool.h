/*
 * The workers of a gate: forked when they are needed, handed tasks, listened to,
 * buried, replaced. A task that is sent comes back finished, or waiting again
 * when its worker was lost through no fault of that task.
 */
#ifndef PRATIQUE_SCAN_POOL_H
#define PRATIQUE_SCAN_POOL_H

#include "scan/slot.h"

/* Only a small file waits behind another, in a worker that has been quick so far. */
#define POOL_SMALL ((uint64_t)256 * 1024)

struct pool {
    struct slot *slots;
    unsigned max; /* slots */
    uint32_t last_id;
    uint64_t left_us;      /* when pool_wait() was left; 0: never yet */
    unsigned early_deaths; /* in a row, of workers that had not said hello */
    struct worker_config config;
    struct sandbox_layer layers[SANDBOX_LAYERS]; /* as the latest worker told them */
    bool known;                                  /* one has told them */
};

/* Makes max empty slots; false without memory. */
bool pool_init(struct pool *p, unsigned max, const struct worker_config *config) NONNULL MUST_CHECK;
/* Ends every worker, whatever it is doing. */
void pool_free(struct pool *p) NONNULL;

/* Forks the first worker and waits until it has told its layers, in p->layers. */
enum pratique_status pool_start(struct pool *p, struct pratique_error *err)
    __attribute__((nonnull(1))) MUST_CHECK;

/* Hands t to a worker, forking one if need be; false when all of them are busy. */
bool pool_send(struct pool *p, struct task *t) NONNULL MUST_CHECK;

/* Waits until something happens, and sees to it. E_IO: no worker can be kept alive. */
enum pratique_status pool_wait(struct pool *p, struct pratique_error *err)
    __attribute__((nonnull(1))) MUST_CHECK;

/* Forgets the tasks that are out: their answers are no longer wanted. */
void pool_forget(struct pool *p) NONNULL;

#endif
