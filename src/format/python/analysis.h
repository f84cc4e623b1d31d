/*
 * From tree to facts: what each name means, as far as that can be known without
 * running anything. Private to python/.
 *
 *   bind.c     scopes and what is bound in them: one walk over the tree (symbol.c, bind_expr.c)
 *   names.c    what a name may be
 *   bound.c    what a binding gives it
 *   eval.c     what an expression may be: values
 *   access.c   attributes and subscripts of values
 *   call.c     calls: of the source's own functions, and of those in intrinsics.def
 *   intrinsics.c, methods.c  what the language's own functions and methods give
 *   fold.c     strings, bytes, numbers
 *   report.c   facts (tell.c)
 *   loose.c    facts about modules that are handed on to where nobody can follow them
 *   analysis.c the whole, from tables to facts
 *
 * The analysis does not follow the order of execution: a name may be whatever it is bound
 * to anywhere in its scope. What it cannot know is VAL_NONE, which is most things.
 */
#ifndef PRATIQUE_FORMAT_PYTHON_ANALYSIS_H
#define PRATIQUE_FORMAT_PYTHON_ANALYSIS_H

#include "format/python/known.h"
#include "format/python/parse.h"

/* Marks on nodes, above the parser's own flags. */
enum mark {
    MARK_REACHED = 1 << 0, /* a name, attribute, call, subscript or import that is in use */
    MARK_CALLEE = 1 << 10, /* the function of a call: told with the call */
    MARK_STORE = 1 << 11,  /* a target, not a value */
    MARK_NOTE = 1 << 12,   /* within an annotation */
    MARK_TYPE = 1 << 13,   /* where a class only stands for a type: isinstance, except */
    MARK_HANDED = 1 << 14, /* an argument, an element, a result */
    MARK_BASE = 1 << 15,   /* what an attribute is taken from: told with the attribute */
};
/* In op of a name, an attribute or a call: it decorates, or makes classes. */
#define OP_DECORATES 1
/* In op of a name: it is given to getattr(), hasattr() or their kin. */
#define OP_LOOKED_AT 2
/* In op of a call: it calls its first argument with the others, now or later. */
#define OP_HANDS_ON 3
/* In op of a call: it calls its first argument with each element of the second. */
#define OP_MAPS 4
/* In op of an N_ALIAS: what it imports is an attribute of a class, under whatever name. */
#define OP_IN_CLASS 5

/*
 * What an expression may be. Below the number of known names it is one of them; else
 * the place of a struct value.
 */
typedef uint32_t val;
#define VAL_NONE 0u

enum value_kind {
    V_GUESS, /* a: a known name, not for certain; b: for its last part alone */
    V_STR,   /* text; partial: more may follow */
    V_BYTES,
    V_INT,        /* number */
    V_CONST,      /* a: N_NONE, N_TRUE or N_FALSE */
    V_SEQ,        /* list: elements; partial: there may be others */
    V_DICT,       /* list: key, value, key, value; partial */
    V_FUNC,       /* a: its scope */
    V_CLASS,      /* a: its scope; an instance of it as well */
    V_PATH,       /* a: a string value, or VAL_NONE: a pathlib path */
    V_SPACE,      /* a: a known module; its dictionary */
    V_GLOBALS,    /* the dictionary of this source's own names */
    V_ANY_SPACE,  /* the dictionary of a module that is not known */
    V_ANY_MODULE, /* a module that is not known, or something of it; partial: of this
                     artifact; a: for certain, and known there; b: looked up by a name that is not
                     known: 1, and in a known module: 2 */
    V_BUILTIN,    /* a built-in function that is of no interest itself */
    V_PARTIAL,    /* a: callable; b: the call that made it */
    V_BOUND,      /* a: a known function; b: its first argument, a value */
    V_METHOD,     /* a: atom; b: the value it belongs to */
    V_GETTER,     /* a: names, a value; attrgetter, or with b: methodcaller */
    V_OBJECT,     /* a: a known class; an instance of it */
    V_OTHER,      /* in a union: or something else */
    V_UNION,      /* list */
};

struct value {
    uint8_t kind;
    bool partial;
    /*
     * Text or a number that was computed: what it names is meant, but that it names
     * nothing of interest proves nothing. A list may have been changed by then, one of
     * several values was taken, a method was told apart from CPython's own.
     */
    bool doubt;
    uint32_t n;    /* of list */
    uint32_t a, b; /* of a doubtful text, a: so much of its beginning is certain */
    union {
        struct span text;
        int64_t number;
        const val *list;
    };
};

enum binding_kind {
    B_NOTHING,  /* not known */
    B_VALUE,    /* node: expr */
    B_SAME,     /* of: the same value */
    B_ITEM,     /* node: place; of: the whole */
    B_EACH,     /* of: what is iterated */
    B_PART,     /* of: any part of it */
    B_REST,     /* of: a list of its parts */
    B_STORED,   /* of: it was put into this, with whatever key */
    B_SPREAD,   /* node: expr; any part of it */
    B_AUG,      /* node: N_AUGASSIGN */
    B_IMPORT,   /* node: N_ALIAS; of: 1 when the last part is bound */
    B_FROM,     /* node: N_ALIAS; of: N_IMPORT_FROM */
    B_FUNC,     /* of: scope */
    B_PROPERTY, /* of: scope, which is called to read it */
    B_CLASS,    /* of: scope */
    B_ARG,      /* node: N_ARG; of: scope */
    B_ENTER,    /* of: with ... as */
    B_MEMBER,   /* node: N_PATTERN_KEYWORD; of: what is matched */
    B_DELETED,
};

struct binding {
    uint8_t kind;
    bool conditional; /* in a branch that need not be taken */
    uint32_t node, of;
    uint32_t off;   /* behind which it holds */
    uint32_t until; /* of a conditional one: up to where it holds for certain */
    uint32_t fork;  /* N_IF or N_TRY that it stands in, and in no other; or 0 */
    uint32_t arm;   /* which of its blocks */
    uint32_t loop;  /* N_FOR around it, in the same function, or 0 */
    uint32_t next;  /* of the same symbol */
};

struct symbol {
    uint32_t atom, scope;
    uint32_t first, last; /* bindings */
    val value[2];         /* without constants, and with them */
    uint8_t state[2];     /* 0: not asked yet; 1: being found out; 2: value is there */
};

enum scope_kind { S_MODULE, S_FUNCTION, S_CLASS, S_LAMBDA, S_COMPREHENSION };

struct scope {
    uint8_t kind;
    bool is_static;   /* a method without self */
    uint8_t state[2]; /* of result, as in symbol */
    uint32_t node, parent;
    uint32_t off, end;
    uint32_t uses;    /* chain of N_NAME by b, while binding */
    uint32_t returns; /* chain of N_RETURN by b */
    uint32_t yields;  /* chain of N_YIELD and N_YIELD_FROM by b */
    val value;        /* that is this function or class, or VAL_NONE: not asked for yet */
    uint32_t name;    /* atom by which it is called, or 0 */
    uint32_t call;    /* of a lambda that is called where it stands */
    uint32_t globals; /* chain of N_NAME by b: declared global or nonlocal */
    val result[2];    /* of a call, whatever the arguments */
};

/* Names that have values only here: a comprehension's variable, a called function's parameter. */
struct env {
    const struct env *up;
    uint32_t symbol;
    val value;
    uint32_t scope; /* whose other names depend on it */
};

/* What is handed on as a value, and may come back as anything: see loose.c. */
struct loose {
    uint32_t modules[KNOWN_MODULES_MAX], modules_n;
    uint32_t opener; /* known name: open(), or another that opens the path it is given */
    uint32_t getter; /* node: getattr() itself */
    bool any_module; /* import_module(), or all of sys.modules */
    bool renamed;    /* something is put into sys.modules */
    bool names;      /* globals() or locals(): all that is imported */
    uint32_t imported[KNOWN_MODULES_MAX], imported_n;
};
/* Kinds that have few different values: their number of those. */
#define PLAIN_VALUES 64

/* Values in one piece of memory. */
#define VALUES_PIECE 128u

/* Expressions within expressions, and calls within calls, followed so far. */
#define DEPTH_MAX 400
/* Turns of a comprehension, or of map(). */
#define TURNS_MAX 4096

#define LIST_OF(type)                                                                              \
    struct {                                                                                       \
        type *list;                                                                                \
        uint32_t n, size;                                                                          \
    }

struct analysis {
    struct scan *s;
    struct py_tree *tree;
    const struct known *known;
    struct arena arena;           /* of values */
    const struct analysis *outer; /* of code in a constant */
    uint32_t line;                /* of the text's first line in the file */
    uint64_t offset;              /* of the text in the file, or PRATIQUE_NO_OFFSET */
    uint32_t atoms_n;             /* room in the tables: there may be more atoms by now */
    uint32_t nodes_n;             /* of the parser; behind them are ours */
    uint32_t told;                /* facts added */
    uint32_t nesting;             /* code in code */
    uint64_t fuel;                /* steps left; at 0 nothing more is found out */
    /*
     * Turns of loops and calls with known arguments are followed apart: beyond their bound
     * they are not known, as much else is, and that is no fault of the source.
     */
    uint64_t turns_left, turns_in_all;
    bool turning;
    bool exhausted;
    bool failed; /* memory */
    /*
     * Text and numbers are found out only where they are asked for (eval_full()): most of
     * a source is nothing else. Else constants are VAL_NONE.
     */
    bool full;
    val *full_memo; /* of each node: its full value + 1; made when first needed */
    uint32_t full_memo_n;
    uint32_t depth;                 /* of evaluation */
    LIST_OF(struct value *) values; /* in pieces, so that none ever moves */
    uint32_t values_n;
    LIST_OF(struct binding) bindings;
    LIST_OF(struct symbol) symbols;
    LIST_OF(struct scope) scopes;
    LIST_OF(uint32_t) stars; /* N_IMPORT_FROM with * */
    val plain[PLAIN_VALUES]; /* those without text, each once: see value_plain() */
    uint32_t *symbol_slots, symbol_slots_n;
    uint32_t *fields;   /* of each atom: the symbol of attributes so called, or 0 */
    uint32_t *calls;    /* of each atom: chain of N_CALL by atom, of what is called so */
    uint32_t scope;     /* while binding */
    uint32_t until;     /* while binding: the end of the branch that we stand in */
    uint32_t loop;      /* while binding: N_FOR around */
    uint32_t fork, arm; /* while binding: as in binding */
    bool unbinds;       /* names of the module are removed by other means than del */
    uint32_t branches;  /* while binding: how many conditions we stand behind */
    uint32_t fake_call, fake_arg, empty_call; /* nodes of calls that stand nowhere */
    struct loose loose;
    struct fact place;             /* of code in a constant: where its findings are told */
    struct package_module *module; /* of a package; NULL: none, or code in a constant */
    struct outliner *outline;      /* outliner.h; NULL: none is made */
};

/* Room for one more; false (and an->failed) without memory. */
bool grow(struct analysis *an, void **list, uint32_t n, uint32_t *size, size_t item) NONNULL;
#define GROW(an, l) grow(an, (void **)&(l).list, (l).n, &(l).size, sizeof *(l).list)

/* ---- bind.c ---- */
void bind_module(struct analysis *an) NONNULL;
/* Whether one of a function's decorators is called a or b. */
bool has_decorator(const struct analysis *an, uint32_t function, uint32_t a, uint32_t b) NONNULL;
/* The symbol of a name in a scope, or 0. */
uint32_t symbol_find(const struct analysis *an, uint32_t scope, uint32_t atom) NONNULL;

/* ---- value.c ---- */
static inline bool is_known(const struct analysis *an, val v)
{
    return v && v < an->known->tree.nodes_n;
}
/* The struct of a value that is neither VAL_NONE nor a known name; NULL otherwise. */
static inline const struct value *value_of(const struct analysis *an, val v)
{
    uint32_t i = v - an->known->tree.nodes_n;

    return v < an->known->tree.nodes_n ? NULL
                                       : &an->values.list[i / VALUES_PIECE][i % VALUES_PIECE];
}
static inline bool is_kind(const struct analysis *an, val v, enum value_kind kind)
{
    const struct value *x = value_of(an, v);

    return x && x->kind == kind;
}
val value_new(struct analysis *an, struct value x) NONNULL;
/* A value of a and b alone, both small: the same each time it is asked for. */
val value_plain(struct analysis *an, enum value_kind kind, unsigned a, unsigned b,
                bool partial) NONNULL;
val value_text(struct analysis *an, enum value_kind kind, struct span text, bool partial) NONNULL;
val value_int(struct analysis *an, int64_t i) NONNULL;
val value_const(struct analysis *an, enum py_kind which) NONNULL;
/* Copies n values. */
val value_list(struct analysis *an, enum value_kind kind, const val *list, uint32_t n, bool partial)
    __attribute__((nonnull(1)));
/* Either of them. */
val value_join(struct analysis *an, val a, val b) NONNULL;
/* How many values v may be (0 for VAL_NONE), and the i-th. */
static inline uint32_t value_count(const struct analysis *an, val v)
{
    const struct value *x = value_of(an, v);

    return v == VAL_NONE ? 0 : x && x->kind == V_UNION ? x->n : 1;
}
static inline val value_at(const struct analysis *an, val v, uint32_t i)
{
    const struct value *x = value_of(an, v);

    return x && x->kind == V_UNION ? x->list[i] : v;
}
/* The one string (bytes) that v is; false when it is none or only begins so. */
bool value_is_text(const struct analysis *an, val v, struct span *out) NONNULL;
bool value_is_int(const struct analysis *an, val v, int64_t *out) NONNULL;
/* The known name of V_GUESS too; 0 for anything else. */
static inline uint32_t value_name(const struct analysis *an, val v)
{
    const struct value *x = value_of(an, v);

    return !x ? v : x->kind == V_GUESS ? x->a : 0;
}
/* 1: true, 0: false, -1: not known. */
int value_truth(const struct analysis *an, val v) NONNULL;
/* The same, computed (struct value, doubt); and whether any that v may be is. */
val value_doubt(struct analysis *an, val v) NONNULL;
/* The same for a text v that begins with the text head, of which there is no doubt. */
val value_doubt_behind(struct analysis *an, val v, val head) NONNULL;
bool value_is_doubtful(const struct analysis *an, val v) NONNULL;
/* Any part of a sequence or a dictionary's values. */
val value_part(struct analysis *an, val v) NONNULL;
/* Bytes that live as long as the analysis; NULL without memory. */
uint8_t *value_bytes(struct analysis *an, size_t n) NONNULL;

/* ---- eval.c ---- */
val eval(struct analysis *an, uint32_t node, const struct env *env) __attribute__((nonnull(1)));
/* The same with text and numbers. */
val eval_full(struct analysis *an, uint32_t node, const struct env *env)
    __attribute__((nonnull(1)));
val binding_value(struct analysis *an, uint32_t binding, const struct env *env)
    __attribute__((nonnull(1)));
val symbol_value(struct analysis *an, uint32_t symbol, const struct env *env)
    __attribute__((nonnull(1)));
/* What a use of a name may be, built-in names included. */
/* The innermost scope around a place. */
uint32_t scope_at(const struct analysis *an, uint32_t off) NONNULL;
val name_value(struct analysis *an, uint32_t node, const struct env *env)
    __attribute__((nonnull(1)));
/* The element that iterating over v may give. */
val element_of(struct analysis *an, val v) NONNULL;
/* The characters of a string, the numbers of bytes, the elements of a list, as V_SEQ. */
val spread(struct analysis *an, val v) NONNULL;
/* Spends steps; false when none are left. */
bool spend(struct analysis *an, uint64_t steps) NONNULL;

/* ---- bound.c ---- */
/* The module that "from ... import" names; relative ones are the artifact's own. */
val from_module(struct analysis *an, uint32_t node) NONNULL;
/* A function or a class of the source: the same value each time. */
val scope_value(struct analysis *an, enum value_kind kind, uint32_t scope) NONNULL;

/* ---- access.c ---- */
val attribute_of(struct analysis *an, val v, uint32_t atom) NONNULL;
/* The attribute whose name is a string that is known only now. */
val attribute_named(struct analysis *an, val v, struct span name) NONNULL;
val subscript_of(struct analysis *an, val v, val key) NONNULL;
/* The module of a dotted name that is imported. */
val module_named(struct analysis *an, struct span name) NONNULL;
/* What this source's own module binds to a name. */
val global_named(struct analysis *an, struct span name) NONNULL;

/* ---- fold.c ---- */
val fold_literal(struct analysis *an, uint32_t node) NONNULL;
val fold_fstring(struct analysis *an, uint32_t node, const struct env *env)
    __attribute__((nonnull(1)));
val fold_binary(struct analysis *an, enum py_op op, val a, val b) NONNULL;
val fold_slice(struct analysis *an, val v, val lower, val upper, val step) NONNULL;
/* str(v) where that is plain; VAL_NONE otherwise. */
val fold_str(struct analysis *an, val v) NONNULL;
/* format % args, and format.format() of a call's arguments. */
val fold_percent(struct analysis *an, val format, val args) NONNULL;
struct call;
val fold_format(struct analysis *an, val format, const struct call *c) NONNULL;
/* The text of a string literal, escapes resolved. */
struct span fold_text(struct analysis *an, struct span body, bool raw, bool bytes) NONNULL;

/* ---- call.c ---- */
/* A call under evaluation: the node's own arguments, and those of a partial around it. */
struct call {
    uint32_t node; /* N_CALL */
    const struct env *env;
    val first;     /* a bound first argument, or VAL_NONE */
    uint32_t skip; /* leading arguments that are not the function's own (partial(f, ...)) */
};
val call_value(struct analysis *an, uint32_t node, const struct env *env)
    __attribute__((nonnull(1)));
/* The argument at a place or with a keyword (0: none). *there tells whether there is one. */
val call_arg(struct analysis *an, const struct call *c, uint32_t place, const char *key,
             bool *there) __attribute__((nonnull(1, 2)));
/* The same, for what needs no telling. */
val call_place(struct analysis *an, const struct call *c, uint32_t place) NONNULL;
/* How many places are given; * arguments that are known are spread; *open: there may be more. */
uint32_t call_places(struct analysis *an, const struct call *c, bool *open) NONNULL;
/* What a function of the source gives, whatever the arguments. */
val function_value(struct analysis *an, uint32_t scope) NONNULL;
/* What a method of a class gives that Python calls by itself: __fspath__ and its kin. */
val special_value(struct analysis *an, val v, uint32_t atom) NONNULL;
/* What calling f with these values gives; for map() and its kin. */
val call_with(struct analysis *an, val f, const val *args, uint32_t n) NONNULL;

/* ---- methods.c ---- */
val method_value(struct analysis *an, uint32_t atom, val self, const struct call *c) NONNULL;

/* ---- decode.c: bytes in other clothes; VAL_NONE for what is none of it ---- */
val decode_hex(struct analysis *an, struct span s) NONNULL;
val decode_base64(struct analysis *an, struct span s) NONNULL;
val decode_base32(struct analysis *an, struct span s) NONNULL;
val decode_base85(struct analysis *an, struct span s, bool ascii85) NONNULL;
val decode_percent(struct analysis *an, struct span s, bool plus) NONNULL;
/* &#115; &#x73; */
val decode_references(struct analysis *an, struct span s) NONNULL;
val decode_rot13(struct analysis *an, struct span s) NONNULL;
/* zlib, gzip, bzip2, xz: told by their first bytes. */
val decode_compressed(struct analysis *an, struct span s) NONNULL;
/* bytes.decode(codec) and str.encode(codec); an empty codec is UTF-8. */
val decode_by_name(struct analysis *an, val v, struct span codec, enum value_kind to) NONNULL;

/* ---- report.c ---- */
void report_module(struct analysis *an) NONNULL;
/* Parses and analyses code that a constant holds. */
void report_code(struct analysis *an, struct span code, uint32_t node, bool expression) NONNULL;

/* Facts about one known name: called, or named (and handed on) at a node. */
void tell_call_of(struct analysis *an, uint32_t known, unsigned flags,
                  const struct call *c) NONNULL;
void tell_reference_of(struct analysis *an, uint32_t node, uint32_t known, unsigned flags) NONNULL;
void tell_unresolved(struct analysis *an, uint32_t node, const char *shape, unsigned flags) NONNULL;

/* ---- loose.c ---- */
/* A value that stands at a node for itself: neither called nor asked for an attribute. */
void loose_note(struct analysis *an, uint32_t node, val v) NONNULL;
/* A module that is imported, into a class or elsewhere. */
void loose_import(struct analysis *an, uint32_t known, bool in_class) NONNULL;
/* A call of an attribute of something unknown. */
void loose_call(struct analysis *an, uint32_t node) NONNULL;
/* Once all of them are noted: where they may be used. */
void loose_report(struct analysis *an) NONNULL;
/* Whether a name is the first parameter of a method: self, cls. */
bool is_self(const struct analysis *an, uint32_t node) NONNULL;

/* ---- analysis.c ---- */
/* Binds, evaluates and reports; s, tree, known, line and offset are set. Frees what it made. */
enum pratique_status analyse(struct analysis *an) NONNULL;

#endif
