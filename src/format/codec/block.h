/*
 * Blocks: compressed bytes without a frame, whose length when decompressed stands elsewhere. Pages
 * of Parquet and blocks of LevelDB tables are made of them. Memory is the caller's.
 *
 * Spec: github.com/google/snappy, format_description.txt; github.com/lz4/lz4,
 * doc/lz4_Block_format.md.
 */
#ifndef PRATIQUE_FORMAT_CODEC_BLOCK_H
#define PRATIQUE_FORMAT_CODEC_BLOCK_H

#include "base/compiler.h"
#include "input/span.h"

/* The length that a snappy block claims to have when decompressed; false when there is none. */
bool block_snappy_size(struct span in, uint64_t *n) NONNULL MUST_CHECK;

/* Decompresses to exactly n bytes; false when the block gives more, fewer, or is broken. */
bool block_snappy(struct span in, uint8_t *out, size_t n) NONNULL MUST_CHECK;

/* The same of an LZ4 block (liblz4). */
bool block_lz4(struct span in, uint8_t *out, size_t n) NONNULL MUST_CHECK;

#endif
