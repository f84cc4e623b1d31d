/* CNTK, version 2: a dictionary of functions. See cntk.c. */
#ifndef PRATIQUE_FORMAT_CNTK_CNTK_H
#define PRATIQUE_FORMAT_CNTK_CNTK_H

#include "format/format.h"

extern const struct format format_cntk;

#endif
