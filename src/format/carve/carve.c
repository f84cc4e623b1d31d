/*
 * Content that no format claims. It stays unknown, and so undecided, whatever is
 * found; the search only tells what it hides: pickles, archives, compressed
 * streams and programs at any offset.
 *
 * One pass over the bytes, from the second on: at the first, every format has
 * looked already. Parts that are handed on come back here when no format claims
 * them; they are not searched again. Trials that come to nothing are paid from a budget
 * that grows with the input, so that no content makes the search slower than
 * linear. Where something was found, the search goes on behind it.
 */
#include "format/carve/carve.h"
#include "format/array/array.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/compiler.h"
#include "format/carve/trial.h"
#include "format/codec/codec.h"
#include "format/known/known.h"

#define HEAD_MAX     ((uint64_t)192 << 20) /* of content that is larger, its head and tail */
#define TAIL_MAX     ((uint64_t)64 << 20)
#define FOUND_MAX    1000                /* things found in one file */
#define INFLATE_FAIL 8                   /* streams that turn out to be none */
#define NUMBERS_MAX  ((uint64_t)1 << 20) /* of a file that is numbers, by the model beside it */
#define OPEN_MAX     2       /* archives whose end is not known: each is read to the end */
#define PART_NAME    "bytes" /* of a part that was searched already; "bytes at 0x1f" */
#define STEP         ((size_t)1 << 20)

struct carver {
    struct scan *s;
    struct span in; /* the part of the file that is searched */
    uint64_t base;  /* where in the file it starts */
    size_t at;
    uint64_t patience; /* bytes that trials may still look at */
    unsigned found, inflate_fails, opened;
    struct names names;
    bool tired;  /* a bound was reached: not every trial was made */
    size_t eocd; /* end of the last zip end record in the part; 0: none */
};

static enum pratique_status hand_on(struct carver *c, struct span body, const char *what)
{
    char name[64];
    int n = snprintf(name, sizeof name, "%s at 0x%" PRIx64, what, c->base + c->at);

    if (c->found++ >= FOUND_MAX) {
        c->tired = true;
        return PRATIQUE_OK;
    }
    return scan_nested(c->s, body, span_of(name, (size_t)n), ROLE_ANY);
}

static void tell(struct carver *c, enum fact_kind kind, const char *what, uint64_t n)
{
    if (c->found >= FOUND_MAX)
        return;
    facts_add(c->s->facts, &(struct fact){ .kind = kind,
                                           .where = c->s->where,
                                           .offset = c->base + c->at,
                                           .number = n,
                                           .subject = span_text(what),
                                           .detail = SPAN_EMPTY });
}

/* Tries a pickle at c->at - back; moves behind it when it is worth a report. */
static enum pratique_status try_pickle(struct carver *c, size_t back)
{
    enum pratique_status st;
    struct span body;
    struct trial t;

    if (back > c->at || c->base + c->at == back) /* the pickle reader has seen the file's start */
        return PRATIQUE_OK;
    if (c->patience == 0) {
        c->tired = true;
        return PRATIQUE_OK;
    }
    c->at -= back;
    t = trial_pickle(span_from(c->in, c->at));
    if (!t.worth || !span_sub(c->in, c->at, t.used, &body)) {
        c->patience -= t.cost < c->patience ? t.cost : c->patience;
        c->at += back;
        return PRATIQUE_OK;
    }
    tell(c, FACT_PICKLE_CARVED, "pickle", t.used);
    st = hand_on(c, body, PART_NAME);
    c->at += t.used > back ? t.used - 1 : back; /* the search goes on at the next byte */
    return st;
}

/* INST takes its arguments before it: they start at a mark, a little way back. */
static enum pratique_status try_inst(struct carver *c)
{
    size_t before = c->at;
    enum pratique_status st = PRATIQUE_OK;

    c->patience -= c->patience < 128 ? c->patience : 128;
    for (size_t back = 1; c->patience > 0 && back <= 128 && back <= before; back++)
        if (c->in.p[before - back] == '(') {
            st = try_pickle(c, back);
            if (c->at != before || st != PRATIQUE_OK)
                return st;
        }
    return st;
}

/* A stream that inflates is read as a file; its end is known then. */
static enum pratique_status try_stream(struct carver *c)
{
    struct span rest = span_from(c->in, c->at);
    struct inflated out = { .bytes = SPAN_EMPTY };
    enum pratique_status st;
    const char *name;
    bool whole;
    int codec = trial_codec(rest, &name);

    if (codec < 0)
        return PRATIQUE_OK;
    if (c->inflate_fails >= INFLATE_FAIL) {
        c->tired = true;
        return PRATIQUE_OK;
    }
    st = codec_inflate(c->s, (enum codec)codec, rest, 0, &out);
    whole = st == PRATIQUE_OK;
    c->inflate_fails += !whole;
    if (out.bytes.n > 0 && (whole || st == PRATIQUE_E_FORMAT)) {
        tell(c, FACT_CARVED, name, out.bytes.n);
        st = hand_on(c, out.bytes, name);
    }
    if (whole && out.consumed > 0 && out.consumed <= rest.n)
        c->at += (size_t)out.consumed - 1;
    codec_free(c->s, &out);
    return st == PRATIQUE_E_FORMAT ? PRATIQUE_OK : st;
}

/* The end of the last end record: what a zip at the end of the part runs up to. */
static size_t find_eocd(struct span in)
{
    for (size_t end = in.n; end > 0;) {
        const uint8_t *hit = memrchr(in.p, 'P', end);
        struct span tail;
        uint16_t comment;

        if (!hit)
            return 0;
        end = (size_t)(hit - in.p);
        tail = span_from(in, end);
        if (span_starts(tail, SPAN_LITERAL("PK\5\6")) && skip(&tail, 20) &&
            take_u16le(&tail, &comment))
            return comment <= tail.n ? end + 22 + comment : in.n;
    }
    return 0;
}

/* Whether the end record's own count of the directory leads back to a zip that starts at c->at. */
static bool eocd_agrees(const struct carver *c)
{
    struct span tail;
    uint32_t size, off;
    size_t eocd = c->eocd >= 22 ? c->eocd - 22 : 0;

    tail = span_from(c->in, eocd);
    return eocd > c->at && span_starts(tail, SPAN_LITERAL("PK\5\6")) && skip(&tail, 12) &&
           take_u32le(&tail, &size) && take_u32le(&tail, &off) &&
           (uint64_t)off + size == eocd - c->at;
}

static enum pratique_status try_zip(struct carver *c)
{
    bool whole = eocd_agrees(c);
    size_t end = c->eocd > c->at ? c->eocd : c->in.n;
    enum pratique_status st;
    struct span body;

    if (!trial_zip(span_from(c->in, c->at)) || !span_sub(c->in, c->at, end - c->at, &body))
        return PRATIQUE_OK;
    if (!whole && c->opened++ >= OPEN_MAX) { /* read to the end so often only */
        c->tired = true;
        return PRATIQUE_OK;
    }
    tell(c, FACT_CARVED, "zip", body.n);
    st = hand_on(c, body, PART_NAME);
    c->at += whole ? body.n - 1 : 0;
    return st;
}

/* "ustar" stands 257 bytes behind the header's start. */
static enum pratique_status try_tar(struct carver *c)
{
    enum pratique_status st;
    struct span body;
    size_t n;

    if (!span_starts(span_from(c->in, c->at), SPAN_LITERAL("ustar")) || c->at < 257)
        return PRATIQUE_OK;
    n = trial_tar(span_from(c->in, c->at - 257));
    if (n == 0 || !span_sub(c->in, c->at - 257, n, &body))
        return PRATIQUE_OK;
    c->at -= 257;
    tell(c, FACT_CARVED, "tar", n);
    st = hand_on(c, body, PART_NAME);
    c->at += n - 1;
    return st;
}

/* Programs and arrays are told; pickles inside an array are found by themselves. */
static void try_mark(struct carver *c)
{
    struct span rest = span_from(c->in, c->at);
    const char *program = known_program(rest);

    if (span_starts(rest, SPAN_LITERAL("\x93NUMPY")))
        tell(c, FACT_CARVED, "npy", 0);
    else if (program && (strcmp(program, "ELF") == 0 || strcmp(program, "PE") == 0))
        tell(c, FACT_CARVED, program, 0);
    else
        return;
    c->found++;
}

/* A name in a short string, as protocol 4 puts it before STACK_GLOBAL. */
static bool is_short_name(struct span in)
{
    uint8_t op, n;
    struct span name;

    if (!take_u8(&in, &op) || !take_u8(&in, &n) || n == 0 || n > 64 || !take(&in, n, &name))
        return false;
    for (size_t i = 0; i < name.n; i++)
        if (name.p[i] < '.' || name.p[i] > 'z')
            return false;
    return in.n > 0 && (in.p[0] == 0x94 || in.p[0] == 0x8C || in.p[0] == 'q');
}

/* What may start at c->at, by its byte. */
static enum pratique_status try_at(struct carver *c)
{
    struct span rest = span_from(c->in, c->at);
    uint8_t next = rest.n > 1 ? rest.p[1] : 0;

    switch (rest.p[0]) {
    case 0x80:
        return next >= 2 && next <= 5 ? try_pickle(c, 0) : PRATIQUE_OK;
    case 'c':
        return names_at(&c->names, c->in, c->at + 1) ? try_pickle(c, 0) : PRATIQUE_OK;
    case 'i':
        return names_at(&c->names, c->in, c->at + 1) ? try_inst(c) : PRATIQUE_OK;
    case 0x8C:
        return is_short_name(rest) ? try_pickle(c, 0) : PRATIQUE_OK;
    case 'P':
        return next == 'K' ? try_zip(c) : PRATIQUE_OK;
    case 'u':
        return next == 's' ? try_tar(c) : PRATIQUE_OK;
    case 0x7F:
    case 'M':
    case 0x93:
        if (next == 'E' || next == 'Z' || next == 'N')
            try_mark(c);
        return PRATIQUE_OK;
    default:
        return try_stream(c);
    }
}

/* Bytes at which try_at() looks closer. */
static const bool starts[256] = {
    [0x80] = true, ['c'] = true,  ['i'] = true,  [0x8C] = true, ['P'] = true,
    ['u'] = true,  [0x7F] = true, ['M'] = true,  [0x93] = true, [0x1F] = true,
    ['B'] = true,  [0xFD] = true, [0x28] = true, [0x04] = true
};

static enum pratique_status search(struct carver *c)
{
    enum pratique_status st = PRATIQUE_OK;

    c->eocd = find_eocd(c->in);
    while (c->at < c->in.n && st == PRATIQUE_OK) {
        size_t stop = c->in.n - c->at > STEP ? c->at + STEP : c->in.n;

        if (!budget_time(c->s->budget))
            return scan_fail_budget(c->s, c->base + c->at);
        for (; c->at < stop && st == PRATIQUE_OK; c->at++)
            if (starts[c->in.p[c->at]])
                st = try_at(c);
    }
    c->s->budget->work_done += c->in.n;
    return st;
}

static enum pratique_status search_part(struct scan *s, struct span in, uint64_t from, uint64_t n)
{
    struct carver c = { .s = s, .base = from, .at = from == 0, .patience = 4 * n + 65536 };
    enum pratique_status st = PRATIQUE_OK;

    if (span_sub(in, from, n, &c.in))
        st = search(&c);
    if (c.tired)
        scan_factf(s, FACT_LIMIT, from, SPAN_LITERAL("search"),
                   "too much looks like something: not everything in it was tried");
    return st;
}

static void tell_unknown(struct scan *s, struct span in)
{
    char hex[3 * 16 + 1] = "";
    size_t n = in.n < 16 ? in.n : 16;

    for (size_t i = 0; i < n; i++)
        (void)snprintf(hex + 3 * i, 4, "%02x ", in.p[i]);
    facts_add(s->facts, &(struct fact){ .kind = FACT_UNKNOWN_CONTENT,
                                        .where = s->where,
                                        .number = in.n,
                                        .subject = SPAN_EMPTY,
                                        .detail = span_of(hex, n ? 3 * n - 1 : 0) });
    if (s->role == ROLE_TEXT)
        scan_fact(s, FACT_TEXT_NOT_TEXT, 0, SPAN_EMPTY, SPAN_EMPTY);
}

static bool looks_like(struct span in)
{
    (void)in;
    return true;
}

static enum pratique_status scan(struct scan *s, struct span in)
{
    enum pratique_status st;

    bool chunk = array_is_chunk(s);

    if (chunk)
        scan_read(s, "array chunk", in.n, "numbers of an array, not read");
    else
        tell_unknown(s, in);
    if (span_starts(s->name, SPAN_LITERAL(PART_NAME " at 0x")))
        return PRATIQUE_OK;
    if (s->numbers && in.n > 2 * NUMBERS_MAX) {
        st = search_part(s, in, 0, NUMBERS_MAX);
        return st == PRATIQUE_OK ? search_part(s, in, in.n - NUMBERS_MAX, NUMBERS_MAX) : st;
    }
    if (in.n <= HEAD_MAX + TAIL_MAX)
        return search_part(s, in, 0, in.n);
    if (!chunk)
        scan_factf(s, FACT_LIMIT, HEAD_MAX, SPAN_LITERAL("search"),
                   "%" PRIu64 " bytes between head and tail were not searched",
                   (uint64_t)in.n - HEAD_MAX - TAIL_MAX);
    st = search_part(s, in, 0, HEAD_MAX);
    return st == PRATIQUE_OK ? search_part(s, in, in.n - TAIL_MAX, TAIL_MAX) : st;
}

const struct format format_unknown = {
    .name = "unknown",
    .spec = "none: content of no known format",
    .looks_like = looks_like,
    .scan = scan,
};
