/*
 * For oracles: reads Python sources from stdin, each behind its length (4 bytes, little-
 * endian), and prints one line for each: "ok", or "no LINE COLUMN REASON", or "limit".
 * With --dump, "ok" is followed by a line for each node that has a place CPython's ast
 * tells too: "KIND LINE COLUMN NAME", the column in bytes from 0; then ".".
 * With --eval the sources are expressions.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../fuzz/harness.h"
#include "format/python/parse.h"
#include "format/python/source.h"

static bool dump, eval_mode;

static const char *const kind_names[PY_KINDS] = {
#define NODE(kind) [N_##kind] = #kind,
#include "format/python/ast.def"
#undef NODE
};

static void print_node(const struct py_tree *t, const struct py_node *n)
{
    struct py_position pos = py_position(t, n->off), end = py_position(t, n->end);
    struct span name = py_atom_text(&t->atoms, n->atom);

    printf("%s %u %u %u %u %.*s\n", kind_names[n->kind], pos.line, pos.column_utf8 - 1, end.line,
           end.column_utf8 - 1, (int)name.n, (const char *)name.p);
}

/* Every node that the root reaches, in no order. */
static void print_tree(const struct py_tree *t)
{
    uint32_t *stack = malloc((t->n * (size_t)4 + 1) * sizeof *stack), n = 0;

    if (!stack)
        abort();
    stack[n++] = t->root;
    while (n) {
        const struct py_node *node = py_node(t, stack[--n]);
        uint32_t to[4] = { node->a, node->b, node->c, node->next };

        if (node->kind == N_IMPORT_FROM)
            to[2] = 0; /* the number of dots */
        print_node(t, node);
        for (int i = 0; i < 4; i++)
            if (to[i])
                stack[n++] = to[i];
    }
    free(stack);
    puts(".");
}

static void one(const uint8_t *data, size_t n)
{
    struct harness h;
    struct py_source src;
    struct py_tree t = { 0 };
    struct py_fault fault;
    enum pratique_status st;

    harness_init(&h);
    h.budget.memory_left = (uint64_t)2 << 30;
    st = py_source_open(&src, &h.scan, span_of(data, n), &fault);
    if (st == PRATIQUE_OK)
        st = py_parse(&h.scan, src.text, eval_mode ? PY_EVAL : PY_FILE, &t, &fault);
    if (st == PRATIQUE_OK)
        puts("ok");
    else if (st == PRATIQUE_E_FORMAT)
        printf("no %u %u %s\n", fault.line, fault.column, fault.reason);
    else
        puts("limit");
    if (dump && st == PRATIQUE_OK)
        print_tree(&t);
    py_tree_close(&t);
    py_source_close(&src, &h.scan);
    harness_free(&h);
}

int main(int argc, char **argv)
{
    uint8_t len[4], *data;

    for (int i = 1; i < argc; i++) {
        dump |= strcmp(argv[i], "--dump") == 0;
        eval_mode |= strcmp(argv[i], "--eval") == 0;
    }
    if (!py_words_init(NULL))
        return 1;
    while (fread(len, 1, 4, stdin) == 4) {
        size_t n = len[0] | (size_t)len[1] << 8 | (size_t)len[2] << 16 | (size_t)len[3] << 24;

        data = malloc(n ? n : 1);
        if (!data || fread(data, 1, n, stdin) != n)
            return 1;
        one(data, n);
        fflush(stdout);
        free(data);
    }
    return 0;
}
