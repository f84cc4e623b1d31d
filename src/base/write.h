/* Writing to a descriptor. */
#ifndef PRATIQUE_BASE_WRITE_H
#define PRATIQUE_BASE_WRITE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/compiler.h"

/* Writes n bytes, in as many calls as it takes; false with errno. p may be NULL where n is 0. For
 * blocking descriptors. */
bool write_all(int fd, const void *p, size_t n) MUST_CHECK;

#endif
