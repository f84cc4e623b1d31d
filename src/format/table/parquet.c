/*
 * Parquet: the footer to its end, and the pages of columns that hold bytes. Values in them can be
 * pickles (whoever keeps Python objects in a table does so), the Arrow schema in the footer can
 * name extension types whose description is a pickle (CVE-2023-47248), and a column may lie in
 * another file. Columns of numbers and of texts are not read.
 *
 * Spec: parquet.apache.org/docs/file-format; parquet.thrift of parquet-format 2.11.
 * Left out: encryption, BROTLI and LZO, and the DELTA encodings of bytes: told as unread.
 */
#include "format/table/parquet.h"

#include <inttypes.h>

#include "format/codec/block.h"
#include "format/codec/codec.h"
#include "format/model/model.h"
#include "format/table/arrow.h"
#include "format/table/parquet_page.h"
#include "format/table/thrift.h"

#define FOOTER_MAX ((size_t)256 << 20)

/* Of parquet.thrift. */
enum { TYPE_BYTE_ARRAY = 6, TYPE_FIXED = 7 };
enum { CONVERTED_UTF8 = 0, CONVERTED_ENUM = 4, CONVERTED_DECIMAL = 5 };

struct leaf {
    uint8_t type;
    bool text; /* its values are texts or numbers, whatever bytes keep them */
};

struct chunk {
    struct span path; /* of the column, as the file spells it last */
    struct span file;
    uint64_t type, codec, size;
    int64_t data_page, dictionary_page;
    bool encrypted;
};

struct reader {
    struct scan *s;
    struct span in;
    uint64_t base; /* of the footer */
    struct leaf *leaves;
    size_t leaves_n, leaves_size;
    uint64_t rows, groups, columns;
    uint64_t in_columns; /* bytes */
    struct span created;
};

static enum pratique_status broken(struct reader *r, const struct thrift *t, const char *what)
{
    return scan_fail(r->s, PRATIQUE_E_FORMAT, r->in.n - t->in.n, "Parquet: %s cannot be read",
                     what);
}

/* ---- the schema ---- */

static bool add_leaf(struct reader *r, struct leaf leaf)
{
    if (r->leaves_n == r->leaves_size) {
        size_t more = r->leaves_size ? r->leaves_size * 2 : 64;
        void *p = r->leaves ? scan_remap(r->s, r->leaves, r->leaves_size * sizeof leaf,
                                         more * sizeof leaf)
                            : scan_map(r->s, more * sizeof leaf);

        if (!p)
            return false;
        r->leaves = p;
        r->leaves_size = more;
    }
    r->leaves[r->leaves_n++] = leaf;
    return true;
}

/* Of LogicalType, a union: STRING (1), ENUM (4), DECIMAL (5), JSON (11), UUID (14), FLOAT16 (15).
 */
static bool is_text_type(struct thrift *t)
{
    struct thrift inner = thrift_enter(t);
    enum thrift_type type;
    bool text = false;

    while (thrift_next(&inner, &type)) {
        text |= inner.field == 1 || inner.field == 4 || inner.field == 5 || inner.field == 11 ||
                inner.field == 14 || inner.field == 15;
        thrift_skip(&inner, type);
    }
    thrift_leave(t, &inner);
    return text;
}

static bool read_element(struct reader *r, struct thrift *list)
{
    struct thrift t = thrift_enter(list);
    struct leaf leaf = { 0 };
    enum thrift_type type;
    bool inner = true;
    int64_t converted;

    while (thrift_next(&t, &type)) {
        switch (t.field) {
        case 1:
            leaf.type = (uint8_t)thrift_int(&t, type);
            inner = false;
            break;
        case 6:
            converted = thrift_int(&t, type);
            leaf.text |= converted == CONVERTED_UTF8 || converted == CONVERTED_ENUM ||
                         converted == CONVERTED_DECIMAL;
            break;
        case 10:
            leaf.text |= type == THRIFT_STRUCT && is_text_type(&t);
            break;
        default:
            thrift_skip(&t, type);
        }
    }
    thrift_leave(list, &t);
    return inner || add_leaf(r, leaf);
}

static enum pratique_status read_schema(struct reader *r, struct thrift *t, enum thrift_type type)
{
    enum thrift_type of;
    uint64_t n = thrift_list(t, type, &of);

    for (uint64_t i = 0; i < n && !t->failed && of == THRIFT_STRUCT; i++)
        if (!read_element(r, t))
            return scan_fail_budget(r->s, r->base);
    return t->failed || of != THRIFT_STRUCT ? broken(r, t, "the schema") : PRATIQUE_OK;
}

/* ---- columns ---- */

static void read_path(struct thrift *t, enum thrift_type type, struct chunk *c)
{
    enum thrift_type of;
    uint64_t n = thrift_list(t, type, &of);

    t->failed |= n > 0 && of != THRIFT_BINARY;
    for (uint64_t i = 0; i < n && !t->failed; i++)
        c->path = thrift_element_binary(t);
}

static void read_column_meta(struct thrift *outer, struct chunk *c)
{
    struct thrift t = thrift_enter(outer);
    enum thrift_type type;

    while (thrift_next(&t, &type)) {
        switch (t.field) {
        case 1:
            c->type = (uint64_t)thrift_int(&t, type);
            break;
        case 3:
            read_path(&t, type, c);
            break;
        case 4:
            c->codec = (uint64_t)thrift_int(&t, type);
            break;
        case 7:
            c->size = (uint64_t)thrift_int(&t, type);
            break;
        case 9:
            c->data_page = thrift_int(&t, type);
            break;
        case 11:
            c->dictionary_page = thrift_int(&t, type);
            break;
        default:
            thrift_skip(&t, type);
        }
    }
    thrift_leave(outer, &t);
}

static void read_chunk(struct thrift *outer, struct chunk *c)
{
    struct thrift t = thrift_enter(outer);
    enum thrift_type type;

    *c = (struct chunk){ .path = SPAN_EMPTY, .file = SPAN_EMPTY };
    while (thrift_next(&t, &type)) {
        if (t.field == 1)
            c->file = thrift_binary(&t, type);
        else if (t.field == 3 && type == THRIFT_STRUCT)
            read_column_meta(&t, c);
        else
            thrift_skip(&t, type);
        c->encrypted |= t.field == 8 || t.field == 9;
    }
    thrift_leave(outer, &t);
}

/* Pages stand before the footer, in this file unless another one is named. */
static enum pratique_status read_pages(struct reader *r, const struct chunk *c, bool bytes)
{
    int64_t first = c->dictionary_page > 0 && c->dictionary_page < c->data_page ? c->dictionary_page
                                                                                : c->data_page;
    struct span pages;

    if (c->file.n > 0) {
        model_path(r->s, PRATIQUE_NO_OFFSET, c->file, "a column of a Parquet file");
        return PRATIQUE_OK;
    }
    if (c->encrypted) {
        scan_fact(r->s, FACT_TABLE_UNREAD, PRATIQUE_NO_OFFSET, c->path, SPAN_LITERAL("encrypted"));
        return PRATIQUE_OK;
    }
    if (first < 4 || (uint64_t)first > r->base || c->size > r->base - (uint64_t)first)
        return scan_fail(r->s, PRATIQUE_E_FORMAT, first > 0 ? (uint64_t)first : 0,
                         "Parquet: column \"%.*s\" lies outside of the file",
                         (int)(c->path.n < 64 ? c->path.n : 64), (const char *)c->path.p);
    r->in_columns += c->size; /* each is its own, or the same bytes would be read again and again */
    if (r->in_columns > r->base)
        return scan_fail(r->s, PRATIQUE_E_FORMAT, (uint64_t)first,
                         "Parquet: columns that lie in one another");
    (void)span_sub(r->in, (uint64_t)first, c->size, &pages);
    return bytes ? parquet_pages(r->s, pages, (uint64_t)first, c->codec, c->type == TYPE_FIXED,
                                 c->path)
                 : PRATIQUE_OK;
}

static enum pratique_status read_columns(struct reader *r, struct thrift *t, enum thrift_type type)
{
    enum thrift_type of;
    uint64_t n = thrift_list(t, type, &of);
    enum pratique_status st = PRATIQUE_OK;

    t->failed |= n > 0 && of != THRIFT_STRUCT;
    for (uint64_t i = 0; i < n && !t->failed && st == PRATIQUE_OK; i++) {
        bool text = i < r->leaves_n && r->leaves[i].text;
        struct chunk c;

        read_chunk(t, &c);
        r->columns++;
        if (!t->failed)
            st = read_pages(r, &c, (c.type == TYPE_BYTE_ARRAY || c.type == TYPE_FIXED) && !text);
    }
    return st;
}

static enum pratique_status read_groups(struct reader *r, struct thrift *outer,
                                        enum thrift_type list)
{
    enum thrift_type of, type;
    uint64_t n = thrift_list(outer, list, &of);
    enum pratique_status st = PRATIQUE_OK;

    outer->failed |= n > 0 && of != THRIFT_STRUCT;
    for (uint64_t i = 0; i < n && !outer->failed && st == PRATIQUE_OK; i++) {
        struct thrift t = thrift_enter(outer);

        while (st == PRATIQUE_OK && thrift_next(&t, &type)) {
            if (t.field == 1)
                st = read_columns(r, &t, type);
            else
                thrift_skip(&t, type);
        }
        thrift_leave(outer, &t);
        r->groups++;
    }
    if (st == PRATIQUE_OK && outer->failed)
        return broken(r, outer, "a row group");
    return st;
}

/* ---- the footer ---- */

/* What writers note: pandas' columns, Arrow's schema in base64, and whatever else. */
static enum pratique_status read_notes(struct reader *r, struct thrift *outer,
                                       enum thrift_type list)
{
    enum thrift_type of, type;
    uint64_t n = thrift_list(outer, list, &of);
    enum pratique_status st = PRATIQUE_OK;

    outer->failed |= n > 0 && of != THRIFT_STRUCT;
    for (uint64_t i = 0; i < n && !outer->failed && st == PRATIQUE_OK; i++) {
        struct thrift t = thrift_enter(outer);
        struct span key = SPAN_EMPTY, value = SPAN_EMPTY;

        while (thrift_next(&t, &type)) {
            if (t.field == 1)
                key = thrift_binary(&t, type);
            else if (t.field == 2)
                value = thrift_binary(&t, type);
            else
                thrift_skip(&t, type);
        }
        thrift_leave(outer, &t);
        if (span_is(key, "ARROW:schema"))
            st = arrow_schema_base64(r->s, value);
        else
            st = model_encoded(r->s, value, key);
    }
    return st;
}

static enum pratique_status read_footer(struct reader *r, struct span footer)
{
    struct thrift t = { .in = footer };
    enum pratique_status st = PRATIQUE_OK;
    enum thrift_type type;

    while (st == PRATIQUE_OK && thrift_next(&t, &type)) {
        switch (t.field) {
        case 2:
            st = read_schema(r, &t, type);
            break;
        case 3:
            r->rows = (uint64_t)thrift_int(&t, type);
            break;
        case 4:
            st = read_groups(r, &t, type);
            break;
        case 5:
            st = read_notes(r, &t, type);
            break;
        case 6:
            r->created = thrift_binary(&t, type);
            break;
        default:
            thrift_skip(&t, type);
        }
    }
    if (st == PRATIQUE_OK && t.failed)
        st = scan_fail(r->s, PRATIQUE_E_FORMAT, r->base + (footer.n - t.in.n),
                       "Parquet: the footer cannot be read");
    return st;
}

/* The last eight bytes: the footer's length, and the magic again. */
static bool find_footer(struct span in, struct span *footer)
{
    struct span tail;
    uint32_t n;

    *footer = SPAN_EMPTY;
    return in.n >= 12 && span_sub(in, in.n - 8, 8, &tail) && take_u32le(&tail, &n) &&
           span_is(tail, "PAR1") && n <= in.n - 12 && span_sub(in, in.n - 8 - n, n, footer);
}

static bool looks_like(struct span in)
{
    return span_starts(in, SPAN_LITERAL("PAR1")) || span_starts(in, SPAN_LITERAL("PARE"));
}

static enum pratique_status scan(struct scan *s, struct span in)
{
    struct reader r = { .s = s, .in = in, .created = SPAN_EMPTY };
    struct span footer;
    enum pratique_status st;

    s->recognised = "Parquet";
    if (span_starts(in, SPAN_LITERAL("PARE"))) {
        scan_fact(s, FACT_TABLE_UNREAD, 0, SPAN_LITERAL("the footer"), SPAN_LITERAL("encrypted"));
        return PRATIQUE_OK;
    }
    if (!find_footer(in, &footer) || footer.n > FOOTER_MAX)
        return scan_fail(s, PRATIQUE_E_FORMAT, in.n, "Parquet: no footer at the end");
    r.base = in.n - 8 - footer.n;
    st = read_footer(&r, footer);
    scan_unmap(s, r.leaves, r.leaves_size * sizeof *r.leaves);
    if (st == PRATIQUE_OK)
        scan_read(s, "Parquet", in.n,
                  "%" PRIu64 " rows, %" PRIu64 " columns of %" PRIu64 " row groups%s%.*s", r.rows,
                  r.columns, r.groups, r.created.n ? ", by " : "",
                  (int)(r.created.n < 80 ? r.created.n : 80), (const char *)r.created.p);
    return st;
}

const struct format format_parquet = {
    .name = "parquet",
    .spec = "parquet.apache.org/docs/file-format, parquet.thrift 2.11",
    .looks_like = looks_like,
    .scan = scan,
};
