/* See sketch.h. */
#include "format/model/sketch.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "format/safetensors/names.h"

/* The first place whose hash is at least h. */
static size_t place_of(const struct sketch *s, uint32_t h)
{
    size_t low = 0, high = s->n;

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (s->low[mid] < h)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static bool has(const struct sketch *s, uint32_t h)
{
    size_t at = place_of(s, h);

    return at < s->n && s->low[at] == h;
}

void sketch_add(struct sketch *s, uint64_t hash)
{
    uint32_t h = (uint32_t)(hash >> 32);
    size_t at;

    if (s->n == SKETCH_MAX && h >= s->low[SKETCH_MAX - 1])
        return;
    at = place_of(s, h);
    if (at < s->n && s->low[at] == h)
        return;
    s->n += s->n < SKETCH_MAX;
    memmove(&s->low[at + 1], &s->low[at], (s->n - at - 1) * sizeof s->low[0]);
    s->low[at] = h;
}

static struct span last_parts(struct span name)
{
    unsigned dots = 0;

    for (size_t n = name.n; n > 0; n--)
        if (name.p[n - 1] == '.' && ++dots == 3)
            return span_from(name, n);
    return name;
}

uint64_t sketch_name(struct span name)
{
    struct name_hash hash = { 0 };

    name_hash_bytes(&hash, last_parts(name));
    return name_hash_end(&hash);
}

uint64_t sketch_number(uint64_t number)
{
    char text[24];
    int n = snprintf(text, sizeof text, "%" PRIu64, number);

    return sketch_name(span_of(text, (size_t)n));
}

void sketch_text(const struct sketch *s, char out[SKETCH_TEXT_N])
{
    out[0] = '\0';
    for (size_t i = 0; i < s->n; i++)
        (void)snprintf(out + i * 8, 9, "%08" PRIx32, s->low[i]);
}

void sketch_merge(struct sketch *s, struct span text)
{
    while (text.n >= 8) {
        char digits[9] = "";

        memcpy(digits, text.p, 8);
        sketch_add(s, (uint64_t)strtoul(digits, NULL, 16) << 32);
        (void)skip(&text, 8);
    }
}

size_t sketch_lacks(const struct sketch *whole, const struct sketch *part, size_t *of)
{
    bool all = whole->n < SKETCH_MAX; /* it is the set itself */
    size_t lacks = 0;

    *of = 0;
    for (size_t i = 0; i < part->n; i++)
        if (all || part->low[i] <= whole->low[whole->n - 1]) {
            ++*of;
            lacks += !has(whole, part->low[i]);
        }
    return lacks;
}

void tensors_tell(struct scan *s, const struct tensors *t)
{
    char names[SKETCH_TEXT_N], sizes[SKETCH_TEXT_N];

    if (t->sizes.n == 0)
        return;
    sketch_text(&t->names, names);
    sketch_text(&t->sizes, sizes);
    scan_fact(s, FACT_TENSORS, PRATIQUE_NO_OFFSET, span_text(names), span_text(sizes));
}
