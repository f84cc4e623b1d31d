/* Flags of FACT_PICKLE_* facts: what the machine knows beside the names. */
#ifndef PRATIQUE_FACT_PICKLE_H
#define PRATIQUE_FACT_PICKLE_H

enum pickle_flag {
    /* How: the opcode that did it. */
    PK_REDUCE = 1 << 0,  /* callable(*args) */
    PK_OBJ = 1 << 1,     /* OBJ and INST: cls(*args), or cls.__new__(cls) without args */
    PK_NEWOBJ = 1 << 2,  /* NEWOBJ, NEWOBJ_EX, copyreg._reconstructor: cls.__new__(cls, ...) */
    PK_APPEND = 1 << 3,  /* APPEND, APPENDS: object.append, object.extend */
    PK_ADD = 1 << 4,     /* ADDITEMS: object.update, object.add */
    PK_SETITEM = 1 << 5, /* SETITEM, SETITEMS: object[key] = value */

    /* Of arguments, or of a state. */
    PK_ARGS_UNKNOWN = 1 << 6, /* they are not a tuple whose content is known */
    PK_ARGS_CALLED = 1 << 7,  /* the result of a call is among them, at any depth */
    PK_ARGS_REF0 = 1 << 8,    /* the first one is a global, refs[0] */

    PK_ARGS_INSPECTED = 1 << 22, /* bytes for a loader, and they were inspected as a file */
    PK_ARGS_NUMBERS = 1 << 24,   /* they are numbers, None, True or False alone */
    PK_ARGS_NONE = 1 << 19,      /* there are none */

    /* Of the object that a method is called on, or that is given state. */
    PK_ON_GLOBAL = 1 << 9,  /* it is the global itself: a class or module is changed */
    PK_ON_PERSID = 1 << 10, /* it came from a persistent id, an extension code or a buffer */

    /* Of a state (PICKLE_BUILD). */
    PK_STATE_DUNDER = 1 << 11,      /* sets an attribute named __like_this__ to plain data */
    PK_STATE_DUNDER_LIVE = 1 << 12, /* ... to a global, or to the result of a call */
    PK_STATE_METHOD_LIVE =
        1 << 13,               /* hides a method that opcodes call (append, extend, add, ...) */
    PK_STATE_SLOTS = 1 << 14,  /* (dict, dict): the second is set with setattr */
    PK_STATE_FORGED = 1 << 20, /* a dtype's state that lies about what the dtype holds */

    /* Of a global. */
    PK_DOTTED = 1 << 15, /* its name has attributes to follow ("path.os.system") */
    PK_WEAK = 1 << 16,   /* in bytes that may be no pickle at all: no PROTO, no STOP, no call */
    PK_EXT = 1 << 17,    /* by extension code: the name is not in the file */
    PK_FIRST_PLAIN_IDENT =
        1 << 18, /* the second argument is a constant string: an identifier, no dunder */
    PK_ONLY_CALLED = 1 << 23, /* of a global: it was called each time, and is nowhere as a value */
    PK_RESOLVED =
        1
        << 21, /* getattr(global, identifier): its result is told as a global of that dotted name */
};

#endif
