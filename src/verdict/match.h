/* What the files of src/verdict share: findings on their way. */
#ifndef PRATIQUE_VERDICT_MATCH_H
#define PRATIQUE_VERDICT_MATCH_H

#include "verdict/verdict.h"

/* A finding on its way: the fact it is made of, and what it will say. */
struct match {
    const struct fact *fact;
    const struct pratique_rule *rule;
    enum pratique_severity severity;
    uint64_t count;
    const char *detail; /* in place of the fact's; NULL: that one */
    const char *excuse; /* in the arena; NULL: it is not excused */
    bool off;           /* the policy file turns the rule off */
};

struct matches {
    struct match *list; /* grows: matches_add() */
    size_t n, size;
    bool read;      /* something was read at all */
    bool unjudged;  /* a fact that no rule answers */
    bool no_memory; /* a match was lost */
};

/* A new match of fact and rule at its severity; NULL without memory. */
struct match *matches_add(struct matches *found, const struct fact *fact,
                          const struct pratique_rule *rule, enum pratique_severity severity)
    __attribute__((nonnull));

/* The place of a fact: "src/a.py", "upload.zip!/a.py", with home for the outermost name. */
const char *match_file(struct arena *arena, const struct fact *fact,
                       const char *home) NONNULL MUST_CHECK;

/* Marks the entries of the policy file that are about this artifact. allow.c */
void allow_note(const struct facts *facts, const struct policy *policy) NONNULL;

/*
 * What the policy file makes of a match: its severity, an allowance, or a finding more
 * when that has expired. allow.c
 */
void allow_apply(struct matches *found, size_t at, struct arena *arena,
                 const struct policy *policy) NONNULL;

/*
 * Comments that excuse findings of the source policy: excuses what they may excuse, and
 * adds what is wrong with them. excuse.c
 */
void excuse_apply(struct matches *found, struct arena *arena, const struct facts *facts,
                  const struct policy *policy) NONNULL;

#endif
