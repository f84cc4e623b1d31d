/* Compressed streams in pieces: see unpack.h. */
#include "trust/admit/unpack.h"

void unpack_stream_open(struct unpack_stream *s, enum codec codec, struct span in, uint64_t expect)
{
    *s = (struct unpack_stream){ .rest = in };
    s->step = decoder_open(&s->d, codec, &s->rest, expect, UNPACK_STREAM_MEMORY);
}

/* A decoder that twice in a row neither reads nor writes has no more to give. */
static void look_idle(struct unpack_stream *s, bool moved)
{
    s->idle = moved ? 0 : s->idle + 1;
    if (s->step == STEP_MORE && s->idle >= 2) {
        s->d.why = s->rest.n ? "the stream does not go on" : "the stream is cut off";
        s->step = STEP_BROKEN;
    }
}

size_t unpack_stream_read(struct unpack_stream *s, uint8_t *out, size_t n)
{
    size_t have = 0;

    while (s->step == STEP_MORE && have < n) {
        size_t before = s->rest.n, room = n - have;

        s->step = decoder_step(&s->d, &s->rest, out + have, &room);
        have += room;
        look_idle(s, room > 0 || s->rest.n < before);
    }
    return have;
}

const char *unpack_stream_fault(const struct unpack_stream *s)
{
    switch (s->step) {
    case STEP_NOMEM:
        return "there is no memory to unpack it";
    case STEP_LIMIT:
        return "it needs more than 256 MiB to be unpacked";
    case STEP_BROKEN:
        return s->d.why;
    default:
        return "the stream is cut off";
    }
}

void unpack_stream_close(struct unpack_stream *s)
{
    decoder_close(&s->d);
}
