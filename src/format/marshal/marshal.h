/*
 * Python's marshal, every version from 2.7 to 3.15: objects are read to their end and nothing is
 * run. Of code objects the names, constants and file names are kept, those of nested ones included,
 * and what the byte code imports and calls by name.
 *
 * Spec: Python/marshal.c and Lib/importlib/_bootstrap_external.py of CPython.
 */
#ifndef PRATIQUE_FORMAT_MARSHAL_MARSHAL_H
#define PRATIQUE_FORMAT_MARSHAL_MARSHAL_H

#include "format/format.h"

/*
 * Bytes that are one marshalled value, a code object among it or not; how says what keeps it
 * ("a Lambda layer"). Tells FACT_MARSHAL_CODE for each outermost code object, with its names, and
 * FACT_MARSHAL_NAMES for what all of them name. E_FORMAT when it cannot be read to its end.
 */
enum pratique_status marshal_tell(struct scan *s, struct span in,
                                  const char *how) NONNULL MUST_CHECK;

/*
 * A .pyc file: its header, and the code object behind it. Tells FACT_BYTECODE_NAMES for what the
 * code names. E_FORMAT when no version of Python could read it.
 */
enum pratique_status marshal_tell_pyc(struct scan *s, struct span in) NONNULL MUST_CHECK;

/* Whether in starts like a marshalled code object of any version. */
bool marshal_looks_like_code(struct span in);

#endif
