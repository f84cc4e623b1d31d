/* Values of tables: which of them are a file of their own. Private to table/. */
#ifndef PRATIQUE_FORMAT_TABLE_WORTH_H
#define PRATIQUE_FORMAT_TABLE_WORTH_H

#include "input/span.h"

/*
 * Whether a value starts as a file does that a program may load: a pickle, a zip, a compressed
 * stream, a program, marshalled code. Cheap: numbers and texts are told at their first byte.
 */
bool worth_a_look(struct span value);

/* The same, and how many of its bytes that took: a pickle is walked for a while. */
bool worth_a_walk(struct span value, size_t *walked) __attribute__((nonnull(2)));

#endif
