/*
 * Names of Python programs that rules have an opinion on: pynames.def, one row a
 * name. The Python format is handed the list (rules_interest()) and reports where
 * they are used; pynames_find() says which rules a reported name fires.
 */
#ifndef PRATIQUE_RULES_PYNAMES_H
#define PRATIQUE_RULES_PYNAMES_H

#include "fact/interest.h"
#include "rules/rules.h"

/* What to think of a use of the name, for those that depend on an argument. */
enum py_condition {
    PY_ALWAYS,
    PY_IF_ABSOLUTE,  /* the argument is, or begins with, an absolute path */
    PY_IF_TRUE,      /* unless the argument is known to be false, or is not given */
    PY_UNLESS_TRUE,  /* unless the argument is known to be true */
    PY_UNLESS_CLASS, /* a member: unless it is asked of a class that is defined or imported */
    PY_UNLESS_SAFE,  /* unless the argument is a name that ends in "SafeLoader" or "BaseLoader" */
};

struct py_name {
    struct interest_row row;
    const struct pratique_rule *upload, *source; /* NULL: that policy has no opinion */
    enum py_condition condition;
};

/* The list for the Python format; made once, static. NULL without memory. */
const struct interest *rules_interest(void);

/* The row of a reported name (of PY_MEMBER facts too), or NULL. */
const struct py_name *pynames_find(struct span name, bool member);

#endif
