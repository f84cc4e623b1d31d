/* See name.h. */
#include "format/wheel/name.h"

#include <strings.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "format/wheel/metadata.h"

#define VERSION_TEXT_MAX 256
#define DASHES_MAX       32

/* ---- files ---- */

static bool has_blank(struct span s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] <= ' ' || s.p[i] == '/' || s.p[i] == 0x7f)
            return true;
    return false;
}

/* Takes up to the next c, which goes as well; all of it where there is none. */
static struct span take_to(struct span *in, uint8_t c)
{
    const uint8_t *at = in->n ? memchr(in->p, c, in->n) : NULL;
    struct span out;

    (void)take(in, at ? (size_t)(at - in->p) : in->n, &out);
    (void)skip(in, 1);
    return out;
}

bool wheel_name_parse(struct span file_name, struct wheel_name *out)
{
    struct span parts[6], tail = SPAN_LITERAL(".whl");
    size_t n = 0, at = 0;

    *out = (struct wheel_name){ SPAN_EMPTY, SPAN_EMPTY, SPAN_EMPTY,
                                SPAN_EMPTY, SPAN_EMPTY, SPAN_EMPTY };
    if (!span_ends(file_name, tail) || has_blank(file_name))
        return false;
    file_name.n -= tail.n;
    for (; n < ARRAY_LEN(parts) && file_name.n > 0; n++)
        if ((parts[n] = take_to(&file_name, '-')).n == 0)
            return false;
    if (file_name.n > 0 || n < 5)
        return false;
    out->name = parts[at++];
    out->version = parts[at++];
    if (n == 6)
        out->build = parts[at++];
    out->pythons = parts[at++];
    out->abis = parts[at++];
    out->platforms = parts[at];
    return n == 5 || (out->build.p[0] >= '0' && out->build.p[0] <= '9');
}

bool sdist_stem(struct span file_name, struct span *stem)
{
    static const char *const tails[] = { ".tar.gz", ".tgz",     ".zip",     ".tar.bz2",
                                         ".tar.xz", ".tar.zst", ".tar",     ".tbz2",
                                         ".txz",    ".tar.lz",  ".tar.lzma" };

    for (size_t i = 0; i < ARRAY_LEN(tails); i++) {
        size_t n = strlen(tails[i]);

        if (file_name.n > n &&
            strncasecmp((const char *)file_name.p + file_name.n - n, tails[i], n) == 0)
            return span_sub(file_name, 0, file_name.n - n, stem);
    }
    *stem = SPAN_EMPTY;
    return false;
}

bool wheel_is_sdist(struct span file_name)
{
    struct span stem;

    return sdist_stem(file_name, &stem);
}

/* ---- projects ---- */

static bool is_separator(uint8_t c)
{
    return c == '-' || c == '_' || c == '.';
}

/* Takes a letter off, in lower case; a run of separators is one '-'. 0 at the end. */
static uint8_t take_letter(struct span *in)
{
    uint8_t c;

    if (!take_u8(in, &c))
        return 0;
    if (!is_separator(c))
        return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
    while (in->n > 0 && is_separator(in->p[0]))
        (void)skip(in, 1);
    return '-';
}

bool project_names_equal(struct span a, struct span b)
{
    uint8_t x, y;

    do {
        x = take_letter(&a);
        y = take_letter(&b);
    } while (x && x == y);
    return x == y && a.n == b.n;
}

/* ---- versions ---- */

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(uint8_t c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

/* Takes what is alike off the front: digits or letters. */
static struct span take_run(struct span *in, bool (*is)(uint8_t))
{
    struct span run;
    size_t n = 0;

    while (n < in->n && is(in->p[n]))
        n++;
    (void)take(in, n, &run);
    return run;
}

/* Zeros before anything but a number say nothing: "1.0" is "1", "1.0a0" is "1a". */
static void drop_zeros(struct buf *out)
{
    while (out->n >= 2 && out->p[out->n - 1] == '0' && out->p[out->n - 2] == '.')
        out->n -= 2;
}

static void put_number(struct buf *out, struct span digits)
{
    while (digits.n > 1 && digits.p[0] == '0')
        (void)skip(&digits, 1);
    (void)buf_putc(out, '.');
    (void)buf_add(out, digits.p, digits.n);
}

/* Each word by its one spelling. */
static void put_word(struct buf *out, struct span word)
{
    static const char *const spellings[][2] = { { "alpha", "a" },    { "beta", "b" },
                                                { "c", "rc" },       { "pre", "rc" },
                                                { "preview", "rc" }, { "r", "post" },
                                                { "rev", "post" } };

    drop_zeros(out);
    for (size_t i = 0; i < ARRAY_LEN(spellings); i++)
        if (word.n == strlen(spellings[i][0]) &&
            strncasecmp((const char *)word.p, spellings[i][0], word.n) == 0) {
            (void)buf_puts(out, spellings[i][1]);
            return;
        }
    for (size_t i = 0; i < word.n; i++)
        (void)buf_putc(out, (char)(word.p[i] | 0x20));
}

/* "1.0-1" is "1.0.post1"; but "-" may be what some builder made of another separator. */
static bool is_implicit_post(struct span version)
{
    size_t n = 1;

    while (n < version.n && is_digit(version.p[n]))
        n++;
    return version.p[0] == '-' && n > 1 && (n == version.n || version.p[n] == '+');
}

/* A version as one text for all its spellings; false when it is none. */
static bool normalise(struct span version, bool posts, struct buf *out)
{
    version = span_strip(version);
    if (version.n > 0 && (version.p[0] | 0x20) == 'v')
        (void)skip(&version, 1);
    while (version.n > 0) {
        uint8_t c = version.p[0];

        if (is_digit(c)) {
            put_number(out, take_run(&version, is_digit));
        } else if (is_letter(c)) {
            put_word(out, take_run(&version, is_letter));
        } else {
            if (posts && is_implicit_post(version)) {
                put_word(out, SPAN_LITERAL("post"));
            } else if (c == '+' || c == '!') {
                drop_zeros(out);
                (void)buf_putc(out, (char)c);
            } else if (c != '.' && c != '-' && c != '_') {
                return false;
            }
            (void)skip(&version, 1);
        }
    }
    drop_zeros(out);
    return !out->failed;
}

static bool equal_as(struct span a, struct span b, bool posts)
{
    struct buf x, y;
    bool same;

    buf_init(&x, VERSION_TEXT_MAX);
    buf_init(&y, VERSION_TEXT_MAX);
    same = normalise(a, posts, &x) && normalise(b, posts, &y) && x.n == y.n &&
           (x.n == 0 || memcmp(x.p, y.p, x.n) == 0);
    buf_free(&x);
    buf_free(&y);
    return same;
}

bool versions_equal(struct span a, struct span b)
{
    return equal_as(a, b, false) || equal_as(a, b, true);
}

bool versions_equal_escaped(struct span version, struct span escaped)
{
    size_t plus = span_find(version, 0, SPAN_LITERAL("+"));
    char copy[VERSION_TEXT_MAX];

    if (versions_equal(version, escaped) || span_equal(version, escaped))
        return true;
    if (plus == SIZE_MAX || version.n >= sizeof copy ||
        span_find(escaped, 0, SPAN_LITERAL("+")) != SIZE_MAX)
        return false;
    memcpy(copy, version.p, version.n);
    copy[plus] = '_';
    return versions_equal(span_of(copy, version.n), escaped);
}

bool project_stem_is(struct span stem, struct span name, struct span version)
{
    size_t dashes = 0;

    for (size_t i = stem.n; i > 0 && dashes < DASHES_MAX; i--) {
        if (stem.p[i - 1] != '-')
            continue;
        dashes++;
        if (project_names_equal(span_of(stem.p, i - 1), name) &&
            versions_equal_escaped(version, span_from(stem, i)))
            return true;
    }
    return false;
}

bool project_stem_split(struct span stem, struct span *name, struct span *version)
{
    size_t at = stem.n;

    while (at > 0 && stem.p[at - 1] != '-')
        at--;
    *name = span_of(stem.p, at ? at - 1 : 0);
    *version = span_from(stem, at);
    return name->n > 0 && version->n > 0 && is_digit(version->p[0]);
}
