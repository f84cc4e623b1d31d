/*
 * Whose place a wheel takes: a module or a program that is another project's, the standard
 * library's or the system's. Tables: modules.def, programs.def.
 */
#include <stdlib.h>
#include <strings.h>

#include "format/path.h"
#include "format/wheel/parts.h"

#define NAME_LONGEST 64

struct owned {
    const char *name;
    const char *owners; /* projects, "a,b"; "": none; "!": what Python runs as it starts */
    bool versioned;
};

static const struct owned modules[] = {
#define MODULE(name, owners) { name, owners, false },
#include "format/wheel/modules.def"
#undef MODULE
};

static const struct owned programs[] = {
#define PROGRAM(name, owners)   { name, owners, false },
#define VERSIONED(name, owners) { name, owners, true },
#include "format/wheel/programs.def"
#undef VERSIONED
#undef PROGRAM
};

static int by_key(const void *key, const void *row)
{
    return strcmp(key, ((const struct owned *)row)->name);
}

static const struct owned *find(const struct owned *list, size_t n, struct span name)
{
    char key[NAME_LONGEST];

    if (name.n == 0 || name.n >= sizeof key || memchr(name.p, 0, name.n))
        return NULL;
    memcpy(key, name.p, name.n);
    key[name.n] = '\0';
    return bsearch(key, list, n, sizeof *list, by_key);
}

static bool is_owner(const char *owners, struct span project)
{
    while (*owners) {
        size_t n = strcspn(owners, ",");

        if (project_names_equal(span_of(owners, n), project))
            return true;
        owners += n + (owners[n] == ',');
    }
    return false;
}

/* ---- programs ---- */

/* In lower case, without what Windows puts behind it. */
static struct span program_name(struct span name, uint8_t out[NAME_LONGEST])
{
    static const char *const endings[] = { ".exe", ".bat", ".cmd", ".com", ".ps1" };

    if (name.n > NAME_LONGEST)
        return SPAN_EMPTY;
    for (size_t i = 0; i < name.n; i++)
        out[i] = name.p[i] >= 'A' && name.p[i] <= 'Z' ? name.p[i] | 0x20 : name.p[i];
    name = span_of(out, name.n);
    for (size_t i = 0; i < ARRAY_LEN(endings); i++)
        if (span_ends(name, span_text(endings[i])))
            return span_of(out, name.n - 4);
    return name;
}

/* "python3.11", "pip-3": without the version. */
static struct span unversioned(struct span name)
{
    while (name.n > 0 && ((name.p[name.n - 1] >= '0' && name.p[name.n - 1] <= '9') ||
                          name.p[name.n - 1] == '.' || name.p[name.n - 1] == '-'))
        name.n--;
    return name;
}

static const struct owned *find_program(struct span name)
{
    const struct owned *row = find(programs, ARRAY_LEN(programs), name), *base;

    if (row)
        return row;
    base = find(programs, ARRAY_LEN(programs), unversioned(name));
    return base && base->versioned ? base : NULL;
}

void wheel_check_program(struct scan *s, struct wheel_at at, struct span name, const char *folder)
{
    uint8_t lower[NAME_LONGEST];
    const struct owned *row = find_program(program_name(name, lower));
    struct span project = s->package->wheel->name;
    const char *path;

    if (!row || is_owner(row->owners, project))
        return;
    path = arena_printf(s->arena, "%s%.*s", folder, (int)name.n, (const char *)name.p);
    wheel_tell(s, FACT_WHL_SHADOWS, at, span_text(path ? path : row->name), "%s%s",
               row->owners[0] ? "the program of another project: "
                              : "a program of the system or of the environment",
               row->owners);
}

/* ---- modules ---- */

static bool is_module_file(struct span path)
{
    return span_ends(path, SPAN_LITERAL(".py")) || span_ends(path, SPAN_LITERAL(".so")) ||
           span_ends(path, SPAN_LITERAL(".pyd")) || span_ends(path, SPAN_LITERAL(".pyc"));
}

static void check_module(struct scan *s, const struct wheel_site *site, struct span name)
{
    const struct owned *row = find(modules, ARRAY_LEN(modules), name);
    struct wheel_at at = WHEEL_AT(site->file->name, 0);
    struct span project = s->package->wheel->name;

    if (!row || is_owner(row->owners, project))
        return;
    if (strcmp(row->owners, "!") == 0)
        wheel_tell(s, FACT_WHL_SHADOWS, at, name, "Python runs it as it starts, in every program");
    else if (row->owners[0])
        wheel_tell(s, FACT_WHL_SHADOWS, at, name, "a module of another project: %s", row->owners);
    else if (!project_names_equal(name, project)) /* a backport is called as what it replaces */
        wheel_tell(s, FACT_WHL_SHADOWS, at, name, "a module of Python's standard library");
}

/* "os" of "os.py" and "os.cpython-311-x86_64-linux-gnu.so"; the folder of "os/path.py". */
static struct span module_of(struct span path)
{
    struct span top = wheel_top(path);
    size_t dot = top.n < path.n ? SIZE_MAX : span_find(top, 0, SPAN_LITERAL("."));

    return dot == SIZE_MAX ? top : span_of(top.p, dot);
}

/* Each module at the top once, by the first of its files. */
static void check_modules(struct scan *s)
{
    const struct wheel *w = s->package->wheel;
    struct span last = SPAN_EMPTY;

    for (size_t i = 0; i < w->sites_n; i++) {
        struct span name = module_of(w->sites[i].path);

        if (!is_module_file(w->sites[i].path) || span_equal(name, last))
            continue;
        last = name;
        check_module(s, &w->sites[i], name);
    }
}

/* Files that are one when they are installed: one lies there, and one is moved there. */
static void check_overlay(struct scan *s)
{
    const struct wheel *w = s->package->wheel;

    for (size_t i = 1; i < w->sites_n; i++)
        if (w->sites[i].moved != w->sites[i - 1].moved &&
            span_equal(w->sites[i].path, w->sites[i - 1].path))
            wheel_tell(s, FACT_WHL_SHADOWS, WHEEL_AT(w->sites[i].file->name, 0), w->sites[i].path,
                       "another file of the wheel, as both are installed to one place");
}

void wheel_check_taken(struct scan *s)
{
    check_modules(s);
    check_overlay(s);
}
