/* Names of dangerous calls and modules in text that is no Python, or none that parses. See deny.c.
 */
#ifndef PRATIQUE_FORMAT_TEXT_DENY_H
#define PRATIQUE_FORMAT_TEXT_DENY_H

#include "fact/interest.h"
#include "format/format.h"

/* The names to look for, once for each process; in is borrowed for ever. */
void text_names_warm(const struct interest *in) NONNULL;

/*
 * Searches text, Python that could not be parsed, and tells what it finds as FACT_TEXT_NAME;
 * line is the number of its first line. E_NOMEM when there are no names to look for.
 */
enum pratique_status text_names(struct scan *s, struct span text, uint32_t line) NONNULL MUST_CHECK;

#endif
