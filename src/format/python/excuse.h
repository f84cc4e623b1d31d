/* Comments that excuse a finding. Private to python/. */
#ifndef PRATIQUE_FORMAT_PYTHON_EXCUSE_H
#define PRATIQUE_FORMAT_PYTHON_EXCUSE_H

#include "format/python/ast.h"

/* Adds a fact for each such comment; line is that of the text's first line in the file. */
void report_excuses(struct scan *s, struct py_tree *t, uint32_t line) NONNULL;

#endif
