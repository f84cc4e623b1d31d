/*
 * tar: v7, ustar, pax, old GNU, star, Solaris. POSIX.1-2017 pax, "pax Interchange
 * Format" and "ustar Interchange Format"; GNU tar 1.35 manual; star(5); tar(5) of
 * FreeBSD.
 *
 * Readers of tar differ in where they look for the next header: by the header's
 * size or by that of the pax records, with or without data behind a link, at the
 * first zero block or past it. The archive is walked as most of them do; every
 * other place is kept as a turn and, where a header lies there that the walk has
 * not read, taken later. Each block is read as a header at most once, so that
 * the cost stays linear.
 *
 * Left out: the volumes of a multi-volume archive are not put together.
 */
#include "format/tar/tar.h"

#include <stdarg.h>
#include <stdio.h>

#include "format/path.h"
#include "format/tar/header.h"
#include "format/tar/reader.h"

/* How many facts of one kind are told with their own name. */
#define TELL_MAX 5
/* GNU tar looks for the first header behind what is none; so far do we. */
#define LEADING_BLOCKS_MAX 8
/* An archive without a member is nothing but zero blocks; a larger one is not written. */
#define EMPTY_MAX ((size_t)64 << 10)
/* The most a header's octal size can say. Beyond, the pax records alone hold it. */
#define OCTAL_SIZE_MAX 077777777777ull
/* A look at the clock once in so many headers. */
#define CLOCK_EVERY 4096

/* What extension headers said of the next member. */
struct pending {
    bool any;    /* there was one */
    uint64_t at; /* the first of them */
    struct tar_pax pax;
    bool pax_set, name_set, link_set;
    struct span name, link; /* of GNU 'L' and 'K' */
    bool size_set;          /* a pax header before the last one had another size */
    uint64_t size;
};

/* --- facts --- */

void tar_note(struct tar_reader *r, enum fact_kind kind, uint64_t offset, struct span subject,
              const char *fmt, ...)
{
    struct tar_told *told = &r->told[kind];
    char text[FACT_DETAIL_MAX];
    va_list ap;
    int n;

    if (++told->count > TELL_MAX) {
        if (told->count == TELL_MAX + 1)
            told->offset = offset, told->subject = subject;
        return;
    }
    va_start(ap, fmt);
    n = vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    scan_fact(r->s, kind, offset, subject,
              n < 0 ? SPAN_EMPTY : span_of(text, strnlen(text, sizeof text)));
}

void tar_note_rest(struct tar_reader *r)
{
    for (size_t kind = 0; kind < FACT_KINDS; kind++) {
        struct tar_told *told = &r->told[kind];

        if (told->count > TELL_MAX)
            facts_add(r->s->facts, &(struct fact){ .kind = (enum fact_kind)kind,
                                                   .where = r->s->where,
                                                   .offset = told->offset,
                                                   .count = told->count - TELL_MAX,
                                                   .subject = told->subject,
                                                   .detail = SPAN_LITERAL("and more") });
    }
}

/* The first fault of the first reading counts: another reader's fault is no fault of the file. */
static void broken(struct tar_reader *r, uint64_t at, const char *why)
{
    if (r->broken || r->hidden)
        return;
    r->broken = true;
    r->broken_at = at;
    r->broken_why = why;
}

/* --- memory --- */

bool tar_grow(struct tar_reader *r, void **list, size_t *room, size_t size)
{
    size_t more = *room ? *room * 2 : 64;
    void *p = scan_map(r->s, more * size);

    if (!p)
        return false;
    if (*list)
        memcpy(p, *list, *room * size);
    scan_unmap(r->s, *list, *room * size);
    *list = p;
    *room = more;
    return true;
}

static enum pratique_status no_memory(struct tar_reader *r, uint64_t at)
{
    if (r->s->budget->spent)
        return scan_fail_budget(r->s, at);
    return scan_fail(r->s, PRATIQUE_E_NOMEM, at, "no memory for the list of members");
}

static enum pratique_status add_entry(struct tar_reader *r, const struct tar_entry *e)
{
    if (r->n == r->entries_room &&
        !tar_grow(r, (void **)&r->entries, &r->entries_room, sizeof *r->entries))
        return no_memory(r, e->offset);
    r->entries[r->n++] = *e;
    return PRATIQUE_OK;
}

static enum pratique_status add_turn(struct tar_reader *r, uint64_t offset)
{
    if (offset >= r->in.n)
        return PRATIQUE_OK;
    if (r->turns_n == r->turns_room &&
        !tar_grow(r, (void **)&r->turns, &r->turns_room, sizeof *r->turns))
        return no_memory(r, offset);
    r->turns[r->turns_n++].offset = offset;
    return PRATIQUE_OK;
}

/* --- places --- */

/* Whether the block at offset was read before; from now on it was. */
static bool mark(struct tar_reader *r, uint64_t offset)
{
    uint8_t *byte = &r->seen[offset / TAR_BLOCK / 8], bit = (uint8_t)(1 << offset / TAR_BLOCK % 8);
    bool before = *byte & bit;

    *byte |= bit;
    return before;
}

static bool header_at(const struct tar_reader *r, uint64_t offset)
{
    struct span block;

    return span_sub(r->in, offset, TAR_BLOCK, &block) && tar_is_header(block);
}

/* Whether a reader that looks for a header at offset goes on: one is there, or the end. */
static bool goes_on_at(const struct tar_reader *r, uint64_t offset)
{
    struct span block;

    if (offset >= r->in.n)
        return true;
    return span_sub(r->in, offset, TAR_BLOCK, &block) &&
           (tar_is_header(block) || tar_is_zero(block));
}

/* Where n bytes at offset, filled up to whole blocks, end; SIZE_MAX when that is far beyond. */
static uint64_t after(uint64_t offset, uint64_t n)
{
    uint64_t end;

    return ADD_OVERFLOWS(offset, tar_blocks(n), &end) ? UINT64_MAX : end;
}

/* Readings beyond the first may not look at the same bytes over and over. */
static enum pratique_status charge_again(struct tar_reader *r, uint64_t at, uint64_t n)
{
    if (n > r->again_left)
        return scan_fail(r->s, PRATIQUE_E_LIMIT, at, "readings that overlap again and again");
    r->again_left -= n;
    return PRATIQUE_OK;
}

/* The n bytes behind a header, as far as they go. */
static enum pratique_status body_of(struct tar_reader *r, uint64_t at, uint64_t n,
                                    struct span *body)
{
    struct span rest = span_from(r->in, at);

    if (n > rest.n)
        broken(r, at, "a member is cut off");
    (void)take(&rest, n < rest.n ? n : rest.n, body);
    return r->hidden ? charge_again(r, at, body->n) : PRATIQUE_OK;
}

static void note_size(struct tar_reader *r, const struct tar_header *h, uint64_t at,
                      struct span name)
{
    if (h->size_is == TAR_NUMBER_GARBAGE)
        tar_note(r, FACT_TAR_NUMBER, at, name, "its size is no number");
    if (h->size_is == TAR_NUMBER_NEGATIVE || h->size_is == TAR_NUMBER_LARGE)
        tar_note(r, FACT_TAR_SIZE_INVALID, at, name, "%s",
                 h->size_is == TAR_NUMBER_LARGE ? "beyond 2^63" : "negative");
}

/* --- extension headers --- */

static void begin_pending(struct pending *p, uint64_t at)
{
    if (!p->any)
        p->at = at;
    p->any = true;
}

static void note_pax_faults(struct tar_reader *r, uint64_t at, unsigned faults)
{
    if (faults & TAR_PAX_MALFORMED)
        tar_note(r, FACT_TAR_PAX_MALFORMED, at, SPAN_LITERAL("pax header"),
                 "a record's length, its '=', its newline or its number is wrong");
    if (faults & TAR_PAX_REPEATED)
        tar_note(r, FACT_TAR_PAX_REPEATED, at, SPAN_LITERAL("pax header"),
                 "path, linkpath or size is given twice");
}

static void read_pax(struct tar_reader *r, struct pending *p, uint64_t at, struct span records)
{
    if (p->pax_set)
        tar_note(r, FACT_TAR_EXTENSION_STACKED, at, SPAN_LITERAL("pax header"),
                 "another one precedes it");
    if (p->pax.size_set && p->pax_set)
        p->size_set = true, p->size = p->pax.size;
    if (!p->pax_set)
        p->pax = r->global;
    p->pax_set = true;
    note_pax_faults(r, at, tar_pax_read(records, &p->pax));
}

/* It holds for every member that follows, for those readers that heed it. */
static void read_global(struct tar_reader *r, uint64_t at, struct span records)
{
    struct tar_pax pax = { 0 };

    note_pax_faults(r, at, tar_pax_read(records, &pax));
    if (pax.path_set || pax.link_set || pax.size_set || pax.sparse_pairs || pax.sparse_map_set ||
        pax.sparse_major)
        tar_note(r, FACT_TAR_PAX_GLOBAL, at, pax.path_set ? pax.path : SPAN_LITERAL("pax header"),
                 "it sets %s",
                 pax.path_set   ? "path"
                 : pax.size_set ? "size"
                                : "other than notes");
    if (pax.path_set)
        r->global.path_set = true, r->global.path = pax.path;
    if (pax.link_set)
        r->global.link_set = true, r->global.link = pax.link;
    if (pax.size_set)
        r->global.size_set = true, r->global.size = pax.size;
}

static void read_long(struct tar_reader *r, struct pending *p, uint64_t at, uint8_t type,
                      struct span body)
{
    bool *set = type == 'L' ? &p->name_set : &p->link_set;

    if (*set || p->pax_set)
        tar_note(r, FACT_TAR_EXTENSION_STACKED, at, tar_text(body),
                 *set ? "another long name precedes it" : "a pax header precedes it");
    *set = true;
    *(type == 'L' ? &p->name : &p->link) = tar_text(body);
}

/* The name that a member has for some readers alone must not lead out either. */
static void judge_other_name(struct tar_reader *r, uint64_t at, struct span name, const char *whom)
{
    if (name.n <= TAR_NAME_MAX && path_manner(name, true).leaves)
        tar_note(r, FACT_TAR_NAME_OUTSIDE, at, name, "%s", whom);
}

/* What lies in the padding behind an extension counts for some readers (Python's, of old). */
static void read_padding(struct tar_reader *r, struct pending *p, const struct tar_header *h,
                         uint64_t at, struct span body)
{
    struct tar_pax more = p->pax;
    struct span all, padding;

    if (!span_sub(r->in, at + TAR_BLOCK, tar_blocks(body.n), &all))
        return;
    padding = span_from(all, body.n);
    if (tar_is_zero(padding))
        return;
    tar_note(r, FACT_TAR_EXTENSION_PADDING, at, tar_text(all), "%zu bytes", padding.n);
    if (h->type == 'L' || h->type == 'K') {
        judge_other_name(r, at, h->type == 'L' ? tar_text(all) : SPAN_EMPTY,
                         "for readers that take the padding as well");
        return;
    }
    (void)tar_pax_read(all, &more);
    if (more.size_set && !(p->pax.size_set && p->pax.size == more.size))
        p->size_set = true, p->size = more.size;
    judge_other_name(r, at, more.path_set ? more.path : SPAN_EMPTY,
                     "for readers that take the padding as well");
}

static bool is_extension(uint8_t type)
{
    return type == 'x' || type == 'X' || type == 'g' || type == 'L' || type == 'K';
}

static enum pratique_status read_extension(struct tar_reader *r, struct pending *p,
                                           const struct tar_header *h, uint64_t *off)
{
    uint64_t at = *off;
    struct span body;
    enum pratique_status st = body_of(r, at + TAR_BLOCK, h->size, &body);

    note_size(r, h, at, h->name);
    /* some readers take a pax size for that of whatever header comes next */
    if (st == PRATIQUE_OK && p->pax_set && p->pax.size_set && h->type != 'g')
        st = add_turn(r, after(at + TAR_BLOCK, p->pax.size));
    *off = after(at + TAR_BLOCK, h->size);
    if (h->type == 'g') {
        read_global(r, at, body);
        r->pax = true;
        return st;
    }
    begin_pending(p, at);
    if (h->type == 'L' || h->type == 'K') {
        read_long(r, p, at, h->type, body);
        r->gnu = true;
    } else {
        read_pax(r, p, at, body);
        r->pax = true;
    }
    read_padding(r, p, h, at, body);
    return st;
}

/* --- members --- */

/* A name with what comes before it; without memory, the name alone. */
static struct span join(struct tar_reader *r, struct span prefix, struct span name)
{
    const char *text = NULL;

    if (prefix.n > 0)
        text = arena_printf(r->s->arena, "%.*s/%.*s", (int)prefix.n, (const char *)prefix.p,
                            (int)name.n, (const char *)name.p);
    return text ? span_text(text) : name;
}

static bool is_known_type(uint8_t type)
{
    return type == 0 || (type >= '0' && type <= '7') || type == 'S' || type == 'D' || type == 'M' ||
           type == 'V';
}

/* What has no data, whatever its size says; v7 wrote folders as files with a '/' at the end. */
static bool is_header_only(uint8_t type, struct span name)
{
    return (type >= '1' && type <= '6') || type == 'V' ||
           (type == 0 && span_ends(name, SPAN_LITERAL("/")));
}

static void note_header(struct tar_reader *r, const struct tar_header *h, const struct tar_entry *e)
{
    note_size(r, h, e->offset, e->name);
    if (!is_known_type(h->type))
        tar_note(r, FACT_TAR_TYPE_UNKNOWN, e->offset, e->name, "type %02x", h->type);
    if (h->type == 'M')
        tar_note(r, FACT_TAR_MULTIVOLUME, e->offset, e->name, "%s", "");
    if (h->type == '6')
        tar_note(r, FACT_TAR_FIFO, e->offset, e->name, "%s", "");
    if (h->mode & 06000 && !is_header_only(h->type, e->name))
        tar_note(r, FACT_TAR_SETUID, e->offset, e->name, "mode %04o", (unsigned)(h->mode & 07777));
    if (r->hidden)
        tar_note(r, FACT_TAR_HIDDEN, e->offset, e->name, "%s", "");
}

/* The pairs in an old GNU header, and the blocks of pairs behind it, which *data is moved past. */
static void read_gnu_sparse(struct tar_reader *r, const struct tar_header *h, struct tar_entry *e,
                            uint64_t *data)
{
    struct span block = h->block, field, rest = span_from(r->in, *data);
    uint64_t flag = 482, n = 0;

    e->sparse = (struct tar_sparse){ .kind = TAR_SPARSE_GNU, .more = SPAN_EMPTY };
    (void)span_sub(h->block, 386, 96, &e->sparse.map);
    (void)span_sub(h->block, 483, 12, &field);
    (void)tar_number(field, &e->sparse.size);
    while (span_sub(block, flag, 1, &field) && field.p[0]) {
        if (!take(&rest, TAR_BLOCK, &block)) {
            broken(r, *data, "a sparse map is cut off");
            break;
        }
        n += TAR_BLOCK;
        flag = 504;
    }
    (void)span_sub(r->in, *data, n, &e->sparse.more);
    *data += n;
}

static void read_pax_sparse(const struct tar_pax *pax, struct tar_entry *e)
{
    e->sparse = (struct tar_sparse){ .size = pax->sparse_size, .more = SPAN_EMPTY };
    e->sparse.map = SPAN_EMPTY;
    if (pax->sparse_major == 1) {
        e->sparse.kind = TAR_SPARSE_BODY;
    } else if (pax->sparse_map_set) {
        e->sparse.kind = TAR_SPARSE_MAP;
        e->sparse.map = pax->sparse_map;
    } else if (pax->sparse_pairs) {
        e->sparse.kind = TAR_SPARSE_PAIRS;
        e->sparse.map = pax->records;
    }
    if (e->sparse.kind && pax->sparse_name.n)
        e->name = pax->sparse_name;
}

/* Another reader has this member end elsewhere: what it reads is scanned as well. */
static enum pratique_status other_size(struct tar_reader *r, const struct tar_entry *e,
                                       uint64_t data, uint64_t size)
{
    struct tar_entry other = *e;
    struct span rest = span_from(r->in, data);
    enum pratique_status st = add_turn(r, after(data, size));

    other.size = size;
    other.sparse = (struct tar_sparse){ .kind = TAR_SPARSE_NONE };
    (void)take(&rest, size < rest.n ? size : rest.n, &other.body);
    if (st == PRATIQUE_OK)
        st = charge_again(r, e->offset, other.body.n);
    return st != PRATIQUE_OK || other.body.n == 0 ? st : add_entry(r, &other);
}

/* The sizes that the header and its extensions give, where they are not the one that counts. */
static enum pratique_status other_sizes(struct tar_reader *r, const struct pending *p,
                                        const struct tar_header *h, const struct tar_entry *e,
                                        uint64_t data)
{
    enum pratique_status st = PRATIQUE_OK;

    if (p->pax.size_set && h->size != p->pax.size &&
        (p->pax.size <= OCTAL_SIZE_MAX || h->size > OCTAL_SIZE_MAX)) {
        tar_note(r, FACT_TAR_SIZE_DISAGREES, e->offset, e->name,
                 "%llu in the header, %llu in its pax records", (unsigned long long)h->size,
                 (unsigned long long)p->pax.size);
        st = other_size(r, e, data, h->size);
    }
    if (st == PRATIQUE_OK && p->size_set && p->size != e->size)
        st = other_size(r, e, data, p->size);
    return st;
}

static void note_padding(struct tar_reader *r, const struct tar_entry *e, uint64_t end,
                         uint64_t next)
{
    struct span padding;

    if (span_sub(r->in, end, next - end, &padding) && !tar_is_zero(padding))
        tar_note(r, FACT_TAR_PADDING, end, e->name, "%zu bytes", padding.n);
}

/* A name that another reader gives the member: told where readers are known to differ. */
static void note_other_name(struct tar_reader *r, const struct tar_entry *e, struct span other,
                            bool differ)
{
    if (differ)
        tar_note(r, FACT_TAR_NAME_DISAGREES, e->offset, e->name, "%.*s",
                 (int)(other.n < 200 ? other.n : 200), (const char *)other.p);
    judge_other_name(r, e->offset, other, "for some readers");
}

/* The member's name and link, as the extensions before it have them. */
static void name_entry(struct tar_reader *r, const struct pending *p, const struct tar_header *h,
                       struct tar_entry *e)
{
    struct span own = join(r, h->prefix, h->name);
    bool named = p->name_set && p->name.n, linked = p->link_set && p->link.n;

    e->name = p->pax.path_set ? p->pax.path : named ? p->name : own;
    e->link = p->pax.link_set ? p->pax.link : linked ? p->link : h->link;
    if (p->pax.path_set && named && !span_equal(p->pax.path, p->name))
        note_other_name(r, e, p->name, true);
    if (p->pax.path_set || named) /* the header's own is cut short, by honest writers too */
        note_other_name(r, e, own, false);
    if (h->stray.n > 0 && h->type != 'S') /* Python takes a prefix from every dialect */
        note_other_name(r, e, join(r, h->stray, h->name), true);
}

/* How much data follows, and whether that is in doubt. */
static enum pratique_status size_entry(struct tar_reader *r, const struct pending *p,
                                       const struct tar_header *h, struct tar_entry *e,
                                       uint64_t data)
{
    uint64_t next;

    e->size = p->pax.size_set ? p->pax.size : h->size;
    if (!is_header_only(h->type, e->name))
        return other_sizes(r, p, h, e, data);
    next = after(data, e->size);
    if (e->size == 0 || (!goes_on_at(r, data) && goes_on_at(r, next)))
        return PRATIQUE_OK; /* pax allows the data of a file behind a hard link to it */
    e->size = 0;
    return add_turn(r, next);
}

static enum pratique_status read_member(struct tar_reader *r, struct pending *p,
                                        const struct tar_header *h, uint64_t *off)
{
    struct tar_entry e = { .offset = *off, .type = h->type, .hidden = r->hidden };
    uint64_t data = *off + TAR_BLOCK;
    enum pratique_status st;

    if (!p->pax_set)
        p->pax = r->global;
    e.body = e.path = SPAN_EMPTY;
    name_entry(r, p, h, &e);
    if (h->type == 'S')
        read_gnu_sparse(r, h, &e, &data);
    else
        read_pax_sparse(&p->pax, &e);
    note_header(r, h, &e);
    st = size_entry(r, p, h, &e, data);
    if (st == PRATIQUE_OK)
        st = body_of(r, data, e.size, &e.body);
    *off = after(data, e.size);
    if (*off <= r->in.n)
        note_padding(r, &e, data + e.size, *off);
    r->gnu |= h->dialect == TAR_GNU;
    return st == PRATIQUE_OK ? add_entry(r, &e) : st;
}

/* --- blocks --- */

/* Zero blocks: the end, unless something follows. */
static enum pratique_status read_zeros(struct tar_reader *r, uint64_t *off)
{
    uint64_t at = *off, n = 1;
    struct span block, rest;

    for (*off += TAR_BLOCK; span_sub(r->in, *off, TAR_BLOCK, &block); *off += TAR_BLOCK, n++)
        if (!tar_is_zero(block) || mark(r, *off))
            break;
    rest = span_from(r->in, *off);
    if (rest.n < TAR_BLOCK && tar_is_zero(rest)) {
        *off = r->in.n;
        return PRATIQUE_OK;
    }
    r->ended = true;
    if (!r->hidden && header_at(r, *off))
        tar_note(r, FACT_TAR_AFTER_END, *off, SPAN_EMPTY, "%llu zero %s at byte %llu precede it",
                 (unsigned long long)n, n == 1 ? "block" : "blocks", (unsigned long long)at);
    return PRATIQUE_OK;
}

/* What is no header where one should be: all of it up to the next header, or to the end. */
static enum pratique_status read_junk(struct tar_reader *r, uint64_t *off)
{
    uint64_t at = *off;
    struct span junk;

    if (r->hidden) { /* a reader that came this way gives up here */
        *off = r->in.n;
        return PRATIQUE_OK;
    }
    for (*off += TAR_BLOCK; *off < r->in.n && !header_at(r, *off); *off += TAR_BLOCK)
        if (mark(r, *off))
            break;
    if (*off > r->in.n)
        *off = r->in.n;
    (void)span_sub(r->in, at, *off - at, &junk);
    if (!r->ended && (at > 0 || *off == r->in.n)) {
        broken(r, at, "no header where one should be");
        return scan_nested(r->s, junk, SPAN_LITERAL("(damaged)"), ROLE_ANY);
    }
    facts_add(r->s->facts, &(struct fact){ .kind = at ? FACT_TRAILING : FACT_LEADING,
                                           .where = r->s->where,
                                           .offset = at,
                                           .number = junk.n,
                                           .subject = SPAN_LITERAL("tar"),
                                           .detail = SPAN_EMPTY });
    return scan_nested(r->s, junk, at ? SPAN_LITERAL("(trailing)") : SPAN_LITERAL("(leading)"),
                       ROLE_ANY);
}

static enum pratique_status read_header(struct tar_reader *r, struct pending *p, struct span block,
                                        uint64_t *off)
{
    struct tar_header h;
    enum pratique_status st;

    if (!budget_members(r->s->budget, 1) || (r->n % CLOCK_EVERY == 0 && !budget_time(r->s->budget)))
        return scan_fail_budget(r->s, *off);
    tar_header_read(block, &h);
    if (is_extension(h.type))
        return read_extension(r, p, &h, off);
    st = read_member(r, p, &h, off);
    *p = (struct pending){ 0 };
    return st;
}

static enum pratique_status read_block(struct tar_reader *r, struct pending *p, uint64_t *off)
{
    struct span block = span_from(r->in, *off);

    if (block.n < TAR_BLOCK ? tar_is_zero(block) : false) {
        r->no_end = !r->hidden;
        *off = r->in.n;
        return PRATIQUE_OK;
    }
    if (!span_sub(r->in, *off, TAR_BLOCK, &block))
        return read_junk(r, off);
    if (tar_is_zero(block))
        return read_zeros(r, off);
    return tar_is_header(block) ? read_header(r, p, block, off) : read_junk(r, off);
}

/* From one header to the next, until the end or a block that was read before. */
static enum pratique_status walk(struct tar_reader *r, uint64_t off)
{
    struct pending p = { 0 };
    enum pratique_status st = PRATIQUE_OK;
    bool zero = false, seen = false;
    struct span block;

    while (st == PRATIQUE_OK && off < r->in.n && !(seen = mark(r, off))) {
        zero = span_sub(r->in, off, TAR_BLOCK, &block) && tar_is_zero(block);
        st = read_block(r, &p, &off);
    }
    if (st != PRATIQUE_OK)
        return st;
    if (!zero && !seen && !r->hidden && !r->ended)
        r->no_end = true;
    if (p.any)
        tar_note(r, FACT_TAR_EXTENSION_DANGLING, p.at, SPAN_EMPTY, "%s", "");
    return PRATIQUE_OK;
}

/* Takes the turns that lead to headers no reading has seen. */
static enum pratique_status walk_turns(struct tar_reader *r)
{
    enum pratique_status st = PRATIQUE_OK;

    r->hidden = true;
    while (st == PRATIQUE_OK && r->turns_n > 0) {
        uint64_t off = r->turns[--r->turns_n].offset;

        r->global = (struct tar_pax){ 0 };
        if (header_at(r, off))
            st = walk(r, off);
    }
    return st;
}

/* --- the format --- */

static void note_read(const struct tar_reader *r, struct span first)
{
    struct tar_header h;
    const char *dialect = r->pax ? "pax" : r->gnu ? "GNU" : "ustar";

    if (first.n == TAR_BLOCK && !r->pax && !r->gnu) {
        tar_header_read(first, &h);
        dialect = h.dialect == TAR_V7 ? "v7" : h.dialect == TAR_STAR ? "star" : "ustar";
    }
    scan_read(r->s, "tar", r->in.n, "%s, %zu %s", dialect, r->n, r->n == 1 ? "member" : "members");
}

static enum pratique_status read_all(struct tar_reader *r)
{
    struct span first = SPAN_EMPTY;
    enum pratique_status st = walk(r, 0);

    (void)span_sub(r->in, 0, TAR_BLOCK, &first);
    if (st == PRATIQUE_OK)
        st = walk_turns(r);
    note_read(r, first);
    if (r->no_end && !r->broken)
        tar_note(r, FACT_TAR_NO_END, r->in.n, SPAN_EMPTY, "%s", "");
    return st;
}

static enum pratique_status tar_scan(struct scan *s, struct span in)
{
    struct tar_reader r = { .s = s, .in = in, .again_left = (uint64_t)in.n * 2 };
    enum pratique_status st = PRATIQUE_OK, inner;

    r.seen_size = in.n / TAR_BLOCK / 8 + 1;
    r.seen = scan_map(s, r.seen_size);
    if (!r.seen) {
        st = no_memory(&r, 0);
        goto out;
    }
    st = read_all(&r);
    inner = tar_names_judge(&r);
    if (inner == PRATIQUE_OK)
        inner = tar_members_scan(&r);
    tar_note_rest(&r);
    if (st == PRATIQUE_OK)
        st = inner;
    if (st == PRATIQUE_OK && r.broken)
        st = scan_fail(s, PRATIQUE_E_FORMAT, r.broken_at, "%s", r.broken_why);
out:
    scan_unmap(s, r.entries, r.entries_room * sizeof *r.entries);
    scan_unmap(s, r.turns, r.turns_room * sizeof *r.turns);
    scan_unmap(s, r.seen, r.seen_size);
    return st;
}

static bool is_empty_archive(struct span in)
{
    return in.n >= 2 * TAR_BLOCK && in.n % TAR_BLOCK == 0 && in.n <= EMPTY_MAX && tar_is_zero(in);
}

static bool looks_like_tar(struct span in)
{
    struct span block;

    for (uint64_t i = 0; i < LEADING_BLOCKS_MAX; i++) {
        if (!span_sub(in, i * TAR_BLOCK, TAR_BLOCK, &block))
            break;
        if ((i == 0 || span_starts(span_from(block, 257), SPAN_LITERAL("ustar"))) &&
            tar_is_header(block))
            return true;
    }
    return is_empty_archive(in);
}

const struct format format_tar = {
    .name = "tar",
    .spec = "POSIX.1-2017 pax, https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html",
    .looks_like = looks_like_tar,
    .scan = tar_scan,
};
