/*
 * Rules are rows of *.def tables: RULE(id, name, fact, severity, message, why,
 * remedy, reference). Where one rule answers a kind of fact, the row is all
 * there is to it. Pickle facts (FACT_PICKLE_*) are judged by what is known of the
 * callable they name: names.h.
 */
#ifndef PRATIQUE_RULES_RULES_H
#define PRATIQUE_RULES_RULES_H

#include <pratique/pratique.h>

#include "fact/fact.h"

enum rule_id {
#define RULE(id, name, fact, severity, message, why, remedy, reference) RULE_##id,
#include "rules/rules.def"
#undef RULE
    RULES
};

/* Row of the table; never NULL for a valid id. */
const struct pratique_rule *rule_row(enum rule_id id);

/* The rule that a kind of fact always fires, or NULL when it needs judgement or has none. */
const struct pratique_rule *rule_for_fact(enum fact_kind kind);

/* The position of a row of the table in it, below RULES. */
size_t rule_index(const struct pratique_rule *rule) NONNULL;

#endif
