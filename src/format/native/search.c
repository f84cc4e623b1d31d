/*
 * Where the dynamic linker is told to look for libraries, and whether that is inside of what
 * is installed. A path is followed from the folder that the file is installed in.
 *
 * Spec: ld.so(8), "Rpath token expansion"; dyld(1); PE: Dynamic-Link Library Search Order.
 */
#include "format/native/parts.h"

void search_tell(struct native *n, const char *what, struct span path)
{
    if (++n->paths > NATIVE_PATHS_MAX)
        return;
    scan_fact(n->s, FACT_NATIVE_RPATH, n->at, path.n ? path : SPAN_LITERAL("(the current folder)"),
              span_text(what));
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

/* Whether a path that starts in the file's own folder leaves what is installed on its way. */
static bool climbs_out(const struct native *n, struct span path)
{
    long depth = depth_of(n->s->name);
    struct span part;

    while (component(&path, &part)) {
        depth += span_is(part, "..") ? -1 : is_part(part);
        if (depth < 0)
            return true;
    }
    return false;
}

/* Cuts token off, when it stands by itself: "$ORIGIN" or "$ORIGIN/...". */
static bool take_token(struct span *path, const char *token)
{
    struct span t = span_text(token);

    if (!span_starts(*path, t) || (path->n > t.n && path->p[t.n] != '/'))
        return false;
    return skip(path, t.n);
}

static bool is_elf_outside(const struct native *n, struct span path)
{
    if (!take_token(&path, "$ORIGIN") && !take_token(&path, "${ORIGIN}"))
        return true;
    return climbs_out(n, path);
}

void search_elf(struct native *n, const char *what, struct span paths)
{
    while (n->paths <= NATIVE_PATHS_MAX) {
        const uint8_t *colon = paths.n ? memchr(paths.p, ':', paths.n) : NULL;
        struct span path;

        (void)take(&paths, colon ? (uint64_t)(colon - paths.p) : paths.n, &path);
        if (is_elf_outside(n, path))
            search_tell(n, what, path);
        if (!colon)
            return;
        (void)skip(&paths, 1);
    }
}

void search_needed_elf(struct native *n, const char *what, struct span name)
{
    /* a path instead of a name: where it is looked for does not count any more */
    if (name.n && memchr(name.p, '/', name.n) && is_elf_outside(n, name))
        search_tell(n, what, name);
}

/* Of the program's folder nothing is known; of what @rpath means, LC_RPATH tells. */
static bool is_macho_outside(const struct native *n, struct span path)
{
    if (take_token(&path, "@loader_path"))
        return climbs_out(n, path);
    return !take_token(&path, "@rpath") && !take_token(&path, "@executable_path");
}

void search_macho(struct native *n, struct span path)
{
    if (is_macho_outside(n, path))
        search_tell(n, "LC_RPATH", path);
}

void search_needed_macho(struct native *n, struct span name)
{
    if (!span_starts(name, SPAN_LITERAL("/usr/lib/")) &&
        !span_starts(name, SPAN_LITERAL("/System/")) && is_macho_outside(n, name))
        search_tell(n, "LC_LOAD_DYLIB", name);
}

void search_needed_pe(struct native *n, struct span name)
{
    if (name.n && (memchr(name.p, '\\', name.n) || memchr(name.p, '/', name.n)))
        search_tell(n, "an import by its path", name);
}
