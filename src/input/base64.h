/* base64 as the decoders of Python read it: leniently. trust/sign reads it strictly. */
#ifndef PRATIQUE_INPUT_BASE64_H
#define PRATIQUE_INPUT_BASE64_H

#include "input/span.h"

/*
 * Decodes as binascii.a2b_base64() does: what is no digit is passed over, padding that completes
 * a group of four ends it. url takes the digits '-' and '_' as well (RFC 4648, section 5).
 * Writes at most max bytes to out, three for four digits, and returns how many.
 */
size_t base64_loose(struct span text, bool url, uint8_t *out, size_t max);

#endif
