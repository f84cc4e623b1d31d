/* Text: data and prose are read, source code is told apart. See text.c. */
#ifndef PRATIQUE_FORMAT_TEXT_TEXT_H
#define PRATIQUE_FORMAT_TEXT_TEXT_H

#include "format/format.h"

extern const struct format format_text;

enum text_encoding {
    TEXT_NONE, /* not text */
    TEXT_ASCII,
    TEXT_UTF8,
    TEXT_LATIN1, /* or another encoding of eight bits; no control characters */
    TEXT_UTF16LE,
    TEXT_UTF16BE,
};

/*
 * How in is encoded; it is looked at to its end. TEXT_NONE when a byte of it
 * belongs to no text; *bad is then the offset of the first such byte. Empty
 * input is not text.
 */
enum text_encoding text_sniff(struct span in, size_t *bad);

/* The encoding's name as printed; static. */
const char *text_encoding_name(enum text_encoding e);

/* Whether an interpreter of Python, or a tool that runs Python, takes a file of this name. */
bool text_is_python_name(struct span name);

/* Whether in is text as far as it is looked at: all of it, or 64 MiB. */
bool text_looks_like(struct span in);

#endif
