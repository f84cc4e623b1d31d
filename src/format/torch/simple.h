/*
 * The plain pickles between torch's raw storages, read by their bytes. The
 * pickle machine tells what they do; these readers say what they mean, and only
 * of the few shapes that torch writes.
 */
#ifndef PRATIQUE_FORMAT_TORCH_SIMPLE_H
#define PRATIQUE_FORMAT_TORCH_SIMPLE_H

#include "format/format.h"

/* The storage keys, a list of strings. Start with .in = the pickle, the rest zero. */
struct torch_keys {
    struct span in;
    bool started, marked, broken;
};

/* The next key; false at the end, and when the pickle is no such list (k->broken). */
bool torch_keys_next(struct torch_keys *k, struct span *key) NONNULL MUST_CHECK;

/* The one global ("torch\nFloatStorage") of a tuple of plain values. */
bool torch_tuple_global(struct span pickle, struct span *global) NONNULL MUST_CHECK;

/* Bytes of an element by the last part of a storage's name ("FloatStorage"); 0: unknown. */
uint64_t torch_element_size(struct span type);

/* Whether in starts with the pickle of torch's magic number, in any protocol. */
bool torch_magic_first(struct span in);

#endif
