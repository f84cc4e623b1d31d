/*
 * Where running begins as an sdist is built: what pyproject.toml and setup.cfg name of its own
 * Python. Specs: PEP 517 and 518 (build backends); the documents of setuptools (cmdclass, attr:,
 * distutils.commands), hatchling and pdm-backend (build hooks, code that gives the version),
 * poetry-core (build scripts) and scikit-build-core (provider-path). TOML and INI are read line
 * by line, as far as the keys that matter.
 */
#include "base/compiler.h"
#include "format/package/linked.h"
#include "format/python/atoms.h"

/* ---- lines ---- */

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

/* ---- modules and what is in them ---- */

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
                !graph_add_root(g, r, g->modules[set.list[k].module].func + set.list[k].index,
                                ON_INSTALL))
                return false;
    }
    return true;
}

/* A file of the project that is run: build.py. */
static bool add_file(struct graph *g, struct roots *r, struct span path, const char *const *names,
                     size_t n, bool methods)
{
    uint32_t m = path.n ? module_below(g, SPAN_EMPTY, path, "") : 0;

    return !m ||
           (graph_add_program(g, r, m - 1) && graph_add_named(g, r, m - 1, names, n, methods));
}

/* All methods of a class, and of those above it. */
static bool add_methods(struct graph *g, struct roots *r, struct entity class, unsigned depth)
{
    const struct linked *l = &g->modules[class.module];
    const struct py_class *c = &l->o->classes[class.index];

    for (uint32_t f = g->class_funcs[l->klass + class.index]; f && graph_step(g);
         f = g->func_next[f - 1])
        if (!graph_add_root(g, r, f - 1, ON_INSTALL))
            return false;
    for (uint32_t i = 0; i < c->bases_n && depth < 8 && graph_step(g); i++) {
        struct entities bases = { .n = 0 };

        graph_resolve(g, class.module, l->o->bases[c->first_base + i], 0, &bases);
        for (uint32_t k = 0; k < bases.n; k++)
            if (bases.list[k].kind == E_CLASS && !add_methods(g, r, bases.list[k], depth + 1))
                return false;
    }
    return true;
}

/*
 * "pkg.mod.Class", "pkg.mod:function": the modules on the way are imported, and what stands at
 * the end is called.
 */
static bool add_target(struct graph *g, struct roots *r, struct span name)
{
    struct entities at = { .n = 1, .list = { { .kind = E_SPACE } } };

    while (name.n > 0 && at.n > 0) {
        struct entities next = { .n = 0 };
        struct span part;
        size_t n = 0;

        while (n < name.n && name.p[n] != '.' && name.p[n] != ':')
            n++;
        (void)take(&name, n, &part);
        (void)skip(&name, 1);
        for (uint32_t i = 0; i < at.n; i++)
            graph_attribute(g, at.list[i], part, py_hash(part), 0, &next);
        at = next;
        for (uint32_t i = 0; i < at.n; i++)
            for (uint32_t m = at.list[i].kind == E_SPACE ? g->nodes[at.list[i].index].modules : 0;
                 m; m = g->modules[m - 1].same_name)
                if (!graph_add_root(g, r, g->modules[m - 1].func, ON_INSTALL))
                    return false;
    }
    for (uint32_t i = 0; i < at.n; i++) {
        const struct entity *e = &at.list[i];

        if (e->kind == E_FUNC &&
            !graph_add_root(g, r, g->modules[e->module].func + e->index, ON_INSTALL))
            return false;
        if (e->kind == E_CLASS && !add_methods(g, r, *e, 0))
            return false;
    }
    return true;
}

/* ---- pyproject.toml ---- */

#define PATHS_MAX 8
#define KEY_MAX   256

struct project {
    struct graph *g;
    struct roots *r;
    struct span backend, paths[PATHS_MAX];
    struct span provider, provider_path;
    struct span version_path; /* of hatch: run, where its source is "code" */
    struct span hatch_hook, pdm_hook;
    uint32_t paths_n;
    bool version_code;
    char key[KEY_MAX]; /* "tool.setuptools.cmdclass.build_py": table and key */
    size_t key_n, table_n;
};

/* Appends a key as it is written, without quotes and blanks. */
static void put_key(struct project *p, struct span key)
{
    if (p->key_n > 0 && p->key_n < KEY_MAX)
        p->key[p->key_n++] = '.';
    for (size_t i = 0; i < key.n && p->key_n < KEY_MAX; i++)
        if (!memchr(" \t\"'", key.p[i], 4))
            p->key[p->key_n++] = (char)key.p[i];
}

static bool key_is(const struct project *p, const char *key)
{
    return span_is(span_of(p->key, p->key_n), key);
}

static bool key_starts(const struct project *p, const char *key)
{
    return span_starts(span_of(p->key, p->key_n), span_text(key));
}

static bool key_ends(const struct project *p, const char *key)
{
    return span_ends(span_of(p->key, p->key_n), span_text(key));
}

/* A string of the value of p->key; line: all of that line. */
static bool take_value(struct project *p, struct span text, struct span line)
{
    static const char *const poetry[] = { "build" };

    if (key_is(p, "build-system.build-backend"))
        p->backend = text;
    else if (key_is(p, "build-system.backend-path") && p->paths_n < PATHS_MAX)
        p->paths[p->paths_n++] = text;
    else if (key_starts(p, "tool.setuptools.cmdclass") || key_is(p, "tool.pdm.version.getter"))
        return add_target(p->g, p->r, text);
    else if (key_starts(p, "tool.setuptools.dynamic") &&
             span_find(line, 0, SPAN_LITERAL("attr")) != SIZE_MAX)
        return add_target(p->g, p->r, text);
    else if (key_starts(p, "tool.poetry.build"))
        return add_file(p->g, p->r, text, poetry, ARRAY_LEN(poetry), false);
    else if (key_starts(p, "tool.hatch.") && key_ends(p, "custom.path"))
        p->hatch_hook = text;
    else if (key_is(p, "tool.hatch.version.path"))
        p->version_path = text;
    else if (key_is(p, "tool.hatch.version.source"))
        p->version_code = span_is(text, "code");
    else if (key_is(p, "tool.pdm.build.custom-hook"))
        p->pdm_hook = text;
    else if (key_starts(p, "tool.") && key_ends(p, ".provider"))
        p->provider = text;
    else if (key_starts(p, "tool.") && key_ends(p, ".provider-path"))
        p->provider_path = text;
    return true;
}

/* "key = value", or a line more of a list. */
static bool take_pair(struct project *p, struct span line, bool *in_list)
{
    size_t equals = span_find(line, 0, SPAN_LITERAL("="));
    struct span value = line, key, text;

    if (!*in_list) {
        if (equals == SIZE_MAX || !take(&value, equals, &key))
            return true;
        p->key_n = p->table_n;
        put_key(p, key);
        (void)skip(&value, 1);
        *in_list = span_find(value, 0, SPAN_LITERAL("[")) != SIZE_MAX;
    }
    *in_list = *in_list && memchr(value.p, ']', value.n) == NULL;
    while (take_quoted(&value, &text))
        if (!take_value(p, text, line))
            return false;
    return true;
}

static bool read_project(struct project *p, struct span text)
{
    struct span line;
    bool in_list = false;

    while (text.n > 0 && take_line(&text, &line)) {
        line = graph_trimmed(line);
        if (line.n == 0 || line.p[0] == '#')
            continue;
        if (line.p[0] == '[' && !in_list) {
            size_t end = span_find(line, 0, SPAN_LITERAL("]"));

            while (line.n > 0 && line.p[0] == '[' && end > 0) {
                (void)skip(&line, 1);
                end--;
            }
            p->key_n = 0;
            put_key(p, end < line.n ? span_of(line.p, end) : line);
            p->table_n = p->key_n;
        } else if (!take_pair(p, line, &in_list)) {
            return false;
        }
    }
    return true;
}

static bool add_backend(const struct project *p)
{
    static const char *const hooks[] = { "build_wheel",
                                         "build_sdist",
                                         "build_editable",
                                         "get_requires_for_build_wheel",
                                         "get_requires_for_build_sdist",
                                         "get_requires_for_build_editable",
                                         "prepare_metadata_for_build_wheel",
                                         "prepare_metadata_for_build_editable" };
    struct graph *g = p->g;
    struct span name = p->backend;
    size_t colon = span_find(name, 0, SPAN_LITERAL(":"));

    if (colon != SIZE_MAX)
        name.n = colon;
    for (uint32_t i = 0; i < p->paths_n; i++) {
        uint32_t m = module_below(g, p->paths[i], name, ".py");

        m = m ? m : module_below(g, p->paths[i], name, "/__init__.py");
        if (m && (!graph_add_root(g, p->r, g->modules[m - 1].func, ON_INSTALL) ||
                  !graph_add_named(g, p->r, m - 1, hooks, ARRAY_LEN(hooks), false) ||
                  !add_hooks(g, p->r, m - 1, hooks, ARRAY_LEN(hooks))))
            return false;
    }
    return true;
}

/* hatchling's and pdm's own hooks in the project; what scikit-build-core asks for metadata. */
static bool add_build_hooks(const struct project *p)
{
    static const char *const hatch[] = { "initialize",   "finalize", "clean",
                                         "dependencies", "update",   "get_version_data" };
    static const char *const pdm[] = { "pdm_build_initialize",          "pdm_build_clean",
                                       "pdm_build_update_files",        "pdm_build_finalize",
                                       "pdm_build_update_setup_kwargs", "pdm_build_hook_enabled" };
    static const char *const provider[] = { "dynamic_metadata",
                                            "get_requires_for_dynamic_metadata" };
    uint32_t m = p->provider.n && p->provider_path.n
                     ? module_below(p->g, p->provider_path, p->provider, ".py")
                     : 0;

    if (m && (!graph_add_root(p->g, p->r, p->g->modules[m - 1].func, ON_INSTALL) ||
              !graph_add_named(p->g, p->r, m - 1, provider, ARRAY_LEN(provider), false)))
        return false;
    return add_file(p->g, p->r, p->hatch_hook, hatch, ARRAY_LEN(hatch), true) &&
           add_file(p->g, p->r, p->version_code ? p->version_path : SPAN_EMPTY, hatch, 0, true) &&
           add_file(p->g, p->r, p->pdm_hook, pdm, ARRAY_LEN(pdm), false);
}

/* ---- setup.cfg ---- */

/* The target behind "name =", or behind "attr:". */
static struct span target_of(struct span line)
{
    size_t at = span_find(line, 0, SPAN_LITERAL("="));
    size_t end = 0;

    line = graph_trimmed(at == SIZE_MAX ? line : span_from(line, at + 1));
    if (span_starts(line, SPAN_LITERAL("attr:")))
        line = graph_trimmed(span_from(line, 5));
    while (end < line.n && line.p[end] != ' ' && line.p[end] != '[' && line.p[end] != '#')
        end++;
    return span_of(line.p, end);
}

/* Lines that are indented belong to the key before them. */
static bool read_config(struct graph *g, struct roots *r, struct span text)
{
    enum { OTHER, OPTIONS, ENTRIES, METADATA } section = OTHER;
    bool commands = false;
    struct span line;

    while (text.n > 0 && take_line(&text, &line)) {
        bool more = line.n > 0 && (line.p[0] == ' ' || line.p[0] == '\t');

        line = graph_trimmed(line);
        if (line.n == 0 || line.p[0] == '#' || line.p[0] == ';')
            continue;
        if (!more && line.p[0] == '[') {
            section = span_starts(line, SPAN_LITERAL("[options]"))                ? OPTIONS
                      : span_starts(line, SPAN_LITERAL("[options.entry_points]")) ? ENTRIES
                      : span_starts(line, SPAN_LITERAL("[metadata]"))             ? METADATA
                                                                                  : OTHER;
            commands = false;
        } else if (!more) {
            commands = (section == OPTIONS && span_starts(line, SPAN_LITERAL("cmdclass"))) ||
                       (section == ENTRIES && span_starts(line, SPAN_LITERAL("distutils.")));
        }
        if ((more && commands) ||
            (section != OTHER && span_find(line, 0, SPAN_LITERAL("attr:")) != SIZE_MAX))
            if (!add_target(g, r, target_of(line)))
                return false;
    }
    return true;
}

bool graph_build_roots(struct graph *g, struct roots *r)
{
    struct project p = { .g = g,
                         .r = r,
                         .backend = SPAN_EMPTY,
                         .provider = SPAN_EMPTY,
                         .provider_path = SPAN_EMPTY,
                         .version_path = SPAN_EMPTY,
                         .hatch_hook = SPAN_LITERAL("hatch_build.py"),
                         .pdm_hook = SPAN_LITERAL("pdm_build.py") };

    return read_project(&p, g->p->pyproject) && add_backend(&p) && add_build_hooks(&p) &&
           read_config(g, r, g->p->setup_cfg);
}
