/*
 * Where the files of a wheel land: most below site-packages; what lies in "NAME.data/SCHEME/" goes
 * where the scheme says, and "data" is the whole environment, or /usr.
 * packaging.python.org: "Binary distribution format", "The .data directory".
 */
#include <strings.h>

#include "format/path.h"
#include "format/wheel/parts.h"

static void lands(struct scan *s, struct span name, const char *where)
{
    wheel_tell(s, FACT_WHL_LANDS_OUTSIDE, WHEEL_AT(name, 0), name, "%s", where);
}

static void may_land(struct scan *s, struct span name, const char *where)
{
    wheel_hint(s, FACT_WHL_LANDS_OUTSIDE, WHEEL_AT(name, 0), name, "%s", where);
}

/* Folders of an environment (or of /usr) that programs read of their own accord. */
static const struct {
    const char *folder, *where;
    bool sure; /* no honest wheel has files there */
} delicate[] = {
    { "lib/python", "among Python's own libraries", true },
    { "lib64/python", "among Python's own libraries", true },
    { "lib/site-packages/", "among the modules of other projects, as if it were in no scheme",
      true },
    { "etc/profile", "among what shells run as they start", true },
    { "etc/init", "among the services that start with the machine", true },
    { "etc/cron", "among what runs by the clock", true },
    { "etc/systemd/", "among the services that systemd starts", true },
    { "etc/ld.so", "among the settings of the dynamic linker", true },
    { "etc/sudoers", "among the rights of users", true },
    { "lib/systemd/", "among the services that systemd starts", true },
    { "bin/", "among the programs, and no script of the wheel", false },
    { "sbin/", "among the programs, and no script of the wheel", false },
    { "scripts/", "among the programs, and no script of the wheel", false },
    { "lib/", "among Python's own libraries, or the system's", false },
    { "lib64/", "among Python's own libraries, or the system's", false },
    { "dlls/", "among Python's own libraries", false },
    { "libs/", "among Python's own libraries", false },
    { "etc/", "among the settings of other programs", false },
    { "var/", "outside of what is the environment's", true },
    { "usr/", "outside of what is the environment's", true },
    { "opt/", "outside of what is the environment's", true },
    { "home/", "outside of what is the environment's", true },
    { "root/", "outside of what is the environment's", true },
    { "tmp/", "outside of what is the environment's", true },
    { "share/systemd/", "among the services that systemd starts", true },
    { "share/dbus-1/", "among the services that D-Bus starts", true },
    { "share/autostart/", "among what starts with a session", true },
    { "pyvenv.cfg", "it is what says which Python the environment has", true },
    { "python.exe", "it is the interpreter", true },
    { "pythonw.exe", "it is the interpreter", true },
};

/* What below them is looked up by the wheel's own kind of programs. */
static const char *const harmless[] = {
    "etc/jupyter/",
    "etc/ipython/",
};

static bool starts_as(struct span path, const char *head)
{
    return path.n >= strlen(head) && strncasecmp((const char *)path.p, head, strlen(head)) == 0;
}

static void check_data(struct scan *s, struct span name, struct span rest)
{
    for (size_t i = 0; i < ARRAY_LEN(harmless); i++)
        if (starts_as(rest, harmless[i]))
            return;
    for (size_t i = 0; i < ARRAY_LEN(delicate); i++)
        if (starts_as(rest, delicate[i].folder)) {
            (delicate[i].sure ? lands : may_land)(s, name, delicate[i].where);
            return;
        }
}

/* A program that comes as a file. */
static void check_script(struct scan *s, struct span name, struct span rest)
{
    if (span_find(rest, 0, SPAN_LITERAL("/")) == SIZE_MAX)
        wheel_check_program(s, WHEEL_AT(name, 0), rest, "bin/");
}

static bool is_program_folder(struct span rest)
{
    return starts_as(rest, "bin/") || starts_as(rest, "scripts/") || starts_as(rest, "sbin/");
}

static void check_scheme(struct scan *s, struct span name)
{
    struct span rest = wheel_below(name), scheme = wheel_top(rest);
    struct path_manner how = path_manner(wheel_below(rest), true);
    struct span path = wheel_normal(s, wheel_below(rest));

    if (wheel_below(rest).n == 0)
        lands(s, name, "it is in a .data folder, and in no scheme");
    else if (how.absolute || how.leaves)
        lands(s, name, "it leaves its scheme's folder");
    else if (span_is(scheme, "scripts"))
        check_script(s, name, path);
    else if (span_is(scheme, "data"))
        check_data(s, name, path);
    else if (!span_is(scheme, "purelib") && !span_is(scheme, "platlib") &&
             !span_is(scheme, "headers"))
        lands(s, name, "it is in a scheme of .data that is not known");
    else if (wheel_is_info(path))
        wheel_tell(s, FACT_WHL_METADATA, WHEEL_AT(name, 0), name,
                   "metadata that is not where the wheel's is");
    if (span_is(scheme, "data") && is_program_folder(path))
        check_script(s, name, wheel_below(path));
}

/* "x-1.0.data/" of "x-1.0.dist-info/". */
static bool is_own_data(const struct wheel *w, struct span folder)
{
    struct span stem = span_of(folder.p, folder.n - strlen(".data"));
    struct span own = span_of(w->info.p, w->info.n ? w->info.n - strlen(".dist-info/") : 0);

    return !w->info.n || span_equal(stem, own) || project_stem_is(stem, w->name, w->version);
}

static void check_data_folder(struct scan *s, struct span name, struct span *last)
{
    struct span folder = wheel_top(name);

    if (span_equal(folder, *last))
        return;
    *last = folder;
    if (!is_own_data(s->package->wheel, folder))
        wheel_tell(s, FACT_WHL_NAME, WHEEL_AT(name, 0), folder,
                   "a .data folder that is named as another project's or version's");
}

void wheel_check_places(struct scan *s)
{
    const struct wheel *w = s->package->wheel;
    struct span last = SPAN_EMPTY;

    for (size_t i = 0; i < w->n; i++) {
        struct span name = w->files[i].name;
        struct path_manner how = path_manner(name, true);

        if (how.absolute || how.leaves)
            lands(s, name, "outside of site-packages");
        if (!wheel_is_data(name))
            continue;
        check_data_folder(s, name, &last);
        check_scheme(s, name);
    }
}
