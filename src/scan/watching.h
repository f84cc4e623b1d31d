/* A watch, as src/trust sees it. */
#ifndef PRATIQUE_SCAN_WATCHING_H
#define PRATIQUE_SCAN_WATCHING_H

#include <pratique/pratique.h>

#include "base/compiler.h"

/* As pratique_watch_wheel(), of a wheel that is called name in the report. */
enum pratique_status watch_wheel_as(const char *path, const char *name,
                                    const struct pratique_watch_options *options,
                                    pratique_report_fn *on_report, void *user,
                                    struct pratique_error *err) MUST_CHECK;

#endif
