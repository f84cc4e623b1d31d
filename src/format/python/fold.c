/*
 * Constants: strings and bytes put together, sliced and printed, and numbers. Bounded
 * by the analysis's arena and steps.
 */
#include "base/digit.h"
#include "format/python/analysis.h"
#include "format/python/literal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "format/python/unicode.h"

/* Longer strings are not put together. */
#define TEXT_MAX   ((size_t)1024 * 1024)
#define REPEAT_MAX ((size_t)4096)
/* Of several values on each side, so many pairs are put together. */
#define PAIRS_MAX 32

/* ---- literals ---- */

/* Up to n digits to the base; how many there were. */
static size_t digits(struct span s, size_t n, int base, uint32_t *out)
{
    size_t i = 0;

    for (*out = 0; i < n && i < s.n; i++) {
        int d = digit_hex(s.p[i]);

        if (d < 0 || d >= base)
            break;
        *out = *out * (uint32_t)base + (uint32_t)d;
    }
    return i;
}

static size_t put(uint8_t *out, uint32_t c, bool bytes)
{
    if (bytes) {
        *out = (uint8_t)c;
        return 1;
    }
    return utf8_put(c < 0x110000 && (c < 0xD800 || c > 0xDFFF) ? c : 0xFFFD, out);
}

/* \N{NAME}; its length, 0 when it is none. */
static size_t named(struct span s, uint32_t *c)
{
    size_t end = span_find(s, 0, SPAN_LITERAL("}"));
    struct span name;
    int32_t found;

    if (s.n == 0 || s.p[0] != '{' || end == SIZE_MAX || !span_sub(s, 1, end - 1, &name))
        return 0;
    found = py_character_by_name(name);
    *c = found > 0 ? (uint32_t)found : 0xFFFD;
    return end + 1;
}

/* An escape behind its backslash: what it stands for is put out; how much of s it was. */
static size_t escape(struct span s, bool bytes, uint8_t *out, size_t *n)
{
    static const char from[] = "abfnrtv\\'\"", to[] = "\a\b\f\n\r\t\v\\'\"";
    const char *simple = s.p[0] ? strchr(from, s.p[0]) : NULL;
    uint32_t c = 0;
    size_t len = 0;

    if (simple) {
        out[(*n)++] = (uint8_t)to[simple - from];
        return 1;
    }
    if (s.p[0] == '\r')
        return s.n > 1 && s.p[1] == '\n' ? 2 : 1;
    if (s.p[0] == '\n')
        return 1;
    if (s.p[0] >= '0' && s.p[0] <= '7') {
        len = digits(s, 3, 8, &c);
        *n += put(out + *n, c, bytes);
        return len;
    }
    if (s.p[0] == 'x')
        len = digits(span_from(s, 1), 2, 16, &c);
    else if (!bytes && (s.p[0] == 'u' || s.p[0] == 'U'))
        len = digits(span_from(s, 1), s.p[0] == 'u' ? 4 : 8, 16, &c);
    else if (!bytes && s.p[0] == 'N')
        len = named(span_from(s, 1), &c);
    if (len == 0) {
        out[(*n)++] = '\\'; /* no escape: the backslash stays */
        return 0;
    }
    *n += put(out + *n, c, bytes);
    return len + 1;
}

size_t fold_escapes(struct span body, bool bytes, uint8_t *out)
{
    size_t n = 0;

    while (body.n > 0) {
        uint8_t c;

        (void)take_u8(&body, &c);
        if (c != '\\' || body.n == 0)
            out[n++] = c;
        else
            (void)skip(&body, escape(body, bytes, out, &n));
    }
    return n;
}

struct span fold_text(struct analysis *an, struct span body, bool raw, bool bytes)
{
    uint8_t *out;

    if (raw || body.n == 0 || !memchr(body.p, '\\', body.n) || body.n > TEXT_MAX)
        return body;
    out = value_bytes(an, body.n + FOLD_ROOM);
    return out ? span_of(out, fold_escapes(body, bytes, out)) : SPAN_EMPTY;
}

struct span fold_body(struct span s, const struct py_node *n)
{
    size_t quotes = n->flags & PYN_TRIPLE ? 3 : 1;
    struct span body;

    while (s.n > 0 && s.p[0] != '"' && s.p[0] != '\'')
        (void)skip(&s, 1);
    if (s.n < 2 * quotes || !span_sub(s, quotes, s.n - 2 * quotes, &body))
        return SPAN_EMPTY;
    return body;
}

static val literal_string(struct analysis *an, const struct py_node *n)
{
    bool bytes = n->flags & PYN_BYTES;
    struct span text = fold_body(py_node_text(an->tree, n), n);

    return value_text(an, bytes ? V_BYTES : V_STR, fold_text(an, text, n->flags & PYN_RAW, bytes),
                      false);
}

bool fold_int(struct span s, int64_t *out)
{
    int base = 10;
    uint64_t v = 0;

    *out = 0;
    if (s.n > 2 && s.p[0] == '0' && (s.p[1] | 0x20) > '9') {
        base = (s.p[1] | 0x20) == 'x' ? 16 : (s.p[1] | 0x20) == 'o' ? 8 : 2;
        (void)skip(&s, 2);
    }
    for (size_t i = 0; i < s.n; i++) {
        int d = s.p[i] == '_' ? 0 : digit_hex(s.p[i]);

        if (s.p[i] == '_')
            continue;
        if (v > (uint64_t)(INT64_MAX - 16) / 16)
            return false; /* larger than we count */
        v = v * (uint64_t)base + (uint64_t)d;
    }
    *out = (int64_t)v;
    return true;
}

static val literal_int(struct analysis *an, struct span s)
{
    int64_t v;

    return fold_int(s, &v) ? value_int(an, v) : VAL_NONE;
}

static val literal_strings(struct analysis *an, uint32_t first)
{
    val all = eval(an, first, NULL);

    for (uint32_t n = py_node(an->tree, first)->next; n; n = py_node(an->tree, n)->next)
        all = fold_binary(an, OP_ADD, all, eval(an, n, NULL));
    return all;
}

val fold_literal(struct analysis *an, uint32_t node)
{
    const struct py_node *n = py_node(an->tree, node);

    switch (n->kind) {
    case N_STR:
        return literal_string(an, n);
    case N_STRINGS:
        return literal_strings(an, n->a);
    case N_INT:
        return literal_int(an, py_node_text(an->tree, n));
    default:
        return value_const(an, (enum py_kind)n->kind);
    }
}

/* ---- putting together ---- */

static val join_text(struct analysis *an, enum value_kind kind, struct span a, struct span b,
                     bool partial)
{
    uint8_t *p = a.n + b.n <= TEXT_MAX ? value_bytes(an, a.n + b.n) : NULL;

    if (!p)
        return value_text(an, kind, a, true);
    if (a.n)
        memcpy(p, a.p, a.n);
    if (b.n)
        memcpy(p + a.n, b.p, b.n);
    return value_text(an, kind, span_of(p, a.n + b.n), partial);
}

static val join_sequences(struct analysis *an, val a, val b)
{
    const struct value *x = value_of(an, a), *y = value_of(an, b);
    uint32_t n = x->n + y->n;
    bool partial = x->partial || y->partial;
    val *list = (val *)(void *)value_bytes(an, n * sizeof *list);

    if (x->partial) { /* nobody knows where the second begins */
        val part = value_join(an, value_part(an, a), value_part(an, b));

        return value_list(an, V_SEQ, &part, 1, true);
    }
    if (!list)
        return VAL_NONE;
    for (uint32_t i = 0; i < n; i++)
        list[i] = i < x->n ? x->list[i] : y->list[i - x->n];
    return value_new(an, (struct value){ .kind = V_SEQ, .list = list, .n = n, .partial = partial });
}

/* What two texts give, or a text and something that is not known. */
static val add_text(struct analysis *an, val a, val b)
{
    const struct value *x = value_of(an, a), *y = value_of(an, b);

    if (!x || (x->kind != V_STR && x->kind != V_BYTES))
        return VAL_NONE;
    if (x->partial)
        return a;
    if (!y || y->kind != x->kind)
        return value_text(an, (enum value_kind)x->kind, x->text, true);
    return join_text(an, (enum value_kind)x->kind, x->text, y->text, y->partial);
}

static val repeat(struct analysis *an, val v, int64_t times)
{
    const struct value *x = value_of(an, v);
    size_t n = x->text.n;
    uint8_t *p;

    if (times <= 0 || n == 0)
        return value_text(an, (enum value_kind)x->kind, SPAN_EMPTY, x->partial);
    if ((uint64_t)times > REPEAT_MAX / n || x->partial)
        return value_text(an, (enum value_kind)x->kind, x->text, true);
    p = value_bytes(an, n * (size_t)times);
    if (!p)
        return VAL_NONE;
    for (size_t i = 0; i < (size_t)times; i++)
        memcpy(p + i * n, value_of(an, v)->text.p, n);
    return value_text(an, (enum value_kind)value_of(an, v)->kind, span_of(p, n * (size_t)times),
                      false);
}

static int64_t floor_div(int64_t a, int64_t b)
{
    int64_t q = a / b;

    return q - (a % b != 0 && (a < 0) != (b < 0));
}

static val fold_numbers(struct analysis *an, enum py_op op, int64_t a, int64_t b)
{
    int64_t r = 0;
    bool over = false;

    switch (op) {
    case OP_ADD:
        over = __builtin_add_overflow(a, b, &r);
        break;
    case OP_SUB:
        over = __builtin_sub_overflow(a, b, &r);
        break;
    case OP_MUL:
        over = __builtin_mul_overflow(a, b, &r);
        break;
    case OP_FLOORDIV:
    case OP_MOD:
        over = b == 0 || b == -1;
        r = over ? 0 : op == OP_MOD ? a - floor_div(a, b) * b : floor_div(a, b);
        break;
    case OP_POW:
        over = b < 0 || b > 64;
        for (r = 1; !over && b > 0; b--)
            over = __builtin_mul_overflow(r, a, &r);
        break;
    case OP_LSHIFT:
        over = a < 0 || b < 0 || b > 62 || a > (INT64_MAX >> b);
        r = over ? 0 : a << b;
        break;
    case OP_RSHIFT:
        over = b < 0;
        r = over ? 0 : b > 63 ? (a < 0 ? -1 : 0) : a >> b;
        break;
    case OP_AND:
        r = a & b;
        break;
    case OP_OR:
        r = a | b;
        break;
    case OP_XOR:
        r = a ^ b;
        break;
    default:
        over = true;
    }
    return over ? VAL_NONE : value_int(an, r);
}

/* A path and what is below it; an absolute right side begins anew. */
static val join_path(struct analysis *an, val a, val b)
{
    const struct value *x = value_of(an, a), *y = value_of(an, b);
    val left = x && x->kind == V_PATH ? x->a : a, right = y && y->kind == V_PATH ? y->a : b;
    struct span text;

    if (value_is_text(an, right, &text) && text.n > 0 && text.p[0] == '/')
        return value_new(an, (struct value){ .kind = V_PATH, .a = right });
    y = value_of(an, right);
    if (value_is_text(an, left, &text) && text.n == 0) /* join("", "a") is "a" */
        return value_new(an, (struct value){ .kind = V_PATH, .a = right });
    if (y && y->partial && y->text.n > 0 && y->text.p[0] == '/')
        return value_new(an, (struct value){ .kind = V_PATH, .a = right });
    if (!value_is_text(an, left, &text) || !span_ends(text, SPAN_LITERAL("/")))
        left = fold_binary(an, OP_ADD, left, value_text(an, V_STR, SPAN_LITERAL("/"), false));
    left = fold_binary(an, OP_ADD, left, right);
    return value_new(an, (struct value){ .kind = V_PATH, .a = left });
}

static val fold_pair(struct analysis *an, enum py_op op, val a, val b)
{
    const struct value *x = value_of(an, a), *y = value_of(an, b);
    int64_t i, j;

    if (value_is_int(an, a, &i) && value_is_int(an, b, &j))
        return fold_numbers(an, op, i, j);
    if (op == OP_DIV && ((x && x->kind == V_PATH) || (y && y->kind == V_PATH) ||
                         (y && y->kind == V_STR))) /* nothing else is divided by text */
        return join_path(an, a, b);
    if (op == OP_MOD && x && (x->kind == V_STR || x->kind == V_BYTES))
        return fold_percent(an, a, b);
    if (op == OP_ADD && x && y && x->kind == V_SEQ && y->kind == V_SEQ)
        return join_sequences(an, a, b);
    if (op == OP_ADD)
        return add_text(an, a, b);
    if (op == OP_MUL && x && (x->kind == V_STR || x->kind == V_BYTES) && value_is_int(an, b, &j))
        return repeat(an, a, j);
    if (op == OP_MUL && y && (y->kind == V_STR || y->kind == V_BYTES) && value_is_int(an, a, &i))
        return repeat(an, b, i);
    if (op == OP_MUL && x && x->kind == V_SEQ)
        return a;
    if (op == OP_OR && x && y && x->kind == V_DICT && y->kind == V_DICT) {
        val parts[2] = { value_part(an, a), value_part(an, b) }, key = VAL_NONE;
        val pairs[2] = { key, value_join(an, parts[0], parts[1]) };

        return value_list(an, V_DICT, pairs, 2, true);
    }
    return VAL_NONE;
}

static val fold_binary_one(struct analysis *an, enum py_op op, val a, val b)
{
    val v = fold_pair(an, op, a, b);

    if (value_is_doubtful(an, a))
        return value_doubt(an, v);
    return value_is_doubtful(an, b) ? value_doubt_behind(an, v, op == OP_ADD ? a : VAL_NONE) : v;
}

val fold_binary(struct analysis *an, enum py_op op, val a, val b)
{
    val all = VAL_NONE;
    uint32_t na = value_count(an, a), nb = value_count(an, b), pairs = 0;

    if (na <= 1 && nb <= 1)
        return fold_binary_one(an, op, a, b);
    for (uint32_t i = 0; i < (na ? na : 1); i++)
        for (uint32_t k = 0; k < (nb ? nb : 1) && pairs++ < PAIRS_MAX && spend(an, 1); k++)
            all = value_join(an, all,
                             fold_binary_one(an, op, value_at(an, a, i), value_at(an, b, k)));
    return pairs > PAIRS_MAX ? value_doubt(an, all) : all;
}

/* ---- slices ---- */

struct range {
    int64_t start, stop, step;
};

/* As slice.indices() has it, for a length. */
static bool resolve(struct analysis *an, val lower, val upper, val step, int64_t n, struct range *r)
{
    if (!value_is_int(an, step, &r->step) || r->step == 0)
        return false;
    r->start = r->step > 0 ? 0 : n - 1;
    r->stop = r->step > 0 ? n : -1;
    if (lower && value_of(an, lower) && value_of(an, lower)->kind == V_INT) {
        (void)value_is_int(an, lower, &r->start);
        r->start += r->start < 0 ? n : 0;
        r->start = r->start < 0 ? (r->step > 0 ? 0 : -1) : r->start;
        r->start = r->start >= n ? (r->step > 0 ? n : n - 1) : r->start;
    }
    if (upper && value_of(an, upper) && value_of(an, upper)->kind == V_INT) {
        (void)value_is_int(an, upper, &r->stop);
        r->stop += r->stop < 0 ? n : 0;
        r->stop = r->stop < 0 ? -(int64_t)(r->step < 0) : r->stop;
        r->stop = r->stop > n ? n : r->stop;
    }
    return true;
}

static bool inside(const struct range *r, int64_t i)
{
    return r->step > 0 ? i < r->stop : i > r->stop;
}

/* Where each character begins; n + 1 entries. NULL without memory. */
static uint32_t *character_starts(struct analysis *an, struct span s, size_t *n)
{
    uint32_t *at = (uint32_t *)(void *)value_bytes(an, (s.n + 1) * sizeof *at);

    *n = 0;
    for (size_t i = 0; at && i < s.n; i++)
        if ((s.p[i] & 0xC0) != 0x80)
            at[(*n)++] = (uint32_t)i;
    if (at)
        at[*n] = (uint32_t)s.n;
    return at;
}

static bool has_wide(struct span s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] >= 0x80)
            return true;
    return false;
}

static val slice_text(struct analysis *an, val v, val lower, val upper, val step)
{
    struct value x = *value_of(an, v);
    size_t n = x.text.n, used = 0;
    bool wide = x.kind == V_STR && has_wide(x.text);
    uint32_t *at = NULL;
    struct range r;
    uint8_t *out;

    if (x.text.n > TEXT_MAX || x.partial)
        return VAL_NONE;
    if (wide && !(at = character_starts(an, x.text, &n)))
        return VAL_NONE;
    if (!resolve(an, lower, upper, step, (int64_t)n, &r) || !(out = value_bytes(an, x.text.n)))
        return VAL_NONE;
    for (int64_t i = r.start; inside(&r, i); i += r.step) {
        size_t from = wide ? at[i] : (size_t)i, len = wide ? at[i + 1] - from : 1;

        memcpy(out + used, x.text.p + from, len);
        used += len;
    }
    return value_text(an, (enum value_kind)x.kind, span_of(out, used), false);
}

static val slice_sequence(struct analysis *an, val v, val lower, val upper, val step)
{
    struct value x = *value_of(an, v);
    uint32_t n = 0;
    struct range r;
    val *list;

    if (x.partial || !resolve(an, lower, upper, step, x.n, &r))
        return v;
    list = (val *)(void *)value_bytes(an, x.n * sizeof *list);
    for (int64_t i = r.start; list && inside(&r, i); i += r.step)
        list[n++] = x.list[i];
    return list ? value_new(an, (struct value){ .kind = V_SEQ, .list = list, .n = n }) : VAL_NONE;
}

val fold_slice(struct analysis *an, val v, val lower, val upper, val step)
{
    val all = VAL_NONE;
    bool doubt =
        value_is_doubtful(an, v) || value_is_doubtful(an, lower) || value_is_doubtful(an, upper);

    for (uint32_t i = 0; i < value_count(an, v) && spend(an, 1); i++) {
        val one = value_at(an, v, i);

        if (is_kind(an, one, V_STR) || is_kind(an, one, V_BYTES))
            all = value_join(an, all, slice_text(an, one, lower, upper, step));
        else if (is_kind(an, one, V_SEQ))
            all = value_join(an, all, slice_sequence(an, one, lower, upper, step));
    }
    return doubt ? value_doubt(an, all) : all;
}

/* ---- printing ---- */

val fold_str(struct analysis *an, val v)
{
    const struct value *x = value_of(an, v);
    char text[32];
    int n;

    if (!x)
        return VAL_NONE;
    switch (x->kind) {
    case V_STR:
        return v;
    case V_PATH:
        return x->a;
    case V_CONST:
        return value_text(an, V_STR,
                          span_text(x->a == N_NONE   ? "None"
                                    : x->a == N_TRUE ? "True"
                                                     : "False"),
                          false);
    case V_INT: {
        uint8_t *p;

        n = snprintf(text, sizeof text, "%" PRId64, x->number);
        p = value_bytes(an, (size_t)n);
        if (!p)
            return VAL_NONE;
        memcpy(p, text, (size_t)n);
        return value_text(an, V_STR, span_of(p, (size_t)n), false);
    }
    default:
        return VAL_NONE;
    }
}

static val something(struct analysis *an)
{
    return value_new(an, (struct value){ .kind = V_OTHER });
}

/* Each of several values as a text. */
static val all_texts(struct analysis *an, val v)
{
    val all = VAL_NONE;

    for (uint32_t i = 0; i < value_count(an, v); i++) {
        val one = value_at(an, v, i), s = fold_str(an, one);

        if (s && value_is_doubtful(an, one))
            s = value_doubt(an, s);
        all = value_join(an, all, s ? s : something(an));
    }
    return all;
}

val fold_fstring(struct analysis *an, uint32_t node, const struct env *env)
{
    val all = value_text(an, V_STR, SPAN_EMPTY, false);

    for (uint32_t n = py_node(an->tree, node)->a; n && spend(an, 1);
         n = py_node(an->tree, n)->next) {
        const struct py_node part = *py_node(an->tree, n);
        val v = VAL_NONE;

        if (part.kind == N_FTEXT)
            v = value_text(
                an, V_STR,
                fold_text(an, py_node_text(an->tree, &part), part.flags & PYN_RAW, false), false);
        else if (!part.b && (part.op == 0 || part.op == 's') && !(part.flags & PYN_STAR))
            v = all_texts(an, eval(an, part.a, env));
        all = fold_binary(an, OP_ADD, all, v);
    }
    return all;
}

/* A text under way. */
struct printing {
    struct analysis *an;
    val out;
};

static void print_value(struct printing *p, val v)
{
    p->out = fold_binary(p->an, OP_ADD, p->out, v);
}

static void print_text(struct printing *p, struct span s)
{
    if (s.n)
        print_value(p, value_text(p->an, V_STR, s, false));
}

/* %c of a number, %x; VAL_NONE for what is not followed. */
static val convert(struct analysis *an, uint8_t how, val v)
{
    char text[32];
    uint8_t *p;
    int64_t i;
    size_t n;

    if (how == 'r' && !is_kind(an, v, V_INT))
        return VAL_NONE;
    if (how == 's' || how == 'd' || how == 'i' || how == 'r')
        return fold_str(an, v);
    if (how == 'c' && is_kind(an, v, V_STR))
        return v;
    if (!value_is_int(an, v, &i) || i < 0)
        return VAL_NONE;
    if (how == 'c') {
        p = value_bytes(an, 4);
        return p ? value_text(an, V_STR, span_of(p, put(p, (uint32_t)i, false)), false) : VAL_NONE;
    }
    n = (size_t)snprintf(text, sizeof text, how == 'x' ? "%" PRIx64 : "%" PRIX64, (uint64_t)i);
    p = how == 'x' || how == 'X' ? value_bytes(an, n) : NULL;
    if (!p)
        return VAL_NONE;
    memcpy(p, text, n);
    return value_text(an, V_STR, span_of(p, n), false);
}

static val convert_all(struct analysis *an, uint8_t how, val v)
{
    val all = VAL_NONE;

    for (uint32_t i = 0; i < value_count(an, v); i++) {
        val one = value_at(an, v, i), text = convert(an, how, one);

        if (text && (how != 's' || value_is_doubtful(an, one)))
            text = value_doubt(an, text);
        all = value_join(an, all, text ? text : something(an));
    }
    return all;
}

val fold_percent(struct analysis *an, val format, val args)
{
    struct printing p = { an, value_text(an, V_STR, SPAN_EMPTY, false) };
    struct span s = value_of(an, format)->text;
    uint32_t next = 0;

    while (s.n > 0 && spend(an, 1)) {
        size_t at = span_find(s, 0, SPAN_LITERAL("%"));
        struct span text;
        val v = args;
        uint8_t how;

        (void)take(&s, at == SIZE_MAX ? s.n : at, &text);
        print_text(&p, text);
        if (!skip(&s, 1) || !take_u8(&s, &how))
            break;
        if (how == '%') {
            print_text(&p, SPAN_LITERAL("%"));
            continue;
        }
        if (is_kind(an, args, V_SEQ))
            v = next < value_of(an, args)->n ? value_of(an, args)->list[next] : VAL_NONE;
        else if (how == '(') { /* %(name)s */
            size_t end = span_find(s, 0, SPAN_LITERAL(")"));
            struct span name;

            if (end == SIZE_MAX || !take(&s, end, &name) || !skip(&s, 1) || !take_u8(&s, &how))
                break;
            v = subscript_of(an, args, value_text(an, V_STR, name, false));
        }
        next++;
        print_value(&p, convert_all(an, how, v));
    }
    return p.out;
}

/* What a replacement field names: a place, a keyword, or the next one. */
static val field_value(struct analysis *an, struct span name, uint32_t *next, const struct call *c)
{
    char text[64] = "";
    char *end;
    unsigned long place;

    if (name.n == 0)
        return call_place(an, c, (*next)++);
    if (name.n >= sizeof text)
        return VAL_NONE;
    memcpy(text, name.p, name.n);
    place = strtoul(text, &end, 10);
    if (!*end)
        return call_place(an, c, place < 1000 ? (uint32_t)place : 1000);
    return call_arg(an, c, UINT32_MAX, text, NULL);
}

val fold_format(struct analysis *an, val format, const struct call *c)
{
    struct printing p = { an, value_text(an, V_STR, SPAN_EMPTY, false) };
    struct span s = value_of(an, format)->text;
    uint32_t next = 0;

    while (s.n > 0 && spend(an, 1)) {
        size_t n = 0;
        struct span text, field;
        val v;

        while (n < s.n && s.p[n] != '{' && s.p[n] != '}')
            n++;
        (void)take(&s, n, &text);
        print_text(&p, text);
        if (s.n > 1 && s.p[0] == s.p[1]) { /* a doubled brace */
            (void)take(&s, 1, &text);
            (void)skip(&s, 1);
            print_text(&p, text);
            continue;
        }
        n = span_find(s, 0, SPAN_LITERAL("}"));
        if (n == SIZE_MAX || n == 0 || !skip(&s, 1) || !take(&s, n - 1, &field))
            break;
        (void)skip(&s, 1);
        v = field_value(an, field, &next, c);
        print_value(&p, all_texts(an, v));
    }
    return p.out;
}
