/*
 * Where running begins. Specs: the documents of site (.pth, sitecustomize), PEP 517 and 518
 * (build backends), of setuptools (setup.py, cmdclass) and hatchling (hatch_build.py), and the
 * entry points specification of PyPA. What of them is TOML or INI is read line by line, as far
 * as the one table that matters.
 */
#include "base/compiler.h"
#include "format/package/linked.h"
#include "format/python/atoms.h"

enum phase { ON_START, ON_IMPORT, ON_INSTALL };

static bool add_root(struct graph *g, struct roots *r, uint32_t func, enum phase phase)
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

/* Functions and methods of a module that are called by these names. */
static bool add_named(struct graph *g, struct roots *r, uint32_t module, const char *const *names,
                      size_t n, bool methods)
{
    const struct linked *l = &g->modules[module];

    for (uint32_t f = 1; f < l->o->funcs_n; f++)
        if ((!methods || l->o->funcs[f].klass) &&
            is_among(last_part(l->o->funcs[f].name), names, n) &&
            !add_root(g, r, l->func + f, ON_INSTALL))
            return false;
    return true;
}

/* The body and, as it is the program, what stands below if __name__ == "__main__". */
static bool add_program(struct graph *g, struct roots *r, uint32_t module)
{
    const struct linked *l = &g->modules[module];
    bool ok = add_root(g, r, l->func, ON_INSTALL);

    for (uint32_t f = 1; ok && f < l->o->funcs_n; f++)
        if (l->o->funcs[f].kind == PY_FUNC_MAIN)
            ok = add_root(g, r, l->func + f, ON_INSTALL);
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

    return add_program(g, r, module) &&
           add_named(g, r, module, commands, ARRAY_LEN(commands), true);
}

/* ---- pyproject.toml ---- */

static struct span trimmed(struct span s)
{
    while (s.n > 0 && (s.p[0] == ' ' || s.p[0] == '\t'))
        (void)skip(&s, 1);
    while (s.n > 0 && memchr(" \t\r", s.p[s.n - 1], 3))
        s.n--;
    return s;
}

/* Cuts the next string in quotes off the front. */
static bool take_quoted(struct span *in, struct span *out)
{
    size_t from = 0, to;

    while (from < in->n && in->p[from] != '"' && in->p[from] != '\'' && in->p[from] != '#')
        from++;
    if (from >= in->n || in->p[from] == '#')
        return false;
    for (to = from + 1; to < in->n && in->p[to] != in->p[from];)
        to++;
    if (to >= in->n)
        return false;
    *out = span_of(in->p + from + 1, to - from - 1);
    (void)skip(in, to + 1);
    return true;
}

#define PATHS_MAX 8

struct project {
    struct span backend, paths[PATHS_MAX], hook;
    uint32_t paths_n;
    bool hatch_hook;
};

/* "key = value", with the key perhaps in quotes. */
static bool is_key(struct span line, const char *key, struct span *value)
{
    struct span word = span_text(key);
    bool quoted = line.n > 0 && (line.p[0] == '"' || line.p[0] == '\'');

    if (quoted)
        (void)skip(&line, 1);
    if (!span_starts(line, word))
        return false;
    (void)skip(&line, word.n + quoted);
    line = trimmed(line);
    if (line.n == 0 || line.p[0] != '=')
        return false;
    *value = span_from(line, 1);
    return true;
}

static void read_build_line(struct project *p, struct span line, bool *in_list)
{
    struct span value = line, text;

    if (is_key(line, "build-backend", &value) && take_quoted(&value, &text))
        p->backend = text;
    else if (*in_list || is_key(line, "backend-path", &value)) {
        while (p->paths_n < PATHS_MAX && take_quoted(&value, &text))
            p->paths[p->paths_n++] = text;
        *in_list = memchr(value.p, ']', value.n) == NULL;
    }
}

static void read_project(struct project *p, struct span text)
{
    enum { OTHER, BUILD, HATCH } table = OTHER;
    struct span line, value;
    bool in_list = false;

    while (text.n > 0 && take_line(&text, &line)) {
        line = trimmed(line);
        if (line.n > 0 && line.p[0] == '[' && !in_list) {
            table = span_starts(line, SPAN_LITERAL("[build-system]"))                ? BUILD
                    : span_find(line, 0, SPAN_LITERAL(".hooks.custom]")) != SIZE_MAX ? HATCH
                                                                                     : OTHER;
            p->hatch_hook |= table == HATCH;
        } else if (table == BUILD) {
            read_build_line(p, line, &in_list);
        } else if (table == HATCH && is_key(line, "path", &value)) {
            (void)take_quoted(&value, &p->hook);
        }
    }
}

/* A module below the archive's top folder, from a path within: 1 + index, or 0. */
static uint32_t module_below(const struct graph *g, struct span folder, struct span name,
                             const char *end)
{
    struct span any = g->modules[0].m->path;
    char text[512];
    size_t n = 0, tail = strlen(end);

    while (n < any.n && any.p[n] != '/')
        n++;
    folder = span_starts(folder, SPAN_LITERAL("./")) ? span_from(folder, 2) : folder;
    while (folder.n > 0 && folder.p[folder.n - 1] == '/')
        folder.n--;
    if (n + folder.n + name.n + tail + 3 > sizeof text)
        return 0;
    memcpy(text, any.p, n);
    text[n++] = '/';
    if (folder.n > 0 && !span_is(folder, ".")) {
        memcpy(text + n, folder.p, folder.n);
        n += folder.n;
        text[n++] = '/';
    }
    for (size_t i = 0; i < name.n; i++)
        text[n++] = name.p[i] == '.' && tail ? '/' : (char)name.p[i];
    memcpy(text + n, end, tail);
    return graph_by_path(g, span_of(text, n + tail));
}

/* Hooks that a backend has from elsewhere: from ._impl import build_wheel. */
static bool add_hooks(struct graph *g, struct roots *r, uint32_t module, const char *const *hooks,
                      size_t n)
{
    struct entity space = { .kind = E_SPACE, .index = g->modules[module].node };

    for (size_t i = 0; i < n; i++) {
        struct span name = span_text(hooks[i]);
        struct entities set = { .n = 0 };

        graph_attribute(g, space, name, py_hash(name), 0, &set);
        for (uint32_t k = 0; k < set.n; k++)
            if (set.list[k].kind == E_FUNC &&
                !add_root(g, r, g->modules[set.list[k].module].func + set.list[k].index,
                          ON_INSTALL))
                return false;
    }
    return true;
}

static bool add_backend(struct graph *g, struct roots *r, const struct project *p)
{
    static const char *const hooks[] = { "build_wheel",
                                         "build_sdist",
                                         "build_editable",
                                         "get_requires_for_build_wheel",
                                         "get_requires_for_build_sdist",
                                         "get_requires_for_build_editable",
                                         "prepare_metadata_for_build_wheel",
                                         "prepare_metadata_for_build_editable" };
    struct span name = p->backend;
    size_t colon = span_find(name, 0, SPAN_LITERAL(":"));

    if (colon != SIZE_MAX)
        name.n = colon;
    for (uint32_t i = 0; i < p->paths_n; i++) {
        uint32_t m = module_below(g, p->paths[i], name, ".py");

        m = m ? m : module_below(g, p->paths[i], name, "/__init__.py");
        if (m && (!add_root(g, r, g->modules[m - 1].func, ON_INSTALL) ||
                  !add_named(g, r, m - 1, hooks, ARRAY_LEN(hooks), false) ||
                  !add_hooks(g, r, m - 1, hooks, ARRAY_LEN(hooks))))
            return false;
    }
    return true;
}

/* hatchling's and pdm's own hooks in the project. */
static bool add_build_hooks(struct graph *g, struct roots *r, const struct project *p)
{
    static const char *const hatch[] = { "initialize",   "finalize", "clean",
                                         "dependencies", "update",   "get_version_data" };
    static const char *const pdm[] = { "pdm_build_initialize",          "pdm_build_clean",
                                       "pdm_build_update_files",        "pdm_build_finalize",
                                       "pdm_build_update_setup_kwargs", "pdm_build_hook_enabled" };
    uint32_t m =
        module_below(g, SPAN_EMPTY, p->hook.n ? p->hook : SPAN_LITERAL("hatch_build.py"), "");

    if (m && (!add_program(g, r, m - 1) || !add_named(g, r, m - 1, hatch, ARRAY_LEN(hatch), true)))
        return false;
    m = module_below(g, SPAN_EMPTY, SPAN_LITERAL("pdm_build.py"), "");
    return !m || (add_root(g, r, g->modules[m - 1].func, ON_INSTALL) &&
                  add_named(g, r, m - 1, pdm, ARRAY_LEN(pdm), false));
}

/* ---- entry points ---- */

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

/* "name = pkg.mod:Class.attr [extra]" */
static bool add_entry(struct graph *g, struct roots *r, struct span line)
{
    size_t equals = span_find(line, 0, SPAN_LITERAL("=")), colon, end = 0;
    struct span target, module;
    struct entities set = { .n = 0 };
    uint32_t node, funcs[16];

    if (equals == SIZE_MAX)
        return true;
    target = trimmed(span_from(line, equals + 1));
    while (end < target.n && target.p[end] != ' ' && target.p[end] != '[')
        end++;
    target.n = end;
    colon = span_find(target, 0, SPAN_LITERAL(":"));
    if (colon == SIZE_MAX || !take(&target, colon, &module))
        return true; /* a module: it is imported in any case */
    (void)skip(&target, 1);
    node = graph_named(g, 0, module);
    if (node == UINT32_MAX)
        return true;
    graph_attribute(g, (struct entity){ .kind = E_SPACE, .index = node }, target, py_hash(target),
                    0, &set);
    for (uint32_t i = 0; i < set.n; i++) {
        uint32_t n = graph_called(g, set.list[i], funcs, ARRAY_LEN(funcs));

        for (uint32_t k = 0; k < n; k++)
            if (!add_root(g, r, funcs[k], ON_IMPORT))
                return false;
    }
    return true;
}

static bool add_entry_points(struct graph *g, struct roots *r)
{
    struct span text = g->p->entry_points, line;
    bool hook = false;

    while (text.n > 0 && take_line(&text, &line)) {
        line = trimmed(line);
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
        return add_root(g, r, l->func, ON_START);
    case MODULE_SETUP:
        return add_setup(g, r, module);
    case MODULE_ORDINARY:
        if (is_customize(g, l) && !add_root(g, r, l->func, ON_START))
            return false;
        return add_root(g, r, l->func, ON_IMPORT);
    case MODULE_SOURCE: /* alone, it is what is asked about */
        return g->p->kind != PACKAGE_SOURCE || add_root(g, r, l->func, ON_IMPORT);
    default:
        return true;
    }
}

bool graph_roots(struct graph *g, struct roots *r)
{
    struct project p = { .backend = SPAN_EMPTY, .hook = SPAN_EMPTY };

    for (uint32_t i = 0; i < g->modules_n; i++)
        if (!add_module(g, r, i))
            return false;
    if (g->p->kind == PACKAGE_SDIST && g->modules_n > 0) {
        read_project(&p, g->p->pyproject);
        if (!add_backend(g, r, &p) || !add_build_hooks(g, r, &p))
            return false;
    }
    return add_entry_points(g, r);
}
