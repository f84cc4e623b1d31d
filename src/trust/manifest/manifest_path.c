/* Which names may stand in a manifest, and where a path lies below a root. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "trust/manifest/manifest.h"

const char *const manifest_signatures[] = { ".minisig", ".sig", ".asc", NULL };

/* What must not be shown as it is: it would move the cursor, or turn the text around. */
static bool steers(uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x061C || c == 0x200E || c == 0x200F ||
           c == 0x2028 || c == 0x2029 || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2066 && c <= 0x2069);
}

static const char *characters_fault(struct span path)
{
    while (path.n > 0) {
        uint32_t c;
        size_t n = utf8_decode(path, &c);

        if (n == 0)
            return "the name is not UTF-8";
        if (c == 0)
            return "the name holds a zero byte";
        if (steers(c))
            return "the name holds a control character";
        (void)skip(&path, n);
    }
    return NULL;
}

const char *manifest_path_fault(struct span path)
{
    const struct span slash = SPAN_LITERAL("/");

    if (path.n == 0)
        return "it is empty";
    if (path.n > TREE_PATH_MAX)
        return "it is too long";
    if (path.p[0] == '/')
        return "it is absolute";
    for (struct span rest = path; rest.n > 0;) {
        size_t n = span_find(rest, 0, slash);
        struct span name = rest;

        if (n != SIZE_MAX)
            (void)span_sub(rest, 0, n, &name);
        if (span_is(name, ".."))
            return "it has '..' in it";
        if (name.n == 0 || span_is(name, ".") || (n != SIZE_MAX && n + 1 == rest.n))
            return "it is not in its plain form (an empty name, or '.')";
        if (name.n > NAME_MAX)
            return "a name in it is too long";
        rest = n == SIZE_MAX ? SPAN_EMPTY : span_from(rest, n + 1);
    }
    return characters_fault(path);
}

/* The real path of a file that need not be there, by that of its folder. Owned; NULL with errno. */
static char *real_path(const char *path)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    char *folder = slash ? strndup(path, slash == path ? 1 : (size_t)(slash - path)) : strdup(".");
    char *real = folder ? realpath(folder, NULL) : NULL, *whole = NULL;

    if (real && asprintf(&whole, "%s/%s", strcmp(real, "/") == 0 ? "" : real, name) < 0)
        whole = NULL;
    free(folder);
    free(real);
    return whole;
}

const char *manifest_below(const char *root, const char *path, struct arena *arena)
{
    char *top = realpath(root, NULL), *real = real_path(path);
    size_t n = top ? strlen(top) : 0;
    const char *below = NULL;

    if (top && real && n == 1)
        below = real + 1;
    else if (top && real && strncmp(real, top, n) == 0 && real[n] == '/')
        below = real + n + 1;
    if (below)
        below = arena_copy(arena, below, strlen(below));
    free(top);
    free(real);
    return below;
}
