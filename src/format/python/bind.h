/*
 * What the parts of binding share: symbols and scopes (symbol.c), expressions (bind_expr.c),
 * statements (bind.c). Private to python/.
 */
#ifndef PRATIQUE_FORMAT_PYTHON_BIND_H
#define PRATIQUE_FORMAT_PYTHON_BIND_H

#include "format/python/analysis.h"

/* Fields of nodes that are free for us: see ast.def. */
#define SYMBOL(n) ((n)->a) /* of N_NAME */
#define CHAIN(n)  ((n)->b) /* of N_NAME, N_RETURN, N_YIELD, N_YIELD_FROM */

static inline struct py_node *node_at(struct analysis *an, uint32_t node)
{
    return &an->tree->nodes[node];
}

/* ---- symbol.c ---- */
/* The symbol of a name in a scope, made where there is none; 0 without memory. */
uint32_t symbol_in(struct analysis *an, uint32_t scope, uint32_t atom) NONNULL;
/* A binding that belongs to no symbol yet; 0 without memory. */
uint32_t binding_new(struct analysis *an, enum binding_kind kind, uint32_t node, uint32_t of,
                     uint32_t off) NONNULL;
/* The last of the symbol's bindings. */
void symbol_attach(struct analysis *an, uint32_t symbol, uint32_t binding) NONNULL;
/* A comprehension's own variables stay in it. */
uint32_t symbol_home(struct analysis *an, uint32_t atom, bool inner) NONNULL;
/* What belongs to a whole: an item, an element; 0 where there is no whole. */
uint32_t binding_part(struct analysis *an, enum binding_kind kind, uint32_t place, uint32_t whole,
                      uint32_t off) NONNULL;
/* An attribute that is set, on whatever: a field of that name. */
void bind_field(struct analysis *an, uint32_t atom, uint32_t binding) NONNULL;
/* In a class a name is an attribute of its instances as well. */
void bind_class_field(struct analysis *an, uint32_t scope, uint32_t atom, uint32_t binding) NONNULL;
/* Binds a name where it takes effect. */
void bind_atom(struct analysis *an, uint32_t atom, uint32_t binding) NONNULL;
/* Steps into a scope; gives the one that scope_close() goes back to. */
uint32_t scope_open(struct analysis *an, enum scope_kind kind, uint32_t node) NONNULL;
void scope_close(struct analysis *an, uint32_t up) NONNULL;
/* A name's use is its scope's, or goes on to the next one that a name in there can see. */
void scope_settle(struct analysis *an, uint32_t scope) NONNULL;

/* ---- bind_expr.c ---- */
/* An expression, with marks for what stands there. */
void bind_expr(struct analysis *an, uint32_t node, unsigned marks) NONNULL;
/* What is assigned to, bound by a binding (0: not known). inner: a comprehension's own. */
void bind_target(struct analysis *an, uint32_t node, uint32_t binding, bool inner) NONNULL;
void bind_name(struct analysis *an, uint32_t node, uint32_t binding, bool inner) NONNULL;
void bind_list(struct analysis *an, uint32_t first, unsigned marks) NONNULL;
/* Parameters, bound in the scope of their function. */
uint32_t bind_args(struct analysis *an, uint32_t first, uint32_t scope) NONNULL;
/* Their annotations and defaults, in the scope around it. */
void bind_defaults(struct analysis *an, uint32_t first) NONNULL;
/* globals() and its kin, as far as the name tells. */
bool bind_is_namespace(struct analysis *an, uint32_t node) NONNULL;

#endif
