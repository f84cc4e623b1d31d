/*
 * What an editor does not show as Python reads it: bidirectional and invisible characters,
 * names of look-alike letters, code far to the right. Told as FACT_PY_HIDDEN; PKG_SURE where
 * it can be no accident. Private to python/.
 */
#ifndef PRATIQUE_FORMAT_PYTHON_HIDDEN_H
#define PRATIQUE_FORMAT_PYTHON_HIDDEN_H

#include "format/format.h"

/*
 * text is a source's, decoded, whether it parses or not; its first line has the number line.
 * offset: of text[0] in the file, or PRATIQUE_NO_OFFSET when it is a copy.
 */
void hidden_tell(struct scan *s, struct span text, uint32_t line, uint64_t offset) NONNULL;

#endif
