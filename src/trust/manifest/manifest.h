/*
 * What the files about manifests share: globs, times, the parser in place, the state of a git
 * repository, the record of what was accepted. The format: docs/MANIFEST.md.
 */
#ifndef PRATIQUE_TRUST_MANIFEST_H
#define PRATIQUE_TRUST_MANIFEST_H

#include "trust/trust.h"

/* ---- globs: manifest_glob.c ---- */

/*
 * Whether a path matches: '*' and '?' within a name, "**" as a whole name for any number of
 * folders. A glob without '/' is about the last name alone; one that ends in '/' about everything
 * below. In time glob times path.
 */
bool manifest_glob(const char *glob, const char *path) NONNULL;
/* Why it is no glob; NULL: it is one. */
const char *manifest_glob_fault(const char *glob) NONNULL;
/* Whether one of n globs matches the path or a folder that it lies in. */
bool manifest_globs(const char *const *globs, size_t n, const char *path)
    __attribute__((nonnull(3)));

/* ---- times: manifest_time.c ---- */

#define MANIFEST_TIME 21 /* "2026-11-24T09:00:00Z" and a NUL */

/* RFC 3339 in UTC ("Z" or "+00:00"), fractions of a second dropped; false: it is none. */
bool manifest_time_read(struct span text, int64_t *out) NONNULL MUST_CHECK;
/* From the year 1970 to 9999; others are cut to that. */
void manifest_time_write(int64_t t, char out[MANIFEST_TIME]) NONNULL;

/* ---- the parser: manifest_scan.c ---- */

#define MANIFEST_ROLE_MAX 64
#define MANIFEST_GIT_MAX  64

/* The texts are valid during the call alone; those of the head until the thread's next scan. */
struct manifest_entry {
    struct span path, sha256, role; /* as the format wants them */
    uint64_t bytes;
    uint32_t line;
};
struct manifest_head {
    struct span generated_at, git_sha; /* git_sha: empty for null */
    int64_t generated;
    bool dirty, dirty_unknown;
};
struct manifest_fault {
    uint32_t line;
    char what[240];
};

typedef bool manifest_entry_fn(void *user, const struct manifest_entry *e);

/*
 * Reads a manifest, one entry after the other, in place. on_entry may return false to stop. False:
 * *fault says where and why. Duplicate paths are not looked for here.
 */
bool manifest_scan(struct span bytes, struct manifest_head *head, manifest_entry_fn *on_entry,
                   void *user, struct manifest_fault *fault) NONNULL MUST_CHECK;

/* ---- a manifest: manifest.c ---- */

/* An empty one; NULL without memory. */
struct pratique_manifest *manifest_new(void);

/* ---- the text of a manifest: manifest_text.c ---- */

/* Fills m->text from the rest of it. E_NOMEM, E_LIMIT. */
enum pratique_status manifest_compose(struct pratique_manifest *m,
                                      struct pratique_error *err) NONNULL MUST_CHECK;

/* ---- the repository that a folder lies in: manifest_git.c ---- */

struct git_state {
    char sha[MANIFEST_GIT_MAX + 1]; /* "": there is none */
    bool dirty, dirty_unknown;
};
/*
 * output (NULL: none) and its signatures do not make it dirty. Nothing of the repository is run:
 * neither hooks nor filters nor a file system monitor.
 */
void git_state_read(struct git_state *out, const char *root, const char *output)
    __attribute__((nonnull(1, 2)));
/* Whether ".git" at the top of root is that of a repository or a work tree. One by name alone is a
 * folder like any other. */
bool git_is_repository(int root);

/* ---- names beside a manifest ---- */

/* What is appended to a manifest's name for its signatures; ends with NULL. */
extern const char *const manifest_signatures[];
/* Where path (of a file that need not be there) lies below root: in the arena; NULL: it does not.
 */
const char *manifest_below(const char *root, const char *path, struct arena *arena) NONNULL;

/* ---- the record of what was accepted: record.c ---- */

struct record_entry {
    const char *root;  /* an absolute path */
    const char *key;   /* the signer's id */
    int64_t generated; /* of the manifest */
    uint8_t digest[SHA256_BYTES];
};
enum record_answer {
    RECORD_NEW = 0, /* there is nothing against it */
    RECORD_SAME,    /* it is the one that was accepted last */
    RECORD_OLDER,
    RECORD_OTHER, /* as old as the last one, and not the same */
};

/*
 * What the record at path says of e. *last: the time of the last one accepted. E_FORMAT, E_IO: it
 * cannot be used. keep: writes e down where the answer is RECORD_NEW; under a lock.
 */
enum pratique_status record_check(const char *path, const struct record_entry *e, bool keep,
                                  enum record_answer *answer, int64_t *last,
                                  struct pratique_error *err) NONNULL MUST_CHECK;

#endif
