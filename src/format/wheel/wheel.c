/*
 * The members of a wheel or an sdist as they go by: each is hashed once, and what describes the
 * whole is kept. See wheel.h, parts.h.
 */
#include "format/wheel/wheel.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/sha512.h"
#include "fact/package.h"
#include "format/codec/codec.h"
#include "format/path.h"
#include "format/wheel/parts.h"

/* RECORD of the largest wheels that there are is below 2 MiB. */
#define TEXT_MAX     ((size_t)64 << 20)
#define READINGS_MAX 16

static void lose(struct scan *s)
{
    s->package->wheel->lost = true;
}

/* ---- telling ---- */

static void tell(struct scan *s, const struct fact *like, struct wheel_at at, const char *fmt,
                 va_list ap)
{
    struct wheel *w = s->package->wheel;
    struct fact f = *like;
    char text[FACT_DETAIL_MAX];

    if (w->told[f.kind]++ >= WHEEL_TELL_MAX)
        return;
    (void)vsnprintf(text, sizeof text, fmt, ap);
    f.detail = span_text(text);
    f.offset = PRATIQUE_NO_OFFSET;
    f.line = at.line;
    f.where = at.member.n > 0 ? facts_where(s->facts, s->where, at.member) : s->where;
    if (f.where)
        facts_add(s->facts, &f);
    else
        lose(s);
}

void wheel_tell(struct scan *s, enum fact_kind kind, struct wheel_at at, struct span subject,
                const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    tell(s, &(struct fact){ .kind = kind, .subject = subject, .flags = PKG_SURE }, at, fmt, ap);
    va_end(ap);
}

void wheel_hint(struct scan *s, enum fact_kind kind, struct wheel_at at, struct span subject,
                const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    tell(s, &(struct fact){ .kind = kind, .subject = subject }, at, fmt, ap);
    va_end(ap);
}

const char *wheel_show(struct scan *s, struct span text)
{
    struct span shown = fact_printable(s->arena, text, 200);
    const char *copy = arena_copy(s->arena, shown.p, shown.n);

    return copy ? copy : "";
}

static void tell_rest(struct scan *s)
{
    struct wheel *w = s->package->wheel;

    for (unsigned kind = 0; kind < FACT_KINDS; kind++)
        if (w->told[kind] > WHEEL_TELL_MAX)
            facts_add(s->facts, &(struct fact){ .kind = kind,
                                                .where = s->where,
                                                .offset = PRATIQUE_NO_OFFSET,
                                                .count = w->told[kind] - WHEEL_TELL_MAX,
                                                .subject = SPAN_EMPTY,
                                                .detail = SPAN_LITERAL("and more of the same") });
}

/* ---- files ---- */

static int by_name(const void *a, const void *b)
{
    return span_order(((const struct wheel_file *)a)->name, ((const struct wheel_file *)b)->name);
}

/* The first file whose name is not before that. */
static size_t lower_bound(const struct wheel *w, struct span name)
{
    size_t low = 0, high = w->n;

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (span_order(w->files[mid].name, name) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

struct wheel_file *wheel_find(const struct wheel *w, struct span name)
{
    size_t i = lower_bound(w, name);

    return i < w->n && span_equal(w->files[i].name, name) ? &w->files[i] : NULL;
}

const struct wheel_file *wheel_find_in(const struct wheel *w, struct span folder, const char *name)
{
    char path[512];
    int n = snprintf(path, sizeof path, "%.*s%s", (int)folder.n, (const char *)folder.p, name);

    return folder.n < sizeof path && n > 0 && (size_t)n < sizeof path
               ? wheel_find(w, span_of(path, (size_t)n))
               : NULL;
}

const struct wheel_text *wheel_text_of(const struct wheel *w, const struct wheel_file *file)
{
    const struct wheel_text *t = w->texts;

    while (t && t->file != file)
        t = t->next;
    return t;
}

struct span wheel_top(struct span path)
{
    size_t slash = span_find(path, 0, SPAN_LITERAL("/"));

    return slash == SIZE_MAX ? path : span_of(path.p, slash);
}

struct span wheel_below(struct span path)
{
    return span_from(path, wheel_top(path).n + 1);
}

static bool lies_below(struct span path, const char *end)
{
    struct span top = wheel_top(path);

    return top.n < path.n && top.n > strlen(end) && span_ends(top, span_text(end));
}

bool wheel_is_data(struct span path)
{
    return lies_below(path, ".data");
}

bool wheel_is_info(struct span path)
{
    return lies_below(path, ".dist-info");
}

/* Drops folders that have a member of their own, as tars list them: "a" where there is "a/b". */
static void drop_folders(struct wheel *w)
{
    size_t kept = 0;

    for (size_t i = 0; i < w->n; i++) {
        struct span name = w->files[i].name;
        bool folder = false;

        /* "a!" may lie between "a" and "a/b": those before '/' are few and odd */
        for (size_t j = i + 1; w->files[i].size == 0 && j < w->n && j < i + 4 && !folder; j++)
            folder = span_starts(w->files[j].name, name) && w->files[j].name.n > name.n &&
                     w->files[j].name.p[name.n] == '/';
        if (!folder)
            w->files[kept++] = w->files[i];
    }
    w->n = kept;
}

static bool list_files(struct wheel *w, struct package *p)
{
    w->files = arena_array(&p->arena, p->members_n + 1, sizeof *w->files);
    if (!w->files)
        return false;
    for (size_t i = 0; i < p->members_n; i++)
        if (!span_ends(p->members[i].name, SPAN_LITERAL("/")) && p->members[i].name.n > 0)
            w->files[w->n++] =
                (struct wheel_file){ .name = p->members[i].name, .size = p->members[i].size };
    qsort(w->files, w->n, sizeof *w->files, by_name);
    drop_folders(w);
    return true;
}

static bool is_record(struct span name)
{
    return span_is(wheel_below(name), "RECORD");
}

static bool names_longer(struct span record)
{
    return span_find(record, 0, SPAN_LITERAL("sha512=")) != SIZE_MAX ||
           span_find(record, 0, SPAN_LITERAL("sha384=")) != SIZE_MAX;
}

/*
 * RECORD comes behind what it lists, so it is looked into ahead: what it does not name need not be
 * computed. What cannot be read so is not compared, and told.
 */
static bool looks_longer(struct scan *s, const struct member *m)
{
    struct inflated out = { .bytes = SPAN_EMPTY };
    bool longer;

    if (m->stored)
        return names_longer(m->raw);
    if (m->size > TEXT_MAX || codec_append(s, CODEC_DEFLATE, m->raw, m->size, &out) != PRATIQUE_OK)
        s->error = (struct pratique_error){ 0 }; /* the member's own reading tells that */
    longer = names_longer(out.bytes);
    codec_free(s, &out);
    return longer;
}

void wheel_begin(struct scan *s, const struct archive *a)
{
    struct package *p = s->package;
    struct wheel *w;

    if (p->kind != PACKAGE_WHEEL && p->kind != PACKAGE_SDIST)
        return;
    w = arena_alloc(&p->arena, sizeof *w);
    if (!w) {
        p->full = true;
        return;
    }
    w->where = s->where;
    p->wheel = w;
    w->lost = !list_files(w, p);
    for (size_t i = 0; i < a->n && !w->longer && p->kind == PACKAGE_WHEEL; i++)
        if (wheel_is_info(a->members[i].name) && is_record(a->members[i].name))
            w->longer = looks_longer(s, &a->members[i]);
}

/* ---- members ---- */

static bool is_source(struct span name)
{
    return span_ends(name, SPAN_LITERAL(".py"));
}

/* The digest of a text whose lines end with "\n" alone. */
static bool hash_lines(struct span text, uint8_t digest[SHA256_BYTES])
{
    struct sha256 sha;
    size_t from = 0, at;

    sha256_init(&sha);
    while ((at = span_find(text, from, SPAN_LITERAL("\r\n"))) != SIZE_MAX) {
        sha256_update(&sha, text.p + from, at - from);
        from = at + 1;
    }
    sha256_update(&sha, text.p + from, text.n - from);
    return sha256_final(&sha, digest);
}

/* One byte is looked for faster than two. */
static bool has_crlf(struct span in)
{
    const uint8_t *end = in.p + in.n;

    for (const uint8_t *p = in.p; (p = memchr(p, '\r', (size_t)(end - p))); p++)
        if (end - p > 1 && p[1] == '\n')
            return true;
    return false;
}

static void note_text(struct scan *s, struct wheel_file *f, struct span body)
{
    struct wheel_reading *r = f->reading;

    if (f->has_text)
        return;
    f->has_text = true;
    if (r && !has_crlf(body))
        memcpy(f->text, r->digest, sizeof f->text);
    else if (!hash_lines(body, f->text))
        lose(s);
}

static bool hash_longer(struct scan *s, struct wheel_reading *r, struct span body)
{
    r->longer = arena_alloc(&s->package->arena, SHA384_BYTES + SHA512_BYTES);
    if (!r->longer)
        return false;
    sha384_bytes(body.p, body.n, r->longer);
    sha512_bytes(body.p, body.n, r->longer + SHA384_BYTES);
    return true;
}

/* Another reading of a member is one only when it says something else. */
static void note_reading(struct scan *s, struct wheel_file *f, struct span body)
{
    struct wheel_reading *r, **end = &f->reading;
    uint8_t digest[SHA256_BYTES];
    unsigned n = 0;

    if (!sha256_bytes(body.p, body.n, digest)) {
        lose(s);
        return;
    }
    for (; *end && n < READINGS_MAX; end = &(*end)->next, n++)
        if ((*end)->size == body.n && memcmp((*end)->digest, digest, sizeof digest) == 0)
            return;
    r = n < READINGS_MAX ? arena_alloc(&s->package->arena, sizeof *r) : NULL;
    if (!r) {
        lose(s);
        return;
    }
    r->size = body.n;
    memcpy(r->digest, digest, sizeof digest);
    if (s->package->wheel->longer && !hash_longer(s, r, body))
        lose(s);
    *end = r;
}

static bool is_kept(const struct package *p, struct span name)
{
    static const char *const kept[] = { "RECORD", "METADATA", "WHEEL", "entry_points.txt" };
    struct span rest = wheel_below(name);

    if (p->kind == PACKAGE_SDIST)
        return span_is(rest, "PKG-INFO");
    for (size_t i = 0; wheel_is_info(name) && i < ARRAY_LEN(kept); i++)
        if (span_is(rest, kept[i]))
            return true;
    return false;
}

static void keep(struct scan *s, struct wheel_file *f, struct span body)
{
    struct wheel *w = s->package->wheel;
    struct wheel_text *t = (struct wheel_text *)(uintptr_t)wheel_text_of(w, f);
    struct span cut = body;
    char *copy;

    if (t) {
        t->twice |= !span_equal(t->bytes, body);
        return;
    }
    if (cut.n > TEXT_MAX)
        cut.n = TEXT_MAX;
    t = arena_alloc(&s->package->arena, sizeof *t);
    copy = arena_copy(&s->package->arena, cut.p, cut.n);
    if (!t || !copy) {
        lose(s);
        return;
    }
    *t = (struct wheel_text){
        .file = f, .bytes = span_of(copy, cut.n), .cut = cut.n < body.n, .next = w->texts
    };
    w->texts = t;
}

void wheel_member(struct scan *s, struct span name, struct span body)
{
    struct package *p = s->package;
    struct wheel *w = p->wheel;
    struct wheel_file *f;

    if (!w || s->where != w->where || !w->files) /* what lies within a member is no member */
        return;
    f = wheel_find(w, name);
    if (!f)
        return;
    if (p->kind == PACKAGE_WHEEL)
        note_reading(s, f, body);
    if (is_source(name))
        note_text(s, f, body);
    if (is_kept(p, name))
        keep(s, f, body);
}

/* ---- where they lie once installed ---- */

static int by_path(const void *a, const void *b)
{
    const struct wheel_site *x = a, *y = b;
    int c = span_order(x->path, y->path);

    return c ? c : (int)x->moved - (int)y->moved;
}

/* The path below site-packages, once it is installed; empty where it goes elsewhere. */
static struct span site_path(struct span path)
{
    struct span rest;

    if (!wheel_is_data(path))
        return path;
    rest = wheel_below(path);
    return span_starts(rest, SPAN_LITERAL("purelib/")) ||
                   span_starts(rest, SPAN_LITERAL("platlib/"))
               ? wheel_below(rest)
               : SPAN_EMPTY;
}

struct span wheel_normal(struct scan *s, struct span path)
{
    struct path_manner how;
    uint8_t *out;

    if (span_find(path, 0, SPAN_LITERAL("./")) == SIZE_MAX &&
        span_find(path, 0, SPAN_LITERAL("//")) == SIZE_MAX &&
        span_find(path, 0, SPAN_LITERAL("\\")) == SIZE_MAX)
        return path;
    out = arena_alloc(&s->package->arena, path.n);
    if (out)
        return path_normal_form(path, true, out, &how);
    lose(s);
    return path;
}

static bool list_sites(struct scan *s)
{
    struct wheel *w = s->package->wheel;

    w->sites = arena_array(&s->package->arena, w->n + 1, sizeof *w->sites);
    if (!w->sites)
        return false;
    for (size_t i = 0; i < w->n; i++) {
        struct span path = wheel_normal(s, site_path(w->files[i].name));

        if (path.n > 0)
            w->sites[w->sites_n++] = (struct wheel_site){
                .path = path, .file = &w->files[i], .moved = wheel_is_data(w->files[i].name)
            };
    }
    qsort(w->sites, w->sites_n, sizeof *w->sites, by_path);
    return true;
}

static const struct wheel_site *first_site(const struct wheel *w, struct span path)
{
    size_t low = 0, high = w->sites_n;

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (span_order(w->sites[mid].path, path) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low < w->sites_n ? &w->sites[low] : NULL;
}

bool wheel_site_has(const struct wheel *w, struct span path)
{
    const struct wheel_site *site = first_site(w, path);

    return site && span_equal(site->path, path);
}

bool wheel_site_starts(const struct wheel *w, struct span head)
{
    const struct wheel_site *site = first_site(w, head);

    return site && span_starts(site->path, head);
}

bool wheel_site_has_folder(const struct wheel *w, struct span path)
{
    char folder[1024];

    if (path.n + 1 >= sizeof folder)
        return false;
    memcpy(folder, path.p, path.n);
    folder[path.n] = '/';
    return wheel_site_starts(w, span_of(folder, path.n + 1));
}

/* ---- which folder describes it ---- */

static bool ends_as_wheel(struct span name)
{
    return span_ends(path_base(name), SPAN_LITERAL(".whl"));
}

/* The folder that is taken: one that says it is a wheel, before one that does not. */
static bool is_better(const struct wheel *w, struct span folder)
{
    return !w->info.n || (wheel_find_in(w, folder, "WHEEL") && !wheel_find_in(w, w->info, "WHEEL"));
}

static void find_info(struct scan *s)
{
    struct wheel *w = s->package->wheel;
    struct span last = SPAN_EMPTY, second = SPAN_EMPTY;

    for (size_t i = 0; i < w->n; i++) {
        struct span name = w->files[i].name, folder;

        if (!wheel_is_info(name) || (last.n && span_starts(name, last)))
            continue;
        second = last;
        last = folder = span_of(name.p, wheel_top(name).n + 1);
        if (is_better(w, folder))
            w->info = folder;
    }
    /* pip leaves INSTALLER behind: then this is no wheel any more, but what was made of one */
    w->bundle = !ends_as_wheel(s->name) && (second.n > 0 || wheel_find_in(w, w->info, "INSTALLER"));
    if (second.n > 0 && !w->bundle)
        wheel_tell(s, FACT_WHL_METADATA, WHEEL_AT_ALL, second,
                   "there are several .dist-info folders");
}

/* The one folder that all of an sdist lies in. */
static void find_top(struct wheel *w)
{
    struct span top = w->n ? wheel_top(w->files[0].name) : SPAN_EMPTY, last;

    if (!top.n)
        return;
    last = w->files[w->n - 1].name;
    top.n++;
    w->bundle = w->files[0].name.n < top.n || !span_starts(last, top);
    w->info = w->bundle ? SPAN_EMPTY : top;
}

/* ---- the end ---- */

static void tell_wheel(struct scan *s)
{
    struct wheel *w = s->package->wheel;

    find_info(s);
    if (w->bundle || w->lost)
        return;
    if (!list_sites(s)) {
        w->lost = true;
        return;
    }
    wheel_identify(s);
    wheel_check_record(s);
    wheel_check_places(s);
    wheel_check_taken(s);
    wheel_check_scripts(s);
    wheel_tell_sources(s);
}

static void tell_sdist(struct scan *s)
{
    find_top(s->package->wheel);
    if (s->package->wheel->bundle)
        return;
    wheel_identify_sdist(s);
    wheel_tell_sources(s);
}

enum pratique_status wheel_end(struct scan *s)
{
    struct wheel *w = s->package->wheel;

    if (!w)
        return PRATIQUE_OK;
    if (s->package->kind == PACKAGE_WHEEL)
        tell_wheel(s);
    else
        tell_sdist(s);
    tell_rest(s);
    return w->lost ? scan_fail(s, PRATIQUE_E_LIMIT, PRATIQUE_NO_OFFSET,
                               "there is more to the wheel than is compared")
                   : PRATIQUE_OK;
}
