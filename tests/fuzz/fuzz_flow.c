/*
 * A package whose modules are the input, parted at NUL bytes: "p/__init__.py", then "p/m1.py"
 * and so on. Whatever they say: it comes to an end, no fact has a flag of a phase too many, and
 * a fetch that is pinned is not told to be used unchecked at the same place.
 */
#include <stdio.h>
#include <stdlib.h>

#include "fact/package.h"
#include "format/package/package.h"
#include "format/python/python.h"
#include "harness.h"

#define MODULES_MAX 8

static void scan_module(struct harness *h, struct span text, unsigned i)
{
    const struct where *outer = h->scan.where;
    char name[32];
    int n = i ? snprintf(name, sizeof name, "p/m%u.py", i)
              : snprintf(name, sizeof name, "p/__init__.py");

    h->scan.name = span_of(name, (size_t)n);
    h->scan.where = facts_where(h->scan.facts, outer, h->scan.name);
    package_member(&h->scan, h->scan.name, text);
    if (python_scan(&h->scan, text, 1) != PRATIQUE_OK)
        h->scan.where = outer;
    h->scan.where = outer;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct archive a = { .kind = "zip" };
    struct span rest = span_of(data, n);
    struct harness h;

    harness_init(&h);
    h.scan.packages = PACKAGES_ALL;
    package_begin(&h.scan, &a);
    if (h.scan.package) {
        for (unsigned i = 0; i < MODULES_MAX && rest.n; i++) {
            const uint8_t *end = memchr(rest.p, 0, rest.n);
            size_t len = end ? (size_t)(end - rest.p) : rest.n;

            scan_module(&h, span_of(rest.p, len), i);
            rest = end ? span_from(rest, len + 1) : SPAN_EMPTY;
        }
        if (package_end(&h.scan, PRATIQUE_OK) == PRATIQUE_OK && h.scan.package)
            abort();
    }
    harness_free(&h);
    return 0;
}
