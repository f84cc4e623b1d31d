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
enum answer { GO_ON, REFUSE };

struct outcome {
    bool ends;     /* false: the kernel does it */
    bool later;    /* it is answered when its time has come */
    int64_t value; /* of a call that ends well */
    int error;
};

#define OUTCOME_LATER      ((struct outcome){ .later = true })
#define OUTCOME_GO_ON      ((struct outcome){ 0 })
#define OUTCOME_FAILS(e)   ((struct outcome){ .ends = true, .error = (e) })
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

#endif
