/*
 * The header of a safetensors file, read in one pass. What a tensor says of
 * itself is kept in 24 bytes, whatever its name and shape; whoever needs more
 * reads its entry again, with header_entry().
 */
#ifndef PRATIQUE_FORMAT_SAFETENSORS_HEADER_H
#define PRATIQUE_FORMAT_SAFETENSORS_HEADER_H

#include "format/format.h"
#include "format/model/sketch.h"
#include "format/safetensors/dtype.h"
#include "format/safetensors/names.h"

struct item {
    uint64_t a, b; /* a tensor's first byte and the one past its last */
    uint64_t off;  /* where its name stands in the file */
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
    struct names names;
    uint64_t names_sum; /* of the tensors' names' hashes, so that their order is none */
    struct tensors sketches;
    uint64_t metadata; /* entries of __metadata__ */
    struct fault twice, size, dtype, align;
};

/* A tensor's entry. */
struct entry {
    struct span name, shape;   /* raw: between the quotes; "[2, 3]" */
    const struct dtype *dtype; /* NULL: of an unknown type */
    struct span dtype_name;
    uint64_t elements, start, end;
    uint64_t wide; /* dimensions greater than one */
};

/*
 * Reads json, which starts at byte 8 of the file. E_FORMAT with scan_fail()
 * called when it is not what the library would read; E_LIMIT. *h is to be freed
 * with header_free() in every case.
 */
enum pratique_status header_read(struct scan *s, struct span json,
                                 struct header *h) NONNULL MUST_CHECK;
void header_free(struct scan *s, struct header *h) NONNULL;

/* Reads the entry whose name stands at off in the file again. False: it cannot be read. */
bool header_entry(struct scan *s, struct span json, uint64_t off,
                  struct entry *out) NONNULL MUST_CHECK;

/* Notes a fault: the first one is kept, those after it are counted. */
void fault_add(struct fault *f, uint64_t off, struct span name, const char *fmt, ...) NONNULL
    PRINTF_LIKE(4, 5);

/* Tells the fault as a fact of that kind, if there was one. */
void fault_tell(struct scan *s, enum fact_kind kind, const struct fault *f,
                uint64_t number) NONNULL;

/* Sorts by a, then by b, in time linear in n. False without memory. */
bool items_sort(struct scan *s, struct items *list) NONNULL MUST_CHECK;

#endif
