/* See json_escape.h. */
#include "input/json_escape.h"

#include "base/digit.h"

static bool take_hex4(struct span *in, uint32_t *out)
{
    struct span digits;

    *out = 0;
    if (!take(in, 4, &digits))
        return false;
    for (size_t i = 0; i < 4; i++) {
        int v = digit_hex(digits.p[i]);

        if (v < 0)
            return false;
        *out = *out << 4 | (uint32_t)v;
    }
    return true;
}

/* The code point behind a 'u', or of a surrogate pair whose first half that is. */
static bool take_unicode(struct span *in, uint32_t *out)
{
    uint32_t low;

    if (!take_hex4(in, out) || (*out >= 0xDC00 && *out <= 0xDFFF))
        return false;
    if (*out < 0xD800 || *out > 0xDFFF)
        return true;
    if (!span_starts(*in, SPAN_LITERAL("\\u")) || !skip(in, 2) || !take_hex4(in, &low) ||
        low < 0xDC00 || low > 0xDFFF)
        return false;
    *out = 0x10000 + ((*out - 0xD800) << 10) + (low - 0xDC00);
    return true;
}

bool json_take_escape(struct span *in, uint32_t *point)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    const char *at;
    uint8_t c;

    if (!take_u8(in, &c))
        return false;
    if (c == 'u')
        return take_unicode(in, point);
    at = c ? strchr(from, c) : NULL;
    *point = at ? (uint8_t)to[at - from] : 0;
    return at != NULL;
}
