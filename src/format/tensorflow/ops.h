/*
 * Operators of TensorFlow by name, wherever they stand: a graph, TensorFlow Lite's Flex operators,
 * TF.js. A reader notes each node; what is to be told is told once for each operator, at the end.
 */
#ifndef PRATIQUE_FORMAT_TENSORFLOW_OPS_H
#define PRATIQUE_FORMAT_TENSORFLOW_OPS_H

#include "format/format.h"

enum tf_when { TF_ALWAYS, TF_SET, TF_URL, TF_CALLBACK };
enum tf_how { TF_WRITE, TF_READ, TF_RESTORE, TF_LOG };

/* What is known of an operator; fact is FACT_KINDS for one that only computes. */
struct tf_op {
    const char *name;
    enum fact_kind fact;
    const char *what;
    const char *attr; /* told only when this attribute is as when says */
    enum tf_when when;
    unsigned paths; /* a bit for each input that is a path */
    enum tf_how how;
    bool calls; /* its inputs become those of a function */
};

/* One operator of a file: its row, how often it occurs, and where first. */
struct tf_seen {
    struct span name; /* borrowed from the input */
    const struct tf_op *op;
    uint64_t count, offset;
    struct span node, function; /* names, where it was first told of */
};

struct tf_ops {
    struct scan *s;
    struct tf_seen *list;
    uint32_t *slots; /* of a hash table: 1 + place in the list */
    size_t n, size;  /* size: of the list; the table has twice as many slots */
    uint64_t seed;
    bool no_memory;
};

/* Starts without memory; tf_ops_free() in every case. */
void tf_ops_init(struct tf_ops *ops, struct scan *s) NONNULL;
void tf_ops_free(struct tf_ops *ops) NONNULL;

/*
 * What is known of the operator of that name; never NULL, but for want of memory
 * (ops->no_memory: E_LIMIT). The answer is kept, so that a million nodes cost a million hashes.
 */
struct tf_seen *tf_ops_look_up(struct tf_ops *ops, struct span name) NONNULL;

/* Counts one node with it. function is empty in the graph itself. */
void tf_ops_note(struct tf_seen *seen, uint64_t offset, struct span node,
                 struct span function) NONNULL;

/*
 * Tells of every operator noted that does more than compute. functions (may be NULL): whether a
 * name is a function of the file, and no operator.
 */
void tf_ops_tell(struct tf_ops *ops, bool (*is_function)(const void *owner, struct span name),
                 const void *owner) __attribute__((nonnull(1)));

/* For tables of names: whoever writes a file cannot choose where its names fall. */
static inline uint64_t tf_hash(struct span name, uint64_t seed)
{
    const uint64_t factor = UINT64_C(0x9E3779B97F4A7C15);
    uint64_t h = seed ^ name.n, word;

    while (take_u64le(&name, &word)) {
        h = (h ^ word) * factor;
        h ^= h >> 32;
    }
    for (size_t i = 0; i < name.n; i++)
        h = (h ^ name.p[i]) * factor;
    return h ^ h >> 32;
}

#endif
