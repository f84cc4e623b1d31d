/*
 * The content of a zip's members. Deflate goes to libdeflate in one piece, small members straight
 * to where they are wanted; what is too large for that, and the other methods, streams.
 */
#include <libdeflate.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "format/zip/records.h"
#include "trust/admit/unpack.h"

/* Members up to this size are inflated in one piece. */
#define WHOLE_MAX ((uint64_t)256 << 20)
/* What is read as a text of our own: RECORD, WHEEL. */
#define SMALL_MAX ((uint64_t)64 << 20)

struct inflater {
    struct libdeflate_decompressor *d;
    uint8_t *buffer; /* grows to the largest member */
    size_t size;
};

static bool make_room(struct inflater *f, size_t n)
{
    void *p;

    if (n <= f->size)
        return true;
    if (f->buffer)
        (void)munmap(f->buffer, f->size);
    f->buffer = NULL;
    f->size = 0;
    p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED)
        return false;
    (void)madvise(p, n, MADV_HUGEPAGE); /* fewer faults; where there are none it does no harm */
    f->buffer = p;
    f->size = n;
    return true;
}

static void inflater_free(struct inflater *f)
{
    if (f->d)
        libdeflate_free_decompressor(f->d);
    if (f->buffer)
        (void)munmap(f->buffer, f->size);
}

/* One member while its content is handed out. */
struct flow {
    struct unpack *u;
    const struct unpack_entry *e;
    const struct unpack_sink *to;
    size_t i; /* of the entry */
    uint32_t crc;
    uint64_t n; /* bytes so far */
    bool whole; /* RECORD sees it in one piece */
};

static bool fault(struct flow *f, const char *why)
{
    unpack_tell(f->u, FACT_UNPACK_CONTENT, f->e->offset, f->e->name, "%s", why);
    return false;
}

/* Bytes that lie where they are wanted. */
static void filled(struct flow *f, const uint8_t *p, size_t n)
{
    f->crc = libdeflate_crc32(f->crc, p, n);
    f->n += n;
    if (f->u->record && !f->whole)
        unpack_record_update(f->u, span_of(p, n));
    f->to->put(f->to->user, n);
}

static void hand_out(struct flow *f, struct span bytes)
{
    struct span part;

    while (bytes.n > 0) {
        uint8_t *room;

        (void)take(&bytes, bytes.n < UNPACK_PIECE ? bytes.n : UNPACK_PIECE, &part);
        room = f->to->room(f->to->user, f->i, part.n);
        memcpy(room, part.p, part.n);
        filled(f, room, part.n);
    }
}

/* All of the member into out, which has room for its size and for one byte at the least. */
static bool inflate_into(struct flow *f, struct inflater *i, struct span packed, uint8_t *out)
{
    size_t took, made;
    enum libdeflate_result r = libdeflate_deflate_decompress_ex(i->d, packed.p, packed.n, out,
                                                                (size_t)f->e->size, &took, &made);

    if (r == LIBDEFLATE_INSUFFICIENT_SPACE)
        return fault(f, "it unpacks to more than it says");
    if (r != LIBDEFLATE_SUCCESS)
        return fault(f, "its compressed data is broken");
    if (made != f->e->size)
        return fault(f, "it unpacks to less than it says");
    return took == packed.n || fault(f, "something follows its compressed data");
}

/* All of it lies there: RECORD judges it, now or with the next. */
static bool judge_whole(struct flow *f, const uint8_t *p)
{
    return !f->u->record || unpack_record_whole(f->u, f->e, span_of(p, (size_t)f->e->size));
}

static bool filled_whole(struct flow *f, const uint8_t *p)
{
    f->n = f->e->size;
    f->crc = libdeflate_crc32(f->crc, p, (size_t)f->n);
    return judge_whole(f, p);
}

static bool inflate_small(struct flow *f, struct inflater *i, struct span packed)
{
    size_t n = (size_t)f->e->size;
    uint8_t none[1], *room = n ? f->to->room(f->to->user, f->i, n) : none;

    if (!inflate_into(f, i, packed, room) || !filled_whole(f, room))
        return false;
    if (n)
        f->to->put(f->to->user, n);
    return true;
}

static bool inflate_large(struct flow *f, struct inflater *i, struct span packed)
{
    uint8_t *room = f->to->large(f->to->user, unpack_record_waits(f->u));

    if (!inflate_into(f, i, packed, room) || !filled_whole(f, room))
        return false;
    f->to->put_large(f->to->user, f->i, (size_t)f->e->size);
    return true;
}

/* By way of a buffer, which may hold the file that waits. */
static bool inflate_huge(struct flow *f, struct inflater *i, struct span packed)
{
    size_t n = (size_t)f->e->size;

    if (i->buffer && unpack_record_waits(f->u) == i->buffer && !unpack_record_settle(f->u))
        return false;
    if (!make_room(i, n)) {
        unpack_no_memory(f->u);
        return false;
    }
    if (!inflate_into(f, i, packed, i->buffer) || !judge_whole(f, i->buffer))
        return false;
    hand_out(f, span_of(i->buffer, n));
    return true;
}

static bool inflate_whole(struct flow *f, struct inflater *i, struct span packed)
{
    if (f->e->size <= UNPACK_PIECE)
        return inflate_small(f, i, packed);
    if (f->to->large && f->e->size <= UNPACK_LARGE)
        return inflate_large(f, i, packed);
    return inflate_huge(f, i, packed);
}

static bool end_of_stream(struct flow *f, const struct unpack_stream *s, bool more)
{
    if (more)
        return fault(f, "it unpacks to more than it says");
    if (s->step != STEP_END)
        return fault(f, unpack_stream_fault(s));
    return s->rest.n == 0 || fault(f, "something follows its compressed data");
}

static bool stream(struct flow *f, enum codec codec, struct span packed)
{
    struct unpack_stream s;
    uint8_t more[16];
    bool ok;

    unpack_stream_open(&s, codec, packed, f->e->size);
    while (s.step == STEP_MORE && f->n < f->e->size) {
        uint64_t left = f->e->size - f->n;
        size_t want = left < UNPACK_PIECE ? (size_t)left : UNPACK_PIECE;
        uint8_t *room = f->to->room(f->to->user, f->i, want);
        size_t n = unpack_stream_read(&s, room, want);

        if (n > 0)
            filled(f, room, n);
    }
    ok = end_of_stream(f, &s, unpack_stream_read(&s, more, sizeof more) > 0);
    unpack_stream_close(&s);
    return ok;
}

static bool by_method(struct flow *f, struct inflater *i, struct span packed)
{
    switch (f->e->method) {
    case METHOD_STORED:
        hand_out(f, packed);
        return true;
    case METHOD_DEFLATE:
        return f->whole ? inflate_whole(f, i, packed) : stream(f, CODEC_DEFLATE, packed);
    case METHOD_BZIP2:
        return stream(f, CODEC_BZIP2, packed);
    case METHOD_LZMA:
        return stream(f, CODEC_LZMA_ZIP, packed);
    case METHOD_XZ:
        return stream(f, CODEC_XZ, packed);
    default: /* frames that are skipped may hold anything */
        return span_starts(packed, SPAN_LITERAL("\x28\xb5\x2f\xfd"))
                   ? stream(f, CODEC_ZSTD, packed)
                   : fault(f, "its compressed data does not start with a frame");
    }
}

static bool member(struct flow *f, struct inflater *i)
{
    struct span packed;

    if (!span_sub(f->u->in, f->e->data, f->e->packed, &packed))
        return fault(f, "it is cut off");
    if (!by_method(f, i, packed))
        return false;
    if (f->n != f->e->size)
        return fault(f, "it unpacks to less than it says");
    return f->crc == f->e->crc || fault(f, "its checksum is wrong");
}

static bool is_whole(const struct unpack_entry *e)
{
    return e->method == METHOD_DEFLATE && e->size <= WHOLE_MAX;
}

/* A folder may have a stream, of nothing; RECORD does not know it. */
static bool folder(struct flow *f, struct inflater *i)
{
    struct unpack_record *record = f->u->record;
    bool ok;

    f->u->record = NULL;
    ok = f->e->packed == 0 || member(f, i);
    f->u->record = record;
    return ok;
}

static bool file(struct flow *f, struct inflater *i)
{
    struct unpack *u = f->u;
    bool in_pieces = u->record && !f->whole;

    if (in_pieces)
        unpack_record_begin(u, f->e);
    return member(f, i) && (!in_pieces || unpack_record_end(u, f->e));
}

bool unpack_content_zip(struct unpack *u, const struct unpack_sink *to)
{
    struct inflater inflater = { .d = libdeflate_alloc_decompressor() };
    bool ok = inflater.d;

    if (!ok)
        unpack_no_memory(u);
    for (size_t i = 0; ok && i < u->n; i++) {
        const struct unpack_entry *e = &u->entries[i];
        struct flow f = { .u = u, .e = e, .to = to, .i = i, .whole = is_whole(e) };

        ok = e->type == UNPACK_FILE ? file(&f, &inflater) : folder(&f, &inflater);
    }
    ok = ok && (!u->record || unpack_record_settle(u));
    inflater_free(&inflater);
    return ok;
}

/* ---- one member by itself ---- */

struct memory {
    uint8_t *p;
    size_t n;
};

static uint8_t *memory_room(void *user, size_t i, size_t n)
{
    struct memory *m = user;

    (void)i;
    (void)n;
    return m->p + m->n;
}

static void memory_put(void *user, size_t n)
{
    ((struct memory *)user)->n += n;
}

bool unpack_zip_small(struct unpack *u, const struct unpack_entry *e, struct span *out)
{
    struct inflater inflater = { .d = libdeflate_alloc_decompressor() };
    struct memory m = { .n = 0 };
    struct unpack_sink to = { .user = &m, .room = memory_room, .put = memory_put };
    struct flow f = { .u = u, .e = e, .to = &to, .whole = is_whole(e) };
    struct unpack_record *record = u->record;
    bool ok = false;

    *out = SPAN_EMPTY;
    m.p = e->size <= SMALL_MAX ? arena_alloc(&u->arena, (size_t)e->size + 1) : NULL;
    u->record = NULL; /* it is not held against itself */
    if (e->size > SMALL_MAX)
        unpack_tell(u, FACT_UNPACK_LIMIT, e->offset, e->name, "more than 64 MiB of metadata");
    else if (!m.p || !inflater.d)
        unpack_no_memory(u);
    else
        ok = member(&f, &inflater);
    u->record = record;
    inflater_free(&inflater);
    *out = ok ? span_of(m.p, m.n) : SPAN_EMPTY;
    return ok;
}
