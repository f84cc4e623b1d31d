/* See base64.h. */
#include "trust/sign/base64.h"

#include "base/digit.h"

/* The last four characters may end with one or two '='; how many bytes they stand for, or 0. */
static unsigned bytes_of(const uint8_t *four, bool last)
{
    if (!last || four[3] != '=')
        return 3;
    return four[2] == '=' ? 1 : 2;
}

/* Four characters as 24 bits; false for what is no digit, or has bits where there are none. */
static bool group(const uint8_t *four, unsigned bytes, uint32_t *out)
{
    uint32_t bits = 0;

    for (unsigned i = 0; i < 4; i++) {
        int digit = i <= bytes ? digit_base64(four[i]) : 0;

        if (digit < 0)
            return false;
        bits = bits << 6 | (uint32_t)digit;
    }
    *out = bits;
    return (bits & ((1u << (24 - 8 * bytes)) - 1)) == 0;
}

bool base64_decode(struct span text, uint8_t *out, size_t max, size_t *n)
{
    *n = 0;
    if (text.n % 4 != 0)
        return false;
    for (size_t at = 0; at < text.n; at += 4) {
        unsigned bytes = bytes_of(text.p + at, at + 4 == text.n);
        uint32_t bits;

        if (bytes > max - *n || !group(text.p + at, bytes, &bits))
            return false;
        for (unsigned i = 0; i < bytes; i++)
            out[(*n)++] = (uint8_t)(bits >> (16 - 8 * i));
    }
    return true;
}

bool base64_exactly(struct span text, uint8_t *out, size_t n)
{
    size_t got;

    return base64_decode(text, out, n, &got) && got == n;
}

void base64_encode(struct span bytes, char *out)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    for (size_t at = 0; at < bytes.n; at += 3) {
        size_t left = bytes.n - at;
        uint32_t bits = (uint32_t)bytes.p[at] << 16;

        bits |= left > 1 ? (uint32_t)bytes.p[at + 1] << 8 : 0;
        bits |= left > 2 ? bytes.p[at + 2] : 0u;
        *out++ = digits[bits >> 18];
        *out++ = digits[bits >> 12 & 63];
        *out++ = '=', *out++ = '=';
        if (left > 1)
            out[-2] = digits[bits >> 6 & 63];
        if (left > 2)
            out[-1] = digits[bits & 63];
    }
    *out = '\0';
}
