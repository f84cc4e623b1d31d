/* Bytes that start like a file of their own. Private to hdf5/. */
#ifndef PRATIQUE_FORMAT_HDF5_WITHIN_H
#define PRATIQUE_FORMAT_HDF5_WITHIN_H

#include "input/span.h"

/* A pickle that calls or names something, an archive, a program, compressed or compiled code. */
bool hdf5_is_file(struct span in);

#endif
