/* Where a path leads that a graph has in a constant. */
#ifndef PRATIQUE_FORMAT_TENSORFLOW_PLACE_H
#define PRATIQUE_FORMAT_TENSORFLOW_PLACE_H

#include "input/span.h"

enum tf_place {
    TF_PLACE_RELATIVE,   /* where the program that loads it says */
    TF_PLACE_VOCABULARY, /* a full path on the author's machine, of what is plainly a list of words
                          */
    TF_PLACE_FULL,       /* another full path */
    TF_PLACE_SYSTEM,     /* of the system, hidden in a home, on another machine, or upwards */
};

enum tf_place tf_place(struct span path);

#endif
