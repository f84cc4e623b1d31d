/*
 * What is thought of facts about packages: by when they happen, and of paths: package_when.def,
 * package_paths.def. Pure; the tables are static.
 */
#ifndef PRATIQUE_RULES_PACKAGENAMES_H
#define PRATIQUE_RULES_PACKAGENAMES_H

#include "rules/rules.h"

/* What a row says; rule is NULL where nothing is said. */
struct package_opinion {
    const struct pratique_rule *rule;
    enum pratique_severity severity;
};

/* Of a fact about a package by its flags (fact/package.h); rule NULL: nothing is said. */
struct package_opinion package_opinion(enum fact_kind kind, uint32_t flags);

/* Of a FACT_PKG_RUNS whose name fires that rule of the policy upload; so many calls lead there. */
struct package_opinion package_opinion_of_call(const struct pratique_rule *upload, uint32_t flags,
                                               unsigned calls) NONNULL;

/* Whether a path ("~/.ssh/id_rsa") is one that holds keys, passwords, sessions or money. */
bool package_is_private(struct span path);

/* Whether what is written there is run, or trusted, by itself. */
bool package_is_persistent(struct span path);

#endif
