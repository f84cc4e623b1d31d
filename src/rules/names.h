/*
 * What is known of the callables that pickles name.
 *
 * Allow by construction: names_allow.def lists constructors that only build
 * data, each with what it may be used for. names_deny.def explains the known
 * dangerous and the indirections; it only raises a severity.
 */
#ifndef PRATIQUE_RULES_NAMES_H
#define PRATIQUE_RULES_NAMES_H

#include "rules/rules.h"

enum name_use {
    USE_VALUE = 1 << 0,      /* may be named; every allowed name has this */
    USE_CALL = 1 << 1,       /* may be called with plain data, and with what allowed calls made */
    USE_NEW = 1 << 2,        /* cls.__new__(cls, ...) only builds */
    USE_STATE = 1 << 3,      /* its instance, or its result, may be given state by BUILD */
    USE_APPEND = 1 << 4,     /* ... may be appended to */
    USE_ADD = 1 << 5,        /* ... may be added to (sets) */
    USE_SETITEM = 1 << 6,    /* ... may have items set */
    USE_TRAMPOLINE = 1 << 7, /* calls its first argument: it must be allowed to be called */
    USE_SLOTS = 1 << 8,      /* ... may have its slots set (a state of two dicts) */
    USE_SHAPED = 1 << 9,     /* may be called with the arguments that name_shape_fits() knows */
    USE_HOOK = 1 << 10,      /* ... takes its state by a __setstate__ written in C, item by item */
    USE_HELD = 1 << 11,      /* denied when called; held, not refused, when only named */
    USE_PARTIAL = 1 << 13,   /* functools.partial: its state names the callable again */
    USE_LOOKUP = 1 << 12,    /* getattr: honest pickles look nested names and methods up with it */
};

/* What is known of one full name ("collections.OrderedDict"). */
struct name_facts {
    unsigned uses;                    /* 0: not known to only build data */
    const struct pratique_rule *deny; /* the rule that a known danger fires, or NULL */
};

/*
 * Looks a full name up as Python would resolve it: aliases of modules (posix and
 * nt for os, __builtin__ for builtins, ...) are the same name; a dangerous module
 * anywhere inside counts ("torch.serialization.os.system"). dotted: the name was
 * followed attribute by attribute (PK_DOTTED), so that each part of it may be
 * any object, and dangerous names count wherever they stand ("a.b.io.open").
 * A name that has both uses and a rule may be named; calling it fires the rule.
 */
struct name_facts name_look_up(struct span name, bool dotted);

/*
 * Whether a call of a USE_SHAPED name has arguments that are known to be harmless.
 * Calls of one shape are one fact: what differs between them is judged by its flags
 * and refs, or by its text where there was but one.
 */
bool name_shape_fits(struct span name, const struct fact *call);

/* The last part of a dotted name; the whole of a name without a dot. */
struct span name_last(struct span name);

/* Row i of the tables, for the tests; SPAN_EMPTY past the end. */
struct span names_allow_at(size_t i, unsigned *uses);
struct span names_deny_at(size_t i);

#endif
