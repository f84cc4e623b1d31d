/*
 * A manifest being verified, in steps, so that pratique_manifest_run() can do something in
 * between: open, files, tell, close.
 */
#ifndef PRATIQUE_TRUST_VERIFY_H
#define PRATIQUE_TRUST_VERIFY_H

#include "trust/manifest/manifest.h"

struct verification {
    const char *path;
    const struct pratique_verify_options *options;
    pratique_progress_fn *on_progress;
    void *user;
    struct pratique_error *err;
    int64_t now;
    uint64_t began_us;

    struct arena arena;
    struct facts facts;
    const struct where *home; /* of what is said of the manifest itself */
    bool bad;                 /* something is against it */

    struct buf bytes; /* of the manifest's file */
    const char *root_path;
    int root; /* -1: not opened */
    struct pratique_manifest *manifest;
    struct keys *keys;    /* NULL: none */
    struct signer who;    /* where there are keys, which it borrows from */
    bool bundle;          /* it is a Model Signing bundle ... */
    bool links;           /* ... that allows links within the root ... */
    const char **excused; /* ... and names what it leaves out */
    size_t excused_n;
    bool single;             /* ... or is about one file, whatever lies beside it */
    struct hashed *hashed;   /* of each artifact, owned */
    uint64_t declared, read; /* bytes */
};

/*
 * Reads the manifest and the keys; judges its signature and its age. What is against it becomes a
 * fact, and sets v->bad. Close it in any case.
 */
enum pratique_status verification_open(struct verification *v) NONNULL MUST_CHECK;
/* Judges the files; v->bad must not be set. flags: enum of hashing_run(). */
enum pratique_status verification_files(struct verification *v, unsigned flags) NONNULL MUST_CHECK;
/* Writes the record where nothing is against it. */
enum pratique_status verification_keep(struct verification *v) NONNULL MUST_CHECK;
/* The report. */
void verification_tell(struct verification *v, pratique_report_fn *on_report)
    __attribute__((nonnull(1)));
void verification_close(struct verification *v) NONNULL;

/* A fact about a file, or (path NULL) about the manifest; detail is formatted. */
void verification_note(struct verification *v, enum fact_kind kind, const char *path,
                       const char *fmt, ...) __attribute__((nonnull(1, 4))) PRINTF_LIKE(4, 5);

#endif
