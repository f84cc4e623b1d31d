/*
 * What the parts of wheel/ share. Private to it.
 *
 *   wheel.c     the members as they go by; what is kept of them
 *   declared.c  RECORD against the files
 *   identity.c  names, versions and tags: the file's, the folders', METADATA's, WHEEL's
 *   places.c    where the files land
 *   taken.c     whose places they take
 *   scripts.c   entry_points.txt
 *   sources.c   the Python sources, for a comparison with the sdist
 */
#ifndef PRATIQUE_FORMAT_WHEEL_PARTS_H
#define PRATIQUE_FORMAT_WHEEL_PARTS_H

#include "base/sha256.h"
#include "format/package/package.h"
#include "format/wheel/name.h"
#include "format/wheel/record.h"
#include "format/wheel/wheel.h"

/* Facts of one kind about one wheel; the rest is counted. */
#define WHEEL_TELL_MAX 50

/* A way in which a member can be read. */
struct wheel_reading {
    uint64_t size;
    uint8_t digest[SHA256_BYTES];
    uint8_t *longer; /* SHA-384 and behind it SHA-512, where RECORD has such; else NULL */
    struct wheel_reading *next; /* that says something else */
};

/* A member that is no folder. */
struct wheel_file {
    struct span name;
    uint64_t size;                 /* as the archive declares it */
    struct wheel_reading *reading; /* NULL: its bytes did not go by */
    uint8_t text[SHA256_BYTES];    /* of a source: the digest of its lines, whatever ends them */
    bool has_text;
};

/* Where a file comes to lie below site-packages. */
struct wheel_site {
    struct span path;
    const struct wheel_file *file;
    bool moved; /* out of a scheme of .data */
};

/* A file that is read as a whole: METADATA and its kin. */
struct wheel_text {
    const struct wheel_file *file;
    struct span bytes;
    bool twice, cut; /* another reading says something else; it is longer than is kept */
    struct wheel_text *next;
};

struct wheel {
    const struct where *where; /* of the archive */
    struct wheel_file *files;  /* sorted by name */
    size_t n;
    struct wheel_text *texts;
    struct span info; /* "pkg-1.0.dist-info/"; of an sdist: "pkg-1.0/"; empty: none */
    bool bundle;      /* several wheels, installed side by side: an archive of something else */
    bool lost;        /* no memory for a part of it */
    bool longer;      /* RECORD has digests of SHA-384 or SHA-512 */
    struct wheel_site *sites; /* sorted by path */
    size_t sites_n;
    /* What it is by its metadata, or else by its folder, or else by its file's name. */
    struct span name, version;
    bool named; /* its file's name is one of a wheel (file_name), or it is an sdist as published */
    struct wheel_name file_name;
    uint32_t told[FACT_KINDS];
};

/* Where a fact is seen: a member, or the archive itself (empty); a line of it, or 0. */
struct wheel_at {
    struct span member;
    uint32_t line;
};

#define WHEEL_AT(file_name, line_of) ((struct wheel_at){ .member = (file_name), .line = (line_of) })
#define WHEEL_AT_ALL                 ((struct wheel_at){ .member = SPAN_EMPTY })

/* Adds a fact, PKG_SURE; wheel_hint() one that honest builders make as well. */
void wheel_tell(struct scan *s, enum fact_kind kind, struct wheel_at at, struct span subject,
                const char *fmt, ...) __attribute__((nonnull(1, 5))) PRINTF_LIKE(5, 6);
void wheel_hint(struct scan *s, enum fact_kind kind, struct wheel_at at, struct span subject,
                const char *fmt, ...) __attribute__((nonnull(1, 5))) PRINTF_LIKE(5, 6);
/* A text for "%s" in it: printable, and cut. */
const char *wheel_show(struct scan *s, struct span text) NONNULL;

/* The file of that name, or the first of those; NULL: none. */
struct wheel_file *wheel_find(const struct wheel *w, struct span name) NONNULL;
/* The same in a folder ("a/"): "a/METADATA"; and what was kept of it, or NULL. */
const struct wheel_file *wheel_find_in(const struct wheel *w, struct span folder,
                                       const char *name) NONNULL;
const struct wheel_text *wheel_text_of(const struct wheel *w,
                                       const struct wheel_file *file) NONNULL;

/* The first part of a path, and what follows its slash. */
struct span wheel_top(struct span path);
struct span wheel_below(struct span path);
/* Whether the path lies in a folder "x.data/" or "x.dist-info/" at the top. */
bool wheel_is_data(struct span path);
bool wheel_is_info(struct span path);

/* The path as a file system resolves it; itself where that is so already. */
struct span wheel_normal(struct scan *s, struct span path) NONNULL;

/* Whether there is, once installed, a file whose path starts so; one in "path/"; that very file. */
bool wheel_site_starts(const struct wheel *w, struct span head) NONNULL;
bool wheel_site_has_folder(const struct wheel *w, struct span path) NONNULL;
bool wheel_site_has(const struct wheel *w, struct span path) NONNULL;

/* Each tells what its file is about (above). They leave w->lost set where memory ends. */
void wheel_identify(struct scan *s) NONNULL;
void wheel_identify_sdist(struct scan *s) NONNULL;
void wheel_check_record(struct scan *s) NONNULL;
void wheel_check_places(struct scan *s) NONNULL;
void wheel_check_taken(struct scan *s) NONNULL;
void wheel_check_scripts(struct scan *s) NONNULL;
void wheel_tell_sources(struct scan *s) NONNULL;

/* Tells when a program of that name is another's: at, and where it lands: "bin/". */
void wheel_check_program(struct scan *s, struct wheel_at at, struct span name,
                         const char *folder) NONNULL;

#endif
