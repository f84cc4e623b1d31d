/*
 * The numbers in a tensor's body: what is wrong with them, and their range.
 *
 * Read at the speed of memory: whole blocks are looked at without a branch, by
 * loops that the compiler turns into vector instructions; only a block that holds
 * something odd, and what is left at the end, is read number by number.
 */
#ifndef PRATIQUE_FORMAT_SAFETENSORS_VALUES_H
#define PRATIQUE_FORMAT_SAFETENSORS_VALUES_H

#include "base/compiler.h"
#include "input/span.h"

enum value_kind {
    VALUE_F64,
    VALUE_F32,
    VALUE_C64, /* two F32 */
    VALUE_F16,
    VALUE_BF16,
    VALUE_E4M3, /* no infinity; one NaN of each sign */
    VALUE_E5M2,
    VALUE_E4M3FNUZ, /* no infinity, no -0; 0x80 is the NaN */
    VALUE_E5M2FNUZ,
    VALUE_E8M0, /* a power of two; 0xff is the NaN */
    VALUE_E3M2, /* F6: no infinity, no NaN; four in three bytes, the first in the low bits */
    VALUE_E2M3,
    VALUE_F4, /* E2M1, likewise; two in a byte */
    VALUE_I64,
    VALUE_U64,
    VALUE_I32,
    VALUE_U32,
    VALUE_I16,
    VALUE_U16,
    VALUE_I8,
    VALUE_U8,
    VALUE_BOOL,
    VALUE_KINDS
};

struct values {
    uint64_t n;         /* numbers; twice the elements of C64 */
    uint64_t nan, inf;  /* of n */
    uint64_t zero;      /* of either sign */
    uint64_t denormal;  /* nearer to zero than the type's normal numbers */
    uint64_t not_bool;  /* BOOL: neither 0 nor 1 */
    uint64_t first_odd; /* place of the first NaN, infinity or not_bool, where there is one */
    double min, max;    /* of the finite ones; +infinity and -infinity when there are none */
    long double sum;    /* likewise */
};

/* Whether a kind has a NaN, infinities or denormals at all: a fraction, in short. */
bool values_are_floats(enum value_kind kind);

/* Bits of the exponent of a kind of floats; 0 of whole numbers. */
unsigned values_exponent_bits(enum value_kind kind);

void values_init(struct values *v) NONNULL;

/*
 * Adds the numbers in body, whole ones of that kind (F6: in groups of four, F4: of
 * two), to *v. May be called again with what follows.
 */
void values_add(struct values *v, enum value_kind kind, struct span body) NONNULL;

/* Of the finite numbers; 0 when there are none. */
double values_mean(const struct values *v) NONNULL MUST_CHECK;

#endif
