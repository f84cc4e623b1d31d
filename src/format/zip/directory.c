/* See directory.h. */
#include "format/zip/directory.h"

#define COMMENT_MAX 65535

/* What an end record and its zip64 form say together, in one reader's eyes. */
struct claim {
    uint64_t count, size, offset;
};

static struct claim claim_of(const struct zip_end *e)
{
    return (struct claim){ .count = e->count, .size = e->size, .offset = e->offset };
}

/* The zip64 values only where the 32-bit (16-bit) ones are all ones, as 4.4.1.4 has it. */
static struct claim claim_where_called(const struct zip_end *e, const struct zip_end *e64)
{
    struct claim c = claim_of(e);

    if (e->count == 0xffff)
        c.count = e64->count;
    if (e->size == 0xffffffff)
        c.size = e64->size;
    if (e->offset == 0xffffffff)
        c.offset = e64->offset;
    return c;
}

static bool claims_differ(struct claim a, struct claim b)
{
    return a.count != b.count || a.size != b.size || a.offset != b.offset;
}

static bool is_known(const struct zip_ends *out, const struct zip_directory *d)
{
    for (size_t i = 0; i < out->directories_n; i++) {
        const struct zip_directory *o = &out->directories[i];

        if (o->at == d->at && o->base == d->base && o->limit == d->limit)
            return true;
        if (o->count == 0 && d->count == 0 && o->size == 0 && d->size == 0)
            return true; /* nothing is listed, wherever it is */
    }
    return false;
}

/* Notes the directory at d->at when one is there; true when it is. */
static bool note(struct span in, struct zip_ends *out, const struct zip_directory *d)
{
    bool empty = d->count == 0 && d->size == 0;

    if (!(empty || zip_is(in, d->at, SIG_CENTRAL)))
        return false;
    if (is_known(out, d))
        return true;
    if (out->directories_n == ZIP_DIRECTORIES_MAX) {
        out->more = true;
        return true;
    }
    out->directories[out->directories_n++] = *d;
    return true;
}

/*
 * The directory by its offset, and by its size back from stop. By its offset it
 * may lie anywhere: some readers ask only that it fits into the file, so that it
 * may follow the end record, or swallow it in a comment.
 */
static bool note_claim(struct span in, struct zip_ends *out, struct claim c, uint64_t stop)
{
    struct zip_directory d = {
        .at = c.offset, .limit = stop, .count = c.count, .size = c.size, .ends = out->records_n
    };
    bool found;

    if (c.offset > stop || c.size > stop - c.offset)
        d.limit = in.n;
    found = note(in, out, &d);
    if (c.size > stop)
        return found;
    d.at = stop - c.size;
    d.base = d.at - c.offset;
    d.limit = stop;
    return note(in, out, &d) || found;
}

static bool note_end64(struct span in, struct zip_ends *out, struct zip_ends_record *r, uint64_t at)
{
    struct claim narrow, wide, mixed;
    struct zip_end e64;
    bool found;

    if (!zip_end64(in, at, &e64))
        return false;
    narrow = claim_of(&r->end);
    wide = claim_of(&e64);
    mixed = claim_where_called(&r->end, &e64);
    r->contradicts |= claims_differ(wide, mixed);
    if (r->at64 && claims_differ(wide, claim_of(&r->end64)))
        r->contradicts = true;
    found = note_claim(in, out, wide, at);
    found |= note_claim(in, out, mixed, at);
    if (claims_differ(narrow, mixed)) /* a reader that knows no zip64, counting back */
        found |= note_claim(in, out, narrow, r->at);
    if (!r->at64) {
        r->at64 = at;
        r->end64 = e64;
    }
    return found;
}

/* The end record at off: notes the directories that it leads to; true when there are any. */
static bool note_end(struct span in, struct zip_ends *out, uint64_t off)
{
    struct zip_ends_record r = { .at = off };
    uint64_t pointed = 0;
    bool found = false;

    if (!zip_end(in, off, &r.end))
        return false;
    if (out->records_n == ZIP_DIRECTORIES_MAX) {
        out->more = true;
        return true;
    }
    if (off >= SIZE_LOCATOR && zip_locator(in, off - SIZE_LOCATOR, &pointed, &r.disks)) {
        r.locator = off - SIZE_LOCATOR;
        if (r.locator >= SIZE_END64)
            found = note_end64(in, out, &r, r.locator - SIZE_END64);
        if (pointed != r.locator - SIZE_END64)
            found |= note_end64(in, out, &r, pointed);
        r.lost = r.at64 != pointed;
    }
    if (!r.at64)
        found = note_claim(in, out, claim_of(&r.end), off);
    if (found)
        out->records[out->records_n++] = r;
    return found;
}

/* The last end record's signature that begins before `before` and at or after floor. */
static bool find_back(struct span in, uint64_t floor, uint64_t *before)
{
    struct span window;

    while (*before > floor && span_sub(in, floor, *before - floor, &window)) {
        const uint8_t *hit = memrchr(window.p, 'P', window.n);

        if (!hit)
            return false;
        *before = (uint64_t)(hit - in.p);
        if (zip_is(in, *before, SIG_END))
            return true;
    }
    return false;
}

/* Whether an earlier record's comment runs over the last one that was found. */
static bool covers(struct span in, uint64_t off, uint64_t last)
{
    struct zip_end e;

    return zip_end(in, off, &e) && e.end > last;
}

bool zip_find_ends(struct span in, uint64_t floor, bool whole, struct zip_ends *out)
{
    uint64_t reach = SIZE_END + COMMENT_MAX, at = in.n, last = 0;

    out->directories_n = out->records_n = 0;
    out->more = false;
    if (!whole && in.n > reach && floor < in.n - reach)
        floor = in.n - reach;
    while (find_back(in, floor, &at)) {
        if (out->records_n > 0 && last - at > reach)
            break;
        if (out->records_n > 0 && !covers(in, at, last))
            continue;
        if (note_end(in, out, at))
            last = at;
    }
    return out->records_n > 0;
}

bool zip_ends_list_members(const struct zip_ends *e)
{
    for (size_t i = 0; i < e->directories_n; i++)
        if (e->directories[i].count || e->directories[i].size)
            return true;
    return false;
}
