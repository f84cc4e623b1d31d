/* What calls what in a package, and so what runs when. Private to package/. */
#ifndef PRATIQUE_FORMAT_PACKAGE_GRAPH_H
#define PRATIQUE_FORMAT_PACKAGE_GRAPH_H

#include "format/package/package.h"

/* Tells FACT_PKG_RUNS and its kin of s->package. */
enum pratique_status graph_tell(struct scan *s) NONNULL MUST_CHECK;

#endif
