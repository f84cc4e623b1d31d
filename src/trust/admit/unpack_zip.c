/*
 * The plan of a zip file (APPNOTE.TXT 6.3.10): one directory, at the end, that lists every byte
 * before it, and a local header for each record that says the same. Whatever readers are known to
 * see differently is refused.
 */
#include <libdeflate.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/utf8.h"
#include "format/codec/codec.h"
#include "format/zip/directory.h"
#include "trust/admit/unpack.h"

#define VERSION_MAX 63 /* that APPNOTE 6.3.10 knows: 4.4.3.2 */
#define UNIX        3  /* where it was made: 4.4.2.2 */

enum { DOS_FOLDER = 0x10 };
enum extra_id {
    EXTRA_ZIP64 = 0x0001,
    EXTRA_STRONG = 0x0017,
    EXTRA_PATH = 0x7075,
    EXTRA_UNIX_OLD = 0x756e,
    EXTRA_AES = 0x9901,
};

/* What of the flags is said twice: all but the speed of deflate (4.4.4). */
#define FLAGS_SAME ((uint16_t) ~(3u << 1))
/* Flags that change how the content is read, and that nobody here reads; those without a meaning.
 */
#define FLAGS_UNREAD (FLAG_STRONG | FLAG_MASKED | 1u << 5 /* patch data */ | 0xd790u)

static void tell_layout(struct unpack *u, uint64_t at, const char *why)
{
    unpack_tell(u, FACT_UNPACK_LAYOUT, at, SPAN_EMPTY, "%s", why);
}

/* ---- the end of the file ---- */

static bool has_record(struct span in)
{
    for (size_t i = 0; i + 4 <= in.n; i++)
        if (zip_is(in, i, SIG_END) || zip_is(in, i, SIG_CENTRAL) || zip_is(in, i, SIG_LOCAL) ||
            zip_is(in, i, SIG_END64) || zip_is(in, i, SIG_LOCATOR))
            return true;
    return false;
}

/* Where its fields lie: 4.3.14 and 4.3.15. */
enum { END64_LENGTH = 4, END64_NEEDED = 14, LOCATOR_DISK = 4 };

/* Whether the zip64 end record has just the length and the version of those that are known, and
 * its locator leads to this file. */
static bool end64_is_plain(struct span in, const struct zip_ends_record *r)
{
    struct span length = span_from(in, r->at64 + END64_LENGTH);
    struct span needed = span_from(in, r->at64 + END64_NEEDED);
    struct span where = span_from(in, r->locator + LOCATOR_DISK);
    uint64_t n;
    uint16_t version;
    uint32_t disk;

    return take_u64le(&length, &n) && n == SIZE_END64 - 12 && take_u16le(&needed, &version) &&
           (version & 0xff) <= VERSION_MAX && take_u32le(&where, &disk) && disk == 0;
}

/* What is wrong with the end record, or NULL. */
static const char *end_fault(const struct unpack *u, const struct zip_ends *ends)
{
    const struct zip_ends_record *r = &ends->records[0];
    const struct zip_directory *d = &ends->directories[0];
    uint64_t stop = r->at64 ? r->at64 : r->at;

    if (ends->directories_n != 1 || ends->records_n != 1 || ends->more || r->contradicts)
        return "it has two directories: which is read depends on the reader";
    if (r->lost || (r->locator && !r->at64))
        return "its zip64 end record is not where it should be";
    if (r->at64 && (r->end64.end != r->locator || r->locator + SIZE_LOCATOR != r->at ||
                    r->disks > 1 || !end64_is_plain(u->in, r)))
        return "its zip64 end record does not fit";
    if (r->end.comment_cut || r->end.end != u->in.n)
        return "something follows its end";
    if (has_record(r->end.comment))
        return "records of another zip file in its comment";
    if (r->end.disk || r->end.directory_disk ||
        (r->at64 && (r->end64.disk || r->end64.directory_disk)))
        return "it is a part of a split archive";
    if (r->end.count_here != r->end.count || (r->at64 && r->end64.count_here != r->end64.count))
        return "its numbers of members differ";
    if (d->base != 0)
        return "something precedes it";
    if (d->at > stop || d->size != stop - d->at)
        return "something lies between its directory and its end";
    return NULL;
}

static bool find_directory(struct unpack *u, struct zip_directory *out)
{
    struct zip_ends ends;
    const char *why;

    if (!zip_find_ends(u->in, 0, false, &ends)) {
        tell_layout(u, u->in.n, "it has no directory at its end: no zip file, or cut off");
        return false;
    }
    *out = ends.directories[0];
    why = end_fault(u, &ends);
    if (why)
        tell_layout(u, ends.records[0].at, why);
    return !why;
}

/* ---- one member ---- */

static bool is_ascii(struct span s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] >= 0x80)
            return false;
    return true;
}

static bool is_folder_name(struct span name)
{
    return name.n > 0 && name.p[name.n - 1] == '/';
}

/* Values of eight bytes, most of them; behind all three the number of this disk (4.5.3). */
static bool is_zip64(struct span body, size_t most)
{
    struct span disk = span_from(body, 24);
    uint32_t n = 0;

    if (body.n == 28 && most == 24)
        return take_u32le(&disk, &n) && n == 0;
    return body.n % 8 == 0 && body.n <= most;
}

/* A Unicode path field that says what the name says (4.6.9). */
static bool is_same_path(struct span body, struct span name)
{
    struct span path;

    return zip_unicode_path(body, libdeflate_crc32(0, name.p, name.n), &path) &&
           span_equal(path, name);
}

/* Why an extra field makes readers differ, or NULL: either header's, whose zip64 field has up to
 * most bytes of values. */
static const char *extra_fault(struct span extra, struct span name, size_t most)
{
    unsigned zip64 = 0, paths = 0;
    struct span body;
    uint16_t id, n;

    while (take_u16le(&extra, &id) && take_u16le(&extra, &n) && take(&extra, n, &body)) {
        zip64 += id == EXTRA_ZIP64;
        paths += id == EXTRA_PATH;
        if (id == EXTRA_UNIX_OLD)
            return "an old Unix field, which can make it a link";
        if (id == EXTRA_STRONG || id == EXTRA_AES)
            return "a field of encryption";
        if (id == EXTRA_ZIP64 && !is_zip64(body, most))
            return "a zip64 field of a length that makes no sense";
        if (id == EXTRA_PATH && !is_same_path(body, name))
            return "a Unicode path field gives it another name";
    }
    if (zip64 > 1 || paths > 1)
        return "two fields say the same thing";
    return NULL;
}

/* Whether a name's letters depend on the reader; what is no UTF-8 at all is told elsewhere. */
static bool name_is_unclear(const struct zip_central *c)
{
    return !(c->flags & FLAG_UTF8) && !is_ascii(c->name) && utf8_valid(c->name.p, c->name.n);
}

/*
 * Names of either kind in one archive. Programs on Unix leave out that theirs are UTF-8 (Info-ZIP
 * outside of a UTF-8 locale, macOS): which file is meant is plain then. An archive that says so of
 * some alone is none of theirs, and one reader's name for a member may be another's for the next.
 */
struct unclear {
    size_t said, unsaid;
};

static void count_names(struct unclear *n, const struct zip_central *c)
{
    n->said += (c->flags & FLAG_UTF8) && !is_ascii(c->name);
    n->unsaid += name_is_unclear(c);
}

static void judge_names(struct unpack *u, const struct unclear *n)
{
    if (n->unsaid > 0 && n->said > 0)
        unpack_tell(u, FACT_UNPACK_NAME_ENCODING, PRATIQUE_NO_OFFSET, SPAN_EMPTY,
                    "%zu names are said to be UTF-8, and %zu are not", n->said, n->unsaid);
    else if (n->unsaid > 0 && u->faults == 0)
        unpack_tell(u, FACT_UNPACK_NAMES_UNSAID, PRATIQUE_NO_OFFSET, SPAN_EMPTY, "%zu of them",
                    n->unsaid);
}

static const char *flags_fault(const struct zip_central *c, const struct zip_local *l)
{
    if ((c->flags ^ l->flags) & FLAGS_SAME)
        return "its two headers have different flags";
    if (c->flags & FLAG_ENCRYPTED)
        return "it is encrypted";
    return c->flags & FLAGS_UNREAD ? "flags that are not understood here" : NULL;
}

static bool is_zero_or(uint64_t n, uint64_t other)
{
    return n == 0 || n == other;
}

/* A streaming writer leaves zeros in the local header: what is there otherwise is what follows. */
static bool local_agrees(const struct zip_central *c, const struct zip_local *l)
{
    bool later = l->flags & FLAG_DESCRIPTOR;

    if (l->sized)
        return c->csize == l->csize && c->usize == l->usize &&
               (c->crc == l->crc || (later && l->crc == 0));
    return (l->crc == 0 || l->crc == c->crc) && is_zero_or(l->usize, c->usize) &&
           is_zero_or(l->csize, c->csize) && is_zero_or(l->other.usize, c->usize) &&
           is_zero_or(l->other.csize, c->csize);
}

static const char *headers_fault(const struct zip_central *c, const struct zip_local *l)
{
    if (!span_equal(c->name, l->name))
        return "its two headers give it two names";
    if (c->method != l->method)
        return "its two headers name two methods";
    if (c->contradicts || l->contradicts)
        return "its zip64 sizes contradict the others";
    if (c->extra.broken || l->extra.broken)
        return "an extra field that cannot be parsed";
    if (!local_agrees(c, l))
        return "its two headers give it two sizes or checksums";
    return NULL;
}

static bool is_method_known(uint16_t method)
{
    switch (method) {
    case METHOD_STORED:
    case METHOD_DEFLATE:
    case METHOD_BZIP2:
    case METHOD_LZMA:
    case METHOD_ZSTD:
    case METHOD_XZ:
        return true;
    default:
        return false;
    }
}

static uint16_t version_at(struct span in, uint64_t off)
{
    struct span at = span_from(in, off);
    uint16_t v;

    return take_u16le(&at, &v) ? v & 0xff : UINT16_MAX;
}

static bool made_on_unix(struct span in, uint64_t central)
{
    struct span at = span_from(in, central + 5);
    uint8_t host;

    return take_u8(&at, &host) && host == UNIX;
}

/* What the member is: its name and its mode must say the same. */
static void judge_type(struct unpack *u, const struct zip_central *c, struct unpack_entry *e)
{
    mode_t mode = c->external >> 16;
    bool folder = is_folder_name(c->name);

    e->type = folder ? UNPACK_FOLDER : UNPACK_FILE;
    e->executable = !folder && (mode & 0111);
    if (S_ISLNK(mode))
        unpack_tell(u, FACT_UNPACK_TYPE, e->offset, e->name,
                    "a symbolic link, which other readers take for a file");
    else if ((mode & S_IFMT) && !S_ISREG(mode) && !S_ISDIR(mode))
        unpack_tell(u, FACT_UNPACK_TYPE, e->offset, e->name, "a device, a pipe or a socket");
    else if (!folder && (S_ISDIR(mode) || (c->external & DOS_FOLDER)))
        unpack_tell(u, FACT_UNPACK_READINGS, e->offset, e->name,
                    "a file by its name, a folder by its attributes");
    else if (folder && S_ISREG(mode))
        unpack_tell(u, FACT_UNPACK_READINGS, e->offset, e->name,
                    "a folder by its name, a file by its attributes");
    else if (!folder && (mode & (S_ISUID | S_ISGID)))
        unpack_tell(u, FACT_UNPACK_MODE, e->offset, e->name, "mode %04o", mode & 07777);
}

/* Sizes that cannot be, before anything is unpacked. */
static void judge_sizes(struct unpack *u, const struct zip_central *c, const struct unpack_entry *e)
{
    if (c->method == METHOD_STORED && c->csize != c->usize)
        unpack_tell(u, FACT_UNPACK_READINGS, e->offset, e->name, "stored, and of two sizes");
    else if (e->type == UNPACK_FOLDER && (c->usize || c->crc)) /* packed, nothing is some bytes */
        unpack_tell(u, FACT_UNPACK_READINGS, e->offset, e->name, "a folder with content");
    else if (!is_method_known(c->method))
        unpack_tell(u, FACT_UNPACK_METHOD, e->offset, e->name, "method %u, which is not read here",
                    c->method);
}

static void judge_headers(struct unpack *u, const struct zip_central *c, const struct zip_local *l,
                          uint64_t central, const struct unpack_entry *e)
{
    struct span extra = SPAN_EMPTY, local = SPAN_EMPTY;
    const char *why = flags_fault(c, l);

    (void)span_sub(u->in, central + SIZE_CENTRAL + c->name.n,
                   c->end - central - SIZE_CENTRAL - c->name.n - c->comment.n, &extra);
    (void)span_sub(u->in, c->local + SIZE_LOCAL + l->name.n,
                   l->data - c->local - SIZE_LOCAL - l->name.n, &local);
    if (why) {
        unpack_tell(u,
                    (c->flags ^ l->flags) & FLAGS_SAME ? FACT_UNPACK_READINGS : FACT_UNPACK_METHOD,
                    e->offset, e->name, "%s", why);
        return;
    }
    if (version_at(u->in, central + 6) > VERSION_MAX ||
        version_at(u->in, c->local + 4) > VERSION_MAX)
        unpack_tell(u, FACT_UNPACK_METHOD, e->offset, e->name,
                    "it asks for a version of zip that is not known here");
    why = headers_fault(c, l);
    if (why)
        unpack_tell(u, FACT_UNPACK_READINGS, e->offset, e->name, "%s", why);
    /* a wheel's RECORD is UTF-8, and installers look for what it lists by the names they see */
    if (name_is_unclear(c) && (u->record || !made_on_unix(u->in, central)))
        unpack_tell(u, FACT_UNPACK_NAME_ENCODING, e->offset, e->name,
                    "it is not said to be UTF-8, so that some readers see other letters");
    else if ((why = extra_fault(extra, c->name, 24)) != NULL ||
             (why = extra_fault(local, c->name, 16)) != NULL)
        unpack_tell(u, FACT_UNPACK_READINGS, e->offset, e->name, "%s", why);
}

/* The member of the record c at central; false when nothing more is to be read. */
static bool read_member(struct unpack *u, const struct zip_directory *d,
                        const struct zip_central *c, uint64_t central)
{
    struct unpack_entry e = { .name = c->name,
                              .path = SPAN_EMPTY,
                              .link = SPAN_EMPTY,
                              .offset = c->local,
                              .size = c->usize,
                              .packed = c->csize,
                              .crc = c->crc,
                              .method = c->method };
    struct zip_local l;

    if (c->cut || c->disk || !zip_local(u->in, c->local, &l)) {
        unpack_tell(u, FACT_UNPACK_LAYOUT, central, c->name,
                    c->cut ? "its record is cut" : "there is no local header where it should be");
        return !u->stopped;
    }
    e.data = l.data;
    if (l.data > d->at || c->csize > d->at - l.data) {
        unpack_tell(u, FACT_UNPACK_LAYOUT, central, c->name, "its data runs into the directory");
        return !u->stopped;
    }
    judge_headers(u, c, &l, central, &e);
    judge_type(u, c, &e);
    judge_sizes(u, c, &e);
    return unpack_add(u, &e);
}

/* ---- all of them ---- */

/* Where a member's bytes begin and end, its descriptor included. */
struct extent {
    uint64_t from, data_end;
    struct span name;
    uint64_t csize, usize;
    uint32_t crc;
    bool described; /* a descriptor follows the data */
    bool unsized;   /* and nothing else tells a reader of the stream where they end */
    bool wide;      /* the local header has a zip64 field: so have the descriptor's sizes */
};

static int by_place(const void *a, const void *b)
{
    const struct extent *x = a, *y = b;

    return (x->from > y->from) - (x->from < y->from);
}

/* Whether the member ends where the next one begins. */
static bool ends_at(const struct unpack *u, const struct extent *x, uint64_t next)
{
    struct span tail;
    uint64_t n;

    if (next < x->data_end)
        return false;
    n = next - x->data_end;
    if (!x->described)
        return n == 0;
    /* each of its forms has a length of its own, so that only one fits */
    return (x->wide ? n == 20 || n == 24 : n == 12 || n == 16) &&
           span_sub(u->in, 0, (size_t)next, &tail) &&
           zip_descriptor(tail, x->data_end, x->crc, x->csize, x->usize) == n;
}

/* The same without a mark: three numbers before what looks like the next header. */
static bool ends_unmarked(struct span data)
{
    size_t at = 0;

    while ((at = span_find(data, at, SPAN_LITERAL("PK"))) != SIZE_MAX) {
        struct span sizes = span_from(data, at >= 8 ? at - 8 : data.n);
        uint32_t csize, usize;

        if ((zip_is(data, at, SIG_LOCAL) || zip_is(data, at, SIG_CENTRAL)) && at >= 12 &&
            take_u32le(&sizes, &csize) && take_u32le(&sizes, &usize) && csize == usize &&
            csize == (uint32_t)(at - 12))
            return true;
        at++;
    }
    return false;
}

/* Whether a reader of the stream finds a descriptor within the data, and ends the member there. */
static bool ends_early(const struct unpack *u, const struct extent *x)
{
    static const uint8_t mark[] = { 'P', 'K', 7, 8 };
    uint64_t from = x->data_end - x->csize;
    struct span data;
    size_t at = 0;

    if (!x->unsized || !span_sub(u->in, from, x->csize, &data))
        return false;
    while ((at = span_find(data, at, span_of(mark, sizeof mark))) != SIZE_MAX) {
        struct span size = span_from(data, at + 8), same = size;
        uint64_t n64;
        uint32_t n;

        if ((take_u32le(&size, &n) && n == (uint32_t)at) || (take_u64le(&same, &n64) && n64 == at))
            return true;
        at++;
    }
    return ends_unmarked(data);
}

/* Every byte before the directory belongs to one member. */
static void judge_extents(struct unpack *u, const struct zip_directory *d, struct extent *list,
                          size_t n)
{
    uint64_t at = 0;

    if (n > 1)
        qsort(list, n, sizeof *list, by_place);
    if (n == 0 ? d->at != 0 : list[0].from != 0)
        tell_layout(u, 0, "something precedes its first member");
    for (size_t i = 0; i < n && !u->stopped; i++) {
        uint64_t next = i + 1 < n ? list[i + 1].from : d->at;

        at = list[i].from;
        if (!ends_at(u, &list[i], next))
            unpack_tell(u, FACT_UNPACK_LAYOUT, at, list[i].name,
                        next < list[i].data_end ? "it shares bytes with another member"
                        : list[i].described ? "what follows its data is not its descriptor alone"
                                            : "something lies between it and the next member");
        else if (ends_early(u, &list[i]))
            unpack_tell(u, FACT_UNPACK_READINGS, at, list[i].name,
                        "it holds what ends it for a reader of the stream");
    }
}

/* Reads every record, which must end where the directory does; how many, or SIZE_MAX. */
static size_t read_records(struct unpack *u, const struct zip_directory *d, struct extent *list)
{
    struct unclear names = { 0 };
    uint64_t at = d->at;
    size_t n = 0;

    for (uint64_t i = 0; i < d->count; i++) {
        struct zip_central c;
        struct zip_local l;

        if (!zip_central(u->in, at, d->limit, &c)) {
            tell_layout(u, at, "its directory is cut, or has fewer members than it says");
            return SIZE_MAX;
        }
        if (!read_member(u, d, &c, at))
            return SIZE_MAX;
        count_names(&names, &c);
        if (!zip_local(u->in, c.local, &l) || c.csize > u->in.n)
            return SIZE_MAX;
        list[n++] = (struct extent){ .from = c.local,
                                     .data_end = l.data + c.csize,
                                     .name = c.name,
                                     .csize = c.csize,
                                     .usize = c.usize,
                                     .crc = c.crc,
                                     .described = c.flags & FLAG_DESCRIPTOR,
                                     .wide = l.extra.has_zip64 || c.local >= UINT32_MAX,
                                     .unsized = c.method == METHOD_STORED &&
                                                (c.flags & FLAG_DESCRIPTOR) && l.csize == 0 };
        at = c.end;
    }
    if (at - d->at != d->size) {
        tell_layout(u, at, "its directory has more in it than its members");
        return SIZE_MAX;
    }
    judge_names(u, &names);
    return n;
}

void unpack_plan_zip(struct unpack *u)
{
    struct zip_directory d;
    struct extent *list;
    size_t n;

    if (!find_directory(u, &d))
        return;
    if (d.count > d.size / SIZE_CENTRAL) {
        tell_layout(u, d.at, "its directory is shorter than its members need");
        return;
    }
    if (d.count > u->limits.files) {
        unpack_tell(u, FACT_UNPACK_LIMIT, d.at, SPAN_EMPTY, "more than %llu members",
                    (unsigned long long)u->limits.files);
        return;
    }
    list = calloc((size_t)d.count + 1, sizeof *list);
    if (!list) {
        unpack_no_memory(u);
        return;
    }
    n = read_records(u, &d, list);
    if (n != SIZE_MAX && !u->stopped)
        judge_extents(u, &d, list, n);
    free(list);
}
