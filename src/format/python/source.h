/* From a file's bytes to text, as CPython decodes sources: BOM, PEP 263. */
#ifndef PRATIQUE_FORMAT_PYTHON_SOURCE_H
#define PRATIQUE_FORMAT_PYTHON_SOURCE_H

#include "format/python/parse.h"

struct py_source {
    struct span text;  /* UTF-8 */
    char encoding[32]; /* CPython's name of the codec: "utf-8", "iso-8859-1", "shift_jis" */
    size_t skipped;    /* bytes before the text: the BOM */
    bool same;         /* text is a part of the input, not a copy: offsets are the file's */
    void *copy;        /* private */
    size_t copy_n;
};

/*
 * Decodes in. PRATIQUE_OK; E_FORMAT: CPython would refuse it (an unknown encoding, bytes
 * that are not of it, NUL), *fault says why and where in the file; E_LIMIT, E_NOMEM.
 * py_source_close() whatever is returned.
 */
enum pratique_status py_source_open(struct py_source *src, struct scan *s, struct span in,
                                    struct py_fault *fault) NONNULL MUST_CHECK;
void py_source_close(struct py_source *src, struct scan *s) NONNULL;

#endif
