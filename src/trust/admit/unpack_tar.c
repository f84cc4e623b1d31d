/*
 * The plan of a tar, compressed or not: POSIX.1-2017 pax ("ustar Interchange Format", "pax
 * Extended Header") and GNU tar 1.35's long names. A header is read by every rule that any reader
 * has; where two of them lead elsewhere the archive is refused. Sparse members are refused.
 */
#include <sys/stat.h>

#include "format/tar/header.h"
#include "format/tar/pax.h"
#include "trust/admit/unpack_tar.h"

#define EXTENSION_MAX ((uint64_t)1 << 20) /* bytes of one extension header */
/* The largest size that eleven octal digits hold. */
#define OCTAL_SIZE_MAX ((uint64_t)077777777777)

/* What extension headers say of the member that follows. */
struct extensions {
    struct tar_pax pax;
    struct span name, link; /* of GNU */
    bool has_pax, has_name, has_link;
};

struct tar {
    struct unpack *u;
    struct unpack_flow flow;
    struct extensions next;
    uint64_t at; /* of the header that is read */
};

static bool layout(struct tar *t, const char *why)
{
    unpack_tell(t->u, FACT_UNPACK_LAYOUT, t->at, SPAN_EMPTY, "%s", why);
    return false;
}

static bool no_member(struct tar *t, enum fact_kind kind, struct span name, const char *why)
{
    unpack_tell(t->u, kind, t->at, name, "%s", why);
    return false;
}

/* Takes n bytes, with the reason told where they are not there. */
static bool take_bytes(struct tar *t, size_t n, struct span *out)
{
    if (unpack_flow_take(&t->flow, n, out))
        return true;
    if (t->flow.limit)
        unpack_tell(t->u, FACT_UNPACK_LIMIT, t->at, SPAN_EMPTY, "%s", t->flow.why);
    else
        (void)layout(t, t->flow.why);
    return false;
}

static bool skip_bytes(struct tar *t, uint64_t n)
{
    struct span part;

    while (n > 0) {
        size_t most = n < UNPACK_PIECE ? (size_t)n : UNPACK_PIECE;

        if (!take_bytes(t, most, &part))
            return false;
        n -= most;
    }
    return true;
}

static struct span field(struct span block, size_t off, size_t n)
{
    struct span out;

    (void)span_sub(block, off, n, &out);
    return out;
}

/* ---- headers ---- */

/* The sum of unsigned bytes, the field itself taken as blanks. */
static bool sum_holds(struct span block)
{
    struct span sum = field(block, 148, 8);
    uint64_t want, have = 8 * ' ';

    for (size_t i = 0; i < block.n; i++)
        have += block.p[i];
    for (size_t i = 0; i < sum.n; i++)
        have -= sum.p[i];
    return tar_number(sum, &want) == TAR_NUMBER_OK && want == have;
}

/* Whether bytes follow a field's first NUL: a part of the text for whoever does not stop there. */
static bool has_tail(struct span f)
{
    return !tar_is_zero(span_from(f, tar_text(f).n));
}

/* What is wrong with the size of any header, or NULL. */
static const char *size_fault(const struct tar_header *h)
{
    if (h->size_is != TAR_NUMBER_OK)
        return "its size is no number";
    if (h->size > 0 && h->block.p[124] == 0)
        return "its size follows a NUL, where some readers end it";
    return NULL;
}

/* What is wrong with the text of a header, or NULL. */
static const char *text_fault(const struct tar_header *h)
{
    bool link = h->type == '1' || h->type == '2';
    struct span prefix = field(h->block, 345, 155);

    if (has_tail(field(h->block, 0, 100)) || (link && has_tail(field(h->block, 157, 100))))
        return "more behind the end of its name";
    if (h->dialect == TAR_USTAR && has_tail(prefix))
        return "more behind the end of the first part of its name";
    if ((h->dialect == TAR_V7 || h->dialect == TAR_GNU) && prefix.p[0] != 0)
        return "what some readers take for the first part of its name";
    if (h->dialect == TAR_STAR && !span_equal(tar_text(prefix), h->prefix))
        return "the first part of its name has two lengths";
    return NULL;
}

/* Whether a header says in one way only what it is; NULL, or why not. */
static const char *header_fault(const struct tar_header *h)
{
    struct span magic = field(h->block, 257, 8);
    const char *why = size_fault(h);
    uint64_t mode;

    if (why)
        return why;
    if (tar_number(field(h->block, 100, 8), &mode) != TAR_NUMBER_OK)
        return "its mode is no number";
    if (h->dialect == TAR_V7 && !tar_is_zero(magic))
        return "its magic is none that is known";
    if (h->dialect == TAR_USTAR && magic.p[5] != 0)
        return "its magic is none that is known";
    return text_fault(h);
}

/* The name in the header itself, with its prefix. */
static struct span header_name(struct tar *t, const struct tar_header *h)
{
    char *joined;

    if (h->prefix.n == 0) {
        joined = arena_copy(&t->u->arena, h->name.p, h->name.n);
        return joined ? span_of(joined, h->name.n) : SPAN_EMPTY;
    }
    joined = arena_alloc(&t->u->arena, h->prefix.n + 1 + h->name.n);
    if (!joined)
        return SPAN_EMPTY;
    memcpy(joined, h->prefix.p, h->prefix.n);
    joined[h->prefix.n] = '/';
    memcpy(joined + h->prefix.n + 1, h->name.p, h->name.n);
    return span_of(joined, h->prefix.n + 1 + h->name.n);
}

static struct span kept(struct tar *t, struct span s)
{
    char *copy = arena_copy(&t->u->arena, s.p, s.n);

    if (!copy)
        unpack_no_memory(t->u);
    return copy ? span_of(copy, s.n) : SPAN_EMPTY;
}

/* ---- extension headers ---- */

/* The whole body of an extension, and its padding, which must be zero. */
static bool take_extension(struct tar *t, const struct tar_header *h, struct span *out)
{
    struct span bytes, body, padding;

    if (size_fault(h))
        return layout(t, size_fault(h));
    if (h->size > EXTENSION_MAX)
        return layout(t, "an extension header of more than 1 MiB");
    if (!take_bytes(t, (size_t)tar_blocks(h->size), &bytes))
        return false;
    (void)span_sub(bytes, 0, h->size, &body);
    padding = span_from(bytes, h->size);
    if (!tar_is_zero(padding))
        return layout(t, "bytes behind an extension header, which some readers take for a part of "
                         "it");
    *out = kept(t, body);
    return !t->u->stopped;
}

/* A keyword that changes how a member reads, and that not all readers know. */
static bool is_strange(struct span key, struct span value)
{
    if (span_starts(key, SPAN_LITERAL("SCHILY.realsize")) ||
        span_starts(key, SPAN_LITERAL("SCHILY.filetype")) || span_is(key, "SUN.holesdata"))
        return true;
    return (span_is(key, "hdrcharset") || span_is(key, "charset")) &&
           !span_is(value, "ISO-IR 10646 2000 UTF-8") && !span_is(value, "BINARY");
}

/* An empty value takes back what was said (pax), or is the name (Python's tarfile). */
static bool is_about_place(struct span key)
{
    return span_is(key, "path") || span_is(key, "linkpath") || span_is(key, "size");
}

static bool read_pax(struct tar *t, struct span records, struct tar_pax *pax)
{
    struct span rest = records, key, value;
    bool whole;

    if (tar_pax_read(records, pax))
        return layout(t, "a pax header that is not made of records, or says a thing twice");
    while (tar_pax_record(&rest, &key, &value, &whole)) {
        if (is_strange(key, value))
            return layout(t, "a pax header that not all readers understand");
        if (span_is(key, "size") && value.n == 0)
            return layout(t, "an empty size in a pax header");
        if (memchr(key.p, 0, key.n))
            return layout(t, "a NUL in a pax header's keyword");
        if (value.n == 0 && is_about_place(key))
            return layout(t,
                          "an empty name in a pax header, which some readers take and others not");
    }
    return true;
}

static bool is_sparse(const struct tar_pax *pax)
{
    return pax->sparse_pairs || pax->sparse_map_set || pax->sparse_size_set || pax->sparse_major ||
           pax->sparse_name.n > 0;
}

static bool take_pax(struct tar *t, const struct tar_header *h)
{
    struct extensions *x = &t->next;
    struct span records;

    if (x->has_pax || x->has_name || x->has_link)
        return layout(t, "several extension headers for one member");
    x->has_pax = true;
    return take_extension(t, h, &records) && read_pax(t, records, &x->pax);
}

/* What it says holds for every member that follows: a comment may, a name may not. */
static bool take_global(struct tar *t, const struct tar_header *h)
{
    struct tar_pax pax = { .path = SPAN_EMPTY, .sparse_name = SPAN_EMPTY };
    struct span records;

    if (t->next.has_pax || t->next.has_name || t->next.has_link)
        return layout(t, "an extension header without its member");
    if (!take_extension(t, h, &records) || !read_pax(t, records, &pax))
        return false;
    if (pax.path_set || pax.link_set || pax.size_set || is_sparse(&pax))
        return layout(t, "a global header that names or sizes members");
    return true;
}

/* GNU's long name or link: text up to its NUL, and nothing behind that. */
static bool take_long(struct tar *t, const struct tar_header *h, struct span *out, bool *has)
{
    struct span body;

    if (*has || t->next.has_pax)
        return layout(t, "several extension headers for one member");
    *has = true;
    if (!take_extension(t, h, &body))
        return false;
    *out = tar_text(body);
    if (!tar_is_zero(span_from(body, out->n)))
        return no_member(t, FACT_UNPACK_NAME_CHARACTER, *out, "a NUL within a long name");
    return true;
}

/* ---- members ---- */

/* The size: by the pax header as well only where the header cannot hold it. */
static bool find_size(struct tar *t, const struct tar_header *h, struct span name, uint64_t *size)
{
    const struct tar_pax *pax = &t->next.pax;

    *size = h->size;
    if (!t->next.has_pax || !pax->size_set || pax->size == h->size)
        return true;
    *size = pax->size;
    if (pax->size > OCTAL_SIZE_MAX)
        return true;
    unpack_tell(t->u, FACT_UNPACK_READINGS, t->at, name,
                "%llu bytes by its header, %llu by its pax header", (unsigned long long)h->size,
                (unsigned long long)pax->size);
    return false;
}

static const char *type_text(uint8_t type)
{
    switch (type) {
    case '3':
        return "a character device";
    case '4':
        return "a block device";
    case '6':
        return "a named pipe";
    case 'M':
        return "continued from another volume";
    default:
        return "of a type that no standard knows";
    }
}

/* What a member is; false with a fact when it is nothing that is unpacked. */
static bool find_type(struct tar *t, const struct tar_header *h, struct unpack_entry *e)
{
    bool slash = e->name.n > 0 && e->name.p[e->name.n - 1] == '/';

    switch (h->type) {
    case 0: /* before POSIX a folder was told by its name */
        e->type = slash ? UNPACK_FOLDER : UNPACK_FILE;
        break;
    case '0':
    case '7':
        e->type = UNPACK_FILE;
        if (slash)
            (void)no_member(t, FACT_UNPACK_READINGS, e->name,
                            "a file by its type, a folder by its name");
        break;
    case '1':
    case '2':
        e->type = h->type == '1' ? UNPACK_HARDLINK : UNPACK_SYMLINK;
        if (slash)
            (void)no_member(t, FACT_UNPACK_READINGS, e->name,
                            "a link by its type, a folder by its name");
        break;
    case '5':
        e->type = UNPACK_FOLDER;
        break;
    case 'S':
        return no_member(t, FACT_UNPACK_SPARSE, e->name, "a sparse file");
    default:
        if (e->size > 0)
            (void)no_member(t, FACT_UNPACK_READINGS, e->name, "content of what should have none");
        return no_member(t, FACT_UNPACK_TYPE, e->name, type_text(h->type));
    }
    return true;
}

static bool is_link(const struct unpack_entry *e)
{
    return e->type == UNPACK_HARDLINK || e->type == UNPACK_SYMLINK;
}

static void judge_member(struct tar *t, const struct tar_header *h, struct unpack_entry *e)
{
    const char *why = header_fault(h);

    if (why)
        (void)no_member(t, FACT_UNPACK_READINGS, e->name, why);
    if (t->next.has_pax && is_sparse(&t->next.pax))
        (void)no_member(t, FACT_UNPACK_SPARSE, e->name, "a sparse file");
    if (!is_link(e) && (t->next.has_link || (t->next.has_pax && t->next.pax.link_set)))
        (void)no_member(t, FACT_UNPACK_READINGS, e->name, "a link's target, and no link");
    if (e->type != UNPACK_FILE && e->size > 0)
        (void)no_member(t, FACT_UNPACK_READINGS, e->name, "a folder or a link with content");
    if (e->type == UNPACK_FILE && (h->mode & (S_ISUID | S_ISGID)))
        unpack_tell(t->u, FACT_UNPACK_MODE, e->offset, e->name, "mode %04o",
                    (unsigned)(h->mode & 07777));
}

/* A hard link's target is a member's name. */
static void settle_link(struct tar *t, struct unpack_entry *e)
{
    struct name_fault fault;
    struct span path;

    if (!is_link(e)) {
        e->link = SPAN_EMPTY;
        return;
    }
    if (e->type == UNPACK_SYMLINK)
        return;
    if (!names_path(e->link, &t->u->arena, &path, &fault)) {
        unpack_tell(t->u, FACT_UNPACK_LINK, e->offset, e->name, "its target: %s", fault.why);
        return;
    }
    if (span_ends(e->link, SPAN_LITERAL("/")))
        unpack_tell(t->u, FACT_UNPACK_LINK, e->offset, e->name, "its target is named as a folder");
    e->link = path;
}

static void name_member(struct tar *t, const struct tar_header *h, struct unpack_entry *e)
{
    const struct extensions *x = &t->next;

    e->name = x->has_pax && x->pax.path_set ? x->pax.path
              : x->has_name                 ? x->name
                                            : header_name(t, h);
    if (x->has_pax && x->pax.sparse_name.n > 0) /* for the reasons: it is refused */
        e->name = x->pax.sparse_name;
    e->link = x->has_pax && x->pax.link_set ? x->pax.link
              : x->has_link                 ? x->link
                                            : kept(t, h->link);
}

static bool take_member(struct tar *t, const struct tar_header *h)
{
    struct unpack_entry e = { .path = SPAN_EMPTY, .offset = t->at, .data = t->flow.at };
    bool good;

    name_member(t, h, &e);
    if (t->u->stopped || !find_size(t, h, e.name, &e.size))
        return false; /* where the next header is depends on the reader */
    if (!t->flow.packed && e.size > t->flow.rest.n)
        return layout(t, "it is cut off in a member, or the member's size is made up");
    good = find_type(t, h, &e);
    if (good) {
        judge_member(t, h, &e);
        settle_link(t, &e);
    }
    t->next = (struct extensions){ .name = SPAN_EMPTY, .link = SPAN_EMPTY };
    if (h->size_is != TAR_NUMBER_OK || t->u->stopped)
        return false;
    if (good && !unpack_add(t->u, &e))
        return false;
    return e.size <= t->u->limits.bytes ? skip_bytes(t, tar_blocks(e.size))
                                        : layout(t, "a member that is larger than is allowed");
}

static bool take_header(struct tar *t, struct span block)
{
    struct tar_header h;

    if (!sum_holds(block))
        return layout(t, "a header whose checksum is wrong");
    tar_header_read(block, &h);
    switch (h.type) {
    case 'x':
        return take_pax(t, &h);
    case 'g':
        return take_global(t, &h);
    case 'L':
        return take_long(t, &h, &t->next.name, &t->next.has_name);
    case 'K':
        return take_long(t, &h, &t->next.link, &t->next.has_link);
    default:
        return take_member(t, &h);
    }
}

/* ---- the end ---- */

/* A second block of zeros, and then nothing but zeros. */
static void take_end(struct tar *t)
{
    struct span block;

    if (t->next.has_pax || t->next.has_name || t->next.has_link)
        (void)layout(t, "an extension header without its member");
    if (unpack_flow_ended(&t->flow)) {
        (void)layout(t, "its second end block is missing: it may be cut off");
        return;
    }
    while (!unpack_flow_ended(&t->flow)) {
        if (!take_bytes(t, TAR_BLOCK, &block))
            return;
        if (!tar_is_zero(block)) {
            (void)layout(t, "something follows its end");
            return;
        }
    }
    if (t->flow.why)
        (void)layout(t, t->flow.why);
}

/* One header with what belongs to it; false at the end. */
static bool take_next(struct tar *t)
{
    uint8_t copy[TAR_BLOCK];
    struct span block;

    t->at = t->flow.at;
    if (unpack_flow_ended(&t->flow))
        return layout(t,
                      t->flow.why ? t->flow.why : "its end blocks are missing: it may be cut off");
    if (!take_bytes(t, TAR_BLOCK, &block))
        return false;
    if (tar_is_zero(block)) {
        take_end(t);
        return false;
    }
    memcpy(copy, block.p, TAR_BLOCK); /* what follows is read into the same buffer */
    return take_header(t, span_of(copy, TAR_BLOCK));
}

void unpack_plan_tar(struct unpack *u)
{
    struct tar t = { .u = u, .next = { .name = SPAN_EMPTY, .link = SPAN_EMPTY } };

    if (!unpack_flow_open(&t.flow, u->in, &u->limits)) {
        unpack_no_memory(u);
        return;
    }
    while (take_next(&t) && !u->stopped)
        ;
    unpack_flow_close(&t.flow);
}

/* ---- content ---- */

static bool content_fault(struct unpack *u, const struct unpack_entry *e, const char *why)
{
    unpack_tell(u, FACT_UNPACK_CONTENT, e->offset, e->name, "%s", why);
    return false;
}

static bool hand_out(struct unpack *u, struct unpack_flow *f, const struct unpack_sink *to,
                     size_t i)
{
    const struct unpack_entry *e = &u->entries[i];
    uint64_t left = e->size;
    struct span part;

    while (left > 0) {
        size_t n = left < UNPACK_PIECE ? (size_t)left : UNPACK_PIECE;

        if (!unpack_flow_take(f, n, &part))
            return content_fault(u, e, f->why);
        memcpy(to->room(to->user, i, n), part.p, n);
        to->put(to->user, n);
        left -= n;
    }
    return true;
}

/* The same bytes once more: what the plan says of them still holds. */
bool unpack_content_tar(struct unpack *u, const struct unpack_sink *to)
{
    struct unpack_flow f;
    struct span part;
    bool ok = unpack_flow_open(&f, u->in, &u->limits);

    if (!ok)
        unpack_no_memory(u);
    for (size_t i = 0; ok && i < u->n; i++) {
        const struct unpack_entry *e = &u->entries[i];

        if (e->type != UNPACK_FILE || e->size == 0)
            continue;
        while (ok && f.at < e->data) {
            uint64_t n = e->data - f.at;

            ok = unpack_flow_take(&f, n < UNPACK_PIECE ? (size_t)n : UNPACK_PIECE, &part) ||
                 content_fault(u, e, f.why);
        }
        ok = ok && hand_out(u, &f, to, i);
    }
    unpack_flow_close(&f);
    return ok;
}
