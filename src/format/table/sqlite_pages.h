/*
 * The pages of an SQLite database and the trees in them: every page is visited once, without
 * recursion. Private to table/.
 *
 * Spec: sqlite.org/fileformat2.html, 1.5 (B-tree pages) and 1.6 (payload overflow).
 */
#ifndef PRATIQUE_FORMAT_TABLE_SQLITE_PAGES_H
#define PRATIQUE_FORMAT_TABLE_SQLITE_PAGES_H

#include "format/format.h"

struct sqlite {
    struct scan *s;
    struct span in;
    uint32_t page_size, usable;
    uint32_t pages;
    unsigned encoding; /* 1: UTF-8, 2: UTF-16LE, 3: UTF-16BE */
    uint8_t *seen;     /* a bit for each page; of scan_map() */
    uint32_t *todo;    /* pages of a tree that wait; room for all of them */
    uint8_t *payload;  /* a record that overflows, put together; of scan_map() */
    size_t payload_size;
    uint64_t records;
};

/* A record of a table or of an index. */
struct sqlite_record {
    struct span payload;
    uint64_t offset; /* of its cell in the file */
    int64_t rowid;   /* 0 of an index */
    uint32_t page;
};

typedef enum pratique_status sqlite_record_fn(struct sqlite *db, const struct sqlite_record *r,
                                              void *user);

/* Reads the header. E_FORMAT when it is none, or of a form that is not known. */
enum pratique_status sqlite_open(struct sqlite *db, struct scan *s,
                                 struct span in) NONNULL MUST_CHECK;
void sqlite_close(struct sqlite *db) NONNULL;

/*
 * Every record of the tree at root. E_FORMAT where a page is out of the file, in two trees, or
 * broken; what on_record returns ends the walk when it is not PRATIQUE_OK.
 */
enum pratique_status sqlite_walk(struct sqlite *db, uint32_t root, sqlite_record_fn *on_record,
                                 void *user) MUST_CHECK;

/* Cuts one of SQLite's integers of one to nine bytes off the front. */
bool sqlite_take_varint(struct span *in, uint64_t *out) NONNULL MUST_CHECK;

#endif
