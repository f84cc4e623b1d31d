/* The pages of a column of bytes. Private to table/. */
#ifndef PRATIQUE_FORMAT_TABLE_PARQUET_PAGE_H
#define PRATIQUE_FORMAT_TABLE_PARQUET_PAGE_H

#include "format/format.h"

/*
 * Decompresses the pages of a column one by one, and hands on values that are files of their own.
 * offset: of pages in the file, for errors. codec: CompressionCodec of parquet.thrift.
 * fixed: its values are of one length, without one before each.
 */
enum pratique_status parquet_pages(struct scan *s, struct span pages, uint64_t offset,
                                   uint64_t codec, bool fixed, struct span column) MUST_CHECK
    __attribute__((nonnull(1)));

#endif
