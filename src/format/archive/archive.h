/* Archives that libarchive reads: 7z and RAR. See archive.c. */
#ifndef PRATIQUE_FORMAT_ARCHIVE_ARCHIVE_H
#define PRATIQUE_FORMAT_ARCHIVE_ARCHIVE_H

#include "format/format.h"

extern const struct format format_7z, format_rar;

/*
 * Loads what libarchive would load on first use (a character set's converter),
 * so that a worker that may open no files can read archives. Before a lock-down.
 */
void archive_warm(void);

#endif
