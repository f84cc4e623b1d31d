/* What the readers of ONNX share. Private to onnx/. */
#ifndef PRATIQUE_FORMAT_ONNX_PARTS_H
#define PRATIQUE_FORMAT_ONNX_PARTS_H

#include "format/model/graph.h"
#include "format/protobuf/walk.h"

/* Messages of onnx.proto3. */
enum onnx_message {
    ONNX_MODEL,
    ONNX_GRAPH,
    ONNX_NODE,
    ONNX_ATTRIBUTE,
    ONNX_TENSOR,
    ONNX_SPARSE,
    ONNX_FUNCTION,
    ONNX_TRAINING,
    ONNX_OPSET,
    ONNX_ENTRY,
    ONNX_ANNOTATION,
    ONNX_VALUE,
    ONNX_TYPE,
    ONNX_TYPE_TENSOR,
    ONNX_TYPE_SEQUENCE,
    ONNX_TYPE_MAP,
    ONNX_TYPE_OPAQUE,
    ONNX_SHAPE,
    ONNX_DIMENSION,
    ONNX_SEGMENT,
    ONNX_DEVICES,
    ONNX_NODE_DEVICES,
    ONNX_SHARDING,
    ONNX_SHARDED_DIM,
    ONNX_SIMPLE_SHARDED_DIM,
    ONNX_INT_ENTRY,
    ONNX_SEQUENCE, /* and OptionalProto, whose fields have the same numbers */
};
extern const struct pb_message onnx_schema[];

/* A function of the model's own. */
struct onnx_function {
    struct span domain, name;
    uint32_t first, n; /* its calls of others, once they are sorted */
    uint32_t open;     /* calls of it that are not yet known to end; see functions.c */
};

struct onnx_call {
    uint32_t from, to; /* functions by number */
};

struct onnx_functions {
    struct onnx_function *list; /* sorted by domain and name */
    size_t n;
    struct onnx_call *calls;
    size_t calls_n, calls_size;
    uint32_t current; /* whose nodes are walked now; UINT32_MAX: none's */
};

/* A range of a file beside the model. */
struct onnx_range {
    struct span path;
    uint64_t offset, end; /* where it is named; its last byte and one */
};

struct onnx {
    struct scan *s;
    struct graph_tell tell;
    struct onnx_functions functions;
    struct onnx_range *ranges;
    size_t ranges_n, ranges_size;
    uint64_t nodes, tensors;
    uint64_t names; /* of code, paths and addresses in attributes, that were told */
};

/* Finds the functions of the model, sorted; E_LIMIT. functions_free() in every case. */
enum pratique_status functions_find(struct onnx *x, struct span model) NONNULL MUST_CHECK;
void functions_free(struct onnx *x) NONNULL;
/* The number of that function, or UINT32_MAX. Domains "" and "ai.onnx" are one. */
uint32_t functions_number(const struct onnx *x, struct span domain, struct span name) NONNULL;
/* Notes that the current function calls that one. */
enum pratique_status functions_call(struct onnx *x, uint32_t to) NONNULL MUST_CHECK;
/* Tells of functions that call themselves, by whatever way. */
enum pratique_status functions_check(struct onnx *x, struct pb_walk *w) NONNULL MUST_CHECK;

/* Whether domain is the standard's own; whether it, or a runtime's, has an operator of that name.
 */
bool onnx_is_standard_domain(struct span domain);
bool onnx_is_known(struct span domain, struct span name);

/* NodeProto, TensorProto, as they are entered. */
enum pratique_status onnx_node(struct onnx *x, struct pb_walk *w,
                               struct span in) NONNULL MUST_CHECK;
enum pratique_status onnx_tensor(struct onnx *x, struct pb_walk *w,
                                 struct span in) NONNULL MUST_CHECK;
/* The same of what another form of the same model holds (ort.c). */
struct onnx_raw {
    struct span name, dims; /* dims: numbers of 64 bits */
    uint64_t type, bytes, strings;
    bool beside; /* its body is in another file */
};
void onnx_tensor_raw(struct onnx *x, uint64_t offset, const struct onnx_raw *raw) NONNULL;
void onnx_judge_operator(struct onnx *x, uint64_t offset, struct span domain,
                         struct span op) NONNULL;
void onnx_judge_text(struct onnx *x, uint64_t offset, struct span domain, struct span op,
                     struct span key, struct span text) NONNULL;
/* Tells each file beside the model once, with how much of it is asked for. */
void onnx_tell_ranges(struct onnx *x) NONNULL;

#endif
