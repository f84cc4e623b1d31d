/*
 * Where running begins, but for what a build is told by its configuration (graph_build.c).
 * Specs: the documents of site (.pth, sitecustomize) and of setuptools (setup.py), and the
 * entry points specification of PyPA.
 */
#include "base/compiler.h"
#include "format/package/linked.h"
#include "format/python/atoms.h"

bool graph_add_root(struct graph *g, struct roots *r, uint32_t func, enum phase phase)
{
    if (!graph_room(g, (void **)&r->list, r->n, &r->size, sizeof *r->list))
        return false;
    r->list[r->n++] = (struct root){ func, phase };
    return true;
}

/* The last part of "Class.method". */
static struct span last_part(struct span name)
{
    for (size_t i = name.n; i > 0; i--)
        if (name.p[i - 1] == '.')
            return span_from(name, i);
    return name;
}

static bool is_among(struct span name, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (span_is(name, names[i]))
            return true;
    return false;
}

bool graph_add_named(struct graph *g, struct roots *r, uint32_t module, const char *const *names,
                     size_t n, bool methods)
{
    const struct linked *l = &g->modules[module];

    for (uint32_t f = 1; f < l->o->funcs_n; f++)
        if ((!methods || l->o->funcs[f].klass) &&
            is_among(last_part(l->o->funcs[f].name), names, n) &&
            !graph_add_root(g, r, l->func + f, ON_INSTALL))
            return false;
    return true;
}

bool graph_add_program(struct graph *g, struct roots *r, uint32_t module)
{
    const struct linked *l = &g->modules[module];
    bool ok = graph_add_root(g, r, l->func, ON_INSTALL);

    for (uint32_t f = 1; ok && f < l->o->funcs_n; f++)
        if (l->o->funcs[f].kind == PY_FUNC_MAIN)
            ok = graph_add_root(g, r, l->func + f, ON_INSTALL);
    return ok;
}

/* ---- setup.py ---- */

static bool add_setup(struct graph *g, struct roots *r, uint32_t module)
{
    static const char *const commands[] = { "run",
                                            "initialize_options",
                                            "finalize_options",
                                            "build_extension",
                                            "build_extensions",
                                            "build_module",
                                            "get_outputs",
                                            "get_source_files" };

    return graph_add_program(g, r, module) &&
           graph_add_named(g, r, module, commands, ARRAY_LEN(commands), true);
}

/* ---- entry points ---- */

struct span graph_trimmed(struct span s)
{
    while (s.n > 0 && (s.p[0] == ' ' || s.p[0] == '\t'))
        (void)skip(&s, 1);
    while (s.n > 0 && memchr(" \t\r", s.p[s.n - 1], 3))
        s.n--;
    return s;
}

/* Groups whose functions somebody calls by name. */
static bool is_called_group(struct span group)
{
    return span_is(group, "[console_scripts]") || span_is(group, "[gui_scripts]");
}

/* Groups that are loaded and called by those that only build, test or start something. */
static bool is_hook_group(struct span group)
{
    return span_starts(group, SPAN_LITERAL("[setuptools.")) ||
           span_starts(group, SPAN_LITERAL("[distutils.")) ||
           span_starts(group, SPAN_LITERAL("[egg_info.")) || span_is(group, "[pytest11]") ||
           span_starts(group, SPAN_LITERAL("[sphinx."));
}

/* A module is imported, and what stands above it. */
static bool add_imported(struct graph *g, struct roots *r, uint32_t node)
{
    for (unsigned depth = 0; node && depth < 64; node = g->nodes[node].parent, depth++)
        for (uint32_t m = g->nodes[node].modules; m; m = g->modules[m - 1].same_name)
            if (!graph_add_root(g, r, g->modules[m - 1].func, ON_IMPORT))
                return false;
    return true;
}

/* "name = pkg.mod:Class.attr [extra]", or a module alone */
static bool add_entry(struct graph *g, struct roots *r, struct span line)
{
    size_t equals = span_find(line, 0, SPAN_LITERAL("=")), colon, end = 0;
    struct span target, module;
    struct entities set = { .n = 0 };
    uint32_t node, funcs[16];

    if (equals == SIZE_MAX)
        return true;
    target = graph_trimmed(span_from(line, equals + 1));
    while (end < target.n && target.p[end] != ' ' && target.p[end] != '[')
        end++;
    target.n = end;
    colon = span_find(target, 0, SPAN_LITERAL(":"));
    (void)take(&target, colon == SIZE_MAX ? target.n : colon, &module);
    (void)skip(&target, 1);
    node = graph_named(g, 0, module);
    if (node == UINT32_MAX)
        return true;
    if (!add_imported(g, r, node))
        return false;
    graph_attribute(g, (struct entity){ .kind = E_SPACE, .index = node }, target, py_hash(target),
                    0, &set);
    for (uint32_t i = 0; i < set.n; i++) {
        uint32_t n = graph_called(g, set.list[i], funcs, ARRAY_LEN(funcs));

        for (uint32_t k = 0; k < n; k++)
            if (!graph_add_root(g, r, funcs[k], ON_IMPORT))
                return false;
    }
    return true;
}

static bool add_entry_points(struct graph *g, struct roots *r)
{
    struct span text = g->p->entry_points, line;
    bool hook = false;

    while (text.n > 0 && take_line(&text, &line)) {
        line = graph_trimmed(line);
        if (line.n > 0 && line.p[0] == '[')
            hook = !is_called_group(line) && is_hook_group(line);
        else if (hook && line.n > 0 && line.p[0] != '#' && !add_entry(g, r, line))
            return false;
    }
    return true;
}

/* ---- all of them ---- */

/* sitecustomize and usercustomize at the top: site imports them. */
static bool is_customize(const struct graph *g, const struct linked *l)
{
    struct span part = g->nodes[l->node].part;

    return g->nodes[l->node].parent == 0 &&
           (span_is(part, "sitecustomize") || span_is(part, "usercustomize"));
}

static bool add_module(struct graph *g, struct roots *r, uint32_t module)
{
    const struct linked *l = &g->modules[module];

    switch (l->role) {
    case MODULE_PTH:
        return graph_add_root(g, r, l->func, ON_START);
    case MODULE_SETUP:
        return add_setup(g, r, module);
    case MODULE_ORDINARY:
        if (is_customize(g, l) && !graph_add_root(g, r, l->func, ON_START))
            return false;
        return graph_add_root(g, r, l->func, ON_IMPORT);
    case MODULE_SOURCE: /* alone, it is what is asked about */
        return g->p->kind != PACKAGE_SOURCE || graph_add_root(g, r, l->func, ON_IMPORT);
    default:
        return true;
    }
}

/* Whether a wheel or an sdist has something else to import than tests and examples. */
static bool has_ordinary(const struct graph *g)
{
    for (uint32_t i = 0; i < g->modules_n; i++)
        if (g->modules[i].role == MODULE_ORDINARY)
            return true;
    return false;
}

bool graph_roots(struct graph *g, struct roots *r)
{
    bool ordinary = has_ordinary(g);

    for (uint32_t i = 0; i < g->modules_n; i++) {
        if (!ordinary && g->modules[i].role == MODULE_ASIDE && g->p->kind == PACKAGE_WHEEL)
            g->modules[i].role = MODULE_ORDINARY;
        if (!add_module(g, r, i))
            return false;
    }
    return (g->p->kind != PACKAGE_SDIST || g->modules_n == 0 || graph_build_roots(g, r)) &&
           add_entry_points(g, r);
}
