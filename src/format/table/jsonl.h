/* JSON Lines: chunks, samples and logs, a value a line. See jsonl.c. */
#ifndef PRATIQUE_FORMAT_TABLE_JSONL_H
#define PRATIQUE_FORMAT_TABLE_JSONL_H

#include "format/format.h"

extern const struct format format_jsonl;

#endif
