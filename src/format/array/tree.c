/* See tree.h. */
#include "format/array/tree.h"

bool numbers_add(struct scan *s, struct numbers *a, bool whole, int64_t v)
{
    size_t size = a->size ? a->size * 2 : 256;
    int32_t *list;

    if (a->n == a->size) {
        list = a->list ? scan_remap(s, a->list, a->size * sizeof *list, size * sizeof *list)
                       : scan_map(s, size * sizeof *list);
        if (!list)
            return false;
        a->list = list;
        a->size = size;
    }
    a->odd |= !whole || v < INT32_MIN || v > INT32_MAX;
    a->list[a->n++] = (int32_t)v;
    return true;
}

void numbers_free(struct scan *s, struct numbers *a)
{
    scan_unmap(s, a->list, a->size * sizeof *a->list);
    *a = (struct numbers){ 0 };
}

/* Follows one link: it leads to a node, not the root, that nobody led to before. */
static const char *follow(uint8_t *seen, size_t n, int32_t child)
{
    size_t c = (size_t)child;

    if (child < 0)
        return "a node has one child";
    if (c >= n)
        return "a link leads past the last node";
    if (c == 0)
        return "a link leads back to the root";
    if (seen[c / 8] & 1u << c % 8)
        return "two links lead to one node";
    seen[c / 8] |= (uint8_t)(1u << c % 8);
    return NULL;
}

const char *tree_check(struct scan *s, const struct numbers *left, const struct numbers *right,
                       size_t *at, bool *no_memory)
{
    size_t n = left->n, bytes = n / 8 + 1;
    uint8_t *seen = scan_map(s, bytes);
    const char *why = NULL;

    *at = 0;
    *no_memory = !seen;
    if (!seen)
        return NULL;
    if (right->n != n)
        why = "there are not as many left as right children";
    else if (left->odd || right->odd)
        why = "a link is no number of a node";
    for (size_t i = 0; i < n && !why; i++) {
        *at = i;
        if (left->list[i] == -1) /* a leaf, whatever stands to its right */
            continue;
        why = follow(seen, n, left->list[i]);
        why = why ? why : follow(seen, n, right->list[i]);
    }
    scan_unmap(s, seen, bytes);
    return why;
}
