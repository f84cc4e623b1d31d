/*
 * What calls of the language's own functions give: the rows of intrinsics.def. Each
 * reads its arguments as the function does; what they are not known for is VAL_NONE.
 */
#include "format/python/intrinsics.h"

#include "base/compiler.h"
#include "base/utf8.h"
#include "format/python/analysis.h"

#define LIST_MAX 4096

/* The first of several values. */
static val arg(struct analysis *an, const struct call *c, uint32_t place)
{
    return value_at(an, call_place(an, c, place), 0);
}

static bool text_arg(struct analysis *an, const struct call *c, uint32_t place, const char *key,
                     struct span *out)
{
    return value_is_text(an, value_at(an, call_arg(an, c, place, key, NULL), 0), out);
}

static val any_module(struct analysis *an)
{
    return value_plain(an, V_ANY_MODULE, 0, 1, false);
}

/* ---- names ---- */

static bool is_leaf(const struct analysis *an, uint32_t atom)
{
    return atom && atom < an->known->atoms_n && an->known->leaf[atom];
}

/* A name that was put together is meant, whatever object it is looked up on. */
static val hidden_leaf(struct analysis *an, const struct call *c, struct span name)
{
    uint32_t atom = py_atom_find(&an->tree->atoms, name), place = 0;

    if (!is_leaf(an, atom))
        return VAL_NONE;
    for (uint32_t a = py_node(an->tree, c->node)->b; a; a = py_node(an->tree, a)->next, place++)
        if (place == 1 && py_node(an->tree, a)->kind == N_STR)
            return VAL_NONE;
    return value_new(an, (struct value){ .kind = V_GUESS, .a = an->known->leaf[atom] });
}

uint32_t intrinsic_getattr(struct analysis *an, const struct call *c)
{
    val object = call_place(an, c, 0), names = call_place(an, c, 1), all = VAL_NONE;
    struct span name;

    for (uint32_t i = 0; i < value_count(an, names) && spend(an, 1); i++) {
        val v;

        if (!value_is_text(an, value_at(an, names, i), &name))
            continue;
        v = attribute_named(an, object, name);
        if (!v && !object)
            v = hidden_leaf(an, c, name);
        all = value_join(an, all, v);
    }
    return value_join(an, all, call_place(an, c, 2));
}

uint32_t intrinsic_vars(struct analysis *an, const struct call *c)
{
    val object = arg(an, c, 0);
    bool open;

    if (call_places(an, c, &open) == 0)
        return value_plain(an, V_GLOBALS, 0, 0, false);
    if (value_name(an, object))
        return value_new(an, (struct value){ .kind = V_SPACE, .a = value_name(an, object) });
    return is_kind(an, object, V_ANY_MODULE) ? value_plain(an, V_ANY_SPACE, 0, 0, false) : VAL_NONE;
}

uint32_t intrinsic_globals(struct analysis *an, const struct call *c)
{
    (void)c;
    return value_plain(an, V_GLOBALS, 0, 0, false);
}

uint32_t intrinsic_import_module(struct analysis *an, const struct call *c)
{
    val names = call_arg(an, c, 0, "name", NULL), all = VAL_NONE;
    struct span name;

    for (uint32_t i = 0; i < value_count(an, names) && spend(an, 1); i++)
        if (value_is_text(an, value_at(an, names, i), &name))
            all = value_join(an, all, module_named(an, name));
    return all ? all : any_module(an);
}

/* __import__("a.b") is a, unless something is to come from it. */
uint32_t intrinsic_import(struct analysis *an, const struct call *c)
{
    struct span name, first;
    bool fromlist = false;
    val v = call_arg(an, c, 3, "fromlist", &fromlist);
    size_t dot;

    if (!text_arg(an, c, 0, "name", &name))
        return any_module(an);
    dot = span_find(name, 0, SPAN_LITERAL("."));
    if (fromlist && value_truth(an, v) != 0)
        return module_named(an, name);
    first = name;
    (void)take(&name, dot == SIZE_MAX ? name.n : dot, &first);
    return module_named(an, first);
}

/* "os:system" and "os.system". */
uint32_t intrinsic_resolve_name(struct analysis *an, const struct call *c)
{
    struct span name;
    uint8_t *dotted;

    if (!text_arg(an, c, 0, "name", &name))
        return any_module(an);
    dotted = value_bytes(an, name.n + 1);
    for (size_t i = 0; dotted && i < name.n; i++)
        dotted[i] = name.p[i] == ':' ? '.' : name.p[i];
    return dotted ? module_named(an, span_of(dotted, name.n)) : VAL_NONE;
}

uint32_t intrinsic_any_module(struct analysis *an, const struct call *c)
{
    (void)c;
    return any_module(an);
}

uint32_t intrinsic_members(struct analysis *an, const struct call *c)
{
    val object = arg(an, c, 0);

    return value_name(an, object) || is_kind(an, object, V_ANY_MODULE)
               ? value_plain(an, V_ANY_SPACE, 0, 0, false)
               : VAL_NONE;
}

uint32_t intrinsic_none(struct analysis *an, const struct call *c)
{
    (void)an;
    (void)c;
    return VAL_NONE;
}

uint32_t intrinsic_attrgetter(struct analysis *an, const struct call *c)
{
    return value_new(an, (struct value){ .kind = V_GETTER, .a = arg(an, c, 0) });
}

uint32_t intrinsic_methodcaller(struct analysis *an, const struct call *c)
{
    return value_new(an, (struct value){ .kind = V_GETTER, .a = arg(an, c, 0), .b = 1 });
}

uint32_t intrinsic_itemgetter(struct analysis *an, const struct call *c)
{
    return value_new(an, (struct value){ .kind = V_GETTER, .a = arg(an, c, 0), .b = 2 });
}

uint32_t intrinsic_getitem(struct analysis *an, const struct call *c)
{
    return subscript_of(an, call_place(an, c, 0), call_place(an, c, 1));
}

/* ---- callables ---- */

uint32_t intrinsic_first(struct analysis *an, const struct call *c)
{
    return call_place(an, c, 0);
}

uint32_t intrinsic_second(struct analysis *an, const struct call *c)
{
    return call_place(an, c, 1);
}

uint32_t intrinsic_partial(struct analysis *an, const struct call *c)
{
    return value_new(an,
                     (struct value){ .kind = V_PARTIAL, .a = call_place(an, c, 0), .b = c->node });
}

uint32_t intrinsic_bound_method(struct analysis *an, const struct call *c)
{
    return intrinsic_partial(an, c);
}

/* operator.call(f, ...) */
uint32_t intrinsic_call(struct analysis *an, const struct call *c)
{
    val args[8];
    bool open;
    uint32_t n = call_places(an, c, &open);

    n = n > ARRAY_LEN(args) ? (uint32_t)ARRAY_LEN(args) : n;
    for (uint32_t i = 1; i < n; i++)
        args[i - 1] = call_place(an, c, i);
    return n > 0 ? call_with(an, call_place(an, c, 0), args, n - 1) : VAL_NONE;
}

/* What a decorator with arguments gives: what it is then called with. */
uint32_t intrinsic_decorator(struct analysis *an, const struct call *c)
{
    val f = call_place(an, c, 0);

    return f && !is_kind(an, f, V_INT) && !is_kind(an, f, V_CONST)
               ? f
               : interest_find(&an->known->tree, "functools.cache");
}

uint32_t intrinsic_reduce(struct analysis *an, const struct call *c)
{
    val f = arg(an, c, 0), list = arg(an, c, 1), v = call_place(an, c, 2);
    const struct value *x = value_of(an, list);
    uint32_t i = 0;

    if (!x || x->kind != V_SEQ || x->partial || x->n == 0 || x->n > LIST_MAX)
        return VAL_NONE;
    v = v ? v : x->list[i++];
    for (; i < value_of(an, list)->n && spend(an, 4); i++) {
        val pair[2] = { v, value_of(an, list)->list[i] };

        v = call_with(an, f, pair, 2);
    }
    return v;
}

/* ---- sequences ---- */

uint32_t intrinsic_list(struct analysis *an, const struct call *c)
{
    return spread(an, arg(an, c, 0));
}

uint32_t intrinsic_sorted(struct analysis *an, const struct call *c)
{
    val v = spread(an, arg(an, c, 0)), part = value_part(an, v);

    return part ? value_list(an, V_SEQ, &part, 1, true) : VAL_NONE;
}

uint32_t intrinsic_reversed(struct analysis *an, const struct call *c)
{
    return fold_slice(an, spread(an, arg(an, c, 0)), VAL_NONE, VAL_NONE, value_int(an, -1));
}

uint32_t intrinsic_next(struct analysis *an, const struct call *c)
{
    return value_join(an, element_of(an, call_place(an, c, 0)), call_place(an, c, 1));
}

uint32_t intrinsic_any_arg(struct analysis *an, const struct call *c)
{
    val all = VAL_NONE;
    bool open;
    uint32_t n = call_places(an, c, &open);

    for (uint32_t i = 0; i < n && i < 16; i++)
        all = value_join(an, all, call_place(an, c, i));
    return n == 1 ? element_of(an, all) : all;
}

uint32_t intrinsic_chain(struct analysis *an, const struct call *c)
{
    val all = VAL_NONE;
    bool open;
    uint32_t n = call_places(an, c, &open);

    for (uint32_t i = 0; i < n && i < 16; i++)
        all = value_join(an, all, element_of(an, call_place(an, c, i)));
    return all ? value_list(an, V_SEQ, &all, 1, true) : VAL_NONE;
}

/* n lists side by side: tuples of their i-th elements. */
static val zipped(struct analysis *an, const val *lists, uint32_t n)
{
    uint32_t least = LIST_MAX, count = 0;
    val *list;

    for (uint32_t i = 0; i < n; i++) {
        const struct value *x = value_of(an, lists[i]);

        if (!x || x->kind != V_SEQ)
            return VAL_NONE;
        least = x->n < least ? x->n : least;
    }
    list = (val *)(void *)value_bytes(an, (least + 1) * sizeof *list);
    for (uint32_t i = 0; list && i < least && spend(an, 1); i++) {
        val row[8];

        for (uint32_t k = 0; k < n; k++)
            row[k] = value_of(an, lists[k])->list[i];
        list[count++] = value_list(an, V_SEQ, row, n, false);
    }
    return list ? value_new(an, (struct value){ .kind = V_SEQ, .list = list, .n = count })
                : VAL_NONE;
}

uint32_t intrinsic_zip(struct analysis *an, const struct call *c)
{
    val lists[8];
    bool open;
    uint32_t n = call_places(an, c, &open);

    if (n == 0 || n > ARRAY_LEN(lists))
        return VAL_NONE;
    for (uint32_t i = 0; i < n; i++)
        lists[i] = spread(an, arg(an, c, i));
    return zipped(an, lists, n);
}

static val numbers(struct analysis *an, int64_t from, int64_t to, int64_t step)
{
    int64_t count = step > 0 ? (to - from + step - 1) / step : (from - to - step - 1) / -step;
    val *list = NULL;
    uint32_t n = 0;

    if (count >= 0 && count <= LIST_MAX)
        list = (val *)(void *)value_bytes(an, ((size_t)count + 1) * sizeof *list);
    for (int64_t i = from; list && n < count; i += step)
        list[n++] = value_int(an, i);
    return list ? value_new(an, (struct value){ .kind = V_SEQ, .list = list, .n = n }) : VAL_NONE;
}

uint32_t intrinsic_range(struct analysis *an, const struct call *c)
{
    int64_t from = 0, to, step = 1;
    bool open;
    uint32_t n = call_places(an, c, &open);

    if (!value_is_int(an, arg(an, c, n > 1), &to) ||
        (n > 1 && !value_is_int(an, arg(an, c, 0), &from)) ||
        (n > 2 && !value_is_int(an, arg(an, c, 2), &step)) || step == 0)
        return VAL_NONE;
    if (to > LIST_MAX || from > LIST_MAX || to < -LIST_MAX || from < -LIST_MAX || step > LIST_MAX ||
        step < -LIST_MAX)
        return VAL_NONE;
    return numbers(an, from, to, step);
}

uint32_t intrinsic_enumerate(struct analysis *an, const struct call *c)
{
    val lists[2] = { VAL_NONE, spread(an, arg(an, c, 0)) };
    const struct value *x = value_of(an, lists[1]);

    if (!x || x->kind != V_SEQ)
        return VAL_NONE;
    lists[0] = numbers(an, 0, x->n, 1);
    return zipped(an, lists, 2);
}

/* A list of some of these, in whatever order. */
static val any_of(struct analysis *an, val v)
{
    val part = value_part(an, v);

    return part ? value_list(an, V_SEQ, &part, 1, true) : VAL_NONE;
}

/* f of each element, or of those for which f is true. */
static val each(struct analysis *an, const struct call *c, bool keep)
{
    val f = call_place(an, c, 0), from = spread(an, arg(an, c, 1));
    const struct value *x = value_of(an, from);
    uint32_t n = 0, count = x && x->kind == V_SEQ ? x->n : 0;
    bool partial = x && x->partial;
    val made, *list = count <= LIST_MAX ? (val *)(void *)value_bytes(an, (count + 1) * sizeof *list)
                                        : NULL;

    for (uint32_t i = 0; list && i < count && spend(an, 4); i++) {
        val one = value_of(an, from)->list[i];
        val v = call_with(an, f, &one, 1);

        if (!keep)
            list[n++] = v;
        else if (value_truth(an, v) != 0)
            list[n++] = one;
        partial |= keep && value_truth(an, v) < 0;
    }
    if (!list || !count)
        return VAL_NONE;
    made = value_new(an, (struct value){ .kind = V_SEQ, .list = list, .n = n, .partial = partial });
    return keep && partial ? any_of(an, made) : made;
}

/* map(f, a, b): f of the first ones, of the second ones, ... */
static val map_rows(struct analysis *an, const struct call *c, uint32_t n)
{
    val lists[8], all = VAL_NONE, rows;

    for (uint32_t i = 1; i < n && i <= ARRAY_LEN(lists); i++)
        lists[i - 1] = spread(an, arg(an, c, i));
    rows = n - 1 <= ARRAY_LEN(lists) ? zipped(an, lists, n - 1) : VAL_NONE;
    for (uint32_t i = 0; is_kind(an, rows, V_SEQ) && i < value_of(an, rows)->n && spend(an, 4);
         i++) {
        const struct value *row = value_of(an, value_of(an, rows)->list[i]);
        val v = row ? call_with(an, call_place(an, c, 0), row->list, row->n) : VAL_NONE;

        all = value_join(an, all, v);
    }
    return all ? value_list(an, V_SEQ, &all, 1, true) : VAL_NONE;
}

uint32_t intrinsic_map(struct analysis *an, const struct call *c)
{
    bool open;
    uint32_t n = call_places(an, c, &open);

    return n > 2 ? map_rows(an, c, n) : each(an, c, false);
}

uint32_t intrinsic_filter(struct analysis *an, const struct call *c)
{
    return each(an, c, true);
}

/* dict(a=1, ...), dict(pairs), dict(mapping) */
uint32_t intrinsic_dict(struct analysis *an, const struct call *c)
{
    val list[64], first = arg(an, c, 0);
    uint32_t n = 0;

    if (is_kind(an, first, V_SPACE) || is_kind(an, first, V_ANY_SPACE) ||
        is_kind(an, first, V_GLOBALS) || is_kind(an, first, V_DICT))
        return first;
    for (uint32_t a = py_node(an->tree, c->node)->b; a && n + 2 <= ARRAY_LEN(list) && spend(an, 1);
         a = py_node(an->tree, a)->next) {
        const struct py_node *k = py_node(an->tree, a);
        struct span name = py_atom_text(&an->tree->atoms, k->atom);

        if (k->kind != N_KEYWORD)
            continue;
        list[n + 1] = eval(an, k->a, c->env);
        list[n] = value_text(an, V_STR, name, false);
        n += 2;
    }
    for (uint32_t i = 0; is_kind(an, first, V_SEQ) && i < value_of(an, first)->n &&
                         n + 2 <= ARRAY_LEN(list) && spend(an, 1);
         i++) {
        const struct value *pair = value_of(an, value_of(an, first)->list[i]);

        if (pair && pair->kind == V_SEQ && pair->n == 2) {
            list[n++] = pair->list[0];
            list[n++] = pair->list[1];
        }
    }
    return value_list(an, V_DICT, list, n, n == ARRAY_LEN(list));
}

/* gc.get_referents(module): its dictionary is among them. */
uint32_t intrinsic_referents(struct analysis *an, const struct call *c)
{
    uint32_t node = value_name(an, arg(an, c, 0));
    val space = value_new(an, (struct value){ .kind = node ? V_SPACE : V_ANY_SPACE, .a = node });

    return value_list(an, V_SEQ, &space, 1, true);
}

/* type(x): what is of interest is how functions, code and modules are made. */
uint32_t intrinsic_type(struct analysis *an, const struct call *c)
{
    uint32_t node = py_node(an->tree, c->node)->b;
    val v = arg(an, c, 0);
    const char *name = NULL;

    if (is_kind(an, v, V_FUNC))
        name = "types.FunctionType";
    else if (node && py_node(an->tree, node)->kind == N_ATTRIBUTE &&
             py_node(an->tree, node)->atom == W_CODE)
        name = "types.CodeType";
    else if (is_kind(an, v, V_PATH))
        name = "pathlib.Path";
    else if (value_name(an, v) || is_kind(an, v, V_ANY_MODULE))
        name = "builtins.object";
    return name ? interest_find(&an->known->tree, name) : VAL_NONE;
}

/* defaultdict(factory, mapping), OrderedDict(mapping) and their kin. */
uint32_t intrinsic_mapping(struct analysis *an, const struct call *c)
{
    val v = value_join(an, call_place(an, c, 0), call_place(an, c, 1));

    return v ? v : intrinsic_dict(an, c);
}

/* Numeric references: &#115; &#x73; */
uint32_t intrinsic_unescape(struct analysis *an, const struct call *c)
{
    struct span s;

    if (!text_arg(an, c, 0, "s", &s))
        return VAL_NONE;
    return decode_references(an, s);
}

/* ---- text and numbers ---- */

uint32_t intrinsic_add(struct analysis *an, const struct call *c)
{
    return fold_binary(an, OP_ADD, call_place(an, c, 0), call_place(an, c, 1));
}

uint32_t intrinsic_chr(struct analysis *an, const struct call *c)
{
    int64_t i;
    uint8_t *p;

    if (!value_is_int(an, arg(an, c, 0), &i) || i < 0 || i > 0x10FFFF ||
        (i >= 0xD800 && i <= 0xDFFF))
        return VAL_NONE;
    p = value_bytes(an, 4);
    return p ? value_text(an, V_STR, span_of(p, utf8_put((uint32_t)i, p)), false) : VAL_NONE;
}

uint32_t intrinsic_ord(struct analysis *an, const struct call *c)
{
    struct span s;
    uint32_t code;
    val v = arg(an, c, 0);

    if (!value_is_text(an, v, &s) || s.n == 0)
        return VAL_NONE;
    if (is_kind(an, v, V_BYTES))
        return value_int(an, s.p[0]);
    return utf8_decode(s, &code) == s.n ? value_int(an, code) : VAL_NONE;
}

uint32_t intrinsic_int(struct analysis *an, const struct call *c)
{
    struct span s;
    int64_t i, base = 10;
    val v = arg(an, c, 0);
    uint64_t n = 0;

    if (value_is_int(an, v, &i))
        return v;
    if (call_arg(an, c, 1, "base", NULL) &&
        !value_is_int(an, call_arg(an, c, 1, "base", NULL), &base))
        return VAL_NONE;
    if (!value_is_text(an, v, &s) || s.n == 0)
        return VAL_NONE;
    if ((base == 16 || base == 2 || base == 8 || base == 0) && s.n > 2 && s.p[0] == '0' &&
        (s.p[1] | 0x20) > '9') {
        base = (s.p[1] | 0x20) == 'x' ? 16 : (s.p[1] | 0x20) == 'b' ? 2 : 8;
        (void)skip(&s, 2);
    }
    for (size_t k = 0; k < s.n; k++) {
        uint8_t ch = s.p[k] | 0x20;
        int d = s.p[k] >= '0' && s.p[k] <= '9' ? s.p[k] - '0' : ch >= 'a' ? ch - 'a' + 10 : 99;

        if (s.p[k] == '_')
            continue;
        if (d >= base || n > UINT32_MAX)
            return VAL_NONE;
        n = n * (uint64_t)base + (uint64_t)d;
    }
    return value_int(an, (int64_t)n);
}

uint32_t intrinsic_from_bytes(struct analysis *an, const struct call *c)
{
    struct span s, order;
    uint64_t n = 0;
    bool little = text_arg(an, c, 1, "byteorder", &order) && span_is(order, "little");

    if (!text_arg(an, c, 0, "bytes", &s) || s.n > 7)
        return VAL_NONE;
    for (size_t i = 0; i < s.n; i++)
        n = n << 8 | s.p[little ? s.n - 1 - i : i];
    return value_int(an, (int64_t)n);
}

uint32_t intrinsic_len(struct analysis *an, const struct call *c)
{
    val v = arg(an, c, 0);
    const struct value *x = value_of(an, v);
    struct span s;
    int64_t n = 0;

    if (x && x->kind == V_SEQ && !x->partial)
        return value_int(an, x->n);
    if (!value_is_text(an, v, &s))
        return VAL_NONE;
    for (size_t i = 0; i < s.n; i++)
        n += x->kind == V_BYTES || (s.p[i] & 0xC0) != 0x80;
    return value_int(an, n);
}

/* str(b"..", "utf-8") decodes. */
uint32_t intrinsic_str(struct analysis *an, const struct call *c)
{
    val v = arg(an, c, 0);
    struct span codec = SPAN_EMPTY;

    if (is_kind(an, v, V_BYTES))
        return text_arg(an, c, 1, "encoding", &codec) ? decode_by_name(an, v, codec, V_STR)
                                                      : VAL_NONE;
    return fold_str(an, v);
}

/* os.fsdecode(), os.fspath(): bytes or str, the same name. */
uint32_t intrinsic_fsdecode(struct analysis *an, const struct call *c)
{
    val v = arg(an, c, 0);
    const struct value *x = value_of(an, v);

    return x && x->kind == V_BYTES ? value_text(an, V_STR, x->text, x->partial) : fold_str(an, v);
}

uint32_t intrinsic_repr(struct analysis *an, const struct call *c)
{
    val v = arg(an, c, 0);

    return is_kind(an, v, V_INT) ? fold_str(an, v) : VAL_NONE;
}

uint32_t intrinsic_hex(struct analysis *an, const struct call *c)
{
    val format = value_text(an, V_STR, SPAN_LITERAL("0x%x"), false);

    return fold_percent(an, format, arg(an, c, 0));
}

uint32_t intrinsic_bytes(struct analysis *an, const struct call *c)
{
    val v = arg(an, c, 0);
    const struct value *x = value_of(an, v);
    uint8_t *out;

    if (x && (x->kind == V_STR || x->kind == V_BYTES))
        return value_text(an, V_BYTES, x->text, x->partial);
    if (!x || x->kind != V_SEQ || x->partial)
        return VAL_NONE;
    out = value_bytes(an, x->n + 1);
    for (uint32_t i = 0; out && i < x->n; i++) {
        int64_t b;

        if (!value_is_int(an, x->list[i], &b) || b < 0 || b > 255)
            return VAL_NONE;
        out[i] = (uint8_t)b;
    }
    return out ? value_text(an, V_BYTES, span_of(out, x->n), false) : VAL_NONE;
}

/* A dictionary of characters, as str.translate() takes it; bytes of 256 for bytes. */
uint32_t intrinsic_maketrans(struct analysis *an, const struct call *c)
{
    val from = arg(an, c, 0), to = arg(an, c, 1);
    struct span a, b;
    val *list;

    if (is_kind(an, from, V_DICT) && to == VAL_NONE)
        return from;
    if (!value_is_text(an, from, &a) || !value_is_text(an, to, &b) || a.n != b.n)
        return VAL_NONE;
    if (is_kind(an, from, V_BYTES)) {
        uint8_t *table = value_bytes(an, 256);

        for (unsigned i = 0; table && i < 256; i++)
            table[i] = (uint8_t)i;
        for (size_t i = 0; table && i < a.n; i++)
            table[a.p[i]] = b.p[i];
        return table ? value_text(an, V_BYTES, span_of(table, 256), false) : VAL_NONE;
    }
    list = (val *)(void *)value_bytes(an, (2 * a.n + 2) * sizeof *list);
    for (size_t i = 0; list && i < a.n; i++) {
        list[2 * i] = value_int(an, a.p[i]);
        list[2 * i + 1] = value_int(an, b.p[i]);
    }
    return list ? value_new(
                      an, (struct value){ .kind = V_DICT, .list = list, .n = (uint32_t)(2 * a.n) })
                : VAL_NONE;
}

/* ---- decoders ---- */

#define DECODER(name, expr)                                                                        \
    uint32_t intrinsic_##name(struct analysis *an, const struct call *c)                           \
    {                                                                                              \
        struct span s;                                                                             \
                                                                                                   \
        return value_is_text(an, arg(an, c, 0), &s) ? (expr) : VAL_NONE;                           \
    }
DECODER(fromhex, decode_hex(an, s))
DECODER(b64decode, decode_base64(an, s))
DECODER(b32decode, decode_base32(an, s))
DECODER(b85decode, decode_base85(an, s, false))
DECODER(a85decode, decode_base85(an, s, true))
DECODER(decompress, decode_compressed(an, s))
DECODER(unquote, decode_percent(an, s, false))
#undef DECODER

uint32_t intrinsic_codecs_decode(struct analysis *an, const struct call *c)
{
    struct span codec = SPAN_EMPTY;

    (void)text_arg(an, c, 1, "encoding", &codec);
    return decode_by_name(an, arg(an, c, 0), codec, V_STR);
}

/* ---- paths ---- */

uint32_t intrinsic_path_join(struct analysis *an, const struct call *c)
{
    val v = value_new(an, (struct value){ .kind = V_PATH, .a = arg(an, c, 0) });
    bool open;
    uint32_t n = call_places(an, c, &open);
    const struct value *x;

    for (uint32_t i = 1; i < n && i < 16; i++)
        v = fold_binary(an, OP_DIV, v, arg(an, c, i));
    x = value_of(an, v);
    return x && x->kind == V_PATH ? x->a : VAL_NONE;
}

/* Absolute, if what is given is; else it depends on where we are. */
uint32_t intrinsic_absolute(struct analysis *an, const struct call *c)
{
    val v = arg(an, c, 0);
    const struct value *x = value_of(an, v);

    return x && x->kind == V_STR && x->text.n > 0 && x->text.p[0] == '/' ? v : VAL_NONE;
}

/* What a path begins with: its folder, or all but its suffix. */
static val head_of(struct analysis *an, val path)
{
    const struct value *x = value_of(an, path);
    struct span s;

    if (x && x->kind == V_PATH)
        path = x->a;
    x = value_of(an, path);
    if (!x || x->kind != V_STR || x->partial)
        return path;
    s = x->text;
    while (s.n > 1 && s.p[s.n - 1] != '/')
        s.n--;
    return value_text(an, V_STR, s, true);
}

uint32_t intrinsic_dirname(struct analysis *an, const struct call *c)
{
    return head_of(an, arg(an, c, 0));
}

uint32_t intrinsic_split_path(struct analysis *an, const struct call *c)
{
    val pair[2] = { head_of(an, arg(an, c, 0)), VAL_NONE };

    return value_list(an, V_SEQ, pair, 2, false);
}

uint32_t intrinsic_path(struct analysis *an, const struct call *c)
{
    val v = arg(an, c, 0);
    bool open;
    uint32_t n = call_places(an, c, &open);
    const struct value *x = value_of(an, v);

    v = x && x->kind == V_PATH ? v : value_new(an, (struct value){ .kind = V_PATH, .a = v });
    for (uint32_t i = 1; i < n && i < 16; i++)
        v = fold_binary(an, OP_DIV, v, arg(an, c, i));
    return v;
}

/* A code object is its source: what is executed later. */
uint32_t intrinsic_compile(struct analysis *an, const struct call *c)
{
    return call_arg(an, c, 0, "source", NULL);
}
