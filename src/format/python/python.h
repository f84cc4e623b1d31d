/*
 * Python source: decoded, parsed, and told in facts. See python.c.
 */
#ifndef PRATIQUE_FORMAT_PYTHON_PYTHON_H
#define PRATIQUE_FORMAT_PYTHON_PYTHON_H

#include "fact/interest.h"
#include "format/format.h"

extern const struct format format_python;

/* Sets up what is shared by all files, once for each process; in is borrowed for ever. */
bool python_warm(const struct interest *in) MUST_CHECK;

/*
 * Notes a member of an archive whose name is that of a module of intrinsics.def
 * ("pkg/subprocess.py"): found in a package of this artifact, it is not the library's.
 */
void python_own_module(struct own_modules *own, struct span member) NONNULL;

/*
 * Inspects in (bytes of a file, or text taken out of one) as Python. line is the
 * number of its first line in the file (1 for a whole file). PRATIQUE_OK whatever is
 * found: what does not parse is FACT_PY_SYNTAX or FACT_PY_ENCODING, and then its
 * text is searched for the names instead (text_names()).
 */
enum pratique_status python_scan(struct scan *s, struct span in, uint32_t line) NONNULL MUST_CHECK;

/*
 * The same for a text that has only the looks of Python: a template, Cython, prose that
 * quotes an import. Where it does not parse, *python is false and nothing was told.
 */
enum pratique_status python_guess(struct scan *s, struct span in, bool *python) NONNULL MUST_CHECK;

#endif
