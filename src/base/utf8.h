/* UTF-8, as RFC 3629 has it: no overlong forms, no surrogates, nothing past U+10FFFF. */
#ifndef PRATIQUE_BASE_UTF8_H
#define PRATIQUE_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Decodes the first code point of n bytes at p; returns its length, or 0 when it is broken. */
size_t utf8_decode_bytes(const uint8_t *p, size_t n, uint32_t *out);

/* The same of a span (input/span.h, or anything with .p and .n). */
#define utf8_decode(s, out) utf8_decode_bytes((s).p, (s).n, out)

/* True when all n bytes are well-formed. */
bool utf8_valid(const uint8_t *p, size_t n);

/*
 * False for what must not reach a terminal or a report as it is: control
 * characters (C0, DEL, C1), bidirectional marks, zero-width and other invisible
 * format characters, line and paragraph separators, private use, tags.
 */
bool utf8_is_printable(uint32_t c);

/* Writes c (a valid code point) to out; returns the number of bytes, 1 to 4. */
size_t utf8_put(uint32_t c, uint8_t out[4]);

#endif
