/*
 * What makes a zip file a wheel for those who install it: metadata of the project that the file's
 * name says (unpack_metadata.c), and files that go where they seem to go. packaging.python.org:
 * "Binary distribution format"; names are compared as pip compares them.
 */
#include <stdlib.h>
#include <strings.h>

#include "format/wheel/metadata.h"
#include "trust/admit/unpack.h"
#include "watch/wheel.h"
#include "watch/wheel_zip.h"

#define INFO_END ".dist-info"
#define DATA_END ".data"

static void tell(struct unpack *u, struct span member, const char *why)
{
    unpack_tell(u, FACT_UNPACK_WHEEL_BROKEN, PRATIQUE_NO_OFFSET, member, "%s", why);
}

const struct unpack_entry *unpack_find_file(const struct unpack *u, struct span folder,
                                            const char *name)
{
    struct span want = span_text(name);

    for (size_t i = 0; i < u->n; i++) {
        const struct unpack_entry *e = &u->entries[i];

        if (e->type == UNPACK_FILE && e->path.n == folder.n + want.n &&
            span_starts(e->path, folder) && span_ends(e->path, want))
            return e;
    }
    return NULL;
}

/* The first part of a path. */
static struct span top_of(struct span path)
{
    size_t slash = span_find(path, 0, SPAN_LITERAL("/"));

    return slash == SIZE_MAX ? path : span_of(path.p, slash);
}

/* What follows the first part and its slash. */
static struct span below_top(struct span path)
{
    return span_from(path, top_of(path).n + 1);
}

bool unpack_find_info(struct unpack *u, struct span *out)
{
    struct span first = SPAN_EMPTY;

    *out = SPAN_EMPTY;
    for (size_t i = 0; i < u->n; i++) {
        struct span path = u->entries[i].path, top = top_of(path);

        if (!span_ends(top, SPAN_LITERAL(INFO_END)))
            continue;
        if (first.n > 0 && !span_equal(top, first)) {
            unpack_tell(u, FACT_UNPACK_RECORD_NONE, PRATIQUE_NO_OFFSET, SPAN_EMPTY,
                        "it has two .dist-info folders");
            return false;
        }
        first = top;
        if (path.n > top.n)
            *out = span_of(path.p, top.n + 1);
    }
    if (out->n == 0)
        unpack_tell(u, FACT_UNPACK_RECORD_NONE, PRATIQUE_NO_OFFSET, SPAN_EMPTY,
                    "it has no .dist-info folder");
    return out->n > 0;
}

/* ---- whose it is ---- */

/* Whether a folder's name, up to its end, is "NAME-VERSION" of the wheel. */
static bool is_of(struct span stem, const struct wheel_name *n)
{
    size_t dash = stem.n;

    while (dash > 0 && stem.p[dash - 1] != '-')
        dash--;
    return dash > 0 && project_names_equal(span_of(stem.p, dash - 1), n->name) &&
           versions_equal(span_from(stem, dash), n->version);
}

/* ---- scripts ---- */

static bool is_version(struct span s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!(s.p[i] >= '0' && s.p[i] <= '9') && s.p[i] != '.')
            return false;
    return true;
}

static bool starts_as(struct span s, const char *word)
{
    return s.n >= strlen(word) && strncasecmp((const char *)s.p, word, strlen(word)) == 0;
}

bool unpack_is_interpreter(struct span name)
{
    static const char *const shells[] = { "activate", "activate_this", "deactivate" };
    size_t dot = span_find(name, 0, SPAN_LITERAL("."));
    struct span stem = span_of(name.p, dot == SIZE_MAX ? name.n : dot), rest;

    for (size_t i = 0; i < ARRAY_LEN(shells); i++)
        if (stem.n == strlen(shells[i]) && starts_as(stem, shells[i]))
            return true;
    if (!starts_as(name, "python"))
        return false;
    rest = span_from(name, strlen("python"));
    if (starts_as(rest, "w"))
        (void)skip(&rest, 1);
    if (rest.n >= 4 && starts_as(span_from(rest, rest.n - 4), ".exe"))
        rest.n -= 4;
    return is_version(rest);
}

/* Whether a file of a scheme takes the place of one that belongs to the environment. */
static bool is_usurper(struct span rest)
{
    static const char *const folders[] = { "scripts/", "data/bin/", "data/Scripts/" };

    if (span_is(rest, "data/pyvenv.cfg"))
        return true;
    for (size_t i = 0; i < ARRAY_LEN(folders); i++)
        if (starts_as(rest, folders[i]))
            return unpack_is_interpreter(span_from(rest, strlen(folders[i])));
    return false;
}

/* ---- schemes ---- */

/* What lies below "NAME.data/" goes where its scheme says; the specification knows these. */
static bool is_in_scheme(struct span rest)
{
    static const char *const schemes[] = { "purelib/", "platlib/", "headers/", "scripts/",
                                           "data/" };

    for (size_t i = 0; i < ARRAY_LEN(schemes); i++)
        if (span_starts(rest, span_text(schemes[i])))
            return true;
    return false;
}

static bool is_in_data(struct span path)
{
    return span_ends(top_of(path), SPAN_LITERAL(DATA_END));
}

/* The path below site-packages, once it is installed; empty where it goes elsewhere. */
static struct span site_path(struct span path)
{
    struct span rest;

    if (!is_in_data(path))
        return path;
    rest = below_top(path);
    return span_starts(rest, SPAN_LITERAL("purelib/")) ||
                   span_starts(rest, SPAN_LITERAL("platlib/"))
               ? below_top(rest)
               : SPAN_EMPTY;
}

static void judge_scheme_file(struct unpack *u, const struct unpack_entry *e,
                              const struct wheel_name *n)
{
    struct span top = top_of(e->path), rest = below_top(e->path);

    if (!is_of(span_of(top.p, top.n - strlen(DATA_END)), n))
        tell(u, e->name, "it is in the .data folder of another project or version");
    else if (!is_in_scheme(rest))
        tell(u, e->name, "it is in a .data folder, and in no scheme that there is");
    else if (is_usurper(rest))
        tell(u, e->name, "it takes the place of what belongs to the environment");
    else if (span_ends(top_of(site_path(e->path)), SPAN_LITERAL(INFO_END)))
        tell(u, e->name, "metadata that is not where the wheel's is");
}

struct installed {
    struct span path;
    bool moved; /* out of a scheme */
};

static int by_path(const void *a, const void *b)
{
    const struct installed *x = a, *y = b;
    int c = span_order(x->path, y->path);

    return c ? c : (int)x->moved - (int)y->moved;
}

/* Files that are one when they are installed: one lies there, and one is moved there. */
static void judge_overlay(struct unpack *u)
{
    struct installed *all = arena_array(&u->arena, u->n + 1, sizeof *all);
    size_t n = 0;

    if (!all) {
        unpack_no_memory(u);
        return;
    }
    for (size_t i = 0; i < u->n; i++)
        if (u->entries[i].type == UNPACK_FILE)
            all[n++] =
                (struct installed){ site_path(u->entries[i].path), is_in_data(u->entries[i].path) };
    if (n > 1)
        qsort(all, n, sizeof *all, by_path);
    for (size_t i = 1; i < n && !u->stopped; i++)
        if (all[i].path.n > 0 && all[i].moved != all[i - 1].moved &&
            span_equal(all[i - 1].path, all[i].path))
            tell(u, all[i].path, "two files of this path once it is installed");
}

static void judge_schemes(struct unpack *u, const struct wheel_name *n)
{
    bool any = false;

    for (size_t i = 0; i < u->n && !u->stopped; i++) {
        const struct unpack_entry *e = &u->entries[i];

        if (e->type != UNPACK_FILE || !is_in_data(e->path))
            continue;
        judge_scheme_file(u, e, n);
        any = true;
    }
    if (any && !u->stopped)
        judge_overlay(u);
}

void unpack_wheel_judge(struct unpack *u, struct span folder)
{
    const char *slash = strrchr(u->name, '/');
    struct wheel_name n;

    if (!wheel_name_parse(span_text(slash ? slash + 1 : u->name), &n)) {
        tell(u, SPAN_EMPTY, "its name is not one of a wheel");
        return;
    }
    if (!is_of(span_of(folder.p, folder.n - strlen(INFO_END "/")), &n))
        tell(u, folder, "the metadata of another project or version than its name says");
    unpack_metadata_judge(u, folder, &n);
    if (!u->stopped)
        judge_schemes(u, &n);
}
