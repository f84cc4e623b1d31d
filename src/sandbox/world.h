/*
 * A world of its own for processes that nobody trusts: namespaces, a private root, a
 * network that leads nowhere, and a listener that hears of their system calls. Mechanism
 * without policy: what is done about a call is the caller's business.
 *
 *   caller --fork--> stem (user, mount, net, ipc, uts, cgroup, time namespaces; builds the root)
 *                     |--fork--> aside()  in the world's network, outside of its pid namespace
 *                     '--clone--> keeper() pid 1 of the world's pid namespace
 *                                   '--world_spawn()--> the watched
 *
 * Everything dies with the stem, and the stem with the caller's process.
 */
#ifndef PRATIQUE_SANDBOX_WORLD_H
#define PRATIQUE_SANDBOX_WORLD_H

#include <pratique/pratique.h>
#include <sys/types.h>

#include "base/compiler.h"

enum world_layer_id {
    WORLD_USER,  /* user namespace; for root: an unprivileged user outside */
    WORLD_MOUNT, /* mount namespace, private root, read-only system */
    WORLD_PID,
    WORLD_NET,
    WORLD_IPC,
    WORLD_UTS,
    WORLD_CGROUP,     /* may be missing without weakening "full" */
    WORLD_TIME,       /* likewise */
    WORLD_PRIVILEGES, /* of the watched: no capabilities, no-new-privs */
    WORLD_RLIMITS,
    WORLD_LANDLOCK, /* likewise: may be missing where WORLD_MOUNT holds */
    WORLD_SECCOMP,  /* filter and listener */
    WORLD_LAYERS
};

#define WORLD_DETAIL_MAX 120

struct world_layer {
    bool active;
    char detail[WORLD_DETAIL_MAX];
};

const char *world_layer_name(enum world_layer_id id); /* "user namespace", ... static */
/* Whether isolation is called full without the layer. */
bool world_layer_needed(enum world_layer_id id);

/* Part of the private root. Paths are absolute. */
struct world_bind {
    const char *from, *to; /* a file or folder of the host; to NULL: the same path */
    bool optional;         /* no error when it is not there */
};
struct world_file {
    const char *path;
    const void *bytes;
    size_t n;
    unsigned mode;
};

struct world_config {
    const struct world_bind *binds; /* read-only, nosuid, nodev, recursive */
    size_t binds_n;
    const struct world_file *files; /* written into the root, owned by nobody the watched is */
    size_t files_n;
    const char *const
        *folders; /* made, writable tmpfs each: "/tmp", "/home/alex", "/dev/shm", "/store" */
    size_t folders_n;
    uint64_t tmpfs_bytes; /* of each of them */
    const char *host;     /* host name */
    uint64_t uptime_s;    /* by the time namespace, where there is one */
    uint64_t cpu_seconds, memory_bytes,
        file_bytes; /* rlimits of the watched; memory is address space of one process, 0: none */
    uint32_t processes, descriptors;
    bool network; /* false: lo stays down, nothing is reachable */
};

struct world {
    pid_t stem;
    int pidfd; /* of the stem; readable once everything is over */
    struct world_layer layers[WORLD_LAYERS];
};

/* In the process that is to be it; what it returns is its exit status. layers: those that hold so
 * far. */
typedef int world_body(void *user, const struct world_layer *layers);

/*
 * Makes the world and starts aside (NULL: none) and keeper in it. Descriptors of the caller
 * are inherited by both (the keeper passes none on but what world_spawn is told to).
 * PRATIQUE_OK: all that can hold does; see out->layers (filled once the keeper is about to
 * start). E_IO, err says what: a namespace that "full" needs cannot be had (nothing was
 * started; world_weak() is the other way), the disk or memory is full. Takes milliseconds.
 */
enum pratique_status world_start(struct world *out, const struct world_config *config,
                                 world_body *aside, world_body *keeper, void *user,
                                 struct pratique_error *err)
    __attribute__((nonnull(1, 2, 4, 6))) MUST_CHECK;

/* Kills all of it and waits; *status (may be NULL) is the stem's wait status. Leaves nothing
 * behind. */
void world_end(struct world *w, int *status) __attribute__((nonnull(1)));

/* ---- in the keeper ---- */

struct spawn {
    const char *program;
    char *const *argv, *const *env;
    const char *folder; /* working folder */
    int out, err;       /* become descriptors 1 and 2; 0 is /dev/null */
    bool as_root;       /* uid 0 inside, still without a capability */
};

struct spawned {
    pid_t pid;
    int listener; /* of seccomp user notification: this process and every descendant */
};

/*
 * Forks, in the child: a new session, no descriptor but 0, 1, 2, rlimits, no capability,
 * no-new-privs, Landlock, the filter of observed.def with its listener, execve. False with
 * errno; the child is gone then. The listener is handed over by a shared descriptor table
 * (CLONE_FILES, close_range(CLOSE_RANGE_UNSHARE)).
 */
bool world_spawn(const struct world_config *config, const struct spawn *s,
                 struct spawned *out) NONNULL MUST_CHECK;

/*
 * Empties a writable folder of the config (".../home") back to what it was made as: a fresh
 * tmpfs over it. For a second pass; nothing may be running. False with errno.
 */
bool world_renew(const struct world_config *config, const char *folder) NONNULL MUST_CHECK;

#endif
