/* Bytes that are not UTF-8: an import of CPython bears them in comments, and nowhere else. */
#include <stdio.h>

#include "format/python/codec.h"
#include "format/python/source.h"

/* Tells of the first such byte of a string; false without one. */
static bool tell(const struct py_source *src, const struct py_tree *tree,
                 const struct py_node *node, struct py_fault *fault)
{
    struct span text = py_node_text(tree, node);
    size_t at, bad;
    bool nul;

    at = py_utf8_valid(text, &nul);
    if (at == text.n)
        return false;
    *fault = (struct py_fault){ .offset = src->skipped + node->off + at };
    fault->line = py_position(tree, node->off + (uint32_t)at).line;
    fault->column = py_position(tree, node->off + (uint32_t)at).column;
    snprintf(fault->reason, sizeof fault->reason,
             "(unicode error) 'utf-8' codec can't decode byte 0x%02x in position %llu: %s",
             text.p[at], (unsigned long long)fault->offset, py_utf8_why(text, at, &bad));
    return true;
}

enum pratique_status py_source_check(const struct py_source *src, const struct py_tree *tree,
                                     struct py_fault *fault)
{
    if (src->invalid == SIZE_MAX)
        return PRATIQUE_OK;
    for (uint32_t i = 1; i < tree->n; i++) {
        const struct py_node *node = py_node(tree, i);

        if ((node->kind == N_STR || node->kind == N_FTEXT) && tell(src, tree, node, fault))
            return PRATIQUE_E_FORMAT;
    }
    return PRATIQUE_OK;
}
