/* See graph.h. */
#include "format/model/graph.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <strings.h>

#include "base/compiler.h"

#define PART_MAX 200 /* bytes of a domain or a name that are shown */

/* FNV-1a; two subjects with one hash are told as one, of the same kind and severity. */
static uint64_t hash_of(struct span text)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325);

    for (size_t i = 0; i < text.n; i++)
        h = (h ^ text.p[i]) * UINT64_C(0x100000001b3);
    return h;
}

static struct graph_told *told_of(struct graph_tell *t, enum fact_kind kind)
{
    for (size_t i = 0; i < t->n; i++)
        if (t->kinds[i].kind == kind)
            return &t->kinds[i];
    if (t->n == GRAPH_KINDS)
        return NULL;
    t->kinds[t->n].kind = kind;
    return &t->kinds[t->n++];
}

/* False: it was told, or enough were. */
static bool is_new(struct graph_tell *t, enum fact_kind kind, struct span subject)
{
    struct graph_told *told = told_of(t, kind);
    uint64_t hash = hash_of(subject);

    for (size_t i = 0; told && i < told->n; i++)
        if (told->hashes[i] == hash)
            return false;
    if (told && told->n == GRAPH_TOLD_MAX)
        return false;
    if (told)
        told->hashes[told->n++] = hash;
    return true;
}

void graph_fact(struct graph_tell *t, struct scan *s, enum fact_kind kind, uint64_t offset,
                struct span subject, const char *fmt, ...)
{
    char text[FACT_DETAIL_MAX];
    va_list ap;

    if (!is_new(t, kind, subject))
        return;
    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    scan_fact(s, kind, offset, subject, span_text(text));
}

static size_t put(char *out, struct span text)
{
    size_t n = text.n < PART_MAX ? text.n : PART_MAX;

    memcpy(out, text.p, n);
    return n;
}

void graph_operator(struct graph_tell *t, struct scan *s, enum fact_kind kind, uint64_t offset,
                    struct span domain, struct span name, const char *detail)
{
    char text[2 * PART_MAX + 2];
    size_t n = 0;

    if (domain.n > 0) {
        n = put(text, domain);
        text[n++] = ':';
        text[n++] = ':';
    }
    n += put(text + n, name);
    graph_fact(t, s, kind, offset, span_of(text, n), "%s", detail);
}

static bool ends_with(struct span text, const char *end)
{
    size_t n = strlen(end);

    return text.n >= n && strncasecmp((const char *)text.p + (text.n - n), end, n) == 0;
}

bool graph_is_library(struct span text)
{
    static const char *const ends[] = { ".so", ".dll", ".dylib", ".pyd" };

    if (text.n < 4 || text.n > 4096)
        return false;
    while (text.n > 0 && (text.p[text.n - 1] <= ' ' || isdigit(text.p[text.n - 1]) ||
                          (text.n > 1 && text.p[text.n - 1] == '.')))
        text.n--; /* ".so.1.2" */
    for (size_t i = 0; i < ARRAY_LEN(ends); i++)
        if (ends_with(text, ends[i]))
            return true;
    return false;
}

bool graph_is_dotted(struct span text)
{
    if (text.n == 0 || text.n > 512 || !(isalpha(text.p[0]) || text.p[0] == '_'))
        return false;
    for (size_t i = 0; i < text.n; i++)
        if (!isalnum(text.p[i]) && !memchr("_.:", text.p[i], 3))
            return false;
    return true;
}
