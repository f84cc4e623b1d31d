/* The value of a digit; -1 for what is none. */
#ifndef PRATIQUE_BASE_DIGIT_H
#define PRATIQUE_BASE_DIGIT_H

#include <stdint.h>

static inline int digit_hex(uint8_t c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* RFC 4648, section 4. */
static inline int digit_base64(uint8_t c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* Section 5 of it as well: '-' for '+', '_' for '/'. */
static inline int digit_base64_url(uint8_t c)
{
    return c == '-' ? 62 : c == '_' ? 63 : digit_base64(c);
}

#endif
