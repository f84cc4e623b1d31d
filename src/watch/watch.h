/*
 * The watch as the parent sees it: a plan is made, a world is started, events come in.
 */
#ifndef PRATIQUE_WATCH_WATCH_H
#define PRATIQUE_WATCH_WATCH_H

#include <pratique/pratique.h>

#include "base/arena.h"
#include "base/buf.h"
#include "fact/fact.h"
#include "watch/event.h"
#include "watch/plan.h"

#define WATCH_KEPT_MAX 16

/* What was seen. The bytes are events one after the other, each whole and well-formed. */
struct watch_story {
    struct buf bytes;
    size_t events;
    bool nonsense; /* what came was no event: the keeper was taken over, or broken */
    bool cut;      /* more came than is kept */
    bool done;     /* the keeper came to its end */
    bool late;     /* it ran out of time and was killed */
    int status;    /* wait status of the world */
    int command_status;
    struct world_layer layers[WORLD_LAYERS];
    bool weak;                /* no namespaces */
    int kept[WATCH_KEPT_MAX]; /* folders in the world that the command wrote to; owned */
    const char *kept_to[WATCH_KEPT_MAX];
    size_t kept_n;
    uint64_t time_us;
};

void watch_story_free(struct watch_story *s) NONNULL;

/* What one watch is of. */
struct watch_target {
    const char *path; /* of a wheel; NULL: a command */
    char *const *command;
};

/*
 * Watches. *story is filled, free it after any outcome; arena holds what the interpreter is.
 * PRATIQUE_OK: a world was started, whatever became of it. E_USAGE, E_IO, E_NOMEM as
 * pratique_watch_wheel().
 */
enum pratique_status watch_run(struct watch_story *story, struct python *python,
                               struct arena *arena, const struct watch_target *target,
                               const struct pratique_watch_options *options,
                               struct pratique_error *err) NONNULL;

/*
 * Puts what a command left in the folders that it was given into the host's: see tree.h; links
 * that lead out of a folder are left out. E_IO: err says which folder, and why.
 */
enum pratique_status watch_keep(const struct watch_story *story,
                                struct pratique_error *err) NONNULL;

/*
 * The story as facts about the outermost file called name, in order: fact i is of event i.
 * Then FACT_READ, when it was told to its end. False without memory.
 */
bool watch_facts(struct facts *out, const struct watch_story *story, const char *name,
                 uint64_t size) NONNULL MUST_CHECK;

#endif
