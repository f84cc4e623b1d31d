/*
 * What is left of a name when neither case nor the form of letters counts: The Unicode Standard
 * 15.1, section 3.13, D146 (compatibility caseless matching). Two paths that fold alike are one
 * file somewhere: on macOS, on Windows, or in a tool that normalises.
 */
#include "base/utf8.h"
#include "trust/admit/unpack.h"

#include <stdlib.h>

/* Code points of which something else is left, sorted; of the i-th that is to[at[i]] and on, up to
 * to[at[i + 1]]. */
static const uint32_t folded[] = {
#define FOLDED
#include "trust/admit/names_fold.def"
};
static const uint16_t folded_at[] = {
#define FOLDED_AT
#include "trust/admit/names_fold.def"
};
static const uint32_t folded_to[] = {
#define FOLDED_TO
#include "trust/admit/names_fold.def"
};
/* Marks, and the class by which they are ordered. */
static const struct class_run {
    uint32_t first, last;
    uint8_t class;
} classes[] = {
#define CLASSES
#include "trust/admit/names_fold.def"
};

/* Hangul: The Unicode Standard, section 3.12. */
enum {
    S_BASE = 0xAC00,
    L_BASE = 0x1100,
    V_BASE = 0x1161,
    T_BASE = 0x11A7,
    V_COUNT = 21,
    T_COUNT = 28,
    S_COUNT = 19 * V_COUNT * T_COUNT,
};

static uint8_t class_of(uint32_t c)
{
    size_t low = 0, high = ARRAY_LEN(classes);

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (c > classes[mid].last)
            low = mid + 1;
        else
            high = mid;
    }
    return low < ARRAY_LEN(classes) && c >= classes[low].first ? classes[low].class : 0;
}

/* Index of c in folded[], or SIZE_MAX. */
static size_t find(uint32_t c)
{
    size_t low = 0, high = ARRAY_LEN(folded);

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (folded[mid] < c)
            low = mid + 1;
        else
            high = mid;
    }
    return low < ARRAY_LEN(folded) && folded[low] == c ? low : SIZE_MAX;
}

/* Code points in order of appearance; marks are moved before those of a higher class. */
struct letters {
    uint32_t *p;
    size_t n;
};

static void append(struct letters *to, uint32_t c)
{
    uint8_t class = class_of(c);
    size_t at = to->n++;

    while (class && at > 0 && class_of(to->p[at - 1]) > class) {
        to->p[at] = to->p[at - 1];
        at--;
    }
    to->p[at] = c;
}

static void append_syllable(struct letters *to, uint32_t s)
{
    append(to, L_BASE + s / (V_COUNT * T_COUNT));
    append(to, V_BASE + s % (V_COUNT * T_COUNT) / T_COUNT);
    if (s % T_COUNT)
        append(to, T_BASE + s % T_COUNT);
}

static void append_folded(struct letters *to, uint32_t c)
{
    size_t i = find(c);

    if (c >= S_BASE && c < S_BASE + S_COUNT)
        append_syllable(to, c - S_BASE);
    else if (i == SIZE_MAX)
        append(to, c);
    else
        for (size_t k = folded_at[i]; k < folded_at[i + 1]; k++)
            append(to, folded_to[k]);
}

/* The most that one code point becomes: U+FDFA, 18. */
#define LETTERS_MAX 18

/* Everything but ASCII. */
static bool fold_text(struct buf *out, struct span path)
{
    struct letters all = { .p = calloc(path.n + 1, LETTERS_MAX * sizeof *all.p) };
    uint8_t bytes[4];

    if (!all.p)
        return false;
    while (path.n > 0) {
        uint32_t c;
        size_t n = utf8_decode(path, &c);

        if (n == 0) { /* as it is: names_path() lets none such through */
            n = 1;
            c = path.p[0];
        }
        (void)skip(&path, n);
        if (names_is_joiner(c))
            continue;
        if (c >= 'A' && c <= 'Z')
            c += 'a' - 'A';
        append_folded(&all, c);
    }
    for (size_t i = 0; i < all.n; i++)
        (void)buf_add(out, bytes, utf8_put(all.p[i], bytes));
    free(all.p);
    return !out->failed;
}

bool names_fold(struct buf *out, struct span path)
{
    for (size_t i = 0; i < path.n; i++)
        if (path.p[i] >= 0x80)
            return fold_text(out, path);
    for (size_t i = 0; i < path.n; i++) {
        uint8_t c = path.p[i];

        (void)buf_putc(out, (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c));
    }
    return !out->failed;
}
