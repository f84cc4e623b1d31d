/*
 * entry_points.txt: the programs that installers make, by name and by what they call.
 * packaging.python.org: "Entry points specification".
 */
#include "base/utf8.h"
#include "format/wheel/metadata.h"
#include "format/wheel/parts.h"

#define MODULE_MAX 512

struct scripts {
    struct scan *s;
    const struct wheel_text *text;
};

static void tell(struct scripts *c, uint32_t line, struct span name, const char *why)
{
    wheel_hint(c->s, FACT_WHL_METADATA, WHEEL_AT(c->text->file->name, line), name, "%s", why);
}

/* ---- modules ---- */

/* A file "a/b.py", "a/b.so", "a/b.cpython-311-x86_64-linux-gnu.so", or a folder "a/b". */
static bool is_here(const struct wheel *w, struct span path)
{
    char file[MODULE_MAX + 8];
    static const char *const endings[] = { ".py", ".so", ".pyd", ".pyc", ".pyx" };

    if (wheel_site_has_folder(w, path))
        return true;
    for (size_t i = 0; i < ARRAY_LEN(endings); i++) {
        memcpy(file, path.p, path.n);
        memcpy(file + path.n, endings[i], strlen(endings[i]));
        if (wheel_site_has(w, span_of(file, path.n + strlen(endings[i]))))
            return true;
    }
    memcpy(file, path.p, path.n);
    file[path.n] = '.';
    return wheel_site_starts(w, span_of(file, path.n + 1));
}

/* Whether the wheel has the module; what is in no package of its own may be another's. */
static bool has_module(const struct wheel *w, struct span module)
{
    char path[MODULE_MAX];

    if (module.n >= sizeof path)
        return false;
    for (size_t i = 0; i < module.n; i++)
        path[i] = module.p[i] == '.' ? '/' : (char)module.p[i];
    return is_here(w, span_of(path, module.n));
}

/* ---- scripts ---- */

static bool is_plain_name(struct span name)
{
    for (size_t i = 0; i < name.n; i++)
        if (name.p[i] < ' ' || name.p[i] == '/' || name.p[i] == '\\' || name.p[i] == 0x7f)
            return false;
    return name.n > 0 && !span_is(name, ".") && !span_is(name, "..");
}

static void check_script(struct scripts *c, uint32_t line, const struct entry_point *e)
{
    struct wheel_at at = WHEEL_AT(c->text->file->name, line);

    if (!is_plain_name(e->name)) {
        wheel_tell(c->s, FACT_WHL_LANDS_OUTSIDE, at, e->name,
                   "a script whose name is none of a file in one folder");
        return;
    }
    wheel_check_program(c->s, at, e->name, "bin/");
    if (e->attribute.n == 0)
        tell(c, line, e->name, "a script of a module, and of no function in it");
    if (!has_module(c->s->package->wheel, e->module))
        wheel_hint(c->s, FACT_WHL_METADATA, at, e->name,
                   "a script of the module %s, which the wheel does not have",
                   wheel_show(c->s, e->module));
}

static bool makes_scripts(struct span group)
{
    return span_is(group, "console_scripts") || span_is(group, "gui_scripts");
}

static uint32_t newlines(const uint8_t *from, const uint8_t *to)
{
    uint32_t n = 0;

    for (; from < to; from++)
        n += *from == '\n';
    return n;
}

void wheel_check_scripts(struct scan *s)
{
    const struct wheel *w = s->package->wheel;
    const struct wheel_file *f = w->info.n ? wheel_find_in(w, w->info, "entry_points.txt") : NULL;
    struct scripts c = { s, f ? wheel_text_of(w, f) : NULL };
    struct span rest, group = SPAN_EMPTY;
    struct entry_point e;
    const uint8_t *at;
    uint32_t line = 1;
    int got;

    if (!c.text)
        return;
    if (c.text->twice)
        tell(&c, 0, f->name, "it can be read in several ways, which differ");
    if (!utf8_valid(c.text->bytes.p, c.text->bytes.n))
        tell(&c, 0, f->name, "it is not UTF-8");
    rest = c.text->bytes;
    at = rest.p;
    while ((got = entry_point_take(&rest, &group, &e)) != 0) {
        const uint8_t *where = e.name.n ? e.name.p : at;

        line += newlines(at, where);
        at = where;
        if (!makes_scripts(e.group))
            continue;
        if (got < 0)
            tell(&c, line, e.name, "a script that is no MODULE:FUNCTION");
        else
            check_script(&c, line, &e);
    }
}
