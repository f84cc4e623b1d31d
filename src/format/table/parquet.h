/* Parquet files: their footers, and the binary columns. See parquet.c. */
#ifndef PRATIQUE_FORMAT_TABLE_PARQUET_H
#define PRATIQUE_FORMAT_TABLE_PARQUET_H

#include "format/format.h"

extern const struct format format_parquet;

#endif
