/* What the parts of the tar reader share. Private to tar/. */
#ifndef PRATIQUE_FORMAT_TAR_READER_H
#define PRATIQUE_FORMAT_TAR_READER_H

#include "format/format.h"
#include "format/tar/pax.h"
#include "format/tar/sparse.h"

/* A name longer than this no file system takes (PATH_MAX); its parts are not looked at. */
#define TAR_NAME_MAX 4096

/* One member, as one reading of the archive has it. Spans borrow from input or arena. */
struct tar_entry {
    struct span name, link; /* as written */
    struct span path;       /* the name in normal form: no "./", no "//", ".." resolved */
    struct span body;       /* its bytes in the archive; empty when it has none */
    uint64_t offset;        /* of its header */
    uint64_t size;          /* of its content, as declared */
    struct tar_sparse sparse;
    uint8_t type;
    bool hidden;      /* only some readers see it */
    bool link_leaves; /* the link's target lies outside of the archive's root */
};

/* The first few facts of a kind are told one by one, the rest with their count. */
struct tar_told {
    uint64_t count, offset;
    struct span subject;
};

/* Another place where a reader could look for the next header. */
struct tar_turn {
    uint64_t offset;
};

struct tar_reader {
    struct scan *s;
    struct span in;
    struct tar_entry *entries;
    size_t n, entries_room;
    struct tar_turn *turns;
    size_t turns_n, turns_room;
    uint8_t *seen; /* a bit for each block that was read as a header */
    size_t seen_size;
    uint64_t again_left; /* bytes that readings beyond the first may cover once more */
    struct tar_pax global;
    bool pax, gnu; /* extensions were seen */
    bool hidden;   /* this is not the first reading */
    bool ended;    /* zero blocks were seen, and something follows */
    bool no_end;   /* ... and none were seen at the end */
    bool broken;
    uint64_t broken_at;
    const char *broken_why;
    struct tar_told told[FACT_KINDS];
};

/* Adds a fact, or counts it once there are several of its kind. */
void tar_note(struct tar_reader *r, enum fact_kind kind, uint64_t offset, struct span subject,
              const char *fmt, ...) NONNULL PRINTF_LIKE(5, 6);
void tar_note_rest(struct tar_reader *r) NONNULL;

/* Doubles an array that scan_map() made; false without memory. */
bool tar_grow(struct tar_reader *r, void **list, size_t *room, size_t size) NONNULL MUST_CHECK;

/* Adds the facts about names and links, of each and of all together. */
enum pratique_status tar_names_judge(struct tar_reader *r) NONNULL;

/* Hands the members on, each with the role that the archive's layout gives it. */
enum pratique_status tar_members_scan(struct tar_reader *r) NONNULL;

#endif
