/*
 * What a wheel or an sdist says of itself, and whether it is true: RECORD, METADATA, WHEEL,
 * entry_points.txt, .pth files, where its files land. Called by format/package alone.
 */
#ifndef PRATIQUE_FORMAT_WHEEL_WHEEL_H
#define PRATIQUE_FORMAT_WHEEL_WHEEL_H

#include "format/format.h"
#include "format/layout.h"

/* s->package was begun, of that archive: its kind and members are there. */
void wheel_begin(struct scan *s, const struct archive *a) NONNULL;
/* A member that is not empty goes by. */
void wheel_member(struct scan *s, struct span name, struct span body) NONNULL;
/* Tells what the whole shows. */
enum pratique_status wheel_end(struct scan *s) NONNULL MUST_CHECK;

#endif
