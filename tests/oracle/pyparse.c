/*
 * For oracles: reads Python sources from stdin, each behind its length (4 bytes, little-
 * endian), and prints one line for each: "ok", or "no LINE COLUMN REASON", or "limit".
 * With --dump, "ok" is followed by a line for each node, "KIND LINE COLUMN LINE COLUMN NAME",
 * where it starts and ends with columns in bytes from 0 as in ast; then ".".
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

static void print_node(struct py_tree *t, const struct py_node *n)
{
    struct py_position pos = py_position(t, n->off), end = py_position(t, n->end);
    struct span name = py_atom_text(&t->atoms, n->atom);

    printf("%s %u %u %u %u %.*s\n", kind_names[n->kind], pos.line, pos.column_utf8 - 1, end.line,
           end.column_utf8 - 1, (int)name.n, (const char *)name.p);
}

/* Names without a node of their own in ast: parts of modules, of declarations. */
static bool plain_names(const struct py_node *n)
{
    return n->kind == N_ALIAS || n->kind == N_GLOBAL || n->kind == N_NONLOCAL;
}

/* Every node that the root reaches, in no order; what is in an f-string is left out. */
static void print_tree(struct py_tree *t)
{
    uint32_t *stack = malloc((t->n * (size_t)4 + 1) * sizeof *stack), n = 0;

    if (!stack)
        abort();
    stack[n++] = t->root;
    while (n) {
        const struct py_node *node = py_node(t, stack[--n]);
        uint32_t to[4] = { node->next, node->a, node->b, node->c };
        bool leaf = plain_names(node) || node->kind == N_FSTRING || node->kind == N_STRINGS;

        if (node->kind == N_IMPORT_FROM)
            to[2] = to[3] = 0; /* parts of the module, the number of dots */
        print_node(t, node);
        for (int i = 0; i < (leaf ? 1 : 4); i++)
            if (to[i])
                stack[n++] = to[i];
    }
    free(stack);
    puts(".");
}

static enum pratique_status parse(struct scan *s, struct span text, struct py_source *src,
                                  struct py_tree *t, struct py_fault *fault)
{
    enum pratique_status st = py_source_open(src, s, text, fault);

    if (st == PRATIQUE_OK)
        st = py_parse(s, src->text, eval_mode ? PY_EVAL : PY_FILE, t, fault);
    if (st == PRATIQUE_OK)
        st = py_source_check(src, t, fault);
    return st;
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
    st = parse(&h.scan, span_of(data, n), &src, &t, &fault);
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
