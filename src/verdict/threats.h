/*
 * security/THREATS.md: risks that a team has taken, each with a reason and an owner.
 * docs/threats.md tells the format.
 */
#ifndef PRATIQUE_VERDICT_THREATS_H
#define PRATIQUE_VERDICT_THREATS_H

#include "base/arena.h"
#include "rules/rules.h"

/* A larger file is none that a person keeps. */
#define THREATS_BYTES_MAX ((size_t)1 << 20)

struct pratique_threats {
    struct arena arena; /* of everything below */
    const char *path;   /* as it is to be named: "security/THREATS.md" */
    const char *root;   /* the folder that its paths start from, absolute; set by who opened it */
    struct pratique_threat *list;
    size_t n, size;
};

/*
 * Reads text (borrowed until return), called path in messages. *out is new; NULL on
 * failure: PRATIQUE_E_USAGE with "path:line: what is wrong", or PRATIQUE_E_NOMEM.
 */
enum pratique_status threats_parse(struct pratique_threats **out, const char *path,
                                   struct span text, struct pratique_error *err)
    __attribute__((nonnull(1, 2)));
/* The entry that names the file and the rule, or NULL. */
const struct pratique_threat *threats_find(const struct pratique_threats *t, const char *file,
                                           const struct pratique_rule *rule) NONNULL;

#endif
