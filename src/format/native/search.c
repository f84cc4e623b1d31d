/*
 * Where the dynamic linker is told to look for libraries, and whether that is inside of what
 * is installed. A path is followed from the folder that the file is installed in.
 *
 * Spec: ld.so(8), "Rpath token expansion"; dyld(1); PE: Dynamic-Link Library Search Order.
 */
#include "base/compiler.h"
#include "format/native/parts.h"

/* From site-packages up to what an environment of a user, or conda, is kept in. */
#define ENVIRONMENT_DEPTH 5

static void tell(struct native *n, const char *what, struct span path, bool sure)
{
    if (++n->paths > NATIVE_PATHS_MAX)
        return;
    facts_add(n->s->facts,
              &(struct fact){ .kind = FACT_NATIVE_RPATH,
                              .where = n->s->where,
                              .flags = sure ? PKG_SURE : 0,
                              .offset = n->at,
                              .subject = path.n ? path : SPAN_LITERAL("(the current folder)"),
                              .detail = span_text(what) });
}

void search_tell(struct native *n, const char *what, struct span path)
{
    tell(n, what, path, true);
}

/* Cuts the first component of a path off; false at its end. */
static bool component(struct span *path, struct span *out)
{
    const uint8_t *slash = path->n ? memchr(path->p, '/', path->n) : NULL;

    if (path->n == 0)
        return false;
    if (!slash)
        return take(path, path->n, out);
    return take(path, (uint64_t)(slash - path->p), out) && skip(path, 1);
}

static bool is_part(struct span s)
{
    return s.n && !span_is(s, ".");
}

/*
 * How many folders below its root a member is installed: the data schemes of a wheel land
 * beside or above site-packages, scripts in a folder of their own.
 */
static long depth_of(struct span name)
{
    struct span part, rest = name;
    long depth = -1; /* the file itself is none */
    bool data;

    data = component(&rest, &part) && span_ends(part, SPAN_LITERAL(".data"));
    if (data && component(&rest, &part))
        depth += span_is(part, "scripts") ? 1 : 0;
    else
        rest = name;
    while (component(&rest, &part))
        depth += span_is(part, "..") ? -1 : is_part(part);
    return depth < 0 ? 0 : depth;
}

/* How far above what is installed a path leads that starts in the file's own folder. */
static long climbs(const struct native *n, struct span path)
{
    long depth = depth_of(n->s->name), least = 0;
    struct span part;

    while (component(&path, &part)) {
        depth += span_is(part, "..") ? -1 : is_part(part);
        least = depth < least ? depth : least;
    }
    return -least;
}

/* Cuts token off, when it stands by itself: "$ORIGIN" or "$ORIGIN/...". */
static bool take_token(struct span *path, const char *token)
{
    struct span t = span_text(token);

    if (!span_starts(*path, t) || (path->n > t.n && path->p[t.n] != '/'))
        return false;
    return skip(path, t.n);
}

static bool take_origin(struct span *path)
{
    return take_token(path, "$ORIGIN") || take_token(path, "${ORIGIN}");
}

static bool is_elf_outside(const struct native *n, struct span path)
{
    return !take_origin(&path) || climbs(n, path) > 0;
}

/*
 * Whether somebody other than the administrator may put a library there: the current folder and
 * what is relative to it, folders for all, homes. A path that climbs a few folders is still in
 * the environment, or beside it; one that climbs many begins at the root.
 */
static bool is_open_to_others(const struct native *n, struct span path)
{
    static const struct span closed[] = {
        SPAN_LITERAL("/usr/"),     SPAN_LITERAL("/lib"),     SPAN_LITERAL("/opt/"),
        SPAN_LITERAL("/Library/"), SPAN_LITERAL("/System/"),
    };

    if (take_origin(&path) || take_token(&path, "@loader_path"))
        return climbs(n, path) > ENVIRONMENT_DEPTH;
    for (size_t i = 0; i < ARRAY_LEN(closed); i++)
        if (span_starts(path, closed[i]))
            return span_find(path, 0, SPAN_LITERAL("/..")) != SIZE_MAX;
    return true;
}

void search_elf(struct native *n, const char *what, struct span paths)
{
    while (n->paths <= NATIVE_PATHS_MAX) {
        const uint8_t *colon = paths.n ? memchr(paths.p, ':', paths.n) : NULL;
        struct span path;

        (void)take(&paths, colon ? (uint64_t)(colon - paths.p) : paths.n, &path);
        if (is_elf_outside(n, path))
            tell(n, what, path, is_open_to_others(n, path));
        if (!colon)
            return;
        (void)skip(&paths, 1);
    }
}

void search_needed_elf(struct native *n, const char *what, struct span name)
{
    /* a path instead of a name: where it is looked for does not count any more */
    if (name.n && memchr(name.p, '/', name.n) && is_elf_outside(n, name))
        tell(n, what, name, is_open_to_others(n, name));
}

/* Of the program's folder nothing is known; of what @rpath means, LC_RPATH tells. */
static bool is_macho_outside(const struct native *n, struct span path)
{
    if (take_token(&path, "@loader_path"))
        return climbs(n, path) > 0;
    return !take_token(&path, "@rpath") && !take_token(&path, "@executable_path");
}

void search_macho(struct native *n, struct span path)
{
    if (is_macho_outside(n, path))
        tell(n, "LC_RPATH", path, is_open_to_others(n, path));
}

void search_needed_macho(struct native *n, struct span name)
{
    if (!span_starts(name, SPAN_LITERAL("/usr/lib/")) &&
        !span_starts(name, SPAN_LITERAL("/System/")) && is_macho_outside(n, name))
        tell(n, "LC_LOAD_DYLIB", name, is_open_to_others(n, name));
}

void search_needed_pe(struct native *n, struct span name)
{
    if (name.n && (memchr(name.p, '\\', name.n) || memchr(name.p, '/', name.n)))
        search_tell(n, "an import by its path", name);
}
