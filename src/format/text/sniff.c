/*
 * Is it text, and in which encoding? Spec: RFC 3629 (UTF-8), RFC 2781 (UTF-16,
 * with a byte order mark only). Every byte is looked at, plain ASCII at memory
 * speed: a binary tail behind a long text head is not text.
 */
#include "format/text/text.h"

#include <endian.h>

#include "base/compiler.h"
#include "base/utf8.h"
#include "format/doc/doc.h"

#define SNIFF_MAX ((size_t)64 << 20)

/* Control characters that no text holds: all but tab, line feed, \v, \f and carriage return. */
static inline bool is_control(uint8_t c)
{
    return (c < 0x20 && (uint8_t)(c - 9) > 4) || c == 0x7F;
}

/*
 * Length of the UTF-8 sequence at p, of which at least three bytes are there, when
 * it is one of the common ones; 0: to be decoded with care.
 */
static size_t common_sequence(const uint8_t *p)
{
    if (p[0] >= 0xC2 && p[0] <= 0xDF)
        return (p[1] & 0xC0) == 0x80 ? 2 : 0;
    if (p[0] >= 0xE1 && p[0] <= 0xEF && p[0] != 0xED)
        return (p[1] & 0xC0) == 0x80 && (p[2] & 0xC0) == 0x80 ? 3 : 0;
    return 0;
}

/* Bytes that are looked at at once. */
#define LANES 16

typedef uint8_t lanes __attribute__((vector_size(LANES)));

/* How many bytes of plain text p starts with: neither control characters nor bytes past 0x7E. */
static inline size_t plain_bytes(const uint8_t *p)
{
    lanes c;
    uint64_t odd[2];

    memcpy(&c, p, LANES);
    c = (lanes)((c < 0x20) & ((c - 9) > 4)) | (lanes)(c >= 0x7F);
    memcpy(odd, &c, LANES);
    if (odd[0])
        return (size_t)__builtin_ctzll(le64toh(odd[0])) / 8;
    return odd[1] ? 8 + (size_t)__builtin_ctzll(le64toh(odd[1])) / 8 : LANES;
}

/* Where the plain ASCII ends that stands at that offset. */
static size_t ascii_run(struct span in, size_t at)
{
    while (in.n - at >= LANES) {
        size_t n = plain_bytes(in.p + at);

        at += n;
        if (n < LANES)
            return at;
    }
    while (at < in.n && in.p[at] < 0x80 && !is_control(in.p[at]))
        at++;
    return at;
}

/* The offset of the first byte that is not UTF-8 text; in.n when there is none. */
static size_t utf8_end(struct span in, bool *ascii)
{
    bool json = doc_looks_like_json(in); /* its strings may hold a DEL as it is */
    size_t at = 0;

    *ascii = true;
    while (at < in.n) {
        uint32_t c;
        size_t len;

        if (in.p[at] < 0x80) {
            size_t end = ascii_run(in, at);

            if (end == at && !(json && in.p[at] == 0x7F))
                return at;
            at = end > at ? end : at + 1;
            continue;
        }
        len = in.n - at >= 3 ? common_sequence(in.p + at) : 0;
        if (len > 0) {
            *ascii = false;
            at += len;
            continue;
        }
        len = utf8_decode(span_from(in, at), &c);
        if (len == 0)
            return at;
        *ascii = false;
        at += len;
    }
    return at;
}

/* Bytes of Windows-1252 between 0x80 and 0x9F that prose holds: the euro sign, quotes, dashes. */
static inline bool is_typographic(uint8_t c)
{
    return c == 0x80 || c == 0x85 || (c >= 0x91 && c <= 0x97) || c == 0x99;
}

/* Eight-bit text: no control characters, and mostly ASCII. The first byte that speaks against it.
 */
static size_t latin1_end(struct span in)
{
    size_t high = 0;

    for (size_t i = 0; i < in.n; i++) {
        uint8_t c = in.p[i];

        if (is_control(c) || (c >= 0x80 && c < 0xA0 && !is_typographic(c)))
            return i;
        high += c >= 0x80;
    }
    if (in.n > 0 && in.p[0] < 0x80 && high <= in.n / 4)
        return in.n;
    return 0;
}

static size_t utf16_end(struct span in, bool big)
{
    size_t at = 2;
    bool high = false; /* a high surrogate waits for its low one */

    for (; in.n - at >= 2; at += 2) {
        unsigned c =
            big ? (unsigned)in.p[at] << 8 | in.p[at + 1] : (unsigned)in.p[at + 1] << 8 | in.p[at];
        if ((c < 0x80 && is_control((uint8_t)c)) || high != (c >= 0xDC00 && c <= 0xDFFF) ||
            c == 0xFFFE || c == 0xFFFF)
            return at;
        high = c >= 0xD800 && c <= 0xDBFF;
    }
    return high ? at - 2 : at;
}

enum text_encoding text_sniff(struct span in, size_t *bad)
{
    size_t eight;
    bool ascii, big = span_starts(in, SPAN_LITERAL("\xFE\xFF"));

    *bad = 0;
    if (in.n == 0)
        return TEXT_NONE;
    if (big || span_starts(in, SPAN_LITERAL("\xFF\xFE"))) {
        *bad = utf16_end(in, big);
        return *bad < in.n ? TEXT_NONE : big ? TEXT_UTF16BE : TEXT_UTF16LE;
    }
    *bad = utf8_end(in, &ascii);
    if (*bad == in.n)
        return ascii ? TEXT_ASCII : TEXT_UTF8;
    if (is_control(in.p[*bad]))
        return TEXT_NONE;
    eight = latin1_end(in);
    *bad = eight > 0 && eight < in.n ? eight : *bad;
    return eight == in.n ? TEXT_LATIN1 : TEXT_NONE;
}

const char *text_encoding_name(enum text_encoding e)
{
    static const char *const names[] = {
        [TEXT_NONE] = "not text",         [TEXT_ASCII] = "ASCII",    [TEXT_UTF8] = "UTF-8",
        [TEXT_LATIN1] = "eight-bit text", [TEXT_UTF16LE] = "UTF-16", [TEXT_UTF16BE] = "UTF-16",
    };

    return (unsigned)e < ARRAY_LEN(names) ? names[e] : "?";
}

bool text_looks_like(struct span in)
{
    size_t bad;
    struct span head = in;

    if (in.n > SNIFF_MAX)
        (void)take(&in, SNIFF_MAX, &head);
    if (text_sniff(head, &bad) != TEXT_NONE)
        return true;
    return head.n == SNIFF_MAX && head.n - bad < 4; /* a character that the cut splits */
}
