/* See base64.h. */
#include "input/base64.h"

#include "base/digit.h"

size_t base64_loose(struct span text, bool url, uint8_t *out, size_t max)
{
    uint32_t bits = 0;
    unsigned digits = 0, pads = 0;
    size_t n = 0;

    for (size_t i = 0; i < text.n && n < max; i++) {
        int d = url ? digit_base64_url(text.p[i]) : digit_base64(text.p[i]);

        if (text.p[i] == '=' && digits % 4 >= 2 && digits % 4 + ++pads >= 4)
            break;
        if (d < 0)
            continue;
        pads = 0;
        bits = bits << 6 | (uint32_t)d;
        if (++digits % 4 != 1) /* the second digit of four brings six bits and two that wait */
            out[n++] = (uint8_t)(bits >> (6 - 2 * ((digits - 1) % 4)));
    }
    return n;
}
