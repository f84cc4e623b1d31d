/* See json.h. */
#include "report/json.h"

#include <inttypes.h>

static void new_line(struct json *j)
{
    buf_putc(&j->out->buf, '\n');
    for (unsigned i = 0; i < j->depth; i++)
        out_puts(j->out, "  ");
}

/* What comes before a value: comma, line, key. */
static void begin(struct json *j, const char *key)
{
    if (j->filled & UINT32_C(1) << j->depth)
        buf_putc(&j->out->buf, ',');
    j->filled |= UINT32_C(1) << j->depth;
    if (j->depth > 0)
        new_line(j);
    if (key) {
        out_json_string(j->out, key);
        out_puts(j->out, ": ");
    }
}

void json_open(struct json *j, const char *key, char bracket)
{
    begin(j, key);
    buf_putc(&j->out->buf, bracket);
    j->depth++;
    j->filled &= ~(UINT32_C(1) << j->depth);
}

void json_close(struct json *j, char bracket)
{
    bool filled = j->filled & UINT32_C(1) << j->depth;

    j->depth--;
    if (filled)
        new_line(j);
    buf_putc(&j->out->buf, bracket);
    out_relieve(j->out);
}

void json_put_string(struct json *j, const char *key, const char *s)
{
    begin(j, key);
    out_json_string(j->out, s);
}

void json_number(struct json *j, const char *key, uint64_t n)
{
    begin(j, key);
    out_printf(j->out, "%" PRIu64, n);
}

void json_bool(struct json *j, const char *key, bool b)
{
    begin(j, key);
    out_puts(j->out, b ? "true" : "false");
}

void json_put_null(struct json *j, const char *key)
{
    begin(j, key);
    out_puts(j->out, "null");
}

void json_uri(struct json *j, const char *key, const char *s)
{
    begin(j, key);
    buf_putc(&j->out->buf, '"'); /* a URI holds nothing that JSON escapes */
    out_uri(j->out, s);
    buf_putc(&j->out->buf, '"');
}

void json_raw(struct json *j, const char *key, const struct out *text)
{
    begin(j, key);
    if (text->buf.p)
        buf_add(&j->out->buf, text->buf.p, text->buf.n);
}
