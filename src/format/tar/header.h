/* One 512-byte block of a tar, as a header. Private to tar/. */
#ifndef PRATIQUE_FORMAT_TAR_HEADER_H
#define PRATIQUE_FORMAT_TAR_HEADER_H

#include "input/span.h"

#define TAR_BLOCK 512

enum tar_dialect {
    TAR_V7,    /* no magic */
    TAR_USTAR, /* POSIX.1-1988 and pax: the name may have a prefix of 155 bytes */
    TAR_STAR,  /* the same with a prefix of 131 bytes, and "tar" at the end */
    TAR_GNU,   /* "ustar  ": other fields where ustar has the prefix */
};

enum tar_number {
    TAR_NUMBER_OK = 0,
    TAR_NUMBER_GARBAGE,  /* something else than digits; the value is that of the digits before it */
    TAR_NUMBER_NEGATIVE, /* base 256; the value is 0 */
    TAR_NUMBER_LARGE,    /* past 2^63; the value is 0 */
};

/* Spans borrow from the block, and end before the first NUL. */
struct tar_header {
    struct span block;
    struct span name, prefix, link;
    struct span stray; /* what a reader that does not ask for the dialect takes for a prefix */
    uint64_t mode, size;
    enum tar_number size_is;
    enum tar_dialect dialect;
    uint8_t type;
};

/* An octal field, blank padded or NUL terminated, or a base-256 one (GNU, star). */
enum tar_number tar_number(struct span field, uint64_t *value);

bool tar_is_zero(struct span s); /* every byte of it */

/* Whether the checksum of a block holds, as unsigned or (old Sun) signed bytes. */
bool tar_is_header(struct span block);

void tar_header_read(struct span block, struct tar_header *h);

/* n rounded up to whole blocks; saturates at UINT64_MAX. */
uint64_t tar_blocks(uint64_t n);

/* s up to its first NUL. */
struct span tar_text(struct span s);

#endif
