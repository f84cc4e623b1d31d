/*
 * Zip archives: APPNOTE.TXT 6.3.10 (PKWARE, 2022). Members are found by the
 * central directory and by the local headers, and the two are compared; every
 * way in which some reader would read a member is read, and a disagreement is a
 * fact. Bytes that no record accounts for are looked into as well.
 *
 * Left out: decryption, the encrypted or compressed central directory, archives
 * split over several files, methods other than stored, deflate, bzip2, LZMA, xz
 * and Zstandard. Each is a fact that says so. Bodies of tensors are not read
 * where the layout of the archive names them.
 */
#include "format/zip/zip.h"
#include "format/pickle/pickle.h"

#include <stdarg.h>
#include <stdio.h>

#include "format/zip/parts.h"

/* What members may read in all: their bytes several times over, as lies make us read twice. */
#define READ_TIMES 8
#define READ_FREE  (1u << 20)

/* Bytes that some record accounts for. */
struct region {
    uint64_t at, end;
};

struct regions {
    struct region list[ZIP_DIRECTORIES_MAX * 4];
    size_t n;
};

static void tell(struct zip *z, enum fact_kind kind, uint64_t off, uint64_t count,
                 struct span subject, struct span detail)
{
    facts_add(z->s->facts, &(struct fact){ .kind = kind,
                                           .where = z->s->where,
                                           .offset = off,
                                           .count = count,
                                           .subject = subject,
                                           .detail = detail });
}

void zip_tell(struct zip *z, enum fact_kind kind, uint64_t off, struct span subject,
              const char *fmt, ...)
{
    char text[FACT_DETAIL_MAX];
    va_list ap;
    int n;

    if (z->told[kind]++ >= ZIP_TELL_MAX)
        return;
    va_start(ap, fmt);
    n = vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    if (n < 0)
        n = 0;
    tell(z, kind, off, 1, subject,
         span_of(text, (size_t)n < sizeof text ? (size_t)n : sizeof text - 1));
}

void zip_tell_rest(struct zip *z)
{
    for (unsigned kind = 0; kind < FACT_KINDS; kind++)
        if (z->told[kind] > ZIP_TELL_MAX)
            tell(z, kind, PRATIQUE_NO_OFFSET, z->told[kind] - ZIP_TELL_MAX, SPAN_EMPTY,
                 SPAN_LITERAL("and more of the same"));
}

static void add_region(struct regions *r, uint64_t at, uint64_t end)
{
    size_t i = r->n++;

    for (; i > 0 && r->list[i - 1].at > at; i--)
        r->list[i] = r->list[i - 1];
    r->list[i] = (struct region){ .at = at, .end = end };
}

static void list_regions(const struct zip *z, struct regions *r)
{
    for (size_t i = 0; i < z->ends.directories_n; i++)
        add_region(r, z->ends.directories[i].at, z->directory_end[i]);
    for (size_t i = 0; i < z->ends.records_n; i++) {
        const struct zip_ends_record *e = &z->ends.records[i];

        add_region(r, e->at, e->end.end);
        if (e->locator)
            add_region(r, e->locator, e->locator + SIZE_LOCATOR);
        if (e->at64)
            add_region(r, e->at64, e->end64.end);
    }
}

static bool same_member(const struct zip *z, size_t i, size_t j)
{
    struct zip_central a, b;

    if (z->entries[i].directory == z->entries[j].directory ||
        z->entries[i].local != z->entries[j].local)
        return false;
    return entries_record(z, i, &a) && entries_record(z, j, &b) && span_equal(a.name, b.name) &&
           a.method == b.method && a.flags == b.flags && a.csize == b.csize && a.usize == b.usize &&
           a.crc == b.crc;
}

/* How far the file is accounted for, and how far by members. */
struct sweep {
    struct regions regions;
    size_t region;
    uint64_t covered, members_end;
};

static enum pratique_status pass_region(struct zip *z, struct sweep *w)
{
    const struct region *r = &w->regions.list[w->region++];
    enum pratique_status st = PRATIQUE_OK;

    if (r->at < w->members_end)
        zip_tell(z, FACT_ZIP_OVERLAP, r->at, SPAN_EMPTY,
                 "a member runs into the records of the directory");
    if (r->at > w->covered)
        st = walk_gap(z, w->covered, r->at);
    if (r->end > w->covered)
        w->covered = r->end;
    return st;
}

static enum pratique_status pass_member(struct zip *z, struct sweep *w, size_t i)
{
    const struct entry *e = &z->entries[i];
    enum pratique_status st = PRATIQUE_OK;
    uint64_t end;

    if (e->local == NO_LOCAL) {
        zip_tell(z, FACT_ZIP_NO_LOCAL, e->central, z->members[i].name, "%s",
                 "there is no local header where the directory says");
        return PRATIQUE_OK;
    }
    if (e->local < w->covered)
        zip_tell(z, FACT_ZIP_OVERLAP, e->local, z->members[i].name,
                 "its header lies inside another member or record");
    if (e->local > w->covered)
        st = walk_gap(z, w->covered, e->local);
    if (st != PRATIQUE_OK || (st = member_scan(z, i, &end)) != PRATIQUE_OK)
        return st;
    if (end > w->members_end)
        w->members_end = end;
    if (end > w->covered)
        w->covered = end;
    return PRATIQUE_OK;
}

/* The marker of an archive that was, or might have been, split (8.5.3, 8.5.4). */
static uint64_t marker(struct span in)
{
    bool split = zip_is(in, 0, SIG_DESCRIPTOR) || zip_is(in, 0, SIG_ONE_SEGMENT);

    return split && zip_is(in, 4, SIG_LOCAL) ? 4 : 0;
}

/* From the start of the file to its end: members, records, and what lies between. */
static enum pratique_status sweep(struct zip *z)
{
    struct sweep w = { .covered = marker(z->in) };
    enum pratique_status st = PRATIQUE_OK;

    list_regions(z, &w.regions);
    for (size_t k = 0; k < z->n && st == PRATIQUE_OK; k++) {
        size_t i = z->order[k];

        while (st == PRATIQUE_OK && w.region < w.regions.n &&
               w.regions.list[w.region].at <= z->entries[i].local)
            st = pass_region(z, &w);
        if (st == PRATIQUE_OK && !(k > 0 && same_member(z, z->order[k - 1], i)))
            st = pass_member(z, &w, i);
    }
    while (st == PRATIQUE_OK && w.region < w.regions.n)
        st = pass_region(z, &w);
    return st == PRATIQUE_OK ? walk_gap(z, w.covered, z->in.n) : st;
}

/* A comment that holds records of a zip file has some reader take them for such; or it is a pickle.
 */
static enum pratique_status check_comments(struct zip *z)
{
    enum pratique_status st = PRATIQUE_OK;

    for (size_t i = 0; i < z->ends.records_n && st == PRATIQUE_OK; i++) {
        struct span c = z->ends.records[i].end.comment;
        size_t at = span_find(c, 0, SPAN_LITERAL("PK"));

        for (; at != SIZE_MAX; at = span_find(c, at + 1, SPAN_LITERAL("PK")))
            if (zip_is(c, at, SIG_END) || zip_is(c, at, SIG_LOCAL) || zip_is(c, at, SIG_CENTRAL) ||
                zip_is(c, at, SIG_LOCATOR))
                break;
        if (at == SIZE_MAX && !pickle_walks(c))
            continue;
        if (at != SIZE_MAX)
            zip_tell(z, FACT_ZIP_COMMENT_SIGNATURE, z->ends.records[i].at + SIZE_END + at,
                     SPAN_EMPTY, "%zu bytes into the comment", at);
        if (!content_charge(z, c.n, z->ends.records[i].at))
            return PRATIQUE_E_LIMIT;
        st = scan_nested(z->s, c, SPAN_LITERAL("(archive comment)"), ROLE_ANY);
    }
    return st;
}

/* Whether another format takes the whole input, and so answers for its front and its end. */
static bool is_claimed(struct span in)
{
    for (const struct format *const *f = formats; *f; f++)
        if (*f != &format_zip && !format_is_last_resort(*f) && (*f)->looks_like(in))
            return true;
    return false;
}

static void tell_read(struct zip *z)
{
    const struct zip_ends_record *r = &z->ends.records[0];
    struct span comment = z->ends.records_n ? r->end.comment : SPAN_EMPTY;

    if (comment.n == 0)
        scan_read(z->s, "zip", z->in.n, "%zu member%s", z->n, z->n == 1 ? "" : "s");
    else
        scan_read(z->s, "zip", z->in.n, "%zu member%s, comment \"%.*s\"", z->n,
                  z->n == 1 ? "" : "s", (int)(comment.n < 80 ? comment.n : 80),
                  (const char *)comment.p);
}

/* Members by the directories, and all that lies beside them. */
static enum pratique_status read_by_directory(struct zip *z)
{
    enum pratique_status st = entries_list(z);

    tell_read(z);
    if (st == PRATIQUE_OK)
        st = sweep(z);
    if (st == PRATIQUE_OK)
        st = check_comments(z);
    if (st == PRATIQUE_OK && z->more)
        st = scan_fail_budget(z->s, 0);
    if (st == PRATIQUE_OK && z->ends.more)
        st = scan_fail(z->s, PRATIQUE_E_LIMIT, 0, "more end records than are followed");
    return st;
}

/* Without a directory: whatever the local headers lead to, and no answer. */
static enum pratique_status read_by_walk(struct zip *z)
{
    enum pratique_status st;

    tell_read(z);
    st = walk_piece(z, marker(z->in), z->in.n, "(bytes between members)");
    if (st != PRATIQUE_OK)
        return st;
    return scan_fail(z->s, PRATIQUE_E_FORMAT, z->in.n, "no end record that leads to a directory");
}

static bool starts_like_zip(struct span in)
{
    return zip_is(in, 0, SIG_LOCAL) || marker(in);
}

static bool looks_like_zip(struct span in)
{
    struct zip_ends ends;

    if (starts_like_zip(in))
        return true;
    if (!zip_find_ends(in, 0, false, &ends))
        return false;
    return zip_ends_list_members(&ends) || ends.records[0].at == 0 ||
           ends.records[0].end.end == in.n;
}

static enum pratique_status scan_zip(struct scan *s, struct span in)
{
    struct zip z = { .s = s, .in = in, .buffer = { .bytes = SPAN_EMPTY } };
    enum pratique_status st;
    bool found;

    if (MUL_OVERFLOWS((uint64_t)in.n, READ_TIMES, &z.read_left) ||
        ADD_OVERFLOWS(z.read_left, READ_FREE, &z.read_left))
        z.read_left = UINT64_MAX;
    z.key = zip_secret_key();
    found = zip_find_ends(in, 0, false, &z.ends) || zip_find_ends(in, 0, true, &z.ends);
    z.claimed = !starts_like_zip(in) && is_claimed(in);
    st = found ? read_by_directory(&z) : read_by_walk(&z);
    zip_tell_rest(&z);
    codec_free(s, &z.buffer);
    entries_free(&z);
    return st;
}

const struct format format_zip = {
    .name = "zip",
    .spec = "PKWARE APPNOTE.TXT 6.3.10, pkware.com/documents/casestudies/APPNOTE.TXT",
    .looks_like = looks_like_zip,
    .scan = scan_zip,
};
