/*
 * The header of a safetensors file, read in one pass. What a tensor says of
 * itself is kept in 24 bytes, whatever its name and shape; names are kept as
 * hashes, to find those given twice.
 */
#ifndef PRATIQUE_FORMAT_SAFETENSORS_HEADER_H
#define PRATIQUE_FORMAT_SAFETENSORS_HEADER_H

#include "format/format.h"

struct item {
    uint64_t a, b; /* a tensor's first byte and the one past its last; or a name's hash and 0 */
    uint64_t off;  /* where the name stands in the file */
};

/* A growing array in memory of the scan's budget; free with items_free(). */
struct items {
    struct item *p;
    size_t n, size;
};

/* What went against the format without making it unreadable: the first one, and how many. */
struct fault {
    uint64_t count, off;
    struct span name; /* raw, between its quotes */
    char detail[160];
};

struct header {
    struct items tensors; /* in the order of the header */
    struct items names;
    uint64_t metadata; /* entries of __metadata__ */
    struct fault size, dtype;
};

/*
 * Reads json, which starts at byte 8 of the file. E_FORMAT with scan_fail()
 * called when it is not what the library would read; E_LIMIT. *h is to be freed
 * with header_free() in every case.
 */
enum pratique_status header_read(struct scan *s, struct span json,
                                 struct header *h) NONNULL MUST_CHECK;
void header_free(struct scan *s, struct header *h) NONNULL;

/* Sorts by a, then by b, in time linear in n. False without memory. */
bool items_sort(struct scan *s, struct items *list) NONNULL MUST_CHECK;

#endif
