/*
 * The outlines of a package's modules, linked: what graph.h's parts share. Functions have one
 * number in the whole package, and so have classes.
 */
#ifndef PRATIQUE_FORMAT_PACKAGE_LINKED_H
#define PRATIQUE_FORMAT_PACKAGE_LINKED_H

#include "format/package/graph.h"
#include "format/python/outline.h"

/* Parts of a dotted name, as a tree: node 0 is above all. */
struct name_node {
    uint32_t parent, hash;
    struct span part;
    uint32_t modules; /* 1 + the first of them; others by same_name; 0: a folder alone */
};

enum module_role {
    MODULE_ORDINARY,
    MODULE_SCRIPT, /* run by name, never imported: *.data/scripts/ */
    MODULE_MAIN,   /* __main__.py */
    MODULE_PTH,
    MODULE_SETUP,  /* setup.py */
    MODULE_ASIDE,  /* tests, documents: there, but no part of what is imported */
    MODULE_SOURCE, /* no module: a notebook, a template */
};

struct linked {
    struct package_module *m;
    const struct py_outline *o;
    uint8_t role;             /* enum module_role */
    uint8_t beside;           /* 1: it finds modules beside it; 2: it does not; 0: not asked yet */
    uint32_t node;            /* its name */
    uint32_t same_name;       /* 1 + the next module of it */
    uint32_t folder;          /* the name of what it lies in */
    uint32_t func, klass;     /* the first of its functions and classes */
    uint32_t *asked;          /* of each path: ASKED, or 2 + the place of its answer, or 0 */
    uint32_t *slots, slots_n; /* names, by owner and hash; made when first needed */
};

enum entity_kind {
    E_NONE,
    E_SPACE,    /* index: a name_node: a module, a package, a folder of them */
    E_FUNC,     /* module, index */
    E_READS,    /* a function that is called when its name is read */
    E_CLASS,    /* module, index */
    E_INSTANCE, /* of a class */
    E_SUPER,    /* what stands above a class */
};

struct entity {
    uint8_t kind;
    uint32_t module, index;
};

#define ENTITIES_MAX 6

struct entities {
    struct entity list[ENTITIES_MAX];
    uint32_t n;
};

/* A function that has been reached. */
struct reached {
    uint32_t parent; /* the function that calls it, or itself: running begins there */
    uint32_t line;   /* ... at this line of its file */
    uint8_t phase;   /* 1 + bit of PKG_ON_START; 0: not reached */
    bool sure;
};

/* A class below another. */
struct below {
    uint32_t klass, next;
};

struct graph {
    struct scan *s;
    struct package *p;
    struct arena *arena;
    struct linked *modules;
    uint32_t modules_n;
    struct name_node *nodes;
    uint32_t nodes_n, nodes_size;
    uint32_t *node_slots, node_slots_n;
    struct entity *answers; /* number of entities in index, then they */
    uint32_t answers_n, answers_size;
    uint32_t *path_slots, path_slots_n; /* modules by the path of their member: 1 + module */
    uint32_t *inits, inits_n;           /* hashes of folders with __init__.py */
    uint32_t funcs_n, classes_n;
    uint32_t *func_module; /* of each function */
    uint32_t *class_module;
    uint32_t *class_funcs; /* of each class: 1 + one of its functions; then by func_next */
    uint32_t *func_next;
    uint32_t *class_seen, queries; /* of each class: the last query that came by */
    uint32_t *below;               /* of each class: a place in belows, or 0 */
    struct below *belows;
    uint32_t belows_n, belows_size;
    struct reached *reached; /* of each function */
    uint8_t *does;           /* of each function: enum graph_does */
    uint8_t *reaches;        /* the same with all that it calls; NULL: not found out yet */
    uint64_t steps;          /* left */
    bool full;               /* not all could be linked */
    bool told_twice;         /* two modules of one name */
};

/* One step more; false (and full) when none is left. */
static inline bool graph_step(struct graph *g)
{
    if (g->steps == 0) {
        g->full = true;
        return false;
    }
    g->steps--;
    return true;
}

/* Room for one more in a list that grows in the arena. */
bool graph_room(struct graph *g, void **list, uint32_t n, uint32_t *size, size_t item) NONNULL;

/* ---- graph_name.c ---- */
/* Names all modules; false without memory. */
bool graph_name_modules(struct graph *g) NONNULL;
/* The node of a part below another, or UINT32_MAX. */
uint32_t graph_node(const struct graph *g, uint32_t parent, struct span part,
                    uint32_t hash) NONNULL;
/* ... of a dotted name. */
uint32_t graph_named(const struct graph *g, uint32_t from, struct span name) NONNULL;
/* The module whose member has this path: 1 + index, or 0. */
uint32_t graph_by_path(const struct graph *g, struct span path) NONNULL;

/* ---- graph_link.c ---- */
/* What a path of a module leads to. */
void graph_resolve(struct graph *g, uint32_t module, uint32_t path, unsigned depth,
                   struct entities *out) NONNULL;
/* What an entity's attribute is. */
void graph_attribute(struct graph *g, struct entity of, struct span name, uint32_t hash,
                     unsigned depth, struct entities *out) NONNULL;
/* A method of a class, or of those above it; above: of those alone. */
void graph_member(struct graph *g, uint32_t module, uint32_t klass, struct span name, uint32_t hash,
                  bool above, unsigned depth, struct entities *out) NONNULL;
/* Notes which class stands below which. */
void graph_order_classes(struct graph *g) NONNULL;

/* ---- graph_edge.c ---- */
/* What one function calls: each by f(). line: where. */
typedef void graph_target_fn(struct graph *g, uint32_t from, uint32_t to, uint32_t line, bool sure,
                             void *arg);
void graph_targets(struct graph *g, uint32_t func, graph_target_fn *f, void *arg)
    __attribute__((nonnull(1, 3)));
/* The functions that calling an entity calls; at most max. */
uint32_t graph_called(struct graph *g, struct entity e, uint32_t *out, uint32_t max) NONNULL;

/* ---- graph_root.c, graph_build.c, graph_walk.c ---- */
/* What begins to run by itself, in a phase: 0 on start, 1 on import, 2 on installation. */
#define GRAPH_PHASES 3
struct root {
    uint32_t func, phase;
};
struct roots {
    struct root *list;
    uint32_t n, size;
};
enum phase { ON_START, ON_IMPORT, ON_INSTALL };
/* All of these are false without memory. */
bool graph_roots(struct graph *g, struct roots *roots) NONNULL;
bool graph_add_root(struct graph *g, struct roots *r, uint32_t func, enum phase phase) NONNULL;
/* The functions and methods of a module that are called by these names. */
bool graph_add_named(struct graph *g, struct roots *r, uint32_t module, const char *const *names,
                     size_t n, bool methods) NONNULL;
/* The body and, as it is the program, what stands below if __name__ == "__main__". */
bool graph_add_program(struct graph *g, struct roots *r, uint32_t module) NONNULL;
/* Without blanks before and behind it. */
struct span graph_trimmed(struct span s);
/* What pyproject.toml and setup.cfg name, of an sdist. */
bool graph_build_roots(struct graph *g, struct roots *r) NONNULL;
void graph_walk(struct graph *g, const struct roots *roots) NONNULL;

/* ---- graph_tell.c ---- */
void graph_find_uses(struct graph *g) NONNULL; /* sets does */
void graph_tell_facts(struct graph *g) NONNULL;

static inline const struct py_func *graph_func(const struct graph *g, uint32_t func)
{
    const struct linked *l = &g->modules[g->func_module[func]];

    return &l->o->funcs[func - l->func];
}

/* The function at a module's byte; GRAPH_BODY: its body. */
uint32_t graph_func_at(const struct graph *g, const struct package_module *m, uint32_t off,
                       bool *found) NONNULL;

#endif
