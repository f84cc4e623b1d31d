/* Globs of paths, as docs/MANIFEST.md has them: a set of places in the glob is moved along the
 * path, so that no glob takes more than its length times that of the path. */
#include <string.h>

#include "trust/manifest/manifest.h"

#define GLOB_MAX 512

/* The places reached, and the glob. A place is an index into the glob; n is its end. */
struct places {
    const char *glob;
    size_t n;
    uint8_t on[GLOB_MAX + 1];
};

/* Whether "**" as a whole name, with the slash behind it if there is one, begins at i. */
static size_t any_folders(const struct places *p, size_t i)
{
    if (strncmp(p->glob + i, "**", 2) != 0 || (i > 0 && p->glob[i - 1] != '/'))
        return 0;
    return p->glob[i + 2] == '/' ? 3 : p->glob[i + 2] == '\0' ? 2 : 0;
}

/* Marks i, and what follows where nothing need be taken. start: at the start of a name. */
static void reach(struct places *p, size_t i, bool start)
{
    for (;;) {
        size_t any = any_folders(p, i);

        p->on[i] = 1;
        if (any == 3 && start)
            i += any;
        else if (any == 0 && p->glob[i] == '*')
            i++;
        else
            return;
    }
}

/* Moves every place over one character c. */
static void step(struct places *from, char c)
{
    struct places to;

    to.glob = from->glob, to.n = from->n;
    memset(to.on, 0, to.n + 1);
    for (size_t i = 0; i < from->n; i++) {
        char want = from->glob[i];
        size_t any = any_folders(from, i);

        if (!from->on[i])
            continue;
        if (any)
            reach(&to, any == 2 ? i + 2 : i, c == '/'), to.on[i] = 1;
        else if (want == '*' && c != '/')
            reach(&to, i, false);
        else if (want == c || (want == '?' && c != '/'))
            reach(&to, i + 1, c == '/');
    }
    memcpy(from->on, to.on, from->n + 1);
}

/* The longest part of a glob that stands for itself. */
static struct span plain_part(const char *glob, size_t n)
{
    struct span best = SPAN_EMPTY;

    for (size_t i = 0; i < n; i++) {
        size_t part = strcspn(glob + i, "*?/");

        if (part > best.n)
            best = span_of(glob + i, part);
        i += part;
    }
    return best;
}

/* Most paths lack what the glob must find, which is sooner seen than all of them walked. */
static bool matches(const char *glob, size_t n, const char *path)
{
    struct span part = plain_part(glob, n);
    struct places p;

    if (part.n > 0 && span_find(span_text(path), 0, part) == SIZE_MAX)
        return false;
    p.glob = glob, p.n = n;
    memset(p.on, 0, n + 1);
    reach(&p, 0, true);
    for (; *path; path++)
        step(&p, *path);
    return p.on[n] != 0;
}

/* Most globs end in ".suffix", which most paths do not. No further than a slash: "**" and the slash
 * behind it may stand for nothing. */
static bool end_differs(const char *glob, size_t n, const char *path, size_t path_n)
{
    while (n > 0 && !strchr("*?/", glob[n - 1])) {
        if (path_n == 0 || glob[n - 1] != path[path_n - 1])
            return true;
        n--, path_n--;
    }
    return false;
}

bool manifest_glob(const char *glob, const char *path)
{
    size_t n = strlen(glob);
    const char *slash = strrchr(path, '/');
    char below[GLOB_MAX + 4];

    if (n == 0 || n > GLOB_MAX)
        return false;
    if (glob[n - 1] == '/') {
        memcpy(below, glob, n);
        memcpy(below + n, "**", 3);
        return matches(below, n + 2, path);
    }
    if (end_differs(glob, n, path, strlen(path)))
        return false;
    return matches(glob, n, strchr(glob, '/') || !slash ? path : slash + 1);
}

const char *manifest_glob_fault(const char *glob)
{
    size_t n = strlen(glob);

    if (n == 0)
        return "it is empty";
    if (n > GLOB_MAX - 4)
        return "it is longer than 508 bytes";
    if (glob[0] == '/')
        return "paths in a manifest do not begin with '/'";
    if (strncmp(glob, "./", 2) == 0)
        return "paths in a manifest do not begin with './'";
    return NULL;
}

bool manifest_globs(const char *const *globs, size_t n, const char *path)
{
    char folder[TREE_PATH_MAX + 1];
    size_t len = strlen(path);

    if (n == 0 || len > TREE_PATH_MAX)
        return false;
    memcpy(folder, path, len + 1);
    for (char *end = folder + len; end; end = strrchr(folder, '/')) {
        *end = '\0';
        for (size_t i = 0; i < n; i++)
            if (manifest_glob(globs[i], folder))
                return true;
    }
    return false;
}
