/* Which text an interpreter runs. Private to text/. */
#ifndef PRATIQUE_FORMAT_TEXT_SCRIPT_H
#define PRATIQUE_FORMAT_TEXT_SCRIPT_H

#include "input/span.h"

/* What the "#!" line names, without its folder; "script" when it names nothing, else empty. */
struct span script_interpreter(struct span in);

/* Whether that is one of Python's. */
bool script_runs_python(struct span interpreter);

/* A shell script whose second line hands it to Python, which takes that line for a string. */
bool script_starts_python(struct span in);

/* A line near the start that no prose starts with: an import, or the encoding (PEP 263). */
bool script_looks_like_python(struct span in);

#endif
