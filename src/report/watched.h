/*
 * What the report formats share about a watch: events in words, the chain of Python
 * frames, the tree of processes.
 */
#ifndef PRATIQUE_REPORT_WATCHED_H
#define PRATIQUE_REPORT_WATCHED_H

#include "report/out.h"

/* What an event is about; the tables and filters of a report go by it. */
enum watched_group {
    WATCHED_PYTHON,
    WATCHED_PROCESS,
    WATCHED_NETWORK,
    WATCHED_FILE,
    WATCHED_WATCH
};
#define WATCHED_GROUPS (WATCHED_WATCH + 1)

/* "network"; the strings are static. */
const char *watched_group_name(enum watched_group g);
enum watched_group watched_group(const struct pratique_event *e) NONNULL;

/* False: a kind that is not in the table of words, and is told as it is. */
bool watched_kind_known(const char *kind) NONNULL;

/* Whether the report is one of a watch. */
bool watched(const struct pratique_report *r) NONNULL;

/* "curl -k -L", "POST https://example.com/x, 1,204 bytes": raw, to be escaped. */
void watched_event(struct out *o, const struct pratique_event *e) NONNULL;

/*
 * How the imports of the first pass ended, in order, until they are done once more (in
 * interpreters of their own); "imported", "hung", "crashed". Begins with { 0 }; NULL at the end.
 */
struct watched_imports {
    size_t at;
    const struct pratique_event *first;
};
const struct pratique_event *watched_import(struct watched_imports *w,
                                            const struct pratique_report *r) NONNULL;

/* The event's detail; what a file holds only as far as it is text. Raw. */
void watched_detail(struct out *o, const struct pratique_event *e) NONNULL;

/* Its number where that is bytes; else 0. */
uint64_t watched_bytes(const struct pratique_event *e) NONNULL;

/* "exit status 1", "signal 9" out of a wait status. */
void watched_status(struct out *o, int status) NONNULL;

/* "+0.213 s" */
void watched_time(struct out *o, uint64_t us) NONNULL;

/*
 * Who did it, outermost first, raw: "pkg/__init__.py:14 fetch -> urllib.request.urlopen".
 * Frames outside of what was installed are left out before the first that is inside of it;
 * "" where there are no frames.
 */
void watched_chain(struct out *o, const char *frames) NONNULL;

/* One frame. The texts borrow from the frames that it was taken from. */
struct watched_frame {
    const char *file, *function;
    size_t file_n, function_n;
    uint32_t line;  /* 0: not known */
    bool installed; /* of the wheel or what was installed beside it; file is below site-packages */
};

/* Takes the next frame, an inner one before the one that called it; false at the end. */
bool watched_frame(const char **frames, struct watched_frame *f) NONNULL;

/* The wait status of the command that was watched; false when it was a wheel, or did not end. */
bool watched_command_status(const struct pratique_report *r, int *status) NONNULL;

/* Whether two events say the same: kind, rule, subject. */
bool watched_same(const struct pratique_event *a, const struct pratique_event *b) NONNULL;

#define WATCHED_TREE_MAX 400

/* Processes in the order of a tree: each behind its parent, a level deeper. */
struct watched_tree {
    struct {
        size_t process; /* the number of it in the report */
        unsigned depth;
    } row[WATCHED_TREE_MAX];
    size_t n;
    size_t omitted; /* those past the bound */
};
void watched_tree(struct watched_tree *t, const struct pratique_report *r) NONNULL;

#endif
