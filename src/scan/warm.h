/*
 * Some libraries set themselves up at their first use, by way of files and system
 * calls that a locked worker does not have. Each worker uses them once before it
 * is locked. A new one is a row in warm.c.
 */
#ifndef PRATIQUE_SCAN_WARM_H
#define PRATIQUE_SCAN_WARM_H

#include <stdbool.h>

/* Runs them all; libcrypto takes a millisecond, and only when hashes are wanted. */
void warm_up(bool sha256);

/* One of them: for qsort(3). */
void warm_sort(void);

#endif
