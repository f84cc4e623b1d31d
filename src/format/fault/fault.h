/* Planted faults, in builds with -DPRATIQUE_FAULTS alone: see fault.c. */
#ifndef PRATIQUE_FORMAT_FAULT_FAULT_H
#define PRATIQUE_FORMAT_FAULT_FAULT_H

#include "format/format.h"

extern const struct format format_fault;

#endif
