/* Apache Arrow: IPC files and streams (Feather too), and the schema as Parquet keeps it. */
#ifndef PRATIQUE_FORMAT_TABLE_ARROW_H
#define PRATIQUE_FORMAT_TABLE_ARROW_H

#include "format/format.h"

extern const struct format format_arrow, format_arrow_stream;

/* A schema message in base64, as it stands in a Parquet footer under "ARROW:schema". */
enum pratique_status arrow_schema_base64(struct scan *s, struct span text) NONNULL MUST_CHECK;

#endif
