/* Sparse members: where the data goes. Private to tar/. */
#ifndef PRATIQUE_FORMAT_TAR_SPARSE_H
#define PRATIQUE_FORMAT_TAR_SPARSE_H

#include "input/span.h"

enum tar_sparse_kind {
    TAR_SPARSE_NONE = 0,
    TAR_SPARSE_GNU,   /* type 'S': four pairs in the header, 21 in each block that follows */
    TAR_SPARSE_PAIRS, /* pax 0.0: two records for each segment */
    TAR_SPARSE_MAP,   /* pax 0.1: one record, "offset,size,offset,size" */
    TAR_SPARSE_BODY,  /* pax 1.0: decimal lines in front of the data */
};

struct tar_sparse {
    enum tar_sparse_kind kind;
    struct span map, more; /* the pairs; of GNU: the header's, and the blocks' */
    uint64_t size;         /* of the whole file, holes included */
};

/* Walks the segments; make one with tar_sparse_start(). */
struct tar_segments {
    enum tar_sparse_kind kind;
    struct span rest, more;
    uint64_t left; /* BODY: segments to come */
    bool bad;      /* the map cannot be read on */
};

struct tar_segment {
    uint64_t offset, size;
};

struct tar_segments tar_sparse_start(const struct tar_sparse *sparse);
bool tar_sparse_next(struct tar_segments *it, struct tar_segment *segment);

/* Cuts the map of pax 1.0 and its padding off the front of a body. */
bool tar_sparse_cut_body(struct span *body, struct span *map);

/*
 * Whether the map makes sense: in order, without overlap, within the size, and
 * made of exactly stored bytes. *end is where the last data ends.
 */
bool tar_sparse_check(const struct tar_sparse *sparse, uint64_t stored, uint64_t *end);

/* Copies the data to where it belongs in out (zeroed, n bytes); what does not fit is left out. */
void tar_sparse_expand(const struct tar_sparse *sparse, struct span data, uint8_t *out, size_t n);

#endif
