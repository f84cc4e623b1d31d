/*
 * Follows filters, methods and functions: those that put texts together, take them apart or look
 * attributes up. Any other one of known text gives something that counts as made by computation;
 * one of what the renderer is given stays that.
 *
 * What each gives: jinja2.filters 3.1; str, list and dict of CPython.
 */
#include "format/jinja/eval.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- texts ---- */

typedef struct span (*text_change)(struct arena *a, struct span text);

static uint8_t *copy_of(struct arena *a, struct span text)
{
    uint8_t *out = text.n <= STRING_MAX ? arena_alloc(a, text.n + 1) : NULL;

    if (out)
        memcpy(out, text.p, text.n);
    return out;
}

static struct span mapped(struct arena *a, struct span text, int (*change)(int))
{
    uint8_t *out = copy_of(a, text);

    for (size_t i = 0; out && i < text.n; i++)
        if (out[i] < 0x80)
            out[i] = (uint8_t)change(out[i]);
    return (struct span){ out, text.n };
}

static int swap_case(int c)
{
    return isupper(c) ? tolower(c) : toupper(c);
}

static struct span to_upper(struct arena *a, struct span text)
{
    return mapped(a, text, toupper);
}

static struct span to_lower(struct arena *a, struct span text)
{
    return mapped(a, text, tolower);
}

static struct span to_swapped(struct arena *a, struct span text)
{
    return mapped(a, text, swap_case);
}

static struct span to_capitalized(struct arena *a, struct span text)
{
    struct span out = to_lower(a, text);

    if (out.p && out.n > 0)
        ((uint8_t *)(uintptr_t)out.p)[0] = (uint8_t)toupper(out.p[0]);
    return out;
}

static struct span to_title(struct arena *a, struct span text)
{
    uint8_t *out = copy_of(a, text);
    bool inside = false;

    for (size_t i = 0; out && i < text.n; i++) {
        if (isalpha(out[i]))
            out[i] = (uint8_t)(inside ? tolower(out[i]) : toupper(out[i]));
        inside = isalpha(out[i]) != 0;
    }
    return (struct span){ out, text.n };
}

static struct span to_reversed(struct arena *a, struct span text)
{
    uint8_t *out = copy_of(a, text);

    for (size_t i = 0; out && i < text.n;) {
        size_t n = 1;

        while (i + n < text.n && (text.p[i + n] & 0xC0) == 0x80)
            n++;
        memcpy(out + (text.n - i - n), text.p + i, n);
        i += n;
    }
    return (struct span){ out, text.n };
}

static struct span unchanged(struct arena *a, struct span text)
{
    (void)a;
    return text;
}

/* Tags of markup are taken out: striptags. */
static struct span without_tags(struct arena *a, struct span text)
{
    uint8_t *out = copy_of(a, text);
    size_t n = 0;
    bool tag = false;

    for (size_t i = 0; out && i < text.n; i++) {
        tag |= text.p[i] == '<';
        if (!tag)
            out[n++] = text.p[i];
        tag &= text.p[i] != '>';
    }
    return (struct span){ out, n };
}

static struct span stripped(struct span text, struct span set, bool left, bool right)
{
    while (left && text.n > 0 && memchr(set.p, text.p[0], set.n))
        (void)skip(&text, 1);
    while (right && text.n > 0 && memchr(set.p, text.p[text.n - 1], set.n))
        text.n--;
    return text;
}

static const struct {
    const char *name;
    text_change change;
    bool filter, method;
} changes[] = {
    { "upper", to_upper, true, true },
    { "lower", to_lower, true, true },
    { "casefold", to_lower, false, true },
    { "swapcase", to_swapped, false, true },
    { "capitalize", to_capitalized, true, true },
    { "title", to_title, true, true },
    { "reverse", to_reversed, true, false },
    { "striptags", without_tags, true, false },
    { "string", unchanged, true, false },
    { "safe", unchanged, true, false },
    { "escape", unchanged, true, false },
    { "e", unchanged, true, false },
    { "forceescape", unchanged, true, false },
    { "encode", unchanged, false, true },
    { "decode", unchanged, false, true },
    { "urlize", unchanged, true, false },
};

static text_change change_of(struct span name, bool filter)
{
    for (size_t i = 0; i < ARRAY_LEN(changes); i++)
        if (span_is(name, changes[i].name) && (filter ? changes[i].filter : changes[i].method))
            return changes[i].change;
    return NULL;
}

static const struct atom *only(const struct value *v, enum atom_kind kind)
{
    return v && v->n == 1 && !v->unknown && v->alt[0]->kind == kind ? v->alt[0] : NULL;
}

static bool is_any(struct span name, const char *a, const char *b, const char *c)
{
    return span_is(name, a) || span_is(name, b) || span_is(name, c);
}

/* ---- replace, join, split ---- */

static struct value replaced(struct eval *e, struct span text, struct span old, struct span new)
{
    uint8_t *out = arena_alloc(e->arena, STRING_MAX);
    size_t n = 0;

    eval_charge(e, text.n);
    for (size_t i = 0; out && i <= text.n;) {
        bool hit = old.n > 0 ? span_starts(span_from(text, i), old) && i < text.n : true;

        if (n + new.n + 1 > STRING_MAX)
            return jinja_unknown(text.n > 256 ? U_INPUT : U_MADE);
        if (hit) {
            memcpy(out + n, new.p, new.n);
            n += new.n;
            i += old.n;
        }
        if ((!hit || old.n == 0) && i < text.n)
            out[n++] = text.p[i];
        if (!hit || old.n == 0)
            i++;
    }
    return jinja_string(e->arena, (struct span){ out, n });
}

/* replace of a filter and of a method are alike but for the bound, which is left out. */
static struct value replace(struct eval *e, const struct atom *self, const struct args *args)
{
    const struct value *old = args_get(args, 0, "old"), *new = args_get(args, 1, "new");
    struct span text = jinja_atom_text(e->arena, self);
    struct value out = jinja_unknown(0);

    if (!old || !new || !text.p || args->n > 2)
        return jinja_unknown(U_MADE);
    for (uint8_t i = 0; i < old->n; i++) {
        for (uint8_t j = 0; j < new->n; j++) {
            struct span a = jinja_atom_text(e->arena, old->alt[i]),
                        b = jinja_atom_text(e->arena, new->alt[j]);
            struct value v = a.p && b.p ? replaced(e, text, a, b) : jinja_unknown(U_MADE);

            jinja_join(&out, &v);
        }
    }
    if (old->unknown || new->unknown)
        out.unknown |=
            jinja_text_is_part(text) || ((old->unknown | new->unknown) & U_MADE) ? U_MADE : U_INPUT;
    return out;
}

/* Items one after the other with sep between them. */
static struct value joined(struct eval *e, const struct value *items, size_t n,
                           const struct value *sep, bool fuzzy)
{
    struct value out = jinja_string(e->arena, SPAN_EMPTY);
    size_t bytes = 0;

    for (size_t i = 0; i < n; i++) {
        if (i > 0 && sep)
            out = jinja_concat(e->arena, &out, sep, &bytes);
        out = jinja_concat(e->arena, &out, &items[i], &bytes);
        eval_charge(e, bytes + 32);
        bytes = 0;
    }
    if (fuzzy)
        out.unknown |= U_MADE;
    return out;
}

/* |join(sep, attribute) */
static struct value join(struct eval *e, const struct atom *self, const struct value *sep)
{
    struct value *items;
    size_t n;

    if (!jinja_atom_items(e->arena, self, &items, &n)) {
        if (self->kind != A_LIST)
            return jinja_unknown(U_MADE);
        return joined(e, self->items, self->n, sep, true);
    }
    return joined(e, items, n, sep, false);
}

static bool is_space(uint8_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static struct value split(struct eval *e, struct span text, const struct value *sep)
{
    struct atom *list = jinja_atom_new(e->arena, A_LIST, SPAN_EMPTY);
    const struct atom *by = only(sep, A_STRING);
    size_t from = 0;

    if (!list || (sep && !by && !only(sep, A_NONE)) || (by && by->text.n == 0))
        return jinja_unknown(jinja_text_is_part(text) ? U_MADE : U_INPUT);
    for (size_t i = 0; i <= text.n;) {
        bool end = i == text.n;
        bool hit = !end && (by ? span_starts(span_from(text, i), by->text) : is_space(text.p[i]));
        struct value part;

        if (!end && !hit) {
            i++;
            continue;
        }
        part = jinja_string(e->arena, span_of(text.p + from, i - from));
        if (by || i > from)
            (void)jinja_atom_put(e->arena, list, NULL, &part);
        i += end ? 1 : by ? by->text.n : 1;
        from = i;
    }
    eval_charge(e, text.n * 4);
    return jinja_of(list);
}

/* ---- format ---- */

struct formatting {
    struct eval *e;
    const struct node *n;
    const struct args *args;
    struct value out;
    size_t next;
};

static void format_add(struct formatting *f, const struct value *v)
{
    size_t bytes = 0;

    f->out = jinja_concat(f->e->arena, &f->out, v, &bytes);
    eval_charge(f->e, bytes);
}

static void format_text(struct formatting *f, struct span text)
{
    struct value v = jinja_string(f->e->arena, text);

    format_add(f, &v);
}

/* A number as a character ("%c", "{:c}"), or any value as it is. */
static struct value format_value(struct formatting *f, const struct value *v, uint8_t type)
{
    const struct atom *number = only(v, A_NUMBER);
    uint8_t *c;

    if (type != 'c' || !number)
        return type == 'x' || type == 'X' || type == 'o' || type == 'b' || type == 'e' ||
                       type == 'g' || type == 'r' || type == 'a'
                   ? jinja_unknown(U_MADE)
                   : *v;
    c = arena_alloc(f->e->arena, 1);
    if (!c || number->number < 1 || number->number > 127)
        return jinja_unknown(U_MADE);
    *c = (uint8_t)number->number;
    return jinja_string(f->e->arena, span_of(c, 1));
}

/* "%-10.3s": the type, with what stands before it passed; width is told when it is absurd. */
static uint8_t format_spec(struct formatting *f, struct span *rest)
{
    int64_t width = 0;

    while (rest->n > 0 && memchr("-+ #0123456789.*<>=^,_", rest->p[0], 22)) {
        if (isdigit(rest->p[0]) && width < 1000000000)
            width = width * 10 + (rest->p[0] - '0');
        (void)skip(rest, 1);
    }
    (void)eval_costs(f->e, f->n, width, "a text, padded");
    return rest->n > 0 ? rest->p[0] : 0;
}

static const struct value *next_arg(struct formatting *f)
{
    while (f->next < f->args->n && f->args->name[f->next].n > 0)
        f->next++;
    return f->next < f->args->n ? &f->args->at[f->next++] : NULL;
}

/* "%(name)s": by its name. */
static const struct value *percent_arg(struct formatting *f, struct span *rest)
{
    struct span name;
    const uint8_t *end;

    if (rest->n == 0 || rest->p[0] != '(')
        return next_arg(f);
    end = memchr(rest->p, ')', rest->n);
    if (!end)
        return NULL;
    (void)skip(rest, 1);
    (void)take(rest, (uint64_t)(end - rest->p), &name);
    (void)skip(rest, 1);
    for (size_t i = 0; i < f->args->n; i++) {
        const struct atom *dict = only(&f->args->at[i], A_DICT);

        if (span_equal(f->args->name[i], name) && name.n > 0)
            return &f->args->at[i];
        if (dict && jinja_atom_key(dict, name))
            return jinja_atom_key(dict, name);
    }
    return NULL;
}

static struct value format_percent(struct eval *e, const struct node *n, struct span text,
                                   const struct args *args)
{
    struct formatting f = { .e = e, .n = n, .args = args };
    const uint8_t *hit;

    f.out = jinja_string(e->arena, SPAN_EMPTY);
    while (text.n > 0 && !eval_tired(e)) {
        struct span plain;
        const struct value *arg;
        struct value v;
        uint8_t type;

        hit = memchr(text.p, '%', text.n);
        (void)take(&text, hit ? (uint64_t)(hit - text.p) : text.n, &plain);
        format_text(&f, plain);
        if (!skip(&text, 1))
            break;
        if (span_starts(text, SPAN_LITERAL("%"))) {
            format_text(&f, SPAN_LITERAL("%"));
            (void)skip(&text, 1);
            continue;
        }
        arg = percent_arg(&f, &text);
        type = format_spec(&f, &text);
        v = arg ? format_value(&f, arg, type) : jinja_unknown(args->more ? U_INPUT : U_MADE);
        format_add(&f, &v);
        (void)skip(&text, 1);
    }
    return f.out;
}

/* The attributes that "{0.a[b]}" asks for; the value that they end at. */
static struct value format_path(struct formatting *f, struct value v, struct span path)
{
    while (path.n > 0) {
        bool item = path.p[0] == '[';
        size_t n = 1;
        struct span name;

        while (n < path.n && path.p[n] != (item ? ']' : '.') && (item || path.p[n] != '['))
            n++;
        name = span_of(path.p + 1, n - 1);
        v = eval_attribute(f->e, f->n, &v, name, item);
        (void)skip(&path, n + (item && n < path.n));
    }
    return v;
}

/* "{0.__class__!r:>10}": a field of str.format; text begins behind its brace. */
static void format_field(struct formatting *f, struct span field)
{
    size_t name = 0, path, spec;
    const struct value *arg = NULL;
    struct span rest;
    struct value v;

    while (name < field.n && !memchr(".[!:", field.p[name], 4))
        name++;
    path = name;
    while (path < field.n && field.p[path] != '!' && field.p[path] != ':')
        path += 1;
    spec = path;
    if (name == 0) {
        arg = next_arg(f);
    } else if (isdigit(field.p[0])) {
        char number[4] = { 0 };

        memcpy(number, field.p, name < 3 ? name : 3);
        arg = args_get(f->args, (size_t)atoi(number), "");
    } else {
        for (size_t i = 0; i < f->args->n; i++)
            if (span_equal(f->args->name[i], span_of(field.p, name)))
                arg = &f->args->at[i];
    }
    v = format_path(f, arg ? *arg : jinja_unknown(U_INPUT), span_of(field.p + name, path - name));
    rest = span_from(field, spec);
    if (rest.n > 1 && rest.p[0] == '!')
        (void)skip(&rest, 2);
    (void)skip(&rest, 1);
    v = format_value(f, &v, format_spec(f, &rest));
    format_add(f, &v);
}

static struct value format_braces(struct eval *e, const struct node *n, struct span text,
                                  const struct args *args)
{
    struct formatting f = { .e = e, .n = n, .args = args };

    f.out = jinja_string(e->arena, SPAN_EMPTY);
    while (text.n > 0 && !eval_tired(e)) {
        size_t i = 0, depth = 1, end;
        struct span plain;

        while (i < text.n && text.p[i] != '{' && text.p[i] != '}')
            i++;
        (void)take(&text, i, &plain);
        format_text(&f, plain);
        if (text.n == 0)
            break;
        if (text.n > 1 && text.p[1] == text.p[0]) { /* "{{" */
            format_text(&f, span_of(text.p, 1));
            (void)skip(&text, 2);
            continue;
        }
        for (end = 1; end < text.n && depth > 0; end++)
            depth += (size_t)(text.p[end] == '{') - (size_t)(text.p[end] == '}');
        if (text.p[0] == '{')
            format_field(&f, span_of(text.p + 1, end > 2 ? end - 2 : 0));
        (void)skip(&text, text.p[0] == '{' ? end : 1);
    }
    return f.out;
}

/* ---- attributes by name ---- */

static bool attribute_of_each(struct eval *e, const struct node *n, const struct value *items,
                              const struct value *name, struct value *out)
{
    for (uint8_t i = 0; i < name->n; i++) {
        struct span path = name->alt[i]->text, part;

        if (name->alt[i]->kind != A_STRING)
            continue;
        *out = *items;
        while (path.n > 0) { /* "a.b": one after the other, as an item or an attribute */
            const uint8_t *dot = memchr(path.p, '.', path.n);

            (void)take(&path, dot ? (uint64_t)(dot - path.p) : path.n, &part);
            *out = eval_attribute(e, n, out, part, true);
            (void)skip(&path, 1);
        }
    }
    if (name->unknown & (U_INPUT | U_MADE | U_LOOKED))
        eval_tell(e, n, FACT_TEMPLATE_COMPUTED, SPAN_EMPTY,
                  "an attribute by a name that is computed");
    return name->n > 0;
}

/* What any item of the input is. */
static struct value items_of(struct eval *e, const struct value *v)
{
    struct value out = jinja_unknown(v->unknown), *items;
    size_t n;

    for (uint8_t i = 0; i < v->n; i++) {
        if (!jinja_atom_items(e->arena, v->alt[i], &items, &n)) {
            out.unknown |= v->alt[i]->kind == A_RANGE                                   ? U_NUMBER
                           : v->alt[i]->kind <= A_DICT || v->alt[i]->kind == A_INTERNAL ? U_MADE
                                                                                        : U_INPUT;
            continue;
        }
        for (size_t k = 0; k < n; k++)
            jinja_join(&out, &items[k]);
        eval_charge(e, n * 8);
    }
    return out;
}

/* |map(attribute="x"), |map("filter", ...): for each item in its order. */
static struct value map(struct eval *e, const struct node *n, const struct value *input,
                        const struct args *args)
{
    const struct value *attribute = args_get(args, SIZE_MAX, "attribute");
    const struct value *filter = args_get(args, 0, "");
    const struct atom *source = input->n == 1 && !input->unknown ? input->alt[0] : NULL;
    struct atom *list = jinja_atom_new(e->arena, A_LIST, SPAN_EMPTY);
    struct args *rest = arena_alloc(e->arena, sizeof *rest);
    struct value each = items_of(e, input), *items = &each, out;
    size_t count = 1;
    bool known = source && jinja_atom_items(e->arena, source, &items, &count);

    if (!list || !rest || (!attribute && !filter))
        return jinja_unknown(U_MADE);
    if (!known)
        items = &each, count = 1;
    for (size_t i = 1; filter && i < args->n; i++) {
        rest->name[i - 1] = args->name[i];
        rest->at[i - 1] = args->at[i];
        rest->n = i;
    }
    for (size_t i = 0; i < count && !(i > 0 && eval_tired(e)); i++) {
        out = jinja_unknown(U_MADE);
        if (attribute)
            (void)attribute_of_each(e, n, &items[i], attribute, &out);
        else if (only(filter, A_STRING))
            out = eval_filter(e, n, filter->alt[0]->text, &items[i], rest);
        else
            eval_tell(e, n, FACT_TEMPLATE_COMPUTED, SPAN_EMPTY, "a filter by a computed name");
        (void)jinja_atom_put(e->arena, list, NULL, &out);
    }
    if (!known && !(input->unknown & U_MADE) && input->n == 0) {
        return items_of(e, &(struct value){ .alt = { list }, .n = 1, .unknown = U_INPUT });
    }
    list->fuzzy = !known;
    return jinja_of(list);
}

/* Filters that take the name of an attribute, and at which place. */
static const struct {
    const char *name;
    size_t place;
    const char *keyword;
} by_attribute[] = {
    { "selectattr", 0, "" },    { "rejectattr", 0, "" },      { "groupby", 0, "attribute" },
    { "sort", 2, "attribute" }, { "unique", 1, "attribute" }, { "sum", 0, "attribute" },
    { "min", 1, "attribute" },  { "max", 1, "attribute" },    { "join", 1, "attribute" },
};

static void look_up_by(struct eval *e, const struct node *n, struct span name,
                       const struct value *input, const struct args *args)
{
    for (size_t i = 0; i < ARRAY_LEN(by_attribute); i++) {
        const struct value *attribute;
        struct value items, out = jinja_unknown(0);

        if (!span_is(name, by_attribute[i].name))
            continue;
        attribute = args_get(args, by_attribute[i].place, by_attribute[i].keyword);
        items = items_of(e, input);
        if (attribute)
            (void)attribute_of_each(e, n, &items, attribute, &out);
    }
}

/* ---- filters ---- */

static struct value list_of(struct eval *e, const struct atom *self, bool reverse)
{
    struct atom *list = jinja_atom_new(e->arena, A_LIST, SPAN_EMPTY);
    struct value *items;
    size_t n;

    if (!list || !jinja_atom_items(e->arena, self, &items, &n))
        return jinja_unknown(self->kind == A_RANGE ? U_NUMBER : U_MADE);
    for (size_t i = 0; i < n; i++)
        (void)jinja_atom_put(e->arena, list, NULL, &items[reverse ? n - 1 - i : i]);
    eval_charge(e, n * 16);
    return jinja_of(list);
}

static struct value end_of(struct eval *e, const struct atom *self, bool last)
{
    struct value *items;
    size_t n;

    if (!jinja_atom_items(e->arena, self, &items, &n))
        return jinja_unknown(self->kind == A_RANGE ? U_NUMBER : U_MADE);
    return n > 0 ? items[last ? n - 1 : 0] : jinja_unknown(U_INPUT);
}

static struct value pairs_of(struct eval *e, const struct atom *dict)
{
    struct atom *list = jinja_atom_new(e->arena, A_LIST, SPAN_EMPTY);

    for (size_t i = 0; list && i < dict->n; i++) {
        struct atom *pair = jinja_atom_new(e->arena, A_LIST, SPAN_EMPTY);
        struct value v = jinja_of(pair);

        if (!pair || !jinja_atom_put(e->arena, pair, NULL, &dict->keys[i]) ||
            !jinja_atom_put(e->arena, pair, NULL, &dict->items[i]))
            return jinja_unknown(U_MADE);
        (void)jinja_atom_put(e->arena, list, NULL, &v);
    }
    eval_charge(e, dict->n * 32);
    if (list)
        list->fuzzy = dict->fuzzy;
    return jinja_of(list);
}

static struct value length_of(struct eval *e, const struct atom *self)
{
    if (self->kind == A_STRING)
        return jinja_number(e->arena, (int64_t)jinja_text_length(self->text));
    if ((self->kind == A_LIST || self->kind == A_DICT) && !self->fuzzy)
        return jinja_number(e->arena, (int64_t)self->n);
    return jinja_unknown(U_NUMBER);
}

static struct value whole_number(struct eval *e, const struct atom *self)
{
    char text[24] = { 0 };

    if (self->kind == A_NUMBER)
        return jinja_of(self);
    if (self->kind != A_STRING || self->text.n >= sizeof text)
        return jinja_unknown(U_NUMBER);
    memcpy(text, self->text.p, self->text.n);
    return jinja_number(e->arena, strtoll(text, NULL, 10));
}

/* Filters that only change how a text is laid out: what they make of a name is none. */
static bool lays_out(struct span name)
{
    static const char *const names[] = { "indent",  "wordwrap", "truncate",       "tojson",
                                         "xmlattr", "pprint",   "filesizeformat", "urlencode" };

    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (span_is(name, names[i]))
            return true;
    return false;
}

/* A text with more around it, or less of it: the name that it was, and perhaps another. */
static struct value laid_out(const struct atom *self, bool anew)
{
    struct value out = jinja_of(self);

    if (self->kind != A_STRING)
        return jinja_unknown(U_INPUT);
    if (anew)
        out.unknown |= jinja_text_is_part(self->text) ? U_MADE : U_INPUT;
    return out;
}

static bool gives_number(struct span name)
{
    static const char *const names[] = { "abs",   "float",  "round", "wordcount",
                                         "count", "length", "int" };

    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (span_is(name, names[i]))
            return true;
    return false;
}

/* |center(10**9), |indent(10**9): more than anybody lays out. */
static void check_width(struct eval *e, const struct node *n, const struct args *args)
{
    for (size_t i = 0; i < args->n; i++)
        if (args->at[i].n == 1 && args->at[i].alt[0]->kind == A_NUMBER)
            (void)eval_costs(e, n, args->at[i].alt[0]->number, "a text, padded");
}

/* A text with spaces around it is what it was when those are stripped. */
static struct value filter_one(struct eval *e, const struct node *n, struct span name,
                               const struct atom *self, const struct args *args)
{
    text_change change = change_of(name, true);
    struct span text =
        eval_spent(e, self->text.n) ? (struct span){ NULL, 0 } : jinja_atom_text(e->arena, self);

    if (self->kind == A_STRING && !text.p)
        return jinja_unknown(U_MADE);
    if (change && text.p && !(span_is(name, "reverse") && self->kind != A_STRING)) {
        eval_charge(e, text.n);
        return jinja_string(e->arena, change(e->arena, text));
    }
    if (span_is(name, "format") && self->kind == A_STRING)
        return format_percent(e, n, self->text, args);
    if (span_is(name, "replace"))
        return replace(e, self, args);
    if (span_is(name, "trim"))
        return eval_method(e, n, self, SPAN_LITERAL("strip"), args);
    if (span_is(name, "join"))
        return join(e, self, args_get(args, 0, "d"));
    if (span_is(name, "list") || span_is(name, "unique") || span_is(name, "select"))
        return list_of(e, self, false);
    if (span_is(name, "reverse"))
        return list_of(e, self, true);
    if (span_is(name, "first") || span_is(name, "last"))
        return end_of(e, self, span_is(name, "last"));
    if (span_is(name, "items") && self->kind == A_DICT)
        return pairs_of(e, self);
    if (span_is(name, "length") || span_is(name, "count"))
        return length_of(e, self);
    if (span_is(name, "int"))
        return whole_number(e, self);
    if (gives_number(name))
        return jinja_unknown(U_NUMBER);
    if (lays_out(name) || span_is(name, "center")) {
        check_width(e, n, args);
        return laid_out(self, lays_out(name));
    }
    return jinja_unknown(U_MADE);
}

/* What puts parts of names into a text that is not known. */
static bool makes_names(struct span name)
{
    return is_any(name, "replace", "join", "format") || is_any(name, "center", "ljust", "rjust") ||
           is_any(name, "translate", "removeprefix", "partition");
}

/* Whether the last argument (what is put in) has a part of a name in it. */
static bool has_part(const struct args *args)
{
    const struct value *last = args->n > 0 ? &args->at[args->n - 1] : NULL;

    for (uint8_t i = 0; last && i < last->n; i++)
        if (last->alt[i]->kind == A_STRING && jinja_text_is_part(last->alt[i]->text))
            return true;
    return false;
}

struct value eval_filter(struct eval *e, const struct node *n, struct span name,
                         const struct value *input, const struct args *args)
{
    struct value out = jinja_unknown(0);

    if (span_is(name, "attr") && args->n > 0)
        return eval_look_up(e, n, input, &args->at[0], false);
    if (span_is(name, "map"))
        return map(e, n, input, args);
    if (span_is(name, "default") || span_is(name, "d")) {
        out = *input;
        if (args->n > 0)
            jinja_join(&out, &args->at[0]);
        return out;
    }
    look_up_by(e, n, name, input, args);
    for (uint8_t i = 0; i < input->n; i++) {
        struct value v = filter_one(e, n, name, input->alt[i], args);

        jinja_join(&out, &v);
    }
    if (input->unknown || input->n == 0) {
        out.unknown |= gives_number(name) ? U_NUMBER : input->unknown & U_MADE ? U_MADE : U_INPUT;
        if (makes_names(name) && has_part(args))
            out.unknown |= U_MADE;
        if (lays_out(name) || span_is(name, "center"))
            check_width(e, n, args);
    }
    return out;
}

/* ---- methods ---- */

static struct value strip(struct eval *e, struct span text, struct span name,
                          const struct value *set)
{
    const struct atom *given = only(set, A_STRING);
    struct span which = given ? given->text : SPAN_LITERAL(" \t\n\r\v\f");
    bool left = !span_is(name, "rstrip"), right = !span_is(name, "lstrip");

    if (set && !given && !only(set, A_NONE))
        return jinja_unknown(jinja_text_is_part(text) ? U_MADE : U_INPUT);
    return jinja_string(e->arena, stripped(text, which, left, right));
}

static struct value without(struct eval *e, struct span text, const struct value *what, bool prefix)
{
    const struct atom *part = only(what, A_STRING);

    if (!part)
        return jinja_unknown(U_MADE);
    if (prefix ? span_starts(text, part->text) : span_ends(text, part->text))
        text = prefix ? span_from(text, part->text.n) : span_of(text.p, text.n - part->text.n);
    return jinja_string(e->arena, text);
}

/* Methods of texts whose outcome is no text that names anything. */
static bool is_question(struct span name)
{
    return span_starts(name, SPAN_LITERAL("is")) ||
           is_any(name, "startswith", "endswith", "count") ||
           is_any(name, "find", "rfind", "index");
}

static struct value text_method(struct eval *e, const struct node *n, const struct atom *self,
                                struct span name, const struct args *args)
{
    const struct value *first = args_get(args, 0, "");
    text_change change = change_of(name, false);

    if (eval_spent(e, self->text.n))
        return jinja_unknown(is_question(name) ? U_NUMBER : U_MADE);
    eval_charge(e, self->text.n);
    if (change)
        return jinja_string(e->arena, change(e->arena, self->text));
    if (is_question(name))
        return jinja_unknown(U_NUMBER);
    if (span_is(name, "format"))
        return format_braces(e, n, self->text, args);
    if (span_is(name, "replace"))
        return replace(e, self, args);
    if (span_is(name, "join") && first) {
        struct value sep = jinja_of(self), out = jinja_unknown(first->unknown);

        for (uint8_t i = 0; i < first->n; i++) {
            struct value v = join(e, first->alt[i], &sep);

            jinja_join(&out, &v);
        }
        return out;
    }
    if (is_any(name, "strip", "lstrip", "rstrip"))
        return strip(e, self->text, name, first);
    if (is_any(name, "split", "rsplit", "split") && args->n < 2)
        return split(e, self->text, first);
    if (is_any(name, "removeprefix", "removesuffix", "") && first)
        return without(e, self->text, first, span_is(name, "removeprefix"));
    if (is_any(name, "center", "ljust", "rjust") || is_any(name, "zfill", "expandtabs", ""))
        check_width(e, n, args);
    return jinja_unknown(U_MADE);
}

/* format_map(dict): its keys are the arguments by name. */
static struct value format_map(struct eval *e, const struct node *n, const struct atom *self,
                               const struct value *dict)
{
    struct args *args = arena_alloc(e->arena, sizeof *args);
    const struct atom *known = only(dict, A_DICT);

    for (size_t i = 0; args && known && i < known->n && args->n < ARGS_MAX; i++) {
        if (known->keys[i].n == 0 || known->keys[i].alt[0]->kind != A_STRING)
            continue;
        args->name[args->n] = known->keys[i].alt[0]->text;
        args->at[args->n++] = known->items[i];
    }
    return args ? format_braces(e, n, self->text, args) : jinja_unknown(U_MADE);
}

static struct atom *changed(struct eval *e, const struct atom *self)
{
    struct atom *own = (struct atom *)(uintptr_t)self; /* atoms are the evaluation's own */

    own->fuzzy |= e->unsure > 0;
    return own;
}

static struct value list_method(struct eval *e, const struct atom *self, struct span name,
                                const struct args *args)
{
    struct value *items;
    size_t n;

    if (span_is(name, "append") && args->n > 0) {
        (void)jinja_atom_put(e->arena, changed(e, self), NULL, &args->at[0]);
        return jinja_unknown(U_INPUT);
    }
    if (span_is(name, "extend") && args->n > 0) {
        struct atom *own = changed(e, self);
        bool known =
            args->at[0].n == 1 && jinja_atom_items(e->arena, args->at[0].alt[0], &items, &n);

        own->fuzzy |= !known;
        for (size_t i = 0; known && i < n; i++)
            (void)jinja_atom_put(e->arena, own, NULL, &items[i]);
        return jinja_unknown(U_INPUT);
    }
    if (is_any(name, "insert", "reverse", "sort") || is_any(name, "pop", "remove", "clear")) {
        struct atom *own = changed(e, self);

        if (span_is(name, "insert") && args->n > 1)
            (void)jinja_atom_put(e->arena, own, NULL, &args->at[1]);
        own->fuzzy = true;
        return items_of(e, &(struct value){ .alt = { self }, .n = 1 });
    }
    return jinja_unknown(U_NUMBER);
}

static struct value dict_method(struct eval *e, const struct atom *self, struct span name,
                                const struct args *args)
{
    struct atom *list;
    struct value out, v;

    if (span_is(name, "items"))
        return pairs_of(e, self);
    if (span_is(name, "keys") || span_is(name, "values")) {
        list = jinja_atom_new(e->arena, A_LIST, SPAN_EMPTY);
        for (size_t i = 0; list && i < self->n; i++)
            (void)jinja_atom_put(e->arena, list, NULL,
                                 span_is(name, "keys") ? &self->keys[i] : &self->items[i]);
        if (list)
            list->fuzzy = self->fuzzy;
        return jinja_of(list);
    }
    if (span_is(name, "update")) {
        struct atom *own = changed(e, self);

        for (size_t i = 0; i < args->n; i++) {
            const struct atom *from = only(&args->at[i], A_DICT);

            v = jinja_string(e->arena, args->name[i]);
            if (args->name[i].n)
                (void)jinja_atom_put(e->arena, own, &v, &args->at[i]);
            else
                own->fuzzy |= !from;
            for (size_t k = 0; from && k < from->n; k++)
                (void)jinja_atom_put(e->arena, own, &from->keys[k], &from->items[k]);
        }
        return jinja_unknown(U_INPUT);
    }
    if (is_any(name, "get", "pop", "setdefault") && args->n > 0) {
        out = jinja_unknown(self->fuzzy ? U_MADE : 0);
        for (uint8_t i = 0; i < args->at[0].n; i++) {
            const struct atom *key = args->at[0].alt[i];
            const struct value *hit =
                key->kind == A_STRING ? jinja_atom_key(self, key->text) : NULL;

            if (hit)
                jinja_join(&out, hit);
        }
        for (size_t i = 0; args->at[0].unknown && i < self->n; i++)
            jinja_join(&out, &self->items[i]);
        if (span_is(name, "setdefault") && args->n > 1)
            (void)jinja_atom_put(e->arena, changed(e, self), &args->at[0], &args->at[1]);
        if (args->n > 1)
            jinja_join(&out, &args->at[1]);
        out.unknown |= out.n == 0 ? U_INPUT : 0;
        return out;
    }
    return span_is(name, "copy") ? jinja_of(self) : jinja_unknown(U_MADE);
}

struct value eval_method(struct eval *e, const struct node *n, const struct atom *self,
                         struct span name, const struct args *args)
{
    if (self->kind == A_STRING && span_is(name, "format_map") && args->n > 0)
        return format_map(e, n, self, &args->at[0]);
    if (self->kind == A_STRING)
        return text_method(e, n, self, name, args);
    if (self->kind == A_LIST)
        return list_method(e, self, name, args);
    if (self->kind == A_DICT)
        return dict_method(e, self, name, args);
    if (self->kind == A_LOOP) { /* cycle("a", "b") */
        struct value out = jinja_unknown(0);

        for (size_t i = 0; i < args->n; i++)
            jinja_join(&out, &args->at[i]);
        return out;
    }
    return jinja_unknown(self->kind == A_NUMBER ? U_NUMBER : U_MADE);
}

/* ---- functions ---- */

static struct value make_dict(struct eval *e, const struct args *args)
{
    struct atom *dict = jinja_atom_new(e->arena, A_DICT, SPAN_EMPTY);

    for (size_t i = 0; dict && i < args->n; i++) {
        struct value key = jinja_string(e->arena, args->name[i]);
        const struct atom *from = args->name[i].n ? NULL : only(&args->at[i], A_DICT);

        if (args->name[i].n)
            (void)jinja_atom_put(e->arena, dict, &key, &args->at[i]);
        else
            dict->fuzzy |= !from;
        for (size_t k = 0; from && k < from->n; k++)
            (void)jinja_atom_put(e->arena, dict, &from->keys[k], &from->items[k]);
    }
    return jinja_of(dict);
}

static struct value make_namespace(struct eval *e, const struct args *args)
{
    struct atom *space = jinja_atom_new(e->arena, A_NAMESPACE, SPAN_EMPTY);

    for (size_t i = 0; space && i < args->n; i++) {
        struct binding *b = args->name[i].n ? arena_alloc(e->arena, sizeof *b) : NULL;

        if (!b)
            continue;
        *b = (struct binding){ .value = args->at[i], .name = args->name[i], .next = space->slots };
        space->slots = b;
    }
    return jinja_of(space);
}

static struct value make_range(struct eval *e, const struct node *n, const struct args *args)
{
    int64_t part[3] = { 0, 0, 1 };
    struct atom *range = jinja_atom_new(e->arena, A_RANGE, SPAN_EMPTY);

    for (size_t i = 0; i < args->n && i < 3; i++) {
        const struct atom *number = only(&args->at[i], A_NUMBER);

        if (!number)
            return jinja_unknown(U_NUMBER);
        part[args->n == 1 ? 1 : i] = number->number;
    }
    if (!range || part[2] == 0)
        return jinja_unknown(U_NUMBER);
    if (part[2] > 0 ? part[1] > part[0] : part[1] < part[0]) {
        uint64_t far = part[2] > 0 ? (uint64_t)part[1] - (uint64_t)part[0]
                                   : (uint64_t)part[0] - (uint64_t)part[1];
        uint64_t step = part[2] > 0 ? (uint64_t)part[2] : -(uint64_t)part[2];
        uint64_t count = far / step + (far % step != 0);

        range->number = count < INT64_MAX ? (int64_t)count : INT64_MAX;
    }
    range->first = part[0];
    range->step = part[2];
    (void)eval_costs(e, n, range->number, "a range");
    return jinja_of(range);
}

static struct value call_function(struct eval *e, const struct node *n, struct span name,
                                  const struct args *args)
{
    if (span_is(name, "range"))
        return make_range(e, n, args);
    if (span_is(name, "dict"))
        return make_dict(e, args);
    if (span_is(name, "namespace"))
        return make_namespace(e, args);
    if (span_is(name, "lipsum")) {
        for (size_t i = 0; i < args->n; i++)
            if (only(&args->at[i], A_NUMBER) && args->at[i].alt[0]->number > 10000)
                (void)eval_costs(e, n, INT64_MAX, "text without end (lipsum)");
        return jinja_unknown(U_MADE);
    }
    if (is_any(name, "cycler", "joiner", ""))
        return jinja_of(jinja_atom_new(e->arena, A_OBJECT, name));
    return jinja_unknown(U_INPUT);
}

struct value eval_call(struct eval *e, const struct node *n, const struct value *callee,
                       const struct args *args)
{
    struct value out = jinja_unknown(0), one;

    for (uint8_t i = 0; i < callee->n; i++) {
        const struct atom *a = callee->alt[i];

        if (a->kind == A_METHOD && a->self)
            one = eval_method(e, n, a->self, a->text, args);
        else if (a->kind == A_FUNCTION)
            one = call_function(e, n, a->text, args);
        else if (a->kind == A_MACRO)
            one = eval_macro(e, a, args);
        else
            one = jinja_unknown(U_INPUT);
        jinja_join(&out, &one);
    }
    if (callee->unknown || callee->n == 0) {
        bool made = n->a && n->a->kind == N_GETATTR && makes_names(n->a->text) && has_part(args);

        out.unknown |= made ? U_MADE : U_INPUT;
    }
    return out;
}
