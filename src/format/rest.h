/* What follows the end of a format: told as a fact, and inspected like any file. */
#ifndef PRATIQUE_FORMAT_REST_H
#define PRATIQUE_FORMAT_REST_H

#include "format/format.h"

/*
 * rest lies at offset, after what format has read to its end: FACT_TRAILING, and
 * scanned as a file of its own. Nothing for an empty rest. As scan_nested().
 */
enum pratique_status scan_rest(struct scan *s, const char *format, uint64_t offset,
                               struct span rest) NONNULL MUST_CHECK;

#endif
