/*
 * The members of a package as they come by, and what is told of them at the end. See package.h.
 */
#include "format/package/package.h"

#include "fact/package.h"
#include "format/package/flow.h"
#include "format/package/graph.h"
#include "format/path.h"
#include "format/wheel/wheel.h"

/* Of one package: texts, members, and what graph and flow make of them. */
#define ARENA_MAX ((size_t)512 * 1024 * 1024)

/* By what it is to an installer, whatever else it is to a loader of models. */
static enum package_kind kind_of(const struct scan *s, const struct archive *a)
{
    if (layout_fits(a, "wheel") || span_ends(path_base(s->name), SPAN_LITERAL(".whl")))
        return PACKAGE_WHEEL;
    return layout_fits(a, "sdist") ? PACKAGE_SDIST : PACKAGE_ARCHIVE;
}

/* The list outlives the archive's reader: names are copied. */
static bool copy_members(struct package *p, const struct archive *a)
{
    struct member *list = arena_array(&p->arena, a->n, sizeof *list);

    for (size_t i = 0; list && i < a->n; i++) {
        const struct member *m = &a->members[i];
        char *name = arena_copy(&p->arena, m->name.p, m->name.n);

        if (!name)
            return false;
        list[i] = (struct member){ .name = span_of(name, m->name.n),
                                   .raw = SPAN_EMPTY,
                                   .stored = m->stored,
                                   .size = m->size };
    }
    p->members = list;
    p->members_n = list ? a->n : 0;
    return list != NULL;
}

void package_begin(struct scan *s, const struct archive *a)
{
    enum package_kind kind = kind_of(s, a);
    struct package *p = NULL;

    s->package = NULL; /* what an archive within a package holds is not the package's */
    if (s->packages == PACKAGES_NONE || (s->packages == PACKAGES_KNOWN && kind == PACKAGE_ARCHIVE))
        return;
    p = scan_map(s, sizeof *p);
    if (!p) {
        (void)scan_fail_budget(s, 0);
        return;
    }
    p->kind = kind;
    p->entry_points = p->pyproject = p->setup_cfg = SPAN_EMPTY;
    arena_init(&p->arena, ARENA_MAX);
    p->full = !copy_members(p, a);
    s->package = p;
    wheel_begin(s, a);
}

void package_begin_source(struct scan *s)
{
    static const struct archive none = { .kind = "source" };

    if (s->packages != PACKAGES_ALL)
        return;
    package_begin(s, &none);
    if (s->package)
        s->package->kind = PACKAGE_SOURCE;
}

void package_member(struct scan *s, struct span name, struct span body)
{
    wheel_member(s, name, body);
    graph_member_text(s, name, body);
}

struct package_module *package_source(struct scan *s, struct span text)
{
    struct package *p = s->package;
    struct package_module *m;
    char *copy, *path;

    if (!p || p->full)
        return NULL;
    if (p->text_bytes + text.n > PACKAGE_TEXT_MAX) {
        p->full = true;
        return NULL;
    }
    m = arena_alloc(&p->arena, sizeof *m);
    copy = arena_copy(&p->arena, text.p, text.n);
    path = arena_copy(&p->arena, s->name.p, s->name.n);
    if (!m || !copy || !path) {
        p->full = true;
        return NULL;
    }
    p->text_bytes += text.n;
    *m = (struct package_module){ .path = span_of(path, s->name.n),
                                  .text = span_of(copy, text.n),
                                  .where = s->where };
    if (p->last)
        p->last->next = m;
    else
        p->first = m;
    p->last = m;
    p->modules_n++;
    return m;
}

void package_too_much(struct scan *s, const char *what)
{
    facts_add(s->facts, &(struct fact){ .kind = FACT_PKG_NOT_FOLLOWED,
                                        .where = s->where,
                                        .offset = PRATIQUE_NO_OFFSET,
                                        .flags = PKG_ON_IMPORT | PKG_SURE,
                                        .subject = SPAN_LITERAL("too much to link"),
                                        .detail = span_text(what) });
}

static enum pratique_status tell(struct scan *s)
{
    enum pratique_status st = wheel_end(s);

    if (st == PRATIQUE_OK)
        st = graph_tell(s);
    if (st == PRATIQUE_OK)
        st = flow_tell(s);
    if (st == PRATIQUE_OK && s->package->full)
        package_too_much(s, "its texts");
    return st;
}

enum pratique_status package_end(struct scan *s, enum pratique_status st)
{
    if (st == PRATIQUE_OK)
        st = tell(s);
    arena_reset(&s->package->arena);
    scan_unmap(s, s->package, sizeof *s->package);
    s->package = NULL;
    return st;
}
