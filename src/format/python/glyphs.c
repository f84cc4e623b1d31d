/*
 * Look-alike letters and characters that are not seen.
 *
 * Spec: Unicode Character Database (Default_Ignorable_Code_Point, General_Category Co, Script,
 * Bidi_Class R and AL) 15.1; UTS 39, confusables.txt, of which the pairs below are those that
 * are the same in common fonts. Left out: scripts that few readers of programs take for Latin.
 */
#include "format/python/glyphs.h"

#include "base/buf.h"
#include "base/compiler.h"
#include "base/utf8.h"
#include "format/python/unicode.h"

/* Longer names are looked at up to here. */
#define NAME_MAX 256

struct range {
    uint32_t first, last;
};

static bool is_in(const struct range *list, size_t n, uint32_t c)
{
    for (size_t i = 0; i < n; i++)
        if (c >= list[i].first && c <= list[i].last)
            return true;
    return false;
}

bool glyph_is_invisible(uint32_t c)
{
    static const struct range list[] = {
        { 0xad, 0xad },       { 0x34f, 0x34f },   { 0x61c, 0x61c },     { 0x115f, 0x1160 },
        { 0x17b4, 0x17b5 },   { 0x180b, 0x180f }, { 0x200b, 0x200f },   { 0x202a, 0x202e },
        { 0x2060, 0x206f },   { 0x3164, 0x3164 }, { 0xfe00, 0xfe0f },   { 0xfeff, 0xfeff },
        { 0xffa0, 0xffa0 },   { 0xfff9, 0xfffb }, { 0x1bca0, 0x1bca3 }, { 0x1d173, 0x1d17a },
        { 0xe0000, 0xe0fff },
    };

    return is_in(list, ARRAY_LEN(list), c);
}

bool glyph_is_private(uint32_t c)
{
    return (c >= 0xe000 && c <= 0xf8ff) || c >= 0xf0000;
}

bool glyph_is_rtl(uint32_t c)
{
    static const struct range list[] = {
        { 0x590, 0x61b },   { 0x61d, 0x8ff },     { 0xfb1d, 0xfdff },
        { 0xfe70, 0xfefe }, { 0x10800, 0x10fff }, { 0x1e800, 0x1efff },
    };

    return is_in(list, ARRAY_LEN(list), c);
}

/* The Latin letter that c looks like, or 0. */
static char latin_of(uint32_t c)
{
    static const struct {
        uint16_t c;
        char latin;
    } pairs[] = {
        /* Cyrillic */
        { 0x405, 'S' },
        { 0x406, 'I' },
        { 0x408, 'J' },
        { 0x410, 'A' },
        { 0x412, 'B' },
        { 0x415, 'E' },
        { 0x41a, 'K' },
        { 0x41c, 'M' },
        { 0x41d, 'H' },
        { 0x41e, 'O' },
        { 0x420, 'P' },
        { 0x421, 'C' },
        { 0x422, 'T' },
        { 0x423, 'Y' },
        { 0x425, 'X' },
        { 0x430, 'a' },
        { 0x435, 'e' },
        { 0x43e, 'o' },
        { 0x440, 'p' },
        { 0x441, 'c' },
        { 0x443, 'y' },
        { 0x445, 'x' },
        { 0x455, 's' },
        { 0x456, 'i' },
        { 0x458, 'j' },
        { 0x4bb, 'h' },
        { 0x4cf, 'l' },
        { 0x501, 'd' },
        { 0x51b, 'q' },
        { 0x51d, 'w' },
        /* Greek */
        { 0x391, 'A' },
        { 0x392, 'B' },
        { 0x395, 'E' },
        { 0x396, 'Z' },
        { 0x397, 'H' },
        { 0x399, 'I' },
        { 0x39a, 'K' },
        { 0x39c, 'M' },
        { 0x39d, 'N' },
        { 0x39f, 'O' },
        { 0x3a1, 'P' },
        { 0x3a4, 'T' },
        { 0x3a5, 'Y' },
        { 0x3a7, 'X' },
        { 0x3bf, 'o' },
        /* Armenian */
        { 0x555, 'O' },
        { 0x570, 'h' },
        { 0x578, 'n' },
        { 0x57d, 'u' },
        { 0x581, 'g' },
        { 0x585, 'o' },
    };

    for (size_t i = 0; i < ARRAY_LEN(pairs); i++)
        if (pairs[i].c == c)
            return pairs[i].latin;
    return 0;
}

/* Characters of which NFKC may make others, of ASCII. */
static bool is_compatible(uint32_t c)
{
    return c == 0xaa || c == 0xba || c == 0x17f || (c >= 0x2b0 && c <= 0x2ff) ||
           (c >= 0x1d2c && c <= 0x1d6a) || (c >= 0x2070 && c <= 0x218f) ||
           (c >= 0x2460 && c <= 0x24ff) || (c >= 0xfb00 && c <= 0xfb06) ||
           (c >= 0xff01 && c <= 0xff5e) || (c >= 0x1d400 && c <= 0x1d7ff);
}

/* Whole alphabets of such. */
static bool is_alphabet(uint32_t c)
{
    return (c >= 0x1d400 && c <= 0x1d7ff) || (c >= 0xff21 && c <= 0xff3a) ||
           (c >= 0xff41 && c <= 0xff5a);
}

static bool is_name_byte(uint8_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool touches_name(struct span text, size_t at, size_t n)
{
    return (at > 0 && is_name_byte(text.p[at - 1])) ||
           (at + n < text.n && is_name_byte(text.p[at + n]));
}

/* Four such characters in a row: emoji have up to three. */
static bool begins_run(struct span text, size_t at)
{
    struct span rest = span_from(text, at);

    for (unsigned i = 0; i < 4; i++) {
        uint32_t c = 0;
        size_t n = utf8_decode(rest, &c);

        if (n == 0 || !(glyph_is_invisible(c) || glyph_is_private(c)))
            return false;
        (void)skip(&rest, n);
    }
    return true;
}

/* What emoji and symbols have behind them, and fonts of icons. */
static bool is_common(uint32_t c)
{
    return c == 0x200d || (c >= 0xfe00 && c <= 0xfe0f) || glyph_is_private(c) || c >= 0xe0000;
}

bool glyph_is_odd(struct span text, size_t at, uint32_t c, size_t n)
{
    if (glyph_is_invisible(c) || glyph_is_private(c))
        return !is_common(c) || touches_name(text, at, n) || begins_run(text, at);
    return is_alphabet(c) || ((latin_of(c) || is_compatible(c)) && touches_name(text, at, n));
}

/* Names that nobody has a reason to write in other letters. */
static bool is_grave(struct span name)
{
    static const char *const names[] = {
        "exec",         "eval",          "compile",      "open",       "getattr",  "setattr",
        "globals",      "locals",        "vars",         "os",         "sys",      "subprocess",
        "system",       "popen",         "Popen",        "ctypes",     "socket",   "base64",
        "marshal",      "pickle",        "importlib",    "__import__", "builtins", "urllib",
        "requests",     "b64decode",     "loads",        "urlopen",    "environ",  "input",
        "check_output", "import_module", "__builtins__",
    };

    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (span_is(name, names[i]))
            return true;
    return false;
}

static bool is_ascii(struct span s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] >= 0x80)
            return false;
    return true;
}

/* A name that Python reads as one of ASCII: of letters of mathematics, of full width. */
static enum glyph_name judge_normal(struct span name)
{
    enum glyph_name is = GLYPH_PLAIN;
    struct buf out;

    buf_init(&out, name.n * 4 + 64);
    if (py_nfkc(&out, name) && out.n && is_ascii(span_of(out.p, out.n)))
        is = is_grave(span_of(out.p, out.n)) ? GLYPH_DISGUISE : GLYPH_MIXED;
    buf_free(&out);
    return is;
}

/* What is seen of a name, part by part: an underscore or a digit begins a new one. */
struct looks {
    bool latin, same,
        other; /* letters of ASCII; that look as such; of the same script, and do not */
    bool mixed, visible, invisible, compatible;
    char seen[NAME_MAX];
    size_t n;
};

static void end_part(struct looks *l)
{
    l->mixed |= l->latin && l->same && !l->other;
    l->latin = l->same = l->other = false;
}

static bool is_letter(uint32_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static void look(struct looks *l, uint32_t c)
{
    char latin = latin_of(c);

    if (glyph_is_invisible(c)) {
        l->invisible = true;
        return;
    }
    l->visible = true;
    if (c == '_' || (c >= '0' && c <= '9'))
        end_part(l);
    l->latin |= is_letter(c);
    l->same |= latin != 0;
    l->other |= c >= 0x80 && !latin;
    l->compatible |= is_compatible(c);
    l->seen[l->n++] = c < 0x80 ? (char)c : latin;
}

enum glyph_name glyph_judge(struct span name)
{
    struct looks l = { 0 };
    struct span rest = name;

    if (rest.n > NAME_MAX)
        rest.n = NAME_MAX;
    while (rest.n) {
        uint32_t c = 0;
        size_t n = utf8_decode(rest, &c);

        if (n == 0)
            break;
        look(&l, c);
        (void)skip(&rest, n);
    }
    end_part(&l);
    if (!l.visible)
        return GLYPH_INVISIBLE;
    if (is_grave(span_of(l.seen, l.n)))
        return GLYPH_DISGUISE;
    if (l.compatible)
        return judge_normal(span_of(name.p, name.n < NAME_MAX ? name.n : NAME_MAX));
    if (l.invisible)
        return GLYPH_MARKED;
    return l.mixed ? GLYPH_MIXED : GLYPH_PLAIN;
}
