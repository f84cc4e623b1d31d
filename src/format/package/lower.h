/*
 * What the parts of the lowering share: scopes (lower_scope.c), constants (lower_const.c),
 * expressions (lower_expr.c), comprehensions (lower_comp.c), targets (lower_target.c),
 * statements (lower_stmt.c), what is protected and left early (lower_way.c), patterns
 * (lower_match.c), the whole (lower.c). Private to package/.
 *
 * After a failure (l->failed) every part goes on harmlessly and soon comes back: instructions
 * are no longer kept, and no node is entered any more.
 */
#ifndef PRATIQUE_FORMAT_PACKAGE_LOWER_H
#define PRATIQUE_FORMAT_PACKAGE_LOWER_H

#include "format/package/ir.h"
#include "format/python/parse.h"

#define NOWHERE UINT32_MAX
/* Nested calls for expressions, statements, patterns. */
#define LOWER_DEPTH_MAX 1000
/* Functions, classes and comprehensions within each other. */
#define LOWER_SCOPES_MAX 100
/* Registers of one function; long displays take few. */
#define LOWER_REGS_MAX 4096
/* Displays longer than this are put together piece by piece. */
#define LOWER_DISPLAY_MAX 64

/* A growing array of one kind of thing; paid by the budget while the lowering runs. */
struct pool {
    void *p;
    uint32_t n, size;
    uint32_t unit; /* bytes of a thing */
};

enum scope_sort { SCOPED_MODULE, SCOPED_FUNCTION, SCOPED_CLASS, SCOPED_COMP };

struct lower_scope {
    enum scope_sort sort;
    uint32_t parent;   /* index; of the module: NOWHERE */
    uint32_t function; /* whose slots its variables are */
    uint32_t depth;
};

enum lower_symbol_flag {
    SYMBOL_BOUND = 1 << 0,
    SYMBOL_GLOBAL = 1 << 1,
    SYMBOL_NONLOCAL = 1 << 2,
};

/* A name of a scope. */
struct lower_symbol {
    uint32_t scope, atom;
    uint32_t function, slot; /* NOWHERE: the module's own */
    unsigned flags;          /* enum lower_symbol_flag */
};

/* A function that is to be lowered: its node, and the scope of its body. */
struct lower_function {
    uint32_t node, scope;
    uint32_t vars_n;
};

/* A place in the function that jumps may go to before it is known: see lower_place(). */
struct label {
    uint32_t at;   /* NOWHERE: not yet */
    uint32_t last; /* the last field that waits for it, which names the one before; 0: none */
};
#define LABEL ((struct label){ NOWHERE, 0 })

enum block_kind { BLOCK_LOOP, BLOCK_TRY, BLOCK_FINALLY, BLOCK_WITH };

/* What encloses the statement at hand, within its function. On the C stack. */
struct block {
    enum block_kind kind;
    struct block *up;
    uint32_t from;             /* the protected region goes on since */
    uint32_t last_region;      /* the last region of this block that waits for its handler, + 1 */
    uint32_t body;             /* BLOCK_FINALLY: N_BLOCK */
    uint32_t manager;          /* BLOCK_WITH: register */
    bool is_async;             /* BLOCK_WITH */
    uint32_t off;              /* of the statement */
    struct label *out, *again; /* BLOCK_LOOP */
};

struct lower {
    struct scan *s;
    struct arena *arena;
    struct ir_names *names;
    struct py_tree t;
    struct ir_module *m;
    bool failed;
    enum pratique_status status; /* why: E_FORMAT with a reason, E_LIMIT, E_NOMEM */
    const char *why;
    uint32_t depth, steps;
    uint64_t ins_total, ins_max;

    struct pool scopes;    /* struct lower_scope */
    struct pool symbols;   /* struct lower_symbol; [0] is none */
    struct pool functions; /* struct lower_function */
    uint32_t *slots;       /* of symbols, by hash; 0: free */
    uint32_t slots_n;
    uint32_t *atom_name; /* the name of each atom; 0: not yet */
    struct pool work;    /* of the walk over the tree, and of chains */

    struct pool args;   /* struct ir_arg, of the module */
    struct pool consts; /* struct ir_const */

    /* The function at hand. */
    struct ir_function *f;
    uint32_t function, scope;
    uint32_t regs; /* in use */
    uint32_t regs_n;
    uint32_t caught;     /* register of the exception that a handler holds, or NOWHERE */
    struct pool ins;     /* struct ir_ins */
    struct pool regions; /* struct ir_region; handler: the block's region before, + 1 */
    struct block *blocks;
};

static inline const struct py_node *node_of(const struct lower *l, uint32_t node)
{
    return &l->t.nodes[node];
}

/* ---- lower.c ---- */
/* One more thing, zeroed; NULL: it failed. It may move with the next one. */
void *pool_add(struct lower *l, struct pool *p) NONNULL;
/* The lowering cannot go on: the source does not fit, or the scan is over. */
void lower_refuse(struct lower *l, const char *why) NONNULL;
void lower_stop(struct lower *l, enum pratique_status status) NONNULL;
/* Into a node below; false when it failed. Then lower_leave() is due all the same. */
bool lower_enter(struct lower *l) NONNULL;
static inline void lower_leave(struct lower *l)
{
    l->depth--;
}

/* Adds an instruction: its index, which lower_ins() takes. */
uint32_t lower_emit(struct lower *l, struct ir_ins ins) NONNULL;
static inline struct ir_ins *lower_ins(struct lower *l, uint32_t i)
{
    return (struct ir_ins *)l->ins.p + i;
}
/* The index of the next one. */
static inline uint32_t lower_here(const struct lower *l)
{
    return l->ins.n;
}
/* The next free register. */
uint32_t lower_reg(struct lower *l) NONNULL;
/* The name of an atom, and of text. */
uint32_t lower_name(struct lower *l, uint32_t atom) NONNULL;
uint32_t lower_name_text(struct lower *l, struct span text) NONNULL;
/* Adds an operand at the end of the module's; an instruction's stand side by side. */
void lower_arg(struct lower *l, struct ir_arg arg) NONNULL;

/* A target of the instruction added last (second: its c), known now or later. */
void lower_to(struct lower *l, struct label *to, bool second) NONNULL;
/* The label is here. */
void lower_place(struct lower *l, struct label *label) NONNULL;
void lower_jump(struct lower *l, struct label *to, uint32_t off) NONNULL;
/* Goes one way or the other by a register. */
void lower_branch(struct lower *l, uint32_t reg, struct label *yes, struct label *no, uint32_t off,
                  unsigned flags) NONNULL;

/* ---- lower_scope.c ---- */
/* Walks the tree: scopes, what each binds, the functions. */
void lower_scopes(struct lower *l) NONNULL;
/* Where a name of the scope at hand lives: sub, a, b and name of a load or store. */
struct ir_ins lower_variable(struct lower *l, uint32_t atom) NONNULL;
/* The slots of a function, into l->f. */
void lower_vars(struct lower *l) NONNULL;
/* The scope of a function's, class's or lambda's body, or of a comprehension. */
uint32_t lower_scope_of(const struct lower *l, uint32_t node) NONNULL;
/* The function whose body a scope is. */
static inline uint32_t lower_function_of(const struct lower *l, uint32_t scope)
{
    return ((const struct lower_scope *)l->scopes.p)[scope].function;
}

/* ---- lower_const.c ---- */
/* Each gives a register with the constant. */
uint32_t lower_none(struct lower *l, uint32_t off) NONNULL;
uint32_t lower_int(struct lower *l, int64_t value, uint32_t off) NONNULL;
uint32_t lower_text(struct lower *l, struct span text, uint32_t off) NONNULL;
uint32_t lower_literal(struct lower *l, uint32_t node) NONNULL;
/* N_STRINGS, N_FSTRING. */
uint32_t lower_strings(struct lower *l, uint32_t node) NONNULL;

/* ---- lower_expr.c ---- */
/*
 * An expression. Its register is the first that was free, l->regs when it was called, and the
 * only one in use afterwards.
 */
uint32_t lower_expr(struct lower *l, uint32_t node) NONNULL;
/* Goes by an expression's truth, without making a value of and, or, not. */
void lower_condition(struct lower *l, uint32_t node, struct label *yes, struct label *no,
                     unsigned flags) NONNULL;
/* Operands in registers from base on, of a list of arguments: the instruction's a and b. */
struct ir_ins lower_args(struct lower *l, uint32_t first, uint32_t base) NONNULL;
/* N_ARG list: defaults, as keyword operands of an IR_FUNC. */
uint32_t lower_function_value(struct lower *l, uint32_t node, uint32_t scope) NONNULL;
/* Loads and stores a variable. */
uint32_t lower_load(struct lower *l, uint32_t atom, uint32_t off) NONNULL;
void lower_store(struct lower *l, uint32_t atom, uint32_t reg, uint32_t off) NONNULL;

/* ---- lower_display.c: tuples, lists, sets, dicts, comprehensions ---- */
uint32_t lower_display(struct lower *l, uint32_t node) NONNULL;
uint32_t lower_comprehension(struct lower *l, uint32_t node) NONNULL;

/* ---- lower_target.c ---- */
/* Assigns a register to a target. */
void lower_assign(struct lower *l, uint32_t node, uint32_t reg) NONNULL;
void lower_augmented(struct lower *l, uint32_t node) NONNULL;
void lower_delete(struct lower *l, uint32_t node) NONNULL;

/* ---- lower_stmt.c ---- */
/* An N_BLOCK, or 0. */
void lower_block(struct lower *l, uint32_t node) NONNULL;
/* A list of statements. */
void lower_statements(struct lower *l, uint32_t first) NONNULL;
/* def, class */
void lower_function(struct lower *l, uint32_t node) NONNULL;
void lower_class(struct lower *l, uint32_t node) NONNULL;

/* ---- lower_import.c ---- */
void lower_import(struct lower *l, uint32_t node) NONNULL;
void lower_import_from(struct lower *l, uint32_t node) NONNULL;

/* ---- lower_way.c ---- */
void lower_for(struct lower *l, uint32_t node) NONNULL;
void lower_while(struct lower *l, uint32_t node) NONNULL;
void lower_try(struct lower *l, uint32_t node) NONNULL;
void lower_with(struct lower *l, uint32_t node) NONNULL;
/* break or continue. */
void lower_leave_loop(struct lower *l, uint32_t node) NONNULL;
/* Returns the value of a register. */
void lower_return(struct lower *l, uint32_t reg, uint32_t off) NONNULL;

/* ---- lower_match.c ---- */
void lower_match(struct lower *l, uint32_t node) NONNULL;

#endif
