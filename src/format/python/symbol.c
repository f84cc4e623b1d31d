/* Symbols and scopes: what a name is bound to, and in which scope it takes effect. See bind.h. */
#include "format/python/bind.h"

#define FIELDS UINT32_MAX /* the scope of attributes */

static uint32_t slot_of(const struct analysis *an, uint32_t scope, uint32_t atom)
{
    uint32_t h = scope * 0x9E3779B1u ^ atom * 0x85EBCA77u;
    uint32_t i = (h ^ h >> 15) & (an->symbol_slots_n - 1);

    while (an->symbol_slots[i] && (an->symbols.list[an->symbol_slots[i]].scope != scope ||
                                   an->symbols.list[an->symbol_slots[i]].atom != atom))
        i = (i + 1) & (an->symbol_slots_n - 1);
    return i;
}

uint32_t symbol_find(const struct analysis *an, uint32_t scope, uint32_t atom)
{
    return an->symbol_slots_n ? an->symbol_slots[slot_of(an, scope, atom)] : 0;
}

static bool more_slots(struct analysis *an)
{
    uint32_t n = an->symbol_slots_n ? an->symbol_slots_n * 2 : 256;
    uint32_t *slots = scan_map(an->s, n * sizeof *slots);

    if (!slots) {
        an->failed = true;
        return false;
    }
    scan_unmap(an->s, an->symbol_slots, an->symbol_slots_n * sizeof *slots);
    an->symbol_slots = slots;
    an->symbol_slots_n = n;
    for (uint32_t i = 1; i < an->symbols.n; i++)
        slots[slot_of(an, an->symbols.list[i].scope, an->symbols.list[i].atom)] = i;
    return true;
}

/* The symbol of a name in a scope, made where there is none; 0 without memory. */
uint32_t symbol_in(struct analysis *an, uint32_t scope, uint32_t atom)
{
    uint32_t i;

    if (an->symbols.n * 2 >= an->symbol_slots_n && !more_slots(an))
        return 0;
    i = slot_of(an, scope, atom);
    if (an->symbol_slots[i])
        return an->symbol_slots[i];
    if (!GROW(an, an->symbols))
        return 0;
    an->symbols.list[an->symbols.n] = (struct symbol){ .atom = atom, .scope = scope };
    return an->symbol_slots[i] = an->symbols.n++;
}

uint32_t binding_new(struct analysis *an, enum binding_kind kind, uint32_t node, uint32_t of,
                     uint32_t off)
{
    if (!GROW(an, an->bindings))
        return 0;
    an->bindings.list[an->bindings.n] = (struct binding){ .kind = (uint8_t)kind,
                                                          .node = node,
                                                          .of = of,
                                                          .off = off,
                                                          .until = an->until,
                                                          .fork = an->fork,
                                                          .arm = an->arm,
                                                          .loop = an->loop,
                                                          .conditional = an->branches > 0 };
    return an->bindings.n++;
}

void symbol_attach(struct analysis *an, uint32_t symbol, uint32_t binding)
{
    struct symbol *s = &an->symbols.list[symbol];

    if (!symbol || !binding)
        return;
    if (s->scope != an->scope) { /* made by a function, if that is called */
        an->bindings.list[binding].conditional = true;
        an->bindings.list[binding].until = 0;
        an->bindings.list[binding].fork = 0;
    }
    if (s->last)
        an->bindings.list[s->last].next = binding;
    else
        s->first = binding;
    s->last = binding;
}

/* The kind of statement that declared a name in the scope: N_GLOBAL, N_NONLOCAL, or 0. */
static uint8_t declared(struct analysis *an, uint32_t scope, uint32_t atom)
{
    for (uint32_t n = an->scopes.list[scope].globals; n; n = CHAIN(node_at(an, n)))
        if (node_at(an, n)->atom == atom)
            return node_at(an, n)->op;
    return 0;
}

/* The scope in which a binding of the name made here takes effect. */
static uint32_t home_of(struct analysis *an, uint32_t atom)
{
    uint32_t scope = an->scope;

    while (an->scopes.list[scope].parent != scope) {
        uint8_t how = declared(an, scope, atom);

        if (how == N_GLOBAL)
            return 0;
        if (!how && an->scopes.list[scope].kind != S_COMPREHENSION)
            break;
        scope = an->scopes.list[scope].parent;
    }
    return scope;
}

/* A comprehension's own variables stay in it. */
uint32_t symbol_home(struct analysis *an, uint32_t atom, bool inner)
{
    return inner ? an->scope : home_of(an, atom);
}

uint32_t binding_part(struct analysis *an, enum binding_kind kind, uint32_t place, uint32_t whole,
                      uint32_t off)
{
    return whole ? binding_new(an, kind, place, whole, off) : 0;
}

/* An attribute that is set, on whatever: a field of that name. */
void bind_field(struct analysis *an, uint32_t atom, uint32_t binding)
{
    uint32_t symbol = symbol_in(an, FIELDS, atom);

    if (atom < an->atoms_n)
        an->fields[atom] = symbol;
    symbol_attach(an, symbol, binding);
}

/* In a class a name is an attribute of its instances as well. */
void bind_class_field(struct analysis *an, uint32_t scope, uint32_t atom, uint32_t binding)
{
    if (binding && an->scopes.list[scope].kind == S_CLASS)
        bind_field(an, atom, binding_part(an, B_SAME, 0, binding, an->bindings.list[binding].off));
}

void bind_atom(struct analysis *an, uint32_t atom, uint32_t binding)
{
    uint32_t home = home_of(an, atom);

    if (!atom)
        return;
    symbol_attach(an, symbol_in(an, home, atom), binding);
    bind_class_field(an, home, atom, binding);
}

/* ---- scopes ---- */

uint32_t scope_open(struct analysis *an, enum scope_kind kind, uint32_t node)
{
    uint32_t up = an->scope;

    if (!GROW(an, an->scopes))
        return an->scope;
    an->scopes.list[an->scopes.n] = (struct scope){ .kind = (uint8_t)kind,
                                                    .node = node,
                                                    .parent = kind == S_MODULE ? 0 : up,
                                                    .off = node_at(an, node)->off,
                                                    .end = node_at(an, node)->end };
    an->scope = an->scopes.n++;
    return up;
}

/* A name's use is its scope's, or goes on to the next one that a name in there can see. */
void scope_settle(struct analysis *an, uint32_t scope)
{
    struct scope *s = &an->scopes.list[scope];
    uint32_t outer = s->parent, next;

    while (an->scopes.list[outer].kind == S_CLASS) /* its names are not seen from within */
        outer = an->scopes.list[outer].parent;
    for (uint32_t n = s->uses; n; n = next) {
        struct py_node *name = node_at(an, n);

        uint32_t to = outer;

        next = CHAIN(name);
        CHAIN(name) = 0;
        SYMBOL(name) = symbol_find(an, scope, name->atom);
        if (SYMBOL(name) || scope == outer)
            continue;
        if (s->globals && declared(an, scope, name->atom) == N_GLOBAL)
            to = 0;
        CHAIN(name) = an->scopes.list[to].uses;
        an->scopes.list[to].uses = n;
    }
    s->uses = 0;
}

void scope_close(struct analysis *an, uint32_t up)
{
    scope_settle(an, an->scope);
    an->scope = up;
}
