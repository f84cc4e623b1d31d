/* What the facts about Python sources say beside their kind. */
#ifndef PRATIQUE_FACT_PYTHON_H
#define PRATIQUE_FACT_PYTHON_H

enum py_fact_flag {
    PY_CALLED = 1 << 0,      /* it is called */
    PY_IMPORTED = 1 << 1,    /* an import statement, or what does the same, brings it in */
    PY_REFERENCED = 1 << 2,  /* it is handed on: assigned, passed, stored, returned */
    PY_DECORATES = 1 << 3,   /* it is called as a decorator or a metaclass */
    PY_INDIRECT = 1 << 4,    /* its name does not stand there: an alias, getattr, a folded string */
    PY_IN_CONSTANT = 1 << 5, /* in code that is itself a constant given to exec() and its kin */
    /* The argument that the list asked about (struct interest_row, arg). */
    PY_ARG_CONSTANT = 1 << 6, /* refs[PY_REF_ARG] is its whole value, as repr() has it */
    PY_ARG_PREFIX = 1 << 7,   /* ... is a string's beginning; the rest is not known */
    PY_ARG_NAME = 1 << 8,    /* ... is a dotted name: yaml.SafeLoader; or one of several: a.b|c.d */
    PY_ARG_UNKNOWN = 1 << 9, /* there is one, its value is not known */
    PY_ARG_MAYBE = 1 << 10,  /* a * or ** argument may hold it, and what it holds is not known */
    PY_GUESSED = 1 << 11,    /* whether the name means this object is not certain */
    PY_ON_CLASS = 1 << 12, /* of a member: it is asked of a class of the source, or of a library */
};

enum py_fact_ref {
    PY_REF_FUNCTION, /* where it stands: "Class.method", "" at module level */
    PY_REF_ARG,      /* see PY_ARG_*; may be empty */
    PY_REF_CALL,     /* the call with its arguments as they are written, white space folded */
    PY_REF_SPAN,     /* "FIRST-LAST": the lines of the statement it stands in */
    PY_REFS
};

enum py_excuse_flag {
    PY_EXCUSE_NOSEC = 1 << 0,     /* "# nosec" of bandit; else "# pratique: allow[...]" */
    PY_EXCUSE_MALFORMED = 1 << 1, /* "pratique:" and then nothing that is understood */
};

#endif
