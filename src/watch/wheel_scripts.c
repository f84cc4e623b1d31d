/* The programs that entry points ask for: console_scripts and gui_scripts, as pip makes them. */
#include <stdlib.h>
#include <strings.h>

#include "fact/fact.h"
#include "watch/wheel_plan.h"

static bool is_scripts(struct span group)
{
    return span_is(group, "console_scripts") || span_is(group, "gui_scripts");
}

/* The name without what setuptools once appended. */
static struct span bare_name(struct span name)
{
    static const char *const tails[] = { ".exe", "-script.py", ".pya" };

    for (size_t i = 0; i < ARRAY_LEN(tails); i++) {
        struct span tail = span_text(tails[i]);

        if (name.n >= tail.n &&
            strncasecmp((const char *)name.p + name.n - tail.n, tails[i], tail.n) == 0)
            return (struct span){ name.p, name.n - tail.n };
    }
    return name;
}

/* Of one name a program with windows comes last, and then the later one in the text: it stays. */
static int by_name(const void *a, const void *b)
{
    const struct entry_point *x = a, *y = b;
    int c = span_order(x->name, y->name);

    c = c ? c : span_order(x->group, y->group); /* "console_scripts" comes before "gui_scripts" */
    return c ? c : (x->name.p > y->name.p) - (x->name.p < y->name.p);
}

static bool has_script(const struct wheel_plan *p, struct span name)
{
    size_t low = 0, high = p->scripts_n;

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (span_order(p->scripts[mid].name, name) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low < p->scripts_n && span_equal(p->scripts[low].name, name);
}

bool wheel_plan_is_wrapper(const struct wheel_plan *plan, struct span file_name)
{
    return has_script(plan, bare_name(file_name));
}

/* Imports what the attribute begins with, and calls all of it. */
static char *script_text(struct wheel_plan *p, const struct entry_point *e)
{
    struct span rest = e->attribute;
    int first = 0;

    while ((size_t)first < rest.n && rest.p[first] != '.')
        first++;
    return arena_printf(p->arena,
                        "#!%s\n"
                        "import sys\n"
                        "from %.*s import %.*s\n"
                        "if __name__ == '__main__':\n"
                        "    sys.exit(%.*s())\n",
                        p->scheme->python, (int)e->module.n, (const char *)e->module.p, first,
                        (const char *)rest.p, (int)rest.n, (const char *)rest.p);
}

static bool add_script(struct wheel_plan *p, const char *key, const struct entry_point *e)
{
    char *text = script_text(p, e);

    return text && key && wheel_plan_add(p, key, span_text(text), true);
}

/* Digits, and for two parts a dot and digits: "", "3", "3.11". */
static bool is_version(struct span s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!(s.p[i] >= '0' && s.p[i] <= '9') && !(s.p[i] == '.' && i > 0 && i + 1 < s.n))
            return false;
    return true;
}

/*
 * pip and easy_install carry Python's version in their scripts' names: whatever the wheel
 * says, they are called as this Python is.
 */
static bool add_versioned(struct wheel_plan *p, const struct entry_point *e, bool *done)
{
    const struct python *py = p->scheme->py;

    *done = true;
    if (span_is(e->name, "pip"))
        return add_script(p, "bin/pip", e) &&
               add_script(p, arena_printf(p->arena, "bin/pip%u", py->major), e) &&
               add_script(p, arena_printf(p->arena, "bin/pip%u.%u", py->major, py->minor), e);
    if (span_is(e->name, "easy_install"))
        return add_script(p, "bin/easy_install", e) &&
               add_script(p, arena_printf(p->arena, "bin/easy_install-%u.%u", py->major, py->minor),
                          e);
    *done = false;
    return true;
}

/* "pip3.9" beside "pip" is left out. */
static bool is_stale(const struct wheel_plan *p, struct span name)
{
    struct span pip = SPAN_LITERAL("pip"), easy = SPAN_LITERAL("easy_install");

    if (span_starts(name, pip) && name.n > pip.n && is_version(span_from(name, pip.n)))
        return has_script(p, pip);
    return span_starts(name, easy) && name.n > easy.n && name.p[easy.n] == '-' &&
           is_version(span_from(name, easy.n + 1)) && has_script(p, easy);
}

static bool add_entry(struct wheel_plan *p, const struct entry_point *e)
{
    bool done = false;

    if (span_is(e->group, "console_scripts")) {
        if (is_stale(p, e->name))
            return true;
        if (!add_versioned(p, e, &done) || done)
            return done;
    }
    return add_script(
        p, arena_printf(p->arena, "bin/%.*s", (int)e->name.n, (const char *)e->name.p), e);
}

static bool leads_out(struct span name)
{
    return memchr(name.p, '/', name.n) || memchr(name.p, 0, name.n) || span_is(name, ".") ||
           span_is(name, "..");
}

bool wheel_plan_add_scripts(struct wheel_plan *plan)
{
    for (size_t i = 0; i < plan->scripts_n; i++) {
        const struct entry_point *e = &plan->scripts[i];

        if (leads_out(e->name))
            wheel_plan_tell(plan, e->name, "a script of this name would leave bin: not made");
        else if (!add_entry(plan, e))
            return false;
    }
    return true;
}

/* "module:attribute"; blanks around the colon are for other groups than these. */
static bool names_function(const struct entry_point *e)
{
    return e->attribute.n > 0 && e->attribute.p == e->module.p + e->module.n + 1;
}

static size_t count_entries(struct span in)
{
    struct span group = SPAN_EMPTY;
    struct entry_point e;
    size_t n = 0;

    while (entry_point_take(&in, &group, &e) != 0)
        n++;
    return n;
}

enum pratique_status wheel_plan_list_scripts(struct wheel_plan *plan, struct pratique_error *err)
{
    struct span in = plan->entry_points, group = SPAN_EMPTY;
    struct entry_point e;
    int got;

    plan->scripts_n = 0;
    plan->scripts = arena_array(plan->arena, count_entries(in) + 1, sizeof e);
    if (!plan->scripts)
        return error_set(err, PRATIQUE_E_NOMEM, 0, "out of memory");
    while ((got = entry_point_take(&in, &group, &e)) != 0) {
        if (!is_scripts(e.group))
            continue;
        if (got < 0 || !names_function(&e)) {
            struct span shown = fact_printable(plan->arena, e.name, 100);

            return error_set(err, PRATIQUE_E_FORMAT, 0,
                             "entry_points.txt: the script %.*s names no function", (int)shown.n,
                             (const char *)shown.p);
        }
        plan->scripts[plan->scripts_n++] = e;
    }
    if (plan->scripts_n > 1)
        qsort(plan->scripts, plan->scripts_n, sizeof e, by_name);
    return PRATIQUE_OK;
}
