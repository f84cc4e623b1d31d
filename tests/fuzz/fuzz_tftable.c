/*
 * Checkpoints; and the input as a block of one, its checksum right, so that entries are reached;
 * as a compressed block; and snappy by itself.
 */
#include <stdlib.h>

#include "format/tensorflow/crc32c.h"
#include "format/tensorflow/table.h"
#include "format/tensorflow/tensorflow.h"
#include "harness.h"

struct out {
    uint8_t *p;
    size_t n;
};

static void put(struct out *o, const void *p, size_t n)
{
    memcpy(o->p + o->n, p, n);
    o->n += n;
}

static void put_varint(struct out *o, uint64_t v)
{
    for (; v > 127; v >>= 7)
        put(o, &(uint8_t){ (uint8_t)(v | 0x80) }, 1);
    put(o, &(uint8_t){ (uint8_t)v }, 1);
}

static void put_u32(struct out *o, uint32_t v)
{
    put(o, (uint8_t[]){ (uint8_t)v, (uint8_t)(v >> 8), (uint8_t)(v >> 16), (uint8_t)(v >> 24) }, 4);
}

static void put_block(struct out *o, const uint8_t *data, size_t n, uint8_t compression)
{
    size_t start = o->n;

    put(o, data, n);
    put(o, &compression, 1);
    put_u32(o, crc32c_masked(crc32c(0, span_of(o->p + start, n + 1))));
}

/* The input as the only block of a table. */
static void run_as_block(const uint8_t *data, size_t n, uint8_t compression)
{
    uint8_t bytes[64];
    struct out index = { bytes, 0 }, o = { malloc(n + 256), 0 };
    size_t at, footer;

    if (!o.p)
        return;
    put_block(&o, data, n, compression);
    put(&index, "\0\1", 2);
    put_varint(&index, n < 128 ? 2 : n < 16384 ? 3 : 4);
    put(&index, "k", 1);
    put_varint(&index, 0);
    put_varint(&index, n);
    put_u32(&index, 0);
    put_u32(&index, 1);
    at = o.n;
    put_block(&o, bytes, index.n, 0);
    footer = o.n;
    put_varint(&o, 0);
    put_varint(&o, 0);
    put_varint(&o, at);
    put_varint(&o, index.n);
    while (o.n < footer + 40)
        put(&o, "", 1);
    put(&o, "\x57\xfb\x80\x8b\x24\x75\x47\xdb", 8);
    harness_run(&format_tf_checkpoint, o.p, o.n);
    free(o.p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct span in = span_of(data, n);
    uint64_t length;

    if (n >= 1 << 20)
        return 0;
    if (snappy_length(&in, &length) && length < 1 << 20) {
        uint8_t *out = malloc(length ? length : 1);

        if (out && !snappy_decode(in, out, (size_t)length))
            memset(out, 0, (size_t)length); /* writable to its end, whatever was decoded */
        free(out);
    }
    if (n > 48)
        harness_run(&format_tf_checkpoint, data, n);
    run_as_block(data, n, 0);
    run_as_block(data, n, 1);
    return 0;
}
