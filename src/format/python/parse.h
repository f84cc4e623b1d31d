/* From text to tree: what CPython would compile is parsed, what it refuses is refused. */
#ifndef PRATIQUE_FORMAT_PYTHON_PARSE_H
#define PRATIQUE_FORMAT_PYTHON_PARSE_H

#include "format/python/ast.h"

/* Why a source is refused, in CPython's words where it has such. */
struct py_fault {
    uint32_t line, column; /* from 1, in characters; 0: not known */
    uint64_t offset;       /* byte of the text, or PRATIQUE_NO_OFFSET */
    char reason[160];
};

/* How a text is to be read. */
enum py_mode {
    PY_FILE, /* a module */
    PY_EVAL, /* one expression, as eval() takes it: white space before it is allowed */
};

/*
 * Parses text (UTF-8, at most 1 GiB; borrowed as long as the tree lives) as any Python from
 * 3.8 to 3.14. PRATIQUE_OK: *out is a tree. E_FORMAT: CPython would not compile it, *fault
 * says why; *out holds the lines up to there. E_LIMIT, E_NOMEM: scan_fail() was called.
 * py_tree_close(out) whatever is returned.
 */
enum pratique_status py_parse(struct scan *s, struct span text, enum py_mode mode,
                              struct py_tree *out, struct py_fault *fault) NONNULL MUST_CHECK;
void py_tree_close(struct py_tree *t) NONNULL;

#endif
