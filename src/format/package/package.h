/*
 * A package: all Python sources of one wheel, sdist or other archive together, as an import
 * or an installation sees them. Private to src/format but for the engine.
 *
 *   package.c  the members, as they come by
 *   graph.h    what calls what, and so what runs when
 *   ir.h       a function as instructions, lowered from its tree
 *   flow.h     what is fetched, and how it is checked before it is used: the instructions run
 *              over what values may be
 *   wheel/     RECORD, METADATA and the rest of what a wheel says of itself
 *
 * Everything is told when the archive's last member was read: package_end().
 */
#ifndef PRATIQUE_FORMAT_PACKAGE_PACKAGE_H
#define PRATIQUE_FORMAT_PACKAGE_PACKAGE_H

#include "format/format.h"
#include "format/layout.h"

struct graph;      /* graph.h */
struct wheel;      /* format/wheel/wheel.h */
struct py_outline; /* format/python/outline.h */

enum package_kind {
    PACKAGE_ARCHIVE, /* some archive with sources in it */
    PACKAGE_WHEEL,
    PACKAGE_SDIST,
    PACKAGE_SOURCE, /* one source, an artifact by itself */
};

/* A source that was parsed. Lives in the package's arena. */
struct package_module {
    struct span path; /* its member's name, "a3s_code/_bootstrap.py" */
    struct span
        name; /* dotted, as import knows it: "a3s_code._bootstrap"; of __init__.py: "a3s_code" */
    bool is_package;  /* __init__.py */
    struct span text; /* decoded: UTF-8; a copy */
    const struct where *where;
    const struct py_outline *outline; /* NULL: none was made */
    uint32_t graph_index;             /* 1 + its place in the graph; 0: it is not in it */
    struct package_module *next;
};

struct package {
    enum package_kind kind;
    struct arena arena;                  /* of everything about it; freed by package_end() */
    struct package_module *first, *last; /* in the order in which they came */
    uint32_t modules_n;
    uint64_t text_bytes;
    bool full;                    /* past a bound: not all of it is here (told by package_end()) */
    const struct member *members; /* as the archive lists them, empty ones too; no raw */
    size_t members_n;
    struct wheel *wheel;
    struct graph *graph;                            /* NULL: not made */
    struct span entry_points, pyproject, setup_cfg; /* texts of those members (graph.c), or empty */
    uint32_t *tops;  /* hashes of what its modules and folders are called (outline.c) */
    uint32_t tops_n; /* slots: a power of two, or 0: not made */
};

/* Texts of modules that are kept, in all; the arena's ceiling is above it. */
#define PACKAGE_TEXT_MAX ((uint64_t)192 * 1024 * 1024)

/*
 * Begins the package of an archive whose members are about to be scanned, and sets s->package,
 * where s->packages says so; else it is NULL. a is copied.
 */
void package_begin(struct scan *s, const struct archive *a) NONNULL;

/* The same for a source that is an artifact by itself. */
void package_begin_source(struct scan *s) NONNULL;

/* A member's bytes go by, of s->package, whose archive s is. Empty members do not. */
void package_member(struct scan *s, struct span name, struct span body) NONNULL;

/*
 * A source of s->package (s is that of the source) was parsed and analysed: text is copied.
 * NULL: there is no package, or no room.
 */
struct package_module *package_source(struct scan *s, struct span text) NONNULL;

/* Tells that not all of s->package was put together: what is missing of it is then no answer. */
void package_too_much(struct scan *s, const char *what) NONNULL;

/*
 * Tells what only the whole shows, and frees s->package. st is what reading the archive came
 * to, and is returned unless that was PRATIQUE_OK and this fails (E_LIMIT, E_NOMEM).
 */
enum pratique_status package_end(struct scan *s, enum pratique_status st) NONNULL MUST_CHECK;

#endif
