/*
 * FlatBuffers: tables, vectors and strings by offset, every access checked. No schema, no memory,
 * no recursion: a reader asks for the fields that it knows, by their number in the schema.
 *
 * A fault is remembered in struct fb, the first one alone, and everything read from then on is
 * absent, zero or empty; so a reader may read a whole table and ask fb_ok() once, and must ask it
 * in every loop that a fault would not end. Offsets point forward only, so there are no cycles;
 * tables and vectors may be shared, so that following them all could cost more than the file is
 * long: what is opened is counted, and more than the file can hold is a fault as well. Texts and
 * bytes are not counted: a reader that looks into long ones asks fb_look() before.
 *
 * Spec: flatbuffers.dev/internals (the wire format, version 25).
 */
#ifndef PRATIQUE_FORMAT_FLATBUFFER_FLATBUFFER_H
#define PRATIQUE_FORMAT_FLATBUFFER_FLATBUFFER_H

#include "base/compiler.h"
#include "input/span.h"

struct fb {
    struct span in;
    const char *wrong;    /* what the first fault was; NULL while there is none */
    uint64_t wrong_at;    /* and where */
    uint64_t tables_left; /* how many may still be opened */
    uint64_t bytes_left;  /* of vectors */
    uint64_t look_left;   /* bytes of texts and bodies that may still be looked into */
};

/* A table; at = 0: absent. The root itself lies behind its own offset, so never at 0. */
struct fb_table {
    uint64_t at;
    uint64_t fields;   /* where the vtable's entries begin */
    uint16_t fields_n; /* how many there are */
    uint16_t size;     /* of the table's inline part */
};

/* A vector of n elements; at = 0: absent. */
struct fb_vector {
    uint64_t at; /* of the first element */
    uint32_t n;
};

/* Whether in begins like a flatbuffer with that identifier ("TFL3"; NULL: with any). Cheap. */
bool fb_looks_like(struct span in, const char *identifier);

/* Starts, and opens the root table: absent when that is wrong. */
struct fb_table fb_open(struct fb *fb, struct span in) NONNULL;

static inline bool fb_ok(const struct fb *fb)
{
    return !fb->wrong;
}

/* Records a fault that a reader itself found (an index out of range); the first one stays. */
void fb_fault(struct fb *fb, uint64_t at, const char *wrong) NONNULL;

/* Whether the table has the field, whatever it holds. */
bool fb_has(struct fb *fb, const struct fb_table *t, unsigned field) NONNULL;

/* A number of 1, 2, 4 or 8 bytes, as unsigned; otherwise when the field is absent. */
uint64_t fb_number(struct fb *fb, const struct fb_table *t, unsigned field, unsigned bytes,
                   uint64_t otherwise) NONNULL;

/* The same with its sign. */
int64_t fb_signed(struct fb *fb, const struct fb_table *t, unsigned field, unsigned bytes,
                  int64_t otherwise) NONNULL;

/* A struct: n bytes within the table. Empty when absent. */
struct span fb_struct(struct fb *fb, const struct fb_table *t, unsigned field, size_t n) NONNULL;

/* A table, or the value of a union (whose type is the field before). */
struct fb_table fb_table(struct fb *fb, const struct fb_table *t, unsigned field) NONNULL;

/* A vector whose elements have that size each: 4 for offsets. Its bytes all lie in the file. */
struct fb_vector fb_vector(struct fb *fb, const struct fb_table *t, unsigned field,
                           unsigned size) NONNULL;

/* A string's or a vector of bytes' content; empty when absent. Its length is the file's claim. */
struct span fb_string(struct fb *fb, const struct fb_table *t, unsigned field) NONNULL;
struct span fb_bytes(struct fb *fb, const struct fb_table *t, unsigned field) NONNULL;

/*
 * Before the bytes of a text or a body are looked into: false, and a fault, when that would be more
 * than the file holds, as it is where many parts share one body.
 */
bool fb_look(struct fb *fb, struct span bytes) NONNULL;

/* Element i of a vector of tables, of strings, or of numbers; i < v->n. */
struct fb_table fb_table_at(struct fb *fb, const struct fb_vector *v, uint32_t i) NONNULL;
struct span fb_string_at(struct fb *fb, const struct fb_vector *v, uint32_t i) NONNULL;
uint64_t fb_number_at(struct fb *fb, const struct fb_vector *v, uint32_t i, unsigned bytes) NONNULL;

#endif
