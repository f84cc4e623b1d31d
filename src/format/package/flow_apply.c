/*
 * What libraries call on behalf of others: map and its kin, operator's getters, hooks and
 * callbacks that run later, loaders of modules; and what may be one of many things by what is
 * put into it (a pipe to a shell, memory that is executed).
 */
#include "format/package/flow_effect.h"

static uint32_t argument(const struct effect_call *e, uint32_t i)
{
    return i < e->c->n ? e->c->args[i] : NOTHING;
}

static bool gives(struct effect_call *e, uint32_t v)
{
    returns(e->f, e->out, e->c, v);
    return true;
}

static uint32_t list_of(struct flow *f, const uint32_t *items, uint32_t n)
{
    return fv_make(&f->values, (struct value){ .kind = V_LIST, .items = items, .n = n });
}

/* ---- map, filter, reduce ---- */

#define TURNS_MAX 8

/*
 * Calls callee with args. What it raises, and all but one of what it returns, ends here: as the
 * outcome of the whole, made by end(). False: it never comes back.
 */
struct turning {
    struct effect_call *e;
    uint32_t callee, store, trail;
    uint32_t items[TURNS_MAX], n;
};

static bool turn(struct turning *t, const uint32_t *args, uint32_t n, uint32_t *value)
{
    struct effect_call *e = t->e;
    struct call inner = { .callee = t->callee, .store = t->store, .trail = t->trail };
    struct outcomes here = { .n = 0 };
    bool any = false;

    inner.off = e->c->off;
    for (; inner.n < n; inner.n++)
        inner.args[inner.n] = args[inner.n];
    call_run(e->f, &inner, &here);
    for (uint32_t i = 0; i < here.n; i++) {
        struct outcome o = here.list[i];

        if (o.raised || any) {
            if (!o.raised)
                o.value = list_of(e->f, &o.value, 1);
            outcome_add(e->f, e->out, o);
            continue;
        }
        any = true;
        *value = o.value;
        t->store = o.store;
        t->trail = o.trail;
    }
    return any;
}

static void turns_end(struct turning *t, uint32_t value)
{
    t->e->c->store = t->store;
    t->e->c->trail = t->trail;
    returns(t->e->f, t->e->out, t->e->c, value);
}

/* map(f, x), executor.map(f, x), starmap(f, x): a list of what f gives for each. */
static bool do_map(struct effect_call *e)
{
    struct flow *f = e->f;
    struct turning t = {
        .e = e, .callee = argument(e, 0), .store = e->c->store, .trail = e->c->trail
    };
    bool star = span_ends(e->name, SPAN_LITERAL("starmap"));
    bool known = false, past = false;

    if (e->c->n < 2)
        return false;
    for (uint32_t place = 0; place < TURNS_MAX; place++) {
        uint32_t args[2], n = 0, one;

        for (uint32_t k = 1; k < e->c->n && k < 3 && !past; k++)
            args[n++] = element_get(f, t.store, e->c->args[k], place, &known, &past);
        if (past || (place > 0 && !known))
            break;
        if (star && val(f, args[0])->kind == V_TUPLE && val(f, args[0])->n == 2) {
            n = 2;
            args[1] = val(f, args[0])->items[1];
            args[0] = val(f, args[0])->items[0];
        }
        if (!turn(&t, args, n, &one))
            return true;
        t.items[t.n++] = one;
    }
    turns_end(&t, list_of(f, t.items, t.n));
    return true;
}

/* filter(f, x): the elements; f is asked for each. */
static bool do_filter(struct effect_call *e)
{
    bool known = false, past = false;
    struct turning t = {
        .e = e, .callee = argument(e, 0), .store = e->c->store, .trail = e->c->trail
    };
    uint32_t one, of;

    if (e->c->n != 2 || t.callee == NONE_)
        return false;
    of = element_get(e->f, t.store, e->c->args[1], 0, &known, &past);
    if (!past && !turn(&t, &of, 1, &one))
        return true;
    turns_end(&t, box_items(e->f, t.store, e->c->args[1]));
    return true;
}

/* functools.reduce(f, x, first) */
static bool do_reduce(struct effect_call *e)
{
    struct flow *f = e->f;
    struct turning t = {
        .e = e, .callee = argument(e, 0), .store = e->c->store, .trail = e->c->trail
    };
    bool known = false, past = false, has = e->c->n > 2;
    uint32_t so_far = argument(e, 2);

    if (e->c->n < 2)
        return false;
    for (uint32_t place = 0; place < TURNS_MAX; place++) {
        uint32_t args[2] = { so_far };

        args[1] = element_get(f, t.store, e->c->args[1], place, &known, &past);
        if (past || (place > 1 && !known))
            break;
        if (has && !turn(&t, args, 2, &so_far))
            return true;
        if (!has)
            so_far = args[1];
        has = true;
    }
    turns_end(&t, so_far);
    return true;
}

/* ---- operator.attrgetter("a.b")(x), itemgetter(k)(x), methodcaller("m", ...)(x) ---- */

static uint32_t attr_dotted(struct flow *f, uint32_t store, uint32_t v, struct span path)
{
    size_t at = 0;

    for (unsigned i = 0; i < 8 && at <= path.n; i++) {
        size_t dot = span_find(path, at, SPAN_LITERAL("."));
        size_t end = dot == SIZE_MAX ? path.n : dot;

        v = attr_get(f, store, v, ir_name(&f->names, span_of(path.p + at, end - at)));
        at = end + 1;
    }
    return v;
}

bool apply_getter(struct flow *f, struct call *c, struct outcomes *out)
{
    const struct value *g = val(f, c->callee);
    struct span name = flow_text(f, g->a);
    struct call inner = *c;

    if (c->n != 1 || g->n == 0 || !span_starts(name, SPAN_LITERAL("operator.")))
        return false;
    if (span_is(name, "operator.itemgetter") && g->n == 1) {
        returns(f, out, c, item_get(f, c->store, c->args[0], g->items[0]));
        return true;
    }
    if (val(f, g->items[0])->kind != V_TEXT)
        return false;
    if (span_is(name, "operator.attrgetter") && g->n == 1) {
        returns(f, out, c,
                attr_dotted(f, c->store, c->args[0], fv_string(&f->values, g->items[0])));
        return true;
    }
    if (!span_is(name, "operator.methodcaller"))
        return false;
    inner.callee = attr_get(f, c->store, c->args[0], val(f, g->items[0])->a);
    inner.n = 0;
    for (uint32_t i = 1; i < g->n && i <= ARGS_MAX; i++)
        inner.args[inner.n++] = g->items[i];
    call_run(f, &inner, out);
    return true;
}

/* ---- hooks ---- */

void apply_hook(struct flow *f, uint32_t hook, uint32_t *store, uint32_t trail, uint32_t off)
{
    struct call inner = { .callee = hook, .more = true };
    struct outcomes here = { .n = 0 };

    inner.store = *store;
    inner.trail = trail;
    inner.off = off;
    call_run(f, &inner, &here);
    for (uint32_t i = 0; i < here.n; i++)
        if (!here.list[i].raised) {
            *store = here.list[i].store;
            return;
        }
}

/* A loader of modules that is the artifact's own: what its methods give is code. */
static bool do_loader(struct effect_call *e)
{
    static const char *const asked[] = { "get_data", "get_source", "get_code", "exec_module",
                                         "load_module" };
    struct flow *f = e->f;
    uint32_t loader = call_get(f, e->c, 1, "loader");

    if (val(f, loader)->kind != V_INST)
        return false;
    for (unsigned i = 0; i < ARRAY_LEN(asked); i++) {
        uint32_t method = attr_get(f, e->c->store, loader, flow_name(f, asked[i]));
        struct call inner = { .callee = method, .store = e->c->store, .trail = e->c->trail };
        struct outcomes here = { .n = 0 };

        if (val(f, method)->kind != V_BOUND)
            continue;
        inner.more = true;
        inner.off = e->c->off;
        call_run(f, &inner, &here);
        for (uint32_t k = 0; k < here.n && i < 3; k++) {
            struct call then = *e->c;

            then.store = here.list[k].store;
            then.trail = here.list[k].trail;
            if (!here.list[k].raised)
                use_bytes(f, &then, asked[i], PKG_USE_EXEC,
                          object_bytes(f, then.store, here.list[k].value), 0);
        }
    }
    return gives(e, loader);
}

/* operator.ne(a, b) and its kin. */
static bool do_operator(struct effect_call *e)
{
    static const struct {
        const char *name;
        unsigned op;
    } all[] = {
        { "operator.ne", OP_NE },         { "operator.eq", OP_EQ },     { "operator.is_", OP_IS },
        { "operator.is_not", OP_IS_NOT }, { "operator.lt", OP_LT },     { "operator.gt", OP_GT },
        { "operator.__eq__", OP_EQ },     { "operator.__ne__", OP_NE },
    };
    struct call *c = e->c;

    if (c->n == 1 && span_is(e->name, "operator.not_"))
        return gives(e, op_not(e->f, c->args[0]));
    if (c->n == 2 && span_is(e->name, "operator.contains"))
        return gives(e, op_compare(e->f, c->store, OP_IN, c->args[1], c->args[0]));
    for (unsigned i = 0; c->n == 2 && i < ARRAY_LEN(all); i++)
        if (span_is(e->name, all[i].name))
            return gives(e, op_compare(e->f, c->store, all[i].op, c->args[0], c->args[1]));
    return false;
}

/* digest.__eq__(pin), digest.__ne__(pin) */
static bool do_compare_method(struct effect_call *e)
{
    unsigned op = span_is(e->name, ".__eq__") ? OP_EQ : OP_NE;

    if (e->c->n != 1 || (op == OP_NE && !span_is(e->name, ".__ne__")))
        return false;
    return gives(e, op_compare(e->f, e->c->store, op, e->c->self, e->c->args[0]));
}

/* type(name, bases, dict): a class. */
static bool do_type(struct effect_call *e)
{
    if (e->c->n != 3 || val(e->f, box_items(e->f, e->c->store, e->c->args[2]))->kind != V_DICT)
        return false;
    return gives(e, fv_make(&e->f->values,
                            (struct value){ .kind = V_OBJ,
                                            .sub = O_MADE,
                                            .b = e->c->off,
                                            .items = (uint32_t[]){ e->c->args[2], e->c->args[1] },
                                            .n = 2 }));
}

/* ---- what is code where it was fetched ---- */

static bool use_fetched(struct effect_call *e, uint32_t v, unsigned flags)
{
    char *name = arena_copy(&e->f->arena, e->name.p, e->name.n);

    v = object_bytes(e->f, e->c->store, v);
    if (name && (val(e->f, v)->prov & P_FETCHED))
        use_bytes(e->f, e->c, name, flags, v, 0);
    return false;
}

static bool do_config(struct effect_call *e)
{
    return use_fetched(e, argument(e, 0), PKG_USE_EXEC);
}

static bool do_memmove(struct effect_call *e)
{
    return use_fetched(e, argument(e, 1), PKG_USE_EXEC);
}

/* yaml.load(text, Loader=...): the loaders that make any object. */
static bool do_yaml(struct effect_call *e)
{
    struct span loader = fv_string(&e->f->values, call_get(e->f, e->c, 1, "Loader"));

    if (loader.n == 0 || span_ends(loader, SPAN_LITERAL("UnsafeLoader")) ||
        span_ends(loader, SPAN_LITERAL(".Loader")) || span_ends(loader, SPAN_LITERAL(".CLoader")))
        return use_fetched(e, argument(e, 0), PKG_USE_LOAD);
    return false;
}

/* Whether a value is, or is made of, a connection to the network. */
static bool is_connection(const struct flow *f, uint32_t v, unsigned depth)
{
    const struct value *x = val(f, v);

    if (is_object(f, v, O_CLIENT) || is_object(f, v, O_RESPONSE))
        return true;
    for (uint32_t i = 0; x->kind == V_TERM && depth < 4 && i < x->n && i < 4; i++)
        if (is_connection(f, x->items[i], depth + 1))
            return true;
    return false;
}

bool apply_is_loader(const struct flow *f, uint32_t v)
{
    static const char *const all[] = { "ctypes.cdll", "ctypes.windll", "ctypes.oledll",
                                       "ctypes.pydll" };

    for (unsigned i = 0; val(f, v)->kind == V_EXTERN && i < ARRAY_LEN(all); i++)
        if (span_is(fv_string(&f->values, v), all[i]))
            return true;
    return false;
}

bool apply_is_connection(const struct flow *f, uint32_t v)
{
    return is_connection(f, v, 0);
}

/* os.dup2(s.fileno(), 0): what is run next takes its orders from the network. */
static bool do_dup(struct effect_call *e)
{
    if (is_connection(e->f, argument(e, 0), 0))
        tell_here(e->f, &(struct note){ .kind = FACT_PKG_PIPE_SHELL,
                                        .subject = e->name,
                                        .detail = print_value(e->f, argument(e, 0)),
                                        .flags = PKG_SURE });
    return false;
}

static bool holds_extern(const struct flow *f, uint32_t v, const char *name, unsigned depth)
{
    const struct value *x = val(f, v);

    if (x->kind == V_EXTERN)
        return span_is(fv_string(&f->values, v), name);
    for (uint32_t i = 0; depth < 4 && i < x->n && i < 8; i++)
        if (holds_extern(f, x->items[i], name, depth + 1))
            return true;
    return false;
}

/* mmap.mmap(-1, n): memory, which may be executed; else a file's. */
static bool do_mmap(struct effect_call *e)
{
    const struct value *fd = val(e->f, argument(e, 0));
    struct value memory = { .kind = V_OBJ, .sub = O_MEMORY, .b = e->c->off };

    if (fd->kind != V_INT || fv_number(fd) != -1)
        return false;
    for (uint32_t i = 0; i < e->c->n + e->c->keys_n; i++)
        if (holds_extern(e->f, i < e->c->n ? e->c->args[i] : e->c->values[i - e->c->n],
                         "mmap.PROT_EXEC", 0))
            memory.a = MEMORY_RUNS;
    return gives(e, fv_make(&e->f->values, memory));
}

/* ---- queues ---- */

/* .put() and .get() of what takes and gives in turn. */
static bool queue_method(struct effect_call *e)
{
    struct flow *f = e->f;

    if (is_object(f, e->c->self, O_ARCHIVE) && span_is(e->name, ".add"))
        file_reads(f, argument(e, 0)); /* tarfile.add(): what it holds is a copy */
    if (!is_object(f, e->c->self, O_MEMORY))
        return false;
    if (span_is(e->name, ".put") || span_is(e->name, ".put_nowait") ||
        span_is(e->name, ".appendleft")) {
        e->c->store =
            object_write(f, e->c->store, e->c->self, object_bytes(f, e->c->store, argument(e, 0)));
        return gives(e, NONE_);
    }
    if (span_is(e->name, ".get") || span_is(e->name, ".get_nowait") ||
        span_is(e->name, ".popleft") || span_is(e->name, ".pop"))
        return gives(e, object_bytes(f, e->c->store, e->c->self));
    return false;
}

bool effect_apply(struct effect_call *e)
{
    static const struct {
        const char *name;
        bool (*run)(struct effect_call *);
    } all[] = {
        { "type", do_type },
        { "map", do_map },
        { ".map", do_map },
        { ".imap", do_map },
        { ".imap_unordered", do_map },
        { ".starmap", do_map },
        { "itertools.starmap", do_map },
        { "filter", do_filter },
        { "functools.reduce", do_reduce },
        { "importlib.util.spec_from_loader", do_loader },
        { "importlib.machinery.ModuleSpec", do_loader },
        { "logging.config.dictConfig", do_config },
        { "logging.config.fileConfig", do_config },
        { "ctypes.memmove", do_memmove },
        { "yaml.load", do_yaml },
        { "os.dup2", do_dup },
        { "mmap.mmap", do_mmap },
    };

    if (e->name.n == 0)
        return false;
    for (unsigned i = 0; i < ARRAY_LEN(all); i++)
        if (span_is(e->name, all[i].name))
            return all[i].run(e);
    if (span_is(e->name, ".fileno") && is_connection(e->f, e->c->self, 0))
        return gives(e, fv_term1(&e->f->values, T_CALL, flow_name(e->f, ".fileno"), e->c->self));
    if (span_starts(e->name, SPAN_LITERAL("operator.")))
        return do_operator(e);
    return e->name.p[0] == '.' && (queue_method(e) || do_compare_method(e));
}

bool apply_calls(struct span name)
{
    return span_is(name, "map") || span_is(name, "filter") || span_is(name, "functools.reduce") ||
           span_is(name, "itertools.starmap");
}
