/*
 * The Python sources of a wheel or an sdist, each with its digest, so that the two can be compared
 * where both are at hand (src/scan/pairs.c). What templates an sdist has is told as well: sources
 * may be made of them.
 */
#include <stdio.h>

#include "format/path.h"
#include "format/wheel/parts.h"

/* Facts, of FACT_REFS_MAX sources each. */
#define FACTS_MAX      2500
#define PATH_MAX_BYTES 400 /* with the digest it is below FACT_SUBJECT_MAX */

static bool is_template(struct span name)
{
    static const char *const endings[] = { ".in",    ".tmpl",   ".tpl", ".template", ".mako", ".j2",
                                           ".jinja", ".jinja2", ".pyx", ".lark",     ".g",    ".g4",
                                           ".proto", ".y",      ".pyt", ".src",      ".gram" };

    for (size_t i = 0; i < ARRAY_LEN(endings); i++)
        if (span_ends(name, span_text(endings[i])))
            return true;
    return false;
}

struct told {
    struct scan *s;
    struct fact fact;
    unsigned facts;
};

static void flush(struct told *t)
{
    if (t->fact.refs_n > 0 && t->facts++ < FACTS_MAX)
        facts_add(t->s->facts, &t->fact);
    t->fact.refs_n = 0;
}

static void add(struct told *t, const char *digest, struct span path)
{
    const char *text;

    if (path.n > PATH_MAX_BYTES)
        return;
    text =
        arena_printf(&t->s->package->arena, "%s %.*s", digest, (int)path.n, (const char *)path.p);
    if (!text) {
        t->s->package->wheel->lost = true;
        return;
    }
    t->fact.refs[t->fact.refs_n++] = span_text(text);
    if (t->fact.refs_n == FACT_REFS_MAX)
        flush(t);
}

static void add_source(struct told *t, const struct wheel_file *f, struct span path)
{
    char hex[SHA256_HEX];

    if (!f->has_text)
        return;
    sha256_hex(f->text, hex);
    add(t, hex, path);
}

void wheel_tell_sources(struct scan *s)
{
    struct wheel *w = s->package->wheel;
    bool is_wheel = s->package->kind == PACKAGE_WHEEL;
    struct told t = { .s = s,
                      .fact = { .kind = FACT_PKG_SOURCES,
                                .where = s->where,
                                .offset = PRATIQUE_NO_OFFSET,
                                .number = is_wheel,
                                .subject = w->name,
                                .detail = w->version } };

    if (w->name.n == 0 || w->version.n == 0)
        return;
    for (size_t i = 0; is_wheel && i < w->sites_n; i++)
        add_source(&t, w->sites[i].file, w->sites[i].path);
    for (size_t i = 0; !is_wheel && i < w->n; i++) {
        struct span path = span_from(w->files[i].name, w->info.n);

        add_source(&t, &w->files[i], path);
        if (is_template(path))
            add(&t, "-", path);
    }
    flush(&t);
}
