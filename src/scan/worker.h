/*
 * A worker: a process that locks itself down, then is handed descriptors of
 * files one after the other, inspects each, and answers with facts.
 */
#ifndef PRATIQUE_SCAN_WORKER_H
#define PRATIQUE_SCAN_WORKER_H

#include <pratique/pratique.h>

#include "base/compiler.h"
#include "format/format.h"
#include "sandbox/sandbox.h"

struct worker_config {
    struct pratique_limits limits; /* none of them 0 */
    bool sha256;
    bool values;
    enum scan_packages packages;
    bool weak_sandbox_ok;
    int parent; /* process id of the gate; filled by slot_fork() */
};

/* Whether a worker takes no job without that layer, unless weak_sandbox_ok. */
bool worker_needs(enum sandbox_layer_id id);
/* Whether all the layers that it needs are active. */
bool worker_locked(const struct sandbox_layer *layers) NONNULL;

/*
 * The life of a worker, in the child of a fork: it never returns. channel is its
 * end of a stream socket; it ends when the gate closes the other.
 */
NORETURN void worker_run(int channel, const struct worker_config *config) NONNULL;

#endif
