/* Answers of a worker, written and read: see wire.h. */
#include "scan/wire.h"

#include <stdlib.h>
#include <string.h>

#include "scan/engine.h"

/* Kept free for the end record, which must always fit. */
#define END_ROOM 1024

static void put(struct buf *b, uint64_t v, unsigned bytes)
{
    uint8_t raw[8];

    for (unsigned i = 0; i < bytes; i++)
        raw[i] = (uint8_t)(v >> (8 * i));
    (void)buf_add(b, raw, bytes);
}

static void put_text(struct buf *b, struct span s)
{
    size_t n = s.n < UINT16_MAX ? s.n : UINT16_MAX;

    put(b, n, 2);
    (void)buf_add(b, s.p, n);
}

/* Which place in the answer each where has, 0 while it has none. */
struct places {
    uint32_t *of; /* by where->id */
    uint32_t n;
};

/* Writes the where and, before it, its parents; as deep as files lie within files. */
static uint32_t put_where(struct buf *b, struct places *places, const struct where *w)
{
    uint32_t parent;

    if (!w)
        return 0;
    if (places->of[w->id])
        return places->of[w->id];
    parent = put_where(b, places, w->parent);
    (void)buf_putc(b, 'W');
    put(b, parent, 4);
    put_text(b, span_text(w->name));
    return places->of[w->id] = ++places->n;
}

static void put_fact(struct buf *b, struct places *places, const struct fact *f)
{
    uint32_t where = put_where(b, places, f->where);

    (void)buf_putc(b, 'F');
    put(b, f->kind, 2);
    put(b, f->flags, 4);
    put(b, where, 4);
    put(b, f->offset, 8);
    put(b, f->line, 4);
    put(b, f->column, 4);
    put(b, f->count, 8);
    put(b, f->number, 8);
    put_text(b, f->subject);
    put_text(b, f->detail);
    put(b, f->refs_n, 4);
    for (uint32_t i = 0; i < f->refs_n && i < FACT_REFS_MAX; i++)
        put_text(b, f->refs[i]);
}

static void put_end(struct buf *b, const struct facts *facts, const struct wire_end *end, bool full)
{
    (void)buf_putc(b, 'E');
    put(b, end->flags | (full ? WIRE_END_FULL : 0u), 4);
    put(b, end->work, 8);
    put(b, end->time_us, 8);
    put(b, facts->reads_omitted, 8);
    (void)buf_add(b, end->sha256, sizeof end->sha256);
    put_text(b, span_text(end->format));
}

/* Takes back what was appended since mark. */
static void roll_back(struct buf *b, size_t mark)
{
    b->n = mark;
    b->failed = false;
}

bool wire_put_answer(struct buf *out, const struct facts *facts, const struct wire_end *end)
{
    struct places places = { .of = calloc((size_t)facts->wheres + 1, sizeof *places.of) };
    size_t ceiling = out->ceiling;
    bool full = facts->full || !places.of;

    out->ceiling = ceiling > END_ROOM ? ceiling - END_ROOM : 0;
    for (size_t i = 0; i < facts->n && places.of; i++) {
        size_t mark = out->n;

        put_fact(out, &places, &facts->list[i]);
        if (out->failed || places.n > WIRE_WHERES_MAX) {
            roll_back(out, mark);
            full = true;
            break;
        }
    }
    out->ceiling = ceiling;
    put_end(out, facts, end, full);
    free(places.of);
    return !out->failed;
}

/* The reader's state; places of wheres are counted as they come. */
struct reader {
    struct facts *facts;
    struct span name;
    const struct where **wheres;
    size_t n, size;
    const char *why;
    bool no_memory;
};

static bool nonsense(struct reader *r, const char *why)
{
    r->why = why;
    return false;
}

static bool take_text(struct span *in, struct span *out)
{
    uint16_t n;

    *out = SPAN_EMPTY;
    return take_u16le(in, &n) && take(in, n, out);
}

static bool room_for_where(struct reader *r)
{
    size_t size = r->size ? r->size * 2 : 16;
    const struct where **list;

    if (r->n < r->size)
        return true;
    if (r->n >= WIRE_WHERES_MAX)
        return nonsense(r, "more places than facts can have");
    list = realloc(r->wheres, size * sizeof(const struct where *));
    r->no_memory |= !list;
    if (!list)
        return false;
    r->wheres = list;
    r->size = size;
    return true;
}

/* The where at a place; *ok is false when there is none such. */
static const struct where *where_at(const struct reader *r, uint32_t place, bool *ok)
{
    *ok = place <= r->n;
    return *ok && place ? r->wheres[place - 1] : NULL;
}

static bool take_where(struct reader *r, struct span *in)
{
    const struct where *parent, *w;
    struct span name;
    uint32_t place;
    bool ok;

    if (!take_u32le(in, &place) || !take_text(in, &name))
        return nonsense(r, "a place is cut short");
    parent = where_at(r, place, &ok);
    if (!ok || (r->n == 0) != (place == 0))
        return nonsense(r, "a place lies nowhere");
    if (parent && parent->depth > ENGINE_DEPTH_MAX)
        return nonsense(r, "a place lies too deep");
    if (!room_for_where(r))
        return false;
    w = facts_where(r->facts, parent, parent ? name : r->name);
    r->no_memory |= !w;
    if (!w)
        return false;
    r->wheres[r->n++] = w;
    return true;
}

static bool take_refs(struct span *in, struct fact *f)
{
    if (!take_u32le(in, &f->refs_n))
        return false;
    for (uint32_t i = 0; i < f->refs_n && i < FACT_REFS_MAX; i++)
        if (!take_text(in, &f->refs[i]))
            return false;
    return true;
}

static bool take_fact(struct reader *r, struct span *in)
{
    struct fact f = { 0 };
    uint16_t kind;
    uint32_t place;
    bool ok;

    if (!take_u16le(in, &kind) || !take_u32le(in, &f.flags) || !take_u32le(in, &place) ||
        !take_u64le(in, &f.offset) || !take_u32le(in, &f.line) || !take_u32le(in, &f.column) ||
        !take_u64le(in, &f.count) || !take_u64le(in, &f.number) || !take_text(in, &f.subject) ||
        !take_text(in, &f.detail) || !take_refs(in, &f))
        return nonsense(r, "a fact is cut short");
    if (kind >= FACT_KINDS)
        return nonsense(r, "a fact of no known kind");
    f.kind = (enum fact_kind)kind;
    f.where = where_at(r, place, &ok);
    if (!ok || !f.where)
        return nonsense(r, "a fact lies nowhere");
    facts_add(r->facts, &f);
    return true;
}

static bool take_end(struct reader *r, struct span *in, struct wire_end *end)
{
    struct span sha, format;

    if (!take_u32le(in, &end->flags) || !take_u64le(in, &end->work) ||
        !take_u64le(in, &end->time_us) || !take_u64le(in, &r->facts->reads_omitted) ||
        !take(in, SHA256_BYTES, &sha) || !take_text(in, &format) || in->n != 0)
        return nonsense(r, "the end is not where it should be");
    if (end->flags & ~(unsigned)(WIRE_END_FULL | WIRE_END_SHA256))
        return nonsense(r, "flags of no known meaning");
    r->facts->full |= (end->flags & WIRE_END_FULL) != 0;
    if (r->facts->n == 0 && !r->facts->full)
        return nonsense(r, "no facts at all");
    memcpy(end->sha256, sha.p, SHA256_BYTES);
    format = fact_printable(r->facts->arena, format, FACT_SUBJECT_MAX);
    end->format = arena_copy(r->facts->arena, format.p, format.n);
    r->no_memory |= !end->format;
    return end->format;
}

/* One record; *done at the end of a good answer. */
static bool take_record(struct reader *r, struct span *in, struct wire_end *end, bool *done)
{
    uint8_t tag;

    if (!take_u8(in, &tag))
        return nonsense(r, "it has no end");
    switch (tag) {
    case 'W':
        return take_where(r, in);
    case 'F':
        return take_fact(r, in);
    case 'E':
        *done = true;
        return take_end(r, in, end);
    default:
        return nonsense(r, "a record of no known kind");
    }
}

enum pratique_status wire_take_answer(struct span in, struct span name, struct facts *facts,
                                      struct wire_end *end, const char **why)
{
    struct reader r = { .facts = facts, .name = name };
    bool done = false, ok = true;

    *end = (struct wire_end){ .format = "" };
    while (ok && !done)
        ok = take_record(&r, &in, end, &done);
    free(r.wheres);
    *why = r.why ? r.why : "";
    if (ok)
        return PRATIQUE_OK;
    return r.no_memory ? PRATIQUE_E_NOMEM : PRATIQUE_E_FORMAT;
}
