/* Values: what an expression may be. See analysis.h. */
#include "format/python/analysis.h"

#include <stdlib.h>

/* A union names so many at the most: known names first, constants as far as there is room. */
#define UNION_MAX  32
#define OTHERS_MAX 16 /* of those */

bool grow(struct analysis *an, void **list, uint32_t n, uint32_t *size, size_t item)
{
    uint32_t more = *size ? *size * 2 : 64;
    void *p = NULL;

    if (n < *size)
        return true;
    if (n < UINT32_MAX / 2)
        p = *list ? scan_remap(an->s, *list, *size * item, more * item)
                  : scan_map(an->s, more * item);
    if (!p) {
        an->failed = true;
        return false;
    }
    *list = p;
    *size = more;
    return true;
}

/* Whoever holds a value may make others: what is full stays where it is. */
static bool more_values(struct analysis *an)
{
    struct value *piece;

    if (an->values_n < an->values.n * VALUES_PIECE)
        return true;
    if (!GROW(an, an->values))
        return false;
    piece = scan_map(an->s, VALUES_PIECE * sizeof *piece);
    an->failed |= !piece;
    if (piece)
        an->values.list[an->values.n++] = piece;
    return piece != NULL;
}

val value_new(struct analysis *an, struct value x)
{
    if (!more_values(an))
        return VAL_NONE;
    an->values.list[an->values_n / VALUES_PIECE][an->values_n % VALUES_PIECE] = x;
    return an->known->tree.nodes_n + an->values_n++;
}

val value_plain(struct analysis *an, enum value_kind kind, unsigned a, unsigned b, bool partial)
{
    val *place = &an->plain[(kind - V_GLOBALS) * 12u + a * 6u + b * 2u + partial];

    if (!*place)
        *place = value_new(
            an, (struct value){ .kind = (uint8_t)kind, .a = a, .b = b, .partial = partial });
    return *place;
}

val value_text(struct analysis *an, enum value_kind kind, struct span text, bool partial)
{
    return value_new(an, (struct value){ .kind = (uint8_t)kind, .text = text, .partial = partial });
}

val value_int(struct analysis *an, int64_t i)
{
    return value_new(an, (struct value){ .kind = V_INT, .number = i });
}

val value_const(struct analysis *an, enum py_kind which)
{
    return value_new(an, (struct value){ .kind = V_CONST, .a = which });
}

uint8_t *value_bytes(struct analysis *an, size_t n)
{
    uint8_t *p = spend(an, n / 16 + 1) ? arena_alloc(&an->arena, n) : NULL;

    an->exhausted |= !p && !an->turning;
    return p;
}

val value_list(struct analysis *an, enum value_kind kind, const val *list, uint32_t n, bool partial)
{
    val *copy = (val *)(void *)value_bytes(an, n * sizeof *copy);

    if (!copy)
        return VAL_NONE;
    if (n && list)
        memcpy(copy, list, n * sizeof *copy);
    return value_new(
        an, (struct value){ .kind = (uint8_t)kind, .list = copy, .n = n, .partial = partial });
}

static bool same_value(const struct analysis *an, val a, val b)
{
    const struct value *x = value_of(an, a), *y = value_of(an, b);

    if (a == b)
        return true;
    if (!x || !y || x->kind != y->kind || x->partial != y->partial || x->doubt != y->doubt)
        return false;
    switch (x->kind) {
    case V_STR:
    case V_BYTES:
        return span_equal(x->text, y->text);
    case V_INT:
        return x->number == y->number;
    case V_CONST:
    case V_GUESS:
    case V_FUNC:
    case V_CLASS:
    case V_SPACE:
    case V_OBJECT:
        return x->a == y->a;
    case V_GLOBALS:
    case V_ANY_SPACE:
    case V_ANY_MODULE:
    case V_BUILTIN:
    case V_OTHER:
        return true;
    default:
        return false;
    }
}

static bool is_constant(const struct analysis *an, val v)
{
    const struct value *x = value_of(an, v);

    return x && x->kind >= V_STR && x->kind <= V_CONST;
}

static val doubt_one(struct analysis *an, val v)
{
    const struct value *x = value_of(an, v);
    struct value copy;

    if (!x || x->doubt || (x->kind != V_STR && x->kind != V_BYTES && x->kind != V_INT))
        return v;
    copy = *x;
    copy.doubt = true;
    return value_new(an, copy);
}

/* A known name, or a module's: what a union is for. The others are there as far as there is room.
 */
static bool is_telling(const struct analysis *an, val v)
{
    const struct value *x = value_of(an, v);

    return !x || (x->kind != V_FUNC && x->kind != V_CLASS && !is_constant(an, v));
}

/* A text that is a name or a path which somebody may have asked for. */
static bool names_something(const struct analysis *an, val v)
{
    struct span s;

    if (!value_is_text(an, v, &s) || s.n == 0)
        return false;
    return s.p[0] == '/' || s.p[0] == '\\' ||
           py_atom_word(py_atom_find(&an->tree->atoms, s)) < an->known->tree.words_n;
}

/* Puts such a text in the place of one that is none, from then on in doubt. */
static bool take_place(struct analysis *an, val *list, uint32_t n, val v)
{
    for (uint32_t i = 0; i < n; i++)
        if (is_constant(an, list[i]) && !names_something(an, list[i])) {
            list[i] = doubt_one(an, v);
            return true;
        }
    return false;
}

/*
 * Adds one to a union under way; false when it is there already, or finds no room. Where
 * the union is full, a name takes the place of something else.
 */
static bool add_to(struct analysis *an, val *list, uint32_t *n, val v)
{
    uint32_t others = 0, last = 0;
    bool telling = is_telling(an, v);

    for (uint32_t i = 0; i < *n; i++) {
        if (same_value(an, list[i], v))
            return false;
        if (!is_telling(an, list[i])) {
            others++;
            last = i;
        }
    }
    if (others >= OTHERS_MAX && names_something(an, v) && take_place(an, list, *n, v))
        return true;
    if (!telling && others >= OTHERS_MAX && is_constant(an, list[last])) {
        v = doubt_one(an, list[last]); /* it is not all that is known */
        telling = v != list[last];
        list[last] = v;
        return telling;
    }
    if ((!telling && others >= OTHERS_MAX) || (*n == UNION_MAX && !others))
        return false;
    if (*n < UNION_MAX)
        list[(*n)++] = v;
    else
        list[last] = v;
    return true;
}

val value_join(struct analysis *an, val a, val b)
{
    val list[UNION_MAX];
    uint32_t n, count;
    bool more = false;

    if (a == VAL_NONE || b == VAL_NONE || a == b)
        return a ? a : b;
    n = value_count(an, a);
    for (uint32_t i = 0; i < n; i++)
        list[i] = value_at(an, a, i);
    count = value_count(an, b);
    for (uint32_t i = 0; i < count; i++)
        more |= add_to(an, list, &n, value_at(an, b, i));
    return more ? value_list(an, V_UNION, list, n, false) : a;
}

/* The elements of a list that was computed. */
static val doubt_list(struct analysis *an, val v)
{
    struct value x = *value_of(an, v);
    val *list = (val *)(void *)value_bytes(an, x.n * sizeof *list);

    for (uint32_t i = 0; list && i < x.n && spend(an, 1); i++)
        list[i] = doubt_one(an, x.list[i]);
    if (!list)
        return VAL_NONE;
    x.list = list;
    return value_new(an, x);
}

val value_doubt(struct analysis *an, val v)
{
    val list[UNION_MAX];
    uint32_t n = value_count(an, v);

    if (is_kind(an, v, V_SEQ))
        return doubt_list(an, v);
    if (n <= 1)
        return doubt_one(an, v);
    for (uint32_t i = 0; i < n; i++)
        list[i] = doubt_one(an, value_at(an, v, i));
    return value_list(an, V_UNION, list, n, false);
}

val value_doubt_behind(struct analysis *an, val v, val head)
{
    const struct value *x = value_of(an, head);
    val made = value_doubt(an, v);

    if (made != v && x && (x->kind == V_STR || x->kind == V_BYTES))
        ((struct value *)(uintptr_t)value_of(an, made))->a = (uint32_t)x->text.n; /* our own */
    return made;
}

bool value_is_doubtful(const struct analysis *an, val v)
{
    for (uint32_t i = 0; i < value_count(an, v); i++) {
        const struct value *x = value_of(an, value_at(an, v, i));

        if (x && x->doubt)
            return true;
    }
    return false;
}

bool value_is_text(const struct analysis *an, val v, struct span *out)
{
    const struct value *x = value_of(an, v);

    *out = SPAN_EMPTY;
    if (!x || (x->kind != V_STR && x->kind != V_BYTES) || x->partial)
        return false;
    *out = x->text;
    return true;
}

bool value_is_int(const struct analysis *an, val v, int64_t *out)
{
    const struct value *x = value_of(an, v);

    *out = 0;
    if (x && x->kind == V_CONST && x->a != N_NONE) {
        *out = x->a == N_TRUE;
        return true;
    }
    if (!x || x->kind != V_INT)
        return false;
    *out = x->number;
    return true;
}

int value_truth(const struct analysis *an, val v)
{
    const struct value *x = value_of(an, v);

    if (!x)
        return v ? 1 : -1;
    switch (x->kind) {
    case V_STR:
    case V_BYTES:
        return x->text.n > 0 ? 1 : x->partial ? -1 : 0;
    case V_INT:
        return x->number != 0;
    case V_CONST:
        return x->a == N_TRUE;
    case V_SEQ:
    case V_DICT:
        return x->n > 0 ? 1 : x->partial ? -1 : 0;
    default:
        return -1;
    }
}

val value_part(struct analysis *an, val v)
{
    val all = VAL_NONE;

    for (uint32_t i = 0; i < value_count(an, v); i++) {
        const struct value *x = value_of(an, value_at(an, v, i));

        for (uint32_t k = 0; x && x->kind == V_SEQ && k < x->n && spend(an, 1); k++)
            all = value_join(an, all, x->list[k]);
        for (uint32_t k = 1; x && x->kind == V_DICT && k < x->n && spend(an, 1); k += 2)
            all = value_join(an, all, x->list[k]);
    }
    return all;
}
