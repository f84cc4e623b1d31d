/* Follows paths in a graph from the operators that open them to the constants that hold them. */
#ifndef PRATIQUE_FORMAT_TENSORFLOW_TRACE_H
#define PRATIQUE_FORMAT_TENSORFLOW_TRACE_H

#include "format/tensorflow/graph.h"

/* The nodes from start on are one graph, or one function. Paths that leave the model are told. */
void tf_trace(struct tf_graph *g, size_t start) NONNULL;

#endif
