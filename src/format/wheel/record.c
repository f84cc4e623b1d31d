/* See record.h. */
#include "format/wheel/record.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/digit.h"

static bool is_break(uint8_t c)
{
    return c == '\n' || c == '\r';
}

/* Length of an unquoted field; quotes inside of it are plain. */
static size_t plain_length(struct span in)
{
    size_t n = 0;

    while (n < in.n && in.p[n] != ',' && !is_break(in.p[n]))
        n++;
    return n;
}

/* Length of a quoted field from its opening quote to its closing one, or to the end. */
static size_t quoted_length(struct span in)
{
    size_t n = 1;

    while (n < in.n && (in.p[n] != '"' || (n + 1 < in.n && in.p[n + 1] == '"')))
        n += in.p[n] == '"' ? 2 : 1;
    return n < in.n ? n + 1 : in.n;
}

/*
 * A field that begins with a quote: "" is one quote, the next single one ends it, and what
 * follows up to the comma belongs to it all the same.
 */
static bool take_quoted(struct span *in, struct arena *arena, struct span *out)
{
    struct span quoted, tail;
    uint8_t *to, c;
    size_t n = 0;

    (void)take(in, quoted_length(*in), &quoted);
    (void)take(in, plain_length(*in), &tail);
    to = arena_alloc(arena, quoted.n + tail.n);
    if (!to)
        return false;
    (void)skip(&quoted, 1);
    while (take_u8(&quoted, &c)) {
        if (c == '"' && !take_u8(&quoted, &c))
            break; /* the closing one */
        to[n++] = c;
    }
    memcpy(to + n, tail.p, tail.n);
    *out = span_of(to, n + tail.n);
    return true;
}

static bool take_field(struct span *in, struct arena *arena, struct span *out)
{
    if (in->n && in->p[0] == '"')
        return take_quoted(in, arena, out);
    return take(in, plain_length(*in), out);
}

/* A row, with its line's end. Fields past the third are dropped, as pip does. */
static bool take_row(struct span *in, struct arena *arena, struct record_row *row)
{
    struct span *fields[] = { &row->path, &row->hash, &row->size }, more;
    uint8_t c = ',';

    *row = (struct record_row){ .path = SPAN_EMPTY, .hash = SPAN_EMPTY, .size = SPAN_EMPTY };
    for (size_t i = 0; c == ','; i++) {
        if (!take_field(in, arena, i < 3 ? fields[i] : &more))
            return false;
        row->fields++;
        if (!take_u8(in, &c))
            break;
    }
    return true;
}

static size_t count_lines(struct span text)
{
    size_t n = 1;

    for (size_t i = 0; i < text.n; i++)
        n += is_break(text.p[i]);
    return n;
}

static uint32_t newlines(struct span text)
{
    uint32_t n = 0;

    for (size_t i = 0; i < text.n; i++)
        n += text.p[i] == '\n';
    return n;
}

bool record_parse(struct record *out, struct arena *arena, struct span text)
{
    uint32_t line = 1;

    *out = (struct record){ .n = 0 };
    out->rows = arena_array(arena, count_lines(text), sizeof *out->rows);
    if (!out->rows)
        return false;
    while (text.n > 0) {
        struct span before = text;

        if (is_break(text.p[0])) {
            (void)skip(&text, 1);
        } else {
            if (!take_row(&text, arena, &out->rows[out->n]))
                return false;
            out->rows[out->n++].line = line;
        }
        before.n -= text.n;
        line += newlines(before);
    }
    return true;
}

static int by_row(const void *a, const void *b)
{
    const struct record_row *x = a, *y = b;
    int c = span_order(x->path, y->path);

    c = c ? c : span_order(x->hash, y->hash);
    return c ? c : span_order(x->size, y->size);
}

void record_sort(struct record *r)
{
    if (r->n > 1)
        qsort(r->rows, r->n, sizeof *r->rows, by_row);
}

const struct record_row *record_find(const struct record *r, struct span path)
{
    size_t low = 0, high = r->n;

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (span_order(r->rows[mid].path, path) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low < r->n && span_equal(r->rows[low].path, path) ? &r->rows[low] : NULL;
}

static bool needs_quotes(struct span s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == ',' || s.p[i] == '"' || is_break(s.p[i]))
            return true;
    return false;
}

static void put_field(struct buf *out, struct span s)
{
    if (!needs_quotes(s)) {
        (void)buf_add(out, s.p, s.n);
        return;
    }
    (void)buf_putc(out, '"');
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"')
            (void)buf_putc(out, '"');
        (void)buf_putc(out, (char)s.p[i]);
    }
    (void)buf_putc(out, '"');
}

bool record_put(struct buf *out, const struct record_row *row)
{
    put_field(out, row->path);
    (void)buf_putc(out, ',');
    put_field(out, row->hash);
    (void)buf_putc(out, ',');
    put_field(out, row->size);
    return buf_puts(out, "\r\n") && !out->failed;
}

/* base64 of RFC 4648, section 5, without padding, into exactly want bytes. */
static bool take_digest(struct span text, uint8_t *out, size_t want)
{
    uint32_t bits = 0;
    unsigned have = 0;
    size_t n = 0;

    while (text.n > 0 && text.p[text.n - 1] == '=')
        text.n--;
    if (text.n != (want * 8 + 5) / 6)
        return false;
    for (size_t i = 0; i < text.n; i++) {
        int d = digit_base64_url(text.p[i]);

        if (d < 0)
            return false;
        bits = bits << 6 | (uint32_t)d;
        have += 6;
        if (have >= 8) {
            have -= 8;
            out[n++] = (uint8_t)(bits >> have);
        }
    }
    return n == want && (bits & ((1u << have) - 1)) == 0;
}

enum record_hash record_hash(struct span field, uint8_t digest[64], size_t *n)
{
    static const struct {
        const char *name;
        enum record_hash kind;
        size_t n;
    } kinds[] = {
        { "sha256=", HASH_SHA256, 32 }, { "sha384=", HASH_SHA384, 48 },
        { "sha512=", HASH_SHA512, 64 }, { "md5=", HASH_WEAK, 0 },
        { "sha1=", HASH_WEAK, 0 },
    };

    *n = 0;
    if (field.n == 0)
        return HASH_NONE;
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        struct span head = span_text(kinds[i].name);

        if (!span_starts(field, head))
            continue;
        *n = kinds[i].n;
        if (*n && !take_digest(span_from(field, head.n), digest, *n))
            break;
        return kinds[i].kind;
    }
    *n = 0;
    return HASH_UNKNOWN;
}

bool record_size_is(struct span field, uint64_t n)
{
    char text[24];

    (void)snprintf(text, sizeof text, "%" PRIu64, n);
    return field.n == 0 || span_is(field, text);
}
