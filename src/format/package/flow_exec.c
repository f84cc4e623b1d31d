/*
 * One function, way by way: of the ways that wait the one that stands first in the function goes
 * on, so that ways meet before they go on together. Leaves out: how often a loop turns (once and
 * twice are tried), and when a generator runs (at once).
 */
#include "format/package/flow_run.h"

/* Ways that are kept apart at one instruction; those that ever set out from it. */
#define APART_MAX 8
#define APART_ALL 16
#define SET_OUT   96
#define TURNS_MAX 2
/* Turns of a loop after which what changes in each is not known. */
#define TURNS_KNOWN 3

struct run {
    struct flow *f;
    struct frame frame;
    const struct ir_module *m;
    const struct ir_function *fn;
    const struct flow_shape *shape;
    struct arena arena;
    struct way **waiting; /* by instruction */
    struct way **done;    /* of heads of loops: with what ways went on from there */
    uint16_t *set_out, *waits;
    uint32_t lowest;
    uint32_t slots_n; /* variables, registers, and the exception in hand */
    struct outcomes *out;
};

/* ---- shapes ---- */

enum { RA = 1, RB = 2, RC = 4, RARGS = 8 };

static const uint8_t reads[IR_OPS] = {
    [IR_MOVE] = RA,         [IR_STORE] = RC,
    [IR_ATTR] = RA,         [IR_SETATTR] = RA | RC,
    [IR_DELATTR] = RA,      [IR_ITEM] = RA | RB,
    [IR_SETITEM] = 7,       [IR_DELITEM] = RA | RB,
    [IR_SLICE] = 7,         [IR_CALL] = RARGS | RC,
    [IR_BINARY] = RA | RB,  [IR_UNARY] = RA,
    [IR_COMPARE] = RA | RB, [IR_JOIN] = RARGS,
    [IR_TUPLE] = RARGS,     [IR_LIST] = RARGS,
    [IR_SET] = RARGS,       [IR_DICT] = RARGS,
    [IR_APPEND] = RA | RC,  [IR_ADD] = RA | RC,
    [IR_PUT] = 7,           [IR_PART] = RA,
    [IR_FUNC] = RARGS,      [IR_CLASS] = RARGS,
    [IR_BRANCH] = RA,       [IR_ITER] = RA,
    [IR_NEXT] = RA,         [IR_RETURN] = RA,
    [IR_YIELD] = RA,        [IR_YIELD_FROM] = RA,
    [IR_AWAIT] = RA,        [IR_RAISE] = RA | RB,
    [IR_MATCH] = RA | RB,   [IR_RERAISE] = RA,
    [IR_ENTER] = RA,        [IR_EXIT] = RA | RB,
    [IR_IS_SEQUENCE] = RA,  [IR_IS_MAPPING] = RA,
    [IR_HAS_KEY] = RA | RB, [IR_IS_INSTANCE] = RA | RB,
};

static uint32_t register_slot(const struct ir_function *fn, uint32_t r)
{
    return r < fn->regs_n ? fn->vars_n + r : fn->vars_n + fn->regs_n;
}

static void note_last(uint32_t *last, uint32_t slot, uint32_t at)
{
    if (last[slot] < at)
        last[slot] = at;
}

static void note_reads(const struct ir_module *m, const struct ir_function *fn,
                       const struct ir_ins *i, uint32_t *last, uint32_t at)
{
    unsigned mask = reads[i->op];

    if (mask & RARGS) {
        for (uint32_t k = 0; k < i->b; k++)
            note_last(last, register_slot(fn, m->args[i->a + k].reg), at);
    } else {
        if (mask & RA)
            note_last(last, register_slot(fn, i->a), at);
        if (mask & RB)
            note_last(last, register_slot(fn, i->b), at);
    }
    if (mask & RC)
        note_last(last, register_slot(fn, i->c), at);
    if (i->op == IR_LOAD && (i->sub == IR_LOCAL || i->sub == IR_CLASSED) && i->a < fn->vars_n)
        note_last(last, i->a, at);
}

/* The targets of an instruction that may go elsewhere; how many there are. */
static unsigned targets(const struct ir_ins *i, uint32_t to[2])
{
    switch (i->op) {
    case IR_JUMP:
    case IR_NEXT:
        to[0] = i->b;
        return 1;
    case IR_BRANCH:
        to[0] = i->b;
        to[1] = i->c;
        return 2;
    default:
        return 0;
    }
}

static bool shape_make(struct flow *f, const struct ir_module *m, const struct ir_function *fn,
                       struct flow_shape *shape)
{
    uint32_t slots = fn->vars_n + fn->regs_n + 1, to[2], inside = 0;
    uint32_t *loops = arena_array(&f->arena, fn->ins_n + 1, sizeof *loops);

    shape->last = arena_array(&f->arena, slots, sizeof *shape->last);
    shape->meets = arena_array(&f->arena, fn->ins_n + 1, sizeof *shape->meets);
    shape->heads = arena_array(&f->arena, fn->ins_n + 1, sizeof *shape->heads);
    shape->turns = arena_array(&f->arena, fn->ins_n + 1, sizeof *shape->turns);
    if (!loops || !shape->last || !shape->meets || !shape->heads || !shape->turns)
        return false;
    for (uint32_t i = 0; i < fn->ins_n; i++)
        for (unsigned n = targets(&fn->ins[i], to); n > 0; n--) {
            if (to[n - 1] >= fn->ins_n)
                return false;
            shape->meets[to[n - 1]] = true;
            if (to[n - 1] <= i) {
                shape->heads[to[n - 1]] = true;
                if (loops[to[n - 1]] < i)
                    loops[to[n - 1]] = i;
            }
        }
    for (uint32_t i = 0; i < fn->regions_n; i++)
        if (fn->regions[i].handler < fn->ins_n)
            shape->meets[fn->regions[i].handler] = true;
    for (uint32_t i = 0; i < fn->ins_n; i++) {
        if (loops[i] > inside)
            inside = loops[i];
        shape->turns[i] = inside > i;
        note_reads(m, fn, &fn->ins[i], shape->last, inside > i ? inside : i);
    }
    return true;
}

static const struct flow_shape *shape_of(struct flow *f, uint32_t module, uint32_t function)
{
    struct flow_module *fm = &f->modules[module];
    const struct ir_module *m = fm->ir;
    struct flow_shape *shape;

    if (!fm->shapes)
        fm->shapes = arena_array(&f->arena, m->functions_n, sizeof *fm->shapes);
    if (!fm->shapes || !fm->ran)
        return NULL;
    shape = &fm->shapes[function];
    if (!shape->last && !shape_make(f, m, &m->functions[function], shape))
        return NULL;
    return shape;
}

/* ---- ways that wait ---- */

static struct way *way_copy(struct run *r, const struct way *w)
{
    struct way *c = arena_alloc(&r->arena, sizeof *c);
    uint32_t *slots = arena_array(&r->arena, r->slots_n, sizeof *slots);

    if (!c || !slots) {
        r->f->starved = "too much memory";
        return NULL;
    }
    *c = *w;
    c->next = NULL;
    c->slots = slots;
    memcpy(slots, w->slots, r->slots_n * sizeof *slots);
    return c;
}

/* ---- loops ---- */

/* Whether all that w may come to was seen when d went on from here. */
static bool covered(struct run *r, const struct way *d, const struct way *w)
{
    uint32_t store;

    for (uint32_t i = 0; i + 1 < r->slots_n; i++)
        if (d->slots[i] != w->slots[i] && r->shape->last[i] >= w->pc &&
            fv_either(&r->f->values, d->slots[i], w->slots[i]) != d->slots[i])
            return false;
    return d->store == w->store ||
           (store_join(r->f, d->store, w->store, false, &store) && store == d->store);
}

/* Counters and texts that grow are not known after so many turns. */
static void widen(struct run *r, const struct way *d, struct way *w)
{
    for (uint32_t i = 0; i + 1 < r->slots_n; i++) {
        const struct value *x = val(r->f, w->slots[i]);

        if (d->slots[i] != w->slots[i] &&
            (x->kind == V_INT || x->kind == V_UNKNOWN || x->kind == V_TEXT || x->kind == V_CONCAT ||
             (x->kind == V_TERM && !(x->prov & P_FETCHED))))
            w->slots[i] = fv_unknown(&r->f->values, x->prov | P_UNKNOWN);
    }
}

/* A way comes round to the head of a loop: false when there is nothing new in it. */
static bool comes_round(struct run *r, struct way *w)
{
    unsigned n = 0;

    for (const struct way *d = r->done[w->pc]; d; d = d->next, n++)
        if (covered(r, d, w))
            return false;
    if (n < TURNS_KNOWN)
        return true;
    widen(r, r->done[w->pc], w);
    for (const struct way *d = r->done[w->pc]; d; d = d->next)
        if (covered(r, d, w))
            return false;
    return true;
}

/* Remembers with what a way goes on from the head of a loop. */
static void goes_on(struct run *r, const struct way *w)
{
    struct way *d = way_copy(r, w);

    if (!d)
        return;
    d->next = r->done[w->pc];
    r->done[w->pc] = d;
}

/* Puts a way among those that wait at its instruction; it is owned from here on. */
static void way_wait(struct run *r, struct way *w)
{
    unsigned apart = r->waits[w->pc];

    if (r->shape->heads[w->pc] && !comes_round(r, w))
        return;
    for (struct way *o = r->waiting[w->pc]; o; o = o->next)
        if (way_join(r->f, o, w, r->shape->last, r->slots_n, apart >= APART_MAX))
            return;
    if (r->waits[w->pc] >= APART_ALL) {
        r->f->starved = "too many ways";
        return;
    }
    r->waits[w->pc]++;
    w->next = r->waiting[w->pc];
    r->waiting[w->pc] = w;
    if (w->pc < r->lowest)
        r->lowest = w->pc;
}

static void wait_at(struct run *r, const struct way *w, uint32_t pc, uint32_t store, uint32_t trail)
{
    struct way *c = pc < r->fn->ins_n ? way_copy(r, w) : NULL;

    if (!c)
        return;
    c->pc = pc;
    c->store = store;
    c->trail = trail;
    way_wait(r, c);
}

static struct way *way_take(struct run *r)
{
    struct way *w;

    while (r->lowest < r->fn->ins_n && !r->waiting[r->lowest])
        r->lowest++;
    if (r->lowest >= r->fn->ins_n)
        return NULL;
    w = r->waiting[r->lowest];
    r->waiting[r->lowest] = w->next;
    r->waits[w->pc]--;
    if (r->shape->heads[w->pc])
        goes_on(r, w);
    return w;
}

/* ---- registers, and what a way decides ---- */

static uint32_t reg(const struct run *r, const struct way *w, uint32_t i)
{
    return w->slots[register_slot(r->fn, i)];
}

static void set_reg(const struct run *r, struct way *w, uint32_t i, uint32_t v)
{
    w->slots[register_slot(r->fn, i)] = v;
}

static uint32_t decide(struct run *r, uint32_t trail, enum decision_kind kind, uint32_t name,
                       uint32_t way)
{
    return map_set(&r->f->maps, trail, (uint64_t)decision_of(r->f, kind, name) * 4 + way, 1);
}

/* ---- exceptions ---- */

static const struct ir_region *region_at(const struct run *r, uint32_t pc)
{
    for (uint32_t i = 0; i < r->fn->regions_n; i++)
        if (pc >= r->fn->regions[i].from && pc < r->fn->regions[i].to)
            return &r->fn->regions[i];
    return NULL;
}

static bool somebody_catches(const struct run *r, uint32_t pc)
{
    return r->frame.tries || region_at(r, pc) != NULL;
}

struct forgetting {
    struct run *r;
    uint32_t trail;
};

static void keep_decision(void *arg, uint64_t key, uint32_t value)
{
    struct forgetting *g = arg;
    struct flow *f = g->r->f;
    const struct decision *d = &f->decisions[key / 4];
    const struct ir_function *fn = g->r->fn;

    if (key / 4 < f->decisions_n && d->kind == D_EXCEPT && d->module == g->r->frame.module &&
        d->off >= fn->off && d->off < fn->end)
        return;
    g->trail = map_set(&f->maps, g->trail, key, value);
}

/* A handler of this function that raises in its turn has let nothing past. */
static uint32_t forget_handlers(struct run *r, uint32_t trail)
{
    struct forgetting g = { .r = r };

    map_each(&r->f->maps, trail, keep_decision, &g);
    return g.trail;
}

static void way_raise(struct run *r, const struct way *w, uint32_t exception, uint32_t store,
                      uint32_t trail)
{
    const struct ir_region *region = region_at(r, w->pc);
    struct way *c;

    if (!region || region->handler >= r->fn->ins_n) {
        trail = forget_handlers(r, trail);
        outcome_add(
            r->f, r->out,
            (struct outcome){ .raised = true, .value = exception, .store = store, .trail = trail });
        return;
    }
    c = way_copy(r, w);
    if (!c)
        return;
    c->pc = region->handler;
    c->store = store;
    c->trail = trail;
    c->slots[r->slots_n - 1] = exception;
    way_wait(r, c);
}

/* An instruction that may raise an exception of a library's class. */
static void may_raise(struct run *r, const struct way *w, const char *class_name)
{
    if (somebody_catches(r, w->pc))
        way_raise(r, w, fv_term(&r->f->values, T_EXC, flow_name(r->f, class_name), NULL, 0),
                  w->store, w->trail);
}

/* ---- variables ---- */

static uint32_t frame_of(const struct run *r, uint32_t function)
{
    uint32_t scope = r->frame.closure;

    for (unsigned i = 0; i < FRAMES_MAX && val(r->f, scope)->kind == V_FRAME; i++) {
        if (val(r->f, scope)->b == function)
            return scope;
        scope = val(r->f, scope)->n ? val(r->f, scope)->items[0] : NOTHING;
    }
    return NOTHING;
}

static bool captured(const struct run *r, uint32_t slot)
{
    return slot < r->fn->vars_n && r->fn->vars[slot].captured;
}

static uint32_t load(struct run *r, const struct way *w, const struct ir_ins *i)
{
    struct flow *f = r->f;
    uint32_t v;

    switch (i->sub) {
    case IR_LOCAL:
        if (captured(r, i->a))
            return store_get(f, w->store, slot_key(S_CELL, r->frame.scope, i->a), NOTHING);
        return i->a < r->fn->vars_n ? w->slots[i->a] : NOTHING;
    case IR_CLASSED:
        v = i->a < r->fn->vars_n ? w->slots[i->a] : NOTHING;
        return v ? v : global_get(f, w->store, r->frame.module, i->name);
    case IR_CELL:
        return store_get(f, w->store, slot_key(S_CELL, frame_of(r, i->b), i->a), NOTHING);
    case IR_GLOBAL:
        return global_get(f, w->store, r->frame.module, i->name);
    default:
        return builtin_get(f, r->frame.module, i->name);
    }
}

static void store(struct run *r, struct way *w, const struct ir_ins *i, uint32_t v)
{
    struct flow *f = r->f;

    switch (i->sub) {
    case IR_LOCAL:
    case IR_CLASSED:
        if (i->a < r->fn->vars_n)
            w->slots[i->a] = v;
        if (captured(r, i->a))
            w->store = store_set(f, w->store, slot_key(S_CELL, r->frame.scope, i->a), v);
        if (r->frame.class_)
            w->store = store_set(f, w->store, slot_key(S_ATTR, r->frame.class_, i->name), v);
        break;
    case IR_CELL:
        w->store = store_set(f, w->store, slot_key(S_CELL, frame_of(r, i->b), i->a), v);
        break;
    default:
        w->store = store_set(f, w->store, slot_key(S_GLOBAL, r->frame.module, i->name), v);
    }
}

/* ---- values ---- */

static uint32_t constant(struct run *r, const struct ir_ins *i)
{
    static const struct ir_const none = { .kind = IR_NONE };
    const struct ir_const *c = i->a < r->m->consts_n ? &r->m->consts[i->a] : &none;
    struct values *vs = &r->f->values;

    switch (c->kind) {
    case IR_NONE:
        return NONE_;
    case IR_TRUE:
        return TRUE_;
    case IR_FALSE:
        return FALSE_;
    case IR_INT:
        return fv_int(vs, c->value);
    case IR_STR:
        return fv_text(vs, c->text);
    case IR_BYTES:
        return fv_bytes(vs, c->text);
    default:
        return fv_term(vs, T_SYM, ir_name(vs->names, c->text), NULL, 0);
    }
}

/* The operands of an instruction as a list; at most max. */
static uint32_t operands(struct run *r, const struct way *w, const struct ir_ins *i, uint32_t *list,
                         uint32_t max)
{
    uint32_t n = 0;

    for (uint32_t k = 0; k < i->b && n < max; k++) {
        const struct ir_arg *a = &r->m->args[i->a + k];
        uint32_t v = reg(r, w, a->reg);
        const struct value *x = val(r->f, box_items(r->f, w->store, v));

        if (a->kind == IR_ARG_STAR && (x->kind == V_LIST || x->kind == V_TUPLE)) {
            for (uint32_t j = 0; j < x->n && n < max; j++)
                list[n++] = x->items[j];
        } else {
            list[n++] = v;
        }
    }
    return n;
}

#define ITEMS_MAX 256

static uint32_t boxed(struct run *r, struct way *w, const struct ir_ins *i, uint32_t items)
{
    struct flow *f = r->f;
    uint32_t box;

    box = fv_make(&f->values, (struct value){ .kind = V_BOX, .a = r->frame.module, .b = i->off });
    w->store = store_set(f, w->store, slot_key(S_ITEMS, box, 0), items);
    return box;
}

/* What stands in a list or table within another is taken as it is now. */
static void unbox(struct run *r, const struct way *w, uint32_t *list, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        list[i] = box_items(r->f, w->store, list[i]);
}

static uint32_t display(struct run *r, struct way *w, const struct ir_ins *i)
{
    static const uint8_t kinds[IR_OPS] = {
        [IR_TUPLE] = V_TUPLE, [IR_LIST] = V_LIST, [IR_SET] = V_SET
    };
    uint32_t list[ITEMS_MAX];
    struct value v = { .kind = kinds[i->op], .items = list };
    uint32_t made;

    v.n = operands(r, w, i, list, ITEMS_MAX);
    if (i->op != IR_TUPLE)
        unbox(r, w, list, v.n);
    made = fv_make(&r->f->values, v);
    return i->op == IR_TUPLE ? made : boxed(r, w, i, made);
}

static uint32_t dict(struct run *r, struct way *w, const struct ir_ins *i)
{
    uint32_t list[ITEMS_MAX], n = 0;
    struct flow *f = r->f;

    for (uint32_t k = 0; k < i->b && n + 2 <= ITEMS_MAX; k++) {
        const struct ir_arg *a = &r->m->args[i->a + k];
        uint32_t v = reg(r, w, a->reg);

        if (a->kind != IR_ARG_DOUBLE_STAR) {
            list[n++] = v;
        } else {
            const struct value *x = val(f, box_items(f, w->store, v));
            uint32_t more = x->kind == V_DICT ? x->n : 0;

            for (uint32_t j = 0; j < more && n < ITEMS_MAX; j++)
                list[n++] = x->items[j];
            if (x->kind != V_DICT && n + 2 <= ITEMS_MAX) {
                list[n++] = fv_unknown(&f->values, P_UNKNOWN);
                list[n++] = v;
            }
        }
    }
    n -= n & 1;
    unbox(r, w, list, n);
    return boxed(r, w, i,
                 fv_make(&f->values, (struct value){ .kind = V_DICT, .items = list, .n = n }));
}

static uint32_t formatted(struct run *r, const struct way *w, const struct ir_ins *i)
{
    uint32_t list[64];
    uint32_t n = operands(r, w, i, list, 64);

    for (uint32_t k = 0; k < n; k++)
        if (val(r->f, list[k])->kind == V_INT) {
            char text[24];
            int len = snprintf(text, sizeof text, "%lld", (long long)fv_number(val(r->f, list[k])));

            list[k] = fv_text(&r->f->values, span_of(text, (size_t)len));
        }
    return fv_concat(&r->f->values, list, n);
}

static uint32_t function_value(struct run *r, const struct way *w, const struct ir_ins *i)
{
    uint32_t items[64], n = 0;

    items[n++] = r->frame.scope;
    for (uint32_t k = 0; k < i->b && n + 2 <= 64; k++) {
        const struct ir_arg *a = &r->m->args[i->a + k];

        items[n++] = fv_text(&r->f->values, flow_text(r->f, a->name));
        items[n++] = reg(r, w, a->reg);
    }
    return fv_make(
        &r->f->values,
        (struct value){ .kind = V_FUNC, .a = r->frame.module, .b = i->c, .items = items, .n = n });
}

static uint32_t class_value(struct run *r, struct way *w, const struct ir_ins *i)
{
    struct flow *f = r->f;
    uint32_t bases[16], n = 0, class_;
    struct outcomes out = { .n = 0 };

    for (uint32_t k = 0; k < i->b && n < 16; k++)
        if (!r->m->args[i->a + k].name)
            bases[n++] = reg(r, w, r->m->args[i->a + k].reg);
    class_ = fv_make(
        &f->values,
        (struct value){ .kind = V_CLASS, .a = r->frame.module, .b = i->c, .items = bases, .n = n });
    run_function(f,
                 &(struct activation){ .module = r->frame.module,
                                       .function = i->c,
                                       .closure = r->frame.scope,
                                       .class_ = class_,
                                       .store = w->store,
                                       .trail = w->trail },
                 &out, NULL);
    for (uint32_t k = 0; k < out.n; k++)
        if (!out.list[k].raised) {
            w->store = out.list[k].store;
            break;
        }
    return class_;
}

static uint32_t part(struct run *r, const struct way *w, const struct ir_ins *i)
{
    struct flow *f = r->f;
    uint32_t v = box_items(f, w->store, reg(r, w, i->a));
    const struct value *x = val(f, v);
    uint32_t place = i->sub == IR_PART_BACK ? x->n - i->b : i->b;

    if (i->sub == IR_PART_REST)
        return fv_term1(&f->values, T_SLICE, 0, v);
    if (i->sub == IR_PART_BACK && x->kind != V_TUPLE && x->kind != V_LIST)
        return fv_term1(&f->values, T_EACH, 0, v);
    return item_get(f, w->store, v, fv_int(&f->values, place));
}

/* ---- instructions that give a value ---- */

static void append(struct run *r, struct way *w, uint32_t box, const uint32_t *more, uint32_t n)
{
    struct flow *f = r->f;
    uint32_t list[ITEMS_MAX], k = 0;
    const struct value *x = val(f, box_items(f, w->store, box));

    if (val(f, box)->kind != V_BOX)
        return;
    for (uint32_t i = 0; i < x->n && k < ITEMS_MAX; i++)
        list[k++] = x->items[i];
    if (n == 1 && k && list[k - 1] == more[0])
        return; /* the next turn of a loop */
    for (uint32_t i = 0; i < n && k < ITEMS_MAX; i++)
        list[k++] = more[i];
    w->store =
        store_set(f, w->store, slot_key(S_ITEMS, box, 0),
                  fv_make(&f->values, (struct value){ .kind = x->kind, .items = list, .n = k }));
}

/* ctypes.cdll[path] loads what lies there. */
static void load_item(struct run *r, const struct way *w, uint32_t object, uint32_t path)
{
    struct call c = { .store = w->store, .trail = w->trail, .off = r->frame.off };

    if (apply_is_loader(r->f, object))
        use_path(r->f, &c, "ctypes.cdll", PKG_USE_LOAD, path);
}

/* list += more: the same list, longer; false: it is none that is known. */
static bool extended(struct run *r, struct way *w, const struct ir_ins *i)
{
    struct flow *f = r->f;
    uint32_t box = reg(r, w, i->a);
    const struct value *old = val(f, box_items(f, w->store, box));
    const struct value *more = val(f, box_items(f, w->store, reg(r, w, i->b)));

    if (val(f, box)->kind != V_BOX || old->kind != V_LIST ||
        (more->kind != V_LIST && more->kind != V_TUPLE))
        return false;
    if (more->n && more->n <= old->n &&
        memcmp(old->items + (old->n - more->n), more->items, more->n * sizeof *more->items) == 0)
        return true; /* the next turn of a loop */
    for (uint32_t k = 0; k < more->n; k++)
        append(r, w, box, &more->items[k], 1);
    return true;
}

/* Settings of libraries that are attributes: TLS that is not verified. */
static void set_attr(struct run *r, uint32_t object, uint32_t name, uint32_t v)
{
    struct flow *f = r->f;
    struct span text = flow_text(f, name), value = fv_string(&f->values, v);
    bool off =
        f->when != PKG_ON_CALL && ((span_is(text, "_create_default_https_context") &&
                                    span_ends(value, SPAN_LITERAL("_create_unverified_context"))) ||
                                   (span_is(text, "verify") && v == FALSE_ &&
                                    !val(f, object)->constant && val(f, object)->kind != V_INST));

    if (off)
        tell_here(f,
                  &(struct note){ .kind = FACT_PKG_TLS_OFF, .subject = text, .flags = PKG_SURE });
}

/* A function of ours in the place of a built-in one: whoever calls that calls this. */
static void set_hook(struct run *r, struct way *w, const struct ir_ins *i)
{
    struct flow *f = r->f;
    uint32_t object = reg(r, w, i->a), v = reg(r, w, i->c);

    if (val(f, object)->kind == V_EXTERN && val(f, v)->kind == V_FUNC &&
        span_is(fv_string(&f->values, object), "builtins"))
        apply_hook(f, v, &w->store, w->trail, i->off);
}

static bool exec_change(struct run *r, struct way *w, const struct ir_ins *i)
{
    struct flow *f = r->f;
    uint32_t two[2];

    switch (i->op) {
    case IR_STORE:
        store(r, w, i, reg(r, w, i->c));
        return true;
    case IR_SETATTR:
        set_attr(r, reg(r, w, i->a), i->name, reg(r, w, i->c));
        set_hook(r, w, i);
        w->store =
            store_set(f, w->store, slot_key(S_ATTR, reg(r, w, i->a), i->name), reg(r, w, i->c));
        return true;
    case IR_APPEND:
    case IR_ADD:
        two[0] = reg(r, w, i->c);
        append(r, w, reg(r, w, i->a), two, 1);
        return true;
    case IR_PUT:
        two[0] = reg(r, w, i->b);
        two[1] = reg(r, w, i->c);
        append(r, w, reg(r, w, i->a), two, 2);
        return true;
    case IR_NOP:
        if (i->flags & IR_F_EXCEPT)
            w->trail = decide(r, w->trail, D_EXCEPT, 0, 1);
        return true;
    case IR_DELETE:
    case IR_DELATTR:
    case IR_DELITEM:
    case IR_IMPORT_STAR:
        return true;
    default:
        return false;
    }
}

static uint32_t item(struct run *r, struct way *w, const struct ir_ins *i)
{
    uint32_t object = reg(r, w, i->a), key = reg(r, w, i->b);
    uint32_t v = item_get(r->f, w->store, object, key);

    if (is_term(r->f, v, T_ENV) && region_at(r, w->pc)) { /* it asks whether it is set */
        struct way unset = *w;

        unset.trail = decide(r, w->trail, D_ENV, val(r->f, v)->a, 1);
        may_raise(r, &unset, "KeyError");
        w->trail = decide(r, w->trail, D_ENV, val(r->f, v)->a, 2);
    } else if (is_term(r->f, v, T_ITEM) || is_term(r->f, v, T_ENV)) {
        may_raise(r, w, "KeyError");
    }
    return v;
}

static uint32_t exec_value(struct run *r, struct way *w, const struct ir_ins *i)
{
    struct flow *f = r->f;

    switch (i->op) {
    case IR_CONST:
        return constant(r, i);
    case IR_MOVE:
    case IR_AWAIT:
    case IR_YIELD_FROM:
        return reg(r, w, i->a);
    case IR_LOAD:
        return load(r, w, i);
    case IR_ITEM:
        load_item(r, w, reg(r, w, i->a), reg(r, w, i->b));
        return item(r, w, i);
    case IR_SLICE:
        return fv_term(&f->values, T_SLICE, 0,
                       (uint32_t[]){ reg(r, w, i->a), reg(r, w, i->b), reg(r, w, i->c) }, 3);
    case IR_BINARY:
        if ((i->flags & IR_F_INPLACE) && i->sub == OP_ADD && extended(r, w, i))
            return reg(r, w, i->a);
        return op_binary(f, w->store, i->sub, reg(r, w, i->a), reg(r, w, i->b));
    case IR_UNARY:
        if (i->sub == OP_NOT)
            return op_not(f, reg(r, w, i->a));
        if (i->sub == OP_NEG && val(f, reg(r, w, i->a))->kind == V_INT)
            return fv_int(&f->values, (int64_t)(0 - (uint64_t)fv_number(val(f, reg(r, w, i->a)))));
        return fv_term1(&f->values, T_BINARY, 0, reg(r, w, i->a));
    case IR_COMPARE:
        return op_compare(f, w->store, i->sub, reg(r, w, i->a), reg(r, w, i->b));
    case IR_JOIN:
        return formatted(r, w, i);
    case IR_TUPLE:
    case IR_LIST:
    case IR_SET:
        return display(r, w, i);
    case IR_DICT:
        return dict(r, w, i);
    case IR_PART:
        return part(r, w, i);
    case IR_FUNC:
        return function_value(r, w, i);
    case IR_CLASS:
        return class_value(r, w, i);
    case IR_ITER:
        return fv_make(
            &f->values,
            (struct value){ .kind = V_ITER, .items = (uint32_t[]){ reg(r, w, i->a) }, .n = 1 });
    case IR_CAUGHT:
        return w->slots[r->slots_n - 1];
    case IR_HAS_KEY:
        return op_compare(f, w->store, OP_IN, reg(r, w, i->b), reg(r, w, i->a));
    default:
        return NOTHING;
    }
}

static uint32_t import_value(struct run *r, struct way *w, const struct ir_ins *i)
{
    struct flow *f = r->f;
    uint32_t v;

    if (i->op == IR_IMPORT)
        v = import_name(f, r->frame.module, flow_text(f, i->name), i->flags & IR_F_TOP);
    else
        v = import_from(f, w->store, r->frame.module, i->a, i->b, i->name);
    if (val(f, v)->kind == V_EXTERN)
        may_raise(r, w, "ImportError");
    return v;
}

/* ---- calls ---- */

/* Goes on with all outcomes of a call; false: this way is not the one that goes on. */
static void go_on(struct run *r, struct way *w, uint32_t dst, const struct outcomes *out)
{
    for (uint32_t k = 0; k < out->n; k++) {
        const struct outcome *o = &out->list[k];

        if (o->raised) {
            way_raise(r, w, o->value, o->store, o->trail);
        } else {
            set_reg(r, w, dst, o->value);
            wait_at(r, w, w->pc + 1, o->store, o->trail);
        }
    }
}

/* With one outcome, which is the rule, the way itself goes on: true. */
static bool go_on_alone(struct run *r, struct way *w, uint32_t dst, const struct outcomes *out)
{
    if (out->n != 1 || out->list[0].raised) {
        go_on(r, w, dst, out);
        return false;
    }
    set_reg(r, w, dst, out->list[0].value);
    w->store = out->list[0].store;
    w->trail = out->list[0].trail;
    w->pc++;
    return true;
}

static void add_star(struct run *r, const struct way *w, struct call *c, uint32_t v, bool pairs)
{
    struct flow *f = r->f;
    const struct value *x = val(f, box_items(f, w->store, v));

    if (!pairs && (x->kind == V_TUPLE || x->kind == V_LIST)) {
        for (uint32_t i = 0; i < x->n && c->n < ARGS_MAX; i++)
            c->args[c->n++] = x->items[i];
    } else if (pairs && x->kind == V_DICT) {
        for (uint32_t i = 0; i + 1 < x->n && c->keys_n < ARGS_MAX; i += 2) {
            c->keys[c->keys_n] = val(f, x->items[i])->a;
            c->values[c->keys_n++] = x->items[i + 1];
        }
    } else {
        c->more = true;
        c->rest = pairs ? NOTHING : v;
    }
}

static void call_make(struct run *r, const struct way *w, const struct ir_ins *i, struct call *c)
{
    *c = (struct call){
        .callee = reg(r, w, i->c), .store = w->store, .trail = w->trail, .off = i->off
    };
    for (uint32_t k = 0; k < i->b; k++) {
        const struct ir_arg *a = &r->m->args[i->a + k];
        uint32_t v = reg(r, w, a->reg);

        if (a->kind == IR_ARG_STAR || a->kind == IR_ARG_DOUBLE_STAR) {
            add_star(r, w, c, v, a->kind == IR_ARG_DOUBLE_STAR);
        } else if (a->kind == IR_ARG_KEYWORD && c->keys_n < ARGS_MAX) {
            c->keys[c->keys_n] = a->name;
            c->values[c->keys_n++] = v;
        } else if (a->kind == IR_ARG && c->n < ARGS_MAX) {
            c->args[c->n++] = v;
        } else {
            c->more = true;
        }
    }
}

/* A generator or coroutine: its body runs as somebody turns or awaits it, and not as it is made. */
static bool is_idle(struct flow *f, uint32_t callee)
{
    const struct value *v = val(f, callee);
    const struct ir_module *m;

    if (v->kind == V_BOUND)
        v = val(f, v->items[0]);
    m = v->kind == V_FUNC ? flow_module_ir(f, v->a) : NULL;
    return m && v->b < m->functions_n &&
           (m->functions[v->b].is_generator || m->functions[v->b].is_async);
}

static bool exec_call(struct run *r, struct way *w, const struct ir_ins *i)
{
    struct call c;
    struct outcomes out = { .n = 0 };

    call_make(r, w, i, &c);
    c.decorates = i->flags & IR_F_DECORATOR;
    if ((i->flags & IR_F_DROPPED) && is_idle(r->f, c.callee)) {
        set_reg(r, w, i->dst, NOTHING);
        w->pc++;
        return true;
    }
    call_run(r->f, &c, &out);
    return go_on_alone(r, w, i->dst, &out);
}

/* A method of the artifact's own that an instruction calls, __enter__; false: there is none. */
static bool call_own(struct run *r, struct way *w, uint32_t object, const char *name,
                     const uint32_t *args, uint32_t n, struct outcomes *out)
{
    struct flow *f = r->f;
    struct call c = { .store = w->store, .trail = w->trail, .off = r->frame.off, .n = n };

    if (val(f, object)->kind != V_INST)
        return false;
    c.callee = attr_get(f, w->store, object, flow_name(f, name));
    if (val(f, c.callee)->kind != V_BOUND)
        return false;
    if (n)
        memcpy(c.args, args, n * sizeof *args);
    call_run(f, &c, out);
    return true;
}

static bool exec_enter(struct run *r, struct way *w, const struct ir_ins *i)
{
    uint32_t object = reg(r, w, i->a);
    struct outcomes out = { .n = 0 };

    if (call_own(r, w, object, "__enter__", NULL, 0, &out))
        return go_on_alone(r, w, i->dst, &out);
    if (is_object(r->f, object, O_TEMP))
        object = val(r->f, object)->items[0];
    set_reg(r, w, i->dst, object);
    w->pc++;
    return true;
}

static bool exec_exit(struct run *r, struct way *w, const struct ir_ins *i)
{
    uint32_t object = reg(r, w, i->a), exception = reg(r, w, i->b);
    struct outcomes out = { .n = 0 };
    uint32_t args[3] = { exception == NONE_ ? NONE_ : NOTHING, exception,
                         exception == NONE_ ? NONE_ : NOTHING };
    bool swallows = exception != NONE_ && is_term(r->f, object, T_CALL) &&
                    span_is(flow_text(r->f, val(r->f, object)->a), "contextlib.suppress");

    if (call_own(r, w, object, "__exit__", args, 3, &out))
        return go_on_alone(r, w, i->dst, &out);
    set_reg(r, w, i->dst, swallows ? TRUE_ : FALSE_);
    if (swallows)
        w->trail = decide(r, w->trail, D_EXCEPT, 0, 1);
    w->pc++;
    return true;
}

static bool exec_attr(struct run *r, struct way *w, const struct ir_ins *i)
{
    struct flow *f = r->f;
    uint32_t v = attr_get(f, w->store, reg(r, w, i->a), i->name);
    struct outcomes out = { .n = 0 };
    struct call c = { .store = w->store, .trail = w->trail, .off = i->off };

    if (val(f, v)->kind == V_BOUND && val(f, val(f, v)->items[0])->kind == V_WRAP &&
        val(f, val(f, v)->items[0])->sub == WRAP_PROPERTY) {
        c.callee = val(f, val(f, v)->items[0])->items[0];
        c.args[c.n++] = val(f, v)->items[1];
        call_run(f, &c, &out);
        return go_on_alone(r, w, i->dst, &out);
    }
    set_reg(r, w, i->dst, v);
    w->pc++;
    return true;
}

static void set_item(struct run *r, struct way *w, uint32_t box, uint32_t key, uint32_t v)
{
    struct flow *f = r->f;
    const struct value *x = val(f, box_items(f, w->store, box));
    uint32_t list[ITEMS_MAX], n = 0;
    bool there = false;

    if (val(f, box)->kind != V_BOX || x->kind != V_DICT)
        return;
    for (; n < x->n && n < ITEMS_MAX - 2; n++)
        list[n] = x->items[n];
    for (uint32_t k = 0; k + 1 < n; k += 2)
        if (list[k] == key) {
            list[k + 1] = v;
            there = true;
        }
    if (!there) {
        list[n++] = key;
        list[n++] = v;
    }
    w->store =
        store_set(f, w->store, slot_key(S_ITEMS, box, 0),
                  fv_make(&f->values, (struct value){ .kind = V_DICT, .items = list, .n = n }));
}

/* os.environ[x] = y is a call in all but its looks. */
static bool exec_set_item(struct run *r, struct way *w, const struct ir_ins *i)
{
    struct flow *f = r->f;
    uint32_t object = reg(r, w, i->a), key = reg(r, w, i->b);
    struct outcomes out = { .n = 0 };
    struct call c = { .store = w->store, .trail = w->trail, .off = i->off, .self = object, .n = 2 };

    c.args[0] = key;
    c.args[1] = reg(r, w, i->c);
    if (val(f, object)->kind == V_EXTERN && span_is(fv_string(&f->values, object), "os.environ"))
        effect_run(f, &c, SPAN_LITERAL("os.environ.__setitem__"), &out);
    else
        set_item(r, w, object, key, reg(r, w, i->c));
    w->pc++;
    return true;
}

/* ---- ways ---- */

/* Whether an instruction has to do with checking a digest, by the names that it uses. */
static bool names_check(const struct run *r, const struct ir_ins *i)
{
    static const char *const words[] = { "digest", "sha256",   "sha512",  "blake2",
                                         "verify", "checksum", "verified" };
    struct span name = SPAN_EMPTY;

    if (i->op == IR_ATTR || i->op == IR_LOAD)
        name = flow_text(r->f, i->name);
    for (unsigned k = 0; name.n && k < ARRAY_LEN(words); k++)
        if (span_find(name, 0, span_text(words[k])) != SIZE_MAX)
            return true;
    return name.n && i->name < r->f->checkers.n && r->f->checkers.has[i->name];
}

/* ... or by the digest of a download that it loads. */
static bool loads_digest(struct run *r, const struct way *w, const struct ir_ins *i)
{
    uint32_t v = i->op == IR_LOAD && i->sub != IR_BUILTIN ? load(r, w, i) : NOTHING;

    return is_term(r->f, v, T_DIGEST) && (val(r->f, v)->prov & P_FETCHED);
}

/* Whether instructions that are left out would have checked something. */
static bool would_check(struct run *r, const struct way *w, uint32_t from, uint32_t to)
{
    for (uint32_t i = from; i < to && i < r->fn->ins_n; i++)
        if (names_check(r, &r->fn->ins[i]) || loads_digest(r, w, &r->fn->ins[i]))
            return true;
    return false;
}

/* The same of a branch that goes one way only: to, and never to other. */
static bool leaves_check_out(struct run *r, const struct way *w, uint32_t to, uint32_t other)
{
    const struct ir_ins *last; /* of what is done instead */

    if (other < to)
        return would_check(r, w, other, to);
    if (other == to)
        return false;
    last = &r->fn->ins[other - 1];
    return (last->op == IR_RETURN && would_check(r, w, other, r->fn->ins_n)) ||
           (last->op == IR_JUMP && would_check(r, w, other, last->b));
}

static bool is_nothing(const struct value *x)
{
    return x->kind == V_NONE || (x->truth == 0 && x->kind >= V_TEXT && x->kind <= V_DICT);
}

/* Whether a branch asks if something is missing: 1: when true, 0: when false, -1: it does not. */
static int asks_missing(const struct run *r, const struct way *w, uint32_t cond)
{
    const struct ir_ins *before = w->pc ? &r->fn->ins[w->pc - 1] : NULL;
    const struct value *x = val(r->f, cond);

    if (before && before->op == IR_COMPARE && before->dst == r->fn->ins[w->pc].a) {
        bool none = reg(r, w, before->a) == NONE_ || reg(r, w, before->b) == NONE_;

        if (before->sub == OP_IN || before->sub == OP_NOT_IN)
            return before->sub == OP_NOT_IN;
        if (!none)
            return -1;
        return before->sub == OP_IS || before->sub == OP_EQ;
    }
    if (x->kind == V_TERM && x->sub == T_NOT)
        return val(r->f, x->items[0])->kind == V_TERM && val(r->f, x->items[0])->sub == T_CMP ? -1
                                                                                              : 1;
    if (is_nothing(val(r->f, box_items(r->f, w->store, cond))))
        return 0;
    if (before && before->op == IR_UNARY && before->dst != before->a &&
        is_nothing(val(r->f, reg(r, w, before->a))))
        return 1;
    return x->kind == V_TERM && x->sub != T_CMP && x->sub != T_EXISTS && x->sub != T_ANY ? 0 : -1;
}

static uint32_t branch_trail(struct run *r, const struct way *w, uint32_t cond, bool is)
{
    const struct ir_ins *i = &r->fn->ins[w->pc];
    uint32_t env = switch_of(r->f, cond), trail = w->trail;
    uint32_t token = mismatch_of(r->f, w->store, cond, is);
    int missing = asks_missing(r, w, cond);

    if (token)
        trail = decide(r, trail, D_MISMATCH, token, 1);
    bool out = missing >= 0 && (missing == 1) == is &&
               leaves_check_out(r, w, is ? i->b : i->c, is ? i->c : i->b);

    if (out && val(r->f, cond)->truth == is)
        trail = decide(r, trail, D_SKIPPED, 0, 1);
    if (env)
        return decide(r, trail, D_ENV, env, is ? 2 : 1);
    if (missing >= 0 && !(val(r->f, cond)->prov & P_ARG))
        trail = decide(r, trail, D_MISSING, 0, out ? 2 : 1);
    return trail;
}

/* One of a few texts: what a value is that is equal to one of them; NOTHING: it is not that. */
static uint32_t one_of(struct flow *f, uint32_t list, bool equal)
{
    const struct value *x = val(f, list);
    uint32_t out = NOTHING;

    if (equal)
        return x->kind == V_TEXT ? list : NOTHING;
    if (!x->constant || (x->kind != V_LIST && x->kind != V_TUPLE && x->kind != V_SET) || x->n > 6)
        return NOTHING;
    for (uint32_t i = 0; i < x->n; i++)
        out = i ? fv_either(&f->values, out, x->items[i]) : x->items[i];
    return out;
}

/* What a variable is once it was compared: "if name in ("id_rsa", ".env")". */
static void narrow(struct run *r, struct way *w, uint32_t pc, bool is)
{
    const struct ir_ins *before = pc ? &r->fn->ins[pc - 1] : NULL, *load_ins = NULL;
    uint32_t x, v;

    if (!before || before->op != IR_COMPARE || before->dst == before->b ||
        is != (before->sub == OP_IN || before->sub == OP_EQ) ||
        (before->sub != OP_IN && before->sub != OP_EQ && before->sub != OP_NOT_IN &&
         before->sub != OP_NE))
        return;
    for (uint32_t i = 2; i < 10 && i <= pc && !load_ins; i++)
        if (r->fn->ins[pc - i].op == IR_LOAD && r->fn->ins[pc - i].dst == before->a)
            load_ins = &r->fn->ins[pc - i];
    if (!load_ins || load_ins->sub == IR_BUILTIN)
        return;
    x = load(r, w, load_ins);
    if (val(r->f, x)->kind != V_TERM || (val(r->f, x)->prov & (P_FETCHED | P_ENV | P_PRIVATE)))
        return;
    v = one_of(r->f, box_items(r->f, w->store, reg(r, w, before->b)),
               before->sub == OP_EQ || before->sub == OP_NE);
    if (v)
        store(r, w, load_ins, v);
}

static bool exec_branch(struct run *r, struct way *w, const struct ir_ins *i)
{
    uint32_t cond = reg(r, w, i->a);
    int truth = truth_in(r->f, w->store, cond);

    if (i->flags & IR_F_ASSERT) {
        w->pc = i->b; /* python -O does not even ask */
        way_wait(r, w);
        return false;
    }
    for (int is = 1; is >= 0; is--) {
        uint32_t after = w->store;

        struct way *c;

        if (truth == !is || !assume(r->f, &after, cond, is))
            continue;
        c = way_copy(r, w);
        if (!c)
            continue;
        c->store = after;
        c->trail = branch_trail(r, w, cond, is);
        narrow(r, c, w->pc, is);
        c->pc = is ? i->b : i->c;
        if (c->pc < r->fn->ins_n)
            way_wait(r, c);
    }
    return false;
}

static bool exec_next(struct run *r, struct way *w, const struct ir_ins *i)
{
    struct flow *f = r->f;
    const struct value *it = val(f, reg(r, w, i->a));
    uint32_t of = it->n ? it->items[0] : NOTHING, place = it->b, element, trail = w->trail;
    bool known = false, past = false;

    if (it->kind != V_ITER)
        of = reg(r, w, i->a), place = 0;
    element = element_get(f, w->store, of, place, &known, &past);
    if (!known && place >= TURNS_MAX)
        past = true;
    if (!known || past) {
        if (place == 0)
            trail =
                decide(r, trail,
                       known && would_check(r, w, w->pc + 1, i->b) ? D_SKIPPED : D_NO_TURN, 0, 1);
        wait_at(r, w, i->b, w->store, trail);
    }
    if (past)
        return false;
    set_reg(r, w, i->a,
            fv_make(&f->values,
                    (struct value){ .kind = V_ITER, .b = place + 1, .items = &of, .n = 1 }));
    set_reg(r, w, i->dst, element);
    w->pc++;
    return true;
}

static bool exec_raise(struct run *r, struct way *w, const struct ir_ins *i)
{
    uint32_t exception = i->op == IR_RERAISE_BARE ? w->slots[r->slots_n - 1] : reg(r, w, i->a);

    if (i->flags & IR_F_ASSERT)
        return false;
    way_raise(r, w, exception, w->store, w->trail);
    return false;
}

static bool exec_match(struct run *r, struct way *w, const struct ir_ins *i)
{
    int is = exception_is(r->f, reg(r, w, i->a), reg(r, w, i->b));

    set_reg(r, w, i->dst, is < 0 ? fv_unknown(&r->f->values, P_PLATFORM) : is ? TRUE_ : FALSE_);
    w->pc++;
    return true;
}

static bool exec_yield(struct run *r, struct way *w, const struct ir_ins *i)
{
    uint32_t v = reg(r, w, i->a);

    r->frame.yields = r->frame.yielded ? fv_either(&r->f->values, r->frame.yields, v) : v;
    r->frame.yielded = true;
    if (r->frame.stops) {
        outcome_add(r->f, r->out,
                    (struct outcome){ .value = v, .store = w->store, .trail = w->trail });
        return false;
    }
    set_reg(r, w, i->dst, NONE_);
    w->pc++;
    return true;
}

static bool exec_return(struct run *r, struct way *w, const struct ir_ins *i)
{
    uint32_t v = reg(r, w, i->a);
    int truth = val(r->f, v)->kind == V_TERM ? truth_in(r->f, w->store, v) : -1;

    if (truth >= 0 && is_condition(r->f, v))
        v = truth ? TRUE_ : FALSE_;
    outcome_add(r->f, r->out, (struct outcome){ .value = v, .store = w->store, .trail = w->trail });
    return false;
}

/* One instruction; false when the way ends, or waits elsewhere. */
static bool step(struct run *r, struct way *w)
{
    const struct ir_ins *i = &r->fn->ins[w->pc];

    r->frame.off = i->off;
    r->frame.pc = w->pc;
    switch (i->op) {
    case IR_CALL:
        return exec_call(r, w, i);
    case IR_ATTR:
        return exec_attr(r, w, i);
    case IR_SETITEM:
        return exec_set_item(r, w, i);
    case IR_ENTER:
        return exec_enter(r, w, i);
    case IR_EXIT:
        return exec_exit(r, w, i);
    case IR_JUMP:
        w->pc = i->b;
        way_wait(r, w);
        return false;
    case IR_BRANCH:
        return exec_branch(r, w, i);
    case IR_NEXT:
        return exec_next(r, w, i);
    case IR_RETURN:
        return exec_return(r, w, i);
    case IR_RAISE:
    case IR_RERAISE:
    case IR_RERAISE_BARE:
        return exec_raise(r, w, i);
    case IR_MATCH:
        return exec_match(r, w, i);
    case IR_YIELD:
        return exec_yield(r, w, i);
    case IR_IMPORT:
    case IR_IMPORT_FROM:
        set_reg(r, w, i->dst, import_value(r, w, i));
        break;
    default:
        if (!exec_change(r, w, i))
            set_reg(r, w, i->dst, exec_value(r, w, i));
    }
    w->pc++;
    return true;
}

static bool fuel(struct flow *f)
{
    if (f->fuel <= 0) {
        f->starved = "too many steps";
        return false;
    }
    f->fuel--;
    return true;
}

static void run_way(struct run *r, struct way *w)
{
    if (r->set_out[w->pc]++ >= SET_OUT) {
        r->f->starved = "too many turns";
        return;
    }
    while (w->pc < r->fn->ins_n && fuel(r->f) && step(r, w))
        if (w->pc < r->fn->ins_n && r->shape->meets[w->pc]) {
            way_wait(r, w);
            return;
        }
}

static bool runs_already(const struct flow *f, const struct activation *a)
{
    for (const struct frame *fr = f->frame; fr; fr = fr->caller)
        if (fr->module == a->module && fr->function == a->function)
            return true;
    return false;
}

static struct way *first_way(struct run *r, const struct activation *a)
{
    struct way *w = arena_alloc(&r->arena, sizeof *w);
    struct flow *f = r->f;

    if (!w || !(w->slots = arena_array(&r->arena, r->slots_n, sizeof *w->slots)))
        return NULL;
    w->store = a->store;
    w->trail = a->trail;
    for (uint32_t i = 0; i < a->vars_n && i < r->fn->vars_n; i++) {
        w->slots[i] = a->vars[i];
        if (captured(r, i))
            w->store = store_set(f, w->store, slot_key(S_CELL, r->frame.scope, i), a->vars[i]);
    }
    return w;
}

static void run_all(struct run *r, const struct activation *a)
{
    struct flow *f = r->f;
    struct way *w = NULL;

    r->waiting = arena_array(&r->arena, r->fn->ins_n, sizeof *r->waiting);
    r->done = arena_array(&r->arena, r->fn->ins_n, sizeof *r->done);
    r->set_out = arena_array(&r->arena, r->fn->ins_n, sizeof *r->set_out);
    r->waits = arena_array(&r->arena, r->fn->ins_n, sizeof *r->waits);
    if (r->waiting && r->done && r->set_out && r->waits)
        w = first_way(r, a);
    if (!w) {
        f->starved = "too much memory";
        return;
    }
    r->lowest = 0;
    way_wait(r, w);
    while (f->fuel > 0 && (w = way_take(r)))
        run_way(r, w);
}

static bool caller_catches(const struct flow *f)
{
    const struct frame *fr = f->frame;
    const struct ir_function *fn;

    if (!fr || fr->tries)
        return fr != NULL;
    fn = &f->modules[fr->module].ir->functions[fr->function];
    return fn->regions_n != 0;
}

void run_function(struct flow *f, const struct activation *a, struct outcomes *out,
                  uint32_t *yields)
{
    const struct ir_module *m = flow_module_ir(f, a->module);
    struct run r = { .f = f, .m = m, .out = out };

    if (!m || a->function >= m->functions_n || f->depth >= FRAMES_MAX || runs_already(f, a) ||
        !m->functions[a->function].ins_n || !(r.shape = shape_of(f, a->module, a->function))) {
        outcome_add(f, out,
                    (struct outcome){ .value = fv_unknown(&f->values, P_UNKNOWN),
                                      .store = a->store,
                                      .trail = a->trail });
        return;
    }
    r.fn = &m->functions[a->function];
    r.slots_n = r.fn->vars_n + r.fn->regs_n + 1;
    r.frame = (struct frame){ .caller = f->frame,
                              .module = a->module,
                              .function = a->function,
                              .off = r.fn->off,
                              .closure = a->closure,
                              .class_ = a->class_,
                              .stops = a->stops,
                              .self = a->vars_n ? a->vars[0] : NOTHING,
                              .tries = caller_catches(f) };
    if (val(f, r.frame.self)->kind == V_INST)
        r.frame.in_class = val(f, r.frame.self)->a;
    else if (val(f, r.frame.self)->kind == V_CLASS)
        r.frame.in_class = r.frame.self;
    r.frame.scope = fv_make(
        &f->values,
        (struct value){
            .kind = V_FRAME, .a = a->module, .b = a->function, .items = &a->closure, .n = 1 });
    f->modules[a->module].ran[a->function] |= !f->quiet;
    arena_init(&r.arena, (size_t)64 * 1024 * 1024);
    f->frame = &r.frame;
    f->depth++;
    run_all(&r, a);
    f->depth--;
    f->frame = r.frame.caller;
    arena_reset(&r.arena);
    if (yields && r.frame.yielded)
        *yields = r.frame.yields;
}
