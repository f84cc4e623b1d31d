/* See out.h. URIs: RFC 3986, RFC 8089. JSON: RFC 8259. */
#include "report/out.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

#define OUT_CEILING ((size_t)1 << 30)
#define OUT_LARGE   ((size_t)64 * 1024)

void out_init(struct out *o, pratique_write_fn *write, void *user)
{
    *o = (struct out){ .write = write, .user = user };
    buf_init(&o->buf, OUT_CEILING);
}

void out_free(struct out *o)
{
    buf_free(&o->buf);
}

enum pratique_status out_flush(struct out *o)
{
    if (o->status == PRATIQUE_OK && o->buf.failed)
        o->status = PRATIQUE_E_NOMEM;
    if (o->status == PRATIQUE_OK && o->write && o->buf.n > 0 &&
        !o->write(o->user, o->buf.p, o->buf.n))
        o->status = PRATIQUE_E_IO;
    if (o->write)
        buf_clear(&o->buf);
    return o->status;
}

void out_relieve(struct out *o)
{
    if (o->buf.n > OUT_LARGE && o->write)
        (void)out_flush(o);
}

void out_puts(struct out *o, const char *s)
{
    buf_puts(&o->buf, s);
}

void out_printf(struct out *o, const char *fmt, ...)
{
    char text[256];
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    buf_puts(&o->buf, text);
}

/* The escape of a code point, or of a byte that is no UTF-8; backslash is "\\" or, in JSON, two. */
static void escape(struct out *o, uint32_t c, bool is_byte, const char *backslash)
{
    out_puts(o, backslash);
    if (c == '\n' || c == '\t' || c == '\r')
        buf_putc(&o->buf, c == '\n' ? 'n' : c == '\t' ? 't' : 'r');
    else if (is_byte || c < 0x80)
        out_printf(o, "x%02" PRIx32, c);
    else if (c < 0x10000)
        out_printf(o, "u%04" PRIx32, c);
    else
        out_printf(o, "U%08" PRIx32, c);
}

/* What a text stands in, and what must be escaped there beside what is not printable. */
enum quoting { QUOTE_NONE, QUOTE_JSON, QUOTE_HTML };

/* True when c was written in another form. */
static bool quote(struct out *o, uint32_t c, enum quoting q)
{
    if (q == QUOTE_JSON && (c == '"' || c == '\\'))
        out_printf(o, "\\%c", (char)c);
    else if (q == QUOTE_HTML && (c == '"' || c == '\'' || c == '&' || c == '<' || c == '>'))
        out_printf(o, "&#%u;", (unsigned)c);
    else
        return false;
    return true;
}

static void printable(struct out *o, const char *s, enum quoting q)
{
    size_t n = strlen(s);

    while (n > 0) {
        uint32_t c;
        size_t len = utf8_decode_bytes((const uint8_t *)s, n, &c);
        size_t step = len ? len : 1;

        if (!len || !utf8_is_printable(c))
            escape(o, len ? c : (uint8_t)*s, !len, q == QUOTE_JSON ? "\\\\" : "\\");
        else if (!quote(o, c, q))
            buf_add(&o->buf, s, len);
        s += step;
        n -= step;
    }
}

void out_printable(struct out *o, const char *s)
{
    printable(o, s, QUOTE_NONE);
}

void out_json_string(struct out *o, const char *s)
{
    buf_putc(&o->buf, '"');
    printable(o, s, QUOTE_JSON);
    buf_putc(&o->buf, '"');
}

void out_html(struct out *o, const char *s)
{
    printable(o, s, QUOTE_HTML);
}

void out_uri(struct out *o, const char *s)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                "0123456789-._~/";

    if (s[0] == '/')
        out_puts(o, "file://");
    while (s[0] == '/' && s[1] == '/') /* "//a" would name a host */
        s++;
    for (; *s; s++) {
        if (strchr(plain, *s))
            buf_putc(&o->buf, *s);
        else
            out_printf(o, "%%%02X", (unsigned)(uint8_t)*s);
    }
}

void out_thousands(struct out *o, uint64_t n)
{
    if (n >= 1000) {
        out_thousands(o, n / 1000);
        out_printf(o, ",%03u", (unsigned)(n % 1000));
    } else {
        out_printf(o, "%u", (unsigned)n);
    }
}

void out_size(struct out *o, uint64_t bytes)
{
    static const char *const units[] = { "kB", "MB", "GB", "TB", "PB", "EB" };
    double n = (double)bytes;
    size_t unit = 0;

    if (bytes < 10000) {
        out_thousands(o, bytes);
        out_puts(o, bytes == 1 ? " byte" : " bytes");
        return;
    }
    for (n /= 1000; n >= 999.95 && unit + 1 < sizeof units / sizeof *units; unit++)
        n /= 1000;
    out_printf(o, "%.1f %s", n, units[unit]);
}
