/*
 * Names and versions of projects, and of the files that they are published as. Pure.
 * packaging.python.org: "Binary distribution format" (file names), "Names and normalization",
 * "Version specifiers" (normalisation; PEP 440).
 */
#ifndef PRATIQUE_FORMAT_WHEEL_NAME_H
#define PRATIQUE_FORMAT_WHEEL_NAME_H

#include "base/compiler.h"
#include "input/span.h"

struct wheel_name {
    struct span name, version, build, pythons, abis, platforms; /* borrowed */
};

/* Takes "NAME-VERSION[-BUILD]-PYTHON-ABI-PLATFORM.whl" apart; false when it is none. */
bool wheel_name_parse(struct span file_name, struct wheel_name *out) NONNULL MUST_CHECK;

/* "x.tar.gz", "x.zip" and the like: sources, to be built first. */
bool wheel_is_sdist(struct span file_name);
/* What such a name says before its ending: "x-1.0". */
bool sdist_stem(struct span file_name, struct span *stem) NONNULL MUST_CHECK;

/* Whether two names of a project mean the same: letter case, and runs of ".-_", are all one. */
bool project_names_equal(struct span a, struct span b);

/* Whether two versions are the same by PEP 440, however they are spelt; false when one is none. */
bool versions_equal(struct span a, struct span b);
/* The same of one in a file's name, where old builders have "_" for "+": "1.0_cu121". */
bool versions_equal_escaped(struct span version, struct span escaped);

/* Whether "x-y-1.0" is of that project and version, wherever its name ends. */
bool project_stem_is(struct span stem, struct span name, struct span version);
/* The parts before and behind its last dash; false unless that looks like a version. */
bool project_stem_split(struct span stem, struct span *name, struct span *version) NONNULL;

#endif
