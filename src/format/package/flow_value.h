/*
 * What a value may be, as flow.h runs it: each is there once, so that equal expressions are
 * equal numbers. Private to package/.
 */
#ifndef PRATIQUE_FORMAT_PACKAGE_FLOW_VALUE_H
#define PRATIQUE_FORMAT_PACKAGE_FLOW_VALUE_H

#include "format/package/ir.h"

enum value_kind {
    V_UNKNOWN, /* nothing is known but where it comes from; number 0 is the plain one */
    V_NONE,
    V_TRUE,
    V_FALSE,
    V_INT,    /* a, b: its halves */
    V_TEXT,   /* a: a name, its text */
    V_BYTES,  /* a */
    V_CONCAT, /* items: pieces of a text or path, one after the other */
    V_TERM,   /* sub: enum term; a: a name; items: what it is made of */
    V_TUPLE,
    V_LIST,
    V_SET,
    V_DICT,   /* items: key, value ... */
    V_EXTERN, /* a: dotted name of something outside of the artifact */
    V_MODULE, /* a: index of a module */
    V_FUNC,   /* a: module, b: function; items: frame it is made in, then defaults: name, value */
    V_CLASS,  /* a: module, b: function of its body; items: bases */
    V_INST,   /* a: the class, b: where it is made */
    V_BOUND,  /* items: function, what it is bound to */
    V_WRAP,   /* sub: enum wrap; items: function */
    V_OBJ,    /* sub: enum object; a: a name, b: where it is made; items */
    V_BOX,    /* b: where it is made: a list or dict that may change; the store has its items */
    V_DATA,   /* a: token; the bytes that were fetched */
    V_FRAME,  /* a: module, b: function; items: frame around it */
    V_ITER,   /* b: place; items: what is gone through */
};

enum term {
    T_SYM,    /* a: what it is called */
    T_CALL,   /* a: of what; items: arguments */
    T_ATTR,   /* a: the attribute; items: of what */
    T_ITEM,   /* items: of what, key */
    T_GET,    /* the same, None where it is missing */
    T_BINARY, /* b: enum py_op */
    T_CMP,    /* b: enum py_op */
    T_NOT,
    T_DIGEST, /* a: algorithm; items: of what */
    T_FILE,   /* what stood in file items[0] before */
    T_EXISTS, /* whether file items[0] was there before */
    T_LEN,
    T_SLICE,  /* items: of what, from, to */
    T_MEMBER, /* items: archive's bytes, name */
    T_ENV,    /* a: variable; items: default */
    T_EACH,   /* some element of items[0] */
    T_EITHER, /* one of items */
    T_ANY,    /* any(items) */
    T_ALL,
    T_JSON,      /* parsed */
    T_DECODED,   /* base64 and the like */
    T_CODE,      /* compiled */
    T_EXC,       /* an exception of a library; a: its class, 0: not known */
    T_PATHSHELL, /* sh -c and such */
};

enum wrap { WRAP_STATIC, WRAP_CLASS, WRAP_PROPERTY, WRAP_CONTEXT, WRAP_PARTIAL, WRAP_METHOD };

enum object {
    O_RESPONSE, /* items: bytes */
    O_HASH,     /* a: algorithm; the store has what went in */
    O_FILE,     /* items: path, mode, what it reads */
    O_ARCHIVE,  /* items: bytes, path */
    O_CLIENT,
    O_ENVIRON, /* a copy of the environment */
    O_SPEC,    /* of a module; items: path */
    O_TEMP,    /* a temporary folder; items: path */
    O_SUPER,   /* items: class, instance */
    O_MADE,    /* a class that type() made; items: its dict, its bases */
    O_ONE,     /* an instance of that; items: the class */
    O_MEMORY,  /* io.BytesIO() that was empty; the store has what was written */
};

/* O_MEMORY's a: it may be executed. */
#define MEMORY_RUNS 1

/* Where a value comes from. Of what is made of others: all of theirs. */
enum provenance {
    P_OWN = 1 << 0,      /* the artifact's own files and folder */
    P_ENV = 1 << 1,      /* the environment */
    P_PLATFORM = 1 << 2, /* the machine */
    P_ARG = 1 << 3,      /* whoever calls */
    P_FETCHED = 1 << 4,
    P_RANDOM = 1 << 5,
    P_HOME = 1 << 6,    /* a folder that the user may write */
    P_TEMP = 1 << 7,    /* a temporary one */
    P_FILE = 1 << 8,    /* what stands in a file that others may write */
    P_UNKNOWN = 1 << 9, /* something that is not followed */
    P_DECODED = 1 << 10,
    P_PRIVATE = 1 << 11, /* private: credentials, the whole environment, clipboard */
    P_ENVIRON = 1 << 12, /* the whole environment */
};
#define P_WRITABLE (P_ENV | P_HOME | P_TEMP)

struct value {
    uint8_t kind, sub, depth;
    int8_t truth;  /* as fv_truth() has it; set by fv_make() */
    bool constant; /* all of it is known */
    uint32_t prov;
    uint32_t a, b;
    uint32_t n;
    const uint32_t *items;
};

#define VALUE_BLOCK 1024

struct values {
    struct arena *arena; /* borrowed */
    struct ir_names *names;
    struct value **blocks;
    uint32_t blocks_n, n;
    uint32_t *slots, slots_n;
    bool full;
};

/* Few values that are asked for by number. */
#define NOTHING ((uint32_t)0) /* V_UNKNOWN */
#define NONE_   ((uint32_t)1)
#define TRUE_   ((uint32_t)2)
#define FALSE_  ((uint32_t)3)

bool fv_init(struct values *vs, struct arena *arena, struct ir_names *names) NONNULL MUST_CHECK;

static inline const struct value *fv_at(const struct values *vs, uint32_t v)
{
    return &vs->blocks[v / VALUE_BLOCK][v % VALUE_BLOCK];
}

/* The number of *v; its items are copied. prov is added to theirs. Past all bounds: NOTHING. */
uint32_t fv_make(struct values *vs, struct value v) NONNULL;
uint32_t fv_unknown(struct values *vs, uint32_t prov) NONNULL;
uint32_t fv_int(struct values *vs, int64_t i) NONNULL;
uint32_t fv_text(struct values *vs, struct span text) NONNULL;
uint32_t fv_bytes(struct values *vs, struct span text) NONNULL;
uint32_t fv_extern(struct values *vs, struct span dotted) NONNULL;
uint32_t fv_sym(struct values *vs, const char *name, uint32_t prov) NONNULL;
uint32_t fv_term(struct values *vs, enum term t, uint32_t name, const uint32_t *items, uint32_t n);
uint32_t fv_term1(struct values *vs, enum term t, uint32_t name, uint32_t item) NONNULL;
uint32_t fv_term2(struct values *vs, enum term t, uint32_t name, uint32_t x, uint32_t y) NONNULL;
/* The pieces one after the other; constants that meet are one. */
uint32_t fv_concat(struct values *vs, const uint32_t *items, uint32_t n) NONNULL;
/* Path a, then b below it. */
uint32_t fv_below(struct values *vs, uint32_t a, uint32_t b) NONNULL;
/* a or b. */
uint32_t fv_either(struct values *vs, uint32_t a, uint32_t b) NONNULL;
/* The folder of a path, and its last name. */
uint32_t fv_folder(struct values *vs, uint32_t path) NONNULL;
uint32_t fv_base(struct values *vs, uint32_t path) NONNULL;

static inline int64_t fv_number(const struct value *v)
{
    return (int64_t)((uint64_t)v->a << 32 | v->b);
}

/* The text of V_TEXT, V_BYTES, V_EXTERN, and of what begins with one; else empty. */
struct span fv_string(const struct values *vs, uint32_t v) NONNULL;

/* 1: true, 0: false, -1: not known. */
static inline int fv_truth(const struct values *vs, uint32_t v)
{
    return fv_at(vs, v)->truth;
}

struct buf;
/* Prints it for people: "https://host/{VERSION}", "~/.cache". */
void fv_print(const struct values *vs, uint32_t v, struct buf *out) NONNULL;

#endif
