/*
 * The policy file: modes that say which rules count and how much, and single calls that
 * are allowed. docs/policy.md tells the format.
 */
#ifndef PRATIQUE_VERDICT_POLICY_FILE_H
#define PRATIQUE_VERDICT_POLICY_FILE_H

#include "verdict/verdict.h"

#define POLICY_FILE_BYTES_MAX ((size_t)1 << 20)

enum policy_level { LEVEL_UNSET = 0, LEVEL_OFF, LEVEL_INFO, LEVEL_LOW, LEVEL_HOLD, LEVEL_REFUSE };

struct policy_mode {
    const char *name;
    uint32_t line;
    unsigned policies;    /* POLICY_BIT()s; 0: chosen by what the artifact is */
    uint8_t level[RULES]; /* enum policy_level, by rule_index() */
};

/* One call that is allowed. */
struct allowance {
    const char *package; /* a glob; NULL: any */
    const struct pratique_rule *rule;
    const char *file;     /* a glob */
    const char *function; /* NULL: any */
    const char *call;
    const char *reason, *owner;
    uint32_t expires; /* 20261231: the last day that it holds */
    uint32_t line;    /* of the policy file */
};

#define POLICY_MODES_MAX  64
#define POLICY_ALLOWS_MAX 10000

struct policy_file {
    struct arena arena; /* of everything below */
    const char *path;
    struct policy_mode *modes; /* POLICY_MODES_MAX of them */
    size_t modes_n;
    const char *default_mode; /* NULL: none */
    struct allowance *allows;
    size_t allows_n, allows_size;
};

/*
 * Reads text (borrowed until return), called path in messages. *out is new; NULL on
 * failure: PRATIQUE_E_USAGE with "path:line:column: what is wrong", or PRATIQUE_E_NOMEM.
 */
enum pratique_status policy_file_parse(struct policy_file **out, const char *path, struct span text,
                                       struct pratique_error *err) __attribute__((nonnull(1, 2)));
void policy_file_free(struct policy_file *f); /* NULL is allowed */

/* The mode called so (NULL: the default one). PRATIQUE_E_USAGE when there is none. */
enum pratique_status policy_file_mode(const struct policy_mode **out, const struct policy_file *f,
                                      const char *name, struct pratique_error *err)
    __attribute__((nonnull(1, 2)));

/* Whether a call as it is written is the one that the pattern means. allow.c */
bool allow_call_matches(struct span pattern, struct span call);

/* "*" stands for any text without "/", "**" for any, "?" for one character. allow.c */
bool allow_glob(const char *pattern, const char *text) NONNULL;

#endif
