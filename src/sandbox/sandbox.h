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
