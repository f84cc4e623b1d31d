/* See jinja.h. */
#include "format/jinja/jinja.h"

#include <stdio.h>

#include "base/utf8.h"
#include "format/jinja/eval.h"

#define TEMPLATE_MAX ((size_t)512 << 10) /* the longest real ones have 40 KB */
#define ARENA_MAX    ((size_t)32 << 20)  /* of what is followed; only what is used is touched */
#define STEPS_BASE   100000
#define TOLD_MAX     16 /* facts of a kind */

/* A fact about the character at off. */
static void tell_at(struct scan *s, struct span in, const struct jinja_place *place,
                    enum fact_kind kind, size_t off, struct span subject, struct span detail)
{
    struct fact f = { .kind = kind,
                      .where = s->where,
                      .offset = PRATIQUE_NO_OFFSET,
                      .line = place->line,
                      .column = place->column,
                      .subject = subject,
                      .detail = detail };

    if (place->offset != PRATIQUE_NO_OFFSET) {
        f.offset = place->offset + off;
        for (size_t i = 0; place->line && i < off; i++) {
            f.column = in.p[i] == '\n' ? 1 : f.column + 1;
            f.line += in.p[i] == '\n';
        }
    }
    facts_add(s->facts, &f);
}

/* The text around off, on its line, for evidence. */
static struct span around(struct span in, size_t off)
{
    size_t from = off, to = off;

    while (from > 0 && in.p[from - 1] != '\n' && off - from < 48)
        from--;
    while (to < in.n && in.p[to] != '\n' && to - off < 96)
        to++;
    return span_of(in.p + from, to - from);
}

void eval_tell(struct eval *e, const struct node *n, enum fact_kind kind, struct span subject,
               const char *detail)
{
    struct node *own = (struct node *)(uintptr_t)n; /* nodes are the evaluation's own */
    uint8_t bit = (uint8_t)(1u << (kind - FACT_TEMPLATE_INTERNALS));
    struct span text = around(e->in, n->off);
    char line[256];
    int len;

    if (e->place->found && kind != FACT_TEMPLATE_INTERNALS && kind != FACT_TEMPLATE_GADGET)
        return;
    if (kind == FACT_TEMPLATE_COMPUTED && e->arena->exhausted)
        return; /* nothing is known any more, and that is told */
    if ((n->told & bit) || e->told[kind]++ >= TOLD_MAX)
        return;
    own->told |= bit;
    len = snprintf(line, sizeof line, "%s%s%s%s%.*s", e->place->name ? e->place->name : "",
                   e->place->name ? ": " : "", detail, *detail ? ": " : "", (int)text.n,
                   (const char *)text.p);
    tell_at(e->s, e->in, e->place, kind, n->off, subject,
            span_of(line, len < (int)sizeof line ? (size_t)len : sizeof line - 1));
}

/* Characters that change the order of text, or that are not seen at all. */
static bool is_hidden(uint32_t c)
{
    return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) ||
           (c >= 0xE0000 && c <= 0xE007F);
}

static void tell_hidden(struct scan *s, struct span in, const struct jinja_place *place)
{
    const uint8_t *hit;
    uint32_t point;

    for (size_t i = 0; i < in.n; i++) {
        size_t n;

        if (in.p[i] < 0xE2)
            continue;
        n = utf8_decode(span_from(in, i), &point);
        hit = in.p + i;
        if (n && is_hidden(point)) {
            tell_at(s, in, place, FACT_TEMPLATE_HIDDEN, i, span_of(hit, n), around(in, i));
            return;
        }
        i += n ? n - 1 : 0;
    }
}

static void tell_broken(struct scan *s, struct span in, const struct jinja_place *place, size_t off,
                        const char *why)
{
    const char *name = place->name ? place->name : "template";

    if (place->found)
        return;
    tell_at(s, in, place, FACT_TEMPLATE_BROKEN, off, span_text(name), span_text(why));
}

static enum pratique_status follow(struct scan *s, struct span in, const struct jinja_place *place,
                                   struct arena *arena)
{
    struct jinja_tree tree;
    struct eval *e;

    jinja_parse(arena, in, &tree);
    if (place->found && tree.why) /* of another language, or only text */
        return PRATIQUE_OK;
    e = arena_alloc(arena, sizeof *e);
    if (e) {
        *e = (struct eval){ .s = s,
                            .arena = arena,
                            .in = in,
                            .place = place,
                            .steps_max = STEPS_BASE + tree.nodes * 4,
                            .caller = tree.caller,
                            .varargs = tree.varargs,
                            .kwargs = tree.kwargs,
                            .loop = tree.loop };
        if (tree.caller && tree.varargs && tree.kwargs && tree.loop)
            eval_template(e, tree.list);
    }
    if (tree.why)
        tell_broken(s, in, place, tree.why_off, tree.why);
    else if (arena->exhausted)
        tell_broken(s, in, place, 0, "more in it than any template has");
    s->budget->work_done += in.n;
    return budget_time(s->budget) ? PRATIQUE_OK : scan_fail_budget(s, place->offset);
}

enum pratique_status jinja_tell(struct scan *s, struct span template,
                                const struct jinja_place *place)
{
    enum pratique_status st;
    struct arena arena;

    if (!place->found)
        tell_hidden(s, template, place);
    if (template.n > TEMPLATE_MAX) {
        tell_broken(s, template, place, 0, "longer than any template is");
        return PRATIQUE_OK;
    }
    if (!budget_memory(s->budget, ARENA_MAX))
        return scan_fail_budget(s, place->offset);
    arena_init(&arena, ARENA_MAX);
    st = follow(s, template, place, &arena);
    arena_reset(&arena);
    budget_memory_return(s->budget, ARENA_MAX);
    return st;
}
