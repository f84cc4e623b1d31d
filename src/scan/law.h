/*
 * The law of a gate: the policies that its options name, the policy file, and the
 * security/THREATS.md that goes with each path. Read here, by the parent, from disk
 * alone; src/verdict judges by it.
 */
#ifndef PRATIQUE_SCAN_LAW_H
#define PRATIQUE_SCAN_LAW_H

#include "format/format.h"
#include "scan/report.h"
#include "scan/task.h"
#include "verdict/policy_file.h"
#include "verdict/threats.h"

struct law {
    struct policy policy; /* what all artifacts share; in_force 0: by what the artifact is */
    struct policy_file *file;
    uint8_t file_sha256[SHA256_BYTES]; /* of its bytes; zeroes without one */
    struct pratique_threats *threats;  /* owned; of --threats; NULL: none */
};

/* One path that the user named. */
struct law_root {
    const char *given;                /* borrowed */
    char *real;                       /* owned, absolute; NULL: none, or nobody asks for it */
    struct pratique_threats *threats; /* owned; found beside it, when --threats is not given */
};

struct law_roots {
    struct law_root *list; /* owned */
    size_t n;
};

/* PRATIQUE_E_USAGE when an option or a file that it names is wrong; law_free() in any case. */
enum pratique_status law_init(struct law *law, const struct pratique_options *options,
                              struct pratique_error *err) __attribute__((nonnull(1, 2))) MUST_CHECK;
void law_free(struct law *law) NONNULL;

/* Looks beside each of n paths for its threats. On failure *out is empty. */
enum pratique_status law_roots_find(struct law_roots *out, const struct law *law,
                                    const char *const *paths, size_t n, struct pratique_error *err)
    __attribute__((nonnull(1, 2))) MUST_CHECK;
/* One root for bytes in memory; false without memory. */
bool law_roots_memory(struct law_roots *out, const char *name) NONNULL MUST_CHECK;
void law_roots_free(struct law_roots *roots) NONNULL;

/* Which archives the workers put together as packages: those that the policy package may judge. */
enum scan_packages law_packages(const struct law *law) NONNULL;

/* The policy for a finished task; what it needs lives in the task's arena. */
void law_policy(struct policy *out, const struct law *law, const struct law_roots *roots,
                struct task *t) NONNULL;

/* A report on the policy file itself; without findings when there is nothing to say. */
enum pratique_status law_report(struct pratique_report *out, const struct law *law,
                                struct arena *arena) NONNULL MUST_CHECK;

#endif
