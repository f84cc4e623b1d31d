/*
 * The names of wheels and their tags: PEP 425, 600, 656;
 * https://packaging.python.org/en/latest/specifications/platform-compatibility-tags/
 */
#include <gnu/libc-version.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "fact/fact.h"
#include "watch/wheel.h"

#define SHOWN_MAX 120

#if defined(__x86_64__)
#define MACHINE     "x86_64"
#define GLIBC_LEAST 5 /* the oldest minor version of glibc 2 that a tag may name */
#elif defined(__aarch64__)
#define MACHINE     "aarch64"
#define GLIBC_LEAST 17
#endif

/* Takes up to the next c, which goes as well; all of it where there is none. */
static struct span take_to(struct span *in, uint8_t c)
{
    const uint8_t *at = in->n ? memchr(in->p, c, in->n) : NULL;
    struct span out;

    (void)take(in, at ? (size_t)(at - in->p) : in->n, &out);
    (void)skip(in, 1);
    return out;
}

/* ---- tags ---- */

static bool tag_is(struct span s, const char *text)
{
    return s.n == strlen(text) && strncasecmp((const char *)s.p, text, s.n) == 0;
}

static bool tag_starts(struct span *s, const char *head)
{
    size_t n = strlen(head);

    return s->n >= n && strncasecmp((const char *)s->p, head, n) == 0 && skip(s, n);
}

/* All of s as a number of at most four digits. */
static bool number(struct span s, unsigned *out)
{
    *out = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
        *out = *out * 10 + (unsigned)(s.p[i] - '0');
    }
    return s.n > 0 && s.n <= 4 && (s.n == 1 || s.p[0] != '0');
}

/* "311" as 3 and 11. */
static bool version(struct span s, unsigned *major, unsigned *minor)
{
    struct span first;

    return take(&s, 1, &first) && number(first, major) && number(s, minor);
}

static unsigned glibc_minor(void)
{
    unsigned major, minor;

    return sscanf(gnu_get_libc_version(), "%u.%u", &major, &minor) == 2 && major == 2 ? minor : 0;
}

/* The minor version of glibc 2 that a manylinux tag asks for, on this machine. */
static bool manylinux(struct span s, unsigned *minor)
{
    static const struct {
        const char *head;
        unsigned minor;
    } old[] = { { "manylinux1_", 5 }, { "manylinux2010_", 12 }, { "manylinux2014_", 17 } };

    for (size_t i = 0; i < ARRAY_LEN(old); i++) {
        struct span rest = s;

        *minor = old[i].minor;
        if (tag_starts(&rest, old[i].head))
            return tag_is(rest, MACHINE);
    }
    return tag_starts(&s, "manylinux_2_") && number(take_to(&s, '_'), minor) && tag_is(s, MACHINE);
}

static bool platform_fits(struct span s)
{
    unsigned minor;

    if (tag_is(s, "any") || tag_is(s, "linux_" MACHINE))
        return true;
    return manylinux(s, &minor) && minor >= GLIBC_LEAST && minor <= glibc_minor();
}

/* Of a python tag and an ABI tag together; "any" goes with no ABI alone. */
static bool interpreter_fits(struct span tag, struct span abi, const struct python *py)
{
    unsigned major, minor;
    char own[16];

    if (tag_starts(&tag, "py")) {
        if (!tag_is(abi, "none"))
            return false;
        if (number(tag, &major) && tag.n == 1)
            return major == py->major;
        return version(tag, &major, &minor) && major == py->major && minor <= py->minor;
    }
    if (!tag_starts(&tag, "cp") || !version(tag, &major, &minor) || major != py->major)
        return false;
    if (tag_is(abi, "abi3"))
        return !py->free_threaded && minor >= 2 && minor <= py->minor;
    (void)snprintf(own, sizeof own, "cp%u%u%s", py->major, py->minor, py->free_threaded ? "t" : "");
    return minor == py->minor && (tag_is(abi, "none") || tag_is(abi, own));
}

static bool any_interpreter_fits(const struct wheel_name *n, bool anywhere, const struct python *py)
{
    struct span pythons = n->pythons;

    while (pythons.n > 0) {
        struct span tag = take_to(&pythons, '.'), abis = n->abis;

        while (abis.n > 0) {
            struct span abi = take_to(&abis, '.');

            if ((!anywhere || tag_is(abi, "none")) && interpreter_fits(tag, abi, py))
                return true;
        }
    }
    return false;
}

static bool fits(const struct wheel_name *n, const struct python *py)
{
    struct span platforms = n->platforms;

    while (platforms.n > 0) {
        struct span platform = take_to(&platforms, '.');

        if (platform_fits(platform) && any_interpreter_fits(n, tag_is(platform, "any"), py))
            return true;
    }
    return false;
}

/* ---- in words ---- */

static const char *say_python(struct arena *a, struct span tag)
{
    static const struct {
        const char *head, *name;
    } kinds[] = {
        { "cp", "CPython" }, { "pp", "PyPy" }, { "py", "Python" }, { "graalpy", "GraalPy" }
    };
    unsigned major, minor;

    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        struct span rest = tag;

        if (!tag_starts(&rest, kinds[i].head))
            continue;
        if (version(rest, &major, &minor))
            return arena_printf(a, "%s %u.%u", kinds[i].name, major, minor);
        return arena_printf(a, "%s %.*s", kinds[i].name, (int)rest.n, (const char *)rest.p);
    }
    return arena_printf(a, "%.*s", (int)tag.n, (const char *)tag.p);
}

static const char *say_platform(struct arena *a, struct span tag)
{
    struct span rest = tag;
    unsigned minor;

    if (tag_is(tag, "any"))
        return "any system";
    if (tag_starts(&rest, "macosx_"))
        return "macOS";
    if (tag_starts(&rest, "win"))
        return "Windows";
    if (tag_starts(&rest, "musllinux_"))
        return "Linux with musl";
    if (manylinux(tag, &minor))
        return arena_printf(a, "linux " MACHINE " with glibc 2.%u", minor);
    return arena_printf(a, "%.*s", (int)tag.n, (const char *)tag.p);
}

const char *wheel_unfit(struct arena *arena, const struct wheel_name *n, const struct python *py)
{
    struct span all =
        span_of(n->pythons.p, (size_t)(n->platforms.p + n->platforms.n - n->pythons.p));
    struct span first = n->pythons, system = n->platforms, shown;
    const char *python, *platform, *why;

    if (fits(n, py))
        return NULL;
    python = say_python(arena, take_to(&first, '.'));
    platform = say_platform(arena, take_to(&system, '.'));
    shown = fact_printable(arena, all, SHOWN_MAX);
    why = arena_printf(
        arena,
        "it is for %s on %s (%.*s); this is CPython %u.%u%s on linux " MACHINE " with glibc %s",
        python ? python : "?", platform ? platform : "?", (int)shown.n, (const char *)shown.p,
        py->major, py->minor, py->free_threaded ? " (free-threaded)" : "", gnu_get_libc_version());
    return why ? why : "it is for another interpreter or system";
}
