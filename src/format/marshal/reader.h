/* Marshalled values as a list, in the order of the bytes. Private to marshal/. */
#ifndef PRATIQUE_FORMAT_MARSHAL_READER_H
#define PRATIQUE_FORMAT_MARSHAL_READER_H

#include "format/format.h"

/* How a code object is laid out; the bytes do not say which. */
enum marshal_layout {
    MARSHAL_27,  /* four counts; 2.3 to 2.7 */
    MARSHAL_30,  /* five: arguments by keyword alone; 3.0 to 3.7 */
    MARSHAL_38,  /* six: arguments by position alone; 3.8 to 3.10 */
    MARSHAL_311, /* five, locals in one list, an exception table; 3.11 on */
    MARSHAL_LAYOUTS
};

#define MARSHAL_NONE UINT32_MAX

struct marshal_value {
    uint32_t off, len;    /* its text's place in the input; 0: it has none */
    uint32_t first, next; /* child and sibling, or MARSHAL_NONE */
    uint32_t target;      /* of a reference; else itself */
    uint8_t type;         /* as marshal.c has it, without FLAG_REF */
    bool inside;          /* of a code object */
};

/* The parts of a code object that are read here: by the place among its objects. */
enum marshal_part { PART_CODE, PART_CONSTS, PART_NAMES };

struct marshal {
    struct scan *s;
    struct span in, rest;
    enum marshal_layout layout;
    struct marshal_value *values; /* of scan_map(); 0 is the root */
    size_t n, size;
    uint32_t *refs, *interned; /* of scan_map() */
    size_t refs_n, refs_size, interned_n, interned_size;
    uint32_t codes;  /* how many values are code objects */
    const char *why; /* it stopped, at offset */
    uint64_t offset;
};

/*
 * Reads the first value of in. OK: m->rest is what follows it. E_FORMAT with m->why and m->offset
 * (the scan's error is not set: another layout may fit), E_LIMIT, E_NOMEM. marshal_free() in every
 * case.
 */
enum pratique_status marshal_read(struct marshal *m, struct scan *s, struct span in,
                                  enum marshal_layout layout) NONNULL MUST_CHECK;
void marshal_free(struct marshal *m) NONNULL;

/* What a value stands for: references are followed. MARSHAL_NONE stays that. */
uint32_t marshal_resolve(const struct marshal *m, uint32_t id) NONNULL;

/* The nth child, resolved, or MARSHAL_NONE. */
uint32_t marshal_child(const struct marshal *m, uint32_t id, unsigned n) NONNULL;

/* The bytes of a string of any kind; empty for others. */
struct span marshal_text(const struct marshal *m, uint32_t id) NONNULL;

/* The name of a code object ("<lambda>"). */
struct span marshal_code_name(const struct marshal *m, uint32_t code) NONNULL;

#endif
