/*
 * Pickles inside constants: bytes or text that some callable unpacks and loads.
 * A constant is looked at once: as it is, behind base64, and behind zlib, gzip,
 * bz2 or xz; what is found there is a file of its own, and looked at likewise.
 */
#include <stdio.h>

#include "format/codec/codec.h"
#include "format/pickle/machine.h"
#include "input/base64.h"

/* The least bytes that a pickle with a call in it has: "cos\nx\n)R." and a little. */
#define EMBEDDED_MIN ((size_t)8)

static void hand_on(struct machine *m, uint64_t off, struct span body, const char *how)
{
    char name[64];
    int n =
        snprintf(name, sizeof name, "(%s at byte %llu)", how, (unsigned long long)(m->base + off));
    enum pratique_status st;

    tell_text(m, FACT_PICKLE_EMBEDDED, body.n, span_text(how), NULL);
    st = scan_nested(m->scan, body, span_of(name, (size_t)n), ROLE_ANY);
    if (st != PRATIQUE_OK)
        m->status = st;
}

static bool compression_of(struct span s, enum codec *codec)
{
    static const struct {
        struct span magic;
        enum codec codec;
    } known[] = {
        { SPAN_LITERAL("\x1f\x8b\x08"), CODEC_GZIP },
        { SPAN_LITERAL("BZh"), CODEC_BZIP2 },
        { SPAN_LITERAL("\xfd"
                       "7zXZ"),
          CODEC_XZ },
        { SPAN_LITERAL("(\xb5\x2f\xfd"), CODEC_ZSTD },
        { SPAN_LITERAL("x\x01"), CODEC_ZLIB },
        { SPAN_LITERAL("x\x5e"), CODEC_ZLIB },
        { SPAN_LITERAL("x\x9c"), CODEC_ZLIB },
        { SPAN_LITERAL("x\xda"), CODEC_ZLIB },
    };

    for (size_t i = 0; i < ARRAY_LEN(known); i++)
        if (span_starts(s, known[i].magic)) {
            *codec = known[i].codec;
            return true;
        }
    return false;
}

static bool is_pickle(struct span s)
{
    return s.n >= EMBEDDED_MIN && pickle_walks(s);
}

/* Inflates and hands on; what does not inflate, or is no pickle, is just a constant. */
static bool look_compressed(struct machine *m, uint64_t off, struct span s)
{
    struct inflated out;
    enum codec codec;

    if (!compression_of(s, &codec))
        return false;
    if (codec_inflate(m->scan, codec, s, 0, &out) == PRATIQUE_OK &&
        (is_pickle(out.bytes) || compression_of(out.bytes, &codec)))
        hand_on(m, off, out.bytes, "compressed constant");
    codec_free(m->scan, &out);
    return true;
}

/* The first 15 bytes tell whether the rest is worth decoding. */
static bool look_base64(struct machine *m, uint64_t off, struct span s)
{
    uint8_t head[16], *whole;
    enum codec codec;
    struct span start;

    if (s.n < 12)
        return false;
    start = span_of(head, base64_loose(span_of(s.p, s.n < 20 ? s.n : 20), true, head, sizeof head));
    if (start.n < 6 || !(start.p[0] == 0x80 || start.p[0] == 'c' || start.p[0] == '(' ||
                         compression_of(start, &codec)))
        return false;
    whole = scan_map(m->scan, s.n);
    if (!whole) {
        m->status = scan_fail_budget(m->scan, m->base + off);
        return true;
    }
    start = span_of(whole, base64_loose(s, true, whole, s.n));
    if (is_pickle(start))
        hand_on(m, off, start, "base64 constant");
    else
        (void)look_compressed(m, off, start);
    scan_unmap(m->scan, whole, s.n);
    return true;
}

void embedded_look(struct machine *m, uint64_t off, struct span bytes)
{
    if ((bytes.p[0] == 0x80 || bytes.p[0] == 'c' || bytes.p[0] == '(') && is_pickle(bytes))
        hand_on(m, off, bytes, "constant");
    else if (!look_compressed(m, off, bytes))
        (void)look_base64(m, off, bytes);
}

void embedded_load(struct machine *m, uint64_t off, struct span bytes)
{
    hand_on(m, off, bytes, "loaded constant");
}
