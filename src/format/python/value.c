/* Values: what an expression may be. See analysis.h. */
#include "format/python/analysis.h"

#include <stdlib.h>

/* A union names so many at the most: known names first, constants as far as there is room. */
#define UNION_MAX     24
#define CONSTANTS_MAX 8 /* of those */

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
    if (n)
        memcpy(copy, list, n * sizeof *copy);
    return value_new(
        an, (struct value){ .kind = (uint8_t)kind, .list = copy, .n = n, .partial = partial });
}

uint32_t value_count(const struct analysis *an, val v)
{
    const struct value *x = value_of(an, v);

    return v == VAL_NONE ? 0 : x && x->kind == V_UNION ? x->n : 1;
}

val value_at(const struct analysis *an, val v, uint32_t i)
{
    const struct value *x = value_of(an, v);

    return x && x->kind == V_UNION ? x->list[i] : v;
}

static bool same_value(const struct analysis *an, val a, val b)
{
    const struct value *x = value_of(an, a), *y = value_of(an, b);

    if (a == b)
        return true;
    if (!x || !y || x->kind != y->kind || x->partial != y->partial)
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

/* Adds one to a union under way. Where it is full, a name takes the place of a constant. */
static void add_to(const struct analysis *an, val *list, uint32_t *n, val v)
{
    uint32_t constants = 0, last = 0;
    bool constant = is_constant(an, v);

    for (uint32_t i = 0; i < *n; i++) {
        if (same_value(an, list[i], v))
            return;
        if (is_constant(an, list[i])) {
            constants++;
            last = i;
        }
    }
    if (constant && constants >= CONSTANTS_MAX)
        return;
    if (*n < UNION_MAX)
        list[(*n)++] = v;
    else if (!constant && constants)
        list[last] = v;
}

val value_join(struct analysis *an, val a, val b)
{
    val list[UNION_MAX];
    uint32_t n = 0;

    if (a == VAL_NONE || b == VAL_NONE || a == b)
        return a ? a : b;
    for (uint32_t i = 0; i < value_count(an, a); i++)
        add_to(an, list, &n, value_at(an, a, i));
    for (uint32_t i = 0; i < value_count(an, b); i++)
        add_to(an, list, &n, value_at(an, b, i));
    return n == 1 ? list[0] : value_list(an, V_UNION, list, n, false);
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

uint32_t value_name(const struct analysis *an, val v)
{
    const struct value *x = value_of(an, v);

    return !x ? v : x->kind == V_GUESS ? x->a : 0;
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

bool value_is_open(const struct analysis *an, val v)
{
    struct span s;

    for (uint32_t i = 0; i < value_count(an, v); i++)
        if (!value_is_text(an, value_at(an, v, i), &s))
            return true;
    return v == VAL_NONE;
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
