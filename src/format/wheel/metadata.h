/*
 * The texts in a wheel's .dist-info: header fields ("Key: value", as WHEEL and METADATA have
 * them) and entry_points.txt (an INI file as importlib.metadata reads it). Pure.
 * https://packaging.python.org/en/latest/specifications/entry-points/
 */
#ifndef PRATIQUE_FORMAT_WHEEL_METADATA_H
#define PRATIQUE_FORMAT_WHEEL_METADATA_H

#include "base/compiler.h"
#include "input/span.h"

/* The first field of that name, any letter case, its first line, blanks stripped; false: none. */
bool metadata_field(struct span text, const char *name, struct span *out) NONNULL MUST_CHECK;

struct header {
    struct span name, value; /* the first line of it, blanks stripped; name empty: no header */
    uint32_t line;           /* from 1 */
};

/*
 * Takes the next line that is no continuation off *in, whose lines before it are *line: false at
 * the end and at the empty line before a body. One without a colon has no name.
 */
bool metadata_header_take(struct span *in, uint32_t *line, struct header *out) NONNULL MUST_CHECK;

struct entry_point {
    struct span group, name, module, attribute; /* "console_scripts", "black", "black", "main" */
};

/*
 * Takes the next entry point off *in, whose group so far is *group (empty at first): 1; 0 at
 * the end; -1: the line is none (e->name has it, and it is taken).
 */
int entry_point_take(struct span *in, struct span *group, struct entry_point *e) NONNULL MUST_CHECK;

/* Blanks cut off both ends. */
struct span span_strip(struct span s);

#endif
