/*
 * The names that the analysis knows: those of interest (fact/interest.h) and those
 * that the language gives a meaning (intrinsics.def), in one tree. Private to python/.
 */
#ifndef PRATIQUE_FORMAT_PYTHON_KNOWN_H
#define PRATIQUE_FORMAT_PYTHON_KNOWN_H

#include "format/python/atoms.h"

/* Modules of intrinsics.def at the most: a bit each. */
#define KNOWN_MODULES_MAX 64

struct analysis;
struct call;
/* What a call of a known function gives. */
typedef uint32_t intrinsic_fn(struct analysis *an, const struct call *c);

/* What an intrinsic gives at best. */
enum gives { GIVES_NAME, GIVES_SAME, GIVES_WAY, GIVES_LIST, GIVES_TEXT };

struct known {
    struct interest tree;
    const struct interest *interest; /* of the rules; NULL: none */
    size_t own;                      /* rows of the tree that are the language's */
    intrinsic_fn **intrinsics;       /* of each node; NULL: nothing is known of its result */
    uint8_t *gives;                  /* of each node with an intrinsic: enum gives */
    bool *parents;                   /* of each node: it has children */
    const char **constants;          /* of each node: the string that it is, or NULL */
    uint32_t exec, eval, setattr, compile, partial, partialmethod;      /* nodes */
    uint32_t builtins, sys_modules, path_class, str_class, bytes_class; /* nodes */
    uint32_t atoms_n;    /* the tables below have so many */
    uint32_t *builtin;   /* of each atom: the node of the built-in name, or 0 */
    uint32_t *root;      /* ... of a module that is the same wherever it is found */
    uint32_t *leaf;      /* ... of a name that is of interest in whatever it is found */
    bool *plain_builtin; /* ... whether it is any built-in function */
};

/* NULL before python_warm(). */
const struct known *py_known(void);

/* Whether the artifact has a module of its own under the name of this one. */
bool known_is_own(const struct scan *s, const struct known *k, uint32_t node) NONNULL;
/* Whether one of those is in a package of this name at the top of the artifact. */
bool known_is_own_package(const struct scan *s, struct span name) NONNULL;
/* The row of interest of a node, or NULL. */
const struct interest_row *known_row(const struct known *k, uint32_t node) NONNULL;
/* The row of an attribute that is of interest on whatever it is found, or NULL. */
const struct interest_row *known_member(const struct known *k, uint32_t atom) NONNULL;
/* Whether importing the module is of interest, by itself or by a module above it: its row. */
const struct interest_row *known_import(const struct known *k, uint32_t node) NONNULL;
/* "os.system"; written to text. */
struct span known_name(const struct known *k, uint32_t node, char *text, size_t size) NONNULL;
/* The child of a node whose name is that of an atom, or 0. */
uint32_t known_child(const struct known *k, uint32_t node, uint32_t atom) NONNULL;

#endif
