/*
 * The Python parser, on its own: a first byte of 'e' means an expression. Whatever it is
 * given, the tree can be walked: each index is of a node, each node lies within the text,
 * and no node is reached twice.
 */
#include <stdlib.h>

#include "format/python/parse.h"
#include "harness.h"

static void check(bool good)
{
    if (!good)
        abort();
}

static void check_node(const struct py_tree *t, const struct py_node *n)
{
    check(n->kind < PY_KINDS);
    check(n->off <= n->end || n->kind == N_NOTHING);
    check(n->end <= t->text.n);
    check(n->atom < t->atoms.n);
}

/* All that the root reaches, each once. */
static void walk(const struct py_tree *t)
{
    uint8_t *seen = calloc(t->n + 1, 1);
    uint32_t *stack = malloc((t->n * (size_t)4 + 1) * sizeof *stack), n = 0;

    check(seen && stack && t->root < t->n);
    stack[n++] = t->root;
    while (n) {
        uint32_t i = stack[--n];
        const struct py_node *node = py_node(t, i);
        uint32_t to[4] = { node->a, node->b, node->c, node->next };

        check(!seen[i]);
        seen[i] = 1;
        check_node(t, node);
        if (node->kind == N_IMPORT_FROM)
            to[2] = 0; /* the number of dots */
        for (int k = 0; k < 4; k++) {
            check(to[k] < t->n);
            if (to[k])
                stack[n++] = to[k];
        }
    }
    free(stack);
    free(seen);
}

static void check_lines(const struct py_tree *t)
{
    for (uint32_t i = 1; i < t->lines_n; i++)
        check(t->lines[i - 1] < t->lines[i] && t->lines[i] <= t->text.n);
    for (uint32_t i = 0; i < t->comments_n; i++)
        check(t->comments[i].off < t->comments[i].end && t->comments[i].end <= t->text.n &&
              t->comments[i].statement <= t->comments[i].off);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct harness h;
    struct py_tree t;
    struct py_fault fault;
    enum pratique_status st;
    uint64_t memory;
    bool eval = n && data[0] == 'e';

    harness_init(&h);
    memory = h.budget.memory_left;
    st = py_parse(&h.scan, span_of(data + eval, n - eval), eval ? PY_EVAL : PY_FILE, &t, &fault);
    if (st == PRATIQUE_OK || st == PRATIQUE_E_FORMAT) {
        walk(&t);
        check_lines(&t);
    }
    check(st != PRATIQUE_E_FORMAT || (fault.reason[0] && fault.offset <= n && fault.line));
    py_tree_close(&t);
    check(h.budget.memory_left == memory);
    harness_free(&h);
    return 0;
}
