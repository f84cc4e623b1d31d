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
 * Everything dies with the stem, and the stem with the thread that called world_start().
 *
 * Users. Begun by root, the root is built as root (what only root may read can be bound), and
 * the keeper then enters a user namespace: 1000 inside, the watched, is 65534 outside; 0
 * inside, the keeper, is 65533; aside is 65532 and in no user namespace. Begun by an ordinary
 * user, there is one id to map: keeper, watched and aside are all 1000 inside and that user
 * outside; what keeps them apart is that the watched have no capability, see nobody outside
 * of their pid namespace, and that the keeper is process 1 and not dumpable. as_root is the
 * same in both: one more user namespace for the watched process, in which 1000 is called 0;
 * so both passes own the same files. A root without CAP_SYS_ADMIN first becomes 65534, where
 * that one can read what is bound, and goes on as an ordinary user. Needs Linux 5.14 or later.
 */
#ifndef PRATIQUE_SANDBOX_WORLD_H
#define PRATIQUE_SANDBOX_WORLD_H

#include <pratique/pratique.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
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

/*
 * Part of the private root. Paths are absolute. Made in this order: /dev, /sys, the folders,
 * the binds, the files, /proc; parents that are missing are made (0755). A bind of a symbolic
 * link to the same path makes the link anew; with another path it binds what it leads to.
 * Nothing can be made inside of a bind, which is read-only from the start, but a folder where the
 * bound one has a folder already.
 */
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
    /*
     * Where namespaces are forbidden: see "the weak world" below. place: a folder of the
     * caller's own, 0700 and empty, which the caller empties (world_empty) and removes
     * afterwards; only looked at when weak is set.
     */
    bool weak;
    const char *place;
    const struct world_bind *binds; /* read-only, nosuid, nodev, recursive */
    size_t binds_n;
    const struct world_file *files; /* written into the root, which is read-only afterwards */
    size_t files_n;
    const char *const
        *folders; /* made, writable tmpfs each: "/tmp", "/home/alex", "/dev/shm", "/store"; owned
                     by the watched, 0755; 1777 are /dev/shm and what ends in /tmp */
    size_t folders_n;
    uint64_t tmpfs_bytes; /* of each of them */
    const char *host;     /* host name */
    uint64_t uptime_s; /* by the time namespace, where there is one; CLOCK_MONOTONIC stays; 0: as it
                          is */
    uint64_t cpu_seconds, memory_bytes,
        file_bytes; /* rlimits of the watched; memory is address space of one process, 0: none */
    uint32_t processes, descriptors;
    /* Every address, IPv4 and IPv6, is local, every port may be bound by everybody. False: lo
     * stays down, nothing is reachable. */
    bool network;
};

/*
 * The weak world, for where user namespaces are forbidden (the default profiles of containers):
 * no namespace and no root of its own. Seccomp notification, Landlock (without which it is not
 * had), rlimits, and a stem that kills whatever descends from it carry it. What differs:
 *
 * - Paths are those of the machine. The folders are real ones below place, not bounded in
 *   size; files are written there too, and a bind to another path is a symbolic link there:
 *   world_path() says where (/dev/shm stays forbidden to whoever asks for it by that name, as
 *   POSIX semaphores do). Read access is to the binds, place, /proc and a few files of
 *   /etc; names, sizes and times of other files can be seen, their content cannot. No host
 *   name, no uptime, no as_root.
 * - Where root begins it and may (CAP_SETUID, CAP_SETGID, CAP_CHOWN; the binds readable by
 *   anybody) stem stays root, and keeper, aside and watched are a user that nobody else is;
 *   place comes to belong to it. Else all are the user that began it, processes are counted
 *   with those that this user has, and for root they are not bounded.
 * - The keeper must make every socket for the watched, connect and send itself, and never let
 *   calls go on that observed_may_continue() says no to. The network that it and aside see is
 *   the machine's.
 * - It outlives the caller by the time that the stem takes to kill it, and to empty and remove
 *   place; somebody who kills the stem, from outside, leaves it running.
 */

/* Where a path of the world is: path, or in a weak world what place has for it, in out. */
#define WORLD_PATH_MAX 4096
const char *world_path(const struct world_config *config, const char *path,
                       char out[WORLD_PATH_MAX]) NONNULL;

/* Removes what is in a folder that the watched could write, however deep. False with errno. */
bool world_empty(const char *folder) NONNULL MUST_CHECK;

struct world {
    pid_t stem;
    int pidfd;      /* of the stem; readable once everything is over */
    bool forbidden; /* why world_start() failed: this machine lets us have no namespaces */
    struct world_layer layers[WORLD_LAYERS];
};

/* In the process that is to be it; what it returns is its exit status. layers: those that hold so
 * far. */
typedef int world_body(void *user, const struct world_layer *layers);

/*
 * Makes the world and starts aside (NULL: none) and keeper in it. Descriptors of the caller
 * are inherited by both, and by nobody else for long (the keeper passes none on but what
 * world_spawn is told to), and so is its memory. The keeper begins after aside was forked, not
 * after it did anything. aside has no capability, and the private root for its own; the keeper has
 * those that it needs, and no-new-privs. SIGTERM and SIGCHLD are as by default in both, nothing is
 * blocked. PRATIQUE_OK: all that can hold does; see out->layers (filled once the keeper is about to
 * start). E_IO, err says what: a namespace that "full" needs cannot be had (out->forbidden;
 * nothing was started; config->weak is the other way), the disk or memory is full. Takes
 * milliseconds.
 */
enum pratique_status world_start(struct world *out, const struct world_config *config,
                                 world_body *aside, world_body *keeper, void *user,
                                 struct pratique_error *err)
    __attribute__((nonnull(1, 2, 4, 6))) MUST_CHECK;

/*
 * Kills all of it and waits; *status (may be NULL) is the stem's wait status: it exits with
 * the keeper's exit status, or with 128 and the signal that ended the keeper. Leaves nothing
 * behind. May be called again, and after world_start() failed.
 */
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
 * (CLONE_FILES), of which the child makes a copy of its own before it goes on.
 *
 * Returns before the program runs: the child's execve is the first notification, and waits
 * for the keeper's answer. Its arguments are the keeper's own, and the child's memory until
 * then a copy of the keeper's, which cannot be read (process_vm_readv: EPERM); answer with
 * SECCOMP_USER_NOTIF_FLAG_CONTINUE. Where execve fails the child exits with 127. The keeper
 * waits for the child as for any other.
 */
bool world_spawn(const struct world_config *config, const struct spawn *s,
                 struct spawned *out) NONNULL MUST_CHECK;

/*
 * In a child of the keeper that does the keeper's own work on hostile bytes: from here on it
 * has the rights of the watched, but for the filter. False with errno.
 */
bool world_confine(const struct world_config *config) NONNULL MUST_CHECK;

/* Kills everybody in the world but the keeper, and aside. Nobody is reaped. */
void world_kill(const struct world_config *config) NONNULL;

/* Processes that descend from this one, new memory; *n of them. NULL: it cannot be told. */
pid_t *world_descendants(size_t *n) NONNULL MUST_CHECK;

/*
 * Empties a writable folder of the config back to what it was made as: a fresh tmpfs over it,
 * with the folders, binds and files that the config has inside of it. For a second pass;
 * nothing may be running; the working folder becomes "/". In a weak world its content is
 * removed, that of the config as well. False with errno.
 */
bool world_renew(const struct world_config *config, const char *folder) NONNULL MUST_CHECK;

#endif
