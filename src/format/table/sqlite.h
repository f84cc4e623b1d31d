/* SQLite databases: what their schema does, and what their values are. See sqlite.c. */
#ifndef PRATIQUE_FORMAT_TABLE_SQLITE_H
#define PRATIQUE_FORMAT_TABLE_SQLITE_H

#include "format/format.h"

extern const struct format format_sqlite;

#endif
