/*
 * See parquet_page.h. In a page of plain values each stands behind its length; levels that stand
 * before them are short, so values are searched by what a length would be in front of something
 * worth a look, and the levels need not be decoded.
 */
#include "format/table/parquet_page.h"

#include <inttypes.h>

#include "format/codec/block.h"
#include "format/codec/codec.h"
#include "format/model/model.h"
#include "format/pickle/pickle.h"
#include "format/table/thrift.h"
#include "format/table/worth.h"

enum page_type { DATA_PAGE = 0, INDEX_PAGE = 1, DICTIONARY_PAGE = 2, DATA_PAGE_V2 = 3 };
enum page_codec { UNCOMPRESSED, SNAPPY, GZIP, LZO, BROTLI, LZ4, ZSTD, LZ4_RAW };
enum { PLAIN = 0, PLAIN_DICTIONARY = 2, DELTA_LENGTH = 6, DELTA_BYTES = 7, RLE_DICTIONARY = 8 };

struct page {
    int64_t type, encoding;
    uint64_t inflated, deflated; /* bytes */
    uint64_t levels;             /* of version 2: bytes in front, never compressed */
    bool compressed;
};

struct column {
    struct scan *s;
    struct span name;
    uint64_t codec;
    bool fixed;      /* values of one length, which no length stands before */
    uint64_t values; /* handed on */
    bool unread;     /* told once */
};

static void read_data_header(struct thrift *outer, struct page *p, bool v2)
{
    struct thrift t = thrift_enter(outer);
    enum thrift_type type;

    while (thrift_next(&t, &type)) {
        if (t.field == (v2 ? 4 : 2))
            p->encoding = thrift_int(&t, type);
        else if (v2 && (t.field == 5 || t.field == 6))
            p->levels += (uint64_t)thrift_int(&t, type);
        else if (v2 && t.field == 7)
            p->compressed = thrift_int(&t, type) != 0;
        else
            thrift_skip(&t, type);
    }
    thrift_leave(outer, &t);
}

static bool take_header(struct span *in, struct page *p)
{
    struct thrift t = { .in = *in };
    enum thrift_type type;

    *p = (struct page){ .type = -1, .compressed = true };
    while (thrift_next(&t, &type)) {
        if (t.field == 1)
            p->type = thrift_int(&t, type);
        else if (t.field == 2)
            p->inflated = (uint64_t)thrift_int(&t, type);
        else if (t.field == 3)
            p->deflated = (uint64_t)thrift_int(&t, type);
        else if ((t.field == 5 || t.field == 7 || t.field == 8) && type == THRIFT_STRUCT)
            read_data_header(&t, p, t.field == 8);
        else
            thrift_skip(&t, type);
    }
    *in = t.in;
    return !t.failed && p->type >= 0;
}

/* A value that may stand there. */
static bool value_at(struct span page, size_t at, struct span *out)
{
    struct span rest = span_from(page, at);
    uint32_t n;

    return take_u32le(&rest, &n) && n >= 4 && take(&rest, n, out);
}

/* The same where no length is: a pickle ends by itself. */
static bool pickle_at(struct span page, size_t at, struct span *out)
{
    *out = span_from(page, at);
    return out->p[0] == 0x80;
}

static enum pratique_status hand_on(struct column *c, struct span value, struct span name)
{
    return worth_a_look(value) ? model_embedded(c->s, value, name)
                               : model_encoded(c->s, value, name);
}

/*
 * Values end to end are as long as their page. A search that walks over many times as much is led
 * from each byte to all that follow.
 */
#define LOOKS_MORE ((size_t)1 << 20)

static enum pratique_status search(struct column *c, struct span page)
{
    bool (*is_value)(struct span, size_t, struct span *) = c->fixed ? pickle_at : value_at;
    size_t most = c->fixed ? 2 * PICKLE_WALK_MAX : SIZE_MAX; /* where no length is */
    enum pratique_status st = PRATIQUE_OK;
    uint64_t left = 16 * (uint64_t)page.n + LOOKS_MORE;

    for (size_t at = 0; at + 8 <= page.n && st == PRATIQUE_OK; at++) {
        struct span value, look;
        size_t walked;
        bool worth;
        char *name;

        if (!is_value(page, at, &value))
            continue;
        look = span_of(value.p, value.n < most ? value.n : most);
        worth = worth_a_walk(look, &walked);
        if (walked > left)
            return scan_fail(c->s, PRATIQUE_E_FORMAT, PRATIQUE_NO_OFFSET,
                             "Parquet: too many values that lie in one another");
        left -= walked;
        if (!worth && (c->fixed || !model_may_be_encoded(value)))
            continue;
        name = arena_printf(c->s->arena, "column %.*s, value %" PRIu64, (int)c->name.n,
                            (const char *)c->name.p, ++c->values);
        if (!name)
            return scan_fail(c->s, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "while naming a value");
        st = hand_on(c, value, span_text(name));
        at += c->fixed ? value.n : 3 + value.n; /* what follows a pickle is looked at with it */
    }
    return st;
}

static enum pratique_status tell_unread(struct column *c, const char *why)
{
    if (!c->unread)
        scan_fact(c->s, FACT_TABLE_UNREAD, PRATIQUE_NO_OFFSET, c->name, span_text(why));
    c->unread = true;
    return PRATIQUE_OK;
}

/* LZ4 as Hadoop frames it: both lengths, big end first, before the block. */
static struct span without_hadoop(struct span body, uint64_t inflated)
{
    struct span rest = body;
    uint32_t whole, n;

    if (take_u32be(&rest, &whole) && take_u32be(&rest, &n) && whole == inflated && n == rest.n)
        return rest;
    return body;
}

/* Blocks, whose length is the header's word. */
static enum pratique_status search_block(struct column *c, struct span body, uint64_t n,
                                         uint64_t offset)
{
    enum pratique_status st = PRATIQUE_OK;
    uint8_t *out;
    bool ok;

    if (!budget_output(c->s->budget, n) || !budget_ratio(c->s->budget, body.n, n))
        return scan_fail_budget(c->s, offset);
    out = scan_map(c->s, (size_t)n);
    if (!out)
        return scan_fail_budget(c->s, offset);
    ok = c->codec == SNAPPY ? block_snappy(body, out, (size_t)n)
                            : block_lz4(without_hadoop(body, n), out, (size_t)n);
    st = ok ? search(c, span_of(out, (size_t)n))
            : scan_fail(c->s, PRATIQUE_E_FORMAT, offset, "Parquet: a page cannot be decompressed");
    scan_unmap(c->s, out, (size_t)n);
    return st;
}

static enum pratique_status search_stream(struct column *c, enum codec codec, struct span body,
                                          uint64_t n)
{
    struct inflated out;
    enum pratique_status st = codec_inflate(c->s, codec, body, n, &out);

    if (st == PRATIQUE_OK)
        st = search(c, out.bytes);
    codec_free(c->s, &out);
    return st;
}

static enum pratique_status search_page(struct column *c, const struct page *p, struct span body,
                                        uint64_t offset)
{
    uint64_t n = p->inflated - p->levels;

    if (!skip(&body, p->levels) || p->levels > p->inflated)
        return scan_fail(c->s, PRATIQUE_E_FORMAT, offset, "Parquet: levels longer than their page");
    if (p->encoding == DELTA_LENGTH || p->encoding == DELTA_BYTES)
        return tell_unread(c, "DELTA encoding");
    if (c->codec == UNCOMPRESSED || !p->compressed)
        return search(c, body);
    switch (c->codec) {
    case SNAPPY:
    case LZ4:
    case LZ4_RAW:
        return search_block(c, body, n, offset);
    case GZIP:
        return search_stream(c, CODEC_GZIP, body, n);
    case ZSTD:
        return search_stream(c, CODEC_ZSTD, body, n);
    case BROTLI:
        return tell_unread(c, "compressed by Brotli");
    default:
        return tell_unread(c, "compressed in a way that is not known");
    }
}

/* Whether a page has values in it, and not only numbers of those in the dictionary. */
static bool has_values(const struct page *p)
{
    return p->type == DICTIONARY_PAGE ||
           ((p->type == DATA_PAGE || p->type == DATA_PAGE_V2) && p->encoding != PLAIN_DICTIONARY &&
            p->encoding != RLE_DICTIONARY);
}

enum pratique_status parquet_pages(struct scan *s, struct span pages, uint64_t offset,
                                   uint64_t codec, bool fixed, struct span column)
{
    struct column c = { .s = s, .name = column, .codec = codec, .fixed = fixed };
    size_t whole = pages.n;
    enum pratique_status st = PRATIQUE_OK;

    while (pages.n > 0 && st == PRATIQUE_OK) {
        uint64_t at = offset + (whole - pages.n);
        struct page page;
        struct span body;

        if (!take_header(&pages, &page) || !take(&pages, page.deflated, &body))
            return scan_fail(s, PRATIQUE_E_FORMAT, at, "Parquet: a page's header cannot be read");
        if (!budget_time(s->budget))
            return scan_fail_budget(s, at);
        if (has_values(&page))
            st = search_page(&c, &page, body, at);
    }
    return st;
}
