/*
 * A tar's bytes from front to end: see unpack_tar.h. Streams in a row, as pigz, pbzip2 and pzstd
 * write them, are one; anything else behind a stream is refused.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "base/budget.h"
#include "trust/admit/unpack_tar.h"

/* An extension header of the most bytes, with its padding. */
#define BUFFER ((size_t)(1 << 20) + 4096)

static bool codec_of(struct span in, enum codec *out)
{
    static const struct {
        struct span magic;
        enum codec codec;
    } kinds[] = {
        { { (const uint8_t *)"\x1f\x8b\x08", 3 }, CODEC_GZIP },
        { { (const uint8_t *)"BZh", 3 }, CODEC_BZIP2 },
        { { (const uint8_t *)"\xfd"
                             "7zXZ\0",
            6 },
          CODEC_XZ },
        { { (const uint8_t *)"\x28\xb5\x2f\xfd", 4 }, CODEC_ZSTD },
    };

    for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
        if (span_starts(in, kinds[i].magic)) {
            *out = kinds[i].codec;
            return true;
        }
    /* a frame that is skipped (RFC 8878, 3.1.2): pzstd puts one before each of its own */
    *out = CODEC_ZSTD;
    return in.n >= 4 && (in.p[0] & 0xf0) == 0x50 && in.p[1] == 0x2a && in.p[2] == 0x4d &&
           in.p[3] == 0x18;
}

bool unpack_flow_open(struct unpack_flow *f, struct span in, const struct unpack_limits *limits)
{
    *f = (struct unpack_flow){ .rest = in, .limits = *limits, .in_n = in.n };
    f->packed = codec_of(in, &f->codec);
    if (!f->packed)
        return true;
    f->buffer = malloc(BUFFER);
    if (!f->buffer)
        return false;
    unpack_stream_open(&f->stream, f->codec, in, 0);
    f->open = true;
    return true;
}

void unpack_flow_close(struct unpack_flow *f)
{
    if (f->open)
        unpack_stream_close(&f->stream);
    f->open = false;
    free(f->buffer);
    f->buffer = NULL;
}

/* The stream ended: another of its kind may follow. False when there is no more. */
static bool next_stream(struct unpack_flow *f)
{
    struct span rest = f->stream.rest;
    enum codec codec;

    if (rest.n == 0)
        return false;
    if (!codec_of(rest, &codec) || codec != f->codec) {
        f->why = "something follows the compressed stream";
        return false;
    }
    unpack_stream_close(&f->stream);
    unpack_stream_open(&f->stream, codec, rest, 0);
    return true;
}

/* What was unpacked so far, against the limits: headers and padding count as well. */
static bool is_within(struct unpack_flow *f)
{
    if (f->made > f->limits.bytes && f->made - f->limits.bytes > BUDGET_RATIO_FREE)
        f->why = "more bytes of output than is allowed";
    else if (f->made > BUDGET_RATIO_FREE && f->made / f->limits.ratio > f->in_n)
        f->why = "a ratio of output over input that is more than is allowed";
    f->limit = f->why != NULL;
    return !f->limit;
}

/* Unpacks more behind what is in the buffer; false when there is no more, or none to be had. */
static bool refill(struct unpack_flow *f)
{
    size_t n;

    if (f->why)
        return false;
    if (f->start > 0)
        memmove(f->buffer, f->buffer + f->start, f->end - f->start);
    f->end -= f->start;
    f->start = 0;
    do {
        if (f->stream.step == STEP_END && !next_stream(f))
            return false;
        n = unpack_stream_read(&f->stream, f->buffer + f->end, BUFFER - f->end);
        f->end += n;
        f->made += n;
        if (f->stream.step != STEP_MORE && f->stream.step != STEP_END)
            f->why = unpack_stream_fault(&f->stream);
    } while (n == 0 && !f->why);
    return is_within(f) && !f->why;
}

bool unpack_flow_take(struct unpack_flow *f, size_t n, struct span *out)
{
    *out = SPAN_EMPTY;
    if (!f->packed) {
        if (!take(&f->rest, n, out)) {
            f->why = "it is cut off";
            return false;
        }
        f->at += n;
        return true;
    }
    while (f->end - f->start < n)
        if (!refill(f)) {
            if (!f->why)
                f->why = "it is cut off";
            return false;
        }
    *out = span_of(f->buffer + f->start, n);
    f->start += n;
    f->at += n;
    return true;
}

bool unpack_flow_ended(struct unpack_flow *f)
{
    if (!f->packed)
        return f->rest.n == 0;
    return f->start == f->end && !refill(f);
}
