/*
 * An outline under way. Private to python/.
 *
 *   outline.c       functions, classes, names; from the analysis to the package's arena
 *   outline_path.c  paths: what an expression leads to
 *   outline_edge.c  edges: from node to node as the facts are told (report.c)
 */
#ifndef PRATIQUE_FORMAT_PYTHON_OUTLINER_H
#define PRATIQUE_FORMAT_PYTHON_OUTLINER_H

#include "format/package/package.h"
#include "format/python/analysis.h"
#include "format/python/outline.h"

/* What an expression may lead to. */
#define TARGETS_MAX 6

struct targets {
    uint32_t list[TARGETS_MAX];
    uint32_t n;
    uint8_t guess; /* a bit for each that is told by a name alone, or is one of several */
};

static inline bool is_guess(const struct targets *t, uint32_t i)
{
    return t->guess >> i & 1;
}

enum hand_kind {
    HAND_NONE,
    HAND_HANDS,
    HAND_MAY,
    HAND_OBJECT,
    HAND_ASSIGNED,
    HAND_IMPORTS,
    HAND_RUNS,
    HAND_FILE,
    HAND_CODE,
    HAND_COMMAND,
    HAND_GIVES,
    HAND_FETCHES,
    HAND_PREFIX, /* a name of the table is a call of this, and something of what that gives */
};

enum hand_gives {
    GIVES_ARGUMENT,
    GIVES_SECOND,
    GIVES_ATTRIBUTE,
    GIVES_CLASS,
    GIVES_ABOVE,
    GIVES_OWN,
};

/* The place of arguments that are all handed on. */
#define ALL 99

/* A row of hands_on.def. */
struct hand {
    const char *name;
    uint8_t kind;
    uint8_t place; /* or enum hand_gives */
    const char *key;
};

/* A path that is being made: see struct py_path. */
struct path {
    uint8_t kind;
    bool foreign; /* below a package that is none of the artifact's */
    uint32_t parent, index;
    uint32_t atom;
    uint32_t text;           /* hash of the whole name, of ABSOLUTE, ATTRIBUTE and CALL; or 0 */
    uint32_t kept;           /* its place in the outline, or 0 */
    const struct hand *hand; /* its row of hands_on.def, or NULL */
};

/* ns.attr = value, of a name that is no object of ours: what ns.attr is from then on. */
struct set_attribute {
    uint32_t symbol, atom, path;
};

/* Those that are kept. */
#define SETS_MAX 64

struct outliner {
    struct analysis *an;
    struct package_module *module;
    struct arena *arena; /* the package's */
    LIST_OF(struct py_func) funcs;
    LIST_OF(struct py_class) classes;
    LIST_OF(uint32_t) bases;
    LIST_OF(struct path) paths;
    LIST_OF(struct py_name) names;
    LIST_OF(struct py_edge) edges;
    LIST_OF(struct py_use) uses;
    LIST_OF(uint32_t) stars;
    LIST_OF(struct set_attribute) sets;
    LIST_OF(uint32_t) targets; /* sets that are kept: their number, then paths */
    uint32_t *path_slots, path_slots_n;
    uint32_t *class_scopes; /* of each class */
    uint32_t *scopes;       /* of each scope: its function, or its class */
    uint32_t *symbols;      /* of each symbol: where in targets its set is, or 0; or BEING_ASKED */
    uint32_t scopes_n, symbols_n;
    uint32_t builtins; /* the path of that module */
    uint32_t place;    /* of the last py_outline_at() */
    uint32_t node;     /* while code in a constant is analysed: where it stands */
    uint32_t depth;    /* of expressions */
    uint64_t steps;    /* left */
    bool has_property; /* reading an attribute may be a call */
    uint32_t cmdclass; /* the atom of that word, or 0: the source does not have it */
    bool has_get;      /* a descriptor may be among its classes */
    bool cut, failed;  /* failed: memory */
};

#define OUTLINE_ADD(o, l) grow((o)->an, (void **)&(l).list, (l).n, &(l).size, sizeof *(l).list)

static inline uint32_t outline_line(const struct outliner *o, uint32_t off)
{
    return py_line(o->an->tree, off) + o->an->line - 1;
}

/* ---- outline_path.c ---- */
/* A path, made where there is none yet; 0 without room, or below 0. */
uint32_t path_child(struct outliner *o, uint32_t parent, enum py_path_kind kind,
                    uint32_t atom) NONNULL;
uint32_t path_index(struct outliner *o, enum py_path_kind kind, uint32_t index) NONNULL;
/* The child called by a word of ours. */
uint32_t path_word(struct outliner *o, uint32_t parent, const char *word) NONNULL;
/* "a.b.c"; with dots before it relative to the module. */
uint32_t path_text(struct outliner *o, struct span name, uint32_t level) NONNULL;
/* What an import statement names: of "from a.b" all parts. */
uint32_t path_import(struct outliner *o, struct analysis *an, uint32_t names, uint32_t parts,
                     uint32_t level) NONNULL;
static inline bool path_is_foreign(const struct outliner *o, uint32_t path)
{
    return o->paths.list[path].foreign;
}
/* The row of hands_on.def for a path, or NULL. */
static inline const struct hand *path_hand(const struct outliner *o, uint32_t path)
{
    return o->paths.list[path].hand;
}
/* ... for a method's name, of which this is the py_hash(): ".submit". */
const struct hand *method_hand(uint32_t hash);
/* What an expression of the source, or of code in a constant, leads to. */
void targets_of(struct outliner *o, struct analysis *an, uint32_t node,
                struct targets *out) NONNULL;
void targets_of_value(struct outliner *o, const struct analysis *an, val v,
                      struct targets *out) NONNULL;
void targets_of_symbol(struct outliner *o, struct analysis *an, uint32_t symbol,
                       struct targets *out) NONNULL;
/* Whether an expression is a call of another library, of which nothing is known. */
bool is_others_call(struct outliner *o, struct analysis *an, uint32_t node) NONNULL;
/* An argument of a call: its node, or 0. */
uint32_t argument_of(const struct analysis *an, uint32_t call, uint32_t place, const char *key)
    __attribute__((nonnull(1)));
/* The modules that a text names, as import_module() does; to is their path. */
void targets_of_names(struct outliner *o, struct analysis *an, uint32_t node,
                      struct targets *out) NONNULL;

/* ---- outline_edge.c ---- */
uint32_t func_at(struct outliner *o, uint32_t off) NONNULL;
/* Whether a node of a kind calls, imports or defines something. */
extern const bool outline_wants[PY_KINDS];
/* What a node of the source calls, once it was told: nodes come in their order. */
void outline_node(struct outliner *o, uint32_t node) NONNULL;
void edges_of_constant(struct outliner *o, struct analysis *inner) NONNULL;

/* ---- outline.c ---- */
/* A name of the module (owner 0) or of one of its classes leads to a path. */
void outline_name(struct outliner *o, uint32_t owner, uint32_t atom, uint32_t path) NONNULL;
/* Begins the outline of a module that is bound; an->outline stays NULL without a package. */
void outline_begin(struct analysis *an) NONNULL;
/* Of code in a constant: what it calls. */
void outline_constant(struct analysis *an) NONNULL;
/* Everything is told: the outline is made, and handed to the module. */
void outline_end(struct analysis *an) NONNULL;

#endif
