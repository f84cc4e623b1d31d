/*
 * Native files told: what they are, what they need, where they look for it, and what is odd
 * about them. FACT_NATIVE_*. That there is such a file is format/known's business.
 */
#ifndef PRATIQUE_FORMAT_NATIVE_NATIVE_H
#define PRATIQUE_FORMAT_NATIVE_NATIVE_H

#include "format/format.h"

/*
 * Tells the ELF, Mach-O or PE file in, whole. Nothing is told of other content, and nothing
 * unless the file is part of a package, or every file counts as one (PACKAGES_ALL).
 * What is broken is a fact: FACT_NATIVE_BROKEN. E_LIMIT: no more time.
 */
enum pratique_status native_tell(struct scan *s, struct span in) NONNULL MUST_CHECK;

#endif
