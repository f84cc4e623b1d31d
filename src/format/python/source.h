/* From a file's bytes to text, as CPython decodes sources: BOM, PEP 263. */
#ifndef PRATIQUE_FORMAT_PYTHON_SOURCE_H
#define PRATIQUE_FORMAT_PYTHON_SOURCE_H

#include "format/python/parse.h"

struct py_source {
    struct span text;  /* UTF-8, but see invalid */
    char encoding[32]; /* CPython's name of the codec: "utf-8", "iso-8859-1", "shift_jis" */
    size_t skipped;    /* bytes before the text: the BOM */
    bool same;         /* text is a part of the input, not a copy: offsets are the file's */
    /*
     * Offset in text of the first byte that is not UTF-8, or SIZE_MAX. In a comment an import
     * accepts such bytes (`python file.py` does not), anywhere else nothing does; so the parser
     * must bear them, and py_source_check() judges its tree.
     */
    size_t invalid;
    void *copy; /* private */
    size_t copy_n;
};

/*
 * Decodes in. PRATIQUE_OK, and when invalid is set *fault tells of those bytes; E_FORMAT:
 * CPython would refuse it (an unknown encoding, bytes that are not of it, NUL) or its readers
 * would disagree about it, *fault says why and where in the file, and text is what could be
 * decoded, for a search; E_LIMIT, E_NOMEM: scan_fail() was called. py_source_close() whatever
 * is returned.
 */
enum pratique_status py_source_open(struct py_source *src, struct scan *s, struct span in,
                                    struct py_fault *fault) NONNULL MUST_CHECK;
void py_source_close(struct py_source *src, struct scan *s) NONNULL;

/*
 * For a source whose invalid is set and whose text was parsed: PRATIQUE_OK when all those
 * bytes stand in comments, else E_FORMAT with *fault, as CPython refuses strings of them.
 */
enum pratique_status py_source_check(const struct py_source *src, const struct py_tree *tree,
                                     struct py_fault *fault) NONNULL MUST_CHECK;

#endif
