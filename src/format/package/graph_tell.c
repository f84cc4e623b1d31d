/* Facts: which names of interest are called by what runs by itself. See graph.h. */
#include <stdio.h>

#include "base/compiler.h"
#include "fact/package.h"
#include "format/package/linked.h"

/* Of one name in one module, and of one package. */
#define SAME_NAME_MAX 20
#define FACTS_MAX     4000
/* Lines of one .pth file that are told. */
#define PTH_LINES_MAX 8

/* ---- where a fact is ---- */

/* Modules by what facts say of where they are: 1 + index. */
struct places {
    uint32_t *modules, n;
};

static bool places_of(struct graph *g, struct places *p)
{
    p->n = g->s->facts->wheres;
    p->modules = arena_array(g->arena, p->n, sizeof *p->modules);
    for (uint32_t i = 0; p->modules && i < g->modules_n; i++) {
        const struct where *w = g->modules[i].m->where;

        if (w && w->id < p->n)
            p->modules[w->id] = i + 1;
    }
    return p->modules != NULL;
}

/* By the byte where that is known, else by the line. */
static bool func_of(const struct graph *g, const struct places *p, const struct fact *f,
                    uint32_t *func)
{
    uint32_t m = f->where && f->where->id < p->n ? p->modules[f->where->id] : 0;
    const struct linked *l = &g->modules[m ? m - 1 : 0];
    uint32_t best = 0;

    if (!m || l->m->where != f->where)
        return false;
    if (f->offset != PRATIQUE_NO_OFFSET && l->o->offset != PRATIQUE_NO_OFFSET &&
        f->offset >= l->o->offset) {
        best = py_outline_at(l->o->funcs, l->o->funcs_n, (uint32_t)(f->offset - l->o->offset));
    } else {
        uint32_t lo = 1, hi = l->o->funcs_n;

        while (lo < hi) { /* the first that begins behind the line */
            uint32_t mid = lo + (hi - lo) / 2;

            if (l->o->funcs[mid].line <= f->line)
                lo = mid + 1;
            else
                hi = mid;
        }
        for (best = lo - 1; best && l->o->funcs[best].last < f->line;)
            best = l->o->funcs[best].outer;
    }
    *func = l->func + best;
    return true;
}

/* ---- what a function does ---- */

static const struct {
    const char *name;
    unsigned does;
} does[] = {
#define DOES(name, what) { name, GRAPH_##what },
#include "format/package/does.def"
#undef DOES
};

static uint8_t does_of(struct span name)
{
    unsigned all = 0;

    for (size_t i = 0; i < ARRAY_LEN(does); i++)
        if (span_starts(name, span_text(does[i].name)))
            all |= does[i].does;
    return (uint8_t)all;
}

void graph_find_uses(struct graph *g)
{
    struct places p;
    struct span last = SPAN_EMPTY;
    uint8_t bits = 0;

    if (!places_of(g, &p)) {
        g->full = true;
        return;
    }
    for (size_t i = 0; i < g->s->facts->n; i++) {
        const struct fact *f = &g->s->facts->list[i];
        uint32_t func;

        if (f->kind != FACT_PY_NAME || !func_of(g, &p, f, &func))
            continue;
        bits = span_equal(f->subject, last) ? bits : does_of(f->subject);
        last = f->subject;
        g->does[func] |= bits;
    }
    for (uint32_t m = 0; m < g->modules_n; m++)
        for (uint32_t i = 0; i < g->modules[m].o->uses_n; i++)
            g->does[g->modules[m].func + g->modules[m].o->uses[i].from] |= GRAPH_FETCHES;
}

/* ---- what runs ---- */

/* How often a name was told of in a module. */
struct count {
    const uint8_t *subject;
    uint32_t hash, n, line;
};

struct telling {
    struct graph *g;
    struct count *counts;
    uint32_t counts_n, told;
};

static uint32_t hash_of(const struct fact *f)
{
    uint32_t h = f->where->id * 0x9E3779B1u + 2166136261u;

    for (size_t i = 0; i < f->subject.n; i++)
        h = (h ^ f->subject.p[i]) * 16777619u;
    return h | 1;
}

/* Whether there is room for a name; once for each line. */
static bool is_news(struct telling *t, const struct fact *f)
{
    uint32_t h = hash_of(f), i = (h ^ h >> 15) & (t->counts_n - 1);

    while (t->counts[i].hash && t->counts[i].hash != h)
        i = (i + 1) & (t->counts_n - 1);
    if (t->counts[i].hash && (t->counts[i].line == f->line || t->counts[i].n >= SAME_NAME_MAX))
        return false;
    t->counts[i].hash = h;
    t->counts[i].line = f->line;
    t->counts[i].n++;
    return true;
}

static bool is_call(const struct fact *f)
{
    return (f->kind == FACT_PY_NAME && f->flags & (PY_CALLED | PY_DECORATES)) ||
           f->kind == FACT_PY_UNRESOLVED || f->kind == FACT_PY_MEMBER;
}

static void tell_one(struct telling *t, const struct fact *call, uint32_t func)
{
    struct graph *g = t->g;
    const struct linked *l = &g->modules[g->func_module[func]];
    struct fact f = *call;
    uint32_t off = func == l->func ? GRAPH_BODY : graph_func(g, func)->off;
    unsigned when = graph_when(g->p, l->m, off);

    f.kind = FACT_PKG_RUNS;
    f.flags |= when & (PKG_WHEN | PKG_SURE);
    for (uint32_t i = f.refs_n; i < PKG_REFS; i++)
        f.refs[i] = SPAN_EMPTY;
    f.refs[PKG_REF_CHAIN] = graph_chain_to(g->p, l->m, off, f.line, f.subject);
    f.refs_n = PKG_REFS;
    facts_add(g->s->facts, &f);
    t->told++;
}

/* The line around a byte of the text, and the column there, from 1. */
static struct span line_around(struct span text, uint32_t off, uint32_t *column)
{
    size_t from = off, to = off;

    while (from > 0 && off - from < FACT_DETAIL_MAX && text.p[from - 1] != '\n')
        from--;
    while (to < text.n && to - off < FACT_DETAIL_MAX && text.p[to] != '\n' && text.p[to] != '\r')
        to++;
    *column = off - (uint32_t)from + 1;
    while (from < to && (text.p[from] == ' ' || text.p[from] == '\t'))
        from++;
    return span_of(text.p + from, to - from);
}

/* What asks the network is no name of interest by itself: it is told of here alone. */
static void tell_use(struct telling *t, const struct linked *l, const struct py_use *u)
{
    uint32_t func = l->func + u->from;
    const struct py_func *in = &l->o->funcs[u->from];
    struct span text = l->m->text, call;
    struct fact f = { .kind = FACT_PKG_RUNS,
                      .flags = PY_CALLED,
                      .where = l->m->where,
                      .offset = l->o->offset == PRATIQUE_NO_OFFSET ? PRATIQUE_NO_OFFSET
                                                                   : l->o->offset + u->off,
                      .subject = u->name,
                      .refs_n = PY_REFS };
    char lines[32];
    int n;

    if (!t->g->reached[func].phase || u->off >= text.n ||
        !span_sub(text, u->off, u->end - u->off, &call))
        return;
    f.line = u->line;
    if (!is_news(t, &f))
        return;
    n = snprintf(lines, sizeof lines, "%u-%u", (unsigned)u->line, (unsigned)u->last);
    for (uint32_t i = 0; i < PY_REFS; i++)
        f.refs[i] = SPAN_EMPTY;
    f.detail = line_around(text, u->off, &f.column);
    f.refs[PY_REF_FUNCTION] = in->name;
    f.refs[PY_REF_CALL] = call;
    f.refs[PY_REF_SPAN] = span_of(lines, n > 0 ? (size_t)n : 0);
    tell_one(t, &f, func);
}

static void tell_uses(struct telling *t, uint32_t module)
{
    const struct linked *l = &t->g->modules[module];

    for (uint32_t i = 0; i < l->o->uses_n && t->told < FACTS_MAX; i++)
        tell_use(t, l, &l->o->uses[i]);
}

static void tell_calls(struct graph *g)
{
    struct telling t = { .g = g, .counts_n = 64 };
    size_t n = g->s->facts->n;
    struct places p;

    while (t.counts_n < n * 2)
        t.counts_n *= 2;
    t.counts = arena_array(g->arena, t.counts_n, sizeof *t.counts);
    if (!t.counts || !places_of(g, &p)) {
        g->full = true;
        return;
    }
    for (size_t i = 0; i < n && t.told < FACTS_MAX; i++) {
        struct fact f = g->s->facts->list[i]; /* the list grows while it is read */
        uint32_t func;

        if (is_call(&f) && func_of(g, &p, &f, &func) && g->reached[func].phase && is_news(&t, &f))
            tell_one(&t, &f, func);
    }
    for (uint32_t m = 0; m < g->modules_n && t.told < FACTS_MAX; m++)
        tell_uses(&t, m);
    g->full |= t.told >= FACTS_MAX;
}

/* ---- .pth files ---- */

static void tell_pth(struct graph *g, const struct linked *l)
{
    struct span text = l->m->text, line;
    uint32_t number = 0, told = 0;

    while (text.n > 0 && told < PTH_LINES_MAX && take_line(&text, &line)) {
        number++;
        while (line.n > 0 && memchr(" \f\t\r", line.p[line.n - 1], 4))
            line.n--;
        if (!span_starts(line, SPAN_LITERAL("import")))
            continue;
        told++;
        facts_add(g->s->facts, &(struct fact){ .kind = FACT_PKG_PTH,
                                               .flags = PKG_ON_START,
                                               .where = l->m->where,
                                               .offset = PRATIQUE_NO_OFFSET,
                                               .line = number,
                                               .subject = l->m->path,
                                               .detail = line });
    }
}

void graph_tell_facts(struct graph *g)
{
    for (uint32_t i = 0; i < g->modules_n; i++)
        if (g->modules[i].role == MODULE_PTH)
            tell_pth(g, &g->modules[i]);
    tell_calls(g);
    if (g->full)
        package_too_much(g->s, "the call graph");
}
