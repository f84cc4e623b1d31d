/*
 * Where the central directory of a zip file is. Readers differ: some take the
 * offset in the end record as it is, some count back from the end record by the
 * directory's size, some prefer the zip64 record always, some only where it is
 * called for. Every place that any of them would read is a struct directory.
 */
#ifndef PRATIQUE_FORMAT_ZIP_DIRECTORY_H
#define PRATIQUE_FORMAT_ZIP_DIRECTORY_H

#include "format/zip/records.h"

#define ZIP_DIRECTORIES_MAX 8

struct zip_directory {
    uint64_t at;          /* offset of its first record */
    uint64_t limit;       /* no record of it reaches beyond */
    uint64_t base;        /* added to the offsets of local headers (modulo 2^64) */
    uint64_t count, size; /* as declared */
    size_t ends;          /* index of the end record that named it */
};

/* An end record that leads to a directory. */
struct zip_ends_record {
    uint64_t at, at64; /* of the end record, and of its zip64 form (0: none) */
    struct zip_end end, end64;
    uint64_t locator; /* offset of the locator, 0: none */
    uint32_t disks;
    bool contradicts; /* zip64 and 32-bit values differ where both are given */
    bool lost;        /* a locator without a record where it points */
};

struct zip_ends {
    struct zip_directory directories[ZIP_DIRECTORIES_MAX];
    struct zip_ends_record records[ZIP_DIRECTORIES_MAX];
    size_t directories_n, records_n;
    bool more; /* there are more than fit */
};

/*
 * Finds the last end record at or after floor that leads to a directory, and
 * those before it whose comment covers it. False when there is none. Looks at
 * the last 65,557 bytes (a record and the longest comment), at all from floor on
 * when whole is set.
 */
bool zip_find_ends(struct span in, uint64_t floor, bool whole, struct zip_ends *out) NONNULL;

/* Whether a directory that was found lists anything. */
bool zip_ends_list_members(const struct zip_ends *e) NONNULL;

#endif
