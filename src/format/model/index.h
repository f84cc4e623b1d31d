/* Indexes of models whose weights lie in several files. See index.c. */
#ifndef PRATIQUE_FORMAT_MODEL_INDEX_H
#define PRATIQUE_FORMAT_MODEL_INDEX_H

#include "format/doc/doc.h"

extern const struct doc_reader doc_reader_weights_index;

#endif
