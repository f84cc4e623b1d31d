/*
 * The stack of the pickle machine, with CPython's fence: nothing below the latest
 * mark can be popped (Modules/_pickle.c, struct Pdata). Every function here is
 * false when CPython would raise; m->fault then says why.
 */
#ifndef PRATIQUE_FORMAT_PICKLE_STACK_H
#define PRATIQUE_FORMAT_PICKLE_STACK_H

#include "format/pickle/machine.h"

bool stack_grow(struct machine *m);

static inline bool fault(struct machine *m, const char *why)
{
    m->fault = why;
    return false;
}

static inline bool underflow(struct machine *m)
{
    return fault(m, m->marks_n ? "unexpected MARK found" : "stack underflow");
}

static inline bool push(struct machine *m, word w)
{
    if (UNLIKELY(m->sp == m->stack_max) && !stack_grow(m))
        return false;
    m->stack[m->sp++] = w;
    return true;
}

/* Pushes what this opcode makes: its offset is its identity. */
static inline bool push_here(struct machine *m, enum tag tag)
{
    return push(m, word_of(tag, m->op_off));
}

static inline bool pop(struct machine *m, word *w)
{
    *w = 0;
    if (UNLIKELY(m->sp <= m->fence))
        return underflow(m);
    *w = m->stack[--m->sp];
    return true;
}

bool mark_push(struct machine *m);

/* Forgets the latest mark; there is one. */
static inline void mark_drop(struct machine *m)
{
    m->marks_n--;
    m->fence = m->marks_n ? m->marks[m->marks_n - 1] : 0;
}

/* Where the items of the latest mark start; the mark is gone. */
static inline bool mark_pop(struct machine *m, size_t *at)
{
    *at = m->sp;
    if (m->marks_n == 0)
        return fault(m, "could not find MARK");
    *at = m->marks[m->marks_n - 1];
    mark_drop(m);
    return true;
}

/* The number that the bytes of a fixed-size argument are. */
static inline uint64_t little_endian(struct span s)
{
    uint64_t v = 0;

    for (size_t i = 0; i < s.n && i < 8; i++)
        v |= (uint64_t)s.p[i] << (8 * i);
    return v;
}

/* ---- containers.c ---- */

bool op_tuple_n(struct machine *m, size_t n);
bool op_tuple(struct machine *m); /* and FROZENSET */
bool op_list(struct machine *m);
bool op_dict(struct machine *m);
bool op_append(struct machine *m);
bool op_appends(struct machine *m);
bool op_setitem(struct machine *m);
bool op_setitems(struct machine *m);
bool op_additems(struct machine *m);

/* ---- calls.c ---- */

bool op_global(struct machine *m, struct span lines);
bool op_stack_global(struct machine *m);
bool op_ext(struct machine *m, struct span code);
bool op_persid(struct machine *m, struct span line);
bool op_binpersid(struct machine *m);
bool op_reduce(struct machine *m);
bool op_newobj(struct machine *m);
bool op_newobj_ex(struct machine *m);
bool op_obj(struct machine *m);
bool op_inst(struct machine *m, struct span lines);
bool op_build(struct machine *m);

#endif
