/* See model.h. */
#include "format/model/model.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <strings.h>

void model_code(struct scan *s, uint64_t offset, uint32_t line, uint32_t column, struct span name,
                const char *how, unsigned flags)
{
    facts_add(s->facts, &(struct fact){ .kind = FACT_MODEL_CODE,
                                        .flags = flags,
                                        .where = s->where,
                                        .offset = offset,
                                        .line = line,
                                        .column = column,
                                        .subject = name,
                                        .detail = span_text(how) });
}

/* ---- paths ---- */

static bool is_separator(uint8_t c)
{
    return c == '/' || c == '\\';
}

/* A scheme of two letters or more, and a colon: one letter is a drive. */
static bool is_url(struct span path)
{
    size_t n = 0;

    while (n < path.n && (isalnum(path.p[n]) || (n > 0 && memchr("+-.", path.p[n], 3))))
        n++;
    return n > 1 && isalpha(path.p[0]) && n < path.n && path.p[n] == ':';
}

static bool is_word(struct span a, const char *b)
{
    return a.n == strlen(b) && strncasecmp((const char *)a.p, b, a.n) == 0;
}

/* Names that Windows takes for devices in every folder, whatever extension follows. */
static bool is_device(struct span part)
{
    static const char *const names[] = { "con", "prn", "aux", "nul", "conin$", "conout$" };
    size_t n = 0;

    while (n < part.n && part.p[n] != '.' && part.p[n] != ':')
        n++;
    part = span_of(part.p, n);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (is_word(part, names[i]))
            return true;
    return part.n == 4 && part.p[3] >= '1' && part.p[3] <= '9' &&
           (strncasecmp((const char *)part.p, "com", 3) == 0 ||
            strncasecmp((const char *)part.p, "lpt", 3) == 0);
}

/* Cuts the next part of a path off, and the separator behind it. */
static struct span next_part(struct span *path)
{
    size_t n = 0;
    struct span part;

    while (n < path->n && !is_separator(path->p[n]))
        n++;
    (void)take(path, n, &part);
    (void)skip(path, 1);
    return part;
}

static unsigned flags_of_parts(struct span path)
{
    unsigned flags = 0;

    while (path.n > 0) {
        struct span part = next_part(&path);

        if (span_is(part, ".."))
            flags |= MP_DOTDOT;
        if (is_device(part))
            flags |= MP_DEVICE;
    }
    return flags;
}

unsigned model_path_flags(struct span path)
{
    static const char *const devices[] = { "/dev/", "/proc/", "/sys/" };
    unsigned flags = flags_of_parts(path);

    for (size_t i = 0; i < path.n; i++) {
        flags |= path.p[i] < ' ' || path.p[i] == 0x7F ? MP_NUL : 0;
        flags |= path.p[i] == '\\' ? MP_BACKSLASH : 0;
    }
    if (path.n > 0 && is_separator(path.p[0]))
        flags |= MP_ABSOLUTE;
    if (path.n > 1 && isalpha(path.p[0]) && path.p[1] == ':')
        flags |= MP_DRIVE;
    if (is_url(path))
        flags |= MP_URL;
    if (path.n > 0 && memchr("~$%", path.p[0], 3))
        flags |= MP_HOME;
    for (size_t i = 0; i < sizeof devices / sizeof *devices; i++)
        if (span_starts(path, span_text(devices[i])))
            flags |= MP_DEVICE;
    return flags;
}

void model_path(struct scan *s, uint64_t offset, struct span path, const char *what)
{
    unsigned flags = model_path_flags(path);

    facts_add(s->facts, &(struct fact){ .kind = flags ? FACT_MODEL_PATH : FACT_MODEL_NEEDS,
                                        .flags = flags,
                                        .where = s->where,
                                        .offset = offset,
                                        .subject = path,
                                        .detail = span_text(what) });
}

void model_fetch(struct scan *s, uint64_t offset, struct span url, const char *what)
{
    scan_fact(s, FACT_MODEL_FETCH, offset, url, span_text(what));
}

/* ---- what a model says of itself ---- */

void model_says(struct scan *s, const char *key, struct span value)
{
    if (value.n > 0)
        scan_fact(s, FACT_MODEL_SAYS, PRATIQUE_NO_OFFSET, span_text(key), value);
}

void model_sayf(struct scan *s, const char *key, const char *fmt, ...)
{
    char text[FACT_DETAIL_MAX];
    va_list ap;
    int n;

    va_start(ap, fmt);
    n = vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    if (n > 0)
        model_says(s, key, span_text(text));
}

enum pratique_status model_embedded(struct scan *s, struct span bytes, struct span name)
{
    return bytes.n > 0 ? scan_nested(s, bytes, name, ROLE_ANY) : PRATIQUE_OK;
}
