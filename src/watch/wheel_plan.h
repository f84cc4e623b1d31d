/*
 * What installing a wheel comes to: which file goes where, with which name in RECORD. Made
 * of the wheel's bytes alone; nothing is written.
 */
#ifndef PRATIQUE_WATCH_WHEEL_PLAN_H
#define PRATIQUE_WATCH_WHEEL_PLAN_H

#include "format/wheel/metadata.h"
#include "format/wheel/record.h"
#include "watch/wheel_zip.h"

enum wheel_place { PLACE_SITE, PLACE_BIN, PLACE_HEADERS, PLACE_DATA, PLACES };

struct wheel_file {
    const struct wheel_member *member; /* NULL: made by the installation */
    struct span made;                  /* what it then holds */
    enum wheel_place place;
    const char *path;             /* below its place */
    const char *key;              /* below the environment: "bin/black" */
    const char *recorded;         /* as RECORD names it: "../../../bin/black" */
    const struct record_row *row; /* of the wheel's RECORD, or NULL */
    bool script;                  /* its first line may be "#!python" */
    bool executable;
    bool skipped;     /* not written: a script that is generated takes its place */
    bool overwritten; /* not written: another file has the same place */

    /* By the writing. */
    enum pratique_status status; /* E_FORMAT: why; E_IO: error */
    const char *why;
    int error;
    bool replaced; /* it took the place of a file that was there before */
    bool changed;  /* its first line was */
    bool hash_differs;
    uint64_t size;      /* of what was written */
    uint8_t digest[32]; /* SHA-256, of what was made or changed */
};

struct wheel_plan {
    const struct wheel_scheme *scheme;
    const struct wheel_name *name;
    struct arena *arena;
    struct wheel_zip zip;
    struct span dist_info; /* "click-8.1.7.dist-info" */
    struct span record_text, entry_points;
    struct record record;        /* sorted */
    struct entry_point *scripts; /* of console_scripts and gui_scripts, sorted by name */
    size_t scripts_n;
    const char *prefix[PLACES]; /* below the environment: "lib/python3.11/site-packages/", "" */
    struct wheel_file *files;   /* the zip's members first and in their order */
    size_t n, size;

    wheel_event_fn *tell; /* may be NULL */
    void *user;
    unsigned told;
};

/*
 * Reads the wheel and plans. tell hears of what pip takes and should not be. plan holds what
 * the caller set: scheme, name, arena, tell, user. E_FORMAT, E_LIMIT, E_NOMEM.
 */
enum pratique_status wheel_plan_make(struct wheel_plan *plan, struct span bytes,
                                     const struct wheel_limits *limits,
                                     struct pratique_error *err) NONNULL MUST_CHECK;

/* Tells EVENT_INSTALL, as long as it is not too much. */
void wheel_plan_tell(struct wheel_plan *plan, struct span path, const char *what) NONNULL;

/* A file that the installation makes: below the environment. False without memory. */
bool wheel_plan_add(struct wheel_plan *plan, const char *key, struct span bytes,
                    bool executable) NONNULL MUST_CHECK;

/*
 * The scripts of entry points: wheel_scripts.c. First they are listed (E_FORMAT when one names
 * no function, E_NOMEM), once the members have their places they are added (false: no memory).
 */
enum pratique_status wheel_plan_list_scripts(struct wheel_plan *plan,
                                             struct pratique_error *err) NONNULL MUST_CHECK;
bool wheel_plan_add_scripts(struct wheel_plan *plan) NONNULL MUST_CHECK;
/* Whether a file in .data/scripts is what a script of an entry point will be. */
bool wheel_plan_is_wrapper(const struct wheel_plan *plan, struct span file_name) NONNULL;

#endif
