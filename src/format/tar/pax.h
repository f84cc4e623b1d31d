/* Records of pax extended headers. Private to tar/. */
#ifndef PRATIQUE_FORMAT_TAR_PAX_H
#define PRATIQUE_FORMAT_TAR_PAX_H

#include "input/span.h"

/* What a pax header says of the member that follows. Spans borrow from its records. */
struct tar_pax {
    bool path_set, link_set, size_set;
    struct span path, link;
    uint64_t size;
    /* GNU.sparse: 0.0 (offset and numbytes repeated), 0.1 (map), 1.0 (the body's front). */
    bool sparse_pairs, sparse_map_set, sparse_size_set;
    uint64_t sparse_major, sparse_size;
    struct span sparse_name, sparse_map;
    struct span records; /* all of them, for the pairs of 0.0 */
};

enum tar_pax_fault {
    TAR_PAX_MALFORMED = 1 << 0, /* a record's length, its '=' or its newline, or a number */
    TAR_PAX_REPEATED = 1 << 1,  /* path, linkpath or size twice */
};

/*
 * Cuts one record off; false at the end, and when it is malformed (in is then not
 * empty). *whole is false where the newline is missing, which some readers overlook.
 */
bool tar_pax_record(struct span *in, struct span *key, struct span *value, bool *whole);

/* Decimal digits and nothing else, below 2^63. */
bool tar_pax_number(struct span s, uint64_t *out);

/* Adds records to what is known; returns the faults. */
unsigned tar_pax_read(struct span records, struct tar_pax *pax);

#endif
