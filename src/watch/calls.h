/* What the files of calls share: one notified call. */
#ifndef PRATIQUE_WATCH_CALLS_H
#define PRATIQUE_WATCH_CALLS_H

#include "watch/keeper.h"

struct call {
    struct keeper *k;
    int listener;
    uint64_t id;
    pid_t tid;
    int nr;
    const uint64_t *a;
};

/* What becomes of a call. */
struct outcome {
    bool ends;     /* false: the kernel does it */
    bool sent;     /* it was answered */
    bool later;    /* it is answered when its time has come */
    int64_t value; /* of a call that ends well */
    int error;
};

#define OUTCOME_LATER      ((struct outcome){ .later = true })
#define OUTCOME_GO_ON      ((struct outcome){ 0 })
#define OUTCOME_FAILS(e)   ((struct outcome){ .ends = true, .error = (e) })
#define OUTCOME_SENT       ((struct outcome){ .ends = true, .sent = true })
#define OUTCOME_RETURNS(v) ((struct outcome){ .ends = true, .value = (v) })

/* Tells an event of the call. */
void call_tell(const struct call *c, enum event_kind kind, uint32_t flags, const char *subject,
               const char *detail, uint64_t number) NONNULL;
/* The arguments cannot be read. */
struct outcome call_hidden(const struct call *c, const char *name) NONNULL;

struct outcome call_exec(const struct call *c) NONNULL; /* execve, execveat */
/*
 * Looks whether the process of the call runs what it was told to: the memory that execve named
 * may have changed between our look and the kernel's. begins: its program has just started.
 */
void call_prove(const struct call *c, bool begins) NONNULL;
struct outcome call_connect(const struct call *c) NONNULL; /* and bind, listen, send*, socket */
struct outcome call_bind(const struct call *c) NONNULL;
struct outcome call_listen(const struct call *c) NONNULL;
struct outcome call_sendto(const struct call *c) NONNULL;
struct outcome call_sendmsg(const struct call *c) NONNULL;
struct outcome call_sendmmsg(const struct call *c) NONNULL;
struct outcome call_socket(const struct call *c) NONNULL;
struct outcome call_hook(const struct call *c) NONNULL; /* prctl(HOOK_CALL) */

/* Any call but those of sockets, as in a world with namespaces: told, and maybe refused. */
struct outcome call_observed(const struct call *c) NONNULL;
/* weak.c: any call, where nothing may go on that could reach beyond the place. */
struct outcome call_weak(const struct call *c) NONNULL;
struct outcome call_weak_net(const struct call *c) NONNULL;
/* Writes to the memory of the thread, which is still the one that asked. False: it cannot be. */
bool call_put(const struct call *c, uint64_t at, const void *p, size_t n) NONNULL MUST_CHECK;
/* Gives the process a copy of fd, and the call its answer, at once. False with errno. */
bool call_give(const struct call *c, int fd, bool cloexec) NONNULL MUST_CHECK;

struct address;
/* Tells what a socket does with an address; type: SOCK_STREAM, SOCK_DGRAM, 0: unknown. */
void call_tell_address(const struct call *c, enum event_kind kind, struct address *a, int type,
                       uint64_t bytes) NONNULL;
/* The path that the arguments mean, as the world has it; folder -1: the working folder. */
bool call_path(const struct call *c, int folder, unsigned at, bool follow,
               char path[PATH_MAX]) NONNULL MUST_CHECK;

#endif
