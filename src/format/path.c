/* See path.h. */
#include "format/path.h"

struct span path_take_component(struct span *in, bool backslash)
{
    struct span all = *in, part;
    size_t n = 0;

    while (n < all.n && all.p[n] != '/' && !(backslash && all.p[n] == '\\'))
        n++;
    (void)take(in, n, &part);
    (void)skip(in, 1);
    return part;
}

static bool is_letter(uint8_t c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

/* "C:name" and "C:/name", but not "B::Concise". */
static bool has_drive(struct span name)
{
    return name.n >= 3 && is_letter(name.p[0]) && name.p[1] == ':' && name.p[2] != ':';
}

static bool is_absolute(struct span name, bool backslash)
{
    return has_drive(name) ||
           (name.n > 0 && (name.p[0] == '/' || (backslash && name.p[0] == '\\')));
}

struct span path_normal_form(struct span name, bool backslash, uint8_t *out,
                             struct path_manner *how)
{
    size_t n = 0;

    *how = (struct path_manner){ .absolute = is_absolute(name, backslash) };
    while (name.n > 0) {
        struct span part = path_take_component(&name, backslash);

        if (part.n == 0 || span_is(part, "."))
            continue;
        if (span_is(part, "..")) {
            how->dotdot = true;
            how->leaves |= n == 0;
            while (n > 0 && out[--n] != '/')
                ;
            continue;
        }
        if (n > 0)
            out[n++] = '/';
        memcpy(out + n, part.p, part.n);
        n += part.n;
    }
    return (struct span){ out, n };
}

struct path_manner path_manner(struct span name, bool backslash)
{
    struct path_manner how = { .absolute = is_absolute(name, backslash) };
    size_t depth = 0;

    while (name.n > 0) {
        struct span part = path_take_component(&name, backslash);

        if (part.n == 0 || span_is(part, "."))
            continue;
        if (!span_is(part, "..")) {
            depth++;
            continue;
        }
        how.dotdot = true;
        how.leaves |= depth == 0;
        depth -= depth > 0;
    }
    return how;
}

size_t path_depth(struct span path)
{
    size_t depth = path.n > 0;

    for (size_t i = 0; i < path.n; i++)
        depth += path.p[i] == '/';
    return depth;
}

bool path_climbs_out(struct span target, size_t depth)
{
    while (target.n > 0) {
        struct span part = path_take_component(&target, false);

        if (part.n == 0 || span_is(part, "."))
            continue;
        if (!span_is(part, ".."))
            depth++;
        else if (depth-- == 0)
            return true;
    }
    return false;
}

struct span path_base(struct span name)
{
    size_t start = 0, end = name.n;
    struct span base;

    for (size_t i = 0; i < end; i++) {
        if (name.p[i] == 0)
            end = i;
        else if (name.p[i] == '/' || name.p[i] == '\\')
            start = i + 1;
    }
    while (end > start && (name.p[end - 1] == ' ' || name.p[end - 1] == '.'))
        end--;
    return span_sub(name, start, end - start, &base) ? base : SPAN_EMPTY;
}

struct span path_extension(struct span base)
{
    for (size_t i = base.n; i > 0; i--)
        if (base.p[i - 1] == '.')
            return span_from(base, i);
    return SPAN_EMPTY;
}
