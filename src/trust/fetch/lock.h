/*
 * pratique.lock (docs/LOCK.md), as the files of src/trust/fetch/ see it. What the public functions
 * promise: pratique.h.
 */
#ifndef PRATIQUE_TRUST_FETCH_LOCK_H
#define PRATIQUE_TRUST_FETCH_LOCK_H

#include "trust/trust.h"

#define LOCK_BYTES_MAX ((size_t)1 << 20)
#define LOCK_FILES_MAX 1024u
#define LOCK_URLS_MAX  16u
#define LOCK_URL_MAX   2048u
#define LOCK_NAME_MAX  1024u
#define LOCK_SIZE_MAX  (UINT64_C(1) << 40)
#define LOCK_TAG_MAX   256u
#define LOCK_TEXT_MAX  4096u /* of any one string */

struct pratique_lock {
    struct arena arena;
    const char *path; /* of its file, as given */
    const char *package, *version;
    struct pratique_locked *files;
    uint32_t *lines; /* where each begins */
    size_t n;
};

/* Reads the bytes of a lock; name is for messages. As pratique_lock_read(). */
enum pratique_status lock_parse(struct pratique_lock **out, const char *name, struct span in,
                                struct pratique_error *err) NONNULL MUST_CHECK;

/* ---- what values may be: lock_check.c; each NULL, or why not ---- */

const char *lock_name_fault(struct span name) NONNULL;   /* a place below the folder */
const char *lock_member_fault(struct span name) NONNULL; /* of a zip file */
const char *lock_url_fault(struct span url) NONNULL;
const char *lock_sha256_fault(struct span hex) NONNULL;
const char *lock_tags_fault(struct span tags) NONNULL;
const char *lock_package_fault(struct span name) NONNULL;
const char *lock_version_fault(struct span version) NONNULL;
const char *lock_key_fault(struct span key) NONNULL;
const char *lock_signature_fault(struct span text) NONNULL;

/* Whether the files go together: no two that are one on some system, none within another.
 * E_USAGE, E_NOMEM. */
enum pratique_status lock_judge(const struct pratique_lock *lock,
                                struct pratique_error *err) NONNULL MUST_CHECK;

/* The path of a "file:" URL, or NULL. */
const char *lock_file_url(const char *url) NONNULL;

/* ---- which entries count: lock_tags.c ---- */

/* What files are wanted for. */
struct lock_target {
    const char *platform; /* never NULL */
    const char *python;   /* NULL: not named */
};

/* This machine's platform tag. */
void lock_platform(char *out, size_t n) NONNULL;
/* NULL, or why a target makes no sense. */
const char *lock_target_fault(const struct lock_target *t) NONNULL;
/* How well a file suits: 0: not at all; larger is better. */
uint64_t lock_rank(const struct pratique_locked *f, const struct lock_target *t) NONNULL;
/*
 * The indices of those that count, the best for each name, into chosen (room for lock->n); how
 * many. *unnamed: one would count if only a Python were named.
 */
size_t lock_choose(const struct pratique_lock *lock, const struct lock_target *t, size_t *chosen,
                   bool *unnamed) NONNULL;

#endif
