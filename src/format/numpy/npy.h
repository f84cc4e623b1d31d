/* The .npy format; see npy.c and header.c. */
#ifndef PRATIQUE_FORMAT_NUMPY_NPY_H
#define PRATIQUE_FORMAT_NUMPY_NPY_H

#include "format/format.h"

extern const struct format format_npy;

/* What a header says of the bytes that follow it. */
struct npy_header {
    struct span descr; /* the dtype as written */
    struct span shape; /* the shape as written */
    bool objects;      /* an object lies anywhere in the dtype: the body is a pickle */
    bool fortran;
    uint64_t item;  /* bytes of one element; 0 with objects */
    uint64_t count; /* elements */
    uint64_t bytes; /* item * count; 0 with objects */
};

/*
 * Reads the literal {'descr': ..., 'fortran_order': ..., 'shape': ...}. python2:
 * integers may end in L. NULL when it was read, or why it was not: then numpy
 * raises, or it is written as numpy never writes it.
 */
const char *npy_header_read(struct span text, bool python2,
                            struct npy_header *out) NONNULL MUST_CHECK;

#endif
