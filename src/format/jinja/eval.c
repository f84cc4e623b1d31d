/*
 * Follows a template's statements: variables, scopes, branches and loops. Where it is not known
 * which branch runs, a variable may be what each of them makes of it; a loop over known items is
 * run, one over others twice, so that what a round leaves is seen by the next. All of it within a
 * number of steps that grows with the template; past it, what is computed counts as not known.
 */
#include "format/jinja/eval.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define FRAMES_MAX  400
#define DEPTH_MAX   420
#define MACROS_MAX  12
#define SLOTS_MAX   64
#define MACRO_STEPS 3000 /* of one call, with those within it */
/* Rounds of loops within each other that are as good as no end. */
#define ROUNDS_MAX 10000000

static void run_list(struct eval *e, const struct node *list);

/* ---- variables ---- */

static void assign(struct eval *e, struct binding *b, const struct value *v)
{
    if (e->log_n == e->log_size) {
        size_t size = e->log_size ? e->log_size * 2 : 256;
        struct change *log = arena_array(e->arena, size, sizeof *log);

        if (!log) {
            jinja_join(&b->value, v);
            return;
        }
        if (e->log_n > 0)
            memcpy(log, e->log, e->log_n * sizeof *log);
        e->log = log;
        e->log_size = size;
    }
    e->log[e->log_n++] = (struct change){ b, b->value };
    b->value = *v;
}

static bool push(struct eval *e)
{
    if (e->frame + 1 >= e->frames_max)
        return false;
    e->frames[++e->frame] = NULL;
    return true;
}

static void pop(struct eval *e)
{
    for (struct binding *b = e->frames[e->frame]; b; b = b->next)
        if (b->symbol->binding == b)
            b->symbol->binding = b->outer;
    e->frame--;
}

/* The variable of that name in this scope, made where there is none. */
static struct binding *bind(struct eval *e, struct symbol *s)
{
    struct binding *b = s->binding;

    if (b && b->frame == e->frame)
        return b;
    b = arena_alloc(e->arena, sizeof *b);
    if (!b)
        return s->binding;
    *b = (struct binding){ .value = s->binding ? s->binding->value : jinja_unknown(U_INPUT),
                           .symbol = s,
                           .name = s->name,
                           .outer = s->binding,
                           .next = e->frames[e->frame],
                           .frame = e->frame };
    e->frames[e->frame] = b;
    s->binding = b;
    return b;
}

static void set_symbol(struct eval *e, struct symbol *s, const struct value *v)
{
    struct binding *b = bind(e, s);

    if (b)
        assign(e, b, v);
}

/* The slot of a namespace, made where there is none; NULL when there are too many. */
static struct binding *slot_of(struct eval *e, const struct atom *space, struct span name,
                               bool make)
{
    struct atom *own = (struct atom *)(uintptr_t)space; /* atoms are the evaluation's own */
    struct binding *b = own->slots;
    size_t n = 0;

    for (; b; b = b->next, n++)
        if (span_equal(b->name, name))
            return b;
    b = make && n < SLOTS_MAX ? arena_alloc(e->arena, sizeof *b) : NULL;
    if (!b)
        return NULL;
    *b = (struct binding){ .name = name, .next = own->slots, .value = jinja_unknown(U_INPUT) };
    own->slots = b;
    return b;
}

static void set_slot(struct eval *e, const struct node *target, const struct value *v)
{
    struct value base = eval_expression(e, target->a);

    for (uint8_t i = 0; i < base.n; i++) {
        struct binding *b =
            base.alt[i]->kind == A_NAMESPACE ? slot_of(e, base.alt[i], target->text, true) : NULL;
        struct value new = *v;

        if (b && (base.n > 1 || base.unknown)) /* it may be that of another */
            jinja_join(&new, &b->value);
        if (b)
            assign(e, b, &new);
    }
}

static void set_target(struct eval *e, const struct node *target, const struct value *v);

/* "a, b = value": the items in their order where they are known. */
static void set_tuple(struct eval *e, const struct node *target, const struct value *v)
{
    struct value *items = NULL;
    size_t n = 0, i = 0;
    bool known = v->n == 1 && !v->unknown && jinja_atom_items(e->arena, v->alt[0], &items, &n);

    for (const struct node *t = target->list; t; t = t->next, i++) {
        struct value part = jinja_unknown(v->n > 0 || (v->unknown & U_MADE) ? U_MADE : U_INPUT);

        if (v->n > 1 && !v->unknown) {
            part = (struct value){ 0 };
            for (uint8_t k = 0; k < v->n; k++)
                if (jinja_atom_items(e->arena, v->alt[k], &items, &n) && i < n)
                    jinja_join(&part, &items[i]);
        } else if (known && i < n) {
            part = items[i];
        }
        set_target(e, t, &part);
    }
}

static void set_target(struct eval *e, const struct node *target, const struct value *v)
{
    if (target->kind == N_NAME)
        set_symbol(e, target->symbol, v);
    else if (target->kind == N_GETATTR)
        set_slot(e, target, v);
    else
        set_tuple(e, target, v);
}

/* ---- output that is put to use ---- */

static void emit(struct eval *e, const struct value *v)
{
    size_t bytes = 0;
    struct value all;

    if (!e->sink)
        return;
    all = jinja_concat(e->arena, &e->sink->value, v, &bytes);
    eval_charge(e, bytes);
    assign(e, e->sink, &all);
}

/* Runs a body and gives what it puts out. */
static struct value capture(struct eval *e, const struct node *list)
{
    struct binding *outer = e->sink, *own = arena_alloc(e->arena, sizeof *own);

    if (!own) {
        run_list(e, list);
        return jinja_unknown(U_MADE);
    }
    own->value = jinja_string(e->arena, SPAN_EMPTY);
    e->sink = own;
    run_list(e, list);
    e->sink = outer;
    return own->value;
}

/* ---- branches ---- */

struct joined {
    struct binding *binding;
    struct value value;
    unsigned branches;
};

struct branches {
    size_t mark;
    struct joined *list;
    size_t n, size;
    unsigned count;
};

static bool branches_grow(struct eval *e, struct branches *b)
{
    size_t size = b->size ? b->size * 2 : 16;
    struct joined *list;

    if (b->n < b->size)
        return true;
    list = arena_array(e->arena, size, sizeof *list);
    if (!list)
        return false;
    if (b->n > 0)
        memcpy(list, b->list, b->n * sizeof *list);
    b->list = list;
    b->size = size;
    return true;
}

/* Ends a branch: notes what it made of its variables, and takes that back. */
static void branch_end(struct eval *e, struct branches *b)
{
    uint64_t id = ++e->ids;

    for (size_t i = e->log_n; i-- > b->mark;) {
        struct binding *v = e->log[i].binding;

        if (v->seen != id && branches_grow(e, b))
            b->list[b->n++] = (struct joined){ v, v->value, 1 };
        v->seen = id;
    }
    while (e->log_n > b->mark) {
        e->log_n--;
        e->log[e->log_n].binding->value = e->log[e->log_n].old;
    }
    b->count++;
}

static int by_binding(const void *x, const void *y)
{
    const struct joined *a = x, *b = y;

    return (a->binding > b->binding) - (a->binding < b->binding);
}

/* After the last: each variable may be what any of them made of it. */
static void branches_join(struct eval *e, struct branches *b)
{
    if (b->n > 1)
        qsort(b->list, b->n, sizeof *b->list, by_binding);
    for (size_t i = 0, next; i < b->n; i = next) {
        struct value v = b->list[i].value;

        for (next = i + 1; next < b->n && b->list[next].binding == b->list[i].binding; next++)
            jinja_join(&v, &b->list[next].value);
        if (next - i < b->count) /* one leaves it as it was */
            jinja_join(&v, &b->list[i].binding->value);
        assign(e, b->list[i].binding, &v);
    }
}

/* 1: true, 0: false, -1: not known. */
static int truth(const struct value *v)
{
    const struct atom *a = v->alt[0];

    if (v->n != 1 || v->unknown)
        return -1;
    switch (a->kind) {
    case A_BOOL:
    case A_NUMBER:
        return a->number != 0;
    case A_NONE:
        return 0;
    case A_STRING:
        return a->text.n > 0;
    case A_LIST:
    case A_DICT:
        return a->fuzzy ? -1 : a->n > 0;
    default:
        return -1;
    }
}

static void run_if(struct eval *e, const struct node *n)
{
    struct branches b = { .mark = e->log_n };
    const struct node *taken = NULL;
    bool sure = true, other = false;

    for (const struct node *c = n->list; c; c = c->next) {
        struct value test = c->a ? eval_expression(e, c->a) : jinja_unknown(0);
        int is = c->a ? truth(&test) : 1;

        other |= !c->a;
        if (is == 1 && sure && !taken)
            taken = c; /* it is the one that runs; the others are looked at all the same */
        sure &= is == 0;
    }
    e->unsure++;
    for (const struct node *c = n->list; c; c = c->next) {
        if (c == taken)
            continue;
        b.mark = e->log_n;
        run_list(e, c->list);
        branch_end(e, &b);
    }
    e->unsure--;
    if (taken) {
        run_list(e, taken->list);
        return;
    }
    if (!other)
        b.count++;
    branches_join(e, &b);
}

/* ---- loops ---- */

static struct value loop_value(struct eval *e)
{
    if (!e->loop_atom)
        e->loop_atom = jinja_atom_new(e->arena, A_LOOP, SPAN_EMPTY);
    return jinja_of(e->loop_atom);
}

/* One round with that item. */
static void run_round(struct eval *e, const struct node *n, const struct value *item)
{
    struct value loop = loop_value(e);

    if (!push(e)) {
        run_list(e, n->list);
        return;
    }
    set_target(e, n->b, item);
    set_symbol(e, e->loop, &loop);
    if (n->c)
        (void)eval_expression(e, n->c);
    run_list(e, n->list);
    pop(e);
}

static bool filter_passes(struct eval *e, const struct node *n, const struct value *item)
{
    struct value v;
    bool passes;

    if (!n->c || !push(e))
        return true;
    set_target(e, n->b, item);
    v = eval_expression(e, n->c);
    passes = truth(&v) != 0;
    pop(e);
    return passes;
}

/* Rounds of which it is not known how many there are. */
static void run_unknown(struct eval *e, const struct node *n, const struct value *item)
{
    unsigned rounds = eval_tired(e) || e->loops > 2 ? 1 : 2;
    struct branches b = { 0 };

    e->unsure++;
    e->loops++;
    for (unsigned i = 0; i < rounds; i++) {
        b = (struct branches){ .mark = e->log_n };
        run_round(e, n, item);
        branch_end(e, &b);
        b.count++; /* or none at all */
        for (size_t k = 0; k < b.n; k++)
            if (b.list[k].value.n > 0 && b.list[k].value.alt[0]->kind == A_STRING &&
                b.list[k].value.n + 1 >= VALUE_MAX)
                b.list[k].value.unknown |= U_MADE;
        branches_join(e, &b);
    }
    e->loops--;
    e->unsure--;
}

/* More rounds within those that are run already. */
static void rounds_times(struct eval *e, const struct node *n, uint64_t count)
{
    if (MUL_OVERFLOWS(e->rounds, count ? count : 1, &e->rounds) || e->rounds > ROUNDS_MAX) {
        e->rounds = ROUNDS_MAX + 1;
        (void)eval_costs(e, n, INT64_MAX, "loops within each other");
    }
}

static void run_known(struct eval *e, const struct node *n, const struct value *items, size_t count)
{
    uint64_t outer = e->rounds;
    bool all = true;

    rounds_times(e, n, count);
    for (size_t i = 0; i < count && all; i++) {
        struct value item = items[i];

        if (filter_passes(e, n, &item))
            run_round(e, n, &item);
        all = !eval_tired(e);
    }
    if (!all) {
        struct value rest = { 0 };

        for (size_t i = 0; i < count; i++)
            jinja_join(&rest, &items[i]);
        run_unknown(e, n, &rest);
    }
    e->rounds = outer;
}

/* What an item of it may be, where the items are not gone through one by one. */
static struct value any_item(struct eval *e, const struct value *v)
{
    struct value out = jinja_unknown(v->unknown & ~(unsigned)U_LOOKED), *items;
    size_t n;

    for (uint8_t i = 0; i < v->n; i++) {
        const struct atom *a = v->alt[i];

        if (a->kind == A_RANGE) {
            out.unknown |= U_NUMBER;
            continue;
        }
        if (!jinja_atom_items(e->arena, a, &items, &n)) {
            out.unknown |=
                a->kind == A_STRING || a->kind == A_LIST || a->kind == A_DICT ? U_MADE : U_INPUT;
            n = a->kind == A_LIST || a->kind == A_DICT ? a->n : 0;
            items = a->kind == A_DICT ? a->keys : a->items;
        }
        for (size_t k = 0; k < n; k++)
            jinja_join(&out, &items[k]);
        eval_charge(e, n * 8);
    }
    return out;
}

/* A loop over nothing is looked at all the same. */
static void run_never(struct eval *e, const struct node *n)
{
    struct value none = jinja_unknown(U_INPUT);
    struct branches b = { .mark = e->log_n };

    run_round(e, n, &none);
    branch_end(e, &b);
}

static void run_for(struct eval *e, const struct node *n)
{
    struct value over = eval_expression(e, n->a), *items;
    bool known = over.n == 1 && !over.unknown;
    size_t count;

    if (known && !eval_tired(e) && jinja_atom_items(e->arena, over.alt[0], &items, &count)) {
        run_known(e, n, items, count);
        if (count == 0)
            run_never(e, n);
    } else {
        struct value item = any_item(e, &over);
        uint64_t outer = e->rounds;

        if (known && over.alt[0]->kind == A_RANGE)
            rounds_times(e, n, (uint64_t)over.alt[0]->number);
        run_unknown(e, n, &item);
        e->rounds = outer;
    }
    if (n->other) {
        struct branches b = { .mark = e->log_n };

        run_list(e, n->other);
        branch_end(e, &b);
        b.count++;
        branches_join(e, &b);
    }
}

/* ---- macros ---- */

static void bind_params(struct eval *e, const struct node *params, const struct args *args)
{
    size_t i = 0;

    for (const struct node *p = params; p; p = p->next, i++) {
        const struct value *given = NULL;
        struct value v;

        for (size_t k = 0; args && k < args->n; k++)
            if (args->name[k].n ? span_equal(args->name[k], p->text) : k == i)
                given = &args->at[k];
        if (given)
            v = *given;
        else if (p->a)
            v = eval_expression(e, p->a);
        else
            v = jinja_unknown(U_INPUT);
        if (!args || args->more)
            v.unknown |= U_INPUT;
        set_symbol(e, p->symbol, &v);
    }
}

/* varargs and kwargs: all that was given. */
static void bind_rest(struct eval *e, const struct node *params, const struct args *args)
{
    struct atom *list = jinja_atom_new(e->arena, A_LIST, SPAN_EMPTY);
    struct atom *dict = jinja_atom_new(e->arena, A_DICT, SPAN_EMPTY);
    struct value rest, named;
    size_t places = 0;

    for (const struct node *p = params; p; p = p->next)
        places++;
    for (size_t i = 0; args && list && dict && i < args->n; i++) {
        struct value key = jinja_string(e->arena, args->name[i]);

        if (args->name[i].n)
            (void)jinja_atom_put(e->arena, dict, &key, &args->at[i]);
        else if (i >= places)
            (void)jinja_atom_put(e->arena, list, NULL, &args->at[i]);
    }
    rest = jinja_of(list);
    named = jinja_of(dict);
    if (!args || args->more)
        rest.unknown |= U_INPUT, named.unknown |= U_INPUT;
    set_symbol(e, e->varargs, &rest);
    set_symbol(e, e->kwargs, &named);
}

static struct value run_macro(struct eval *e, const struct node *params, const struct node *body,
                              const struct args *args)
{
    struct value out;

    if (!push(e))
        return jinja_unknown(U_MADE);
    bind_params(e, params, args);
    bind_rest(e, params, args);
    out = capture(e, body);
    pop(e);
    return out;
}

/* Whether nothing is known of the arguments: then the macro gives what it gave to itself. */
static bool is_blank(const struct args *args)
{
    for (size_t i = 0; i < args->n; i++)
        if (args->at[i].n > 0 || (args->at[i].unknown & U_MADE))
            return false;
    return true;
}

static bool has_parts(const struct args *args)
{
    for (size_t i = 0; i < args->n; i++)
        for (uint8_t k = 0; k < args->at[i].n; k++)
            if (args->at[i].alt[k]->kind != A_STRING ||
                jinja_text_is_part(args->at[i].alt[k]->text))
                return true;
    return false;
}

struct value eval_macro(struct eval *e, const struct atom *macro, const struct args *args)
{
    bool outermost = e->macros == 0;
    struct value out = macro->gives ? *macro->gives : jinja_unknown(U_MADE);

    if (is_blank(args) && args->n > 0)
        return out;
    if (outermost)
        e->macro_steps = e->steps + MACRO_STEPS;
    if (e->macros >= MACROS_MAX || e->depth + 40 > DEPTH_MAX || eval_tired(e) ||
        e->steps > e->macro_steps) {
        out.unknown |= has_parts(args) ? U_MADE : 0;
        return out;
    }
    e->macros++;
    out = run_macro(e, macro->node->params, macro->node->list, args);
    e->macros--;
    return out;
}

static const struct value *keep(struct eval *e, const struct value *v)
{
    struct value *own = arena_alloc(e->arena, sizeof *own);

    if (own)
        *own = *v;
    return own;
}

/* Its body is looked at once, whoever calls it. */
static struct value define(struct eval *e, const struct node *n, struct span name)
{
    struct branches b = { .mark = e->log_n };
    struct atom *macro = jinja_atom_new(e->arena, A_MACRO, name);
    struct value out;

    e->unsure++;
    out = run_macro(e, n->params, n->list, NULL);
    e->unsure--;
    branch_end(e, &b);
    b.count++;
    branches_join(e, &b);
    if (macro) {
        macro->node = n;
        macro->gives = keep(e, &out);
    }
    return jinja_of(macro);
}

static void run_call_block(struct eval *e, const struct node *n)
{
    struct value caller, out;

    caller = define(e, n, SPAN_LITERAL("caller"));
    if (!push(e)) {
        (void)eval_expression(e, n->a);
        return;
    }
    set_symbol(e, e->caller, &caller);
    out = eval_expression(e, n->a);
    pop(e);
    emit(e, &out);
}

/* ---- other statements ---- */

/* Filters of a block: a chain whose first input is the block's text. */
static struct value run_filters(struct eval *e, const struct node *f, const struct value *input)
{
    struct value v = f->a ? run_filters(e, f->a, input) : *input;
    struct args args = { 0 };

    for (const struct node *a = f->list; a && args.n < ARGS_MAX; a = a->next) {
        const struct node *value = a->kind == N_KEYWORD ? a->a : a;

        args.name[args.n] = a->kind == N_KEYWORD ? a->text : SPAN_EMPTY;
        args.at[args.n++] = eval_expression(e, value);
    }
    return eval_filter(e, f, f->text, &v, &args);
}

static void run_block(struct eval *e, const struct node *n)
{
    bool scope = push(e);
    struct value v;

    for (const struct node *p = n->params; p; p = p->next) {
        v = eval_expression(e, p->a);
        set_target(e, p->b, &v);
    }
    run_list(e, n->list);
    if (scope)
        pop(e);
}

static void run_set_block(struct eval *e, const struct node *n, const struct node *filters)
{
    bool scope = push(e);
    struct value v = capture(e, n->list);

    if (scope)
        pop(e);
    if (filters)
        v = run_filters(e, filters, &v);
    if (n->kind == N_SET_BLOCK)
        set_target(e, n->b, &v);
    else
        emit(e, &v);
}

/* Another template: what it gives is not known. */
static void run_template(struct eval *e, const struct node *n)
{
    struct value which = eval_expression(e, n->a);
    bool named = which.n > 0 && which.alt[0]->kind == A_STRING;
    char detail[64];

    (void)snprintf(detail, sizeof detail, "%.*s", (int)(n->text.n < 16 ? n->text.n : 16),
                   (const char *)n->text.p);
    if (!e->place->general)
        eval_tell(e, n, FACT_TEMPLATE_IMPORT,
                  named ? which.alt[0]->text : SPAN_LITERAL("(not a constant)"), detail);
    for (const struct node *p = n->params; p; p = p->next) {
        struct value v = jinja_unknown(U_INPUT | U_MADE);

        set_symbol(e, p->symbol, &v);
    }
}

static void run(struct eval *e, const struct node *n)
{
    struct value v;

    e->steps++;
    switch (n->kind) {
    case N_TEXT:
        if (e->sink) {
            v = jinja_string(e->arena, n->text);
            emit(e, &v);
        }
        break;
    case N_OUTPUT:
        v = eval_expression(e, n->a);
        emit(e, &v);
        break;
    case N_DO:
        (void)eval_expression(e, n->a);
        break;
    case N_IF:
        run_if(e, n);
        break;
    case N_FOR:
        run_for(e, n);
        break;
    case N_SET:
        v = eval_expression(e, n->a);
        set_target(e, n->b, &v);
        break;
    case N_SET_BLOCK:
        run_set_block(e, n, n->a);
        break;
    case N_FILTER_BLOCK:
        run_set_block(e, n, n->a);
        break;
    case N_MACRO:
        v = define(e, n, n->text);
        set_symbol(e, n->symbol, &v);
        break;
    case N_CALL_BLOCK:
        run_call_block(e, n);
        break;
    case N_WITH:
    case N_BODY:
        if (n->a)
            (void)eval_expression(e, n->a);
        run_block(e, n);
        break;
    case N_TEMPLATE:
        run_template(e, n);
        break;
    default:
        break;
    }
}

static void run_list(struct eval *e, const struct node *list)
{
    for (; list; list = list->next)
        run(e, list);
}

void eval_template(struct eval *e, const struct node *list)
{
    e->rounds = 1;
    e->frames_max = FRAMES_MAX;
    e->frames = arena_array(e->arena, FRAMES_MAX, sizeof(struct binding *));
    if (e->frames)
        run_list(e, list);
}
