/* Calls: own functions, with their arguments bound; classes; methods; and all else as effects. */
#include "format/package/flow_run.h"
#include "format/package/graph.h"

bool call_has(const struct flow *f, const struct call *c, int i, const char *key, uint32_t *out)
{
    *out = NOTHING;
    if (i == SELF) {
        *out = c->self;
        return c->self != NOTHING;
    }
    if (i >= 0 && (uint32_t)i < c->n) {
        *out = c->args[i];
        return true;
    }
    for (uint32_t k = 0; key && k < c->keys_n; k++)
        if (span_is(flow_text(f, c->keys[k]), key)) {
            *out = c->values[k];
            return true;
        }
    return false;
}

uint32_t call_get(const struct flow *f, const struct call *c, int i, const char *key)
{
    uint32_t out;

    return call_has(f, c, i, key, &out) ? out : NOTHING;
}

void call_may_raise(struct flow *f, const struct call *c, uint32_t class_name, struct outcomes *out)
{
    const struct frame *fr = f->frame;

    if (!fr || (!fr->tries && !f->modules[fr->module].ir->functions[fr->function].regions_n))
        return;
    outcome_add(f, out,
                (struct outcome){ .raised = true,
                                  .value = fv_term(&f->values, T_EXC, class_name, NULL, 0),
                                  .store = c->store,
                                  .trail = c->trail });
}

/* ---- own functions ---- */

#define VARS_MAX 128

static bool find_key(const struct call *c, uint32_t name, uint32_t *out)
{
    for (uint32_t i = 0; i < c->keys_n; i++)
        if (c->keys[i] == name) {
            *out = c->values[i];
            return true;
        }
    return false;
}

static uint32_t default_of(const struct flow *f, const struct value *function, uint32_t name)
{
    for (uint32_t i = 1; i + 1 < function->n; i += 2)
        if (val(f, function->items[i])->a == name)
            return function->items[i + 1];
    return UINT32_MAX;
}

static uint32_t rest_of(struct flow *f, const struct call *c, uint32_t from)
{
    return fv_make(&f->values, (struct value){ .kind = V_TUPLE,
                                               .items = c->args + from,
                                               .n = from < c->n ? c->n - from : 0 });
}

static uint32_t keys_of(struct flow *f, const struct call *c)
{
    uint32_t list[2 * ARGS_MAX], n = 0;

    for (uint32_t i = 0; i < c->keys_n; i++) {
        list[n++] = fv_text(&f->values, flow_text(f, c->keys[i]));
        list[n++] = c->values[i];
    }
    return fv_make(&f->values, (struct value){ .kind = V_DICT, .items = list, .n = n });
}

static uint32_t argument_of(struct flow *f, const struct call *c, const struct value *function,
                            const struct ir_param *p, uint32_t *next)
{
    uint32_t v;
    char text[80];

    if (p->kind == OP_ARG_STAR) {
        v = rest_of(f, c, *next);
        *next = c->n;
        return v;
    }
    if (p->kind == OP_ARG_DSTAR)
        return keys_of(f, c);
    if (p->kind != OP_ARG_KWONLY && *next < c->n)
        return c->args[(*next)++];
    if (find_key(c, p->name, &v))
        return v;
    if (c->rest)
        return fv_term1(&f->values, T_EACH, 0, c->rest);
    v = default_of(f, function, p->name);
    if (v != UINT32_MAX && !c->more)
        return v;
    snprintf(text, sizeof text, "%.*s", (int)flow_text(f, p->name).n,
             (const char *)flow_text(f, p->name).p);
    return fv_sym(&f->values, text, P_ARG);
}

static void add_yields(struct flow *f, struct outcomes *out, uint32_t from, uint32_t yields,
                       bool generator)
{
    for (uint32_t i = from; generator && i < out->n; i++)
        if (!out->list[i].raised)
            out->list[i].value =
                fv_make(&f->values,
                        (struct value){ .kind = V_LIST, .items = &yields, .n = yields ? 1 : 0 });
}

/* Instructions of a function that does nothing of interest: what it gives may still matter. */
#define FUEL_PLAIN ((int64_t)4000)

/* Whether a call is given bytes that were fetched, which it may check. */
static bool is_given_bytes(const struct flow *f, const struct call *c)
{
    for (uint32_t i = 0; i < c->n; i++)
        if (val(f, c->args[i])->prov & P_FETCHED)
            return true;
    return false;
}

static int64_t fuel_for(struct flow *f, const struct call *c, uint32_t module,
                        const struct ir_function *fn)
{
    unsigned reaches = graph_reaches(f->p, f->modules[module].from, fn->off);

    if ((reaches & (GRAPH_FETCHES | GRAPH_LOADS | GRAPH_STARTS)) || is_given_bytes(f, c))
        return 0;
    return flow_fuel_take(f, FUEL_PLAIN);
}

/* It is too long for what it does: what it gives is not known, and it changes nothing. */
static void give_up(struct flow *f, const struct call *c, struct outcomes *here)
{
    here->n = 0;
    returns(f, here, c, fv_unknown(&f->values, P_UNKNOWN));
}

static void call_function(struct flow *f, struct call *c, uint32_t function, struct outcomes *out)
{
    const struct value *v = val(f, function);
    const struct ir_module *m = flow_module_ir(f, v->a);
    uint32_t vars[VARS_MAX], next = 0, yields = NOTHING;
    struct outcomes here = { .n = 0 };
    const struct ir_function *fn;
    const char *starved = f->starved;
    int64_t left;

    if (!m || v->b >= m->functions_n) {
        returns(f, out, c, fv_unknown(&f->values, P_UNKNOWN));
        return;
    }
    fn = &m->functions[v->b];
    left = fuel_for(f, c, v->a, fn);
    memset(vars, 0, sizeof vars);
    for (uint32_t i = 0; i < fn->params_n; i++) {
        uint32_t arg = argument_of(f, c, v, &fn->params[i], &next);

        if (fn->params[i].slot < VARS_MAX)
            vars[fn->params[i].slot] = arg;
    }
    run_function(f,
                 &(struct activation){ .module = v->a,
                                       .function = v->b,
                                       .closure = v->n ? v->items[0] : NOTHING,
                                       .vars = vars,
                                       .vars_n = fn->params_n < VARS_MAX ? fn->params_n : VARS_MAX,
                                       .store = c->store,
                                       .trail = c->trail,
                                       .stops = c->stops },
                 &here, &yields);
    if (f->fuel <= 0 && left > 0) {
        give_up(f, c, &here);
        f->starved = starved;
    }
    flow_fuel_give(f, left);
    add_yields(f, &here, 0, yields, fn->is_generator && !c->stops);
    for (uint32_t i = 0; i < here.n; i++)
        outcome_add(f, out, here.list[i]);
}

static void call_bound(struct flow *f, struct call *c, uint32_t function, uint32_t self,
                       struct outcomes *out)
{
    struct call with = *c;

    if (with.n == ARGS_MAX)
        with.n--;
    memmove(with.args + 1, with.args, with.n * sizeof *with.args);
    with.args[0] = self;
    with.n++;
    with.callee = function;
    call_run(f, &with, out);
}

/* ---- classes ---- */

/* Fields of a class without __init__ (a dataclass, a named tuple): their values by order. */
static uint32_t set_fields(struct flow *f, const struct call *c, uint32_t class_, uint32_t object,
                           uint32_t store)
{
    const struct ir_module *m = flow_module_ir(f, val(f, class_)->a);
    const struct ir_function *body =
        m && val(f, class_)->b < m->functions_n ? &m->functions[val(f, class_)->b] : NULL;
    uint32_t next = 0;

    for (uint32_t i = 0; body && next < c->n && i < body->vars_n; i++)
        store = store_set(f, store, slot_key(S_ATTR, object, body->vars[i].name), c->args[next++]);
    for (uint32_t i = 0; i < c->keys_n; i++)
        store = store_set(f, store, slot_key(S_ATTR, object, c->keys[i]), c->values[i]);
    return store;
}

static void call_init(struct flow *f, struct call *c, uint32_t object, struct outcomes *out);

/* A class whose __new__ is its own: that is called with the class, then __init__ as ever. */
static bool call_new(struct flow *f, struct call *c, struct outcomes *out)
{
    uint32_t new = attr_get(f, c->store, c->callee, flow_name(f, "__new__"));
    struct outcomes here = { .n = 0 };

    if (val(f, new)->kind != V_FUNC)
        return false;
    call_bound(f, c, new, c->callee, &here);
    for (uint32_t i = 0; i < here.n; i++) {
        struct call made = *c;

        made.store = here.list[i].store;
        made.trail = here.list[i].trail;
        if (!here.list[i].raised && val(f, here.list[i].value)->kind == V_INST)
            call_init(f, &made, here.list[i].value, out);
        else
            outcome_add(f, out, here.list[i]);
    }
    return true;
}

static void call_class(struct flow *f, struct call *c, struct outcomes *out)
{
    uint32_t object =
        fv_make(&f->values, (struct value){ .kind = V_INST, .a = c->callee, .b = c->off });

    if (!call_new(f, c, out))
        call_init(f, c, object, out);
}

static void call_init(struct flow *f, struct call *c, uint32_t object, struct outcomes *out)
{
    uint32_t init = attr_get(f, c->store, object, flow_name(f, "__init__"));
    struct outcomes here = { .n = 0 };

    if (val(f, init)->kind != V_BOUND) {
        struct call made = *c;

        made.store = set_fields(f, c, c->callee, object, c->store);
        returns(f, out, &made, object);
        return;
    }
    call_bound(f, c, val(f, init)->items[0], object, &here);
    for (uint32_t i = 0; i < here.n; i++) {
        if (!here.list[i].raised)
            here.list[i].value = object;
        outcome_add(f, out, here.list[i]);
    }
}

/* A class that type() made. */
static void call_made(struct flow *f, struct call *c, struct outcomes *out)
{
    uint32_t object = fv_make(
        &f->values,
        (struct value){ .kind = V_OBJ, .sub = O_ONE, .b = c->off, .items = &c->callee, .n = 1 });
    uint32_t init = attr_get(f, c->store, object, flow_name(f, "__init__"));
    struct outcomes here = { .n = 0 };

    if (val(f, init)->kind != V_BOUND) {
        returns(f, out, c, object);
        return;
    }
    call_bound(f, c, val(f, init)->items[0], object, &here);
    for (uint32_t i = 0; i < here.n; i++) {
        if (!here.list[i].raised)
            here.list[i].value = object;
        outcome_add(f, out, here.list[i]);
    }
}

/* ---- what wraps a function ---- */

static void call_wrapped(struct flow *f, struct call *c, struct outcomes *out)
{
    const struct value *w = val(f, c->callee);
    struct outcomes here = { .n = 0 };
    struct call inner = *c;

    inner.callee = w->items[0];
    if (w->sub == WRAP_PARTIAL || w->sub == WRAP_METHOD) {
        uint32_t n = w->n - 1, at = w->sub == WRAP_METHOD && inner.n ? 1 : 0;

        if (n > ARGS_MAX)
            n = ARGS_MAX;
        if (inner.n + n > ARGS_MAX)
            inner.n = ARGS_MAX - n;
        if (at > ARGS_MAX - n)
            at = 0;
        if (inner.n > at)
            memmove(inner.args + at + n, inner.args + at, (inner.n - at) * sizeof *inner.args);
        memcpy(inner.args + at, w->items + 1, n * sizeof *inner.args);
        inner.n += n;
    }
    inner.stops = w->sub == WRAP_CONTEXT;
    call_run(f, &inner, &here);
    for (uint32_t i = 0; i < here.n; i++)
        outcome_add(f, out, here.list[i]);
}

static bool wrap_kind(struct span name, enum wrap *kind)
{
    static const struct {
        const char *name;
        enum wrap kind;
    } all[] = {
        { "staticmethod", WRAP_STATIC },
        { "classmethod", WRAP_CLASS },
        { "property", WRAP_PROPERTY },
        { "functools.cached_property", WRAP_PROPERTY },
        { "contextlib.contextmanager", WRAP_CONTEXT },
        { "contextlib.asynccontextmanager", WRAP_CONTEXT },
        { "functools.partial", WRAP_PARTIAL },
        { "functools.partialmethod", WRAP_METHOD },
    };

    for (unsigned i = 0; i < ARRAY_LEN(all); i++)
        if (span_is(name, all[i].name)) {
            *kind = all[i].kind;
            return true;
        }
    return false;
}

static bool is_own_callable(const struct flow *f, uint32_t v)
{
    unsigned kind = val(f, v)->kind;

    return kind == V_FUNC || kind == V_WRAP || kind == V_CLASS || kind == V_BOUND;
}

/* A decorator of a library that is given one of our functions; false: it is not that. */
static bool call_decorator(struct flow *f, struct call *c, struct span name, struct outcomes *out)
{
    enum wrap kind;

    if (c->n == 0 || apply_calls(name) ||
        (!is_own_callable(f, c->args[0]) &&
         (!span_is(name, "functools.partial") || val(f, c->args[0])->kind != V_EXTERN)))
        return false;
    if (wrap_kind(name, &kind)) {
        struct value v = { .kind = V_WRAP,
                           .sub = (uint8_t)kind,
                           .items = c->args,
                           .n = kind == WRAP_PARTIAL || kind == WRAP_METHOD ? c->n : 1 };

        returns(f, out, c, fv_make(&f->values, v));
        return true;
    }
    if (span_is(name, "functools.wraps") || span_is(name, "functools.update_wrapper")) {
        returns(f, out, c,
                c->decorates || c->n > 1
                    ? c->args[0]
                    : fv_term(&f->values, T_CALL, ir_name(&f->names, name), NULL, 0));
        return true;
    }
    if (span_starts(name, SPAN_LITERAL("functools.")) ||
        span_starts(name, SPAN_LITERAL("dataclasses.")) ||
        span_starts(name, SPAN_LITERAL("abc.")) || span_starts(name, SPAN_LITERAL("typing."))) {
        returns(f, out, c, c->args[0]);
        return true;
    }
    return false;
}

/* One of our functions that is handed to a library's, to be called some time: it is, now. */
static void call_handed(struct flow *f, struct call *c, struct outcomes *out)
{
    for (uint32_t i = 0; i < c->n + c->keys_n; i++) {
        uint32_t v = i < c->n ? c->args[i] : c->values[i - c->n];
        struct call inner = { .callee = v, .store = c->store, .trail = c->trail, .off = c->off };
        struct outcomes here = { .n = 0 };

        if (val(f, v)->kind != V_FUNC && val(f, v)->kind != V_BOUND)
            continue;
        inner.more = true;
        call_run(f, &inner, &here);
        for (uint32_t k = 0; k < here.n; k++)
            if (!here.list[k].raised)
                outcome_add(f, out, here.list[k]);
    }
}

/* Whether its row says which of its arguments it calls. */
static bool calls_itself(const struct flow *f, struct span name)
{
    const struct model *m = name.n ? models_find(&f->models, name) : NULL;

    return (m && m->effect == E_CALL) || apply_calls(name);
}

/* re.sub, json.loads: what does nothing but make a value has no other use for a function. */
static bool calls_now(const struct flow *f, struct span name)
{
    const struct model *m = models_find(&f->models, name);

    return m && m->effect == E_PURE;
}

/*
 * A library's function did call what it was handed: what it gives is what that gave, unless we
 * know what it does.
 */
static void after_handed(struct flow *f, const struct call *c, struct span name, struct outcome o,
                         struct outcomes *out)
{
    struct call then = *c;

    if (!name.n || !models_find(&f->models, name)) {
        outcome_add(f, out, o);
        return;
    }
    then.store = o.store;
    then.trail = o.trail;
    effect_run(f, &then, name, out);
}

static void call_extern(struct flow *f, struct call *c, struct span name, struct outcomes *out)
{
    struct outcomes here = { .n = 0 };
    unsigned when = f->when;

    if (call_decorator(f, c, name, out))
        return;
    if (c->decorates && c->n == 1 && is_own_callable(f, c->args[0]) && !calls_itself(f, name)) {
        returns(f, out, c, c->args[0]); /* as good as the function itself */
        return;
    }
    if (!calls_itself(f, name)) {
        if (memchr(name.p, '.', name.n) && !calls_now(f, name))
            f->when = PKG_ON_CALL; /* whether it is called now is not known */
        call_handed(f, c, &here);
        f->when = when;
    }
    if (here.n == 0)
        effect_run(f, c, name, out);
    for (uint32_t i = 0; i < here.n; i++)
        after_handed(f, c, name, here.list[i], out);
}

/* start() of an own class that a library's is above: its run() runs. */
static bool start_thread(struct flow *f, struct call *c, struct outcomes *out)
{
    uint32_t run = attr_get(f, c->store, c->self, flow_name(f, "run"));

    if (val(f, run)->kind != V_BOUND)
        return false;
    call_bound(f, c, val(f, run)->items[0], c->self, out);
    return true;
}

/* x.method(...) of something outside of the artifact. */
static void call_method(struct flow *f, struct call *c, struct outcomes *out)
{
    const struct value *m = val(f, c->callee);
    const struct value *object = val(f, m->items[0]);
    struct span name = flow_text(f, m->a);
    char text[300];
    int n = -1;

    c->self = m->items[0];
    if (object->kind == V_INST && span_is(name, "start") && start_thread(f, c, out))
        return;
    if (is_term(f, c->self, T_GET)) /* which may be None */
        call_may_raise(f, c, flow_name(f, "AttributeError"), out);
    if (c->self == NONE_) { /* it has no methods */
        call_may_raise(f, c, flow_name(f, "AttributeError"), out);
        return;
    }
    if (object->kind == V_TERM && object->sub == T_CALL && object->a) {
        struct span of = flow_text(f, object->a);

        n = snprintf(text, sizeof text, "%.*s.%.*s", (int)of.n, (const char *)of.p, (int)name.n,
                     (const char *)name.p);
        if (n > 0 && (size_t)n < sizeof text && models_find(&f->models, span_of(text, (size_t)n))) {
            effect_run(f, c, span_of(text, (size_t)n), out);
            return;
        }
    }
    n = snprintf(text, sizeof text, ".%.*s", (int)name.n, (const char *)name.p);
    effect_run(f, c, n > 0 && (size_t)n < sizeof text ? span_of(text, (size_t)n) : SPAN_EMPTY, out);
}

static void call_each(struct flow *f, const struct call *c, struct outcomes *out)
{
    const struct value *v = val(f, c->callee);

    for (uint32_t i = 0; i < v->n; i++) {
        struct call one = *c;

        one.callee = v->items[i];
        call_run(f, &one, out);
    }
}

void call_run(struct flow *f, struct call *c, struct outcomes *out)
{
    const struct value *v = val(f, c->callee);
    uint32_t method;

    if (f->fuel-- <= 0 || f->depth >= FRAMES_MAX) {
        f->starved = f->fuel <= 0 ? "too many steps" : "calls too deep";
        returns(f, out, c, fv_unknown(&f->values, P_UNKNOWN));
        return;
    }
    switch (v->kind) {
    case V_FUNC:
        call_function(f, c, c->callee, out);
        return;
    case V_BOUND:
        call_bound(f, c, v->items[0], v->items[1], out);
        return;
    case V_CLASS:
        call_class(f, c, out);
        return;
    case V_WRAP:
        call_wrapped(f, c, out);
        return;
    case V_EXTERN:
        call_extern(f, c, fv_string(&f->values, c->callee), out);
        return;
    case V_INST:
        method = attr_get(f, c->store, c->callee, flow_name(f, "__call__"));
        if (val(f, method)->kind == V_BOUND) {
            call_bound(f, c, val(f, method)->items[0], c->callee, out);
            return;
        }
        break;
    case V_OBJ:
        if (v->sub == O_MADE) {
            call_made(f, c, out);
            return;
        }
        break;
    case V_TERM:
        if (v->sub == T_ATTR) {
            call_method(f, c, out);
            return;
        }
        if (v->sub == T_EITHER) {
            call_each(f, c, out);
            return;
        }
        if (v->sub == T_CALL && v->a && apply_getter(f, c, out))
            return;
        if (v->sub == T_CALL && v->a) {
            call_extern(f, c, flow_text(f, v->a), out);
            return;
        }
        break;
    case V_DATA: /* answer.text(), where other libraries have answer.text */
        returns(f, out, c, c->callee);
        return;
    default:
        break;
    }
    call_extern(f, c, SPAN_EMPTY, out);
}

/* ---- exceptions ---- */

/* Each class of exceptions and the one above it: docs.python.org, Exception hierarchy. */
static const char *const above[][2] = {
    { "KeyError", "LookupError" },
    { "IndexError", "LookupError" },
    { "LookupError", "Exception" },
    { "ModuleNotFoundError", "ImportError" },
    { "ImportError", "Exception" },
    { "FileNotFoundError", "OSError" },
    { "FileExistsError", "OSError" },
    { "PermissionError", "OSError" },
    { "ConnectionError", "OSError" },
    { "TimeoutError", "OSError" },
    { "BlockingIOError", "OSError" },
    { "IsADirectoryError", "OSError" },
    { "NotADirectoryError", "OSError" },
    { "urllib.error.HTTPError", "urllib.error.URLError" },
    { "urllib.error.URLError", "OSError" },
    { "ssl.SSLError", "OSError" },
    { "OSError", "Exception" },
    { "UnicodeDecodeError", "ValueError" },
    { "UnicodeError", "ValueError" },
    { "json.JSONDecodeError", "ValueError" },
    { "ValueError", "Exception" },
    { "TypeError", "Exception" },
    { "AttributeError", "Exception" },
    { "AssertionError", "Exception" },
    { "NotImplementedError", "RuntimeError" },
    { "RecursionError", "RuntimeError" },
    { "RuntimeError", "Exception" },
    { "ArithmeticError", "Exception" },
    { "ZeroDivisionError", "ArithmeticError" },
    { "SystemError", "Exception" },
    { "EOFError", "Exception" },
    { "StopIteration", "Exception" },
    { "Warning", "Exception" },
    { "Exception", "BaseException" },
    { "SystemExit", "BaseException" },
    { "KeyboardInterrupt", "BaseException" },
    { "GeneratorExit", "BaseException" },
};

static const char *class_above(struct span name)
{
    for (unsigned i = 0; i < ARRAY_LEN(above); i++)
        if (span_is(name, above[i][0]))
            return above[i][1];
    return NULL;
}

static int name_is(struct span name, struct span class_)
{
    for (unsigned i = 0; i < 8; i++) {
        const char *up;

        if (span_equal(name, class_))
            return 1;
        up = class_above(name);
        if (!up)
            return span_is(name, "BaseException") ? 0 : -1;
        name = span_text(up);
    }
    return -1;
}

static int own_is(const struct flow *f, uint32_t class_, uint32_t want, unsigned depth)
{
    const struct value *c = val(f, class_);
    int any = 0;

    if (class_ == want)
        return 1;
    if (c->kind == V_EXTERN && val(f, want)->kind == V_EXTERN &&
        name_is(fv_string(&f->values, want), fv_string(&f->values, class_)) == 1)
        return -1; /* what raises OSError may raise FileNotFoundError */
    if (c->kind == V_EXTERN && val(f, want)->kind == V_EXTERN)
        return name_is(fv_string(&f->values, class_), fv_string(&f->values, want));
    if (c->kind == V_EXTERN) /* a library's is not derived of ours */
        return 0;
    if (c->kind != V_CLASS || depth > 5)
        return -1;
    for (uint32_t i = 0; i < c->n && i < 4; i++) {
        int one = own_is(f, c->items[i], want, depth + 1);

        if (one == 1)
            return 1;
        if (one < 0)
            any = -1;
    }
    return any;
}

/* The class of an exception; UINT32_MAX: it is not known. */
static uint32_t class_of(struct flow *f, uint32_t exception)
{
    const struct value *x = val(f, exception);

    if (x->kind == V_INST)
        return x->a;
    if (x->kind == V_CLASS || x->kind == V_EXTERN)
        return exception;
    if (x->kind == V_TERM && (x->sub == T_EXC || x->sub == T_CALL) && x->a)
        return fv_extern(&f->values, flow_text(f, x->a));
    return UINT32_MAX;
}

int exception_is(struct flow *f, uint32_t exception, uint32_t class_)
{
    const struct value *want = val(f, class_);
    uint32_t is = class_of(f, exception);
    int any = 0;

    if (f->fuel-- <= 0)
        return -1;
    if (want->kind == V_TUPLE || (want->kind == V_TERM && want->sub == T_EITHER)) {
        for (uint32_t i = 0; i < want->n; i++) {
            int one = exception_is(f, exception, want->items[i]);

            if (one == 1)
                return 1;
            if (one < 0)
                any = -1;
        }
        return any;
    }
    if (want->kind == V_EXTERN && span_is(fv_string(&f->values, class_), "BaseException"))
        return 1;
    if (is == UINT32_MAX)
        return want->kind == V_CLASS && is_term(f, exception, T_EXC)                           ? 0
               : want->kind == V_EXTERN && span_is(fv_string(&f->values, class_), "Exception") ? 1
                                                                                               : -1;
    if (want->kind != V_EXTERN && want->kind != V_CLASS)
        return -1;
    return own_is(f, is, class_, 0);
}
