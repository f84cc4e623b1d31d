/*
 * One artifact's inspection, from its bytes to facts. It runs inside a worker,
 * where a fault of a parser harms nobody else.
 */
#ifndef PRATIQUE_SCAN_ENGINE_H
#define PRATIQUE_SCAN_ENGINE_H

#include "base/arena.h"
#include "base/budget.h"
#include "fact/fact.h"
#include "format/format.h"

/* No budget goes deeper: each level of nesting costs stack. */
#define ENGINE_DEPTH_MAX 64

#define ENGINE_FORMAT_MAX 128

struct engine {
    struct arena arena; /* of every result */
    struct budget budget;
    struct facts facts;
    const struct where *root; /* the outermost file; NULL: no memory for as much as its name */
    struct own_modules own_modules;
    bool values;                    /* bodies of tensors are read: set it before engine_scan() */
    bool numbers;                   /* a model beside it says that all of it is numbers; likewise */
    enum scan_packages packages;    /* likewise */
    bool stopped;                   /* a limit was told: nothing more is inspected */
    char format[ENGINE_FORMAT_MAX]; /* of the outermost file: "zip (torch)" */
};

/*
 * Starts the inspection of the file called name (borrowed) under limits, none of
 * them 0; the clock runs from here.
 */
void engine_init(struct engine *e, const struct pratique_limits *limits, struct span name) NONNULL;

/*
 * Inspects bytes as that file, by every format that matches, nested content
 * included. Whatever becomes of it is in e->facts, failures too: there is at
 * least one fact, or e->facts.full, and a gap when something was not inspected.
 */
void engine_scan(struct engine *e, struct span bytes, struct span name) NONNULL;

/* Adds a fact about the file as a whole. */
void engine_fact(struct engine *e, enum fact_kind kind, const char *detail) NONNULL;

void engine_free(struct engine *e) NONNULL;

#endif
