/*
 * An outline of one source, for what looks at a whole package: its functions and classes,
 * what each of them calls, and what names of it others may ask for. What lies in other
 * modules is a path ("..pkg.Client().fetch"), which only the package can follow
 * (format/package/graph.h). Made along with the facts, where there is a package.
 */
#ifndef PRATIQUE_FORMAT_PYTHON_OUTLINE_H
#define PRATIQUE_FORMAT_PYTHON_OUTLINE_H

#include "base/compiler.h"
#include "input/span.h"

/* Index 0 of each list is none, but for functions: that is the module's body. */

enum py_func_kind {
    PY_FUNC_BODY,
    PY_FUNC_DEF,
    PY_FUNC_LAMBDA,
    PY_FUNC_MAIN,  /* what stands below: if __name__ == "__main__" */
    PY_FUNC_NEVER, /* ... below: if TYPE_CHECKING */
};

/* In the order of their text; class bodies are part of what they stand in. */
struct py_func {
    uint8_t kind;
    uint8_t calls_args; /* a bit for each of the first 8 parameters: it is called in there */
    bool is_property, is_decorated;
    uint32_t off, body, end; /* bytes of the text; what stands before body is evaluated outside */
    uint32_t line, last;
    uint32_t klass; /* its class, or 0 */
    uint32_t outer; /* the function it stands in */
    uint32_t first_edge, edges_n;
    uint32_t gives[2]; /* paths: what it returns */
    struct span name;  /* dotted: "Class.method" */
};

struct py_class {
    struct span name;
    uint32_t first_base, bases_n; /* of bases: paths */
    uint32_t meta;                /* path of its metaclass, or 0 */
};

/*
 * Where a name leads. A path's parent stands before it. "a.b().c": ABSOLUTE, ATTRIBUTE a,
 * ATTRIBUTE b, CALL, ATTRIBUTE c.
 */
enum py_path_kind {
    PY_PATH_NONE,
    PY_PATH_ABSOLUTE,  /* above every module */
    PY_PATH_RELATIVE,  /* index: the number of dots */
    PY_PATH_OWN,       /* this module */
    PY_PATH_FUNC,      /* index: one of its functions */
    PY_PATH_CLASS,     /* index: one of its classes */
    PY_PATH_ATTRIBUTE, /* name */
    PY_PATH_CALL,      /* what calling it gives: of a class, an instance */
    PY_PATH_SUPER,     /* of a class: the classes above it */
};

struct py_path {
    uint8_t kind;
    uint32_t parent, index;
    uint32_t hash; /* py_hash() of name */
    struct span name;
};

/* Names of the module (owner 0), and of a class (its index): what is set on its instances too. */
struct py_name {
    uint32_t owner, hash, path;
    struct span name;
};

enum py_edge_kind {
    PY_EDGE_CALL,   /* path is called; a class is made an instance of */
    PY_EDGE_HANDED, /* a function at path may be called by whom it was handed to */
    PY_EDGE_ARG,    /* ... is argument number arg of the call before it that is no PY_EDGE_ARG */
    PY_EDGE_READ,   /* an attribute is read: a property, or a module's __getattr__ */
    PY_EDGE_IMPORT, /* the module at path is imported, and those above it */
    PY_EDGE_RUN,    /* ... and its "__main__" part run as well */
    PY_EDGE_DEFINE, /* a class is defined */
    PY_EDGE_OBJECT, /* all methods of an object may be called */
    PY_EDGE_FILE,   /* path: a name, of a file that is run */
};

/* arg of what is given by a keyword, or far behind. */
#define PY_ARG_BY_KEYWORD 255
/* ... of a PY_EDGE_CALL that an operator or a statement makes: of an instance's class alone. */
#define PY_ARG_IMPLIED 254

struct py_edge {
    uint32_t from; /* function */
    uint32_t line;
    uint32_t path;
    uint8_t kind; /* enum py_edge_kind */
    uint8_t arg;
    bool guess; /* told by a name alone */
};

/* A call of what asks the network. */
struct py_use {
    uint32_t from; /* function */
    uint32_t off, end;
    uint32_t line, last;
    struct span name; /* "requests.Session().get" */
};

struct py_outline {
    uint64_t offset; /* of the text in the file, or PRATIQUE_NO_OFFSET */
    bool cut;        /* too much to follow */
    const struct py_func *funcs;
    const struct py_class *classes;
    const uint32_t *bases;
    const struct py_path *paths;
    const struct py_name *names;
    const struct py_edge *edges; /* by function */
    const struct py_use *uses;
    const uint32_t *stars; /* paths: from PATH import * */
    uint32_t funcs_n, classes_n, bases_n, paths_n, names_n, edges_n, uses_n, stars_n;
};

/* The innermost function around a byte of the text. */
uint32_t py_outline_at(const struct py_func *funcs, uint32_t n, uint32_t off) NONNULL;

#endif
