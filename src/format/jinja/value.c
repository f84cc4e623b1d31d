/* See value.h. */
#include "format/jinja/value.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/utf8.h"

#define ITEMS_MAX 4096

struct value jinja_unknown(unsigned what)
{
    return (struct value){ .unknown = (uint8_t)what };
}

struct value jinja_of(const struct atom *a)
{
    return a ? (struct value){ .alt = { a }, .n = 1 } : jinja_unknown(U_MADE);
}

struct atom *jinja_atom_new(struct arena *a, enum atom_kind kind, struct span text)
{
    struct atom *n = arena_alloc(a, sizeof *n);

    if (n)
        *n = (struct atom){ .kind = (uint8_t)kind, .text = text };
    return n;
}

struct value jinja_string(struct arena *a, struct span text)
{
    return jinja_of(text.p ? jinja_atom_new(a, A_STRING, text) : NULL);
}

struct value jinja_number(struct arena *a, int64_t number)
{
    struct atom *n = jinja_atom_new(a, A_NUMBER, SPAN_EMPTY);

    if (n)
        n->number = number;
    return jinja_of(n);
}

static bool same(const struct atom *a, const struct atom *b)
{
    if (a == b)
        return true;
    if (a->kind != b->kind)
        return false;
    if (a->kind == A_STRING || a->kind == A_FUNCTION || a->kind == A_OBJECT)
        return span_equal(a->text, b->text);
    return a->kind == A_NONE || a->kind == A_INTERNAL || a->kind == A_LOOP || a->kind == A_REAL ||
           ((a->kind == A_NUMBER || a->kind == A_BOOL) && a->number == b->number);
}

bool jinja_text_is_part(struct span text)
{
    return text.n > 0 && (text.p[0] == '_' || text.p[text.n - 1] == '_' ||
                          span_find(text, 0, SPAN_LITERAL("__")) != SIZE_MAX);
}

/* What a value that is not kept leaves open: parts of names may become one. */
static unsigned lost(const struct value *v, const struct atom *a)
{
    bool part = a->kind == A_STRING && jinja_text_is_part(a->text);

    if (a->kind == A_NUMBER || a->kind == A_REAL || a->kind == A_BOOL)
        return U_NUMBER;
    for (uint8_t i = 0; i < v->n; i++)
        part |= v->alt[i]->kind == A_STRING && jinja_text_is_part(v->alt[i]->text);
    return part ? U_MADE : U_INPUT;
}

void jinja_add(struct value *v, const struct atom *a)
{
    for (uint8_t i = 0; i < v->n; i++)
        if (same(v->alt[i], a))
            return;
    if (v->n < VALUE_MAX)
        v->alt[v->n++] = a;
    else
        v->unknown |= (uint8_t)lost(v, a);
}

void jinja_join(struct value *v, const struct value *other)
{
    v->unknown |= other->unknown;
    for (uint8_t i = 0; i < other->n; i++)
        jinja_add(v, other->alt[i]);
}

static bool grow(struct arena *a, struct atom *list)
{
    size_t size = list->size ? list->size * 2 : 8;
    struct value *items, *keys;

    if (list->n < list->size)
        return true;
    if (list->n >= ITEMS_MAX)
        return false;
    items = arena_array(a, size, sizeof *items);
    keys = list->kind == A_DICT ? arena_array(a, size, sizeof *keys) : NULL;
    if (!items || (list->kind == A_DICT && !keys))
        return false;
    if (list->n > 0)
        memcpy(items, list->items, list->n * sizeof *items);
    if (keys && list->n > 0)
        memcpy(keys, list->keys, list->n * sizeof *keys);
    list->items = items;
    list->keys = keys;
    list->size = size;
    return true;
}

bool jinja_atom_put(struct arena *a, struct atom *list, const struct value *key,
                    const struct value *item)
{
    if (!grow(a, list)) {
        list->fuzzy = true;
        return false;
    }
    if (key && list->keys)
        list->keys[list->n] = *key;
    list->items[list->n++] = *item;
    return true;
}

struct span jinja_atom_text(struct arena *a, const struct atom *atom)
{
    const struct span none = { NULL, 0 };
    char *text;

    switch (atom->kind) {
    case A_STRING:
        return atom->text;
    case A_NUMBER:
        text = arena_printf(a, "%" PRId64, atom->number);
        return text ? span_text(text) : none;
    case A_BOOL:
        return span_text(atom->number ? "True" : "False");
    case A_NONE:
        return SPAN_LITERAL("None");
    default:
        return none;
    }
}

bool jinja_has_part(const struct value *v)
{
    for (uint8_t i = 0; i < v->n; i++)
        if (v->alt[i]->kind == A_STRING ? jinja_text_is_part(v->alt[i]->text)
                                        : v->alt[i]->kind > A_NONE)
            return true;
    return false;
}

/* Two texts as one; unknown when it is longer than is kept. */
static void add_both(struct arena *a, struct value *out, struct span x, struct span y,
                     size_t *bytes)
{
    uint8_t *both = x.n + y.n <= JOINED_MAX ? arena_alloc(a, x.n + y.n) : NULL;
    struct atom *atom = both ? jinja_atom_new(a, A_STRING, span_of(both, x.n + y.n)) : NULL;

    if (!atom) {
        /* No name is that long; a part of it may be one. */
        out->unknown |= jinja_text_is_part(x) || jinja_text_is_part(y) ? U_MADE : U_INPUT;
        return;
    }
    memcpy(both, x.p, x.n);
    memcpy(both + x.n, y.p, y.n);
    *bytes += x.n + y.n;
    jinja_add(out, atom);
}

struct value jinja_concat(struct arena *a, const struct value *x, const struct value *y,
                          size_t *bytes)
{
    struct value out = { 0 };

    for (uint8_t i = 0; i < x->n; i++) {
        for (uint8_t j = 0; j < y->n; j++) {
            struct span left = jinja_atom_text(a, x->alt[i]), right = jinja_atom_text(a, y->alt[j]);

            if (left.p && right.p)
                add_both(a, &out, left, right, bytes);
            else
                out.unknown |= U_MADE;
        }
    }
    out.unknown |= (uint8_t)((x->unknown | y->unknown) & U_MADE);
    if ((x->unknown && jinja_has_part(y)) || (y->unknown && jinja_has_part(x)))
        out.unknown |= U_MADE;
    if (x->unknown || y->unknown)
        out.unknown |= U_INPUT;
    return out;
}

size_t jinja_text_length(struct span text)
{
    size_t n = 0;

    for (size_t i = 0; i < text.n; i++)
        n += (text.p[i] & 0xC0) != 0x80;
    return n;
}

size_t jinja_text_offset(struct span text, size_t point)
{
    size_t i = 0;

    for (; i < text.n; i++)
        if ((text.p[i] & 0xC0) != 0x80 && point-- == 0)
            return i;
    return i;
}

static bool characters(struct arena *a, struct span text, struct value **items, size_t *n)
{
    size_t length = jinja_text_length(text), from = 0;

    if (length > ITEMS_MAX / 4)
        return false;
    *items = arena_array(a, length, sizeof **items);
    for (*n = 0; *items && *n < length; (*n)++) {
        size_t to = from + 1;

        while (to < text.n && (text.p[to] & 0xC0) == 0x80)
            to++;
        (*items)[*n] = jinja_string(a, span_of(text.p + from, to - from));
        from = to;
    }
    return *items != NULL;
}

static bool numbers(struct arena *a, const struct atom *range, struct value **items, size_t *n)
{
    if (range->number > ITEMS_MAX / 4)
        return false;
    *items = arena_array(a, (size_t)range->number, sizeof **items);
    for (*n = 0; *items && *n < (size_t)range->number; (*n)++)
        (*items)[*n] = jinja_number(a, range->first + (int64_t)*n * range->step);
    return *items != NULL;
}

bool jinja_atom_items(struct arena *a, const struct atom *atom, struct value **items, size_t *n)
{
    switch (atom->kind) {
    case A_STRING:
        return characters(a, atom->text, items, n);
    case A_LIST:
        *items = atom->items, *n = atom->n;
        return !atom->fuzzy;
    case A_DICT:
        *items = atom->keys, *n = atom->n;
        return !atom->fuzzy;
    case A_RANGE:
        return numbers(a, atom, items, n);
    default:
        return false;
    }
}

const struct value *jinja_atom_key(const struct atom *dict, struct span key)
{
    for (size_t i = dict->n; i-- > 0;) /* the last one of a name counts */
        for (uint8_t j = 0; dict->keys && j < dict->keys[i].n; j++)
            if (dict->keys[i].alt[j]->kind == A_STRING &&
                span_equal(dict->keys[i].alt[j]->text, key))
                return &dict->items[i];
    return NULL;
}
