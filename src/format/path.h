/* Names of archive members as paths: where they lead when the archive is unpacked. */
#ifndef PRATIQUE_FORMAT_PATH_H
#define PRATIQUE_FORMAT_PATH_H

#include "input/span.h"

struct path_manner {
    bool absolute; /* starts at the root, or names a drive */
    bool dotdot;   /* climbs with ".." */
    bool leaves;   /* climbs past where it started */
};

/* Cuts a component off the front, and its separator; '\\' separates too if backslash is set. */
struct span path_take_component(struct span *in, bool backslash);

/*
 * Writes the normal form of a name to out, which has room for name.n bytes: no
 * empty components, no ".", ".." resolved (at the root it stays there, as in a
 * file system). *how tells how it got there.
 */
struct span path_normal_form(struct span name, bool backslash, uint8_t *out,
                             struct path_manner *how);

/* The same without the normal form. */
struct path_manner path_manner(struct span name, bool backslash);

/* Number of components of a path in normal form. */
size_t path_depth(struct span path);

/* Whether a link's target climbs out of the root, read from a folder so many levels deep. */
bool path_climbs_out(struct span target, size_t depth);

/* The last part of a path, as a file system sees it: no NUL, no dots or spaces at its end. */
struct span path_base(struct span name);

/* What follows the last dot of a base name; empty without one. */
struct span path_extension(struct span base);

#endif
