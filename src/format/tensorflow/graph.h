/*
 * Graphs of TensorFlow: nodes of a GraphDef and of every function in its library. Operators are
 * noted, constants that are paths are followed to the operators that open them, and texts that are
 * something of their own are handed on. Bodies of numbers are not read.
 *
 * A graph may come in parts (a field that is given twice is merged by the library): nodes of all
 * parts are kept, and tf_graph_end() looks at them together.
 */
#ifndef PRATIQUE_FORMAT_TENSORFLOW_GRAPH_H
#define PRATIQUE_FORMAT_TENSORFLOW_GRAPH_H

#include "format/tensorflow/names.h"
#include "format/tensorflow/ops.h"
#include "format/tensorflow/wire.h"

enum tf_mark {
    TF_MARK_NONE = 0,
    TF_MARK_HANDED,   /* given to a function */
    TF_MARK_LOGS,     /* a folder for a log of training */
    TF_MARK_RESTORES, /* a checkpoint that is read */
    TF_MARK_READS,    /* a file that is read */
    TF_MARK_WRITES,   /* a file that is written */
};

struct tf_node {
    struct span name, body;
    const struct tf_op *op;
    bool is_const, calls;
    enum tf_mark mark; /* what its value is used as */
    uint32_t before;   /* 1 + the node before it of the same name */
};

struct tf_graph {
    struct tf_wire w;
    struct tf_ops ops;
    struct tf_names functions; /* of the library */
    struct tf_names assets;    /* tensors whose value the loader replaces by an asset's path */
    struct tf_node *nodes;
    size_t nodes_n, nodes_size;
    uint64_t count, functions_n; /* for the report */
    bool saves;                  /* variables are saved, or restored */
};

void tf_graph_init(struct tf_graph *g, struct scan *s, struct span whole, const char *what) NONNULL;
void tf_graph_free(struct tf_graph *g) NONNULL;

/* Reads a GraphDef; faults are in g->w.st. */
void tf_graph_read(struct tf_graph *g, struct span graph) NONNULL;

/* One NodeDef by itself, in no graph: TensorFlow Lite's Flex operators carry one each. */
void tf_graph_node(struct tf_graph *g, struct span node) NONNULL;

/* Notes an operator that has no NodeDef at hand: node is the node's name. */
void tf_graph_note(struct tf_graph *g, struct span op, uint64_t offset, struct span node) NONNULL;

/* Follows the paths of the graph itself, once all of it was read. */
void tf_graph_end(struct tf_graph *g) NONNULL;

/* Tells of the operators. */
void tf_graph_tell(struct tf_graph *g) NONNULL;

/* Whether in is a GraphDef, as far as its first node or function shows. Cheap. */
bool tf_looks_like_graph(struct span in);

#endif
