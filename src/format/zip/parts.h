/*
 * The parts of the zip reader, and what they share while one archive is read.
 * entries.c lists what the directories name, names.c looks at the names,
 * member.c compares the two headers of a member, content.c reads and hands on,
 * walk.c looks at whatever no directory accounts for, zip.c leads.
 */
#ifndef PRATIQUE_FORMAT_ZIP_PARTS_H
#define PRATIQUE_FORMAT_ZIP_PARTS_H

#include "format/codec/codec.h"
#include "format/format.h"
#include "format/layout.h"
#include "format/zip/directory.h"
#include "format/zip/records.h"

/* Facts of one kind told one by one for each archive; more are counted. */
#define ZIP_TELL_MAX 16
/* Pieces of bytes outside of members that are looked into; more is a gap in the answer. */
#define ZIP_PIECES_MAX 64

/* A member that a directory lists. Its record is parsed again when it is needed. */
struct entry {
    uint64_t central;   /* offset of its record */
    uint64_t local;     /* of its local header; NO_LOCAL when none is there */
    uint32_t directory; /* which directory lists it */
};
#define NO_LOCAL UINT64_MAX

/* A set of offsets, none of them 0, each visited once. */
struct offsets {
    uint64_t *slots; /* size of them, 0: free */
    size_t n, size;
};

struct zip {
    struct scan *s;
    struct span in;
    struct zip_ends ends;
    uint64_t directory_end[ZIP_DIRECTORIES_MAX];
    size_t directory_count[ZIP_DIRECTORIES_MAX];

    /* n of each, mapped; members is what layouts see of entries. */
    struct entry *entries;
    struct member *members;
    uint32_t *order, *spare; /* entries by their local offset */
    size_t n;
    bool more; /* there are members beyond the budget */

    struct archive archive;
    const struct layout *layout;
    struct offsets walked;  /* local headers that no directory lists */
    uint64_t key;           /* of the hashes */
    uint64_t read_left;     /* bytes that members may still take, shared ones counted each time */
    uint64_t inflated;      /* bytes inflated, of the whole archive */
    struct inflated buffer; /* kept by content.c between members */
    unsigned pieces;
    bool claimed; /* another format reads the whole input as well */
    uint64_t told[FACT_KINDS];
};

/* One way to read a member's content. Names: all that any record gives it. */
struct reading {
    struct span names[4];
    size_t names_n;
    uint64_t at; /* of the record, for facts */
    uint64_t data, csize;
    uint64_t usize; /* as declared, when it is */
    uint32_t crc;
    uint16_t method;
    bool csize_known, usize_known, crc_known;
    bool encrypted, symlink;
    bool agreed; /* all records agree: the layout may say that it is not read */
};

/* Adds a fact, up to ZIP_TELL_MAX of a kind; zip_tell_rest() tells how many there were more. */
void zip_tell(struct zip *z, enum fact_kind kind, uint64_t off, struct span subject,
              const char *fmt, ...) NONNULL PRINTF_LIKE(5, 6);
void zip_tell_rest(struct zip *z) NONNULL;

/* Lists the members of every directory, with layout and order; entries_free() after any outcome. */
enum pratique_status entries_list(struct zip *z) NONNULL;
void entries_free(struct zip *z) NONNULL;
/* Parses the record of member i again; it was there when it was listed. */
bool entries_record(const struct zip *z, size_t i, struct zip_central *out) NONNULL;
/* Whether a directory lists the local header at off. */
bool entries_has_local(const struct zip *z, uint64_t off) NONNULL;

/* A hash that cannot be foreseen, so that nobody makes collisions. */
uint64_t zip_secret_key(void);
uint64_t zip_hash(const struct zip *z, uint64_t state, uint64_t v) NONNULL;

/* One name's own oddities; and those of all names together. */
void names_check(struct zip *z, uint64_t at, struct span name, uint16_t flags) NONNULL;
enum pratique_status names_collide(struct zip *z) NONNULL;
/* Whether a Unicode path says something else than how the name was written in another charset. */
bool names_unicode_differs(struct span name, struct span unicode);
/* Whether a link with this target, in a member of this name, leaves the folder of the archive. */
bool names_link_escapes(struct span name, struct span target);

/*
 * Compares what is said of a member, reads it in every way that is said, and
 * gives the offset behind it.
 */
enum pratique_status member_scan(struct zip *z, size_t i, uint64_t *end) NONNULL;

/* Reads, verifies and hands on; *consumed is how much of the data a compressed stream took. */
enum pratique_status content_read(struct zip *z, const struct reading *r,
                                  uint64_t *consumed) NONNULL;
/* Whether the layout says, of every name, that it is a tensor's body. */
bool content_is_spared(const struct zip *z, const struct reading *r) NONNULL;
/* Charges n bytes that a member wants to read; false, with the error set, past the bound. */
bool content_charge(struct zip *z, uint64_t n, uint64_t at) NONNULL;

/* Reads members from the local header at off on, as long as no directory lists them. */
enum pratique_status walk_hidden(struct zip *z, uint64_t off, uint64_t *end) NONNULL;
/*
 * Looks at the bytes from..to that nothing accounts for: members in them, other
 * archives, and the rest as a file of its own called name.
 */
enum pratique_status walk_piece(struct zip *z, uint64_t from, uint64_t to,
                                const char *name) NONNULL;
/* The same with the fact that says where they are. */
enum pratique_status walk_gap(struct zip *z, uint64_t from, uint64_t to) NONNULL;

#endif
