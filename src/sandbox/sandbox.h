/*
 * Locking a process down for good: mechanism without policy. Each layer says
 * whether it holds and, where it does not, why; what to do then is the caller's
 * business.
 */
#ifndef PRATIQUE_SANDBOX_SANDBOX_H
#define PRATIQUE_SANDBOX_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

/* In the order in which they are put on. */
enum sandbox_layer_id {
    SANDBOX_PRIVILEGES,  /* no-new-privs, no capabilities, not dumpable, dies with its parent */
    SANDBOX_DESCRIPTORS, /* every one closed but those kept */
    SANDBOX_RLIMITS,
    SANDBOX_LANDLOCK,
    SANDBOX_SECCOMP,
    SANDBOX_LAYERS
};

#define SANDBOX_DETAIL_MAX 120

struct sandbox_layer {
    bool active;
    char detail[SANDBOX_DETAIL_MAX]; /* what holds, or why it does not */
};

struct sandbox_limits {
    uint64_t memory_bytes; /* private writable memory; 0: no bound */
    uint64_t cpu_seconds;  /* 0: no bound */
    unsigned descriptors;  /* open at a time */
};

/* Name of a layer as printed ("seccomp"). The string is static. */
const char *sandbox_layer_name(enum sandbox_layer_id id);

/*
 * Locks the calling process down, which must have one thread: afterwards it
 * computes, and talks over channel, and that is all. layers has SANDBOX_LAYERS
 * entries, all filled. channel becomes descriptor 0. parent is the process that
 * it must not outlive.
 */
void sandbox_lock(struct sandbox_layer *layers, int channel, int parent,
                  const struct sandbox_limits *limits) NONNULL;

/*
 * The same for a process that serves a network of its own: it may also make, bind and use
 * Internet sockets, on ports below 1024 too where it could before. It cannot connect by TCP.
 */
void sandbox_lock_server(struct sandbox_layer *layers, int channel, int parent,
                         const struct sandbox_limits *limits) NONNULL;

/* The layers one by one; each fills *layer. */
void sandbox_privileges(struct sandbox_layer *layer, int parent) NONNULL;
void sandbox_privileges_server(struct sandbox_layer *layer, int parent) NONNULL;
void sandbox_descriptors(struct sandbox_layer *layer, int channel) NONNULL;
void sandbox_rlimits(struct sandbox_layer *layer, const struct sandbox_limits *limits) NONNULL;
void sandbox_landlock(struct sandbox_layer *layer) NONNULL;
void sandbox_landlock_server(struct sandbox_layer *layer) NONNULL;
void sandbox_seccomp(struct sandbox_layer *layer) NONNULL;
void sandbox_seccomp_server(struct sandbox_layer *layer) NONNULL;

/* Sets a limit (RLIMIT_...) for good; one that is stricter and in force already stays. */
bool sandbox_limit(int what, uint64_t soft, uint64_t hard) MUST_CHECK;

/* What a process under Landlock may do beneath a path. */
enum sandbox_right {
    SANDBOX_READ,  /* read files and folders, run programs */
    SANDBOX_WRITE, /* everything */
};
struct sandbox_grant {
    const char *path; /* one that is not there grants nothing */
    enum sandbox_right right;
};
/* The version of Landlock's interface; below 1: there is none, errno says why. */
int sandbox_landlock_abi(void);
/*
 * Everything that Landlock knows of files is forbidden but the grants, signals and abstract
 * sockets stay among those so locked (ABI 6); the network is left alone. False with errno.
 * Below ABI 2 a locked process cannot move a file to another folder, whatever is granted.
 */
bool sandbox_landlock_grants(const struct sandbox_grant *grants, size_t n) MUST_CHECK;

/*
 * Locks down a process that is a client of the network, by a library that opens files and starts
 * threads itself: it reads files below the grants (where the kernel has Landlock), writes none,
 * starts no program and no process, and makes no sockets but for the Internet and for resolving
 * names. The descriptors it has are the caller's business. NULL, or what is missing, in words.
 */
const char *sandbox_lock_client(int parent, const struct sandbox_grant *grants, size_t n,
                                const struct sandbox_limits *limits)
    __attribute__((nonnull(4))) MUST_CHECK;

/* The descriptor that a locked process keeps to talk over. */
#define SANDBOX_CHANNEL 0

/* Whether this build needs what a sanitizer needs (see seccomp.c). */
#if defined(__SANITIZE_ADDRESS__)
#define SANDBOX_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANDBOX_SANITIZED 1
#endif
#endif
#ifndef SANDBOX_SANITIZED
#define SANDBOX_SANITIZED 0
#endif

/* Fills a layer in one line. */
void sandbox_set(struct sandbox_layer *layer, bool active, const char *fmt, ...) NONNULL
    PRINTF_LIKE(3, 4);

#endif
