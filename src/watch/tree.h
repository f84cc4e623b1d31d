/* Trees of files, copied. */
#ifndef PRATIQUE_WATCH_TREE_H
#define PRATIQUE_WATCH_TREE_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/compiler.h"

/* Symbolic links: all as they are, or those alone that stay inside of the tree. */
enum tree_links { TREE_LINKS_ALL, TREE_LINKS_INSIDE };

/*
 * Makes the folder to, which exists, hold what the folder from holds: folders, regular files
 * with their modes and times, symbolic links; anything else is left out, and so are set-user
 * and set-group bits. A file that is there and differs is replaced by renaming a new one onto
 * it; what is not in from is removed. owner: of what is made, or (uid_t)-1. Nobody else is at
 * work in from. False with errno; what was done stays.
 */
bool tree_copy(const char *from, const char *to, uid_t owner,
               enum tree_links links) NONNULL MUST_CHECK;

#endif
