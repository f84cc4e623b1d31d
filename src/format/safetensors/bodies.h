/* The tensors' bodies, read number by number where that is asked for. See values.h. */
#ifndef PRATIQUE_FORMAT_SAFETENSORS_BODIES_H
#define PRATIQUE_FORMAT_SAFETENSORS_BODIES_H

#include "format/safetensors/header.h"

/*
 * Reads every tensor of h, which is sorted, and tells what its numbers are like: a
 * FACT_READ for each, and facts of what is wrong. json and data as in the file. Bytes
 * that an earlier tensor has are not read again. E_LIMIT when the time is over.
 */
enum pratique_status bodies_read(struct scan *s, struct span json, struct span data,
                                 const struct header *h) NONNULL MUST_CHECK;

#endif
