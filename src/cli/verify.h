/* What `pratique manifest verify` and `pratique run` share: their options, and what they print. */
#ifndef PRATIQUE_CLI_VERIFY_H
#define PRATIQUE_CLI_VERIFY_H

#include "cli/cli.h"

struct verify_settings {
    struct pratique_verify_options options;
    struct list keys, ignores;
    const char *manifest;   /* of --manifest, or the word */
    const char *not_before; /* a time or a date */
    bool no_record;
    char *default_record, *default_manifest; /* owned */
    struct reporting_options how;
};

/* clang-format off */
#define VERIFY_ROWS(set)                                                                           \
    { "root", 'C', OPT_TEXT, &(set)->options.root, "DIR", "the files' folder (the manifest's)" },  \
    { "key", 'k', OPT_LIST, &(set)->keys, "FILE", "a key that must have signed it (repeat: any of them)" }, \
    { "trust", 0, OPT_TEXT, &(set)->options.trust.file, "FILE", "keys with names, roles, expiry" }, \
    { "identity", 'I', OPT_TEXT, &(set)->options.trust.identity, "WHO", "who must have signed it" }, \
    { "namespace", 'n', OPT_TEXT, &(set)->options.trust.space, "NAME", "of OpenSSH (pratique-manifest)" }, \
    { "signature", 's', OPT_TEXT, &(set)->options.signature, "FILE", "its signature (the one beside it)" }, \
    { "strict", 0, OPT_FLAG, &(set)->options.strict, NULL, "files that are not declared count as well" }, \
    { "ignore", 0, OPT_LIST, &(set)->ignores, "GLOB", "strict: what may be there (repeat)" },      \
    { "not-before", 0, OPT_TEXT, &(set)->not_before, "TIME", "refuse a manifest older than that" }, \
    { "record", 0, OPT_TEXT, &(set)->options.record, "FILE", "of the last one accepted for each root and key" }, \
    { "no-record", 0, OPT_FLAG, &(set)->no_record, NULL, "neither ask the record nor write it" },  \
    { "threads", 'j', OPT_COUNT32, &(set)->options.threads, "N", "at a time (one a processor)" },  \
    REPORTING_ROWS(&(set)->how)
/* clang-format on */

/* Completes the options; OPT_GO_ON, or an exit status. word: "manifest verify". */
int verify_settle(const char *word, struct verify_settings *set);
void verify_free(struct verify_settings *set);

/* A report on a manifest, on its way. */
struct verifying {
    const struct verify_settings *set;
    struct reporting run;
    struct sink lines; /* of the plain text; then run is not used but for its progress */
    bool plain, to_stderr;
    uint64_t files;
    enum pratique_verdict worst;
    bool told, failed;
};

/* OPT_GO_ON, or an exit status. to_stderr: plain text goes there, and on success nothing. */
int verifying_begin(struct verifying *v, const struct verify_settings *set, bool to_stderr);
/* pratique_report_fn and pratique_progress_fn; user is the struct verifying. */
void verifying_report(void *user, const struct pratique_report *r);
void verifying_progress(void *user, const struct pratique_progress *at);
/* The exit status. err: what *st is about. */
int verifying_end(struct verifying *v, const char *word, enum pratique_status st,
                  const struct pratique_error *err);

#endif
