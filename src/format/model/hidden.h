/* Files in places of a model where only numbers and words belong: attributes, tensors of bytes. */
#ifndef PRATIQUE_FORMAT_MODEL_HIDDEN_H
#define PRATIQUE_FORMAT_MODEL_HIDDEN_H

#include "format/format.h"

/*
 * Whether bytes start as an archive, a compressed stream, a program, byte code or an array file
 * does: by their first few alone. Pickles of protocol 0 have none that tell.
 */
bool hidden_has_magic(struct span bytes);

/*
 * Whether bytes start as a pickle that calls or names something, a program, an archive or a
 * compressed stream. Looks at their beginning, a pickle's as far as it goes.
 */
bool hidden_is_file(struct span bytes);

/* Hands such bytes on as a file called name inside this one; anything else is left. */
enum pratique_status hidden_scan(struct scan *s, struct span bytes,
                                 struct span name) NONNULL MUST_CHECK;

#endif
