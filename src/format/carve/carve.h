/* Content of no known format, searched for what it may hide. See carve.c. */
#ifndef PRATIQUE_FORMAT_CARVE_CARVE_H
#define PRATIQUE_FORMAT_CARVE_CARVE_H

#include "format/format.h"

/* The last entry of the registry: it matches anything. */
extern const struct format format_unknown;

#endif
