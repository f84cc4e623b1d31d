/* Escapes in JSON's strings (RFC 8259, section 7). */
#ifndef PRATIQUE_INPUT_JSON_ESCAPE_H
#define PRATIQUE_INPUT_JSON_ESCAPE_H

#include "base/compiler.h"
#include "input/span.h"

/*
 * The character that an escape stands for; *in stands behind its backslash, and is moved past it.
 * False for what is no escape, and for half a surrogate pair.
 */
bool json_take_escape(struct span *in, uint32_t *point) NONNULL MUST_CHECK;

#endif
