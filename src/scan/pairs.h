/*
 * Wheels and the sdists that they are said to be built of, where one scan sees both: the Python
 * sources of a wheel are held against those of the sdist, by the digests that the workers told
 * (FACT_PKG_SOURCES). What differs is a fact of the wheel, added before the wheel is judged; or of
 * the sdist, where that comes so late that the wheel could not wait.
 */
#ifndef PRATIQUE_SCAN_PAIRS_H
#define PRATIQUE_SCAN_PAIRS_H

#include "scan/law.h"
#include "scan/task.h"

struct pairs_kept;

/* Of one run: the sources of what was reported already. */
struct pairs {
    struct arena arena;
    struct pairs_kept *first;
};

void pairs_init(struct pairs *p) NONNULL;
void pairs_free(struct pairs *p) NONNULL;

/*
 * Whether a wheel's sdist may come up in this run: it is among the paths that the user named, or
 * lies in the folder where the wheel was found. By the names of files alone.
 */
bool pairs_expects(const struct law_roots *roots, const struct task *wheel) NONNULL;

/* Whether that sdist is done: among those kept, or in a list of tasks. */
bool pairs_has_sdist(const struct pairs *p, const struct task *list, const struct task *wheel)
    __attribute__((nonnull(1, 3)));

/* A task is about to be judged. list: all that are not reported yet; may be NULL. */
void pairs_settle(struct pairs *p, const struct task *list, struct task *t)
    __attribute__((nonnull(1, 3)));

#endif
