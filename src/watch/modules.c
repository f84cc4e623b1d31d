/*
 * What there is to import among the files of a wheel, as importlib's FileFinder would find
 * it: in each folder a package goes before a module, a module before a namespace package
 * (PEP 420). https://docs.python.org/3/reference/import.html
 */
#include <stdio.h>
#include <stdlib.h>

#include "format/wheel/metadata.h"
#include "watch/wheel.h"
#include "watch/wheel_zip.h"

#define DEPTH_MAX 100 /* of packages in packages; deeper ones are not listed */
#define TAIL_MAX  64

#if defined(__x86_64__)
#define MACHINE "x86_64"
#elif defined(__aarch64__)
#define MACHINE "aarch64"
#endif

struct module {
    struct span name; /* "a.b.c" */
    bool package, root;
};

static bool is_keyword(struct span s)
{
    static const struct {
        const char *id, *text;
    } words[] = {
#define WORD(id, text) { #id, text },
#include "format/python/keywords.def"
#undef WORD
    };

    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (words[i].id[0] == 'K' && span_is(s, words[i].text)) /* KW_: soft ones may be names */
            return true;
    return false;
}

/* Letters beyond ASCII are not looked at: too many names do no harm. Caches hold no modules. */
static bool is_identifier(struct span s)
{
    for (size_t i = 0; i < s.n; i++) {
        uint8_t c = s.p[i];
        bool letter = c >= 0x80 || c == '_' || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');

        if (!letter && !(i > 0 && c >= '0' && c <= '9'))
            return false;
    }
    return s.n > 0 && !is_keyword(s) && !span_is(s, "__pycache__");
}

/* What a spelling in a file's name can be imported by: importlib asks for no identifier. */
static bool is_part(struct span s)
{
    return s.n > 0 && !memchr(s.p, '\n', s.n) && !span_is(s, "__pycache__");
}

static bool is_dotted(struct span s, bool (*is_right)(struct span part))
{
    size_t depth = 0;

    for (;;) {
        const uint8_t *dot = s.n ? memchr(s.p, '.', s.n) : NULL;
        struct span part;

        (void)span_sub(s, 0, dot ? (size_t)(dot - s.p) : s.n, &part);
        if (!is_right(part) || ++depth > DEPTH_MAX)
            return false;
        if (!dot)
            return true;
        (void)skip(&s, part.n + 1);
    }
}

/* Cuts off what makes a file a module for this interpreter; false when it is none. */
static bool cut_suffix(struct span *path, const struct python *py)
{
    static const char *const tails[] = { ".abi3.so", ".so", ".py", ".pyc" };
    char own[TAIL_MAX];

    (void)snprintf(own, sizeof own, ".cpython-%u%u%s-" MACHINE "-linux-gnu.so", py->major,
                   py->minor, py->free_threaded ? "t" : "");
    if (span_ends(*path, span_text(own))) {
        path->n -= strlen(own);
        return true;
    }
    for (size_t i = py->free_threaded ? 1 : 0; i < ARRAY_LEN(tails); i++)
        if (span_ends(*path, span_text(tails[i]))) {
            path->n -= strlen(tails[i]);
            return true;
        }
    return false;
}

/* The module that a file is, its name in the arena. 1, 0: it is none, -1: no memory. */
static int module_of(const char *file, struct arena *arena, const struct python *py,
                     struct module *out)
{
    struct span path = span_text(file), tail = SPAN_LITERAL("/__init__");
    char *name;

    if (strncmp(file, "../", 3) == 0 || !cut_suffix(&path, py))
        return 0;
    *out = (struct module){ .package = span_ends(path, tail) };
    if (out->package)
        path.n -= tail.n;
    if (memchr(path.p, '.', path.n)) /* "x.dist-info", "a.b.py": not to be spelt */
        return 0;
    name = arena_copy(arena, path.p, path.n);
    if (!name)
        return -1;
    for (char *c = name; *c; c++)
        if (*c == '/')
            *c = '.';
    out->name = span_of(name, path.n);
    return is_dotted(out->name, is_part) && !span_is(out->name, "__init__") &&
           !span_is(out->name, "__main__");
}

static int by_name(const void *a, const void *b)
{
    return span_order(((const struct module *)a)->name, ((const struct module *)b)->name);
}

static const struct module *find(const struct module *all, size_t n, struct span name)
{
    struct module key = { .name = name };

    return n ? bsearch(&key, all, n, sizeof key, by_name) : NULL;
}

/* Sorts, and makes one of those of one name; a package is what is found first. */
static size_t unite(struct module *all, size_t n)
{
    size_t kept = 0;

    if (n > 1)
        qsort(all, n, sizeof *all, by_name);
    for (size_t i = 0; i < n; i++) {
        if (kept > 0 && span_equal(all[kept - 1].name, all[i].name))
            all[kept - 1].package |= all[i].package;
        else
            all[kept++] = all[i];
    }
    return kept;
}

/*
 * Whether what holds the module lets it be reached: behind a plain module of the same name a
 * folder is never looked into. *root: only namespace packages hold it.
 */
static bool is_reached(const struct module *all, size_t n, struct span name, bool *root)
{
    struct span part = name;

    *root = true;
    for (size_t i = 0; i < name.n; i++) {
        const struct module *m;

        if (name.p[i] != '.')
            continue;
        part.n = i;
        m = find(all, n, part);
        if (m && !m->package)
            return false;
        *root &= m == NULL;
    }
    return true;
}

/* ---- entry points ---- */

static size_t count_entries(struct span in)
{
    struct span group = SPAN_EMPTY;
    struct entry_point e;
    size_t n = 0;

    while (entry_point_take(&in, &group, &e) != 0)
        n++;
    return n;
}

static bool list_entries(struct span in, struct arena *arena, struct module *to, size_t *n)
{
    struct span group = SPAN_EMPTY;
    struct entry_point e;
    int got;

    *n = 0;
    while ((got = entry_point_take(&in, &group, &e)) != 0) {
        char *name;

        if (got < 0 || !is_dotted(e.module, is_identifier))
            continue;
        name = arena_copy(arena, e.module.p, e.module.n);
        if (!name)
            return false;
        to[(*n)++] = (struct module){ .name = span_of(name, e.module.n), .root = true };
    }
    *n = unite(to, *n);
    return true;
}

/* ---- the lists ---- */

static size_t depth_of(const char *name)
{
    size_t n = 0;

    for (; *name; name++)
        n += *name == '.';
    return n;
}

static int by_depth(const void *a, const void *b)
{
    const char *x = *(const char *const *)a, *y = *(const char *const *)b;
    size_t m = depth_of(x), n = depth_of(y);

    return m != n ? (m > n) - (m < n) : strcmp(x, y);
}

/* Those run by themselves when the interpreter starts. */
static bool is_customize(struct wheel_installed *w, struct span name)
{
    bool site = span_is(name, "sitecustomize"), user = span_is(name, "usercustomize");

    w->has_sitecustomize |= site;
    w->has_usercustomize |= user;
    return site || user;
}

static void sort_out(struct wheel_installed *w, const struct module *all, size_t n,
                     const struct module *entries, size_t entries_n)
{
    for (size_t i = 0; i < n; i++) {
        const char *name = (const char *)all[i].name.p;
        bool root;

        if (is_customize(w, all[i].name) || find(entries, entries_n, all[i].name) ||
            !is_reached(all, n, all[i].name, &root))
            continue;
        if (root)
            w->modules[w->modules_n++] = name;
        else
            w->submodules[w->submodules_n++] = name;
    }
    for (size_t i = 0; i < entries_n; i++)
        if (!is_customize(w, entries[i].name))
            w->modules[w->modules_n++] = (const char *)entries[i].name.p;
    if (w->modules_n)
        qsort(w->modules, w->modules_n, sizeof *w->modules, by_depth);
}

static bool is_pth(const char *file)
{
    return !strchr(file, '/') && span_ends(span_text(file), SPAN_LITERAL(".pth"));
}

bool wheel_modules(struct wheel_installed *w, struct arena *arena, const struct python *py,
                   struct span entry_points)
{
    size_t entries_n = count_entries(entry_points), n = 0;
    struct module *all = arena_array(arena, w->files_n + 1, sizeof *all);
    struct module *entries = arena_array(arena, entries_n + 1, sizeof *entries);

    w->modules_n = w->submodules_n = 0;
    w->has_pth = w->has_sitecustomize = w->has_usercustomize = false;
    w->modules = arena_array(arena, w->files_n + entries_n + 1, sizeof *w->modules);
    w->submodules = arena_array(arena, w->files_n + 1, sizeof *w->submodules);
    if (!all || !entries || !w->modules || !w->submodules)
        return false;
    for (size_t i = 0; i < w->files_n; i++) {
        int got = module_of(w->files[i], arena, py, &all[n]);

        if (got < 0)
            return false;
        n += got > 0;
        w->has_pth |= is_pth(w->files[i]);
    }
    if (!list_entries(entry_points, arena, entries, &entries_n))
        return false;
    sort_out(w, all, unite(all, n), entries, entries_n);
    return true;
}
