/*
 * Facts: what a parser saw, and where. A fact has no opinion; rules judge.
 *
 * A parser adds facts to the sink of its scan. The sink copies every text, made
 * safe to print (control characters, broken UTF-8 and bidirectional marks are
 * escaped) and cut to a bound, so a fact may speak of hostile bytes as they are.
 */
#ifndef PRATIQUE_FACT_FACT_H
#define PRATIQUE_FACT_FACT_H

#include <pratique/pratique.h>

#include "base/arena.h"
#include "input/span.h"

enum fact_kind {
#define FACT(kind, text) FACT_##kind,
#include "fact/kinds.def"
#undef FACT
    FACT_KINDS
};

/* Where an artifact lies: the outermost file has no parent. Nodes live in the sink's arena. */
struct where {
    const struct where *parent;
    const char *name; /* of this file inside its parent, printable */
    uint32_t id;      /* 0 for the outermost, then counted up */
    uint32_t depth;   /* number of parents */
};

/* The callables that one call's arguments hold; more are counted in refs_n. */
#define FACT_REFS_MAX 8

struct fact {
    enum fact_kind kind;
    uint32_t flags; /* meaning depends on the kind; see kinds_*.def */
    const struct where *where;
    uint64_t offset;       /* byte in the file named by where, or PRATIQUE_NO_OFFSET */
    uint32_t line, column; /* from 1, or 0 */
    uint64_t count;        /* how often; 0 is taken as 1 */
    uint64_t number;       /* meaning depends on the kind; e.g. bytes of a component */
    struct span subject;   /* "posix.system" */
    struct span detail;    /* the evidence */
    struct span refs[FACT_REFS_MAX];
    uint32_t refs_n; /* may exceed FACT_REFS_MAX: then some are not named */
};

/* Text bounds, in bytes after escaping. */
#define FACT_SUBJECT_MAX 512
#define FACT_DETAIL_MAX  1024
/* Past this many facts of one artifact the scan is over its limit. */
#define FACT_MAX 20000
/* Past this many FACT_READ the rest is counted only. */
#define FACT_READ_MAX 2000

struct facts {
    struct arena *arena; /* borrowed */
    struct fact *list;   /* owned: free with facts_free() */
    size_t n, size, max; /* max: FACT_MAX, unless its maker allows more */
    size_t reads;        /* how many of the list are FACT_READ */
    uint64_t reads_omitted;
    uint32_t wheres; /* ids given out */
    bool full;       /* a fact was lost: the answer cannot be admit */
};

void facts_init(struct facts *f, struct arena *arena) NONNULL;
void facts_free(struct facts *f) NONNULL;

/*
 * Copies *fact. When it does not fit (max, memory) f->full is set, which
 * makes the verdict undecided; no caller need check.
 */
void facts_add(struct facts *f, const struct fact *fact) NONNULL;

/* A node for name (hostile, any bytes) inside parent (NULL: the outermost). NULL: no memory. */
const struct where *facts_where(struct facts *f, const struct where *parent,
                                struct span name) MUST_CHECK __attribute__((nonnull(1)));

/* The printable path "a!/b!/c" in the arena, or NULL without memory. */
const char *where_path(struct arena *a, const struct where *w) NONNULL MUST_CHECK;

/* The kind's name in the source ("ZIP_NAME_DOTDOT") and what it says ("a member's name ..."). */
const char *fact_kind_name(enum fact_kind kind);

/* Appends s to a printable text: at most max bytes, escaped as \n, \x1b, \u202e; "..." when cut. */
struct span fact_printable(struct arena *a, struct span s, size_t max) NONNULL;

#endif
