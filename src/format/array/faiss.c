/*
 * FAISS indexes: a tree of parts, each with four letters in front, walked by the table of faiss.def
 * with an explicit stack. Lengths are held against the file, links of graphs against the number of
 * vectors: FAISS itself believes them. An index in a part of which the letters are not in the table
 * is not read on.
 *
 * Spec: faiss/impl/index_write.cpp, index_read.cpp, invlists/OnDiskInvertedLists.cpp, 1.13.
 */
#include <inttypes.h>
#include <stdio.h>

#include "base/compiler.h"
#include "format/array/array.h"
#include "format/model/model.h"
#include "format/rest.h"

#define DEPTH_MAX 64

struct header {
    uint32_t d;
    uint64_t n;
    bool binary;
};

struct reader {
    struct scan *s;
    struct span all, in;
    const char *todo[DEPTH_MAX]; /* fields that are left, by depth of nesting */
    struct header headers[DEPTH_MAX];
    size_t depth;
    struct header last; /* of the index read last: its outer one speaks of it */
    struct header top;
    uint32_t repeat; /* transforms still to come */
    uint64_t nlist, code_size;
    uint64_t parts, told;
    bool flat;
};

static uint64_t here(const struct reader *r)
{
    return r->all.n - r->in.n;
}

static enum pratique_status bad(const struct reader *r, const char *what)
{
    return scan_fail(r->s, PRATIQUE_E_FORMAT, here(r), "FAISS: %s", what);
}

static void tell(struct reader *r, const char *why)
{
    if (r->told++ < 16)
        scan_fact(r->s, FACT_MODEL_BOUNDS, here(r), SPAN_LITERAL("an index"), span_text(why));
}

static const char *fields_of(struct span code)
{
    static const struct {
        const char *code, *fields;
    } table[] = {
#define INDEX(code, fields) { code, fields },
#include "format/array/faiss.def"
#undef INDEX
    };

    for (size_t i = 0; i < ARRAY_LEN(table); i++)
        if (span_is(code, table[i].code))
            return table[i].fields;
    return NULL;
}

static enum pratique_status push(struct reader *r, const char *fields)
{
    if (r->depth == DEPTH_MAX)
        return bad(r, "indexes are nested too deep");
    r->headers[r->depth] = (struct header){ 0 };
    r->todo[r->depth++] = fields;
    return PRATIQUE_OK;
}

/* A vector: its length, and so many elements. */
static enum pratique_status vector(struct reader *r, unsigned size, struct span *out, uint64_t *n)
{
    struct span bytes;

    if (!take_u64le(&r->in, n) || *n > r->in.n || !take(&r->in, *n * size, &bytes))
        return bad(r, "a vector is longer than the file");
    if (out)
        *out = bytes;
    return PRATIQUE_OK;
}

static enum pratique_status skip_vector(struct reader *r, unsigned size)
{
    uint64_t n;

    return vector(r, size, NULL, &n);
}

static enum pratique_status skip_bytes(struct reader *r, unsigned n)
{
    return skip(&r->in, n) ? PRATIQUE_OK : bad(r, "it ends within an index");
}

static enum pratique_status index_part(struct reader *r)
{
    struct span code;
    const char *fields;

    if (!take(&r->in, 4, &code))
        return bad(r, "it ends within an index");
    fields = fields_of(code);
    if (!fields)
        return scan_fail(r->s, PRATIQUE_E_FORMAT, here(r) - 4,
                         "FAISS: an index of kind %02x %02x %02x %02x is not known", code.p[0],
                         code.p[1], code.p[2], code.p[3]);
    r->parts++;
    r->flat = span_starts(code, SPAN_LITERAL("IxF")) || span_is(code, "IBxF");
    return push(r, fields);
}

/* ---- headers ---- */

static enum pratique_status header(struct reader *r)
{
    uint32_t d, metric;
    uint64_t n, dummy;
    uint8_t trained;

    if (!take_u32le(&r->in, &d) || !take_u64le(&r->in, &n) || !take_u64le(&r->in, &dummy) ||
        !take_u64le(&r->in, &dummy) || !take_u8(&r->in, &trained) || !take_u32le(&r->in, &metric) ||
        (metric > 1 && !skip(&r->in, 4)))
        return bad(r, "it ends within an index");
    if (d == 0 || d > 1u << 24 || n > INT64_MAX || metric > 1000)
        return bad(r, "a header that no index has");
    r->headers[r->depth - 1] = (struct header){ d, n, false };
    return PRATIQUE_OK;
}

static enum pratique_status binary_header(struct reader *r)
{
    uint32_t d, code, metric;
    uint64_t n;
    uint8_t trained;

    if (!take_u32le(&r->in, &d) || !take_u32le(&r->in, &code) || !take_u64le(&r->in, &n) ||
        !take_u8(&r->in, &trained) || !take_u32le(&r->in, &metric))
        return bad(r, "it ends within an index");
    if (d == 0 || d > 1u << 24 || n > INT64_MAX || code != (d + 7) / 8)
        return bad(r, "a header that no index has");
    r->headers[r->depth - 1] = (struct header){ d, n, true };
    return PRATIQUE_OK;
}

/* ---- vectors of an index ---- */

/* What a flat index keeps: as many bytes as its header says. */
static enum pratique_status codes(struct reader *r, unsigned size)
{
    const struct header *h = &r->headers[r->depth - 1];
    uint64_t n, want;
    enum pratique_status st = vector(r, size, NULL, &n);

    if (st != PRATIQUE_OK || !r->flat)
        return st;
    if (__builtin_mul_overflow(h->n, (uint64_t)(h->binary ? h->d / 8 : h->d), &want) || want != n)
        tell(r, "it has not as many vectors as its header says");
    return PRATIQUE_OK;
}

/* ---- inverted lists ---- */

static enum pratique_status lists_of_sizes(struct reader *r, struct span sizes, bool sparse)
{
    uint64_t total = 0, index, n, bytes;

    while (sizes.n > 0) {
        if (sparse && (!take_u64le(&sizes, &index) || index >= r->nlist))
            return bad(r, "an inverted list that is not there");
        if (!take_u64le(&sizes, &n) || __builtin_add_overflow(total, n, &total))
            return bad(r, "inverted lists are longer than the file");
    }
    if (r->code_size > r->in.n || __builtin_mul_overflow(total, r->code_size + 8, &bytes) ||
        !skip(&r->in, bytes))
        return bad(r, "inverted lists are longer than the file");
    return PRATIQUE_OK;
}

static enum pratique_status array_lists(struct reader *r)
{
    struct span type, sizes;
    uint64_t n;
    bool sparse;
    enum pratique_status st;

    if (!take(&r->in, 4, &type))
        return bad(r, "it ends within inverted lists");
    sparse = span_is(type, "sprs");
    if (!sparse && !span_is(type, "full"))
        return bad(r, "inverted lists of an unknown kind");
    st = vector(r, 8, &sizes, &n);
    if (st != PRATIQUE_OK)
        return st;
    if (!sparse && n != r->nlist)
        return bad(r, "not as many inverted lists as there should be");
    return lists_of_sizes(r, sizes, sparse);
}

/* Lists in blocks: each has its own vectors of numbers and codes. */
static enum pratique_status block_lists(struct reader *r)
{
    enum pratique_status st = skip_bytes(r, 16);

    if (r->nlist > r->in.n)
        return bad(r, "inverted lists are longer than the file");
    for (uint64_t i = 0; i < r->nlist && st == PRATIQUE_OK; i++) {
        st = skip_vector(r, 8);
        if (st == PRATIQUE_OK)
            st = skip_vector(r, 1);
    }
    return st;
}

/* Lists in another file, which is opened, and mapped for writing. */
static enum pratique_status disk_lists(struct reader *r)
{
    struct span name;
    uint64_t n, at = here(r);
    enum pratique_status st = skip_vector(r, 24);

    if (st == PRATIQUE_OK)
        st = skip_vector(r, 16);
    if (st == PRATIQUE_OK)
        st = vector(r, 1, &name, &n);
    if (st != PRATIQUE_OK)
        return st;
    model_path(r->s, at, name, "inverted lists on disk");
    return skip_bytes(r, 8);
}

static enum pratique_status lists(struct reader *r)
{
    struct span code;

    if (!take(&r->in, 4, &code))
        return bad(r, "it ends within inverted lists");
    if (span_is(code, "il00"))
        return PRATIQUE_OK;
    if (!take_u64le(&r->in, &r->nlist) || !take_u64le(&r->in, &r->code_size))
        return bad(r, "it ends within inverted lists");
    if (span_is(code, "ilar"))
        return array_lists(r);
    if (span_is(code, "ilbl"))
        return block_lists(r);
    if (span_is(code, "ilod"))
        return disk_lists(r);
    return bad(r, "inverted lists of an unknown kind");
}

static enum pratique_status direct_map(struct reader *r)
{
    uint8_t type;
    enum pratique_status st;

    if (!take_u8(&r->in, &type) || type > 2)
        return bad(r, "a map of an unknown kind");
    st = skip_vector(r, 8);
    return st == PRATIQUE_OK && type == 2 ? skip_vector(r, 16) : st;
}

/* ---- graphs ---- */

static enum pratique_status links(struct reader *r, struct span list, uint64_t n)
{
    uint32_t link;

    for (uint64_t i = 0; take_u32le(&list, &link); i++) {
        if (link != UINT32_MAX && link >= n) {
            tell(r, "a link of its graph leads to no vector");
            return PRATIQUE_OK;
        }
        if (i % 1048576 == 1048575 && !budget_time(r->s->budget))
            return scan_fail_budget(r->s, here(r));
    }
    return PRATIQUE_OK;
}

/* Where each vector's links begin: in order, to the end of the links. */
static void offsets_fit(struct reader *r, struct span offsets, uint64_t neighbors)
{
    uint64_t last = 0, at;

    while (take_u64le(&offsets, &at)) {
        if (at < last || at > neighbors) {
            tell(r, "links of its graph lie outside of it");
            return;
        }
        last = at;
    }
}

static enum pratique_status hnsw(struct reader *r)
{
    uint64_t n, levels, starts, neighbors, count = r->headers[r->depth - 1].n;
    struct span offsets, list;
    uint32_t entry;
    enum pratique_status st = skip_vector(r, 8);

    if (st == PRATIQUE_OK)
        st = vector(r, 4, NULL, &n);
    if (st == PRATIQUE_OK)
        st = vector(r, 4, NULL, &levels);
    if (st == PRATIQUE_OK)
        st = vector(r, 8, &offsets, &starts);
    if (st == PRATIQUE_OK)
        st = vector(r, 4, &list, &neighbors);
    if (st != PRATIQUE_OK)
        return st;
    if (levels != count || starts != count + 1)
        tell(r, "its graph has not as many nodes as it has vectors");
    offsets_fit(r, offsets, neighbors);
    if (!take_u32le(&r->in, &entry) || !skip(&r->in, 16))
        return bad(r, "it ends within a graph");
    if (entry != UINT32_MAX && entry >= count)
        tell(r, "its graph is entered at no vector");
    return links(r, list, count);
}

/* NSG: for each vector its links, and -1. */
static enum pratique_status nsg(struct reader *r)
{
    uint32_t n, link, ended = 0;
    uint8_t built;

    if (!take_u32le(&r->in, &n) || !skip(&r->in, 20) || !take_u8(&r->in, &built))
        return bad(r, "it ends within a graph");
    while (built && ended < n) {
        if (!take_u32le(&r->in, &link))
            return bad(r, "it ends within a graph");
        if (link != UINT32_MAX && link >= n) {
            tell(r, "a link of its graph leads to no vector");
        }
        ended += link == UINT32_MAX;
    }
    return PRATIQUE_OK;
}

/* ---- quantizers and transforms ---- */

static enum pratique_status additive(struct reader *r)
{
    uint32_t search;
    enum pratique_status st = skip_bytes(r, 16);

    if (st == PRATIQUE_OK)
        st = skip_vector(r, 8);
    if (st == PRATIQUE_OK)
        st = skip_bytes(r, 1);
    if (st == PRATIQUE_OK)
        st = skip_vector(r, 4);
    if (st != PRATIQUE_OK)
        return st;
    if (!take_u32le(&r->in, &search) || search > 16 || !skip(&r->in, 8))
        return bad(r, "a quantizer of an unknown kind");
    if (search >= 6) /* ST_norm_cqint8 and after */
        st = skip_vector(r, 4);
    return st == PRATIQUE_OK && search >= 8 ? skip_vector(r, 4) : st;
}

static enum pratique_status transform(struct reader *r)
{
    static const struct {
        const char *code, *fields;
    } table[] = {
        { "rrot", "1ff441" },        { "LTra", "1ff441" },       { "PcAm", "414fff1ff441" },
        { "Pcam", "4414fff1ff441" }, { "PCAm", "414fff1ff441" }, { "Viqm", "441ff441" },
        { "RmDT", "f441" },          { "VNrm", "4441" },         { "VCnt", "f441" },
        { "Viqt", "f1TT441" },
    };
    struct span code;

    if (!take(&r->in, 4, &code))
        return bad(r, "it ends within a transform");
    for (size_t i = 0; i < ARRAY_LEN(table); i++)
        if (span_is(code, table[i].code))
            return push(r, table[i].fields);
    return bad(r, "a transform of an unknown kind");
}

static enum pratique_status transforms(struct reader *r)
{
    uint32_t n;

    if (!take_u32le(&r->in, &n) || n > 1024)
        return bad(r, "it counts too many transforms");
    r->repeat = n;
    return PRATIQUE_OK;
}

/* ---- the walk ---- */

static enum pratique_status field(struct reader *r, char c)
{
    switch (c) {
    case '1':
    case '4':
    case '8':
        return skip_bytes(r, (unsigned)(c - '0'));
    case 'b':
        return codes(r, 1);
    case 'f':
        return codes(r, 4);
    case 'q':
        return skip_vector(r, 8);
    case 'p':
        return skip_vector(r, 16);
    case 'h':
        return header(r);
    case 'j':
        return binary_header(r);
    case 'i':
        return push(r, "88ID");
    case 'I':
    case 'B':
        return index_part(r);
    case 'T':
        return transform(r);
    case 't':
        return transforms(r);
    case 'L':
        return lists(r);
    case 'D':
        return direct_map(r);
    case 'H':
        return hnsw(r);
    case 'N':
        return nsg(r);
    case 'P':
        return push(r, "888f");
    case 'S':
        return push(r, "44488f");
    case 'A':
        return additive(r);
    case 'R':
        return push(r, "A44");
    case 'l':
        return push(r, "A88888448481");
    case 'r':
        return push(r, "884");
    default:
        return bad(r, "a field that is not known");
    }
}

static enum pratique_status step(struct reader *r)
{
    const char **todo = &r->todo[r->depth - 1];
    char c = **todo;
    enum pratique_status st;

    if (r->repeat > 0) {
        r->repeat--;
        return transform(r);
    }
    if (c == 0) {
        r->last = r->headers[--r->depth];
        return PRATIQUE_OK;
    }
    if (c == 'i') { /* the header of inverted lists begins with that of the index */
        st = header(r);
        if (st != PRATIQUE_OK)
            return st;
    }
    (*todo)++;
    if (c == 'f' || c == 'b')
        return field(r, c);
    st = field(r, c);
    if (c != 'h' && c != 'j')
        r->flat = r->flat && (c == 'I' || c == 'B');
    return st;
}

static bool looks_like(struct span in)
{
    struct span code, rest = in;
    uint32_t d;
    uint64_t n, dummy;

    if (!take(&rest, 4, &code) || code.p[0] != 'I' || !take_u32le(&rest, &d) || d == 0 ||
        d > 1u << 24)
        return false;
    for (size_t i = 1; i < 4; i++)
        if (code.p[i] < '0' || code.p[i] > 'z')
            return false;
    if (span_is(code, "IxLa"))
        return in.n > 36;
    if (code.p[1] == 'B') /* binary: the code's size is the dimension over eight */
        return take_u64le(&rest, &n) && (uint32_t)n == (d + 7) / 8;
    return take_u64le(&rest, &n) && take_u64le(&rest, &dummy) && dummy == 1 << 20;
}

static enum pratique_status scan(struct scan *s, struct span in)
{
    struct reader r = { .s = s, .all = in, .in = in };
    enum pratique_status st = index_part(&r);

    s->recognised = "FAISS index";
    while (st == PRATIQUE_OK && r.depth > 0) {
        st = step(&r);
        if (r.depth == 1)
            r.top = r.headers[0];
    }
    s->budget->work_done += r.parts * 64;
    if (st != PRATIQUE_OK)
        return st;
    scan_read(s, "FAISS index", here(&r),
              "%.4s, %" PRIu64 " vectors of %" PRIu32 ", %" PRIu64 " parts", (const char *)in.p,
              r.top.n, r.top.d, r.parts);
    return scan_rest(s, "FAISS index", here(&r), r.in);
}

const struct format format_faiss = {
    .name = "FAISS index",
    .spec = "faiss/impl/index_write.cpp, 1.13",
    .looks_like = looks_like,
    .scan = scan,
};
