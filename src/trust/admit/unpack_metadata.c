/*
 * What a wheel says of itself: METADATA and WHEEL, each field of weight once, of the project and
 * version that the file's name says; entry points that stay among the scripts.
 * packaging.python.org: "Core metadata", "Binary distribution format", "Version specifiers"
 * (normalisation), "Entry points".
 */
#include "format/wheel/metadata.h"
#include "format/wheel/name.h"
#include "trust/admit/unpack.h"

#include <strings.h>

static void tell(struct unpack *u, struct span where, const char *why)
{
    unpack_tell(u, FACT_UNPACK_WHEEL_BROKEN, PRATIQUE_NO_OFFSET, where, "%s", why);
}

/* How often a header has a field; *value: what the first of them says. */
static unsigned count_field(struct span text, const char *name, struct span *value)
{
    size_t n = strlen(name);
    unsigned found = 0;
    struct span line;

    *value = SPAN_EMPTY;
    while (text.n > 0) {
        if (!take_line(&text, &line))
            (void)take(&text, text.n, &line);
        if (span_strip(line).n == 0)
            break; /* the body begins */
        if (line.n <= n || line.p[n] != ':' || strncasecmp((const char *)line.p, name, n) != 0)
            continue;
        if (found++ == 0)
            *value = span_strip(span_from(line, n + 1));
    }
    return found;
}

/* The value of a field that is there once; false with a fact. */
static bool take_field(struct unpack *u, struct span where, struct span text, const char *name,
                       struct span *value)
{
    unsigned n = count_field(text, name, value);

    if (n == 1 && value->n > 0)
        return true;
    unpack_tell(u, FACT_UNPACK_WHEEL_BROKEN, PRATIQUE_NO_OFFSET, where,
                n > 1 ? "%s is there more than once" : "it has no %s", name);
    return false;
}

/* "MAJOR.MINOR", MAJOR at most most: what is above it must not be read. */
static bool is_format_version(struct span value, uint8_t most)
{
    if (value.n < 3 || value.p[0] < '0' || value.p[0] > '0' + most || value.p[1] != '.')
        return false;
    for (size_t i = 2; i < value.n; i++)
        if (value.p[i] < '0' || value.p[i] > '9')
            return false;
    return true;
}

/* ---- the files ---- */

static void judge_metadata(struct unpack *u, struct span where, struct span text,
                           const struct wheel_name *n)
{
    struct span value;

    if (take_field(u, where, text, "Metadata-Version", &value) && !is_format_version(value, 2))
        tell(u, where, "it is of a Metadata-Version that is not known");
    if (take_field(u, where, text, "Name", &value) && !project_names_equal(value, n->name))
        tell(u, where, "it is of another project than the file's name says");
    if (take_field(u, where, text, "Version", &value) && !versions_equal(value, n->version))
        tell(u, where, "it is of another version than the file's name says");
}

static void judge_wheel_file(struct unpack *u, struct span where, struct span text)
{
    struct span value;

    if (take_field(u, where, text, "Wheel-Version", &value) && !is_format_version(value, 1))
        tell(u, where, "it is of a Wheel-Version that installers refuse");
    if (count_field(text, "Root-Is-Purelib", &value) > 1)
        tell(u, where, "Root-Is-Purelib is there more than once");
}

/* Whether a script keeps its name when it is made: no folders, and nothing that is dropped. */
static bool is_plain_name(struct unpack *u, struct span name)
{
    struct name_fault fault;
    struct span path;

    return !memchr(name.p, '/', name.n) && names_path(name, &u->arena, &path, &fault) &&
           span_equal(path, name);
}

static void judge_entry(struct unpack *u, struct span where, const struct entry_point *e,
                        bool parsed)
{
    if (!span_is(e->group, "console_scripts") && !span_is(e->group, "gui_scripts"))
        return;
    if (!parsed)
        tell(u, where, "a script that is no MODULE:FUNCTION");
    else if (e->attribute.n == 0)
        tell(u, where, "a script of a module, and of no function in it");
    else if (!is_plain_name(u, e->name))
        tell(u, where, "a script whose name is no file's");
    else if (unpack_is_interpreter(e->name))
        tell(u, where, "a script that takes the place of the environment's own programs");
}

static void judge_entry_points(struct unpack *u, struct span where, struct span text)
{
    struct span group = SPAN_EMPTY;
    struct entry_point e;
    int got;

    while ((got = entry_point_take(&text, &group, &e)) != 0 && !u->stopped)
        judge_entry(u, where, &e, got > 0);
}

void unpack_metadata_judge(struct unpack *u, struct span folder, const struct wheel_name *n)
{
    const struct unpack_entry *metadata = unpack_find_file(u, folder, "METADATA");
    const struct unpack_entry *wheel = unpack_find_file(u, folder, "WHEEL");
    const struct unpack_entry *entries = unpack_find_file(u, folder, "entry_points.txt");
    struct span text;

    if (!metadata)
        tell(u, folder, "it has no METADATA");
    else if (unpack_zip_small(u, metadata, &text))
        judge_metadata(u, metadata->name, text, n);
    if (!wheel)
        tell(u, folder, "it has no WHEEL");
    else if (unpack_zip_small(u, wheel, &text))
        judge_wheel_file(u, wheel->name, text);
    if (entries && unpack_zip_small(u, entries, &text))
        judge_entry_points(u, entries->name, text);
}
