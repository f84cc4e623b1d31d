/*
 * Sketches of sets: the smallest hashes of what is in one. Two files that hold the same tensors
 * have much the same sketches, whatever their format and order; that is enough to tell a model
 * from one that was put in its place, and costs the same for a million tensors as for one.
 */
#ifndef PRATIQUE_FORMAT_MODEL_SKETCH_H
#define PRATIQUE_FORMAT_MODEL_SKETCH_H

#include "format/format.h"

#define SKETCH_MAX 60

/* Start with zeroes. */
struct sketch {
    uint32_t low[SKETCH_MAX]; /* sorted, each once */
    size_t n;
};

/* As a fact tells it: eight hex digits for each hash, and a NUL. */
#define SKETCH_TEXT_N (SKETCH_MAX * 8 + 1)
_Static_assert(SKETCH_TEXT_N <= FACT_SUBJECT_MAX, "a fact's subject holds one");

/* Adds something by a hash of it, all of whose bits are as good as any. */
void sketch_add(struct sketch *s, uint64_t hash) NONNULL;
/* A hash for a number, and for the name of a tensor: of its last three parts ("attn.query.weight"),
 * as what stands in front changes with the class that it is saved from. */
uint64_t sketch_number(uint64_t number);
uint64_t sketch_name(struct span name);

void sketch_text(const struct sketch *s, char out[SKETCH_TEXT_N]) NONNULL;
/* Adds what sketch_text() wrote of another set; anything else adds nothing. */
void sketch_merge(struct sketch *s, struct span text) NONNULL;

/* Of those in part that would be in the sketch of whole if they were in whole, how many there are,
 * and how many are not: *of is 0 where nothing can be said. */
size_t sketch_lacks(const struct sketch *whole, const struct sketch *part, size_t *of) NONNULL;

/* The tensors of one file, by their names and how many numbers each holds. */
struct tensors {
    struct sketch names, sizes;
};

/* FACT_TENSORS; nothing for a file without tensors. */
void tensors_tell(struct scan *s, const struct tensors *t) NONNULL;

#endif
