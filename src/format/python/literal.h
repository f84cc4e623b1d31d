/* What literals stand for; see fold.c. */
#ifndef PRATIQUE_FORMAT_PYTHON_LITERAL_H
#define PRATIQUE_FORMAT_PYTHON_LITERAL_H

#include "format/python/ast.h"

/* Bytes that fold_escapes() may write past the length of its input. */
#define FOLD_ROOM 4

/* The text of an N_STR without its prefix and quotes; s is all of it. */
struct span fold_body(struct span s, const struct py_node *n) NONNULL;

/*
 * Resolves the escapes of such a text (not a raw one) into out, which holds body.n + FOLD_ROOM
 * bytes; how many it wrote. Surrogates become U+FFFD.
 */
size_t fold_escapes(struct span body, bool bytes, uint8_t *out) NONNULL;

/* An N_INT's value; false when it is larger than we count. */
bool fold_int(struct span s, int64_t *out) NONNULL MUST_CHECK;

#endif
