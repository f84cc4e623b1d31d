/* See wheel_zip.h. */
#include "watch/wheel_zip.h"

#include <libdeflate.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "base/utf8.h"
#include "fact/fact.h"
#include "format/codec/codec.h"
#include "format/zip/directory.h"

#define NAME_MAX_BYTES 4000 /* a path that the system takes */
/* What those decoders may take beside their output: most for LZMA's dictionary. */
#define OTHER_SPARE      ((uint64_t)128 << 20)
#define SHOWN_MAX        120
#define BUFFER_MIN       ((size_t)1 << 20)
#define EXTERNAL_MODE(x) ((mode_t)((x) >> 16))

enum pratique_status wheel_member_fault(const struct wheel_member *m, enum pratique_status st,
                                        const char *why, struct pratique_error *err)
{
    struct arena a;
    struct span shown;

    arena_init(&a, 4096);
    shown = fact_printable(&a, m->name, SHOWN_MAX);
    (void)error_set(err, st, m->at, "member %.*s: %s", (int)shown.n, (const char *)shown.p, why);
    arena_reset(&a);
    return st;
}

static bool is_ascii(struct span s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] >= 0x80)
            return false;
    return true;
}

/* What is wrong with the name, as zipfile and the system see it; NULL: nothing. */
static const char *name_fault(const struct zip_central *c)
{
    struct span unicode;

    if (c->name.n == 0)
        return "it has no name";
    if (c->name.n > NAME_MAX_BYTES)
        return "its name is too long";
    if (memchr(c->name.p, 0, c->name.n))
        return "a NUL in its name";
    if (!utf8_valid(c->name.p, c->name.n))
        return "its name is no UTF-8";
    if (zip_unicode_path(c->extra.unicode_path, codec_crc32(0, c->name), &unicode) &&
        !span_equal(unicode, c->name))
        return "it has two names";
    return NULL;
}

/* Where the directory and the local header say different things. */
static const char *headers_fault(const struct zip_central *c, const struct zip_local *l)
{
    if (!span_equal(c->name, l->name))
        return "its two headers give it two names";
    if (c->method != l->method)
        return "its two headers name two methods";
    if ((c->flags | l->flags) & (FLAG_ENCRYPTED | FLAG_STRONG | FLAG_MASKED))
        return "it is encrypted";
    if (c->contradicts || l->contradicts)
        return "it has two sizes";
    if (l->sized && (c->csize != l->csize || c->usize != l->usize || c->crc != l->crc))
        return "its two headers give it two sizes or checksums";
    return NULL;
}

static const char *method_fault(const struct zip_central *c)
{
    switch (c->method) {
    case METHOD_STORED:
        return c->csize == c->usize ? NULL : "stored, and of two sizes";
    case METHOD_DEFLATE:
    case METHOD_BZIP2:
    case METHOD_LZMA:
        return NULL;
    default:
        return "its method of compression is none that Python reads";
    }
}

/* Fills m from the record c; why not, or NULL. */
static const char *read_member(struct span bytes, const struct zip_directory *d,
                               const struct zip_central *c, struct wheel_member *m)
{
    mode_t mode = EXTERNAL_MODE(c->external);
    struct zip_local l;
    const char *why;

    *m = (struct wheel_member){ .name = c->name,
                                .at = c->local + d->base,
                                .size = c->usize,
                                .crc = c->crc,
                                .method = c->method,
                                .executable = S_ISREG(mode) && (mode & 0111),
                                .special = (mode & S_IFMT) && !S_ISREG(mode) && !S_ISDIR(mode),
                                .unmarked = !(c->flags & FLAG_UTF8) && !is_ascii(c->name) };
    if (c->cut || c->disk)
        return "its record is cut, or for another disk";
    if ((why = name_fault(c)) != NULL)
        return why;
    if (!zip_local(bytes, m->at, &l))
        return "there is no local header";
    if ((why = headers_fault(c, &l)) != NULL || (why = method_fault(c)) != NULL)
        return why;
    if (l.data > d->at || c->csize > d->at - l.data ||
        !span_sub(bytes, l.data, c->csize, &m->packed))
        return "its data runs into the directory";
    return NULL;
}

/* The one directory, whichever way it is looked for. */
static enum pratique_status find_directory(struct span bytes, struct zip_directory *out,
                                           struct pratique_error *err)
{
    struct zip_ends ends;

    if (!zip_find_ends(bytes, 0, false, &ends))
        return error_set(err, PRATIQUE_E_FORMAT, bytes.n,
                         "no zip file: it has no directory at its end");
    *out = ends.directories[0];
    if (ends.directories_n != 1 || ends.records_n != 1 || ends.more || ends.records[0].contradicts)
        return error_set(err, PRATIQUE_E_FORMAT, ends.records[0].at,
                         "the zip file has two directories: which is read depends on the reader");
    if (ends.records[0].lost || ends.records[0].end.disk || ends.records[0].end.comment_cut)
        return error_set(err, PRATIQUE_E_FORMAT, ends.records[0].at,
                         "the zip file's end record is broken");
    return PRATIQUE_OK;
}

static bool is_folder(const struct wheel_member *m)
{
    return m->name.n && m->name.p[m->name.n - 1] == '/';
}

/* Charged before anything is unpacked. */
static enum pratique_status charge(struct wheel_zip *z, const struct wheel_limits *limits,
                                   const struct wheel_member *m, struct pratique_error *err)
{
    if (m->size > limits->bytes || z->bytes > limits->bytes - m->size)
        return error_set(err, PRATIQUE_E_LIMIT, m->at, "unpacked it has more than %llu MiB",
                         (unsigned long long)(limits->bytes >> 20));
    z->bytes += m->size;
    return PRATIQUE_OK;
}

static int by_name(const void *a, const void *b)
{
    return span_order(((const struct wheel_member *)a)->name,
                      ((const struct wheel_member *)b)->name);
}

static enum pratique_status sort_members(struct wheel_zip *z, struct pratique_error *err)
{
    if (z->n > 1)
        qsort(z->members, z->n, sizeof *z->members, by_name);
    for (size_t i = 1; i < z->n; i++)
        if (span_equal(z->members[i - 1].name, z->members[i].name))
            return wheel_member_fault(&z->members[i], PRATIQUE_E_FORMAT, "it is there twice", err);
    return PRATIQUE_OK;
}

/* The records of the directory, which end where it says they do. */
static enum pratique_status read_records(struct span bytes, const struct zip_directory *d,
                                         const struct wheel_limits *limits, struct wheel_zip *z,
                                         struct pratique_error *err)
{
    uint64_t at = d->at;

    for (uint64_t i = 0; i < d->count; i++) {
        struct wheel_member *m = &z->members[z->n];
        struct zip_central c;
        enum pratique_status st;
        const char *why;

        if (!zip_central(bytes, at, d->limit, &c))
            return error_set(err, PRATIQUE_E_FORMAT, at, "the zip file's directory is cut");
        if ((why = read_member(bytes, d, &c, m)) != NULL)
            return wheel_member_fault(m, PRATIQUE_E_FORMAT, why, err);
        if ((st = charge(z, limits, m, err)) != PRATIQUE_OK)
            return st;
        z->n += !is_folder(m);
        at = c.end;
    }
    if (at - d->at != d->size)
        return error_set(err, PRATIQUE_E_FORMAT, at, "the zip file's directory has two sizes");
    return PRATIQUE_OK;
}

enum pratique_status wheel_zip_list(struct span bytes, const struct wheel_limits *limits,
                                    struct arena *arena, struct wheel_zip *out,
                                    struct pratique_error *err)
{
    struct zip_directory d;
    enum pratique_status st = find_directory(bytes, &d, err);

    *out = (struct wheel_zip){ .n = 0 };
    if (st != PRATIQUE_OK)
        return st;
    if (d.count > limits->members)
        return error_set(err, PRATIQUE_E_LIMIT, d.at, "it has more than %u members",
                         limits->members);
    if (d.count > bytes.n / SIZE_CENTRAL)
        return error_set(err, PRATIQUE_E_FORMAT, d.at, "the zip file's directory is cut");
    out->members = arena_array(arena, (size_t)d.count + 1, sizeof *out->members);
    if (!out->members)
        return error_set(err, PRATIQUE_E_NOMEM, 0, "out of memory");
    if ((st = read_records(bytes, &d, limits, out, err)) != PRATIQUE_OK)
        return st;
    return sort_members(out, err);
}

const struct wheel_member *wheel_zip_find(const struct wheel_zip *z, struct span name)
{
    struct wheel_member key = { .name = name };

    return z->n ? bsearch(&key, z->members, z->n, sizeof key, by_name) : NULL;
}

/* ---- contents ---- */

bool wheel_unpacker_init(struct wheel_unpacker *u)
{
    *u = (struct wheel_unpacker){ .inflate = libdeflate_alloc_decompressor() };
    return u->inflate != NULL;
}

void wheel_unpacker_free(struct wheel_unpacker *u)
{
    if (u->inflate)
        libdeflate_free_decompressor(u->inflate);
    if (u->buffer)
        (void)munmap(u->buffer, u->size);
    *u = (struct wheel_unpacker){ .size = 0 };
}

/* Makes room; what was there is gone. */
static bool make_room(struct wheel_unpacker *u, uint64_t n)
{
    size_t size = u->size ? u->size : BUFFER_MIN;
    void *p;

    if (n <= u->size)
        return true;
    if (n > SIZE_MAX / 4)
        return false;
    while (size < n)
        size *= 2;
    if (u->buffer)
        (void)munmap(u->buffer, u->size);
    u->buffer = NULL;
    u->size = 0;
    p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED)
        return false;
    u->buffer = p;
    u->size = size;
    return true;
}

/* bzip2 and LZMA are rare: they go through the codecs of the scan. */
static enum pratique_status unpack_other(struct wheel_unpacker *u, const struct wheel_member *m,
                                         const char **why)
{
    enum codec codec = m->method == METHOD_BZIP2 ? CODEC_BZIP2 : CODEC_LZMA_ZIP;
    struct budget budget = { .memory_left = m->size * 4 + OTHER_SPARE,
                             .output_left = m->size + OTHER_SPARE,
                             .members_left = 1,
                             .ratio = UINT64_MAX,
                             .depth_max = 1 };
    struct inflated got;
    struct arena arena;
    struct facts facts;
    struct scan scan = { .arena = &arena, .budget = &budget, .facts = &facts };
    enum pratique_status st;

    arena_init(&arena, 1u << 16);
    facts_init(&facts, &arena);
    st = codec_inflate(&scan, codec, m->packed, m->size, &got);
    if (st == PRATIQUE_E_LIMIT || (st == PRATIQUE_OK && got.bytes.n != m->size))
        st = PRATIQUE_E_FORMAT;
    if (st == PRATIQUE_OK && m->size)
        memcpy(u->buffer, got.bytes.p, got.bytes.n);
    *why = "its compressed data is broken";
    codec_free(&scan, &got);
    facts_free(&facts);
    arena_reset(&arena);
    return st;
}

static enum pratique_status unpack_deflate(struct wheel_unpacker *u, const struct wheel_member *m,
                                           const char **why)
{
    size_t took, made;
    enum libdeflate_result r = libdeflate_deflate_decompress_ex(
        u->inflate, m->packed.p, m->packed.n, u->buffer, (size_t)m->size, &took, &made);

    *why = r == LIBDEFLATE_INSUFFICIENT_SPACE ? "it unpacks to more than it says"
           : r != LIBDEFLATE_SUCCESS          ? "its compressed data is broken"
           : made != m->size                  ? "it unpacks to less than it says"
           : took != m->packed.n              ? "something follows its compressed data"
                                              : NULL;
    return *why ? PRATIQUE_E_FORMAT : PRATIQUE_OK;
}

enum pratique_status wheel_unpack(struct wheel_unpacker *u, const struct wheel_member *m,
                                  struct span *out, const char **why)
{
    enum pratique_status st = PRATIQUE_OK;

    *out = SPAN_EMPTY;
    *why = "out of memory";
    if (m->method == METHOD_STORED) {
        *out = m->packed;
    } else {
        if (!make_room(u, m->size + 1))
            return PRATIQUE_E_NOMEM;
        st = m->method == METHOD_DEFLATE ? unpack_deflate(u, m, why) : unpack_other(u, m, why);
        *out = st == PRATIQUE_OK ? span_of(u->buffer, (size_t)m->size) : SPAN_EMPTY;
    }
    if (st == PRATIQUE_OK && codec_crc32(0, *out) != m->crc) {
        *why = "its checksum is wrong";
        *out = SPAN_EMPTY;
        st = PRATIQUE_E_FORMAT;
    }
    return st;
}
