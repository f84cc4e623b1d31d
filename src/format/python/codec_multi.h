/* Character sets of 94 rows by 94 cells, shared by the East Asian codecs. */
#ifndef PRATIQUE_FORMAT_PYTHON_CODEC_MULTI_H
#define PRATIQUE_FORMAT_PYTHON_CODEC_MULTI_H

#include "format/python/codec.h"

/* n keys in a row, with n characters in a row from code on; 0: no character. */
struct py_extra {
    uint32_t key;
    uint16_t n;
    uint32_t code; /* past U+10FFFF: two characters, the first in the upper half */
};

/* Extras come first, then the grid, then the base; keys are row << 8 | cell, from 0x21. */
struct py_set {
    const uint16_t *grid;
    const struct py_set *base;
    const struct py_extra *extra;
    unsigned extra_n;
};

extern const struct py_set py_jis_0208, py_jis_0212, py_jis_0213_2, py_ks_1001, py_gb_2312;
extern const struct py_set py_iso_ks, py_iso_0213_1, py_iso_0213_1_2000; /* as ISO 2022 has them */

/* The character of a set, or 0; see py_extra. */
uint32_t py_set_find(const struct py_set *set, uint8_t row, uint8_t cell);

/* Appends what py_set_find() gave: one character or two. */
bool py_put_code(struct py_decode *d, uint32_t code) NONNULL MUST_CHECK;

#endif
