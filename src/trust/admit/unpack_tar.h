/* A tar's bytes from front to end, unpacked where it is compressed. Private to unpack_tar.c. */
#ifndef PRATIQUE_TRUST_UNPACK_TAR_H
#define PRATIQUE_TRUST_UNPACK_TAR_H

#include "trust/admit/unpack.h"

struct unpack_flow {
    uint64_t at;     /* bytes taken so far */
    const char *why; /* why there are no more, where there should be; NULL: it is the end */
    bool limit;      /* the reason is a limit */
    /* What is not compressed is cut off this: */
    struct span rest;
    /* What is: */
    bool packed, open;
    enum codec codec;
    struct unpack_stream stream;
    uint8_t *buffer; /* owned */
    size_t start, end;
    uint64_t made; /* bytes unpacked */
    struct unpack_limits limits;
    uint64_t in_n;
};

/* False without memory. */
bool unpack_flow_open(struct unpack_flow *f, struct span in,
                      const struct unpack_limits *limits) NONNULL MUST_CHECK;
void unpack_flow_close(struct unpack_flow *f) NONNULL;

/* The next n bytes (at most 1 MiB and a block), valid until the next call; false with f->why. */
bool unpack_flow_take(struct unpack_flow *f, size_t n, struct span *out) NONNULL MUST_CHECK;

/* Whether there is nothing left: f->why says whether that is as it should be. */
bool unpack_flow_ended(struct unpack_flow *f) NONNULL;

#endif
