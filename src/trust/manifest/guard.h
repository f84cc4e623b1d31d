/*
 * Keeps verified files as they are while a command runs, as far as the system lets one process do
 * that to others: docs/MANIFEST.md, "Running a command". Leases hold off writers; watches tell of
 * renames; the command itself sees the files through mounts that cannot be written.
 */
#ifndef PRATIQUE_TRUST_GUARD_H
#define PRATIQUE_TRUST_GUARD_H

#include <sys/resource.h>
#include <sys/signalfd.h>

#include "trust/manifest/verify.h"

/* What a file is known by, however often its path is opened. */
struct identity {
    uint64_t device, inode;
};

struct guarded_folder;

struct guard {
    struct verification *v;
    struct identity *files; /* of each artifact; owned, as all of it */
    int *leases;            /* of each artifact: a descriptor with a lease, or -1 */
    int *watches;           /* of each artifact without a lease: its watch, or -1 */
    struct guarded_folder *folders;
    size_t folders_n, folders_size;
    struct rlimit files_before;   /* of descriptors; raised while it guards */
    int inotify;                  /* -1: there is none */
    size_t unleased, unwatched;   /* files without the one; files and folders without the other */
    int lease_error, watch_error; /* why */
    const char *changed, *changed_how; /* the first file that did; NULL: none */
};

/* Sent to the calling thread when a writer wants a leased file; SIGIO where too many are. */
#define GUARD_SIGNAL (SIGRTMAX - 3)

/*
 * Takes leases and watches, before the files are hashed; GUARD_SIGNAL and SIGIO are blocked. A file
 * that somebody has open for writing becomes a fact. Ended with guard_end() in any case.
 */
enum pratique_status guard_begin(struct guard *g, struct verification *v) NONNULL MUST_CHECK;
/* After the hashing: whether every path still leads to the file that was hashed; else facts. */
void guard_confirm(struct guard *g) NONNULL;
/* Takes note of a signal (of a signalfd) and of what the watches tell. */
void guard_signal(struct guard *g, const struct signalfd_siginfo *s) NONNULL;
void guard_watches(struct guard *g) NONNULL;
/* Looks at every file once more; what changed is in g->changed. */
void guard_look(struct guard *g) NONNULL;
void guard_end(struct guard *g) NONNULL;
/* In the command's process: its limits are the caller's again. */
void guard_leave(const struct guard *g) NONNULL;

/* ---- in the command's process, before it becomes the command: guard_mounts.c ---- */

enum guard_mounted { GUARD_MOUNTED = 0, GUARD_NO_NAMESPACE, GUARD_NO_MOUNT, GUARD_OTHER_FILE };

/*
 * A mount namespace of its own, in which each file is mounted over itself for reading only.
 * GUARD_OTHER_FILE: the path of artifact *which leads to another file than was verified. *error:
 * errno.
 */
enum guard_mounted guard_mount(const struct guard *g, int *error, size_t *which) NONNULL;

/* More files than that are not mounted. */
#define GUARD_MOUNTS_MAX 4096

#endif
