/* See pairs.h. */
#include "scan/pairs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/compiler.h"
#include "fact/package.h"
#include "format/wheel/name.h"

/* What is kept of sdists; past it the older ones are forgotten. */
#define KEPT_MAX ((size_t)64 << 20)
/* More paths than that are not gone through for each wheel. */
#define PATHS_MAX 256
#define TELL_MAX  50
#define DIGEST_N  64

/* A source: its digest, "-" for a template, and its path. */
struct source {
    struct span digest, path;
};

struct sources {
    struct span name, version;
    struct source *list;
    size_t n;
};

struct pairs_kept {
    bool wheel; /* one that could not wait for its sdist any longer */
    struct sources sources;
    struct pairs_kept *next;
};

void pairs_init(struct pairs *p)
{
    *p = (struct pairs){ .first = NULL };
    arena_init(&p->arena, KEPT_MAX);
}

void pairs_free(struct pairs *p)
{
    arena_reset(&p->arena);
    p->first = NULL;
}

/* ---- names of files ---- */

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

static bool is_sdist_of(const char *path, const struct wheel_name *n)
{
    struct span stem;

    return sdist_stem(span_text(last_part(path)), &stem) &&
           project_stem_is(stem, n->name, n->version);
}

/* Whether "FOLDER/NAME-VERSION.tar.gz" is there, in one of the spellings that sdists have. */
static bool lies_beside(const char *path, const struct wheel_name *n)
{
    static const char *const endings[] = { ".tar.gz", ".zip" };
    static const char separators[] = "_-.";
    char *sdist = NULL;
    bool is = false;

    for (size_t i = 0; !is && i < ARRAY_LEN(endings) * (sizeof separators - 1); i++) {
        size_t folder = (size_t)(last_part(path) - path);

        if (asprintf(&sdist, "%.*s%.*s-%.*s%s", (int)folder, path, (int)n->name.n,
                     (const char *)n->name.p, (int)n->version.n, (const char *)n->version.p,
                     endings[i % ARRAY_LEN(endings)]) < 0)
            return false;
        for (size_t at = folder; at < folder + n->name.n; at++)
            if (sdist[at] == '_')
                sdist[at] = separators[i / ARRAY_LEN(endings)];
        is = access(sdist, F_OK) == 0;
        free(sdist);
    }
    return is;
}

bool pairs_expects(const struct law_roots *roots, const struct task *wheel)
{
    const struct law_root *root = &roots->list[wheel->root < roots->n ? wheel->root : 0];
    struct wheel_name n;

    if (!wheel_name_parse(span_text(last_part(wheel->path)), &n))
        return false;
    for (size_t i = 0; i < roots->n && roots->n <= PATHS_MAX; i++)
        if (is_sdist_of(roots->list[i].given, &n))
            return true;
    return strcmp(root->given, wheel->path) != 0 && lies_beside(wheel->path, &n);
}

/* ---- what a task told ---- */

/* Of the outermost archive: a wheel is the file itself, an sdist may be compressed as a whole. */
static const struct fact *first_fact(const struct task *t, bool of_wheel)
{
    const struct fact *first = NULL;

    for (size_t i = 0; t->state == TASK_DONE && i < t->facts.n; i++) {
        const struct fact *f = &t->facts.list[i];

        if (f->kind == FACT_PKG_SOURCES && (f->number == 1) == of_wheel &&
            f->where->depth <= (of_wheel ? 0 : 1) &&
            (!first || f->where->depth < first->where->depth))
            first = f;
    }
    return first;
}

/* A worker may have told anything: what is no source is left out. */
static bool take_source(struct span ref, struct source *out)
{
    size_t blank = span_find(ref, 0, SPAN_LITERAL(" "));

    if (blank != DIGEST_N && blank != 1)
        return false;
    out->digest = span_of(ref.p, blank);
    out->path = span_from(ref, blank + 1);
    return out->path.n > 0;
}

static size_t count_refs(const struct task *t)
{
    size_t n = 0;

    for (size_t i = 0; i < t->facts.n; i++)
        n += t->facts.list[i].kind == FACT_PKG_SOURCES ? FACT_REFS_MAX : 0;
    return n;
}

/* All sources of one project; one artifact may hold several archives. */
static bool list_sources(const struct task *t, const struct fact *first, struct arena *arena,
                         struct sources *out)
{
    *out = (struct sources){ .name = first->subject, .version = first->detail };
    out->list = arena_array(arena, count_refs(t), sizeof *out->list);
    if (!out->list)
        return false;
    for (size_t i = 0; i < t->facts.n; i++) {
        const struct fact *f = &t->facts.list[i];

        if (f->kind != FACT_PKG_SOURCES || f->number != first->number || f->where != first->where ||
            !span_equal(f->subject, first->subject))
            continue;
        for (uint32_t k = 0; k < f->refs_n && k < FACT_REFS_MAX; k++)
            out->n += take_source(f->refs[k], &out->list[out->n]);
    }
    return true;
}

/* ---- sdists ---- */

static bool copy_text(struct arena *a, struct span *s)
{
    char *copy = arena_copy(a, s->p, s->n);

    *s = copy ? span_of(copy, s->n) : SPAN_EMPTY;
    return copy != NULL;
}

static bool try_keep(struct pairs *p, const struct task *t, const struct fact *first)
{
    struct pairs_kept *k = arena_alloc(&p->arena, sizeof *k);
    bool ok = k && list_sources(t, first, &p->arena, &k->sources) &&
              copy_text(&p->arena, &k->sources.name) && copy_text(&p->arena, &k->sources.version);

    for (size_t i = 0; ok && i < k->sources.n; i++)
        ok = copy_text(&p->arena, &k->sources.list[i].digest) &&
             copy_text(&p->arena, &k->sources.list[i].path);
    if (!ok)
        return false;
    k->wheel = first->number == 1;
    k->next = p->first;
    p->first = k;
    return true;
}

static void keep(struct pairs *p, const struct task *t, const struct fact *first)
{
    if (try_keep(p, t, first))
        return;
    pairs_free(p); /* the older ones make room */
    if (!try_keep(p, t, first))
        pairs_free(p);
}

static bool is_of(const struct fact *other, struct span name, struct span version)
{
    return project_names_equal(name, other->subject) &&
           (span_equal(version, other->detail) || versions_equal(version, other->detail));
}

/* The next, from k on, that is of the other's project. */
static const struct pairs_kept *find_kept(const struct pairs_kept *k, const struct fact *other,
                                          bool wheel)
{
    while (k && (k->wheel != wheel || !is_of(other, k->sources.name, k->sources.version)))
        k = k->next;
    return k;
}

/* The task of an sdist that is done, and the first of its facts. */
static const struct task *find_task(const struct task *list, const struct fact *wheel,
                                    const struct fact **first)
{
    for (const struct task *t = list; t; t = t->next) {
        *first = first_fact(t, false);
        if (*first && is_of(wheel, (*first)->subject, (*first)->detail))
            return t;
    }
    return NULL;
}

/* The sources of the sdist of a wheel's project; false: it is not here. */
static bool find_sdist(const struct pairs *p, const struct task *list, const struct fact *wheel,
                       struct arena *arena, struct sources *out)
{
    const struct pairs_kept *k = find_kept(p->first, wheel, false);
    const struct fact *first;
    const struct task *t;

    if (k)
        *out = k->sources;
    else if ((t = find_task(list, wheel, &first)) != NULL)
        return list_sources(t, first, arena, out);
    return k != NULL;
}

bool pairs_has_sdist(const struct pairs *p, const struct task *list, const struct task *wheel)
{
    const struct fact *first = first_fact(wheel, true), *sdist;

    if (!first)
        return true; /* nothing to compare, nothing to wait for */
    return find_kept(p->first, first, false) || find_task(list, first, &sdist);
}

/* ---- comparing ---- */

static int by_digest(const void *a, const void *b)
{
    return span_order(((const struct source *)a)->digest, ((const struct source *)b)->digest);
}

/* Orders paths by their ends, so that those that end alike lie together. */
static int order_from_end(struct span a, struct span b)
{
    while (a.n > 0 && b.n > 0) {
        uint8_t x = a.p[--a.n], y = b.p[--b.n];

        if (x != y)
            return x < y ? -1 : 1;
    }
    return (a.n > b.n) - (a.n < b.n);
}

static int by_end(const void *a, const void *b)
{
    return order_from_end(((const struct source *)a)->path, ((const struct source *)b)->path);
}

static size_t lower_bound(const struct sources *s, struct span tail)
{
    size_t low = 0, high = s->n;

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (order_from_end(s->list[mid].path, tail) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* Whether there is a path that ends so. */
static bool has_tail(const struct sources *s, struct span tail)
{
    size_t at = lower_bound(s, tail);

    return at < s->n && span_ends(s->list[at].path, tail);
}

/* The path itself, or one below some folder: "src/a/b.py" for "a/b.py". */
static bool has_path(const struct sources *s, struct span path, struct arena *arena)
{
    size_t at = lower_bound(s, path);
    char *below;

    if (at < s->n && span_equal(s->list[at].path, path))
        return true;
    below = arena_printf(arena, "/%.*s", (int)path.n, (const char *)path.p);
    return below && has_tail(s, span_text(below));
}

/* Names that builds make up: versions, what protocol compilers write. */
static bool is_made_name(struct span path)
{
    static const char *const endings[] = { "_version.py", "/version.py",    "__version__.py",
                                           "_pb2.py",     "_pb2_grpc.py",   "/parsetab.py",
                                           "/lextab.py",  "/__config__.py", "/_build_info.py" };

    for (size_t i = 0; i < ARRAY_LEN(endings); i++)
        if (span_ends(path, span_text(endings[i])))
            return true;
    return false;
}

static struct span base_of(struct span path)
{
    const uint8_t *slash = memrchr(path.p, '/', path.n);

    return slash ? span_from(path, (size_t)(slash - path.p) + 1) : path;
}

static int by_path(const void *a, const void *b)
{
    return span_order(((const struct source *)a)->path, ((const struct source *)b)->path);
}

/* Whether the sdist has a template for it: "b.py.in", "b.pyx", "b.lark" for "a/b.py". */
static bool has_template(const struct sources *templates, struct span path)
{
    struct span base = base_of(path), head = span_of(base.p, base.n - strlen("py"));
    size_t low = 0, high = templates->n;

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (span_order(templates->list[mid].path, head) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low < templates->n && span_starts(templates->list[low].path, head);
}

/* Sources by digest, and by the ends of their paths; templates by their base names alone. */
struct comparison {
    struct task *task; /* that it is told of: the wheel, or its sdist where that came too late */
    struct arena arena;
    struct sources by_digest, by_end, templates;
    unsigned told[2]; /* what is of hands; what builds make */
    const struct where *root;
};

static bool prepare(struct comparison *c, const struct sources *sdist)
{
    struct sources *const all[] = { &c->by_digest, &c->by_end, &c->templates };

    for (size_t i = 0; i < ARRAY_LEN(all); i++) {
        all[i]->list = arena_array(&c->arena, sdist->n + 1, sizeof *sdist->list);
        if (!all[i]->list)
            return false;
    }
    for (size_t i = 0; i < sdist->n; i++) {
        const struct source *s = &sdist->list[i];

        if (s->digest.n == DIGEST_N) {
            c->by_digest.list[c->by_digest.n++] = *s;
            c->by_end.list[c->by_end.n++] = *s;
        } else {
            c->templates.list[c->templates.n++] = (struct source){ s->digest, base_of(s->path) };
        }
    }
    qsort(c->by_digest.list, c->by_digest.n, sizeof *sdist->list, by_digest);
    qsort(c->by_end.list, c->by_end.n, sizeof *sdist->list, by_end);
    qsort(c->templates.list, c->templates.n, sizeof *sdist->list, by_path);
    return true;
}

static void tell(struct comparison *c, const struct source *s, const char *how)
{
    struct fact f = { .kind = FACT_SDIST_DIFFERS,
                      .where = c->root,
                      .offset = PRATIQUE_NO_OFFSET,
                      .subject = s->path,
                      .detail = span_text(how) };

    bool made = is_made_name(s->path) || has_template(&c->templates, s->path);

    if (c->told[made]++ >= TELL_MAX)
        return;
    f.flags = made ? 0 : PKG_SURE;
    f.where = facts_where(&c->task->facts, c->root, s->path);
    f.where = f.where ? f.where : c->root;
    facts_add(&c->task->facts, &f);
}

static void compare_source(struct comparison *c, const struct source *s)
{
    if (s->digest.n != DIGEST_N || !span_ends(s->path, SPAN_LITERAL(".py")) ||
        bsearch(s, c->by_digest.list, c->by_digest.n, sizeof *s, by_digest))
        return;
    tell(c, s,
         has_path(&c->by_end, s->path, &c->arena) ? "the sdist has another of this name"
                                                  : "the sdist has none of this name");
}

static void tell_rest(struct comparison *c)
{
    for (unsigned made = 0; made < 2; made++)
        if (c->told[made] > TELL_MAX)
            facts_add(&c->task->facts,
                      &(struct fact){ .kind = FACT_SDIST_DIFFERS,
                                      .flags = made ? 0 : PKG_SURE,
                                      .where = c->root,
                                      .offset = PRATIQUE_NO_OFFSET,
                                      .count = c->told[made] - TELL_MAX,
                                      .subject = SPAN_EMPTY,
                                      .detail = SPAN_LITERAL("and more of the same") });
}

/* Without sources in the sdist it is one of something else, and there is nothing to compare. */
static void compare(struct comparison *c, const struct sources *wheel, const struct sources *sdist)
{
    c->told[0] = c->told[1] = 0;
    c->by_digest.n = c->by_end.n = c->templates.n = 0;
    if (!prepare(c, sdist)) {
        task_fact(c->task, FACT_NO_MEMORY, "while comparing with the sdist");
        return;
    }
    for (size_t i = 0; i < wheel->n && c->by_digest.n > 0; i++)
        compare_source(c, &wheel->list[i]);
    tell_rest(c);
}

static void settle_wheel(struct pairs *p, const struct task *list, struct comparison *c,
                         const struct fact *first)
{
    struct sources wheel, sdist;

    c->root = first->where;
    if (!find_sdist(p, list, first, &c->arena, &sdist)) {
        if (c->task->expects_sdist)
            keep(p, c->task, first);
    } else if (list_sources(c->task, first, &c->arena, &wheel)) {
        compare(c, &wheel, &sdist);
    } else {
        task_fact(c->task, FACT_NO_MEMORY, "while comparing with the sdist");
    }
}

static void settle_sdist(struct pairs *p, struct comparison *c, const struct fact *first)
{
    const struct fact own = *first; /* the list of facts grows */
    const struct pairs_kept *k = find_kept(p->first, &own, true);
    struct sources sdist;

    c->root = own.where;
    for (; k; k = find_kept(k->next, &own, true))
        if (list_sources(c->task, &own, &c->arena, &sdist))
            compare(c, &k->sources, &sdist);
    keep(p, c->task, &own);
}

void pairs_settle(struct pairs *p, const struct task *list, struct task *t)
{
    const struct fact *wheel = first_fact(t, true), *sdist = first_fact(t, false);
    struct comparison c = { .task = t };

    arena_init(&c.arena, TASK_ARENA_MAX);
    if (wheel)
        settle_wheel(p, list, &c, wheel);
    else if (sdist)
        settle_sdist(p, &c, sdist);
    arena_reset(&c.arena);
}
