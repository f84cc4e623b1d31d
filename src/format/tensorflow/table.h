/*
 * Tables of LevelDB, as checkpoints are indexed: sorted keys in blocks, an index of the blocks, a
 * footer. Blocks follow one another, so that reading all of them costs no more than the file is
 * long.
 *
 * Spec: leveldb/doc/table_format.md; snappy/format_description.txt (compressed blocks).
 */
#ifndef PRATIQUE_FORMAT_TENSORFLOW_TABLE_H
#define PRATIQUE_FORMAT_TENSORFLOW_TABLE_H

#include "format/format.h"

#define TF_KEY_MAX 65536 /* bytes of a key */

/* The entries of one block, front to back. */
struct tf_entries {
    struct span in; /* what is left of them */
    uint8_t *key;   /* TF_KEY_MAX bytes */
    size_t key_n;
};

struct tf_block {
    uint64_t offset;
    struct span contents;
    uint8_t *copy; /* of a compressed one, of scan_map() */
    size_t copy_n;
};

bool tf_table_looks_like(struct span in);

/* Opens the index of the blocks. E_FORMAT, E_LIMIT. tf_block_free() in every case. */
enum pratique_status tf_table_index(struct scan *s, struct span in,
                                    struct tf_block *index) NONNULL MUST_CHECK;

/*
 * Opens the block that an entry of the index names. *end is where the one before ended, and is
 * moved on: a block that begins before it is a fault.
 */
enum pratique_status tf_table_block(struct scan *s, struct span in, struct span handle,
                                    uint64_t *end, struct tf_block *block) NONNULL MUST_CHECK;
void tf_block_free(struct scan *s, struct tf_block *block) NONNULL;

/* Begins with a block's entries; e->key is the caller's. False: the block has no room for its end.
 */
bool tf_entries_begin(struct tf_entries *e, struct span contents) NONNULL MUST_CHECK;

/* The next entry; false at the end, and with *bad when what follows is none. */
bool tf_entries_next(struct tf_entries *e, struct span *key, struct span *value,
                     bool *bad) NONNULL MUST_CHECK;

/*
 * Undoes snappy into out, whose size is what the input says; false when it is none. Exposed for
 * its tests.
 */
bool snappy_length(struct span *in, uint64_t *n) NONNULL MUST_CHECK;
bool snappy_decode(struct span in, uint8_t *out, size_t n) NONNULL MUST_CHECK;

#endif
