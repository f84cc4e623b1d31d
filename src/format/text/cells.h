/* Python that lies in other files: notebooks, .pth files. Private to text/. */
#ifndef PRATIQUE_FORMAT_TEXT_CELLS_H
#define PRATIQUE_FORMAT_TEXT_CELLS_H

#include "format/text/config.h"

/* A notebook: what its code cells say is read as IPython reads it. */
enum pratique_status text_notebook(const struct text *t) NONNULL MUST_CHECK;

/* A .pth file: the lines that Python's site module runs. */
enum pratique_status text_pth(const struct text *t) NONNULL MUST_CHECK;

#endif
