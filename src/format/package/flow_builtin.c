/* Built-in functions that give back what they were given, and methods of texts that are known. */
#include "format/package/flow_effect.h"

static uint32_t arg(const struct effect_call *e, uint32_t i)
{
    return i < e->c->n ? e->c->args[i] : NOTHING;
}

static bool gives(struct effect_call *e, uint32_t v)
{
    returns(e->f, e->out, e->c, v);
    return true;
}

static bool do_quantify(struct effect_call *e, enum term t)
{
    const struct value *x = val(e->f, box_items(e->f, e->c->store, arg(e, 0)));

    if (x->kind != V_LIST && x->kind != V_TUPLE && x->kind != V_SET)
        return false;
    if (x->n == 0)
        return gives(e, t == T_ALL ? TRUE_ : FALSE_);
    return gives(e, x->n == 1 ? x->items[0] : fv_term(&e->f->values, t, 0, x->items, x->n));
}

static bool do_super(struct effect_call *e)
{
    struct flow *f = e->f;
    uint32_t class_ = arg(e, 0), self = arg(e, 1);

    if (e->c->n == 0) { /* the class of the function that runs, and its first argument */
        class_ = f->frame->in_class;
        self = f->frame->self;
    }
    if (!class_)
        return false;
    return gives(e, fv_make(&f->values, (struct value){ .kind = V_OBJ,
                                                        .sub = O_SUPER,
                                                        .items = (uint32_t[]){ class_, self },
                                                        .n = 2 }));
}

static bool do_getattr(struct effect_call *e)
{
    struct flow *f = e->f;

    if (e->c->n == 2 && apply_is_loader(f, arg(e, 0)))
        use_path(f, e->c, "ctypes.cdll", PKG_USE_LOAD, arg(e, 1));
    if (e->c->n < 2 || val(f, arg(e, 1))->kind != V_TEXT)
        return false;
    return gives(e, attr_get(f, e->c->store, arg(e, 0), val(f, arg(e, 1))->a));
}

static bool do_len(struct effect_call *e)
{
    struct flow *f = e->f;
    uint32_t v = object_bytes(f, e->c->store, arg(e, 0));
    const struct value *x = val(f, v);

    if (x->kind == V_TEXT || x->kind == V_BYTES)
        return gives(e, fv_int(&f->values, (int64_t)fv_string(&f->values, v).n));
    if (x->kind == V_TUPLE || x->kind == V_LIST)
        return gives(e, fv_int(&f->values, x->n));
    return gives(e, fv_term1(&f->values, T_LEN, 0, v));
}

/* next(x), min(x): some element; iter(f, b""): what f gives. */
static bool do_next(struct effect_call *e)
{
    struct flow *f = e->f;
    bool known = false, past = false;
    const struct value *it = val(f, arg(e, 0));
    uint32_t v = it->kind == V_ITER ? it->items[0] : arg(e, 0);
    uint32_t one = element_get(f, e->c->store, v, 0, &known, &past);

    if (e->c->n > 1)
        returns(f, e->out, e->c, arg(e, 1));
    if (past)
        return e->c->n > 1;
    return gives(e, one);
}

static bool do_iter(struct effect_call *e)
{
    struct call inner = *e->c;
    struct outcomes here = { .n = 0 };

    if (e->c->n < 2)
        return gives(e, arg(e, 0));
    inner.callee = arg(e, 0);
    inner.n = 0;
    inner.keys_n = 0;
    inner.self = NOTHING;
    e->f->turning++;
    call_run(e->f, &inner, &here);
    e->f->turning--;
    for (uint32_t i = 0; i < here.n; i++) {
        struct outcome o = here.list[i];

        if (!o.raised)
            o.value =
                fv_make(&e->f->values, (struct value){ .kind = V_LIST, .items = &o.value, .n = 1 });
        outcome_add(e->f, e->out, o);
    }
    return true;
}

static bool do_list(struct effect_call *e)
{
    if (e->c->n == 0)
        return false;
    return gives(e, box_items(e->f, e->c->store, arg(e, 0)));
}

/* dict(a=1), or of the environment. */
static bool do_dict(struct effect_call *e)
{
    struct flow *f = e->f;
    uint32_t v = arg(e, 0), list[2 * ARGS_MAX], n = 0;

    if (val(f, v)->kind == V_EXTERN && span_is(fv_string(&f->values, v), "os.environ")) {
        tell_here(f, &(struct note){ .kind = FACT_PKG_ENVIRON, .subject = SPAN_LITERAL("dict") });
        return gives(e, fv_sym(&f->values, "the environment", P_PRIVATE | P_ENVIRON));
    }
    if (e->c->n)
        return gives(e, box_items(f, e->c->store, v));
    for (uint32_t i = 0; i < e->c->keys_n; i++) {
        list[n++] = fv_text(&f->values, flow_text(f, e->c->keys[i]));
        list[n++] = e->c->values[i];
    }
    return gives(e, fv_make(&f->values, (struct value){ .kind = V_DICT, .items = list, .n = n }));
}

static bool do_isinstance(struct effect_call *e)
{
    return gives(
        e, fv_term2(&e->f->values, T_CALL, flow_name(e->f, "isinstance"), arg(e, 0), arg(e, 1)));
}

/* object.__new__(class), super().__new__(class) */
static bool do_new(struct effect_call *e)
{
    if (val(e->f, arg(e, 0))->kind != V_CLASS)
        return false;
    return gives(e, fv_make(&e->f->values,
                            (struct value){ .kind = V_INST, .a = arg(e, 0), .b = e->c->off }));
}

static uint32_t site_packages(struct effect_call *e)
{
    return fv_sym(&e->f->values, "{site-packages}", P_PLATFORM);
}

/* site.getsitepackages() */
static bool do_site(struct effect_call *e)
{
    uint32_t one = site_packages(e);

    return gives(e,
                 fv_make(&e->f->values, (struct value){ .kind = V_LIST, .items = &one, .n = 1 }));
}

/* sysconfig.get_path("purelib"), distutils.sysconfig.get_python_lib() */
static bool do_site_path(struct effect_call *e)
{
    struct span name = fv_string(&e->f->values, arg(e, 0));

    if (name.n && !span_is(name, "purelib") && !span_is(name, "platlib"))
        return false;
    return gives(e, site_packages(e));
}

static bool do_site_paths(struct effect_call *e)
{
    struct values *vs = &e->f->values;
    uint32_t list[] = { fv_text(vs, SPAN_LITERAL("purelib")), site_packages(e),
                        fv_text(vs, SPAN_LITERAL("platlib")), site_packages(e) };

    return gives(e, fv_make(vs, (struct value){ .kind = V_DICT, .items = list, .n = 4 }));
}

/* runpy.run_module("pip"): python -m pip, within this process. */
static bool do_run_module(struct effect_call *e)
{
    struct span name = fv_string(&e->f->values, arg(e, 0));

    if (span_is(name, "pip") || span_is(name, "ensurepip"))
        tell_here(e->f, &(struct note){ .kind = FACT_PKG_PIP, .subject = e->name });
    return false;
}

/* winreg.OpenKey(root, path): a path below "HKEY". */
static bool do_registry_key(struct effect_call *e)
{
    uint32_t root = arg(e, 0), path = arg(e, 1);

    if (!val(e->f, root)->constant || val(e->f, root)->kind == V_EXTERN)
        root = fv_text(&e->f->values, SPAN_LITERAL("HKEY"));
    return gives(e, fv_below(&e->f->values, root, path));
}

static bool do_registry_set(struct effect_call *e)
{
    file_writes(e->f, arg(e, 0));
    return gives(e, NONE_);
}

/* ---- methods of texts ---- */

static uint8_t changed(uint8_t c, bool upper)
{
    if (upper)
        return c >= 'a' && c <= 'z' ? (uint8_t)(c - 32) : c;
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32) : c;
}

static bool do_case(struct effect_call *e, bool upper)
{
    struct span s = fv_string(&e->f->values, e->c->self);
    uint8_t text[1024];

    if (s.n > sizeof text)
        return false;
    for (size_t i = 0; i < s.n; i++)
        text[i] = changed(s.p[i], upper);
    return gives(e, fv_text(&e->f->values, span_of(text, s.n)));
}

static bool in_set(uint8_t c, struct span set)
{
    if (set.n == 0)
        return c == ' ' || (c >= 9 && c <= 13);
    return memchr(set.p, c, set.n) != NULL;
}

static bool do_strip(struct effect_call *e, bool left, bool right)
{
    struct span s = fv_string(&e->f->values, e->c->self);
    struct span set = fv_string(&e->f->values, arg(e, 0));

    while (left && s.n && in_set(s.p[0], set))
        s = span_from(s, 1);
    while (right && s.n && in_set(s.p[s.n - 1], set))
        s = span_of(s.p, s.n - 1);
    return gives(e, fv_text(&e->f->values, s));
}

static bool do_split(struct effect_call *e)
{
    struct span s = fv_string(&e->f->values, e->c->self), part;
    struct span by = fv_string(&e->f->values, arg(e, 0));
    uint32_t list[64], n = 0;
    size_t at = 0, next;

    if (by.n == 0)
        by = SPAN_LITERAL(" ");
    while (n < 63 && (next = span_find(s, at, by)) != SIZE_MAX) {
        if (span_sub(s, at, next - at, &part) && (part.n || e->c->n))
            list[n++] = fv_text(&e->f->values, part);
        at = next + by.n;
    }
    list[n++] = fv_text(&e->f->values, span_from(s, at));
    return gives(e,
                 fv_make(&e->f->values, (struct value){ .kind = V_LIST, .items = list, .n = n }));
}

static bool do_affix(struct effect_call *e, bool end, bool cut)
{
    struct span s = fv_string(&e->f->values, e->c->self), part;
    struct span affix = fv_string(&e->f->values, arg(e, 0));
    bool has;

    if (val(e->f, arg(e, 0))->kind != V_TEXT)
        return false;
    has = end ? span_ends(s, affix) : span_starts(s, affix);
    if (!cut)
        return gives(e, has ? TRUE_ : FALSE_);
    if (has && span_sub(s, end ? 0 : affix.n, s.n - affix.n, &part))
        s = part;
    return gives(e, fv_text(&e->f->values, s));
}

static bool do_partition(struct effect_call *e)
{
    struct span s = fv_string(&e->f->values, e->c->self), part;
    struct span by = fv_string(&e->f->values, arg(e, 0));
    uint32_t list[3] = { e->c->self, NOTHING, NOTHING };
    size_t at = by.n ? span_find(s, 0, by) : SIZE_MAX;

    list[1] = list[2] = fv_text(&e->f->values, SPAN_EMPTY);
    if (val(e->f, arg(e, 0))->kind != V_TEXT)
        return false;
    if (at != SIZE_MAX && span_sub(s, 0, at, &part)) {
        list[0] = fv_text(&e->f->values, part);
        list[1] = arg(e, 0);
        list[2] = fv_text(&e->f->values, span_from(s, at + by.n));
    }
    return gives(e,
                 fv_make(&e->f->values, (struct value){ .kind = V_TUPLE, .items = list, .n = 3 }));
}

/* ", ".join(x): of a list that is known, its elements; of anything else, that. */
static bool do_text_join(struct effect_call *e)
{
    struct flow *f = e->f;
    uint32_t v = object_bytes(f, e->c->store, arg(e, 0)), list[64], n = 0;
    const struct value *x = val(f, v);

    if (x->kind != V_LIST && x->kind != V_TUPLE)
        return gives(e, v);
    for (uint32_t i = 0; i < x->n && n + 2 < 64; i++) {
        if (i)
            list[n++] = e->c->self;
        list[n++] = x->items[i];
    }
    return gives(e, fv_concat(&f->values, list, n));
}

static bool text_method(struct effect_call *e)
{
    struct span n = e->name;

    if (span_is(n, ".lower") || span_is(n, ".casefold"))
        return do_case(e, false);
    if (span_is(n, ".upper"))
        return do_case(e, true);
    if (span_is(n, ".strip"))
        return do_strip(e, true, true);
    if (span_is(n, ".lstrip"))
        return do_strip(e, true, false);
    if (span_is(n, ".rstrip"))
        return do_strip(e, false, true);
    if (span_is(n, ".split"))
        return do_split(e);
    if (span_is(n, ".partition"))
        return do_partition(e);
    if (span_is(n, ".startswith"))
        return do_affix(e, false, false);
    if (span_is(n, ".endswith"))
        return do_affix(e, true, false);
    if (span_is(n, ".removeprefix"))
        return do_affix(e, false, true);
    if (span_is(n, ".removesuffix"))
        return do_affix(e, true, true);
    return false;
}

/* Methods that leave a text that is not known as good as it was. */
static bool same_method(struct effect_call *e)
{
    static const char *const all[] = { ".lower",        ".casefold",     ".upper",   ".strip",
                                       ".lstrip",       ".rstrip",       ".decode",  ".encode",
                                       ".removeprefix", ".removesuffix", ".resolve", ".absolute",
                                       ".as_posix",     ".copy",         ".tobytes", ".getvalue",
                                       ".getbuffer",    ".__str__" };

    for (unsigned i = 0; i < ARRAY_LEN(all); i++)
        if (span_is(e->name, all[i]))
            return gives(e, object_bytes(e->f, e->c->store, e->c->self));
    return false;
}

static bool do_environ_method(struct effect_call *e)
{
    if (span_is(e->name, "os.environ.copy") || span_is(e->name, "os.environ.items") ||
        span_is(e->name, "os.environ.values"))
        return gives(e, fv_sym(&e->f->values, "the environment", P_PRIVATE | P_ENVIRON));
    return false;
}

/* ---- lists that change ---- */

static bool box_set(struct effect_call *e, const uint32_t *items, uint32_t n, unsigned kind)
{
    struct value v = { .kind = (uint8_t)kind, .items = items, .n = n };

    e->c->store =
        store_set(e->f, e->c->store, slot_key(S_ITEMS, e->c->self, 0), fv_make(&e->f->values, v));
    return gives(e, NONE_);
}

/* .append, .extend and their kin: what is put in twice in a row is the next turn of a loop. */
static bool box_method(struct effect_call *e)
{
    struct flow *f = e->f;
    const struct value *x = val(f, box_items(f, e->c->store, e->c->self));
    uint32_t last = e->c->n ? e->c->args[e->c->n - 1] : NOTHING, list[256], n = 0;
    const struct value *more = val(f, box_items(f, e->c->store, last));
    bool one = span_is(e->name, ".append") || span_is(e->name, ".add") ||
               span_is(e->name, ".insert") || span_is(e->name, ".appendleft");
    bool many = span_is(e->name, ".extend") || span_is(e->name, ".update");

    if (e->c->n == 0 || (!one && !many))
        return false;
    for (; n < x->n && n < 250; n++)
        list[n] = x->items[n];
    if (one && (n == 0 || list[n - 1] != last))
        list[n++] = last;
    if (many && more->kind != x->kind && x->kind == V_DICT) {
        list[n++] = fv_unknown(&f->values, P_UNKNOWN); /* some keys of it */
        list[n++] = last;
    } else if (many && more->kind != x->kind) {
        list[n++] = fv_term1(&f->values, T_EACH, 0, last);
    }
    if (many && more->kind == x->kind)
        for (uint32_t i = 0; i < more->n && n < 250; i++)
            list[n++] = more->items[i];
    return box_set(e, list, n, x->kind);
}

static bool memory_method(struct effect_call *e)
{
    struct flow *f = e->f;

    if (e->c->n == 0 || (!span_is(e->name, ".append") && !span_is(e->name, ".extend")))
        return false;
    e->c->store =
        object_write(f, e->c->store, e->c->self, object_bytes(f, e->c->store, e->c->args[0]));
    return gives(e, NONE_);
}

bool effect_builtin(struct effect_call *e)
{
    static const struct {
        const char *name;
        bool (*run)(struct effect_call *);
    } plain[] = {
        { "super", do_super },
        { "getattr", do_getattr },
        { "len", do_len },
        { "next", do_next },
        { "iter", do_iter },
        { "list", do_list },
        { "tuple", do_list },
        { "sorted", do_list },
        { "reversed", do_list },
        { "set", do_list },
        { "frozenset", do_list },
        { "dict", do_dict },
        { "isinstance", do_isinstance },
        { "object.__new__", do_new },
        { "runpy.run_module", do_run_module },
        { "site.getsitepackages", do_site },
        { "sysconfig.get_path", do_site_path },
        { "distutils.sysconfig.get_python_lib", do_site_path },
        { "sysconfig.get_paths", do_site_paths },
        { "winreg.OpenKey", do_registry_key },
        { "winreg.OpenKeyEx", do_registry_key },
        { "winreg.CreateKey", do_registry_key },
        { "winreg.CreateKeyEx", do_registry_key },
        { "winreg.SetValue", do_registry_set },
        { "winreg.SetValueEx", do_registry_set },
        { "types.MappingProxyType", do_list },
        { "os.environ.copy", do_environ_method },
        { "os.environ.items", do_environ_method },
        { "os.environ.values", do_environ_method },
    };
    unsigned kind = val(e->f, e->c->self)->kind;

    if (e->name.n == 0)
        return false;
    if (e->name.p[0] != '.') {
        for (unsigned i = 0; i < ARRAY_LEN(plain); i++)
            if (span_is(e->name, plain[i].name))
                return plain[i].run(e);
        if (span_is(e->name, "any"))
            return do_quantify(e, T_ANY);
        return span_is(e->name, "all") && do_quantify(e, T_ALL);
    }
    if (span_is(e->name, ".join") && (kind == V_TEXT || kind == V_BYTES))
        return do_text_join(e);
    if (span_is(e->name, ".__new__"))
        return do_new(e);
    if (kind == V_BOX && box_method(e))
        return true;
    if (is_object(e->f, e->c->self, O_MEMORY) && memory_method(e))
        return true;
    if (kind == V_TEXT)
        return text_method(e) || same_method(e);
    return same_method(e);
}
