/* Vocabularies of tokenizers, one word to a line. See vocabulary.c. */
#ifndef PRATIQUE_FORMAT_TEXT_VOCABULARY_H
#define PRATIQUE_FORMAT_TEXT_VOCABULARY_H

#include "input/span.h"

/* Whether a text of that name is one: by its name, and no line of it holds two words. */
bool text_is_vocabulary(struct span name, struct span in);

#endif
