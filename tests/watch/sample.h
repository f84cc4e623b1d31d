/*
 * Reports of watches that never were, for tests of what a report looks like: a wheel that
 * fetches and runs a second stage, one that is clean, and one full of text that would break
 * out of where it stands.
 */
#ifndef PRATIQUE_TESTS_WATCH_SAMPLE_H
#define PRATIQUE_TESTS_WATCH_SAMPLE_H

#include "scan/report.h"

/* Each lives until the next call. */
const struct pratique_report *sample_guilty(const char *path);
const struct pratique_report *sample_clean(const char *path);
const struct pratique_report *sample_hostile(const char *path);
const struct pratique_report *sample_command(int status);

/* From now on the rules are the first of the rule table, in place of ones that are in none. */
void sample_use_rule_table(void);

#endif
