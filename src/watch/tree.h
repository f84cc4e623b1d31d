/* Trees of files, copied. */
#ifndef PRATIQUE_WATCH_TREE_H
#define PRATIQUE_WATCH_TREE_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/compiler.h"

/*
 * Copies what is in the folder from into the folder to, which exists: folders, regular files
 * with their modes and times, symbolic links as they are; anything else is left out. All of it is
 * the owner's. False with errno; what was copied stays.
 */
bool tree_copy(const char *from, const char *to, uid_t owner) NONNULL MUST_CHECK;

#endif
