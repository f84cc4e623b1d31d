/* Follows what the expressions of a template stand for. Private to jinja/. */
#ifndef PRATIQUE_FORMAT_JINJA_EVAL_H
#define PRATIQUE_FORMAT_JINJA_EVAL_H

#include "format/jinja/jinja.h"
#include "format/jinja/value.h"

#define ARGS_MAX 32

/* The arguments of a call or a filter, as far as they are known. */
struct args {
    struct value at[ARGS_MAX];
    struct span name[ARGS_MAX]; /* empty: by its place */
    size_t n;
    bool more;         /* * or ** that is not followed, or more than fit */
    struct args *next; /* of those that are free */
};

struct change {
    struct binding *binding;
    struct value old;
};

struct eval {
    struct scan *s;
    struct arena *arena;
    struct span in;
    const struct jinja_place *place;
    struct binding **frames; /* the bindings of each open scope */
    unsigned frame, frames_max;
    struct change *log; /* what was set, the newest last */
    size_t log_n, log_size;
    struct binding *sink; /* where output goes that is put to use; NULL: out */
    uint64_t steps, steps_max, macro_steps;
    uint64_t ids;
    uint64_t rounds; /* of the loops around this one, multiplied */
    unsigned unsure; /* branches and loops around, of which it is not known whether they run */
    unsigned depth;  /* of expressions and macros */
    unsigned macros, loops;
    struct args *spare;
    struct atom *loop_atom;
    uint32_t told[FACT_KINDS];
    struct symbol *caller, *varargs, *kwargs, *loop;
};

/* Runs the template's statements. */
void eval_template(struct eval *e, const struct node *list) __attribute__((nonnull(1)));

struct value eval_expression(struct eval *e, const struct node *n) __attribute__((nonnull(1)));

/* Tells a fact about n, once. */
void eval_tell(struct eval *e, const struct node *n, enum fact_kind kind, struct span subject,
               const char *detail) NONNULL;

/* base.name or base[name]; n: where it is asked for. */
struct value eval_look_up(struct eval *e, const struct node *n, const struct value *base,
                          const struct value *name, bool item) NONNULL;
struct value eval_attribute(struct eval *e, const struct node *n, const struct value *base,
                            struct span name, bool item) NONNULL;

/* The value of an argument by its place or name; NULL: not given. */
const struct value *args_get(const struct args *args, size_t place, const char *name) NONNULL;

struct value eval_call(struct eval *e, const struct node *n, const struct value *callee,
                       const struct args *args) NONNULL;
struct value eval_filter(struct eval *e, const struct node *n, struct span name,
                         const struct value *input, const struct args *args) NONNULL;

/* A method of a known value. */
struct value eval_method(struct eval *e, const struct node *n, const struct atom *self,
                         struct span name, const struct args *args) NONNULL;

/* Empty arguments, to be given back; NULL without memory. */
struct args *eval_args_new(struct eval *e) NONNULL;
void eval_args_free(struct eval *e, struct args *args) NONNULL;

/* Runs a macro with these arguments; what it puts out. */
struct value eval_macro(struct eval *e, const struct atom *macro, const struct args *args) NONNULL;

/* "a" * 10**9, "%1000000000d", |center(10**9), range(10**9): told when n is that much. */
bool eval_costs(struct eval *e, const struct node *n, int64_t much, const char *what) NONNULL;

/* Whether there is nothing left to follow things with: loops then run once. */
static inline bool eval_tired(const struct eval *e)
{
    return e->steps > e->steps_max || e->arena->used > e->arena->ceiling / 4 * 3;
}

/* Work done on n bytes. */
static inline void eval_charge(struct eval *e, size_t n)
{
    e->steps += 1 + n / 32;
}

#endif
