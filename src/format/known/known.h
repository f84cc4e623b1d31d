/* Formats told by their first bytes: media that is only data, and what is not read yet. See
 * known.c. */
#ifndef PRATIQUE_FORMAT_KNOWN_KNOWN_H
#define PRATIQUE_FORMAT_KNOWN_KNOWN_H

#include "format/format.h"

extern const struct format format_known;

/* The program format that in starts with ("ELF", "PE", ...), or NULL. */
const char *known_program(struct span in);

#endif
