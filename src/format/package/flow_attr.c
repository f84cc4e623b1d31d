/* Variables, attributes, items and operators: what they give, and no more than that. */
#include "format/package/flow_run.h"

/* ---- names ---- */

uint32_t global_get(struct flow *f, uint32_t store, uint32_t module, uint32_t name)
{
    uint32_t v = store_get(f, store, slot_key(S_GLOBAL, module, name), UINT32_MAX);

    if (v != UINT32_MAX)
        return v;
    flow_module_run(f, module);
    v = map_get(&f->maps, f->base, slot_key(S_GLOBAL, module, name), UINT32_MAX);
    return v != UINT32_MAX ? v : builtin_get(f, module, name);
}

uint32_t builtin_get(struct flow *f, uint32_t module, uint32_t name)
{
    struct span text = flow_text(f, name);

    if (span_is(text, "__file__"))
        return fv_sym(&f->values,
                      f->modules[module].from->is_package ? "{package}/__init__.py"
                                                          : "{package}/module.py",
                      P_OWN);
    if (span_is(text, "__name__") &&
        span_ends(f->modules[module].from->path, SPAN_LITERAL("__main__.py")))
        return fv_text(&f->values, SPAN_LITERAL("__main__"));
    if (span_is(text, "__name__"))
        return fv_text(&f->values, f->modules[module].from->name);
    if (span_is(text, "__path__"))
        return fv_sym(&f->values, "{package}", P_OWN);
    if (span_is(text, "WindowsError") || span_is(text, "IOError") ||
        span_is(text, "EnvironmentError"))
        return fv_extern(&f->values, SPAN_LITERAL("OSError"));
    return fv_extern(&f->values, text);
}

static uint32_t dotted_extern(struct flow *f, struct span module, struct span name)
{
    char text[512];
    int n = snprintf(text, sizeof text, "%.*s.%.*s", (int)module.n, (const char *)module.p,
                     (int)name.n, (const char *)name.p);

    if (n < 0 || (size_t)n >= sizeof text)
        return fv_unknown(&f->values, P_UNKNOWN);
    return fv_extern(&f->values, span_of(text, (size_t)n));
}

static uint32_t module_value(struct flow *f, uint32_t module)
{
    return fv_make(&f->values, (struct value){ .kind = V_MODULE, .a = module });
}

static struct span first_part(struct span dotted)
{
    const uint8_t *dot = dotted.n ? memchr(dotted.p, '.', dotted.n) : NULL;

    return dot ? span_of(dotted.p, (size_t)(dot - dotted.p)) : dotted;
}

uint32_t import_name(struct flow *f, uint32_t from, struct span dotted, bool top)
{
    struct span want = top ? first_part(dotted) : dotted;
    uint32_t module = flow_module_find(f, want);

    (void)from;
    if (module != UINT32_MAX)
        return module_value(f, module);
    return fv_extern(&f->values, want);
}

/* The package that so many dots name, from within a module. */
static struct span dots_above(const struct flow *f, uint32_t from, uint32_t dots)
{
    const struct package_module *m = f->modules[from].from;
    struct span name = m->name;

    for (uint32_t up = m->is_package ? 1 : 0; up < dots; up++) {
        size_t n = name.n;

        while (n > 0 && name.p[n - 1] != '.')
            n--;
        name = span_of(name.p, n ? n - 1 : 0);
    }
    return name;
}

uint32_t import_from(struct flow *f, uint32_t store, uint32_t module, uint32_t from, uint32_t dots,
                     uint32_t name)
{
    struct span base = dots ? dots_above(f, module, dots) : SPAN_EMPTY, tail = flow_text(f, from);
    char text[512];
    int n = snprintf(text, sizeof text, "%.*s%s%.*s", (int)base.n, (const char *)base.p,
                     base.n && tail.n ? "." : "", (int)tail.n, (const char *)tail.p);
    struct span dotted = n > 0 && (size_t)n < sizeof text ? span_of(text, (size_t)n) : SPAN_EMPTY;
    uint32_t target = flow_module_find(f, dotted);

    if (target != UINT32_MAX)
        return attr_get(f, store, module_value(f, target), name);
    if (dots) { /* a name of the artifact's own that is not there: a compiled module, say */
        char below[512];
        int k = snprintf(below, sizeof below, "%.*s.%.*s", (int)dotted.n, (const char *)dotted.p,
                         (int)flow_text(f, name).n, (const char *)flow_text(f, name).p);
        uint32_t sub = k > 0 && (size_t)k < sizeof below
                           ? flow_module_find(f, span_of(below, (size_t)k))
                           : UINT32_MAX;

        if (sub != UINT32_MAX)
            return module_value(f, sub);
    }
    return dotted_extern(f, dotted, flow_text(f, name));
}

/* ---- attributes ---- */

static uint32_t module_attr(struct flow *f, uint32_t store, uint32_t module, uint32_t name)
{
    uint32_t v = store_get(f, store, slot_key(S_GLOBAL, module, name), UINT32_MAX), below;
    struct span text = f->modules[module].from->name;

    if (v != UINT32_MAX)
        return v;
    flow_module_run(f, module);
    v = map_get(&f->maps, f->base, slot_key(S_GLOBAL, module, name), UINT32_MAX);
    if (v != UINT32_MAX)
        return v;
    v = dotted_extern(f, text, flow_text(f, name));
    below =
        val(f, v)->kind == V_EXTERN ? flow_module_find(f, fv_string(&f->values, v)) : UINT32_MAX;
    if (below != UINT32_MAX)
        return module_value(f, below);
    if (span_is(flow_text(f, name), "__file__"))
        return builtin_get(f, module, name);
    return v;
}

static uint32_t bind(struct flow *f, uint32_t function, uint32_t to)
{
    return fv_make(
        &f->values,
        (struct value){ .kind = V_BOUND, .items = (uint32_t[]){ function, to }, .n = 2 });
}

/* What a class and its bases say of a name; UINT32_MAX: nothing. */
static uint32_t class_attr(struct flow *f, uint32_t store, uint32_t class_, uint32_t name,
                           unsigned depth)
{
    const struct value *c = val(f, class_);
    uint32_t v;

    if (c->kind != V_CLASS || depth > 8 || f->fuel-- <= 0)
        return UINT32_MAX;
    v = store_get(f, store, slot_key(S_ATTR, class_, name), UINT32_MAX);
    for (uint32_t i = 0; v == UINT32_MAX && i < c->n; i++)
        v = class_attr(f, store, c->items[i], name, depth + 1);
    return v;
}

static uint32_t instance_attr(struct flow *f, uint32_t store, uint32_t object, uint32_t name)
{
    uint32_t v = store_get(f, store, slot_key(S_ATTR, object, name), UINT32_MAX);
    uint32_t class_ = val(f, object)->a;
    const struct value *x;

    if (v != UINT32_MAX)
        return v;
    v = class_attr(f, store, class_, name, 0);
    if (v == UINT32_MAX)
        return span_is(flow_text(f, name), "__class__")
                   ? class_
                   : fv_term(&f->values, T_ATTR, name, &object, 1);
    x = val(f, v);
    if (x->kind == V_FUNC || (x->kind == V_WRAP && x->sub != WRAP_STATIC && x->sub != WRAP_CLASS))
        return bind(f, v, object);
    if (x->kind == V_WRAP)
        return x->sub == WRAP_CLASS ? bind(f, x->items[0], class_) : x->items[0];
    return v;
}

static uint32_t attr_of_class(struct flow *f, uint32_t store, uint32_t class_, uint32_t name)
{
    uint32_t v = class_attr(f, store, class_, name, 0);
    const struct value *x;

    if (v == UINT32_MAX)
        return fv_term(&f->values, T_ATTR, name, &class_, 1);
    x = val(f, v);
    if (x->kind == V_WRAP && x->sub == WRAP_CLASS)
        return bind(f, x->items[0], class_);
    return x->kind == V_WRAP && x->sub == WRAP_STATIC ? x->items[0] : v;
}

static uint32_t super_attr(struct flow *f, uint32_t store, uint32_t object, uint32_t name)
{
    const struct value *o = val(f, object);
    const struct value *c = val(f, o->items[0]);

    for (uint32_t i = 0; c->kind == V_CLASS && i < c->n; i++) {
        uint32_t v = class_attr(f, store, c->items[i], name, 0);

        if (v != UINT32_MAX)
            return val(f, v)->kind == V_FUNC ? bind(f, v, o->items[1]) : v;
    }
    return fv_term(&f->values, T_ATTR, name, &object, 1);
}

static bool names_bytes(struct span name)
{
    static const char *const all[] = { "content", "text", "data", "raw", "body", "fp", "stdout" };

    for (unsigned i = 0; i < ARRAY_LEN(all); i++)
        if (span_is(name, all[i]))
            return true;
    return false;
}

/* An attribute of what type() made; UINT32_MAX: it has none of this name. */
static uint32_t made_attr(struct flow *f, uint32_t store, uint32_t class_, uint32_t name)
{
    const struct value *c = val(f, class_), *bases = val(f, box_items(f, store, c->items[1]));
    const struct value *dict = val(f, box_items(f, store, c->items[0]));
    uint32_t key = fv_text(&f->values, flow_text(f, name)), v = UINT32_MAX;

    for (uint32_t i = 0; i + 1 < dict->n; i += 2)
        if (dict->items[i] == key)
            return dict->items[i + 1];
    for (uint32_t i = 0; bases->kind == V_TUPLE && v == UINT32_MAX && i < bases->n && i < 8; i++)
        v = class_attr(f, store, bases->items[i], name, 0);
    return v;
}

static uint32_t attr_of_made(struct flow *f, uint32_t store, uint32_t object, uint32_t name)
{
    const struct value *o = val(f, object), *x;
    bool one = o->sub == O_ONE;
    uint32_t v = store_get(f, store, slot_key(S_ATTR, object, name), UINT32_MAX);

    if (v != UINT32_MAX)
        return v;
    v = made_attr(f, store, one ? o->items[0] : object, name);
    if (v == UINT32_MAX)
        return fv_term(&f->values, T_ATTR, name, &object, 1);
    x = val(f, v);
    if (one &&
        (x->kind == V_FUNC || (x->kind == V_WRAP && x->sub != WRAP_STATIC && x->sub != WRAP_CLASS)))
        return bind(f, v, object);
    return x->kind == V_WRAP && x->sub == WRAP_STATIC ? x->items[0] : v;
}

static uint32_t object_attr(struct flow *f, uint32_t object, uint32_t name)
{
    const struct value *o = val(f, object);
    struct span text = flow_text(f, name);

    if (o->sub == O_RESPONSE && names_bytes(text))
        return o->items[0];
    if ((o->sub == O_FILE || o->sub == O_TEMP) && span_is(text, "name"))
        return o->items[0];
    if (o->sub == O_FILE && (span_is(text, "buffer") || span_is(text, "file")))
        return object;
    if (o->sub == O_SPEC && span_is(text, "origin"))
        return o->items[0];
    if (o->sub == O_SPEC && span_is(text, "loader"))
        return object;
    return fv_term(&f->values, T_ATTR, name, &object, 1);
}

static bool is_path_like(const struct flow *f, uint32_t v)
{
    const struct value *x = val(f, v);

    return x->kind == V_TEXT || x->kind == V_CONCAT ||
           (x->kind == V_TERM && !(x->prov & P_FETCHED) && x->sub != T_CALL);
}

/* The file of another package's module. */
static uint32_t site_file(struct flow *f, struct span module)
{
    uint32_t site = fv_sym(&f->values, "{site-packages}", P_PLATFORM);
    uint32_t name = module.n ? fv_text(&f->values, module) : NOTHING;

    return fv_below(&f->values, fv_below(&f->values, site, name),
                    fv_text(&f->values, SPAN_LITERAL("__init__.py")));
}

static bool is_spec(const struct flow *f, uint32_t v)
{
    return is_term(f, v, T_CALL) && val(f, v)->n &&
           span_is(flow_text(f, val(f, v)->a), "importlib.util.find_spec");
}

static uint32_t plain_attr(struct flow *f, uint32_t object, uint32_t name)
{
    struct span text = flow_text(f, name);

    if (span_is(text, "origin") && is_spec(f, object))
        return site_file(f, fv_string(&f->values, val(f, object)->items[0]));

    if (is_path_like(f, object)) {
        if (span_is(text, "parent"))
            return fv_folder(&f->values, object);
        if (span_is(text, "name"))
            return fv_base(&f->values, object);
    }
    return fv_term(&f->values, T_ATTR, name, &object, 1);
}

static uint32_t each_way(struct flow *f, uint32_t store, uint32_t v, uint32_t name)
{
    const struct value *x = val(f, v);
    uint32_t out = attr_get(f, store, x->items[0], name);

    for (uint32_t i = 1; i < x->n; i++)
        out = fv_either(&f->values, out, attr_get(f, store, x->items[i], name));
    return out;
}

uint32_t attr_get(struct flow *f, uint32_t store, uint32_t object, uint32_t name)
{
    const struct value *x = val(f, object);
    uint32_t v;

    switch (x->kind) {
    case V_MODULE:
        return module_attr(f, store, x->a, name);
    case V_EXTERN:
        if (span_is(flow_text(f, name), "__file__"))
            return site_file(f, fv_string(&f->values, object));
        v = store_get(f, store, slot_key(S_ATTR, object, name), UINT32_MAX);
        return v != UINT32_MAX
                   ? v
                   : dotted_extern(f, fv_string(&f->values, object), flow_text(f, name));
    case V_INST:
        return instance_attr(f, store, object, name);
    case V_CLASS:
        return attr_of_class(f, store, object, name);
    case V_OBJ:
        if (x->sub == O_MADE || x->sub == O_ONE)
            return attr_of_made(f, store, object, name);
        return x->sub == O_SUPER ? super_attr(f, store, object, name)
                                 : object_attr(f, object, name);
    case V_TERM:
        if (x->sub == T_EITHER)
            return each_way(f, store, object, name);
        return plain_attr(f, object, name);
    default:
        return plain_attr(f, object, name);
    }
}

/* ---- items ---- */

uint32_t secret_of(const struct flow *f, uint32_t key)
{
    if (f->when == PKG_ON_CALL)
        return 0;
    if (is_term(f, key, T_EACH)) /* all of them, one by one */
        return P_PRIVATE | P_ENVIRON;
    return is_secret_name(fv_string(&f->values, key)) ? P_PRIVATE : 0;
}

bool is_secret_name(struct span variable)
{
    static const char *const marks[] = { "TOKEN",       "SECRET",     "PASSWORD", "PASSWD",
                                         "PRIVATE_KEY", "ACCESS_KEY", "API_KEY",  "CREDENTIAL" };

    for (unsigned i = 0; i < ARRAY_LEN(marks); i++)
        if (span_find(variable, 0, span_text(marks[i])) != SIZE_MAX)
            return true;
    return false;
}

uint32_t box_items(struct flow *f, uint32_t store, uint32_t v)
{
    return val(f, v)->kind == V_BOX ? store_get(f, store, slot_key(S_ITEMS, v, 0), NOTHING) : v;
}

static bool is_constant(const struct flow *f, uint32_t v)
{
    return val(f, v)->constant;
}

static uint32_t dict_item(struct flow *f, uint32_t dict, uint32_t key)
{
    const struct value *x = val(f, dict), *k = val(f, key);

    uint32_t over = NOTHING;

    if (k->kind == V_TERM && k->sub == T_EITHER && f->fuel-- > 0) {
        for (uint32_t i = 0; i < k->n; i++) {
            uint32_t one = dict_item(f, dict, k->items[i]);

            over = over ? fv_either(&f->values, over, one) : one;
        }
        return over;
    }
    for (uint32_t i = x->n; i >= 2; i -= 2) {
        if (x->items[i - 2] == key)
            return over ? fv_either(&f->values, over, x->items[i - 1]) : x->items[i - 1];
        if (val(f, x->items[i - 2])->kind == V_UNKNOWN) { /* keys that are not known */
            uint32_t one = fv_term2(&f->values, T_ITEM, 0, x->items[i - 1], key);

            over = over ? fv_either(&f->values, over, one) : one;
        }
    }
    return over ? over : fv_term2(&f->values, T_ITEM, 0, dict, key);
}

static uint32_t sequence_item(struct flow *f, uint32_t list, uint32_t key)
{
    const struct value *x = val(f, list), *k = val(f, key);
    int64_t at = k->kind == V_INT ? fv_number(k) : INT64_MAX;

    if (at < 0)
        at += x->n;
    if (at >= 0 && at < x->n)
        return x->items[at];
    return fv_term2(&f->values, T_ITEM, 0, list, key);
}

/* Part of what is taken out of a table by a key that is not known: of all its entries. */
static uint32_t item_of_item(struct flow *f, uint32_t store, uint32_t v, uint32_t key)
{
    const struct value *x = val(f, v), *table = val(f, x->items[0]);
    uint32_t out = NOTHING, step = table->kind == V_DICT ? 2 : 1, n = 0;

    if ((table->kind != V_DICT && table->kind != V_TUPLE && table->kind != V_LIST) ||
        table->n / step > 32)
        return fv_term2(&f->values, T_ITEM, 0, v, key);
    for (uint32_t i = step - 1; i < table->n; i += step) {
        uint32_t one = item_get(f, store, table->items[i], key);

        out = n++ ? fv_either(&f->values, out, one) : one;
    }
    return n ? out : fv_term2(&f->values, T_ITEM, 0, v, key);
}

/* Of one of several lists or tables; one that has no such item would have raised. */
static uint32_t item_of_each(struct flow *f, uint32_t store, uint32_t v, uint32_t key)
{
    const struct value *x = val(f, v);
    uint32_t out = NOTHING, n = 0;

    for (uint32_t i = 0; i < x->n; i++) {
        const struct value *of = val(f, x->items[i]);
        uint32_t one = item_get(f, store, x->items[i], key);

        if ((of->kind == V_LIST || of->kind == V_TUPLE) && is_term(f, one, T_ITEM) &&
            val(f, key)->kind == V_INT)
            continue;
        out = n++ ? fv_either(&f->values, out, one) : one;
    }
    return n ? out : fv_term2(&f->values, T_ITEM, 0, v, key);
}

/* sys.modules["a"], module.__dict__["b"], __builtins__["c"] */
static uint32_t extern_item(struct flow *f, uint32_t store, uint32_t v, uint32_t key)
{
    struct span text = fv_string(&f->values, v);

    if (val(f, key)->kind != V_TEXT)
        return fv_term2(&f->values, T_ITEM, 0, v, key);
    if (span_is(text, "sys.modules"))
        return import_name(f, 0, fv_string(&f->values, key), false);
    if (span_ends(text, SPAN_LITERAL(".__dict__")))
        return attr_get(f, store, fv_extern(&f->values, span_of(text.p, text.n - 9)),
                        val(f, key)->a);
    if (span_is(text, "__builtins__"))
        return fv_extern(&f->values, fv_string(&f->values, key));
    return fv_term2(&f->values, T_ITEM, 0, v, key);
}

uint32_t item_get(struct flow *f, uint32_t store, uint32_t object, uint32_t key)
{
    uint32_t v = box_items(f, store, object);
    const struct value *x = val(f, v);

    if (f->fuel-- <= 0)
        return NOTHING;
    if (val(f, key)->kind == V_TERM && val(f, key)->sub == T_SLICE && x->kind != V_DATA)
        return fv_term2(&f->values, T_SLICE, 0, v, key);
    switch (x->kind) {
    case V_DICT:
        return dict_item(f, v, key);
    case V_TUPLE:
    case V_LIST:
        return sequence_item(f, v, key);
    case V_EXTERN:
        if (span_is(fv_string(&f->values, v), "os.environ"))
            return fv_make(&f->values, (struct value){ .kind = V_TERM,
                                                       .sub = T_ENV,
                                                       .a = val(f, key)->a,
                                                       .prov = P_ENV | secret_of(f, key) });
        return extern_item(f, store, v, key);
    case V_TERM:
        if (x->sub == T_ATTR && val(f, key)->kind == V_TEXT &&
            span_is(flow_text(f, x->a), "__dict__"))
            return attr_get(f, store, x->items[0], val(f, key)->a);
        if (x->sub == T_CALL && x->n == 0 && f->frame && val(f, key)->kind == V_TEXT &&
            span_is(flow_text(f, x->a), "globals"))
            return global_get(f, store, f->frame->module, val(f, key)->a);
        if (x->sub == T_CALL && x->n == 1 && val(f, key)->kind == V_TEXT &&
            span_is(flow_text(f, x->a), "vars"))
            return attr_get(f, store, x->items[0], val(f, key)->a);
        if ((x->sub == T_ITEM || x->sub == T_GET) && x->n == 2)
            return item_of_item(f, store, v, key);
        if (x->sub == T_EITHER)
            return item_of_each(f, store, v, key);
        return fv_term2(&f->values, T_ITEM, 0, v, key);
    default:
        return fv_term2(&f->values, T_ITEM, 0, v, key);
    }
}

static uint32_t dict_element(struct flow *f, const struct value *x, uint32_t place, bool *known,
                             bool *past)
{
    *known = true;
    *past = place * 2 >= x->n;
    (void)f;
    return *past ? NOTHING : x->items[place * 2];
}

#define ELEMENTS_MAX 8

/* Elements of enumerate(x), zip(x, y), x.items(), of what they go through. */
static bool view_element(struct flow *f, uint32_t store, const struct value *x, uint32_t place,
                         bool *known, bool *past, uint32_t *out)
{
    struct span name = flow_text(f, x->a);
    const struct value *of = val(f, box_items(f, store, x->items[0]));
    uint32_t pair[2];

    if (span_is(name, "enumerate")) {
        pair[0] = fv_int(&f->values, place);
        pair[1] = element_get(f, store, x->items[0], place, known, past);
        if (!*known)
            pair[0] = fv_unknown(&f->values, P_UNKNOWN);
    } else if (span_is(name, "zip") && x->n == 2) {
        pair[0] = element_get(f, store, x->items[0], place, known, past);
        if (!*past)
            pair[1] = element_get(f, store, x->items[1], place, known, past);
    } else if ((span_is(name, ".items") || span_is(name, ".values") || span_is(name, ".keys")) &&
               of->kind == V_DICT && of->n <= 16) {
        *known = true;
        *past = place * 2 >= of->n;
        if (*past)
            return true;
        pair[0] = of->items[place * 2];
        pair[1] = of->items[place * 2 + 1];
        if (!span_is(name, ".items")) {
            *out = span_is(name, ".keys") ? pair[0] : pair[1];
            return true;
        }
    } else {
        return false;
    }
    if (!*past)
        *out = fv_make(&f->values, (struct value){ .kind = V_TUPLE, .items = pair, .n = 2 });
    return true;
}

/* Of one of several lists: the element at this place of each; known where it is of all. */
static uint32_t element_of_each(struct flow *f, uint32_t store, const struct value *x,
                                uint32_t place, bool *known, bool *past)
{
    uint32_t out = NOTHING, n = 0, ended = 0;

    *known = true;
    for (uint32_t i = 0; i < x->n; i++) {
        bool one_known = false, one_past = false;
        uint32_t one = element_get(f, store, x->items[i], place, &one_known, &one_past);

        *known = *known && one_known;
        ended += one_past;
        if (!one_past)
            out = n++ ? fv_either(&f->values, out, one) : one;
    }
    *past = ended == x->n;
    *known = *known && (ended == 0 || *past);
    return out;
}

uint32_t element_get(struct flow *f, uint32_t store, uint32_t of, uint32_t place, bool *known,
                     bool *past)
{
    uint32_t v = box_items(f, store, of);
    const struct value *x = val(f, v);

    if (x->kind == V_TERM && x->sub == T_EITHER && f->fuel-- > 0)
        return element_of_each(f, store, x, place, known, past);
    if (x->kind == V_TERM && x->sub == T_CALL && x->n &&
        view_element(f, store, x, place, known, past, &v))
        return v;
    x = val(f, v);

    if (x->kind == V_DATA || is_object(f, v, O_RESPONSE) || is_object(f, v, O_FILE)) {
        *known = true; /* chunk by chunk: all of it in one turn */
        *past = place > 0;
        return object_bytes(f, store, v);
    }
    if (x->kind == V_DICT && x->n <= 2 * ELEMENTS_MAX)
        return dict_element(f, x, place, known, past);
    if ((x->kind == V_TUPLE || x->kind == V_LIST || x->kind == V_SET) && x->n <= ELEMENTS_MAX) {
        *known = true;
        *past = place >= x->n;
        return *past ? NOTHING : x->items[place];
    }
    return fv_term1(&f->values, T_EACH, 0, v);
}

/* ---- operators ---- */

static bool both_text(const struct flow *f, uint32_t x, uint32_t y)
{
    unsigned a = val(f, x)->kind, b = val(f, y)->kind;

    return a == V_TEXT || b == V_TEXT || a == V_CONCAT || b == V_CONCAT || a == V_BYTES ||
           b == V_BYTES;
}

static uint32_t add(struct flow *f, uint32_t store, uint32_t x, uint32_t y)
{
    const struct value *a = val(f, box_items(f, store, x)), *b = val(f, box_items(f, store, y));
    uint32_t list[64], n = 0;

    if (a->kind == V_INT && b->kind == V_INT)
        return fv_int(&f->values, (int64_t)((uint64_t)fv_number(a) + (uint64_t)fv_number(b)));
    if ((a->kind == V_LIST || a->kind == V_TUPLE) && (b->kind == V_LIST || b->kind == V_TUPLE) &&
        a->n + b->n <= 64) {
        for (uint32_t i = 0; i < a->n; i++)
            list[n++] = a->items[i];
        for (uint32_t i = 0; i < b->n; i++)
            list[n++] = b->items[i];
        return fv_make(&f->values, (struct value){ .kind = a->kind, .items = list, .n = n });
    }
    if (both_text(f, x, y))
        return fv_concat(&f->values, (uint32_t[]){ x, y }, 2);
    if (x == y || val(f, y)->kind == V_DATA)
        return y; /* chunks that are put together */
    return fv_make(
        &f->values,
        (struct value){
            .kind = V_TERM, .sub = T_BINARY, .b = OP_ADD, .items = (uint32_t[]){ x, y }, .n = 2 });
}

/* "%s/%s" % (a, b): the pieces. */
static uint32_t percent(struct flow *f, uint32_t store, uint32_t x, uint32_t y)
{
    struct span text = fv_string(&f->values, x), part;
    const struct value *args = val(f, box_items(f, store, y));
    uint32_t list[48], n = 0, next = 0;
    size_t from = 0, i = 0;

    if (val(f, x)->kind != V_TEXT)
        return fv_term2(&f->values, T_CALL, flow_name(f, "%"), x, y);
    while (i + 1 < text.n && n + 3 < 48) {
        if (text.p[i] != '%') {
            i++;
            continue;
        }
        if (span_sub(text, from, i - from, &part))
            list[n++] = fv_text(&f->values, part);
        i++;
        while (i < text.n && !((text.p[i] | 32) >= 'a' && (text.p[i] | 32) <= 'z') &&
               text.p[i] != '%')
            i++;
        if (i < text.n && text.p[i] == '%')
            list[n++] = fv_text(&f->values, SPAN_LITERAL("%"));
        else if (args->kind == V_TUPLE)
            list[n++] = next < args->n ? args->items[next++] : NOTHING;
        else
            list[n++] = y;
        from = ++i;
    }
    list[n++] = fv_text(&f->values, span_from(text, from));
    return fv_concat(&f->values, list, n);
}

uint32_t op_binary(struct flow *f, uint32_t store, unsigned op, uint32_t x, uint32_t y)
{
    unsigned kind = val(f, x)->kind;

    if (op == OP_ADD)
        return add(f, store, x, y);
    if (op == OP_DIV && kind != V_INT && val(f, y)->kind != V_INT)
        return fv_below(&f->values, x, y);
    if (op == OP_MOD && (kind == V_TEXT || kind == V_CONCAT))
        return percent(f, store, x, y);
    return fv_make(
        &f->values,
        (struct value){
            .kind = V_TERM, .sub = T_BINARY, .b = op, .items = (uint32_t[]){ x, y }, .n = 2 });
}

/* Whether a value is certainly not None. */
static bool never_none(const struct flow *f, uint32_t v)
{
    const struct value *x = val(f, v);

    if (x->kind == V_UNKNOWN || x->kind == V_NONE || x->kind == V_EXTERN)
        return x->kind == V_EXTERN;
    if (x->kind != V_TERM)
        return true;
    if (x->sub == T_EITHER) {
        for (uint32_t i = 0; i < x->n; i++)
            if (!never_none(f, x->items[i]))
                return false;
        return true;
    }
    return x->sub == T_DIGEST || x->sub == T_BINARY || x->truth == 1 || x->sub == T_LEN;
}

/* The digest of nothing: no pin is that, unless it is one. */
static bool is_idle_digest(const struct flow *f, uint32_t v)
{
    const struct value *of = is_term(f, v, T_DIGEST) ? val(f, val(f, v)->items[0]) : NULL;

    return of && (of->kind == V_BYTES || of->kind == V_TEXT) && of->a == 0;
}

/* Digests of no bytes at all, by how they begin: MD5, SHA-1, SHA-2, SHA-3, BLAKE2. */
static bool is_digest_of_nothing(const struct flow *f, uint32_t v)
{
    static const char *const all[] = { "d41d8cd98f00b204", "da39a3ee5e6b4b0d", "d14a028c2a3a2bc9",
                                       "e3b0c44298fc1c14", "38b060a751ac9638", "cf83e1357eefb8bd",
                                       "a7ffc6f8bf1ed766", "786a02f742015903", "69217a3079908094" };

    for (unsigned i = 0; i < ARRAY_LEN(all); i++)
        if (span_starts(fv_string(&f->values, v), span_text(all[i])))
            return true;
    return false;
}

static int equal(const struct flow *f, uint32_t x, uint32_t y)
{
    if ((is_idle_digest(f, x) && is_constant(f, y)) || (is_idle_digest(f, y) && is_constant(f, x)))
        return is_digest_of_nothing(f, x) || is_digest_of_nothing(f, y) ? 1 : 0;
    if (x == y && !(val(f, x)->prov & (P_RANDOM | P_UNKNOWN)) && val(f, x)->kind != V_UNKNOWN)
        return 1;
    return is_constant(f, x) && is_constant(f, y) ? 0 : -1;
}

static int contains(const struct flow *f, uint32_t list, uint32_t v)
{
    const struct value *x = val(f, list);
    uint32_t step = x->kind == V_DICT ? 2 : 1;
    bool all = is_constant(f, v);

    if (x->kind == V_TEXT && val(f, v)->kind == V_TEXT)
        return span_find(fv_string(&f->values, list), 0, fv_string(&f->values, v)) != SIZE_MAX;
    if (x->kind != V_DICT && x->kind != V_TUPLE && x->kind != V_LIST && x->kind != V_SET)
        return -1;
    for (uint32_t i = 0; i < x->n; i += step) {
        if (x->items[i] == v && is_constant(f, v))
            return 1;
        all = all && is_constant(f, x->items[i]);
    }
    return all || x->n == 0 ? 0 : -1;
}

static int order(const struct flow *f, unsigned op, uint32_t x, uint32_t y)
{
    int64_t a = fv_number(val(f, x)), b = fv_number(val(f, y));

    if (val(f, x)->kind != V_INT || val(f, y)->kind != V_INT)
        return -1;
    return op == OP_LT ? a < b : op == OP_LE ? a <= b : op == OP_GT ? a > b : a >= b;
}

static int flip(int truth)
{
    return truth < 0 ? truth : !truth;
}

static int compare(const struct flow *f, unsigned op, uint32_t x, uint32_t y)
{
    bool none = x == NONE_ || y == NONE_;
    uint32_t other = x == NONE_ ? y : x;

    switch (op) {
    case OP_IS:
    case OP_EQ:
        if (none && x != y)
            return never_none(f, other) ? 0 : -1;
        return equal(f, x, y);
    case OP_IS_NOT:
    case OP_NE:
        return flip(compare(f, OP_IS, x, y));
    case OP_IN:
        return contains(f, y, x);
    case OP_NOT_IN:
        return flip(contains(f, y, x));
    default:
        return order(f, op, x, y);
    }
}

uint32_t op_compare(struct flow *f, uint32_t store, unsigned op, uint32_t x, uint32_t y)
{
    uint32_t b = box_items(f, store, y), a = x;
    int known, none;
    uint32_t term;

    if ((op == OP_IN || op == OP_NOT_IN) && val(f, b)->kind == V_EXTERN &&
        val(f, a)->kind == V_TEXT && span_is(fv_string(&f->values, b), "os.environ")) {
        term = item_get(f, store, b, a); /* as good as whether it is set */
        return op == OP_IN ? term : op_not(f, term);
    }
    known = compare(f, op, a, b);
    if (known >= 0)
        return known ? TRUE_ : FALSE_;
    none = b == NONE_ ? truth_in(f, store, a) : -1;
    if (none == 1 && (op == OP_IS || op == OP_EQ))
        return FALSE_;
    if (none == 1 && (op == OP_IS_NOT || op == OP_NE))
        return TRUE_;
    /* One form for a thing and its contrary, so that either is known where one is. */
    if (op == OP_NE || op == OP_IS_NOT || op == OP_NOT_IN)
        return op_not(f, op_compare(f, store,
                                    op == OP_NE       ? OP_EQ
                                    : op == OP_IS_NOT ? OP_IS
                                                      : OP_IN,
                                    x, y));
    if ((op == OP_EQ || op == OP_IS) && b < a) {
        term = a;
        a = b;
        b = term;
    }
    return fv_make(&f->values, (struct value){ .kind = V_TERM,
                                               .sub = T_CMP,
                                               .b = op == OP_IS ? OP_EQ : op,
                                               .items = (uint32_t[]){ a, b },
                                               .n = 2 });
}

uint32_t op_not(struct flow *f, uint32_t x)
{
    int truth = fv_truth(&f->values, x);

    if (truth >= 0)
        return truth ? FALSE_ : TRUE_;
    if (is_term(f, x, T_NOT))
        return val(f, x)->items[0];
    return fv_term1(&f->values, T_NOT, 0, x);
}
