/*
 * What a fuzz target needs: a scan over one input, outside any worker.
 * harness_scan() runs one parser; what it hands on as nested is only counted and
 * its first bytes touched, so that each target stays with its own format.
 */
#ifndef PRATIQUE_TESTS_HARNESS_H
#define PRATIQUE_TESTS_HARNESS_H

#include "format/format.h"

struct harness {
    struct arena arena;
    struct budget budget;
    struct facts facts;
    struct scan scan;
    uint64_t nested; /* members handed on */
};

void harness_init(struct harness *h);
void harness_free(struct harness *h);

/* One whole run of a format on input: init, scan, the invariants every parser keeps, free. */
void harness_run(const struct format *format, const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

#endif
