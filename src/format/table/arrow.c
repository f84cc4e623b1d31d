/*
 * Apache Arrow IPC: the messages of a stream or a file one by one. A schema can name extension
 * types whose description is a pickle (CVE-2023-47248: pyarrow before 14.0.1 loads it as the schema
 * is read); columns of bytes can hold pickles. Columns of numbers and texts are not read.
 *
 * Spec: arrow.apache.org/docs/format/Columnar.html, version 1.5 (Encapsulated message format);
 * Schema.fbs, Message.fbs and File.fbs of apache/arrow.
 * Left out: values in views, and Feather of version 1: told as unread.
 */
#include "format/table/arrow.h"

#include <inttypes.h>

#include "format/codec/codec.h"
#include "format/flatbuffer/flatbuffer.h"
#include "format/model/model.h"
#include "format/rest.h"
#include "format/table/worth.h"
#include "input/base64.h"

#define FILE_MAGIC "ARROW1\0"
#define FIELDS_MAX 65536 /* of a schema, nested ones included */
#define NAME_SHOWN 64

enum header { HEADER_SCHEMA = 1, HEADER_DICTIONARY = 2, HEADER_RECORDS = 3 };
enum type { TYPE_BINARY = 4, TYPE_LARGE_BINARY = 19, TYPE_BINARY_VIEW = 23 };

struct arrow {
    struct scan *s;
    bool binary; /* the schema has columns of bytes */
    bool views;  /* told once */
    uint64_t fields, batches, rows, values, messages;
};

static enum pratique_status fail(const struct arrow *a, const struct fb *fb, uint64_t base)
{
    return scan_fail(a->s, PRATIQUE_E_FORMAT, base + fb->wrong_at, "Arrow: %s", fb->wrong);
}

/* ---- schemas ---- */

/* Extension types of pyarrow are described by a pickle. */
static enum pratique_status tell_extension(struct arrow *a, struct span name, struct span type,
                                           struct span description)
{
    char *where;

    if (span_is(type, "arrow.py_extension_type"))
        scan_fact(a->s, FACT_ARROW_PY_EXTENSION, PRATIQUE_NO_OFFSET, name, type);
    if (!worth_a_look(description))
        return PRATIQUE_OK;
    where = arena_printf(a->s->arena, "type of field %.*s",
                         (int)(name.n < NAME_SHOWN ? name.n : NAME_SHOWN), (const char *)name.p);
    return where ? model_embedded(a->s, description, span_text(where))
                 : scan_fail(a->s, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "while naming a field");
}

/* Notes of a field or a schema: pairs of a key and a value. */
static enum pratique_status read_notes(struct arrow *a, struct fb *fb, const struct fb_table *t,
                                       unsigned number, struct span name)
{
    struct fb_vector notes = fb_vector(fb, t, number, 4);
    struct span type = SPAN_EMPTY, description = SPAN_EMPTY;

    for (uint32_t i = 0; i < notes.n && fb_ok(fb); i++) {
        struct fb_table note = fb_table_at(fb, &notes, i);
        struct span key = fb_string(fb, &note, 0), value = fb_string(fb, &note, 1);

        if (span_is(key, "ARROW:extension:name"))
            type = value;
        else if (span_is(key, "ARROW:extension:metadata"))
            description = value;
        else if (worth_a_look(value))
            description = value;
    }
    return type.n || description.n ? tell_extension(a, name, type, description) : PRATIQUE_OK;
}

/* Fields that wait: a schema is a tree, walked without recursion. */
struct fields {
    struct fb_table *list; /* of scan_map() */
    size_t n, size;
};

static bool push_all(struct arrow *a, struct fb *fb, struct fields *w, const struct fb_vector *v)
{
    for (uint32_t i = 0; i < v->n && fb_ok(fb); i++) {
        if (++a->fields > FIELDS_MAX)
            return false;
        if (w->n == w->size) {
            size_t more = w->size ? w->size * 2 : 32, one = sizeof *w->list;
            void *p = w->list ? scan_remap(a->s, w->list, w->size * one, more * one)
                              : scan_map(a->s, more * one);

            if (!p)
                return false;
            w->list = p;
            w->size = more;
        }
        w->list[w->n++] = fb_table_at(fb, v, i);
    }
    return true;
}

static enum pratique_status read_field(struct arrow *a, struct fb *fb, const struct fb_table *f)
{
    struct span name = fb_string(fb, f, 0);
    uint64_t type = fb_number(fb, f, 2, 1, 0);

    a->binary |= type == TYPE_BINARY || type == TYPE_LARGE_BINARY;
    if (type == TYPE_BINARY_VIEW && !a->views)
        scan_fact(a->s, FACT_TABLE_UNREAD, PRATIQUE_NO_OFFSET, name,
                  SPAN_LITERAL("a column of views of bytes"));
    a->views |= type == TYPE_BINARY_VIEW;
    return read_notes(a, fb, f, 6, name);
}

static enum pratique_status read_schema(struct arrow *a, struct fb *fb,
                                        const struct fb_table *schema)
{
    struct fb_vector top = fb_vector(fb, schema, 1, 4);
    struct fields waiting = { 0 };
    enum pratique_status st = read_notes(a, fb, schema, 2, SPAN_LITERAL("(schema)"));
    bool room = push_all(a, fb, &waiting, &top);

    while (st == PRATIQUE_OK && room && waiting.n > 0 && fb_ok(fb)) {
        struct fb_table f = waiting.list[--waiting.n];
        struct fb_vector children = fb_vector(fb, &f, 5, 4);

        st = read_field(a, fb, &f);
        room = push_all(a, fb, &waiting, &children);
    }
    scan_unmap(a->s, waiting.list, waiting.size * sizeof *waiting.list);
    if (st == PRATIQUE_OK && !room)
        st = scan_fail(a->s, PRATIQUE_E_LIMIT, PRATIQUE_NO_OFFSET,
                       "Arrow: a schema of more than %d fields", FIELDS_MAX);
    return st;
}

/* ---- record batches ---- */

static enum pratique_status tell_value(struct arrow *a, struct span value)
{
    char *name =
        arena_printf(a->s->arena, "batch %" PRIu64 ", value %" PRIu64, a->batches, ++a->values);

    return name ? model_embedded(a->s, value, span_text(name))
                : scan_fail(a->s, PRATIQUE_E_NOMEM, PRATIQUE_NO_OFFSET, "while naming a value");
}

static uint64_t offset_at(struct span offsets, size_t i, unsigned width)
{
    struct span at = span_from(offsets, i * width);
    uint64_t v = 0;
    uint32_t narrow = 0;

    if (width == 8)
        (void)take_u64le(&at, &v);
    else
        (void)take_u32le(&at, &narrow);
    return width == 8 ? v : narrow;
}

/*
 * A buffer before a buffer: if it is offsets into that one, its values are looked at. Any other
 * buffer stops being one of offsets at its first numbers.
 */
static enum pratique_status search(struct arrow *a, struct span offsets, struct span data,
                                   unsigned width)
{
    size_t n = offsets.n / width;
    uint64_t from = n ? offset_at(offsets, 0, width) : 0;
    enum pratique_status st = PRATIQUE_OK;

    for (size_t i = 1; i < n && st == PRATIQUE_OK; i++) {
        uint64_t to = offset_at(offsets, i, width);
        struct span value;

        if (to < from || !span_sub(data, from, to - from, &value))
            break;
        if (worth_a_look(value))
            st = tell_value(a, value);
        from = to;
    }
    return st;
}

struct buffers {
    struct span before; /* the one before, inflated */
    struct inflated kept[2];
    unsigned turn;
};

/* A buffer's content: as it is, or behind eight bytes of its length and compressed. */
static enum pratique_status open_buffer(struct arrow *a, struct buffers *b, int codec,
                                        struct span raw, struct span *out)
{
    struct inflated *into = &b->kept[b->turn ^= 1];
    uint64_t n;
    enum pratique_status st;

    codec_free(a->s, into);
    *into = (struct inflated){ .bytes = SPAN_EMPTY };
    *out = raw;
    if (codec < 0 || raw.n < 8 || !take_u64le(&raw, &n))
        return PRATIQUE_OK;
    *out = raw;
    if (n == UINT64_MAX) /* not compressed after all */
        return PRATIQUE_OK;
    st = codec_inflate(a->s, (enum codec)codec, raw, n, into);
    *out = into->bytes;
    return st;
}

static int codec_of(struct fb *fb, const struct fb_table *batch)
{
    struct fb_table compression = fb_table(fb, batch, 3);

    if (compression.at == 0)
        return -1;
    return fb_number(fb, &compression, 0, 1, 0) == 1 ? CODEC_ZSTD : CODEC_LZ4;
}

static enum pratique_status read_buffers(struct arrow *a, struct fb *fb,
                                         const struct fb_table *batch, struct span body)
{
    struct fb_vector list = fb_vector(fb, batch, 2, 16);
    int codec = codec_of(fb, batch);
    struct buffers b = { .before = SPAN_EMPTY };
    uint64_t left = 4 * (uint64_t)body.n; /* they do not share bytes, or not many */
    enum pratique_status st = PRATIQUE_OK;

    for (uint32_t i = 0; i < list.n && fb_ok(fb) && st == PRATIQUE_OK; i++) {
        struct fb_vector pair = { list.at + (uint64_t)i * 16, 2 };
        uint64_t offset = fb_number_at(fb, &pair, 0, 8), n = fb_number_at(fb, &pair, 1, 8);
        struct span raw, data;

        if (!span_sub(body, offset, n, &raw)) {
            fb_fault(fb, list.at, "a buffer lies outside of its message's body");
            break;
        }
        if (!a->binary)
            continue;
        if (raw.n > left) {
            fb_fault(fb, list.at, "buffers that lie in one another");
            break;
        }
        left -= raw.n;
        st = open_buffer(a, &b, codec, raw, &data);
        if (st == PRATIQUE_OK)
            st = search(a, b.before, data, 4);
        if (st == PRATIQUE_OK)
            st = search(a, b.before, data, 8);
        b.before = data;
    }
    codec_free(a->s, &b.kept[0]);
    codec_free(a->s, &b.kept[1]);
    return st;
}

/* ---- messages ---- */

static enum pratique_status read_message(struct arrow *a, struct span bytes, uint64_t base,
                                         struct span rest, uint64_t *body_n)
{
    struct fb fb;
    struct fb_table message = fb_open(&fb, bytes), header, data;
    uint64_t kind = fb_number(&fb, &message, 1, 1, 0);
    enum pratique_status st = PRATIQUE_OK;
    struct span body;

    header = fb_table(&fb, &message, 2);
    *body_n = fb_number(&fb, &message, 3, 8, 0);
    if (!take(&rest, *body_n, &body))
        fb_fault(&fb, 0, "a message's body lies outside of the file");
    a->messages++;
    if (fb_ok(&fb) && kind == HEADER_SCHEMA)
        st = read_schema(a, &fb, &header);
    if (fb_ok(&fb) && (kind == HEADER_RECORDS || kind == HEADER_DICTIONARY)) {
        data = kind == HEADER_DICTIONARY ? fb_table(&fb, &header, 1) : header;
        a->batches++;
        a->rows += kind == HEADER_RECORDS ? fb_number(&fb, &data, 0, 8, 0) : 0;
        st = read_buffers(a, &fb, &data, body);
    }
    return st == PRATIQUE_OK && !fb_ok(&fb) ? fail(a, &fb, base) : st;
}

/* A message's length, behind the marker that versions from 0.15 put before it. */
static bool take_length(struct span *in, uint32_t *n)
{
    if (!take_u32le(in, n))
        return false;
    return *n != UINT32_MAX || take_u32le(in, n);
}

/* Messages up to the end mark or the end; in is cut. Bodies follow their messages. */
static enum pratique_status read_messages(struct arrow *a, struct span *in, uint64_t base)
{
    size_t whole = in->n;
    enum pratique_status st = PRATIQUE_OK;
    uint32_t n;

    while (in->n > 0 && st == PRATIQUE_OK) {
        uint64_t at = base + (whole - in->n), body_n = 0;
        struct span bytes;

        if (!take_length(in, &n))
            return scan_fail(a->s, PRATIQUE_E_FORMAT, at, "Arrow: a message's length is cut");
        if (n == 0)
            return PRATIQUE_OK;
        if (!take(in, n, &bytes))
            return scan_fail(a->s, PRATIQUE_E_FORMAT, at, "Arrow: a message of %u bytes is cut", n);
        if (!budget_time(a->s->budget))
            return scan_fail_budget(a->s, at);
        st = read_message(a, bytes, at, *in, &body_n);
        if (st == PRATIQUE_OK)
            (void)skip(in, body_n);
    }
    return st;
}

static void tell_read(const struct arrow *a, const char *name, uint64_t bytes)
{
    scan_read(a->s, name, bytes, "%" PRIu64 " fields, %" PRIu64 " batches, %" PRIu64 " rows",
              a->fields, a->batches, a->rows);
}

/* ---- files ---- */

/* The batches that the footer lists are those that were met: readers go by the one or the other. */
static enum pratique_status read_footer(struct arrow *a, struct span in, struct span footer,
                                        uint64_t base)
{
    struct fb fb;
    struct fb_table root = fb_open(&fb, footer), schema = fb_table(&fb, &root, 1);
    struct fb_vector dictionaries = fb_vector(&fb, &root, 2, 24),
                     blocks = fb_vector(&fb, &root, 3, 24);
    uint64_t met = a->batches;
    enum pratique_status st = fb_ok(&fb) ? read_schema(a, &fb, &schema) : PRATIQUE_OK;

    if (st == PRATIQUE_OK && fb_ok(&fb) && (uint64_t)dictionaries.n + blocks.n != met)
        fb_fault(&fb, 0, "the footer lists other batches than there are");
    for (uint32_t i = 0; i < blocks.n && fb_ok(&fb) && st == PRATIQUE_OK; i++) {
        struct fb_vector at = { blocks.at + (uint64_t)i * 24, 1 };
        struct span message = span_from(in, fb_number_at(&fb, &at, 0, 8));
        uint32_t n;

        if (!take_length(&message, &n) || n == 0 || n > message.n)
            fb_fault(&fb, blocks.at, "the footer lists a batch where none is");
    }
    return st == PRATIQUE_OK && !fb_ok(&fb) ? fail(a, &fb, base) : st;
}

static enum pratique_status scan_file(struct scan *s, struct span in)
{
    struct arrow a = { .s = s };
    struct span tail, footer, rest;
    uint32_t n;
    enum pratique_status st;

    s->recognised = "Arrow file";
    if (in.n < 18 || !span_sub(in, in.n - 10, 10, &tail) || !take_u32le(&tail, &n) ||
        !span_is(tail, "ARROW1") || n > in.n - 18)
        return scan_fail(s, PRATIQUE_E_FORMAT, in.n, "Arrow: no footer at the end");
    (void)span_sub(in, in.n - 10 - n, n, &footer);
    (void)span_sub(in, 8, in.n - 18 - n, &rest);
    st = read_messages(&a, &rest, 8);
    if (st == PRATIQUE_OK)
        st = read_footer(&a, in, footer, in.n - 10 - n);
    if (st == PRATIQUE_OK)
        tell_read(&a, "Arrow file", in.n);
    return st;
}

static bool looks_like_file(struct span in)
{
    return span_starts(in, SPAN_LITERAL(FILE_MAGIC));
}

static enum pratique_status scan_stream(struct scan *s, struct span in)
{
    struct arrow a = { .s = s };
    struct span rest = in;
    enum pratique_status st = read_messages(&a, &rest, 0);

    s->recognised = "Arrow stream";
    if (st != PRATIQUE_OK)
        return st;
    tell_read(&a, "Arrow stream", in.n - rest.n);
    return scan_rest(s, "Arrow stream", in.n - rest.n, rest);
}

/* The marker, a length that is a multiple of eight, and a schema message. */
static bool looks_like_stream(struct span in)
{
    struct span bytes;
    uint32_t marker, n;
    struct fb fb;
    struct fb_table message;

    if (!take_u32le(&in, &marker) || marker != UINT32_MAX || !take_u32le(&in, &n) || n < 16 ||
        n % 8 != 0 || !take(&in, n, &bytes))
        return false;
    message = fb_open(&fb, bytes);
    return fb_number(&fb, &message, 1, 1, 0) == HEADER_SCHEMA && fb_ok(&fb);
}

/* ---- in Parquet ---- */

enum pratique_status arrow_schema_base64(struct scan *s, struct span text)
{
    struct arrow a = { .s = s };
    uint8_t *bytes = scan_map(s, text.n);
    enum pratique_status st;
    struct span rest;

    if (!bytes)
        return scan_fail_budget(s, PRATIQUE_NO_OFFSET);
    rest = span_of(bytes, base64_loose(text, true, bytes, text.n));
    st = read_messages(&a, &rest, 0);
    if (st == PRATIQUE_E_FORMAT) /* a note of the writer's: readers of Parquet can do without */
        st = scan_fail(s, st, PRATIQUE_NO_OFFSET, "Parquet: its Arrow schema cannot be read");
    scan_unmap(s, bytes, text.n);
    return st;
}

const struct format format_arrow = {
    .name = "arrow",
    .spec = "arrow.apache.org/docs/format/Columnar.html 1.5, IPC file format",
    .looks_like = looks_like_file,
    .scan = scan_file,
};

const struct format format_arrow_stream = {
    .name = "arrow stream",
    .spec = "arrow.apache.org/docs/format/Columnar.html 1.5, IPC streaming format",
    .looks_like = looks_like_stream,
    .scan = scan_stream,
};
