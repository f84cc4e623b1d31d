/*
 * Facts and rules give findings and a verdict. Pure: no input, no output, no
 * clock; the same facts give the same verdict on every machine.
 */
#ifndef PRATIQUE_VERDICT_VERDICT_H
#define PRATIQUE_VERDICT_VERDICT_H

#include "fact/fact.h"
#include "rules/rules.h"

struct policy {
    const char *name;                 /* "model" */
    const char *const *trust_classes; /* package names, see names.h */
    size_t trust_classes_n;
};

struct judged {
    enum pratique_verdict verdict;
    struct pratique_finding *findings; /* in the arena; gravest first, then path, offset */
    size_t n;
};

/*
 * Judges the facts of one finished artifact. PRATIQUE_OK, or E_NOMEM with
 * out->verdict undecided. facts->full makes the verdict undecided at best.
 */
enum pratique_status verdict_judge(struct judged *out, struct arena *arena,
                                   const struct facts *facts, const struct policy *policy) NONNULL;

/*
 * Judges a fact about a pickle by the names table: the rule it fires, or NULL.
 * *severity is the rule's, or what the circumstances make of it.
 */
const struct pratique_rule *verdict_pickle(const struct fact *fact, const struct policy *policy,
                                           enum pratique_severity *severity) NONNULL;

#endif
