/*
 * FlexBuffers, as far as the options of Flex operators need them: a vector of texts at the root.
 *
 * Spec: flatbuffers.dev/flexbuffers, flatbuffers/include/flatbuffers/flexbuffers.h.
 */
#ifndef PRATIQUE_FORMAT_TENSORFLOW_FLEX_H
#define PRATIQUE_FORMAT_TENSORFLOW_FLEX_H

#include "input/span.h"

/* Text i of the vector that is the root; false when there is none. */
bool flex_text(struct span in, uint64_t i, struct span *text);

#endif
