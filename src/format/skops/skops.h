/* schema.json of a skops file; see skops.c. */
#ifndef PRATIQUE_FORMAT_SKOPS_SKOPS_H
#define PRATIQUE_FORMAT_SKOPS_SKOPS_H

#include "format/format.h"

extern const struct format format_skops;

/* Seeds jansson's hash tables from the system, before a lock-down; at any time, or never. */
void skops_warm(void);

#endif
