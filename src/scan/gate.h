/* A gate, as src/trust sees it. */
#ifndef PRATIQUE_SCAN_GATE_H
#define PRATIQUE_SCAN_GATE_H

#include "scan/law.h"

/* What it judges by. */
const struct law *gate_law(const struct pratique_gate *gate) NONNULL;

/* The limits of its options, none of them 0; whether a layer of a lock-down may be missing. */
const struct pratique_limits *gate_limits(const struct pratique_gate *gate) NONNULL;
bool gate_weak_ok(const struct pratique_gate *gate) NONNULL;

/*
 * Scans the one regular file behind a descriptor (the gate's from here on: it is closed), called
 * name in the report; no security/THREATS.md is looked for. As pratique_gate_scan() otherwise.
 */
enum pratique_status gate_scan_fd(struct pratique_gate *gate, const char *name, int fd,
                                  pratique_report_fn *on_report, void *user,
                                  struct pratique_error *err)
    __attribute__((nonnull(1, 2, 4, 6))) MUST_CHECK;

#endif
