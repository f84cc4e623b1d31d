/* The call graph from outlines to facts, and what others ask of it. See graph.h. */
#include "format/package/graph.h"

#include "base/compiler.h"
#include "fact/package.h"
#include "format/package/linked.h"
#include "format/path.h"
#include "format/python/atoms.h"

/* Steps for each edge, path and name of the package. */
#define STEPS_EACH 200
#define STEPS_MORE 1000000
/* Texts that say what is run: bytes that are read. */
#define TEXT_MAX ((size_t)256 * 1024)
/* Functions in one chain; of a longer one the middle is left out. */
#define CHAIN_MAX 12

void graph_member_text(struct scan *s, struct span name, struct span body)
{
    struct package *p = s->package;
    struct span base = path_base(name), *to = NULL;

    if (span_is(base, "entry_points.txt") && p->kind == PACKAGE_WHEEL)
        to = &p->entry_points;
    else if (span_is(base, "pyproject.toml") && p->kind == PACKAGE_SDIST && path_depth(name) == 2)
        to = &p->pyproject;
    else if (span_is(base, "setup.cfg") && p->kind == PACKAGE_SDIST && path_depth(name) == 2)
        to = &p->setup_cfg;
    if (!to || body.n > TEXT_MAX)
        return;
    *to = span_of(arena_copy(&p->arena, body.p, body.n), body.n);
    if (!to->p) {
        *to = SPAN_EMPTY;
        p->full = true;
    }
}

/* ---- the graph is made ---- */

/* The modules that have an outline; numbers of their functions and classes. */
static bool take_modules(struct graph *g)
{
    g->modules = arena_array(g->arena, g->p->modules_n + 1u, sizeof *g->modules);
    if (!g->modules)
        return false;
    for (struct package_module *m = g->p->first; m; m = m->next) {
        struct linked *l = &g->modules[g->modules_n];

        if (!m->outline)
            continue;
        *l = (struct linked){ .m = m, .o = m->outline, .func = g->funcs_n, .klass = g->classes_n };
        m->graph_index = ++g->modules_n;
        g->funcs_n += l->o->funcs_n;
        g->classes_n += l->o->classes_n;
        g->full |= l->o->cut;
        g->steps += (uint64_t)(l->o->edges_n + l->o->paths_n + l->o->names_n) * STEPS_EACH;
    }
    g->steps += STEPS_MORE;
    return true;
}

static void number_module(struct graph *g, uint32_t index)
{
    const struct linked *l = &g->modules[index];

    for (uint32_t f = 0; f < l->o->funcs_n; f++)
        g->func_module[l->func + f] = index;
    for (uint32_t c = 0; c < l->o->classes_n; c++)
        g->class_module[l->klass + c] = index;
    for (uint32_t f = l->o->funcs_n; f-- > 1;) { /* so that the first stands first */
        uint32_t *first = &g->class_funcs[l->klass + l->o->funcs[f].klass];

        if (!l->o->funcs[f].klass)
            continue;
        g->func_next[l->func + f] = *first;
        *first = l->func + f + 1;
    }
}

static bool make_tables(struct graph *g)
{
#define TABLE(of, n) ((g->of = arena_array(g->arena, (n) + 1u, sizeof *g->of)) != NULL)
    if (!TABLE(func_module, g->funcs_n) || !TABLE(func_next, g->funcs_n) ||
        !TABLE(reached, g->funcs_n) || !TABLE(does, g->funcs_n) ||
        !TABLE(class_module, g->classes_n) || !TABLE(class_funcs, g->classes_n) ||
        !TABLE(below, g->classes_n) || !TABLE(class_seen, g->classes_n))
        return false;
#undef TABLE
    for (uint32_t i = 0; i < g->modules_n; i++)
        number_module(g, i);
    return true;
}

static bool make(struct graph *g)
{
    struct roots roots = { .n = 0 };

    if (!take_modules(g) || !make_tables(g) || !graph_name_modules(g))
        return false;
    graph_order_classes(g);
    if (!graph_roots(g, &roots))
        return false;
    graph_walk(g, &roots);
    graph_find_uses(g);
    return true;
}

enum pratique_status graph_make(struct scan *s)
{
    struct package *p = s->package;
    struct graph *g = arena_alloc(&p->arena, sizeof *g);

    if (!g) {
        p->full = true;
        return PRATIQUE_OK;
    }
    *g = (struct graph){ .s = s, .p = p, .arena = &p->arena };
    if (make(g))
        p->graph = g;
    else
        p->full = true; /* which package_end() tells */
    return PRATIQUE_OK;
}

enum pratique_status graph_tell(struct scan *s)
{
    enum pratique_status st = graph_make(s);

    if (st == PRATIQUE_OK && s->package->graph)
        graph_tell_facts(s->package->graph);
    return st;
}

/* ---- what others ask ---- */

uint32_t graph_func_at(const struct graph *g, const struct package_module *m, uint32_t off,
                       bool *found)
{
    const struct linked *l = &g->modules[m->graph_index ? m->graph_index - 1 : 0];
    uint32_t f = 0;

    *found = m->graph_index != 0;
    if (!*found || off == GRAPH_BODY)
        return l->func;
    for (uint32_t lo = 1, hi = l->o->funcs_n; lo < hi;) {
        uint32_t mid = lo + (hi - lo) / 2;

        if (l->o->funcs[mid].off <= off) {
            f = mid;
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    *found = f && l->o->funcs[f].off == off;
    return l->func + (*found ? f : 0);
}

unsigned graph_when(const struct package *p, const struct package_module *m, uint32_t off)
{
    const struct graph *g = p->graph;
    const struct reached *r;
    bool found;
    uint32_t func;

    if (!g)
        return 0;
    func = graph_func_at(g, m, off, &found);
    if (!found)
        return PKG_ON_CALL;
    r = &g->reached[func];
    if (!r->phase)
        return graph_func(g, func)->kind == PY_FUNC_NEVER ? 0 : PKG_ON_CALL | PKG_SURE;
    return (unsigned)PKG_ON_START << (r->phase - 1) | (r->sure ? PKG_SURE : 0u);
}

/* ---- chains ---- */

/* A piece of a chain; borrowed. */
#define PIECES_MAX (CHAIN_MAX * 6 + 16)
struct pieces {
    struct span list[PIECES_MAX];
    char numbers[CHAIN_MAX + 2][16];
    uint32_t n, numbers_n;
};

static void piece(struct pieces *p, struct span s)
{
    if (p->n < PIECES_MAX)
        p->list[p->n++] = s;
}

static void number(struct pieces *p, uint32_t value)
{
    char *text = p->numbers[p->numbers_n++ % ARRAY_LEN(p->numbers)];
    size_t at = 16;

    do {
        text[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value);
    piece(p, span_of(text + at, 16 - at));
}

static bool is_body(const struct graph *g, uint32_t func)
{
    uint8_t kind = graph_func(g, func)->kind;

    return kind != PY_FUNC_DEF && kind != PY_FUNC_LAMBDA;
}

/* A function by its name; of another module than the last, with that module's. */
static void piece_function(const struct graph *g, struct pieces *p, uint32_t func, bool named)
{
    const struct linked *l = &g->modules[g->func_module[func]];

    if (named) {
        piece(p, g->nodes[l->node].part);
        piece(p, SPAN_LITERAL("."));
    }
    piece(p, graph_func(g, func)->name);
}

/* One step of a chain, and the line at which the next is called (0: it is the last). */
static void piece_step(const struct graph *g, struct pieces *p, uint32_t func, uint32_t line,
                       uint32_t before)
{
    const struct linked *l = &g->modules[g->func_module[func]];
    bool first = before == UINT32_MAX, body = is_body(g, func);

    if (!first)
        piece(p, SPAN_LITERAL(" -> "));
    if (body || first)
        piece(p, l->m->path);
    if (!body && first)
        piece(p, SPAN_LITERAL(":"));
    if (!body)
        piece_function(g, p, func, !first && g->func_module[before] != g->func_module[func]);
    if (!line)
        return;
    piece(p, body ? SPAN_LITERAL(":") : SPAN_LITERAL(" ("));
    number(p, line);
    if (!body)
        piece(p, SPAN_LITERAL(")"));
}

static struct span joined(struct package *p, const struct pieces *all)
{
    size_t n = 0, at = 0;
    char *text;

    for (uint32_t i = 0; i < all->n; i++)
        n += all->list[i].n;
    text = arena_alloc(&p->arena, n + 1);
    if (!text)
        return SPAN_EMPTY;
    for (uint32_t i = 0; i < all->n; i++) {
        memcpy(text + at, all->list[i].p, all->list[i].n);
        at += all->list[i].n;
    }
    return span_of(text, n);
}

/*
 * The functions from where running begins to func, the last first; of a long way both ends.
 * Returns how many; *skipped: so many steps behind the first are left out.
 */
static uint32_t way_to(const struct graph *g, uint32_t func, uint32_t way[CHAIN_MAX],
                       uint32_t *skipped)
{
    uint32_t n = 0;

    *skipped = 0;
    for (;;) {
        if (n < CHAIN_MAX) {
            way[n++] = func;
        } else {
            way[n - 1] = func;
            ++*skipped;
        }
        if (!g->reached[func].phase || g->reached[func].parent == func)
            return n;
        func = g->reached[func].parent;
    }
}

struct span graph_chain_to(struct package *p, const struct package_module *m, uint32_t off,
                           uint32_t line, struct span name)
{
    const struct graph *g = p->graph;
    uint32_t way[CHAIN_MAX], skipped, n, func;
    struct pieces all = { .n = 0 };
    bool found;

    if (!g)
        return name;
    func = graph_func_at(g, m, off, &found);
    if (!found && !m->graph_index)
        return name;
    n = way_to(g, func, way, &skipped);
    for (uint32_t i = n; i-- > 0;) {
        /* behind a gap the line is that of the step that was left out */
        uint32_t at = i == 0 ? line : i == n - 1 && skipped != 0 ? 0 : g->reached[way[i - 1]].line;

        piece_step(g, &all, way[i], at, i == n - 1 ? UINT32_MAX : way[i + 1]);
        if (i == n - 1 && skipped)
            piece(&all, SPAN_LITERAL(" -> ..."));
    }
    if (name.n) {
        piece(&all, SPAN_LITERAL(" -> "));
        piece(&all, name);
    }
    return joined(p, &all);
}

struct span graph_chain(struct package *p, const struct package_module *m, uint32_t off)
{
    return graph_chain_to(p, m, off, 0, SPAN_EMPTY);
}

/* ---- what functions do ---- */

unsigned graph_does(const struct package *p, const struct package_module *m, uint32_t off)
{
    bool found;
    uint32_t func;

    if (!p->graph)
        return ~0u;
    func = graph_func_at(p->graph, m, off, &found);
    return found ? p->graph->does[func] : ~0u;
}

/* Calls of the whole package, from the callee back: caller and the next of the same callee. */
struct backward {
    struct {
        uint32_t from, next;
    } * list;
    uint32_t n, size;
    uint32_t *first; /* of each function */
};

static void note_call(struct graph *g, uint32_t from, uint32_t to, uint32_t line, bool sure,
                      void *arg)
{
    struct backward *b = arg;

    (void)line, (void)sure;
    if (!graph_room(g, (void **)&b->list, b->n, &b->size, sizeof *b->list))
        return;
    b->list[b->n].from = from;
    b->list[b->n].next = b->first[to];
    b->first[to] = b->n++;
}

/* What is done is done by whoever calls it: each function gets each bit once. */
static void spread(struct graph *g, const struct backward *b, uint32_t *queue)
{
    uint32_t n = 0;

    for (uint32_t f = 0; f < g->funcs_n; f++)
        if ((g->reaches[f] = g->does[f]) != 0)
            queue[n++ % (g->funcs_n * 5 + 1)] = f;
    for (uint32_t head = 0; head < n; head++) {
        uint32_t f = queue[head];

        for (uint32_t i = b->first[f]; i; i = b->list[i].next) {
            uint32_t from = b->list[i].from;
            uint8_t more = g->reaches[f] & (uint8_t)~g->reaches[from];

            if (!more)
                continue;
            g->reaches[from] |= more;
            queue[n++] = from; /* at most once for each of its four bits */
        }
    }
}

static void find_reaches(struct graph *g)
{
    struct backward b = { .n = 1 };
    uint32_t *queue = arena_array(g->arena, (size_t)g->funcs_n * 5 + 1, sizeof *queue);

    g->reaches = arena_array(g->arena, g->funcs_n + 1u, sizeof *g->reaches);
    b.first = arena_array(g->arena, g->funcs_n + 1u, sizeof *b.first);
    if (!queue || !g->reaches || !b.first ||
        !graph_room(g, (void **)&b.list, 0, &b.size, sizeof *b.list)) {
        g->full = true;
        return;
    }
    for (uint32_t f = 0; f < g->funcs_n; f++)
        graph_targets(g, f, note_call, &b);
    spread(g, &b, queue);
}

unsigned graph_reaches(const struct package *p, const struct package_module *m, uint32_t off)
{
    struct graph *g = p->graph;
    bool found;
    uint32_t func;

    if (!g)
        return ~0u;
    if (!g->reaches)
        find_reaches(g);
    func = graph_func_at(g, m, off, &found);
    return found && g->reaches ? g->reaches[func] : ~0u;
}

/* What a module was linked to; NULL: nothing is known of it, or not all. */
static const struct linked *linked_of(const struct package *p, const struct package_module *m)
{
    const struct linked *l =
        p->graph && m->graph_index ? &p->graph->modules[m->graph_index - 1] : NULL;

    return l && !l->o->cut ? l : NULL;
}

unsigned graph_module_does(const struct package *p, const struct package_module *m)
{
    const struct linked *l = linked_of(p, m);
    unsigned all = l ? 0 : ~0u;

    for (uint32_t i = 0; l && i < l->o->funcs_n; i++)
        all |= p->graph->does[l->func + i];
    return all;
}

bool graph_some_reaches(const struct package *p, const struct package_module *m,
                        bool (*is)(unsigned reaches))
{
    const struct linked *l = linked_of(p, m);
    struct graph *g = p->graph;

    if (!l)
        return true;
    if (!g->reaches)
        find_reaches(g);
    if (!g->reaches)
        return true;
    for (uint32_t i = 0; i < l->o->funcs_n; i++)
        if (is(g->reaches[l->func + i]))
            return true;
    return false;
}

const struct package_module *graph_module(const struct package *p,
                                          const struct package_module *from, unsigned level,
                                          struct span name)
{
    const struct graph *g = p->graph;
    uint32_t node = 0, m;

    if (!g || !from->graph_index)
        return NULL;
    if (level)
        node = g->modules[from->graph_index - 1].folder;
    for (; level > 1 && node; level--)
        node = g->nodes[node].parent;
    if (level > 1)
        return NULL;
    node = graph_named(g, node, name);
    m = node == UINT32_MAX ? 0 : g->nodes[node].modules;
    return m ? g->modules[m - 1].m : NULL;
}
