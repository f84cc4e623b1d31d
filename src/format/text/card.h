/* Model cards: what the front matter of a README.md says. See card.c. */
#ifndef PRATIQUE_FORMAT_TEXT_CARD_H
#define PRATIQUE_FORMAT_TEXT_CARD_H

#include "format/format.h"

/* Whether a file of this name is a model's card. */
bool text_is_card(struct span name);

/* Tells what the model says of itself in the front matter of in; nothing without one. */
void text_card(struct scan *s, struct span in) NONNULL;

#endif
