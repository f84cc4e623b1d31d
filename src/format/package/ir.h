/*
 * A module as instructions: its tree lowered into functions, each a flat array of small
 * instructions over numbered registers, so that it can be run over what values may be without
 * knowing the syntax. Private to package/.
 *
 *   ir.def      the instructions, and what their fields hold
 *   names.c     names, one number each for a whole package
 *   lower.h     the lowering: scopes, then expressions, then statements
 *   ir_dump()   the instructions as text, in tests/unit/ir_dump.h
 *
 * Function 0 is the module's body. A class's body is a function of its own, run where its
 * IR_CLASS stands. Comprehensions are loops in the function around them, their variables slots
 * of that function.
 */
#ifndef PRATIQUE_FORMAT_PACKAGE_IR_H
#define PRATIQUE_FORMAT_PACKAGE_IR_H

#include "format/format.h"
#include "format/python/ast.h"

/* ---- names ---- */

/*
 * Names of a whole package: identifiers, and dotted names of modules. The same text has the
 * same number in every module; 0 is the empty name.
 */
struct ir_names {
    struct arena *arena; /* borrowed; holds the texts too */
    struct span *text;   /* of name i */
    uint32_t *hashes;
    uint32_t n, size;
    uint32_t *slots; /* by hash; 0: free */
    uint32_t slots_n;
};

/* An empty table. False without room. */
bool ir_names_init(struct ir_names *names, struct arena *arena) NONNULL MUST_CHECK;
/* The number of a name, made where there is none (its bytes are copied); 0 without room. */
uint32_t ir_name(struct ir_names *names, struct span text) NONNULL;
/* The number of a name that is there, or 0. */
uint32_t ir_name_find(const struct ir_names *names, struct span text) NONNULL;

static inline struct span ir_name_text(const struct ir_names *names, uint32_t name)
{
    return name < names->n ? names->text[name] : SPAN_EMPTY;
}

/* ---- instructions ---- */

enum ir_op {
#define IR(op, what) IR_##op,
#include "format/package/ir.def"
#undef IR
    IR_OPS
};

/* Where a variable lives: sub of IR_LOAD, IR_STORE, IR_DELETE. */
enum ir_var_kind {
    IR_LOCAL,   /* a: slot of this function */
    IR_CELL,    /* a: slot, b: of that function, which encloses this one */
    IR_CLASSED, /* a: slot of this class's body; a load falls back to the global of the same name */
    IR_GLOBAL,  /* this module binds it somewhere */
    IR_BUILTIN, /* it does not: a built-in name, or from a star import */
};

enum ir_arg_kind {
    IR_ARG,             /* reg */
    IR_ARG_KEYWORD,     /* name=reg */
    IR_ARG_STAR,        /* *reg */
    IR_ARG_DOUBLE_STAR, /* **reg; in IR_DICT too */
    IR_ARG_FORMATTED, /* IR_JOIN: reg with a conversion or a format: what it prints is not known */
};

/* One operand of an instruction that has many. */
struct ir_arg {
    uint32_t reg;
    uint32_t name; /* of a keyword, else 0 */
    uint8_t kind;  /* enum ir_arg_kind */
};

/* What IR_PART takes out of an iterable. */
enum ir_part { IR_PART_FRONT, IR_PART_REST, IR_PART_BACK };

enum ir_flag {
    IR_F_ASYNC = 1 << 0,     /* IR_ITER, IR_NEXT, IR_ENTER, IR_EXIT */
    IR_F_ASSERT = 1 << 1,    /* IR_BRANCH, IR_RAISE: an assert's: python -O leaves it out */
    IR_F_DECORATOR = 1 << 2, /* IR_CALL of a decorator */
    IR_F_INPLACE = 1 << 3,   /* IR_BINARY of an augmented assignment */
    IR_F_TOP = 1 << 4,       /* IR_IMPORT: dst is the package at the top ("import a.b" binds a) */
    IR_F_FINALLY = 1 << 5,   /* IR_CAUGHT, IR_RERAISE: of a finally or with, not of an except */
    IR_F_EXCEPT = 1 << 7,    /* IR_NOP: an except clause begins, whose exception it is */
    IR_F_DROPPED = 1 << 8,   /* IR_CALL: nobody looks at what it gives */
    IR_F_GENERATOR = 1 << 6, /* IR_LIST: of a generator expression, run when somebody asks */
};

/*
 * One instruction. dst, and a, b and c where ir.def says so, are registers; a register is
 * written before it is read on every way there is.
 */
struct ir_ins {
    uint8_t op;     /* enum ir_op */
    uint8_t sub;    /* enum py_op, ir_var_kind, ir_part: see ir.def */
    uint16_t flags; /* enum ir_flag */
    uint32_t dst;
    uint32_t a, b, c;
    uint32_t name;
    uint32_t off; /* in the text, of the node that it is from */
};

enum ir_const_kind {
    IR_NONE,
    IR_TRUE,
    IR_FALSE,
    IR_ELLIPSIS,
    IR_INT,    /* value; text empty, or the literal where it is larger */
    IR_NUMBER, /* float, imaginary: text is the literal */
    IR_STR,    /* text: UTF-8, escapes resolved */
    IR_BYTES,
};

struct ir_const {
    enum ir_const_kind kind;
    int64_t value;
    struct span text;
};

/* ---- functions ---- */

/*
 * An instruction in [from, to) that raises goes to handler, with the exception to be fetched
 * by the IR_CAUGHT that stands there. Of regions that hold an instruction the first counts;
 * they nest.
 */
struct ir_region {
    uint32_t from, to, handler;
};

struct ir_var {
    uint32_t name;
    bool captured; /* an inner function reads or writes it */
};

struct ir_param {
    uint32_t name;
    uint32_t slot;
    uint8_t kind;     /* OP_ARG_POSONLY, OP_ARG, OP_ARG_STAR, OP_ARG_KWONLY, OP_ARG_DSTAR */
    bool has_default; /* its value is a keyword argument of the IR_FUNC */
};

enum ir_function_kind { IR_MODULE, IR_FUNCTION, IR_LAMBDA, IR_CLASS_BODY };

struct ir_function {
    enum ir_function_kind kind;
    uint32_t name;   /* of a lambda and of the module: 0 */
    uint32_t parent; /* the function around it; of the module: 0 */
    bool is_async, is_generator;
    uint32_t off, end; /* in the text, from "def" or its decorators on */
    const struct ir_param *params;
    uint32_t params_n;
    struct ir_var *vars; /* slots; parameters first */
    uint32_t vars_n;
    uint32_t regs_n;
    const struct ir_ins *ins;
    uint32_t ins_n; /* the last one is a RETURN, RAISE, RERAISE or JUMP */
    const struct ir_region *regions;
    uint32_t regions_n;
};

struct ir_module {
    struct span text;
    const struct ir_names *names;
    struct ir_function *functions;
    uint32_t functions_n;
    const struct ir_arg *args;
    uint32_t args_n;
    const struct ir_const *consts;
    uint32_t consts_n;
    const uint32_t *lines; /* offsets of the starts of lines; see ir_line() */
    uint32_t lines_n;
};

/* The line of an offset, from 1. */
uint32_t ir_line(const struct ir_module *m, uint32_t off) NONNULL;

/*
 * Parses text (UTF-8, borrowed as long as the module lives) and lowers it. Everything that
 * *out holds lies in the arena; names outlive it. PRATIQUE_OK: *out is the module.
 * E_FORMAT: it does not parse, nests too deeply, or has no room: *why says which, *out is NULL
 * and nobody was told. E_LIMIT, E_NOMEM: scan_fail() was called.
 */
enum pratique_status ir_lower(struct scan *s, struct arena *arena, struct ir_names *names,
                              struct span text, struct ir_module **out,
                              const char **why) NONNULL MUST_CHECK;

#endif
