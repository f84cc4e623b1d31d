/* What a function calls: its outline's edges, as far as they lead into the package. */
#include "base/compiler.h"
#include "format/package/linked.h"
#include "format/python/atoms.h"

/* Functions that one expression may call. */
#define CALLED_MAX 24
/* Classes below a class that are looked at for a method of their own. */
#define BELOW_MAX 64

/* Of one function: where its edges lead. */
struct outward {
    struct graph *g;
    uint32_t func, module;
    graph_target_fn *f;
    void *arg;
    /* The functions of the last call: those that may call its arguments. */
    uint32_t called[CALLED_MAX], called_n, called_line;
};

static void to(struct outward *w, uint32_t func, uint32_t line, bool sure)
{
    w->f(w->g, w->func, func, line, sure, w->arg);
}

static uint32_t global_func(const struct graph *g, struct entity e)
{
    return g->modules[e.module].func + e.index;
}

/* ---- what is called ---- */

struct list {
    uint32_t *out, n, max;
};

static void push_funcs(const struct graph *g, const struct entities *set, struct list *l)
{
    for (uint32_t i = 0; i < set->n; i++)
        if ((set->list[i].kind == E_FUNC || set->list[i].kind == E_READS) && l->n < l->max)
            l->out[l->n++] = global_func(g, set->list[i]);
}

static void push_member(struct graph *g, struct entity class, const char *name, bool above,
                        struct list *l)
{
    struct span word = span_text(name);
    struct entities found = { .n = 0 };

    graph_member(g, class.module, class.index, word, py_hash(word), above, 0, &found);
    push_funcs(g, &found, l);
}

/* The metaclass of a class, its own or that of one above it. */
static bool meta_of(struct graph *g, struct entity class, unsigned depth, struct entity *out)
{
    const struct py_outline *o = g->modules[class.module].o;
    const struct py_class *c = &o->classes[class.index];
    struct entities found = { .n = 0 };

    if (c->meta)
        graph_resolve(g, class.module, c->meta, 0, &found);
    for (uint32_t i = 0; i < found.n; i++)
        if (found.list[i].kind == E_CLASS) {
            *out = found.list[i];
            return true;
        }
    for (uint32_t i = 0; i < c->bases_n && depth < 8 && graph_step(g); i++) {
        struct entities bases = { .n = 0 };

        graph_resolve(g, class.module, o->bases[c->first_base + i], 0, &bases);
        if (bases.n > 0 && bases.list[0].kind == E_CLASS &&
            (bases.list[0].module != class.module || bases.list[0].index != class.index) &&
            meta_of(g, bases.list[0], depth + 1, out))
            return true;
    }
    return false;
}

/* An instance is made. */
static void push_made(struct graph *g, struct entity class, struct list *l)
{
    static const char *const names[] = { "__init__", "__new__", "__post_init__", "__del__" };
    struct entity meta;

    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        push_member(g, class, names[i], false, l);
    if (meta_of(g, class, 0, &meta))
        push_member(g, meta, "__call__", false, l);
}

uint32_t graph_called(struct graph *g, struct entity e, uint32_t *out, uint32_t max)
{
    struct list l = { out, 0, max };

    switch (e.kind) {
    case E_FUNC:
    case E_READS:
        if (max)
            l.out[l.n++] = global_func(g, e);
        break;
    case E_CLASS:
        push_made(g, e, &l);
        break;
    case E_INSTANCE:
        push_member(g, e, "__call__", false, &l);
        break;
    default:
        break;
    }
    return l.n;
}

/* ---- methods that a class below has as well ---- */

/* self.run(): of an instance of a class below, that class's own. */
static void below(struct outward *w, struct entity of, const struct py_path *p, uint32_t line)
{
    struct graph *g = w->g;
    uint32_t queue[BELOW_MAX], n = 0;

    queue[n++] = g->modules[of.module].klass + of.index;
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t b = g->below[queue[i]]; b && n < BELOW_MAX; b = g->belows[b].next) {
            uint32_t klass = g->belows[b].klass, module = g->class_module[klass];
            struct entity e = { E_CLASS, module, klass - g->modules[module].klass };
            struct entities found = { .n = 0 };

            queue[n++] = klass;
            if (!graph_step(g))
                return;
            graph_member(g, module, e.index, p->name, p->hash, false, 0, &found);
            for (uint32_t k = 0; k < found.n; k++)
                if (found.list[k].kind == E_FUNC)
                    to(w, global_func(g, found.list[k]), line, false);
        }
}

static void call_below(struct outward *w, const struct py_edge *e)
{
    const struct py_outline *o = w->g->modules[w->module].o;
    const struct py_path *p = &o->paths[e->path];
    struct entities up = { .n = 0 };

    if (p->kind != PY_PATH_ATTRIBUTE || o->paths[p->parent].kind != PY_PATH_CALL)
        return;
    graph_resolve(w->g, w->module, p->parent, 0, &up);
    for (uint32_t i = 0; i < up.n; i++)
        if (up.list[i].kind == E_INSTANCE)
            below(w, up.list[i], p, e->line);
}

/* ---- edges by their kinds ---- */

static void add_called(struct outward *w, uint32_t func, uint32_t line)
{
    if (w->called_line != line)
        w->called_n = 0;
    w->called_line = line;
    if (w->called_n < CALLED_MAX)
        w->called[w->called_n++] = func;
}

/* A method that an operator asks for: of the class of what stands there, not of itself. */
static void implied(struct outward *w, const struct py_edge *e)
{
    const struct py_path *p = &w->g->modules[w->module].o->paths[e->path];
    struct entities of = { .n = 0 };

    graph_resolve(w->g, w->module, p->parent, 0, &of);
    for (uint32_t i = 0; i < of.n; i++) {
        struct entity class = of.list[i];
        struct entities found = { .n = 0 };
        uint32_t funcs[CALLED_MAX];
        struct list l = { funcs, 0, CALLED_MAX };

        if (class.kind != E_INSTANCE &&
            (class.kind != E_CLASS ||
             (!span_is(p->name, "__class_getitem__") && !meta_of(w->g, of.list[i], 0, &class))))
            continue;
        graph_member(w->g, class.module, class.index, p->name, p->hash, false, 0, &found);
        push_funcs(w->g, &found, &l);
        for (uint32_t k = 0; k < l.n; k++)
            to(w, funcs[k], e->line, !e->guess);
    }
}

static void call(struct outward *w, const struct py_edge *e)
{
    struct entities set = { .n = 0 };
    uint32_t funcs[CALLED_MAX];

    if (e->arg == PY_ARG_IMPLIED) {
        implied(w, e);
        return;
    }
    graph_resolve(w->g, w->module, e->path, 0, &set);
    for (uint32_t i = 0; i < set.n; i++) {
        uint32_t n = graph_called(w->g, set.list[i], funcs, CALLED_MAX);

        for (uint32_t k = 0; k < n; k++) {
            to(w, funcs[k], e->line, !e->guess);
            add_called(w, funcs[k], e->line);
        }
    }
    if (w->g->belows_n > 1)
        call_below(w, e);
}

static void handed(struct outward *w, const struct py_edge *e)
{
    struct entities set = { .n = 0 };
    uint32_t funcs[CALLED_MAX];

    graph_resolve(w->g, w->module, e->path, 0, &set);
    for (uint32_t i = 0; i < set.n; i++) {
        uint32_t n = set.list[i].kind == E_FUNC || (!e->guess && set.list[i].kind != E_READS)
                         ? graph_called(w->g, set.list[i], funcs, CALLED_MAX)
                         : 0;

        for (uint32_t k = 0; k < n; k++)
            to(w, funcs[k], e->line, !e->guess);
    }
}

/* Whether a function calls the argument that it is given at a place. */
static bool calls_arg(const struct py_func *f, uint8_t arg)
{
    unsigned bits = f->calls_args;

    if (arg == PY_ARG_BY_KEYWORD)
        return bits != 0;
    return (arg < 8 && bits >> arg & 1) || (f->klass && arg < 7 && bits >> (arg + 1) & 1);
}

static void argument(struct outward *w, const struct py_edge *e)
{
    struct entities set = { .n = 0 };
    uint32_t funcs[CALLED_MAX];
    bool calls = false, sure = false;

    for (uint32_t i = 0; i < w->called_n && w->called_line == e->line; i++) {
        const struct py_func *f = graph_func(w->g, w->called[i]);

        calls |= calls_arg(f, e->arg);
        sure |= calls_arg(f, e->arg) && !f->is_decorated; /* else it may be called later */
    }
    if (!calls)
        return;
    graph_resolve(w->g, w->module, e->path, 0, &set);
    for (uint32_t i = 0; i < set.n; i++) {
        uint32_t n = graph_called(w->g, set.list[i], funcs, CALLED_MAX);

        for (uint32_t k = 0; k < n; k++)
            to(w, funcs[k], e->line, sure && !e->guess && e->arg != PY_ARG_BY_KEYWORD);
    }
}

static void reads(struct outward *w, const struct py_edge *e)
{
    struct entities set = { .n = 0 };

    graph_resolve(w->g, w->module, e->path, 0, &set);
    for (uint32_t i = 0; i < set.n; i++) {
        uint32_t funcs[CALLED_MAX];
        struct list l = { funcs, 0, CALLED_MAX };

        if (set.list[i].kind == E_READS)
            funcs[l.n++] = global_func(w->g, set.list[i]);
        else if (set.list[i].kind == E_INSTANCE)
            push_member(w->g, set.list[i], "__get__", false, &l);
        for (uint32_t k = 0; k < l.n; k++)
            to(w, funcs[k], e->line, !e->guess);
    }
}

static uint32_t main_part(const struct graph *g, uint32_t module)
{
    const struct linked *l = &g->modules[module];

    for (uint32_t i = 1; i < l->o->funcs_n; i++)
        if (l->o->funcs[i].kind == PY_FUNC_MAIN)
            return l->func + i;
    return 0;
}

/* The bodies of a node's modules; of all above it too. */
static void import_node(struct outward *w, uint32_t node, const struct py_edge *e)
{
    bool run = e->kind == PY_EDGE_RUN;
    const struct graph *g = w->g;

    for (unsigned depth = 0; node && depth < 64; node = g->nodes[node].parent, depth++) {
        for (uint32_t m = g->nodes[node].modules; m; m = g->modules[m - 1].same_name) {
            uint32_t part = run ? main_part(g, m - 1) : 0;

            if (m - 1 != w->module || part)
                to(w, g->modules[m - 1].func, e->line, !e->guess);
            if (part)
                to(w, part, e->line, !e->guess);
        }
        run = false;
    }
}

static void import(struct outward *w, const struct py_edge *e)
{
    struct graph *g = w->g;
    struct entities set = { .n = 0 };

    graph_resolve(g, w->module, e->path, 0, &set);
    for (uint32_t i = 0; i < set.n; i++)
        if (set.list[i].kind == E_SPACE) {
            import_node(w, set.list[i].index, e);
            if (e->kind == PY_EDGE_RUN) {
                static const struct span word = { (const uint8_t *)"__main__", 8 };
                uint32_t child = graph_node(g, set.list[i].index, word, py_hash(word));

                for (uint32_t m = child == UINT32_MAX ? 0 : g->nodes[child].modules; m;
                     m = g->modules[m - 1].same_name)
                    to(w, g->modules[m - 1].func, e->line, true);
            }
        } else if (set.list[i].kind == E_READS) {
            to(w, global_func(g, set.list[i]), e->line, true);
        }
}

/* A class is defined: those above it are told, and its metaclass makes it. */
static void define(struct outward *w, const struct py_edge *e)
{
    static const char *const names[] = { "__new__", "__init__", "__prepare__" };
    struct entities set = { .n = 0 };

    graph_resolve(w->g, w->module, e->path, 0, &set);
    for (uint32_t i = 0; i < set.n; i++) {
        uint32_t funcs[CALLED_MAX];
        struct list l = { funcs, 0, CALLED_MAX };
        struct entity meta;

        if (set.list[i].kind != E_CLASS)
            continue;
        push_member(w->g, set.list[i], "__init_subclass__", true, &l);
        for (size_t k = 0; meta_of(w->g, set.list[i], 0, &meta) && k < ARRAY_LEN(names); k++)
            push_member(w->g, meta, names[k], false, &l);
        for (uint32_t k = 0; k < l.n; k++)
            to(w, funcs[k], e->line, true);
    }
}

/* All methods of a class, and of those above it. */
static void methods(struct outward *w, struct entity class, const struct py_edge *e, unsigned depth)
{
    struct graph *g = w->g;
    const struct py_outline *o = g->modules[class.module].o;
    const struct py_class *c = &o->classes[class.index];

    for (uint32_t f = g->class_funcs[g->modules[class.module].klass + class.index];
         f && graph_step(g); f = g->func_next[f - 1])
        to(w, f - 1, e->line, !e->guess);
    for (uint32_t i = 0; i < c->bases_n && depth < 8 && graph_step(g); i++) {
        struct entities bases = { .n = 0 };

        graph_resolve(g, class.module, o->bases[c->first_base + i], 0, &bases);
        for (uint32_t k = 0; k < bases.n; k++)
            if (bases.list[k].kind == E_CLASS)
                methods(w, bases.list[k], e, depth + 1);
    }
}

/* A function, and the methods of classes that stand in it: get_cmdclass(). */
static void methods_in(struct outward *w, struct entity func, const struct py_edge *e)
{
    const struct linked *l = &w->g->modules[func.module];
    uint32_t end = l->o->funcs[func.index].end;

    to(w, l->func + func.index, e->line, !e->guess);
    for (uint32_t f = func.index + 1;
         f < l->o->funcs_n && l->o->funcs[f].off < end && graph_step(w->g); f++)
        if (l->o->funcs[f].klass)
            to(w, l->func + f, e->line, !e->guess);
}

static void object(struct outward *w, const struct py_edge *e)
{
    struct entities set = { .n = 0 };

    graph_resolve(w->g, w->module, e->path, 0, &set);
    for (uint32_t i = 0; i < set.n; i++)
        if (set.list[i].kind == E_INSTANCE || set.list[i].kind == E_CLASS)
            methods(w, set.list[i], e, 0);
        else if (set.list[i].kind == E_FUNC)
            methods_in(w, set.list[i], e);
}

/* exec(open("pkg/version.py").read()): beside the module, or below the archive's top. */
static void file(struct outward *w, const struct py_edge *e)
{
    const struct linked *l = &w->g->modules[w->module];
    struct span name = l->o->paths[e->path].name, path = l->m->path;
    char text[1024];
    size_t folder = path.n;
    uint32_t found;

    while (name.n > 2 && name.p[0] == '.' && name.p[1] == '/')
        (void)skip(&name, 2);
    while (folder > 0 && path.p[folder - 1] != '/')
        folder--;
    if (folder + name.n > sizeof text)
        return;
    memcpy(text, path.p, folder);
    memcpy(text + folder, name.p, name.n);
    found = graph_by_path(w->g, span_of(text, folder + name.n));
    if (found) {
        uint32_t part = main_part(w->g, found - 1);

        to(w, w->g->modules[found - 1].func, e->line, !e->guess);
        if (part)
            to(w, part, e->line, !e->guess);
    }
}

void graph_targets(struct graph *g, uint32_t func, graph_target_fn *f, void *arg)
{
    static void (*const kinds[])(struct outward *, const struct py_edge *) = {
        [PY_EDGE_CALL] = call,     [PY_EDGE_HANDED] = handed, [PY_EDGE_ARG] = argument,
        [PY_EDGE_READ] = reads,    [PY_EDGE_IMPORT] = import, [PY_EDGE_RUN] = import,
        [PY_EDGE_DEFINE] = define, [PY_EDGE_OBJECT] = object, [PY_EDGE_FILE] = file,
    };
    struct outward w = { .g = g, .func = func, .module = g->func_module[func], .f = f, .arg = arg };
    const struct py_func *this = graph_func(g, func);
    const struct py_outline *o = g->modules[w.module].o;

    for (uint32_t i = 0; i < this->edges_n; i++) {
        const struct py_edge *e = &o->edges[this->first_edge + i];

        if (!graph_step(g))
            return;
        kinds[e->kind](&w, e);
    }
}
