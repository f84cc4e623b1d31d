/* Model cards: what the front matter of a README.md says. See card.c. */
#ifndef PRATIQUE_FORMAT_TEXT_CARD_H
#define PRATIQUE_FORMAT_TEXT_CARD_H

#include "format/text/config.h"

/* Whether a file of this name is a model's card. */
bool text_is_card(struct span name);

/* Tells what the model says of itself in the front matter of t, and the tags there that build
 * objects. Whether it has the front matter of a card: such a text is documentation of a model, and
 * the code in it is a sample that nothing runs. */
bool text_card(const struct text *t) NONNULL;

#endif
