/* See block.h. Snappy is our own: its library is C++, and the format is a page long. */
#include "format/codec/block.h"

#include <lz4.h>

bool block_snappy_size(struct span in, uint64_t *n)
{
    uint8_t byte = 0x80;

    *n = 0;
    for (unsigned shift = 0; byte & 0x80; shift += 7) {
        if (shift > 28 || !take_u8(&in, &byte))
            return false;
        *n |= (uint64_t)(byte & 0x7F) << shift;
    }
    return *n <= UINT32_MAX;
}

/* A number of so many bytes, little end first. */
static bool take_le(struct span *in, unsigned bytes, uint32_t *out)
{
    struct span s;

    *out = 0;
    if (!take(in, bytes, &s))
        return false;
    for (unsigned i = 0; i < bytes; i++)
        *out |= (uint32_t)s.p[i] << 8 * i;
    return true;
}

/* Bytes as they are: the tag's upper six bits are their number less one, or where it stands. */
static bool literal(struct span *in, uint8_t tag, uint8_t *out, size_t n, size_t *at)
{
    uint32_t len = tag >> 2;
    struct span s;

    if (len >= 60 && !take_le(in, len - 59, &len))
        return false;
    if (len >= n - *at || !take(in, (uint64_t)len + 1, &s))
        return false;
    memcpy(out + *at, s.p, s.n);
    *at += s.n;
    return true;
}

/* Bytes that were written before; they may overlap what they become. */
static bool copy(struct span *in, uint8_t tag, uint8_t *out, size_t n, size_t *at)
{
    unsigned bytes = (tag & 3) == 1 ? 1 : (tag & 3) == 2 ? 2 : 4;
    size_t len = bytes == 1 ? (size_t)4 + (tag >> 2 & 7) : (size_t)(tag >> 2) + 1;
    uint32_t back;

    if (!take_le(in, bytes, &back))
        return false;
    back |= bytes == 1 ? (uint32_t)(tag >> 5) << 8 : 0;
    if (back == 0 || back > *at || len > n - *at)
        return false;
    for (size_t i = 0; i < len; i++)
        out[*at + i] = out[*at + i - back];
    *at += len;
    return true;
}

bool block_snappy(struct span in, uint8_t *out, size_t n)
{
    uint64_t claimed;
    uint8_t byte = 0x80;
    size_t at = 0;

    if (!block_snappy_size(in, &claimed) || claimed != n)
        return false;
    while (byte & 0x80 && take_u8(&in, &byte))
        ;
    while (in.n > 0) {
        uint8_t tag;

        if (!take_u8(&in, &tag))
            return false;
        if (!((tag & 3) == 0 ? literal(&in, tag, out, n, &at) : copy(&in, tag, out, n, &at)))
            return false;
    }
    return at == n;
}

bool block_lz4(struct span in, uint8_t *out, size_t n)
{
    if (in.n > LZ4_MAX_INPUT_SIZE || n > LZ4_MAX_INPUT_SIZE)
        return false;
    return LZ4_decompress_safe((const char *)in.p, (char *)out, (int)in.n, (int)n) == (int)n;
}
