/* The tar reader. See tar.c. */
#ifndef PRATIQUE_FORMAT_TAR_TAR_H
#define PRATIQUE_FORMAT_TAR_TAR_H

#include "format/format.h"

extern const struct format format_tar;

#endif
