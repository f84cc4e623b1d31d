/*
 * What CPython's compiler refuses in patterns: names bound twice, alternatives that bind
 * different names, patterns that nothing gets past. Brackets bound the recursion.
 */
#include "format/python/parser.h"

/* Names that a pattern binds, in their order. One may be there for each alternative. */
struct names {
    struct bound {
        uint32_t atom;
        uint32_t before; /* 1 + the place of the same name before, once there is an index */
    } * list;
    uint32_t n, size;
    uint32_t *index; /* of each atom: 1 + its last place; made when there are many names */
    uint32_t index_n;
};
#define FEW 32

static void *get(struct parser *p, void *old, size_t n, size_t to)
{
    struct scan *s = p->t->s;
    void *q = old ? scan_remap(s, old, n, to) : scan_map(s, to);

    if (!q)
        lex_stop(&p->l, s->budget->spent ? PRATIQUE_E_LIMIT : PRATIQUE_E_NOMEM);
    return q;
}

static void enter_index(struct names *s, uint32_t i)
{
    uint32_t *last = &s->index[s->list[i].atom];

    s->list[i].before = *last;
    *last = i + 1;
}

static void make_index(struct parser *p, struct names *s)
{
    s->index = get(p, NULL, 0, p->t->atoms.n * sizeof *s->index);
    s->index_n = s->index ? p->t->atoms.n : 0;
    for (uint32_t i = 0; s->index && i < s->n; i++)
        enter_index(s, i);
}

static void add_name(struct parser *p, struct names *s, uint32_t atom)
{
    uint32_t to = s->size ? s->size * 2 : 16;

    if (s->n == s->size) {
        void *q = get(p, s->list, s->size * sizeof *s->list, to * sizeof *s->list);

        if (!q)
            return;
        s->list = q;
        s->size = to;
    }
    s->list[s->n++].atom = atom;
    if (s->index)
        enter_index(s, s->n - 1);
    else if (s->n > FEW)
        make_index(p, s);
}

/* Forgets the names from place n on. */
static void cut(struct names *s, uint32_t n)
{
    while (s->n > n) {
        s->n--;
        if (s->index)
            s->index[s->list[s->n].atom] = s->list[s->n].before;
    }
}

static bool has(const struct names *s, uint32_t from, uint32_t to, uint32_t atom)
{
    if (s->index) { /* so many alternatives as there are around it, at the most */
        uint32_t i = s->index[atom];

        while (i > to)
            i = s->list[i - 1].before;
        return i > from;
    }
    for (uint32_t i = from; i < to; i++)
        if (s->list[i].atom == atom)
            return true;
    return false;
}

/* A name is bound; from: where those start that it must differ from. */
static void bind(struct parser *p, struct names *s, uint32_t from, const struct py_node *n)
{
    struct span name = py_atom_text(&p->t->atoms, n->atom);

    if (!n->atom)
        return;
    if (has(s, from, s->n, n->atom))
        parse_fail(p, n->off, "multiple assignments to name '%.*s' in pattern",
                   (int)(name.n < 80 ? name.n : 80), name.p);
    else
        add_name(p, s, n->atom);
}

static void collect(struct parser *p, struct names *s, uint32_t from, uint32_t i);

/*
 * Each alternative binds what the first does. The names of all lie in s behind each other
 * until they are compared; those of the first stay.
 */
static void alternatives(struct parser *p, struct names *s, uint32_t from, uint32_t i)
{
    uint32_t first = s->n, end, off = at(p, i)->off;

    collect(p, s, from, at(p, i)->a);
    end = s->n;
    for (uint32_t j = at(p, at(p, i)->a)->next; j && p->l.status == PRATIQUE_OK;
         j = at(p, j)->next) {
        bool same;

        collect(p, s, end, j); /* they may repeat the first's, and none before */
        same = s->n - end == end - first;
        for (uint32_t k = end; k < s->n; k++)
            same &= has(s, first, end, s->list[k].atom);
        if (!same)
            parse_fail(p, off, "alternative patterns bind different names");
        cut(s, end);
    }
}

static void irrefutable_last(struct parser *p, uint32_t i)
{
    for (uint32_t j = at(p, i)->a; j && at(p, j)->next; j = at(p, j)->next) {
        uint32_t all = parse_irrefutable(p, j);

        if (all)
            parse_unreachable(p, all);
    }
}

static void collect_list(struct parser *p, struct names *s, uint32_t from, uint32_t list)
{
    for (uint32_t i = list; i && p->l.status == PRATIQUE_OK; i = at(p, i)->next)
        collect(p, s, from, i);
}

static void collect(struct parser *p, struct names *s, uint32_t from, uint32_t i)
{
    const struct py_node n = *at(p, i);

    switch (n.kind) {
    case N_PATTERN_CAPTURE:
    case N_PATTERN_STAR:
        bind(p, s, from, &n);
        break;
    case N_PATTERN_AS:
        collect(p, s, from, n.a);
        bind(p, s, from, &n);
        break;
    case N_PATTERN_OR:
        irrefutable_last(p, i);
        alternatives(p, s, from, i);
        break;
    case N_PATTERN_SEQUENCE:
        collect_list(p, s, from, n.a);
        break;
    case N_PATTERN_MAPPING:
        collect_list(p, s, from, n.a);
        bind(p, s, from, &n);
        break;
    case N_PATTERN_PAIR:
        collect(p, s, from, n.b);
        break;
    case N_PATTERN_CLASS:
        collect_list(p, s, from, n.b);
        break;
    case N_PATTERN_KEYWORD:
        collect(p, s, from, n.a);
        break;
    default:
        break;
    }
}

void parse_unreachable(struct parser *p, uint32_t all)
{
    const struct py_node *n = at(p, all);
    struct span name = py_atom_text(&p->t->atoms, n->atom);

    if (n->atom)
        parse_fail(p, n->off, "name capture '%.*s' makes remaining patterns unreachable",
                   (int)(name.n < 80 ? name.n : 80), name.p);
    else
        parse_fail(p, n->off, "wildcard makes remaining patterns unreachable");
}

void parse_pattern_check(struct parser *p, uint32_t pattern)
{
    struct names s = { 0 };

    if (p->l.status == PRATIQUE_OK && at(p, pattern)->kind != N_PATTERN_VALUE)
        collect(p, &s, 0, pattern);
    scan_unmap(p->t->s, s.list, s.size * sizeof *s.list);
    scan_unmap(p->t->s, s.index, s.index_n * sizeof *s.index);
}

uint32_t parse_irrefutable(const struct parser *p, uint32_t i)
{
    for (;;) {
        const struct py_node *n = at(p, i);

        if (n->kind == N_PATTERN_CAPTURE)
            return i;
        if (n->kind == N_PATTERN_AS) {
            i = n->a;
        } else if (n->kind == N_PATTERN_OR) {
            for (i = n->a; at(p, i)->next; i = at(p, i)->next)
                ;
        } else {
            return 0;
        }
    }
}
