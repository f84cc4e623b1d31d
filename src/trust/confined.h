/*
 * Hostile bytes are parsed in a child that has given up files, network and processes
 * (sandbox_lock()) before the first of them. What it finds comes back in batches of records
 * over shared memory, which the parent reads as hostile input: it may say anything, and may
 * change a batch while it is read, so what is judged is copied first.
 */
#ifndef PRATIQUE_TRUST_CONFINED_H
#define PRATIQUE_TRUST_CONFINED_H

#include <pratique/pratique.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "input/span.h"

/* A batch holds at most this many bytes; so does one piece of confined_room(). */
#define CONFINED_BATCH ((size_t)1024 * 1024)

/* ---- the child ---- */

struct confined_child;

/* What the child does. It inherits arg by fork; when it returns, all was told. */
typedef void confined_work(struct confined_child *c, void *arg);

/*
 * Room for n bytes in a row (at most CONFINED_BATCH), to be filled before the next call that
 * takes c. When the batch at hand has not so much room it is sent first; waits for the parent
 * while it is behind. Never NULL: where the parent is gone the process ends.
 */
void *confined_room(struct confined_child *c, size_t n) NONNULL;
/* Says that n of those bytes were filled. */
void confined_commit(struct confined_child *c, size_t n) NONNULL;
/* The same for bytes that lie elsewhere, as many as there are; they may be split between batches.
 */
void confined_put(struct confined_child *c, const void *p, size_t n) __attribute__((nonnull(1)));
/* Sends what there is, though the batch is not full. */
void confined_flush(struct confined_child *c) NONNULL;
/* Sends what there is and waits for the parent's word. */
uint32_t confined_ask(struct confined_child *c) NONNULL;

/* ---- the parent ---- */

struct confined;

struct confined_limits {
    uint64_t memory_bytes; /* private, of the child; 0: 1 GiB */
    uint32_t time_ms;      /* from the start to the end; 0: 120,000 */
    bool weak_ok;          /* go on although a layer of the lock-down is missing */
};

/*
 * Starts the child. *out is new, ended with confined_end(); NULL on failure: E_IO (err: also when
 * a layer of the lock-down, Landlock excepted, is missing), E_NOMEM. Forks: what arg points to
 * stays as it is in the child.
 */
enum pratique_status confined_start(struct confined **out, confined_work *work, void *arg,
                                    const struct confined_limits *limits,
                                    struct pratique_error *err)
    __attribute__((nonnull(1, 2, 4, 5))) MUST_CHECK;

/*
 * The next batch, in shared memory, valid until the next call on c. PRATIQUE_OK with an empty
 * batch: the child has told everything and ended well. E_FORMAT: it died (err: of what); E_LIMIT:
 * it ran out of time; E_IO.
 */
enum pratique_status confined_next(struct confined *c, struct span *batch,
                                   struct pratique_error *err) NONNULL MUST_CHECK;

/* Answers confined_ask(); false when the child is gone. */
bool confined_say(struct confined *c, uint32_t word) NONNULL;

/* Ends it, also in the middle, and frees; NULL is allowed. */
void confined_end(struct confined *c);

/* All of it at once: starts the child and appends everything it tells to *out, a copy. */
enum pratique_status confined_run(confined_work *work, void *arg,
                                  const struct confined_limits *limits, struct buf *out,
                                  struct pratique_error *err)
    __attribute__((nonnull(1, 3, 4, 5))) MUST_CHECK;

#endif
