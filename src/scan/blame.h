/* What is said of the artifact over which a worker was lost. */
#ifndef PRATIQUE_SCAN_BLAME_H
#define PRATIQUE_SCAN_BLAME_H

#include <signal.h>

#include "scan/task.h"

/* The worker ended by itself, and how; *how is as waitid(2) filled it, zeroed if it could not. */
void blame_end(struct task *t, const siginfo_t *how) NONNULL;

#endif
