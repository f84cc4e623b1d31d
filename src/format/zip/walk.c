/*
 * What no directory accounts for: bytes before, between and behind, and local
 * headers in them. A reader of the stream sees members there that a reader of
 * the directory does not. See parts.h.
 */
#include "format/zip/parts.h"

#define FIRST_SLOTS 64

static size_t slot_of(const struct zip *z, const struct offsets *set, uint64_t off)
{
    size_t at = (size_t)zip_hash(z, 0, off) & (set->size - 1);

    while (set->slots[at] && set->slots[at] != off)
        at = (at + 1) & (set->size - 1);
    return at;
}

static bool grow(struct zip *z)
{
    struct offsets old = z->walked, wider = { .size = old.size ? old.size * 2 : FIRST_SLOTS };

    wider.slots = scan_map(z->s, wider.size * sizeof *wider.slots);
    if (!wider.slots)
        return false;
    for (size_t i = 0; i < old.size; i++)
        if (old.slots[i])
            wider.slots[slot_of(z, &wider, old.slots[i])] = old.slots[i];
    wider.n = old.n;
    scan_unmap(z->s, old.slots, old.size * sizeof *old.slots);
    z->walked = wider;
    return true;
}

/* Adds off; *added is false when it was there. False without memory. */
static bool visit(struct zip *z, uint64_t off, bool *added)
{
    size_t at;

    if (z->walked.n * 2 >= z->walked.size && !grow(z))
        return false;
    at = slot_of(z, &z->walked, off + 1);
    *added = z->walked.slots[at] == 0;
    z->walked.slots[at] = off + 1;
    z->walked.n += *added;
    return true;
}

/*
 * Length of stored data whose header does not say it: up to a descriptor that
 * gives it, or else up to the next record. Every search ends at the next local
 * header, so that all of them together are linear.
 */
static uint64_t stored_length(struct span data)
{
    for (size_t at = span_find(data, 0, SPAN_LITERAL("PK")); at != SIZE_MAX;
         at = span_find(data, at + 1, SPAN_LITERAL("PK"))) {
        struct span d = span_from(data, at + 4);
        uint32_t crc, csize = 0;

        if (zip_is(data, at, SIG_DESCRIPTOR) && take_u32le(&d, &crc) && take_u32le(&d, &csize) &&
            csize == at)
            return at;
        if (zip_is(data, at, SIG_LOCAL) || zip_is(data, at, SIG_CENTRAL) ||
            zip_is(data, at, SIG_END))
            return at;
    }
    return data.n;
}

/* Length of the descriptor behind data of n bytes, as far as it can be told; may be 0. */
static unsigned descriptor_behind(struct span in, uint64_t off, uint64_t n)
{
    struct span d = span_from(in, off);
    uint32_t crc, csize;
    uint64_t wide;
    unsigned sig = zip_is(d, 0, SIG_DESCRIPTOR) ? 4 : 0;

    (void)skip(&d, sig);
    if (!take_u32le(&d, &crc))
        return 0;
    in = d;
    if (take_u64le(&in, &wide) && wide == n && n <= UINT32_MAX && zip_is(d, 16, SIG_LOCAL))
        return sig + 20;
    return take_u32le(&d, &csize) && csize == (uint32_t)n ? sig + 12 : 0;
}

static struct reading reading_of(const struct zip_local *l, uint64_t off)
{
    bool known = !(l->flags & FLAG_DESCRIPTOR) || l->crc;

    return (struct reading){ .names = { l->name },
                             .names_n = 1,
                             .at = off,
                             .data = l->data,
                             .csize = l->csize,
                             .usize = l->usize,
                             .crc = l->crc,
                             .method = l->method,
                             .csize_known = l->sized,
                             .usize_known = l->sized,
                             .crc_known = known,
                             .encrypted = l->flags & (FLAG_ENCRYPTED | FLAG_STRONG) };
}

/* Reads one; *end is behind its data and descriptor. */
static enum pratique_status read_hidden(struct zip *z, uint64_t off, const struct zip_local *l,
                                        uint64_t *end)
{
    struct reading r = reading_of(l, off);
    uint64_t consumed, n;
    enum pratique_status st;

    zip_tell(z, FACT_ZIP_HIDDEN, off, l->name, "no directory lists it");
    names_check(z, off, l->name, l->flags);
    if (!l->sized && l->method == METHOD_STORED) {
        r.csize = r.usize = stored_length(span_from(z->in, l->data));
        r.csize_known = r.usize_known = true;
    }
    st = content_read(z, &r, &consumed);
    n = r.csize_known ? r.csize : consumed;
    if (n > z->in.n - l->data)
        n = z->in.n - l->data;
    *end = l->data + n;
    if (l->flags & FLAG_DESCRIPTOR)
        *end += descriptor_behind(z->in, *end, n);
    return st;
}

enum pratique_status walk_hidden(struct zip *z, uint64_t off, uint64_t *end)
{
    enum pratique_status st = PRATIQUE_OK;
    struct zip_local l;
    bool added = true;

    *end = off;
    if (zip_is(z->in, off, SIG_DESCRIPTOR)) /* of the member before, which was read another way */
        off += zip_is(z->in, off + 24, SIG_LOCAL) ? 24 : 16;
    while (st == PRATIQUE_OK && zip_local(z->in, off, &l) && !entries_has_local(z, off)) {
        if (!visit(z, off, &added) || !budget_members(z->s->budget, 1))
            return scan_fail_budget(z->s, off);
        if (!added)
            break;
        st = read_hidden(z, off, &l, end);
        off = *end;
    }
    return st;
}

static bool is_zero(struct span s)
{
    return s.n == 0 || (s.p[0] == 0 && memcmp(s.p, s.p + 1, s.n - 1) == 0);
}

/* Hands bytes on as a file of their own, unless there is nothing in them. */
static enum pratique_status hand_on(struct zip *z, uint64_t from, uint64_t to, const char *name)
{
    struct span piece;

    if (from >= to || !span_sub(z->in, from, to - from, &piece) || is_zero(piece))
        return PRATIQUE_OK;
    if (piece.n == z->in.n) /* the same file once more */
        return PRATIQUE_OK;
    if (z->pieces++ >= ZIP_PIECES_MAX) {
        zip_tell(z, FACT_ZIP_PIECES, from, SPAN_EMPTY, "%zu bytes", piece.n);
        return PRATIQUE_OK;
    }
    if (!content_charge(z, piece.n, from))
        return PRATIQUE_E_LIMIT;
    return scan_nested(z->s, piece, span_text(name), ROLE_ANY);
}

/*
 * An end record in from..to with a directory of its own: an archive that was
 * there before. Where its offsets count from the start of the file, it is the
 * file up to there; else it is the piece by itself. Sets *found, and hands it on.
 */
static enum pratique_status hand_on_archive(struct zip *z, uint64_t from, uint64_t to, bool *found)
{
    struct zip_ends ends;
    struct span head;
    uint64_t start;

    *found = false;
    if (!span_sub(z->in, 0, to, &head) || !zip_find_ends(head, from, true, &ends) ||
        !zip_ends_list_members(&ends))
        return PRATIQUE_OK;
    start = ends.directories[0].base == 0 && to < z->in.n ? 0 : from;
    if (start == 0 && to == z->in.n)
        return PRATIQUE_OK;
    *found = true;
    zip_tell(z, FACT_ZIP_ARCHIVES, from, SPAN_EMPTY, "with an end record at %llu",
             (unsigned long long)ends.records[0].at);
    return hand_on(z, start, to, "(another archive)");
}

enum pratique_status walk_piece(struct zip *z, uint64_t from, uint64_t to, const char *name)
{
    enum pratique_status st;
    uint64_t at = from, end;
    struct span piece;
    bool found;

    st = hand_on_archive(z, from, to, &found);
    if (st != PRATIQUE_OK || found)
        return st;
    while (st == PRATIQUE_OK && at < to && span_sub(z->in, at, to - at, &piece)) {
        size_t hit = span_find(piece, 0, SPAN_LITERAL("PK\x03\x04"));

        if (hit == SIZE_MAX)
            break;
        if ((st = hand_on(z, from, at + hit, name)) != PRATIQUE_OK)
            return st;
        st = walk_hidden(z, at + hit, &end);
        from = at = end > at + hit ? end : at + hit + 4;
    }
    return st == PRATIQUE_OK ? hand_on(z, from, to, name) : st;
}

static void tell_outside(struct zip *z, enum fact_kind kind, uint64_t from, uint64_t to)
{
    facts_add(z->s->facts, &(struct fact){ .kind = kind,
                                           .where = z->s->where,
                                           .offset = from,
                                           .number = to - from,
                                           .subject = SPAN_LITERAL("zip"),
                                           .detail = SPAN_EMPTY });
}

/* "#!", one line, and then the archive: how zipapp makes a program of one. */
static bool is_shebang(struct span piece, struct span *line)
{
    return span_starts(piece, SPAN_LITERAL("#!")) && take_line(&piece, line) && piece.n == 0;
}

enum pratique_status walk_gap(struct zip *z, uint64_t from, uint64_t to)
{
    bool outside = from == 0 || to == z->in.n;
    struct span piece, line;

    if (from >= to || !span_sub(z->in, from, to - from, &piece) || is_zero(piece))
        return PRATIQUE_OK;
    if (from == 0 && is_shebang(piece, &line)) {
        scan_fact(z->s, FACT_ZIP_SHEBANG, 0, SPAN_EMPTY, line);
        return PRATIQUE_OK;
    }
    if (outside && z->claimed) /* the other format reads these bytes, or says that it cannot */
        return PRATIQUE_OK;
    if (outside)
        tell_outside(z, from == 0 ? FACT_LEADING : FACT_TRAILING, from, to);
    else
        zip_tell(z, FACT_ZIP_BETWEEN, from, SPAN_EMPTY, "%zu bytes", piece.n);
    return walk_piece(z, from, to,
                      from == 0       ? "(bytes before the archive)"
                      : to == z->in.n ? "(bytes behind the archive)"
                                      : "(bytes between members)");
}
