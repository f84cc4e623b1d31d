/*
 * Finds what there is to inspect below the paths that the user named, and opens
 * it, one at a time. Folders are followed down in the order of names (bytes);
 * symbolic links below them are never followed. A path that the user names is
 * followed wherever it leads. Nothing but regular files is ever opened.
 */
#ifndef PRATIQUE_SCAN_WALK_H
#define PRATIQUE_SCAN_WALK_H

#include <pratique/pratique.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "fact/fact.h"

/* Folders within folders, and paths, are followed no further. */
#define WALK_DEPTH_MAX 128
#define WALK_PATH_MAX  65536

struct walk_level;

struct walk {
    const char *const *paths; /* borrowed */
    size_t n, at;
    bool has_stdin;            /* it was open before anything else was */
    uint64_t stdin_max;        /* bytes that are taken from a pipe */
    struct walk_level *levels; /* WALK_DEPTH_MAX of them, once there is a folder */
    unsigned depth;            /* levels in use; 0: between paths */
    size_t root_n;             /* length of the root in path */
    uint64_t found;            /* below this root */
    struct buf path;           /* of the current entry */
};

/* What was found; or why it cannot be inspected. */
struct found {
    const char *path;    /* valid until the next call */
    int fd;              /* now the caller's; -1: see kind */
    bool has_stat;       /* stat is filled */
    bool in_model;       /* it lies in the folder of a model */
    struct stat stat;    /* of the descriptor */
    enum fact_kind kind; /* when there is no descriptor */
    char detail[256];
};

void walk_init(struct walk *w, const char *const *paths, size_t n, uint64_t stdin_max) NONNULL;
void walk_free(struct walk *w) NONNULL;

/* PRATIQUE_OK with *out filled, or with out->path NULL at the end; E_NOMEM. */
enum pratique_status walk_next(struct walk *w, struct found *out) NONNULL MUST_CHECK;

/*
 * Standard input as a file: itself when it is a regular one at its start, else
 * a copy of what it still holds, in memory, of max bytes at the most.
 */
void walk_stdin(struct found *out, uint64_t max) NONNULL;

#endif
