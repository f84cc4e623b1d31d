/*
 * What an archive is, told from its members: a torch zip, a wheel, an npz, ...
 * The zip and tar readers list their members here, ask which layout fits, and
 * hand each member on with the role that the layout gives it. A new layout is
 * one row in layout.c.
 */
#ifndef PRATIQUE_FORMAT_LAYOUT_H
#define PRATIQUE_FORMAT_LAYOUT_H

#include "format/format.h"

struct member {
    struct span name; /* raw bytes, as the reader found them */
    struct span raw;  /* its bytes in the archive, still compressed */
    bool stored;      /* raw is the content itself */
    uint64_t size;    /* of the content, as declared */
};

struct archive {
    const char *kind; /* "zip", "tar" */
    const struct member *members;
    size_t n;
};

struct layout {
    const char *name; /* "torch", "wheel", "npz": in the report "zip (torch)" */
    bool (*matches)(const struct archive *a);
    /* May be NULL: then every member is ROLE_ANY. */
    enum role (*role)(const struct archive *a, const struct member *m);
    /* NULL, or what of this layout can carry code and is not read: MODEL_UNREAD. */
    const char *unread;
};

/* The first layout that fits, or NULL. */
const struct layout *layout_of(const struct archive *a) NONNULL;

/* Whether the layout of that name fits, be it the first that does or not. */
bool layout_fits(const struct archive *a, const char *name) NONNULL;

/*
 * What a report calls an archive of that layout (layout_of(); may be NULL, and then so is this).
 * What is a wheel or an sdist as well as a model has no name of either, so that no policy for
 * one of them alone is taken.
 */
const char *layout_name(const struct archive *a, const struct layout *layout)
    __attribute__((nonnull(1)));

/*
 * Adds the facts of every layout that fits, not of the first alone. The zip and
 * tar readers call it once for each archive, next to layout_of().
 */
void layout_report(struct scan *s, const struct archive *a) NONNULL;

/*
 * The parser that a role asks for, or NULL. The engine runs it on such a member in
 * place of looking at the content; what that parser does not understand it hands
 * on with scan_nested() and ROLE_ANY.
 */
const struct format *layout_format_of_role(enum role role);

#endif
