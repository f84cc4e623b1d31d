/*
 * Policies: which rules count. Rules of formats and of the engine always do; a policy
 * adds those whose ids begin with its prefix. Several may be in force together.
 */
#ifndef PRATIQUE_RULES_POLICIES_H
#define PRATIQUE_RULES_POLICIES_H

#include "rules/rules.h"

enum policy_id {
#define POLICY(id, name, prefix, purpose) POLICY_##id,
#define KIND(policy, format)
#define UNREAD(rule)
#include "rules/policies.def"
#undef UNREAD
#undef KIND
#undef POLICY
    POLICIES
};

/* A set of them: a bit for each. */
#define POLICY_BIT(id) (1u << POLICY_##id)

/* Those that have rules for Python sources. */
#define POLICY_PYTHON (POLICY_BIT(UPLOAD) | POLICY_BIT(SOURCE) | POLICY_BIT(PACKAGE))

/* The bit of the policy called so, or 0. */
unsigned policy_find(struct span name) MUST_CHECK;

/* The bit of the policy that turns the rule on, or 0: it always counts. */
unsigned policy_of_rule(const struct pratique_rule *rule) NONNULL;

/*
 * Whether a rule is only told under these policies: one about content that was not read, where
 * archive or package is in force and nothing that would have it read. content: it is about content
 * by itself.
 */
bool policy_only_tells(unsigned in_force, const struct pratique_rule *rule, bool content) NONNULL;

/* The policies for an artifact when none is named, by its format: "zip (torch) + pickle". */
unsigned policy_for_format(const char *format) NONNULL;

#define POLICY_SET_MAX 64 /* bytes of the longest name of a set */

/* "upload,source"; "" for none. */
void policy_set_name(char out[POLICY_SET_MAX], unsigned set) NONNULL;

#endif
