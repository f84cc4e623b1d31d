/*
 * Which names of Python programs somebody wants to hear of. The rules make such a
 * list; the Python format asks it, so that it reports what matters without knowing
 * why. It is a tree of dotted names: "os" has the child "system".
 */
#ifndef PRATIQUE_FACT_INTEREST_H
#define PRATIQUE_FACT_INTEREST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

enum interest_flag {
    INTEREST_USE = 1 << 0,    /* calling it, or handing it on, is a fact */
    INTEREST_IMPORT = 1 << 1, /* a module: importing it, or one below it, is a fact */
    INTEREST_EXEMPT = 1 << 2, /* below an INTEREST_IMPORT, and of no interest */
    INTEREST_MEMBER = 1 << 3, /* an attribute of this name is a fact whatever it is taken from */
    INTEREST_CALL = 1 << 4,   /* with USE: only a call is a fact, a mere reference is not */
    INTEREST_UNLESS = 1 << 5, /* the argument clears a call; without it, it is what incriminates */
};

/* One name that somebody wants to hear of. */
struct interest_row {
    const char *name; /* "os.system"; with INTEREST_MEMBER, one word: "__subclasses__" */
    unsigned flags;
    int arg;         /* the place of the argument whose value is told with a call, or -1 */
    const char *key; /* the same argument's keyword, or NULL */
    int other; /* a second argument, told with a fact of its own; with NULL as keyword: none */
    const char *other_key;
};

/* Node 0 is the root; a node's children are found by interest_child(). */
struct interest_node {
    uint32_t parent;
    uint32_t word; /* index into words */
    uint32_t row;  /* 1 + index of its row; 0: only a part of longer names */
    uint32_t flags;
};

struct interest {
    const struct interest_row *rows;
    size_t rows_n;
    const char **words; /* each once */
    uint32_t words_n;
    uint32_t *word_slots; /* hash of a word to 1 + its index; slots_n of them */
    struct interest_node *nodes;
    uint32_t nodes_n;
    uint32_t *members; /* of each word: 1 + the row of its INTEREST_MEMBER, or 0 */
    uint32_t *slots;   /* child table: hash of (node, word) to node */
    uint32_t slots_n;  /* a power of two */
};

/* Makes the tree of n rows (borrowed for ever) in the arena; false without memory. */
bool interest_init(struct interest *in, struct arena *arena, const struct interest_row *rows,
                   size_t n) MUST_CHECK NONNULL;

/* The child of node called words[word], or 0. */
uint32_t interest_child(const struct interest *in, uint32_t node, uint32_t word) NONNULL;

/* The index of a word of n bytes, or UINT32_MAX. */
uint32_t interest_word(const struct interest *in, const char *word, size_t n) NONNULL;

/* The node of a whole dotted name, or 0; for tests and tables. */
uint32_t interest_find(const struct interest *in, const char *name) NONNULL;

#endif
