/*
 * A native file told: for the fuzz targets of the three formats, each of which first puts the
 * bytes right by which its format is known. What is told has its place in the file and is
 * bounded, and the same bytes say the same again.
 */
#ifndef PRATIQUE_TESTS_NATIVE_H
#define PRATIQUE_TESTS_NATIVE_H

#include <stdlib.h>

#include "format/native/native.h"
#include "harness.h"

/* 42 slices and the file around them: faults, paths, sections, what each is; the addresses. */
#define NATIVE_FACTS_MAX (43 * (8 + 32 + 8 + 4) + 65)

static inline void must(bool ok)
{
    if (!ok)
        abort();
}

static inline void native_check(const struct facts *facts, const char *format, size_t n)
{
    size_t files = 0;

    must(!facts->full && facts->n <= NATIVE_FACTS_MAX);
    for (size_t i = 0; i < facts->n; i++) {
        const struct fact *f = &facts->list[i];

        files += f->kind == FACT_NATIVE_FILE;
        must(f->offset <= n || (f->kind == FACT_NATIVE_URL && f->number > 0));
        must(f->kind != FACT_NATIVE_FILE || span_starts(f->subject, span_text(format)));
    }
    must(files > 0);
}

static inline size_t native_once(const char *format, const uint8_t *data, size_t n)
{
    struct harness h;
    uint64_t memory;
    size_t facts;

    harness_init(&h);
    memory = h.budget.memory_left;
    h.scan.packages = PACKAGES_ALL;
    h.scan.name = SPAN_LITERAL("package/sub/file");
    must(native_tell(&h.scan, span_of(data, n)) == PRATIQUE_OK);
    must(h.budget.memory_left == memory);
    native_check(&h.facts, format, n);
    facts = h.facts.n;
    harness_free(&h);
    return facts;
}

/* Owned copy, so that what is put right is not the fuzzer's own input. */
static inline void native_run(const char *format, void (*repair)(uint8_t *p, size_t n),
                              size_t least, const uint8_t *data, size_t n)
{
    uint8_t *p;

    if (n < least)
        return;
    p = malloc(n);
    must(p != NULL);
    memcpy(p, data, n);
    repair(p, n);
    must(native_once(format, p, n) == native_once(format, p, n));
    free(p);
}

#endif
