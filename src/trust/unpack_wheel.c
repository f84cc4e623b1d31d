/*
 * What makes a zip file a wheel for those who install it: METADATA and WHEEL, of the project that
 * the file's name says, and no files but in the schemes that there are. packaging.python.org:
 * "Binary distribution format"; names and versions are compared as pip compares names.
 */
#include "trust/unpack.h"
#include "watch/wheel.h"

static void tell(struct unpack *u, struct span member, const char *why)
{
    unpack_tell(u, FACT_UNPACK_WHEEL_BROKEN, PRATIQUE_NO_OFFSET, member, "%s", why);
}

static bool has_file(const struct unpack *u, struct span folder, const char *name)
{
    struct span want = span_text(name);

    for (size_t i = 0; i < u->n; i++) {
        const struct unpack_entry *e = &u->entries[i];

        if (e->type == UNPACK_FILE && e->path.n == folder.n + want.n &&
            span_starts(e->path, folder) && span_ends(e->path, want))
            return true;
    }
    return false;
}

static bool is_separator(uint8_t c)
{
    return c == '-' || c == '_' || c == '.' || c == '+';
}

/* The next letter where neither case nor the kind and number of separators count; 0 at the end. */
static uint8_t next_letter(struct span *in)
{
    uint8_t c;

    if (!take_u8(in, &c))
        return 0;
    if (!is_separator(c))
        return c >= 'A' && c <= 'Z' ? (uint8_t)(c + ('a' - 'A')) : c;
    while (in->n > 0 && is_separator(in->p[0]))
        (void)skip(in, 1);
    return '-';
}

static bool is_alike(struct span a, struct span b)
{
    uint8_t x, y;

    do {
        x = next_letter(&a);
        y = next_letter(&b);
        if (x != y)
            return false;
    } while (x);
    return true;
}

/* "NAME-VERSION" of the file's name against that of the folder of metadata. */
static void judge_name(struct unpack *u, struct span folder)
{
    const char *slash = strrchr(u->name, '/');
    struct span file = span_text(slash ? slash + 1 : u->name), of_file, of_folder;
    struct wheel_name n;

    if (!wheel_name_parse(file, &n)) {
        tell(u, SPAN_EMPTY, "its name is not one of a wheel");
        return;
    }
    of_file = span_of(n.name.p, (size_t)(n.version.p - n.name.p) + n.version.n);
    of_folder = span_of(folder.p, folder.n - strlen(".dist-info/"));
    if (!is_alike(of_file, of_folder))
        tell(u, folder, "the metadata of another project or version than its name says");
}

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

static void judge_schemes(struct unpack *u)
{
    for (size_t i = 0; i < u->n && !u->stopped; i++) {
        const struct unpack_entry *e = &u->entries[i];
        size_t slash = span_find(e->path, 0, SPAN_LITERAL("/"));

        if (e->type == UNPACK_FILE && slash != SIZE_MAX &&
            span_ends(span_of(e->path.p, slash), SPAN_LITERAL(".data")) &&
            !is_in_scheme(span_from(e->path, slash + 1)))
            tell(u, e->name, "it is in a .data folder, and in no scheme that there is");
    }
}

void unpack_wheel_judge(struct unpack *u, struct span folder)
{
    if (!has_file(u, folder, "METADATA"))
        tell(u, folder, "it has no METADATA");
    if (!has_file(u, folder, "WHEEL"))
        tell(u, folder, "it has no WHEEL");
    judge_name(u, folder);
    judge_schemes(u);
}
