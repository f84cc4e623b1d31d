/*
 * The names of a header, to find those given twice: kept as 64-bit hashes of
 * their characters (escapes resolved), so that a name costs 16 bytes whatever
 * its length. That two of a million names share a hash by chance happens once in
 * forty million files; equal names always do.
 */
#ifndef PRATIQUE_FORMAT_SAFETENSORS_NAMES_H
#define PRATIQUE_FORMAT_SAFETENSORS_NAMES_H

#include "format/format.h"

/* Start with zeroes and a seed; free with names_free(). */
struct names {
    uint64_t *slots; /* open addressing; 0: empty */
    size_t n, size;
    uint64_t seed; /* whoever writes a file cannot choose where its names fall */
};

/* A hash that is fed byte by byte, or in one go; the same bytes give the same hash. */
struct name_hash {
    uint64_t h, word;
    uint64_t n;
};

void name_hash_byte(struct name_hash *hash, uint8_t c) NONNULL;
void name_hash_bytes(struct name_hash *hash, struct span s) NONNULL;
uint64_t name_hash_end(struct name_hash *hash) NONNULL;

/* A sum of hashes as a fact tells it: 16 hex digits and a NUL. */
#define NAMES_TEXT_N 17
void names_text(uint64_t sum, char out[NAMES_TEXT_N]) NONNULL;

/* Adds a hash. *twice: it was there. E_LIMIT without memory. */
enum pratique_status names_add(struct scan *s, struct names *names, uint64_t hash,
                               bool *twice) NONNULL MUST_CHECK;
void names_free(struct scan *s, struct names *names) NONNULL;

#endif
