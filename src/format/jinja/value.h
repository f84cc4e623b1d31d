/*
 * What an expression may stand for: a few values that are known, and whether it may be something
 * else as well. Private to jinja/.
 */
#ifndef PRATIQUE_FORMAT_JINJA_VALUE_H
#define PRATIQUE_FORMAT_JINJA_VALUE_H

#include "format/jinja/parse.h"

#define VALUE_MAX  6    /* known values that are kept apart */
#define STRING_MAX 8192 /* bytes of a string that is changed */
#define JOINED_MAX 1024 /* of one that is put together */

enum atom_kind {
    A_STRING, /* text */
    A_NUMBER, /* number */
    A_REAL,
    A_BOOL, /* number */
    A_NONE,
    A_LIST,      /* items */
    A_DICT,      /* keys and items */
    A_RANGE,     /* number: how many; first, step */
    A_NAMESPACE, /* slots */
    A_LOOP,
    A_MACRO,    /* node, gives */
    A_FUNCTION, /* text: a function of Jinja or of its environment */
    A_METHOD,   /* text: its name; self */
    A_OBJECT,   /* text: something of the environment: "request", "self" */
    A_INTERNAL, /* reached already, and told */
};

/* What a value may be besides the atoms it has. */
enum unknown {
    U_INPUT = 1,  /* something that the renderer is given: messages, tools */
    U_MADE = 2,   /* the outcome of a computation that is not followed */
    U_NUMBER = 4, /* a number */
    U_LOOKED = 8, /* an attribute or item whose name is not known */
};

struct value {
    const struct atom *alt[VALUE_MAX];
    uint8_t n;
    uint8_t unknown;
};

struct atom {
    uint8_t kind;
    bool fuzzy; /* changed where it is not known how often: its items may be others */
    struct span text;
    int64_t number, first, step;
    struct value *items, *keys;
    size_t n, size;
    struct binding *slots;
    const struct node *node;
    const struct atom *self;
    const struct value *gives; /* of a macro: what it puts out when nothing is known */
};

/* A variable, a namespace's attribute, or text that is put together. */
struct binding {
    struct value value;
    struct symbol *symbol;
    struct span name;
    struct binding *outer, *next;
    unsigned frame;
    uint64_t seen;
};

struct value jinja_unknown(unsigned what);
struct value jinja_of(const struct atom *a); /* NULL: unknown, made */
struct value jinja_string(struct arena *a, struct span text) NONNULL;
struct value jinja_number(struct arena *a, int64_t number) NONNULL;

/* Adds one more that it may be; past VALUE_MAX it may be anything. */
void jinja_add(struct value *v, const struct atom *a) NONNULL;
void jinja_join(struct value *v, const struct value *other) NONNULL;

struct atom *jinja_atom_new(struct arena *a, enum atom_kind kind, struct span text) NONNULL;

/* Appends to a list (key NULL) or sets a key; false on no memory or when it is too long. */
bool jinja_atom_put(struct arena *a, struct atom *list, const struct value *key,
                    const struct value *item) __attribute__((nonnull(1, 2, 4)));

/* What str() gives, or p NULL where that is not followed. */
struct span jinja_atom_text(struct arena *a, const struct atom *atom) NONNULL;

/* One after the other, as ~ does. *bytes: how much was copied. */
struct value jinja_concat(struct arena *a, const struct value *x, const struct value *y,
                          size_t *bytes) NONNULL;

/* The items that a loop over it has: strings give characters. False: not known. */
bool jinja_atom_items(struct arena *a, const struct atom *atom, struct value **items,
                      size_t *n) NONNULL;

/* The value of a key, or NULL. */
const struct value *jinja_atom_key(const struct atom *dict, struct span key) NONNULL;

/* Whether text is a part that names of Python's internals are put together of. */
bool jinja_text_is_part(struct span text);
bool jinja_has_part(const struct value *v) NONNULL;

/* The number of code points, and the offset of one. */
size_t jinja_text_length(struct span text);
size_t jinja_text_offset(struct span text, size_t point);

#endif
