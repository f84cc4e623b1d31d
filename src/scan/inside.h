/* What src/trust needs of a gate and of a watch beside pratique.h. */
#ifndef PRATIQUE_SCAN_INSIDE_H
#define PRATIQUE_SCAN_INSIDE_H

#include <pratique/pratique.h>

#include "base/compiler.h"

/*
 * As pratique_gate_scan() of the file at path, but for its bytes, which are those behind fd
 * (borrowed, open for reading only).
 */
enum pratique_status gate_scan_descriptor(struct pratique_gate *gate, const char *path, int fd,
                                          pratique_report_fn *on_report, void *user,
                                          struct pratique_error *err) MUST_CHECK;

/* The limits of its options, none of them 0. */
const struct pratique_limits *gate_limits(const struct pratique_gate *gate) NONNULL;
bool gate_weak_ok(const struct pratique_gate *gate) NONNULL;

/* As pratique_watch_wheel(), of a wheel that is called name in the report. */
enum pratique_status watch_wheel_as(const char *path, const char *name,
                                    const struct pratique_watch_options *options,
                                    pratique_report_fn *on_report, void *user,
                                    struct pratique_error *err) MUST_CHECK;

#endif
