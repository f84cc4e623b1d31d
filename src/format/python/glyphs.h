/* Characters by how they look: not at all, from the right, or as others. Private to python/. */
#ifndef PRATIQUE_FORMAT_PYTHON_GLYPHS_H
#define PRATIQUE_FORMAT_PYTHON_GLYPHS_H

#include "input/span.h"

/* Nothing is drawn for it: joiners, selectors, tags, fillers, bidirectional controls. */
bool glyph_is_invisible(uint32_t c);
/* Private use: what is drawn depends on a font that few have. */
bool glyph_is_private(uint32_t c);
/* A letter of a script that runs from the right. */
bool glyph_is_rtl(uint32_t c);

/*
 * Whether the character c, n bytes at text.p[at], may be one that glyph_judge() has something
 * to say about, or one of many that are not seen. Cheap, and true of little that is honest.
 */
bool glyph_is_odd(struct span text, size_t at, uint32_t c, size_t n);

enum glyph_name {
    GLYPH_PLAIN,
    GLYPH_MIXED,    /* Latin with letters of another script that look the same */
    GLYPH_DISGUISE, /* what is read as, or looks like, a name such as exec, and is not written so */
    GLYPH_MARKED,   /* it has characters that are not seen */
    GLYPH_INVISIBLE, /* it has no others */
};

/* Judges a name that has characters past ASCII. */
enum glyph_name glyph_judge(struct span name);

#endif
