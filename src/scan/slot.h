/*
 * One worker as the gate sees it: its process, its socket, its jobs. The process
 * is named by a descriptor (pidfd_open(2)), so that nothing is ever done to a
 * stranger who has got the number of a dead worker.
 */
#ifndef PRATIQUE_SCAN_SLOT_H
#define PRATIQUE_SCAN_SLOT_H

#include <signal.h>

#include "base/buf.h"
#include "scan/task.h"
#include "scan/worker.h"

/* Jobs that one worker may have before it; only the first is being worked on. */
#define SLOT_JOBS 4

struct slot {
    int pidfd, fd; /* -1: no worker here */
    bool greeted;  /* its hello was read */
    unsigned done; /* jobs finished */
    uint64_t busy_us;
    uint64_t since_us; /* when the first of jobs was begun */
    struct job {
        struct task *task; /* NULL: its answer is no longer wanted */
        uint32_t id;
    } jobs[SLOT_JOBS];
    unsigned n;
    struct buf in; /* received, not yet understood */
};

/* An empty slot. */
void slot_init(struct slot *s) NONNULL;

/* Forks a worker into an empty slot; false with errno set. */
bool slot_fork(struct slot *s, const struct worker_config *config) NONNULL MUST_CHECK;

/*
 * Ends the worker and empties the slot. *how tells how it ended: one that had
 * ended by itself keeps its own reason. Its jobs are the caller's to see to.
 */
void slot_bury(struct slot *s, siginfo_t *how) NONNULL;

/*
 * Sends t as the last of its jobs, of which there are fewer than SLOT_JOBS; false: it is lost.
 * flags: of enum wire_job_flag.
 */
bool slot_send(struct slot *s, struct task *t, uint32_t id, uint32_t flags) NONNULL MUST_CHECK;

enum slot_read { SLOT_READ, SLOT_NOTHING, SLOT_ENDED };

/* Receives what has come. */
enum slot_read slot_receive(struct slot *s) NONNULL MUST_CHECK;

/* The first whole frame of what was received: 1, none yet: 0, no frame at all: -1. */
int slot_frame(const struct slot *s, uint32_t *id, struct span *body) NONNULL MUST_CHECK;
/* Drops it. */
void slot_frame_done(struct slot *s, struct span body) NONNULL;

/* Takes the first job off. */
struct task *slot_shift(struct slot *s) NONNULL;

#endif
