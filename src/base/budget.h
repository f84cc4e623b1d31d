/*
 * One budget per artifact, nested content included. Whatever grows with hostile
 * input is charged here first; a charge that does not fit is refused and named.
 */
#ifndef PRATIQUE_BASE_BUDGET_H
#define PRATIQUE_BASE_BUDGET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"

struct budget {
    uint64_t memory_left;  /* bytes of private memory */
    uint64_t output_left;  /* bytes decompressed */
    uint64_t members_left; /* archive members */
    uint64_t ratio;        /* output over input, past BUDGET_RATIO_FREE */
    uint32_t depth_max;
    uint64_t deadline_us; /* CLOCK_MONOTONIC; 0: none */
    uint64_t work_done;   /* bytes of input looked at, for the report */
    const char *spent;    /* the first bound that was reached, NULL while none was */
};

/* Output below this is never judged by its ratio. */
#define BUDGET_RATIO_FREE ((uint64_t)64 * 1024 * 1024)

/* Each is true when the charge fits; otherwise b->spent names the bound. */
bool budget_memory(struct budget *b, uint64_t bytes) NONNULL MUST_CHECK;
bool budget_output(struct budget *b, uint64_t bytes) NONNULL MUST_CHECK;
bool budget_members(struct budget *b, uint64_t n) NONNULL MUST_CHECK;

/* False when out bytes from in bytes is a bomb's ratio. */
bool budget_ratio(struct budget *b, uint64_t in, uint64_t out) NONNULL MUST_CHECK;

/* False past the deadline. It reads a clock: call it once per chunk of work. */
bool budget_time(struct budget *b) NONNULL MUST_CHECK;

/* Gives memory back that budget_memory() had granted. */
void budget_memory_return(struct budget *b, uint64_t bytes) NONNULL;

/* Microseconds of CLOCK_MONOTONIC. */
uint64_t budget_now_us(void);

#endif
