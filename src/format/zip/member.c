/*
 * One member that a directory lists: its two headers are compared, and whatever
 * they do not agree on is read both ways. See parts.h.
 */
#include "format/codec/codec.h"
#include "format/zip/parts.h"

#define MODE_TYPE   0170000
#define MODE_LINK   0120000
#define MODE_CHAR   0020000
#define MODE_BLOCK  0060000
#define MODE_SOCKET 0140000

/* Both records of a member. */
struct pair {
    uint64_t at;   /* of the central one */
    uint64_t base; /* of the directory that it is in */
    struct zip_central c;
    struct zip_local l;
    struct span unicode[2]; /* names by the Unicode path fields of both, empty without */
};

static bool is_link(const struct zip_central *c)
{
    return (c->external >> 16 & MODE_TYPE) == MODE_LINK;
}

static void check_kind(struct zip *z, const struct pair *p)
{
    unsigned type = p->c.external >> 16 & MODE_TYPE;

    if (type == MODE_CHAR || type == MODE_BLOCK || type == MODE_SOCKET)
        zip_tell(z, FACT_ZIP_DEVICE, p->at, p->c.name, "mode %o", p->c.external >> 16);
    if (span_ends(p->c.name, SPAN_LITERAL("/")) && p->c.usize > 0)
        zip_tell(z, FACT_ZIP_FOLDER_DATA, p->at, p->c.name, "%llu bytes",
                 (unsigned long long)p->c.usize);
}

/* Lengths of texts in a detail. */
static int shown(struct span s)
{
    return s.n < 500 ? (int)s.n : 500;
}

static void check_unicode(struct zip *z, const struct pair *p, struct span name,
                          struct span unicode)
{
    if (unicode.n == 0 || !names_unicode_differs(name, unicode))
        return;
    zip_tell(z, FACT_ZIP_NAME_UNICODE, p->at, name, "%.*s", shown(unicode),
             (const char *)unicode.p);
    names_check(z, p->at, unicode, FLAG_UTF8);
}

static void check_names(struct zip *z, const struct pair *p)
{
    if (!span_equal(p->c.name, p->l.name)) {
        zip_tell(z, FACT_ZIP_NAME_DIFFERS, p->at, p->c.name, "%.*s", shown(p->l.name),
                 (const char *)p->l.name.p);
        names_check(z, p->at, p->l.name, p->l.flags);
    }
    check_unicode(z, p, p->c.name, p->unicode[0]);
    if (!span_equal(p->unicode[0], p->unicode[1]))
        check_unicode(z, p, p->l.name, p->unicode[1]);
}

static void check_sizes(struct zip *z, const struct pair *p)
{
    const struct zip_central *c = &p->c;
    const struct zip_local *l = &p->l;

    if (l->sized && (l->csize != c->csize || l->usize != c->usize))
        zip_tell(z, FACT_ZIP_SIZE_DIFFERS, p->at, c->name,
                 "%llu bytes (%llu compressed) in the directory, %llu (%llu) in the local header",
                 (unsigned long long)c->usize, (unsigned long long)c->csize,
                 (unsigned long long)l->usize, (unsigned long long)l->csize);
    if (l->crc != c->crc && (l->crc || !(l->flags & FLAG_DESCRIPTOR)))
        zip_tell(z, FACT_ZIP_CRC_DIFFERS, p->at, c->name,
                 "%08x in the directory, %08x in the local header", c->crc, l->crc);
    if (c->contradicts || l->contradicts)
        zip_tell(z, FACT_ZIP64_CONTRADICTS, p->at, c->name,
                 "the zip64 field of its %s gives other sizes or another offset",
                 c->contradicts ? "directory record" : "local header");
}

static void check_flags(struct zip *z, const struct pair *p)
{
    unsigned differ =
        (unsigned)(p->c.flags ^ p->l.flags) & (FLAG_ENCRYPTED | FLAG_STRONG | FLAG_MASKED);

    if (differ)
        zip_tell(z, FACT_ZIP_FLAGS_DIFFER, p->at, p->c.name,
                 "%04x in the directory, %04x in the local header", p->c.flags, p->l.flags);
    if ((p->c.flags | p->l.flags) & FLAG_MASKED)
        zip_tell(z, FACT_ZIP_DIRECTORY_ENCRYPTED, p->at, p->c.name, "masked local header");
    if (p->c.method != p->l.method)
        zip_tell(z, FACT_ZIP_METHOD_DIFFERS, p->at, p->c.name,
                 "method %u in the directory, %u in the local header", p->c.method, p->l.method);
    if (p->c.extra.broken || p->l.extra.broken)
        zip_tell(z, FACT_ZIP_EXTRA_BROKEN, p->at, p->c.name, "in the %s",
                 p->c.extra.broken ? "directory" : "local header");
}

static bool is_end_of_member(struct span in, uint64_t off)
{
    return off == in.n || zip_is(in, off, SIG_LOCAL) || zip_is(in, off, SIG_CENTRAL) ||
           zip_is(in, off, SIG_END64) || zip_is(in, off, SIG_EXTRA_DATA);
}

/* Where the member ends: behind its data, and behind the descriptor when it has one. */
static uint64_t end_of(struct zip *z, const struct pair *p)
{
    uint64_t end = p->c.csize > z->in.n - p->l.data ? z->in.n : p->l.data + p->c.csize;
    unsigned n;

    if (!((p->l.flags | p->c.flags) & FLAG_DESCRIPTOR))
        return end;
    n = zip_descriptor(z->in, end, p->c.crc, p->c.csize, p->c.usize);
    if (n || is_end_of_member(z->in, end) || !(p->l.flags & FLAG_DESCRIPTOR))
        return end + n;
    zip_tell(z, FACT_ZIP_DESCRIPTOR, end, p->c.name,
             "behind its data there is no descriptor that says what the directory says");
    if (!zip_is(z->in, end, SIG_DESCRIPTOR))
        return end;
    if (is_end_of_member(z->in, end + 24))
        return end + 24;
    return is_end_of_member(z->in, end + 16) ? end + 16 : end;
}

static void add_name(struct reading *r, struct span name)
{
    for (size_t i = 0; i < r->names_n; i++)
        if (span_equal(r->names[i], name))
            return;
    r->names[r->names_n++] = name;
}

static struct reading first_reading(const struct pair *p)
{
    struct reading r = { .at = p->at,
                         .data = p->l.data,
                         .csize = p->c.csize,
                         .usize = p->c.usize,
                         .crc = p->c.crc,
                         .method = p->c.method,
                         .csize_known = true,
                         .usize_known = true,
                         .crc_known = true,
                         .symlink = is_link(&p->c) };

    r.encrypted = (p->c.flags | p->l.flags) & (FLAG_ENCRYPTED | FLAG_STRONG);
    r.agreed = p->c.method == p->l.method && !p->c.contradicts && !p->l.contradicts &&
               (!p->l.sized || (p->l.csize == p->c.csize && p->l.usize == p->c.usize));
    add_name(&r, p->c.name);
    add_name(&r, p->l.name);
    for (size_t i = 0; i < ARRAY_LEN(p->unicode); i++)
        if (p->unicode[i].n > 0)
            add_name(&r, p->unicode[i]);
    return r;
}

/*
 * Stored data of a size that only follows it: a reader of the stream alone stops
 * at the first descriptor that fits, which need not be the last.
 */
static enum pratique_status read_early_end(struct zip *z, const struct pair *p,
                                           const struct reading *first)
{
    uint64_t n = 0, found = 0, end;
    struct span raw, descriptor;
    struct reading r = *first;
    uint32_t crc, csize;
    enum pratique_status st;

    if (!span_sub(z->in, r.data, r.csize, &raw))
        return PRATIQUE_OK;
    for (; !found; n++) {
        n = span_find(raw, (size_t)n, SPAN_LITERAL("PK\x07\x08"));
        if (n == SIZE_MAX)
            return PRATIQUE_OK;
        descriptor = span_from(raw, n + 4);
        if (take_u32le(&descriptor, &crc) && take_u32le(&descriptor, &csize) && csize == n)
            found = n;
    }
    zip_tell(z, FACT_ZIP_DESCRIPTOR, r.data + found, p->c.name,
             "inside its data there is a descriptor that ends it");
    r.csize = r.usize = found;
    r.crc = crc;
    r.agreed = false;
    st = content_read(z, &r, &n);
    return st == PRATIQUE_OK ? walk_hidden(z, r.data + found + 16, &end) : st;
}

static enum pratique_status read_slack(struct zip *z, const struct pair *p, uint64_t consumed)
{
    uint64_t from = p->l.data + consumed, to;

    if (consumed == 0 || consumed >= p->c.csize || p->c.csize > z->in.n - p->l.data)
        return PRATIQUE_OK;
    to = p->l.data + p->c.csize;
    zip_tell(z, FACT_ZIP_SLACK, from, p->c.name, "%llu bytes", (unsigned long long)(to - from));
    return walk_piece(z, from, to, "(bytes behind compressed data)");
}

/* A tensor's body is not read; what its headers say can be told all the same. */
static void check_spared(struct zip *z, const struct pair *p, const struct reading *r)
{
    if (r->encrypted || r->method == METHOD_AES)
        zip_tell(z, FACT_ZIP_ENCRYPTED, r->at, p->c.name, "a tensor, not looked at");
    if (p->c.csize > z->in.n - p->l.data)
        zip_tell(z, FACT_ZIP_MEMBER_BROKEN, r->at, p->c.name, "%s",
                 "a tensor that runs past the end of the file");
    if (r->method == METHOD_STORED && p->c.csize != p->c.usize)
        zip_tell(z, FACT_ZIP_SIZE_LIES, r->at, p->c.name, "%llu bytes declared, %llu are stored",
                 (unsigned long long)p->c.usize, (unsigned long long)p->c.csize);
}

/* As the directory says; the usual case ends here. */
static enum pratique_status read_agreed(struct zip *z, const struct pair *p,
                                        const struct reading *r)
{
    enum pratique_status st;
    uint64_t consumed;

    if (content_is_spared(z, r)) {
        check_spared(z, p, r);
        return PRATIQUE_OK;
    }
    st = content_read(z, r, &consumed);
    if (st != PRATIQUE_OK || r->encrypted || r->method == METHOD_AES)
        return st;
    if (r->method == METHOD_STORED)
        return p->l.sized ? st : read_early_end(z, p, r);
    return read_slack(z, p, consumed);
}

/* Every other combination of what the records say. */
static enum pratique_status read_others(struct zip *z, const struct pair *p,
                                        const struct reading *first)
{
    const struct zip_sizes sizes[] = {
        { .csize = p->c.csize, .usize = p->c.usize },
        { .csize = p->l.sized ? p->l.csize : p->c.csize,
          .usize = p->l.sized ? p->l.usize : p->c.usize },
        { .csize = p->c.contradicts ? p->c.other.csize : p->c.csize,
          .usize = p->c.contradicts ? p->c.other.usize : p->c.usize },
        { .csize = p->l.contradicts ? p->l.other.csize : p->c.csize,
          .usize = p->l.contradicts ? p->l.other.usize : p->c.usize },
    };
    const uint16_t methods[] = { p->c.method, p->l.method };
    enum pratique_status st = PRATIQUE_OK;

    for (size_t i = 0; i < ARRAY_LEN(sizes) * 2 && st == PRATIQUE_OK; i++) {
        struct reading r = *first;
        uint64_t consumed;
        bool seen = false;

        r.csize = sizes[i / 2].csize;
        r.usize = sizes[i / 2].usize;
        r.method = methods[i % 2];
        for (size_t j = 0; j < i && !seen; j++)
            seen = sizes[j / 2].csize == r.csize && sizes[j / 2].usize == r.usize &&
                   methods[j % 2] == r.method;
        if (i > 0 && !seen)
            st = content_read(z, &r, &consumed);
    }
    return st;
}

/* Where a reader that goes by local headers, or by the other zip64 field, would go on. */
static enum pratique_status walk_others(struct zip *z, const struct pair *p)
{
    enum pratique_status st = PRATIQUE_OK;
    uint64_t end;

    if (p->l.sized && p->l.csize != p->c.csize && p->l.csize <= z->in.n - p->l.data)
        st = walk_hidden(z, p->l.data + p->l.csize, &end);
    if (st != PRATIQUE_OK || !p->c.contradicts || p->c.other.local == p->c.local)
        return st;
    return walk_hidden(z, p->c.other.local + p->base, &end);
}

/* The name in a header's Unicode path field; empty when there is none for this name. */
static struct span unicode_of(const struct zip_extra *extra, struct span name)
{
    struct span unicode = SPAN_EMPTY;

    if (extra->unicode_path.n == 0 ||
        !zip_unicode_path(extra->unicode_path, codec_crc32(0, name), &unicode))
        return SPAN_EMPTY;
    return unicode;
}

static void check(struct zip *z, struct pair *p)
{
    p->unicode[0] = unicode_of(&p->c.extra, p->c.name);
    p->unicode[1] = unicode_of(&p->l.extra, p->l.name);
    check_kind(z, p);
    check_names(z, p);
    check_sizes(z, p);
    check_flags(z, p);
}

enum pratique_status member_scan(struct zip *z, size_t i, uint64_t *end)
{
    const struct entry *e = &z->entries[i];
    struct pair p = { .at = e->central, .base = z->ends.directories[e->directory].base };
    enum pratique_status st;
    struct reading r;

    *end = e->local + SIZE_LOCAL;
    if (!entries_record(z, i, &p.c))
        return PRATIQUE_OK; /* cannot be: it was listed */
    if (!zip_local(z->in, e->local, &p.l)) {
        zip_tell(z, FACT_ZIP_NO_LOCAL, e->central, p.c.name, "the header at %llu is cut off",
                 (unsigned long long)e->local);
        return PRATIQUE_OK;
    }
    check(z, &p);
    *end = end_of(z, &p);
    r = first_reading(&p);
    st = read_agreed(z, &p, &r);
    if (st != PRATIQUE_OK || r.agreed)
        return st;
    st = read_others(z, &p, &r);
    return st == PRATIQUE_OK ? walk_others(z, &p) : st;
}
