/*
 * Comprehensions and generator expressions. Only at "for" is it known that what came
 * before is an element, in a scope of its own: so yield and await within a first element
 * are set apart until then. See parser.h.
 */
#include "format/python/parser.h"

struct element parse_element_start(struct parser *p)
{
    struct element e = { p->ctx.yield_at, p->ctx.await_at, p->ctx.await_comp, p->walruses };

    p->ctx.yield_at = p->ctx.await_at = NOWHERE;
    return e;
}

void parse_element_end(struct parser *p, const struct element *e)
{
    if (p->ctx.yield_at == NOWHERE)
        p->ctx.yield_at = e->yield_at;
    if (e->await_at != NOWHERE) {
        p->ctx.await_at = e->await_at;
        p->ctx.await_comp = e->await_comp;
    }
}

void parse_await_at(struct parser *p, uint32_t off)
{
    if (p->ctx.no_scope) {
        parse_fail(p, off,
                   "await expression cannot be used within the definition of a "
                   "generic");
        return;
    }
    if (p->ctx.async || p->ctx.await_at != NOWHERE)
        return;
    p->ctx.await_at = off;
    p->ctx.await_comp = false;
}

void parse_await_check(struct parser *p)
{
    if (LIKELY(p->ctx.await_at == NOWHERE))
        return;
    if (p->ctx.await_comp)
        parse_fail(p, p->ctx.await_at,
                   "asynchronous comprehension outside of an asynchronous function");
    else
        parse_fail(p, p->ctx.await_at, "'await' outside %sfunction",
                   p->ctx.function ? "async " : "");
}

/* The iterable; nothing within it may be assigned to. */
static uint32_t iterable(struct parser *p)
{
    uint32_t e;

    p->iterables++;
    e = parse_disjunction(p);
    p->iterables--;
    return e;
}

/* The first iterable belongs to the scope around: e. It is up to date then. */
static uint32_t outer_iterable(struct parser *p, struct element *e)
{
    struct element inner = parse_element_start(p);
    uint32_t i;

    p->ctx.yield_at = e->yield_at;
    p->ctx.await_at = e->await_at;
    p->ctx.await_comp = e->await_comp;
    i = iterable(p);
    *e = parse_element_start(p);
    p->ctx.yield_at = inner.yield_at;
    p->ctx.await_at = inner.await_at;
    p->ctx.await_comp = inner.await_comp;
    return i;
}

/* Until 3.8, a lambda without an if of its own might stand here. */
static uint32_t comp_if(struct parser *p)
{
    return UNLIKELY(kind(p) == W_KW_LAMBDA) ? parse_lambda_nocond(p) : parse_disjunction(p);
}

/* One for ... in ... if ...; outer is of the first only. */
static uint32_t comp_for(struct parser *p, struct element *outer)
{
    uint32_t off = p->l.tok.off, target, in, i;
    struct list ifs = { 0, 0 };
    unsigned flags = 0;

    if (kind(p) == W_KW_ASYNC) {
        parse_await_at(p, off);
        flags = PYN_ASYNC;
        next(p);
    }
    (void)expect(p, W_KW_FOR);
    target = parse_for_target(p);
    (void)expect(p, W_KW_IN);
    in = outer ? outer_iterable(p, outer) : iterable(p);
    while (accept(p, W_KW_IF))
        append(p, &ifs, comp_if(p));
    i = add_node(p, N_COMP_FOR, off, target, in, ifs.first);
    at(p, i)->flags = (uint16_t)flags;
    return i;
}

static const char *comp_name(unsigned node_kind)
{
    switch (node_kind) {
    case N_LIST_COMP:
        return "list comprehension";
    case N_SET_COMP:
        return "set comprehension";
    case N_DICT_COMP:
        return "dict comprehension";
    default:
        return "generator expression";
    }
}

uint32_t parse_comp_for(struct parser *p, const struct element *e, unsigned node_kind)
{
    struct list list = { 0, 0 };
    struct element outer = *e;
    uint32_t inner;

    append(p, &list, comp_for(p, &outer));
    while (at_comp_for(p))
        append(p, &list, comp_for(p, NULL));
    if (p->ctx.yield_at != NOWHERE)
        parse_fail(p, p->ctx.yield_at, "'yield' inside %s", comp_name(node_kind));
    p->names_matter |= p->walruses != e->walruses;
    inner = p->ctx.await_at;
    p->ctx.yield_at = outer.yield_at;
    p->ctx.await_at = outer.await_at;
    p->ctx.await_comp = outer.await_comp;
    if (inner != NOWHERE && node_kind != N_GENERATOR && outer.await_at == NOWHERE) {
        p->ctx.await_at = inner;
        p->ctx.await_comp = true;
    }
    return list.first;
}
