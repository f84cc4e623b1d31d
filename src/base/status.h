/* Filling a struct pratique_error. */
#ifndef PRATIQUE_BASE_STATUS_H
#define PRATIQUE_BASE_STATUS_H

#include <pratique/pratique.h>

#include "base/compiler.h"

/* Fills *err (NULL is allowed) and returns status, so that a fault is one line. */
enum pratique_status error_set(struct pratique_error *err, enum pratique_status status,
                               uint64_t offset, const char *fmt, ...) PRINTF_LIKE(4, 5);

#endif
