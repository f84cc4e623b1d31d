/*
 * What readers of graphs tell of operators, each of them once however many nodes have it. The
 * kinds: FACT_OPERATOR_* (fact/kinds_onnx.def).
 */
#ifndef PRATIQUE_FORMAT_MODEL_GRAPH_H
#define PRATIQUE_FORMAT_MODEL_GRAPH_H

#include "format/format.h"

#define GRAPH_KINDS    12 /* of facts that one reader tells */
#define GRAPH_TOLD_MAX 24 /* different subjects of one kind; the rest is not told */

struct graph_told {
    enum fact_kind kind;
    size_t n;
    uint64_t hashes[GRAPH_TOLD_MAX];
};

/* Zeroes to start with. */
struct graph_tell {
    struct graph_told kinds[GRAPH_KINDS];
    size_t n;
};

/* A fact with that subject, unless it was told before or enough of that kind were. */
void graph_fact(struct graph_tell *t, struct scan *s, enum fact_kind kind, uint64_t offset,
                struct span subject, const char *fmt, ...) NONNULL PRINTF_LIKE(6, 7);

/* "domain::name" as the subject. */
void graph_operator(struct graph_tell *t, struct scan *s, enum fact_kind kind, uint64_t offset,
                    struct span domain, struct span name, const char *detail) NONNULL;

/* A name of a library that a linker loads: "x.so", "x.so.1", "x.dll", "x.dylib", "x.pyd". */
bool graph_is_library(struct span text);

/* Whether it is a dotted name and nothing else: letters, digits, "_", "." or ":". */
bool graph_is_dotted(struct span text);

#endif
