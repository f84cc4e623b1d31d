/*
 * See http.h. RFC 9112: request line (3), fields (5), chunked coding (7.1). More is let pass
 * than the standard lets: lines ended by LF alone, any target. Left out: line folding (a
 * folded line is ignored), HTTP/0.9 and 2.
 */
#include "watch/http.h"

#define METHOD_MAX     16
#define CHUNK_LINE_MAX 256
#define SIZE_DIGITS    15

static uint8_t lower(uint8_t c)
{
    return (uint8_t)(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

bool http_same(struct span a, struct span b)
{
    if (a.n != b.n)
        return false;
    for (size_t i = 0; i < a.n; i++)
        if (lower(a.p[i]) != lower(b.p[i]))
            return false;
    return true;
}

bool http_has(struct span in, const char *part)
{
    struct span want = span_text(part), at;

    for (size_t i = 0; span_sub(in, i, want.n, &at); i++)
        if (http_same(at, want))
            return true;
    return false;
}

static struct span trim(struct span s)
{
    while (s.n > 0 && (s.p[0] == ' ' || s.p[0] == '\t'))
        (void)skip(&s, 1);
    while (s.n > 0 && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t' || s.p[s.n - 1] == '\r'))
        s.n--;
    return s;
}

/* Cuts off what is before c, and c; false without c. */
static bool take_until(struct span *in, char c, struct span *out)
{
    const uint8_t *end = in->n ? memchr(in->p, c, in->n) : NULL;

    *out = SPAN_EMPTY;
    return end && take(in, (uint64_t)(end - in->p), out) && skip(in, 1);
}

enum http_state http_looks_so(struct span in)
{
    size_t n = 0;

    while (n < in.n && n <= METHOD_MAX && ((in.p[n] >= 'A' && in.p[n] <= 'Z') || in.p[n] == '-'))
        n++;
    if (n > METHOD_MAX || (n < in.n && (n < 3 || in.p[n] != ' ')))
        return HTTP_BAD;
    in = span_from(in, n);
    if (in.n < 2)
        return HTTP_MORE;
    /* What follows is a path, "*", a URL or HOST:PORT; so is a line "HELO name", whence: */
    if (in.p[1] == '/' || in.p[1] == '*')
        return HTTP_OK;
    if (memchr(in.p, '\n', in.n) == NULL)
        return in.n < HTTP_HEAD_MAX ? HTTP_MORE : HTTP_BAD;
    return http_has(in, " HTTP/1.") ? HTTP_OK : HTTP_BAD;
}

static bool take_request_line(struct span *in, struct http_head *h)
{
    struct span line, version;

    if (!take_line(in, &line))
        return false;
    line = trim(line);
    if (!take_until(&line, ' ', &h->method) || h->method.n > METHOD_MAX || h->method.n == 0)
        return false;
    if (!take_until(&line, ' ', &h->target))
        return false;
    version = trim(line);
    h->old = span_is(version, "HTTP/1.0");
    h->keep_alive = !h->old;
    return span_starts(version, SPAN_LITERAL("HTTP/1."));
}

/* A number in base 10; false when it is none, or has too many digits. */
static bool read_number(struct span s, uint64_t *out)
{
    *out = 0;
    if (s.n == 0 || s.n > SIZE_DIGITS)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
        *out = *out * 10 + (uint64_t)(s.p[i] - '0');
    }
    return true;
}

/* Fields that are told and no more. */
static struct span *plain_field(struct http_head *h, struct span name)
{
    const struct {
        const char *name;
        struct span *to;
    } fields[] = {
        { "host", &h->host },
        { "content-type", &h->type },
        { "content-encoding", &h->encoding },
        { "accept", &h->accept },
        { "user-agent", &h->agent },
        { "range", &h->range },
    };

    for (size_t i = 0; i < ARRAY_LEN(fields); i++)
        if (http_same(name, span_text(fields[i].name)))
            return fields[i].to;
    return NULL;
}

static bool read_field(struct http_head *h, struct span name, struct span value)
{
    struct span *to = plain_field(h, name);

    if (to)
        *to = value;
    else if (http_same(name, SPAN_LITERAL("content-length")))
        return read_number(value, &h->length);
    else if (http_same(name, SPAN_LITERAL("transfer-encoding")))
        h->chunked = http_has(value, "chunked");
    else if (http_same(name, SPAN_LITERAL("expect")))
        h->expects_continue = http_has(value, "100-continue");
    else if (http_same(name, SPAN_LITERAL("connection")))
        h->keep_alive = h->old ? http_has(value, "keep-alive") : !http_has(value, "close");
    return true;
}

/* The fields up to the empty line: OK, MORE without one, BAD. */
static enum http_state take_fields(struct span *in, struct http_head *h)
{
    struct span line, name;

    while (take_line(in, &line)) {
        if (trim(line).n == 0)
            return HTTP_OK;
        if (take_until(&line, ':', &name) && !read_field(h, name, trim(line)))
            return HTTP_BAD;
    }
    return HTTP_MORE;
}

enum http_state http_head(struct span *in, struct http_head *head)
{
    struct span rest = *in;
    enum http_state state;

    *head = (struct http_head){ SPAN_EMPTY, SPAN_EMPTY, SPAN_EMPTY, SPAN_EMPTY, SPAN_EMPTY,
                                SPAN_EMPTY, SPAN_EMPTY, SPAN_EMPTY, 0,          0,
                                0,          0,          0,          0 };
    if (memchr(rest.p, '\n', rest.n) == NULL)
        return rest.n < HTTP_HEAD_MAX ? HTTP_MORE : HTTP_BAD;
    if (!take_request_line(&rest, head))
        return HTTP_BAD;
    state = take_fields(&rest, head);
    if (state == HTTP_MORE && in->n >= HTTP_HEAD_MAX)
        return HTTP_BAD;
    if (state != HTTP_OK)
        return state;
    head->bytes = in->n - rest.n;
    if (head->chunked)
        head->length = 0;
    *in = rest;
    return HTTP_OK;
}

/* ---- bodies ---- */

void http_body_begin(struct http_body *b, const struct http_head *head)
{
    b->left = head->length;
    b->at = head->chunked ? HTTP_CHUNK_SIZE : HTTP_BY_LENGTH;
}

static bool hex(uint8_t c, uint64_t *n)
{
    c = lower(c);
    if ((c < '0' || c > '9') && (c < 'a' || c > 'f'))
        return false;
    *n = *n << 4 | (uint64_t)(c <= '9' ? c - '0' : c - 'a' + 10);
    return true;
}

/* "1a;name=value" */
static bool read_size(struct span line, uint64_t *out)
{
    size_t i = 0;

    *out = 0;
    while (i < line.n && i < SIZE_DIGITS && hex(line.p[i], out))
        i++;
    return i > 0 && (i == line.n || line.p[i] == ';' || line.p[i] == ' ' || line.p[i] == '\r');
}

/* The lines around chunks: OK when one was read. */
static enum http_state take_chunk_line(struct http_body *b, struct span *in)
{
    struct span line;

    if (!take_line(in, &line))
        return in->n < CHUNK_LINE_MAX ? HTTP_MORE : HTTP_BAD;
    if (line.n >= CHUNK_LINE_MAX)
        return HTTP_BAD;
    if (b->at == HTTP_TRAILER)
        return trim(line).n == 0 ? HTTP_END : HTTP_OK;
    if (b->at == HTTP_CHUNK_LINE) {
        b->at = HTTP_CHUNK_SIZE;
        return trim(line).n == 0 ? HTTP_OK : HTTP_BAD;
    }
    if (!read_size(line, &b->left))
        return HTTP_BAD;
    b->at = b->left ? HTTP_CHUNK : HTTP_TRAILER;
    return HTTP_OK;
}

static enum http_state take_piece(struct http_body *b, struct span *in, struct span *out)
{
    uint64_t n = b->left < in->n ? b->left : in->n;

    if (n == 0)
        return HTTP_MORE;
    (void)take(in, n, out);
    b->left -= n;
    if (b->left == 0 && b->at == HTTP_CHUNK)
        b->at = HTTP_CHUNK_LINE;
    return HTTP_OK;
}

enum http_state http_body_take(struct http_body *b, struct span *in, struct span *out)
{
    enum http_state state = HTTP_OK;

    *out = SPAN_EMPTY;
    while (state == HTTP_OK) {
        if (b->at == HTTP_BY_LENGTH && b->left == 0)
            return HTTP_END;
        if (b->at == HTTP_BY_LENGTH || b->at == HTTP_CHUNK)
            return take_piece(b, in, out);
        state = take_chunk_line(b, in);
    }
    return state;
}

/* ---- targets and ranges ---- */

bool http_range(struct span field, uint64_t size, struct http_range *out)
{
    struct span first;

    *out = (struct http_range){ 0, 0 };
    if (size == 0 || !span_starts(field, SPAN_LITERAL("bytes=")) || !skip(&field, 6) ||
        !take_until(&field, '-', &first))
        return false;
    out->last = size - 1;
    if (first.n == 0) {
        if (!read_number(field, &out->first) || out->first == 0)
            return false;
        out->first = out->first < size ? size - out->first : 0;
        return true;
    }
    if (!read_number(first, &out->first) || (field.n && !read_number(field, &out->last)))
        return false;
    if (out->last >= size)
        out->last = size - 1;
    return out->first <= out->last;
}

struct span http_path(struct span target)
{
    struct span path;

    return take_until(&target, '?', &path) ? path : target;
}

struct span http_name(struct span path)
{
    struct span part;

    while (take_until(&path, '/', &part))
        ;
    return path;
}
