/*
 * What the parts of flow share: running the instructions of a package over values. Private to
 * flow*.c.
 *
 *   flow_exec.c     one function, way by way
 *   flow_join.c     ways that meet
 *   flow_call.c     calls: own functions, classes, methods
 *   flow_attr.c     variables, attributes, items, operators
 *   flow_effect.c   what library functions do (models.def)
 *   flow_apply.c    what libraries call on behalf of others
 *   flow_file.c     paths, and what stands in files
 *   flow_check.c    conditions: what is known after a branch, and what it has checked
 *   flow_use.c      uses of what was fetched
 *   flow_tell.c     facts
 *   flow.c          modules, and where to begin
 *
 * States are kept apart only where what is asked about differs, as ESP does (M. Das, S. Lerner,
 * M. Seigle, ESP: Path-Sensitive Program Verification in Polynomial Time, PLDI 2002).
 */
#ifndef PRATIQUE_FORMAT_PACKAGE_FLOW_RUN_H
#define PRATIQUE_FORMAT_PACKAGE_FLOW_RUN_H

#include <stdio.h>

#include "fact/package.h"
#include "format/package/flow.h"
#include "format/package/flow_map.h"
#include "format/package/flow_value.h"
#include "format/package/models.h"

/* Own calls within each other. */
#define FRAMES_MAX 30
/* Outcomes of one call that are kept apart. */
#define OUTCOMES_MAX 12
/* Arguments of one call that are looked at. */
#define ARGS_MAX 24

enum module_state { MODULE_NEW, MODULE_RUNNING, MODULE_DONE, MODULE_BROKEN };

/* What is found out about a function once. */
struct flow_shape {
    uint32_t *last; /* of each slot: the last instruction that may still read it */
    bool *meets;    /* of each instruction: ways may meet there */
    bool *heads;    /* ... and it is the head of a loop */
    bool *turns;    /* ... and it is in a loop */
};

struct flow_module {
    const struct package_module *from;
    struct ir_module *ir; /* NULL: not lowered yet */
    uint32_t name;
    enum module_state state;
    bool tried;
    bool interesting;          /* its functions are followed even if nothing calls them */
    bool *ran;                 /* of each function: it was run and told of */
    struct flow_shape *shapes; /* of each function; last NULL: not found out yet */
};

/* What the store holds: keys are a kind, and two numbers of 30 bits. */
enum slot_kind {
    S_GLOBAL = 1, /* module, name */
    S_ATTR,       /* object, name */
    S_CELL,       /* frame, slot */
    S_ITEMS,      /* a box or object: what is in it */
    S_FILE,       /* path: its bytes; NONE_: it was removed */
    S_TREE,       /* folder: an archive's bytes that lie below it */
    S_SOME,       /* folder: what stands in some file in it */
    S_STATUS,     /* bytes: enum checked */
    S_KNOWN,      /* a condition: 1 false, 2 true */
    S_FINAL,      /* path: where unchecked bytes were written to it, a mark */
    S_ONCE,       /* own use of one effect: members were looked at */
};

static inline uint64_t slot_key(enum slot_kind kind, uint32_t a, uint32_t b)
{
    return (uint64_t)kind << 60 | (uint64_t)(a & 0x3fffffffU) << 30 | (b & 0x3fffffffU);
}

/* How bytes were checked: the greater wins. */
enum checked { CHECKED_NOT, CHECKED_WEAK, CHECKED_CIRCULAR, CHECKED_PIN };

/* A decision that may matter: a trail has its number four times over, plus the way it went. */
enum decision_kind {
    D_ENV,
    D_MISSING,
    D_EXCEPT,
    D_NO_TURN,
    D_OFFLINE,
    D_MISMATCH, /* a digest is not the expected one, and it goes on; name: the token + 1 */
    D_SKIPPED   /* what is expected is None or empty, and so a check is left out */
};

struct decision {
    enum decision_kind kind;
    uint32_t module, off;
    uint32_t name; /* the variable, or a token + 1 */
};

/* A function that runs. Lives on the stack of run_function(). */
struct frame {
    struct frame *caller;
    uint32_t module, function;
    uint32_t off;            /* of the instruction that runs */
    uint32_t scope;          /* V_FRAME of its captured variables */
    uint32_t closure;        /* V_FRAME around it, or NOTHING */
    uint32_t class_;         /* of a class's body: the class */
    uint32_t in_class, self; /* of a method: its class, and its first argument */
    uint32_t yields;         /* what a generator gives so far: one of, or NOTHING */
    bool yielded;
    uint32_t pc;
    bool stops; /* at its first yield: a context manager, whose body runs then */
    bool tries; /* some region of this function, or of one that calls it, catches exceptions */
};

/* A state within a function: its variables, then its registers; 0 is unknown. */
struct way {
    uint32_t store, trail;
    uint32_t pc;
    uint32_t *slots;
    struct way *next;
};

struct outcome {
    bool raised;
    uint32_t value; /* returned, or the exception */
    uint32_t store, trail;
};

struct outcomes {
    struct outcome list[OUTCOMES_MAX];
    uint32_t n;
};

struct call {
    uint32_t callee;
    uint32_t self; /* NOTHING: none */
    uint32_t args[ARGS_MAX];
    uint32_t n;
    uint32_t keys[ARGS_MAX], values[ARGS_MAX];
    uint32_t keys_n;
    bool more;      /* * or ** of what is not known */
    uint32_t rest;  /* what that * is of; NOTHING: none */
    bool stops;     /* activation.stops */
    bool decorates; /* it is a decorator that is called */
    uint32_t store, trail;
    uint32_t off;
};

/* A fetch. */
struct token {
    uint32_t module, off;
    uint32_t url;
    uint32_t subject; /* name of what fetches */
    uint32_t data;    /* its V_DATA */
    const char *chain;
    uint32_t trail;
    uint32_t digest_from; /* the token its expected digest came from, + 1 */
    bool insecure;        /* TLS off */
    unsigned when;        /* PKG_ON_* */
    bool offline;         /* a variable forbids it */
    bool pinned;          /* somewhere, by a pin */
    bool told;            /* that it is used unpinned */
    bool checked;         /* somewhere, by whatever */
};

#define TOKENS_MAX 512

/* A place where bytes are used; and how they were when they got there. */
struct use {
    uint32_t module, off;
    uint32_t subject;
    unsigned flags, when;
    uint32_t function;
    const char *chain; /* to the use */
    uint32_t path;     /* NOTHING: none */
};

struct seen {
    uint32_t use, token, status, trail, other; /* other: the token its digest came from, + 1 */
};

/* A fact that is told at the end, once for its place. */
struct told {
    enum fact_kind kind;
    uint32_t module, off, function;
    struct span subject, detail;
    unsigned flags;
    const char *chain;
    struct span source, because;
};

struct name_set {
    bool *has;
    uint32_t n;
};

struct flow {
    struct scan *s;
    struct package *p;
    struct arena arena;
    struct ir_names names;
    struct values values;
    struct maps maps;
    struct models models;
    struct flow_module *modules;
    uint32_t modules_n;
    uint32_t module_index; /* map: name to 1 + index */
    uint32_t base;         /* store of what modules came to when they ran */
    struct frame *frame;   /* the innermost */
    uint32_t depth;
    int64_t fuel, fuel_all;
    bool quiet, failed;
    bool fetched;            /* the root that runs has fetched something */
    unsigned turning;        /* calls within iter(f, x), which turns by itself */
    const char *starved;     /* why what runs was not followed to its end */
    unsigned root_when;      /* PKG_ON_* of where it began */
    unsigned when;           /* PKG_ON_* of what runs */
    struct span root_prefix; /* how what runs came to run */
    uint32_t root_store;
    uint32_t depth_modules; /* bodies that run for their globals within each other */
    struct token tokens[TOKENS_MAX];
    uint32_t tokens_n;
    struct decision *decisions;
    uint32_t decisions_n, decisions_size, decision_index;
    struct use *uses;
    uint32_t uses_n, uses_size, use_index;
    struct seen *seen;
    uint32_t seen_n, seen_size, seen_index;
    struct told *told;
    uint32_t told_n, told_size, told_index;
    uint32_t written; /* map: path, or folder, that fetched bytes were written to; token + 1 */
    uint32_t removed; /* map: path that something removes */
    struct name_set checkers; /* own functions that take a digest, or call one that does */
};

/* flow.c */
/* The instructions of a module, lowered when first asked for; NULL: there are none. */
const struct ir_module *flow_module_ir(struct flow *f, uint32_t module) NONNULL;
/* Runs a module's body for what its globals come to, unless it did. */
void flow_module_run(struct flow *f, uint32_t module) NONNULL;
/* The index of the module of this dotted name, or UINT32_MAX. */
uint32_t flow_module_find(const struct flow *f, struct span dotted) NONNULL;
/* Sets all fuel aside but so much, and gives it back. */
int64_t flow_fuel_take(struct flow *f, int64_t most) NONNULL;
void flow_fuel_give(struct flow *f, int64_t left) NONNULL;
uint32_t flow_name(struct flow *f, const char *text) NONNULL;
struct span flow_text(const struct flow *f, uint32_t name) NONNULL;

static inline const struct value *val(const struct flow *f, uint32_t v)
{
    return fv_at(&f->values, v);
}

static inline bool is_term(const struct flow *f, uint32_t v, enum term t)
{
    return val(f, v)->kind == V_TERM && val(f, v)->sub == t;
}

static inline bool is_object(const struct flow *f, uint32_t v, enum object o)
{
    return val(f, v)->kind == V_OBJ && val(f, v)->sub == o;
}

/* The store of a state, with what modules came to below it. */
static inline uint32_t store_get(const struct flow *f, uint32_t store, uint64_t key, uint32_t none)
{
    uint32_t v = map_get(&f->maps, store, key, UINT32_MAX);

    return v != UINT32_MAX ? v : map_get(&f->maps, f->base, key, none);
}

static inline uint32_t store_set(struct flow *f, uint32_t store, uint64_t key, uint32_t value)
{
    return map_set(&f->maps, store, key, value);
}

/* flow_exec.c */
/* Runs a function of which slots (its parameters) are set; adds to *out. */
struct activation {
    uint32_t module, function, closure, class_;
    const uint32_t *vars; /* values of its first variables */
    uint32_t vars_n;
    uint32_t store, trail;
    bool stops; /* at its first yield, which it returns then */
};
void run_function(struct flow *f, const struct activation *a, struct outcomes *out,
                  uint32_t *yields) __attribute__((nonnull(1, 2, 3)));

/* flow_join.c */
/* Whether a value says true or false of something. */
bool is_condition(const struct flow *f, uint32_t v) NONNULL;
/* Adds an outcome, joined with one that is like it where there are many. */
void outcome_add(struct flow *f, struct outcomes *out, struct outcome o) NONNULL;
/*
 * Joins way b of n slots into a; false: they are to be kept apart. Slots whose last reader is
 * before a->pc do not count. force: apart only where statuses differ.
 */
bool way_join(struct flow *f, struct way *a, const struct way *b, const uint32_t *last, uint32_t n,
              bool force) NONNULL;
bool store_join(struct flow *f, uint32_t x, uint32_t y, bool force, uint32_t *out) NONNULL;
uint32_t trail_join(struct flow *f, uint32_t x, uint32_t y) NONNULL;

/* flow_call.c */
void call_run(struct flow *f, struct call *c, struct outcomes *out) NONNULL;
static inline void returns(struct flow *f, struct outcomes *out, const struct call *c,
                           uint32_t value)
{
    outcome_add(f, out, (struct outcome){ .value = value, .store = c->store, .trail = c->trail });
}
/* An exception of a library's class (0: of one that is not known), where somebody may catch it. */
void call_may_raise(struct flow *f, const struct call *c, uint32_t class_name,
                    struct outcomes *out) NONNULL;
/* Argument i or keyword key of a call; NOTHING when it is not given. */
uint32_t call_get(const struct flow *f, const struct call *c, int i, const char *key)
    __attribute__((nonnull(1, 2)));
/* The same; false when it is not given. */
bool call_has(const struct flow *f, const struct call *c, int i, const char *key, uint32_t *out)
    __attribute__((nonnull(1, 2, 5)));
/* Whether exception is of a class: 1, 0, -1. */
int exception_is(struct flow *f, uint32_t exception, uint32_t class_) NONNULL;

/* flow_attr.c */
/* Whether a variable's name says that it holds a secret. */
bool is_secret_name(struct span variable);
/* P_PRIVATE of a variable's name, where nobody asked for what runs. */
uint32_t secret_of(const struct flow *f, uint32_t key) NONNULL;
uint32_t attr_get(struct flow *f, uint32_t store, uint32_t object, uint32_t name) NONNULL;
uint32_t item_get(struct flow *f, uint32_t store, uint32_t object, uint32_t key) NONNULL;
uint32_t box_items(struct flow *f, uint32_t store, uint32_t v) NONNULL; /* of V_BOX, else v */
uint32_t op_binary(struct flow *f, uint32_t store, unsigned op, uint32_t x, uint32_t y) NONNULL;
uint32_t op_compare(struct flow *f, uint32_t store, unsigned op, uint32_t x, uint32_t y) NONNULL;
uint32_t op_not(struct flow *f, uint32_t x) NONNULL;
uint32_t global_get(struct flow *f, uint32_t store, uint32_t module, uint32_t name) NONNULL;
uint32_t builtin_get(struct flow *f, uint32_t module, uint32_t name) NONNULL;
uint32_t import_name(struct flow *f, uint32_t from, struct span dotted, bool top) NONNULL;
uint32_t import_from(struct flow *f, uint32_t store, uint32_t module, uint32_t from, uint32_t dots,
                     uint32_t name) NONNULL;
/* All of one value's elements are like this one. */
uint32_t element_get(struct flow *f, uint32_t store, uint32_t v, uint32_t place, bool *known,
                     bool *past) NONNULL;

/* flow_effect.c */
/* What a function outside of the artifact does; dotted may be ".method". */
void effect_run(struct flow *f, struct call *c, struct span dotted, struct outcomes *out) NONNULL;

/* flow_apply.c */
/* A call of what operator.attrgetter() and its kin made; false: it is none. */
bool apply_getter(struct flow *f, struct call *c, struct outcomes *out) NONNULL;
/* Runs a function of ours that was put where somebody else will call it. */
void apply_hook(struct flow *f, uint32_t hook, uint32_t *store, uint32_t trail,
                uint32_t off) NONNULL;
/* Whether a function outside of the artifact calls what it is given itself. */
bool apply_calls(struct span name);
/* ctypes.cdll and its kin. */
bool apply_is_loader(const struct flow *f, uint32_t v) NONNULL;
bool apply_is_connection(const struct flow *f, uint32_t v) NONNULL;

/* flow_file.c */
uint32_t file_content(struct flow *f, uint32_t store, uint32_t path) NONNULL;
uint32_t file_set(struct flow *f, uint32_t store, uint32_t path, uint32_t content) NONNULL;
uint32_t file_move(struct flow *f, uint32_t store, uint32_t from, uint32_t to, bool copy) NONNULL;
uint32_t file_path(struct flow *f, uint32_t v) NONNULL; /* of an open file, else the value */
uint32_t object_bytes(struct flow *f, uint32_t store, uint32_t v) NONNULL; /* what reading gives */
uint32_t object_write(struct flow *f, uint32_t store, uint32_t object, uint32_t bytes) NONNULL;
void file_reads(struct flow *f, uint32_t path) NONNULL;
void file_writes(struct flow *f, uint32_t path) NONNULL;

/* flow_check.c */
/* The store once cond is known to be so; false: it cannot be. */
bool assume(struct flow *f, uint32_t *store, uint32_t cond, bool is) NONNULL;
/* What is known of a condition: 1, 0, -1. */
int truth_in(const struct flow *f, uint32_t store, uint32_t cond) NONNULL;
/* content equals expected, by a digest of this algorithm (0: itself). */
uint32_t check_made(struct flow *f, uint32_t store, uint32_t content, uint32_t expected,
                    uint32_t algorithm, bool part) NONNULL;
enum checked status_of(const struct flow *f, uint32_t store, uint32_t content) NONNULL;
/* Tokens of a value that are not pinned: calls each. False: there are none. */
typedef void token_fn(void *arg, uint32_t token, enum checked status);
bool tokens_of(const struct flow *f, uint32_t store, uint32_t v, bool pinned, token_fn *each,
               void *arg) __attribute__((nonnull(1)));
/* The fetch, + 1, whose digest is known to be another one where cond is so; 0: none is. */
uint32_t mismatch_of(const struct flow *f, uint32_t store, uint32_t cond, bool is) NONNULL;
uint32_t decision_of(struct flow *f, enum decision_kind kind, uint32_t name) NONNULL;
/* The variable of the environment a value was made from, or 0. */
uint32_t env_of(const struct flow *f, uint32_t v) NONNULL;
/* The same of a condition: one that only says where a file lies is not counted. */
uint32_t switch_of(const struct flow *f, uint32_t cond) NONNULL;

/* Where a path leads: by its first piece. */
enum place { PLACE_OWN, PLACE_WRITABLE, PLACE_SYSTEM, PLACE_UNKNOWN };
enum place place_of(const struct flow *f, uint32_t path) NONNULL;
bool is_private_path(struct flow *f, uint32_t path) NONNULL;

/* flow_use.c */
void use_bytes(struct flow *f, const struct call *c, const char *subject, unsigned flags,
               uint32_t content, uint32_t path) NONNULL;
void use_path(struct flow *f, const struct call *c, const char *subject, unsigned flags,
              uint32_t path) NONNULL;
uint32_t fetch_made(struct flow *f, const struct call *c, struct span subject,
                    uint32_t url) NONNULL;

/* flow_tell.c */
struct note {
    enum fact_kind kind;
    struct span subject, detail, source, because;
    unsigned flags;
};
void tell_here(struct flow *f, const struct note *n) NONNULL;
const char *chain_here(struct flow *f, struct span last) NONNULL;
struct span place_text(struct flow *f, uint32_t module, uint32_t off) NONNULL;
struct span print_value(struct flow *f, uint32_t v) NONNULL;
void tell_uses(struct flow *f) NONNULL;

#endif
