/*
 * Dotted names of modules, from the paths of their members: as far as an import would find
 * them. Spec: importlib (a regular package before a module, a folder without __init__.py as
 * a portion of a namespace: PEP 420); PEP 427 for wheels.
 */
#include "base/compiler.h"
#include "format/package/linked.h"
#include "format/python/atoms.h"

/* Parts of one dotted name. */
#define PARTS_MAX 40

/* ---- the tree of names ---- */

static uint32_t node_slot(const struct graph *g, uint32_t parent, struct span part, uint32_t hash)
{
    uint32_t h = hash ^ parent * 0x9E3779B1u, i = (h ^ h >> 15) & (g->node_slots_n - 1);

    for (; g->node_slots[i]; i = (i + 1) & (g->node_slots_n - 1)) {
        const struct name_node *n = &g->nodes[g->node_slots[i]];

        if (n->parent == parent && n->hash == hash && span_equal(n->part, part))
            break;
    }
    return i;
}

uint32_t graph_node(const struct graph *g, uint32_t parent, struct span part, uint32_t hash)
{
    uint32_t node = g->node_slots[node_slot(g, parent, part, hash)];

    return node ? node : UINT32_MAX;
}

uint32_t graph_named(const struct graph *g, uint32_t from, struct span name)
{
    while (name.n > 0 && from != UINT32_MAX) {
        size_t dot = span_find(name, 0, SPAN_LITERAL("."));
        struct span part;

        (void)take(&name, dot == SIZE_MAX ? name.n : dot, &part);
        (void)skip(&name, 1);
        from = graph_node(g, from, part, py_hash(part));
    }
    return from;
}

static bool more_slots(struct graph *g)
{
    uint32_t n = g->node_slots_n ? g->node_slots_n * 2 : 256;
    uint32_t *slots = arena_array(g->arena, n, sizeof *slots);

    if (!slots)
        return false;
    g->node_slots = slots;
    g->node_slots_n = n;
    for (uint32_t i = 1; i < g->nodes_n; i++)
        slots[node_slot(g, g->nodes[i].parent, g->nodes[i].part, g->nodes[i].hash)] = i;
    return true;
}

/* Made where there is none; UINT32_MAX without memory. */
static uint32_t node_add(struct graph *g, uint32_t parent, struct span part)
{
    uint32_t hash = py_hash(part), i;

    if (g->nodes_n * 2 >= g->node_slots_n && !more_slots(g))
        return UINT32_MAX;
    i = node_slot(g, parent, part, hash);
    if (g->node_slots[i])
        return g->node_slots[i];
    if (!graph_room(g, (void **)&g->nodes, g->nodes_n, &g->nodes_size, sizeof *g->nodes))
        return UINT32_MAX;
    g->nodes[g->nodes_n] = (struct name_node){ .parent = parent, .hash = hash, .part = part };
    return g->node_slots[i] = g->nodes_n++;
}

/* ---- paths ---- */

static uint32_t path_slot(const struct graph *g, struct span path)
{
    uint32_t i = py_hash(path) & (g->path_slots_n - 1);

    while (g->path_slots[i] && !span_equal(g->modules[g->path_slots[i] - 1].m->path, path))
        i = (i + 1) & (g->path_slots_n - 1);
    return i;
}

uint32_t graph_by_path(const struct graph *g, struct span path)
{
    return g->path_slots[path_slot(g, path)];
}

static bool index_paths(struct graph *g)
{
    uint32_t n = 64;

    while (n < g->modules_n * 2)
        n *= 2;
    g->path_slots = arena_array(g->arena, n, sizeof *g->path_slots);
    g->path_slots_n = n;
    for (uint32_t i = 0; g->path_slots && i < g->modules_n; i++) {
        uint32_t slot = path_slot(g, g->modules[i].m->path);

        if (!g->path_slots[slot])
            g->path_slots[slot] = i + 1;
    }
    return g->path_slots != NULL;
}

/* ---- what of a path is the name ---- */

static struct span first_part(struct span path)
{
    size_t n = 0;
    struct span part;

    while (n < path.n && path.p[n] != '/')
        n++;
    return span_sub(path, 0, n, &part) ? part : SPAN_EMPTY;
}

static struct span without(struct span path, struct span part)
{
    return part.n + 1 <= path.n ? span_from(path, part.n + 1) : SPAN_EMPTY;
}

/* "name-1.data/purelib/pkg/mod.py": "pkg/mod.py"; *script: it lies among scripts or data. */
static struct span in_wheel(struct span path, bool *script)
{
    struct span first = first_part(path), scheme;

    if (!span_ends(first, SPAN_LITERAL(".data")))
        return path;
    path = without(path, first);
    scheme = first_part(path);
    *script = !span_is(scheme, "purelib") && !span_is(scheme, "platlib");
    return without(path, scheme);
}

/* Folders with an __init__.py, which may be empty and so no module: by their hashes. */
static bool index_inits(struct graph *g)
{
    const struct package *p = g->p;
    uint32_t n = 64;

    while (n < p->members_n * 2 && n < UINT32_MAX / 4)
        n *= 2;
    g->inits = arena_array(g->arena, n, sizeof *g->inits);
    g->inits_n = n;
    for (size_t i = 0; g->inits && i < p->members_n; i++) {
        struct span name = p->members[i].name, folder;
        uint32_t h, k;

        if (!span_ends(name, SPAN_LITERAL("/__init__.py")) ||
            !span_sub(name, 0, name.n - 12, &folder))
            continue;
        h = py_hash(folder) | 1;
        for (k = h & (n - 1); g->inits[k] && g->inits[k] != h;)
            k = (k + 1) & (n - 1);
        g->inits[k] = h;
    }
    return g->inits != NULL;
}

/* Whether the folder that a path begins with, of n bytes, is a package. */
static bool has_init(const struct graph *g, struct span path, size_t n)
{
    uint32_t h = py_hash(span_of(path.p, n)) | 1, i = h & (g->inits_n - 1);

    while (g->inits[i] && g->inits[i] != h)
        i = (i + 1) & (g->inits_n - 1);
    return g->inits[i] != 0;
}

/*
 * Below "src/", or else from the outermost package that it is in: so a module of a package
 * that lies deep in an sdist has the name that it is installed under.
 */
static struct span in_sdist(const struct graph *g, struct span path, size_t top)
{
    size_t root = SIZE_MAX, src = SIZE_MAX;

    for (size_t i = top; i < path.n; i++) {
        struct span head;

        if (path.p[i] != '/')
            continue;
        if (!span_sub(path, 0, i, &head))
            break;
        if (i - top == 3 && span_ends(head, SPAN_LITERAL("src")))
            src = i + 1;
        else if (span_ends(head, SPAN_LITERAL("/src")))
            src = i + 1;
    }
    if (src != SIZE_MAX)
        return span_from(path, src);
    for (size_t i = path.n; i > top; i--) { /* from within outwards */
        size_t from = i - 1;

        if (path.p[i - 1] != '/')
            continue;
        if (!has_init(g, path, i - 1))
            break;
        while (from > top && path.p[from - 1] != '/')
            from--;
        root = from;
    }
    return root != SIZE_MAX ? span_from(path, root) : span_from(path, top);
}

static bool is_among(struct span part, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (span_is(part, names[i]))
            return true;
    return false;
}

/* Folders of an sdist that are never installed. */
static bool is_aside(struct span first)
{
    static const char *const names[] = { "testing", "doc",   "demo",    "demos",    "benchmarks",
                                         "bench",   "ci",    ".github", "fuzz",     "benchmark",
                                         "scripts", "tools", "samples", "notebooks" };

    return is_among(first, names, ARRAY_LEN(names));
}

static bool is_letter(uint8_t c)
{
    return c == '_' || c >= 0x80 || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* Whether an import statement can name it: identifiers, a file's up to its first dot. */
static bool is_importable(struct span path)
{
    while (path.n > 0) {
        struct span part = first_part(path);
        size_t n = 0;

        path = without(path, part);
        while (n < part.n &&
               (is_letter(part.p[n]) || (n > 0 && part.p[n] >= '0' && part.p[n] <= '9')))
            n++;
        if (n == 0 || (n < part.n && (path.n > 0 || part.p[n] != '.')))
            return false;
    }
    return true;
}

/* Tests, examples, documents, wherever they lie: imported by those who want them. */
static bool is_for_reading(struct span path)
{
    static const char *const folders[] = {
        "tests", "test", "testing", "examples", "example", "docs"
    };
    static const char *const files[] = { "conftest.py", "example.py", "examples.py" };
    struct span part = first_part(path);

    for (; part.n < path.n; path = without(path, part), part = first_part(path))
        if (is_among(part, folders, ARRAY_LEN(folders)))
            return true;
    return is_among(part, files, ARRAY_LEN(files)) || span_starts(part, SPAN_LITERAL("test_")) ||
           span_ends(part, SPAN_LITERAL("_test.py")) ||
           span_ends(part, SPAN_LITERAL("_example.py"));
}

/* Files at an sdist's top that tools run, and nobody imports. */
static bool is_tool(struct span path)
{
    static const char *const names[] = { "conftest.py",    "noxfile.py",   "tasks.py",
                                         "fabfile.py",     "dodo.py",      "conf.py",
                                         "hatch_build.py", "pdm_build.py", "build.py",
                                         "make.py",        "ez_setup.py",  "runtests.py",
                                         "run_tests.py" };

    return is_among(path, names, ARRAY_LEN(names)) ||
           (span_starts(path, SPAN_LITERAL("setup")) && first_part(path).n == path.n);
}

static size_t stem_of(struct span path, bool *python)
{
    *python = true;
    if (span_ends(path, SPAN_LITERAL(".py")))
        return path.n - 3;
    if (span_ends(path, SPAN_LITERAL(".pyw")))
        return path.n - 4;
    *python = false;
    return path.n;
}

/* What it is to an import; *name: the path below its root. */
static enum module_role role_of(const struct graph *g, struct span path, struct span *name)
{
    struct span first = first_part(path), inner = path;
    bool script = false, python, sdist = g->p->kind == PACKAGE_SDIST;
    size_t top = sdist && first.n < path.n ? first.n + 1 : 0;

    if (g->p->kind == PACKAGE_WHEEL)
        *name = inner = in_wheel(path, &script);
    else
        *name = in_sdist(g, path, top);
    if (sdist)
        inner = span_from(path, top);
    if (span_ends(path, SPAN_LITERAL(".pth")))
        return first_part(inner).n == inner.n && !script ? MODULE_PTH : MODULE_SOURCE;
    (void)stem_of(path, &python);
    if (script)
        return MODULE_SCRIPT;
    if (!python)
        return MODULE_SOURCE;
    if (span_is(inner, "__main__.py") || span_ends(path, SPAN_LITERAL("/__main__.py")))
        return MODULE_MAIN;
    if (sdist && span_is(inner, "setup.py"))
        return MODULE_SETUP;
    if ((g->p->kind == PACKAGE_WHEEL || sdist) && (is_for_reading(inner) || !is_importable(*name)))
        return MODULE_ASIDE;
    if (sdist && (is_aside(first_part(inner)) || is_tool(inner)))
        return MODULE_ASIDE;
    return MODULE_ORDINARY;
}

/* ---- names of modules ---- */

static bool join_name(struct graph *g, struct linked *l, const struct span *parts, uint32_t n)
{
    size_t size = 0, at = 0;
    char *text;

    for (uint32_t i = 0; i < n; i++)
        size += parts[i].n + 1;
    text = arena_alloc(g->arena, size + 1);
    if (!text)
        return false;
    for (uint32_t i = 0; i < n; i++) {
        memcpy(text + at, parts[i].p, parts[i].n);
        at += parts[i].n;
        text[at++] = '.';
    }
    l->m->name = span_of(text, at ? at - 1 : 0);
    return true;
}

static void attach(struct graph *g, uint32_t index)
{
    struct linked *l = &g->modules[index];
    struct name_node *node = &g->nodes[l->node];

    if (l->role == MODULE_SCRIPT || l->role == MODULE_PTH || l->role == MODULE_SOURCE)
        return;
    if (node->modules && g->p->kind == PACKAGE_WHEEL && !g->told_twice) {
        struct span other = g->modules[node->modules - 1].m->path;

        g->told_twice = true;
        scan_factf(g->s, FACT_PKG_NOT_LINKED, PRATIQUE_NO_OFFSET,
                   SPAN_LITERAL("two modules of one name"), "%.*s: %.*s, %.*s", (int)l->m->name.n,
                   (const char *)l->m->name.p, (int)other.n, (const char *)other.p,
                   (int)l->m->path.n, (const char *)l->m->path.p);
    }
    l->same_name = node->modules;
    node->modules = index + 1;
}

static bool name_module(struct graph *g, uint32_t index)
{
    struct linked *l = &g->modules[index];
    struct span rest, parts[PARTS_MAX];
    uint32_t n = 0, node = 0;
    bool python;

    l->role = (uint8_t)role_of(g, l->m->path, &rest);
    rest.n = stem_of(rest, &python);
    while (rest.n > 0 && n < PARTS_MAX) {
        parts[n] = first_part(rest);
        rest = without(rest, parts[n]);
        n += parts[n].n > 0;
    }
    l->m->is_package = n > 1 && span_is(parts[n - 1], "__init__");
    n -= l->m->is_package;
    for (uint32_t i = 0; i < n; i++) {
        l->folder = node;
        node = node_add(g, node, parts[i]);
        if (node == UINT32_MAX)
            return false;
    }
    l->node = node;
    if (l->m->is_package)
        l->folder = node;
    if (!join_name(g, l, parts, n))
        return false;
    attach(g, index);
    return true;
}

bool graph_name_modules(struct graph *g)
{
    if (!index_paths(g) || !index_inits(g) || !more_slots(g) ||
        !graph_room(g, (void **)&g->nodes, 0, &g->nodes_size, sizeof *g->nodes))
        return false;
    g->nodes[g->nodes_n++] = (struct name_node){ .part = SPAN_EMPTY };
    for (uint32_t i = 0; i < g->modules_n; i++)
        if (!name_module(g, i))
            return false;
    return true;
}
