/* The sink: copies facts, makes their texts printable, keeps to the bounds. See fact.h. */
#include "fact/fact.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

#define NAME_MAX_BYTES 1024

void facts_init(struct facts *f, struct arena *arena)
{
    *f = (struct facts){ .arena = arena, .max = FACT_MAX };
}

void facts_free(struct facts *f)
{
    free(f->list);
    facts_init(f, f->arena);
}

/* Writes the escape of one code point or byte; returns its length. */
static size_t escape(char out[16], uint32_t c, bool is_byte)
{
    const char *shape = is_byte       ? "\\x%02x"
                        : c < 0x80    ? "\\x%02x"
                        : c < 0x10000 ? "\\u%04x"
                                      : "\\U%08x";

    if (c == '\n' || c == '\t' || c == '\r') {
        out[0] = '\\';
        out[1] = c == '\n' ? 'n' : c == '\t' ? 't' : 'r';
        return 2;
    }
    return (size_t)snprintf(out, 16, shape, c);
}

struct span fact_printable(struct arena *a, struct span s, size_t max)
{
    size_t size = s.n < max / 10 ? s.n * 10 : max; /* an escape has ten characters at most */
    char *text = arena_alloc(a, size + 4);
    size_t n = 0;

    if (!text)
        return SPAN_EMPTY;
    while (s.n > 0) {
        const char *from = (const char *)s.p;
        size_t len, from_n, step;
        char esc[16];
        uint32_t c;

        if (s.p[0] >= ' ' && s.p[0] <= '~' && n < size) { /* as nearly all of it is */
            text[n++] = *from;
            (void)skip(&s, 1);
            continue;
        }
        len = utf8_decode(s, &c);
        from_n = step = len ? len : 1;
        if (!len || !utf8_is_printable(c)) {
            from_n = escape(esc, len ? c : s.p[0], !len);
            from = esc;
        }
        if (n + from_n > size) {
            memcpy(text + n, "...", 3);
            n += 3;
            break;
        }
        memcpy(text + n, from, from_n);
        n += from_n;
        (void)skip(&s, step);
    }
    return span_of(text, n);
}

static bool room(struct facts *f)
{
    size_t size = f->size ? f->size * 2 : 64;
    struct fact *list;

    if (f->n >= f->max)
        return false;
    if (f->n < f->size)
        return true;
    list = realloc(f->list, size * sizeof *list);
    if (!list)
        return false;
    f->list = list;
    f->size = size;
    return true;
}

void facts_add(struct facts *f, const struct fact *fact)
{
    struct fact *copy;

    if (fact->kind == FACT_READ && f->reads >= FACT_READ_MAX) {
        f->reads_omitted++;
        return;
    }
    if (!room(f)) {
        f->full = true;
        return;
    }
    copy = &f->list[f->n++];
    *copy = *fact;
    copy->count = fact->count ? fact->count : 1;
    copy->subject = fact_printable(f->arena, fact->subject, FACT_SUBJECT_MAX);
    copy->detail = fact_printable(f->arena, fact->detail, FACT_DETAIL_MAX);
    for (uint32_t i = 0; i < fact->refs_n && i < FACT_REFS_MAX; i++)
        copy->refs[i] = fact_printable(f->arena, fact->refs[i], FACT_SUBJECT_MAX);
    f->reads += fact->kind == FACT_READ;
    f->full |= f->arena->exhausted;
}

const struct where *facts_where(struct facts *f, const struct where *parent, struct span name)
{
    struct where *w = arena_alloc(f->arena, sizeof *w);
    struct span text = fact_printable(f->arena, name, NAME_MAX_BYTES);

    if (!w || f->arena->exhausted)
        return NULL;
    w->parent = parent;
    w->name = arena_copy(f->arena, text.p, text.n);
    w->id = f->wheres++;
    w->depth = parent ? parent->depth + 1 : 0;
    return w->name ? w : NULL;
}

const char *where_path(struct arena *a, const struct where *w)
{
    size_t n = strlen(w->name);
    char *path, *end;

    for (const struct where *up = w->parent; up; up = up->parent)
        n += strlen(up->name) + 2;
    path = arena_alloc(a, n + 1);
    if (!path)
        return NULL;
    end = path + n;
    for (const struct where *up = w; up; up = up->parent) {
        size_t len = strlen(up->name);

        end -= len;
        memcpy(end, up->name, len);
        if (up->parent) {
            end -= 2;
            memcpy(end, "!/", 2);
        }
    }
    return path;
}

static const struct {
    const char *name, *text;
} kinds[FACT_KINDS] = {
#define FACT(kind, text) [FACT_##kind] = { #kind, text },
#include "fact/kinds.def"
#undef FACT
};

const char *fact_kind_name(enum fact_kind kind)
{
    return (unsigned)kind < FACT_KINDS ? kinds[kind].name : "?";
}
