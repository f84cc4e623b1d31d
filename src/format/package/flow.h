/* What a package fetches, and how that is checked before it is used. Private to package/. */
#ifndef PRATIQUE_FORMAT_PACKAGE_FLOW_H
#define PRATIQUE_FORMAT_PACKAGE_FLOW_H

#include "format/package/package.h"

/* Tells FACT_PKG_FETCH_USED and its kin of s->package. */
enum pratique_status flow_tell(struct scan *s) NONNULL MUST_CHECK;

#endif
