/* Identifiers (UAX 31 as Python's lexical analysis has it), NFKC, and string escapes. */
#ifndef PRATIQUE_FORMAT_PYTHON_UNICODE_H
#define PRATIQUE_FORMAT_PYTHON_UNICODE_H

#include "base/buf.h"
#include "input/span.h"

/* Of code points past ASCII; what is newer than our tables counts as both. */
bool py_is_id_start(uint32_t c);
bool py_is_id_continue(uint32_t c);

/* Appends the NFKC form of well-formed UTF-8; false without memory. */
bool py_nfkc(struct buf *out, struct span name) NONNULL MUST_CHECK;

/*
 * The code point that \N{name} means: every name of ASCII characters is known (those that
 * matter to us); 0 for other names of a legal shape; -1 for what cannot be a name.
 */
int32_t py_character_by_name(struct span name);

#endif
