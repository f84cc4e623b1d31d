/*
 * Names of members as paths: see unpack.h. A name is taken apart and put together again, never
 * searched for bad patterns. What a name means on Windows: "Naming Files, Paths, and Namespaces",
 * learn.microsoft.com.
 */
#include "base/utf8.h"
#include "trust/admit/unpack.h"

#include <stdio.h>
#include <strings.h>

static bool fail(struct name_fault *fault, enum fact_kind kind, const char *why)
{
    *fault = (struct name_fault){ kind, why };
    return false;
}

/* What is seen, and what shapes it: selectors of glyphs follow an emoji, joiners stand between two
 * of them and in Persian and Indic words. names_fold() leaves nothing of either. */
static bool is_fit(uint32_t c)
{
    return utf8_is_printable(c) || (c >= 0xFE00 && c <= 0xFE0F) || names_is_joiner(c);
}

static bool check_characters(struct span name, struct arena *arena, struct name_fault *fault)
{
    while (name.n > 0) {
        uint32_t c;
        size_t n = utf8_decode(name, &c);
        const char *why;

        if (n == 0)
            return fail(fault, FACT_UNPACK_NAME_ENCODING, "it is not UTF-8");
        if (c == 0)
            return fail(fault, FACT_UNPACK_NAME_CHARACTER, "a NUL");
        if (c == '\\')
            return fail(fault, FACT_UNPACK_NAME_CHARACTER,
                        "a backslash, which is a folder's end on Windows");
        if (!is_fit(c)) {
            why = arena_printf(arena, "U+%04X, which cannot be seen", c);
            return fail(fault, FACT_UNPACK_NAME_CHARACTER, why ? why : "one that cannot be seen");
        }
        (void)skip(&name, n);
    }
    return true;
}

static bool is_letter(uint8_t c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

/* Backslashes are looked at here as well, for the better reason. */
static bool check_start(struct span name, struct name_fault *fault)
{
    bool slash = name.n > 0 && (name.p[0] == '/' || name.p[0] == '\\');

    if (slash && name.n > 1 && (name.p[1] == '/' || name.p[1] == '\\'))
        return fail(fault, FACT_UNPACK_NAME_OUTSIDE, "it names another machine's folder");
    if (slash)
        return fail(fault, FACT_UNPACK_NAME_OUTSIDE, "it starts at the root");
    if (name.n >= 2 && is_letter(name.p[0]) && name.p[1] == ':')
        return fail(fault, FACT_UNPACK_NAME_OUTSIDE, "it names a drive");
    return true;
}

static bool is_dotdot(struct span part)
{
    return span_is(part, "..");
}

/* ".." between any kind of slash. */
static bool climbs(struct span name)
{
    while (name.n > 0) {
        size_t n = 0;
        struct span part;

        while (n < name.n && name.p[n] != '/' && name.p[n] != '\\')
            n++;
        (void)take(&name, n, &part);
        (void)skip(&name, 1);
        if (is_dotdot(part))
            return true;
    }
    return false;
}

/* Length of what names a device by itself: up to the first dot, without blanks at its end. */
static size_t stem_length(struct span part)
{
    size_t n = 0;

    while (n < part.n && part.p[n] != '.' && part.p[n] != ':')
        n++;
    while (n > 0 && part.p[n - 1] == ' ')
        n--;
    return n;
}

/* COM1 to COM9, COM0, and with superscript 1, 2, 3, which Windows takes for the digits. */
static bool is_port(struct span stem)
{
    if (stem.n < 4 || (strncasecmp((const char *)stem.p, "com", 3) != 0 &&
                       strncasecmp((const char *)stem.p, "lpt", 3) != 0))
        return false;
    if (stem.n == 4)
        return stem.p[3] >= '0' && stem.p[3] <= '9';
    return stem.n == 5 && stem.p[3] == 0xC2 &&
           (stem.p[4] == 0xB9 || stem.p[4] == 0xB2 || stem.p[4] == 0xB3);
}

static bool is_device(struct span part)
{
    static const char *const devices[] = { "con", "prn", "aux", "nul", "conin$", "conout$" };
    struct span stem = span_of(part.p, stem_length(part));

    for (size_t i = 0; i < ARRAY_LEN(devices); i++)
        if (stem.n == strlen(devices[i]) &&
            strncasecmp((const char *)stem.p, devices[i], stem.n) == 0)
            return true;
    return is_port(stem);
}

static bool check_part(struct span part, struct name_fault *fault)
{
    if (part.n > NAMES_PART_MAX)
        return fail(fault, FACT_UNPACK_NAME_LENGTH, "a part of it has more than 255 bytes");
    if (part.p[part.n - 1] == '.')
        return fail(fault, FACT_UNPACK_NAME_WINDOWS,
                    "a dot at the end of a part, which is dropped");
    if (part.p[part.n - 1] == ' ')
        return fail(fault, FACT_UNPACK_NAME_WINDOWS,
                    "a blank at the end of a part, which is dropped");
    if (is_device(part))
        return fail(fault, FACT_UNPACK_NAME_WINDOWS, "the name of a device");
    if (memchr(part.p, ':', part.n))
        return fail(fault, FACT_UNPACK_NAME_WINDOWS, "a colon, which names a stream of a file");
    return true;
}

/* The part up to the next slash. */
static struct span take_part(struct span *in)
{
    const uint8_t *slash = in->n ? memchr(in->p, '/', in->n) : NULL;
    struct span part;

    (void)take(in, slash ? (uint64_t)(slash - in->p) : in->n, &part);
    (void)skip(in, 1);
    return part;
}

/* Parts joined; "." and empty ones are left out. */
static bool join_parts(struct span name, uint8_t *out, struct span *path, struct name_fault *fault)
{
    size_t n = 0, depth = 0;

    while (name.n > 0) {
        struct span part = take_part(&name);

        if (part.n == 0 || span_is(part, "."))
            continue;
        if (!check_part(part, fault))
            return false;
        if (++depth > NAMES_DEPTH_MAX)
            return fail(fault, FACT_UNPACK_NAME_LENGTH, "more than 128 folders deep");
        if (n > 0)
            out[n++] = '/';
        memcpy(out + n, part.p, part.n);
        n += part.n;
    }
    *path = span_of(out, n);
    return true;
}

bool names_path(struct span name, struct arena *arena, struct span *path, struct name_fault *fault)
{
    uint8_t *out;

    *path = SPAN_EMPTY;
    if (name.n == 0)
        return fail(fault, FACT_UNPACK_NAME_LENGTH, "it is empty");
    if (name.n > NAMES_PATH_MAX)
        return fail(fault, FACT_UNPACK_NAME_LENGTH, "more than 4,095 bytes");
    if (!check_start(name, fault))
        return false;
    if (climbs(name))
        return fail(fault, FACT_UNPACK_NAME_OUTSIDE, "it climbs with '..'");
    if (!check_characters(name, arena, fault))
        return false;
    out = arena_alloc(arena, name.n);
    if (!out)
        return fail(fault, FACT_NO_MEMORY, "while looking at names");
    return join_parts(name, out, path, fault);
}

bool names_is_path(struct span path)
{
    if (path.n == 0 || path.n > NAMES_PATH_MAX || memchr(path.p, 0, path.n) ||
        path.p[path.n - 1] == '/')
        return false;
    while (path.n > 0) {
        struct span part = take_part(&path);

        if (part.n == 0 || part.n > NAMES_PART_MAX || span_is(part, ".") || is_dotdot(part))
            return false;
    }
    return true;
}

/* Takes the last part of out off; false when there is none. */
static bool drop_part(const uint8_t *out, size_t *n)
{
    if (*n == 0)
        return false;
    while (*n > 0 && out[*n - 1] != '/')
        --*n;
    *n -= *n > 0;
    return true;
}

/* What is wrong with a target whatever it leads to. */
static bool check_target(struct span target, struct arena *arena, struct name_fault *fault)
{
    if (target.n == 0)
        return fail(fault, FACT_UNPACK_LINK, "it is empty");
    if (target.n > NAMES_PATH_MAX)
        return fail(fault, FACT_UNPACK_LINK, "it is longer than a path can be");
    if (!check_start(target, fault)) {
        fault->kind = FACT_UNPACK_LINK;
        return false;
    }
    return check_characters(target, arena, fault);
}

/* Goes one part on from the folder of the first *n bytes of out; false when that leaves. */
static bool walk(struct span part, uint8_t *out, size_t *n, bool *down)
{
    if (part.n == 0 || span_is(part, "."))
        return true;
    if (is_dotdot(part))
        return !*down && drop_part(out, n);
    *down = true;
    if (*n > 0)
        out[(*n)++] = '/';
    memcpy(out + *n, part.p, part.n);
    *n += part.n;
    return true;
}

bool names_link(struct span path, struct span target, struct arena *arena, struct span *leads_to,
                struct name_fault *fault)
{
    uint8_t *out = arena_alloc(arena, path.n + target.n + 1);
    size_t n = path.n;
    bool down = false; /* ".." behind a folder's name means another folder where that is a link */

    *leads_to = SPAN_EMPTY;
    if (!out)
        return fail(fault, FACT_NO_MEMORY, "while looking at links");
    if (!check_target(target, arena, fault))
        return false;
    memcpy(out, path.p, path.n);
    (void)drop_part(out, &n);
    while (target.n > 0)
        if (!walk(take_part(&target), out, &n, &down))
            return fail(fault, FACT_UNPACK_LINK,
                        down ? "it climbs behind a folder's name" : "it leaves the folder");
    *leads_to = span_of(out, n);
    return true;
}
