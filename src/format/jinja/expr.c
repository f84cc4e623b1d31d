/*
 * Follows expressions: what a name, an attribute, an operator or a call stands for. Attributes
 * are where a template leaves its data: each that is asked for by name comes through
 * eval_attribute(), however the name was come by.
 *
 * What is internal: CPython, Data model (special names); inspect, Types and members (frames,
 * code, generators). jinja2.sandbox, UNSAFE_*_ATTRIBUTES.
 */
#include "format/jinja/eval.h"

#include <ctype.h>
#include <stdio.h>

#define DEPTH_MAX 420

/* ---- names of attributes ---- */

static bool is_one_of(struct span name, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (span_is(name, list[i]))
            return true;
    return false;
}

/* "__class__"; those that only give a text are nothing to climb by. */
static bool is_dunder(struct span name)
{
    static const char *const texts[] = { "__name__",    "__doc__", "__qualname__", "__module__",
                                         "__version__", "__str__", "__repr__",     "__len__" };

    return name.n > 4 && span_starts(name, SPAN_LITERAL("__")) &&
           span_ends(name, SPAN_LITERAL("__")) && !is_one_of(name, texts, ARRAY_LEN(texts));
}

static bool is_frame(struct span name)
{
    static const char *const names[] = { "f_globals",    "f_builtins", "f_locals", "f_back",
                                         "f_code",       "gi_frame",   "gi_code",  "gi_yieldfrom",
                                         "cr_frame",     "cr_code",    "cr_await", "ag_frame",
                                         "ag_code",      "ag_await",   "tb_frame", "tb_next",
                                         "func_globals", "func_code",  "im_func",  "im_class" };

    return is_one_of(name, names, ARRAY_LEN(names));
}

/* "_TemplateReference__context": how Python writes what is private to a class. */
static bool is_mangled(struct span name)
{
    size_t mark = span_find(name, 2, SPAN_LITERAL("__"));

    return name.n > 4 && name.p[0] == '_' && isupper(name.p[1]) && mark != SIZE_MAX &&
           !span_ends(name, SPAN_LITERAL("__"));
}

static bool is_off_limits(const struct atom *base, struct span name)
{
    static const char *const macro[] = { "_func", "_environment", "_default_autoescape" };
    static const char *const config[] = { "from_object", "from_pyfile", "from_envvar",
                                          "from_json",   "from_file",   "from_prefixed_env" };
    static const char *const request[] = { "application", "environ", "_get_file_stream" };

    if (base->kind == A_FUNCTION)
        return !span_is(name, "__name__");
    if (base->kind == A_MACRO || base->kind == A_LOOP)
        return is_one_of(name, macro, ARRAY_LEN(macro));
    if (base->kind != A_OBJECT)
        return false;
    if (span_is(base->text, "config"))
        return is_one_of(name, config, ARRAY_LEN(config));
    return span_is(base->text, "request") && is_one_of(name, request, ARRAY_LEN(request));
}

static bool is_gadget(const struct value *base, struct span name)
{
    if (is_mangled(name))
        return true;
    for (uint8_t i = 0; i < base->n; i++)
        if (is_off_limits(base->alt[i], name))
            return true;
    return false;
}

/* Methods that are followed when they are called; any other name is of nothing. */
static bool has_method(const struct atom *base, struct span name)
{
    static const char *const text[] = {
        "capitalize", "casefold",     "center",       "count",     "encode",     "decode",
        "endswith",   "expandtabs",   "find",         "format",    "format_map", "index",
        "isalnum",    "isalpha",      "isascii",      "isdecimal", "isdigit",    "isidentifier",
        "islower",    "isnumeric",    "isprintable",  "isspace",   "istitle",    "isupper",
        "join",       "ljust",        "lower",        "lstrip",    "maketrans",  "partition",
        "replace",    "removeprefix", "removesuffix", "rfind",     "rindex",     "rjust",
        "rpartition", "rsplit",       "rstrip",       "split",     "splitlines", "startswith",
        "strip",      "swapcase",     "title",        "translate", "upper",      "zfill",
        "hex",        "fromhex",      "unescape",     "striptags", "escape",
    };
    static const char *const list[] = { "append", "extend", "insert", "pop",     "remove", "clear",
                                        "index",  "count",  "sort",   "reverse", "copy" };

    if (base->kind == A_STRING)
        return is_one_of(name, text, ARRAY_LEN(text));
    return base->kind == A_LIST ? is_one_of(name, list, ARRAY_LEN(list))
                                : base->kind == A_DICT || base->kind == A_LOOP;
}

static struct value method_of(struct eval *e, const struct atom *base, struct span name)
{
    struct atom *m = jinja_atom_new(e->arena, A_METHOD, name);

    if (m)
        m->self = base;
    return jinja_of(m);
}

/* The attribute of one thing that it may be. */
static struct value attribute_of(struct eval *e, const struct atom *base, struct span name,
                                 bool item)
{
    static const char *const dict[] = { "get",  "items",  "keys",    "values",    "pop",
                                        "copy", "update", "popitem", "setdefault" };
    const struct value *v;

    if (base->kind == A_INTERNAL)
        return jinja_of(base);
    if (base->kind == A_DICT && eval_spent(e, base->n * 8))
        return jinja_unknown(U_MADE);
    if (base->kind == A_DICT) {
        eval_charge(e, base->n * 8);
        v = jinja_atom_key(base, name);
        if (v && (item || !is_one_of(name, dict, ARRAY_LEN(dict)))) {
            struct value out = *v;

            if (base->fuzzy)
                out.unknown |= U_MADE;
            return out;
        }
        if (!is_one_of(name, dict, ARRAY_LEN(dict)))
            return jinja_unknown(base->fuzzy ? U_MADE : U_INPUT);
    }
    if (base->kind == A_NAMESPACE) {
        for (struct binding *b = base->slots; b; b = b->next)
            if (span_equal(b->name, name))
                return b->value;
        return jinja_unknown(U_INPUT);
    }
    if (base->kind == A_LOOP && !span_is(name, "cycle"))
        return jinja_unknown(span_starts(name, SPAN_LITERAL("index")) ? U_NUMBER : U_INPUT);
    if (base->kind == A_MACRO && span_is(name, "name"))
        return jinja_string(e->arena, base->text);
    if (has_method(base, name))
        return method_of(e, base, name);
    return jinja_unknown(base->kind == A_OBJECT ? U_INPUT | U_MADE : U_INPUT);
}

/* A key that every known thing it may be has: then no attribute is asked for. */
static bool is_key(const struct eval *e, const struct value *base, struct span name)
{
    for (uint8_t i = 0; i < base->n; i++)
        if (base->alt[i]->kind != A_DICT || eval_spent(e, base->alt[i]->n * 8) ||
            !jinja_atom_key(base->alt[i], name))
            return false;
    return base->n > 0 && !base->unknown;
}

static struct value internal(struct eval *e)
{
    return jinja_of(jinja_atom_new(e->arena, A_INTERNAL, SPAN_EMPTY));
}

static bool is_reached(const struct value *v)
{
    for (uint8_t i = 0; i < v->n; i++)
        if (v->alt[i]->kind == A_INTERNAL)
            return true;
    return false;
}

struct value eval_attribute(struct eval *e, const struct node *n, const struct value *base,
                            struct span name, bool item)
{
    struct value out = jinja_unknown(0);

    if (!(item && is_key(e, base, name))) {
        bool inside = is_dunder(name) || is_frame(name);

        if (inside && !is_reached(base))
            eval_tell(e, n, FACT_TEMPLATE_INTERNALS, name, "");
        else if (!inside && is_gadget(base, name))
            eval_tell(e, n, FACT_TEMPLATE_GADGET, name, "");
        if (inside)
            return internal(e);
    }
    for (uint8_t i = 0; i < base->n; i++) {
        struct value v = attribute_of(e, base->alt[i], name, item);

        jinja_join(&out, &v);
    }
    if (base->unknown || base->n == 0)
        out.unknown |= U_INPUT;
    return out;
}

/* ---- items ---- */

/* Things of which no item is asked for by a name that is data. */
static bool is_no_data(const struct value *base)
{
    for (uint8_t i = 0; i < base->n; i++)
        if (base->alt[i]->kind == A_DICT || base->alt[i]->kind == A_LIST ||
            base->alt[i]->kind == A_NONE || base->alt[i]->kind == A_RANGE ||
            base->alt[i]->kind == A_INTERNAL)
            return false;
    return base->n > 0 && !base->unknown;
}

static struct value item_at(struct eval *e, const struct atom *base, int64_t at)
{
    struct value *items;
    size_t n;

    if (base->kind == A_STRING && eval_spent(e, base->text.n))
        return jinja_unknown(U_MADE);
    if (base->kind == A_STRING) {
        int64_t length = (int64_t)jinja_text_length(base->text);
        size_t from, to;

        eval_charge(e, base->text.n * 4);
        at += at < 0 ? length : 0;
        if (at < 0 || at >= length)
            return jinja_unknown(U_INPUT);
        from = jinja_text_offset(base->text, (size_t)at);
        to = jinja_text_offset(base->text, (size_t)at + 1);
        return jinja_string(e->arena, span_of(base->text.p + from, to - from));
    }
    if (base->kind == A_DICT) {
        for (size_t i = 0; i < base->n; i++)
            if (base->keys[i].n == 1 && base->keys[i].alt[0]->kind == A_NUMBER &&
                base->keys[i].alt[0]->number == at)
                return base->items[i];
        return jinja_unknown(base->fuzzy ? U_MADE : U_INPUT);
    }
    if ((base->kind != A_LIST && base->kind != A_RANGE) ||
        !jinja_atom_items(e->arena, base, &items, &n))
        return jinja_unknown(base->kind == A_RANGE ? U_NUMBER : U_MADE);
    at += at < 0 ? (int64_t)n : 0;
    return at >= 0 && (size_t)at < n ? items[at] : jinja_unknown(U_INPUT);
}

/* Any of the items: its place is not known. */
static void any_of(struct eval *e, const struct atom *base, struct value *out)
{
    struct value *items = base->items;
    size_t n = base->kind == A_LIST || base->kind == A_DICT ? base->n : 0;

    if (base->kind == A_STRING && !jinja_atom_items(e->arena, base, &items, &n))
        n = 0, out->unknown |= U_MADE;
    for (size_t i = 0; i < n; i++)
        jinja_join(out, &items[i]);
    eval_charge(e, n * 8);
}

struct value eval_look_up(struct eval *e, const struct node *n, const struct value *base,
                          const struct value *name, bool item)
{
    struct value out = jinja_unknown(0), one;
    bool unknown = name->unknown & (U_INPUT | U_MADE | U_LOOKED);

    for (uint8_t i = 0; i < name->n; i++) {
        const struct atom *key = name->alt[i];

        if (key->kind == A_STRING) {
            one = eval_attribute(e, n, base, key->text, item);
            jinja_join(&out, &one);
            continue;
        }
        for (uint8_t k = 0; k < base->n; k++) {
            one = key->kind == A_NUMBER || key->kind == A_BOOL
                      ? item_at(e, base->alt[k], key->number)
                      : jinja_unknown(U_INPUT);
            jinja_join(&out, &one);
        }
        out.unknown |= base->unknown;
    }
    if (unknown && !is_reached(base) && (!item || (name->unknown & U_MADE) || is_no_data(base)))
        eval_tell(e, n, FACT_TEMPLATE_COMPUTED, SPAN_EMPTY,
                  item ? "an item by a name that is computed"
                       : "an attribute by a name that is "
                         "computed");
    for (uint8_t k = 0; k < base->n && name->unknown; k++)
        any_of(e, base->alt[k], &out);
    if (unknown)
        out.unknown |= U_INPUT | U_LOOKED;
    if (base->unknown || (out.n == 0 && !out.unknown))
        out.unknown |= base->unknown ? base->unknown : U_INPUT;
    return out;
}

/* ---- slices ---- */

static bool slice_number(struct eval *e, const struct node *n, int64_t none, int64_t *out,
                         bool *given)
{
    struct value v;

    *given = n != NULL;
    *out = none;
    if (!n)
        return true;
    v = eval_expression(e, n);
    if (v.n != 1 || v.unknown)
        return false;
    if (v.alt[0]->kind == A_NONE) {
        *given = false;
        return true;
    }
    *out = v.alt[0]->number;
    return v.alt[0]->kind == A_NUMBER;
}

static int64_t clamp(int64_t i, int64_t n, int64_t low, int64_t high)
{
    i += i < 0 ? n : 0;
    return i < low ? low : i > high ? high : i;
}

/* The items that [a:b:c] picks, put into list. */
static struct value slice_of(struct eval *e, const struct atom *base, const int64_t part[3],
                             const bool given[3])
{
    struct atom *list = jinja_atom_new(e->arena, A_LIST, SPAN_EMPTY);
    struct value *items, out = jinja_unknown(U_MADE), text;
    int64_t step = part[2], n, from, to;
    size_t count, bytes = 0;

    if (!list || step == 0 || step < -65536 || step > 65536 ||
        !jinja_atom_items(e->arena, base, &items, &count))
        return out;
    n = (int64_t)count;
    from = given[0] ? clamp(part[0], n, step > 0 ? 0 : -1, step > 0 ? n : n - 1)
                    : (step > 0 ? 0 : n - 1);
    to =
        given[1] ? clamp(part[1], n, step > 0 ? 0 : -1, step > 0 ? n : n - 1) : (step > 0 ? n : -1);
    for (int64_t i = from; step > 0 ? i < to : i > to; i += step)
        (void)jinja_atom_put(e->arena, list, NULL, &items[i]);
    eval_charge(e, count * 16);
    if (base->kind != A_STRING)
        return jinja_of(list);
    text = jinja_string(e->arena, SPAN_EMPTY);
    for (size_t i = 0; i < list->n; i++)
        text = jinja_concat(e->arena, &text, &list->items[i], &bytes);
    eval_charge(e, bytes);
    return text;
}

/* Strings of one step, which may be long, are cut and not put together. */
static struct value slice_text(struct eval *e, const struct atom *base, const int64_t part[3],
                               const bool given[3])
{
    int64_t n, from, to;
    size_t a, b;

    if (eval_spent(e, base->text.n))
        return jinja_unknown(U_MADE);
    n = (int64_t)jinja_text_length(base->text);
    from = given[0] ? clamp(part[0], n, 0, n) : 0;
    to = given[1] ? clamp(part[1], n, 0, n) : n;
    a = jinja_text_offset(base->text, (size_t)from);
    b = jinja_text_offset(base->text, (size_t)to);
    eval_charge(e, base->text.n * 4);
    return jinja_string(e->arena, b > a ? span_of(base->text.p + a, b - a) : SPAN_EMPTY);
}

static struct value eval_slice(struct eval *e, const struct value *base, const struct node *n)
{
    struct value out = jinja_unknown(base->unknown);
    int64_t part[3];
    bool given[3], known = slice_number(e, n->a, 0, &part[0], &given[0]);

    known &= slice_number(e, n->b, 0, &part[1], &given[1]);
    known &= slice_number(e, n->c, 1, &part[2], &given[2]);
    for (uint8_t i = 0; i < base->n; i++) {
        struct value v = jinja_unknown(U_MADE);

        if (known && base->alt[i]->kind == A_STRING && part[2] == 1)
            v = slice_text(e, base->alt[i], part, given);
        else if (known)
            v = slice_of(e, base->alt[i], part, given);
        jinja_join(&out, &v);
    }
    if (base->n == 0)
        out.unknown |= U_INPUT;
    return out;
}

/* ---- arguments ---- */

struct args *eval_args_new(struct eval *e)
{
    struct args *args = e->spare;

    if (!args)
        return arena_alloc(e->arena, sizeof *args);
    e->spare = args->next;
    args->n = 0;
    args->more = false;
    return args;
}

void eval_args_free(struct eval *e, struct args *args)
{
    args->next = e->spare;
    e->spare = args;
}

/* A tuple or list whose items are known, given with a star. */
static void spread(struct eval *e, struct args *out, const struct value *v)
{
    struct value *items;
    size_t n;

    if (v->n != 1 || v->unknown || !jinja_atom_items(e->arena, v->alt[0], &items, &n)) {
        out->more = true;
        return;
    }
    for (size_t i = 0; i < n && out->n < ARGS_MAX; i++)
        out->at[out->n++] = items[i];
    out->more |= n > ARGS_MAX;
}

static void spread_named(struct args *out, const struct value *v)
{
    const struct atom *dict = v->n == 1 && !v->unknown ? v->alt[0] : NULL;

    if (!dict || dict->kind != A_DICT) {
        out->more = true;
        return;
    }
    for (size_t i = 0; i < dict->n && out->n < ARGS_MAX; i++) {
        if (dict->keys[i].n != 1 || dict->keys[i].alt[0]->kind != A_STRING) {
            out->more = true;
            continue;
        }
        out->name[out->n] = dict->keys[i].alt[0]->text;
        out->at[out->n++] = dict->items[i];
    }
}

/* ---- operators ---- */

static struct value number_or(struct eval *e, bool over, int64_t number)
{
    return over ? jinja_number(e->arena, INT64_MAX) : jinja_number(e->arena, number);
}

bool eval_costs(struct eval *e, const struct node *n, int64_t much, const char *what)
{
    if (much > 10000000)
        eval_tell(e, n, FACT_TEMPLATE_COSTLY, span_text(what), "");
    return much > STRING_MAX;
}

static struct value repeat(struct eval *e, const struct node *n, const struct atom *a,
                           int64_t times)
{
    struct value out, part = jinja_of(a);
    size_t bytes = 0;

    if (eval_costs(e, n, times, "a sequence, repeated") || times < 0)
        return times < 0 ? jinja_string(e->arena, SPAN_EMPTY) : jinja_unknown(U_INPUT);
    if (a->kind == A_LIST) {
        struct atom *list = jinja_atom_new(e->arena, A_LIST, SPAN_EMPTY);

        for (int64_t i = 0; list && i < times; i++)
            for (size_t k = 0; k < a->n; k++)
                if (!jinja_atom_put(e->arena, list, NULL, &a->items[k]))
                    return jinja_unknown(U_MADE);
        eval_charge(e, (size_t)times * a->n * 16);
        return jinja_of(list);
    }
    out = jinja_string(e->arena, SPAN_EMPTY);
    if ((uint64_t)times * a->text.n > STRING_MAX)
        return jinja_unknown(U_INPUT);
    for (int64_t i = 0; i < times; i++)
        out = jinja_concat(e->arena, &out, &part, &bytes);
    eval_charge(e, bytes);
    return out;
}

static struct value power(struct eval *e, int64_t x, int64_t y)
{
    int64_t out = 1;
    bool over = false;

    if (y < 0 || (y > 64 && x != 0 && x != 1))
        return y < 0 ? jinja_unknown(U_NUMBER) : jinja_number(e->arena, INT64_MAX);
    for (int64_t i = 0; i < y && i <= 64; i++)
        over |= MUL_OVERFLOWS(out, x, &out);
    return number_or(e, over, out);
}

static struct value arithmetic(struct eval *e, unsigned op, int64_t x, int64_t y)
{
    int64_t out = 0;
    bool over;

    switch (op) {
    case '+':
        over = ADD_OVERFLOWS(x, y, &out);
        return number_or(e, over, out);
    case '-':
        over = __builtin_sub_overflow(x, y, &out);
        return number_or(e, over, out);
    case '*':
        over = MUL_OVERFLOWS(x, y, &out);
        return number_or(e, over, out);
    case OP2('*', '*'):
        return power(e, x, y);
    case OP2('/', '/'):
    case '%':
        if (y == 0 || (x == INT64_MIN && y == -1))
            return jinja_unknown(U_NUMBER);
        out = x / y;
        if (x % y != 0 && (x < 0) != (y < 0))
            out--;
        return jinja_number(e->arena, op == '%' ? x - out * y : out);
    default:
        return jinja_unknown(U_NUMBER);
    }
}

static bool is_number(const struct atom *a)
{
    return a->kind == A_NUMBER || a->kind == A_BOOL;
}

static struct value both_lists(struct eval *e, const struct atom *x, const struct atom *y)
{
    struct atom *list = jinja_atom_new(e->arena, A_LIST, SPAN_EMPTY);

    if (!list)
        return jinja_unknown(U_MADE);
    list->fuzzy = x->fuzzy || y->fuzzy;
    for (size_t i = 0; i < x->n + y->n; i++)
        (void)jinja_atom_put(e->arena, list, NULL, i < x->n ? &x->items[i] : &y->items[i - x->n]);
    eval_charge(e, list->n * 16);
    return jinja_of(list);
}

/* "%s" % (a, b): the items of a tuple are the arguments. */
static struct value eval_percent(struct eval *e, const struct node *n, const struct value *text,
                                 const struct value *right)
{
    struct args *args = eval_args_new(e);
    struct value out;

    if (!args)
        return jinja_unknown(U_MADE);
    if (right->n == 1 && right->alt[0]->kind == A_LIST) {
        spread(e, args, right);
    } else {
        args->at[0] = *right;
        args->n = 1;
    }
    for (size_t i = 0; i < args->n; i++)
        args->name[i] = SPAN_EMPTY;
    out = eval_filter(e, n, SPAN_LITERAL("format"), text, args);
    eval_args_free(e, args);
    return out;
}

static struct value binary(struct eval *e, const struct node *n, const struct atom *x,
                           const struct atom *y)
{
    struct value left = jinja_of(x), right = jinja_of(y);
    size_t bytes = 0;

    if (n->op == '+' && x->kind == A_STRING && y->kind == A_STRING) {
        left = jinja_concat(e->arena, &left, &right, &bytes);
        eval_charge(e, bytes);
        return left;
    }
    if (n->op == '+' && x->kind == A_LIST && y->kind == A_LIST)
        return both_lists(e, x, y);
    if (n->op == '*' && (x->kind == A_STRING || x->kind == A_LIST) && is_number(y))
        return repeat(e, n, x, y->number);
    if (n->op == '*' && (y->kind == A_STRING || y->kind == A_LIST) && is_number(x))
        return repeat(e, n, y, x->number);
    if (n->op == '%' && x->kind == A_STRING) {
        return eval_percent(e, n, &left, &right);
    }
    if (is_number(x) && is_number(y))
        return arithmetic(e, n->op, x->number, y->number);
    return jinja_unknown(n->op == '+' || n->op == '*' || n->op == '%' ? U_MADE : U_NUMBER);
}

/* What an operation may give when one of its sides is not known. */
static unsigned unknown_outcome(unsigned op, const struct value *x, const struct value *y)
{
    bool part = (x->unknown && jinja_has_part(y)) || (y->unknown && jinja_has_part(x)) ||
                ((x->unknown | y->unknown) & U_MADE);

    if (op != '+' && op != '%' && op != '*')
        return U_NUMBER;
    if (part)
        return U_MADE;
    for (uint8_t i = 0; i < y->n; i++)
        if (is_number(y->alt[i]))
            return U_NUMBER;
    return (x->unknown | y->unknown) & U_NUMBER ? U_NUMBER : U_INPUT;
}

static struct value eval_binary(struct eval *e, const struct node *n)
{
    struct value x = eval_expression(e, n->a), y = eval_expression(e, n->b), out = { 0 };
    size_t bytes = 0;

    if (n->op == '&' || n->op == 'o') {
        jinja_join(&x, &y);
        return x;
    }
    if (n->op == '~') {
        out = jinja_concat(e->arena, &x, &y, &bytes);
        eval_charge(e, bytes);
        return out;
    }
    for (uint8_t i = 0; i < x.n; i++) {
        for (uint8_t j = 0; j < y.n; j++) {
            struct value v = binary(e, n, x.alt[i], y.alt[j]);

            jinja_join(&out, &v);
        }
    }
    if (x.unknown || y.unknown)
        out.unknown |= (uint8_t)unknown_outcome(n->op, &x, &y);
    return out;
}

static struct value truth_value(struct eval *e, const struct value *v)
{
    struct atom *a = v->n == 1 && !v->unknown && v->alt[0]->kind == A_BOOL
                         ? jinja_atom_new(e->arena, A_BOOL, SPAN_EMPTY)
                         : NULL;

    if (!a)
        return jinja_unknown(U_NUMBER);
    a->number = !v->alt[0]->number;
    return jinja_of(a);
}

static struct value eval_unary(struct eval *e, const struct node *n)
{
    struct value v = eval_expression(e, n->a);

    if (n->op == '!')
        return truth_value(e, &v);
    if (v.n == 1 && !v.unknown && is_number(v.alt[0]))
        return jinja_number(e->arena, n->op == '-' ? -v.alt[0]->number : v.alt[0]->number);
    return jinja_unknown(U_NUMBER);
}

/* ---- calls ---- */

static void eval_args(struct eval *e, const struct node *list, struct args *out)
{
    out->n = 0;
    out->more = false;
    for (; list; list = list->next) {
        bool wrapped = list->kind == N_KEYWORD || list->kind == N_STAR || list->kind == N_DSTAR;
        struct value v = eval_expression(e, wrapped ? list->a : list);

        if (list->kind == N_STAR) {
            spread(e, out, &v);
        } else if (list->kind == N_DSTAR) {
            spread_named(out, &v);
        } else if (out->n < ARGS_MAX) {
            out->name[out->n] = list->kind == N_KEYWORD ? list->text : SPAN_EMPTY;
            out->at[out->n++] = v;
        } else {
            out->more = true;
        }
    }
    for (size_t i = 0; i < out->n; i++)
        if (!out->name[i].p)
            out->name[i] = SPAN_EMPTY;
}

const struct value *args_get(const struct args *args, size_t place, const char *name)
{
    size_t at = 0;

    for (size_t i = 0; i < args->n; i++) {
        if (args->name[i].n ? span_is(args->name[i], name) : at == place)
            return &args->at[i];
        at += args->name[i].n == 0;
    }
    return NULL;
}

/* Functions that no template has an honest use for, whoever hands them over. */
static bool starts_things(struct span name)
{
    static const char *const names[] = {
        "popen",        "Popen",           "system",        "eval",
        "exec",         "execfile",        "open",          "import_module",
        "check_output", "check_call",      "getoutput",     "spawn",
        "fork",         "execve",          "execv",         "load_module",
        "run_code",     "getstatusoutput", "import_string", "from_string",
        "getattr",      "setattr",         "globals",       "__import__",
    };

    return is_one_of(name, names, ARRAY_LEN(names));
}

/* The name by which a call's function is asked for, where that is written down. */
static struct span callee_name(const struct node *n)
{
    const struct node *f = n->a;

    if (f->kind == N_NAME || f->kind == N_GETATTR)
        return f->text;
    if (f->kind == N_GETITEM && f->b->kind == N_STRING)
        return f->b->text;
    return SPAN_EMPTY;
}

/* A call: the facts about its function, and what it gives. */
static struct value call_with(struct eval *e, const struct node *n, const struct value *callee,
                              const struct args *args)
{
    struct span name = callee_name(n);

    if (is_reached(callee))
        return *callee;
    if (n->a->kind != N_NAME && span_is(name, "mro") && args->n == 0) {
        eval_tell(e, n, FACT_TEMPLATE_INTERNALS, name, "");
        return internal(e);
    }
    if (starts_things(name) && !(callee->n && !callee->unknown && callee->alt[0]->kind == A_MACRO))
        eval_tell(e, n, FACT_TEMPLATE_GADGET, name, "");
    if (callee->unknown & U_LOOKED)
        eval_tell(e, n, FACT_TEMPLATE_COMPUTED, SPAN_EMPTY, "a call of what a computed name finds");
    return eval_call(e, n, callee, args);
}

static struct value eval_call_node(struct eval *e, const struct node *n)
{
    struct value callee = eval_expression(e, n->a), out;
    struct args *args = eval_args_new(e);

    if (!args)
        return jinja_unknown(U_MADE);
    eval_args(e, n->list, args);
    out = call_with(e, n, &callee, args);
    eval_args_free(e, args);
    return out;
}

static struct value eval_filter_node(struct eval *e, const struct node *n)
{
    struct value input = n->a ? eval_expression(e, n->a) : jinja_unknown(U_INPUT);
    struct args *args = eval_args_new(e);

    if (!args)
        return jinja_unknown(U_MADE);
    eval_args(e, n->list, args);
    if (!is_reached(&input))
        input = eval_filter(e, n, n->text, &input, args);
    eval_args_free(e, args);
    return input;
}

/* ---- names and literals ---- */

/* Made once, whoever asks for it how often. */
static struct value constant(struct eval *e, const struct node *n, enum atom_kind kind)
{
    struct node *own = (struct node *)(uintptr_t)n; /* nodes are the evaluation's own */

    if (!n->atom) {
        own->atom = jinja_atom_new(e->arena, kind, n->text);
        if (own->atom)
            own->atom->number = n->number;
    }
    return jinja_of(own->atom);
}

static struct value eval_name(struct eval *e, const struct node *n)
{
    static const char *const functions[] = { "range",           "dict",
                                             "lipsum",          "cycler",
                                             "joiner",          "namespace",
                                             "raise_exception", "strftime_now",
                                             "url_for",         "get_flashed_messages" };
    static const char *const objects[] = { "self", "request", "config", "session", "g" };

    if (n->symbol->binding)
        return n->symbol->binding->value;
    if (is_one_of(n->text, functions, ARRAY_LEN(functions)))
        return constant(e, n, A_FUNCTION);
    if (is_one_of(n->text, objects, ARRAY_LEN(objects)))
        return constant(e, n, A_OBJECT);
    if (span_is(n->text, "__builtins__") || span_is(n->text, "__import__")) {
        eval_tell(e, n, FACT_TEMPLATE_INTERNALS, n->text, "");
        return internal(e);
    }
    return jinja_unknown(U_INPUT);
}

static struct value eval_list(struct eval *e, const struct node *n)
{
    struct atom *list = jinja_atom_new(e->arena, A_LIST, SPAN_EMPTY);

    for (const struct node *i = n->list; i; i = i->next) {
        struct value v = eval_expression(e, i);

        if (list)
            (void)jinja_atom_put(e->arena, list, NULL, &v);
    }
    return jinja_of(list);
}

static struct value eval_dict(struct eval *e, const struct node *n)
{
    struct atom *dict = jinja_atom_new(e->arena, A_DICT, SPAN_EMPTY);

    for (const struct node *i = n->list; i && i->next; i = i->next->next) {
        struct value key = eval_expression(e, i), v = eval_expression(e, i->next);

        if (dict)
            (void)jinja_atom_put(e->arena, dict, &key, &v);
    }
    return jinja_of(dict);
}

static struct value eval_item(struct eval *e, const struct node *n)
{
    struct value base = eval_expression(e, n->a), key;

    if (n->b->kind == N_SLICE)
        return is_reached(&base) ? base : eval_slice(e, &base, n->b);
    key = eval_expression(e, n->b);
    return eval_look_up(e, n, &base, &key, true);
}

static struct value eval_cond(struct eval *e, const struct node *n)
{
    struct value v, other;

    (void)eval_expression(e, n->b);
    v = eval_expression(e, n->a);
    other = n->c ? eval_expression(e, n->c) : jinja_string(e->arena, SPAN_EMPTY);
    jinja_join(&v, &other);
    return v;
}

/* Its operands are looked at; what comes out is a truth value. */
static struct value eval_test(struct eval *e, const struct node *n)
{
    (void)eval_expression(e, n->a);
    for (const struct node *i = n->list; i; i = i->next)
        (void)eval_expression(
            e, i->kind == N_KEYWORD || i->kind == N_STAR || i->kind == N_DSTAR ? i->a : i);
    return jinja_unknown(U_NUMBER);
}

/* "x.__class__.__name__" asks for a text and goes no further. */
static bool is_class_name(const struct node *n)
{
    static const char *const texts[] = { "__name__", "__qualname__", "__module__", "__doc__" };

    return is_one_of(n->text, texts, ARRAY_LEN(texts)) && n->a->kind == N_GETATTR &&
           span_is(n->a->text, "__class__");
}

static struct value eval_getattr(struct eval *e, const struct node *n)
{
    struct value base;

    if (is_class_name(n)) {
        (void)eval_expression(e, n->a->a);
        eval_tell(e, n, FACT_TEMPLATE_CLASS_NAME, n->a->text, "");
        return jinja_unknown(U_MADE);
    }
    base = eval_expression(e, n->a);
    return eval_attribute(e, n, &base, n->text, false);
}

static struct value evaluate(struct eval *e, const struct node *n)
{
    switch (n->kind) {
    case N_STRING:
        return constant(e, n, A_STRING);
    case N_NUMBER:
        return constant(e, n, A_NUMBER);
    case N_REAL:
        return constant(e, n, A_REAL);
    case N_BOOL:
        return constant(e, n, A_BOOL);
    case N_NONE:
        return constant(e, n, A_NONE);
    case N_NAME:
        return eval_name(e, n);
    case N_LIST:
        return eval_list(e, n);
    case N_DICT:
        return eval_dict(e, n);
    case N_GETATTR:
        return eval_getattr(e, n);
    case N_GETITEM:
        return eval_item(e, n);
    case N_CALL:
        return eval_call_node(e, n);
    case N_FILTER:
        return eval_filter_node(e, n);
    case N_TEST:
    case N_COMPARE:
        return eval_test(e, n);
    case N_UNARY:
        return eval_unary(e, n);
    case N_BINARY:
        return eval_binary(e, n);
    case N_COND:
        return eval_cond(e, n);
    default:
        return jinja_unknown(U_INPUT);
    }
}

struct value eval_expression(struct eval *e, const struct node *n)
{
    struct value v;

    e->steps++;
    if (e->depth >= DEPTH_MAX)
        return jinja_unknown(U_MADE);
    e->depth++;
    v = evaluate(e, n);
    e->depth--;
    return v;
}
